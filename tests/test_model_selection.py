"""Chia tập: không giao nhau, phủ hết, đúng cỡ, giữ tỷ lệ lớp; chuẩn hóa chỉ nhìn tập huấn luyện."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlcourse import data
from mlcourse.model_selection import Split, standardizer, train_val_test_split

RATIOS = st.sampled_from([(0.7, 0.15, 0.15), (0.8, 0.1, 0.1), (0.6, 0.2, 0.2), (0.5, 0.3, 0.2), (1 / 3, 1 / 3, 1 / 3)])


def split_rows(y, seed=0, **options):
    """Chia với X là chỉ số hàng, để biết mẫu nào vào đâu."""
    y = np.asarray(y)
    rows = np.arange(len(y), dtype=float)[:, None]
    split = train_val_test_split(rows, y, rng=np.random.default_rng(seed), **options)
    parts = [X[:, 0].astype(int) for X in split[:3]]
    for part, labels in zip(parts, split[3:], strict=True):
        assert np.array_equal(labels, y[part])              # y đi cùng X của mình
    return parts


def largest_remainder(n, ratios):
    """Viết lại bằng phân số: phần nguyên, rồi từng mẫu còn lại cho phần dư lớn nhất, hòa thì tập trước."""
    exact = [n * Fraction(r).limit_denominator(1000) for r in ratios]
    counts = [int(e) for e in exact]
    order = sorted(range(3), key=lambda j: (counts[j] - exact[j], j))
    for j in order[:n - sum(counts)]:
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
    assert np.std(random) == pytest.approx(np.sqrt(150 * 0.02 * 0.98 * 850 / 999), rel=0.2)   # siêu bội


@pytest.mark.parametrize("stratify", [False, True])
def test_every_sample_is_equally_likely_anywhere_and_order_is_shuffled(stratify):
    y = np.repeat([0, 1], 10)
    in_test = np.zeros(20)
    for seed in range(2000):
        in_test[split_rows(y, seed, ratios=(0.6, 0.2, 0.2), stratify=stratify)[2]] += 1
    assert np.abs(in_test / 2000 - 0.2).max() < 0.04         # hơn bốn lần sai số chuẩn
    train = split_rows(np.repeat([0, 1], 100), stratify=stratify)[0]
    assert 20 < np.abs(np.diff(train >= 100)).sum()          # các lớp xen nhau, không thành từng khối


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
    expected.X_train[:] = -1                                 # mảng mới: sửa tập con không đụng dữ liệu gốc
    assert X.min() >= 0 and isinstance(expected, Split)


def test_real_data_and_real_valued_targets():
    cancer, diabetes = data.load_breast_cancer(), data.load_diabetes()
    split = train_val_test_split(cancer.X, cancer.y, rng=np.random.default_rng(0), stratify=True)
    assert repr(split) == "Split(huấn luyện 398 mẫu, xác thực 86, kiểm tra 85)"
    assert [int(y.sum()) for y in split[3:]] == [148, 32, 32]   # 212 · (0.7, 0.15, 0.15) = 148.4, 31.8, 31.8
    split = train_val_test_split(diabetes.X, diabetes.y, rng=np.random.default_rng(0))
    assert split.y_train.dtype == np.float64 and len(split.y_test) == 66


# ---- chuẩn hóa ----


def test_standardizer_equals_scikit_learn():
    preprocessing = pytest.importorskip("sklearn.preprocessing", reason="cần scikit-learn để so")
    for X in (data.load_breast_cancer().X, data.load_digits().X):    # digits có cột luôn bằng 0
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
    constant = standardizer([[0.1], [0.1], [0.1]])           # trung bình làm tròn không được thành chia cho 1e-17
    np.testing.assert_allclose(constant([[0.1], [0.6]]), [[0], [0.5]], atol=1e-15)
    source = X.copy()
    remembered = standardizer(source)
    source[:] = 0                                            # sửa dữ liệu sau đó không đổi phép chuẩn hóa
    assert np.array_equal(remembered(X), Z)


X5, Y5, RNG = np.ones((20, 2)), np.arange(20) % 2, np.random.default_rng(0)


def split(X=X5, y=Y5, **options):
    return train_val_test_split(X, y, **{"rng": RNG, **options})


@pytest.mark.parametrize("call, error, words", [
    (lambda: split(X=X5[:, 0]), ValueError, r"X cần có 2 chiều, nhưng có dạng \(20,\)"),
    (lambda: split(X=np.ones((0, 2)), y=[]), ValueError, r"X rỗng"),
    (lambda: split(X=X5 * np.nan), ValueError, r"X có 40 giá trị NaN"),
    (lambda: split(X=[["a"]] * 20), TypeError, r"X cần là mảng số"),
    (lambda: split(y=Y5[:7]), ValueError, r"X có 20 mẫu nhưng y có 7 mẫu"),
    (lambda: split(y=Y5[:, None]), ValueError, r"y cần có 1 chiều, nhưng có dạng \(20, 1\)\. Hãy dùng y\.ravel\(\)"),
    (lambda: split(y=np.full(20, np.inf)), ValueError, r"y có 20 giá trị NaN hoặc vô cực"),
    (lambda: split(y=np.linspace(0, 1, 20), stratify=True), ValueError, r"y cần là nhãn .* nhưng có giá trị 0\.05"),
    (lambda: split(ratios=(0.7, 0.2, 0.2)), ValueError, r"ratios cần là ba số dương có tổng bằng 1.*tổng 1\.1"),
    (lambda: split(ratios=(0.8, 0.2)), ValueError, r"ratios cần là ba số dương có tổng bằng 1"),
    (lambda: split(ratios=(0.8, 0.2, 0.0)), ValueError, r"ratios cần là ba số dương"),
    (lambda: split(ratios=(1.2, -0.1, -0.1)), ValueError, r"ratios cần nằm trong \[0, 1\], nhưng có giá trị -0\.1"),
    (lambda: split(ratios=(np.nan, 0.5, 0.5)), ValueError, r"ratios có 1 giá trị NaN"),
    (lambda: split(ratios="70/15/15"), TypeError, r"ratios cần là mảng số"),
    (lambda: split(X=X5[:3], y=Y5[:3]), ValueError, r"Tập kiểm tra không có mẫu nào: 3 mẫu chia theo tỷ lệ"),
    (lambda: split(rng=0), TypeError, r"rng cần là một np\.random\.Generator"),
    (lambda: train_val_test_split(X5, Y5), TypeError, r"rng"),
    (lambda: standardizer([1.0, 2.0]), ValueError, r"X_train cần có 2 chiều"),
    (lambda: standardizer([[np.inf]]), ValueError, r"X_train có 1 giá trị NaN hoặc vô cực"),
    (lambda: standardizer(X5)(np.ones((2, 3))), ValueError, r"X có 3 cột nhưng X_train có 2 cột"),
    (lambda: standardizer(X5)([1.0, 2.0]), ValueError, r"X cần có 2 chiều"),
])
def test_bad_input_is_explained(call, error, words):
    with pytest.raises(error, match=words):
        call()
