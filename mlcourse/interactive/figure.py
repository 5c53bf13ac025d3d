"""Hình sống: nối các điều khiển, `Painter` và trang web."""

import base64
import contextlib
import html
import inspect
import textwrap
import threading
import time

import ipywidgets as widgets
import matplotlib.style
from IPython import get_ipython
from IPython.display import display
from matplotlib.figure import Figure

from mlcourse import _check, plots
from mlcourse.interactive import screen
from mlcourse.interactive.controls import checkbox, dropdown, slider, with_play
from mlcourse.interactive.painter import Painter, png

WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
CAPTION = '<div role="status" style="font-size: 15px; line-height: 1.5; min-height: 3em">{}</div>'

LAST = (
    '<img alt="" style="max-width: 100%" src="data:image/png;base64,{}"><div>{}</div>'
    "<div><em>Bức ảnh cuối: hình này vừa chạy ở một ô hay một tab khác. Muốn kéo ở đây, hãy chạy lại ô này.</em></div>"
)


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
            wanted = "slider(...), dropdown(...) hoặc checkbox(...)"
            raise TypeError(f"{name} cần là {wanted}, nhưng nhận được {control!r}.")
    return lambda draw: LiveFigure(draw, controls, figsize)


class LiveFigure:
    """Một hình có điều khiển; dựng bằng `live`.

    Attributes
    ----------
    controls : dict
        Tên đối số của ``update`` -> slider, dropdown hoặc checkbox.
    values : dict
        Giá trị hiện tại của mọi điều khiển.
    words : str
        Bức hình hiện tại kể bằng lời, có con số.
    error : Exception hoặc None
        Lỗi của lần ``update`` gần nhất; lỗi hiện ngay trong hình, và hình vẫn sống.
    """

    def __init__(self, draw, controls, figsize):
        self.name, self.controls, self._draw, self._figsize = draw.__name__, controls, draw, figsize
        self._lock = threading.RLock()  # JupyterLab gọi từ một luồng khác với luồng chạy ô
        self._page = self._place = None  # các widget, và chỗ của hình trên trang
        self._open()
        if self.name in screen.figures:
            screen.figures[self.name].close()
        screen.figures[self.name] = self

    def set(self, **values):
        """Đặt một hay nhiều điều khiển như tay người đặt; trả về câu kể bức hình mới."""
        for name, value in values.items():
            _check.choice("tên điều khiển", name, list(self.controls))
            control = self.controls[name]
            if isinstance(control, slider):
                _check.number(name, value, low=control.low, high=control.high)
            else:
                _check.choice(name, value, control.choices())
        with self._opened():
            self._show({**self.values, **values})
            if self._page:
                for name, value in values.items():
                    self.inputs[name].value = value
            return self.words

    def reset(self):
        """Đưa mọi điều khiển về giá trị lúc mở hình; hình có trí nhớ thì quên hết."""
        with self._opened():
            if hasattr(self._update, "restart"):
                self._update.restart()
                self.values = {}
            return self.set(**{name: control.value for name, control in self.controls.items()})

    def frame(self):
        """Bức hình đang hiện: bản chép của các điểm ảnh, uint8 dạng ``(cao, rộng, 4)``."""
        with self._opened():
            return self._pixels.copy()

    def redraw(self):
        """Cũng bức hình ấy, do matplotlib vẽ lại từ đầu, không có bảng báo lỗi; phải trùng với `frame`."""
        with self._opened():
            return self._painter.redraw()

    @property
    def widget(self):
        """Cả hình như trên trang, một ``VBox``: hàng điều khiển (nút *Đặt lại* ở cuối), ảnh, câu kể."""
        return self._built().box

    @property
    def inputs(self):
        """Tên điều khiển -> widget của nó."""
        return self._built().inputs

    def refit(self):
        """Vẽ lại cho vừa khung trình chiếu hiện thời (`projector`)."""
        with self._opened():
            self._painter.scale(screen.dots_per_inch(self._painter.fig))
            self._paint()

    def close(self):
        """Nhường chỗ cho hình mới khi ô chạy lại: bỏ mọi widget khỏi trang, bỏ cả bức vẽ.

        Nơi khác còn hiện hình này (một tab khác, ô được chép ra) thì ở đó còn lại bức ảnh. IPython còn giữ hình trong
        ``Out``; ai dùng lại nó thì nó mở lại từ đầu.
        """
        with self._lock:
            if self._place and hasattr(get_ipython(), "kernel"):  # cửa sổ lệnh không thay được chữ đã in
                picture = png(self._pixels, level=9)
                page = LAST.format(base64.b64encode(picture).decode(), html.escape(self.words))
                bundle, options = screen.told(picture, self.words, **{"text/html": page})
                self._place.update(bundle, **options)
            if self._page:
                self._page.close()
            self._page = self._place = self._update = self._painter = self._pixels = None

    def _open(self):
        """Vẽ cả hình, với các giá trị lúc mở."""
        self.values, self.error = {name: control.value for name, control in self.controls.items()}, None
        with matplotlib.style.context(plots.STYLE):
            fig = Figure(figsize=self._figsize)
            self._update = _checked_update(self._draw(fig), self)
            self.words = self._told()
            self._painter = Painter(fig)
        self._told()  # gọi lại với cùng giá trị: ai vừa bị sửa chính là phần chuyển động
        self._painter.paint()
        self._painter.scale(screen.dots_per_inch(fig))
        self._pixels = self._painter.paint()

    @contextlib.contextmanager
    def _opened(self):
        """Giữ khóa, với hình đang mở."""
        with self._lock:
            if self._painter is None:
                self._open()
            yield

    def _told(self):
        """Gọi ``update`` với các giá trị hiện tại; trả về câu kể."""
        words = self._update(**self.values)
        if not isinstance(words, str):
            raise TypeError(f"update của {self.name} cần trả về một câu kể bức hình, nhưng trả về {words!r}.")
        return words

    def _show(self, values):
        """Tính và hiện hình cho các giá trị này; đã hiện đúng hình ấy rồi thì thôi."""
        if values == self.values and self.error is None:
            return
        self.values = values
        try:
            self.words, self.error = self._told(), None
        except Exception as error:  # lỗi nào của update cũng phải hiện ra cho người đang kéo thanh trượt thấy
            self._fail(error)
        self._paint()

    def _paint(self):
        """Vẽ hình, đè bảng báo lên nếu có lỗi, rồi đưa lên trang."""
        try:
            self._pixels = self._painter.paint()
        except Exception as error:  # update có thể để lại artist không vẽ được
            self._fail(self.error or error)
        if self.error is not None:
            self._pixels = self._painter.notice(textwrap.fill(self.words, 76))
        if self._page:
            self._page.show(self._pixels, self.words)

    def _fail(self, error):
        settings = ", ".join(f"{self.controls[name].label} = {value}" for name, value in self.values.items())
        fault, remedy = f"{type(error).__name__}: {error}", "Hãy chọn giá trị khác, hoặc bấm Đặt lại."
        self.error, self.words = error, f"Hình gặp lỗi khi {settings}. {fault} {remedy}"

    def _built(self):
        """Phần của hình trên trang, dựng khi cần đến lần đầu."""
        with self._opened():
            if self._page is None:
                self._page = _Page(self, self._moved)
                self._page.show(self._pixels, self.words)
            return self._page

    def _moved(self, name):
        with self._lock:  # chờ khóa xong mới đọc: nhiều luồng cùng kéo thì giá trị cuối thắng
            if self._page:
                self._show({**self.values, name: self.inputs[name].value})

    def _ipython_display_(self):
        with self._opened():
            view = {"version_major": 2, "version_minor": 0, "model_id": self.widget.model_id}
            bundle, options = screen.told(png(self._pixels, level=9), self.words, **{WIDGET_VIEW: view})
            if self._place:
                self._place.display(bundle, **options)
            else:
                self._place = display(bundle, **options, display_id=True)

    def __repr__(self):
        return self.words


class _Page:
    """Các widget của một hình: điều khiển, nút *Đặt lại*, ảnh, câu kể."""

    def __init__(self, figure, moved):
        self.inputs, row = {}, []
        for name, control in figure.controls.items():
            self.inputs[name] = widget = control.widget()
            widget.value = figure.values[name]
            widget.observe(lambda _, name=name: moved(name), names="value")
            row += with_play(control, widget)
        reset = widgets.Button(description="Đặt lại", icon="undo", layout=widgets.Layout(width="auto"))
        reset.on_click(lambda _: figure.reset())
        wrap = widgets.Layout(flex_flow="row wrap", align_items="center")
        self.image = widgets.Image(format="png", layout=widgets.Layout(max_width="100%"))
        self.caption = widgets.HTML()
        self.box = widgets.VBox([widgets.HBox([*row, reset], layout=wrap), self.image, self.caption])

    def show(self, pixels, words):
        self.image.layout.width = self.caption.layout.max_width = f"{pixels.shape[1]}px"
        self.image.value = png(pixels, level=1)
        time.sleep(0)  # nhường cho luồng gửi: hình đi trước, lời theo sau
        self.caption.value = CAPTION.format(html.escape(words))

    def close(self):
        for widget in _with_all_parts(self.box):
            widget.close()


def _with_all_parts(widget):
    """Widget này, và mọi widget nó mang theo: các con, bố cục, kiểu chữ."""
    parts = (*getattr(widget, "children", ()), getattr(widget, "layout", None), getattr(widget, "style", None))
    return [widget, *(one for part in parts if part is not None for one in _with_all_parts(part))]


def _checked_update(update, figure):
    """``update`` phải nhận đúng các điều khiển; nói ngay lúc định nghĩa, bằng tiếng Việt."""
    name, wanted = figure.name, f"update({', '.join(figure.controls)})"
    if not callable(update):
        forgot = "Có quên dòng return update không?"
        raise TypeError(f"{name}(fig) cần trả về hàm {wanted}, nhưng trả về {update!r}. {forgot}")
    given = inspect.signature(update)
    try:
        given.bind(**figure.values)
    except TypeError:
        raise TypeError(f"update{given} của {name} cần nhận đúng các điều khiển: {wanted}.") from None
    return update
