"""Chia tập, fold, xác thực chéo, khoảng tin cậy: so với scikit-learn, SciPy, và với luật viết lại bằng tay."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlcourse import data, models
from mlcourse.model_selection import (
    Split,
    bootstrap_interval,
    bootstrap_score,
    cross_val_score,
    group_k_fold,
    group_split,
    k_fold,
    nested_cross_val_score,
    one_standard_error_rule,
    standardizer,
    stratified_k_fold,
    time_series_folds,
    time_split,
    train_val_test_split,
    wilson_interval,
)

RATIOS = st.sampled_from([(0.7, 0.15, 0.15), (0.8, 0.1, 0.1), (0.6, 0.2, 0.2), (0.5, 0.3, 0.2), (1 / 3, 1 / 3, 1 / 3)])


def split_rows(y, seed=0, **options):
    """Chia với X là chỉ số hàng, để biết mẫu nào vào đâu."""
    y = np.asarray(y)
    rows = np.arange(len(y), dtype=float)[:, None]
    split = train_val_test_split(rows, y, rng=np.random.default_rng(seed), **options)
    parts = [X[:, 0].astype(int) for X in split[:3]]
    for part, labels in zip(parts, split[3:], strict=True):
        assert np.array_equal(labels, y[part])  # y đi cùng X của mình
    return parts


def largest_remainder(n, ratios):
    """Viết lại bằng phân số: phần nguyên, rồi từng mẫu còn lại cho phần dư lớn nhất, hòa thì tập trước."""
    exact = [n * Fraction(r).limit_denominator(1000) for r in ratios]
    counts = [int(e) for e in exact]
    order = sorted(range(3), key=lambda j: (counts[j] - exact[j], j))
    for j in order[: n - sum(counts)]:
        counts[j] += 1
    return counts


@settings(max_examples=200, deadline=None)
@given(st.integers(10, 400), RATIOS, st.integers(0, 999))
def test_parts_are_disjoint_cover_all_and_have_exact_sizes(n, ratios, seed):
    parts = split_rows(np.zeros(n, int), seed, ratios=ratios)
    assert sorted(np.concatenate(parts).tolist()) == list(range(n))
    assert [len(part) for part in parts] == largest_remainder(n, ratios)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.integers(1, 40), min_size=1, max_size=10), RATIOS, st.integers(0, 999))
def test_stratified_keeps_class_shares_as_exactly_as_integers_allow(sizes, ratios, seed):
    y = np.random.default_rng(seed).permutation(np.repeat(np.arange(len(sizes)), sizes))
    if len(y) < 20:
        return
    parts = split_rows(y, seed, ratios=ratios, stratify=True)
    assert sorted(np.concatenate(parts).tolist()) == list(range(len(y)))
    for part, ratio in zip(parts, ratios, strict=True):
        assert abs(len(part) - len(y) * ratio) < 1
        for label, size in enumerate(sizes):
            assert abs(np.count_nonzero(y[part] == label) - size * ratio) < 1


def test_shares_that_are_whole_numbers_are_met_exactly():
    y = np.repeat(["a", "b", "c"], [100, 20, 40])
    parts = split_rows(y, ratios=(0.7, 0.15, 0.15), stratify=True)
    counts = [[np.count_nonzero(y[part] == label) for label in "abc"] for part in parts]
    assert counts == [[70, 14, 28], [15, 3, 6], [15, 3, 6]]


def test_stratified_is_closer_than_random_on_a_rare_class():
    y = np.repeat([0, 1], [980, 20])
    random = [y[split_rows(y, seed)[2]].sum() for seed in range(200)]
    stratified = [y[split_rows(y, seed, stratify=True)[2]].sum() for seed in range(20)]
    assert set(stratified) == {3} and np.std(random) > 1
    assert np.std(random) == pytest.approx(np.sqrt(150 * 0.02 * 0.98 * 850 / 999), rel=0.2)  # siêu bội


@pytest.mark.parametrize("stratify", [False, True])
def test_every_sample_is_equally_likely_anywhere_and_order_is_shuffled(stratify):
    y = np.repeat([0, 1], 10)
    in_test = np.zeros(20)
    for seed in range(2000):
        in_test[split_rows(y, seed, ratios=(0.6, 0.2, 0.2), stratify=stratify)[2]] += 1
    assert np.abs(in_test / 2000 - 0.2).max() < 0.04  # hơn bốn lần sai số chuẩn
    train = split_rows(np.repeat([0, 1], 100), stratify=stratify)[0]
    assert 20 < np.abs(np.diff(train >= 100)).sum()  # các lớp xen nhau, không thành từng khối


def test_the_same_seed_gives_the_same_split():
    y = np.arange(50) % 2
    a, b, c = (np.concatenate(split_rows(y, seed)) for seed in (1, 1, 2))
    assert np.array_equal(a, b) and not np.array_equal(a, c)


def test_any_array_gives_the_same_split_and_is_left_alone():
    X, y = np.random.default_rng(0).integers(0, 9, (30, 2)).astype(float), np.arange(30) % 3
    X.flags.writeable = y.flags.writeable = False
    expected = train_val_test_split(X, y, rng=np.random.default_rng(0), stratify=True)
    narrow = X.astype(np.float32), y.astype(np.int8)
    for X_like, y_like in ((X.tolist(), y.tolist()), narrow, (np.asfortranarray(X), y)):
        again = train_val_test_split(X_like, y_like, rng=np.random.default_rng(0), stratify=True)
        assert all(np.array_equal(a, b) for a, b in zip(again, expected, strict=True))
    expected.X_train[:] = -1  # mảng mới: sửa tập con không đụng dữ liệu gốc
    assert X.min() >= 0 and isinstance(expected, Split)


def test_real_data_and_real_valued_targets():
    cancer, diabetes = data.load_breast_cancer(), data.load_diabetes()
    split = train_val_test_split(cancer.X, cancer.y, rng=np.random.default_rng(0), stratify=True)
    assert repr(split) == "Split(huấn luyện 398 mẫu, xác thực 86, kiểm tra 85)"
    assert [int(y.sum()) for y in split[3:]] == [148, 32, 32]  # 212 · (0.7, 0.15, 0.15) = 148.4, 31.8, 31.8
    split = train_val_test_split(diabetes.X, diabetes.y, rng=np.random.default_rng(0))
    assert split.y_train.dtype == np.float64 and len(split.y_test) == 66


# ---- chuẩn hóa ----


def test_standardizer_equals_scikit_learn():
    preprocessing = pytest.importorskip("sklearn.preprocessing", reason="cần scikit-learn để so")
    for X in (data.load_breast_cancer().X, data.load_digits().X):  # digits có cột luôn bằng 0
        theirs = preprocessing.StandardScaler().fit(X[:400])
        np.testing.assert_allclose(standardizer(X[:400])(X), theirs.transform(X), rtol=1e-10, atol=1e-12)


def test_standardizer_sees_the_training_set_only():
    X = np.random.default_rng(0).normal(3, 5, size=(40, 2))
    X.flags.writeable = False
    standardize = standardizer(X)
    Z = standardize(X)
    np.testing.assert_allclose(Z.mean(axis=0), 0, atol=1e-14)
    np.testing.assert_allclose(Z.std(axis=0), 1, rtol=1e-14)
    np.testing.assert_allclose(standardize(X + 5), Z + 5 / X.std(axis=0), rtol=1e-12)
    np.testing.assert_allclose(standardize(X[:1]), Z[:1], rtol=1e-15)
    constant = standardizer([[0.1], [0.1], [0.1]])  # trung bình làm tròn không được thành chia cho 1e-17
    np.testing.assert_allclose(constant([[0.1], [0.6]]), [[0], [0.5]], atol=1e-15)
    source = X.copy()
    remembered = standardizer(source)
    source[:] = 0  # sửa dữ liệu sau đó không đổi phép chuẩn hóa
    assert np.array_equal(remembered(X), Z)


X5, Y5, RNG = np.ones((20, 2)), np.arange(20) % 2, np.random.default_rng(0)


def split(X=X5, y=Y5, **options):
    return train_val_test_split(X, y, **{"rng": RNG, **options})


# ---- chia theo nhóm, theo thời gian ----


@settings(max_examples=100, deadline=None)
@given(st.integers(3, 40), st.integers(1, 5), RATIOS, st.integers(0, 999))
def test_no_group_is_in_two_parts_and_sizes_are_near(n_groups, largest, ratios, seed):
    rng = np.random.default_rng(seed)
    groups = np.repeat(rng.permutation(n_groups), rng.integers(1, largest + 1, n_groups))
    n = len(groups)
    rows = np.arange(n)
    parts = [X.ravel().astype(int) for X in group_split(rows[:, None], rows, groups, ratios=ratios, rng=rng)[:3]]
    assert sorted(np.concatenate(parts).tolist()) == rows.tolist()
    seen = [set(groups[part].tolist()) for part in parts]
    assert not (seen[0] & seen[1] or seen[0] & seen[2] or seen[1] & seen[2])
    if n * min(ratios) >= 2 * largest:  # đủ nhiều nhóm thì cỡ của tập gần đúng tỷ lệ
        for part, ratio in zip(parts, ratios):
            assert abs(len(part) - n * ratio) <= largest


def test_group_split_depends_on_the_seed_and_takes_names():
    X, y, groups = np.arange(30.0)[:, None], np.arange(30), np.repeat([f"bệnh nhân {i}" for i in range(10)], 3)
    a, b, c = (group_split(X, y, groups, rng=np.random.default_rng(seed)).y_test.tolist() for seed in (1, 1, 2))
    assert a == b != c
    assert repr(group_split(X, y, groups, rng=np.random.default_rng(0))).startswith("Split(huấn luyện 21 mẫu")


def test_one_huge_group_still_leaves_three_parts():
    groups = np.repeat(
        np.arange(5), [100, 1, 1, 1, 1]
    )  # cả hai nhát cắt cùng rơi vào nhóm lớn, đứng thứ 1, 2, 3, 4 hay 5
    rows = np.arange(104)
    splits = [group_split(rows[:, None], rows, groups, rng=np.random.default_rng(seed)) for seed in range(40)]
    assert {tuple(map(len, split[3:])) for split in splits} == {
        (100, 1, 3),
        (101, 1, 2),
        (102, 1, 1),
        (3, 100, 1),
        (3, 1, 100),
    }


@settings(deadline=None)
@given(st.integers(10, 300), RATIOS)
def test_time_split_never_looks_ahead(n, ratios):
    split = time_split(np.arange(n)[:, None], np.arange(n), ratios=ratios)
    assert np.concatenate(split[3:]).tolist() == list(range(n))
    assert [len(y) for y in split[3:]] == largest_remainder(n, ratios)


# ---- fold ----


def same_folds(ours, theirs):
    theirs = list(theirs)
    assert len(ours) == len(theirs)
    return all(np.array_equal(a, b) for pair, other in zip(ours, theirs) for a, b in zip(pair, other))


@settings(deadline=None)
@given(st.integers(2, 60), st.integers(2, 10))
def test_k_fold_in_order_is_scikit_learn(n, k):
    selection = pytest.importorskip("sklearn.model_selection", reason="cần scikit-learn để so")
    k = min(n, k)
    assert same_folds(k_fold(n, k), selection.KFold(k).split(np.zeros(n)))
    k = min(k, n - 1)
    if k >= 2:
        assert same_folds(time_series_folds(n, k), selection.TimeSeriesSplit(k).split(np.zeros(n)))


@settings(deadline=None)
@given(st.lists(st.integers(2, 12), min_size=1, max_size=5), st.integers(0, 999))
def test_stratified_folds_have_the_class_counts_of_scikit_learn(sizes, seed):
    selection = pytest.importorskip("sklearn.model_selection", reason="cần scikit-learn để so")
    y = np.repeat(np.arange(len(sizes)), sizes)  # scikit-learn đánh số lớp theo lần gặp đầu tiên
    k = min(5, *sizes) if len(sizes) > 1 else min(5, sizes[0])
    theirs = [
        np.bincount(y[test], minlength=len(sizes)).tolist() for _, test in selection.StratifiedKFold(k).split(y, y)
    ]
    for rng in (None, np.random.default_rng(seed)):
        folds = stratified_k_fold(y, k, rng=rng)
        assert [np.bincount(y[test], minlength=len(sizes)).tolist() for _, test in folds] == theirs
        partition(folds, len(y), k)


@settings(deadline=None)
@given(st.lists(st.integers(1, 9), min_size=5, max_size=12), st.integers(2, 5))
def test_group_folds_are_as_balanced_as_scikit_learn(sizes, k):
    selection = pytest.importorskip("sklearn.model_selection", reason="cần scikit-learn để so")
    groups = np.repeat(np.arange(len(sizes)), sizes)
    theirs = sorted(len(test) for _, test in selection.GroupKFold(k).split(groups, groups=groups))
    for rng in (None, np.random.default_rng(1)):
        folds = group_k_fold(groups, k, rng=rng)
        partition(folds, len(groups), k)
        assert sorted(len(test) for _, test in folds) == theirs
        assert all(not set(groups[train]) & set(groups[test]) for train, test in folds)


def partition(folds, n, k):
    assert len(folds) == k and sorted(np.concatenate([test for _, test in folds]).tolist()) == list(range(n))
    for train, test in folds:
        assert sorted([*train, *test]) == list(range(n)) and len(test) > 0
        assert np.array_equal(train, np.sort(train)) and np.array_equal(test, np.sort(test))


@settings(deadline=None)
@given(st.integers(2, 50), st.integers(2, 8), st.integers(1, 3), st.integers(0, 99))
def test_shuffled_and_repeated_folds_partition(n, k, n_repeats, seed):
    k = min(n, k)
    folds = k_fold(n, k, n_repeats=n_repeats, rng=np.random.default_rng(seed))
    assert len(folds) == k * n_repeats
    for start in range(0, len(folds), k):
        partition(folds[start : start + k], n, k)
        sizes = [len(test) for _, test in folds[start : start + k]]
        assert max(sizes) - min(sizes) <= 1
    again = k_fold(n, k, n_repeats=n_repeats, rng=np.random.default_rng(seed))
    assert same_folds(folds, again)


def test_folds_are_shuffled_differently_each_repeat_and_by_seed():
    for make in (lambda **o: k_fold(40, 4, **o), lambda **o: stratified_k_fold(np.arange(40) % 2, 4, **o)):
        folds = make(n_repeats=2, rng=np.random.default_rng(0))
        assert len(folds) == 8 and not np.array_equal(folds[0][1], folds[4][1])
        assert not np.array_equal(folds[0][1], make()[0][1])
        assert not np.array_equal(folds[0][1], make(rng=np.random.default_rng(1))[0][1])
    even = np.repeat(np.arange(20), 2)  # mọi nhóm bằng cỡ: có rng thì xếp khác đi
    assert not np.array_equal(group_k_fold(even, 4)[0][1], group_k_fold(even, 4, rng=np.random.default_rng(0))[0][1])
    assert len(time_series_folds(3, 2)) == 2  # ít mẫu nhất có thể
    assert (
        len(k_fold(10))
        == len(stratified_k_fold([0, 1] * 5))
        == len(group_k_fold(range(9)))
        == len(time_series_folds(9))
        == 5
    )


# ---- xác thực chéo ----

DIABETES = data.load_diabetes()


def mse(y, y_pred):
    return np.mean((y - y_pred) ** 2)


def mses(y, y_pred):
    return np.mean((y[:, None] - y_pred) ** 2, axis=0)


@settings(max_examples=20, deadline=None)
@given(st.integers(12, 60), st.integers(1, 5), st.integers(2, 6), st.integers(0, 2**32 - 1))
def test_cross_val_score_equals_scikit_learn(n, d, k, seed):
    selection, linear = (
        pytest.importorskip(f"sklearn.{name}", reason="cần scikit-learn để so")
        for name in ("model_selection", "linear_model")
    )
    rng = np.random.default_rng(seed)
    X, y = rng.normal(size=(n, d)), rng.normal(size=n)
    theirs = selection.cross_val_score(
        linear.Ridge(alpha=1.0, solver="svd"), X, y, cv=selection.KFold(k), scoring="neg_mean_squared_error"
    )
    fit = lambda X, y: models.ridge(1.0 / len(y))(X, y)
    np.testing.assert_allclose(cross_val_score(fit, X, y, metric=mse, n_splits=k), -theirs, rtol=1e-10)
    estimator = lambda X, y: linear.Ridge(alpha=1.0, solver="svd").fit(X, y).predict  # scikit-learn vào qua một lambda
    np.testing.assert_allclose(
        cross_val_score(estimator, X, y, metric=mse, folds=list(selection.KFold(k).split(X))), -theirs, rtol=1e-12
    )


def test_a_path_of_penalties_is_scored_at_once():
    X, y = DIABETES.X, DIABETES.y
    path = cross_val_score(models.ridge([0.01, 0.1, 1.0]), X, y, metric=mses)
    assert path.shape == (5, 3)
    for column, l2 in zip(path.T, (0.01, 0.1, 1.0)):
        np.testing.assert_allclose(column, cross_val_score(models.ridge(l2), X, y, metric=mse), rtol=1e-10)


def test_shuffled_folds_come_from_the_rng():
    X, y = DIABETES.X[:50], DIABETES.y[:50]
    a, b, c = (cross_val_score(models.knn(3), X, y, metric=mse, rng=np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert np.array_equal(a, b) and not np.array_equal(a, c) and a.shape == (5,)
    folds = k_fold(50, 5, rng=np.random.default_rng(1))
    assert np.array_equal(a, cross_val_score(models.knn(3), X, y, metric=mse, folds=folds))


def test_the_mean_of_folds_is_not_the_pooled_mean():
    # 4 + 3 mẫu: mỗi fold đo một trung bình, hai trung bình ấy nặng như nhau
    right = lambda X, y: lambda X_new: X_new[:, 0]
    y = np.array([1.0, 1, 1, 1, 0, 0, 0])
    scores = cross_val_score(
        right, np.array([[1.0], [1], [1], [1], [1], [1], [1]]), y, metric=lambda y, p: np.mean(y != p), n_splits=2
    )
    assert scores.mean() == 0.5 and round(3 / 7, 2) == 0.43


def test_nested_cross_validation_is_the_loop_written_by_hand():
    X, y = DIABETES.X[:80], DIABETES.y[:80]
    learners = {"λ = 0.001": models.ridge(0.001), "λ = 10": models.ridge(10.0), "5-NN": models.knn(5)}
    nested = nested_cross_val_score(learners, X, y, metric=mse, n_splits=4, n_inner=3, rng=np.random.default_rng(0))
    rng = np.random.default_rng(0)
    folds = k_fold(80, 4, rng=rng)
    for (train, test), source, score, chosen in zip(folds, rng.spawn(4), nested.scores, nested.chosen):
        inner = k_fold(len(train), 3, rng=source)
        means = {
            name: cross_val_score(fit, X[train], y[train], metric=mse, folds=inner).mean()
            for name, fit in learners.items()
        }
        assert chosen == min(means, key=means.get)
        assert score == mse(y[test], learners[chosen](X[train], y[train])(X[test]))
    assert nested.scores.shape == (4,) and len(nested.chosen) == 4
    default = nested_cross_val_score(learners, X, y, metric=mse, rng=np.random.default_rng(0))
    assert default.scores.shape == (5,)
    full = nested_cross_val_score(learners, X, y, metric=mse, n_splits=5, n_inner=5, rng=np.random.default_rng(0))
    assert np.array_equal(default.scores, full.scores)
    seen = []
    count = lambda X, y: seen.append(0) or models.ridge(0.1)(X, y)
    nested_cross_val_score({"a": count}, X, y, metric=mse, rng=np.random.default_rng(0))
    assert len(seen) == 5 * (5 + 1)  # mỗi fold ngoài: 5 fold trong, rồi học lại
    fits = []
    nested_cross_val_score({"a": lambda X, y: fits.append(len(y)) or models.knn(1)(X, y)}, X, y, metric=mse, rng=rng)
    assert (
        len(fits) == 5 * (5 + 1) and fits.count(64) == 5
    )  # mỗi fold ngoài: 5 lần bên trong, rồi một lần trên cả 64 mẫu


def test_nested_scores_are_honest_where_the_chosen_score_is_not():
    """Đặc trưng toàn nhiễu: điểm của ứng viên tốt nhất thì đẹp, điểm lồng nhau thì không hơn đoán trung bình."""
    rng = np.random.default_rng(5)
    X, y = rng.normal(size=(40, 60)), rng.normal(size=40)

    def one_column(j):
        def fit(X, y):
            params = models.least_squares(X[:, [j]], y)
            return lambda X_new: models.logits(params, X_new[:, [j]])

        return fit

    learners = {j: one_column(j) for j in range(60)}
    best = min(cross_val_score(fit, X, y, metric=mse).mean() for fit in learners.values())
    nested = nested_cross_val_score(learners, X, y, metric=mse, rng=rng).scores.mean()
    assert best < y.var() < nested


def test_one_standard_error_rule():
    scores = np.array(
        [[9.0, 9.0, 9.0, 9.0], [4.0, 5.0, 6.0, 5.0], [3.0, 5.0, 6.0, 5.0], [4.0, 4.0, 5.0, 7.0], [1.0, 8.0, 8.0, 8.0]]
    )
    se = np.std([3, 5, 6, 5], ddof=1) / 2  # tốt nhất: ứng viên 2, trung bình 4.75
    assert 4.75 + se > 5 and one_standard_error_rule(scores) == 1
    assert (
        one_standard_error_rule([[2.0, 2.0], [1.0, 1.0]]) == 1
        and one_standard_error_rule([[1.0, 1.0], [1.0, 1.0]]) == 0
    )
    assert one_standard_error_rule([[2.0, 2.0], [1.0, 3.0]]) == 0  # ngang nhau: lấy cái đơn giản
    edge = [[3.0, 3.0], [1.0, 3.0]]  # 2 ± 1: đúng bằng giới hạn cũng được
    assert one_standard_error_rule(edge) == 0 and isinstance(one_standard_error_rule(edge), int)
    assert one_standard_error_rule(np.add(edge, [[1e-9], [0]])) == 1
    eight = [[2.6] * 8, [1, 3, 1, 3, 1, 3, 1, 3]]  # 2 ± 1.069 / √8 = 2.378: số fold, không phải số ứng viên, ở dưới căn
    assert one_standard_error_rule(eight) == 1
    assert (
        one_standard_error_rule([[3.0, 3.0], [9.0, 9.0], [1.0, 3.0]]) == 0
    )  # s / √(số fold), không phải √(số ứng viên)


# ---- khoảng tin cậy ----


def accuracy(y_true, y_pred):
    return np.mean(y_true == y_pred)


def test_bootstrap_interval_is_close_to_scipy_and_to_the_normal_one():
    stats = pytest.importorskip("scipy.stats", reason="cần SciPy để so")
    rng = np.random.default_rng(0)
    right = (rng.random(400) < 0.8).astype(int)
    low, high = bootstrap_interval(
        right, np.ones(400, int), metric=accuracy, n_rounds=4000, rng=np.random.default_rng(1)
    )
    theirs = stats.bootstrap(
        (right,), np.mean, n_resamples=4000, method="percentile", rng=np.random.default_rng(2)
    ).confidence_interval
    assert low == pytest.approx(theirs.low, abs=0.006) and high == pytest.approx(theirs.high, abs=0.006)
    half = 1.96 * np.sqrt(right.mean() * (1 - right.mean()) / 400)
    assert (high - low) / 2 == pytest.approx(half, rel=0.06)
    narrow = bootstrap_interval(
        right, np.ones(400, int), metric=accuracy, confidence=0.5, n_rounds=4000, rng=np.random.default_rng(1)
    )
    assert (narrow.high - narrow.low) / (high - low) == pytest.approx(0.6745 / 1.96, rel=0.1)


def test_bootstrap_interval_covers_as_often_as_it_says():
    rng, hits = np.random.default_rng(3), 0
    for _ in range(300):
        y = rng.normal(2.0, 1.0, 60)
        low, high = bootstrap_interval(y, np.zeros(60), metric=lambda y, p: np.mean(y), n_rounds=200, rng=rng)
        hits += low <= 2 <= high
    assert 0.90 <= hits / 300 <= 0.98


def test_bootstrap_rounds_are_the_resamples_of_spawned_generators():
    y, p = np.arange(10), np.arange(10)[:, None] * [1.0, 2.0]
    seen = []
    bootstrap_interval(y, p, metric=lambda y, p: seen.append((y, p)) or 0.0, n_rounds=3, rng=np.random.default_rng(4))
    for (y_seen, p_seen), source in zip(seen, np.random.default_rng(4).spawn(3), strict=True):
        rows = source.integers(10, size=10)
        assert np.array_equal(y_seen, y[rows]) and np.array_equal(p_seen, p[rows])
    seen.clear()
    bootstrap_interval(y, y, metric=lambda y, p: seen.append(0) or 0.0, rng=np.random.default_rng(4))
    assert len(seen) == 1000


def test_out_of_bag_scores_never_see_what_they_learnt():
    X, y, seen = np.arange(30.0)[:, None], np.arange(30.0), []

    def fit(X_train, y_train):
        def predict(X_test):
            assert not set(X_test[:, 0]) & set(X_train[:, 0]) and len(X_train) == 30
            seen.append(len(X_test) / 30)
            return X_test[:, 0]

        return predict

    scores = bootstrap_score(fit, X, y, metric=mse, rng=np.random.default_rng(0))
    assert scores.shape == (200,) and not scores.any()
    assert np.mean(seen) == pytest.approx((1 - 1 / 30) ** 30, abs=0.02)  # chừng 1/e
    tiny = bootstrap_score(
        lambda X, y: lambda X_new: np.zeros(len(X_new)),
        X[:2],
        y[:2],
        metric=mse,
        n_rounds=50,
        rng=np.random.default_rng(0),
    )
    assert set(tiny.tolist()) == {0.0, 1.0}  # hai mẫu: luôn còn đúng một mẫu ngoài túi


@settings(deadline=None)
@given(st.integers(1, 500), st.floats(0, 1), st.sampled_from([0.5, 0.9, 0.95, 0.99]))
def test_wilson_interval_equals_scipy(n, share, confidence):
    stats = pytest.importorskip("scipy.stats", reason="cần SciPy để so")
    k = round(n * share)
    theirs = stats.binomtest(k, n).proportion_ci(confidence, method="wilson")
    ours = wilson_interval(k, n, confidence=confidence)
    assert ours.low == pytest.approx(theirs.low, abs=1e-12) and ours.high == pytest.approx(theirs.high, abs=1e-12)
    assert 0 <= ours.low <= k / n <= ours.high <= 1 and type(ours.low) is type(ours.high) is float
    assert wilson_interval(k, n) == wilson_interval(k, n, confidence=0.95)


def test_wilson_interval_of_none_or_all_ends_exactly_at_zero_or_one():
    for n in range(1, 300):
        none, every = wilson_interval(0, n), wilson_interval(n, n)
        assert none.low == 0 < none.high < 1 and 0 < every.low < 1 == every.high


FIT = models.ridge(0.1)
G5 = np.arange(20) % 5
FAULTS = [
    (
        "model_selection.train_val_test_split",
        lambda: split(X=X5[:, 0]),
        ValueError,
        r"X cần có 2 chiều, nhưng có dạng \(20,\)",
    ),
    ("model_selection.train_val_test_split", lambda: split(X=np.ones((0, 2)), y=[]), ValueError, r"X rỗng"),
    ("model_selection.train_val_test_split", lambda: split(X=X5 * np.nan), ValueError, r"X có 40 giá trị NaN"),
    ("model_selection.train_val_test_split", lambda: split(X=[["a"]] * 20), TypeError, r"X cần là mảng số"),
    ("model_selection.train_val_test_split", lambda: split(y=Y5[:7]), ValueError, r"X có 20 mẫu nhưng y có 7 mẫu"),
    (
        "model_selection.train_val_test_split",
        lambda: split(y=Y5[:, None]),
        ValueError,
        r"y cần có 1 chiều, nhưng có dạng \(20, 1\)\. Hãy dùng y\.ravel\(\)",
    ),
    (
        "model_selection.train_val_test_split",
        lambda: split(y=np.full(20, np.inf)),
        ValueError,
        r"y có 20 giá trị NaN hoặc vô cực",
    ),
    (
        "model_selection.train_val_test_split",
        lambda: split(y=np.linspace(0, 1, 20), stratify=True),
        ValueError,
        r"y cần là nhãn .* nhưng có giá trị 0\.05",
    ),
    (
        "model_selection.train_val_test_split",
        lambda: split(ratios=(0.7, 0.2, 0.2)),
        ValueError,
        r"ratios cần là ba số dương có tổng bằng 1.*tổng 1\.1",
    ),
    (
        "model_selection.train_val_test_split",
        lambda: split(ratios=(0.8, 0.2)),
        ValueError,
        r"ratios cần là ba số dương có tổng bằng 1",
    ),
    (
        "model_selection.train_val_test_split",
        lambda: split(ratios=(0.8, 0.2, 0.0)),
        ValueError,
        r"ratios cần là ba số dương",
    ),
    (
        "model_selection.train_val_test_split",
        lambda: split(ratios=(1.2, -0.1, -0.1)),
        ValueError,
        r"ratios cần nằm trong \[0, 1\], nhưng có giá trị -0\.1",
    ),
    (
        "model_selection.train_val_test_split",
        lambda: split(ratios=(np.nan, 0.5, 0.5)),
        ValueError,
        r"ratios có 1 giá trị NaN",
    ),
    ("model_selection.train_val_test_split", lambda: split(ratios="70/15/15"), TypeError, r"ratios cần là mảng số"),
    (
        "model_selection.train_val_test_split",
        lambda: split(X=X5[:3], y=Y5[:3]),
        ValueError,
        r"Tập kiểm tra không có mẫu nào: 3 mẫu chia theo tỷ lệ",
    ),
    ("model_selection.train_val_test_split", lambda: split(rng=0), TypeError, r"rng cần là một np\.random\.Generator"),
    ("model_selection.train_val_test_split", lambda: train_val_test_split(X5, Y5), TypeError, r"rng"),
    ("model_selection.standardizer", lambda: standardizer([1.0, 2.0]), ValueError, r"X_train cần có 2 chiều"),
    (
        "model_selection.standardizer",
        lambda: standardizer([[np.inf]]),
        ValueError,
        r"X_train có 1 giá trị NaN hoặc vô cực",
    ),
    (
        "model_selection.standardizer",
        lambda: standardizer(X5)(np.ones((2, 3))),
        ValueError,
        r"X có 3 cột nhưng X_train có 2 cột",
    ),
    ("model_selection.standardizer", lambda: standardizer(X5)([1.0, 2.0]), ValueError, r"X cần có 2 chiều"),
    (
        "model_selection.group_split",
        lambda: group_split(X5, Y5, G5[:3], rng=RNG),
        ValueError,
        r"groups có 3 mẫu nhưng y có 20 mẫu",
    ),
    ("model_selection.group_split", lambda: group_split(X5, Y5, G5 + 0.5, rng=RNG), ValueError, r"groups cần là nhãn"),
    (
        "model_selection.group_split",
        lambda: group_split(X5, Y5, Y5, rng=RNG),
        ValueError,
        r"groups chỉ có 2 nhóm: cần ít nhất ba",
    ),
    (
        "model_selection.cross_val_score",
        lambda: cross_val_score(FIT, X5, Y5, metric=mse, folds=[([0, 1, 7], [7, 1])]),
        ValueError,
        r"folds\[0\] rò rỉ: 2 mẫu vừa để học vừa để kiểm tra, ví dụ mẫu 1",
    ),
    (
        "model_selection.nested_cross_val_score",
        lambda: nested_cross_val_score(
            {"a": lambda X, y: lambda X: X[:, 0] * np.nan, "b": FIT}, X5, Y5, metric=mse, rng=RNG
        ),
        ValueError,
        r"điểm bên trong của learner 'a' cần nằm trong .* nhận được .*nan",
    ),
    (
        "model_selection.group_split",
        lambda: group_split(X5, Y5, G5, ratios=(0.5, 0.5, 0.5), rng=RNG),
        ValueError,
        r"ratios cần là ba số dương",
    ),
    (
        "model_selection.group_split",
        lambda: group_split(X5, Y5, G5, rng=None),
        TypeError,
        r"rng cần là .* nhận được None",
    ),
    ("model_selection.time_split", lambda: time_split(X5, Y5[:3]), ValueError, r"X có 20 mẫu nhưng y có 3 mẫu"),
    (
        "model_selection.time_split",
        lambda: time_split(X5[:2], Y5[:2]),
        ValueError,
        r"Tập .* không có mẫu nào: 2 mẫu chia theo tỷ lệ",
    ),
    (
        "model_selection.k_fold",
        lambda: k_fold(3, 4),
        ValueError,
        r"n_splits cần nhiều nhất là 3, số mẫu, nhưng nhận được 4",
    ),
    ("model_selection.k_fold", lambda: k_fold(3, 1), ValueError, r"n_splits cần ít nhất là 2, nhưng nhận được 1"),
    ("model_selection.k_fold", lambda: k_fold(1, 2), ValueError, r"n_samples cần ít nhất là 2"),
    ("model_selection.k_fold", lambda: k_fold(10, 2.0), TypeError, r"n_splits cần là số nguyên"),
    ("model_selection.k_fold", lambda: k_fold(10, 2, n_repeats=0, rng=RNG), ValueError, r"n_repeats cần ít nhất là 1"),
    (
        "model_selection.k_fold",
        lambda: k_fold(10, 2, n_repeats=2),
        TypeError,
        r"rng cần là một np\.random\.Generator, nhưng nhận được None",
    ),
    ("model_selection.k_fold", lambda: k_fold(10, 2, rng=0), TypeError, r"rng cần là một np\.random\.Generator"),
    (
        "model_selection.stratified_k_fold",
        lambda: stratified_k_fold([0, 0, 0, 1], 2),
        ValueError,
        r"n_splits cần nhiều nhất là 1, số mẫu của lớp ít nhất, nhưng nhận được 2",
    ),
    ("model_selection.stratified_k_fold", lambda: stratified_k_fold([0.5, 1, 0, 1], 2), ValueError, r"y cần là nhãn"),
    (
        "model_selection.stratified_k_fold",
        lambda: stratified_k_fold([[0], [1]], 2),
        ValueError,
        r"y cần có 1 chiều, nhưng có dạng \(2, 1\).*y\.ravel\(\)",
    ),
    (
        "model_selection.group_k_fold",
        lambda: group_k_fold(["a", "a", "b"], 3),
        ValueError,
        r"n_splits cần nhiều nhất là 2, số nhóm",
    ),
    ("model_selection.group_k_fold", lambda: group_k_fold(G5, 2, rng=1), TypeError, r"rng cần là"),
    (
        "model_selection.time_series_folds",
        lambda: time_series_folds(2, 2),
        ValueError,
        r"n_samples cần ít nhất là 3, nhưng nhận được 2",
    ),
    (
        "model_selection.time_series_folds",
        lambda: time_series_folds(3, 3),
        ValueError,
        r"n_splits cần nhiều nhất là 2, số mẫu trừ 1",
    ),
    (
        "model_selection.cross_val_score",
        lambda: cross_val_score(FIT, X5, Y5[:3], metric=mse),
        ValueError,
        r"X có 20 mẫu nhưng y có 3 mẫu",
    ),
    (
        "model_selection.cross_val_score",
        lambda: cross_val_score(FIT, X5, Y5, metric=mse, n_splits=21),
        ValueError,
        r"n_splits cần nhiều nhất là 20",
    ),
    (
        "model_selection.cross_val_score",
        lambda: cross_val_score(FIT, X5, Y5, metric=mse, folds=[]),
        ValueError,
        r"folds rỗng",
    ),
    (
        "model_selection.cross_val_score",
        lambda: cross_val_score(FIT, X5, Y5, metric=mse, folds=[([0, 1], [])]),
        ValueError,
        r"folds\[0\] cần là cặp hai mảng chỉ số khác rỗng",
    ),
    (
        "model_selection.cross_val_score",
        lambda: cross_val_score(FIT, X5, Y5, metric=mse, folds=[([0, 1], np.zeros(0, int))]),
        ValueError,
        r"folds\[0\] cần là cặp hai mảng chỉ số khác rỗng",
    ),
    (
        "model_selection.cross_val_score",
        lambda: cross_val_score(FIT, X5, Y5, metric=mse, folds=[([0, 1], [0.5])]),
        ValueError,
        r"folds\[0\] cần là cặp",
    ),
    (
        "model_selection.cross_val_score",
        lambda: cross_val_score(FIT, X5, Y5, metric=mse, folds=[([0], [1], [2])]),
        ValueError,
        r"folds\[0\] cần là cặp",
    ),
    (
        "model_selection.cross_val_score",
        lambda: cross_val_score(FIT, X5, Y5, metric=mse, folds=[([0, 1], [2]), ([0], [20])]),
        ValueError,
        r"folds\[1\] có chỉ số ra ngoài 0\.\.19: dữ liệu chỉ có 20 mẫu",
    ),
    (
        "model_selection.cross_val_score",
        lambda: cross_val_score(FIT, X5, Y5, metric=mse, folds=[([0, 1], [-1])]),
        ValueError,
        r"folds\[0\] có chỉ số ra ngoài",
    ),
    (
        "model_selection.cross_val_score",
        lambda: cross_val_score(lambda X, y: lambda X: X[:, :1], X5, Y5, metric=mse),
        ValueError,
        r"predict của learner cần trả về mảng dạng \(4,\), nhưng trả về dạng \(4, 1\).*ravel",
    ),
    (
        "model_selection.cross_val_score",
        lambda: cross_val_score(lambda X, y: lambda X: X[:2, 0], X5, Y5, metric=mse),
        ValueError,
        r"nhưng trả về dạng \(2,\)",
    ),
    (
        "model_selection.cross_val_score",
        lambda: cross_val_score(lambda X, y: lambda X: 1.0, X5, Y5, metric=mse),
        ValueError,
        r"nhưng trả về dạng \(\)",
    ),
    (
        "model_selection.cross_val_score",
        lambda: cross_val_score(FIT, X5, Y5, metric=mse, n_jobs=0),
        ValueError,
        r"n_jobs cần khác 0",
    ),
    (
        "model_selection.cross_val_score",
        lambda: cross_val_score(FIT, X5, Y5, metric=mse, n_jobs=1.5),
        TypeError,
        r"n_jobs cần là số nguyên",
    ),
    (
        "model_selection.nested_cross_val_score",
        lambda: nested_cross_val_score([FIT], X5, Y5, metric=mse, rng=RNG),
        TypeError,
        r"learners cần là dict tên -> learner",
    ),
    (
        "model_selection.nested_cross_val_score",
        lambda: nested_cross_val_score({}, X5, Y5, metric=mse, rng=RNG),
        TypeError,
        r"learners cần là dict",
    ),
    (
        "model_selection.nested_cross_val_score",
        lambda: nested_cross_val_score({"a": FIT}, X5, Y5, metric=mse, n_inner=17, rng=RNG),
        ValueError,
        r"n_inner cần nhiều nhất là 16, số mẫu huấn luyện của mỗi fold ngoài",
    ),
    (
        "model_selection.nested_cross_val_score",
        lambda: nested_cross_val_score({"a": FIT}, X5, Y5, metric=mse, rng=None),
        TypeError,
        r"rng cần là",
    ),
    (
        "model_selection.one_standard_error_rule",
        lambda: one_standard_error_rule([1.0, 2.0]),
        ValueError,
        r"scores cần có 2 chiều",
    ),
    (
        "model_selection.one_standard_error_rule",
        lambda: one_standard_error_rule([[1.0], [2.0]]),
        ValueError,
        r"số fold của scores cần ít nhất là 2",
    ),
    (
        "model_selection.one_standard_error_rule",
        lambda: one_standard_error_rule([[1.0, np.nan]]),
        ValueError,
        r"scores có 1 giá trị NaN",
    ),
    (
        "model_selection.bootstrap_interval",
        lambda: bootstrap_interval(Y5, Y5[:3], metric=accuracy, rng=RNG),
        ValueError,
        r"y_true có 20 mẫu nhưng y_pred có 3 mẫu",
    ),
    (
        "model_selection.bootstrap_interval",
        lambda: bootstrap_interval(Y5, Y5, metric=accuracy, confidence=1, rng=RNG),
        ValueError,
        r"confidence cần nằm trong \(0, 1\), nhưng nhận được 1",
    ),
    (
        "model_selection.bootstrap_interval",
        lambda: bootstrap_interval(Y5, Y5, metric=accuracy, confidence=0.0, rng=RNG),
        ValueError,
        r"confidence cần nằm trong \(0, 1\)",
    ),
    (
        "model_selection.bootstrap_interval",
        lambda: bootstrap_interval(Y5, Y5, metric=accuracy, n_rounds=0, rng=RNG),
        ValueError,
        r"n_rounds cần ít nhất là 1",
    ),
    (
        "model_selection.bootstrap_interval",
        lambda: bootstrap_interval(Y5, Y5, metric=accuracy, rng=None),
        TypeError,
        r"rng cần là",
    ),
    (
        "model_selection.bootstrap_interval",
        lambda: bootstrap_interval([], [], metric=accuracy, rng=RNG),
        ValueError,
        r"y_true rỗng",
    ),
    (
        "model_selection.bootstrap_score",
        lambda: bootstrap_score(FIT, X5[:1], Y5[:1], metric=mse, rng=RNG),
        ValueError,
        r"số mẫu cần ít nhất là 2, nhưng nhận được 1",
    ),
    (
        "model_selection.bootstrap_score",
        lambda: bootstrap_score(FIT, X5, Y5, metric=mse, rng=3),
        TypeError,
        r"rng cần là",
    ),
    (
        "model_selection.wilson_interval",
        lambda: wilson_interval(5, 4),
        ValueError,
        r"successes cần nhiều nhất là 4, nhưng nhận được 5",
    ),
    ("model_selection.wilson_interval", lambda: wilson_interval(-1, 4), ValueError, r"successes cần ít nhất là 0"),
    ("model_selection.wilson_interval", lambda: wilson_interval(0, 0), ValueError, r"n_samples cần ít nhất là 1"),
    (
        "model_selection.wilson_interval",
        lambda: wilson_interval(1, 4, confidence=95),
        ValueError,
        r"confidence cần nằm trong \(0, 1\), nhưng nhận được 95",
    ),
]


@pytest.mark.parametrize("name, call, error, words", FAULTS, ids=range(len(FAULTS)))
def test_bad_input_is_explained(name, call, error, words):
    with pytest.raises(error, match=words):
        call()
