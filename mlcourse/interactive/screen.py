"""Khung dành cho một hình: cỡ thường, hay vừa màn hình khi trình chiếu; và hình tĩnh hiện kèm lời kể."""

import base64
import collections
import io

import matplotlib.pyplot as plt
import numpy as np
from IPython.display import display

from mlcourse import _check

figures = {}  # mọi hình sống của phiên này, theo tên hàm vẽ
_shown = collections.deque(maxlen=10)  # các hình tĩnh hiện gần đây: bật hay tắt trình chiếu thì vẽ lại
_size = None  # (rộng, cao) điểm ảnh; None là cỡ thường


def projector(size=(1240, 540)):
    """Chế độ trình chiếu: vẽ lại mọi hình, sống hay tĩnh, cho vừa khung ``size``; chữ và nét to lên theo hình.

    Hình chạy sau lời gọi này cũng theo cỡ ấy. Bộ slide trong JupyterLab tự gọi hàm này với khung của màn hình.

    Parameters
    ----------
    size : (int, int) hoặc None
        Rộng và cao của khung dành cho một hình, tính bằng điểm ảnh; None là trở về cỡ thường.

    Raises
    ------
    TypeError, ValueError
        Khi ``size`` không phải là None hay hai số trong khoảng từ 200 đến 8000.

    Examples
    --------
    >>> projector((1800, 800))
    >>> projector(None)
    """
    global _size
    if size is not None:
        if not isinstance(size, (tuple, list)) or len(size) != 2:
            raise TypeError(f"size cần là (rộng, cao) hoặc None, nhưng nhận được {size!r}.")
        size = tuple(_check.number(name, value, low=200, high=8000) for name, value in zip(("rộng", "cao"), size))
    if size == _size:
        return
    _size = size
    for fig, words, handle in _shown:
        bundle, options = _bundle(fig, words)
        handle.update(bundle, **options)
    for figure in figures.values():
        figure.refit()


def dots_per_inch(fig):
    """Số điểm ảnh một inch: 100, hay khi đang trình chiếu thì lớn nhất mà hình còn vừa khung."""
    return 100 if _size is None else float(min(np.array(_size) / fig.get_size_inches()))


def show(fig, words):
    """Hiện một hình tĩnh kèm lời kể thay cho hình, rồi đóng hình.

    Lời kể (một câu tiếng Việt có các con số của hình) là phần ``text/plain`` của kết quả: trình đọc màn hình đọc câu
    ấy, và bài kiểm thử so câu ấy.

    >>> fig, ax = plt.subplots()
    >>> show(fig, "Một hình trống.")  # doctest: +SKIP
    """
    if not isinstance(words, str) or not words.strip():
        raise TypeError(f"words cần là một câu kể bức hình, nhưng nhận được {words!r}.")
    bundle, options = _bundle(fig, words)
    handle = display(bundle, **options, display_id=True)
    plt.close(fig)
    if handle is not None:  # ngoài IPython thì không có gì để vẽ lại
        _shown.append((fig, words, handle))


def _bundle(fig, words):
    buffer = io.BytesIO()
    fig.savefig(buffer, format="png", dpi=dots_per_inch(fig))
    return told(buffer.getvalue(), words)


def told(png, words, **more):
    """Gói MIME của một bức hình PNG kèm lời kể, và đối số của ``display`` đi cùng; ``more`` là phần thêm."""
    bundle = _Bundle({"text/plain": words, "image/png": base64.b64encode(png).decode(), **more})
    return bundle, {"metadata": {"image/png": {"alt": words}}, "raw": True}


class _Bundle(dict):
    """Gói MIME; ngoài IPython, nơi ``display`` chỉ biết in ra, thì in lời kể."""

    def __str__(self):
        return self["text/plain"]
