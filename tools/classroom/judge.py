"""Bên chấm: gọi ``check`` của gói ở máy người dạy, với những hàm *ở xa*, chạy trong kernel của bài nộp.

Kernel ấy chỉ gửi về dữ liệu (``answering.py``), nên một kết quả viết sẵn, một ``check`` bị thay, một ``lesson`` đặt lại
đều không đến được đây: lời chấm luôn do bản gói này nói. Điều đề bài cấm (vòng lặp, một hàm, thời gian) thì phải hỏi ở
nơi có code, nên câu hỏi được gửi sang đó kèm cả hàm hỏi.
"""

import base64
import builtins
import contextlib
import copy
import importlib
import inspect
import io
import re
import time

import cloudpickle
import numpy as np

import mlcourse.exercises

from .answering import LARGEST, Opaque, decode, receive, send

cloudpickle.register_pickle_by_value(mlcourse.exercises)
TOO_LONG = "quá giờ"


class Stopped(BaseException):
    """Không hỏi tiếp được: quá giờ, hay kernel đã chết. Không phải Exception, nên ``check`` không bắt mất."""


class Session:
    """Một cuộc nói chuyện với kernel qua ổ cắm ``channel``; mỗi bài tập có ``seconds`` giây. Trong lúc đợi,
    ``watch()`` được gọi liên tục: nơi để dừng một hàm in quá nhiều.
    """

    def __init__(self, channel, seconds=60, watch=lambda: None):
        self.channel, self.seconds, self.deadline, self.watch = channel, seconds, None, watch

    def ask(self, message):
        try:
            self._hurry()
            self.channel.settimeout(max(self.deadline - time.monotonic(), 0.1))
            send(self.channel, message)
            reply = receive(self.channel, self._hurry)
        except TimeoutError:
            raise Stopped(TOO_LONG) from None
        except OSError:
            raise Stopped("kernel chết giữa chừng") from None
        except (ValueError, RecursionError):
            raise Stopped("kernel trả lời sai cách") from None
        if not isinstance(reply, dict):
            raise Stopped("kernel chết giữa chừng")
        if "error" in reply:
            raise rebuilt(reply)
        try:
            return decode(reply["value"], lambda *told: Remote(self, *told)), reply.get("changed") or {}
        except (KeyError, TypeError, ValueError, RecursionError, MemoryError):
            raise Stopped("kernel trả lời sai cách") from None

    def _hurry(self):
        """Đợi từng chút một, hết giờ thì dừng: bên kia nhỏ giọt từng byte cũng không quá giờ được."""
        self.watch()
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise Stopped(TOO_LONG)
        self.channel.settimeout(min(left, 0.1))

    def call(self, message, arguments):
        """Gửi ``arguments`` sang kernel; đối số nào bị sửa ở đó thì ở đây cũng sửa theo."""
        value, changed = self.ask({**message, "arguments": pickled(arguments)})
        for position, after in changed.items():
            _copy_into(arguments[int(position)], decode(after))
        return value

    def asked(self):
        """``check`` của bài nào, bài tập nào, với mấy đối số, đang nhờ chấm; lời nhắn lạ thì ValueError, TypeError."""
        self.deadline = time.monotonic() + self.seconds
        lesson, name, count = self.ask({"asked": 0})[0]
        return str(lesson), str(name), int(count)

    def tell(self, status, message, mistake):
        """Lời chấm, cho ``check`` ở bên kia trả về."""
        with contextlib.suppress(OSError):
            send(self.channel, {"verdict": [status, message, mistake]})

    def grade(self, lesson, name, given):
        """Bản ghi và lời giải thích của một bài tập; ``given`` là các đối số của ``check``: code, hay số thứ tự."""
        self.deadline = time.monotonic() + self.seconds
        exercise = copy.copy(getattr(importlib.import_module(f"mlcourse.exercises.lesson_{lesson}"), name))
        if hasattr(exercise, "forbids"):
            exercise.forbids = tuple(self._asked_there(forbidden) for forbidden in exercise.forbids)
            exercise.written = self._asked_there(exercise.written)
        answers = []
        for one in given:
            starred = isinstance(one, str) and one.startswith("*")
            value = self.ask({"evaluate": one.lstrip("*")} if isinstance(one, str) else {"argument": one})[0]
            answers += value if starred else [value]
        verdict = exercise.check(*answers)
        return verdict.record, re.sub(r" Dòng \d+: `raise rebuilt\(reply\)`\.", "", verdict.message)

    def _asked_there(self, forbidden):
        def ask(function):
            said = self.call({"run": 1}, (forbidden, function))
            return said if isinstance(said, bool) else str(said)[:1000]

        return ask


class Remote:
    """Một hàm ở trong kernel. Gọi nó là gọi ở đó."""

    def __init__(self, session, number, name, parameters):
        self._session, self._number, self.__name__, self.__module__ = session, number, name[:80], "__main__"
        if parameters is None:  # như hàm viết bằng C: không cho xem chữ ký
            self.__signature__ = None
            return
        kinds = list(inspect._ParameterKind)
        default = lambda has: ... if has else inspect.Parameter.empty
        self.__signature__ = inspect.Signature(
            [inspect.Parameter(str(one), kinds[kind], default=default(has)) for one, kind, has in parameters]
        )

    def __call__(self, *arguments):
        return self._session.call({"call": self._number}, arguments)

    def __deepcopy__(self, memo):
        return self


def pickled(arguments):
    class Writer(cloudpickle.CloudPickler):
        def persistent_id(self, value):
            return value._number if isinstance(value, (Remote, Opaque)) else None

    stream = io.BytesIO()
    Writer(stream).dump(arguments)
    if stream.tell() > LARGEST // 2:
        raise Stopped("đối số lớn quá")
    return base64.b64encode(stream.getvalue()).decode()


def rebuilt(reply):
    """Lỗi ở bên kia, dựng lại bằng lớp lỗi có sẵn gần nhất của Python hay NumPy."""
    for name in map(str, reply["error"]):
        kind = getattr(builtins, name, getattr(np.linalg, name, getattr(np.exceptions, name, None)))
        if isinstance(kind, type) and issubclass(kind, Exception):
            break
    else:
        kind = Exception
    try:
        return kind(str(reply.get("text")))
    except TypeError:  # UnicodeDecodeError và vài lớp khác cần nhiều đối số
        return Exception(str(reply.get("text")))


def _copy_into(argument, after):
    """Sửa ``argument`` tại chỗ cho bằng ``after``, như hàm ở bên kia đã sửa."""
    if isinstance(argument, np.ndarray) and argument.flags.writeable:
        if isinstance(after, np.ndarray) and after.shape == argument.shape:
            argument[...] = after
        elif isinstance(after, np.ndarray):
            argument.resize(after.shape, refcheck=False)
            argument[...] = after
    elif isinstance(argument, list) and isinstance(after, list):
        argument[:] = after
    elif isinstance(argument, dict) and isinstance(after, dict):
        argument.clear()
        argument.update(after)
