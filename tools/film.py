"""Quay hình sống cho bản để đọc: hai ba điều khiển đi hết tầm, mỗi chỗ một khung gồm phần ảnh đã đổi và câu kể."""

import io
import itertools
import math
from contextlib import contextmanager
from dataclasses import dataclass, replace

import matplotlib
import matplotlib.pyplot as plt
import numpy as np
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from PIL import Image

from mlcourse import interactive

FEWEST = 16  # đường chính hay lưới còn ngần ấy khung thì không bớt nữa
MOST = 64  # số khung khi chỉ điều khiển chính đi: nhiều hơn, mắt không thấy mượt thêm

# Điều khiển nào của hình kéo được trong bản để đọc, điều khiển chính đứng đầu, và những nấc phải có ngoài các nấc cách
# đều. Hình không có tên ở đây thì theo `moving`.
MOVING = {
    "hand_figure": {"w": (3, 7.5, 12), "b": (166,), "answer": ()},
    "softmax_figure": {"temperature": (), "truth": ()},
    "adam_figure": {"b1": (), "kind": (), "correct": ()},
    "race_figure": {"turn": (), "surface": (), "own": ()},
    "ratio_figure": {"train_share": (), "size": (), "test_share": ()},
    "capacity_figure": {"degree": (), "n": (), "noise": ()},
    "average_figure": {"broken": (), "rarity": (), "score": ()},
    "residual_figure": {"strength": (), "case": (), "answer": ()},
    "cell_figure": {"pred": range(10), "true": range(10), "normalize": ()},
    "knobs_figure": {"place": (), "family": (), "noise": ()},
    "bagging_figure": {"n_bags": (), "name": (), "world": ()},
    "transfer_figure": {"m": (), "name": (), "draw": ()},
}
# Mục nào của *Thử* không viết chỗ đặt núm mà cần một điều khiển đứng yên ở đây, hay một lối kéo không phim nào có.
RUNNING = {"race_figure": {1, 3}, "training_figure": {1, 3}}


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


@dataclass(frozen=True)
class Axis:
    """Một điều khiển kéo được trong phim, và mật độ các nấc của nó trong lưới."""

    name: str
    control: object
    wanted: frozenset  # số thứ tự của những nấc phải có
    stride: int = 1  # quay một nấc, bỏ qua stride - 1 nấc

    @property
    def opening(self):
        return self.control.choices().index(self.control.value)

    def stops(self, stride=None):
        """Số thứ tự của các nấc để quay: cách đều, đi qua nấc mở hình, thêm hai đầu và các nấc phải có."""
        return sorted({*stops(len(self.control.choices()), self.opening, stride or self.stride), *self.wanted})

    def thinner(self):
        """Chừng một nửa số nấc; danh sách và ô đánh dấu thì mục nào cũng giữ."""
        return replace(self, stride=self.stride * 2) if isinstance(self.control, interactive.slider) else self


@dataclass(frozen=True)
class Plan:
    """Những chỗ để quay; mỗi chỗ là bộ số thứ tự của các nấc, theo thứ tự của ``axes``, điều khiển chính đứng đầu.

    Các điều khiển phụ ở chỗ mở hình thì điều khiển chính đi từng nấc; ra khỏi đó thì đi theo một lưới thưa hơn.
    """

    axes: tuple
    stride: int  # của điều khiển chính, khi các điều khiển phụ ở chỗ mở hình

    @property
    def opening(self):
        return tuple(axis.opening for axis in self.axes)

    def line(self):
        return self.axes[0].stops(self.stride)

    def grid(self):
        """Số chỗ của lưới; hình chỉ có một điều khiển thì không có lưới."""
        return math.prod(len(axis.stops()) for axis in self.axes) if len(self.axes) > 1 else 0

    def paths(self):
        """``{chỗ của các điều khiển phụ: các nấc của điều khiển chính}``, chỗ mở hình đứng đầu."""
        main, *others = self.axes
        opening, shared = self.opening[1:], main.stops() if others else []
        every = itertools.product(*[axis.stops() for axis in others])
        return {opening: sorted({*self.line(), *shared}), **{rest: shared for rest in every if rest != opening}}

    def under(self, place):
        """Những khung mà khung ở ``place`` có thể đặt lên: hình lúc mở, hay một điều khiển về chỗ mở hình."""
        back = [place[:i] + (k,) + place[i + 1 :] for i, k in enumerate(self.opening) if place[i] != k]
        return [self.opening, *back]

    def kept(self):
        return sorted((k, *rest) for rest, path in self.paths().items() for k in path)

    def thinner(self):
        """Bớt chừng một nửa số khung của phần đông hơn, lưới hay đường chính; hết chỗ bớt thì None."""
        coarser = replace(self, stride=self.stride * 2)
        spare = [i for i, axis in enumerate(self.axes) if len(axis.thinner().stops()) < len(axis.stops())]
        can_grid, can_line = spare and self.grid() > FEWEST, FEWEST < len(self.line()) > len(coarser.line())
        if can_line and not (can_grid and self.grid() > len(self.line())):
            return coarser
        if not can_grid:
            return None
        most = max(spare, key=lambda i: len(self.axes[i].stops()))
        return replace(self, axes=(*self.axes[:most], self.axes[most].thinner(), *self.axes[most + 1 :]))


@dataclass
class Film:
    """Một hình sống đã quay."""

    plan: Plan
    others: list[str]  # tên các điều khiển đứng yên
    picture: bytes  # hình lúc mở
    frames: dict[tuple, tuple[bytes, str, tuple]]  # chỗ -> (phần ảnh đã đổi, câu kể, đổi so với hình ở chỗ nào)

    def weight(self):
        return sum(map(len, {content for content, *_ in self.frames.values()}))

    def allows(self, setting):
        """Chỗ đặt núm này chỉ đụng đến những điều khiển kéo được."""
        labels = {axis.control.label.casefold() for axis in self.plan.axes}
        parts = [part.strip().casefold() for part in setting.split(";")]
        return all(part.startswith("bấm ") or part.partition(" = ")[0] in labels for part in parts)

    def thin(self):
        """Bỏ bớt khung; False là không bớt được nữa."""
        plan = self.plan.thinner()
        if plan:
            self.plan, self.frames = plan, {place: self.frames[place] for place in plan.kept()}
        return plan is not None


def stops(count, opening, stride):
    """Các nấc cách đều, đi qua nấc mở hình, và thêm hai đầu thanh."""
    return sorted({0, count - 1, *range(opening % stride, count, stride)})


def planned(figure, wanted=None, most=MOST):
    """Những chỗ để quay: đường chính không quá ``most`` nấc, lưới không quá ``2 * most`` chỗ, nấc phải có không kể.

    Nấc phải có là ``wanted``, những con số mà các mục *Thử* nhắc đến, và các nấc ghi ở `MOVING`; None thì không có.
    """
    axes = []
    for name, extra in moving(figure).items():
        control = figure.controls[name]
        choices = control.choices() if isinstance(control, interactive.slider) else []
        asked = [] if wanted is None else [*wanted, *extra]
        near = [i for i, value in enumerate(choices) if np.isclose(asked, value, rtol=0, atol=1e-6).any()]
        axes.append(Axis(name, control, frozenset(near)))
    plan = Plan(tuple(axes), math.ceil(len(axes[0].control.choices()) / most))
    while plan.grid() > 2 * most and (thinner := replace(plan, stride=10**6).thinner()):
        plan = replace(thinner, stride=plan.stride)
    return plan


def moving(figure):
    """Tên các điều khiển kéo được, điều khiển chính đứng đầu: thanh có nút chạy, không có thì thanh trượt đầu tiên."""
    if figure.name in MOVING:
        return MOVING[figure.name]
    sliders = [name for name, control in figure.controls.items() if isinstance(control, interactive.slider)]
    played = [name for name in sliders if figure.controls[name].play]
    main = (played or sliders or list(figure.controls))[0]
    return dict.fromkeys([main, *[name for name in figure.controls if name != main][:1]], ())


def film(figure, wanted=None, most=MOST):
    """Quay một hình sống; ``wanted`` và ``most`` như ở `planned`.

    Khung nào cũng là hình người đọc thấy khi kéo một mạch đến đó; hình có trí nhớ vì thế cũng chỉ có một kết quả. Điều
    khiển phụ đứng yên: lùi thì bắt đầu lại từ chỗ mở hình, tiến thì đi tiếp từ nấc trước. Điều khiển phụ ở chỗ khác:
    đưa điều khiển chính về đầu thanh, đặt các điều khiển phụ, rồi đi tới.
    """
    plan = planned(figure, wanted, most)
    names, choices = [axis.name for axis in plan.axes], [axis.control.choices() for axis in plan.axes]
    figure.reset()
    first, seen = rounded(figure.frame()), {}

    def set_to(*place):
        words = figure.set(**{name: values[k] for name, values, k in zip(names, choices, place)})
        if figure.error is not None:
            raise figure.error
        return words

    for rest, path in plan.paths().items():
        back = rest == plan.opening[1:] and plan.opening[0]
        figure.reset()
        if rest != plan.opening[1:]:
            set_to(0, *rest)
        for k in sorted(path, key=lambda k: (k < back, k)):
            if k < back:
                figure.reset()
            words = set_to(k, *rest)
            seen[k, *rest] = rounded(figure.frame()), words
    frames = {}
    for place, (picture, words) in seen.items():
        under = min(plan.under(place), key=lambda other: np.count_nonzero((picture != seen[other][0]).any(axis=2)))
        frames[place] = change(seen[under][0], picture), words, under
    figure.reset()
    return Film(
        plan=plan,
        others=[control.label for name, control in figure.controls.items() if name not in names],
        picture=webp(Image.fromarray(first)),
        frames={place: frames[place] for place in plan.kept()},
    )


def readings(control):
    """Chữ đứng cạnh thanh ở từng nấc."""
    if isinstance(control, interactive.slider):
        return [f"{value:.{control.decimals()}f}" for value in control.choices()]
    if isinstance(control, interactive.checkbox):
        return ["tắt", "bật"]
    return [str(option[0] if isinstance(option, tuple) else option) for option in control.options]


def rounded(frame):
    """Điểm ảnh RGB, mỗi màu về bội gần nhất của 15: lệch không quá 7 phần 255, mắt không thấy, file nhẹ đi một nửa."""
    return ((frame[..., :3].astype(np.uint16) + 7) // 15 * 15).astype(np.uint8)


def change(under, frame):
    """Phần của ``frame`` khác với ``under``; chỗ giống thì trong suốt."""
    moved = (frame != under).any(axis=2)
    return webp(Image.fromarray(np.dstack([frame, moved * np.uint8(255)])))


def webp(picture):
    """Nén không mất mát: mở ra là đúng từng điểm ảnh đã đưa vào."""
    buffer = io.BytesIO()
    picture.save(buffer, "WEBP", lossless=True, quality=50, method=4)
    return buffer.getvalue()
