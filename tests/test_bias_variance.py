"""Độ chệch và phương sai: đồng nhất thức trên bảng hữu hạn, công thức đóng, và sai số đo được trong khoảng của mô phỏng."""

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlcourse import data, models
from mlcourse.bias_variance import BiasVariance, bagging, bias_variance, bootstrap_bias_variance, decompose

GRID = np.linspace(0.05, 0.95, 13)[:, None]


def sample(rng, n=25, noise_std=0.3):
    return data.make_sine(n, noise_std=noise_std, rng=rng)


def mean_learner(X, y):
    return lambda X_new: np.full(len(X_new), y.mean())


@settings(max_examples=100, deadline=None)
@given(st.integers(1, 30), st.integers(1, 8), st.floats(0, 3), st.integers(0, 2**32 - 1))
def test_the_identity_is_exact_on_a_finite_table(R, m, noise_std, seed):
    rng = np.random.default_rng(seed)
    predictions, truth = rng.normal(3, 2, (R, m)), rng.normal(size=m)
    parts = decompose(predictions, truth, noise_std=noise_std)
    np.testing.assert_allclose(parts.bias_sq + parts.variance + parts.noise, parts.total, rtol=1e-12)
    for j in range(m):  # từng số hạng theo định nghĩa
        column = predictions[:, j].tolist()
        mean = sum(column) / R
        assert parts.bias_sq[j] == pytest.approx((mean - truth[j]) ** 2, rel=1e-9, abs=1e-12)
        assert parts.variance[j] == pytest.approx(sum((v - mean) ** 2 for v in column) / R, rel=1e-9, abs=1e-12)
        assert parts.noise[j] == noise_std**2
    average = parts.mean()
    assert all(type(term) is float for term in average) and average.total == pytest.approx(
        parts.total.mean(), rel=1e-14
    )


def test_many_models_at_once():
    rng = np.random.default_rng(0)
    predictions, truth = rng.normal(size=(4, 20, 5)), rng.normal(size=5)
    together = decompose(predictions, truth, noise_std=0.5)
    for k in range(4):
        alone = decompose(predictions[k], truth, noise_std=0.5)
        for a, b in zip(together, alone):
            np.testing.assert_allclose(a[k], b, rtol=1e-14)
    assert together.noise.shape == together.total.shape == (4, 5) and together.mean().variance.shape == (4,)
    assert decompose(predictions, truth).noise.max() == 0


def test_record_prints_its_means():
    parts = BiasVariance(np.array([1.0, 3.0]), np.array([0.5, 0.5]), np.array([0.25, 0.25]), np.array([1.75, 3.75]))
    assert repr(parts) == "BiasVariance(Bias² 2., Variance 0.5, nhiễu 0.25, sai số 2.75)"
    assert parts.mean() == (2.0, 0.5, 0.25, 2.75) and repr(parts.mean()) == repr(parts)
    many = BiasVariance(*(np.full((2, 3), value) for value in (1.0, 0.5, 0.25, 1.75)))
    assert repr(many) == "BiasVariance(Bias² [1. 1.], Variance [0.5 0.5], nhiễu [0.25 0.25], sai số [1.75 1.75])"


def test_print_keeps_four_decimals_and_shortens_more_than_six_terms():
    third = BiasVariance(*(np.array([1 / 3]) for _ in range(4)))
    assert repr(third) == "BiasVariance(Bias² 0.3333, Variance 0.3333, nhiễu 0.3333, sai số 0.3333)"
    six, seven = (repr(BiasVariance(*(np.arange(k, dtype=float)[:, None] for _ in range(4)))) for k in (6, 7))
    assert "Bias² [0. 1. 2. 3. 4. 5.]," in six and "Bias² [0. 1. ... 5. 6.]," in seven


def test_terms_add_up_to_the_measured_error_within_the_simulation():
    R, sigma = 3000, 0.3
    for fit in (models.polynomial(1), models.polynomial(5), models.knn(3)):
        errors = []

        def watched(X, y, fit=fit, errors=errors):
            predict = fit(X, y)
            errors.append(predict(GRID))
            return predict

        world = bias_variance(
            watched, sample, data.sine, GRID, noise_std=sigma, n_rounds=R, rng=np.random.default_rng(1)
        )
        # sai số chuẩn của tổng đo được, từ chính các vòng: phương sai của (f + ε - f̂)² / R
        squared = (np.array(errors) - data.sine(GRID)) ** 2
        se = np.sqrt((4 * sigma**2 * squared + 2 * sigma**4).mean(axis=0) / R)
        gap = world.total - (world.bias_sq + world.variance + world.noise)
        assert (np.abs(gap) < 5 * se).all() and np.abs(gap).max() > 0  # gần bằng, chứ không phải bằng theo định nghĩa
        assert np.abs(gap / se).mean() < 1.6
        np.testing.assert_allclose(world.noise, sigma**2, rtol=1e-12)


def test_the_sample_mean_has_the_variance_that_theory_says():
    n, sigma, R = 10, 2.0, 4000
    world = bias_variance(
        mean_learner,
        lambda rng: (np.zeros((n, 1)), 5 + sigma * rng.normal(size=n)),
        lambda X: np.full(len(X), 4.0),
        [[0.0]],
        noise_std=sigma,
        n_rounds=R,
        rng=np.random.default_rng(0),
    )
    assert world.variance[0] == pytest.approx(sigma**2 / n, rel=5 * np.sqrt(2 / R))
    assert world.bias_sq[0] == pytest.approx(1.0, abs=5 * 2 * np.sqrt(sigma**2 / n / R) + 5 * sigma**2 / n / R)
    assert world.noise[0] == sigma**2 and world.total[0] == pytest.approx(1 + sigma**2 / n + sigma**2, rel=0.1)


def test_least_squares_has_variance_sigma2_d_over_n():
    rng, sigma = np.random.default_rng(3), 0.7
    X = rng.normal(size=(40, 4))
    w = np.array([1.0, -2.0, 0.5, 3.0])
    world = bias_variance(
        models.ridge(0.0),
        lambda rng: (X, X @ w + sigma * rng.normal(size=40)),
        lambda X: X @ w,
        X,
        noise_std=sigma,
        n_rounds=2000,
        rng=rng,
    ).mean()
    assert world.variance == pytest.approx(
        sigma**2 * 5 / 40, rel=0.06
    )  # 4 hệ số và hệ số điều chỉnh, trên chính các điểm học
    assert world.bias_sq < 1e-3


def test_capacity_trades_bias_for_variance():
    worlds = [
        bias_variance(models.polynomial(k), sample, data.sine, GRID, noise_std=0.3, rng=np.random.default_rng(0)).mean()
        for k in (0, 3, 9)
    ]
    assert worlds[0].bias_sq > 0.3 > 0.02 > worlds[1].bias_sq and worlds[1].variance < 0.1 < worlds[2].variance
    assert worlds[1].total < min(worlds[0].total, worlds[2].total)


def test_batched_polynomials_give_the_same_decomposition():
    sources = np.random.default_rng(5).spawn(60)
    sets = [sample(source) for source in sources]
    path = models.polynomial_path([X[:, 0] for X, _ in sets], [y for _, y in sets], GRID[:, 0], 6)
    batched = decompose(path, data.sine(GRID), noise_std=0.3)
    for k in range(7):
        world = bias_variance(
            models.polynomial(k), sample, data.sine, GRID, noise_std=0.3, n_rounds=60, rng=np.random.default_rng(5)
        )
        np.testing.assert_allclose(batched.bias_sq[k], world.bias_sq, rtol=1e-6, atol=1e-9)
        np.testing.assert_allclose(batched.variance[k], world.variance, rtol=1e-6, atol=1e-9)


def test_rounds_are_those_of_spawned_generators():
    world = bias_variance(
        mean_learner, sample, data.sine, GRID, noise_std=0.3, n_rounds=4, rng=np.random.default_rng(6)
    )
    predictions, errors = [], []
    for source in np.random.default_rng(6).spawn(4):
        X, y = sample(source)
        predictions.append(np.full(13, y.mean()))
        errors.append((data.sine(GRID) + 0.3 * source.normal(size=13) - y.mean()) ** 2)
    np.testing.assert_allclose(world.total, np.mean(errors, axis=0), rtol=1e-12)
    np.testing.assert_allclose(world.variance, np.var(predictions, axis=0), rtol=1e-12)
    seen = []
    bias_variance(
        lambda X, y: seen.append(0) or mean_learner(X, y),
        sample,
        data.sine,
        GRID,
        noise_std=0.3,
        rng=np.random.default_rng(6),
    )
    assert len(seen) == 200


def test_bootstrap_on_real_data_cannot_tell_noise_from_bias():
    diabetes = data.load_diabetes()
    X, y = diabetes.X[:, [2]], diabetes.y
    parts = bootstrap_bias_variance(
        models.polynomial(1), X[:300], y[:300], X[300:], y[300:], n_rounds=50, rng=np.random.default_rng(0)
    )
    assert parts.total.shape == (142,) and np.isnan(parts.noise).all() and np.isnan(parts.mean().noise)
    np.testing.assert_allclose(parts.bias_sq + parts.variance, parts.total, rtol=1e-12)
    assert parts.mean().variance < 0.02 * parts.mean().bias_sq
    predictions = []
    for source in np.random.default_rng(0).spawn(50):
        bag = source.integers(300, size=300)
        predictions.append(models.polynomial(1)(X[bag], y[bag])(X[300:]))
    np.testing.assert_allclose(parts.bias_sq, (np.mean(predictions, axis=0) - y[300:]) ** 2, rtol=1e-9)
    seen = []
    bootstrap_bias_variance(
        lambda X, y: seen.append(0) or mean_learner(X, y), X, y, X[:2], y[:2], rng=np.random.default_rng(0)
    )
    assert len(seen) == 200


def test_bagging_averages_its_bags():
    X, y = sample(np.random.default_rng(1))
    predict = bagging(models.knn(1), n_bags=7, rng=np.random.default_rng(2))(X, y)
    bags = np.random.default_rng(int(np.random.default_rng(2).integers(2**63))).integers(25, size=(7, 25))
    expected = np.mean([models.knn(1)(X[bag], y[bag])(GRID) for bag in bags], axis=0)
    np.testing.assert_allclose(predict(GRID), expected, rtol=1e-12)
    again = bagging(models.knn(1), n_bags=7, rng=np.random.default_rng(2))
    assert np.array_equal(again(X, y)(GRID), again(X.tolist(), y.tolist())(GRID.tolist()))  # gọi lại: cùng những túi ấy
    assert not np.array_equal(bagging(models.knn(1), n_bags=7, rng=np.random.default_rng(3))(X, y)(GRID), expected)


def test_bagging_lowers_the_variance_of_an_unstable_learner():
    single, bagged = (
        bias_variance(fit, sample, data.sine, GRID, noise_std=0.3, n_rounds=150, rng=np.random.default_rng(0)).mean()
        for fit in (models.knn(1), bagging(models.knn(1), n_bags=30, rng=np.random.default_rng(1)))
    )
    assert bagged.variance < 0.8 * single.variance and bagged.total < single.total


RNG = np.random.default_rng(0)
X5, Y5 = np.arange(5.0)[:, None], np.arange(5.0)
SQUARE = lambda X, y: lambda X_new: np.ones((len(X_new), len(X_new)))  # hai chiều bằng nhau: NumPy sẽ ghép được mà sai
ANY = {"noise_std": 0.1, "n_rounds": 3, "rng": RNG}
FAULTS = [
    *(
        (
            "bias_variance.bias_variance",
            lambda drawn=drawn: bias_variance(mean_learner, lambda rng: drawn, data.sine, GRID, **ANY),
            TypeError,
            r"sample\(rng\) cần trả về cặp \(X, y\), nhưng nhận được .* Hãy viết return X, y",
        )
        for drawn in (None, X5, (X5, Y5, Y5), "ab", {"X": X5, "y": Y5})
    ),
    (
        "bias_variance.bias_variance",
        lambda: bias_variance(mean_learner, lambda: (X5, Y5), data.sine, GRID, **ANY),
        TypeError,
        r"sample cần là hàm của \(rng\)",
    ),
    (
        "bias_variance.bias_variance",
        lambda: bias_variance(mean_learner, sample, 3.0, GRID, **ANY),
        TypeError,
        r"f cần là hàm của \(X\), nhưng nhận được 3\.0",
    ),
    *(
        (f"bias_variance.{name}", call, ValueError, r"noise_std cần nằm trong .* nhưng nhận được 1e\+200")
        for name, call in [
            ("decompose", lambda: decompose([[1.0]], [1.0], noise_std=1e200)),
            (
                "bias_variance",
                lambda: bias_variance(mean_learner, sample, data.sine, GRID, **ANY | {"noise_std": 1e200}),
            ),
        ]
    ),
    (
        "bias_variance.bagging",
        lambda: bagging(mean_learner, n_bags=2, rng=RNG)(X5, Y5)([1.0, 2.0]),
        ValueError,
        r"X cần có 2 chiều",
    ),
    (
        "bias_variance.decompose",
        lambda: decompose([1.0, 2.0], [1.0, 2.0]),
        ValueError,
        r"predictions cần có 2 chiều, nhưng có dạng \(2,\)",
    ),
    (
        "bias_variance.decompose",
        lambda: decompose([[1.0, 2.0]], [1.0]),
        ValueError,
        r"predictions có dạng \(1, 2\) nhưng truth có 1 điểm",
    ),
    (
        "bias_variance.decompose",
        lambda: decompose([[1.0, np.nan]], [1.0, 2.0]),
        ValueError,
        r"predictions có 1 giá trị NaN",
    ),
    (
        "bias_variance.decompose",
        lambda: decompose([[1.0]], [[1.0]]),
        ValueError,
        r"truth cần có 1 chiều, nhưng có dạng \(1, 1\).*np\.ravel\(truth",
    ),
    (
        "bias_variance.decompose",
        lambda: decompose([[1.0]], [1.0], noise_std=-1),
        ValueError,
        r"noise_std cần nằm trong \[0, 1e\+150\]",
    ),
    ("bias_variance.decompose", lambda: decompose(np.ones((0, 2)), [1.0, 2.0]), ValueError, r"predictions rỗng"),
    ("bias_variance.decompose", lambda: decompose([["a"]], [1.0]), TypeError, r"predictions cần là mảng số"),
    (
        "bias_variance.bias_variance",
        lambda: bias_variance(mean_learner, sample, data.sine, [0.5], **ANY),
        ValueError,
        r"X_test cần có 2 chiều",
    ),
    (
        "bias_variance.bias_variance",
        lambda: bias_variance(mean_learner, sample, lambda X: X, GRID, **ANY),
        ValueError,
        r"f\(X_test\) cần có 1 chiều, nhưng có dạng \(13, 1\)",
    ),
    (
        "bias_variance.bias_variance",
        lambda: bias_variance(mean_learner, sample, lambda X: [1.0], GRID, **ANY),
        ValueError,
        r"X_test có 13 mẫu nhưng f\(X_test\) có 1 mẫu",
    ),
    (
        "bias_variance.bias_variance",
        lambda: bias_variance(mean_learner, lambda rng: (X5, Y5[:2]), data.sine, GRID, **ANY),
        ValueError,
        r"X có 5 mẫu nhưng y có 2 mẫu",
    ),
    (
        "bias_variance.bias_variance",
        lambda: bias_variance(lambda X, y: lambda X: X, sample, data.sine, GRID, **ANY),
        ValueError,
        r"predict\(X\) của learner .* dạng \(13, 1\)",
    ),
    (
        "bias_variance.bias_variance",
        lambda: bias_variance(mean_learner, sample, data.sine, GRID, **ANY | {"noise_std": np.nan}),
        ValueError,
        r"noise_std cần nằm trong",
    ),
    (
        "bias_variance.bias_variance",
        lambda: bias_variance(None, sample, data.sine, GRID, **ANY | {"noise_std": -0.5}),
        ValueError,
        r"noise_std cần nằm trong \[0, 1e\+150\], nhưng nhận được -0\.5",
    ),  # báo ở cửa, trước khi gọi learner
    (
        "bias_variance.bias_variance",
        lambda: bias_variance(mean_learner, sample, data.sine, GRID, **ANY | {"n_rounds": 0}),
        ValueError,
        r"n_rounds cần ít nhất là 1",
    ),
    (
        "bias_variance.bias_variance",
        lambda: bias_variance(mean_learner, sample, data.sine, GRID, **ANY | {"rng": None}),
        TypeError,
        r"rng cần là .* nhận được None",
    ),
    (
        "bias_variance.bootstrap_bias_variance",
        lambda: bootstrap_bias_variance(mean_learner, X5, Y5[:2], X5, Y5, rng=RNG),
        ValueError,
        r"X có 5 mẫu nhưng y có 2 mẫu",
    ),
    (
        "bias_variance.bootstrap_bias_variance",
        lambda: bootstrap_bias_variance(mean_learner, X5, Y5, X5, Y5[:2], rng=RNG),
        ValueError,
        r"có 5 mẫu nhưng y_test có 2 mẫu",
    ),
    (
        "bias_variance.bootstrap_bias_variance",
        lambda: bootstrap_bias_variance(mean_learner, X5, Y5, X5, Y5, rng=0),
        TypeError,
        r"rng cần là",
    ),
    ("bias_variance.bagging", lambda: bagging(mean_learner, n_bags=0, rng=RNG), ValueError, r"n_bags cần ít nhất là 1"),
    ("bias_variance.bagging", lambda: bagging(mean_learner, n_bags=2, rng=None), TypeError, r"rng cần là"),
    (
        "bias_variance.bagging",
        lambda: bagging(mean_learner, n_bags=2, rng=RNG)(X5, Y5[:1]),
        ValueError,
        r"X có 5 mẫu nhưng y có 1 mẫu",
    ),
    (
        "bias_variance.bagging",
        lambda: bagging(lambda X, y: lambda X: X, n_bags=2, rng=RNG)(X5, Y5)(X5),
        ValueError,
        r"predict\(X\) của learner",
    ),
    *(
        (name, call, ValueError, r"predict\(X\) của learner cần trả về mảng dạng \(5,\), nhưng trả về dạng \(5, 5\)")
        for name, call in [
            ("bias_variance.bias_variance", lambda: bias_variance(SQUARE, sample, lambda X: X[:, 0], X5, **ANY)),
            ("bias_variance.bootstrap_bias_variance", lambda: bootstrap_bias_variance(SQUARE, X5, Y5, X5, Y5, rng=RNG)),
            ("bias_variance.bagging", lambda: bagging(SQUARE, n_bags=2, rng=RNG)(X5, Y5)(X5)),
        ]
    ),
]


@pytest.mark.parametrize("name, call, error, words", FAULTS, ids=range(len(FAULTS)))
def test_bad_input_is_explained(name, call, error, words):
    with pytest.raises(error, match=words):
        call()


def test_string_labels_are_not_averaged_but_numbers_made_of_them_are():
    words = np.array(["b", "a", "b", "a", "b"])
    majority = lambda X, y: lambda X_new: np.full(len(X_new), max(y.tolist(), key=y.tolist().count))
    bagged = lambda y: bagging(majority, n_bags=9, rng=np.random.default_rng(0))(X5, y)(X5)
    boot = lambda y, y_test: bootstrap_bias_variance(majority, X5, y, X5, y_test, n_rounds=9, rng=RNG)
    world = lambda y: bias_variance(majority, lambda rng: (X5, y), lambda X: X[:, 0], X5, **ANY)
    for call in (lambda: bagged(words), lambda: boot(words, Y5), lambda: world(words), lambda: boot(Y5, words)):
        with pytest.raises(TypeError, match=r"cần là số để lấy trung bình, nhưng nhận được '[ab]'") as caught:
            call()
    code = re.search(r"trước, y = (.*), hay để predict trả về xác suất", str(caught.value))[1]
    y = eval(code, {"np": np, "y": words})
    assert 0 < bagged(y)[0] <= 1 and boot(y, y).total.shape == world(y).total.shape == (5,)
    share = lambda X, y: lambda X_new: np.full(len(X_new), np.mean(y == "b"))  # xác suất, học từ nhãn chuỗi
    assert 0 < bagging(share, n_bags=9, rng=RNG)(X5, words)(X5)[0] < 1


def test_the_hints_for_sample_and_f_work():
    with pytest.raises(TypeError) as caught:
        bias_variance(mean_learner, None, data.sine, GRID, **ANY)
    draw = eval(re.search(r"Hãy viết sample=(.*)\.$", str(caught.value))[1], {"data": data})
    with pytest.raises(TypeError) as caught:
        bias_variance(mean_learner, draw, None, GRID, **ANY)
    f = eval(re.search(r"Hãy viết f=(.*), hay", str(caught.value))[1], {"data": data})
    assert bias_variance(mean_learner, draw, f, GRID, **ANY).total.shape == (13,)


def test_bags_that_share_one_model_are_refused():
    linear_model = pytest.importorskip("sklearn.linear_model", reason="cần scikit-learn để thử")
    model = linear_model.LinearRegression()  # học lại là mất mô hình cũ: mọi túi sẽ cùng là túi cuối
    with pytest.raises(TypeError, match="fit cần tạo một mô hình mới ở mỗi lần gọi") as caught:
        bagging(lambda X, y: model.fit(X, y).predict, n_bags=5, rng=RNG)(X5, Y5)
    learner = eval(re.search(r"Hãy viết (lambda.*predict) \(", str(caught.value))[1], vars(linear_model))
    np.testing.assert_allclose(bagging(learner, n_bags=5, rng=RNG)(X5, Y5)(X5), Y5, atol=1e-12)
