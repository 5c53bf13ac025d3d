"""Những gì các bài kiểm thử hình sống dùng chung: vẽ lại từ đầu để so, và đi hết tầm của từng điều khiển."""

import io
import itertools
import time
from pathlib import Path

import matplotlib
import numpy as np
from PIL import Image

# Bản matplotlib khác thì bố cục cũng khác đôi điểm ảnh: ở đó hình không so được với hình của bài đã dựng
CONSTRAINTS = (Path(__file__).parent.parent / "constraints.txt").read_text(encoding="utf-8").split()
SAME_MATPLOTLIB = f"matplotlib=={matplotlib.__version__}" in CONSTRAINTS


def redraw(figure):
    """Điểm ảnh khi matplotlib vẽ lại mọi thứ từ đầu; trạng thái blitting của hình giữ nguyên."""
    painter = figure._painter
    animated = [artist for artist in painter.moving if artist.get_animated()]
    for artist in animated:
        artist.set_animated(False)
    painter.canvas.draw()
    pixels = np.array(painter.canvas.buffer_rgba())
    for artist in animated:
        artist.set_animated(True)
    painter._settle()
    return pixels


def journey(figure, most=7):
    """Các bộ giá trị đi qua hết tầm của từng điều khiển (các điều khiển khác ở giá trị mở hình), rồi mọi góc."""
    ranges = {name: control.choices() for name, control in figure.controls.items()}
    opening = {name: control.value for name, control in figure.controls.items()}
    for name, choices in ranges.items():
        for i in sorted(set(np.linspace(0, len(choices) - 1, most).astype(int))):
            yield {**opening, name: choices[i]}
    for corner in itertools.product(*[(choices[0], choices[-1]) for choices in ranges.values()]):
        yield dict(zip(ranges, corner))
    yield opening


def drive(figure, most=7):
    """Đi hết `journey`, so từng khung với vẽ lại từ đầu; trả về thời gian của từng khung (giây)."""
    seconds = []
    for values in journey(figure, most):
        start = time.perf_counter()
        figure.set(**values)
        seconds.append(time.perf_counter() - start)
        assert figure.error is None, f"{figure.name} hỏng ở {values}: {figure.words}"
        frame = figure._pixels.copy()
        different = (frame != redraw(figure)).any(axis=2)
        assert not different.any(), f"{figure.name} ở {values}: {different.sum()} điểm ảnh khác với vẽ lại từ đầu"
    return seconds


def laid_over(film, k):
    """Khung ``k`` của một phim như người đọc thấy: phần đã đổi đặt lên hình lúc mở."""
    opened = [Image.open(io.BytesIO(content)).convert("RGBA") for content in (film.picture, film.frames[k][0])]
    return np.asarray(Image.alpha_composite(*opened))[..., :3]
