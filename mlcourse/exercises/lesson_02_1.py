"""02.1 · Hàm mất mát: bốn câu hỏi và năm bài tập."""

import re

import numpy as np

from .. import _check
from ..quiz import question
from . import exercise, open_exercise, word
from ._forbid import package

# --- Câu hỏi -------------------------------------------------------------------------------------------------------

opening = question(r"""
Mất mát là −Σ yᵢ log p̂ᵢ, với i chạy qua 100 ca, trong đó 30 ca có yᵢ = 1 (ca *dương*) và 70 ca có yᵢ = 0. Mô hình nào
có mất mát nhỏ nhất?
( ) Mô hình luôn nói 0.3, đúng bằng tỷ lệ ca dương
    Ca dương nào cũng đóng góp −log 0.3. Có mô hình làm được ít hơn.
(x) Mô hình nói 1 cho mọi ca, không cần nhìn gì
    Tổng bằng 0, không ai thấp hơn được. Một mô hình chẳng học gì mà đứng đầu: giữa bài ta hỏi vì sao, rồi sửa công
    thức.
( ) Mô hình nói 0 cho mọi ca: ca âm đông hơn
    Ở ca dương, −log 0 là vô cực. Công thức này không tha việc nói quá thấp.
( ) Mô hình nói 0.9 ở ca dương, 0.1 ở ca âm, gần đúng mọi ca
    Ca dương nào cũng còn đóng góp −log 0.9. Tốt, mà vẫn chưa phải nhỏ nhất.
""")

best_constant = question(r"""
Bảy mức lương, triệu đồng: 8, 9, 10, 11, 12, 13 và 200. Ta nói một con số c cho cả bảy, sao cho trung bình của
|c − lương| nhỏ nhất. Số nào?
( ) Chừng 37.6, trung bình của bảy mức lương
    Thử dịch từ 37.6 xuống 36.6: sáu người gần thêm 1, một người xa thêm 1. Tổng giảm 5, nên 37.6 chưa phải chỗ thấp
    nhất.
( ) 104, điểm giữa của mức thấp nhất và mức cao nhất
    Ở 104, dịch xuống 1 thì sáu người gần thêm 1, một người xa thêm 1. Điểm giữa lo cho hai người ở hai đầu, mà quên năm
    người kia.
(x) 11, mức lương đứng giữa khi xếp theo thứ tự
    Ở 11, ba người bên trái, ba người bên phải: dịch bên nào cũng có nhiều người xa thêm hơn số người gần thêm. Mức 200
    có thành 2000 thì chỗ đứng giữa vẫn là 11.
""")

saturated = question(r"""
Giá trị thật là 1, mô hình nói p̂ = 0.0001. Ta học bằng bình phương (p̂ − y)², với p̂ = sigmoid(z). Nhích z một chút
thì mất mát đổi nhiều hay ít?
(x) Rất ít, dù mất mát gần như lớn nhất
    Ở đó sigmoid gần như nằm ngang: nhích z thì p̂ hầu như không nhúc nhích, nên mất mát cũng thế. Độ dốc theo z chỉ
    chừng 0.0002; trang sau cho công thức.
( ) Vừa phải, dù sai gần như tuyệt đối
    Đổi vừa phải là khi nhích p̂: đạo hàm theo p̂ chừng 2. Nhưng núm vặn là z, và giữa z với p̂ còn một sigmoid.
( ) Rất nhiều, dù bình phương không bao giờ quá 1
    Mất mát thì lớn, gần 1. Nhưng câu hỏi là *độ dốc*: đứng trên cao nguyên thì cao mà không dốc.
""")

closing = question(r"""
Một thư viện chỉ có hàm −Σⱼ yⱼ log p̂ⱼ, với j chạy qua các cột của một mẫu. Bài toán của bạn có hai lớp, nhãn y là 0 hay
1, và mô hình nói p̂ là xác suất của lớp 1. Bạn đưa vào những gì?
( ) Một cột: y và p̂, rồi chia tổng cho số mẫu
    Chia hay không thì thứ hạng của các mô hình vẫn thế: ca có y = 0 đóng góp 0, và mô hình luôn nói 1 lại đứng đầu.
( ) Một cột: y và p̂, sau khi chặn p̂ trong khoảng từ 1e-12 đến 1
    Chặn dưới chỉ tránh log 0. Ca có y = 0 vẫn đóng góp 0, nên luôn nói 1 vẫn được 0.
(x) Hai cột: (1 − y, y) và (1 − p̂, p̂)
    Bây giờ mẫu nào cũng có đúng một cột bằng 1, và tổng là −log của xác suất mà mô hình cho lớp thật. Cột có nhãn 0
    đóng góp 0, kể cả khi xác suất ở đó là 0: 0 log 0 coi là 0 (NumPy tính thẳng thì ra nan: hãy bỏ cột ấy trước).
( ) Hai cột: (y, y) và (p̂, 1 − p̂)
    Ca có y = 1 bị phạt ở cả hai cột, kể cả khi mô hình nói đúng; ca có y = 0 thì vẫn đóng góp 0.
""")

# --- Bài tập 1: MSE và đạo hàm --------------------------------------------------------------------------------------


def _slope_cases():
    rng = np.random.default_rng(1)
    x = rng.normal(size=20)
    return {
        "ba điểm": (np.log(2), np.array([1.0, 2.0, 3.0]), np.array([3.0, 6.0, 9.0])),
        "chỉ sai một điểm": (0.5, np.array([1.0, -2.0, 3.0]), np.exp([0.5, -1.0, 1.5]) + [0.0, 0.0, 1.0]),
        "20 điểm ngẫu nhiên": (-0.5, x, np.exp(x) + rng.normal(size=20)),
    }


@exercise(
    cases=_slope_cases,
    returns=("MSE", "đạo hàm"),
    hints=(
        "Viết `y_hat = np.exp(theta * x)`, `e = y - y_hat`. Đạo hàm của e² theo ŷ là −2e; còn của ŷ theo θ?",
        "Đạo hàm của exp(θx) theo θ là x·exp(θx). Nhân hai đạo hàm ấy ở từng mẫu, rồi lấy trung bình.",
    ),
    praise="Hãy so với sai phân: `h = 1e-6`, rồi lấy hiệu của MSE ở `theta + h` và ở `theta - h`, chia cho `2 * h`.",
)
def mse_and_slope(theta, x, y):
    """Trả về (MSE, đạo hàm của MSE theo θ) của mô hình ŷ = exp(θx)."""
    y_hat = np.exp(theta * x)
    e = y - y_hat
    return np.mean(e**2), -2 * np.mean(e * x * y_hat)


mse_and_slope.mistake(r"""
đạo hàm thiếu thừa số x: đạo hàm của exp(θx) theo θ là x·exp(θx).
    e * x * y_hat → e * y_hat
đạo hàm thiếu thừa số exp(θx): đó là đạo hàm khi ŷ = θx. Ở đây đạo hàm của ŷ theo θ là x·exp(θx).
    e * x * y_hat → e * x
dừng ở đạo hàm theo ŷ. Còn phải nhân đạo hàm của ŷ theo θ, là x·exp(θx), ở từng mẫu.
    e * x * y_hat → e
đạo hàm thiếu số 2: đạo hàm của e² là 2e. Số 2 chỉ biến mất khi mất mát có ½ đứng trước.
    -2 * np.mean → -np.mean
""")
mse_and_slope.mistake(
    "hai con số đang là tổng. Mất mát của khóa học là trung bình: chia cho n cả giá trị lẫn đạo hàm.",
    ("np.mean", "np.sum", 2),
)
mse_and_slope.mistake(r"""
dấu của đạo hàm bị ngược. Với e = y − ŷ thì đạo hàm của e theo ŷ là −1: cần một dấu trừ; với e = ŷ − y thì không.
    -2 * np.mean → 2 * np.mean
giá trị trả về là căn của MSE (RMSE). Đề bài cần MSE, chưa lấy căn.
    np.mean(e**2) → np.sqrt(np.mean(e**2))
MSE đã là trung bình, mà đạo hàm còn là tổng. Đạo hàm của trung bình cũng là trung bình: chia cho n.
    -2 * np.mean → -2 * np.sum
đây là ½ MSE. Có sách viết thế để đạo hàm mất số 2; MSE của khóa học không có ½, và đạo hàm giữ số 2.
    np.mean(e**2) → np.mean(e**2) / 2
    -2 * np.mean → -np.mean
đây là ½ MSE. Có sách viết thế để đạo hàm mất số 2; MSE của khóa học không có ½, và đạo hàm giữ số 2.
    np.mean(e**2) → np.mean(e**2) / 2
cặp đã đúng thứ tự, nhưng mỗi phần còn là cả một mảng, mỗi mẫu một số. Hãy lấy trung bình trên các mẫu.
    np.mean(e**2) → e**2
    -2 * np.mean(e * x * y_hat) → -2 * e * x * y_hat
""")
for _each in ("-2 * e * x * y_hat", "-2 * e * x * y_hat / len(e)", "-2 * e", "-2 * e / len(e)"):
    mse_and_slope.mistake(
        "MSE đã là một số, mà đạo hàm còn mỗi mẫu một số. θ chung cho mọi mẫu: lấy trung bình của −2eᵢxᵢŷᵢ.",
        ("-2 * np.mean(e * x * y_hat)", _each),
    )

# --- Bài tập 2: trung bình hay trung vị -----------------------------------------------------------------------------

APART = 0.2  # độ lệch chuẩn


def _judge_mean_or_median(numbers, choice, reason):
    for text in numbers if isinstance(numbers, (list, tuple)) else ():
        if isinstance(text, str) and re.fullmatch(r"\s*-?\d+,\d+\s*", text):
            return False, f"{text!r} là chữ, không phải số: hãy viết {text.strip().replace(',', '.')}, bỏ ngoặc kép."
    numbers = _check.real("numbers", numbers, ndim=1)
    n = len(numbers)
    if n < 10:
        return False, f"mới có {n} con số. Hãy đưa ít nhất 10."
    ordered, middle = np.sort(numbers), slice((n - 1) // 2, n // 2 + 1)
    above = ordered / 4 - ordered[0] / 4  # một phần tư: hiệu của hai số rất lớn cũng không tràn
    if not above[-1] > 0:
        return False, "mọi con số đều bằng nhau: trung bình và trung vị không có gì để khác nhau."
    above = above / above[-1]
    gap = max(above[middle][0] - above.mean(), above.mean() - above[middle][-1], 0.0) / above.std()
    mean, low, high = (_grouped(value) for value in ((numbers / n).sum(), *ordered[middle][[0, -1]]))
    best = low if low == high else f"bất kỳ số nào từ {low} đến {high}"
    seen = f"hằng số tốt nhất theo MSE là {mean}, theo MAE là {best}, cách nhau {_plain(gap)} độ lệch chuẩn."
    if gap < APART * (1 - 1e-6):
        return False, (
            f"{seen} Cần ít nhất {APART}. Hãy tìm dữ liệu lệch về một phía: phần đông nhỏ và sát nhau, chừng một "
            "phần mười lớn hơn hẳn (chỉ một số, dù lớn mấy, thì giữa 27 số trở lên là chưa đủ)."
        )
    if word(choice) not in ("trung bình", "trung vị"):
        return False, f'{seen} `choice` cần là "trung bình" hay "trung vị".'
    words = reason.split() if isinstance(reason, str) else []
    if len(words) < 5 or len({one for one in words if any(map(str.isalpha, one))}) < 3:  # "a a a a a" chưa phải câu
        return False, f"{seen} `reason` cần là một câu, ít nhất năm chữ: ai nghe con số ấy, và để làm gì?"
    return True, f"{seen[0].upper()}{seen[1:]} Bạn chọn {word(choice)}: {reason.strip()[:200].rstrip('.')}."


def _grouped(value):
    """Bốn chữ số có nghĩa; từ mười nghìn trở lên, như tiền bằng đồng, thì đủ chữ số, cách từng ba."""
    return f"{value:_.0f}".replace("_", "\u00a0") if 1e4 <= abs(value) < 1e15 else f"{value:.4g}"


def _plain(gap):
    """Con số gần ngưỡng thì thêm chữ số, để không ai thấy 0.20 mà bị chê là dưới 0.2."""
    return f"{gap:.2f}" if round(gap, 2) != APART else f"{gap:.4f}" if round(gap, 4) != APART else f"{gap:.6f}"


@open_exercise(
    judge=_judge_mean_or_median,
    hints=(
        "MSE nhắm trung bình, MAE nhắm trung vị. Hai số ấy xa nhau khi dữ liệu lệch về một phía.",
        "Tiền bạc, thời gian chờ, số lần xem: phần lớn nhỏ, vài lần rất lớn. Người nghe cần cộng lại được thì chọn "
        "trung bình; cần biết mức của một người ở giữa thì chọn trung vị.",
    ),
    praise="Báo cáo nào chỉ ghi trung bình, hãy hỏi thêm trung vị.",
)
def mean_or_median():
    """Đưa ra ít nhất 10 con số mà mọi hằng số tốt nhất theo MAE đều cách trung bình ít nhất 0.2 độ lệch chuẩn; rồi chọn
    "trung bình" hay "trung vị" để nói cho người khác, kèm một câu vì sao.
    """
    minutes_late = [0, 0, 0, 1, 1, 1, 2, 2, 30, 35, 40, 45]  # mười hai buổi đi làm
    reason = "bạn bè hỏi: một buổi bình thường thì muộn mấy phút"
    return np.array(minutes_late), "trung vị", reason


# --- Bài tập 3: entropy bằng bit ------------------------------------------------------------------------------------


@exercise(
    cases=lambda: {
        "đồng xu cân": (np.array([0.5, 0.5]),),
        "xúc xắc cân": (np.ones(6) / 6,),
        "xúc xắc lệch": (np.array([0.1, 0.1, 0.1, 0.1, 0.1, 0.5]),),
        "một mặt không bao giờ ra": (np.array([0.5, 0.25, 0.25, 0.0]),),
        "biết chắc": (np.array([0.0, 1.0]),),
        "biết chắc, ba mặt": (np.array([1.0, 0.0, 0.0]),),
    },
    returns=("entropy, bit",),
    forbids=(package("mlcourse"),),
    hints=(
        "Bit là log cơ số 2: `np.log2`. Trung bình theo p của −log2 p.",
        "Bỏ các mặt có xác suất 0 trước khi lấy log: `p = p[p > 0]`. Quy ước 0 log 0 = 0 vì p log p về 0 khi p về 0.",
    ),
    praise="Con xúc xắc lệch có entropy nhỏ hơn con cân: đoán trước được phần nào thì bớt bất ngờ phần ấy.",
)
def entropy_in_bits(p):
    """Trả về entropy của phân phối `p`, tính bằng bit; 0 log 0 là 0."""
    p = p[p > 0]
    return -np.sum(p * np.log2(p))


entropy_in_bits.mistake(r"""
kết quả tính bằng nat: `np.log` là log tự nhiên. Chia cho log 2, hay dùng `np.log2`.
    log2 → log
mặt có xác suất 0 làm hỏng tổng: log 0 không có giá trị, nên hàm dừng vì lỗi hay ra nan. Quy ước 0 log 0 = 0: hãy bỏ các
mặt ấy trước khi lấy log.
    p = p[p > 0] →
mặt có xác suất 0 làm hỏng tổng: log 0 không có giá trị, nên hàm dừng vì lỗi hay ra nan. Quy ước 0 log 0 = 0: hãy bỏ các
mặt ấy trước khi lấy log.
    p = p[p > 0] → import math
    np.sum(p * np.log2(p)) → sum(one * math.log2(one) for one in p)
hàm lấy trung bình đều của −log2 p, chưa nhân với p. Mặt hay ra phải được tính nhiều hơn.
    np.sum(p * np.log2(p)) → np.mean(np.log2(p))
thiếu dấu trừ: log của một số nhỏ hơn 1 thì âm, entropy thì không âm.
    -np.sum → np.sum
đó là log2 của số mặt, tức entropy khi các mặt *đều nhau*. Mặt hay ra hơn thì phải tính nhiều hơn.
    -np.sum(p * np.log2(p)) → np.log2(len(p))
đó là log2 của số mặt, tức entropy khi các mặt *đều nhau*. Mặt hay ra hơn thì phải tính nhiều hơn.
    p = p[p > 0] →
    -np.sum(p * np.log2(p)) → np.log2(len(p))
""")
for _tiny in (f"1e-{digits}" for digits in range(7, 13)):
    entropy_in_bits.mistake(
        "một số nhỏ thêm vào p để tránh log 0 làm trò biết chắc có entropy âm. Bỏ các mặt có xác suất 0 thì đúng hẳn.",
        ("p = p[p > 0]", ""),
        ("np.log2(p)", f"np.log2(p + {_tiny})"),
    )

# --- Bài tập 4: gradient với nhãn mềm -------------------------------------------------------------------------------


@exercise(
    cases=lambda: {
        "hai lớp ngang nhau, nhãn chắc chắn": (np.array([0.0, 0.0]), np.array([0.0, 1.0]), 1.0),
        "ba lớp, nhãn chắc chắn": (np.array([2.0, -1.0, 0.5]), np.array([0.0, 1.0, 0.0]), 1.0),
        "ba lớp, nhãn mềm": (np.array([2.0, -1.0, 0.5]), np.array([0.75, 0.25, 0.0]), 1.0),
        "nhãn mềm, T = 2": (np.array([2.0, -1.0, 0.5]), np.array([0.75, 0.25, 0.0]), 2.0),
        "nhãn mềm, T = 0.5": (np.array([0.3, 0.1, -0.2]), np.array([0.2, 0.3, 0.5]), 0.5),
        "sai mà tự tin": (np.array([40.0, 0.0]), np.array([0.0, 1.0]), 1.0),
    },
    returns=("gradient",),
    hints=(
        "log p̂ⱼ = zⱼ/T − log Σₖ exp(zₖ/T). Các pⱼ cộng lại bằng 1, nên mất mát là −Σⱼ pⱼ zⱼ/T + log Σₖ exp(zₖ/T).",
        "Đạo hàm của −Σⱼ pⱼ zⱼ/T theo zⱼ là −pⱼ/T; đạo hàm của log Σₖ exp(zₖ/T) theo zⱼ là p̂ⱼ/T.",
    ),
    praise="Nói bao nhiêu trừ đi sự thật, chia cho T: nhãn chắc chắn hay nhãn mềm đều một công thức.",
)
def soft_gradient(z, p, temperature):
    """Trả về đạo hàm theo `z` của −Σⱼ pⱼ log p̂ⱼ, với p̂ = softmax(z / temperature): mảng dạng (K,)."""
    said = np.exp(z / temperature)
    said = said / said.sum()
    return (said - p) / temperature


soft_gradient.mistake(r"""
dấu bị ngược: đạo hàm của −pⱼ zⱼ/T mang dấu trừ, của log Σ exp mang dấu cộng.
    (said - p) → (p - said)
thiếu thừa số 1/T ở ngoài: z đi vào softmax sau khi chia cho T, nên đạo hàm của hàm hợp nhân thêm 1/T.
    (said - p) / temperature → said - p
p̂ đang tính ở T = 1: `np.exp(z)` thay cho `np.exp(z / temperature)`.
    np.exp(z / temperature) → np.exp(z)
đó là công thức khi T = 1. Ở đây z chia cho T rồi mới vào softmax: p̂ tính từ z/T, và đạo hàm của hàm hợp nhân thêm 1/T.
    np.exp(z / temperature) → np.exp(z)
    (said - p) / temperature → said - p
nhân với T thay vì chia: đạo hàm của z/T theo z là 1/T.
    (said - p) / temperature → (said - p) * temperature
đó là p̂, chia cho T, mà chưa trừ p: số hạng −Σ pⱼ zⱼ/T cũng có đạo hàm.
    (said - p) → said
đó là đạo hàm theo xác suất p̂, tức −pⱼ/p̂ⱼ, chưa đi qua softmax để đến z.
    return (said - p) / temperature → return -p / said
đó là đạo hàm theo xác suất p̂, tức −pⱼ/p̂ⱼ, chưa đi qua softmax để đến z.
    return (said - p) / temperature → return -p / said / temperature
nhãn mềm đang bị coi là nhãn chắc chắn, trừ 1. Mỗi lớp trừ đi pⱼ của chính nó.
    (said - p) → (said - (p == p.max()))
nhãn mềm đang bị coi là nhãn chắc chắn, trừ 1. Mỗi lớp trừ đi pⱼ của chính nó.
    (said - p) → (said - (p > 0))
chỉ lớp thật có gradient khác 0. Logit của lớp khác cũng nằm trong mẫu số của softmax, nên tăng nó thì p̂ của lớp thật
giảm.
    return (said - p) / temperature → return np.where(p > 0, said - p, 0) / temperature
""")

# --- Bài tập 5: entropy chéo nhị phân từ logit ----------------------------------------------------------------------


def _binary_cases():
    rng = np.random.default_rng(2)
    return {
        "ba mẫu": (np.array([1, 0, 1]), np.array([2.0, -1.0, -0.5])),
        "một mẫu, z = 0": (np.array([1]), np.array([0.0])),
        "40 mẫu": (rng.integers(0, 2, 40), rng.normal(size=40) * 3),
        "z = 1000": (np.array([0, 1]), np.array([1000.0, 1000.0])),
        "z = 800 và z = 3000": (np.array([1, 0, 0]), np.array([800.0, 800.0, 3000.0])),
        "z = −2000 và z = 2000": (np.array([1, 0]), np.array([-2000.0, 2000.0])),
        "z = −1000 và z = −3000": (np.array([1, 0, 1]), np.array([-1000.0, -1000.0, -3000.0])),
    }


@exercise(
    cases=_binary_cases,
    returns=("entropy chéo",),
    forbids=(package("mlcourse"),),
    hints=(
        "Mất mát của một mẫu là log(1 + e^z) − yz, mà log(1 + e^z) = log(e^0 + e^z) là log-sum-exp của cặp (0, z). Lấy "
        "số lớn hơn trong 0 và z ra ngoài.",
        "log(1 + e^z) bằng max(z, 0) + log(1 + e^(−|z|)): `np.maximum(z, 0) + np.log1p(np.exp(-np.abs(z)))`. Rồi trừ "
        "`y * z`, và lấy trung bình.",
    ),
    praise="Số mũ −|z| không bao giờ dương. NumPy có sẵn log(e^0 + e^z): `np.logaddexp(0, z)`.",
)
def binary_loss(y, z):
    """Trả về entropy chéo nhị phân trung bình, từ nhãn `y` (0 hay 1) và logit `z`, cùng dạng (n,)."""
    total = np.maximum(z, 0) + np.log(1 + np.exp(-np.abs(z)))  # log(1 + e^z)
    return np.mean(total - y * z)


_FIRST = "Hãy tính thẳng từ z, lấy số lớn hơn trong 0 và z ra ngoài trước."
_TOO_BIG = "`np.exp` của một số lớn là vô cực; đi qua p̂ thì p̂ làm tròn thành 0 hay 1, và log 0 là âm vô cực. " + _FIRST
_STABLE = "np.maximum(z, 0) + np.log(1 + np.exp(-np.abs(z)))"
_LOSS, _MEAN = "total - y * z", "return np.mean(total - y * z)"
_BY_PROBABILITY = "-(y * np.log(total) + (1 - y) * np.log(1 - total))"
_SAID = (_STABLE, "1 / (1 + np.exp(-z))")
binary_loss.mistake(_TOO_BIG, (_STABLE, "np.log(1 + np.exp(z))"))
for _said in (_SAID[1], "np.exp(z) / (1 + np.exp(z))"):
    binary_loss.mistake(_TOO_BIG, (_STABLE, _said), (_LOSS, _BY_PROBABILITY))
    binary_loss.mistake(_TOO_BIG, (_STABLE, _said), (_LOSS, "np.where(y == 1, -np.log(total), -np.log(1 - total))"))
for _one, _why in (
    ("math.log(1 + math.exp(v)) - k * v", "`math.exp` của một số lớn thì tràn số."),
    ("math.log(1 + math.exp(-v)) if k else math.log(1 + math.exp(v))", "`math.exp` của một số lớn thì tràn số."),
    (
        "-math.log(1 / (1 + math.exp(-v))) if k else -math.log(1 - 1 / (1 + math.exp(-v)))",
        "đi qua p̂ thì `math.exp` tràn số, hay p̂ làm tròn thành 0 hay 1 mà log 0 không có giá trị.",
    ),
):
    binary_loss.mistake(
        f"{_why} {_FIRST}", (_MEAN, f"import math\n    return sum({_one} for k, v in zip(y, z)) / len(y)")
    )
for _top in ("z.max()", "max(z.max(), 0)"):
    binary_loss.mistake(
        "số lấy ra ngoài đang là số lớn nhất của cả mảng. Mỗi mẫu có cặp logit riêng, z và 0: hãy lấy số lớn hơn trong "
        "hai số ấy, ở từng mẫu.",
        (_STABLE, f"{_top} + np.log(np.exp(-{_top}) + np.exp(z - {_top}))"),
    )
binary_loss.mistake(
    "`np.nan_to_num` thay vô cực bằng số lớn nhất mà máy giữ được: không còn vô cực, mà con số là bịa. Hãy tính thẳng "
    "từ z.",
    _SAID,
    (_LOSS, "-np.nan_to_num(y * np.log(total) + (1 - y) * np.log(1 - total))"),
)
_CEILING = (
    "một số nhỏ, cộng vào p̂ hay để chặn p̂, chỉ giấu vô cực đi: mất mát của một ca sai nặng dừng ở một mức trần, dù "
    "logit sai đến đâu. Hãy tính thẳng từ z."
)
_TINY = [f"1e-{digits}" for digits in range(5, 17)]
for _tiny in (*_TINY, "np.finfo(float).eps"):
    _clipped = f"np.clip(1 / (1 + np.exp(-z)), {_tiny}, 1 - {_tiny})"
    binary_loss.mistake(_CEILING, (_STABLE, _clipped), (_LOSS, _BY_PROBABILITY))
for _tiny in (*_TINY, "1e-300"):
    _shifted = f"-(y * np.log(total + {_tiny}) + (1 - y) * np.log(1 - total + {_tiny}))"
    binary_loss.mistake(_CEILING, _SAID, (_LOSS, _shifted))
for _far in (20, 30, 50, 100, 500, 700, 709):
    _kept = f"np.clip(z, -{_far}, {_far})"
    _why = f"chặn z ở ±{_far} cũng là đặt trần cho mất mát: sai nặng hơn nữa mà mất mát vẫn thế. "
    _edits = (_STABLE, f"np.log(1 + np.exp({_kept}))"), (_LOSS, f"total - y * {_kept}")
    binary_loss.mistake(_why + _FIRST, *_edits)
    if _far == 30:  # ở đây p̂ còn chưa làm tròn thành 1
        _edits = (_STABLE, f"1 / (1 + np.exp(-{_kept}))"), (_LOSS, _BY_PROBABILITY)
        binary_loss.mistake(_why + _FIRST, *_edits)
binary_loss.mistake(r"""
hàm trả về tổng, chưa chia cho số mẫu.
    np.mean → np.sum
mỗi mẫu còn một số: chưa lấy trung bình trên các mẫu.
    np.mean(total - y * z) → total - y * z
dấu bị ngược: hàm trả về log của xác suất, số âm. Mất mát thì không âm.
    return np.mean → return -np.mean
nhãn bị đổi chỗ: với y = 1 mất mát là log(1 + e^z) − z, với y = 0 mới là log(1 + e^z).
    y * z → (1 - y) * z
thiếu số hạng −yz: mẫu nào cũng đang được tính như y = 0.
    total - y * z → total
log đang là log2. Mất mát của khóa học dùng log tự nhiên, cùng cơ số với `np.exp`.
    np.mean(total - y * z) → np.mean(total - y * z) / np.log(2)
""")
