"""Trang của lớp trong Chromium, mở thẳng từ ổ đĩa: đọc được ở điện thoại, máy tính, máy chiếu, sáng hay tối; không gì ra
mạng; xếp bảng bằng bàn phím; chiếu lên lớp thì không còn tên ai."""

import re

import pytest

from tests.helpers.class_results import graded, invented, submission
from tests.helpers.lab import violations
from tools.classroom import page as class_page

SIZES = {"điện thoại": (360, 780), "máy tính": (1280, 800), "máy chiếu": (1920, 1080)}
LONG = "dàilắm" * 40
OVERFLOW = """() => [...document.querySelectorAll('body *')].filter((node) => {
  const box = node.getBoundingClientRect();
  return box.width > 1 && box.right > innerWidth + 1 && !node.closest('.table table, .sr');
}).map((node) => `${node.tagName} ${node.className} ${node.textContent.slice(0, 60)}`)"""
CUT = """() => [
  ...[...document.querySelectorAll('button, th, td, .share, .mistake, pre')].filter((node) => node.scrollWidth > node.clientWidth + 1),
  ...[...document.querySelectorAll('.stack b')].filter((node) => node.offsetWidth > node.parentElement.clientWidth),
].map((node) => node.textContent)"""


@pytest.fixture(scope="module")
def results():
    odd = graded("không chạy được", code=f"def four_scores(:\n    return '</script>', {LONG}")
    return [
        *invented(78, ("04_1",)),
        submission(f"<script>alert(1)</script> {LONG}", file=f"{LONG}.ipynb", four_scores=odd),
        submission("Lý Thị Ổn", "", f"file không phải là notebook: {LONG}", "on.docx"),
    ]


def few(results):
    """Lớp nhỏ, đủ mọi loại ô: cùng một khuôn, mà máy kiểm tra trợ năng đọc nhanh gấp mấy lần."""
    keep = ("four_scores", "auc_by_pairs", "forgotten_class")
    cut = lambda done: {name: done[name] for name in keep if name in done}
    return [{**row, "exercises": cut(row["exercises"])} for row in results[:8] + results[-2:]]


@pytest.fixture(scope="module")
def page(browser, results, tmp_path_factory):
    folder = tmp_path_factory.mktemp("lop")
    class_page.write(results, folder)
    class_page.write([], folder / "trong")
    class_page.write(few(results), folder / "nho")
    context = browser.new_context()
    page = context.new_page()
    page.folder, page.faults = folder, []
    page.on("pageerror", lambda error: page.faults.append(str(error)))
    page.on("console", lambda line: page.faults.append(line.text) if line.type in {"error", "warning"} else None)
    page.on("dialog", lambda dialog: page.faults.append(dialog.message))
    page.on("request", lambda one: None if one.url.startswith("file:") else page.faults.append(one.url))
    yield page
    context.close()


def opened(page, name="index.html", size="máy tính", dark=False):
    page.set_viewport_size(dict(zip(("width", "height"), SIZES[size])))
    page.emulate_media(color_scheme="dark" if dark else "light")
    page.goto((page.folder / name).as_uri())
    return page


@pytest.mark.parametrize("name", ["index.html", "chieu.html", "trong/index.html"])
@pytest.mark.parametrize("size", SIZES)
def test_nothing_overflows(page, name, size):
    opened(page, name, size)
    assert page.evaluate("() => document.documentElement.scrollWidth") <= SIZES[size][0]
    assert page.evaluate(OVERFLOW) == [] and page.evaluate(CUT) == [] and page.faults == []


@pytest.mark.parametrize("name", ["nho/index.html", "nho/chieu.html"])
@pytest.mark.parametrize("size", SIZES)
def test_everyone_can_read_it(page, name, size):
    opened(page, name, size, dark=size != "máy tính")
    for theme in ("", "đổi"):
        if theme:
            page.locator(".theme").click()
        assert violations(page, include=[["html"]]) == []
    assert page.faults == []


def test_both_themes_are_painted(page):
    papers = [
        opened(page, dark=dark).evaluate("() => getComputedStyle(document.body).backgroundColor") for dark in (0, 1)
    ]
    page.locator(".theme").press("Enter")
    assert page.locator(".theme").inner_text() == "Nền tối"
    assert (
        papers[0] != papers[1] and page.evaluate("() => getComputedStyle(document.body).backgroundColor") == papers[0]
    )


def column(page, which):
    return page.locator(f"tbody tr > :{which}-child").all_inner_texts()


def test_the_table_is_sorted_by_keyboard(page):
    opened(page)
    names, button = column(page, "first"), page.get_by_role("button", name="Số đúng")
    assert page.locator("[aria-sort]").all_inner_texts() == ["Người học"]
    assert [name.split()[-1][0] for name in names if name[0] != "<"][:3] == ["Á"] * 3
    for key, state in (("Enter", "descending"), (" ", "ascending")):
        button.press(key)
        right = [int(told.split()[0]) for told in column(page, "last")]
        assert right == sorted(right, reverse=state == "descending") and right[0] != right[-1]
        assert page.locator("[aria-sort]").evaluate_all(
            "(heads) => heads.map((head) => [head.ariaSort, head.innerText])"
        ) == [[state, "Số đúng"]]
    page.get_by_role("button", name="Người học").press("Enter")
    assert column(page, "first") == names
    page.get_by_role("button", name="Người học").press("Enter")
    assert column(page, "first") == names[::-1]


def test_the_table_scrolls_under_its_heads(page):
    opened(page, size="điện thoại")
    box = page.locator(".table")
    box.focus()
    assert page.evaluate("() => document.activeElement.className") == "private table"
    corner = "(box) => { const at = box.querySelector('th').getBoundingClientRect(); return [at.left, at.top]; }"
    before = box.evaluate(corner)
    box.evaluate("(box) => box.scrollTo(200, 900)")
    assert box.evaluate("(box) => [box.scrollLeft, box.scrollTop]") == [200, 900] and box.evaluate(corner) == before
    name = "(box) => [...box.querySelectorAll('tbody th')].every((th) => th.getBoundingClientRect().left === box.getBoundingClientRect().left + 1)"
    assert box.evaluate(name)


def test_on_the_projector_nobody_has_a_name(page, results):
    opened(page, size="máy chiếu")
    small = page.evaluate("() => parseFloat(getComputedStyle(document.body).fontSize)")
    page.get_by_role("button", name="Chiếu lên lớp").press("Enter")
    assert page.get_by_role("button", name="Chiếu lên lớp").get_attribute("aria-pressed") == "true"
    assert page.evaluate("() => parseFloat(getComputedStyle(document.body).fontSize)") >= 1.4 * small
    assert not page.locator("table").is_visible() and not page.locator(".by-hand").is_visible()
    shown = page.locator("body").inner_text()
    snapshot = page.locator("body").aria_snapshot()
    opened(page, "chieu.html", "máy chiếu")
    for seen in (shown, snapshot, page.content()):
        assert "Bài tập 1" in seen and not re.search(r"\.ipynb|\.docx", seen)
        assert not [row["learner"] for row in results if row["learner"] in seen]
    assert page.locator("body").inner_text() == re.sub(r"Chiếu lên lớp \(không tên\)\s+", "", shown)


def test_a_policy_keeps_strangers_out(page):
    opened(page)
    page.evaluate(
        "() => { document.body.insertAdjacentHTML('beforeend', '<img src=\"https://a.invalid/x\" onerror=\"window.hit = 1\">'); }"
    )
    page.wait_for_function("() => document.images[0].complete")
    assert page.evaluate("() => window.hit") is None
    refused = [fault for fault in page.faults if "Content Security Policy" in fault]
    assert refused and refused == [fault for fault in page.faults if not fault.startswith("https:")]
    page.faults.clear()
