"""Chạy một notebook như trên Colab và in ra mọi điều hỏng: `python emulate.py BÀI.ipynb --repository KHO --slug X/Y`.

Chạy bằng Python của môi trường mang phiên bản thư viện của Colab, ở một thư mục trống. Ô đầu của bài giữ nguyên: máy chưa
có mlcourse thì ô ấy cài, và git hiểu địa chỉ GitHub trong đó là kho ở máy này. Không gì ra được mạng. Cảnh báo nào cũng
là hỏng: ipywidgets 7 lặng lẽ bỏ qua đối số lạ, matplotlib 3.10 vẽ ô vuông thay cho chữ mà phông không có.
"""

import argparse
import os
import re
import sys
import tempfile
from itertools import zip_longest
from pathlib import Path

# jsonschema nạp nó mất hơn một giây, để kiểm tra những địa chỉ mà notebook không có
sys.modules["rfc3987_syntax"] = None

import nbformat  # noqa: E402
from nbclient import NotebookClient  # noqa: E402

HERE = Path(__file__).parent
DRIVE = (HERE / "drive.py").read_text(encoding="utf-8") + "\n\ndrive()"


def machine(folder, wheels, repository="", slug=""):
    """Biến môi trường của một máy có thư mục gói là ``folder``; thư mục trống thì máy chưa có mlcourse."""
    python = "python{}.{}".format(*sys.version_info[:2])
    packages = Path(folder, "lib", python, "site-packages")
    packages.mkdir(parents=True, exist_ok=True)
    places = {name: str(Path(folder, name)) for name in ("IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_RUNTIME_DIR")}
    git = {
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": f"url.file://{repository}.insteadOf",
        "GIT_CONFIG_VALUE_0": f"https://github.com/{slug}",
    }
    return {
        **places,
        **(git if slug else {}),
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
        "PYTHONPATH": os.pathsep.join([str(HERE / "stub"), str(packages)]),
        "PYTHONWARNINGS": "error:Passing unrecognized arguments:DeprecationWarning",  # thường thì không ai thấy
        "PIP_PREFIX": str(folder),
        "PIP_NO_INDEX": "1",
        "PIP_FIND_LINKS": str(wheels),
        "PIP_NO_BUILD_ISOLATION": "0",  # nghĩa là không tách riêng: dùng setuptools có sẵn, nhanh hơn vài giây
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PIP_ROOT_USER_ACTION": "ignore",
        "PIP_NO_WARN_SCRIPT_LOCATION": "1",
        "OPENBLAS_NUM_THREADS": "1",
    }


def run(notebook, environment, *, drive=True):
    """Chạy từ trên xuống rồi kéo mọi hình sống; trả về các điều hỏng, mỗi điều một câu."""
    wanted = [printed(cell) for cell in notebook.cells]
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = []
    if drive:
        notebook.cells.append(nbformat.v4.new_code_cell(DRIVE))
    with tempfile.TemporaryDirectory() as empty:
        resources = {"metadata": {"path": empty}}
        client = NotebookClient(notebook, timeout=120, kernel_name="python3", allow_errors=True, resources=resources)
        client.execute(env={**os.environ, **environment})
    return [fault for cell, told in zip_longest(notebook.cells, wanted) for fault in faults(cell, told)]


def faults(cell, told):
    """Những điều hỏng của một ô đã chạy; ``told`` là chữ mà bài đã dựng in ra ở ô ấy, None thì không so."""
    for output in cell.get("outputs", []):
        if output.output_type == "error":
            yield f"ô {cell.id} dừng vì {output.ename}: {output.evalue}"
        elif output.output_type == "stream" and output.name == "stderr":
            yield f"ô {cell.id} cảnh báo: {output.text}"
    if told is not None and told != printed(cell):
        yield f"ô {cell.id} in {printed(cell)!r}, khác với bài đã dựng: {told!r}"


def printed(cell):
    """Chữ mà một ô in ra, như nbval so, và chỗ có hình; ô chữ, ô cài đặt, ô chưa chạy thì không so."""
    if cell.cell_type != "code" or "%pip" in cell.source or cell.get("execution_count") is None:
        return None
    texts = []
    for output in cell.get("outputs", []):
        data = output.get("data", {})
        texts += [output.get("text") or data.get("text/plain", ""), "[hình]" if "image/png" in data else ""]
    return re.sub(r" at 0x[0-9a-f]+", "", "".join(texts))


def main():
    parser = argparse.ArgumentParser(description="Chạy một notebook như trên Colab.")
    parser.add_argument("notebook", type=Path)
    parser.add_argument("--wheels", type=Path, required=True, help="thư mục có wheel của setuptools")
    parser.add_argument("--repository", default="", help="kho git ở máy này")
    parser.add_argument("--slug", default="", help="tên kho trên GitHub, như trong ô đầu")
    parser.add_argument("--packages", type=Path, help="thư mục gói của một máy đã chạy ô đầu của một bài")
    parser.add_argument("--no-figures", action="store_true", help="notebook không có hình sống")
    options = parser.parse_args()
    notebook = nbformat.read(options.notebook, as_version=4)
    with tempfile.TemporaryDirectory() as empty:
        environment = machine(options.packages or empty, options.wheels, options.repository, options.slug)
        found = run(notebook, environment, drive=not options.no_figures)
    print("\n".join(found) or f"{options.notebook.stem}: đạt")
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
