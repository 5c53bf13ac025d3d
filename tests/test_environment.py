"""Kiểm tra máy: đủ thì nói sẵn sàng, thiếu thứ gì thì nói đúng thứ ấy và việc cần làm."""

import subprocess
import sys
import tomllib
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import pytest

from mlcourse import environment
from tests.helpers.vietnamese import check_vietnamese

ROOT = Path(__file__).parent.parent


def without(missing):
    def find(name):
        if name == missing:
            raise PackageNotFoundError(name)
        return "99.0"

    return find


def test_this_machine_is_ready():
    report = environment.check()
    assert report.ready and report.versions.keys() == {"mlcourse", "python", "numpy", "matplotlib", "ipywidgets"}
    assert all(report.versions.values())


FAULTS = [
    ({"python": (3, 9)}, "✗ Python 3.11 trở lên. Máy đang có Python 3.9. Hãy cài Python 3.11 hoặc mới hơn"),
    ({"find": without("numpy")}, "✗ numpy 1.26 trở lên. Chưa cài. Hãy chạy `%pip install --upgrade numpy`"),
    (
        {"find": lambda name: "3.7.9" if name == "matplotlib" else "99"},
        "✗ matplotlib 3.8 trở lên. Máy đang có bản 3.7.9. Hãy chạy `%pip install --upgrade matplotlib`",
    ),
    ({"find": without("ipywidgets")}, "✗ ipywidgets 7.7.1 trở lên. Chưa cài."),
    ({"installed": lambda name: None}, "✗ thanh trượt hiện được trong trang. Thiếu phần giao diện của ipywidgets."),
    (
        {"letters": environment.LETTERS.replace("ế", "").replace("θ", "")},
        "✗ phông chữ có đủ dấu tiếng Việt. Phông chữ của hình thiếu θ ế. Hãy chạy",
    ),
]


@pytest.mark.parametrize("options, words", FAULTS)
def test_what_is_missing_is_named_with_what_to_do(options, words):
    report = environment.check(**options)
    assert not report.ready and words in repr(report)
    assert repr(report).endswith("Còn 1 việc cần làm trước khi học.") and repr(report).count("✗") == 1
    for item in filter(lambda item: not item.ok, report.items):
        check_vietnamese(item.advice)


@pytest.mark.parametrize("name", ["10.0", "1.26", "1.26.0", "1.27.0rc1", "2.4.6+local"])
def test_versions_compare_as_numbers(name):
    assert environment.check(find=lambda package: name if package == "numpy" else "99").ready


def test_colab_brings_its_own_widgets():
    assert environment.check(installed=lambda name: None if name == "jupyterlab_widgets" else name).ready


def test_the_bounds_are_those_of_the_package():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["dependencies"] == [
        f"{name}>={least}" + (",<9" if name == "ipywidgets" else "") for name, least in environment.PACKAGES.items()
    ]
    assert project["requires-python"].startswith(">=" + ".".join(map(str, environment.PYTHON)))


def test_a_bare_python_can_run_the_check():
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); from mlcourse import environment; r = environment.check(); "
        "print(r.ready, sum(not i.ok for i in r.items))"
    )
    done = subprocess.run([sys.executable, "-S", "-c", code, str(ROOT)], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "5"]
