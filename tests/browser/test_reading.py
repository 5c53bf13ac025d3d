"""Bản để đọc trong Chromium, mở thẳng từ ổ đĩa: không một yêu cầu nào ra mạng, không gì tràn ngang ở điện thoại hay máy
tính, sáng hay tối; công thức nào cũng dựng xong; thanh trượt, tìm chữ, liên kết, nền tối chạy bằng bàn phím."""

import io
import re

import numpy as np
import pytest
from PIL import Image

from mlcourse.interactive import dropdown, live, slider
from tests.browser.conftest import FILMED as LIVE
from tests.helpers.lab import violations
from tools import film, lesson_page, static_site
from tools.lessons import every

PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 900}
READ_ALOUD = {"index", LIVE}  # trang cho máy kiểm tra trợ năng đọc; trang nào cũng cùng một khuôn, mà máy đọc chậm
pytestmark = pytest.mark.xdist_group("bản để đọc")  # một bản dựng chung


class Book:
    """Bản để đọc trong một trang của Chromium không có mạng; ghi lại mọi yêu cầu ra ngoài và mọi lỗi."""

    def __init__(self, browser, folder):
        self.folder, self.outside, self.errors = folder, [], []
        self.context = browser.new_context(viewport=DESK)
        self.context.route(re.compile("^(?!file:|data:|blob:|about:)"), lambda route: route.abort())
        self.context.on("request", lambda one: self._asked(one.url))
        self.page = self.context.new_page()
        self.page.set_default_timeout(30_000)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("console", self._listen)

    def _listen(self, line):
        """Giữ lại lỗi của trang; MathJax hỏi phông ở about:blank để biết máy có phông hay không, và bị từ chối là đúng ý."""
        if line.type == "error" and "about:blank" not in line.text + line.location["url"]:
            self.errors.append(line.text)

    def _asked(self, url):
        if not url.startswith(("file:", "data:", "blob:", "about:")):
            self.outside.append(url)

    def open(self, name, *, formulas=True):
        self.page.goto((self.folder / name).as_uri())
        if formulas:
            self.page.wait_for_function("() => window.MathJax && MathJax.isReady")
            self.page.evaluate("() => new Promise((done) => MathJax.Hub.Queue(done))")
        return self.page

    def look(self, size, dark):
        self.page.set_viewport_size(size)
        self.page.emulate_media(color_scheme="dark" if dark else "light")
        self.page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


@pytest.fixture(scope="module")
def book(browser, site):
    book = Book(browser, site)
    yield book
    book.context.close()


WIDE = """() => [...document.querySelectorAll('body *')].filter((node) => {
  const box = node.getBoundingClientRect();
  return box.width && box.right > document.documentElement.clientWidth + 1 && !node.closest('.skip, .MJX_Assistive_MathML') &&
    !node.closest('pre, .table, .picture, .MathJax_Display, .MathJax.wide');
}).map((node) => `${node.tagName} ${node.className} ${node.textContent.slice(0, 60)}`)"""
MATH = """() => {
  const wrong = [...document.querySelectorAll('.MathJax_Error, .merror, .noError, .MathJax [style*="color: red"]')].map((n) => n.textContent);
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let t; (t = texts.nextNode());) {
    if (t.data.includes('$') && !t.parentElement.closest('code, pre, script, .MathJax, .MJX_Assistive_MathML')) wrong.push(t.data.trim());
  }
  return wrong;
}"""


UNFOLDED = """() => [...document.querySelectorAll('article details')].flatMap((fold) => {
  fold.open = true;
  return [...fold.querySelectorAll('.MathJax')].map((node) => node.getBoundingClientRect().height);
})"""


@pytest.mark.parametrize("name", ["index", *(lesson.stem for lesson in every())])
def test_page(book, name):
    """Mọi dòng gập đều mở ra: công thức và bảng bên trong cũng phải hiện, và không tràn."""
    page = book.open(f"{name}.html")
    assert page.evaluate(MATH) == []
    if name != "index":
        assert page.locator(".MathJax").count() > 10
        assert all(height > 5 for height in page.evaluate(UNFOLDED))
    for size, dark in ((PHONE, True), (DESK, False)):
        book.look(size, dark)
        assert page.evaluate("() => document.documentElement.scrollWidth - innerWidth") <= 0, page.evaluate(WIDE)
        assert page.evaluate(WIDE) == []
        if name in READ_ALOUD:
            assert violations(page, exclude=[[".MathJax"]]) == []
    assert book.outside == [] and book.errors == []


def figure(page):
    return page.locator("figure.live:has(.play)").first


def main(page):
    return figure(page).locator("input").first


def state(page):
    """``(chữ ở nấc, câu kể, ảnh chụp)`` của hình sống ấy, khi khung đã ghép xong."""
    words = figure(page).locator("[role=status]").inner_text()
    figure(page).evaluate("(figure) => figure.scrollIntoView()")
    page.wait_for_function(
        "(figure) => [undefined, figure.dataset.place].includes(figure.dataset.shown)",
        arg=figure(page).element_handle(),
    )
    assert figure(page).locator("img").get_attribute("alt") == words
    shot = Image.open(io.BytesIO(figure(page).locator(".picture").screenshot())).convert("RGB")
    return main(page).get_attribute("aria-valuetext"), words, np.asarray(shot, int)


def changed(now, before):
    """Ba điều có đổi hay không; hai ảnh chụp cùng một hình có thể lệch vài điểm ảnh ở viền."""
    return now[0] != before[0], now[1] != before[1], np.abs(now[2] - before[2]).mean() > 0.1


def test_live_figure_moves_by_keyboard(book):
    page = book.open(f"{LIVE}.html")  # đợi công thức: chúng còn dựng thì hình còn xê dịch
    opened, slider = state(page), main(page)
    slider.focus()
    seen = [opened]
    for key in ("ArrowRight", "Home", "End", "PageDown", "ArrowLeft"):
        page.keyboard.press(key)
        seen.append(state(page))
        assert all(changed(seen[-1], seen[-2])), f"{key}: chữ ở nấc, câu kể, hình cùng phải đổi"
    assert figure(page).locator(".reading").first.inner_text() == seen[-1][0]
    assert slider.evaluate("(input) => input.labels[0].firstChild.data.trim()") == "Epoch"
    figure(page).get_by_role("button", name="Đặt lại").press("Enter")
    assert not any(changed(state(page), opened))


def test_live_figure_plays_to_the_end(book):
    page = book.open(f"{LIVE}.html", formulas=False)
    main(page).press("End")
    for _ in range(4):
        page.keyboard.press("ArrowLeft")
    play = figure(page).locator(".play")
    play.press("Enter")
    assert play.inner_text() == "Dừng" and figure(page).locator("[role=status]").get_attribute("aria-live") == "off"
    page.wait_for_function("(button) => button.textContent === 'Chạy'", arg=play.element_handle())
    assert main(page).input_value() == main(page).get_attribute("max")
    assert figure(page).locator("[role=status]").get_attribute("aria-live") == "polite"


def test_every_frame_is_a_picture_of_the_same_size(book):
    page = book.open(f"{LIVE}.html", formulas=False)
    wrong = page.evaluate(
        """async () => {
          const wrong = [];
          for (const figure of document.querySelectorAll('figure.live')) {
            const base = figure.querySelector('img');
            for (const [, source] of Object.values(JSON.parse(figure.querySelector('script').textContent).frames)) {
              if (!source) continue;
              const image = Object.assign(new Image(), {src: source});
              await image.decode().catch(() => wrong.push(source));
              if (image.naturalWidth !== +base.getAttribute('width')) wrong.push(source);
            }
          }
          return wrong;
        }"""
    )
    assert wrong == [] and page.locator("figure.live").count() == 1


def found(page):
    """Số chỗ được tô, và chữ ở chỗ đang đứng."""
    return page.evaluate("() => [CSS.highlights.get('found').size, [...CSS.highlights.get('current')].map(String)]")


def test_search_in_a_lesson(book):
    page = book.open("04_1_danh_gia_phan_loai.html")  # đợi công thức: chúng còn dựng thì trang còn xê dịch
    page.keyboard.press("/")
    page.keyboard.type("do chinh xac can")
    count, current = found(page)
    assert count >= 3 and current[0].lower() == "độ chính xác cân"
    output = page.locator(".bar output")
    assert output.inner_text() == f"1/{count}"
    heights = [page.evaluate("() => scrollY")]
    for key, told in (("Enter", 2), ("Enter", 3), ("Shift+Enter", 2), ("Shift+Enter", 1), ("Shift+Enter", count)):
        page.keyboard.press(key)
        assert output.inner_text() == f"{told}/{count}"
        heights.append(page.evaluate("() => scrollY"))
    assert len(set(heights)) > 2 and heights[1] == heights[3]
    page.keyboard.press("Escape")
    assert found(page) == [0, []] and output.inner_text() == "" and page.locator("[type=search]").input_value() == ""
    page.keyboard.type("độ chinh")  # gõ có dấu thì dấu phải đúng
    assert found(page)[0] == 0 and output.inner_text() == "không thấy"


def test_search_does_not_open_answers(book):
    page = book.open("04_1_danh_gia_phan_loai.html", formulas=False)
    folds = page.locator("article details:not(.code)")
    answer = folds.first.locator("p").first.evaluate("(node) => node.textContent.slice(-20)")
    page.locator("[type=search]").fill(answer)
    assert found(page)[0] == 0 and page.locator("article details[open]").count() == 0
    folds.first.locator("summary").first.press("Enter")
    page.locator("[type=search]").fill(answer + " ")
    assert found(page)[0] == 1


def test_search_in_the_course_leads_to_the_place(book):
    page = book.open("index.html")
    page.locator("[type=search]").fill("trung binh dieu hoa")
    links = page.locator(".results a")
    assert links.count() >= 1 and "trung bình điều hòa" in page.locator(".results mark").first.inner_text().lower()
    links.filter(has_text="F1").first.click()
    page.wait_for_url(re.compile(r"04_1_danh_gia_phan_loai\.html\?tim="))
    assert found(page)[0] > 0 and found(page)[1][0].lower() == "trung bình điều hòa"
    assert 0 < page.evaluate("() => [...CSS.highlights.get('current')][0].getBoundingClientRect().top") < DESK["height"]


def test_links_lead_to_their_section(book):
    page = book.open("index.html")
    page.locator(".lesson a").first.click()
    page.wait_for_url("**/00_tom_tat.html")
    page.locator(".turn a[rel=next]").first.click()
    page.wait_for_url("**/01_gioi_thieu.html")
    page = book.open("07_ket_luan.html", formulas=False)
    there = page.locator("article a[href*='.html#']").evaluate_all(
        "links => links.map((link) => link.getAttribute('href'))"
    )
    assert len(there) > 5
    for link in there[::3]:
        page.goto(book.folder.as_uri() + "/" + link)
        top = page.evaluate("() => document.querySelector(':target')?.getBoundingClientRect().top")
        assert top is not None and -5 < top < DESK["height"] / 2, link


def test_theme_is_a_choice_that_stays(book):
    page = book.open("index.html")
    book.look(DESK, False)
    paper = "() => getComputedStyle(document.body).backgroundColor"
    light, button = page.evaluate(paper), page.locator(".theme")
    button.press("Enter")
    dark = page.evaluate(paper)
    assert dark != light and button.inner_text() == "Nền sáng"
    book.open("00_tom_tat.html", formulas=False)
    assert page.evaluate(paper) == dark
    page.locator(".theme").press("Enter")
    assert page.evaluate(paper) == light
    page.evaluate("() => localStorage.clear()")


def test_page_without_javascript_or_storage(browser, book):
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto((book.folder / f"{LIVE}.html").as_uri())
        assert figure(page).locator(".controls").is_hidden() and figure(page).locator("[role=status]").is_visible()
        assert figure(page).locator("img").first.is_visible() and page.locator("[role=search]").is_hidden()
    errors = []
    with browser.new_context() as context:
        context.add_init_script(
            "Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('cấm'); }})"
        )
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto((book.folder / "index.html").as_uri())
        page.locator(".theme").press("Enter")
        assert page.locator(".theme").inner_text() == "Nền sáng" and errors == []


def test_contents_fold_on_the_phone_and_stand_beside_the_text_on_a_desk(book):
    page = book.open(f"{LIVE}.html", formulas=False)
    contents, article = page.locator(".contents details"), page.locator("article")
    book.look(PHONE, False)
    assert contents.get_attribute("open") is None
    book.look(DESK, False)
    assert contents.get_attribute("open") is not None
    assert contents.bounding_box()["x"] + contents.bounding_box()["width"] <= article.bounding_box()["x"]


def test_second_control_moves_and_the_main_one_snaps_to_a_frame(book):
    """Rời chỗ mở hình thì điều khiển chính có ít nấc hơn: nó về nấc gần nhất có khung, chữ và hình cùng nói một chỗ."""
    page = book.open(f"{LIVE}.html")
    opened, second = state(page), figure(page).locator("input").nth(1)
    main(page).press("End")
    main(page).press("ArrowLeft")
    fine, last = state(page), int(main(page).get_attribute("max"))
    second.press("End")
    moved = state(page)
    assert changed(moved, fine)[1:] == (True, True) and int(main(page).get_attribute("max")) < last
    assert moved[0] == figure(page).locator(".reading").first.inner_text() and moved[0] in moved[1]
    for key in ("Home", "ArrowRight", "End"):
        before = state(page)
        main(page).press(key)
        assert all(changed(state(page), before)), key
    second.press("Home")
    assert second.get_attribute("aria-valuetext") == figure(page).locator(".reading").nth(1).inner_text()
    figure(page).get_by_role("button", name="Đặt lại").press("Enter")
    assert not any(changed(state(page), opened)) and int(main(page).get_attribute("max")) == last


def test_curve_doctor_is_answered(book, tmp_path):
    """Danh sách chọn và câu trả lời, như hình bác sĩ đường cong của bài 05."""
    answers = ["chưa đoán", "khỏe", "quá khớp"]

    @live(case=slider(1, 3, step=1, value=2, label="Ca"), guess=dropdown(answers, label="Chẩn đoán của bạn"))
    def doctor(fig):
        text = fig.text(0.1, 0.5, "")

        def update(case, guess):
            text.set_text(f"{case}: {guess}")
            return f"Ca {case}: {guess}, {'đúng' if guess == answers[case - 1] else 'chưa đúng'}."

        return update

    html = lesson_page.PAGE.format(
        title="", find="", mathjax="", contents="", scripts=lesson_page.script("static/live.js"),
        main=lesson_page.live_figure("doctor", film.film(doctor), "doctor", files := {}),
    )  # fmt: skip
    static_site.save({**files, "doctor.html": html.encode()}, book.folder)
    page = book.open("doctor.html", formulas=False)
    page.get_by_label("Chẩn đoán của bạn").select_option("khỏe")
    assert page.locator("[role=status]").inner_text() == "Ca 2: khỏe, đúng."
    page.get_by_label("Ca").first.press("ArrowRight")
    assert page.locator("[role=status]").inner_text() == "Ca 3: khỏe, chưa đúng."
    page.locator(".reset").click()
    assert page.get_by_label("Chẩn đoán của bạn").input_value() == "chưa đoán"


def test_code_is_copied(book):
    page = book.open(f"{LIVE}.html", formulas=False)
    book.context.grant_permissions(["clipboard-read", "clipboard-write"])
    block = page.locator("article .copied").nth(2)
    button = block.get_by_role("button", name="Chép đoạn code này")
    opacity = "(button) => getComputedStyle(button).opacity"
    assert button.evaluate(opacity) == "0"
    button.focus()
    page.wait_for_function(f"(button) => ({opacity})(button) === '1'", arg=button.element_handle())
    button.press("Enter")
    block.get_by_role("button", name="Đã chép").wait_for()
    assert page.evaluate("() => navigator.clipboard.readText()") == block.locator("pre").inner_text().rstrip()
    page.evaluate(
        "() => { navigator.clipboard.writeText = () => Promise.reject(); document.execCommand = (it) => { window.did = it + getSelection(); }; }"
    )
    other = page.locator("article .copied").nth(1)
    other.locator("button").press("Enter")
    page.wait_for_function("() => window.did")
    assert page.evaluate("() => window.did.trimEnd()") == "copy" + other.locator("pre").inner_text().rstrip()


def test_place_in_the_lesson_is_shown(book):
    """Mục đang đọc trong mục lục, vạch đã đọc đến đâu, liên kết ở mỗi đề mục."""
    page = book.open(f"{LIVE}.html")
    book.look(DESK, False)
    headings = page.locator("article :is(h2, h3)[id]")
    read = "() => Number(getComputedStyle(document.querySelector('.bar')).getPropertyValue('--read'))"
    seen = [page.evaluate(read)]
    for k in (2, headings.count() // 2, headings.count() - 3):
        headings.nth(k).locator(".here").press("Enter")  # liên kết đến chính mục ấy
        name = headings.nth(k).get_attribute("id")
        page.wait_for_function(
            "(name) => document.querySelector('.contents [aria-current]')?.getAttribute('href') === `#${name}`",
            arg=name,
        )
        assert page.locator(".contents [aria-current]").count() == 1
        box, fold = (
            page.locator(".contents [aria-current]").bounding_box(),
            page.locator(".contents details").bounding_box(),
        )
        assert fold["y"] <= box["y"] and box["y"] + box["height"] <= fold["y"] + fold["height"], "mục ấy nhìn thấy được"
        seen.append(page.evaluate(read))
    assert seen == sorted(set(seen)) and seen[0] == 0 and seen[-1] < 1
    page.keyboard.press("Control+End")
    page.wait_for_function(f"() => ({read})() > 0.999")
    assert "#" not in page.locator("article").evaluate(
        "(node) => [...node.querySelectorAll('h2, h3')].map((n) => n.textContent).join('')"
    )


PRINTED = """() => {
  const box = document.querySelector('article').getBoundingClientRect();
  const cut = [...document.querySelectorAll('article pre')].filter((pre) => pre.scrollWidth > pre.clientWidth + 1);
  const shown = (selector) => [...document.querySelectorAll(selector)].filter((node) => node.getClientRects().length).length;
  return {cut: cut.map((pre) => pre.textContent.slice(0, 60)), closed: shown('details:not(.code, [open])'),
    controls: shown('.controls, .copy, .here, .turn, .bar'), paper: getComputedStyle(document.body).backgroundColor};
}"""


def test_print(book):
    page = book.open(f"{LIVE}.html")
    book.look({"width": 700, "height": 990}, True)
    opened = page.locator("details[open]").count()
    page.emulate_media(media="print")
    page.evaluate("() => dispatchEvent(new Event('beforeprint'))")
    told = page.evaluate(PRINTED)
    assert told == {"cut": [], "closed": 0, "controls": 0, "paper": "rgb(253, 253, 251)"}
    page.evaluate("() => dispatchEvent(new Event('afterprint'))")
    page.emulate_media(media="screen")
    assert page.locator("details[open]").count() == opened
