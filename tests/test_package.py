"""Cả gói: nhập nhanh và nhẹ, ba tầng chỉ nhập xuống dưới, mọi hàm công khai có docstring với ví dụ."""

import ast
import doctest
import importlib
import inspect
import re
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest

import mlcourse

ROOT = Path(mlcourse.__file__).parent
MATHS = {
    "_blocks",
    "_check",
    "data",
    "losses",
    "optim",
    "models",
    "training",
    "regularization",
    "model_selection",
    "metrics",
    "bias_variance",
    "preferences",
    "_rounds",
}
LOOK = {"plots", "interactive"}
TEACH = {"environment", "exercises", "progress", "quiz"}
LAYER = {**dict.fromkeys(MATHS, 0), **dict.fromkeys(LOOK, 1), **dict.fromkeys(TEACH, 2)}
PRESENT = sorted({p.stem for p in ROOT.glob("*.py")} - {"__init__"} | {p.parent.name for p in ROOT.glob("*/*.py")})
MATHS_PRESENT = [name for name in PRESENT if name in MATHS]
HEAVY = ("matplotlib", "ipywidgets", "sklearn", "scipy", "IPython", "pandas", "joblib", "traitlets", "PIL")


def sources(name):
    path = ROOT / f"{name}.py"
    return [path] if path.exists() else sorted((ROOT / name).rglob("*.py"))


def imports(path):
    """Các module mà một tệp nhập, kể cả trong thân hàm: (tên gói ngoài, tên module của mlcourse)."""
    outside, inside = set(), set()
    depth = len(path.relative_to(ROOT).parts)  # số dấu chấm để lên đến mlcourse
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            outside |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            outside |= {f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == depth:
            inside |= {node.module.split(".")[0]} if node.module else {alias.name for alias in node.names}
    inside |= {name.split(".")[1] for name in outside if name.startswith("mlcourse.")}
    return {name.split(".")[0] for name in outside} - {"mlcourse"}, inside


def test_every_module_has_its_layer():
    assert set(PRESENT) - {"_data"} <= LAYER.keys()
    assert {"losses", "optim", "models", "training", "model_selection", "metrics", "data"} <= set(MATHS_PRESENT)


@pytest.mark.parametrize("name", PRESENT)
def test_imports_run_downwards_only(name):
    for path in sources(name):
        outside, inside = imports(path)
        above = {other for other in inside if LAYER.get(other, 0) > LAYER[name]}
        assert not above, f"{path.name} nhập tầng trên: {above}"
        if name in MATHS:
            foreign = outside - set(sys.stdlib_module_names) - {"numpy", "joblib", "tqdm"}
            assert not foreign, f"{path.name} nhập {foreign}; tầng toán chỉ dùng NumPy"
            assert not {"joblib", "tqdm"} & toplevel(path), "joblib và tqdm chỉ nhập khi cần"


def toplevel(path):
    body = ast.parse(path.read_text(encoding="utf-8")).body
    return {alias.name for node in body if isinstance(node, ast.Import) for alias in node.names} | {
        node.module for node in body if isinstance(node, ast.ImportFrom)
    }


@pytest.mark.parametrize("name", ["", *MATHS_PRESENT])
def test_import_loads_numpy_and_nothing_else_heavy(name):
    module = f"mlcourse.{name}" if name else "mlcourse"
    code = f"import sys, {module}; print(*sorted({{m.split('.')[0] for m in sys.modules}}))"
    run = [sys.executable, "-W", "error", "-c", code]
    out = subprocess.run(run, capture_output=True, text=True, cwd=ROOT.parent, check=False)
    assert out.returncode == 0, out.stderr
    assert not set(HEAVY) & set(out.stdout.split())


def public(name):
    """Hàm và lớp công khai mà module tự định nghĩa."""
    module = importlib.import_module(f"mlcourse.{name}")
    return {
        key: obj
        for key, obj in vars(module).items()
        if not key.startswith("_")
        and (inspect.isfunction(obj) or inspect.isclass(obj))
        and obj.__module__ == module.__name__
    }


@pytest.mark.parametrize("name", MATHS_PRESENT)
def test_public_functions_have_a_docstring_with_an_example(name):
    module = importlib.import_module(f"mlcourse.{name}")
    assert module.__doc__ and unicodedata.is_normalized("NFC", inspect.getsource(module))
    found = {test.name for test in doctest.DocTestFinder().find(module) if test.examples}
    for key, obj in public(name).items():
        assert obj.__doc__ and not obj.__doc__.startswith(f"{key}("), f"{name}.{key} thiếu docstring"
        if inspect.isfunction(obj) and name != "_check":
            assert f"{module.__name__}.{key}" in found, f"{name}.{key} thiếu ví dụ chạy được"


@pytest.mark.parametrize("name", MATHS_PRESENT)
def test_random_functions_require_rng_as_a_keyword(name):
    for key, obj in public(name).items():
        rng = inspect.signature(obj).parameters.get("rng") if inspect.isfunction(obj) and name != "_check" else None
        if rng is not None:
            assert rng.kind is inspect.Parameter.KEYWORD_ONLY, f"{name}.{key}: rng phải đứng sau *"
    source = "".join(path.read_text(encoding="utf-8") for path in sources(name))
    calls = [
        node.func
        for path in sources(name)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
    ]
    assert "np.random.seed" not in source and "print" not in [getattr(f, "id", None) for f in calls]


def test_the_map_names_every_module():
    named = {word.strip(",") for line in mlcourse.__doc__.splitlines() for word in line.split()}
    assert {name for name in PRESENT if not name.startswith("_")} <= named


# --- Riêng thì ở riêng ---


def private_names():
    """Những tên bắt đầu bằng một gạch dưới mà gói định nghĩa: hàm, lớp, biến, thuộc tính."""
    names = set()
    for path in ROOT.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                names.add(node.name)
            elif isinstance(node, ast.Attribute | ast.Name) and isinstance(node.ctx, ast.Store):
                names.add(node.attr if isinstance(node, ast.Attribute) else node.id)
    special = {"_repr_html_", "_repr_mimebundle_", "_ipython_display_", "_data"}  # IPython gọi; thư mục dữ liệu
    return {name for name in names if re.match("_[^_]", name)} - special


def reaches(source, private):
    """Chỗ mà một đoạn mã với tới phần riêng của gói; cả module riêng (``_check``) thì có bài kiểm thử của riêng nó."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute) and node.attr in private:
            yield f"dòng {node.lineno}: .{node.attr}"
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("mlcourse"):
            yield from (f"dòng {node.lineno}: {one.name}" for one in node.names if one.name in private)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):  # mã sẽ chạy ở kernel
            yield from (
                f"dòng {node.lineno}: .{one}" for one in re.findall(r"\.(_[a-z]\w*)", node.value) if one in private
            )


@pytest.mark.parametrize("folder", ["tests", "tools", "benchmarks"])
def test_nothing_outside_reaches_into_the_package(folder):
    private = private_names()
    found = []
    for path in sorted((ROOT.parent / folder).rglob("*.py")):
        found += [f"{path.name}, {place}" for place in reaches(path.read_text(encoding="utf-8"), private)]
    assert not found, "\n".join(found)


def test_a_reach_is_seen():
    private = private_names()
    assert {"_painter", "_show", "_pixels"} <= private
    reach = "figure.{}\nfrom mlcourse.interactive.figure import _Page\ncode = 'dot.{}({{}})'".format("_pixels", "_show")
    assert len(list(reaches(reach, private))) == 3
