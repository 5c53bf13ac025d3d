"""Trang cho người dạy, từ bài nộp đã chấm: ai làm được gì, cả lớp mắc lỗi gì, nên dạy lại mục nào.

``write(results, folder)`` viết bốn file, mỗi file tự đứng một mình, không cần mạng:

| file | có gì | có tên người học |
|---|---|---|
| ``index.html`` | bảng người học theo bài tập, lỗi đếm theo tên, code làm ví dụ, mục nên dạy lại | có |
| ``chieu.html`` | như trên mà không có bảng người học, chữ lớn: để chép sang máy của phòng học | không |
| ``diem.csv`` | mỗi bài nộp một hàng | có |
| ``loi.csv`` | mỗi lỗi một hàng: bao nhiêu người mắc | không |

Code làm ví dụ là đoạn ngắn nhất trong những đoạn mắc lỗi ấy, đã bỏ lời chú và docstring, tên của mọi người học đã che:
cách giấu, và điều máy không biết mà giấu, ở ``anonymous.py``. Hãy xem qua ``chieu.html`` trước khi chiếu.
"""

import base64
import csv
import functools
import hashlib
import inspect
import itertools
import re
import unicodedata
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import jinja2
from markupsafe import Markup

import mlcourse
from mlcourse import progress
from tools.classroom.anonymous import LONG_NUMBER, PYTHON, TEXT, WORD, Mask, bare, clean, fold
from tools.classroom.class_list import remembered
from tools.classroom.collect import stem
from tools.classroom.names import is_full, without_lesson
from tools.lessons import every

STATIC = Path(__file__).parents[1] / "static"
KINDS = {  # loại: (lời, lời ngắn trong bảng); dấu của mỗi loại ở ``class.html``
    "right": ("đúng", "đúng"),
    "named": ("lỗi có tên", "lỗi"),
    "other": ("sai mà chưa rõ lỗi", "chưa rõ lỗi"),
    "none": ("chưa làm", "chưa làm"),
    "failed": ("không chạy được", "không chạy"),
}
WRONG = ("named", "other", "failed")
MARKED = {"named": "sai", "other": "sai"}  # trong bảng điểm, tên của lỗi ở cột bên
STOPPED = ("code dừng: ", "ô dừng: ", "chạy quá ")  # rồi đến tên của lỗi, hay số giây
ANOTHER = "Có thể còn một lỗi khác nữa"  # câu của ``check`` khi lỗi gọi tên được chưa giải thích hết
STATUSES = {"đúng": "right", "sai": "other", "chưa làm": "none", "không chạy được": "failed"}
COURSE_MISTAKES = {
    "sửa đối số tại chỗ",
    "làm điều đề bài cấm",
    "không trả về gì",
}  # những tên không nằm trong danh sách của bài tập nào
MAIN = {  # bài tập mà điều cần dạy lại không ở mục ngay trên nó
    "share_right": "Bước 2 và 3: chia rồi học",
    "two_rates": "Nhiều tham số: mỗi hướng một parabol",
    "split_parts": "Ba tập, ba việc",
    "useful_l2": "Thuốc của hai bệnh",
    "four_scores": "Hai câu hỏi khác nhau: precision và recall",
    "best_threshold": "Chọn ngưỡng bằng chi phí",
    "bias_and_variance": "Nhiều thế giới song song",
}
OPENING = ("Học xong bài này", "Câu hỏi mở đầu")  # đầu bài, chưa dạy gì
NOT_DONE = {"status": "chưa làm", "mistake": "", "message": "", "code": ""}


# --- Bài học: bài tập nào, tên gì, ở mục nào ---


class Task(NamedTuple):
    """Một bài tập như bài học viết: mục nên dạy lại, số của hình cuối cùng ở mục ấy, và những mục khác giữa nó và bài
    tập trước.
    """

    name: str
    number: str
    title: str = ""
    section: str = ""
    figure: str = ""
    before: tuple = ()


def tasks(lesson):
    """Các bài tập của một bài, theo thứ tự, đọc từ nguồn của bài."""
    found, sections, figures, heading, code, last = {}, [""], {}, None, False, 0
    for line in lesson.source.read_text(encoding="utf-8").splitlines():
        if line.startswith("```"):
            code = not code
        elif code and heading and (check := re.search(r"\blesson\.(\w+)\.check\(", line)):
            name, (*about, section, before) = check[1], heading
            main = MAIN.get(name, section)
            others = tuple(one for one in before if one != main)[-4:]
            found.setdefault(name, Task(name, *about, main, figures.get(main, ""), others))
        elif not code and line.startswith("## "):
            sections.append(line[3:].strip())
        elif not code and (drawn := re.match(r"\*\*Hình (\d+)\.", line)):
            figures[sections[-1]] = drawn[1]
        elif not code and (title := re.match(r"### Bài tập (\d+): (.+)", line)):
            before = [one for one in sections[last:] if one and not one.startswith(OPENING)]
            heading = title[1], title[2].strip(), sections[-1], before
            last = len(sections) - 1
    return list(found.values())


# --- Đếm ---


def kind(entry):
    """Loại của một bài tập đã chấm, một trong ``KINDS``."""
    if entry["status"] not in STATUSES:
        raise ValueError(f"trạng thái cần là một trong {', '.join(STATUSES)}, nhưng nhận được {entry['status']!r}.")
    found = STATUSES[entry["status"]]
    return "named" if found == "other" and entry["mistake"] else found


def short(text, most):
    """Tối đa ``most`` chữ, cắt ở cuối một từ.

    >>> short("một hai ba", 8)
    'một hai…'
    """
    return text if len(text) <= most else text[: most + 1].rpartition(" ")[0][:most] + "…"


def percent(part, whole):
    return f"{int(100 * part / whole + 0.5)}%" if whole else ""


def order(name):
    """Khóa để xếp tên theo bảng chữ cái tiếng Việt: tên gọi trước, rồi họ và chữ đệm.

    >>> sorted(["Lê Văn Ẩn", "Đỗ Thị Dung", "Trần An", "Bùi Đạt"], key=order)
    ['Trần An', 'Lê Văn Ẩn', 'Đỗ Thị Dung', 'Bùi Đạt']
    """
    alphabet, tones = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz", "".join(map(chr, (0x300, 0x309, 0x303, 0x301, 0x323)))
    words = []
    for word in re.sub(r" \(\w+\)$", "", name).lower().split():  # mã thêm cho hai người trùng tên thì không kể
        parts = unicodedata.normalize("NFD", word)
        letters = unicodedata.normalize("NFC", "".join(c for c in parts if c not in tones))
        rank = [alphabet.index(c) if c in alphabet else 99 + ord(c) for c in letters]
        words.append((rank, [tones.index(c) for c in parts if c in tones]))
    return words[-1:] + words[:-1]


def letters(i):
    """a, b, …, z, aa, ab, …: nhãn của một lỗi trong bài tập của nó."""
    return (letters(i // 26 - 1) if i >= 26 else "") + chr(97 + i % 26)


def groups(entries, task, exercise, mask, corpus):
    """Các lỗi của một bài tập, nhiều người mắc đứng trước: tên, số người, đoạn code ngắn nhất đã giấu tên.

    Sai mà không gọi được tên thì những ai nhận cùng một lời chấm là một nhóm; còn lại, mỗi người một cách, gom chung.
    """
    words = re.findall(r"\w+", bare(inspect.getsource(exercise.solve))) if exercise else []
    kept = PYTHON | set(WORD.findall(fold(" ".join(words)))) | set(LONG_NUMBER.findall(corpus))
    why = {mistake.name: mistake.why for mistake in getattr(exercise, "mistakes", ())}
    own = COURSE_MISTAKES | set(why)
    said = Counter(clean(entry["message"]) for entry in entries if kind(entry) == "other")
    found = {}
    for entry in entries:
        if (which := kind(entry)) in WRONG:
            message, name = clean(entry["message"]), clean(entry["mistake"])
            shared = message if which == "other" and said[message] > 1 else ""
            found.setdefault((which, name if name in own else _masked(name, mask, kept), shared), []).append(entry)
    told = []
    for (which, name, shared), those in sorted(
        found.items(), key=lambda one: (WRONG.index(one[0][0]), not one[0][2], -len(one[1]), one[0])
    ):
        codes = [(bare(entry["code"], corpus), clean(entry["message"])) for entry in those]
        code, message = min(filter(lambda one: one[0], codes), key=lambda one: (len(one[0]), one), default=("", ""))
        if which == "failed" and name and not name.startswith(STOPPED):
            code = ""  # in quá nhiều, kernel chết: đoạn code có khi là lời giải đúng
        lines = mask(code, kept).splitlines()
        code = "\n".join(short(line, 300) for line in lines[:30] + ["…"] * (len(lines) > 30))
        letter = letters(len(told)) if which == "named" else ""
        more = why.get(name, "").replace("*", "")[len(name) :].lstrip(" .:")
        if name in COURSE_MISTAKES:
            more = _masked_told(short(message, 300), mask, kept)
        if which == "other":
            alone = [shared or message for _, message in codes[:3]]
            more = " / ".join(_masked_told(short(one, 200), mask, kept) for one in dict.fromkeys(alone))
        more = more if re.match(r"\w\b", more) else more[:1].upper() + more[1:]  # một chữ cái là một ký hiệu
        if both := sum(ANOTHER in entry["message"] for entry in those):
            more += f" {both} người trong số ấy có thể còn một lỗi khác nữa."
        name = ": ".join(filter(None, ["Không chạy được" if which == "failed" else "", name]))
        several = len(those) > 1 and which == "other" and not shared
        name = name or KINDS[which][0].capitalize() + ", mỗi người một cách" * several
        group = {"kind": which, "letter": letter, "name": name, "why": more, "code": code, "several": several}
        told.append({**group, "count": len(those), "those": those})
    return told


def _masked(name, mask, kept):
    """Tên lỗi do bài chấm đặt thì chỉ che phần lấy từ code, như tên của lớp lỗi."""
    start = next((start for start in STOPPED if name.startswith(start)), "")
    return start + (mask(name.removeprefix(start), kept) if start else _masked_told(name, mask, kept))


def _masked_told(text, mask, kept):
    """Một lời chấm: chữ của chính khóa học (*phương sai*, *trường hợp*) để yên dù trùng tên ai; trong dấu `` ` `` và
    dấu nháy là chữ của người học, che như thường.
    """
    theirs = re.split(r"(`[^`]*`|'[^']*')", text)
    for i, piece in enumerate(theirs):
        words = [piece] if i % 2 else re.split(r"([^\W\d_]+)", piece)
        runs = itertools.groupby(words, lambda word: word in _course_words())
        theirs[i] = "".join("".join(run) if ours else mask("".join(run), kept) for ours, run in runs)
    return "".join(theirs)


@functools.cache
def _course_words():
    """Những chữ mà bài tập và bộ chấm dùng, viết đúng như thế."""
    sources = [*Path(mlcourse.exercises.__file__).parent.glob("*.py"), Path(mlcourse._check.__file__)]
    sources.append(Path(__file__).with_name("grade.py"))
    return set(WORD.findall(" ".join(path.read_text(encoding="utf-8") for path in sources)))


def part(lesson, rows, exercises, mask, everyone):
    """Phần của một bài trên trang: các bài tập, các lỗi, và hàng của từng người."""
    corpus = lesson.source.read_text(encoding="utf-8")
    if exercises:
        corpus += Path(inspect.getsourcefile(next(iter(exercises.values())).solve)).read_text(encoding="utf-8")
    given = dict.fromkeys(name for row in rows for name in row["exercises"])  # người dạy có thể chỉ giao vài bài tập
    known = [task for task in tasks(lesson) if task.name in given or not given]
    strange = [Task(name, "?", mask(clean(name))[:80]) for name in given if name not in {task.name for task in known}]
    columns, cells = [], [[] for _ in rows]
    for i, task in enumerate(known + strange, 1):
        entries = [{**NOT_DONE, **row["exercises"].get(task.name, {})} for row in rows]
        counts = {**dict.fromkeys(KINDS, 0), **Counter(map(kind, entries))}
        told = groups(entries, task, exercises.get(task.name), mask, corpus)
        letter = {id(entry): group["letter"] for group in told for entry in group["those"]}
        for line, entry in zip(cells, entries):
            which, mistake = kind(entry), clean(entry["mistake"])
            said = short(mistake or clean(entry["message"]), 200) if which in WRONG else ""
            line.append({"kind": which, "letter": letter.get(id(entry), ""), "said": said})
        tried = len(rows) - counts["none"]
        columns.append(
            {"id": f"bai-{lesson.number}-{i}", "task": task, "counts": counts, "tried": tried, "groups": told}
        )
    right = lambda line: sum(each["kind"] == "right" for each in line)
    rows = [{**row, "cells": line, "right": right(line)} for row, line in zip(rows, cells)]
    missing = sorted(everyone - {row["learner"] for row in rows}, key=lambda name: (order(name), name))
    common = [(column, group) for column in columns for group in column["groups"]]
    common = [one for one in common if one[1]["count"] > 1 and not one[1]["several"]]  # hai người trở lên, cùng một lỗi
    common = sorted(common, key=lambda one: -one[1]["count"])[:5]
    told = {"columns": columns, "rows": rows, "missing": missing, "common": common}
    return {"id": f"bai-{lesson.number}", "lesson": lesson, **told}


NOT_NAMES = set("attempt assignsubmission onlinetext file late final draft copy bai nop test".split())


TOOLS = set("numpy pandas sklearn scipy matplotlib seaborn auc roc train learn learning numpyro torch keras".split())


def _in_files(files):
    """Những chữ còn lại trong tên file và tên thư mục, như ``sv07/tran_quoc_khanh_04_1.ipynb``, bỏ chữ của bài học.

    Trong tên file thì bỏ cả chữ của code (``auc``, ``train``), và chữ đứng lẻ mà không viết hoa, không dấu.
    """
    found = set()
    for part, inside in {(part, i > 0) for file in files for i, part in enumerate(file.split("/")[::-1])}:
        common = lambda word, inside=inside: fold(word) in NOT_NAMES or not inside and word.lower() in _code_words()
        for skipped, run in itertools.groupby(WORD.findall(without_lesson(stem(part))), common):
            name = " ".join(run)
            found |= {name} if not skipped and (inside or is_full(name) or name != fold(name)) else set()
    return found


@functools.cache
def _code_words():
    """Những chữ có trong các tên mà code của các bài học dùng, và tên của các thư viện hay gặp."""
    found = set(TOOLS)
    for lesson in every():
        code = "\n".join(re.findall(r"^```.*?\n(.*?)^```", lesson.source.read_text(encoding="utf-8"), re.S | re.M))
        found |= set(WORD.findall(" ".join(re.findall(r"[a-z_]\w*", TEXT.sub(" ", code), re.A)).lower()))
    return found


# --- Viết ra ---


def cell(value):
    """Một ô CSV mà bảng tính không coi là công thức.

    >>> cell("=1+1"), cell("An"), cell(3)
    ("'=1+1", 'An', 3)
    """
    return "'" + value if isinstance(value, str) and value[:1] in tuple("=+-@＝＋－＠") else value


def write_csv(path, rows):
    with path.open("w", encoding="utf-8-sig", newline="") as file:  # có BOM, Excel mới đọc đúng dấu
        csv.writer(file).writerows([cell(value) for value in row] for row in rows)
    return path


def whose(row):
    return [row[name] for name in ("learner", "number", "file", "when")]


def table(parts, by_hand, listed=()):
    """Các hàng của ``diem.csv``; ai trong danh sách lớp mà chưa có bài thì một hàng trống."""
    most = max((len(one["columns"]) for one in parts), default=0)
    heads = [head for k in range(1, most + 1) for head in (f"Bài tập {k}", f"Lỗi ở bài tập {k}")]
    marks = ["Số bài tập đúng", "Số bài tập", "Điểm trên 10"]
    yield ["Người học", "Mã", "File", "Giờ của file", "Bài", *marks, *heads, "Ghi chú", "Cần xem tay"]
    reasons, unread = {}, {row["learner"] for row, _ in by_hand if not row["exercises"]}
    for row, why in by_hand:
        reasons.setdefault(row["key"], (row, []))[1].append(why)
    for one in parts:
        for row in one["rows"]:
            told = [
                word
                for each in row["cells"]
                for word in (MARKED.get(each["kind"], KINDS[each["kind"]][0]), each["said"])
            ]
            why = "; ".join(reasons.pop(row["key"], (row, []))[1])
            marks = [row["right"], len(row["cells"]), round(10 * row["right"] / max(len(row["cells"]), 1), 2)]
            yield [*whose(row), one["title"], *marks, *told, *[""] * (2 * most - len(told)), row["note"], why]
        handed = {row["learner"] for row in one["rows"]}
        doubtful = [*one["rows"], *(row for row, _ in by_hand if not row["exercises"])]
        maybe = {label for row in doubtful for label in row.get("maybe", ())}
        for label, code in sorted((one for one in listed if one[0] not in handed), key=lambda one: order(one[0])):
            unknown = label in maybe or label.removesuffix(f" ({code})") in handed  # một trong hai người trùng tên
            note = "có bài chưa rõ là của ai" if unknown else "chưa có bài đọc được" if label in unread else "chưa nộp"
            yield [label, code, "", "", one["title"], *[""] * (3 + 2 * most), note, ""]
    for row, why in reasons.values():
        yield [*whose(row), row["lesson"], *[""] * (3 + 2 * most), row["note"], "; ".join(why)]


def mistakes(parts):
    """Các hàng của ``loi.csv``."""
    yield ["Bài", "Bài tập", "Tên bài tập", "Lỗi", "Số người", "Trên số người có bài đọc được", "Dạy lại mục"]
    for one in parts:
        for column in one["columns"]:
            start = [one["title"], column["task"].number, column["task"].title]
            for group in column["groups"]:
                yield [*start, group["name"], group["count"], len(one["rows"]), column["task"].section]


def write(results, folder, listed=(), files=()):
    """Viết trang và hai bảng CSV vào ``folder``; trả về các file đã viết.

    Parameters
    ----------
    results : list of dict
        Mỗi bài nộp một dict: ``learner``, ``file``, ``lesson`` (như "04_1"), ``trouble`` (vì sao cả file không chấm
        được, hay chuỗi rỗng), ``exercises``: tên bài tập -> ``status``, ``mistake``, ``message``, ``code``; có thể kèm
        ``number`` (mã của hệ thống học tập), ``when`` (giờ của file), ``note`` (như "nộp 2 lần").
    folder : đường dẫn
    listed : danh sách lớp, ``(tên trong bảng, mã)`` của từng người
    files : tên những file không có hàng nào, để che tên người viết trong đó
    """
    words = ("learner", "file", "lesson", "trouble", "number", "when", "note")
    coded = lambda row: {"number": row["code"]} if row.get("code") else {}  # mã trong danh sách lớp
    rows = [{**row, **{name: clean({**row, **coded(row)}.get(name, "")) for name in words}} for row in results]
    listed = [(clean(label), clean(code)) for label, code in listed]
    rows.sort(key=lambda row: (order(row["learner"]), row["file"]))
    rows = [{**row, "key": i} for i, row in enumerate(rows)]
    lessons, course = {lesson.number: lesson for lesson in every()}, progress.every()
    counted = [row for row in rows if row["lesson"] in lessons and (row["exercises"] or not row["trouble"])]
    by_hand = [(row, row["trouble"]) for row in rows if row["trouble"]]
    by_hand += [(row, "không biết là bài nào") for row in rows if row["lesson"] not in lessons and not row["trouble"]]
    times = Counter((row["lesson"], row["learner"]) for row in counted)
    again = "người này có hơn một file của cùng một bài; bảng kể mỗi file một hàng"
    by_hand += [(row, again) for row in counted if times[row["lesson"], row["learner"]] > 1]
    by_hand.sort(key=lambda one: one[0]["key"])
    everyone = {row["learner"] for row in rows} | {label for label, _ in listed}
    codes = {code for _, *told in [*listed, *remembered(Path(folder))] for code in told}
    codes |= {clean(row.get(name, "")) for row in results for name in ("number", "code")}
    mask, parts = Mask(everyone | codes | _in_files([*map(clean, files), *(row["file"] for row in rows)])), []
    for number, lesson in lessons.items():
        if those := [row for row in counted if row["lesson"] == number]:
            title, exercises = course.get(number, (number, {}))
            parts.append({"title": title, **part(lesson, those, exercises, mask, everyone)})
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    script = (STATIC / "class.js").read_text(encoding="utf-8")
    colours = (STATIC / "site.css").read_text(encoding="utf-8").partition("\n* {")[0]
    page = jinja2.Environment(
        loader=jinja2.FileSystemLoader(STATIC), autoescape=True, trim_blocks=True, lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    ).get_template("class.html")  # fmt: skip
    written = []
    for name, private in (("index.html", True), ("chieu.html", False)):
        text = page.render(
            private=private, parts=parts, by_hand=by_hand, kinds=KINDS, percent=percent,
            style=Markup(colours + (STATIC / "class.css").read_text(encoding="utf-8")), script=Markup(script),
            seal=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
        )  # fmt: skip
        written.append(folder / name)
        written[-1].write_text(text, encoding="utf-8")
    return [
        *written,
        write_csv(folder / "diem.csv", table(parts, by_hand, listed)),
        write_csv(folder / "loi.csv", mistakes(parts)),
    ]
