"""Những gì đứng quanh gói và bài học: hai danh sách thư viện nói cùng một điều, mọi lệnh trong README có thật."""

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import PackageNotFoundError, metadata
from importlib.metadata import version as installed_version
from pathlib import Path

import nbformat
import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version

import mlcourse
from tests.helpers.vietnamese import check_vietnamese
from tools import build, install, release, standalone
from tools import stamp as stamping
from tools.lessons import ROOT, chosen, every

README = (ROOT / "README.md").read_text(encoding="utf-8")
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PROJECT = PYPROJECT["project"]
EXTRAS = PROJECT["optional-dependencies"]
TARGETS = (
    "help",
    "lab",
    "lab-headless",
    "present",
    "hub",
    "handout",
    "assignment",
    "grade",
    "fresh",
    "progress",
    "site",
    "colab",
    "stamp",
    "check",
    "test",
    "test-matrix",
    "notebooks",
    "bench",
    "dist",
    "clean",
)
MISSING_GIT = "không có git, hoặc đây không phải là một bản git clone"


def requirements(lines):
    """Tên chuẩn hóa -> mức phiên bản."""
    return {canonicalize_name(r.name): r.specifier for r in map(Requirement, lines)}


def tracked():
    """Các tệp văn bản mà git giữ."""
    if not shutil.which("git") or not (ROOT / ".git").exists():
        pytest.skip(MISSING_GIT)
    names = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    paths = [ROOT / name for name in names.split("\0") if name]
    return [path for path in paths if path.exists() and path.suffix not in {".npz", ".png", ".woff2"}]


# --- Phiên bản và thư viện ---


def test_environment_says_what_pyproject_says():
    text = (ROOT / "environment.yml").read_text(encoding="utf-8")
    yaml = pytest.importorskip("yaml")
    environment = yaml.safe_load(text)
    assert environment["name"] == PROJECT["name"] and environment["channels"] == ["conda-forge", "nodefaults"]
    *conda, inner = environment["dependencies"]
    pip = inner["pip"]
    assert "pip" in conda and pip[0] == "-e .", (
        "Binder đọc environment.yml rồi bỏ qua pyproject.toml: gói phải nằm ở đây"
    )
    python = next(line.removeprefix("python=") for line in conda if line.startswith("python="))
    assert Version(python) in Requirement(f"python{PROJECT['requires-python']}").specifier
    libraries = [line for line in conda if line != "pip" and not line.startswith("python=")]
    ours = requirements([line.replace("matplotlib-base", "matplotlib") for line in libraries] + pip[1:])
    assert ours == requirements(PROJECT["dependencies"] + EXTRAS["lab"])


def test_run_time_needs_three_libraries_with_lower_bounds_only():
    needs = requirements(PROJECT["dependencies"])
    assert needs.keys() == {"numpy", "matplotlib", "ipywidgets"}
    for name, bounds in needs.items():
        assert not [bound for bound in bounds if bound.operator in {"==", "~="}], f"{name}: ghim cứng làm hỏng Colab"


def constraints():
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def test_constraints_are_plain_pins():
    for line in constraints():
        assert re.fullmatch(r"[A-Za-z0-9._-]+==[0-9][A-Za-z0-9.]*", line), f"{line!r}: chỉ viết tên==phiên bản"
    names = [canonicalize_name(line.split("==")[0]) for line in constraints()]
    assert len(names) == len(set(names))


def test_constraints_cover_every_dependency_within_its_bounds():
    pins = {canonicalize_name(name): pin for name, _, pin in (line.partition("==") for line in constraints())}
    for name, bounds in requirements(PROJECT["dependencies"] + sum(EXTRAS.values(), [])).items():
        assert name in pins, f"{name} chưa có trong constraints.txt"
        assert Version(pins[name]) in bounds, f"{name}=={pins[name]} nằm ngoài {bounds} của pyproject.toml"


def test_pins_install_on_every_python_of_pyproject():
    """Debian 12 có Python 3.11.2: một thư viện đòi 3.11.5 làm `make lab` ở đó hỏng ngay."""
    for name, _, pin in (line.partition("==") for line in constraints()):
        try:
            wanted = SpecifierSet(metadata(name).get("Requires-Python") or "")
        except PackageNotFoundError:
            continue
        if installed_version(name) != pin:  # make test-matrix thử với những phiên bản khác
            continue
        for python in ("3.11.0", "3.12.0", "3.13.0"):
            assert python in wanted, f"{name} đòi Python {wanted}: ghi một bản cũ hơn vào constraints.txt"


@pytest.mark.skipif(
    Path(sys.prefix).resolve() != (ROOT / ".venv").resolve(),
    reason="đang chạy ngoài .venv của khóa học: phiên bản thư viện ở đây không phải do constraints.txt định",
)
def test_installed_versions_are_the_pinned_ones():
    different = []
    for name, _, pin in (line.partition("==") for line in constraints()):
        try:
            installed = installed_version(name)
        except PackageNotFoundError:  # chỉ cần ở một phiên bản Python hay hệ điều hành khác
            continue
        different += [f"{name}: cài {installed}, ghi {pin}"] if installed != pin else []
    assert not different, "\n".join(different)


def test_the_version_and_the_slug_have_one_home():
    assert PROJECT["dynamic"] == ["version"] and PYPROJECT["tool"]["setuptools"]["dynamic"]["version"] == {
        "attr": "mlcourse.__version__"
    }
    assert build.REPOSITORY == PROJECT["urls"]["Repository"]
    for lesson in every():
        notebook, text = nbformat.read(lesson.notebook, as_version=4), lesson.source.read_text(encoding="utf-8")
        assert next(cell for cell in notebook.cells if cell.cell_type == "code").source == build.FIRST_CELL, lesson.stem
        assert build.badge(lesson.stem) in notebook.cells[0].source and build.badge(lesson.stem) in text, lesson.stem
        assert build.FIRST_CELL in text, lesson.stem


def test_stamp_writes_every_address_and_back(tmp_path):
    """Đổi tên kho và thẻ: mọi huy hiệu, mọi ô đầu đổi theo, bài vẫn là bài đã chạy; đổi ngược lại thì y như cũ từng byte."""
    copy = tmp_path / "kho"
    for name in ("notebooks", "mlcourse", "tools"):
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md"):
        shutil.copy(ROOT / name, copy)
    original = {path: path.read_bytes() for path in copy.rglob("*") if path.is_file()}
    env = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(copy), str(copy / "notebooks")]),
        "PYTHONDONTWRITEBYTECODE": "1",
    }

    def run(*arguments):
        return subprocess.run(
            [sys.executable, *arguments], env=env, cwd=copy, capture_output=True, text=True, check=False
        )

    stamp = ("-m", "tools.stamp")
    done = run(*stamp, "ban-be/khoa.hoc", "v1.2.0rc1")
    assert done.returncode == 0, done.stderr
    checked = run(
        "-c",
        "import mlcourse; from tools import build, lessons; assert mlcourse.__version__ == '1.2.0rc1'\n"
        "for lesson in lessons.every():\n"
        "    text = lesson.source.read_text()\n"
        "    assert build.is_fresh(lesson) and build.badge(lesson.stem) in text\n"
        "    assert all(line in text for line in build.FIRST_CELL.splitlines())\n"
        "    print(lesson.stem, build.REPOSITORY)",
    )
    assert checked.returncode == 0 and checked.stdout.count("https://github.com/ban-be/khoa.hoc") == len(every()), (
        checked.stderr
    )
    names = "|".join(
        map(re.escape, (PROJECT["urls"]["Repository"].removeprefix("https://github.com/"), f"v{mlcourse.__version__}"))
    )
    left = [
        path.name
        for path in copy.rglob("*")
        if path.suffix in {".ipynb", ".toml"} and re.search(names, path.read_text(encoding="utf-8"))
    ]
    assert left == [], f"còn tên cũ ở {left}"
    back = run(*stamp, PROJECT["urls"]["Repository"].removeprefix("https://github.com/"), f"v{mlcourse.__version__}")
    assert back.returncode == 0, back.stderr
    assert {path: path.read_bytes() for path in original} == original
    (copy / "notebooks" / "src" / "00_tom_tat.md").write_text("sửa dở", encoding="utf-8")
    assert "00_tom_tat.ipynb chưa chạy lại" in run(*stamp, "a/b", "v0.1.0").stderr


@pytest.mark.parametrize(("repo", "tag"), [("ten-kho", "v0.1.0"), ("ban/kho", "0.1.0"), ("", ""), ("ban/kho", "v1")])
def test_stamp_refuses_and_explains(repo, tag):
    with pytest.raises(SystemExit, match=r"Chưa ghi gì: .*nhận được '(?s:.)*Cách sửa: viết như make stamp REPO="):
        stamping.stamp(repo, tag)


def test_changelog_tells_of_this_version():
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    versions = re.findall(r"^## v(\S+)$", text, re.M)
    assert versions[0] == mlcourse.__version__ and len(set(versions)) == len(versions)


def test_workflow_runs_the_commands_of_the_readme():
    yaml = pytest.importorskip("yaml")
    jobs = yaml.safe_load((ROOT / ".github" / "workflows" / "test.yml").read_text(encoding="utf-8"))["jobs"]
    ran = " ".join(step.get("run", "") for job in jobs.values() for step in job["steps"])
    targets = set(re.findall(r"make ([a-z-]+)", ran))
    assert {"lab-headless", "check", "test", "dist"} == targets and targets <= set(TARGETS)
    pythons = jobs["check"]["strategy"]["matrix"]["python"]
    assert pythons == [".".join(map(str, version)) for version in install.VERSIONS]


# --- Gói ---


def test_wheel_holds_the_package_and_its_data(tmp_path):
    """Wheel dựng không cần mạng: đủ mọi tệp của mlcourse/, không có kiểm thử, không nặng hơn mức đã định."""
    wheel = standalone.build_wheel(tmp_path)
    assert wheel.stat().st_size < release.LARGEST_WHEEL
    inside = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    assert inside == {path.relative_to(ROOT).as_posix() for path in package_files()}


def package_files():
    return [p for p in (ROOT / "mlcourse").rglob("*") if p.is_file() and "__pycache__" not in p.parts]


def test_every_file_of_the_package_is_declared():
    setuptools = PYPROJECT["tool"]["setuptools"]
    folders = {path.parent.relative_to(ROOT).as_posix().replace("/", ".") for path in package_files()}
    assert folders == set(setuptools["packages"])
    assert {path.suffix for path in package_files() if path.parent.name != "_data"} == {".py"}
    assert setuptools["package-data"] == {"mlcourse._data": ["*"]}
    assert not [path for path in package_files() if path.name.startswith("test_")]


def test_standalone_edition_leaves_out_what_is_to_be_guessed(tmp_path):
    """Bản một file để trống kết quả phải đoán; các kết quả khác còn nguyên."""
    (wheel := tmp_path / "mlcourse.whl").write_bytes(b"")
    (lesson,) = chosen("00")
    before = nbformat.read(lesson.notebook, as_version=4)
    after = standalone.standalone(lesson.stem, nbformat.read(lesson.notebook, as_version=4), wheel)
    assert any(map(build.is_guess, before.cells))
    for old, new in zip(before.cells, after.cells):
        assert new.get("outputs") == ([] if build.is_guess(old) else old.get("outputs"))
        assert "collapsed" not in new.metadata and not new.metadata.get("jupyter", {}).get("outputs_hidden")


def test_data_sets_are_small():
    sizes = {path.name: path.stat().st_size for path in (ROOT / "mlcourse" / "_data").glob("*.npz")}
    assert len(sizes) == 3 and sum(sizes.values()) < 200_000, sizes


# --- make và install.py ---

needs_make = pytest.mark.skipif(not shutil.which("make"), reason="máy này không có make")


def make(*arguments, cwd=ROOT, **env):
    clean = {key: value for key, value in os.environ.items() if not key.startswith(("MAKE", "MFLAGS"))}
    return subprocess.run(
        ["make", *arguments], cwd=cwd, env={**clean, **env}, capture_output=True, text=True, check=False
    )


@needs_make
def test_make_alone_lists_every_command():
    listed = make()
    assert listed.returncode == 0 and listed.stdout == make("help").stdout
    assert set(TARGETS) <= set(re.findall(r"^  make ([a-z-]+)  +\S", listed.stdout, re.M))


@needs_make
@pytest.mark.parametrize("target", TARGETS)
def test_make_knows_what_to_do(target):
    done = make("-n", target)
    assert done.returncode == 0, done.stderr


@needs_make
def test_make_lab_listens_at_home_on_the_given_port():
    commands = make("-n", "lab-headless", "PORT=8123", "LOCALE=en").stdout
    assert "--ServerApp.ip=127.0.0.1" in commands and "--ServerApp.port=8123" in commands and "--no-browser" in commands
    assert "s/vi_VN/en/" in commands and "token=" not in commands
    assert ("--allow-root" in commands) == (os.geteuid() == 0)


@needs_make
def test_make_present_opens_the_lesson_as_slides_without_touching_the_lab_settings():
    commands = make("-n", "present", "LESSON=04_1").stdout
    assert 'tools.lessons "04_1"' in commands and "default_url=/lab/tree/$START" in commands
    assert "JUPYTER_CONFIG_PATH=" in commands and "JUPYTER_CONFIG_PATH=" not in make("-n", "lab").stdout
    page = json.loads((ROOT / "tools/labconfig/present/labconfig/page_config.json").read_text(encoding="utf-8"))
    assert page["mlcoursePresent"] is True


def stub(folder, name, script):
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(0o755)
    return path


@pytest.fixture
def bare(tmp_path):
    """Một bản chép của những gì cài đặt cần, và một PATH chỉ có những lệnh mà Makefile gọi."""
    (tmp_path / "tools").mkdir()
    for name in ("Makefile", "tools/install.py", "pyproject.toml", "constraints.txt"):
        shutil.copy(ROOT / name, tmp_path / name)
    tools = tmp_path / "bin"
    tools.mkdir()
    for name in ("sh", "id", "sed", "awk", "mkdir", "cp", "touch", "rm"):
        (tools / name).symlink_to(shutil.which(name))
    return tmp_path, tools


def explained(done, problem, remedy):
    said = done.stdout + done.stderr
    assert done.returncode != 0
    assert "Chưa cài được" in said and problem in said and "Cách sửa" in said and remedy in said, said
    assert "Traceback" not in said, said


def run_install(folder, tools, prelude):
    """install.py, chạy bằng Python này nhưng sau `prelude`, trong một PATH không có Python nào khác."""
    code = f"import runpy, subprocess, sys\n{prelude}\nsys.argv = ['install.py', 'venv']\nrunpy.run_path('tools/install.py', run_name='__main__')"
    run = [sys.executable, "-c", code]
    env = {"PATH": str(tools), "PYENV_ROOT": str(folder / "pyenv")}
    return subprocess.run(run, cwd=folder, env=env, capture_output=True, text=True, check=False)


def test_old_python_is_explained(bare):
    folder, tools = bare
    fake = stub(tools, "python3", "exit 1")  # hỏi phiên bản thì nó đáp: không thuộc các bản đã thử
    prelude = f"sys.version_info, sys.executable = (3, 8, 10), {str(fake)!r}"
    explained(run_install(folder, tools, prelude), "nhưng python3 ở đây là 3.8", "python3.12-venv")
    assert not (folder / "venv").exists()


def test_another_suitable_python_on_the_path_is_used(bare):
    folder, tools = bare
    fake = stub(tools, "python3", "exit 1")
    stub(tools, "python3.12", 'case "$2" in *version_info*) exit 0;; esac\nexit 1')  # phiên bản được, nhưng thiếu venv
    prelude = f"sys.version_info, sys.executable = (3, 8, 10), {str(fake)!r}"
    explained(
        run_install(folder, tools, prelude), f"{tools / 'python3.12'} thiếu module venv", "apt install python3.12-venv"
    )


def test_a_python_kept_by_pyenv_is_used(bare):
    folder, tools = bare
    fake = stub(tools, "python3", "exit 1")
    kept = folder / "pyenv" / "versions" / "3.13.0" / "bin"
    kept.mkdir(parents=True)
    stub(kept, "python3.13", 'case "$2" in *version_info*) exit 0;; esac\nexit 1')
    prelude = f"sys.version_info, sys.executable = (3, 8, 10), {str(fake)!r}"
    explained(
        run_install(folder, tools, prelude), f"{kept / 'python3.13'} thiếu module venv", "apt install python3.13-venv"
    )


@needs_make
def test_python_without_venv_is_explained_by_make(bare):
    folder, tools = bare
    stub(tools, "python3.11", 'case "$2" in *venv*) exit 1;; esac\nexit 0')
    fake = stub(
        tools,
        "python3",
        f"exec '{sys.executable}' -c \"import sys, runpy; sys.executable = '{tools}/python3.11'; "
        "sys.argv = ['install.py', '.venv']; runpy.run_path('tools/install.py', run_name='__main__')\"",
    )
    done = make("lab", f"PYTHON={fake}", cwd=folder, PATH=f"{tools}:{Path(shutil.which('make')).parent}")
    explained(done, "thiếu module venv", "apt install python3.11-venv")


@needs_make
def test_missing_python_is_explained_by_make(bare):
    folder, _ = bare
    explained(make("lab", "PYTHON=python3-khong-co", cwd=folder), "không thấy lệnh python3-khong-co", "python3-venv")


@needs_make
def test_moved_folder_is_explained_by_make(bare):
    folder, _ = bare
    (folder / ".venv").mkdir()
    (folder / ".venv" / "mlcourse-ready").write_text("/một/nơi/khác\n", encoding="utf-8")
    done = make("lab", cwd=folder)
    assert done.returncode != 0 and "đã dời hay đổi tên" in done.stdout and "make clean" in done.stdout


def test_install_runs_on_old_pythons():
    """Không dùng cú pháp mới hơn Python 3.6, để máy có Python cũ còn đọc được lời giải thích."""
    import ast

    tree = ast.parse((ROOT / "tools" / "install.py").read_text(encoding="utf-8"), feature_version=(3, 7))
    assert not [n for n in ast.walk(tree) if isinstance(n, (ast.NamedExpr, ast.Match))]
    assert not [
        k.arg
        for n in ast.walk(tree)
        if isinstance(n, ast.Call)
        for k in n.keywords
        if k.arg in {"text", "capture_output"}
    ]


# --- README và những gì đi ra ngoài ---


def test_readme_lists_the_lessons_of_the_course():
    rows = re.findall(r"^\| (\d\d(?:\.\d)?) \| \[([^]]+)\]\((notebooks/\S+)\) \| \[mở\]\((\S+)\) \|$", README, re.M)
    headings = [lesson.source.read_text(encoding="utf-8") for lesson in every()]
    titles = [re.search(r"^# (\S+) · (.+)$", text, re.M).groups() for text in headings]
    assert [(number, title) for number, title, _, _ in rows] == titles
    assert [ROOT / link for _, _, link, _ in rows] == [lesson.notebook for lesson in every()]
    assert all(colab == build.colab_page(Path(link).stem) for _, _, link, colab in rows)


def test_readme_names_real_commands():
    mentioned = set(re.findall(r"\bmake ([a-z][a-z-]*)", README)) - {"make"}
    assert {"lab", "check", "test", "notebooks"} <= mentioned <= set(TARGETS)


MADE = ("build/", "dist/", "bai_hoc/", "may_chu/", ".venv/")  # chỉ có sau khi chạy một lệnh


@pytest.mark.parametrize("name", ["README.md", "notebooks/huong_dan_day.md", "CHANGELOG.md", "LICENSE"])
def test_every_path_named_exists(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    links = [link for link in re.findall(r"\]\(([^)#]+)\)", text) if not link.startswith("https://")]
    assert [link for link in links if not ((ROOT / name).parent / link).exists()] == []
    ticked = re.findall(r"`([\w.-]*/[\w./*-]*)`", text)
    bare = re.findall(r"(?<![\w/:.`])((?:mlcourse|tools|tests|notebooks|benchmarks|docs)/[\w./-]*\w/?)", text)
    paths = {path for path in (*ticked, *bare) if not path.startswith((*MADE, "/", "http"))}
    there = [path for path in paths if list(ROOT.glob(path.rstrip("/"))) or list(ROOT.glob(f"*/{path.rstrip('/')}"))]
    assert sorted(paths - set(there)) == []
    assert name != "README.md" or len(paths) > 15


@pytest.mark.parametrize(
    "code", re.findall(r"^```python\n(.*?)^```", README, re.M | re.S), ids=lambda code: code.split()[-1]
)
def test_readme_code_runs(code, tmp_path):
    script = tmp_path / "readme.py"
    script.write_text(code, encoding="utf-8")
    run = [sys.executable, "-W", "error", script]
    done = subprocess.run(
        run, cwd=ROOT, env={**os.environ, "MPLBACKEND": "agg"}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def places(text):
    """Những chỗ mà JupyterLab điền vào một câu: %1, %2, …"""
    return set(re.findall(r"%\d", text))


@pytest.mark.parametrize(
    "path", sorted((ROOT / "tools" / "labconfig" / "vi_VN").glob("*.po")), ids=lambda path: path.stem
)
def test_what_jupyterlab_says_fills_in_the_same_places(path):
    pofile = pytest.importorskip("babel.messages.pofile")
    with path.open("rb") as file:
        messages = [message for message in pofile.read_po(file, "vi_VN") if message.id]
    for message in messages:
        one, many = message.id if message.pluralizable else (message.id, message.id)
        said = message.string[0] if message.pluralizable else message.string
        assert said, f"chưa dịch: {one}"
        assert places(one) <= places(said) <= places(many), said
        assert one.endswith("…") == said.endswith("…") and one.endswith("\n") == said.endswith("\n"), said
        assert said.startswith(" ") == one.startswith(" ") and said.endswith(" ") == one.endswith(" "), said
        assert said.count("&") == one.count("&"), said
        check_vietnamese(said.strip())


def test_licence_names_every_part():
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    for words in (
        "MIT License",
        "Copyright (c) 2026 mlcourse contributors",
        "https://creativecommons.org/licenses/by/4.0/",
        "mlcourse/_data/README.md",
        'THE SOFTWARE IS PROVIDED "AS IS"',
    ):
        assert words in text
    assert "Huấn luyện và Đánh giá Mô hình Học Máy: Cơ sở Lý thuyết và Thực tiễn" in " ".join(text.split())


def test_nothing_of_one_machine_leaves_it():
    """Không đường dẫn của một máy, không địa chỉ kho gói: bản cài của mỗi người tự biết lấy thư viện ở đâu."""
    wrong = re.compile(
        "|".join(
            [
                r"/(?:home|Users|tmp|root)/\w",
                "py" + r"pi\.org",
                "python" + "hosted",
                "anaconda" + r"\.org",
                "--(?:extra-)?index" + "-url",
                "--find" + "-links",
            ]
        )
    )
    found = []
    for path in tracked():
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if len(line) < 5000 and (match := wrong.search(line)):
                found.append(f"{path.relative_to(ROOT)}:{number}: {match[0]}")
    assert not found, "\n".join(found)
