"""Hình sống trong JupyterLab thật: mọi điều khiển, kéo, chạy, lỗi, giao diện tối, và notebook đã lưu."""

import ipykernel
import matplotlib.image
import numpy as np
import pytest

FIGURE = """\
from mlcourse.interactive import checkbox, dropdown, live, slider

@live(
    x=slider(0, 1, step=0.01, value=0.5, label="Vị trí"),
    k=slider(0, 10, step=1, value=3, label="Số bước", play=True),
    marker=dropdown([("Tròn", "o"), ("Vuông", "s")], label="Dấu"),
    grid=checkbox(label="Lưới"),
    figsize=(7, 3),
)
def dot(fig):
    ax = fig.subplots()
    ax.set(xlim=(0, 1), ylim=(0, 10))
    point, = ax.plot([], [], markersize=20)
    def update(x, k, marker, grid):
        point.set_data([x], [k])
        point.set_marker(marker)
        ax.grid(grid)
        return f"Vị trí {x:.2f}, bước {k}, dấu {marker}, {'có' if grid else 'không'} lưới." + " Câu dài thêm." * (k - 3)
    return update

dot
"""

BROKEN = """\
@live(k=slider(0, 10, step=1, value=3, label="Số bước"), figsize=(7, 3))
def broken(fig):
    text = fig.text(0.5, 0.5, "", fontsize=30)
    def update(k):
        if k == 4:
            raise ValueError("mẫu số bằng 0.")
        text.set_text(str(k))
        return f"Số {k}."
    return update

broken
"""

LONG = """\
import time
end = time.monotonic() + 4
while time.monotonic() < end:
    pass
"""

DOT, BROKEN_DOT, BUSY = 1, 2, 3
pytestmark = pytest.mark.xdist_group("hình sống")  # một notebook chung, theo thứ tự
OPENING = "Vị trí 0.50, bước 3, dấu o, không lưới."


@pytest.fixture(scope="module")
def notebook(lab):
    lab.errors.clear()
    lab.console.clear()
    cells = [("markdown", "# Hình sống, $x^2$"), ("code", FIGURE), ("code", BROKEN), ("code", LONG)]
    notebook = lab.open(lab.server.add("live.ipynb", cells))
    notebook.run_all()
    yield notebook
    notebook.close()


@pytest.fixture
def figure(notebook):
    """Hình ở trạng thái mở đầu; trả về notebook."""
    notebook.bring(DOT)
    if notebook.caption(DOT) != OPENING:
        notebook.after(DOT, reset(notebook))
        notebook.settle(DOT, quiet=0.3)
    assert notebook.caption(DOT) == OPENING
    return notebook


def reset(notebook):
    return lambda: notebook.cell(DOT).get_by_role("button", name="Đặt lại").press("Enter")


def test_notebook_opens_and_runs_clean(lab, notebook):
    assert notebook.cell_errors() == []
    assert notebook.widget_errors() == []
    assert notebook.math_errors() == []
    assert notebook.live_cells() == [DOT, BROKEN_DOT]


KEYS = {  # mũi tên xuống trên danh sách đang đóng là phím của JupyterLab (sang ô sau), nên mở bằng Enter trước
    "float": (lambda n: n.handles(DOT).nth(0), ["ArrowRight"], "Vị trí 0.51, bước 3, dấu o, không lưới."),
    "int": (lambda n: n.handles(DOT).nth(1), ["ArrowLeft"], "Vị trí 0.50, bước 2, dấu o, không lưới."),
    "dropdown": (
        lambda n: n.cell(DOT).locator(".widget-dropdown select"),
        ["Enter", "ArrowDown", "Enter"],
        "Vị trí 0.50, bước 3, dấu s, không lưới.",
    ),
    "checkbox": (
        lambda n: n.cell(DOT).locator("input[type=checkbox]"),
        ["Space"],
        "Vị trí 0.50, bước 3, dấu o, có lưới.",
    ),
}


@pytest.mark.parametrize("control", KEYS)
def test_key_changes_picture_and_words_and_reset_undoes_it(figure, control):
    find, keys, words = KEYS[control]
    opening = figure.picture(DOT)
    find(figure).focus()
    figure.after(DOT, lambda: [figure.page.keyboard.press(key) for key in keys])
    assert figure.told(DOT, other_than=OPENING) == words
    changed = figure.picture(DOT)
    assert changed != opening
    figure.after(DOT, reset(figure))
    assert figure.told(DOT, other_than=words) == OPENING
    assert figure.picture(DOT) == opening
    assert [figure.readout(DOT, handle=i) for i in (0, 1)] == ["0.50", "3"]


def test_play_button_runs_to_the_end(figure):
    before = figure.shown(DOT)
    figure.cell(DOT).locator(".widget-play button").first.press("Enter")
    figure.page.wait_for_function(
        "(i) => document.querySelectorAll(`[data-mlcourse='${i}'] .widget-readout`)[1].innerText.trim() === '10'",
        arg=DOT,
    )
    figure.settle(DOT)
    assert figure.caption(DOT).startswith("Vị trí 0.50, bước 10,")
    assert figure.shown(DOT) - before >= 3, "nút chạy phải hiện nhiều hình trên đường đi"


def test_drag_ends_with_the_last_value_on_screen(figure):
    count, _ = figure.drag(DOT, to=0.83, seconds=1)
    assert count >= 2
    final = figure.readout(DOT)
    assert final != "0.50"
    assert figure.caption(DOT).startswith(f"Vị trí {final},")
    assert figure.value("dot.values['x']") == float(final)
    assert figure.picture(DOT) == figure.value("__import__('hashlib').sha256(dot.frame().tobytes()).hexdigest()")


def test_page_does_not_move_when_words_change(figure):
    def places():
        return [figure.image(DOT).bounding_box(), figure.cell(BROKEN_DOT).bounding_box()]

    before = places()
    for _ in range(4):  # câu kể dài dần thành hai dòng
        figure.press(DOT, handle=1)
    assert len(figure.told(DOT, other_than=OPENING)) > len(OPENING)
    assert places() == before


def test_error_is_told_in_the_figure_and_the_figure_lives_on(notebook):
    notebook.bring(BROKEN_DOT)
    opening, before = notebook.caption(BROKEN_DOT), notebook.picture(BROKEN_DOT)
    top = notebook.image(BROKEN_DOT).bounding_box()["y"]
    notebook.press(BROKEN_DOT)
    told = notebook.told(BROKEN_DOT, other_than=opening)
    assert "lỗi" in told and "Số bước = 4" in told and "mẫu số bằng 0." in told
    wrong = notebook.picture(BROKEN_DOT)
    assert wrong != before, "lỗi phải hiện trong hình"
    assert notebook.image(BROKEN_DOT).bounding_box()["y"] == top
    notebook.press(BROKEN_DOT)
    assert notebook.told(BROKEN_DOT, other_than=told) == "Số 5."
    notebook.press(BROKEN_DOT, "ArrowLeft")
    notebook.press(BROKEN_DOT, "ArrowLeft")
    notebook.settle(BROKEN_DOT, quiet=0.3)
    assert notebook.caption(BROKEN_DOT) == opening and notebook.picture(BROKEN_DOT) == before


@pytest.mark.skipif(
    ipykernel.version_info[0] < 7, reason="ipykernel 6 trả lời điều khiển sau khi ô chạy xong, không chen vào giữa"
)
def test_stays_live_while_a_cell_is_computing(figure):
    figure.start(BUSY)
    figure.page.wait_for_timeout(300)
    assert figure.busy()
    figure.bring(DOT)
    for _ in range(2):
        figure.press(DOT, seconds=3)
    assert figure.busy(), "hai hình mới phải hiện ra trong lúc ô còn đang tính"
    assert figure.told(DOT, other_than=OPENING).startswith("Vị trí 0.5")
    figure.idle()
    assert figure.cell_errors() == []


def test_light_and_dark_themes(lab, figure, tmp_path):
    shots = {}
    for dark in (False, True):
        lab.theme(dark)
        figure.bring(DOT)
        figure.cell(DOT).locator(".jp-OutputArea").first.screenshot(path=str(tmp_path / f"{dark}.png"))
        shots[dark] = matplotlib.image.imread(tmp_path / f"{dark}.png")
        colours = np.unique((255 * shots[dark][..., :3]).astype(int).reshape(-1, 3), axis=0)
        assert len(colours) > 20, "ảnh chụp gần như trống"
        assert figure.caption(DOT) == OPENING
    lab.theme(False)
    assert shots[False].shape != shots[True].shape or not np.array_equal(shots[False], shots[True])


@pytest.fixture(scope="module")
def saved(lab):
    """Tên của một notebook đã chạy, đã kéo thanh trượt, rồi lưu và đóng."""
    name = lab.server.add("saved.ipynb", [("code", FIGURE)])
    notebook = lab.open(name)
    notebook.run_all()
    notebook.bring(0)
    notebook.press(0)
    notebook.close()
    return name


@pytest.mark.parametrize("kernel", [True, False], ids=["kernel mới", "không kernel"])
def test_saved_notebook_shows_the_picture(lab, saved, kernel):
    again = lab.open(saved, kernel=kernel)
    assert again.widget_errors(seconds=2) == []
    assert (
        again.cell(0).locator(".jp-OutputArea img").evaluate("(img) => img.decode().then(() => img.naturalWidth)")
        == 700
    )
    again.close()


def test_the_page_never_complained(lab, notebook):
    assert lab.errors == []
    assert lab.console == []
