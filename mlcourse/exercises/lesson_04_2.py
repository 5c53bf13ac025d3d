"""04.2 · Đánh giá hồi quy: năm câu hỏi và bốn bài tập."""

import numpy as np

from .. import _check, metrics
from ..quiz import question
from . import exercise, open_exercise, word
from ._forbid import package

# --- Câu hỏi -------------------------------------------------------------------------------------------------------

opening = question(r"""
Giá trị thật là 1, 2, 3, 4. Mô hình đoán 4, 3, 2, 1. R² bằng bao nhiêu?
(x) −3, vì R² không có cận dưới
    Phần dư là −3, −1, 1, 3: tổng bình phương 20. Đoán trung bình 2.5 thì tổng bình phương là 5. R² = 1 − 20/5 = −3:
    tổng bình phương gấp bốn, tức RMSE gấp đôi người chỉ biết đoán trung bình.
( ) −1, mức thấp nhất có thể
    Không có mức thấp nhất: đoán xa bao nhiêu thì R² âm bấy nhiêu. Hãy tính: tổng bình phương phần dư là 20, quanh trung
    bình là 5.
( ) 0, vì mô hình không nói được gì
    0 là điểm của người luôn đoán trung bình 2.5. Mô hình này còn tệ hơn người ấy.
( ) 1, vì hai dãy tương quan hoàn hảo
    Hệ số tương quan là −1, bình phương lên thành 1 thật. Nhưng R² không phải là bình phương của tương quan: nó hỏi mô
    hình đoán gần đến đâu, mà mô hình này đoán ngược.
""")

same_mae = question(r"""
Hai mô hình có cùng MAE là 10 phút. Mô hình A có RMSE 10.5, B có RMSE 40. Chúng khác nhau ở đâu?
( ) Không khác: hai số cùng đo độ sai, phải tin MAE
    Cùng đo độ sai nhưng cân nặng khác nhau. Chọn số nào tùy cái giá của việc sai xa, không tùy thói quen.
( ) B sai nhiều hơn A ở *mọi* mẫu
    Thế thì MAE của B đã cao hơn. MAE bằng nhau: chỗ này B sai hơn thì chỗ khác phải sai ít hơn.
(x) Sai số của B dồn vào ít mẫu hơn
    RMSE không bao giờ nhỏ hơn MAE, và hai số bằng nhau chỉ khi mọi lần sai như nhau. RMSE gấp bốn MAE nghĩa là vài lần
    sai rất xa gánh phần lớn.
""")

narrow_range = question(r"""
Cùng một mô hình, cùng RMSE 50. Trên cả tập, y có độ lệch chuẩn 80; trong một nhóm nhỏ, y chỉ có độ lệch chuẩn 55. R² đo
riêng trên nhóm nhỏ thế nào so với R² trên cả tập?
(x) Thấp hơn, vì R² còn tùy độ trải của y
    R² = 1 − MSE / phương sai của y: trên cả tập là 1 − 2500/6400 = 0.61, trên nhóm nhỏ chỉ còn 1 − 2500/3025 = 0.17.
    R² của hai tập khác nhau không so thẳng được.
( ) Như nhau, vì mô hình và RMSE đều không đổi
    Mô hình không đổi, sai số không đổi, nhưng R² so sai số ấy với độ trải của y *trong tập đang đo*, mà độ trải thì
    đổi: 80 thành 55.
( ) Cao hơn, vì y dao động ít thì dễ đoán
    Dễ đoán hơn cho *trung bình*, tức là cho đối thủ của mô hình, còn sai số của mô hình vẫn là 50. R² so hai bên, nên
    đối thủ khá lên thì R² tụt xuống.
""")

anscombe = question(r"""
Bốn tập dữ liệu có cùng trung bình, cùng phương sai, cùng đường hồi quy và cùng R² = 0.67. Vẽ ra thì chúng thế nào?
( ) Giống nhau, vì bấy nhiêu con số đã xác định dữ liệu
    Vài con số không xác định được mười một điểm: vô số tập điểm cùng có chúng, mỗi tập một hình dạng.
( ) Gần giống, vì chỉ khác nhau ở nhiễu
    Ở tập 2 và 3, phần dư có hình dạng; ở tập 4, một điểm có x xa quyết định cả độ dốc mà phần dư của nó bằng 0. R²
    không thấy điều nào.
(x) Khác hẳn nhau, mỗi tập một hình dạng
    Anscombe (1973) dựng bốn tập ấy để nói đúng điều này: R² gộp mọi phần dư thành một số, nên không thấy hình dạng.
""")

closing = question(r"""
Một mô hình chấm trên hai nhóm người mới. Nhóm 1: RMSE 20, R² 0.75. Nhóm 2: RMSE 21, R² 0.51. Câu nào đứng vững?
( ) Ở nhóm 2, mô hình sai hơn nhiều: R² mất gần một phần ba
    Sai hơn bao nhiêu thì RMSE nói: 21 so với 20. R² còn tùy đối thủ đoán trung bình giỏi đến đâu.
( ) Mô hình đã quá khớp nhóm 1
    Cả hai nhóm đều là người mới, mô hình chưa học ai trong số họ.
( ) Nhóm 2 khó đoán hơn, vì y ở đó trải rộng hơn
    Ngược lại. Độ lệch chuẩn của y là RMSE chia √(1 − R²): nhóm 1 là 20/0.5 = 40, nhóm 2 là 21/0.7 = 30.
(x) Sai số hai nhóm ngang nhau, còn y của nhóm 2 trải hẹp hơn
    Độ lệch chuẩn của y là RMSE chia √(1 − R²): 20/0.5 = 40 và 21/0.7 = 30. Đối thủ đoán trung bình khá lên, mô hình thì
    vẫn thế.
""")

# --- Bài tập 1: chọn chỉ số theo cái giá ------------------------------------------------------------------------------

_ERRORS = {  # độ lệch của ba mô hình trên 20 mẫu
    "A": np.full(20, 6.0),  # lần nào cũng sai 6
    "B": np.repeat([2.0, 28.0], [18, 2]),  # thường sai 2, hai lần sai 28
    "C": np.repeat([0.0, 100.0], [19, 1]),  # thường đúng, một lần sai 100
}
_SCORES = {"MAE": lambda e: np.mean(e), "RMSE": lambda e: np.sqrt(np.mean(e**2))}
_COSTS = {
    "dây điện": ("lệch 1 thì thiệt 1 đồng, lệch 2 thì 4 đồng, lệch 5 thì 25 đồng", lambda e: np.mean(e**2)),
    "phép đo": (
        "lệch quá 20 thì phải đo lại, mỗi lần 300 nghìn đồng, còn lại không sao",
        lambda e: np.mean(300.0 * (e > 20)),
    ),
    "giao hàng": ("lệch 1 phút đền 2 nghìn đồng, 5 phút đền 10 nghìn", lambda e: np.mean(2 * e)),
    "kho": ("lệch 1 thùng thiệt 3 nghìn đồng, 4 thùng thiệt 12 nghìn", lambda e: np.mean(3 * e)),
}


def _ranking(score):
    return sorted(_ERRORS, key=lambda name: score(_ERRORS[name]))


def _table(score):
    return ", ".join(f"{name} {score(errors):.1f}" for name, errors in _ERRORS.items())


def _judge_metric_for_cost(choices):
    if not isinstance(choices, dict) or set(choices) != set(_COSTS):
        return False, f"`choices` cần là dict có đúng bốn khóa {list(_COSTS)}, nhưng nhận được {choices!r}."
    missing = [name for name, value in choices.items() if value is ... or value is None]
    if missing:
        return None, f"Còn thiếu: {', '.join(missing)}. Mỗi việc chọn MAE, RMSE, hay không (không số nào trong hai)."
    choices = {name: {"mae": "MAE", "rmse": "RMSE"}.get(word(value), word(value)) for name, value in choices.items()}
    strange = [value for value in choices.values() if value not in ("MAE", "RMSE", "không")]
    if strange:
        return False, f"mỗi lựa chọn cần là 'MAE', 'RMSE' hay 'không', nhưng có {strange[0]!r}."
    for name, (story, cost) in _COSTS.items():
        agree = [metric for metric, score in _SCORES.items() if _ranking(score) == _ranking(cost)]
        if choices[name] != (agree[0] if agree else "không"):
            seen = "; ".join(f"{metric}: {_table(score)}" for metric, score in _SCORES.items())
            return False, (
                f"việc {name}, {story}. Ba mô hình, mỗi mô hình 20 mẫu: A lần nào cũng sai 6; B 18 lần sai 2, hai lần "
                f"sai 28; C 19 lần đúng, một lần sai 100. {seen}; "
                f"giá thật, trung bình một mẫu: {_table(cost)}. Câu trả lời '{choices[name]}' không "
                "khớp với thứ hạng theo giá thật."
            )
    return (
        True,
        "Giao hàng và kho theo MAE, dây điện theo RMSE; phép đo thì không số nào, hãy đếm thẳng số lần phải đo lại.",
    )


@open_exercise(
    judge=_judge_metric_for_cost,
    hints=(
        "Với mỗi việc, hãy hỏi: độ lệch gấp đôi thì giá gấp mấy, và có lúc nào giá nhảy không?",
        "Sai gấp đôi thì giá gấp đôi: MAE. Sai gấp đôi thì giá gấp bốn: RMSE. Giá nhảy bậc ở một ngưỡng: tính thẳng "
        "cái giá.",
    ),
    praise="Chỉ số tốt nhất là cái giá thật, khi bạn biết nó.",
)
def metric_for_cost():
    """Với mỗi việc, chọn "MAE", "RMSE" hay "không": chỉ số nào xếp hạng các mô hình đúng theo giá phải trả."""
    choices = {"dây điện": "RMSE", "phép đo": "không", "giao hàng": "MAE", "kho": "MAE"}
    return (choices,)


# --- Bài tập 2: R² bằng tay -----------------------------------------------------------------------------------------


def _r2_cases():
    rng = np.random.default_rng(1)
    y = rng.normal(50, 10, size=40)
    return {
        "đoán ngược": (np.array([1.0, 2.0, 3.0, 4.0]), np.array([4.0, 3.0, 2.0, 1.0])),
        "đoán trung bình": (np.array([1.0, 2.0, 6.0]), np.array([3.0, 3.0, 3.0])),
        "đoán đúng hết": (np.array([1.0, 2.0, 6.0]), np.array([1.0, 2.0, 6.0])),
        "40 mẫu": (y, y + rng.normal(2, 4, size=40)),
        "lệch đều": (y, y + 12),
    }


@exercise(
    cases=_r2_cases,
    returns=("R²",),
    forbids=(package(), package("sklearn")),
    hints=(
        "Hai tổng: bình phương phần dư `(y_true - y_pred) ** 2`, và bình phương độ lệch khỏi trung bình của `y_true`.",
        "`1 - ss_res / ss_tot`, với `ss_tot = np.sum((y_true - y_true.mean()) ** 2)`.",
    ),
    praise="So với người chỉ biết đoán trung bình: đó là toàn bộ ý nghĩa của R².",
)
def r_squared(y_true, y_pred):
    """Trả về R² của các dự đoán, không dùng `metrics`."""
    ss_res = np.sum((y_true - y_pred) ** 2)
    ss_tot = np.sum((y_true - y_true.mean()) ** 2)
    return 1 - ss_res / ss_tot


r_squared.mistake(r"""
đó là bình phương của hệ số tương quan: nó không thấy đoán ngược, cũng không thấy đoán lệch đều. R² hỏi đoán *gần* đến
đâu.
    1 - ss_res / ss_tot → np.corrcoef(y_true, y_pred)[0, 1] ** 2
mẫu số đang là độ trải của *dự đoán*: `y_true` và `y_pred` có đổi chỗ cho nhau không?
    (y_true - y_true.mean()) → (y_pred - y_pred.mean())
trung bình đang lấy từ *dự đoán*. Đối thủ của mô hình là trung bình của giá trị thật.
    y_true.mean() → y_pred.mean()
thiếu `1 −`: hàm trả về phần sai còn lại, nên mô hình hoàn hảo được 0.
    1 - →
tử số đang là độ trải của *dự đoán* quanh trung bình. Tỷ số ấy chỉ bằng R² với bình phương tối thiểu trên dữ liệu đã
học.
    1 - ss_res / ss_tot → np.sum((y_pred - y_true.mean()) ** 2) / ss_tot
`np.var` của phần dư bỏ mất trung bình của chúng, nên đoán lệch đều cũng được coi là đoán đúng. R² cộng bình phương của
chính các phần dư.
    1 - ss_res / ss_tot → 1 - np.var(y_true - y_pred) / np.var(y_true)
MSE (chia n) đang được so với phương sai chia n − 1. Hai vế phải chia cho cùng một số.
    1 - ss_res / ss_tot → 1 - np.mean((y_true - y_pred) ** 2) / np.var(y_true, ddof=1)
đang dùng giá trị tuyệt đối thay cho bình phương. R² so hai tổng *bình phương*.
    (y_true - y_pred) ** 2 → np.abs(y_true - y_pred)
    (y_true - y_true.mean()) ** 2 → np.abs(y_true - y_true.mean())
""")


# --- Bài tập 3: một cột mới đáng bao nhiêu ----------------------------------------------------------------------------


def _column_cases():
    rng = np.random.default_rng(3)
    X = rng.normal([5.0, -2.0, 0.0], 1.0, size=(30, 3))
    y = 40 + X @ [2.0, -1.0, 0.5] + rng.normal(0, 2, size=30)
    useful = rng.normal(10, 3, size=30)
    noise = rng.normal(1, 1, size=(40, 30))
    tall = rng.normal(size=(20, 16))
    return {
        "cột có ích": (X, useful, y + 0.8 * useful),
        "cột nhiễu": (X, noise[0], y),
        "cột nhiễu gặp may": (X, max(noise, key=lambda column: column_gain.solve(X, column, y)[1]), y),
        "16 cột, 20 người": (tall, rng.normal(size=20), tall[:, 0] + rng.normal(size=20)),
    }


@exercise(
    cases=_column_cases,
    returns=("R² tăng", "R² hiệu chỉnh tăng"),
    hints=(
        "Khớp hai lần: `X`, rồi `np.column_stack([X, column])`. Với `learner = models.ridge(0.0)`, dự đoán trên chính "
        "dữ liệu đã học là `learner(X, y)(X)`.",
        "Lần sau có d + 1 cột, nên bậc tự do của phần dư là n − (d + 1) − 1.",
    ),
    praise="R² không thể giảm. R² hiệu chỉnh thì giảm ở chừng bảy trên mười cột nhiễu, và tăng ở ba cột còn lại: nó "
    "trừ hao đúng tính trung bình, không đúng từng cột.",
)
def column_gain(X, column, y):
    """R² và R² hiệu chỉnh, trên dữ liệu đã học, tăng bao nhiêu khi thêm một cột."""
    n, d = X.shape

    def r2(Z):
        Z = np.column_stack([Z, np.ones(n)])
        e = y - Z @ np.linalg.pinv(Z) @ y
        return 1 - np.sum(e**2) / np.sum((y - y.mean()) ** 2)

    def lost(r2, d):  # 1 trừ đi số này là R² hiệu chỉnh
        return (1 - r2) * (n - 1) / (n - d - 1)

    before, after = r2(X), r2(np.column_stack([X, column]))
    return after - before, lost(before, d) - lost(after, d + 1)


column_gain.mistake(r"""
cột mới cũng là một đặc trưng: lần khớp sau có d + 1 cột.
    lost(after, d + 1) → lost(after, d)
quên b: nó cũng là một hệ số, nên còn n − d − 1 bậc tự do, không phải n − d.
    (n - d - 1) → (n - d)
tử số là n thay vì n − 1: độ trải quanh trung bình đã mất một bậc tự do cho chính trung bình.
    (n - 1) → n
phân số bị lật ngược: hệ số nhân với 1 − R² phải lớn hơn 1.
    (n - 1) / (n - d - 1) → (n - d - 1) / (n - 1)
b bị trừ hai lần: cột toàn số 1 không tính vào d, vì đã có số 1 trong n − d − 1.
    (n - d - 1) → (n - d - 2)
mô hình không có b: hãy thêm một cột toàn số 1.
    np.column_stack([Z, np.ones(n)]) → Z
hiệu đang là trước trừ sau.
    after - before → before - after
    lost(before, d) - lost(after, d + 1) → lost(after, d + 1) - lost(before, d)
đó là R² *sau* khi thêm cột, chưa phải là tăng bao nhiêu.
    after - before → after
    lost(before, d) - lost(after, d + 1) → 1 - lost(after, d + 1)
khớp riêng cột mới thì bỏ qua những cột đã có: hãy khớp lại cả mô hình.
    r2(np.column_stack([X, column])) → r2(column[:, None])
""")


# --- Bài tập 4: tương quan cao mà R² âm -------------------------------------------------------------------------------


def _judge_negative_r2(y_own, predictions, scale, shift):
    y, y_pred = _check.real("y_own", y_own, ndim=1), _check.real("predictions", predictions, ndim=1)
    _check.same_length("y_own", y, "predictions", y_pred)
    if len(y) < 10:
        return False, f"mới có {len(y)} mẫu. Hãy đưa ít nhất 10."
    if np.ptp(y) == 0 or np.ptp(y_pred) == 0:
        return False, "`y_own` hay `predictions` không đổi: tương quan không xác định."
    if max(np.abs(y).max(), np.abs(y_pred).max()) > 1e100:
        return False, "`y_own` hay `predictions` có số lớn quá 1e100. Hãy đổi sang đơn vị vừa phải."
    r, r2 = np.corrcoef(y, y_pred)[0, 1], metrics.r2_score(y, y_pred)
    seen = f"tương quan {r:.3f}, R² {r2:.3g}."
    if not r >= 0.9:
        return False, f"{seen} Cần ít nhất 0.9: dự đoán phải gần một đường thẳng dốc lên theo sự thật, mà vẫn xa."
    if r2 >= 0:
        return False, f"{seen} R² còn chưa âm: hãy làm cho dự đoán lệch đều, hay sai thang đo."
    if r > 0.99:
        return False, f"{seen} Cần tương quan nhiều nhất 0.99: mô hình thật không nằm đúng trên một đường thẳng."
    if scale is ... or shift is ...:
        return None, f"{seen} Còn thiếu `scale` và `shift`, hai số cứu mô hình."
    low, high = -1e100, 1e100
    cured = _check.number("scale", scale, low=low, high=high) * y_pred
    cured = cured + _check.number("shift", shift, low=low, high=high)
    saved = metrics.r2_score(y, cured)
    if saved < 0.8:
        return False, (
            f"{seen} Sau khi cứu, R² là {saved:.3g}, cần ít nhất 0.8: `scale`, `shift` là đường thẳng tốt nhất của "
            "`y_own` theo `predictions`."
        )
    return True, f"{seen[0].upper()}{seen[1:]} Sau khi cứu, R² {saved:.3f}."


@open_exercise(
    judge=_judge_negative_r2,
    hints=(
        "Tương quan không đổi khi cộng một hằng số hay nhân với một số dương; R² thì đổi. Nghĩ đến những lỗi thật: "
        "quên đổi từ độ F sang độ C, mô hình học ở một năm có mức giá khác.",
        "`models.least_squares(predictions[:, None], y_own)` cho `w` và `b`: đó là `scale` và `shift`.",
    ),
    praise="Mô hình ấy đi gần một đường thẳng với sự thật, chỉ nói sai thang. "
    "Khi làm thật, hãy tìm `scale`, `shift` trên tập xác thực.",
)
def negative_r2():
    """Ít nhất 10 giá trị thật và dự đoán (tương quan từ 0.9 đến 0.99, R² âm); hai số đưa R² lên ít nhất 0.8."""
    y_own = np.array([21.0, 24, 19, 27, 30, 22, 25, 28, 26, 23])  # nhiệt độ, độ C
    predictions = np.array([71.0, 74, 68, 80, 86, 70, 79, 81, 80, 72])  # độ F
    return y_own, predictions, 1 / 1.8, -32 / 1.8
