"""Học từ sở thích: policy gradient và DPO đi đến đúng chính sách của công thức đóng; REINFORCE không chệch."""

from decimal import Decimal, localcontext

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlcourse import losses, optim
from mlcourse.preferences import (
    bradley_terry,
    bradley_terry_grad,
    dpo_loss,
    dpo_loss_grad,
    kl_objective,
    kl_objective_grad,
    optimal_policy,
    preference_probability,
    reinforce_grad,
    sample_preferences,
)

RNG = np.random.default_rng(0)
K = 5
REWARD, LOGITS = RNG.normal(size=K), RNG.normal(size=K)
REFERENCE = np.array([0.4, 0.3, 0.15, 0.1, 0.05])
CHOSEN, REJECTED, WEIGHT = np.array([0, 1, 4, 2, 0]), np.array([1, 2, 0, 2, 3]), np.array([1.0, 2.0, 0.5, 0.0, 3.0])
ALL_PAIRS = np.array([(i, j) for i in range(K) for j in range(K) if i != j]).T

# góp vào bảng gradient của cả gói (test_gradients.py)
TABLE = {
    "preferences.bradley_terry_grad": (
        {"r": REWARD},
        lambda p: bradley_terry(p["r"], CHOSEN, REJECTED),
        lambda p: {"r": bradley_terry_grad(p["r"], CHOSEN, REJECTED)},
    ),
    "preferences.bradley_terry_grad, weight": (
        {"r": REWARD},
        lambda p: bradley_terry(p["r"], CHOSEN, REJECTED, weight=WEIGHT),
        lambda p: {"r": bradley_terry_grad(p["r"], CHOSEN, REJECTED, weight=WEIGHT)},
    ),
    "preferences.kl_objective_grad": (
        {"z": LOGITS},
        lambda p: kl_objective(p["z"], REWARD, REFERENCE, beta=0.7),
        lambda p: {"z": kl_objective_grad(p["z"], REWARD, REFERENCE, beta=0.7)},
    ),
    "preferences.dpo_loss_grad": (
        {"z": LOGITS},
        lambda p: dpo_loss(p["z"], REFERENCE, CHOSEN, REJECTED, beta=0.7, weight=WEIGHT),
        lambda p: {"z": dpo_loss_grad(p["z"], REFERENCE, CHOSEN, REJECTED, beta=0.7, weight=WEIGHT)},
    ),
    # trung bình của ước lượng trên mọi bộ ba câu, theo xác suất của chúng: bằng đúng gradient, nên không chệch
    "preferences.reinforce_grad": (
        {"z": LOGITS},
        lambda p: kl_objective(p["z"], REWARD, REFERENCE, beta=0.7),
        lambda p: {"z": expected_reinforce(p["z"])},
    ),
}


def expected_reinforce(z, n=3):
    policy, total = losses.softmax(z), np.zeros(K)
    for actions in np.ndindex(*(K,) * n):
        total += np.prod(policy[list(actions)]) * reinforce_grad(z, np.array(actions), REWARD, REFERENCE, beta=0.7)
    return total


def climb(grad_of, steps, learning_rate, sign, optimizer=None):
    """Đi ``steps`` bước; ``sign`` = -1 là đi lên."""
    optimizer, params = optimizer or optim.sgd(learning_rate), {"z": np.zeros(K)}
    state = optimizer.init(params)
    for _ in range(steps):
        updates, state = optimizer.update({"z": sign * grad_of(params["z"])}, state, params)
        params = optim.apply_updates(params, updates)
    return losses.softmax(params["z"])


def distance(p, q):
    """Khoảng cách biến phân toàn phần."""
    return np.abs(p - q).sum() / 2


@pytest.mark.parametrize("beta", [0.2, 1.0, 5.0])
def test_policy_gradient_reaches_the_closed_form(beta):
    best = optimal_policy(REWARD, REFERENCE, beta=beta)
    reached = climb(lambda z: kl_objective_grad(z, REWARD, REFERENCE, beta=beta), 4000, 0.8 / max(beta, 0.5), -1)
    assert distance(reached, best) < 1e-3


@pytest.mark.parametrize("beta", [0.5, 1.0, 3.0])
def test_dpo_recovers_the_same_policy_without_the_reward(beta):
    weight = preference_probability(REWARD)[ALL_PAIRS[0], ALL_PAIRS[1]]  # mọi cặp, nặng theo xác suất được thích
    reached = climb(lambda z: dpo_loss_grad(z, REFERENCE, *ALL_PAIRS, beta=beta, weight=weight), 6000, 4 / beta**2, 1)
    assert distance(reached, optimal_policy(REWARD, REFERENCE, beta=beta)) < 1e-3


def test_dpo_on_sampled_preferences_is_near():
    chosen, rejected = sample_preferences(REWARD, 40_000, rng=np.random.default_rng(0))
    reached = climb(lambda z: dpo_loss_grad(z, REFERENCE, chosen, rejected, beta=1.0), 800, 4.0, 1)
    assert distance(reached, optimal_policy(REWARD, REFERENCE, beta=1.0)) < 0.02


def test_reinforce_reaches_the_closed_form_within_its_noise():
    rng = np.random.default_rng(1)

    def estimate(z):
        actions = rng.choice(K, size=64, p=losses.softmax(z))
        return reinforce_grad(z, actions, REWARD, REFERENCE, beta=1.0)

    reached = climb(estimate, 3000, None, -1, optim.sgd(optim.cosine(0.5, n_steps=3000)))
    assert distance(reached, optimal_policy(REWARD, REFERENCE, beta=1.0)) < 0.02


def test_dpo_is_bradley_terry_on_the_implicit_reward():
    implicit = 0.7 * (np.log(losses.softmax(LOGITS)) - np.log(REFERENCE))
    assert dpo_loss(LOGITS, REFERENCE, CHOSEN, REJECTED, beta=0.7) == pytest.approx(
        bradley_terry(implicit, CHOSEN, REJECTED), rel=1e-12
    )


def test_bradley_terry_recovers_rewards_up_to_a_constant():
    weight = preference_probability(REWARD)[ALL_PAIRS[0], ALL_PAIRS[1]]
    r = np.zeros(K)
    for _ in range(3000):
        r = r - 4 * bradley_terry_grad(r, *ALL_PAIRS, weight=weight)
    np.testing.assert_allclose(r - r.mean(), REWARD - REWARD.mean(), atol=1e-6)


def test_bradley_terry_is_binary_cross_entropy_of_the_difference():
    gap = REWARD[CHOSEN] - REWARD[REJECTED]
    assert bradley_terry(REWARD, CHOSEN, REJECTED) == pytest.approx(
        losses.binary_cross_entropy(np.ones(5, int), gap), rel=1e-13
    )
    each = [bradley_terry(REWARD, [c], [r]) for c, r in zip(CHOSEN, REJECTED)]
    assert bradley_terry(REWARD, CHOSEN, REJECTED, weight=WEIGHT) == pytest.approx(
        np.average(each, weights=WEIGHT), rel=1e-13
    )


@settings(max_examples=60, deadline=None)
@given(st.integers(2, 8), st.floats(0.05, 10), st.integers(0, 2**32 - 1))
def test_the_closed_form_is_the_best_policy(K, beta, seed):
    rng = np.random.default_rng(seed)
    reward, reference = 3 * rng.normal(size=K), rng.dirichlet(np.full(K, 5.0))
    best = optimal_policy(reward, reference, beta=beta)
    assert best.sum() == pytest.approx(1, rel=1e-12) and (best >= 0).all()
    unnormalised = reference * np.exp((reward - reward.max()) / beta)
    np.testing.assert_allclose(best, unnormalised / unnormalised.sum(), rtol=1e-9)
    z = np.log(np.maximum(best, 1e-300))
    top = kl_objective(z, reward, reference, beta=beta)
    assert top == pytest.approx(
        beta * np.log(np.sum(reference * np.exp((reward - reward.max()) / beta))) + reward.max(), rel=1e-6, abs=1e-8
    )
    for _ in range(5):  # không chính sách nào khác hơn được
        assert kl_objective(z + rng.normal(size=K), reward, reference, beta=beta) <= top + 1e-9
    np.testing.assert_allclose(
        kl_objective_grad(z, reward, reference, beta=beta), 0, atol=1e-7 * max(1, np.abs(reward).max())
    )
    pi = losses.softmax(reward)
    assert kl_objective(reward, reward, reference, beta=beta) == pytest.approx(
        pi @ reward - beta * losses.kl_divergence(pi, reference), rel=1e-9, abs=1e-9
    )


def test_huge_rewards_neither_overflow_nor_warn():
    with np.errstate(all="raise", under="ignore"):
        assert optimal_policy([1e4, -1e4, 0], [0.2, 0.3, 0.5], beta=0.01).tolist() == [1.0, 0.0, 0.0]
        assert bradley_terry([1e4, -1e4], [1], [0]) == 2e4 and bradley_terry([1e4, -1e4], [0], [1]) == 0.0
        assert bradley_terry_grad([1e4, -1e4], [1], [0]).tolist() == [1.0, -1.0]
        assert preference_probability([1e4, -1e4]).tolist() == [[0.5, 1.0], [0.0, 0.5]]


def test_preferences_come_as_often_as_bradley_terry_says():
    chosen, rejected = sample_preferences(REWARD, 200_000, rng=np.random.default_rng(2))
    wins = np.zeros((K, K))
    np.add.at(wins, (chosen, rejected), 1)
    assert not wins.diagonal().any()
    pairs = wins + wins.T
    np.testing.assert_allclose(pairs[~np.eye(K, dtype=bool)], 200_000 / 10, rtol=0.05)  # mọi cặp ra như nhau
    off = ~np.eye(K, dtype=bool)
    np.testing.assert_allclose((wins / np.where(off, pairs, 1))[off], preference_probability(REWARD)[off], atol=0.02)
    again = sample_preferences(REWARD, 9, rng=np.random.default_rng(2))
    assert all(np.array_equal(a, b) for a, b in zip(again, sample_preferences(REWARD, 9, rng=np.random.default_rng(2))))


def test_over_optimisation_shows_with_an_imperfect_reward():
    """Phần thưởng học được sai ở vài câu hiếm: buộc lỏng dần thì phần thưởng thật tăng rồi giảm."""
    rng = np.random.default_rng(4)
    true = rng.normal(size=200)
    proxy, reference = true.copy(), np.full(200, 1 / 200)
    true[:5], proxy[:5] = -3, 5  # năm câu lừa được người chấm
    betas = [50.0, 5.0, 1.5, 0.5, 0.1]
    policies = [optimal_policy(proxy, reference, beta=beta) for beta in betas]
    believed, real = [p @ proxy for p in policies], [p @ true for p in policies]
    assert believed == sorted(believed)
    assert 0 < real.index(max(real)) < len(betas) - 1
    divergence = [losses.kl_divergence(p, reference) for p in policies]
    assert divergence == sorted(divergence)


ARGS = {"reward": REWARD, "reference": REFERENCE}
NEEDS = [
    (f"preferences.{name}", f)
    for name, f in (
        ("kl_objective", lambda r, ref, beta: kl_objective(LOGITS, r, ref, beta=beta)),
        ("kl_objective_grad", lambda r, ref, beta: kl_objective_grad(LOGITS, r, ref, beta=beta)),
        ("reinforce_grad", lambda r, ref, beta: reinforce_grad(LOGITS, [0, 1], r, ref, beta=beta)),
        ("optimal_policy", lambda r, ref, beta: optimal_policy(r, ref, beta=beta)),
        ("dpo_loss", lambda r, ref, beta: dpo_loss(r, ref, CHOSEN, REJECTED, beta=beta)),
        ("dpo_loss_grad", lambda r, ref, beta: dpo_loss_grad(r, ref, CHOSEN, REJECTED, beta=beta)),
    )
]
PAIRWISE = [("preferences.bradley_terry", bradley_terry), ("preferences.bradley_terry_grad", bradley_terry_grad)]
FAULTS = [
    *(
        (name, lambda f=f: f(REWARD, REFERENCE, 0), ValueError, r"beta cần nằm trong \(0, inf\), nhưng nhận được 0")
        for name, f in NEEDS
    ),
    *((name, lambda f=f: f(REWARD, REFERENCE, np.nan), ValueError, r"beta cần nằm trong") for name, f in NEEDS),
    *(
        (name, lambda f=f: f(REWARD[:3], REFERENCE, 1.0), ValueError, r"dạng \(3,\) nhưng .* dạng \(5,\)")
        for name, f in NEEDS
    ),
    *(
        (
            name,
            lambda f=f: f(REWARD[:, None], REFERENCE, 1.0),
            ValueError,
            r"cần có 1 chiều, nhưng có dạng \(5, 1\).*ravel",
        )
        for name, f in NEEDS
    ),
    *((name, lambda f=f: f(REWARD * np.nan, REFERENCE, 1.0), ValueError, r"có 5 giá trị NaN") for name, f in NEEDS),
    *(
        (name, lambda f=f: f(REWARD, REFERENCE * 2, 1.0), ValueError, r"reference cần là phân phối xác suất .* tổng 2")
        for name, f in NEEDS
    ),
    *(
        (name, lambda f=f: f(REWARD, [1.0, 0, 0, 0, 0], 1.0), ValueError, r"reference có xác suất bằng 0 ở vị trí 1")
        for name, f in NEEDS
    ),
    *(
        (name, lambda f=f: f(REWARD, [0], [5]), ValueError, r"rejected cần là nhãn từ 0 đến 4, nhưng có nhãn 5")
        for name, f in PAIRWISE
    ),
    *(
        (name, lambda f=f: f(REWARD, [-1], [0]), ValueError, r"chosen cần là nhãn từ 0 đến 4, nhưng có nhãn -1")
        for name, f in PAIRWISE
    ),
    *(
        (name, lambda f=f: f(REWARD, [0, 1], [2]), ValueError, r"chosen có 2 mẫu nhưng rejected có 1 mẫu")
        for name, f in PAIRWISE
    ),
    *((name, lambda f=f: f(REWARD, [], []), ValueError, r"chosen rỗng") for name, f in PAIRWISE),
    *(
        (name, lambda f=f: f(REWARD, [0], [1], weight=[-1.0]), ValueError, r"weight cần nằm trong \[0, inf\]")
        for name, f in PAIRWISE
    ),
    *((name, lambda f=f: f(REWARD, [0], [1], weight=[0.0]), ValueError, r"weight toàn số 0") for name, f in PAIRWISE),
    *(
        (name, lambda f=f: f(REWARD, [0], [1], weight=[1.0, 2.0]), ValueError, r"weight có 2 mẫu nhưng chosen có 1 mẫu")
        for name, f in PAIRWISE
    ),
    *(
        (name, lambda f=f: f([1.0, np.inf], [0], [1]), ValueError, r"reward có 1 giá trị NaN hoặc vô cực")
        for name, f in PAIRWISE
    ),
    (
        "preferences.preference_probability",
        lambda: preference_probability([[1.0]]),
        ValueError,
        r"reward cần có 1 chiều",
    ),
    ("preferences.preference_probability", lambda: preference_probability(["a"]), TypeError, r"reward cần là mảng số"),
    (
        "preferences.sample_preferences",
        lambda: sample_preferences([1.0], 3, rng=RNG),
        ValueError,
        r"số câu trả lời của reward cần ít nhất là 2, nhưng nhận được 1",
    ),
    (
        "preferences.sample_preferences",
        lambda: sample_preferences(REWARD, 0, rng=RNG),
        ValueError,
        r"n_pairs cần ít nhất là 1",
    ),
    ("preferences.sample_preferences", lambda: sample_preferences(REWARD, 3, rng=None), TypeError, r"rng cần là"),
    (
        "preferences.reinforce_grad",
        lambda: reinforce_grad(LOGITS, [0], REWARD, REFERENCE, beta=1.0),
        ValueError,
        r"số mẫu của actions cần ít nhất là 2",
    ),
    (
        "preferences.reinforce_grad",
        lambda: reinforce_grad(LOGITS, [0, 5], REWARD, REFERENCE, beta=1.0),
        ValueError,
        r"actions cần là nhãn từ 0 đến 4, nhưng có nhãn 5",
    ),
    (
        "preferences.kl_objective",
        lambda: kl_objective(LOGITS[:2], REWARD, REFERENCE, beta=1.0),
        ValueError,
        r"logits có dạng \(2,\) nhưng reward có dạng \(5,\)",
    ),
]


@pytest.mark.parametrize("name, call, error, words", FAULTS, ids=range(len(FAULTS)))
def test_bad_input_is_explained(name, call, error, words):
    with pytest.raises(error, match=words):
        call()


# ---- β cực đoan, phần thưởng cực lớn ----


@pytest.mark.parametrize("beta", [5e-324, 1e-300, 1e-9, 0.003, 0.7, 40.0, 1e9, 1.7e308])
@pytest.mark.parametrize(
    "reward",
    [
        [0.0, 1.0, 0.25],
        [1e10, 1e10, 0.0],
        [1e308, -1e308, 0.0],
        [3e-5, 0.0, 1e-5],
        [-2.0, 730.0, 729.0],
        [5e-324, 0.0, 0.0],
    ],
)
@pytest.mark.parametrize("reference", [[0.5, 0.25, 0.25], [1e-300, 1e-10, 1.0], [5e-324, 1.0, 3e-322]])
def test_the_optimal_policy_is_exact_at_any_leash(reward, reference, beta):
    with localcontext(prec=60, Emin=-(10**9)):
        weights = [
            Decimal(p) * ((Decimal(r) - Decimal(max(reward))) / Decimal(beta)).exp() for r, p in zip(reward, reference)
        ]
        for p, weight in zip(optimal_policy(reward, reference, beta=beta), weights):
            wanted = weight / sum(weights)
            assert abs(Decimal(float(p)) - wanted) <= max(wanted * Decimal("1e-12"), Decimal(2) ** -1074)


def test_float32_references_sum_to_one():
    reference = np.full(3, 1 / 3, np.float32)
    for form in (reference, reference.tolist()):
        np.testing.assert_allclose(optimal_policy([0.0, 0.0, 0.0], form, beta=1.0), np.full(3, 1 / 3), rtol=1e-12)


def test_huge_rewards_overflow_to_certainty_without_a_warning():
    assert preference_probability([1e308, -1e308]).tolist() == [[0.5, 1.0], [0.0, 0.5]]
    assert bradley_terry([1e308, -1e308], [0], [1]) == 0.0
    assert bradley_terry([1e308, -1e308], [1], [0]) == np.inf
    assert bradley_terry([1e308, -1e308], [1, 0], [0, 1], weight=[0.0, 1.0]) == 0.0  # 0 lần vô cực không phải là NaN
    assert bradley_terry_grad([1e308, -1e308], [1], [0]).tolist() == [1.0, -1.0]
    assert kl_objective([0.0, 1e4], [1.0, 2.0], [0.5, 0.5], beta=1.0) == pytest.approx(2 - np.log(2))
