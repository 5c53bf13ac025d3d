"""Bài 03.2: mỗi câu so sánh chạy lại trên những lượt bốc mà bài không cho xem."""

import functools
import itertools

import numpy as np

from mlcourse import data, losses, models, optim, regularization, training
from mlcourse.exercises import lesson_03_2
from tests.claims import below, claims, draws, equal, median_within, often, rises

claim = claims("03_2")

# Câu so sánh mà không cần khẳng định: nói thế là đặt tên, hay là kể việc sẽ làm.
NOT_CLAIMED = {
    "đặt tên": [
        "chỗ thấp nhất là *mức với tới được*",
        "So con số trên mẫu mới với mức thấp nhất với tới được",
        "Bên trái chỗ thấp nhất của đường nét đứt là dưới khớp, bên phải là quá khớp",
        "mà không thấp hơn mức tốt nhất thì dừng, và *trả về tham số của epoch tốt nhất*",
        "bên cạnh chạy đủ 120 epoch và epoch tốt nhất",
        "*Giảm ít nhất* là mức phải thấp hơn mới được kể là khá hơn",
        "**tăng cường dữ liệu** (*data augmentation*)",
        "ta lấy nghiệm có $\\lVert w\\rVert$ **nhỏ nhất**",
    ],
    "việc sẽ làm": [
        "mất mát trên những ảnh chưa dùng phải thấp hơn ít nhất 10%",
        "MSE ấy phải thấp hơn không phạt và thấp hơn đoán trung bình ít nhất 5%",
    ],
}
DIGITS = data.load_digits()
PIXELS, LABELS = DIGITS.X / 16, DIGITS.y
NETWORK = models.mlp((64, 64, 10))


def mean_square(e, axis=None):
    return np.mean(e**2, axis=axis)


@functools.cache
def runs(n, epochs, eta, count=20, dropout=0.0):
    """Mỗi lượt: mất mát huấn luyện, mất mát và độ chính xác xác thực, độ tự tin lúc sai theo epoch; và kiểm tra."""
    model, found = models.mlp((64, 64, 10), dropout=dropout), []
    for rng in draws(count):
        order = rng.permutation(len(LABELS))
        train, val, test = order[:n], order[n : n + 200], order[n + 200 :]
        steps = training.run_epochs(
            model,
            PIXELS[train],
            LABELS[train],
            optimizer=optim.adam(eta),
            rng=rng,
            batch_size=20,
            validation=(PIXELS[val], LABELS[val]),
        )
        rows, kept = [], []
        for params, both in itertools.islice(steps, epochs + 1):
            p_hat = model.predict(params, PIXELS[val])
            wrong = p_hat.argmax(axis=1) != LABELS[val]
            rows.append((*both, 1 - wrong.mean(), p_hat.max(axis=1)[wrong].mean()))
            kept.append(params)
        found.append((np.array(rows), kept, test))
    return found


# --- Hai bệnh -----------------------------------------------------------------------------------------------------------


@claim(
    "Cột thứ nhất không bao giờ tăng",
    "Cột thứ hai xuống rồi lên",
    "bậc 2 không hơn bậc 1, mà bậc 3 hơn hẳn",
    "Đường liền chui xuống dưới mức nhiễu ngay từ bậc 3, bậc tốt nhất: mô hình nào cũng học một ít nhiễu",
    "Đến đây bức tranh là: tăng năng lực thì sai số trên mẫu mới xuống, rồi lên",
    "Bậc 1 dưới khớp: hai đường chập vào nhau ở mức cao, thêm dữ liệu không giúp",
    "Bậc 9 quá khớp khi ít mẫu: thêm mẫu thì điểm mới xuống gần mức nhiễu",
)
def test_capacity():
    new_points = data.make_sine(2000, noise_std=0.3, rng=np.random.default_rng(99))
    seen, new, more = [], [], []
    for rng in draws(20):
        X, y = data.make_sine(20, noise_std=0.3, rng=rng)
        fits = [models.polynomial(degree)(X, y) for degree in (0, 1, 3, 9, 12, 2)]
        seen.append([losses.mse(y, fit(X)) for fit in fits])
        new.append([losses.mse(new_points[1], fit(new_points[0])) for fit in fits])
        X, y = data.make_sine(400, noise_std=0.3, rng=rng)
        more.append([losses.mse(new_points[1], models.polynomial(d)(X, y)(new_points[0])) for d in (1, 9)])
    assert (np.diff(seen, axis=1)[:, :4] <= 1e-9).all()
    *middle, second = np.median(new, axis=0)
    middle = np.array(middle)
    often(np.array(new)[:, 5] > np.array(new)[:, 1], at_least=0.7)
    assert middle[2] < 0.6 * second
    assert np.mean(seen, axis=0)[2] < 0.09
    assert middle.argmin() == 2 and middle[0] > middle[1] > middle[2] < middle[3] < middle[4]
    equal(np.median(more, axis=0)[0] / middle[1], 0.9, tolerance=0.15)
    equal(np.median(more, axis=0)[1], 0.09, tolerance=0.015)


@claim(
    "Công thức đúng: 0.67 và 1.53 là bình thường với mô hình đúng",
    "Mà vẫn *hạ được* mẫu mới xuống 1.31, bằng cách để mẫu đã học xấu đi: "
    "theo mức phạt, bình phương tối thiểu ở đây quá khớp, dù đúng dạng",
    "trung bình $\\sigma^2\\,\\mathbb E[1/\\sum_i x_i^2] = \\frac{\\sigma^2}{n-2}$",
    "mỗi trọng số góp $\\frac{\\sigma^2}{n-d-1}$",
    "hạ được số thứ hai; số trên tập huấn luyện thì lên",
)
def test_the_right_model_can_still_be_improved():
    n, d, free, shrunk, stopped = 30, 10, [], [], []
    for rng in draws(20):
        A, w = rng.normal(size=(400, n, d)), rng.normal(size=(400, d, 1))
        w /= np.linalg.norm(w, axis=1, keepdims=True)
        b = A @ w + rng.normal(size=(400, n, 1))
        gram, moment = A.swapaxes(1, 2) @ A, A.swapaxes(1, 2) @ b
        early = np.zeros_like(w)
        for _ in range(8):
            early -= 0.2 / n * (gram @ early - moment)
        ways = free, shrunk, stopped
        for found, w_hat in zip(
            ways, (np.linalg.solve(gram, moment), np.linalg.solve(gram + 9 * np.eye(d), moment), early)
        ):
            found.append((mean_square(A @ w_hat - b), 1 + np.mean(np.sum((w_hat - w) ** 2, axis=1))))
        diagonal = np.diagonal(np.linalg.inv(gram), axis1=1, axis2=2)
        equal(diagonal.mean() * (n - d - 1), 1, tolerance=0.12)
        equal(np.mean(1 / np.sum(rng.normal(size=(20_000, n)) ** 2, axis=1)) * (n - 2), 1, tolerance=0.02)
    free, shrunk, stopped = map(np.array, (free, shrunk, stopped))
    equal(free.mean(axis=0), [0.667, 1.526], tolerance=0.02)
    for weaker in (shrunk, stopped):
        below(weaker[:, 1], free[:, 1], at_least=1)
        below(free[:, 0], weaker[:, 0], at_least=1)
        equal(weaker[:, 1].mean(), 1.31, tolerance=0.02)


@claim(
    "Sau epoch 20, mất mát xác thực tăng mà độ chính xác gần như đứng yên",
    "mạng vẫn sai bấy nhiêu ảnh, nhưng sai tự tin hơn",
)
def test_loss_turns_while_accuracy_stays():
    turned, accuracy, sure = [], [], []
    for rows, *_ in runs(80, 120, 0.01):
        turn = rows[:, 1].argmin()
        turned.append(rows[-1, 1] / rows[turn, 1])
        accuracy.append(rows[-1, 2] - rows[turn, 2])
        sure.append(rows[-1, 3] - rows[min(turn, 30), 3])
    below(1.02, turned, at_least=0.8)
    median_within(accuracy, -0.015, 0.015)
    below(0, sure, at_least=0.95)


@claim(
    "Hai đường còn cùng xuống mạnh: học chưa xong",
    "Ca không bệnh nào thì chỉ còn mua thêm ảnh",
    "Ở ca E đã thử từ 64 đến 512 nút và nhiều mức phạt: trên ảnh chưa dùng, không hơn được 10%",
)
def test_each_patient_is_helped_by_its_own_remedy_alone():
    for name, (case, illness) in lesson_03_2.CASES.items():
        before = lesson_03_2.trained(*case)[1]
        helped = {
            remedy
            for remedy, changed in lesson_03_2.TREATMENTS.items()
            if lesson_03_2.trained(*changed(*case), early=remedy == "dừng sớm")[1] <= 0.9 * before
        }
        allowed = {
            "quá khớp": {"dừng sớm"},
            "dưới khớp": {"học gấp ba", "nút gấp tám", "bỏ phạt"},
            "không bệnh nào": set(),
        }[illness]
        assert helped - {"ảnh gấp bốn"} <= allowed, (name, helped)
        assert (helped & allowed) if allowed else helped == {"ảnh gấp bốn"}, (name, helped)
    n, hidden, _, eta, epochs = lesson_03_2.CASES["E"][0]
    other = [(64, 0), (256, 0), (512, 0), *((hidden, l2) for l2 in (1e-4, 1e-3, 3e-3, 1e-2, 3e-2))]
    before = lesson_03_2.trained(*lesson_03_2.CASES["E"][0])[1]
    below(0.9 * before, [lesson_03_2.trained(n, h, l2, eta, epochs)[1] for h, l2 in other], at_least=1)


# --- Thuốc --------------------------------------------------------------------------------------------------------------


@claim(
    "Hướng càng hẹp thì bị co càng mạnh",
    "Ở hướng hẹp, một chút nhiễu trong $y$ làm trọng số nhảy rất xa: co ở đó bớt được nhiều nhiễu nhất",
    "Một chiều, mục tiêu $\\frac12(w-w_0)^2$ cộng phạt, chỗ thấp nhất là",
    "Với $|w_0| \\le \\lambda$, nhích khỏi 0 về phía nào cũng chỉ lên",
    "Các vector $Xq_j$ cũng vuông góc với nhau",
)
def test_penalties():
    for rng in draws(20):
        X = rng.normal(size=(60, 5)) * [3, 2, 1, 0.5, 0.2] @ np.linalg.qr(rng.normal(size=(5, 5)))[0]
        X -= X.mean(axis=0)
        values, q = np.linalg.eigh(2 * X.T @ X / 60)
        y = X @ rng.normal(size=5) + rng.normal(size=60)
        y -= y.mean()
        lam = 10 ** rng.uniform(-2, 0)
        free, ridge = models.least_squares(X, y)["w"], models.least_squares(X, y, l2=lam)["w"]
        left = (ridge @ q) / (free @ q)
        equal(left, values / (values + 2 * lam), tolerance=1e-6)
        rises(left)
        jump = [
            np.std([models.least_squares(X, rng.normal(size=60))["w"] @ q[:, j] for _ in range(20)]) for j in (0, 4)
        ]
        below(5 * jump[1], jump[0], at_least=1)
        gram = (X @ q).T @ (X @ q)
        equal(gram - np.diag(np.diag(gram)), 0, tolerance=1e-9)
        w, start = np.linspace(-3, 3, 60_001), rng.uniform(-1, 1)
        equal(w[(0.5 * (w - start) ** 2 + lam * w**2).argmin()], start / (1 + 2 * lam), tolerance=2e-4)
        lasso = np.sign(start) * max(abs(start) - lam, 0)
        equal(w[(0.5 * (w - start) ** 2 + lam * np.abs(w)).argmin()], lasso, tolerance=2e-4)


@claim(
    "mỗi bước nhân trọng số với $1-2\\eta\\lambda$",
    "AdamW co hai tham số như nhau; SGD gần như thế",
    "ở $\\lambda$ nhỏ, tham số có gradient nhỏ bị kéo mạnh hơn hẳn, mà tăng $\\lambda$ gấp trăm thì sau 50 bước vẫn ở 0.54",
    "gradient chỉ còn là phần phạt thì bước của Adam dài chừng $\\eta$, 50 bước đi được nhiều nhất cỡ $50\\eta = 0.5$",
)
def test_adam_caps_the_penalty():
    def shrink(optimizer, lam, rng):
        params = {"w": np.ones(2)}
        state = optimizer.init(params)
        sizes = np.array([1.0, 0.01])
        for signs in rng.choice([-1.0, 1.0], (25, 1)).repeat(2, axis=0) * np.tile([[1.0], [-1.0]], (25, 1)):
            updates, state = optimizer.update({"w": signs * sizes + 2 * lam * params["w"]}, state, params)
            params = optim.apply_updates(params, updates)
        return params["w"]

    for rng in draws(20):
        light, heavy = shrink(optim.adam(0.01), 0.05, rng), shrink(optim.adam(0.01), 5.0, rng)
        assert light[1] < light[0] - 0.2
        equal([light[1], heavy[1]], 0.54, tolerance=0.03)
        for lam in (0.05, 0.5):
            assert np.ptp(shrink(optim.sgd(0.01), lam, rng)) < 0.05
            # AdamW: gradient không có phần phạt
            assert np.ptp(shrink(optim.adamw(0.01, weight_decay=2 * lam), 0.0, rng)) < 0.001
        theta, g, eta = rng.normal(size=5), rng.normal(size=5), 0.1
        equal(theta - eta * (g + 2 * 0.3 * theta), (1 - 2 * eta * 0.3) * theta - eta * g)


@claim(
    "Quên chia thì lúc đánh giá tầng ẩn mạnh gấp năm lúc học",
    "chia cho $1-p$ thì trở lại $h_i$",
    "Độ chính xác gần như không đổi, nên lỗi này trốn rất kỹ",
)
def test_forgetting_to_divide():
    worse, accuracy = [], []
    for rng in draws(8):
        order = rng.permutation(len(LABELS))
        few, val = order[:80], order[80:480]
        start, batches = NETWORK.init(rng), [list(training.batches(80, 20, rng=rng)) for _ in range(60)]
        masks, found = rng.random((240, 20, 64)) >= 0.8, []
        for scale in (5.0, 1.0):
            params, optimizer = start, optim.adam(0.01)
            state = optimizer.init(params)
            for batch, mask in zip(itertools.chain.from_iterable(batches), masks):
                x, mask = PIXELS[few[batch]], mask * scale
                hidden = np.maximum(x @ params["w1"] + params["b1"], 0)
                gap = losses.softmax(hidden * mask @ params["w2"] + params["b2"]) - np.eye(10)[LABELS[few[batch]]]
                gap /= 20
                back = gap @ params["w2"].T * mask * (hidden > 0)
                grads = {"w1": x.T @ back, "b1": back.sum(0), "w2": (hidden * mask).T @ gap, "b2": gap.sum(0)}
                updates, state = optimizer.update(grads, state, params)
                params = optim.apply_updates(params, updates)
            right = NETWORK.predict(params, PIXELS[val]).argmax(axis=1) == LABELS[val]
            found.append((NETWORK.loss(params, PIXELS[val], LABELS[val]), right.mean()))
        worse.append(found[1][0] / found[0][0])
        accuracy.append(found[1][1] - found[0][1])
        h = rng.random(1000)
        equal(np.mean([h * (rng.random(1000) >= 0.8) / 0.2 for _ in range(2000)]) / h.mean(), 1, tolerance=0.01)
    below(1, worse, at_least=1)
    median_within(worse, 1.3, 2.2)
    equal(np.mean(accuracy), 0, tolerance=0.03)


@claim(
    "Đo cùng chế độ (đường liền) thì huấn luyện thấp hơn xác thực",
    "Trên nhiều cách chia khác, mất mát thấp hơn chừng một phần mười, độ chính xác hơn chưa đến một điểm phần trăm",
)
def test_dropout_on_clean_digits():
    plain, dropped = runs(200, 60, 0.01), runs(200, 60, 0.01, dropout=0.4)
    below([rows[-1, 0] for rows, *_ in dropped], [rows[-1, 1] for rows, *_ in dropped], at_least=1)
    lowest = np.array([[rows[rows[:, 1].argmin()] for rows, *_ in found] for found in (plain, dropped)])
    equal(lowest[1, :, 1].mean() / lowest[0, :, 1].mean(), 0.9, tolerance=0.06)
    assert 0 < lowest[1, :, 2].mean() - lowest[0, :, 2].mean() < 0.01


@claim(
    "Dừng sớm theo mất mát thì được mất mát: xác suất bớt tự tin sai",
    "Độ chính xác thì thường còn thấp hơn chút ít, và theo dõi chính độ chính xác cũng không hơn",
    "60 ảnh xác thực cũng không miễn phí: đem ra học thì hơn cả hai",
    "với số epoch đã chọn, mất mát thấp hơn chút ít; cần nhãn thì chạy đủ",
    "được mất mát, chưa chắc được độ chính xác, và tốn ảnh xác thực",
)
def test_early_stopping_buys_loss_not_accuracy():
    found = []
    for rng in draws(40):
        order, seed = rng.permutation(len(LABELS)), rng.integers(2**31)
        val, test = order[60:120], order[120:]

        def walk(train, val=val, seed=seed):
            steps = training.run_epochs(
                NETWORK,
                PIXELS[train],
                LABELS[train],
                optimizer=optim.adam(0.02),
                rng=np.random.default_rng(seed),
                batch_size=20,
                validation=(PIXELS[val], LABELS[val]),
            )
            return zip(*[(params, both[1]) for params, both in itertools.islice(steps, 61)])

        kept, losses_seen = walk(order[:60])
        wrong = [np.mean(NETWORK.predict(params, PIXELS[val]).argmax(axis=1) != LABELS[val]) for params in kept]
        chosen, epochs = [kept[60]], []
        for watched in (losses_seen, wrong):
            rule = regularization.EarlyStopping(patience=8)
            for value in watched:
                rule = rule if rule.stopped else rule.update(value)
            chosen.append(kept[rule.best_epoch])
            epochs.append(rule.best_epoch)
        row = []
        all_kept, _ = walk(order[:120])
        for params in (*chosen, all_kept[60], all_kept[epochs[0]]):
            p_hat = NETWORK.predict(params, PIXELS[test])
            off = p_hat.argmax(axis=1) != LABELS[test]
            row.append(
                (NETWORK.loss(params, PIXELS[test], LABELS[test]), 1 - off.mean(), p_hat.max(axis=1)[off].mean())
            )
        found.append(row)
    loss, right, sure = np.moveaxis(np.array(found), 2, 0)
    below(loss[:, 1], loss[:, 0], at_least=0.8)
    below(sure[:, 1], sure[:, 0], at_least=0.8)
    for column in (1, 2):  # theo mất mát, rồi theo độ chính xác
        often(right[:, column] < right[:, 0], at_least=0.6)
        median_within(right[:, column] - right[:, 0], -0.03, 0)
    below(loss[:, 3], np.minimum(loss[:, 0], loss[:, 1]), at_least=0.85)
    below(np.maximum(right[:, 0], right[:, 1]), right[:, 3], at_least=0.9)
    assert loss[:, 4].mean() < loss[:, 3].mean() and right[:, 4].mean() < right[:, 3].mean()


@claim(
    "Dịch trái phải: độ chính xác hơn vài điểm phần trăm, mất mát không tăng",
    "Thêm bản dịch lên xuống thì mất mát lên: chữ ở đây chạm cả hàng trên lẫn hàng dưới, dịch là cắt mất nét",
)
def test_shifted_copies():
    def shifted(images, dy, dx):
        padded = np.pad(images.reshape(-1, 8, 8), ((0, 0), (1, 1), (1, 1)))
        return padded[:, 1 + dy : 9 + dy, 1 + dx : 9 + dx].reshape(-1, 64)

    edges = PIXELS.reshape(-1, 8, 8)[:, [0, -1]].sum(axis=2)
    assert (edges > 0).all()
    moves, found = [(0, 0), (0, 1), (0, -1), (1, 0), (-1, 0)], []
    for rng in draws(40):
        train, test = np.split(rng.permutation(len(LABELS))[:1327], [30])
        seed, row = rng.integers(2**31), []
        for n_copies, epochs in ((1, 160), (3, 64), (5, 40)):
            params, _ = training.train(
                NETWORK,
                np.concatenate([shifted(PIXELS[train], *move) for move in moves[:n_copies]]),
                np.tile(LABELS[train], n_copies),
                optimizer=optim.adam(0.01),
                epochs=epochs,
                batch_size=20,
                rng=np.random.default_rng(seed),
            )
            right = NETWORK.predict(params, PIXELS[test]).argmax(axis=1) == LABELS[test]
            row.append((right.mean(), NETWORK.loss(params, PIXELS[test], LABELS[test])))
        found.append(row)
    right, loss = np.moveaxis(np.array(found), 2, 0)
    assert 0.01 < (right[:, 1] - right[:, 0]).mean() < 0.05
    assert loss[:, 1].mean() < 1.02 * loss[:, 0].mean() and loss[:, 1].mean() < 0.98 * loss[:, 2].mean()
    below(loss[:, 1], loss[:, 2], at_least=0.6)


# --- Hai lần xuống --------------------------------------------------------------------------------------------------------


@claim(
    "Xuống một lần, lên đến đỉnh ở $d \\approx n$, rồi *xuống lần nữa*, ở đây còn thấp hơn đáy lần đầu",
    "Ở $d = 39$ chỉ còn đúng một bộ tham số đi qua mọi điểm, phải chạy theo cả nhiễu, nên thường rất dài",
    "Nhiều đặc trưng hơn thì có nhiều bộ như thế, và bộ ngắn nhất êm hơn hẳn",
    "Phạt L2 đủ mạnh ($\\lambda = 0.3$) thì không còn đỉnh",
)
def test_double_descent():
    counts, found, calm = [2, 10, 20, 39, 60, 400], [], []
    for rng in draws(60):
        X, direction, W = rng.normal(size=(340, 10)), rng.normal(size=10) / np.sqrt(10), rng.normal(size=(10, 400))
        y, rows = np.sin(X @ direction) + 0.3 * rng.normal(size=340), []
        for d in counts:
            H = np.maximum(X @ W[:, :d], 0)
            fit = models.least_squares(H[:40], y[:40])
            left = y - models.logits(fit, H)
            assert d < 39 or np.abs(left[:40]).max() < 1e-4
            rows.append((mean_square(left[40:]), np.linalg.norm(fit["w"])))
        found.append([*rows, (mean_square(y[40:] - y[:40].mean()), 0)])
        calm.append(
            [
                mean_square(
                    y[40:]
                    - models.ridge(0.3)(np.maximum(X[:40] @ W[:, :d], 0), y[:40])(np.maximum(X[40:] @ W[:, :d], 0))
                )
                for d in (20, 39, 60)
            ]
        )
    for part in np.split(np.array(found), 3):  # ba lần hai mươi lượt
        two, ten, twenty, peak, sixty, wide, constant = np.median(part[:, :, 0], axis=0)
        valley = min(ten, twenty)
        assert valley < two and valley < peak / 5 and wide < sixty < peak and wide <= 1.15 * valley < constant
        lengths = np.median(part[:, :, 1], axis=0)
        assert lengths[3] > 4 * lengths[1] and lengths[3] > 4 * lengths[5]
    assert np.median(calm, axis=0).max() < 1.15 * np.median(calm, axis=0).min()


@claim(
    "Nhiều người, ít cột: phạt nhẹ không đổi gì, phạt nặng thì hại",
    "Ít người: phạt nhẹ cứu được nhiều",
)
def test_when_a_penalty_helps():
    patients, many, few = data.load_diabetes(), [], []
    for rng in draws(40):
        order = rng.permutation(442)
        for n, found in ((342, many), (30, few)):
            learn, hidden = order[100 : 100 + n], order[:100]
            center, scale = patients.X[learn].mean(0), patients.X[learn].std(0)
            fit = models.ridge([0.0, 0.1, 10.0])((patients.X[learn] - center) / scale, patients.y[learn])
            said = fit((patients.X[hidden] - center) / scale)
            found.append(mean_square(patients.y[hidden, None] - said, axis=0))
    plain, light, heavy = np.mean(many, axis=0)
    assert abs(light / plain - 1) < 0.02 and heavy > 1.4 * plain
    plain, light, _ = np.mean(few, axis=0)
    assert light < 0.88 * plain
