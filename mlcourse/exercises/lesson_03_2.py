"""03.2 · Overfitting và underfitting: năm câu hỏi và năm bài tập."""

import functools
import itertools

import numpy as np

from .. import _check, data, losses, model_selection, models, optim, training
from ..quiz import question
from . import exercise, open_exercise, parts, word

# --- Câu hỏi -------------------------------------------------------------------------------------------------------

opening = question(r"""
Sự thật là tuyến tính với 10 đặc trưng, mô hình cũng tuyến tính, nhiễu có phương sai 1, trọng số thật dài 1, 30 mẫu. MSE
trung bình trên tập huấn luyện 0.67, trên mẫu mới 1.53. Có hạ được số 1.53 không?
( ) Không: mô hình đã đúng dạng, 1.53 là hết mức
    Đúng dạng chưa phải là đúng trọng số: 10 trọng số tìm từ 30 mẫu còn lẫn nhiều nhiễu. Cho chúng ngắn lại thì bớt.
( ) Được, bằng cách làm cho hai số bằng nhau
    Hai số bằng nhau khi mọi trọng số bằng 0, mà khi ấy cả hai là 1 + 1 = 2. Cái cần hạ là số thứ hai.
( ) Không: phần vượt quá 1 là do nhiễu của mẫu mới
    Nhiễu của mẫu mới góp đúng 1. Phần 0.53 là do trọng số tìm được còn sai.
(x) Được, dù số 0.67 sẽ xấu đi
    Phạt trọng số lớn, hay dừng gradient descent giữa chừng, hạ được số thứ hai; số trên tập huấn luyện thì lên. Hạ được
    bao nhiêu, phần đầu của bài đo.
""")

both_high = question(r"""
Mất mát huấn luyện 0.90, xác thực 0.93, còn mức nhiễu là 0.30. Nên làm gì trước?
( ) Thu thập thêm thật nhiều dữ liệu
    Thêm dữ liệu không làm số huấn luyện thấp đi, mà riêng số ấy đã gấp ba mức nhiễu.
( ) Phạt mạnh hơn, tắt bớt nút, dừng sớm
    Đó là thuốc của bệnh kia. Điều chuẩn giữ mô hình lại, mà mô hình này đang cần được thả ra.
(x) Cho mô hình mạnh hơn, hay học lâu hơn
    Ngay trên tập đã học mà còn 0.90, gấp ba mức nhiễu: mô hình chưa học nổi cả những mẫu đã thấy. Thêm năng lực, thêm
    đặc trưng, bớt điều chuẩn, hay huấn luyện cho xong.
""")

train_above_val = question(r"""
Huấn luyện với dropout 0.5, nhật ký ghi mất mát huấn luyện 0.80 và xác thực 0.60. Vì sao số đầu lớn hơn?
( ) Tập xác thực bị rò rỉ vào tập huấn luyện
    Rò rỉ thì phải nghi, nhưng ở đây có một lý do thường gặp hơn: hai con số không đo cùng một mạng.
(x) Mất mát huấn luyện đo khi đang tắt bớt một nửa số nút
    Nhật ký lấy mất mát ở chế độ huấn luyện, với mạng bị tắt nút; mất mát xác thực thì đo ở chế độ đánh giá, với mạng đủ
    nút. Đo cả hai ở chế độ đánh giá, thứ tự trở lại như thường.
( ) Mô hình dưới khớp nặng, học chưa xong cả tập huấn luyện
    Chưa kết luận được: hai số đo ở hai chế độ khác nhau. Đo lại cả hai ở chế độ đánh giá rồi hãy nói bệnh.
""")

patience_one = question(r"""
Dừng sớm với patience = 1: dừng ngay ở epoch đầu tiên mà mất mát xác thực không thấp hơn mức tốt nhất. Điều gì hay
xảy ra?
(x) Dừng quá sớm, ở cái hố đầu tiên của đường gập ghềnh
    Patience là số epoch ta chịu chờ để phân biệt một cái hố với đáy. Chờ thêm thì tốn epoch, nhưng không mất gì: tham
    số của epoch tốt nhất đã được giữ lại.
( ) Dừng đúng lúc, ở chỗ mô hình bắt đầu quá khớp
    Đường xác thực gập ghềnh: tăng một epoch thường chỉ là nhiễu của tập xác thực nhỏ.
( ) Không bao giờ dừng: đường nào cũng tăng rồi lại giảm
    Ngược lại: chỉ cần một epoch không tốt hơn là dừng, nên thường dừng rất sớm.
""")

closing = question(r"""
Một mạng 32 nút: mất mát huấn luyện 0.01, xác thực 0.40. Huấn luyện lại với 8, 16, 64, 128 nút, xác thực là 0.62, 0.46,
0.40, 0.41. Mạng 32 nút mắc bệnh gì?
( ) Quá khớp: xác thực gấp 40 lần huấn luyện
    Gấp bao nhiêu lần thì không nói gì. Quá khớp thì yếu bớt phải được lợi, mà ở đây xác thực lên 0.46, 0.62.
( ) Dưới khớp: xác thực còn cao
    Dưới khớp thì mạnh thêm phải được lợi, mà gấp đôi, gấp bốn số nút vẫn là 0.40, 0.41.
(x) Không bệnh nào trong hai: theo số nút, 0.40 là mức thấp nhất đã thấy
    Yếu bớt thì thiệt, mạnh thêm thì không được gì. Muốn xuống nữa thì đổi thứ khác: thêm dữ liệu, hay dạng mô hình.
( ) Cả hai bệnh cùng lúc: huấn luyện quá thấp mà xác thực quá cao
    Cả hai phía đều được lợi thì mới thế. Ở đây yếu bớt thì thiệt, mạnh thêm không được gì.
""")

# --- Bài tập 1: sáu ca khám ------------------------------------------------------------------------------------------

CASES = {  # số ảnh, số nút ẩn, phạt L2, tốc độ học, số epoch; rồi bệnh
    "A": ((80, 64, 0.0, 0.03, 150), "quá khớp"),
    "B": ((300, 64, 0.0, 0.0005, 10), "dưới khớp"),
    "C": ((300, 3, 0.0, 0.01, 40), "dưới khớp"),
    "D": ((300, 64, 0.03, 0.01, 40), "dưới khớp"),
    "E": ((100, 128, 0.0, 0.005, 30), "không bệnh nào"),
    "F": ((100, 32, 0.0, 0.03, 200), "quá khớp"),
}
TREATMENTS = {
    "dừng sớm": lambda n, hidden, l2, eta, epochs: (n, hidden, l2, eta, epochs),
    "học gấp ba": lambda n, hidden, l2, eta, epochs: (n, hidden, l2, eta, 3 * epochs),
    "nút gấp tám": lambda n, hidden, l2, eta, epochs: (n, 8 * hidden, l2, eta, epochs),
    "bỏ phạt": lambda n, hidden, l2, eta, epochs: (n, hidden, 0.0, eta, epochs),
    "ảnh gấp bốn": lambda n, hidden, l2, eta, epochs: (4 * n, hidden, l2, eta, epochs),
}
ILLNESSES, REMEDIES = ("dưới khớp", "quá khớp", "không bệnh nào"), tuple(TREATMENTS)


@functools.cache
def trained(n, hidden, l2, eta, epochs, early=False):
    """Hai đường mất mát, và mất mát trên những ảnh chưa dùng của tham số được giữ (cuối cùng, hay tốt nhất)."""
    digits = data.load_digits()
    X, order = digits.X / 16, np.random.default_rng(3).permutation(len(digits.y))
    train, val, other = order[:n], order[1200:1500], order[1500:]
    model, plain = models.mlp((64, hidden, 10), l2=l2), models.mlp((64, hidden, 10))
    steps = training.run_epochs(
        model,
        X[train],
        digits.y[train],
        optimizer=optim.adam(eta),
        rng=np.random.default_rng(0),
        batch_size=20,
        validation=(X[val], digits.y[val]),
    )
    curves, kept = [], None
    for params, (_, val_loss) in itertools.islice(steps, epochs + 1):
        if not early or kept is None or val_loss < min(loss for _, loss in curves):
            kept = params
        curves.append((plain.loss(params, X[train], digits.y[train]), val_loss))
    return np.array(curves), plain.loss(kept, X[other], digits.y[other])


def patients():
    """Sáu ca: tên ca -> mảng ``(số epoch + 1, 2)``, mỗi epoch một hàng: mất mát huấn luyện, mất mát xác thực."""
    return {name: trained(*case)[0] for name, (case, _) in CASES.items()}


def _judge_diagnose(prescriptions):
    if not isinstance(prescriptions, dict) or set(prescriptions) != set(CASES):
        return False, f"`prescriptions` cần là dict có đúng sáu khóa {', '.join(CASES)}."
    told, missing = {}, []
    for name, pair in prescriptions.items():
        if pair is ... or pair is None or any(part is ... or part is None for part in parts(pair)):
            missing.append(name)
            continue
        pair = tuple(map(word, pair)) if isinstance(pair, (tuple, list, np.ndarray)) else (pair,)
        if pair[::-1] in itertools.product(ILLNESSES, REMEDIES):
            return False, f"ca {name}: bệnh đứng trước, thuốc đứng sau."
        if pair not in itertools.product(ILLNESSES, REMEDIES):
            return False, (
                f"ca {name}: cần một cặp (bệnh, thuốc), bệnh là một trong {', '.join(ILLNESSES)}, thuốc là một trong "
                f"{', '.join(REMEDIES)}; nhận được {prescriptions[name]!r}."
            )
        told[name] = pair
    if missing:
        return None, f"Còn thiếu: {', '.join(missing)}."
    bought = [name for name, (_, remedy) in told.items() if remedy == "ảnh gấp bốn"]
    if len(bought) > 1:
        return False, f"chỉ đủ tiền mua ảnh cho một ca, mà bạn kê cho {', '.join(bought)}."
    for name, (illness, remedy) in told.items():
        case, truth = CASES[name]
        before, after = trained(*case)[1], trained(*TREATMENTS[remedy](*case), early=remedy == "dừng sớm")[1]
        tried = f"ca {name}, thuốc {remedy!r}: trên ảnh chưa dùng, mất mát từ {before:.3f} thành {after:.3f}"
        if after > 0.9 * before:
            seek = "Hãy nhìn lại hai đường: đường nào còn xuống, đường nào đã quay đầu, đường nào đi ngang ở trên cao?"
            if truth == "không bệnh nào" and bought:
                seek = f"Ca này cần ảnh, mà tiền đã dùng cho ca {bought[0]}: ca ấy còn thuốc nào không tốn ảnh?"
            return False, f"{tried}, chưa thấp hơn 10%. {seek}"
        if illness != truth:
            curve = trained(*case)[0][:, 1]
            return False, (
                f"{tried}, thuốc hợp. Nhưng bệnh thì không phải là {illness}: mất mát xác thực "
                f"thấp nhất {curve.min():.2f}, cuối cùng {curve[-1]:.2f}."
            )
    return True, "Sáu ca đúng bệnh, đúng thuốc; mỗi thuốc đã chạy thử trên những ảnh chưa dùng."


@open_exercise(
    judge=_judge_diagnose,
    hints=(
        "Hai đường còn cùng xuống mạnh: học chưa xong. Hai đường gần đi ngang ở trên cao: mạng yếu, hay đang bị phạt. "
        "Đường xác thực quay đầu: quá khớp. Đường ấy đi ngang ở chỗ thấp nhất của nó: không bệnh nào theo số epoch.",
        "C và D còn trên cao mà gần hết xuống: hãy đọc tên ca, ca nào ít nút, ca nào bị phạt. Ca không bệnh nào thì "
        "chỉ còn mua thêm ảnh.",
    ),
    praise="Kê thuốc là một giả thuyết; chạy thử trên mẫu chưa dùng mới là câu trả lời.",
)
def diagnose():
    """Mỗi ca một cặp (bệnh, thuốc); thuốc phải hạ mất mát trên ảnh chưa dùng ít nhất 10%, ảnh chỉ mua cho một ca."""
    prescriptions = {
        "A": ("quá khớp", "dừng sớm"),
        "B": ("dưới khớp", "học gấp ba"),
        "C": ("dưới khớp", "nút gấp tám"),
        "D": ("dưới khớp", "bỏ phạt"),
        "E": ("không bệnh nào", "ảnh gấp bốn"),
        "F": ("quá khớp", "dừng sớm"),
    }
    return (prescriptions,)


# --- Bài tập 2: ridge ------------------------------------------------------------------------------------------------


def _ridge_cases():
    rng = np.random.default_rng(1)
    X = rng.normal(size=(20, 3))
    return {
        "một đặc trưng": (np.array([[1.0], [2.0], [3.0]]), np.array([2.0, 4.0, 6.0]), 1.0),
        "λ = 0": (np.array([[1.0, 0.0], [0.0, 2.0], [1.0, 1.0]]), np.array([1.0, 2.0, 2.0]), 0.0),
        "20 mẫu, ba đặc trưng": (X, X @ [1.0, -2.0, 0.5] + rng.normal(size=20), 0.3),
        "nhiều đặc trưng hơn mẫu": (rng.normal(size=(4, 6)), rng.normal(size=4), 0.1),
    }


@exercise(
    cases=_ridge_cases,
    returns=("w",),
    hints=(
        "Cho gradient bằng 0: (2/n) Xᵀ(Xw − y) + 2λw = 0. Nhân với n/2 rồi gom các hạng có w.",
        "(XᵀX + nλI) w = Xᵀy. Giải bằng `np.linalg.solve(X.T @ X + n * l2 * np.eye(d), X.T @ y)`.",
    ),
    praise="Cộng nλ vào đường chéo: hệ luôn có nghiệm duy nhất khi λ > 0, kể cả khi đặc trưng nhiều hơn mẫu.",
)
def ridge_weights(X, y, l2):
    """Trả về w làm nhỏ nhất (1/n)‖Xw − y‖² + λ‖w‖² với λ = `l2` (không có hệ số điều chỉnh); mảng dạng (d,)."""
    n, d = X.shape
    return np.linalg.solve(X.T @ X + n * l2 * np.eye(d), X.T @ y)


ridge_weights.mistake(r"""
thiếu thừa số n: mất mát ở đây là *trung bình*, nên khi nhân cả phương trình với n thì λ cũng được nhân với n.
    n * l2 → l2
""")
_TWO = (
    "thừa số 2 chỉ còn ở một bên: mất mát và phần phạt đều là bình phương, đạo hàm nào cũng có 2, nên hai số 2 ấy "
    "triệt tiêu nhau và λ được nhân đúng với n."
)
ridge_weights.mistake(_TWO, ("n * l2", "n * l2 / 2"))
ridge_weights.mistake(_TWO, ("n * l2", "2 * n * l2"))
_NO_PENALTY = "λ chưa có mặt: đó là bình phương tối thiểu không phạt."
ridge_weights.mistake(
    _NO_PENALTY, ("np.linalg.solve(X.T @ X + n * l2 * np.eye(d), X.T @ y)", "np.linalg.lstsq(X, y, rcond=None)[0]")
)
ridge_weights.mistake(_NO_PENALTY, (" + n * l2 * np.eye(d)", ""))
ridge_weights.mistake(r"""
dấu của phần phạt bị ngược: trừ nλ khỏi đường chéo là *thưởng* cho trọng số lớn.
    X.T @ X + n → X.T @ X - n
λ đang cộng vào *mọi* phần tử của XᵀX; chỉ đường chéo thôi: `np.eye(d)`, không phải `np.ones`.
    * np.eye(d) →
nghiệm không phạt đem chia cho (1 + λ): chỉ đúng khi các cột trực giao và có cùng độ dài.
    np.linalg.solve(X.T @ X + n * l2 * np.eye(d), X.T @ y) → np.linalg.lstsq(X, y, rcond=None)[0] / (1 + l2)
X và y đang được trừ trung bình, tức là mô hình có thêm hệ số điều chỉnh, như `models.least_squares`. Đề bài không có hệ
số ấy: đường khớp phải đi qua gốc tọa độ.
    return → X, y = X - X.mean(axis=0), y - y.mean()\nreturn
""")


# --- Bài tập 3: dropout ----------------------------------------------------------------------------------------------


def _dropout_cases():
    rng = np.random.default_rng(2)
    return {
        "bốn nút, p = 0.5": (np.array([1.0, 2.0, 3.0, 4.0]), np.array([0.1, 0.9, 0.5, 0.4]), 0.5),
        "p = 0": (np.array([1.0, -2.0]), np.array([0.0, 0.7]), 0.0),
        "sáu nút, p = 0.2": (rng.normal(size=6), np.array([0.1, 0.3, 0.25, 0.9, 0.15, 0.6]), 0.2),
        "10 nghìn nút, p = 0.8": (np.ones(10_000), rng.random(10_000), 0.8),
    }


@exercise(
    cases=_dropout_cases,
    returns=("các nút sau dropout",),
    hints=(
        "Nút được giữ khi `u >= rate`, vì u đều trong [0, 1) nên bị tắt với xác suất đúng bằng `rate`.",
        "Chia cho (1 − rate) để trung bình không đổi: `h * (u >= rate) / (1 - rate)`.",
    ),
    praise="Với 10 nghìn nút bằng 1 và p = 0.8, mỗi lượt chỉ còn chừng 2 nghìn nút, mà trung bình vẫn quanh 1, "
    "hơn kém vài phần trăm; qua nhiều lượt thì về đúng 1.",
)
def inverted_dropout(h, u, rate):
    """Trả về các nút `h` sau dropout; nút thứ i tắt khi `u[i] < rate`, và trung bình phải giữ nguyên."""
    return h * (u >= rate) / (1 - rate)


inverted_dropout.mistake(r"""
chưa chia cho 1 − p: trung bình của các nút giảm còn (1 − p) lần, và lúc đánh giá (không tắt nút nào) mạng sẽ nhận tín
hiệu mạnh hơn hẳn lúc học.
    / (1 - rate) →
đang chia cho p, xác suất *tắt*. Cần chia cho xác suất *giữ*, 1 − p.
    (1 - rate) → rate
đang *nhân* với 1 − p: trung bình giảm thêm một lần nữa. Các nút còn lại phải được khuếch đại, nên chia.
    / (1 - rate) → * (1 - rate)
mặt nạ bị ngược: đang giữ các nút có u < p và tắt phần còn lại.
    >= → <
nút có `u[i]` đúng bằng `rate` cũng bị tắt. Đề bài chỉ tắt khi `u[i] < rate`; có thế thì `rate = 0` mới không tắt nút
nào.
    >= → >
đang chia cho tỷ lệ giữ *đo được* trong lượt này. Chia cho 1 − p, một hằng số: nếu không, mỗi lượt một thang đo.
    (1 - rate) → np.mean(u >= rate)
""")


# --- Bài tập 4: dừng sớm ----------------------------------------------------------------------------------------------


@exercise(
    cases=lambda: {
        "xuống rồi lên": (np.array([0.9, 0.7, 0.5, 0.6, 0.7, 0.8]), 2),
        "gập ghềnh": (np.array([0.9, 0.6, 0.7, 0.5, 0.6, 0.55, 0.58, 0.4]), 3),
        "giảm mãi": (np.array([0.9, 0.8, 0.7, 0.6]), 2),
        "đứng yên": (np.array([0.5, 0.5, 0.5, 0.5, 0.3]), 3),
        "tăng từ đầu": (np.array([0.4, 0.5, 0.45, 0.44, 0.43]), 2),
        "chạm lại mức cũ": (np.array([0.9, 0.5, 0.5, 0.6, 0.55, 0.2]), 2),
        "hết mảng mà chưa dừng": (np.array([0.9, 0.5, 0.6]), 3),
        "hết mảng, tốt nhất ở đầu": (np.array([0.4, 0.5, 0.45]), 5),
        "patience bằng 1": (np.array([0.9, 0.5, 0.6, 0.4]), 1),
        "patience bằng 1, tăng ngay": (np.array([0.5, 0.6, 0.3]), 1),
        "xuống từng nấc": (np.array([0.9, 0.8, 0.85, 0.84, 0.7, 0.75, 0.74, 0.73]), 3),
    },
    returns=("epoch dừng", "epoch tốt nhất"),
    hints=(
        "Giữ hai biến: mất mát tốt nhất và epoch của nó. Gặp số *nhỏ hơn hẳn* thì cập nhật cả hai.",
        "Ở mỗi epoch, sau khi cập nhật: nếu `epoch - best_epoch >= patience` thì trả về `(epoch, best_epoch)`. Hết "
        "mảng mà chưa dừng thì epoch dừng là epoch cuối.",
    ),
    praise="`EarlyStopping` của gói làm đúng như thế, và `train` trả về tham số của epoch tốt nhất.",
)
def stopping_rule(val_losses, patience):
    """Trả về (epoch dừng, epoch tốt nhất): dừng khi đã `patience` epoch liền không thấp hơn mức tốt nhất."""
    best_epoch = 0
    for epoch in range(len(val_losses)):
        if val_losses[epoch] < val_losses[best_epoch]:
            best_epoch = epoch
        if epoch - best_epoch >= patience:
            return epoch, best_epoch
    return len(val_losses) - 1, best_epoch


stopping_rule.mistake(
    "đang so với epoch *ngay trước*, không phải với mức tốt nhất: một đường lên xuống quanh đáy sẽ không bao giờ dừng.",
    (
        "epoch - best_epoch >= patience",
        "epoch >= patience and (np.diff(val_losses[epoch - patience : epoch + 1]) >= 0).all()",
    ),
)
stopping_rule.mistake(r"""
dừng muộn một epoch: điều kiện là `>= patience`, không phải `> patience`.
    >= → >
dừng sớm một epoch: epoch tốt nhất chưa tính là một lần không khá hơn.
    >= patience → >= patience - 1
những lần không khá hơn đang được cộng dồn từ đầu. Đề bài đếm những epoch *liền nhau*: gặp mức tốt nhất mới thì đếm lại
từ 0.
    best_epoch = 0 → best_epoch, waited = 0, -1
    if epoch - best_epoch >= → else:\n        waited += 1\n    if waited >=
epoch tốt nhất đang là epoch dừng. Ở epoch dừng, mô hình đã tệ đi; phải trả về tham số của epoch có mất mát thấp nhất.
    return epoch, best_epoch → return epoch, epoch
    len(val_losses) - 1, best_epoch → len(val_losses) - 1, len(val_losses) - 1
hết mảng mà chưa dừng thì epoch *dừng* là epoch cuối; epoch *tốt nhất* vẫn là chỗ thấp nhất.
    len(val_losses) - 1, best_epoch → len(val_losses) - 1, len(val_losses) - 1
hàm nhìn cả đường rồi mới chọn chỗ thấp nhất. Khi huấn luyện, ta không thấy được những epoch sau chỗ dừng.
    return epoch, best_epoch → return epoch, np.argmin(val_losses)
bằng mức tốt nhất đang được tính là khá hơn: dùng `<`, không phải `<=`, nếu không thì một đường phẳng sẽ không bao giờ
dừng.
    < → <=
hai số đang đổi chỗ cho nhau: epoch dừng đứng trước, epoch tốt nhất đứng sau.
    return epoch, best_epoch → return best_epoch, epoch
    len(val_losses) - 1, best_epoch → best_epoch, len(val_losses) - 1
epoch đang đếm từ 1. Đề bài đếm từ 0, như chỉ số của `val_losses`.
    return epoch, best_epoch → return epoch + 1, best_epoch + 1
    len(val_losses) - 1, best_epoch → len(val_losses), best_epoch + 1
""")


# --- Bài tập 5: chọn λ ------------------------------------------------------------------------------------------------

_GRID = 10.0 ** np.arange(-6, 3)


def _judge_useful_l2(X, y, l2):
    X, y = _check.real("X_own", X, ndim=2), _check.real("y_own", y, ndim=1)
    _check.same_length("X_own", X, "y_own", y)
    l2 = _check.number("l2", l2, low=0)
    if len(y) < 20:
        return False, f"mới có {len(y)} mẫu. Hãy đưa ít nhất 20."
    if max(np.abs(X).max(initial=0), np.abs(y).max()) > 1e100:
        return False, "`X_own` hay `y_own` có số lớn quá 1e100. Hãy đổi sang đơn vị vừa phải."
    if y.std() == 0:
        return False, "mọi giá trị của `y_own` đều bằng nhau: không có gì để đoán."
    folds = model_selection.k_fold(len(y), 5, n_repeats=4, rng=np.random.default_rng(0))

    def fit(X, y):
        standardize = model_selection.standardizer(X)
        predict = models.ridge([0.0, l2, *_GRID])(standardize(X), y)
        return lambda X: np.column_stack([predict(standardize(X)), np.full(len(X), y.mean())])

    def each(y, predictions):
        return [losses.mse(y, column) for column in predictions.T]

    plain, yours, *others, mean = model_selection.cross_val_score(fit, X, y, metric=each, folds=folds).mean(axis=0)
    best = _GRID[np.argmin(others)]
    seen = (
        f"MSE trên những hàng bị giấu: không phạt {plain:.4g}, với λ của bạn {yours:.4g}, tốt nhất "
        f"trên lưới {min(others):.4g}, đoán trung bình {mean:.4g}"
    )
    if min(others) > 0.95 * plain:
        n, d = X.shape
        cure = "có lẽ dữ liệu quá ít nhiễu" if n > d else "đặc trưng nhiều hơn mẫu: hãy bớt đặc trưng, hay thêm mẫu"
        if n > 5 * d:
            cure = "có lẽ mẫu nhiều hơn hẳn đặc trưng: hãy bớt mẫu, hay thêm đặc trưng (lũy thừa, tích)"
        return False, f"{seen}. Với dữ liệu này, phạt không giúp được 5%; {cure}."
    if min(others) > 0.95 * mean:
        return False, f"{seen}. Không λ nào hơn đoán trung bình được 5%: `X_own` phải nói được điều gì về `y_own`."
    if yours > min(1.02 * min(others), 0.95 * plain, 0.95 * mean):
        short = (
            "còn cách chỗ tốt nhất hơn 2%"
            if yours > 1.02 * min(others)
            else "chưa hơn không phạt hay đoán trung bình được 5%"
        )
        return False, f"{seen}. Dữ liệu hợp, nhưng λ của bạn {short}: λ ấy còn {'nhỏ' if l2 < best else 'lớn'}."
    return True, f"{seen}."


@open_exercise(
    judge=_judge_useful_l2,
    hints=(
        "Phạt có ích khi đặc trưng nhiều mà mẫu ít. Hãy lấy ít hàng của một tập quen thuộc, và thêm bình phương, tích "
        "của các cột.",
        "Thử lần lượt λ = 10⁻³, 10⁻², 10⁻¹, 1: mỗi lần nộp, lời chấm cho MSE của λ bạn đưa.",
    ),
    praise="λ chọn được là của dữ liệu này, với cỡ mẫu này. Thêm nhiều dữ liệu thì λ tốt nhất thường nhỏ đi.",
)
def useful_l2():
    """Đưa ra X (ít nhất 20 hàng), y và λ: phạt hơn không phạt ít nhất 5%, và λ cách chỗ tốt nhất không quá 2%."""
    from mlcourse import data, model_selection

    patients = data.load_diabetes()
    X = model_selection.standardizer(patients.X)(patients.X)[:60]
    X_own = np.hstack([X, X**2])  # 20 đặc trưng, 60 người
    y_own = patients.y[:60]
    l2 = 1.0
    return X_own, y_own, l2
