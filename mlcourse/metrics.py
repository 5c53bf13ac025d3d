"""Chỉ số đánh giá (mục 4): tên, thứ tự đối số và con số như scikit-learn.

Mọi hàm: ``y_true`` là giá trị thật, đứng trước; mảng dạng ``(n,)`` hay danh sách đều được; ``sample_weight`` là trọng
số không âm của từng mẫu, dạng ``(n,)``; kết quả là một ``float``, trừ khi nói khác; số có đơn vị thì ghi đơn vị, còn
lại không đơn vị. Nhãn là số nguyên, bool hoặc chuỗi; lớp dương là ``pos_label``. Mọi hàm báo ``ValueError`` hoặc
``TypeError`` khi đối số rỗng, khác độ dài, có NaN, hoặc ``(n,)`` gặp ``(n, 1)``.

Với nhiều lớp, ``average`` chọn cách gộp: "macro" là trung bình của các lớp, "weighted" là trung bình theo số mẫu thật
của lớp, "micro" cộng các số đếm rồi mới chia, None trả về từng lớp. ``labels`` chọn các lớp cần tính và thứ tự của
chúng.

Công thức nằm trong docstring. Phần thân viết để chạy nhanh: đọc mảng theo từng khối vừa bộ nhớ đệm, đếm rồi mới chia.
"""

from __future__ import annotations

import numpy as np

from . import _check

_BLOCK = 1 << 15


# ---- Từ một bảng đếm: ma trận nhầm lẫn, và các chỉ số tính từ ma trận đó ----

def confusion_matrix(y_true, y_pred, *, labels=None, sample_weight=None, normalize=None):
    """Ma trận nhầm lẫn: C[i, j] là số mẫu có nhãn thật là lớp i và được đoán là lớp j; hàng là thật, cột là đoán.

    Trả về mảng ``(K, K)``, các lớp xếp tăng dần hay theo ``labels``; nhãn ngoài ``labels`` bị bỏ qua. Hai lớp:
    [[TN, FP], [FN, TP]]. ``normalize``: "true" chia cho tổng hàng, "pred" cho tổng cột, "all" cho tổng cả bảng.
    Nguồn: Fawcett (2006), Pattern Recognition Letters 27, mục 2.

    >>> confusion_matrix([0, 0, 0, 1, 1], [0, 0, 1, 1, 0])
    array([[2, 1],
           [1, 1]])

    Khác scikit-learn: chia cho một hàng hay cột toàn số 0 là lỗi, không phải là 0.
    """
    _check.choice("normalize", normalize, (None, "true", "pred", "all"))
    classes, C = _confusion(y_true, y_pred, sample_weight)
    if labels is not None:
        index, labels = {label: i for i, label in enumerate(classes)}, _selected(labels, classes)
        if index.keys().isdisjoint(labels):
            raise ValueError(f"labels = {_few(labels)} không có nhãn nào trong dữ liệu: các lớp là {_few(classes)}.")
        C = np.pad(C, (0, 1))  # hàng và cột số 0 ở cuối, cho lớp không có trong dữ liệu (vị trí -1)
        where, classes = [index.get(label, -1) for label in labels], labels
        C = C[where][:, where]
    if normalize is None:
        return C
    axis = {"true": 1, "pred": 0, "all": None}[normalize]
    total = np.broadcast_to(C.sum(axis=axis, keepdims=True), C.shape)
    if not total.all():
        empty = [c for c, t in zip(classes, total.diagonal(), strict=True) if t == 0]
        raise ValueError(f"normalize={normalize!r} phải chia cho 0: lớp {_few(empty)} có tổng bằng 0. Hãy dùng "
                         "normalize=None, hoặc chọn labels khác.")
    return C / total


def accuracy_score(y_true, y_pred, *, normalize=True, sample_weight=None):
    """Độ chính xác: tỷ lệ mẫu đoán đúng, trace(C) / sum(C), hai lớp là (TP + TN) / n; ``normalize=False`` thì không
    chia.

    Nguồn: Fawcett (2006), mục 2.

    >>> accuracy_score([0, 0, 1, 1], [0, 0, 1, 0])
    0.75
    """
    y_true, y_pred, weight = _label_pair(y_true, y_pred, sample_weight)
    if weight is None:
        right, total = sum(int(np.count_nonzero(y_true[c] == y_pred[c])) for c in _blocks(y_true)), len(y_true)
    else:
        right, total = weight @ (y_true == y_pred), weight.sum()
    return float(right / total) if normalize else float(right)


def precision_score(y_true, y_pred, *, labels=None, pos_label=1, average="binary", sample_weight=None,
                    zero_division="error"):
    """Precision: trong các mẫu được đoán là dương, tỷ lệ dương tính thật, TP / (TP + FP).

    Trả về số trong [0, 1], hay mảng ``(K,)`` khi ``average=None``. ``zero_division`` (0, 1 hay np.nan) thay cho 0/0.
    Nguồn: van Rijsbergen (1979), "Information retrieval", chương 7.

    >>> precision_score([1, 1, 1, 0, 0], [1, 1, 0, 1, 0])  # TP = 2, FP = 1
    0.6666666666666666

    Khác scikit-learn: không mẫu nào được đoán là dương thì báo lỗi, trừ khi cho ``zero_division``.
    """
    names, tp, predicted, true, _ = _class_counts(y_true, y_pred, labels, pos_label, average, sample_weight)
    return _average(tp, predicted, names, true, average, zero_division,
                    "Precision", "không mẫu nào được đoán là lớp này")


def recall_score(y_true, y_pred, *, labels=None, pos_label=1, average="binary", sample_weight=None,
                 zero_division="error"):
    """Recall (độ nhạy): trong các mẫu dương, tỷ lệ được tìm ra, TP / (TP + FN).

    Trả về và ``zero_division`` như ``precision_score``. Nguồn: van Rijsbergen (1979), chương 7.

    >>> recall_score([1, 1, 1, 0, 0], [1, 1, 0, 1, 0])  # TP = 2, FN = 1
    0.6666666666666666

    Khác scikit-learn: ``y_true`` không có mẫu dương nào thì báo lỗi, trừ khi cho ``zero_division``.
    """
    names, tp, _, true, _ = _class_counts(y_true, y_pred, labels, pos_label, average, sample_weight)
    return _average(tp, true, names, true, average, zero_division, "Recall", "y_true không có mẫu nào của lớp này")


def specificity_score(y_true, y_pred, *, pos_label=1, sample_weight=None, zero_division="error"):
    """Độ đặc hiệu: trong các mẫu âm, tỷ lệ được đoán là âm, TN / (TN + FP) = 1 - FPR. Chỉ cho hai lớp.

    Nguồn: Yerushalmy (1947), Public Health Reports 62.

    >>> specificity_score([0, 0, 0, 0, 1], [0, 0, 0, 1, 1])  # TN = 3, FP = 1
    0.75

    Khác scikit-learn: ở đó không có hàm này; đây là ``recall_score`` với ``pos_label`` là lớp còn lại.
    """
    names, [tp], [predicted], [true], total = _class_counts(y_true, y_pred, None, pos_label, "binary", sample_weight)
    return _average([total - predicted - true + tp], [total - true], names, [true], "binary", zero_division,
                    "Độ đặc hiệu khi lớp dương", "y_true không có mẫu âm nào")


def fbeta_score(y_true, y_pred, *, beta, labels=None, pos_label=1, average="binary", sample_weight=None,
                zero_division="error"):
    """F-beta: trung bình điều hòa của precision P và recall R, với recall quan trọng gấp beta lần.

    F = (1 + beta²) P R / (beta² P + R) = (1 + beta²) TP / ((1 + beta²) TP + beta² FN + FP), với beta >= 0. Trả về như
    ``precision_score``. Nguồn: van Rijsbergen (1979), chương 7.

    >>> fbeta_score([1, 1, 1, 1, 0], [1, 0, 0, 0, 0], beta=1)  # P = 1, R = 1/4
    0.4

    Khác scikit-learn: không có mẫu dương, cả thật lẫn đoán, thì báo lỗi, trừ khi cho ``zero_division``.
    """
    beta2 = _check.number("beta", beta, low=0) ** 2
    names, tp, predicted, true, _ = _class_counts(y_true, y_pred, labels, pos_label, average, sample_weight)
    above, below = [(1 + beta2) * t for t in tp], [beta2 * t + p for t, p in zip(true, predicted, strict=True)]
    return _average(above, below, names, true, average, zero_division,
                    "F", "không mẫu nào thuộc lớp này, cả thật lẫn đoán")


def f1_score(y_true, y_pred, *, labels=None, pos_label=1, average="binary", sample_weight=None, zero_division="error"):
    """F1: trung bình điều hòa của precision và recall, 2 P R / (P + R) = 2 TP / (2 TP + FP + FN); không nhìn đến TN.

    Trả về như ``precision_score``. Nguồn: van Rijsbergen (1979), chương 7.

    >>> f1_score([1, 1, 1, 0, 0], [1, 0, 0, 0, 0])  # TP = 1, FN = 2
    0.5

    Khác scikit-learn: không có mẫu dương, cả thật lẫn đoán, thì báo lỗi, trừ khi cho ``zero_division``.
    """
    return fbeta_score(y_true, y_pred, beta=1, labels=labels, pos_label=pos_label, average=average,
                       sample_weight=sample_weight, zero_division=zero_division)


def balanced_accuracy_score(y_true, y_pred, *, sample_weight=None):
    """Độ chính xác cân bằng: trung bình recall của các lớp có trong ``y_true``; hai lớp là (độ nhạy + độ đặc hiệu) / 2.

    Nguồn: Brodersen, Ong, Stephan, Buhmann (2010), ICPR.

    >>> balanced_accuracy_score([0, 0, 0, 1], [0, 0, 0, 0])  # (1 + 0) / 2
    0.5
    """
    _, C = _confusion(y_true, y_pred, sample_weight)
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
    classes, C = _confusion(y_true, y_pred, sample_weight)
    p, t = C.sum(axis=0, dtype=float), C.sum(axis=1, dtype=float)
    if np.count_nonzero(t) < 2:
        raise ValueError(f"MCC cần y_true có ít nhất hai lớp, nhưng chỉ có lớp {classes[t.argmax()]!r}: không có gì "
                         "để tương quan.")
    if np.count_nonzero(p) < 2:
        return 0.0
    s = t.sum()
    return float((C.trace() * s - t @ p) / np.sqrt((s * s - p @ p) * (s * s - t @ t)))


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
        corner = ((right[1:] != right[:-1]) | (up[1:] != up[:-1])).nonzero()[0] + 1  # bước sau khác bước trước
        keep = np.concatenate([[0], corner, [len(fp) - 1]])
        fp, tp, thresholds = fp[keep], tp[keep], thresholds[keep]
    starts = (0.0, fp / fp[-1]), (0.0, tp / tp[-1]), (np.inf, thresholds)
    return tuple(np.concatenate([[start], values]) for start, values in starts)


def roc_auc_score(y_true, y_score, *, sample_weight=None):
    """ROC-AUC: xác suất một mẫu dương có điểm cao hơn một mẫu âm, hòa tính một nửa; bằng diện tích dưới đường cong ROC.

    AUC = P(S⁺ > S⁻) + ½ P(S⁺ = S⁻); lớp dương là nhãn lớn hơn trong hai nhãn. Không trộn từng cặp: xếp điểm của mỗi
    lớp, rồi với mỗi điểm của lớp này tìm thứ hạng trong lớp kia. Nguồn: Hanley, McNeil (1982), Radiology 143.

    >>> roc_auc_score([0, 0, 1, 1], [0.1, 0.4, 0.4, 0.8])  # 4 cặp: 3 cặp đúng, 1 cặp hòa
    0.875

    Khác scikit-learn: chỉ cho hai lớp; ``y_true`` chỉ có một lớp thì báo lỗi, không trả về nan.
    """
    y_true, y_score, weight = _scored(y_true, y_score, sample_weight)
    low, high = _need_two(_two_classes(y_true))
    if weight is not None:
        fp, tp, _ = _curve_counts(y_true, y_score, high, weight, need_negatives=True)
        fpr, tpr = np.append(0.0, fp / fp[-1]), np.append(0.0, tp / tp[-1])
        return float(np.diff(fpr) @ (tpr[1:] + tpr[:-1]) / 2)
    few, many = y_score[y_true == high], y_score[y_true == low]
    few_is_positive = len(few) <= len(many)
    if not few_is_positive:
        few, many = many, few
    few.sort()
    many.sort()
    wins = 0  # số cặp (few, many) mà few cao điểm hơn, nhân đôi để mỗi cặp hòa là 1: số nguyên, không làm tròn
    for c in _blocks(few):
        below = np.searchsorted(many, few[c])
        tied = many[np.minimum(below, len(many) - 1)] == few[c]
        wins += 2 * int(below.sum())
        if tied.any():
            wins += int((np.searchsorted(many, few[c][tied], side="right") - below[tied]).sum())
    pairs = 2 * len(few) * len(many)
    return (wins if few_is_positive else pairs - wins) / pairs


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

def log_loss(y_true, y_proba, *, normalize=True, sample_weight=None, labels=None):
    """Log loss (entropy chéo), đơn vị nat: trung bình của -ln p, với p là xác suất đã đoán cho nhãn thật.

    ``y_proba``: dạng ``(n,)`` là xác suất của nhãn lớn hơn trong hai nhãn; dạng ``(n, K)`` có cột theo thứ tự tăng dần
    của các lớp. p bị chặn trong [eps, 1 - eps], eps ≈ 2.2e-16, để ln hữu hạn. Nguồn: Good (1952), JRSS B 14; Bishop
    (2006), mục 4.3.

    >>> log_loss([1, 0], [0.5, 0.5])  # -ln ½
    0.6931471805599453

    Khác scikit-learn: hàng xác suất có tổng khác 1 là lỗi, không phải cảnh báo.
    """
    proba = np.asarray(y_proba)
    eps = np.finfo(proba.dtype if proba.dtype.kind == "f" else float).eps
    y_true, proba, weight = _scored(y_true, proba, sample_weight, name="y_proba", low=0.0, high=1.0)
    if labels is not None:
        classes = _selected(labels, y_true[:1])
        if classes != sorted(classes):
            raise ValueError(f"labels cần xếp tăng dần như các cột của y_proba, nhưng nhận được {_few(classes)}. Hãy "
                             "xếp lại cả labels lẫn các cột.")
        if not set(found := np.unique(y_true).tolist()) <= set(classes):
            raise ValueError(f"y_true có nhãn lạ: các lớp là {_few(found)}, nhưng labels chỉ có {_few(classes)}.")
    else:
        classes = _two_classes(y_true) if proba.ndim == 1 else np.unique(y_true).tolist()
    _need_two(classes, hint=" Hãy cho biết mọi lớp bằng labels.")
    if (columns := 2 if proba.ndim == 1 else proba.shape[1]) != len(classes):
        raise ValueError(f"y_proba dạng {proba.shape} ứng với {columns} lớp, nhưng có {len(classes)} lớp: "
                         f"{_few(classes)}. Hãy cho biết mọi lớp bằng labels.")
    if proba.ndim == 2 and np.abs(proba.sum(axis=1) - 1).max() > np.sqrt(eps):
        i = np.abs(proba.sum(axis=1) - 1).argmax()
        raise ValueError(f"Mỗi hàng của y_proba cần có tổng bằng 1, nhưng hàng {i} có tổng {proba[i].sum():g}. Nếu "
                         "đây là logit, hãy đưa qua losses.softmax trước.")
    total = 0.0
    for c in _blocks(y_true):
        if proba.ndim == 1:
            p = (y_true[c] == classes[0]) - proba[c]
            np.abs(p, out=p)  # nhãn nhỏ: |1 - p|; nhãn lớn: |0 - p|
        else:
            p = np.take_along_axis(proba[c], np.searchsorted(classes, y_true[c])[:, None], axis=1).ravel()
        np.minimum(np.maximum(p, eps, out=p), 1 - eps, out=p)
        total -= _sum_of_logs(p) if weight is None else np.log(p) @ weight[c]
    return float(total / (len(y_true) if weight is None else weight.sum())) if normalize else float(total)


def brier_score_loss(y_true, y_proba, *, sample_weight=None, pos_label=None):
    """Brier score: trung bình của (p - y)², với y là 1 cho mẫu dương, 0 cho mẫu âm; ``y_proba`` dạng ``(n,)``. Chỉ cho
    hai lớp.

    Nguồn: Brier (1950), Monthly Weather Review 78.

    >>> brier_score_loss([1, 0], [0.5, 0.0])  # (0.25 + 0) / 2
    0.125
    """
    y_true, proba, weight = _scored(y_true, y_proba, sample_weight, name="y_proba", ndim=1, low=0.0, high=1.0)
    pos_label = _positive_label(y_true, pos_label)
    total = 0.0
    for c in _blocks(y_true):
        d = (y_true[c] == pos_label) - proba[c]
        total += d @ (d if weight is None else d * weight[c])
    return float(total / (len(y_true) if weight is None else weight.sum()))


def calibration_curve(y_true, y_prob, *, n_bins=10):
    """Đường hiệu chuẩn: chia [0, 1] thành ``n_bins`` khoảng đều; trong mỗi khoảng, tỷ lệ mẫu dương và xác suất trung
    bình.

    Trả về ``prob_true``, ``prob_pred``: hai mảng cùng dạng, bỏ các khoảng không có mẫu. Hiệu chuẩn tốt thì hai mảng
    bằng nhau. Nhãn là {0, 1} hoặc {-1, 1}. Nguồn: Niculescu-Mizil, Caruana (2005), ICML.

    >>> prob_true, prob_pred = calibration_curve([0, 1, 1, 1], [0.2, 0.4, 0.7, 0.9], n_bins=2)
    >>> prob_true.tolist(), prob_pred.round(2).tolist()
    ([0.5, 1.0], [0.3, 0.8])

    Khác scikit-learn: mặc định 10 khoảng thay vì 5.
    """
    _check.integer("n_bins", n_bins, low=1)
    y_true, y_prob, _ = _scored(y_true, y_prob, None, name="y_prob", ndim=1, low=0.0, high=1.0)
    positive = y_true == _positive_label(y_true, None)
    bins = np.searchsorted(np.linspace(0, 1, n_bins + 1)[1:-1], y_prob)
    count = np.bincount(bins, minlength=n_bins)
    seen = count > 0
    prob_true, prob_pred = (np.bincount(bins, v, n_bins)[seen] / count[seen] for v in (positive, y_prob))
    return prob_true, prob_pred


# ---- Hồi quy ----

def mean_squared_error(y_true, y_pred):
    """MSE: trung bình của (y - ŷ)², theo đơn vị của y bình phương. Nguồn: Bishop (2006), mục 1.1.

    >>> mean_squared_error([1, 2, 3], [1, 2, 6])  # 9 / 3
    3.0
    """
    return _residual_sum(y_true, y_pred, lambda d: d @ d) / len(y_true)


def root_mean_squared_error(y_true, y_pred):
    """RMSE: căn bậc hai của MSE, theo đơn vị của y. Nguồn: Bishop (2006), mục 1.1.

    >>> root_mean_squared_error([0, 0], [3, 3])
    3.0
    """
    return float(np.sqrt(mean_squared_error(y_true, y_pred)))


def mean_absolute_error(y_true, y_pred):
    """MAE: trung bình của |y - ŷ|, theo đơn vị của y. Nguồn: Willmott, Matsuura (2005), Climate Research 30.

    >>> mean_absolute_error([1, 2, 3], [1, 2, 6])  # 3 / 3
    1.0
    """
    return _residual_sum(y_true, y_pred, lambda d: np.abs(d, out=d).sum()) / len(y_true)


def r2_score(y_true, y_pred):
    """Hệ số xác định R² = 1 - Σ (y - ŷ)² / Σ (y - ȳ)²: so với dự đoán bằng trung bình ȳ; 1 là hoàn hảo, âm là tệ hơn ȳ.

    Nguồn: James, Witten, Hastie, Tibshirani (2021), mục 3.1.3.

    >>> r2_score([1, 2, 3], [1, 2, 2])  # 1 - 1 / 2
    0.5

    Khác scikit-learn: ``y_true`` là hằng số thì báo lỗi, vì mẫu số bằng 0; scikit-learn trả về 0 hoặc 1.
    """
    residual = _residual_sum(y_true, y_pred, lambda d: d @ d)
    y_true = np.asarray(y_true)
    mean = y_true.sum(dtype=np.float64) / len(y_true)
    spread = sum(float(d @ d) for c in _blocks(y_true) for d in [np.subtract(y_true[c], mean, dtype=np.float64)])
    if spread <= len(y_true) * (1e-14 * mean) ** 2 and y_true.min() == y_true.max():
        raise ValueError(f"R² cần y_true thay đổi, nhưng cả {len(y_true)} giá trị đều bằng {y_true[0]}: mẫu số Σ (y "
                         "- ȳ)² bằng 0. Hãy dùng MSE hoặc MAE.")
    return 1 - residual / spread


# ---- Phần chung ----

def _blocks(y):
    return (slice(i, i + _BLOCK) for i in range(0, len(y), _BLOCK))


def _few(labels):
    """Vài nhãn đầu, để đọc được trong thông báo lỗi."""
    return ", ".join(map(repr, labels[:5])) + (", …" if len(labels) > 5 else "")


def _weights(sample_weight, y):
    if sample_weight is None:
        return None
    weight = _check.real("sample_weight", sample_weight, ndim=1, low=0)
    _check.same_length("sample_weight", weight, "y_true", y)
    if not weight.any():
        raise ValueError("sample_weight toàn số 0: không còn mẫu nào để tính.")
    return weight


def _labels(name, y):
    y = _check.labels(name, y)
    return y.astype(np.int64) if y.dtype.kind == "f" else y


def _same_kind(name_a, a, name_b, b):
    """NumPy cho rằng 1 khác "1" mà không báo gì; ta thì báo."""
    if (a.dtype.kind == "U") != (b.dtype.kind == "U"):
        raise TypeError(f"{name_a} có kiểu {a.dtype} còn {name_b} có kiểu {b.dtype}: nhãn chuỗi không so được với "
                        "nhãn số. Hãy đổi về cùng một kiểu.")


def _label_pair(y_true, y_pred, sample_weight):
    y_true, y_pred = _labels("y_true", y_true), _labels("y_pred", y_pred)
    _check.same_shape("y_true", y_true, "y_pred", y_pred)
    _same_kind("y_true", y_true, "y_pred", y_pred)
    return y_true, y_pred, _weights(sample_weight, y_true)


def _scored(y_true, y_score, sample_weight, *, name="y_score", ndim=None, **bounds):
    y_true, y_score = _labels("y_true", y_true), _check.real(name, y_score, ndim=ndim, **bounds)
    if name == "y_score" or y_score.ndim != 2 or y_score.shape[1] == 1:  # chỉ log_loss nhận (n, K)
        _check.same_shape("y_true", y_true, name, y_score)
    _check.same_length("y_true", y_true, name, y_score)
    return y_true, y_score, _weights(sample_weight, y_true)


def _confusion(y_true, y_pred, sample_weight):
    """Các lớp có mặt, tăng dần, và bảng đếm (thật, đoán): mọi chỉ số trên nhãn đều tính từ đây."""
    y_true, y_pred, weight = _label_pair(y_true, y_pred, sample_weight)
    top = -1
    if y_true.dtype.kind != "U":  # OR của mọi nhãn: âm nếu có nhãn âm, còn không thì lớn hơn hoặc bằng mọi nhãn
        top = int(np.bitwise_or.reduce(y_true)) | int(np.bitwise_or.reduce(y_pred))
    if 0 <= top < 128:
        classes = list(range(top + 1))
    else:
        found, codes = np.unique(np.concatenate([y_true, y_pred]), return_inverse=True)
        classes, y_true, y_pred = found.tolist(), codes[: len(y_true)], codes[len(y_true) :]
        if len(classes) > 2000:
            raise ValueError(f"Nhãn có đến {len(classes)} giá trị khác nhau ({_few(classes)}). Đây có phải là nhãn "
                             "của các lớp không?")
    count = _count_pairs(y_true, y_pred, len(classes), None)
    C = count if weight is None else _count_pairs(y_true, y_pred, len(classes), weight)
    if np.count_nonzero(count) < count.size:  # có ô trống, nên có thể có lớp không xuất hiện
        seen = (np.bitwise_or.reduce(count, axis=0) | np.bitwise_or.reduce(count, axis=1)).nonzero()[0]
        if len(seen) < len(classes):
            classes, C = [classes[i] for i in seen.tolist()], C[seen][:, seen]
    return classes, C


def _count_pairs(a, b, k, weight):
    """Bảng ``(k, k)``: số lần (hay tổng trọng số) của từng cặp (a, b), với a và b là số nguyên từ 0 đến k - 1."""
    if k == 2 and weight is None:  # chỉ có 0 và 1: đếm số khác 0 nhanh hơn bincount
        both = n_a = n_b = 0
        for c in _blocks(a):
            i, j = a[c].astype(np.int64, copy=False), b[c].astype(np.int64, copy=False)
            both, n_a, n_b = both + np.count_nonzero(i & j), n_a + np.count_nonzero(i), n_b + np.count_nonzero(j)
        return np.array([[len(a) - n_a - n_b + both, n_b - both], [n_a - both, both]], np.int64)
    table = np.zeros(k * k, np.int64 if weight is None else np.float64)
    for c in _blocks(a):
        pair = np.multiply(a[c], k, dtype=np.int64)  # int64, để nhãn int8 không tràn
        pair += b[c].astype(np.int64, copy=False)
        table += np.bincount(pair, None if weight is None else weight[c], k * k)
    return table.reshape(k, k)


def _selected(labels, classes):
    """``labels`` thành danh sách nhãn khác nhau, cùng kiểu với các lớp có trong dữ liệu."""
    labels = _labels("labels", labels)
    _same_kind("labels", labels, "y_true", np.asarray(classes))
    labels = labels.tolist()
    if len(set(labels)) < len(labels):
        raise ValueError(f"labels có nhãn lặp lại: {_few(labels)}. Mỗi lớp chỉ ghi một lần.")
    return labels


def _class_counts(y_true, y_pred, labels, pos_label, average, sample_weight):
    """Tên các lớp cần tính; TP, số mẫu đoán và số mẫu thật của từng lớp; tổng số mẫu."""
    _check.choice("average", average, ("binary", "macro", "micro", "weighted", None))
    classes, C = _confusion(y_true, y_pred, sample_weight)
    if average == "binary":
        if len(classes) > 2:
            raise ValueError(f"Có {len(classes)} lớp ({_few(classes)}) mà average='binary' chỉ cho hai lớp. Hãy chọn "
                             "average='macro', 'micro', 'weighted' hoặc None.")
        labels = [_known(pos_label, classes)]
    elif labels is not None:
        labels = _selected(labels, classes)
    rows, where = C.tolist(), range(len(classes))
    if labels is not None:  # None: lớp không có trong dữ liệu, mọi số đếm đều bằng 0
        where = [classes.index(label) if label in classes else None for label in labels]
    tp = [0 if k is None else rows[k][k] for k in where]
    true = [0 if k is None else sum(rows[k]) for k in where]
    predicted = [0 if k is None else sum([row[k] for row in rows]) for k in where]
    total = sum(map(sum, rows))
    if average == "micro":
        return ["mọi lớp gộp lại"], [sum(tp)], [sum(predicted)], [sum(true)], total
    return labels or classes, tp, predicted, true, total


def _average(numerator, denominator, names, true, average, zero_division, what, why):
    """Chia từng lớp, xử lý 0/0, rồi gộp các lớp theo ``average``."""
    if not isinstance(zero_division, float) or not np.isnan(zero_division):
        _check.choice("zero_division", zero_division, ("error", 0, 1, np.nan))
    if zero_division == "error" and 0 in denominator:
        raise ValueError(f"{what} của lớp {names[denominator.index(0)]!r} là 0/0: {why}. Hãy đổi ngưỡng hay dữ liệu, "
                         "hoặc chọn zero_division=0, 1 hay np.nan.")
    scores = [n / d if d else float(zero_division) for n, d in zip(numerator, denominator, strict=True)]
    if average is None:
        return np.array(scores)
    if len(scores) == 1:
        return scores[0]
    weights = true if average == "weighted" else [1] * len(scores)
    # như scikit-learn: bỏ nan khi lấy trung bình
    known = [(score, w) for score, w in zip(scores, weights, strict=True) if not np.isnan(score)]
    if not known:
        return float("nan")
    if not any(w for _, w in known):
        raise ValueError("average='weighted' không có trọng số: y_true không có mẫu nào của các lớp cần tính.")
    return sum(score * w for score, w in known) / sum(w for _, w in known)


def _two_classes(y):
    """Một hoặc hai nhãn có trong y, tăng dần; nhiều hơn là lỗi."""
    if y.dtype.kind == "U":
        found = np.unique(y).tolist()
    elif np.bitwise_or.reduce(y) == 1:  # chỉ có 0 và 1: trường hợp hay gặp nhất
        return [0, 1] if np.count_nonzero(y) < len(y) else [1]
    else:
        found = sorted({int(y.min()), int(y.max())})
        if sum(int(np.count_nonzero(y[c] == label)) for c in _blocks(y) for label in found) < len(y):
            found = np.unique(y).tolist()
    if len(found) > 2:
        raise ValueError(f"y_true có {len(found)} lớp ({_few(found)}), nhưng ở đây chỉ nhận hai lớp. Hãy tính từng "
                         "lớp k so với phần còn lại: y_true == k.")
    return found


def _need_two(classes, hint=""):
    if len(classes) < 2:
        raise ValueError(f"y_true chỉ có một lớp ({_few(classes)}), cần cả hai lớp: không có mẫu dương và mẫu âm thì "
                         f"không có gì để so.{hint}")
    return classes


def _known(pos_label, classes):
    """pos_label, nếu nhãn này có thể là một trong hai lớp."""
    if isinstance(pos_label, str) != isinstance(classes[0], str) or (len(classes) == 2 and pos_label not in classes):
        raise ValueError(f"pos_label = {pos_label!r} không có trong dữ liệu: các lớp là {_few(classes)}. Hãy chọn "
                         "một trong các lớp này.")
    return pos_label


def _positive_label(y_true, pos_label):
    """Nhãn của lớp dương; {0, 1} và {-1, 1} thì tự hiểu là 1."""
    classes = _two_classes(y_true)
    if pos_label is not None:
        return _known(pos_label, classes)
    if not (set(classes) <= {0, 1} or set(classes) <= {-1, 1}):
        raise ValueError(f"Không biết lớp nào là lớp dương: y_true có các lớp {_few(classes)}. Hãy nói rõ, ví dụ "
                         f"pos_label={classes[-1]!r}.")
    return 1


def _curve_counts(y_true, y_score, pos_label, sample_weight, *, need_negatives=False):
    """FP, TP (số đếm hay tổng trọng số) khi đoán dương cho mọi điểm >= ngưỡng, với từng điểm khác nhau, giảm dần."""
    y_true, score, weight = _scored(y_true, y_score, sample_weight)
    positive = y_true == _positive_label(y_true, pos_label)
    if weight is None:
        negatives, positives = np.sort(score[~positive]), np.sort(score[positive])
        score = np.concatenate([negatives, positives])
        order = np.argsort(score, kind="stable")  # hai dãy đã xếp nối nhau: chỉ còn việc trộn, nhanh hơn xếp từ đầu
        score, hit = score[order], order >= len(negatives)
        first = np.concatenate([[0], (score[1:] != score[:-1]).nonzero()[0] + 1])  # hòa điểm thì cùng vượt ngưỡng
        tp = (len(positives) - (np.cumsum(hit) - hit)[first])[::-1]
        fp, thresholds = len(score) - first[::-1] - tp, score[first][::-1]
    else:
        score, positive, weight = (v[weight > 0] for v in (score, positive, weight))
        order = np.argsort(score)[::-1]
        score, hit, weight = score[order], positive[order], weight[order]
        last = np.append(np.flatnonzero(score[1:] != score[:-1]), len(score) - 1)
        tp, fp, thresholds = np.cumsum(hit * weight)[last], np.cumsum(~hit * weight)[last], score[last]
    if tp[-1] == 0 or (need_negatives and fp[-1] == 0):
        kind = "dương" if tp[-1] == 0 else "âm"
        raise ValueError(f"y_true không có mẫu {kind} nào (chỉ có một lớp): không vẽ được đường cong. Hãy kiểm tra "
                         "y_true, pos_label và sample_weight.")
    return fp, tp, thresholds


def _sum_of_logs(p):
    """Σ ln p: nhân 16 số một rồi mới lấy ln, nhanh gấp nhiều lần; p >= 2.2e-16 nên tích không nhỏ quá float64."""
    m = len(p) // 16 * 16
    return float(np.log(p[:m].reshape(16, -1).prod(axis=0)).sum() + np.log(p[m:]).sum())


def _residual_sum(y_true, y_pred, f):
    """Tổng của f(y_true - y_pred) trên từng khối; NaN và vô cực lan đến tổng, nên chỉ cần nhìn tổng là biết."""
    y_true, y_pred = np.asarray(y_true), np.asarray(y_pred)
    for name, y in (("y_true", y_true), ("y_pred", y_pred)):
        if y.dtype.kind not in "fiub" or y.ndim != 1 or y.size == 0:
            _check.real(name, y, ndim=1)  # nói rõ lỗi
    _check.same_shape("y_true", y_true, "y_pred", y_pred)
    with np.errstate(invalid="ignore", over="ignore"):
        total = sum(float(f(np.subtract(y_true[c], y_pred[c], dtype=np.float64))) for c in _blocks(y_true))
    if not np.isfinite(total):
        _check.real("y_true", y_true)
        _check.real("y_pred", y_pred)
    return total
