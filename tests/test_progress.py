"""Tiến độ đọc từ bài đã lưu: bản ghi của mỗi lời chấm, và bảng kể lại."""

import json
import subprocess
import sys

import numpy as np
import pytest
from IPython.core.formatters import DisplayFormatter

from mlcourse import exercises, progress
from mlcourse.exercises import lesson_00, lesson_02_1, lesson_06
from tools.lessons import NOTEBOOKS, every


def notebook(path, *records):
    """Một notebook tối thiểu, mỗi bản ghi là kết quả của một ô."""
    cells = [{"cell_type": "markdown", "source": "chữ", "metadata": {}}]
    for record in records:
        output = {"output_type": "execute_result", "data": {}, "metadata": {exercises.RECORD: record}}
        cells.append({"cell_type": "code", "source": "", "metadata": {}, "outputs": [output]})
    path.write_text(json.dumps({"cells": cells, "metadata": {}}), encoding="utf-8")


def told(lesson, exercise, status, mistake=""):
    return {"lesson": lesson, "exercise": exercise, "status": status, "mistake": mistake}


def test_a_verdict_carries_its_record_beside_what_is_shown():
    wrong = lesson_02_1.mse_and_slope.check(lambda theta, x, y: (np.mean((y - np.exp(theta * x)) ** 2), 0 * theta))
    for verdict, status in [(lesson_00.share_right.check(...), "chưa làm"), (wrong, "sai")]:
        data, metadata = DisplayFormatter().format(verdict)
        assert set(data) == {"text/plain", "text/html"} and data["text/plain"] == repr(verdict)
        assert metadata[exercises.RECORD] == verdict.record and verdict.status == status
    assert wrong.record["lesson"] == "02_1" and wrong.record["exercise"] == "mse_and_slope"


@pytest.mark.parametrize(
    "answer, name",
    [
        (lambda theta, x, y: (np.mean((y - np.exp(theta * x)) ** 2), -2 * np.mean((y - np.exp(theta * x)) * x)),
         "đạo hàm thiếu thừa số exp(θx)"),
        (lambda theta, x, y: 1 / 0, "code dừng: ZeroDivisionError"),
        (lambda theta, x, y: (x.sort(), 1.0), "sửa đối số tại chỗ"),
        (lambda theta, x, y: (1.0, 2.0), ""),
        (lambda theta: 0, ""),
    ],
)  # fmt: skip
def test_mistakes_have_names(answer, name):
    assert lesson_02_1.mse_and_slope.check(answer).record["mistake"] == name


def test_names_are_short_and_an_exercise_never_uses_one_twice_for_two_reasons():
    for number, (_, tasks) in progress.every().items():
        for task, one in tasks.items():
            names = {}
            for mistake in getattr(one, "mistakes", []):
                names.setdefault(mistake.name, set()).add(mistake.why.split(". ")[0])
                assert 0 < len(mistake.name) <= 115, (number, task, mistake.name)
            assert all(len(reasons) == 1 for reasons in names.values()), (number, task)


def test_every_exercise_of_every_lesson_in_the_order_of_the_page():
    for lesson in every():
        title, tasks = progress.every()[lesson.number]
        source = lesson.source.read_text(encoding="utf-8")
        places = [source.index(f"lesson.{name}.check(") for name in tasks]
        assert places == sorted(places), lesson.number
        assert f"# {title}\n" in source


def test_the_course_as_handed_out_is_not_done():
    table = progress.read(NOTEBOOKS)
    assert table.total == sum(len(tasks) for _, tasks in progress.every().values()) == table.count("chưa làm")
    for lesson in every():
        found = {record["exercise"]: record["status"] for record in progress.records(lesson.notebook)}
        assert found == dict.fromkeys(progress.every()[lesson.number][1], "chưa làm")


def test_saved_work_is_read(tmp_path):
    notebook(tmp_path / "00_tom_tat.ipynb", told("00", "share_right", "đúng"), told("00", "three_columns", "sai"))
    notebook(tmp_path / "ban nháp của Tí.ipynb", told("00", "share_right", "sai"), told("06", "samples_needed", "đúng"))
    notebook(tmp_path / "khác.ipynb", told("99", "x", "đúng"), told("00", "three_columns", "chưa làm"), {"a": 1}, [2])
    for broken in (b"", b"{", b"[]", b'{"cells": 3}', b'{"cells": [{"outputs": 1}]}', b"\xff\xfe"):
        (tmp_path / f"hỏng {len(broken)}.ipynb").write_bytes(broken)
    (tmp_path / "thư mục.ipynb").mkdir()
    table = progress.read(tmp_path)
    first = table[0]
    assert first.title == "00 · Tóm tắt" and first.statuses["share_right"] == "đúng"
    assert first.statuses["three_columns"] == "sai" and first.statuses["share_right_of_baseline"] == "chưa làm"
    assert table.count("đúng") == 2 and table.count("sai") == 1
    assert "00 · Tóm tắt" in repr(table) and "✓○✗" in repr(table) and "✓○✗" in table._repr_html_()


def test_without_a_notebook_the_session_tells(tmp_path, monkeypatch):
    monkeypatch.setattr(exercises, "SESSION", {})
    assert progress.read(tmp_path).count("chưa làm") == progress.read(tmp_path).total
    lesson_00.share_right.check(lesson_00.share_right.solve)
    lesson_06.samples_needed.check(lambda *arguments: 0)
    table = progress.read(tmp_path)
    assert table.count("đúng") == 1 and table.count("sai") == 1


def test_the_command(tmp_path):
    notebook(tmp_path / "a.ipynb", told("04_1", "auc_by_pairs", "đúng"))
    run = lambda folder: subprocess.run(
        [sys.executable, "-m", "mlcourse.progress", str(folder)], capture_output=True, text=True, encoding="utf-8"
    )
    assert "1 trên" in run(tmp_path).stdout
    (tmp_path / "rỗng").mkdir()
    for name, seen in (("không có", "không có thư mục"), ("rỗng", "không có notebook nào")):
        missing = run(tmp_path / name)
        assert missing.returncode == 1 and seen in missing.stderr and "make lab" in missing.stderr
