"""Bản một file của mỗi bài: `make colab`, hay `python -m tools.standalone build/colab 04_1`.

Ô đầu mang theo cả gói mlcourse (một file wheel, viết bằng base64) và đặt nó vào ``sys.path``; Python nhập thẳng từ
wheel. Tải một file lên Colab là chạy được, không cần kho công khai, không cần mạng.
"""

import base64
import shutil
import subprocess
import sys
import tempfile
import textwrap
from pathlib import Path

import nbformat

from tools.build import FIRST_CELL, badge, is_guess
from tools.lessons import ROOT, asked, chosen

CARRYING = '''#@title Chuẩn bị (chạy ô này trước)
import base64, importlib.util, pathlib, sys, tempfile
PACKAGE = """
{package}
"""
if importlib.util.find_spec("mlcourse") is None:
    wheel = pathlib.Path(tempfile.mkdtemp(), "{name}")
    wheel.write_bytes(base64.b64decode(PACKAGE))
    sys.path.insert(0, str(wheel))
import mlcourse'''


def copy_package(folder, package=ROOT / "mlcourse"):
    """Chép những gì một bản cài cần: gói, và ba file mà pyproject.toml nhắc đến."""
    skip = shutil.ignore_patterns("__pycache__")
    shutil.copytree(package, folder / "mlcourse", ignore=skip, dirs_exist_ok=True)
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, folder)


def build_wheel(folder, package=ROOT / "mlcourse"):
    """Dựng wheel của gói vào ``folder`` mà không cần mạng; trả về đường dẫn. Dựng trên bản chép, kho vẫn sạch."""
    with tempfile.TemporaryDirectory() as source:
        copy_package(Path(source), package)
        pip = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation", "--no-index"]
        done = subprocess.run([*pip, "-w", folder, source], capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{done.stderr}\n  Chưa dựng được gói mlcourse.\n  Cách sửa: make clean, rồi chạy lại lệnh này.\n")
    (wheel,) = Path(folder).glob("*.whl")
    return wheel


def standalone(stem, notebook, wheel):
    """Bài mang theo gói: ô đầu thay bằng ô có wheel, huy hiệu Colab (trỏ đến kho công khai) bỏ đi.

    Kết quả mà người học phải đoán trước thì để trống: chạy ô mới có.
    """
    package = "\n".join(textwrap.wrap(base64.b64encode(wheel.read_bytes()).decode(), 120))
    for cell in notebook.cells:
        if cell.source == FIRST_CELL:
            cell.source = CARRYING.format(package=package, name=wheel.name)
            cell.metadata["cellView"] = "form"  # Colab giấu phần mã, chỉ để lại tên ô
            cell.metadata["jupyter"] = {"source_hidden": True}
        elif is_guess(cell):
            cell.outputs, cell.execution_count = [], None
            cell.metadata.pop("collapsed", None)
            cell.metadata.get("jupyter", {}).pop("outputs_hidden", None)
        elif cell.cell_type == "markdown":
            cell.source = cell.source.replace(f"{badge(stem)}\n\n", "")
    return notebook


def write(folder, lesson=""):
    """Viết bản một file của các bài vào ``folder``; trả về các file đã viết."""
    lessons = chosen(lesson)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        wheel = build_wheel(temporary)
        for one in lessons:
            notebook = standalone(one.stem, nbformat.read(one.notebook, as_version=4), wheel)
            nbformat.write(notebook, folder / one.notebook.name)
    return [folder / one.notebook.name for one in lessons]


if __name__ == "__main__":
    options = asked("Viết bản một file của các bài, mang theo gói mlcourse.")
    for path in write(options.folder, options.lesson):
        print(path)
