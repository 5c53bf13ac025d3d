"""Quay hình sống cho bản để đọc: thanh trượt đầu tiên đi hết tầm, mỗi nấc một khung gồm phần ảnh đã đổi và câu kể."""

import io
import math
from contextlib import contextmanager
from dataclasses import dataclass

import matplotlib
import matplotlib.pyplot as plt
import numpy as np
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from PIL import Image

from mlcourse import interactive

MOST = 64  # số khung của một hình sống: nhiều hơn, mắt không thấy mượt thêm


@contextmanager
def running(cells):
    """Chạy các ô mã của một bài, như người học chạy từ trên xuống; cho các hình sống của bài theo tên."""
    interactive.figures.clear()
    matplotlib.use("agg")
    shell = InteractiveShell()
    try:
        with plt.rc_context():
            for cell in cells:
                if cell.cell_type == "code":
                    with capture_output():
                        done = shell.run_cell(cell.source)
                    done.raise_error()
            plt.close("all")
            yield dict(interactive.figures)
    finally:
        shell.restore_sys_module_state()  # IPython đã thay __main__ bằng module của bài
        interactive.figures.clear()


@dataclass
class Film:
    """Một hình sống đã quay: điều khiển đầu tiên đi hết tầm, các điều khiển khác đứng ở chỗ mở hình."""

    label: str
    play: bool
    others: list[str]  # tên các điều khiển đứng yên
    readings: list[str]  # chữ ghi ở từng nấc của thanh
    opening: int  # nấc mở hình
    stride: int  # quay một nấc, bỏ qua stride - 1 nấc
    picture: bytes  # hình lúc mở
    frames: dict[int, tuple[bytes, str]]  # nấc -> (phần ảnh khác với lúc mở, câu kể)

    def weight(self):
        return sum(len(change) for change, _ in self.frames.values())

    def thin(self):
        """Bỏ bớt một nửa số khung."""
        self.stride *= 2
        kept = stops(len(self.readings), self.opening, self.stride)
        self.frames = {k: self.frames[k] for k in kept}


def stops(count, opening, stride):
    """Các nấc để quay: cách đều, đi qua nấc mở hình, và thêm hai đầu thanh."""
    return sorted({0, count - 1, *range(opening % stride, count, stride)})


def film(figure, most=MOST):
    """Quay một hình sống.

    Khung nào cũng là hình người đọc thấy khi kéo một mạch từ chỗ mở hình đến nấc ấy; hình có trí nhớ vì thế cũng chỉ có
    một kết quả: lùi thì bắt đầu lại từ chỗ mở hình, tiến thì đi tiếp từ nấc trước.
    """
    main = main_control(figure)
    control, choices = figure.controls[main], figure.controls[main].choices()
    opening, stride = choices.index(control.value), math.ceil(len(choices) / most)
    kept = stops(len(choices), opening, stride)
    figure.reset()
    first, frames = figure.frame()[..., :3], {}
    for k in sorted(kept, key=lambda k: (k < opening, k)):
        if k < opening:
            figure.reset()
        words = figure.set(**{main: choices[k]})
        if figure.error is not None:
            raise figure.error
        frames[k] = change(first, figure.frame()[..., :3]), words
    figure.reset()
    return Film(
        label=control.label,
        play=getattr(control, "play", False),
        readings=readings(control),
        opening=opening,
        others=[other.label for name, other in figure.controls.items() if name != main],
        stride=stride,
        picture=webp(Image.fromarray(first)),
        frames={k: frames[k] for k in kept},
    )


def main_control(figure):
    """Tên của điều khiển được quay: thanh trượt đầu tiên, hay điều khiển đầu tiên nếu hình không có thanh nào."""
    sliders = [name for name, control in figure.controls.items() if isinstance(control, interactive.slider)]
    return (sliders or list(figure.controls))[0]


def readings(control):
    """Chữ đứng cạnh thanh ở từng nấc."""
    if isinstance(control, interactive.slider):
        return [f"{value:.{control.decimals()}f}" for value in control.choices()]
    if isinstance(control, interactive.checkbox):
        return ["tắt", "bật"]
    return [str(option[0] if isinstance(option, tuple) else option) for option in control.options]


def change(first, frame):
    """Phần của ``frame`` khác với ``first``; chỗ giống thì trong suốt."""
    moved = (frame != first).any(axis=2)
    return webp(Image.fromarray(np.dstack([frame, moved * np.uint8(255)])))


def webp(picture):
    """Không mất mát: mỗi điểm ảnh đúng như matplotlib vẽ."""
    buffer = io.BytesIO()
    picture.save(buffer, "WEBP", lossless=True, quality=50, method=4)
    return buffer.getvalue()
