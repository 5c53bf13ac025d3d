"""Hình sống: điểm ảnh, điều khiển, lỗi, luồng."""

import base64
import io
import json
import os
import subprocess
import sys
import threading

import matplotlib.pyplot as plt
import matplotlib.style
import nbformat
import numpy as np
import pytest
from ipywidgets.widgets import widget
from matplotlib.figure import Figure
from nbclient import NotebookClient
from PIL import Image

from mlcourse import interactive, plots
from mlcourse.interactive import checkbox, dropdown, live, show, slider
from mlcourse.interactive.painter import Painter, png
from mlcourse.interactive.screen import dots_per_inch
from tests.helpers.live import drive
from tools.lessons import ROOT


@pytest.fixture(autouse=True)
def _fresh():
    interactive.figures.clear()
    yield
    interactive.figures.clear()


def k_slider():
    return slider(0, 9, step=1, value=3, label="k")


def shown(figure, monkeypatch):
    """Gói MIME mà hình gửi cho trang."""
    sent = []
    monkeypatch.setattr("mlcourse.interactive.figure.display", lambda bundle, **told: sent.append((bundle, told)))
    figure._ipython_display_()
    return sent[0]


def parts(figure):
    """Ba phần của hình trên trang: hàng điều khiển, ảnh, câu kể."""
    bar, image, caption = figure.widget.children
    return list(bar.children), image, caption


# --- mỗi hình một kiểu artist, để phần vẽ lại trùng từng điểm ảnh với vẽ từ đầu ---


def moving_line(fig):
    ax = fig.subplots()
    ax.plot(range(10), "o-", label="đứng yên")
    line = ax.axvline(0, color="k")
    ax.legend(loc="upper left")
    return lambda k: line.set_xdata([k, k])


def moving_image(fig):
    ax, other = fig.subplots(1, 2)
    image = ax.imshow(np.arange(6).reshape(2, 3), vmin=0, vmax=9)
    texts = [ax.text(j, i, "", ha="center") for i in range(2) for j in range(3)]
    ax.set(title="Ma trận", xlabel="dự đoán")
    other.plot([1, 2])

    def move(k):
        image.set_data(np.full((2, 3), k))
        for text in texts:
            text.set_text(f"{k * 111}")

    return move


def moving_bars_and_title(fig):
    ax = fig.subplots()
    bars = ax.barh(["một", "hai"], [1, 1])
    ax.grid(True, alpha=0.5)
    ax.set_xlim(0, 10)

    def move(k):
        bars[0].set_width(k)
        ax.set_title(f"k = {k}")

    return move


def moving_limits(fig):
    ax, other = fig.subplots(2, 1, sharex=True)
    (line,) = ax.plot([0, 1], [0, 1])
    other.plot([0, 1], [1, 0])

    def move(k):
        line.set_data([0, k + 1], [0, k])
        ax.relim()
        ax.autoscale_view()

    return move


def artists_come_and_go(fig):
    ax = fig.subplots()
    ax.set(xlim=(0, 10), ylim=(0, 10))

    def move(k):
        for line in list(ax.lines):
            line.remove()
        for i in range(k):
            ax.plot([0, i], [i, 0], color="k")

    return move


def twins_insets_and_figure_text(fig):
    ax = fig.subplots()
    ax.plot([0, 9], [0, 9])
    twin = ax.twinx()
    twin.plot([0, 9], [9, 5], "--")
    inset = ax.inset_axes([0.1, 0.6, 0.3, 0.3])
    (dot,) = inset.plot([0], [0], "o")
    inset.set(xlim=(-1, 10), ylim=(-1, 10))
    (point,) = ax.plot([0], [0], "s")
    head = fig.suptitle("đầu hình")

    def move(k):
        dot.set_data([k], [k])
        point.set_data([k], [9 - k])
        head.set_text(f"đầu hình {k}")

    return move


def hidden_axes_and_patch(fig):
    ax, other = fig.subplots(1, 2)
    other.axis("off")
    text = other.text(0.5, 0.5, "")

    def move(k):
        ax.set_visible(k % 2 == 0)
        ax.set_facecolor((1, 1, k / 10))
        text.set_text(str(k))

    return move


def only_the_background_colour(fig):
    ax = fig.subplots()

    def move(k):
        ax.set_facecolor((1, 1, k / 10))
        fig.set_facecolor((k / 10, 1, 1))

    return move


def equal_aspect_and_collection(fig):
    ax = fig.subplots()
    dots = ax.scatter(range(5), range(5), s=200)
    ax.set_aspect("equal")

    def move(k):
        dots.set_offsets(np.c_[range(5), np.linspace(0, k, 5)])
        ax.set_xlim(-1, 4 + k)

    return move


def moving_mesh(fig):
    ax = fig.subplots()
    mesh = ax.pcolormesh(np.zeros((2, 3)), vmin=0, vmax=9)
    return lambda k: mesh.set_array(np.full((2, 3), k))


KINDS = [
    moving_line,
    moving_image,
    moving_mesh,
    moving_bars_and_title,
    moving_limits,
    artists_come_and_go,
    twins_insets_and_figure_text,
    hidden_axes_and_patch,
    only_the_background_colour,
    equal_aspect_and_collection,
]


def as_live(kind, **controls):
    def draw(fig):
        move = kind(fig)

        def update(k):
            move(k)
            return f"k bằng {k}."

        return update

    draw.__name__ = kind.__name__
    return live(figsize=(6, 3), **(controls or {"k": k_slider()}))(draw)


@pytest.mark.parametrize(
    ("low", "step", "shown"),
    [(0, 1, "d"), (0.0, 0.1, ".1f"), (-3, 0.25, ".2f"), (0.0, 0.005, ".3f"), (0.125, 0.5, ".3f")],
)
def test_every_notch_reads_as_it_is(low, step, shown):
    control = slider(low, low + 4 * step, step=step, value=low, label="x")
    assert control.widget().readout_format == shown
    assert all(float(f"{value:.{control.decimals()}f}") == value for value in control.choices())


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_blitted_frame_equals_full_redraw(kind):
    figure = as_live(kind)
    drive(figure)
    drive(figure)  # lần hai: mọi artist chuyển động đã biết, nên đi hết bằng blitting


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_picture_depends_on_values_not_on_the_way_there(kind):
    figure, straight = as_live(kind), as_live(kind)
    for k in [0, 9, 4, 8, 1, 7]:
        figure.set(k=k)
    straight.set(k=7)
    assert np.array_equal(figure.frame(), straight.frame())


def painted(kind, dpi=100):
    """Một hình vẽ thẳng bằng `Painter`, đã đi qua vài giá trị; trả về (painter, hàm chuyển động)."""
    with matplotlib.style.context(plots.STYLE):
        fig = Figure(figsize=(6, 3), dpi=dpi)
        move = kind(fig)
        move(3)
        painter = Painter(fig)
    for k in (4, 5, 6):
        move(k)
        painter.paint()
    return painter, move


def test_only_what_moved_is_drawn():
    painter, _ = painted(moving_line)
    drawn = {type(artist).__name__ for artist in painter.moving}
    assert "XAxis" not in drawn and "YAxis" not in drawn
    assert len(painter.movers) == 1


def test_what_stands_still_beside_is_not_drawn_again():
    """Hai khung cạnh nhau: khung bên kia đứng yên thì không artist nào của nó vẽ lại."""
    painter, _ = painted(moving_image)
    other = painter.fig.axes[1]
    assert painter.moving and not any(artist.axes is other for artist in painter.moving)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_redraw_leaves_the_painter_as_it_was(kind):
    painter, move = painted(kind)
    movers = set(painter.movers)
    before = painter.paint().copy()
    assert np.array_equal(painter.redraw(), before) and np.array_equal(painter.paint(), before)
    move(7)
    assert np.array_equal(painter.paint().copy(), painter.redraw()) and movers <= painter.movers


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_redraw_forgets_no_change(kind):
    """Đổi, vẽ lại từ đầu, rồi mới `paint`: phần vừa đổi vẫn được vẽ, dù lúc trước nó chưa từng chuyển động."""
    with matplotlib.style.context(plots.STYLE):
        fig = Figure(figsize=(6, 3))
        move = kind(fig)
        move(3)
        painter = Painter(fig)
    before = painter.paint().copy()
    move(8)
    whole = painter.redraw()
    assert not np.array_equal(whole, before) and np.array_equal(painter.paint(), whole)


def test_png_decodes_to_the_same_pixels():
    pixels = as_live(moving_image).frame()
    assert np.array_equal(np.asarray(Image.open(io.BytesIO(png(pixels, 1))).convert("RGB")), pixels[..., :3])


def test_frame_is_a_copy():
    figure = as_live(moving_line)
    frame = figure.frame()
    frame[:] = 0
    assert figure.frame().any() and figure.frame().dtype == np.uint8


# --- trang web ---


def test_saved_notebook_gets_a_picture_and_words(monkeypatch):
    figure = as_live(moving_line)
    bundle, options = shown(figure, monkeypatch)
    assert bundle["text/plain"] == "k bằng 3."
    assert options["metadata"]["image/png"]["alt"] == "k bằng 3."
    assert base64.b64decode(bundle["image/png"]).startswith(b"\x89PNG")
    assert bundle["application/vnd.jupyter.widget-view+json"]["model_id"] == figure.widget.model_id
    assert repr(figure) == "k bằng 3."


def test_controls_move_the_picture_and_reset_brings_it_back(monkeypatch):
    figure = live(
        k=slider(0, 9, step=1, value=3, label="k", play=True),
        gain=slider(0.0, 1.0, step=0.05, value=0.5, label="hệ số"),
        kind=dropdown([("bình phương", 2), ("lập phương", 3)], label="lũy thừa"),
        flip=checkbox(label="đổi dấu"),
    )(power)
    shown(figure, monkeypatch)
    (play, *_, reset), image, caption = parts(figure)
    opening, words = bytes(image.value), figure.words
    for change in [
        lambda: setattr(figure.inputs["k"], "value", 4),
        lambda: setattr(figure.inputs["gain"], "value", 0.75),
        lambda: setattr(figure.inputs["kind"], "value", 3),
        lambda: setattr(figure.inputs["flip"], "value", True),
        lambda: setattr(play, "value", 9),
    ]:
        before, told = bytes(image.value), caption.value
        change()
        assert bytes(image.value) != before and caption.value != told
    assert figure.values == {"k": 9, "gain": 0.75, "kind": 3, "flip": True}
    reset.click()
    assert figure.words == words and bytes(image.value) == opening
    assert figure.inputs["k"].value == 3 and play.value == 3


def power(fig):
    ax = fig.subplots()
    (line,) = ax.plot([0, 1], [0, 1])
    ax.set(xlim=(0, 1), ylim=(-1000, 1000))

    def update(k, gain, kind, flip):
        value = (-1 if flip else 1) * gain * k**kind
        line.set_ydata([0, value])
        return f"{value:.2f}"

    return update


def test_reset_makes_a_figure_with_memory_forget(monkeypatch):
    def running(fig):
        (line,) = fig.subplots().plot([0], [0])
        history = []

        def update(k):
            history.append(k)
            line.set_data(range(len(history)), history)
            return f"đã qua {len(history)} bước, đang ở {k}."

        update.restart = history.clear
        return update

    figure = live(k=k_slider())(running)
    shown(figure, monkeypatch)
    figure.set(k=5)
    assert figure.set(k=7).startswith("đã qua") and "đang ở 7" in figure.words
    assert figure.reset() == "đã qua 1 bước, đang ở 3."
    assert figure.reset() == "đã qua 1 bước, đang ở 3."  # các thanh đã ở chỗ cũ mà vẫn quên


def test_set_moves_the_controls_too(monkeypatch):
    figure = as_live(moving_line)
    shown(figure, monkeypatch)
    assert figure.set(k=8) == "k bằng 8."
    assert figure.inputs["k"].value == 8


def models():
    """Mọi widget mà kernel này đang giữ (ipywidgets 8, hay 7)."""
    return widget._instances if hasattr(widget, "_instances") else widget.Widget.widgets


def test_running_the_cell_again_replaces_the_figure(monkeypatch):
    controls = {"k": slider(0, 9, step=1, value=3, label="k", play=True), "gain": checkbox(label="g")}
    draw = lambda fig: lambda k, gain: f"k bằng {k}."
    before, first = set(models()), live(**controls)(draw)
    shown(first, monkeypatch)
    page, built = first.widget, set(models()) - before
    assert len(built) > 9, "các điều khiển, ảnh, câu kể, và bố cục của từng thứ"
    second = live(**controls)(draw)
    assert list(interactive.figures.values()) == [second]
    assert page.comm is None and set(models()) == before, "bố cục và kiểu chữ cũng phải đi theo"


def test_a_closed_figure_used_again_opens_anew(monkeypatch):
    first = live(k=k_slider())(fragile)
    opening = first.frame()
    shown(first, monkeypatch)
    page, knob = first.widget, first.inputs["k"]
    first.set(k=5)
    second = live(k=k_slider())(fragile)
    knob.value = 7  # tin đến muộn từ trang cũ: hình đã đóng thì không mở lại vì nó
    assert first.error is not None
    assert np.array_equal(first.frame(), opening) and first.error is None and first.words == "k bằng 3."
    assert first.set(k=8) == "k bằng 8." and first.widget is not page and second.words == "k bằng 3."
    first.close()
    assert first.reset() == "k bằng 3." and np.array_equal(first.redraw(), opening)


AGAIN = """\
import gc
gc.collect()  # rác chờ dọn không phải là thứ để lại
from mlcourse.interactive import live, slider
@live(k=slider(0, 9, step=1, value=3, label="k", play=True), figsize=(7, 3))
def again(fig):
    line, = fig.subplots().plot(range(10))
    def update(k):
        line.set_ydata([k] * 10)
        return f"k bằng {k}."
    return update
again
"""
LEFT = """\
import gc, json
from ipywidgets.widgets import widget
from matplotlib.figure import Figure
gc.collect()
models = widget._instances if hasattr(widget, "_instances") else widget.Widget.widgets
drawn = sum(isinstance(thing, Figure) for thing in gc.get_objects())
resident = int(open("/proc/self/statm").read().split()[1]) * 4096 / 1e6
print(json.dumps([len(models), drawn, resident]))
"""


@pytest.mark.skipif(not os.path.exists("/proc/self/statm"), reason="chỉ Linux có /proc để đọc bộ nhớ của kernel")
def test_a_cell_run_again_leaves_nothing_behind():
    """Trong kernel thật, nơi ``Out`` giữ mọi hình: 40 lần chạy không để lại widget, bức vẽ hay bộ nhớ."""
    sources = [LEFT, *[AGAIN] * 10, LEFT, *[AGAIN] * 40, LEFT]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in sources])
    NotebookClient(notebook, kernel_name="python3").execute()
    (*counts, start), (*later, end) = (json.loads(notebook.cells[i].outputs[0].text) for i in (11, 52))
    assert counts == later and later[1] == 1
    assert end - start < 40 * 0.15, f"mỗi lần chạy để lại {(end - start) / 40:.2f} MB"


def test_labels_reach_the_page(monkeypatch):
    figure = as_live(moving_line)
    shown(figure, monkeypatch)
    assert figure.inputs["k"].description == "k"
    bar, _, caption = parts(figure)
    assert bar[-1].description == "Đặt lại" and 'role="status"' in caption.value


def test_words_are_escaped(monkeypatch):
    def angle(fig):
        return lambda k: f"k < {k} & 'x'"

    figure = live(k=k_slider())(angle)
    shown(figure, monkeypatch)
    assert "k &lt; 3 &amp;" in parts(figure)[2].value


# --- lỗi ---


def fragile(fig):
    text = fig.text(0.5, 0.5, "")

    def update(k):
        text.set_text(str(k))
        if k == 5:
            raise ZeroDivisionError("chia cho 0")
        return f"k bằng {k}."

    return update


def test_error_in_update_shows_in_the_figure_and_the_figure_lives_on(monkeypatch):
    figure = live(k=k_slider())(fragile)
    shown(figure, monkeypatch)
    fine = figure.frame()
    figure.inputs["k"].value = 5
    assert "k = 5" in figure.words and "chia cho 0" in figure.words and figure.words.startswith("Hình gặp lỗi")
    assert isinstance(figure.error, ZeroDivisionError)
    wrong = figure.frame()
    assert not np.array_equal(wrong, fine)
    assert not np.array_equal(figure.redraw(), wrong) and np.array_equal(figure.frame(), wrong), "bảng báo còn nguyên"
    assert "chia cho 0" in parts(figure)[2].value
    figure.inputs["k"].value = 3
    assert figure.error is None and figure.words == "k bằng 3."
    assert np.array_equal(figure.frame(), fine) and np.array_equal(fine, figure.redraw())


def test_error_while_drawing_is_caught_too():
    def ragged(fig):
        ax = fig.subplots()
        (line,) = ax.plot([0, 1], [0, 1])

        def update(k):
            line.set_data([0, 1], [0] * (k or 2))
            return str(k)

        return update

    figure = live(k=slider(0, 4, step=1, value=2, label="k"))(ragged)
    figure.set(k=4)
    assert figure.error is not None and "Hình gặp lỗi" in figure.words
    assert figure.set(k=2) == "2" and figure.error is None


def test_error_at_definition_is_raised_where_the_author_sees_it():
    with pytest.raises(ZeroDivisionError):
        live(k=slider(0, 9, step=1, value=5, label="k"))(fragile)


@pytest.mark.parametrize(
    "draw, message",
    [
        (lambda fig: None, "cần trả về hàm update"),
        (lambda fig: lambda: "", "cần nhận đúng các điều khiển"),
        (lambda fig: lambda k, j: "", "cần nhận đúng các điều khiển"),
        (lambda fig: lambda k: None, "cần trả về một câu"),
    ],
)
def test_wrong_update_is_explained(draw, message):
    with pytest.raises(TypeError, match=message):
        live(k=k_slider())(draw)


@pytest.mark.parametrize(
    "make, error, message",
    [
        (lambda: slider(1, 0, step=1, value=0, label="k"), ValueError, "high"),
        (lambda: slider(0, 1, step=0, value=0, label="k"), ValueError, "step"),
        (lambda: slider(0, 1, step=0.1, value=2, label="k"), ValueError, "value"),
        (lambda: slider("0", 1, step=0.1, value=0, label="k"), TypeError, "low"),
        (lambda: slider(0, float("inf"), step=0.1, value=0, label="k"), ValueError, "high"),
        (lambda: dropdown([], label="k"), ValueError, "ít nhất một mục"),
        (lambda: dropdown(["a"], value="b", label="k"), ValueError, "'b'"),
        (lambda: checkbox("có", label="k"), ValueError, "'có'"),
        (lambda: live(k=3), TypeError, "slider"),
        (lambda: as_live(moving_line).set(j=1), ValueError, "'j'"),
        (lambda: as_live(moving_line).set(k=10), ValueError, "k cần nằm trong"),
    ],
)
def test_bad_input_is_explained(make, error, message):
    with pytest.raises(error, match=message):
        make()


def test_slider_choices():
    assert slider(0, 1, step=0.25, value=0.5, label="").choices() == [0, 0.25, 0.5, 0.75, 1]
    assert [type(x) for x in slider(0, 2, step=1, value=0, label="").choices()] == [int] * 3
    assert slider(0, 1, step=0.1, value=0, label="").choices()[-1] == pytest.approx(1)


# --- hình tĩnh ---


def test_show_gives_a_picture_and_its_words(monkeypatch):
    sent = []
    monkeypatch.setattr("mlcourse.interactive.screen.display", lambda bundle, **told: sent.append((bundle, told)))
    fig, _ = plt.subplots()
    show(fig, "Một hình trống, 0 điểm.")
    ((bundle, options),) = sent
    assert bundle["text/plain"] == options["metadata"]["image/png"]["alt"] == "Một hình trống, 0 điểm."
    assert bundle["image/png"].startswith("iVBOR")
    assert plt.get_fignums() == []


@pytest.mark.parametrize("words", ["", "  ", None])
def test_show_needs_words(words):
    with pytest.raises(TypeError, match="một câu"):
        show(None, words)


def test_a_projector_redraws_what_was_shown(monkeypatch):
    """Bật trình chiếu: hình đã hiện được vẽ lại tại chỗ, to vừa khung; tắt thì trở lại đúng hình cũ."""
    sent, updates = [], []

    class Handle:
        def update(self, bundle, **options):
            updates.append((bundle, options))

    monkeypatch.setattr("mlcourse.interactive.screen.display", lambda bundle, **_: sent.append(bundle) or Handle())
    fig, ax = plt.subplots(figsize=(5, 4), layout="constrained")
    ax.plot([0, 1], [0, 1])
    show(fig, "Một đường, từ 0 đến 1.")
    for size, wanted in (((1000, 600), (600, 750)), ((500, 8000), (400, 500)), (None, (400, 500))):
        interactive.projector(size)
        bundle, options = updates[-1]
        picture = np.asarray(Image.open(io.BytesIO(base64.b64decode(bundle["image/png"]))))
        assert picture.shape[:2] == wanted and bundle["text/plain"] == "Một đường, từ 0 đến 1." and options["raw"]
    assert bundle == sent[0]


SCRIPT = """
import matplotlib.pyplot as plt
from mlcourse.interactive import live, show, slider
@live(k=slider(0, 9, step=1, value=3, label="k"))
def counter(fig):
    return lambda k: f"k bằng {k}."
print(counter.set(k=7))
show(plt.figure(), "Một hình trống.")
counter
"""


@pytest.mark.parametrize(
    "command, told",
    [
        (["-c"], "k bằng 7.\nMột hình trống.\n"),
        (["-m", "IPython", "--colors=nocolor", "--no-banner", "-c"], "k bằng 7.\nMột hình trống.\nOut[0]: k bằng 7.\n"),
    ],
    ids=["python", "ipython"],
)
def test_a_figure_outside_a_notebook_is_told_in_words(command, told, tmp_path):
    """File .py hay cửa sổ lệnh, máy không màn hình: lời kể thay cho hình, không phải vài trang base64."""
    hidden = {"MPLBACKEND", "DISPLAY", "WAYLAND_DISPLAY"}
    env = {name: value for name, value in os.environ.items() if name not in hidden}
    env |= {"IPYTHONDIR": str(tmp_path), "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(
        [sys.executable, "-W", "error", *command, SCRIPT], env=env, cwd=tmp_path, capture_output=True, encoding="utf-8"
    )
    assert (done.returncode, done.stderr, done.stdout) == (0, "", told)


# --- trình chiếu ---


@pytest.mark.parametrize("draw", [moving_line, moving_image, moving_bars_and_title], ids=lambda draw: draw.__name__)
def test_a_projector_redraws_the_same_figure_larger(draw, monkeypatch):
    """To gấp 1.8 lần: vẽ lại chứ không phóng ảnh, cùng bố cục, vẫn chỉ vẽ phần đổi; tắt thì từng điểm ảnh như cũ."""
    figure = as_live(draw)
    shown(figure, monkeypatch)
    drive(figure, 4)
    figure.reset()
    small = figure.frame()
    height, width = small.shape[:2]
    try:
        interactive.projector((1.8 * width, 8000))
        large = figure.frame()
        assert large.shape[:2] == (round(1.8 * height), round(1.8 * width))
        assert parts(figure)[1].layout.width == f"{large.shape[1]}px" and np.array_equal(large, figure.redraw())
        blurred = np.asarray(Image.fromarray(large[..., :3]).resize((width, height), Image.BOX), int)
        assert np.abs(blurred - small[..., :3]).mean() < 8, "bố cục phải giữ nguyên"
        enlarged = np.asarray(Image.fromarray(small[..., :3]).resize(large.shape[1::-1], Image.NEAREST), int)
        assert np.abs(enlarged - large[..., :3]).mean() > 0.2, "phải vẽ lại, không phải phóng ảnh"
        drive(figure, 4)
        later = as_live(draw)
        assert later.frame().shape == large.shape, "hình chạy sau cũng theo khung ấy"
        figure.reset()
    finally:
        interactive.projector(None)
    assert np.array_equal(later.reset() and later.frame(), small)


def test_a_new_scale_keeps_what_stands_still():
    painter, move = painted(moving_line)
    movers = set(painter.movers)
    painter.scale(180)
    assert painter.paint().shape[:2] == (540, 1080)
    move(8)
    painter.paint()
    assert painter.movers == movers, "phần đứng yên không được thành phần chuyển động"


def test_a_projector_keeps_the_notice_of_an_error(monkeypatch):
    figure = live(k=k_slider(), figsize=(6, 3))(fragile)
    figure.set(k=5)
    wrong = figure.frame()
    try:
        interactive.projector((1000, 900))
        assert figure.error is not None and (figure.frame() == np.array([255, 243, 205, 255])).all(axis=2).any()
    finally:
        interactive.projector(None)
    assert np.array_equal(figure.frame(), wrong)


def test_a_projector_goes_on_past_a_figure_that_cannot_be_drawn():
    @live(k=k_slider(), figsize=(6, 3))
    def torn(fig):
        (line,) = fig.subplots().plot([0, 1], [0, 1])

        def update(k):
            line.set_data([0, 1], [0, 1] if k < 5 else [0, 1, 2])  # hai dãy lệch nhau: matplotlib không vẽ được
            return f"k bằng {k}."

        return update

    torn.set(k=7)
    later = as_live(moving_line)
    assert torn.error is not None
    try:
        interactive.projector((1000, 900))
        assert torn.frame().shape[1] == later.frame().shape[1] == 1000
    finally:
        interactive.projector(None)
    torn.reset()
    assert torn.error is None and torn.frame().shape[1] == 600


@pytest.mark.parametrize(
    "size, error",
    [
        (1280, TypeError),
        ((1280,), TypeError),
        ("to", TypeError),
        ((100, 500), ValueError),
        ((1280, np.inf), ValueError),
        ((True, 500), TypeError),
    ],
)
def test_a_projector_needs_a_size(size, error):
    with pytest.raises(error, match="nhưng nhận được"):
        interactive.projector(size)
    assert dots_per_inch(Figure(figsize=(6, 3))) == 100


# --- luồng ---


def test_last_value_wins_when_threads_race(monkeypatch):
    figure = as_live(moving_bars_and_title)
    shown(figure, monkeypatch)
    slider_widget = figure.inputs["k"]

    def drag(values):
        for value in values:
            slider_widget.value = value

    threads = [threading.Thread(target=drag, args=(order,)) for order in ([1, 5, 9, 2], [8, 0, 6, 4], [7, 3, 1, 5])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert figure.values == {"k": slider_widget.value}
    assert figure.words == f"k bằng {slider_widget.value}."
    assert np.array_equal(figure.frame(), figure.redraw())


def test_callbacks_leave_pyplot_alone(monkeypatch):
    figure = as_live(moving_image)
    shown(figure, monkeypatch)
    mine = plt.figure()
    thread = threading.Thread(target=lambda: setattr(figure.inputs["k"], "value", 8))
    thread.start()
    thread.join()
    assert plt.get_fignums() == [mine.number] and plt.gcf() is mine
    plt.close(mine)


def test_style_does_not_leak():
    before = dict(plt.rcParams)
    as_live(moving_line).set(k=4)
    assert dict(plt.rcParams) == before
