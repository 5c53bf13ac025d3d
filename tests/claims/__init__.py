"""Câu nào của bài so sánh hay đo đếm thì có một *khẳng định* giữ câu ấy.

Một khẳng định trích câu nguyên văn (khoảng trắng thì tùy) từ bài học, hay từ câu hỏi, bài tập của bài, rồi chạy điều câu
ấy nói trên những lượt bốc mà bài không cho xem. Sửa câu mà quên khẳng định là lỗi; khẳng định sai thì câu phải sửa, không
phải ngược lại.

    claim = claims("04_1")

    @claim("Trung bình điều hòa không bao giờ quá hai lần số nhỏ hơn")
    def test_harmonic_mean():
        p, r = draws(1)[0].random((2, 1000))
        below(2 * p * r / (p + r), 2 * np.minimum(p, r), at_least=1)
"""

import ast
import difflib
import functools
import re

import jupytext
import numpy as np
import pytest

from tools.lessons import ROOT, chosen

SEED = 20_261_128  # không bài nào dùng hạt này


def claims(number):
    """Nhãn cho các khẳng định của một bài: ``claim("câu trích", ...)`` đặt trên một kiểm thử."""
    return lambda *sentences: pytest.mark.claim(number, *sentences)


def draws(count):
    """``count`` nguồn ngẫu nhiên mà bài không dùng đến."""
    return [np.random.default_rng([SEED, i]) for i in range(count)]


# --- Câu trích còn đó không ------------------------------------------------------------------------------------------


def one_line(text):
    return " ".join(text.split())


@functools.cache
def said(number):
    """Mọi điều người học đọc ở một bài: các ô chữ, và mọi chuỗi trong module câu hỏi, bài tập."""
    (lesson,) = chosen(number)
    cells = [cell.source for cell in jupytext.read(lesson.source).cells if cell.cell_type == "markdown"]
    module = ROOT / lesson.exercises.replace(".", "/")
    tree = ast.parse(module.with_suffix(".py").read_text(encoding="utf-8"))
    strings = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    return [one_line(text) for text in cells + strings]


def missing(sentence, texts):
    """Chuỗi rỗng khi câu còn trong bài; không thì lời báo, kèm câu gần nhất."""
    wanted = one_line(sentence)
    if any(wanted in text for text in texts):
        return ""
    known = [part for text in texts for part in re.split(r"(?<=[.?:;])\s", text)]
    nearest = max(known, key=lambda part: difflib.SequenceMatcher(None, wanted, part).ratio(), default="")
    return f"bài không còn câu này:\n  {wanted}\nCâu gần nhất đang có:\n  {nearest}\nHãy sửa câu trích, và xem khẳng định còn đúng không."


COMPARES = re.compile(
    r"\b(luôn|thường|bao giờ cũng|không bao giờ|càng|hơn hẳn|tăng|giảm|đứng yên|giữ nguyên|gấp đôi|nhất"
    r"|(?:tốt|kém|rẻ|đắt|cao|thấp|nhiều|ít|lớn|nhỏ|nhanh|chậm|rộng|hẹp|xa|gần) hơn)\b"
)


def comparisons(number):
    """Những câu của bài so sánh hay nói điều gì xảy ra thế nào: không kể ghi chú, lời đáp gập lại, bảng, mục đánh số,
    câu hỏi, lời bảo người học làm, và câu tự nói mình chỉ kể một lần chạy."""
    (lesson,) = chosen(number)
    for cell in jupytext.read(lesson.source).cells:
        if cell.cell_type != "markdown" or cell.metadata.get("slideshow", {}).get("slide_type") == "notes":
            continue
        text = re.sub(r"\$\$.*?\$\$|<details>.*?</details>", " ", cell.source, flags=re.S)
        prose = [line for line in text.split("\n") if not re.match(r"#|\||- |\d\. |\*Mục|> \*\*Ngộ nhận", line)]
        for sentence in re.split(r"(?<=[.?!])\s+(?=[*$(]*[A-ZĐÂĂÊÔƠƯÁÀẢÃẠ0-9])", one_line(" ".join(prose))):
            told = re.search(r"\?$|[Hh]ãy |[Ởở] lần chạy này", sentence)
            if COMPARES.search(sentence) and not told:
                yield sentence


# --- Các dạng hay gặp ------------------------------------------------------------------------------------------------


def often(flags, at_least, at_most=1.0):
    """Điều ấy xảy ra ở ít nhất (và nhiều nhất) bấy nhiêu phần số lượt."""
    flags = np.asarray(flags, dtype=bool)
    share = flags.mean()
    assert at_least <= share <= at_most, (
        f"đúng ở {flags.sum()} trên {flags.size} lượt, cần từ {at_least:.0%} đến {at_most:.0%}"
    )


def below(a, b, *, at_least=0.95):
    """``a`` nhỏ hơn ``b`` ở ít nhất bấy nhiêu phần số lượt."""
    a, b = np.broadcast_arrays(np.asarray(a, float), np.asarray(b, float))
    won = (a < b).sum()
    assert won >= at_least * a.size, (
        f"nhỏ hơn ở {won} trên {a.size} lượt, cần {at_least:.0%}; trung vị {np.median(a):.4g} so với {np.median(b):.4g}"
    )


def median_within(values, low, high):
    """Trung vị của các lượt nằm giữa hai số."""
    middle = np.median(values)
    assert low <= middle <= high, f"trung vị {middle:.4g}, câu nói từ {low:.4g} đến {high:.4g}"


def rises(values):
    """Dãy số (hay trung vị theo cột, khi mỗi hàng một lượt) tăng dần."""
    values = np.median(np.atleast_2d(np.asarray(values, float)), axis=0)
    assert (np.diff(values) > 0).all(), f"không tăng dần: {np.array2string(values, precision=4)}"


def equal(a, b, *, tolerance=1e-9):
    """Hai dãy số bằng nhau, lệch không quá ``tolerance``."""
    gap = np.abs(np.asarray(a, float) - np.asarray(b, float)).max()
    assert gap <= tolerance, f"lệch {gap:.3g}, câu nói là bằng nhau (cho phép {tolerance:.3g})"
