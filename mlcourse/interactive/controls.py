"""Điều khiển của hình sống: mỗi loại dựng được widget của mình, và kể được các giá trị mà tay người đặt được."""

from dataclasses import KW_ONLY, dataclass
from typing import Any

import ipywidgets as widgets
import numpy as np

from mlcourse import _check


@dataclass(frozen=True)
class slider:
    """Thanh trượt từ ``low`` đến ``high``; cả bốn số đều là int thì giá trị là int, còn lại là float.

    Parameters
    ----------
    low, high, step, value : int hoặc float
        Hai đầu, bước nhảy, và giá trị lúc mở hình.
    label : str
        Tên tiếng Việt đứng trước thanh.
    play : bool
        Thêm nút chạy: thanh tự trượt đến cuối, mỗi bước là một hình.

    Raises
    ------
    TypeError, ValueError
        Khi có đối số không phải số, ``low >= high``, ``step <= 0``, hoặc ``value`` nằm ngoài thanh.

    Examples
    --------
    >>> slider(0, 10, step=5, value=5, label="k").choices()
    [0, 5, 10]
    """

    low: float
    high: float
    _: KW_ONLY
    step: float
    value: float
    label: str
    play: bool = False

    def __post_init__(self):
        _check.number("low", self.low)
        _check.number("high", self.high, low=self.low, low_open=True)
        _check.number("step", self.step, low=0, low_open=True)
        _check.number("value", self.value, low=self.low, high=self.high)
        if not np.isclose(self.choices(), self.value, rtol=0, atol=self.step * 1e-6).any():
            raise ValueError(f"value {self.value} không nằm trên nấc nào: các nấc là {self.low} + k · {self.step}.")

    def choices(self):
        kind = int if all(isinstance(x, int) for x in (self.low, self.high, self.step, self.value)) else float
        count = int((self.high - self.low) / self.step + 1e-9) + 1
        return [kind(round(self.low + i * self.step, 10)) for i in range(count)]

    def decimals(self):
        """Số chữ số sau dấu chấm để nấc nào cũng đọc đúng: bước 0.25 cần hai."""
        return max(len(f"{value:.10f}".rstrip("0").partition(".")[2]) for value in self.choices())

    def widget(self):
        notches = {"min": self.low, "max": self.high, "step": self.step}
        if isinstance(self.choices()[0], int):
            return _labelled(widgets.IntSlider, self, "400px", readout_format="d", **notches)
        return _labelled(widgets.FloatSlider, self, "400px", readout_format=f".{self.decimals()}f", **notches)


@dataclass(frozen=True)
class dropdown:
    """Danh sách chọn; mỗi mục là một giá trị, hoặc một cặp ``(tên hiện ra, giá trị)``. Mở hình ở mục đầu.

    Examples
    --------
    >>> dropdown([("Theo hàng", "true"), ("Theo cột", "pred")], label="Chuẩn hóa").choices()
    ['true', 'pred']
    """

    options: list
    _: KW_ONLY
    label: str
    value: Any = None

    def __post_init__(self):
        if len(self.options) == 0:
            raise ValueError("options rỗng: danh sách chọn cần ít nhất một mục.")
        if self.value is None:
            object.__setattr__(self, "value", self.choices()[0])
        _check.choice("value", self.value, self.choices())

    def choices(self):
        return [option[1] if isinstance(option, tuple) else option for option in self.options]

    def widget(self):
        return _labelled(widgets.Dropdown, self, "auto", options=self.options)


@dataclass(frozen=True)
class checkbox:
    """Ô đánh dấu, bật hoặc tắt.

    Examples
    --------
    >>> checkbox(label="Chuẩn hóa").value
    False
    """

    value: bool = False
    _: KW_ONLY
    label: str

    def __post_init__(self):
        _check.choice("value", self.value, self.choices())

    def choices(self):
        return [False, True]

    def widget(self):
        return _labelled(widgets.Checkbox, self, "auto", indent=False)


def _labelled(kind, control, width, **options):
    """Widget lõi mang nhãn và giá trị của điều khiển; nhãn không bị cắt, và không gì rộng hơn trang."""
    look = {"style": {"description_width": "initial"}, "layout": widgets.Layout(width=width, max_width="100%")}
    return kind(value=control.value, description=control.label, **look, **options)


def with_play(control, widget):
    """``[widget]``, hay ``[nút chạy, widget]`` với thanh trượt có nút chạy: nút và thanh đi cùng nhau."""
    if not (isinstance(control, slider) and control.play):
        return [widget]
    choices = control.choices()

    def index(value):
        return round((value - control.low) / control.step)

    play = widgets.Play(max=len(choices) - 1, value=index(widget.value), interval=100, show_repeat=False)
    play.observe(lambda change: setattr(widget, "value", choices[change["new"]]), names="value")
    widget.observe(lambda change: setattr(play, "value", index(change["new"])), names="value")
    return [play, widget]
