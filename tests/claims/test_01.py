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
        "mất mát tính trung bình phải thấp hơn ít nhất 5%",
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


@claim("BMI cao thì mức tiến triển thường cao; nhưng 8 người có BMI đúng 23.5 có mức từ 42 đến 172")
def test_higher_bmi_usually_goes_with_higher_progression():
    for _, rows, _ in halves(20):
        higher = np.array([[Y[i] > Y[j] for i in rows if BMI[i] > BMI[j] + 2] for j in rows[:60]], dtype=object)
        often(np.concatenate(higher).astype(bool), at_least=0.6)
    same = Y[BMI == 23.5]
    equal([len(same), same.min(), same.max()], [8, 42, 172])


@claim(
    "Để hai núm không vướng nhau, ta đo BMI từ 27.1, trung bình của 40 người ấy",
    "$b$ là mức đoán cho người có BMI 27.1, và $w$ là mức đoán tăng thêm khi BMI tăng 1",
    "chỗ thấp nhất vẫn là `Độ dốc w = 7.5`: lát cắt chỉ lên cao",
)
def test_centred_knobs_do_not_move_each_other():
    for rng in draws(20):
        x, y = rng.normal(27, 4, 40), rng.normal(150, 70, 40)
        x -= x.mean()
        best = [x @ (y - b) / (x @ x) for b in (80, 100, 160, 230)]  # w tốt nhất khi b đứng yên
        equal(best, line(x, y)[0], tolerance=1e-9)
    rows = np.random.default_rng(0).choice(442, 40, replace=False)
    equal([BMI[rows].mean(), line(BMI[rows], Y[rows])[0]], [27.1, 7.5], tolerance=0.01)


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
    "Tính trung bình, mất mát trên điểm đã học lạc quan: thấp hơn 1, theo lý thuyết là $(n-2)/n$; còn $R$ cao hơn 1",
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
    for rng in draws(20):  # hai phần thêm vào, mỗi phần một phần n
        x, noise = rng.uniform(-1, 1, 8), rng.normal(size=(20_000, 8))
        w, b = line(np.broadcast_to(x, noise.shape), 3 + 2 * x + noise)
        dw, db, dx = 2 - w, 3 - b, x - x.mean()
        equal(dw, -(noise @ dx) / (dx @ dx), tolerance=1e-9)
        equal(dw * x.mean() + db, -noise.mean(axis=1), tolerance=1e-9)
        parts = [(dw * x.mean() + db) ** 2, dw**2 * mean_square(dx)]
        equal(8 * np.mean(parts, axis=1), 1, tolerance=0.06)
        equal(mean_square(noise) - mean_square(noise + dw[:, None] * x + db[:, None]), sum(parts), tolerance=1e-9)


@claim(
    "Bình phương lên: vì $\\mathbb E[x] = \\mathbb E[\\varepsilon] = 0$ và $\\varepsilon$ độc lập với $x$, ba tích chéo đều có kỳ vọng 0",
    "nên $R = 1 + (b-3)^2 + \\frac13(w-2)^2$",
    "với một $\\theta$ định sẵn từ trước thì rủi ro thực nghiệm, tính trung bình, bằng $R$",
)
def test_the_expected_risk_of_a_line():
    noises = [
        lambda rng, shape: rng.normal(size=shape),
        lambda rng, shape: rng.choice([-1.0, 1.0], shape),
        lambda rng, shape: rng.exponential(size=shape) - 1,
    ]
    for i, rng in enumerate(draws(21)):
        w, b = rng.normal(2, 1, 2)
        x = rng.uniform(-1, 1, (20_000, 5))
        noise = noises[i % 3](rng, x.shape)
        parts = [noise * (3 - b), noise * (2 - w) * x, (3 - b) * (2 - w) * x]
        equal(np.mean(parts, axis=(1, 2)) / (1 + abs(3 - b) + abs(2 - w)) ** 2, 0, tolerance=0.015)
        equal(np.mean(x**2), 1 / 3, tolerance=0.01)
        empirical = mean_square(3 + 2 * x + noise - w * x - b)  # mỗi lần 5 điểm
        equal(empirical.mean() / (1 + (b - 3) ** 2 + (w - 2) ** 2 / 3), 1, tolerance=0.05)


@claim(
    "Trên chính $n$ người, mất mát lại lạc quan",
    "Ngay với 5 người, đường thẳng đã thắng ở phần lớn các lần bốc",
    "Nhưng lần tệ nhất của nó thường tệ hơn nhiều",
)
def test_a_line_from_few_people_against_their_own_mean():
    shares, ratios = [], []
    for rng, learn, hidden in halves():
        for n in (5, 20, 100):
            some = np.array([rng.choice(learn, n, replace=False) for _ in range(100)])
            w, b = line(BMI[some], Y[some])
            own = mean_square(Y[some] - w[:, None] * BMI[some] - b[:, None])
            lines = mean_square(Y[hidden] - w[:, None] * BMI[hidden] - b[:, None])
            means = mean_square(Y[hidden] - Y[some].mean(axis=1, keepdims=True))
            if n < 100:
                below(own.mean(), lines.mean(), at_least=1)
            if n == 5:
                shares.append((lines < means).mean())
                ratios.append(lines.max() / means.max())
    median_within(shares, 0.65, 0.85)
    below(0.5, shares, at_least=1)
    median_within(ratios, 2, 10)


@claim(
    "Ở lần chạy này, BMI của năm người chỉ trải 1.2 đơn vị, nên độ dốc gần như bốc bừa; "
    "một lần ấy đủ làm đường thẳng thua nếu tính trung bình: 7175 so với 6890"
)
def test_one_bad_draw_turns_the_mean_around():
    order = np.random.default_rng(0).permutation(442)
    learn, hidden = order[:221], order[221:]
    some = np.array([np.random.default_rng(seed).choice(learn, 5, replace=False) for seed in range(100)])
    w, b = line(BMI[some], Y[some])
    lines = mean_square(Y[hidden] - w[:, None] * BMI[hidden] - b[:, None])
    means = mean_square(Y[hidden] - Y[some].mean(axis=1, keepdims=True))
    worst = lines.argmax()
    equal([lines.mean(), means.mean()], [7175, 6890], tolerance=0.5)
    equal(np.ptp(BMI[some[worst]]), 1.2, tolerance=1e-9)
    below(np.delete(lines, worst).mean(), np.delete(means, worst).mean(), at_least=1)


@functools.cache
def families():
    """Mất mát của từng bậc 0…12 và từng k 1…40, học từ 40 người: ``đã học, người mới`` cho mỗi họ."""
    found = []
    for rng in draws(30):
        order = rng.permutation(442)
        found.append(family_losses(order[:40], order[40:]))
    return [np.array(part) for part in zip(*found)]


def family_losses(few, rest):
    rest = rest[(BMI[rest] >= BMI[few].min()) & (BMI[rest] <= BMI[few].max())]
    learners = [models.polynomial(d) for d in range(13)], [models.knn(k) for k in range(1, 41)]
    found = []
    for family in learners:
        fitted = [learner(BMI[few, None], Y[few]) for learner in family]
        found += [[losses.mse(Y[rows], predict(BMI[rows, None])) for predict in fitted] for rows in (few, rest)]
    return found


@claim(
    "Đa thức: bậc càng cao càng cong được nhiều",
    "Tăng bậc thì dấu tròn của đa thức chỉ có xuống: họ bậc cao chứa mọi hàm của họ bậc thấp",
    "tìm trong một họ rộng hơn thì chỗ thấp nhất không thể cao hơn",
    "Bậc và $k$ là siêu tham số, và $k$ càng nhỏ thì đường càng tự do",
    "thấp nhất của nó ở bậc cao nhất, và ở $k$ rất nhỏ",
)
def test_the_learned_people_ask_for_the_freest():
    degrees, _, nearest, _ = families()
    assert (np.diff(degrees, axis=1) <= 1e-6 * degrees[:, :1]).all()
    assert (degrees.argmin(axis=1) == 12).all()
    assert (nearest.argmin(axis=1) + 1 <= 2).all()
    for rng in draws(20):  # số mức khác nhau mà đường nét đứt nhận được
        x, y = np.arange(40.0), rng.normal(size=40)
        rises([-len(np.unique(models.knn(k)(x[:, None], y)(x[:, None]).round(9))) for k in (1, 10, 20, 30, 40)])


@claim(
    "Với $k = 1$, hầu hết ai cũng là láng giềng của chính mình",
    "năm người trùng BMI với người đứng trước, nên nhận mức của người ấy",
)
def test_one_neighbour_recites_those_who_share_no_bmi():
    for _, learn, _ in halves():
        few = learn[:40]
        said = models.knn(1)(BMI[few, None], Y[few])(BMI[few, None])
        alone = np.array([np.sum(BMI[few] == x) == 1 for x in BMI[few]])
        equal(said[alone], Y[few][alone])
        often(said == Y[few], at_least=0.75)
    few = np.random.default_rng(0).permutation(442)[:40]
    wrong = models.knn(1)(BMI[few, None], Y[few])(BMI[few, None]) != Y[few]
    assert wrong.sum() == 5 and all(BMI[few][i] in BMI[few][:i] for i in np.flatnonzero(wrong))


@claim(
    "bốc 40 người khác thì bậc 1 thường thấp nhất",
    "40 người khác thì thường bớt từ một phần năm đến một phần ba",
    "Trên bảng đường thẳng thua k = 1, trên người mới thì hơn hẳn",
    "Trên người mới, k = 1 còn kém cả việc đoán ai cũng như ai",
    "từng lần bốc thì có khi ngược lại",
)
def test_what_forty_people_tell_about_new_ones():
    degrees, new, nearest, new_nearest = families()
    often(new.argmin(axis=1) == 1, at_least=0.55)
    saved = 1 - new[:, 1] / new[:, 0]
    often((saved > 1 / 5 - 0.01) & (saved < 1 / 3 + 0.01), at_least=0.8)
    below(nearest[:, 0], degrees[:, 1])
    below(new[:, 0], new_nearest[:, 0])
    median_within(new_nearest[:, 0] / new[:, 1], 1.5, 2.5)
    often(new[:, 1] > degrees[:, 1], at_least=0.55, at_most=0.95)


@claim(
    "Máy học từ 40 người. Trên chính 40 người ấy: k láng giềng với k = 1 có mất mát 230, đường thẳng có 3839. "
    "Trên 392 người mới: k = 1 có 7864, đường thẳng có 3988, còn đoán ai cũng bằng trung bình thì có 5897",
    "Hơn 149, chừng 4%",
    "đường thẳng bớt được gần một phần ba trên 392 người mới",
    "Chênh $22$, mà đo trên 392 người khác thì hiệu ấy xê dịch cỡ $25$: coi như ngang nhau",
    "mà $98\\%$ là do $14$ người có BMI trên $34.6$, nơi chỉ có một chấm to",
)
def test_numbers_of_the_family_figure_and_the_closing_question():
    order = np.random.default_rng(0).permutation(442)
    few, rest = order[:40], order[40:]
    degrees, new, nearest, new_nearest = map(np.array, family_losses(few, rest))
    equal(
        [nearest[0], degrees[1], new_nearest[0], new[1], new[0]],
        [230, 3839, 7864, 3988, 5897.5],
        tolerance=0.5,
    )
    equal([new[1] - degrees[1], 100 * (new[1] / degrees[1] - 1)], [149, 4], tolerance=0.5)
    equal(1 - new[1] / new[0], 0.324, tolerance=0.001)
    rest = rest[(BMI[rest] >= BMI[few].min()) & (BMI[rest] <= BMI[few].max())]
    squares = {d: (Y[rest] - models.polynomial(d)(BMI[few, None], Y[few])(BMI[rest, None])) ** 2 for d in (1, 4, 11)}
    gap = squares[1] - squares[4]
    equal([gap.mean(), gap.std() / np.sqrt(len(rest))], [22, 25], tolerance=0.5)
    far = BMI[rest] > 34.6
    equal([far.sum(), 100 * squares[11][far].sum() / squares[11].sum()], [14, 97.6], tolerance=0.1)
    assert (BMI[few] > 34.6).sum() == 1


# --- Ngộ nhận ---------------------------------------------------------------------------------------------------------------


@claim(
    "bốc 40 người khác thì ra đường thẳng khác",
    "$b^*$, mức đoán ở BMI 0, nhảy nhiều; mức đoán ở BMI 27 thì ít hơn hẳn",
)
def test_other_people_other_line():
    slopes, levels = np.transpose([line(BMI[learn[:40]], Y[learn[:40]]) for _, learn, _ in halves()])
    assert len(np.unique(slopes)) == 40 and np.std(slopes) > 1 and BMI.min() > 17
    assert np.std(levels) > 3 * np.std(27 * slopes + levels)


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
