"""Khối *Thử* và *Trả lời* dưới một hình sống: đọc các mục, và các con số trong lời.

Cách viết chỗ đặt núm giữa hai dấu `` ` ``: `tests/helpers/trying.py`, nơi kiểm tra từng mục.
"""

import re
from typing import NamedTuple

TASKS = re.compile(r"^\*\*Thử\.\*\*\n(.*?)(?=\n\n|\Z)", re.M | re.S)
ANSWERS = re.compile(r"^<details><summary>Trả lời</summary>\n\n(.+?)\n\n</details>$", re.M | re.S)
NUMBER = r"(?<!\w)[-−]?\d+(?:[\u00a0\u202f]\d{3})*(?:\.\d+)?(?:e[-+]?\d+)?"
LIVE = re.compile(r"@live\((?s:.*)^def (\w+)\(fig\)", re.M)


class Box(NamedTuple):
    """Khối *Thử* của một hình sống: ``tasks`` và ``answers`` là các mục đánh số; trống là chưa có trả lời."""

    figure: str
    tasks: list
    answers: list


def live_name(cell):
    """Tên của hình sống mà ô này dựng, hay None."""
    found = LIVE.search(cell.source)
    return found and found[1]


def boxes(cells):
    """Mọi khối *Thử* của một bài, kèm khối *Trả lời* ở cùng ô hay ở ô ngay sau."""
    found, figure = [], None
    for cell, following in zip(cells, [*cells[1:], None]):
        figure = live_name(cell) or figure
        if cell.cell_type == "markdown" and (tasks := TASKS.search(cell.source)):
            below = following.source if following and following.cell_type == "markdown" else ""
            answers = ANSWERS.search(cell.source) or ANSWERS.match(below)
            found.append(Box(figure, items(tasks[1]), items(answers[1]) if answers else []))
    return found


def items(text):
    """``[(số thứ tự, lời), …]``"""
    _, *parts = re.split(r"^(\d+)\. ", text, flags=re.M)
    return [(int(number), words.strip()) for number, words in zip(parts[::2], parts[1::2])]


def settings(text):
    """Các chỗ đặt núm trong một mục."""
    return re.findall(r"`([^`]+)`", text)


def number(text):
    return float(re.sub(r"[\u00a0\u202f]", "", text).replace("−", "-"))


def numbers(words):
    return {number(found) for found in re.findall(NUMBER, words)}
