"""Phát bài: bài người học đã sửa không bao giờ bị ghi đè; `make fresh` lấy bản mới và cất bản đang làm."""

import errno
import json
import os
import shutil
import subprocess
import sys

import jupytext
import pytest

from tools import build, fresh
from tools.lessons import ROOT, Lesson, chosen, every

NAME = "04_1_danh_gia_phan_loai.ipynb"


@pytest.fixture
def place(tmp_path):
    """Hai bài gốc trong ``goc/``; người học làm ở ``bai_hoc/``."""
    originals = tmp_path / "goc"
    originals.mkdir()
    for name in (NAME, "00_tom_tat.ipynb"):
        shutil.copy(ROOT / "notebooks" / name, originals)
    return originals, tmp_path / "bai_hoc"


def change(path, edit):
    notebook = json.loads(path.read_text(encoding="utf-8"))
    edit(notebook)
    path.write_text(json.dumps(notebook, ensure_ascii=False), encoding="utf-8")


def new_version(path):
    """Như sau một lần cập nhật: ô đầu thêm chữ, dấu của nguồn và của các ô đổi theo."""

    def edit(notebook):
        notebook["cells"][0]["source"] = ["# Bản mới"]
        notebook["metadata"]["mlcourse"] = {"built_from": "bản mới", "cells": fresh.cells_digest(notebook["cells"])}

    change(path, edit)


def solve(notebook):
    notebook["cells"][-3]["source"] = ["lời giải của tôi"]


def run(notebook):
    code = next(cell for cell in notebook["cells"] if cell["cell_type"] == "code")
    code["outputs"] = [{"output_type": "stream", "name": "stdout", "text": ["42"]}]
    notebook["metadata"]["widgets"] = {}


def test_every_lesson_is_handed_out_and_counts_as_untouched(tmp_path):
    assert fresh.hand_out(tmp_path) == []
    assert {path.name for path in tmp_path.iterdir()} == {lesson.notebook.name for lesson in every()}
    assert not any(fresh.read(path)[1] for path in tmp_path.iterdir())


def test_running_is_not_editing_and_an_update_replaces_what_nobody_edited(place):
    originals, work = place
    fresh.hand_out(work, originals=originals)
    change(work / NAME, run)
    kept = (work / NAME).read_bytes()
    assert fresh.hand_out(work, originals=originals) == [] and (work / NAME).read_bytes() == kept, (
        "chưa có bản mới thì để yên"
    )
    new_version(originals / NAME)
    assert fresh.hand_out(work, originals=originals) == []
    assert (work / NAME).read_bytes() == (originals / NAME).read_bytes()


@pytest.mark.parametrize(
    "edit",
    [
        solve,
        lambda notebook: notebook["cells"].pop(),
        lambda notebook: notebook["cells"].append({"cell_type": "markdown", "source": "ghi chép", "metadata": {}}),
        lambda notebook: notebook["cells"][3]["metadata"].update(slideshow={"slide_type": "skip"}),
        lambda notebook: notebook["metadata"].pop("mlcourse"),
    ],
    ids=["điền bài", "xóa ô", "thêm ô", "đổi slide", "mất dấu"],
)
def test_what_a_learner_edited_is_never_overwritten(place, edit):
    originals, work = place
    fresh.hand_out(work, originals=originals)
    change(work / NAME, edit)
    mine = (work / NAME).read_bytes()
    fresh.hand_out(work, originals=originals)
    assert (work / NAME).read_bytes() == mine
    new_version(originals / NAME)
    (said,) = fresh.hand_out(work, originals=originals)
    assert (work / NAME).read_bytes() == mine and "make fresh LESSON=04_1" in said


def test_a_change_of_the_package_alone_is_not_announced(place):
    """Bài dựng lại mà các ô vẫn thế: bài đã sửa không có gì để lấy."""
    originals, work = place
    fresh.hand_out(work, originals=originals)
    change(work / NAME, solve)
    change(originals / NAME, lambda notebook: notebook["metadata"]["mlcourse"].update(built_from="gói mới"))
    assert fresh.hand_out(work, originals=originals) == []


def test_a_broken_file_is_kept(place):
    originals, work = place
    work.mkdir()
    (work / NAME).write_text("{hỏng", encoding="utf-8")
    (said,) = fresh.hand_out(work, originals=originals)
    assert (work / NAME).read_text(encoding="utf-8") == "{hỏng" and "04_1" in said


def test_one_lesson_in_trouble_does_not_stop_the_others(place):
    originals, work = place
    (work / NAME).mkdir(parents=True)
    for again in (False, True):
        said = fresh.hand_out(work, fresh=again, originals=originals)[-1]
        assert "Chưa phát được bài 04_1" in said and "Cách sửa: đổi tên nó" in said
        assert (work / "00_tom_tat.ipynb").exists() and (work / NAME).is_dir()


@pytest.mark.parametrize("edited", [False, True])
def test_a_full_disk_leaves_nothing_half_written(place, monkeypatch, edited):
    originals, work = place
    fresh.hand_out(work, originals=originals)
    if edited:
        change(work / NAME, solve)
    before = (work / NAME).read_bytes()
    new_version(originals / NAME)

    def full(source, target):
        target.write_text("{dở", encoding="utf-8")
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(fresh.write, "__defaults__", (full,))
    monkeypatch.setattr(shutil, "copy2", full)
    (said,) = fresh.hand_out(work, fresh=edited, lesson="04_1", originals=originals)
    assert "đĩa đã đầy" in said and "Cách sửa" in said
    assert (work / NAME).read_bytes() == before and len(list(work.iterdir())) == 2


def test_an_empty_file_is_a_missing_lesson(place):
    originals, work = place
    work.mkdir()
    (work / NAME).touch()
    assert fresh.hand_out(work, originals=originals) == []
    assert (work / NAME).read_bytes() == (originals / NAME).read_bytes()


def test_a_folder_that_cannot_be_made_is_explained(tmp_path):
    (tmp_path / "bai_hoc").touch()
    command = [sys.executable, "-m", "tools.fresh", str(tmp_path / "bai_hoc")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1 and "đang mang tên bai_hoc. Cách sửa:" in done.stderr
    assert "Traceback" not in done.stderr


def test_fresh_puts_the_edited_lesson_aside_each_time(place):
    originals, work = place
    fresh.hand_out(work, originals=originals)
    for _ in range(2):  # hai lần trong cùng một giây: không bản nào đè lên bản nào
        change(work / NAME, solve)
        (said,) = fresh.hand_out(work, fresh=True, lesson="04_1", originals=originals)
        assert "cất ở" in said and (work / NAME).read_bytes() == (originals / NAME).read_bytes()
    aside = sorted(work.glob("04_1*.cu-*.ipynb"))
    assert len(aside) == 2 and all("lời giải của tôi" in path.read_text(encoding="utf-8") for path in aside)
    assert len(list(work.glob("00_*.ipynb"))) == 1, "chỉ bài được hỏi"


@pytest.mark.parametrize("lesson", ["99", "0", "04"])
def test_unknown_lesson_is_explained(place, lesson):
    originals, work = place
    with pytest.raises(SystemExit, match=rf"LESSON={lesson}\.\n(?s:.)*Cách sửa: chọn một trong 00, 04_1"):
        fresh.hand_out(work, lesson=lesson, fresh=True, originals=originals)
    assert not list(work.glob("*.ipynb"))


@pytest.mark.skipif(not shutil.which("make"), reason="máy này không có make")
def test_make_hands_out_and_freshens(place, tmp_path):
    """Chính các lệnh make: `lessons` (phần của make lab) giữ bài đã sửa, `fresh` cất đi rồi lấy bản mới."""
    originals, _ = place
    shutil.copy(ROOT / "Makefile", tmp_path)
    originals.rename(tmp_path / "notebooks")
    (tmp_path / "tools").mkdir()
    for name in ("__init__.py", "fresh.py", "lessons.py"):
        shutil.copy(ROOT / "tools" / name, tmp_path / "tools")
    for name in ("pyproject.toml", "constraints.txt", "tools/install.py"):
        (tmp_path / name).write_text("", encoding="utf-8")
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / ".venv" / "bin" / "python").symlink_to(sys.executable)
    (tmp_path / ".venv" / "mlcourse-ready").write_text(f"{tmp_path}\n", encoding="utf-8")

    def make(*arguments):
        clean = {key: value for key, value in os.environ.items() if not key.startswith(("MAKE", "MFLAGS"))}
        done = subprocess.run(
            ["make", *arguments], cwd=tmp_path, env=clean, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    make("lessons")
    mine = tmp_path / "bai_hoc" / NAME
    change(mine, solve)
    new_version(tmp_path / "notebooks" / NAME)
    assert "make fresh LESSON=04_1" in make("lessons") and "lời giải của tôi" in mine.read_text(encoding="utf-8")
    assert "cất ở" in make("fresh", "LESSON=04_1") and "# Bản mới" in mine.read_text(encoding="utf-8")
    (aside,) = mine.parent.glob("*.cu-*.ipynb")
    assert "lời giải của tôi" in aside.read_text(encoding="utf-8")


@pytest.fixture
def course(tmp_path, monkeypatch):
    """Một khóa học hai bài, dựng tức thì vì không chạy gì; trả về (hai bài, số của các bài đã dựng)."""
    lessons, ran = [Lesson(stem, tmp_path / "notebooks") for stem in ("00_mot", "01_hai")], []
    lessons[0].source.parent.mkdir(parents=True)
    for lesson in lessons:
        lesson.source.write_text(f"# {lesson.number} · Bài thử\n", encoding="utf-8")
    (tmp_path / "mlcourse").mkdir()

    def instant(lesson):
        ran.append(lesson.number)
        notebook = jupytext.read(lesson.source)
        build.name_cells(notebook)
        return build.sealed(notebook, lesson)

    monkeypatch.setattr(build, "build", instant)
    monkeypatch.setattr(build, "PACKAGE", tmp_path / "mlcourse")
    monkeypatch.setattr(build, "LAST_RUN", tmp_path / "build" / "mlcourse.sha256")
    monkeypatch.setattr(build, "chosen", lambda name: chosen(name, tmp_path / "notebooks"))
    return lessons, ran


def make_notebooks(monkeypatch, *arguments):
    monkeypatch.setattr(sys, "argv", ["build.py", *arguments])
    build.main()


def test_make_notebooks_keeps_a_lesson_edited_by_hand(course, monkeypatch):
    """Ai đó sửa thẳng vào notebooks/*.ipynb: bản dựng mới ghi lên, nhưng bản của họ được cất."""
    (lesson, _), _ = course
    make_notebooks(monkeypatch)
    change(lesson.notebook, lambda notebook: notebook["cells"].append(notebook["cells"][0] | {"source": "của tôi"}))
    make_notebooks(monkeypatch, "--force")
    work = lesson.folder.parent / "bai_hoc"
    (aside,) = work.glob("00_mot.cu-*.ipynb")
    assert "của tôi" in aside.read_text(encoding="utf-8")
    assert "của tôi" not in lesson.notebook.read_text(encoding="utf-8")
    make_notebooks(monkeypatch, "--force")
    assert len(list(work.iterdir())) == 1, "bản chưa ai sửa thì không cất"


def test_make_notebooks_runs_what_changed_and_writes_what_came_out_different(course, monkeypatch, capsys):
    (one, two), ran = course
    make_notebooks(monkeypatch)
    make_notebooks(monkeypatch)
    assert ran == ["00", "01"], "chưa có gì đổi thì không bài nào chạy lại"
    two.source.write_text("# 01 · Bài thử, sửa lại\n", encoding="utf-8")
    make_notebooks(monkeypatch)
    assert ran == ["00", "01", "01"], "nguồn nào đổi thì bài ấy chạy lại"
    (build.PACKAGE / "moi.py").write_text("x = 1\n", encoding="utf-8")
    stamps = [lesson.notebook.stat().st_mtime_ns for lesson in (one, two)]
    make_notebooks(monkeypatch, "01")
    make_notebooks(monkeypatch)
    assert ran[3:] == ["01", "00", "01"], "gói đổi thì mọi bài chạy lại; hỏi một bài thì chưa phải là mọi bài"
    assert [lesson.notebook.stat().st_mtime_ns for lesson in (one, two)] == stamps, "kết quả không đổi thì không ghi"
    make_notebooks(monkeypatch)
    assert len(ran) == 6
