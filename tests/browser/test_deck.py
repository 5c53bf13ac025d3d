"""Trình chiếu như trong một giảng đường: phím nào cũng vô hại, kernel chết giữa buổi cũng cứu được bằng một phím, tải lại
trang web thì về đúng chỗ cũ, và người nói có cửa sổ riêng."""

import os
import signal

import nbformat
import pytest

from tests.helpers.lab import Deck, Page

LIVE = """
@live(k=slider(0, 9, step=1, value=3, label="k"))
def counter(fig):
    text = fig.text(0.4, 0.4, "", fontsize=40)
    def update(k):
        text.set_text(str(k))
        return f"k bằng {k}, bình phương là {k * k}."
    return update

counter
"""
NOTE = "<details><summary><em>Ghi chú cho người dạy (3 phút)</em></summary>\n\nHỏi cả lớp trước khi kéo.\n\n</details>"
EXERCISE = "def four_scores(tp, fp, fn, tn):\n    ...\n\nlesson.four_scores.check(four_scores)"
RESULT = "total = 0\nfor n in range(10):\n    total += n\n\nprint(f'tổng của 0 đến 9 là {total}')"
CELLS = [  # (loại slide, loại ô, nội dung, phần còn lại của metadata)
    ("slide", "markdown", "# 99 · Bài thử\n\n*Mục 9.9 · trình bày 45 phút*", {}),
    (
        "skip",
        "code",
        "from mlcourse.exercises import lesson_04_1 as lesson\nfrom mlcourse.interactive import live, slider",
        {},
    ),
    ("slide", "markdown", "## Một thanh trượt\n\nKéo để đổi $k$.", {"part": "Phần đầu"}),
    ("notes", "markdown", NOTE, {}),
    ("skip", "markdown", "### Hình sống: kéo một con số", {}),
    ("slide", "code", LIVE.strip(), {}),
    ("skip", "markdown", "**Hình 1.** Một con số.", {}),
    ("slide", "markdown", "## Bài tập\n\nViết hàm.", {"part": "Phần sau"}),
    (None, "code", EXERCISE, {}),
    ("slide", "markdown", "## Câu hỏi", {}),
    (None, "code", "lesson.opening", {}),
    ("fragment", "markdown", "Sau câu hỏi.", {}),
    ("slide", "markdown", "## Kết quả\n\nTổng là bao nhiêu?", {}),
    ("fragment", "code", RESULT, {"key": "45"}),
]
LIVE_CELL, EXERCISE_CELL, RESULT_CELL = 5, 8, 13
TITLE, PART, LIVE_PAGE, EXERCISE_PAGE, QUIZ, LAST = 0, 1, 3, 5, 6, 7


@pytest.fixture(scope="module")
def lab(browser, server):
    page = Page(browser, server, width=1280, height=720)
    yield page
    page.close()


@pytest.fixture(scope="module")
def notebook(lab):
    book = nbformat.v4.new_notebook(metadata={"mlcourse": {}})
    for kind, language, source, more in CELLS:
        new = nbformat.v4.new_code_cell if language == "code" else nbformat.v4.new_markdown_cell
        slideshow = {**({"slide_type": kind} if kind else {}), **more}
        book.cells.append(new(source, metadata={"slideshow": slideshow} if slideshow else {}))
    book.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(book, lab.server.root / "thu.ipynb")
    notebook = lab.open("thu.ipynb")
    yield notebook
    notebook.close(save=False)


@pytest.fixture(scope="module")
def deck(notebook):
    with Deck(notebook) as deck:
        alive(deck)
        yield deck


def alive(deck):
    """Đợi hình sống hiện ra, rồi kéo thử: hình còn nghe tay."""
    deck.page.wait_for_selector("img.widget-image", state="attached")
    deck.notebook.idle()
    at = deck.at()
    deck.go(LIVE_PAGE)
    words = deck.notebook.caption(LIVE_CELL)
    handle = deck.notebook.handles(LIVE_CELL).first
    up = handle.get_attribute("aria-valuenow") != "9.0"
    handle.focus()
    deck.page.keyboard.press("ArrowRight" if up else "ArrowLeft")
    assert deck.notebook.told(LIVE_CELL, other_than=words) != words
    deck.press("Escape")
    deck.go(*at)


def state(notebook):
    """Những gì một phím lạc có thể làm hỏng: nội dung các ô, ô văn bản nào đang mở ra để sửa, hộp thoại nào hiện ra."""
    return notebook.page.evaluate(
        """() => [jupyterapp.shell.currentWidget.content.widgets.map((cell) => [cell.model.type, cell.model.sharedModel.getSource(),
                   cell.model.type === 'markdown' && cell.rendered]), document.querySelectorAll('.jp-Dialog, .lm-Menu').length]"""
    )


def test_a_key_that_is_not_listed_does_nothing(deck, notebook):
    before = state(notebook)
    for page in (TITLE, LIVE_PAGE, EXERCISE_PAGE):
        deck.go(page)
        for key in [
            *"adeghijklmnopqtuvwxyzAXZVMY0;/",
            "d",
            "d",
            "Enter",
            "Delete",
            "Insert",
            "F2",
            "Control+b",
            "Control+Shift+c",
        ]:
            deck.press(key)
        assert (deck.at(), state(notebook)) == ((page, 0), before)
    deck.go(TITLE)
    deck.page.locator(".mlc-on .jp-RenderedMarkdown").first.dblclick()
    assert state(notebook) == before, "bấm đúp mở văn bản ra để sửa"


def test_the_keys_of_the_list(deck):
    assert deck.press("End") == (LAST, 1) and deck.press("Home") == (TITLE, 0)
    deck.press("4")
    assert deck.page.inner_text(".mlc-count") == "→ 4" and deck.press("Enter") == (LIVE_PAGE, 0)
    deck.press("7")
    assert deck.press("PageUp") == (PART + 1, 0) and deck.page.inner_text(".mlc-count") == "3 / 8", "số gõ dở thì bỏ"
    deck.page.locator(".mlc-turn").last.click()
    assert deck.at() == (LIVE_PAGE, 0) and deck.press(" ") == (LIVE_PAGE + 1, 0), (
        "bấm chuột xong, phím cách vẫn bước tới"
    )
    deck.go(LIVE_PAGE)
    for key in ("b", "."):
        assert deck.press(key) == (LIVE_PAGE, 0) and deck.page.locator(".mlc-black").is_visible()
        assert deck.press("ArrowRight") == (LIVE_PAGE, 0) and not deck.page.locator(".mlc-black").count()
    deck.press("?")
    listed = deck.page.inner_text(".mlc-keys")
    assert all(words in listed for words in ("PageDown", "Home", "màn hình đen", "chạy lại", "toàn màn hình"))
    assert deck.press("?") == (LIVE_PAGE, 0) and not deck.page.locator(".mlc-keys").count()
    deck.press("f")
    deck.page.wait_for_function("() => document.fullscreenElement")
    deck.press("f")
    deck.page.wait_for_function("() => !document.fullscreenElement")


def test_where_am_i(deck, notebook):
    """Số trang, tên phần, tên trang: hình sống cũng có; trang phân phần đánh dấu chỗ đang đứng; địa chỉ giữ số trang."""
    deck.go(PART)
    assert deck.page.locator(".mlc-part li").all_inner_texts() == ["Phần đầu", "Phần sau"]
    assert deck.page.inner_text(".mlc-part .mlc-now") == "Phần đầu" and deck.visible() == []
    deck.go(LIVE_PAGE)
    assert deck.page.inner_text(".mlc-frame h2") == "Kéo một con số"
    assert deck.page.inner_text(".mlc-eyebrow") == "Phần đầu · Hình 1"
    assert deck.page.inner_text(".mlc-count") == "4 / 8" and deck.page.url.endswith("#slide=4")


def test_a_result_is_read_from_the_last_row(deck):
    """Trang để xem kết quả: code gập lại, con số đáng nhớ to gấp rưỡi lời; phím C mở code."""
    deck.go(LAST, 1)
    key, printed, words = (
        deck.page.locator(one).first.evaluate("node => parseFloat(getComputedStyle(node).fontSize)")
        for one in (".mlc-key", ".mlc-on .mlc-copy", ".mlc-on .jp-RenderedMarkdown p")
    )
    assert key > 1.5 * printed >= 1.5 * words and deck.page.inner_text(".mlc-key") == "45"
    code = deck.page.locator(".mlc-on.jp-CodeCell .jp-InputArea-editor")
    assert not code.is_visible() and "phím C" in deck.page.inner_text(".mlc-hint")
    deck.press("c")
    assert code.is_visible()
    deck.press("c")
    load = """async () => (await document.fonts.load('16px "JetBrains Mono"', 'sai số')).map((face) => face.status)"""
    assert set(deck.page.evaluate(load)) == {"loaded"}, "chữ Việt trong code và kết quả thiếu phông của khóa học"


def test_an_exercise_runs_in_place(deck, notebook):
    deck.go(EXERCISE_PAGE)
    cell, solution = notebook.cell(EXERCISE_CELL), "    return 0.0, 0.0, 0.0, 0.0"
    cell.locator(".cm-line").nth(1).click(click_count=3)
    deck.page.keyboard.type(solution)
    assert deck.press("Shift+Enter") == (EXERCISE_PAGE, 0)
    deck.page.wait_for_function(
        '(i) => /Sai|Chưa đúng/.test(document.querySelector(`.jp-Cell[data-mlcourse="${i}"] .jp-OutputArea`).innerText)',
        arg=EXERCISE_CELL,
    )
    assert deck.visible() == [EXERCISE_CELL - 1, EXERCISE_CELL], "chạy xong vẫn ở trang ấy"
    assert deck.press("Escape") == (EXERCISE_PAGE, 0), "Esc rời ô đang gõ, chưa rời bộ slide"


def test_a_long_output_scrolls_in_its_frame(deck, notebook):
    deck.go(EXERCISE_PAGE)
    notebook.fill(EXERCISE_CELL, "for n in range(400):\n    print(n)")
    deck.page.wait_for_selector(".mlc-on pre.mlc-long")
    here = deck.leaf()[EXERCISE_PAGE]
    assert here["excess"] <= 0 and here["words"] > 20
    deck.go(EXERCISE_PAGE)
    at = "(pre) => pre.scrollTop + pre.clientHeight >= pre.scrollHeight - 2 && pre.scrollHeight > 2 * pre.clientHeight"
    assert deck.page.locator(".mlc-on pre.mlc-long").evaluate(at), "dòng cuối, nơi có lỗi, phải hiện ra"
    notebook.fill(EXERCISE_CELL, EXERCISE)


def test_an_endless_loop_is_cut_by_one_key(deck, notebook):
    deck.go(EXERCISE_PAGE)
    notebook.cell(EXERCISE_CELL).locator(".cm-line").first.click(click_count=3)
    deck.page.keyboard.press("Control+a")
    deck.page.keyboard.type("while True: pass")
    deck.press("Shift+Enter")
    deck.page.wait_for_function("() => mlcourseDeck().session.session.kernel.status === 'busy'")
    deck.press("Escape")
    deck.press("r")
    deck.page.wait_for_function("() => document.querySelector('.mlc-banner').innerText.includes('Đã ngắt')")
    notebook.idle(seconds=20)
    assert deck.at() == (EXERCISE_PAGE, 0)
    notebook.fill(EXERCISE_CELL, EXERCISE)
    deck.go(TITLE)
    assert deck.page.inner_text(".mlc-banner") == ""


def test_one_option_at_a_time_and_no_fragment_is_lost(deck):
    deck.go(QUIZ, 1)
    options = deck.page.locator(".mlc-on details")
    for i in (0, 2):
        options.nth(i).locator("summary").click()
        assert [options.nth(k).evaluate("node => node.open") for k in range(4)] == [k == i for k in range(4)]
    assert "Sau câu hỏi." in deck.page.locator(".mlc-on:not(.mlc-later)").last.inner_text()
    assert deck.at() == (QUIZ, 1)
    outer = deck.page.locator(".mlc-deck .jp-WindowedPanel-outer")
    assert outer.evaluate("node => node.scrollHeight <= node.clientHeight"), "phương án mở ra thì tràn"
    assert deck.page.locator(".mlc-on .cm-content:visible").count() == 0, "dòng lesson.opening còn trên slide"


def test_f5_comes_back_to_the_same_living_slide(deck, notebook):
    deck.go(LIVE_PAGE)
    with deck.page.expect_navigation():
        deck.page.keyboard.press("F5")
    reloaded(deck)
    deck.page.reload()  # nút tải lại của trình duyệt
    reloaded(deck)


def reloaded(deck):
    deck.page.wait_for_function("() => window.mlcourseDeck?.()?.here && document.body.dataset.mlcourseScreen")
    deck.page.evaluate(
        "() => jupyterapp.shell.currentWidget.content.widgets.forEach((cell, i) => { cell.node.dataset.mlcourse = i; })"
    )
    assert deck.at() == (LIVE_PAGE, 0)
    alive(deck)


def test_a_dead_kernel_is_one_key_away_from_life(deck, notebook):
    deck.go(LIVE_PAGE)
    os.kill(notebook.value("__import__('os').getpid()"), signal.SIGKILL)
    deck.page.wait_for_function("() => document.querySelector('.mlc-banner').innerText.includes('Bấm R')")
    deck.page.wait_for_timeout(1500)
    assert deck.page.locator(".jp-Dialog").count() == 0 and deck.at() == (LIVE_PAGE, 0)
    deck.press("r")
    deck.page.wait_for_function("() => document.querySelector('.mlc-banner').innerText === ''")
    assert deck.at() == (LIVE_PAGE, 0)
    alive(deck)
    assert notebook.value("'lesson' in globals()")


def test_leaving_lands_on_the_cell_that_was_shown(deck, notebook):
    for again in range(2):
        deck.go(LAST, 1)
        assert deck.page.locator(".mlc-on .mlc-copy").is_visible()
        deck.go(EXERCISE_PAGE)
        deck.page.keyboard.press("Escape")
        deck.page.wait_for_function("() => !document.querySelector('.mlc-deck')")
        deck.page.wait_for_timeout(200)
        assert deck.page.evaluate("() => jupyterapp.shell.currentWidget.content.activeCellIndex") == EXERCISE_CELL - 1
        top, height = notebook.cell(EXERCISE_CELL - 1).evaluate("(n) => [n.getBoundingClientRect().top, innerHeight]")
        assert 0 < top < height, "ô đang chiếu không còn trong khung nhìn"
        assert deck.page.locator("#jp-top-panel").is_visible() and "#slide" not in deck.page.url
        assert not deck.page.locator(".mlc-copy, .mlc-covered, .mlc-on").count(), "bộ slide để lại dấu vết"
        assert list(notebook.folded()) == [RESULT_CELL] * again, "kết quả gập trước khi chiếu thì ra vẫn gập"
        notebook.fold([RESULT_CELL])
        deck.page.locator("jp-button:has-text('Trình chiếu'), button:has-text('Trình chiếu')").first.click()
        deck.drawn()
        assert deck.at() == (EXERCISE_PAGE, 0) and deck.visible() == [EXERCISE_CELL - 1, EXERCISE_CELL]
        assert deck.page.locator(".mlc-on .jp-RenderedMarkdown p").first.is_visible(), "trang trắng"


def test_the_speaker_has_a_window(deck):
    deck.go(LIVE_PAGE - 1)
    with deck.page.expect_popup() as popup:
        deck.page.keyboard.press("s")
    speaker = popup.value
    assert "Hỏi cả lớp trước khi kéo." in speaker.inner_text("main")
    told = speaker.inner_text("header")
    assert "phút 3 trên 3" in told and "trang 3 trên 8" in told
    assert "Trang sau: Kéo một con số" in speaker.inner_text("aside")
    assert speaker.locator("aside img").evaluate("(img) => img.complete && img.naturalWidth > 100")
    inside = """(box) => [...box.querySelectorAll('*')].filter((one) => one.offsetParent).every((one) => one.getBoundingClientRect().left >= box.getBoundingClientRect().left - 1)
      && box.getBoundingClientRect().width < innerWidth / 2"""
    assert speaker.locator(".box").evaluate(inside), "trang sau phải nằm gọn trong khung của nó"
    speaker.keyboard.press("PageDown")  # bút trình chiếu bấm ở cửa sổ nào cũng lật slide
    deck.page.wait_for_function("(page) => mlcourseDeck().page === page", arg=LIVE_PAGE)
    assert "trang 4 trên 8" in speaker.inner_text("header")
