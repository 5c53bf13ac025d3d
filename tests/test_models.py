"""Mô hình: nghiệm so với scikit-learn, f_theta so với công thức, lỗi có lời giải thích (gradient: test_losses.py)."""

import numpy as np
import pytest

from mlcourse import data, losses, model_selection, models, optim, training

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
    params, history = training.train(model, CANCER_X, CANCER.y, optimizer=optim.sgd(0.3, momentum=0.95, nesterov=True),
                                     epochs=1000, rng=np.random.default_rng(0))
    np.testing.assert_allclose(params["w"], theirs.coef_[0], atol=1e-4)
    np.testing.assert_allclose(params["b"], theirs.intercept_, atol=1e-4)
    np.testing.assert_allclose(model.predict(params, CANCER_X), theirs.predict_proba(CANCER_X)[:, 1], atol=1e-4)
    np.testing.assert_allclose(models.logits(params, CANCER_X), theirs.decision_function(CANCER_X), atol=1e-3)
    best, _ = model.value_and_grad({"w": theirs.coef_[0], "b": theirs.intercept_}, CANCER_X, CANCER.y)
    assert best - 1e-12 <= history.train_loss[-1] < best + 1e-9


def test_softmax_regression_reaches_the_minimum_of_scikit_learn():
    linear = pytest.importorskip("sklearn.linear_model", reason="cần scikit-learn để so nghiệm")
    X, y, C = DIGITS.X[:300] / 16 - 0.3, DIGITS.y[:300], 0.05
    theirs = linear.LogisticRegression(C=C, solver="newton-cg", tol=1e-10).fit(X, y)
    model = models.softmax_regression(64, 10, l2=1 / (2 * C * 300))
    params, _ = training.train(model, X, y, optimizer=optim.sgd(0.1, momentum=0.96, nesterov=True), epochs=800,
                               rng=np.random.default_rng(0))
    np.testing.assert_allclose(params["w"], theirs.coef_.T, atol=1e-4)   # nhờ thành phần phạt, w tối ưu là duy nhất
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


@pytest.mark.parametrize("model, shapes", [
    (models.logistic(4), {"w": (4,), "b": (1,)}),
    (models.softmax_regression(4, 3), {"w": (4, 3), "b": (3,)}),
], ids=["logistic", "softmax"])
def test_init_is_small_and_repeats_with_the_seed(model, shapes):
    a, b, c = (model.init(np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert {k: p.shape for k, p in a.items()} == shapes
    assert np.array_equal(a["w"], b["w"]) and not np.array_equal(a["w"], c["w"])
    assert 0 < np.abs(a["w"]).max() < 0.1 and not a["b"].any()


@pytest.mark.parametrize("model, params, y", [
    (models.logistic(2, l2=0.1), LOGISTIC, [0, 1, 1]),
    (models.softmax_regression(2, 3, l2=0.1), SOFTMAX, [2, 0, 1]),
], ids=["logistic", "softmax"])
def test_any_array_gives_the_same_result_and_is_left_alone(model, params, y):
    frozen = {k: p.copy() for k, p in params.items()}
    X, y = X2.copy(), np.array(y)
    for array in (*frozen.values(), X, y):
        array.flags.writeable = False
    expected = repr((model.value_and_grad(frozen, X, y), model.predict(frozen, X)))
    for X_like, y_like in ((X.tolist(), y.tolist()), (X.astype(np.float32), y.astype(np.int8)),
                           (np.repeat(X, 2, 0)[::2], y.astype(float)), (np.asfortranarray(X), y.astype(np.uint8))):
        assert repr((model.value_and_grad(frozen, X_like, y_like), model.predict(frozen, X_like))) == expected
    order = [2, 0, 1]
    loss, grads = model.value_and_grad(frozen, X[order], y[order])
    assert loss == pytest.approx(model.value_and_grad(frozen, X, y)[0], rel=1e-14)
    np.testing.assert_allclose(grads["w"], model.value_and_grad(frozen, X, y)[1]["w"], rtol=1e-13)
    assert all(np.array_equal(frozen[k], params[k]) for k in params)


def test_huge_scores_neither_overflow_nor_warn():
    loss, grads = models.logistic(1).value_and_grad({"w": np.array([1e4]), "b": np.zeros(1)}, [[1.0], [-1.0]], [0, 0])
    assert loss == 5000 and np.isfinite(grads["w"]).all()


M, S = models.logistic(2), models.softmax_regression(2, 3)


@pytest.mark.parametrize("call, error, words", [
    (lambda: models.logistic(0), ValueError, r"n_features cần ít nhất là 1, nhưng nhận được 0"),
    (lambda: models.logistic(2.0), TypeError, r"n_features cần là số nguyên"),
    (lambda: models.logistic(2, l2=-1), ValueError, r"l2 cần nằm trong \[0, inf\), nhưng nhận được -1"),
    (lambda: models.logistic(2, l2=np.nan), ValueError, r"l2 cần nằm trong"),
    (lambda: models.softmax_regression(0, 3), ValueError, r"n_features cần ít nhất là 1"),
    (lambda: models.softmax_regression(2, 1), ValueError, r"n_classes cần ít nhất là 2, nhưng nhận được 1"),
    (lambda: M.init(0), TypeError, r"rng cần là một np\.random\.Generator"),
    (lambda: M.predict(LOGISTIC, [1.0, 2.0]), ValueError, r"X cần có 2 chiều, nhưng có dạng \(2,\)"),
    (lambda: M.predict(LOGISTIC, np.ones((2, 3))), ValueError, r"X có 3 cột nhưng params\['w'\] có 2 đặc trưng"),
    (lambda: M.predict(LOGISTIC, np.ones((0, 2))), ValueError, r"X rỗng"),
    (lambda: M.predict(LOGISTIC, [[1.0, np.nan]]), ValueError, r"X có 1 giá trị NaN"),
    (lambda: M.predict(LOGISTIC, [["a", "b"]]), TypeError, r"X cần là mảng số"),
    (lambda: M.predict(SOFTMAX, X2), ValueError, r"dạng \(2,\) và \(1,\), nhưng nhận được \(2, 3\) và \(3,\)"),
    (lambda: M.predict({"w": np.ones(2), "b": 0.0}, X2), ValueError,
     r"params\['w'\] cần có dạng \(d,\) đi với params\['b'\] dạng \(1,\)"),
    (lambda: M.predict({"w": np.ones(2)}, X2), ValueError, r"hai khóa 'w' và 'b', nhưng nhận được \['w'\]"),
    (lambda: M.predict(np.ones(3), X2), ValueError, r"nhưng nhận được ndarray"),
    (lambda: models.logits(LOGISTIC, [1.0, 2.0]), ValueError, r"X cần có 2 chiều"),
    (lambda: models.logits({}, X2), ValueError, r"params cần là dict"),
    (lambda: M.value_and_grad(LOGISTIC, X2, [0, 1]), ValueError, r"X có 3 mẫu nhưng y có 2 mẫu"),
    (lambda: M.value_and_grad(LOGISTIC, X2, [[0], [1], [1]]), ValueError, r"y cần có 1 chiều.*y\.ravel\(\)"),
    (lambda: M.value_and_grad(LOGISTIC, X2, [0, 1, 2]), ValueError, r"y cần là nhãn từ 0 đến 1, nhưng có nhãn 2"),
    (lambda: M.value_and_grad(LOGISTIC, X2, ["u", "v", "v"]), TypeError,
     r"y cần là số nguyên từ 0 đến 1, nhưng có nhãn chuỗi 'u'"),
    (lambda: M.value_and_grad(LOGISTIC, X2, [0, 1, np.nan]), ValueError, r"y có 1 giá trị NaN"),
    (lambda: M.value_and_grad(SOFTMAX, X2, [0, 1, 1]), ValueError, r"Hãy lấy params từ model\.init\(rng\)"),
    (lambda: S.value_and_grad(SOFTMAX, X2, [0, 1, 3]), ValueError, r"y cần là nhãn từ 0 đến 2, nhưng có nhãn 3"),
    (lambda: S.predict(LOGISTIC, X2), ValueError, r"dạng \(2, 3\) và \(3,\)"),
])
def test_bad_input_is_explained(call, error, words):
    with pytest.raises(error, match=words):
        call()
