"""Đọc *Thử* và *Trả lời* (`tests/helpers/trying.py`): mỗi kiểu sai một câu, và câu nói chỗ sai."""

import nbformat
import pytest

from mlcourse.interactive import checkbox, dropdown, live, slider
from tests.helpers import trying


@pytest.fixture
def figure():
    @live(
        threshold=slider(0, 1, step=0.01, value=0.5, label="Ngưỡng"),
        epoch=slider(0, 60, step=1, value=0, label="Epoch", play=True),
        truth=dropdown([("y = 1", 1), ("y = 0", 0)], label="Giá trị thật"),
        log=checkbox(label="Thang log"),
        figsize=(2, 1),
    )
    def scores(fig):
        seen = []

        def update(threshold, epoch, truth, log):
            seen.append(epoch)
            if threshold == 1:
                raise ValueError("mẫu số bằng 0.")
            return f"Ngưỡng {threshold:.2f}, {1000 * epoch} bước, y {truth}, {'có' if log else 'không'} log, {len(seen)} lần vẽ: {-threshold:.1f}."

        update.restart = seen.clear
        return update

    return scores


def faults(figure, answer):
    return list(trying.faults({"scores": figure}, [("scores", [], [(1, answer)])]))


@pytest.mark.parametrize(
    "answer",
    [
        "`Ngưỡng = 0.32`: ngưỡng là 0.32.",
        "`ngưỡng = 0.3`: 0.30, tức −0.3; `Epoch = 12`: vẫn 0.3, và đã 12\u00a0000 bước, F1 thì không kể.",
        "`Giá trị thật = Y = 0; Thang log = có; Epoch = 2`: $1 - 0.7$ của 2000 bước, y là 0.",
        "`Epoch = 58`, rồi `bấm Chạy` thì vẽ thêm hai lần, thành 4 lần, 60\u00a0000 bước; `bấm Đặt lại`: 0 bước.",
    ],
)
def test_true_answers_pass(figure, answer):
    assert faults(figure, answer) == []
    assert figure.values == {"threshold": 0.5, "epoch": 0, "truth": 1, "log": False}, "hỏi xong thì hình về chỗ mở"


@pytest.mark.parametrize(
    "answer, told",
    [
        (
            "`Ngưỡng = 0.32`: ngưỡng là 0.33.",
            "con số 0.33 không có trong câu kể.\n  ở `Ngưỡng = 0.32`: Ngưỡng 0.32, 0 bước",
        ),
        (
            "Lúc 0.32 thì thế. `Ngưỡng = 0.32`.",
            "con số 0.32 không có trong câu kể.\n  trước nó chưa có chỗ đặt núm nào",
        ),
        ("`Ngưỡng = 0.32`: 0.3.", "con số 0.3 không"),
        ("`Ngưỡng = 0.325`", "`Ngưỡng = 0.325` không đặt được: cần một nấc của thanh đi từ 0 đến 1, bước 0.01"),
        ("`Ngưỡng = 1.01`", "không đặt được"),
        ("`Ngưỡng = cao`", "không đặt được"),
        ("`Ngưỡng = 1`", "`Ngưỡng = 1` làm hình gặp lỗi"),
        ("`Giá trị thật = 1`", "không đặt được: cần y = 1, y = 0"),
        ("`Thang log = bật`", "không đặt được: cần có, không"),
        ("`y_true`", "`y_true` không gọi tên điều khiển nào; hình có: Ngưỡng, Epoch, Giá trị thật, Thang log"),
        ("`bấm Tính`", "hình chỉ có nút Đặt lại, Chạy"),
    ],
)
def test_false_answers_are_told(figure, answer, told):
    (fault,) = faults(figure, answer)
    assert fault.startswith("scores, Trả lời 1: ") and told in fault


def test_settings_of_a_task_are_tried_and_its_numbers_are_not(figure):
    task = [(1, "Kéo đến `Ngưỡng = 0.3`: có quá 7 không?"), (2, "Đặt `Ngưỡng = 7`.")]
    (fault,) = trying.faults({"scores": figure}, [("scores", task, [])])
    assert fault.startswith("scores, Thử 2: `Ngưỡng = 7` không đặt được")


LIVE = "@live()\ndef scores(fig):\n    ...\n\nscores"
TRY = "**Thử.**\n1. Một.\n2. Hai.\n3. Ba."
FOLD = "<details><summary>Trả lời</summary>\n\n1. `a`\n2. `b`\n   còn nữa\n3. `c`\n\n</details>"


@pytest.mark.parametrize("texts", [[f"{TRY}\n\n{FOLD}"], [TRY, FOLD]], ids=["cùng ô", "ô sau"])
def test_answers_are_found_under_their_tasks(texts):
    cells = [nbformat.v4.new_code_cell(LIVE), *map(nbformat.v4.new_markdown_cell, texts)]
    (box,) = trying.boxes(cells)
    assert box.figure == "scores" and box.tasks == [(1, "Một."), (2, "Hai."), (3, "Ba.")]
    assert box.answers == [(1, "`a`"), (2, "`b`\n   còn nữa"), (3, "`c`")]
