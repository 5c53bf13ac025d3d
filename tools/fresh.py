"""Phát bài cho người học: `make lab` gọi file này; `make fresh` gọi với `--fresh`.

Người học làm bài trong một thư mục riêng, git không giữ; `notebooks/` là bản gốc. Mỗi bài gốc mang dấu của mọi ô lúc
mới dựng (``metadata.mlcourse.cells``), nên biết được một bản chép đã bị sửa hay chưa:

- chưa có thì chép; chưa sửa gì (chạy thử thì không kể) mà có bản mới hơn thì thay bằng bản mới;
- đã sửa thì không bao giờ bị ghi đè. `--fresh` mới lấy bản mới, sau khi cất bản đang làm sang một tên khác;
- một bài không phát được thì nói ra, các bài khác vẫn phát; bài nào cũng chép trọn hay không chép gì.
"""

import argparse
import contextlib
import errno
import hashlib
import json
import shutil
import sys
from datetime import datetime
from pathlib import Path

from tools.lessons import NOTEBOOKS, chosen

NOTICE = "thong_bao_phat_bai.txt"


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
    write(path, aside, shutil.copy2)
    return aside


def write(source, target, copy=shutil.copyfile):
    """Chép trọn rồi mới đặt vào chỗ: đĩa đầy giữa chừng thì ``target`` vẫn như cũ."""
    part = target.with_name(f".{target.name}.dang-chep")
    try:
        copy(source, part)
        part.replace(target)
    except OSError:
        part.unlink(missing_ok=True)
        raise


def why(error, path):
    """Vì sao không viết được, và cách sửa."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return "đĩa đã đầy. Cách sửa: xóa bớt file, rồi làm lại."
    if isinstance(error, (IsADirectoryError, NotADirectoryError, FileExistsError)):
        return f"một file hay thư mục khác đang mang tên {path.name}. Cách sửa: đổi tên nó, rồi làm lại."
    return f"không đọc hay viết được {path}. Cách sửa: xem lại quyền, rồi làm lại."


def hand_out(folder, *, fresh=False, lesson="", originals=NOTEBOOKS, hub=False):
    """Chép các bài sang ``folder``; trả về các câu cần nói với người học."""
    folder.mkdir(parents=True, exist_ok=True)
    said = []
    for one in chosen(lesson, originals):
        copy = folder / one.notebook.name
        try:
            there = copy.exists() and copy.stat().st_size  # file rỗng: có lần đĩa đầy lúc đang chép
            (stamp, edited), (new, _) = read(copy) if there else ({}, False), read(one.notebook)
            if edited and not fresh:
                if stamp.get("cells") != new["cells"]:  # các ô không đổi thì không có gì để lấy
                    have = f"Bài {one.number} có bản mới; bản bạn đang làm giữ nguyên."
                    how = f"đổi tên {copy.name}, tắt máy rồi bật lại." if hub else f"make fresh LESSON={one.number}"
                    said.append(f"{have} Lấy bản mới: {how}")
            elif edited:
                aside = put_aside(copy)
                write(one.notebook, copy)
                said.append(f"Bài {one.number} đã là bản mới. Bản bạn đang làm cất ở {aside}")
            elif fresh or stamp != new:
                write(one.notebook, copy)
                if fresh:
                    said.append(f"Bài {one.number} đã là bản mới.")
        except OSError as error:
            said.append(f"Chưa phát được bài {one.number}: {why(error, copy)}")
    return said


def tell(said, folder):
    """Máy chủ của lớp: người học không thấy màn hình chạy lệnh, nên lời nhắn nằm cạnh các bài."""
    with contextlib.suppress(OSError):
        folder.chmod(0o700)
        (folder / NOTICE).unlink(missing_ok=True)
        if said:
            (folder / NOTICE).write_text("\n".join(said) + "\n", encoding="utf-8")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Phát bài cho người học.")
    parser.add_argument("folder", type=Path, help="nơi người học làm bài")
    parser.add_argument("--fresh", action="store_true", help="lấy bản mới; bản đã sửa được cất sang tên khác")
    parser.add_argument("--hub", action="store_true", help="trên máy chủ của lớp: thư mục kín, lời nhắn vào một file")
    parser.add_argument("--lesson", default="", help="một bài, ví dụ 04_1; bỏ trống là mọi bài")
    options = parser.parse_args()
    try:
        said = hand_out(options.folder, fresh=options.fresh, lesson=options.lesson, hub=options.hub)
    except OSError as error:
        sys.exit(f"Chưa phát được bài: {why(error, options.folder)}")
    if options.hub:
        tell(said, options.folder)
    print(*said, sep="\n", end="\n" * bool(said))
