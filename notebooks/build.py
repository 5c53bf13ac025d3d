"""Từ nguồn ``notebooks/src/*.md`` ra ``notebooks/*.ipynb`` đã chạy: `make notebooks`, hay `python notebooks/build.py`.

Nguồn là thứ duy nhất người ta sửa. Sản phẩm được chuẩn hóa, nên hai lần dựng cho hai file giống nhau từng byte:
mã ô lấy từ tên mục, không trạng thái widget, không giờ giấc, không phiên bản Python. Ô nào
báo lỗi hay cảnh báo thì dừng.

``--check`` chỉ dựng trong bộ nhớ và so với file đang có.
"""

import argparse
import hashlib
import os
import re
import sys
import time
import tomllib
import unicodedata
from datetime import datetime
from pathlib import Path

import jupytext
import nbformat
from fresh import cells_digest, put_aside, read
from nbclient import NotebookClient

import mlcourse

HERE = Path(__file__).parent
PACKAGE = HERE.parent / "mlcourse"
CELL_METADATA = {"slideshow", "tags", "jupyter"}  # chỉ những mục do ta viết; còn lại là dấu vết của công cụ
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"

# Ô đầu giống nhau ở mọi bài, huy hiệu chỉ khác tên bài; địa chỉ chỉ ghi ở [project.urls] của pyproject.toml
PROJECT = tomllib.loads((HERE.parent / "pyproject.toml").read_text(encoding="utf-8"))["project"]
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


def build(source):
    """Chạy một bài và trả về nội dung file ``.ipynb``; in ra thời gian của ô chậm nhất."""
    notebook = jupytext.read(source)
    name_cells(notebook)
    started = time.perf_counter()
    where = {"metadata": {"path": str(HERE)}}
    NotebookClient(notebook, timeout=120, kernel_name="python3", coalesce_streams=True, resources=where).execute()
    print(f"{source.stem}: chạy {time.perf_counter() - started:.1f} s, {slowest(notebook)}", flush=True)
    normalise(notebook)
    return sealed(notebook, source)


def sealed(notebook, source):
    """Nội dung file ``.ipynb``, mang dấu của nguồn và dấu của các ô."""
    notebook.metadata["mlcourse"] = {"built_from": fingerprint(source), "cells": cells_digest(notebook.cells)}
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
    plain = (
        unicodedata.normalize("NFD", text.lower().replace("đ", "d").replace("–", "-"))
        .encode("ascii", "ignore")
        .decode()
    )
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:48].strip("-")


def normalise(notebook):
    for cell in notebook.cells:
        cell.metadata = {key: value for key, value in sorted(cell.metadata.items()) if key in CELL_METADATA}
        for output in cell.get("outputs", []):
            if output.output_type == "stream" and output.name == "stderr":
                raise SystemExit(f"Ô {cell.id} in ra cảnh báo:\n{output.text}")
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


def fingerprint(source):
    """Dấu của nguồn và của gói: đổi một trong hai thì bài phải dựng lại."""
    digest = hashlib.sha256()
    for path in [source, *sorted(p for p in PACKAGE.rglob("*") if p.suffix in {".py", ".npz"})]:
        digest.update(path.relative_to(HERE.parent).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


def is_fresh(source, product):
    if not product.exists():
        return False
    built_from = nbformat.read(product, as_version=4).metadata.get("mlcourse", {}).get("built_from")
    return built_from == fingerprint(source)


def main():
    parser = argparse.ArgumentParser(description="Dựng các bài học từ nguồn.")
    parser.add_argument("lessons", nargs="*", help="tên bài, ví dụ 04_1; bỏ trống là mọi bài")
    parser.add_argument("--check", action="store_true", help="so với file đang có, không ghi gì")
    parser.add_argument("--force", action="store_true", help="dựng lại cả bài chưa đổi")
    options = parser.parse_args()
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    stale = []
    if unknown := [lesson for lesson in options.lessons if not list((HERE / "src").glob(f"{lesson}*.md"))]:
        sys.exit(f"Không có bài nào tên {', '.join(unknown)} trong notebooks/src (viết như 04_1).")
    for source in sorted((HERE / "src").glob("*.md")):
        product = HERE / f"{source.stem}.ipynb"
        if options.lessons and not any(source.stem.startswith(lesson) for lesson in options.lessons):
            continue
        if not (options.check or options.force) and is_fresh(source, product):
            print(f"{source.stem}: chưa có gì đổi")
            continue
        text = build(source)
        if options.check:
            stale += [] if product.exists() and product.read_text(encoding="utf-8") == text else [product.name]
        else:
            if product.exists() and read(product)[1]:  # ai đó đã sửa thẳng vào bài: giữ lại cho họ
                print(f"{product.name} đã bị sửa tay; bản ấy cất ở {put_aside(product, HERE.parent / 'bai_hoc')}")
            product.write_text(text, encoding="utf-8")
    if stale:
        sys.exit(f"Khác với bản dựng mới: {', '.join(stale)}. Hãy chạy `make notebooks` rồi commit.")


if __name__ == "__main__":
    main()
