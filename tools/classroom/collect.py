"""Gom bài nộp: một thư mục, hay file zip của hệ thống học tập, ra danh sách bài của từng người học.

Tên người học lấy từ thư mục riêng của họ, hay từ tên file: Moodle, Canvas, Google Classroom, Blackboard, và file đặt
tên bằng tay. Không gì được giải nén ra đĩa; file quá lớn thì không đọc.
"""

import re
import sys
import unicodedata
import zipfile
import zlib
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import NamedTuple

LARGEST = 60 * 2**20  # byte của một bài; bài 04.1 đã chạy hết nặng chừng 2.5 MB
LARGEST_CLASS = 2 * 2**30  # byte của cả lớp
MOODLE = re.compile(r"^(.+?)_(\d+)_assignsubmission_(?:file|onlinetext)(?:_|$)")
BLACKBOARD = re.compile(r"^.+?_([^_]+)_attempt_([\d-]+)_")
CANVAS = re.compile(r"^([^_\W]+)(?:_LATE)?_(\d{2,})_\d{2,}_")
COPY = re.compile(r"\s*(?:[(（]\d+[)）]|-\s*(?:copy|bản sao)\d*|-copy\d+|\bcopy of\b|\bbản sao của\b)\s*", re.I)
LESSON = re.compile(r"(?:^|[\s_.-])(?:bài\s*|bai[\s_]*)?0\d(?:[_.]\d)?(?:_[a-z]+)*(?=$|[\s_.-])")


class File(NamedTuple):
    """Một bài nộp: của ai, tên file như họ nộp, lúc nào, và nội dung (None khi không đọc)."""

    learner: str
    name: str
    when: datetime
    data: bytes | None
    trouble: str = ""
    number: str = ""  # số của họ trong hệ thống học tập, khi tên file có ghi
    dated: bool = False  # giờ nộp đáng tin: ghi trong tên hay trong file zip; giờ của một file chép lại thì không


def collect(folder, apart=None):
    """``[File, …]`` của mọi bài trong thư mục hay file zip ``folder``, theo tên người học rồi theo giờ nộp; thư mục
    ``apart`` (nơi ghi kết quả) thì không kể.
    """
    folder = Path(folder)
    if folder.is_dir():
        found = list(_walk(folder, apart))
    elif zipfile.is_zipfile(folder):
        found = list(_unzip(folder, ()))
    else:
        seen = "không có" if not folder.exists() else "không phải là thư mục hay file zip"
        sys.exit(f"\n  Chưa chấm được: {folder} {seen}.\n  Cách sửa: make grade FOLDER=thư-mục-hay-file-zip\n")
    found = [(tuple(map(_clean, parts)), *rest) for parts, *rest in found]
    found = [one for one in found if not any(part.startswith((".", "__MACOSX", "~$")) for part in one[0])]
    while shelves := _shelves([parts for parts, *_ in found]):
        found = [(parts[1:] if parts[:1] in shelves else parts, *rest) for parts, *rest in found]
    files, total = [], 0
    for parts, when, data, trouble in found:
        learner, number, attempt = who(parts)
        if ".ipynb" not in parts[-1].lower() and parts[-1].lower().rpartition(".")[2] != "json" and not trouble:
            zipped = parts[-1].lower().endswith((".zip", ".rar", ".7z"))
            data, trouble = None, "không phải là notebook (.ipynb)" + ": hãy giải nén file ấy ra" * zipped
        total += len(data or b"")
        if total > LARGEST_CLASS:
            data, trouble = None, f"cả lớp nặng quá {LARGEST_CLASS // 2**30} GB, không đọc tiếp"
        dated = attempt is not None or folder.is_file()
        files.append((learner, number, File(learner, "/".join(parts), attempt or when, data, trouble, number, dated)))
    numbers = {}
    for learner, number, _ in files:
        numbers.setdefault(learner, set()).add(number)
    named = [
        file._replace(learner=f"{learner} ({number})") if len(numbers[learner]) > 1 and number else file
        for learner, number, file in files
    ]  # hai người trùng tên thì thêm số của hệ thống học tập
    return sorted(named, key=lambda file: (_sortable(file.learner), file.when, file.name))


def _shelves(paths):
    """Những thư mục ngoài cùng không phải của một người học mà của cả lớp: bên trong có file mang tên nhiều người, hay
    có nhiều thư mục cùng nộp một bài.
    """
    inside = {}
    for parts in paths:
        if len(parts) > 1:
            inside.setdefault(parts[:1], []).append(parts[1:])
    shelves = set()
    for folder, rest in inside.items():
        if MOODLE.match(folder[0]):
            continue
        flat = {who(parts)[:2] for parts in rest if len(parts) == 1 and _named(parts[0])}
        deep = {}
        for parts in rest:
            if len(parts) > 1:
                deep.setdefault(tuple(LESSON.findall(parts[-1])[:1]), set()).add(parts[0])
        if len(flat) > 1 or any(len(folders) > 1 for folders in deep.values()):
            shelves.add(folder)
    return shelves


def _named(name):
    """Tên file có tên người trong đó, ngoài tên bài."""
    return who((name,))[0] != re.split(r"\.(?:ipynb|json)", name, maxsplit=1, flags=re.I)[0].strip()


def latest(files):
    """``(bài mới nhất, số bài cũ hơn)`` trong các bài cùng người, cùng bài học; bài đọc được thì hơn bài hỏng."""
    best = max(
        files,
        key=lambda file: (
            not file.trouble,
            file.when if file.dated else datetime.min,
            _copies(file.name),
            file.when,
            file.name,
        ),
    )
    return best, len(files) - 1


def who(parts):
    """``(người học, số của họ trong hệ thống học tập, giờ nộp ghi trong tên hay None)`` từ đường dẫn của một file.

    Thư mục ngoài cùng nói trước: tên file là do người nộp đặt, đặt tên ai cũng được.
    """
    if found := MOODLE.match(parts[0]):
        return found[1].strip(), found[2], None
    if len(parts) > 1:
        return parts[0], "", None
    name = PurePosixPath(parts[-1]).name
    if found := BLACKBOARD.match(name):
        return found[1], "", _moment(found[2])
    if (found := CANVAS.match(name)) and not LESSON.match(name):
        return found[1], found[2], None
    stem = COPY.sub(" ", re.split(r"\.(?:ipynb|json)", name, maxsplit=1, flags=re.I)[0])
    rest = re.sub(r"^[\s_.-]+|[\s_.-]+$", "", LESSON.sub(" ", stem))
    return " ".join(rest.replace("_", " ").split()) or stem.strip(), "", None


def _walk(folder, apart):
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        if apart and apart in path.resolve().parents:
            continue
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
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError):
        yield (*above, path.name), datetime.min, None, "file zip hỏng, không mở được: hãy tải lại"
        return
    with archive:
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
            try:
                when = datetime(*entry.date_time)
            except ValueError:  # ngày không có thật
                when = datetime.min
            if entry.file_size > LARGEST:
                yield (*above, *parts), when, None, _too_large(entry.file_size)
                continue
            try:
                with archive.open(entry) as file:
                    data = file.read(LARGEST + 1)
            except RuntimeError:
                yield (*above, *parts), when, None, "file zip có mật khẩu: hãy giải nén ra trước"
                continue
            except (OSError, zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, ValueError):
                yield (*above, *parts), when, None, "file zip hỏng ở chỗ này, không mở được: hãy tải lại"
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
