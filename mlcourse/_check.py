"""Kiểm tra đối số, một lần, ngay ở cửa vào của mỗi hàm công khai.

Mọi thông báo lỗi đều nói: đối số nào, đã nhận được gì, cần gì, và sửa thế nào.
"""

import math

import numpy as np

_NOT_LOGITS = " Xác suất không ra ngoài khoảng này: nếu đây là logit, hãy đưa qua losses.sigmoid trước."


def real(name, x, *, ndim=None, low=-np.inf, high=np.inf):
    """Mảng float64 hữu hạn, không rỗng, mọi phần tử trong [low, high]."""
    x = np.asarray(x)
    if x.dtype.kind not in "fiub":
        raise TypeError(
            f"{name} cần là mảng số, nhưng nhận được kiểu {x.dtype}. Hãy đổi sang số trước, ví dụ "
            f"np.asarray({name}, float)."
        )
    if ndim is not None and x.ndim != ndim:
        raise ValueError(f"{name} cần có {ndim} chiều, nhưng có dạng {x.shape}.{_ravel_hint(name, x, ndim)}")
    if x.size == 0:
        raise ValueError(f"{name} rỗng (dạng {x.shape}): cần ít nhất một giá trị.")
    x = x.astype(np.float64, copy=False)
    # NaN lan qua cả hai, nên hai số này đủ để biết mọi phần tử có hữu hạn không
    smallest, largest = np.minimum.reduce(x, axis=None), np.maximum.reduce(x, axis=None)
    if not (-np.inf < smallest and largest < np.inf):
        bad = np.flatnonzero(~np.isfinite(x))
        raise ValueError(
            f"{name} có {bad.size} giá trị NaN hoặc vô cực, đầu tiên ở vị trí {bad[0]}: {x.flat[bad[0]]}. "
            f"Hãy bỏ hoặc điền các giá trị đó trước khi tính."
        )
    if smallest < low or largest > high:
        seen, hint = smallest if smallest < low else largest, _NOT_LOGITS if (low, high) == (0, 1) else ""
        raise ValueError(f"{name} cần nằm trong [{low:g}, {high:g}], nhưng có giá trị {seen:g}.{hint}")
    return x


def labels(name, y):
    """Mảng nhãn một chiều, không rỗng: số nguyên, bool hoặc chuỗi."""
    y = np.asarray(y)
    if y.ndim != 1:
        raise ValueError(f"{name} cần có 1 chiều, nhưng có dạng {y.shape}.{_ravel_hint(name, y, 1)}")
    if y.size == 0:
        raise ValueError(f"{name} rỗng: cần ít nhất một nhãn.")
    if y.dtype.kind == "f":  # nhãn 0.0 và 1.0 vẫn là nhãn; 0.3 thì không
        real(name, y)
        if (y != np.floor(y)).any():
            seen = y[y != np.floor(y)][0]
            raise ValueError(
                f"{name} cần là nhãn (số nguyên hoặc chuỗi), nhưng có giá trị {seen:g}. Nếu đây là xác suất, hãy "
                f"so với ngưỡng trước: {name} >= 0.5."
            )
    elif y.dtype.kind == "O":
        strange = [label for label in y if not isinstance(label, str)]
        if strange:
            raise TypeError(
                f"{name} trộn nhiều kiểu: có {strange[0]!r} ({type(strange[0]).__name__}). Nhãn cần cùng một kiểu: số "
                f"nguyên, bool hoặc chuỗi."
            )
        y = y.astype(str)  # nhãn chuỗi lấy từ một bảng thường có kiểu object
    elif y.dtype.kind not in "iubU":
        raise TypeError(f"{name} cần là nhãn (số nguyên, bool hoặc chuỗi), nhưng nhận được kiểu {y.dtype}.")
    return y


def same_shape(name_a, a, name_b, b):
    """Hai mảng cùng dạng: NumPy sẽ lặng lẽ ghép (n,) với (n, 1) thành (n, n), còn ta thì không."""
    if a.shape != b.shape:
        wide = name_a if a.ndim > b.ndim else name_b
        hint = f" Hãy dùng {wide}.ravel() để bỏ chiều thừa." if a.size == b.size else ""
        raise ValueError(f"{name_a} có dạng {a.shape} nhưng {name_b} có dạng {b.shape}: cần cùng dạng.{hint}")


def same_length(name_a, a, name_b, b):
    """Hai mảng có cùng số mẫu (chiều đầu tiên)."""
    if len(a) != len(b):
        raise ValueError(f"{name_a} có {len(a)} mẫu nhưng {name_b} có {len(b)} mẫu: cần bằng nhau.")


def weights(name, weight, name_y, y):
    """Trọng số không âm của từng mẫu, không phải toàn số 0; None thì vẫn là None."""
    if weight is None:
        return None
    weight = real(name, weight, ndim=1, low=0)
    same_length(name, weight, name_y, y)
    if not weight.any():
        raise ValueError(f"{name} toàn số 0: không còn gì để tính. Hãy cho ít nhất một trọng số dương.")
    return weight


def number(name, value, *, low=-np.inf, high=np.inf, low_open=False, high_open=False):
    """Một số thực hữu hạn trong [low, high]; ``low_open``, ``high_open`` bỏ mút."""
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, (int, float, np.integer, np.floating)):
        raise TypeError(f"{name} cần là một số, nhưng nhận được {value!r} ({type(value).__name__}).")
    if not math.isfinite(value) or not low <= value <= high or low_open and value == low or high_open and value == high:
        left, right = "(" if low_open or low == -np.inf else "[", ")" if high_open or high == np.inf else "]"
        raise ValueError(f"{name} cần nằm trong {left}{low:g}, {high:g}{right}, nhưng nhận được {value!r}.")
    return float(value)


def integer(name, value, *, low=None, high=None):
    """Một số nguyên trong [low, high]."""
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, (int, np.integer)):
        raise TypeError(f"{name} cần là số nguyên, nhưng nhận được {value!r} ({type(value).__name__}).")
    if low is not None and value < low:
        raise ValueError(f"{name} cần ít nhất là {low}, nhưng nhận được {value}.")
    if high is not None and value > high:
        raise ValueError(f"{name} cần nhiều nhất là {high}, nhưng nhận được {value}.")
    return int(value)


def choice(name, value, options):
    """Một trong các giá trị cho trước."""
    if value not in options:
        raise ValueError(f"{name} cần là một trong {', '.join(map(repr, options))}, nhưng nhận được {value!r}.")
    return value


def generator(rng):
    """Nguồn ngẫu nhiên luôn là đối số, không bao giờ là trạng thái chung của NumPy."""
    if not isinstance(rng, np.random.Generator):
        raise TypeError(
            f"rng cần là một np.random.Generator, nhưng nhận được {rng!r} ({type(rng).__name__}). Hãy viết "
            f"rng=np.random.default_rng(0)."
        )
    return rng


def column(X):
    """Cột duy nhất của X, dạng ``(n_samples,)``."""
    X = real("X", X, ndim=2)
    if X.shape[1] != 1:
        raise ValueError(f"X cần có đúng 1 cột, nhưng có dạng {X.shape}. Hãy chọn một cột: X[:, [0]].")
    return X[:, 0]


def samples(X, y, *, names=("X", "y"), target=None):
    """Cặp X hai chiều và y một chiều, cùng số mẫu; ``target`` kiểm tra y, mặc định là ``targets``."""
    X, y = real(names[0], X, ndim=2), (target or targets)(names[1], y)
    same_length(names[0], X, names[1], y)
    return X, y


def targets(name, y):
    """Mảng đích một chiều: nhãn khi phân loại, số thực hữu hạn khi hồi quy."""
    y = np.asarray(y)
    return real(name, y, ndim=1) if y.dtype.kind == "f" else labels(name, y)


def classes(name, y, n_classes):
    """Mảng nhãn một chiều, mỗi nhãn là số nguyên từ 0 đến ``n_classes - 1``."""
    y = labels(name, y)
    if y.dtype.kind == "U":
        raise TypeError(
            f"{name} cần là số nguyên từ 0 đến {n_classes - 1}, nhưng có nhãn chuỗi {y[0].item()!r}. Hãy "
            f"đánh số: np.unique({name}, return_inverse=True)[1]."
        )
    smallest, largest = y.min(), y.max()
    if smallest < 0 or largest >= n_classes:
        seen = smallest if smallest < 0 else largest
        signs = smallest == -1 and largest == 1 and n_classes == 2
        hint = f" Hãy đổi -1, 1 thành 0, 1: ({name} + 1) // 2." if signs else ""
        raise ValueError(f"{name} cần là nhãn từ 0 đến {n_classes - 1}, nhưng có nhãn {seen:g}.{hint}")
    return y.astype(np.intp, copy=False)


def distribution(name, p):
    """Phân phối xác suất theo trục cuối: mọi phần tử trong [0, 1], tổng bằng 1."""
    p = real(name, p, low=0, high=1)
    total = np.atleast_1d(p.sum(axis=-1)).ravel() if p.ndim else np.array([np.inf])
    wrong = np.abs(total - 1).argmax()
    if abs(total[wrong] - 1) > 1e-8:
        seen = f"hàng {wrong} có tổng {total[wrong]:g}" if p.ndim else f"nhận được một số {p:g}"
        raise ValueError(
            f"{name} cần là phân phối xác suất theo trục cuối, tổng bằng 1, nhưng {seen}. Nếu đây là "
            "logit, hãy đưa qua losses.softmax trước."
        )
    return p


def _ravel_hint(name, x, ndim):
    return f" Hãy dùng {name}.ravel()." if ndim == 1 and x.ndim == 2 and 1 in x.shape else ""
