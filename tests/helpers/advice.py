"""Đọc mã của tầng toán: câu raise nào có lời khuyên "Hãy ...", và mọi lời khuyên mà câu ấy có thể nói (``ADVICE``).

Lời báo hay được ghép từ nhiều chỗ: một biến gán ở các nhánh if, một hàm trả về chuỗi, một đối số mà nơi gọi đưa vào.
Ở đây các chỗ ấy được lần theo trên cây cú pháp; phần nào chỉ biết lúc chạy thì là chữ nào cũng được (``ANY``).
"""

import ast
import functools
import itertools
import re
from pathlib import Path

import mlcourse

MODULES = (
    "_check _blocks _rounds losses optim models training regularization model_selection metrics bias_variance "
    "preferences data plots"
).split()
HOME, ANY = Path(mlcourse.__file__).parent, ".*"
TREES = {name: ast.parse((HOME / f"{name}.py").read_text("utf-8")) for name in MODULES}
DEFS, CALLS = {}, {}  # (module, tên) -> hàm; hàm -> các lời gọi nó
for module, tree in TREES.items():
    for node in ast.walk(tree):
        for child in ast.iter_child_nodes(node):
            child.parent, child.module = node, module
    for node in tree.body:
        init = [f for f in node.body if getattr(f, "name", "") == "__init__"] if isinstance(node, ast.ClassDef) else []
        if init or isinstance(node, ast.FunctionDef):
            DEFS[module, node.name] = (init or [node])[0]


def callee(call):
    """Hàm của tầng toán mà lời gọi này gọi: ngay trong module, ``from .m import f``, hay ``m.f``."""
    match call.func:
        case ast.Name(id=name):
            homes = [call.module, *MODULES] if name.startswith("_") else [call.module]
            return next((DEFS[home, name] for home in homes if (home, name) in DEFS), None)
        case ast.Attribute(value=ast.Name(id=home), attr=name):
            return DEFS.get((home, name))


def arguments(call, f):
    """Tên -> biểu thức mà lời gọi đưa vào, kể cả mặc định."""
    names = [a.arg for a in f.args.args if a.arg != "self"]
    given = dict(zip(names[len(names) - len(f.args.defaults) :], f.args.defaults))
    given |= {a.arg: value for a, value in zip(f.args.kwonlyargs, f.args.kw_defaults) if value}
    return given | dict(zip(names, call.args)) | {k.arg: k.value for k in call.keywords}


for node in itertools.chain(*map(ast.walk, TREES.values())):
    if isinstance(node, ast.Call) and (f := callee(node)):
        CALLS.setdefault(f, []).append(node)


def assigned(statement, name):
    """Mọi biểu thức mà câu lệnh này gán cho ``name``."""
    for node in ast.walk(statement):
        match node:
            case ast.NamedExpr(target=ast.Name(id=target), value=value) if target == name:
                yield value
            case ast.Assign(targets=[ast.Name(id=target)], value=value) if target == name:
                yield value
            case ast.Assign(targets=[ast.Tuple(elts=targets)], value=ast.Tuple(elts=values)):
                yield from (v for t, v in zip(targets, values) if getattr(t, "id", "") == name)


def reaching(node, name):
    """Các biểu thức có thể là giá trị của ``name`` ở chỗ này, và hàm có ``name`` là đối số, nếu chưa chắc đã gán."""
    found = []
    while not isinstance(node, ast.Module):
        for block in (getattr(node.parent, part, None) for part in ("body", "orelse", "finalbody")):
            for statement in reversed(block[: block.index(node)] if isinstance(block, list) and node in block else []):
                values = [*assigned(statement, name)]
                found += values
                if values and not isinstance(statement, ast.If):
                    return found, None
        node = node.parent
        if isinstance(node, ast.If):
            found += assigned(node.test, name)
        if isinstance(node, ast.FunctionDef) and name in [a.arg for a in node.args.args + node.args.kwonlyargs]:
            return found, node
    return found, None


@functools.cache
def passed(f, name):
    """Những câu mà mọi lời gọi ``f`` đưa vào đối số ``name``; một chữ, như tên của mảng, thì là chữ nào cũng được."""
    said = set().union(*(variants(arguments(call, f).get(name), (None, {}, None)) for call in CALLS.get(f, [])))
    return {v if " " in v else ANY for v in said} or {ANY}


def joined(parts):
    return {"".join(pieces) for pieces in itertools.product(*parts)}


def variants(node, bound=None, busy=()):
    """Mọi chuỗi mà biểu thức này có thể là, mỗi chuỗi một biểu thức chính quy; ``bound``: đối số của hàm đang đọc."""
    again = lambda node: variants(node, bound, busy)
    union = lambda nodes: set().union(*map(again, nodes))
    match node:
        case ast.Constant(value=str(text)):
            return {re.escape(text)}
        case ast.Constant(value=None):
            return set()
        case ast.JoinedStr(values=values):
            return joined(map(again, values))
        case ast.FormattedValue(value=value) | ast.NamedExpr(value=value):
            return again(value)
        case ast.IfExp(body=body, orelse=orelse):
            return again(body) | again(orelse)
        case ast.BoolOp(values=values) | ast.Dict(values=values):
            return union(values)
        case ast.BinOp(op=ast.Add(), left=left, right=right):
            return joined([again(left), again(right)])
        case ast.BinOp(op=ast.Mult(), left=left):
            return {""} | again(left)
        case ast.GeneratorExp(generators=[ast.comprehension(iter=ast.Call(func=ast.Attribute(value=value)))]):
            return again(value)  # (... for key, way in ways.items())
        case ast.Name(id=name) if (node, name) not in busy:
            values, f = reaching(node, name)
            found = set().union(*(variants(v, bound, (*busy, (node, name))) for v in values))
            if f and bound:
                return found | (variants(bound[1][name], bound[2]) if bound[0] is f and name in bound[1] else {ANY})
            return found | (passed(f, name) if f else set()) or {ANY}
        case ast.Call(func=ast.Attribute(value=value, attr="format")):
            return {re.sub(r"\\\{.*?\\\}", ANY, v) for v in again(value)}
        case ast.Call(func=ast.Name(id=name), args=args) if name == "next" or name.endswith("Error") and args:
            f = callee(node)  # DivergenceError: lời báo là của super().__init__
            return union(args) if not f else variants(f.body[0].value.args[0], (f, arguments(node, f), bound))
        case ast.Call() if f := callee(node):
            if f.name in ("wrong", "refused"):
                return joined([{"Hãy\\ "}, again(arguments(node, f)["hint"]), {"\\."}])
            returns = [part.value for part in ast.walk(f) if isinstance(part, ast.Return) and part.value]
            return set().union(*(variants(value, (f, arguments(node, f), bound)) for value in returns))
    return {ANY}


def advice(text):
    """Từ chữ "hãy" đầu tiên đến hết; None nếu không có."""
    found = re.search("[Hh]ãy.*", text, re.S)
    return found and found[0]


ADVICE = {}  # câu raise -> các lời khuyên của nó, nhiều chữ nhất trước
for node in itertools.chain(*map(ast.walk, TREES.values())):
    if isinstance(node, ast.Raise) and node.exc:
        kinds = {advice(v) for v in variants(node.exc)} - {None}
        if kinds:
            ADVICE[node] = sorted(kinds, key=lambda v: (-len(v.replace(ANY, "")), v.count(ANY)))
