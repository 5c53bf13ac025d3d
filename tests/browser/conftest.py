"""Một Chromium và một JupyterLab cho cả phiên kiểm thử; mỗi file kiểm thử mở notebook của mình trên một trang chung."""

import os

import pytest

from tests.helpers.firefox import Firefox
from tests.helpers.lab import NoBrowser, Page, Server, chromium
from tests.helpers.pages import write_still
from tests.helpers.webkit import WebKit
from tools import static_site
from tools.lessons import every

FILMED = "00_tom_tat"


def _missing(reason):
    """Thiếu trình duyệt: bỏ qua và nói vì sao; ở nơi bắt buộc phải có (CI) thì là hỏng."""
    if os.environ.get("MLCOURSE_REQUIRE_BROWSER") == "1":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def browser():
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        _missing("Chưa có Playwright để điều khiển trình duyệt. Hãy cài bằng `python -m pip install playwright`.")
    with sync_playwright() as playwright:
        try:
            browser = chromium(playwright)
        except NoBrowser as reason:
            _missing(str(reason))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def firefox():
    try:
        with Firefox() as firefox:
            yield firefox
    except NoBrowser as reason:
        _missing(str(reason))


@pytest.fixture
def webkit():
    try:
        with WebKit() as webkit:
            yield webkit
    except NoBrowser as reason:
        _missing(str(reason))


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """Bản để đọc: một bài được chạy thật, để có khung hình; các bài khác thì hình đứng yên."""
    folder = tmp_path_factory.mktemp("site")
    write_still(folder, [lesson for lesson in every() if lesson.stem != FILMED])
    static_site.write_lesson(next(lesson for lesson in every() if lesson.stem == FILMED), folder, most=12)
    static_site.write_shared(folder)
    return folder


@pytest.fixture(scope="session")
def server():
    with Server() as server:
        yield server


@pytest.fixture(scope="module")
def lab(browser, server):
    page = Page(browser, server)
    yield page
    page.close()  # trước server: trang còn mở thì JupyterLab tắt rất chậm


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Bài nào hỏng thì chụp lại trang vào thư mục MLCOURSE_SHOTS, nếu có đặt."""
    report = yield
    folder, page = os.environ.get("MLCOURSE_SHOTS"), item.funcargs.get("lab")
    if folder and page and report.failed:
        page.shot(os.path.join(folder, f"{item.name}.png"))
    return report
