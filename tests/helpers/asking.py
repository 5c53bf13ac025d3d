"""Hỏi một điều về một trang; sai thì dòng đầu của lời báo nói bài nào, ô nào, sai gì, rồi đến việc cần làm."""

import traceback
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def asking(place, question, remedy):
    """Khối ``with`` này hỏng kiểu gì (khẳng định sai, đợi mãi không thấy), cũng báo bằng lời.

    ``place`` là chỗ đang hỏi, như "Bài 04.1, ô roc-3"; ``question`` là điều phải đúng; ``remedy`` là việc cần làm khi sai.
    """
    wrong = None
    try:
        yield
    except Exception as error:
        wrong = error
    if wrong:
        calls = traceback.extract_tb(wrong.__traceback__)
        at = next(one for one in reversed(calls) if Path(one.filename).name.startswith("test_"))
        found = f"{Path(at.filename).name}:{at.lineno}: {at.line}"
        pytest.fail(f"{place}: không đúng rằng {question}.\nCách sửa: {remedy}\n\n{wrong}\n\n{found}", pytrace=False)
