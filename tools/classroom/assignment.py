"""Bài nộp theo nbgrader: `make assignment LESSON=04_1` (SOLUTIONS=no: bản không kèm lời giải, cho giờ kiểm tra).

Mỗi ô bài tập tách làm hai: ô để làm, và ô chấm (một điểm, chỉ đọc); mọi ô khác của bài chỉ đọc. Bản phát mang theo cả
gói ở ô đầu như bản cho Colab, nên mở được ở bất cứ đâu, có nbgrader hay không. Các thư mục là của nbgrader, trong
``build/lop``: ``source/``, ``release/`` (bản cho giờ kiểm tra thì ở ``kiem_tra/``), ``submitted/``, ``autograded/``, và
``gradebook.db``.
"""

import argparse
import ast
import contextlib
import os
import re
import sys
import tempfile
from collections import Counter
from pathlib import Path

import nbformat

from tools.lessons import ROOT, chosen
from tools.standalone import build_wheel, standalone

from . import sealed

COURSE = ROOT / "build" / "lop"
HOW = """**Bài nộp.** Bài này có {number} bài tập, mỗi bài một điểm. Viết vào ô ngay dưới mỗi đề *Bài tập*, chạy ô ấy,
rồi chạy ô `check` ở dưới nó: ô `check` nói đúng hay sai, vì sao, và chạy lại bao nhiêu lần cũng được. Xong thì lưu, rồi
nộp chính file này (`{name}`). Người chấm chạy lại code của bạn: trước khi nộp hãy thử chạy mọi ô từ đầu."""
CHECK = re.compile(r"^lesson\.(\w+)\.check\(", re.M)


def split(source):
    """``(phần để làm, [(tên bài tập, các đối số của check), …])`` của một ô.

    Bỏ đi câu lệnh gọi ``check``, kể cả ``print(…)`` hay ``x = …`` của nó, khi nó ở riêng những dòng của mình; nằm trong
    ``for``, ``try`` thì để yên. ``hint`` và ``solution`` cũng nói ô này là của bài nào. Ô còn lỗi cú pháp thì đối số
    không đọc được: None.
    """
    try:
        statements = ast.parse(plain(source)).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        if not (found := CHECK.findall(source)):
            return source, []
        left = "\n".join(line for line in source.split("\n") if not CHECK.match(line)).strip()
        return left, [(name, None) for name in found]
    lines, calls = source.split("\n"), []
    shared = Counter(line for node in statements for line in {node.lineno, node.end_lineno})
    for node in statements:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)) or not (called := _exercise_call(node)):
            continue
        if isinstance(node, (ast.Expr, ast.Assign)) and shared[node.lineno] == shared[node.end_lineno] == 1:
            lines[node.lineno - 1 : node.end_lineno] = [None] * (node.end_lineno - node.lineno + 1)
        given = None
        if called.func.attr == "check":
            with contextlib.suppress(RecursionError):
                given = [ast.unparse(one) for one in [*called.args, *(word.value for word in called.keywords)]]
        calls.append((called.func.value.attr, given))
    return ("\n".join(line for line in lines if line is not None).strip() if calls else source), calls


def _exercise_call(node):
    """Lời gọi ``lesson.<bài tập>.check(…)`` (hay hint, solution) trong một câu lệnh."""
    for one in ast.walk(node):
        found = isinstance(one, ast.Call) and isinstance(one.func, ast.Attribute) and one.func.value
        if isinstance(found, ast.Attribute) and getattr(found.value, "id", "") == "lesson":
            if one.func.attr in ("check", "hint", "solution"):
                return one
    return None


def plain(source):
    """Mã mà Python đọc được: dòng lệnh riêng của IPython, như ``%time``, thành dòng trống."""
    return re.sub(r"^[ \t]*[%\x21].*$", "", source, flags=re.M)


def source(lesson):
    """Notebook nguồn của nbgrader cho một bài."""
    notebook = nbformat.read(lesson.notebook, as_version=4)
    cells = []
    for number, cell in enumerate(notebook.cells):
        if cell.source.startswith("<details><summary><em>Ghi chú cho người dạy"):
            continue
        work, calls = split(cell.source) if cell.cell_type == "code" else ("", [])
        if not calls:
            cell.metadata["nbgrader"] = _mark(f"o_{number}", cell.cell_type)
            cells.append(cell)
            continue
        ((name, _),) = calls
        judged = nbformat.v4.new_code_cell(cell.source[cell.source.index(f"lesson.{name}.check(") :])
        judged.id, judged.metadata["slideshow"] = f"cham-{name.replace('_', '-')}"[:64], {"slide_type": "-"}
        judged.metadata["nbgrader"] = {**_mark(f"cham_{name}", "code"), "grade": True, "points": 1}
        cell.source = work
        cell.metadata["nbgrader"] = {**_mark(name, "code"), "solution": True, "locked": False}
        cells += [cell, judged]
    told = HOW.format(number=sum(cell.metadata.nbgrader.grade for cell in cells), name=lesson.notebook.name)
    told = nbformat.v4.new_markdown_cell(told, id="bai-nop", metadata={"nbgrader": _mark("bai_nop", "markdown")})
    notebook.cells = [cells[0], told, *cells[1:]]
    return notebook


def _mark(grade_id, cell_type):
    fixed = {"schema_version": 3, "grade": False, "solution": False, "task": False, "locked": True}
    return {**fixed, "grade_id": grade_id, "cell_type": cell_type}


def config(course=COURSE):
    """Cấu hình của nbgrader: mọi thư mục của nó nằm trong ``course``."""
    from traitlets.config import Config

    own = str(Path(sys.executable).parent)  # nbgrader gọi lệnh `alembic` qua PATH khi dựng sổ điểm
    if own not in os.environ.get("PATH", "").split(os.pathsep):
        os.environ["PATH"] = os.pathsep.join([own, os.environ.get("PATH", "")])
    settings = Config()
    settings.CourseDirectory.root = str(course)
    settings.CourseDirectory.db_assignments = []
    settings.Application.log_level = settings.NbGrader.log_level = 40
    settings.ClearSolutions.enabled = False  # ô để làm đã là ô trống, giữ nguyên khung hàm
    settings.LockCells.lock_solution_cells = False
    return settings


def register(lesson, course, release):
    """Ghi bản nguồn, cho nbgrader ghi bài vào sổ điểm và dựng bản phát vào thư mục ``release``; trả về bản phát."""
    from nbgrader.apps.api import NbGraderAPI

    own = course / "source" / lesson.number / lesson.notebook.name
    own.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(source(lesson), own)
    settings = config(course)
    settings.CourseDirectory.release_directory = str(release)
    done = NbGraderAPI(config=settings).generate_assignment(lesson.number, force=True, create=True)
    if not done["success"]:
        sys.exit(f"\n  nbgrader chưa dựng được bài {lesson.number}:\n{done['error'] or done['log']}\n")
    (course / "gradebook.db").chmod(0o600)  # tên và điểm của người học: chỉ người chấm đọc được
    return course / release / lesson.number / lesson.notebook.name


def assign(lesson, course=COURSE, solutions=True):
    """Dựng bản phát của một bài, mang theo gói; trả về bản phát."""
    released = register(lesson, course, "release" if solutions else "kiem_tra")
    notebook = nbformat.read(released, as_version=4)
    with tempfile.TemporaryDirectory() as temporary:
        package = ROOT / "mlcourse" if solutions else sealed.write(Path(temporary, "kin")) / "mlcourse"
        notebook = standalone(lesson.stem, notebook, build_wheel(temporary, package))
    if not solutions:  # máy đã cài bản đủ thì vẫn dùng bản mang theo
        carrying = next(cell for cell in notebook.cells if "PACKAGE = " in cell.source)
        carrying.source = carrying.source.replace(
            'importlib.util.find_spec("mlcourse") is None', '"mlcourse" not in sys.modules'
        )
    nbformat.write(notebook, released)
    return released


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Dựng bài nộp theo nbgrader.")
    parser.add_argument("lesson", nargs="?", default="", help="một bài, ví dụ 04_1; bỏ trống là mọi bài")
    parser.add_argument("--solutions", default="yes", help="no: bản không kèm lời giải")
    parser.add_argument("--into", type=Path, default=COURSE, help="thư mục của nbgrader")
    options = parser.parse_args()
    if options.solutions not in ("yes", "no"):
        sys.exit(f"\n  Chưa dựng: SOLUTIONS={options.solutions}.\n  Cách sửa: SOLUTIONS=yes, hay SOLUTIONS=no.\n")
    for one in chosen(options.lesson):
        print(os.path.relpath(assign(one, options.into.resolve(), options.solutions == "yes")))
