"""Kết quả của cả lớp: của ai, bài nào được tính.

``ket_qua.json`` giữ mỗi bài đã chấm một hàng, của mọi thư mục từng chấm. Một người nộp một bài ở hai thư mục thì hàng
nộp sau được tính (`settle`); hàng kia vẫn còn đó, để rút bài muộn thì bài cũ trở lại. Sổ điểm luôn theo những hàng được
tính.
"""

import hashlib
import json
import re
import unicodedata

from .collect import stem


def load(course):
    """Các hàng đã giữ trong ``course``; chưa có, hay của một bản cũ, thì danh sách rỗng."""
    try:
        rows = json.loads((course / "ket_qua.json").read_text(encoding="utf-8"))
        return [row for row in rows if {"folder", "graded", "kept"} <= set(row)]
    except (OSError, ValueError, TypeError):
        return []


def save(rows, course):
    """Ghi các hàng, và bỏ những kết quả không hàng nào còn dùng."""
    (course / "ket_qua.json").write_text(json.dumps(rows, ensure_ascii=False, indent=1), encoding="utf-8")
    for path in (course / "ket_qua").glob("*.json"):
        if path.name not in {row["kept"] for row in rows}:
            path.unlink()


def names(found, before):
    """Tên người học của từng ``(bài nộp, số bài học)``. Hai người trùng tên trong một bài học thì thêm mã của hệ thống
    học tập, kể cả khi người kia đã được chấm lần trước (``before``); không biết là ai thì lấy tên file.
    """
    numbers = {}
    for file, lesson in found:
        for place in {lesson, ""}:
            numbers.setdefault((file.learner, place), set()).add(file.number)
    for row in before:
        numbers.setdefault((row["name"], row["lesson"]), set()).add(row["number"])
    taken = {file.learner for file, _ in found} | {row["name"] for row in before}
    for file, lesson in found:
        several = len(numbers[file.learner, lesson] - {""}) > 1
        name = file.learner or stem(file.name)
        label = f"{name} ({file.number})" if several and file.number else name
        yield f"{label} *" if label != file.learner and label in taken else label  # có người tên đúng như thế


def settle(rows, before, folder, say):
    """Hàng của lần chấm này cùng hàng của những thư mục khác; hàng nào có bài khác thay thì mang dấu ``replaced``.

    Cùng người, cùng bài: biết giờ nộp của cả hai thì lấy bài nộp sau, không thì lấy bài chấm sau.
    """
    old = [row for row in before if row["folder"] != folder]
    everything = [{**row, "replaced": False} for row in rows + old]
    same = {}
    for row in everything:
        if row["lesson"]:
            same.setdefault((row["learner"], row["lesson"]), []).append(row)
    for those in same.values():
        known = all(row["dated"] for row in those)
        best = max(those, key=lambda row: (bool(row["exercises"]), row["when"] if known else "", row["graded"]))
        for row in those:
            row["replaced"] = row is not best
        if len(those) > 1:
            how = "nộp sau" if known else "chấm sau"
            say(f"{best['learner']}, bài {best['lesson']}: có ở {len(those)} thư mục, lấy bài {how}: {best['file']}.")
    for row in everything:  # file hỏng mà sau đó đã nộp lại ở thư mục khác
        again = [one for one in everything if one["folder"] != row["folder"] and one["learner"] == row["learner"]]
        if not row["lesson"] and any(one["lesson"] and row["about"] in ("", one["lesson"]) for one in again):
            row["replaced"] = True
    if kept := [row for row in everything if row["folder"] != folder and not row["replaced"]]:
        folders = ", ".join(sorted({row["folder"].rpartition("/")[2] for row in kept}))
        say(f"Kể cả {len(kept)} kết quả đã chấm từ: {folders}. Lớp khác thì chấm vào nơi khác: INTO=build/lop_b.")
    mark = lambda row: (row["name"], row["number"], row["lesson"] or row["about"])
    left = set(map(mark, everything))
    if gone := sorted({row["learner"] for row in before if mark(row) not in left}):
        say(f"Không còn bài nộp: {', '.join(gone)}.")
    return everything


def student_id(learner):
    """Tên thư mục và mã trong sổ điểm: chữ không dấu, kèm một dấu riêng để hai người trùng chữ không lẫn nhau."""
    plain = unicodedata.normalize("NFD", learner.replace("đ", "d").replace("Đ", "D"))
    plain = re.sub(r"[^a-z0-9]+", "-", plain.encode("ascii", "ignore").decode().lower()).strip("-")[:40]
    return f"{plain or 'nguoi-hoc'}-{hashlib.sha256(learner.encode()).hexdigest()[:16]}"
