"""Điều chuẩn: phạt so với định nghĩa, mặt nạ dropout giữ nguyên kỳ vọng, dừng sớm so với luật viết lại từ đầu."""

import dataclasses
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlcourse.regularization import (
    EarlyStopping,
    dropout_mask,
    l1_penalty,
    l1_penalty_grad,
    l2_penalty,
    l2_penalty_grad,
)

PARAMS = {
    "w1": np.array([[1.0, -2.0], [0.5, 0.0]]),
    "b1": np.array([7.0, 8.0]),
    "w2": np.array([3.0, -1.0]),
    "b2": np.array([9.0]),
}
WEIGHTS = [1.0, -2.0, 0.5, 0.0, 3.0, -1.0]


def test_penalties_equal_their_definitions():
    assert l2_penalty(PARAMS, 0.3) == pytest.approx(0.3 * math.fsum(w * w for w in WEIGHTS), rel=1e-14)
    assert l1_penalty(PARAMS, 0.3) == pytest.approx(0.3 * math.fsum(map(abs, WEIGHTS)), rel=1e-14)
    assert l2_penalty(PARAMS, 0) == l1_penalty(PARAMS, 0) == 0
    assert isinstance(l2_penalty(PARAMS, 1), float) and isinstance(l1_penalty(PARAMS, 1), float)
    grad2, grad1 = l2_penalty_grad(PARAMS, 0.3), l1_penalty_grad(PARAMS, 0.3)
    for name, p in PARAMS.items():
        assert grad2[name].shape == grad1[name].shape == p.shape
        np.testing.assert_allclose(grad2[name], 0.6 * p if name[0] == "w" else np.zeros_like(p), rtol=1e-14)
        np.testing.assert_array_equal(grad1[name], 0.3 * np.sign(p) if name[0] == "w" else np.zeros_like(p))


def test_penalties_take_any_array_and_leave_it_alone():
    for kind in (
        np.asfortranarray,
        lambda a: a.astype(np.float32),
        lambda a: a.tolist(),
        lambda a: np.repeat(a, 2, 0)[::2],
    ):
        params = {name: kind(p) for name, p in PARAMS.items()}
        before = repr(params)
        assert l2_penalty(params, 0.5) == l2_penalty(PARAMS, 0.5) and l1_penalty(params, 0.5) == l1_penalty(PARAMS, 0.5)
        assert np.array_equal(l2_penalty_grad(params, 0.5)["w1"], PARAMS["w1"]) and repr(params) == before


@settings(max_examples=30, deadline=None)
@given(st.floats(0, 0.95), st.integers(0, 99))
def test_mask_is_zero_or_scaled_and_keeps_the_mean(rate, seed):
    mask = dropout_mask((200, 100), rate, rng=np.random.default_rng(seed))
    assert mask.shape == (200, 100) and mask.dtype == np.float64
    np.testing.assert_allclose(np.unique(mask[mask > 0]), 1 / (1 - rate), rtol=1e-14)
    sd = math.sqrt(rate / (1 - rate) / mask.size)  # phương sai của một phần tử là p / (1 - p)
    assert abs(mask.mean() - 1) <= 5 * sd
    kept = np.count_nonzero(mask) / mask.size
    assert abs(kept - (1 - rate)) <= 5 * math.sqrt(rate * (1 - rate) / mask.size)


def test_mask_repeats_with_the_seed_and_rate_zero_keeps_all():
    a, b, c = (dropout_mask(50, 0.5, rng=np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert np.array_equal(a, b) and not np.array_equal(a, c)
    assert (dropout_mask((3, 3), 0, rng=np.random.default_rng(0)) == 1).all()
    draws = np.random.default_rng(1).random(50)  # nút có số ngẫu nhiên nhỏ hơn p thì bị bỏ
    assert np.array_equal(a == 0, draws < 0.5)

    class Exact(np.random.Generator):  # rút trúng đúng p: nút được giữ, nên p = 0 không bỏ nút nào
        def random(self, shape):
            return np.full(shape, 0.5)

    assert (dropout_mask(3, 0.5, rng=Exact(np.random.PCG64(0))) == 2).all()


def stop_by_hand(curve, patience, min_delta):
    """(epoch dừng hoặc None, epoch tốt nhất): đọc lại cả đường cong ở từng epoch."""
    best = 0
    for epoch in range(len(curve)):
        if curve[epoch] < curve[best] - min_delta:
            best = epoch
        if epoch - best >= patience:
            return epoch, best
    return None, best


@settings(max_examples=300, deadline=None)
@given(st.lists(st.integers(0, 12), min_size=1, max_size=30), st.integers(1, 6), st.sampled_from([0, 1, 2.5]))
def test_early_stopping_is_the_rule_written_by_hand(curve, patience, min_delta):
    record, stopped = EarlyStopping(patience=patience, min_delta=min_delta), None
    for epoch, loss in enumerate(curve):
        record = record.update(loss)
        assert record.epoch == epoch
        if record.stopped:
            stopped = epoch
            break
    expected, best = stop_by_hand(curve, patience, min_delta)
    assert (stopped, record.best_epoch) == (expected, best) and record.best_loss == curve[best]


def test_record_starts_empty_never_changes_and_prints():
    record = EarlyStopping(patience=3)
    assert record == EarlyStopping(3, 0.0, -1, -1, math.inf) and not record.stopped
    after = record.update(0.5)
    assert record.epoch == -1 and after.epoch == after.best_epoch == 0
    with pytest.raises(dataclasses.FrozenInstanceError):
        after.epoch = 5
    assert repr(after) == "EarlyStopping(patience=3, min_delta=0.0, epoch=0, best_epoch=0, best_loss=0.5)"
    assert after.update(0.5).best_epoch == 0  # bằng thì chưa phải là thấp hơn
    assert (
        EarlyStopping(patience=3, min_delta=0.1).update(0.5).update(0.4).best_epoch == 0
    )  # giảm đúng min_delta cũng chưa


RNG = np.random.default_rng(0)
FAULTS = [
    *(
        (
            f"regularization.{f.__name__}",
            lambda f=f: f(PARAMS, -1),
            ValueError,
            rf"{arg} cần nằm trong \[0, inf\), nhưng nhận được -1",
        )
        for f, arg in ((l2_penalty, "l2"), (l2_penalty_grad, "l2"), (l1_penalty, "l1"), (l1_penalty_grad, "l1"))
    ),
    *(
        (f"regularization.{f.__name__}", lambda f=f: f(PARAMS, math.nan), ValueError, "cần nằm trong")
        for f in (l2_penalty, l2_penalty_grad, l1_penalty, l1_penalty_grad)
    ),
    *(
        (
            f"regularization.{f.__name__}",
            lambda f=f: f({"w": [1.0, math.inf]}, 1),
            ValueError,
            r"params\['w'\] có 1 giá trị NaN hoặc vô cực",
        )
        for f in (l2_penalty, l2_penalty_grad, l1_penalty, l1_penalty_grad)
    ),
    *(
        (
            f"regularization.{f.__name__}",
            lambda f=f: f([1.0], 1),
            TypeError,
            r"params cần là dict, mỗi khóa một mảng, .*nhận được \[1\.0\]",
        )
        for f in (l2_penalty, l2_penalty_grad, l1_penalty, l1_penalty_grad)
    ),
    (
        "regularization.dropout_mask",
        lambda: dropout_mask(3, 1, rng=RNG),
        ValueError,
        r"rate cần nằm trong \[0, 1\), nhưng nhận được 1",
    ),
    ("regularization.dropout_mask", lambda: dropout_mask(3, -0.1, rng=RNG), ValueError, r"rate cần nằm trong \[0, 1\)"),
    ("regularization.dropout_mask", lambda: dropout_mask(3, math.nan, rng=RNG), ValueError, r"rate cần nằm trong"),
    ("regularization.dropout_mask", lambda: dropout_mask(3, "0.5", rng=RNG), TypeError, r"rate cần là một số"),
    (
        "regularization.dropout_mask",
        lambda: dropout_mask(3, 0.5, rng=0),
        TypeError,
        r"rng cần là một np\.random\.Generator",
    ),
    ("regularization.dropout_mask", lambda: dropout_mask(3, 0.5), TypeError, r"rng"),
    (
        "regularization.EarlyStopping",
        lambda: EarlyStopping(patience=0),
        ValueError,
        r"patience cần ít nhất là 1, nhưng nhận được 0",
    ),
    ("regularization.EarlyStopping", lambda: EarlyStopping(patience=1.5), TypeError, r"patience cần là số nguyên"),
    (
        "regularization.EarlyStopping",
        lambda: EarlyStopping(1, min_delta=-1),
        ValueError,
        r"min_delta cần nằm trong \[0, inf\)",
    ),
    (
        "regularization.EarlyStopping",
        lambda: EarlyStopping(1).update(math.nan),
        ValueError,
        r"val_loss cần nằm trong .* nhận được nan",
    ),
]


@pytest.mark.parametrize("penalty", [l2_penalty, l2_penalty_grad, l1_penalty, l1_penalty_grad])
@pytest.mark.parametrize("params, seen", [({"W": [1.0]}, "{'W': "), ({3: [1.0], "b": [1.0]}, "{3: ")])
def test_params_without_any_weight_are_refused_and_the_hint_works(penalty, params, seen):
    with pytest.raises(ValueError, match=f'có trọng số để phạt, nhưng nhận được {seen}.*bắt đầu bằng "w"'):
        penalty(params, 0.5)
    assert penalty({"w": [1.0]}, 0.5) in (0.5, {"w": [1.0]}, {"w": [0.5]})


def test_penalties_that_overflow_are_infinite_and_no_penalty_is_zero():
    assert l2_penalty({"w": [1e200]}, 0.0) == 0.0 and l2_penalty({"w": [1e200]}, 1.0) == math.inf
    assert l1_penalty({"w": [1e308, 1e308]}, 0.0) == 0.0 and l1_penalty({"w": [1e308, 1e308]}, 1.0) == math.inf
    assert l2_penalty_grad({"w": [1e308]}, 3.0)["w"] == math.inf and l2_penalty({"w": [2.0], 3: [1.0]}, 1.0) == 4.0


@pytest.mark.parametrize("shape, error", [("a", TypeError), (-1, ValueError), (2.5, TypeError), (None, TypeError)])
def test_a_bad_shape_of_the_mask_is_explained(shape, error):
    for wrong in (shape, (2, shape)):
        with pytest.raises(error, match=rf"shape cần .*{shape}"):
            dropout_mask(wrong, 0.5, rng=RNG)


@pytest.mark.parametrize("name, call, error, words", FAULTS, ids=range(len(FAULTS)))
def test_bad_input_is_explained(name, call, error, words):
    with pytest.raises(error, match=words):
        call()
