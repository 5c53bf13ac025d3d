"""Kiểm tra đối số, một lần, ngay ở cửa vào của mỗi hàm công khai.

Mọi thông báo lỗi đều nói: đối số nào, đã nhận được gì, cần gì, và sửa thế nào.
"""

import math
import unicodedata
from collections.abc import MappingView
from numbers import Number
from types import FunctionType

import numpy as np


def wrong(name, need, seen, hint, error=ValueError):
    """Lỗi viết theo một khuôn: đối số nào, cần gì, đã thấy gì, và sửa thế nào."""
    return error(f"{name} cần {need}, nhưng {seen}. Hãy {hint}.")


def refused(name, need, value, hint, error=TypeError):
    """Như ``wrong``, khi thứ đã thấy là chính giá trị nhận được: 80 chữ đầu của nó."""
    return wrong(name, need, f"nhận được {' '.join(repr(value).split()):.80}", hint, error)


# ---- từ những gì người ta hay đưa đến một mảng ----


def array(name, x, *, ndim=None):
    """Mảng NumPy từ danh sách, ``dict.values()``, tensor, bảng hay cột của pandas, polars; object toàn số thành số.

    Bảng một cột là mảng một chiều khi cần một chiều. Trộn số với chữ thì còn nguyên kiểu object, để hàm gọi nói rõ lỗi.
    """
    if type(x) is np.ndarray and x.dtype.kind in "fiubU":
        return x
    if isinstance(x, np.ndarray) and np.any(getattr(x, "mask", False)):
        drop = f"np.ma.compress_rows({name})" if x.ndim == 2 else f"{name}.compressed()"
        hint = f"điền bằng {name}.filled(0), hay bỏ bằng {drop}, và bỏ các mẫu ấy ở những mảng đi cùng"
        raise wrong(name, "là mảng không có mặt nạ", f"{np.sum(x.mask)} giá trị bị che", hint, TypeError)
    x = list(x) if isinstance(x, MappingView) else x
    if callable(getattr(x, "detach", None)):  # tensor của PyTorch: bỏ lịch sử gradient; NumPy không có kiểu bfloat16
        x = x.detach().cpu()
        x = x.float() if "bfloat16" in str(x.dtype) else x
    elif isinstance(x, (list, tuple)) and x and callable(getattr(x[0], "detach", None)):
        x = [array(name, v) for v in x]
    try:
        a = np.asarray(x)
    except (ValueError, TypeError, RuntimeError) as error:
        why = "các hàng dài ngắn khác nhau" if "inhomogeneous" in str(error) else f"nhận được {type(x).__name__}"
        raise wrong(name, "xếp được thành mảng", why, "cho mọi hàng cùng số phần tử, là số hay chuỗi") from None
    if a.dtype.kind == "T":
        a = a.astype(object).astype(str)
    elif a.dtype.kind in "Uf" and isinstance(x, (list, tuple)) and (a.dtype.kind == "U" or (np.abs(a) >= 2**63).any()):
        kind = str if a.dtype.kind == "U" else float  # NumPy lặng lẽ đổi ["a", 1] thành chuỗi, [2**63, 1] thành số thực
        each = x if a.ndim == 1 else np.array(x, object).flat
        a = a if all(isinstance(v, kind) for v in each) else np.array(x, object)
    if a.dtype.kind == "O":
        a = _from_objects(name, x, a)
    return a[:, 0] if ndim == 1 and hasattr(x, "columns") and a.shape[1:] == (1,) else a


def _from_objects(name, x, a):
    """Mảng object thành mảng số nếu mọi phần tử là số; thiếu giá trị, hay không phải một dãy, là lỗi."""
    if a.ndim == 0 and not isinstance(a.item(), Number):
        ways = {
            "toarray": "{}.toarray()",
            "collect": "{}.collect()",
            "values": "list({}.values())",
            "union": "sorted({})",
            "__iter__": "list({})",
        }
        way = next((way for method, way in ways.items() if hasattr(x, method)), "[0, 1]").format(name)
        raise wrong(name, "là một dãy", f"nhận được {type(x).__name__}", f"đưa vào một dãy, như {way}", TypeError)
    nothing = "NoneType", "NAType", "NaTType"
    missing = [i for i, v in enumerate(a.flat) if type(v).__name__ in nothing or isinstance(v, float) and v != v]
    if missing:
        seen = f"thiếu {len(missing)}, đầu tiên ở vị trí {missing[0]}: {a.flat[missing[0]]}"
        raise wrong(name, "đủ giá trị", seen, "bỏ hoặc điền các giá trị đó trước khi tính")
    if not all(isinstance(v, (Number, np.bool_)) for v in a.flat):
        return a
    numbers = np.array([v if hasattr(v, "dtype") or type(v) in (bool, int) else _float(v) for v in a.flat])
    rounded = numbers.dtype.kind in "fO" and all(isinstance(v, int) for v in a.flat)  # số nguyên quá 64 bit: để nguyên
    return a if rounded else numbers.reshape(a.shape)


def _float(value):
    """Số thực 64 bit gần nhất của một số bất kỳ, cả Decimal, Fraction; số phức giữ nguyên."""
    try:
        return value if isinstance(value, complex) else float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf


def _not_numbers(name, x):
    """Lời báo cho một mảng không phải số: có gì trong đó, và cách đổi sang số."""
    seen, hint = f"kiểu {x.dtype}", f"đổi sang số trước: np.asarray({name}, float)"
    if x.dtype.kind in "OUS":
        try:
            x.astype(float)
        except (ValueError, TypeError):
            i = next((i for i, v in enumerate(x.flat) if not isinstance(v, (Number, np.bool_))), 0)
            seen = f"{x.flat[i]!r} ({type(x.flat[i]).__name__}) ở vị trí {i}"
            hint = "bỏ cột chữ, hay đánh số các giá trị: np.unique(np.asarray(cột, str), return_inverse=True)[1]"
    elif x.dtype.kind in "Mm":
        kind = "datetime64[s]" if x.dtype.kind == "M" else "timedelta64[s]"
        hint = f'đổi sang số giây: np.asarray({name}, "{kind}").astype(float)'
    elif x.dtype.kind == "c":
        hint = f"lấy phần thực: np.real({name})"
    elif x.dtype.names:
        hint = f"chọn một trường: {name}[{x.dtype.names[0]!r}]"
    return wrong(name, "là mảng số", f"nhận được {seen}", hint, TypeError)


# ---- mảng ----


def real(name, x, *, ndim=None, low=-np.inf, high=np.inf, hint=""):
    """Mảng float64 hữu hạn, không rỗng, mọi phần tử trong [low, high]; ``hint`` là cách sửa khi ra ngoài khoảng."""
    given = array(name, x, ndim=ndim)
    if given.dtype.kind == "O" and all(isinstance(v, Number) for v in given.flat):  # số nguyên quá 64 bit
        given = np.array(list(map(_float, given.flat))).reshape(given.shape)
    if given.dtype.kind not in "fiub":
        raise _not_numbers(name, given)
    if ndim is not None and given.ndim != ndim:
        raise ValueError(f"{name} cần có {ndim} chiều, nhưng có dạng {given.shape}.{_ravel_hint(name, given, ndim)}")
    if given.size == 0:
        raise ValueError(f"{name} rỗng (dạng {given.shape}): cần ít nhất một giá trị.")
    with np.errstate(over="ignore"):  # longdouble quá lớn thành vô cực, và được báo ngay dưới đây
        x = given.astype(np.float64, copy=False)
    # NaN lan qua cả hai, nên hai số này đủ để biết mọi phần tử có hữu hạn không
    smallest, largest = np.minimum.reduce(x, axis=None), np.maximum.reduce(x, axis=None)
    if not (-np.inf < smallest and largest < np.inf):
        bad = np.flatnonzero(~np.isfinite(x))
        seen = f"{name} có {bad.size} giá trị NaN hoặc vô cực, đầu tiên ở vị trí {bad[0]}: {x.flat[bad[0]]}"
        raise ValueError(f"{seen}. Hãy bỏ hoặc điền các giá trị đó trước khi tính.")
    if smallest < low or largest > high:
        seen = smallest if smallest < low else largest
        raise ValueError(f"{name} cần nằm trong [{low:g}, {high:g}], nhưng có giá trị {seen:.12g}.{hint}")
    return x


def probabilities(name, p, *, ndim=None):
    """Mảng float64 với mọi phần tử trong [0, 1]."""
    way = "sigmoid" if ndim == 1 else "softmax"  # một xác suất mỗi mẫu, hay cả phân phối
    hint = f" Nếu đây là logit, hãy đưa qua losses.{way} trước; nếu chỉ là làm tròn thì dùng np.clip({name}, 0, 1)."
    return real(name, p, ndim=ndim, low=0, high=1, hint=f" Xác suất không ra ngoài khoảng này.{hint}")


def distribution(name, p):
    """Phân phối xác suất theo trục cuối: mọi phần tử trong [0, 1], tổng bằng 1."""
    given, p = p, probabilities(name, p)
    if p.ndim == 0:
        raise wrong(name, "là phân phối xác suất theo trục cuối", f"nhận được một số {p:g}", "cho xác suất của mọi lớp")
    sums_to_one(name, p, given)
    return p


def sums_to_one(name, p, given):
    """Mỗi hàng của ``p`` có tổng bằng 1, trong sai số làm tròn của kiểu số của ``given``, thứ người ta đã đưa vào."""
    total, kind = np.atleast_1d(p.sum(axis=-1)).ravel(), str(getattr(given, "dtype", "")).lower()
    row = np.abs(total - 1).argmax()
    rounding = {"bfloat16": 2**-7, "float16": 2**-10, "float32": 2**-23}.get(kind.removeprefix("torch."), 1e-12)
    if abs(total[row] - 1) > rounding**0.5:  # căn bậc hai, như scikit-learn; 1e-6 với float64, vì hay đến từ float32
        seen = f"hàng {row} có tổng {total[row]:.12g}"
        hint = f"đưa qua losses.softmax nếu đây là logit, hay dùng {name} / np.sum({name}, axis=-1, keepdims=True)"
        raise wrong(name, "là phân phối xác suất theo trục cuối, tổng bằng 1", seen, hint)


# ---- nhãn ----


def labels(name, y):
    """Mảng nhãn một chiều, không rỗng: số nguyên, bool hoặc chuỗi; chuỗi ở dạng NFC của Unicode."""
    y = array(name, y, ndim=1)
    if y.ndim != 1:
        if y.ndim != 2:
            raise ValueError(f"{name} cần có 1 chiều, nhưng có dạng {y.shape}.")
        way = f"np.ravel({name})" if 1 in y.shape else f"np.argmax({name}, axis=1) nếu mỗi lớp một cột"
        raise wrong(name, "có 1 chiều", f"có dạng {y.shape}", f"dùng {way}")
    if y.size == 0:
        raise ValueError(f"{name} rỗng: cần ít nhất một nhãn.")
    if y.dtype.kind in "iub":
        return y
    if y.dtype.kind == "f":  # nhãn 0.0 và 1.0 vẫn là nhãn; 0.3 thì không
        real(name, y)
        if (y != np.floor(y)).any():
            seen = y[y != np.floor(y)][0]
            hint = f"so với ngưỡng trước, nếu đây là xác suất: np.asarray({name}) >= 0.5"
            raise wrong(name, "là nhãn (số nguyên hoặc chuỗi)", f"có giá trị {seen:g}", hint)
    elif y.dtype.kind == "O":
        if all(isinstance(v, int) for v in y):  # số nguyên quá 64 bit
            return y
        if not all(isinstance(v, str) for v in y):
            kinds = ", ".join(f"{v!r} ({kind})" for kind, v in {type(v).__name__: v for v in y}.items())
            hint = f"đổi về chuỗi: np.asarray({name}, str)"
            raise wrong(name, "là nhãn cùng một kiểu (số nguyên, bool hoặc chuỗi)", f"có {kinds}", hint, TypeError)
        y = y.astype(str)  # nhãn chuỗi lấy từ một bảng thường có kiểu object
    elif y.dtype.kind != "U":
        hint = "đổi về chuỗi: " + (f"np.char.decode({name})" if y.dtype.kind == "S" else f"np.asarray({name}, str)")
        raise wrong(name, "là nhãn (số nguyên, bool hoặc chuỗi)", f"nhận được kiểu {y.dtype}", hint, TypeError)
    return nfc(y)


def nfc(value):
    """Chuỗi ở dạng NFC, kể cả trong mảng, danh sách, dict: "ác" viết bằng a và dấu rời cũng là "ác" viết bằng á."""
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, dict):
        return {nfc(key): nfc(item) for key, item in value.items()}
    if type(value) in (list, tuple, set, frozenset):
        return type(value)(map(nfc, value))
    if isinstance(value, np.ndarray) and value.dtype.kind == "U" and value.dtype.itemsize:
        codes = np.ascontiguousarray(value).view(np.uint32)
        if ((codes < 0x300) | (codes >> 8 == 0x1E)).all():  # không có dấu rời: chữ Latin và chữ Việt dựng sẵn
            return value
        composed = {name: nfc(name) for name in set(value.ravel().tolist())}
        if any(name != other for name, other in composed.items()):
            return np.array([composed[name] for name in value.flat]).reshape(value.shape)
    return value


def classes(name, y, n_classes):
    """Mảng nhãn một chiều, mỗi nhãn là số nguyên từ 0 đến ``n_classes - 1``."""
    y = labels(name, y)
    if y.dtype.kind == "U":
        seen, hint = f"có nhãn chuỗi {y[0].item()!r}", f"đánh số: np.unique({name}, return_inverse=True)[1]"
        raise wrong(name, f"là số nguyên từ 0 đến {n_classes - 1}", seen, hint, TypeError)
    smallest, largest = y.min(), y.max()
    if smallest < 0 or largest >= n_classes:
        seen = smallest if smallest < 0 else largest
        signs = smallest == -1 and largest == 1 and n_classes == 2
        hint = f" Hãy đổi -1, 1 thành 0, 1: (np.asarray({name}) + 1) // 2." if signs else ""
        hint = f" Hãy đếm từ 0: np.asarray({name}) - 1." if (smallest, largest) == (1, n_classes) else hint
        raise ValueError(f"{name} cần là nhãn từ 0 đến {n_classes - 1}, nhưng có nhãn {seen:g}.{hint}")
    return y.astype(np.intp, copy=False)


def targets(name, y):
    """Mảng đích một chiều: nhãn khi phân loại, số thực hữu hạn khi hồi quy."""
    y = array(name, y, ndim=1)
    return real(name, y, ndim=1) if y.dtype.kind == "f" else labels(name, y)


def few(labels):
    """Vài nhãn đầu, để đọc được trong thông báo lỗi."""
    return ", ".join(map(repr, labels[:5])) + (", …" if len(labels) > 5 else "")


def two_classes(y, *, both=False):
    """Một hoặc hai nhãn có trong y, tăng dần; nhiều hơn, hay khi cần ``both`` mà thiếu, là lỗi."""
    if y.dtype.kind in "iub" and np.bitwise_or.reduce(y) == 1:  # chỉ có 0 và 1: trường hợp hay gặp nhất
        found = [0, 1] if np.count_nonzero(y) < len(y) else [1]
    else:
        found = np.unique(y).tolist()
    if len(found) > 2:
        hint = "tính từng lớp k so với phần còn lại: np.asarray(y_true) == k"
        raise wrong("y_true", "có nhiều nhất hai lớp", f"có {len(found)} lớp ({few(found)})", hint)
    if both and len(found) < 2:
        raise ValueError(f"y_true chỉ có một lớp ({few(found)}), cần cả hai lớp để so mẫu dương với mẫu âm.")
    return found


def known_label(pos_label, classes):
    """pos_label, nếu nhãn này có thể là một trong hai lớp."""
    fits = isinstance(pos_label, (str, int, float, np.generic)) and isinstance(pos_label, str) == isinstance(
        classes[0], str
    )
    pos_label = nfc(pos_label) if isinstance(pos_label, str) else pos_label
    if not fits or pos_label != pos_label or (len(classes) == 2 and pos_label not in classes):
        seen = f"pos_label = {pos_label!r} không có trong dữ liệu: các lớp là {few(classes)}"
        raise ValueError(f"{seen}. Hãy chọn một trong các lớp này.")
    return pos_label


def positive_label(classes, pos_label):
    """Nhãn của lớp dương trong một hay hai lớp; {0, 1} và {-1, 1} thì tự hiểu là 1, còn lại không đoán."""
    if pos_label is not None:
        return known_label(pos_label, classes)
    if not (set(classes) <= {0, 1} or set(classes) <= {-1, 1}):
        seen = f"Không biết lớp nào là lớp dương: y_true có các lớp {few(classes)}"
        raise ValueError(f"{seen}. Hãy nói rõ, ví dụ pos_label={classes[-1]!r}.")
    return 1


# ---- nhiều mảng ----


def same_shape(name_a, a, name_b, b):
    """Hai mảng cùng dạng: NumPy sẽ lặng lẽ ghép (n,) với (n, 1) thành (n, n), còn ta thì không."""
    if a.shape != b.shape:
        fits = 1 in (a.ndim, b.ndim) and a.squeeze().shape == b.squeeze().shape
        hint = f" Hãy dùng np.ravel({name_b if a.ndim == 1 else name_a}) để bỏ chiều thừa." if fits else ""
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
    largest = np.maximum.reduce(weight)
    if not 1e-250 < largest < 1e250:  # ngoài khoảng này, tổng và tích của các trọng số tràn số
        raise ValueError(f"{name} lớn nhất là {largest:g}, ngoài (1e-250, 1e250). Hãy dùng {name} / np.max({name}).")
    return weight


def samples(X, y, *, names=("X", "y"), target=None):
    """Cặp X hai chiều và y một chiều, cùng số mẫu; ``target`` kiểm tra y, mặc định là ``targets``."""
    X, y = real(names[0], X, ndim=2), (target or targets)(names[1], y)
    same_length(names[0], X, names[1], y)
    return X, y


def column(X):
    """Cột duy nhất của X, dạng ``(n_samples,)``."""
    X = real("X", X, ndim=2)
    if X.shape[1] != 1:
        raise ValueError(f"X cần có đúng 1 cột, nhưng có dạng {X.shape}. Hãy chọn một cột: np.asarray(X)[:, [0]].")
    return X[:, 0]


# ---- một giá trị ----


def number(name, value, *, low=-np.inf, high=np.inf, low_open=False, high_open=False):
    """Một số thực hữu hạn trong [low, high], hay mảng một phần tử như thế; ``low_open``, ``high_open`` bỏ mút."""
    if type(value) is float and low < value < high:
        return value  # trường hợp hay gặp nhất
    x = _scalar(value)
    if isinstance(x, (bool, np.bool_)) or not isinstance(x, (int, float, np.integer, np.floating)):
        raise TypeError(f"{name} cần là một số, nhưng nhận được {value!r} ({type(value).__name__}).")
    x = _float(x)
    if not math.isfinite(x) or not low <= x <= high or low_open and x == low or high_open and x == high:
        left, right = "(" if low_open or low == -np.inf else "[", ")" if high_open or high == np.inf else "]"
        raise ValueError(f"{name} cần nằm trong {left}{low:g}, {high:g}{right}, nhưng nhận được {value!r}.")
    return x


def integer(name, value, *, low=None, high=None, why=""):
    """Một số nguyên trong [low, high]; ``why``: mức trên là số gì."""
    x = _scalar(value)
    if isinstance(x, (bool, np.bool_)) or not isinstance(x, (int, np.integer)):
        hint = f" Hãy viết {int(x)}." if isinstance(x, float) and x.is_integer() else ""
        raise TypeError(f"{name} cần là số nguyên, nhưng nhận được {value!r} ({type(value).__name__}).{hint}")
    if low is not None and high is not None and high < low:
        raise ValueError(f"{name} cần ít nhất là {low}, nhưng {why or 'mức trên'} chỉ là {high}.")
    if low is not None and x < low:
        raise ValueError(f"{name} cần ít nhất là {low}, nhưng nhận được {x}.")
    if high is not None and x > high:
        raise ValueError(f"{name} cần nhiều nhất là {high}{why and ', ' + why}, nhưng nhận được {x}.")
    return int(x)


def _scalar(value):
    """Số trong một mảng hay tensor một phần tử; Decimal và Fraction thành float; thứ khác thì giữ nguyên."""
    if type(value) in (int, float) or not (isinstance(value, Number) or hasattr(value, "dtype")):
        return value
    try:
        a = array("", value)
    except (TypeError, ValueError):
        return value
    return a.item() if a.size == 1 and a.dtype.kind in "fiu" else value


def choice(name, value, options):
    """Một trong các giá trị cho trước."""
    if type(value).__hash__ is None or value not in options:  # mảng, danh sách: so từng phần tử
        raise ValueError(f"{name} cần là một trong {', '.join(map(repr, options))}, nhưng nhận được {value!r}.")
    return value


def generator(rng):
    """Nguồn ngẫu nhiên luôn là đối số, không bao giờ là trạng thái chung của NumPy."""
    if not isinstance(rng, np.random.Generator):
        seen = f"nhận được {rng!r} ({type(rng).__name__})"
        raise wrong("rng", "là một np.random.Generator", seen, "viết rng=np.random.default_rng(0)", TypeError)
    return rng


def function(name, f, arguments, hint):
    """Một hàm, hay vật gọi được, với chừng ấy đối số; một estimator thì không gọi được."""
    if type(f) is FunctionType and not f.__code__.co_kwonlyargcount:
        if f.__code__.co_argcount == arguments.count(",") + 1:
            return f  # trường hợp hay gặp nhất, không cần đến inspect
    import inspect

    try:
        inspect.signature(f).bind(*arguments.split(", "))
    except TypeError:
        raise refused(name, f"là hàm của ({arguments})", f, hint) from None
    except ValueError:  # hàm viết bằng C không cho biết nó nhận gì
        pass
    return f


def _ravel_hint(name, x, ndim):
    if ndim == 1 and x.ndim == 2:
        return f" Hãy dùng np.ravel({name})." if 1 in x.shape else f" Hãy chọn một cột: np.asarray({name})[:, 1]."
    return f" Hãy dùng np.reshape({name}, (-1, 1)) nếu đây là một cột." if (ndim, x.ndim) == (2, 1) else ""
