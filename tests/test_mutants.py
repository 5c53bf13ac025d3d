"""Lời giải sửa hỏng một chỗ thì bài chấm phải chê; chỗ sửa nào không đổi gì thì nằm ở ``EQUAL``, với lý do."""

import pytest

from tests.helpers.mutants import survivors
from tests.test_exercises import FUNCTIONS

EQUAL = {}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_mutants_are_refused(name):
    left, known = set(survivors(FUNCTIONS[name])), EQUAL.get(name, {})
    loose = sorted(left - known.keys())
    assert not loose, f"{name} để lọt; hãy thêm trường hợp, hoặc ghi vào EQUAL vì sao như nhau:\n" + "\n".join(loose)
    assert not known.keys() - left, f"EQUAL thừa: {sorted(known.keys() - left)}"
