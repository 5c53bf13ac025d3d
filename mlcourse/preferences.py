"""Học từ sở thích (mục 7): mô hình phần thưởng Bradley–Terry, chính sách buộc bằng KL, và DPO.

Một câu hỏi có K câu trả lời. ``reward`` và ``logits`` dạng ``(K,)``; chính sách π = softmax(logits) là xác suất chọn
từng câu; ``reference`` dạng ``(K,)`` là chính sách gốc π_ref, mọi xác suất dương. Một lần so sánh là một cặp chỉ số:
người ta thích câu ``chosen[i]`` hơn câu ``rejected[i]``. ``beta`` > 0 là độ chặt của dây buộc, cùng đơn vị với phần
thưởng; KL tính bằng nat. Mọi hàm báo ``ValueError`` hoặc ``TypeError`` khi đối số sai dạng, rỗng, có NaN hoặc vô cực,
ra ngoài khoảng, hoặc thiếu ``rng``.
"""

import numpy as np

from . import _check, losses


@np.errstate(over="ignore")
def preference_probability(reward):
    """Xác suất câu i được thích hơn câu j, theo Bradley–Terry: P[i, j] = σ(rᵢ - rⱼ), mảng ``(K, K)``.

    Nguồn: Bradley, Terry (1952), "Rank analysis of incomplete block designs", Biometrika 39.

    >>> preference_probability([0.0, np.log(3)])  # hơn nhau log 3: thắng 3 trên 4 lần
    array([[0.5 , 0.25],
           [0.75, 0.5 ]])
    """
    reward = _check.real("reward", reward, ndim=1)
    return losses._unchecked(losses.sigmoid)(reward[:, None] - reward)


def sample_preferences(reward, n_pairs, *, rng):
    """``n_pairs`` lần so sánh hai câu khác nhau lấy ngẫu nhiên, người chấm theo Bradley–Terry.

    Trả về ``chosen, rejected``: hai mảng chỉ số dạng ``(n_pairs,)``. Nguồn: Christiano và cộng sự (2017), NeurIPS.

    >>> sample_preferences([0.0, 1000.0], 3, rng=np.random.default_rng(0))  # hơn quá xa: luôn thắng
    (array([1, 1, 1]), array([0, 0, 0]))
    """
    win = preference_probability(reward)
    K, n = _check.integer("số câu trả lời của reward", len(win), low=2), _check.integer("n_pairs", n_pairs, low=1)
    first = _check.generator(rng).integers(K, size=n)
    second = (first + rng.integers(1, K, size=n)) % K
    first_wins = rng.random(n) < win[first, second]
    return np.where(first_wins, first, second), np.where(first_wins, second, first)


@np.errstate(over="ignore")
def bradley_terry(reward, chosen, rejected, *, weight=None):
    """Mất mát Bradley–Terry: trung bình của -log σ(r_chosen - r_rejected); lại là entropy chéo, với logit là hiệu hai
    phần thưởng.

    ``weight`` dạng ``(n_pairs,)`` là trọng số không âm của từng cặp. Nguồn: Ouyang và cộng sự (2022), NeurIPS, công
    thức 1.

    >>> round(bradley_terry([0.0, np.log(3)], [1], [0]), 4)  # -log(3/4)
    0.2877
    """
    reward, chosen, rejected, weight = _pairs("reward", reward, chosen, rejected, weight)
    return float(weight @ np.logaddexp(0, reward[rejected] - reward[chosen]))


@np.errstate(over="ignore")
def bradley_terry_grad(reward, chosen, rejected, *, weight=None):
    """Gradient của ``bradley_terry`` theo ``reward``, dạng ``(K,)``: mỗi cặp đẩy hai câu xa nhau một đoạn 1 - σ(hiệu).

    >>> bradley_terry_grad([0.0, np.log(3)], [1], [0])
    array([ 0.25, -0.25])
    """
    reward, chosen, rejected, weight = _pairs("reward", reward, chosen, rejected, weight)
    push = weight * losses._unchecked(losses.sigmoid)(reward[rejected] - reward[chosen])
    K = len(reward)
    return np.bincount(rejected, push, K) - np.bincount(chosen, push, K)


@np.errstate(over="ignore")
def optimal_policy(reward, reference, *, beta):
    """Chính sách tốt nhất của ``kl_objective``, công thức đóng: π ∝ π_ref e^{r/β}, mảng ``(K,)``.

    β lớn thì gần π_ref, β nhỏ thì dồn hết vào câu có phần thưởng cao nhất. Nguồn: Rafailov và cộng sự (2023), "Direct
    preference optimization", NeurIPS, công thức 4.

    >>> optimal_policy([0.0, np.log(3)], [0.5, 0.5], beta=1.0)
    array([0.25, 0.75])
    """
    reward, reference, beta = _leash("reward", reward, reference, beta)
    half = 2 if np.abs(reward).max() > 1e307 else 1  # chia đôi để hiệu không tràn số
    below = (reward / half - reward.max() / half) / beta * half  # kém câu tốt nhất bao nhiêu β
    return losses._unchecked(losses.softmax)(np.log(reference) + below)


def kl_objective(logits, reward, reference, *, beta):
    """Mục tiêu cần *cực đại*: E_π[r] - β KL(π‖π_ref), một ``float`` theo đơn vị của phần thưởng.

    Nguồn: Ziegler và cộng sự (2019), "Fine-tuning language models from human preferences".

    >>> round(kl_objective([0.0, 0.0], [1.0, 3.0], [0.5, 0.5], beta=1.0), 9)  # chưa rời π_ref: chỉ còn phần thưởng
    2.0
    """
    policy, value = _leashed(logits, reward, reference, beta)
    return float(policy @ value)


def kl_objective_grad(logits, reward, reference, *, beta):
    """Gradient của ``kl_objective`` theo ``logits``, dạng ``(K,)``: π (A - E_π[A]), với A = r - β log(π / π_ref).

    Đây là policy gradient chính xác: câu nào hơn mức trung bình thì được nâng lên. Nguồn: Williams (1992), Machine
    Learning 8.

    >>> kl_objective_grad([0.0, 0.0], [1.0, 3.0], [0.5, 0.5], beta=1.0)
    array([-0.5,  0.5])
    """
    policy, value = _leashed(logits, reward, reference, beta)
    return policy * (value - policy @ value)


def reinforce_grad(logits, actions, reward, reference, *, beta):
    """REINFORCE: ước lượng không chệch của ``kl_objective_grad`` từ n ≥ 2 câu ``actions`` lấy theo π, dạng ``(n,)``.

    Trung bình của (Aᵢ - bᵢ)(one-hot(aᵢ) - π), với baseline bᵢ là trung bình A của các mẫu *khác*. Nguồn: Williams
    (1992); Ahmadian và cộng sự (2024), "Back to basics".

    >>> reinforce_grad([0.0, 0.0], [0, 1], [1.0, 3.0], [0.5, 0.5], beta=1.0)
    array([-1.,  1.])
    """
    policy, value = _leashed(logits, reward, reference, beta)
    actions = _check.classes("actions", actions, len(policy))
    n, A = _check.integer("số mẫu của actions", len(actions), low=2), value[actions]
    advantage = (A - A.mean()) * n / (n - 1)  # Aᵢ trừ trung bình của n - 1 mẫu kia
    return np.bincount(actions, advantage, len(policy)) / n  # phần -π biến mất: tổng các advantage bằng 0


def dpo_loss(logits, reference, chosen, rejected, *, beta, weight=None):
    """DPO: ``bradley_terry`` với phần thưởng ẩn r = β log(π / π_ref), nên không cần mô hình phần thưởng riêng.

    Nguồn: Rafailov và cộng sự (2023), "Direct preference optimization", NeurIPS, công thức 7.

    >>> round(dpo_loss([0.0, np.log(3)], [0.5, 0.5], [1], [0], beta=1.0), 4)  # -log(3/4)
    0.2877
    """
    return bradley_terry(_implicit(logits, reference, beta), chosen, rejected, weight=weight)


def dpo_loss_grad(logits, reference, chosen, rejected, *, beta, weight=None):
    """Gradient của ``dpo_loss`` theo ``logits``, dạng ``(K,)``.

    >>> dpo_loss_grad([0.0, np.log(3)], [0.5, 0.5], [1], [0], beta=1.0)
    array([ 0.25, -0.25])
    """
    reward, beta = _implicit(logits, reference, beta), _check.number("beta", beta)
    return beta * bradley_terry_grad(reward, chosen, rejected, weight=weight)


def _pairs(name, reward, chosen, rejected, weight):
    """Các chỉ số đã kiểm tra, và trọng số đã chia cho tổng."""
    reward = _check.real(name, reward, ndim=1)
    chosen, rejected = _check.classes("chosen", chosen, len(reward)), _check.classes("rejected", rejected, len(reward))
    _check.same_length("chosen", chosen, "rejected", rejected)
    weight = np.ones(len(chosen)) if weight is None else _check.weights("weight", weight, "chosen", chosen)
    chosen, rejected, weight = (v[weight > 0] for v in (chosen, rejected, weight))
    return reward, chosen, rejected, weight / weight.sum()


def _leash(name, values, reference, beta):
    values, reference = _check.real(name, values, ndim=1), _check.distribution("reference", reference)
    _check.same_shape(name, values, "reference", reference)
    if reference.min() == 0:
        seen = f"reference có xác suất bằng 0 ở vị trí {reference.argmin()}: KL(π‖π_ref) là vô cực ở đó"
        raise ValueError(f"{seen}. Hãy làm trơn: 0.999 * np.asarray(reference) + 0.001 / len(reference).")
    return values, reference, _check.number("beta", beta, low=0, low_open=True)


@np.errstate(over="ignore")
def _leashed(logits, reward, reference, beta):
    """π, và A = r - β log(π / π_ref) của từng câu."""
    reward, reference, beta = _leash("reward", reward, reference, beta)
    logits = _check.real("logits", logits, ndim=1)
    _check.same_shape("logits", logits, "reward", reward)
    log_policy = losses._unchecked(losses.log_softmax)(logits)
    return np.exp(log_policy), _moderate(reward - beta * (log_policy - np.log(reference)))


@np.errstate(over="ignore")
def _implicit(logits, reference, beta):
    """Phần thưởng ẩn của DPO, r = β log(π / π_ref), sai khác một hằng số."""
    logits, reference, beta = _leash("logits", logits, reference, beta)
    return _moderate(beta * (logits - np.log(reference)))


def _moderate(values):
    """Quá 1e300 thì các phép cộng, trừ sau đó tràn số."""
    if not (largest := np.abs(values).max()) < 1e300:
        hint = "chia beta, và reward nếu có, cho cùng một số, hoặc thu nhỏ logits"
        raise _check.wrong("r - β log(π / π_ref)", "nhỏ hơn 1e300", f"lên đến {largest:g}", hint)
    return values
