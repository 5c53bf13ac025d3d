"""Chấm bài cả lớp, phần không cần nbgrader: gom bài nộp, nhận ra bài làm, hỏi hàm ở xa, bản gói không kèm lời giải."""

import array
import collections
import doctest
import functools
import importlib.util
import json
import os
import socket
import subprocess
import sys
import threading
import time
import zipfile
from datetime import datetime, timedelta

import nbformat
import numpy as np
import pandas as pd
import pytest

from mlcourse import progress
from mlcourse.exercises import code
from tests.helpers import class_work
from tools.classroom import (
    answering,
    assignment,
    class_list,
    collect,
    judge,
    names,
    results,
    sandbox,
    sealed,
    submission,
)

TEMPLATE = assignment.source(class_work.LESSON)
GRADED = {
    f"{number}.{name}": (number, one)
    for number, (_, tasks) in progress.every().items()
    for name, one in tasks.items()
}  # fmt: skip


def answers(exercise):
    """Bộ câu trả lời đúng, và (bài viết hàm) mọi lỗi hay gặp: danh sách các tuple đối số của ``check``."""
    if not hasattr(exercise, "mistakes"):
        right = exercise.solve()
        return [right if isinstance(right, tuple) else (right,)]
    return [(function,) for function in [exercise.solve, *(one.wrong for one in exercise.mistakes)]]


@functools.cache
def at_hand(name):
    """Bản ghi khi chấm tại chỗ, của từng bộ câu trả lời."""
    return [GRADED[name][1].check(*given).record for given in answers(GRADED[name][1])]


# --- Bên chấm và bên trả lời --------------------------------------------------------------------------------------------


class Quiet:
    """``sys.stdout`` là của cả tiến trình: ở đây bên trả lời chạy trong một luồng, nên không cho nó đổi."""

    def __init__(self, *_):
        pass

    def __enter__(self):
        return self

    def __exit__(self, *_):
        return False


@pytest.fixture
def ask(tmp_path, monkeypatch):
    """``ask(số bài, tên bài tập, biến)``: chấm qua ổ cắm, bên trả lời ở một luồng khác."""
    monkeypatch.setattr(answering.contextlib, "redirect_stdout", Quiet)
    monkeypatch.setattr(answering.contextlib, "redirect_stderr", Quiet)
    doors = []

    def talk(number, name, scope, expressions=None, seconds=60):
        path = str(tmp_path / f"{len(doors)}")
        door = socket.socket(socket.AF_UNIX)
        doors.append(door)
        door.bind(path)
        door.listen()
        threading.Thread(target=answering.serve, args=(path, scope), daemon=True).start()
        channel, _ = door.accept()
        with channel:
            return judge.Session(channel, seconds).grade(number, name, expressions or list(scope))

    yield talk
    for door in doors:
        door.close()


@pytest.mark.parametrize("name", GRADED)
@pytest.mark.xdist_group("chấm bài cả lớp")  # các bản ghi tại chỗ dùng chung
def test_a_function_far_away_gets_the_verdict_of_one_at_hand(name, ask):
    """Mọi lời giải, mọi lỗi hay gặp của mọi bài tập: hỏi qua ổ cắm cho đúng bản ghi như chấm tại chỗ."""
    number, exercise = GRADED[name]
    for given, here in zip(answers(exercise), at_hand(name)):
        record, message = ask(number, name.split(".")[1], {f"a{i}": one for i, one in enumerate(given)})
        assert record == here, message


VALUES = [
    1, -2.5, True, None, ..., "chữ", float("inf"), 10**400, (1, [2.0, "ba"], {"a": np.arange(3)}), {1, 2},
    np.float32(1.5), np.arange(6).reshape(2, 3), np.array(["a", "bé"]), np.array([1, None, "x"], dtype=object), np.empty((0, 2)),
]  # fmt: skip


@pytest.mark.parametrize("value", VALUES, ids=lambda value: repr(value)[:30])
def test_values_travel_whole(value):
    back = answering.decode(json.loads(json.dumps(answering.encode(value))))
    if isinstance(value, int) and value == 10**400:
        assert isinstance(back, answering.Opaque)
    else:
        assert type(back) is type(value) and repr(back) == repr(value)


@pytest.mark.parametrize(
    "sent",
    [
        [], {"array": "AAAA", "dtype": "|O", "shape": [1]}, {"array": "AAAA", "dtype": "<f8", "shape": [9]},
        {"named": ["os", "stat_result"], "fields": []}, {"named": ["mlcourse.exercises", "code"], "fields": []},
        {"array": 3, "dtype": "<f8", "shape": [1]}, {"function": "x"}, {"list": 3},
    ],
)  # fmt: skip
def test_strange_messages_never_become_objects(sent):
    try:
        back = answering.decode(sent, lambda *told: "hàm")
    except (ValueError, TypeError, KeyError):
        return
    assert isinstance(back, answering.Opaque)


def test_what_the_function_changes_over_there_is_seen_here(ask):
    def sorts(y_true, y_score):
        y_score.sort()
        return 0.5

    record, _ = ask("04_1", "auc_by_pairs", {"f": sorts})
    assert record["mistake"] == "sửa đối số tại chỗ"


def test_a_function_that_never_returns_is_stopped(ask):
    with pytest.raises(judge.Stopped, match="quá giờ"):
        ask("04_1", "auc_by_pairs", {"f": lambda y_true, y_score: threading.Event().wait()}, seconds=1)


def test_a_slow_drip_is_stopped_too():
    here, there = socket.socketpair()
    session = judge.Session(here)
    session.deadline = judge.time.monotonic() + 0.5
    stop = threading.Event()
    there.sendall(b"\0\x10\0\0")  # hứa một lời nhắn dài
    drip = threading.Thread(target=lambda: [there.send(b"\0") for _ in range(40) if not stop.wait(0.1)], daemon=True)
    drip.start()
    with here, there:
        with pytest.raises(judge.Stopped, match="quá giờ"):
            session.ask({"evaluate": "1"})
        stop.set()
        drip.join()


def test_a_mute_package_has_nothing_to_copy(tmp_path):
    """Kernel của bài nộp: không lời giải, không trường hợp, không kết quả cần có, không đáp án của bài mở."""
    sealed.write(tmp_path, judging=False)
    code = "from mlcourse import progress; from mlcourse.exercises import lesson_05 as lesson\n"
    code += "print([len(vars(one)) for _, tasks in progress.every().values() for one in tasks.values()], hasattr(lesson, '_ANSWERS'))\n"
    code += "print(lesson.per_class.check(lambda m: m).record, lesson.buggy_runs)"
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env={"PYTHONPATH": str(tmp_path)}, capture_output=True, text=True
    )
    lines = run.stdout.splitlines()
    assert lines[0].endswith("False") and "chưa làm" in lines[1], run.stderr
    text = "".join(path.read_text(encoding="utf-8") for path in (tmp_path / "mlcourse/exercises").glob("lesson_*.py"))
    for word in (".seal(", "cases=", "judge=", "_ANSWERS", "_LEAKS", "hints=("):
        assert word not in text.replace("hints=()", ""), word


def test_errors_keep_their_kind():
    error = np.linalg.LinAlgError("suy biến")
    assert type(judge.rebuilt(answering.told(error))) is np.linalg.LinAlgError
    assert type(judge.rebuilt({"error": ["Của tôi", "ValueError"], "text": "x"})) is ValueError
    assert type(judge.rebuilt({"error": ["SystemExit"], "text": "x"})) is Exception


# --- Bản gói không kèm lời giải -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    return sealed.write(tmp_path_factory.mktemp("goi"))


@pytest.mark.xdist_group("chấm bài cả lớp")
@pytest.mark.parametrize("number", progress.every())
def test_without_solutions_the_verdicts_are_the_same(number, package):
    path = package / "mlcourse" / "exercises" / f"lesson_{number}.py"
    spec = importlib.util.spec_from_file_location(f"mlcourse.exercises.sealed_lesson_{number}", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    text = path.read_text(encoding="utf-8")
    for name, exercise in progress.every()[number][1].items():
        kept = getattr(module, name)
        for given, here in zip(answers(exercise), at_hand(f"{number}.{name}")):
            verdict = kept.check(*given)
            assert verdict.record == here and verdict.help == ()
        lines = [line.split("  #")[0].strip() for line in code(exercise.solve).splitlines()[1:]]
        assert not [line for line in lines if len(line) > 25 and line in text], name
        assert "không kèm" in kept.solution() and "không kèm" in kept.hint()
        assert ".solution()" not in repr(kept.check(*([lambda: 0] if hasattr(kept, "mistakes") else given)))


# --- Gom bài nộp --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path, learner",
    [
        ("Nguyễn Thị Ánh_123456_assignsubmission_file_/04_1_danh_gia_phan_loai.ipynb", "Nguyễn Thị Ánh"),
        ("Nguyễn Thị Ánh_123456_assignsubmission_file_04_1.ipynb", "Nguyễn Thị Ánh"),
        ("nguyenthianh_12345_67890_04_1_danh_gia_phan_loai.ipynb", "nguyenthianh"),
        ("nguyenthianh_LATE_12345_67890_bai lam.ipynb", "nguyenthianh"),
        ("Bài 4_s2100123_attempt_2026-11-28-21-05-09_bai.ipynb", "s2100123"),
        ("Lê Văn Đạt/bai nop/04_1.ipynb", "Lê Văn Đạt"),
        ("Lê Văn Đạt - 04_1_danh_gia_phan_loai.ipynb", "Lê Văn Đạt"),
        ("04_1_danh_gia_phan_loai_LeVanDat.ipynb", "LeVanDat"),
        ("04_1_danh_gia_phan_loai (Lê Văn Đạt) (2).ipynb", "Lê Văn Đạt"),
        ("Bản sao của 04_1 Lê Văn Đạt.ipynb", "Lê Văn Đạt"),
        ("bai_04.1_Lê_Văn_Đạt.ipynb", "Lê Văn Đạt"),
        ("04_1_danh_gia_phan_loai.ipynb", ""),
        ("04_1_danh_gia_phan_loai (2).ipynb", ""),
        ("bai nop lai 04_1.ipynb", ""),
        ("Ngô Sơn_bai lam.ipynb", "Ngô Sơn"),
        ("Nguyễn Văn An 04_1_danh_gia_phan_loai nop muon.ipynb", "Nguyễn Văn An"),
        ("Bai04_1_NguyenVanAn.ipynb", "NguyenVanAn"),
        ("04_1_danh_gia_phan_loai_an.ipynb", "an"),
        ("homework (1).ipynb", ""),
        ("Untitled.ipynb", ""),
        ("04_1_done.ipynb", ""),
        ("04_1_danh_gia_phan_loai.cu-20261120-101010.ipynb", ""),
        ("04_1 Hồ Yến lần 2.ipynb", "Hồ Yến"),
        ("Lê Thị Nộp.ipynb", "Lê Thị Nộp"),
        ("Bùi Thị Cuối 04_1.ipynb", "Bùi Thị Cuối"),
        *[(f"{start}20201234_NguyenVanAn.ipynb", "NguyenVanAn") for start in ("IT4866_139521_", "BTVN_04_", "Lab_04_", "HW_04_", "Tuan_04_", "K65_01_", "04_1_", "")],
        *[(f"Nguyễn Văn An{end}.ipynb", "Nguyễn Văn An") for end in ("_04_1_Final", "_04_1 - Nộp lại", " - Nộp lại", "_04_1_V2", " - Bản sao của 04_1_danh_gia_phan_loai", " - Copy of 04_1", "_04_1_sửa", "_L2", " 04.1 FINAL", "_Lần 2", " -2", " - Bài tập 04.1", "_04_1 (K65)")],
        ("Bài 4.1 - Đỗ Dung.ipynb", "Đỗ Dung"),
        ("04.1 Đánh giá phân loại - Phan Gia Bảo.ipynb", "Phan Gia Bảo"),
        ("04.1 Đánh giá phân loại.ipynb", ""),
        ("Lab_1.ipynb", ""),
        ("Nguyễn Anh Tuấn_04_1.ipynb", "Nguyễn Anh Tuấn"),
        ("tuan_04_1_danh_gia_phan_loai.ipynb", "tuan"),
        ("Tuần 4 - Đỗ Dung.ipynb", "Đỗ Dung"),
        ("nguyen van ban 04_1.ipynb", "nguyen van ban"),
        ("le thi da.ipynb", "le thi da"),
        ("Nguyễn Thị Lan 04_1.ipynb", "Nguyễn Thị Lan"),
        ("Học viên 12_04_1.ipynb", "Học viên 12"),
        ("Nguyễn Văn An_04_1/04_1.ipynb", "Nguyễn Văn An"),
        ("Nhóm 1-Trần Thị Bình_50102_assignsubmission_file_/04_1.ipynb", "Trần Thị Bình"),
        ("Bài 04.1_nguyen_an_attempt_2025-03-01-10-30-45_TranQuocKhanh.ipynb", "nguyen_an"),
        ("Bai_04_1_nguyen_an_attempt_2025-03-01-10-30-45_a_b_attempt_2026-03-01-10-30-45_a.ipynb", "nguyen_an"),
    ],
)  # fmt: skip
def test_whose_work_it_is(path, learner):
    assert collect.who(tuple(path.split("/")))[0] == learner


def test_doctests():
    assert doctest.testmod(names).failed == 0


def hand_in(folder, *paths):
    for path in paths:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(path.encode())
    return sorted({file.learner for file in collect.collect(folder)})


def within(folders, files):
    return [f"{folder}/{file}" for folder in folders for file in files]


@pytest.mark.parametrize(
    "paths, learners",
    [
        (["Bài tập 4.1/04_1 - Ánh.ipynb", "Bài tập 4.1/04_1 - Đạt.ipynb"], ["Ánh", "Đạt"]),
        (["Lớp A/Ánh/04_1.ipynb", "Lớp A/Đạt/04_1.ipynb", "Lớp B/Chi/04_1.ipynb", "Lớp B/Tí/04_1.ipynb"], ["Chi", "Tí", "Ánh", "Đạt"]),
        (["Ánh/bai nop/04_1.ipynb"], ["Ánh"]),
        (["Ánh/04_1.ipynb", "Ánh/02_2.ipynb"], ["Ánh"]),
        (["Nguyễn An_1_assignsubmission_file_/04_1.ipynb", "Nguyễn An_2_assignsubmission_file_/04_1.ipynb"], ["Nguyễn An"]),
        (["BT6/Nguyễn An_1_assignsubmission_file_/04_1.ipynb"], ["Nguyễn An"]),
        (["sv08/04_1 lần 1.ipynb", "sv08/04_1 lần 2.ipynb"], ["sv08"]),
        (["Lê An/04_1 Lê An.ipynb", "Lê An/04_1 Trần Bình.ipynb"], ["Lê An"]),
        (["lan/04_1.ipynb", "lan/04_1.cu-20261120-101010.ipynb", "lan/04_1.cu-20261121-101010.ipynb"], ["lan"]),
        (["lan/04_1.ipynb", "gian/04_1 - lan (99).ipynb", "gian/04_1 - minh.ipynb"], ["gian", "lan"]),
        (["An/04_1 nháp.ipynb", "An/04_1 bản cuối.ipynb", "Bình/nháp/04_1.ipynb", "Bình/cuối/04_1.ipynb"], ["An", "Bình"]),
        (["lan_12345_67890_04_1.ipynb", "gian_22222_67891_x_lan_attempt_2030-01-01-00-00-00_a.ipynb"], ["gian", "lan"]),
        ([".Bach_10_assignsubmission_file_/04_1.ipynb"], [".Bach"]),
        (["Ánh_1_assignsubmission_file_/04_1.ipynb", "Gian_2_assignsubmission_file_/Ánh_1_assignsubmission_file_x.ipynb"], ["Gian", "Ánh"]),
        (["Lê Đạt/x_s1_attempt_2026-11-28-21-05-09_a.ipynb", "Ánh/04_1.ipynb"], ["Lê Đạt", "Ánh"]),
        (within(["20201234", "20201235", "20201236"], ["04_1_danh_gia_phan_loai.ipynb", "bao_cao.pdf", "ket_qua.png"]), ["20201234", "20201235", "20201236"]),
        (within(["Lê An", "Lê Ba"], ["04.1 Đánh giá phân loại.ipynb", "04.2 Đánh giá hồi quy.ipynb", "02.1 Hàm mất mát.ipynb"]), ["Lê An", "Lê Ba"]),
        (within(["20201234", "20201235"], ["04_1_cũ.ipynb", "04_1_mới.ipynb"]), ["20201234", "20201235"]),
        (within(["Lê An", "Lê Ba"], ["Lab_1.ipynb", "Lab_2.ipynb", "Lab_3.ipynb"]), ["Lê An", "Lê Ba"]),
        (within(["Lê An", "Lê Ba"], ["04_1_svm.ipynb", "04_1_knn.ipynb", "04_1_cay.ipynb"]), ["Lê An", "Lê Ba"]),
        (within(["ML K65/Bài 04.1"], ["Lê An - 04_1.ipynb", "Lê Ba - 04_1.ipynb"]), ["Lê An", "Lê Ba"]),
        (["ml/lê văn an.ipynb", "ml/lê văn ba.ipynb", "ml/lê thị chi.ipynb"], ["lê thị chi", "lê văn an", "lê văn ba"]),
        (["Lê An/04_1 numpy.ipynb", "Lê An/04_1 pandas.ipynb", "Lê An/04_1 cay quyet dinh.ipynb"], ["Lê An"]),
        (["Khoa/04_1.ipynb", "Tuấn/04_1.ipynb", "k65an/04_1.ipynb", "lam/04_1.ipynb"], ["Khoa", "Tuấn", "k65an", "lam"]),
        (within(["Học máy/Bài 04.1"], ["Lê An - 04_1.ipynb", "Lê Ba - 04_1.ipynb", "Lê Chi - 04_1.ipynb"]), ["Lê An", "Lê Ba", "Lê Chi"]),
        (within(["Bài 04.1-20250301T103045Z-001/Bài 04.1", "Bài 04.1-20250301T103045Z-002/Bài 04.1"], ["Lê An - 04_1.ipynb"]), ["Lê An"]),
        (["K65A/Tuần 4/Lê An/04_1.ipynb", "K65A/Tuần 4/Lê Ba/04_1.ipynb", "K65B/Tuần 4/Lê Chi/04_1.ipynb"], ["Lê An", "Lê Ba", "Lê Chi"]),
        (["139521/Lê An - 04_1.ipynb", "139521/Lê Ba - 04_1.ipynb", "139521/Lê Chi - 04_1.ipynb"], ["Lê An", "Lê Ba", "Lê Chi"]),
        (["nop_muon1/Lê An_04_1.ipynb"], ["Lê An"]),
        *[([f"{late}/Lê An_04_1.ipynb", "Lê Ba_04_1.ipynb"], ["Lê An", "Lê Ba"]) for late in ("Nộp trễ hạn", "Nộp quá hạn", "Bài nộp trễ", "Nộp muộn đợt 2", "Nộp sau hạn", "Quá hạn", "Trễ", "Trễ hạn", "Nộp bổ sung", "Bổ sung", "Nộp bù", "Nộp chậm", "Nộp lại", "Nộp lần 2", "Làm lại", "Đợt 1", "dot 2")],
        (["Nộp muộn/Lê An_04_1.ipynb", "Lê Ba_04_1.ipynb"], ["Lê An", "Lê Ba"]),
        (["Nộp muộn/Lê An_04_1.ipynb", *within(["Đúng hạn"], ["Lê Ba_04_1.ipynb", "Lê Chi_04_1.ipynb"])], ["Lê An", "Lê Ba", "Lê Chi"]),
        (within(["Submitted files/Lê An/Bài 04.1", "Submitted files/Lê Ba/Bài 04.1"], ["Version 1/04_1.ipynb"]), ["Lê An", "Lê Ba"]),
        (["tuan4/04_1.ipynb", "lan/04_1.ipynb"], ["lan", "tuan4"]),
        (["Nhóm 1/04_1.ipynb", "Nhóm 2/04_1.ipynb"], ["Nhóm 1", "Nhóm 2"]),
        ([f"hocmay_139521_2020123{i}_{name}.ipynb" for i, name in enumerate(["LeVanAn", "LeVanBa", "LeChi"])], ["hocmay LeChi", "hocmay LeVanAn", "hocmay LeVanBa"]),
        (["lan_12345_67890_04_1.ipynb", "lan_12345_67891_baocao.ipynb", "lan_12345_67892_nhap.ipynb"], ["lan"]),
        (["Bài 4_le_an_attempt_2025-03-01-10-30-45_a.ipynb", "Bài 4_le_an_attempt_2025-03-01-10-30-45.txt", "Bài 4_do_an_attempt_2025-03-01-10-30-45_a.ipynb"], ["do_an", "le_an"]),
    ],
)  # fmt: skip
def test_folders_of_a_class_and_names_that_are_not_ones_own(paths, learners, tmp_path):
    assert hand_in(tmp_path, *paths) == sorted(learners)


def test_a_broken_zip_is_told_and_the_results_are_not_graded(tmp_path):
    (tmp_path / "Hỏng.zip").write_bytes(b"PK\x05\x06" + bytes(18) + b"x")
    with zipfile.ZipFile(tmp_path / "An.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("04_1.ipynb", bytes(range(256)) * 50)
        archive.writestr("rar.rar", "x")
    damaged = bytearray((tmp_path / "An.zip").read_bytes())
    damaged[60:90] = bytes(30)
    damaged[damaged.index(b"PK\x01\x02") + 12 : damaged.index(b"PK\x01\x02") + 16] = b"\xff\xff\xff\xff"  # ngày 31-15
    (tmp_path / "An.zip").write_bytes(damaged)
    (tmp_path / "kq").mkdir()
    (tmp_path / "kq" / "x.ipynb").write_text("{}")
    said = {(file.learner, file.trouble) for file in collect.collect(tmp_path, tmp_path / "kq")}
    assert {learner for learner, _ in said} <= {"An", "Hỏng"} and all(trouble for _, trouble in said), said
    assert any("giải nén" in trouble for _, trouble in said) and any("hỏng ở chỗ này" in trouble for _, trouble in said)


def test_a_zip_with_old_names_traps_and_resubmissions(tmp_path):
    path = tmp_path / "nop.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(zipfile.ZipInfo("Lớp A/Đỗ Ý/04_1.ipynb", (2026, 11, 1, 8, 0, 0)), "cũ")
        archive.writestr(zipfile.ZipInfo("Lớp A/Đỗ Ý/04_1 (1).ipynb", (2026, 11, 2, 8, 0, 0)), "mới")
        archive.writestr("Lớp A/Đỗ Ý/.ipynb_checkpoints/04_1-checkpoint.ipynb", "nháp")
        archive.writestr("Lớp A/__MACOSX/x.ipynb", "rác")
        archive.writestr("Lớp A/../../../Tí/../04_1.ipynb", "leo thang")
        archive.writestr("Lớp A/Bé/báo cáo.docx", "chữ")
    files = collect.collect(path)
    assert [(file.learner, file.data, file.trouble) for file in files] == [
        ("Bé", None, "không phải là notebook (.ipynb)"), ("Tí", b"leo thang", ""), ("Đỗ Ý", "cũ".encode(), ""), ("Đỗ Ý", "mới".encode(), ""),
    ]  # fmt: skip
    best, older, how = collect.latest([file for file in files if file.learner == "Đỗ Ý"])
    assert (best.data, older, how) == ("mới".encode(), 1, "theo giờ nộp")
    assert not (tmp_path.parent / "Tí").exists() and list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("name", ["1" * 50_000, "bai " * 12_000, "bai/" * 12_000 + "a.ipynb", "lan 2 " * 9_000])
def test_a_name_made_to_hang_is_cut_short(name, tmp_path):
    with zipfile.ZipFile(tmp_path / "An.zip", "w") as archive:
        archive.writestr(name, "x")
    started = time.monotonic()
    (file,) = collect.collect(tmp_path)
    assert file.learner == "An" and len(file.name) < 1000 and time.monotonic() - started < 2


def test_files_too_large_are_told_not_read(tmp_path, monkeypatch):
    monkeypatch.setattr(collect, "LARGEST", 1000)
    (tmp_path / "An").mkdir()
    (tmp_path / "An" / "04_1.ipynb").write_bytes(bytes(2000))
    (tmp_path / "An" / "link.ipynb").symlink_to("/etc/passwd")
    with zipfile.ZipFile(tmp_path / "Bom.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("04_1.ipynb", bytes(10**6))
    assert [(file.learner, file.data) for file in collect.collect(tmp_path)] == [("An", None), ("Bom", None)]
    with pytest.raises(SystemExit, match="không tìm thấy"):
        collect.collect(tmp_path / "đâu")


def test_a_zip_beside_folders_never_lends_a_name(tmp_path):
    """File zip của Moodle để trong thư mục thì tên vẫn là của Moodle; zip của một người thì bài trong đó là của người ấy."""
    theirs, inside = "Lê Ẩn_7_assignsubmission_file_/04_1.ipynb", "Ánh_1_assignsubmission_file_/04_1.ipynb"
    (tmp_path / "Gian").mkdir()
    (tmp_path / "Nộp muộn").mkdir()
    flat = tmp_path / "Nộp muộn" / "Lê Ba_04_1.zip"
    for path, name in (
        (tmp_path / "tuần 6.zip", theirs),
        (tmp_path / "Gian" / "bai.zip", inside),
        (flat, "04_1.ipynb"),
    ):
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr(name, "{}")
            archive.writestr("__MACOSX/04_1.ipynb", "rác")
    assert [(file.learner, file.number) for file in collect.collect(tmp_path)] == [
        ("Lê Ẩn", "7"), ("Lê Ba", ""), ("Gian", ""),
    ]  # fmt: skip


def at(name, minute, dated=False, number="", learner="An"):
    when = datetime(2026, 11, 28, 8) + timedelta(minutes=minute)
    return collect.File(learner, name, when, name.encode(), "", number, dated)


@pytest.mark.parametrize(
    "files, best, how",
    [
        ([at("a.ipynb", 60), at("a (1).ipynb", 0)], "a.ipynb", "theo giờ của file"),
        ([at("a.ipynb", 0.5), at("a (2).ipynb", 0), at("a (1).ipynb", 0.4)], "a (2).ipynb", "theo số trong tên file"),
        ([at("a.ipynb", 5, dated=True), at("a (1).ipynb", 0, dated=True)], "a.ipynb", "theo giờ nộp"),
        ([at("a (2).ipynb", 0, True), at("a (1).ipynb", 0.1, True)], "a (2).ipynb", "theo số trong tên file"),
        (
            [at("a.ipynb", -999), at("a-Copy2.ipynb", 0), at("a-Copy1.ipynb", 0.1)],
            "a-Copy2.ipynb",
            "theo số trong tên file",
        ),
        (
            [at("Lê Lan 04_1.ipynb", 0), at("Lê Lan 04_1_L2.ipynb", 0.1)],
            "Lê Lan 04_1_L2.ipynb",
            "theo số trong tên file",
        ),
        (
            [at("Lê Lan 04_1.ipynb", 0), at("Lê Lan 04_1 lần 2.ipynb", -0.1)],
            "Lê Lan 04_1 lần 2.ipynb",
            "theo số trong tên file",
        ),
    ],
)
def test_which_of_several_is_the_last(files, best, how):
    assert [collect.latest(files)[0].name, *collect.latest(files)[1:]] == [best, len(files) - 1, how]
    chosen, *_ = collect.latest(files, blank=[files[0]])
    assert chosen is not files[0]
    assert "còn nguyên" in collect.latest(files[:2], blank=[files[0]])[2]


def test_two_people_of_one_name_stay_two():
    told = lambda *entries: [label for label, why in results.people((*one, "x") for one in entries)]
    one, two, plain = ("An", "111", "04_1"), ("An", "222", "04_1"), ("An", "", "04_1")
    assert told(one, two, ("An", "904", "05")) == ["An (111)", "An (222)", "An"]  # mã của Moodle là của từng bài
    assert told(one, plain) == ["An", "An"] and told(one, two, plain) == ["An (111)", "An (222)", "An"]
    assert told(one, two, ("An (111)", "", "04_1")) == ["An (111) *", "An (222)", "An (111)"]
    assert told(one, two, ("An", "111", "05")) == [
        "An (111)",
        "An (222)",
        "An (111)",
    ]  # mã của Canvas là của từng người
    assert told(("lê an", "", "05"), ("LÊ AN", "", "04_1"), ("Lê An", "", "04_1")) == ["Lê An"] * 3
    assert "không kèm mã" in list(results.people([(*one, ""), (*two, ""), (*plain, "")]))[2][1]
    unknown = [("", "", "04_1", f"{folder}/04_1.ipynb") for folder in ("một", "hai")]
    assert [label for label, _ in results.people(unknown)] == ["một/04_1", "hai/04_1"]
    twins = [("", "", "04_1", "một/04_1.ipynb"), ("", "", "04_1", "một/04_1.json")]
    assert len({label for label, _ in results.people(twins)}) == 2
    assert (
        "có thể cùng người"
        in list(results.people([("NguyenVanAn", *plain[1:], ""), ("Nguyễn Văn An", *plain[1:], "")]))[0][1]
    )
    moodle = lambda number, folder: (
        "An",
        number,
        "04_1",
        f"{folder}/An_{number}_assignsubmission_file_/a.ipynb",
        folder,
    )
    again = list(results.people([moodle("111", "một"), moodle("222", "hai")]))  # nộp muộn ở một hoạt động khác
    assert [label for label, _ in again] == ["An", "An"] and all("khác mã" in why for _, why in again)
    both = results.people([moodle("111", "một"), moodle("222", "một"), moodle("111", "hai")])
    assert [label for label, _ in both] == ["An (111)", "An (222)", "An (111)"]
    late = list(results.people([moodle("111", "một"), moodle("222", "một"), moodle("901", "hai")]))
    assert [why for _, why in late] == ["", "", "không rõ là của ai trong những người cùng tên"]


def row(folder="một", when="2026-11-20", graded="1", lesson="04_1", name="An", number="", **more):
    told = {"name": name, "number": number, "folder": folder, "when": when, "graded": graded, "lesson": lesson}
    told |= {
        "about": "04_1",
        "file": f"{folder}.ipynb",
        "exercises": {"a": 1},
        "blank": False,
        "crowd": "",
        "kept": "",
        "learner": name,
    }
    return told | more


def counted(rows, before, folder):
    said = []
    settled = results.settle(rows, before, folder, said.append)
    return [(one["learner"], one["folder"]) for one in settled if not one["replaced"]], "\n".join(said)


def test_work_of_two_folders_adds_up():
    early, late = row(), row("hai", "2026-11-25", "2")
    assert counted([late], [early], "hai")[0] == [("An", "hai")]
    again, said = counted([row(graded="3")], [early, late], "một")  # chấm lại thư mục đầu: bài nộp sau vẫn được tính
    assert again == [("An", "hai")] and "lấy bài giờ sau: hai.ipynb" in said
    assert counted([row(graded="3")], [row("hai", "2026-11-20 00:00:30", "2")], "một")[0] == [("An", "một")]  # giờ chép
    for useless in ({"blank": True}, {"exercises": {}}):
        assert counted([{**late, **useless}], [early], "hai")[0] == [("An", "một")]
    near = row("hai", "2026-11-20 00:00:30", "2")
    assert counted([row(graded="3")], [row(), near], "một")[0] == [("An", "hai")]  # chấm lại, không có gì đổi
    copied = [{**one, "kept": "x.json"} for one in (row(when="2026-11-20 00:00:20", graded="3"), row())]
    assert counted(copied[:1], [copied[1], near], "một")[0] == [("An", "hai")]
    (best,) = [
        one
        for one in results.settle([row("hai", "2026-11-25", "2")], [row(crowd="hai lớp")], "hai", print)
        if not one["replaced"]
    ]
    assert best["folder"] == "hai" and best["unsure"] == "hai lớp"
    withdrawn, said = counted([], [{**early, "replaced": True}, late], "hai")  # rút bài muộn: bài cũ trở lại
    assert withdrawn == [("An", "một")] and "Không còn" not in said.partition("bài nộp")[0]
    assert "Không còn bài nộp: An" in counted([], [early], "một")[1]
    renamed = counted([row(name="LÊ_AN", number="7")], [row(name="Lê An")], "một")[1]
    moved = counted([], [early, row("hai", number="901", lesson="05", about="05")], "hai")[1]
    assert "Không còn bài" not in renamed + moved


def test_a_broken_file_is_told_until_good_work_comes():
    broken, late = row(lesson="", exercises={}), row("hai", "2026-11-25", "2")
    assert counted([late], [broken], "hai")[0] == [("An", "hai")]
    assert len(counted([late], [{**broken, "about": "05"}], "hai")[0]) == 2
    other, unknown = row("hai", "2026-11-25", "2", lesson="05", about="05"), {**broken, "about": ""}
    assert len(counted([other], [broken], "hai")[0]) == len(counted([late], [unknown], "hai")[0]) == 2
    beside = row(name="Bình")  # cả thư mục nộp một bài: file hỏng cũng là bài ấy
    assert ("An", "một") not in counted([late], [unknown, beside], "hai")[0]
    newer = row("hai", "2026-11-25", "2", lesson="", exercises={})
    assert len(counted([newer], [row()], "hai")[0]) == 2


def test_a_namesake_who_comes_later_changes_names_not_people():
    first, late = row(number="111"), row("hai", "2026-11-25", "2", number="111")
    other = row("hai", "2026-11-25", "2", number="222")
    both = counted([late, other], [first], "hai")[0]
    assert both == [("An (111)", "hai"), ("An (222)", "hai")]
    assert counted([late], [first, {**other, "learner": "An (222)"}], "hai")[0] == [("An", "hai")]


# --- Danh sách lớp --------------------------------------------------------------------------------------------------


SIX = [("Nguyễn", first) for first in ("An", "Bình", "Chi", "Dung", "Yến")] + [("Lê", "Hà")]
LISTS = {
    "STT,MSSV,Họ và tên,Lớp\n1,20201234,Nguyễn Văn An,K65\n2,20201235,Trần Bình,K65": [["Nguyễn Văn An", "20201234"], ["Trần Bình", "20201235"]],
    "\ufeffMSSV;Họ đệm;Tên;Giới tính\nB21;Nguyễn Văn;An;Nam\nB22;Trần;Bình;Nữ\nB23;Lê;Chi;Nữ": [["Nguyễn Văn An", "B21"], ["Trần Bình", "B22"], ["Lê Chi", "B23"]],
    "First name\tSurname\tEmail\nAn\tNguyễn Văn\tan.nv@x.vn\nBình\tTrần Thị\tbinh@x.vn": [["Nguyễn Văn An", "an.nv"], ["Trần Thị Bình", "binh"]],
    "Nguyễn Văn An\nTrần Bình\n": [["Nguyễn Văn An"], ["Trần Bình"]],
    "1. Nguyễn Văn An\n2. Trần Bình": [["Nguyễn Văn An"], ["Trần Bình"]],
    "20201234 Nguyễn Văn An\n20201235 Trần Bình": [["Nguyễn Văn An", "20201234"], ["Trần Bình", "20201235"]],
    "Trường A,,\nLỚP K65,,\nSTT,Mã SV,Họ tên\n1,SE150123,TRẦN AN\n2,SE150124,LÊ BA": [["TRẦN AN", "SE150123"], ["LÊ BA", "SE150124"]],
    'Student,SIS Login ID\nPoints Possible,\n"An, Nguyễn Văn",annv\n"Bình, Trần",binht': [["Nguyễn Văn An", "annv"], ["Trần Bình", "binht"]],
    "login,ten\nannv,Nguyễn Văn An\nbinht,Trần Bình": [["Nguyễn Văn An", "annv"], ["Trần Bình", "binht"]],
    "STT,Mã SV,Họ & tên\n,,DANH SÁCH LỚP HỌC PHẦN\n,,Học máy\n" + "\n".join(f"{i},2020123{i},{' '.join(name)}" for i, name in enumerate(SIX)) + "\n,,Người lập bảng\n,,Đỗ Thị Thư": [[" ".join(name), f"2020123{i}"] for i, name in enumerate(SIX)],
    "An Lê,1a2b\nBa Lê,1a2c\nChi Lê,\nTư Lê,": [["An Lê", "1a2b"], ["Ba Lê", "1a2c"], ["Chi Lê"], ["Tư Lê"]],
    "ĐẠI HỌC BÁCH KHOA\nDANH SÁCH LỚP HỌC PHẦN,,\nSTT,MSSV,Sinh viên\n1,20201234,Nguyễn Văn An\n2,20201235,Trần Bình\n3,20201236,Lê Chi": [["Nguyễn Văn An", "20201234"], ["Trần Bình", "20201235"], ["Lê Chi", "20201236"]],
    "TRƯỜNG A,\nHọc máy,\nHọ/Tên,Mã\nNguyễn Văn An,20201234\nTrần Bình,20201235": [["Nguyễn Văn An", "20201234"], ["Trần Bình", "20201235"]],
    "Học viên,Mã\nNguyễn Văn An,se1501\nTrần Bình,\nLê Chi,se1502": [["Nguyễn Văn An", "se1501"], ["Trần Bình"], ["Lê Chi", "se1502"]],
    "Họ - Tên;MSSV\nNguyễn Văn An;=\"20201234\"\nTrần Bình;=\"20201235\"": [["Nguyễn Văn An", "20201234"], ["Trần Bình", "20201235"]],
    "Họ,Đệm,Tên\nNguyễn,Văn,An\nHồ,,Bình\nLê,Thị,Chi": [["Nguyễn Văn An"], ["Hồ Bình"], ["Lê Thị Chi"]],
    "MSSV,Họ,Tên\n" + "\n".join(f"2020123{i},{last},{first}" for i, (last, first) in enumerate(SIX)): [[" ".join(name), f"2020123{i}"] for i, name in enumerate(SIX)],
    "Nguyễn Văn An - 20201234\nTrần Bình - 20201235": [["Nguyễn Văn An", "20201234"], ["Trần Bình", "20201235"]],
    "Nguyễn Văn An 20201234\nTrần Bình 20201235": [["Nguyễn Văn An", "20201234"], ["Trần Bình", "20201235"]],
    "1. Nguyễn Văn An (20201234)\n2. Trần Bình (20201235)": [["Nguyễn Văn An", "20201234"], ["Trần Bình", "20201235"]],
    'Student,ID\nPoints Possible,\n"An, Nguyễn Văn",11234\n"Bình, Trần",11235\n"Student, Test",11236': [["Nguyễn Văn An", "11234"], ["Trần Bình", "11235"]],
}  # fmt: skip


@pytest.mark.parametrize("text", LISTS, ids=range(len(LISTS)))
def test_a_class_list_in_the_forms_it_comes_in(text, tmp_path):
    (tmp_path / "lop.csv").write_text(text, encoding="utf-8")
    assert class_list.read(tmp_path / "lop.csv") == LISTS[text]


def test_a_list_that_cannot_be_read_is_told_and_a_good_one_is_remembered(tmp_path):
    (tmp_path / "lop").mkdir()
    for data, words in (
        (None, "không có, hay không mở được"),
        (b"", "không có tên ai"),
        (b"1,2\n", "không có tên"),
        (b"\xff\xfea\0", "UTF-8"),
    ):
        if data is not None:
            (tmp_path / "lop.csv").write_bytes(data)
        with pytest.raises(SystemExit, match=rf"Chưa chấm được: .*{words}(?s:.*)Cách sửa: "):
            class_list.chosen(tmp_path / "lop.csv", tmp_path / "lop")
    assert class_list.chosen("", tmp_path / "lop").labels == []
    said = []
    (tmp_path / "lop.csv").write_text("An Lê,1a2b\nTrần Ba,1a2c", encoding="utf-8")
    labels = class_list.chosen(tmp_path / "lop.csv", tmp_path / "lop", said.append).labels
    assert said == ["Danh sách lớp: 2 người."]
    assert class_list.chosen("", tmp_path / "lop").labels == labels == [("An Lê", "1a2b"), ("Trần Ba", "1a2c")]
    assert (tmp_path / "lop" / "danh_sach.json").stat().st_mode & 0o777 == 0o600


LISTED = class_list.ClassList(
    [["Nguyễn Văn An", "20201234", "an.nv"], ["Nguyễn Văn Anh", "20201235"], ["Nguyễn Văn Ân", "20201236"], ["Trần Bình", "B21DCCN456"]]
    + [["Trần Bình", "B21DCCN457"], ["Lê Thị Hoà", "hoalt"], ["Đỗ Đức Dũng"]]
    + [["Lê Minh"], ["Nguyễn Bảo Trân"], ["Vũ Hà"], ["Vũ Hà"]]
)  # fmt: skip


@pytest.mark.parametrize(
    "path, person",
    [
        ("20201234/04_1.ipynb", "Nguyễn Văn An"),
        ("K65_04_1_20201234NguyenVanX.ipynb", "Nguyễn Văn An"),
        ("NGUYỄN VĂN AN - 04.1.ipynb", "Nguyễn Văn An"),
        ("nguyễn văn ân 04_1.ipynb", "Nguyễn Văn Ân"),
        ("nguyenvananh_1234_5678_x.ipynb", "Nguyễn Văn Anh"),
        ("Lê Thị Hòa_9_assignsubmission_file_/x.ipynb", "Lê Thị Hoà"),
        ("hoalt/04_1.ipynb", "Lê Thị Hoà"),
        ("Bài 4_an.nv_attempt_2026-11-28-21-05-09_bai.ipynb", "Nguyễn Văn An"),
        ("DungDoDuc_04_1.ipynb", "Đỗ Đức Dũng"),
        ("dungdoduc_1234_5678_Nguyễn Văn Anh.ipynb", "Đỗ Đức Dũng"),
        ("sv07/Tran Binh B21DCCN457.ipynb", "Trần Bình (B21DCCN457)"),
        ("Trần Bình/b21dccn456_04_1.ipynb", "Trần Bình (B21DCCN456)"),
        ("Đỗ Đức Dũng/04_1 Lê Thị Hoà.ipynb", "Đỗ Đức Dũng"),
        ("Trần Bình/04_1.ipynb", "khớp nhiều người trong danh sách lớp: Trần Bình (B21DCCN456), Trần Bình (B21DCCN457)"),
        ("nguyen van an.ipynb", "khớp nhiều người trong danh sách lớp: Nguyễn Văn An, Nguyễn Văn Ân"),
        ("Nguyễn Văn Anhh/04_1.ipynb", "không có trong danh sách lớp"),
        ("hoalt2/04_1.ipynb", "không có trong danh sách lớp"),
        *[(path, "không có trong danh sách lớp") for path in ("Lê Minh Đức/04_1.ipynb", "Lê Minh Đức/04_1 Lê Minh.ipynb", "04_1_LeMinhDuc.ipynb", "LÊ MINH ĐỨC.ipynb", "le minh duc 04_1.ipynb", "Lê Minh Đức_9_assignsubmission_file_/Lê Minh.ipynb", "Lê Nguyễn Bảo Trân/04_1.ipynb", "04_1 Nguyễn Bảo Trân A.ipynb", "leminhduc/04_1 leminh.ipynb", "leminhduc_123_456_Le Minh.ipynb")],
        *[(path, "Lê Minh") for path in ("Lê Minh/04_1 Lê Minh Đức.ipynb", "K65_IT4866_139521_LeMinh_04_1.ipynb", "Lê Minh - Bài tập 04.1 - Nộp lại.ipynb", "04_1 Lê Minh (Học Máy).ipynb", "Minh, Lê/04_1.ipynb", "Nhóm 1 - Lê Minh/04_1.ipynb", "BTVN 04 LE MINH lan 2.ipynb", "Lê Minh_9_assignsubmission_file_/a.ipynb", "Bài nộp của Lê Minh.ipynb", "Học Máy/Lê Minh_04_1.ipynb", "hocmay_LeMinh.ipynb", "ML_Lê Minh_04_1.ipynb")],
        *[(path, "khớp nhiều người trong danh sách lớp: Đỗ Đức Dũng, Lê Minh") for path in ("04_1_DoDucDung_LeMinh.ipynb", "04_1 Đỗ Đức Dũng + Lê Minh.ipynb", "Nhóm 1 - Đỗ Đức Dũng, Lê Minh/04_1.ipynb", "Nhóm 1 - Đỗ Đức Dũng, Lê Minh/04_1 Lê Minh.ipynb", "04_1 Đỗ Đức Dũng và Lê Minh.ipynb")],
        ("20201234_LeMinh_04_1.ipynb", "khớp nhiều người trong danh sách lớp: Nguyễn Văn An, Lê Minh"),
        ("20201234 - Nguyễn Văn An.ipynb", "Nguyễn Văn An"),
        ("Vũ Hà/04_1.ipynb", "khớp nhiều người trong danh sách lớp: Vũ Hà (1), Vũ Hà (2)"),
    ],
)  # fmt: skip
def test_whose_work_it_is_by_the_class_list(path, person):
    label, _, why, _ = LISTED.whose(path, *collect.who(tuple(path.split("/")))[:2])
    assert (label or why) == person


def test_results_follow_the_class_list_and_say_what_is_not_sure():
    told = lambda *rows: [(label, why) for label, _, why, _ in results.identify(rows, LISTED)]
    early, late = (
        row(name="NguyenVanAnh", file="NguyenVanAnh.ipynb"),
        row("hai", name="Nguyễn Văn Anh", file="Nguyễn Văn Anh.ipynb"),
    )
    assert told(early, late) == [("Nguyễn Văn Anh", "")] * 2
    stranger = row(name="sv07", file="sv07/Nguyễn Văn Anh.ipynb")
    assert told(stranger) == [("Nguyễn Văn Anh", "")]
    assert told(early, stranger)[1] == ("Nguyễn Văn Anh", "theo tên ghi trong file, mà người này còn bài ở chỗ khác")
    assert told(row(name="Lạ", file="Lạ.ipynb")) == [("Lạ", "không có trong danh sách lớp")]
    both = row(name="LeMinh", number="20201234", file="20201234_LeMinh.ipynb")  # mã của người này, tên của người kia
    assert [label for label, _ in told(both, row(name="LE MINH", file="LE MINH.ipynb"))] == ["LeMinh", "Lê Minh"]
    assert told({**both, "name": "Lê Minh", "file": "20201234_Lê Minh.ipynb"})[0][0] == "Lê Minh *"
    moodle = lambda number, **more: row(name="Lê Minh", number=number, file=f"Lê Minh_{number}_assignsubmission_file_/a.ipynb", **more)  # fmt: skip
    twins = told(moodle("111"), moodle("222"), moodle("901", folder="hai"))
    assert [label for label, _ in twins] == ["Lê Minh (111)", "Lê Minh (222)", "Lê Minh (901)"]
    assert "Moodle có hai" in twins[0][1] and "không rõ là của ai" in twins[2][1]
    assert told(moodle("111"), moodle("901", folder="hai"), moodle("902", lesson="05")) == [("Lê Minh", "")] * 3
    assert list(results.identify([row(name="Vũ Hà", file="Vũ Hà.ipynb")], LISTED))[0][3] == ["Vũ Hà (1)", "Vũ Hà (2)"]
    assert told(row(name="", file="04_1.ipynb")) == [("một/04_1", "tên file không nói là của ai")]


# --- Nhận ra bài làm ----------------------------------------------------------------------------------------------------


def work(notebook):
    data = notebook if isinstance(notebook, str) else nbformat.writes(notebook)
    return submission.Work(submission.read(data.encode()), TEMPLATE)


def test_every_way_of_saving_gives_the_same_work():
    whole = class_work.filled(class_work.right)
    expected = work(whole)
    assert not expected.missing and expected.code["four_scores"] == class_work.right("four_scores").strip()
    for saved in (class_work.as_colab(whole), class_work.as_vscode(whole)):
        other = work(saved)
        assert other.code == expected.code and other.given == expected.given and not other.missing
    released = nbformat.from_dict(TEMPLATE)  # ô để làm và ô chấm tách rời
    released = nbformat.reads(nbformat.writes(released), as_version=4)
    untouched = work(released)
    stubs = [cell for cell in released.cells if cell.metadata.nbgrader.solution]
    assert untouched.code == {cell.metadata.nbgrader.grade_id: cell.source.strip() for cell in stubs}
    for cell in released.cells:
        if cell.metadata.nbgrader.solution:
            cell.source = class_work.right(cell.metadata.nbgrader.grade_id)
    assert work(released).code == {name: code.strip() for name, code in expected.code.items()}


def roles(done):
    return {
        cell.source: cell.metadata[submission.ROLE] for cell in done.notebook.cells if cell.cell_type == "code"
    }  # fmt: skip


def test_only_what_the_work_needs_is_run():
    notebook = class_work.only(
        four_scores="from fractions import Fraction\n\ndef four_scores(tp, fp, fn, tn):\n    return helper(tp)"
    )
    place = next(
        i for i, cell in enumerate(notebook.cells) if "four_scores" in cell.source and cell.cell_type == "code"
    )
    notebook.cells.insert(place, nbformat.v4.new_code_cell("table = []"))
    notebook.cells.insert(
        place + 1, nbformat.v4.new_code_cell("table.append(3)\ndef helper(x):\n    return table[0] + BIAS")
    )
    notebook.cells.insert(place + 2, nbformat.v4.new_code_cell("print('thêm')"))
    notebook.cells.insert(2, nbformat.v4.new_code_cell("BIAS = 2"))
    next(one for one in notebook.cells if "import matplotlib" in one.source).source += "\n# sửa vào bài"
    found = roles(work(notebook))
    assert found["table = []"] == found["BIAS = 2"] == found["print('thêm')"] == "own"
    (edited,) = (role for source, role in found.items() if "sửa vào bài" in source)  # ở đó có `lesson`
    assert edited == "edited" and collections.Counter(found.values())["own"] == 4 + 6 and "fixed" not in found.values()


def test_attempts_renamed_functions_and_missing_cells():
    notebook = class_work.only(four_scores="def bon_chi_so(tp, fp, fn, tn):\n    return 0")
    cell = next(cell for cell in notebook.cells if "bon_chi_so" in cell.source)
    cell.source = cell.source.replace("check(four_scores)", "check(bon_chi_so)")
    later = nbformat.v4.new_code_cell("lan_hai = bon_chi_so\nlesson.four_scores.check(lan_hai)")
    notebook.cells.insert(notebook.cells.index(cell) + 1, later)
    notebook.cells = [one for one in notebook.cells if "auc_by_pairs" not in one.source]
    done = work(notebook)
    place = [one.source for one in done.notebook.cells].index(later.source)
    assert done.shown(place) == "lan_hai = bon_chi_so" and "def bon_chi_so" in done.shown(place - 1)
    assert done.missing == ["auc_by_pairs"] and done.about(place) == {"four_scores"}


def test_work_runs_in_the_order_of_the_learner():
    notebook = class_work.lesson()
    assert not work(notebook).filled
    together = "\n\n".join(map(class_work.right, ("four_scores", "auc_by_pairs")))
    checks = "for name in ('four_scores', 'auc_by_pairs'):\n    getattr(lesson, name).check(globals()[name])"
    again = next(one.source for one in notebook.cells if "import matplotlib" in one.source)
    notebook.cells += map(nbformat.v4.new_code_cell, ["np = None", again, together, checks])
    done = work(notebook)
    assert [one.source for one in done.notebook.cells[-4:]] == ["np = None", again, together, checks]
    found = [one.metadata[submission.ROLE] for one in done.notebook.cells]
    assert found[-4:] == ["own", "fixed", "own", "own"] and done.filled and not done.missing
    assert done.code["auc_by_pairs"] == together and done.shown(len(found) - 2) == together
    done = work(nbformat.v4.new_notebook(cells=notebook.cells[-2:]))  # chỉ nộp phần của mình: ô của bài lấy lại
    assert [one.source for one in done.notebook.cells][-2:] == [together, checks] and again in roles(done)


@pytest.mark.parametrize(
    "data, words",
    [
        (b"", "rỗng"), (b"{", "hỏng"), (b"\xff\xfe\x00", "hỏng"), (b"[]", "không có ô"), (b'{"cells": 3}', "không có ô"),
        (b"[" * 10**5, "hỏng"), (b'{"cells": [{"cell_type": "code", "source": "1"}]}', "không nhận ra"),
    ],
    ids=range(7),
)  # fmt: skip
def test_broken_files_say_what_is_wrong(data, words):
    with pytest.raises(submission.Trouble, match=words):
        submission.lesson_of(submission.read(data), "bài.ipynb")


def test_the_lesson_is_known_by_its_cells_then_by_its_name():
    cells = submission.read(nbformat.writes(class_work.lesson()).encode())
    assert submission.lesson_of(cells, "06_x.ipynb").number == "04_1"
    assert (
        submission.lesson_of(
            [("code", "lesson.samples_needed.check(f)\nlesson.variance_of_mean.check(g)", "", {})]
        ).number
        == "06"
    )
    assert submission.lesson_of([], "bài 03.2 của em.ipynb").number == "03_2"


# --- Chỗ chạy riêng -----------------------------------------------------------------------------------------------------


def test_the_kernel_gets_no_secret_and_every_limit(tmp_path, monkeypatch):
    monkeypatch.setenv("SECRET_TOKEN", "mật")
    said = " ".join(sandbox.command(["x"], tmp_path, tmp_path / "goi", user=200_001))
    assert "mật" not in said and "env -i" in said
    for limit in ("--as=", "--nproc=64", "--fsize=", "--cpu="):
        assert limit in said
    assert "--reuid=200001" in said


@pytest.mark.skipif(not sandbox.bubblewrap(), reason="máy này không có bubblewrap")
def test_inside_the_walls(tmp_path, package):
    """Trong chỗ riêng: gói không lời giải, không mạng, đĩa chỉ đọc, không quá 64 tiến trình, không quá 3 GB."""
    user = sandbox.new_user(7)
    folder = tmp_path / "rieng"
    folder.mkdir()
    sandbox.prepare(folder, user)
    tried = """
import os, signal, socket, numpy, mlcourse
from mlcourse.exercises import lesson_04_1 as lesson
print(lesson.four_scores.sealed, os.environ.get("HOME") == os.getcwd(), len(os.environ))
for attempt in ("open('/usr/x', 'w')", "os.remove('/bin/sh')", "socket.create_connection(('127.0.0.1', 1), 1)",
                "numpy.ones(2**32)", "open('to', 'wb').write(bytes(200 * 2**20))"):
    try: eval(attempt); print("được", attempt)
    except (OSError, MemoryError) as error: print(type(error).__name__)
print(os.path.exists("README"))
count = 0
try:
    while count < 100:
        if os.fork() == 0: signal.pause()
        count += 1
except OSError: print("ít hơn 64", count < 64)
""".replace("README", str(assignment.ROOT / "README.md"))
    run = sandbox.command([sys.executable, "-c", tried], folder, package, user)
    done = subprocess.run(run, capture_output=True, text=True, timeout=60, env={**os.environ, "SECRET_TOKEN": "mật"})
    lines = done.stdout.split("\n")
    assert lines[0].startswith("True True"), done.stderr
    assert "được" not in done.stdout and lines[6] == "False" and lines[7] == "ít hơn 64 True", done.stdout


def test_root_without_walls_is_refused(monkeypatch):
    monkeypatch.setattr(sandbox, "bubblewrap", lambda: False)
    monkeypatch.setattr(sandbox.os, "geteuid", lambda: 0)
    assert "apt install bubblewrap" in sandbox.missing()
    monkeypatch.setattr(sandbox.os, "geteuid", lambda: 1000)
    assert not sandbox.missing() and "container" in sandbox.warning()
    monkeypatch.setattr(sandbox.shutil, "which", lambda name: None)
    assert "prlimit" in sandbox.missing()


ALIKE = "def f(x):\n    return x  # a\u2028b\u2028c"


@pytest.mark.parametrize(
    "source, code, given",
    [
        ("f = lambda x: x; lesson.four_scores.check(f)", None, ["f"]),
        (f"import numpy as np\n\n\n%matplotlib inline\n{ALIKE}\nlesson.four_scores.check(f)", f"import numpy as np\n\n\n%matplotlib inline\n{ALIKE}", ["f"]),
        (f"try:\n    lesson.four_scores.check(f)\nexcept Exception:\n    pass\n{ALIKE}", None, ["f"]),
        (f"{ALIKE}\nfor g in (f,):\n    print(lesson.four_scores.check(g))", None, ["g"]),
        ("bai = 1, 2\nkq = lesson.forgotten_class.check(\n    *bai\n)", "bai = 1, 2", ["*bai"]),
        (f"{ALIKE}\nlesson.four_scores.check({'-' * 700}f)", ALIKE, None),
    ],
)  # fmt: skip
def test_only_the_call_to_check_is_cut_out(source, code, given):
    left, ((_, arguments),) = assignment.split(source)
    assert left == (source if code is None else code) and arguments == given


def test_a_file_made_to_hang_or_to_fill_the_memory_is_refused_at_once():
    started = time.monotonic()
    assignment.split("x = 1" + "\n" * 600_000 + "y = 2")
    for data in (b'{"cells":[' + b"{}," * 2_000_000, json.dumps({"cells": [{}] * 5000}).encode()):
        with pytest.raises(submission.Trouble, match="quá nhiều"):
            submission.read(data)
    sent, received = socket.socketpair()
    with sent, received:
        parts = b"[" + b"{}," * 400_000 + b"{}]"
        sender = threading.Thread(target=sent.sendall, args=(len(parts).to_bytes(4, "big") + parts,))
        sender.start()
        with pytest.raises(ValueError, match="quá nhiều"):
            answering.receive(received)
        sender.join()
    assert time.monotonic() - started < 20


def test_what_the_course_takes_the_judge_takes(ask):
    four = class_work.TASKS["four_scores"].solve
    for shape in (collections.deque, lambda a: dict(enumerate(a)).values(), lambda a: array.array("d", a)):
        answer = lambda tp, fp, fn, tn, shape=shape: shape(four(tp, fp, fn, tn))
        assert ask("04_1", "four_scores", {"f": answer})[0]["status"] == "đúng"
    labels = [
        pd.Series(["mèo"] * 90 + ["chó"] * 5 + ["gà"] * 5),
        pd.Series(["mèo"] * 95 + ["gà"] * 5, dtype="category"),
    ]
    for given in (labels, [labels[0], labels[1].astype(str)]):
        own = dict(zip("abcd", [*given, "chó", 2 / 3])) | {"all": [*given, "chó", 2 / 3]}
        assert ask("04_1", "forgotten_class", own, ["*all"])[0] == ask("04_1", "forgotten_class", own, list("abcd"))[0]
        assert ask("04_1", "forgotten_class", own, ["*all"])[0]["status"] == "đúng"


def test_split_keeps_what_python_cannot_read():
    assert assignment.split("def f(:\nlesson.four_scores.check(f)") == ("def f(:", [("four_scores", None)])
    assert assignment.split("x = 1\nlesson.a.check(x,\n  y)\nz") == ("x = 1\nz", [("a", ["x", "y"])])
    assert assignment.split("x = 1\nkq = lesson.a.check(x)\nprint(lesson.b.check(y))") == (
        "x = 1",
        [("a", ["x"]), ("b", ["y"])],
    )
    assert assignment.split("def f():\n    lesson.a.check(1)\nlesson.b.hint()") == (
        "def f():\n    lesson.a.check(1)",
        [("b", None)],
    )
    assert assignment.split("%pip install x\nlesson.a.check(x)")[1] == [("a", ["x"])]
    assert assignment.split("print(1)") == ("print(1)", [])
