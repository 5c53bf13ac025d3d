"""Trang của một bài trong bản để đọc: HTML và ảnh của bài, trong bộ nhớ; `static_site.py` ghi ra đĩa."""

import base64
import functools
import html
import io
import json
import re
from html.parser import HTMLParser

import nbformat
from nbconvert.filters import Highlight2HTML
from PIL import Image

from mlcourse.interactive import checkbox, dropdown
from tools import lessons
from tools.build import is_guess
from tools.deck import slide_type
from tools.film import RUNNING, readings, webp
from tools.tasks import TASKS, items, live_name, settings
from tools.webpage import MATHJAX, markdown, output_html, title

PAGE = """<!DOCTYPE html>
<html lang="vi"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="stylesheet" href="static/fonts/fonts.css">
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
ABOUT = """<aside>Đây là bản để đọc. Các điều khiển hiện trên mỗi hình sống dùng được ngay trong trang. Mục nào
ghi <em>cần bài đang chạy</em>, và những ô để bạn viết code rồi chạy, thì mở bài trong JupyterLab: ở thư mục khóa học,
gõ <code>make lab</code> rồi mở <code>{stem}.ipynb</code>.
<span class="narrow">Chạm vào hình để phóng to.</span></aside>"""
LIVE = """<figure class="live">
<div class="controls" hidden>
{controls}
<span class="buttons">{play}<button type="button" class="reset">Đặt lại</button></span>
</div>
<div class="picture">{img}<canvas hidden></canvas></div>
<figcaption><p role="status">{words}</p>{others}</figcaption>
<script type="application/json">{data}</script>
</figure>"""
SLIDER = """<label>{label} <input type="range" min="0" max="{last}" step="1" value="{opening}" autocomplete="off">
<span class="reading" aria-hidden="true"></span></label>"""
NEEDS = '<li><em class="needs">Cần bài đang chạy.</em> '

highlight = Highlight2HTML(pygments_lexer="ipython3")


@functools.cache
def read(lesson):
    return nbformat.read(lesson.notebook, as_version=4)


def lesson_files(lesson, films):
    """``{tên file: nội dung}`` của một bài: trang và mọi bức ảnh; hình sống không có trong ``films`` thì đứng yên."""
    notebook, files, parts, figure = read(lesson), {}, [], None
    for cell in notebook.cells:
        figure = live_name(cell) or figure
        parts.append(cell_html(cell, figure, lesson.stem, films, files))
    first, *rest = parts
    article = f"<article>{first}{ABOUT.format(stem=lesson.stem)}{''.join(rest)}</article>"
    page = PAGE.format(
        title=html.escape(title(notebook)),
        find="Tìm trong bài",
        mathjax=MATHJAX,
        contents=contents(article),
        scripts=script("static/search.js") + script("static/live.js"),
        main=neighbours(lesson, "đầu trang") + article + neighbours(lesson, "cuối trang"),
    )
    return {f"{lesson.stem}.html": page.encode(), **files}


def script(name):
    return f'<script defer src="{name}"></script>'


def cell_html(cell, figure, stem, films, files):
    """Một ô thành HTML; ảnh của ô được thêm vào ``files``. ``figure``: hình sống của ô, hay hình gần nhất đứng trên."""
    if slide_type(cell) == "notes" or cell.source.startswith("#@title Chuẩn bị"):
        return ""
    if cell.cell_type == "markdown":
        text = markdown(cell.source)
        if figure in films and TASKS.search(cell.source):
            text = with_needs(text, cell, figure, films[figure])
        return text.replace("<table>", '<div class="table"><table>').replace("</table>", "</table></div>")

    def picture(png, words):
        if figure in films and live_name(cell):
            return live_figure(figure, films[figure], stem, files)
        still = image(f"{stem}/{cell.id}.webp", repacked(png), words, files)
        return f'<figure><div class="picture">{still}</div></figure>'

    code, outputs = highlight(cell.source), "".join(output_html(output, picture) for output in cell.outputs)
    if is_guess(cell):
        outputs = f'<details class="guess"><summary>Đoán xong thì mở kết quả</summary>{outputs}</details>'
    if cell.metadata.get("jupyter", {}).get("source_hidden"):
        return f'{outputs}<details class="code"><summary>Code của hình</summary>{code}</details>'
    return code + outputs


@functools.cache
def repacked(png):
    return webp(Image.open(io.BytesIO(base64.b64decode(png))).convert("RGB"))


def image(name, content, words, files):
    files[name] = content
    width, height = Image.open(io.BytesIO(content)).size
    return f'<img src="{name}" alt="{html.escape(words)}" width="{width}" height="{height}" loading="lazy">'


def live_figure(name, one, stem, files):
    """Hình sống: ảnh lúc mở, các điều khiển, và mọi khung mà static/live.js đọc.

    Khung là ``{các nấc: [câu kể, ảnh, các nấc của khung nằm dưới]}``; không nói khung nằm dưới thì đó là hình lúc mở.
    """
    axes, opening = one.plan.axes, one.plan.opening
    kept = [
        sorted({place[i] for place in one.frames}) for i in range(len(axes))
    ]  # những nấc có khung, của mỗi điều khiển
    told, sources = {}, {}

    def key(place):
        return ",".join(str(stops.index(k)) for stops, k in zip(kept, place))

    for place, (content, words, under) in one.frames.items():
        told[key(place)] = [words]
        if place != opening:
            source = sources.setdefault(content, f"{stem}/{name}-{'-'.join(map(str, place))}.webp")
            told[key(place)] += [source] + [key(under)] * (under != opening)
            files[source] = content
    shown = [[readings(axis.control)[k] for k in stops] for axis, stops in zip(axes, kept)]
    first = [stops.index(k) for stops, k in zip(kept, opening)]
    words = one.frames[opening][1]
    others = ", ".join(f"<em>{html.escape(label)}</em>" for label in one.others)
    return LIVE.format(
        controls="\n".join(control_html(axis.control, *each) for axis, *each in zip(axes, shown, first)),
        play='<button type="button" class="play">Chạy</button>\n' if getattr(axes[0].control, "play", False) else "",
        img=image(f"{stem}/{name}.webp", one.picture, words, files),
        words=html.escape(words),
        others=f'<p class="others">Chỉ đổi được khi bài đang chạy: {others}.</p>' if others else "",
        data=json.dumps({"axes": shown, "opening": first, "frames": told}, ensure_ascii=False).replace("</", "<\\/"),
    )


def control_html(control, readings, opening):
    label = html.escape(control.label)
    if isinstance(control, checkbox):
        return f'<label><input type="checkbox" autocomplete="off"{" checked" * opening}> {label}</label>'
    if isinstance(control, dropdown):
        options = "".join(
            f"<option{' selected' * (k == opening)}>{html.escape(name)}</option>" for k, name in enumerate(readings)
        )
        return f'<label>{label} <select autocomplete="off">{options}</select></label>'
    return SLIDER.format(label=label, last=len(readings) - 1, opening=opening)


def with_needs(text, cell, figure, one):
    """Khối *Thử* của một hình: mục nào không làm được ở đây thì nói trước."""
    tasks = items(TASKS.search(cell.source)[1])
    head, *rest = re.split("<li>", text[(start := text.index("<strong>Thử.</strong>")) :])
    for i, (number, task) in enumerate(tasks):
        missing = number in RUNNING.get(figure, ()) or not all(map(one.allows, settings(task)))
        rest[i] = (NEEDS if missing else "<li>") + rest[i]
    return text[:start] + head + "".join([*rest[: len(tasks)], *("<li>" + other for other in rest[len(tasks) :])])


def contents(article):
    """Mục lục của một trang."""
    links = "".join(
        f'<li class="h{level}"><a href="#{html.escape(anchor)}">{html.escape(name)}</a></li>'
        for level, anchor, name, *_ in Outline(article).sections[1:]
    )
    return f'<nav class="contents"><details><summary>Trong bài này</summary><ol>{links}</ol></details></nav>'


def neighbours(lesson, place):
    every = lessons.every()
    i = every.index(lesson)
    links = [
        f'<a rel="{rel}" href="{every[k].stem}.html">{word}: {html.escape(title(read(every[k])))}</a>'
        for k, rel, word in ((i - 1, "prev", "Bài trước"), (i + 1, "next", "Bài sau"))
        if 0 <= k < len(every)
    ]
    return f'<nav class="turn" aria-label="Bài trước, bài sau, {place}">{"".join(links)}</nav>'


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
