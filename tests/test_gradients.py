"""Một bảng giữ mọi cặp giá trị / gradient của gói, so với sai phân hữu hạn; thiếu một ``*_grad`` trong bảng là lỗi."""

import ast
import inspect
from pathlib import Path

import numpy as np
import pytest

import mlcourse
from mlcourse import losses, models, regularization
from tests import test_preferences

RNG = np.random.default_rng(0)
X, BINARY, CLASSES = RNG.normal(size=(7, 3)), np.array([0, 1, 1, 0, 1, 0, 0]), np.array([2, 0, 1, 3, 3, 1, 0])
W, B = RNG.normal(size=(3, 4)), RNG.normal(size=4)


MLP = {"w1": RNG.normal(size=(3, 5)), "b1": RNG.normal(size=5), "w2": RNG.normal(size=(5, 4)), "b2": RNG.normal(size=4)}
DEEP = {
    "w1": RNG.normal(size=(3, 6)),
    "b1": RNG.normal(size=6),
    "w2": RNG.normal(size=(6, 5)),
    "b2": RNG.normal(size=5),
    "w3": RNG.normal(size=(5, 4)),
    "b3": RNG.normal(size=4),
}


def pair(name):
    return getattr(losses, name), getattr(losses, name + "_grad")


# Bảng mọi cặp giá trị / gradient của gói: tên -> (điểm thử, hàm giá trị, hàm gradient); điểm thử là dict như params.
def loss_row(name, y, point, **options):
    value, grad = pair(name)
    return {"z": point}, lambda p: value(y, p["z"], **options), lambda p: {"z": grad(y, p["z"], **options)}


def model_row(model, y, params, seed=None):
    """Cặp (giá trị, gradient) của ``value_and_grad``; có ``seed`` thì dropout bật, mỗi lần gọi cùng một mặt nạ."""

    def call(params):
        return model.value_and_grad(params, X, y, rng=None if seed is None else np.random.default_rng(seed))

    return params, lambda p: call(p)[0], lambda p: call(p)[1]


TABLE = {
    "losses.mse_grad": loss_row("mse", RNG.normal(size=6), RNG.normal(size=6)),
    "losses.mae_grad": loss_row("mae", RNG.normal(size=6), RNG.normal(size=6)),
    "losses.huber_grad": loss_row("huber", 3 * RNG.normal(size=9), RNG.normal(size=9)),
    "losses.huber_grad, delta": loss_row("huber", 3 * RNG.normal(size=9), RNG.normal(size=9), delta=2.5),
    "losses.binary_cross_entropy_grad": loss_row("binary_cross_entropy", BINARY, RNG.normal(size=7) * 3),
    "losses.cross_entropy_grad": loss_row("cross_entropy", CLASSES, RNG.normal(size=(7, 4)) * 3),
    "models.logistic": model_row(models.logistic(3), BINARY, {"w": W[:, 0], "b": B[:1]}),
    "models.logistic, l2": model_row(models.logistic(3, l2=0.7), BINARY, {"w": W[:, 0], "b": B[:1]}),
    "models.softmax_regression": model_row(models.softmax_regression(3, 4), CLASSES, {"w": W, "b": B}),
    "models.softmax_regression, l2": model_row(models.softmax_regression(3, 4, l2=0.3), CLASSES, {"w": W, "b": B}),
    "models.linear": model_row(models.linear(3), X[:, 1] * 2, {"w": W[:, 0], "b": B[:1]}),
    "models.linear, mae": model_row(models.linear(3, loss="mae", l2=0.2), X[:, 1] * 2, {"w": W[:, 0], "b": B[:1]}),
    "models.linear, huber": model_row(models.linear(3, loss="huber"), X[:, 1] * 2, {"w": W[:, 0], "b": B[:1]}),
    "models.mlp": model_row(models.mlp((3, 5, 4)), CLASSES, MLP),
    "models.mlp, l2": model_row(models.mlp((3, 5, 4), l2=0.3), CLASSES, MLP),
    "models.mlp, dropout": model_row(models.mlp((3, 5, 4), dropout=0.4), CLASSES, MLP, seed=1),
    "models.mlp, l2, dropout": model_row(models.mlp((3, 6, 5, 4), l2=0.1, dropout=0.4), CLASSES, DEEP, seed=2),
    "models.mlp, dropout, đánh giá": model_row(models.mlp((3, 5, 4), dropout=0.4), CLASSES, MLP),
    "models.low_rank": model_row(
        models.low_rank(models.mlp((3, 5, 4), l2=0.2), MLP, rank=2),
        CLASSES,
        {
            "u_w1": RNG.normal(size=(3, 2)),
            "v_w1": RNG.normal(size=(2, 5)),
            "u_w2": RNG.normal(size=(5, 2)),
            "v_w2": RNG.normal(size=(2, 4)),
        },
    ),
    "models.low_rank, dropout": model_row(
        models.low_rank(models.mlp((3, 5, 4), dropout=0.3), MLP, rank=1),
        CLASSES,
        {
            "u_w1": RNG.normal(size=(3, 1)),
            "v_w1": RNG.normal(size=(1, 5)),
            "u_w2": RNG.normal(size=(5, 1)),
            "v_w2": RNG.normal(size=(1, 4)),
        },
        seed=3,
    ),
    "regularization.l2_penalty_grad": (
        MLP,
        lambda p: regularization.l2_penalty(p, 0.7),
        lambda p: regularization.l2_penalty_grad(p, 0.7),
    ),
    "regularization.l1_penalty_grad": (
        MLP,
        lambda p: regularization.l1_penalty(p, 0.7),
        lambda p: regularization.l1_penalty_grad(p, 0.7),
    ),
    **test_preferences.TABLE,
}


def finite_difference(f, params, h=1e-5):
    """(f(θ + h e) - f(θ - h e)) / 2h cho từng phần tử của từng tham số."""
    grads = {}
    for name, p in params.items():
        grads[name] = np.zeros(p.shape)
        for i in np.ndindex(p.shape):
            up, down = ({**params, name: p.copy()} for _ in range(2))
            up[name][i] += h
            down[name][i] -= h
            grads[name][i] = (f(up) - f(down)) / (2 * h)
    return grads


@pytest.mark.parametrize("name", TABLE)
def test_gradient_agrees_with_finite_differences(name):
    params, value, grad = TABLE[name]
    expected, seen = finite_difference(value, params), grad(params)
    assert seen.keys() == expected.keys() and isinstance(value(params), float)
    for key in expected:
        assert seen[key].shape == params[key].shape and isinstance(seen[key], np.ndarray)
        np.testing.assert_allclose(seen[key], expected[key], rtol=1e-7, atol=1e-9)


def test_every_gradient_of_the_package_is_in_the_table():
    public = []
    for path in Path(mlcourse.__file__).parent.glob("*.py"):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef) and node.name.endswith("_grad") and node.name[0] != "_":
                public.append(f"{path.stem}.{node.name}")
    closed_form = {"logits", "least_squares", "ridge", "polynomial", "polynomial_path", "knn"}  # không có gradient
    public += [
        f"models.{name}"
        for name, f in vars(models).items()
        if inspect.isfunction(f) and f.__module__ == models.__name__ and name[0] != "_" and name not in closed_form
    ]
    missing = {name for name in public if not any(row.split(",")[0] == name for row in TABLE)}
    assert len(public) >= 16 and not missing, f"thêm vào TABLE: {missing}"
