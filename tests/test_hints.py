"""Mọi lời báo của tầng toán nói "Hãy ..." đều có một lời gọi sai ở đây, và lời gọi sửa đúng như thế thì chạy được.

``helpers.advice`` đọc mã để biết mọi câu raise có lời khuyên, và mọi lời khuyên mà câu ấy có thể nói; bảng thì cho biết
câu nào đã nói gì. Thêm một lời khuyên mà không thêm dòng là bài kiểm thử đỏ, và nói rõ thiếu ở file nào, dòng nào.
"""

import ast
import copy
import functools
import itertools
import re
import sys
from pathlib import Path
from unittest import mock

import matplotlib.pyplot as plt
import numpy as np
import polars as pl
import pytest

from mlcourse import bias_variance as bv
from mlcourse import data, losses, metrics, models, optim, plots, preferences, regularization, training
from mlcourse import model_selection as ms
from tests.helpers.advice import ADVICE, HOME, TREES, advice
from tests.test_check import NUMBERS, REFUSED, TABLE
from tests.test_model_selection import Memo

# ---- Bảng: hàm, đối số sai, lời phải có, cách sửa ----
# Nhóm trong ngoặc của lời báo là mã, và được tính với chính các đối số ấy. Cách sửa là tên đối số nhận giá trị của mã,
# None khi mã viết cả tên (k=v), hay danh sách các lựa chọn: dict đối số mới, hoặc hàm nhận giá trị của mã và chạy thử.

RNG = np.random.default_rng(0)
X, Y, P = np.arange(20.0)[:, None], np.arange(20) % 2, np.full((4, 3), 1 / 3)
RARE, ALONE, WORDS = np.repeat([0, 1], [17, 3]), np.repeat([0, 1], [19, 1]), np.array(["a", "b"])[Y]
MASK = np.ma.array(TABLE, mask=TABLE > 1.5)
first = lambda X, y: lambda X_new: X_new[:, 0]
best = lambda X, y: lambda X_new: Y[X_new[:, 0].astype(int)]
mean = lambda X, y: lambda X_new: np.full(len(X_new), y.mean())
score = functools.partial(ms.cross_val_score, fit=first, X=X, y=Y, metric=losses.mse)
boot = functools.partial(ms.bootstrap_interval, y_true=Y, y_pred=Y, metric=losses.mse, n_rounds=9, rng=RNG)
world = functools.partial(
    bv.bias_variance, fit=mean, sample=lambda rng: (X, Y), f=data.sine, X_test=X, noise_std=1, n_rounds=3, rng=RNG
)
split = functools.partial(ms.train_val_test_split, X=X, y=Y, rng=RNG)
learn = functools.partial(training.train, models.linear(1), epochs=2, rng=RNG, optimizer=optim.sgd(1e-3))
SGD, PARAMS = optim.sgd(0.1, momentum=0.5), {"w": np.zeros(1), "b": np.zeros(1)}
SMALL, EACH = {"X": X / 20, "y": Y * 1.0}, lambda y, p: y - p


def own(fit, **given):
    """bagging, học rồi đoán ngay."""
    return bv.bagging(fit, n_bags=2, rng=np.random.default_rng(0), **given)(X, Y)(X)


def without_joblib(n_jobs):
    with mock.patch.dict(sys.modules, joblib=None):
        return score(n_jobs=n_jobs)


class Named(Memo):
    """Một mô hình mà repr là mã dựng lại nó."""

    def __repr__(self):
        return "Named(*[])"


class Shared:
    """Một lớp đã đoán được khi chưa học: mọi lời gọi ``Shared.predict`` là của cùng một lớp."""

    def fit(self, X, y):
        self.predict = mean(X, y)
        return self

    @classmethod
    def predict(cls, X):
        return np.zeros(len(X))


class Splitter:
    """Như một bộ chia của scikit-learn."""

    def get_n_splits(self):
        return 2

    def split(self, X, y, groups=None):
        return ms.k_fold(len(X), 2)

    def __repr__(self):
        return type(self).__name__ + "()"


class GroupSplitter(Splitter):
    def split(self, X, y, groups):
        return ms.group_k_fold(groups, 2)


def drawn(history):
    figure = plots.loss_curves(history).figure
    plt.close(figure)
    return figure


def bound(f):
    """Hàm thường, gắn vào một vật không có ``fit``."""
    return type("Box", (), {"predict": lambda self, X: f(X)})().predict


MODEL, NAMED = Memo(), Named()
HISTORY = training.History(np.array([0.7, 0.4]), np.empty(0))
BOX = bound(lambda X: X[:, 0])
NEW = r"Hãy viết (lambda.*predict) \("
CODE = {"np": np, "losses": losses, "metrics": metrics, "models": models, "data": data, "copy": copy, "model": MODEL}
CODE |= {
    "polynomial": models.polynomial,
    "k_fold": ms.k_fold,
    "stratified_k_fold": ms.stratified_k_fold,
    "y": Y,
    "X": X,
}
CODE |= {"cross_val_score": ms.cross_val_score, "binary_cross_entropy": losses.binary_cross_entropy, "groups": Y}
CODE |= {c.__name__: c for c in (Memo, Shared, Named, Splitter, GroupSplitter)}
ROWS = {
    "bảng có mặt nạ": (
        ms.standardizer, {"X_train": MASK}, r"(X_train\.filled\(0\)), hay bỏ bằng (np\.ma\.compress_rows\(X_train\)),",
        [lambda filled, rest: ms.standardizer(filled), lambda filled, rest: ms.standardizer(rest)],
    ),
    "None": (metrics.accuracy_score, {"y_true": None, "y_pred": [1, 0]}, r"như (\[0, 1\])\.", "y_true"),
    "NaN": (
        losses.mse, {"y_true": [1.0, np.nan], "y_pred": [1.0, 2.0]}, "Hãy bỏ hoặc điền",
        [{"y_true": [1.0], "y_pred": [1.0]}, {"y_true": [1.0, 0.0]}],
    ),
    "chuỗi là lớp": (
        losses.binary_cross_entropy, {"y_true": WORDS, "logits": X[:, 0]},
        r"đánh số: (np\.unique\(y_true, return_inverse=True\)\[1\])", "y_true",
    ),
    "một số, không phải phân phối": (losses.entropy, {"p": 0.5}, "xác suất của mọi lớp", [{"p": [0.5, 0.5]}]),
    "logit, không phải phân phối": (
        losses.entropy, {"p": [2.0, -1.0]}, r"losses\.softmax trước.*(np\.clip\(p, 0, 1\))",
        [{"p": losses.softmax([2.0, -1.0])}, "p"],
    ),
    "logit ở mỗi lớp": (
        metrics.log_loss, {"y_true": [0, 1], "y_proba": [[2.0, -1.0], [0.0, 1.0]]}, r"losses\.softmax trước",
        [{"y_proba": losses.softmax([[2.0, -1.0], [0.0, 1.0]])}],
    ),
    "(n, 1) ở real": (
        losses.mse, {"y_true": [0.0, 1.0], "y_pred": [[0.0], [1.0]]}, r"(np\.ravel\(y_pred\))\.", "y_pred",
    ),
    "X một chiều": (ms.standardizer, {"X_train": [1.0, 2.0]}, r"(np\.reshape\(X_train, \(-1, 1\)\))", "X_train"),
    "hai cột xác suất": (
        metrics.roc_auc_score, {"y_true": [0, 1], "y_score": [[0.9, 0.1], [0.2, 0.8]]},
        r"chọn một cột: (np\.asarray\(y_score\)\[:, 1\])", "y_score",
    ),
    "nhãn one-hot": (
        metrics.accuracy_score, {"y_true": [0, 1], "y_pred": [[1, 0], [0, 1]]},
        r"(np\.argmax\(y_pred, axis=1\)) nếu mỗi lớp một cột", "y_pred",
    ),
    "nhãn đếm từ 1": (
        losses.cross_entropy, {"y_true": [1, 2], "logits": [[0.0, 1.0], [1.0, 0.0]]},
        r"đếm từ 0: (np\.asarray\(y_true\) - 1)", "y_true",
    ),
    "bảng polars chưa tính": (
        losses.mse, {"y_true": pl.DataFrame({"c": [1.0, 2.0]}).lazy(), "y_pred": [1.0, 2.0]},
        r"như (y_true\.collect\(\))\.", "y_true",
    ),
    "cả kết quả của train": (
        drawn, {"history": ({}, HISTORY)}, "params, history = training.train", [{"history": HISTORY}],
    ),
    "lịch không nhận bước": (
        optim.sgd, {"learning_rate": lambda: 0.1}, r"viết learning_rate=(lambda step: 0\.1)", "learning_rate",
    ),
    "ba lớp": (
        metrics.roc_auc_score, {"y_true": [0, 1, 2], "y_score": [0.1, 0.4, 0.9], "_k": 2},
        r"(np\.asarray\(y_true\) == k)", "y_true",
    ),
    "(1, K) gặp (K,)": (
        losses.kl_divergence, {"p": [0.5, 0.5], "q": [[0.5, 0.5]]}, r"(np\.ravel\(q\)) để bỏ chiều thừa", "q",
    ),
    "trọng số 0": (
        metrics.accuracy_score, {"y_true": [0, 1], "y_pred": [0, 1], "sample_weight": [0, 0]},
        "ít nhất một trọng số dương", [{"sample_weight": [0, 1]}],
    ),
    "nhiều cột": (
        lambda X: models.polynomial(1)(X, NUMBERS), {"X": TABLE}, r"(np\.asarray\(X\)\[:, \[0\]\])", "X",
    ),
    "rng": (split, {"rng": 0}, r"viết (rng=.*)\.$", None),
    "joblib": (
        without_joblib, {"n_jobs": 2}, r"cài: pip install .*, hoặc bỏ n_jobs", [{"n_jobs": None}, lambda: score(n_jobs=1)],
    ),
    "một cột logit": (
        losses.cross_entropy, {"y_true": Y, "logits": X}, r"dùng (binary_cross_entropy\(.*\)\)) nếu", [np.isfinite],
    ),
    "softmax của một số": (losses.softmax, {"z": 1.0}, "hãy dùng sigmoid", [lambda: losses.sigmoid(1.0)]),
    "KL vô cực, danh sách": (
        losses.kl_divergence, {"p": [0.5, 0.5], "q": [1.0, 0.0]}, r"làm trơn q: (.*)\.$", "q",
    ),
    "π_ref bằng 0, danh sách": (
        preferences.optimal_policy, {"reward": [0.0, 1.0], "reference": [1.0, 0.0], "beta": 1.0},
        r"làm trơn: (.*)\.$", "reference",
    ),
    "phần thưởng ẩn quá lớn": (
        preferences.dpo_loss,
        {"logits": [9.0, 1.0], "reference": [0.5, 0.5], "chosen": [0], "rejected": [1], "beta": 2e299},
        "Hãy chia beta, và reward nếu có, cho cùng một số, hoặc thu nhỏ logits", [{"beta": 1.0}, {"logits": [0.5, 0.0]}],
    ),
    "nesterov": (
        functools.partial(optim.sgd, 0.1), {"nesterov": True}, r"chẳng hạn (momentum=0\.9)", None,
    ),
    "state": (
        SGD.update, {"grads": PARAMS, "state": None, "params": PARAMS, "_optimizer": SGD},
        r"state từ (optimizer\.init\(params\)), hoặc từ lần optimizer\.update",
        ["state", lambda state: SGD.update(PARAMS, SGD.update(PARAMS, state, PARAMS)[1], PARAMS)],
    ),
    "params là mảng": (SGD.init, {"params": np.zeros(3)}, r"params = (\{.*\})", "params"),
    "params của mô hình khác": (
        models.logistic(1).predict, {"params": {}, "X": X, "_model": models.logistic(1), "_rng": RNG},
        r"params từ (model\.init\(rng\)) hoặc training\.train",
        ["params", {"params": learn(**SMALL)[0]}],
    ),
    "params sai dạng": (
        models.logistic(1).predict, {"params": PARAMS | {"w": X}, "X": X, "_model": models.logistic(1), "_rng": RNG},
        r"params từ (model\.init\(rng\)) hoặc training\.train",
        ["params", {"params": learn(**SMALL)[0]}],
    ),
    "bậc quá cao": (
        lambda degree, n=60, **l2: models.polynomial(degree, **l2)(np.arange(n)[:, None], np.sin(np.arange(n) / 9)),
        {"degree": 59}, r"giảm bậc xuống (\d+), hoặc phạt: polynomial\(59, (l2=1e-9)\)",
        [lambda k, l2: ROWS["bậc quá cao"][0](k), lambda k, l2: ROWS["bậc quá cao"][0](59, **l2)],
    ),
    "ít điểm": (
        lambda degree, n, **l2: ROWS["bậc quá cao"][0](degree, n, **l2), {"degree": 3, "n": 3},
        r"giảm bậc, thêm dữ liệu, hoặc phạt: (polynomial\(3, l2=1e-9\))\.$",
        [{"degree": 2}, {"n": 4}, lambda fit: fit(X[:3], Y[:3])(X)],
    ),
    "ít điểm, nhiều tập": (
        models.polynomial_path, {"x": X[:3].T, "y": [[1.0, 2.0, 0.0]], "x_test": [1.0], "degree": 3},
        r"phạt: (polynomial\(3, l2=1e-9\))\.$", [lambda fit: fit(X[:3], [1.0, 2.0, 0.0])([[1.0]])],
    ),
    "l2 quá nhỏ": (
        lambda degree, l2: models.polynomial(degree, l2=l2)(np.linspace(0, 1, 41)[:, None], np.arange(41) % 3),
        {"degree": 30, "l2": 1e-30}, r"chẳng hạn (l2=1e-12), hoặc giảm bậc", [None, {"degree": 9}],
    ),
    "phân kỳ": (
        learn, {"X": X * 9, "y": Y * 1.0, "epochs": 900}, r"hãy giảm learning_rate 10 lần.*(?=model_selection.standardizer)",
        [{"optimizer": optim.sgd(1e-5)}, {"X": ms.standardizer(X)(X), "optimizer": optim.sgd(1e-4)}],
    ),
    "X quá lớn": (learn, SMALL | {"X": X * 1e200}, r"Hãy chia X cho (.*)\.$", [lambda c: learn(**SMALL | {"X": X * 1e200 / c})]),
    "X_val quá lớn": (
        learn, SMALL | {"validation": (X * 1e200, Y)}, r"Hãy chia X_val cho (.*), như ở tập huấn luyện\.$",
        [lambda c: learn(**SMALL | {"X": X / c, "validation": (X * 1e200 / c, Y)})],
    ),
    "params quá lớn": (
        learn, SMALL | {"params": {"w": np.array([1e200]), "b": np.zeros(1)}}, "bắt đầu từ params nhỏ hơn, hay bỏ params",
        [{"params": PARAMS}, {"params": None}],
    ),
    "không có trọng số": (
        regularization.l2_penalty, {"params": {"v": np.ones(2)}, "l2": 1.0, "_w": np.ones(2), "_b": np.ones(1)},
        r"chẳng hạn (\{.*\})\.$", "params",
    ),
    # learner, metric
    "learners": (
        functools.partial(ms.nested_cross_val_score, X=X, y=Y, metric=losses.mse, rng=RNG), {"learners": []},
        r"viết (learners=.*)\.$", None,
    ),
    "lớp mô hình": (score, {"fit": Memo}, NEW, "fit"),
    "mô hình viết lại được": (score, {"fit": NAMED}, NEW, "fit"),
    "mô hình không viết lại được": (score, {"fit": MODEL}, NEW, "fit"),
    "không phải mô hình": (score, {"fit": "ridge"}, r"trả về hàm predict\(X\), như (models\.ridge\(0\.1\))\.", "fit"),
    "túi chung lớp": (own, {"fit": lambda X, y: Shared.predict}, NEW, "fit"),
    "túi chung mô hình": (own, {"fit": lambda X, y: NAMED.fit(X, y).predict}, NEW, "fit"),
    "túi chung mô hình không viết lại được": (own, {"fit": lambda X, y: MODEL.fit(X, y).predict}, NEW, "fit"),
    "túi chung vật lạ": (own, {"fit": lambda X, y: BOX}, r"như (models\.ridge\(0\.1\))\.", "fit"),
    "sample": (world, {"sample": None}, r"viết (sample=.*)\.$", None),
    "f": (world, {"f": None}, r"viết (f=data\.sine), hay (f=.*)\.$", [None, lambda sine, f: world(**f)]),
    "sample không trả về cặp": (world, {"sample": lambda rng: X}, r"return (X, y) ở cuối", [lambda xy: world(sample=lambda rng: xy)]),
    "tên metric": (score, {"metric": "mine", "fit": best}, r"viết (metric=.*)\.$", None),
    "tên metric của scikit-learn": (score, {"metric": "accuracy", "fit": best}, r"viết (metric=lambda y, p: metrics.*)\.$", None),
    "tên metric, càng nhỏ càng tốt": (
        functools.partial(ms.nested_cross_val_score, {"a": best}, X, Y, rng=RNG), {"metric": "accuracy"},
        r"viết (metric=lambda y, p: -metrics.*)\.$", None,
    ),
    "predict (n, 1)": (
        score, {"fit": lambda X, y: lambda X_new: X_new}, r"dùng (np\.ravel) nếu",
        [lambda ravel: score(fit=lambda X, y: lambda X_new: ravel(X_new))],
    ),
    "trung bình của chuỗi": (
        functools.partial(bv.bootstrap_bias_variance, n_rounds=3, rng=RNG),
        {"fit": lambda X, y: lambda X_new: np.full(len(X_new), y[0]), "X": X, "y": WORDS, "X_test": X, "y_test": Y},
        r"y = (np.*\[1\]), hay để predict trả về xác suất",
        ["y", {"fit": lambda X, y: lambda X_new: np.full(len(X_new), np.mean(y == "b"))}],
    ),
    "metric trả về dict": (score, {"metric": lambda y, p: {"a": 1.0, "b": 2.0}}, r"(metric=.*)\.$", None),
    "metric trả về dict, cần một số": (boot, {"metric": lambda y, p: {"a": 1.0, "b": 2.0}}, r"(metric=.*)\.$", None),
    "metric trả về chuỗi": (boot, {"metric": lambda y, p: "0.9"}, "như np.mean", [{"metric": lambda y, p: np.mean(y != p)}]),
    "metric trả về sai số từng mẫu": (boot, {"metric": lambda y, p: y != p}, r"trung bình: (metric=.*)\.$", None),
    "metric trả về sai số, y thực": (boot, {"metric": lambda y, p: [1.0, 2.0], "y_true": Y / 3}, r"trung bình: (metric=.*)\.$", None),
    "metric trả về từng lớp": (
        boot, {"metric": lambda y, p: metrics.recall_score(y, p, average=None)}, r"từng lớp một.*(metric=.*)\.$", None,
    ),
    # fold
    "fold thiếu lớp": (
        score, {"y": RARE, "metric": metrics.roc_auc_score}, r"cross_val_score với (folds=.*?\))\. Lỗi", None,
    ),
    "lớp chỉ có một mẫu": (
        functools.partial(ms.bootstrap_score, first, n_rounds=9, rng=RNG), {"X": X, "y": ALONE, "metric": metrics.roc_auc_score},
        "Hãy thêm mẫu của lớp ấy", [{"X": np.tile(X, (9, 1)), "y": np.tile(ALONE, 9)}],
    ),
    "mẫu bootstrap thiếu lớp": (
        boot, {"n_rounds": 99, "y_true": ALONE, "y_pred": X[:, 0], "metric": metrics.roc_auc_score}, r"Hãy dùng (stratify=True)\. Lỗi", None,
    ),
    "điểm dài ngắn": (
        score, {"y": RARE, "metric": lambda y, p: np.unique(y)}, r"cross_val_score với (folds=.*\))\.$", None,
    ),
    "điểm dài ngắn, lớp một mẫu": (
        score, {"y": ALONE, "metric": lambda y, p: np.unique(y)}, "Hãy thêm mẫu của lớp ấy", [{"y": RARE[::-1] * 0 + Y}],
    ),
    "điểm dài ngắn, y thực": (
        score, {"X": X[:19], "y": X[:19, 0] / 3, "metric": EACH}, "để metric trả về một số",
        [{"metric": lambda y, p: np.mean(EACH(y, p))}],
    ),
    "tổng của ratios": (split, {"ratios": (70, 15, 15)}, r"chia cho tổng: (.*)\.$", "ratios"),
    "ratios âm": (split, {"ratios": (2, -0.5, -0.5)}, r"viết như (\(.*\))\.$", "ratios"),
    "stratify": (split, {"stratify": Y}, r"viết (stratify=True)", None),
    "quá ít mẫu": (
        split, {"X": X[:3], "y": Y[:3], "ratios": (0.9, 0.05, 0.05)}, "thêm dữ liệu, hoặc tăng tỷ lệ của tập xác thực",
        [{"X": X, "y": Y}, {"ratios": (0.4, 0.3, 0.3)}],
    ),
    "folds": (score, {"folds": "abc"}, r"viết (folds=k_fold.*)\.$", None),
    "folds là số": (score, {"folds": 3}, r"viết (n_splits=3)\.$", [lambda k: score(**k)]),
    "folds là bộ chia": (score, {"folds": Splitter()}, r"viết (folds=list.*)\.$", None),
    "folds là bộ chia theo nhóm": (score, {"folds": GroupSplitter()}, r"viết (folds=list.*, groups\)\))\.$", None),
    "folds là một cặp": (
        score, {"folds": (Y > 0, Y < 1), "_train": Y > 0, "_test": Y < 1}, r"(folds=\[.*\]); mặt nạ .* (np\.flatnonzero\(train\))",
        [lambda folds, train: score(folds=[(train, np.flatnonzero(Y < 1))])],
    ),
    # chỉ số
    "normalize": (
        metrics.confusion_matrix, {"y_true": [0, 0], "y_pred": [0, 1], "normalize": "true"},
        r"dùng (normalize=None), hoặc chọn labels khác", [None, {"labels": [0]}],
    ),
    "MAPE": (
        metrics.mean_absolute_percentage_error, {"y_true": [0, 1], "y_pred": [1, 1]}, "dùng MAE",
        [lambda: metrics.mean_absolute_error([0, 1], [1, 1])],
    ),
    "R²": (
        metrics.r2_score, {"y_true": [1, 1], "y_pred": [1, 2]}, "dùng MSE hoặc MAE",
        [lambda f=f: f([1, 1], [1, 2]) for f in (metrics.mean_squared_error, metrics.mean_absolute_error)],
    ),
    "labels xếp ngược": (
        metrics.log_loss, {"y_true": [0, 1, 2, 0], "y_proba": P, "labels": [2, 1, 0]}, "xếp lại cả labels lẫn các cột",
        [{"y_proba": P[:, ::-1], "labels": [0, 1, 2]}],
    ),
    "thiếu lớp": (metrics.log_loss, {"y_true": [0, 1, 1, 0], "y_proba": P}, "cho labels đủ mọi lớp", [{"labels": [0, 1, 2]}]),
    "thiếu cột": (
        metrics.log_loss, {"y_true": [0, 1, 2], "y_proba": [[0.5, 0.5]] * 3}, "cho mỗi lớp một cột", [{"y_proba": P[:3]}],
    ),
    "độ đặc hiệu của ba lớp": (
        metrics.specificity_score, {"y_true": [0, 1, 2], "y_pred": [0, 1, 1], "_k": 2},
        r"(np\.asarray\(y_true\) == k), (np\.asarray\(y_pred\) == k)", [lambda y, p: metrics.specificity_score(y, p)],
    ),
    "average": (
        metrics.recall_score, {"y_true": [0, 1, 2], "y_pred": [0, 1, 1]}, r"(average='macro'), 'micro', \.\.\. hay None",
        [None, {"average": "micro"}, {"average": None}],
    ),
    "0/0": (
        metrics.precision_score, {"y_true": [0, 1], "y_pred": [0, 0]}, r"chọn (zero_division=0), 1 hay (np\.nan)",
        [lambda zero, nan: [metrics.precision_score([0, 1], [0, 0], zero_division=z) for z in (0, 1, nan)], {"y_pred": [0, 1]}],
    ),
    "chỉ một lớp": (
        metrics.roc_curve, {"y_true": [1, 1], "y_score": [0.1, 0.9]}, "kiểm tra y_true, pos_label và sample_weight",
        [{"y_true": [0, 1]}],
    ),
}  # fmt: skip


def caught(call):
    """Lời báo, và (module, dòng) của câu raise."""
    with np.errstate(invalid="ignore"), pytest.raises((ValueError, TypeError, ArithmeticError, ImportError)) as error:
        call()
    frame = [entry for entry in error.traceback if Path(entry.path).parent == HOME][-1]
    return str(error.value), frame.path.stem, frame.lineno + 1


def call(function, given):
    """``function`` với các đối số của nó; ``_tên`` chỉ để tính mã trong lời báo."""
    return function(**{name: value for name, value in given.items() if name[0] != "_"})


@pytest.mark.parametrize("name", ROWS)
def test_a_call_mended_as_the_hint_says_succeeds(name):
    function, given, pattern, ways = ROWS[name]
    message = caught(lambda: call(function, given))[0]
    found = re.search(pattern, message, re.S)
    assert found, message
    names = CODE | {name.lstrip("_"): value for name, value in given.items()}
    codes = [eval(f"dict({c})" if re.match(r"\w+=", c) else c, names) for c in found.groups()]
    for way in ways if isinstance(ways, list) else [ways]:
        if callable(way):
            assert way(*codes) is not None
        else:
            change = codes[0] if way is None else {way: codes[0]} if isinstance(way, str) else way
            assert call(function, given | change) is not None


def test_what_np_ravel_cannot_mend_is_not_said_to_be_mended():
    for p, q in ((P[:2], P[:2].T * 1.5), (P[:2], P[:2].ravel() * 0.5)):
        assert advice(caught(lambda p=p, q=q: losses.kl_divergence(p, q))[0]) is None


def test_every_advice_of_the_maths_layer_has_a_row():
    bad = [bad for bad, *_ in REFUSED.values()] + [lambda row=row: call(*row[:2]) for row in ROWS.values()]
    missing = {(node, kind) for node, kinds in ADVICE.items() for kind in kinds}
    for message, module, line in map(caught, bad):
        for node, kinds in ADVICE.items():
            if node.module == module and node.lineno <= line <= node.end_lineno:
                text = advice(message) or ""
                missing.discard((node, next((kind for kind in kinds if re.match(kind, text, re.S)), None)))
    where = sorted((node.module, node.lineno, re.sub(r"\\(.)", r"\1", kind)) for node, kind in missing)
    plain = [f"mlcourse/{module}.py, dòng {line}: {kind}" for module, line, kind in where]
    assert not plain, "lời khuyên chưa có dòng nào trong bảng:\n" + "\n".join(plain)


def test_the_reader_of_the_source_misses_no_advice():
    kinds = [kind for kinds in ADVICE.values() for kind in kinds]
    lost = []
    for node in itertools.chain(*map(ast.walk, TREES.values())):
        is_text = (
            isinstance(node, ast.Constant) and isinstance(node.value, str) and not isinstance(node.parent, ast.Expr)
        )
        if is_text and (said := advice(node.value)) and said != "Hãy " and not any(re.escape(said) in k for k in kinds):
            lost.append(f"mlcourse/{node.module}.py, dòng {node.lineno}: {said}")
    assert not lost, "bài kiểm thử không biết câu raise nào nói:\n" + "\n".join(lost)
