"""Phát bài cho người học: `make lab` gọi file này; `make fresh` gọi với `--fresh`.

Người học làm bài trong một thư mục riêng, git không giữ; `notebooks/` là bản gốc. Mỗi bài gốc mang dấu của mọi ô lúc
mới dựng (``metadata.mlcourse.cells``), nên biết được một bản chép đã bị sửa hay chưa:

- chưa có thì chép; chưa sửa gì (chạy thử thì không kể) mà có bản mới hơn thì thay bằng bản mới;
- đã sửa thì không bao giờ bị ghi đè. `--fresh` mới lấy bản mới, sau khi cất bản đang làm sang một tên khác.
"""

import argparse
import hashlib
import json
import shutil
from datetime import datetime
from pathlib import Path

from tools.lessons import NOTEBOOKS, chosen


def cells_digest(cells):
    """Dấu của những gì người ta sửa được: loại, nội dung và kiểu trang chiếu của từng ô; kết quả chạy thì không kể."""
    parts = [[c["cell_type"], "".join(c["source"]), c["metadata"].get("slideshow", {})] for c in cells]
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False, sort_keys=True).encode()).hexdigest()[:16]


def read(path):
    """``(dấu, đã sửa chưa)`` của một bài; file không đọc được thì coi là đã sửa, để không ai mất gì."""
    try:
        notebook = json.loads(path.read_text(encoding="utf-8"))
        stamp = notebook["metadata"]["mlcourse"]
        return stamp, cells_digest(notebook["cells"]) != stamp["cells"]
    except (ValueError, KeyError, TypeError, AttributeError):
        return {}, True


def put_aside(path, folder=None):
    """Cất một bài sang một tên còn trống, cạnh nó hay trong ``folder``; trả về chỗ cất."""
    aside = (folder or path.parent) / f"{path.stem}.cu-{datetime.now():%Y%m%d-%H%M%S}.ipynb"
    aside.parent.mkdir(parents=True, exist_ok=True)
    while aside.exists():
        aside = aside.with_name(aside.stem + "-1.ipynb")
    shutil.copy2(path, aside)
    return aside


def hand_out(folder, *, fresh=False, lesson="", originals=NOTEBOOKS):
    """Chép các bài sang ``folder``; trả về các câu cần nói với người học."""
    folder.mkdir(parents=True, exist_ok=True)
    said = []
    for one in chosen(lesson, originals):
        original, copy = one.notebook, folder / one.notebook.name
        (stamp, edited), (new, _) = read(copy) if copy.exists() else ({}, False), read(original)
        if edited and not fresh:
            if stamp.get("cells") != new["cells"]:  # các ô không đổi thì không có gì để lấy
                have = f"Bài {one.number} có bản mới; bản bạn đang làm giữ nguyên."
                said.append(f"{have} Lấy bản mới: make fresh LESSON={one.number}")
        elif edited:
            said.append(f"Bài {one.number} đã là bản mới. Bản bạn đang làm cất ở {put_aside(copy)}")
            shutil.copyfile(original, copy)
        elif fresh or stamp != new:
            shutil.copyfile(original, copy)
            if fresh:
                said.append(f"Bài {one.number} đã là bản mới.")
    return said


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Phát bài cho người học.")
    parser.add_argument("folder", type=Path, help="nơi người học làm bài")
    parser.add_argument("--fresh", action="store_true", help="lấy bản mới; bản đã sửa được cất sang tên khác")
    parser.add_argument("--lesson", default="", help="một bài, ví dụ 04_1; bỏ trống là mọi bài")
    options = parser.parse_args()
    for words in hand_out(options.folder, fresh=options.fresh, lesson=options.lesson):
        print(words)
