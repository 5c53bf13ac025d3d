"""Từ notebook ra trang HTML đọc không cần mạng: phần chung của tài liệu cho người dạy và của bản để đọc."""

import html
import re
import shutil
from pathlib import Path

import jupyter_server_mathjax
from nbconvert.filters import ansi2html, markdown2html

# MathJax nằm ở thư mục mathjax/ cạnh các trang, và chỉ có phông STIX-Web: bản MathML ẩn cho trình đọc màn hình, vì thế,
# không được đòi phông khác. Chữ tiếng Việt trong công thức mang phông của trang; phím Tab không dừng ở từng công thức.
MATHJAX = """<style>.MJX_Assistive_MathML * { font-family: inherit !important; }</style>
<script>window.MathJax = {
  tex2jax: {inlineMath: [['$', '$']], processEscapes: true}, messageStyle: 'none',
  showMathMenu: false, menuSettings: {inTabOrder: false},
  'HTML-CSS': {
    availableFonts: [], preferredFont: null, webFont: 'STIX-Web', imageFont: null,
    mtextFontInherit: true, matchFontHeight: false, scale: 115
  }
}</script>
<script async src="mathjax/MathJax.js?config=TeX-AMS-MML_HTMLorMML-full"></script>"""


FONTS = Path(__file__).parent / "labconfig" / "extension" / "static" / "fonts"


def copy_fonts(folder):
    """Phông của khóa học, cho code và kết quả có dấu đặt đúng chỗ ở mọi máy."""
    shutil.copytree(FONTS, folder / "fonts", dirs_exist_ok=True)


def copy_mathjax(folder):
    shutil.copytree(Path(jupyter_server_mathjax.__file__).parent / "static", folder / "mathjax", dirs_exist_ok=True)


def title(notebook):
    return re.match(r"# (.*)", notebook.cells[0].source)[1]


def markdown(text):
    """Chữ của một ô; huy hiệu Colab (hình ở máy khác) bỏ đi, liên kết giữa các bài trỏ sang trang của bài ấy."""
    text = re.sub(r"\[.\[[^]]*\]\([^)]*\)\]\([^)]*\)", "", text)
    text = markdown2html(re.sub(r"\]\(([\w.]+)\.ipynb", r"](\1.html", text))
    return re.sub(r'<a class="anchor-link".*?</a>', "", text)


def output_html(output, picture):
    """Một kết quả của ô mã; có hình thì ``picture(png viết bằng base64, câu kể)`` dựng hình."""
    data = output.get("data", {})
    if "image/png" in data:
        return picture(data["image/png"], data["text/plain"])
    text = output.get("text") or data.get("text/plain", "")
    return data.get("text/html") or f'<pre class="output">{ansi2html(text)}</pre>'


def embedded(png, words):
    """Hình nằm ngay trong trang."""
    return f'<img alt="{html.escape(words)}" src="data:image/png;base64,{png.strip()}">'
