"""Mọi bài trong JupyterLab thật: mở ra đã thấy hình, chưa thấy câu trả lời; chạy ra đúng bài đã lưu; công thức nào cũng
đọc được, hình nào cũng động, chiếu lên thì vừa màn hình."""

import base64
import importlib
import json
import os
import re
import time
from typing import NamedTuple

import nbformat
import numpy as np
import pytest

from tests.helpers.asking import asking
from tests.helpers.lab import Deck, Notebook, Page
from tests.helpers.live import decoded
from tests.helpers.versions import SAME_MATPLOTLIB
from tools.build import AFTER, is_guess
from tools.deck import pages, slide_type
from tools.lessons import chosen, every

AGAIN = {"00"}  # khởi động lại kernel, chạy hết lần nữa: một bài là đủ, vì bài nào cũng so với bài đã lưu
BY_HAND = {"00", "02_1"}  # lật từng chỗ dừng bằng phím thật, và kéo thanh trượt ngay trên slide
SCREENS = [(1920, 1080), (1920, 953), (1366, 641), (1280, 720), (1280, 593), (1024, 768)]


@pytest.fixture
def lab(browser, server):
    """Mỗi bài một trang mới: ở trang đã chiếu vài bài, có khi Chromium không còn lúc rảnh nào để dựng các ô ở xa."""
    page = Page(browser, server)
    yield page
    page.close()


class Opened(NamedTuple):
    """Một bài đang mở, và cách gọi tên chỗ sai trong bài."""

    lesson: object
    notebook: Notebook
    saved: object  # bài đã lưu
    live: list  # số của các ô có hình sống
    guesses: list  # số của các ô mà kết quả phải đoán trước

    def asking(self, question, *, cell=None, remedy=None):
        place = f"Bài {self.lesson.number}" + (f", ô {self.name(cell)}" if cell is not None else "")
        again = f"sửa notebooks/src/{self.lesson.stem}.md, rồi chạy make test LESSON={self.lesson.number}."
        return asking(place, question, remedy or again)

    def name(self, cell):
        """Mã và dòng đầu của một ô."""
        one = self.saved.cells[cell]
        return f"{one.id} (thứ {cell}: {(one.source.splitlines() or [''])[0][:50]})"


@pytest.mark.parametrize("lesson", every(), ids=lambda lesson: lesson.stem)
def test_lesson(lab, lesson):
    notebook = lab.open(lab.server.add(lesson.notebook.name, lesson.notebook))
    live = [i for i, source in notebook.cells("code") if "@live(" in source]
    saved = nbformat.read(lesson.notebook, as_version=4)
    opened = Opened(lesson, notebook, saved, live, [i for i, cell in enumerate(saved.cells) if is_guess(cell)])
    shows_its_pictures_and_formulas(opened)
    hides_what_is_to_be_guessed(opened)
    runs_as_saved(opened)
    if lesson.number in AGAIN:
        notebook.restart()
        runs_as_saved(opened)
    for i in live:
        moves(opened, i)
        is_labelled(opened, i)
    judges_an_exercise(opened)
    explains_an_option(opened)
    is_readable_in_both_themes(lab, opened)
    fits_the_screen(opened)
    with opened.asking("trang không kêu lỗi nào, từ lúc mở đến lúc đóng"):
        assert notebook.cell_errors() == [] and notebook.widget_errors() == []
        assert lab.errors == [] and lab.console == []
    notebook.close(save=False)


def shows_its_pictures_and_formulas(opened):
    """Vừa mở, chưa chạy gì: hình nào cũng là một bức ảnh nhìn thấy được, công thức nào cũng dựng xong."""
    notebook = opened.notebook
    for i in notebook.lay_out():
        with opened.asking("mọi công thức của ô dựng xong trong một phút", cell=i):
            raise AssertionError("chưa thấy công thức nào")
    folds = notebook.opened()
    with opened.asking("ghi chú nào cũng là một dòng gập, và công thức bên trong hiện ra khi mở"):
        assert {i for i, cell in enumerate(opened.saved.cells) if slide_type(cell) == "notes"} <= {i for i, _ in folds}
        assert all(min(size) > 3 for _, sizes in folds for size in sizes), folds
    for i, words in notebook.math_errors():
        with opened.asking("MathJax hiểu mọi công thức của ô", cell=i):
            raise AssertionError(words)
    for i, widths in notebook.pictures(opened.live).items():
        with opened.asking("chưa chạy thì thấy đúng một bức ảnh, rộng hơn 300 điểm", cell=i):
            assert len(widths) == 1 and widths[0] > 300
    with opened.asking("ảnh nào cũng có lời thay cho hình, và lời ấy mang con số"):
        told = notebook.panel.locator(".jp-RenderedImage img").evaluate_all("images => images.map((img) => img.alt)")
        assert len(told) >= len(opened.live) and all(re.search(r"\d", words) for words in told), told
    with opened.asking("bài vừa mở không báo widget nào hỏng"):
        assert notebook.widget_errors() == []


def hides_what_is_to_be_guessed(opened):
    """Vừa mở, chưa chạy gì: kết quả phải đoán thì gập, và chỗ gập không nói trước điều gì."""
    with opened.asking("bài vừa mở gập đúng những kết quả phải đoán, chỗ gập chỉ có lời mời"):
        assert opened.notebook.folded() == dict.fromkeys(
            opened.guesses, "Kết quả đang gập: hãy đoán, rồi chạy ô này hay bấm vào đây."
        )
    with opened.asking("lời bàn về những kết quả ấy cũng gập"):
        assert opened.notebook.comments() == [False] * sum(AFTER in cell.source for cell in opened.saved.cells)


def runs_as_saved(opened):
    """Chạy hết, không lỗi, và ra đúng những gì bài đã lưu: chữ, số, hình; kết quả nào đang gập thì mở ra."""
    notebook, number = opened.notebook, opened.lesson.number
    notebook.run_all()
    for i, error in notebook.cell_errors():
        with opened.asking("ô chạy không lỗi", cell=i):
            raise AssertionError(error)
    with opened.asking("chạy xong thì không kết quả nào còn gập, lời bàn nào cũng mở"):
        assert notebook.folded() == {} and all(notebook.comments())
    with opened.asking("chạy xong không widget nào hỏng"):
        assert notebook.widget_errors() == []
    remedy = f"nếu thay đổi này là đúng ý thì make notebooks LESSON={number}, rồi commit cả file .ipynb."
    for i, (outputs, cell) in enumerate(zip(notebook.outputs(), opened.saved.cells, strict=True)):
        with opened.asking("chạy ra đúng những gì bài đã lưu", cell=i, remedy=remedy):
            now, then = printed(outputs), printed(cell.get("outputs"))
            assert now == then, first_difference(now, then)
            for new, old in zip(pictures(outputs), pictures(cell.get("outputs")), strict=True):
                assert same_picture(new, old), "hình đã đổi"
    with opened.asking("ô nào ghi @live thì ô ấy hiện một hình sống"):
        assert notebook.live_cells() == opened.live


def printed(outputs):
    """Những gì một ô in ra, trừ điểm ảnh."""
    kept = [nbformat.from_dict(output) for output in outputs or []]
    for output in kept:
        output["data"] = {kind: text for kind, text in output.get("data", {}).items() if kind != "image/png"}
    return [dict(output) for output in kept]


def first_difference(now, then):
    """Hai đoạn ngắn quanh chỗ khác nhau đầu tiên."""
    texts = [json.dumps(one, ensure_ascii=False, sort_keys=True) for one in (now, then)]
    at = len(os.path.commonprefix(texts))
    return "chạy ra …{}…\nđã lưu   …{}…".format(*(text[max(0, at - 60) : at + 60] for text in texts))


def pictures(outputs):
    return [output["data"]["image/png"] for output in outputs or [] if "image/png" in output.get("data", {})]


def same_picture(new, old):
    """Điểm ảnh được lệch một chút: máy khác khử răng cưa hơi khác, matplotlib khác thì bố cục cũng khác."""
    if new.strip() == old.strip() or not SAME_MATPLOTLIB:
        return True
    a, b = (decoded(base64.b64decode(png)).astype(int) for png in (new, old))
    return a.shape == b.shape and np.abs(a - b).mean() < 2.5


def moves(opened, i):
    """Một phím trên thanh trượt đầu tiên: hình và lời cùng đổi."""
    notebook = opened.notebook
    with opened.asking("một phím trên thanh trượt đầu tiên làm hình và lời kể cùng đổi", cell=i):
        words, picture = notebook.caption(i), notebook.picture(i)
        handle = notebook.handles(i).first
        at_the_end = handle.get_attribute("aria-valuenow") == handle.get_attribute("aria-valuemax")
        notebook.press(i, "ArrowLeft" if at_the_end else "ArrowRight")
        assert notebook.told(i, other_than=words) != words, "lời kể không đổi"
        assert notebook.picture(i) != picture, "hình không đổi"


def is_labelled(opened, i):
    """Mọi điều khiển mang tên tiếng Việt như tác giả viết, và phím Tab đến được; hình có lời thay, là câu kể."""
    notebook = opened.notebook
    with opened.asking("mọi điều khiển có tên, phím Tab đến được, và hình có lời thay", cell=i):
        controls = notebook.controls(i)
        assert all(reachable for _, reachable in controls), controls
        spoken = [name.strip() for name, _ in controls]
        written = notebook.value(
            "[[control.label for control in figure.controls.values()] + ['Đặt lại'] "
            "for figure in __import__('mlcourse.interactive').interactive.figures.values() "
            f"if f'def {{figure.name}}(' in In[{run_count(notebook, i)}]][0]"
        )
        assert [name for name in spoken if not re.match("Chạy, tạm dừng: |Dừng, về đầu: ", name)] == written
        assert notebook.image(i).first.get_attribute("alt") == notebook.caption(i)


def run_count(notebook, i):
    return notebook.page.evaluate("(i) => jupyterapp.shell.currentWidget.content.widgets[i].model.executionCount", i)


def plain(text):
    """Đoạn đầu của một lời giải thích, trước chỗ in nghiêng hay code: đúng như trang hiện ra."""
    return re.split("[`*]", text)[0][:40].strip()


def judges_an_exercise(opened):
    """Một bài tập làm sai rồi làm đúng: được gọi đúng tên lỗi, rồi được khen. Lời giải thì gõ vào ô, như người học."""
    notebook, tasks = opened.notebook, importlib.import_module(opened.lesson.exercises)
    at = {
        match[1]: i
        for i, source in notebook.cells("code")
        if (match := re.search(r"^lesson\.(\w+)\.check\(\1\)$", source, re.M))
    }
    name = next(name for name in at if getattr(tasks, name).mistakes)
    task = getattr(tasks, name)
    remedy = f"xem bài tập {name} trong {opened.lesson.exercises.replace('.', '/')}.py."
    with opened.asking(f"bài tập {name} gọi đúng tên một lỗi hay gặp", cell=at[name], remedy=remedy):
        told = notebook.fill(at[name], f"lesson.{name}.check(lesson.{name}.mistakes[0].wrong)")
        assert "✗ Sai, vì" in told and plain(task.mistakes[0].why) in told, told
    with opened.asking(f"bài tập {name} khen lời giải của khóa học", cell=at[name], remedy=remedy):
        told = notebook.fill(at[name], f"{task.solution()}\n\nlesson.{name}.check({name})")
        assert "✓ Đúng." in told and plain(task.praise) in told, told


def explains_an_option(opened):
    """Một câu trắc nghiệm, bằng bàn phím: Enter trên phương án nào thì lời giải thích của phương án ấy mở ra."""
    notebook = opened.notebook
    with opened.asking("phím Enter mở lời giải thích của phương án (a) đầu tiên"):
        option = notebook.panel.locator("details", has=notebook.page.locator("summary", has_text="(a)")).first
        option.locator("summary").focus()
        assert not option.locator("p").last.is_visible()
        notebook.page.keyboard.press("Enter")
        assert option.locator("p").last.is_visible() and "úng." in option.inner_text()


def is_readable_in_both_themes(lab, opened):
    """Máy kiểm tra trợ năng đọc trang; rồi mọi chữ phải đủ tương phản, sáng rồi tối. Nền tối chỉ đổi màu."""
    with opened.asking("máy kiểm tra trợ năng không thấy lỗi nặng nào"):
        assert opened.notebook.violations() == []
    for dark in (True, False):
        lab.theme(dark)
        for i, words in opened.notebook.faint():
            with opened.asking(f"chữ đủ tương phản với nền ở giao diện {'tối' if dark else 'sáng'}", cell=i):
                raise AssertionError(f"tỷ lệ tương phản {words}")


def fits_the_screen(opened):
    """Chiếu cả bài ở sáu cỡ màn hình, kể cả cửa sổ còn thanh công cụ: không gì tràn, trang nào cũng có tên, hình nào cũng
    lớn, hình sống đứng một mình, ghi chú không hiện."""
    notebook = opened.notebook
    notebook.page.set_viewport_size(dict(zip(("width", "height"), SCREENS[0])))
    notebook.fold(opened.guesses)  # như ở bài vừa mở mà chưa chạy
    with Deck(notebook) as deck:
        with opened.asking("số trang của bộ slide là số trang của tài liệu cho người dạy"):
            assert [page for page, step in deck.stops() if step == 0] == list(range(len(pages(opened.saved))))
        for width, height in SCREENS:
            deck.resize(width, height)
            fits(opened, deck.leaf(), width, height)
        deck.resize(*SCREENS[0])
        deck.drawn()
        with opened.asking("hình vẽ lại cho màn hình lớn thì nét"):
            for image in (image for here in deck.leaf() for image in here["images"]):
                assert image["pixels"] > 0.97 * image["width"], image
        if opened.lesson.number in BY_HAND:
            with opened.asking("phím của bút trình chiếu đi qua đủ mọi chỗ dừng, rồi lùi về đầu"):
                assert deck.walk() == deck.stops()
            answers_keys_on_a_slide(opened, deck, opened.live[0])


def fits(opened, walked, width, height):
    """Ở trang nào cũng thế; và gặp đủ mọi hình sống của bài, theo thứ tự."""
    unit = min(width / 100, height / 56.25)
    for here in walked:
        cell = next(iter(here["cells"]), None)
        with opened.asking(f"trang {here['page'] + 1} vừa và đọc được ở màn hình {width} x {height}", cell=cell):
            assert here["excess"] <= 0 and here["wide"] == [], f"tràn {here['excess']} điểm, {here['wide']}"
            assert here["title"] and not here["cut"], f"tên trang: {here['title']!r}"
            assert here["folded"] == 0 and here["opening"] == [], "kết quả còn gập, hay một dòng gọi câu hỏi"
            assert not {"skip", "notes"} & set(here["types"])
            assert here["words"] > 1.1 * unit, f"chữ nhỏ nhất {here['words']} điểm"
            assert here["printed"] >= here["words"], "kết quả in ra nhỏ hơn lời"
            assert here["code"] > 0.75 * unit, f"code nhỏ nhất {here['code']} điểm"
            for image in here["images"]:
                big = image["width"] > 0.75 * width or image["height"] > (0.55 if image["live"] else 0.42) * height
                assert big, f"hình chỉ {image['width']} x {image['height']}"
                if image["live"] and here["sliders"]:
                    assert max(here["sliders"]) > 0.65 * image["width"], "thanh trượt chính hẹp hơn hình"
    alone = [i for here in walked if any(image["live"] for image in here["images"]) for i in here["cells"]]
    with opened.asking(f"hình sống nào cũng lên slide ở màn hình {width} x {height}, và đứng một mình ở đó"):
        assert sorted(alone) == opened.live


def answers_keys_on_a_slide(opened, deck, i):
    """Trên slide: mũi tên và bút trình chiếu kéo thanh trượt khi tay ở trên thanh; Esc trả tay về cho slide."""
    notebook, page = opened.notebook, deck.page_of(i)
    deck.go(page)
    with opened.asking("trên slide, phím kéo thanh trượt khi tay ở trên thanh, và lật slide khi không", cell=i):
        for key in ("ArrowLeft", "ArrowRight", "PageDown", "PageUp"):
            words, handle = notebook.caption(i), notebook.handles(i).first
            if key == "ArrowLeft" and handle.get_attribute("aria-valuenow") == handle.get_attribute("aria-valuemin"):
                continue
            notebook.press(i, key)
            assert notebook.told(i, other_than=words) != words and deck.at() == (page, 0)
        assert deck.press("Escape") == (page, 0), "Esc trên thanh trượt chỉ trả tay về cho slide"
        assert deck.press("PageDown") != (page, 0)
        assert deck.press("PageUp") == (page, 0)
        words, handle = notebook.caption(i), notebook.handles(i).first
        at_the_end = handle.get_attribute("aria-valuenow") == handle.get_attribute("aria-valuemax")
        handle.click()  # tay đến bằng chuột: mũi tên chỉnh tiếp thanh ấy, bút trình chiếu lật slide
        deck.page.keyboard.press("ArrowLeft" if at_the_end else "ArrowRight")
        assert notebook.told(i, other_than=words) != words and deck.at() == (page, 0)
        assert deck.press("PageDown") != (page, 0)


def test_training_runs_while_the_kernel_answers(lab):
    """Bài 05: bấm chạy thì mạng học từng epoch; đang học vẫn đổi được tốc độ học, kernel vẫn trả lời; bấm dừng là dừng."""
    cells = nbformat.read(chosen("05")[0].notebook, as_version=4).cells
    sources = [cell.source for cell in cells if cell.cell_type == "code" and not cell.source.startswith("lesson.")]
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
