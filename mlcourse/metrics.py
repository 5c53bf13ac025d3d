"""Chỉ số đánh giá (mục 4): tên, thứ tự đối số và con số như scikit-learn.

Mọi hàm: ``y_true`` là giá trị thật, đứng trước; mảng dạng ``(n,)`` hay danh sách đều được; ``sample_weight`` là trọng
số không âm của từng mẫu, dạng ``(n,)``; kết quả là một ``float``, trừ khi nói khác; số có đơn vị thì ghi đơn vị, còn
lại không đơn vị. ``sample_weight`` lớn nhất phải trong (1e-250, 1e250), để tổng và tích không tràn số. Nhãn là số
nguyên, bool hoặc chuỗi (so ở dạng NFC). Lớp dương là ``pos_label``: nơi nào không có mặc định thì {0, 1}, {-1, 1} và
bool tự hiểu là 1, nhãn khác phải nói, vì thứ tự của "có" và "không" không cho biết lớp nào là dương. Mọi hàm báo
``ValueError`` hoặc ``TypeError`` khi đối số rỗng, khác độ dài, có NaN, hoặc mảng ``(n, 1)`` đứng ở chỗ của ``(n,)``:
trong công thức tự viết, NumPy ghép hai dạng ấy thành ``(n, n)``, nên ta không cho quen.

Với nhiều lớp, ``average`` chọn cách gộp: "macro" là trung bình của các lớp, "weighted" là trung bình theo số mẫu thật
của lớp, "micro" cộng các số đếm rồi mới chia, None trả về từng lớp.
"""

import math

import numpy as np

from . import _blocks, _check

# ---- Từ một bảng đếm: ma trận nhầm lẫn, và các chỉ số tính từ ma trận đó ----


def confusion_matrix(y_true, y_pred, *, labels=None, sample_weight=None, normalize=None):
    """Ma trận nhầm lẫn: C[i, j] là số mẫu có nhãn thật là lớp i và được đoán là lớp j; hàng là thật, cột là đoán.

    Trả về mảng ``(K, K)``, các lớp xếp tăng dần hay theo ``labels``; nhãn ngoài ``labels`` bị bỏ qua. Nhãn {0, 1}:
    [[TN, FP], [FN, TP]]. ``normalize``: "true" chia cho tổng hàng, "pred" cho tổng cột, "all" cho tổng cả bảng.
    Nguồn: Fawcett (2006), Pattern Recognition Letters 27, mục 2.

    >>> confusion_matrix([0, 0, 0, 1, 1], [0, 0, 1, 1, 0])
    array([[2, 1],
           [1, 1]])

    Khác scikit-learn: chia cho một hàng hay cột toàn số 0 là lỗi, không phải là 0.
    """
    _check.choice("normalize", normalize, (None, "true", "pred", "all"))
    classes, C = _blocks.confusion(*_label_pair(y_true, y_pred, sample_weight))
    if labels is not None:
        found, classes = classes, _listed(labels, classes)
        where = [found.index(name) if name in found else -1 for name in classes]
        if max(where) < 0:
            seen = f"labels = {_check.few(classes)} không có nhãn nào trong dữ liệu"
            raise ValueError(f"{seen}: các lớp là {_check.few(found)}.")
        C = np.pad(C, (0, 1))[where][:, where]  # hàng và cột số 0 ở cuối (vị trí -1), cho lớp vắng mặt
    if normalize is None:
        return C
    total = np.broadcast_to(C.sum(axis={"true": 1, "pred": 0, "all": None}[normalize], keepdims=True), C.shape)
    if not total.all():
        empty = [c for c, t in zip(classes, total.diagonal()) if t == 0]
        remedy = "Hãy dùng normalize=None, hoặc chọn labels khác."
        raise ValueError(f"normalize={normalize!r} phải chia cho 0: lớp {_check.few(empty)} có tổng bằng 0. {remedy}")
    return C / total


def accuracy_score(y_true, y_pred, *, sample_weight=None):
    """Độ chính xác: tỷ lệ mẫu đoán đúng, trace(C) / sum(C), hai lớp là (TP + TN) / n.

    Nguồn: Fawcett (2006), mục 2.

    >>> accuracy_score([0, 0, 1, 1], [0, 0, 1, 0])
    0.75
    """
    y_true, y_pred, weight = _label_pair(y_true, y_pred, sample_weight)
    return _blocks.mean(np.equal, y_true, y_pred, weight=weight)


def precision_score(y_true, y_pred, *, pos_label=1, average="binary", sample_weight=None, zero_division="error"):
    """Precision: trong các mẫu được đoán là dương, tỷ lệ dương tính thật, TP / (TP + FP).

    Trả về số trong [0, 1], hay mảng ``(K,)`` khi ``average=None``. ``zero_division`` (0, 1 hay np.nan) thay cho 0/0.
    Nguồn: van Rijsbergen (1979), "Information retrieval", chương 7.

    >>> precision_score([1, 1, 1, 0, 0], [1, 1, 0, 1, 0])  # TP = 2, FP = 1
    0.6666666666666666

    Khác scikit-learn: không mẫu nào được đoán là dương thì báo lỗi, trừ khi cho ``zero_division``.
    """
    cells = _cells(y_true, y_pred, pos_label, average, sample_weight)
    why = "Precision", "không mẫu nào được đoán là lớp này"
    return _each_class(lambda tp, fp, fn, tn: tp / (tp + fp), cells, average, zero_division, why)


def recall_score(y_true, y_pred, *, pos_label=1, average="binary", sample_weight=None, zero_division="error"):
    """Recall (độ nhạy): trong các mẫu dương, tỷ lệ được tìm ra, TP / (TP + FN).

    Trả về và ``zero_division`` như ``precision_score``. Nguồn: van Rijsbergen (1979), chương 7.

    >>> recall_score([1, 1, 1, 0, 0], [1, 1, 0, 1, 0])  # TP = 2, FN = 1
    0.6666666666666666

    Khác scikit-learn: ``y_true`` không có mẫu dương nào thì báo lỗi, trừ khi cho ``zero_division``.
    """
    cells = _cells(y_true, y_pred, pos_label, average, sample_weight)
    why = "Recall", "y_true không có mẫu nào của lớp này"
    return _each_class(lambda tp, fp, fn, tn: tp / (tp + fn), cells, average, zero_division, why)


def specificity_score(y_true, y_pred, *, pos_label=1, sample_weight=None, zero_division="error"):
    """Độ đặc hiệu: trong các mẫu âm, tỷ lệ được đoán là âm, TN / (TN + FP) = 1 - FPR. Chỉ cho hai lớp.

    Nguồn: Yerushalmy (1947), Public Health Reports 62.

    >>> specificity_score([0, 0, 0, 0, 1], [0, 0, 0, 1, 1])  # TN = 3, FP = 1
    0.75

    Khác scikit-learn: ở đó không có hàm này; đây là ``recall_score`` với ``pos_label`` là lớp còn lại.
    """
    way = "Hãy tính từng lớp k so với phần còn lại: np.asarray(y_true) == k, np.asarray(y_pred) == k."
    cells = _cells(y_true, y_pred, pos_label, "binary", sample_weight, way)
    why = "Độ đặc hiệu khi lớp dương", "y_true không có mẫu âm nào"
    return _each_class(lambda tp, fp, fn, tn: tn / (tn + fp), cells, "binary", zero_division, why)


def fbeta_score(y_true, y_pred, *, beta, pos_label=1, average="binary", sample_weight=None, zero_division="error"):
    """F-beta: trung bình điều hòa của precision P và recall R, với recall quan trọng gấp beta lần.

    F = (1 + beta²) P R / (beta² P + R) = (1 + beta²) TP / ((1 + beta²) TP + beta² FN + FP), với beta >= 0. Trả về như
    ``precision_score``. Nguồn: van Rijsbergen (1979), chương 7.

    >>> fbeta_score([1, 1, 1, 1, 0], [1, 0, 0, 0, 0], beta=1)  # P = 1, R = 1/4
    0.4

    Khác scikit-learn: không có mẫu dương, cả thật lẫn đoán, thì báo lỗi, trừ khi cho ``zero_division``.
    """
    b2 = _check.number("beta", beta, low=0, high=1e150) ** 2
    cells = _cells(y_true, y_pred, pos_label, average, sample_weight)
    why = "F", "không mẫu nào thuộc lớp này, cả thật lẫn đoán"
    return _each_class(
        lambda tp, fp, fn, tn: (1 + b2) * tp / ((1 + b2) * tp + b2 * fn + fp), cells, average, zero_division, why
    )


def f1_score(y_true, y_pred, *, pos_label=1, average="binary", sample_weight=None, zero_division="error"):
    """F1: trung bình điều hòa của precision và recall, 2 P R / (P + R) = 2 TP / (2 TP + FP + FN); không nhìn đến TN.

    Trả về như ``precision_score``. Nguồn: van Rijsbergen (1979), chương 7.

    >>> f1_score([1, 1, 1, 0, 0], [1, 0, 0, 0, 0])  # TP = 1, FN = 2
    0.5

    Khác scikit-learn: không có mẫu dương, cả thật lẫn đoán, thì báo lỗi, trừ khi cho ``zero_division``.
    """
    cells = _cells(y_true, y_pred, pos_label, average, sample_weight)
    why = "F", "không mẫu nào thuộc lớp này, cả thật lẫn đoán"
    return _each_class(lambda tp, fp, fn, tn: 2 * tp / (2 * tp + fp + fn), cells, average, zero_division, why)


def balanced_accuracy_score(y_true, y_pred, *, sample_weight=None):
    """Độ chính xác cân bằng: trung bình recall của các lớp có trong ``y_true``; hai lớp là (độ nhạy + độ đặc hiệu) / 2.

    Nguồn: Brodersen, Ong, Stephan, Buhmann (2010), ICPR.

    >>> balanced_accuracy_score([0, 0, 0, 1], [0, 0, 0, 0])  # (1 + 0) / 2
    0.5
    """
    _, C = _blocks.confusion(*_label_pair(y_true, y_pred, sample_weight))
    true = C.sum(axis=1)
    return float((C.diagonal()[true > 0] / true[true > 0]).mean())


def matthews_corrcoef(y_true, y_pred, *, sample_weight=None):
    """Hệ số Matthews (MCC): tương quan giữa nhãn thật và nhãn đoán, từ -1 đến 1; 0 là không hơn đoán mò.

    MCC = (TP TN - FP FN) / sqrt((TP + FP)(TP + FN)(TN + FP)(TN + FN)). Nhiều lớp: với c mẫu đúng trong s mẫu, t_k mẫu
    thật và p_k mẫu đoán của lớp k, MCC = (c s - Σ t_k p_k) / sqrt((s² - Σ p_k²)(s² - Σ t_k²)). Đoán mọi mẫu cùng một
    lớp thì MCC = 0, là giới hạn của công thức. Nguồn: Matthews (1975); Gorodkin (2004); Chicco, Jurman (2020).

    >>> matthews_corrcoef([1, 1, 0, 0], [1, 0, 0, 0])  # 2 / sqrt(1 · 2 · 2 · 3)
    0.5773502691896258

    Khác scikit-learn: ``y_true`` chỉ có một lớp thì báo lỗi, vì không có gì để tương quan.
    """
    classes, C = _blocks.confusion(*_label_pair(y_true, y_pred, sample_weight))
    p, t = C.sum(axis=0, dtype=float), C.sum(axis=1, dtype=float)
    if np.count_nonzero(t) < 2:
        only = classes[t.argmax()]
        raise ValueError(f"MCC cần y_true có ít nhất hai lớp, nhưng chỉ có lớp {only!r}: không có gì để tương quan.")
    if np.count_nonzero(p) < 2:
        return 0.0
    if sample_weight is not None:  # tổng trọng số thành 1, để các tích không tràn số
        C, p, t = C / t.sum(), p / t.sum(), t / t.sum()
    others = 1 - np.eye(len(C))  # Σ của các lớp khác: cộng, không trừ, nên trọng số rất nhỏ không mất
    tp, tn = C.diagonal(), (others * (C @ others)).sum(axis=0)
    fn, fp = (C * others).sum(axis=1), (C * others).sum(axis=0)
    a, b = p @ (others @ p), t @ (others @ t)
    return float((tp @ tn - fn @ fp) / (math.sqrt(a * b) or math.sqrt(a) * math.sqrt(b)))


# ---- Từ điểm số: thứ tự của các mẫu quyết định tất cả ----


def roc_curve(y_true, y_score, *, pos_label=None, sample_weight=None, drop_intermediate=True):
    """Đường cong ROC: với từng ngưỡng t, đoán dương khi ``y_score >= t``; FPR = FP / (FP + TN), TPR = TP / (TP + FN).

    Trả về ``fpr``, ``tpr``, ``thresholds``: ba mảng cùng dạng ``(m,)``, ngưỡng giảm dần từ inf (không đoán mẫu nào là
    dương). ``drop_intermediate`` bỏ các điểm nằm giữa một đoạn thẳng. Nguồn: Fawcett (2006), Pattern Recognition
    Letters 27.

    >>> fpr, tpr, thresholds = roc_curve([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8])
    >>> fpr.tolist(), tpr.tolist()
    ([0.0, 0.0, 0.5, 0.5, 1.0], [0.0, 0.5, 0.5, 1.0, 1.0])

    Khác scikit-learn: ``y_true`` chỉ có một lớp thì báo lỗi, không trả về nan.
    """
    fp, tp, thresholds = _curve_counts(y_true, y_score, pos_label, sample_weight, need_negatives=True)
    if drop_intermediate and len(fp) > 2:
        right, up = fp[1:] - fp[:-1], tp[1:] - tp[:-1]
        corner = np.flatnonzero((right[1:] != right[:-1]) | (up[1:] != up[:-1])) + 1  # bước sau khác bước trước
        keep = np.concatenate([[0], corner, [len(fp) - 1]])
        fp, tp, thresholds = fp[keep], tp[keep], thresholds[keep]
    starts = (0.0, fp / fp[-1]), (0.0, tp / tp[-1]), (np.inf, thresholds)
    return tuple(np.concatenate([[start], values]) for start, values in starts)


def roc_auc_score(y_true, y_score, *, pos_label=None, sample_weight=None):
    """ROC-AUC: xác suất một mẫu dương có điểm cao hơn một mẫu âm, hòa tính một nửa; bằng diện tích dưới đường cong ROC.

    AUC = P(S⁺ > S⁻) + ½ P(S⁺ = S⁻). Không trộn từng cặp: xếp điểm của mỗi lớp, rồi với mỗi điểm của lớp này tìm thứ
    hạng trong lớp kia. Nguồn: Hanley, McNeil (1982), Radiology 143.

    >>> roc_auc_score([0, 0, 1, 1], [0.1, 0.4, 0.4, 0.8])  # 4 cặp: 3 cặp đúng, 1 cặp hòa
    0.875

    Chỉ cho hai lớp; ``y_true`` chỉ có một lớp thì báo lỗi, không trả về nan như scikit-learn.

    Khác scikit-learn: có ``pos_label``; ở đó lớp dương là nhãn đứng sau khi xếp chữ cái, nên "không" dương còn "có" âm.
    """
    y_true, y_score, weight = _scored(y_true, y_score, sample_weight)
    positive = _check.positive_label(_check.two_classes(y_true, both=True), pos_label)
    if weight is not None:
        fpr, tpr, _ = roc_curve(y_true, y_score, pos_label=positive, sample_weight=weight)
        return float(np.diff(fpr) @ (tpr[1:] + tpr[:-1]) / 2)
    negatives, positives = _blocks.sorted_sides(y_score, y_true == positive)
    return _blocks.pairs_won(negatives, positives) / (len(negatives) * len(positives))


def precision_recall_curve(y_true, y_score, *, pos_label=None, sample_weight=None):
    """Đường cong precision–recall: với từng ngưỡng t, đoán dương khi ``y_score >= t``.

    Trả về ``precision``, ``recall`` dạng ``(m + 1,)`` và ``thresholds`` dạng ``(m,)``: ngưỡng tăng dần, recall giảm
    dần, điểm cuối (precision 1, recall 0) không có ngưỡng. Nguồn: Davis, Goadrich (2006), ICML.

    >>> precision, recall, thresholds = precision_recall_curve([0, 1, 1], [0.1, 0.4, 0.8])
    >>> precision.round(2).tolist(), recall.tolist(), thresholds.tolist()
    ([0.67, 1.0, 1.0, 1.0], [1.0, 1.0, 0.5, 0.0], [0.1, 0.4, 0.8])

    Khác scikit-learn: ``y_true`` không có mẫu dương nào thì báo lỗi, không đặt recall bằng 1.
    """
    fp, tp, thresholds = _curve_counts(y_true, y_score, pos_label, sample_weight)
    return np.append((tp / (tp + fp))[::-1], 1.0), np.append((tp / tp[-1])[::-1], 0.0), thresholds[::-1]


def average_precision_score(y_true, y_score, *, pos_label=1, sample_weight=None):
    """Precision trung bình (AP): diện tích bậc thang dưới đường cong precision–recall, Σ (R_i - R_{i-1}) P_i.

    Đoán mò cho AP gần bằng tỷ lệ mẫu dương. Chỉ cho hai lớp. Nguồn: Manning, Raghavan, Schütze (2008), mục 8.4.

    >>> average_precision_score([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8])  # ½ · 1 + ½ · 2/3
    0.8333333333333333

    Khác scikit-learn: ``y_true`` không có mẫu dương nào thì báo lỗi, không trả về 0.
    """
    precision, recall, _ = precision_recall_curve(y_true, y_score, pos_label=pos_label, sample_weight=sample_weight)
    return float(-np.diff(recall) @ precision[:-1])


# ---- Từ xác suất ----


def log_loss(y_true, y_proba, *, sample_weight=None, labels=None, pos_label=None):
    """Log loss (entropy chéo), đơn vị nat: trung bình của -ln p, với p là xác suất đã đoán cho nhãn thật.

    ``y_proba``: dạng ``(n,)`` là xác suất của lớp dương; dạng ``(n, K)`` có cột theo thứ tự tăng dần của các lớp, như
    ``predict_proba``; ``labels`` cho biết mọi lớp khi ``y_true`` vắng vài lớp. p bị chặn trong [eps, 1 - eps] để ln hữu
    hạn, eps là độ phân giải của kiểu số: 2.2e-16 với float64. Nguồn: Good (1952), JRSS B 14; Bishop (2006), mục 4.3.

    >>> log_loss([1, 0], [0.5, 0.5])  # -ln ½
    0.6931471805599453

    Hàng xác suất có tổng khác 1 là lỗi, không phải cảnh báo như ở scikit-learn.

    Khác scikit-learn: có ``pos_label`` cho dạng ``(n,)``; ở đó lớp dương là nhãn đứng sau khi xếp chữ cái.
    """
    given, raw = _check.array("y_proba", y_proba, ndim=1), y_true
    eps = np.finfo(given.dtype if given.dtype.char in "efd" else float).eps
    ndim = 2 if given.ndim == 2 and given.shape[1] > 1 else 1
    y_true, proba, weight = _scored(y_true, given, sample_weight, name="y_proba", ndim=ndim, check=_check.probabilities)
    classes = _columns(y_true, proba, labels, raw)
    if ndim == 2:
        _check.sums_to_one("y_proba", proba, y_proba)
    positive = None if ndim == 2 else _check.positive_label(classes, pos_label)

    def said(y, p):  # xác suất đã đoán cho nhãn thật
        if positive is None:
            return np.take_along_axis(p, np.searchsorted(classes, y)[:, None], axis=1)[:, 0]
        return np.abs((y != positive) - p)  # nhãn dương: |0 - p|; nhãn âm: |1 - p|

    def cost(y, p):
        return -np.log(np.minimum(np.maximum(said(y, p), eps), 1 - eps))

    return _blocks.mean(cost, y_true, proba, weight=weight)


def brier_score_loss(y_true, y_proba, *, sample_weight=None, pos_label=None):
    """Brier score: trung bình của (p - y)², với y là 1 cho mẫu dương, 0 cho mẫu âm; ``y_proba`` dạng ``(n,)``. Chỉ cho
    hai lớp.

    Nguồn: Brier (1950), Monthly Weather Review 78.

    >>> brier_score_loss([1, 0], [0.5, 0.0])  # (0.25 + 0) / 2
    0.125
    """
    y_true, proba, weight = _scored(y_true, y_proba, sample_weight, name="y_proba", check=_check.probabilities)
    positive = _check.positive_label(_check.two_classes(y_true), pos_label)
    return _blocks.mean(lambda y, p: ((y == positive) - p) ** 2, y_true, proba, weight=weight)


def calibration_curve(y_true, y_prob, *, pos_label=None, n_bins=10):
    """Đường hiệu chuẩn: chia [0, 1] thành ``n_bins`` khoảng đều; trong mỗi khoảng, tỷ lệ mẫu dương và xác suất trung
    bình.

    Trả về ``prob_true``, ``prob_pred``: hai mảng cùng dạng, bỏ các khoảng không có mẫu. Hiệu chuẩn tốt thì hai mảng
    bằng nhau. Nguồn: Niculescu-Mizil, Caruana (2005), ICML.

    >>> prob_true, prob_pred = calibration_curve([0, 1, 1, 1], [0.2, 0.4, 0.7, 0.9], n_bins=2)
    >>> prob_true.tolist(), prob_pred.round(2).tolist()
    ([0.5, 1.0], [0.3, 0.8])

    Khác scikit-learn: mặc định 10 khoảng thay vì 5.
    """
    n_bins = _check.integer("n_bins", n_bins, low=1)
    y_true, y_prob, _ = _scored(y_true, y_prob, None, name="y_prob", check=_check.probabilities)
    positive = y_true == _check.positive_label(_check.two_classes(y_true), pos_label)
    bins = np.searchsorted(np.linspace(0, 1, n_bins + 1)[1:-1], y_prob)
    count = np.bincount(bins, minlength=n_bins)
    seen = count > 0
    prob_true, prob_pred = (np.bincount(bins, v, n_bins)[seen] / count[seen] for v in (positive, y_prob))
    return prob_true, prob_pred


# ---- Hồi quy ----


@np.errstate(all="ignore")
def mean_squared_error(y_true, y_pred):
    """MSE: trung bình của (y - ŷ)², theo đơn vị của y bình phương. Nguồn: Bishop (2006), mục 1.1.

    >>> mean_squared_error([1, 2, 3], [1, 2, 6])  # 9 / 3
    3.0
    """
    y_true, y_pred = _numbers(y_true, y_pred)
    q, e = _squares(y_true, y_pred)
    return q / len(y_true) if e == 0 else float(np.ldexp(q / len(y_true), 2 * e))


@np.errstate(all="ignore")
def root_mean_squared_error(y_true, y_pred):
    """RMSE: căn bậc hai của MSE, theo đơn vị của y. Nguồn: Bishop (2006), mục 1.1.

    >>> root_mean_squared_error([0, 0], [3, 3])
    3.0
    """
    y_true, y_pred = _numbers(y_true, y_pred)
    q, e = _squares(y_true, y_pred)
    return math.sqrt(q / len(y_true)) if e == 0 else float(np.ldexp(math.sqrt(q / len(y_true)), e))


def mean_absolute_error(y_true, y_pred):
    """MAE: trung bình của |y - ŷ|, theo đơn vị của y. Nguồn: Willmott, Matsuura (2005), Climate Research 30.

    >>> mean_absolute_error([1, 2, 3], [1, 2, 6])  # 3 / 3
    1.0
    """
    return _mean(lambda y, p: np.abs(y - p), y_true, y_pred, scale=2)


def mean_absolute_percentage_error(y_true, y_pred):
    """MAPE: trung bình của |y - ŷ| / |y|, không đơn vị: 0.1 là lệch trung bình 10% giá trị thật.

    Nguồn: Hyndman, Koehler (2006), International Journal of Forecasting 22.

    >>> mean_absolute_percentage_error([1, 2, 4], [2, 1, 4])  # (1/1 + 1/2 + 0/4) / 3
    0.5

    Khác scikit-learn: có giá trị thật bằng 0 thì báo lỗi, không chia cho một số rất nhỏ.
    """
    mape = _mean(lambda y, p: np.abs((y - p) / y), y_true, y_pred)
    if not math.isfinite(mape) and (zero := np.flatnonzero(np.asarray(y_true) == 0)).size:
        seen = f"y_true có {zero.size} giá trị bằng 0, đầu tiên ở vị trí {zero[0]}"
        raise ValueError(f"MAPE chia cho y_true, nhưng {seen}: sai lệch tương đối không có nghĩa ở đó. Hãy dùng MAE.")
    return mape


@np.errstate(all="ignore")
def r2_score(y_true, y_pred):
    """Hệ số xác định R² = 1 - Σ (y - ŷ)² / Σ (y - ȳ)²: so với dự đoán bằng trung bình ȳ; 1 là hoàn hảo, âm là tệ hơn ȳ.

    Nguồn: James, Witten, Hastie, Tibshirani (2021), mục 3.1.3.

    >>> r2_score([1, 2, 3], [1, 2, 2])  # 1 - 1 / 2
    0.5

    Khác scikit-learn: ``y_true`` là hằng số thì báo lỗi, vì mẫu số bằng 0; scikit-learn trả về 0 hoặc 1.
    """
    y_true, y_pred = _numbers(y_true, y_pred)
    (residual, e), mean = _squares(y_true, y_pred), np.add.reduce(y_true, dtype=np.float64) / len(y_true)
    spread, e_spread = _squares(y_true, mean if math.isfinite(mean) else np.sum(y_true / len(y_true)))
    if spread == 0 or (y_true[0] == y_true[-1] and y_true.min() == y_true.max()):
        seen = f"cả {len(y_true)} giá trị đều bằng {y_true[0]}"
        raise ValueError(f"R² cần y_true thay đổi, nhưng {seen}: mẫu số Σ (y - ȳ)² bằng 0. Hãy dùng MSE hoặc MAE.")
    return 1 - (residual / spread if e == e_spread else float(np.ldexp(residual / spread, 2 * (e - e_spread))))


# ---- Phần chung: đối số ----


def _labels(name, y):
    """Nhãn viết bằng số thực, như 1.0, thành số nguyên; lớn quá 64 bit thì để nguyên, vì đổi là làm tròn."""
    y = _check.labels(name, y)
    return y if y.dtype.char not in "efdgLQ" or float(np.abs(y).max()) >= 2**63 else y.astype(np.int64)


def _same_kind(name_a, a, name_b, b):
    """NumPy cho rằng 1 khác "1" mà không báo gì; ta thì báo."""
    if (a.dtype.kind == "U") != (b.dtype.kind == "U"):
        seen, other = (
            f"{name_a} có kiểu {a.dtype} còn {name_b} có kiểu {b.dtype}",
            name_a if b.dtype.kind == "U" else name_b,
        )
        hint = f"np.asarray({other}).astype(int).astype(str)"
        raise TypeError(f"{seen}: nhãn chuỗi không so được với nhãn số. Hãy đổi kiểu, ví dụ {hint}.")


def _label_pair(y_true, y_pred, sample_weight):
    y_true, y_pred = _labels("y_true", y_true), _labels("y_pred", y_pred)
    _check.same_shape("y_true", y_true, "y_pred", y_pred)
    _same_kind("y_true", y_true, "y_pred", y_pred)
    if y_true.dtype != y_pred.dtype and not {y_true.dtype.char, y_pred.dtype.char}.isdisjoint("efdgLQ"):
        y_true, y_pred = y_true.astype(object), y_pred.astype(object)  # số nguyên 64 bit so với số thực là làm tròn
    return y_true, y_pred, _check.weights("sample_weight", sample_weight, "y_true", y_true)


def _scored(y_true, y_score, sample_weight, *, name="y_score", ndim=1, check=_check.real):
    y_true, y_score = _labels("y_true", y_true), check(name, y_score, ndim=ndim)
    _check.same_length("y_true", y_true, name, y_score)
    return y_true, y_score, _check.weights("sample_weight", sample_weight, "y_true", y_true)


def _listed(labels, classes):
    """``labels`` thành danh sách nhãn khác nhau, cùng kiểu với ``classes``."""
    labels = _labels("labels", labels)
    _same_kind("labels", labels, "y_true", np.asarray(classes))
    if len(set(labels.tolist())) < len(labels):
        raise ValueError(f"labels có nhãn lặp lại: {_check.few(labels.tolist())}. Mỗi lớp chỉ ghi một lần.")
    return labels.tolist()


def _columns(y_true, proba, labels, raw):
    """Lớp của từng cột xác suất, tăng dần; ``raw`` là nhãn trước khi về dạng NFC."""
    found = _check.two_classes(y_true) if proba.ndim == 1 else np.unique(y_true).tolist()
    classes = found if labels is None else _listed(labels, found)
    if classes != sorted(classes):
        seen = f"nhận được {_check.few(classes)}"
        raise _check.wrong("labels", "xếp tăng dần như các cột của y_proba", seen, "xếp lại cả labels lẫn các cột")
    if not set(found) <= set(classes):
        seen = f"các lớp là {_check.few(found)}, nhưng labels chỉ có {_check.few(classes)}"
        raise ValueError(f"y_true có nhãn lạ: {seen}.")
    columns = proba.shape[1] if proba.ndim == 2 else 2
    if not 2 <= len(classes) == columns:
        seen = f"y_proba dạng {proba.shape} ứng với {columns} lớp, nhưng có {len(classes)} lớp: {_check.few(classes)}"
        raise ValueError(f"{seen}. Hãy cho {'labels đủ mọi lớp' if len(classes) < columns else 'mỗi lớp một cột'}.")
    if proba.ndim == 2 and y_true.dtype.kind == "U" and labels is None:
        before = sorted(set(_check.array("y_true", raw, ndim=1).tolist()))
        if list(map(_check.nfc, before)) != found:
            seen = f"Ở dạng NFC, các lớp của y_true xếp khác đi: {_check.few(found)}, nên không rõ cột nào của lớp nào"
            raise ValueError(f"{seen}. Hãy xếp các cột của y_proba theo thứ tự ấy và cho labels={found!r}.")
    return classes


# ---- Phần chung: từng lớp, đường cong, sai số ----


def _cells(y_true, y_pred, pos_label, average, sample_weight, way="Hãy chọn average='macro', 'micro', ... hay None."):
    """Tên -> (TP, FP, FN, TN) của lớp dương, của từng lớp so với phần còn lại, hay của mọi lớp gộp lại."""
    _check.choice("average", average, ("binary", "macro", "micro", "weighted", None))
    classes, C = _blocks.confusion(*_label_pair(y_true, y_pred, sample_weight))
    if average == "binary" and len(classes) > 2:
        seen = f"y_true và y_pred có {len(classes)} lớp ({_check.few(classes)})"
        raise ValueError(f"{seen} mà average='binary' chỉ cho hai lớp. {way}")
    rows, columns, n, cells = C.tolist(), C.T.tolist(), C.sum().item(), {}
    for k, name in enumerate(classes):  # cộng chứ không trừ, để trọng số rất nhỏ không mất
        if len(rows) == 2:
            cells[name] = rows[k][k], rows[1 - k][k], rows[k][1 - k], rows[1 - k][1 - k]
        else:
            fp, fn = (sum(line[:k]) + sum(line[k + 1 :]) for line in (columns[k], rows[k]))
            cells[name] = rows[k][k], fp, fn, n - rows[k][k] - fp - fn
    if average == "binary":
        return {pos_label: cells.get(_check.known_label(pos_label, classes), (0, 0, 0, n))}
    return {"mọi lớp": tuple(map(sum, zip(*cells.values())))} if average == "micro" else cells


def _each_class(formula, cells, average, zero_division, why):
    """Công thức của từng lớp, gộp theo ``average``; ``why`` là tên của chỉ số, và lý do khi chỉ số ấy là 0/0."""
    default = isinstance(zero_division, str) and zero_division == "error"
    if not default and not (isinstance(zero_division, (float, np.floating)) and math.isnan(zero_division)):
        _check.choice("zero_division", zero_division, ("error", 0, 1, np.nan))
    scores = []
    for name, counts in cells.items():
        try:
            scores.append(formula(*counts))
        except ZeroDivisionError:
            if zero_division == "error":
                hint = "Hãy đổi ngưỡng hay dữ liệu, hoặc chọn zero_division=0, 1 hay np.nan"
                raise ValueError(f"{why[0]} của lớp {name!r} là 0/0: {why[1]}. {hint}.") from None
            scores.append(float(zero_division))
    return scores[0] if average in ("binary", "micro") else _average(np.array(scores), cells.values(), average)


def _average(scores, counts, average):
    """Gộp điểm của các lớp; như scikit-learn, nan thì bỏ qua."""
    if average is None:
        return scores
    known = ~np.isnan(scores)
    weights = np.array([tp + fn if average == "weighted" else 1 for tp, _, fn, _ in counts])[known]
    if known.any() and not weights.any():
        raise ValueError("average='weighted' không có trọng số: y_true không có mẫu nào của các lớp tính được.")
    return float(np.average(scores[known], weights=weights)) if known.any() else math.nan


def _curve_counts(y_true, y_score, pos_label, sample_weight, *, need_negatives=False):
    """FP, TP (số đếm hay tổng trọng số) khi đoán dương cho mọi điểm >= ngưỡng, với từng điểm khác nhau, giảm dần."""
    y_true, score, weight = _scored(y_true, y_score, sample_weight)
    positive = y_true == _check.positive_label(_check.two_classes(y_true), pos_label)
    if weight is not None:
        score, positive, weight = (v[weight > 0] for v in (score, positive, weight))
    positives = np.count_nonzero(positive)
    if positives == 0 or (need_negatives and positives == len(positive)):
        kind = "âm" if positives else "dương"
        seen = f"y_true không có mẫu {kind} nào (chỉ có một lớp): không vẽ được đường cong"
        raise ValueError(f"{seen}. Hãy kiểm tra y_true, pos_label và sample_weight.")
    score, hit, weight = _blocks.descending(score, positive, weight)
    last = np.flatnonzero(score[1:] != score[:-1])  # hòa điểm thì cùng vượt ngưỡng: chỉ lấy mẫu cuối của mỗi điểm
    last = slice(None) if len(last) == len(score) - 1 else np.concatenate([last, [len(score) - 1]])
    tp = np.cumsum(hit if weight is None else hit * weight)[last]
    fp = np.arange(1, len(score) + 1)[last] - tp if weight is None else np.cumsum((1 - hit) * weight)[last]
    return fp, tp, score[last]


@np.errstate(all="ignore")
def _mean(f, y_true, y_pred, scale=1):
    """Trung bình của f(y, ŷ), tính bằng float64; tràn số thì thu nhỏ ``scale`` lần và chia n trước khi cộng."""
    y_true, y_pred = _numbers(y_true, y_pred)
    n = len(y_true)
    total = _blocks.total(lambda y, p: np.add.reduce(f(y.astype(np.float64, copy=False), p)), y_true, y_pred)
    if not math.isfinite(total) and _finite(y_true, y_pred):
        return float(scale * np.add.reduce(f(y_true.astype(np.float64) / scale, y_pred / scale) / n))
    return float(total) / n


def _squares(y, center):
    """Số q và số mũ e với Σ (y - center)² = q · 4^e; e là 0, trừ khi bình phương quá lớn hay quá nhỏ cho float64."""
    q = _blocks.squares(y, center)
    if 1e-280 < q < 1e280 or not _finite(y, center) or (q == 0 and not (y != center).any()):
        return q, 0
    d = y.astype(np.float64) / 2 - center / 2  # chia đôi là đúng từng bit, và hiệu không tràn số
    e = int(np.frexp(np.abs(d).max())[1])
    d = np.ldexp(d, -e)
    return float(d @ d), e + 1


def _numbers(y_true, y_pred):
    y_true, y_pred = _check.array("y_true", y_true, ndim=1), _check.array("y_pred", y_pred, ndim=1)
    for name, y in (("y_true", y_true), ("y_pred", y_pred)):
        if y.dtype.kind not in "fiub" or y.ndim != 1 or y.size == 0:
            _check.real(name, y, ndim=1)  # nói rõ lỗi
    _check.same_shape("y_true", y_true, "y_pred", y_pred)
    return y_true, y_pred


def _finite(y_true, y_pred):
    """NaN và vô cực lan đến kết quả, nên chỉ khi kết quả lạ mới phải tìm chúng trong dữ liệu."""
    _check.real("y_true", y_true)
    _check.real("y_pred", y_pred)
    return True
