"""Bài 02.1: mỗi câu so sánh chạy lại trên những người, những phân phối, những chỗ xuất phát mà bài không cho xem."""

import math

import numpy as np

from mlcourse import data, losses, models
from tests.claims import below, claims, draws, equal, median_within, often, rises

claim = claims("02_1")

# Câu so sánh mà không cần khẳng định: nói thế là đặt tên, là kể việc sẽ làm, hay ô bên cạnh in ra đúng điều ấy.
NOT_CLAIMED = {
    "đặt tên": [
        "Hình vuông là người bị kéo, người có BMI cao nhất",
        "Máy tìm $w$, $b$ cho BCE nhỏ nhất (bài 02.2)",
        "nhiệt độ** (*temperature*) $T$, bình thường bằng 1",
        "Mỗi kiểu số của máy có một số lớn nhất",
    ],
    "việc sẽ làm": [
        "và viết một câu vì sao (ít nhất năm chữ)",
    ],
}
PATIENTS = data.load_diabetes()
BMI, Y = PATIENTS.X[:, 2], PATIENTS.y


# --- Hồi quy -----------------------------------------------------------------------------------------------------------


@claim("nên hai tập khác cỡ vẫn so được với nhau")
def test_the_mean_does_not_grow_with_the_number_of_cases():
    squares = [(Y[rng.permutation(442)] - 100) ** 2 for rng in draws(400)]
    few, many = np.array([[one[:50].mean(), one[50:300].mean()] for one in squares]).T  # hai tập rời nhau
    median_within(few / many, 0.93, 1.07)
    equal(few.mean() / many.mean(), 1, tolerance=0.03)
    median_within([one[:300].sum() / one[:50].sum() for one in squares], 5, 7)  # tổng thì không so được


@claim(
    "Vậy hạ MSE là tìm mô hình có độ hợp lý lớn nhất, *nếu* nhiễu có phân phối chuẩn",
    "Nhiễu hay có giá trị xa hơn (*đuôi dày*)",
    "thì cũng phép tính ấy cho ra trung bình của $\\lvert e_i\\rvert$, cộng một hằng số",
)
def test_likelihood_of_two_kinds_of_noise():
    for rng in draws(20):
        e, sigma = rng.normal(size=30) * 3, rng.uniform(0.5, 3)
        normal = -np.mean(np.log(np.exp(-(e**2) / (2 * sigma**2)) / (sigma * math.sqrt(2 * math.pi))))
        equal(normal, np.mean(e**2) / (2 * sigma**2) + math.log(sigma * math.sqrt(2 * math.pi)))
        equal(-np.mean(np.log(np.exp(-np.abs(e)) / 2)), np.mean(np.abs(e)) + math.log(2))
        laplace, normal = rng.laplace(size=20_000) / math.sqrt(2), rng.normal(size=20_000)  # cùng phương sai 1
        below((np.abs(normal) > 3).mean(), (np.abs(laplace) > 3).mean(), at_least=1)


@claim("Hai số $\\frac12$ làm hai nhánh khớp nhau ở $\\lvert e_i\\rvert = \\delta$, cả giá trị lẫn đạo hàm")
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
        few, narrow = y[:10], np.diff(np.sort(y[:10])).min() / 3
        best = (middle[0] + narrow, middle[1] - narrow)  # số người chẵn: Huber cũng nằm ngang ở giữa
        equal([np.clip(c - few, -narrow, narrow).sum() for c in best], 0)
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
    "Với MSE, dời một người khỏi mức thật xa gấp đôi thì độ dốc lệch gấp đôi",
    "Với MAE, kéo tiếp lên một người đã ở phía trên đường thì đường đứng yên",
    "Nhưng đạo hàm theo $w$ nhân dấu của $e_i$ với $x_i - \\bar x$: một BMI ghi nhầm thành gấp mười thì đường MAE cũng đi theo",
)
def test_who_pulls_a_line():
    moved = []
    for rng in draws(20):
        rows = rng.choice(442, 25, replace=False)
        x, y, i = BMI[rows], Y[rows].copy(), int(rng.integers(25))
        squares = []
        for shift in (0, 500, 1000):
            squares.append(np.polyfit(x, y + shift * (np.arange(25) == i), 1))
        equal(squares[2] - squares[0], 2 * (squares[1] - squares[0]), tolerance=1e-6)
        assert abs(squares[1][0] - squares[0][0]) > 1e-3
        y[i] = 700
        slope, level = mae_line(x, y)
        assert slope * x[i] + level < 700
        y[i] = 5000
        equal(mae_line(x, y), (slope, level), tolerance=1e-6)
        y[i], x_far = Y[rows[i]], np.where(np.arange(25) == i, 10 * x, x)
        far, base = mae_line(x_far, y)
        moved.append(abs(far * 10 * x[i] + base - y[i]))
        w, level, h = rng.normal() * 10, Y.mean(), 1e-7
        mae = lambda w, x=x, y=y, level=level: np.abs(y - w * (x - x.mean()) - level).mean()
        slope = -np.mean(np.sign(y - w * (x - x.mean()) - level) * (x - x.mean()))
        equal((mae(w + h) - mae(w - h)) / (2 * h), slope, tolerance=1e-4)
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
    for falls in (
        lambda p: 1 / p,
        lambda p: 1 - p,
        lambda p: 1 - p - np.log(p),
        lambda p: p**-0.5 - 1,
        lambda p: np.log(p) ** 2,
    ):
        rises(falls(np.sort(p)[::-1]))  # càng hiếm càng lớn, mà không cộng được; với mọi hàm thì là định lý
        often(np.abs(falls(p * q) - falls(p) - falls(q)) > 1e-3, at_least=0.95)


@claim(
    "KL không âm vì $\\log x\\le x-1$",
    "bằng 0 chỉ khi $\\hat p = p$",
    "KL không phải khoảng cách: đổi chỗ $p$ và $\\hat p$ thì thường ra số khác",
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


@claim(
    "chính là BCE: hạ BCE là tìm độ hợp lý lớn nhất",
    "Đóng góp 0 dù mô hình nói gì, nên luôn nói 1 không mất gì",
)
def test_bce_is_minus_the_mean_log_likelihood():
    for rng in draws(20):
        z, y = rng.normal(size=12), rng.integers(0, 2, 12)
        p_hat = losses.sigmoid(z)
        likelihood = np.prod(p_hat**y * (1 - p_hat) ** (1 - y))
        equal(losses.binary_cross_entropy(y, z), -math.log(likelihood) / 12)
        equal(np.sum(y * np.log(np.where(y == 0, p_hat, 1.0))), 0)  # chỉ ca y = 1 góp, và nói 1 thì góp 0


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
    "nên tổng nằm giữa 1 và $K$: không gặp log 0",
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


@claim("Khi mô hình *sai mà tự tin*, $\\hat p(1-\\hat p)$ gần 0", "đầu ra tuyến tính thì gradient là $-2e_i$")
def test_the_factor_of_brier():
    h = 1e-6
    for rng in draws(20):
        z, y = rng.uniform(-8, 8), int(rng.integers(2))
        brier = lambda z, y=y: (losses.sigmoid(z) - y) ** 2
        p = losses.sigmoid(z)
        equal((brier(z + h) - brier(z - h)) / (2 * h), 2 * (p - y) * p * (1 - p), tolerance=1e-6)
        equal(((z + h - y) ** 2 - (z - h - y) ** 2) / (2 * h), -2 * (y - z), tolerance=1e-6)
    for rng in draws(20):
        y, z = int(rng.integers(2)), rng.uniform(6, 12)
        p = losses.sigmoid(z if y == 0 else -z)  # sai mà tự tin, ở cả hai phía
        assert abs(p - y) > 0.99 and p * (1 - p) < 0.003


@claim(
    "Theo $z$, đạo hàm bậc hai của entropy chéo là $\\hat p(1-\\hat p) > 0$",
    "Sai càng nặng, entropy chéo kéo càng mạnh, gần đến 1 thì gần như giữ nguyên; Brier thì đến một lúc lại kéo yếu đi",
    "Brier nằm ngang ở cả hai đầu, nên không phải",
)
def test_bowl_or_not():
    z = np.linspace(-10, 10, 2001)
    p = losses.sigmoid(z)
    equal(np.gradient(p - 1, z)[1:-1], (p * (1 - p))[1:-1], tolerance=1e-4)
    rises(np.abs(p - 1)[::-1])  # y = 1: z càng âm càng sai
    assert 0.95 < np.abs(p - 1)[z <= -3].min() and np.abs(p - 1).max() < 1
    brier = np.abs(2 * (p - 1) * p * (1 - p))
    top = brier.argmax()
    assert -0.8 < z[top] < -0.6
    rises(brier[: top + 1])
    assert np.diff((p - 1) ** 2, 2).min() < -1e-7  # có chỗ cong xuống: không phải lồi
    assert brier[[0, -1]].max() < 1e-3  # nằm ngang ở cả hai đầu


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
    "Bước gấp 30 thì Brier nhanh hơn nhiều, mà entropy chéo với bước ấy chỉ cần 1",
    "Bước lớn nữa thì Brier cũng ra ngay",
    "mà bước 500 ném một mẫu ở $z = -0.7$ đến tận 147",
    "Từ $z\\le -5$, sai thêm một đơn vị logit thì entropy chéo, bước 0.5, chậm thêm 2 bước; Brier chậm gấp 2 đến 3 lần, với cả hai cỡ bước ở đây",
)
def test_a_worse_start():
    z = np.linspace(-12, 12, 1001)
    p = losses.sigmoid(z)
    below(np.abs(of_brier(p)), np.abs(of_cross_entropy(p)), at_least=1)
    equal([steps(of_brier, -5, 15), steps(of_cross_entropy, -5, 0.5)], [7, 12])
    more, ratio = [], {0.5: [], 15: []}
    for rng in draws(20):
        start = rng.uniform(-9, -5)
        more.append(steps(of_cross_entropy, start - 1, 0.5) - steps(of_cross_entropy, start, 0.5))
        for size, found in ratio.items():
            found.append(steps(of_brier, start - 1, size) / steps(of_brier, start, size))
        assert 1 == steps(of_cross_entropy, start, 15) < steps(of_brier, start, 15) < 300
        assert steps(of_brier, start, 15) * 20 < steps(of_brier, start, 0.5) and steps(of_brier, start, 1e6) <= 2
    equal(-0.7 - 500 * of_brier(losses.sigmoid(-0.7)), 147, tolerance=0.5)
    often(np.abs(np.subtract(more, 2)) <= 1, at_least=1)
    median_within(more, 2, 2)
    for found in ratio.values():
        often((np.array(found) >= 2) & (np.array(found) <= 3), at_least=0.95)


@claim(
    "Entropy chéo phạt sự tự tin sai chỗ",
)
def test_bold_and_wrong():
    for rng in draws(20):
        right, wrong = rng.uniform(0.6, 0.99, 9), 10.0 ** -rng.uniform(12, 20)
        bold, timid = -np.log(np.append(right, wrong)).mean(), -np.log(rng.uniform(0.4, 0.5, 10)).mean()
        below(timid, bold, at_least=1)


# --- Những con số trong câu hỏi và bài tập ------------------------------------------------------------------------------


@claim("Có mô hình làm được ít hơn", "Tổng bằng 0, không ai thấp hơn được", "Tốt, mà vẫn chưa phải nhỏ nhất")
def test_the_model_that_wins_the_opening_question():
    for rng in draws(20):
        y = rng.permutation(np.repeat([1, 0], [30, 70]))
        total = lambda told, y=y: -np.sum(y * np.log(told))
        equal(total(np.ones(100)), 0)
        assert 0 < total(np.where(y == 1, 0.9, 0.1)) < total(np.full(100, 0.3))
        below(0, [total(rng.uniform(0.01, 0.999, 100)) for _ in range(20)], at_least=1)


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


@claim("Tin sai thì perplexity có thể vượt cả số lớp", "mất mát bằng của người nói đều giữa 10 lựa chọn")
def test_perplexity_can_pass_the_number_of_classes():
    equal(math.exp(-math.log(1 / 10)), 10)
    for rng in draws(20):
        p_hat = losses.softmax(rng.permutation(10.0 * np.arange(10)))  # tin chắc một lớp, mà sự thật là lớp khác
        below(10, 1 / np.delete(p_hat, p_hat.argmax()), at_least=1)


@claim("Tám khả năng ngang nhau: $\\log_2 8 = 3$ bit, đúng ba câu hỏi có hay không")
def test_three_questions():
    equal(losses.entropy(np.ones(8) / 8) / math.log(2), 3)
    assert len({(n > 4, (n - 1) % 4 > 1, n % 2) for n in range(1, 9)}) == 8  # ba câu trả lời phân biệt được tám số


@claim("Độ dốc theo z chỉ\n    chừng 0.0002")
def test_the_slope_of_a_confident_mistake():
    equal(abs(of_brier(1e-4)), 0.0002, tolerance=1e-6)


@claim("Để *chấm* xác suất thì Brier vẫn tốt")
def test_brier_is_lowest_at_the_true_probability():
    told = np.linspace(0.001, 0.999, 999)
    for rng in draws(20):
        p = rng.uniform(0.02, 0.98)
        for price in (p * (told - 1) ** 2 + (1 - p) * told**2, -p * np.log(told) - (1 - p) * np.log(1 - told)):
            assert abs(told[price.argmin()] - p) < 1e-3


@claim("mọi logit rất âm thì $0/0$ cũng *nan*", "vì mẫu số là $\\infty$ hay vì quá nhỏ, thì $-\\log 0$ là *inf*")
def test_how_a_plain_softmax_breaks():
    for rng in draws(20):
        z, plain = rng.uniform(0, 5, 4), lambda z: np.exp(z) / np.exp(z).sum()
        with np.errstate(all="ignore"):
            assert np.isnan(plain(z - 1000)).all()
            assert np.isnan(plain(z + 1000)).all()
            assert plain(np.append(z, 1000))[0] == 0  # mẫu số vô cực
        assert losses.softmax(np.append(z, 1000))[0] == 0  # quá nhỏ, dù đã ổn định
