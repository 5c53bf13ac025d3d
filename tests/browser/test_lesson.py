"""Mọi bài trong JupyterLab thật: mở ra đã thấy hình, chạy hết không lỗi, công thức nào cũng đọc được, hình nào cũng động."""

import importlib
import inspect
import re
import time
from pathlib import Path

import nbformat
import pytest
from lab import Deck, Page

LESSONS = sorted((Path(__file__).resolve().parents[2] / "notebooks").glob("*.ipynb"))


@pytest.fixture
def lab(browser, server):
    """Mỗi bài một trang mới: ở trang đã chiếu vài bài, có khi Chromium không còn lúc rảnh nào để dựng các ô ở xa."""
    page = Page(browser, server)
    yield page
    page.close()


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_lesson(lab, path):
    notebook = lab.open(lab.server.add(path.name, path))
    live = [i for i, source in notebook.cells("code") if "@live(" in source]
    opened(notebook, live)
    ran_twice(notebook)
    assert notebook.live_cells() == live
    for i in live:
        moved(notebook, i)
        labelled(notebook, i)
    exercised(notebook, path.stem)
    quizzed(notebook)
    read_in_both_themes(lab, notebook)
    presented(notebook, live)
    assert notebook.cell_errors() == [] and notebook.widget_errors() == []
    assert lab.errors == [] and lab.console == []
    notebook.close()


def opened(notebook, live):
    """Vừa mở, chưa chạy gì: hình nào cũng là một bức ảnh nhìn thấy được, công thức nào cũng dựng xong."""
    for i in live:
        notebook.bring(i)
        widths = notebook.image(i).evaluate_all(
            "images => Promise.all(images.map((img) => img.decode().then(() => img.naturalWidth)))"
        )
        assert len(widths) == 1 and widths[0] > 300, (
            f"ô {i}: chưa chạy thì phải thấy đúng một bức ảnh, nhưng thấy {widths}"
        )
    told = notebook.panel.locator(".jp-RenderedImage img").evaluate_all("images => images.map((img) => img.alt)")
    assert len(told) >= len(live) and all(re.search(r"\d", words) for words in told), f"lời thay cho hình: {told}"
    assert notebook.widget_errors() == []
    formulas = [i for i, source in notebook.cells("markdown") if "$" in source]
    for i in formulas:
        notebook.cell(i).scroll_into_view_if_needed()  # như người đọc cuộn xuống: ô ở xa, JupyterLab dựng rất muộn
        notebook.cell(i).locator("mjx-container").first.wait_for(state="attached")
    assert notebook.math_errors() == []


def ran_twice(notebook):
    """Chạy hết, khởi động lại kernel, chạy hết lần nữa: không lỗi, và trang y như lần trước."""
    notebook.run_all()
    assert notebook.cell_errors() == [] and notebook.widget_errors() == []
    before = notebook.outputs()
    notebook.restart()
    notebook.run_all()
    assert notebook.cell_errors() == [] and notebook.widget_errors() == []
    different = [i for i, (a, b) in enumerate(zip(before, notebook.outputs(), strict=True)) if a != b]
    assert different == [], f"chạy lại thì các ô {different} cho kết quả khác"


def labelled(notebook, i):
    """Mọi điều khiển mang tên tiếng Việt như tác giả viết, và phím Tab đến được; hình có lời thay, là câu kể."""
    controls = notebook.controls(i)
    assert all(reachable for _, reachable in controls), controls
    spoken = [name.strip() for name, _ in controls]
    written = notebook.value(
        "[[control.label for control in figure.controls.values()] + ['Đặt lại'] "
        f"for figure in __import__('mlcourse.interactive').interactive.figures.values() if f'def {{figure.name}}(' in In[{run_count(notebook, i)}]][0]"
    )
    assert [name for name in spoken if not re.match("Chạy, tạm dừng: |Dừng, về đầu: ", name)] == written
    assert notebook.image(i).first.get_attribute("alt") == notebook.caption(i)


def run_count(notebook, i):
    return notebook.page.evaluate("(i) => jupyterapp.shell.currentWidget.content.widgets[i].model.executionCount", i)


def plain(text):
    """Đoạn đầu của một lời giải thích, trước chỗ in nghiêng hay code: đúng như trang hiện ra."""
    return re.split("[`*]", text)[0][:40].strip()


def exercised(notebook, stem):
    """Một bài tập điền sai rồi điền đúng, như người học gõ vào ô: được gọi đúng tên lỗi, rồi được khen."""
    lesson = importlib.import_module("mlcourse.exercises.lesson_" + "_".join(re.findall(r"\d+", stem)))
    at = {
        match[1]: i
        for i, source in notebook.cells("code")
        if (match := re.search(r"^lesson\.(\w+)\.check\(\1\)$", source, re.M))
    }
    name, mistake = next(
        (name, one)
        for name in at
        for one in getattr(lesson, name).mistakes
        if not any(used.startswith("_") for used in one.wrong.__code__.co_names)
    )  # không dùng hàm phụ của gói
    task = getattr(lesson, name)
    wrong = re.sub(
        rf"\b{name}\.", f"lesson.{name}.", inspect.getsource(mistake.wrong)
    )  # hàm sai hay gọi lời giải rồi làm lệch đi
    wrong = re.sub(r".*?^def \w+\(", f"def {name}(", wrong, count=1, flags=re.M | re.S)
    check = f"\n\nlesson.{name}.check({name})"
    told = notebook.fill(at[name], wrong + check)
    assert "✗ Sai, vì" in told and plain(mistake.why) in told, f"{name}: không nhận ra lỗi {mistake.why!r}: {told}"
    told = notebook.fill(at[name], str(task.solution()) + check)
    assert "✓ Đúng." in told and plain(task.praise) in told, told


def quizzed(notebook):
    """Một câu trắc nghiệm, bằng bàn phím: Enter trên phương án nào thì lời giải thích của phương án ấy mở ra."""
    option = notebook.panel.locator("details", has=notebook.page.locator("summary", has_text="(a)")).first
    option.locator("summary").focus()
    assert not option.locator("p").last.is_visible()
    notebook.page.keyboard.press("Enter")
    assert option.locator("p").last.is_visible() and "úng." in option.inner_text()


def read_in_both_themes(lab, notebook):
    """Máy kiểm tra trợ năng đọc trang, sáng rồi tối: không lỗi nặng nào trong phần của khóa học."""
    for dark in (True, False):
        lab.theme(dark)
        assert notebook.violations() == [], f"giao diện {'tối' if dark else 'sáng'}"


def presented(notebook, live):
    """Chiếu cả bài ở hai cỡ màn hình: không gì tràn, hình nào cũng lớn và nét, hình sống đứng một mình, ghi chú không hiện."""
    before = notebook.page.viewport_size
    notebook.page.set_viewport_size({"width": 1280, "height": 720})
    with Deck(notebook) as deck:
        fits(deck, live, 1280, 720)
        deck.resize(1920, 1080)
        fits(deck, live, 1920, 1080)
        deck.go(live[0])
        pressed_in_the_deck(notebook, deck, live[0])
    notebook.page.set_viewport_size(before)


def fits(deck, live, width, height):
    """Đi hết bộ slide: ở chỗ dừng nào cũng thế, không sót chỗ nào, và gặp đủ mọi hình sống của bài."""
    walked, alone = list(deck.walk()), []
    assert len(walked) == deck.stops()
    for here in walked:
        place = f"{width} x {height}, các ô {here['cells']}"
        assert here["excess"] <= 0 and here["wide"] == [], f"{place}: tràn {here['excess']} điểm, {here['wide']}"
        assert not {"skip", "notes"} & set(here["types"]), place
        assert here["smallest"] > height / 50, f"{place}: chữ nhỏ nhất {here['smallest']} điểm"
        for image in here["images"]:
            big = image["width"] > 0.85 * width or image["height"] > (0.6 if image["live"] else 0.45) * height
            assert big, f"{place}: hình chỉ {image['width']} x {image['height']}"
            assert image["pixels"] > 0.97 * image["width"], f"{place}: hình bị phóng to từ {image['pixels']} điểm"
        alone += here["cells"] if any(image["live"] for image in here["images"]) else []
    assert alone == live


def pressed_in_the_deck(notebook, deck, i):
    """Trên slide: mũi tên và bút trình chiếu kéo thanh trượt khi tay ở trên thanh; Esc trả tay về cho slide."""
    notebook.settle(i)
    for key in ("ArrowLeft", "ArrowRight", "PageDown", "PageUp"):
        words, handle = notebook.caption(i), notebook.handles(i).first
        if key == "ArrowLeft" and handle.get_attribute("aria-valuenow") == handle.get_attribute("aria-valuemin"):
            continue
        notebook.press(i, key)
        assert notebook.told(i, other_than=words) != words and deck.visible() == [i]
    assert deck.press("Escape") == [i], "Esc trên thanh trượt chỉ trả tay về cho slide"
    assert deck.press("PageDown") != [i]
    assert deck.press("PageUp") == [i]
    words, handle = notebook.caption(i), notebook.handles(i).first
    handle.click()  # tay đến bằng chuột: mũi tên chỉnh tiếp thanh ấy, bút trình chiếu lật slide
    deck.page.keyboard.press(
        "ArrowLeft" if handle.get_attribute("aria-valuenow") == handle.get_attribute("aria-valuemax") else "ArrowRight"
    )
    assert notebook.told(i, other_than=words) != words and deck.visible() == [i]
    assert deck.press("PageDown") != [i]


def moved(notebook, i):
    """Một phím trên thanh trượt đầu tiên: hình và lời cùng đổi."""
    notebook.bring(i)
    words, picture = notebook.caption(i), notebook.picture(i)
    handle = notebook.handles(i).first
    at_the_end = handle.get_attribute("aria-valuenow") == handle.get_attribute("aria-valuemax")
    notebook.press(i, "ArrowLeft" if at_the_end else "ArrowRight")
    assert notebook.told(i, other_than=words) != words, f"ô {i}: kéo thanh trượt mà lời kể không đổi"
    assert notebook.picture(i) != picture, f"ô {i}: kéo thanh trượt mà hình không đổi"


def test_training_runs_while_the_kernel_answers(lab):
    """Bài 05: bấm chạy thì mạng học từng epoch; đang học vẫn đổi được tốc độ học, kernel vẫn trả lời; bấm dừng là dừng."""
    lesson = nbformat.read(next(path for path in LESSONS if path.stem.startswith("05")), as_version=4)
    sources = [
        cell.source for cell in lesson.cells if cell.cell_type == "code" and not cell.source.startswith("lesson.")
    ]
    last = next(i for i, source in enumerate(sources) if "def training_figure" in source)
    notebook = lab.open(lab.server.add("hoc_song.ipynb", [("code", source) for source in sources[: last + 1]]))
    notebook.run_all()
    notebook.bring(last)
    epoch = lambda: int(re.match(r"Sau (\d+) epoch", notebook.caption(last))[1])

    def reach(wanted, seconds=20):
        end = time.monotonic() + seconds
        while epoch() < wanted and time.monotonic() < end:
            notebook.page.wait_for_timeout(20)
        return epoch()

    start, toggle = epoch(), notebook.cell(last).locator(".widget-play button").first
    toggle.click()
    assert reach(start + 3) >= start + 3
    asked = time.monotonic()
    assert notebook.value("1 + 1") == 2 and time.monotonic() - asked < 2
    notebook.handles(last).nth(1).focus()
    notebook.page.keyboard.press("ArrowRight")
    changed = epoch()
    assert reach(changed + 3) >= changed + 3 and "η = 0.178" in notebook.caption(last)
    toggle.click()
    notebook.settle(last)
    stopped = epoch()
    notebook.page.wait_for_timeout(600)
    assert epoch() == stopped < 60
    assert notebook.cell_errors() == [] and notebook.widget_errors() == []
    notebook.close()
