"""Firefox thật: bản để đọc, và một bài trong JupyterLab; WebKit: bản để đọc. Chỉ những việc mà các trình duyệt ấy có thể làm
khác Chromium: đợi ảnh, vẽ lên canvas, tô chỗ tìm thấy, chép, dựng công thức, kéo thanh trượt của widget."""

import functools
import http.server
import re
import threading
import time

import pytest

from tests.browser.conftest import FILMED
from tools.lessons import every

pytestmark = pytest.mark.xdist_group("bản để đọc")  # một bản dựng chung
LESSON = every()[0]
FORMULAS = "() => window.MathJax && MathJax.isReady && new Promise((done) => MathJax.Hub.Queue(() => done(true)))"


class Slow(http.server.SimpleHTTPRequestHandler):
    """Trang đến ngay, ảnh đến muộn, một ảnh đến rất muộn."""

    last = "?"  # đuôi địa chỉ của ảnh ấy

    def do_GET(self):
        if self.path.endswith(".webp"):
            time.sleep(2 if self.path.endswith(self.last) else 0.3)
        super().do_GET()

    def log_message(self, *_):
        pass


@pytest.fixture
def slow(site):
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Slow, directory=site)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


STATE = """() => {
  const figure = document.querySelector('figure.live'), canvas = figure.querySelector('canvas');
  const {place, shown} = figure.dataset;
  return {place, shown, words: figure.querySelector('[role=status]').textContent,
    picture: canvas.hidden || !canvas.width ? figure.querySelector('img').src : canvas.toDataURL()};
}"""
DRAWN = "() => { const {place, shown} = document.querySelector('figure.live').dataset; return place === shown; }"
LAST = """() => {
  const {axes, opening, frames} = JSON.parse(document.querySelector('figure.live script').textContent);
  return frames[[axes[0].length - 1, ...opening.slice(1)]][1];
}"""
ARRIVED = """async (end) => {
  const done = performance.getEntriesByType('resource').some((one) => one.name.endsWith(end) && one.responseEnd);
  await new Promise((drawn) => setTimeout(drawn, 100));
  return done;
}"""
FIRST, SECOND = "figure.live label:nth-of-type(1) input", "figure.live label:nth-of-type(2) input"


def test_last_value_is_drawn_whatever_loads_when(firefox, slow):
    """Kéo khi ảnh mở hình, tải lười, còn chưa bắt đầu tải; rồi kéo tiếp khi khung trước chưa đến."""
    firefox.size(1280, 900)
    firefox.open(f"{slow}/{FILMED}.html", wait="interactive")
    firefox.wait("() => document.querySelector('figure.live .controls')?.hidden === false")
    Slow.last = firefox.ask(LAST)
    assert not firefox.ask("() => document.querySelector('figure.live img').complete"), "ảnh phải chưa đến"
    before = len(firefox.errors())
    firefox.ask(f"() => document.querySelector('{FIRST}').focus({{preventScroll: true}})")
    for key in ("End", "Home", "ArrowRight"):
        firefox.press(key)
    firefox.wait(DRAWN)
    late = firefox.ask(STATE)
    firefox.wait(ARRIVED, Slow.last)
    assert firefox.ask(STATE) == late, "khung cũ đến sau cùng thì không được đè lên khung mới"
    assert late["picture"].startswith("data:"), "khung phải được ghép lên hình, không phải hình lúc mở"
    firefox.press("End")
    firefox.wait(DRAWN)
    assert firefox.ask(STATE)["picture"] != late["picture"]
    for key in ("Home", "ArrowRight"):
        firefox.press(key)
    firefox.wait(DRAWN)
    assert firefox.ask(STATE) == late, "ảnh đã có sẵn thì cũng phải là hình ấy"
    assert [line for line in firefox.errors()[before:] if "about:blank" not in line] == []


def test_reading_edition(firefox, site):
    firefox.open((site / f"{FILMED}.html").as_uri())
    asked, before = len(firefox.requests()), len(firefox.errors())
    firefox.wait(FORMULAS)
    assert firefox.ask("() => document.querySelectorAll('.MathJax').length") > 10
    assert firefox.ask("() => document.querySelectorAll('.MathJax_Error, .merror, .noError').length") == 0
    opened = firefox.ask(STATE)
    for control in (FIRST, SECOND):
        firefox.click(control, at=0.9)
        firefox.wait(DRAWN)
        moved = firefox.ask(STATE)
        assert all(moved[part] != opened[part] for part in ("place", "words", "picture"))
        opened = moved
    firefox.click("figure.live .reset")
    firefox.wait(DRAWN)
    firefox.press("/")
    firefox.type("gradient")
    found = firefox.ask("() => document.querySelector('.bar output').textContent")
    assert re.fullmatch(r"\d+/\d+", found) and firefox.ask("() => CSS.highlights.get('current').size") == 1
    firefox.press("Escape")
    code = firefox.ask("() => document.querySelector('.copied pre').textContent.trimEnd()")
    firefox.click(".copied .copy")
    firefox.wait("() => document.querySelector('.copied .copy').textContent === 'Đã chép'")
    firefox.click("[type=search]")
    firefox.press("Control", "v")
    assert firefox.ask("() => document.querySelector('[type=search]').value") == code.replace("\n", " ")
    firefox.click(".theme")
    assert firefox.ask("() => document.documentElement.dataset.theme") == "dark"
    firefox.click(".theme")
    assert [url for url in firefox.requests()[asked:] if not url.startswith(("file:", "data:", "about:"))] == []
    assert [line for line in firefox.errors()[before:] if "about:blank" not in line] == []


def test_reading_edition_in_webkit(webkit, slow):
    """Hình, công thức, tìm, nền, trong máy dựng trang của Safari; canvas của trang mở từ ổ đĩa thì WebKit không cho đọc."""
    webkit.open(f"{slow}/{FILMED}.html")
    webkit.wait(lambda: webkit.ask("() => window.MathJax?.isReady"), "công thức dựng xong")
    assert webkit.ask("() => document.querySelectorAll('.MathJax_Error, .merror, .noError').length") == 0
    seen = [webkit.ask(STATE)]
    for control, key in ((FIRST, "End"), (SECOND, "End"), (FIRST, "Home")):
        webkit.press(control, key)
        webkit.wait(lambda: webkit.ask(DRAWN), "khung vẽ xong")
        seen.append(webkit.ask(STATE))
        assert all(seen[-1][part] != seen[-2][part] for part in ("place", "words", "picture")), control
    webkit.click("figure.live .reset")
    webkit.wait(lambda: webkit.ask(STATE)["picture"] == seen[0]["picture"], "hình về chỗ mở")
    webkit.press("[type=search]", "gradient")
    assert re.fullmatch(r"\d+/\d+", webkit.ask("() => document.querySelector('.bar output').textContent"))
    paper = "() => getComputedStyle(document.body).backgroundColor"
    light = webkit.ask(paper)
    webkit.click(".theme")
    assert webkit.ask(paper) != light


OPEN = """async (path) => {
  await jupyterapp.restored;
  const panel = await jupyterapp.commands.execute('docmanager:open', {path, factory: 'Notebook'});
  await panel.context.ready;
  await panel.revealed;
  await panel.sessionContext.ready;
  jupyterapp.shell.collapseLeft();
}"""
RAN = """() => {
  const panel = jupyterapp.shell.currentWidget, {widgets} = panel.content, prompts = widgets.map((cell) => cell.prompt);
  return panel.sessionContext.session?.kernel?.status === 'idle' && !prompts.includes('*') && prompts.some(Number);
}"""
FAILED = """() => jupyterapp.shell.currentWidget.content.widgets.flatMap((cell) => cell.model.type !== 'code' ? [] :
  cell.model.outputs.toJSON().filter((output) => output.output_type === 'error').map((output) => output.evalue))"""
FIGURE = """() => {
  const {content} = jupyterapp.shell.currentWidget;
  const cell = content.widgets.find((one) => one.model.sharedModel.getSource().includes('@live('));
  content.scrollToItem(content.widgets.indexOf(cell), 'start');
  cell.node.id = 'figure';
  const image = cell.node.querySelector('.widget-image, .jupyter-widgets img');
  return image?.complete && [image.src, cell.node.querySelector('[role=status]').textContent];
}"""


def test_lesson_in_jupyterlab(firefox, server):
    """Chạy, kéo một hình, công thức, câu hỏi, tìm."""
    firefox.size(1300, 1000)
    name = server.add("firefox.ipynb", LESSON.notebook)  # tên riêng: kernel còn sống, mà bài khác mở lại đúng tên bài
    before = len(firefox.errors())
    firefox.open(f"{server.url}/lab?token={server.token}&reset")
    firefox.wait("() => Boolean(window.jupyterapp && document.querySelector('#jp-main-dock-panel'))", seconds=60)
    firefox.ask(OPEN, name)
    firefox.click(".jp-Notebook .jp-CodeCell .cm-content")
    firefox.wait("() => Boolean(jupyterapp.shell.currentWidget)")
    firefox.ask("() => { jupyterapp.commands.execute('notebook:run-all-cells'); }")
    firefox.wait(RAN, seconds=90)
    assert firefox.ask(FAILED) == []

    words = firefox.wait(FIGURE)
    firefox.ask("() => document.querySelector('#figure .noUi-handle').focus()")
    firefox.press("End")
    moved = firefox.wait(
        f"(old) => {{ const now = ({FIGURE})(); return now && now[0] !== old[0] && now[1] !== old[1] && now; }}", words
    )
    assert moved[1] != words[1]

    formulas = "() => document.querySelectorAll('.jp-Notebook mjx-container').length"
    assert firefox.wait(formulas) and firefox.ask("() => document.querySelectorAll('mjx-merror').length") == 0
    assert all(
        firefox.ask(
            "() => [...document.querySelectorAll('.jp-Notebook p > mjx-container')].map((n) => n.getBoundingClientRect().width)"
        )
    )

    option = ".jp-OutputArea-output details:not([open]) summary"
    firefox.wait(
        f"() => {{ const {{content}} = jupyterapp.shell.currentWidget; content.scrollToItem(content.widgets.findIndex((c) => c.model.type === 'code' && c.model.outputs.toJSON().some((o) => o.data?.['text/html']?.includes('<details'))), 'center'); return Boolean(document.querySelector('{option}')); }}"
    )
    firefox.click(option)
    assert firefox.wait(
        "() => [...document.querySelectorAll('.jp-OutputArea-output details[open]')].map((n) => n.textContent).join('')"
    )

    firefox.press("Control", "f")
    firefox.wait("() => document.activeElement.matches('.jp-DocumentSearch-input')")
    firefox.type("gradient")
    firefox.wait(
        "() => /^\\d+\\/[1-9]/.test(document.querySelector('.jp-DocumentSearch-index-counter')?.textContent ?? '')"
    )
    ours = [line for line in firefox.errors()[before:] if server.url in line]
    assert ours == []
