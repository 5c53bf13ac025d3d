"""Ba tập dữ liệu thật nằm sẵn trong gói, và dữ liệu giả có sự thật biết trước.

Không hàm nào cần mạng. Mỗi lần gọi trả về mảng mới, nên sửa mảng không làm hỏng lần gọi sau.
"""

from io import BytesIO
from typing import NamedTuple

import numpy as np

from . import _check


class Dataset(NamedTuple):
    """Một tập dữ liệu: ``X`` dạng ``(n, d)``, ``y`` dạng ``(n,)``, và những gì cần biết để hiểu các con số.

    ``units[j]`` là đơn vị của cột ``feature_names[j]``; ``class_names[k]`` là tên của lớp ``y == k`` (rỗng khi hồi
    quy).
    """

    X: np.ndarray
    y: np.ndarray
    feature_names: tuple[str, ...]
    units: tuple[str, ...]
    target_name: str
    class_names: tuple[str, ...]
    description: str
    source: str
    licence: str

    def __repr__(self):
        n, d = self.X.shape
        classes = f", lớp: {', '.join(self.class_names)}" if self.class_names else ""
        return f"Dataset({n} mẫu, {d} đặc trưng, đích: {self.target_name}{classes})"


def load_breast_cancer():
    """Breast Cancer Wisconsin: 569 khối u ở vú, 30 số đo nhân tế bào trên ảnh kính hiển vi; đoán lành tính hay ác tính.

    ``X`` dạng ``(569, 30)``, float64; ``y`` dạng ``(569,)``, int64: 1 là ác tính (212 ca), 0 là lành tính (357 ca).
    Nguồn: Street, Wolberg, Mangasarian (1993), "Nuclear feature extraction for breast tumor diagnosis", SPIE 1905.

    >>> cancer = load_breast_cancer()
    >>> cancer
    Dataset(569 mẫu, 30 đặc trưng, đích: chẩn đoán, lớp: lành tính, ác tính)
    >>> int(cancer.y.sum()), cancer.class_names[1]
    (212, 'ác tính')

    Khác scikit-learn: lớp dương (1) là ác tính, vì ta đi tìm khối u ác; scikit-learn ghi 0 là ác tính, 1 là lành tính.
    """
    return _read("breast_cancer")


def load_diabetes():
    """Diabetes: 442 bệnh nhân tiểu đường, 10 số đo lúc đầu; đoán mức tiến triển của bệnh sau một năm.

    ``X`` dạng ``(442, 10)``, float64, theo đơn vị gốc; ``y`` dạng ``(442,)``, float64, từ 25 đến 346. Nguồn: Efron,
    Hastie, Johnstone, Tibshirani (2004), "Least angle regression", Annals of Statistics 32(2), 407-499.

    >>> diabetes = load_diabetes()
    >>> diabetes
    Dataset(442 mẫu, 10 đặc trưng, đích: mức tiến triển của bệnh sau một năm)
    >>> j = diabetes.feature_names.index("chỉ số khối cơ thể (BMI)")
    >>> f"{diabetes.X[0, j]} {diabetes.units[j]}"
    '32.1 kg/m²'

    Khác scikit-learn: luôn là đơn vị gốc, như ``scaled=False``; mặc định của scikit-learn là các cột đã co giãn.
    """
    return _read("diabetes", np.float64)


def load_digits():
    """Optical digits: 1797 chữ số viết tay, mỗi ảnh 8×8 điểm; đoán chữ số từ 0 đến 9.

    ``X`` dạng ``(1797, 64)``, float64, độ đậm nguyên từ 0 đến 16; ``y`` dạng ``(1797,)``, int64, từ 0 đến 9. Ảnh thứ i
    là ``X[i].reshape(8, 8)``. Nguồn: Kaynak (1995), "Methods of combining multiple classifiers and their applications
    to handwritten digit recognition", luận văn thạc sĩ, Đại học Boğaziçi.

    >>> digits = load_digits()
    >>> digits.X.shape, digits.class_names[digits.y[0]]
    ((1797, 64), 'số 0')
    >>> digits.X[0].reshape(8, 8)[0]
    array([ 0.,  0.,  5., 13.,  9.,  1.,  0.,  0.])
    """
    return _read("digits")


def make_two_gaussians(n_negative, n_positive, *, separation, rng):
    """Điểm số của hai lớp là hai phân phối chuẩn cách nhau d': lớp âm N(0, 1), lớp dương N(d', 1).

    AUC thật biết trước: Φ(d'/√2), vì hiệu của một điểm dương và một điểm âm có phân phối N(d', 2). d' = ``separation``
    âm cũng được, khi đó điểm số xếp ngược. Trả về ``y``, ``score``: hai mảng dạng ``(n_negative + n_positive,)``, nhãn
    int64 (các số 0 đứng trước) và điểm số float64, không đơn vị. Báo lỗi khi số mẫu của một lớp nhỏ hơn 1, d' không hữu
    hạn, hoặc thiếu ``rng``. Nguồn: Green, Swets (1966), "Signal detection theory and psychophysics".

    >>> y, score = make_two_gaussians(3, 2, separation=1.0, rng=np.random.default_rng(0))
    >>> y
    array([0, 0, 0, 1, 1])
    >>> score.shape
    (5,)
    """
    n_negative = _check.integer("n_negative", n_negative, low=1)
    n_positive = _check.integer("n_positive", n_positive, low=1)
    separation = _check.number("separation", separation)
    y = np.repeat(np.array([0, 1], np.int64), [n_negative, n_positive])
    return y, _check.generator(rng).normal(size=y.size) + separation * y


def sine(X):
    """Hàm thật của ``make_sine``: f(x) = sin(2πx); ``X`` dạng ``(n, 1)``, kết quả dạng ``(n,)``, không đơn vị.

    Báo lỗi khi ``X`` không có đúng một cột, có NaN hoặc vô cực. Nguồn: Bishop (2006), mục 1.1.

    >>> sine([[0.0], [0.25], [0.75]]).round(9)
    array([ 0.,  1., -1.])
    """
    return np.sin(2 * np.pi * _check.column(X))


def make_sine(n_samples, *, noise_std, rng):
    """Một tập huấn luyện từ thế giới biết trước: x đều trên [0, 1], y = sin(2πx) + ε với ε ~ N(0, σ²).

    Trả về ``X`` dạng ``(n_samples, 1)`` và ``y`` dạng ``(n_samples,)``, không đơn vị; σ = ``noise_std`` ≥ 0 là sai số
    mà mô hình tốt nhất vẫn còn. Báo lỗi khi ``n_samples`` < 1, σ âm, hoặc thiếu ``rng``. Nguồn: Bishop (2006), mục 1.1.

    >>> X, y = make_sine(4, noise_std=0.0, rng=np.random.default_rng(0))
    >>> X.shape, bool((y == sine(X)).all())
    ((4, 1), True)
    """
    n, noise_std = _check.integer("n_samples", n_samples, low=1), _check.number("noise_std", noise_std, low=0)
    X = _check.generator(rng).random((n, 1))
    return X, sine(X) + noise_std * rng.normal(size=n)


def _read(name, target=np.int64):
    """Cột j nằm trong tệp dưới dạng số nguyên ``X[:, j] * 10**decimals[j]``: nhỏ gọn, và chia lại thì đúng từng bit."""
    import json  # chỉ ở đây mới cần, mà nạp thì lâu
    from importlib.resources import files

    folder = files("mlcourse").joinpath("_data")  # đọc được cả khi gói còn nằm trong tệp .whl
    facts = json.loads(folder.joinpath(f"{name}.json").read_text("utf-8"))
    names, units = map(tuple, zip(*facts.pop("columns")))
    facts["class_names"] = tuple(facts["class_names"])
    with np.load(BytesIO(folder.joinpath(f"{name}.npz").read_bytes()), allow_pickle=False) as stored:
        X, y = stored["X"] / 10.0 ** stored["decimals"], stored["y"].astype(target)
    return Dataset(X, y, feature_names=names, units=units, **facts)
