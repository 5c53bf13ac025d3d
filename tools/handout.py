"""Tài liệu cho người dạy: `make handout LESSON=04_1`, hay `python -m tools.handout build/handout 04_1`.

Mỗi bài một trang HTML: từng slide như lớp nhìn thấy, bên cạnh là ghi chú và giờ của phần ấy, để mở ở màn hình thứ hai
hay in ra giấy A4 nằm ngang. Giấy không bấm được, nên dòng gập nào cũng mở sẵn, và phương án đúng mang dấu ✓. Đọc không
cần mạng: hình nằm trong trang, công thức do bản MathJax ở thư mục ``mathjax/`` bên cạnh.
"""

import html
import re

import nbformat

from tools.build import unwrapped
from tools.deck import folded, pages, slide_type
from tools.lessons import asked, chosen
from tools.webpage import MATHJAX, copy_fonts, copy_mathjax, embedded, markdown, output_html, title

NOTE = re.compile(
    r"<details><summary><em>Ghi chú cho người dạy \((\d+) phút\)</em></summary>\n\n(.+)\n\n</details>", re.S
)  # trong notebook, ghi chú gập lại cho người học đỡ bận mắt; ở đây mở ra
TO_TRY = re.compile(r"^(\*\*(Đọc hình|Thử)\.\*\*|<details><summary>Trả lời)", re.M)
STYLE = """
@page { size: A4 landscape; margin: 9mm; }
:root { color-scheme: light dark; --line: #8886; --paper: #8882; print-color-adjust: exact; }
body { font: 16px/1.5 'DejaVu Sans', system-ui, sans-serif; max-width: 88em; margin: 2em auto; padding: 0 1em; }
section { display: grid; grid-template-columns: 2fr 1fr; border: 1px solid var(--line); border-radius: 8px; }
section { margin: 1.2em 0; break-inside: avoid; }
.slide { padding: .4em 1.2em; min-width: 0; }
.slide:only-child { grid-column: span 2; }
.slide > div, .slide details { container-type: inline-size; }
.slide img { max-width: 100%; background: white; }
.slide :is(h1, h2, h3) { margin: .4em 0; }
.slide header { float: right; margin-left: 1em; color: GrayText; }
.fragment { border-top: 1px dashed var(--line); }
aside { background: var(--paper); border-left: 1px solid var(--line); padding: .2em 1.2em; border-radius: 0 8px 8px 0; }
aside { font-size: .9em; min-width: 0; container-type: inline-size; }
pre { font-family: 'JetBrains Mono', 'DejaVu Sans Mono', monospace; line-height: 1.4; white-space: pre; }
pre { --size: 13px; font-size: min(var(--size), (100cqw - 20px) / (.61 * var(--columns))); }
pre { background: var(--paper); padding: .4em 10px; margin: .6em 0; overflow: auto; }
table { border-collapse: collapse; }
td, th { border-bottom: 1px solid var(--line); padding: .2em .8em; text-align: left; }
details.right { border: 2px solid currentColor !important; }
details.right > summary { font-weight: bold; }
details.right > summary::after { content: " ✓ Đúng"; }
@media screen and (max-width: 75em) { section { display: block; } }
@media print {
  :root { color-scheme: light; }
  body { max-width: none; margin: 0; padding: 0; font-size: 9.5pt; line-height: 1.35; }
  section { margin: 0 0 3mm; }
  pre { --size: 8.5pt; line-height: 1.25; }
  .slide img { max-height: 115mm; }
  p, ul, ol { margin: .5em 0; }
}
"""
PAGE = """<!DOCTYPE html>
<html lang="vi"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}: cho người dạy</title>
<link rel="stylesheet" href="fonts/fonts.css"><style>{style}</style>
{mathjax}</head>
<body><p>{summary}</p>
{body}
</body></html>
"""


def shown(cell):
    """Một ô như lớp thấy: ô có hình thì chỉ có hình, ô gập code thì chỉ có kết quả, câu hỏi thì chỉ có câu hỏi."""
    parts = []
    if cell.cell_type == "markdown":
        parts.append(markdown(unwrapped(cell.source)))
    else:
        pictures = [output for output in cell.outputs if "image/png" in output.get("data", {})]
        if not folded(cell) and not re.fullmatch(r"lesson\.\w+", cell.source):
            parts.append(f"<pre>{html.escape(cell.source)}</pre>")
        parts += [output_html(output, embedded) for output in pictures or cell.outputs]
    return f'<div class="{"fragment" if slide_type(cell) == "fragment" else ""}">{"".join(parts)}</div>'


def handout(notebook):
    """Trang HTML của một bài."""
    found, clock, body = pages(notebook), 0, []
    beside, first = [[] for _ in found], 0  # ghi chú đứng ở trang đầu của nhóm trang mà nó nói đến
    for i, (_, _, told) in enumerate(found):
        first += bool(found[first].part)
        for note in filter(None, (NOTE.fullmatch(cell.source) for cell in told)):
            clock += int(note[1])
            where = f" cho trang {first + 1} đến {i + 1}" if first < i else ""
            beside[first].append(markdown(f"**Ghi chú{where}, {note[1]} phút (đến phút {clock}).** {note[2]}"))
        if any(NOTE.fullmatch(cell.source) for cell in told):
            first = i + 1
    for i, (part, cells, told) in enumerate(found, 1):
        notes = beside[i - 1]
        for cell in told:
            if NOTE.fullmatch(cell.source):
                continue
            if slide_type(cell) == "notes" or TO_TRY.search(cell.source):
                notes.append(markdown(cell.source))  # việc để thử trên hình sống: lớp không thấy chữ, người dạy cần
        aside = f"<aside>{''.join(notes)}</aside>" if notes else ""
        inside = f"<h2>Phần: {html.escape(part)}</h2>" if part else "".join(map(shown, cells))
        page = f'<div class="slide"><header>{i}/{len(found)}</header>{inside}</div>'
        body.append(f"<section>{page}{aside}</section>")
    summary = (
        f"{len(found)} trang, đánh số như trên màn chiếu. Phần nằm dưới nét đứt hiện ra ở lần bấm sau. "
        "Cột nền xám lớp không thấy."
    )
    text = fitted(opened("\n".join(body)))
    return PAGE.format(title=html.escape(title(notebook)), style=STYLE, mathjax=MATHJAX, summary=summary, body=text)


def opened(page):
    """Mọi dòng gập đều mở; phương án đúng của một câu hỏi mang lớp ``right``.

    >>> opened('<details style="">(a)<p><strong>✓ Đúng.</strong></p></details>')
    '<details open class="right" style="">(a)<p><strong>✓ Đúng.</strong></p></details>'
    """
    first, *folds = page.split("<details")
    right = lambda fold: ' class="right"' if "<strong>✓ Đúng.</strong>" in fold.partition("</details>")[0] else ""
    return first + "".join(f"<details open{right(fold)}{fold}" for fold in folds)


def fitted(page):
    """Khối chữ đều nào cũng kể dòng dài nhất của nó, để `STYLE` chọn cỡ chữ vừa cột: không dòng nào phải ngắt."""

    def fit(block):
        lines = html.unescape(re.sub(r"<[^>]*>", "", block[2])).splitlines()
        style = f'style="--columns: {max(map(len, lines), default=1)}; '
        start = block[1].replace('style="', style) if 'style="' in block[1] else f'{style}"{block[1]}'
        return f"<pre {start}>{block[2]}</pre>"

    return re.sub(r"<pre\b([^>]*)>(.*?)</pre>", fit, page, flags=re.S)


def write(folder, lesson=""):
    """Viết trang của các bài vào ``folder``; trả về các file đã viết."""
    written = []
    for one in chosen(lesson):
        folder.mkdir(parents=True, exist_ok=True)
        written.append(folder / f"{one.stem}.html")
        written[-1].write_text(handout(nbformat.read(one.notebook, as_version=4)), encoding="utf-8")
    copy_fonts(folder)
    copy_mathjax(folder)
    return written


if __name__ == "__main__":
    options = asked("Viết tài liệu cho người dạy.")
    for path in write(options.folder, options.lesson):
        print(path)
