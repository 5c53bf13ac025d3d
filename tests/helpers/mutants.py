"""Mọi cách sửa một chỗ trong lời giải của một bài tập, và cách sửa nào mà ``check`` vẫn cho là đúng."""

import ast
import signal
import types
import warnings
from collections import Counter
from contextlib import contextmanager

import numpy as np

from mlcourse.exercises import agree, run

COMPARED = {
    ast.Lt: (ast.LtE, ast.Gt),
    ast.LtE: (ast.Lt, ast.GtE),
    ast.Gt: (ast.GtE, ast.Lt),
    ast.GtE: (ast.Gt, ast.LtE),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
}
SIGNS = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}
PAIRS = ["sum mean", "max min", "argmax argmin", "any all", "maximum minimum", "std var", "floor ceil", "zeros ones"]
NAMES = {a: b for pair in PAIRS for a, b in (pair.split(), pair.split()[::-1])} | {"cumsum": "sum", "median": "mean"}
SECONDS = 2.0  # một cách sửa chạy quá lâu là chạy mãi


class Hung(BaseException):
    """Hết giờ; không phải ``Exception``, để ``run`` không bắt mất."""


def changes(node, modules):
    """Những nút thay được cho ``node``, mỗi nút một thay đổi."""
    match node:
        case ast.Compare(left, ops, others):
            for i, op in enumerate(ops):
                for new in COMPARED[type(op)]:
                    yield ast.Compare(left, [*ops[:i], new(), *ops[i + 1 :]], others)
        case ast.BinOp(left, op, right) if type(op) in SIGNS:
            yield ast.BinOp(left, SIGNS[type(op)](), right)
        case ast.AugAssign(target, op, value) if type(op) in SIGNS:
            yield ast.AugAssign(target, SIGNS[type(op)](), value)
        case ast.UnaryOp(_, operand):
            yield operand
        case ast.Constant(bool() | str() | None):
            pass
        case ast.Constant(int() | float()):
            yield ast.Constant(node.value + 1)
            yield ast.Constant(node.value - 1)
        case ast.Attribute(value, name, context) if name in NAMES:
            yield ast.Attribute(value, NAMES[name], context)
        case ast.Name(name, context) if name in NAMES:
            yield ast.Name(NAMES[name], context)
        case ast.Call(function, args, keywords):
            if isinstance(function, ast.Attribute) and _root(function) not in modules:
                yield function.value
            elif args and not isinstance(args[0], ast.Starred):
                yield args[0]
            for i in range(len(keywords)):
                yield ast.Call(function, args, keywords[:i] + keywords[i + 1 :])


def _root(node):
    while isinstance(node, ast.Attribute):
        node = node.value
    return getattr(node, "id", "")


def sites(node, above=()):
    """``(nút cha, cách đặt nút con, nút con, các nút bọc ngoài)`` của mọi chỗ trong cây."""
    for field, value in ast.iter_fields(node):
        for i, child in enumerate(value if isinstance(value, list) else [value]):
            if isinstance(child, ast.AST):

                def put(new, field=field, value=value, i=i):
                    if isinstance(value, list):
                        value[i] = new
                    else:
                        setattr(node, field, new)

                yield child, put, (*above, node)
                yield from sites(child, (*above, node))


def mutants(task):
    """``{chỗ sửa, đọc được trên một dòng: lời giải sửa ở chỗ ấy}``."""
    solve = task.solve
    modules = {name for name, value in solve.__globals__.items() if isinstance(value, types.ModuleType)}
    tree, found, seen = ast.parse(task.solution()), {}, Counter()
    for child, put, above in list(sites(tree)):
        context = child
        if isinstance(child, (ast.Constant, ast.Name, ast.Attribute, ast.UnaryOp)):  # kể cả phép tính bọc ngoài
            small = (ast.Constant, ast.Name, ast.Attribute, ast.Slice, ast.UnaryOp, ast.Tuple, ast.keyword)
            context = next(node for node in reversed(above) if not isinstance(node, small))
        for new in changes(child, modules):
            before = ast.unparse(context)
            put(new)
            label = f"{before} → {ast.unparse(new if context is child else context)}"
            source = ast.unparse(ast.fix_missing_locations(tree))
            put(child)
            seen[label] += 1
            found[label if seen[label] == 1 else f"{label} (chỗ {seen[label]})"] = _function(source, solve)
    return found


def _function(source, solve):
    names = {}
    exec(compile(source, f"<{solve.__name__} sửa một chỗ>", "exec"), solve.__globals__, names)  # noqa: S102
    return names[solve.__name__]


def rounded(solve, values):
    """Lời giải với kết quả làm tròn, khi kết quả có số thực."""
    kinds = {np.asarray(part).dtype.kind for value in values for part in (value if _many(value) else [value])}
    if "f" not in kinds:
        return {}

    def by(digits):
        def function(*args):
            value = solve(*args)
            return tuple(np.round(part, digits) for part in value) if _many(value) else np.round(value, digits)

        return function

    return {"kết quả làm tròn 3 chữ số": by(3), "kết quả làm tròn thành số nguyên": by(0)}


def _many(value):
    return isinstance(value, (tuple, list))


@contextmanager
def at_most(seconds):
    def stop(*_):
        raise Hung

    signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def accepted(task):
    """``({mọi chỗ sửa}, [chỗ sửa mà check cho là đúng])``; hỏi như ``check``, dừng ở trường hợp sai đầu tiên."""
    cases = list(task.cases().values())
    wanted = [run(task.solve, args) for args in cases]
    found = mutants(task) | rounded(task.solve, [outcome.value for outcome in wanted])
    return set(found), [label for label, function in found.items() if _passes(task, function, cases, wanted)]


def _passes(task, function, cases, wanted):
    try:
        with at_most(SECONDS), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            for args, right in zip(cases, wanted):
                outcome = run(function, args)
                if outcome.changed or not agree(outcome, right):
                    return False
    except Hung:
        return False
    return not any(forbidden(function) for forbidden in task.forbids)
