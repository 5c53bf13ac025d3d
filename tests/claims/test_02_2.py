"""Bài 02.2: mỗi câu so sánh chạy lại trên những cái bát, những tập con, những lần xáo trộn mà bài không cho xem."""

import functools
import math

import numpy as np

from mlcourse import data, losses, models, optim, training
from mlcourse.exercises import lesson_02_2
from tests.claims import below, claims, draws, equal, median_within, often, rises

claim = claims("02_2")

# Câu so sánh mà không cần khẳng định: nói thế là đặt tên, là kể việc sẽ làm, hay ô bên cạnh in ra đúng điều ấy.
NOT_CLAIMED = {
    "đặt tên": [
        "Thứ nhất là *giới hạn*: $\\eta$ nhỏ hơn thì gradient descent hội tụ từ mọi điểm, lớn hơn thì có điểm phân kỳ",
        "Thứ hai là *tốt nhất*: $\\eta$ làm cho hệ số $|1-\\eta a_j|$ của trục co chậm nhất nhỏ nhất có thể",
        "**khởi động** (*warmup*) thì tăng dần $\\eta$ từ 0 trong những bước đầu",
        "Trái: bốn lịch, mỗi lịch ở $\\eta_0$ tốt nhất của nó",
        "Đánh dấu *Mỗi bộ một η* thì mỗi bộ dùng $\\eta$ tốt nhất của nó, dò lại ở từng góc",
        "gradient càng cũ, phần góp càng nhỏ",
        "25 bước từ cùng một điểm, mỗi cái bát dùng $\\eta$ tốt nhất của nó",
    ],
    "việc sẽ làm": [
        "lớn hơn giới hạn của trục cong 1%",
        "Gặp phân kỳ: giảm $\\eta$, chuẩn hóa, rồi mới nghĩ đến bộ tối ưu khác",
        "Mất mát giảm chậm, bạn nhân tốc độ học với 10",
    ],
    "ô bên cạnh in ra": ["Trục cong nhất có $a_{\\max} = 388.4$, trục kia 32.3"],
}
PATIENTS, CASES = data.load_diabetes(), data.load_breast_cancer()


def bowls(count=20, size=4):
    """Những ma trận đối xứng, mọi trị riêng dương, trục nghiêng."""
    roots = [rng.normal(size=(size, size)) for rng in draws(count)]
    return [root @ root.T + 0.1 * np.eye(size) for root in roots]


def walk(curvatures, eta, mu=0.0, *, nesterov=False, start=1.0, tolerance=1e-3, most=60_000):
    """Số bước để khoảng cách ở hẳn dưới ``tolerance`` lần lúc đầu; ``eta`` là một dãy thì lấy số nhỏ nhất."""
    curved, eta = np.array(curvatures, float)[:, None], np.atleast_1d(eta)
    off = np.broadcast_to(np.array(start, float).reshape(-1, 1), (len(curved), len(eta))).copy()
    u, first, last = np.zeros_like(off), np.hypot(*off), np.zeros(len(eta), int)
    for t in range(1, most):
        u = mu * u + curved * off
        off = off - eta * (curved * off + mu * u if nesterov else u)
        last[np.hypot(*off) >= tolerance * first] = t
        if t > 2 * last.min() + 50:
            return last.min() + 1
    return most


def standard(X):
    return (X - X.mean(axis=0)) / X.std(axis=0)


# --- Một bước, giới hạn -----------------------------------------------------------------------------------------------


@claim(
    "nhỏ nhất khi $\\cos\\alpha = -1$: đi ngược hướng gradient",
    "trong mọi bước cùng độ dài và đủ ngắn, đó là bước xuống sâu nhất",
)
def test_against_the_gradient_is_steepest():
    around = np.radians(np.arange(360))
    directions = np.array([np.cos(around), np.sin(around)])
    for A, rng in zip(bowls(size=2), draws(20)):
        here = rng.normal(size=2)
        moved = here[:, None] + 1e-4 * directions
        deepest = directions[:, (moved * (A @ moved)).sum(axis=0).argmin()]
        gradient = A @ here
        assert deepest @ -gradient / np.linalg.norm(gradient) > math.cos(math.radians(1))


@claim(
    "Khoảng cách co lại khi và chỉ khi $|1-\\eta a| < 1$, tức là $0 < \\eta < 2/a$",
    "f'' = 6 nên giới hạn là 2/6 = 1/3; ở đúng 1/3 thì nhảy mãi mà không lại gần",
    "Với η = 2/3, mỗi bước nhân với |1 − 4| = 3",
)
def test_the_limit_on_a_parabola():
    for rng in draws(20):
        a = rng.uniform(0.1, 50)
        for ratio in (0.05, 0.6, 0.99, 1.0, 1.01, 1.5):
            theta = 1.0
            for _ in range(100):
                theta -= ratio * 2 / a * a * theta
            assert (abs(theta) < 1 - 1e-9) == (ratio < 1) and (abs(theta) > 1 + 1e-9) == (ratio > 1)
    equal([1 - 1 / 3 * 6, 1 - 2 / 3 * 6], [-1, -3])


@claim(
    "Nhìn theo trục $q_j$, bài toán lại là một parabol, độ cong $a_j$, không dính gì đến các trục khác",
    "Lấy hiệu gradient ở $\\theta$ và ở $\\theta^*$, các $y_i$ triệt tiêu",
    "Trục phẳng về đáy, trục cong văng ra: *một* trục vượt giới hạn là cả lần huấn luyện phân kỳ",
    "trục cong nhất đặt giới hạn, số điều kiện nói chậm đến đâu",
)
def test_each_axis_is_a_parabola_of_its_own():
    for rng in draws(20):
        X, y = rng.normal(size=(60, 3)) @ rng.normal(size=(3, 3)), rng.normal(size=60)
        best, (a, q) = np.linalg.lstsq(X, y, rcond=None)[0], np.linalg.eigh(2 * X.T @ X / 60)
        for ratio in (0.9, 1.01):
            theta, eta = np.zeros(3), ratio * 2 / a[-1]
            for _ in range(200):
                theta = theta - eta * 2 / 60 * X.T @ (X @ theta - y)
            left = q.T @ (theta - best)
            equal(left, (1 - eta * a) ** 200 * (q.T @ -best), tolerance=1e-6 * (1 + np.abs(left).max()))
            grew = np.abs(left) > np.abs(q.T @ best)
            assert grew.tolist() == [False, False, ratio > 1] or a[1] * eta > 2


@claim("Nếu mọi chỗ đều cong không quá $a_{\\max}$ thì $\\eta$ dưới $2/a_{\\max}$ vẫn an toàn")
def test_bounded_curvature_is_enough():
    for rng in draws(20):
        rows = rng.permutation(569)[:150]
        Z, label = np.c_[standard(CASES.X[rows]), np.ones(150)], CASES.y[rows]
        top, w, seen = np.linalg.eigvalsh(Z.T @ Z / 600)[-1], rng.normal(size=31), []
        for _ in range(60):
            seen.append(losses.binary_cross_entropy(label, Z @ w))
            w = w - 0.99 * 2 / top * Z.T @ (losses.sigmoid(Z @ w) - label) / 150
        assert (np.diff(seen) < 1e-9).all()


# --- Cái bát dẹt ------------------------------------------------------------------------------------------------------


@claim(
    "Hai đường $|1-\\eta a_j|$ của trục cong nhất và trục phẳng nhất là hai chữ V; đường nào cao hơn thì quyết định",
    "Chỗ thấp nhất là nơi hai đường gặp nhau",
    "2/(a_max + a_min) so với 2/a_max. Tăng nữa thì trục cong co chậm đi, rồi\n    phân kỳ",
    "Các trục ở giữa không bao giờ chậm nhất",
    "Trục ở giữa không bao giờ chậm nhất: $1-\\eta a_j$ của nó nằm giữa hai số kia",
    "Hai tốc độ học ấy chỉ hơn kém nhau 1 + a_min/a_max lần: cái bát càng dẹt, chỗ tốt nhất càng sát giới hạn",
)
def test_the_best_rate():
    for A in bowls():
        a, (limit, best) = np.linalg.eigvalsh(A), lesson_02_2.two_rates.solve(A)
        grid = limit * np.linspace(0.001, 1, 4000)
        factors = np.abs(1 - grid[:, None] * a)
        equal(factors.max(axis=1), factors[:, [0, -1]].max(axis=1))
        equal(grid[factors.max(axis=1).argmin()], best, tolerance=limit / 1000)
        equal(limit / best, 1 + a[0] / a[-1])
        rises(np.abs(1 - np.linspace(best, 1.2 * limit, 9) * a[-1]))
        equal(np.abs(1 - best * a).max(), (a[-1] / a[0] - 1) / (a[-1] / a[0] + 1))


@claim(
    "Cái bát dẹt gấp 10 thì cần gấp 10 số bước",
    "với $\\eta = 1/a_{\\max}$ không hề zig-zag mà lâu gần gấp đôi",
    "số bước cần tỷ lệ với số điều kiện: bát dẹt gấp 100 thì phải chạy gấp 100",
    "bảng vừa rồi, ở η = 1/a_max, không zig-zag mà cần gần gấp đôi số\n    bước",
)
def test_steps_grow_like_the_condition_number():
    for rng in draws(20):
        kappa, start = rng.uniform(20, 60), rng.uniform(0.5, 2, 2)
        few, many = (walk([1, k], 2 / (1 + k), start=start) for k in (kappa, 10 * kappa))
        median_within([many / few], 9.5, 10.5)
        median_within([walk([1, kappa], 1 / kappa) / walk([1, kappa], 2 / (1 + kappa))], 1.75, 2.05)
        assert (1 - 1 / kappa * np.array([1, kappa]) >= -1e-12).all()  # không trục nào đổi dấu


@claim("Bát càng dẹt, mỗi lần nhảy ngang càng ít tiến dọc")
def test_flatter_bowls_advance_less_a_jump():
    ratios = []
    for rng in draws(20):
        start, row = rng.uniform(0.5, 2, 2), []
        for kappa in (50, 20, 10, 5, 2):
            path = np.array(
                [
                    start,
                    *(
                        start
                        + moves(optim.sgd(2 / (1 + kappa)), np.diag([1.0, kappa]).__matmul__, start, 10).cumsum(axis=0)
                    ),
                ]
            )
            along, across = np.abs(np.diff(path, axis=0)).T
            row.append(np.median(along / across))
        ratios.append(row)
    rises(ratios)
    below(np.array(ratios)[:, 0], np.array(ratios)[:, -1] / 10, at_least=1)


@claim(
    "Được ít bước thì $\\eta$ nhỏ hơn, để trục cong kịp tắt, cho mất mát thấp hơn",
    "*Mất mát* đến gần đáy sớm hơn (bài tập 3), vì trục phẳng góp ít",
)
def test_few_steps_want_a_smaller_rate():
    for rng in draws(20):
        rows = rng.permutation(442)[:300]
        X, y = standard(PATIENTS.X[rows]), standard(PATIENTS.y[rows])
        a, q = np.linalg.eigh(2 * X.T @ X / 300)
        away = q.T @ np.linalg.lstsq(X, y, rcond=None)[0]
        left = lambda eta, t, a=a, away=away: a * ((1 - eta * a) ** t * away) ** 2
        best, t = 2 / (a[0] + a[-1]), np.arange(4000)[:, None]
        assert left(0.8 * best, 100).sum() < left(best, 100).sum()
        assert left(best, 100)[-1] > left(best, 100)[:-1].sum()  # phần còn lại là của trục cong nhất
        far = np.sqrt((((1 - 0.8 * best * a) ** t * away) ** 2).sum(axis=1))
        above = left(0.8 * best, t).sum(axis=1)
        assert 2 * (above > 1e-3 * above[0]).sum() < (far > 1e-3 * far[0]).sum()
        assert a[0] * away[0] ** 2 < 0.02 * above[0] and away[0] ** 2 > 0.02 * far[0] ** 2


@claim(
    "Trừ trung bình gỡ $b$ khỏi các cột: $\\kappa$ nhỏ đi gần 700 lần. Chia độ lệch chuẩn: thêm hơn 160 lần nữa. "
    "$\\kappa$ chưa về 1, vì các cột còn *tương quan* với nhau",
    "chuẩn hóa kéo số điều kiện xuống hơn một trăm nghìn lần, gần như miễn phí",
    "Như bộ tiểu đường chưa chuẩn hóa, κ hơn năm mươi triệu",
    "Dự đoán ở đáy không đổi: chỉ đường đi đến đáy đổi",
)
def test_standardising_and_what_is_left():
    def condition(X):
        X = np.c_[X, np.ones(len(X))]
        a = np.linalg.eigvalsh(X.T @ X)
        return a[-1] / a[0]

    X = PATIENTS.X - PATIENTS.X.mean(axis=0)
    assert 160 < condition(X) / condition(standard(X)) < 170
    assert 670 < condition(PATIENTS.X) / condition(X) < 700
    assert condition(PATIENTS.X) / condition(standard(X)) > 100_000 and condition(PATIENTS.X) > 50e6
    alone = [condition(np.c_[tuple(rng.permutation(column) for column in standard(X).T)]) for rng in draws(20)]
    below(alone, 3, at_least=1)
    fits = [
        np.c_[one, np.ones(442)] @ np.linalg.lstsq(np.c_[one, np.ones(442)], PATIENTS.y, rcond=None)[0]
        for one in (X, standard(X))
    ]
    equal(*fits, tolerance=1e-6)


# --- Một nắm mẫu ------------------------------------------------------------------------------------------------------


@claim(
    "Bốc có lặp lại: độ lệch chia cho $\\sqrt{|B|}$",
    "Xáo trộn rồi cắt: còn nhân thêm $\\sqrt{(n-|B|)/(n-1)}$, nên batch bằng cả tập thì không lệch",
    "Batch nhỏ so với $n$ thì hai cách gần như một; với batch một mẫu thì đúng là một",
    "Trung bình của |B| mẫu độc lập có độ lệch tỷ lệ với 1/√|B|, và √16 = 4",
    "lệch từng lần, trung bình thì đúng",
)
def test_noise_of_a_batch():
    n = 120
    for rng in draws(20):
        each = rng.normal(size=n) ** 3
        each -= each.mean()
        for size in (4, 16, 64, n):
            again = each[rng.integers(n, size=(3000, size))].mean(axis=1)
            shuffled = rng.permuted(np.tile(each, (1500, 1)), axis=1)[:, :size].mean(axis=1)
            law, cut = each.std() / math.sqrt(size), math.sqrt((n - size) / (n - 1))
            equal(again.std() / law, 1, tolerance=0.12)
            equal(shuffled.std() / law, cut, tolerance=0.12)
            equal(again.mean() / law, 0, tolerance=0.1)
        assert abs(math.sqrt((n - 4) / (n - 1)) - 1) < 0.02


@functools.cache
def batch_runs():
    """Mất mát sau 8 bước, và sau 10 epoch: ``{cỡ: mảng (2, lượt, η)}``, mỗi lượt một nửa số ca, một cách xáo trộn."""
    rates, found = np.array([0.03, 0.1, 0.3, 1.0, 3.0, 10.0]), {}
    rows = [rng.permutation(569)[:284] for rng in draws(20)]
    Z = np.stack([np.c_[standard(CASES.X[row]), np.ones(284)] for row in rows])
    label = np.stack([CASES.y[row] for row in rows]).astype(float)

    def loss(w):
        z = np.matmul(Z, w)
        return (np.maximum(z, 0) - z * label[:, :, None] + np.log1p(np.exp(-np.abs(z)))).mean(axis=1)

    for size in (284, 32, 1):
        w, step, early = np.zeros((20, 31, len(rates))), 0, None
        orders = [rng.permuted(np.tile(np.arange(284), (20, 1)), axis=1) for rng in draws(10)]
        for order in orders:
            for start in range(0, 284, size):
                batch = order[:, start : start + size]
                some = np.take_along_axis(Z, batch[:, :, None], axis=1)
                z = np.clip(np.matmul(some, w), -50, 50)
                off = 1 / (1 + np.exp(-z)) - np.take_along_axis(label, batch, axis=1)[:, :, None]
                w = w - rates * np.matmul(some.transpose(0, 2, 1), off) / batch.shape[1]
                step += 1
                if step == 8:
                    early = loss(w)
        found[size] = np.array([early, loss(w)])
    return found


@claim(
    "Chung một $\\eta$: theo số bước, toàn tập và batch 32 gần trùng nhau; theo epoch, batch nhỏ thắng vì đi nhiều bước",
    "Dò riêng: $\\eta$ tốt nhất của toàn tập và batch 32 thường gấp 10 đến 30 lần của một mẫu, nên theo số bước hai cỡ này "
    "bỏ xa một mẫu; theo epoch, batch 32 và một mẫu gần ngang nhau, toàn tập sau cùng",
)
def test_batch_sizes_at_one_rate_and_tuned():
    runs, pick = batch_runs(), np.arange(20)
    whole, some, one = (runs[size] for size in (284, 32, 1))
    median_within(np.abs(whole[0, :, 1] - some[0, :, 1]) / whole[0, :, 1], 0, 0.05)
    below(one[1, :, 1], some[1, :, 1])
    below(some[1, :, 1], whole[1, :, 1], at_least=1)
    best = [runs[size][1].argmin(axis=1) for size in (284, 32, 1)]
    rates = np.array([0.03, 0.1, 0.3, 1.0, 3.0, 10.0])
    for k in (0, 1):
        times = rates[best[k]] / rates[best[2]]
        median_within(times, 9.9, 34)
        often((times > 9.9) & (times < 34), at_least=0.7)
    early = [runs[size][0][pick, k] for size, k in zip((284, 32, 1), best)]
    below(early[0], early[2])
    below(early[1], early[2], at_least=0.85)
    late = [runs[size][1][pick, k] for size, k in zip((284, 32, 1), best)]
    below(late[1], late[0])
    below(late[2], late[0])
    median_within(late[2] / late[1], 0.75, 1.33)


def wander(y, eta, *, shuffle, size, epochs):
    """θ - θ* sau mỗi bước, dạng (epoch, bước, lượt), đã bỏ một phần tư đầu; 20 lượt."""
    off, ends = np.zeros(20), []
    for rng in draws(epochs):
        again = rng.integers(len(y), size=(20, len(y)))
        order = rng.permuted(np.tile(np.arange(len(y)), (20, 1)), axis=1) if shuffle else again
        pulls = y[order].reshape(20, -1, size).mean(axis=2)
        for pulled in pulls.T:
            off = off - eta * 2 * (off - pulled)
            ends.append(off)
    return np.array(ends).reshape(epochs, -1, 20)[epochs // 4 :]


@claim(
    "nên $\\operatorname{Var}(\\theta)\\approx\\eta\\operatorname{Var}(y)/|B|$: giảm $\\eta$, hay tăng batch, đều thu quả "
    "cầu lại",
    "Bốc có lặp lại thì đúng luật",
    "Xáo trộn rồi cắt thì mỗi epoch mẫu nào cũng kéo đúng một lần, các cú kéo bù nhau: quả cầu nhỏ hơn luật, "
    "khi $\\eta$ nhỏ và batch cuối không quá ngắn",
    "Var(θ) ≈ η Var(y)/|B|: |B| gấp 4 thì η gấp 4. Xáo trộn thì 0.08 vẫn gần đúng, "
    "còn giữ η mà tăng batch thì quả cầu nhỏ đi nhiều hơn 1/4",
    "quả cầu hẹp đi một nửa",
    "phương sai chỉ còn 1/16",
    "giảm $\\eta$, hay tăng batch, thì quả cầu thu lại",
    "Đi đủ lâu, phương sai $\\operatorname{Var}(\\theta)$ thôi đổi, hai vế như nhau",
)
def test_the_noise_ball():
    y = draws(1)[0].exponential(size=120)
    y = y - y.mean()
    for eta, size in ((0.02, 6), (0.005, 6), (0.02, 24), (0.08, 24)):
        law, noise = eta * y.var() / size, 4 * y.var() / size
        again = (wander(y, eta, shuffle=False, size=size, epochs=400) ** 2).mean()
        equal(again / (eta**2 * noise / (1 - (1 - 2 * eta) ** 2)), 1, tolerance=0.15)
        equal(again / law, 1, tolerance=0.17)
        shuffled = wander(y, eta, shuffle=True, size=size, epochs=400) ** 2
        below(1.3 * shuffled.mean(), again, at_least=1)
    kept = [
        (wander(y, eta, shuffle=True, size=size, epochs=400) ** 2).mean()
        for eta, size in ((0.02, 6), (0.02, 24), (0.08, 24))
    ]
    assert kept[1] < kept[0] / 5 and 0.7 < kept[2] / kept[0] < 1.4
    size = lambda eta, batch: eta**2 / batch / (1 - (1 - 2 * eta) ** 2)
    equal(np.array([size(0.08, 32), size(0.02, 32) * 4, size(0.005, 32) * 16]) / size(0.02, 8), 1, tolerance=0.07)


@functools.cache
def schedule_runs():
    """Mất mát vượt đáy sau 1 và 10 epoch, trung bình 5 epoch cuối, phần cuối của trục phẳng nhất: ``{lịch: mảng (4, lượt, η₀)}``."""
    etas, epochs, size = [0.003, 0.01, 0.03, 0.06, 0.12], 40, 8
    rows = [rng.permutation(442)[:400] for rng in draws(20)]
    X = np.stack([standard(PATIENTS.X[row]) for row in rows])
    y = np.stack([standard(PATIENTS.y[row]) for row in rows])
    A = np.matmul(X.transpose(0, 2, 1), X) * 2 / 400
    best = np.linalg.solve(A, np.matmul(X.transpose(0, 2, 1), y[:, :, None]) * 2 / 400)
    total, found = 50 * epochs, {}
    shapes = {
        "không đổi": optim.constant,
        "bậc thang": lambda eta: optim.step_decay(eta, factor=0.1, every=total // 2),
        "cosine": lambda eta: optim.cosine(eta, n_steps=total),
        "khởi động": lambda eta: optim.warmup(optim.cosine(eta, n_steps=total), n_steps=200),
    }
    rates = np.array([[[shape(eta)(t) for t in range(total)] for eta in etas] for shape in shapes.values()]).reshape(
        20, total
    )
    theta, step, seen = np.zeros((20, 10, 20)), 0, []
    for rng in draws(epochs):
        order = rng.permuted(np.tile(np.arange(400), (20, 1)), axis=1)
        for start in range(0, 400, size):
            batch = order[:, start : start + size]
            some, told = np.take_along_axis(X, batch[:, :, None], axis=1), np.take_along_axis(y, batch, axis=1)
            off = np.matmul(some, theta) - told[:, :, None]
            theta = theta - rates[:, step] * np.matmul(some.transpose(0, 2, 1), off) * 2 / size
            step += 1
        away = theta - best
        seen.append((away * np.matmul(A, away)).sum(axis=1) / 2)
    a, q = np.linalg.eigh(A)
    flat = a[:, :1] * np.matmul(q[:, :, :1].transpose(0, 2, 1), away)[:, 0] ** 2 / 2
    for k, name in enumerate(shapes):
        found[name] = np.array([seen[0], seen[9], np.mean(seen[-5:], axis=0), flat])[:, :, 5 * k : 5 * k + 5]
    return found


@claim(
    "Giảm dần thì cuối đường sát đáy hơn; giữa đường thì *kém* lịch không đổi",
    "vì bước dài làm các trục cong rung",
    "Nhưng bước dài đưa trục phẳng đến nơi; ở lịch không đổi, quá nửa phần vượt đáy cuối cùng là của trục phẳng nhất",
    "Cùng $\\eta_0 = 0.12$, khởi động cứu epoch đầu khỏi quá tay; đến cuối hai bên cùng cỡ",
)
def test_schedules_each_tuned():
    runs, pick = schedule_runs(), np.arange(20)
    tuned = {name: run[:, pick, run[2].argmin(axis=1)] for name, run in runs.items()}
    plain, stepped, curved = (tuned[name] for name in ("không đổi", "bậc thang", "cosine"))
    below(stepped[2], plain[2], at_least=1)
    below(curved[2], plain[2], at_least=1)
    below(plain[1], stepped[1], at_least=0.9)
    below(plain[1], curved[1])
    below(plain[2] / 2, plain[3], at_least=1)
    below(stepped[3], plain[3])
    below(curved[3], plain[3])
    below(runs["khởi động"][0, :, 4], runs["cosine"][0, :, 4], at_least=0.9)
    median_within(runs["khởi động"][2, :, 4] / runs["cosine"][2, :, 4], 0.7, 1.6)


# --- Những cách bước khác ---------------------------------------------------------------------------------------------


@claim(
    "Đúng ở giới hạn thì, sau đoạn đầu, $\\theta-\\theta^*$ và $u$ đổi dấu mỗi bước mà không lớn thêm",
    "Gradient không đổi thì $u$ tiến tới $g/(1-\\mu)$: với $\\mu = 0.9$, bước dài gấp 10",
)
def test_limits_of_momentum():
    equal([2 * 1.9, 2 * 1.9 / 2.8], [3.8, 1.357], tolerance=0.001)
    for rng in draws(20):
        a, mu = rng.uniform(0.1, 20), rng.uniform(0.1, 0.95)
        for nesterov, limit in ((False, 2 * (1 + mu) / a), (True, 2 * (1 + mu) / (a * (1 + 2 * mu)))):
            for ratio in (0.98, 1.0, 1.02):
                e, u, seen = 1.0, 0.0, []
                for _ in range(1500):
                    u = mu * u + a * e
                    e -= ratio * limit * (a * e + mu * u if nesterov else u)
                    seen.append((e, u))
                if ratio == 1:
                    equal(seen[-1], -np.array(seen[-2]), tolerance=1e-6 * (1 + np.abs(seen[-1]).max()))
                else:
                    assert (abs(e) < 0.1) == (ratio < 1) and (abs(e) > 10) == (ratio > 1)
        g = rng.normal(size=2)
        equal(moves(optim.sgd(0.01, momentum=0.9), lambda w, g=g: g, [0, 0], 300)[-1], -0.1 * g)


@claim(
    "GD gấp 4. Hai cách biết $\\kappa$, và dò cả $\\mu$, chừng gấp 2: số bước tỷ lệ với $\\sqrt\\kappa$",
    "$\\mu = 0.9$ cố định thì không: hợp với $\\kappa$ chừng 1600, còn từ 1600 lên 6400 thì gấp 5",
    "Số bước của động lượng tỷ lệ với $\\sqrt\\kappa$ nếu chọn $\\mu$, $\\eta$ theo $\\kappa$",
)
def test_the_root_of_the_condition_number():
    def known(kappa, start, nesterov=False):
        root = math.sqrt(kappa)
        slow = (root - 1) / (root + 1)
        eta, mu = (1 / kappa, slow) if nesterov else (4 / (1 + root) ** 2, slow**2)
        return walk([1, kappa], eta, mu, nesterov=nesterov, start=start)

    def searched(kappa, mu, start, count=60):
        return walk([1, kappa], 2 * (1 + mu) / kappa * np.geomspace(0.05, 0.999, count), mu, start=start)

    def tuned(kappa, start):
        return min(searched(kappa, mu, start, count=30) for mu in 1 - np.geomspace(0.25, 0.03, 8))

    found = []
    for rng in draws(20):
        kappa, start = rng.uniform(150, 500), rng.uniform(0.5, 2, 2)
        found.append(
            [
                known(4 * kappa, start) / known(kappa, start),
                known(4 * kappa, start, nesterov=True) / known(kappa, start, nesterov=True),
                tuned(4 * kappa, start) / tuned(kappa, start),
            ]
        )
    for ratio in np.transpose(found):
        median_within(ratio, 1.8, 2.3)
    equal(math.log((1 - 1 / 400) / (1 + 1 / 400)) / math.log((1 - 1 / 1600) / (1 + 1 / 1600)), 4, tolerance=0.01)
    growth = []
    for start in np.random.default_rng(draws(1)[0].integers(10**6)).uniform(0.5, 2, (20, 2)):
        row = [searched(k, 0.9, start) for k in (400, 1600, 6400)]
        assert row[1] < known(1600, start) and row[0] > 0.9 * known(400, start) and row[2] > known(6400, start)
        growth.append(row[2] / row[1])
    median_within(growth, 4.5, 5.5)


def moves(optimizer, gradient, start, n_steps):
    params, path = {"w": np.array(start, float)}, []
    state = optimizer.init(params)
    for _ in range(n_steps):
        updates, state = optimizer.update({"w": gradient(params["w"])}, state, params)
        params = optim.apply_updates(params, updates)
        path.append(updates["w"])
    return np.array(path)


@claim(
    "Gradient hơn kém nhau mười nghìn lần mà bước như nhau. Nhưng bước đầu dài gấp 10 lần $\\eta$, vì $v_1$ chỉ bằng $0.01\\,g^2$",
    "RMSProp và Adam còn ở gần chỗ xuất phát, vì bước của hai bộ này chỉ cỡ $\\eta$",
    "Adam cho mỗi tham số một cỡ bước, và cần hiệu chỉnh",
)
def test_steps_of_the_size_of_eta():
    for rng in draws(20):
        g = rng.uniform(0.5, 2) * np.array([100, 0.01])
        path = moves(optim.rmsprop(0.01, decay=0.99), lambda w, g=g: g, [0, 0], 5)
        equal(path[:, 0], path[:, 1], tolerance=1e-5)
        equal(path[0], -0.1, tolerance=1e-5)
        size = 10 ** rng.uniform(-1, 3)
        rosenbrock = lambda p, s=size: (
            s * np.array([-2 * (1 - p[0]) - 400 * p[0] * (p[1] - p[0] ** 2), 200 * (p[1] - p[0] ** 2)])
        )
        for optimizer in (optim.rmsprop(1e-3), optim.adam(1e-3)):
            steps = np.abs(moves(optimizer, rosenbrock, rng.uniform(-1.5, 1.5, 2), 300))[20:]
            median_within(steps / 1e-3, 0.01, 3)
            below(steps, 1e-2, at_least=1)


@claim(
    "Chia cho $1-\\beta^{t+1}$ là trả lại đúng $g$ và $g^2$",
    "m₁ = 0.1 g còn √v₁ = √0.001 |g|: tỷ số là 3.16",
    "√v₁ = √0.001 |g|, chừng 0.03 |g|",
    "$m$ lên gần 1 trong vài chục bước, $\\sqrt v$ sau 80 bước vẫn chưa đến 0.3, nên bước vọt lên",
)
def test_bias_correction():
    for rng in draws(20):
        g, b1, b2, m, v = rng.normal(), 0.9, 0.999, 0.0, 0.0
        for t in range(1, 50):
            m, v = b1 * m + (1 - b1) * g, b2 * v + (1 - b2) * g * g
            equal([m / (1 - b1**t), v / (1 - b2**t)], [g, g * g], tolerance=1e-9)
    equal([0.1 / math.sqrt(0.001), math.sqrt(0.001)], [3.16, 0.03], tolerance=0.003)
    assert 1 - 0.9**40 > 0.98 and math.sqrt(1 - 0.999**80) < 0.3


@claim(
    "Đúng $\\theta_2 = 0$ thì mắc mãi; lệch một chút thì rời yên, lâu hay chóng",
    "Hai dòng cuối xuống hai đáy khác nhau: nơi đến tùy nơi xuất phát",
)
def test_leaving_the_saddle():
    exits = []
    for rng in draws(20):
        x, row = rng.uniform(-2, 2), []
        for y in (0.3, 1e-3, 1e-6):
            p, t = np.array([x, y * rng.uniform(0.7, 1.3)]), 0
            while abs(p[1]) < 0.5:
                p, t = p - 0.1 * np.array([p[0], p[1] ** 3 - p[1]]), t + 1
            row.append(t)
        exits.append(row)
        p = np.array([x, 0.0])
        for _ in range(500):
            p = p - 0.1 * np.array([p[0], p[1] ** 3 - p[1]])
        assert p[1] == 0
        ends = []
        for y in (0.3, -0.3):
            for _ in range(500):
                y -= 0.1 * (y**3 - y)
            ends.append(y)
        equal(ends, [1, -1], tolerance=1e-6)
    rises(exits)


@claim(
    "GD, động lượng, Nesterov đứng yên, vì gradient xoay theo mặt",
    "RMSProp và Adam chia theo *từng tham số*, nên đường đi đổi: hai bộ này thấy các trục",
)
def test_who_sees_the_axes():
    rules = {
        "gd": lambda: optim.sgd(0.03),
        "u": lambda: optim.sgd(0.02, momentum=0.9),
        "nesterov": lambda: optim.sgd(0.02, momentum=0.9, nesterov=True),
        "rms": lambda: optim.rmsprop(0.03),
        "adam": lambda: optim.adam(0.03),
    }
    for rng in draws(20):
        angle, start = rng.uniform(0.2, 1.3), rng.uniform(0.5, 2, 2)
        turned, A = (
            np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]]),
            np.diag([1.0, 20]),
        )
        for name, rule in rules.items():
            plain = moves(rule(), A.__matmul__, start, 40).cumsum(axis=0)
            seen = moves(rule(), (turned @ A @ turned.T).__matmul__, turned @ start, 40).cumsum(axis=0) @ turned
            apart = np.abs(plain - seen).max()
            assert (apart < 1e-9) == (name in {"gd", "u", "nesterov"})


def adam_loss(rows, eta):
    model, X, rng = models.logistic(30), standard(CASES.X[rows]), np.random.default_rng(0)
    _, history = training.train(model, X, CASES.y[rows], optimizer=optim.adam(eta), epochs=5, batch_size=32, rng=rng)
    return history.train_loss[-1]


ETAS = 10.0 ** (np.arange(41) / 10 - 4)
BOWL = lambda p: np.array([p[0], 20 * p[1]])
VALLEY = lambda p: np.array([-2 * (1 - p[0]) - 400 * p[0] * (p[1] - p[0] ** 2), 200 * (p[1] - p[0] ** 2)])
SADDLE = lambda p: np.array([p[0], p[1] ** 3 - p[1]])


def raced(gradient, starts, angle, etas, n_steps=300):
    """Đường đi của năm bộ tối ưu từ nhiều chỗ, mỗi chỗ mọi η: ``{bộ: mảng (bước, 2, chỗ, η)}``, mặt xoay ``angle``."""
    turned, found = np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]]), {}
    for name in ("gd", "u", "nesterov", "rms", "adam"):
        p = np.einsum("ij,kj->ik", turned, starts)[:, :, None] * np.ones(len(etas))
        m, v, path = np.zeros_like(p), np.zeros_like(p), []
        for t in range(n_steps):
            g = np.einsum("ij,jkl->ikl", turned, gradient(np.einsum("ji,jkl->ikl", turned, p)))
            if name == "adam":
                m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g * g
                step = m / (1 - 0.9 ** (t + 1)) / (np.sqrt(v / (1 - 0.999 ** (t + 1))) + 1e-8)
            elif name == "rms":
                v = 0.99 * v + 0.01 * g * g
                step = g / (np.sqrt(v) + 1e-8)
            else:
                m = (name != "gd") * 0.9 * m + g
                step = g + 0.9 * m if name == "nesterov" else m
            p = np.clip(p - etas * step, -1e3, 1e3)
            path.append(np.einsum("ji,jkl->ikl", turned, p))
        found[name] = np.array(path)
    return found


def winners(gradient, loss, starts, angle):
    """Bộ nào thấp nhất ở từng chỗ, mỗi bộ dò η riêng ở đúng góc ấy, chấm trung vị 20 bước cuối."""
    runs = raced(gradient, starts, angle, ETAS)
    ends = [np.median(loss(run[-20:, 0], run[-20:, 1]), axis=0).min(axis=1) for run in runs.values()]
    return np.array(list(runs))[np.argmin(ends, axis=0)]


@claim("Đổi mặt thì người thắng đổi; ở bát dẹt, xoay 45° thì RMSProp mất chỗ đứng đầu")
def test_no_one_always_wins():
    starts = draws(1)[0].uniform([-2.5, 0.5], [-1, 1.5], (20, 2))
    bowl, valley = lambda x, y: (x * x + 20 * y * y) / 2, lambda x, y: (1 - x) ** 2 + 100 * (y - x * x) ** 2
    straight, slanted = (winners(BOWL, bowl, starts, angle) for angle in (0, math.pi / 4))
    often(straight == "rms", at_least=0.9)
    often(slanted != straight, at_least=0.9)
    often(winners(VALLEY, valley, starts, 0) != straight, at_least=0.9)


@claim(
    "`Xoay (độ) = 30`: RMSProp 7, Adam 39",
    "Yên càng chéo, hai bộ này càng chậm, nhất ở 45°",
    "Ba bộ kia đứng yên",
)
def test_a_slanted_saddle():
    rng, rows = draws(1)[0], {}
    starts = np.c_[rng.uniform(-2.2, -1, 20), 10 ** rng.uniform(-3.5, -2.5, 20)]
    for angle in (0, 15, 30, 45):
        runs = raced(SADDLE, starts, math.radians(angle), np.array([10**-1.5]))
        for name, run in runs.items():
            rows.setdefault(name, []).append((np.abs(run[:, 1, :, 0]) > 0.5).argmax(axis=0))
    rises(np.transpose(rows["rms"]))
    rises(np.transpose(rows["adam"]))
    below(rows["rms"][2], rows["nesterov"][2], at_least=0.9)
    for name in ("gd", "u", "nesterov"):
        equal(rows[name][3], rows[name][0])


@claim("mà Adam cũng được lợi khi\n    các cột đã chuẩn hóa")
def test_adam_gains_from_standardised_columns():
    rows = [rng.permutation(442)[:300] for rng in draws(20)]
    y, ends = np.stack([standard(PATIENTS.y[row]) for row in rows]), []
    for columns in (PATIENTS.X, standard(PATIENTS.X)):
        X = np.stack([columns[row] - columns[row].mean(axis=0) for row in rows])
        A, c = np.matmul(X.transpose(0, 2, 1), X) / 150, np.matmul(X.transpose(0, 2, 1), y[:, :, None]) / 150
        etas = 10.0 ** np.arange(-4, 0.5, 0.25)
        theta = m = v = np.zeros((20, 10, len(etas)))
        for t in range(1, 101):
            g = np.matmul(A, theta) - c
            m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g * g
            theta = theta - etas * m / (1 - 0.9**t) / (np.sqrt(v / (1 - 0.999**t)) + 1e-8)
        ends.append(((np.matmul(X, theta) - y[:, :, None]) ** 2).mean(axis=1).min(axis=1))
    below(ends[1], ends[0])


@claim("Độ dài chung của bước vẫn tùy $\\eta$, và chọn sai thì Adam cũng hỏng")
def test_adam_at_a_bad_rate():
    for rng in draws(5):
        rows = rng.permutation(569)[:300]
        tiny, good, huge = (adam_loss(rows, eta) for eta in (1e-5, 1e-2, 10.0))
        assert good < 0.4 < tiny and good < 0.4 < huge


# --- Ngộ nhận, câu hỏi ------------------------------------------------------------------------------------------------


@claim("Hằng số 5 không đổi độ dốc ở đâu cả")
def test_a_constant_has_no_slope():
    theta = np.linspace(-2, 2, 21)
    slope = lambda f: (f(theta + 1e-5) - f(theta - 1e-5)) / 2e-5
    equal(slope(lambda t: 3 * t**2 + 5), slope(lambda t: 3 * t**2), tolerance=1e-6)


@claim("gần bằng cả mô hình tốt nhất: có phải bạn đã dùng y?")
def test_correlations_in_the_exercise():
    X = np.c_[PATIENTS.X, np.ones(442)]
    fitted = X @ np.linalg.lstsq(X, PATIENTS.y, rcond=None)[0]
    assert 0.71 < np.corrcoef(fitted, PATIENTS.y)[0, 1] < 0.725
