"""02.1 · Hàm mất mát: bốn câu hỏi và năm bài tập."""

import numpy as np

from .. import _check
from ..quiz import question
from . import exercise, open_exercise

# --- Câu hỏi -------------------------------------------------------------------------------------------------------

opening = question(r"""
Mất mát là −Σ yᵢ log ŷᵢ, với i chạy qua các mẫu và yᵢ là 0 hoặc 1. Mô hình nào có mất mát nhỏ nhất?
( ) Mô hình nói đúng xác suất thật của từng mẫu
    Đó là điều ta muốn, và là câu trả lời khi công thức viết đủ. Ở đây, mẫu có yᵢ = 0 đóng góp 0 dù mô hình nói gì, nên
    nói to hơn sự thật thì chỉ có lợi.
(x) Mô hình nói 1 cho mọi mẫu, không cần nhìn gì
    Mẫu có yᵢ = 1 đóng góp −log 1 = 0, mẫu có yᵢ = 0 đóng góp 0: tổng bằng 0, không ai thấp hơn được. Vậy công thức viết
    như thế còn thiếu một điều gì đó; giữa bài ta đi tìm.
( ) Mô hình nói 0 cho mọi mẫu
    Mẫu có yᵢ = 1 mà nói 0 thì −log 0 là vô cực. Công thức này phạt việc nói nhỏ, chỉ quên phạt việc nói to.
( ) Không có, vì mất mát xuống bao nhiêu cũng được
    ŷ không quá 1 nên −log ŷ không âm, và tổng không thể dưới 0. Số 0 đạt được thật, bởi một mô hình chẳng học gì.
""")

best_constant = question(r"""
Bảy mức lương, triệu đồng: 8, 9, 10, 11, 12, 13 và 200. Phải nói một con số cho cả bảy. Hạ MSE và hạ MAE cho ra gì?
( ) Cùng một số, vì cả hai đều muốn gần mọi người
    "Gần" đo theo hai cách khác nhau. Người 200 triệu kéo MSE với sức tỷ lệ theo khoảng cách, còn MAE thì chỉ với sức
    một phiếu.
( ) MSE cho 11, MAE cho khoảng 37.6
    Ngược lại. Bình phương sợ những lần sai xa, nên chính MSE mới nhích về phía 200.
(x) MSE cho khoảng 37.6, MAE cho 11
    MSE nhắm trung bình: 263/7 = 37.6, mức lương không ai trong bảy người nhận. MAE nhắm trung vị: 11, với ba người ở
    mỗi bên.
""")

saturated = question(r"""
Giá trị thật là 1, mô hình nói 0.0001. Học bằng bình phương (p̂ − y)², bước sửa của mẫu này lớn hay nhỏ?
(x) Rất nhỏ, dù mất mát gần như lớn nhất
    Gradient theo logit là 2(p̂ − y) p̂ (1 − p̂), khoảng 0.0002: thừa số p̂(1 − p̂) gần 0 dập tắt nó. Entropy chéo thì
    kéo với sức gần 1.
( ) Vừa phải, vì bình phương không bao giờ quá 1
    Gradient theo p̂ thì đúng là vừa phải, khoảng 2. Nhưng tham số nằm sau sigmoid, và quy tắc dây chuyền nhân thêm p̂(1
    − p̂), khoảng 0.0001.
( ) Rất lớn, vì sai gần như tuyệt đối
    Mất mát thì lớn, gần 1, nhưng gradient là *độ dốc*, mà ở đó sigmoid phẳng. Đứng trên cao nguyên thì cao mà không
    dốc.
""")

closing = question(r"""
Bạn gặp −Σ yᵢ log ŷᵢ trong một tài liệu. Câu trả lời cho điều nào quyết định mô hình nào có mất mát nhỏ nhất?
( ) Log này cơ số mấy, vì đổi cơ số là đổi con số
    Cơ số chỉ đổi đơn vị: nat thành bit, nhân với 1.44. Mô hình nào thấp hơn thì vẫn thấp hơn.
( ) Vì sao không chia cho n, khi n có thể rất lớn
    Nên hỏi, vì tốc độ học phụ thuộc vào đó. Nhưng chia cho n thì mọi mô hình cùng nhỏ đi ngần ấy lần, thứ tự không đổi.
(x) Chỉ số i chạy qua cái gì: các lớp, hay các mẫu
    Qua các lớp thì đó là mất mát đúng của một mẫu one-hot. Qua các mẫu hai lớp thì thiếu một nửa, và mô hình luôn nói 1
    được 0. Cùng một dòng chữ, hai nghĩa.
( ) ŷ có bao giờ bằng 0 không, vì log 0 là vô cực
    Người viết code phải lo điều ấy: hãy tính từ logit. Nhưng dù ŷ không bao giờ bằng 0, công thức vẫn có thể thưởng cho
    mô hình luôn nói 1.
""")

# --- Bài tập 1: MSE và gradient -------------------------------------------------------------------------------------


def _slope_cases():
    rng = np.random.default_rng(1)
    x = rng.normal(size=20)
    return {
        "hai điểm": (1.0, np.array([1.0, 2.0]), np.array([3.0, 3.0])),
        "đoán đúng hết": (2.0, np.array([1.0, -2.0, 3.0]), np.array([2.0, -4.0, 6.0])),
        "20 điểm ngẫu nhiên": (-0.5, x, 3 * x + rng.normal(size=20)),
    }


@exercise(
    cases=_slope_cases,
    returns=("MSE", "đạo hàm"),
    hints=(
        "Viết `d = theta * x - y`. MSE là trung bình của d². Đạo hàm của d theo θ là x.",
        "Quy tắc dây chuyền: đạo hàm của d² theo θ là 2 · d · x. Lấy trung bình: `2 * np.mean(d * x)`.",
    ),
    praise="Sai phân cũng ra con số ấy: từ nay mọi gradient bạn viết đều kiểm tra được như vậy.",
)
def mse_and_slope(theta, x, y):
    """Trả về (MSE, đạo hàm của MSE theo θ) của mô hình ŷ = θx."""
    d = theta * x - y
    return np.mean(d**2), 2 * np.mean(d * x)


mse_and_slope.mistake(r"""
đạo hàm thiếu thừa số x: quy tắc dây chuyền nhân thêm ∂ŷ/∂θ = x.
    d * x) → d)
đạo hàm thiếu số 2: đạo hàm của d² là 2d. Số 2 chỉ biến mất khi mất mát có ½ đứng trước.
    2 * np.mean → np.mean
""")
mse_and_slope.mistake(
    "hai con số đang là tổng. Mất mát của khóa học là trung bình: chia cho n cả giá trị lẫn đạo hàm.",
    ("np.mean", "np.sum", 2),
)
mse_and_slope.mistake(r"""
dấu của đạo hàm bị ngược: với d = y − θx thì ∂d/∂θ = −x, và dấu trừ ấy đã rơi mất.
    2 * np.mean → -2 * np.mean
giá trị trả về là căn của MSE (RMSE). Đề bài cần MSE, chưa lấy căn.
    np.mean(d**2) → np.sqrt(np.mean(d**2))
MSE đã là trung bình, mà đạo hàm còn là tổng. Đạo hàm của trung bình cũng là trung bình: chia cho n.
    2 * np.mean → 2 * np.sum
đây là ½ MSE. Có sách viết thế để đạo hàm mất số 2; MSE của khóa học không có ½, và đạo hàm giữ số 2.
    np.mean(d**2) → np.mean(d**2) / 2
    2 * np.mean → np.mean
đây là ½ MSE. Có sách viết thế để đạo hàm mất số 2; MSE của khóa học không có ½, và đạo hàm giữ số 2.
    np.mean(d**2) → np.mean(d**2) / 2
""")

# --- Bài tập 2: entropy chéo ổn định --------------------------------------------------------------------------------


def _logit_cases():
    rng = np.random.default_rng(2)
    return {
        "hai lớp ngang nhau": (np.array([1]), np.array([[0.0, 0.0]])),
        "ba mẫu": (np.array([0, 2, 1]), np.array([[1.0, 2.0, 0.5], [0.0, -1.0, 3.0], [0.2, 0.1, 0.0]])),
        "40 mẫu, năm lớp": (rng.integers(0, 5, 40), rng.normal(size=(40, 5)) * 3),
        "logit rất lớn": (np.array([0, 1]), np.array([[1e4, 0.0], [1e4, 0.0]])),
        "logit rất âm": (np.array([1, 1]), np.array([[-1e4, -1e4 - 2], [-5e3, -1e4]])),
    }


@exercise(
    cases=_logit_cases,
    returns=("entropy chéo",),
    hints=(
        "Trừ số lớn nhất của mỗi hàng trước (`keepdims=True`), rồi log p̂ = z − log Σ exp z, không đi qua p̂.",
        "Lấy phần tử của lớp thật ở mỗi hàng bằng `log_p[np.arange(len(y_true)), y_true]`, rồi đổi dấu và lấy trung "
        "bình.",
    ),
    praise="Không số mũ nào dương, nên không bao giờ tràn; và không đi qua xác suất, nên không bao giờ gặp log 0.",
)
def cross_entropy(y_true, logits):
    """Trả về entropy chéo trung bình; `logits` dạng (n, K), `y_true` dạng (n,) gồm số thứ tự của lớp thật."""
    z = logits - logits.max(axis=1, keepdims=True)
    log_p = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    return -np.mean(log_p[np.arange(len(y_true)), y_true])


cross_entropy.mistake(r"""
softmax viết thẳng: `np.exp(1e4)` là vô cực, và vô cực chia vô cực là nan. Hãy trừ số lớn nhất trước.
    z = logits - logits.max(axis=1, keepdims=True) → z = logits
    z - np.log(np.exp(z).sum(axis=1, keepdims=True)) → np.log(np.exp(z) / np.exp(z).sum(axis=1, keepdims=True))
đã trừ số lớn nhất, nhưng còn đi qua xác suất: p̂ nhỏ quá thì làm tròn về 0 và log 0 là âm vô cực. Hãy tính thẳng log
p̂.
    z - np.log(np.exp(z).sum(axis=1, keepdims=True)) → np.log(np.exp(z) / np.exp(z).sum(axis=1, keepdims=True))
hàm trả về tổng, chưa chia cho số mẫu.
    np.mean → np.sum
thiếu dấu trừ: log của xác suất thì âm, mất mát thì không âm.
    -np.mean → np.mean
hàm lấy trung bình log p̂ của *mọi* lớp. Chỉ lớp thật mới tính.
    log_p[np.arange(len(y_true)), y_true] → log_p
hàm lấy lớp có xác suất cao nhất thay cho lớp thật: mô hình tự khen mình.
    log_p[np.arange(len(y_true)), y_true] → log_p.max(axis=1)
`np.exp(1e4)` là vô cực, và log của vô cực vẫn là vô cực. Hãy trừ số lớn nhất của mỗi hàng trước.
    z = logits - logits.max(axis=1, keepdims=True) → z = logits
`log_p[:, y_true]` là cả một bảng: mỗi mẫu bị ghép với lớp thật của mọi mẫu. Cần hàng i đi với lớp thật của mẫu i:
`log_p[np.arange(len(y_true)), y_true]`.
    log_p[np.arange(len(y_true)), y_true] → log_p[:, y_true]
log đang là log2. Mất mát của khóa học dùng log tự nhiên, cùng cơ số với `np.exp`.
    np.mean(log_p → np.mean(log_p / np.log(2)
log đang là log2. Mất mát của khóa học dùng log tự nhiên, cùng cơ số với `np.exp`.
    np.log( → np.log2(
""")

for _tiny in ("1e-8", "1e-9", "1e-12", "1e-15"):
    cross_entropy.mistake(
        "một số nhỏ cộng vào p̂ chỉ giấu −∞ đi: mất mát của một ca sai nặng dừng ở một mức trần, chừng 20 hay 30, dù "
        "logit sai đến đâu. Hãy tính thẳng log p̂.",
        (
            "z - np.log(np.exp(z).sum(axis=1, keepdims=True))",
            f"np.log(np.exp(z) / np.exp(z).sum(axis=1, keepdims=True) + {_tiny})",
        ),
    )


# --- Bài tập 3: gradient của softmax ---------------------------------------------------------------------------------


@exercise(
    cases=lambda: {
        "hai lớp ngang nhau": (np.array([0.0, 0.0]), 1),
        "ba lớp": (np.array([2.0, -1.0, 0.5]), 1),
        "gần như chắc chắn, đúng": (np.array([8.0, 0.0, -3.0]), 0),
        "gần như chắc chắn, sai": (np.array([8.0, 0.0, -3.0]), 2),
        "logit rất lớn": (np.array([1e4, 0.0]), 0),
        "logit rất âm": (np.array([-1e4, -1e4 + 1]), 0),
    },
    returns=("gradient",),
    hints=(
        "−log p̂_c = −z_c + log Σ exp z. Đạo hàm của hạng thứ hai theo z_k là một đại lượng quen thuộc.",
        "Đó là p̂_k. Vậy gradient là p̂ với phần tử thứ c bớt đi 1. Nhớ trừ số lớn nhất khi tính p̂.",
    ),
    praise="Nói bao nhiêu trừ đi sự thật: dòng này nằm ở tầng cuối của hầu hết mạng nơ-ron phân loại.",
)
def softmax_gradient(z, c):
    """Trả về đạo hàm của −log softmax(z)[c] theo z, mảng dạng (K,)."""
    p = np.exp(z - z.max())
    p = p / p.sum()
    p[c] -= 1
    return p


softmax_gradient.mistake(r"""
dấu bị ngược: y − p̂ là hướng *giảm* mất mát; gradient là p̂ − y.
    return p → return -p
chưa trừ 1 ở lớp thật: số hạng −z_c cũng có đạo hàm.
    p[c] -= 1 →
chỉ lớp thật có gradient khác 0. Logit của lớp khác cũng nằm trong mẫu số của softmax, nên tăng nó thì p̂ của lớp thật
giảm.
    p[c] -= 1 → p = np.where(np.arange(len(z)) == c, p - 1, 0)
softmax viết thẳng bị tràn số: `np.exp(1e4)` là vô cực. Hãy trừ số lớn nhất trước.
    - z.max() →
đó là đạo hàm theo xác suất p̂ (−1/p̂ ở lớp thật), chưa nhân với đạo hàm của softmax theo logit.
    p[c] -= 1 → p = np.where(np.arange(len(z)) == c, -1 / p, 0)
""")

# --- Bài tập 4: entropy bằng bit ------------------------------------------------------------------------------------


@exercise(
    cases=lambda: {
        "đồng xu cân": (np.array([0.5, 0.5]),),
        "xúc xắc cân": (np.ones(6) / 6,),
        "xúc xắc lệch": (np.array([0.1, 0.1, 0.1, 0.1, 0.1, 0.5]),),
        "một mặt không bao giờ ra": (np.array([0.5, 0.25, 0.25, 0.0]),),
        "biết chắc": (np.array([0.0, 1.0]),),
    },
    returns=("entropy, bit",),
    hints=(
        "Bit là log cơ số 2: `np.log2`. Trung bình theo p của −log2 p.",
        "Bỏ các mặt có xác suất 0 trước khi lấy log: `p = p[p > 0]`. Quy ước 0 log 0 = 0 vì p log p về 0 khi p về 0.",
    ),
    praise="Con xúc xắc lệch ít bất ngờ hơn con cân: càng đoán trước được, càng ít bit.",
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
    np.sum(p * np.log2(p)) → sum(q * math.log2(q) for q in p)
hàm lấy trung bình đều của −log2 p, chưa nhân với p. Mặt hay ra phải được tính nhiều hơn.
    np.sum(p * np.log2(p)) → np.mean(np.log2(p))
thiếu dấu trừ: log của một số nhỏ hơn 1 thì âm, entropy thì không âm.
    -np.sum → np.sum
đó là log2 của số mặt, tức entropy của con xúc xắc *cân*. Con lệch thì ít hơn.
    -np.sum(p * np.log2(p)) → np.log2(len(p))
""")

# --- Bài tập 5: trung bình hay trung vị -----------------------------------------------------------------------------


def _judge_mean_or_median(numbers):
    numbers = _check.real("numbers", numbers, ndim=1)
    if len(numbers) < 10:
        return False, f"mới có {len(numbers)} con số. Hãy đưa ít nhất 10."
    spread = numbers.std()
    if spread == 0:
        return False, "mọi con số đều bằng nhau: trung bình và trung vị không có gì để khác nhau."
    mean, median = numbers.mean(), np.median(numbers)
    seen = (
        f"hằng số tốt nhất theo MSE là {mean:.4g}, theo MAE là {median:.4g}, cách nhau "
        f"{abs(mean - median) / spread:.2f} độ lệch chuẩn."
    )
    if abs(mean - median) < spread / 2:
        return False, (
            f"{seen} Cần ít nhất 0.5. Hãy tìm dữ liệu lệch về một phía: vài giá trị rất lớn, còn lại nhỏ và sát nhau."
        )
    return True, seen[0].upper() + seen[1:]


@open_exercise(
    judge=_judge_mean_or_median,
    hints=(
        "MSE nhắm trung bình, MAE nhắm trung vị. Hai số ấy xa nhau khi dữ liệu lệch về một phía.",
        "Tiền bạc và thời gian chờ thường lệch: phần lớn nhỏ, vài lần rất lớn. Nhưng chỉ một giá trị cực lớn thì độ "
        "lệch chuẩn cũng lớn theo: hãy để vài giá trị lớn.",
    ),
    praise="Báo cáo nào chỉ ghi trung bình, hãy hỏi thêm trung vị.",
)
def mean_or_median():
    """Đưa ra ít nhất 10 con số mà hằng số tốt nhất theo MSE và theo MAE cách nhau ít nhất 0.5 độ lệch chuẩn."""
    minutes_late = [0, 0, 0, 1, 1, 1, 2, 2, 30, 35, 40, 45]  # mười hai buổi đi làm
    return (np.array(minutes_late),)
