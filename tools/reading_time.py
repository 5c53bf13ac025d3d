"""Một bài tự học mất bao lâu: đếm chữ, công thức, dòng code, bài tập, rồi nhân với bốn hệ số.

Bốn hệ số là số tròn, khớp với số phút mà người đọc đo trên bản đầu tiên của khóa học: bảng nằm ở
``tests/test_reading_time.py``, lệch không quá 20%. Đọc một bài chậm hơn đọc truyện nhiều: số phút của chữ gồm cả lúc
dừng lại đoán, chạy ô, kéo hình.
"""

import re
from typing import NamedTuple

import jupytext

WORDS_A_MINUTE = 50  # tiếng: mỗi cụm chữ cách nhau một dấu cách
MINUTES_A_FORMULA = 1  # công thức đứng riêng một dòng, $$…$$
LINES_A_MINUTE = 4  # dòng code nhìn thấy được, không kể ô bài tập
MINUTES_AN_EXERCISE = 8

TITLE_ROW = re.compile(
    r"(?<= · )trình bày (?P<lecture>\d+) phút · tự học (?P<self_study>\d+) phút(?= · cần biết trước: )"
)


class Amount(NamedTuple):
    """Những gì người tự học phải đọc và làm."""

    words: int
    formulas: int
    code_lines: int
    exercises: int

    @property
    def minutes(self):
        """Số phút tự học, chưa làm tròn."""
        reading = self.words / WORDS_A_MINUTE + self.formulas * MINUTES_A_FORMULA + self.code_lines / LINES_A_MINUTE
        return reading + self.exercises * MINUTES_AN_EXERCISE


def amount(notebook):
    """Đếm một bài; ô đầu, ghi chú cho người dạy, code gập lại, *Đọc thêm* và *Phụ lục* không tính.

    >>> from nbformat import v4
    >>> text = "### Bài tập 1: tính\\n\\nHãy tính $x^2$, tức\\n\\n$$x \\\\cdot x.$$"
    >>> title, code = v4.new_markdown_cell("# 01 · Tên bài"), v4.new_code_cell("x = 3\\n\\nx * x")
    >>> amount(v4.new_notebook(cells=[title, v4.new_markdown_cell(text), code]))
    Amount(words=8, formulas=1, code_lines=2, exercises=1)
    """
    texts, lines = [], 0
    for cell in notebook.cells[1:]:
        if cell.cell_type == "code":
            hidden = cell.metadata.get("jupyter", {}).get("source_hidden") or ".check(" in cell.source
            lines += 0 if hidden else sum(bool(line.strip()) for line in cell.source.splitlines())
        elif cell.metadata.get("slideshow", {}).get("slide_type") != "notes":
            texts.append(cell.source)
    text = re.sub(r"^## (?:Đọc thêm|Phụ lục)\b.*?(?=^## |\Z)", "", "\n\n".join(texts), flags=re.M | re.S)
    text = re.sub(r"<summary>.*?</summary>|</?details>", "", text)
    plain = re.sub(r"\$[^$]+\$", "x", re.sub(r"\$\$.+?\$\$", "", text, flags=re.S))  # công thức trong dòng là một tiếng
    plain = re.sub(r"\]\([^)]*\)", "]", plain)
    exercises = len(re.findall(r"^### Bài tập \d", text, re.M))
    return Amount(len(re.findall(r"\w+", plain)), len(re.findall(r"\$\$.+?\$\$", text, re.S)), lines, exercises)


def self_study(notebook):
    """Số phút tự học ghi ở đầu bài: tròn chục."""
    return 10 * round(amount(notebook).minutes / 10)


def write(source):
    """Ghi số phút tự học vào dòng đầu của nguồn ``.md``; dòng ấy đã đúng thì không đụng đến file."""
    text = source.read_text(encoding="utf-8")
    minutes = self_study(jupytext.reads(text, fmt="md:myst"))
    row = TITLE_ROW.search(text)
    if row and int(row["self_study"]) != minutes:
        start, end = row.span("self_study")
        source.write_text(f"{text[:start]}{minutes}{text[end:]}", encoding="utf-8")
        print(f"{source.name}: tự học {minutes} phút")
