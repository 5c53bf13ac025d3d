"""Danh sách lớp (`make grade … LIST=lop.csv`): mỗi dòng một người, có mã số hay tên đăng nhập thì càng chắc.

Bài của ai thì theo mã trong đường dẫn của file, không có thì theo họ tên: không kể hoa thường, dấu, khoảng trắng, và
kể cả tên gọi đứng trước như Canvas viết (``annguyenvan``).
"""

import csv
import itertools
import json
import re
import sys
import unicodedata
from collections import Counter
from pathlib import Path

from . import names
from .anonymous import fold, humps
from .collect import stem, who
from .names import without_lesson

GENDERS = {"nam", "nu", "male", "female"}
NAME = re.compile(r"[^\W\d_]+(?:[ .,'\u2019-]+[^\W\d_]+)*\.?")
FIRST = r"ten|(?:first|given) ?name.*"
LAST = r"ho(?: ?(?:va|[&/-])? ?(?:(?:ten|chu) )?(?:dem|lot))?"
MIDDLE = r"(?:(?:ten|chu) )?(?:dem|lot)"
HEAD = (
    rf"{FIRST}|{MIDDLE}|ten .*|(?:ho|full|last|family|sur) ?(?:va |[&/-] ?|dem|lot|name|ten).*|ho|name|student"
    r"|(?:sinh|hoc) vien|points possible|danh sach .*"
)
LINE = re.compile(  # "1. Nguyễn Văn An", "20201234 Nguyễn Văn An", "Nguyễn Văn An - 20201234"
    r"(?:\d{1,3}[.)]? )?((?=\S*\d)\S* )?(.*?)([ (-]+(?=\S*\d)[\w.-]+\)?)?"
)
WORD = re.compile(r"[^\W\d_]+")
APART = re.compile(r"\s[-–—]\s|[+,;&()\[\]]|\s(?:và|va)\s", re.I)
SURNAMES = set(
    "nguyen tran le pham hoang huynh phan vu vo dang bui do ho ngo duong ly dinh dao doan trinh truong mai ha luong cao"
    " ta luu to thai quach chau kieu tang la quang tong phung nghiem khuc tu than vuong hua".split()
)
SYSTEM = {"assignsubmission", "onlinetext", "file", "attempt", "late"}
CODE = re.compile(r"(?=.*[A-Za-z]|\d{5})\w[\w.-]{2,}", re.A)


def chosen(path, course, say=print):
    """Danh sách ở ``path``, và nhớ lại cho lần chấm sau; không có ``path`` thì danh sách đã nhớ."""
    if path:
        people, kept = read(Path(path)), course / "danh_sach.json"
        kept.touch(mode=0o600)
        kept.write_text(json.dumps(people, ensure_ascii=False, indent=1), encoding="utf-8")
        say(f"Danh sách lớp: {len(people)} người.")
    return ClassList(remembered(course))


def remembered(course):
    """Danh sách đã nhớ trong ``course``, như ``read`` trả về; chưa có thì rỗng."""
    kept = course / "danh_sach.json"
    return json.loads(kept.read_text(encoding="utf-8")) if kept.exists() else []


def read(path):
    """``[[họ tên, mã, …], …]``; file không đọc được hay không có tên ai thì dừng và nói."""
    try:
        text = unicodedata.normalize("NFC", path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        seen = "không viết bằng UTF-8" if isinstance(error, ValueError) else "không có, hay không mở được"
        _stop(f"danh sách lớp {path} {seen}", 'LIST=lop.csv, trong Excel thì lưu thành "CSV UTF-8"')
    table = csv.reader(text.splitlines(), delimiter=max("\t;,", key=text.count))
    rows = [[" ".join(re.sub(r'^="(.*)"$', r"\1", one.strip()).split()) for one in row] for row in table]
    if max(map(len, rows), default=0) == 1:
        rows = [[one.strip(" ()-") for one in LINE.fullmatch(" ".join(row)).groups("")] for row in rows]
    columns = list(itertools.zip_longest(*rows, fillvalue=""))
    where = _names_at(columns)
    names = [" ".join(filter(None, (columns[i][line] for i in where))) for line in range(len(rows))]
    names = [" ".join(name.split(", ")[::-1]) for name in names]  # "An, Nguyễn Văn"
    heads = lambda line: all(re.fullmatch(HEAD, fold(columns[i][line])) for i in where if columns[i][line])
    head = lambda line: heads(line) or fold(names[line]) == "test student"  # người giả của Canvas
    start = next((line for line, name in enumerate(names) if name and head(line)), -1)  # trên đó là tên trường, tên lớp
    lines = [line for line in range(start + 1, len(names)) if re.search(r"[^\W\d_]{2}", names[line]) and not head(line)]
    people = [[names[line]] for line in lines]
    for i in set(range(len(columns))) - {*where}:
        codes = [columns[i][line].partition("@")[0].strip() for line in lines]
        once = {one for one, count in Counter(codes).items() if count == 1 and CODE.fullmatch(one)}
        if len(once) * 10 >= 9 * sum(map(bool, codes)):  # tên lớp, giới tính: nhiều người như nhau
            people = [[*person, *{one} & once] for person, one in zip(people, codes)]
    coded = [i for i, person in enumerate(people) if len(person) > 1]
    nearly = coded and len(coded) * 10 >= 9 * (coded[-1] + 1 - coded[0]) and len(coded) * 3 >= 2 * len(people)
    if nearly:  # tên bảng ở trên, người ký ở dưới thì không có mã
        people = people[coded[0] : coded[-1] + 1]
    return people or _stop(f"danh sách lớp {path} không có tên ai", "mỗi dòng một người, có cột họ tên")


def _names_at(columns):
    """Cột họ tên, hay cột họ (cột đệm) và cột tên đứng cạnh nhau, theo thứ tự ấy."""
    for line in zip(*columns):
        last, middle, first = (
            [i for i, one in enumerate(line) if re.fullmatch(head, fold(one))] for head in (LAST, MIDDLE, "ten")
        )
        if len(last) == len(first) == 1 and abs(last[0] - first[0]) < 3:
            return [*last, *middle[:1], *first]
    most = lambda column, test: 2 * sum(map(bool, map(test, column))) > sum(map(bool, column))
    alike = lambda column: max(Counter(filter(None, column)).values(), default=0)  # tên lớp: nhiều người như nhau
    named = lambda one: (
        NAME.fullmatch(one) and (" " in one or one[1:] and one[0].isupper()) and fold(one) not in GENDERS
    )
    letters = [i for i, one in enumerate(columns) if most(one, named) and 2 * alike(one) <= max(len(one), 2)]
    several = [i for i in letters if most(columns[i], lambda one: " " in one)]
    start = next(iter(several or letters), 0)
    start -= start in several and start - 1 in letters  # "Nguyễn | Văn An", hay tên đứng trước: "An | Nguyễn Văn"
    pair = [i for i in (start, start + 1) if i in letters and (i == start or not {start, i} <= {*several})]
    return pair[::-1] if pair and any(re.fullmatch(FIRST, fold(one)) for one in columns[start]) else pair


def _stop(problem, advice):
    sys.exit(f"\n  Chưa chấm được: {problem}.\n  Cách sửa: {advice}.\n")


def _marks(text):
    return sorted(unicodedata.normalize("NFD", text.casefold()))


class ClassList:
    """Những người trong danh sách: ``whose`` nói file của ai, ``labels`` là ``[(tên trong bảng, mã), …]``."""

    def __init__(self, people):
        times, self.labels, self.codes, self.names = Counter(name for name, *_ in people), [], {}, ({}, {})
        nth = Counter()
        for name, *codes in people:
            code = (codes or [""])[0]
            nth[name] += not code
            alike = f"{name} ({code or nth[name]})"  # hai người trùng tên, danh sách không ghi mã: (1), (2)
            self.labels.append((alike if times[name] > 1 else name, code))
            self.codes.update((one.casefold(), self.labels[-1]) for one in codes)
            words = WORD.findall(name)
            for i, order in enumerate((words, words[-1:] + words[:-1], words[1:] + words[:1])):
                told = self.names[i > 0].setdefault(fold("".join(order)), [])
                told.append((self.labels[-1], _marks("".join(words))))
        edges = lambda one: (r"(?<!\d)", r"(?!\d)") if one.isdigit() else (r"(?<![^\W_])", r"(?![^\W_])")
        told = sorted(filter(re.compile(r"\d|\W|_").search, self.codes), key=len, reverse=True)
        self.coded = re.compile("|".join(re.escape(one).join(edges(one)) for one in told) or r"(?!)", re.I)

    def whose(self, path, guess, number):
        """``(tên trong bảng, mã, vì sao chưa chắc, có thể là của những ai)``; không một người nào, hay nhiều người, thì
        tên trống.
        """
        if not self.labels:
            return "", "", "", []
        left, why, parts = [], "", path.split("/")
        known = [self.codes[one] for one in (guess.casefold(), number.casefold()) if one in self.codes][:1]
        words, file = fold(humps(guess)).split(), parts[-1]
        login = len(words) == 1 and names.is_full(guess)
        person = login or SURNAMES & {*words}  # thư mục "Học máy" thì chưa chắc là của một người
        folder = next((part for part in parts[:-1] if guess and who((part, ""))[0] == guess), None)
        told = who((file,))[0] == guess != names.name_in(stem(file))[0]  # tên do Canvas hay Blackboard ghi
        for text in (guess, *parts):
            found, doubt = self._in(text, known, named=not (told and login and text == file))
            if len(found) > 1:  # làm chung, hay mã của người này mà tên của người kia
                left = list(dict.fromkeys([*left, *itertools.chain(*found)]))
            elif found:
                inside = folder and len(words) > 1 and not left and text not in (guess, folder)
                doubt = doubt or "theo tên ghi trong file, mà thư mục mang tên khác" * bool(inside)
                left, why = [one for one in left if one in found[0]] or left or found[0], why or doubt
            if len(left) == 1 or len(found) > 1 or text == folder and person and not left:
                break  # chưa ai trong danh sách, mà là thư mục của một người: file bên trong đặt tên ai cũng được
        if len(left) == 1:
            return *left[0], why, []
        several = f"khớp nhiều người trong danh sách lớp: {', '.join(label for label, _ in left)}"
        return "", "", several if left else "không có trong danh sách lớp", [label for label, _ in left]

    def _in(self, text, known=(), named=True):
        """``([những ai mang mã hay tên ấy, …], vì sao chưa chắc)``: mỗi mã, mỗi tên trong chữ một phần tử."""
        coded = dict.fromkeys([*known, *(self.codes[one.casefold()] for one in self.coded.findall(text))])
        several, doubt = self._told_names(humps(self.coded.sub(" ", without_lesson(stem(text))))) if named else ([], "")
        return [*([one] for one in coded), *(those for those in several if not coded.keys() & {*those})], doubt

    def _told_names(self, text):
        """Những tên đứng trọn trong chữ ấy, hay trọn giữa hai dấu ngăn; thêm chữ cạnh tên thì là tên người khác."""
        found, other = self._runs(text)
        if found and other and len(found) == 1:
            pieces = [self._runs(piece) for piece in APART.split(text)]
            found = [run for runs, strange in pieces if not strange or len(runs) > 1 for run in runs]
            other = any(strange for runs, strange in pieces)
        doubt, told = "cạnh tên này còn một tên khác" if other else "", []
        for run in found:
            those = next(names[fold(run)] for names in self.names if fold(run) in names)
            exact = [person for person, marks in those if marks == _marks(run)]
            if not exact and run.casefold() != fold(run):
                doubt = doubt or "danh sách lớp viết tên này khác dấu"
            told.append(list(dict.fromkeys(exact or [person for person, _ in those])))
        return told, doubt

    def _runs(self, text):
        """``(những tên có trong danh sách, còn chữ nào trông như tên không)``; thử tên viết xuôi trước."""
        words, best = [*WORD.finditer(text)], ([], _strange(text, "A a"))
        for books in (self.names[:1], self.names):
            found, gaps, i, end = [], [], 0, 0
            while i < len(words):
                runs = ["".join(word[0] for word in words[i:j]) for j in range(min(i + 9, len(words)), i, -1)]
                run = next((run for run in runs if any(fold(run) in book for book in books)), "")
                if run:
                    found.append(run)
                    gaps.append(text[end : words[i].start()])
                    i += len(runs) - runs.index(run)
                    end = words[i - 1].end()
                else:
                    i += 1
            gaps.append(text[end:])
            strange = any(_strange(gap, "".join(found)) for gap in gaps)
            if found and (not strange or not best[0]):
                best = found, strange
            if found and not strange:
                break
        return best


def _strange(text, run):
    """Ngoài chữ của bài, của lớp, ``text`` còn chữ trông như tên người, viết theo kiểu của ``run``."""
    left = names.cut(names.GROUP, names.cut(names.CLASS, names.name_in(text)[0]))
    left = [word for word in re.findall(r"[^\W_]+", left) if word.isalpha() and fold(word) not in SYSTEM]
    if run == run.lower():
        return bool(left)
    return any(word[0].isupper() and (run == run.upper() or not re.fullmatch("[A-Z]{2,4}", word)) for word in left)


NOBODY = ClassList([])
