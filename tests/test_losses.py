"""Hàm mất mát: gradient so với sai phân, giá trị so với scikit-learn hoặc công thức viết tay, lỗi có lời giải thích."""

import ast
import inspect
import math
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import mlcourse
from mlcourse import losses, models

RNG = np.random.default_rng(0)
X, BINARY, CLASSES = RNG.normal(size=(7, 3)), np.array([0, 1, 1, 0, 1, 0, 0]), np.array([2, 0, 1, 3, 3, 1, 0])
W, B = RNG.normal(size=(3, 4)), RNG.normal(size=4)


def from_model(model):
    """Một ``value_and_grad`` dưới dạng cặp (giá trị, gradient) theo từng tham số."""
    def value(params, y):
        return model.value_and_grad(params, X, y)[0]

    def grad(params, y):
        return model.value_and_grad(params, X, y)[1]
    return value, grad


def pair(name):
    return getattr(losses, name), getattr(losses, name + "_grad")


# Bảng mọi cặp giá trị / gradient của gói: tên -> (điểm thử, hàm giá trị, hàm gradient); điểm thử là dict như params.
def loss_row(name, y, point):
    value, grad = pair(name)
    return {"z": point}, lambda p: value(y, p["z"]), lambda p: {"z": grad(y, p["z"])}


def model_row(model, y, params):
    value, grad = from_model(model)
    return params, lambda p: value(p, y), lambda p: grad(p, y)


TABLE = {
    "losses.mse_grad": loss_row("mse", RNG.normal(size=6), RNG.normal(size=6)),
    "losses.binary_cross_entropy_grad": loss_row("binary_cross_entropy", BINARY, RNG.normal(size=7) * 3),
    "losses.cross_entropy_grad": loss_row("cross_entropy", CLASSES, RNG.normal(size=(7, 4)) * 3),
    "models.logistic": model_row(models.logistic(3), BINARY, {"w": W[:, 0], "b": B[:1]}),
    "models.logistic, l2": model_row(models.logistic(3, l2=0.7), BINARY, {"w": W[:, 0], "b": B[:1]}),
    "models.softmax_regression": model_row(models.softmax_regression(3, 4), CLASSES, {"w": W, "b": B}),
    "models.softmax_regression, l2": model_row(models.softmax_regression(3, 4, l2=0.3), CLASSES, {"w": W, "b": B}),
}


def finite_difference(f, params, h=1e-5):
    """(f(θ + h e) - f(θ - h e)) / 2h cho từng phần tử của từng tham số."""
    grads = {}
    for name, p in params.items():
        grads[name] = np.zeros(p.shape)
        for i in np.ndindex(p.shape):
            up, down = ({**params, name: p.copy()} for _ in range(2))
            up[name][i] += h
            down[name][i] -= h
            grads[name][i] = (f(up) - f(down)) / (2 * h)
    return grads


@pytest.mark.parametrize("name", TABLE)
def test_gradient_agrees_with_finite_differences(name):
    params, value, grad = TABLE[name]
    expected, seen = finite_difference(value, params), grad(params)
    assert seen.keys() == expected.keys() and isinstance(value(params), float)
    for key in expected:
        assert seen[key].shape == params[key].shape and isinstance(seen[key], np.ndarray)
        np.testing.assert_allclose(seen[key], expected[key], rtol=1e-7, atol=1e-9)


def test_every_gradient_of_the_package_is_in_the_table():
    public = []
    for path in Path(mlcourse.__file__).parent.glob("*.py"):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef) and node.name.endswith("_grad"):
                public.append(f"{path.stem}.{node.name}")
    public += [f"models.{name}" for name, f in vars(models).items()
               if inspect.isfunction(f) and f.__module__ == models.__name__ and name[0] != "_" and name != "logits"]
    missing = {name for name in public if not any(row.split(",")[0] == name for row in TABLE)}
    assert len(public) >= 5 and not missing, f"thêm vào TABLE: {missing}"


# ---- giá trị, so với nguồn khác ----


@settings(max_examples=60, deadline=None)
# nhỏ: scikit-learn cắt xác suất ở 2e-16
@given(st.integers(2, 30), st.integers(2, 6), st.floats(0.1, 1.5), st.integers(0, 2**32 - 1))
def test_cross_entropies_equal_scikit_learn(n, K, scale, seed):
    sk = pytest.importorskip("sklearn.metrics", reason="cần scikit-learn để so mất mát")
    rng = np.random.default_rng(seed)
    y, z = rng.integers(0, K, n), scale * rng.normal(size=(n, K))
    p = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
    assert losses.cross_entropy(y, z) == pytest.approx(sk.log_loss(y, p, labels=range(K)), rel=1e-10)
    np.testing.assert_allclose(losses.softmax(z), p, rtol=1e-12)
    np.testing.assert_allclose(losses.log_softmax(z), np.log(p), rtol=1e-9, atol=1e-12)
    y, z = y % 2, z[:, 0]
    p = 1 / (1 + np.exp(-z))
    assert losses.binary_cross_entropy(y, z) == pytest.approx(sk.log_loss(y, p, labels=[0, 1]), rel=1e-10)
    assert losses.mse(y, z) == pytest.approx(sk.mean_squared_error(y, z), rel=1e-12)


def test_sigmoid_and_binary_cross_entropy_equal_exact_values():
    for z in (-745.0, -40.0, -1.5, 0.0, 0.3, 36.0, 700.0):
        exact = float(1 / (1 + Fraction(math.exp(-z)))) if z > -700 else math.exp(z)
        assert losses.sigmoid(z) == pytest.approx(exact, rel=1e-14, abs=0)
    assert losses.binary_cross_entropy([1], [40.0]) == pytest.approx(math.exp(-40), rel=1e-12)   # không làm tròn về 0
    assert losses.binary_cross_entropy([0], [0.5]) == pytest.approx(math.log(1 + math.exp(0.5)), rel=1e-14)


def test_two_class_softmax_is_sigmoid():
    z = np.linspace(-30, 30, 41)
    two = np.stack([np.zeros_like(z), z], axis=1)
    np.testing.assert_allclose(losses.softmax(two)[:, 1], losses.sigmoid(z), rtol=1e-12)
    y = (np.arange(41) % 3 == 0).astype(int)
    assert losses.cross_entropy(y, two) == pytest.approx(losses.binary_cross_entropy(y, z), rel=1e-12)
    grad = losses.cross_entropy_grad(y, two)
    np.testing.assert_allclose(grad[:, 1], losses.binary_cross_entropy_grad(y, z), atol=1e-15)


def test_temperature_divides_the_logits_and_a_shift_changes_nothing():
    z = np.array([[1.0, 2.0, 4.0], [0.0, -1.0, 0.5]])
    np.testing.assert_allclose(losses.softmax(z, temperature=2.0), losses.softmax(z / 2), rtol=1e-15)
    np.testing.assert_allclose(losses.softmax(z + 100), losses.softmax(z), rtol=1e-12)
    np.testing.assert_allclose(losses.softmax(z, temperature=1e6), 1 / 3, atol=1e-5)
    np.testing.assert_allclose(losses.softmax(z[0], temperature=1e-3), [0, 0, 1], atol=1e-12)


@pytest.mark.parametrize("size", [1e3, 1e4])
def test_huge_logits_neither_overflow_nor_warn(size):
    z, y = np.array([-size, size, -size, size]), np.array([0, 1, 1, 0])
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        assert losses.binary_cross_entropy(y, z) == size / 2
        np.testing.assert_array_equal(losses.binary_cross_entropy_grad(y, z), [0, 0, -0.25, 0.25])
        np.testing.assert_array_equal(losses.sigmoid(z), [0, 1, 0, 1])
        rows = np.array([[size, -size, 0], [-size, size, 0]])
        assert losses.cross_entropy([0, 0], rows) == size
        np.testing.assert_array_equal(losses.cross_entropy_grad([0, 0], rows), [[0, 0, 0], [-0.5, 0.5, 0]])
        np.testing.assert_array_equal(losses.softmax(rows), [[1, 0, 0], [0, 1, 0]])
        assert np.isfinite(losses.log_softmax(rows)).all()


# ---- mọi hàm: đầu vào nào cũng được, không bị sửa, thứ tự mẫu không đổi gì ----

CALLS = {"mse": (BINARY, X[:, 0]), "mse_grad": (BINARY, X[:, 0]),
         "binary_cross_entropy": (BINARY, X[:, 0]), "binary_cross_entropy_grad": (BINARY, X[:, 0]),
         "cross_entropy": (CLASSES, X @ W), "cross_entropy_grad": (CLASSES, X @ W),
         "sigmoid": (X,), "softmax": (X,), "log_softmax": (X,)}


def test_calls_cover_every_public_function():
    assert CALLS.keys() == {name for name, f in vars(losses).items()
                            if inspect.isfunction(f) and f.__module__ == losses.__name__ and not name.startswith("_")}


def variants(args):
    # để float32 mang cùng giá trị
    args = [a.astype(np.float32).astype(float) if a.dtype.kind == "f" else a for a in args]
    yield "gốc", args
    yield "list", [a.tolist() for a in args]
    yield "float32, int8", [a.astype(np.float32 if a.dtype.kind == "f" else np.int8) for a in args]
    yield "uint8", [a if a.dtype.kind == "f" else a.astype(np.uint8) for a in args]
    yield "nhãn float", [a.astype(float) for a in args]
    yield "không liền nhau", [np.repeat(a, 2, axis=0)[::2] for a in args]
    yield "cột trước", [np.asfortranarray(a) for a in args]
    for a in args:
        a.flags.writeable = False
    yield "chỉ đọc", args


@pytest.mark.parametrize("name", CALLS)
def test_any_array_gives_the_same_result_and_is_left_alone(name):
    f, results = getattr(losses, name), {}
    for kind, args in variants(CALLS[name]):
        before = [np.array(a).tobytes() for a in args]
        results[kind] = f(*args)
        assert [np.array(a).tobytes() for a in args] == before, kind
    for kind, value in results.items():
        np.testing.assert_allclose(value, results["gốc"], rtol=1e-14, atol=0, err_msg=kind)
        assert isinstance(value, float) if np.ndim(results["gốc"]) == 0 else value.dtype == np.float64, kind


@pytest.mark.parametrize("name", CALLS)
def test_order_of_samples_does_not_matter(name):
    f, args, order = getattr(losses, name), CALLS[name], np.random.default_rng(5).permutation(7)
    direct, shuffled = f(*args), f(*(a[order] for a in args))
    np.testing.assert_allclose(shuffled, direct[order] if np.ndim(direct) else direct, rtol=1e-13)


def test_keyword_call_and_one_sample():
    assert losses.mse(y_true=[1], y_pred=[3]) == 4.0
    assert losses.binary_cross_entropy(logits=[0.0], y_true=[1]) == pytest.approx(math.log(2))
    assert list(inspect.signature(losses.cross_entropy).parameters) == ["y_true", "logits"]


# ---- đầu vào sai: mỗi lỗi một dòng ----

SHARED = [  # (đối số, loại lỗi, lời giải thích): như nhau cho giá trị và gradient
    ("mse", ([1.0, 2.0], [1.0]), ValueError, r"y_true có 2 mẫu nhưng y_pred có 1 mẫu"),
    ("mse", ([1.0, 2.0], [[1.0], [2.0]]), ValueError,
     r"y_pred cần có 1 chiều, nhưng có dạng \(2, 1\)\. Hãy dùng y_pred\.ravel\(\)"),
    ("mse", ([[1.0], [2.0]], [1.0, 2.0]), ValueError, r"y_true cần có 1 chiều"),
    ("mse", ([], []), ValueError, r"y_true rỗng"),
    ("mse", ([1.0, np.nan], [1.0, 2.0]), ValueError, r"y_true có 1 giá trị NaN hoặc vô cực, đầu tiên ở vị trí 1"),
    ("mse", ([1.0, 2.0], [np.inf, 2.0]), ValueError, r"y_pred có 1 giá trị NaN hoặc vô cực"),
    ("mse", (["a", "b"], [1.0, 2.0]), TypeError, r"y_true cần là mảng số"),
    ("binary_cross_entropy", ([0, 2], [1.0, 2.0]), ValueError, r"y_true cần là nhãn từ 0 đến 1, nhưng có nhãn 2"),
    ("binary_cross_entropy", ([-1, 1], [1.0, 2.0]), ValueError, r"có nhãn -1\. Hãy đổi -1, 1 thành 0, 1"),
    ("binary_cross_entropy", ([0.3, 1], [1.0, 2.0]), ValueError, r"y_true cần là nhãn .* nhưng có giá trị 0\.3"),
    ("binary_cross_entropy", (["lành", "ác"], [1.0, 2.0]), TypeError,
     r"y_true cần là số nguyên từ 0 đến 1, nhưng có nhãn chuỗi"),
    ("binary_cross_entropy", ([0, 1], [[1.0], [2.0]]), ValueError, r"logits cần có 1 chiều.*logits\.ravel\(\)"),
    ("binary_cross_entropy", ([[0], [1]], [1.0, 2.0]), ValueError, r"y_true cần có 1 chiều.*y_true\.ravel\(\)"),
    ("binary_cross_entropy", ([0, 1, 1], [1.0, 2.0]), ValueError, r"y_true có 3 mẫu nhưng logits có 2 mẫu"),
    ("binary_cross_entropy", ([0, 1], [1.0, np.nan]), ValueError, r"logits có 1 giá trị NaN"),
    ("binary_cross_entropy", ([], []), ValueError, r"y_true rỗng"),
    ("cross_entropy", ([0, 3], [[1.0, 2.0, 3.0]] * 2), ValueError, r"y_true cần là nhãn từ 0 đến 2, nhưng có nhãn 3"),
    ("cross_entropy", ([0, -1], [[1.0, 2.0, 3.0]] * 2), ValueError, r"nhưng có nhãn -1"),
    ("cross_entropy", ([0], [[1.0, 2.0]] * 2), ValueError, r"y_true có 1 mẫu nhưng logits có 2 mẫu"),
    ("cross_entropy", ([0, 1], [1.0, 2.0]), ValueError, r"logits cần có 2 chiều, nhưng có dạng \(2,\)"),
    ("cross_entropy", ([0, 0], [[1.0], [2.0]]), ValueError, r"logits cần ít nhất 2 cột.*hãy dùng binary_cross_entropy"),
    ("cross_entropy", ([0, 1], [[1.0, np.inf]] * 2), ValueError, r"logits có 2 giá trị NaN hoặc vô cực"),
    ("cross_entropy", ([[1, 0], [0, 1]], [[1.0, 2.0]] * 2), ValueError,
     r"y_true cần có 1 chiều, nhưng có dạng \(2, 2\)"),
]
FAULTS = SHARED + [(name + "_grad", *rest) for name, *rest in SHARED] + [
    ("sigmoid", ([],), ValueError, r"z rỗng"),
    ("sigmoid", ([0.0, np.nan],), ValueError, r"z có 1 giá trị NaN"),
    ("sigmoid", ("0",), TypeError, r"z cần là mảng số"),
    ("softmax", (1.0,), ValueError, r"z cần ít nhất 1 chiều.*hãy dùng sigmoid"),
    ("log_softmax", (1.0,), ValueError, r"z cần ít nhất 1 chiều"),
    ("log_softmax", ([np.inf, 0.0],), ValueError, r"z có 1 giá trị NaN hoặc vô cực"),
]


@pytest.mark.parametrize("name, args, error, words", FAULTS)
def test_bad_input_is_explained(name, args, error, words):
    with pytest.raises(error, match=words):
        getattr(losses, name)(*args)


@pytest.mark.parametrize("temperature, error, words", [
    (0, ValueError, r"temperature cần nằm trong \(0, inf\), nhưng nhận được 0"),
    (-1.0, ValueError, r"temperature cần nằm trong"),
    (np.nan, ValueError, r"temperature cần nằm trong"),
    ("1", TypeError, r"temperature cần là một số"),
])
def test_bad_temperature_is_explained(temperature, error, words):
    with pytest.raises(error, match=words):
        losses.softmax([1.0, 2.0], temperature=temperature)
