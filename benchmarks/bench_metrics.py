"""Đo tốc độ của mlcourse.metrics so với scikit-learn: một luồng, xen kẽ từng lượt, giữ mọi kiểm tra.

    python benchmarks/bench_metrics.py            # n = 10 .. 10 triệu, vài phút
    python benchmarks/bench_metrics.py --quick    # n = 10 .. 100 nghìn, vài giây

Tỷ số là trung vị của các tỷ số từng lượt; dòng chưa đạt mức mong muốn được đánh dấu.
"""

import os

for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_name] = "1"  # trước khi nạp NumPy

# ruff: noqa: E402
import argparse
import sys
import time
import tracemalloc
import warnings
from pathlib import Path
from statistics import median

import numpy as np
import sklearn
import sklearn.metrics as theirs

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from mlcourse import metrics as ours

SMALL, LARGE = (10, 1_000), (100_000, 1_000_000, 10_000_000)
CASES = [  # tên, hàm, dữ liệu, mức mong muốn khi n nhỏ và khi n lớn
    ("accuracy", "accuracy_score", "binary", 100, 40),
    ("precision", "precision_score", "binary", 100, 40),
    ("recall", "recall_score", "binary", 100, 40),
    ("F1", "f1_score", "binary", 100, 40),
    ("ma trận nhầm lẫn, 2 lớp", "confusion_matrix", "binary", 50, 20),
    ("ma trận nhầm lẫn, 10 lớp", "confusion_matrix", "ten", 50, 20),
    ("log loss", "log_loss", "proba", 50, 30),
    ("ROC-AUC", "roc_auc_score", "score", 50, 5),
    ("đường cong ROC", "roc_curve", "score", 10, 3),
    ("MSE", "mean_squared_error", "real", 20, 2.5),
    ("MAE", "mean_absolute_error", "real", 20, 2.5),
    ("R²", "r2_score", "real", 20, 2.5),
]


def make(kind, n, rng):
    """(y_true, thứ được đánh giá), luôn có đủ các lớp."""
    if kind == "real":
        y = rng.normal(size=n)
        return y, y + rng.normal(size=n)
    y = rng.integers(0, 10 if kind == "ten" else 2, n)
    y[:2] = 0, 1
    wrong = rng.random(n) < 0.2
    wrong[:2] = False
    if kind == "score":
        return y, rng.normal(size=n) + y
    if kind == "proba":
        return y, rng.uniform(0.01, 0.99, n)
    return y, np.where(wrong, (y + 1) % (10 if kind == "ten" else 2), y)


def clock(f, a, b, repeat):
    start = time.perf_counter()
    for _ in range(repeat):
        f(a, b)
    return (time.perf_counter() - start) / repeat


def race(f, g, a, b):
    """Thời gian trung vị của f và g, chạy xen kẽ (mỗi lượt ít nhất 2 ms mỗi bên), và trung vị của tỷ số từng lượt."""
    f(a, b), g(a, b)
    repeats = [max(1, round(2e-3 / clock(h, a, b, 3))) for h in (f, g)]
    slow = clock(g, a, b, 1)
    turns = 3 if slow > 0.5 else 7 if slow > 0.02 else 25
    pairs = [(clock(f, a, b, repeats[0]), clock(g, a, b, repeats[1])) for _ in range(turns)]
    return median(x for x, _ in pairs), median(y for _, y in pairs), median(y / x for x, y in pairs)


def peak(f, a, b):
    tracemalloc.start()
    f(a, b)
    high = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return high / 1e6


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="chỉ đến n = 100 nghìn")
    sizes = SMALL + (LARGE[:1] if parser.parse_args().quick else LARGE)
    warnings.simplefilter("ignore")
    rng = np.random.default_rng(0)
    print(f"Một luồng. Python {sys.version.split()[0]}, numpy {np.__version__}, scikit-learn {sklearn.__version__}")
    print(
        f"{'phép tính':<26}{'n':>11}{'ta (ms)':>12}{'sklearn (ms)':>14}{'nhanh gấp':>11}{'cần':>7}{'bộ nhớ (MB)':>13}"
    )
    short = 0
    for name, function, kind, small, large in CASES:
        f, g = getattr(ours, function), getattr(theirs, function)
        for n in sizes:
            a, b = make(kind, n, rng)
            mine, other, ratio = race(f, g, a, b)
            wanted = small if n in SMALL else large
            limit = {"roc_auc_score": 2 * 8e-6 * n, "roc_curve": np.inf}.get(function, 1.0)  # MB; AUC: hai mảng float64
            limit = limit if n == LARGE[-1] else np.inf
            memory = peak(f, a, b)
            marks = ("  << CHẬM" if ratio < wanted else "") + (f"  << QUÁ {limit:.0f} MB" if memory > limit else "")
            short += bool(marks)
            times = f"{mine * 1e3:>12.4f}{other * 1e3:>14.3f}{ratio:>10.1f}x{wanted:>6}x"
            print(f"{name:<26}{n:>11,}{times}{memory:>13.2f}{marks}", flush=True)
    print("Mọi dòng đều đạt." if not short else f"{short} dòng chưa đạt.")


if __name__ == "__main__":
    main()
