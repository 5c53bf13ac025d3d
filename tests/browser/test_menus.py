"""JupyterLab của khóa học nói tiếng Việt: mọi thực đơn, thanh công cụ, bảng bên, hộp thoại mà một buổi học đi qua.

Bài kiểm thử đi hết các chỗ ấy như tay người, ghi lại mọi chữ trên màn hình và mọi lời hiện khi trỏ chuột, rồi tìm chữ còn
là tiếng Anh. Chữ nào không mang dấu thì phải là tên riêng (`NAMES`) hay là tiếng không dấu của tiếng Việt (`PLAIN`).
"""

import os
import re
import signal
import unicodedata

import pytest

from tests.helpers.lab import ROOT, Deck, Page, Server

pytestmark = pytest.mark.xdist_group("thực đơn")

# Tên riêng, loại file, phím, và những từ khóa học để nguyên tiếng Anh.
NAMES = set(
    """
    jupyter jupyterlab python ipykernel ipython numpy scipy matplotlib sympy pandas pypi project contributors
    markdown latex mathjax mermaid html css json csv tsv pdf yaml restructuredtext asciidoc qtpdf qtpng webpdf reveal js
    nbconvert javascript mime url ipythongfm kernel notebook console code slide widget video codemirror english
    ctrl shift alt enter tab esc true none default
    """.split()
)
# Tiếng Việt không dấu có trong các bản dịch.
PLAIN = set(
    """
    anh ba ban cao chia cho chung con danh do dung ghi gian giao hai hay hoa in khi khung kia kim mang nam nay ngang ngay
    nhau nhanh phong qua quy ra ro sai sang sao sau tay thanh thao thay theo thu tin to tra trang trong tuy vi vui xem xoay xong
    """.split()
)

# Mã của kernel, địa chỉ, phím tắt, tên file, đường dẫn: không phải lời.
APART = re.compile(r"\b[0-9a-f]{8}\b\S*|\S+://\S+|\((?:(?:Ctrl|Alt|Shift)\+)+\S+\)|\S+\.(?:ipynb|md|py)\b|/\S+")
QUOTING = [
    ROOT / "README.md",
    ROOT / "notebooks" / "huong_dan_day.md",
    *sorted((ROOT / "notebooks" / "src").glob("*.md")),
]
SLIDE_TYPE = re.findall(
    r"\*([^*\n]+)\*", QUOTING[1].read_text(encoding="utf-8").split("*Hiển thị → Bảng thuộc tính*")[1]
)
IN_ENGLISH = {"Settings → Language"}  # cài bằng pip thì lúc đầu thực đơn là tiếng Anh
ON_THE_HUB = {"Tệp → Trang của tôi trên máy chủ"}  # chỉ có trên máy chủ của lớp; tests/test_hub.py giữ bản dịch


def english(text):
    """Các từ tiếng Anh trong một câu của giao diện."""
    words = re.findall(r"[^\W\d_]{2,}", APART.sub("", unicodedata.normalize("NFC", text)))
    return [word for word in words if word.isascii() and word.lower() not in NAMES | PLAIN]


WORDS = """(selector) => {
  const ours = '.cm-editor, .jp-OutputArea-output, .jp-RenderedMarkdown, .jp-BreadCrumbs, .jp-extensionmanager-entry, .lm-CommandPalette-itemShortcut, [data-command*=font-family], kbd, script, style, svg';
  const found = new Set();
  for (const root of document.querySelectorAll(selector)) {
    for (const node of [root, ...root.querySelectorAll('*')]) {
      if (!(node.closest('select') ?? node).checkVisibility() || node.closest(ours)) continue;
      for (const name of ['title', 'aria-label', 'placeholder', 'alt']) if (node.getAttribute(name)) found.add(node.getAttribute(name));
      for (const child of node.childNodes) if (child.nodeType === Node.TEXT_NODE && child.data.trim()) found.add(child.data.trim());
    }
  }
  return [...found];
}"""
MENUS = """async (context) => {
  const found = [];
  const read = async (menu, path) => {
    await new Promise(requestAnimationFrame);
    const labels = menu.node.querySelectorAll('.lm-Menu-itemLabel');
    for (const [i, item] of menu.items.entries()) {
      const label = labels[i]?.textContent;
      if (!label || item.type === 'separator' || item.command === 'fileeditor:change-language') continue;
      found.push([path, label]);
      if (item.type !== 'submenu') continue;
      menu.activeIndex = i;
      menu.triggerActiveItem();
      await read(item.submenu, `${path} → ${label}`);
    }
  };
  if (context) {
    await read(jupyterapp.contextMenu.menu, context);
    jupyterapp.contextMenu.menu.close();
    return found;
  }
  const bar = [...jupyterapp.shell.widgets('menu')].find((widget) => widget.menus);
  for (const [i, menu] of bar.menus.entries()) {
    found.push(['', menu.title.label]);
    bar.activeIndex = i;
    bar.openActiveMenu();
    await read(menu, menu.title.label);
    menu.close();
  }
  return found;
}"""


class Walk:
    """Đi trên một trang JupyterLab, ghi lại ``{câu: nơi thấy lần đầu}``."""

    def __init__(self, lab):
        self.lab, self.page, self.seen = lab, lab.page, {}

    def note(self, where, texts):
        for text in texts:
            self.seen.setdefault(text, where)

    def look(self, where, selector="body"):
        self.page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        texts = self.page.evaluate(WORDS, selector)
        self.note(where, texts)
        return texts

    def menus(self, context=None):
        """Mở hết thực đơn, hay thực đơn ngữ cảnh đang hiện; trả về các lối đi, như *Chạy → Chạy mọi ô*."""
        found = self.page.evaluate(MENUS, context)
        for path, label in found:
            self.note(path, [label])
        return {f"{path} → {label}" for path, label in found}

    def context(self, where, target):
        target.click(button="right")
        self.page.wait_for_selector(".lm-Menu")
        self.menus(where)
        self.page.wait_for_selector(".lm-Menu", state="detached")

    def do(self, command, **args):
        self.page.evaluate(
            "async ([name, args]) => { await jupyterapp.commands.execute(name, args); }", [command, args]
        )

    def start(self, command, **args):
        """Gọi một lệnh mà không đợi lệnh ấy xong: hộp thoại còn chờ trả lời."""
        self.page.evaluate("([name, args]) => { jupyterapp.commands.execute(name, args); }", [command, args])

    def change(self):
        """Sửa notebook đang mở, mà các ô vẫn y nguyên."""
        self.page.evaluate(
            "() => { jupyterapp.shell.currentWidget.content.model.setMetadata('changed', Math.random()); }"
        )

    def close(self):
        """Đóng thẻ đang mở, như bấm vào dấu × của thẻ."""
        self.page.evaluate("() => { jupyterapp.shell.currentWidget.close(); }")

    def dialog(self, where, says, answer="Escape"):
        """Đợi hộp thoại có câu này, ghi lại mọi chữ trong đó, rồi trả lời bằng một phím."""
        box = self.page.locator(".jp-Dialog", has_text=says)
        box.wait_for()
        self.look(where, ".jp-Dialog")
        self.page.keyboard.press(answer)
        box.wait_for(state="detached")

    def english(self):
        """Những câu còn tiếng Anh thấy từ lần hỏi trước."""
        seen, self.seen = self.seen, {}
        return [f"{where}: {english(text)} {text}" for text, where in seen.items() if english(text)]


@pytest.fixture(scope="module")
def walk(browser):
    """Một server riêng: bài kiểm thử này đổi tên, xóa, ghi đè file, giết kernel và cắt mạng."""
    with Server() as server:
        server.add("mot.ipynb", [("markdown", "# Một"), ("code", "1 + 1"), ("code", "input()"), ("code", "2")])
        server.add("hai.ipynb", [("code", "2")])
        (server.root / "ba").mkdir()
        (server.root / "bon.md").write_text("# Bốn\n")
        page = Page(browser, server)
        page.page.set_default_timeout(20_000)
        yield Walk(page)
        page.close()


@pytest.fixture(scope="module")
def notebook(walk):
    notebook = walk.lab.open("mot.ipynb")
    walk.page.evaluate("() => jupyterapp.shell.expandLeft()")
    return notebook


def test_the_menus(walk):
    walk.menus()  # chưa mở bài nào
    walk.do("docmanager:open", path="bon.md", factory="Editor")
    walk.menus()
    walk.look("trình soạn thảo")
    walk.close()
    walk.do("launcher:create")
    walk.look("trình khởi chạy")
    walk.lab.open("mot.ipynb")
    paths = walk.menus()
    assert len(walk.seen) > 250
    assert not walk.english()
    quoted = {
        path for page in QUOTING for path in re.findall(r"\*([^*\n]+? → [^*\n]+)\*", page.read_text(encoding="utf-8"))
    }
    assert len(quoted) > 3 and quoted - IN_ENGLISH - ON_THE_HUB <= paths


def test_the_toolbar_and_the_panels(walk, notebook):
    page = walk.page
    for panel in (
        "filebrowser:activate",
        "running:show-panel",
        "toc:show-panel",
        "extensionmanager:show-panel",
        "property-inspector:show-panel",
        "debugger:show-panel",
    ):
        walk.do(panel)
        for folded in page.locator(".jp-Collapse-header-collapsed:visible").all()[::-1]:
            folded.click()
        walk.look(panel)
    page.locator(".jp-Notebook .jp-Cell").nth(1).hover()
    walk.look("notebook")
    assert {"Khởi động lại kernel", "Chạy ô đang chọn rồi xuống ô dưới (Shift+Enter)", *SLIDE_TYPE} <= set(walk.seen)
    walk.do("documentsearch:startWithReplace")
    walk.look("tìm và thay thế", ".jp-DocumentSearch-overlay")
    page.keyboard.press("Escape")
    for modal in ("apputils:activate-command-palette", "apputils:display-notifications", "apputils:display-shortcuts"):
        walk.start(modal)
        page.wait_for_timeout(300)
        walk.look(modal)
        page.keyboard.press("Escape")
    assert not walk.english()


def test_the_context_menus(walk, notebook):
    page = walk.page
    walk.do("filebrowser:activate")
    notebook.start(1)
    walk.context("ô code", notebook.cell(1).locator(".cm-content"))
    walk.context("ô văn bản", notebook.cell(0))
    walk.context("kết quả", notebook.cell(1).locator(".jp-OutputArea-output"))
    walk.context("thẻ", page.locator(".lm-DockPanel-tabBar .lm-mod-current"))
    walk.context("tệp", page.locator(".jp-DirListing-item", has_text="mot.ipynb"))
    walk.context("thư mục", page.locator(".jp-DirListing-item[data-isdir=true]"))
    walk.context("danh sách tệp", page.locator(".jp-DirListing-content"))
    walk.context("thanh bên", page.locator(".jp-SideBar .lm-TabBar-tab").first)
    assert not walk.english()


def test_the_deck(walk, notebook):
    with Deck(notebook) as deck:
        walk.look("trình chiếu")
        deck.press("?")
        walk.look("bảng phím")
        deck.press("?")
    assert not walk.english()


def test_the_dialogs(walk, notebook):
    for command, says in {
        "kernelmenu:restart": "Khởi động lại kernel?",
        "kernelmenu:change": "Chọn kernel",
        "kernelmenu:shutdownAll": "Tắt tất cả?",
        "runmenu:restart-and-run-all": "Khởi động lại kernel?",
        "notebook:close-and-shutdown": "Tắt notebook?",
        "notebook:trust": "Tin cậy notebook này?",
        "docmanager:save-as": "Lưu tệp thành…",
        "docmanager:rename": "Đổi tên tệp",
        "docmanager:reload": "Tải lại notebook từ đĩa",
        "docmanager:restore-checkpoint": "điểm khôi phục",
        "filebrowser:open-path": "Mở đường dẫn",
        "filebrowser:open-url": "Mở URL",
        "filemenu:shutdown": "Xác nhận tắt",
        "help:about": "Phiên bản",
    }.items():
        walk.start(command)
        walk.dialog(command, says)
    assert not walk.english()


def test_saving_renaming_deleting(walk, notebook):
    page, root = walk.page, walk.lab.server.root
    page.evaluate(
        """async () => {
          const panel = await jupyterapp.commands.execute('notebook:create-new', {kernelName: 'python3'});
          await panel.context.ready;
          await panel.sessionContext.ready;
        }"""
    )
    walk.change()
    walk.start("docmanager:save")
    walk.dialog("lưu lần đầu", "Đổi tên và lưu")
    walk.change()
    walk.close()
    walk.dialog("đóng khi chưa lưu", "Lưu thay đổi")

    walk.do("filebrowser:activate")
    for name, says in {"hai.ipynb": "Ghi đè tệp?", "a:b": "Không đổi tên được"}.items():
        page.locator(".jp-DirListing-item", has_text="mot.ipynb").click()
        walk.start("filebrowser:rename")
        page.locator(".jp-DirListing-editor").fill(name)
        page.keyboard.press("Enter")
        walk.dialog(f"đổi tên thành {name}", says)

    page.locator(".jp-DirListing-item", has_text="hai.ipynb").click()
    walk.start("filebrowser:delete")
    walk.dialog("xóa", "hai.ipynb?")

    walk.lab.open("mot.ipynb")
    (root / "mot.ipynb").write_text((root / "mot.ipynb").read_text() + "\n")
    os.utime(root / "mot.ipynb", (2e9, 2e9))
    walk.change()
    walk.start("docmanager:save")
    walk.dialog("tệp đã đổi trên đĩa", "Tệp đã đổi trên đĩa")
    assert not walk.english()


def test_the_kernel_waits_dies_and_the_server_is_lost(walk, notebook):
    page = walk.page
    pid = notebook.value("__import__('os').getpid()")
    notebook.start(2)
    page.wait_for_selector(".jp-Stdin-input")
    walk.look("chờ nhập")
    notebook.start(3)
    walk.dialog("còn chờ nhập", "Ô chưa chạy")
    os.kill(pid, signal.SIGKILL)
    walk.dialog("kernel dừng đột ngột", "sẽ tự khởi động lại")
    walk.look("sau khi kernel dừng")
    page.context.set_offline(True)
    page.evaluate("() => { jupyterapp.serviceManager.sessions.refreshRunning().catch(() => {}); }")
    walk.dialog("mất máy chủ", "Mất kết nối với máy chủ")
    walk.look("sau khi mất máy chủ")
    assert not walk.english()
