"""Huấn luyện (mục 3): chia batch, vòng lặp huấn luyện, và lịch sử mất mát in ra được.

Mọi hàm báo ``ValueError`` hoặc ``TypeError`` khi dữ liệu sai dạng, có NaN, hoặc tùy chọn sai. Nguồn chung:
Goodfellow, Bengio, Courville (2016), "Deep learning", mục 8.1.3 và thuật toán 8.1.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from . import _check
from .models import Model
from .optim import Optimizer, apply_updates


class History(NamedTuple):
    """Lịch sử huấn luyện: ``train_loss[e]`` và ``val_loss[e]`` là mất mát sau e epoch, đo ở cùng một theta.

    Vị trí 0 là lúc chưa học, nên mỗi mảng dài hơn số epoch một phần tử; ``val_loss`` rỗng khi không có tập xác thực.
    """

    train_loss: np.ndarray
    val_loss: np.ndarray

    def __repr__(self):
        train, val = self.train_loss, self.val_loss
        text = f"History({len(train) - 1} epoch, train_loss {train[0]:.4f} -> {train[-1]:.4f}"
        if val.size:
            text += f", val_loss {val[0]:.4f} -> {val[-1]:.4f}, thấp nhất {val.min():.4f} sau {val.argmin()} epoch"
        return text + ")"


class DivergenceError(ArithmeticError):
    """Huấn luyện phân kỳ: mất mát thành vô cực hoặc NaN; lỗi giữ lại ``step``, số bước đã đi, và ``history``."""

    def __init__(self, loss, step, history):
        super().__init__(
            f"Huấn luyện phân kỳ: sau {step} bước cập nhật, mất mát là {loss}. Tốc độ học có lẽ quá lớn: hãy giảm "
            "learning_rate 10 lần rồi thử lại, và xem các cột của X đã chuẩn hóa chưa (model_selection.standardizer). "
            "Lịch sử đến lúc đó nằm trong thuộc tính history của lỗi này.")
        self.step, self.history = step, history


def batches(n_samples, batch_size, *, rng):
    """Các mini-batch của một epoch: xáo trộn chỉ số 0..n-1 rồi cắt từng đoạn ``batch_size``; đoạn cuối có thể ngắn hơn.

    Trả về một generator các mảng chỉ số; mỗi mẫu có mặt đúng một lần. ``batch_size`` lớn hơn n thì chỉ có một batch.

    >>> [len(batch) for batch in batches(10, 4, rng=np.random.default_rng(0))]
    [4, 4, 2]
    """
    n, size = _check.integer("n_samples", n_samples, low=1), _check.integer("batch_size", batch_size, low=1)
    order = _check.generator(rng).permutation(n)
    return (order[start:start + size] for start in range(0, n, size))


def train(model, X, y, *, optimizer, epochs, rng, batch_size=None, validation=None):
    """Tìm tham số có mất mát nhỏ trên ``X, y``: mỗi bước lấy một batch, tính gradient, rồi đi một bước của bộ tối ưu.

    ``batch_size=None`` là gradient descent toàn tập, mỗi epoch một bước. ``validation`` là cặp ``(X_val, y_val)``, chỉ
    để đo ``val_loss``, không bao giờ để học. ``rng`` dùng để khởi tạo tham số và xáo trộn batch.

    Trả về ``params, History``: tham số sau epoch cuối, và mất mát sau từng epoch, gồm cả thành phần phạt của mô hình.
    Mất mát thành vô cực hoặc NaN thì dừng bằng ``DivergenceError``.

    >>> from mlcourse import models, optim
    >>> X, y, model = [[-2.0], [-1.0], [1.0], [2.0]], [0, 0, 1, 1], models.logistic(1)
    >>> params, history = train(model, X, y, optimizer=optim.sgd(1.0), epochs=100, rng=np.random.default_rng(0))
    >>> model.predict(params, X) >= 0.5
    array([False, False,  True,  True])
    >>> bool(history.train_loss[-1] < 0.1 < history.train_loss[0])
    True
    """
    if not isinstance(model, Model):
        raise TypeError(f"model cần là một models.Model, ví dụ models.logistic(30), nhưng nhận được {model!r}.")
    if not isinstance(optimizer, Optimizer):
        raise TypeError(f"optimizer cần là một optim.Optimizer, ví dụ optim.adam(0.01), nhưng nhận được {optimizer!r}.")
    X, y = _data("X", X, "y", y)
    epochs = _check.integer("epochs", epochs, low=1)
    if batch_size is not None:
        batch_size = _check.integer("batch_size", batch_size, low=1)
    measured = [(X, y)]
    if validation is not None:
        if not isinstance(validation, (tuple, list)) or len(validation) != 2:
            raise TypeError(f"validation cần là cặp (X_val, y_val), nhưng nhận được {type(validation).__name__}.")
        measured.append(_data("X_val", validation[0], "y_val", validation[1]))

    params, step = model.init(_check.generator(rng)), 0
    state, losses = optimizer.init(params), []

    def history():
        columns = np.array(losses).reshape(len(losses), len(measured))
        return History(columns[:, 0], columns[:, 1] if validation is not None else np.empty(0))

    def finite(loss):
        if not np.isfinite(loss):
            raise DivergenceError(loss, step, history())
        return loss

    with np.errstate(over="ignore", invalid="ignore"):  # tràn số khi phân kỳ: finite sẽ dừng lại và giải thích
        losses.append([finite(model.value_and_grad(params, *data)[0]) for data in measured])
        for _ in range(epochs):
            for batch in [slice(None)] if batch_size is None else batches(len(y), batch_size, rng=rng):
                loss, grads = model.value_and_grad(params, X[batch], y[batch])
                finite(loss)
                updates, state = optimizer.update(grads, state, params)
                params = apply_updates(params, updates)
                step += 1
            losses.append([finite(model.value_and_grad(params, *data)[0]) for data in measured])
    return params, history()


def _data(name_X, X, name_y, y):
    X, y = _check.real(name_X, X, ndim=2), _check.targets(name_y, y)
    _check.same_length(name_X, X, name_y, y)
    return X, y
