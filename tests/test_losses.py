"""Hàm mất mát: giá trị so với scikit-learn, SciPy hoặc công thức viết tay, lỗi có lời giải thích (gradient: test_gradients.py)."""

import inspect
import math
from decimal import Decimal, localcontext
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlcourse import losses, models
from tests import test_check

RNG = np.random.default_rng(0)
X, BINARY, CLASSES = RNG.normal(size=(7, 3)), np.array([0, 1, 1, 0, 1, 0, 0]), np.array([2, 0, 1, 3, 3, 1, 0])
W = RNG.normal(size=(3, 4))


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
    assert losses.binary_cross_entropy([1], [40.0]) == pytest.approx(math.exp(-40), rel=1e-12)  # không làm tròn về 0
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


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 30), st.floats(0.1, 5), st.integers(0, 2**32 - 1))
def test_robust_losses_equal_their_definitions(n, delta, seed):
    sk = pytest.importorskip("sklearn.metrics", reason="cần scikit-learn để so mất mát")
    special = pytest.importorskip("scipy.special", reason="cần SciPy để so mất mát Huber")
    y, p = 3 * np.random.default_rng(seed).normal(size=(2, n))
    assert losses.mae(y, p) == pytest.approx(sk.mean_absolute_error(y, p), rel=1e-12)
    assert losses.huber(y, p, delta=delta) == pytest.approx(special.huber(delta, p - y).mean(), rel=1e-12)
    assert losses.huber(y, p) == pytest.approx(special.huber(1, p - y).mean(), rel=1e-12)
    assert losses.huber(y, p, delta=1e6) == pytest.approx(losses.mse(y, p) / 2, rel=1e-12)


def test_robust_gradients_at_the_corners():
    np.testing.assert_array_equal(losses.mae_grad([1.0, 1.0, 1.0], [0.0, 1.0, 5.0]), np.array([-1, 0, 1]) / 3)
    np.testing.assert_array_equal(
        losses.huber_grad([0.0] * 4, [-3.0, -2.0, 0.5, 2.0], delta=2), [-0.5, -0.5, 0.125, 0.5]
    )
    assert losses.huber([0.0], [2.0], delta=2) == 2.0  # ½ · 2², và δ (|d| - ½ δ) cũng vậy: hai nhánh gặp nhau


@settings(max_examples=60, deadline=None)
@given(st.integers(2, 6), st.integers(1, 5), st.integers(0, 2**32 - 1))
def test_entropy_and_kl_equal_scipy(K, n, seed):
    stats = pytest.importorskip("scipy.stats", reason="cần SciPy để so entropy")
    rng = np.random.default_rng(seed)
    p, q = rng.dirichlet(np.full(K, 0.5), n), rng.dirichlet(np.ones(K), n)
    p[0] = np.eye(K)[0]  # biết chắc: entropy bằng 0, không phải nan
    np.testing.assert_allclose(losses.entropy(p), stats.entropy(p, axis=1), rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(losses.kl_divergence(p, q), stats.entropy(p, q, axis=1), rtol=1e-10, atol=1e-12)
    assert losses.entropy(p[0]) == 0 and losses.kl_divergence(p[0], p[0]) == 0
    y, z = rng.integers(0, K, 4), rng.normal(size=(4, K))  # entropy chéo = entropy + KL, với p là one-hot
    each = losses.kl_divergence(np.eye(K)[y], losses.softmax(z))
    assert losses.cross_entropy(y, z) == pytest.approx(each.mean(), rel=1e-10)


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
        model, params = models.softmax_regression(2, 3), {"w": rows, "b": np.zeros(3)}  # vòng huấn luyện đi lối này
        value, grads = model.value_and_grad(params, np.eye(2), [0, 0])
        assert value == size and np.array_equal(grads["w"], [[0, 0, 0], [-0.5, 0.5, 0]])
        np.testing.assert_array_equal(losses.softmax(rows), [[1, 0, 0], [0, 1, 0]])
        assert np.isfinite(losses.log_softmax(rows)).all()


# ---- mọi hàm: đầu vào nào cũng được, không bị sửa, thứ tự mẫu không đổi gì ----

P = np.array([[0.5, 0.25, 0.25], [1.0, 0.0, 0.0]] * 3 + [[0.125, 0.375, 0.5]])
CALLS = {
    "mse": (BINARY, X[:, 0]),
    "mse_grad": (BINARY, X[:, 0]),
    "mae": (BINARY, X[:, 0]),
    "mae_grad": (BINARY, X[:, 0]),
    "huber": (BINARY, X[:, 0]),
    "huber_grad": (BINARY, X[:, 0]),
    "entropy": (P,),
    "kl_divergence": (P, P[::-1] / 2 + P / 2),
    "binary_cross_entropy": (BINARY, X[:, 0]),
    "binary_cross_entropy_grad": (BINARY, X[:, 0]),
    "cross_entropy": (CLASSES, X @ W),
    "cross_entropy_grad": (CLASSES, X @ W),
    "sigmoid": (X,),
    "softmax": (X,),
    "log_softmax": (X,),
}


def test_calls_cover_every_public_function():
    assert CALLS.keys() == {
        name
        for name, f in vars(losses).items()
        if inspect.isfunction(f) and f.__module__ == losses.__name__ and not name.startswith("_")
    }


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
    (
        "mse",
        ([1.0, 2.0], [[1.0], [2.0]]),
        ValueError,
        r"y_pred cần có 1 chiều, nhưng có dạng \(2, 1\)\. Hãy dùng np\.ravel\(y_pred\)",
    ),
    ("mse", ([[1.0], [2.0]], [1.0, 2.0]), ValueError, r"y_true cần có 1 chiều"),
    ("mse", ([], []), ValueError, r"y_true rỗng"),
    ("mse", ([1.0, np.nan], [1.0, 2.0]), ValueError, r"y_true có 1 giá trị NaN hoặc vô cực, đầu tiên ở vị trí 1"),
    ("mse", ([1.0, 2.0], [np.inf, 2.0]), ValueError, r"y_pred có 1 giá trị NaN hoặc vô cực"),
    ("mse", (["a", "b"], [1.0, 2.0]), TypeError, r"y_true cần là mảng số"),
    *(
        (name, ([1.0, 2.0], [[1.0], [2.0]]), ValueError, r"y_pred cần có 1 chiều.*np\.ravel\(y_pred\)")
        for name in ("mae", "huber")
    ),
    *((name, ([], []), ValueError, r"y_true rỗng") for name in ("mae", "huber")),
    *((name, ([1.0, np.nan], [1.0, 2.0]), ValueError, r"y_true có 1 giá trị NaN") for name in ("mae", "huber")),
    *((name, ([1.0], [1.0, 2.0]), ValueError, r"y_true có 1 mẫu nhưng y_pred có 2 mẫu") for name in ("mae", "huber")),
    *((name, ([1.0], ["a"]), TypeError, r"y_pred cần là mảng số") for name in ("mae", "huber")),
    ("binary_cross_entropy", ([0, 2], [1.0, 2.0]), ValueError, r"y_true cần là nhãn từ 0 đến 1, nhưng có nhãn 2"),
    ("binary_cross_entropy", ([-1, 1], [1.0, 2.0]), ValueError, r"có nhãn -1\. Hãy đổi -1, 1 thành 0, 1"),
    ("binary_cross_entropy", ([0.3, 1], [1.0, 2.0]), ValueError, r"y_true cần là nhãn .* nhưng có giá trị 0\.3"),
    (
        "binary_cross_entropy",
        (["lành", "ác"], [1.0, 2.0]),
        TypeError,
        r"y_true cần là số nguyên từ 0 đến 1, nhưng có nhãn chuỗi",
    ),
    ("binary_cross_entropy", ([0, 1], [[1.0], [2.0]]), ValueError, r"logits cần có 1 chiều.*np\.ravel\(logits\)"),
    ("binary_cross_entropy", ([[0], [1]], [1.0, 2.0]), ValueError, r"y_true cần có 1 chiều.*np\.ravel\(y_true\)"),
    ("binary_cross_entropy", ([0, 1, 1], [1.0, 2.0]), ValueError, r"y_true có 3 mẫu nhưng logits có 2 mẫu"),
    ("binary_cross_entropy", ([0, 1], [1.0, np.nan]), ValueError, r"logits có 1 giá trị NaN"),
    ("binary_cross_entropy", ([], []), ValueError, r"y_true rỗng"),
    ("cross_entropy", ([0, 3], [[1.0, 2.0, 3.0]] * 2), ValueError, r"y_true cần là nhãn từ 0 đến 2, nhưng có nhãn 3"),
    ("cross_entropy", ([0, -1], [[1.0, 2.0, 3.0]] * 2), ValueError, r"nhưng có nhãn -1"),
    ("cross_entropy", ([0], [[1.0, 2.0]] * 2), ValueError, r"y_true có 1 mẫu nhưng logits có 2 mẫu"),
    ("cross_entropy", ([0, 1], [1.0, 2.0]), ValueError, r"logits cần có 2 chiều, nhưng có dạng \(2,\)"),
    (
        "cross_entropy",
        ([0, 0], [[1.0], [2.0]]),
        ValueError,
        r"logits cần có ít nhất 2 cột.*Hãy dùng binary_cross_entropy",
    ),
    ("cross_entropy", ([0, 1], [[1.0, np.inf]] * 2), ValueError, r"logits có 2 giá trị NaN hoặc vô cực"),
    (
        "cross_entropy",
        ([[1, 0], [0, 1]], [[1.0, 2.0]] * 2),
        ValueError,
        r"y_true cần có 1 chiều, nhưng có dạng \(2, 2\)",
    ),
]
FAULTS = (
    SHARED
    + [(name + "_grad", *rest) for name, *rest in SHARED]
    + [
        ("sigmoid", ([],), ValueError, r"z rỗng"),
        ("sigmoid", ([0.0, np.nan],), ValueError, r"z có 1 giá trị NaN"),
        ("sigmoid", ("0",), TypeError, r"z cần là mảng số"),
        (
            "entropy",
            ([0.5, 0.4],),
            ValueError,
            r"p cần là phân phối xác suất .* nhưng hàng 0 có tổng 0\.9.*losses\.softmax",
        ),
        ("entropy", ([[0.5, 0.5], [0.5, 0.6]],), ValueError, r"hàng 1 có tổng 1\.1"),
        ("entropy", ([1.5, -0.5],), ValueError, r"p cần nằm trong \[0, 1\], nhưng có giá trị -0\.5"),
        (
            "entropy",
            (1.0,),
            ValueError,
            r"p cần là phân phối xác suất theo trục cuối, nhưng nhận được một số 1",
        ),
        ("entropy", ([],), ValueError, r"p rỗng"),
        ("entropy", ([np.nan, 1.0],), ValueError, r"p có 1 giá trị NaN"),
        ("entropy", (["a"],), TypeError, r"p cần là mảng số"),
        ("kl_divergence", ([0.5, 0.5], [1.0, 0.0]), ValueError, r"q bằng 0 ở một nơi mà p dương.*: KL là vô cực"),
        ("kl_divergence", ([0.5, 0.5], [0.5, 0.6]), ValueError, r"q cần là phân phối xác suất"),
        (
            "kl_divergence",
            ([0.5, 0.5], [[0.5, 0.5]]),
            ValueError,
            r"p có dạng \(2,\) nhưng q có dạng \(1, 2\): cần cùng dạng",
        ),
        ("softmax", (1.0,), ValueError, r"z cần ít nhất 1 chiều.*hãy dùng sigmoid"),
        ("log_softmax", (1.0,), ValueError, r"z cần ít nhất 1 chiều"),
        ("log_softmax", ([np.inf, 0.0],), ValueError, r"z có 1 giá trị NaN hoặc vô cực"),
    ]
)


@pytest.mark.parametrize("name, args, error, words", FAULTS)
def test_bad_input_is_explained(name, args, error, words):
    with pytest.raises(error, match=words):
        getattr(losses, name)(*args)


@pytest.mark.parametrize(
    "temperature, error, words",
    [
        (0, ValueError, r"temperature cần nằm trong \(0, inf\), nhưng nhận được 0"),
        (-1.0, ValueError, r"temperature cần nằm trong"),
        (np.nan, ValueError, r"temperature cần nằm trong"),
        ("1", TypeError, r"temperature cần là một số"),
    ],
)
def test_bad_temperature_or_delta_is_explained(temperature, error, words):
    with pytest.raises(error, match=words):
        losses.softmax([1.0, 2.0], temperature=temperature)
    for robust in (losses.huber, losses.huber_grad):
        with pytest.raises(error, match=words.replace("temperature", "delta")):
            robust([1.0, 2.0], [1.0, 2.0], delta=temperature)


def test_unknown_options_are_refused():
    for call in (lambda: losses.log_softmax([1.0, 2.0], temperature=2.0), lambda: losses.mse([1.0], [1.0], delta=2.0)):
        with pytest.raises(TypeError):
            call()


# ---- Số rất nhỏ, nhiệt độ cực đoan: so với số thập phân 60 chữ số ----


def exact_softmax(z, temperature=1.0):
    powers = [((Decimal(v) - Decimal(max(z))) / Decimal(temperature)).exp() for v in z]
    return [power / sum(powers) for power in powers]


def close(value, wanted, places="1e-12"):
    """Lệch tương đối dưới 1e-12, hay dưới một nấc của số dưới chuẩn."""
    assert abs(Decimal(float(value)) - wanted) <= max(abs(wanted) * Decimal(places), Decimal(2) ** -1074), (
        value,
        wanted,
    )


EXTREME = [  # logit, nhiệt độ
    ([0.0, 740.0], 1.0),
    ([0.0, 740.0, 738.5, -3.0], 1.0),
    ([1e308, -1e308], 1e308),
    ([1e308, -1e308, 0.0], 1e306),
    ([1.0, 2.0, 3.0], 1e-300),
    ([1e10, 1e10 + 1, 0.0], 0.25),
    ([3e-5, 0.0, 1e-5], 1e-7),
    ([1e6, 1e6 + 1, 1e6 - 2], 10.0),
    ([1.0, 2.0], 5e-324),
    ([5e-324, 0.0], 5e-324),
    ([1.0, 2.0], 1.7e308),
]


@pytest.mark.parametrize("z, temperature", EXTREME)
def test_softmax_at_any_temperature_is_exact(z, temperature):
    with localcontext(prec=60, Emin=-(10**9)):
        for p, wanted in zip(losses.softmax(z, temperature=temperature), exact_softmax(z, temperature)):
            close(p, wanted)


@pytest.mark.parametrize("seed", range(40))
def test_entropy_and_divergence_are_exact_down_to_the_smallest_probabilities(seed):
    rng = np.random.default_rng(seed)
    z = rng.normal(size=rng.integers(2, 9)) * 10.0 ** rng.uniform(-9, 2.8)
    near = z + rng.normal(size=z.size) * 10.0 ** rng.uniform(-12, 1)  # từ giống hệt đến khác hẳn
    p, q = losses.softmax(z), losses.softmax(near)
    q = 0.5 * q + 0.5 * p if (q[p > 0] == 0).any() else q
    with localcontext(prec=60):
        P, Q = [[Decimal(v) for v in row] for row in (p.tolist(), q.tolist())]
        close(losses.entropy(p), -sum(v * v.ln() for v in P if v), "1e-15" if z.std() < 1 else "1e-12")
        terms = ((v * (v / w).ln() if v else 0) - v + w for v, w in zip(P, Q) if w)
        close(losses.kl_divergence(p, q), sum(terms))


def test_divergence_from_a_subnormal_probability():
    tiny = losses.softmax([0.0, 740.0])
    assert 0 < tiny[0] < 1e-300 and 0 < losses.entropy(tiny) < 1e-318
    assert losses.kl_divergence([0.5, 0.5], tiny) == pytest.approx(-np.log(2) - np.log(tiny[0]) / 2, rel=1e-14)
    assert losses.kl_divergence(tiny, [0.5, 0.5]) == pytest.approx(np.log(2), rel=1e-14)
    assert losses.kl_divergence(tiny, tiny) == 0.0 == losses.kl_divergence([0.0, 1.0], [0.0, 1.0])


@pytest.mark.parametrize("turn", [lambda p: p, lambda p: p.tolist()], ids=["float32", "danh sách"])
def test_rows_of_float32_sum_to_one(turn):
    rows = np.exp(np.random.default_rng(0).normal(size=(200, 10)).astype(np.float32))
    rows /= rows.sum(axis=1, keepdims=True)
    assert np.abs(rows.sum(axis=1, dtype=float) - 1).max() > 2e-8  # quá mức của float64
    wanted = -(rows.astype(float) * np.log(rows.astype(float))).sum(axis=1)
    np.testing.assert_allclose(losses.entropy(turn(rows)), wanted, rtol=1e-12)
    assert (losses.kl_divergence(turn(rows), turn(rows[::-1])) >= 0).all()
    assert losses.entropy(turn(np.full(3, 1 / 3, np.float32))) == pytest.approx(np.log(3), rel=1e-7)


def test_huge_errors_are_infinite_without_a_warning():
    y, p = [1e200, 1.0], [-1e200, 0.0]
    assert losses.mse(y, p) == np.inf and losses.mae(y, p) == 1e200
    assert losses.huber(y, p) == pytest.approx(1e200) and losses.mae([1e308], [-1e308]) == np.inf
    assert losses.cross_entropy([1], [[1e308, -1e308]]) == np.inf
    assert losses.cross_entropy_grad([1], [[1e308, -1e308]]).tolist() == [[1.0, -1.0]]


def test_probabilities_that_have_been_float32_or_bfloat16_sum_to_one():
    rows = np.exp(np.random.default_rng(0).normal(size=(3, 40, 5)).astype(np.float32))
    rows /= rows.sum(axis=2, keepdims=True)
    assert (losses.entropy(rows.astype(float).mean(axis=0)) > 0).all()  # trung bình của ba mô hình float32
    assert (losses.entropy(0.9 * rows[0].astype(float) + 0.02) > 0).all()
    brief = (rows[0].view(np.uint32) & 0xFFFF0000).view(np.float32)  # 8 bit: bfloat16
    assert np.abs(brief.sum(axis=1) - 1).max() > 1e-3
    assert (losses.entropy(test_check.Tensor(brief, "torch.bfloat16")) > 0).all()
    with pytest.raises(ValueError, match="tổng bằng 1"):
        losses.entropy(brief)
