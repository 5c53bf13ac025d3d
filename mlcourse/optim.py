"""Bộ tối ưu (mục 2.2): cặp hàm thuần ``(init, update)``, trạng thái đi vào rồi đi ra, nên in được và giữ lại được.

Một quy ước chỉ số cho mọi bộ tối ưu: bước t = 0, 1, 2, ... đi từ θ_t đến θ_{t+1}, dùng gradient g_t = ∇L(θ_t) và
tốc độ học η_t. ``learning_rate`` là một số dương, hoặc một lịch: hàm nhận t, trả về η_t ≥ 0. ``state.step`` là t của
bước sắp đi, cũng là số bước đã đi. ``params``, ``grads``, ``updates`` là dict cùng khóa, mỗi khóa một mảng; không dict
nào bị sửa. Mọi hàm báo ``ValueError`` hoặc ``TypeError`` khi siêu tham số ra ngoài khoảng, hoặc các dict khác khóa,
khác dạng.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from . import _check


class Optimizer(NamedTuple):
    """Bộ tối ưu: ``init(params) -> state`` và ``update(grads, state, params) -> updates, state``."""

    init: Callable
    update: Callable


class SGDState(NamedTuple):
    """Trạng thái của ``sgd``: số bước đã đi, và vận tốc v của từng tham số."""

    step: int
    velocity: dict


class AdamState(NamedTuple):
    """Trạng thái của ``adam``: số bước đã đi, mô-men bậc một m và bậc hai v, chưa hiệu chỉnh độ chệch."""

    step: int
    m: dict
    v: dict


def apply_updates(params, updates):
    """Tham số mới: θ_{t+1} = θ_t + updates; dấu trừ của gradient descent đã nằm trong ``updates``.

    >>> apply_updates({"w": np.array([1.0, 2.0])}, {"w": np.array([-0.5, 0.0])})
    {'w': array([0.5, 2. ])}
    """
    updates = _like("updates", updates, params)
    return {name: p + updates[name] for name, p in params.items()}


def constant(value):
    """Lịch tốc độ học không đổi: η_t = ``value`` > 0 với mọi bước t.

    >>> schedule = constant(0.1)
    >>> schedule(0), schedule(1000)
    (0.1, 0.1)
    """
    value = _check.number("learning_rate", value, low=0, low_open=True)
    return lambda step: value


def sgd(learning_rate, *, momentum=0.0, nesterov=False):
    """Gradient descent với động lượng μ trong [0, 1]: v_{t+1} = μ v_t + g_t, rồi θ_{t+1} = θ_t - η_t v_{t+1}, v_0 = 0.

    Với ``nesterov``, bước đi là -η_t (g_t + μ v_{t+1}): nhìn trước một đoạn theo vận tốc. Nguồn: Polyak (1964);
    Sutskever, Martens, Dahl, Hinton (2013), "On the importance of initialization and momentum in deep learning".

    >>> optimizer, params = sgd(0.1, momentum=0.5), {"w": np.array([1.0])}
    >>> updates, state = optimizer.update({"w": np.array([2.0])}, optimizer.init(params), params)
    >>> updates  # -0.1 · 2
    {'w': array([-0.2])}
    >>> optimizer.update({"w": np.array([2.0])}, state, params)  # v = 0.5 · 2 + 2 = 3
    ({'w': array([-0.3])}, SGDState(step=2, velocity={'w': array([3.])}))
    """
    schedule = learning_rate if callable(learning_rate) else constant(learning_rate)
    momentum = _check.number("momentum", momentum, low=0, high=1)
    if nesterov and momentum == 0:
        raise ValueError("nesterov=True cần momentum > 0, nhưng momentum là 0. Hãy đặt chẳng hạn momentum=0.9.")

    def init(params):
        return SGDState(0, _zeros(params))

    def update(grads, state, params):
        grads, eta = _like("grads", grads, params), _rate(schedule, state.step)
        velocity = {name: momentum * state.velocity[name] + g for name, g in grads.items()}
        ahead = {name: g + momentum * velocity[name] for name, g in grads.items()} if nesterov else velocity
        return {name: -eta * v for name, v in ahead.items()}, SGDState(state.step + 1, velocity)

    return Optimizer(init, update)


def adam(learning_rate=1e-3, *, b1=0.9, b2=0.999, eps=1e-8):
    """Adam: θ_{t+1} = θ_t - η_t m̂ / (√v̂ + ε), mỗi tham số một cỡ bước riêng; mọi phép tính theo từng phần tử.

    m_{t+1} = β₁ m_t + (1 - β₁) g_t và v_{t+1} = β₂ v_t + (1 - β₂) g_t², với β₁, β₂ trong [0, 1) và m_0 = v_0 = 0.
    Vì bắt đầu từ 0 nên m, v quá nhỏ; hiệu chỉnh độ chệch: m̂ = m_{t+1} / (1 - β₁^{t+1}), v̂ = v_{t+1} / (1 - β₂^{t+1}).
    Bài báo đếm bước từ 1, nên t ở đó là t + 1 ở đây. Nguồn: Kingma, Ba (2015), "Adam: a method for stochastic
    optimization", ICLR, thuật toán 1.

    >>> optimizer, params = adam(0.1), {"w": np.array([1.0, 1.0])}
    >>> updates, state = optimizer.update({"w": np.array([4.0, -0.01])}, optimizer.init(params), params)
    >>> updates["w"].round(6)  # bước đầu dài η, gradient lớn hay nhỏ cũng vậy
    array([-0.1,  0.1])
    >>> state.step, state.m["w"]
    (1, array([ 0.4  , -0.001]))
    """
    schedule = learning_rate if callable(learning_rate) else constant(learning_rate)
    b1, b2 = _decay("b1", b1), _decay("b2", b2)
    eps = _check.number("eps", eps, low=0, low_open=True)

    def init(params):
        return AdamState(0, _zeros(params), _zeros(params))

    def update(grads, state, params):
        grads, eta, t = _like("grads", grads, params), _rate(schedule, state.step), state.step + 1
        m = {name: b1 * state.m[name] + (1 - b1) * g for name, g in grads.items()}
        v = {name: b2 * state.v[name] + (1 - b2) * g**2 for name, g in grads.items()}
        m_hat = {name: m[name] / (1 - b1**t) for name in grads}
        v_hat = {name: v[name] / (1 - b2**t) for name in grads}
        return {name: -eta * m_hat[name] / (np.sqrt(v_hat[name]) + eps) for name in grads}, AdamState(t, m, v)

    return Optimizer(init, update)


def _decay(name, beta):
    if _check.number(name, beta, low=0) >= 1:
        raise ValueError(f"{name} cần nằm trong [0, 1), nhưng nhận được {beta!r}. Giá trị quen dùng là 0.9 đến 0.999.")
    return float(beta)


def _rate(schedule, step):
    return _check.number(f"learning_rate(step={step})", schedule(step), low=0)


def _zeros(params):
    return {name: np.zeros(np.shape(p)) for name, p in params.items()}


def _like(name, arrays, params):
    """Các mảng float64 cùng khóa và cùng dạng với ``params``: (d,) cộng (d, 1) thì NumPy lặng lẽ cho ra (d, d)."""
    if arrays.keys() != params.keys():
        raise ValueError(f"{name} có các khóa {sorted(arrays)} nhưng params có {sorted(params)}: cần cùng khóa.")
    arrays = {key: np.asarray(a, np.float64) for key, a in arrays.items()}
    for key, a in arrays.items():
        _check.same_shape(f"{name}[{key!r}]", a, f"params[{key!r}]", np.asarray(params[key]))
    return arrays
