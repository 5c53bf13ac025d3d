"""Hình sống trong JupyterLab thật: mọi điều khiển, kéo, chạy, lỗi, giao diện tối, và notebook đã lưu."""

import uuid

import ipykernel
import matplotlib.image
import numpy as np
import pytest

from tests.helpers.lab import Page

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
    from playwright.sync_api import expect

    for i, opened in enumerate(["0.50", "3"]):  # con số cạnh thanh có khi đến sau hình một nhịp
        expect(figure.cell(DOT).locator(".widget-readout").nth(i)).to_have_text(opened)


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


# --- một ô chạy lại, và những cách dùng không ai dặn trước ---


@pytest.fixture
def tab(browser, server):
    """Một tab mới: cái gì còn dở ở đây (khung nhìn riêng, kernel vừa khởi động lại) không dính đến trang chung."""
    page = Page(browser, server)
    yield page
    page.close()


@pytest.fixture
def alone(tab):
    """Một notebook mới trong tab ấy, chỉ có hình ``dot`` ở ô 0, vừa chạy."""
    notebook = tab.open(tab.server.add(f"alone_{uuid.uuid4().hex}.ipynb", [("code", FIGURE)]))
    run_again(notebook)
    yield notebook
    notebook.close(save=False)


def run_again(notebook):
    notebook.start(0)
    notebook.page.wait_for_timeout(100)
    notebook.idle()
    notebook.bring(0)


def models(notebook):
    """Số widget mà trang giữ, và số widget mà kernel giữ."""
    page = "() => jupyterapp.shell.currentWidget.sessionContext.session.kernel._comms.size"
    return notebook.page.evaluate(page), notebook.value("len(__import__('ipywidgets').widgets.widget._instances)")


def test_a_cell_run_again_leaves_no_widget_on_the_page(alone):
    before = models(alone)
    for _ in range(6):
        run_again(alone)
    assert before[0] == before[1] > 20 and models(alone) == before
    assert alone.live_cells() == [0] and alone.caption(0) == OPENING


def test_two_tabs_take_turns(browser, alone):
    """Tab thứ hai, cùng kernel, thấy bức ảnh; tab nào chạy lại ô thì tab ấy kéo được, tab kia còn bức ảnh cuối."""
    alone.press(0)
    alone.save()
    second = Page(browser, alone.lab.server)
    try:
        other = second.open(alone.name)
        assert other.pictures([0]) == {0: [700]} and other.widget_errors(seconds=1) == []
        for here, there in ((other, alone), (alone, other)):
            run_again(here)
            here.press(0)
            assert here.told(0, other_than=OPENING).startswith("Vị trí 0.51,")
            there.cell(0).get_by_text("hãy chạy lại ô này").wait_for()
            left = there.cell(0).locator(".jp-OutputArea").first.inner_text()
            assert left.startswith("Vị trí 0.51,") and there.pictures([0]) == {0: [700]}
            assert there.live_cells() == [] and there.widget_errors(seconds=0) == []
        assert second.errors == alone.lab.errors == []
    finally:
        second.close()


def test_a_view_of_the_output_follows_and_moves_the_figure(tab, alone):
    tab.command("notebook:create-output-view")
    view = tab.page.locator(".jp-LinkedOutputView")
    view.locator(".noUi-handle").first.focus()
    tab.page.keyboard.press("ArrowRight")
    view.get_by_role("status").get_by_text("Vị trí 0.51").wait_for()
    assert alone.caption(0) == view.get_by_role("status").inner_text() and alone.readout(0) == "0.51"
    tab.page.evaluate("() => [...jupyterapp.shell.widgets('main')].at(-1).dispose()")
    tab.page.wait_for_function("() => jupyterapp.shell.currentWidget?.content?.widgets")


@pytest.mark.parametrize("zoom", [0.5, 2])
def test_a_zoomed_page_still_drags(tab, alone, zoom):
    """Phóng trang như trình duyệt làm: trang rộng 1 / zoom lần, mỗi điểm ảnh to zoom lần; không gì tràn ra ngoài."""
    size = tab.page.viewport_size
    devtools = tab.page.context.new_cdp_session(tab.page)
    wanted = {"width": int(size["width"] / zoom), "height": int(size["height"] / zoom)}
    devtools.send("Emulation.setDeviceMetricsOverride", {**wanted, "deviceScaleFactor": zoom, "mobile": False})
    try:
        alone.bring(0)
        alone.drag(0, to=0.8, seconds=0.5)
        assert alone.caption(0).startswith(f"Vị trí {alone.readout(0)},") and alone.readout(0) != "0.50"
        area = alone.cell(0).locator(".jp-OutputArea-output").first
        assert area.evaluate("(node) => node.scrollWidth <= node.clientWidth"), "có phần phải cuộn ngang"
        assert alone.image(0).evaluate("(img) => img.offsetWidth") > 0.4 * wanted["width"] / max(zoom, 1 / zoom)
    finally:
        devtools.send("Emulation.clearDeviceMetricsOverride")


SLOW = """\
import time
from mlcourse.interactive import live, slider
asked = []
@live(k=slider(0, 100, step=1, value=50, label="k"), figsize=(7, 3))
def slow(fig):
    text = fig.text(0.5, 0.5, "")
    def update(k):
        asked.append(k)
        time.sleep(0.5)
        text.set_text(str(k))
        return f"k bằng {k}."
    return update
slow
"""


def test_a_slow_update_draws_the_last_value_and_no_queue(tab):
    notebook = tab.open(tab.server.add("slow.ipynb", [("code", SLOW)]))
    notebook.run_all()
    notebook.bring(0)
    notebook.drag(0, to=0.9, seconds=1.5, quiet=1.5)
    assert notebook.caption(0) == f"k bằng {notebook.readout(0)}." != "k bằng 50."
    asked = notebook.value("asked[2:]")
    assert asked == sorted(asked) and len(asked) <= 6, "giữa hai lần vẽ chỉ giữ giá trị mới nhất"
    notebook.press(0)
    run_again(notebook)  # chạy lại ô khi update còn đang tính
    assert notebook.caption(0) == "k bằng 50." and notebook.cell_errors() == []
    notebook.close(save=False)


def test_closed_and_opened_again_with_the_kernel_alive(tab, alone):
    alone.press(0)
    before = models(alone)
    tab.page.evaluate(
        """async () => { const panel = jupyterapp.shell.currentWidget; await panel.context.save(); panel.dispose(); }"""
    )
    again = tab.open(alone.name)
    assert again.pictures([0]) == {0: [700]} and again.widget_errors(seconds=1) == []
    assert again.value("dot.values['x']") == 0.51, "kernel vẫn là kernel cũ"
    run_again(again)
    again.press(0)
    assert again.caption(0).startswith("Vị trí 0.51,") and models(again)[1] == before[1]


def test_a_restart_in_the_middle_of_a_drag(tab, alone):
    knob = alone.handles(0).first.bounding_box()
    x, y = knob["x"] + knob["width"] / 2, knob["y"] + knob["height"] / 2
    tab.page.mouse.move(x, y)
    tab.page.mouse.down()
    tab.page.mouse.move(x + 30, y)
    alone.told(0, other_than=OPENING)
    alone.restart()
    tab.page.mouse.move(x + 60, y)
    tab.page.wait_for_timeout(500)
    tab.page.mouse.move(x + 90, y)
    tab.page.mouse.up()
    alone.cell(0).locator(".widget-hslider.jupyter-widgets-disconnected").first.wait_for()  # thanh mang dấu đứt nối
    alone.idle()
    run_again(alone)
    assert alone.caption(0) == OPENING and alone.widget_errors(seconds=1) == []
    alone.press(0)
    assert alone.told(0, other_than=OPENING).startswith("Vị trí 0.51,")


def test_the_page_never_complained(lab, notebook):
    assert lab.errors == []
    assert lab.console == []
