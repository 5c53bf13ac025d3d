"""Lựa chọn mô hình (mục 3.1): chia tập huấn luyện / xác thực / kiểm tra, và chuẩn hóa mà không rò rỉ dữ liệu.

``X`` dạng ``(n_samples, n_features)``, ``y`` dạng ``(n_samples,)``. Mọi hàm báo ``ValueError`` hoặc ``TypeError`` khi
dữ liệu sai dạng, rỗng, khác số mẫu, có NaN hoặc vô cực, hoặc tùy chọn sai. Nguồn: Hastie, Tibshirani, Friedman (2009),
"The elements of statistical learning", mục 7.2 (chia ba tập) và 7.10.2 (mọi bước chuẩn bị chỉ học từ phần huấn luyện).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from . import _check


class Split(NamedTuple):
    """Ba tập không giao nhau; thứ tự như scikit-learn: các X trước, các y sau."""

    X_train: np.ndarray
    X_val: np.ndarray
    X_test: np.ndarray
    y_train: np.ndarray
    y_val: np.ndarray
    y_test: np.ndarray

    def __repr__(self):
        return f"Split(huấn luyện {len(self.y_train)} mẫu, xác thực {len(self.y_val)}, kiểm tra {len(self.y_test)})"


def train_val_test_split(X, y, *, ratios=(0.7, 0.15, 0.15), rng, stratify=False):
    """Chia ngẫu nhiên thành tập huấn luyện, tập xác thực và tập kiểm tra; mỗi mẫu vào đúng một tập. Trả về ``Split``.

    ``ratios`` là ba số dương có tổng bằng 1. Số mẫu của mỗi tập là n·tỷ lệ, làm tròn theo phần dư lớn nhất.
    ``stratify=True`` chia phân tầng: ở từng lớp của ``y``, mỗi tập lệch chưa đến một mẫu so với tỷ lệ; phần lẻ của lớp
    trước dồn sang lớp sau, nên cỡ của cả tập cũng lệch chưa đến một mẫu.

    >>> X, y = np.arange(20.0).reshape(20, 1), np.repeat([0, 1], [16, 4])
    >>> split = train_val_test_split(X, y, ratios=(0.5, 0.25, 0.25), rng=np.random.default_rng(0), stratify=True)
    >>> split
    Split(huấn luyện 10 mẫu, xác thực 5, kiểm tra 5)
    >>> [int(part.sum()) for part in (split.y_train, split.y_val, split.y_test)]  # 4 ca dương chia 2 : 1 : 1
    [2, 1, 1]

    Khác scikit-learn: chia ba trong một lần gọi, và nguồn ngẫu nhiên là ``rng``, không phải ``random_state``.
    """
    X, y = _check.real("X", X, ndim=2), _check.labels("y", y) if stratify else _check.targets("y", y)
    _check.same_length("X", X, "y", y)
    ratios = _check.real("ratios", ratios, ndim=1, low=0, high=1)
    if len(ratios) != 3 or ratios.min() == 0 or abs(ratios.sum() - 1) > 1e-9:
        raise ValueError("ratios cần là ba số dương có tổng bằng 1, ví dụ (0.7, 0.15, 0.15), "
                         f"nhưng nhận được {ratios.tolist()} (tổng {ratios.sum():g}).")
    _check.generator(rng)

    parts, owed = ([], [], []), np.zeros(3)  # owed: phần lẻ mà các lớp trước còn nợ mỗi tập
    for rows in [np.flatnonzero(y == label) for label in np.unique(y)] if stratify else [np.arange(len(y))]:
        counts = _share(len(rows), ratios, owed)
        owed += len(rows) * ratios - counts
        for part, chosen in zip(parts, np.split(rng.permutation(rows), np.cumsum(counts)[:2]), strict=True):
            part.append(chosen)
    parts = [rng.permutation(np.concatenate(part)) for part in parts]
    for name, part in zip(("huấn luyện", "xác thực", "kiểm tra"), parts, strict=True):
        if part.size == 0:
            raise ValueError(f"Tập {name} không có mẫu nào: {len(y)} mẫu chia theo tỷ lệ {ratios.tolist()} là quá ít. "
                             f"Hãy thêm dữ liệu, hoặc tăng tỷ lệ của tập {name}.")
    return Split(*(X[part] for part in parts), *(y[part] for part in parts))


def standardizer(X_train):
    """Hàm ``standardize(X)`` đưa từng cột về trung bình 0, độ lệch chuẩn 1, với hai con số ấy chỉ lấy từ ``X_train``.

    Dùng hàm nhận được cho cả ba tập: tập xác thực và tập kiểm tra không góp gì vào phép chuẩn hóa, nên không rò rỉ.
    Kết quả không còn đơn vị. Cột không đổi trên ``X_train`` chỉ được trừ trung bình.

    >>> standardize = standardizer([[1.0, 5.0], [3.0, 5.0]])  # cột 0: trung bình 2, độ lệch chuẩn 1
    >>> standardize([[2.0, 5.0], [5.0, 6.0]])
    array([[0., 0.],
           [3., 1.]])
    """
    X_train = _check.real("X_train", X_train, ndim=2)
    mean, std = X_train.mean(axis=0), X_train.std(axis=0)
    std[X_train.max(axis=0) == X_train.min(axis=0)] = 1

    def standardize(X):
        X = _check.real("X", X, ndim=2)
        if X.shape[1] != len(mean):
            raise ValueError(f"X có {X.shape[1]} cột nhưng X_train có {len(mean)} cột: cần bằng nhau.")
        return (X - mean) / std

    return standardize


def _share(n, ratios, owed):
    """Chia n mẫu theo tỷ lệ: lấy phần nguyên, rồi phát các mẫu còn lại cho phần dư (cộng phần nợ) lớn nhất."""
    exact = n * ratios
    counts = np.floor(exact + 1e-9)
    remainder = np.where(exact - counts > 1e-9, exact - counts + owed, -np.inf)
    counts[np.argsort(-remainder, kind="stable")[:n - int(counts.sum())]] += 1
    return counts.astype(int)
