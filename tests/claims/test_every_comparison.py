"""Ở bài của ấn bản hai, câu so sánh nào cũng có khẳng định giữ, hay nằm trong ``NOT_CLAIMED`` của bài với lý do."""

import importlib

import pytest

from tests.claims import comparisons, missing, one_line, said
from tools.lessons import SECOND_EDITION


@pytest.fixture(params=SECOND_EDITION)
def number(request):
    return request.param


def listed(number):
    """Những câu mà file khẳng định của bài nhắc đến: được giữ, và không cần giữ."""
    module = importlib.import_module(f"tests.claims.test_{number}")
    marks = [mark for test in vars(module).values() for mark in getattr(test, "pytestmark", [])]
    held = [sentence for mark in marks if mark.name == "claim" for sentence in mark.args[1:]]
    return held, [sentence for sentences in module.NOT_CLAIMED.values() for sentence in sentences]


def test_every_comparison_is_held(number):
    known = [one_line(sentence) for sentences in listed(number) for sentence in sentences]
    loose = [told for told in comparisons(number) if not any(part in told or told in part for part in known)]
    assert not loose, f"Bài {number} có câu so sánh chưa ai giữ (tests/claims/test_{number}.py):\n" + "\n".join(loose)


def test_no_exemption_is_stale(number):
    held, exempt = listed(number)
    told = list(comparisons(number))
    for sentence in exempt:
        assert not missing(sentence, said(number)), missing(sentence, said(number))
        assert any(one_line(sentence) in one for one in told), f"câu này không cần miễn: {sentence}"
    assert not set(held) & set(exempt)
