"""Một bài nộp thành những ô để chạy, và một bản để ghi vào sổ điểm.

Người học nộp bản phát của `make assignment`, bản của `make lab`, bản Colab hay VS Code đã lưu lại, bản của một phiên
bản trước; ô có thể bị xóa, dời, tách, thêm. Bài được chạy theo đúng thứ tự của người học, như họ đã chạy; ở đây chỉ
nhận ra ô nào là của bài, để khỏi chạy những ô mà bài làm không cần đến.
"""

import ast
import copy
import functools
import json
import re
import symtable
from typing import NamedTuple

import nbformat

from mlcourse.exercises import RECORD
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


class Work:
    """Bài làm, đặt cạnh ``template`` (bản nguồn của nbgrader).

    ``notebook`` là những ô code sẽ chạy, theo thứ tự của người học: ô nào họ viết hay sửa thì chạy cả, kể cả lời gọi
    ``check``; ô của bài thì chỉ chạy ô nào đặt một cái tên mà những ô ấy đọc; ô của bài mà họ đã xóa thì lấy lại. Mỗi ô
    mang một vai (``ROLE``). ``about[i]`` là các bài tập mà ô thứ i nói đến; ``code`` là code gần nhất của từng bài tập;
    ``given`` là đối số của ``check`` như đề viết; ``missing``: không còn ô nào; ``filled``: có bài tập khác bản phát.
    """

    def __init__(self, cells, template):
        self._template, self.given, self._stubs, self._fixed, self._by_id = template, {}, {}, {}, {}
        for place, cell in enumerate(template.cells):
            mark = cell.metadata.nbgrader
            self._by_id.update({cell.get("id", mark.grade_id): place, mark.grade_id: place})
            if mark.solution:
                self._stubs[mark.grade_id] = _squeezed(cell.source)
            elif mark.grade:
                ((name, self.given[name]),) = split(cell.source)[1]
            elif cell.cell_type == "code":
                self._fixed.setdefault(_squeezed(cell.source), place)
        self._handed = [self._sorted(*cell) for cell in cells if cell[0] == "code" and cell[1].strip()]
        own = [one for one in self._handed if one.role == "own"]
        self.filled = any(one.about and one.code and _squeezed(one.code) not in self._stubs.values() for one in own)
        codes = {name: one.code for one in own for name in one.about if one.code}
        self.code = {name: codes.get(name, "") for name in self._stubs}
        self.missing = sorted(
            set(self._stubs) - {name for one in own for name in one.about}, key=list(self._stubs).index
        )

    def _sorted(self, kind, source, own_id, metadata):
        """Một ô của người học: vai, các bài tập nó nói đến, chỗ của nó trong bản nguồn."""
        marked = metadata.get("nbgrader") if isinstance(metadata.get("nbgrader"), dict) else {}
        place = self._by_id.get(str(marked.get("grade_id")), self._by_id.get(own_id))
        target = self._template.cells[place].metadata.nbgrader if place is not None else {}
        theirs = bool(target) and (target.solution or target.grade)
        if "PACKAGE = " in source and target and not theirs:  # ô chuẩn bị của bản phát mang theo gói: đã có gói rồi
            source = self._template.cells[place].source
        if not theirs and _squeezed(source) in self._fixed:
            return Cell("fixed", source, "", set(), self._fixed[_squeezed(source)], set())
        code, calls = split(source)
        if target and not theirs and not calls:
            return Cell("edited", source, "", set(), place, set())
        bound = names(code)[0]
        asked = set().union(*(names(one)[1] for _, given in calls for one in given or []))
        own = {target.grade_id.removeprefix("cham_")} if theirs else set()
        about = (own | {name for name, _ in calls} | bound) & set(self._stubs)
        return Cell("own", source, code, about, None if theirs else place, asked or about)

    @functools.cached_property
    def notebook(self):
        cells, places = list(self._handed), {one.place for one in self._handed}
        at = 0
        for place, cell in enumerate(self._template.cells):  # ô của bài mà bài nộp không có
            mark = cell.metadata.nbgrader
            if place in places:
                at = 1 + next(i for i, one in enumerate(cells) if one.place == place)
            elif cell.cell_type == "code" and not mark.solution and not mark.grade:
                cells.insert(at, Cell("fixed", cell.source, "", set(), place, set()))
                at += 1
        self.cells, needed, notebook = cells, set(), nbformat.v4.new_notebook(metadata=self._template.metadata)
        for number, one in reversed([*enumerate(cells)]):
            bound, used = names(one.source)
            runs = one.role == "own" or bound & (needed | {"*"})
            needed |= used if runs else set()
            mark = {"grade_id": f"o_{number}", "grade": False, "solution": False, "locked": False, "task": False}
            told = {ROLE: one.role if runs else "skip", "nbgrader": {**mark, "schema_version": 3}}
            notebook.cells.insert(0, nbformat.v4.new_code_cell(one.source, metadata=told))
        return notebook

    def about(self, index):
        """Các bài tập mà ô thứ ``index`` của ``notebook`` nói đến."""
        return self.cells[index].about if index < len(self.cells) else set()

    def untouched(self, name):
        return _squeezed(self.code[name]) in ("", self._stubs[name])

    def shown(self, index):
        """Code của lần làm mà ô thứ ``index`` đem chấm: ở chính ô ấy, hay ở ô gần nhất phía trên đặt cái tên ấy."""
        here = self.cells[min(index, len(self.cells) - 1)]
        own = [one for one in self.cells[index::-1] if one.role == "own" and one.code]
        return next((one.code for one in own if here.asked & names(one.code)[0]), here.code)

    def book(self, results):
        """Bản nguồn với code của người học, và kết quả ở ô chấm, theo cách nbgrader đọc: có lỗi là không điểm."""
        notebook = copy.deepcopy(self._template)
        for cell in notebook.cells:
            mark = cell.metadata.nbgrader
            if cell.cell_type == "code":
                cell.outputs = []
            if mark.solution:
                cell.source = results[mark.grade_id]["code"]
            if not mark.grade:
                continue
            one = results[mark.grade_id.removeprefix("cham_")]
            shown, record = {"text/plain": f"{one['status']}: {one['message']}"}, ("status", "mistake")
            told = {RECORD: {name: one[name] for name in record}}
            cell.outputs = [nbformat.v4.new_output("display_data", shown, metadata=told)]
            if one["status"] != "đúng":
                wrong = {"ename": one["status"], "evalue": one["mistake"], "traceback": [one["message"]]}
                cell.outputs.append(nbformat.v4.new_output("error", **wrong))
        return notebook


class Cell(NamedTuple):
    """Một ô code sẽ chạy. ``role``: "own" của người học, "fixed" của bài, "edited" của bài mà đã sửa; ``code`` là phần
    không có lời gọi ``check``; ``asked`` là những tên mà lời gọi ấy đem chấm.
    """

    role: str
    source: str
    code: str
    about: set
    place: int | None
    asked: set


@functools.lru_cache(2000)
def names(code):
    """``(tên mà code đặt hay sửa, tên mà code đọc)``; code hỏng cú pháp thì coi như đọc mọi từ."""
    every_word = set(re.findall(r"\w+", code))
    magic = set(re.findall(r"\w+", " ".join(re.findall(r"^[ \t]*[%\x21].*$", code, re.M))))
    try:
        plainly = plain(code)
        tree, table = ast.parse(plainly), symtable.symtable(plainly, "<ô>", "exec")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        found = re.findall(r"^\s*(?:(?:def|class)\s+(\w+)|(\w+)\s*=[^=])", code, re.M)
        return {name for pair in found for name in pair if name}, every_word
    top = table.get_symbols()
    bound = {one.get_name() for one in top if one.is_assigned() or one.is_imported()}
    if any(isinstance(node, ast.ImportFrom) and node.names[0].name == "*" for node in tree.body):
        bound.add("*")  # có thể là bất cứ tên nào
    used = {one.get_name() for one in top if one.is_referenced()} | _global_names(table) | magic
    used |= every_word if used & {"globals", "eval", "exec", "get_ipython"} else set()
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
