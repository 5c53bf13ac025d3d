"""05 · Đánh giá thực nghiệm: sáu câu hỏi và năm bài tập."""

import numpy as np

from .. import _check, data, metrics, model_selection, models, optim, training
from ..quiz import question
from . import call_problem, exercise, open_exercise, word
from ._forbid import calls, package

# --- Câu hỏi -------------------------------------------------------------------------------------------------------

opening = question(r"""
Mười lớp chữ số. Sau 60 epoch, mất mát huấn luyện là 2.31, xác thực là 2.33, cả hai nằm ngang từ epoch đầu tiên. Nên
nghi điều gì trước?
( ) Chữ viết xấu quá, mô hình nào cũng chịu
    Dữ liệu khó thì mô hình vẫn nhặt được phần dễ: mất mát xuống một đoạn rồi mới nằm ngang. Ở đây chưa xuống chút nào.
( ) Mô hình quá khớp, vì hai con số gần bằng nhau và đều cao
    Quá khớp thì mất mát huấn luyện phải thấp. Hai con số này cùng cao.
(x) Việc học chưa hề xảy ra
    Người luôn nói mười lớp ngang nhau có mất mát log 10 = 2.303. Nằm đúng ở đó từ đầu thì dữ liệu chưa truyền được gì
    vào mô hình. Vì sao lại thế, cuối bài sẽ kể.
( ) Việc học đang ổn, chỉ cần chạy thêm nhiều epoch nữa
    Ổn mà chậm thì đường vẫn dốc xuống. 60 epoch không thấy dốc thì tìm chỗ hỏng trước khi chạy thêm.
""")

row_or_column = question(r"""
Máy vừa đọc một ảnh là số 8. Muốn biết lời ấy đáng tin đến đâu, ta chia ma trận nhầm lẫn cho tổng nào?
( ) Tổng hàng: trong các số 8 thật, máy đọc đúng bao nhiêu phần
    Khi ấy ta đang biết ảnh là số 8 rồi mới hỏi máy nói gì. Ở đây ta chỉ biết máy nói 8.
( ) Tổng cả bảng: trong mọi ảnh, bao nhiêu phần là số 8 đọc đúng
    Con số ấy nhỏ chỉ vì số 8 là một trong mười lớp. Nó trộn chuyện lớp nào nhiều ảnh với chuyện máy đọc giỏi hay dở.
(x) Tổng cột: trong những lần máy nói 8, bao nhiêu phần đúng
    Ta biết lời máy nói, chưa biết sự thật: đó là precision của lớp 8.
""")

what_cv_estimates = question(r"""
Xác thực chéo 5 fold trên 100 mẫu cho một con số. Con số ấy ước lượng điều gì?
( ) Sai số của mô hình sẽ đem dùng, học từ cả 100 mẫu
    Mô hình ấy chưa bao giờ bị đem ra đo. Năm mô hình bị đo, mỗi mô hình chỉ học từ 80 mẫu.
(x) Sai số trung bình của *cách học*, khi học từ 80 mẫu
    Mỗi fold là một mô hình khác. Con số chung của chúng nói về cách học, ở cỡ n(k − 1)/k = 80 mẫu.
( ) Sai số trên chính 100 mẫu đã học
    Mẫu nào cũng do một mô hình chưa thấy mẫu ấy đoán: đây không phải mất mát huấn luyện.
""")

more_repeats = question(r"""
Chia 5 fold, lặp lại 20 lần với 20 cách xáo trộn: được 100 con số, độ lệch chuẩn s. Sai số chuẩn của trung bình là s/10,
phải không?
(x) Không: lặp lại không thêm mẫu nào
    Lặp mãi thì s chia căn của số con số tiến về 0, còn phần không chắc do chỉ có n mẫu vẫn nguyên. Phần sau đo xem
    khoảng dựng từ con số ấy trượt bao nhiêu.
( ) Phải: 100 con số thì chia cho √100, như mọi trung bình
    Công thức ấy cần 100 con số độc lập. Chúng lại cùng đo trên một nhúm mẫu, lặp bao nhiêu lần cũng vẫn là mẫu ấy.
( ) Không: phải chia cho √20, vì chỉ có 20 lần lặp lại
    Chia cho số nào cũng là coi các lần lặp như những lần đo độc lập, mà lần nào cũng dùng lại đúng những mẫu ấy.
""")

paired = question(r"""
10 fold, RMSE. Điểm của A dao động 6 đơn vị quanh trung bình, của B dao động 7; trung bình A thấp hơn B 3 đơn vị. Kết
luận được gì?
( ) Không gì cả: 3 nhỏ hơn cả 6 lẫn 7, chênh lệch chìm trong dao động
    Hai dao động ấy thường có phần chung: fold khó thì khó với cả hai. So từng cột riêng là bỏ phí điều đó.
( ) A tốt hơn: trung bình của A thấp hơn, lại đo trên cùng dữ liệu
    Thấp hơn bao nhiêu thì còn phải so với một dao động. Chỉ là chưa biết dao động nào.
(x) Chưa biết: cần nhìn hiệu trên *từng* fold
    Trừ từng cặp thì phần khó dễ chung của fold mất đi. Hiệu ấy mới là thứ đem so với 0.
""")

closing = question(r"""
Bạn thử 50 cấu hình bằng xác thực chéo 5 fold, chọn cấu hình thấp nhất rồi học lại trên mọi mẫu. Báo cáo sai số nào?
( ) Con số xác thực chéo của chính cấu hình ấy, vì đo trên mẫu chưa học
    Con số ấy là nhỏ nhất trong 50, nên lạc quan. Trên nhãn tung đồng xu, nó hứa sai chừng một phần ba.
(x) Con số của xác thực chéo lồng nhau
    Nó đo cả bước chọn, trên những mẫu mà bước chọn không được nhìn. Một tập kiểm tra chưa mở cũng làm được việc ấy.
( ) Trung bình con số của cả 50 cấu hình, để khỏi lạc quan
    Không ai đem dùng cả 50 cấu hình. Ta cần sai số của cách học, gồm cả bước chọn.
( ) Con số xác thực chéo ấy, kèm khoảng ± s/√5 cho thận trọng
    Khoảng ấy vừa đặt quanh một con số lạc quan, vừa hẹp hơn sự thật.
""")

# --- Bài tập 1: bệnh nào, nhìn đường mà đoán --------------------------------------------------------------------------

_SIGNS = {
    "đi lên dốc": "mất mát tăng vọt ngay sau epoch đầu, trên cả hai tập",
    "không cập nhật": "hai đường là hai đoạn thẳng nằm ngang, đúng từng chữ số",
    "không lỗi": "bắt đầu quanh log 10, cả hai đường cùng xuống, và đường xác thực nằm trên đường huấn luyện một chút",
    "nhãn lệch một hàng": "đường huấn luyện xuống chậm vì phải học thuộc, còn đường xác thực không xuống hẳn dưới "
    "log 10, rồi leo lên trên",
    "quên chia cho 16": "điểm ảnh từ 0 đến 16: lúc chưa học mất mát đã cao hơn log 10 nhiều lần",
    "tốc độ học quá thấp": "bắt đầu quanh log 10, hai đường cùng dốc xuống đều và rất ít",
    "xác thực trên tập huấn luyện": "hai đường trùng khít từng chữ số, mà có xuống",
}
_ANSWERS = {
    "A": "quên chia cho 16",
    "B": "xác thực trên tập huấn luyện",
    "C": "không cập nhật",
    "D": "nhãn lệch một hàng",
    "E": "đi lên dốc",
}


def uphill(optimizer):
    """Bộ tối ưu ấy với dấu bị ngược: cộng thêm thay vì trừ đi."""

    def update(grads, state, params):
        updates, state = optimizer.update(grads, state, params)
        return {name: -step for name, step in updates.items()}, state

    return optim.Optimizer(optimizer.init, update)


def buggy_runs(seed=0, epochs=40):
    """Năm lần huấn luyện thật, mỗi lần một lỗi trong code và *chỉ* lỗi ấy; dict tên ca -> ``training.History``.

    ``seed`` đổi cả cách chia ảnh lẫn chỗ xuất phát của mạng.
    """
    digits = data.load_digits()
    rows = np.random.default_rng([7, seed]).permutation(len(digits.y))
    seen, held = rows[:300], rows[300:700]
    X, y, sgd = digits.X / 16, digits.y, optim.sgd(0.2)

    def run(scale=1, labels=y[seen], watched=held, optimizer=sgd):
        return training.train(
            models.mlp((64, 32, 10)),
            scale * X[seen],
            labels,
            optimizer=optimizer,
            epochs=epochs,
            batch_size=20,
            rng=np.random.default_rng(seed),
            validation=(scale * X[watched], y[watched]),
        )[1]

    return {
        "A": run(scale=16),
        "B": run(watched=seen),
        "C": run(optimizer=optim.sgd(lambda step: 0.0)),
        "D": run(labels=np.roll(y[seen], 1)),
        "E": run(optimizer=uphill(sgd)),
    }


def _judge_bugs(bugs):
    if not isinstance(bugs, dict) or set(bugs) != set(_ANSWERS):
        return False, f"`bugs` cần là dict có đúng các khóa {list(_ANSWERS)}, nhưng nhận được {bugs!r}."
    missing = [name for name, bug in bugs.items() if bug is ... or bug is None]
    if missing:
        return None, f"Còn thiếu: {', '.join(missing)}. Mỗi ca chọn một trong: {'; '.join(_SIGNS)}."
    bugs = {name: word(bug) for name, bug in bugs.items()}
    strange = [bug for bug in bugs.values() if not isinstance(bug, str) or bug not in _SIGNS]
    if strange:
        return False, f"mỗi ca cần là một trong {list(_SIGNS)}, nhưng có {strange[0]!r}."
    wrong = [name for name in _ANSWERS if bugs[name] != _ANSWERS[name]]
    if wrong:
        run, said = buggy_runs()[wrong[0]], bugs[wrong[0]]
        return False, (
            f"đúng {len(bugs) - len(wrong)} trên {len(bugs)} ca. Ca {wrong[0]} đi từ "
            f"{run.train_loss[0]:.5g} đến {run.train_loss[-1]:.5g} trên tập huấn luyện, từ "
            f"{run.val_loss[0]:.5g} đến {run.val_loss[-1]:.5g} trên tập xác thực. Còn '{said}' thì "
            f"trông thế này: {_SIGNS[said]}."
        )
    return True, "Cả năm ca đúng."


@open_exercise(
    judge=_judge_bugs,
    hints=(
        "Ba chỗ để nhìn: giá trị ở epoch 0 so với log 10, chiều đi của từng đường, và khoảng cách giữa hai đường.",
        "Hỏi từng lỗi: nó đổi điều gì *trước* khi mạng học bước đầu tiên? Nó có để hai tập khác nhau không? Mạng còn "
        "học thuộc được tập huấn luyện không?",
    ),
    praise="Ba chỗ ấy nên nhìn ngay trong phút đầu của mọi lần huấn luyện, trước khi chờ hàng giờ.",
)
def spot_the_bug():
    """Gọi tên lỗi của năm lần huấn luyện A, B, C, D, E, chỉ nhìn đường mất mát."""
    bugs = {
        "A": "quên chia cho 16",
        "B": "xác thực trên tập huấn luyện",
        "C": "không cập nhật",
        "D": "nhãn lệch một hàng",
        "E": "đi lên dốc",
    }
    return (bugs,)


# --- Bài tập 2: recall và precision của từng lớp ----------------------------------------------------------------------


def _matrices():
    rng = np.random.default_rng(6)
    return {
        "hai lớp": (np.array([[8, 2], [1, 9]]),),
        "ba lớp, cỡ khác nhau": (np.array([[50, 0, 0], [5, 10, 5], [0, 1, 4]]),),
        "mười lớp": (rng.integers(0, 4, size=(10, 10)) + np.diag(rng.integers(20, 60, size=10)),),
        "một lớp không đúng ảnh nào": (np.array([[0, 3, 1], [2, 7, 0], [2, 0, 5]]),),
    }


@exercise(
    cases=_matrices,
    returns=("recall của từng lớp", "precision của từng lớp"),
    hints=(
        "Hàng i là những ảnh có sự thật i, cột j là những ảnh máy đoán j. Ô nào là số ảnh lớp i đọc đúng?",
        "Cả hai đều lấy đường chéo, `matrix.diagonal()`, đem chia. Trong các ảnh *thật* là i thì chia cho tổng của "
        "hàng hay của cột?",
    ),
    praise="Một đường chéo, hai mẫu số: hai câu hỏi khác nhau về cùng một lớp.",
    forbids=(package(),),
)
def per_class(matrix):
    """Trả về (recall, precision), mỗi thứ một mảng dạng (K,), từ ma trận nhầm lẫn dạng (K, K): hàng là sự thật."""
    right = np.diagonal(matrix)
    return right / matrix.sum(axis=1), right / matrix.sum(axis=0)


per_class.mistake(r"""
hai con số bị đổi chỗ: chia cho tổng *hàng* (số ảnh thật của lớp) mới là recall, chia cho tổng cột là precision.
    matrix.sum(axis=1), right / matrix.sum(axis=0) → matrix.sum(axis=0), right / matrix.sum(axis=1)
cả hai đang chia cho tổng hàng: precision hỏi trong những lần máy *nói* lớp ấy, nên chia cho tổng cột.
    matrix.sum(axis=0) → matrix.sum(axis=1)
cả hai đang chia cho tổng cột: recall hỏi trong những ảnh *thật* của lớp ấy, nên chia cho tổng hàng.
    matrix.sum(axis=1) → matrix.sum(axis=0)
đang chia cho tổng cả bảng: recall và precision của một lớp chỉ nhìn một hàng hay một cột.
    matrix.sum(axis=1) → matrix.sum()
    matrix.sum(axis=0) → matrix.sum()
mẫu số đang bỏ ô trên đường chéo: số ảnh của lớp gồm cả những ảnh đọc đúng.
    matrix.sum(axis=1) → (matrix.sum(axis=1) - right + 1e-300)
    matrix.sum(axis=0) → (matrix.sum(axis=0) - right + 1e-300)
""")


# --- Bài tập 3: xác thực chéo -----------------------------------------------------------------------------------------


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
        "22 mẫu, 4 fold": (học_đường_thẳng, mse, X[:22], y[:22], 4),
        "20 mẫu, 20 fold": (học_đường_thẳng, đoán_thiếu_đắt_gấp_ba, X[:20], y[:20], 20),
        "10 mẫu, 4 fold": (học_trung_bình, đoán_thiếu_đắt_gấp_ba, X[:10], y[:10], 4),
    }


@exercise(
    cases=_cv_cases,
    returns=("CV",),
    hints=(
        "Mọi fold có ít nhất `n // k` mẫu, và `n % k` fold đầu có thêm một. Với mỗi fold: học trên những mẫu *ngoài* "
        "fold, đo trên fold.",
        "Giữ một biến `start`; mỗi vòng tính `stop`, lấy `fold = np.arange(start, stop)`. `np.setdiff1d` cho những mẫu "
        "còn lại. Hàm dự đoán là thứ mà `fit` trả về.",
    ),
    praise="Mấy dòng ấy đo được mọi learner; `cross_val_score` của gói chỉ thêm phần kiểm tra. Đem dùng thì nhớ xáo "
    "trộn các mẫu trước.",
    forbids=(package(), calls("array_split")),
)
def cross_validation(fit, loss, X, y, k):
    """Trả về CV: trung bình mất mát trên k fold liền nhau, đoạn dài đứng trước; không dùng `np.array_split`."""
    n, scores, start = len(y), [], 0
    for i in range(k):
        stop = start + n // k + (i < n % k)
        fold, start = np.arange(start, stop), stop
        rest = np.setdiff1d(np.arange(n), fold)
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
    np.mean(scores) → np.average(scores, weights=[n // k + (i < n % k) for i in range(k)])
chỉ còn con số của fold cuối: có lẽ biến bị gán đè trong vòng lặp.
    np.mean(scores) → scores[-1]
phần dư của n chia k bị bỏ quên: mấy mẫu cuối không nằm trong fold nào, nên không bao giờ được đo.
    + (i < n % k) →
fold nào cũng dài bằng n/k làm tròn *lên*, nên fold cuối bị ngắn hơn các fold kia quá một mẫu, có khi không còn gì. Hãy
rải phần dư: chỉ `n % k` fold đầu dài thêm một.
    for i in range(k) → for i in range(-(-n // -(-n // k)))
    start + n // k + (i < n % k) → min(n, start - (-n // k))
cả phần dư dồn vào fold cuối. Hãy rải mỗi fold đầu thêm một mẫu.
    start + n // k + (i < n % k) → n if i == k - 1 else start + n // k
cỡ các fold lệch nhau nhiều nhất 1, nhưng đề cần các fold dài đứng trước.
    start + n // k + (i < n % k) → n * (i + 1) // k
các fold đang lấy cách k mẫu một. Cũng là một cách chia hợp lệ, nhưng đề cần những đoạn liền nhau.
    np.arange(start, stop), stop → np.arange(i, n, k), stop
""")


# --- Bài tập 4: luật một sai số chuẩn ---------------------------------------------------------------------------------


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
        "vượt vạch rồi lại xuống": (
            np.array([5.0, 3.0, 2.0, 3.5, 2.15, 6.0])[:, None] + np.array([-0.6, -0.2, 0.0, 0.2, 0.6]),
            lambdas[:6],
        ),
        "đầu trên của λ khác thấp hơn": (np.array([[1.0, 5.0], [3.6, 3.8], [3.9, 4.1]]), np.array([0.1, 1.0, 10.0])),
        "không dao động": (np.repeat([[3.0], [2.0], [2.5]], 4, axis=1), np.array([0.1, 1.0, 10.0])),
    }


@exercise(
    cases=_one_se_cases,
    returns=("λ",),
    hints=(
        "Mỗi λ một trung bình trên k fold. Vạch nằm ở đâu? Cần trung bình thấp nhất, và sai số chuẩn của hàng *ấy*.",
        "Độ lệch chuẩn của k con số: `ddof=1`. Trong những λ nằm không cao hơn vạch, λ nào cho mô hình đơn giản nhất?",
    ),
    praise="Một vạch chung cho mọi λ, rồi lấy λ lớn nhất không vượt vạch. Luật ấy được gì, mất gì, trang sau đo.",
    forbids=(package(),),
)
def one_se_lambda(scores, lambdas):
    """Trả về λ theo luật một sai số chuẩn; `scores` dạng (m, k) là mất mát của m giá trị λ (tăng dần) trên k fold."""
    mean = scores.mean(axis=1)
    best = mean.argmin()
    limit = mean[best] + scores[best].std(ddof=1) / np.sqrt(scores.shape[1])
    return lambdas[mean <= limit].max()


one_se_lambda.mistake(r"""
đó là λ có trung bình thấp nhất. Luật này lấy λ lớn nhất còn nằm trong một sai số chuẩn.
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


# --- Bài tập 5: so hai mô hình trên dữ liệu của bạn ------------------------------------------------------------------

THRESHOLD, GREY = 1.98, (1.8, 2.2)  # phân vị 0.975 của phân phối t, 99 bậc tự do; gần vạch thì hai kết luận đều được


def _judge_comparison(X, y, learners, verdict):
    X, y = _check.real("X_own", X, ndim=2), _check.real("y_own", y, ndim=1)
    _check.same_length("X_own", X, "y_own", y)
    if not isinstance(learners, dict) or len(set(map(word, learners))) != 2 or len(learners) != 2:
        return False, f"`learners_own` cần là dict có đúng hai learner, tên -> fit, nhưng nhận được {learners!r}."
    if any(fit is ... or fit is None for fit in learners.values()):
        return None, "Hãy thay `...` trong `learners_own` bằng hai learner."
    one, two = learners
    if not (isinstance(one, str) and isinstance(two, str)) or "chưa rõ" in map(word, learners):
        return False, f"tên learner cần là chuỗi, và không phải là 'chưa rõ', nhưng nhận được {[one, two]}."
    if len(y) < 30:
        return False, f"mới có {len(y)} mẫu. Hãy đưa ít nhất 30."
    for name, fit in learners.items():
        if problem := call_problem(fit, ["X", "y"]):
            return False, f"learner {name}: {problem}"
    if not isinstance(verdict, str) or verdict not in map(word, (one, two, "chưa rõ")):
        return False, f"`verdict` cần là một trong {[one, two, 'chưa rõ']}, nhưng nhận được {verdict!r}."
    folds = model_selection.k_fold(len(y), 10, n_repeats=10, rng=np.random.default_rng(0))
    first, second = (
        model_selection.cross_val_score(fit, X, y, metric=metrics.root_mean_squared_error, folds=folds)
        for fit in (learners[one], learners[two])
    )
    d = first - second
    se = d.std(ddof=1) * np.sqrt(1 / len(d) + 1 / 9)  # phương sai đã hiệu chỉnh: các fold dùng chung mẫu
    ratio = 0.0 if d.mean() == 0 else float(d.mean() / se) if se else float(np.copysign(np.inf, d.mean()))
    better = one if ratio < 0 else two
    seen = (
        f"RMSE: {one} {first.mean():.4g}, {two} {second.mean():.4g}; hiệu {one} − {two} trên 100 fold {d.mean():.3g}, "
        f"sai số chuẩn đã hiệu chỉnh {se:.2g}, tỷ số {ratio:.2f} so với vạch ±{THRESHOLD}"
    )
    accepted = {"chưa rõ"} if abs(ratio) <= GREY[1] else set()
    accepted |= {word(better)} if abs(ratio) >= GREY[0] else set()
    if verdict in accepted:
        near = f" Tỷ số ở sát vạch (từ {GREY[0]} đến {GREY[1]}), nên kết luận kia cũng được nhận."
        meant = (
            "bấy nhiêu mẫu chưa phân xử được, và đó cũng là một kết luận"
            if verdict == "chưa rõ"
            else f"trên dữ liệu này {better} có RMSE thấp hơn"
        )
        return True, f"{seen}. Kết luận '{verdict}': {meant}.{near if len(accepted) > 1 else ''}"
    if "chưa rõ" in accepted and len(accepted) == 1:
        why = "hiệu chưa qua vạch, nên chưa gọi ai là hơn được"
    elif verdict == "chưa rõ":
        why = f"hiệu đã qua vạch, nghiêng về {better}"
    else:
        why = f"chiều bị ngược: RMSE thấp hơn là của {better}"
    return False, f"{seen}. Kết luận '{verdict}' không suy ra được từ đó: {why}."


@open_exercise(
    judge=_judge_comparison,
    hints=(
        "Dùng *cùng* một danh sách fold cho cả hai, trừ từng fold, rồi nhìn trung bình và độ lệch chuẩn của hiệu.",
        "10 fold lặp 10 lần: J = 100 hiệu, mỗi lần đo trên một phần mười số mẫu. Căn của 1/J + 1/9 nhân với độ lệch "
        "chuẩn là sai số chuẩn đã hiệu chỉnh; hiệu trung bình bằng mấy lần số ấy?",
    ),
    praise="Con số, vạch và kết luận đi cùng nhau: người đọc tự phán lại được.",
)
def compare_two():
    """Đưa ra X (ít nhất 30 hàng), y là số, hai learner, và kết luận: tên learner có RMSE thấp hơn, hoặc "chưa rõ"."""
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
