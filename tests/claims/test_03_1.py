"""Bài 03.1: mỗi câu so sánh chạy lại trên những cách chia, những lượt bốc mà bài không cho xem."""

import functools
import math

import numpy as np

from mlcourse import data, model_selection, models
from tests.claims import below, claims, draws, equal, median_within, often, rises

claim = claims("03_1")

# Câu so sánh mà không cần khẳng định: nói thế là đặt tên, là kể việc sẽ làm, hay ô bên cạnh in ra đúng điều ấy.
NOT_CLAIMED = {
    "đặt tên": [
        "Learner đầu tiên là bảng chép lại của bài 00, tức 1 láng giềng gần nhất",
        "mỗi lớp một tâm, mẫu mới thuộc về tâm gần hơn",
        "Đoán bằng trung bình ba giá *đã biết* gần nhất",
        "Chỉ là thử nhiều lần, và báo cáo lần cao nhất",
        "đoạn đen là tập kiểm tra đang chọn, ít nhất 28 ca",
        "cột đông nhất vẽ cao bằng 1; vạch màu là đồng xu may nhất",
        "Phải: điểm cao nhất theo số lần thử; đường là kỳ vọng theo công thức",
    ],
    "việc sẽ làm": [
        "Ta chọn mô hình tốt nhất trên 40 ca xác thực",
        "trên bệnh án thật (mỗi ca một người): trung bình sáu cách chia ít nhất 0.9",
    ],
    "ô bên cạnh in ra": ['Hơn nửa số ảnh có "người quen" ở gần nhất'],
}
CASES, DIGITS = data.load_breast_cancer(), data.load_digits()
NEAREST = models.knn(1, classify=True)


def centroids(X, y):
    low, high = X[y == 0].mean(axis=0), X[y == 1].mean(axis=0)
    return lambda X: (((X - high) ** 2).sum(axis=1) < ((X - low) ** 2).sum(axis=1)).astype(int)


def score(fit, X, y, learnt, asked):
    return np.mean(fit(X[learnt], y[learnt])(X[asked]) == y[asked])


def top_columns(X, y, k=20):
    centered = X - X.mean(axis=0)
    return np.argsort(-np.abs(centered.T @ (y - y.mean())) / np.linalg.norm(centered, axis=0))[:k]


def noise(rng, columns):
    return rng.normal(size=(100, columns)), rng.permutation(np.repeat([0, 1], 50))


@functools.cache
def ways(n):
    return np.array([float(math.comb(n, j)) for j in range(n + 1)])


def binomial(n, p=0.5):
    j = np.arange(n + 1)
    return ways(n) * p**j * (1 - p) ** (n - j)


# --- Chia để làm gì -----------------------------------------------------------------------------------------------------


@claim(
    "Trên ca đã học, hai dòng bằng nhau",
    "0.964, bài 00 thì 0.939: khác cách chia",
    "Chỉ ca mới phân biệt được học với chép",
)
def test_the_learnt_cases_cannot_tell():
    found = []
    for rng in draws(20):
        rows, coins = rng.permutation(569), rng.integers(0, 2, 569)
        X = model_selection.standardizer(CASES.X[rows[:400]])(CASES.X)
        found.append(
            [[score(NEAREST, X, y, rows[:400], at) for at in (rows[:400], rows[400:])] for y in (CASES.y, coins)]
        )
    equal(np.array(found)[:, :, 0], 1)
    below(np.array(found)[:, 1, 1] + 0.2, np.array(found)[:, 0, 1], at_least=1)


@functools.cache
def chosen():
    found = []
    for rng in draws(100):
        train, val, test = np.split(rng.permutation(569), [60, 100])
        X = model_selection.standardizer(CASES.X[train])(CASES.X)
        tries = [rng.choice(30, 2, replace=False) for _ in range(50)]
        seen = [score(centroids, X[:, columns], CASES.y, train, val) for columns in tries]
        best = X[:, tries[np.argmax(seen)]]
        both = np.append(train, val)
        every = [score(centroids, X[:, columns], CASES.y, train, test) for columns in tries]
        mine = [score(centroids, best, CASES.y, rows, test) for rows in (train, both)]
        found.append([max(seen), *mine, np.mean(every)])
    return np.array(found)


@claim(
    "Chọn thì có lợi, nhưng điểm xác thực *được chọn vì cao*, nên khoe quá 5 điểm",
    "Gấp đôi số ảnh, 1 láng giềng được thêm 4 điểm",
)
def test_choosing_and_refitting():
    on_val, on_test, refitted, every = chosen().T
    below(every, on_test, at_least=0.9)
    assert 0.04 < np.mean(on_val - on_test) < 0.07
    often(on_val > on_test, at_least=0.85)
    assert -0.01 < np.mean(refitted - on_test) < 0  # học lại, bản được chọn thì không được thêm gì
    orders = [rng.permutation(1797) for rng in draws(20)]
    gained = [
        np.subtract(*(score(NEAREST, DIGITS.X, DIGITS.y, order[:n], order[200:600]) for n in (200, 100)))
        for order in orders
    ]
    often(np.array(gained) > 0, at_least=0.95)
    assert 0.035 < np.mean(gained) < 0.055


# --- Điểm kiểm tra chắc đến đâu --------------------------------------------------------------------------------------


def spread(right, n):
    return right[: len(right) // n * n].reshape(-1, n).mean(axis=1).std()


@functools.cache
def writers():
    form = DIGITS.y[:60]
    match = np.array([np.mean(DIGITS.y[i : i + 60] == form) for i in range(1737)])
    starts = np.flatnonzero(match > 0.5)
    return np.searchsorted(starts, np.arange(1797), side="right") - 1


@functools.cache
def apart():
    squares = (DIGITS.X**2).sum(axis=1)
    found = squares[:, None] + squares - 2 * DIGITS.X @ DIGITS.X.T
    np.fill_diagonal(found, np.inf)
    return found


@claim(
    "Xáo rồi cắt thì khớp: $n$ gấp 4, dao động nhỏ đi một nửa",
    "mà file này xếp theo người viết: khối nào gặp người chữ khó thì sai cả loạt",
)
def test_blocks_of_strangers_and_of_one_hand():
    ratio, halved, shuffled = [], [], []
    for rng in draws(20):  # học ba người viết bốc ngẫu nhiên
        learnt = np.flatnonzero(np.isin(writers(), rng.choice(14, 3, replace=False)))
        asked = np.setdiff1d(np.arange(1797), learnt)
        right = DIGITS.y[learnt[apart()[np.ix_(asked, learnt)].argmin(axis=1)]] == DIGITS.y[asked]
        se = math.sqrt(right.mean() * (1 - right.mean()) / 100)
        mixed = [np.mean([spread(rng.permutation(right), n) for _ in range(100)]) for n in (25, 100)]
        ratio.append(spread(right, 100) / se)
        halved.append(mixed[0] / mixed[1])
        shuffled.append(mixed[1] / se)
    median_within(ratio, 1.3, 2)
    below(1, ratio, at_least=0.9)
    equal(halved, 2, tolerance=0.25)
    equal(shuffled, 1, tolerance=0.12)


def interval(p_hat, n):
    g = 1.96**2 / n
    half = np.sqrt(g * p_hat * (1 - p_hat) + g**2 / 4)
    return (p_hat + g / 2 - half) / (1 + g), (p_hat + g / 2 + half) / (1 + g)


@claim(
    "Ở ba $p$ này, càng sát 1 thì khoảng thứ nhất càng hụt: nhiều lần quá hẹp vì $\\hat p$ tình cờ cao",
    "Ở 0.8 hai khoảng ngang nhau; ở 0.95 và 0.99 Wilson gần 95% hơn hẳn, tuy rất sát 1 thì có chỗ còn 84%",
    "tức $p$ nằm giữa hai nghiệm của một phương trình bậc hai",
)
def test_coverage():
    for n in (50, 100, 300, 1000):
        p_hat, covered = np.arange(n + 1) / n, []
        low, high = interval(p_hat, n)
        equal(low[1:], [model_selection.wilson_interval(k, n)[0] for k in range(1, n + 1)], tolerance=1e-4)
        for p in (0.8, 0.95, 0.99):
            half = 1.96 * np.sqrt(p_hat * (1 - p_hat) / n)
            weights = binomial(n, p)
            short = (np.abs(p_hat - p) > half) @ weights
            covered.append([1 - short, ((low <= p) & (p <= high)) @ weights])
            if p == 0.99:
                assert ((p_hat - p > half) & (p_hat > p)) @ weights > 0.9 * short
        rises(-np.array(covered)[:, 0])
        off = np.abs(np.array(covered) - 0.95)
        below(off[1:, 1], off[1:, 0], at_least=1)
        if n == 100:
            below(off[1:, 1] + 0.05, off[1:, 0] + 0.03, at_least=0.5)
            equal(off[0, 0], off[0, 1], tolerance=0.02)
        near_one = [((low <= p) & (p <= high)) @ binomial(n, p) for p in np.linspace(0.9, 1 - 0.1 / n, 2000)]
        assert 0.82 < min(near_one) < 0.88


@claim(
    "Bề rộng đi theo $1/\\sqrt n$: từ vài trăm mẫu, hẹp một nửa thì cần gấp bốn số mẫu",
    "Ít mẫu hơn thì khoảng còn rộng hơn thế",
)
def test_a_quarter_of_the_width_needs_four_times_the_cases():
    n = np.geomspace(28, 1e6, 60)
    ratio = np.subtract(*interval(0.95, n)[::-1]) / np.subtract(*interval(0.95, 4 * n)[::-1])
    equal(ratio[n > 300], 2, tolerance=0.03)
    below(2.02, ratio[n < 200], at_least=1)


# --- Chia cho giống lúc dùng -------------------------------------------------------------------------------------------


@claim(
    "Chia ngẫu nhiên *không* lệch về phía nào: trung bình qua mọi cách chia đúng bằng 15% số người bệnh",
    "Phân tầng bỏ phần may rủi ở *số* người bệnh của mỗi tập, còn trúng ai thì vẫn may rủi",
    "Chia 60/20/20 thì tập nào cũng có người bệnh",
)
def test_random_and_stratified_splits():
    for sick in (4, 8, 40):
        chance = [
            math.comb(sick, j) * math.comb(200 - sick, 30 - j) / math.comb(200, 30) for j in range(min(sick, 30) + 1)
        ]
        equal(np.arange(len(chance)) @ chance, 0.15 * sick)
        y = np.repeat([0, 1], [200 - sick, sick])
        parts = [
            model_selection.train_val_test_split(np.zeros((200, 1)), y, rng=rng, stratify=True) for rng in draws(20)
        ]
        assert len({part.y_test.sum() for part in parts}) == 1
        assert {part.y_train.sum() + part.y_val.sum() + part.y_test.sum() for part in parts} == {sick}
        if sick == 4:
            counted = [np.zeros((200, 1)), y]
            even = [
                model_selection.train_val_test_split(*counted, ratios=(0.6, 0.2, 0.2), rng=rng, stratify=True)
                for rng in draws(20)
            ]
            assert {(p.y_train.sum(), p.y_val.sum(), p.y_test.sum()) for p in even} == {(2, 1, 1)}
            assert {min(part.y_val.sum(), part.y_test.sum()) for part in parts} == {0}
            who = [
                model_selection.train_val_test_split(
                    np.arange(200.0)[:, None], y, ratios=(0.6, 0.2, 0.2), rng=rng, stratify=True
                ).X_test[-1, 0]
                for rng in draws(20)
            ]
            assert len(set(who)) > 1


@claim(
    "Chia theo ảnh, mô hình nhận ra người rồi chép đồng xu",
    "Đọc chữ số thì lệch ít hơn, nhưng số lỗi vẫn gấp hơn hai lần",
    "Cao hơn, vì người kiểm tra đã gặp lúc học",
)
def test_split_by_image_and_by_writer():
    rows, found = np.arange(1797.0)[:, None], []
    for rng in draws(40):
        coins = rng.integers(0, 2, 14)[writers()]
        for y in (DIGITS.y, coins):
            for part in (
                model_selection.train_val_test_split(rows, y, rng=rng),
                model_selection.group_split(rows, y, writers(), rng=rng),
            ):
                learnt, asked = part.X_train[:, 0].astype(int), part.X_test[:, 0].astype(int)
                found.append(np.mean(y[learnt[apart()[np.ix_(asked, learnt)].argmin(axis=1)]] == y[asked]))
    digit_image, digit_writer, coin_image, coin_writer = np.reshape(found, (40, 4)).T
    below(digit_writer, digit_image, at_least=0.75)
    below(coin_writer, coin_image, at_least=0.9)
    equal([coin_writer.mean(), coin_image.mean()], [0.5, 0.76], tolerance=0.06)
    assert digit_image.mean() - digit_writer.mean() < coin_image.mean() - coin_writer.mean() - 0.15
    assert (1 - digit_writer.mean()) / (1 - digit_image.mean()) > 2.1


@claim("Từ dòng đầu đến dòng cuối, phần lớn khoảng cách là do *đoán xa*, không phải do cách chia")
def test_the_horizon_makes_most_of_the_gap():
    day, found = np.arange(400.0)[:, None], []
    for rng in draws(200):
        price = 100 + np.cumsum(rng.normal(size=400))
        parts = [
            model_selection.train_val_test_split(day, price, rng=rng),
            model_selection.time_split(day, price),
        ]
        errors = [part.y_test - models.knn(3)(part.X_train, part.y_train)(part.X_test) for part in parts]
        forward = price[340:] - (price[337:397] + price[338:398] + price[339:399]) / 3
        found.append([np.mean(np.square(error)) for error in (errors[0], forward, errors[1])])
    found = np.sqrt(np.reshape(found, (20, 10, 3)).mean(axis=1))
    below(found[:, 0], found[:, 1], at_least=0.95)
    below(found[:, 1] - found[:, 0], 0.2 * (found[:, 2] - found[:, 0]), at_least=0.95)


# --- Rò rỉ ----------------------------------------------------------------------------------------------------------------


@claim(
    "Lúc dùng thật, mô hình gọi gần như ai cũng lành tính. Tập kiểm tra không báo gì",
    "đủ 30 số đo thì trung bình qua nhiều lần chia chỉ còn chừng 2 điểm",
)
def test_a_column_from_the_future():
    found = []
    for rng in draws(20):
        weeks = CASES.y * rng.integers(4, 9, 569)
        X = np.column_stack([CASES.X[:, [1, 4]], weeks])
        part = model_selection.train_val_test_split(X, CASES.y, rng=rng)
        standardize = model_selection.standardizer(part.X_train)
        train, test, today = map(standardize, (part.X_train, part.X_test, part.X_test * [1, 1, 0]))
        fits = [(train, test), (train, today), (train[:, :2], test[:, :2])]
        found.append([np.mean(centroids(learnt, part.y_train)(asked) == part.y_test) for learnt, asked in fits])
        assert np.mean(centroids(train, part.y_train)(today)) < 0.15
    told, real, without = np.transpose(found)
    below(0.93, told, at_least=1)
    below(real, without, at_least=0.85)
    gaps = []
    for rng in draws(40):
        weeks = CASES.y * rng.integers(4, 9, 569)
        part = model_selection.train_val_test_split(np.column_stack([CASES.X, weeks]), CASES.y, rng=rng)
        standardize, today = model_selection.standardizer(part.X_train), np.append(np.ones(30), 0)
        predict = centroids(standardize(part.X_train), part.y_train)
        right = [np.mean(predict(standardize(X)) == part.y_test) for X in (part.X_test, part.X_test * today)]
        gaps.append(right[0] - right[1])
    assert 0.008 < np.mean(gaps) < 0.03 < np.mean(told - real) - 0.2


@claim("Ở đây chuẩn hóa sớm hầu như vô hại; quên biến đổi thì hỏng hẳn: gần như ca nào cũng bị gọi là ác tính")
def test_scaling_early_and_forgetting():
    found = []
    for rng in draws(20):
        part = model_selection.train_val_test_split(CASES.X, CASES.y, rng=rng)
        early, right = model_selection.standardizer(CASES.X), model_selection.standardizer(part.X_train)
        for learnt, asked in [(early, early), (right, right), (right, lambda X: X)]:
            predict = models.knn(5, classify=True)(learnt(part.X_train), part.y_train)
            found.append(np.mean(predict(asked(part.X_test)) == part.y_test))
        assert np.mean(predict(part.X_test) == 1) > 0.95
    early, right, forgotten = np.reshape(found, (20, 3)).T
    equal(early, right, tolerance=0.025)
    assert abs(np.mean(early - right)) < 0.004
    below(forgotten, right - 0.4, at_least=1)


@claim(
    "Càng nhiều cột nhiễu, 20 cột đứng đầu càng khớp với nhãn của cả 100 người",
    "Gần 90%, như thể có cột đoán được nhãn",
    "Gần 90% từ nhiễu, chỉ vì hai dòng code đứng sai thứ tự",
    "Lợi nhiều hơn thế",
)
def test_choosing_columns_first():
    fits, scores = [], []
    for rng in draws(20):
        X, y = noise(rng, 5000)
        correlations = []
        for width in (50, 200, 1000, 5000):
            kept = X[:, top_columns(X[:, :width], y)]
            correlations.append(np.mean([abs(np.corrcoef(column, y)[0, 1]) for column in kept.T]))
        fits.append(correlations)
        train, test = np.split(rng.permutation(100), [70])
        scores.append(
            [score(centroids, X[:, top_columns(X[used], y[used])], y, train, test) for used in (range(100), train)]
        )
    rises(fits)
    median_within(np.array(fits)[:, 3], 0.28, 0.36)
    leaking, honest = np.mean(scores, axis=0)
    assert 0.86 < leaking < 0.94 and 0.45 < honest < 0.55


@claim(
    "Thử thêm, điểm cao nhất chỉ có lên; điểm thật đứng yên ở 0.5",
    "Nhiều người cùng thi trên một tập công khai cũng thế, tuy ít hơn: bài của họ giống nhau",
)
def test_the_best_so_far_only_rises():
    tries = []
    for rng in draws(20):
        scores = (rng.integers(0, 2, (300, 100)) == rng.integers(0, 2, 100)).mean(axis=1)
        assert (np.diff(np.maximum.accumulate(scores)) >= 0).all()
        # bài giống nhau: mỗi người chép một người trước ở chín phần mười số câu
        alike = np.where(rng.random((300, 100)) < 0.9, rng.integers(0, 2, 100), rng.integers(0, 2, (300, 100)))
        tries.append([scores.max(), (alike == rng.integers(0, 2, 100)).mean(axis=1).max()])
        equal(scores.mean(), 0.5, tolerance=0.02)
    assert np.mean(tries, axis=0)[1] < np.mean(tries, axis=0)[0] - 0.02


@claim("Người cao nhất không quá $j$ khi cả 1000 người, tung độc lập, đều không quá $j$")
def test_the_best_of_a_thousand():
    F = np.minimum(np.cumsum(binomial(100)), 1) ** 1000
    expected = np.diff(F, prepend=0) @ np.arange(101)
    equal(
        expected, np.mean([rng.binomial(100, 0.5, (100, 1000)).max(axis=1).mean() for rng in draws(20)]), tolerance=0.2
    )


def mended(rng, left):
    X, y = noise(rng, 500)
    X = X / np.linalg.norm(X, axis=1, keepdims=True)
    if 2 in left:
        X, y = np.tile(X, (2, 1)), np.tile(y, 2)
    train, val, test = np.split(rng.permutation(len(y)), [len(y) * 6 // 10, len(y) * 8 // 10])
    used = np.arange(len(y)) if 3 in left else train
    X = X[:, top_columns(X[used], y[used])]
    X = model_selection.standardizer(X[train])(X)
    asked = test if 8 in left else val
    best = max((1, 3, 5, 7, 9), key=lambda k: score(models.knn(k, classify=True), X, y, train, asked))
    return score(models.knn(best, classify=True), X, y, train, test)


@claim(
    "Trên nhiễu (100 người, 500 cột), cả ba dòng cho 0.88",
    "0.80, dòng 3 được 0.72, dòng 8 được 0.57; chữa cả ba thì 0.49",
)
def test_each_leak_alone():
    told = {
        frozenset({2}): 0.80,
        frozenset({3}): 0.72,
        frozenset({8}): 0.57,
        frozenset(): 0.49,
        frozenset({2, 3, 8}): 0.88,
    }
    for left, wanted in told.items():
        equal(np.mean([mended(rng, left) for rng in draws(300)]), wanted, tolerance=0.02)


# --- Những con số trong câu hỏi ------------------------------------------------------------------------------------------


@claim(
    "Chừng 9 điểm phần trăm, hơn kém 4 đến 5 điểm",
    "Muốn hẹp đến 1\n    điểm thì cần hơn 7000 mẫu",
    "nếu thật là 80% thì\n    đúng 95 trên 100 hầu như không bao giờ xảy ra",
    "Trong 100 người mới khác, số người đoán đúng dễ dàng hơn kém vài người",
)
def test_width_in_the_quiz():
    equal(np.subtract(*model_selection.wilson_interval(95, 100)[::-1]), 0.09, tolerance=0.003)
    assert 7000 < 0.95 * 0.05 * (1.96 / 0.005) ** 2 < 7500
    assert binomial(100, 0.8)[95:].sum() < 1e-4
    often([abs(rng.binomial(100, 0.95) - 95) >= 2 for rng in draws(200)], at_least=0.3)


@claim(
    "Số lần đúng của mỗi người dao động với độ lệch chuẩn 5",
    "Hơn 55 thì đã có chừng 136 người",
    "Khoảng 66 trên 100, hơn ba độ lệch chuẩn",
    "Một người đúng từ 80 trở lên là chuyện chưa đến một phần tỷ",
)
def test_coins_in_the_quiz():
    weights = binomial(100)
    equal(np.sqrt(weights @ (np.arange(101) - 50) ** 2), 5)
    equal(1000 * weights[56:].sum(), 136, tolerance=1)
    assert weights[80:].sum() < 1e-9
    median_within([rng.binomial(100, 0.5, 1000).max() for rng in draws(100)], 65, 67)


@claim("một rò rỉ lớn thì đổi seed vẫn cho con số đẹp")
def test_a_leak_is_there_at_every_seed():
    found = []
    for rng in draws(20):
        X, y = noise(rng, 2000)
        train, test = np.split(rng.permutation(100), [70])
        found.append(score(centroids, X[:, top_columns(X, y)], y, train, test))
    below(0.65, found, at_least=1)
