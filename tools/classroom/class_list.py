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

NAME = re.compile(r"[^\W\d_]+(?:[ .'\u2019-]+[^\W\d_]+)*\.?")
FIRST = r"ten|(?:first|given) ?name.*"
HEAD = re.compile(rf"{FIRST}|ten .*|(?:ho|full|last|family|sur) ?(?:va |dem|lot|name|ten).*|ho|name|sinh vien|hoc vien")
CODE = re.compile(r"(?=.*[A-Za-z]|\d{5})\w[\w.-]{2,}", re.A)
GENDERS = {"nam", "nu", "male", "female", "gioi tinh", ""}


def chosen(path, course):
    """Danh sách ở ``path``, và nhớ lại cho lần chấm sau; không có ``path`` thì danh sách đã nhớ."""
    kept = course / "danh_sach.json"
    if path:
        people = read(Path(path))
        course.mkdir(parents=True, exist_ok=True)
        kept.touch(mode=0o600)
        kept.write_text(json.dumps(people, ensure_ascii=False, indent=1), encoding="utf-8")
    return ClassList(json.loads(kept.read_text(encoding="utf-8")) if kept.exists() else [])


def read(path):
    """``[[họ tên, mã, …], …]``; file không đọc được hay không có tên ai thì dừng và nói."""
    try:
        text = unicodedata.normalize("NFC", path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        seen = "không tìm thấy" if isinstance(error, FileNotFoundError) else "không đọc được"
        _stop(f"{seen} danh sách lớp {path}", "LIST=lop.csv, mỗi dòng một người")
    except UnicodeDecodeError:
        _stop(f"danh sách lớp {path} không viết bằng UTF-8", 'trong Excel, lưu lại thành "CSV UTF-8"')
    comma = max("\t;,", key=text.count)
    rows = [[" ".join(one.split()) for one in row] for row in csv.reader(text.splitlines(), delimiter=comma)]
    if max(map(len, rows), default=0) == 1:  # "1. Nguyễn Văn An", "20201234 Nguyễn Văn An"
        rows = [re.fullmatch(r"(?:\d{1,3}[.)]? )?((?=\S*\d)\S* )?(.*)", " ".join(row)).groups("") for row in rows]
    columns = list(itertools.zip_longest(*rows, fillvalue=""))
    where = _names_at(columns)
    names = [" ".join(filter(None, (columns[i][line] for i in where))) for line in range(len(rows))]
    head = lambda line: any(HEAD.fullmatch(fold(columns[i][line])) for i in where)
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
    named = lambda one: NAME.fullmatch(one) and (" " in one or one[0].isupper())  # tên đăng nhập viết thường thì không
    letters = [i for i, column in enumerate(columns) if most(column, named)]
    letters = [i for i in letters if 5 * len({*map(fold, columns[i])} - GENDERS) > len(columns[i])]
    several = [i for i in letters if most(columns[i], lambda one: " " in one)]
    if not several or several[0] - 1 in letters:  # "Nguyễn | Văn An", hay tên đứng trước: "An | Nguyễn Văn"
        pair = [several[0] - 1, several[0]] if several else letters[:2]
    else:
        pair = [several[0], *[i for i in letters if i == several[0] + 1 and i not in several]]
    return pair[::-1] if pair and any(re.fullmatch(FIRST, fold(one)) for one in columns[pair[0]]) else pair


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
            orders = (words, words[-1:] + words[:-1], words[1:] + words[:1])
            for names, order in zip((self.names[0], self.names[1], self.names[1]), orders):
                names.setdefault(fold("".join(order)), []).append((self.labels[-1], _marks("".join(words))))
        edges = lambda one: (r"(?<!\d)", r"(?!\d)") if one.isdigit() else (r"(?<![^\W_])", r"(?![^\W_])")
        told = sorted((one for one in self.codes if re.search(r"\d|\W|_", one)), key=len, reverse=True)
        self.coded = re.compile("|".join(re.escape(one).join(edges(one)) for one in told) or r"(?!)")

    def whose(self, path, guess, number):
        """``(tên trong bảng, mã, vì sao chưa chắc)``; không một người nào, hay nhiều người, thì tên trống."""
        left, why = [self.codes[one] for one in (guess.casefold(), number.casefold()) if one in self.codes][:1], ""
        for text in (guess, *path.split("/")):
            if len(left) != 1 and self.labels:
                found, doubt = self._in(unicodedata.normalize("NFC", text))
                left, why = [person for person in left if person in found] or left or found, why or doubt
        if len(left) == 1:
            return *left[0], why
        several = f"khớp nhiều người trong danh sách lớp: {', '.join(label for label, _ in left)}"
        return "", "", several if left else "không có trong danh sách lớp" if self.labels else ""

    def _in(self, text):
        """``(những người có mã, hay có tên dài nhất, trong chữ ấy, vì sao chưa chắc)``."""
        if found := self.coded.findall(text.casefold()):
            return list({self.codes[one]: None for one in found}), ""
        words = re.findall(r"[^\W\d_]+", humps(text))
        runs = ["".join(words[i:j]) for i in range(len(words)) for j in range(i + 1, min(i + 9, len(words) + 1))]
        for names in self.names:
            if run := max((run for run in runs if fold(run) in names), key=len, default=""):
                exact = [person for person, marks in names[fold(run)] if marks == _marks(run)]
                doubt = not exact and run.casefold() != fold(run) and "danh sách lớp viết tên này khác dấu"
                return list(dict.fromkeys(exact or [person for person, _ in names[fold(run)]])), doubt or ""
        return [], ""


NOBODY = ClassList([])
