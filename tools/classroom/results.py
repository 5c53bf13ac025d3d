"""Kết quả của cả lớp: của ai, bài nào được tính.

``ket_qua.json`` giữ mỗi bài đã chấm một hàng, của mọi thư mục từng chấm. Một người nộp một bài ở hai thư mục thì hàng
nộp sau được tính (`settle`); hàng kia vẫn còn đó, để rút bài muộn thì bài cũ trở lại. Sổ điểm luôn theo những hàng được
tính.
"""

import hashlib
import json
import re
import unicodedata
from datetime import datetime
from pathlib import PurePath

from .collect import CLOSE, stem


def load(course):
    """Các hàng đã giữ trong ``course``; chưa có, hay của một bản cũ, thì danh sách rỗng."""
    try:
        rows = json.loads((course / "ket_qua.json").read_text(encoding="utf-8"))
        return [row for row in rows if {"folder", "graded", "blank", "crowd"} <= set(row)]
    except (OSError, ValueError, TypeError):
        return []


def save(rows, course):
    """Ghi các hàng, và bỏ những kết quả không hàng nào còn dùng."""
    (course / "ket_qua.json").write_text(json.dumps(rows, ensure_ascii=False, indent=1), encoding="utf-8")
    for path in (course / "ket_qua").glob("*.json"):
        if path.name not in {row["kept"] for row in rows}:
            path.unlink()


def people(entries):
    """``(tên người học, vì sao chưa chắc)`` của từng ``(tên, mã, bài học, nơi để file)``.

    Trùng tên trong một bài học thì thêm mã của hệ thống học tập; không biết là ai thì lấy tên file, mỗi file một người.
    """
    entries, numbers = list(entries), {}
    taken = {name for name, *_ in entries}
    for name, number, lesson, _ in entries:
        numbers.setdefault((name, lesson), set()).update({number} - {""})
    for name, number, lesson, place in entries:
        several = len(numbers[name, lesson]) > 1
        label = f"{name} ({number})" if several and number else name
        if not name:
            yield stem(place), "tên file không nói là của ai"
        elif several and not number:
            yield name, "có nhiều người cùng tên này, mà file không kèm mã"
        else:
            yield f"{label} *" if label != name and label in taken else label, ""  # có người tên đúng như thế


def named(row):
    """Một hàng, như ``people`` cần."""
    place = f"{PurePath(row['folder']).name}/{row['file']}"
    return row["name"], row["number"], row["lesson"] or row["about"], place


def settle(rows, before, folder, say):
    """Hàng của lần chấm này cùng hàng của những thư mục khác; hàng nào có bài khác thay thì mang dấu ``replaced``.

    Cùng người, cùng bài thì lấy bài có giờ sau, giờ sát nhau thì bài chấm sau; bài còn nguyên thua bài có làm.
    """
    old = [row for row in before if row["folder"] != folder]
    everything = [{**row, "replaced": False, "across": ""} for row in rows + old]
    same = {}
    for row, (label, why) in zip(everything, people(map(named, everything))):
        row["learner"], row["unsure"] = label, why or row["crowd"]
        if row["lesson"]:
            same.setdefault((label, row["lesson"]), []).append(row)
    for those in filter(lambda those: len(those) > 1, same.values()):
        useful = [row for row in those if row["exercises"] and not row["blank"]] or those
        newest = max(map(_when, useful))
        near = [row for row in useful if newest - _when(row) <= CLOSE]
        best = max(near, key=lambda row: row["graded"])
        for row in those:
            row["replaced"] = row is not best
        how = (
            "còn nguyên hay không chấm được thì thôi"
            if len(useful) == 1
            else "chấm sau"
            if len(near) > 1
            else "giờ sau"
        )
        best["across"] = f"có ở {len(those)} thư mục, lấy bài {how}" if len(useful) > 1 else f"bài ở thư mục khác {how}"
        say(f"{best['learner']}, bài {best['lesson']}: {best['across']}: {best['file']}.")
    for row in everything:  # file hỏng mà sau đó đã nộp lại ở thư mục khác
        again = [one for one in everything if one["folder"] != row["folder"] and one["learner"] == row["learner"]]
        again = [
            one for one in again if one["lesson"] and row["about"] in ("", one["lesson"]) and _when(one) >= _when(row)
        ]
        row["replaced"] = row["replaced"] or bool(again and not row["lesson"])
    if kept := [row for row in everything if row["folder"] != folder and not row["replaced"]]:
        folders = ", ".join(sorted({row["folder"].rpartition("/")[2] for row in kept}))
        say(f"Kể cả {len(kept)} kết quả đã chấm từ: {folders}. Lớp khác thì chấm vào nơi khác: INTO=build/lop_b.")
    mark = lambda row: (row["name"], row["number"], row["lesson"] or row["about"])
    left = set(map(mark, everything))
    if gone := sorted({row["learner"] for row in before if mark(row) not in left}):
        say(f"Không còn bài nộp: {', '.join(gone)}.")
    return everything


def _when(row):
    return datetime.fromisoformat(row["when"]) if row["when"] else datetime.min


def student_id(learner):
    """Tên thư mục và mã trong sổ điểm: chữ không dấu, kèm một dấu riêng để hai người trùng chữ không lẫn nhau."""
    plain = unicodedata.normalize("NFD", learner.replace("đ", "d").replace("Đ", "D"))
    plain = re.sub(r"[^a-z0-9]+", "-", plain.encode("ascii", "ignore").decode().lower()).strip("-")[:40]
    return f"{plain or 'nguoi-hoc'}-{hashlib.sha256(learner.encode()).hexdigest()[:16]}"
