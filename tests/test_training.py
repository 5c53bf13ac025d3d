"""Huấn luyện: batch phủ đúng một lần, vòng lặp bằng vòng lặp viết tay, phân kỳ thì dừng và giữ lại lịch sử."""

import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlcourse import data, model_selection, models, optim, training
from mlcourse.training import DivergenceError, batches, train

RNG = np.random.default_rng(3)
X = RNG.normal(size=(23, 2))
Y = (X @ [1.5, -1.0] + RNG.normal(size=23) > 0).astype(int)
MODEL = models.logistic(2, l2=0.01)


def fit(seed=0, X=X, y=Y, **options):
    options = {"optimizer": optim.adam(0.1), "epochs": 5, **options}
    return train(MODEL, X, y, rng=np.random.default_rng(seed), **options)


@given(st.integers(1, 200), st.integers(1, 250), st.integers(0, 99))
def test_batches_cover_every_sample_once(n, size, seed):
    parts = list(batches(n, size, rng=np.random.default_rng(seed)))
    assert sorted(np.concatenate(parts).tolist()) == list(range(n))
    assert [len(p) for p in parts[:-1]] == [size] * (len(parts) - 1) and 1 <= len(parts[-1]) <= size


def test_batches_repeat_with_the_seed_and_differ_between_epochs():
    rng = np.random.default_rng(0)
    first, second = (np.concatenate(list(batches(50, 8, rng=rng))) for _ in range(2))
    assert not np.array_equal(first, second) and not np.array_equal(first, np.arange(50))
    assert np.array_equal(first, np.concatenate(list(batches(50, 8, rng=np.random.default_rng(0)))))


@pytest.mark.parametrize("batch_size", [None, 6])
def test_train_equals_the_loop_written_by_hand(batch_size):
    params, history = fit(optimizer=optim.sgd(0.5), batch_size=batch_size, epochs=4, validation=(X[:5], Y[:5]))
    rng = np.random.default_rng(0)
    w, b, curve = 0.01 * rng.normal(size=2), 0.0, []

    def value(X, y):
        z = X @ w + b
        return np.mean(np.log(1 + np.exp(-np.where(y == 1, z, -z)))) + 0.01 * w @ w

    curve.append((value(X, Y), value(X[:5], Y[:5])))
    for _ in range(4):
        order = np.arange(23) if batch_size is None else rng.permutation(23)
        for start in range(0, 23, batch_size or 23):
            i = order[start:start + (batch_size or 23)]
            error = 1 / (1 + np.exp(-(X[i] @ w + b))) - Y[i]
            w, b = w - 0.5 * (X[i].T @ error / len(i) + 0.02 * w), b - 0.5 * error.mean()
        curve.append((value(X, Y), value(X[:5], Y[:5])))
    np.testing.assert_allclose(params["w"], w, rtol=1e-12)
    np.testing.assert_allclose(params["b"], [b], rtol=1e-12)
    np.testing.assert_allclose(np.stack([history.train_loss, history.val_loss], axis=1), curve, rtol=1e-12)


def test_history_prints_and_measures_the_returned_parameters():
    params, history = fit(validation=(X[:9], Y[:9]))
    assert history.train_loss.shape == history.val_loss.shape == (6,)
    assert history.train_loss[-1] == MODEL.value_and_grad(params, X, Y)[0]
    assert history.val_loss[-1] == MODEL.value_and_grad(params, X[:9], Y[:9])[0]
    assert repr(history).startswith("History(5 epoch, train_loss 0.69") and "thấp nhất" in repr(history)
    alone = fit()[1]
    assert alone.val_loss.shape == (0,) and "val" not in repr(alone)
    assert np.array_equal(alone.train_loss, history.train_loss)


def test_history_prints_in_full():
    history = training.History(np.array([0.7, 0.5, 0.4]), np.array([0.8, 0.3, 0.6]))
    assert repr(history) == ("History(2 epoch, train_loss 0.7000 -> 0.4000, val_loss 0.8000 -> 0.6000, "
                             "thấp nhất 0.3000 sau 1 epoch)")


def test_the_same_seed_gives_the_same_numbers():
    a, b, c = (fit(seed, batch_size=4)[0]["w"] for seed in (1, 1, 2))
    assert np.array_equal(a, b) and not np.array_equal(a, c)


def test_any_array_gives_the_same_result_and_is_left_alone():
    rounded = X.astype(np.float32).astype(float)
    frozen, labels = rounded.copy(), Y.copy()
    frozen.flags.writeable = labels.flags.writeable = False
    expected = repr(fit(X=frozen, y=labels, batch_size=7))
    narrow = rounded.astype(np.float32), Y.astype(np.int8)
    for X_like, y_like in ((rounded.tolist(), Y.tolist()), narrow, (rounded, Y.astype(bool))):
        assert repr(fit(X=X_like, y=y_like, batch_size=7)) == expected
    assert np.array_equal(frozen, rounded) and np.array_equal(labels, Y)


def exploding(limit):
    """Mô hình L = 5 w²: η = 1 nhân w với -9 mỗi bước. Có ``limit`` thì mất mát thành NaN sau từng ấy lần gọi."""
    steps = iter(range(10**6))

    def value_and_grad(params, X, y):
        w = params["w"]
        loss = float(5 * w[0] ** 2) if limit is None or next(steps) < limit else float("nan")
        return loss, {"w": 10 * w}
    return models.Model(lambda rng: {"w": np.ones(1)}, None, value_and_grad)


def test_divergence_stops_with_the_step_a_hint_and_the_history():
    words = r"phân kỳ: sau 162 bước cập nhật, mất mát là inf.*giảm learning_rate 10 lần.*history"
    with pytest.raises(DivergenceError, match=words) as caught:
        train(exploding(None), X, Y, optimizer=optim.sgd(1.0), epochs=1000, rng=np.random.default_rng(0))
    assert caught.value.step == 162                          # 5 · 81^t vượt 1.8e308 khi t = 162
    np.testing.assert_allclose(caught.value.history.train_loss, 5 * 81.0 ** np.arange(162), rtol=1e-9)


def test_divergence_inside_an_epoch_keeps_the_epochs_before_it():
    # mỗi epoch: 4 batch rồi 1 lần đo; lần gọi đầu tiên đo lúc chưa học
    with pytest.raises(DivergenceError, match="sau 6 bước cập nhật, mất mát là nan") as caught:
        model, rng = exploding(1 + 5 + 2), np.random.default_rng(0)
        train(model, X, Y, optimizer=optim.sgd(0.01), epochs=9, batch_size=6, rng=rng)
    assert caught.value.step == 6 and len(caught.value.history.train_loss) == 2
    assert caught.value.history.val_loss.size == 0


def test_a_real_model_that_diverges_is_stopped_without_warnings():
    model = models.logistic(2, l2=1.0)                       # η · 2λ = 20 > 2: phần phạt làm w lớn mãi
    with pytest.raises(DivergenceError) as caught:
        train(model, X, Y, optimizer=optim.sgd(10.0), epochs=10_000, rng=np.random.default_rng(0), validation=(X, Y))
    assert 10 < caught.value.step < 1000 and np.isfinite(caught.value.history.train_loss).all()
    assert len(caught.value.history.train_loss) == len(caught.value.history.val_loss)


def test_breast_cancer_in_well_under_a_second():
    cancer, scores = data.load_breast_cancer(), []
    for seed in range(5):
        rng = np.random.default_rng(seed)
        split = model_selection.train_val_test_split(cancer.X, cancer.y, rng=rng, stratify=True)
        standardize, model = model_selection.standardizer(split.X_train), models.logistic(30, l2=1e-3)
        start = time.perf_counter()
        params, history = train(model, standardize(split.X_train), split.y_train, optimizer=optim.adam(0.05),
                                epochs=300, rng=rng, validation=(standardize(split.X_val), split.y_val))
        assert time.perf_counter() - start < 2               # thường khoảng 0.1 giây; rộng tay cho máy đang bận
        scores.append(((model.predict(params, standardize(split.X_test)) >= 0.5) == split.y_test).mean())
        assert history.train_loss[-1] < 0.1 < 0.6 < history.train_loss[0] and history.val_loss[-1] < 0.2
    assert np.mean(scores) > 0.96


@pytest.mark.parametrize("call, error, words", [
    (lambda: batches(0, 5, rng=RNG), ValueError, r"n_samples cần ít nhất là 1, nhưng nhận được 0"),
    (lambda: batches(10, 0, rng=RNG), ValueError, r"batch_size cần ít nhất là 1"),
    (lambda: batches(10, 2.5, rng=RNG), TypeError, r"batch_size cần là số nguyên"),
    (lambda: batches(10, 5, rng=0), TypeError, r"rng cần là một np\.random\.Generator.*np\.random\.default_rng\(0\)"),
    (lambda: train(models.logistic, X, Y, optimizer=optim.adam(), epochs=1, rng=RNG), TypeError,
     r"model cần là một models\.Model"),
    (lambda: fit(optimizer="adam"), TypeError,
     r"optimizer cần là một optim\.Optimizer, ví dụ optim\.adam\(0\.01\), nhưng nhận được 'adam'"),
    (lambda: fit(epochs=0), ValueError, r"epochs cần ít nhất là 1"),
    (lambda: fit(epochs=1.5), TypeError, r"epochs cần là số nguyên"),
    (lambda: fit(batch_size=0), ValueError, r"batch_size cần ít nhất là 1"),
    (lambda: train(MODEL, X, Y, optimizer=optim.adam(), epochs=1, rng=None), TypeError,
     r"rng cần là một np\.random\.Generator"),
    (lambda: fit(X=X[:, 0]), ValueError, r"X cần có 2 chiều, nhưng có dạng \(23,\)"),
    (lambda: fit(X=X[:, :1]), ValueError, r"X có 1 cột nhưng params\['w'\] có 2 đặc trưng"),
    (lambda: fit(X=np.where(X > 2, np.nan, X) * np.nan), ValueError, r"X có 46 giá trị NaN"),
    (lambda: fit(y=Y[:5]), ValueError, r"X có 23 mẫu nhưng y có 5 mẫu"),
    (lambda: fit(y=Y[:, None]), ValueError, r"y cần có 1 chiều, nhưng có dạng \(23, 1\)\. Hãy dùng y\.ravel\(\)"),
    (lambda: fit(y=Y + 1), ValueError, r"y cần là nhãn từ 0 đến 1, nhưng có nhãn 2"),
    (lambda: fit(validation=X), TypeError, r"validation cần là cặp \(X_val, y_val\), nhưng nhận được ndarray"),
    (lambda: fit(validation=(X, Y, Y)), TypeError, r"validation cần là cặp"),
    (lambda: fit(validation=(X, Y[:5])), ValueError, r"X_val có 23 mẫu nhưng y_val có 5 mẫu"),
    (lambda: fit(validation=(X * np.inf, Y)), ValueError, r"X_val có 46 giá trị NaN hoặc vô cực"),
])
def test_bad_input_is_explained(call, error, words):
    with np.errstate(invalid="ignore"), pytest.raises(error, match=words):
        call()


def test_rng_is_required():
    for call in (lambda: batches(5, 2), lambda: train(MODEL, X, Y, optimizer=optim.adam(), epochs=1)):
        with pytest.raises(TypeError, match="rng"):
            call()


def test_batches_complain_at_the_call_not_at_the_first_batch():
    with pytest.raises(ValueError):
        training.batches(-1, 5, rng=RNG)
