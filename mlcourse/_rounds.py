"""Chạy nhiều vòng độc lập: lần lượt trong tiến trình này, hay qua joblib, với kết quả như nhau.

Mỗi vòng mang theo mọi thứ nó cần, kể cả nguồn ngẫu nhiên riêng, nên số tiến trình không đổi được con số nào. Đặt lời
gọi trong ``with joblib.parallel_config(backend="dask")`` thì các vòng chạy trên một cụm máy.
"""

from . import _check


def run(task, rounds, *, n_jobs=None):
    """Danh sách ``task(*args)`` theo đúng thứ tự của ``rounds``; quá một giây thì hiện thanh tiến độ, nếu có tqdm.

    >>> run(lambda a, b: a + b, [(1, 2), (3, 4)])
    [3, 7]
    """
    if n_jobs is None:
        return [task(*args) for args in _progress(rounds, len(rounds))]
    if _check.integer("n_jobs", n_jobs) == 0:
        raise ValueError("n_jobs cần khác 0: số tiến trình chạy song song, hay -1 để dùng mọi lõi, nhưng nhận được 0.")
    try:
        import joblib
    except ImportError:
        raise ModuleNotFoundError(
            f"n_jobs={n_jobs} cần joblib, mà máy này chưa có. Hãy cài: pip install "
            '"mlcourse[parallel]", hoặc bỏ n_jobs để chạy lần lượt.'
        ) from None
    results = joblib.Parallel(n_jobs=n_jobs, return_as="generator")(joblib.delayed(task)(*args) for args in rounds)
    return list(_progress(results, len(rounds)))


def _progress(rounds, total):
    try:
        from tqdm import tqdm
    except ImportError:
        return rounds
    return tqdm(rounds, total=total, desc="vòng", unit="vòng", delay=1, leave=False)
