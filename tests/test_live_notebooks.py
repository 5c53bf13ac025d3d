"""Mọi hình sống của mọi bài: chạy bài, rồi đưa từng điều khiển đi hết tầm, so từng khung với vẽ lại từ đầu, bấm từng nút."""

from pathlib import Path

import jupytext
import matplotlib.pyplot as plt
import numpy as np
import pytest
from IPython.core.interactiveshell import InteractiveShell
from live import drive, redraw
from PIL import Image

from mlcourse import interactive

SOURCES = sorted((Path(__file__).parent.parent / "notebooks" / "src").glob("*.md"))


@pytest.fixture(scope="module", params=SOURCES, ids=lambda path: path.stem)
def figures(request):
    """Chạy các ô mã của một bài, như người học chạy từ trên xuống; trả về các hình sống của bài."""
    interactive.figures.clear()
    shell = InteractiveShell()
    with plt.rc_context():
        for cell in jupytext.read(request.param).cells:
            if cell.cell_type == "code":
                shell.run_cell(cell.source).raise_error()
        plt.close("all")
        yield dict(interactive.figures)
    interactive.figures.clear()


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
