"""Bên trả lời: chạy trong kernel của bài nộp, gọi hàm của người học khi bên chấm hỏi, và gửi lại *dữ liệu*.

Bên chấm (``judge.py``) ở một tiến trình khác và không tin gì ở đây: từ đây sang đó chỉ có JSON của số, chữ, mảng, danh
sách; một hàm thì chỉ có số hiệu và chữ ký. File này chỉ cần NumPy; bản câm của gói mang nó theo, để ``check`` nhờ chấm
ngay lúc được gọi (`asked`), và cuối bài nó được gửi nguyên văn vào kernel (`serve`). Chiều ngược lại là của người dạy,
nên được phép là pickle.
"""

import base64
import contextlib
import copy
import functools
import inspect
import io
import json
import numbers
import os
import pickle
import socket
import struct
import sys

import numpy as np

LARGEST = 40_000_000  # byte của một lời nhắn
MOST = 300_000  # số phần của một lời nhắn: mỗi phần dựng thành một vật ở bên nhận
DOOR = os.environ.get("HOME", "") + "/hoi"  # ổ cắm của bên chấm, trong thư mục của kernel
ASKED = []  # lần đem chấm đang dở: (bài, bài tập, những gì được đem chấm)
PLAIN = (bool, int, float, str, type(None))


class Opaque:
    """Một giá trị không gửi được: chỉ còn tên kiểu, và số hiệu để đưa lại đúng vật ấy cho kernel."""

    _number = None


def encode(value, remember=None, depth=0):
    """Giá trị thành thứ mà JSON viết được; ``remember(hàm)`` cho số hiệu của một hàm."""
    if depth > 20:
        return {"opaque": "lồng nhau quá sâu"}
    inner = lambda part: encode(part, remember, depth + 1)
    if value is ...:
        return {"ellipsis": 0}
    if type(value) in PLAIN:
        return value if not isinstance(value, int) or abs(value) < 1e300 else {"opaque": "int"}
    if isinstance(value, (np.ndarray, np.generic)) and value.dtype.kind in "biufcU":
        data = np.ascontiguousarray(value)
        return {
            "array": base64.b64encode(data.tobytes()).decode(),
            "dtype": data.dtype.str,
            "shape": np.shape(value),
            "scalar": isinstance(value, np.generic),
        }
    if isinstance(value, np.ndarray) and value.dtype == object and value.size <= 100_000:
        return {"objects": [inner(part) for part in value.ravel().tolist()], "shape": value.shape}
    if isinstance(value, tuple) and type(value).__module__.startswith("mlcourse."):  # như optim.Optimizer
        return {"named": [type(value).__module__, type(value).__name__], "fields": [inner(part) for part in value]}
    for kind in (list, tuple, set, frozenset):
        if isinstance(value, kind):
            return {"list" if kind is list else "tuple" if kind is tuple else "set": [inner(part) for part in value]}
    if isinstance(value, dict):
        return {"dict": [[inner(key), inner(part)] for key, part in value.items()]}
    if isinstance(value, numbers.Number):  # Fraction, Decimal, lớp con của float
        return {"number": float(value)}
    if isinstance(value, str):
        return str(value)
    if callable(value) and remember is not None:
        return {"function": remember(value), "name": str(getattr(value, "__name__", "")), "signature": signature(value)}
    if hasattr(value, "__array__"):
        array = np.asarray(value)
        return inner(array) if array.dtype.kind in "biufcUO" else {"opaque": type(value).__name__}
    if not hasattr(value, "predict") and hasattr(value, "__len__") and hasattr(value, "__iter__"):
        return {"tuple": [inner(part) for part in value]} if len(value) <= 10_000 else {"opaque": type(value).__name__}
    number = remember(value) if remember is not None else None
    return {"opaque": type(value).__name__, "predict": callable(getattr(value, "predict", None)), "number_of": number}


def decode(sent, function=None):
    """Ngược với ``encode``; ``function(số hiệu, tên, chữ ký)`` dựng cái thay cho một hàm. Dữ liệu lạ thì ValueError."""
    if isinstance(sent, PLAIN):
        return sent[:300] if isinstance(sent, str) else sent  # NumPy cho mọi chữ trong một mảng chỗ của chữ dài nhất
    if not isinstance(sent, dict):
        raise ValueError("lời nhắn không đúng dạng")
    inner = lambda part: decode(part, function)
    if "array" in sent:
        kind = np.dtype(str(sent["dtype"]))
        if kind.kind not in "biufcU":
            raise ValueError("mảng của thứ không phải số hay chữ")
        array = np.frombuffer(base64.b64decode(sent["array"]), kind).reshape([int(n) for n in sent["shape"]]).copy()
        return array[()] if sent.get("scalar") else array
    if "objects" in sent:
        array = np.empty(len(sent["objects"]), object)
        array[:] = [inner(part) for part in sent["objects"]]
        return array.reshape([int(n) for n in sent["shape"]])
    for name, kind in (("list", list), ("tuple", tuple), ("set", set)):
        if name in sent:
            return kind(inner(part) for part in sent[name])
    if "named" in sent:
        return _course_class(*sent["named"])._make(inner(part) for part in sent["fields"])
    if "dict" in sent:
        return {inner(key): inner(part) for key, part in sent["dict"]}
    if "number" in sent:
        return float(sent["number"])
    if "function" in sent and function is not None:
        return function(int(sent["function"]), str(sent["name"]), sent["signature"])
    if "ellipsis" in sent:
        return ...
    value = _opaque(str(sent.get("opaque"))[:100].replace("\0", ""))()
    if sent.get("number_of") is not None:
        value._number = int(sent["number_of"])
    if sent.get("predict"):
        value.predict = print
    return value


@functools.lru_cache(100)
def _opaque(name):
    return type(name, (Opaque,), {})


def _course_class(module, name):
    """Lớp NamedTuple của chính gói mlcourse; tên khác thì ValueError."""
    module = sys.modules.get(module) if module.startswith("mlcourse.") else None
    kind = getattr(module, name, None)
    if not (isinstance(kind, type) and issubclass(kind, tuple) and hasattr(kind, "_make")):
        raise ValueError("không có lớp ấy")
    return kind


def signature(function):
    """Chữ ký của hàm, mỗi đối số ``[tên, loại, có giá trị mặc định]``; None khi Python không cho xem."""
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return None
    return [[one.name, int(one.kind), one.default is not one.empty] for one in parameters]


def send(channel, message):
    data = json.dumps(message).encode()
    if len(data) > LARGEST:
        data = json.dumps({"error": ["Exception"], "text": "kết quả lớn quá", "line": 0}).encode()
    channel.sendall(struct.pack(">I", len(data)) + data)


def receive(channel, before=lambda: None):
    """Lời nhắn kế tiếp; None khi bên kia đã đóng. ``before`` được gọi trước mỗi lần đọc: xem còn giờ không."""
    size = _exactly(channel, 4, before)
    if size is None:
        return None
    (length,) = struct.unpack(">I", size)
    if length > LARGEST:
        raise ValueError("lời nhắn lớn quá")
    data = _exactly(channel, length, before)
    if data is not None and data.count(b"{") + data.count(b"[") > MOST:
        raise ValueError("lời nhắn có quá nhiều phần")
    return None if data is None else json.loads(data)


def _exactly(channel, length, before):
    data = bytearray()
    while len(data) < length:
        before()
        try:
            part = channel.recv(min(length - len(data), 1 << 20))
        except TimeoutError:  # còn đợi được hay không là do ``before``
            continue
        if not part:
            return None
        data += part
    return bytes(data)


def told(error):
    """Lỗi thành dữ liệu: tên các lớp của lỗi, lời của Python, và dòng trong ô của người học."""
    lines, trace = [], error.__traceback__
    while trace:
        if "ipykernel" in trace.tb_frame.f_code.co_filename or trace.tb_frame.f_code.co_filename.startswith("<ipython"):
            lines.append(trace.tb_lineno)
        trace = trace.tb_next
    names = [kind.__name__ for kind in type(error).__mro__]
    return {"error": names, "text": str(error)[:1000], "line": lines[-1] if lines else 0}


def asked(lesson, exercise, given):
    """Nhờ bên chấm chấm ``given`` ngay: ``[trạng thái, lời chấm, tên của lỗi]``. Không có ai nghe, hay đang chấm dở một
    lần khác (hàm được chấm lại gọi ``check``), thì None.
    """
    if ASKED:
        return None
    ASKED.append((lesson, exercise, given))
    try:
        return serve(DOOR, {})
    except OSError:
        return None
    finally:
        ASKED.clear()


def serve(path, scope):
    """Nghe bên chấm ở ổ cắm ``path`` cho đến khi bên ấy đóng, hay cho lời chấm. ``scope`` là các biến của bài."""
    known = []

    def remember(function):
        known.append(function)
        return len(known) - 1

    class Reader(pickle.Unpickler):
        def persistent_load(self, number):
            return known[number]

    def answer(message):
        if "evaluate" in message:
            return eval(message["evaluate"], scope)
        if "asked" in message:
            return [*ASKED[-1][:2], len(ASKED[-1][2])]
        if "argument" in message:
            return ASKED[-1][2][message["argument"]]
        arguments = Reader(io.BytesIO(base64.b64decode(message["arguments"]))).load()
        if "run" in message:  # một điều đề bài cấm, gửi kèm chính hàm hỏi
            return arguments[0](*arguments[1:])
        before = [_copied(one) for one in arguments]
        value = known[message["call"]](*arguments)
        after = {i: encode(now) for i, (then, now) in enumerate(zip(before, arguments)) if _differs(then, now)}
        return After(value, after)

    channel = socket.socket(socket.AF_UNIX)
    channel.connect(path)
    with channel, contextlib.redirect_stdout(Nowhere()), contextlib.redirect_stderr(Nowhere()):
        with np.errstate(all="ignore"):
            while (message := receive(channel)) is not None:
                if "verdict" in message:
                    return message["verdict"]
                try:
                    with untouched() if "run" in message else contextlib.nullcontext():
                        value = answer(message)
                    changed = value.changed if isinstance(value, After) else {}
                    reply = {"value": encode(value.value if isinstance(value, After) else value, remember)}
                    reply["changed"] = changed
                except BaseException as error:  # kể cả KeyboardInterrupt, SystemExit: người học có thể làm mọi thứ
                    reply = told(error)
                send(channel, reply)


@contextlib.contextmanager
def untouched():
    """Những module để đo và đọc code, nạp lại từ đầu, từ nơi cài Python, phòng khi bài nộp đã sửa chúng."""
    names = ("dis", "inspect", "linecache", "opcode", "time", "tracemalloc")
    kept, paths = {name: sys.modules.pop(name) for name in names if name in sys.modules}, sys.path
    sys.path = [path for path in paths if path.startswith((sys.base_prefix, sys.prefix))]
    try:
        yield
    finally:
        sys.path = paths
        sys.modules.update(kept)


class After:
    """Kết quả của một lần gọi, kèm những đối số bị sửa tại chỗ."""

    def __init__(self, value, changed):
        self.value, self.changed = value, changed


class Nowhere(io.TextIOBase):
    encoding = "utf-8"

    def write(self, text):
        return len(text)


def _copied(value):
    return copy.deepcopy(value) if isinstance(value, (np.ndarray, list, dict)) else None


def _differs(then, now):
    try:
        return then is not None and pickle.dumps(then) != pickle.dumps(now)
    except Exception:  # trong danh sách có thứ không viết ra được: coi như còn nguyên
        return False
