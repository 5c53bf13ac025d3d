"""Một bảng hàm × lỗi cho cả tầng toán: mỗi hàm công khai có ít nhất một lỗi, mỗi loại lỗi có mặt, lời báo bằng tiếng Việt.

Các dòng nằm cạnh bài kiểm thử của từng module (``FAULTS``), nơi lời báo được so từng chữ; ở đây chúng được gom lại.
"""

import importlib
import re

import numpy as np
import pytest

from mlcourse import losses, metrics
from tests import test_losses, test_metrics, test_properties

MODULES = ["data", "models", "optim", "training", "regularization", "model_selection", "bias_variance", "preferences"]
FAULTS = [
    *(
        (f"losses.{name}", lambda name=name, args=args: getattr(losses, name)(*args), error, words)
        for name, args, error, words in test_losses.FAULTS
    ),
    *(
        (
            f"metrics.{name}",
            lambda name=name, args=args, options=options: getattr(metrics, name)(*args, **options),
            error,
            words,
        )
        for name, args, options, error, words in test_metrics.FAULTS
    ),
    *(row for module in MODULES for row in importlib.import_module(f"tests.test_{module}").FAULTS),
]
KINDS = {  # loại lỗi -> chữ phải có trong lời báo của ít nhất một dòng
    "sai số chiều": r"cần có \d chiều, nhưng có dạng",
    "(n,) gặp (n, 1)": r"\(\d+, 1\).*np\.ravel\(",
    "rỗng": r" rỗng",
    "NaN": r"NaN hoặc vô cực.*nan",
    "vô cực": r"NaN hoặc vô cực.*inf",
    "sai kiểu": r"cần là mảng số",
    "chỉ một lớp": r"chỉ có một lớp",
    "nhãn lạ": r"cần là nhãn từ 0 đến \d+, nhưng có nhãn",
    "xác suất ra ngoài khoảng": r"cần nằm trong \[0, 1\], nhưng có giá trị",
    "tốc độ học không dương": r"learning_rate cần nằm trong \(0, inf\), nhưng nhận được -?0",
    "tốc độ học NaN": r"learning_rate cần nằm trong \(0, inf\), nhưng nhận được nan",
    "nhiều fold hơn mẫu": r"n_splits cần nhiều nhất là",
    "nhiều láng giềng hơn mẫu": r"n_neighbors cần nhiều nhất là",
    "tỷ lệ không có tổng bằng 1": r"ratios cần là ba số dương có tổng bằng 1",
    "thiếu rng": r"rng cần là một np\.random\.Generator, nhưng nhận được None",
    "huấn luyện phân kỳ": r"phân kỳ: sau \d+ bước",
}


def said(call, error):
    with np.errstate(invalid="ignore"), pytest.raises(error) as caught:
        call()
    return str(caught.value)


def test_every_function_and_every_kind_of_fault_is_in_the_table():
    functions = set(test_properties.public_functions())
    takes_nothing = {name for name in functions if name.startswith("data.load_")}
    assert functions - takes_nothing <= {name for name, *_ in FAULTS}
    messages = [said(call, error) for _, call, error, _ in FAULTS]
    missing = [kind for kind, words in KINDS.items() if not any(re.search(words, m, re.S) for m in messages)]
    assert not missing, f"chưa có dòng nào cho: {missing}"


@pytest.mark.parametrize("name, call, error, words", FAULTS, ids=range(len(FAULTS)))
def test_the_message_is_vietnamese_and_shows_what_was_seen(name, call, error, words):
    message = said(call, error)
    assert re.search(words, message, re.S), message
    if "required keyword-only argument" not in message:  # Python tự báo khi thiếu hẳn một đối số
        assert re.search("[à-ỹđ]", message), f"{name}: {message}"  # không re.I: khi ấy cả "i" và "s" cũng khớp
