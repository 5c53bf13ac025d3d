"""Bản của gói không kèm lời giải: chấm đúng sai và gọi tên lỗi như bản đủ, mà không có dòng code nào của lời giải.

Lời giải và mỗi lời giải sửa hỏng được chạy ở máy người dạy; bản này chỉ mang theo những kết quả của chúng. Kernel của
bài nộp thì dùng bản câm (``judging=False``): không lời giải, không kết quả, không cả bài chấm, nên ở đó không có gì để
chép.
"""

import ast
import base64
import importlib
import pickle
import shutil
import sys
import zlib
from pathlib import Path

import mlcourse
from mlcourse.exercises import Exercise, FunctionExercise, run

PACKAGE = Path(mlcourse.__file__).parent


# Bài tập câm: ``check`` nhờ bên chấm, ở một tiến trình khác, và đưa lại lời chấm của bên ấy.
MUTE = """
class _Mute(Exercise):
    def __init__(self, solve):
        super().__init__(solve, hints=(), praise="")
        self.sealed = True

    def check(self, *answers, **named):
        here = self.verdict("chưa làm", "Bài này được chấm ở nơi khác.")
        told = _answering.asked(here.lesson, here.exercise, [*answers, *named.values()])
        return self.verdict(*told) if told else here
"""


def write(folder, judging=True):
    """Chép gói vào ``folder/mlcourse``, các bài tập thay bằng bản không kèm lời giải; trả về ``folder``."""
    shutil.copytree(PACKAGE, folder / "mlcourse", ignore=shutil.ignore_patterns("__pycache__"), dirs_exist_ok=True)
    for path in sorted((folder / "mlcourse" / "exercises").glob("lesson_*.py")):
        module = importlib.import_module(f"mlcourse.exercises.{path.stem}")
        path.write_text(_module(module, path.read_text(encoding="utf-8"), judging), encoding="utf-8")
    if not judging:
        shutil.copy(Path(__file__).with_name("answering.py"), folder / "mlcourse" / "exercises" / "_answering.py")
    for path in [folder, *folder.rglob("*")]:  # kernel chạy bằng một người dùng khác cũng đọc được
        path.chmod(0o755 if path.is_dir() else 0o644)
    return folder


def _module(module, text, judging):
    """Nguồn của một module bài tập, đã bỏ lời giải, gợi ý, các chỗ sửa hỏng, và những tên riêng không ai dùng nữa."""
    tasks = {name: one for name, one in vars(module).items() if isinstance(one, Exercise)}
    needed = {name for name, one in tasks.items() if _uses_solve(one, text, tasks)}
    tree = ast.parse(text)
    tree.body = [node for node in tree.body if not _is_mistake(node, tasks)]
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and node.name in tasks:
            node.body = [node.body[0]] if ast.get_docstring(node) else [ast.Expr(ast.Constant(...))]
            if not judging:
                node.decorator_list = [ast.Name("_Mute", ast.Load())]
                continue
            for word in node.decorator_list[0].keywords:
                if word.arg == "hints":
                    word.value = ast.Tuple([], ast.Load())
                if word.arg == "cases" and node.name in needed:
                    word.value = ast.parse("dict", mode="eval").body
    if not judging:
        mute = ast.parse("from . import Exercise, _answering" + MUTE).body
        first = next(i for i, node in enumerate(tree.body) if isinstance(node, (ast.FunctionDef, ast.Assign)))
        tree.body[first:first] = mute
    while unused := _unused(tree):
        tree.body = [
            node for node in tree.body if not set(_defined(node)) & unused or not set(_defined(node)) <= unused
        ]
    if not judging:
        return ast.unparse(tree) + "\n"
    seals = [f"{name}.seal({_seal(one, name in needed)!r})" for name, one in tasks.items() if _graded(one)]
    opened = [f"{name}.sealed = True" for name, one in tasks.items() if not _graded(one)]
    return "\n".join([ast.unparse(tree), *seals, *opened, ""])


def _graded(one):
    return isinstance(one, FunctionExercise)


def _seal(exercise, with_cases):
    """Các trường hợp (khi chúng cần lời giải mới dựng được), kết quả cần có, và kết quả của từng lỗi hay gặp."""
    cases = exercise.cases()
    wanted = [run(exercise.solve, args)._replace(changed=None) for args in cases.values()]
    mistakes = [
        (one.why, [run(one.wrong, args)._replace(changed=None) for args in cases.values()]) for one in exercise.mistakes
    ]
    data = pickle.dumps((cases if with_cases else None, wanted, mistakes))
    return base64.b64encode(zlib.compress(data, 9)).decode()


def _uses_solve(one, text, tasks):
    """Các trường hợp của bài này gọi đến một lời giải."""
    if not _graded(one):
        return False
    cases = ast.unparse(_cases(one, ast.parse(text)))
    return any(f"{name}.solve(" in cases for name in tasks)


def _cases(one, tree):
    function = next(node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == one.solve.__name__)
    value = next(word.value for word in function.decorator_list[0].keywords if word.arg == "cases")
    named = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == getattr(value, "id", "")]
    return named[0] if named else value


def _is_mistake(node, tasks):
    """Câu lệnh ghi lỗi hay gặp: ``bài.mistake(…)``, một vòng lặp các câu ấy, hay một hàm mang ``@bài.mistake(…)``."""
    calls = [one for one in ast.walk(node) if isinstance(one, ast.Call) and isinstance(one.func, ast.Attribute)]
    marked = [one for one in calls if one.func.attr == "mistake" and getattr(one.func.value, "id", "") in tasks]
    return bool(marked) and not (isinstance(node, ast.FunctionDef) and node.name in tasks)


def _defined(node):
    if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
        return [node.name]
    targets = node.targets if isinstance(node, ast.Assign) else []
    return [one.id for target in targets for one in ast.walk(target) if isinstance(one, ast.Name)]


def _unused(tree):
    """Tên riêng (bắt đầu bằng ``_``) được đặt mà không nơi nào đọc."""
    read = {one.id for one in ast.walk(tree) if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Load)}
    return {name for node in tree.body for name in _defined(node) if name.startswith("_") and name not in read}


if __name__ == "__main__":
    write(Path(sys.argv[1]))
