"""Bài 01: mỗi câu so sánh chạy lại trên những lượt bốc mà bài không cho xem."""

import functools

import numpy as np

from mlcourse import data, losses, models
from tests.claims import below, claims, draws, equal, median_within, often, rises

claim = claims("01")

# Câu so sánh mà không cần khẳng định: nói thế là đặt tên, hay là kể việc sẽ làm.
NOT_CLAIMED = {
    "đặt tên": [
        "chỉ có $\\theta$ thay đổi: mất mát là một *hàm của tham số*",
        "Học là tìm $\\theta^*$ làm hàm ấy thấp nhất",
        "số trên vòng là mất mát cao hơn đáy bao nhiêu",
        "các biến khác đứng yên: **đạo hàm riêng**",
        "$\\arg\\min$ là *tập* các điểm thấp nhất",
        "đoán bằng trung bình của $k$ người có BMI gần nhất",
    ],
    "việc sẽ làm": [
        "mất mát phải nhỏ hơn của việc đoán bằng trung bình ít nhất 5%",
        "ít vận động vừa làm BMI tăng vừa làm bệnh tiến triển",
    ],
}
PATIENTS = data.load_diabetes()
BMI, Y = PATIENTS.X[:, 2], PATIENTS.y


def mean_square(e):
    return np.mean(e**2, axis=-1)


def loss_of_a_line(x, y, w, b):
    return mean_square(y - w * x - b)


def line(x, y):
    """``w, b`` của đường thẳng tốt nhất; mỗi hàng của ``x`` và ``y`` là một lượt."""
    dx = x - x.mean(axis=-1, keepdims=True)
    w = (dx * y).sum(axis=-1) / (dx**2).sum(axis=-1)
    return w, y.mean(axis=-1) - w * x.mean(axis=-1)


def halves(count=40):
    """Những cách khác chia 442 người làm đôi: ``rng, nửa để học, nửa bị giấu``."""
    for rng in draws(count):
        order = rng.permutation(442)
        yield rng, order[:221], order[221:]


# --- Một hàm, một con số ------------------------------------------------------------------------------------------------


@claim("BMI cao thì mức tiến triển thường cao; nhưng 15 người có BMI gần 25 có mức từ 53 đến 292")
def test_higher_bmi_usually_goes_with_higher_progression():
    for _, rows, _ in halves(20):
        higher = np.array([[Y[i] > Y[j] for i in rows if BMI[i] > BMI[j] + 2] for j in rows[:60]], dtype=object)
        often(np.concatenate(higher).astype(bool), at_least=0.6)
    near = Y[np.abs(BMI - 25) < 0.3]
    equal([len(near), near.min(), near.max()], [15, 53, 292])


@claim(
    "Mỗi vòng cao thêm 1000, mà vòng càng xa đáy càng sát nhau: gần đáy, xê dịch một chút thì mất mát gần như không đổi"
)
def test_rings_get_closer_away_from_the_bottom():
    for rng in draws(20):
        x = rng.normal(rng.uniform(-5, 5), rng.uniform(1, 6), 40)
        angle = rng.uniform(0, 2 * np.pi)
        along = np.cos(angle) * x + 10 * np.sin(angle)  # đi từ đáy theo một hướng bất kỳ
        reach = np.sqrt(1000 * np.arange(7) / mean_square(along))
        rises(-np.diff(reach))
        equal(mean_square(reach[:, None] * along), 1000 * np.arange(7), tolerance=1e-6)


# --- Tìm đáy --------------------------------------------------------------------------------------------------------------


@claim(
    "Giữ yên $w$ thì tương tự: đạo hàm của $e_i$ theo $b$ là $-1$",
    "Phần thêm vào không bao giờ âm: đi đâu cũng chỉ lên",
    "có hai người khác BMI thì $\\Delta w = \\Delta b = 0$",
)
def test_the_gradient_and_the_bowl():
    for rng in draws(20):
        x, y = rng.normal(3, 2, (2, 30))
        loss = functools.partial(loss_of_a_line, x, y)
        w, b = rng.normal(0, 5, 2)
        e = y - w * x - b
        step = 1e-5
        measured = [loss(w + step, b) - loss(w - step, b), loss(w, b + step) - loss(w, b - step)]
        equal(np.divide(measured, 2 * step), [-2 * np.mean(e * x), -2 * np.mean(e)], tolerance=1e-4)
        best = line(x, y)
        at_best = y - best[0] * x - best[1]
        equal([np.mean(at_best), np.mean(at_best * x)], 0)
        for dw, db in rng.normal(0, 3, (50, 2)):
            more = mean_square(dw * x + db)
            assert more > 0
            equal(loss(best[0] + dw, best[1] + db), loss(*best) + more, tolerance=1e-8)
        assert np.linalg.matrix_rank(np.stack([np.r_[1.0, 1, 4], np.ones(3)])) == 2  # hai người khác BMI là đủ


@claim(
    "Đi dọc đáy máng, $w_1$ thêm bao nhiêu thì $w_2$ bớt bấy nhiêu, mất mát đứng yên",
    "thêm vào w₁ và bớt ở w₂ cùng một lượng thì dự đoán của ai cũng giữ nguyên",
    "ít nhất bộ ấy đạt mất mát thấp nhất",
)
def test_two_equal_columns_have_a_trough():
    for rng in draws(20):
        x, y = rng.normal(size=(2, 30))
        w, b = line(x, y)
        shift = rng.normal(0, 10, (50, 1))
        equal(mean_square(y - (w + shift) * x + shift * x - b), mean_square(y - w * x - b), tolerance=1e-9)
        free = np.linalg.lstsq(np.stack([x, x, np.ones(30)], axis=1), y, rcond=None)[0]
        equal(mean_square(y - (free[0] + free[1]) * x - free[2]), mean_square(y - w * x - b))


# --- Người đã học và người mới ----------------------------------------------------------------------------------------------


@functools.cache
def simulated(n, count=2000):
    """``mất mát trên điểm đã học, R``, trung bình trên mỗi nguồn ngẫu nhiên."""
    found = []
    for rng in draws(20):
        x = rng.uniform(-1, 1, (count * 10 // max(n, 10), n))
        y = 3 + 2 * x + rng.normal(size=x.shape)
        w, b = line(x, y)
        risk = 1 + (b - 3) ** 2 + (w - 2) ** 2 / 3
        found.append([mean_square(y - w[:, None] * x - b[:, None]).mean(), risk.mean()])
    return np.array(found)


@claim(
    "Tính trung bình, trên điểm đã học thì lạc quan, đúng bằng $(n-2)/n$; trên điểm mới thì quá 1",
    "Dữ liệu càng nhiều, hai con số càng gần nhau, và cùng về 1",
    "Vậy đáy thấp hơn sự thật, tính trung bình, $\\frac2n$: mỗi núm ăn mất một phần $n$ của nhiễu",
    "Một đường thẳng học từ n điểm, tính trung bình, vẫn có mất mát trên điểm mới cao hơn trên điểm đã học",
)
def test_training_loss_is_optimistic_by_two_knobs():
    sizes = [5, 10, 100, 400]
    seen, risk = np.array([simulated(n).mean(axis=0) for n in sizes]).T
    equal(seen, 1 - 2 / np.array(sizes), tolerance=0.012)
    assert (risk > 1).all() and abs(risk[0] - 1.749) < 0.06
    rises(-(risk - seen))
    for n in sizes[:3]:
        below(simulated(n)[:, 0], 1)
        below(simulated(n)[:, 0], simulated(n)[:, 1])
    for n in sizes:  # một núm thì mất một phần n
        equal(np.mean([rng.normal(size=(4000, n)).var(axis=1).mean() for rng in draws(4)]), 1 - 1 / n, tolerance=0.02)


@claim(
    "Vì $\\mathbb E[x] = 0$ và $\\mathbb E[x^2] = \\frac13$, các tích chéo mất đi: $R = 1 + (b-3)^2 + \\frac13(w-2)^2$"
)
def test_the_expected_risk_of_a_line():
    for rng in draws(20):
        w, b = rng.normal(2, 1, 2)
        x = rng.uniform(-1, 1, 100_000)
        y = 3 + 2 * x + rng.normal(size=x.shape)
        risk = 1 + (b - 3) ** 2 + (w - 2) ** 2 / 3
        equal(mean_square(y - w * x - b) / risk, 1, tolerance=0.025)


@claim(
    "Ngay với 5 người, đường thẳng đã thắng ở phần lớn các lần bốc",
    "Nhưng lần tệ nhất của nó tệ hơn hẳn: năm người có BMI sát nhau thì độ dốc gần như bốc bừa",
)
def test_a_line_from_five_people_against_their_own_mean():
    shares, medians, worst, close = [], [], [], []
    for rng, learn, hidden in halves():
        some = np.array([rng.choice(learn, 5, replace=False) for _ in range(100)])
        w, b = line(BMI[some], Y[some])
        lines = mean_square(Y[hidden] - w[:, None] * BMI[hidden] - b[:, None])
        means = mean_square(Y[hidden] - Y[some].mean(axis=1, keepdims=True))
        shares.append((lines < means).mean())
        medians.append([np.median(lines), np.median(means)])
        worst.append([means.max(), lines.max()])
        spread = BMI[some].std(axis=1)
        close.append(spread[lines.argmax()] < np.median(spread) / 1.5)
    median_within(shares, 0.65, 0.85)
    below(0.5, shares, at_least=1)
    below(*np.transpose(medians))
    below(*np.transpose(worst))
    often(close, at_least=0.9)


@claim(
    "Đa thức: bậc càng cao càng cong được nhiều",
    "Tăng bậc thì dấu tròn của đa thức chỉ có xuống: họ bậc cao chứa mọi hàm của họ bậc thấp",
    "tìm trong một họ rộng hơn thì chỗ thấp nhất không thể cao hơn",
    "mất mát trên người đã học không chọn được, vì lúc nào cũng đòi phức tạp hơn",
)
def test_a_wider_family_never_fits_the_learned_people_worse():
    for _, learn, _ in halves(20):
        few = learn[:40]
        path = models.polynomial_path(BMI[None, few], Y[None, few], BMI[few], 10)[:, 0]
        found = mean_square(Y[few] - path)
        assert (np.diff(found) <= 1e-6).all(), found
        nearest = [
            losses.mse(Y[few], models.knn(k)(BMI[few, None], Y[few])(BMI[few, None])) for k in (1, 5, 40)
        ]  # k nhỏ nhất thì tự do nhất
        rises(nearest)


@claim("dấu tròn gần 0; không hẳn 0, vì có người trùng BMI mà khác mức tiến triển")
def test_one_neighbour_nearly_recites():
    found = []
    for _, learn, _ in halves():
        few = learn[:40]
        said = models.knn(1)(BMI[few, None], Y[few])(BMI[few, None])
        alone = np.array([np.sum(BMI[few] == x) == 1 for x in BMI[few]])
        equal(said[alone], Y[few][alone])
        found.append(losses.mse(Y[few], said) / Y[few].var())
    median_within(found, 0, 0.2)


@claim("Bớt được gần một phần ba", "So với đoán trung bình, B bớt được một phần ba")
def test_bmi_saves_a_third():
    saved = []
    for _, learn, hidden in halves():
        w, b = line(BMI[learn], Y[learn])
        saved.append(1 - mean_square(Y[hidden] - w * BMI[hidden] - b) / mean_square(Y[hidden] - Y[learn].mean()))
    median_within(saved, 0.27, 0.38)


@claim(
    "trung bình mỗi người lệch 52",
    "Trên người đã học: mô hình A có mất mát 0, B có 3814. Trên người mới: A có 5935, B có 3984",
    "Hơn 170, chừng 4%",
    "A trên người mới bằng đúng mô hình không nhìn gì",
    "Trên người mới, bảng tra chính là mô hình đoán trung bình",
)
def test_numbers_of_the_opening_and_closing_questions():
    order = np.random.default_rng(0).permutation(442)
    learn, hidden = order[:221], order[221:]
    w, b = line(BMI[learn], Y[learn])
    e = Y - w * BMI - b
    equal(np.abs(e[learn]).mean(), 52, tolerance=0.5)
    equal(
        [mean_square(e[learn]), mean_square(e[hidden]), mean_square(Y[hidden] - Y[learn].mean())],
        [3814, 3984, 5935],
        tolerance=0.5,
    )
    equal([3984 - 3814, 100 * 170 / 3814], [170, 4.46], tolerance=0.01)


# --- Ngộ nhận ---------------------------------------------------------------------------------------------------------------


@claim("Ngay cả sự thật $3 + 2x$ cũng còn mất mát, khi cùng một $x$ mà có nhiều $y$")
def test_the_truth_itself_errs():
    equal([mean_square(rng.normal(size=20_000)) for rng in draws(20)], 1, tolerance=0.05)


@claim("Bốc 40 người khác thì ra đường thẳng khác")
def test_other_people_other_line():
    slopes = [line(BMI[learn[:40]], Y[learn[:40]])[0] for _, learn, _ in halves()]
    assert len(np.unique(slopes)) == 40 and np.std(slopes) > 1


@claim("Hệ số gần 10, mà can thiệp thì không được gì")
def test_a_common_cause_makes_a_coefficient_without_an_effect():
    alone, both = [], []
    for rng in draws(20):
        exercise = rng.normal(size=20_000)
        bmi = 26 - 3 * exercise + rng.normal(scale=2, size=20_000)
        y = 150 - 40 * exercise + rng.normal(scale=20, size=20_000)
        alone.append(line(bmi, y)[0])
        both.append(np.linalg.lstsq(np.stack([bmi, exercise, np.ones(20_000)], axis=1), y, rcond=None)[0][0])
    equal(alone, 3 * 40 / (9 + 4), tolerance=0.25)
    equal(both, 0, tolerance=0.3)
