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

from .anonymous import fold, humps

GENDERS = {"nam", "nu", "male", "female"}
NAME = re.compile(r"[^\W\d_]+(?:[ .,'\u2019-]+[^\W\d_]+)*\.?")
FIRST = r"ten|(?:first|given) ?name.*"
HEAD = rf"{FIRST}|ten .*|(?:ho|full|last|family|sur) ?(?:va |dem|lot|name|ten).*|ho|name|student|points possible"
CODE = re.compile(r"(?=.*[A-Za-z]|\d{5})\w[\w.-]{2,}", re.A)


def chosen(path, course):
    """Danh sách ở ``path``, và nhớ lại cho lần chấm sau; không có ``path`` thì danh sách đã nhớ."""
    kept = course / "danh_sach.json"
    if path:
        people = read(Path(path))
        kept.touch(mode=0o600)
        kept.write_text(json.dumps(people, ensure_ascii=False, indent=1), encoding="utf-8")
    return ClassList(json.loads(kept.read_text(encoding="utf-8"))) if kept.exists() else NOBODY


def read(path):
    """``[[họ tên, mã, …], …]``; file không đọc được hay không có tên ai thì dừng và nói."""
    try:
        text = unicodedata.normalize("NFC", path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        seen = "không viết bằng UTF-8" if isinstance(error, ValueError) else "không có, hay không mở được"
        _stop(f"danh sách lớp {path} {seen}", 'LIST=lop.csv, trong Excel thì lưu thành "CSV UTF-8"')
    table = csv.reader(text.splitlines(), delimiter=max("\t;,", key=text.count))
    rows = [[" ".join(one.split()) for one in row] for row in table]
    if max(map(len, rows), default=0) == 1:  # "1. Nguyễn Văn An", "20201234 Nguyễn Văn An"
        rows = [re.fullmatch(r"(?:\d{1,3}[.)]? )?((?=\S*\d)\S* )?(.*)", " ".join(row)).groups("") for row in rows]
    columns = list(itertools.zip_longest(*rows, fillvalue=""))
    where = _names_at(columns)
    names = [" ".join(filter(None, (columns[i][line] for i in where))) for line in range(len(rows))]
    names = [" ".join(name.split(", ")[::-1]) for name in names]  # "An, Nguyễn Văn"
    head = lambda line: any(re.fullmatch(HEAD, fold(columns[i][line])) for i in where)
    lines = [line for line, name in enumerate(names) if re.search(r"[^\W\d_]{2}", name) and not head(line)]
    people = [[names[line]] for line in lines]
    for i in set(range(len(columns))) - {*where}:
        codes = [columns[i][line].partition("@")[0].strip() for line in lines]
        once = {one for one, count in Counter(codes).items() if count == 1 and CODE.fullmatch(one)}
        if len(once) * 10 >= 9 * sum(map(bool, codes)):  # tên lớp, giới tính: nhiều người như nhau
            people = [[*person, *{one} & once] for person, one in zip(people, codes)]
    return people or _stop(f"danh sách lớp {path} không có tên ai", "mỗi dòng một người, có cột họ tên")


def _names_at(columns):
    """Cột họ tên, hay cột họ và cột tên đứng cạnh nhau, theo thứ tự ấy."""
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
        for name, *codes in people:
            code = (codes or [""])[0]
            self.labels.append((f"{name} ({code})" if times[name] > 1 and code else name, code))
            self.codes.update((one.casefold(), self.labels[-1]) for one in codes)
            words = re.findall(r"[^\W\d_]+", name)
            for i, order in enumerate((words, words[-1:] + words[:-1], words[1:] + words[:1])):
                told = self.names[i > 0].setdefault(fold("".join(order)), [])
                told.append((self.labels[-1], _marks("".join(words))))
        edges = lambda one: (r"(?<!\d)", r"(?!\d)") if one.isdigit() else (r"(?<![^\W_])", r"(?![^\W_])")
        told = sorted(filter(re.compile(r"\d|\W|_").search, self.codes), key=len, reverse=True)
        self.coded = re.compile("|".join(re.escape(one).join(edges(one)) for one in told) or r"(?!)")

    def whose(self, path, guess, number):
        """``(tên trong bảng, mã, vì sao chưa chắc)``; không một người nào, hay nhiều người, thì tên trống."""
        left, why = [self.codes[one] for one in (guess.casefold(), number.casefold()) if one in self.codes][:1], ""
        for text in (guess, *path.split("/")):
            if len(left) != 1 and self.labels:
                found, doubt = self._in(text)
                left, why = [person for person in left if person in found] or left or found, why or doubt
        if len(left) == 1:
            return *left[0], why
        several = f"khớp nhiều người trong danh sách lớp: {', '.join(label for label, _ in left)}"
        return "", "", several if left else "không có trong danh sách lớp" if self.labels else ""

    def _in(self, text):
        """``(những người có mã, hay có tên dài nhất, trong chữ ấy, vì sao chưa chắc)``."""
        if found := self.coded.findall(text.casefold()):
            return [*{self.codes[one]: 0 for one in found}], ""
        words = re.findall(r"[^\W\d_]+", humps(text))
        runs = ["".join(words[i:j]) for i in range(len(words)) for j in range(i + 1, min(i + 9, len(words) + 1))]
        for names in self.names:
            if run := max((run for run in runs if fold(run) in names), key=len, default=""):
                exact = [person for person, marks in names[fold(run)] if marks == _marks(run)]
                doubt = not exact and run.casefold() != fold(run) and "danh sách lớp viết tên này khác dấu"
                return list(dict.fromkeys(exact or [person for person, _ in names[fold(run)]])), doubt or ""
        return [], ""


NOBODY = ClassList([])
