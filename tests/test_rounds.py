"""Các vòng độc lập: bao nhiêu tiến trình, trên cụm nào cũng ra đúng những con số của vòng lặp thường."""

import builtins
import sys
import time

import numpy as np
import pytest

from mlcourse import _rounds, data, models
from mlcourse.bias_variance import bias_variance, bootstrap_bias_variance
from mlcourse.model_selection import bootstrap_interval, bootstrap_score, cross_val_score, nested_cross_val_score

DIABETES = data.load_diabetes()
X, Y = DIABETES.X[:90], DIABETES.y[:90]
GRID = np.linspace(0, 1, 7)[:, None]


def everything(n_jobs):
    """Mọi hàm chạy theo vòng, với lambda và hàm lồng nhau: thứ mà pickle thường không gửi đi được."""
    metric = lambda y, y_pred: np.mean((y - y_pred) ** 2)
    learner = lambda X, y: models.ridge(0.1)(X, y)
    rng = lambda: np.random.default_rng(3)
    return [
        cross_val_score(learner, X, Y, metric=metric, rng=rng(), n_jobs=n_jobs),
        nested_cross_val_score({"ridge": learner, "knn": models.knn(5)}, X, Y, metric=metric, rng=rng(), n_jobs=n_jobs),
        bootstrap_score(learner, X, Y, metric=metric, n_rounds=6, rng=rng(), n_jobs=n_jobs),
        bootstrap_interval(Y, Y[::-1].copy(), metric=metric, n_rounds=12, rng=rng(), n_jobs=n_jobs),
        bias_variance(
            models.polynomial(3),
            lambda rng: data.make_sine(20, noise_std=0.2, rng=rng),
            data.sine,
            GRID,
            noise_std=0.2,
            n_rounds=8,
            rng=rng(),
            n_jobs=n_jobs,
        ),
        bootstrap_bias_variance(learner, X, Y, X[:5], Y[:5], n_rounds=6, rng=rng(), n_jobs=n_jobs),
    ]


SERIAL = everything(None)


def same(results):
    for ours, serial in zip(results, SERIAL, strict=True):
        if hasattr(serial, "chosen"):
            assert ours.chosen == serial.chosen
            ours, serial = ours.scores, serial.scores
        np.testing.assert_array_equal(np.array(ours), np.array(serial))


@pytest.mark.parametrize("backend, n_jobs", [("threading", 2), ("loky", 1), ("loky", 2), ("threading", -1)])
def test_any_number_of_workers_gives_the_same_numbers(backend, n_jobs):
    joblib = pytest.importorskip("joblib", reason='cần joblib: pip install "mlcourse[parallel]"')
    with joblib.parallel_config(backend=backend):
        same(everything(n_jobs))


@pytest.mark.filterwarnings(
    "ignore::DeprecationWarning",
    "ignore::ResourceWarning",
    "ignore::FutureWarning",
    "ignore::pytest.PytestUnraisableExceptionWarning",
)
def test_a_real_cluster_of_two_processes_gives_the_same_numbers(tmp_path):
    joblib = pytest.importorskip("joblib", reason='cần joblib: pip install "mlcourse[parallel]"')
    distributed = pytest.importorskip("distributed", reason="cần dask.distributed để dựng cụm thử")
    options = {
        "n_workers": 2,
        "threads_per_worker": 1,
        "processes": True,
        "host": "127.0.0.1",
        "dashboard_address": None,
        "local_directory": str(tmp_path),
    }
    with distributed.LocalCluster(**options) as cluster, distributed.Client(cluster) as client:
        workers = client.run(lambda: __import__("os").getpid())
        assert len(set(workers.values())) == 2 and __import__("os").getpid() not in workers.values()
        with joblib.parallel_config(backend="dask"):  # một dòng của người dùng
            same(everything(-1))
        tasks = client.run(lambda dask_worker: len(dask_worker.state.log))
        assert all(count > 0 for count in tasks.values())  # cả hai tiến trình đều đã làm việc


def slow(seconds):
    time.sleep(seconds)
    return seconds


@pytest.mark.parametrize("n_jobs", [None, 1])
def test_progress_shows_over_a_second_and_is_silent_below(capfd, n_jobs):
    pytest.importorskip("tqdm", reason="cần tqdm để thấy tiến độ")
    assert _rounds.run(slow, [(0.01,)] * 5, n_jobs=n_jobs) == [0.01] * 5
    quiet = capfd.readouterr()
    assert quiet.err == quiet.out == ""
    assert _rounds.run(slow, [(0.4,)] * 4, n_jobs=n_jobs) == [0.4] * 4
    shown = capfd.readouterr()
    assert "vòng" in shown.err and "/4" in shown.err and shown.out == ""


def without(monkeypatch, missing):
    real = builtins.__import__

    def no_import(name, *args, **kwargs):
        if name.split(".")[0] == missing:
            raise ImportError(name)
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", no_import)


def test_without_joblib_the_plain_loop_works_and_n_jobs_is_explained(monkeypatch):
    without(monkeypatch, "joblib")
    assert _rounds.run(slow, [(0,), (0.001,)]) == [0, 0.001]
    with pytest.raises(
        ModuleNotFoundError,
        match=r'n_jobs=2 cần joblib, mà máy này chưa có. Hãy cài: pip install "mlcourse\[parallel\]"',
    ):
        _rounds.run(slow, [(0,)], n_jobs=2)


def test_without_tqdm_there_is_no_bar_and_the_same_numbers(monkeypatch, capfd):
    without(monkeypatch, "tqdm")
    assert _rounds.run(slow, [(0.6,), (0.6,)]) == [0.6, 0.6] and capfd.readouterr().err == ""


def test_joblib_is_imported_only_when_asked():
    code = (
        "import sys; from mlcourse import model_selection as m, models; import numpy as np;"
        "m.cross_val_score(models.knn(1), np.eye(6), np.arange(6), metric=lambda y, p: 0.0); print('joblib' in sys.modules)"
    )
    import subprocess

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
