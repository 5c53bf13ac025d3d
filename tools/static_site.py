"""Bản để đọc của khóa học: `make site`, hay `python -m tools.static_site build/site 04_1`.

Mỗi bài một trang HTML, đọc không cần cài gì và không cần mạng. Hình sống vẫn động: `film.py` quay sẵn từng khung, trang
chỉ việc đặt khung lên hình. `lesson_page.py` dựng trang của một bài; ở đây ghi mọi trang, mọi ảnh, và mục lục.
CSS và JavaScript của trang ở thư mục ``static/``.
"""

import functools
import html
import json
import re
import shutil
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from tools import reading_time
from tools.film import FEWEST, MOST, Film, film, running
from tools.lesson_page import PAGE, Outline, lesson_files, read, script
from tools.lessons import asked, chosen
from tools.tasks import boxes, numbers
from tools.webpage import MATHJAX, copy_fonts, copy_mathjax, markdown, title

LIMIT = 3_000_000  # byte: một bài, kể cả ảnh và mọi khung hình; MathJax dùng chung, không kể


def write_lesson(lesson, folder, most=MOST):
    """Chạy một bài, viết trang và ảnh của bài vào ``folder``; trả về một câu kể số khung và cỡ của bài.

    Bài nào nặng quá `LIMIT` thì hình nặng nhất bớt khung, cho đến khi vừa.
    """
    with running(read(lesson).cells) as figures:
        films = {name: film(figure, asked_of(lesson, name), most) for name, figure in figures.items()}
    while (size := sum(map(len, (files := lesson_files(lesson, films)).values()))) > LIMIT:
        if not any(one.thin() for one in sorted(films.values(), key=Film.weight, reverse=True)):
            weight = f"{size / 1e6:.2f} MB, quá {LIMIT / 1e6:.0f} MB"
            sys.exit(
                f"\n  Bài {lesson.stem} nặng {weight}, dù mỗi hình chỉ còn chừng {2 * FEWEST} khung.\n"
                "  Cách sửa: vẽ các hình sống nhỏ lại, hoặc bớt hình của bài.\n"
            )
    shutil.rmtree(folder / lesson.stem, ignore_errors=True)  # khung của lần viết trước
    save(files, folder)
    counts = ", ".join(f"{name} {len(one.frames)}" for name, one in films.items())
    return f"{folder / lesson.stem}.html: {size / 1e6:.2f} MB; số khung: {counts}"


def asked_of(lesson, figure):
    """Những con số mà các mục *Thử* của một hình, và câu trả lời, nhắc đến."""
    found = [box for box in boxes(read(lesson).cells) if box.figure == figure]
    return numbers(" ".join(text for box in found for _, text in (*box.tasks, *box.answers)))


def save(files, folder):
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)


# --- Mục lục của khóa học ---

INDEX = """<h1>Huấn luyện và đánh giá mô hình học máy</h1>
<p>Bản để đọc của khóa học: không cần cài gì, không cần mạng. Công thức, code, kết quả, câu hỏi trắc nghiệm đều ở đây,
và hình sống nào cũng kéo được. Muốn tự sửa code rồi chạy, hãy mở khóa học bằng
<code>make lab</code>.</p>
<section class="results" aria-label="Kết quả tìm" hidden><ol></ol></section>
{lessons}
<footer>Bài học theo giấy phép CC BY 4.0, code theo giấy phép MIT.</footer>"""
CARD = """<section class="lesson">
<h2>{title}</h2>
<p>Tự học chừng {minutes} phút, kể cả bài tập. Học xong bài này, bạn làm được:</p>
{goals}{sections}
</section>"""


def index_files(folder):
    """Mục lục, và chữ của mọi mục để tìm; bài chưa có trang trong ``folder`` thì có tên mà chưa có liên kết."""
    cards, found = [], []
    for lesson in chosen():
        notebook, page = read(lesson), folder / f"{lesson.stem}.html"
        name, sections = title(notebook), Outline(page.read_text(encoding="utf-8")).sections if page.exists() else []
        for _, anchor, heading, prose, code in sections:
            found.append([page.name, name, anchor, heading, readable(f"{prose} {code}")])
        goals = next(cell.source for cell in notebook.cells if cell.source.startswith("## Học xong bài này"))
        cards.append(
            CARD.format(
                title=f'<a href="{page.name}">{html.escape(name)}</a>' if sections else html.escape(name),
                minutes=reading_time.TITLE_ROW.search(notebook.cells[0].source)["self_study"],
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
    shutil.copytree(Path(__file__).parent / "static", folder / "static", dirs_exist_ok=True)
    copy_fonts(folder / "static")
    copy_mathjax(folder)
    save(index_files(folder), folder)


if __name__ == "__main__":
    options = asked("Viết bản để đọc của khóa học.")
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:  # mỗi lõi một bài
        for line in pool.map(functools.partial(write_lesson, folder=options.folder), chosen(options.lesson)):
            print(line, flush=True)
    write_shared(options.folder)
    print(options.folder / "index.html")
