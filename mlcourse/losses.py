"""Hàm mất mát (mục 2.1): mỗi hàm đứng cạnh đạo hàm của chính hàm đó.

Giá trị là trung bình trên n mẫu, một ``float``; ``*_grad`` là gradient theo đối số thứ hai, cùng dạng với đối số ấy.
Mất mát phân loại nhận logit z, không nhận xác suất: log của một xác suất đã làm tròn về 0 thì không cứu lại được nữa.
Đơn vị của entropy chéo là nat. Logit lớn đến ±10⁴ vẫn cho số đúng. Mọi hàm báo ``ValueError`` hoặc ``TypeError`` khi
đối số rỗng, khác độ dài, sai số chiều, có NaN hoặc vô cực, không phải số, hoặc nhãn không phải là số thứ tự của lớp.
"""

from functools import wraps

import numpy as np

from . import _check


def _door(check):
    """Đặt cửa kiểm tra trước công thức: hàm công khai kiểm tra rồi tính; phần thân chỉ còn là công thức."""

    def build(formula):
        options = formula.__kwdefaults__ or ()  # delta, temperature: số dương, đi thẳng vào công thức

        @wraps(formula)
        def function(*args, **kwargs):
            given = {k: _check.number(k, kwargs.pop(k), low=0, low_open=True) for k in options if k in kwargs}
            with np.errstate(over="ignore"):  # số quá lớn thành vô cực, không cần nhắc
                value = formula(*check(*args, **kwargs), **given)
            return value if value.ndim else float(value)

        return function

    return build


def _unchecked(function):
    """Công thức sau cửa kiểm tra, cho mô hình đang học: logit của chính nó có thể tràn số khi phân kỳ."""
    return function.__wrapped__


def _numbers(y_true, y_pred):
    y_true, y_pred = _check.real("y_true", y_true, ndim=1), _check.real("y_pred", y_pred, ndim=1)
    _check.same_length("y_true", y_true, "y_pred", y_pred)
    return y_true, y_pred


def _binary(y_true, logits):
    y_true, logits = _check.classes("y_true", y_true, 2), _check.real("logits", logits, ndim=1)
    _check.same_length("y_true", y_true, "logits", logits)
    return y_true, logits


def _multiclass(y_true, logits):
    logits = _check.real("logits", logits, ndim=2)
    if logits.shape[1] < 2:
        hint = "dùng binary_cross_entropy(y_true, np.ravel(logits)) nếu mỗi mẫu một logit"
        raise _check.wrong("logits", "có ít nhất 2 cột, mỗi lớp một cột", f"có dạng {logits.shape}", hint)
    y_true = _check.classes("y_true", y_true, logits.shape[1])
    _check.same_length("y_true", y_true, "logits", logits)
    return y_true, logits


def _rows(z):
    z = _check.real("z", z)
    if z.ndim == 0:
        raise ValueError("z cần ít nhất 1 chiều: softmax chia xác suất cho các lớp. Với một logit, hãy dùng sigmoid.")
    return (z,)


def _two_distributions(p, q):
    p, q = _check.distribution("p", p), _check.distribution("q", q)
    _check.same_shape("p", p, "q", q)
    if (q[p > 0] == 0).any():
        seen = "q bằng 0 ở một nơi mà p dương (softmax cũng tròn về 0 khi hai logit cách nhau quá 745): KL là vô cực"
        raise ValueError(f"{seen}. Hãy làm trơn q: 0.999 * np.asarray(q) + 0.001 / np.shape(q)[-1].")
    return p, q


# ---- từ logit đến xác suất ----


@_door(lambda z: (_check.real("z", z),))
def sigmoid(z):
    """Xác suất của lớp dương từ logit: 1 / (1 + e⁻ᶻ) = eᶻ / (1 + eᶻ), ``z`` có dạng nào kết quả có dạng ấy.

    Ở mỗi phía của 0 ta chọn cách viết có số mũ âm, nên không bao giờ tràn số. Nguồn: Bishop (2006), mục 4.2.

    >>> sigmoid(0.0)
    0.5
    >>> sigmoid([-1e4, np.log(3), 1e4])  # tỷ lệ 3 : 1 là xác suất 3/4
    array([0.  , 0.75, 1.  ])
    """
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1, e) / (1 + e)


@_door(_rows)
def log_softmax(z):
    """Log của softmax theo trục cuối: zₖ - log Σⱼ exp(zⱼ), ``z`` dạng ``(n_classes,)`` hoặc ``(n_samples, n_classes)``.

    Trừ max(z) trước không đổi kết quả, nhưng exp hết tràn số. Nguồn: Goodfellow và cộng sự (2016), mục 4.1.

    >>> log_softmax([0.0, 0.0])  # hai lớp ngang nhau: -log 2
    array([-0.69314718, -0.69314718])
    """
    z = z - z.max(axis=-1, keepdims=True)
    return z - np.log(np.exp(z).sum(axis=-1, keepdims=True))


@_door(_rows)
def softmax(z, *, temperature=1.0):
    """Xác suất của từng lớp từ logit, theo trục cuối: exp(zₖ/T) / Σⱼ exp(zⱼ/T), ``z`` như ở ``log_softmax``.

    Nhiệt độ T > 0: T nhỏ dồn xác suất vào lớp đứng đầu, T lớn san đều. Nguồn: Bishop (2006), mục 4.3.4;
    nhiệt độ: Hinton, Vinyals, Dean (2015), "Distilling the knowledge in a neural network".

    >>> softmax([0.0, np.log(3)])  # 1 : 3
    array([0.25, 0.75])
    >>> softmax([0.0, np.log(3)], temperature=0.5)  # 1 : 9
    array([0.1, 0.9])
    """
    if temperature != 1:  # trừ max trước khi chia; số quá lớn thì chia đôi trước khi trừ: không phép nào tràn số
        half = 2 if np.abs(z).max() > 1e307 else 1
        z = (z / half - z.max(axis=-1, keepdims=True) / half) / temperature * half
    return np.exp(_unchecked(log_softmax)(z))


@_door(lambda p: (_check.distribution("p", p),))
def entropy(p):
    """Entropy của phân phối p theo trục cuối: H(p) = -Σₖ pₖ log pₖ, đơn vị nat; 0 log 0 được hiểu là 0.

    ``p`` dạng ``(K,)`` cho một số, dạng ``(n_samples, K)`` cho mảng ``(n_samples,)``; mỗi hàng có tổng bằng 1. Chia cho
    log 2 để ra bit. Nguồn: Shannon (1948), mục 6.

    >>> round(entropy([0.5, 0.5]), 4), entropy([1.0, 0.0])  # đồng xu cân: log 2; biết chắc: 0
    (0.6931, 0.0)
    """
    return np.abs(np.sum(p * np.log(np.where(p > 0, p, 1)), axis=-1))


@_door(_two_distributions)
def kl_divergence(p, q):
    """Phân kỳ KL: KL(p‖q) = Σₖ pₖ log(pₖ/qₖ) ≥ 0, đơn vị nat; bằng 0 chỉ khi p = q, và không đối xứng.

    Là phần entropy chéo vượt quá entropy: H(p, q) = H(p) + KL(p‖q). Dạng như ở ``entropy``; q phải dương ở mọi nơi p
    dương. Nguồn: Kullback, Leibler (1951), "On information and sufficiency".

    >>> round(kl_divergence([1.0, 0.0], [0.5, 0.5]), 4)  # log 2
    0.6931
    """
    # Cộng pₖ log(pₖ/qₖ) - (pₖ - qₖ): phần thêm vào có tổng bằng 0, và số hạng nào cũng ≥ 0, không trừ nhau mất chữ số
    log_p, log_q = np.log(np.where(p > 0, p, 1)), np.log(np.where((p > 0) & (q > 0), q, 1))
    u = (p - q) / np.where(q > 0, q, 1)  # pₖ/qₖ - 1; gần 0 thì dùng log(1 + u), rất gần 0 thì dùng chuỗi Taylor
    v = np.where(np.abs(u) < 0.01, u, 0)
    series = q * v**2 * (1 / 2 - v * (1 / 6 - v * (1 / 12 - v * (1 / 20 - v * (1 / 30 - v / 42)))))
    log_ratio = np.where(np.abs(u) < 0.5, np.log1p(np.clip(u, -0.5, 0.5)), log_p - log_q)
    return np.sum(np.where(v == u, series, p * log_ratio - (p - q)), axis=-1)


# ---- mỗi mất mát một cặp: giá trị, rồi đạo hàm ----


@_door(_numbers)
def mse(y_true, y_pred):
    """Sai số bình phương trung bình: (1/n) Σ (ŷᵢ - yᵢ)², hai mảng dạng ``(n_samples,)``.

    Đơn vị là bình phương của đơn vị y. Nguồn: Bishop (2006), mục 3.1.1.

    >>> mse([1.0, 2.0], [1.0, 4.0])  # (0² + 2²) / 2
    2.0
    """
    return np.mean((y_pred - y_true) ** 2)


@_door(_numbers)
def mse_grad(y_true, y_pred):
    """Gradient của ``mse`` theo ``y_pred``: 2(ŷᵢ - yᵢ) / n, dạng ``(n_samples,)``.

    >>> mse_grad([1.0, 2.0], [1.0, 4.0])
    array([0., 2.])
    """
    return 2 * (y_pred - y_true) / len(y_true)


@_door(_numbers)
def mae(y_true, y_pred):
    """Sai số tuyệt đối trung bình: (1/n) Σ |ŷᵢ - yᵢ|, hai mảng dạng ``(n_samples,)``.

    Đơn vị là đơn vị của y; hằng số tốt nhất là trung vị của y. Nguồn: Hastie, Tibshirani, Friedman (2009), mục 10.6.

    >>> mae([1.0, 2.0], [1.0, 4.0])  # (0 + 2) / 2
    1.0
    """
    return np.mean(np.abs(y_pred - y_true))


@_door(_numbers)
def mae_grad(y_true, y_pred):
    """Gradient của ``mae`` theo ``y_pred``: sign(ŷᵢ - yᵢ) / n, dạng ``(n_samples,)``.

    Ở ŷᵢ = yᵢ đạo hàm không tồn tại; ta lấy 0, một dưới gradient (*subgradient*).

    >>> mae_grad([1.0, 2.0], [1.0, 4.0])
    array([0. , 0.5])
    """
    return np.sign(y_pred - y_true) / len(y_true)


@_door(_numbers)
def huber(y_true, y_pred, *, delta=1.0):
    """Mất mát Huber, trung bình trên n mẫu: ½ e² khi |e| ≤ δ, còn không thì δ (|e| - ½ δ), với e = yᵢ - ŷᵢ.

    Gần 0 là bình phương, xa 0 là đường thẳng: điểm ngoại lai kéo có giới hạn. δ = ``delta`` > 0, theo đơn vị của y.
    Nguồn: Huber (1964), "Robust estimation of a location parameter".

    >>> huber([0.0, 0.0], [1.0, 5.0], delta=2.0)  # (½ · 1² + 2 · (5 - 1)) / 2
    4.25
    """
    e = np.abs(y_pred - y_true)
    return np.mean(np.where(e <= delta, e**2 / 2, delta * (e - delta / 2)))


@_door(_numbers)
def huber_grad(y_true, y_pred, *, delta=1.0):
    """Gradient của ``huber`` theo ``y_pred``: -e = ŷᵢ - yᵢ bị chặn trong [-δ, δ], rồi chia n; dạng ``(n_samples,)``.

    >>> huber_grad([0.0, 0.0], [1.0, 5.0], delta=2.0)
    array([0.5, 1. ])
    """
    return np.clip(y_pred - y_true, -delta, delta) / len(y_true)


@_door(_binary)
def binary_cross_entropy(y_true, logits):
    """Entropy chéo nhị phân: -(1/n) Σ [yᵢ log p̂ᵢ + (1 - yᵢ) log(1 - p̂ᵢ)] với p̂ = sigmoid(z).

    ``y_true`` là nhãn 0 hoặc 1, ``logits`` là z, cùng dạng ``(n_samples,)``. Nhãn 1 cho log(1 + e⁻ᶻ), nhãn 0 cho
    log(1 + eᶻ): chỉ khác dấu của z, nên phần thân chỉ còn một dòng. Nguồn: Bishop (2006), công thức 4.90.

    >>> round(binary_cross_entropy([1, 0], [0.0, 0.0]), 4)  # đoán mò 1/2: log 2
    0.6931
    >>> binary_cross_entropy([1, 0], [1e4, 1e4])  # rất chắc chắn, và sai một nửa
    5000.0
    """
    return np.mean(np.logaddexp(0, (1 - 2 * y_true) * logits))


@_door(_binary)
def binary_cross_entropy_grad(y_true, logits):
    """Gradient của ``binary_cross_entropy`` theo ``logits``: (p̂ᵢ - yᵢ) / n, dạng ``(n_samples,)``.

    Nguồn: Bishop (2006), công thức 4.91.

    >>> binary_cross_entropy_grad([1, 0], [0.0, np.log(3)])  # p̂ là 1/2 và 3/4
    array([-0.25 ,  0.375])
    """
    return (_unchecked(sigmoid)(logits) - y_true) / len(y_true)


@_door(_multiclass)
def cross_entropy(y_true, logits):
    """Entropy chéo: -(1/n) Σ log p̂ của lớp thật, với p̂ = softmax(z) theo hàng.

    ``y_true`` dạng ``(n_samples,)`` là số thứ tự của lớp thật, từ 0 đến K - 1; ``logits`` dạng ``(n_samples, K)``.
    Nguồn: Bishop (2006), công thức 4.108.

    >>> round(cross_entropy([1], [[0.0, np.log(3)]]), 4)  # -log(3/4)
    0.2877
    """
    return 0 - np.mean(_unchecked(log_softmax)(logits)[np.arange(len(y_true)), y_true])  # 0 - 0 là 0, không là -0


@_door(_multiclass)
def cross_entropy_grad(y_true, logits):
    """Gradient của ``cross_entropy`` theo ``logits``: (p̂ᵢ - one-hot(yᵢ)) / n, dạng ``(n_samples, K)``.

    Nguồn: Bishop (2006), công thức 4.109.

    >>> cross_entropy_grad([1], [[0.0, np.log(3)]])  # (1/4, 3/4) - (0, 1)
    array([[ 0.25, -0.25]])
    """
    return (_unchecked(softmax)(logits) - np.eye(logits.shape[1])[y_true]) / len(y_true)


def _cross_entropy_pair(y_true, logits):
    """Giá trị và gradient trong một lượt, cho vòng huấn luyện: mỗi hàng chỉ lấy exp một lần."""
    rows = np.arange(len(y_true))
    z = logits - logits.max(axis=1, keepdims=True)
    grad = np.exp(z)
    total = grad.sum(axis=1, keepdims=True)
    grad /= total
    grad[rows, y_true] -= 1
    grad /= len(y_true)
    return (np.log(total).sum() - z[rows, y_true].sum()) / len(y_true), grad
