"""Điều chuẩn (mục 3.2): phạt L2 và L1, dropout, dừng sớm.

``params`` là dict, mỗi khóa một mảng; phạt chỉ tính trên các trọng số, là các khóa bắt đầu bằng "w": hệ số điều chỉnh b
không làm mô hình phức tạp hơn, nên không bị phạt. Mọi hàm báo ``ValueError`` hoặc ``TypeError`` khi đối số ra ngoài
khoảng, có NaN hoặc sai kiểu.
"""

from dataclasses import dataclass, replace

import numpy as np

from . import _check


def l2_penalty(params, l2):
    """Phạt L2: λ‖w‖² = λ Σ w², với λ = ``l2`` ≥ 0; một ``float``, không đơn vị khi các cột của X đã chuẩn hóa.

    Nguồn: Hoerl, Kennard (1970), "Ridge regression"; Goodfellow và cộng sự (2016), mục 7.1.1.

    >>> l2_penalty({"w": np.array([3.0, 4.0]), "b": np.array([9.0])}, 0.1)  # 0.1 · (9 + 16)
    2.5
    """
    return _penalty(params, _check.number("l2", l2, low=0), np.square)


def l2_penalty_grad(params, l2):
    """Gradient của ``l2_penalty``: 2λw cho trọng số, 0 cho hệ số điều chỉnh; dict như ``params``.

    >>> l2_penalty_grad({"w": np.array([3.0, 4.0]), "b": np.array([9.0])}, 0.5)
    {'w': array([3., 4.]), 'b': array([0.])}
    """
    return _penalty_grad(params, lambda w: 2 * _check.number("l2", l2, low=0) * w)


def l1_penalty(params, l1):
    """Phạt L1: λ‖w‖₁ = λ Σ |w|, với λ = ``l1`` ≥ 0; một ``float``. Kéo nhiều trọng số về đúng 0.

    Nguồn: Tibshirani (1996), "Regression shrinkage and selection via the lasso".

    >>> l1_penalty({"w": np.array([3.0, -4.0]), "b": np.array([9.0])}, 0.5)  # 0.5 · 7
    3.5
    """
    return _penalty(params, _check.number("l1", l1, low=0), np.abs)


def l1_penalty_grad(params, l1):
    """Gradient của ``l1_penalty``: λ sign(w), lấy 0 ở w = 0 (một dưới gradient); dict như ``params``.

    >>> l1_penalty_grad({"w": np.array([3.0, -4.0]), "b": np.array([9.0])}, 0.5)
    {'w': array([ 0.5, -0.5]), 'b': array([0.])}
    """
    return _penalty_grad(params, lambda w: _check.number("l1", l1, low=0) * np.sign(w))


def dropout_mask(shape, rate, *, rng):
    """Mặt nạ dropout dạng ``shape``: mỗi phần tử là 0 với xác suất p = ``rate``, còn không là 1 / (1 - p).

    Nhân các nút của một tầng với mặt nạ khi huấn luyện. Vì đã chia cho 1 - p nên kỳ vọng giữ nguyên, và khi đánh giá
    thì không làm gì. p trong [0, 1). Nguồn: Srivastava và cộng sự (2014), JMLR 15, mục 10 (cách chia lúc huấn luyện).

    >>> mask = dropout_mask((2, 5), 0.5, rng=np.random.default_rng(0))
    >>> sorted(set(mask.ravel().tolist()))
    [0.0, 2.0]
    """
    rate = _check.number("rate", rate, low=0, high=1, high_open=True)
    sizes = [_check.integer("shape", size, low=0) for size in (shape if np.ndim(shape) else [shape])]
    return (_check.generator(rng).random(sizes) >= rate) / (1 - rate)


@dataclass(frozen=True)
class EarlyStopping:
    """Dừng sớm: dừng khi mất mát xác thực không thấp hơn mức tốt nhất trong ``patience`` epoch liền.

    Giảm chưa quá ``min_delta`` thì chưa gọi là thấp hơn. Đây là một bản ghi: ``update(val_loss)`` trả về bản ghi mới,
    và ``best_epoch`` là epoch có tham số cần giữ. Nguồn: Prechelt (1998), "Early stopping - but when?".

    >>> record = EarlyStopping(patience=2)
    >>> for val_loss in [0.9, 0.5, 0.6, 0.7, 0.1]:
    ...     record = record.update(val_loss)
    ...     if record.stopped:
    ...         break
    >>> record  # 0.6 và 0.7 không hơn 0.5: dừng, không bao giờ thấy 0.1
    EarlyStopping(patience=2, min_delta=0.0, epoch=3, best_epoch=1, best_loss=0.5)
    """

    patience: int
    min_delta: float = 0.0
    epoch: int = -1
    best_epoch: int = -1
    best_loss: float = np.inf

    def __post_init__(self):
        _check.integer("patience", self.patience, low=1)
        _check.number("min_delta", self.min_delta, low=0)

    def update(self, val_loss):
        """Bản ghi sau thêm một epoch có mất mát xác thực ``val_loss``."""
        epoch, val_loss = self.epoch + 1, _check.number("val_loss", val_loss)
        if val_loss < self.best_loss - self.min_delta:
            return replace(self, epoch=epoch, best_epoch=epoch, best_loss=val_loss)
        return replace(self, epoch=epoch)

    @property
    def stopped(self):
        """Đã ``patience`` epoch liền không có gì tốt hơn chưa."""
        return self.epoch - self.best_epoch >= self.patience


def _weights(params):
    if not isinstance(params, dict) or not any(str(name).startswith("w") for name in params):
        hint = 'đặt tên trọng số bắt đầu bằng "w", chẳng hạn {"w": w, "b": b}'
        kind = ValueError if isinstance(params, dict) else TypeError
        raise _check.refused("params", "là dict, mỗi khóa một mảng, có trọng số để phạt", params, hint, kind)
    arrays = {name: _check.real(f"params[{name!r}]", p) for name, p in params.items()}
    return {name: p for name, p in arrays.items() if str(name).startswith("w")}


@np.errstate(over="ignore")  # tràn số thì phần phạt là vô cực
def _penalty(params, rate, size):
    total = sum(float(np.sum(size(w))) for w in _weights(params).values())
    return rate * total if rate else 0.0


@np.errstate(over="ignore")
def _penalty_grad(params, grad):
    weights = _weights(params)
    return {name: grad(weights[name]) if name in weights else np.zeros(np.shape(p)) for name, p in params.items()}
