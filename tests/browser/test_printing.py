"""Tài liệu cho người dạy, in ra giấy bằng Chromium: số tờ, hai cột, chữ không bị ngắt, màu và nền còn trên giấy."""

import re

import pytest

from tests.helpers.pages import Tags
from tools import handout
from tools.lessons import every

PAPER = {"width": 1054, "height": 726}  # A4 nằm ngang, trừ lề: 279 x 192 mm
SCREEN = {"width": 1440, "height": 900}
pytestmark = pytest.mark.xdist_group("tài liệu in")  # một thư mục chung
TORN = """() => [...document.querySelectorAll('pre')].filter((block) => block.scrollWidth > block.clientWidth)
  .map((block) => block.innerText.slice(0, 60))"""
WIDE = """() => [...document.querySelectorAll('.slide, aside')].filter((part) => part.scrollWidth > part.clientWidth)
  .map((part) => `${part.scrollWidth} > ${part.clientWidth}: ${part.innerText.slice(0, 60)}`)"""
TALL = """(height) => [...document.querySelectorAll('section')].filter((part) => part.offsetHeight > height)
  .map((part) => `${part.offsetHeight}: ${part.innerText.slice(0, 60)}`)"""
APART = """() => [...document.querySelectorAll('section:has(aside)')].filter((part) => {
  const [slide, notes] = [...part.children].map((side) => side.getBoundingClientRect());
  return slide.right > notes.left || slide.top !== notes.top;
}).length"""
SMALLEST = "() => Math.min(...[...document.querySelectorAll('pre')].map((block) => parseFloat(getComputedStyle(block).fontSize)))"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tài liệu")
    handout.write(folder)
    return folder


@pytest.fixture
def page(browser):
    page = browser.new_page(viewport=PAPER)
    yield page
    page.close()


@pytest.mark.parametrize("lesson", every(), ids=lambda lesson: lesson.stem)
def test_on_paper(lesson, folder, page):
    path = folder / f"{lesson.stem}.html"
    page.goto(path.as_uri())
    page.wait_for_function("() => window.MathJax && MathJax.isReady")
    page.evaluate("() => new Promise((done) => MathJax.Hub.Queue(done))")
    for medium, size in (("screen", SCREEN), ("print", PAPER)):
        page.set_viewport_size(size)
        page.emulate_media(media=medium)
        assert page.evaluate(TORN) == [], "dòng code không vừa cột"
        assert page.evaluate(WIDE) == [] and page.evaluate(APART) == 0
    assert page.evaluate(SMALLEST) > 8.5, "6.5 pt là cỡ nhỏ nhất còn đọc được trên giấy"
    assert page.evaluate(TALL, PAPER["height"]) == [], "slide dài hơn một tờ"
    assert page.evaluate("() => getComputedStyle(document.querySelector('aside')).printColorAdjust") == "exact"
    sheets = len(re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True)))
    slides = [tag for tag, _ in Tags(path.read_text(encoding="utf-8")).found].count("section")
    assert 5 < sheets <= slides, f"{sheets} tờ cho {slides} slide"
