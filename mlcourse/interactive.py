"""Hình sống: vẽ một lần bằng matplotlib thường, kéo thanh trượt thì chỉ phần vừa đổi được vẽ lại.

Người viết hình không viết dòng nào về widget. Hàm của họ vẽ những gì đứng yên, rồi trả về ``update``: hàm này đổi những
gì chuyển động và kể lại bức hình bằng một câu::

    @live(threshold=slider(0, 1, step=0.01, value=0.5, label="Ngưỡng"))
    def threshold_figure(fig):
        ax = fig.subplots()
        plots.roc_curve(y_true, y_score, ax=ax)                 # đứng yên: vẽ một lần
        point, = ax.plot([], [], "o")
        def update(threshold):                                  # chuyển động
            fpr, tpr = rates(y_true, y_score >= threshold)
            point.set_data([fpr], [tpr])
            return f"Ngưỡng {threshold:.2f}: TPR {tpr:.2f}, FPR {fpr:.2f}."
        return update

    threshold_figure

``update`` phải là hàm của riêng các giá trị nhận vào: gọi hai lần với cùng giá trị thì ra cùng một hình, và không gọi
pyplot (JupyterLab chạy nó ở một luồng khác). Hình có trí nhớ, như một lần huấn luyện đang chạy, thì gắn thêm
``update.restart``, hàm không đối số quên hết những gì đã qua: nút *Đặt lại* gọi nó trước khi đưa các thanh về chỗ cũ.
Câu kể xuất hiện dưới hình, và thay cho hình ở nơi không xem được hình.

File này đọc từ trên xuống: các điều khiển, rồi `Painter` (từ artist ra điểm ảnh), rồi `LiveFigure` (nối hai phần ấy với
trang web). Chỉ có widget lõi, nên cùng một mã chạy trên ipywidgets 7.7.1 (Colab) và 8.
"""

from __future__ import annotations

import base64
import html
import inspect
import struct
import textwrap
import threading
import time
import zlib
from dataclasses import KW_ONLY, dataclass
from typing import Any

import ipywidgets as widgets
import matplotlib.style
import numpy as np
from IPython.display import display
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.cm import ScalarMappable
from matplotlib.figure import Figure
from matplotlib.legend import Legend
from matplotlib.text import Text

from mlcourse import _check, plots

figures: dict[str, LiveFigure] = {}  # mọi hình sống của phiên này theo tên hàm: bài kiểm thử tìm hình ở đây


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
    if size is not None:
        if not isinstance(size, (tuple, list)) or len(size) != 2:
            raise TypeError(f"size cần là (rộng, cao) hoặc None, nhưng nhận được {size!r}.")
        size = tuple(_check.number(name, value, low=200, high=8000) for name, value in zip(("rộng", "cao"), size))
    if size == plots.screen:
        return
    plots.screen = size
    plots.show_again()
    for figure in figures.values():
        figure.refit()


# --- Điều khiển: mỗi loại dựng được widget của mình, và kể được các giá trị mà tay người đặt được ---


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
        whole = isinstance(self.choices()[0], int)
        return (widgets.IntSlider if whole else widgets.FloatSlider)(
            value=self.value,
            min=self.low,
            max=self.high,
            step=self.step,
            description=self.label,
            readout_format="d" if whole else f".{self.decimals()}f",
            style={"description_width": "initial"},
            layout=widgets.Layout(width="400px", max_width="100%"),
        )


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
        return widgets.Dropdown(
            options=self.options,
            value=self.value,
            description=self.label,
            style={"description_width": "initial"},
            layout=widgets.Layout(width="auto", max_width="100%"),
        )


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
        return widgets.Checkbox(
            value=self.value, description=self.label, indent=False, layout=widgets.Layout(width="auto")
        )


# --- Điểm ảnh: vẽ lại đúng những artist vừa đổi, trên một nền giữ sẵn ---


class Painter:
    """Giữ nền của hình, và mỗi lần `paint` chỉ vẽ lại những artist từng đổi (*blitting*).

    matplotlib tự đánh dấu ``stale`` lên artist vừa bị sửa. `paint` vẽ lại các artist ấy cùng những gì nằm trên
    chúng (không thì ảnh đè lên khung); phần còn lại là nền, vẽ một lần rồi chép lại. Kết quả trùng từng điểm ảnh với vẽ
    lại từ đầu. Trục đổi khoảng thì mọi thứ trong ``Axes`` đó chuyển động; thêm, bớt artist thì dựng lại nền.
    """

    def __init__(self, fig):
        self.fig, self.canvas = fig, FigureCanvasAgg(fig)
        self.canvas.draw()  # lần vẽ này tính chỗ cho mọi nhãn
        fig.set_layout_engine("none")  # từ đây bố cục đứng yên: con số dài thêm cũng không làm hình nhảy
        self.groups, self.movers, self.moving, self.background = _drawing_order(fig), set(), [], None
        self._index()

    def paint(self):
        """Đưa bức hình về trạng thái hiện tại của các artist; trả về mảng RGBA dạng ``(cao, rộng, 4)``."""
        groups = _drawing_order(self.fig)
        for artist, array in self.arrays.items():
            if artist.get_array() is not array:  # set_array là chỗ duy nhất matplotlib quên đánh dấu
                artist.stale, self.arrays[artist] = True, artist.get_array()
        moved = {artist for artist, parts in self.parts.items() if any(part.stale for part in parts)}
        for axes, artists in groups:
            if axes is not None and self.extents.get(axes) != (now := _extents(axes)):
                self.extents[axes] = now
                moved.update(artists)
        repainted = any(patch.stale for patch in self.patches)
        if self.background is None or repainted or groups != self.groups or not moved <= self.movers:
            self.groups = groups
            self._split(moved | self.movers)
        self.canvas.restore_region(self.background)
        renderer = self.canvas.get_renderer()
        for artist in self.moving:
            artist.draw(renderer)
        self._settle()
        return np.asarray(self.canvas.buffer_rgba())

    def scale(self, dpi):
        """Đổi số điểm ảnh một inch: cùng bức hình, cùng bố cục, vẽ lại to hay nhỏ hơn."""
        if dpi != self.fig.get_dpi():
            self.fig.set_dpi(dpi)
            self.canvas.draw()
            self._split(self.movers)

    def notice(self, message):
        """Tấm bảng báo đè lên bức hình đang có; lần `paint` sau dựng lại hình từ đầu."""
        board = Text(
            0.5,
            0.5,
            message,
            ha="center",
            va="center",
            fontsize=13,
            color="black",
            bbox={"boxstyle": "round,pad=0.8", "facecolor": "#fff3cd", "edgecolor": "#b35900", "linewidth": 2},
        )
        board.set_figure(self.fig)
        board.set_transform(self.fig.transFigure)
        board.draw(self.canvas.get_renderer())
        self.background = None
        return np.asarray(self.canvas.buffer_rgba())

    def _split(self, moved):
        """Chia các artist thành phần chuyển động (``movers`` và những gì nằm trên chúng) và nền, rồi vẽ nền."""
        renderer, whole = self.canvas.get_renderer(), self.fig.bbox
        moving, lines, boxes = [], [], []
        for axes, artists in self.groups:
            reach = (
                [whole] if _overlaps(axes or artists[0], boxes, renderer) else []
            )  # chỗ mà phần chuyển động có thể tô lên
            for artist in artists:
                if artist in moved:
                    moving.append(artist)
                    clip = artist.get_clip_box() if artist.get_clip_on() else None
                    reach.append(clip.padded(1) if clip else whole)
                    boxes.append(clip.padded(1) if clip else artist.get_tightbbox(renderer) or whole)
                elif not reach or not artist.get_visible():
                    continue
                elif isinstance(artist, Axis) and not _overlaps(artist, reach, renderer):
                    ticks = [
                        line
                        for tick in artist._update_ticks()
                        for line in (tick.gridline, tick.tick1line, tick.tick2line)
                    ]
                    visible = [line for line in ticks if line.get_visible()]
                    lines, moving = lines + visible, moving + visible  # nhãn nằm ngoài: chỉ vạch và lưới phải vẽ lại
                elif not isinstance(artist, (Text, Legend)) or _overlaps(artist, reach, renderer):
                    moving.append(artist)
        for artist in {*self.moving, *moving}:
            artist.set_animated(artist in moving and artist not in lines)
        for line in lines:
            line.set_visible(False)
        self.canvas.draw()
        background = self.canvas.copy_from_bbox(self.fig.bbox)
        for line in lines:
            line.set_visible(True)
        self.movers, self.moving, self.background = moved, moving, background
        self._index()

    def _index(self):
        """Ghi lại mọi artist con của từng artist, và khoảng của từng ``Axes``, để lần sau biết cái gì đã đổi."""
        self.parts = {artist: artist.findobj() for _, artists in self.groups for artist in artists}
        self.extents = {axes: _extents(axes) for axes, _ in self.groups if axes is not None}
        self.patches = [self.fig.patch, *(axes.patch for axes in self.fig.axes)]  # màu nền không nằm trong artist nào
        mappables = (part for parts in self.parts.values() for part in parts if isinstance(part, ScalarMappable))
        self.arrays = {part: part.get_array() for part in mappables}
        self._settle()

    def _settle(self):
        for parts in (self.patches, *self.parts.values()):
            for part in parts:
                part.stale = False


def _drawing_order(fig):
    """``[(axes, [artist, …]), …]`` theo thứ tự matplotlib vẽ; artist không thuộc ``Axes`` nào đứng một mình."""
    groups = []
    for child in sorted(fig.get_children(), key=Artist.get_zorder):
        if isinstance(child, Axes):
            hidden = {child.patch}
            hidden.update([] if child.axison else child.findobj(Axis, include_self=False))
            hidden.update([] if child.axison and child.get_frame_on() else child.spines.values())
            artists = [artist for artist in child.get_children() if artist not in hidden]
            groups.append((child, sorted(artists, key=Artist.get_zorder) if child.get_visible() else []))
        elif child is not fig.patch:
            groups.append((None, [child]))
    return groups


def _overlaps(artist, boxes, renderer):
    box = artist.get_tightbbox(renderer)
    return box is not None and box.count_overlaps(boxes) > 0


def _extents(axes):
    axes.apply_aspect()  # tỷ lệ cố định: khoảng của trục đổi thì khung cũng đổi
    return axes.viewLim.get_points().tobytes() + axes.bbox.get_points().tobytes()


def _png(rgba, level):
    """Mã hóa PNG (RFC 2083). Bộ lọc "Up" ghi mỗi dòng bằng hiệu với dòng trên: nền phẳng thành số 0, nén rất nhanh."""
    height, width = rgba.shape[:2]
    rgb = np.empty((height, width, 3), np.uint8)
    for channel in range(3):  # nhanh gấp đôi rgba[..., :3].copy()
        rgb[..., channel] = rgba[..., channel]
    rows = rgb.reshape(height, width * 3)
    filtered = np.full((height, width * 3 + 1), 2, np.uint8)
    filtered[0, 1:] = rows[0]
    np.subtract(rows[1:], rows[:-1], out=filtered[1:, 1:])
    chunks = {
        b"IHDR": struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0),
        b"IDAT": zlib.compress(filtered, level),
        b"IEND": b"",
    }
    packed = [
        struct.pack(">I", len(c)) + kind + c + struct.pack(">I", zlib.crc32(kind + c)) for kind, c in chunks.items()
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(packed)


# --- Hình sống: điều khiển + điểm ảnh + trang web ---


def live(*, figsize=(10, 4.6), **controls):
    """Biến một hàm vẽ thành hình sống.

    Parameters
    ----------
    figsize : (float, float)
        Rộng và cao, tính bằng inch (100 điểm ảnh một inch).
    **controls : slider, dropdown hoặc checkbox
        Mỗi điều khiển một đối số của ``update``, cùng tên.

    Returns
    -------
    callable
        Decorator nhận hàm ``draw(fig) -> update`` và trả về `LiveFigure`; để tên hình ở cuối ô thì hình hiện ra.

    Raises
    ------
    TypeError
        Khi một điều khiển không thuộc ba loại trên, hoặc ``draw`` không trả về hàm ``update`` có đúng các đối số đó.

    Examples
    --------
    >>> @live(k=slider(0, 9, step=1, value=3, label="k"))
    ... def counter(fig):
    ...     text = fig.text(0.5, 0.5, "")
    ...     def update(k):
    ...         text.set_text(str(k))
    ...         return f"k bằng {k}."
    ...     return update
    >>> counter
    k bằng 3.
    >>> counter.set(k=7)
    'k bằng 7.'
    """
    for name, control in controls.items():
        if not isinstance(control, (slider, dropdown, checkbox)):
            raise TypeError(
                f"{name} cần là slider(...), dropdown(...) hoặc checkbox(...), nhưng nhận được {control!r}."
            )
    return lambda draw: LiveFigure(draw, controls, figsize)


class LiveFigure:
    """Một hình có điều khiển; dựng bằng `live`.

    Attributes
    ----------
    values : dict
        Giá trị hiện tại của mọi điều khiển.
    words : str
        Bức hình hiện tại kể bằng lời, có con số.
    error : Exception hoặc None
        Lỗi của lần ``update`` gần nhất; lỗi hiện ngay trong hình, và hình vẫn sống.
    """

    def __init__(self, draw, controls, figsize):
        self.name, self.controls, self.error = draw.__name__, controls, None
        self.values = {name: control.value for name, control in controls.items()}
        self._lock = threading.RLock()  # JupyterLab gọi từ một luồng khác với luồng chạy ô
        self._widgets, self._quiet = None, False
        with matplotlib.style.context(plots.STYLE):
            fig = Figure(figsize=figsize)
            self._update = _checked_update(draw(fig), self)
            self.words = self._update(**self.values)
            self._painter = Painter(fig)
        self._update(**self.values)  # gọi lại với cùng giá trị: ai vừa bị sửa chính là phần chuyển động
        self._painter.paint()
        self._painter.scale(plots.dots_per_inch(fig))
        self._pixels = self._painter.paint()
        if self.name in figures:
            figures[self.name].close()
        figures[self.name] = self

    def set(self, **values):
        """Đặt một hay nhiều điều khiển như tay người đặt; trả về câu kể bức hình mới."""
        for name, value in values.items():
            _check.choice("tên điều khiển", name, list(self.controls))
            control = self.controls[name]
            if isinstance(control, slider):
                _check.number(name, value, low=control.low, high=control.high)
            else:
                _check.choice(name, value, control.choices())
        with self._lock:
            self._quiet = True
            for name, value in values.items():
                if self._widgets:
                    self._widgets[name].value = value
            self._quiet = False
            self._show({**self.values, **values})
            return self.words

    def reset(self):
        """Đưa mọi điều khiển về giá trị lúc mở hình; hình có trí nhớ thì quên hết."""
        with self._lock:
            if self._update.restart is not None:
                self._update.restart()
                self.values = {}
        return self.set(**{name: control.value for name, control in self.controls.items()})

    def refit(self):
        """Vẽ lại cho vừa khung trình chiếu hiện thời (`plots.screen`)."""
        with self._lock:
            try:
                self._painter.scale(plots.dots_per_inch(self._painter.fig))
                self._pixels = self._painter.paint()
            except Exception as error:  # update vừa hỏng có thể để lại artist không vẽ được
                self.error = self.error or error
            if self.error is not None:
                self._pixels = self._painter.notice(textwrap.fill(self.words, 76))
            if self._widgets:
                self._image.layout.width = self._caption.layout.max_width = f"{self._pixels.shape[1]}px"
                self._image.value = _png(self._pixels, level=1)

    def close(self):
        """Bỏ các widget khỏi trang: ô vừa chạy lại, hình cũ nhường chỗ."""
        if self._widgets:
            for widget in (*self._box.children[0].children, *self._box.children, self._box):
                widget.close()

    def _show(self, values):
        """Tính và hiện hình cho các giá trị này; đã hiện đúng hình ấy rồi thì thôi."""
        if values == self.values and self.error is None:
            return
        self.values = values
        try:
            self.words = self._update(**values)
            self._pixels, self.error = self._painter.paint(), None
        except Exception as error:  # lỗi nào của update cũng phải hiện ra cho người đang kéo thanh trượt thấy
            self.error, self.words = error, self._told(error)
            self._pixels = self._painter.notice(textwrap.fill(self.words, 76))
        if self._widgets:
            self._image.value = _png(self._pixels, level=1)
            time.sleep(0)  # nhường cho luồng gửi: hình đi trước, lời theo sau
            self._caption.value = _caption(self.words)

    def _told(self, error):
        settings = ", ".join(f"{self.controls[name].label} = {value}" for name, value in self.values.items())
        return f"Hình gặp lỗi khi {settings}. {type(error).__name__}: {error} Hãy chọn giá trị khác, hoặc bấm Đặt lại."

    def _changed(self, change):
        with self._lock:
            if not self._quiet:
                self._show({name: widget.value for name, widget in self._widgets.items()})

    def _build(self):
        """Dựng widget, một lần, khi hình hiện ra lần đầu."""
        self._widgets = {name: control.widget() for name, control in self.controls.items()}
        for name, widget in self._widgets.items():
            widget.value = self.values[name]
            widget.observe(self._changed, names="value")
        reset = widgets.Button(description="Đặt lại", icon="undo", layout=widgets.Layout(width="auto"))
        reset.on_click(lambda _: self.reset())
        row = [part for name, control in self.controls.items() for part in _with_play(control, self._widgets[name])]
        width = f"{self._pixels.shape[1]}px"
        self._image = widgets.Image(
            format="png", value=_png(self._pixels, level=1), layout=widgets.Layout(width=width, max_width="100%")
        )
        self._caption = widgets.HTML(_caption(self.words), layout=widgets.Layout(max_width=width))
        bar = widgets.HBox([*row, reset], layout=widgets.Layout(flex_flow="row wrap", align_items="center"))
        self._box = widgets.VBox([bar, self._image, self._caption])

    def _ipython_display_(self):
        with self._lock:
            if not self._widgets:
                self._build()
            picture = base64.b64encode(_png(self._pixels, level=9)).decode()
            view = {"version_major": 2, "version_minor": 0, "model_id": self._box.model_id}
            bundle = {"text/plain": self.words, "image/png": picture, "application/vnd.jupyter.widget-view+json": view}
            display(bundle, metadata={"image/png": {"alt": self.words}}, raw=True)

    def __repr__(self):
        return self.words


def _checked_update(update, figure):
    """``update`` phải nhận đúng các điều khiển; nói ngay lúc định nghĩa, bằng tiếng Việt."""
    names = ", ".join(figure.controls)
    if not callable(update):
        raise TypeError(
            f"{figure.name}(fig) cần trả về hàm update({names}), nhưng trả về {update!r}. Có quên dòng "
            f"return update không?"
        )
    try:
        inspect.signature(update).bind(**figure.values)
    except TypeError:
        raise TypeError(
            f"update{inspect.signature(update)} của {figure.name} cần nhận đúng các điều khiển: update({names})."
        ) from None

    def checked(**values):
        words = update(**values)
        if not isinstance(words, str):
            raise TypeError(f"update của {figure.name} cần trả về một câu kể bức hình, nhưng trả về {words!r}.")
        return words

    checked.restart = getattr(update, "restart", None)
    return checked


def _with_play(control, widget):
    """Thanh trượt, và nút chạy của nó nếu có."""
    if not (isinstance(control, slider) and control.play):
        return [widget]
    choices = control.choices()
    index = lambda value: round((value - control.low) / control.step)  # noqa: E731
    play = widgets.Play(min=0, max=len(choices) - 1, step=1, value=index(widget.value), interval=100, show_repeat=False)
    play.observe(lambda change: setattr(widget, "value", choices[change["new"]]), names="value")
    widget.observe(lambda change: setattr(play, "value", index(change["new"])), names="value")
    return [play, widget]


def _caption(words):
    return f'<div role="status" style="font-size: 15px; line-height: 1.5; min-height: 3em">{html.escape(words)}</div>'
