"""Tiến độ của người học, đọc từ chính những bài đã lưu: kết quả của mỗi ô chấm mang theo một bản ghi nhỏ.

Không có sổ riêng nào để mất hay để lệch với bài: ``read(folder)`` mở từng notebook trong thư mục. Nơi không có notebook
nào để đọc, như Colab, thì kể những lời chấm của phiên đang chạy.

``python -m mlcourse.progress bai_hoc`` in ra bảng ấy (``make progress``).
"""

import importlib
import json
import pkgutil
import sys
from html import escape
from pathlib import Path
from typing import NamedTuple

from . import exercises
from .quiz import page

MARKS = {"đúng": "✓", "sai": "✗", "chưa làm": "○"}
TOLD = "✓ đúng, ✗ đã thử mà chưa đúng, ○ chưa làm, chưa chạy ô chấm, hay ô ấy dừng vì lỗi"


class Lesson(NamedTuple):
    """Một bài: tên, và trạng thái của từng bài tập theo thứ tự trong bài."""

    title: str
    statuses: dict[str, str]

    @property
    def marks(self):
        return "".join(MARKS[status] for status in self.statuses.values())


class Progress(list):
    """Danh sách ``Lesson`` tự in thành bảng; trong notebook là một bảng HTML."""

    def __repr__(self):
        width = max((len(lesson.title) for lesson in self), default=0)
        rows = [f"{lesson.title:{width}s}  {lesson.marks}" for lesson in self]
        return "\n".join([*rows, "", f"{self.count('đúng')} trên {self.total} bài tập đã đúng ({TOLD})."])

    def _repr_html_(self):
        rows = "".join(
            f'<tr><td style="text-align:left">{escape(lesson.title)}</td>'
            f'<td style="text-align:left;letter-spacing:.2em">{lesson.marks}</td></tr>'
            for lesson in self
        )
        total = f"{self.count('đúng')} trên {self.total} bài tập đã đúng ({TOLD})."
        return page(f"<table>{rows}</table><p>{total}</p>")

    @property
    def total(self):
        return sum(len(lesson.statuses) for lesson in self)

    def count(self, status):
        """Số bài tập đang ở trạng thái ấy: "đúng", "sai" hay "chưa làm"."""
        return sum(list(lesson.statuses.values()).count(status) for lesson in self)


def read(folder="."):
    """Tiến độ theo các notebook đã lưu trong ``folder``; không có notebook nào thì theo phiên đang chạy.

    Một bài tập làm ở nhiều ô hay nhiều notebook thì kể lần tốt nhất. File hỏng thì bỏ qua.

    Parameters
    ----------
    folder : đường dẫn
        Nơi có các bài đang làm, như ``bai_hoc``.

    Returns
    -------
    Progress

    Raises
    ------
    ValueError
        ``folder`` không phải là một thư mục.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise ValueError(
            f"folder cần là một thư mục, nhưng nhận được {str(folder)!r}. Hãy đưa nơi có các bài đang làm."
        )
    saved = [record for path in sorted(folder.glob("*.ipynb")) for record in records(path)]
    return _table(saved or exercises.SESSION.values())


def records(path):
    """Mọi bản ghi của một notebook đã lưu, theo thứ tự; file không đọc được thì không có bản ghi nào."""
    try:
        cells = json.loads(Path(path).read_text(encoding="utf-8"))["cells"]
        outputs = [output for cell in cells for output in cell.get("outputs", [])]
        found = [output.get("metadata", {}).get(exercises.RECORD) for output in outputs]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return []
    return [record for record in found if isinstance(record, dict)]


def every():
    """``{số của bài: (tên bài, {tên bài tập: bài tập})}`` của cả khóa học, theo thứ tự."""
    names = sorted(found.name for found in pkgutil.iter_modules(exercises.__path__) if found.name.startswith("lesson_"))
    modules = [importlib.import_module(f"{exercises.__name__}.{name}") for name in names]
    tasks = lambda module: {k: v for k, v in vars(module).items() if isinstance(v, exercises.Exercise)}
    title = lambda module: module.__doc__.split(":")[0].replace(",", ":")
    return {module.__name__.rpartition("lesson_")[2]: (title(module), tasks(module)) for module in modules}


def _table(found):
    best = {}
    for record in found:
        key = record.get("lesson"), record.get("exercise")
        if record.get("status") in MARKS and (key not in best or record["status"] != "chưa làm"):
            best[key] = "đúng" if "đúng" in (record["status"], best.get(key)) else record["status"]
    return Progress(
        Lesson(title, {name: best.get((number, name), "chưa làm") for name in tasks})
        for number, (title, tasks) in every().items()
    )


if __name__ == "__main__":
    asked = Path(sys.argv[1] if len(sys.argv) > 1 else ".")
    if not list(asked.glob("*.ipynb")):
        seen = f"trong {asked} không có notebook nào" if asked.is_dir() else f"không có thư mục {asked}"
        sys.exit(f"\n  Chưa kể được: {seen}.\n  Cách sửa: make lab để nhận bài, hay make progress WORK=nơi-có-bài.\n")
    print(read(asked))
