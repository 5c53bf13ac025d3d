"""06 · Thảo luận, bias – variance: sáu câu hỏi và năm bài tập."""

import functools

import numpy as np

from .. import _check, bias_variance, data, models
from ..quiz import question
from . import call_problem, exercise, open_exercise
from ._forbid import package

# --- Câu hỏi ------------------------------------------------------------------------------------------------------

opening = question(r"""
20 điểm x rải đều, y có nhiễu quanh một đường hình sin. Học lại trên rất nhiều tập như thế: trung bình các đường bậc 12
gần như trùng với sự thật, còn trung bình các đường bậc 3 thì vẫn lệch một chút. Trên *một* tập 20 điểm, nên dùng bậc
nào?
(x) Bậc 3, dù lệch
    Bài sẽ tính ra: trừ hai mép, sai số trên điểm mới của bậc 3, kể cả nhiễu, chừng một nửa của bậc 12. Ta chỉ có một
    tập, một đường, nên lệch ít mà đứng yên thì hơn.
( ) Bậc 12, vì trung bình không lệch
    Không lệch là nói về trung bình của hàng nghìn tập. Bạn chỉ có một tập, và đường bậc 12 của tập ấy có thể ở rất xa
    trung bình.
( ) Như nhau, vì hai điều bù cho nhau
    Có bù, nhưng không vừa khít. Bài này cho ra hai con số để cộng.
( ) Không trả lời được nếu không có thêm dữ liệu
    Trong thế giới biết trước sự thật thì tính được ngay. Với dữ liệu thật, ta đo bằng xác thực chéo (bài 05).
""")

over_what = question(r"""
Trong `E[(y − f̂(x))²]`, tại một x cố định, kỳ vọng lấy trên điều gì?
( ) Trên mọi điểm x của tập kiểm tra, với cùng một mô hình
    x đang đứng yên. Lấy trung bình theo x là một bước khác, làm sau cùng, và không làm đổi lập luận.
( ) Trên nhiễu của y mới, còn mô hình đã cố định
    Mô hình đứng yên thì không có phương sai nào để nói: phương sai là của cách học, khi tập huấn luyện đổi.
(x) Trên các tập huấn luyện có thể gặp, và nhiễu của y mới
    Hai nguồn ngẫu nhiên độc lập: tập D làm ra mô hình, và nhiễu của lần đo sắp tới.
""")

small_k = question(r"""
k láng giềng gần nhất trên hình sin, 20 điểm: giảm k từ 15 xuống 3 thì hai số hạng đi đâu?
(x) Độ chệch giảm, phương sai tăng
    Mười lăm láng giềng trải gần hết một vòng sin: trung bình của họ lệch xa. Ba láng giềng thì ở gần, mà trung bình của
    ba số y thì dao động nhiều hơn.
( ) Độ chệch tăng, phương sai giảm
    Ngược lại. k nhỏ là mô hình *tự do*, dù con số nhỏ nghe như đơn giản.
( ) Cả hai cùng giảm, vì nhìn kỹ hơn
    Nhìn ít người hơn thì nhiễu của từng người nặng hơn trong trung bình.
""")

more_data = question(r"""
Một đường thẳng khớp hình sin. Giữ nguyên mô hình, tăng số mẫu lên gấp bốn. Số hạng nào giảm rõ?
( ) Độ chệch, vì học được nhiều hơn
    Đường thẳng học từ nghìn điểm vẫn là đường thẳng. Thêm mẫu không cho mô hình này thêm hình dạng nào.
(x) Phương sai, còn chừng một phần tư
    Hai tham số, mỗi tham số giờ được ước lượng từ gấp bốn số mẫu. Mọi mô hình đều thế chăng? Trang sau thử.
( ) Nhiễu, vì nhiều mẫu thì nhiễu triệt tiêu
    Nhiễu σ² là của *một* lần đo sắp tới. Học từ bao nhiêu mẫu thì lần đo ấy cũng vẫn nhiễu như thế.
""")

zero_one = question(r"""
Giờ gọi độ chệch là 1 nếu *đa số* thế giới nói khác nhãn đúng nhất, 0 nếu không; phương sai là tỷ lệ thế giới nói khác
đa số; nhiễu là tỷ lệ sai của nhãn đúng nhất. Ba số này cộng lại có còn bằng tỷ lệ sai không?
( ) Còn, vì mất mát 0–1 vẫn là mất mát bình phương
    Là bình phương thật, và tổng ở trang trước đúng với *trung bình* của dự đoán. Ở đây trung bình đã bị thay bằng đáp
    án đa số.
( ) Còn, miễn là nhãn không có nhiễu
    Bỏ nhiễu đi: đa số sai, 40% thế giới nói khác đa số, tức nói đúng. Tỷ lệ sai 0.6, mà tổng là 1 + 0.4.
(x) Không: khi đa số sai, dao động lại bớt lỗi
    Bỏ nhiễu đi cho gọn: đa số sai, 40% thế giới nói khác đa số, tức nói đúng. Tỷ lệ sai là 1 − 0.4, không phải 1 + 0.4.
""")

closing = question(r"""
Mô hình của bạn sai nhiều trên mẫu mới. Biết thêm điều gì thì giúp chọn thuốc nhiều nhất?
(x) Sai số ấy phần lớn là độ chệch, phương sai hay nhiễu
    Chệch: mô hình mạnh hơn. Phương sai: điều chuẩn, thêm dữ liệu nếu bậc cố định, lấy trung bình. Nhiễu: đo thêm biến,
    hay dừng lại. Ngoài đời chỉ đoán được là bệnh nào, bằng cách ở trang *Khám bệnh*.
( ) Mô hình có bao nhiêu tham số so với số mẫu
    Số tham số không quyết định được: ở hình hai lần xuống, 400 đặc trưng ít dao động hơn 39.
( ) Sai số trên tập huấn luyện là bao nhiêu
    Một manh mối, nhưng cả chệch lẫn nhiễu đều làm con số ấy cao. Hãy thử mô hình mạnh hơn và yếu hơn (bài 03.2).
""")

# --- Bài tập 1: tách một bảng dự đoán -----------------------------------------------------------------------------


def _table_cases():
    rng = np.random.default_rng(1)
    truth = np.sin(np.arange(6.0))
    return {
        "hai thế giới, hai điểm": (np.array([[1.0, 0.0], [3.0, 0.0]]), np.array([1.0, 1.0])),
        "lệch hai phía": (np.array([[2.0, -1.0], [2.0, -1.0]]), np.array([1.0, 0.0])),
        "30 thế giới, 6 điểm": (truth + 0.5 + rng.normal(size=(30, 6)), truth),
        "không chệch": (truth + rng.normal(size=(50, 6)), truth),
    }


@exercise(
    cases=_table_cases,
    returns=("Bias²", "Variance"),
    forbids=(package(),),
    hints=(
        "Mỗi cột là một điểm x. Hãy tính đường trung bình trước: mỗi điểm một số.",
        "Hai việc ở từng điểm: bình phương độ lệch của đường trung bình khỏi sự thật; và trung bình của bình phương độ "
        "lệch từng mô hình khỏi đường trung bình. Xong mới lấy trung bình theo các điểm.",
    ),
    praise="Hai con số ấy cộng lại đúng bằng trung bình của (f − f̂)²: hãy thử cộng.",
)
def bias_and_variance(predictions, truth):
    """Trả về (Bias², Variance), trung bình theo x; `predictions` dạng (số thế giới, số điểm), `truth` dạng
    (số điểm,)."""
    mean = predictions.mean(axis=0)
    return np.mean((mean - truth) ** 2), np.mean(predictions.var(axis=0))


bias_and_variance.mistake(r"""
độ lệch được lấy trung bình theo x rồi mới bình phương: lệch lên ở chỗ này và lệch xuống ở chỗ kia triệt tiêu nhau. Bình
phương tại từng x trước.
    np.mean((mean - truth) ** 2) → np.mean(mean - truth) ** 2
phương sai đang lấy *dọc theo x*, tức đo đường cong uốn bao nhiêu. Cần phương sai giữa các thế giới, tại từng x: axis=0.
    var(axis=0) → var(axis=1)
phương sai đang lấy trên cả bảng, quanh *một* trung bình chung: đường cong uốn lượn cũng bị kể là dao động. Lấy tại
từng x.
    var(axis=0) → var()
trung bình đang lấy trên cả bảng, thành một số chung cho mọi điểm. Cần trung bình của các mô hình tại từng điểm: axis=0.
    mean(axis=0) → mean()
""")
_BY_ROW = (
    "trung bình đang lấy theo hàng (axis=1): mỗi hàng là một mô hình, nên đó là mức chung của từng đường cong. Cần "
    "trung bình của các *mô hình* tại từng điểm: axis=0."
)
bias_and_variance.mistake(_BY_ROW, ("mean(axis=0)", "mean(axis=1)"))
bias_and_variance.mistake(_BY_ROW, ("axis=0", "axis=1", 2))
bias_and_variance.mistake(_BY_ROW, ("mean(axis=0)", "mean(axis=1, keepdims=True)"), ("var(axis=0)", "var(axis=1)"))
bias_and_variance.mistake(_BY_ROW, ("axis=0", "axis=1", 2), ("mean - truth", "mean - truth.mean()"))
bias_and_variance.mistake(
    "hai mảng ấy đúng tại từng điểm; còn thiếu bước cuối, lấy trung bình theo các điểm để mỗi mảng thành một số.",
    (
        "np.mean((mean - truth) ** 2), np.mean(predictions.var(axis=0))",
        "(mean - truth) ** 2, predictions.var(axis=0)",
    ),
)
bias_and_variance.mistake(r"""
số đầu là trung bình của (f − f̂)² trên mọi thế giới: nó đã gồm cả phương sai. Lấy trung bình các dự đoán trước, rồi
mới trừ sự thật.
    (mean - truth) → (predictions - truth)
đang chia cho số thế giới trừ 1 (ddof=1). Ở đây chia cho số thế giới, để tổng khớp đúng với sai số đo được.
    var(axis=0) → var(axis=0, ddof=1)
số đầu chưa bình phương: đó là độ chệch trung bình, lệch lên lệch xuống triệt tiêu nhau.
    np.mean((mean - truth) ** 2) → np.mean(mean - truth)
""")
bias_and_variance.mistake(
    "hai số đang đổi chỗ cho nhau: Bias² đứng trước, Variance đứng sau.",
    (
        "np.mean((mean - truth) ** 2), np.mean(predictions.var(axis=0))",
        "np.mean(predictions.var(axis=0)), np.mean((mean - truth) ** 2)",
    ),
)


# --- Bài tập 2: cần bao nhiêu mẫu ---------------------------------------------------------------------------------


@exercise(
    cases=lambda: {
        "phương sai là chính": (0.05, 0.4, 0.09, 20, 0.2),
        "không chệch": (0.0, 0.1, 0.09, 20, 0.126),
        "chệch là chính": (0.5, 0.02, 0.09, 50, 0.4),
        "dưới mức nhiễu": (0.0, 0.3, 0.09, 30, 0.08),
        "gần sàn": (0.02, 0.11, 0.04, 35, 0.0675),
        "đang thừa mẫu": (0.05, 0.1, 0.09, 40, 0.31),
        "lẻ một chút xíu": (0.25, 0.5, 0.25, 6001, 100.5),
        "vừa khít 21 mẫu": (0.25, 0.5, 0.25, 21, 1.0),
        "vừa khít 20 mẫu": (0.25, 0.5, 0.25, 20, 1.0),
        "vừa khít 64 mẫu": (0.0, 0.25, 0.125, 32, 0.25),
        "mục tiêu đúng bằng sàn": (0.25, 0.5, 0.25, 20, 0.5),
    },
    returns=("số mẫu",),
    hints=(
        "Sàn là Bias² + nhiễu: hai số ấy không nhúc nhích. Mục tiêu không trên sàn thì trả về `np.inf` (hỏi điều ấy "
        "trước, kẻo vòng lặp chạy mãi).",
        "Phương sai ở m mẫu là `variance * n / m`. Cho tổng ba số hạng bằng `target` rồi giải ra m; số mẫu là số "
        "nguyên, và "
        "phải đủ.",
    ),
    praise="Trước khi đi xin thêm dữ liệu, hãy tính xem sàn ở đâu: dưới sàn thì bao nhiêu mẫu cũng không đủ.",
)
def samples_needed(bias_sq, variance, noise, n, target):
    """Trả về số mẫu ít nhất để sai số không quá `target`, khi phương sai đi như 1/n; không được thì vô cực."""
    floor = bias_sq + noise
    return np.ceil(variance * n / (target - floor)) if target > floor else np.inf


samples_needed.mistake(r"""
cả sai số đang giảm như 1/n. Chỉ phương sai giảm; độ chệch và nhiễu đứng yên.
    np.ceil(variance * n / (target - floor)) if target > floor else np.inf → np.ceil((variance + floor) * n / target)
độ chệch cũng đang giảm theo n. Đường thẳng học từ nghìn điểm vẫn là đường thẳng.
    bias_sq + noise → noise
    variance * n → (variance + bias_sq) * n
quên nhiễu: sai số đo trên y mới không bao giờ xuống dưới σ².
    bias_sq + noise → bias_sq
phương sai đang giảm như 1/√n. Độ lệch chuẩn mới đi như 1/√n; phương sai đi như 1/n.
    variance * n / (target - floor) → (variance / (target - floor)) ** 2 * n
mục tiêu không trên sàn mà hàm vẫn chia cho (target − sàn): ra một số âm, hay chia cho 0. Khi ấy không số mẫu nào đủ:
trả về vô cực.
    if target > floor else np.inf →
đang làm tròn xuống: ít hơn một mẫu thì sai số còn quá mục tiêu một chút. Làm tròn lên.
    np.ceil → np.floor
chưa làm tròn: số mẫu là số nguyên. Làm tròn lên, vì ít hơn một mẫu thì sai số còn quá mục tiêu một chút.
    np.ceil →
thừa một mẫu khi phép chia ra đúng số nguyên: tổng đúng bằng `target` cũng là đạt. Nếu đang làm tròn xuống rồi cộng 1
thì hãy làm tròn lên.
    np.ceil(variance * n / (target - floor)) → np.floor(variance * n / (target - floor)) + 1
""")


# --- Bài tập 3: phương sai của một trung bình ---------------------------------------------------------------------


@exercise(
    cases=lambda: {
        "không tương quan, 10 mô hình": (0.5, 0.0, 10),
        "tương quan hoàn toàn": (0.5, 1.0, 10),
        "một mô hình": (0.2, 0.4, 1),
        "tương quan 0.4, 70 mô hình": (0.1, 0.4, 70),
        "tương quan 0.7, 5 mô hình": (2.0, 0.7, 5),
    },
    returns=("phương sai",),
    hints=(
        "Phương sai của một tổng: các phương sai, cộng hiệp phương sai của mọi cặp *có thứ tự* hai mô hình khác "
        "nhau. Mỗi "
        "hiệp phương sai bằng ρv.",
        "Với ba mô hình: 3 phương sai và 6 hiệp phương sai. Trung bình là tổng chia cho số mô hình, nên phương sai "
        "chia "
        "cho bình phương của số ấy.",
    ),
    praise="Thêm mô hình chỉ xóa được phần (1 − ρ): còn lại ρv, bao nhiêu mô hình cũng vậy.",
)
def variance_of_mean(v, rho, n_models):
    """Phương sai của trung bình `n_models` mô hình, mỗi mô hình phương sai `v`, hai mô hình bất kỳ tương quan `rho`."""
    return v * (rho + (1 - rho) / n_models)


variance_of_mean.mistake(r"""
công thức chia thẳng cho số mô hình cần các mô hình *không tương quan*. Ở đây còn hiệp phương sai.
    rho + (1 - rho) / n_models → 1 / n_models
đó là giới hạn khi số mô hình ra vô cực. Với số mô hình hữu hạn còn một phần nữa.
    + (1 - rho) / n_models →
hai vai đang đổi chỗ: phần *không* tương quan (1 − ρ) mới là phần chia cho số mô hình.
    rho + (1 - rho) / n_models → 1 - rho + rho / n_models
đang chia cho căn của số mô hình: độ lệch chuẩn của trung bình mới đi như thế, phương sai thì không.
    n_models) → np.sqrt(n_models))
hiệp phương sai đang được cộng cho cả những cặp gồm một mô hình với chính mô hình ấy. Chỉ cộng những cặp hai mô hình
khác nhau.
    (1 - rho) / n_models → 1 / n_models
mỗi cặp hai mô hình khác nhau phải được cộng hai lần, như 2 Cov trong Var(f̂₁ + f̂₂).
    rho + (1 - rho) / n_models → 1 / n_models + rho * (n_models - 1) / n_models / 2
mỗi cặp được cộng thừa: đếm n(n − 1) cặp *có thứ tự* là đã kể cả hai chiều.
    rho + (1 - rho) / n_models → 1 / n_models + 2 * rho * (n_models - 1) / n_models
hiệp phương sai bằng ρv, không phải ρ.
    rho + (1 - rho) / n_models → 1 / n_models + rho / v * (n_models - 1) / n_models
đó là phương sai của *tổng*. Trung bình là tổng chia cho số mô hình, nên phương sai chia cho bình phương số ấy.
    rho + (1 - rho) / n_models → rho * n_models**2 + (1 - rho) * n_models
tổng mới chia cho số mô hình một lần: chia một số cho c thì phương sai chia cho c².
    rho + (1 - rho) / n_models → rho * n_models + (1 - rho)
""")


# --- Bài tập 4: đoán trước bagging làm được gì --------------------------------------------------------------------

_BASES = {"2 láng giềng": models.knn(2), "bậc 7": models.polynomial(7)}


@functools.cache
def _measured_ratios(n_worlds=100, n_bags=50, seed=1):
    """Phương sai khi có bagging chia cho phương sai khi không có, của hai mô hình, đo trên ``n_worlds`` thế giới."""
    x, grid = (0.5 + 0.618034 * np.arange(30)) % 1, np.linspace(0.05, 0.95, 19)[:, None]
    ratios = {}
    for name, fit in _BASES.items():
        rng, said = np.random.default_rng(seed), []
        for _ in range(n_worlds):
            y = data.sine(x[:, None]) + 0.3 * rng.normal(size=30)
            bagged = bias_variance.bagging(fit, n_bags=n_bags, rng=rng)
            said.append([learner(x[:, None], y)(grid) for learner in (fit, bagged)])
        plain, averaged = np.var(said, axis=0).mean(axis=1)
        ratios[name] = averaged / plain
    return ratios


def _side(ratio):
    """-1: phương sai giảm; 0: gần như không đổi; 1: tăng."""
    return int(ratio > 1.1) - int(ratio < 0.9)


def _judge_ratios(ratios):
    if not isinstance(ratios, dict) or set(ratios) != set(_BASES):
        return False, f"`ratios` cần là dict có đúng hai khóa {list(_BASES)}, nhưng nhận được {ratios!r}."
    missing = [name for name, ratio in ratios.items() if ratio is ... or ratio is None]
    if missing:
        return None, f"Còn thiếu: {', '.join(missing)}. Mỗi mô hình một số: phương sai có bagging chia cho không có."
    ratios = {name: _check.number(f"ratios[{name!r}]", ratio, low=0) for name, ratio in ratios.items()}
    measured = _measured_ratios()
    told = {name: f"{name}: bạn điền {ratios[name]:.3g}, ô chấm đo được {measured[name]:.3g}" for name in _BASES}
    near = {
        "2 láng giềng": abs(ratios["2 láng giềng"] - measured["2 láng giềng"]) <= 0.08,
        "bậc 7": _side(ratios["bậc 7"]) == _side(measured["bậc 7"]) and ratios["bậc 7"] < 1e4,
    }
    far = [name for name in _BASES if not near[name]]
    if far:
        advice = "Hãy đo: mỗi thế giới một dự đoán học thẳng trên D, một trung bình của 50 túi; rồi so hai phương sai."
        turned = [name for name in far if ratios[name] > 0 and abs(1 / ratios[name] / measured[name] - 1) <= 0.15]
        if turned:
            advice = (
                f"Với {' và '.join(turned)}: hoặc tỷ số bị lật ngược (*có* bagging là tử số), hoặc đó là phương sai "
                "của từng túi, chưa lấy trung bình các túi trước."
            )
        return False, f"{'; '.join(told[name] for name in far)}. {advice}"
    return True, f"{'; '.join(told.values())}."


@open_exercise(
    judge=_judge_ratios,
    hints=(
        "2 láng giềng: trong một túi, có khi một trong hai người ấy vắng mặt, nên người thứ ba, thứ tư được vào. "
        "Trung bình "
        "các túi vì thế nhìn nhiều hay ít người hơn? Bậc 7: túi của 30 điểm chỉ có chừng 19 điểm khác nhau, và có "
        "khoảng hở.",
        "Mỗi thế giới: `y = data.sine(X30) + 0.3 * rng.normal(size=30)`, rồi `fit(X30, y)(spots)` và trung bình "
        "theo hàng của "
        "`in_bags(fit, X30, y, spots, 50, rng)`. Gom các thế giới thành hai bảng, lấy phương sai theo cột, rồi "
        "trung bình.",
    ),
    praise="Hai mô hình, hai phía; vì sao thì trang sau.",
)
def bagging_ratios():
    """Đoán rồi đo: phương sai có bagging chia cho phương sai học thẳng trên D, của 2 láng giềng và của bậc 7."""
    ratios = {"2 láng giềng": 0.65, "bậc 7": 2.3}
    return (ratios,)


# --- Bài tập 5: hai mô hình, hai bệnh, trên dữ liệu của bạn -------------------------------------------------------


def learned(fit):
    """Hàm gọi được với một đối số mà không gọi được với hai: một ``predict``, không phải một ``fit``."""
    return callable(fit) and not call_problem(fit, ["X"]) and bool(call_problem(fit, ["X", "y"]))


def _judge_two_illnesses(X, y, learners):
    X, y = _check.real("X_own", X, ndim=2), _check.real("y_own", y, ndim=1)
    _check.same_length("X_own", X, "y_own", y)
    if len(y) < 40:
        return False, f"mới có {len(y)} mẫu. Hãy đưa ít nhất 40."
    if np.ptp(y) == 0:
        return False, f"mọi số của `y_own` đều bằng {y[0]:g}: không có gì để học."
    if not isinstance(learners, (tuple, list)) or len(learners) != 2:
        return False, f"`learners` cần là hai learner (gò bó, tự do), nhưng nhận được {learners!r}."
    for name, fit in zip(("gò bó", "tự do"), learners):
        if not callable(fit):
            return False, f"learner {name}: cần một hàm như `models.knn(5)`, nhưng nhận được {type(fit).__name__}."
        if fit in (models.knn, models.ridge, models.polynomial):
            return False, f"learner {name}: `models.{fit.__name__}` còn thiếu tham số, như `models.{fit.__name__}(5)`."
        if learned(fit):
            return False, (
                f"learner {name}: đó là một mô hình *đã học*, chỉ biết dự đoán. Cần cách học, tức hàm `fit(X, y)` "
                f"trả về hàm "
                "dự đoán: viết `models.knn(5)`, không phải `models.knn(5)(X, y)`."
            )
        if problem := call_problem(fit, ["X", "y"]):
            return False, f"learner {name}: {problem}"
    rows = np.random.default_rng(0).permutation(len(y))
    half = len(y) // 2
    parts = X[rows[:half]], y[rows[:half]], X[rows[half:]], y[rows[half:]]
    stiff, free = (
        bias_variance.bootstrap_bias_variance(fit, *parts, n_rounds=40, rng=np.random.default_rng(1)).mean()
        for fit in learners
    )
    seen = (
        f"mô hình gò bó: số thứ nhất {stiff.bias_sq:.4g}, Variance {stiff.variance:.4g}; mô hình tự do: số "
        f"thứ nhất {free.bias_sq:.4g}, Variance {free.variance:.4g}"
    )
    if not np.isfinite([stiff.total, free.total]).all():
        return False, f"{seen}: có số quá lớn để so. Hãy đổi đơn vị của `y_own`."
    for name, terms in [("gò bó", stiff), ("tự do", free)]:
        if terms.variance <= 1e-9 * np.var(y):
            return False, f"{seen}. Mô hình {name} đoán y như nhau với mọi túi: nó không học từ `X, y` nhận được."
    if stiff.variance >= 3 * free.variance:
        return False, f"{seen}. Hình như hai learner đổi chỗ cho nhau: gò bó đứng trước, tự do đứng sau."
    if free.variance < 3 * stiff.variance:
        return False, (
            f"{seen}. Mô hình tự do cần có phương sai ít nhất gấp 3: hãy thử tự do hơn, hay gò bó hơn nữa. Mô hình "
            "gò bó mà lệch xa thì cũng dao động, khi túi rút phải những điểm khác nhau."
        )
    if free.bias_sq > 0.98 * stiff.bias_sq:
        return False, f"{seen}. Mô hình tự do cần có số thứ nhất thấp hơn ít nhất 2%."
    return True, f"{seen[0].upper()}{seen[1:]}. Tổng: {stiff.total:.4g} và {free.total:.4g}."


@open_exercise(
    judge=_judge_two_illnesses,
    hints=(
        "Hai mức của cùng một mô hình là dễ nhất: k lớn và k vừa của k láng giềng, hay λ rất lớn và λ nhỏ của ridge.",
        "Với bệnh nhân tiểu đường, k từ 100 xuống chừng 10, hay λ từ 10 xuống chừng 0.1, là đủ thấy. Nhớ chuẩn hóa,"
        " và tăng "
        "tự do từng nấc: tự do quá thì số thứ nhất lại lên.",
    ),
    praise="Số thứ nhất là MSE của bagging, lẫn cả nhiễu: so được hai bagging, không so được hai Bias².",
)
def two_illnesses():
    """Đưa ra X (ít nhất 40 hàng), y, và hai learner (gò bó, tự do): tự do có số thứ nhất thấp hơn, Variance gấp ba."""
    from mlcourse import data, model_selection, models

    patients = data.load_diabetes()
    X_own = model_selection.standardizer(patients.X)(patients.X)
    y_own = patients.y
    learners = (models.ridge(10.0), models.ridge(0.01))
    return X_own, y_own, learners
