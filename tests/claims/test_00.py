"""Bài 00: mỗi câu so sánh chạy lại cả lượt đi trên những cách chia mà bài không cho xem."""

import functools
from typing import NamedTuple

import numpy as np

from mlcourse import data, losses, metrics, model_selection, models, optim, training
from tests.claims import below, claims, draws, equal, often, rises

claim = claims("00")

# Câu so sánh mà không cần khẳng định: nói thế là đặt tên, là kể việc sẽ làm, hay ô bên cạnh in ra đúng điều ấy.
NOT_CLAIMED = {
    "việc sẽ làm": ["Thiếu thứ gì, dòng ấy mang dấu ✗ và nói luôn việc cần làm"],
    "đặt tên": ["*Bảng chép lại* cất mọi ca đã học; gặp một ca thì tìm ca giống nhất trong bảng rồi chép lại kết luận"],
    "ô bên cạnh in ra": ["Mô hình cơ sở, luôn nói *lành tính*, cũng đúng ngần ấy mà không nhìn gì"],
}
CASES = data.load_breast_cancer()
MODEL = models.logistic(30, l2=1e-3)
THRESHOLDS = np.arange(1, 20) / 20


class Pass(NamedTuple):
    """Một lượt đi trên một cách chia khác: ba tập đã chuẩn hóa, mô hình, và điểm trên tập xác thực, tập kiểm tra."""

    split: object
    X: tuple
    params: dict
    val: np.ndarray
    test: np.ndarray


@functools.cache
def passes():
    return [one_pass(rng) for rng in draws(60)]


def one_pass(rng):
    split = model_selection.train_val_test_split(CASES.X, CASES.y, ratios=(0.6, 0.2, 0.2), rng=rng, stratify=True)
    X = tuple(map(model_selection.standardizer(split.X_train), (split.X_train, split.X_val, split.X_test)))
    params, _ = training.train(
        MODEL, X[0], split.y_train, optimizer=optim.adam(0.01), epochs=60, batch_size=32, rng=rng
    )
    return Pass(split, X, params, MODEL.predict(params, X[1]), MODEL.predict(params, X[2]))


def cost(y, score, threshold):
    return 5 * ((y == 1) & (score < threshold)).sum() + ((y == 0) & (score >= threshold)).sum()


@claim("càng nói chắc mà sai càng bị phạt nặng")
def test_a_confident_error_is_punished_more():
    rises([losses.binary_cross_entropy([1], [z]) for z in -np.linspace(0, 20, 50)])


@claim(
    "Đúng 100% trên ca đã học là việc của trí nhớ: bảng nào chép đủ cũng làm được",
    "Trên ca chưa học, bảng ấy thường kém mô hình kia",
)
def test_a_lookup_table_is_right_on_what_it_holds():
    held, new = [], []
    for one in passes():
        lookup = models.knn(1, classify=True)(one.X[0], one.split.y_train)
        held.append((lookup(one.X[0]) == one.split.y_train).mean())
        new += [
            ((lookup(X) == y).mean(), ((score >= 0.5) == y).mean())
            for X, y, score in ((one.X[1], one.split.y_val, one.val), (one.X[2], one.split.y_test, one.test))
        ]
    equal(held, 1)
    below(*np.transpose(new), at_least=0.8)


@claim(
    "Sang tập kiểm tra, số lần ngưỡng chọn được rẻ hơn 0.5 và số lần đắt hơn xấp xỉ nhau: chọn bằng 114 ca, ta chưa mua "
    "được gì chắc chắn",
    "Mà chi phí nhìn thấy *lúc chọn* thì đẹp hơn thật",
)
def test_a_chosen_threshold_buys_nothing_sure():
    seen, unseen, fixed = [], [], []
    for one in passes():
        best = min(THRESHOLDS, key=lambda threshold: cost(one.split.y_val, one.val, threshold))
        seen.append(cost(one.split.y_val, one.val, best))
        unseen.append(cost(one.split.y_test, one.test, best))
        fixed.append(cost(one.split.y_test, one.test, 0.5))
    gap = np.subtract(unseen, fixed)
    assert abs((gap < 0).sum() - (gap > 0).sum()) < 0.25 * len(gap)
    assert np.mean(seen) < 0.75 * np.mean(unseen)


@claim(
    "Nhích rất ít thì mất mát vẫn đổi, một bên xuống, một bên lên: thế là máy biết đường đi",
    "Độ chính xác đứng yên, nên chưa nói được gì",
)
def test_a_nudge_moves_the_loss_and_not_the_accuracy():
    slopes, still = [], []
    for one in passes():
        down, here, up = ({**one.params, "w": one.params["w"] + nudge} for nudge in (-0.0001, 0, 0.0001))
        loss = [MODEL.loss(params, one.X[1], one.split.y_val) for params in (down, here, up)]
        right = [((MODEL.predict(p, one.X[1]) >= 0.5) == one.split.y_val).sum() for p in (down, here, up)]
        slopes.append((loss[0] - loss[1]) * (loss[2] - loss[1]) < 0)
        still.append(len(set(right)) == 1)
    often(slopes, at_least=0.95)
    often(still, at_least=0.95)


@claim("31 tham số thuộc được cả 30 nhãn bịa", "Cũng 31 tham số ấy không thuộc nổi 341 nhãn bịa")
def test_random_labels_are_learned_when_few():
    plain, learned = models.logistic(30), {30: [], 341: []}
    for one, rng in zip(passes(), draws(20)):
        for n, found in learned.items():
            y = rng.permutation(one.split.y_train)[:n]
            params, _ = training.train(plain, one.X[0][:n], y, optimizer=optim.adam(0.1), epochs=500, rng=rng)
            found.append(((plain.predict(params, one.X[0][:n]) >= 0.5) == y).mean())
    often(np.equal(learned[30], 1), at_least=0.9)
    below(learned[341], 0.75, at_least=1)


@claim("Cùng hạt giống (*seed*), cùng máy thì cùng từng chữ số; đổi hạt giống mới đổi kết quả")
def test_a_seed_is_a_result():
    one = passes()[0]
    loss = lambda seed: training.train(
        MODEL, one.X[0], one.split.y_train, optimizer=optim.adam(0.01), epochs=5, rng=np.random.default_rng(seed)
    )[1].train_loss[-1]
    found = [loss(seed) for seed in range(500, 520)]
    assert found == [loss(seed) for seed in range(500, 520)] and len(set(found)) == 20


@claim("**AUC** là phần cặp (một ca ác tính, một ca lành tính) mà mô hình cho ca ác tính con số cao hơn (bài 04.1)")
def test_auc_counts_pairs():
    for one in passes():
        sick, well = one.test[one.split.y_test == 1], one.test[one.split.y_test == 0]
        equal((sick[:, None] > well).mean(), metrics.roc_auc_score(one.split.y_test, one.test), tolerance=1e-4)


@claim("Lấy tham số ngẫu nhiên khác thì con số này khác hẳn")
def test_before_learning_the_accuracy_is_luck():
    one = passes()[0]
    right = [((MODEL.predict(MODEL.init(rng), one.X[1]) >= 0.5) == one.split.y_val).mean() for rng in draws(40)]
    assert np.ptp(right) > 0.5 and np.std(right) > 0.1
