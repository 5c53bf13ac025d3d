"""Bộ tối ưu: so với PyTorch, và với công thức của bài báo tính lại bằng phân số và số thập phân chính xác."""

import functools
import json
import math
import tracemalloc
from decimal import Decimal, getcontext
from fractions import Fraction

import jupytext
import numpy as np
import pytest

from mlcourse import _blocks, optim
from mlcourse.optim import AdamState, adam, adamw, apply_updates, constant, cosine, rmsprop, sgd, step_decay, warmup
from tests.helpers import torch_optim
from tools.lessons import chosen

getcontext().prec = 50


def run(optimizer, params, grads_of, steps):
    """Đi ``steps`` bước; trả về các tham số đã qua và trạng thái cuối."""
    state, path = optimizer.init(params), [params]
    for t in range(steps):
        updates, state = optimizer.update(grads_of(path[-1], t), state, path[-1])
        path.append(apply_updates(path[-1], updates))
    return path, state


def random_grads(steps, seed=0):
    return np.random.default_rng(seed).normal(size=(steps, 3)) * [1, 100, 1e-3]


def sgd_by_fractions(theta, grads, rate, mu, nesterov):
    """Thuật toán viết lại cho từng số, bằng phân số chính xác."""
    theta, v, mu = Fraction(theta), Fraction(0), Fraction(mu)
    for t, g in enumerate(map(Fraction, grads)):
        v = mu * v + g
        theta -= Fraction(rate(t)) * (g + mu * v if nesterov else v)
    return float(theta)


def adam_by_decimals(theta, grads, rate, b1, b2, eps):
    """Thuật toán 1 của Kingma và Ba (2015), đếm t từ 1; m và v viết thành tổng có trọng số, không phải đệ quy."""
    theta, b1, b2, eps = Decimal(theta), Decimal(b1), Decimal(b2), Decimal(eps)
    grads = [Decimal(float(g)) for g in grads]

    def power(b, k):
        return b**k if k else Decimal(1)  # Decimal không chịu tính 0⁰

    for t in range(1, len(grads) + 1):
        m = (1 - b1) * sum(power(b1, t - i) * grads[i - 1] for i in range(1, t + 1))
        v = (1 - b2) * sum(power(b2, t - i) * grads[i - 1] ** 2 for i in range(1, t + 1))
        theta -= Decimal(rate(t - 1)) * (m / (1 - b1**t)) / ((v / (1 - b2**t)).sqrt() + eps)
    return float(theta)


def halving(step):
    return 0.1 / 2 ** (step // 10)


@pytest.mark.parametrize("momentum, nesterov", [(0.0, False), (0.9, False), (0.9, True), (1.0, False)])
@pytest.mark.parametrize("rate", [0.03, halving], ids=["hằng", "lịch"])
def test_sgd_equals_exact_fractions(momentum, nesterov, rate):
    grads, start = random_grads(40), np.array([1.0, -2.0, 0.5])
    path, state = run(sgd(rate, momentum=momentum, nesterov=nesterov), {"w": start}, lambda p, t: {"w": grads[t]}, 40)
    schedule = rate if callable(rate) else lambda t: rate
    expected = [sgd_by_fractions(start[j], grads[:, j], schedule, momentum, nesterov) for j in range(3)]
    np.testing.assert_allclose(path[-1]["w"], expected, rtol=1e-12)
    assert state.step == 40


@pytest.mark.parametrize("options", [{}, {"b1": 0.5, "b2": 0.9, "eps": 1e-3}, {"b1": 0.0, "b2": 0.0}])
@pytest.mark.parametrize("rate", [0.03, halving], ids=["hằng", "lịch"])
def test_adam_equals_the_paper_in_decimals(options, rate):
    grads, start = random_grads(25, seed=1), np.array([1.0, -2.0, 0.5])
    path, _ = run(adam(rate, **options), {"w": start}, lambda p, t: {"w": grads[t]}, 25)
    full = {"b1": 0.9, "b2": 0.999, "eps": 1e-8, **options}
    schedule = rate if callable(rate) else lambda t: rate
    expected = [adam_by_decimals(start[j], grads[:, j], schedule, **full) for j in range(3)]
    np.testing.assert_allclose(path[-1]["w"], expected, rtol=1e-11)


def test_first_step_of_adam_has_the_length_of_the_learning_rate():
    g = np.array([1e-4, -3.0, 1e6])
    updates, _ = adam(0.02).update({"w": g}, adam(0.02).init({"w": g}), {"w": g})
    np.testing.assert_allclose(updates["w"], -0.02 * np.sign(g), rtol=2e-4)  # lệch đúng ε / |g|
    np.testing.assert_allclose(updates["w"], -0.02 * g / (np.abs(g) + 1e-8), rtol=1e-14)


def test_adam_on_a_constant_gradient_always_steps_by_the_learning_rate():
    path, _ = run(adam(0.01), {"w": np.array([5.0])}, lambda p, t: {"w": np.array([2.5])}, 300)
    assert path[-1]["w"][0] == pytest.approx(5 - 300 * 0.01, rel=1e-8)


def test_bias_correction_is_what_keeps_the_first_steps_small():
    """Không hiệu chỉnh, gradient không đổi: bước / η = (1 - β₁ᵗ) / √(1 - β₂ᵗ), 3.16 ở bước đầu, đỉnh 6.57 ở bước 12."""
    state, ratios = adam(1.0).init({"w": np.zeros(1)}), []
    for _ in range(100):
        _, state = adam(1.0).update({"w": np.ones(1)}, state, {"w": np.zeros(1)})
        ratios.append(state.m["w"][0] / np.sqrt(state.v["w"][0]))
    assert ratios[0] == pytest.approx(3.1623, abs=1e-4) and ratios[99] == pytest.approx(3.24, abs=5e-3)
    assert int(np.argmax(ratios)) + 1 == 12 and max(ratios) == pytest.approx(6.57, abs=5e-3)


def test_momentum_on_a_constant_gradient_reaches_its_terminal_velocity():
    _, state = run(sgd(0.1, momentum=0.9), {"w": np.zeros(1)}, lambda p, t: {"w": np.array([2.0])}, 400)
    assert state.velocity["w"][0] == pytest.approx(2 / (1 - 0.9), rel=1e-12)


@pytest.mark.parametrize("rate, grows", [(0.199, False), (0.201, True)])
def test_gradient_descent_on_a_quadratic_is_stable_below_two_over_curvature(rate, grows):
    path, _ = run(sgd(rate), {"w": np.array([1.0])}, lambda p, t: {"w": 10 * p["w"]}, 60)  # L = 5 w², 2/10 = 0.2
    assert path[-1]["w"][0] == pytest.approx((1 - 10 * rate) ** 60, rel=1e-9)
    assert (abs(path[-1]["w"][0]) > 1) == grows


@pytest.mark.parametrize(
    "make",
    [sgd, lambda r: sgd(r, momentum=0.5), lambda r: sgd(r, momentum=0.5, nesterov=True), rmsprop, adam, adamw],
    ids=["sgd", "momentum", "nesterov", "rmsprop", "adam", "adamw"],
)
def test_the_schedule_is_asked_for_steps_0_1_2(make):
    asked = []

    def schedule(step):
        asked.append(step)
        return 0.0 if step == 1 else 0.1  # lịch được phép về 0

    path, _ = run(make(schedule), {"w": np.ones(2)}, lambda p, t: {"w": np.ones(2)}, 3)
    assert asked == [0, 1, 2] and np.array_equal(path[1]["w"], path[2]["w"]) and (path[3]["w"] < path[2]["w"]).all()


@pytest.mark.parametrize(
    "optimizer", [sgd(0.1), sgd(0.1, momentum=0.9, nesterov=True), adam(0.1)], ids=["sgd", "nesterov", "adam"]
)
def test_update_is_pure_keeps_shapes_and_takes_any_array(optimizer):
    params = {"w": np.ones((2, 3)), "b": np.zeros(1), "c": np.array(1.0)}
    grads = {"b": np.ones(1), "w": np.full((2, 3), 0.5), "c": np.array(2.0)}
    for array in (*params.values(), *grads.values()):
        array.flags.writeable = False
    _, state = optimizer.update(grads, optimizer.init(params), params)
    before = repr(state)
    first, second = optimizer.update(grads, state, params), optimizer.update(grads, state, params)
    assert repr(state) == before and repr(first) == repr(second) and first[1].step == 2
    new = apply_updates(params, first[0])
    assert {k: np.shape(p) for k, p in new.items()} == {k: p.shape for k, p in params.items()}
    narrow = {k: g.astype(np.float32) for k, g in grads.items()}
    assert repr(optimizer.update(narrow, state, params)) == repr(first)
    assert repr(optimizer.update({k: g.tolist() for k, g in grads.items()}, state, params)) == repr(first)


def test_constant_is_the_schedule_of_a_plain_number():
    grads = {"w": np.array([1.0, -2.0])}
    a, b = (run(adam(rate), {"w": np.zeros(2)}, lambda p, t: grads, 5)[0][-1]["w"] for rate in (0.1, constant(0.1)))
    assert np.array_equal(a, b)


# ---- PyTorch: các số trong torch_optim.json, và trực tiếp nếu máy này có PyTorch ----

TORCH = json.loads(torch_optim.FILE.read_text(encoding="utf-8"))


def our_path(name):
    kind, args, options, *_ = torch_optim.OPTIMIZERS[name]
    path, _ = run(getattr(optim, kind)(*args, **options), torch_optim.START, torch_optim.gradient, torch_optim.STEPS)
    return path[1:]


@pytest.mark.parametrize("name", torch_optim.OPTIMIZERS)
def test_200_steps_equal_pytorch(name):
    path = our_path(name)
    for step, theirs in zip(TORCH["steps"], TORCH["paths"][name], strict=True):
        for key, p in theirs.items():
            np.testing.assert_allclose(path[step - 1][key], p, rtol=0, atol=1e-10)
    assert np.abs(path[-1]["w"] - torch_optim.START["w"]).max() > 0.1  # đã đi thật


@pytest.mark.parametrize("name", torch_optim.SCHEDULES)
def test_schedules_equal_pytorch(name):
    schedule = torch_optim.SCHEDULES[name](optim)
    values = [schedule(step) for step in range(torch_optim.STEPS)]
    assert all(type(value) is float for value in values)
    np.testing.assert_allclose(values, TORCH["schedules"][name], rtol=1e-10, atol=1e-15)


def test_live_pytorch_agrees_with_its_kept_numbers_and_with_ours():
    torch = pytest.importorskip(
        "torch", reason="cần PyTorch để so trực tiếp; các số của nó đã có trong torch_optim.json"
    )
    for name in torch_optim.OPTIMIZERS:
        for ours, theirs in zip(our_path(name), torch_optim.torch_path(torch, name), strict=True):
            for key in ours:
                np.testing.assert_allclose(ours[key], theirs[key], rtol=0, atol=1e-10)
    for name, kept in TORCH["schedules"].items():
        np.testing.assert_allclose(torch_optim.torch_schedule(torch, name), kept, rtol=1e-12)


# ---- lịch, suy giảm trọng số, mảng lớn ----


def test_schedules_at_their_corners():
    assert [cosine(1.0, n_steps=4)(t) for t in (0, 2, 4, 5, 400)] == pytest.approx([1, 0.5, 0, 0, 0], abs=1e-15)
    assert cosine(1.0, n_steps=4, final=1.0)(3) == 1.0
    assert [warmup(1.0, n_steps=1)(t) for t in (0, 1)] == [1.0, 1.0]
    assert [warmup(step_decay(1.0, every=2), n_steps=4)(t) for t in range(5)] == pytest.approx(
        [0.25, 0.5, 0.075, 0.1, 0.01]
    )
    assert step_decay(1.0, factor=1.0, every=1)(9) == 1.0


def test_defaults_are_those_of_the_papers():
    grads = lambda p, t: {"w": np.array([3.0, -0.2])}
    for short, full in (
        (adam(), adam(1e-3, b1=0.9, b2=0.999, eps=1e-8)),
        (rmsprop(), rmsprop(1e-2, decay=0.99, eps=1e-8)),
        (adamw(), adamw(1e-3, b1=0.9, b2=0.999, eps=1e-8, weight_decay=0.01)),
    ):
        a, b = (run(optimizer, {"w": np.ones(2)}, grads, 7)[0][-1]["w"] for optimizer in (short, full))
        assert np.array_equal(a, b)


def test_l2_is_weight_decay_for_sgd_but_not_for_adam():
    lam, eta, start = 0.3, 0.05, {"w": np.array([2.0, -1.0])}
    g = np.array([5.0, 0.01])
    decayed = {"w": g + 2 * lam * start["w"]}
    updates, _ = sgd(eta).update(decayed, sgd(eta).init(start), start)
    np.testing.assert_allclose(start["w"] + updates["w"], (1 - 2 * eta * lam) * start["w"] - eta * g, rtol=1e-14)
    with_l2, _ = adam(eta).update(decayed, adam(eta).init(start), start)
    decoupled, _ = adamw(eta, weight_decay=2 * lam).update({"w": g}, adam(eta).init(start), start)
    assert np.abs(with_l2["w"] - decoupled["w"]).max() > 0.02
    np.testing.assert_allclose(decoupled["w"], -eta * np.sign(g) - eta * 2 * lam * start["w"], rtol=1e-5)


def test_large_arrays_are_computed_by_blocks_with_the_same_numbers():
    rng = np.random.default_rng(0)
    n = 2 * _blocks.SIZE + 5
    params, grads = ({"w": rng.normal(size=(1, n)), "b": rng.normal(size=3)} for _ in range(2))
    for make in (
        lambda: sgd(0.1, momentum=0.9, nesterov=True),
        lambda: rmsprop(0.1),
        lambda: adam(0.1),
        lambda: adamw(0.1),
    ):
        path, state = run(make(), params, lambda p, t: grads, 3)
        for part in (slice(0, 10), slice(n - 10, n), slice(_blocks.SIZE - 5, _blocks.SIZE + 5)):
            small = {"w": params["w"][:, part], "b": params["b"]}
            small_grads = {"w": grads["w"][:, part], "b": grads["b"]}
            alone, _ = run(make(), small, lambda p, t, g=small_grads: g, 3)
            np.testing.assert_allclose(path[-1]["w"][:, part], alone[-1]["w"], rtol=1e-13)
            np.testing.assert_allclose(path[-1]["b"], alone[-1]["b"], rtol=1e-13)
        assert path[-1]["w"].shape == (1, n) and state.step == 3


def test_large_arrays_need_no_memory_beyond_what_is_returned():
    params = {name: np.ones(300_000) for name in "ab"}
    optimizer, returned = adam(0.1), 3 * 2 * 300_000 * 8  # updates, m và v của hai tham số
    state = optimizer.init(params)
    tracemalloc.start()
    optimizer.update(params, state, params)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < returned + 1e6


def step(optimizer, grads):
    return optimizer.update(grads, optimizer.init(W), W)


W = {"w": np.ones(3)}
FAULTS = [
    ("optim.sgd", lambda: sgd(0), ValueError, r"learning_rate cần nằm trong \(0, inf\), nhưng nhận được 0"),
    ("optim.sgd", lambda: sgd(-0.1), ValueError, r"learning_rate cần nằm trong"),
    ("optim.sgd", lambda: sgd(np.nan), ValueError, r"learning_rate cần nằm trong"),
    ("optim.sgd", lambda: sgd("0.1"), TypeError, r"learning_rate cần là một số, nhưng nhận được '0\.1'"),
    ("optim.adam", lambda: adam(0.0), ValueError, r"learning_rate cần nằm trong"),
    ("optim.adam", lambda: adam(np.inf), ValueError, r"learning_rate cần nằm trong"),
    ("optim.constant", lambda: constant(-1), ValueError, r"learning_rate cần nằm trong"),
    ("optim.sgd", lambda: sgd(0.1, momentum=1.1), ValueError, r"momentum cần nằm trong \[0, 1\]"),
    ("optim.sgd", lambda: sgd(0.1, momentum=-0.1), ValueError, r"momentum cần nằm trong"),
    ("optim.sgd", lambda: sgd(0.1, nesterov=True), ValueError, r"nesterov=True cần momentum > 0"),
    ("optim.adam", lambda: adam(b1=1), ValueError, r"b1 cần nằm trong \[0, 1\), nhưng nhận được 1"),
    ("optim.adam", lambda: adam(b1=-0.1), ValueError, r"b1 cần nằm trong"),
    ("optim.adam", lambda: adam(b2=1.0), ValueError, r"b2 cần nằm trong \[0, 1\)"),
    ("optim.adam", lambda: adam(b2="0.9"), TypeError, r"b2 cần là một số"),
    ("optim.adam", lambda: adam(eps=0), ValueError, r"eps cần nằm trong \(0, inf\)"),
    (
        "optim.sgd",
        lambda: step(sgd(lambda t: -1.0), W),
        ValueError,
        r"learning_rate\(step=0\) cần nằm trong \[0, inf\)",
    ),
    ("optim.adam", lambda: step(adam(lambda t: np.nan), W), ValueError, r"learning_rate\(step=0\) cần nằm trong"),
    ("optim.adam", lambda: step(adam(lambda t: None), W), TypeError, r"learning_rate\(step=0\) cần là một số"),
    (
        "optim.sgd",
        lambda: step(sgd(0.1), {"v": np.ones(3)}),
        ValueError,
        r"grads có các khóa \['v'\] nhưng params có \['w'\]",
    ),
    (
        "optim.sgd",
        lambda: step(sgd(0.1), {"w": np.ones((3, 1))}),
        ValueError,
        r"grads\['w'\] có dạng \(3, 1\) nhưng params\['w'\] có dạng \(3,\)",
    ),
    ("optim.adam", lambda: step(adam(0.1), {"w": np.ones(2)}), ValueError, r"cần cùng dạng"),
    (
        "optim.apply_updates",
        lambda: apply_updates(W, {}),
        ValueError,
        r"updates có các khóa \[\] nhưng params có \['w'\]",
    ),
    (
        "optim.apply_updates",
        lambda: apply_updates(W, {"w": np.ones((3, 1))}),
        ValueError,
        r"updates\['w'\] có dạng \(3, 1\)",
    ),
    ("optim.rmsprop", lambda: rmsprop(0), ValueError, r"learning_rate cần nằm trong \(0, inf\), nhưng nhận được 0"),
    ("optim.rmsprop", lambda: rmsprop(decay=1), ValueError, r"decay cần nằm trong \[0, 1\), nhưng nhận được 1"),
    ("optim.rmsprop", lambda: rmsprop(decay=-0.1), ValueError, r"decay cần nằm trong"),
    ("optim.rmsprop", lambda: rmsprop(eps=0.0), ValueError, r"eps cần nằm trong \(0, inf\)"),
    ("optim.rmsprop", lambda: step(rmsprop(), {"v": np.ones(3)}), ValueError, r"grads có các khóa \['v'\]"),
    ("optim.adamw", lambda: adamw(np.nan), ValueError, r"learning_rate cần nằm trong \(0, inf\), nhưng nhận được nan"),
    ("optim.adamw", lambda: adamw(weight_decay=-0.1), ValueError, r"weight_decay cần nằm trong \[0, inf\)"),
    ("optim.adamw", lambda: step(adamw(lambda t: None), W), TypeError, r"learning_rate\(step=0\) cần là một số"),
    ("optim.adam", lambda: step(adam(), {"w": ["a", "b", "c"]}), TypeError, r"grads\['w'\] cần là mảng số"),
    ("optim.adamw", lambda: adamw(b1=1.0), ValueError, r"b1 cần nằm trong \[0, 1\)"),
    (
        "optim.adamw",
        lambda: step(adamw(), {"w": np.ones(2)}),
        ValueError,
        r"grads\['w'\] có dạng \(2,\) nhưng params\['w'\] có dạng \(3,\)",
    ),
    ("optim.step_decay", lambda: step_decay(0, every=1), ValueError, r"learning_rate cần nằm trong"),
    ("optim.step_decay", lambda: step_decay(0.1, every=0), ValueError, r"every cần ít nhất là 1, nhưng nhận được 0"),
    ("optim.step_decay", lambda: step_decay(0.1, every=1.5), TypeError, r"every cần là số nguyên"),
    ("optim.step_decay", lambda: step_decay(0.1, factor=0, every=1), ValueError, r"factor cần nằm trong \(0, 1\]"),
    (
        "optim.step_decay",
        lambda: step_decay(0.1, factor=1.1, every=1),
        ValueError,
        r"factor cần nằm trong \(0, 1\], nhưng nhận được 1\.1",
    ),
    ("optim.cosine", lambda: cosine(-1, n_steps=5), ValueError, r"learning_rate cần nằm trong \(0, inf\)"),
    (
        "optim.cosine",
        lambda: cosine(0, n_steps=5),
        ValueError,
        r"learning_rate cần nằm trong \(0, inf\), nhưng nhận được 0",
    ),
    ("optim.cosine", lambda: cosine(0.1, n_steps=0), ValueError, r"n_steps cần ít nhất là 1"),
    (
        "optim.cosine",
        lambda: cosine(0.1, n_steps=5, final=0.2),
        ValueError,
        r"final cần nằm trong \[0, 0\.1\], nhưng nhận được 0\.2",
    ),
    ("optim.cosine", lambda: cosine(0.1, n_steps=5, final=-0.1), ValueError, r"final cần nằm trong"),
    ("optim.warmup", lambda: warmup(0, n_steps=5), ValueError, r"learning_rate cần nằm trong"),
    ("optim.warmup", lambda: warmup(0.1, n_steps=0), ValueError, r"n_steps cần ít nhất là 1"),
]


OTHER, SMALL = {"v": np.ones(3)}, {"w": np.ones(1)}


@pytest.mark.parametrize("make", [adam, adamw, rmsprop, lambda: sgd(0.1, momentum=0.9)], ids=range(4))
def test_a_state_of_something_else_is_explained_and_the_hint_works(make):
    optimizer = make()
    foreign = (rmsprop() if make is not rmsprop else adam()).init(W)
    for state in (foreign, None, (0, W, W), optimizer.init(OTHER), optimizer.init(SMALL), optimizer.init(W)[:1]):
        with pytest.raises(
            ValueError, match=r"state cần là \w+State của chính params này.*từ optimizer\.init\(params\)"
        ):
            optimizer.update(W, state, W)
    assert optimizer.update(W, optimizer.init(W), W)[1].step == 1


def test_plain_sgd_keeps_no_velocity_but_wants_its_own_state():
    for state in (None, adam().init(W)):
        with pytest.raises(ValueError, match="state cần là SGDState"):
            sgd(0.1).update(W, state, W)


@pytest.mark.parametrize(
    "call, error, words",
    [
        (lambda: adam(0.1).init(np.ones(3)), TypeError, r"params cần là dict.*nhận được array\(.*np\.zeros\(3\)"),
        (lambda: adam().update([1.0], adam().init(W), W), TypeError, r"grads cần là dict.*nhận được \[1\.0\]"),
        (lambda: apply_updates([1.0], W), TypeError, r"params cần là dict.*nhận được \[1\.0\]"),
        (lambda: apply_updates(W, None), TypeError, "updates cần là dict.*nhận được None"),
        (lambda: apply_updates({3: 1.0, "w": 1.0}, W), ValueError, r"params có \[3, 'w'\]"),
    ],
)
def test_what_is_not_a_dict_is_explained(call, error, words):
    with pytest.raises(error, match=words):
        call()


@pytest.mark.parametrize("name, call, error, words", FAULTS, ids=range(len(FAULTS)))
def test_bad_input_is_explained(name, call, error, words):
    with pytest.raises(error, match=words):
        call()


def test_states_print():
    state = adam(0.1).init({"w": np.zeros(2)})
    assert repr(state) == "AdamState(step=0, m={'w': array([0., 0.])}, v={'w': array([0., 0.])})"
    assert isinstance(sgd(0.1).init(W), optim.SGDState)
    assert repr(rmsprop().init(W)) == "RMSPropState(step=0, v={'w': array([0., 0., 0.])})"


@pytest.mark.parametrize(
    "schedule", [lambda: 0.1, cosine, lambda step: None, lambda step: "0.1", lambda step: [0.1, 0.2]]
)
def test_a_schedule_that_cannot_be_followed_is_explained(schedule):
    with pytest.raises(TypeError, match=r"learning_rate(\(step=0\))? cần là (hàm của \(step\)|một số)"):
        optimizer = sgd(warmup(schedule, n_steps=3))
        optimizer.update(W, optimizer.init(W), W)


@pytest.mark.parametrize(
    "state",
    [AdamState(0, None, None), AdamState(0, {"w": [0.0]}, {"w": [0.0]}), AdamState(None, W, W), AdamState(-1, W, W)],
)
def test_a_broken_state_is_explained(state):
    with pytest.raises(ValueError, match=r"state cần là AdamState của chính params này.*optimizer\.init\(params\)"):
        adam().update(W, state, W)


def test_state_and_gradients_of_any_number_type_give_the_same_step():
    grads, state = {name: np.asarray(g, np.float32) for name, g in W.items()}, adam().init(W)
    wanted = adam().update({name: np.asarray(g, float) for name, g in grads.items()}, state, W)
    ours = adam().update(grads, state._replace(step=np.int64(0)), W)
    assert all(np.array_equal(ours[0][name], wanted[0][name]) for name in W)
    with np.errstate(invalid="ignore"):
        lost = sgd(0.1).update({name: np.full_like(g, np.nan) for name, g in grads.items()}, sgd(0.1).init(W), W)[0]
    assert all(np.isnan(update).all() for update in lost.values())  # phân kỳ thì là NaN, kiểu số nào cũng vậy


def test_adamw_passes_eps_on():
    g = {"w": np.array([1e-3])}
    for eps in (1e-8, 1.0):
        plain, decayed = (
            o.update(g, o.init(g), g)[0]["w"] for o in (adam(0.1, eps=eps), adamw(0.1, eps=eps, weight_decay=0.0))
        )
        np.testing.assert_allclose(decayed, plain, rtol=1e-12)


# --- Năm luật cập nhật viết ngay trong bài 02.2 -----------------------------------------------------------------------


@functools.cache
def lesson_02_2():
    """Những tên mà ô của cuộc đua ở bài 02.2 đặt ra."""
    (lesson,) = chosen("02_2")
    (cell,) = [cell for cell in jupytext.read(lesson.source).cells if "def nesterov(" in cell.source]
    names = {"np": np, "math": math, "functools": functools}
    exec(cell.source, names)
    return names


@pytest.mark.parametrize(
    "name, optimizer",
    [
        ("GD", sgd(0.1)),
        ("động lượng", sgd(0.1, momentum=0.9)),
        ("Nesterov", sgd(0.1, momentum=0.9, nesterov=True)),
        ("RMSProp", rmsprop(0.1, decay=0.99)),
        ("Adam", adam(0.1)),
    ],
)
def test_the_rules_of_lesson_02_2_are_those_of_the_package(name, optimizer):
    rule, params, m, v = lesson_02_2()["rules"][name], {"w": np.zeros(3)}, np.zeros(3), np.zeros(3)
    state, rng = optimizer.init(params), np.random.default_rng(0)
    for t in range(40):
        g = rng.normal(size=3) * [1e-8, 1, 100]
        updates, state = optimizer.update({"w": g}, state, params)
        step, m, v = rule(g, m, v, t, 0.1)
        np.testing.assert_allclose(step, updates["w"], rtol=1e-12)


@pytest.mark.parametrize("surface", ["bát dẹt", "Rosenbrock", "yên ngựa"])
def test_three_optimisers_of_the_race_do_not_see_the_axes(surface):
    """Ở mọi η, cả η làm văng ra: cùng số phận, cùng chỗ đến. RMSProp và Adam thì đổi."""
    names = lesson_02_2()
    for name in names["rules"]:
        plain, turned = (names["race"](surface, name, turn) for turn in (0, 45))
        same = np.allclose(plain[-1], turned[-1], atol=1e-3) and (names["flown"](plain) == names["flown"](turned)).all()
        assert same == (name in {"GD", "động lượng", "Nesterov"}), name


def test_leaving_the_saddle_is_not_flying_away_nor_coming_back():
    names = lesson_02_2()
    ends = {name: names["race"]("yên ngựa", name, 0)[:, :, -1] for name in names["rules"]}  # η = 1
    assert names["flown"](ends["động lượng"]) and names["flown"](ends["Nesterov"])
    assert np.abs(ends["RMSProp"][:, 1]).max() > 0.5 > np.abs(ends["RMSProp"][-1, 1])
    assert [names["exit_step"](path) < np.inf for path in ends.values()] == [True, False, False, False, True]
