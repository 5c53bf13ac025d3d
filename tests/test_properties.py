"""Tính chất chung của mọi hàm công khai trong tầng toán; một hàm mới chưa có trong bảng là lỗi.

Mỗi dòng của ``EXAMPLES``: hàm gọi, các mảng đưa vào, và chuyện gì xảy ra khi xáo trộn các mẫu: "same" (kết quả như cũ),
"follows" (kết quả xáo theo), None (thứ tự có nghĩa, hoặc đối số không phải là các mẫu).
"""

import importlib
import inspect
import pkgutil

import numpy as np
import pytest

import mlcourse
from mlcourse import bias_variance as bv
from mlcourse import data, losses, models, optim, preferences, regularization, training
from mlcourse import model_selection as ms
from tests import test_metrics

RNG = np.random.default_rng(0)
N = 12
LABELS, CLASSES = np.arange(N) % 2, np.arange(N) % 3
NUMBERS = RNG.integers(-60, 60, N)
VALUES = RNG.integers(-32, 32, N) / 8  # biểu diễn được cả trong float32
TABLE = RNG.integers(-16, 16, (N, 3)) / 8
COLUMN = RNG.permutation(N)[:, None] / 4
SHARES = np.array([[0.5, 0.25, 0.25], [1.0, 0.0, 0.0], [0.125, 0.375, 0.5]] * 4)
WEIGHTS, BIAS = np.array([[1.0, -0.5, 0.25], [0.5, 2.0, 0.0], [0.0, 0.5, -1.0]]), np.array([0.5, 0.0, -0.5])
NEW = np.array([[0.125], [1.375], [2.5]])


def rng():
    return np.random.default_rng(7)


def whole(model, params):
    """Một mô hình như một hàm của (X, y): mất mát, hàm mục tiêu và gradient."""
    return lambda X, y: (model.loss(params, X, y), model.value_and_grad(params, X, y))


def squared(y, y_pred):
    return np.mean((y - y_pred) ** 2)


def learner(fit):
    return lambda X, y: fit(X, y)(NEW)


def stepped(optimizer):
    """Hai bước của một bộ tối ưu, kèm trạng thái."""

    def steps(w, g):
        params, grads = {"w": w, "b": np.zeros(1)}, {"w": g, "b": [1.0]}
        updates, state = optimizer.update(grads, optimizer.init(params), params)
        return optim.apply_updates(params, updates), optimizer.update(grads, state, params)

    return steps


def trained(X, y):
    return training.train(models.logistic(3, l2=0.1), X, y, optimizer=optim.adam(0.1), epochs=3, rng=rng())


MLP = {"w1": WEIGHTS, "b1": BIAS, "w2": WEIGHTS.T, "b2": BIAS}
EXAMPLES = {
    **{
        f"losses.{name}{grad}": (getattr(losses, name + grad), (NUMBERS, VALUES), "follows" if grad else "same")
        for name in ("mse", "mae", "huber")
        for grad in ("", "_grad")
    },
    **{
        f"losses.{name}{grad}": (getattr(losses, name + grad), args, "follows" if grad else "same")
        for name, args in (("binary_cross_entropy", (LABELS, VALUES)), ("cross_entropy", (CLASSES, TABLE)))
        for grad in ("", "_grad")
    },
    **{
        f"losses.{name}": (getattr(losses, name), (TABLE,), "follows") for name in ("sigmoid", "softmax", "log_softmax")
    },
    "losses.entropy": (losses.entropy, (SHARES,), "follows"),
    "losses.kl_divergence": (losses.kl_divergence, (SHARES, SHARES[::-1] / 2 + SHARES / 2), "follows"),
    "models.linear": (whole(models.linear(3, l2=0.1), {"w": WEIGHTS[0], "b": BIAS[:1]}), (TABLE, NUMBERS), "same"),
    "models.logistic": (whole(models.logistic(3, l2=0.1), {"w": WEIGHTS[0], "b": BIAS[:1]}), (TABLE, LABELS), "same"),
    "models.softmax_regression": (
        whole(models.softmax_regression(3, 3, l2=0.1), {"w": WEIGHTS, "b": BIAS}),
        (TABLE, CLASSES),
        "same",
    ),
    "models.mlp": (whole(models.mlp((3, 3, 3), l2=0.1, dropout=0.5), MLP), (TABLE, CLASSES), "same"),
    "models.low_rank": (
        whole(
            models.low_rank(models.mlp((3, 3, 3)), MLP, rank=1),
            {"u_w1": WEIGHTS[:, :1], "v_w1": WEIGHTS[:1], "u_w2": WEIGHTS[:, 1:2], "v_w2": WEIGHTS[1:2]},
        ),
        (TABLE, CLASSES),
        "same",
    ),
    "models.logits": (lambda X, w: models.logits({"w": w, "b": BIAS}, X), (TABLE, WEIGHTS), None),
    "models.least_squares": (models.least_squares, (TABLE, NUMBERS), "same"),
    "models.ridge": (learner(models.ridge([0.0, 0.1])), (COLUMN, NUMBERS), "same"),
    "models.polynomial": (learner(models.polynomial(3)), (COLUMN, NUMBERS), "same"),
    "models.polynomial_path": (
        lambda x, y: models.polynomial_path([x], [y], NEW[:, 0], 3),
        (COLUMN[:, 0], NUMBERS),
        "same",
    ),
    "models.knn": (learner(models.knn(3, classify=True)), (COLUMN, CLASSES), "same"),
    **{
        f"optim.{name}": (stepped(optimizer), (VALUES, NUMBERS), None)
        for name, optimizer in {
            "sgd": optim.sgd(0.1, momentum=0.9, nesterov=True),
            "rmsprop": optim.rmsprop(),
            "adam": optim.adam(),
            "adamw": optim.adamw(),
            "constant": optim.sgd(optim.constant(0.1)),
            "step_decay": optim.sgd(optim.step_decay(0.1, every=1)),
            "cosine": optim.sgd(optim.cosine(0.1, n_steps=3)),
            "warmup": optim.sgd(optim.warmup(0.1, n_steps=3)),
        }.items()
    },
    "optim.apply_updates": (lambda w, u: optim.apply_updates({"w": w}, {"w": u}), (VALUES, NUMBERS), None),
    "regularization.l2_penalty": (lambda w: regularization.l2_penalty({"w": w}, 0.5), (TABLE,), "same"),
    "regularization.l1_penalty": (lambda w: regularization.l1_penalty({"w": w}, 0.5), (TABLE,), "same"),
    "regularization.l2_penalty_grad": (
        lambda w: regularization.l2_penalty_grad({"w": w}, 0.5)["w"],
        (TABLE,),
        "follows",
    ),
    "regularization.l1_penalty_grad": (
        lambda w: regularization.l1_penalty_grad({"w": w}, 0.5)["w"],
        (TABLE,),
        "follows",
    ),
    "regularization.dropout_mask": (lambda: regularization.dropout_mask((4, 3), 0.5, rng=rng()), (), None),
    "training.batches": (lambda: list(training.batches(10, 3, rng=rng())), (), None),
    "training.train": (trained, (TABLE, LABELS), "same"),
    "training.run_epochs": (
        lambda X, y: next(training.run_epochs(models.logistic(3), X, y, optimizer=optim.adam(), rng=rng())),
        (TABLE, LABELS),
        "same",
    ),
    "data.sine": (data.sine, (COLUMN,), "follows"),
    "data.make_sine": (lambda: data.make_sine(5, noise_std=0.1, rng=rng()), (), None),
    "data.make_two_gaussians": (lambda: data.make_two_gaussians(3, 4, separation=1.0, rng=rng()), (), None),
    "model_selection.train_val_test_split": (
        lambda X, y: ms.train_val_test_split(X, y, rng=rng(), stratify=True),
        (TABLE, LABELS),
        None,
    ),
    "model_selection.group_split": (
        lambda X, y: ms.group_split(X, y, np.arange(N) // 2, rng=rng()),
        (TABLE, LABELS),
        None,
    ),
    "model_selection.time_split": (ms.time_split, (TABLE, LABELS), None),
    "model_selection.standardizer": (lambda X: ms.standardizer(X)(TABLE), (TABLE,), "same"),
    "model_selection.k_fold": (lambda: ms.k_fold(9, 3, n_repeats=2, rng=rng()), (), None),
    "model_selection.stratified_k_fold": (lambda y: ms.stratified_k_fold(y, 3, rng=rng()), (CLASSES,), None),
    "model_selection.group_k_fold": (lambda groups: ms.group_k_fold(groups, 3, rng=rng()), (CLASSES,), None),
    "model_selection.time_series_folds": (lambda: ms.time_series_folds(9, 3), (), None),
    "model_selection.cross_val_score": (
        lambda X, y: ms.cross_val_score(models.ridge(0.1), X, y, metric=squared),
        (TABLE, NUMBERS),
        None,
    ),
    "model_selection.nested_cross_val_score": (
        lambda X, y: ms.nested_cross_val_score(
            {"a": models.ridge(0.1), "b": models.ridge(9.0)}, X, y, metric=squared, n_splits=3, n_inner=2, rng=rng()
        ),
        (TABLE, NUMBERS),
        None,
    ),
    "model_selection.one_standard_error_rule": (ms.one_standard_error_rule, (TABLE,), None),
    "model_selection.bootstrap_interval": (
        lambda y, p: ms.bootstrap_interval(y, p, metric=squared, n_rounds=9, rng=rng()),
        (NUMBERS, VALUES),
        None,
    ),
    "model_selection.bootstrap_score": (
        lambda X, y: ms.bootstrap_score(models.ridge(0.1), X, y, metric=squared, n_rounds=4, rng=rng()),
        (TABLE, NUMBERS),
        None,
    ),
    "model_selection.wilson_interval": (lambda: ms.wilson_interval(7, 9), (), None),
    "bias_variance.decompose": (lambda p, f: bv.decompose(p, f, noise_std=0.5), (TABLE, BIAS), None),
    "bias_variance.bias_variance": (
        lambda X: bv.bias_variance(
            models.polynomial(2),
            lambda rng: data.make_sine(9, noise_std=0.1, rng=rng),
            data.sine,
            X,
            noise_std=0.1,
            n_rounds=4,
            rng=rng(),
        ),
        (COLUMN,),
        None,
    ),
    "bias_variance.bootstrap_bias_variance": (
        lambda X, y: bv.bootstrap_bias_variance(models.knn(2), X, y, X, y, n_rounds=4, rng=rng()),
        (COLUMN, NUMBERS),
        None,
    ),
    "bias_variance.bagging": (
        lambda X, y: bv.bagging(models.knn(2), n_bags=3, rng=rng())(X, y)(NEW),
        (COLUMN, NUMBERS),
        None,
    ),
    "preferences.preference_probability": (preferences.preference_probability, (VALUES,), None),
    "preferences.sample_preferences": (lambda r: preferences.sample_preferences(r, 6, rng=rng()), (VALUES,), None),
    **{
        f"preferences.bradley_terry{grad}": (
            lambda r, c, d, f=f: f(r, c, d, weight=np.ones(N)),
            (BIAS, CLASSES, LABELS),
            None,
        )
        for grad, f in (("", preferences.bradley_terry), ("_grad", preferences.bradley_terry_grad))
    },
    **{
        f"preferences.dpo_loss{grad}": (
            lambda z, p, c, d, f=f: f(z, p, c, d, beta=0.5),
            (BIAS, SHARES[0], CLASSES, LABELS),
            None,
        )
        for grad, f in (("", preferences.dpo_loss), ("_grad", preferences.dpo_loss_grad))
    },
    **{
        f"preferences.kl_objective{grad}": (
            lambda z, r, p, f=f: f(z, r, p, beta=0.5),
            (BIAS, WEIGHTS[0], SHARES[0]),
            None,
        )
        for grad, f in (("", preferences.kl_objective), ("_grad", preferences.kl_objective_grad))
    },
    "preferences.optimal_policy": (lambda r, p: preferences.optimal_policy(r, p, beta=0.5), (BIAS, SHARES[0]), None),
    "preferences.reinforce_grad": (
        lambda z, a, r, p: preferences.reinforce_grad(z, a, r, p, beta=0.5),
        (BIAS, CLASSES, WEIGHTS[0], SHARES[0]),
        None,
    ),
    **{
        f"metrics.{name}": (lambda y, p, name=name: test_metrics.ours(name, y, p), test_metrics.example(name), "same")
        for name in test_metrics.ALL
    },
}


def public_functions():
    for info in pkgutil.iter_modules(mlcourse.__path__):
        module = importlib.import_module(f"mlcourse.{info.name}")
        if (
            info.name not in ("plots", "interactive", "quiz", "exercises", "environment", "progress")
            and info.name[0] != "_"
        ):
            yield from (
                f"{info.name}.{key}"
                for key, f in vars(module).items()
                if inspect.isfunction(f) and f.__module__ == module.__name__ and key[0] != "_"
            )


def test_every_public_function_is_in_the_table():
    loaders = {"data.load_breast_cancer", "data.load_diabetes", "data.load_digits"}
    assert set(public_functions()) - loaders == EXAMPLES.keys()


def leaves(result):
    """Mọi con số trong một kết quả: số, mảng, hay bộ, danh sách, dict của chúng."""
    if isinstance(result, dict):
        return [leaf for key in result for leaf in leaves(result[key])]
    if isinstance(result, (tuple, list)):
        return [leaf for item in result for leaf in leaves(item)]
    return [np.asarray(result)]


def agree(a, b, rtol=1e-12):
    a, b = leaves(a), leaves(b)
    assert len(a) == len(b)
    for x, y in zip(a, b):
        if x.dtype.kind in "fiub":
            np.testing.assert_allclose(x, y, rtol=rtol, atol=rtol)
        else:
            assert np.array_equal(x, y)


FORMS = {
    "danh sách": lambda a: a.tolist(),
    "float32, int8": lambda a: a.astype(np.float32 if a.dtype.kind == "f" else np.int8),
    "không liền nhau": lambda a: np.repeat(a, 2, axis=0)[::2],
    "cột trước": np.asfortranarray,
    "đọc ngược": lambda a: a[::-1].copy()[::-1],
}


@pytest.mark.parametrize("name", EXAMPLES)
def test_inputs_are_unchanged_and_any_array_gives_the_same_numbers(name):
    call, arrays, _ = EXAMPLES[name]
    frozen = [a.copy() for a in arrays]
    for a in frozen:
        a.flags.writeable = False  # ghi vào mảng chỉ đọc là lỗi ngay
    expected = call(*frozen)
    assert [a.tobytes() for a in frozen] == [a.tobytes() for a in arrays]
    for form in FORMS.values():
        given = [form(a) for a in arrays]
        before = [np.asarray(a).tobytes() for a in given]
        agree(call(*given), expected)
        assert [np.asarray(a).tobytes() for a in given] == before


@pytest.mark.parametrize("name", [name for name, (_, _, order) in EXAMPLES.items() if order])
def test_order_of_samples_does_not_matter(name):
    call, arrays, order = EXAMPLES[name]
    shuffle = np.random.default_rng(3).permutation(len(arrays[0]))
    direct, shuffled = call(*arrays), call(*(a[shuffle] for a in arrays))
    agree(shuffled, direct[shuffle] if order == "follows" else direct, rtol=1e-9)


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_same_call_gives_the_same_numbers(name):
    call, arrays, _ = EXAMPLES[name]
    first, second = leaves(call(*arrays)), leaves(call(*arrays))
    assert [a.tobytes() for a in first] == [b.tobytes() for b in second]


@pytest.mark.parametrize("size", [1e3, 1e4])
@pytest.mark.parametrize(
    "name",
    [
        "sigmoid",
        "softmax",
        "log_softmax",
        "binary_cross_entropy",
        "binary_cross_entropy_grad",
        "cross_entropy",
        "cross_entropy_grad",
    ],
)
def test_huge_logits_neither_overflow_nor_warn(name, size):
    z = np.array([[size, -size, 0.0], [-size, size, 0.0], [0.0, 0.0, -size]])
    args = {"b": ([0, 1, 1], z[:, 0]), "c": ([1, 0, 2], z)}.get(name[0], (z,))
    with np.errstate(all="raise", under="ignore"):
        assert all(np.isfinite(leaf).all() for leaf in leaves(getattr(losses, name)(*args)))
