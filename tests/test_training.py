"""Huấn luyện: batch phủ đúng một lần, vòng lặp bằng vòng lặp viết tay, phân kỳ thì dừng và giữ lại lịch sử."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlcourse import _check, data, model_selection, models, optim, training
from mlcourse.regularization import EarlyStopping
from mlcourse.training import DivergenceError, History, batches, train

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
        return np.mean(np.log(1 + np.exp(-np.where(y == 1, z, -z))))  # không có phần phạt 0.01 ‖w‖²

    curve.append((value(X, Y), value(X[:5], Y[:5])))
    for _ in range(4):
        order = np.arange(23) if batch_size is None else rng.permutation(23)
        for start in range(0, 23, batch_size or 23):
            i = order[start : start + (batch_size or 23)]
            error = 1 / (1 + np.exp(-(X[i] @ w + b))) - Y[i]
            w, b = w - 0.5 * (X[i].T @ error / len(i) + 0.02 * w), b - 0.5 * error.mean()
        curve.append((value(X, Y), value(X[:5], Y[:5])))
    np.testing.assert_allclose(params["w"], w, rtol=1e-12)
    np.testing.assert_allclose(params["b"], [b], rtol=1e-12)
    np.testing.assert_allclose(np.stack([history.train_loss, history.val_loss], axis=1), curve, rtol=1e-12)


def test_history_prints_and_measures_the_returned_parameters():
    params, history = fit(validation=(X[:9], Y[:9]))
    assert history.train_loss.shape == history.val_loss.shape == (6,)
    assert history.train_loss[-1] == MODEL.loss(params, X, Y) < MODEL.value_and_grad(params, X, Y)[0]
    assert history.val_loss[-1] == MODEL.loss(params, X[:9], Y[:9])
    assert repr(history).startswith("History(5 epoch, train_loss 0.69") and "thấp nhất" in repr(history)
    alone = fit()[1]
    assert alone.val_loss.shape == (0,) and "val" not in repr(alone)
    assert np.array_equal(alone.train_loss, history.train_loss)


def test_history_prints_in_full():
    history = training.History(np.array([0.7, 0.5, 0.4]), np.array([0.8, 0.3, 0.6]))
    assert repr(history) == (
        "History(2 epoch, train_loss 0.7000 -> 0.4000, val_loss 0.8000 -> 0.6000, thấp nhất 0.3000 sau 1 epoch)"
    )


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

    def loss(params, X, y):
        return float(5 * params["w"][0] ** 2) if limit is None or next(steps) < limit else float("nan")

    def value_and_grad(params, X, y, *, rng=None):
        return loss(params, X, y), {"w": 10 * params["w"]}

    return models.Model(lambda rng: {"w": np.ones(1)}, None, loss, value_and_grad)


def test_divergence_stops_with_the_step_a_hint_and_the_history():
    words = r"phân kỳ: sau 162 bước cập nhật, mất mát là inf.*giảm learning_rate 10 lần.*history"
    with pytest.raises(DivergenceError, match=words) as caught:
        train(exploding(None), X, Y, optimizer=optim.sgd(1.0), epochs=1000, rng=np.random.default_rng(0))
    assert caught.value.step == 162  # 5 · 81^t vượt 1.8e308 khi t = 162
    np.testing.assert_allclose(caught.value.history.train_loss, 5 * 81.0 ** np.arange(162), rtol=1e-9)


def test_divergence_inside_an_epoch_keeps_the_epochs_before_it():
    # kiểm tra lúc vào cửa và đo lúc chưa học, rồi mỗi epoch 4 batch và 1 lần đo
    with pytest.raises(DivergenceError, match="sau 6 bước cập nhật, mất mát là nan") as caught:
        model, rng = exploding(2 + 5 + 2), np.random.default_rng(0)
        train(model, X, Y, optimizer=optim.sgd(0.01), epochs=9, batch_size=6, rng=rng)
    assert caught.value.step == 6 and len(caught.value.history.train_loss) == 2
    assert caught.value.history.val_loss.size == 0


def test_a_real_model_that_diverges_is_stopped_without_warnings():
    model = models.logistic(2, l2=1.0)  # η · 2λ = 20 > 2: phần phạt làm w lớn mãi
    with pytest.raises(DivergenceError) as caught:
        train(model, X, Y, optimizer=optim.sgd(10.0), epochs=10_000, rng=np.random.default_rng(0), validation=(X, Y))
    assert 10 < caught.value.step < 1000 and np.isfinite(caught.value.history.train_loss).all()
    assert len(caught.value.history.train_loss) == len(caught.value.history.val_loss)


HUGE = {"w": np.full(2, 1e200), "b": np.zeros(1)}


@pytest.mark.parametrize(
    "model, change, words, mended",
    [
        (
            models.linear(2),
            {"X": X * 1e200},
            r"\|X\| 3\.\d+e\+200.*Hãy chia X cho 3e\+200",
            {"X": X},
        ),
        (models.linear(2), {"y": Y * 1e200}, r"Hãy chia y cho 1e\+200", {"y": Y}),
        (models.linear(2), {"params": HUGE}, r"\|params\| 1e\+200.*bỏ params", {"params": None}),
        (
            models.linear(2, l2=1.0, loss="mae"),
            {"params": HUGE},
            "bỏ params",
            {"params": None},
        ),  # chỉ phần phạt tràn số
        (
            models.linear(2),
            {"validation": (X * 1e200, Y)},
            r"\|X_val\|.*chia X_val cho .*, như ở tập huấn luyện",
            {"validation": (X, Y)},
        ),
        (models.linear(2), {"validation": (X, Y * 1e200)}, "chia y_val cho", {"validation": (X, Y)}),
    ],
    ids=range(6),
)
def test_a_loss_that_is_infinite_before_any_step_does_not_blame_the_learning_rate(model, change, words, mended):
    options = {"X": X, "y": Y.astype(float), "optimizer": optim.sgd(0.01), "epochs": 2}
    with pytest.raises(DivergenceError, match="chưa đi bước nào.*" + words) as caught:
        train(model, **options | change, rng=np.random.default_rng(0))
    assert caught.value.step == 0 and "hãy giảm" not in str(caught.value)
    if not caught.value.history.train_loss.size:
        assert repr(caught.value.history) == "History(chưa đo được mất mát nào)"
    train(model, **options | change | mended, rng=np.random.default_rng(0))


def test_breast_cancer_is_learnt():
    cancer, scores = data.load_breast_cancer(), []
    for seed in range(5):
        rng = np.random.default_rng(seed)
        split = model_selection.train_val_test_split(cancer.X, cancer.y, rng=rng, stratify=True)
        standardize, model = model_selection.standardizer(split.X_train), models.logistic(30, l2=1e-3)
        params, history = train(
            model,
            standardize(split.X_train),
            split.y_train,
            optimizer=optim.adam(0.05),
            epochs=300,
            rng=rng,
            validation=(standardize(split.X_val), split.y_val),
        )
        scores.append(((model.predict(params, standardize(split.X_test)) >= 0.5) == split.y_test).mean())
        assert history.train_loss[-1] < 0.1 < 0.6 < history.train_loss[0] and history.val_loss[-1] < 0.2
    assert np.mean(scores) > 0.96


# ---- mạng nhiều tầng, dropout, dừng sớm, bắt đầu từ tham số cho trước ----


DIGITS = data.load_digits()


def test_mlp_reads_digits():
    split = model_selection.train_val_test_split(DIGITS.X / 16, DIGITS.y, rng=np.random.default_rng(0), stratify=True)
    for dropout in (0.0, 0.3):
        model = models.mlp((64, 64, 10), dropout=dropout, l2=1e-5)
        params, history = train(
            model,
            split.X_train,
            split.y_train,
            optimizer=optim.adam(2e-3),
            epochs=25,
            batch_size=32,
            rng=np.random.default_rng(1),
            validation=(split.X_val, split.y_val),
        )
        assert (model.predict(params, split.X_test).argmax(axis=1) == split.y_test).mean() > 0.95
        assert history.train_loss[0] > 2 > 0.2 > history.train_loss[-1]


def test_dropout_is_on_in_training_and_off_in_measuring():
    seen = []
    plain = models.mlp((2, 4, 2))

    def value_and_grad(params, X, y, *, rng=None):
        seen.append(rng)
        return plain.value_and_grad(params, X, y)

    source = np.random.default_rng(0)
    train(plain._replace(value_and_grad=value_and_grad), X, Y, optimizer=optim.sgd(0.1), epochs=3, rng=source)
    assert seen == [source] * 3  # mỗi bước có rng; còn đo thì gọi model.loss


def test_arrays_are_checked_once_and_not_at_every_step(monkeypatch):
    seen, real = [], _check.real
    monkeypatch.setattr(
        _check, "real", lambda name, *args, **options: seen.append(name) or real(name, *args, **options)
    )

    def checks(model, epochs):
        seen.clear()
        train(model, X, Y, optimizer=optim.sgd(0.1), epochs=epochs, rng=np.random.default_rng(0), batch_size=2)
        return len(seen)

    own = MODEL._replace(value_and_grad=lambda params, X, y, *, rng=None: MODEL.value_and_grad(params, X, y))
    assert checks(MODEL, 1) == checks(MODEL, 20) > 0
    assert checks(own, 20) > checks(own, 1)  # hàm tự viết thì gọi chính hàm ấy


def test_early_stopping_returns_the_best_parameters():
    rng = np.random.default_rng(0)
    split = X[:12], Y[:12], X[12:], 1 - Y[12:]  # nhãn xác thực bị đảo: càng học càng tệ
    options = {"optimizer": optim.adam(0.1), "epochs": 200, "validation": split[2:]}
    params, history = train(MODEL, *split[:2], rng=rng, early_stopping=EarlyStopping(patience=4), **options)
    best = history.val_loss.argmin()
    assert len(history.val_loss) == best + 5 < 200 and history.val_loss[best] == MODEL.loss(params, *split[2:])
    full = train(MODEL, *split[:2], rng=np.random.default_rng(0), **options)[1]
    assert len(full.val_loss) == 201
    np.testing.assert_array_equal(full.val_loss[: best + 5], history.val_loss)
    never, history = train(
        MODEL,
        X,
        Y,
        rng=np.random.default_rng(0),
        early_stopping=EarlyStopping(patience=50),
        optimizer=optim.sgd(0.1),
        epochs=20,
        validation=(X, Y),
    )
    assert len(history.val_loss) == 21 and MODEL.loss(never, X, Y) == history.val_loss[-1]


def test_training_goes_on_from_given_parameters():
    options = {"optimizer": optim.sgd(0.5), "rng": np.random.default_rng(0)}
    half, _ = train(MODEL, X, Y, epochs=3, **options)
    kept = {name: p.copy() for name, p in half.items()}
    both, history = train(MODEL, X, Y, epochs=4, params=half, **options)
    whole, _ = fit(optimizer=optim.sgd(0.5), epochs=7)
    np.testing.assert_allclose(both["w"], whole["w"], rtol=1e-12)
    assert history.train_loss[0] == MODEL.loss(half, X, Y)
    assert all(np.array_equal(half[name], kept[name]) for name in kept)


def test_run_epochs_is_train_one_epoch_at_a_time():
    run = training.run_epochs(
        MODEL, X, Y, optimizer=optim.adam(0.1), rng=np.random.default_rng(0), batch_size=5, validation=(X[:4], Y[:4])
    )
    rows = [next(run) for _ in range(4)]
    params, history = fit(batch_size=5, epochs=3, validation=(X[:4], Y[:4]))
    assert repr(rows[-1][0]) == repr(params)
    np.testing.assert_array_equal(
        [losses for _, losses in rows], np.stack([history.train_loss, history.val_loss], axis=1)
    )


def test_learning_rate_changes_while_training_runs():
    eta = [0.5]
    run = training.run_epochs(MODEL, X, Y, optimizer=optim.sgd(lambda step: eta[0]), rng=np.random.default_rng(0))
    before = [next(run)[0]["w"] for _ in range(3)]
    eta[0] = 0.0
    after = [next(run)[0]["w"] for _ in range(2)]
    assert not np.array_equal(before[1], before[2]) and np.array_equal(before[2], after[0]) and np.array_equal(*after)


FAULTS = [
    ("training.batches", lambda: batches(0, 5, rng=RNG), ValueError, r"n_samples cần ít nhất là 1, nhưng nhận được 0"),
    ("training.batches", lambda: batches(10, 0, rng=RNG), ValueError, r"batch_size cần ít nhất là 1"),
    ("training.batches", lambda: batches(10, 2.5, rng=RNG), TypeError, r"batch_size cần là số nguyên"),
    (
        "training.batches",
        lambda: batches(10, 5, rng=0),
        TypeError,
        r"rng cần là một np\.random\.Generator.*np\.random\.default_rng\(0\)",
    ),
    (
        "training.train",
        lambda: train(models.logistic, X, Y, optimizer=optim.adam(), epochs=1, rng=RNG),
        TypeError,
        r"model cần là một models\.Model",
    ),
    (
        "training.train",
        lambda: fit(optimizer="adam"),
        TypeError,
        r"optimizer cần là một optim\.Optimizer, ví dụ optim\.adam\(0\.01\), nhưng nhận được 'adam'",
    ),
    ("training.train", lambda: fit(epochs=0), ValueError, r"epochs cần ít nhất là 1"),
    ("training.train", lambda: fit(epochs=1.5), TypeError, r"epochs cần là số nguyên"),
    ("training.train", lambda: fit(batch_size=0), ValueError, r"batch_size cần ít nhất là 1"),
    (
        "training.train",
        lambda: train(MODEL, X, Y, optimizer=optim.adam(), epochs=1, rng=None),
        TypeError,
        r"rng cần là một np\.random\.Generator",
    ),
    ("training.train", lambda: fit(X=X[:, 0]), ValueError, r"X cần có 2 chiều, nhưng có dạng \(23,\)"),
    ("training.train", lambda: fit(X=X[:, :1]), ValueError, r"X có 1 cột nhưng mô hình có 2 đặc trưng"),
    ("training.train", lambda: fit(X=np.where(X > 2, np.nan, X) * np.nan), ValueError, r"X có 46 giá trị NaN"),
    ("training.train", lambda: fit(y=Y[:5]), ValueError, r"X có 23 mẫu nhưng y có 5 mẫu"),
    (
        "training.train",
        lambda: fit(y=Y[:, None]),
        ValueError,
        r"y cần có 1 chiều, nhưng có dạng \(23, 1\)\. Hãy dùng np\.ravel\(y\)",
    ),
    ("training.train", lambda: fit(y=Y + 1), ValueError, r"y cần là nhãn từ 0 đến 1, nhưng có nhãn 2"),
    (
        "training.train",
        lambda: fit(validation=X),
        TypeError,
        r"validation cần là cặp \(X_val, y_val\), nhưng nhận được ndarray",
    ),
    ("training.train", lambda: fit(validation=(X, Y, Y)), TypeError, r"validation cần là cặp"),
    ("training.train", lambda: fit(validation=(X, Y[:5])), ValueError, r"X_val có 23 mẫu nhưng y_val có 5 mẫu"),
    ("training.train", lambda: fit(validation=(X * np.inf, Y)), ValueError, r"X_val có 46 giá trị NaN hoặc vô cực"),
    ("training.train", lambda: fit(y=Y + np.where(Y, 0.5, 0)), ValueError, r"y cần là nhãn .* nhưng có giá trị 1\.5"),
    (
        "training.train",
        lambda: fit(early_stopping=EarlyStopping(3)),
        ValueError,
        r"early_stopping cần .* đi cùng validation.*, không validation",
    ),
    (
        "training.train",
        lambda: fit(early_stopping=3, validation=(X, Y)),
        ValueError,
        r"early_stopping cần là .* nhận được 3, có validation",
    ),
    (
        "training.train",
        lambda: fit(params={"w": np.zeros(2)}),
        ValueError,
        r"params cần là dict có các khóa \['b', 'w'\], nhưng nhận được \['w'\]",
    ),
    (
        "training.train",
        lambda: fit(params={"w": np.zeros(3), "b": np.zeros(1)}),
        ValueError,
        r"params\['w'\] cần có dạng \(2,\)",
    ),
    (
        "training.train",
        lambda: fit(optimizer=optim.sgd(lambda step: -1.0)),
        ValueError,
        r"learning_rate\(step=0\) cần nằm trong",
    ),
    (
        "training.train",
        lambda: fit(epochs=1, validation=(X[:, :1], Y)),
        ValueError,
        r"X có 1 cột nhưng mô hình có 2 đặc trưng",
    ),
    (
        "training.run_epochs",
        lambda: training.run_epochs(MODEL, X, Y[:3], optimizer=optim.adam(), rng=RNG),
        ValueError,
        r"X có 23 mẫu nhưng y có 3",
    ),
    (
        "training.train",
        lambda: train(exploding(None), X, Y, optimizer=optim.sgd(1.0), epochs=999, rng=RNG),
        DivergenceError,
        r"phân kỳ: sau 162 bước",
    ),
]


@pytest.mark.parametrize("name, call, error, words", FAULTS, ids=range(len(FAULTS)))
def test_bad_input_is_explained(name, call, error, words):
    with np.errstate(invalid="ignore"), pytest.raises(error, match=words):
        call()


def test_rng_is_required():
    for call in (lambda: batches(5, 2), lambda: train(MODEL, X, Y, optimizer=optim.adam(), epochs=1)):
        with pytest.raises(TypeError, match="rng"):
            call()


def test_batches_complain_at_the_call_not_at_the_first_batch():
    with pytest.raises(ValueError):
        training.batches(-1, 5, rng=RNG)


def test_divergence_comes_back_from_another_process():
    import pickle

    error = DivergenceError(np.inf, 3, History(np.array([0.7]), np.empty(0)))
    again = pickle.loads(pickle.dumps(error))
    assert str(again) == str(error) and again.step == 3 and again.history.train_loss.tolist() == [0.7]


def test_faults_of_the_validation_set_say_so():
    X = np.arange(4.0)[:, None]
    with pytest.raises(ValueError, match="Ở tập xác thực: y cần là nhãn từ 0 đến 1, nhưng có nhãn 2"):
        train(
            models.logistic(1),
            X,
            [0, 1, 0, 1],
            validation=(X, [0, 1, 2, 1]),
            optimizer=optim.sgd(0.1),
            epochs=1,
            rng=np.random.default_rng(0),
        )
