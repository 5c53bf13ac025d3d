"""Lời giải sửa đi một chỗ thì bị chấm là sai: các trường hợp để chấm đủ sắc.

Cách sửa nào không đổi điều đề bài hỏi thì ghi ở ``EQUAL``, kèm lý do.
"""

import functools
import signal

import pytest

from mlcourse.exercises import exercise
from tests.helpers.mutants import accepted, mutants
from tests.test_exercises import FUNCTIONS

pytestmark = pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="cần setitimer để dừng một hàm chạy mãi")

EQUAL = {
    "lesson_01.best_line_and_gap": {
        "y - y.mean() → y + y.mean()": "tổng của dx bằng 0, nên trừ hằng số nào khỏi y cũng không đổi dx @ dy",
        "y.mean() → y.sum()": "tổng của dx bằng 0, nên trừ hằng số nào khỏi y cũng không đổi dx @ dy",
    },
    "lesson_03_1.samples_needed": {
        "int(np.ceil(enough - 1e-09)) → np.ceil(enough - 1e-09)": (
            "`np.ceil` đã cho số nguyên, chỉ là viết dưới dạng số thực"
        ),
    },
    "lesson_06.samples_needed": {
        "kết quả làm tròn 3 chữ số": "số mẫu vốn là số nguyên, hay vô cực",
        "kết quả làm tròn thành số nguyên": "số mẫu vốn là số nguyên, hay vô cực",
    },
    "lesson_04_1.best_threshold": {
        "np.unique(y_score) → y_score": "`max` và `min` không cần thứ tự, ngưỡng lặp lại không sinh ra giá mới",
    },
}

asked = functools.cache(lambda name: accepted(FUNCTIONS[name]))


def test_what_a_mutant_is():
    @exercise(cases=dict, returns=("x",), hints=(), praise="")
    def toy(x, k):
        return -max(x[1:]) * k

    assert list(mutants(toy)) == [
        "-max(x[1:]) * k → -max(x[1:]) / k",
        "-max(x[1:]) * k → max(x[1:]) * k",
        "max(x[1:]) → x[1:]",
        "max(x[1:]) → min(x[1:])",
        "x[1:] → x[2:]",
        "x[1:] → x[0:]",
    ]
    assert mutants(toy)["x[1:] → x[2:]"]([1, 5, 3], 2) == -6


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_change_of_the_solution_is_refused(name):
    every, passed = asked(name)
    equal = EQUAL.get(name, {})
    survivors = [f"{label!r}: '…'," for label in passed if label not in equal]
    assert not survivors, f"{len(survivors)} cách sửa vẫn được cho là đúng:\n" + "\n".join(survivors)
    assert set(equal) <= every, f"ở EQUAL mà lời giải không còn: {sorted(set(equal) - every)}"
    assert set(equal) <= set(passed), f"ở EQUAL mà nay đã bị chấm sai: {sorted(set(equal) - set(passed))}"


def test_no_row_without_an_exercise():
    assert set(EQUAL) <= set(FUNCTIONS)
