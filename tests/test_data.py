"""Dữ liệu: bằng bản của scikit-learn đến từng bit, đọc được từ tệp wheel, và có mô tả đầy đủ."""

import inspect
import subprocess
import sys
import unicodedata
import zipfile
from importlib.resources import files
from io import BytesIO
from math import erf, pi, sin
from pathlib import Path

import numpy as np
import pytest

from mlcourse import data

datasets = pytest.importorskip("sklearn.datasets", reason="cần scikit-learn để so giá trị của dữ liệu")
LOADERS = {"breast_cancer": data.load_breast_cancer, "diabetes": data.load_diabetes, "digits": data.load_digits}


def reference(name):
    """(X, y) của scikit-learn, theo quy ước của khóa học."""
    X, y = getattr(datasets, f"load_{name}")(return_X_y=True, **({"scaled": False} if name == "diabetes" else {}))
    # các bản scikit-learn cũ để sót vài lỗi làm tròn ở diabetes (4.803999999999999); ở bản mới, dòng này không đổi gì
    return np.round(X, 9), (1 - y if name == "breast_cancer" else y)


def compact(X, y):
    """Cách các tệp trong ``_data`` đã được làm ra: mỗi cột nhân 10**k, với k nhỏ nhất để cột thành số nguyên."""
    decimals = [next(k for k in range(10) if np.array_equal(np.rint(x * 10**k) / 10.0**k, x)) for x in X.T]
    stored = np.rint(X * 10.0 ** np.array(decimals)).astype(np.int64)
    smallest = np.min_scalar_type(stored.max())
    return {
        "X": np.asfortranarray(stored.astype(smallest)),
        "decimals": np.array(decimals, np.uint8),
        "y": y.astype(np.uint16),
    }


def write_files(folder):
    """Làm lại các tệp dữ liệu: ``python tests/test_data.py``."""
    for name in LOADERS:
        np.savez_compressed(Path(folder) / f"{name}.npz", **compact(*reference(name)))


@pytest.mark.parametrize("name", LOADERS)
def test_values_equal_scikit_learn(name):
    ours, (X, y) = LOADERS[name](), reference(name)
    assert ours.X.dtype == np.float64 and np.array_equal(ours.X, X)
    assert ours.y.dtype == (np.float64 if name == "diabetes" else np.int64) and np.array_equal(ours.y, y)


def test_positive_class_is_malignant():
    sklearns = datasets.load_breast_cancer()
    ours = data.load_breast_cancer()
    assert sklearns.target_names[0] == "malignant" and ours.class_names[1] == "ác tính"
    assert np.array_equal(ours.y, 1 - sklearns.target)
    assert inspect.getdoc(data.load_breast_cancer).splitlines()[-1].startswith("Khác scikit-learn")


@pytest.mark.parametrize("name", LOADERS)
def test_stored_files_are_what_write_files_makes(name):
    raw = files("mlcourse").joinpath("_data", f"{name}.npz").read_bytes()
    with np.load(BytesIO(raw), allow_pickle=False) as stored:
        made = compact(*reference(name))
        assert set(stored.files) == set(made)
        assert all(stored[key].dtype == made[key].dtype and np.array_equal(stored[key], made[key]) for key in made)


def test_files_are_small():
    sizes = [len(f.read_bytes()) for f in files("mlcourse").joinpath("_data").iterdir() if f.is_file()]
    assert 0 < sum(sizes) < 200_000


@pytest.mark.parametrize("name", LOADERS)
def test_description_is_complete(name):
    d = LOADERS[name]()
    assert d.X.ndim == 2 and d.y.shape == d.X.shape[:1]
    assert len(d.feature_names) == len(d.units) == len(set(d.feature_names)) == d.X.shape[1]
    if name == "diabetes":
        assert d.class_names == ()
    else:
        assert set(np.unique(d.y)) == set(range(len(d.class_names)))
    words = [*d.feature_names, *d.units, d.target_name, *d.class_names, d.description, d.source, d.licence]
    assert all(word and unicodedata.is_normalized("NFC", word) for word in words)
    assert len(repr(d)) < 200 and "array" not in repr(d) and str(len(d.X)) in repr(d)


@pytest.mark.parametrize("name", LOADERS)
def test_each_call_gives_fresh_writable_arrays(name):
    first = LOADERS[name]()
    first.X[:], first.y[:] = -1, -1
    second = LOADERS[name]()
    assert second.X.min() >= -0.5 and second.y.min() >= 0


def test_loads_from_a_zipped_wheel(tmp_path):
    package = Path(data.__file__).parent
    wheel = tmp_path / "mlcourse.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for path in [*package.glob("*.py"), *package.glob("_data/*")]:
            archive.write(path, Path("mlcourse") / path.relative_to(package))
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); from mlcourse import data; assert '.whl' in data.__file__; "
        "print(*(getattr(data, 'load_' + name)().X.sum() for name in sys.argv[2:]))"
    )
    run = [sys.executable, "-W", "error", "-c", code, str(wheel), *LOADERS]
    out = subprocess.run(run, capture_output=True, text=True, cwd=tmp_path, check=False)
    assert out.returncode == 0, out.stderr
    assert [float(v) for v in out.stdout.split()] == [float(load().X.sum()) for load in LOADERS.values()]


@pytest.mark.parametrize("separation", [-1.0, 0.0, 0.8, 2.5])
def test_two_gaussians_have_the_auc_they_promise(separation):
    y, score = data.make_two_gaussians(30_000, 20_000, separation=separation, rng=np.random.default_rng(1))
    assert y.dtype == np.int64 and score.dtype == np.float64 and y.sum() == 20_000 and y.shape == score.shape
    roc_auc_score = pytest.importorskip("sklearn.metrics").roc_auc_score
    assert abs(roc_auc_score(y, score) - (1 + erf(separation / 2)) / 2) < 0.01  # Phi(d/sqrt 2) = (1 + erf(d/2)) / 2
    assert abs(score[y == 0].std() - 1) < 0.02 and abs(score[y == 1].std() - 1) < 0.02


def test_two_gaussians_repeat_with_the_same_seed():
    a, b, c = (data.make_two_gaussians(5, 5, separation=1, rng=np.random.default_rng(s))[1] for s in (3, 3, 4))
    assert np.array_equal(a, b) and not np.array_equal(a, c)


RNG = np.random.default_rng(0)


@pytest.mark.parametrize("noise_std", [0.0, 0.3])
def test_sine_world_is_what_it_says(noise_std):
    X, y = data.make_sine(20_000, noise_std=noise_std, rng=np.random.default_rng(0))
    assert X.shape == (20_000, 1) and y.shape == (20_000,) and 0 <= X.min() < 0.001 and 0.999 < X.max() < 1
    error = y - np.array([sin(2 * pi * x) for x in X[:, 0]])
    assert abs(error.mean()) <= 5 * noise_std / 140 + 1e-12 and abs(error.std() - noise_std) < 0.01
    assert abs(np.corrcoef(X[:, 0], np.arange(20_000))[0, 1]) < 0.05  # x lấy ngẫu nhiên, không xếp sẵn
    np.testing.assert_allclose(data.sine(X[:9].tolist()), [sin(2 * pi * x) for x in X[:9, 0]], atol=1e-12)
    a, b, c = (data.make_sine(5, noise_std=1, rng=np.random.default_rng(s)) for s in (3, 3, 4))
    assert np.array_equal(a[1], b[1]) and np.array_equal(a[0], b[0]) and not np.array_equal(a[1], c[1])


def gaussians(*args, **options):
    return data.make_two_gaussians(*args, **options)


FAULTS = [
    (
        "data.make_two_gaussians",
        lambda: gaussians(0, 5, separation=1.0, rng=RNG),
        ValueError,
        "n_negative cần ít nhất là 1, nhưng nhận được 0",
    ),
    (
        "data.make_two_gaussians",
        lambda: gaussians(5, -1, separation=1.0, rng=RNG),
        ValueError,
        "n_positive cần ít nhất là 1",
    ),
    (
        "data.make_two_gaussians",
        lambda: gaussians(5, 2.5, separation=1.0, rng=RNG),
        TypeError,
        "n_positive cần là số nguyên",
    ),
    (
        "data.make_two_gaussians",
        lambda: gaussians(5, 5, separation=np.nan, rng=RNG),
        ValueError,
        "separation cần nằm trong",
    ),
    (
        "data.make_two_gaussians",
        lambda: gaussians(5, 5, separation="1", rng=RNG),
        TypeError,
        "separation cần là một số",
    ),
    (
        "data.make_two_gaussians",
        lambda: gaussians(5, 5, separation=1.0, rng=42),
        TypeError,
        "rng cần là một np.random.Generator",
    ),
    ("data.make_sine", lambda: data.make_sine(0, noise_std=1, rng=RNG), ValueError, "n_samples cần ít nhất là 1"),
    (
        "data.make_sine",
        lambda: data.make_sine(3, noise_std=-1, rng=RNG),
        ValueError,
        r"noise_std cần nằm trong \[0, inf\)",
    ),
    ("data.make_sine", lambda: data.make_sine(3, noise_std=np.inf, rng=RNG), ValueError, "noise_std cần nằm trong"),
    (
        "data.make_sine",
        lambda: data.make_sine(3, noise_std=1, rng=None),
        TypeError,
        "rng cần là một np.random.Generator, nhưng nhận được None",
    ),
    ("data.sine", lambda: data.sine([0.5]), ValueError, r"X cần có 2 chiều, nhưng có dạng \(1,\)"),
    ("data.sine", lambda: data.sine([[0.5, 1.0]]), ValueError, r"X cần có đúng 1 cột, nhưng có dạng \(1, 2\)"),
    ("data.sine", lambda: data.sine([[np.nan]]), ValueError, "X có 1 giá trị NaN"),
]


@pytest.mark.parametrize("name, call, error, words", FAULTS, ids=range(len(FAULTS)))
def test_bad_input_is_explained(name, call, error, words):
    with pytest.raises(error, match=words):
        call()


if __name__ == "__main__":
    write_files(Path(data.__file__).parent / "_data")
