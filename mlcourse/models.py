"""Mô hình (mục 1): f_theta với theta viết rõ ra, và các mô hình có sẵn lời giải.

Hai dạng. ``Model`` là các hàm thuần của tham số, để huấn luyện bằng gradient: ``predict(params, X)`` là f_theta(x),
đúng từng chữ. Một *learner* là hàm ``fit(X, y) -> predict``: nhận tập huấn luyện, trả về hàm dự đoán; mọi hàm của
model_selection và bias_variance nhận learner. ``params`` là dict phẳng, mỗi khóa một mảng; ``X`` dạng
``(n_samples, n_features)``, ``y`` dạng ``(n_samples,)``. Mọi hàm báo ``ValueError`` hoặc ``TypeError`` khi ``X``,
``y``, ``params`` sai dạng, rỗng, có NaN hoặc vô cực, không phải số, hoặc nhãn không phải là số thứ tự của lớp.
"""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import numpy as np

from . import _blocks, _check, losses
from .regularization import dropout_mask


class Model(NamedTuple):
    """Mô hình có tham số: các hàm thuần.

    ``init(rng) -> params``; ``predict(params, X)``; ``loss(params, X, y)`` là mất mát trên dữ liệu, một float, không có
    phần phạt; ``value_and_grad(params, X, y, *, rng=None) -> value, grads`` là hàm mục tiêu, gồm cả phần phạt, và dict
    gradient cùng khóa, cùng dạng với ``params``. Có ``rng`` là chế độ huấn luyện (dropout bật), không có là chế độ đánh
    giá. ``unchecked`` cho biết công thức đứng sau cửa kiểm tra của ``loss`` và ``value_and_grad``: vòng huấn luyện kiểm
    tra một lần rồi chỉ gọi công thức; hàm nào không có ở đó thì gọi chính hàm ấy.
    """

    init: Callable
    predict: Callable
    loss: Callable
    value_and_grad: Callable
    unchecked: dict[Callable, Callable] = {}


# ---- mô hình huấn luyện bằng gradient ----


def linear(n_features, *, l2=0.0, loss="mse"):
    """Hồi quy tuyến tính: ``predict`` là w·x + b, dạng ``(n_samples,)``, theo đơn vị của y.

    ``params`` là ``{"w": (d,), "b": (1,)}``. ``loss`` là "mse", "mae" hoặc "huber" (δ = 1, theo đơn vị của y), cộng
    phạt λ‖w‖² với λ = ``l2`` ≥ 0; b không bị phạt. Nguồn: Bishop (2006), mục 3.1.

    >>> model, params = linear(1), {"w": np.array([2.0]), "b": np.array([1.0])}
    >>> model.predict(params, [[0.0], [3.0]])
    array([1., 7.])
    >>> model.value_and_grad(params, [[0.0], [3.0]], [1.0, 5.0])  # d = (0, 2): MSE = 2, theo w là 2 · 2 · 3 / 2
    (2.0, {'w': array([6.]), 'b': array([2.])})
    """
    d, name = _check.integer("n_features", n_features, low=1), _check.choice("loss", loss, ("mse", "mae", "huber"))
    return _network([(d,)], _head(name), l2)


def logistic(n_features, *, l2=0.0):
    """Hồi quy logistic: ``predict`` là P(y = 1 | x) = σ(w·x + b), dạng ``(n_samples,)``; ``y`` là nhãn 0 hoặc 1.

    ``params`` là ``{"w": (d,), "b": (1,)}``. Mất mát là entropy chéo nhị phân; hàm mục tiêu cộng thêm λ‖w‖², λ = ``l2``
    ≥ 0, b không bị phạt. λ = 1/(2·C·n) cho cùng nghiệm với C của scikit-learn. Nguồn: Bishop (2006), mục 4.3.2.

    >>> model = logistic(1)
    >>> params = {"w": np.array([0.0]), "b": np.array([0.0])}
    >>> model.predict(params, [[5.0], [-5.0]])
    array([0.5, 0.5])
    >>> loss, grads = model.value_and_grad(params, [[5.0], [-5.0]], [1, 0])
    >>> round(loss, 4), grads  # log 2; trung bình của (p̂ - y) x là -2.5
    (0.6931, {'w': array([-2.5]), 'b': array([0.])})
    """
    d = _check.integer("n_features", n_features, low=1)
    return _network([(d,)], _head("binary_cross_entropy", losses.sigmoid, 2), l2)


def softmax_regression(n_features, n_classes, *, l2=0.0):
    """Hồi quy softmax cho K lớp: ``predict`` là softmax(X w + b), dạng ``(n_samples, K)``; ``y`` từ 0 đến K - 1.

    ``params`` là ``{"w": (d, K), "b": (K,)}``. Mất mát là entropy chéo; phạt λ‖w‖² như ở ``logistic``.
    Nguồn: Bishop (2006), mục 4.3.4.

    >>> model = softmax_regression(1, 4)
    >>> model.predict({"w": np.zeros((1, 4)), "b": np.zeros(4)}, [[7.0]])
    array([[0.25, 0.25, 0.25, 0.25]])
    """
    d, K = _check.integer("n_features", n_features, low=1), _check.integer("n_classes", n_classes, low=2)
    return _network([(d, K)], _head("cross_entropy", losses.softmax, K), l2)


def mlp(sizes, *, l2=0.0, dropout=0.0):
    """Mạng nơ-ron nhiều tầng, ReLU ở các tầng ẩn, softmax ở đầu ra: ``sizes`` là (d, số nút từng tầng ẩn, ..., K).

    ``predict`` là xác suất dạng ``(n_samples, K)``; ``y`` từ 0 đến K - 1. Tầng i có ``w{i}``, ``b{i}``, đếm từ 1:
    hᵢ = max(0, hᵢ₋₁ wᵢ + bᵢ). ``dropout`` trong [0, 1) là xác suất bỏ mỗi nút ẩn, chỉ khi huấn luyện. ``l2`` như ở
    ``logistic``. Khởi tạo: N(0, 2 / số đầu vào), He và cộng sự (2015). Nguồn: Goodfellow và cộng sự (2016), chương 6.

    >>> model = mlp((2, 3, 2))
    >>> params = model.init(np.random.default_rng(0))
    >>> {name: p.shape for name, p in params.items()}
    {'w1': (2, 3), 'b1': (3,), 'w2': (3, 2), 'b2': (2,)}
    >>> model.predict({**params, "w2": np.zeros((3, 2))}, [[1.0, -1.0]])  # đầu ra chưa nhìn gì: hai lớp ngang nhau
    array([[0.5, 0.5]])
    """
    if not isinstance(sizes, (tuple, list)) or len(sizes) < 3:
        raise ValueError(
            f"sizes cần ít nhất ba số (đầu vào, tầng ẩn, số lớp), ví dụ (64, 32, 10), nhưng nhận được "
            f"{sizes!r}. Không có tầng ẩn thì dùng softmax_regression."
        )
    sizes = [_check.integer(f"sizes[{i}]", size, low=1) for i, size in enumerate(sizes)]
    K = _check.integer(f"sizes[{len(sizes) - 1}]", sizes[-1], low=2)
    return _network(list(zip(sizes, sizes[1:])), _head("cross_entropy", losses.softmax, K), l2, dropout)


def logits(params, X):
    """Điểm số z = X w + b của mô hình tuyến tính ``{"w", "b"}``, trước khi thành xác suất; không có đơn vị.

    Dạng ``(n_samples,)`` khi ``w`` dạng ``(d,)``, dạng ``(n_samples, K)`` khi ``w`` dạng ``(d, K)``.

    >>> logits({"w": np.array([2.0, -1.0]), "b": np.array([0.5])}, [[1.0, 1.0], [0.0, 3.0]])
    array([ 1.5, -2.5])
    """
    shape = np.shape(params["w"]) if isinstance(params, dict) and "w" in params else (0,)
    params, X = _inputs(params, X, {"w": shape, "b": shape[1:] or (1,)})
    return X @ params["w"] + params["b"]


def low_rank(model, base, *, rank):
    """Tinh chỉnh hạng thấp (LoRA): mỗi trọng số w của ``base`` đứng yên, chỉ học phần cộng thêm u v.

    u dạng (d, r), v dạng (r, K), r = ``rank``, hay cạnh ngắn của w nếu cạnh ấy ngắn hơn ``rank``. Trả về ``Model`` có
    tham số ``u_<tên>``, ``v_<tên>`` cho mọi trọng số hai chiều của ``base``: r (d + K) số thay vì d K. u ngẫu nhiên
    nhỏ, v bằng 0, nên lúc đầu dự đoán y như ``base``. Gradient: ∂u = ∂w vᵀ, ∂v = uᵀ ∂w. Phần phạt của ``model`` tính
    trên w + u v. Nguồn: Hu và cộng sự (2022), "LoRA: low-rank adaptation of large language models", ICLR.

    >>> model = softmax_regression(3, 4)
    >>> base = model.init(np.random.default_rng(0))
    >>> tuned = low_rank(model, base, rank=1)
    >>> params = tuned.init(np.random.default_rng(1))
    >>> {name: p.shape for name, p in params.items()}
    {'u_w': (3, 1), 'v_w': (1, 4)}
    >>> bool((tuned.predict(params, np.eye(3)) == model.predict(base, np.eye(3))).all())
    True
    """
    wanted = {name: np.shape(p) for name, p in model.init(np.random.default_rng(0)).items()}
    base = {name: p.copy() for name, p in _parameters(base, wanted, "base").items()}
    shapes = {name: shape for name, shape in wanted.items() if len(shape) == 2}
    largest = max((min(shape) for shape in shapes.values()), default=0)
    if largest == 0:
        raise ValueError(f"base không có trọng số hai chiều nào để thêm phần hạng thấp: các khóa là {sorted(base)}.")
    rank = _check.integer("rank", rank, low=1, high=largest)
    sides = {}
    for name, (d, K) in shapes.items():
        sides |= {"u_" + name: (d, min(rank, d, K)), "v_" + name: (min(rank, d, K), K)}

    def merged(params):
        params = _parameters(params, sides)
        return base | {name: base[name] + params["u_" + name] @ params["v_" + name] for name in shapes}

    def init(rng):
        normal = _check.generator(rng).normal
        return {k: normal(size=s) / np.sqrt(s[0]) if k[0] == "u" else np.zeros(s) for k, s in sides.items()}

    def value_and_grad(params, X, y, *, rng=None):
        value, full = model.value_and_grad(merged(params), X, y, rng=rng)
        grads = {}
        for name in shapes:
            grads["u_" + name] = full[name] @ np.transpose(params["v_" + name])
            grads["v_" + name] = np.transpose(params["u_" + name]) @ full[name]
        return value, grads

    return Model(
        init,
        lambda params, X: model.predict(merged(params), X),
        lambda params, X, y: model.loss(merged(params), X, y),
        value_and_grad,
    )


# ---- learner: fit(X, y) -> predict ----


def least_squares(X, y, *, l2=0.0):
    """Nghiệm đóng của argmin (1/n)‖X w + b - y‖² + λ‖w‖²: dict ``{"w": (d,), "b": (1,)}``.

    Với X, y đã trừ trung bình và X = U S Vᵀ: w = V diag(s / (s² + nλ)) Uᵀ y, nên λ co mạnh nhất các hướng có s nhỏ. λ =
    0 mà nhiều nghiệm thì lấy nghiệm có ‖w‖ nhỏ nhất. ``l2`` là một số, hoặc m số: khi đó w dạng ``(d, m)``, b dạng
    ``(m,)``. Bằng Ridge của scikit-learn với alpha = nλ. Nguồn: Hastie, Tibshirani, Friedman (2009), mục 3.4.1.

    >>> least_squares([[0.0], [1.0], [2.0]], [1.0, 3.0, 5.0])  # đường thẳng y = 2x + 1
    {'w': array([2.]), 'b': array([1.])}
    """
    return _least_squares(*_regression(X, y), _l2(l2))


def ridge(l2):
    """Learner hồi quy ridge: ``fit(X, y)`` giải ``least_squares``, ``predict(X)`` là X w + b, theo đơn vị của y.

    ``l2`` là m số thì ``predict`` trả về ``(n_samples, m)``: cả đường đi theo λ chỉ bằng một phép phân tích.

    >>> predict = ridge([0.0, 1.0])([[-1.0], [1.0]], [-2.0, 2.0])
    >>> predict([[3.0]])  # w = 2 / (1 + λ)
    array([[6., 3.]])
    """
    l2 = _l2(l2)

    def fit(X, y):
        params = _least_squares(*_regression(X, y), l2)
        return lambda X: logits(params, X)

    return fit


def polynomial(degree, *, l2=0.0):
    """Learner đa thức bậc ``degree`` ≥ 0 của một đặc trưng: X dạng ``(n_samples, 1)``.

    ``l2`` ≥ 0 phạt các hệ số của x, x², ... như ``ridge``. x được đưa về [-1, 1] theo tập huấn luyện, để các lũy thừa
    cùng cỡ. λ = 0 thì là ``polynomial_path``: cần ít nhất ``degree`` + 1 giá trị x khác nhau, nếu không thì có vô số đa
    thức cùng khớp. Nguồn: Bishop (2006), mục 1.1.

    >>> predict = polynomial(2)([[0.0], [1.0], [2.0], [3.0]], [0.0, 1.0, 4.0, 9.0])
    >>> predict([[5.0]]).round(9)
    array([25.])
    """
    degree, l2 = _check.integer("degree", degree, low=0), _check.number("l2", l2, low=0)

    def fit(X, y):
        X, y = _regression(X, y)
        x = _check.column(X).copy()
        low, high, y = x.min(), x.max(), y.copy()

        def powers(X):
            z = (2 * _check.column(X) - low - high) / ((high - low) or 1.0)
            return z[:, None] ** np.arange(1, degree + 1)

        if l2 == 0:
            curves = _curves(x[None], y[None], degree)
            return lambda X: curves(_check.column(X))[-1][0]
        if degree and l2 < 1e-16 and np.linalg.cond(powers(X) - powers(X).mean(axis=0)) > 1e10:
            seen = f"l2 = {l2:g} quá nhỏ: với bậc {degree} trên các điểm x này, làm tròn xong thì không khác gì 0"
            raise ValueError(f"{seen}. Hãy tăng l2, chẳng hạn l2=1e-12, hoặc giảm bậc.")
        params = _least_squares(powers(X), y, np.float64(l2))
        return lambda X: powers(X) @ params["w"] + params["b"]

    return fit


def polynomial_path(x, y, x_test, degree):
    """Dự đoán của mọi đa thức bậc 0, 1, ..., ``degree``, cho R tập huấn luyện cùng một lúc.

    ``x``, ``y`` dạng ``(R, n)``, mỗi hàng một tập; ``x_test`` dạng ``(m,)``. Trả về mảng ``(degree + 1, R, m)``: phần
    tử [k, r] là dự đoán của ``polynomial(k)`` học trên hàng r. Cách tính: dựng đa thức p_0, p_1, ... trực chuẩn trên
    các điểm x, mỗi bậc từ các bậc trước; bậc k chỉ thêm ⟨p_k, y⟩ p_k, các hệ số trước giữ nguyên. Lỗi khi một hàng có
    ít giá trị x khác nhau hơn ``degree`` + 1, hoặc khi sai số làm tròn giữa các điểm x có thể vượt 1e-4 biên độ của
    đường cong. Nguồn: Forsythe (1957), J. SIAM 5(2); Brubeck, Nakatsukasa, Trefethen (2021), SIAM Review 63(2).

    >>> polynomial_path([[0.0, 1.0, 2.0]], [[0.0, 1.0, 4.0]], [3.0], 2).round(9)[:, 0, 0]  # 5/3, 4x/2 - 1/3, x²
    array([1.66666667, 5.66666667, 9.        ])
    """
    x, y = _check.real("x", x, ndim=2), _check.real("y", y, ndim=2)
    _check.same_shape("x", x, "y", y)
    x_test, degree = _check.real("x_test", x_test, ndim=1), _check.integer("degree", degree, low=0)
    return np.array(_curves(x, y, degree)(x_test))


def knn(n_neighbors, *, classify=False):
    """Learner k láng giềng gần nhất theo khoảng cách Euclid: trung bình y của k điểm gần nhất, dạng ``(n_samples,)``.

    ``classify=True``: nhãn xuất hiện nhiều nhất trong k điểm, hòa thì lấy nhãn nhỏ hơn. Hai điểm cách đều thì điểm đứng
    trước trong tập huấn luyện được chọn. Nguồn: Cover, Hart (1967); Hastie, Tibshirani, Friedman (2009), mục 2.3.2.

    >>> predict = knn(2)([[0.0], [1.0], [5.0]], [1.0, 3.0, 10.0])
    >>> predict([[0.4], [4.0]])
    array([2. , 6.5])
    """
    k = _check.integer("n_neighbors", n_neighbors, low=1)

    def fit(X, y):
        X, y = _check.samples(X, y, target=_check.labels) if classify else _regression(X, y)
        X_train, y_train = X.copy(), y.copy()
        _check.integer("n_neighbors", k, high=len(X_train))

        def predict(X):
            X = _check.real("X", X, ndim=2)
            _same_features(X, X_train.shape[1])
            with np.errstate(over="ignore"):
                squared = np.stack([np.sum((X_train - x) ** 2, axis=1) for x in X])
            nearest = y_train[np.argsort(squared, axis=1, kind="stable")[:, :k]]
            if not classify:
                return nearest.mean(axis=1)
            votes = (nearest[:, :, None] == np.unique(y_train)).sum(axis=1)
            return np.unique(y_train)[votes.argmax(axis=1)]

        return predict

    return fit


# ---- phần chung ----


def _head(loss, output=None, n_classes=None):
    """Đầu ra của mạng: z thành dự đoán; mất mát; mất mát và gradient theo z; số lớp, None là hồi quy."""
    value, grad = (losses._unchecked(getattr(losses, name)) for name in (loss, loss + "_grad"))
    both = losses._cross_entropy_pair if loss == "cross_entropy" else lambda y, z: (value(y, z), grad(y, z))
    return losses._unchecked(output) if output else np.asarray, value, both, n_classes


def _network(shapes, head, l2, dropout=0.0):
    """Mạng tầng nối tầng, hàm mục tiêu là mất mát cộng λ‖w‖²; không tầng ẩn là mô hình tuyến tính, tham số "w", "b"."""
    output, loss_of, loss_and_grad, n_classes = head
    l2, dropout = _check.number("l2", l2, low=0), _check.number("dropout", dropout, low=0, high=1, high_open=True)
    marks = [""] if len(shapes) == 1 else range(1, len(shapes) + 1)
    layers = [(f"w{mark}", f"b{mark}") for mark in marks]
    shape_of = {name: s for (w, b), shape in zip(layers, shapes) for name, s in ((w, shape), (b, shape[1:] or (1,)))}

    def init(rng):
        params, linear = {}, len(layers) == 1
        for w, b in layers:
            size = 0.01 if linear else np.sqrt(2 / shape_of[w][0])
            params[w], params[b] = size * _check.generator(rng).normal(size=shape_of[w]), np.zeros(shape_of[b])
        return params

    def predict(params, X):
        params, X = _inputs(params, X, shape_of)
        return output(_forward(params, layers, X)[-1])

    def loss(params, X, y):
        return float(loss_of(_coded(y, n_classes), _forward(params, layers, X)[-1]))

    def value_and_grad(params, X, y, *, rng=None):
        rate = 0.0 if rng is None else dropout
        *h, z = _forward(params, layers, X, rate, rng)
        value, dz = loss_and_grad(_coded(y, n_classes), z)
        grads = _backward(params, layers, h, dz, rate)
        if l2:
            for w, _ in reversed(layers):
                value, grads[w] = value + l2 * np.sum(params[w] ** 2), grads[w] + 2 * l2 * params[w]
        return float(value), {name: grads[name] for name in params}

    def checked(function, params, X, y, **options):
        params, X = _inputs(params, X, shape_of)
        y = _check.real("y", y, ndim=1) if n_classes is None else _check.classes("y", y, n_classes)
        _check.same_length("X", X, "y", y)
        return function(params, X, y, **options)

    unchecked = {partial(checked, formula): formula for formula in (loss, value_and_grad)}
    return Model(init, predict, *unchecked, unchecked)


def _forward(params, layers, X, rate=0.0, rng=None):
    """Đầu vào của từng tầng, h₀ = X và hᵢ = max(0, hᵢ₋₁ wᵢ + bᵢ), rồi đến điểm số z của tầng cuối."""
    h = [X]
    for w, b in layers:
        z = h[-1] @ params[w]
        z += params[b]
        h.append(z if (w, b) == layers[-1] else _blocks.relu(z))
        if rate and (w, b) != layers[-1]:
            h[-1] *= dropout_mask(z.shape, rate, rng=rng)
    return h


def _backward(params, layers, h, dz, rate=0.0):
    """Lan truyền ngược: ∂w = hᵀ ∂z, ∂b = Σ ∂z, ∂h = ∂z wᵀ; qua ReLU và dropout, nút bằng 0 thì gradient dừng lại."""
    grads = {}
    for (w, b), inputs in zip(reversed(layers), reversed(h)):
        grads[w], grads[b] = inputs.T @ dz, np.atleast_1d(dz.sum(axis=0))
        if inputs is not h[0]:
            dz = dz @ params[w].T * (inputs > 0)
            if rate:
                dz /= 1 - rate
    return grads


def _inputs(params, X, shape_of):
    params, X = _parameters(params, shape_of), _check.real("X", X, ndim=2)
    _same_features(X, next(iter(shape_of.values()))[0])
    return params, X


def _coded(y, n_classes):
    """Nhãn thành chỉ số của cột; đích của hồi quy giữ nguyên."""
    return y if n_classes is None else y.astype(np.intp, copy=False)


def _parameters(params, shape_of, called="params"):
    source = f"lấy {called} từ model.init(rng) hoặc training.train"
    if not isinstance(params, dict) or params.keys() != shape_of.keys():
        seen = sorted(params, key=str) if isinstance(params, dict) else type(params).__name__
        raise _check.wrong(called, f"là dict có các khóa {sorted(shape_of)}", f"nhận được {seen}", source)
    arrays = {name: _check.array(f"{called}[{name!r}]", p) for name, p in params.items()}
    for name, shape in shape_of.items():
        if arrays[name].shape != shape or arrays[name].dtype.kind not in "fiub":
            seen = f"có dạng {arrays[name].shape}, kiểu {arrays[name].dtype}"
            raise _check.wrong(f"{called}[{name!r}]", f"có dạng {shape}, kiểu số", seen, source)
    return {name: p.astype(np.float64, copy=False) for name, p in arrays.items()}


def _same_features(X, d):
    if X.shape[1] != d:
        raise ValueError(f"X có {X.shape[1]} cột nhưng mô hình có {d} đặc trưng: cần bằng nhau.")


_regression = partial(_check.samples, target=partial(_check.real, ndim=1))


def _l2(l2):
    l2 = _check.real("l2", l2, low=0)
    return l2 if l2.ndim < 2 else _check.real("l2", l2, ndim=1)


def _least_squares(X, y, l2):
    a, b = (int(np.frexp(np.abs(v).max(initial=0))[1]) for v in (X, y))
    X, y = np.ldexp(X, -a), np.ldexp(y, -b)  # đổi đơn vị bằng lũy thừa của 2: không mất bit nào, và không tràn số
    moved = X - X[0]  # trừ hàng đầu rồi mới trừ trung bình: cột không đổi thành đúng 0, không thành sai số làm tròn
    x_mean, y_mean = X[0] + moved.mean(axis=0), y.mean()
    U, s, Vt = np.linalg.svd(moved - moved.mean(axis=0), full_matrices=False)
    s = s[:, None]
    known = s > s.max(initial=0) * max(X.shape) * np.finfo(float).eps  # hướng không có dữ liệu: để w bằng 0 ở đó
    with np.errstate(over="ignore"):
        penalty = len(X) * np.ldexp(l2, -2 * a)
        shrink = np.divide(s, s**2 + penalty, where=known, out=np.zeros((len(s), l2.size)))
        w = Vt.T @ (shrink * (U.T @ (y - y_mean))[:, None])
        bias = y_mean - (x_mean @ w).reshape(l2.shape)
        return {"w": np.ldexp(w.reshape(len(w), *l2.shape), b - a), "b": np.atleast_1d(np.ldexp(bias, b))}


def _curves(x, y, degree, *, careful=False):
    """Hàm cho dự đoán ``(R, m)`` của từng bậc ở m điểm t: p_(k+1) là z p_k trừ hình chiếu lên các p_j, chia cho chuẩn.

    Lẽ ra chỉ cần trừ hình chiếu lên hai p cuối. Khi sai số làm tròn lớn dần, ``careful`` trừ hình chiếu lên mọi p_j,
    hai lượt, và đo các p_j giữa những điểm x: sai số của y lớn lên chừng ấy lần.
    """
    ordered, n, careful = _enough_points(x, degree), x.shape[1], careful or degree > 20
    low, high, mean = ordered[:, :1] / 2, ordered[:, -1:] / 2, y.mean(axis=1, keepdims=True)

    def unit(t):  # tập huấn luyện nằm trong [-1, 1]
        return (t - (low + high)) / ((high - low) + (high == low))

    def dot(a, b):
        return np.einsum("rn,rn->r", a, b)[:, None]

    z, P, steps, growth = unit(x), [np.full_like(x, n**-0.5)], [], np.ones_like(mean)
    with np.errstate(all="ignore"):
        for _ in range(degree):
            p, shadows = z * P[-1], []
            for before in (P if careful else P[-2:]) * (1 + careful):
                shadows.append(dot(before, p))
                p -= shadows[-1] * before
            norm = np.sqrt(dot(p, p))
            P.append(p / norm)
            steps.append((shadows, norm, dot(P[-1], y - mean)))
            growth = growth / (2 * norm)  # hệ số đầu của p_k so với đa thức Chebyshev, vốn nhỏ nhất trên [-1, 1]

    def basis(t):  # các p_j ở t, bằng đúng những phép tính ở trên
        z = unit(t)
        Q = [np.full_like(z, n**-0.5)]
        for shadows, norm, _ in steps:
            q = z * Q[-1]
            for before, shadow in zip((Q if careful else Q[-2:]) * (1 + careful), shadows):
                q -= shadow * before
            Q.append(q / norm)
        return Q

    def curves(t):
        with np.errstate(all="ignore"):
            path = [mean + 0 * unit(t)]
            for q, (_, _, c) in zip(basis(t)[1:], steps):
                path.append(path[-1] + c * q)
        for curve, exact in zip(path, redone(t)):
            curve[rows] = exact
        return path

    rows, redone = np.flatnonzero(~(growth <= 10)), lambda t: ()  # ở các tập này, làm lại cho kỹ
    if careful:
        between, eps = ordered[:, 1:] / 2 + ordered[:, :-1] / 2, np.finfo(float).eps
        with np.errstate(all="ignore"):
            grown = np.hypot.accumulate([np.abs(q).max(axis=1, initial=0) for q in basis(between)])
            size = np.array([np.abs(curve).max(axis=1, initial=0) for curve in curves(between)]) / np.abs(y).max(axis=1)
        exact = (eps * n**0.5 * grown < 2e-6 * np.fmax(1, size)).all(axis=1)
        if not exact[-1]:
            seen = f"Bậc {degree} quá cao: giữa các điểm x này, đa thức phóng đại sai số làm tròn của y lên quá nhiều"
            raise ValueError(
                f"{seen}. Hãy giảm bậc xuống {exact.argmin() - 1}, hoặc phạt: polynomial({degree}, l2=1e-9)."
            )
    elif rows.size:
        redone = _curves(x[rows], y[rows], degree, careful=True)
    return curves


def _enough_points(x, degree):
    """Ít điểm khác nhau hơn số hệ số thì vô số đa thức cùng khớp: báo lỗi, chứ không chọn bừa một đa thức."""
    x = np.sort(x, axis=1)
    distinct = 1 + (np.diff(x) > 1e-9 * (x[:, -1:] - x[:, :1])).sum(axis=1)
    if distinct.min() <= degree:
        bad = distinct.argmin()
        which = (f" (tập thứ {bad} trong {len(x)} tập)" if len(x) > 1 else "") + ": vô số đa thức cùng khớp"
        seen = f"Đa thức bậc {degree} có {degree + 1} hệ số, nhưng chỉ có {distinct[bad]} giá trị x khác nhau{which}"
        raise ValueError(f"{seen}. Hãy giảm bậc, thêm dữ liệu, hoặc phạt: polynomial({degree}, l2=1e-9).")
    return x
