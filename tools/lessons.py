"""Các bài học: bài nào có, tên gọi là gì, bài nào đang được hỏi. Mọi công cụ và mọi bài kiểm thử hỏi ở đây.

`python -m tools.lessons 04_1` in ra tên file của bài ấy.
"""

import argparse
import re
import sys
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOKS = ROOT / "notebooks"
# số của các bài đã viết lại lần thứ hai; luật riêng của những bài ấy hỏi ở đây
SECOND_EDITION = ("00", "01", "02_1", "02_2", "03_1", "03_2", "04_1", "04_2", "05", "06", "07")


class Lesson(NamedTuple):
    """Một bài: nguồn ``src/<stem>.md`` và sản phẩm ``<stem>.ipynb`` trong cùng một thư mục."""

    stem: str  # 04_1_danh_gia_phan_loai
    folder: Path = NOTEBOOKS

    @property
    def number(self):
        """Số của bài như người ta gõ sau ``LESSON=``: 00, 04_1."""
        return re.match(r"\d+(_\d+)?", self.stem)[0]

    @property
    def source(self):
        return self.folder / "src" / f"{self.stem}.md"

    @property
    def notebook(self):
        return self.folder / f"{self.stem}.ipynb"

    @property
    def second_edition(self):
        return self.number in SECOND_EDITION

    @property
    def exercises(self):
        """Tên module bài tập của bài."""
        return f"mlcourse.exercises.lesson_{self.number}"

    def is_called(self, name):
        """Người ta gọi bài này như thế: bằng số (04_1 hay 04.1), hay bằng tên file."""
        return name.replace(".", "_") in {self.number, self.stem}


def every(folder=NOTEBOOKS):
    """Mọi bài, theo thứ tự của khóa học: bài nào có nguồn hoặc có sản phẩm."""
    paths = [*(folder / "src").glob("[0-9]*.md"), *folder.glob("[0-9]*.ipynb")]
    return [Lesson(stem, folder) for stem in sorted({path.stem for path in paths})]


def chosen(name="", folder=NOTEBOOKS):
    """Các bài mang tên ấy; tên trống là mọi bài. Không có bài nào thì dừng và nói các số có thể chọn."""
    lessons = every(folder)
    found = [lesson for lesson in lessons if not name or lesson.is_called(name)]
    if not found:
        numbers = ", ".join(lesson.number for lesson in lessons)
        sys.exit(f"\n  Không có bài nào mang số LESSON={name}.\n  Cách sửa: chọn một trong {numbers}.\n")
    return found


def asked(description):
    """Những gì người ta gõ sau lệnh viết ra một thư mục: ``folder``, và ``lesson`` (bỏ trống là mọi bài)."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("folder", type=Path)
    parser.add_argument("lesson", nargs="?", default="", help="một bài, ví dụ 04_1; bỏ trống là mọi bài")
    return parser.parse_args()


if __name__ == "__main__":
    print(chosen(" ".join(sys.argv[1:]))[0].notebook.name)
