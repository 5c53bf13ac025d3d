"""Bài 06: mỗi câu so sánh chạy lại trên những lượt bốc mà bài không cho xem."""

import functools

import numpy as np

from mlcourse import bias_variance, data, losses, model_selection, models
from tests.claims import below, claims, draws, equal, median_within, often, rises

claim = claims("06")

# Câu so sánh mà không cần khẳng định: nói thế là đặt tên, hay là kể việc sẽ làm.
NOT_CLAIMED = {
    "đặt tên": [
        "Bài này chỉ nói về chữ thứ nhất, và số đi cặp với nó",
        "Bậc không phải núm duy nhất",
        "có tổng bình phương phần dư nhỏ nhất; rồi hỏi tiếp ở mỗi bên, ba tầng",
        "nên số thứ nhất là **Bias² và nhiễu, dính liền**",
        "40 mẫu, $d$ đặc trưng ReLU ngẫu nhiên, nghiệm ngắn nhất",
    ],
    "điều kiện của đề bài": ["phương sai tỷ lệ với $1/n$, hai số kia đứng yên"],
    "việc sẽ làm": ["mô hình tự do phải có Variance ít nhất gấp ba mô hình gò bó"],
}
SIGMA, GRID = 0.3, np.linspace(0.05, 0.95, 91)
TRUTH = data.sine(GRID[:, None])


def place(n, start=0.5):
    return (start + 0.618034 * np.arange(n)) % 1


def path(x, at=GRID, degree=12):
    """Trọng số h của mọi bậc: dạng ``(bậc, mẫu, điểm)``."""
    return models.polynomial_path(np.tile(x, (len(x), 1)), np.eye(len(x)), at, degree)


def knn_weights(x, k, at=GRID):
    order = np.abs(at[:, None] - x).argsort(axis=1, kind="stable")[:, :k]
    h = np.zeros((len(x), len(at)))
    np.put_along_axis(h, order.T, 1 / k, axis=0)
    return h


def ridge_weights(x, lam, at=GRID, degree=12):
    powers = lambda t: ((2 * t - x.min() - x.max()) / np.ptp(x))[:, None] ** np.arange(1, degree + 1)
    A, mean = powers(x), powers(x).mean(axis=0)
    A = A - mean
    inner = np.linalg.solve(A.T @ A + len(x) * lam * np.eye(degree), A.T)
    return ((powers(at) - mean) @ inner + 1 / len(x)).T


def terms(h, x, sigma=SIGMA):
    """Bias² và Variance, đúng, trung bình trên GRID."""
    return np.mean((data.sine(x[:, None]) @ h - TRUTH) ** 2), sigma**2 * np.mean(np.sum(h**2, axis=0))


def starts(count=20):
    return [rng.random() for rng in draws(count)]


# --- Chứng minh, và ba số hạng ------------------------------------------------------------------------------------------


@claim(
    "kỳ vọng của tích hai biến độc lập là tích hai kỳ vọng",
    "Số hạng chéo thứ hai bằng 0 đúng từng chữ số: đó là đại số",
    "Số hạng chéo thứ nhất chỉ cách 0 không quá vài sai số chuẩn của mô phỏng: đó là xác suất",
    "Dòng đầu và dòng cuối cũng chỉ gặp nhau trong vòng ấy",
    "kéo gì cũng đứng yên",
    "Hai con số ấy cộng lại đúng bằng trung bình của (f − f̂)²",
)
def test_the_two_cross_terms():
    x, far = place(20), []
    h = path(x)[1][:, [35]]
    for rng in draws(40):
        f_hat = ((data.sine(x[:, None]) + SIGMA * rng.normal(size=(4000, 20))) @ h)[:, 0]
        eps, f = SIGMA * rng.normal(size=4000), TRUTH[35]
        equal(np.mean(f_hat.mean() - f_hat), 0, tolerance=1e-12)
        cross = 2 * eps * (f - f_hat)
        gap = (f + eps - f_hat) ** 2 - ((f - f_hat.mean()) ** 2 + f_hat.var() + SIGMA**2)
        far.append([abs(part.mean()) / (part.std() / np.sqrt(4000)) for part in (cross, gap)])
        parts = bias_variance.decompose(f_hat[:, None], [f], noise_std=SIGMA)
        equal(parts.noise, SIGMA**2)
        equal(parts.bias_sq + parts.variance, np.mean((f - f_hat) ** 2))
    assert np.max(far) < 4 and np.min(far) > 0
    often(np.array(far) < 2, at_least=0.85)


@claim(
    "Bậc 12 hầu như không chệch, mà tổng gấp đôi bậc 3: từng đường văng đi xa",
    "Bậc 3 và bậc 5 gần như ngang nhau",
    "sai số trên điểm mới của bậc 3, kể cả nhiễu, chừng một nửa của bậc 12",
    "trung bình các đường bậc 12 gần như trùng với sự thật, còn trung bình các đường bậc 3 thì vẫn lệch một chút",
    "Theo bậc, phần xanh tụt hẳn ở bậc 3, phần cam dày dần",
)
def test_twelve_against_three():
    x = place(20)
    h = path(x)
    for rng in draws(20):  # 500 thế giới mỗi lượt
        said = (data.sine(x[:, None]) + SIGMA * rng.normal(size=(500, 20))) @ h[[3, 5, 12]]
        parts = bias_variance.decompose(said, TRUTH, noise_std=SIGMA).mean()
        three, five, twelve = parts.total
        assert 1.7 < twelve / three < 2.4 and abs(five / three - 1) < 0.08 and parts.bias_sq[2] < 0.001
        assert 0.003 < parts.bias_sq[0] < 0.006
        assert np.abs(said[2] - TRUTH).max() > 2 > np.abs(said[0] - TRUTH).max()
    for start in starts():  # nơi khác đặt các điểm x
        other = np.array([terms(h, place(20, start)) for h in path(place(20, start))])
        rises(other[:, 1])
        assert other[3, 0] < 0.1 * other[2, 0] and other[12].sum() > other[3].sum()


@claim("lẫn dao động của chính nó, nên Bias² tính được cao hơn thật chừng Variance$/R$")
def test_few_worlds_see_too_much_bias():
    for degree in (3, 9):
        x, found = place(20), []
        h = path(x)[degree]
        bias_sq, variance = terms(h, x)
        for rng in draws(20):
            said = (data.sine(x[:, None]) + SIGMA * rng.normal(size=(200, 5, 20))) @ h
            found.append(bias_variance.decompose(said, TRUTH).mean().bias_sq.mean() - bias_sq)
        equal(np.mean(found) / (variance / 5), 1, tolerance=0.1)


# --- Những cái núm --------------------------------------------------------------------------------------------------------


@claim(
    "nên $\\sum_jh_j^2=\\frac1k$ và phương sai đúng bằng $\\sigma^2/k$",
    "Mười lăm láng giềng trải gần hết một vòng sin: trung bình của họ lệch xa. Ba láng giềng thì ở gần, mà trung bình của "
    "ba số y thì dao động nhiều hơn",
    "*Bậc cố định*: số tham số không đổi, phương sai chừng tỷ lệ với $1/n$, còn Bias² gần như đứng yên",
    "Thêm bao nhiêu mẫu, đường thẳng vẫn sai chừng 0.16 cộng nhiễu",
    "phương sai đứng ở $\\sigma^2/k$, mà năm láng giềng gần lại, nên Bias² giảm",
    "Muốn cả hai cùng giảm thì $k$ phải tăng theo $n$, mà chậm hơn",
    "Hai tham số, mỗi tham số giờ được ước lượng từ gấp bốn số mẫu",
    "bậc cố định thì hạ phương sai; $k$ cố định thì hạ độ chệch",
)
def test_more_data_and_neighbours():
    for rng, start in zip(draws(20), starts()):
        for k in (1, 3, 5, 15):
            equal(terms(knn_weights(np.sort(rng.random(20)), k), place(20))[1], SIGMA**2 / k)
        few, many = (terms(knn_weights(place(20, start), k), place(20, start)) for k in (3, 15))
        assert few[0] < 0.1 * many[0] and few[1] > 4 * many[1]
        sizes = [place(n, start) for n in (20, 80, 320)]
        for degree in (1, 3, 5):
            bias_sq, variance = np.transpose([terms(path(x, degree=degree)[degree], x) for x in sizes])
            equal(variance[1:] / variance[:-1], 0.25, tolerance=0.1)
            if degree == 1:
                equal(bias_sq, 0.157, tolerance=0.012)
            else:
                equal(bias_sq, bias_sq[0], tolerance=0.0015)
        bias_sq, variance = np.transpose([terms(knn_weights(x, 5), x) for x in sizes])
        rises(-bias_sq)
        assert bias_sq[1] < 0.1 * bias_sq[0]
        equal(variance, SIGMA**2 / 5)
        bias_sq, variance = np.transpose([terms(knn_weights(x, round(len(x) ** 0.6 / 1.5)), x) for x in sizes])
        rises(-bias_sq)
        rises(-variance)


@claim(
    "Đường thẳng: phương sai lớn hơn lúc $x$ rải đều, vẫn chừng $1/n$",
    "Bậc 5 thì ít điểm, vắng điểm ở mép, là vọt lên, mỗi lượt một khác",
)
def test_places_drawn_at_random():
    for rng in draws(20):
        found = []
        for n in (20, 80, 320):
            x = rng.random((600, n))
            y = np.sin(2 * np.pi * x) + SIGMA * rng.normal(size=x.shape)
            by_degree = models.polynomial_path(x, y, GRID[::5], 5).var(axis=1).mean(axis=1)
            spread = terms(path(place(n), degree=5)[5], place(n))[1]
            assert by_degree[1] > 2 * terms(path(place(n), degree=1)[1], place(n))[1]
            assert n > 20 or by_degree[5] > 3 * spread
            found.append(by_degree[[1, 5]])
        line, fifth = np.transpose(found)
        equal(line[1:] / line[:-1], 0.25, tolerance=0.08)
        assert fifth[0] > 8 * fifth[1]  # không phải 4 lần


@claim(
    "đi từ đầu trái sang đầu phải là gò bó dần: phần cam xẹp, về cuối phần xanh dày lên",
    "Với $x$ rải đều, đứng yên: bậc, $\\lambda$, $k$ thường đổi số này lấy số kia",
    "Nơi thấp nhất là nơi phần thêm bắt đầu vượt phần bớt, không phải nơi hai số hạng bằng nhau",
    "Nhiễu lớn thì phần cam lớn, nên phải gò bó hơn",
)
def test_the_other_knobs():
    for start in starts():
        x = place(20, start)
        by_lambda = np.array([terms(ridge_weights(x, 10.0**power), x) for power in np.arange(-12, 0.1, 0.25)])
        rises(by_lambda[40:, 0])  # từ λ = 0.01; trước đó Bias² nhỏ hơn 0.05
        assert by_lambda[:40, 0].max() < 0.05 < by_lambda[-1, 0]
        rises(-by_lambda[:, 1])
        best = by_lambda.sum(axis=1).argmin()
        assert by_lambda[best, 0] < 0.5 * by_lambda[best, 1]
        by_k = np.array([terms(knn_weights(x, k), x) for k in range(1, 14)])
        assert by_k[-1, 0] > 10 * by_k[0, 0]
        rises(by_k[3:, 0])
        rises(-by_k[:, 1])
        by_degree = np.array([terms(h, x) for h in path(x)]) / [1, SIGMA**2]
        calm, loud = (np.argmin(by_degree @ [1, sigma**2]) for sigma in (0.1, 0.5))
        assert calm >= loud
        calm, loud = (np.argmin(by_lambda @ [1, sigma**2 / SIGMA**2]) for sigma in (0.1, 0.5))
        assert calm < loud


# --- Bagging ----------------------------------------------------------------------------------------------------------------

X30, SPOTS = place(30), GRID[::5]


def tree(x, y, depth=3):
    order = x.argsort()
    x, t = x[order], y[order]
    left, count = np.cumsum(t)[:-1], np.arange(1, len(t))
    gain = np.where(x[1:] > x[:-1], left**2 / count + (t.sum() - left) ** 2 / (len(t) - count), -1.0)
    if depth == 0 or len(t) == 1 or gain.max() < 0:
        return lambda at: np.full(len(at), y.mean())
    i = gain.argmax() + 1
    low, high = tree(x[:i], t[:i], depth - 1), tree(x[i:], t[i:], depth - 1)
    return lambda at: np.where(at < (x[i - 1] + x[i]) / 2, low(at), high(at))


@functools.cache
def bagged(n_draws=20, n_worlds=30, n_bags=20):
    """Mỗi mô hình: dự đoán học thẳng trên D ``(lượt, thế giới, điểm)``, và của từng túi ``(lượt, thế giới, túi, điểm)``."""
    y, bags = zip(
        *[
            (
                data.sine(X30[:, None]) + SIGMA * rng.normal(size=(n_worlds, 30)),
                rng.integers(30, size=(n_worlds, n_bags, 30)),
            )
            for rng in draws(n_draws)
        ]
    )
    y, bags = np.array(y), np.array(bags)
    in_bag = np.take_along_axis(y[:, :, None, :], bags, axis=3)
    flat = models.polynomial_path(X30[bags].reshape(-1, 30), in_bag.reshape(-1, 30), SPOTS, 9)
    whole = y @ path(X30, SPOTS, 9)[:, None]
    found = {f"bậc {k}": (whole[k], flat[k].reshape(*bags.shape[:3], -1)) for k in (1, 5, 9)}
    order = np.abs(SPOTS[:, None] - X30).argsort(axis=1)
    counts = np.zeros((*bags.shape[:3], 30))
    np.add.at(counts, (*np.indices(bags.shape)[:3], bags), 1)
    for k in (1, 3):  # mỗi điểm lặp lại trong túi là một láng giềng
        ranked = counts[..., order]
        used = np.minimum(np.cumsum(ranked, axis=-1), k)
        h = np.diff(used, axis=-1, prepend=0) / k
        found[f"{k} láng giềng"] = y @ knn_weights(X30, k, SPOTS), np.einsum("dwbsj,dwsj->dwbs", h, y[:, :, order])
    return found


@functools.cache
def bagged_trees(depth, n_draws=20, n_worlds=12, n_bags=8):
    found = []
    for rng in draws(n_draws):
        worlds = data.sine(X30[:, None]) + SIGMA * rng.normal(size=(n_worlds, 30))
        alone = [tree(X30, y, depth)(SPOTS) for y in worlds]
        bags = rng.integers(30, size=(n_worlds, n_bags, 30))
        found.append((alone, [[tree(X30[bag], y[bag], depth)(SPOTS) for bag in some] for y, some in zip(worlds, bags)]))
    return tuple(map(np.array, zip(*found)))


def variances(alone, guesses, how=np.mean):
    """Mỗi lượt: phương sai học thẳng, của một túi, của bagging."""
    return (
        alone.var(axis=1).mean(axis=1),
        guesses[:, :, 0].var(axis=1).mean(axis=1),
        how(guesses, axis=2).var(axis=1).mean(axis=1),
    )


@claim(
    "1 láng giềng và cây: phương sai còn chừng một nửa",
    "Đường thẳng không được gì rõ rệt: học trên một túi dao động hơn học trên $D$, lấy trung bình xong lại về gần chỗ cũ",
    "Một túi thì *tệ hơn* học thẳng trên $D$: mỗi túi một bộ điểm $x$ khác, và ít điểm khác nhau hơn $D$",
    "Túi vắng mẫu gần nhất thì hỏi mẫu kế, nên trung bình các túi nghe vài láng giềng; cây thì mỗi túi cắt ở một chỗ",
    "60 thế giới đo còn sai chừng 4% với 1 láng giềng, hơn 10% với đường thẳng: học trên $D$, công thức cho 0.0900 và 0.0058",
    "Bậc 9 *hỏng*, lần bốc khác là vài chục đến vài nghìn lần, thường chừng một, hai trăm, và hỏng ở mép: túi hay thiếu mấy điểm ngoài cùng, "
    "ở đó đường cong phải ngoại suy và văng đi; một túi văng là đủ hỏng trung bình",
    "Bagging có ích cho cây, và cho $k$ nhỏ vì nó kéo thêm láng giềng; bình phương tối thiểu ít tham số thì không được lợi",
    "có ích cho cây và $k$ nhỏ; làm hỏng bậc 9 ở mép; không có bảo đảm chung",
    "túi của 30 điểm chỉ có chừng 19 điểm khác nhau",
)
def test_whom_bagging_helps():
    ratios = {}
    for name, (alone, guesses) in bagged().items():
        plain, one, many = variances(alone, guesses)
        ratios[name] = many / plain
        below(plain.mean(), one.mean(), at_least=1)
    median_within(ratios["1 láng giềng"], 0.42, 0.58)
    median_within(ratios["3 láng giềng"], 0.65, 0.8)
    median_within(ratios["bậc 1"], 1.0, 1.3)
    median_within(ratios["bậc 5"], 1.1, 1.6)
    below(1.5, ratios["bậc 9"], at_least=1)
    median_within(ratios["bậc 9"], 20, 1e6)
    alone, guesses = bagged()["bậc 9"]
    below(
        variances(alone, guesses, np.median)[2], 2 * alone.var(axis=1).mean(axis=1), at_least=1
    )  # trung vị thì không hỏng
    mid = np.abs(SPOTS - 0.5) < 0.26
    median_within(
        variances(guesses=guesses[..., mid], alone=alone[..., mid])[2] / alone[..., mid].var(axis=1).mean(axis=1), 1, 2
    )
    for name, exact, low, high in [("1 láng giềng", 0.09, 0.025, 0.06), ("bậc 1", 0.0058, 0.08, 0.17)]:
        w = knn_weights(X30, 1, SPOTS) if name != "bậc 1" else path(X30, SPOTS, 1)[1]
        equal(SIGMA**2 * np.mean(np.sum(w**2, axis=0)), exact, tolerance=5e-5)
        worlds = np.array([rng.normal(scale=SIGMA, size=(60, 30)) for rng in draws(200)])
        assert low < np.std((worlds @ w).var(axis=1).mean(axis=1)) / exact < high
    near = bagged()["1 láng giềng"][1]
    assert np.mean(near == near[:, :, :1]) < 0.9  # túi khác thì có khi là mẫu khác
    for depth in (2, 3):
        plain, one, many = variances(*bagged_trees(depth))
        median_within(many / plain, 0.4, 0.65)
        below(plain.mean(), one.mean(), at_least=1)
    missed = [1 - len(np.unique(rng.integers(30, size=30))) / 30 for rng in draws(500)]
    equal(np.mean(missed), 0.365, tolerance=0.01)


@claim(
    "Thêm túi thì phương sai xuống nhanh rồi gặp sàn $\\rho v$",
    "Thêm túi chỉ xóa được phần $1-\\rho$",
    "Và $v$ là phương sai của mô hình học trên *một túi*, không phải của mô hình học thẳng trên $D$",
    "Thêm mô hình chỉ xóa được phần (1 − ρ): còn lại ρv, bao nhiêu mô hình cũng vậy",
)
def test_two_bags_tell_of_many():
    for name in ("1 láng giềng", "bậc 1"):
        guesses = bagged()[name][1]
        off = guesses - guesses.mean(axis=1, keepdims=True)
        v = np.mean(off[:, :, :2] ** 2)
        rho = np.mean(off[:, :, 0] * off[:, :, 1]) / v
        for n_bags in (2, 5, 10, 20):
            measured = np.mean(off[:, :, :n_bags].mean(axis=2) ** 2)
            equal(measured / (v * (rho + (1 - rho) / n_bags)), 1, tolerance=0.12)
        ten, twenty = (np.mean(off[:, :, :n_bags].mean(axis=2) ** 2) for n_bags in (10, 20))
        assert v - ten > 8 * (ten - twenty) > 0
    for rng in draws(20):
        v, rho = rng.uniform(0.5, 2), rng.random()
        cov = v * (rho + (1 - rho) * np.eye(40))
        equal(cov.mean(), v * (rho + (1 - rho) / 40))


# --- Ngoài bài toán sạch -------------------------------------------------------------------------------------------------


@claim(
    'Chệch và nhiễu cùng làm hai đường chập nhau; trong bảng này chỉ hàng "mạnh thêm" phân biệt được',
    "| hai đường cong học | chập nhau | còn cách xa | chập nhau |",
    "| mạnh thêm | sai số mới giảm | sai số mới tăng | gần như không đổi |",
    "| yếu bớt | không lợi | sai số mới giảm | không lợi |",
    "cả chệch lẫn nhiễu đều làm con số ấy cao",
)
def test_signs_without_a_simulator():
    found = []
    for rng in draws(20):
        row = []
        for degree, weaker, stronger, n in [(1, 0, 3, 200), (9, 3, 12, 20), (3, 1, 5, 400)]:
            x = place(n)
            y = data.sine(x[:, None]) + SIGMA * rng.normal(size=n)
            x_new = rng.uniform(0.05, 0.95, 4000)
            y_new = data.sine(x_new[:, None]) + SIGMA * rng.normal(size=4000)
            said = models.polynomial_path(x[None], y[None], np.concatenate([x, x_new]), 12)[:, 0]
            new = losses.mse(y_new, said[degree, n:])
            row.append(
                [losses.mse(y, said[degree, :n]) / new]
                + [losses.mse(y_new, said[other, n:]) / new for other in (weaker, stronger)]
            )
        found.append(row)
    (bias, variance, noise) = np.moveaxis(np.array(found), 1, 0)
    median_within(bias[:, 0], 0.85, 1.2)
    median_within(variance[:, 0], 0.2, 0.6)
    median_within(noise[:, 0], 0.9, 1.1)
    below(1.5, bias[:, 1], at_least=1)
    below(bias[:, 2], 0.6, at_least=1)
    below(variance[:, 1], 1, at_least=0.9)
    below(1, variance[:, 2], at_least=0.9)
    below(1.5, noise[:, 1], at_least=1)
    equal(noise[:, 2], 1, tolerance=0.08)


@claim(
    "Số thứ nhất đúng bằng MSE của *trung bình các túi*, tức của bagging",
    "Tổng là MSE của mô hình học trên *một túi*: với $k=10$ và ridge, nó cao hơn học thẳng trên $D$",
    "hai mẫu sát nhau thì hiệu của hai $y$ gần như chỉ là nhiễu",
)
def test_bootstrap_on_patients():
    patients, ratios, half = data.load_diabetes(), [], []
    for rng in draws(20):
        order = rng.permutation(442)
        learn, test = order[:200], order[200:]
        Z, y = model_selection.standardizer(patients.X[learn])(patients.X), patients.y
        row = []
        for fit in (models.knn(10), models.ridge(0.1)):
            bags = rng.integers(200, size=(8, 200))
            said = np.array([fit(Z[learn][bag], y[learn][bag])(Z[test]) for bag in bags])
            parts = bias_variance.decompose(said, y[test]).mean()
            equal(parts.bias_sq / np.mean((said.mean(axis=0) - y[test]) ** 2), 1)
            equal(parts.total / np.mean((said - y[test]) ** 2), 1)
            row.append(parts.total / np.mean((fit(Z[learn], y[learn])(Z[test]) - y[test]) ** 2))
        ratios.append(row)
        x = np.sort(place(300))
        half.append(np.mean(np.diff(data.sine(x[:, None]) + SIGMA * rng.normal(size=300)) ** 2) / 2)
    below(1, ratios, at_least=0.95)
    equal(np.mean(half), SIGMA**2, tolerance=0.01)


@claim(
    "với 1 láng giềng ít hơn phương sai thật, với bậc 3 lại nhiều hơn",
    "Trung bình các túi vẫn mang một phần nhiễu của $D$, và phần ấy rơi vào số thứ nhất: với cả hai mô hình, nó cao "
    "hơn Bias² cộng nhiễu thật",
    "và mỗi túi ít điểm khác nhau hơn $D$",
)
def test_what_the_bootstrap_sees():
    x, at = place(20), GRID[::9]
    order = np.abs(at[:, None] - x).argsort(axis=1)
    found = []
    for rng in draws(20):
        y, bags = data.sine(x[:, None]) + SIGMA * rng.normal(size=(30, 20)), rng.integers(20, size=(30, 20, 20))
        y_new = data.sine(at[:, None]) + SIGMA * rng.normal(size=(30, len(at)))
        counts = (bags[..., None] == np.arange(20)).any(axis=2)
        nearest = order[np.arange(len(at)), counts[:, :, order].argmax(axis=-1)]
        one = y[np.arange(30)[:, None, None], nearest]
        in_bag = np.take_along_axis(y[:, None], bags, axis=2)
        three = models.polynomial_path(x[bags].reshape(-1, 20), in_bag.reshape(-1, 20), at, 3)[3].reshape(30, 20, -1)
        for said in (one, three):
            found.append((np.mean((said.mean(axis=1) - y_new) ** 2), said.var(axis=1).mean()))
    one, three = np.array(found).reshape(-1, 2, 2).swapaxes(0, 1)
    below(0.11, one[:, 0], at_least=0.95)
    below(0.1, three[:, 0], at_least=0.8)
    below(one[:, 1], 0.085, at_least=1)
    below(0.018, three[:, 1], at_least=0.95)


@claim(
    "mất mát 0–1 *là* mất mát bình phương",
    "Không dòng nào cộng đúng",
    "$k=15$ dao động *nhiều* hơn mà sai *ít* hơn, vì khi đa số sai, nói khác đa số là dịp để đúng",
    "Domingos (2000) giữ được tổng bằng cách đổi dấu phương sai ở những chỗ ấy và nhân hệ số cho nhiễu",
    "Tỷ lệ sai là 1 − 0.4, không phải 1 + 0.4",
    "Mất mát 0–1 hai lớp cộng đúng với trung bình, không cộng đúng với đa số",
)
def test_zero_one_loss():
    for rng in draws(20):
        p, q = 0.5 + rng.random() / 2, rng.random()  # P(y = 1), và phần thế giới nói 1
        wrong = p * (1 - q) + (1 - p) * q
        equal((q - p) ** 2 + q * (1 - q) + p * (1 - p), wrong)
        biased, disagree, noise = int(q < 0.5), min(q, 1 - q), 1 - p
        assert abs(biased + disagree + noise - wrong) > 1e-6
        equal((2 * q - 1) * noise + biased + (-1 if biased else 1) * disagree, wrong)
    said = {15: [], 25: []}
    for rng in draws(20):  # bầu của k láng giềng, 200 thế giới một lượt
        for k in said:
            x, u = rng.random((200, 40)), rng.random((200, 40))
            y = u < np.where(np.abs(x - 0.5) < 0.06, 0.9, 0.1)
            near = np.take_along_axis(y, np.abs(x - 0.5).argsort(axis=1)[:, :k], axis=1)
            said[k].append((near.mean(axis=1) > 0.5).mean())
    fifteen, twenty_five = np.array(said[15]), np.array(said[25])
    below(np.maximum(fifteen, twenty_five), 0.5, at_least=1)
    below(twenty_five, fifteen, at_least=1)  # đa số nói 0: q là phần nói khác, và sai là 0.9 − 0.8 q


@functools.cache
def double_descent():
    """``(lượt, [Bias², Variance, sai số], d)``: trung vị của 6 cặp thế giới, mỗi lượt một hướng; cột cuối: đoán trung bình."""
    counts, found = [2, 5, 10, 20, 30, 39, 50, 80, 200, 400], []
    for rng in draws(20):
        direction, X_new = rng.normal(size=10) / np.sqrt(10), rng.normal(size=(100, 10))
        off = []
        for _ in range(12):
            X, W = rng.normal(size=(40, 10)), rng.normal(size=(10, 400))
            y = np.sin(X @ direction) + SIGMA * rng.normal(size=40)
            H, H_new = np.maximum(X @ W, 0), np.maximum(X_new @ W, 0)
            center = H.mean(axis=0)
            said = [
                y.mean() + (H_new[:, :d] - center[:d]) @ np.linalg.pinv(H[:, :d] - center[:d]) @ (y - y.mean())
                for d in counts
            ]
            off.append(np.array([*said, np.full(100, y.mean())]) - np.sin(X_new @ direction))
        a, b = np.array(off[::2]), np.array(off[1::2])
        product, half = (a * b).mean(axis=2), ((a - b) ** 2).mean(axis=2) / 2
        equal(product + half, ((a**2 + b**2) / 2).mean(axis=2))
        found.append(
            [*(np.median(part, axis=0) for part in (product, half, product + half + SIGMA**2)), half.mean(axis=0)]
            + [np.median((np.array(off) ** 2).mean(axis=2), axis=0) + SIGMA**2]
        )
    return counts, np.array(found)


@claim(
    "trung bình của hai sai số bình phương bằng đúng *tích hai sai số* (trung bình của nó là Bias²) cộng *nửa bình phương của "
    "hiệu* (trung bình là Variance)",
    "Bên trái đỉnh là chuyện cũ: Bias² xuống, Variance lên, tổng có hình chữ U nông",
    "Đỉnh là của phương sai",
    "Qua đỉnh, Variance *xuống* trong khi Bias² gần như đi ngang: nhiều đặc trưng hơn mà ít dao động hơn",
    "Ở từng cặp thế giới, phép *cộng* luôn đúng",
    "mỗi số là trung bình của hai thế giới, nên đỉnh cao hơn ở bài 03.2",
    "đuôi nặng đến mức thêm bao nhiêu cặp trung bình cũng không đứng lại: chỉ trung vị còn nghĩa",
    "ba đường vẽ ba trung vị, nên không khớp từng chữ số",
    "400 đặc trưng ít dao động hơn 39",
)
def test_double_descent_in_two_terms():
    counts, found = double_descent()
    at = {d: i for i, d in enumerate(counts)}
    bias_sq, variance, error = np.median(found[:, :3], axis=0)
    assert error[at[39]] > 1.2 * np.median(found[:, 4, at[39]])  # hai thế giới trung bình lại, và từng thế giới
    assert np.mean(found[:, 3, at[39]]) > 3 * variance[at[39]] and np.std(found[:, 0, at[39]]) > bias_sq[at[2]]
    rises(-bias_sq[[at[d] for d in (2, 5, 10, 20)]])
    rises(variance[[at[d] for d in (2, 5, 10, 20, 30, 39)]])
    rises(-variance[[at[d] for d in (39, 50, 80, 200, 400)]])
    assert error[at[10]] < error[at[2]] and error[at[10]] < error[at[30]] and error[at[10]] < error[-1]
    assert error[at[400]] < error[-1] and error[at[400]] < error[at[80]]
    assert variance[at[39]] > 10 * bias_sq[at[2]] and abs(bias_sq[at[50]] - bias_sq[at[400]]) < 0.05
    below(found[:, 1, at[400]], found[:, 1, at[39]], at_least=1)
    below(found[:, 2, at[10]], found[:, 2, -1], at_least=0.8)
    below(found[:, 2, at[400]], found[:, 2, -1], at_least=0.85)
