"""Mọi bài chạy được trên Colab: phiên bản thư viện của Colab, thư mục trống, ô đầu giữ nguyên, mọi hình sống đều động.

`emulate.py` chạy một bài; ở đây dựng kho git cho nó, và gieo từng loại lỗi để biết là nó bắt được.
"""

import os
import re
import subprocess

import nbformat
import pytest

import mlcourse
from tools import build, standalone
from tools.lessons import ROOT, every

EMULATE = ROOT / "tests" / "helpers" / "colab" / "emulate.py"
PYTHON = ROOT / ".venv" / "colab" / "bin" / "python"
SLUG = build.REPOSITORY.removeprefix("https://github.com/")

if not PYTHON.exists():
    reason = "chưa có môi trường với phiên bản của Colab: make test dựng nó ở .venv/colab"
    if os.environ.get("MLCOURSE_REQUIRE_BROWSER") == "1":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason, allow_module_level=True)


@pytest.fixture(scope="session")
def repository(tmp_path_factory):
    """Kho git chỉ có gói như đang nằm trên đĩa, mang thẻ của phiên bản này."""
    folder = tmp_path_factory.mktemp("kho")
    standalone.copy_package(folder)
    who = ["-c", "user.name=mlcourse", "-c", "user.email=mlcourse@localhost"]
    tag = f"v{mlcourse.__version__}"
    for command in (["init", "-q"], ["add", "-A"], [*who, "commit", "-qm", tag], ["tag", tag]):
        subprocess.run(["git", *command], cwd=folder, check=True)
    return folder


def emulate(notebook, *options):
    """Chạy một notebook như trên Colab; trả về (có đạt không, những điều đã in)."""
    command = [PYTHON, EMULATE, notebook, "--wheels", PYTHON.parents[1] / "wheels", *options]
    outside = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "PYTEST", "MPL"))}
    done = subprocess.run(command, env=outside, capture_output=True, text=True, check=False, timeout=300)
    return done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="session")
def machine(repository, tmp_path_factory):
    """Một máy vừa chạy ô đầu của một bài: ô ấy đã cài mlcourse từ kho. Ô đầu bài nào cũng thế, nên cài một lần."""
    folder = tmp_path_factory.mktemp("may")
    options = ("--repository", repository, "--slug", SLUG, "--packages", folder / "goi")
    first = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(build.FIRST_CELL)])
    nbformat.write(first, folder / "o_dau.ipynb")
    passed, said = emulate(folder / "o_dau.ipynb", *options, "--no-figures")
    assert passed and list(folder.glob("goi/lib/*/site-packages/mlcourse/__init__.py")), said
    return options


@pytest.mark.parametrize("lesson", every(), ids=lambda lesson: lesson.stem)
def test_lesson_runs_on_colab(lesson, machine):
    passed, said = emulate(lesson.notebook, *machine)
    assert passed, f"Bài {lesson.number} trên Colab: {said}"


SEEDED = [  # (ô chạy được, ô mang lỗi, lời báo phải thấy)
    (
        "import ipywidgets\nx = ipywidgets.FloatSlider()",
        "import ipywidgets\nx = ipywidgets.FloatSlider(tooltip='Kéo')",
        "Passing unrecognized arguments",
    ),
    ("x = ipywidgets.Text()", "x = ipywidgets.TagsInput()", "has no attribute 'TagsInput'"),
    (
        "from mlcourse import data\nx = data.load_breast_cancer()",
        "import numpy as np\nx = np.load('../mlcourse/_data/breast_cancer.npz')",
        "No such file",
    ),
    (
        "import matplotlib.pyplot as plt\nx = plt.title('biến')\nplt.show()",
        "import matplotlib.pyplot as plt\nx = plt.title('biến', family='monospace')\nplt.show()",
        "missing from font",
    ),
    ("import socket", "import socket\nx = socket.create_connection(('example.org', 80))", "nối ra mạng: example.org"),
]


def test_seeded_defects_are_caught(machine, tmp_path):
    """Cùng những ô ấy, không lỗi thì đạt; gieo lỗi vào thì mỗi ô một lời báo riêng."""
    verdicts = []
    for which in (0, 1):
        sources = [build.FIRST_CELL, *(case[which] for case in SEEDED)]
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in sources])
        nbformat.write(notebook, tmp_path / "thu.ipynb")
        verdicts.append(emulate(tmp_path / "thu.ipynb", *machine, "--no-figures"))
    (clean, said), (passed, why) = verdicts
    assert clean, said
    told = why.split("\nô ")
    assert not passed and len(told) == len(SEEDED), why
    assert all(words in line for line, (*_, words) in zip(told, SEEDED)), why


@pytest.mark.parametrize("number", ["04_1"])
def test_standalone_edition_runs_alone(number, tmp_path):
    """Bản một file: thư mục trống, không mạng, không có kho nào để cài, mlcourse chưa cài."""
    written = standalone.write(tmp_path / "colab", number)
    passed, said = emulate(*written)
    assert passed, said


def test_standalone_edition_brings_its_own_package(tmp_path):
    """Không có gói bên trong thì ô đầu hỏng: lần chạy ở trên không nhờ vào bản mlcourse nào khác."""
    (path,) = standalone.write(tmp_path, "00")
    notebook = nbformat.read(path, as_version=4)
    first = next(cell for cell in notebook.cells if cell.cell_type == "code")
    assert re.search(r"^import mlcourse$", first.source, re.M) and "%pip" not in first.source
    first.source = "import mlcourse"
    notebook.cells = [first]
    nbformat.write(notebook, path)
    passed, said = emulate(path, "--no-figures")
    assert not passed and "No module named 'mlcourse'" in said
