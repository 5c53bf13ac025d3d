"""Một Chromium và một JupyterLab cho cả phiên kiểm thử; mỗi file kiểm thử mở notebook của mình trên một trang chung."""

import os

import pytest

from tests.helpers.lab import NoBrowser, Page, Server, chromium


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
def server(browser):
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
