"""Bài tập: ô chưa điền, lời giải và từng lỗi hay gặp đều được chấm đúng; mọi thứ người học đọc đều lành lặn.

Bài tập mới trong ``mlcourse/exercises`` tự vào các bài kiểm tra này. Bài tập mở cần thêm một dòng trong ``OPEN``.
"""

import functools
import importlib
import inspect
import math
import pkgutil
import subprocess
import sys
import zipfile
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
import scipy.stats

import mlcourse
from mlcourse import data, exercises, losses, metrics, models, optim
from mlcourse.exercises import Exercise, FunctionExercise, OpenExercise, Outcome, Verdict, agree, exercise, run
from mlcourse.exercises import lesson_04_1 as lesson
from tests.helpers.vietnamese import check_vietnamese
from tests.test_quiz import check_html, text_of

NAMES = [found.name for found in pkgutil.iter_modules(exercises.__path__) if found.name.startswith("lesson_")]
LESSONS = [importlib.import_module(f"mlcourse.exercises.{name}") for name in NAMES]
ALL = {
    f"{module.__name__.split('.')[-1]}.{name}": value
    for module in LESSONS
    for name, value in vars(module).items()
    if isinstance(value, Exercise)
}
FUNCTIONS = {name: value for name, value in ALL.items() if isinstance(value, FunctionExercise)}
MISTAKES = {
    f"{name}-{i}": (value, mistake) for name, value in FUNCTIONS.items() for i, mistake in enumerate(value.mistakes)
}

Y = np.array([1] * 5 + [0] * 95)
THREE = np.repeat([0, 1, 2], [60, 35, 5])
RAW = data.load_diabetes()
SCALED = (RAW.X - RAW.X.mean(axis=0)) / RAW.X.std(axis=0)
TWO = {"ridge": models.ridge(0.01), "láng giềng": models.knn(10)}
(SIX,) = ALL["lesson_03_2.diagnose"].solve()
COST = {"dây điện": "RMSE", "phép đo": "không", "giao hàng": "MAE", "kho": "MAE"}
OPEN = {  # với mỗi bài tập mở: câu trả lời chưa đạt, và một mẩu của lời giải thích
    "lesson_00.three_columns": [
        (([0, 1, 4, 5], 0.5), "nhiều nhất ba cột khác nhau"),
        (([0, 0], 0.5), "nhiều nhất ba cột khác nhau"),
        (([0, 30], 0.5), "từ 0 đến 29"),
        ((["bán kính"], 0.5), "danh sách số thứ tự của cột"),
        ((0.5, [20, 21, 27]), "danh sách số thứ tự của cột"),
        (([20, 21, 27.5], 0.5), "danh sách số thứ tự của cột"),
        (([], 0.5), "từ một đến nhiều nhất ba cột"),
        (([9, 19], 0.5), "Hãy thêm một cột"),
        (([9, 19, 29], 0.5), "Hãy đổi một cột"),
        (([20], 1.5), "threshold cần nằm trong [0, 1]"),
    ],
    "lesson_01.own_family": [
        ((np.arange(29), np.arange(29), 1), "mới có 29 cặp số"),
        ((np.arange(30), np.ones(30), 1), "đều bằng nhau"),
        ((RAW.y, RAW.y, 1), "mất mát gần bằng 0"),
        ((RAW.X[:, 1], RAW.y, 1), "Cần thắng ít nhất 40 lần"),
        ((RAW.X[:, 1], RAW.y, 2), "chỉ còn 2 giá trị khác nhau"),
        ((RAW.X[:, 2], RAW.y, 0), "degree cần ít nhất là 1"),
        ((RAW.X[:, 2], RAW.y, 13), "degree cần nhiều nhất là 12"),
        ((RAW.X[:, 2], RAW.y[:-1], 1), "x có 442 mẫu nhưng y_own có 441 mẫu"),
    ],
    "lesson_02_1.mean_or_median": [
        ((np.arange(9), "trung vị", "một câu đủ dài năm tiếng"), "mới có 9 con số"),
        ((np.ones(12), "trung vị", "một câu đủ dài năm tiếng"), "mọi con số đều bằng nhau"),
        ((np.arange(12.0), "trung vị", "một câu đủ dài năm tiếng"), "Cần ít nhất 0.2"),
        (([1] * 5 + [9] * 5, "trung vị", "một câu đủ dài năm tiếng"), "bất kỳ số nào từ 1 đến 9"),
        ((np.arange(12.0) ** 4, "trung dung", "một câu đủ dài năm tiếng"), "`choice` cần là"),
        ((np.arange(12.0) ** 4, "trung vị", "vì thế"), "`reason` cần là một câu"),
        ((["một"] * 12, "trung vị", "một câu đủ dài năm tiếng"), "numbers cần là mảng số"),
        (([0.1] * 12, "trung vị", "một câu đủ dài năm tiếng"), "mọi con số đều bằng nhau"),
        (([3.7] * 11, "trung vị", "một câu đủ dài năm tiếng"), "mọi con số đều bằng nhau"),
        ((["12,5"] * 12, "trung vị", "một câu đủ dài năm tiếng"), "'12,5' là chữ, không phải số: hãy viết 12.5"),
        (([*range(12), None], "trung vị", "một câu đủ dài năm tiếng"), "thiếu 1, đầu tiên ở vị trí 12"),
        ((np.arange(12.0) ** 4, "trung vị", "! ! ! ! !"), "`reason` cần là một câu"),
        ((np.arange(12.0) ** 4, "trung vị", "a a a a a"), "`reason` cần là một câu"),
        ((np.arange(12.0) * 1e6, "trung vị", "một câu đủ dài năm tiếng"), "MSE là 5\u00a0500\u00a0000"),
    ],
    "lesson_03_2.diagnose": [
        (("A",), "đúng sáu khóa"),
        ((SIX | {"A": "quá khớp"},), "cần một cặp (bệnh, thuốc)"),
        ((SIX | {"A": {"bệnh": "quá khớp", "thuốc": "dừng sớm"}},), "cần một cặp (bệnh, thuốc)"),
        ((SIX | {"A": 3},), "ca A: cần một cặp (bệnh, thuốc)"),
        ((SIX | {"A": ("dừng sớm", "Quá  khớp")},), "ca A: bệnh đứng trước, thuốc đứng sau"),
        ((SIX | {"A": ("quá khớp", "ảnh gấp bốn"), "E": ("quá khớp", "dừng sớm")},), "tiền đã dùng cho ca A"),
        ((SIX | {"A": ("quá khớp", "ảnh gấp bốn")},), "chỉ đủ tiền mua ảnh cho một ca, mà bạn kê cho A, E"),
        ((SIX | {"B": ("dưới khớp", "dừng sớm")},), "chưa thấp hơn 10%"),
        ((SIX | {"D": ("dưới khớp", "nút gấp tám")},), "ca D, thuốc 'nút gấp tám'"),
        ((SIX | {"F": ("dưới khớp", "dừng sớm")},), "thuốc hợp. Nhưng bệnh thì không phải là dưới khớp"),
    ],
    "lesson_03_2.useful_l2": [
        ((SCALED[:19], RAW.y[:19], 1.0), "mới có 19 mẫu"),
        ((SCALED[:60], np.ones(60), 1.0), "đều bằng nhau"),
        ((SCALED, RAW.y, 1.0), "phạt không giúp được 5%"),
        ((np.hstack([SCALED, SCALED**2])[:60], RAW.y[:60], 1e-3), "còn cách chỗ tốt nhất hơn 2%"),
        ((SCALED[:25], np.random.default_rng(0).normal(size=25), 100.0), "Không λ nào hơn đoán trung bình được 5%"),
        ((np.random.default_rng(1).normal(size=(20, 100)), np.arange(20.0), 1.0), "Không λ nào hơn đoán trung bình"),
        ((SCALED[:60] * 1e-3, RAW.y[:60] * 1e160, 1.0), "số lớn quá 1e100"),
        ((SCALED[:125], RAW.y[:125], 0.03), "chưa hơn không phạt hay đoán trung bình được 5%: λ ấy còn nhỏ"),
        ((SCALED, RAW.y[:60], 1.0), "cần bằng nhau"),
        ((SCALED, RAW.y, -1.0), "l2 cần"),
    ],
    "lesson_04_2.metric_for_cost": [
        (("MAE",), "đúng bốn khóa"),
        ((COST | {"dây điện": "R2"},), "nhưng có 'r2'"),
        ((COST | {"giao hàng": "RMSE"},), "một mẫu: A 12.0, B 9.2, C 10.0"),
        ((COST | {"dây điện": "MAE"},), "một mẫu: A 36.0, B 82.0, C 500.0"),
        ((COST | {"phép đo": "RMSE"},), "một mẫu: A 0.0, B 30.0, C 15.0"),
        ((COST | {"kho": " Không "},), "một mẫu: A 18.0, B 13.8, C 15.0"),
    ],
    "lesson_05.spot_the_bug": [
        ((["A"],), "đúng các khóa"),
        (({name: "quá khớp" for name in "ABCDE"},), "nhưng có 'quá khớp'"),
        (({name: "không cập nhật" for name in "ABCDE"},), "đúng 1 trên 5 ca. Ca A đi từ 9.52"),
    ],
    "lesson_05.compare_two": [
        ((SCALED[:29], RAW.y[:29], TWO, "ridge"), "mới có 29 mẫu"),
        ((SCALED, RAW.y, {"ridge": TWO["ridge"]}, "ridge"), "đúng hai learner"),
        ((SCALED, RAW.y, TWO, "cây"), "nhưng nhận được 'cây'"),
        ((SCALED, RAW.y, TWO, "láng giềng"), "chiều bị ngược: RMSE thấp hơn là của ridge"),
        ((SCALED, RAW.y, TWO, "chưa rõ"), "hiệu đã qua vạch, nghiêng về ridge"),
        ((SCALED, RAW.y, {"a": TWO["ridge"], "b": TWO["ridge"]}, "a"), "tỷ số 0.00"),
        ((SCALED, RAW.y, {"a": TWO["ridge"], "chưa rõ": TWO["ridge"]}, "a"), "không phải là 'chưa rõ'"),
        ((SCALED[:60], RAW.y[:60], TWO, "ridge"), "chưa gọi ai là hơn được"),
        ((SCALED, RAW.y, {**TWO, "láng giềng": len}, "ridge"), "learner láng giềng: hàm cần nhận 2 đối số"),
    ],
    "lesson_06.bagging_ratios": [
        (([0.5, 1.0],), "đúng hai khóa"),
        (({"2 láng giềng": -1, "bậc 7": 1},), "ratios['2 láng giềng'] cần"),
        (({"2 láng giềng": 0.02, "bậc 7": 1.0},), "bạn điền 0.02, ô chấm đo được"),
        (({"2 láng giềng": 0.65, "bậc 7": 0.9},), "bậc 7: bạn điền 0.9"),
        (({"2 láng giềng": 1.53, "bậc 7": 50},), "Với 2 láng giềng: hoặc tỷ số bị lật ngược"),
    ],
    "lesson_06.two_illnesses": [
        ((SCALED[:39], RAW.y[:39], (models.ridge(10.0), models.ridge(0.01))), "mới có 39 mẫu"),
        ((SCALED, RAW.y, (models.ridge(10.0),)), "cần là hai learner"),
        ((SCALED, RAW.y, (models.ridge(10.0), lambda: 0)), "learner tự do: hàm cần nhận 2 đối số"),
        ((SCALED, RAW.y, (models.knn(5)(SCALED, RAW.y), len)), "learner gò bó: đó là một mô hình *đã học*"),
        ((SCALED, RAW.y, (models.ridge(0.01), models.ridge(10.0))), "hai learner đổi chỗ"),
        ((SCALED, RAW.y, (models.ridge(0.1), models.ridge(0.05))), "phương sai ít nhất gấp 3"),
        ((SCALED, RAW.y, (models.knn, models.knn(5))), "`models.knn` còn thiếu tham số"),
        ((SCALED, RAW.y, (lambda X, y: lambda at: np.zeros(len(at)), models.knn(5))), "nó không học từ `X, y`"),
        ((SCALED, RAW.y, (models.knn(50), lambda X, y: {}["cột"])), "không có khóa"),
        ((SCALED, RAW.y, (models.ridge(0.1), models.knn(1))), "số thứ nhất thấp hơn ít nhất 2%"),
    ],
    "lesson_07.broken_reward": [
        (([*"abcd"], [0, 1, 2, 3], [0, 1, 2, 3], [0.25] * 4), "mới có 4 câu"),
        (([*"abcde"], [0, 1, 2, 3], [0, 1, 2, 3, 4], [0.2] * 5), "proxy_own có 5"),
        (([*"abcde"], [0, 1, 2, 3, 4], [0, 1, 2, 3, 4], [0.3] * 5), "tổng bằng 1"),
        (([*"abcde"], [4, 3, 2, 1, 0], [0, 1, 2, 3, 4], [0.2] * 5), "Chưa có lúc nào tốt lên rõ"),
        (([*"abcde"], [0, 2, 3, 1, -5], [0, 1, 2, 3, 4], [0.5, 0.3, 0.1, 0.07, 0.03]), "hơn lúc đầu 0.1% quãng"),
        (([*"abcde"], [0, 1, 2, 3, 4], [0, 1, 2, 3, 4], [0.2] * 5), "Chưa quá đà"),
    ],
    "lesson_04_2.negative_r2": [
        ((np.arange(9.0), np.arange(9.0), 1, 0), "mới có 9 mẫu"),
        ((np.ones(10), np.arange(10.0), 1, 0), "tương quan không xác định"),
        ((np.arange(10.0), -np.arange(10.0), 1, 0), "Cần ít nhất 0.9"),
        ((np.arange(10.0) * 1e150, -np.arange(10.0), 1, 0), "số lớn quá 1e100"),
        ((np.arange(10.0), np.arange(10.0), 1, 0), "R² còn chưa âm"),
        ((np.arange(10.0), np.arange(11.0), 1, 0), "cần bằng nhau"),
        ((np.arange(10.0), np.arange(10.0) + 9, 1, -9), "Cần tương quan nhiều nhất 0.99"),
        ((np.arange(10.0), np.arange(10.0) // 2 * 2 + 9, 1, 0), "Sau khi cứu, R² là -7.79"),
        ((np.arange(10.0), np.arange(10.0) // 2 * 2 + 9, 1, "9"), "shift cần"),
    ],
    "lesson_03_1.honest_pipeline": [
        ((0.5,), "cần chính hàm của bạn"),
        ((lambda X, y, rng: 0.5,), "hàm cần nhận 4 đối số"),
        ((lambda X, y, groups, rng: (0.9, 1),), "nhưng trả về (0.9, 1)"),
        ((lambda X, y, groups, rng: float("nan"),), "trên bệnh án thật: hàm cần trả về một số"),
        ((lambda X, y, groups, rng: X[10**6],), "có chỉ số vượt ra ngoài mảng"),
        ((lambda X, y, groups, rng: 95.0,), "Đó có vẻ là phần trăm, hãy chia cho 100"),
        ((lambda X, y, groups, rng: -0.5,), "cần trả về một số trong [0, 1], nhưng trả về -0.5"),
        ((lambda X, y, groups, rng: 0.5,), "hãy chia bằng `rng` của đề bài"),
        ((lambda X, y, groups, rng: 0.49 + 0.01 * rng.random(),), "chưa đến 0.9"),
        ((lambda X, y, groups, rng: 0.94 + 0.01 * rng.random(),), "sai số chuẩn: có rò rỉ"),
        ((lambda X, y, groups, rng: 0.49 + rng.random() / 100 + 0.4 * (len(set(groups)) < 60),), "chia theo `groups`"),
    ],
    "lesson_03_1.leaking_lines": [
        (({2, 3},), "còn thiếu 1 dòng"),
        (([2, 3, 7],), "dòng 7 chỉ học trên các hàng"),
        (({1, 2, 3},), "không nhìn hàng nào khác"),
        (([0, 9],), "số dòng từ 1 đến 9"),
        ((["một"],), "số dòng từ 1 đến 9"),
        ((set(),), "lines"),
        (("2, 3, 8",), "`lines` cần là tập các số dòng"),
        (([10**400, 2],), "`lines` cần là tập các số dòng"),
    ],
    "lesson_02_2.converge": [
        ((RAW.X, optim.sgd(0.01)), "vẫn phân kỳ, mất mát tràn số ở bước"),
        ((RAW.X, optim.sgd(1e-5)), "MSE còn quá 2880"),
        ((RAW.X, optim.adam(1.0)), "MSE còn quá 2880"),
        ((SCALED, optim.sgd(0.2499)), "mười bước cuối MSE không xuống nữa mà lên"),
        ((SCALED, optim.sgd(0.26)), "đang xa dần: sau 100 bước MSE gấp"),
        ((SCALED, optim.sgd(0.01)), "MSE còn quá 2880"),
        ((SCALED, optim.sgd(0.248)), "sát giới hạn quá"),
        ((SCALED[:100], optim.sgd(0.1)), "100 hàng, cần đủ 442"),
        ((np.c_[SCALED, RAW.y], optim.sgd(0.1)), "không phải là tổ hợp tuyến tính"),
        ((np.c_[SCALED, np.sign(RAW.y - RAW.y.mean())], optim.sgd(0.1)), "không phải là tổ hợp tuyến tính"),
        ((SCALED @ np.linalg.lstsq(SCALED, RAW.y, rcond=None)[0][:, None], optim.sgd(0.1)), "có phải bạn đã dùng y"),
        ((np.c_[SCALED, np.ones(442)], optim.sgd(0.1)), "đừng thêm cột toàn số 1"),
        ((SCALED, optim.sgd(0.03)), "xuống 2880.4 sau"),
        ((RAW.X / RAW.X.std(axis=0), optim.sgd(1e-3)), "hãy trừ trung bình trước khi chia"),
        ((SCALED[:, [2, 3, 8]], optim.sgd(0.1)), "vẫn còn MSE 3083: bạn đã bỏ mất thông tin"),
        ((SCALED.T, optim.sgd(0.1)), "có lẽ mảng bị chuyển vị"),
        ((SCALED.round(3), optim.sgd(0.1)), "có lẽ đã làm tròn"),
        ((SCALED * 1e100, optim.sgd(1e-201)), "có số lớn hơn một triệu"),
        ((len, optim.sgd(0.1)), "gọi tiếp `standardizer(X)(X)`"),
        ((optim.sgd(0.1), SCALED), "hai đối số đảo chỗ"),
        ((SCALED, optim.sgd), "còn là một hàm chưa gọi"),
        ((SCALED, optim.sgd(0.5)), "gấp hơn một nghìn lần lúc đầu"),
        ((SCALED[:, 0], optim.sgd(0.1)), "new_X cần có 2 chiều"),
        ((SCALED, 0.1), "optimizer cần là một optim.Optimizer"),
    ],
    "lesson_04_1.forgotten_class": [
        ((THREE[-45:], THREE[-45:], 2, 0.5), "mới có 45 ca"),
        ((Y, Y, 1, 1.0), "chỉ có 2 lớp"),
        ((THREE, THREE * 0, 2, 1 / 3), "gọi ca nào cũng bằng một tên"),
        ((THREE, THREE + 1, 2, 1 / 3), "nhãn 3 mà `y_true` không có"),
        ((THREE, THREE, 2, 1.0), "hai con số còn gần nhau"),
        ((THREE, 1 - np.minimum(THREE, 1), 2, 0.0), "độ chính xác chưa đến 0.9"),
        ((THREE, np.minimum(THREE, 1), 1, 2 / 3), "chưa phải lớp bị bỏ quên nhất"),
        ((THREE, np.minimum(THREE, 1), 2, 0.95), "đó là độ chính xác"),
        ((THREE, np.minimum(THREE, 1), 2, 0.0), "recall của lớp thấp nhất"),
        ((THREE, np.minimum(THREE, 1), 2, "0,667"), "macro_recall cần là một số"),
        ((THREE, THREE[:-1], 2, 0.9), "y_true có 100 mẫu nhưng y_pred có 99 mẫu"),
        ((THREE,), "cần 4 đối số (y_true, y_pred, forgotten, macro_recall), nhưng nhận được 1"),
    ],
}


def test_every_lesson_is_found():
    assert lesson in LESSONS
    assert [name for name in ALL if "04_1" in name] == [
        f"lesson_04_1.{name}"
        for name in (
            "four_scores",
            "auc_by_pairs",
            "auc_by_ranks",
            "precision_elsewhere",
            "best_threshold",
            "forgotten_class",
        )
    ]
    assert {name for name in ALL if isinstance(ALL[name], OpenExercise)} == set(OPEN)


@pytest.mark.parametrize("name", ALL)
def test_exercise_is_complete(name):
    task = ALL[name]
    assert len(task.hints) == 2 and task.solve.__name__ == name.split(".")[1]
    for text in [task.task, *task.hints, task.praise]:
        for part in text.split("\n"):
            check_vietnamese(part) if part else None
    if isinstance(task, FunctionExercise):
        assert len({mistake.why for mistake in task.mistakes}) >= 3
        for why in {mistake.why for mistake in task.mistakes}:
            check_vietnamese(why)
        for label in task.cases():
            check_vietnamese(label)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_stub_is_not_done_yet(name):
    task = FUNCTIONS[name]
    count = len(task.returns)
    stubs = [
        lambda *args: ...,
        lambda *args: None,
        lambda *args: ... / 2,
        lambda *args: (...,) * count,
        lambda *args: [None] * count,
        lambda *args: (0.5,) * (count - 1) + (...,),
    ]
    for stub in stubs:
        assert task.check(stub).status == "chưa làm"
    assert task.check(...).status == task.check(None).status == "chưa làm"


@pytest.mark.parametrize("name", ALL)
def test_solution_as_shown_is_right(name):
    task = ALL[name]
    namespace = {"np": np}
    source = repr(task.solution())
    assert source.startswith("def ") and '"""' not in source and max(map(len, source.splitlines())) < 90
    exec(source, namespace)  # noqa: S102 - người học cũng chép lời giải ra chạy như thế
    shown = namespace[task.solve.__name__]
    verdict = task.check(shown) if isinstance(task, FunctionExercise) else task.check(*shown())
    assert verdict.status == "đúng" and verdict.message.endswith(task.praise)


@pytest.mark.parametrize("name", MISTAKES)
def test_each_mistake_is_called_by_its_own_name(name):
    task, mistake = MISTAKES[name]
    verdict = task.check(mistake.wrong)
    assert verdict.status == "sai"
    assert verdict.message.startswith(mistake.why + "\n\nThử trường hợp ")
    assert "Có thể còn một lỗi khác" not in verdict.message
    check_html(verdict._repr_html_())
    for part in verdict.message.split("\n\n"):
        check_vietnamese(part)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_mistakes_can_be_told_apart(name):
    task = FUNCTIONS[name]
    cases = list(task.cases().values())
    answers = [(mistake, [run(mistake.wrong, args) for args in cases]) for mistake in task.mistakes]
    truth = [run(task.solve, args) for args in cases]
    for i, (mistake, a) in enumerate(answers):
        assert sum(not agree(x, y) for x, y in zip(a, truth)) >= 2, mistake.wrong.__name__  # một thì có thể là tình cờ
        for other, b in answers[:i]:
            same_name, same_answers = mistake.why == other.why, all(map(agree, a, b))
            assert same_name or not same_answers, (mistake.wrong.__name__, other.wrong.__name__)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_cases_are_the_same_every_time(name):
    first, second = FUNCTIONS[name].cases(), FUNCTIONS[name].cases()
    assert list(first) == list(second)
    assert all(np.array_equal(a, b) for label in first for a, b in zip(first[label], second[label]))


@pytest.mark.parametrize("name", OPEN)
def test_open_exercise(name):
    task = ALL[name]
    for answers, words in OPEN[name]:
        verdict = task.check(*answers)
        assert verdict.status == "sai" and words in verdict.message
        check_vietnamese(verdict.message)
        check_html(verdict._repr_html_())
    count = len(inspect.signature(task.judge).parameters)
    assert task.check(*[...] * count).status == task.check(*[None] * count).status == "chưa làm"


@pytest.mark.parametrize("name", ALL)
def test_help_opens_one_step_at_a_time(name):
    task = ALL[name]
    html = task.verdict("sai", "thử.")._repr_html_()
    tags = check_html(html)
    assert html == task.verdict("sai", "thử.")._repr_html_()
    assert tags.count("details") == 3 and html.rstrip().endswith("</details></details></details></div>")  # lồng nhau
    shown = text_of(html)
    steps = ["Sai, vì", "Gợi ý 1", "Gợi ý 2", "Lời giải", f"def {task.solve.__name__}("]
    assert sorted(steps, key=shown.index) == steps and task.solution() in shown
    right = text_of(task.verdict("đúng", "thử.")._repr_html_())
    assert "Đúng" in right and "Gợi ý" not in right and "để so" in right
    assert task.task.split("\n")[0].replace("`", "") in text_of(task._repr_html_()) and task.task in repr(task)
    check_html(task._repr_html_())


@pytest.mark.parametrize("name", ALL)
def test_hints_come_in_order_then_end(name, monkeypatch):
    task = ALL[name]
    monkeypatch.setattr(task, "_hints_given", 0)
    assert [repr(task.hint()) for _ in task.hints] == [f"Gợi ý {i}. {hint}" for i, hint in enumerate(task.hints, 1)]
    assert "Hết gợi ý" in task.hint() and "Hết gợi ý" in task.hint()


def test_verdict_in_plain_text():
    assert repr(Verdict("đúng", "Vì thế.")) == "✓ Đúng. Vì thế."
    assert repr(Verdict("sai", "vì thế.", (("Gợi ý 1", "Nhìn lại."),))).startswith("✗ Sai, vì vì thế.\n\nCần gợi ý")
    assert repr(lesson.four_scores.check(lambda tp, fp, fn, tn: ...)).startswith("○ Chưa làm. Hàm chưa trả về gì.")


# --- Những cách sai khác ----------------------------------------------------------------------------------------------


def answer(a, b, c, d):
    return lesson.four_scores.solve(a, b, c, d)


def misspelt(tp, fp, fn, tn):
    return (tp + tn) / totl  # noqa: F821


def sorts_in_place(y_true, y_score):
    y_score.sort()
    return 0.5


WAYS = [
    ("four_scores", misspelt, ["`return (tp + tn) / totl", "chưa được gán", "NameError: name 'totl' is not", "Dòng "]),
    (
        "four_scores",
        lambda *counts: tuple(map(str, answer(*counts))),
        ["phần tử thứ 1 (accuracy) là '0.85'", "4 số theo thứ tự (accuracy"],
    ),
    ("four_scores", lambda *counts: dict(enumerate(answer(*counts))), ["giá trị kiểu dict, cần 4 số"]),
    ("four_scores", lambda *counts: answer(*counts)[0], ["hàm trả về chỉ một số, cần 4 số"]),
    ("four_scores", lambda *counts: answer(*counts)[:3], ["hàm trả về 3 phần tử, cần 4 số"]),
    ("four_scores", lambda *counts: np.array(answer(*counts))[:, None], ["mảng dạng (4, 1)", ".ravel()"]),
    ("four_scores", lambda tp, fp, fn, tn: (0.85, 0.8, 0.7, 8 / 11), ["recall = 0.7, cần 0.6667", "tp=40, fp=10"]),
    ("four_scores", lambda *counts: answer(*counts) if counts[0] else None, ["trả về None", "thiếu `return`"]),
    ("four_scores", lambda *counts: print(answer(*counts)), ["không trả về gì", "`return`; `print`"]),
    ("auc_by_pairs", lambda y, s: s.sort(), ["đã sửa `s` ngay tại chỗ", "np.sort(s)"]),
    ("four_scores", lambda tp, fp, fn: 1, ["cần nhận 4 đối số theo thứ tự `(tp, fp, fn, tn)`", "nhận `(tp, fp, fn)`"]),
    ("four_scores", (0.5, 0.5, 0.5, 0.5), ["chính hàm của bạn", "không có cặp ngoặc"]),
    ("auc_by_pairs", sorts_in_place, ["đã sửa `y_score` ngay tại chỗ", "np.sort(y_score)", "trước khi gọi là [0.1"]),
    ("auc_by_pairs", lambda y, s: f"{lesson.auc_by_pairs.solve(y, s)}", ["hàm trả về chuỗi '0.8333", "một số (AUC)"]),
    ("auc_by_pairs", lambda y, s: np.array([lesson.auc_by_pairs.solve(y, s)]), ["mảng dạng (1,)", ".item()"]),
    ("auc_by_pairs", lambda y, s: 0.4, ["hàm trả về 0.4, cần 0.8333", "y_true=[0, 0, 1, 0, 1]"]),
    ("auc_by_pairs", lambda y, s: s[99], ["chỉ số vượt ra ngoài mảng", "IndexError"]),
    ("auc_by_pairs", lambda y, s: [[1, 2], 3], ["các phần tử không cùng dạng"]),
    ("auc_by_ranks", lambda y, s: lesson.auc_by_ranks.solve(y, s) if len(s) < 99 else 0.5, ["mảng 20\u00a0000 phần"]),
]


@pytest.mark.parametrize("name, function, words", WAYS)
def test_other_ways_to_be_wrong(name, function, words):
    verdict = getattr(lesson, name).check(function)
    assert verdict.status == "sai"
    for word in words:
        assert word in verdict.message
    check_html(verdict._repr_html_())


@pytest.mark.parametrize("value", [0, 0.3, 1, 2])
def test_a_coincidence_is_not_called_a_mistake(value):
    for task in FUNCTIONS.values():
        if len(task.returns) == 1:
            assert task.check(lambda *args: value).message.startswith("kết quả chưa đúng ở trường hợp ")


def test_two_mistakes_at_once_name_one_and_announce_more():
    def both(tp, fp, fn, tn):  # quên TN ở độ chính xác, và không chặn mẫu số bằng 0
        return tp / (tp + fp + fn + tn), tp / (tp + fp), tp / (tp + fn), 2 * tp / (2 * tp + fp + fn)

    message = lesson.four_scores.check(both).message
    assert message.startswith("hàm chia cho 0 (ZeroDivisionError)") and "Có thể còn một lỗi khác nữa" in message


def one_score_at_a_time(y_true, y_score):
    """Đúng, nhưng mỗi điểm lại nhìn cả mảng một lần."""
    rank_sum = below = 0
    for score in np.unique(y_score):
        here = y_score == score
        rank_sum += (here & (y_true == 1)).sum() * (below + (here.sum() + 1) / 2)
        below += here.sum()
    n_pos = (y_true == 1).sum()
    return (rank_sum - n_pos * (n_pos + 1) / 2) / (n_pos * (len(y_true) - n_pos))


def exact(tp, fp, fn, tn):
    """Bốn chỉ số bằng phân số; 0/0 là nan như đề bài."""
    pairs = ((tp + tn, tp + fp + fn + tn), (tp, tp + fp), (tp, tp + fn), (2 * tp, 2 * tp + fp + fn))
    return tuple(Fraction(a, b) if b else float("nan") for a, b in pairs)


def test_other_right_ways_are_right():
    def loops(y_true, y_score):
        wins = [(a > b) + 0.5 * (a == b) for a in y_score[y_true == 1] for b in y_score[y_true == 0]]
        return sum(wins) / len(wins)

    assert lesson.auc_by_pairs.check(loops).status == "đúng"
    assert lesson.auc_by_pairs.check(metrics.roc_auc_score).status == "đúng"
    assert lesson.auc_by_ranks.check(metrics.roc_auc_score).message.startswith("đề bài không cho gọi `roc_auc_score`")
    assert "dữ liệu gấp 4 thì bộ nhớ gấp" in lesson.auc_by_ranks.check(lesson.auc_by_pairs.solve).message
    assert "dữ liệu gấp 4 thì thời gian gấp" in lesson.auc_by_ranks.check(one_score_at_a_time).message
    assert lesson.four_scores.check(exact).status == "đúng"
    true, guess = np.repeat([0, 1, 2], [11, 39, 10]), np.repeat([0, 1, 2, 0], [11, 39, 7, 3])
    assert lesson.forgotten_class.check(true, guess, "2 ", 0.9).status == "đúng", "hơn kém đúng 0.05"
    assert lesson.four_scores.check(lambda *counts: np.array(answer(*counts), np.float32)).status == "đúng"
    assert lesson.four_scores.check(lambda *counts: list(answer(*counts))).status == "đúng"


def test_names_are_read_as_typed_on_any_keyboard():
    capitals = {"Ridge": TWO["ridge"], "Láng giềng": TWO["láng giềng"]}
    assert ALL["lesson_05.compare_two"].check(SCALED, RAW.y, capitals, "Ridge").status == "đúng"
    (bugs,) = ALL["lesson_05.spot_the_bug"].solve()
    typed = {name: f" {bug.capitalize()} " for name, bug in bugs.items()}
    assert ALL["lesson_05.spot_the_bug"].check(typed).status == "đúng"


def test_what_is_forbidden_is_a_call_not_a_name_of_ones_own():
    task = FUNCTIONS["lesson_04_2.r_squared"]

    def own_name(y_true, y_pred):
        metrics = np.sum((y_true - y_pred) ** 2)
        r2_score = 1 - metrics / np.sum((y_true - y_true.mean()) ** 2)
        return r2_score

    assert task.check(own_name).status == "đúng"
    for called in (lambda a, b: metrics.r2_score(a, b), metrics.r2_score):
        assert task.check(called).message.startswith("đề bài không cho gọi hàm của `mlcourse`")


def test_division_by_zero_in_numpy_neither_warns_nor_stops():
    def by_numpy(*counts):
        tp, fp, fn, tn = np.array(counts, float)
        return (tp + tn) / (tp + fp + fn + tn), tp / (tp + fp), tp / (tp + fn), 2 * tp / (2 * tp + fp + fn)

    assert lesson.four_scores.check(by_numpy).status == "đúng"


def test_solutions_agree_with_scikit_learn():
    sk = pytest.importorskip("sklearn.metrics", reason="cần scikit-learn để so lời giải")
    for y, s in lesson.auc_by_ranks.cases().values():
        for task in (lesson.auc_by_pairs, lesson.auc_by_ranks):
            assert task.solve(y, s) == pytest.approx(sk.roc_auc_score(y, s), abs=1e-12)
    for tp, fp, fn, tn in lesson.four_scores.cases().values():
        y, p = np.repeat([1, 0, 1, 0], [tp, fp, fn, tn]), np.repeat([1, 1, 0, 0], [tp, fp, fn, tn])
        scores = [score(y, p, zero_division=np.nan) for score in (sk.precision_score, sk.recall_score, sk.f1_score)]
        wanted = (sk.accuracy_score(y, p), *scores)
        assert lesson.four_scores.solve(tp, fp, fn, tn) == pytest.approx(wanted, abs=1e-12, nan_ok=True)
    for y, s, cost_fp, cost_fn in lesson.best_threshold.cases().values():
        total = {}
        for threshold in [*s, np.inf]:
            (_, fp), (fn, _) = sk.confusion_matrix(y, s >= threshold, labels=[0, 1])
            total[threshold] = cost_fp * fp + cost_fn * fn
        cheapest = max(threshold for threshold in total if total[threshold] == min(total.values()))
        assert lesson.best_threshold.solve(y, s, cost_fp, cost_fn) == cheapest


def test_a_wrong_answer_does_not_wait_for_the_large_case():
    sizes = []
    lesson.auc_by_ranks.check(lambda y, s: sizes.append(len(y)) or 0.25)
    assert sizes and max(sizes) < 1000


def test_nothing_is_hidden_by_an_interrupt():
    @exercise(cases=lambda: {"một": (1,)}, returns=("x",), hints=(), praise="")
    def same(x):
        return x

    def stop(x):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        same.check(stop)


def test_works_from_a_zipped_wheel(tmp_path):
    package = Path(mlcourse.__file__).parent
    wheel = tmp_path / "mlcourse.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for path in [*package.rglob("*.py"), *package.glob("_data/*")]:
            archive.write(path, Path("mlcourse") / path.relative_to(package))
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); import numpy as np\n"
        "from mlcourse.exercises import lesson_04_1 as lesson\n"
        "assert '.whl' in lesson.__file__; names = {'np': np}; exec(lesson.four_scores.solution(), names)\n"
        "assert lesson.four_scores.check(names['four_scores']).status == 'đúng'\n"
        "assert 'def auc_by_pairs' in lesson.auc_by_pairs.check(lambda y, s: 0.3)._repr_html_()\n"
        "assert lesson.forgotten_class.check(*lesson.forgotten_class.solve()).status == 'đúng'\n"
        "assert 'phòng khám' in lesson.opening._repr_html_()"
    )
    run = [sys.executable, "-W", "error", "-X", "utf8", "-c", code, str(wheel)]
    out = subprocess.run(run, capture_output=True, text=True, cwd=tmp_path, check=False)
    assert out.returncode == 0, out.stderr


def test_adam_of_the_exercise_is_that_of_the_package():
    adam_step, rng = ALL["lesson_02_2.adam_step"].solve, np.random.default_rng(0)
    params, optimizer = {"w": np.array([1.5])}, optim.adam(0.1)
    state, (theta, m, v) = optimizer.init(params), (1.5, 0.0, 0.0)
    for t, g in enumerate(rng.normal(size=50)):
        updates, state = optimizer.update({"w": np.array([g])}, state, params)
        params = optim.apply_updates(params, updates)
        theta, m, v = adam_step(theta, g, m, v, t, 0.1)
        assert theta == pytest.approx(params["w"][0], rel=1e-12)


def entropy(p):
    p = p[p > 0]
    return -np.sum(p * np.log(p))


def log_softmax(Z):
    shifted = Z - Z.max(axis=1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))


def by_pairs(y, z):
    return -log_softmax(np.stack([0 * z, z], axis=1))[np.arange(len(y)), y].mean()


class Model:
    def __call__(self, p):
        return losses.entropy(p) / np.log(2)


def by_cross_entropy(p):
    z = np.log(np.maximum(p, 1e-300))
    return p @ [losses.cross_entropy([j], [z]) for j in range(len(p))] / np.log(2)


def timed(function):
    """Decorator không có `functools.wraps`."""
    return lambda *args: function(*args)


class ByRanks:
    def __call__(self, y, s):
        return helped(y, s)


def helped(y, s, rank=None):
    return lesson.auc_by_ranks.solve(y, s)


def test_wrapped_functions_are_looked_into():
    ranks = lesson.auc_by_ranks
    for right in (functools.partial(helped, rank=1), ByRanks(), timed(ranks.solve)):
        assert ranks.check(right).status == "đúng"
    assert "`roc_auc_score`" in ranks.check(timed(lambda y, s: metrics.roc_auc_score(y, s))).message
    silent = functools.partial(lambda extra, y, s: print(extra), "x")
    assert ranks.check(silent).mistake == "không trả về gì"


def test_only_functions_of_the_package_are_forbidden_under_whatever_name():
    bits, loss = ALL["lesson_02_1.entropy_in_bits"], ALL["lesson_02_1.binary_loss"]
    assert bits.check(lambda p: entropy(p) / np.log(2)).status == "đúng", "tên của người học"
    assert bits.check(lambda p: scipy.stats.entropy(p, base=2)).status == "đúng", "đề chỉ cấm mlcourse"
    assert loss.check(by_pairs).status == "đúng"
    for task, function in (
        (bits, lambda p: losses.entropy(p) / np.log(2)),
        (bits, lambda p: getattr(losses, "ent" + "ropy")(p) / np.log(2)),
        (bits, by_cross_entropy),
        (bits, Model()),
        (loss, losses.binary_cross_entropy),
        (loss, functools.partial(losses.binary_cross_entropy)),
        (loss, timed(losses.binary_cross_entropy)),
        (loss, timed(lambda y, z: losses.binary_cross_entropy(y, z))),
        (loss, lambda y, z: models.logistic(1).loss({"w": np.ones(1), "b": np.zeros(1)}, z[:, None], y)),
    ):
        assert task.check(function).message.startswith("đề bài không cho gọi hàm của `mlcourse`")


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def divides_in_place(z, p, T):
    z /= T
    return (losses.softmax(z) - p) / T


SLIPS = [  # bài, hàm của người học, chữ phải có trong lời chấm
    (
        "mse_and_slope",
        lambda t, x, y: (np.mean((y - np.exp(t * x)) ** 2), -2 * (y - np.exp(t * x)) / len(x)),
        "mỗi mẫu một số. θ chung",
    ),
    (
        "mse_and_slope",
        lambda t, x, y: (np.mean((y - np.exp(t * x)) ** 2), 2 * (np.exp(t * x) - y) * x),
        "(đạo hàm) là mảng dạng (3,)",
    ),
    (
        "mse_and_slope",
        lambda t, x, y: (np.sum((y - np.exp(t * x)) ** 2), np.sum((y - np.exp(t * x)) * x)),
        "MSE = 6, cần 2; đạo hàm = 8",
    ),
    ("mse_and_slope", lambda t, x, y: (np.mean((y - np.exp(t * x)) ** 2), ...), "Phần đạo hàm còn là `...`."),
    ("entropy_in_bits", lambda p: -np.sum(p * np.log2(p + 1e-12)), "một số nhỏ thêm vào p"),
    ("entropy_in_bits", lambda p: np.log2(len(p)), "entropy khi các mặt *đều nhau*"),
    ("soft_gradient", lambda z, p, T: losses.softmax(z) - p, "đó là công thức khi T = 1"),
    ("soft_gradient", lambda z, p, T: (losses.softmax(z / T) - np.eye(len(p))[p.argmax()]) / T, "nhãn mềm đang bị coi"),
    ("soft_gradient", lambda z, p, T: (losses.softmax(z / T) - np.eye(len(p))[p.argmax()]) / T, "0.1753], cần [0.0356"),
    ("soft_gradient", lambda z, p, T: (losses.softmax(z / T) - (p > 0)) / T, "nhãn mềm đang bị coi"),
    ("soft_gradient", lambda z, p, T: -p / losses.softmax(z / T) / T, "đạo hàm theo xác suất p̂"),
    ("soft_gradient", divides_in_place, "vì `+=`, `/=`, `[…] =` sửa tại chỗ"),
    ("binary_loss", lambda y, z: np.logaddexp(0, z) - y * z, "mỗi mẫu còn một số"),
    ("binary_loss", lambda y, z: sum(math.log1p(math.exp(v)) - k * v for k, v in zip(y, z)) / len(y), "thì tràn số"),
    (
        "binary_loss",
        lambda y, z: -np.mean([math.log(1 / (1 + math.exp(v - 2 * k * v))) for k, v in zip(y, z)]),
        "tràn số",
    ),
    (
        "binary_loss",
        lambda y, z: np.mean(np.log(1 + np.exp(np.clip(z, -500, 500))) - y * np.clip(z, -500, 500)),
        "±500",
    ),
    *[
        ("binary_loss", plain, "`np.exp` của một số lớn là vô cực")
        for plain in (
            lambda y, z: np.mean(np.where(y == 1, np.log1p(np.exp(-z)), np.log1p(np.exp(z)))),
            lambda y, z: np.mean(y * np.log(1 + np.exp(-z)) + (1 - y) * np.log(1 + np.exp(z))),
            lambda y, z: np.mean(np.log(1 + np.exp(-(2 * y - 1) * z))),
            lambda y, z: np.mean(np.log1p(np.exp((1 - 2 * y) * z))),
            lambda y, z: -np.mean(y * np.log(sigmoid(z)) + (1 - y) * np.log(1 - sigmoid(z))),
        )
    ],
    *[
        (
            "binary_loss",
            lambda y, z, eps=eps: -np.mean(np.log(np.where(y, sigmoid(z), 1 - sigmoid(z)) + eps)),
            "mức trần",
        )
        for eps in (1e-5, 1e-7, 1e-10)
    ],
]


@pytest.mark.parametrize("name, function, words", SLIPS)
def test_slips_of_lesson_02_1_are_named(name, function, words):
    verdict = ALL[f"lesson_02_1.{name}"].check(function)
    assert verdict.status != "đúng" and words in verdict.message


def test_huge_numbers_have_a_mean():
    told = ALL["lesson_02_1.mean_or_median"].check([1e308] * 9 + [1.7e308] * 3, "trung vị", "một câu đủ dài năm tiếng")
    assert "MSE là 1.175e+308, theo MAE là 1e+308, cách nhau 0.58" in told.message


def test_a_column_close_to_y_without_y_is_not_called_cheating():
    converge, three = ALL["lesson_02_2.converge"], SCALED[:, [2, 3, 8]].sum(axis=1) - SCALED[:, 6]
    assert 0.68 < np.corrcoef(three, RAW.y)[0, 1] < 0.71
    assert converge.check(np.c_[SCALED, three / three.std()], optim.sgd(0.15)).status == "đúng"
    assert (
        "κ, kể cả cột của b, từ 52365337 thành vô hạn" in converge.check(np.c_[SCALED, SCALED], optim.sgd(0.1)).message
    )


def gd(w, b, x, y, rate, *, up_w=1, up_b=1, first=""):
    """Một bước gradient descent: dấu của từng bước, tham số nào được đổi trước."""
    b = b - rate * 2 * np.mean(w * x + b - y) if first == "b" else b
    gap = w * x + b - y
    moved = w - up_w * rate * 2 * np.mean(gap * x)
    return moved, b if first == "b" else b - up_b * rate * 2 * np.mean(gap)


@pytest.mark.parametrize(
    "name, answer, told",
    [
        ("gd_step", lambda *a: gd(*a, up_w=-1), "dấu ở w bị ngược"),
        ("gd_step", lambda *a: gd(*a, up_b=-1), "dấu ở b bị ngược"),
        ("gd_step", lambda *a: gd(*a, first="b"), "w được cập nhật bằng b *mới*"),
        ("gd_step", lambda *a: gd(*a[:4], 1.0), "quên tốc độ học"),
        ("gd_step", lambda *a: gd(*a)[::-1], "hai số đã đổi chỗ"),
        ("gd_step", lambda *a: tuple(np.array([part]) for part in gd(*a)), "hãy lấy số ra bằng `.item()`"),
        ("two_rates", lambda A: (2 / (v := np.linalg.eigvals(A))[-1], 2 / (v[0] + v[-1])), "không xếp các trị riêng"),
        ("adam_step", lambda m, v, t: m / np.sqrt(v) + 1e-8, "thiếu ngoặc nên cộng ra ngoài phân số"),
        ("adam_step", lambda m, v, t: m / np.sqrt(v) if v else 0.0, "0/0 đã tránh được"),
        ("adam_step", lambda m, v, t: m / max(np.sqrt(v), 1e-8), "0/0 đã tránh được"),
        (
            "adam_step",
            lambda m, v, t: m / (np.sqrt(v) + 1e-8 / np.sqrt(1 - 0.999 ** (t + 1))),
            "1e-8 đang cộng vào √v chưa hiệu chỉnh",
        ),
    ],
)
def test_slips_of_lesson_02_2_are_called_by_their_names(name, answer, told):
    def adam(theta, g, m, v, t, rate):
        m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g**2
        return theta - rate * answer(m / (1 - 0.9 ** (t + 1)), v / (1 - 0.999 ** (t + 1)), t), m, v

    assert told in ALL[f"lesson_02_2.{name}"].check(adam if name == "adam_step" else answer).message


def test_an_array_answer_is_shown_whole():
    task = ALL["lesson_02_1.soft_gradient"]
    assert "hàm trả về [0.5, 0.5], cần [0.5, -0.5]" in task.check(lambda z, p, T: losses.softmax(z / T) / T).message
    assert "cần mảng dạng (2,) (gradient)" in task.check(lambda z, p, T: 0.5).message
    assert "Hãy bỏ chiều thừa bằng `.ravel()`" in task.check(lambda z, p, T: np.ones((1, len(z)))).message


def test_gradients_of_the_exercises_agree_with_finite_differences():
    slope, h = ALL["lesson_02_1.mse_and_slope"], 1e-5
    for theta, x, y in slope.cases().values():
        up, down = slope.solve(theta + h, x, y)[0], slope.solve(theta - h, x, y)[0]
        assert slope.solve(theta, x, y)[1] == pytest.approx((up - down) / (2 * h), abs=1e-6)
    gradient = ALL["lesson_02_1.soft_gradient"]
    for z, p, temperature in gradient.cases().values():
        loss = lambda z, p=p, T=temperature: -(p * losses.log_softmax(z / T)).sum()
        moved = [(loss(z + h * one) - loss(z - h * one)) / (2 * h) for one in np.eye(len(z))]
        np.testing.assert_allclose(gradient.solve(z, p, temperature), moved, atol=1e-6)
    step = ALL["lesson_02_2.gd_step"]
    for w, b, x, y, rate in step.cases().values():
        loss = lambda w, b, x=x, y=y: np.mean((w * x + b - y) ** 2)
        moved = (loss(w + h, b) - loss(w - h, b)) / (2 * h), (loss(w, b + h) - loss(w, b - h)) / (2 * h)
        np.testing.assert_allclose(step.solve(w, b, x, y, rate), (w - rate * moved[0], b - rate * moved[1]), atol=1e-6)


# --- Cách so của máy chấm ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "before",
    [np.array([1.0, np.nan]), {"w": np.array([np.nan]), "b": 2}, [1, float("nan")], "chữ", np.array(["a", "b"])],
    ids=["mảng có NaN", "dict", "danh sách", "chuỗi", "mảng chuỗi"],
)
def test_an_argument_left_alone_is_not_called_changed(before):
    assert run(lambda x: 0.5, (before,)) == Outcome(0.5)


def test_drawing_from_the_given_rng_is_not_a_change():
    drawn = run(lambda rng: rng.normal(), (np.random.default_rng(0),))
    assert drawn.changed is None and drawn.value == np.random.default_rng(0).normal()


def test_a_change_before_an_error_or_inside_a_dict_is_seen():
    def sorts_then_stops(y):
        y.sort()
        return 1 / 0

    def steps_in_place(params):
        params["w"] -= 1
        return params["w"]

    stopped = run(sorts_then_stops, (np.array([2.0, 1.0]),))
    assert isinstance(stopped.error, ZeroDivisionError) and stopped.changed[0] == 0
    assert run(steps_in_place, ({"w": np.array([1.0])},)).changed[0] == 0


def test_a_small_number_is_not_zero():
    assert not agree(Outcome(0.0), Outcome(1e-10)) and agree(Outcome(1e-10), Outcome(1e-10 * (1 + 1e-7)))
    assert agree(Outcome(0.0), Outcome(1e-16)), "sai số làm tròn"
