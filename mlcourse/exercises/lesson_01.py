"""01 · Giới thiệu: bốn câu hỏi và bốn bài tập, cho người mới gặp học máy."""

import numpy as np

from .. import _check, losses, models
from ..quiz import question
from . import exercise, open_exercise
from ._forbid import calls, loops

# --- Câu hỏi -------------------------------------------------------------------------------------------------------

opening = question(r"""
Hai mô hình đoán mức tiến triển của bệnh. Trên 221 người đã dùng để học, mô hình A không sai chút nào; mô hình B, một
đường thẳng, trung bình mỗi người lệch 52. Ngày mai khám người mới, bạn dùng mô hình nào?
( ) A: đúng cả 221 lần cơ mà
    Đúng cả 221 lần thì có lẽ không phải may rủi. Nhưng đáp án của 221 người ấy đã cho xem từ trước; về người chưa gặp,
    con số 0 chưa nói gì. Hãy giữ câu trả lời này đến cuối bài.
(x) Chưa chọn được: còn thiếu một phép đo
    Hai con số đều đo trên người đã học. Còn thiếu con số đo trên những người chưa dùng để học; gần cuối bài ta đo.
( ) B: mô hình đơn giản thì luôn tốt hơn trên người mới
    Chọn B có thể đúng, nhưng không phải vì lý do ấy: đoán ai cũng một con số thì còn đơn giản hơn đường thẳng. Phải đo
    mới biết.
""")

argmin = question(r"""
Một bảng có hai cột giống hệt nhau. Bao nhiêu bộ tham số (w₁, w₂, b) đạt mất mát thấp nhất?
(x) Vô số bộ, tất cả đoán như nhau
    Chỉ có tổng w₁ + w₂ là có nghĩa: thêm vào w₁ và bớt ở w₂ cùng một lượng thì dự đoán của ai cũng giữ nguyên, nên mất
    mát cũng vậy.
( ) Không bộ nào
    Bỏ hẳn một cột, tức cho w₂ = 0, thì trở lại đường thẳng, mà đường thẳng có đáy. Thêm cột chép lại không đoán được
    gì khác: ít nhất bộ ấy đạt mất mát thấp nhất.
( ) Đúng một bộ, vì mất mát là một cái bát
    Lập luận của cái bát kết thúc bằng câu: phần thêm vào bằng 0 chỉ khi mọi Δ bằng 0. Hãy thử Δw₁ = 1 và Δw₂ = −1 trên
    hai cột giống nhau.
""")

family = question(r"""
Cùng 40 người để học. Mất mát thấp nhất trên chính 40 người ấy: đa thức bậc 9 so với đa thức bậc 2 thế nào?
( ) Bậc 9 cao hơn, vì phức tạp quá mức cần thiết
    Một đa thức bậc 2 cũng là một đa thức bậc 9 có bảy hệ số bằng 0. Vậy trên người đã học, bậc 9 làm được ít nhất bằng
    thế.
( ) Tùy dữ liệu: có khi cao hơn, có khi thấp hơn
    Dữ liệu nào cũng vậy: họ bậc 9 chứa họ bậc 2, nên chỗ thấp nhất tìm trong họ rộng không thể cao hơn chỗ thấp nhất
    tìm trong họ hẹp.
(x) Bậc 9 không bao giờ cao hơn bậc 2
    Mọi đa thức bậc 2 cũng là đa thức bậc 9: tìm trong một họ rộng hơn thì chỗ thấp nhất không thể cao hơn. Câu này chỉ
    nói về người đã học.
""")

closing = question(r"""
Trên người đã học: mô hình A có mất mát 0, B có 3814. Trên người mới: A có 5935, B có 3984, còn đoán ai cũng bằng trung
bình thì có 5935. Nhận xét nào đúng?
( ) A hơn B: B còn sai ngay cả trên những người đã học
    Trên người mới, A bằng đúng việc đoán ai cũng như ai, nghĩa là chẳng rút ra được gì về người chưa gặp. Nhớ chưa phải
    là học.
( ) B kém, vì mất mát 3814 vẫn rất lớn
    Lớn so với cái gì? So với đoán trung bình, B bớt được một phần ba. Phần còn lại có thể là nhiễu mà không mô hình nào
    của BMI xóa được.
( ) B hỏng, vì trên người mới B sai nhiều hơn trên người đã học
    Hơn 170, chừng 4%. Một đường thẳng học từ n điểm, tính trung bình, vẫn có mất mát trên điểm mới cao hơn trên điểm đã
    học; riêng chuyện ấy chưa phải là hỏng.
(x) B học được điều gì đó về người chưa gặp; A thì không
    3984 so với 5935 của việc không nhìn gì: BMI giúp bớt một phần ba mất mát. A trên người mới bằng đúng mô hình không
    nhìn gì.
""")

# --- Bài tập 1: viết mô hình ----------------------------------------------------------------------------------------


@exercise(
    cases=lambda: {
        "ba hệ số khác nhau": ((2.0, -1.0, 3.0), np.array([0.0, 1.0, -2.0])),
        "parabol úp": ((-1.0, 0.0, 4.0), np.array([-3.0, 0.05, 3.0])),
        "đường thẳng": ((0.0, 5.0, -2.0), np.array([1.0, 2.0, 3.0])),
    },
    returns=("dự đoán",),
    hints=(
        "Tách tham số ra trước: `w2, w1, b = theta`. Lũy thừa trong Python viết là `**`.",
        "`x` là một mảng, và `w2 * x**2 + w1 * x + b` tính cho cả mảng cùng lúc, không cần vòng lặp.",
    ),
    praise="Cả khóa học, mô hình nào cũng là một hàm như thế: tham số vào trước, dữ liệu vào sau.",
)
def quadratic(theta, x):
    """Trả về w₂ x² + w₁ x + b cho từng phần tử của mảng `x`; `theta` là (w₂, w₁, b)."""
    w2, w1, b = theta
    return w2 * x**2 + w1 * x + b


quadratic.mistake(r"""
thứ tự các hệ số bị ngược: θ = (w₂, w₁, b), với w₂ đi cùng x².
    w2, w1, b = theta → b, w1, w2 = theta
số hạng b không có mặt: đồ thị đang luôn đi qua gốc.
    + b →
đang tính w₂·(x²) thành (w₂·x)²: lũy thừa tính trước phép nhân, nên đừng đặt ngoặc quanh w₂·x.
    w2 * x**2 → (w2 * x) ** 2
số hạng x² đang là 2x: trong Python, lũy thừa viết là `**`.
    x**2 → x * 2
""")

# --- Bài tập 2: mất mát trên lưới -----------------------------------------------------------------------------------


def _grid_cases():
    rng = np.random.default_rng(1)
    x = rng.normal(size=50)
    return {
        "hai điểm, ba tham số": (np.array([0.0, 1.0, 2.0]), np.array([1.0, 2.0]), np.array([2.0, 2.0])),
        "lưới dài bằng dữ liệu": (np.array([-1.0, 0.5, 3.0]), np.array([1.0, -1.0, 2.0]), np.array([0.0, 1.0, 5.0])),
        "50 điểm, 21 tham số": (np.linspace(-3, 3, 21), x, 1.5 * x + rng.normal(size=50)),
    }


@exercise(
    cases=_grid_cases,
    returns=("MSE trên lưới",),
    forbids=(loops(),),
    hints=(
        "`w_grid[:, None] * x` là bảng dạng (m, n): hàng là tham số, cột là mẫu.",
        "Trừ y, bình phương, rồi lấy trung bình theo *cột*: `np.mean((w_grid[:, None] * x - y) ** 2, axis=1)`.",
    ),
    praise="Một chiều mới cho tham số, một chiều cho mẫu, rồi trung bình bỏ chiều mẫu: mẹo này dùng suốt khóa học.",
)
def loss_on_grid(w_grid, x, y):
    """Trả về mảng MSE của mô hình ŷ = w x, mỗi giá trị w trong `w_grid` một số."""
    return np.mean((w_grid[:, None] * x - y) ** 2, axis=1)


loss_on_grid.mistake(r"""
trung bình lấy nhầm chiều: chiều tham số bị bỏ, còn chiều mẫu ở lại. Mỗi tham số cần một số: bảng có hàng là tham số thì
trung bình theo `axis=1`, bảng có cột là tham số thì theo `axis=0`.
    axis=1 → axis=0
kết quả là *tổng* trên các mẫu, chưa chia cho n.
    np.mean → np.sum
đã lấy trung bình trên cả bảng, nên chỉ còn một số. Cần mỗi tham số một số: `axis=1`.
    , axis=1 →
đang lấy trung bình của phần dư rồi mới bình phương: sai số âm và dương triệt tiêu nhau.
    (w_grid[:, None] * x - y) ** 2, axis=1) → w_grid[:, None] * x - y, axis=1) ** 2
`w_grid * x` nhân từng cặp phần tử: hai mảng dài khác nhau thì không chạy được, dài bằng nhau thì mỗi tham số chỉ gặp
một mẫu. Hãy thêm một chiều cho tham số: `w_grid[:, None]`.
    w_grid[:, None] * x - y) ** 2, axis=1 → w_grid * x - y) ** 2
""")

# --- Bài tập 3: lời giải đóng ---------------------------------------------------------------------------------------


def _line_cases():
    rng = np.random.default_rng(3)
    x = rng.uniform(18, 40, size=60)
    return {
        "bốn điểm": (np.array([0.0, 1.0, 2.0, 3.0]), np.array([1.0, 2.0, 2.0, 5.0]), 1.0, 1.0),
        "đã ở đáy": (np.array([0.0, 1.0, 2.0]), np.array([1.0, 3.0, 5.0]), 2.0, 1.0),
        "60 điểm": (x, 10 * x - 100 + rng.normal(size=60) * 50, 9.5, -90.0),
    }


@exercise(
    cases=_line_cases,
    returns=("w*", "b*", "chênh lệch mất mát"),
    forbids=(calls("least_squares", "ridge", "polyfit", "lstsq"),),
    hints=(
        "Trừ trung bình khỏi cả x và y trước. w* là tích vô hướng của hai mảng ấy chia cho tích vô hướng của x với "
        "chính nó.",
        "b* = ȳ − w* x̄. Chênh lệch là MSE tại (w, b) trừ MSE tại (w*, b*): luôn không âm.",
    ),
    praise="Chênh lệch bằng 0 chỉ khi bạn đã ở đáy; với đường thẳng, đáy chỉ có một.",
)
def best_line_and_gap(x, y, w, b):
    """Trả về (w*, b*, MSE(w, b) − MSE(w*, b*)) của mô hình ŷ = w x + b, không gọi hàm khớp có sẵn."""
    dx, dy = x - x.mean(), y - y.mean()
    w_best = (dx @ dy) / (dx @ dx)
    b_best = y.mean() - w_best * x.mean()
    gap = np.mean((w * x + b - y) ** 2) - np.mean((w_best * x + b_best - y) ** 2)
    return w_best, b_best, gap


best_line_and_gap.mistake(r"""
w* đang tính từ x và y chưa trừ trung bình: đó là đường tốt nhất *đi qua gốc*, chưa có b.
    (dx @ dy) / (dx @ dx) → (x @ y) / (x @ x)
mẫu số đang là Σ(y − ȳ)²: đó là hệ số khi đoán x từ y. Đoán y từ x thì chia cho Σ(x − x̄)².
    (dx @ dx) → (dy @ dy)
b* đang là trung bình của y: chỉ đúng khi x̄ = 0. Cần ȳ − w* x̄.
    - w_best * x.mean() →
chênh lệch bị ngược dấu: mất mát của (w, b) không thể nhỏ hơn mất mát ở đáy.
    b_best, gap → b_best, -gap
số thứ ba đang là mất mát của (w, b), chưa trừ đi mất mát thấp nhất.
    - np.mean((w_best * x + b_best - y) ** 2) →
""")

# --- Bài tập 4: họ hàm cho dữ liệu của bạn --------------------------------------------------------------------------


def _judge_own_family(x, y_own, degree):
    x, y_own = _check.real("x", x, ndim=1), _check.real("y_own", y_own, ndim=1)
    _check.same_length("x", x, "y_own", y_own)
    degree = _check.integer("degree", degree, low=0, high=12)
    if len(x) < 30:
        return False, f"mới có {len(x)} cặp số. Ít thế thì con số trên điểm bị giấu nhảy lung tung: hãy đưa ít nhất 30."
    if np.ptp(y_own) == 0:
        return False, "mọi giá trị của `y_own` đều bằng nhau: không có gì để đoán."
    order = np.random.default_rng(0).permutation(len(x))
    learn, hidden = order[: len(x) * 2 // 3], order[len(x) * 2 // 3 :]
    if (distinct := len(np.unique(x[learn]))) <= degree:
        return False, f"`x` chỉ có {distinct} giá trị khác nhau: bậc cao nhất còn tính được là {distinct - 1}."
    predict = models.polynomial(degree)(x[learn, None], y_own[learn])
    found = losses.mse(y_own[hidden], predict(x[hidden, None]))
    baseline = losses.mse(y_own[hidden], np.full(len(hidden), y_own[learn].mean()))
    seen = (
        f"học từ {len(learn)} điểm, đo trên {len(hidden)} điểm bị giấu: đa thức bậc {degree} có mất mát "
        f"{found:.4g}, đoán trung bình có {baseline:.4g}."
    )
    if found > 0.95 * baseline:
        return False, f"{seen} Chưa hơn được 5%: hãy đổi bậc, hay tìm một cột có liên hệ rõ hơn với điều cần đoán."
    return True, f"{seen[0].upper()}{seen[1:]}"


@open_exercise(
    judge=_judge_own_family,
    hints=(
        "Bắt đầu bằng bậc 1. Nếu mất mát trên điểm bị giấu còn lớn hơn của việc đoán trung bình, có lẽ hai cột không "
        "liên quan, hoặc bậc quá cao.",
        "Trong `patients.X`, cột 8 (log triglyceride) và cột 3 (huyết áp) đều có liên hệ với `y`: hãy thử chúng với "
        "bậc 1 hay 2.",
    ),
    praise="Bạn vừa chọn một siêu tham số bằng điểm bị giấu. Chọn nhiều lần trên cùng những điểm ấy thì lại lạc quan: "
    "bài 03.1.",
)
def own_family():
    """Đưa ra `x`, `y_own` (ít nhất 30 cặp số) và bậc đa thức: trên điểm bị giấu, hơn đoán trung bình ít nhất 5%."""
    from mlcourse import data

    patients = data.load_diabetes()
    x, y_own = patients.X[:, 8], patients.y  # log triglyceride
    return x, y_own, 1
