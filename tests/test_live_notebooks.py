"""Mọi hình sống của mọi bài: chạy bài, rồi đưa từng điều khiển đi hết tầm, so từng khung với vẽ lại từ đầu, bấm từng nút."""

import base64
import io
from pathlib import Path

import jupytext
import numpy as np
import pytest
import static_site
from live import SAME_MATPLOTLIB, drive, laid_over, redraw
from PIL import Image

from mlcourse import interactive

NOTEBOOKS = Path(__file__).parent.parent / "notebooks"
SOURCES = sorted((NOTEBOOKS / "src").glob("*.md"))


@pytest.fixture(scope="module", params=SOURCES, ids=lambda path: path.stem)
def figures(request):
    """Các hình sống của một bài đã chạy từ trên xuống."""
    with static_site.running(jupytext.read(request.param).cells) as figures:
        yield figures


def test_lesson_has_live_figures(figures):
    assert figures, "bài nào cũng cần ít nhất một hình sống"


def test_every_control_through_its_range(figures, record_property, capsys):
    for name, figure in figures.items():
        seconds = drive(figure)
        report = f"{name}: {len(seconds)} khung, trung vị {1e3 * np.median(seconds):.1f} ms, chậm nhất {1e3 * max(seconds):.1f} ms"
        record_property(name, report)
        with capsys.disabled():
            print(f"\n  {report}", end="")


def test_every_figure_on_a_projector(figures):
    """To vừa màn hình 1280 x 720: cùng bố cục, mỗi khung vẫn trùng với vẽ lại từ đầu; tắt đi thì hình cũ trở lại."""
    for figure in figures.values():
        figure.reset()
    small = {name: figure._pixels.copy() for name, figure in figures.items()}
    try:
        interactive.projector((1222, 576))
        for name, figure in figures.items():
            height, width = small[name].shape[:2]
            large = Image.fromarray(figure._pixels[..., :3])
            assert large.width > 1.1 * width and abs(large.width / large.height - width / height) < 0.01
            same = np.asarray(large.resize((width, height), Image.BOX), int)
            assert np.abs(same - small[name][..., :3]).mean() < 8, f"{name}: bố cục đổi khi trình chiếu"
            drive(figure, 2)
            figure.reset()
    finally:
        interactive.projector(None)
    for name, figure in figures.items():
        assert np.array_equal(figure._pixels, small[name]), name


def test_every_widget_moves_its_figure_and_reset_undoes_it(figures):
    for figure in figures.values():
        opening = figure.reset()
        picture = redraw(figure)
        bar = figure._box.children[0].children
        for name, control in figure.controls.items():
            for value in (control.choices()[0], control.choices()[-1]):
                figure._widgets[name].value = value
                assert figure.values[name] == value and figure.error is None, figure.words
            figure._widgets[name].value = next(v for v in control.choices() if v != control.value)
            assert not np.array_equal(redraw(figure), picture), f"{figure.name}: kéo {name} mà hình không đổi"
            bar[-1].click()
            assert figure.words == opening and np.array_equal(redraw(figure), picture)
        for widget in bar:
            if hasattr(widget, "show_repeat"):  # nút chạy
                widget.value = widget.max
                assert figure.error is None
                figure.reset()


def test_words_carry_numbers_and_change(figures):
    for figure in figures.values():
        for name, control in figure.controls.items():
            told = {figure.set(**{name: value}) for value in (control.choices()[0], control.choices()[-1])}
            assert len(told) == 2, f"{figure.name}: {name} đi hết tầm mà lời kể không đổi"
            assert all(any(c.isdigit() for c in words) for words in told)
            figure.reset()


def test_film_for_the_reading_edition(figures, request):
    """Bản để đọc (`make site`): mở ra là bức hình của notebook, kéo thì lời khác đi, khung ghép lại trùng với hình."""
    path = NOTEBOOKS / f"{request.node.callspec.id}.ipynb"
    saved = {
        name: output
        for cell in static_site.read(path).cells
        if (name := static_site.live_name(cell))
        for output in cell.outputs
    }
    assert saved.keys() == figures.keys()
    for name, figure in figures.items():
        one = static_site.film(figure, most=3)
        words = [words for _, words in one.frames.values()]
        assert one.frames[one.opening][1] == saved[name].data["text/plain"]
        assert len(set(words)) == len(words) >= 3, f"{name}: {words}"
        opened, notebook = (
            np.asarray(Image.open(io.BytesIO(png)).convert("RGB"), int)
            for png in (one.picture, base64.b64decode(saved[name].data["image/png"]))
        )
        assert not SAME_MATPLOTLIB or opened.shape == notebook.shape and np.abs(opened - notebook).mean() < 2.5, (
            f"{name}: khác với hình của notebook"
        )
        last = max(one.frames)
        main = static_site.main_control(figure)
        figure.set(**{main: figure.controls[main].choices()[last]})
        assert np.array_equal(laid_over(one, last), redraw(figure)[..., :3])
        figure.reset()
