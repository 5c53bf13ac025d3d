"""01 · Giới thiệu: bốn câu hỏi và bốn bài tập, cho người mới gặp học máy."""

import numpy as np

from .. import _check, losses, models
from ..quiz import question
from . import exercise, open_exercise
from ._forbid import calls, loops

# --- Câu hỏi -------------------------------------------------------------------------------------------------------

opening = question(r"""
442 người bệnh tiểu đường, mỗi người một hàng: BMI, và mức tiến triển của bệnh một năm sau. Có những người cùng BMI mà
khác mức, nên không hàm nào của BMI đoán đúng cho mọi người. Vậy máy "học" từ bảng ấy là đi tìm cái gì?
( ) Hàm đoán trúng được nhiều người trong bảng nhất
    Chỉ đếm số lần trúng thì lệch 1 hay lệch 200 cũng là trật như nhau. Mức tiến triển là một con số: lệch bao nhiêu mới
    đáng kể.
(x) Hàm có số đo độ sai trên cả bảng thấp nhất
    Máy chỉ thấy cái bảng, nên chỉ hạ được con số đo trên bảng. Con số ấy có nói gì về người ngoài bảng không? Cuối bài
    ta đo.
( ) Hàm ít sai nhất trên những người chưa gặp bao giờ
    Đó là điều ta mong. Nhưng những người ấy không có trong bảng, máy không đo được trên họ: nó phải hạ một con số khác,
    và ta mong con số này xuống theo.
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
    Lập luận của cái bát dùng câu: phần thêm vào bằng 0 chỉ khi mọi Δ bằng 0. Hãy thử Δw₁ = 1 và Δw₂ = −1 trên
    hai cột giống nhau.
""")

family = question(r"""
Cùng 40 người để học. Mất mát thấp nhất trên chính 40 người ấy: đa thức bậc 9 so với đa thức bậc 2 thế nào?
( ) Bậc 9 luôn cao hơn: phức tạp quá thì sai nhiều
    Một đa thức bậc 2 cũng là một đa thức bậc 9 có bảy hệ số bằng 0. Vậy trên người để học, bậc 9 làm được ít nhất bằng
    thế.
( ) Tùy dữ liệu: có khi cao hơn, có khi thấp hơn
    Dữ liệu nào cũng vậy: họ bậc 9 chứa họ bậc 2, nên chỗ thấp nhất tìm trong họ rộng không thể cao hơn chỗ thấp nhất
    tìm trong họ hẹp.
(x) Bậc 9 không cao hơn, với bất cứ 40 người nào
    Mọi đa thức bậc 2 cũng là đa thức bậc 9: tìm trong một họ rộng hơn thì chỗ thấp nhất không thể cao hơn. Câu này chỉ
    nói về 40 người để học.
""")

closing = question(r"""
Máy học từ 40 người. Trên chính 40 người ấy: k láng giềng với k = 1 có mất mát 230, đường thẳng có 3839. Trên 392 người
mới: k = 1 có 7864, đường thẳng có 3988, còn đoán ai cũng bằng trung bình thì có 5897. Nhận xét nào đúng?
( ) k = 1 học giỏi hơn: mất mát của nó trên bảng thấp nhất
    Con số trên bảng chưa phải là cái ta cần. Trên người mới, k = 1 còn kém cả việc đoán ai cũng như
    ai: 7864 so với 5897. Nhớ chưa phải là học.
( ) Đường thẳng kém, vì mất mát 3839 vẫn rất lớn
    Lớn so với cái gì? So với đoán trung bình, đường thẳng bớt được gần một phần ba trên 392 người mới. Phần còn lại có
    thể là nhiễu mà không mô hình nào của BMI xóa được.
( ) Đường thẳng hỏng, vì trên người mới nó sai nhiều hơn trên người để học
    Hơn 149, chừng 4%. Một đường thẳng học từ n điểm, tính trung bình, vẫn có mất mát trên điểm mới cao hơn trên điểm đã
    học; từng lần bốc thì có khi ngược lại. Riêng chuyện ấy chưa phải là hỏng.
(x) Đường thẳng học được điều dùng được cho người chưa gặp
    3988 so với 5897 của việc không nhìn gì: BMI giúp được. Trên bảng đường thẳng thua k = 1, trên người mới thì hơn
    hẳn.
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
        "`x` là một mảng: `x**2` bình phương từng phần tử, `w1 * x` nhân từng phần tử. Không cần vòng lặp.",
    ),
    praise="Đường thẳng, đa thức hay mạng: hàm nào cũng nhận tham số trước, dữ liệu sau.",
)
def quadratic(theta, x):
    """Trả về w₂ x² + w₁ x + b cho từng phần tử của mảng `x`; `theta` là (w₂, w₁, b)."""
    w2, w1, b = theta
    return w2 * x**2 + w1 * x + b


quadratic.mistake(r"""
thứ tự các hệ số bị ngược: θ = (w₂, w₁, b), với w₂ đi cùng x².
    w2, w1, b = theta → b, w1, w2 = theta
hai hệ số w₂ và w₁ đang đổi chỗ: θ = (w₂, w₁, b), với w₂ đi cùng x².
    w2, w1, b = theta → w1, w2, b = theta
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
        "Trừ y, bình phương. Mỗi hàng là một tham số và cần một số: hãy lấy trung bình *đi ngang từng hàng*. Xem lại "
        "`axis` nào đi ngang.",
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
`w_grid * x` nhân từng cặp phần tử, nên không thành bảng, và không có `axis=1` để gộp. Hãy thêm một chiều cho tham số:
`w_grid[:, None]`.
    w_grid[:, None] * x → w_grid * x
""")

# --- Bài tập 3: lời giải đóng ---------------------------------------------------------------------------------------


FITTERS = ("least_squares", "ridge", "polynomial", "polyfit", "lstsq", "fit", "curve_fit")
FITTERS += ("linregress", "linear_regression")


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
    forbids=(calls(*FITTERS),),
    hints=(
        "Trừ trung bình khỏi cả x và y trước. w* là tích vô hướng của hai mảng ấy chia cho tích vô hướng của x với "
        "chính nó.",
        "b* = ȳ − w* x̄. Chênh lệch là MSE tại (w, b) trừ MSE tại (w*, b*): luôn không âm.",
    ),
    praise="Chênh lệch bằng 0 chỉ khi bạn đã ở đáy; với đường thẳng, có hai x khác nhau thì đáy chỉ có một.",
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
b* đang cộng w* x̄: từ ȳ = w* x̄ + b* thì phải trừ.
    - w_best * x.mean() → + w_best * x.mean()
b* đang tính từ w cho trước, không phải từ w*: đáy có b* = ȳ − w* x̄.
    - w_best * x.mean() → - w * x.mean()
chênh lệch bị ngược dấu: mất mát của (w, b) không thể nhỏ hơn mất mát ở đáy.
    b_best, gap → b_best, -gap
số thứ ba đang là mất mát của (w, b), chưa trừ đi mất mát thấp nhất.
    - np.mean((w_best * x + b_best - y) ** 2) →
""")

# --- Bài tập 4: họ hàm cho dữ liệu của bạn --------------------------------------------------------------------------


SPLITS, ENOUGH = 50, 40  # số lần giấu, và số lần phải thắng


def _readable(value):
    """Từ 1000 đến một tỉ thì viết số nguyên, có dấu cách hàng nghìn."""
    return f"{value:_.0f}".replace("_", "\u00a0") if 1000 <= value < 1e9 else f"{value:.4g}"


def _judge_own_family(x, y_own, degree):
    x, y_own = _check.real("x", x, ndim=1), _check.real("y_own", y_own, ndim=1)
    _check.same_length("x", x, "y_own", y_own)
    degree = _check.integer("degree", degree, low=1, high=12)
    if len(x) < 30:
        return False, f"mới có {len(x)} cặp số. Ít thế thì con số trên điểm bị giấu nhảy lung tung: hãy đưa ít nhất 30."
    if np.ptp(y_own) == 0:
        return False, "mọi giá trị của `y_own` đều bằng nhau: không có gì để đoán."
    found = []
    for seed in range(SPLITS):
        order = np.random.default_rng(seed).permutation(len(x))
        learn, hidden = order[: len(x) * 2 // 3], order[len(x) * 2 // 3 :]
        if (distinct := len(np.unique(x[learn]))) <= degree:
            return False, (
                f"có lần giấu mà `x` chỉ còn {distinct} giá trị khác nhau để học: bậc cao nhất còn tính được là "
                f"{distinct - 1}."
            )
        try:
            predict = models.polynomial(degree)(x[learn, None], y_own[learn])
        except ValueError:
            return False, f"bậc {degree} quá cao cho những `x` này: hãy giảm bậc, hay xem lại giá trị lạ trong `x`."
        mean = np.full(len(hidden), y_own[learn].mean())
        found.append([losses.mse(y_own[hidden], said) for said in (predict(x[hidden, None]), mean)])
    ours, baseline = np.mean(found, axis=0)
    won = sum(a < b for a, b in found)
    if not 0 < baseline < np.inf:
        return False, "`y_own` quá nhỏ hay quá lớn để bình phương: hãy đổi đơn vị."
    if ours < 1e-9 * baseline:
        return False, "mất mát gần bằng 0: `x` được tính ra từ `y_own`, hay ngược lại. Hãy đưa hai phép đo khác nhau."
    seen = (
        f"{SPLITS} lần giấu {len(hidden)} điểm, học từ {len(learn)} điểm còn lại: mất mát trung bình của đa thức bậc "
        f"{degree} là {_readable(ours)}, của đoán trung bình là {_readable(baseline)}; đa thức thắng {won} lần."
    )
    if won < ENOUGH or ours > 0.95 * baseline:
        return False, (
            f"{seen} Cần thắng ít nhất {ENOUGH} lần, và thấp hơn ít nhất 5%: bậc có thể cao quá, cột có thể ít "
            "liên hệ, mà cũng có thể thiếu điểm: với 30 điểm, một liên hệ có thật cũng hay trượt."
        )
    return True, seen


@open_exercise(
    judge=_judge_own_family,
    hints=(
        "Bắt đầu bằng bậc 1. Nếu mất mát trên điểm bị giấu còn lớn hơn của việc đoán trung bình, có lẽ hai cột ít "
        "liên quan, bậc quá cao, hoặc ít điểm quá.",
        "Trong `patients.X`, cột 8 (log triglyceride) và cột 3 (huyết áp) đều có liên hệ với `y`: hãy thử chúng với "
        "bậc 1 hay 2.",
    ),
    praise="Điểm bị giấu đã chấm họ hàm của bạn. Nếu bạn thử nhiều bậc, nhiều cột rồi giữ cái qua được, thì chính "
    "những điểm ấy đã chọn thay bạn, và con số trên chúng lại lạc quan: bài 03.1.",
)
def own_family():
    """Đưa ra `x`, `y_own` (ít nhất 30 cặp số) và bậc: 50 lần giấu, thắng đoán trung bình 40 lần, thấp hơn 5%."""
    from mlcourse import data

    patients = data.load_diabetes()
    x, y_own = patients.X[:, 8], patients.y  # log triglyceride
    return x, y_own, 1
