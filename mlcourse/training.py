"""Huấn luyện (mục 3): chia batch, vòng lặp huấn luyện, và lịch sử mất mát in ra được.

Mọi hàm báo ``ValueError`` hoặc ``TypeError`` khi dữ liệu sai dạng, có NaN, hoặc tùy chọn sai. Nguồn chung:
Goodfellow, Bengio, Courville (2016), "Deep learning", mục 8.1.3 và thuật toán 8.1.
"""

import itertools
import math
from typing import NamedTuple

import numpy as np

from . import _check
from .models import Model
from .optim import Optimizer, apply_updates
from .regularization import EarlyStopping


class History(NamedTuple):
    """Lịch sử huấn luyện: ``train_loss[e]`` và ``val_loss[e]`` là mất mát sau e epoch, đo ở cùng một theta.

    Vị trí 0 là lúc chưa học, nên mỗi mảng dài hơn số epoch một phần tử; ``val_loss`` rỗng khi không có tập xác thực.
    """

    train_loss: np.ndarray
    val_loss: np.ndarray

    def __repr__(self):
        train, val = self.train_loss, self.val_loss
        if not train.size:
            return "History(chưa đo được mất mát nào)"
        text = f"History({len(train) - 1} epoch, train_loss {train[0]:.4f} -> {train[-1]:.4f}"
        if val.size:
            text += f", val_loss {val[0]:.4f} -> {val[-1]:.4f}, thấp nhất {val.min():.4f} sau {val.argmin()} epoch"
        return text + ")"


class DivergenceError(ArithmeticError):
    """Huấn luyện phân kỳ: mất mát thành vô cực hoặc NaN; lỗi giữ lại ``step``, số bước đã đi, và ``history``."""

    def __init__(self, loss, step, history, start=""):
        super().__init__(
            f"Mất mát là {loss} ngay lúc bắt đầu, chưa đi bước nào: learning_rate không có lỗi. {start}"
            if step == 0
            else f"Huấn luyện phân kỳ: sau {step} bước cập nhật, mất mát là {loss}. Tốc độ học có lẽ quá lớn: hãy giảm "
            "learning_rate 10 lần rồi thử lại, và xem các cột của X đã chuẩn hóa chưa (model_selection.standardizer). "
            "Lịch sử đến lúc đó nằm trong thuộc tính history của lỗi này."
        )
        self.step, self.history, self._given = step, history, (loss, step, history, start)

    def __reduce__(self):  # để đi được từ tiến trình khác về, khi có n_jobs
        return DivergenceError, self._given


def batches(n_samples, batch_size, *, rng):
    """Các mini-batch của một epoch: xáo trộn chỉ số 0..n-1 rồi cắt từng đoạn ``batch_size``; đoạn cuối có thể ngắn hơn.

    Trả về một generator các mảng chỉ số; mỗi mẫu có mặt đúng một lần. ``batch_size`` lớn hơn n thì chỉ có một batch.

    >>> [len(batch) for batch in batches(10, 4, rng=np.random.default_rng(0))]
    [4, 4, 2]
    """
    n, size = _check.integer("n_samples", n_samples, low=1), _check.integer("batch_size", batch_size, low=1)
    order = _check.generator(rng).permutation(n)
    return (order[start : start + size] for start in range(0, n, size))


def run_epochs(model, X, y, *, optimizer, rng, batch_size=None, validation=None, params=None):
    """Vòng huấn luyện, từng epoch một: một generator sinh ra ``params, losses`` mãi, người gọi quyết định khi nào dừng.

    Lần đầu là lúc chưa học, sau đó là sau mỗi epoch; ``losses`` là (mất mát huấn luyện,), thêm mất mát xác thực khi có
    ``validation``. Các đối số như ở ``train``. Tốc độ học là một lịch thì đổi được giữa chừng.

    >>> from mlcourse import models, optim
    >>> run = run_epochs(models.linear(1), [[1.0]], [1.0], optimizer=optim.sgd(0.25), rng=np.random.default_rng(0),
    ...                  params={"w": np.array([0.0]), "b": np.array([0.0])})
    >>> [losses for params, losses in itertools.islice(run, 3)]  # mỗi bước w và b cùng thêm 0.25 · 2 · d: d = -1, 0, 0
    [(1.0,), (0.0,), (0.0,)]
    """
    if not isinstance(model, Model):
        raise TypeError(f"model cần là một models.Model, ví dụ models.logistic(30), nhưng nhận được {model!r}.")
    if not isinstance(optimizer, Optimizer):
        raise TypeError(f"optimizer cần là một optim.Optimizer, ví dụ optim.adam(0.01), nhưng nhận được {optimizer!r}.")
    measured = [_check.samples(X, y)]
    if validation is not None:
        if not isinstance(validation, (tuple, list)) or len(validation) != 2:
            raise TypeError(f"validation cần là cặp (X_val, y_val), nhưng nhận được {type(validation).__name__}.")
        measured.append(_check.samples(*validation, names=("X_val", "y_val")))
    if batch_size is not None:
        batch_size = _check.integer("batch_size", batch_size, low=1)
    params = model.init(_check.generator(rng)) if params is None else params
    for i, data in enumerate(measured):  # kiểm tra một lần, ở đây; trong vòng lặp chỉ còn công thức
        try:
            with np.errstate(over="ignore", invalid="ignore"):
                model.loss(params, *data)
        except (ValueError, TypeError) as error:
            raise error if i == 0 else type(error)(f"Ở tập xác thực: {error}") from None
    params = {name: _check.array(name, p).astype(np.float64) for name, p in params.items()}
    return _run_epochs(model, measured, optimizer, rng, batch_size, params)


def _run_epochs(model, measured, optimizer, rng, batch_size, params):
    (X, y), state, step, rows = measured[0], optimizer.init(params), 0, []
    loss, value_and_grad = (model.unchecked.get(f, f) for f in (model.loss, model.value_and_grad))

    def finite(value, measured=measured[:1]):
        if not math.isfinite(value):
            raise DivergenceError(value, step, _history(rows), "" if step else _blame(params, measured))
        return value

    while True:
        with np.errstate(over="ignore", invalid="ignore"):  # tràn số khi phân kỳ: finite sẽ dừng lại và giải thích
            rows.append(tuple(finite(loss(params, *data), measured[: i + 1]) for i, data in enumerate(measured)))
        yield params, rows[-1]
        with np.errstate(over="ignore", invalid="ignore"):
            for batch in _epoch(len(y), batch_size, rng):
                value, grads = value_and_grad(params, X[batch], y[batch], rng=rng)
                finite(value)
                updates, state = optimizer.update(grads, state, params)
                params, step = apply_updates(params, updates), step + 1


def _blame(params, measured):
    """Số lớn nhất là của ai; mất mát đo đến tập xác thực nghĩa là tập huấn luyện và params không sao."""
    (X, y), first = measured[-1], len(measured) == 1
    arrays = {"params": [*params.values()], "X": [X], "y": [y]} if first else {"X_val": [X], "y_val": [y]}
    sizes = {
        name: max(float(np.nan_to_num(np.abs(a), nan=np.inf).max()) for a in some) for name, some in arrays.items()
    }
    worst = max(sizes, key=sizes.get)
    hint = f"chia {worst} cho {sizes[worst]:.0e}{'' if first else ', như ở tập huấn luyện'}"
    hint = "bắt đầu từ params nhỏ hơn, hay bỏ params" if worst == "params" else hint
    return f"Giá trị lớn nhất: {', '.join(f'|{name}| {size:.3g}' for name, size in sizes.items())}. Hãy {hint}."


def _epoch(n_samples, batch_size, rng):
    """Các batch của một epoch: cả tập một lần, hay các mini-batch."""
    return [slice(None)] if batch_size is None else batches(n_samples, batch_size, rng=rng)


def train(model, X, y, *, optimizer, epochs, rng, batch_size=None, validation=None, early_stopping=None, params=None):
    """Tìm tham số có mất mát nhỏ trên ``X, y``: mỗi bước lấy một batch, tính gradient, rồi đi một bước của bộ tối ưu.

    ``batch_size=None`` là gradient descent toàn tập, mỗi epoch một bước. ``validation`` là cặp ``(X_val, y_val)``, chỉ
    để đo ``val_loss``, không bao giờ để học. ``early_stopping`` là một regularization.EarlyStopping: dừng theo
    ``val_loss``, kể từ lúc chưa học, rồi trả về tham số của epoch tốt nhất. ``params`` là nơi bắt đầu, thay cho
    ``model.init``. ``rng`` dùng để khởi tạo tham số, xáo trộn batch và dropout.

    Trả về ``params, History``: tham số sau epoch cuối (hay epoch tốt nhất), và mất mát sau từng epoch, đo ở chế độ đánh
    giá, không có phần phạt. Mất mát hay hàm mục tiêu thành vô cực hoặc NaN thì dừng bằng ``DivergenceError``.

    >>> from mlcourse import models, optim
    >>> X, y, model = [[-2.0], [-1.0], [1.0], [2.0]], [0, 0, 1, 1], models.logistic(1)
    >>> params, history = train(model, X, y, optimizer=optim.sgd(1.0), epochs=100, rng=np.random.default_rng(0))
    >>> model.predict(params, X) >= 0.5
    array([False, False,  True,  True])
    >>> bool(history.train_loss[-1] < 0.1 < history.train_loss[0])
    True
    """
    epochs = _check.integer("epochs", epochs, low=1)
    if early_stopping is not None and (validation is None or not isinstance(early_stopping, EarlyStopping)):
        raise ValueError(
            "early_stopping cần là một regularization.EarlyStopping đi cùng validation=(X_val, y_val), "
            f"nhưng nhận được {early_stopping!r}, {'không' if validation is None else 'có'} validation."
        )
    run = run_epochs(
        model, X, y, optimizer=optimizer, rng=rng, batch_size=batch_size, validation=validation, params=params
    )
    rows, best, record = [], None, early_stopping
    for params, losses in itertools.islice(run, epochs + 1):
        rows.append(losses)
        if record is not None:
            record = record.update(losses[1])
            best = params if record.best_epoch == record.epoch else best
            if record.stopped:
                break
    return (params if best is None else best), _history(rows)


def _history(rows):
    train_loss, *val_loss = np.array(rows).T if rows else [np.empty(0)]
    return History(train_loss, val_loss[0] if val_loss else np.empty(0))
