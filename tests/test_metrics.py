"""Chỉ số đánh giá: bằng scikit-learn đến 1e-12, AUC bằng đếm từng cặp, và lỗi nào cũng được giải thích."""

import inspect
import tracemalloc
import warnings
from decimal import Decimal, localcontext
from fractions import Fraction
from math import isnan

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlcourse import _blocks, metrics

sk = pytest.importorskip("sklearn.metrics", reason="cần scikit-learn làm chuẩn để so")
from sklearn.calibration import calibration_curve as sk_calibration_curve  # noqa: E402

PER_LABEL = ["precision_score", "recall_score", "f1_score", "fbeta_score"]
ON_LABELS = [
    *PER_LABEL,
    "accuracy_score",
    "balanced_accuracy_score",
    "matthews_corrcoef",
    "confusion_matrix",
    "specificity_score",
]
ON_SCORES = ["roc_curve", "roc_auc_score", "precision_recall_curve", "average_precision_score"]
ON_PROBABILITIES = ["log_loss", "brier_score_loss", "calibration_curve"]
ON_NUMBERS = [
    "mean_squared_error",
    "root_mean_squared_error",
    "mean_absolute_error",
    "mean_absolute_percentage_error",
    "r2_score",
]
ALL = [*ON_LABELS, *ON_SCORES, *ON_PROBABILITIES, *ON_NUMBERS]
WEIGHTED = [name for name in ALL if name not in ON_NUMBERS and name != "calibration_curve"]

cases = settings(max_examples=60, deadline=None, derandomize=True)
seeds = st.integers(0, 2**32 - 1)


def ours(name, *args, **options):
    return getattr(metrics, name)(*args, **({"beta": 0.7} if name == "fbeta_score" else {}), **options)


def theirs(name, *args, **options):
    if name == "fbeta_score":
        options["beta"] = 0.7
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # scikit-learn cảnh báo nơi ta báo lỗi
        return getattr(sk, name)(*args, **options)


def same(a, b, tolerance=1e-12):
    """Cùng dạng, cùng số (nan bằng nan), cho một số, một mảng hay một bộ mảng."""
    if isinstance(a, tuple):
        assert len(a) == len(b)
        return all(same(x, y, tolerance) for x, y in zip(a, b, strict=True))
    assert np.shape(a) == np.shape(b), (a, b)
    np.testing.assert_allclose(a, b, rtol=tolerance, atol=tolerance)
    return True


def public_functions():
    return {
        name
        for name, f in vars(metrics).items()
        if inspect.isfunction(f) and f.__module__ == metrics.__name__ and name[0] != "_"
    }


def test_every_public_function_is_in_the_tables():
    assert public_functions() == set(ALL)
    assert public_functions() == {name for name, *_ in FAULTS}


@pytest.mark.parametrize("name", sorted(set(ALL) - {"specificity_score", "calibration_curve"}))
def test_arguments_are_those_of_scikit_learn(name):
    mine, reference = (inspect.signature(getattr(m, name)).parameters for m in (metrics, sk))
    names = [
        "y_proba" if k in {"y_pred", "y_prob"} and "y_proba" in mine else k for k in reference
    ]  # tên trước bản 1.9
    ours_alone = {"pos_label"} if name in ("roc_auc_score", "log_loss") else set()
    assert [k for k in dict.fromkeys(names) if k in mine] == [
        k for k in mine if k not in ours_alone
    ]  # cùng tên, thứ tự
    for key, parameter in mine.items():
        if key not in {"zero_division", "y_proba"} | ours_alone:
            assert parameter.default == reference[key].default
            assert parameter.kind == reference[key].kind


@pytest.mark.parametrize("name", ALL)
def test_docstring_has_an_example_and_names_its_source(name):
    doc = inspect.getdoc(getattr(metrics, name))
    assert ">>> " in doc and "Nguồn:" in doc
    if name in PER_LABEL + ON_SCORES + [
        "r2_score",
        "matthews_corrcoef",
        "specificity_score",
        "confusion_matrix",
        "log_loss",
        "mean_absolute_percentage_error",
    ]:
        assert doc.splitlines()[-1].startswith("Khác scikit-learn")


# ---- Trên nhãn ----

KINDS = {
    "int": lambda k: k,
    "negative": lambda k: k - 1,
    "bool": lambda k: k > 0,
    "str": lambda k: np.array(["bò", "chó", "mèo", "voi"])[k],
    "float": lambda k: k.astype(float),
    "large": lambda k: 1000 * k + 7,
    "int8": lambda k: (k + 100).astype(np.int8),
    "uint64": lambda k: k.astype(np.uint64),
    "object": lambda k: np.array(["x", "yy", "z", "t"], dtype=object)[k],
}


@st.composite
def labelled(draw, classes=None):
    """(y_true, y_pred, trọng số hoặc None): ít mẫu, lệch lớp, thiếu lớp, mọi kiểu nhãn."""
    rng = np.random.default_rng(draw(seeds))
    k = classes or draw(st.integers(2, 4))
    kind = draw(st.sampled_from([kind for kind in KINDS if kind != "bool" or k == 2]))
    n = draw(st.integers(2, 40))
    share = rng.dirichlet(np.full(k, draw(st.sampled_from([0.2, 1.0, 10.0]))))
    codes = rng.choice(k, (2, n), p=share)
    codes[:, 0] = 0, k - 1
    codes[0, 1] = k - 1
    weight = draw(st.sampled_from([None, rng.integers(0, 4, n) + (np.arange(n) < 2), rng.random(n) + 1e-3]))
    return KINDS[kind](codes[0]), KINDS[kind](codes[1]), weight


def plain(y):
    """scikit-learn không nhận nhãn uint64 âm hay object lẫn lộn: đưa về kiểu thường của nó."""
    return y.astype(str) if y.dtype.kind == "O" else y.astype(np.int64) if y.dtype.kind == "u" else y


@cases
@given(
    labelled(),
    st.sampled_from(["macro", "micro", "weighted", None]),
    st.sampled_from([0, 1, np.nan]),
    st.sampled_from(PER_LABEL),
)
def test_multiclass_scores_equal_scikit_learn(data, average, zero_division, name):
    y, p, w = data
    options = {"average": average, "zero_division": zero_division, "sample_weight": w}
    assert same(ours(name, y, p, **options), theirs(name, plain(y), plain(p), **options))


@cases
@given(labelled(classes=2), st.sampled_from([0, 1, np.nan]), st.booleans(), st.sampled_from(PER_LABEL))
def test_binary_scores_equal_scikit_learn(data, zero_division, first, name):
    y, p, w = data
    options = {
        "pos_label": np.unique(plain(y))[0 if first else -1].item(),
        "zero_division": zero_division,
        "sample_weight": w,
    }
    assert same(ours(name, y, p, **options), theirs(name, plain(y), plain(p), **options))


@cases
@given(labelled(classes=2), st.booleans())
def test_specificity_is_recall_of_the_other_class(data, first):
    y, p, w = data
    low, high = np.unique(plain(y)).tolist()
    pos, neg = (low, high) if first else (high, low)
    mine = metrics.specificity_score(y, p, pos_label=pos, sample_weight=w, zero_division=np.nan)
    assert same(mine, theirs("recall_score", plain(y), plain(p), pos_label=neg, sample_weight=w, zero_division=np.nan))


@cases
@given(labelled())
def test_whole_table_scores_equal_scikit_learn(data):
    y, p, w = data
    for name, options in [
        ("accuracy_score", {}),
        ("balanced_accuracy_score", {}),
        ("confusion_matrix", {}),
        ("confusion_matrix", {"labels": np.unique(y)[::-1]}),
        ("confusion_matrix", {"normalize": "all"}),
    ]:
        mine = ours(name, y, p, sample_weight=w, **options)
        assert same(
            mine,
            theirs(
                name,
                plain(y),
                plain(p),
                sample_weight=w,
                **{k: plain(v) if k == "labels" else v for k, v in options.items()},
            ),
        )
    if len(np.unique(p)) > 1 and (w is None or len(np.unique(p[w > 0])) > 1):
        assert same(
            metrics.matthews_corrcoef(y, p, sample_weight=w),
            theirs("matthews_corrcoef", plain(y), plain(p), sample_weight=w),
            1e-10,
        )


@pytest.mark.parametrize("normalize", ["true", "pred", "all"])
def test_normalized_confusion_matrix(normalize):
    rng = np.random.default_rng(0)
    y, p = rng.integers(0, 3, (2, 200))
    assert same(metrics.confusion_matrix(y, p, normalize=normalize), sk.confusion_matrix(y, p, normalize=normalize))


def test_confusion_matrix_with_absent_and_ignored_labels():
    y, p = [0, 1, 2, 2], [0, 2, 2, 1]
    for labels in ([0, 1, 2, 9], [2, 0], [9, 2], [9, 0]):
        mine = metrics.confusion_matrix(y, p, labels=labels)
        assert mine.dtype == np.int64 and same(mine, sk.confusion_matrix(y, p, labels=labels))
    assert metrics.confusion_matrix(y, p, labels=[0]).tolist() == [[1]]
    assert same(metrics.recall_score(y, [0, 2, 2, 9], average=None, zero_division=0), [1.0, 0.0, 0.5, 0.0])


def test_only_the_classes_seen_are_counted():
    assert (
        metrics.confusion_matrix([1, 1], [1, 1]).tolist() == metrics.confusion_matrix([0, 0], [0, 0]).tolist() == [[2]]
    )
    assert metrics.confusion_matrix([1, 0], [0, 1]).tolist() == [[0, 1], [1, 0]]
    assert metrics.confusion_matrix([0, 5, 5], [0, 5, 0]).tolist() == [[1, 0], [1, 1]]
    assert metrics.confusion_matrix([127, 3], [127, 127]).tolist() == [[0, 1], [0, 1]]
    assert metrics.confusion_matrix([128, 3], [128, 128]).tolist() == [[0, 1], [0, 1]]
    assert metrics.confusion_matrix(np.arange(2000), np.arange(2000)).trace() == 2000
    with pytest.raises(ValueError, match=r"Nhãn có đến 2001 giá trị khác nhau \(0, 1, 2, 3, 4, …\)"):
        metrics.confusion_matrix(np.arange(2001), np.arange(2001))
    for k, seen in (5, "3, 4"), (6, "3, 4, …"):
        with pytest.raises(ValueError, match=rf"có {k} lớp \(0, 1, 2, {seen}\) mà"):
            metrics.f1_score(np.arange(k), np.arange(k))


def test_the_positive_class_is_the_one_named():
    y, p = [-1, 1, 1, -1, -1], [-1, 1, -1, 1, 1]  # lớp 1: TP = 1, FP = 2, FN = 1, TN = 1
    assert (
        metrics.precision_score(y, p) == 1 / 3 and metrics.recall_score(y, p) == metrics.specificity_score(y, p) + 1 / 6
    )
    assert metrics.precision_score(y, p, pos_label=-1) == 1 / 2
    with pytest.raises(ValueError, match="pos_label = 2 không có trong dữ liệu"):
        metrics.precision_score([0, 1], [0, 1], pos_label=2)
    assert metrics.recall_score([1, 1], [1, 1]) == 1.0 and metrics.specificity_score([0, 0], [0, 0]) == 1.0
    for a, b in ([0, 0], [0, 0]), ([0, 1], [1, 0]), ([0, 1], [0, 0]), ([0, 1], [1, 1]):
        assert metrics.recall_score(a, b, zero_division=0) == sk.recall_score(a, b, zero_division=0)


def test_a_class_that_is_absent_has_no_score():
    y, p = [0, 1, 2, 2], [0, 2, 2, 9]  # lớp 9 không có mẫu thật nào, lớp 1 không có lần đoán nào
    assert isnan(metrics.recall_score(y, p, average=None, zero_division=np.nan)[3])
    assert metrics.recall_score(y, p, average="macro", zero_division=np.nan) == 0.5  # nan thì bỏ qua
    assert metrics.recall_score(y, p, average="macro", zero_division=0) == 0.375
    assert metrics.precision_score(y, p, average="weighted", zero_division=np.nan) == (1 + 2 * 0.5) / 3
    for score in (metrics.precision_score, metrics.recall_score, metrics.f1_score):
        assert score(y, p, average="micro") == metrics.accuracy_score(y, p)
    with pytest.raises(ValueError, match="average='weighted' không có trọng số: y_true không có mẫu nào"):
        metrics.precision_score([0, 0], [1, 1], average="weighted", zero_division=np.nan)


def test_matthews_of_a_constant_prediction_is_zero_as_in_scikit_learn():
    assert metrics.matthews_corrcoef([0, 1, 1], [1, 1, 1]) == sk.matthews_corrcoef([0, 1, 1], [1, 1, 1]) == 0.0
    assert metrics.matthews_corrcoef([0, 1, 2], [5, 5, 5]) == 0.0


def test_f1_is_not_symmetric_in_the_classes():
    y, p = [1] * 95 + [0] * 5, [1] * 90 + [0] * 5 + [1] * 5  # TP = 90, FN = 5, FP = 5, TN = 0
    assert round(metrics.f1_score(y, p), 3) == 0.947 and metrics.f1_score(y, p, pos_label=0) == 0.0


def test_counts_beyond_one_block_and_many_classes():
    rng = np.random.default_rng(1)
    for k in (2, 10, 300):
        y, p = rng.integers(0, k, (2, 200_000))
        assert np.array_equal(metrics.confusion_matrix(y, p), sk.confusion_matrix(y, p))
        assert same(metrics.accuracy_score(y, p), (y == p).mean())
    y = rng.integers(0, 2, 200_000).astype(np.int8)
    assert np.array_equal(metrics.confusion_matrix(y, 1 - y), np.diag([np.sum(y == 0), np.sum(y == 1)])[:, ::-1])


@pytest.mark.parametrize("extra", [-1, 0, 1])
def test_means_do_not_depend_on_where_the_blocks_end(extra):
    rng = np.random.default_rng(6)
    n = 3 * _blocks.SIZE + extra
    y, w, s = rng.integers(0, 2, n), rng.random(n), rng.normal(size=n)
    p, said = rng.random(n), np.where(rng.random(n) < 0.2, 1 - y, y)
    for weight in (None, w):
        for name, guess in [("accuracy_score", said), ("f1_score", said), ("log_loss", p), ("brier_score_loss", p)]:
            assert same(ours(name, y, guess, sample_weight=weight), theirs(name, y, guess, sample_weight=weight), 1e-10)
    for name in ON_NUMBERS:
        assert same(ours(name, s, s + p), theirs(name, s, s + p), 1e-10)


# ---- Trên điểm số và xác suất ----


@st.composite
def scored(draw):
    """(y_true trong {0, 1}, điểm số có nhiều hòa hay không, trọng số hoặc None), luôn đủ hai lớp."""
    rng = np.random.default_rng(draw(seeds))
    n = draw(st.integers(2, 60))
    y = (rng.random(n) < draw(st.sampled_from([0.05, 0.5, 0.9]))).astype(int)
    y[:2] = 0, 1
    score = rng.normal(size=n) + y
    levels = draw(st.sampled_from([None, 0, 1, 3]))
    score = score if levels is None else np.round(score * levels)
    weight = draw(st.sampled_from([None, rng.integers(0, 3, n) + (np.arange(n) < 2), rng.random(n) + 1e-3]))
    return y, score, weight


@cases
@given(scored(), st.sampled_from([True, False]))
def test_curves_equal_scikit_learn(data, drop):
    y, s, w = data
    assert same(
        metrics.roc_curve(y, s, sample_weight=w, drop_intermediate=drop),
        sk.roc_curve(y, s, sample_weight=w, drop_intermediate=drop),
    )
    assert same(metrics.precision_recall_curve(y, s, sample_weight=w), sk.precision_recall_curve(y, s, sample_weight=w))
    assert same(metrics.roc_auc_score(y, s, sample_weight=w), sk.roc_auc_score(y, s, sample_weight=w))
    assert same(
        metrics.average_precision_score(y, s, sample_weight=w), sk.average_precision_score(y, s, sample_weight=w)
    )
    words = np.array(["âm", "dương"])[y]
    for name in ON_SCORES:
        wanted = sk.roc_auc_score(y, s) if name == "roc_auc_score" else theirs(name, words, s, pos_label="dương")
        assert same(ours(name, words, s, pos_label="dương"), wanted)
    assert same(metrics.roc_curve(y, -s, pos_label=0), sk.roc_curve(y, -s, pos_label=0))


def test_a_point_inside_a_segment_is_dropped():
    y, s = [0, 1] * 3, [1, 1, 2, 2, 3, 3]
    assert metrics.roc_curve(y, s)[2].tolist() == [np.inf, 3, 1]
    assert metrics.roc_curve(y, s, drop_intermediate=False)[2].tolist() == [np.inf, 3, 2, 1]


@pytest.mark.parametrize("name", ["precision_recall_curve", "average_precision_score"])
def test_precision_recall_needs_no_negatives(name):
    assert same(ours(name, [1, 1, 1], [0.2, 0.4, 0.4]), theirs(name, [1, 1, 1], [0.2, 0.4, 0.4]))
    w = [1.0, 0.0, 2.0]
    assert same(
        ours(name, [1, 0, 1], [0.2, 0.3, 0.4], sample_weight=w),
        theirs(name, [1, 0, 1], [0.2, 0.3, 0.4], sample_weight=w),
    )


@cases
@given(scored())
def test_auc_is_pair_counting_and_trapezoid_area(data):
    y, s, _ = data
    positive, negative = s[y == 1], s[y == 0]
    pairs = (positive[:, None] > negative).mean() + (positive[:, None] == negative).mean() / 2
    fpr, tpr, _ = metrics.roc_curve(y, s)
    area = sum((b - a) * (c + d) / 2 for a, b, c, d in zip(fpr, fpr[1:], tpr, tpr[1:], strict=False))
    auc = metrics.roc_auc_score(y, s)
    assert same(auc, pairs) and same(auc, area)
    assert same(auc, 1 - metrics.roc_auc_score(y, -s)) and same(auc, metrics.roc_auc_score(y, np.arctan(s)))
    assert same(auc, metrics.roc_auc_score(y, s, sample_weight=np.full(len(y), 0.3)))


@pytest.mark.parametrize("share", [0.01, 0.5, 0.99])
@pytest.mark.parametrize("levels", [None, 7])
def test_auc_beyond_one_block(share, levels):
    rng = np.random.default_rng(2)
    y = (rng.random(150_000) < share).astype(int)
    s = rng.normal(size=y.size) + y
    s = s if levels is None else np.round(s * levels)
    assert same(metrics.roc_auc_score(y, s), sk.roc_auc_score(y, s))
    assert same(metrics.roc_curve(y, s), sk.roc_curve(y, s))


def test_auc_takes_at_most_two_extra_arrays():
    rng = np.random.default_rng(3)
    n = 1_000_000
    y, s = rng.integers(0, 2, n), rng.random(n)
    tracemalloc.start()
    metrics.roc_auc_score(y, s)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak <= 2 * 8 * n


@pytest.mark.parametrize(
    "name", ["accuracy_score", "f1_score", "confusion_matrix", "log_loss", "brier_score_loss", *ON_NUMBERS]
)
def test_other_metrics_work_in_under_a_megabyte(name):
    y = np.random.default_rng(4).integers(0, 2, 500_000)
    p = np.random.default_rng(5).random(y.size) if name in [*ON_PROBABILITIES, *ON_NUMBERS] else 1 - y
    y = y + 1 if name == "mean_absolute_percentage_error" else y
    ours(name, y, p)
    tracemalloc.start()
    ours(name, y, p)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 1e6


@cases
@given(scored(), st.integers(2, 4), seeds)
def test_probability_metrics_equal_scikit_learn(data, k, seed):
    y, s, w = data
    p = 1 / (1 + np.exp(-3 * s))
    p[-1] = float(y[-1] == 0)  # xác suất 0 cho nhãn thật, hay 1 cho nhãn sai: phải chặn lại
    assert same(metrics.log_loss(y, p, sample_weight=w), sk.log_loss(y, p, sample_weight=w))
    assert same(metrics.log_loss(y, p.astype(np.float32)), sk.log_loss(y, p.astype(np.float32)), 1e-5)
    assert same(metrics.brier_score_loss(y, p, sample_weight=w), sk.brier_score_loss(y, p, sample_weight=w))
    assert same(metrics.brier_score_loss(2 * y - 1, p), sk.brier_score_loss(2 * y - 1, p))
    assert same(metrics.calibration_curve(y, p, n_bins=k), sk_calibration_curve(y, p, n_bins=k))
    rng = np.random.default_rng(seed)
    labels = np.array(["a", "b", "c", "d"])[:k]
    wide, truth = rng.dirichlet(np.ones(k), len(y)), labels[rng.integers(0, k, len(y))]
    assert same(
        metrics.log_loss(truth, wide, labels=labels, sample_weight=w),
        sk.log_loss(truth, wide, labels=labels, sample_weight=w),
    )


def test_log_loss_with_one_class_and_named_labels():
    assert same(metrics.log_loss([1, 1], [0.5, 0.25], labels=[0, 1]), sk.log_loss([1, 1], [0.5, 0.25], labels=[0, 1]))
    named = {"labels": ["có", "không"], "pos_label": "không"}
    assert same(metrics.log_loss(["có", "có"], [0.5, 0.25], **named), -np.log([0.5, 0.75]).mean())


def test_certain_probabilities_are_held_off_zero_and_one():
    for dtype, eps in ((np.float64, 2.220446049250313e-16), (np.float32, 1.1920929e-07)):
        p = np.array([1, 0, 1], dtype)
        assert metrics.log_loss([1, 0, 1], p) == pytest.approx(eps, rel=1e-3, abs=0)
        assert metrics.log_loss([0, 1, 0], p) == pytest.approx(-np.log(eps), rel=1e-6)
    assert metrics.log_loss([1, 0], np.array([True, False])) == pytest.approx(2.220446049250313e-16, rel=1e-3, abs=0)


@pytest.mark.parametrize("dtype, fine, bad", [(float, 9e-7, 2e-6), (np.float32, 3e-4, 4e-4)])
@pytest.mark.parametrize("sign", [-1, 1])
def test_rows_sum_to_one_as_far_as_their_type_can_tell(dtype, fine, bad, sign):
    proba = np.array([[0.5, 0.5], [0.25, 0.75], [0.5, 0.5]], dtype)
    proba[1, 1] += sign * fine
    assert metrics.log_loss([0, 1, 0], proba) == pytest.approx(0.558, abs=1e-3)
    proba[1, 1] += sign * (bad - fine)
    with pytest.raises(ValueError, match="y_proba cần .* tổng bằng 1, nhưng hàng 1 có tổng (0.9|1.0)"):
        metrics.log_loss([0, 1, 0], proba)


def test_calibration_curve_has_ten_bins_and_keeps_the_edges():
    p = np.arange(21) / 20
    y = np.arange(21) % 2
    assert same(metrics.calibration_curve(y, p), sk_calibration_curve(y, p, n_bins=10))
    assert len(metrics.calibration_curve(y, p)[0]) == 10
    assert same(metrics.calibration_curve(y, p, n_bins=1), ([y.mean()], [0.5]))


def test_log_loss_of_many_tiny_probabilities_does_not_underflow():
    y, p = np.ones(100_000, int), np.full(100_000, 1e-300)
    y[0] = 0
    assert same(metrics.log_loss(y, p), sk.log_loss(y, p))


# ---- Hồi quy ----


@cases
@given(seeds, st.integers(2, 50), st.sampled_from([1e-6, 1.0, 1e6]), st.sampled_from([0.0, 100.0]))
def test_regression_equals_scikit_learn(seed, n, scale, offset):
    rng = np.random.default_rng(seed)
    y = scale * (rng.normal(size=n) + offset)
    p = y + scale * rng.normal(size=n)
    for name in ON_NUMBERS:
        np.testing.assert_allclose(ours(name, y, p), theirs(name, y, p), rtol=1e-12)


def test_percentage_error_divides_by_the_size_of_the_truth():
    assert metrics.mean_absolute_percentage_error([-2, 4], [-3, 2]) == 0.5
    assert metrics.mean_absolute_percentage_error([100], [150]) == 0.5  # đoán thừa thì sai bao nhiêu cũng được,
    assert metrics.mean_absolute_percentage_error([100], [0]) == 1.0  # đoán thiếu (không âm) nhiều nhất là 1
    assert metrics.mean_absolute_percentage_error(np.array([-128], np.int8), [128]) == 2.0


@pytest.mark.parametrize(
    "zeros, seen",
    [([0.0, 3.0], "1 giá trị bằng 0, đầu tiên ở vị trí 0"), ([3, 0, 0], "2 giá trị bằng 0, đầu tiên ở vị trí 1")],
)
@pytest.mark.parametrize("offset", [0, 1])
def test_percentage_error_of_a_zero_is_explained(zeros, seen, offset):
    with pytest.raises(ValueError, match=f"MAPE chia cho y_true, nhưng y_true có {seen}: .*Hãy dùng MAE"):
        metrics.mean_absolute_percentage_error(zeros, np.add(zeros, offset))


def test_huge_numbers_overflow_to_infinity_without_a_warning():
    assert metrics.mean_squared_error([1e308, 1.0], [-1e308, 1.0]) == np.inf
    assert metrics.mean_absolute_percentage_error([1e-300, 1.0], [1e100, 1.0]) == np.inf


def test_r2_of_equal_ends_is_a_number_and_of_a_constant_an_error():
    assert metrics.r2_score([1, 3, 1], [1, 3, 1]) == 1.0
    for y in ([0.1] * 3, [1e8 + 0.1] * 7, np.full(100_000, 0.3)):
        with pytest.raises(ValueError, match=f"R² cần y_true thay đổi, nhưng cả {len(y)} giá trị đều bằng"):
            metrics.r2_score(y, np.arange(len(y)))


def test_r2_close_to_constant_is_still_a_number():
    y = np.array([1e8, 1e8 + 1e-6, 1e8])
    assert same(metrics.r2_score(y, y), 1.0)
    assert metrics.r2_score([1, 2, 3], [2, 2, 2]) == 0.0 and metrics.r2_score([1, 2, 3], [3, 2, 1]) == -3.0


# ---- Tính chất chung ----


def example(name, n=60):
    """Đối số hợp lệ, mọi số đều biểu diễn được trong float32 và int8."""
    rng = np.random.default_rng(7)
    y = rng.integers(0, 2, n)
    y[:4] = 0, 1, 0, 1
    if name in ON_LABELS:
        return y, np.where(rng.random(n) < 0.3, 1 - y, y)
    if name in ON_NUMBERS:
        return rng.integers(1, 100, n) * rng.choice([-1, 1], n), rng.integers(-100, 100, n)
    return y, rng.integers(1, 16, n) / 16


@pytest.mark.parametrize("name", ALL)
def test_order_of_samples_does_not_matter(name):
    y, p = example(name)
    order = np.random.default_rng(8).permutation(len(y))
    assert same(ours(name, y, p), ours(name, y[order], p[order]))


@pytest.mark.parametrize("name", WEIGHTED)
def test_a_weight_of_two_is_a_sample_seen_twice(name):
    y, p = example(name)
    w = np.random.default_rng(9).integers(0, 3, len(y))
    assert same(ours(name, y, p, sample_weight=w), ours(name, y.repeat(w), p.repeat(w)))
    assert same(ours(name, y, p, sample_weight=w), ours(name, y, p, sample_weight=w.tolist()))


FORMS = {
    "list": lambda a: a.tolist(),
    "float32": lambda a: a.astype(np.float32),
    "int8": lambda a: a.astype(np.int8) if a.dtype.kind == "i" else a,
    "uint8": lambda a: a.astype(np.uint8) if a.dtype.kind == "i" and a.min() >= 0 else a,
    "bool": lambda a: a.astype(bool) if a.dtype.kind == "i" and set(a) <= {0, 1} else a,
    "non_contiguous": lambda a: np.stack([a, a], axis=1)[:, 0],
    "reversed_view": lambda a: a[::-1].copy()[::-1],
    "read_only": lambda a: np.frombuffer(a.tobytes(), a.dtype),
    "big_endian": lambda a: a.astype(a.dtype.newbyteorder(">")),
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", ALL)
def test_same_result_from_any_kind_of_array(name, form):
    y, p = example(name)
    assert same(ours(name, FORMS[form](y), FORMS[form](p)), ours(name, y, p))
    assert same(ours(name, FORMS[form](y), p), ours(name, y, p))


@pytest.mark.parametrize("name", ALL)
def test_inputs_are_unchanged(name):
    y, p = example(name)
    w = np.random.default_rng(10).random(len(y))
    before = y.tobytes(), p.tobytes(), w.tobytes()
    result = ours(name, y, p, **({"sample_weight": w} if name in WEIGHTED else {}))
    result = ours(name, y, p)
    for array in result if isinstance(result, tuple) else ():
        array[:] = -1  # và kết quả không phải là cửa sổ nhìn vào đầu vào
    assert (y.tobytes(), p.tobytes(), w.tobytes()) == before


@pytest.mark.parametrize("name", ALL)
def test_scalars_are_python_floats(name):
    result = ours(name, *example(name))
    assert type(result) is float or isinstance(result, (tuple, np.ndarray))
    if name in PER_LABEL:
        y, p = example(name)
        assert all(type(ours(name, y, p, average=average)) is float for average in ("macro", "micro", "weighted"))
        assert (
            isnan(ours(name, [0, 0], [0, 0], zero_division=np.nan))
            and type(ours(name, [0, 0], [0, 0], zero_division=1)) is float
        )


# ---- Đối số sai ----

Y, P, S, Q = [0, 1, 1, 0], [0, 1, 0, 1], [0.1, 0.9, 0.4, 0.3], [0.2, 0.8, 0.6, 0.4]
COLUMN = np.array(S)[:, None]


def label_faults(name, extra=()):
    return [
        (name, (Y, P[:3]), {}, ValueError, r"y_true có dạng \(4,\) nhưng y_pred có dạng \(3,\)"),
        (name, (Y, np.array(P)[:, None]), {}, ValueError, r"y_pred cần có 1 chiều, nhưng có dạng \(4, 1\).*ravel"),
        (name, ([], []), {}, ValueError, "y_true rỗng"),
        (name, (Y, Q), {}, ValueError, "y_pred cần là nhãn .* có giá trị 0.2.*so với ngưỡng"),
        (name, ([0, 1, np.nan, 0], P), {}, ValueError, "y_true có 1 giá trị NaN"),
        (name, (Y, ["a", "b", "a", "b"]), {}, TypeError, "nhãn chuỗi không so được với nhãn số"),
        (name, (np.array([0, "a", 1, 1], object), P), {}, TypeError, "y_true cần là nhãn cùng một kiểu"),
        (name, (Y, P), {"sample_weight": [1, 2]}, ValueError, "sample_weight có 2 mẫu nhưng y_true có 4 mẫu"),
        (name, (Y, P), {"sample_weight": [1, 2, -1, 0]}, ValueError, r"sample_weight cần nằm trong \[0, inf\]"),
        (name, (Y, P), {"sample_weight": [0, 0, 0, 0]}, ValueError, "sample_weight toàn số 0"),
        *((name, *fault) for fault in extra),
    ]


def score_faults(name, second):
    return [
        (
            name,
            (Y, S[:3]),
            {},
            ValueError,
            rf"y_true có dạng \(4,\) nhưng {second} có dạng \(3,\)|y_true có 4 mẫu nhưng {second} có 3 mẫu",
        ),
        (name, (Y, COLUMN), {}, ValueError, rf"{second}.*dạng \(4, 1\).*ravel"),
        (name, ([], []), {}, ValueError, "y_true rỗng"),
        (
            name,
            (Y, [0.1, np.nan, 0.2, 0.3]),
            {},
            ValueError,
            f"{second} có 1 giá trị NaN hoặc vô cực, đầu tiên ở vị trí 1",
        ),
        (name, (Y, ["a", "b", "c", "d"]), {}, TypeError, f"{second} cần là mảng số"),
        (name, ([0, 1, 2, 1], S), {}, ValueError, "có 3 lớp|ứng với 2 lớp"),
        (name, ([0.5, 1, 0, 1], S), {}, ValueError, "y_true cần là nhãn"),
    ]


def number_faults(name):
    return [
        (name, (S, Q[:3]), {}, ValueError, r"y_true có dạng \(4,\) nhưng y_pred có dạng \(3,\)"),
        (name, (S, COLUMN), {}, ValueError, r"y_pred cần có 1 chiều, nhưng có dạng \(4, 1\).*ravel"),
        (name, (COLUMN, S), {}, ValueError, r"y_true cần có 1 chiều"),
        (name, ([], []), {}, ValueError, "y_true rỗng"),
        (name, (S, [0.1, np.inf, 0.2, 0.3]), {}, ValueError, "y_pred có 1 giá trị NaN hoặc vô cực"),
        (name, ([np.inf, 0, 0, 0], [np.inf, 0, 0, 0]), {}, ValueError, "y_true có 1 giá trị NaN hoặc vô cực"),
        (name, (S, ["a"] * 4), {}, TypeError, "y_pred cần là mảng số"),
        (name, (3.0, 2.0), {}, ValueError, "y_true cần có 1 chiều"),
    ]


AVERAGING = [
    (([0, 1, 2, 2], [0, 1, 2, 1]), {}, ValueError, "có 3 lớp .* average='binary' chỉ cho hai lớp"),
    ((Y, P), {"average": "samples"}, ValueError, "average cần là một trong"),
    (([0, 2], [0, 2]), {}, ValueError, "pos_label = 1 không có trong dữ liệu: các lớp là 0, 2"),
    (([-1, 0], [-1, 0]), {}, ValueError, "pos_label = 1 không có trong dữ liệu: các lớp là -1, 0"),
    ((Y, P), {"pos_label": "1"}, ValueError, "pos_label = '1' không có trong dữ liệu"),
    ((Y, P), {"pos_label": 7}, ValueError, "pos_label = 7 không có trong dữ liệu: các lớp là 0, 1"),
    ((["a", "b"], ["a", "a"]), {}, ValueError, "pos_label = 1 không có trong dữ liệu"),
    ((Y, P), {"zero_division": "warn"}, ValueError, "zero_division cần là một trong 'error', 0, 1, nan"),
    ((Y, P), {"zero_division": 0.5}, ValueError, "zero_division cần là"),
    (([0, 0], [0, 0]), {}, ValueError, "của lớp 1 là 0/0: .*zero_division"),
]
FAULTS = [
    *label_faults("accuracy_score"),
    *label_faults("balanced_accuracy_score"),
    *label_faults("matthews_corrcoef", [(([1, 1], [0, 1]), {}, ValueError, "ít nhất hai lớp, nhưng chỉ có lớp 1")]),
    *label_faults(
        "confusion_matrix",
        [
            ((Y, P), {"labels": [7, 8]}, ValueError, "labels = 7, 8 không có nhãn nào trong dữ liệu"),
            ((Y, P), {"labels": ["a", "b"]}, TypeError, "nhãn chuỗi không so được"),
            ((Y, P), {"labels": []}, ValueError, "labels rỗng"),
            ((Y, P), {"labels": [0, 0]}, ValueError, "labels có nhãn lặp lại"),
            ((Y, P), {"normalize": "rows"}, ValueError, "normalize cần là một trong None, 'true', 'pred', 'all'"),
            (([0, 1], [0, 0]), {"normalize": "pred"}, ValueError, "normalize='pred' phải chia cho 0: lớp 1"),
            ((np.arange(3000), np.arange(3000)), {}, ValueError, "Nhãn có đến 3000 giá trị khác nhau"),
        ],
    ),
    *label_faults(
        "specificity_score",
        [
            (([0, 1, 2], [0, 1, 2]), {}, ValueError, "có 3 lớp"),
            (([1, 1], [0, 1]), {}, ValueError, "Độ đặc hiệu .* là 0/0: y_true không có mẫu âm"),
        ],
    ),
    *label_faults(
        "precision_score",
        [*AVERAGING, (([0, 1], [0, 0]), {}, ValueError, "Precision của lớp 1 là 0/0: không mẫu nào được đoán")],
    ),
    *label_faults(
        "recall_score",
        [*AVERAGING, (([0, 0], [0, 1]), {}, ValueError, "Recall của lớp 1 là 0/0: y_true không có mẫu nào")],
    ),
    *label_faults("f1_score", AVERAGING),
    ("fbeta_score", (Y, P[:3]), {"beta": 2}, ValueError, r"y_true có dạng \(4,\)"),
    ("fbeta_score", (Y, P), {"beta": -1}, ValueError, "beta cần nằm trong"),
    ("fbeta_score", (Y, P), {"beta": "2"}, TypeError, "beta cần là một số"),
    ("fbeta_score", ([0, 0], [0, 0]), {"beta": 2}, ValueError, "F của lớp 1 là 0/0"),
    *(fault for name in ON_SCORES for fault in score_faults(name, "y_score")),
    ("roc_auc_score", ([1, 1], [0.2, 0.3]), {}, ValueError, r"y_true chỉ có một lớp \(1\), cần cả hai lớp"),
    ("roc_auc_score", (["b", "b"], [0.2, 0.3]), {}, ValueError, r"y_true chỉ có một lớp \('b'\), cần cả hai lớp"),
    ("roc_curve", ([1, 1], [0.2, 0.3]), {}, ValueError, r"y_true không có mẫu âm nào \(chỉ có một lớp\)"),
    ("roc_curve", ([0, 0], [0.2, 0.3]), {}, ValueError, r"y_true không có mẫu dương nào \(chỉ có một lớp\)"),
    ("roc_curve", ([-1, 0], [0.2, 0.3]), {}, ValueError, "Không biết lớp nào là lớp dương: y_true có các lớp -1, 0"),
    *((name, ([1, 1], [0.2, 0.3]), {}, ValueError, "chỉ có một lớp") for name in ("roc_auc_score", "roc_curve")),
    *((name, ([0, 0], [0.2, 0.3]), {}, ValueError, "chỉ có một lớp") for name in ON_SCORES),
    *(
        (name, (["a", "b"], [0.2, 0.3]), {}, ValueError, "Không biết lớp nào là lớp dương.*pos_label='b'")
        for name in ("roc_curve", "precision_recall_curve")
    ),
    ("average_precision_score", (["a", "b"], [0.2, 0.3]), {}, ValueError, "pos_label = 1 không có trong dữ liệu"),
    ("roc_curve", (Y, S), {"pos_label": 5}, ValueError, "pos_label = 5 không có trong dữ liệu"),
    ("roc_curve", ([1, 2], [0.1, 0.2]), {}, ValueError, "Không biết lớp nào là lớp dương"),
    ("roc_auc_score", (Y, S), {"sample_weight": [0, 1, 1, 0]}, ValueError, "không có mẫu âm nào"),
    *(
        fault
        for name, second in (("log_loss", "y_proba"), ("brier_score_loss", "y_proba"), ("calibration_curve", "y_prob"))
        for fault in [
            *score_faults(name, second),
            (name, (Y, [-0.1, 0.2, 0.3, 0.4]), {}, ValueError, rf"{second} cần nằm trong \[0, 1\].*logit"),
            (name, (Y, [2.0, 0.2, 0.3, 0.4]), {}, ValueError, rf"{second} cần nằm trong \[0, 1\], nhưng có giá trị 2"),
        ]
    ),
    ("log_loss", ([1, 1], [0.2, 0.3]), {}, ValueError, "ứng với 2 lớp, nhưng có 1 lớp: 1.*labels"),
    ("log_loss", ([0, 2], [0.2, 0.3]), {"labels": [0, 1]}, ValueError, "y_true có nhãn lạ"),
    ("log_loss", (Y, Q), {"labels": [1, 0]}, ValueError, "labels cần xếp tăng dần"),
    ("log_loss", (Y, np.full((4, 3), 1 / 3)), {}, ValueError, r"y_proba dạng \(4, 3\) ứng với 3 lớp, nhưng có 2 lớp"),
    ("log_loss", (Y, np.full((4, 2), 0.4)), {}, ValueError, "tổng bằng 1, nhưng hàng 0 có tổng 0.8.*softmax"),
    ("log_loss", (Y, np.full((4, 2, 1), 0.5)), {}, ValueError, "y_proba"),
    ("brier_score_loss", (["a", "b"], [0.2, 0.3]), {}, ValueError, "Không biết lớp nào là lớp dương"),
    ("calibration_curve", (Y, Q), {"n_bins": 0}, ValueError, "n_bins cần ít nhất là 1"),
    *(fault for name in ON_NUMBERS for fault in number_faults(name)),
    (
        "mean_absolute_percentage_error",
        ([1, 0], [1, 2]),
        {},
        ValueError,
        "y_true có 1 giá trị bằng 0, đầu tiên ở vị trí 1",
    ),
    ("r2_score", ([0.1] * 3, [1, 2, 3]), {}, ValueError, "R² cần y_true thay đổi, nhưng cả 3 giá trị đều bằng 0.1"),
    ("r2_score", ([5], [5]), {}, ValueError, "R² cần y_true thay đổi"),
]


@pytest.mark.parametrize("name, args, options, error, words", FAULTS)
def test_bad_input_is_explained(name, args, options, error, words):
    with pytest.raises(error, match=words):
        getattr(metrics, name)(*args, **options)


# ---- Số rất lớn, rất nhỏ: con số không đổi khi cả hai bên đổi cỡ; so với phân số đúng ----


@pytest.mark.parametrize("exponent", [-1000, -600, -500, 480, 500, 600, 1010])
@pytest.mark.parametrize("seed", range(5))
def test_regression_metrics_do_not_depend_on_the_unit(exponent, seed):
    rng = np.random.default_rng(seed)
    y, p = rng.normal(size=9), rng.normal(size=9)
    far, near = np.ldexp(y, exponent), np.ldexp(p, exponent)
    assert metrics.r2_score(far, near) == pytest.approx(metrics.r2_score(y, p), rel=1e-12)
    for name in ("root_mean_squared_error", "mean_absolute_error"):
        assert ours(name, far, near) == pytest.approx(np.ldexp(ours(name, y, p), exponent), rel=1e-12, abs=0)
    with np.errstate(over="ignore"):
        wanted = np.ldexp(metrics.mean_squared_error(y, p), 2 * exponent)  # vô cực hay 0, khi quá cỡ của float64
    assert metrics.mean_squared_error(far, near) == pytest.approx(wanted, rel=1e-12, abs=0)
    assert ours("mean_absolute_percentage_error", far, near) == pytest.approx(
        ours("mean_absolute_percentage_error", y, p), rel=1e-12
    )


def test_extreme_regressions_by_hand():
    assert metrics.r2_score([1e200, 1.0], [0.0, 1.0]) == -1.0
    assert metrics.r2_score([1e308, 1e308, -1e308, -1e308], [1e308] * 4) == -1.0
    assert metrics.r2_score([1e-200, 3e-200, 5e-200], [1e-200, 3e-200, 5e-200]) == 1.0
    assert metrics.r2_score([1e-200, 2e-200], [1e200, 1e200]) == -np.inf
    assert metrics.root_mean_squared_error([1e308, 1.0], [-1e308, 1.0]) == pytest.approx(2**0.5 * 1e308)
    assert metrics.mean_squared_error([1e154] * 4, [0.0] * 4) == pytest.approx(
        1e308
    )  # tổng thì tràn số, trung bình không
    assert metrics.mean_absolute_error([1e308, 1.0], [-1e308, 1.0]) == pytest.approx(1e308)
    assert metrics.mean_absolute_error([1e308] * 4, [0.0] * 4) == pytest.approx(1e308)
    assert metrics.mean_absolute_percentage_error([1e-300] * 4, [1e8] * 4) == pytest.approx(1e308)


def test_labels_too_large_for_64_bits_stay_different():
    assert metrics.accuracy_score([1e20, 0.0], [2e20, 0.0]) == 0.5
    assert metrics.accuracy_score([2**70, 0], [2**71, 0]) == 0.5
    assert metrics.confusion_matrix([1e20, 0.0], [2e20, 0.0]).tolist() == [[1, 0, 0], [0, 0, 1], [0, 0, 0]]
    assert metrics.accuracy_score([1e19, 0.0], [1.1e19, 0.0]) == 0.5  # giữa 2⁶³ và 2⁶⁴
    assert metrics.accuracy_score(np.array([2.0**63, 0]), np.array([2**63 + 1, 0], np.uint64)) == 0.5
    big = 2**53
    assert metrics.accuracy_score([big + 1, 0], [float(big), 0.0]) == 0.5  # đổi ra số thực thì hai nhãn thành một
    assert metrics.accuracy_score(np.array([2**63 + 1], np.uint64), [2**63]) == 0.0
    assert metrics.accuracy_score(np.array([2**63], np.uint64), [-1]) == 0.0
    assert metrics.f1_score(np.array([1, 0, 1], np.uint64), [1, 0, 0]) == 2 / 3
    assert metrics.roc_auc_score([1e20, 2e20], [0.1, 0.9], pos_label=2e20) == 1.0


def exact_counts(y, p, w):
    """TP, TN, FP, FN bằng phân số, không làm tròn."""
    cells = dict.fromkeys([(1, 1), (0, 0), (0, 1), (1, 0)], Fraction(0))
    for truth, said, weight in zip(y, p, w):
        cells[truth, said] += Fraction(weight)
    return list(cells.values())


@pytest.mark.parametrize("seed", range(30))
def test_metrics_of_very_uneven_weights_are_exact(seed):
    rng = np.random.default_rng(seed)
    y, p = np.array([0, 0, 1, 1, *rng.integers(0, 2, 4)]), np.array([0, 1, 0, 1, *rng.integers(0, 2, 4)])
    w = 10.0 ** rng.uniform(-80, 80, 8)
    tp, tn, fp, fn = exact_counts(y.tolist(), p.tolist(), w.tolist())
    product = (tp + fp) * (tp + fn) * (tn + fp) * (tn + fn)
    with localcontext(prec=60):
        root = (Decimal(product.numerator) / Decimal(product.denominator)).sqrt()
        mcc = Decimal((tp * tn - fp * fn).numerator) / Decimal((tp * tn - fp * fn).denominator) / root
    for name, wanted in {
        "matthews_corrcoef": float(mcc),
        "precision_score": float(tp / (tp + fp)),
        "recall_score": float(tp / (tp + fn)),
        "specificity_score": float(tn / (tn + fp)),
        "f1_score": float(2 * tp / (2 * tp + fp + fn)),
        "balanced_accuracy_score": float((tp / (tp + fn) + tn / (tn + fp)) / 2),
        "accuracy_score": float((tp + tn) / (tp + tn + fp + fn)),
    }.items():
        assert ours(name, y, p, sample_weight=w) == pytest.approx(wanted, rel=1e-12, abs=0), name


def test_a_tiny_weight_is_still_a_sample():
    assert metrics.matthews_corrcoef([0, 1], [0, 1], sample_weight=[1, 1e-17]) == 1.0
    assert metrics.specificity_score([0, 1], [0, 1], sample_weight=[1e-17, 1]) == 1.0


# ---- Lớp dương không bao giờ được đoán theo thứ tự chữ cái ----

YES_NO = ["không", "không", "có", "có"]
SCORES = [0.1, 0.2, 0.8, 0.9]


@pytest.mark.parametrize(
    "name",
    ["roc_auc_score", "roc_curve", "precision_recall_curve", "log_loss", "brier_score_loss", "calibration_curve"],
)
def test_the_positive_class_is_asked_for_and_used(name):
    function = getattr(metrics, name)
    for labels, positive in ((YES_NO, "có"), ([1, 1, 2, 2], 2), ([7, 7, 3, 3], 3)):
        with pytest.raises(ValueError, match="Không biết lớp nào là lớp dương: y_true có các lớp .*pos_label="):
            function(labels, SCORES)
        assert same(function(labels, SCORES, pos_label=positive), function([0, 0, 1, 1], SCORES))
        flipped = function([0, 0, 1, 1], SCORES, pos_label=0)
        assert same(function(labels, SCORES, pos_label=labels[0]), flipped)
    assert same(function([-1, -1, 1, 1], SCORES), function([False, False, True, True], SCORES))


def test_auc_and_log_loss_of_words():
    w = [1.0, 2.0, 3.0, 1.0]
    assert metrics.roc_auc_score(YES_NO, [0.3, 0.2, 0.25, 0.9], pos_label="có", sample_weight=w) == pytest.approx(0.75)
    assert metrics.roc_auc_score(YES_NO, SCORES, pos_label="có") == 1.0
    assert metrics.log_loss(YES_NO, SCORES, pos_label="có") == pytest.approx(-np.log([0.9, 0.8, 0.8, 0.9]).mean())
    assert metrics.average_precision_score(YES_NO, SCORES, pos_label="có") == 1.0


@pytest.mark.parametrize("wrong", [None, [1], np.nan, "1", np.array([0, 1]), {}])
def test_an_impossible_positive_class_is_shown(wrong):
    with pytest.raises(ValueError, match="pos_label = .* không có trong dữ liệu: các lớp là 0, 1"):
        metrics.precision_score([0, 1], [0, 1], pos_label=wrong)
    if wrong is not None:
        with pytest.raises(ValueError, match="pos_label = .* không có trong dữ liệu"):
            metrics.roc_auc_score([0, 1], [0.2, 0.4], pos_label=wrong)


@pytest.mark.parametrize("seed", range(20))
def test_perfect_predictions_have_a_correlation_of_exactly_one(seed):
    rng = np.random.default_rng(seed)
    y = np.append(rng.integers(0, rng.integers(2, 9), rng.integers(2, 60)), [0, 1])
    assert metrics.matthews_corrcoef(y, y) == 1.0 == metrics.matthews_corrcoef(y % 2, y % 2)
    assert metrics.matthews_corrcoef(y % 2, 1 - y % 2) == -1.0
    assert metrics.matthews_corrcoef([0, 1, 1], [0, 1, 1], sample_weight=[1, 1e-240, 3e-240]) == pytest.approx(
        1.0, rel=1e-15
    )
