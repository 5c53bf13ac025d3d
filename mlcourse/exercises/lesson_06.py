"""06 · Thảo luận, bias – variance: sáu câu hỏi và năm bài tập."""

import numpy as np

from .. import _check, bias_variance, data, models
from ..quiz import question
from . import call_problem, exercise, open_exercise

# --- Câu hỏi ------------------------------------------------------------------------------------------------------

opening = question(r"""
20 điểm có nhiễu quanh một đường hình sin. Học lại trên rất nhiều tập 20 điểm: trung bình các đường bậc 12 gần như trùng
với sự thật, còn trung bình các đường bậc 3 thì vẫn lệch một chút. Trên *một* tập 20 điểm, nên dùng bậc nào?
(x) Bậc 3, dù lệch
    Lệch ít mà đứng yên thì hơn không lệch mà chao đảo. Bậc 12 trung bình thì đúng, nhưng từng đường văng đi rất xa, và
    ta chỉ có một tập, một đường.
( ) Bậc 12, vì trung bình không lệch
    Không lệch là nói về trung bình của hàng nghìn tập. Bạn chỉ có một tập, và đường bậc 12 của tập ấy có thể ở rất xa
    trung bình.
( ) Như nhau, vì hai điều bù cho nhau
    Có bù, nhưng không vừa khít. Bài này cho ra hai con số để cộng: độ chệch bình phương và phương sai.
( ) Không trả lời được nếu không có thêm dữ liệu
    Trong thế giới biết trước sự thật thì tính được ngay. Với dữ liệu thật, ta đo bằng xác thực chéo (bài 05).
""")

over_what = question(r"""
Trong `E[(y − f̂(x))²]`, tại một x cố định, kỳ vọng lấy trên điều gì?
( ) Trên mọi điểm x của tập kiểm tra, với cùng một mô hình
    x đang đứng yên. Lấy trung bình theo x là một bước khác, làm sau cùng, và không làm đổi lập luận.
( ) Trên nhiễu của y mới, còn mô hình đã cố định
    Nếu mô hình đứng yên thì không có phương sai nào để nói: phương sai là của mô hình, khi tập huấn luyện đổi.
(x) Trên các tập huấn luyện có thể gặp, và trên nhiễu của y mới
    Hai nguồn ngẫu nhiên độc lập: tập D làm ra mô hình, và nhiễu của lần đo sắp tới. Độc lập là chỗ khiến số hạng chéo
    biến mất.
""")

more_data = question(r"""
Giữ nguyên mô hình, tăng số mẫu lên gấp bốn. Số hạng nào giảm rõ?
( ) Độ chệch, vì học được nhiều hơn
    Đường thẳng học từ nghìn điểm vẫn là đường thẳng. Thêm mẫu không cho mô hình thêm hình dạng nào.
(x) Phương sai, còn chừng một phần tư
    Phương sai tỷ lệ nghịch với n. Độ chệch và nhiễu đứng yên, nên sai số dừng lại ở tổng của hai số ấy.
( ) Nhiễu, vì nhiều mẫu thì nhiễu triệt tiêu
    Nhiễu σ² là của *một* lần đo sắp tới. Học từ bao nhiêu mẫu thì lần đo ấy cũng vẫn nhiễu như thế.
""")

small_k = question(r"""
k láng giềng gần nhất: giảm k từ 15 xuống 1 thì hai số hạng đi đâu?
(x) Độ chệch giảm, phương sai tăng
    k = 1 chỉ nhìn người sát bên: gần như không lệch, nhưng chép nguyên nhiễu của người ấy, phương sai bằng σ². Với k,
    phương sai là σ²/k.
( ) Độ chệch tăng, phương sai giảm
    Ngược lại. k nhỏ là mô hình *tự do*, dù con số nhỏ nghe như đơn giản.
( ) Cả hai cùng giảm, vì nhìn kỹ hơn
    Nếu thế thì k = 1 luôn là tốt nhất. Hãy kéo k trong hình của mục này.
""")

zero_one = question(r"""
Phân loại hai lớp với mất mát 0–1. Gọi độ chệch là lỗi của đáp án *đa số* qua các tập huấn luyện, phương sai là tỷ lệ
nói khác đa số. Lỗi có còn bằng độ chệch + phương sai + nhiễu không?
( ) Còn, vì lập luận không dùng gì đến dạng của mất mát
    Có dùng: bình phương của một tổng, và trung bình của dự đoán. Thay trung bình bằng đáp án đa số thì số hạng chéo
    không còn biến mất.
( ) Còn, nhưng không còn số hạng nhiễu
    Nhãn vẫn có nhiễu. Chỗ vỡ nằm ở phương sai: có khi dao động nhiều hơn thì lỗi lại *ít* hơn.
(x) Không: có nơi phương sai tăng mà lỗi lại giảm
    Nơi mà đa số mô hình đoán sai, dao động là dịp để đoán đúng. Phần sau dựng đúng một ca như thế.
""")

closing = question(r"""
Mô hình của bạn sai nhiều. Biết thêm điều gì thì mới biết nên làm gì?
(x) Sai số ấy phần lớn là độ chệch, phương sai hay nhiễu
    Chệch: mô hình mạnh hơn. Phương sai: thêm dữ liệu, điều chuẩn, bagging. Nhiễu: đo thêm đặc trưng, hay dừng lại. Ba
    bệnh, ba thuốc, và thuốc của bệnh này hại bệnh kia.
( ) Mô hình có bao nhiêu tham số so với số mẫu
    Số tham số không quyết định được: hình hai lần xuống cho thấy 400 tham số có thể ít dao động hơn 40.
( ) Sai số trên tập huấn luyện là bao nhiêu
    Đó là một manh mối tốt (bài 03.2), nhưng chưa tách được nhiễu với độ chệch: cả hai cùng làm nó cao.
""")

# --- Bài tập 1: tách một bảng dự đoán -----------------------------------------------------------------------------


def _table_cases():
    rng = np.random.default_rng(1)
    truth = np.sin(np.arange(6.0))
    return {
        "hai vòng, hai điểm": (np.array([[1.0, 0.0], [3.0, 0.0]]), np.array([1.0, 1.0])),
        "lệch hai phía": (np.array([[2.0, -1.0], [2.0, -1.0]]), np.array([1.0, 0.0])),
        "30 vòng, 6 điểm": (truth + 0.5 + rng.normal(size=(30, 6)), truth),
        "không chệch": (truth + rng.normal(size=(50, 6)), truth),
    }


@exercise(
    cases=_table_cases,
    returns=("Bias²", "Variance"),
    hints=(
        "Mỗi cột là một điểm x: lấy trung bình theo *vòng* (axis=0) trước, được đường trung bình.",
        "`((predictions.mean(axis=0) - truth) ** 2).mean()` và `predictions.var(axis=0).mean()`.",
    ),
    praise="Hai con số ấy cộng lại đúng bằng trung bình của (f − f̂)²: hãy thử cộng.",
)
def bias_and_variance(predictions, truth):
    """Trả về (Bias², Variance), trung bình theo x; `predictions` dạng (số vòng, số điểm), `truth` dạng (số điểm,)."""
    mean = predictions.mean(axis=0)
    return np.mean((mean - truth) ** 2), np.mean(predictions.var(axis=0))


bias_and_variance.mistake(r"""
độ lệch được lấy trung bình theo x rồi mới bình phương: lệch lên ở chỗ này và lệch xuống ở chỗ kia triệt tiêu nhau. Bình
phương tại từng x trước.
    np.mean((mean - truth) ** 2) → np.mean(mean - truth) ** 2
phương sai đang lấy *dọc theo x*, tức đo đường cong uốn bao nhiêu. Cần phương sai giữa các vòng, tại từng x: axis=0.
    var(axis=0) → var(axis=1)
""")
_BY_ROW = (
    "trung bình đang lấy theo hàng (axis=1): mỗi hàng là một mô hình, nên đó là mức chung của từng đường cong. Cần "
    "trung bình của các *mô hình* tại từng điểm: axis=0."
)
bias_and_variance.mistake(_BY_ROW, ("mean(axis=0)", "mean(axis=1)"))
bias_and_variance.mistake(_BY_ROW, ("axis=0", "axis=1", 2))
bias_and_variance.mistake(r"""
số đầu là trung bình của (f − f̂)² trên mọi vòng: nó đã gồm cả phương sai. Lấy trung bình các dự đoán trước, rồi mới trừ
sự thật.
    (mean - truth) → (predictions - truth)
đang chia cho R − 1 (ddof=1). Ở đây phương sai chia cho R, để tổng khớp đúng với sai số đo được.
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
        "vừa khít 20 mẫu": (0.25, 0.5, 0.25, 20, 1.0),
        "vừa khít 64 mẫu": (0.0, 0.25, 0.125, 32, 0.25),
        "mục tiêu đúng bằng sàn": (0.25, 0.5, 0.25, 20, 0.5),
    },
    returns=("số mẫu",),
    hints=(
        "Sàn là Bias² + nhiễu: hai số ấy không nhúc nhích. Mục tiêu không trên sàn thì trả về `np.inf`.",
        "Phương sai ở n' mẫu là variance · n / n'. Cho tổng bằng target rồi giải: n' = variance · n / (target − sàn); "
        "làm tròn lên bằng `np.ceil`.",
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
làm tròn xuống rồi cộng 1 thì thừa một mẫu khi phép chia ra đúng số nguyên. Hãy làm tròn lên bằng `np.ceil`.
    np.ceil(variance * n / (target - floor)) → np.floor(variance * n / (target - floor)) + 1
""")


# --- Bài tập 3: phương sai của trung bình B túi -------------------------------------------------------------------


@exercise(
    cases=lambda: {
        "không tương quan, 10 túi": (0.5, 0.0, 10),
        "tương quan hoàn toàn": (0.5, 1.0, 10),
        "một túi": (0.2, 0.4, 1),
        "tương quan 0.4, 70 túi": (0.1, 0.4, 70),
        "tương quan 0.7, 5 túi": (2.0, 0.7, 5),
    },
    returns=("phương sai",),
    hints=(
        "Phương sai của tổng B biến: B phương sai, và B(B − 1) hiệp phương sai, mỗi cái bằng ρv.",
        "Chia cho B²: v/B + (1 − 1/B) ρv, hay gọn hơn: v (ρ + (1 − ρ)/B).",
    ),
    praise="Thêm túi chỉ xóa được phần (1 − ρ): còn lại ρv, bao nhiêu túi cũng vậy. Rừng ngẫu nhiên tìm cách hạ ρ.",
)
def bagged_variance(v, rho, n_bags):
    """Trả về phương sai của trung bình `n_bags` mô hình, mỗi mô hình phương sai `v`, hai mô hình tương quan `rho`."""
    return v * (rho + (1 - rho) / n_bags)


bagged_variance.mistake(r"""
công thức v/B cần các mô hình *độc lập*. Các túi cùng lấy từ một tập D, nên chúng tương quan.
    rho + (1 - rho) / n_bags → 1 / n_bags
đó là giới hạn khi số túi ra vô cực, ρv. Với B túi còn phần (1 − ρ)v/B.
    + (1 - rho) / n_bags →
hai vai đang đổi chỗ: phần *không* tương quan (1 − ρ) mới là phần chia cho B.
    rho + (1 - rho) / n_bags → 1 - rho + rho / n_bags
đang chia cho √B: độ lệch chuẩn của trung bình mới đi như 1/√B, phương sai đi như 1/B.
    n_bags) → np.sqrt(n_bags))
ρv đang được cộng cho cả B² cặp, kể cả cặp gồm một mô hình với chính mô hình ấy. Chỉ có B(B − 1) hiệp phương sai, nên
phần ấy là (1 − 1/B)ρv.
    (1 - rho) / n_bags → 1 / n_bags
""")


# --- Bài tập 4: đoán trước bagging làm được gì --------------------------------------------------------------------

_BASES = {"1 láng giềng": models.knn(1), "đường thẳng": models.polynomial(1)}


def _measured_ratios(n_worlds=60, n_bags=50):
    """Phương sai khi có bagging chia cho phương sai khi không có, của hai mô hình, đo trên ``n_worlds`` thế giới."""
    x, grid = (0.5 + 0.618034 * np.arange(30)) % 1, np.linspace(0.05, 0.95, 10)[:, None]
    ratios = {}
    for name, fit in _BASES.items():
        rng, said = np.random.default_rng(0), []
        for _ in range(n_worlds):
            y = data.sine(x[:, None]) + 0.3 * rng.normal(size=30)
            bagged = bias_variance.bagging(fit, n_bags=n_bags, rng=rng)
            said.append([learner(x[:, None], y)(grid) for learner in (fit, bagged)])
        plain, averaged = np.var(said, axis=0).mean(axis=1)
        ratios[name] = averaged / plain
    return ratios


def _judge_ratios(ratios):
    if not isinstance(ratios, dict) or set(ratios) != set(_BASES):
        return False, f"`ratios` cần là dict có đúng hai khóa {list(_BASES)}, nhưng nhận được {ratios!r}."
    missing = [name for name, ratio in ratios.items() if ratio is ... or ratio is None]
    if missing:
        return None, f"Còn thiếu: {', '.join(missing)}. Mỗi mô hình một số: phương sai có bagging chia cho không có."
    for name, ratio in ratios.items():
        _check.number(f"ratios[{name!r}]", ratio, low=0)
    measured = _measured_ratios()
    seen = "; ".join(f"{name}: bạn đoán {ratios[name]:.2f}, đo được {measured[name]:.2f}" for name in _BASES)
    far = [name for name in _BASES if abs(ratios[name] - measured[name]) > 0.2]
    if far:
        return False, f"{seen}. Với {' và '.join(far)}, lệch quá 0.2."
    return True, f"{seen}."


@open_exercise(
    judge=_judge_ratios,
    hints=(
        "Mô hình đổi nhiều khi tập dữ liệu đổi một chút thì được lợi; mô hình vốn đứng yên thì không còn gì để lấy "
        "trung bình.",
        "1 láng giềng có bagging thành trung bình có trọng số của vài láng giềng, tỷ số gần tanh(1/2). Đường thẳng: "
        "học trên các túi rồi lấy trung bình thì lại ra gần như đường thẳng cũ.",
    ),
    praise="Bagging chữa dao động. Nó không chữa độ chệch, và không giúp mô hình vốn đã đứng yên.",
)
def bagging_ratios():
    """Đoán phương sai có bagging chia cho phương sai không bagging, của 1 láng giềng và của đường thẳng."""
    ratios = {"1 láng giềng": 0.46, "đường thẳng": 1.0}
    return (ratios,)


# --- Bài tập 5: hai mô hình, hai bệnh, trên dữ liệu của bạn -------------------------------------------------------


def _judge_two_illnesses(X, y, learners):
    X, y = _check.real("X_own", X, ndim=2), _check.real("y_own", y, ndim=1)
    _check.same_length("X_own", X, "y_own", y)
    if len(y) < 40:
        return False, f"mới có {len(y)} mẫu. Hãy đưa ít nhất 40."
    if not isinstance(learners, (tuple, list)) or len(learners) != 2:
        return False, f"`learners` cần là hai learner (gò bó, tự do), nhưng nhận được {learners!r}."
    for name, fit in zip(("gò bó", "tự do"), learners):
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
        f"mô hình gò bó: Bias² + nhiễu {stiff.bias_sq:.4g}, Variance {stiff.variance:.4g}; mô hình tự do: Bias² + "
        f"nhiễu {free.bias_sq:.4g}, Variance {free.variance:.4g}"
    )
    if free.variance < 3 * stiff.variance:
        return False, f"{seen}. Mô hình tự do cần có phương sai ít nhất gấp 3."
    if free.bias_sq > 0.98 * stiff.bias_sq:
        return False, f"{seen}. Mô hình tự do cần có Bias² + nhiễu thấp hơn ít nhất 2%: nếu không, tự do để làm gì."
    return True, f"{seen}. Sai số chung: {stiff.total:.4g} và {free.total:.4g}."


@open_exercise(
    judge=_judge_two_illnesses,
    hints=(
        "Hai mức của cùng một mô hình là dễ nhất: k lớn và k vừa của k láng giềng, hay λ rất lớn và λ nhỏ của ridge.",
        "Mô hình gò bó: ridge λ = 10 hay 100 láng giềng. Mô hình tự do: ridge λ = 0.01 hay 10 láng giềng. Nhớ chuẩn "
        "hóa.",
    ),
    praise="Với dữ liệu thật, nhiễu nằm lẫn trong số đầu của cả hai: so hai mô hình thì được, tách riêng thì không.",
)
def two_illnesses():
    """Đưa ra X (ít nhất 40 hàng), y, và hai learner (gò bó, tự do): tự do lệch ít hơn nhưng dao động gấp ba trở lên."""
    from mlcourse import data, model_selection, models

    patients = data.load_diabetes()
    X_own = model_selection.standardizer(patients.X)(patients.X)
    y_own = patients.y
    learners = (models.ridge(10.0), models.ridge(0.01))
    return X_own, y_own, learners
