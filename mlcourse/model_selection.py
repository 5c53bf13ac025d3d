"""Lựa chọn mô hình (mục 3.1 và 5): chia dữ liệu, xác thực chéo, khoảng tin cậy.

``X`` dạng ``(n_samples, n_features)``, ``y`` dạng ``(n_samples,)``. Một *learner* là hàm ``fit(X, y) -> predict``, nên
mọi mô hình của scikit-learn hay PyTorch vào được qua một lambda. Các fold là danh sách cặp mảng chỉ số
``(train, test)``. ``n_jobs`` chạy các vòng song song qua joblib; kết quả không phụ thuộc vào nó. Mọi hàm báo
``ValueError`` hoặc ``TypeError`` khi dữ liệu sai dạng, rỗng, khác số mẫu, có NaN hoặc vô cực, hoặc tùy chọn sai. Nguồn
chung: Hastie, Tibshirani, Friedman (2009), "The elements of statistical learning", chương 7.
"""

from functools import partial
from typing import NamedTuple

import numpy as np

from . import _check, _rounds


class Split(NamedTuple):
    """Ba tập không giao nhau; thứ tự như scikit-learn: các X trước, các y sau."""

    X_train: np.ndarray
    X_val: np.ndarray
    X_test: np.ndarray
    y_train: np.ndarray
    y_val: np.ndarray
    y_test: np.ndarray

    def __repr__(self):
        return f"Split(huấn luyện {len(self.y_train)} mẫu, xác thực {len(self.y_val)}, kiểm tra {len(self.y_test)})"


class Interval(NamedTuple):
    """Khoảng tin cậy từ ``low`` đến ``high``, theo đơn vị của con số được ước lượng."""

    low: float
    high: float


class NestedScores(NamedTuple):
    """Xác thực chéo lồng nhau: điểm của từng fold ngoài, dạng ``(k,)``, và tên learner được chọn ở fold ấy."""

    scores: np.ndarray
    chosen: tuple[str, ...]


# ---- chia một lần ----


def train_val_test_split(X, y, *, ratios=(0.7, 0.15, 0.15), rng, stratify=False):
    """Chia ngẫu nhiên thành tập huấn luyện, tập xác thực và tập kiểm tra; mỗi mẫu vào đúng một tập. Trả về ``Split``.

    ``ratios`` là ba số dương có tổng bằng 1. Số mẫu của mỗi tập là n·tỷ lệ, làm tròn theo phần dư lớn nhất.
    ``stratify=True`` chia phân tầng: ở từng lớp của ``y``, mỗi tập lệch chưa đến một mẫu so với tỷ lệ; phần lẻ của lớp
    trước dồn sang lớp sau, nên cỡ của cả tập cũng lệch chưa đến một mẫu.

    >>> X, y = np.arange(20.0).reshape(20, 1), np.repeat([0, 1], [16, 4])
    >>> split = train_val_test_split(X, y, ratios=(0.5, 0.25, 0.25), rng=np.random.default_rng(0), stratify=True)
    >>> split
    Split(huấn luyện 10 mẫu, xác thực 5, kiểm tra 5)
    >>> [int(part.sum()) for part in (split.y_train, split.y_val, split.y_test)]  # 4 ca dương chia 2 : 1 : 1
    [2, 1, 1]

    Khác scikit-learn: chia ba trong một lần gọi, và nguồn ngẫu nhiên là ``rng``, không phải ``random_state``.
    """
    X, y, ratios = *_data(X, y, labels=stratify), _three(ratios)
    _check.generator(rng)

    parts, owed = ([], [], []), np.zeros(3)  # owed: phần lẻ mà các lớp trước còn nợ mỗi tập
    for rows in [np.flatnonzero(y == label) for label in np.unique(y)] if stratify else [np.arange(len(y))]:
        counts = _share(len(rows), ratios, owed)
        owed += len(rows) * ratios - counts
        for part, chosen in zip(parts, np.split(rng.permutation(rows), np.cumsum(counts)[:2]), strict=True):
            part.append(chosen)
    return _take(X, y, [rng.permutation(np.concatenate(part)) for part in parts], ratios)


def group_split(X, y, groups, *, ratios=(0.7, 0.15, 0.15), rng):
    """Chia theo nhóm: các mẫu cùng nhóm (một bệnh nhân, một tác giả) vào cùng một tập. Trả về ``Split``.

    ``groups`` dạng ``(n_samples,)`` là nhãn nhóm. Các nhóm được xáo trộn rồi cắt ở nơi gần ``ratios`` nhất, nên cỡ của
    các tập chỉ gần đúng tỷ lệ.

    >>> X, y, patient = np.arange(6.0).reshape(6, 1), np.zeros(6, int), ["a", "a", "b", "b", "c", "c"]
    >>> split = group_split(X, y, patient, ratios=(0.4, 0.3, 0.3), rng=np.random.default_rng(0))
    >>> [part.ravel().tolist() for part in (split.X_train, split.X_val, split.X_test)]  # mỗi tập một bệnh nhân
    [[2.0, 3.0], [4.0, 5.0], [0.0, 1.0]]
    """
    X, y, ratios = *_data(X, y), _three(ratios)
    groups = _check.labels("groups", groups)
    _check.same_length("groups", groups, "y", y)
    names, group = np.unique(groups, return_inverse=True)
    if len(names) < 3:
        raise ValueError(f"groups chỉ có {len(names)} nhóm: cần ít nhất ba, mỗi tập một nhóm.")
    rank = _check.generator(rng).permutation(len(names))  # nhóm g đứng thứ rank[g]
    filled = np.cumsum(np.bincount(rank[group]))
    first, second = (np.abs(filled - len(y) * share).argmin() for share in np.cumsum(ratios)[:2])
    first = min(first, len(names) - 3)  # mỗi tập giữ ít nhất một nhóm
    second = min(max(second, first + 1), len(names) - 2)
    part = np.searchsorted([first, second], rank[group])
    return _take(X, y, [np.flatnonzero(part == i) for i in range(3)], ratios)


def time_split(X, y, *, ratios=(0.7, 0.15, 0.15)):
    """Chia theo thời gian: các mẫu đã xếp từ cũ đến mới; học quá khứ, thử trên tương lai. Trả về ``Split``.

    >>> time_split([[1.0], [2.0], [3.0], [4.0]], [1.0, 2.0, 3.0, 4.0], ratios=(0.5, 0.25, 0.25)).y_test
    array([4.])
    """
    X, y, ratios = *_data(X, y), _three(ratios)
    cuts = np.cumsum(_share(len(y), ratios, np.zeros(3)))[:2]
    return _take(X, y, np.split(np.arange(len(y)), cuts), ratios)


def standardizer(X_train):
    """Hàm ``standardize(X)`` đưa từng cột về trung bình 0, độ lệch chuẩn 1, với hai con số ấy chỉ lấy từ ``X_train``.

    Dùng hàm nhận được cho cả ba tập: tập xác thực và tập kiểm tra không góp gì vào phép chuẩn hóa, nên không rò rỉ.
    Kết quả không còn đơn vị. Cột không đổi trên ``X_train`` chỉ được trừ trung bình.

    >>> standardize = standardizer([[1.0, 5.0], [3.0, 5.0]])  # cột 0: trung bình 2, độ lệch chuẩn 1
    >>> standardize([[2.0, 5.0], [5.0, 6.0]])
    array([[0., 0.],
           [3., 1.]])
    """
    X_train = _check.real("X_train", X_train, ndim=2)
    mean, std = X_train.mean(axis=0), X_train.std(axis=0)
    std[X_train.max(axis=0) == X_train.min(axis=0)] = 1

    def standardize(X):
        X = _check.real("X", X, ndim=2)
        if X.shape[1] != len(mean):
            raise ValueError(f"X có {X.shape[1]} cột nhưng X_train có {len(mean)} cột: cần bằng nhau.")
        return (X - mean) / std

    return standardize


# ---- chia thành fold ----


def k_fold(n_samples, n_splits=5, *, n_repeats=1, rng=None):
    """Chia 0..n-1 thành k phần bằng nhau (lệch nhiều nhất 1); mỗi phần làm tập kiểm tra một lần.

    Trả về danh sách k cặp chỉ số ``(train, test)``. ``rng=None`` giữ nguyên thứ tự, có ``rng`` thì xáo trộn trước.
    ``n_repeats`` lặp lại với những lần xáo trộn khác nhau, cho k · n_repeats cặp.

    >>> for train, test in k_fold(5, 2):
    ...     print(train, test)
    [3 4] [0 1 2]
    [0 1 2] [3 4]
    """
    n, k = _check.integer("n_samples", n_samples, low=2), _splits(n_splits, n_samples, "số mẫu")
    fold = np.repeat(np.arange(k), [n // k + (i < n % k) for i in range(k)])
    return _repeat(lambda: fold if rng is None else rng.permutation(fold), k, n_repeats, rng)


def stratified_k_fold(y, n_splits=5, *, n_repeats=1, rng=None):
    """Như ``k_fold``, nhưng mỗi fold giữ tỷ lệ các lớp của ``y``: số mẫu mỗi lớp ở các fold lệch nhau nhiều nhất 1.

    >>> for train, test in stratified_k_fold([0, 0, 0, 0, 1, 1], 2):
    ...     print(test)
    [0 2 4]
    [1 3 5]

    Khác scikit-learn: một lớp có ít mẫu hơn k là lỗi, không phải cảnh báo, vì sẽ có fold không có lớp ấy. Mẫu lẻ của
    mỗi lớp rơi vào fold nào thì tùy thứ tự tăng dần của nhãn, không tùy nhãn nào gặp trước.
    """
    y = _check.labels("y", y)
    k = _splits(n_splits, np.unique(y, return_counts=True)[1].min(), "số mẫu của lớp ít nhất")

    def assign():
        order = np.arange(len(y)) if rng is None else rng.permutation(len(y))
        fold = np.empty(len(y), int)
        fold[order[np.argsort(y[order], kind="stable")]] = np.arange(len(y)) % k
        return fold

    return _repeat(assign, k, n_repeats, rng)


def group_k_fold(groups, n_splits=5, *, rng=None):
    """Chia thành k fold sao cho các mẫu cùng nhóm ở cùng một fold: nhóm lớn xếp trước, vào fold đang ít mẫu nhất.

    ``groups`` dạng ``(n_samples,)``. Có ``rng`` thì các nhóm bằng cỡ được xáo trộn.

    >>> for train, test in group_k_fold(["a", "a", "a", "b", "c"], 2):
    ...     print(test)
    [0 1 2]
    [3 4]
    """
    names, group, size = np.unique(_check.labels("groups", groups), return_inverse=True, return_counts=True)
    k = _splits(n_splits, len(names), "số nhóm")
    order = np.arange(len(names)) if rng is None else _check.generator(rng).permutation(len(names))
    fold_of, filled = np.empty(len(names), int), np.zeros(k)
    for g in order[np.argsort(-size[order], kind="stable")]:
        fold_of[g] = filled.argmin()
        filled[fold_of[g]] += size[g]
    return _pairs(fold_of[group], k)


def time_series_folds(n_samples, n_splits=5):
    """Fold theo thời gian: k đoạn cuối lần lượt làm tập kiểm tra, và chỉ học từ những gì đứng trước đoạn ấy.

    Đoạn kiểm tra nào cũng dài ⌊n / (k + 1)⌋. Nguồn: Hyndman, Athanasopoulos (2021), "Forecasting: principles and
    practice", mục 5.10.

    >>> for train, test in time_series_folds(6, 2):
    ...     print(train, test)
    [0 1] [2 3]
    [0 1 2 3] [4 5]
    """
    n = _check.integer("n_samples", n_samples, low=3)
    k = _splits(n_splits, n - 1, "số mẫu trừ 1")
    size = n // (k + 1)
    starts = range(n - k * size, n, size)
    return [(np.arange(start), np.arange(start, start + size)) for start in starts]


# ---- xác thực chéo ----


def cross_val_score(fit, X, y, *, metric, n_splits=5, rng=None, folds=None, n_jobs=None):
    """Xác thực chéo: với mỗi fold, học trên phần còn lại rồi đo ``metric(y_test, predict(X_test))`` trên fold ấy.

    Trả về mảng ``(k,)``; ``metric`` trả về m số (mỗi giá trị λ một số) thì ``(k, m)``. ``folds`` là danh sách cặp chỉ
    số, ví dụ từ ``stratified_k_fold``; không có thì dùng ``k_fold(n, n_splits, rng=rng)``. Mọi bước chuẩn bị dữ liệu
    phải nằm trong ``fit``. Nguồn: Stone (1974), JRSS B 36.

    >>> mean = lambda X, y: lambda X_new: np.full(len(X_new), y.mean())
    >>> squared = lambda y, y_pred: np.mean((y - y_pred) ** 2)
    >>> cross_val_score(mean, [[0.0], [0.0], [0.0], [0.0]], [1.0, 1.0, 3.0, 3.0], metric=squared, n_splits=2)
    array([4., 4.])
    """
    X, y = _data(X, y)
    folds = k_fold(len(y), n_splits, rng=rng) if folds is None else _check_folds(folds, len(y))
    return np.array(_rounds.run(partial(_score, fit, X, y, metric), folds, n_jobs=n_jobs))


def nested_cross_val_score(learners, X, y, *, metric, n_splits=5, n_inner=5, rng, n_jobs=None):
    """Xác thực chéo lồng nhau: chọn learner bằng xác thực chéo *bên trong* phần huấn luyện, rồi mới đo trên fold ngoài.

    ``learners`` là dict tên -> learner; ``metric`` càng nhỏ càng tốt. Điểm đo được là của cả quy trình chọn, không của
    riêng một learner. Trả về ``NestedScores``. Nguồn: Varma, Simon (2006), BMC Bioinformatics 7.

    >>> always = lambda c: lambda X, y: lambda X_new: np.full(len(X_new), c)
    >>> constant = {"0": always(0.0), "9": always(9.0)}
    >>> absolute = lambda y, y_pred: np.mean(np.abs(y - y_pred))
    >>> nested_cross_val_score(constant, np.zeros((8, 1)), np.full(8, 7.0), metric=absolute, n_splits=2, n_inner=2,
    ...                        rng=np.random.default_rng(0))
    NestedScores(scores=array([2., 2.]), chosen=('9', '9'))
    """
    X, y = _data(X, y)
    if not isinstance(learners, dict) or not learners:
        raise TypeError(f"learners cần là dict tên -> learner, có ít nhất một learner, nhưng nhận được {learners!r}.")
    folds = k_fold(len(y), n_splits, rng=_check.generator(rng))
    smallest = min(len(train) for train, _ in folds)
    _splits(n_inner, smallest, "số mẫu huấn luyện của mỗi fold ngoài", name="n_inner")
    rounds = [(train, test, source) for (train, test), source in zip(folds, rng.spawn(len(folds)))]
    scores, chosen = zip(*_rounds.run(partial(_nested_round, learners, X, y, metric, n_inner), rounds, n_jobs=n_jobs))
    return NestedScores(np.array(scores), chosen)


def one_standard_error_rule(scores):
    """Luật một sai số chuẩn: ứng viên đơn giản nhất có mất mát không quá mức thấp nhất cộng một sai số chuẩn.

    ``scores`` dạng ``(n_candidates, n_folds)`` là mất mát, ứng viên xếp từ đơn giản nhất. Sai số chuẩn là s / √k của
    ứng viên tốt nhất. Trả về chỉ số của ứng viên. Nguồn: Breiman và cộng sự (1984), mục 3.4.3.

    >>> one_standard_error_rule([[5.0, 7.0], [3.0, 5.0], [2.0, 5.0]])  # tốt nhất: 3.5 ± 1.5, nên 4.0 cũng được
    1
    """
    scores = _check.real("scores", scores, ndim=2)
    _check.integer("số fold của scores", scores.shape[1], low=2)
    mean, best = scores.mean(axis=1), scores.mean(axis=1).argmin()
    limit = mean[best] + scores[best].std(ddof=1) / np.sqrt(scores.shape[1])
    return int(np.argmax(mean <= limit))


# ---- con số này chắc đến đâu ----


def bootstrap_interval(y_true, y_pred, *, metric, confidence=0.95, n_rounds=1000, rng, n_jobs=None):
    """Khoảng tin cậy bootstrap của ``metric(y_true, y_pred)``: lấy lại n mẫu có hoàn lại, đo, rồi lấy hai phân vị.

    ``y_pred`` dạng ``(n_samples,)`` hay ``(n_samples, K)``. Chỉ kể sai số của tập kiểm tra, không kể việc huấn luyện
    lại. Trả về ``Interval``. Nguồn: Efron, Tibshirani (1993), "An introduction to the bootstrap", mục 13.3.

    >>> mean = lambda y_true, y_pred: float(np.mean(y_true == y_pred))
    >>> bootstrap_interval([1, 1, 0, 0], [1, 1, 0, 0], metric=mean, n_rounds=10, rng=np.random.default_rng(0))
    Interval(low=1.0, high=1.0)
    """
    y_true, y_pred = _check.targets("y_true", y_true), np.asarray(y_pred)
    y_pred = _check.real("y_pred", y_pred, ndim=2) if y_pred.ndim == 2 else _check.targets("y_pred", y_pred)
    _check.same_length("y_true", y_true, "y_pred", y_pred)
    sources, tail = _sources(rng, n_rounds), _confidence(confidence)
    scores = _rounds.run(partial(_resampled, y_true, y_pred, metric), sources, n_jobs=n_jobs)
    return Interval(*np.quantile(scores, [tail, 1 - tail]).tolist())


def bootstrap_score(fit, X, y, *, metric, n_rounds=200, rng, n_jobs=None):
    """Điểm ngoài túi: mỗi vòng học trên n mẫu lấy có hoàn lại, đo ``metric`` trên các mẫu không được lấy (chừng 37%).

    Trả về mảng ``(n_rounds,)``. Mô hình chỉ thấy chừng 63% số mẫu, nên điểm này bi quan. Nguồn: Efron (1983), JASA 78.

    >>> mean = lambda X, y: lambda X_new: np.full(len(X_new), y.mean())
    >>> squared = lambda y, y_pred: np.mean((y - y_pred) ** 2)
    >>> X, y = np.zeros((9, 1)), np.full(9, 5.0)
    >>> bootstrap_score(mean, X, y, metric=squared, n_rounds=3, rng=np.random.default_rng(0))
    array([0., 0., 0.])
    """
    X, y = _data(X, y)
    _check.integer("số mẫu", len(y), low=2)
    return np.array(_rounds.run(partial(_out_of_bag, fit, X, y, metric), _sources(rng, n_rounds), n_jobs=n_jobs))


def wilson_interval(successes, n_samples, *, confidence=0.95):
    """Khoảng Wilson trong [0, 1] cho một tỷ lệ (độ chính xác, recall): ``successes`` lần đúng trên ``n_samples`` mẫu.

    Tâm (p̂ + z²/2n) / (1 + z²/n), nửa độ rộng z √(p̂(1 - p̂)/n + z²/4n²) / (1 + z²/n). Nguồn: Wilson (1927), JASA 22.

    >>> low, high = wilson_interval(10, 10)  # đúng cả 10 mẫu vẫn chưa phải là 100%
    >>> round(low, 3), high
    (0.722, 1.0)
    """
    n = _check.integer("n_samples", n_samples, low=1)
    from statistics import NormalDist  # chỉ ở đây mới cần, mà nạp thì lâu

    p, z = _check.integer("successes", successes, low=0, high=n) / n, NormalDist().inv_cdf(1 - _confidence(confidence))
    center, half = p + z**2 / (2 * n), z * np.sqrt(p * (1 - p) / n + z**2 / (4 * n**2))
    low, high = (center - half) / (1 + z**2 / n), (center + half) / (1 + z**2 / n)
    return Interval(0.0 if p == 0 else float(low), 1.0 if p == 1 else float(high))


# ---- phần chung ----


def _data(X, y, *, labels=False, names=("X", "y")):
    """X, y đã kiểm tra, các phần tử nằm liền nhau: gửi sang tiến trình khác cũng vẫn thế, nên ra cùng từng chữ số."""
    X, y = _check.samples(X, y, names=names, target=_check.labels if labels else None)
    return np.ascontiguousarray(X), np.ascontiguousarray(y)


def _three(ratios):
    ratios = _check.real("ratios", ratios, ndim=1, low=0, high=1)
    if len(ratios) != 3 or ratios.min() == 0 or abs(ratios.sum() - 1) > 1e-9:
        raise ValueError(
            "ratios cần là ba số dương có tổng bằng 1, ví dụ (0.7, 0.15, 0.15), "
            f"nhưng nhận được {ratios.tolist()} (tổng {ratios.sum():g})."
        )
    return ratios


def _take(X, y, parts, ratios):
    for name, part in zip(("huấn luyện", "xác thực", "kiểm tra"), parts, strict=True):
        if part.size == 0:
            raise ValueError(
                f"Tập {name} không có mẫu nào: {len(y)} mẫu chia theo tỷ lệ {ratios.tolist()} là quá ít. "
                f"Hãy thêm dữ liệu, hoặc tăng tỷ lệ của tập {name}."
            )
    return Split(*(X[part] for part in parts), *(y[part] for part in parts))


def _splits(n_splits, most, what, *, name="n_splits"):
    k = _check.integer(name, n_splits, low=2)
    if k > most:
        raise ValueError(f"{name} cần nhiều nhất là {most}, {what}, nhưng nhận được {k}.")
    return k


def _repeat(assign, k, n_repeats, rng):
    n_repeats = _check.integer("n_repeats", n_repeats, low=1)
    if rng is not None or n_repeats > 1:
        _check.generator(rng)
    return [pair for _ in range(n_repeats) for pair in _pairs(assign(), k)]


def _pairs(fold, k):
    return [(np.flatnonzero(fold != i), np.flatnonzero(fold == i)) for i in range(k)]


def _check_folds(folds, n):
    folds = [tuple(np.asarray(part) for part in pair) for pair in folds]
    for i, pair in enumerate(folds):
        if len(pair) != 2 or any(part.dtype.kind not in "iu" or part.size == 0 for part in pair):
            raise ValueError(f"folds[{i}] cần là cặp hai mảng chỉ số khác rỗng (train, test), ví dụ từ k_fold.")
        if max(part.max() for part in pair) >= n or min(part.min() for part in pair) < 0:
            raise ValueError(f"folds[{i}] có chỉ số ra ngoài 0..{n - 1}: dữ liệu chỉ có {n} mẫu.")
        if (both := np.intersect1d(*pair)).size:
            raise ValueError(f"folds[{i}] rò rỉ: {both.size} mẫu vừa để học vừa để kiểm tra, ví dụ mẫu {both[0]}.")
    if not folds:
        raise ValueError("folds rỗng: cần ít nhất một cặp (train, test).")
    return folds


def _sources(rng, n_rounds):
    """Mỗi vòng một nguồn ngẫu nhiên riêng, nên chạy ở đâu, thứ tự nào cũng ra cùng những con số."""
    return [(source,) for source in _check.generator(rng).spawn(_check.integer("n_rounds", n_rounds, low=1))]


def _confidence(confidence):
    return (1 - _check.number("confidence", confidence, low=0, high=1, low_open=True, high_open=True)) / 2


def _predicted(predict, X, *, ndims=(1, 2)):
    """Dự đoán của learner: ``(n,)`` hay ``(n, m)`` với m > 1; ``(n, 1)`` gặp ``y`` sẽ lặng lẽ thành ``(n, n)``."""
    y_pred = np.asarray(predict(X))
    if y_pred.ndim not in ndims or len(y_pred) != len(X) or y_pred.shape[1:] == (1,):
        raise ValueError(
            f"predict của learner cần trả về mảng dạng ({len(X)},), nhưng trả về dạng {y_pred.shape}. Hãy "
            "dùng .ravel() nếu thừa một chiều."
        )
    return y_pred


def _score(fit, X, y, metric, train, test):
    return metric(y[test], _predicted(fit(X[train], y[train]), X[test]))


def _nested_round(learners, X, y, metric, n_inner, train, test, rng):
    folds = k_fold(len(train), n_inner, rng=rng)
    inside = X[train], y[train]
    inner = {name: np.mean([_score(fit, *inside, metric, *fold) for fold in folds]) for name, fit in learners.items()}
    for name, score in inner.items():  # nan không so được với số nào, nên sẽ luôn "thắng"
        _check.number(f"điểm bên trong của learner {name!r}", score)
    name = min(inner, key=inner.get)
    return _score(learners[name], X, y, metric, train, test), name


def _resampled(y_true, y_pred, metric, rng):
    rows = rng.integers(len(y_true), size=len(y_true))
    return metric(y_true[rows], y_pred[rows])


def _out_of_bag(fit, X, y, metric, rng):
    train = rng.integers(len(y), size=len(y))
    while len(test := np.setdiff1d(np.arange(len(y)), train)) == 0:
        train = rng.integers(len(y), size=len(y))
    return _score(fit, X, y, metric, train, test)


def _share(n, ratios, owed):
    """Chia n mẫu theo tỷ lệ: lấy phần nguyên, rồi phát các mẫu còn lại cho phần dư (cộng phần nợ) lớn nhất."""
    exact = n * ratios
    counts = np.floor(exact + 1e-9)
    remainder = np.where(exact - counts > 1e-9, exact - counts + owed, -np.inf)
    counts[np.argsort(-remainder, kind="stable")[: n - int(counts.sum())]] += 1
    return counts.astype(int)
