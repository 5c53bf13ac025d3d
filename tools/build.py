"""Từ nguồn ``notebooks/src/*.md`` ra ``notebooks/*.ipynb`` đã chạy: `make notebooks`, hay `python -m tools.build 04_1`.

Nguồn là thứ duy nhất người ta sửa; riêng số phút tự học ở đầu bài thì ``tools/reading_time.py`` tính, và lệnh này ghi
vào nguồn. Sản phẩm được chuẩn hóa, nên hai lần dựng cho hai file giống nhau từng byte: mã ô lấy từ tên mục, không trạng
thái widget, không giờ giấc, không phiên bản Python. Ô nào báo lỗi hay cảnh báo thì dừng.

Mỗi bài mang dấu của nguồn mình: nguồn đổi thì bài dựng lại. Gói ``mlcourse`` đổi thì mọi bài chạy lại một lần (dấu của
gói nằm ở ``build/``, không nằm trong bài); kết quả không đổi thì file cũng không đổi.
"""

import argparse
import hashlib
import os
import re
import time
import tomllib
import unicodedata
from contextlib import contextmanager
from datetime import datetime

import jupytext
import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

import mlcourse
from tools import reading_time
from tools.fresh import cells_digest, put_aside, read
from tools.lessons import ROOT, chosen

PACKAGE = ROOT / "mlcourse"
LAST_RUN = ROOT / "build" / "mlcourse.sha256"  # dấu của gói khi mọi bài được dựng lần gần nhất
CELL_METADATA = {
    "slideshow",
    "tags",
    "jupyter",
    "collapsed",
}  # chỉ những mục do ta viết; còn lại là dấu vết của công cụ
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"

# Ô đầu giống nhau ở mọi bài, huy hiệu chỉ khác tên bài; địa chỉ chỉ ghi ở [project.urls] của pyproject.toml
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
REPOSITORY = PROJECT["urls"]["Repository"]
FIRST_CELL = f"""#@title Chuẩn bị (chạy ô này trước)
import importlib.util
if importlib.util.find_spec("mlcourse") is None:
    %pip install --quiet "git+{REPOSITORY}@v{mlcourse.__version__}"
import mlcourse"""


def colab_page(stem):
    slug = REPOSITORY.removeprefix("https://github.com/")
    return f"https://colab.research.google.com/github/{slug}/blob/v{mlcourse.__version__}/notebooks/{stem}.ipynb"


def badge(stem):
    return f"[![Mở trong Colab](https://colab.research.google.com/assets/colab-badge.svg)]({colab_page(stem)})"


def build(lesson):
    """Chạy một bài và trả về nội dung file ``.ipynb``; in ra thời gian của bài và của ô chậm nhất."""
    with executed(lesson) as (notebook, _):
        return sealed(notebook, lesson)


@contextmanager
def executed(lesson):
    """Chạy một bài trong kernel mới; cho ``(bài đã chuẩn hóa, client)``, kernel sống đến hết ``with`` để hỏi thêm."""
    notebook = jupytext.read(lesson.source)
    name_cells(notebook)
    started = time.perf_counter()
    client = NotebookClient(
        notebook,
        kernel_name="python3",
        timeout=120,
        coalesce_streams=True,
        resources={"metadata": {"path": str(lesson.folder)}},
        extra_arguments=["--IPKernelApp.log_level=ERROR"],  # lời nhắc về mã hóa: kernel này chỉ nghe ở máy này
    )
    with client.setup_kernel():
        for i, cell in enumerate(notebook.cells):
            run_cell(client, cell, i, lesson)
        print(f"{lesson.number}: chạy {time.perf_counter() - started:.1f} s, {slowest(notebook)}", flush=True)
        normalise(notebook, lesson)
        yield notebook, client


def run_cell(client, cell, i, lesson):
    """Chạy một ô; hỏng thì dừng, dòng đầu nói bài nào, ô nào, lỗi gì."""
    try:
        client.execute_cell(cell, i, execution_count=client.code_cells_executed + 1)
    except CellExecutionError as error:
        raise SystemExit(
            f"Bài {lesson.number}, ô {cell.id}: {error.ename}: {error.evalue}\nSửa ô ấy ở {source_of(lesson)} rồi chạy "
            f"lại make notebooks LESSON={lesson.number}.\n\n{cell.source}\n\n{error.traceback}"
        ) from None


def source_of(lesson):
    return f"notebooks/src/{lesson.stem}.md"


def sealed(notebook, lesson):
    """Nội dung file ``.ipynb``, mang dấu của nguồn và dấu của các ô."""
    notebook.metadata["mlcourse"] = {"built_from": fingerprint(lesson), "cells": cells_digest(notebook.cells)}
    return nbformat.writes(notebook, version=4) + "\n"


def name_cells(notebook):
    """Mã của mỗi ô: mục chứa ô ấy và số thứ tự trong mục; sửa một mục không đổi mã của mục khác."""
    section, count = "dau", {}
    for cell in notebook.cells:
        heading = re.search(r"^#{1,3} (.+)$", cell.source, re.M) if cell.cell_type == "markdown" else None
        if heading:
            section = slug(heading[1])
        count[section] = count.get(section, 0) + 1
        cell["id"] = f"{section}-{count[section]}"


def slug(text):
    text = unicodedata.normalize("NFD", text.lower().replace("đ", "d").replace("–", "-"))
    plain = text.encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:48].strip("-")


def is_guess(cell):
    """Ô mang thẻ ``guess``: kết quả của ô trả lời câu vừa hỏi, nên gập lại cho đến khi người đọc chạy ô."""
    return "guess" in cell.metadata.get("tags", [])


AFTER = "Đoán rồi, chạy rồi thì mở lời bàn"


def comments(cells):
    """Các ô chữ bàn về một kết quả đang gập: sau ô mang thẻ ``guess``, đến đề mục hay câu hỏi; lời dưới hình để ngỏ."""
    follows = False
    for cell in cells:
        if cell.cell_type == "code":
            follows = is_guess(cell)
        elif cell.metadata.get("slideshow", {}).get("slide_type") != "notes":
            caption = cell.source.startswith("**Hình")
            follows = follows and not re.match(r"#|>|<details", cell.source) and (caption or "?" not in cell.source)
            if follows and not caption:
                yield cell


def wrapped(comment):
    """Lời bàn gập dưới một dòng."""
    return f"<details><summary>{AFTER}</summary>\n\n{comment}\n\n</details>"


def unwrapped(source):
    """Lời bàn như trong nguồn, cho nơi không cần giấu; ô khác thì để yên.

    >>> unwrapped(wrapped("FPR chỉ đi lên."))
    'FPR chỉ đi lên.'
    """
    head, tail = wrapped("|").split("|")
    return source.removeprefix(head).removesuffix(tail) if source.startswith(head) else source


def normalise(notebook, lesson):
    for cell in comments(notebook.cells):
        cell.source = wrapped(cell.source)
    for cell in notebook.cells:
        cell.metadata = {key: value for key, value in sorted(cell.metadata.items()) if key in CELL_METADATA}
        if is_guess(cell):  # JupyterLab và VS Code đọc mục đầu, notebook đời cũ và Colab đọc mục sau
            cell.metadata["jupyter"] = {**cell.metadata.get("jupyter", {}), "outputs_hidden": True}
            cell.metadata["collapsed"] = True
        for output in cell.get("outputs", []):
            if output.output_type == "stream" and output.name == "stderr":
                raise SystemExit(
                    f"Bài {lesson.number}, ô {cell.id} in ra cảnh báo. Sửa ô ấy ở {source_of(lesson)}.\n{output.text}"
                )
            if "data" in output:
                output.data.pop(WIDGET_VIEW, None)
    notebook.metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    notebook.nbformat, notebook.nbformat_minor = 4, 5


def slowest(notebook):
    def seconds(cell):
        stamps = cell.metadata.get("execution", {})
        begin, end = (stamps.get(f"iopub.{moment}") for moment in ("execute_input", "status.idle"))
        return (datetime.fromisoformat(end) - datetime.fromisoformat(begin)).total_seconds() if begin and end else 0.0

    worst = max(notebook.cells, key=seconds)
    return f"ô chậm nhất {worst.id} {seconds(worst):.1f} s"


def digest(paths):
    found = hashlib.sha256()
    for path in paths:
        found.update(path.name.encode() + b"\0" + path.read_bytes())
    return found.hexdigest()[:16]


def fingerprint(lesson):
    """Dấu của nguồn: nguồn đổi thì bài phải dựng lại."""
    return digest([lesson.source])


def package_digest():
    return digest(sorted(path for path in PACKAGE.rglob("*") if path.suffix in {".py", ".npz"}))


def is_fresh(lesson):
    """Sản phẩm này dựng từ chính nguồn đang có."""
    if not lesson.notebook.exists():
        return False
    stamp = nbformat.read(lesson.notebook, as_version=4).metadata.get("mlcourse", {})
    return stamp.get("built_from") == fingerprint(lesson)


def main():
    parser = argparse.ArgumentParser(description="Dựng các bài học từ nguồn.")
    parser.add_argument("lesson", nargs="?", default="", help="một bài, ví dụ 04_1; bỏ trống là mọi bài")
    parser.add_argument("--force", action="store_true", help="chạy lại cả bài chưa đổi")
    options = parser.parse_args()
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    package = package_digest()
    same_package = LAST_RUN.exists() and LAST_RUN.read_text(encoding="utf-8") == package
    for lesson in chosen(options.lesson):
        reading_time.write(lesson.source)
        if same_package and not options.force and is_fresh(lesson):
            print(f"{lesson.number}: chưa có gì đổi")
            continue
        write(lesson, build(lesson))
    if not options.lesson:
        LAST_RUN.parent.mkdir(exist_ok=True)
        LAST_RUN.write_text(package, encoding="utf-8")


def write(lesson, text):
    """Ghi sản phẩm; ai đó đã sửa thẳng vào sản phẩm cũ thì bản của họ được cất ở ``bai_hoc/``."""
    product = lesson.notebook
    if product.exists() and product.read_text(encoding="utf-8") == text:
        print(f"{lesson.number}: kết quả không đổi")
        return
    if product.exists() and read(product)[1]:
        print(f"{product.name} đã bị sửa tay; bản ấy cất ở {put_aside(product, lesson.folder.parent / 'bai_hoc')}")
    product.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
