"""Điều đề bài cấm: một cấu trúc, một lời gọi hàm, một thời gian tăng theo bình phương.

Mỗi thứ là một hàm ``điều cấm(function) -> lời nói chỗ vướng, hay chuỗi rỗng``, ở ``@exercise(..., forbids=(...))``. Chỉ
hỏi khi mọi con số đã đúng: người còn sai số thì cần biết chỗ sai trước.
"""

import dis
import functools
import inspect
import linecache
import math
import time
import tracemalloc
import types

import numpy as np

LOOPS_IN_DISGUISE = {"map", "filter", "vectorize", "apply_along_axis", "apply_over_axes", "fromfunction", "reduce"}
LOOPS_IN_DISGUISE |= {"frompyfunc", "starmap"}
NAMING = {"LOAD_GLOBAL", "LOAD_NAME", "LOAD_ATTR", "LOAD_METHOD", "IMPORT_FROM"}  # không kể biến của riêng hàm


def loops():
    """Cấm vòng lặp: for, while, biểu thức sinh, và những hàm lặp hộ như `np.vectorize`."""

    def found(function):
        owner = None  # `np.add.reduce` cộng cả mảng, không phải vòng lặp: trước nó là tên một phép tính của NumPy
        if isinstance(function, np.vectorize):
            return "đề bài không cho dùng vòng lặp, mà `np.vectorize` cũng là lặp."
        for code, step, value in _steps(function):
            owner, before = step.argval, owner
            if isinstance(value, np.vectorize) or value is np.vectorize:
                return f"đề bài không cho dùng vòng lặp, mà {_place(code, step)} gọi một `np.vectorize`, cũng là lặp."
            if step.argval == "reduce" and isinstance(getattr(np, str(before), None), np.ufunc):
                continue
            if step.opname == "FOR_ITER" or "BACKWARD" in step.opname:
                return f"đề bài không cho dùng vòng lặp, mà {_place(code, step)} có một vòng."
            if step.opname in NAMING and step.argval in LOOPS_IN_DISGUISE:
                return f"đề bài không cho dùng vòng lặp, mà {_place(code, step)} gọi `{step.argval}`, cũng là lặp."
        return ""

    return found


def calls(*names):
    """Cấm gọi những hàm này, gọi thẳng hay gọi qua một tên khác: ``calls("roc_auc_score")``."""

    def found(function):
        own = getattr(function, "__module__", "") in {"__main__", None}
        if getattr(function, "__name__", "") in names and not own:
            return f"đề bài không cho gọi `{function.__name__}`, mà đây là chính hàm ấy."
        for code, step, value in _steps(function):
            if isinstance(value, types.FunctionType) and value.__globals__ is getattr(
                _written(function), "__globals__", None
            ):
                continue  # hàm người học tự viết: `_steps` đọc vào trong
            for name in (step.argval, getattr(value, "__name__", "")):
                if step.opname in NAMING and name in names:
                    return f"đề bài không cho gọi `{name}`, mà {_place(code, step)} gọi."
        return ""

    return found


def package(name="mlcourse"):
    """Cấm gọi hàm của gói này, dưới tên nào cũng vậy; hàm tự viết thì đặt tên gì cũng được."""

    def inside(value):
        value = getattr(value, "func", value)  # `functools.partial`
        where = value.__name__ if isinstance(value, types.ModuleType) else getattr(value, "__module__", "")
        return str(where).split(".")[0] == name

    def found(function):
        if inside(function) and not function.__module__.startswith(f"{name}.exercises"):
            return f"đề bài không cho gọi hàm của `{name}`, mà đây là một hàm của gói ấy."
        for code, step, value in _steps(function):
            if inside(value) or step.opname == "IMPORT_NAME" and step.argval.split(".")[0] == name:
                return f"đề bài không cho gọi hàm của `{name}`, mà {_place(code, step)} gọi."
        return ""

    return found


def quadratic(arguments, size=4000, allowed=7.0):
    """Cấm thời gian hay bộ nhớ tăng theo bình phương số phần tử; ``arguments(n)`` là đối số cỡ n.

    Cỡ tăng bốn lần thì n log n tăng chừng 4.5 lần, n² tăng chừng 16 lần. Bộ nhớ đo được đúng từng byte nên hỏi trước;
    đồng hồ thì chỉ kể lúc chính bài này chạy, lấy lần nhanh nhất, và chỉ tin khi đo lại vẫn thế.
    """

    def found(function):
        small, large = arguments(size), arguments(4 * size)
        quick, slow = _seconds(function, small), _seconds(function, large)
        if slow > 0.15:  # đủ dài để đồng hồ nói đúng: không đo thêm
            return _too_fast("thời gian", slow / quick) if slow > allowed * quick else ""
        growth = (peak := _memory(function, large)) / max(_memory(function, small), 1)
        if growth > allowed and peak > 1e6:
            return _too_fast("bộ nhớ", growth)
        huge = arguments(16 * size)
        if (slow := _seconds(function, huge)) < 0.1:  # ngắn thế thì đồng hồ chỉ đo máy đang bận việc khác
            return ""
        growth = min(slow, _seconds(function, huge)) / max(_seconds(function, large), _seconds(function, large))
        return _too_fast("thời gian", growth) if growth > allowed else ""

    return found


def _too_fast(what, growth):
    return (
        f"cách làm này chậm dần theo bình phương: dữ liệu gấp 4 thì {what} gấp {growth:.0f}, như khi so mọi cặp. "
        "Các con số thì khớp; hãy tìm cách chỉ cần sắp xếp."
    )


def _memory(function, arguments):
    tracemalloc.start()
    try:
        function(*arguments)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def _seconds(function, arguments):
    fastest = math.inf
    for _ in range(3):
        start = time.thread_time()
        function(*arguments)
        fastest = min(fastest, time.thread_time() - start)
        if fastest > 0.5:
            break
    return fastest


def _written(function):
    """Hàm mà người học viết: bên trong `functools.partial`, `functools.wraps`, hay `__call__` của một vật gọi được."""
    function = inspect.unwrap(function.func if isinstance(function, functools.partial) else function)
    return function if hasattr(function, "__code__") else type(function).__call__


def _steps(function):
    """``(mã, bước, giá trị mà bước ấy gọi tên)`` của hàm, và của các hàm người học viết mà hàm ấy gọi đến, cả những hàm
    nó mang theo, như hàm bên trong một decorator.
    """
    function = _written(function)
    scope, seen = getattr(function, "__globals__", {}), set()
    waiting = [(getattr(function, "__code__", None), _carried(function))]
    while waiting:
        code, carried = waiting.pop()
        if code is None or code in seen:
            continue
        seen.add(code)
        waiting += [(constant, carried) for constant in code.co_consts if isinstance(constant, types.CodeType)]
        for step in dis.get_instructions(code):
            known = {"LOAD_GLOBAL": scope, "LOAD_DEREF": carried}.get(step.opname, {})
            value = known.get(step.argval)
            if isinstance(value, types.FunctionType) and value.__globals__ is scope:
                waiting.append((value.__code__, _carried(value)))
            yield code, step, value


def _carried(function):
    """Tên và giá trị mà một hàm mang theo từ nơi nó được viết."""
    names, cells = (
        getattr(getattr(function, "__code__", None), "co_freevars", ()),
        getattr(function, "__closure__", None) or (),
    )
    return {name: cell.cell_contents for name, cell in zip(names, cells) if _filled(cell)}


def _filled(cell):
    try:
        return cell.cell_contents is not None
    except ValueError:  # chưa đặt gì vào
        return False


def _place(code, step):
    line = step.positions.lineno if step.positions else None
    source = linecache.getline(code.co_filename, line).strip() if line else ""
    return f"dòng {line} (`{source}`)" if source else f"dòng {line}" if line else f"hàm `{code.co_name}`"
