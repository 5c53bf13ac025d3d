"""Mọi bài trong JupyterLab thật: mở ra đã thấy hình, chạy hết không lỗi, công thức nào cũng đọc được, hình nào cũng động."""

import re
import time
from pathlib import Path

import nbformat
import pytest

LESSONS = sorted((Path(__file__).resolve().parents[2] / "notebooks").glob("*.ipynb"))


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_lesson(lab, path):
    lab.errors.clear()
    lab.console.clear()
    notebook = lab.open(lab.server.add(path.name, path))
    live = [i for i, source in notebook.cells("code") if "@live(" in source]
    opened(notebook, live)
    notebook.run_all()
    assert notebook.cell_errors() == []
    assert notebook.widget_errors() == []
    assert notebook.live_cells() == live
    for i in live:
        moved(notebook, i)
    assert notebook.cell_errors() == []
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
    assert notebook.widget_errors() == []
    formulas = [i for i, source in notebook.cells("markdown") if "$" in source]
    for i in formulas:
        notebook.cell(i).locator("mjx-container").first.wait_for(state="attached")
    assert notebook.math_errors() == []


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
    sources = [cell.source for cell in lesson.cells if cell.cell_type == "code" and not cell.source.startswith("lesson.")]
    last = next(i for i, source in enumerate(sources) if "def training_figure" in source)
    notebook = lab.open(lab.server.add("hoc_song.ipynb", [("code", source) for source in sources[:last + 1]]))
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
