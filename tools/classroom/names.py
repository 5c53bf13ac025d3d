"""Tên người trong một tên file hay tên thư mục: bỏ tên bài học, và những chữ chỉ nói về bài nộp hay về lớp.

Mọi mẫu ở đây so với chữ thường không dấu (`plain`), dài đúng bằng chữ gốc; chỉ chỗ nào dấu phân biệt tên người với chữ
thường (Tuấn, tuần) thì so với chữ gốc.
"""

import re

from tools.lessons import every

from .anonymous import fold, humps

COPY = re.compile(
    r"\s*(?:[(（]\d+[)）]|-\s*(?:copy|ban sao)(?: of| cua)?\d*|-copy\d+|\bcopy of\b|\bban sao cua\b|\s-\s?\d\d?$)\s*"
)
_END = r"(?=$|[\W_])"
_SEP = r"[\s_.-]*"


def _titles():
    """Tên mọi bài học, và nửa đầu hay nửa cuối của chúng từ hai chữ: danh gia phan loai, danh gia, phan loai."""
    for lesson in every():
        words = lesson.stem.split("_")[len(lesson.number.split("_")) :]
        yield from (words[:k] for k in range(len(words), 1, -1))
        yield from (words[k:] for k in range(1, len(words) - 1))


_NUMBER = r"\d{1,2}(?:[_.]\d{1,2})?"
LESSON = re.compile(
    rf"(?:^|(?<=[\W_]))(?:(?:bai(?:{_SEP}tap)?|bt|btvn|hw|homework|lab|thuc{_SEP}hanh|assignment|lesson|buoi|week){_SEP}{_NUMBER}"
    rf"|0\d(?:[_.]\d)?|\d[_.]\d){_END}"
)
TITLE = re.compile(
    rf"(?<![^\W_])(?:{'|'.join(_SEP.join(words) for words in sorted(_titles(), key=len, reverse=True))}){_END}"
)
TUAN = re.compile(rf"tuần{_SEP}\d*|^tuan{_SEP}{_NUMBER}{_END}(?=.*\d{{5}})", re.I)  # "Tuấn 04_1" là người
# Không phải tên, viết hoa hay thường, có dấu hay không. Từ sau của một cụm thì có khi là tên: "lan", "ban", "lam".
_PHRASE = (
    r"(?:lan ?\d+|nop (?:lai|muon|bai|tre)|bai ?(?:lam|tap|nop)|lam (?:lai|bai)|da (?:sua|nop|lam|xong)|sua (?:lai|loi)"
    r"|ban (?:cuoi|nop|sao|moi|cu|nhap|chinh|final)|(?:bai )?cua (?:em|toi|minh)|final|draft|done|late|copy(?: of)?"
    r"|test|assignment|untitled|homework|hw|bt|btvn|lab|notebook|ver(?:sion)?|[vl](?=\d)|cu-\d{8}-\d{6})"
    r"\d*(?: (?:lai|muon|cuoi|lon))*"
)
_LOWER = r"bài|bai|nộp|nop|nháp|nhap|cuối|cuoi|xong|muộn|muon|cũ|mới|sửa|đã|bản|lại|làm|lần"  # viết thường thì không
_DOUBTFUL = r"ban|da|lan|lam|lai|tap|moi|sua|cu"  # là tên được, nếu cả tên viết thường không dấu
START = re.compile(rf"(?:{_PHRASE}|bai|nop|nhap|cua){_END}")
END = re.compile(rf"(?:^|(?<=[\s.-])){_PHRASE}$")
LOWER = re.compile(rf"(?:^|(?<=[\s.-]))(?:{_LOWER})$")
DOUBTFUL = re.compile(rf"(?:^|(?<=[\s.-]))(?:{_DOUBTFUL})$")
CODE = re.compile(r"\d{6,}|[A-Za-z]{1,3}\d{5,}|[A-Za-z]\d\d[A-Za-z]{2,5}\d{3,}")  # 20201234, SE150123, B21DCCN456
SUBJECT = re.compile(r"[A-Za-z]{1,6}\d{2,4}[A-Za-z]?\d?")  # mã lớp, mã môn: K65, IT4866
GROUP = re.compile(
    r"(?<![^\W_])(?:nhom|group|team|sinh ?vien|hoc ?(?:vien|sinh)|nguoi ?hoc|student|user|may)(?![^\W\d_])"
)
CLASS = re.compile(
    r"(?<![^\W_])(?:lop|tuan(?=[\s_]\d)|bai(?:[\s_]?(?:lam|tap|nop))?|buoi|k\d\d(?:[a-z]\d?)?(?![^\W_])|muon|files?"
    r"|nop(?:[\s_]?(?:tre(?:[\s_]?han)?|muon|bu|cham|lai|lan[\s_]?\d))?|(?:dung|qua|sau|tre)[\s_]?han|tre|bo[\s_]?sung|lam[\s_]?lai"
    r"|dot[\s_]?\d|submitted|submissions?|late|on ?time|week|class|assignments?|homework|lab|btvn|bt|thuc[\s_]?hanh"
    r"|kiem[\s_]?tra)\d*(?![^\W_])"
)
LATE = re.compile(
    r"muon|tre|late|(?:dung|qua|sau)[\s_]?han|on ?time|bo[\s_]?sung|(?:nop|lam)[\s_]?(?:bu|cham|lai|lan)|dot[\s_]?\d"
)
ALIKE = r"\d{0,4}|[^\W\d_]|[A-Z]{2,4}\d{0,4}[A-Z]?"  # cạnh những chữ trên: tên viết tắt, số thứ tự
KEPT = {"lan", "lam", "lai", "tap"}  # đứng một mình thì là tên


def plain(text):
    """Chữ thường không dấu, dài đúng bằng chữ gốc."""
    return "".join((fold(c) or " ")[0] for c in text)


def cut(pattern, text):
    for found in reversed([*pattern.finditer(plain(text))]):
        text = f"{text[: found.start()]} {text[found.end() :]}"
    return text


def without_lesson(text):
    """Bỏ số bài, tên bài, dấu của bản chép."""
    text = TUAN.sub(" ", text)
    for pattern in (COPY, LESSON, TITLE):
        text = cut(pattern, text)
    return text


def name_in(text):
    """``(tên, mã số)`` trong một tên đã bỏ đuôi; chuỗi rỗng khi không có. Mã chỉ đứng riêng khi ở cạnh đủ họ tên.

    >>> name_in("IT4866_139521_20201234_NguyenVanAn"), name_in("Nguyễn Văn An - Bài tập 04.1 - Nộp lại")
    (('NguyenVanAn', '20201234'), ('Nguyễn Văn An', ''))
    >>> name_in("04.1 Đánh giá phân loại_cũ"), name_in("20201234_04_1"), name_in("nguyen van ban 04_1")
    (('', ''), ('20201234', ''), ('nguyen van ban', ''))
    """
    left = _trimmed(re.sub(r"[\s_()\[\],;]+", " ", without_lesson(text)))
    words = left.split()
    known = [word.strip(".-") for word in words if CODE.fullmatch(word.strip(".-"))]
    code = max(reversed(known), key=len, default="")
    rest = [word for word in words if word.strip(".-") not in known and not SUBJECT.fullmatch(word)]
    name = _trimmed(" ".join(rest))
    if is_full(name) and not GROUP.search(plain(name)):
        return name, code
    return left, ""


def is_full(name):
    """Trông như đủ họ tên: hai chữ trở lên, dù viết liền."""
    words = re.findall(r"[^\W\d_]+", humps(name))
    return len(words) > 1 or len(words) == 1 and len(words[0]) > 7


def _trimmed(text):
    while True:
        text, before = text.strip(" .-_"), text
        seen = plain(text)
        if found := START.match(seen):
            text = text[found.end() :]
        elif found := (END.search(seen) or LOWER.search(text)):
            text = text[: found.start()]
        elif (found := DOUBTFUL.search(text)) and (text != text.lower() or found[0] == text and found[0] not in KEPT):
            text = text[: found.start()]
        if text == before:
            return text


def of_class(folder):
    """Tên thư mục nói về lớp hay về bài, không về người: ``Bài 04.1``, ``ML K65``, ``nop_muon1``.

    >>> [of_class(name) for name in ("Bài 04.1", "ML K65", "nop_muon1", "Lớp A", "Tuần 4", "Submitted files")]
    [True, True, True, True, True, True]
    >>> [of_class(name) for name in ("Tuấn", "tuan4", "20201234", "LY", "Nguyễn Văn An - K65", "Nhóm 1", "Khoa")]
    [False, False, False, False, False, False, False]
    """
    left = cut(CLASS, without_lesson(folder))
    other = [word for word in re.split(r"[\s_.,()-]+", left) if not re.fullmatch(ALIKE, word)]
    return left != folder and not other
