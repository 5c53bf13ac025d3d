"""Cửa vào của mọi hàm: những gì người ta hay đưa thì nhận, và cho đúng con số của mảng NumPy; còn lại thì nói cách sửa.

Mỗi dòng của ``REFUSED`` có cả lời gọi đã sửa theo lời báo, và lời gọi ấy phải chạy được.
"""

import unicodedata
from collections import deque
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
import scipy.sparse

from mlcourse import _check, losses, metrics, model_selection, models, preferences
from mlcourse.exercises import lesson_02_1, lesson_04_2
from tests.test_properties import agree

N = 12
LABELS = np.arange(N) % 2
NUMBERS = np.random.default_rng(0).integers(-60, 60, N)
VALUES = np.random.default_rng(1).integers(0, 8, N) / 8
TABLE = np.random.default_rng(2).integers(-16, 16, (N, 3)) / 8


class Tensor:
    """Như một tensor của PyTorch: cần gradient, ở bộ nhớ khác, và có kiểu mà NumPy không có."""

    def __init__(self, values, dtype="torch.float64", ready=False):
        self.values, self.dtype, self.ready = values, dtype, ready

    def detach(self):
        return Tensor(self.values, self.dtype, "cpu")

    def cpu(self):
        assert self.ready == "cpu"
        return Tensor(self.values, self.dtype, True)

    def float(self):
        return Tensor(self.values, "torch.float32", self.ready)

    def __array__(self, dtype=None, copy=None):
        if self.ready is not True:
            raise RuntimeError("Can't call numpy() on Tensor that requires grad.")
        if self.dtype == "torch.bfloat16":
            raise TypeError("Got unsupported ScalarType BFloat16")
        return np.asarray(self.values)


ONE_COLUMN = {
    "tuple": lambda a: tuple(a.tolist()),
    "deque": lambda a: deque(a.tolist()),
    "dict.values()": lambda a: dict(enumerate(a.tolist())).values(),
    "object": lambda a: a.astype(object),
    "object của NumPy": lambda a: np.array(list(a), object),
    "Fraction": lambda a: [Fraction(v) for v in a.tolist()],
    "Decimal": lambda a: [Decimal(v) for v in a.tolist()],
    "mảng có mặt nạ, không che gì": lambda a: np.ma.array(a, mask=False),
    "tensor": Tensor,
    "tensor bfloat16": lambda a: Tensor(a, "torch.bfloat16"),
    "Series": lambda a: pd.Series(a, index=np.arange(len(a))[::-1]),
    "Series có thể thiếu": lambda a: pd.Series(a).convert_dtypes(),
    "Series pyarrow": lambda a: pd.Series(a).convert_dtypes(dtype_backend="pyarrow"),
    "DataFrame một cột": lambda a: pd.DataFrame({"c": a}),
    "DataFrame một cột có thể thiếu": lambda a: pd.DataFrame({"c": a}).convert_dtypes(),
    "df.values": lambda a: pd.DataFrame({"c": a, "t": "x"}).values[:, 0],
    "polars Series": lambda a: pl.Series(a),
    "polars DataFrame một cột": lambda a: pl.DataFrame({"c": a}),
    "pyarrow": lambda a: pa.array(a),
}
TABLES = {
    "DataFrame": pd.DataFrame,
    "DataFrame có thể thiếu": lambda X: pd.DataFrame(X).convert_dtypes(),
    "DataFrame pyarrow": lambda X: pd.DataFrame(X).convert_dtypes(dtype_backend="pyarrow"),
    "polars": pl.DataFrame,
    "tensor": Tensor,
    "object": lambda X: X.astype(object),
}


def mean_learner(X, y):
    return lambda X_new: np.full(len(X_new), y.mean())


CALLS = {  # hàm của một hay hai cột
    "accuracy_score": (metrics.accuracy_score, LABELS, LABELS[::-1]),
    "f1_score": (metrics.f1_score, LABELS, LABELS[::-1]),
    "confusion_matrix": (metrics.confusion_matrix, LABELS, LABELS[::-1]),
    "roc_auc_score": (metrics.roc_auc_score, LABELS, VALUES),
    "log_loss": (metrics.log_loss, LABELS, VALUES),
    "brier_score_loss": (metrics.brier_score_loss, LABELS, VALUES),
    "mean_squared_error": (metrics.mean_squared_error, NUMBERS, VALUES),
    "r2_score": (metrics.r2_score, NUMBERS, VALUES),
    "sample_weight": (lambda y, w: metrics.accuracy_score(y, LABELS[::-1], sample_weight=w), LABELS, VALUES),
    "mse": (losses.mse, NUMBERS, VALUES),
    "binary_cross_entropy": (losses.binary_cross_entropy, LABELS, VALUES),
    "least_squares": (lambda y, p: models.least_squares(TABLE, y), NUMBERS, VALUES),
    "stratified_k_fold": (lambda y, p: model_selection.stratified_k_fold(y, 3), LABELS, VALUES),
    "cross_val_score": (
        lambda y, p: model_selection.cross_val_score(mean_learner, TABLE, y, metric=losses.mse),
        NUMBERS,
        VALUES,
    ),
    "bradley_terry": (lambda y, r: preferences.bradley_terry(r, y, y), LABELS, VALUES),
    "wilson_interval": (lambda y, p: model_selection.wilson_interval(y[1:2], Tensor(np.array([9]))), LABELS, VALUES),
}


@pytest.mark.parametrize("form", ONE_COLUMN)
@pytest.mark.parametrize("name", CALLS)
def test_one_column_is_taken_in_every_form(name, form):
    call, first, second = CALLS[name]
    turn = ONE_COLUMN[form]
    if name == "wilson_interval":  # một phần tử, ở chỗ cần một số
        agree(call(first, None), model_selection.wilson_interval(1, 9))
    else:
        agree(call(turn(first), turn(second)), call(first, second))


@pytest.mark.parametrize("form", TABLES)
def test_a_table_is_taken_in_every_form(form):
    given = TABLES[form](TABLE)
    agree(model_selection.standardizer(given)(given), model_selection.standardizer(TABLE)(TABLE))
    agree(models.least_squares(given, NUMBERS), models.least_squares(TABLE, NUMBERS))
    agree(losses.cross_entropy(NUMBERS % 3, given), losses.cross_entropy(NUMBERS % 3, TABLE))


WORDS = ["bò", "chó", "ác tính", "bò", "chó", "bò"]
SAID = ["bò", "bò", "ác tính", "bò", "chó", "chó"]
STRINGS = {
    "object": lambda a: np.array(a, object),
    "Series": pd.Series,
    "Series string": lambda a: pd.Series(a, dtype="string"),
    "Series pyarrow": lambda a: pd.Series(a, dtype="string[pyarrow]"),
    "Categorical": pd.Categorical,
    "DataFrame một cột": lambda a: pd.DataFrame({"c": a}),
    "polars": pl.Series,
    "polars Categorical": lambda a: pl.Series(a, dtype=pl.Categorical),
    "polars DataFrame": lambda a: pl.DataFrame({"c": a}),
    "NFD": lambda a: [unicodedata.normalize("NFD", name) for name in a],
    "NFD, mảng": lambda a: np.array([unicodedata.normalize("NFD", name) for name in a]),
}
if hasattr(np.dtypes, "StringDType"):  # từ NumPy 2
    STRINGS["StringDType"] = lambda a: np.array(a, dtype=np.dtypes.StringDType())


@pytest.mark.parametrize("form", STRINGS)
def test_names_of_classes_are_taken_in_every_form(form):
    turn = STRINGS[form]
    assert metrics.accuracy_score(turn(WORDS), SAID) == metrics.accuracy_score(WORDS, turn(SAID)) == 4 / 6
    agree(metrics.confusion_matrix(turn(WORDS), turn(SAID)), metrics.confusion_matrix(WORDS, SAID))
    agree(metrics.recall_score(turn(WORDS), SAID, average=None), metrics.recall_score(WORDS, SAID, average=None))
    agree(
        model_selection.stratified_k_fold(turn(["ác", "lành"] * 4), 2), model_selection.stratified_k_fold([0, 1] * 4, 2)
    )
    agree(model_selection.group_k_fold(turn(WORDS), 3), model_selection.group_k_fold(WORDS, 3))
    fit = models.knn(1, classify=True)
    agree(fit(np.arange(6.0)[:, None], turn(WORDS))(np.arange(6.0)[:, None]), np.array(WORDS))


def test_a_positive_class_is_found_however_it_was_typed():
    y, s = ["lành tính", "ác tính", "lành tính", "ác tính"], [0.1, 0.9, 0.4, 0.3]
    for form in ("NFC", "NFD"):
        typed = [unicodedata.normalize(form, name) for name in y]
        for other in ("NFC", "NFD"):
            positive = unicodedata.normalize(other, "ác tính")
            assert metrics.roc_auc_score(typed, s, pos_label=positive) == 0.75
            assert metrics.recall_score(typed, y, pos_label=positive) == 1.0
            assert metrics.brier_score_loss(typed, s, pos_label=positive) == pytest.approx(0.1675)
    assert metrics.confusion_matrix(["ác"], [unicodedata.normalize("NFD", "ác")], labels=["ác", "lành"]).tolist() == [
        [1, 0],
        [0, 0],
    ]


def test_an_exercise_reads_tensors_and_names_however_they_were_typed():
    task = lesson_02_1.soft_gradient
    assert task.check(lambda z, p, T: Tensor(task.solve(z, p, T))).status == "đúng"
    (choices,) = lesson_04_2.metric_for_cost.solve()
    typed = {unicodedata.normalize("NFD", task): unicodedata.normalize("NFD", name) for task, name in choices.items()}
    assert typed != choices and lesson_04_2.metric_for_cost.check(typed).status == "đúng"


# ---- Những gì bị từ chối, và lời gọi đã sửa theo lời báo ----

MASKED = np.ma.array(NUMBERS.astype(float), mask=VALUES > 0.7)
DAYS = np.arange("2026-01-01", "2026-01-13", dtype="datetime64[D]")
HOLED = [1.0, None, *[2.0] * (N - 2)]
mse, accuracy = metrics.mean_squared_error, metrics.accuracy_score
REFUSED = {  # lời gọi sai, chữ phải có trong lời báo, lời gọi đã sửa
    "mặt nạ, điền": (
        lambda: mse(MASKED, VALUES),
        r"y_true cần là mảng không có mặt nạ, nhưng \d+ giá trị bị che.*y_true\.filled",
        lambda: mse(MASKED.filled(0), VALUES),
    ),
    "mặt nạ, bỏ": (
        lambda: losses.mse(NUMBERS, MASKED),
        r"y_pred cần là mảng không có mặt nạ.*y_pred\.compressed\(\)",
        lambda: losses.mse(NUMBERS[~MASKED.mask], MASKED.compressed()),
    ),
    "generator": (
        lambda: mse((v for v in VALUES), VALUES),
        r"nhận được generator.*list\(y_true\)",
        lambda: mse(list(v for v in VALUES), VALUES),
    ),
    "map": (
        lambda: accuracy(map(int, LABELS), LABELS),
        r"nhận được map.*list\(y_true\)",
        lambda: accuracy(list(map(int, LABELS)), LABELS),
    ),
    "tập hợp": (
        lambda: metrics.confusion_matrix(LABELS, LABELS, labels={0, 1}),
        r"nhận được set.*sorted\(labels\)",
        lambda: metrics.confusion_matrix(LABELS, LABELS, labels=sorted({0, 1})),
    ),
    "dict": (
        lambda: mse({0: 1.0, 1: 2.0}, [1.0, 2.0]),
        r"nhận được dict.*list\(y_true\.values\(\)\)",
        lambda: mse(list({0: 1.0, 1: 2.0}.values()), [1.0, 2.0]),
    ),
    "ma trận thưa": (
        lambda: model_selection.standardizer(scipy.sparse.csr_array(TABLE)),
        r"X_train\.toarray\(\)",
        lambda: model_selection.standardizer(scipy.sparse.csr_array(TABLE).toarray()),
    ),
    "None": (
        lambda: mse(None, VALUES),
        r"y_true cần là một dãy, nhưng nhận được NoneType.*như \[0, 1\]",
        lambda: mse(VALUES, VALUES),
    ),
    "dài ngắn khác nhau": (
        lambda: model_selection.standardizer([[1.0], [1.0, 2.0]]),
        r"X_train cần xếp được thành mảng, nhưng các hàng dài ngắn khác nhau",
        lambda: model_selection.standardizer([[1.0, 0.0], [1.0, 2.0]]),
    ),
    "thiếu giá trị": (
        lambda: mse(HOLED, VALUES),
        r"y_true cần đủ giá trị, nhưng thiếu 1, đầu tiên ở vị trí 1: None",
        lambda: mse([1.0, 0.0, *HOLED[2:]], VALUES),
    ),
    "pd.NA trong bảng": (
        lambda: model_selection.standardizer(pd.DataFrame({"a": pd.array([1, None], "Int64"), "b": ["x", "y"]})),
        r"X_train cần đủ giá trị, nhưng thiếu 1.*<NA>",
        lambda: model_selection.standardizer(pd.DataFrame({"a": pd.array([1, None], "Int64")}).fillna(0)),
    ),
    "NaN giữa các chuỗi": (
        lambda: accuracy(["a", np.nan], ["a", "a"]),
        r"y_true cần đủ giá trị, nhưng thiếu 1",
        lambda: accuracy(["a"], ["a"]),
    ),
    "chữ viết số": (
        lambda: mse(["1", "2"], [1.0, 2.0]),
        r"cần là mảng số.*np\.asarray\(y_true, float\)",
        lambda: mse(np.asarray(["1", "2"], float), [1.0, 2.0]),
    ),
    "cột chữ": (
        lambda: model_selection.standardizer(pd.DataFrame({"a": [1, 2], "b": ["x", "y"]})),
        r"nhận được 'x' \(str\) ở vị trí 1.*np\.unique\(np\.asarray\(cột, str\), return_inverse=True\)\[1\]",
        lambda: model_selection.standardizer(
            np.column_stack([[1, 2], np.unique(np.asarray(["x", "y"], str), return_inverse=True)[1]])
        ),
    ),
    "số phức": (
        lambda: mse(VALUES + 0j, VALUES),
        r"kiểu complex128.*np\.real\(y_true\)",
        lambda: mse(np.real(VALUES + 0j), VALUES),
    ),
    "ngày": (
        lambda: mse(DAYS, VALUES),
        r'kiểu datetime64\[D\].*np\.asarray\(y_true, "datetime64\[s\]"\)\.astype\(float\)',
        lambda: mse(np.asarray(DAYS, "datetime64[s]").astype(float), VALUES),
    ),
    "khoảng thời gian": (
        lambda: mse(DAYS - DAYS[0], VALUES),
        r'np\.asarray\(y_true, "timedelta64\[s\]"\)',
        lambda: mse(np.asarray(DAYS - DAYS[0], "timedelta64[s]").astype(float), VALUES),
    ),
    "ngày làm nhóm": (
        lambda: model_selection.group_k_fold(DAYS, 3),
        r"groups cần là nhãn.*np\.asarray\(groups, str\)",
        lambda: model_selection.group_k_fold(np.asarray(DAYS, str), 3),
    ),
    "nhiều trường": (
        lambda: mse(np.zeros(3, [("a", float), ("b", int)]), np.zeros(3)),
        r"chọn một trường: y_true\['a'\]",
        lambda: mse(np.zeros(3, [("a", float), ("b", int)])["a"], np.zeros(3)),
    ),
    "bytes": (
        lambda: accuracy(np.array([b"a", b"b"]), np.array([b"a", b"a"])),
        r"kiểu \|S1.*np\.char\.decode\(y_true\)",
        lambda: accuracy(np.char.decode(np.array([b"a", b"b"])), np.char.decode(np.array([b"a", b"a"]))),
    ),
    "nhãn trộn kiểu": (
        lambda: accuracy(["a", 1], ["a", "1"]),
        r"y_true cần là nhãn cùng một kiểu.*'a' \(str\), 1 \(int\).*np\.asarray\(y_true, str\)",
        lambda: accuracy(np.asarray(["a", 1], str), ["a", "1"]),
    ),
    "chuỗi gặp số": (
        lambda: accuracy(["1", "0"], [1, 0]),
        r"không so được.*np\.asarray\(y_pred\)\.astype\(int\)\.astype\(str\)",
        lambda: accuracy(["1", "0"], np.asarray([1, 0]).astype(int).astype(str)),
    ),
    "số gặp chuỗi": (
        lambda: accuracy([1, 0], ["1", "0"]),
        r"không so được.*np\.asarray\(y_true\)\.astype\(int\)\.astype\(str\)",
        lambda: accuracy(np.asarray([1, 0]).astype(int).astype(str), ["1", "0"]),
    ),
    "xác suất làm nhãn": (
        lambda: accuracy(LABELS, VALUES),
        r"np\.asarray\(y_pred\) >= 0\.5",
        lambda: accuracy(LABELS, np.asarray(VALUES) >= 0.5),
    ),
    "(n, 1)": (
        lambda: accuracy(LABELS, LABELS[:, None].tolist()),
        r"np\.ravel\(y_pred\)",
        lambda: accuracy(LABELS, np.ravel(LABELS[:, None].tolist())),
    ),
    "tổng khác 1 vì làm tròn": (
        lambda: losses.entropy([0.333, 0.333, 0.333]),
        r"hàng 0 có tổng 0\.999\..*p / np\.sum\(p, axis=-1, keepdims=True\)",
        lambda: losses.entropy([0.333, 0.333, 0.333] / np.sum([0.333, 0.333, 0.333], axis=-1, keepdims=True)),
    ),
    "tổng khác 1 vì là logit": (
        lambda: losses.entropy([0.5, 0.0]),
        r"losses\.softmax",
        lambda: losses.entropy(losses.softmax([0.5, 0.0])),
    ),
    "quá 1 vì làm tròn": (
        lambda: metrics.log_loss([0, 1], [0.5, 1 + 1e-7]),
        r"giá trị 1\.0000001\..*np\.clip\(y_proba, 0, 1\)",
        lambda: metrics.log_loss([0, 1], np.clip([0.5, 1 + 1e-7], 0, 1)),
    ),
    "logit làm xác suất": (
        lambda: metrics.brier_score_loss([0, 1], [-3.0, 5.0]),
        r"losses\.sigmoid",
        lambda: metrics.brier_score_loss([0, 1], losses.sigmoid([-3.0, 5.0])),
    ),
    "trọng số quá nhỏ": (
        lambda: accuracy([0, 1], [0, 0], sample_weight=[3e-300, 1e-300]),
        r"sample_weight lớn nhất là 3e-300.*sample_weight / np\.max\(sample_weight\)",
        lambda: accuracy([0, 1], [0, 0], sample_weight=np.array([3e-300, 1e-300]) / np.max([3e-300, 1e-300])),
    ),
    "số nguyên viết thực": (
        lambda: model_selection.k_fold(9, 3.0),
        r"n_splits cần là số nguyên, nhưng nhận được 3\.0 \(float\)\. Hãy viết 3",
        lambda: model_selection.k_fold(9, 3),
    ),
    "không nói lớp dương": (
        lambda: metrics.roc_auc_score(["có", "không"], [0.9, 0.1]),
        r"các lớp 'có', 'không'\. Hãy nói rõ, ví dụ pos_label='không'",
        lambda: metrics.roc_auc_score(["có", "không"], [0.9, 0.1], pos_label="không"),
    ),
    "lớp dương lạ": (
        lambda: metrics.f1_score(["có", "không"], ["có", "có"]),
        r"pos_label = 1 không có trong dữ liệu: các lớp là 'có', 'không'\. Hãy chọn",
        lambda: metrics.f1_score(["có", "không"], ["có", "có"], pos_label="có"),
    ),
    "-1, 1 làm lớp": (
        lambda: losses.binary_cross_entropy([-1, 1], [0.0, 1.0]),
        r"\(np\.asarray\(y_true\) \+ 1\) // 2",
        lambda: losses.binary_cross_entropy((np.asarray([-1, 1]) + 1) // 2, [0.0, 1.0]),
    ),
    "KL vô cực": (
        lambda: losses.kl_divergence([0.5, 0.5], losses.softmax([0.0, 750.0])),
        r"0\.999 \* np\.asarray\(q\) \+ 0\.001 / np\.shape\(q\)\[-1\]",
        lambda: losses.kl_divergence([0.5, 0.5], 0.999 * losses.softmax([0.0, 750.0]) + 0.001 / 2),
    ),
    "π_ref bằng 0": (
        lambda: preferences.optimal_policy([0.0, 1.0], [1.0, 0.0], beta=1.0),
        r"0\.999 \* np\.asarray\(reference\) \+ 0\.001 / len\(reference\)",
        lambda: preferences.optimal_policy([0.0, 1.0], 0.999 * np.array([1.0, 0.0]) + 0.001 / 2, beta=1.0),
    ),
    "phần thưởng quá lớn": (
        lambda: preferences.kl_objective([0.0, 1.0], [1e305, 0.0], [0.5, 0.5], beta=1e300),
        r"Hãy chia beta, và reward nếu có, cho cùng một số",
        lambda: preferences.kl_objective([0.0, 1.0], np.array([1e305, 0.0]) / 1e300, [0.5, 0.5], beta=1.0),
    ),
    "đổi thứ tự ở NFC": (
        lambda: metrics.log_loss(NFD_NAMES, PAIRS),
        r"xếp khác đi: 'lành', 'ác'.*labels=\['lành', 'ác'\]",
        lambda: metrics.log_loss(NFD_NAMES, PAIRS[:, ::-1], labels=["lành", "ác"]),
    ),
}
NFD_NAMES = [unicodedata.normalize("NFD", name) for name in ("ác", "lành")]
PAIRS = np.array([[0.75, 0.25], [0.25, 0.75]])  # cột xếp như sorted(NFD_NAMES): "ác" trước


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused_is_explained_and_the_hint_works(name):
    bad, words, mended = REFUSED[name]
    with pytest.raises((ValueError, TypeError), match=words):
        bad()
    result = mended()
    assert np.isfinite(result) if isinstance(result, float) else result is not None


def test_columns_named_in_nfd_are_read_in_the_order_the_hint_gives():
    assert metrics.log_loss(NFD_NAMES, PAIRS[:, ::-1], labels=["lành", "ác"]) == pytest.approx(-np.log(0.75))


@pytest.mark.parametrize(
    "value",
    [
        Tensor(np.array(0.5)),
        np.array(0.5),
        np.array([0.5]),
        np.float32(0.5),
        Decimal("0.5"),
        Fraction(1, 2),
        pd.Series([0.5]),
    ],
)
def test_one_number_is_taken_in_every_form(value):
    assert _check.number("l2", value) == 0.5
    assert losses.huber([0.0], [1.0], delta=value) == 0.375


@pytest.mark.parametrize("value", ["0.5", [0.5], None, True, np.array([0.5, 1.0]), 1j, np.datetime64("2026-01-01")])
def test_what_is_not_one_number_is_shown(value):
    with pytest.raises(TypeError, match="delta cần là một số, nhưng nhận được"):
        losses.huber([0.0], [1.0], delta=value)


@pytest.mark.parametrize("value", [10**400, -(10**400), float("inf"), float("nan")])
def test_a_number_out_of_reach_is_out_of_range(value):
    with pytest.raises(ValueError, match=r"delta cần nằm trong \(0, inf\), nhưng nhận được"):
        losses.huber([0.0], [1.0], delta=value)


def test_numbers_too_large_for_a_double_are_named():
    for y in ([10**400, 1], np.array([10**400, 1], object), np.array([np.longdouble("1e4000"), 1])):
        with pytest.raises(ValueError, match="y_true có 1 giá trị NaN hoặc vô cực, đầu tiên ở vị trí 0: inf"):
            losses.mse(y, [1.0, 1.0])
    assert losses.mse([2**70, 0], [0, 0]) == 2.0**139


# ---- Điều thử bằng đột biến thấy chưa ai canh ----


def test_a_hint_is_given_only_where_it_fits():
    with pytest.raises(TypeError, match=r"n_splits cần là số nguyên, nhưng nhận được 2\.5 \(float\)\.$"):
        model_selection.k_fold(9, 2.5)
    with pytest.raises(ValueError, match=r"y_true cần có 1 chiều, nhưng có dạng \(\)\.$"):
        losses.mse(1.0, [1.0])
    with pytest.raises(ValueError, match=r"y_true cần có 1 chiều, nhưng có dạng \(2, 2, 1\)\.$"):
        losses.mse(np.zeros((2, 2, 1)), [1.0])
    with pytest.raises(TypeError, match=r"y_true cần là mảng số, nhưng nhận được kiểu \|V8"):
        losses.mse(np.zeros(2, "V8"), [1.0, 1.0])


def test_integers_keep_every_digit():
    big = np.array([2**53 + 1, 0], object)
    assert metrics.accuracy_score(big, [2**53, 0]) == 0.5
    assert (
        metrics.accuracy_score([10**20, 1], [10**20 + 1, 1])
        == metrics.accuracy_score([2**63, 1], [2**63 + 1, 1])
        == 0.5
    )
    assert len(model_selection.group_k_fold([10**20, 10**20 + 1, 10**20 + 2], 3)) == 3
    assert losses.mse([10**20, 0], [0, 0]) == 5e39


def test_names_of_columns_are_not_methods():
    table = pd.DataFrame({"filled": [1.0, 2, 3], "detach": [1.0, 5, 2], "mask": [0.0, 1, 0], "columns": [1.0, 1, 0]})
    agree(model_selection.standardizer(table)(table), model_selection.standardizer(table.values)(table.values))
    row = pd.Series([1.0, 2.0], index=["filled", "detach"])
    assert losses.mse(row, [1.0, 2.0]) == 0.0


def test_lists_of_tensors_are_lists_of_numbers():
    assert losses.mse([Tensor(np.array(1.0)), Tensor(np.array(2.0), "torch.bfloat16")], (1.0, 4.0)) == 2.0


@pytest.mark.parametrize("name", ["ﬁ", "Ω", "한국", "e\u0301", "có\u0323", "ˀ\u0313", ""])
def test_every_name_equals_its_composed_form(name):
    composed = unicodedata.normalize("NFC", name)
    assert metrics.accuracy_score([name, "x"], [composed, "x"]) == metrics.accuracy_score([composed], [name]) == 1.0
    assert _check.nfc(np.array([name, "ác"])).tolist() == [composed, "ác"]
