"""Mở JupyterLab thật trong Chromium không cửa sổ, cho bài kiểm thử và cho `benchmarks/bench_live.py`.

`Server` là một JupyterLab riêng: cấu hình, dữ liệu, thư mục gốc đều tạm, không đụng đến tài khoản của người dùng.
`Page` là một trang của Chromium trên server đó; `Notebook` là một notebook đang mở, cùng những gì tay người làm được.
"""

import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

import nbformat

from tools.lessons import ROOT

FLAGS = "--disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync".split()
WIDGET_ERRORS = (
    "Error displaying widget",
    "model not found",
    "Loading widget",
    "Error creating widget",
    "javascript error",
)
AS_ROOT = hasattr(os, "geteuid") and os.geteuid() == 0


class NoBrowser(Exception):
    """Máy này chưa có Chromium, hoặc chưa có Playwright để điều khiển nó."""


# --- Chromium và JupyterLab ---


def chromium(playwright, headed=False):
    """Khởi động Chromium của máy, hoặc của Playwright; không có thì `NoBrowser` nói cách cài."""
    names = ("chromium", "chromium-browser", "google-chrome", "chrome")
    path = next(filter(None, map(shutil.which, names)), None) or playwright.chromium.executable_path
    if not Path(path).exists():
        raise NoBrowser(
            "Không thấy Chromium: đã tìm chromium, chromium-browser, google-chrome, chrome trong PATH, và bản của Playwright. "
            "Hãy cài bằng `apt-get install chromium` (Debian, Ubuntu) hoặc `python -m playwright install chromium`."
        )
    flags = FLAGS + ["--no-sandbox"] * AS_ROOT
    return playwright.chromium.launch(executable_path=path, headless=not headed, args=flags)


def violations(page, **scope):
    """Các lỗi trợ năng nặng (axe-core: serious, critical) của một trang; ``scope`` là include hay exclude của axe."""
    from axe_playwright_python.base import AXE_SCRIPT

    if not page.evaluate("() => Boolean(window.axe)"):
        page.evaluate(AXE_SCRIPT)
    return page.evaluate(
        """async (scope) => (await axe.run(scope, {resultTypes: ['violations'], preload: false}))
             .violations.filter((v) => ['serious', 'critical'].includes(v.impact))
             .map((v) => `${v.id}: ${v.help}: ${v.nodes.length} chỗ, như ${v.nodes[0].html.slice(0, 160)}`)""",
        scope,
    )


class Server:
    """Một JupyterLab ở 127.0.0.1, cổng trống, có token; dùng với ``with``, xong thì tự tắt."""

    def __enter__(self):
        self.home = Path(tempfile.mkdtemp(prefix="mlcourse-lab-"))
        self.root = self.home / "notebooks"
        self.root.mkdir()
        self.token = secrets.token_hex(16)
        with socket.socket() as sock:
            sock.bind(("127.0.0.1", 0))
            port = sock.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        places = {
            "JUPYTER_CONFIG_DIR": "config",
            "JUPYTER_DATA_DIR": "data",
            "JUPYTER_RUNTIME_DIR": "runtime",
            "IPYTHONDIR": "ipython",
            "JUPYTERLAB_SETTINGS_DIR": "settings",
            "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
            "JUPYTER_PATH": "share",
        }
        settings = ROOT / "tools" / "labconfig"
        shutil.copytree(settings / "extension", self.home / "share" / "labextensions" / "mlcourse-lab")
        env = {**os.environ, **{name: str(self.home / place) for name, place in places.items()}}
        shutil.copytree(
            settings, self.home / "config" / "labconfig", ignore=shutil.ignore_patterns("extension", "vi_VN")
        )
        shutil.copytree(settings / "vi_VN", self.home / "config" / "vi_VN")
        shutil.copy(settings / "jupyter_server_config.py", self.home / "config")
        own = self.home / "settings" / "@jupyterlab" / "docmanager-extension" / "plugin.jupyterlab-settings"
        own.parent.mkdir(parents=True)
        own.write_text('{"autosave": false}')  # tự lưu giữa chừng thì hộp "chưa lưu" có khi không hiện
        env["PYTHONPATH"] = os.pathsep.join(filter(None, [str(ROOT), env.get("PYTHONPATH")]))
        env["OPENBLAS_NUM_THREADS"] = "1"
        command = [
            sys.executable,
            "-m",
            "jupyter",
            "lab",
            "--no-browser",
            "--ip=127.0.0.1",
            f"--port={port}",
            "--ServerApp.port_retries=0",
            f"--ServerApp.root_dir={self.root}",
            f"--IdentityProvider.token={self.token}",
            "--expose-app-in-browser",
            *["--allow-root"] * AS_ROOT,
        ]
        self.log = open(self.home / "server.log", "w")
        self.process = subprocess.Popen(command, env=env, cwd=self.root, stdout=self.log, stderr=subprocess.STDOUT)
        try:
            self._wait_until_up()
        except BaseException:
            self.__exit__()
            raise
        return self

    def _wait_until_up(self, seconds=60):
        end = time.monotonic() + seconds
        while time.monotonic() < end and self.process.poll() is None:
            try:
                with urllib.request.urlopen(f"{self.url}/api/status?token={self.token}", timeout=5):
                    return
            except OSError:
                time.sleep(0.1)
        raise RuntimeError("JupyterLab không lên được:\n" + (self.home / "server.log").read_text()[-3000:])

    def __exit__(self, *_):
        self.process.terminate()  # JupyterLab tự tắt mọi kernel của nó rồi mới thoát
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.log.close()
        shutil.rmtree(self.home, ignore_errors=True)

    def add(self, name, cells):
        """Viết một notebook mới từ các ô ``[(loại, nội dung), …]`` hoặc từ một file .ipynb có sẵn."""
        if isinstance(cells, (str, Path)):
            shutil.copy(cells, self.root / name)
            return name
        make = {"code": nbformat.v4.new_code_cell, "markdown": nbformat.v4.new_markdown_cell}
        notebook = nbformat.v4.new_notebook(cells=[make[kind](text) for kind, text in cells])
        notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
        nbformat.write(notebook, self.root / name)
        return name


# --- Một trang JupyterLab ---

WATCH = """() => {
  // Mỗi bức hình đã thật sự lên màn hình được ghi lại: lúc nào, ở ô nào. Đồng hồ là của trang.
  const seen = new WeakMap(), shown = [];
  const watch = window.mlcourseWatch = {keydown: null, release: null, of: (cell) => shown.filter((s) => s.cell === String(cell))};
  addEventListener('keydown', () => { watch.keydown = performance.now(); }, true);
  addEventListener('pointerup', () => { watch.release = performance.now(); }, true);
  const frame = () => new Promise(requestAnimationFrame);
  const look = async (img) => {
    const src = img.src;
    if (!src || seen.get(img) === src) return;
    seen.set(img, src);
    try { await img.decode(); } catch { return; }          // đã có hình mới hơn thay nó
    await frame(); await frame();                           // khung đầu vẽ hình, khung sau: hình đã ở trên màn hình
    const cell = img.closest('.jp-CodeCell');
    shown.push({at: performance.now(), cell: cell?.dataset.mlcourse});
  };
  new MutationObserver((changes) => {
    for (const {target, addedNodes, type} of changes) {
      if (type === 'attributes') { if (target.tagName === 'IMG') look(target); continue; }
      for (const node of addedNodes) {
        if (node.tagName === 'IMG') look(node);
        else if (node.querySelectorAll) node.querySelectorAll('img').forEach(look);
      }
    }
  }).observe(document.body, {subtree: true, childList: true, attributes: true, attributeFilter: ['src']});
}"""


class Page:
    """JupyterLab trong một trang của Chromium; ghi lại mọi lỗi mà trang kêu."""

    def __init__(self, browser, server, *, width=1300, height=1000):
        self.server, self.errors, self.console = server, [], []
        self.page = browser.new_page(viewport={"width": width, "height": height})
        self.page.set_default_timeout(90_000)  # máy chậm vẽ các ô ở xa rất muộn
        self.page.on("pageerror", self._complain)
        self.page.on("console", self._listen)
        self.page.goto(f"{server.url}/lab?token={server.token}&reset")
        self.page.wait_for_function("() => window.jupyterapp && document.querySelector('#jp-main-dock-panel')")
        self.page.evaluate("() => jupyterapp.restored")
        self.page.evaluate("() => { const {shell} = jupyterapp; shell.leftCollapsed || shell.collapseLeft(); }")
        self.page.evaluate(WATCH)

    def _complain(self, error):
        """Giữ lại lỗi của trang, trừ câu JupyterLab nói khi notebook đóng giữa lúc nó còn tự lưu: không gì hỏng."""
        if error.message != "Disposed" or "jlab_core" not in (error.stack or ""):
            self.errors.append(f"{error}\n{error.stack}")

    def _listen(self, message):
        """Giữ lại lỗi của trang và của widget; bỏ qua tài nguyên ở máy khác (huy hiệu Colab khi không có mạng) và trình gỡ lỗi."""
        ours = not (place := message.location["url"]) or place.startswith(self.server.url)
        if message.type == "error" and ours and "debugger" not in message.text:
            self.console.append(message.text)

    def open(self, name, *, kernel=True):
        """Mở một notebook của server, đợi mọi ô hiện ra (và kernel sẵn sàng)."""
        self.page.evaluate(
            """async ([path, kernel]) => {
              const options = kernel ? {} : {kernel: {shouldStart: false, autoStartDefault: false}};
              const widget = await jupyterapp.commands.execute('docmanager:open', {path, factory: 'Notebook', ...options});
              await widget.context.ready; await widget.revealed;
              if (kernel) await widget.sessionContext.ready;
              widget.content.widgets.forEach((cell, i) => { cell.node.dataset.mlcourse = i; });
            }""",
            [name, kernel],
        )
        self.page.wait_for_selector(".jp-NotebookPanel:not(.lm-mod-hidden) .jp-Cell")
        return Notebook(self, name)

    def command(self, name, args=None):
        return self.page.evaluate("([name, args]) => jupyterapp.commands.execute(name, args)", [name, args or {}])

    def theme(self, dark):
        name = "JupyterLab Dark" if dark else "JupyterLab Light"
        self.command("apputils:change-theme", {"theme": name})
        self.page.wait_for_function(
            "(light) => document.body.dataset.jpThemeLight === light", arg=str(not dark).lower()
        )

    def shot(self, path):
        return self.page.screenshot(path=str(path))

    def close(self):
        self.page.close()


class Notebook:
    """Một notebook đang mở; các ô đánh số từ 0, mỗi ô của một hình sống có ảnh, điều khiển và câu kể."""

    def __init__(self, lab, name):
        self.lab, self.page, self.name = lab, lab.page, name

    # chạy và đọc

    def run_all(self, *, seconds=120):
        """Chạy mọi ô từ trên xuống, đợi đến khi kernel rảnh và không ô nào còn [*]."""
        self.lab.command("notebook:run-all-cells")
        self.idle(seconds=seconds)

    def start(self, index):
        """Chạy một ô mà không đợi nó xong."""
        self.page.evaluate("(i) => { jupyterapp.shell.currentWidget.content.activeCellIndex = i; }", index)
        self.page.evaluate("() => { jupyterapp.commands.execute('notebook:run-cell'); }")

    def busy(self):
        return self.page.evaluate(
            """() => jupyterapp.shell.currentWidget.content.widgets.some(
                 (cell) => cell.model.type === 'code' && (cell.prompt || '').trim() === '*')"""
        )

    def idle(self, *, seconds=120):
        self.page.wait_for_function(
            """() => {
              const panel = jupyterapp.shell.currentWidget, kernel = panel.sessionContext.session?.kernel;
              return kernel?.status === 'idle' && panel.content.widgets.every(
                (cell) => cell.model.type !== 'code' || (cell.prompt || '').trim() !== '*');
            }""",
            timeout=1000 * seconds,
            polling=100,
        )

    def value(self, expression):
        """Giá trị của một biểu thức Python trong kernel (phải viết được bằng JSON)."""
        reply = self.page.evaluate(
            """async (code) => {
              const kernel = jupyterapp.shell.currentWidget.sessionContext.session.kernel;
              const future = kernel.requestExecute({code: '', silent: true, store_history: false, user_expressions: {it: code}});
              return (await future.done).content.user_expressions.it;
            }""",
            f"__import__('json').dumps({expression})",
        )
        if reply["status"] != "ok":
            raise RuntimeError(f"{expression}: {reply['ename']}: {reply['evalue']}")
        return json.loads(eval(reply["data"]["text/plain"]))  # repr của một chuỗi

    def cell_errors(self):
        """``[(số của ô, lỗi), …]`` của các ô dừng vì lỗi."""
        return self.page.evaluate(
            """() => jupyterapp.shell.currentWidget.content.widgets.flatMap((cell, i) =>
                 cell.model.type !== 'code' ? [] : Array.from({length: cell.model.outputs.length}, (_, k) => cell.model.outputs.get(k).toJSON())
                   .filter((output) => output.output_type === 'error').map((output) => [i, `${output.ename}: ${output.evalue}`]))"""
        )

    def lay_out(self, *, seconds=60):
        """Dựng mọi ô ngay, như khi người đọc cuộn qua cả bài: để yên thì ô ở xa chờ lúc trình duyệt rảnh.

        Trả về số của các ô có công thức mà hết giờ vẫn chưa thấy công thức nào.
        """
        return self.page.evaluate(
            """async (seconds) => {
              const {content} = jupyterapp.shell.currentWidget, end = performance.now() + 1000 * seconds;
              content.widgets.forEach((cell, i) => {
                if (!cell.isPlaceholder()) return;
                cell.dataset.windowedListIndex = `${i}`;
                content.layout.insertWidget(i, cell);
              });
              const late = () => content.widgets.flatMap((cell, i) => cell.model.type === 'markdown'
                && cell.model.sharedModel.getSource().includes('$') && !cell.node.querySelector('mjx-container') ? [i] : []);
              while (late().length && performance.now() < end) await new Promise((done) => setTimeout(done, 20));
              return late();
            }""",
            seconds,
        )

    def math_errors(self):
        """``[(số của ô, công thức hỏng), …]``: MathJax báo lỗi, lệnh lạ (tô đỏ), hay dấu $ trơ ra vì ngoặc không khớp."""
        return self.panel.locator(".jp-RenderedMarkdown").evaluate_all(
            """cells => cells.flatMap((cell) => {
              const errors = cell.querySelectorAll('mjx-merror, [data-mjx-error]:not(merror), .MathJax_Error');
              const wrong = Array.from(errors, (n) => n.dataset.mjxError || n.textContent);
              for (const n of cell.querySelectorAll('mjx-mtext[style*="color: red"]')) {
                wrong.push('lệnh lạ: ' + n.closest('mjx-container').querySelector('math').textContent);
              }
              const texts = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
              for (let t; (t = texts.nextNode());) {
                if (t.data.includes('$') && !t.parentElement.closest('code, pre, mjx-container')) wrong.push(t.data.trim());
              }
              return wrong.map((words) => [+cell.closest('.jp-Cell').dataset.mlcourse, words]);
            })"""
        )

    def opened(self):
        """Mở rồi khép mọi dòng gập trong các ô văn bản, như người đọc bấm vào; trả về ``[(số của ô, cỡ các công thức bên trong), …]``."""
        return self.panel.locator(".jp-RenderedMarkdown details").evaluate_all(
            """folds => folds.map((fold) => {
              const was = fold.open;
              fold.open = true;
              const sizes = Array.from(fold.querySelectorAll('mjx-container'), (n) => [n.offsetWidth, n.offsetHeight]);
              fold.open = was;
              return [+fold.closest('.jp-Cell').dataset.mlcourse, sizes];
            })"""
        )

    def comments(self):
        """``[đang mở không, …]`` của mọi lời bàn gập theo kết quả phải đoán."""
        self.page.wait_for_timeout(200)
        return self.panel.locator(".mlc-after").evaluate_all("folds => folds.map((fold) => fold.open)")

    def folded(self):
        """``{số của ô: lời hiện ở chỗ kết quả đang gập, …}``"""
        places = self.panel.locator(".jp-OutputPlaceholder").evaluate_all(
            "nodes => nodes.map((n) => [+n.closest('.jp-Cell').dataset.mlcourse, n.textContent.trim()])"
        )
        return dict(places)

    def fold(self, indices):
        """Gập kết quả của các ô này, như lệnh trong thực đơn."""
        self.page.evaluate(
            "(indices) => indices.forEach((i) => { jupyterapp.shell.currentWidget.content.widgets[i].outputHidden = true; })",
            indices,
        )

    def widget_errors(self, *, seconds=5):
        """Các câu báo hỏng của ipywidgets còn thấy được trong notebook, sau khi cho chúng thời gian để tự biến mất."""
        end = time.monotonic() + seconds
        while True:
            texts = self.panel.locator(".jp-OutputArea-output").evaluate_all("nodes => nodes.map((n) => n.textContent)")
            wrong = [text for text in texts if any(sign in text for sign in WIDGET_ERRORS)]
            if not wrong or time.monotonic() > end:
                return wrong
            time.sleep(0.2)

    def cells(self, kind):
        """``[(số của ô, nội dung), …]`` của mọi ô loại "code" hoặc "markdown"."""
        return self.page.evaluate(
            """(kind) => jupyterapp.shell.currentWidget.content.widgets.flatMap(
                 (cell, i) => cell.model.type === kind ? [[i, cell.model.sharedModel.getSource()]] : [])""",
            kind,
        )

    def live_cells(self):
        """Số của các ô đang hiện một hình sống."""
        return self.panel.locator(".jp-CodeCell:has(img.widget-image)").evaluate_all(
            "nodes => nodes.map((n) => +n.dataset.mlcourse)"
        )

    def names(self):
        """Mã của mọi ô, như trong file."""
        return self.page.evaluate("() => jupyterapp.shell.currentWidget.content.widgets.map((cell) => cell.model.id)")

    def outputs(self):
        """Kết quả của mọi ô như trang đang giữ, không kể mã của widget; ô văn bản là None."""
        return self.page.evaluate(
            """() => jupyterapp.shell.currentWidget.content.widgets.map((cell) => cell.model.type !== 'code' ? null :
                 Array.from({length: cell.model.outputs.length}, (_, k) => {
                   const output = cell.model.outputs.get(k).toJSON();
                   if (output.data) delete output.data['application/vnd.jupyter.widget-view+json'];
                   return output;
                 }))"""
        )

    def restart(self):
        """Khởi động lại kernel, như lệnh trong thực đơn; đợi đến khi kernel mới trả lời thay kernel cũ."""
        old, end = self.value("__import__('os').getpid()"), time.monotonic() + 30
        self.page.evaluate("() => jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart()")
        while self.value("__import__('os').getpid()") == old and time.monotonic() < end:
            self.page.wait_for_timeout(100)

    def fill(self, index, source):
        """Gõ nội dung mới vào một ô rồi chạy ô ấy; trả về chữ hiện ra."""
        self.page.evaluate(
            "([i, source]) => jupyterapp.shell.currentWidget.content.widgets[i].model.sharedModel.setSource(source)",
            [index, source],
        )
        self.start(index)
        self.page.wait_for_timeout(100)
        self.idle()
        return self.cell(index).locator(".jp-OutputArea").first.inner_text()

    def controls(self, index):
        """``[(tên, phím Tab đến được không), …]`` của mọi điều khiển trong một ô có hình sống, theo cây trợ năng."""
        return (
            self.cell(index)
            .locator(".jp-OutputArea")
            .first.evaluate(
                """(area) => Array.from(area.querySelectorAll('.noUi-handle, button, select, input[type=checkbox]')).map((node) => [
                 node.getAttribute('aria-label') || node.labels?.[0]?.textContent || node.title || node.textContent,
                 node.tabIndex >= 0 && !node.disabled])"""
            )
        )

    def pictures(self, indices):
        """``{số của ô: [bề rộng của từng bức ảnh nhìn thấy được], …}``"""
        found = self.page.evaluate(
            """(indices) => Promise.all(indices.map(async (i) => {
                 const {node} = jupyterapp.shell.currentWidget.content.widgets[i];
                 const images = [...node.querySelectorAll('.jp-OutputArea img')].filter((img) => img.offsetParent);
                 await Promise.all(images.map((img) => img.decode().catch(() => {})));
                 return [i, images.map((img) => Math.min(img.naturalWidth, img.offsetWidth))];
               }))""",
            indices,
        )
        return dict(found)

    def violations(self):
        """Các lỗi trợ năng nặng trong phần của khóa học: văn bản và kết quả của các ô."""
        return violations(self.page, include=[[part] for part in OURS])

    def faint(self):
        """``[(số của ô, chữ nào mờ), …]``: chữ của khóa học có độ tương phản với nền dưới mức AA của WCAG.

        Không hỏi axe-core điều này: <body> của JupyterLab cao 0 điểm, nên axe-core coi mọi chữ là bị che và bỏ qua.
        """
        return self.page.evaluate(FAINT, ", ".join(OURS))

    # một ô có hình sống

    @property
    def panel(self):
        return self.page.locator(".jp-NotebookPanel:not(.lm-mod-hidden)")

    def cell(self, index):
        return self.panel.locator(f'.jp-Cell[data-mlcourse="{index}"]')

    def bring(self, index):
        """Cuộn ô này vào khung nhìn, và đợi hình trong ô đứng yên."""
        self.cell(index).locator(".jp-OutputArea").first.scroll_into_view_if_needed()
        self.image(index).first.wait_for()
        self.page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")

    def image(self, index):
        return self.cell(index).locator(".jp-OutputArea img")

    def handles(self, index):
        return self.cell(index).locator(".noUi-handle")

    def caption(self, index):
        return self.cell(index).locator("[role=status]").inner_text().strip()

    def told(self, index, *, other_than, seconds=30):
        """Đợi câu kể khác câu `other_than`, rồi trả về câu ấy."""
        end = time.monotonic() + seconds
        while (words := self.caption(index)) == other_than and time.monotonic() < end:
            self.page.wait_for_timeout(20)
        return words

    def picture(self, index):
        """SHA-256 của các điểm ảnh RGBA đang hiện, so được với mảng RGBA trong kernel."""
        return self.image(index).first.evaluate(
            """async (img) => {
              await img.decode();
              const canvas = new OffscreenCanvas(img.naturalWidth, img.naturalHeight), context = canvas.getContext('2d');
              context.drawImage(img, 0, 0);
              const pixels = context.getImageData(0, 0, canvas.width, canvas.height).data;
              const hash = await crypto.subtle.digest('SHA-256', pixels);
              return Array.from(new Uint8Array(hash), (b) => b.toString(16).padStart(2, '0')).join('');
            }"""
        )

    def shown(self, index):
        """Bao nhiêu bức hình của ô này đã lên màn hình từ lúc mở trang."""
        return self.page.evaluate("(i) => mlcourseWatch.of(i).length", index)

    def after(self, index, action, *, seconds=30):
        """Làm `action`, đợi bức hình mới của ô này lên màn hình; trả về thời gian từ phím bấm đến hình, tính bằng ms."""
        before = self.shown(index)
        action()
        self.page.wait_for_function(
            "([i, n]) => mlcourseWatch.of(i).length > n", arg=[index, before], timeout=1000 * seconds
        )
        return self.page.evaluate("([i, n]) => mlcourseWatch.of(i)[n].at - mlcourseWatch.keydown", [index, before])

    def press(self, index, key="ArrowRight", *, handle=0, seconds=30):
        """Bấm một phím trên tay nắm của thanh trượt, đợi hình mới; trả về ms từ phím đến hình."""
        self.handles(index).nth(handle).focus()
        return self.after(index, lambda: self.page.keyboard.press(key), seconds=seconds)

    def drag(self, index, *, handle=0, to=0.97, seconds=2.0, quiet=0.6):
        """Kéo tay nắm đến phần `to` của thanh trong `seconds` giây, như tay người; trả về (số hình, ms từ lúc thả đến hình cuối)."""
        knob = self.handles(index).nth(handle).bounding_box()
        track = self.cell(index).locator(".noUi-base").nth(handle).bounding_box()
        x, y = knob["x"] + knob["width"] / 2, knob["y"] + knob["height"] / 2
        end = track["x"] + to * track["width"]
        before, start = self.shown(index), time.monotonic()
        self.page.mouse.move(x, y)
        self.page.mouse.down()
        while (part := (time.monotonic() - start) / seconds) < 1:
            self.page.mouse.move(x + part * (end - x), y)
            self.page.wait_for_timeout(10)
        self.page.mouse.move(end, y)
        self.page.mouse.up()
        self.settle(index, quiet=quiet)
        times = self.page.evaluate("([i, n]) => mlcourseWatch.of(i).slice(n).map((s) => s.at)", [index, before])
        release = self.page.evaluate("() => mlcourseWatch.release")
        return len(times), times[-1] - release

    def settle(self, index, *, quiet=0.6, seconds=15):
        """Đợi đến khi không còn hình mới nào trong `quiet` giây."""
        end, count, since = time.monotonic() + seconds, self.shown(index), time.monotonic()
        while time.monotonic() - since < quiet and time.monotonic() < end:
            self.page.wait_for_timeout(50)
            if self.shown(index) != count:
                count, since = self.shown(index), time.monotonic()

    def readout(self, index, *, handle=0):
        """Con số mà thanh trượt đang ghi bên phải."""
        return self.cell(index).locator(".widget-readout").nth(handle).inner_text().strip()

    # lưu và đóng

    def save(self):
        self.lab.command("docmanager:save")

    def close(self, *, save=True):
        """Đóng notebook, và tắt kernel của nó."""
        self.page.evaluate(
            """async (save) => {
              const panel = jupyterapp.shell.currentWidget;
              if (panel.sessionContext.session) await panel.sessionContext.shutdown();
              if (save) await panel.context.save();
              panel.dispose();
            }""",
            save,
        )


OURS = [".jp-OutputArea-output", ".jp-RenderedMarkdown"]
FAINT = """(ours) => {
  const parse = (text) => { const [r, g, b, a = 1] = text.match(/[\\d.]+/g).map(Number); return [r, g, b, a]; };
  const over = ([r, g, b, a], under) => [r, g, b].map((value, k) => a * value + (1 - a) * under[k]);
  const light = (colour) => colour.map((value) => value / 255).map((v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, k) => sum + v * [0.2126, 0.7152, 0.0722][k], 0);
  const ground = new Map();                       // nền thật dưới mỗi nút: các lớp trong suốt chồng lên nhau
  const under = (node) => {
    if (!node) return [255, 255, 255];
    if (!ground.has(node)) ground.set(node, over(parse(getComputedStyle(node).backgroundColor), under(node.parentElement)));
    return ground.get(node);
  };
  const opacity = (node) => node ? getComputedStyle(node).opacity * opacity(node.parentElement) : 1;
  const faint = [];
  for (const part of document.querySelectorAll(ours)) {
    const cell = part.closest('.jp-Cell'), texts = document.createTreeWalker(part, NodeFilter.SHOW_TEXT);
    for (let text; (text = texts.nextNode());) {
      const node = text.parentElement, style = getComputedStyle(node);
      if (!text.data.trim() || !cell || !node.getClientRects().length || style.visibility === 'hidden') continue;
      const [r, g, b, a] = parse(style.color), behind = under(node);
      const [high, low] = [light(over([r, g, b, a * opacity(node)], behind)), light(behind)].sort((x, y) => y - x);
      const size = parseFloat(style.fontSize), large = size >= 24 || size >= 18.66 && style.fontWeight >= 700;
      const ratio = (high + 0.05) / (low + 0.05);
      if (ratio < (large ? 3 : 4.5)) faint.push([+cell.dataset.mlcourse, `${ratio.toFixed(1)}: ${text.data.trim().slice(0, 60)}`]);
    }
  }
  return faint;
}"""


# --- Trình chiếu ---


class Deck:
    """Notebook đang mở, chiếu thành slide; dùng với ``with``. Trang và bước đếm từ 0."""

    def __init__(self, notebook):
        self.notebook, self.page = notebook, notebook.page

    def __enter__(self):
        self.page.evaluate("() => { jupyterapp.commands.execute('mlcourse:present', {page: 1}); }")
        self.drawn()
        return self

    def __exit__(self, *_):
        self.notebook.lab.command("mlcourse:stop-presenting")
        self.page.wait_for_function(
            "() => !document.querySelector('.mlc-deck') && !document.body.dataset.mlcourseScreen"
        )

    def drawn(self):
        """Đợi kernel vẽ xong mọi hình cho màn hình này, và trang hiện xong các hình ấy."""
        self.page.wait_for_function("() => document.body.dataset.mlcourseScreen === `${innerWidth} x ${innerHeight}`")
        self.page.evaluate(
            """async () => {
              const images = [...document.querySelectorAll('.mlc-on .jp-OutputArea-output img')];
              await Promise.all(images.map((img) => img.decode().catch(() => {})));
            }"""
        )
        self._frames()

    def _frames(self):
        self.page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")

    def go(self, page, step=0):
        """Đến một trang."""
        self.page.evaluate("([page, step]) => mlcourseDeck().show(page, step)", [page, step])
        self._frames()

    def at(self):
        """``(trang, bước)`` đang chiếu; None là không chiếu."""
        at = self.page.evaluate("() => { const deck = mlcourseDeck(); return deck && [deck.page, deck.step]; }")
        return at and tuple(at)

    def page_of(self, cell):
        """Trang có ô này."""
        return self.page.evaluate(
            "(i) => mlcourseDeck().pages.findIndex((page) => page.steps.flat().includes(i))", cell
        )

    def visible(self):
        """Số của các ô đang nhìn thấy."""
        return self.page.evaluate(f"() => {VISIBLE}")

    def press(self, key):
        """Bấm một phím, đợi trang vẽ xong; trả về ``(trang, bước)`` sau đó."""
        self.page.keyboard.press(key)
        self._frames()
        return self.at()

    def resize(self, width, height):
        """Đổi cỡ màn hình, không đợi kernel vẽ lại hình."""
        self.page.set_viewport_size({"width": width, "height": height})
        self._frames()

    def stops(self):
        """Mọi chỗ dừng ``(trang, bước)`` của bộ slide."""
        steps = self.page.evaluate("() => mlcourseDeck().pages.map((page) => page.steps.length)")
        return [(page, step) for page, count in enumerate(steps) for step in range(count)]

    def walk(self, key="PageDown"):
        """Đi từ trang đầu đến hết bằng một phím; trả về các chỗ dừng đã qua."""
        walked = [self.press("Home")]
        while (here := self.press(key)) != walked[-1]:
            walked.append(here)
        return walked

    def leaf(self):
        """Lật qua mọi trang, mỗi trang hiện đủ các phần; mỗi trang là một dict (xem LOOK).

        Phần của lần bấm sau đã giữ chỗ từ đầu, nên các chỗ dừng của cùng một trang ra cùng số đo.
        """
        return self.page.evaluate(LEAF)


VISIBLE = "[...document.querySelectorAll('.mlc-on:not(.mlc-later)')].map((cell) => +cell.dataset.mlcourse)"
LOOK = """() => {
  const deck = mlcourseDeck(), {node, widgets} = deck.content, outer = node.querySelector('.jp-WindowedPanel-outer');
  const inside = (selector) => [...node.querySelectorAll(`.mlc-on :is(${selector})`)].filter((one) => one.offsetParent);
  const sizes = (selector) => inside(selector).map((one) => parseFloat(getComputedStyle(one).fontSize));
  const cells = deck.here.steps.flat();
  return {
    page: deck.page,
    part: deck.here.part ?? 0,
    cells,
    types: cells.map((i) => widgets[i].model.getMetadata('slideshow')?.slide_type),
    title: deck.page && !deck.here.part ? deck.title.innerText.trim() : document.querySelector('.mlc-on h1, .mlc-now')?.innerText.trim(),
    cut: deck.title.scrollWidth > deck.title.clientWidth,
    excess: outer.scrollHeight - outer.clientHeight,
    wide: deck.wide().map((one) => `${one.scrollWidth} > ${one.clientWidth}: ${one.innerText.slice(0, 60)}`),
    images: inside('.jp-OutputArea-output img').map((img) => ({
      live: img.classList.contains('widget-image'), width: img.offsetWidth, height: img.offsetHeight, pixels: img.naturalWidth})),
    sliders: inside('.widget-hslider').map((one) => one.offsetWidth),
    opening: inside('.cm-content').map((one) => one.innerText.trim()).filter((text) => /^lesson\\.\\w+$/.test(text)),
    folded: inside('.jp-OutputPlaceholder').length,
    words: Math.min(...sizes('.jp-RenderedHTMLCommon p, [role=status]')),
    printed: Math.min(...sizes('.jp-OutputArea-output pre, .mlc-copy')),
    code: Math.min(...sizes('.cm-line')),
  };
}"""
LEAF = """async () => {
  const deck = mlcourseDeck(), look = LOOK, seen = [];
  for (const [k, {steps}] of deck.pages.entries()) {
    await deck.show(k, steps.length - 1);
    await Promise.all([...document.querySelectorAll('.mlc-on img')].map((img) => img.decode().catch(() => {})));
    await new Promise((done) => requestAnimationFrame(done));  // ảnh vừa tải xong thì trang cân lại
    await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));  // khung hình kế tiếp đã vẽ xong
    let here = look();
    for (let i = 0; i < 20 && here.excess > 0; i++) {  // máy bận thì tin 'ảnh đã tải' có khi đến muộn
      await new Promise((done) => setTimeout(done, 50));
      here = look();
    }
    seen.push(here);
  }
  return seen;
}""".replace("LOOK", LOOK)
