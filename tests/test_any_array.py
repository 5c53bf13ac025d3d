"""Mọi hàm công khai nhận mọi thứ mảng: cho đúng con số của mảng float64, hay báo lỗi tiếng Việt có tên đối số.

Không bao giờ có cảnh báo, NaN từ dữ liệu hữu hạn, hay lỗi tiếng Anh của Python và NumPy.
"""

import inspect
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from mlcourse import losses, metrics, preferences, regularization
from mlcourse import model_selection as ms
from tests import test_properties as properties
from tests.test_properties import CLASSES, LABELS, NUMBERS, SHARES, TABLE, VALUES

MODULES = {
    "losses": losses,
    "metrics": metrics,
    "model_selection": ms,
    "regularization": regularization,
    "preferences": preferences,
}
SAID, P, REWARD, REFERENCE = LABELS[::-1].copy(), np.abs(VALUES) / 4, TABLE[0], SHARES[0]
RNG = {"rng": lambda: np.random.default_rng(7)}  # mỗi lần gọi một nguồn mới


def first(X, y):
    """Learner đoán mọi điểm như mẫu đầu tiên: không phép tính nào của riêng nó."""
    return lambda X_new: np.full(len(X_new), y[0])


METRIC = {"metric": losses.mse}
LEARNERS = {"a": first, "b": first}
BETA = {"reference": REFERENCE, "beta": 0.5}
PAIRS = {"chosen": CLASSES, "rejected": LABELS, "weight": P}
BINARY = {"y_true": LABELS, "y_pred": SAID, "sample_weight": P}

CALLS = {  # tên hàm -> đối số; mỗi mảng trong đó lần lượt bị thay
    **{
        f"losses.{name}{grad}": {"y_true": NUMBERS, "y_pred": VALUES}
        for name in ("mse", "mae", "huber")
        for grad in ("", "_grad")
    },
    **{f"losses.binary_cross_entropy{grad}": {"y_true": LABELS, "logits": VALUES} for grad in ("", "_grad")},
    **{f"losses.cross_entropy{grad}": {"y_true": CLASSES, "logits": TABLE} for grad in ("", "_grad")},
    **{f"losses.{name}": {"z": TABLE} for name in ("sigmoid", "softmax", "log_softmax")},
    "losses.entropy": {"p": SHARES},
    "losses.kl_divergence": {"p": SHARES, "q": SHARES[::-1] / 2 + SHARES / 2},
    **{
        f"metrics.{name}": BINARY
        for name in ("accuracy_score", "balanced_accuracy_score", "matthews_corrcoef", "confusion_matrix")
    },
    **{
        f"metrics.{name}": BINARY | {"zero_division": 0}
        for name in ("precision_score", "recall_score", "f1_score", "specificity_score")
    },
    "metrics.fbeta_score": BINARY | {"zero_division": 0, "beta": 0.7},
    **{
        f"metrics.{name}": {"y_true": LABELS, "y_score": VALUES, "sample_weight": P}
        for name in ("roc_auc_score", "roc_curve", "precision_recall_curve", "average_precision_score")
    },
    **{
        f"metrics.{name}": {"y_true": LABELS, "y_proba": P, "sample_weight": P}
        for name in ("log_loss", "brier_score_loss")
    },
    "metrics.calibration_curve": {"y_true": LABELS, "y_prob": P},
    **{
        f"metrics.{name}": {"y_true": NUMBERS, "y_pred": VALUES}
        for name in (
            "mean_squared_error",
            "root_mean_squared_error",
            "mean_absolute_error",
            "mean_absolute_percentage_error",
            "r2_score",
        )
    },
    "model_selection.train_val_test_split": {"X": TABLE, "y": LABELS, "ratios": np.array([0.5, 0.25, 0.25])} | RNG,
    "model_selection.group_split": {"X": TABLE, "y": NUMBERS, "groups": CLASSES} | RNG,
    "model_selection.time_split": {"X": TABLE, "y": NUMBERS},
    "model_selection.standardizer": {"X_train": TABLE},
    "model_selection.k_fold": {"n_samples": 9},
    "model_selection.stratified_k_fold": {"y": LABELS, "n_splits": 2},
    "model_selection.group_k_fold": {"groups": CLASSES, "n_splits": 2},
    "model_selection.time_series_folds": {"n_samples": 9},
    "model_selection.cross_val_score": {"fit": first, "X": TABLE, "y": NUMBERS, "n_splits": 3} | METRIC,
    "model_selection.nested_cross_val_score": {
        "learners": LEARNERS,
        "X": TABLE,
        "y": NUMBERS,
        "n_splits": 3,
        "n_inner": 2,
    }
    | METRIC
    | RNG,
    "model_selection.one_standard_error_rule": {"scores": TABLE},
    "model_selection.bootstrap_interval": {"y_true": NUMBERS * 1.0, "y_pred": VALUES, "n_rounds": 5} | METRIC | RNG,
    "model_selection.bootstrap_score": {"fit": first, "X": TABLE, "y": NUMBERS, "n_rounds": 3} | METRIC | RNG,
    "model_selection.wilson_interval": {"successes": 7, "n_samples": 9},
    **{
        f"regularization.{kind}_penalty{grad}": {"params": TABLE, kind: 0.5}
        for kind in ("l1", "l2")
        for grad in ("", "_grad")
    },
    "regularization.dropout_mask": {"shape": (4, 3), "rate": 0.5} | RNG,
    "preferences.preference_probability": {"reward": REWARD},
    "preferences.sample_preferences": {"reward": REWARD, "n_pairs": 6} | RNG,
    **{f"preferences.bradley_terry{grad}": {"reward": REWARD} | PAIRS for grad in ("", "_grad")},
    **{f"preferences.dpo_loss{grad}": {"logits": REWARD} | BETA | PAIRS for grad in ("", "_grad")},
    **{f"preferences.kl_objective{grad}": {"logits": REWARD, "reward": TABLE[1]} | BETA for grad in ("", "_grad")},
    "preferences.optimal_policy": {"reward": REWARD} | BETA,
    "preferences.reinforce_grad": {"logits": REWARD, "actions": CLASSES, "reward": TABLE[1]} | BETA,
}


def called(name, arguments):
    module, key = name.split(".")
    given = {k: v() if k == "rng" else {"w": v} if k == "params" else v for k, v in arguments.items()}
    result = getattr(MODULES[module], key)(**given)
    return result(arguments["X_train"]) if key == "standardizer" else result


def outcome(name, arguments):
    """Câu trả lời, hay lỗi."""
    try:
        return called(name, arguments), None
    except (ValueError, TypeError) as error:
        return None, error


def test_every_public_function_is_called():
    ours = {name for name in properties.public_functions() if name.split(".")[0] in MODULES}
    assert ours == CALLS.keys()


@pytest.mark.parametrize("name", CALLS)
def test_the_examples_have_answers(name):
    assert outcome(name, CALLS[name])[1] is None


KINDS = "float16 float32 float64 longdouble int8 int16 int32 int64 uint8 uint16 uint32 uint64 bool".split()
OTHERS = "object U3 S3 datetime64[D] timedelta64[s] complex64 complex128".split()
FORMS = {
    "như cũ": lambda a: a,
    "không liền nhau": lambda a: np.repeat(a, 2, axis=-1)[..., ::2] if a.ndim else a,
    "chỉ đọc": lambda a: frozen(a),
    "cột trước": lambda a: np.copy(a, order="F"),
    "danh sách": lambda a: a.tolist(),
    "object": lambda a: a.astype(object),
    "mặt nạ, không che": lambda a: np.ma.array(a),
    "mặt nạ, che một": lambda a: np.ma.array(a, mask=np.arange(a.size).reshape(a.shape) == 0),
}


def frozen(a):
    a = a.copy()
    a.flags.writeable = False
    return a


@st.composite
def arrays(draw, like):
    """Một mảng để thay ``like``: thường cùng dạng, lấy các giá trị của ``like`` hay giá trị bất kỳ của kiểu."""
    dtype = np.dtype(draw(st.sampled_from(KINDS * 2 + OTHERS)))
    shape = draw(
        st.sampled_from(
            [like.shape] * 6 + [(), (0,), (1,), (like.size,), (*like.shape, 1), (2, *like.shape), like.shape[::-1]]
        )
    )
    usual = st.sampled_from(like.ravel().tolist())
    if dtype.kind == "O":
        elements = st.one_of(usual, st.sampled_from(["a", None, np.nan, True, 2**70, 1j, [1], 0.5]))
    elif dtype.kind in "fiub":
        low, high = (-1e308, 1e308) if dtype.kind == "f" else (0, 1) if dtype.kind == "b" else limits(dtype)
        odd = (
            st.sampled_from([0, 1, -1, 0.5, 1e-320, 1e308, -1e308, np.nan, np.inf, 2**53])
            if dtype.kind == "f"
            else st.integers(low, high)
        )
        elements = usual if draw(st.booleans()) else st.one_of(usual, odd)
        values = draw(st.lists(elements, min_size=int(np.prod(shape)), max_size=int(np.prod(shape))))
        with np.errstate(all="ignore"):
            return np.clip(np.array(values, float), low, high).astype(dtype).reshape(shape)
    else:
        return draw(hnp.arrays(dtype, shape))
    values = draw(st.lists(elements, min_size=int(np.prod(shape)), max_size=int(np.prod(shape))))
    filled = np.empty(len(values), object)
    filled[:] = values
    return filled.reshape(shape)


def limits(dtype):
    info = np.iinfo(dtype)
    return max(info.min, -(2**53)), min(info.max, 2**53)  # quá 2⁵³ thì số thực 64 bit không phân biệt được nữa


@pytest.mark.parametrize(
    "name", [name for name, arguments in CALLS.items() if any(isinstance(v, np.ndarray) for v in arguments.values())]
)
@settings(max_examples=60, deadline=None, derandomize=True, database=None)
@given(data=st.data())
def test_any_array_gives_the_float64_answer_or_an_explanation(name, data):
    arguments = CALLS[name]
    slot = data.draw(st.sampled_from([key for key, value in arguments.items() if isinstance(value, np.ndarray)]))
    array = data.draw(arrays(arguments[slot]))
    form = data.draw(st.sampled_from(list(FORMS)))
    given_array = FORMS[form](array)
    before = array.copy()
    answer, error = outcome(name, arguments | {slot: given_array})
    assert array.tobytes() == before.tobytes() or array.dtype == object  # không sửa mảng đưa vào
    if error is not None:
        message, module, key = str(error), *name.split(".")
        names = [slot, *inspect.signature(getattr(MODULES[module], key)).parameters, "y_true"]
        assert re.search("[à-ỹđ]", message) and any(word in message for word in names), message
    if array.dtype.kind in "fiub" and form != "mặt nạ, che một":
        with np.errstate(over="ignore"):
            double = array.astype(np.float64)
        wanted, refused = outcome(name, arguments | {slot: double})
        assert (error is None) == (refused is None), (error, refused)
        if error is None and not (
            name == "metrics.log_loss" and array.dtype.itemsize < 8
        ):  # eps theo kiểu, như scikit-learn
            properties.agree(answer, wanted, rtol=1e-9)
    finite = array.dtype.kind not in "f" or np.isfinite(array).all()
    if error is None and finite:
        assert not any(np.isnan(leaf).any() for leaf in properties.leaves(answer) if leaf.dtype.kind == "f")
