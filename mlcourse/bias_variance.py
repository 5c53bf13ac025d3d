"""Độ chệch và phương sai (mục 6): E[(y - f̂(x))²] = Bias² + Variance + σ², mô phỏng, và bootstrap trên dữ liệu thật.

Chỉ đúng cho mất mát bình phương, tại một x cố định; kỳ vọng lấy trên các tập huấn luyện D *và* trên nhiễu của y. Mọi số
hạng theo đơn vị của y bình phương. Một *learner* là hàm ``fit(X, y) -> predict``. ``n_jobs`` chạy các vòng song song
qua joblib; kết quả không phụ thuộc vào nó. Mọi hàm báo ``ValueError`` hoặc ``TypeError`` khi đối số sai dạng, rỗng, có
NaN hoặc vô cực, hoặc thiếu ``rng``. Nguồn chung: Hastie, Tibshirani, Friedman (2009), mục 7.3.
"""

from typing import NamedTuple

import numpy as np

from . import _check, _rounds
from .model_selection import _data, _function, _numeric, _predicted, _sources, _wrapped


class BiasVariance(NamedTuple):
    """Ba số hạng và tổng, tại từng điểm kiểm tra: mảng ``(m,)``, hay ``(..., m)``; ``mean()`` lấy trung bình theo x."""

    bias_sq: np.ndarray
    variance: np.ndarray
    noise: np.ndarray
    total: np.ndarray

    def mean(self):
        """Cùng bản ghi, trung bình trên các điểm kiểm tra; mảng ``(m,)`` thành một ``float``."""
        means = [np.mean(term, axis=-1) for term in self]
        return BiasVariance(*(float(term) if term.ndim == 0 else term for term in means))

    def __repr__(self):
        means = self.mean() if np.ndim(self.total) else self
        shown = [np.array2string(np.asarray(term), precision=4, threshold=6, edgeitems=2) for term in means]
        return "BiasVariance(Bias² {}, Variance {}, nhiễu {}, sai số {})".format(*shown)


@np.errstate(over="ignore")
def decompose(predictions, truth, *, noise_std=0.0):
    """Tách một bảng dự đoán: Bias² = (trung bình - f)², Variance = phương sai giữa các vòng, tại từng x.

    ``predictions`` dạng ``(..., n_rounds, m)``: mỗi hàng là một mô hình, học từ một tập huấn luyện; ``truth`` dạng
    ``(m,)`` là f(x). ``total`` là trung bình của (f - f̂)² trên các vòng, cộng σ²: trên một bảng hữu hạn, nó *bằng
    đúng* Bias² + Variance + σ². Vì chỉ có R vòng, Bias² ở đây lớn hơn thật chừng Variance / R.

    >>> decompose([[1.0, 0.0], [3.0, 0.0]], [1.0, 1.0])  # tại x đầu: trung bình 2, lệch 1, phương sai 1
    BiasVariance(Bias² 1., Variance 0.5, nhiễu 0., sai số 1.5)
    """
    predictions, truth = _check.array("predictions", predictions), _check.real("truth", truth, ndim=1)
    predictions = _check.real("predictions", predictions, ndim=max(2, predictions.ndim))
    if predictions.shape[-1] != len(truth):
        seen = f"predictions có dạng {predictions.shape} nhưng truth có {len(truth)} điểm"
        raise ValueError(f"{seen}: cần mỗi cột một điểm, mỗi hàng một vòng.")
    noise = np.full(len(truth), _check.number("noise_std", noise_std, low=0, high=1e150) ** 2)
    mean = predictions.mean(axis=-2)
    bias_sq, variance = (mean - truth) ** 2, predictions.var(axis=-2)
    total = np.mean((predictions - truth) ** 2, axis=-2) + noise
    return BiasVariance(bias_sq, variance, np.broadcast_to(noise, bias_sq.shape).copy(), total)


def bias_variance(fit, sample, f, X_test, *, noise_std, n_rounds=200, rng, n_jobs=None):
    """Mô phỏng: lấy ``n_rounds`` tập huấn luyện từ một thế giới biết trước f và σ, học trên mỗi tập, rồi tách sai số.

    ``sample(rng) -> X, y`` sinh một tập huấn luyện; ``f(X)`` là hàm thật, dạng ``(m,)``; ``noise_std`` là σ. ``total``
    là sai số *đo được* trên y mới, có nhiễu mới, nên việc nó xấp xỉ Bias² + Variance + σ² là một phát hiện, không phải
    định nghĩa. Trả về ``BiasVariance`` tại từng điểm của ``X_test``. Nguồn: Geman, Bienenstock, Doursat (1992).

    >>> from mlcourse import data, models
    >>> world = bias_variance(models.polynomial(1), lambda rng: data.make_sine(20, noise_std=0.3, rng=rng), data.sine,
    ...                       np.linspace(0, 1, 9)[:, None], noise_std=0.3, n_rounds=50, rng=np.random.default_rng(0))
    >>> mean = world.mean()
    >>> bool(mean.bias_sq > mean.variance), round(mean.noise, 9)  # đường thẳng chệch nhiều, dao động ít
    (True, 0.09)
    """
    X_test = np.ascontiguousarray(_check.real("X_test", X_test, ndim=2))
    noise_std, sources = _check.number("noise_std", noise_std, low=0, high=1e150), _sources(rng, n_rounds)
    _function(fit)
    _function(sample, "sample", "rng", "viết sample=lambda rng: data.make_sine(20, noise_std=0.3, rng=rng)")
    _function(f, "f", "X", "viết f=data.sine, hay f=lambda X: X[:, 0]")
    truth = _check.real("f(X_test)", f(X_test), ndim=1)
    _check.same_length("X_test", X_test, "f(X_test)", truth)

    def simulated(rng):
        drawn = sample(rng)
        if not isinstance(drawn, (tuple, list)) or len(drawn) != 2:
            raise _check.refused("sample(rng)", "trả về cặp (X, y)", drawn, "viết return X, y ở cuối hàm ấy")
        predictions = _predicted(fit(*_data(*drawn)), X_test, averaged=True)
        return predictions, (truth + noise_std * rng.normal(size=len(truth)) - predictions) ** 2

    predictions, errors = (np.array(column) for column in zip(*_rounds.run(simulated, sources, n_jobs=n_jobs)))
    return decompose(predictions, truth, noise_std=noise_std)._replace(total=errors.mean(axis=0))


def bootstrap_bias_variance(fit, X, y, X_test, y_test, *, n_rounds=200, rng, n_jobs=None):
    """Trên dữ liệu thật: mỗi tập huấn luyện là một mẫu bootstrap của ``X, y``; so với ``y_test`` vì không biết f.

    Không biết f thì không tách được nhiễu: nó nằm trong ``bias_sq``, và ``noise`` là nan. ``total`` bằng đúng
    ``bias_sq + variance``. Trả về ``BiasVariance`` tại từng điểm của ``X_test``. Nguồn: Domingos (2000), ICML.

    >>> mean = lambda X, y: lambda X_new: np.full(len(X_new), y.mean())
    >>> X, y = np.zeros((4, 1)), np.full(4, 2.0)
    >>> bootstrap_bias_variance(mean, X, y, [[0.0]], [5.0], n_rounds=3, rng=np.random.default_rng(0))
    BiasVariance(Bias² 9., Variance 0., nhiễu nan, sai số 9.)
    """
    (X, y), (X_test, y_test) = _data(X, y), _data(X_test, y_test, names=("X_test", "y_test"))
    sources, y_test = _sources(rng, n_rounds), _numeric("y_test", y_test)
    _function(fit)

    def bootstrapped(rng):
        bag = rng.integers(len(y), size=len(y))
        return _predicted(fit(X[bag], y[bag]), X_test, averaged=True)

    predictions = _rounds.run(bootstrapped, sources, n_jobs=n_jobs)
    return decompose(predictions, y_test)._replace(noise=np.full(len(y_test), np.nan))


def bagging(fit, *, n_bags, rng):
    """Learner bagging: học ``fit`` trên ``n_bags`` mẫu bootstrap, rồi lấy trung bình các dự đoán.

    Cách lấy mẫu được định một lần từ ``rng``, nên learner này là một hàm thuần: gọi lại trên cùng dữ liệu thì ra cùng
    kết quả. Nguồn: Breiman (1996), "Bagging predictors", Machine Learning 24.

    >>> nearest = lambda X, y: lambda X_new: np.full(len(X_new), y[0])
    >>> predict = bagging(nearest, n_bags=50, rng=np.random.default_rng(0))(np.zeros((2, 1)), [0.0, 1.0])
    >>> bool(0.2 < predict([[0.0]])[0] < 0.8)  # mỗi túi đoán 0 hoặc 1, trung bình thì ở giữa
    True
    """
    _function(fit)
    seed = int(_check.generator(rng).integers(2**63))
    n_bags = _check.integer("n_bags", n_bags, low=1)

    def bagged(X, y):
        X, y = _data(X, y)
        bags = np.random.default_rng(seed).integers(len(y), size=(n_bags, len(y)))
        fits = [fit(X[bag], y[bag]) for bag in bags]
        owners = [id(predict.__self__) for predict in fits if hasattr(predict, "__self__")]
        if len(set(owners)) < len(owners):  # model.fit(X, y).predict, với cùng một model: mọi túi là túi cuối
            raise _check.refused(
                "fit", "tạo một mô hình mới ở mỗi lần gọi", fits[0].__self__, _wrapped(fits[0].__self__)
            )
        average = lambda X: np.mean([_predicted(predict, X, averaged=True) for predict in fits], axis=0)
        return lambda X: average(_check.real("X", X, ndim=2))

    return bagged
