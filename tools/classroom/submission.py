"""Một bài nộp thành một notebook chấm được: phần của người học đặt vào bản nguồn của bài.

Người học nộp bản phát của `make assignment`, bản của `make lab`, bản Colab hay VS Code đã lưu lại, bản của một phiên
bản trước; ô có thể bị xóa, dời, tách, thêm. Ở đây ô của người học được nhận ra bằng dấu của nbgrader, bằng lời gọi
``check``, hay bằng số hiệu của ô; mọi ô khác lấy lại từ nguồn. Chỉ những ô mà bài làm cần đến mới chạy.
"""

import ast
import copy
import json
import re
import symtable
from functools import cached_property
from typing import NamedTuple

import nbformat

from tools.lessons import every

from .assignment import plain, split

ROLE = "mlcourse_role"  # trong metadata của ô: solution, grade, run hay skip
LARGEST, MOST_CELLS = 1_000_000, 3_000
MUTATORS = {"append", "extend", "insert", "update", "add", "sort", "pop", "remove", "setdefault", "clear", "reverse"}


class Trouble(Exception):
    """Bài không chấm được; lời của lỗi là một câu cho người dạy."""


def read(data):
    """Các ô ``(loại, nội dung, số hiệu, metadata)`` của một notebook; hỏng thì ``Trouble``."""
    if not data:
        raise Trouble("file rỗng, 0 byte")
    if data.count(b"{") > LARGEST:
        raise Trouble("file có quá nhiều phần, không giống một bài học")
    try:
        notebook = json.loads(data.decode("utf-8-sig"))
    except json.JSONDecodeError as error:
        place = f"dòng {error.lineno}, cột {error.colno}"
        raise Trouble(f"file hỏng từ {place} ({len(data)} byte): hãy xin nộp lại") from None
    except (ValueError, RecursionError):
        raise Trouble(f"file hỏng, không phải chữ UTF-8 của notebook ({len(data)} byte): hãy xin nộp lại") from None
    sheets = notebook.get("worksheets") if isinstance(notebook, dict) else None
    cells = sheets[0] if isinstance(sheets, list) and sheets and isinstance(sheets[0], dict) else notebook
    cells = cells.get("cells") if isinstance(cells, dict) else None
    if not isinstance(cells, list):
        raise Trouble("không phải là một notebook: không có ô nào")
    if len(cells) > MOST_CELLS:
        raise Trouble(f"quá nhiều ô: {len(cells)}, mà một bài không quá {MOST_CELLS}")
    return [_cell(cell) for cell in cells if isinstance(cell, dict)]


def _cell(cell):
    source = cell.get("source", cell.get("input", ""))
    parts = source if isinstance(source, list) else [source]
    metadata = cell.get("metadata") if isinstance(cell.get("metadata"), dict) else {}
    own_id = str(cell.get("id") or metadata.get("id") or "")
    text = (
        "".join(map(str, parts)).replace("\r\n", "\n").replace("\r", "\n").encode("utf-8", "replace").decode()
    )  # nửa ký tự thì thành ?
    return str(cell.get("cell_type")), text, own_id, metadata


def lesson_of(cells, name=""):
    """Bài học của một notebook: theo ô nhập bài tập, theo các lời gọi ``check``, rồi theo tên file."""
    text = "\n".join(source for kind, source, *_ in cells if kind == "code")
    lessons = every()
    if found := re.search(r"from mlcourse\.exercises import lesson_(\w+) as lesson", text):
        for lesson in lessons:
            if lesson.number == found[1]:
                return lesson
    called = set(re.findall(r"lesson\.(\w+)\.check\(", text))
    counts = [(len(called & set(exercises(lesson))), lesson) for lesson in lessons]
    best, lesson = max(counts, key=lambda one: one[0], default=(0, None))
    if best:
        return lesson
    for lesson in lessons:
        if re.search(rf"(?<!\d){lesson.number.replace('_', '[_.]')}(?![\d_.]\d)", name):
            return lesson
    raise Trouble("không nhận ra bài học nào: không có ô `from mlcourse.exercises import …` và không có bài tập nào")


def exercises(lesson):
    """Tên các bài tập của một bài, theo thứ tự."""
    return re.findall(r"^lesson\.(\w+)\.check\(", lesson.source.read_text(encoding="utf-8"), re.M)


class Attempt(NamedTuple):
    """Một lần làm một bài tập: code, đối số của ``check``, và có ở đúng ô của bài không."""

    code: str
    given: list | None
    own: bool


class Extra(NamedTuple):
    """Một ô thêm, đặt sau (hay trước) ô thứ ``place`` của bản nguồn; ``edited``: ô của bài mà người học đã sửa;
    ``calls``: các bài tập mà ô ấy gọi ``check``, kèm đối số.
    """

    place: int
    code: str
    before: bool = False
    edited: bool = False
    calls: tuple = ()


class Work:
    """Phần của người học, đặt vào ``template`` (bản nguồn của nbgrader).

    ``notebook`` là bản để chạy, mỗi ô mang một vai (``ROLE``); ``code`` là code của từng bài tập; ``missing`` là các
    bài tập mà bài nộp không còn ô nào; ``given`` là đối số của ``check`` như người học viết; ``again`` là những lần gọi
    ``check`` ở ô khác, như ô thêm ở cuối: ``(bài tập, đối số, code)``; ``filled``: có bài tập nào khác bản phát.
    """

    def __init__(self, cells, template):
        self.code, self.given, self.again, self.missing, self.filled = {}, {}, {}, [], False
        self._fixed, self._by_id, self._stubs = {}, {}, {}
        for place, cell in enumerate(template.cells):
            grade_id = cell.metadata.nbgrader.grade_id
            self._by_id.update({cell.get("id", grade_id): place, grade_id: place})
            if cell.metadata.nbgrader.solution:
                self._stubs[grade_id] = _squeezed(cell.source)
            elif cell.cell_type == "code" and not cell.metadata.nbgrader.grade:
                self._fixed[_squeezed(cell.source)] = place
            if cell.metadata.nbgrader.grade:
                ((name, self.given[name]),) = split(cell.source)[1]
        self._template = template
        self._extras, attempts = self._sort_out(cells, template)
        for name, stub in self._stubs.items():
            tries = attempts.get(name, [])
            done = [one for one in tries if one.code and _squeezed(one.code) != stub]
            written = [one for one in tries if one.code] or [Attempt("", None, False)]
            best = next((one for one in reversed(done) if one.own), (done or written)[-1])
            self.code[name] = best.code
            own = (one.given for one in reversed(tries) if one.given and one.own and not one.code)
            self.given[name] = best.given or next(own, None) or self.given[name]
            place = self._by_id[name]
            self._extras += [Extra(place, one.code, before=True) for one in done if one.own and one is not best]
            self.filled = self.filled or bool(done) or any(one.given and not one.own for one in tries)
            if not tries:
                self.missing.append(name)

    def _sort_out(self, cells, template):
        """Ô của người học chia thành ô thêm, ô của bài đã bị sửa, và các lần làm của từng bài tập."""
        extras, attempts, place = [], {}, 0
        for kind, source, own_id, metadata in cells:
            marked = metadata.get("nbgrader") if isinstance(metadata.get("nbgrader"), dict) else {}
            known = self._by_id.get(str(marked.get("grade_id")), self._by_id.get(own_id))
            place = place if known is None else known
            if kind != "code":
                continue
            target = template.cells[known].metadata.nbgrader if known is not None else None
            if _squeezed(source) in self._fixed and not (target and target.solution):
                place = self._fixed[_squeezed(source)]
                continue
            code, calls = split(source)
            calls = [(name, given) for name, given in calls if name in self._stubs]
            own = target.grade_id.removeprefix("cham_") if target and (target.solution or target.grade) else ""
            if own and calls and not marked.get("grade_id") and own not in dict(calls):
                own = ""  # số hiệu của bản khác: tin lời gọi check
            if own:
                given = next((given for name, given in reversed(calls) if name == own and given), None)
                attempts.setdefault(own, []).append(Attempt(code, given, True))
                place += bool(given) and target.solution  # ô có cả lời gọi check: ô sau nó là sau ô chấm
                calls, code = [(name, given) for name, given in calls if name != own], ""
            elif not calls:
                code = source
            for name, given in calls:
                attempts.setdefault(name, []).append(Attempt(code, given, False))
            blank = any(_squeezed(code) == self._stubs[name] for name, _ in calls)
            if not blank and (code.strip() or calls):
                asked = tuple((name, given) for name, given in calls if given)
                extras.append(Extra(place, code, edited=known is not None and not calls, calls=asked))
        return extras, attempts

    @cached_property
    def notebook(self):
        """Code của người học, và các ô thêm, đặt vào bản nguồn."""
        notebook, before, after = copy.deepcopy(self._template), {}, {}
        for number, extra in enumerate(self._extras):
            there = (before if extra.before else after).setdefault(extra.place, [])
            if extra.code.strip():
                there.append(_added(f"them_{number}", "edited" if extra.edited else "extra", extra.code))
            for k, (name, given) in enumerate(extra.calls):
                there.append(_added(f"lai_{number}_{k}", "again", ""))
                asked = set().union(*(names(code)[1] for code in given or []))
                codes = (one.code for one in self._extras[number::-1] if asked & names(one.code)[0])
                self.again[f"lai_{number}_{k}"] = name, given or self.given[name], extra.code or next(codes, "")
        cells = []
        for place, cell in enumerate(notebook.cells):
            mark = cell.metadata.nbgrader
            if cell.cell_type == "code":
                cell.outputs = []
            if mark.solution:
                cell.source = self.code[mark.grade_id]
            cell.metadata[ROLE] = "solution" if mark.solution else "grade" if mark.grade else "fixed"
            cells += [*before.get(place, []), cell, *after.get(place, [])]
        notebook.cells = cells
        self._slice(cells)
        return notebook

    def _slice(self, cells):
        """Ô làm và ô thêm thì chạy cả; ô của bài thì chỉ chạy ô nào đặt một cái tên mà chúng đọc."""
        needed, chosen = set(), set()
        for cell in reversed(cells):
            if cell.cell_type != "code":
                continue
            role = cell.metadata[ROLE]
            grade_id = cell.metadata.nbgrader.grade_id
            if role in ("grade", "again"):
                given = self.again[grade_id][1] if role == "again" else self.given[grade_id.removeprefix("cham_")]
                needed = needed.union(*(names(code)[1] for code in given or []))
                continue
            bound, used = names(cell.source)
            if role in ("solution", "extra") or bound & (needed | {"*"}):
                chosen.add(id(cell))
                needed |= used
        for cell in cells:
            if cell.cell_type == "code" and cell.metadata[ROLE] in ("fixed", "edited", "extra"):
                cell.metadata[ROLE] = "run" if id(cell) in chosen else "skip"


def _added(grade_id, role, code):
    cell = nbformat.v4.new_code_cell(code)
    mark = {
        "grade_id": grade_id,
        "grade": False,
        "solution": False,
        "locked": False,
        "schema_version": 3,
        "task": False,
    }
    cell.metadata.update({ROLE: role, "nbgrader": mark})
    return cell


def names(code):
    """``(tên mà code đặt hay sửa, tên mà code đọc)``; code hỏng cú pháp thì coi như đọc mọi từ."""
    code = plain(code)
    try:
        tree, table = ast.parse(code), symtable.symtable(code, "<ô>", "exec")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return set(), set(re.findall(r"\w+", code))
    top = table.get_symbols()
    bound = {one.get_name() for one in top if one.is_assigned() or one.is_imported()}
    if any(isinstance(node, ast.ImportFrom) and node.names[0].name == "*" for node in tree.body):
        bound.add("*")  # có thể là bất cứ tên nào
    used = {one.get_name() for one in top if one.is_referenced()} | _global_names(table)
    for node in ast.walk(tree):  # x[0] = …, x.a = …, x.append(…) cũng là đổi x
        changed = (
            node if isinstance(node, (ast.Attribute, ast.Subscript)) and not isinstance(node.ctx, ast.Load) else None
        )
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in MUTATORS:
            changed = node.func
        while isinstance(changed, (ast.Attribute, ast.Subscript)):
            changed = changed.value
        bound |= {changed.id} if isinstance(changed, ast.Name) else set()
    return bound, used


def _global_names(table):
    inner = [_global_names(child) for child in table.get_children()]
    return {one.get_name() for child in table.get_children() for one in child.get_symbols() if one.is_global()}.union(
        *inner
    )


def _squeezed(source):
    return re.sub(r"\s+", " ", source).strip()
