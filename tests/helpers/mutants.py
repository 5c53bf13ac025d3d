"""Lời giải sửa hỏng một chỗ: phép so sánh, dấu, hằng số ± 1, bỏ một lời gọi, đổi phép gộp, bỏ một từ khóa, làm tròn."""

import ast
import copy
import signal
import warnings

import numpy as np

from mlcourse.exercises import Outcome, agree, code, run

COMPARISONS = {
    ast.Lt: [ast.LtE, ast.Gt],
    ast.LtE: [ast.Lt, ast.GtE],
    ast.Gt: [ast.GtE, ast.Lt],
    ast.GtE: [ast.Gt, ast.LtE],
    ast.Eq: [ast.NotEq],
    ast.NotEq: [ast.Eq],
}
SIGNS = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult}
REDUCTIONS = dict(
    sum="mean", mean="sum", max="min", min="max", argmax="argmin", argmin="argmax", any="all", all="any", cumsum="cumprod",
    prod="sum", median="mean", std="var", var="std", nanmean="nansum", maximum="minimum", minimum="maximum",
)  # fmt: skip
SECONDS = 2


def mutants(solve):
    """``{chỗ sửa: hàm}``: mọi lời giải khác lời giải đúng một chỗ."""
    tree = ast.parse(code(solve))
    found = {}
    for i, node in enumerate(ast.walk(tree)):
        for j, (_, what) in enumerate(changes(node)):
            mutant = copy.deepcopy(tree)
            target = list(ast.walk(mutant))[i]
            replace(mutant, target, list(changes(target))[j][0])
            name = (
                what
                if what not in found
                else f"{what} (dòng {getattr(node, 'lineno', 0)}, cột {getattr(node, 'col_offset', 0)})"
            )
            found[name] = build(mutant, solve)
    for digits in (3, 0):
        found[f"làm tròn {digits} chữ số"] = rounded(solve, digits)
    return found


def changes(node):
    """``(nút mới, lời tả)`` của mọi cách sửa một nút."""
    old = ast.unparse(node) if isinstance(node, ast.expr) else ""

    def changed(**fields):
        new = copy.deepcopy(node)
        for name, value in fields.items():
            setattr(new, name, value)
        return new, f"{old} -> {ast.unparse(new)}"

    if isinstance(node, ast.Compare):
        for i, op in enumerate(node.ops):
            for other in COMPARISONS.get(type(op), []):
                yield changed(ops=[*node.ops[:i], other(), *node.ops[i + 1 :]])
    if isinstance(node, (ast.BinOp, ast.AugAssign)) and type(node.op) in SIGNS:
        new, _ = changed(op=SIGNS[type(node.op)]())
        yield new, f"{ast.unparse(node)} -> {ast.unparse(new)}"
    if isinstance(node, ast.UnaryOp):
        yield node.operand, f"{old} -> {ast.unparse(node.operand)}"
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        for step in (1, -1):
            yield changed(value=node.value + step)
    if isinstance(node, ast.Call):
        method = isinstance(node.func, ast.Attribute) and not is_module(node.func.value)
        inner = node.func.value if method else node.args[0] if node.args else None
        if inner is not None and not isinstance(inner, ast.Starred):
            yield inner, f"{old} -> {ast.unparse(inner)}"
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name in REDUCTIONS and isinstance(node.func, ast.Attribute):
            func = copy.deepcopy(node.func)
            func.attr = REDUCTIONS[name]
            yield changed(func=func)
        elif name in {"max", "min", "any", "all"}:
            yield changed(func=ast.Name(REDUCTIONS[name], ast.Load()))
        for i in range(len(node.keywords)):
            yield changed(keywords=node.keywords[:i] + node.keywords[i + 1 :])


def is_module(node):
    return isinstance(node, ast.Name) and node.id in {
        "np",
        "math",
        "losses",
        "metrics",
        "models",
        "model_selection",
        "optim",
    }


def replace(tree, old, new):
    for parent in ast.walk(tree):
        for field, value in ast.iter_fields(parent):
            if value is old:
                setattr(parent, field, new)
                return
            if isinstance(value, list) and any(item is old for item in value):
                setattr(parent, field, [new if item is old else item for item in value])
                return


def build(tree, solve):
    names = {}
    try:
        exec(compile(ast.fix_missing_locations(tree), "<mutant>", "exec"), solve.__globals__, names)
    except (SyntaxError, ValueError):
        return None
    return names[solve.__name__]


def rounded(solve, digits):
    def function(*args):
        value = solve(*args)
        if isinstance(value, (tuple, list)):
            return type(value)(np.round(part, digits) for part in value)
        return np.round(value, digits)

    return function


class Endless(Exception):
    """Chạy quá lâu."""


def stop(*_):
    raise Endless


def survives(mutant, cases, wanted):
    """Mọi trường hợp đều cho ra kết quả như lời giải: bài chấm không thấy chỗ sửa này."""
    if mutant is None:
        return False
    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, SECONDS)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return all(agree(one := run(mutant, args), right) and not one.changed for args, right in zip(cases, wanted))
    except (Endless, RecursionError, MemoryError):
        return False
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def survivors(task):
    """Tên những chỗ sửa mà bài chấm để lọt."""
    cases = sorted(task.cases().values(), key=lambda args: max((np.size(arg) for arg in args), default=0))
    wanted: list[Outcome] = [run(task.solve, args) for args in cases]
    whole = all(np.all(np.mod(np.nan_to_num(np.asarray(one.value, float)), 1) == 0) for one in wanted)
    left = [name for name, mutant in mutants(task.solve).items() if survives(mutant, cases, wanted)]
    return [name for name in left if not (whole and name.startswith("làm tròn"))]  # số nguyên làm tròn vẫn là nó
