"""Nhân tính toán của metrics, models và optim: đếm, cộng, xếp, trộn; công thức thì nằm ở module gọi.

Mảng dài được đọc từng khối vừa bộ nhớ đệm: nhanh hơn, và không mảng tạm nào dài bằng n. Đối số đã qua kiểm tra.
"""

import numpy as np

SIZE = 1 << 14  # số phần tử mỗi khối: vài mảng tạm cỡ này vẫn nằm trong bộ nhớ đệm


# ---- cộng ----


def total(f, *arrays):
    """Tổng của ``f(khối của từng mảng)`` trên các khối.

    >>> total(lambda a, b: a @ b, np.array([1, 2]), np.array([3, 4]))
    np.int64(11)
    """
    if len(arrays[0]) <= SIZE:
        return f(*arrays)
    return sum(f(*[a[i : i + SIZE] for a in arrays]) for i in range(0, len(arrays[0]), SIZE))


def squares(y, center):
    """Σ (y - center)², tính bằng float64; ``center`` là mảng cùng dạng với y, hay một số.

    >>> squares(np.array([1, 2]), np.array([1, 4])), squares(np.array([1, 2]), 1.5)
    (4.0, 0.5)
    """

    def added(y, c=center):
        d = np.subtract(y, c, dtype=np.float64)
        return d @ d

    return float(total(added, y, center) if isinstance(center, np.ndarray) else total(added, y))


def mean(f, *arrays, weight=None):
    """Trung bình, có trọng số hay không, của ``f(*arrays)`` tính từng phần tử.

    >>> mean(lambda y, p: (y - p) ** 2, np.array([1.0, 2.0]), np.array([1.0, 4.0]))
    2.0
    """

    def added(*parts):
        values = f(*parts)
        return np.count_nonzero(values) if values.dtype.kind == "b" else np.add.reduce(values)

    if weight is None:
        return float(total(added, *arrays) / len(arrays[0]))
    return float(total(lambda w, *parts: f(*parts) @ w, weight, *arrays) / weight.sum())


# ---- đếm ----


def confusion(y_true, y_pred, weight=None):
    """Các lớp có mặt, tăng dần, và bảng ``(K, K)``: số mẫu (hay tổng trọng số) của từng cặp (thật, đoán).

    >>> confusion(np.array([0, 0, 1]), np.array([0, 1, 1]))
    ([0, 1], array([[1, 1],
           [0, 1]]))
    """
    counted = weight is None and {y_true.dtype.kind, y_pred.dtype.kind} <= set("iub")
    top = int(np.bitwise_or.reduce(y_true)) | int(np.bitwise_or.reduce(y_pred)) if counted else -1
    if not 0 <= top < 128:  # OR không âm thì không nhãn nào âm, và không nhãn nào lớn hơn OR
        return _named_table(y_true, y_pred, weight)
    C = _table(y_true, y_pred, top + 1)
    if 0 not in C.diagonal().tolist():
        return list(range(top + 1)), C
    seen = np.flatnonzero(np.bitwise_or.reduce(C | C.T))  # các lớp có mặt
    return seen.tolist(), C[seen[:, None], seen]


def _named_table(y_true, y_pred, weight):
    classes, codes = np.unique(np.concatenate([y_true, y_pred]), return_inverse=True)
    if len(classes) > 2000:
        raise ValueError(
            f"Nhãn có đến {len(classes)} giá trị khác nhau ({', '.join(map(repr, classes[:5].tolist()))}, …). "
            "Đây có phải là nhãn của các lớp không?"
        )
    return classes.tolist(), _table(*np.split(codes, 2), len(classes), weight)


def _table(a, b, k, weight=None):
    """Bảng ``(k, k)`` của các cặp (a, b), với a và b là số nguyên từ 0 đến k - 1."""

    def count(a, b, w=None):  # int64, để nhãn int8 không tràn
        return np.bincount(np.asarray(a, np.int64) * k + np.asarray(b, np.int64), w, k * k)

    return total(count, a, b, *([] if weight is None else [weight])).reshape(k, k)


# ---- xếp ----


def sorted_sides(score, positive):
    """Điểm của các mẫu âm và của các mẫu dương, mỗi bên xếp tăng dần.

    >>> sorted_sides(np.array([3.0, 1.0, 2.0]), np.array([False, True, False]))
    (array([2., 3.]), array([1.]))
    """
    sides = score[np.flatnonzero(~positive)], score[np.flatnonzero(positive)]  # nhanh hơn chỉ số bool
    for side in sides:
        side.sort()
    return sides


def pairs_won(negatives, positives):
    """Số cặp (dương, âm) mà bên dương cao điểm hơn, hòa tính một nửa; hai bên đã xếp tăng dần.

    >>> pairs_won(np.array([0.1, 0.4]), np.array([0.4, 0.8]))
    3.5
    """
    few, many = sorted((negatives, positives), key=len)

    def wins(s):  # nhân đôi để mỗi cặp hòa là 1: số nguyên, không làm tròn
        below = many.searchsorted(s)
        tied = np.flatnonzero(many.take(below, mode="clip") == s)
        return 2 * int(below.sum()) + int((many.searchsorted(s[tied], "right") - below[tied]).sum() if tied.size else 0)

    won = total(wins, few) / 2
    return won if few is positives else len(few) * len(many) - won


def descending(score, positive, weight=None):
    """Điểm xếp giảm dần, kèm số dương (0 hoặc 1) và trọng số của từng điểm.

    >>> descending(np.array([0.1, 0.9, 0.5]), np.array([False, True, False]))
    (array([0.9, 0.5, 0.1]), array([1, 0, 0]), None)
    """
    if weight is not None:
        order = score.argsort()[::-1]
        return score[order], positive[order].astype(np.int64), weight[order]
    negatives, positives = sorted_sides(score, positive)
    score = np.concatenate([negatives, positives])
    order = score.argsort(kind="stable")[::-1]  # hai dãy đã xếp nối nhau: chỉ còn việc trộn, nhanh hơn xếp từ đầu
    return score[order], (order >= len(negatives)).astype(np.int64), None


# ---- mô hình và tham số ----


def relu(z):
    """max(0, z), ghi đè lên z: với mảng lớn, xin bộ nhớ mới lâu hơn cả phép tính.

    >>> relu(np.array([-1.0, 2.0]))
    array([0., 2.])
    """
    return np.maximum(z, 0, out=z)


def each(step, grads, *state):
    """``step(g, *trạng thái cũ) -> update, *trạng thái mới`` trên mọi tham số; trả về các dict cùng khóa.

    ``step`` tính theo từng phần tử, nên tham số nhỏ được nối lại mà tính một lần, tham số lớn thì tính từng khối.

    >>> each(lambda g, v: (-g, v + g), {"w": np.array([1.0]), "b": np.array([2.0])}, {"w": np.ones(1), "b": np.ones(1)})
    [{'w': array([-1.]), 'b': array([-2.])}, {'w': array([2.]), 'b': array([3.])}]
    """
    old = (grads, *state)
    if sum(g.size for g in grads.values()) <= SIZE:
        parts = [[d[name].ravel() for name in grads] for d in old]
        flat = [np.concatenate(arrays) if len(arrays) > 1 else arrays[0] for arrays in parts]
        return [_split(values, grads) for values in step(*flat)]
    new = [{name: np.empty(g.shape) for name, g in grads.items()} for _ in old]
    for name, g in grads.items():
        sources, targets = ([d[name].reshape(-1) for d in dicts] for dicts in (old, new))
        for start in range(0, g.size, SIZE // 2):  # một công thức như Adam có đến tám mảng tạm
            block = slice(start, start + SIZE // 2)
            for target, values in zip(targets, step(*(source[block] for source in sources))):
                target[block] = values
    return new


def _split(flat, like):
    arrays, start = {}, 0
    for name, a in like.items():
        arrays[name] = flat[start : start + a.size].reshape(a.shape)
        start += a.size
    return arrays
