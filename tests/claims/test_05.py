"""Bài 05: mỗi câu so sánh chạy lại trên những lượt bốc mà bài không cho xem."""

import functools
import itertools
import math

import numpy as np
from scipy import stats

from mlcourse import data, losses, metrics, model_selection, models, optim, training
from mlcourse.exercises import lesson_05
from tests.claims import below, claims, draws, median_within, often

claim = claims("05")

# Câu so sánh mà không cần khẳng định: nói thế là đặt tên, hay là kể việc sẽ làm.
NOT_CLAIMED = {
    "đặt tên": [
        "lấy $s$ của *mô hình có CV thấp nhất*, kẻ một vạch ở CV ấy cộng $s/\\sqrt k$",
        "Vạch xám là mức thấp nhất cộng một sai số chuẩn",
        "Luật lấy chấm phải nhất còn nằm dưới vạch",
        "Ta có 100 bệnh nhân tiểu đường; 342 người còn lại đóng vai thế giới bên ngoài, mà thường thì ta không có",
    ],
    "ô bên cạnh in ra": ["lần nào CV cũng cao hơn sự thật"],
    "đề bài": [
        "code có nhiều nhất một chỗ sai, ngoài ra như nhau",
        "cỡ lệch nhau nhiều nhất 1, đoạn dài đứng trước",
        "`lambdas` tăng dần, dạng (m,)",
        "Ta chọn mô hình có CV thấp nhất",
        "Tỷ số nằm giữa 1.8 và 2.2 là sát vạch",
    ],
}
DIGITS, PATIENTS = data.load_digits(), data.load_diabetes()
PIXELS, LABELS = DIGITS.X / 16, DIGITS.y
X, Y = PATIENTS.X, PATIENTS.y
LOG10 = math.log(10)
NET = models.mlp((64, 32, 10))


def learned(rng, rows, eta, epochs, *, scale=1, labels=None, params=None, batch_size=20, optimizer=None):
    """Tham số và mất mát huấn luyện sau từng epoch của mạng 32 nút, học những ảnh ấy."""
    params, history = training.train(
        NET,
        scale * PIXELS[rows],
        LABELS[rows] if labels is None else labels,
        optimizer=optimizer or optim.sgd(eta),
        epochs=epochs,
        batch_size=batch_size,
        params=params,
        rng=rng,
    )
    return params, history.train_loss


# --- Đường mất mát -----------------------------------------------------------------------------------------------------


@claim(
    "Mạng chưa học nói gần như đoán mò: mất mát chừng $\\log K$, hơn vài phần mười",
    "Code không cập nhật thì nằm ở chỗ xuất phát, thường cao hơn một chút: 2.3 đến 2.8",
    "lúc chưa học mất mát đã cao hơn log 10 nhiều lần",
)
def test_where_a_curve_starts():
    fresh = [NET.init(rng) for rng in draws(40)]
    start, raw = ([NET.loss(one, scale * PIXELS[:600], LABELS[:600]) for one in fresh] for scale in (1, 16))
    below(np.abs(np.array(start) - LOG10), 0.7, at_least=0.95)
    often((np.array(start) > 2.3) & (np.array(start) < 2.8), at_least=0.85)
    median_within(np.array(start) - LOG10, 0.1, 0.3)
    below(3 * LOG10, raw, at_least=1)


@claim(
    "Không cặp nào bật thì gradient của `w1` bằng 0 với mọi ảnh: hạ $\\eta$ cũng không lay được nữa",
    "đầu ra chỉ còn là một hằng số, giống nhau với mọi ảnh, và hằng số tốt nhất cho mười lớp có mất mát chừng log 10",
)
def test_a_dead_network_stays_dead():
    for rng in draws(20):
        rows = rng.permutation(len(LABELS))[:600]
        params, _ = learned(rng, rows, 10**0.75, 2)
        while np.mean(PIXELS[rows] @ params["w1"] + params["b1"] > 0) > 0:  # thường là xong sau một, hai epoch
            params, _ = learned(rng, rows, 10**0.75, 1, params=params)
        _, grads = NET.value_and_grad(params, PIXELS[rows], LABELS[rows])
        assert not grads["w1"].any()
        revived, curve = learned(rng, rows, 0.1, 5, params=params)
        assert abs(curve[-1] - LOG10) < 0.15 and np.ptp(NET.predict(revived, PIXELS[rows]), axis=0).max() < 1e-12


@claim(
    "NaN ngay lần đo đầu là dữ liệu có ô trống, hay đã chia cho 0",
    "lớn dần rồi tràn là bước quá dài, hay đi lên dốc",
)
def test_before_nan():
    for rng in draws(20):
        x, y = X[rng.permutation(442)[:200], 2], rng.normal(size=200)
        w, seen = 0.0, []
        with np.errstate(all="ignore"):
            while not seen or np.isfinite(seen[-1]):
                seen.append(np.mean((w * x - y) ** 2))
                w -= 0.02 * np.mean((w * x - y) * x)
            assert (np.diff(seen[1:-1]) > 0).all()
            assert np.isnan(np.mean((0.0 * np.append(x, np.nan) - 1) ** 2))
            assert np.isnan((np.ones(9) - 1) / np.ones(9).std()).all()  # chuẩn hóa một cột hằng bằng tay
    rows = draws(1)[0].permutation(len(LABELS))[:100]
    up = learned(draws(1)[0], rows, 0.1, 12, optimizer=lesson_05.uphill(optim.sgd(0.1)))[1]
    assert (np.diff(up) > 0).all() and up[-1] > 1e4


@claim(
    "tốc độ học quá cao thì hai đường cùng nhảy rồi nằm ở mức cao (ca này), hay rơi hẳn về log 10 (thường gặp hơn)",
)
def test_a_rate_too_high():
    net, stuck, healed = models.mlp((64, 64, 10)), [], []
    for eta, epochs, found in ((1.5, 40, stuck), (0.15, 12, healed)):
        for rng in draws(20):
            rows = rng.permutation(len(LABELS))[:400]
            _, history = training.train(
                net, PIXELS[rows], LABELS[rows], optimizer=optim.sgd(eta), epochs=epochs, batch_size=20, rng=rng
            )
            found.append(history.train_loss[-3:].min())
    often(np.array(stuck) > 1, at_least=0.9)
    often(np.abs(np.array(stuck) - LOG10) < 0.1, at_least=0.6)
    below(healed, 0.6, at_least=1)


@claim(
    "đường huấn luyện trơn, nên việc học ổn, phép đo thì không: mỗi epoch đo trên $15$ ảnh rút lại",
    "$15$ ảnh cố định thì đường trơn, mà dễ nằm sai chỗ",
)
def test_too_few_validation_images():
    for rng in draws(20):
        order = rng.permutation(len(LABELS))
        params, curve = learned(rng, order[:400], 0.1, 12)
        few = [rng.choice(order[600:1000], 15, replace=False) for _ in range(30)]
        spread = np.std([NET.loss(params, PIXELS[rows], LABELS[rows]) for rows in few])  # mạng đứng yên, tức η = 0
        assert spread > 0.05 and (np.diff(curve) < 0.05).all()
        later, _ = learned(rng, order[:400], 0.1, 1, params=params)
        moved = [abs(NET.loss(later, PIXELS[r], LABELS[r]) - NET.loss(params, PIXELS[r], LABELS[r])) for r in few]
        assert np.mean(moved) < 0.5 * spread


@claim(
    "mất mát tăng vọt ngay sau epoch đầu, trên cả hai tập",
    "hai đường là hai đoạn thẳng nằm ngang, đúng từng chữ số",
    "đường huấn luyện xuống chậm vì phải học thuộc, còn đường xác thực không xuống hẳn dưới log 10",
    "hai đường trùng khít từng chữ số, mà có xuống",
    "tốc độ học quá cao làm chết mạng, và điểm ảnh quên chia cho 16 (ca A, lộ ra ở epoch 0)",
)
def test_the_five_bugs():
    low, late, flat = [], [], []
    for seed in range(1, 11):
        runs = lesson_05.buggy_runs(seed)
        assert min(runs["E"].train_loss[1], runs["E"].val_loss[1]) > 1000
        assert np.ptp(runs["C"].train_loss) == np.ptp(runs["C"].val_loss) == 0
        assert (runs["B"].train_loss == runs["B"].val_loss).all() and runs["B"].train_loss[-1] < 0.1
        low.append(runs["D"].val_loss.min() - LOG10)
        late.append(runs["D"].val_loss[-1] - LOG10)
        flat.append(abs(runs["A"].train_loss[-1] - LOG10))
        assert runs["A"].train_loss[0] > 3 * LOG10 and runs["D"].train_loss[-1] < LOG10 - 0.2
    below(-0.15, low, at_least=1)
    below(0, late, at_least=1)
    often(np.array(flat) < 0.1, at_least=0.6)


@claim(
    "Code đúng, $\\eta$ hợp, thì phải học thuộc được",
    "Ba lỗi đầu lộ ra. Nhãn lệch thì không: mười nhãn sai vẫn học thuộc được",
)
def test_ten_images():
    for rng in draws(20):
        rows = rng.permutation(len(LABELS))[:10]
        end = functools.partial(learned, rng, rows, 0.1, 200, batch_size=None)
        assert end()[1][-1] < 0.05
        assert end(labels=np.roll(LABELS[rows], 1))[1][-1] < 0.3
        assert end(optimizer=lesson_05.uphill(optim.sgd(0.1)))[1][-1] > 1000
        assert np.ptp(end(optimizer=optim.sgd(lambda step: 0.0))[1]) == 0
        assert end(scale=16)[1][-1] > 0.3


# --- Ma trận nhầm lẫn ---------------------------------------------------------------------------------------------------


@functools.cache
def readers(count=10):
    """Những cách chia khác, phần đọc sai của bốn lối: softmax 200, 600 ảnh, 1 láng giềng 200, 600; và ma trận đầu."""
    reader, errors, tables = models.softmax_regression(64, 10), [], []

    def softmax(A, b):
        theta, _ = training.train(
            reader, A, b, optimizer=optim.adam(0.02), epochs=60, batch_size=20, rng=np.random.default_rng(0)
        )
        return lambda A: reader.predict(theta, A).argmax(axis=1)

    for rng in draws(count):
        order = rng.permutation(len(LABELS))
        others, row = order[600:], []
        for fit, n in itertools.product((softmax, models.knn(1, classify=True)), (200, 600)):
            said = fit(PIXELS[order[:n]], LABELS[order[:n]])(PIXELS[others])
            row.append(np.mean(said != LABELS[others]))
            if len(row) == 1:
                tables.append(metrics.confusion_matrix(LABELS[others], said))
        errors.append(row)
    return np.array(errors), tables


@claim(
    "Cả hai lối đều giúp: gấp ba số ảnh thì bớt gần nửa số lỗi, đổi mô hình bớt chừng một phần ba, "
    "làm cả hai thì số lỗi còn chừng một phần tư"
)
def test_more_images_or_another_model():
    soft, soft_600, near, near_600 = readers()[0].T
    below(soft_600, soft, at_least=1)
    below(near, soft, at_least=0.9)
    median_within(soft_600 / soft, 0.5, 0.7)
    median_within(near / soft, 0.58, 0.78)
    median_within(near_600 / soft, 0.2, 0.3)


@claim("Recall thấp nhất và precision thấp nhất ở hai lớp khác nhau")
def test_missed_and_misnamed_classes():
    matrices = readers()[1]
    apart = [(m.diagonal() / m.sum(1)).argmin() != (m.diagonal() / m.sum(0)).argmin() for m in matrices]
    often(apart, at_least=0.7)


# --- Xác thực chéo ------------------------------------------------------------------------------------------------------


def squared_errors(A, b, train, test):
    ones = np.hstack([np.ones((len(A), 1)), A])
    P, q = ones[train], b[train][..., None]
    w = np.linalg.solve(P.swapaxes(-1, -2) @ P, P.swapaxes(-1, -2) @ q)
    return (b[test] - (ones[test] @ w)[..., 0]) ** 2


@functools.cache
def hundreds(count=40, n_splits=20):
    """Những bộ 100 người khác: mỗi cách đo một hàng ``(lệch trung bình, dao động do cách chia, cách sự thật)``."""
    found = {}
    for rng in draws(count):
        order = rng.permutation(442)
        A, b, others = X[order[:100]], Y[order[:100]], order[100:]
        truth = metrics.root_mean_squared_error(Y[others], models.ridge(0.0)(A, b)(X[others]))
        rows = np.array([rng.permutation(100) for _ in range(n_splits)])
        scores = {"giữ riêng": np.sqrt(squared_errors(A, b, rows[:, 20:], rows[:, :20]).mean(axis=-1))}
        for k in (2, 5, 10, 20, 100):
            one = rows[:1] if k == 100 else rows
            place = np.arange(100) * k // 100
            trains = np.array([[row[place != i] for i in range(k)] for row in one])
            scores[k] = np.sqrt(squared_errors(A, b, trains, one.reshape(len(one), k, -1)).mean(axis=(-1, -2)))
        for name, values in scores.items():
            row = np.mean(values - truth), np.std(values), np.mean(np.abs(values - truth))
            found.setdefault(name, []).append(row)
    return {name: np.array(rows) for name, rows in found.items()}


@claim(
    "$k$ lớn thì mỗi mô hình học từ nhiều người hơn, các cách chia giống nhau hơn, nên con số đứng yên hơn",
    "Con số CV đi kèm là sai số của cách học ấy ở cỡ mẫu nhỏ hơn một chút",
    "Từ $k = 5$ trở lên, cách chia chỉ làm con số dao động trung bình không quá 2, còn khoảng cách đến sự thật, ở 30 bộ này, vẫn hơn 4",
    "đó chủ yếu là do chỉ có 100 người (một phần do sự thật cũng đo trên những người còn lại)",
    "Giữ riêng lấy trung bình của RMSE, nên lệch ít hơn căn của CV",
    "Mô hình học từ $50$ người thường kém hơn học từ $95$",
    "$k = 2$ bi quan rõ: học từ một nửa",
    "Với 100 người, nên chọn $k = 5$ hay 10: ít bi quan",
    "ba mươi người thì $k=5$ cũng bi quan rõ",
    "ở đây hầu như không gần sự thật hơn $k = 10$",
)
def test_how_far_cross_validation_is_from_the_truth():
    found = hundreds()
    spread = [np.mean(found[k][:, 1]) for k in ("giữ riêng", 2, 5, 10, 20, 100)]
    assert (np.diff(spread) < 0).all()
    below([np.mean(found[k][:, 1]) for k in (5, 10, 20)], 2, at_least=1)
    away = {k: np.mean(found[k][:, 2]) for k in (5, 10, 20, 100)}
    assert all(3.4 < value < 5.2 for value in away.values()) and abs(away[100] - away[10]) < 0.5
    assert np.mean(found["giữ riêng"][:, 0]) < np.mean(found[5][:, 0])  # cùng học từ 80 người
    bias = [np.mean(found[k][:, 0]) for k in (2, 5, 10, 20, 100)]
    assert (np.diff(bias) < 0).all() and bias[0] > 3 and bias[0] > 2 * bias[1]
    below(np.mean(found[5][:, 2]), np.mean(found["giữ riêng"][:, 2]), at_least=1)
    thirty, place = [], np.arange(30) // 6
    for rng in draws(200):
        order = rng.permutation(442)
        A, b, others = X[order[:30]], Y[order[:30]], order[30:]
        truth = metrics.root_mean_squared_error(Y[others], models.ridge(0.0)(A, b)(X[others]))
        folds = np.arange(30)
        errors = squared_errors(A, b, np.array([folds[place != i] for i in range(5)]), folds.reshape(5, 6))
        thirty.append(math.sqrt(errors.mean()) - truth)
    assert np.mean(thirty) > bias[0] > 2 * bias[1]


@functools.cache
def worlds(count=3, n_worlds=1000, n=40, d=5):
    """Điểm của 5 fold lặp 10 lần, và của 5 fold độc lập, trên những thế giới khác."""
    found = []
    for rng in draws(count):
        w = rng.normal(size=d)

        def sample(rng=rng, w=w):
            A = rng.normal(size=(n_worlds, n, d))
            return A, A @ w + rng.normal(size=(n_worlds, n))

        def score(A, b, train, test):
            P, q = A[:, train], b[:, train, None]
            w_hat = np.linalg.solve(P.swapaxes(1, 2) @ P, P.swapaxes(1, 2) @ q)
            return np.mean((b[:, test] - (A[:, test] @ w_hat)[..., 0]) ** 2, axis=1)

        A, b = sample()
        same = [score(A, b, *fold) for fold in model_selection.k_fold(n, 5, n_repeats=10, rng=rng)]
        apart = [score(*sample(), np.arange(32), np.arange(32, 40)) for _ in range(5)]
        found.append((np.transpose(same), np.transpose(apart)))
    return found


def coverage(scores):
    """Phần số thế giới mà ba khoảng chứa sự thật: ± 2s/√J, ± t·s/√J, và khoảng đã hiệu chỉnh."""
    J, s, off = scores.shape[1], scores.std(axis=1, ddof=1), np.abs(scores.mean(axis=1) - (1 + 5 / 26))
    factor = stats.t.ppf(0.975, J - 1)
    halves = 2 * s / math.sqrt(J), factor * s / math.sqrt(J), factor * s * math.sqrt(1 / J + 8 / 32)
    return [np.mean(off < half) for half in halves]


@claim(
    "Với $k = 5$, chính $s$ cũng lung lay, nên 2 là quá hẹp, kể cả khi năm con số độc lập",
    "chạy một lần đã hụt hơn mười điểm, mà năm fold *độc lập* cũng hụt hơn một nửa chừng ấy: "
    "quá nửa lỗi không do phụ thuộc, mà do ít con số, lại lệch về phía lớn",
    "hệ số t vá gần xong hàng độc lập; hai hàng lặp thì không, vì ở đó lỗi là sự phụ thuộc, và lặp càng nhiều càng hụt",
    "Cột ba, hệ số t và phương sai đã hiệu chỉnh: cả ba hàng về 90% đến 97%",
    "cỡ mẫu mà nó nói tới ($n(k-1)/k$, ở đây 32 chứ không phải 40)",
)
def test_coverage_of_the_naive_and_the_corrected_interval():
    table = np.mean(
        [[coverage(same[:, : 5 * r]) for r in (1, 4, 10)] + [coverage(apart)] for same, apart in worlds()], 0
    )
    naive, with_t, corrected = table.T
    assert naive[0] < 0.85 and 0.05 < 0.95 - naive[3] and (0.95 - naive[3]) > 0.5 * (0.95 - naive[0])
    assert with_t[3] > 0.91 and (with_t[1:3] < 0.66).all()
    assert naive[0] > naive[1] > naive[2] and with_t[0] > with_t[1] > with_t[2]
    assert (corrected[:3] > 0.89).all() and (corrected[:3] < 0.98).all()
    assert all(stats.skew(apart, axis=None) > 0.5 for _, apart in worlds())
    mean = np.mean([same.mean() for same, _ in worlds()])
    assert abs(mean - (1 + 5 / 26)) < 0.02 < abs(mean - (1 + 5 / 34))


@claim(
    "4 bậc cần 2.78 lần, 9 bậc 2.26, 19 bậc 2.09, 49 bậc 2.01, 99 bậc 1.98",
    "$J = 10$ hiệu thì vạch là 2.26",
)
def test_factors_of_the_t_distribution():
    told = {4: 2.78, 9: 2.26, 19: 2.09, 49: 2.01, 99: 1.98}
    assert all(round(stats.t.ppf(0.975, df), 2) == factor for df, factor in told.items())
    assert lesson_05.THRESHOLD == told[99]


# --- Chọn -----------------------------------------------------------------------------------------------------------------


@claim(
    "Thường có nhiều $\\lambda$ cho CV gần ngang chỗ thấp nhất",
    "Trên dữ liệu này luật thường thua: cái nó mua là sự *đơn giản*, không phải sai số thấp",
)
def test_the_one_standard_error_rule():
    lambdas, pairs = 10.0 ** np.arange(-3, 2.25, 0.25), np.triu_indices(10)

    def fit_path(A, b):
        standardize = model_selection.standardizer(A)
        wide = lambda A: np.hstack([standardize(A), standardize(A)[:, pairs[0]] * standardize(A)[:, pairs[1]]])
        predict = models.ridge(lambdas)(wide(A), b)
        return lambda A: predict(wide(A))

    each = lambda y, many: [losses.mse(y, column) for column in many.T]
    paid, near = [], []
    for rng in draws(40):
        group, others = np.split(rng.permutation(442), [100])
        table = model_selection.cross_val_score(fit_path, X[group], Y[group], metric=each, n_splits=10, rng=rng).T
        mean = table.mean(axis=1)
        lowest = mean.argmin()
        chosen = len(lambdas) - 1 - model_selection.one_standard_error_rule(table[::-1])
        outside = each(Y[others], fit_path(X[group], Y[group])(X[others]))
        assert chosen >= lowest
        paid.append(outside[chosen] - outside[lowest])
        near.append(np.sum(mean < 1.05 * mean.min()))  # kém chỗ thấp nhất chưa đến 5%
    often(np.array(paid) > 0, at_least=0.6, at_most=0.95)
    assert 150 < np.mean(paid) < 700
    often(np.array(near) >= 3, at_least=0.9)


@claim(
    "Trên nhãn tung đồng xu, nó hứa sai chừng một phần ba",
    "Không phân biệt được với 0.5.",
    "Fold ngoài khác nhau thường chọn cột khác nhau",
)
def test_choosing_is_optimistic():
    def one_column(j):
        def fit(A, b):
            low, high = A[b == 0, j].mean(), A[b == 1, j].mean()
            return lambda A: ((A[:, j] - (low + high) / 2) * np.sign(high - low) > 0).astype(int)

        return fit

    wrong, learners = lambda y, y_hat: np.mean(y != y_hat), {str(j): one_column(j) for j in range(50)}
    told, nested, columns = [], [], []
    for rng in draws(20):
        noise, coins = rng.normal(size=(60, 50)), rng.permutation(np.repeat([0, 1], 30))
        told.append(
            min(model_selection.cross_val_score(f, noise, coins, metric=wrong).mean() for f in learners.values())
        )
        one = model_selection.nested_cross_val_score(learners, noise, coins, metric=wrong, rng=rng)
        nested.append(one.scores.mean())
        columns.append(len(set(one.chosen)))
    median_within(told, 0.3, 0.38)
    assert abs(np.mean(nested) - 0.5) < 2 * np.std(nested, ddof=1) / math.sqrt(20)
    often(np.array(columns) > 1, at_least=0.9)


# --- So hai mô hình -------------------------------------------------------------------------------------------------------


def ridge_and_neighbours(folds):
    """RMSE của ridge, 10 láng giềng, 20 láng giềng trên từng fold; chuẩn hóa theo phần để học."""
    found = []
    for train, test in folds:
        mean, std = X[train].mean(axis=0), X[train].std(axis=0)
        A, B, b = (X[train] - mean) / std, (X[test] - mean) / std, Y[train]
        w = np.linalg.solve(A.T @ A + 0.01 * len(A) * np.eye(10), A.T @ (b - b.mean()))
        near = np.argsort((A**2).sum(axis=1) - 2 * B @ A.T, axis=1)
        guesses = B @ w + b.mean(), b[near[:, :10]].mean(axis=1), b[near[:, :20]].mean(axis=1)
        found.append([np.sqrt(np.mean((Y[test] - guess) ** 2)) for guess in guesses])
    return np.transpose(found)


def ratio(first, second):
    d = second - first
    return d.mean() / (d.std(ddof=1) * math.sqrt(1 / len(d) + 1 / 9))


def test_the_fast_scores_are_those_of_the_lesson():
    def scaled(fit):
        def fit_scaled(A, b):
            standardize = model_selection.standardizer(A)
            predict = fit(standardize(A), b)
            return lambda A: predict(standardize(A))

        return fit_scaled

    folds = model_selection.k_fold(442, 10, rng=draws(1)[0])
    for fit, fast in zip((models.ridge(0.01), models.knn(10), models.knn(20)), ridge_and_neighbours(folds)):
        slow = model_selection.cross_val_score(scaled(fit), X, Y, folds=folds, metric=metrics.root_mean_squared_error)
        np.testing.assert_allclose(fast, slow, rtol=1e-9)


@claim(
    "Fold khó thì thường khó với cả hai, nên hai cột lên xuống cùng nhau, và phần chung ấy bị trừ mất",
    "Hai dao động ấy thường có phần chung: fold khó thì khó với cả hai",
    "con số ấy tùy cách chia: ai dừng ở một seed qua vạch thì công bố",
)
def test_ten_folds_once():
    tables = [ridge_and_neighbours(model_selection.k_fold(442, 10, rng=rng)) for rng in draws(40)]
    often([np.corrcoef(ridge, near)[0, 1] > 0.3 for ridge, near, _ in tables], at_least=0.95)
    apart = [math.sqrt(ridge.var(ddof=1) + near.var(ddof=1)) for ridge, near, _ in tables]
    below([(near - ridge).std(ddof=1) for ridge, near, _ in tables], apart, at_least=0.95)
    often([ratio(ridge, near) > 2.26 for ridge, near, _ in tables], at_least=0.08, at_most=0.6)


@claim(
    "Cả sáu lần đều qua 1.98: trên dữ liệu này, ridge có RMSE thấp hơn *10* láng giềng",
    "20 láng giềng, quanh 2, sát vạch",
    "nó làm tỷ số bớt nhảy (và lớn lên, vì $\\frac1J$ nhỏ đi)",
    "Xa vạch thì hai người cùng dữ liệu ra cùng kết luận; sát vạch thì vẫn không",
)
def test_ten_times_ten_folds():
    tables = [ridge_and_neighbours(model_selection.k_fold(442, 10, n_repeats=10, rng=rng)) for rng in draws(12)]
    below(1.98, [ratio(ridge, near) for ridge, near, _ in tables], at_least=0.99)
    twenty = [ratio(ridge, far) for ridge, _, far in tables]
    median_within(twenty, 1.8, 2.2)
    often(np.array(twenty) > 1.98, at_least=0.1, at_most=0.9)
    single = [[ratio(ridge[:10], other[:10]) for other in two] for ridge, *two in tables]
    tenfold = [[ratio(ridge, other) for other in two] for ridge, *two in tables]
    below(np.std(tenfold, axis=0), np.std(single, axis=0), at_least=1)
    below(np.mean(single, axis=0), np.mean(tenfold, axis=0), at_least=1)
