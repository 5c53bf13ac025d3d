"""Hình sống: nối các điều khiển, `Painter` và trang web."""

import base64
import html
import inspect
import textwrap
import threading
import time

import ipywidgets as widgets
import matplotlib.style
from IPython.display import display
from matplotlib.figure import Figure

from mlcourse import _check, plots
from mlcourse.interactive import screen
from mlcourse.interactive.controls import checkbox, dropdown, slider, with_play
from mlcourse.interactive.painter import Painter, png

WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"


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
        self.name, self.controls, self.error = draw.__name__, controls, None
        self.values = {name: control.value for name, control in controls.items()}
        self._lock = threading.RLock()  # JupyterLab gọi từ một luồng khác với luồng chạy ô
        self._page, self._quiet = None, False
        with matplotlib.style.context(plots.STYLE):
            fig = Figure(figsize=figsize)
            self._update = _checked_update(draw(fig), self)
            self.words = self._update(**self.values)
            self._painter = Painter(fig)
        self._update(**self.values)  # gọi lại với cùng giá trị: ai vừa bị sửa chính là phần chuyển động
        self._painter.paint()
        self._painter.scale(screen.dots_per_inch(fig))
        self._pixels = self._painter.paint()
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
        with self._lock:
            if self._page:
                self._quiet = True
                for name, value in values.items():
                    self.inputs[name].value = value
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

    def frame(self):
        """Bức hình đang hiện: bản chép của các điểm ảnh, uint8 dạng ``(cao, rộng, 4)``."""
        with self._lock:
            return self._pixels.copy()

    def redraw(self):
        """Cũng bức hình ấy, do matplotlib vẽ lại mọi thứ từ đầu; phải trùng với `frame` từng điểm ảnh."""
        with self._lock:
            pixels = self._painter.redraw()
            self._pixels = self._painter.paint()
            return pixels

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
        with self._lock:
            try:
                self._painter.scale(screen.dots_per_inch(self._painter.fig))
                self._pixels = self._painter.paint()
            except Exception as error:  # update vừa hỏng có thể để lại artist không vẽ được
                self.error = self.error or error
            if self.error is not None:
                self._pixels = self._painter.notice(textwrap.fill(self.words, 76))
            if self._page:
                self._page.resize(self._pixels)

    def close(self):
        """Bỏ các widget khỏi trang: ô vừa chạy lại, hình cũ nhường chỗ."""
        if self._page:
            self._page.close()

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
        if self._page:
            self._page.show(self._pixels, self.words)

    def _told(self, error):
        settings = ", ".join(f"{self.controls[name].label} = {value}" for name, value in self.values.items())
        return f"Hình gặp lỗi khi {settings}. {type(error).__name__}: {error} Hãy chọn giá trị khác, hoặc bấm Đặt lại."

    def _built(self):
        """Phần của hình trên trang, dựng khi cần đến lần đầu."""
        with self._lock:
            if self._page is None:
                self._page = _Page(self.controls, self.values, self._pixels, self.words)
                for widget in self._page.inputs.values():
                    widget.observe(self._changed, names="value")
                self._page.reset.on_click(lambda _: self.reset())
            return self._page

    def _changed(self, change):
        with self._lock:
            if not self._quiet:
                self._show({name: widget.value for name, widget in self.inputs.items()})

    def _ipython_display_(self):
        with self._lock:
            view = {"version_major": 2, "version_minor": 0, "model_id": self.widget.model_id}
            picture = base64.b64encode(png(self._pixels, level=9)).decode()
            bundle, options = screen.told(picture, self.words, **{WIDGET_VIEW: view})
            display(bundle, **options)

    def __repr__(self):
        return self.words


class _Page:
    """Các widget của một hình: điều khiển, nút *Đặt lại*, ảnh, câu kể."""

    def __init__(self, controls, values, pixels, words):
        self.inputs = {name: control.widget() for name, control in controls.items()}
        for name, widget in self.inputs.items():
            widget.value = values[name]
        self.reset = widgets.Button(description="Đặt lại", icon="undo", layout=widgets.Layout(width="auto"))
        row = [part for name, control in controls.items() for part in with_play(control, self.inputs[name])]
        wrap = widgets.Layout(flex_flow="row wrap", align_items="center")
        width = f"{pixels.shape[1]}px"
        self.image = widgets.Image(format="png", layout=widgets.Layout(width=width, max_width="100%"))
        self.caption = widgets.HTML(layout=widgets.Layout(max_width=width))
        self.box = widgets.VBox([widgets.HBox([*row, self.reset], layout=wrap), self.image, self.caption])
        self.show(pixels, words)

    def show(self, pixels, words):
        self.image.value = png(pixels, level=1)
        time.sleep(0)  # nhường cho luồng gửi: hình đi trước, lời theo sau
        self.caption.value = (
            f'<div role="status" style="font-size: 15px; line-height: 1.5; min-height: 3em">{html.escape(words)}</div>'
        )

    def resize(self, pixels):
        self.image.layout.width = self.caption.layout.max_width = f"{pixels.shape[1]}px"
        self.image.value = png(pixels, level=1)

    def close(self):
        for widget in (*self.box.children[0].children, *self.box.children, self.box):
            widget.close()


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
