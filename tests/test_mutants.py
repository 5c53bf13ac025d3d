"""Lời giải sửa hỏng một chỗ thì bài chấm phải chê; chỗ sửa nào không đổi gì thì nằm ở ``EQUAL``, với lý do."""

import pytest

from tests.helpers.mutants import survivors
from tests.test_exercises import FUNCTIONS

EQUAL = {
    "lesson_01.best_line_and_gap": {
        "y - y.mean() -> y + y.mean()": "nhân với x trừ trung bình rồi cộng: hằng số thêm vào y triệt tiêu",
        "y.mean() -> y.sum() (dòng 2, cột 31)": "nhân với x trừ trung bình rồi cộng: hằng số thêm vào y triệt tiêu",
    },
    "lesson_03_1.samples_needed": {
        "int(np.ceil(1.96 ** 2 * p * (1 - p) / half_width ** 2)) -> np.ceil(1.96 ** 2 * p * (1 - p) / half_width ** 2)": (
            "cùng một số, chỉ khác kiểu"
        ),
    },
    "lesson_04_1.best_threshold": {"np.unique(y_score) -> y_score": "thử một ngưỡng hai lần cũng ra ngưỡng ấy"},
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_mutants_are_refused(name):
    left, known = set(survivors(FUNCTIONS[name])), EQUAL.get(name, {})
    loose = sorted(left - known.keys())
    assert not loose, f"{name} để lọt; hãy thêm trường hợp, hoặc ghi vào EQUAL vì sao như nhau:\n" + "\n".join(loose)
    assert not known.keys() - left, f"EQUAL thừa: {sorted(known.keys() - left)}"
