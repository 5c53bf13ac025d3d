"""Chấm cả lớp, trọn đường: `make assignment`, tám bài nộp bịa trong một file zip của Moodle, `make grade`, và trang của
người dạy đọc trong một trình duyệt thật. Tên người và bài làm đều bịa."""

import csv
import json
import os
import shutil
import sqlite3
import stat
import subprocess
import zipfile

import nbformat
import pytest

from tests.helpers import class_work
from tools.lessons import ROOT

PYTHON = ROOT / ".venv" / "class" / "bin" / "python"
pytestmark = pytest.mark.xdist_group("chấm cả lớp")  # một lần chấm chung

if not PYTHON.exists():
    reason = "chưa có môi trường để chấm bài: make test dựng nó ở .venv/class"
    if os.environ.get("MLCOURSE_REQUIRE_BROWSER") == "1":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason, allow_module_level=True)

H = class_work.HOSTILE
ATTACKS = {  # mỗi bài tập một kiểu phá
    "four_scores": H["a gigabyte of output"],
    "auc_by_pairs": H["fork bomb"],
    "auc_by_ranks": H["os._exit"],
    "precision_elsewhere": H["deleted files"],
    "best_threshold": H["twenty gigabytes"],
}
CHEAT = "\n".join(class_work.CHEATS.values()) + "\ndef four_scores(tp, fp, fn, tn):\n    return 1, 1, 1, 1"


def make(*arguments, **more):
    """Lệnh của make, trong một môi trường như của người dạy."""
    env = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "MPLBACKEND")}
    run = subprocess.run(
        ["make", "-s", *arguments], cwd=ROOT, env={**env, **more}, capture_output=True, text=True, timeout=300
    )
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout


def run_alone(code, folder):
    """Chạy code trong một Python mới, trong một thư mục trống."""
    path = folder / "chay.py"
    path.write_text(code, encoding="utf-8")
    run = subprocess.run(
        [PYTHON, path], cwd=folder, env={"MPLBACKEND": "agg"}, capture_output=True, text=True, timeout=60
    )
    assert run.returncode == 0, run.stderr
    return run.stdout


def released(folder, answers):
    """Bản phát của nbgrader, đã làm: người học chỉ viết vào ô để làm."""
    notebook = nbformat.read(folder / "release" / "04_1" / class_work.LESSON.notebook.name, as_version=4)
    for cell in notebook.cells:
        if cell.metadata.nbgrader.solution and (code := answers(cell.metadata.nbgrader.grade_id)):
            cell.source = code
    return notebook


def hand_in(path, course):
    """Tám bài nộp, như Moodle gói lại; trả về ``{tên trong file zip: bài}``."""
    right, file = class_work.right, class_work.LESSON.notebook.name
    hostile = class_work.filled(lambda name: f"{ATTACKS[name]}\n{right(name)}" if name in ATTACKS else right(name))
    cheat = class_work.only(four_scores=CHEAT)
    for cell in cheat.cells:  # kết quả viết sẵn trong file
        if cell.cell_type == "code" and "four_scores.check" in cell.source:
            text = {"text/plain": "✓ Đúng.", "text/html": "✓ Đúng."}
            record = {"mlcourse": {"lesson": "04_1", "exercise": "four_scores", "status": "đúng", "mistake": ""}}
            cell.outputs = [nbformat.v4.new_output("execute_result", text, metadata=record)]
    work = {
        f"Nguyễn Thị Ánh_101_assignsubmission_file_/{file}": released(course, right),
        f"Bùi Văn Sai_102_assignsubmission_file_/{file}": released(course, class_work.WRONG.get),
        f"Lê Dở Dang_103_assignsubmission_file_/{file}": class_work.only(four_scores=right("four_scores")),
        "Phạm Cô Láp_104_assignsubmission_file_/Bản sao của 04_1.ipynb": class_work.as_colab(class_work.filled(right)),
        "Trần Đổi Tên_105_assignsubmission_file_/bài của em (1).ipynb": class_work.as_vscode(untidy()),
        f"Cao Thị Phá_106_assignsubmission_file_/{file}": hostile,
        f"Hồ Văn Hỏng_107_assignsubmission_file_/{file}": "{",
        f"Đỗ Nộp Lại_108_assignsubmission_file_/{file}": class_work.filled(class_work.WRONG.get),
        "Đỗ Nộp Lại_108_assignsubmission_file_/04_1 (1).ipynb": cheat,
    }
    work = {name: one if isinstance(one, str) else nbformat.writes(one) for name, one in work.items()}
    zipped(path, work)
    return work


def untidy():
    """Đúng cả, mà nháp sai nằm trên, ô đề bỏ trống, lần làm lại ở cuối, ``check`` trong một vòng lặp, rồi in quá nhiều."""
    right = class_work.right
    notebook = class_work.filled(lambda name: None if name == "auc_by_pairs" else right(name))
    place = next(i for i, cell in enumerate(notebook.cells) if "check(four_scores)" in cell.source)
    draft = "def four_scores(tp, fp, fn, tn):\n    return 1\n\nkq = lesson.four_scores.check(four_scores)\nprint(kq)"
    again = f"{right('auc_by_pairs')}\n\nkq = [lesson.auc_by_pairs.check(f) for f in (auc_by_pairs,)]\n"
    again += "assert kq[0].status == 'đúng'\nauc_by_pairs = None\nfor _ in range(9):\n    print('x' * 999_999)"
    notebook.cells.insert(place, nbformat.v4.new_code_cell(draft))
    notebook.cells.append(nbformat.v4.new_code_cell(again))
    return notebook


def zipped(path, work):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, (name, notebook) in enumerate(work.items()):
            archive.writestr(zipfile.ZipInfo(name, (2026, 11, 28, 8, number, 0)), notebook)


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """Thư mục của lớp sau khi chấm; những gì lệnh nói ra; các bài đã nộp."""
    folder = tmp_path_factory.mktemp("lop")
    make("assignment", "LESSON=04_1", f"INTO={folder / 'lop'}")
    work = hand_in(folder / "bài nộp.zip", folder / "lop")
    said = make("grade", f"FOLDER={folder / 'bài nộp.zip'}", f"INTO={folder / 'lop'}", "TIMEOUT=6", SECRET_TOKEN="mật")
    return folder, said, work


@pytest.fixture(scope="module")
def results(course):
    return saved(course[0] / "lop")


def saved(folder):
    found = json.loads((folder / "ket_qua.json").read_text(encoding="utf-8"))
    return {one["learner"]: one for one in found if not one["replaced"]}


def marks(folder):
    with open(folder / "diem_nbgrader.csv", encoding="utf-8") as file:
        return {row["first_name"]: float(row["score"]) for row in csv.DictReader(file)}


def statuses(one):
    return {name: graded["status"] for name, graded in one["exercises"].items()}


def test_honest_work_gets_its_marks_however_it_was_saved(results):
    everything = dict.fromkeys(class_work.TASKS, "đúng")
    for learner in ("Nguyễn Thị Ánh", "Phạm Cô Láp", "Trần Đổi Tên"):
        assert statuses(results[learner]) == everything, learner
        assert results[learner]["trouble"] == "có ô phải dừng: in ra quá nhiều (auc_by_pairs)" * ("Đổi" in learner)
    half = {**dict.fromkeys(class_work.TASKS, "chưa làm"), "four_scores": "đúng"}
    assert statuses(results["Lê Dở Dang"]) == half
    wrong = results["Bùi Văn Sai"]["exercises"]
    assert {one["status"] for one in wrong.values()} == {"sai"}
    assert wrong["four_scores"]["mistake"] == "precision và recall đã đổi chỗ cho nhau"
    assert wrong["best_threshold"]["mistake"] == "ngưỡng đang luôn là 0.5"
    assert wrong["auc_by_ranks"]["mistake"] == "code dừng: ZeroDivisionError"


def test_hostile_work_loses_only_its_own_cells(results):
    hostile = results["Cao Thị Phá"]
    failed = {name for name, status in statuses(hostile).items() if status == "không chạy được"}
    assert {"auc_by_pairs", "auc_by_ranks", "best_threshold"} <= failed, statuses(hostile)
    # Một tỷ chữ rồi mới `check`: có khi lời giải, vốn đúng, được chấm trước khi kernel bị tắt.
    assert "four_scores" in failed or "(four_scores)" in hostile["trouble"]
    assert statuses(hostile)["forgotten_class"] == "đúng" and hostile["trouble"]
    assert "hỏng" in results["Hồ Văn Hỏng"]["trouble"]


def test_a_claimed_verdict_changes_nothing_and_the_last_hand_in_counts(results):
    """Kết quả viết sẵn, `check` bị thay, `lesson` đặt lại, NumPy bị sửa: bài vẫn sai; và đây là lần nộp sau cùng."""
    cheat = results["Đỗ Nộp Lại"]
    assert statuses(cheat)["four_scores"] == "sai" and statuses(cheat)["best_threshold"] == "chưa làm"
    assert "nộp 2 lần" in cheat["note"] and not cheat["trouble"]


def test_the_marks_are_in_the_gradebook_and_its_export(course):
    given = marks(course[0] / "lop")
    assert given["Nguyễn Thị Ánh"] == given["Phạm Cô Láp"] == 6
    assert given["Bùi Văn Sai"] == 0 and given["Lê Dở Dang"] == 1
    book = sqlite3.connect(course[0] / "lop" / "gradebook.db")
    assert book.execute("select count(*) from submitted_assignment").fetchone() == (7,)
    book.close()


def test_progress_is_shown_and_only_what_changed_is_graded_again(course):
    """Chấm lại mà bớt một người: người ấy không còn trong sổ. Rồi chấm thêm một thư mục nộp muộn: kết quả cộng vào."""
    folder, said, work = course
    assert "[7/7]" in said and "chấm 7 bài" in said and "mật" not in said
    assert "Hồ Văn Hỏng" in said and "file hỏng từ dòng 1, cột 2" in said  # bài hỏng cũng được nói ngay
    shutil.copytree(folder / "lop", folder / "lop 2")
    release = folder / "lop 2" / "release" / "04_1" / class_work.LESSON.notebook.name
    release.write_text("bản phát của người dạy", encoding="utf-8")
    zipped(folder / "bài nộp.zip", {name: one for name, one in work.items() if "Phá" not in name})
    where = (f"INTO={folder / 'lop 2'}", "TIMEOUT=6")
    assert "6 bài không đổi từ lần trước, chấm 0 bài" in make("grade", f"FOLDER={folder / 'bài nộp.zip'}", *where)
    assert "Cao Thị Phá" not in saved(folder / "lop 2") and "Cao Thị Phá" not in marks(folder / "lop 2")
    late = folder / "nộp muộn" / "Lê Dở Dang"
    late.mkdir(parents=True)
    (late / "04_1.ipynb").write_text(next(one for name, one in work.items() if "Láp" in name), encoding="utf-8")
    people = "Lê Dở Dang;Nguyễn Thị Ánh;Bùi Văn Sai;Vắng Mặt".replace(";", "\n")
    (folder / "lớp.csv").write_text(f"Họ và tên\n{people}\n", encoding="utf-8-sig")
    told = make("grade", f"FOLDER={late.parent}", *where, f"LIST={folder / 'lớp.csv'}")
    assert "chấm 1 bài" in told and "Kể cả 6 kết quả đã chấm từ: bài nộp.zip" in told
    given = marks(folder / "lop 2")
    assert given["Lê Dở Dang"] == given["Nguyễn Thị Ánh"] == 6 and len(saved(folder / "lop 2")) == 7
    page = (folder / "lop 2" / "index.html").read_text(encoding="utf-8")
    assert "Lê Dở Dang" in page and "Nguyễn Thị Ánh" in page and "Cao Thị Phá" not in page
    marked = (folder / "lop 2" / "diem.csv").read_text(encoding="utf-8-sig")
    assert "Vắng Mặt" in page and marked.count("chưa nộp") == 1 and marked.count("không có trong danh sách lớp") == 4
    assert release.read_text(encoding="utf-8") == "bản phát của người dạy"
    for name in ("index.html", "diem.csv", "ket_qua.json", "diem_nbgrader.csv", "gradebook.db"):
        assert not stat.S_IMODE((folder / "lop" / name).stat().st_mode) & 0o077, name


@pytest.mark.parametrize("asked, words", [
    (("grade", "FOLDER=.", "JOBS=bon"), "JOBS=bon"),
    (("assignment", "LESSON=04_1", "SOLUTIONS=khong"), "SOLUTIONS=khong"), (("grade", "FOLDER=trong"), "không có file nào"),
])  # fmt: skip
def test_what_cannot_be_done_says_how_to_do_it(asked, words, tmp_path):
    (tmp_path / "trong").mkdir()
    asked = [one.replace("=trong", f"={tmp_path / 'trong'}") for one in asked]
    with pytest.raises(AssertionError, match=f"(?s){words}.*Cách sửa"):
        make(*asked, f"INTO={tmp_path / 'lop'}")
    assert not (tmp_path / "lop").exists()


def test_the_released_lesson_carries_the_package_and_opens_without_nbgrader(course, tmp_path):
    notebook = nbformat.read(course[0] / "lop" / "release" / "04_1" / class_work.LESSON.notebook.name, as_version=4)
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    locked = [cell for cell in cells if cell.metadata.get("editable") is False]
    assert len(cells) - len(locked) == len(class_work.TASKS) and not [cell for cell in cells if cell.outputs]
    points = [cell.metadata.nbgrader.points for cell in cells if cell.metadata.nbgrader.grade]
    assert points == [1] * len(class_work.TASKS)
    first = "\n".join(cell.source for cell in cells[:2]) + "\nprint(mlcourse.__file__)"
    said = run_alone(first.replace('importlib.util.find_spec("mlcourse") is None', "True"), tmp_path)
    assert ".whl" in said


def test_for_a_test_in_class_the_package_has_no_solution(course, tmp_path):
    make("assignment", "LESSON=04_1", f"INTO={course[0] / 'lop'}", "SOLUTIONS=no")
    path = course[0] / "lop" / "kiem_tra" / "04_1" / class_work.LESSON.notebook.name
    cells = [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]
    code = "\n".join([cells[0].source, cells[1].source, class_work.CONFUSED])
    code += (
        "\nprint(lesson.four_scores.check(four_scores).mistake, lesson.four_scores.solution(), four_scores.__module__)"
    )
    assert run_alone(code, tmp_path).startswith("precision và recall đã đổi chỗ cho nhau Bản này không kèm")


def test_the_page_in_a_browser(course, browser):
    folder, *_ = course
    page = browser.new_page()
    asked, errors = [], []
    page.on("request", lambda one: asked.append(one.url))
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto((folder / "lop" / "index.html").as_uri())
    text = page.inner_text("body")
    for words in (
        "Nguyễn Thị Ánh",
        "precision và recall đã đổi chỗ cho nhau",
        "ngưỡng đang luôn là 0.5",
        "Hồ Văn Hỏng",
    ):
        assert words in text
    assert "Bùi Văn Sai làm" not in text  # ghi chú trong code của người học
    assert len(asked) == 1 and not errors
    page.goto((folder / "lop" / "chieu.html").as_uri())
    text = page.content()
    assert "đã đổi chỗ" in text
    for name in ("Nguyễn Thị Ánh", "Bùi Văn Sai", "Đỗ Nộp Lại"):
        assert name not in text
    page.close()
