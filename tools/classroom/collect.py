"""Gom bài nộp: một thư mục, hay file zip của hệ thống học tập, ra danh sách bài của từng người học.

Tên người học lấy từ thư mục riêng của họ, hay từ tên file: Moodle, Canvas, Google Classroom, Blackboard, và file đặt
tên bằng tay. Không gì được giải nén ra đĩa; file quá lớn thì không đọc.
"""

import re
import sys
import unicodedata
import zipfile
import zlib
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from . import names

LARGEST = 60 * 2**20  # byte của một bài; bài 04.1 đã chạy hết nặng chừng 2.5 MB
CLOSE = timedelta(minutes=1)
NOT_NOTEBOOK = "không phải là notebook (.ipynb)"
LARGEST_CLASS = 2 * 2**30  # byte của cả lớp
DEEPEST, LONGEST = 15, 255  # số tầng thư mục, số chữ của một tên: một file zip ghi bao nhiêu cũng được
MOODLE = re.compile(  # có khi kèm tên nhóm: "Nhóm 1-Trần Thị Bình_50102_assignsubmission_file_"
    r"^(?:(?:[^_-]*\d|nhóm|nhom|lớp|lop|group|team)[^_-]*-)?(.+?)_(\d+)_assignsubmission_(?:file|onlinetext)(?:_|$)",
    re.I,
)
BLACKBOARD = re.compile(r"^[^_]+_(.+?)_attempt_(\d{4}-[\d-]+)(?:_|\.txt$)")
CANVAS = re.compile(r"^(?!k\d\d|[a-z]{2,3}\d{4}_)([^\W_A-Z]+)(?:_LATE)?_(\d{3,})_\d{3,}_(.*)")  # mã lớp thì không
FEW = re.compile(r"nhóm|nhom|lop|tuan|bai|buoi|\d", re.I)  # thư mục như thế có hai tên đã là của nhiều người
DRIVE = re.compile(r"-\d{8}T\d{6}Z(?:-\d+)*$")  # đuôi của file zip tải từ Google Drive


class File(NamedTuple):
    """Một bài nộp: của ai (chuỗi rỗng: không biết), tên file như họ nộp, lúc nào, và nội dung (None khi không đọc)."""

    learner: str
    name: str
    when: datetime
    data: bytes | None
    trouble: str = ""
    number: str = ""  # số của họ trong hệ thống học tập, khi tên file có ghi
    dated: bool = False  # giờ nộp đáng tin: ghi trong tên hay trong file zip; giờ của một file chép lại thì không
    unsure: str = ""  # vì sao chưa chắc là của người ấy
    shelf: str = ""  # những thư mục của cả lớp đứng ngoài, không kể thư mục nộp muộn


def collect(folder, apart=None):
    """``[File, …]`` của mọi bài trong thư mục hay file zip ``folder``, theo tên người học rồi theo giờ nộp; thư mục
    ``apart`` (nơi ghi kết quả) thì không kể.
    """
    folder = Path(folder)
    if folder.is_dir():
        found = list(_walk(folder, apart))
    elif zipfile.is_zipfile(folder):
        found = list(_unzip(folder))
    else:
        seen = "không tìm thấy {}" if not folder.exists() else "{} không phải là thư mục hay file zip"
        sys.exit(f"\n  Chưa chấm được: {seen.format(folder)}.\n  Cách sửa: make grade FOLDER=thư-mục-hay-file-zip\n")
    found = [(tuple(map(_clean, (*parts[:-1][:DEEPEST], parts[-1]))), *rest) for parts, *rest in found]
    found = [one for one in found if not any(_hidden(part) for part in one[0])]
    whole, crowded = [parts for parts, *_ in found], set()
    while shelves := _shelves([parts for parts, *_ in found], crowded):
        found = [(parts[1:] if parts[:1] in shelves and parts[1:] else parts, *rest) for parts, *rest in found]
    canvas = [one for parts, *_ in found if len(parts) == 1 and (one := CANVAS.match(parts[0]))]
    after = {names.name_in(stem(one[3]))[0] for one in canvas}
    copied = len({one.group(1, 2) for one in canvas}) == 1 and len(after) > 2 and all(map(names.is_full, after))
    files, total = [], 0
    for path, (parts, when, data, trouble, zipped) in zip(whole, found):
        learner, number, attempt = who(parts, canvas=not copied)  # cả lớp một mã, mỗi file một tên: không phải Canvas
        if ".ipynb" not in parts[-1].lower() and parts[-1].lower().rpartition(".")[2] != "json" and not trouble:
            packed = parts[-1].lower().endswith((".zip", ".rar", ".7z"))
            data, trouble = None, NOT_NOTEBOOK + ": hãy giải nén file ấy ra" * packed
        total += len(data or b"")
        if total > LARGEST_CLASS:
            data, trouble = None, f"cả lớp nặng quá {LARGEST_CLASS // 2**30} GB, không đọc tiếp"
        if parts[0] in crowded and len(parts) > 1 and not trouble:
            unsure = "thư mục có file mang tên người khác; nếu đó là thư mục của cả lớp thì hãy chấm riêng nó"
        else:
            unsure = ""
        outside = [part for part in path[: len(path) - len(parts)] if not names.LATE.search(names.plain(part))]
        dated, shelf = attempt is not None or zipped, "/".join(outside)
        files.append(File(learner, "/".join(path), attempt or when, data, trouble, number, dated, unsure, shelf))
    handed = {file.learner for file in files if not _receipt(file)}
    files = [file for file in files if not (_receipt(file) and file.learner in handed)]
    return sorted(files, key=lambda file: (_sortable(file.learner), file.when, file.name))


def _receipt(file):
    """Biên nhận mà Blackboard ghi cho mỗi lần nộp."""
    return re.search(r"_attempt_[\d-]+\.txt$", file.name)


def _hidden(part):
    return part.startswith((".", "__MACOSX", "~$")) and not MOODLE.match(part)


def _shelves(paths, crowded):
    """Những thư mục ngoài cùng không phải của một người học mà của cả lớp: mang tên lớp hay tên bài; bên trong chỉ có
    thư mục của Moodle; hay mọi thư mục ngoài cùng đều có bài mang tên nhiều người. Chỉ vài thư mục như thế thì là của
    một người đặt tên file tùy ý: ghi vào ``crowded``.
    """
    inside = {}
    for parts in paths:
        if len(parts) > 1 and not MOODLE.match(parts[0]):
            inside.setdefault(parts[0], []).append(parts[1:])
    people = {folder: _named(rest) for folder, rest in inside.items()}
    often = Counter(
        name for those in people.values() for name in {name.casefold() for _, name in those}
    )  # như "main", "bai cua em": không của ai
    shelves, several, one_owner = set(), set(), set()
    for folder, rest in inside.items():
        if names.of_class(folder) or all(len(parts) > 1 and MOODLE.match(parts[0]) for parts in rest):
            shelves.add(folder)
            continue
        own = [one for one in people[folder] if often[one[1].casefold()] == 1]
        most = lambda test, own=own: max(Counter(lesson for lesson, name in own if test(name)).values(), default=0)
        person = names.CODE.fullmatch(folder) or _proper(folder)  # thì trong đó phải là họ tên viết hoa
        if most(_proper if person else bool) > 2 or not person and re.match(FEW, folder) and most(bool) > 1:
            several.add(folder)
        elif most(names.is_full if person else bool) > 1:
            one_owner.add(folder)
    together = several | shelves >= set(inside)
    crowded.clear()
    crowded.update(one_owner, () if together else several)
    return {(folder,) for folder in shelves | (several if together else set())}


def _named(paths):
    """``{(bài, tên), …}`` của những bài trong một thư mục; thư mục con thì tên của nó, trừ thư mục mang tên bài."""
    found = set()
    for parts in paths:
        while len(parts) > 1 and names.of_class(parts[0]):
            parts = parts[1:]
        if ".ipynb" in parts[-1].lower():
            name = who(parts[:1])[0]
            lesson = names.LESSON.findall(names.plain(parts[-1]))[:1] if len(parts) > 1 else ""
            if name and (len(parts) > 1 or name != stem(parts[0]) or names.is_full(name)):
                found.add((str(lesson), name))
    return found


def _proper(name):
    """Từ hai chữ, chữ nào cũng viết hoa."""
    words = names.humps(name).split()
    return len(words) > 1 and all(word[0].isupper() for word in words)


def stem(name):
    """Tên file không kèm đuôi, dù đuôi viết hai lần như ``.ipynb.json``."""
    return re.split(r"\.(?:ipynb|json)", name, maxsplit=1, flags=re.I)[0].strip()


def latest(files, blank=()):
    """``(bài mới nhất, số bài khác, chọn theo gì)`` trong các bài cùng người, cùng bài học; bài còn nguyên (``blank``)
    thì thua bài có làm. Giờ sát nhau là giờ chép: khi đó theo số trong tên, như ``(2)``.
    """
    done = [file for file in files if file not in blank] or files
    newest = max(file.when for file in done)
    near = [file for file in done if newest - file.when <= CLOSE]
    best = max(near, key=lambda file: (_copies(file.name), file.when, file.name))
    numbered = len({_copies(file.name) for file in near}) > 1
    how = "theo số trong tên file" if numbered else "theo giờ nộp" if best.dated else "theo giờ của file"
    return best, len(files) - 1, "file kia còn nguyên như lúc phát" if len(done) == 1 < len(files) else how


def who(parts, canvas=True):
    """``(người học, số của họ trong hệ thống học tập hay mã số, giờ nộp ghi trong tên hay None)`` từ đường dẫn của một
    file; chuỗi rỗng khi không biết là ai.

    Thư mục ngoài cùng nói trước: tên file là do người nộp đặt, đặt tên ai cũng được.
    """
    if found := MOODLE.match(parts[0]):
        return found[1].strip(), found[2], None
    if len(parts) > 1:
        name, number = names.name_in(parts[0])
        return name or parts[0], number, None
    name = PurePosixPath(parts[-1]).name
    if canvas and (found := CANVAS.match(name)) and names.name_in(found[1])[0]:
        return found[1], found[2], None
    if found := BLACKBOARD.match(name):  # tên đăng nhập có khi có "_", tên bài cũng thế
        login = found[1].split()[-1]
        return names.without_lesson(login).strip(" _") or login, "", _moment(found[2])
    return *names.name_in(stem(name)), None


def _walk(folder, apart):
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        if apart and apart in path.resolve().parents:
            continue
        if path.is_symlink() or not path.is_file():
            continue
        if path.suffix.lower() == ".zip" and zipfile.is_zipfile(path):
            inside = [one for one in _unzip(path) if not any(map(_hidden, one[0]))]
            if not all(map(names.of_class, parts[:-1])):  # zip của một người: trong đó đặt tên thư mục là ai cũng thế
                inside = [((*parts[:-1], path.stem, entry[-1]), *rest) for entry, *rest in inside]
            elif not all(MOODLE.match(entry[0]) for entry, *_ in inside):
                inside = [((*parts[:-1], path.stem, *entry), *rest) for entry, *rest in inside]
            yield from inside
            continue
        size, when = path.stat().st_size, datetime.fromtimestamp(path.stat().st_mtime)
        if size > LARGEST:
            yield parts, when, None, _too_large(size), False
            continue
        try:
            yield parts, when, path.read_bytes(), "", False
        except OSError as error:
            yield parts, when, None, f"không đọc được file: {error.strerror}", False


def _unzip(path):
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError):
        yield (path.name,), datetime.min, None, "file zip hỏng, không mở được: hãy tải lại", True
        return
    with archive:
        for entry in archive.infolist():
            name = entry.filename
            if not entry.flag_bits & 0x800:  # không ghi là UTF-8, mà nhiều máy vẫn viết bằng UTF-8
                try:
                    name = name.encode("cp437").decode("utf-8")
                except UnicodeError:
                    pass
            parts = tuple(part[:LONGEST] for part in name.replace("\\", "/").split("/") if part not in ("", ".", ".."))
            if entry.is_dir() or not parts:
                continue
            try:
                when = datetime(*entry.date_time)
            except ValueError:  # ngày không có thật
                when = datetime.min
            if entry.file_size > LARGEST:
                yield parts, when, None, _too_large(entry.file_size), True
                continue
            try:
                with archive.open(entry) as file:
                    data = file.read(LARGEST + 1)
            except RuntimeError:
                yield parts, when, None, "file zip có mật khẩu: hãy giải nén ra trước", True
                continue
            except (OSError, zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, ValueError):
                yield parts, when, None, "file zip hỏng ở chỗ này, không mở được: hãy tải lại", True
                continue
            yield parts, when, data, "" if len(data) <= LARGEST else _too_large(len(data)), True


def _too_large(size):
    return f"file quá lớn: {size / 2**20:.0f} MB, mà một bài không quá {LARGEST // 2**20} MB"


def _clean(text):
    """Chữ ở dạng NFC, không có ký tự điều khiển hay ký tự đổi chiều chữ, không có đuôi của Google Drive."""
    text = DRIVE.sub("", unicodedata.normalize("NFC", text))
    return "".join(c for c in text if unicodedata.category(c) not in ("Cc", "Cf", "Cs")).strip()


def _moment(text):
    try:
        return datetime.strptime(text, "%Y-%m-%d-%H-%M-%S")
    except ValueError:
        return None


def _copies(name):
    """Số của bản chép hay của lần nộp ghi trong tên; "Nguyễn Thị Lan 04_1" thì không có."""
    text = re.sub(names.LESSON, " ", names.plain(stem(name)))
    found = re.findall(r"[(（](\d+)[)）]|(?:copy|ban sao|lan|(?<![^\W_])[vl]|\s-) ?(\d+)", text)
    return int("".join(found[-1])) if found else 0


def _sortable(name):
    """Xếp theo tên gọi (chữ cuối) như sổ điểm Việt Nam, rồi theo họ."""
    words = unicodedata.normalize("NFD", name.casefold()).split()
    return (words[-1:], words)
