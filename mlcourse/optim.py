"""Bộ tối ưu (mục 2.2), mỗi bộ là cặp hàm thuần ``(init, update)``, và lịch tốc độ học.

Trạng thái đi vào rồi đi ra, nên in được và giữ lại được. Một quy ước chỉ số cho mọi bộ tối ưu: bước t = 0, 1, 2, ... đi
từ θ_t đến θ_{t+1}, dùng gradient g_t = ∇L(θ_t) và tốc độ học η_t. ``learning_rate`` là một số dương, hoặc một lịch: hàm
nhận t, trả về η_t ≥ 0. ``state.step`` là t của bước sắp đi, cũng là số bước đã đi. ``params``, ``grads``, ``updates``
là dict cùng khóa, mỗi khóa một mảng; không dict nào bị sửa. Mọi hàm báo ``ValueError`` hoặc ``TypeError`` khi siêu tham
số ra ngoài khoảng, hoặc các dict khác khóa, khác dạng.
"""

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from . import _blocks, _check


class Optimizer(NamedTuple):
    """Bộ tối ưu: ``init(params) -> state`` và ``update(grads, state, params) -> updates, state``."""

    init: Callable
    update: Callable


class SGDState(NamedTuple):
    """Trạng thái của ``sgd``: số bước đã đi, và vận tốc u của từng tham số."""

    step: int
    velocity: dict


class RMSPropState(NamedTuple):
    """Trạng thái của ``rmsprop``: số bước đã đi, và trung bình động v của g²."""

    step: int
    v: dict


class AdamState(NamedTuple):
    """Trạng thái của ``adam`` và ``adamw``: số bước đã đi, mô-men bậc một m và bậc hai v, chưa hiệu chỉnh độ chệch."""

    step: int
    m: dict
    v: dict


def apply_updates(params, updates):
    """Tham số mới: θ_{t+1} = θ_t + updates; dấu trừ của gradient descent đã nằm trong ``updates``.

    >>> apply_updates({"w": np.array([1.0, 2.0])}, {"w": np.array([-0.5, 0.0])})
    {'w': array([0.5, 2. ])}
    """
    updates = _like("updates", updates, params)
    return {name: _check.array(name, p) + updates[name] for name, p in params.items()}


def constant(value):
    """Lịch tốc độ học không đổi: η_t = ``value`` > 0 với mọi bước t.

    >>> schedule = constant(0.1)
    >>> schedule(0), schedule(1000)
    (0.1, 0.1)
    """
    value = _positive("learning_rate", value)
    return lambda step: value


def step_decay(learning_rate, *, factor=0.1, every):
    """Lịch bậc thang: η_t = η_0 · ``factor``^⌊t / ``every``⌋, cứ ``every`` bước lại giảm một lần.

    ``factor`` trong (0, 1], ``every`` ít nhất là 1; StepLR của PyTorch. Nguồn: Goodfellow, Bengio, Courville (2016),
    mục 8.3.1.

    >>> schedule = step_decay(0.1, factor=0.5, every=10)
    >>> schedule(9), schedule(10), schedule(20)
    (0.1, 0.05, 0.025)
    """
    eta, every = _positive("learning_rate", learning_rate), _check.integer("every", every, low=1)
    factor = _check.number("factor", factor, low=0, high=1, low_open=True)
    return lambda step: eta * factor ** (step // every)


def cosine(learning_rate, *, n_steps, final=0.0):
    """Lịch cosine: từ η_0 xuống ``final`` trong ``n_steps`` bước theo nửa chu kỳ cosine, rồi đứng yên ở ``final``.

    η_t = final + ½ (η_0 - final)(1 + cos(π t / n_steps)), với 0 ≤ final ≤ η_0. Nguồn: Loshchilov, Hutter (2017), "SGDR:
    stochastic gradient descent with warm restarts", ICLR, công thức 5.

    >>> schedule = cosine(0.2, n_steps=100)
    >>> schedule(0), round(schedule(50), 12), schedule(100), schedule(999)
    (0.2, 0.1, 0.0, 0.0)
    """
    eta, n_steps = _positive("learning_rate", learning_rate), _check.integer("n_steps", n_steps, low=1)
    final = _check.number("final", final, low=0, high=eta)
    return lambda step: final + (eta - final) * (1 + math.cos(math.pi * min(step, n_steps) / n_steps)) / 2


def warmup(learning_rate, *, n_steps):
    """Lịch khởi động: trong ``n_steps`` bước đầu nhân η_t với (t + 1) / ``n_steps``, sau đó giữ nguyên η_t.

    ``learning_rate`` là một số, hoặc một lịch khác, và lịch ấy vẫn đếm t từ đầu. Nguồn: Goyal và cộng sự (2017),
    arXiv:1706.02677, mục 2.2.

    >>> schedule = warmup(0.4, n_steps=4)
    >>> [schedule(step) for step in range(5)]
    [0.1, 0.2, 0.30000000000000004, 0.4, 0.4]
    """
    schedule, n_steps = _schedule(learning_rate), _check.integer("n_steps", n_steps, low=1)
    return lambda step: _rate(schedule, step) * min(1, (step + 1) / n_steps)


def sgd(learning_rate, *, momentum=0.0, nesterov=False):
    """Gradient descent với động lượng μ trong [0, 1]: u_{t+1} = μ u_t + g_t, rồi θ_{t+1} = θ_t - η_t u_{t+1}, u_0 = 0.

    Với ``nesterov``, bước đi là -η_t (g_t + μ u_{t+1}): nhìn trước một đoạn theo vận tốc. Nguồn: Polyak (1964);
    Sutskever, Martens, Dahl, Hinton (2013), "On the importance of initialization and momentum in deep learning".

    >>> optimizer, params = sgd(0.1, momentum=0.5), {"w": np.array([1.0])}
    >>> updates, state = optimizer.update({"w": np.array([2.0])}, optimizer.init(params), params)
    >>> updates  # -0.1 · 2
    {'w': array([-0.2])}
    >>> optimizer.update({"w": np.array([2.0])}, state, params)  # u = 0.5 · 2 + 2 = 3
    ({'w': array([-0.3])}, SGDState(step=2, velocity={'w': array([3.])}))
    """
    schedule, momentum = _schedule(learning_rate), _check.number("momentum", momentum, low=0, high=1)
    if nesterov and momentum == 0:
        raise ValueError("nesterov=True cần momentum > 0, nhưng momentum là 0. Hãy đặt chẳng hạn momentum=0.9.")

    def init(params):
        return SGDState(0, _zeros(params) if momentum else {})

    def update(grads, state, params):
        grads, eta = _ready(SGDState, grads, state, params, momentum), _rate(schedule, state.step)

        def step(g, u):
            u = momentum * u + g
            move = g + momentum * u if nesterov else u
            return -eta * move, u

        if momentum == 0:  # không động lượng thì u = g, khỏi phải nhớ
            return {name: -eta * g for name, g in grads.items()}, SGDState(state.step + 1, {})
        updates, velocity = _blocks.each(step, grads, state.velocity)
        return updates, SGDState(state.step + 1, velocity)

    return Optimizer(init, update)


def rmsprop(learning_rate=1e-2, *, decay=0.99, eps=1e-8):
    """RMSProp: θ_{t+1} = θ_t - η_t g_t / (√v_{t+1} + ε), với v_{t+1} = ρ v_t + (1 - ρ) g_t² và ρ = ``decay``.

    Chia cho cỡ gradient gần đây, nên mỗi tham số có cỡ bước riêng. ρ trong [0, 1), v_0 = 0, không hiệu chỉnh
    độ chệch. Nguồn: Tieleman, Hinton (2012), bài giảng 6.5 của "Neural networks for machine learning".

    >>> optimizer, params = rmsprop(0.1, decay=0.75), {"w": np.array([1.0, 1.0])}
    >>> updates, state = optimizer.update({"w": np.array([4.0, -0.01])}, optimizer.init(params), params)
    >>> updates["w"].round(5)  # bước đầu dài η / √(1 - ρ) = 2η
    array([-0.2,  0.2])
    """
    schedule, decay, eps = _schedule(learning_rate), _decay("decay", decay), _positive("eps", eps)

    def update(grads, state, params):
        grads, eta = _ready(RMSPropState, grads, state, params), _rate(schedule, state.step)

        def step(g, v):
            v = decay * v + (1 - decay) * g**2
            return -eta * g / (np.sqrt(v) + eps), v

        updates, v = _blocks.each(step, grads, state.v)
        return updates, RMSPropState(state.step + 1, v)

    return Optimizer(lambda params: RMSPropState(0, _zeros(params)), update)


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
    schedule, b1, b2 = _schedule(learning_rate), _decay("b1", b1), _decay("b2", b2)
    eps = _positive("eps", eps)

    def update(grads, state, params):
        grads, eta, t = _ready(AdamState, grads, state, params), _rate(schedule, state.step), state.step + 1
        correction = (1 - b2**t) ** 0.5  # hiệu chỉnh độ chệch hai con số thay vì hai mảng, như cuối mục 2 của bài báo
        eta_t, eps_t = eta * correction / (1 - b1**t), eps * correction

        def step(g, m, v):
            m = b1 * m + (1 - b1) * g
            v = b2 * v + (1 - b2) * g**2
            return m / (np.sqrt(v) + eps_t) * -eta_t, m, v

        updates, m, v = _blocks.each(step, grads, state.m, state.v)
        return updates, AdamState(t, m, v)

    return Optimizer(lambda params: AdamState(0, _zeros(params), _zeros(params)), update)


def adamw(learning_rate=1e-3, *, b1=0.9, b2=0.999, eps=1e-8, weight_decay=0.01):
    """AdamW: bước của ``adam``, cộng với suy giảm trọng số -η_t λ θ_t, λ = ``weight_decay`` ≥ 0, không chia cho √v̂.

    Với SGD, phạt λ‖θ‖² và suy giảm trọng số là một; với Adam thì không, vì gradient của phần phạt bị chia cho √v̂.
    Nguồn: Loshchilov, Hutter (2019), "Decoupled weight decay regularization", ICLR, thuật toán 2.

    >>> optimizer, params = adamw(0.1, weight_decay=0.5), {"w": np.array([2.0])}
    >>> updates, _ = optimizer.update({"w": np.array([4.0])}, optimizer.init(params), params)
    >>> updates["w"].round(6)  # -0.1 của Adam, và -0.1 · 0.5 · 2
    array([-0.2])
    """
    schedule, unit = _schedule(learning_rate), adam(1.0, b1=b1, b2=b2, eps=eps)  # bước của Adam khi η = 1
    weight_decay = _check.number("weight_decay", weight_decay, low=0)

    def update(grads, state, params):
        updates, state = unit.update(grads, state, params)
        eta = _rate(schedule, state.step - 1)
        decay = {name: weight_decay * _check.array(name, p).astype(np.float64) for name, p in params.items()}
        return {name: eta * (u - decay[name]) for name, u in updates.items()}, state

    return Optimizer(unit.init, update)


def _schedule(learning_rate):
    if not callable(learning_rate):
        return constant(learning_rate)
    return _check.function("learning_rate", learning_rate, "step", "viết learning_rate=lambda step: 0.1")


def _positive(name, value):
    return _check.number(name, value, low=0, low_open=True)


def _decay(name, value):
    return _check.number(name, value, low=0, high=1, high_open=True)


def _rate(schedule, step):
    return _check.number(f"learning_rate(step={step})", schedule(step), low=0)


def _zeros(params):
    return {name: np.zeros(p.shape) for name, p in _like("params", params, params).items()}


def _ready(kind, grads, state, params, remembers=True):
    """Gradient đã kiểm tra, khi ``state`` đúng loại, và các dict trong đó có cùng khóa, cùng dạng với gradient."""
    grads = _like("grads", grads, params)
    shapes, kept = _shapes(grads), state[1:] if remembers and isinstance(state, kind) else ()
    known = isinstance(state, kind) and isinstance(state.step, (int, np.integer)) and state.step >= 0
    if not known or any(_shapes(d) != shapes for d in kept):
        hint = "lấy state từ optimizer.init(params), hoặc từ lần optimizer.update trước"
        raise _check.refused("state", f"là {kind.__name__} của chính params này", state, hint, ValueError)
    return grads


def _shapes(arrays):
    return {name: getattr(a, "shape", None) for name, a in arrays.items()} if isinstance(arrays, dict) else None


def _like(name, arrays, params):
    """Các mảng float64 cùng khóa và cùng dạng với ``params``: (d,) cộng (d, 1) thì NumPy lặng lẽ cho ra (d, d)."""
    if not (isinstance(arrays, dict) and isinstance(params, dict)):
        what, d = ("params", params) if isinstance(arrays, dict) else (name, arrays)
        raise _check.refused(what, "là dict, mỗi khóa một mảng", d, f'viết chẳng hạn {what} = {{"w": np.zeros(3)}}')
    if arrays.keys() != params.keys():
        seen, wanted = sorted(arrays, key=str), sorted(params, key=str)
        raise ValueError(f"{name} có các khóa {seen} nhưng params có {wanted}: cần cùng khóa.")
    found = {}
    for key, a in arrays.items():
        if type(a) is not np.ndarray or a.dtype.kind not in "fiub":
            a = _check.array(f"{name}[{key!r}]", a)
            a = a if a.dtype.kind in "fiub" else _check.real(f"{name}[{key!r}]", a)  # nói rõ lỗi
        found[key], p = a if a.dtype == np.float64 else a.astype(np.float64), params[key]
        if a.shape != (p.shape if isinstance(p, np.ndarray) else np.shape(p)):
            _check.same_shape(f"{name}[{key!r}]", a, f"params[{key!r}]", np.asarray(p))
    return found
