"""Hỏi các hình sống của một bài đã chạy: mỗi câu hỏi là một hàm nhận ``{tên: hình}``, dừng ở chỗ sai đầu tiên.

`tests/lessons/test_run.py` gửi `answers` vào chính kernel vừa chạy bài ấy; bài kiểm thử khác thì gọi thẳng từng hàm.
"""

import io
import itertools
import time

import numpy as np
from PIL import Image

from mlcourse import interactive
from tests.helpers import trying
from tools import film


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
        different = (figure.frame() != figure.redraw()).any(axis=2)
        assert not different.any(), f"{figure.name} ở {values}: {different.sum()} điểm ảnh khác với vẽ lại từ đầu"
    return seconds


# --- Các câu hỏi ---


def every_control_moves_through_its_range(figures):
    """Đưa từng điều khiển đi hết tầm; khung nào cũng trùng từng điểm ảnh với vẽ lại từ đầu."""
    assert figures, "bài nào cũng cần ít nhất một hình sống"
    for figure in figures.values():
        drive(figure)


def every_figure_fits_a_projector(figures):
    """To vừa màn hình 1280 x 720: cùng bố cục, mỗi khung vẫn trùng với vẽ lại từ đầu; tắt đi thì hình cũ trở lại."""
    for figure in figures.values():
        figure.reset()
    small = {name: figure.frame() for name, figure in figures.items()}
    try:
        interactive.projector((1222, 576))
        for name, figure in figures.items():
            height, width = small[name].shape[:2]
            large = Image.fromarray(figure.frame()[..., :3])
            assert large.width > 1.1 * width and abs(large.width / large.height - width / height) < 0.01, name
            same = np.asarray(large.resize((width, height), Image.BOX), int)
            assert np.abs(same - small[name][..., :3]).mean() < 8, f"{name}: bố cục đổi khi trình chiếu"
            drive(figure, 2)
            figure.reset()
    finally:
        interactive.projector(None)
    for name, figure in figures.items():
        assert np.array_equal(figure.frame(), small[name]), f"{name}: tắt trình chiếu mà hình cũ không trở lại"


def every_widget_moves_its_figure_and_reset_undoes_it(figures):
    """Mỗi điều khiển, qua chính widget của nó, đổi được hình; nút chạy đi đến cuối; *Đặt lại* trả hình về chỗ mở."""
    for figure in figures.values():
        opening = figure.reset()
        picture = figure.frame()
        *widgets, reset = figure.widget.children[0].children
        for name, control in figure.controls.items():
            for value in (control.choices()[0], control.choices()[-1]):
                figure.inputs[name].value = value
                assert figure.values[name] == value and figure.error is None, figure.words
            figure.inputs[name].value = next(v for v in control.choices() if v != control.value)
            assert not np.array_equal(figure.frame(), picture), f"{figure.name}: kéo {name} mà hình không đổi"
            reset.click()
            undone = figure.words == opening and np.array_equal(figure.frame(), picture)
            assert undone, f"{figure.name}: bấm Đặt lại sau khi kéo {name} mà hình không về chỗ mở"
        for play in (widget for widget in widgets if hasattr(widget, "show_repeat")):
            play.value = play.max
            assert figure.error is None, figure.words
            figure.reset()


def words_carry_numbers_and_change(figures):
    """Câu kể có con số, và khác đi khi điều khiển đi từ đầu này sang đầu kia."""
    for figure in figures.values():
        for name, control in figure.controls.items():
            told = {figure.set(**{name: value}) for value in (control.choices()[0], control.choices()[-1])}
            assert len(told) == 2, f"{figure.name}: {name} đi hết tầm mà lời kể không đổi"
            assert all(any(c.isdigit() for c in words) for words in told), f"{figure.name}: lời kể không có con số"
            figure.reset()


def films_are_the_figures(figures):
    """Bản để đọc (`make site`): kéo thì lời khác đi, khung ghép lại trùng với hình."""
    for name, figure in figures.items():
        one = film.film(figure, most=3)
        axes, opening = one.plan.axes, one.plan.opening
        assert len(axes) >= min(2, len(figure.controls)), f"{name}: hai điều khiển phải kéo được"
        assert np.array_equal(decoded(one.picture), film.rounded(figure.frame())), f"{name}: mở ra không phải là hình"
        assert one.frames[opening][1] == figure.words, f"{name}: mở ra không phải là câu kể của hình"
        for i, axis in enumerate(axes):
            along = [place for place in one.frames if place[:i] + place[i + 1 :] == opening[:i] + opening[i + 1 :]]
            words = {one.frames[place][1] for place in along}
            assert len(words) == len(along) >= 2, f"{name}, {axis.name}: {words}"
        last = max(one.frames)
        values = {axis.name: axis.control.choices()[k] for axis, k in zip(axes, last)}
        figure.set(**{**values, axes[0].name: axes[0].control.choices()[0]})  # như phim: từ đầu thanh đi tới
        figure.set(**values)
        assert one.frames[last][1] == figure.words, f"{name}: câu kể của khung cuối khác với hình"
        assert np.array_equal(laid_over(one, last), film.rounded(figure.redraw())), f"{name}: khung cuối khác với hình"
        figure.reset()


QUESTIONS = [
    every_control_moves_through_its_range,
    every_figure_fits_a_projector,
    every_widget_moves_its_figure_and_reset_undoes_it,
    words_carry_numbers_and_change,
    films_are_the_figures,
]


def answers(boxes):
    """``{câu hỏi: chỗ sai, hay chuỗi rỗng}`` cho mọi hình sống của kernel này.

    "figures" là tên của chúng, "tries" là những chỗ sai của các khối *Thử* và *Trả lời* (`trying.boxes`).
    """
    found = {"figures": sorted(interactive.figures), "tries": list(trying.faults(interactive.figures, boxes))}
    for question in QUESTIONS:
        try:
            question(dict(interactive.figures))
            found[question.__name__] = ""
        except Exception as error:  # hỏng kiểu gì cũng là câu trả lời
            found[question.__name__] = f"{type(error).__name__}: {error}"
    return found


# --- Ảnh ---


def laid_over(one, place):
    """Một khung của phim như người đọc thấy: phần đã đổi đặt lên khung mà nó đổi so với."""
    content, _, under = one.frames[place]
    opened = decoded(one.picture) if under == one.plan.opening else laid_over(one, under)
    layers = Image.fromarray(opened).convert("RGBA"), Image.open(io.BytesIO(content)).convert("RGBA")
    return np.asarray(Image.alpha_composite(*layers))[..., :3]


def decoded(content):
    """Điểm ảnh RGB của một file ảnh."""
    return np.asarray(Image.open(io.BytesIO(content)).convert("RGB"))
