"""Mô hình: nghiệm so với scikit-learn, f_theta so với công thức, lỗi có lời giải thích (gradient: test_gradients.py)."""

import math
import re
import warnings
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlcourse import data, losses, model_selection, models, optim, training
from mlcourse.regularization import dropout_mask, l2_penalty

CANCER, DIGITS = data.load_breast_cancer(), data.load_digits()
CANCER_X = model_selection.standardizer(CANCER.X)(CANCER.X)
LOGISTIC = {"w": np.array([2.0, -1.0]), "b": np.array([0.5])}
SOFTMAX = {"w": np.array([[1.0, 0.0, -1.0], [0.5, 2.0, 0.0]]), "b": np.array([0.0, 0.1, -0.1])}
X2 = np.array([[1.0, 1.0], [0.0, 3.0], [-1.0, 0.5]])


@pytest.mark.parametrize("C", [0.1, 1.0])
def test_logistic_reaches_the_minimum_of_scikit_learn(C):
    linear = pytest.importorskip("sklearn.linear_model", reason="cần scikit-learn để so nghiệm")
    theirs = linear.LogisticRegression(C=C, solver="newton-cg", tol=1e-10).fit(CANCER_X, CANCER.y)
    model = models.logistic(30, l2=1 / (2 * C * len(CANCER.y)))
    params, history = training.train(
        model,
        CANCER_X,
        CANCER.y,
        optimizer=optim.sgd(0.3, momentum=0.95, nesterov=True),
        epochs=1000,
        rng=np.random.default_rng(0),
    )
    np.testing.assert_allclose(params["w"], theirs.coef_[0], atol=1e-4)
    np.testing.assert_allclose(params["b"], theirs.intercept_, atol=1e-4)
    np.testing.assert_allclose(model.predict(params, CANCER_X), theirs.predict_proba(CANCER_X)[:, 1], atol=1e-4)
    np.testing.assert_allclose(models.logits(params, CANCER_X), theirs.decision_function(CANCER_X), atol=1e-3)
    best, _ = model.value_and_grad({"w": theirs.coef_[0], "b": theirs.intercept_}, CANCER_X, CANCER.y)
    reached, _ = model.value_and_grad(params, CANCER_X, CANCER.y)
    assert best - 1e-12 <= reached < best + 1e-9
    assert history.train_loss[-1] == pytest.approx(reached - l2_penalty(params, 1 / (2 * C * len(CANCER.y))), rel=1e-12)


def test_softmax_regression_reaches_the_minimum_of_scikit_learn():
    linear = pytest.importorskip("sklearn.linear_model", reason="cần scikit-learn để so nghiệm")
    X, y, C = DIGITS.X[:300] / 16 - 0.3, DIGITS.y[:300], 0.05
    theirs = linear.LogisticRegression(C=C, solver="newton-cg", tol=1e-10).fit(X, y)
    model = models.softmax_regression(64, 10, l2=1 / (2 * C * 300))
    params, _ = training.train(
        model, X, y, optimizer=optim.sgd(0.1, momentum=0.96, nesterov=True), epochs=800, rng=np.random.default_rng(0)
    )
    np.testing.assert_allclose(params["w"], theirs.coef_.T, atol=1e-4)  # nhờ thành phần phạt, w tối ưu là duy nhất
    np.testing.assert_allclose(model.predict(params, X), theirs.predict_proba(X), atol=1e-4)


def test_predict_is_the_formula():
    np.testing.assert_allclose(models.logits(LOGISTIC, X2), [1.5, -2.5, -2.0])
    np.testing.assert_allclose(models.logistic(2).predict(LOGISTIC, X2), 1 / (1 + np.exp([-1.5, 2.5, 2.0])), rtol=1e-14)
    z = np.array([[x @ SOFTMAX["w"][:, k] + SOFTMAX["b"][k] for k in range(3)] for x in X2])
    np.testing.assert_allclose(models.logits(SOFTMAX, X2), z, rtol=1e-14)
    p = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
    np.testing.assert_allclose(models.softmax_regression(2, 3).predict(SOFTMAX, X2), p)


def test_loss_is_cross_entropy_plus_the_penalty_on_w_alone():
    loss, grads = models.logistic(2, l2=0.25).value_and_grad(LOGISTIC, X2, [1, 0, 1])
    assert loss == pytest.approx(losses.binary_cross_entropy([1, 0, 1], [1.5, -2.5, -2.0]) + 0.25 * 5, rel=1e-14)
    plain = models.logistic(2).value_and_grad(LOGISTIC, X2, [1, 0, 1])[1]
    np.testing.assert_allclose(grads["w"] - plain["w"], 0.5 * LOGISTIC["w"], rtol=1e-12)
    assert np.array_equal(grads["b"], plain["b"]) and isinstance(loss, float)
    loss, _ = models.softmax_regression(2, 3, l2=2.0).value_and_grad(SOFTMAX, X2, [0, 1, 2])
    assert loss == pytest.approx(losses.cross_entropy([0, 1, 2], models.logits(SOFTMAX, X2)) + 2 * 6.25, rel=1e-14)


@pytest.mark.parametrize(
    "model, shapes",
    [
        (models.logistic(4), {"w": (4,), "b": (1,)}),
        (models.softmax_regression(4, 3), {"w": (4, 3), "b": (3,)}),
    ],
    ids=["logistic", "softmax"],
)
def test_init_is_small_and_repeats_with_the_seed(model, shapes):
    a, b, c = (model.init(np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert {k: p.shape for k, p in a.items()} == shapes
    assert np.array_equal(a["w"], b["w"]) and not np.array_equal(a["w"], c["w"])
    assert 0 < np.abs(a["w"]).max() < 0.1 and not a["b"].any()


@pytest.mark.parametrize(
    "model, params, y",
    [
        (models.logistic(2, l2=0.1), LOGISTIC, [0, 1, 1]),
        (models.softmax_regression(2, 3, l2=0.1), SOFTMAX, [2, 0, 1]),
    ],
    ids=["logistic", "softmax"],
)
def test_any_array_gives_the_same_result_and_is_left_alone(model, params, y):
    frozen = {k: p.copy() for k, p in params.items()}
    X, y = X2.copy(), np.array(y)
    for array in (*frozen.values(), X, y):
        array.flags.writeable = False
    expected = repr((model.value_and_grad(frozen, X, y), model.predict(frozen, X)))
    for X_like, y_like in (
        (X.tolist(), y.tolist()),
        (X.astype(np.float32), y.astype(np.int8)),
        (np.repeat(X, 2, 0)[::2], y.astype(float)),
        (np.asfortranarray(X), y.astype(np.uint8)),
    ):
        assert repr((model.value_and_grad(frozen, X_like, y_like), model.predict(frozen, X_like))) == expected
    order = [2, 0, 1]
    loss, grads = model.value_and_grad(frozen, X[order], y[order])
    assert loss == pytest.approx(model.value_and_grad(frozen, X, y)[0], rel=1e-14)
    np.testing.assert_allclose(grads["w"], model.value_and_grad(frozen, X, y)[1]["w"], rtol=1e-13)
    assert all(np.array_equal(frozen[k], params[k]) for k in params)


def test_huge_scores_neither_overflow_nor_warn():
    loss, grads = models.logistic(1).value_and_grad({"w": np.array([1e4]), "b": np.zeros(1)}, [[1.0], [-1.0]], [0, 0])
    assert loss == 5000 and np.isfinite(grads["w"]).all()


# ---- mạng nhiều tầng ----

MLP = {
    "w1": np.array([[1.0, -1.0, 0.5], [0.0, 2.0, -1.0]]),
    "b1": np.array([0.1, -0.2, 0.0]),
    "w2": np.array([[1.0, -1.0], [0.5, 0.0], [-2.0, 1.0]]),
    "b2": np.array([0.0, 0.3]),
}


def test_mlp_predicts_as_scikit_learn_with_the_same_weights():
    neural = pytest.importorskip("sklearn.neural_network", reason="cần scikit-learn để so")
    X, y = DIGITS.X[:200] / 16, DIGITS.y[:200]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # chưa hội tụ: chỉ cần các trọng số
        theirs = neural.MLPClassifier((20, 15), max_iter=5, random_state=0).fit(X, y)
    params = {f"w{i + 1}": w for i, w in enumerate(theirs.coefs_)} | {
        f"b{i + 1}": b for i, b in enumerate(theirs.intercepts_)
    }
    model = models.mlp((64, 20, 15, 10))
    np.testing.assert_allclose(model.predict(params, X), theirs.predict_proba(X), rtol=1e-10, atol=1e-14)
    assert model.loss(params, X, y) == pytest.approx(
        -np.mean(np.log(theirs.predict_proba(X)[np.arange(200), y])), rel=1e-10
    )


def test_mlp_starts_with_he_variance_and_zero_bias():
    params = models.mlp((400, 300, 2)).init(np.random.default_rng(0))
    assert list(params) == ["w1", "b1", "w2", "b2"] and not params["b1"].any() and not params["b2"].any()
    assert params["w1"].std() == pytest.approx(np.sqrt(2 / 400), rel=0.02)
    assert params["w2"].std() == pytest.approx(np.sqrt(2 / 300), rel=0.1)


def test_dropout_multiplies_hidden_units_by_the_mask_in_training_only():
    model, plain = models.mlp((2, 3, 2), dropout=0.5), models.mlp((2, 3, 2))
    value, _ = model.value_and_grad(MLP, X2, [0, 1, 1], rng=np.random.default_rng(7))
    hidden = np.maximum(X2 @ MLP["w1"] + MLP["b1"], 0) * dropout_mask((3, 3), 0.5, rng=np.random.default_rng(7))
    assert value == pytest.approx(losses.cross_entropy([0, 1, 1], hidden @ MLP["w2"] + MLP["b2"]), rel=1e-14)
    assert value != plain.value_and_grad(MLP, X2, [0, 1, 1])[0] == model.value_and_grad(MLP, X2, [0, 1, 1])[0]
    assert np.array_equal(model.predict(MLP, X2), plain.predict(MLP, X2))
    assert model.loss(MLP, X2, [0, 1, 1]) == plain.loss(MLP, X2, [0, 1, 1])


def test_penalty_is_the_one_of_regularization():
    for model, params, y in (
        (models.mlp((2, 3, 2), l2=0.7), MLP, [0, 1, 1]),
        (models.linear(2, l2=0.7), LOGISTIC, [0.5, 1.0, 2.0]),
    ):
        value, _ = model.value_and_grad(params, X2, y)
        assert value - model.loss(params, X2, y) == pytest.approx(l2_penalty(params, 0.7), rel=1e-12)


@pytest.mark.parametrize("loss", ["mse", "mae", "huber"])
def test_linear_has_its_loss(loss):
    model = models.linear(2, loss=loss)
    np.testing.assert_allclose(model.predict(LOGISTIC, X2), X2 @ [2.0, -1.0] + 0.5, rtol=1e-14)
    assert model.loss(LOGISTIC, X2, [1.0, 0.0, -9.0]) == getattr(losses, loss)(
        [1.0, 0.0, -9.0], model.predict(LOGISTIC, X2)
    )


def test_linear_trains_to_the_closed_form():
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(50, 3)), rng.normal(size=50)
    for l2 in (0.0, 0.3):
        trained, _ = training.train(
            models.linear(3, l2=l2), X, y, optimizer=optim.sgd(0.1, momentum=0.9), epochs=400, rng=rng
        )
        solved = models.least_squares(X, y, l2=l2)
        assert solved["w"].shape == (3,) and solved["b"].shape == (1,)
        for name in solved:
            np.testing.assert_allclose(trained[name], solved[name], atol=1e-9)


def test_low_rank_starts_at_the_base_and_learns_only_what_is_added():
    model = models.mlp((64, 16, 10))
    X, y = DIGITS.X[:300] / 16, DIGITS.y[:300]
    base = model.init(np.random.default_rng(0))
    kept = {name: p.copy() for name, p in base.items()}
    tuned = models.low_rank(model, base, rank=2)
    start = tuned.init(np.random.default_rng(1))
    assert {name: p.shape for name, p in start.items()} == {
        "u_w1": (64, 2),
        "v_w1": (2, 16),
        "u_w2": (16, 2),
        "v_w2": (2, 10),
    }
    assert np.array_equal(tuned.predict(start, X), model.predict(base, X)) and tuned.loss(start, X, y) == model.loss(
        base, X, y
    )
    assert start["u_w1"].std() == pytest.approx(1 / 8, rel=0.25)
    params, history = training.train(tuned, X, y, optimizer=optim.adam(0.02), epochs=60, rng=np.random.default_rng(1))
    assert history.train_loss[-1] < 0.5 * history.train_loss[0]
    full = base | {name: base[name] + params[f"u_{name}"] @ params[f"v_{name}"] for name in ("w1", "w2")}
    np.testing.assert_allclose(tuned.predict(params, X), model.predict(full, X), rtol=1e-12)
    assert all(np.array_equal(base[name], kept[name]) for name in base)
    base["w1"][:] = 0  # sửa base sau đó không đổi mô hình đã tinh chỉnh
    np.testing.assert_allclose(tuned.predict(params, X), model.predict(full, X), rtol=1e-12)
    widest = models.low_rank(model, base, rank=16).init(np.random.default_rng(0))  # w2 chỉ có 10 cột: hạng dừng ở 10
    assert widest["u_w1"].shape == (64, 16) and widest["u_w2"].shape == (16, 10) and widest["v_w2"].shape == (10, 10)
    with pytest.raises(ValueError, match="rank cần nhiều nhất là 16"):
        models.low_rank(model, base, rank=17)


# ---- learner ----

SEEDS = st.integers(0, 2**32 - 1)
cases = settings(max_examples=40, deadline=None)


@cases
@given(st.integers(2, 40), st.integers(1, 6), st.floats(1e-3, 10), SEEDS)
def test_ridge_equals_scikit_learn(n, d, l2, seed):
    linear = pytest.importorskip("sklearn.linear_model", reason="cần scikit-learn để so")
    rng = np.random.default_rng(seed)
    X, y = rng.normal(2, 1, (n, d)), rng.normal(5, 1, n)
    theirs = linear.Ridge(alpha=n * l2, solver="cholesky", tol=0).fit(X, y)
    params = models.least_squares(X, y, l2=l2)
    np.testing.assert_allclose(params["w"], theirs.coef_, rtol=1e-8, atol=1e-12)
    np.testing.assert_allclose(models.ridge(l2)(X, y)(X), theirs.predict(X), rtol=1e-10)
    path = models.ridge([l2, 0.5, 2 * l2])(X, y)(X)
    assert path.shape == (n, 3)
    np.testing.assert_allclose(path[:, 0], theirs.predict(X), rtol=1e-10)
    np.testing.assert_allclose(path[:, 2], models.ridge(2 * l2)(X, y)(X), rtol=1e-12)
    whole = models.least_squares(X, y, l2=[l2, 0.5])
    assert whole["w"].shape == (d, 2) and whole["b"].shape == (2,)
    np.testing.assert_allclose(models.logits(whole, X), path[:, :2], rtol=1e-12)


@cases
@given(st.integers(1, 12), st.integers(1, 12), SEEDS)
def test_without_a_penalty_it_is_the_minimum_norm_solution(n, d, seed):
    rng = np.random.default_rng(seed)
    X, y = rng.normal(size=(n, d)), rng.normal(size=n)
    w = np.linalg.pinv(X - X.mean(axis=0), rcond=1e-10) @ (y - y.mean())  # n < d: nghiệm có chuẩn nhỏ nhất
    params = models.least_squares(X, y)
    np.testing.assert_allclose(params["w"], w, rtol=1e-6, atol=1e-8)
    np.testing.assert_allclose(params["b"], [y.mean() - X.mean(axis=0) @ w], rtol=1e-6, atol=1e-8)
    limit = models.least_squares(X, y, l2=1e-12)  # ridge với λ -> 0 đi về đúng nghiệm ấy
    if n > d + 2:
        np.testing.assert_allclose(limit["w"], w, rtol=1e-4, atol=1e-6)


def test_rounding_is_not_a_direction_of_the_data():
    for seed in [27411, *range(50)]:  # hai hàng: trừ trung bình xong chỉ còn đúng một hướng
        rng = np.random.default_rng(seed)
        X, y = rng.normal(size=(2, 2)), rng.normal(size=2)
        row = X[1] - X[0]
        np.testing.assert_allclose(models.least_squares(X, y)["w"], row * (y[1] - y[0]) / (row @ row), rtol=1e-6)
    constant = models.least_squares(np.full((3, 2), 0.1), [1.0, 2.0, 4.0])
    assert constant["w"].tolist() == [0.0, 0.0] and constant["b"] == pytest.approx([7 / 3])


def test_repeated_column_shares_the_weight():
    X = np.array([[0.0, 0.0], [1.0, 1.0], [2.0, 2.0]])
    np.testing.assert_allclose(models.least_squares(X, [1.0, 3.0, 5.0])["w"], [1.0, 1.0], rtol=1e-12)


@cases
@given(st.integers(0, 6), st.integers(8, 40), SEEDS)
def test_polynomial_equals_numpy(degree, n, seed):
    rng = np.random.default_rng(seed)
    x, y, new = rng.uniform(-3, 8, n), rng.normal(size=n), rng.uniform(-4, 9, 5)
    curve = np.polynomial.Polynomial.fit(x, y, degree)
    predict = models.polynomial(degree)(x[:, None], y)
    np.testing.assert_allclose(predict(x[:, None]), curve(x), rtol=1e-6, atol=1e-6)
    np.testing.assert_allclose(predict(new[:, None]), curve(new), rtol=1e-5, atol=1e-5 * np.abs(curve(new)).max())


@cases
@given(st.integers(1, 5), st.floats(1e-3, 1), SEEDS)
def test_penalised_polynomial_is_ridge_on_scaled_powers(degree, l2, seed):
    rng = np.random.default_rng(seed)
    x, y = rng.uniform(10, 30, 25), rng.normal(size=25)
    t = np.interp(x, [x.min(), x.max()], [-1, 1])
    powers = np.stack([t**k for k in range(1, degree + 1)], axis=1)
    np.testing.assert_allclose(
        models.polynomial(degree, l2=l2)(x[:, None], y)(x[:, None]),
        models.ridge(l2)(powers, y)(powers),
        rtol=1e-8,
        atol=1e-10,
    )
    assert np.isfinite(models.polynomial(9, l2=l2)(x[:3, None], y[:3])([[20.0]])).all()  # phạt thì ít điểm cũng được


@cases
@given(st.integers(0, 9), st.integers(1, 6), SEEDS)
def test_polynomial_path_equals_fits_one_by_one(degree, R, seed):
    rng = np.random.default_rng(seed)
    x, y = rng.uniform(-2, 5, (R, 30)), rng.normal(size=(R, 30))
    x[0, 15:] = x[0, :15]  # điểm lặp lại, như trong một mẫu bootstrap
    new = np.linspace(-2, 5, 7)
    path = models.polynomial_path(x, y, new, degree)
    assert path.shape == (degree + 1, R, 7)
    for k in range(degree + 1):
        one_by_one = [models.polynomial(k)(x[r][:, None], y[r])(new[:, None]) for r in range(R)]
        np.testing.assert_allclose(path[k], one_by_one, rtol=1e-5, atol=1e-5 * max(1, np.abs(path[k]).max()))


def test_too_few_distinct_points_are_never_silently_wrong():
    """Bẫy đã biết: mẫu bootstrap có ít điểm khác nhau hơn số hệ số thì hệ phương trình suy biến mà vẫn ra số."""
    x, y = np.array([[0.0, 1.0, 2.0, 3.0], [0.0, 1.0, 1.0, 0.0]]), np.ones((2, 4))
    assert models.polynomial_path(x, y, [5.0], 1).shape == (2, 2, 1)
    with pytest.raises(
        ValueError, match=r"bậc 2 có 3 hệ số, nhưng chỉ có 2 giá trị x khác nhau \(tập thứ 1 trong 2 tập\)"
    ):
        models.polynomial_path(x, y, [5.0], 2)
    with pytest.raises(ValueError, match=r"bậc 2 có 3 hệ số, nhưng chỉ có 2 giá trị x khác nhau: vô số"):
        models.polynomial(2)(x[1][:, None], y[1])
    near = x[1] + [0, 0, 1e-13, 0]  # gần như trùng cũng là trùng
    with pytest.raises(ValueError, match="chỉ có 2 giá trị"):
        models.polynomial(2)(near[:, None], y[1])
    exact = models.polynomial(2)([[0.0], [1.0], [1.0], [2.0]], [0.0, 1.0, 1.0, 4.0])  # vừa đủ ba điểm: đi qua cả ba
    np.testing.assert_allclose(exact([[3.0]]), [9.0], rtol=1e-9)
    assert models.polynomial(0)([[1.0], [1.0]], [2.0, 4.0])([[9.0]]) == 3.0


def lagrange(x, y, t):
    """Đa thức nội suy, bằng phân số chính xác."""
    x, y, t = [Fraction(v) for v in x], [Fraction(v) for v in y], Fraction(t)
    return float(sum(b * math.prod((t - c) / (a - c) for c in x if c != a) for a, b in zip(x, y)))


@pytest.mark.parametrize("smooth", [True, False])
@pytest.mark.parametrize("points", ["đều", "ngẫu nhiên"])
def test_high_degrees_equal_exact_interpolation_between_the_points(points, smooth):
    rng = np.random.default_rng(1)
    x = np.arange(41.0) if points == "đều" else np.sort(rng.uniform(-3, 5, 30))
    y, new = np.sin(x / 9) if smooth else rng.normal(size=len(x)), x[:-1] + np.diff(x) / 2
    exact = np.array([lagrange(x, y, t) for t in new])
    curve, path = models.polynomial(len(x) - 1)(x[:, None], y), models.polynomial_path([x], [y], new, len(x) - 1)[-1, 0]
    tolerance = 1e-6 * max(np.abs(exact).max(), 1)
    np.testing.assert_allclose(curve(new[:, None]), exact, rtol=0, atol=tolerance)
    np.testing.assert_allclose(path, exact, rtol=0, atol=tolerance)
    np.testing.assert_allclose(curve(x[:, None]), y, rtol=0, atol=tolerance)


def test_degrees_beyond_double_precision_are_refused_and_the_hints_work():
    x = np.linspace(0, 1, 60)[:, None]
    smooth, noisy = np.sin(6 * x[:, 0]), np.random.default_rng(0).normal(size=60)
    for fit in (models.polynomial(59), lambda x, y: models.polynomial_path(x.T, [y], [0.5], 59)):
        with pytest.raises(ValueError, match=r"Bậc 59 quá cao: .* giảm bậc xuống \d+, hoặc phạt: .*l2=1e-9") as caught:
            fit(x, smooth)
    best = int(re.search(r"xuống (\d+)", str(caught.value))[1])
    between = (x[1:] + x[:-1]) / 2
    np.testing.assert_allclose(models.polynomial(best)(x, smooth)(between), np.sin(6 * between[:, 0]), atol=1e-4)
    with pytest.raises(ValueError, match=f"Bậc {best + 1} quá cao"):
        models.polynomial(best + 1)(x, smooth)
    assert models.polynomial(59, l2=1e-9)(x, smooth)(between).shape == (59,)
    assert np.abs(models.polynomial(59)(x, noisy)(x) - noisy).max() < 1e-9  # đường cong vọt rất cao, mà vẫn đúng


@pytest.mark.parametrize("seed", range(12))
def test_polynomials_of_any_degree_are_those_of_exact_fractions(seed):
    rng = np.random.default_rng(seed)
    n = int(rng.integers(8, 22))
    degree, x = int(rng.integers(5, n)), np.sort(rng.random(n))
    y = np.sin(6 * x) + rng.normal(size=n) * 0.3 * (seed % 2)
    t = (x[1:] + x[:-1]) / 2
    X, Y, T = ([Fraction(v) for v in a.tolist()] for a in (x, y, t))
    P, Q, wanted = [[Fraction(1)] * n], [[Fraction(1)] * (n - 1)], [Fraction(0)] * (n - 1)
    for k in range(degree + 1):
        c = sum(p * v for p, v in zip(P[-1], Y)) / sum(p * p for p in P[-1])
        wanted = [w + c * q for w, q in zip(wanted, Q[-1])]
        p, q = [a * b for a, b in zip(X, P[-1])], [a * b for a, b in zip(T, Q[-1])]
        for before, after in zip(P[-2:], Q[-2:]):
            h = sum(a * b for a, b in zip(before, p)) / sum(b * b for b in before)
            p, q = [a - h * b for a, b in zip(p, before)], [a - h * b for a, b in zip(q, after)]
        P, Q = [P[-1], p], [Q[-1], q]
        if k + 1 == n:
            break
    size = max(np.abs(y).max(), float(max(map(abs, wanted))))
    np.testing.assert_allclose(
        models.polynomial(degree)(x[:, None], y)(t[:, None]), list(map(float, wanted)), atol=1e-10 * size
    )


def test_a_penalty_lost_in_rounding_is_refused_and_the_hint_works():
    x, y = np.linspace(0, 1, 41)[:, None], np.random.default_rng(0).normal(size=41)
    with pytest.raises(ValueError, match=r"l2 = 1e-30 quá nhỏ: với bậc 30 .* l2=1e-12, hoặc giảm bậc"):
        models.polynomial(30, l2=1e-30)(x, y)
    assert np.isfinite(models.polynomial(30, l2=1e-12)(x, y)(x)).all()
    np.testing.assert_allclose(models.polynomial(9, l2=1e-30)(x, y)(x), models.polynomial(9)(x, y)(x), atol=1e-9)


def test_a_far_point_does_not_move_the_neighbours_of_the_others():
    predict = models.knn(1)([[0.0, 0.0], [0.0, 1.0], [1e170, 0.0]], [0.0, 1.0, 2.0])  # bình phương tràn số
    assert predict([[0.0, 1.0], [1e170, 0.0], [0.0, 0.2]]).tolist() == [1.0, 2.0, 0.0]


@cases
@given(st.integers(1, 9), st.integers(9, 40), st.integers(1, 4), SEEDS)
def test_knn_equals_scikit_learn(k, n, d, seed):
    neighbors = pytest.importorskip("sklearn.neighbors", reason="cần scikit-learn để so")
    rng = np.random.default_rng(seed)
    X, y, new, labels = rng.normal(size=(n, d)), rng.normal(size=n), rng.normal(size=(6, d)), rng.integers(0, 3, n)
    theirs = neighbors.KNeighborsRegressor(k, algorithm="brute").fit(X, y)
    np.testing.assert_allclose(models.knn(k)(X, y)(new), theirs.predict(new), rtol=1e-12)
    theirs = neighbors.KNeighborsClassifier(k, algorithm="brute").fit(X, labels)
    assert np.array_equal(models.knn(k, classify=True)(X, labels)(new), theirs.predict(new))


def test_knn_breaks_ties_by_order_and_by_smaller_label():
    X = [[1.0], [-1.0], [3.0]]
    assert models.knn(1)(X, [5.0, 7.0, 9.0])([[0.0]]) == 5.0
    assert models.knn(2, classify=True)(X, ["mèo", "chó", "mèo"])([[0.0]]) == "chó"
    assert models.knn(3)(X, [1, 2, 6])([[0.0], [100.0]]).tolist() == [3.0, 3.0]


@pytest.mark.parametrize("scale", [2.0**-660, 2.0**-1000, 2.0**660, 2.0**1000])
def test_tiny_and_huge_features(scale):
    rng = np.random.default_rng(0)
    X, y, new = rng.normal(size=(20, 3)), rng.normal(size=20), rng.normal(size=(5, 3))
    plain, scaled = models.least_squares(X, y), models.least_squares(X * scale, y)
    np.testing.assert_allclose(scaled["w"] * scale, plain["w"], rtol=1e-10)
    path = models.ridge([0.0, 1e-9])(X * scale, y)(new * scale)  # λ so với s²: không đáng kể, hay lấn át
    same = models.logits(plain, new)
    np.testing.assert_allclose(path.T, [same, same if scale > 1 else np.full(5, y.mean())], rtol=1e-10)


# mọi learner: đầu vào nào cũng được và không bị sửa, thứ tự mẫu không đổi gì
LEARNERS = {
    "ridge": models.ridge(0.1),
    "ridge, nhiều λ": models.ridge([0.0, 0.1]),
    "polynomial": models.polynomial(3),
    "polynomial, l2": models.polynomial(3, l2=0.1),
    "knn": models.knn(3),
    "knn, phân loại": models.knn(3, classify=True),
    "least_squares": lambda X, y: lambda X_new: models.logits(models.least_squares(X, y), X_new),
    "polynomial_path": lambda X, y: (
        lambda X_new: models.polynomial_path(np.asarray(X).T, np.asarray(y)[None], np.asarray(X_new)[:, 0], 3)[:, 0].T
    ),
}


@pytest.mark.parametrize("name", LEARNERS)
def test_learners_take_any_array_and_any_order(name):
    fit, rng = LEARNERS[name], np.random.default_rng(4)
    X, y, new = rng.permutation(20).reshape(20, 1) / 4, rng.integers(0, 3, 20), np.arange(6).reshape(6, 1) / 2 + 0.125
    for array in (X, y, new):
        array.flags.writeable = False
    before = X.tobytes(), y.tobytes(), new.tobytes()
    expected = fit(X, y)(new)
    for X_like, y_like, new_like in (
        (X.tolist(), y.tolist(), new.tolist()),
        (X.astype(np.float32), y.astype(np.int8), new.astype(np.float32)),
        (np.repeat(X, 2, 0)[::2], np.repeat(y, 2)[::2], np.asfortranarray(new)),
    ):
        assert np.array_equal(fit(X_like, y_like)(new_like), expected)
    order = rng.permutation(20)
    np.testing.assert_allclose(fit(X[order], y[order])(new), expected, rtol=1e-9, atol=1e-9)
    assert (X.tobytes(), y.tobytes(), new.tobytes()) == before


@pytest.mark.parametrize("name", [name for name in LEARNERS if name not in ("least_squares", "polynomial_path")])
def test_predictions_do_not_follow_later_changes_of_the_data(name):
    X, y, new = np.arange(20.0).reshape(20, 1), np.arange(20) % 3, np.array([[2.2], [7.9]])
    predict = LEARNERS[name](X, y)
    expected = predict(new)
    X[:], y[:] = 0, 1
    assert np.array_equal(predict(new), expected)


LINEAR, NET = models.linear(2), models.mlp((2, 3, 2))
X20, Y20 = np.arange(20.0).reshape(20, 1), np.arange(20.0)
XY = {
    "models.ridge": models.ridge(0.1),
    "models.polynomial": models.polynomial(1),
    "models.knn": models.knn(1),
    "models.least_squares": models.least_squares,
}
M, S = models.logistic(2), models.softmax_regression(2, 3)
FAULTS = [
    ("models.logistic", lambda: models.logistic(0), ValueError, r"n_features cần ít nhất là 1, nhưng nhận được 0"),
    ("models.logistic", lambda: models.logistic(2.0), TypeError, r"n_features cần là số nguyên"),
    (
        "models.logistic",
        lambda: models.logistic(2, l2=-1),
        ValueError,
        r"l2 cần nằm trong \[0, inf\), nhưng nhận được -1",
    ),
    ("models.logistic", lambda: models.logistic(2, l2=np.nan), ValueError, r"l2 cần nằm trong"),
    ("models.softmax_regression", lambda: models.softmax_regression(0, 3), ValueError, r"n_features cần ít nhất là 1"),
    (
        "models.softmax_regression",
        lambda: models.softmax_regression(2, 1),
        ValueError,
        r"n_classes cần ít nhất là 2, nhưng nhận được 1",
    ),
    ("models.logistic", lambda: M.init(0), TypeError, r"rng cần là một np\.random\.Generator"),
    ("models.logistic", lambda: M.predict(LOGISTIC, [1.0, 2.0]), ValueError, r"X cần có 2 chiều, nhưng có dạng \(2,\)"),
    (
        "models.logistic",
        lambda: M.predict(LOGISTIC, np.ones((2, 3))),
        ValueError,
        r"X có 3 cột nhưng mô hình có 2 đặc trưng",
    ),
    ("models.logistic", lambda: M.predict(LOGISTIC, np.ones((0, 2))), ValueError, r"X rỗng"),
    ("models.logistic", lambda: M.predict(LOGISTIC, [[1.0, np.nan]]), ValueError, r"X có 1 giá trị NaN"),
    ("models.logistic", lambda: M.predict(LOGISTIC, [["a", "b"]]), TypeError, r"X cần là mảng số"),
    (
        "models.logistic",
        lambda: M.predict(SOFTMAX, X2),
        ValueError,
        r"params\['w'\] cần có dạng \(2,\), kiểu số, nhưng có dạng \(2, 3\)",
    ),
    (
        "models.logistic",
        lambda: M.predict({"w": np.ones(2), "b": 0.0}, X2),
        ValueError,
        r"params\['b'\] cần có dạng \(1,\), kiểu số, nhưng có dạng \(\)",
    ),
    (
        "models.logistic",
        lambda: M.predict({"w": np.ones(2)}, X2),
        ValueError,
        r"các khóa \['b', 'w'\], nhưng nhận được \['w'\]",
    ),
    ("models.logistic", lambda: M.predict(np.ones(3), X2), ValueError, r"nhưng nhận được ndarray"),
    ("models.logits", lambda: models.logits(LOGISTIC, [1.0, 2.0]), ValueError, r"X cần có 2 chiều"),
    ("models.logits", lambda: models.logits({}, X2), ValueError, r"params cần là dict"),
    ("models.logistic", lambda: M.value_and_grad(LOGISTIC, X2, [0, 1]), ValueError, r"X có 3 mẫu nhưng y có 2 mẫu"),
    (
        "models.logistic",
        lambda: M.value_and_grad(LOGISTIC, X2, [[0], [1], [1]]),
        ValueError,
        r"y cần có 1 chiều.*np\.ravel\(y\)",
    ),
    (
        "models.logistic",
        lambda: M.value_and_grad(LOGISTIC, X2, [0, 1, 2]),
        ValueError,
        r"y cần là nhãn từ 0 đến 1, nhưng có nhãn 2",
    ),
    (
        "models.logistic",
        lambda: M.value_and_grad(LOGISTIC, X2, ["u", "v", "v"]),
        TypeError,
        r"y cần là số nguyên từ 0 đến 1, nhưng có nhãn chuỗi 'u'",
    ),
    ("models.logistic", lambda: M.value_and_grad(LOGISTIC, X2, [0, 1, np.nan]), ValueError, r"y có 1 giá trị NaN"),
    (
        "models.logistic",
        lambda: M.value_and_grad(SOFTMAX, X2, [0, 1, 1]),
        ValueError,
        r"Hãy lấy params từ model\.init\(rng\)",
    ),
    (
        "models.softmax_regression",
        lambda: S.value_and_grad(SOFTMAX, X2, [0, 1, 3]),
        ValueError,
        r"y cần là nhãn từ 0 đến 2, nhưng có nhãn 3",
    ),
    (
        "models.softmax_regression",
        lambda: S.predict(LOGISTIC, X2),
        ValueError,
        r"params\['w'\] cần có dạng \(2, 3\), kiểu số, nhưng có dạng \(2,\)",
    ),
    ("models.linear", lambda: models.linear(0), ValueError, r"n_features cần ít nhất là 1"),
    (
        "models.linear",
        lambda: models.linear(2, loss="l2"),
        ValueError,
        r"loss cần là một trong 'mse', 'mae', 'huber', nhưng nhận được 'l2'",
    ),
    ("models.linear", lambda: LINEAR.loss(LOGISTIC, X2, [1.0, 2.0]), ValueError, r"X có 3 mẫu nhưng y có 2 mẫu"),
    ("models.linear", lambda: LINEAR.loss(LOGISTIC, X2, ["a", "b", "c"]), TypeError, r"y cần là mảng số"),
    (
        "models.linear",
        lambda: LINEAR.value_and_grad(LOGISTIC, X2, [[1.0]] * 3),
        ValueError,
        r"y cần có 1 chiều.*np\.ravel\(y",
    ),
    (
        "models.mlp",
        lambda: models.mlp((2, 2)),
        ValueError,
        r"sizes cần ít nhất ba số .*\(2, 2\)\. Không có tầng ẩn thì dùng softmax_regression",
    ),
    ("models.mlp", lambda: models.mlp(64), ValueError, r"sizes cần ít nhất ba số .* nhận được 64"),
    ("models.mlp", lambda: models.mlp((2, 0, 2)), ValueError, r"sizes\[1\] cần ít nhất là 1"),
    ("models.mlp", lambda: models.mlp((2, 3, 1)), ValueError, r"sizes\[2\] cần ít nhất là 2, nhưng nhận được 1"),
    ("models.mlp", lambda: models.mlp((2, 3.0, 2)), TypeError, r"sizes\[1\] cần là số nguyên"),
    (
        "models.mlp",
        lambda: models.mlp((2, 3, 2), dropout=1.0),
        ValueError,
        r"dropout cần nằm trong \[0, 1\), nhưng nhận được 1\.0",
    ),
    ("models.mlp", lambda: models.mlp((2, 3, 2), l2=-1), ValueError, r"l2 cần nằm trong \[0, inf\)"),
    ("models.mlp", lambda: NET.predict(MLP, [[1.0, 2.0, 3.0]]), ValueError, r"X có 3 cột nhưng mô hình có 2 đặc trưng"),
    (
        "models.mlp",
        lambda: NET.predict(LOGISTIC, X2),
        ValueError,
        r"các khóa \['b1', 'b2', 'w1', 'w2'\], nhưng nhận được \['b', 'w'\]",
    ),
    ("models.mlp", lambda: NET.loss(MLP, X2, [0, 1, 2]), ValueError, r"y cần là nhãn từ 0 đến 1, nhưng có nhãn 2"),
    ("models.mlp", lambda: NET.init(None), TypeError, r"rng cần là một np\.random\.Generator"),
    (
        "models.low_rank",
        lambda: models.low_rank(NET, MLP, rank=3),
        ValueError,
        r"rank cần nhiều nhất là 2, nhưng nhận được 3",
    ),
    ("models.low_rank", lambda: models.low_rank(NET, MLP, rank=0), ValueError, r"rank cần ít nhất là 1"),
    (
        "models.low_rank",
        lambda: models.low_rank(M, LOGISTIC, rank=1),
        ValueError,
        r"base không có trọng số hai chiều nào .*\['b', 'w'\]",
    ),
    ("models.low_rank", lambda: models.low_rank(NET, MLP, rank=1).init(0), TypeError, r"rng cần là"),
    *(
        (name, lambda f=f: f([1.0, 2.0], [1.0, 2.0]), ValueError, r"X cần có 2 chiều, nhưng có dạng \(2,\)")
        for name, f in XY.items()
    ),
    *((name, lambda f=f: f(X20, Y20[:3]), ValueError, r"X có 20 mẫu nhưng y có 3 mẫu") for name, f in XY.items()),
    *(
        (name, lambda f=f: f(X20, Y20[:, None]), ValueError, r"y cần có 1 chiều.*np\.ravel\(y")
        for name, f in XY.items()
    ),
    *((name, lambda f=f: f(np.ones((0, 1)), []), ValueError, r"X rỗng") for name, f in XY.items()),
    *((name, lambda f=f: f(X20 * np.nan, Y20), ValueError, r"X có 20 giá trị NaN") for name, f in XY.items()),
    *(
        (name, lambda f=f: f(X20, Y20 + np.inf), ValueError, r"y có 20 giá trị NaN hoặc vô cực")
        for name, f in XY.items()
    ),
    *((name, lambda f=f: f([["a"]] * 20, Y20), TypeError, r"X cần là mảng số") for name, f in XY.items()),
    *(
        (
            name,
            lambda f=f: f(X20, Y20)([[1.0, 2.0]]),
            ValueError,
            r"X có 2 cột nhưng mô hình có 1 đặc trưng|X cần có đúng 1 cột",
        )
        for name, f in XY.items()
        if name != "models.least_squares"
    ),
    *(
        (name, lambda f=f: f(X20, Y20)([1.0, 2.0]), ValueError, r"X cần có 2 chiều")
        for name, f in XY.items()
        if name != "models.least_squares"
    ),
    ("models.ridge", lambda: models.ridge(-0.1), ValueError, r"l2 cần nằm trong \[0, inf\], nhưng có giá trị -0\.1"),
    ("models.ridge", lambda: models.ridge([[0.1]]), ValueError, r"l2 cần có 1 chiều, nhưng có dạng \(1, 1\)"),
    ("models.least_squares", lambda: models.least_squares(X20, Y20, l2=np.nan), ValueError, r"l2 có 1 giá trị NaN"),
    ("models.polynomial", lambda: models.polynomial(-1), ValueError, r"degree cần ít nhất là 0, nhưng nhận được -1"),
    ("models.polynomial", lambda: models.polynomial(1.5), TypeError, r"degree cần là số nguyên"),
    ("models.polynomial", lambda: models.polynomial(1, l2=-1), ValueError, r"l2 cần nằm trong"),
    (
        "models.polynomial",
        lambda: models.polynomial(1)(np.ones((5, 2)), np.ones(5)),
        ValueError,
        r"X cần có đúng 1 cột, nhưng có dạng .*np\.asarray\(X\)\[:, \[0\]\]",
    ),
    ("models.polynomial_path", lambda: models.polynomial_path([1.0], [1.0], [1.0], 0), ValueError, r"x cần có 2 chiều"),
    (
        "models.polynomial_path",
        lambda: models.polynomial_path([[1.0, 2.0]], [[1.0]], [1.0], 0),
        ValueError,
        r"x có dạng \(1, 2\) nhưng y có dạng \(1, 1\)",
    ),
    ("models.polynomial_path", lambda: models.polynomial_path([[1]], [[np.nan]], [1], 0), ValueError, r"y có 1 .* NaN"),
    ("models.polynomial_path", lambda: models.polynomial_path([[1.0]], [[1.0]], [], 0), ValueError, r"x_test rỗng"),
    (
        "models.polynomial_path",
        lambda: models.polynomial_path([[1]], [[1]], [1], -1),
        ValueError,
        r"degree cần ít nhất",
    ),
    ("models.knn", lambda: models.knn(0), ValueError, r"n_neighbors cần ít nhất là 1, nhưng nhận được 0"),
    (
        "models.knn",
        lambda: models.knn(21)(X20, Y20),
        ValueError,
        r"n_neighbors cần nhiều nhất là 20, nhưng nhận được 21",
    ),
    (
        "models.knn",
        lambda: models.knn(1, classify=True)(X20, Y20 / 2),
        ValueError,
        r"y cần là nhãn .* nhưng có giá trị 0\.5",
    ),
    ("models.knn", lambda: models.knn(1)(X20, ["a"] * 20), TypeError, r"y cần là mảng số"),
]


@pytest.mark.parametrize("name, call, error, words", FAULTS, ids=range(len(FAULTS)))
def test_bad_input_is_explained(name, call, error, words):
    with np.errstate(invalid="ignore"), pytest.raises(error, match=words):
        call()


def test_params_of_something_else_are_explained():
    tuned, y = models.low_rank(NET, MLP, rank=1), [0, 1, 1]
    wrong = {**tuned.init(np.random.default_rng(0)), "u_w1": [1.0]}
    for call, words in [
        (lambda: models.low_rank(NET, [1.0], rank=1), r"base cần là dict.*list\. Hãy lấy base"),
        (lambda: models.low_rank(NET, {**MLP, "w1": [1.0]}, rank=1), r"base\['w1'\] cần có dạng \(2, 3\)"),
        (lambda: tuned.predict(MLP, X2), r"params cần là dict có các khóa \['u_w1', .*'b1'"),
        (lambda: tuned.loss(None, X2, y), r"params cần là dict.*NoneType"),
        (lambda: tuned.value_and_grad(wrong, X2, y), r"params\['u_w1'\] cần có dạng \(2, 1\)"),
        (lambda: M.predict({3: 1, "w": 1}, X2), r"nhưng nhận được \[3, 'w'\]"),
        (lambda: M.predict({"w": "a", "b": [0.0]}, X2), r"params\['w'\] cần có dạng \(2,\), kiểu số, nhưng .*kiểu <U1"),
    ]:
        with pytest.raises((ValueError, TypeError), match=words):
            call()


def test_new_points_of_a_path_are_one_row():
    with pytest.raises(ValueError, match=r"x_test cần có 1 chiều, nhưng có dạng \(1, 2\)"):
        models.polynomial_path([[0.0, 1.0, 2.0]], [[0.0, 1.0, 4.0]], [[0.5, 1.5]], 1)
