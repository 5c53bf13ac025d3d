"""Bài 02.1: mỗi câu so sánh chạy lại trên những người, những phân phối, những chỗ xuất phát mà bài không cho xem."""

import math

import numpy as np

from mlcourse import data, losses, models
from tests.claims import below, claims, draws, equal, median_within, often, rises

claim = claims("02_1")

# Câu so sánh mà không cần khẳng định: nói thế là đặt tên, là kể việc sẽ làm, hay ô bên cạnh in ra đúng điều ấy.
NOT_CLAIMED = {
    "đặt tên": [
        "cách tìm: bài 02.2",
        "Mỗi kiểu số của máy có một số lớn nhất",
    ],
    "việc sẽ làm": [
        "và viết một câu vì sao (ít nhất năm tiếng)",
    ],
    "ô bên cạnh in ra": [
        "Brier tưởng như đứng yên mấy trăm bước rồi mới bật lên, ở bước 426",
    ],
}
PATIENTS = data.load_diabetes()
BMI, Y = PATIENTS.X[:, 2], PATIENTS.y


# --- Hồi quy -----------------------------------------------------------------------------------------------------------


@claim("Tổng tăng theo số mẫu", "Lấy trung bình thì mất mát trên hai tập khác cỡ mới so được với nhau")
def test_a_sum_grows_with_the_number_of_cases():
    sums, means = [], []
    for rng in draws(20):
        e = 100 - Y[rng.permutation(442)]
        sums.append([np.sum(e[:n] ** 2) for n in (50, 100, 200, 400)])
        means.append(np.mean(e[:200] ** 2) / np.mean(e[:400] ** 2))
    rises(sums)
    median_within(np.array(sums)[:, 3] / np.array(sums)[:, 2], 1.8, 2.2)
    median_within(means, 0.95, 1.05)


@claim(
    "Vậy hạ MSE là tìm mô hình làm cho dữ liệu dễ xảy ra nhất, *nếu* nhiễu có phân phối chuẩn",
    "thì cũng phép tính ấy cho ra trung bình của $\\lvert e_i\\rvert$",
)
def test_likelihood_of_two_kinds_of_noise():
    for rng in draws(20):
        e, sigma = rng.normal(size=30) * 3, rng.uniform(0.5, 3)
        normal = -np.mean(np.log(np.exp(-(e**2) / (2 * sigma**2)) / (sigma * math.sqrt(2 * math.pi))))
        equal(normal, np.mean(e**2) / (2 * sigma**2) + math.log(sigma * math.sqrt(2 * math.pi)))
        equal(-np.mean(np.log(np.exp(-np.abs(e)) / 2)), np.mean(np.abs(e)) + math.log(2))


@claim("Số $\\frac12$ làm hai nhánh khớp nhau ở $\\lvert e_i\\rvert = \\delta$, cả giá trị lẫn đạo hàm")
def test_the_two_branches_of_huber_meet():
    for rng in draws(20):
        delta, zero = rng.uniform(0.1, 50), np.zeros(1)
        e = np.array([delta * (1 + 1e-9)])
        equal(losses.huber(zero, e, delta=delta), delta**2 / 2, tolerance=1e-5)
        equal(losses.huber_grad(zero, e, delta=delta), delta)


@claim(
    "hai bên hòa ở trung vị",
    "Số người chẵn thì *mọi* số giữa hai người đứng giữa đều tốt như nhau",
    "Với Huber, tùy $\\delta$: đủ nhỏ thì như MAE, đủ lớn thì như MSE",
    "Mức 200\n    có thành 2000 thì chỗ đứng giữa vẫn là 11",
)
def test_the_best_constant():
    for rng in draws(20):
        y = rng.lognormal(size=11)
        grid = np.append(rng.uniform(y.min(), y.max(), 2000), np.median(y))
        e = grid[:, None] - y
        assert grid[np.abs(e).mean(axis=1).argmin()] == np.median(y)
        middle = np.sort(y[:10])[4:6]
        between = rng.uniform(*middle, 50)
        flat = np.abs(between[:, None] - y[:10]).mean(axis=1)
        equal(flat, flat[0])
        below(flat[0], np.abs(grid[(grid < middle[0]) | (grid > middle[1])][:, None] - y[:10]).mean(axis=1), at_least=1)
        for delta, best in ((np.diff(np.sort(y)).min() / 3, np.median(y)), (10 * np.ptp(y), y.mean())):
            equal(np.clip(best - y, -delta, delta).sum(), 0)  # đạo hàm của Huber ở đó bằng 0
    equal(np.median([8, 9, 10, 11, 12, 13, 2000]), 11)


def mae_line(x, y):
    """Đường có MAE nhỏ nhất: thử mọi cặp điểm, như trong hình; (độ dốc, mức ở x = 0)."""
    i, j = np.triu_indices(len(x), 1)
    i, j = i[x[i] != x[j]], j[x[i] != x[j]]
    slope = (y[j] - y[i]) / (x[j] - x[i])
    level = y[i] - slope * x[i]
    best = np.abs(np.outer(slope, x) + level[:, None] - y).sum(axis=1).argmin()
    return slope[best], level[best]


@claim(
    "Với MSE, một người đủ xa kéo được cả đường thẳng, xa gấp đôi thì đường lệch gấp đôi",
    "Với MAE, kéo tiếp lên một người đã ở phía trên đường thì đường đứng yên",
    "Nhưng lá phiếu cho độ dốc được nhân với $x_i - \\bar x$: một BMI nhập nhầm thật xa thì đường MAE cũng đi theo",
)
def test_who_pulls_a_line():
    moved = []
    for rng in draws(20):
        rows = rng.choice(442, 25, replace=False)
        x, y, i = BMI[rows], Y[rows].copy(), int(rng.integers(25))
        squares = []
        for shift in (0, 500, 1000):
            squares.append(np.polyfit(x, y + shift * (np.arange(25) == i), 1))
        equal(squares[2] - squares[1], squares[1] - squares[0], tolerance=1e-6)
        y[i] = 700
        slope, level = mae_line(x, y)
        assert slope * x[i] + level < 700
        y[i] = 5000
        equal(mae_line(x, y), (slope, level), tolerance=1e-6)
        y[i], x_far = Y[rows[i]], np.where(np.arange(25) == i, 5000.0, x)
        far, base = mae_line(x_far, y)
        moved.append(abs(far * 5000 + base - y[i]))
    equal(moved, 0, tolerance=1e-6)  # đường MAE đi qua đúng điểm nhập nhầm


# --- Độ bất ngờ, entropy chéo -------------------------------------------------------------------------------------------


@claim(
    "Ta đòi hai điều: càng hiếm thì càng bất ngờ; hai biến cố độc lập thì xác suất nhân, bất ngờ cộng",
    "Chỉ có $-\\log\\hat p$ làm được cả hai",
    "mà không phải $1/\\hat p$ chẳng hạn",
)
def test_surprise():
    p, q = draws(1)[0].random((2, 1000))
    equal(-np.log(p * q), -np.log(p) - np.log(q))
    rises(-np.log(np.sort(p)[::-1]))
    often(np.abs(1 / (p * q) - 1 / p - 1 / q) > 1e-3, at_least=0.99)


@claim(
    "KL không âm vì $\\log x\\le x-1$",
    "bằng 0 chỉ khi $\\hat p = p$",
    "KL không phải khoảng cách: đổi chỗ $p$ và $\\hat p$ thì ra số khác",
    "Khi người chấm còn chia rẽ, entropy chéo không bao giờ xuống dưới $H(p)$",
)
def test_kl():
    kl, back = [], []
    for rng in draws(200):
        p, p_hat = rng.dirichlet(np.ones(4), 2)
        kl.append(losses.kl_divergence(p, p_hat))
        back.append(losses.kl_divergence(p_hat, p))
        equal(losses.kl_divergence(p, p), 0)
        equal(-np.sum(p * np.log(p_hat)), losses.entropy(p) + kl[-1])
    below(0, kl, at_least=1)
    often(np.abs(np.subtract(kl, back)) > 1e-3, at_least=0.95)
    x = np.geomspace(1e-6, 1e3, 1000)
    below(np.log(x), x - 1 + 1e-12, at_least=1)


@claim("Nói cùng một số cho mọi ca thì thấp nhất cũng bằng entropy của tỷ lệ lớp")
def test_one_number_for_all():
    for rng in draws(20):
        share, told = rng.uniform(0.02, 0.98), rng.uniform(0.001, 0.999, 500)
        bce = -(share * np.log(told) + (1 - share) * np.log(1 - told))
        below(losses.entropy([share, 1 - share]), bce + 1e-12, at_least=1)


# --- Mô hình nói xác suất -----------------------------------------------------------------------------------------------


@claim(
    "$x$ thêm 1 thì logit *cộng* thêm $w$, tỷ số cược *nhân* với $e^w$",
    "Hai lớp thì sigmoid chính là softmax của cặp $(z, 0)$",
    "Ta vẫn muốn tỷ số của hai xác suất là $e$ mũ hiệu hai logit",
)
def test_odds():
    for rng in draws(20):
        w, b, x = rng.normal(size=3)
        odds = [p / (1 - p) for p in (losses.sigmoid(w * x + b), losses.sigmoid(w * (x + 1) + b))]
        equal(odds[1] / odds[0], math.exp(w), tolerance=1e-6)
        equal(losses.softmax([w, 0.0])[0], losses.sigmoid(w))
        p = losses.softmax([w, b, x])
        equal(p[0] / p[1], math.exp(w - b), tolerance=1e-6)


@claim("nhân $w$ và $b$ với 2, mất mát lại giảm")
def test_separated_classes_have_no_lowest_point():
    for rng in draws(20):
        X, w = rng.normal(size=(30, 3)), rng.normal(size=3)
        y = (X @ w + 0.2 > 0).astype(int)
        params = [{"w": scale * w, "b": np.array([0.2 * scale])} for scale in (16, 8, 4, 2, 1)]
        rises([models.logistic(3).loss(one, X, y) for one in params])


@claim("Nhiệt độ thấp dồn xác suất về logit cao nhất, nhiệt độ cao san đều; thứ tự các lớp không đổi")
def test_temperature():
    for rng in draws(20):
        z = rng.normal(size=5)
        rises([losses.softmax(z, temperature=T).max() for T in (10, 5, 2, 1, 0.5, 0.2)])
        equal(losses.softmax(z, temperature=1e-3).max(), 1, tolerance=1e-2)
        equal(losses.softmax(z, temperature=1e4), 0.2, tolerance=1e-3)
        equal([np.argsort(losses.softmax(z, temperature=T)) for T in (5, 1, 0.5)], np.argsort(z))


@claim("Các xác suất cộng lại bằng 1, nên đó phải là **softmax**")
def test_only_softmax_has_these_ratios():
    for rng in draws(20):
        z = rng.normal(size=4)
        ratios = np.exp(z - z[0])  # mọi tỷ số so với lớp đầu
        equal(ratios / ratios.sum(), losses.softmax(z))


# --- Trên máy -----------------------------------------------------------------------------------------------------------


@claim(
    "Mọi số mũ không dương, nên không tràn",
    "nên tổng nằm giữa 1 và $K$: log của nó không gặp 0",
    "Ở 16 bit, logit 12 đã hỏng; ở 32 bit là 89",
)
def test_log_sum_exp():
    for rng in draws(20):
        z = rng.normal(size=6) * 10.0 ** rng.integers(0, 5)
        total = np.exp(z - z.max()).sum()
        assert 1 <= total <= 6
    with np.errstate(over="ignore"):
        for kind, last, first in ((np.float16, 11, 12), (np.float32, 88, 89), (np.float64, 709, 710)):
            assert np.isfinite(np.exp(kind(last))) and np.isinf(np.exp(kind(first)))


@claim("Khi mô hình *sai mà tự tin*, $\\hat p(1-\\hat p)$ gần 0", "đầu ra tuyến tính thì gradient là $2e_i$")
def test_the_factor_of_brier():
    h = 1e-6
    for rng in draws(20):
        z, y = rng.uniform(-8, 8), int(rng.integers(2))
        brier = lambda z, y=y: (losses.sigmoid(z) - y) ** 2
        p = losses.sigmoid(z)
        equal((brier(z + h) - brier(z - h)) / (2 * h), 2 * (p - y) * p * (1 - p), tolerance=1e-6)
        equal(((z + h - y) ** 2 - (z - h - y) ** 2) / (2 * h), 2 * (z - y), tolerance=1e-6)
    assert losses.sigmoid(-6) * (1 - losses.sigmoid(-6)) < 0.003


@claim(
    "Theo $z$, đạo hàm bậc hai của entropy chéo là $\\hat p(1-\\hat p) > 0$",
    "Sai càng nặng, entropy chéo kéo càng mạnh; Brier thì đến một lúc lại kéo yếu đi",
    "Brier nằm ngang ở cả hai đầu, nên không phải",
)
def test_bowl_or_not():
    z = np.linspace(-10, 10, 2001)
    p = losses.sigmoid(z)
    equal(np.gradient(p - 1, z)[1:-1], (p * (1 - p))[1:-1], tolerance=1e-4)
    rises(np.abs(p - 1)[::-1])  # y = 1: z càng âm càng sai
    brier = np.abs(2 * (p - 1) * p * (1 - p))
    top = brier.argmax()
    assert -0.8 < z[top] < -0.6
    rises(brier[: top + 1])
    assert np.diff((p - 1) ** 2, 2).min() < -1e-7  # có chỗ cong xuống: không phải lòng chảo


def steps(slope, z, size):
    count = 0
    while z <= 0:
        p = 1 / (1 + math.exp(-z))
        z, count = z - size * slope(p), count + 1
    return count


def of_cross_entropy(p):
    return p - 1


def of_brier(p):
    return 2 * (p - 1) * p * (1 - p)


@claim(
    "Gradient của Brier vốn nhỏ, nên phải thử cả bước lớn hơn",
    "Bước gấp 30 thì Brier cũng ra được",
    "Nhưng cứ sai thêm một đơn vị logit, entropy chéo chậm thêm 2 bước, còn Brier chậm gấp 2 đến 3 lần, với cả hai cỡ bước",
)
def test_a_worse_start():
    z = np.linspace(-12, 12, 1001)
    p = losses.sigmoid(z)
    below(np.abs(of_brier(p)), np.abs(of_cross_entropy(p)), at_least=1)
    more, ratio = [], {0.5: [], 15: []}
    for rng in draws(20):
        start = rng.uniform(-8, -5)
        more.append(steps(of_cross_entropy, start - 1, 0.5) - steps(of_cross_entropy, start, 0.5))
        for size, found in ratio.items():
            found.append(steps(of_brier, start - 1, size) / steps(of_brier, start, size))
        assert steps(of_brier, start, 15) < 300
    often(np.abs(np.subtract(more, 2)) <= 1, at_least=1)
    median_within(more, 2, 2)
    for found in ratio.values():
        often((np.array(found) >= 2) & (np.array(found) <= 3), at_least=0.95)


@claim(
    "Entropy chéo phạt sự tự tin sai chỗ",
    "Không còn vô cực, nhưng con số sai, và gradient gần như tắt ở ca sai nặng",
)
def test_a_tiny_number_hides_the_error():
    for rng in draws(20):
        z = rng.uniform(-300, -40)
        p = losses.sigmoid(z)
        assert -math.log(p + 1e-9) < 21 < -z
        assert p * (1 - p) / (p + 1e-9) < 1e-6
        right, wrong = rng.uniform(0.6, 0.99, 9), 10.0 ** -rng.uniform(12, 20)
        bold, timid = -np.log(np.append(right, wrong)).mean(), -np.log(rng.uniform(0.4, 0.5, 10)).mean()
        below(timid, bold, at_least=1)


# --- Những con số trong câu hỏi và bài tập ------------------------------------------------------------------------------


@claim(
    "mỗi ca đóng góp −log 0.3, tức chừng 1.2: tổng hơn 36",
    "Mỗi ca dương còn đóng góp −log 0.9, chừng 0.1: tổng chừng 3.2",
)
def test_numbers_of_the_opening_question():
    equal(-30 * np.log([0.3, 0.9]), [36.1, 3.2], tolerance=0.05)
    equal(-np.log([0.3, 0.9]), [1.2, 0.1], tolerance=0.01)


@claim(
    "Thử dịch từ 37.6 xuống 36.6: sáu người gần thêm 1, một người xa thêm 1. Tổng giảm 5",
    "Ở 104, dịch xuống 1 thì sáu người gần thêm 1, một người xa thêm 1",
    "Ở 11, ba người bên trái, ba người bên phải",
)
def test_numbers_of_the_salaries():
    total = lambda c: np.abs(np.array([8, 9, 10, 11, 12, 13, 200]) - c).sum()
    equal([total(37.6) - total(36.6), total(104) - total(103)], 5)
    below(total(11), [total(10), total(12)], at_least=1)


@claim("Con xúc xắc lệch có entropy nhỏ hơn con cân")
def test_a_loaded_die():
    for rng in draws(20):
        below(losses.entropy(rng.dirichlet(np.ones(6) * 3)), math.log(6), at_least=1)
