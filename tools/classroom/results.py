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

from .anonymous import fold
from .class_list import NOBODY
from .collect import CLOSE, stem
from .names import is_full


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
    """``(tên người học, vì sao chưa chắc)`` của từng ``(tên, mã, bài học, nơi để file, thư mục đã chấm)``.

    Tên viết hoa hay thường là một. Trùng tên trong một bài học thì thêm mã; mã của Moodle là của từng lần giao bài, nên
    chỉ hai mã trong một thư mục mới là hai người. Không biết là ai thì lấy tên file, mỗi file một người.
    """
    entries = [(name, number, lesson, place, *folder, "")[:5] for name, number, lesson, place, *folder in entries]
    numbers, spelled, places = {}, {}, {}
    for name, number, lesson, place, folder in entries:
        once = folder if "_assignsubmission_" in place else ""
        numbers.setdefault((name.casefold(), lesson), {}).setdefault(once, set()).update({number} - {""})
        spelled.setdefault(name.casefold(), set()).add(name)
        places.setdefault(stem(place), set()).add((folder, place))
    best = {
        key: max(sorted(those), key=lambda name: name not in (name.upper(), name.lower()))
        for key, those in spelled.items()
    }
    beside = {key: set().union(*(those for those in told.values() if len(those) > 1)) for key, told in numbers.items()}
    several = {key for key, those in beside.items() if those}
    apart = {(key[0], number) for key in several for those in numbers[key].values() for number in those}
    squeezed, alike = lambda key: re.sub(r"[\W_]", "", fold(key)), {}  # NguyenVanAn và Nguyễn Văn An
    for key in filter(is_full, best):
        alike.setdefault(squeezed(key), []).append(key)
    for name, number, lesson, place, folder in entries:
        name, key, why = best[name.casefold()], name.casefold(), ""
        label = f"{name} ({number})" if (key, number) in apart or number and (key, lesson) in several else name
        other = [one for one in alike.get(squeezed(key), ()) if one != key and (fold(one) == one or fold(key) == key)]
        if not name:
            here = sorted(places[stem(place)])
            label, why = stem(place) if len(here) == 1 else place, "tên file không nói là của ai"
            if len({where for where, path in here if path == place}) > 1:
                label = f"{PurePath(folder).parent.name}/{place}"
        elif label == name and any(name == key for name, _ in several):
            why = f"có nhiều người cùng tên này, mà {'mã này không gặp ở bài khác' if number else 'file không kèm mã'}"
        elif label != name and number not in beside.get((key, lesson), {number}):
            why = "không rõ là của ai trong những người cùng tên"  # Moodle cho mỗi lần giao bài một mã khác
        elif label == name and len(set().union(*numbers[key, lesson].values())) > 1:
            why = "cùng tên mà khác mã ở hai thư mục: tính là một người"
        elif other:
            why = f"có thể cùng người với {best[other[0]]}: tên viết khác"
        yield f"{label} *" if name and label != name and label.casefold() in best else label, why


def named(row):
    """Một hàng, như ``people`` cần."""
    place = f"{PurePath(row['folder']).name}/{row['file']}"
    return row["name"], row["number"], row["lesson"] or row["about"], place, row["folder"]


def identify(rows, listed):
    """``(tên người học, mã trong danh sách lớp, vì sao chưa chắc, có thể là của những ai)`` của từng hàng: theo danh
    sách lớp, không có trong đó thì theo tên file và thư mục.
    """
    found = [listed.whose(row["file"], row["name"], row["number"]) for row in rows]
    numbers, moodle = {}, ["_assignsubmission_" in row["file"] for row in rows]
    for row, (label, *_), own in zip(rows, found, moodle):
        if label and own:
            numbers.setdefault((label, row["folder"], row["lesson"] or row["about"]), set()).add(row["number"])
    twins = {label for (label, *_), those in numbers.items() if len(those) > 1}
    for i in (i for i, one in enumerate(found) if one[0] in twins and moodle[i]):
        found[i] = "", "", "danh sách lớp có một người tên này, mà Moodle có hai", [found[i][0]]
    sources, labels = (
        {},
        {label for label, _ in listed.labels},
    )  # một người, nhiều tên gọi: tên tự ghi trong file thì ai ghi cũng được
    for row, (label, *_) in zip(rows, found):
        sources.setdefault(label, set()).add(row["name"].casefold())
    guessed = people([named(row) for row, (label, *_) in zip(rows, found) if not label])
    for row, (label, code, why, maybe) in zip(rows, found):
        if not label:
            label, doubt = next(guessed)
            label += " *" * (label in labels)  # không lẫn với bài chắc chắn là của người ấy
            why = "; ".join(filter(None, [doubt, why * bool(row["name"])]))
        elif len(sources[label]) > 1 and listed.whose("", row["name"], row["number"])[0] != label:
            why = why or "theo tên ghi trong file, mà người này còn bài ở chỗ khác"
        yield label, code, why, maybe


def settle(rows, before, folder, say, listed=NOBODY):
    """Hàng của lần chấm này cùng hàng của những thư mục khác; hàng nào có bài khác thay thì mang dấu ``replaced``.

    Cùng người, cùng bài thì lấy bài có giờ sau, giờ sát nhau thì bài chấm sau; bài còn nguyên thua bài có làm.
    """
    old, graded = [row for row in before if row["folder"] != folder], {}
    marks = lambda row: [(row["file"], row["lesson"], row[same]) for same in ("when", "kept")]
    for row in filter(lambda row: row["folder"] == folder, before):
        graded |= dict.fromkeys(marks(row), row["graded"])
    for row in rows:  # bài không đổi thì giữ lúc chấm cũ: chấm lại thư mục đúng hạn không lấy mất bài muộn
        row["graded"] = next((graded[mark] for mark in marks(row) if mark in graded), row["graded"])
    everything = [{**row, "replaced": False, "across": ""} for row in rows + old]
    same = {}
    for row, (label, code, why, row["maybe"]) in zip(everything, identify(everything, listed)):
        row["learner"], row["code"], row["unsure"] = label, code, "; ".join(filter(None, [why, row["crowd"]]))
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
        crowds = {row["crowd"] for row in those if row is not best and row["crowd"] not in best["unsure"]}
        best["unsure"] = "; ".join(filter(None, [best["unsure"], *sorted(crowds)]))  # chỗ ngờ của bài kia vẫn còn ngờ
        say(f"{best['learner']}, bài {best['lesson']}: {best['across']}: {best['file']}.")
    for row in everything:  # file hỏng mà sau đó đã nộp lại đúng bài ấy ở thư mục khác
        beside = {one["lesson"] for one in everything if one["folder"] == row["folder"] and one["lesson"]}
        about = {row["about"]} if row["about"] else beside if len(beside) == 1 else set()
        again = [one for one in everything if one["folder"] != row["folder"] and one["learner"] == row["learner"]]
        again = [one for one in again if one["lesson"] in about and _when(one) >= _when(row)]
        row["replaced"] = row["replaced"] or bool(again and not row["lesson"])
    if kept := [row for row in everything if row["folder"] != folder and not row["replaced"]]:
        folders = ", ".join(sorted({row["folder"].rpartition("/")[2] for row in kept}))
        say(f"Kể cả {len(kept)} kết quả đã chấm từ: {folders}. Lớp khác thì chấm vào nơi khác: INTO=build/lop_b.")
    mark = lambda row: (row["name"].casefold(), row["number"], row["lesson"] or row["about"])
    spelled = lambda row: re.sub(r"[\W_]", "", fold(row["learner"]))
    left = {*map(mark, everything), *map(spelled, everything)}
    if gone := sorted({row["learner"] for row in before if mark(row) not in left and spelled(row) not in left}):
        say(f"Không còn bài nộp: {', '.join(gone)}.")
    return everything


def _when(row):
    return datetime.fromisoformat(row["when"]) if row["when"] else datetime.min


def student_id(learner):
    """Tên thư mục và mã trong sổ điểm: chữ không dấu, kèm một dấu riêng để hai người trùng chữ không lẫn nhau."""
    plain = unicodedata.normalize("NFD", learner.replace("đ", "d").replace("Đ", "D"))
    plain = re.sub(r"[^a-z0-9]+", "-", plain.encode("ascii", "ignore").decode().lower()).strip("-")[:40]
    return f"{plain or 'nguoi-hoc'}-{hashlib.sha256(learner.encode()).hexdigest()[:16]}"
