"""Lựa chọn mô hình (mục 3.1 và 5): chia dữ liệu, xác thực chéo, khoảng tin cậy.

``X`` dạng ``(n_samples, n_features)``, ``y`` dạng ``(n_samples,)``. Một *learner* là hàm ``fit(X, y) -> predict``, nên
mọi mô hình của scikit-learn hay PyTorch vào được qua một lambda. Các fold là danh sách cặp mảng chỉ số
``(train, test)``. ``n_jobs`` chạy các vòng song song qua joblib; kết quả không phụ thuộc vào nó. Mọi hàm báo
``ValueError`` hoặc ``TypeError`` khi dữ liệu sai dạng, rỗng, khác số mẫu, có NaN hoặc vô cực, hoặc tùy chọn sai. Nguồn
chung: Hastie, Tibshirani, Friedman (2009), "The elements of statistical learning", chương 7.
"""

import math
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
    X, y, ratios = *_data(X, y), _three(ratios)
    strata, rng = _strata("y", y, stratify), _check.generator(rng)
    parts, owed = ([], [], []), np.zeros(3)  # owed: phần lẻ mà các lớp trước còn nợ mỗi tập
    for rows in strata:
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
    power = np.frexp(np.abs(X_train).max(axis=0))[1]  # nhân với 2^-power không mất bit nào, và bình phương không tràn
    scaled, constant = np.ldexp(X_train, -power), X_train.max(axis=0) == X_train.min(axis=0)
    mean, std = scaled.mean(axis=0), scaled.std(axis=0)
    mean[constant], std[constant], power[constant] = X_train[0, constant], 1, 0

    def standardize(X):
        X = _check.real("X", X, ndim=2)
        if X.shape[1] != len(mean):
            raise ValueError(f"X có {X.shape[1]} cột nhưng X_train có {len(mean)} cột: cần bằng nhau.")
        with np.errstate(over="ignore"):
            return (np.ldexp(X, -power) - mean) / std

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
    n, k = (
        _check.integer("n_samples", n_samples, low=2, high=10**9),
        _check.integer("n_splits", n_splits, low=2, high=n_samples, why="số mẫu"),
    )
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
    smallest = np.unique(y, return_counts=True)[1].min()
    k = _check.integer("n_splits", n_splits, low=2, high=smallest, why="số mẫu của lớp ít nhất")

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
    k = _check.integer("n_splits", n_splits, low=2, high=len(names), why="số nhóm")
    order = np.arange(len(names)) if rng is None else _check.generator(rng).permutation(len(names))
    fold_of, filled = np.empty(len(names), int), np.zeros(k)
    for g in order[np.argsort(-size[order], kind="stable")]:
        fold_of[g] = filled.argmin()
        filled[fold_of[g]] += size[g]
    return _repeat(lambda: fold_of[group], k, 1, rng)


def time_series_folds(n_samples, n_splits=5):
    """Fold theo thời gian: k đoạn cuối lần lượt làm tập kiểm tra, và chỉ học từ những gì đứng trước đoạn ấy.

    Đoạn kiểm tra nào cũng dài ⌊n / (k + 1)⌋. Nguồn: Hyndman, Athanasopoulos (2021), "Forecasting: principles and
    practice", mục 5.10.

    >>> for train, test in time_series_folds(6, 2):
    ...     print(train, test)
    [0 1] [2 3]
    [0 1 2 3] [4 5]
    """
    n = _check.integer("n_samples", n_samples, low=3, high=10**9)
    k = _check.integer("n_splits", n_splits, low=2, high=n - 1, why="số mẫu trừ 1")
    size = n // (k + 1)
    starts = range(n - k * size, n, size)
    return [(np.arange(start), np.arange(start, start + size)) for start in starts]


# ---- xác thực chéo ----


def cross_val_score(fit, X, y, *, metric, n_splits=5, rng=None, folds=None, n_jobs=None):
    """Xác thực chéo: với mỗi fold, học trên phần còn lại rồi đo ``metric(y_test, predict(X_test))`` trên fold ấy.

    Trả về mảng ``(k,)``; ``metric`` trả về m số (mỗi giá trị λ một số) thì ``(k, m)``. ``folds`` là dãy cặp chỉ số, ví
    dụ từ ``stratified_k_fold``; không có thì dùng ``k_fold(n, n_splits, rng=rng)``. Mọi bước chuẩn bị dữ liệu phải nằm
    trong ``fit``. Nguồn: Stone (1974), JRSS B 36.

    >>> mean = lambda X, y: lambda X_new: np.full(len(X_new), y.mean())
    >>> squared = lambda y, y_pred: np.mean((y - y_pred) ** 2)
    >>> cross_val_score(mean, [[0.0], [0.0], [0.0], [0.0]], [1.0, 1.0, 3.0, 3.0], metric=squared, n_splits=2)
    array([4., 4.])
    """
    X, y = _data(X, y)
    folds = k_fold(len(y), n_splits, rng=rng) if folds is None else _check_folds(folds, len(y))
    _functions(fit, metric)
    scores = _rounds.run(lambda *fold: _score(fit, X, y, metric, *fold), folds, n_jobs=n_jobs)
    for i, (score, fold) in enumerate(zip(scores, folds)):
        if np.shape(score) != np.shape(scores[0]):
            seen = f"metric trả về dạng {np.shape(scores[0])} ở fold 0 nhưng dạng {np.shape(score)} ở fold {i}"
            raise ValueError(f"{seen}. {_lacking(y, [folds[0][1], fold[1]]) or 'Hãy để metric trả về một số.'}")
    return np.array(scores)


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
        hint = 'viết learners={"ridge": models.ridge(0.1), "knn": models.knn(5)}'
        raise _check.refused("learners", "là dict tên -> learner, có ít nhất một learner", learners, hint)
    for name, fit in learners.items():
        _functions(fit, metric, f"learners[{name!r}]", sign="-")  # metric càng nhỏ càng tốt
    folds = k_fold(len(y), n_splits, rng=_check.generator(rng))
    smallest = min(len(train) for train, _ in folds)
    _check.integer("n_inner", n_inner, low=2, high=smallest, why="số mẫu huấn luyện của mỗi fold ngoài")

    def score(name, X, y, train, test):
        return _score(learners[name], X, y, metric, train, test, f"learners[{name!r}]", one=True)

    def nested(train, test, rng):
        inner = k_fold(len(train), n_inner, rng=rng)
        means = {name: np.mean([score(name, X[train], y[train], *fold) for fold in inner]) for name in learners}
        chosen = min(means, key=means.get)
        return score(chosen, X, y, train, test), chosen

    rounds = [(*fold, source) for fold, source in zip(folds, rng.spawn(len(folds)))]
    scores, chosen = zip(*_rounds.run(nested, rounds, n_jobs=n_jobs))
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
    scores = np.ldexp(scores, -int(np.frexp(np.abs(scores).max())[1]) - 1)  # như ở standardizer
    mean, best = scores.mean(axis=1), scores.mean(axis=1).argmin()
    limit = mean[best] + scores[best].std(ddof=1) / np.sqrt(scores.shape[1])
    return int(np.argmax(mean <= limit))


# ---- con số này chắc đến đâu ----


def bootstrap_interval(y_true, y_pred, *, metric, confidence=0.95, n_rounds=1000, rng, n_jobs=None, stratify=False):
    """Khoảng tin cậy bootstrap của ``metric(y_true, y_pred)``: lấy lại n mẫu có hoàn lại, đo, rồi lấy hai phân vị.

    ``y_pred`` dạng ``(n_samples,)`` hay ``(n_samples, K)``; ``metric`` trả về một số. Chỉ kể sai số của tập kiểm tra,
    không kể việc huấn luyện lại. ``stratify=True`` lấy lại trong từng lớp của ``y_true``, nên lần nào cũng đủ các lớp.
    Trả về ``Interval``. Nguồn: Efron, Tibshirani (1993), "An introduction to the bootstrap", mục 13.3 và 8.3.

    >>> mean = lambda y_true, y_pred: float(np.mean(y_true == y_pred))
    >>> bootstrap_interval([1, 1, 0, 0], [1, 1, 0, 0], metric=mean, n_rounds=10, rng=np.random.default_rng(0))
    Interval(low=1.0, high=1.0)
    """
    y_true, y_pred = _check.targets("y_true", y_true), _check.array("y_pred", y_pred, ndim=1)
    wide = y_pred.ndim == 2 and y_pred.shape[1] > 1
    y_pred = _check.real("y_pred", y_pred, ndim=2) if wide else _check.targets("y_pred", y_pred)
    _check.same_length("y_true", y_true, "y_pred", y_pred)
    sources, strata = _sources(rng, n_rounds), _strata("y_true", y_true, stratify)
    tail = (1 - _check.number("confidence", confidence, low=0, high=1, low_open=True, high_open=True)) / 2
    _functions(lambda X, y: None, metric)

    def resampled(rng):
        rows = np.concatenate([stratum[rng.integers(len(stratum), size=len(stratum))] for stratum in strata])
        score = lambda rows: _measured(metric, y_true[rows], y_pred[rows], one=True)
        return _tried(score, y_true, rows, hint="dùng stratify=True")

    scores = _rounds.run(resampled, sources, n_jobs=n_jobs)
    return Interval(*np.quantile(scores, [tail, 1 - tail]).tolist())


def bootstrap_score(fit, X, y, *, metric, n_rounds=200, rng, n_jobs=None):
    """Điểm ngoài túi: mỗi vòng học trên n mẫu lấy có hoàn lại, đo ``metric`` trên các mẫu không được lấy (chừng 37%).

    Trả về mảng ``(n_rounds,)``; ``metric`` trả về một số. Mô hình chỉ thấy chừng 63% số mẫu, nên điểm này bi quan.
    Nguồn: Efron (1983), JASA 78.

    >>> mean = lambda X, y: lambda X_new: np.full(len(X_new), y.mean())
    >>> squared = lambda y, y_pred: np.mean((y - y_pred) ** 2)
    >>> X, y = np.zeros((9, 1)), np.full(9, 5.0)
    >>> bootstrap_score(mean, X, y, metric=squared, n_rounds=3, rng=np.random.default_rng(0))
    array([0., 0., 0.])
    """
    X, y = _data(X, y)
    _check.integer("số mẫu", len(y), low=2)
    sources, everything = _sources(rng, n_rounds), np.arange(len(y))
    _functions(fit, metric)

    def out_of_bag(rng):
        train = rng.integers(len(y), size=len(y))
        while len(test := np.setdiff1d(everything, train)) == 0:
            train = rng.integers(len(y), size=len(y))
        return _score(fit, X, y, metric, train, test, one=True)

    return np.array(_rounds.run(out_of_bag, sources, n_jobs=n_jobs))


def wilson_interval(successes, n_samples, *, confidence=0.95):
    """Khoảng Wilson trong [0, 1] cho một tỷ lệ (độ chính xác, recall): ``successes`` lần đúng trên ``n_samples`` mẫu.

    Tâm (p̂ + z²/2n) / (1 + z²/n), nửa độ rộng z √(p̂(1 - p̂)/n + z²/4n²) / (1 + z²/n). Nguồn: Wilson (1927), JASA 22.

    >>> low, high = wilson_interval(10, 10)  # đúng cả 10 mẫu vẫn chưa phải là 100%
    >>> round(low, 3), high
    (0.722, 1.0)
    """
    n = _check.integer("n_samples", n_samples, low=1)
    from statistics import NormalDist  # chỉ ở đây mới cần, mà nạp thì lâu

    hits = _check.integer("successes", successes, low=0, high=n)
    tail = (1 - _check.number("confidence", confidence, low=0, high=1, low_open=True, high_open=True)) / 2
    z = -NormalDist().inv_cdf(tail)
    p, shift = hits / n, z**2 * (1 / n) / 2  # chia hai số nguyên thì n lớn đến đâu cũng không tràn
    reach = p + shift + math.hypot(z * math.sqrt(p * ((n - hits) / n)) * math.sqrt(1 / n), shift)
    low, high = p and p * (p / reach), 1.0 if hits == n else min(reach / (1 + 2 * shift), 1.0)  # tích hai nghiệm là p̂²
    return Interval(low, max(p, high))


# ---- phần chung ----


def _data(X, y, *, names=("X", "y")):
    """X, y đã kiểm tra, các phần tử nằm liền nhau: gửi sang tiến trình khác cũng vẫn thế, nên ra cùng từng chữ số."""
    return tuple(np.ascontiguousarray(part) for part in _check.samples(X, y, names=names))


def _three(ratios):
    ratios = _check.real("ratios", ratios, ndim=1)
    positive, total = len(ratios) == 3 and ratios.min() > 0, sum(ratios.tolist())
    if not positive or abs(total - 1) > 1e-6:
        hint = "chia cho tổng: np.array(ratios) / sum(ratios)" if positive else "viết như (0.7, 0.15, 0.15)"
        seen = f"nhận được {ratios.tolist()} (tổng {total:.12g})"
        raise _check.wrong("ratios", "là ba số dương có tổng bằng 1", seen, hint)
    return ratios if abs(total - 1) < 1e-9 else ratios / total  # 0.333333 ba lần: chỉ là làm tròn


def _strata(name, y, stratify):
    """Chỉ số các mẫu của từng lớp; không phân tầng thì mọi mẫu là một tầng."""
    if not isinstance(stratify, (bool, np.bool_)):
        hint = f"viết stratify=True để phân tầng theo {name}"
        raise _check.refused("stratify", "là True hoặc False", stratify, hint)
    classes = np.unique(_check.labels(name, y)) if stratify else []
    return [np.flatnonzero(y == label) for label in classes] or [np.arange(len(y))]


def _take(X, y, parts, ratios):
    for name, part in zip(("huấn luyện", "xác thực", "kiểm tra"), parts, strict=True):
        if part.size == 0:
            few = f"{len(y)} mẫu chia theo tỷ lệ {ratios.tolist()} là quá ít"
            raise ValueError(f"Tập {name} không có mẫu nào: {few}. Hãy thêm dữ liệu, hoặc tăng tỷ lệ của tập {name}.")
    return Split(*(X[part] for part in parts), *(y[part] for part in parts))


def _repeat(assign, k, n_repeats, rng):
    n_repeats = _check.integer("n_repeats", n_repeats, low=1)
    if rng is not None or n_repeats > 1:
        _check.generator(rng)
    folds = [assign() for _ in range(n_repeats)]
    return [(np.flatnonzero(fold != i), np.flatnonzero(fold == i)) for fold in folds for i in range(k)]


def _check_folds(folds, n):
    hint = "folds=k_fold(len(y), 5)"
    if hasattr(folds, "get_n_splits"):  # bộ chia của scikit-learn
        hint = f"folds=list({folds!r}.split(X, y{', groups' * ('Group' in repr(folds))}))"
    elif isinstance(folds, int) and folds > 1:
        hint = f"n_splits={folds}"
    if not np.iterable(folds) or isinstance(folds, (str, dict)):
        raise _check.refused("folds", "là dãy cặp chỉ số (train, test)", folds, f"viết {hint}")
    folds = [tuple(map(np.asarray, pair)) if np.iterable(pair) else (pair,) for pair in folds]
    for i, pair in enumerate(folds):
        if len(pair) != 2 or any(part.dtype.kind not in "iu" or part.size == 0 or part.ndim != 1 for part in pair):
            hint = "viết folds=[(train, test)]; mặt nạ True/False thì đổi trước, np.flatnonzero(train)"
            raise _check.refused(
                f"folds[{i}]", "là cặp hai mảng chỉ số khác rỗng (train, test)", pair, hint, ValueError
            )
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


def _function(f, name="fit", arguments="X, y", hint=None):
    return _check.function(name, f, arguments, hint or _wrapped(f))


def _functions(fit, metric, name="fit", sign=""):
    """Kiểm tra learner và metric; tên của scikit-learn thì chỉ ra hàm của metrics, đổi dấu bằng ``sign`` nếu cần."""
    from . import metrics  # chỉ lời báo lỗi mới cần

    _function(fit, name)
    base = metric.removeprefix("neg_") if isinstance(metric, str) else ""
    base = {"mse": "mean_squared_error", "mae": "mean_absolute_error"}.get(base, base)
    known = [key for key in (f"{base}_score", f"{base}_loss", base) if hasattr(metrics, key)]
    call = f"{sign * known[0].endswith('_score')}metrics.{known[0]}(y, p)" if known else "np.mean(y != p)"
    _function(metric, "metric", "y_true, y_pred", f"viết metric=lambda y, p: {call}")


def _wrapped(model):
    """Cách biến một estimator thành learner; mỗi lần gọi là một mô hình mới, vì học lại thì mất mô hình cũ."""
    if not hasattr(model, "fit"):
        return "viết một hàm fit(X, y) trả về hàm predict(X), như models.ridge(0.1)"
    new = f"{model.__name__}()" if isinstance(model, type) else " ".join(repr(model).split())
    new = "copy.deepcopy(model)" if len(new) > 80 or "<" in new else new
    return f"viết lambda X, y: {new}.fit(X, y).predict (mỗi lần gọi một mô hình mới)"


def _predicted(predict, X, *, name="fit", averaged=False):
    """Dự đoán của learner: ``(n,)`` hay ``(n, m)`` với m > 1; ``(n, 1)`` gặp ``y`` sẽ lặng lẽ thành ``(n, n)``."""
    _function(predict, f"predict, kết quả của {name}(X, y),", "X")
    y_pred = _check.array("predict(X)", predict(X), ndim=1)
    if y_pred.ndim not in ((1,) if averaged else (1, 2)) or len(y_pred) != len(X) or y_pred.shape[1:] == (1,):
        need, seen = f"trả về mảng dạng ({len(X)},)", f"trả về dạng {y_pred.shape}"
        raise _check.wrong("predict(X) của learner", need, seen, "dùng np.ravel nếu thừa một chiều")
    return (_numeric if averaged else _check.targets if y_pred.ndim == 1 else _check.real)("predict(X)", y_pred)


def _numeric(name, y):
    if y.dtype.kind in "UO":
        hint = "đánh số các lớp trước, y = np.unique(y, return_inverse=True)[1], hay để predict trả về xác suất"
        raise _check.refused(name, "là số để lấy trung bình", y.tolist()[0], hint)
    return _check.real(name, y)


def _measured(metric, y_true, y_pred, *, one=False):
    """Điểm mà ``metric`` trả về: số hay mảng số; ``one``: phải là một số hữu hạn."""
    score, hint = metric(y_true, y_pred), "trả về một số, như np.mean(y_true != y_pred)"
    try:
        array = np.asarray(score)
    except (ValueError, TypeError, RuntimeError):  # danh sách dài ngắn khác nhau, tensor cần gradient
        array = np.empty(0, object)
    if array.dtype.kind in "fiub" and not (one and array.size != 1):
        return _check.number("metric(y_true, y_pred)", array.item() + 0) if one else array[()]
    if isinstance(score, dict) and score:
        part = f"metric(y, p)[{next(iter(score))!r}]" if one else "list(metric(y, p).values())"
        hint = f"bọc lại: metric=lambda y, p: {part}"
    elif array.dtype.kind in "fiub" and (y_true.dtype.kind == "f" or array.shape == y_true.shape):
        hint = "lấy trung bình: metric=lambda y, p: np.mean(metric(y, p))"
    elif array.dtype.kind in "fiub":
        one_class = "metrics.recall_score(y == {0!r}, p == {0!r})".format(y_true[0].item())
        hint = f"đo từng lớp một, vì thiếu một lớp thì các thành phần lệch chỗ: metric=lambda y, p: {one_class}"
    raise _check.refused("metric(y_true, y_pred)", "là một số" if one else "là số hay mảng số", score, hint)


def _lacking(y, parts, hint=None):
    """Câu nói một trong các phần thiếu lớp nào của ``y``; rỗng nếu không thiếu, hay nếu ``y`` là số thực."""
    lost = [label for part in parts for label in np.setdiff1d(y, y[part]).tolist()]
    if not lost or len(np.unique(y)) > min(20, len(y) / 2):  # đích của hồi quy, không phải lớp
        return ""
    k = min(5, np.unique(y, return_counts=True)[1].min())
    folds = f"dùng cross_val_score với folds=stratified_k_fold(y, {k})" if k > 1 else "thêm mẫu của lớp ấy"
    return f"Ở đó không có mẫu nào của lớp {lost[0]!r}. Hãy {hint or folds}."


def _tried(task, y, *parts, hint=None):
    """``task(*parts)``; lỗi ở một phần thiếu lớp, mà ở cả dữ liệu thì không, là lỗi của phần ấy."""
    try:
        return task(*parts)
    except ValueError as error:
        if not (why := _lacking(y, parts, hint)):
            raise
        task(*[np.arange(len(y))] * len(parts))  # cả dữ liệu cũng lỗi thì báo lỗi ấy
        raise ValueError(f"Đo được trên cả dữ liệu, trên một phần lấy ra thì không. {why} Lỗi: {error}") from error


def _score(fit, X, y, metric, train, test, name="fit", *, one=False):
    predict = lambda train, test: _predicted(fit(X[train], y[train]), X[test], name=name)
    return _tried(lambda train, test: _measured(metric, y[test], predict(train, test), one=one), y, train, test)


def _share(n, ratios, owed):
    """Chia n mẫu theo tỷ lệ: lấy phần nguyên, rồi phát các mẫu còn lại cho phần dư (cộng phần nợ) lớn nhất."""
    exact = n * ratios
    counts = np.floor(exact + 1e-9)
    remainder = np.where(exact - counts > 1e-9, exact - counts + owed, -np.inf)
    counts[np.argsort(-remainder, kind="stable")[: n - int(counts.sum())]] += 1
    return counts.astype(int)
