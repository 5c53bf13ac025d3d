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
    "đặt tên": [
        "*Bảng chép lại* cất mọi ca đã học; gặp một ca thì chép lại kết luận của ca giống nhất",
        "và *lớn nhất*, tức trung bình của ba giá trị lớn nhất trong ca",
    ],
    "ô bên cạnh in ra": ["lần này, trên 114 ca, ngưỡng rẻ nhất lại đúng 0.5"],
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
    return [one_pass(rng) for rng in draws(80)]


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
    "Đúng 100% trên ca đã học thì trí nhớ cũng làm được: chép đủ là xong",
    "Trên ca chưa học, bảng ấy thường kém mô hình kia",
    "chia lại thì thường ngược lại",
)
def test_a_lookup_table_is_right_on_what_it_holds():
    held, new, train = [], [], []
    for one in passes():
        train.append(((MODEL.predict(one.params, one.X[0]) >= 0.5) == one.split.y_train).mean())
        lookup = models.knn(1, classify=True)(one.X[0], one.split.y_train)
        held.append((lookup(one.X[0]) == one.split.y_train).mean())
        new += [
            ((lookup(X) == y).mean(), ((score >= 0.5) == y).mean())
            for X, y, score in ((one.X[1], one.split.y_val, one.val), (one.X[2], one.split.y_test, one.test))
        ]
    equal(held, 1)
    below(*np.transpose(new), at_least=0.8)
    below([model for _, model in new[::2]], train, at_least=0.6)


@claim(
    "Bỏ sót đắt thì báo sớm: ngưỡng chọn được thường ở dưới 0.5",
    "Chi phí nhìn thấy *lúc chọn* thì quá đẹp, sang tập kiểm tra mới thật",
    "chọn bằng 114 ca không hơn 0.5 được rõ ràng, và không rẻ bằng ngưỡng 1/6 không nhìn ca nào",
)
def test_a_chosen_threshold_looks_cheap_where_it_was_chosen():
    rows, chosen = [], []
    for one in passes():
        chosen.append(min(THRESHOLDS, key=lambda threshold: cost(one.split.y_val, one.val, threshold)))
        both = ((one.split.y_val, one.val), (one.split.y_test, one.test))
        rows.append([[cost(y, score, threshold) for y, score in both] for threshold in (chosen[-1], 0.5, 1 / 6)])
    (seen, unseen), (half_seen, half), (_, theory) = np.mean(rows, axis=0)
    often(np.less(chosen, 0.5), at_least=0.7)
    assert unseen - seen > 2 + (half - half_seen)  # 0.5 không ai chọn cũng xê dịch: phần ấy không tính
    gap = np.array(rows)[:, 0, 1] - np.array(rows)[:, 1, 1]
    assert abs(gap.mean()) < 2 * gap.std() / np.sqrt(len(gap)) and theory < unseen


@claim(
    "Nhích rất ít thì mất mát vẫn đổi, một bên xuống, một bên lên: thế là máy biết đường đi",
    "Độ chính xác đứng yên, nên chưa nói được gì",
)
def test_a_nudge_moves_the_loss_and_not_the_accuracy():
    slopes, still, moved = [], [], []
    for one in passes():
        down, here, up = ({**one.params, "w": one.params["w"] + nudge} for nudge in (-0.0001, 0, 0.0001))
        loss = [MODEL.loss(params, one.X[0], one.split.y_train) for params in (down, here, up)]
        right = [((MODEL.predict(p, one.X[0]) >= 0.5) == one.split.y_train).sum() for p in (down, here, up)]
        slopes.append((loss[0] - loss[1]) * (loss[2] - loss[1]) < 0)
        still.append(len(set(right)) == 1)
        far = MODEL.predict({**one.params, "w": one.params["w"] + 0.2}, one.X[0]) >= 0.5
        moved.append((far == one.split.y_train).sum() != right[1])
    often(slopes, at_least=0.95)
    often(still, at_least=0.95)
    often(moved, at_least=0.9)


@claim(
    "31 tham số thuộc được cả 30 nhãn bịa, mà ra ca mới thì vô dụng (luôn nói lành tính đã đúng 63%)",
    "Cũng 31 tham số ấy không thuộc nổi 341 nhãn bịa, mà nhãn thật thì đúng gần hết",
)
def test_random_labels_are_learned_when_few():
    plain, learned, new = models.logistic(30), [[], [], []], []
    for one, rng in zip(passes(), draws(20)):
        nonsense = rng.permutation(one.split.y_train)
        for y, found in zip((nonsense[:30], nonsense, one.split.y_train), learned):
            X = one.X[0][: len(y)]
            params, _ = training.train(plain, X, y, optimizer=optim.adam(0.1), epochs=500, rng=rng)
            found.append(((plain.predict(params, X) >= 0.5) == y).mean())
            if len(y) == 30:
                new.append(((plain.predict(params, one.X[1]) >= 0.5) == one.split.y_val).mean())
    often(np.equal(learned[0], 1), at_least=0.9)
    below(learned[1], 0.75, at_least=1)
    below(0.97, learned[2], at_least=1)
    below(new, 0.63, at_least=0.75)


@claim("**AUC** là tỷ lệ cặp (một ca ác tính, một ca lành tính) mà mô hình cho ca ác tính xác suất cao hơn (bài 04.1)")
def test_auc_counts_pairs():
    for one in passes():
        sick, well = one.test[one.split.y_test == 1], one.test[one.split.y_test == 0]
        equal((sick[:, None] > well).mean(), metrics.roc_auc_score(one.split.y_test, one.test), tolerance=1e-4)


@claim("Lấy tham số ngẫu nhiên khác thì con số này có khi rất khác")
def test_before_learning_the_accuracy_is_luck():
    one = passes()[0]
    right = [((MODEL.predict(MODEL.init(rng), one.X[1]) >= 0.5) == one.split.y_val).mean() for rng in draws(40)]
    assert np.ptp(right) > 0.5 and np.std(right) > 0.1
