"""Chia tập, fold, xác thực chéo, khoảng tin cậy: so với scikit-learn, SciPy, và với luật viết lại bằng tay."""

import copy
import decimal
import re
from fractions import Fraction
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlcourse import data, metrics, models
from mlcourse.bias_variance import bagging, bias_variance, bootstrap_bias_variance
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
    *(
        ("model_selection.train_val_test_split", lambda value=value: split(stratify=value), TypeError, words)
        for value in (Y5, "y", None, 1)
        for words in (
            r"stratify cần là True hoặc False, nhưng nhận được .* Hãy viết stratify=True để phân tầng theo y",
        )
    ),
    (
        "model_selection.bootstrap_interval",
        lambda: bootstrap_interval(Y5, Y5, metric=accuracy, rng=RNG, stratify=Y5),
        TypeError,
        r"stratify cần là True hoặc False, .* phân tầng theo y_true",
    ),
    (
        "model_selection.bootstrap_interval",
        lambda: bootstrap_interval(Y5 / 3, Y5, metric=mse, rng=RNG, stratify=True),
        ValueError,
        r"y_true cần là nhãn",
    ),
    ("model_selection.k_fold", lambda: k_fold(10**400), ValueError, r"n_samples cần nhiều nhất là 1000000000"),
    (
        "model_selection.time_series_folds",
        lambda: time_series_folds(10**400),
        ValueError,
        r"n_samples cần nhiều nhất là 1000000000",
    ),
    *(
        (
            "model_selection.cross_val_score",
            lambda fold=fold: cross_val_score(FIT, X5, Y5, metric=mse, folds=[fold]),
            ValueError,
            r"folds\[0\] cần là cặp hai mảng chỉ số khác rỗng \(train, test\), nhưng nhận được ",
        )
        for fold in (3, [[[0, 1]], [[2]]], ([True] * 20, [False] * 20), "ab", ([0], None))
    ),
    (
        "model_selection.cross_val_score",
        lambda: cross_val_score(FIT, X5, Y5, metric=mse, folds={"train": [0]}),
        TypeError,
        r"folds cần là dãy cặp chỉ số \(train, test\), nhưng nhận được \{'train': \[0\]\}",
    ),
    (
        "model_selection.nested_cross_val_score",
        lambda: nested_cross_val_score({"a": FIT, 1: None}, X5, Y5, metric=mse, rng=RNG),
        TypeError,
        r"learners\[1\] cần là hàm của \(X, y\), nhưng nhận được None",
    ),
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
        r"y cần có 1 chiều, nhưng có dạng \(20, 1\)\. Hãy dùng np\.ravel\(y\)",
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
        r"ratios cần là ba số dương có tổng bằng 1.*nhận được \[1\.2, -0\.1, -0\.1\]",
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
            {"a": lambda X, y: lambda X: X[:, 0], "b": FIT}, X5, Y5, metric=lambda y, p: np.nan, rng=RNG
        ),
        ValueError,
        r"metric\(y_true, y_pred\) cần nằm trong .* nhận được .*nan",
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
        r"n_splits cần ít nhất là 2, nhưng số mẫu của lớp ít nhất chỉ là 1",
    ),
    ("model_selection.stratified_k_fold", lambda: stratified_k_fold([0.5, 1, 0, 1], 2), ValueError, r"y cần là nhãn"),
    (
        "model_selection.stratified_k_fold",
        lambda: stratified_k_fold([[0], [1]], 2),
        ValueError,
        r"y cần có 1 chiều, nhưng có dạng \(2, 1\).*np\.ravel\(y\)",
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
        r"predict\(X\) của learner cần trả về mảng dạng \(4,\), nhưng trả về dạng \(4, 1\).*ravel",
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


# ---- hàm của người dùng: sai thì báo bằng tiếng Việt, và làm theo lời báo thì chạy ----


def said(call, error=TypeError):
    with pytest.raises(error) as caught:
        call()
    return str(caught.value)


def followed(message, pattern, **names):
    """Đoạn mã mà lời báo bảo viết, tính ra giá trị."""
    return eval(re.search(pattern, message)[1], {"np": np, "metrics": metrics, "models": models, **names})


def entries(fit):
    """Mọi hàm nhận một learner."""
    options = {"metric": mse, "rng": np.random.default_rng(0)}
    X, y, rng = DIABETES.X[:30], DIABETES.y[:30], options["rng"]
    return {
        "cross_val_score": lambda: cross_val_score(fit, X, y, metric=mse),
        "nested_cross_val_score": lambda: nested_cross_val_score({"a": fit}, X, y, **options),
        "bootstrap_score": lambda: bootstrap_score(fit, X, y, n_rounds=3, **options),
        "bias_variance": lambda: bias_variance(fit, lambda rng: (X, y), lambda X: X[:, 0], X, noise_std=1, rng=rng),
        "bootstrap_bias_variance": lambda: bootstrap_bias_variance(fit, X, y, X, y, n_rounds=3, rng=rng),
        "bagging": lambda: bagging(fit, n_bags=2, rng=rng)(X, y)(X),
    }


@pytest.mark.parametrize("name", entries(None))
def test_a_learner_that_is_not_a_function_is_explained_everywhere(name):
    linear_model = pytest.importorskip("sklearn.linear_model", reason="cần scikit-learn để thử")
    pipeline, preprocessing = (pytest.importorskip(f"sklearn.{part}") for part in ("pipeline", "preprocessing"))
    who = "learners\\['a'\\]" if name.startswith("nested") else "fit"
    Linear, given, returned = linear_model.LinearRegression, rf"^{who} cần là hàm của \(X, y\)", rf"kết quả của {who}\("
    long = pipeline.make_pipeline(preprocessing.StandardScaler(), linear_model.Ridge(alpha=0.123, solver="svd"))
    for fit, words, model in [
        (Linear(), given, None),
        (Linear, given, None),
        (Linear().fit, returned, None),
        (lambda X, y: Linear().fit(X, y), returned, None),
        (long, given, long),
    ]:
        message = said(entries(fit)[name])
        assert re.search(words, message), message
        learner = followed(message, r"Hãy viết (lambda.*predict) \(", LinearRegression=Linear, copy=copy, model=model)
        entries(learner)[name]()
        first, second = (learner(DIABETES.X[i:9], DIABETES.y[i:9]) for i in (0, 3))
        assert not np.array_equal(first(DIABETES.X[:2]), second(DIABETES.X[:2]))  # mỗi lần gọi một mô hình mới
    for fit, words in [
        (None, given),
        ("ridge", given),
        (models.ridge, given),  # quên gọi: models.ridge(0.1)
        (lambda X, y: y, returned),
        (lambda X, y: None, returned),
        (lambda X, y: lambda: 0, returned),
    ]:
        message = said(entries(fit)[name])
        assert re.search(words, message), message
        entries(followed(message, r"như (models\.ridge\(0\.1\))"))[name]()


class Memo:  # estimator tự viết, không phải của scikit-learn
    def fit(self, X, y):
        self.mean = y.mean()
        return self

    def predict(self, X):
        return np.full(len(X), self.mean)


def test_a_home_made_estimator_is_copied():
    message = said(lambda: cross_val_score(Memo(), X5, Y5, metric=mse))
    learner = followed(message, r"Hãy viết (lambda.*predict) \(", copy=copy, model=Memo())
    assert cross_val_score(learner, X5, Y5, metric=mse).shape == (5,)


def test_what_predict_returns_is_checked():
    for name in entries(None):
        constant = lambda value, name=name: entries(lambda X, y: lambda X_new: value(len(X_new)))[name]
        for value in (lambda n: np.zeros((n, 1)), lambda n: np.zeros(n + 1), lambda n: 0.0):
            assert "predict(X) của learner cần trả về mảng dạng (" in said(constant(value), ValueError)
        assert "predict(X) cần là một dãy, nhưng nhận được NoneType" in said(constant(lambda n: None))
        for value in (lambda n: np.full(n, np.nan), lambda n: np.full(n, np.inf)):
            assert re.match(r"predict\(X\) có \d+ giá trị NaN hoặc vô cực", said(constant(value), ValueError))
    words = np.array(["a", "b"])[Y5]
    scores = cross_val_score(lambda X, y: lambda X: np.full(len(X), "a"), X5, words, metric=accuracy)
    assert scores.tolist() == [0.5] * 5  # nhãn chuỗi vẫn là dự đoán, khi metric hiểu chúng


@pytest.mark.parametrize(
    "scorer, name",
    [
        ("accuracy", "accuracy_score"),
        ("f1", "f1_score"),
        ("roc_auc", "roc_auc_score"),
        ("neg_mean_squared_error", "mean_squared_error"),
        ("neg_brier_score", "brier_score_loss"),
        ("neg_log_loss", "log_loss"),
        ("r2", "r2_score"),
        ("my_own", None),
    ],
)
def test_a_scorer_of_scikit_learn_is_answered_with_a_metric(scorer, name):
    guess = lambda X, y: lambda X_new: X_new[:, 0]
    X, y = np.tile([[0.25], [0.75]], (10, 1)) if name != "accuracy_score" else Y5[:, None], Y5
    X = Y5[:, None] * 1.0 if name in ("accuracy_score", "f1_score") else X
    message = said(lambda: cross_val_score(guess, X, y, metric=scorer))
    metric = followed(message, r"Hãy viết metric=(.*)\.$")
    expected = getattr(metrics, name) if name else (lambda y, p: np.mean(y != p))
    assert np.array_equal(cross_val_score(guess, X, y, metric=metric), cross_val_score(guess, X, y, metric=expected))
    message = said(lambda: nested_cross_val_score({"a": guess}, X, y, metric=scorer, rng=RNG))
    smaller = followed(message, r"Hãy viết metric=(.*)\.$")  # càng nhỏ càng tốt: điểm thì đổi dấu
    p = X[:, 0]
    assert smaller(y, p) == (-1 if str(name).endswith("_score") else 1) * expected(y, p)
    assert "metric cần là hàm của (y_true, y_pred)" in said(lambda: bootstrap_interval(y, y, metric=scorer, rng=RNG))
    assert "metric cần là hàm của (y_true, y_pred)" in said(
        lambda: bootstrap_score(guess, X, y, metric=scorer, rng=RNG)
    )


def measures(metric, **options):
    """Mọi hàm nhận một metric."""
    rng, yes = np.random.default_rng(0), lambda X, y: lambda X_new: X_new[:, 0]
    X = Y5[:, None] * 1.0
    return {
        "cross_val_score": lambda: cross_val_score(yes, X, Y5, metric=metric),
        "nested_cross_val_score": lambda: nested_cross_val_score({"a": yes}, X, Y5, metric=metric, rng=rng, n_inner=2),
        "bootstrap_score": lambda: bootstrap_score(yes, X, Y5, metric=metric, n_rounds=3, rng=rng),
        "bootstrap_interval": lambda: bootstrap_interval(Y5, Y5, metric=metric, n_rounds=9, rng=rng),
    }


@pytest.mark.parametrize("name", measures(None))
def test_what_metric_returns_is_checked(name):
    both = lambda y, p: {"mse": mse(y, p), "acc": accuracy(y, p)}
    message = said(measures(both)[name])
    metric = followed(message, r"Hãy bọc lại: metric=(.*)\.$", metric=both)
    measures(metric)[name]()
    for value in (None, "0.9", ["a"]):
        message = said(measures(lambda y, p, value=value: value)[name])
        assert " cần là " in message and "Hãy trả về một số, như np.mean(y_true != y_pred)" in message
    if name == "cross_val_score":
        assert measures(lambda y, p: [1, np.nan])[name]().shape == (5, 2)
        return
    assert "nan" in said(measures(lambda y, p: np.nan)[name], ValueError)
    recalls = lambda y, p: metrics.recall_score(y, p, average=None)
    message = said(measures(recalls)[name])
    assert "thiếu một lớp thì các thành phần lệch chỗ" in message
    assert np.all(measures(followed(message, r"metric=(.*)\.$", metric=recalls))[name]()[0] == 1)
    errors = lambda y, p: np.abs(y - p)
    message = said(lambda: bootstrap_interval(Y5 / 3, Y5 / 2, metric=errors, rng=RNG))
    mean = followed(message, r"Hãy lấy trung bình: metric=(.*)\.$", metric=errors)
    assert bootstrap_interval(Y5 / 3, Y5 / 2, metric=mean, rng=RNG).low > 0


def test_folds_with_other_classes_give_other_shapes():
    y = np.repeat([0, 1, 2], [10, 6, 4])
    recalls = lambda y, p: metrics.recall_score(y, p, average=None, zero_division=0)
    right = lambda X, y: lambda X_new: X_new[:, 0].astype(int)
    rows = y[:, None] * 1.0
    message = said(lambda: cross_val_score(right, rows, y, metric=recalls), ValueError)
    assert re.search(r"dạng \(1,\) ở fold 0 nhưng dạng \(2,\) ở fold 2.*không có mẫu nào của lớp 1", message)
    folds = followed(message, r"folds=(stratified_k_fold.*)\.$", stratified_k_fold=stratified_k_fold, y=y)
    assert np.array_equal(cross_val_score(right, rows, y, metric=recalls, folds=folds), np.ones((4, 3)))
    message = said(lambda: cross_val_score(FIT, X5[:19], X5[:19, 0] / 3, metric=lambda y, p: y - p), ValueError)
    assert "lớp" not in message and "Hãy để metric trả về một số" in message


# ---- một phần thiếu lớp ----


def test_a_resample_without_a_class_is_not_blamed_on_the_data():
    y, score = np.repeat([0, 1], [30, 1]), np.arange(31.0)
    with pytest.raises(ValueError) as caught:
        bootstrap_interval(y, score, metric=metrics.roc_auc_score, rng=np.random.default_rng(0))
    message = str(caught.value)
    assert (
        "Đo được trên cả dữ liệu, trên một phần lấy ra thì không" in message
        and "không có mẫu nào của lớp 1. Hãy dùng stratify=True" in message
    )
    assert "y_true chỉ có một lớp (0)" in message and "y_true chỉ có một lớp (0)" in str(caught.value.__cause__)
    assert bootstrap_interval(y, score, metric=metrics.roc_auc_score, stratify=True, rng=np.random.default_rng(0)) == (
        1.0,
        1.0,
    )
    nan = lambda y, p: np.nan if len(set(y)) < 2 else 1.0  # scikit-learn trả về nan thay vì báo lỗi
    assert "lớp 1. Hãy dùng stratify=True" in said(lambda: bootstrap_interval(y, y, metric=nan, rng=RNG), ValueError)
    broken = said(lambda: bootstrap_interval(y, y, metric=lambda y, p: y @ p[:3], rng=RNG), ValueError)
    assert "Đo được" not in broken  # metric hỏng cả trên mọi dữ liệu: lỗi của chính nó


def test_stratified_resamples_keep_every_class_count_and_the_interval_of_a_hand_loop():
    theirs = pytest.importorskip("sklearn.metrics", reason="cần scikit-learn để so")
    rng = np.random.default_rng(1)
    y = np.repeat(["âm", "dương", "khác"], [9, 4, 2])
    seen = []
    bootstrap_interval(y, y, metric=lambda y, p: seen.append(y) or 0.0, n_rounds=50, rng=rng, stratify=True)
    counts = [np.unique(y_seen, return_counts=True)[1].tolist() for y_seen in seen]
    assert counts == [[4, 2, 9]] * 50 and len({tuple(p) for p in seen}) == 1
    y = np.repeat([0, 1], [60, 12])
    score = rng.normal(size=72) + y
    ours = bootstrap_interval(y, score, metric=metrics.roc_auc_score, n_rounds=3000, rng=rng, stratify=True)
    aucs = []
    for _ in range(3000):
        rows = np.concatenate([rng.integers(0, 60, 60), rng.integers(60, 72, 12)])
        aucs.append(theirs.roc_auc_score(y[rows], score[rows]))
    np.testing.assert_allclose(ours, np.quantile(aucs, [0.025, 0.975]), atol=0.01)


def test_a_fold_or_a_bag_without_a_class_says_what_to_do():
    y = np.repeat([0, 1], [17, 3])
    X = np.arange(20.0)[:, None]
    fit = lambda X, y: lambda X_new: X_new[:, 0]
    options = {"metric": metrics.roc_auc_score, "rng": np.random.default_rng(0)}
    for call in (
        lambda: cross_val_score(fit, X, y, metric=metrics.roc_auc_score),
        lambda: bootstrap_score(fit, X, y, **options),
        lambda: nested_cross_val_score({"a": fit}, X, y, **options),
    ):
        message = said(call, ValueError)
        assert (
            "Đo được trên cả dữ liệu, trên một phần lấy ra thì không" in message
            and "không có mẫu nào của lớp 1" in message
        )
        folds = followed(message, r"folds=(stratified.*?\))\.", stratified_k_fold=stratified_k_fold, y=y)
        assert cross_val_score(fit, X, y, metric=metrics.roc_auc_score, folds=folds).tolist() == [1.0] * len(folds)
    alone = np.repeat([0, 1], [19, 1])
    assert "Hãy thêm mẫu của lớp ấy" in said(lambda: bootstrap_score(fit, X, alone, **options), ValueError)


# ---- folds, ratios, stratify ----


def test_splitters_of_scikit_learn_and_other_folds():
    selection = pytest.importorskip("sklearn.model_selection", reason="cần scikit-learn để thử")
    score = lambda folds: cross_val_score(FIT, X5, Y5, metric=mse, folds=folds)
    expected = score(list(selection.KFold(3).split(X5)))
    for splitter in (selection.KFold(3), selection.GroupKFold(3), selection.StratifiedKFold(3)):
        code = re.search(r"Hãy viết folds=(.*)\.$", said(lambda s=splitter: score(s)))[1]
        folds = eval(code, {**vars(selection), "X": X5, "y": Y5, "groups": G5})
        assert len(score(folds)) == 3
    assert "Hãy viết n_splits=3." in said(lambda: score(3))
    assert "Hãy viết folds=k_fold(len(y), 5)." in said(lambda: score("abc"))
    assert all(
        "Hãy viết folds=k_fold(len(y), 5)." in said(lambda folds=folds: score(folds)) for folds in (0, -1, True, 2.5)
    )
    pairs = k_fold(20, 3)
    for folds in (iter(pairs), tuple(pairs), [[a.tolist(), b.tolist()] for a, b in pairs], zip(*zip(*pairs))):
        assert np.array_equal(score(folds), expected)
    masks = [(np.arange(20) < 15, np.arange(20) >= 15)]
    message = said(lambda: score(masks), ValueError)
    assert "mặt nạ True/False thì đổi trước, np.flatnonzero(train)" in message
    assert len(score([tuple(map(np.flatnonzero, pair)) for pair in masks])) == 1
    train, test = pairs[0]
    message = said(lambda: score((train, test)), ValueError)
    assert len(score(followed(message, r"Hãy viết folds=(\[.*?\]);", train=train, test=test))) == 1


@pytest.mark.parametrize("ratios, total", [((0.333333,) * 3, "0.999999"), ((70, 15, 15), "100")])
def test_ratios_that_do_not_sum_to_one_are_divided(ratios, total):
    message = said(lambda: split(ratios=ratios), ValueError)
    assert f"(tổng {total})" in message and "logit" not in message
    shares = followed(message, r"chia cho tổng: (.*)\.$", ratios=ratios)
    assert len(split(ratios=shares).y_train) == (14 if total == "100" else 7)
    rounded = [np.float32([0.7, 0.15, 0.15]), (0.3333333, 0.3333333, 0.3333333)]  # chỉ là làm tròn
    assert [len(split(ratios=ratios).y_train) for ratios in rounded] == [14, 7]


# ---- cỡ rất lớn, rất nhỏ ----


def test_standardizer_at_any_scale():
    rng = np.random.default_rng(2)
    X, new = rng.normal(1, 3, (50, 4)), rng.normal(0, 5, (9, 4))
    plain = lambda X, new: (new - X.mean(axis=0)) / X.std(axis=0)
    for scale in (1.0, 1e-9, 1e9, [1.0, 1e-30, 1e30, 3.0]):  # cỡ thường: đúng từng bit như công thức
        assert np.array_equal(standardizer(X * scale)(new * scale), plain(X * scale, new * scale))
    for scale in (1e-300, 1e-200, 1e200, 1e300):
        np.testing.assert_allclose(standardizer(X * scale)(new * scale), plain(X, new), rtol=1e-12, atol=1e-12)
    huge, tiny = np.finfo(float).max, 5e-324
    assert standardizer([[-huge], [huge]])([[0.0], [huge]]).tolist() == [[0], [1]]
    assert standardizer([[0.0], [tiny]])([[0.0], [tiny]]).tolist() == [[-1], [1]]
    constant = standardizer([[huge, tiny, 0.1]] * 3)  # cột không đổi: chỉ trừ
    assert constant([[huge, 1.0, 0.1], [0.0, 2.0, 1.1]]).tolist() == [[0, 1, 0], [-huge, 2, 1]]


@pytest.mark.parametrize("scale", [1e-200, 1e200])
def test_one_standard_error_rule_at_any_scale(scale):
    for scores in ([[2.6] * 8, [1, 3, 1, 3, 1, 3, 1, 3]], [[2.3] * 8, [1, 3, 1, 3, 1, 3, 1, 3]]):
        assert one_standard_error_rule(np.multiply(scores, scale)) == one_standard_error_rule(scores)
    assert one_standard_error_rule([[scale * 1e100 if scale > 1 else 9.0] * 2, [1.0, 3.0]]) == 1


def test_wilson_interval_is_accurate_everywhere():
    decimal.getcontext().prec = 60
    D = decimal.Decimal
    for n in (1, 7, 1000, 10**8, 10**12, 10**15):
        for k in {0, 1, 2, n // 3, n // 2, n - 1, n}:
            for confidence in (0.5, 0.95, 1 - 1e-9, 1 - 1e-16):
                if not 0 <= k <= n:
                    continue
                z2 = D(NormalDist().inv_cdf((1 - confidence) / 2)) ** 2
                p = D(k) / n
                center, half = p + z2 / (2 * n), (z2 * (p * (1 - p) / n + z2 / (4 * D(n) ** 2))).sqrt()
                low, high = (center - half) / (1 + z2 / n), (center + half) / (1 + z2 / n)
                ours = wilson_interval(k, n, confidence=confidence)
                assert abs(D(ours.low) - low) <= D("1e-13") * low + D("1e-40")
                assert abs(D(ours.high) - high) <= D("1e-13") * high
                assert 0 <= ours.low <= k / n <= ours.high <= 1
    n = 10**400
    assert (
        wilson_interval(n // 2, n) == (0.5, 0.5) and wilson_interval(n, n) == (1, 1) and wilson_interval(0, n)[0] == 0
    )


def test_a_column_of_predictions_does_not_meet_the_truth_as_a_table():
    with pytest.raises(
        ValueError, match=r"y_pred cần có 1 chiều, nhưng có dạng \(4, 1\)\. Hãy dùng np\.ravel\(y_pred\)"
    ):
        bootstrap_interval([0.5, 1, 2, 3], np.ones((4, 1)), metric=mse, rng=np.random.default_rng(0))


def test_edges_that_nothing_guarded():
    with pytest.raises(ValueError, match="n_splits cần ít nhất là 2, nhưng nhận được 1"):
        time_series_folds(9, 1)
    constant = standardizer([[1e300, 1.0], [1e300, 3.0]])
    assert constant([[1e300, 3.0], [1.5e300, 1.0]]).tolist() == [[0.0, 1.0], [5e299, -1.0]]


def test_an_error_of_the_learner_is_its_own_on_whole_number_targets():
    y = DIABETES.y[:40]  # số thực mà tròn: đích của hồi quy, không phải lớp
    for fit, words in (
        (models.knn(36), "^n_neighbors cần nhiều nhất là 32"),
        (models.polynomial(5), "X cần có đúng 1 cột"),
    ):
        with pytest.raises(ValueError, match=words):
            cross_val_score(fit, DIABETES.X[:40], y, metric=mse)


class Mean:
    """Một lớp làm learner: học trong ``__init__``, đoán trong ``__call__``."""

    def __init__(self, X, y):
        self.mean = y.mean()

    def __call__(self, X):
        return np.full(len(X), self.mean)

    def few(self, X):
        return self

    def fit(self, X, y):
        return Mean(X, y)


def test_whatever_can_be_called_is_a_learner():
    expected = cross_val_score(lambda X, y: lambda X_new: np.full(len(X_new), y.mean()), X5, Y5, metric=mse)
    for fit in (Mean, Mean(X5, Y5).fit):
        assert np.array_equal(cross_val_score(fit, X5, Y5, metric=mse), expected)
    with pytest.raises(TypeError, match=r"fit cần là hàm của \(X, y\)"):
        cross_val_score(Mean(X5, Y5).few, X5, Y5, metric=mse)


def test_one_number_in_any_form_is_a_score():
    for score in (np.array([0.5]), np.True_, np.float32(0.5), True):
        low, high = bootstrap_interval(
            Y5, Y5, metric=lambda y, p, score=score: score, n_rounds=5, rng=np.random.default_rng(0)
        )
        assert low == high == float(np.ravel(score)[0])
