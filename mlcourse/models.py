"""Mô hình f_theta (mục 1): ba hàm thuần, với tham số theta viết rõ thành đối số.

``predict(params, X)`` là f_theta(x), đúng từng chữ. ``params`` là một dict phẳng, mỗi khóa một mảng; ``X`` dạng
``(n_samples, n_features)``, ``y`` dạng ``(n_samples,)``. Mọi hàm báo ``ValueError`` hoặc ``TypeError`` khi ``X``,
``y``, ``params`` sai dạng, rỗng, có NaN hoặc vô cực, không phải số, hoặc nhãn không phải là số thứ tự của lớp.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from . import _check, losses


class Model(NamedTuple):
    """Mô hình: ``init(rng) -> params``, ``predict(params, X)``, ``value_and_grad(params, X, y) -> loss, grads``.

    ``loss`` là một float, ``grads`` là dict cùng khóa và cùng dạng với ``params``.
    """

    init: Callable
    predict: Callable
    value_and_grad: Callable


def logits(params, X):
    """Điểm số z = X w + b của ``logistic`` hoặc ``softmax_regression``, trước khi thành xác suất; không có đơn vị.

    Dạng ``(n_samples,)`` khi ``w`` dạng ``(d,)``, dạng ``(n_samples, K)`` khi ``w`` dạng ``(d, K)``.

    >>> logits({"w": np.array([2.0, -1.0]), "b": np.array([0.5])}, [[1.0, 1.0], [0.0, 3.0]])
    array([ 1.5, -2.5])
    """
    X, w, b = _features(params, X)
    return X @ w + b


def logistic(n_features, *, l2=0.0):
    """Hồi quy logistic: ``predict`` là P(y = 1 | x) = σ(w·x + b), dạng ``(n_samples,)``; ``y`` là nhãn 0 hoặc 1.

    ``params`` là ``{"w": (d,), "b": (1,)}``. Mất mát là entropy chéo nhị phân cộng λ‖w‖², với λ = ``l2`` ≥ 0; b không
    bị phạt. λ = 1/(2·C·n) cho cùng nghiệm với C của scikit-learn. Nguồn: Bishop (2006), mục 4.3.2.

    >>> model = logistic(1)
    >>> params = {"w": np.array([0.0]), "b": np.array([0.0])}
    >>> model.predict(params, [[5.0], [-5.0]])
    array([0.5, 0.5])
    >>> loss, grads = model.value_and_grad(params, [[5.0], [-5.0]], [1, 0])
    >>> round(loss, 4), grads  # log 2; trung bình của (p̂ - y) x là -2.5
    (0.6931, {'w': array([-2.5]), 'b': array([0.])})
    """
    d = _check.integer("n_features", n_features, low=1)
    return _linear((d,), 2, losses.sigmoid, losses.binary_cross_entropy, losses.binary_cross_entropy_grad, l2)


def softmax_regression(n_features, n_classes, *, l2=0.0):
    """Hồi quy softmax cho K lớp: ``predict`` là softmax(X w + b), dạng ``(n_samples, K)``; ``y`` từ 0 đến K - 1.

    ``params`` là ``{"w": (d, K), "b": (K,)}``. Mất mát là entropy chéo cộng λ‖w‖², như ở ``logistic``.
    Nguồn: Bishop (2006), mục 4.3.4.

    >>> model = softmax_regression(1, 4)
    >>> model.predict({"w": np.zeros((1, 4)), "b": np.zeros(4)}, [[7.0]])
    array([[0.25, 0.25, 0.25, 0.25]])
    """
    d, K = _check.integer("n_features", n_features, low=1), _check.integer("n_classes", n_classes, low=2)
    return _linear((d, K), K, losses.softmax, losses.cross_entropy, losses.cross_entropy_grad, l2)


def _linear(shape, n_classes, probability, loss, loss_grad, l2):
    """Phần chung của hai mô hình trên: z = X w + b, và gradient theo w, b từ gradient theo z (quy tắc dây chuyền)."""
    l2 = _check.number("l2", l2, low=0)
    shapes = shape, shape[1:] or (1,)

    def init(rng):
        w = 0.01 * _check.generator(rng).normal(size=shapes[0])  # gần 0: lúc đầu các lớp có xác suất gần như nhau
        return {"w": w, "b": np.zeros(shapes[1])}

    def features(params, X):
        X, w, b = _features(params, X)
        if (w.shape, b.shape) != shapes:
            raise ValueError(f"params['w'] và params['b'] của mô hình này có dạng {shapes[0]} và {shapes[1]}, "
                             f"nhưng nhận được {w.shape} và {b.shape}. Hãy lấy params từ model.init(rng).")
        return X, w, b

    def predict(params, X):
        X, w, b = features(params, X)
        return probability(X @ w + b)

    def value_and_grad(params, X, y):
        (X, w, b), y = features(params, X), _check.classes("y", y, n_classes)
        _check.same_length("X", X, "y", y)
        z = X @ w + b
        dz = loss_grad.formula(y, z)
        loss_value = loss.formula(y, z) + l2 * np.sum(w**2)
        return float(loss_value), {"w": X.T @ dz + 2 * l2 * w, "b": np.atleast_1d(dz.sum(axis=0))}

    return Model(init, predict, value_and_grad)


def _features(params, X):
    if not isinstance(params, dict) or params.keys() != {"w", "b"}:
        seen = sorted(params) if isinstance(params, dict) else type(params).__name__
        raise ValueError(f"params cần là dict có hai khóa 'w' và 'b', nhưng nhận được {seen}. "
                         "Hãy lấy params từ model.init(rng) hoặc training.train.")
    X, w, b = _check.real("X", X, ndim=2), np.asarray(params["w"], np.float64), np.asarray(params["b"], np.float64)
    if w.ndim not in (1, 2) or b.shape != (w.shape[1:] or (1,)):
        raise ValueError(f"params['w'] cần có dạng (d,) đi với params['b'] dạng (1,), hoặc (d, K) đi với (K,), "
                         f"nhưng nhận được {w.shape} và {b.shape}.")
    if X.shape[1] != len(w):
        raise ValueError(f"X có {X.shape[1]} cột nhưng params['w'] có {len(w)} đặc trưng: cần bằng nhau.")
    return X, w, b
