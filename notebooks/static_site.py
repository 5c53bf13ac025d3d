"""Bản để đọc của khóa học: `make site`, hay `python notebooks/static_site.py build/site 04_1`.

Mỗi bài một trang HTML, đọc không cần cài gì và không cần mạng. Hình sống vẫn động: thanh trượt đầu tiên của hình được
quay sẵn, mỗi nấc một khung gồm phần ảnh đã đổi và câu kể; trang chỉ việc đặt khung lên hình. CSS và JavaScript của
trang ở thư mục ``static/``.

File đọc từ trên xuống: chạy bài và quay các hình sống; trang của một bài; mục lục.
"""

import base64
import functools
import html
import io
import json
import math
import re
import shutil
import sys
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from html.parser import HTMLParser
from multiprocessing import get_context
from pathlib import Path

import matplotlib
import matplotlib.pyplot as plt
import nbformat
import numpy as np
from fresh import asked, chosen
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from nbconvert.filters import Highlight2HTML
from PIL import Image
from webpage import MATHJAX, copy_mathjax, markdown, output_html, slide_type, title

from mlcourse import interactive

HERE = Path(__file__).parent
LIMIT = 3_000_000  # byte: một bài, kể cả ảnh và mọi khung hình; MathJax dùng chung, không kể
MOST, FEWEST = 64, 16  # số khung của một hình sống: nhiều hơn mắt không thấy mượt thêm; ít hơn thì không bớt nữa

# --- Chạy bài, quay các hình sống ---


@contextmanager
def running(cells):
    """Chạy các ô mã của một bài, như người học chạy từ trên xuống; cho các hình sống của bài theo tên."""
    interactive.figures.clear()
    matplotlib.use("agg")
    shell = InteractiveShell()
    try:
        with plt.rc_context():
            for cell in cells:
                if cell.cell_type == "code":
                    with capture_output():
                        done = shell.run_cell(cell.source)
                    done.raise_error()
            plt.close("all")
            yield dict(interactive.figures)
    finally:
        shell.restore_sys_module_state()  # IPython đã thay __main__ bằng module của bài
        interactive.figures.clear()


@dataclass
class Film:
    """Một hình sống đã quay: điều khiển đầu tiên đi hết tầm, các điều khiển khác đứng ở chỗ mở hình."""

    label: str
    play: bool
    others: list[str]  # tên các điều khiển đứng yên
    readings: list[str]  # chữ ghi ở từng nấc của thanh
    opening: int  # nấc mở hình
    stride: int  # quay một nấc, bỏ qua stride - 1 nấc
    picture: bytes  # hình lúc mở
    frames: dict[int, tuple[bytes, str]]  # nấc -> (phần ảnh khác với lúc mở, câu kể)

    def weight(self):
        return sum(len(change) for change, _ in self.frames.values())

    def thin(self):
        """Bỏ bớt một nửa số khung."""
        self.stride *= 2
        kept = stops(len(self.readings), self.opening, self.stride)
        self.frames = {k: self.frames[k] for k in kept}


def stops(count, opening, stride):
    """Các nấc để quay: cách đều, đi qua nấc mở hình, và thêm hai đầu thanh."""
    return sorted({0, count - 1, *range(opening % stride, count, stride)})


def film(figure, most=None):
    """Quay một hình sống.

    Khung nào cũng là hình người đọc thấy khi kéo một mạch từ chỗ mở hình đến nấc ấy; hình có trí nhớ vì thế cũng chỉ có
    một kết quả: lùi thì bắt đầu lại từ chỗ mở hình, tiến thì đi tiếp từ nấc trước.
    """
    main = main_control(figure)
    control, choices = figure.controls[main], figure.controls[main].choices()
    opening, stride = choices.index(control.value), math.ceil(len(choices) / (most or MOST))
    kept = stops(len(choices), opening, stride)
    figure.reset()
    first, frames = figure._pixels[..., :3].copy(), {}
    for k in sorted(kept, key=lambda k: (k < opening, k)):
        if k < opening:
            figure.reset()
        words = figure.set(**{main: choices[k]})
        if figure.error is not None:
            raise figure.error
        frames[k] = change(first, figure._pixels[..., :3]), words
    figure.reset()
    return Film(
        label=control.label,
        play=getattr(control, "play", False),
        readings=readings(control),
        opening=opening,
        others=[other.label for name, other in figure.controls.items() if name != main],
        stride=stride,
        picture=webp(Image.fromarray(first)),
        frames={k: frames[k] for k in kept},
    )


def main_control(figure):
    """Tên của điều khiển được quay: thanh trượt đầu tiên, hay điều khiển đầu tiên nếu hình không có thanh nào."""
    sliders = [name for name, control in figure.controls.items() if isinstance(control, interactive.slider)]
    return (sliders or list(figure.controls))[0]


def readings(control):
    """Chữ đứng cạnh thanh ở từng nấc."""
    if isinstance(control, interactive.slider):
        return [f"{value:.{control.decimals()}f}" for value in control.choices()]
    if isinstance(control, interactive.checkbox):
        return ["tắt", "bật"]
    return [str(option[0] if isinstance(option, tuple) else option) for option in control.options]


def change(first, frame):
    """Phần của ``frame`` khác với ``first``; chỗ giống thì trong suốt."""
    moved = (frame != first).any(axis=2)
    return webp(Image.fromarray(np.dstack([frame, moved * np.uint8(255)])))


def webp(picture):
    """Không mất mát: mỗi điểm ảnh đúng như matplotlib vẽ."""
    buffer = io.BytesIO()
    picture.save(buffer, "WEBP", lossless=True, quality=50, method=4)
    return buffer.getvalue()


# --- Trang của một bài ---

PAGE = """<!DOCTYPE html>
<html lang="vi"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="stylesheet" href="static/site.css">
<script src="static/page.js"></script>
{scripts}
{mathjax}</head>
<body>
<a class="skip" href="#bai">Đến nội dung</a>
<header class="bar">
<a href="index.html">Mục lục</a>
<form role="search" hidden>
<input type="search" placeholder="{find}" aria-label="{find}" autocomplete="off" enterkeyhint="search">
<output></output>
<span class="steps" hidden><button type="button" aria-label="Chỗ trước">↑</button>
<button type="button" aria-label="Chỗ sau">↓</button></span>
</form>
<button type="button" class="theme" hidden>Nền tối</button>
</header>
<div class="layout">
{contents}
<main id="bai" tabindex="-1">
{main}
</main>
</div>
</body></html>
"""
ABOUT = """<aside>Đây là bản để đọc. Ở mỗi hình sống, thanh trượt đầu tiên kéo được ngay trong trang. Các điều khiển
khác, và những ô để bạn viết code rồi chạy, cần bài đang chạy: ở thư mục khóa học, gõ <code>make lab</code> rồi mở
<code>{stem}.ipynb</code>. <span class="narrow">Chạm vào hình để phóng to.</span></aside>"""
LIVE = """<figure class="live">
<div class="controls" hidden>
<label>{label} <input type="range" min="0" max="{last}" step="1" value="{opening}" autocomplete="off"></label>
<span class="reading" aria-hidden="true"></span>
{play}<button type="button" class="reset">Đặt lại</button>
</div>
<div class="picture">{img}<canvas hidden></canvas></div>
<figcaption><p role="status">{words}</p>{others}</figcaption>
<script type="application/json">{data}</script>
</figure>"""

read = functools.cache(functools.partial(nbformat.read, as_version=4))
highlight = Highlight2HTML(pygments_lexer="ipython3")


def write_lesson(path, folder):
    """Chạy một bài, viết trang và ảnh của bài vào ``folder``; trả về một câu kể số khung và cỡ của bài.

    Bài nào nặng quá `LIMIT` thì hình nặng nhất bớt đi một nửa số khung, cho đến khi vừa.
    """
    with running(read(path).cells) as figures:
        films = {name: film(figure) for name, figure in figures.items()}
    while (size := sum(map(len, (files := lesson_files(path, films)).values()))) > LIMIT:
        long = [one for one in films.values() if len(one.frames) > FEWEST]
        if not long:
            sys.exit(
                f"\n  Bài {path.stem} nặng {size / 1e6:.2f} MB, quá {LIMIT / 1e6:.0f} MB, dù mỗi hình chỉ còn {FEWEST} "
                "khung trở xuống.\n  Cách sửa: vẽ các hình sống nhỏ lại, hoặc bớt hình của bài.\n"
            )
        max(long, key=Film.weight).thin()
    shutil.rmtree(folder / path.stem, ignore_errors=True)  # khung của lần viết trước
    save(files, folder)
    counts = ", ".join(f"{name} {len(one.frames)}" for name, one in films.items())
    return f"{folder / path.stem}.html: {size / 1e6:.2f} MB; số khung: {counts}"


def save(files, folder):
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)


def lesson_files(path, films):
    """``{tên file: nội dung}`` của một bài: trang và mọi bức ảnh; hình sống không có trong ``films`` thì đứng yên."""
    notebook, files = read(path), {}
    first, *rest = [cell_html(cell, path.stem, films, files) for cell in notebook.cells]
    article = f"<article>{first}{ABOUT.format(stem=path.stem)}{''.join(rest)}</article>"
    page = PAGE.format(
        title=html.escape(title(notebook)),
        find="Tìm trong bài",
        mathjax=MATHJAX,
        contents=contents(article),
        scripts=script("static/search.js") + script("static/live.js"),
        main=article + neighbours(path),
    )
    return {f"{path.stem}.html": page.encode(), **files}


def script(name):
    return f'<script defer src="{name}"></script>'


def cell_html(cell, stem, films, files):
    """Một ô thành HTML; ảnh của ô được thêm vào ``files``."""
    if slide_type(cell) == "notes" or cell.source.startswith("#@title Chuẩn bị"):
        return ""
    if cell.cell_type == "markdown":
        text = markdown(cell.source)
        return text.replace("<table>", '<div class="table"><table>').replace("</table>", "</table></div>")
    name = live_name(cell)

    def picture(png, words):
        if name in films:
            return live_figure(name, films[name], stem, files)
        still = image(f"{stem}/{cell.id}.webp", repacked(png), words, files)
        return f'<figure><div class="picture">{still}</div></figure>'

    code, outputs = highlight(cell.source), "".join(output_html(output, picture) for output in cell.outputs)
    if cell.metadata.get("jupyter", {}).get("source_hidden"):
        return f'{outputs}<details class="code"><summary>Code của hình</summary>{code}</details>'
    return code + outputs


def live_name(cell):
    """Tên của hình sống mà ô này dựng, hay None."""
    found = re.search(r"@live\((?s:.*)^def (\w+)\(fig\)", cell.source, re.M)
    return found and found[1]


@functools.cache
def repacked(png):
    return webp(Image.open(io.BytesIO(base64.b64decode(png))).convert("RGB"))


def image(name, content, words, files):
    files[name] = content
    width, height = Image.open(io.BytesIO(content)).size
    return f'<img src="{name}" alt="{html.escape(words)}" width="{width}" height="{height}" loading="lazy">'


def live_figure(name, one, stem, files):
    """Hình sống: ảnh lúc mở, thanh trượt, và danh sách ``[chữ ở nấc, câu kể, ảnh]`` mà static/live.js đọc."""
    told, order = [], list(one.frames)
    for k, (content, words) in one.frames.items():
        source = f"{stem}/{name}-{k}.webp" if k != one.opening else ""
        told.append([one.readings[k], words, source])
        if source:
            files[source] = content
    words = one.frames[one.opening][1]
    others = ", ".join(f"<em>{html.escape(label)}</em>" for label in one.others)
    return LIVE.format(
        label=html.escape(one.label),
        last=len(order) - 1,
        opening=order.index(one.opening),
        play='<button type="button" class="play">Chạy</button>\n' if one.play else "",
        img=image(f"{stem}/{name}.webp", one.picture, words, files),
        words=html.escape(words),
        others=f'<p class="others">Chỉ đổi được khi bài đang chạy: {others}.</p>' if others else "",
        data=json.dumps(told, ensure_ascii=False).replace("</", "<\\/"),
    )


def contents(article):
    """Mục lục của một trang."""
    links = "".join(
        f'<li class="h{level}"><a href="#{html.escape(anchor)}">{html.escape(name)}</a></li>'
        for level, anchor, name, *_ in Outline(article).sections[1:]
    )
    return f'<nav class="contents"><details><summary>Trong bài này</summary><ol>{links}</ol></details></nav>'


def neighbours(path):
    paths = chosen("")
    i = paths.index(path)
    links = [
        f'<a rel="{rel}" href="{paths[k].stem}.html">{word}: {html.escape(title(read(paths[k])))}</a>'
        for k, rel, word in ((i - 1, "prev", "Bài trước"), (i + 1, "next", "Bài sau"))
        if 0 <= k < len(paths)
    ]
    return f'<nav class="turn" aria-label="Bài trước, bài sau">{"".join(links)}</nav>'


class Outline(HTMLParser):
    """Các mục trong ``<article>``: ``sections`` là ``[[cấp, neo, tên, lời văn, code và kết quả], …]``.

    Chữ gập lại, như đáp án, thì không kể.
    """

    FOLDED = {"details", "script", "aside"}
    HEADINGS = {"h1", "h2", "h3", "h4"}
    NAME, PROSE, CODE = 2, 3, 4

    def __init__(self, page):
        super().__init__()
        self.sections, self.inside, self.folded, self.field = [], False, 0, self.PROSE
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.inside |= tag == "article"
        self.folded += tag in self.FOLDED
        if self.inside and tag in self.HEADINGS:
            self.sections.append([int(tag[1]), dict(attrs)["id"], "", "", ""])
            self.field = self.NAME
        elif tag == "pre":
            self.field = self.CODE

    def handle_endtag(self, tag):
        self.inside &= tag != "article"
        self.folded -= tag in self.FOLDED
        if tag in {"pre", *self.HEADINGS}:
            self.field = self.PROSE

    def handle_data(self, data):
        if self.inside and not self.folded and self.sections:
            self.sections[-1][self.field] += data


# --- Mục lục của khóa học ---

INDEX = """<h1>Huấn luyện và đánh giá mô hình học máy</h1>
<p>Bản để đọc của khóa học: không cần cài gì, không cần mạng. Công thức, code, kết quả, câu hỏi trắc nghiệm đều ở đây,
và mỗi hình sống có một thanh trượt kéo được. Muốn tự sửa code rồi chạy, hãy mở khóa học bằng
<code>make lab</code>.</p>
<section class="results" aria-label="Kết quả tìm" hidden><ol></ol></section>
{lessons}
<footer>Bài học theo giấy phép CC BY 4.0, code theo giấy phép MIT.</footer>"""
CARD = """<section class="lesson">
<h2>{title}</h2>
<p>{minutes} phút, chưa kể bài tập. Học xong bài này, bạn làm được:</p>
{goals}{sections}
</section>"""


def index_files(folder):
    """Mục lục, và chữ của mọi mục để tìm; bài chưa có trang trong ``folder`` thì có tên mà chưa có liên kết."""
    cards, found = [], []
    for path in chosen(""):
        notebook, page = read(path), folder / f"{path.stem}.html"
        name, sections = title(notebook), Outline(page.read_text(encoding="utf-8")).sections if page.exists() else []
        for _, anchor, heading, prose, code in sections:
            found.append([page.name, name, anchor, heading, readable(f"{prose} {code}")])
        goals = next(cell.source for cell in notebook.cells if cell.source.startswith("## Học xong bài này"))
        cards.append(
            CARD.format(
                title=f'<a href="{page.name}">{html.escape(name)}</a>' if sections else html.escape(name),
                minutes=re.search(r"(\d+) phút", notebook.cells[0].source)[1],
                goals=markdown(goals.partition("\n")[2]),
                sections=listed(page.name, sections),
            )
        )
    page = PAGE.format(
        title="Huấn luyện và đánh giá mô hình học máy",
        find="Tìm trong mọi bài",
        mathjax=MATHJAX,
        contents="",
        scripts=script("sections.js") + script("static/search.js"),
        main=INDEX.format(lessons="\n".join(cards)),
    )
    texts = f"window.sections = {json.dumps(found, ensure_ascii=False)};"
    return {"index.html": page.encode(), "sections.js": texts.encode()}


def readable(text):
    """Chữ để tìm và để trích: một dòng, công thức ngắn viết thẳng, công thức có lệnh TeX thì lược đi."""
    text = re.sub(r"\$+([^$]+)\$+", lambda formula: "…" if "\\" in formula[1] else formula[1], text)
    return " ".join(text.split())


def listed(page, sections):
    links = "".join(
        f'<li><a href="{page}#{html.escape(anchor)}">{html.escape(name)}</a></li>'
        for level, anchor, name, *_ in sections
        if level == 2
    )
    return f"<details><summary>Các mục của bài</summary><ol>{links}</ol></details>" if links else ""


def write_shared(folder):
    """Những gì mọi trang dùng chung, và mục lục của các trang đã có."""
    shutil.copytree(HERE / "static", folder / "static", dirs_exist_ok=True)
    copy_mathjax(folder)
    save(index_files(folder), folder)


if __name__ == "__main__":
    options = asked("Viết bản để đọc của khóa học.")
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:  # mỗi lõi một bài
        for line in pool.map(functools.partial(write_lesson, folder=options.folder), chosen(options.lesson)):
            print(line, flush=True)
    write_shared(options.folder)
    print(options.folder / "index.html")
