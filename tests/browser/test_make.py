"""Các lệnh của README, như một người gõ: `make lab` mở bài 00, `make present` mở một bài đã chạy sẵn và đang chiếu."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.helpers.lab import ROOT

pytestmark = [
    pytest.mark.xdist_group("make"),
    pytest.mark.skipif(
        Path(sys.prefix).resolve() != (ROOT / ".venv").resolve() or not shutil.which("make"),
        reason="make lab chạy bằng .venv của khóa học, mà bài kiểm thử này chạy bằng Python khác",
    ),
]


def answers(port, until):
    """JupyterLab có thể in địa chỉ trước khi nghe ở đó: đợi đến khi cổng nhận kết nối."""
    while time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=5).close()
            return True
        except OSError:
            time.sleep(0.1)
    return False


class Made:
    """Một JupyterLab do `make` mở, tắt khi xong."""

    def __init__(self, *target):
        self.target = target

    def __enter__(self):
        with socket.socket() as sock:
            sock.bind(("127.0.0.1", 0))
            port = sock.getsockname()[1]
        env = {key: value for key, value in os.environ.items() if not key.startswith(("MAKE", "MFLAGS"))}
        command = ["make", *self.target, f"PORT={port}"]
        self.process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=env,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        end, said = time.monotonic() + 60, ""
        while time.monotonic() < end and self.process.poll() is None:
            said += self.process.stdout.readline()
            if found := re.search(rf"(http://127\.0\.0\.1:{port}/\S*)\?token=(\w+)", said):
                self.address = f"{found[1]}?token={found[2]}"
                if answers(port, until=end):
                    return self
        raise AssertionError("make không mở được JupyterLab:\n" + said)

    def __exit__(self, *_):
        """Tắt make và JupyterLab mà nó mở, không để lại gì: đang mở kernel thì JupyterLab có khi không nghe lời xin tắt."""
        os.killpg(self.process.pid, signal.SIGTERM)
        end = time.monotonic() + 15
        while (left := self.members()) and time.monotonic() < end:
            time.sleep(0.1)
        if left:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.process.stdout.close()

    def members(self):
        """Còn tiến trình nào trong nhóm của make không; tiến trình đã tắt mà chưa ai nhận thì không kể."""
        self.process.poll()
        try:
            os.killpg(self.process.pid, 0)
        except ProcessLookupError:
            return False
        return True


@pytest.fixture
def page(browser):
    page = browser.new_page(viewport={"width": 1280, "height": 720})
    page.set_default_timeout(60_000)
    yield page
    page.close()


def test_make_lab_opens_the_map_of_the_course_in_vietnamese(page):
    with Made("lab-headless") as made:
        page.goto(made.address)
        page.wait_for_function("""() => document.querySelector('.jp-NotebookPanel:not(.lm-mod-hidden) h1')
                                    ?.innerText.startsWith('00 · Tóm tắt')""")
        page.wait_for_function("() => document.querySelector('#jp-menu-panel').innerText.includes('Chạy')")
        page.close()


def test_make_present_opens_a_living_deck_that_can_be_left(page):
    """Bài chiếu ngay từ trang bìa và tự chạy; hình sống vừa màn hình, phím kéo được; Esc trả lại cả bài."""
    with Made("present", "LESSON=04_1", "OPEN=--no-browser") as made:
        page.goto(made.address)
        page.wait_for_selector(".mlc-on h1")
        assert page.inner_text(".mlc-on h1").startswith("04.1 · ") and page.url.endswith("#slide=1")
        page.wait_for_function("() => document.querySelectorAll('img.widget-image').length === 5", timeout=90_000)
        titles, image = [], page.locator(".mlc-on img.widget-image")
        while not image.count() and len(titles) < 60:
            before = page.inner_text(".mlc-count")
            page.keyboard.press("PageDown")
            if page.inner_text(".mlc-count") != before:
                titles.append(page.inner_text(".mlc-frame h2"))
        assert titles[0] == "Học xong bài này, bạn làm được gì" and image.count() == 1
        words = page.locator(".mlc-on [role=status]").inner_text()
        page.wait_for_function("() => document.querySelector('.mlc-on img.widget-image').naturalWidth > 800")
        box = image.bounding_box()
        assert box["width"] > 0.75 * 1280 or box["height"] > 0.55 * 720
        page.locator(".mlc-on .noUi-handle").first.focus()
        page.keyboard.press("PageDown")
        page.wait_for_function(
            "(words) => document.querySelector('.mlc-on [role=status]').innerText !== words", arg=words
        )
        page.keyboard.press("Escape")  # rời thanh trượt
        assert page.locator("#jp-top-panel").is_hidden() and image.count() == 1
        page.keyboard.press("Escape")  # rời bộ slide
        page.wait_for_selector("#jp-top-panel", state="visible")
        assert page.locator(".mlc-deck").count() == 0
        assert sum(cell.is_visible() for cell in page.locator(".jp-Cell").all()) > 1
        page.close()
