"""Bộ tối ưu: so với công thức của bài báo tính lại bằng phân số và số thập phân chính xác, từng số một."""

from decimal import Decimal, getcontext
from fractions import Fraction

import numpy as np
import pytest

from mlcourse import optim
from mlcourse.optim import adam, apply_updates, constant, sgd

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


@pytest.mark.parametrize("make", [lambda r: sgd(r, momentum=0.5), lambda r: sgd(r, momentum=0.5, nesterov=True), adam],
                         ids=["momentum", "nesterov", "adam"])
def test_the_schedule_is_asked_for_steps_0_1_2(make):
    asked = []

    def schedule(step):
        asked.append(step)
        return 0.0 if step == 1 else 0.1     # lịch được phép về 0

    path, _ = run(make(schedule), {"w": np.ones(2)}, lambda p, t: {"w": np.ones(2)}, 3)
    assert asked == [0, 1, 2] and np.array_equal(path[1]["w"], path[2]["w"]) and (path[3]["w"] < path[2]["w"]).all()


@pytest.mark.parametrize("optimizer", [sgd(0.1), sgd(0.1, momentum=0.9, nesterov=True), adam(0.1)],
                         ids=["sgd", "nesterov", "adam"])
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


W = {"w": np.ones(3)}


@pytest.mark.parametrize("call, error, words", [
    (lambda: sgd(0), ValueError, r"learning_rate cần nằm trong \(0, inf\), nhưng nhận được 0"),
    (lambda: sgd(-0.1), ValueError, r"learning_rate cần nằm trong"),
    (lambda: sgd(np.nan), ValueError, r"learning_rate cần nằm trong"),
    (lambda: sgd("0.1"), TypeError, r"learning_rate cần là một số, nhưng nhận được '0\.1'"),
    (lambda: adam(0.0), ValueError, r"learning_rate cần nằm trong"),
    (lambda: adam(np.inf), ValueError, r"learning_rate cần nằm trong"),
    (lambda: constant(-1), ValueError, r"learning_rate cần nằm trong"),
    (lambda: sgd(0.1, momentum=1.1), ValueError, r"momentum cần nằm trong \[0, 1\]"),
    (lambda: sgd(0.1, momentum=-0.1), ValueError, r"momentum cần nằm trong"),
    (lambda: sgd(0.1, nesterov=True), ValueError, r"nesterov=True cần momentum > 0"),
    (lambda: adam(b1=1), ValueError, r"b1 cần nằm trong \[0, 1\), nhưng nhận được 1"),
    (lambda: adam(b1=-0.1), ValueError, r"b1 cần nằm trong"),
    (lambda: adam(b2=1.0), ValueError, r"b2 cần nằm trong \[0, 1\)"),
    (lambda: adam(b2="0.9"), TypeError, r"b2 cần là một số"),
    (lambda: adam(eps=0), ValueError, r"eps cần nằm trong \(0, inf\)"),
    (lambda: step(sgd(lambda t: -1.0), W), ValueError, r"learning_rate\(step=0\) cần nằm trong"),
    (lambda: step(adam(lambda t: np.nan), W), ValueError, r"learning_rate\(step=0\) cần nằm trong"),
    (lambda: step(adam(lambda t: None), W), TypeError, r"learning_rate\(step=0\) cần là một số"),
    (lambda: step(sgd(0.1), {"v": np.ones(3)}), ValueError, r"grads có các khóa \['v'\] nhưng params có \['w'\]"),
    (lambda: step(sgd(0.1), {"w": np.ones((3, 1))}), ValueError,
     r"grads\['w'\] có dạng \(3, 1\) nhưng params\['w'\] có dạng \(3,\)"),
    (lambda: step(adam(0.1), {"w": np.ones(2)}), ValueError, r"cần cùng dạng"),
    (lambda: apply_updates(W, {}), ValueError, r"updates có các khóa \[\] nhưng params có \['w'\]"),
    (lambda: apply_updates(W, {"w": np.ones((3, 1))}), ValueError, r"updates\['w'\] có dạng \(3, 1\)"),
])
def test_bad_input_is_explained(call, error, words):
    with pytest.raises(error, match=words):
        call()


def step(optimizer, grads):
    return optimizer.update(grads, optimizer.init(W), W)


def test_states_print():
    state = adam(0.1).init({"w": np.zeros(2)})
    assert repr(state) == "AdamState(step=0, m={'w': array([0., 0.])}, v={'w': array([0., 0.])})"
    assert isinstance(sgd(0.1).init(W), optim.SGDState)
