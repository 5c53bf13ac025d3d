"""Gom bài nộp: một thư mục, hay file zip của hệ thống học tập, ra danh sách bài của từng người học.

Tên người học lấy từ thư mục riêng của họ, hay từ tên file: Moodle, Canvas, Google Classroom, Blackboard, và file đặt
tên bằng tay. Không gì được giải nén ra đĩa; file quá lớn thì không đọc.
"""

import re
import sys
import unicodedata
import zipfile
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import NamedTuple

LARGEST = 60 * 2**20  # byte của một bài; bài 04.1 đã chạy hết nặng chừng 2.5 MB
MOODLE = re.compile(r"^(.+?)_\d+_assignsubmission_(?:file|onlinetext)(?:_|$)")
BLACKBOARD = re.compile(r"^.+?_([^_]+)_attempt_([\d-]+)_")
CANVAS = re.compile(r"^([^_\W]+)(?:_LATE)?_\d{2,}_\d{2,}_")
COPY = re.compile(r"\s*(?:[(（]\d+[)）]|-\s*(?:copy|bản sao)\d*|-copy\d+|\bcopy of\b|\bbản sao của\b)\s*", re.I)
LESSON = re.compile(r"(?:^|[\s_.-])(?:bài\s*|bai[\s_]*)?0\d(?:[_.]\d)?(?:_[a-z]+)*(?=$|[\s_.-])")


class File(NamedTuple):
    """Một bài nộp: của ai, tên file như họ nộp, lúc nào, và nội dung (None khi không đọc)."""

    learner: str
    name: str
    when: datetime
    data: bytes | None
    trouble: str = ""


def collect(folder):
    """``[File, …]`` của mọi bài trong thư mục hay file zip ``folder``, theo tên người học rồi theo giờ nộp."""
    folder = Path(folder)
    if folder.is_dir():
        found = list(_walk(folder))
    elif zipfile.is_zipfile(folder):
        found = list(_unzip(folder, ()))
    else:
        seen = "không có" if not folder.exists() else "không phải là thư mục hay file zip"
        sys.exit(f"\n  Chưa chấm được: {folder} {seen}.\n  Cách sửa: make grade FOLDER=thư-mục-hay-file-zip\n")
    found = [(tuple(map(_clean, parts)), when, data, trouble) for parts, when, data, trouble in found]
    found = [one for one in found if not any(part.startswith((".", "__MACOSX", "~$")) for part in one[0])]
    while found and len({parts[0] for parts, *_ in found}) == 1 and all(len(parts) > 2 for parts, *_ in found):
        found = [(parts[1:], *rest) for parts, *rest in found]  # cả lớp nằm trong một thư mục
    files = []
    for parts, when, data, trouble in found:
        learner, attempt = who(parts)
        if ".ipynb" not in parts[-1].lower() and parts[-1].lower().rpartition(".")[2] != "json" and not trouble:
            data, trouble = None, "không phải là notebook (.ipynb)"
        files.append(File(learner, "/".join(parts), attempt or when, data, trouble))
    return sorted(files, key=lambda file: (_sortable(file.learner), file.when, file.name))


def latest(files):
    """``(bài mới nhất, số bài cũ hơn)`` trong các bài cùng người, cùng bài học; bài đọc được thì hơn bài hỏng."""
    best = max(files, key=lambda file: (not file.trouble, file.when, _copies(file.name), file.name))
    return best, len(files) - 1


def who(parts):
    """``(người học, giờ nộp ghi trong tên hay None)`` từ đường dẫn của một file."""
    name = PurePosixPath(parts[-1]).name
    for part in reversed(parts):
        if found := MOODLE.match(part):
            return found[1].strip(), None
    if found := BLACKBOARD.match(name):
        return found[1], _moment(found[2])
    if len(parts) > 1:
        return parts[0], None
    if (found := CANVAS.match(name)) and not LESSON.match(name):
        return found[1], None
    stem = COPY.sub(" ", re.split(r"\.(?:ipynb|json)", name, maxsplit=1, flags=re.I)[0])
    rest = re.sub(r"^[\s_.-]+|[\s_.-]+$", "", LESSON.sub(" ", stem))
    return " ".join(rest.replace("_", " ").split()) or stem.strip(), None


def _walk(folder):
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        if path.is_symlink() or not path.is_file():
            continue
        if path.suffix.lower() == ".zip" and zipfile.is_zipfile(path):
            yield from _unzip(path, (*parts[:-1], path.stem) if len(parts) == 1 else parts[:-1])
            continue
        size, when = path.stat().st_size, datetime.fromtimestamp(path.stat().st_mtime)
        if size > LARGEST:
            yield parts, when, None, _too_large(size)
            continue
        try:
            yield parts, when, path.read_bytes(), ""
        except OSError as error:
            yield parts, when, None, f"không đọc được file: {error.strerror}"


def _unzip(path, above):
    with zipfile.ZipFile(path) as archive:
        for entry in archive.infolist():
            name = entry.filename
            if not entry.flag_bits & 0x800:  # không ghi là UTF-8, mà nhiều máy vẫn viết bằng UTF-8
                try:
                    name = name.encode("cp437").decode("utf-8")
                except UnicodeError:
                    pass
            parts = tuple(part for part in name.replace("\\", "/").split("/") if part not in ("", ".", ".."))
            if entry.is_dir() or not parts:
                continue
            when = datetime(*entry.date_time) if 1 <= entry.date_time[1] <= 12 and entry.date_time[2] else datetime.min
            if entry.file_size > LARGEST:
                yield (*above, *parts), when, None, _too_large(entry.file_size)
                continue
            try:
                with archive.open(entry) as file:
                    data = file.read(LARGEST + 1)
            except (OSError, RuntimeError, zipfile.BadZipFile, NotImplementedError, EOFError, ValueError) as error:
                yield (*above, *parts), when, None, f"không mở được trong file zip: {error}"
                continue
            yield (*above, *parts), when, data, "" if len(data) <= LARGEST else _too_large(len(data))


def _too_large(size):
    return f"file quá lớn: {size / 2**20:.0f} MB, mà một bài không quá {LARGEST // 2**20} MB"


def _clean(text):
    """Chữ ở dạng NFC, không có ký tự điều khiển hay ký tự đổi chiều chữ."""
    text = unicodedata.normalize("NFC", text)
    return "".join(c for c in text if unicodedata.category(c) not in ("Cc", "Cf", "Cs")).strip()


def _moment(text):
    try:
        return datetime.strptime(text, "%Y-%m-%d-%H-%M-%S")
    except ValueError:
        return None


def _copies(name):
    found = re.findall(r"\((\d+)\)", name)
    return int(found[-1]) if found else 0


def _sortable(name):
    """Xếp theo tên gọi (chữ cuối) như sổ điểm Việt Nam, rồi theo họ."""
    words = unicodedata.normalize("NFD", name.casefold()).split()
    return (words[-1:], words)
