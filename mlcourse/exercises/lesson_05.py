"""05 · Đánh giá thực nghiệm: sáu câu hỏi và năm bài tập."""

import numpy as np

from .. import _check, data, metrics, model_selection, models, optim, training
from ..quiz import question
from . import call_problem, exercise, open_exercise, word

# --- Câu hỏi -------------------------------------------------------------------------------------------------------

opening = question(r"""
Mười lớp chữ số. Sau 60 epoch, mất mát huấn luyện là 2.31, mất mát xác thực là 2.33, và cả hai nằm ngang từ đầu. Nên
nghi điều gì trước tiên?
( ) Dữ liệu quá khó, chữ viết quá xấu nên không học được
    Dữ liệu khó thì mô hình vẫn nhặt được phần dễ, nên mất mát xuống một đoạn rồi mới nằm ngang. Ở đây chưa xuống chút
    nào.
( ) Mô hình quá khớp, nên hai con số cùng nằm ngang
    Quá khớp thì mất mát huấn luyện phải thấp. Hai con số bằng nhau và cùng cao.
(x) Mô hình đang nói mỗi lớp 10%: việc học chưa hề xảy ra
    log 10 = 2.303 là mất mát của người luôn nói mười lớp ngang nhau. Nằm đúng ở đó nghĩa là không có gì truyền từ dữ
    liệu vào mô hình: tốc độ học quá cao làm hỏng mạng từ những bước đầu, hay một lỗi trong code.
( ) Tốc độ học quá thấp, cần chạy thêm nhiều epoch
    Tốc độ học quá thấp cũng cho đường gần ngang, nhưng vẫn dốc xuống đều. Hai đường này không dốc: chạy thêm cũng vậy.
""")

row_or_column = question(r"""
Máy vừa đọc một ảnh là số 8. Muốn biết lời ấy đáng tin đến đâu, ta chia ma trận nhầm lẫn theo chiều nào?
( ) Theo hàng: trong các số 8 thật, máy đọc đúng bao nhiêu
    Đó là recall của lớp 8: biết ảnh là số 8 rồi mới hỏi máy nói gì. Ở đây ta chỉ biết máy nói 8.
(x) Theo cột: trong những lần máy nói 8, bao nhiêu lần đúng
    Chia cột cho tổng cột, ô trên đường chéo là precision của lớp ấy.
( ) Theo cả bảng: trong mọi ảnh, bao nhiêu ảnh là số 8 đọc đúng
    Khi ấy mỗi ô trộn chuyện lớp nào nhiều ảnh với chuyện máy đọc giỏi hay dở, nên không nói riêng được về lời máy vừa
    nói.
""")

what_cv_estimates = question(r"""
Xác thực chéo 5 fold trên 100 mẫu cho một con số. Con số ấy ước lượng điều gì?
(x) Sai số trung bình của *quy trình*, khi học từ 80 mẫu
    Mỗi fold là một mô hình khác, học từ n(k − 1)/k = 80 mẫu. Nên con số này nói về cách làm, và hơi bi quan so với mô
    hình học từ cả 100.
( ) Sai số trên mẫu mới của mô hình sẽ đem dùng, học từ cả 100 mẫu
    Mô hình ấy chưa bao giờ bị đem ra đo. Năm mô hình bị đo đều chỉ học từ 80 mẫu.
( ) Sai số trên chính 100 mẫu đã học
    Mô hình đoán một mẫu nào cũng chưa từng thấy mẫu ấy: đây không phải mất mát huấn luyện.
""")

more_repeats = question(r"""
Chia 5 fold, lặp lại 20 lần với 20 cách xáo trộn: được 100 con số, độ lệch chuẩn s. Sai số chuẩn của trung bình là
s/√100 = s/10, phải không?
( ) Phải, 100 con số thì chia cho √100, như mọi trung bình
    Công thức ấy cần 100 con số độc lập. Chúng lại cùng đo trên một nhúm mẫu, lặp bao nhiêu lần cũng vẫn là những mẫu
    ấy.
(x) Không: lặp lại không thêm mẫu nào, nên con số ấy quá nhỏ
    Lặp đủ nhiều thì s/√(kr) tiến về 0, còn nỗi bất định do chỉ có n mẫu vẫn nguyên. Phần sau đo điều ấy trên 400 thế
    giới.
( ) Không: phải chia cho √20, vì có 20 lần lặp lại
    Chia cho số nào cũng là coi các con số như những lần đo độc lập. Hãy báo s, và gọi s là dao động giữa các fold.
""")

paired = question(r"""
10 fold. Điểm của A dao động 6 đơn vị quanh trung bình, của B dao động 7; A hơn B trung bình 3 đơn vị. Có kết luận được
gì không?
(x) Chưa: cần nhìn hiệu trên *từng* fold
    Cùng fold thì so từng cặp. Phần khó dễ của fold bị trừ mất, dao động của hiệu thường nhỏ hơn hẳn.
( ) Không: 3 nhỏ hơn 6, chênh lệch chìm trong dao động
    Hai dao động ấy phần lớn là một: fold khó thì khó với cả hai. Hãy trừ theo từng fold, rồi mới nhìn dao động của
    hiệu.
( ) Có: 3 lớn hơn 0 nên A tốt hơn
    Lớn hơn 0 bao nhiêu thì còn phải so với dao động. Chỉ là không phải dao động của từng mô hình.
""")

closing = question(r"""
Bạn thử 50 cấu hình bằng xác thực chéo 5 fold, chọn cấu hình tốt nhất. Báo cáo con số nào?
( ) Con số xác thực chéo của chính cấu hình ấy, vì đo trên mẫu chưa học
    Con số ấy là nhỏ nhất trong 50, nên lạc quan. Trên nhãn tung đồng xu, nó hứa hẹn sai chừng 35% trong khi sự thật là
    50%.
( ) Trung bình con số của cả 50 cấu hình đã thử
    Không ai đem dùng cả 50 cấu hình. Ta cần con số của *quy trình chọn*, tức của cấu hình thắng cuộc.
( ) Con số xác thực chéo ấy, kèm khoảng ± s/√5
    Khoảng ấy vừa đặt quanh một con số lạc quan, vừa hẹp hơn sự thật.
(x) Con số của xác thực chéo lồng nhau, đo cả bước chọn
    Nó đo cả quy trình, trên những mẫu mà bước chọn không được nhìn. Một tập kiểm tra chưa mở cũng làm được việc ấy.
""")

# --- Bài tập 1: chỉ số của k fold -------------------------------------------------------------------------------------


@exercise(
    cases=lambda: {
        "6 mẫu, 3 fold, fold đầu": (6, 3, 0),
        "7 mẫu, 3 fold, fold đầu": (7, 3, 0),
        "7 mẫu, 3 fold, fold giữa": (7, 3, 1),
        "7 mẫu, 3 fold, fold cuối": (7, 3, 2),
        "11 mẫu, 4 fold, fold giữa": (11, 4, 2),
        "11 mẫu, 4 fold, fold cuối": (11, 4, 3),
        "103 mẫu, 10 fold, fold thứ tư": (103, 10, 3),
    },
    returns=("chỉ số",),
    hints=(
        "Mọi fold có ít nhất `n // k` mẫu; `n % k` fold đầu có thêm một mẫu.",
        "Fold i bắt đầu ở `i * (n // k) + min(i, n % k)`, và dài `n // k + (i < n % k)`.",
    ),
    praise="Mỗi mẫu ở đúng một fold, cỡ các fold lệch nhau nhiều nhất 1. Đem dùng thì nhớ xáo trộn các mẫu trước.",
)
def fold_rows(n, k, i):
    """Trả về chỉ số các mẫu của fold thứ `i` (đếm từ 0): k đoạn liền nhau của 0, ..., n − 1, đoạn dài đứng trước."""
    start = i * (n // k) + min(i, n % k)
    return np.arange(start, start + n // k + (i < n % k))


fold_rows.mistake(r"""
phần dư của n chia k bị bỏ quên: mấy mẫu cuối không nằm trong fold nào, nên không bao giờ được đo.
    + min(i, n % k) →
    + (i < n % k) →
cả phần dư dồn vào fold cuối: với 103 mẫu và 10 fold, fold cuối có 13 mẫu. Hãy rải mỗi fold một mẫu.
    + min(i, n % k) →
    start + n // k + (i < n % k) → n if i == k - 1 else start + n // k
chỗ bắt đầu chưa tính mẫu thêm của các fold đứng trước, nên fold sau lấy lại mẫu cuối của fold trước.
    + min(i, n % k) →
chỗ bắt đầu thì đúng, nhưng fold dài còn thiếu mẫu cuối: `n % k` fold đầu có thêm một mẫu.
    + (i < n % k) →
đang lấy cách k mẫu một. Cũng là một cách chia hợp lệ, nhưng đề cần k đoạn liền nhau.
    np.arange(start, start + n // k + (i < n % k)) → np.arange(i, n, k)
đó là phần *còn lại*, tức phần để học khi fold i làm tập kiểm tra.
    np.arange( → np.delete(np.arange(n), np.arange(
    (i < n % k)) → (i < n % k)))
cỡ các fold đã lệch nhau nhiều nhất 1, nhưng đề cần các fold dài đứng trước.
    np.arange(start, start + n // k + (i < n % k)) → np.arange(n * i // k, n * (i + 1) // k)
""")


# --- Bài tập 2: xác thực chéo -----------------------------------------------------------------------------------------


def học_trung_bình(X, y):
    return lambda X_new: np.full(len(X_new), y.mean())


def học_đường_thẳng(X, y):
    fitted = models.least_squares(X, y)
    return lambda X_new: models.logits(fitted, X_new)


def mse(y, y_hat):
    return np.mean((y - y_hat) ** 2)


def mae(y, y_hat):
    return np.mean(np.abs(y - y_hat))


def đoán_thiếu_đắt_gấp_ba(y, y_hat):
    return np.mean(np.where(y > y_hat, 3, 1) * np.abs(y - y_hat))


def _cv_cases():
    rng = np.random.default_rng(3)
    X = rng.normal(size=(23, 2))
    y = X @ [1.0, -2.0] + rng.normal(size=23)
    small = np.array([1.0, 1.0, 3.0, 3.0, 8.0, 8.0])
    return {
        "6 mẫu, 3 fold": (học_trung_bình, mse, np.zeros((6, 1)), small, 3),
        "7 mẫu, 2 fold": (học_trung_bình, mae, np.zeros((7, 1)), np.array([0.0, 0.0, 0.0, 0.0, 3.0, 6.0, 9.0]), 2),
        "23 mẫu, 4 fold": (học_đường_thẳng, mse, X, y, 4),
        "20 mẫu, 20 fold": (học_đường_thẳng, đoán_thiếu_đắt_gấp_ba, X[:20], y[:20], 20),
        "11 mẫu, 4 fold": (học_trung_bình, đoán_thiếu_đắt_gấp_ba, X[:11], y[:11], 4),
    }


@exercise(
    cases=_cv_cases,
    returns=("CV",),
    hints=(
        "`np.array_split(np.arange(len(y)), k)` cho k fold. Với mỗi fold: học trên những mẫu *ngoài* fold, đo trên "
        "fold.",
        "`rest = np.setdiff1d(np.arange(n), fold)`, rồi `loss(y[fold], fit(X[rest], y[rest])(X[fold]))`; cuối cùng lấy "
        "trung bình của k con số.",
    ),
    praise="Năm dòng ấy đo được mọi thứ có `fit` và `predict`; `cross_val_score` của gói chỉ thêm phần kiểm tra.",
)
def cross_validation(fit, loss, X, y, k):
    """Trả về CV: trung bình mất mát trên k fold liền nhau; `fit(X, y)` trả về hàm dự đoán, `loss(y, y_hat)` một số."""
    rows, scores = np.arange(len(y)), []
    for fold in np.array_split(rows, k):
        rest = np.setdiff1d(rows, fold)
        predict = fit(X[rest], y[rest])
        scores.append(loss(y[fold], predict(X[fold])))
    return np.mean(scores)


cross_validation.mistake(r"""
mô hình đang học trên *tất cả* các mẫu, kể cả fold sắp đem ra đo: đó là mất mát huấn luyện cắt thành k khúc.
    fit(X[rest], y[rest]) → fit(X, y)
đang đo trên phần đã học. Phải đo trên fold để riêng ra.
    y[fold], predict(X[fold]) → y[rest], predict(X[rest])
vai của hai phần bị đổi: đang học trên một fold rồi đo trên k − 1 fold kia.
    fit(X[rest], y[rest]) → fit(X[fold], y[fold])
    y[fold], predict(X[fold]) → y[rest], predict(X[rest])
hai đối số của `loss` bị đổi chỗ: giá trị thật đứng trước, dự đoán đứng sau. MSE và MAE không phân biệt hai số ấy, mất
mát không đối xứng thì có.
    y[fold], predict(X[fold]) → predict(X[fold]), y[fold]
đang cộng k con số mà chưa chia cho k.
    np.mean → np.sum
đang gộp mọi mẫu rồi mới lấy trung bình. Công thức CV lấy trung bình của k fold, fold ngắn cũng một phiếu như fold dài;
hai cách chỉ bằng nhau khi các fold cùng cỡ.
    np.mean(scores) → np.average(scores, weights=[len(fold) for fold in np.array_split(rows, k)])
chỉ còn con số của fold cuối: có lẽ biến bị gán đè trong vòng lặp.
    np.mean(scores) → scores[-1]
""")


# --- Bài tập 3: luật một sai số chuẩn ---------------------------------------------------------------------------------


def _one_se_cases():
    rng = np.random.default_rng(4)
    lambdas = 10.0 ** np.arange(-4, 3)
    curve = np.array([5.0, 4.1, 3.6, 3.4, 3.5, 3.9, 6.0])
    fine = 2.0 ** np.arange(-5, 7.5, 0.125)  # 100 giá trị λ sít nhau: vạch nhích một chút là λ khác
    slope = np.abs(np.arange(100) - 20) / 60
    return {
        "hai fold": (np.array([[3.0, 5.0], [2.0, 5.0], [3.0, 4.4], [6.0, 8.0]]), np.array([0.0, 0.1, 1.0, 10.0])),
        "năm fold": (curve[:, None] + rng.normal(size=(7, 5)) * 0.5, lambdas),
        "mười fold": (curve[:, None] + rng.normal(size=(7, 10)) * np.linspace(1.5, 0.5, 7)[:, None], lambdas),
        "mười fold, dao động lớn": (curve[:, None] + rng.normal(size=(7, 10)) * np.linspace(1, 2, 7)[:, None], lambdas),
        "fold nào cũng khó dễ như nhau với mọi λ": (
            np.array([5.0, 4.0, 3.6, 3.4, 3.55, 3.75, 4.4])[:, None] + np.array([-0.8, -0.3, 0.0, 0.3, 0.8]),
            lambdas,
        ),
        "bốn fold, λ sít nhau": (slope[:, None] + [-0.9, -0.1, 0.3, 0.7], fine),
        "năm fold, λ sít nhau": ((1 + slope[:, None]) * rng.uniform(0.2, 1.8, size=5), fine),
        "không dao động": (np.repeat([[3.0], [2.0], [2.5]], 4, axis=1), np.array([0.1, 1.0, 10.0])),
    }


@exercise(
    cases=_one_se_cases,
    returns=("λ",),
    hints=(
        "Trung bình theo fold; chỗ thấp nhất; sai số chuẩn *của ứng viên thấp nhất* là `std(ddof=1) / np.sqrt(k)`.",
        "Trong những λ có trung bình không quá thấp nhất + sai số chuẩn, lấy λ *lớn nhất*.",
    ),
    praise="λ lớn hơn nghĩa là mô hình đơn giản hơn. Sai số chuẩn ở đây nhỏ hơn sai số chuẩn thật, nên luật này "
    "là một thói quen tốt chứ không phải một định lý.",
)
def one_se_lambda(scores, lambdas):
    """Trả về λ theo luật một sai số chuẩn; `scores` dạng (m, k) là mất mát của m giá trị λ (tăng dần) trên k fold."""
    mean = scores.mean(axis=1)
    best = mean.argmin()
    limit = mean[best] + scores[best].std(ddof=1) / np.sqrt(scores.shape[1])
    return lambdas[mean <= limit].max()


one_se_lambda.mistake(r"""
đó là λ có trung bình thấp nhất. Luật này lùi thêm về phía đơn giản, đến hết một sai số chuẩn.
    lambdas[mean <= limit].max() → lambdas[best]
đang dùng độ lệch chuẩn s của các fold. Sai số chuẩn của trung bình là s chia cho √k.
    / np.sqrt(scores.shape[1]) →
đang chia cho √m, m là số giá trị λ. Mỗi trung bình gộp k con số của k fold, nên sai số chuẩn là s chia cho √k.
    scores.shape[1] → len(scores)
s đang chia cho k, như `np.std` vẫn làm. Độ lệch chuẩn của k con số chia cho k − 1: `ddof=1`; ít fold thì khác nhau rõ.
    ddof=1 →
đang cộng *phương sai* s² chia √k. Sai số chuẩn dùng độ lệch chuẩn s: còn thiếu một căn bậc hai.
    std → var
đang lấy λ *nhỏ nhất* trong vùng cho phép, tức mô hình phức tạp nhất.
    .max() → .min()
mỗi λ đang được cộng sai số chuẩn của riêng nó. Chỉ có một vạch: thấp nhất cộng sai số chuẩn của chỗ thấp nhất.
    mean <= limit → mean - scores.std(axis=1, ddof=1) / np.sqrt(scores.shape[1]) <= mean[best]
""")


# --- Bài tập 4: bệnh nào, nhìn đường mà đoán --------------------------------------------------------------------------

_BUGS = {
    "nhãn lệch hàng": "nhãn bị xáo trộn so với ảnh: mất mát xác thực không xuống dưới log 10 mà còn leo lên, vì mạng "
    "học thuộc những nhãn vô nghĩa",
    "đi lên dốc": "dấu của bước bị ngược: mất mát tăng ngay từ epoch đầu, trên cả hai tập",
    "xác thực trên tập huấn luyện": "hai đường trùng khít từng chữ số",
    "quên chia cho 16": "điểm ảnh từ 0 đến 16 thay vì 0 đến 1: mất mát lúc chưa học đã cao hơn log 10 = 2.30 nhiều lần",
    "không cập nhật": "tham số đứng yên: hai đường là hai đoạn thẳng nằm ngang, đúng từng chữ số",
}
_ANSWERS = dict(
    zip("ABCDE", ["không cập nhật", "nhãn lệch hàng", "quên chia cho 16", "xác thực trên tập huấn luyện", "đi lên dốc"])
)


def buggy_runs():
    """Năm lần huấn luyện thật, mỗi lần một lỗi trong code; trả về dict tên ca -> ``training.History``."""
    digits = data.load_digits()
    rows = np.random.default_rng(7).permutation(len(digits.y))
    train, val, X, y = rows[:300], rows[300:700], digits.X / 16, digits.y
    shuffled = np.random.default_rng(0).permutation(y[train])
    fair = {"validation": (X[val], y[val]), "optimizer": optim.sgd(0.1)}

    def run(X_train, y_train, *, epochs=25, **options):
        return training.train(
            models.mlp((64, 32, 10)),
            X_train,
            y_train,
            epochs=epochs,
            batch_size=20,
            rng=np.random.default_rng(0),
            **fair | options,
        )[1]

    plain = optim.sgd(0.002)

    def uphill(grads, state, params):  # cộng thêm gradient thay vì trừ đi
        updates, state = plain.update(grads, state, params)
        return {name: -update for name, update in updates.items()}, state

    return {
        "A": run(X[train], y[train], optimizer=optim.sgd(lambda step: 0.0)),
        "B": run(X[train], shuffled),
        "C": run(16 * X[train], y[train], validation=(16 * X[val], y[val])),
        "D": run(X[train], y[train], validation=(X[train], y[train])),
        "E": run(X[train], y[train], optimizer=optim.Optimizer(plain.init, uphill)),
    }


def _judge_bugs(bugs):
    if not isinstance(bugs, dict) or set(bugs) != set(_ANSWERS):
        return False, f"`bugs` cần là dict có đúng các khóa {list(_ANSWERS)}, nhưng nhận được {bugs!r}."
    missing = [name for name, bug in bugs.items() if bug is ... or bug is None]
    if missing:
        return None, f"Còn thiếu: {', '.join(missing)}. Mỗi ca chọn một trong: {'; '.join(_BUGS)}."
    bugs = {name: word(bug) for name, bug in bugs.items()}
    strange = [bug for bug in bugs.values() if bug not in _BUGS]
    if strange:
        return False, f"mỗi ca cần là một trong {list(_BUGS)}, nhưng có {strange[0]!r}."
    wrong = [name for name in _ANSWERS if bugs[name] != _ANSWERS[name]]
    if wrong:
        run, said = buggy_runs()[wrong[0]], bugs[wrong[0]]
        return False, (
            f"đúng {len(bugs) - len(wrong)} trên {len(bugs)} ca. Ca {wrong[0]} đi từ "
            f"{run.train_loss[0]:.3g} đến {run.train_loss[-1]:.3g} trên tập huấn luyện, từ "
            f"{run.val_loss[0]:.3g} đến {run.val_loss[-1]:.3g} trên tập xác thực. Còn lỗi '{said}' thì "
            f"trông thế này: {_BUGS[said]}."
        )
    return True, "Cả năm ca đúng."


@open_exercise(
    judge=_judge_bugs,
    hints=(
        "Ba chỗ để nhìn: giá trị lúc chưa học (so với log 10), chiều đi, và khoảng cách giữa hai đường.",
        "Không đổi chút nào: không cập nhật. Trùng khít: cùng một tập. Bắt đầu quá cao: dữ liệu chưa đưa về cùng cỡ.",
    ),
    praise="Ba chỗ ấy nên nhìn ngay trong phút đầu của mọi lần huấn luyện, trước khi chờ hàng giờ.",
)
def spot_the_bug():
    """Gọi tên lỗi của năm lần huấn luyện A, B, C, D, E, chỉ nhìn đường mất mát."""
    bugs = {
        "A": "không cập nhật",
        "B": "nhãn lệch hàng",
        "C": "quên chia cho 16",
        "D": "xác thực trên tập huấn luyện",
        "E": "đi lên dốc",
    }
    return (bugs,)


# --- Bài tập 5: so hai mô hình trên dữ liệu của bạn ------------------------------------------------------------------


def _judge_comparison(X, y, learners, verdict):
    X, y = _check.real("X_own", X, ndim=2), _check.real("y_own", y, ndim=1)
    _check.same_length("X_own", X, "y_own", y)
    if not isinstance(learners, dict) or len(learners) != 2:
        return False, f"`learners` cần là dict có đúng hai learner, tên -> fit, nhưng nhận được {learners!r}."
    if len(y) < 30:
        return False, f"mới có {len(y)} mẫu. Hãy đưa ít nhất 30."
    one, two = learners
    for name, fit in learners.items():
        if problem := call_problem(fit, ["X", "y"]):
            return False, f"learner {name}: {problem}"
    if verdict not in map(word, (one, two, "chưa rõ")):
        return False, f"`verdict` cần là một trong {[one, two, 'chưa rõ']}, nhưng nhận được {verdict!r}."
    folds = model_selection.k_fold(len(y), 10, n_repeats=3, rng=np.random.default_rng(0))
    first, second = (
        model_selection.cross_val_score(fit, X, y, metric=metrics.root_mean_squared_error, folds=folds)
        for fit in (learners[one], learners[two])
    )
    d = first - second
    se = d.std(ddof=1) * np.sqrt(1 / len(d) + 1 / 9)  # hiệu chỉnh Nadeau–Bengio: các fold dùng chung mẫu
    better, clear = (one if d.mean() < 0 else two), abs(d.mean()) > 2 * se
    seen = (
        f"RMSE: {one} {first.mean():.4g}, {two} {second.mean():.4g}; hiệu {one} − {two} trên cùng fold {d.mean():.3g} "
        f"± {se:.2g} (sai số chuẩn đã hiệu chỉnh)"
    )
    if verdict != (word(better) if clear else "chưa rõ"):
        if not clear:
            why = "hiệu chưa quá hai sai số chuẩn nên chưa gọi là hơn được"
        elif verdict == "chưa rõ":
            why = "hiệu đã quá hai sai số chuẩn"
        else:
            why = f"hiệu đã quá hai sai số chuẩn, nhưng RMSE thấp hơn là của {better}"
        return False, f"{seen}. Kết luận '{verdict}' không suy ra được từ đó: {why}."
    better = better if clear else "chưa rõ"
    return True, f"{seen}. Kết luận: {better}."


@open_exercise(
    judge=_judge_comparison,
    hints=(
        "Dùng *cùng* một danh sách fold cho cả hai, trừ từng fold, rồi nhìn trung bình và độ lệch chuẩn của hiệu.",
        "Sai số chuẩn hiệu chỉnh: s · √(1/J + 1/9) với J con số của 10 fold. Trong hai sai số chuẩn thì nói 'chưa rõ'.",
    ),
    praise='"Chưa rõ" cũng là một kết luận: với bấy nhiêu mẫu, dữ liệu chưa phân xử được.',
)
def compare_two():
    """Đưa ra X (ít nhất 30 hàng), y là số, hai learner, và kết luận: tên learner hơn, hoặc "chưa rõ"."""
    from mlcourse import data, model_selection, models

    def scaled(fit):
        def fit_scaled(X, y):
            standardize = model_selection.standardizer(X)
            predict = fit(standardize(X), y)
            return lambda X: predict(standardize(X))

        return fit_scaled

    patients = data.load_diabetes()
    X_own, y_own = patients.X, patients.y
    learners = {
        "ridge": scaled(models.ridge(0.01)),
        "láng giềng": scaled(models.knn(10)),
    }
    verdict = "ridge"
    return X_own, y_own, learners, verdict
