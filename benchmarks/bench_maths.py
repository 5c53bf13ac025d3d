"""Đo tốc độ tầng toán so với scikit-learn, PyTorch và mlxtend: một luồng, xen kẽ từng lượt, giữ mọi kiểm tra.

    python benchmarks/bench_maths.py                 # mọi dòng, n đến 10 triệu: khoảng mười phút
    python benchmarks/bench_maths.py --quick         # n đến 100 nghìn
    python benchmarks/bench_maths.py --only Adam     # chỉ các dòng có chữ này

Tỷ số là trung vị của các tỷ số từng lượt. Dòng chưa đạt mức mong muốn được đánh dấu; hình vẽ ghi vào bench_maths.png.
"""

import os

for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_name] = "1"  # trước khi nạp NumPy

# ruff: noqa: E402
import argparse
import subprocess
import sys
import time
import tracemalloc
import warnings
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from typing import NamedTuple

import matplotlib

matplotlib.use("agg")
import matplotlib.pyplot as plt
import numpy as np
import sklearn
import sklearn.metrics
from sklearn.linear_model import LinearRegression, Ridge
from sklearn.model_selection import KFold
from sklearn.model_selection import cross_val_score as sk_cross_val_score
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import PolynomialFeatures

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
from mlcourse import bias_variance, data, metrics, model_selection, models, optim, plots, training

SMALL, LARGE = (10, 1_000), (100_000, 1_000_000, 10_000_000)
MEMORY = {"roc_auc_score": 2 * 8 * LARGE[-1] / 1e6, "roc_curve": np.inf}  # MB ở n = 10 triệu; còn lại: 1 MB
METRICS = [  # tên, hàm, dữ liệu, mức mong muốn khi n nhỏ và khi n lớn
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


class Row(NamedTuple):
    """Một dòng của bảng: ``ours`` và ``theirs`` là hàm không đối số; ``limit`` là MB bộ nhớ thêm được phép."""

    name: str
    against: str
    target: float | None
    ours: object
    theirs: object
    limit: float = np.inf


# ---- các dòng: mỗi hàm dưới đây sinh ra tên, rồi mới dựng dữ liệu khi đến lượt ----


def metric_rows(sizes):
    for name, function, kind, small, large in METRICS:
        for n in sizes:
            limit = MEMORY.get(function, 1.0) if n == LARGE[-1] else np.inf
            yield f"{name}, n = {n:,}", partial(metric_row, function, kind, n, small if n in SMALL else large, limit)


def metric_row(function, kind, n, target, limit, label):
    a, b = make(kind, n, np.random.default_rng(0))
    ours, theirs = getattr(metrics, function), getattr(sklearn.metrics, function)
    return Row(label, "scikit-learn", target, lambda: ours(a, b), lambda: theirs(a, b), limit)


def make(kind, n, rng):
    """(y_true, thứ được đánh giá), luôn có đủ các lớp."""
    if kind == "real":
        y = rng.normal(size=n)
        return y, y + rng.normal(size=n)
    K = 10 if kind == "ten" else 2
    y = rng.integers(0, K, n)
    y[:2] = 0, 1
    if kind == "score":
        return y, rng.normal(size=n) + y
    if kind == "proba":
        return y, rng.uniform(0.01, 0.99, n)
    wrong = rng.random(n) < 0.2
    wrong[:2] = False
    return y, np.where(wrong, (y + 1) % K, y)


def optimizer_rows(sizes):
    kinds = {
        "SGD": (optim.sgd(0.01), "SGD", {"lr": 0.01}),
        "động lượng": (optim.sgd(0.01, momentum=0.9), "SGD", {"lr": 0.01, "momentum": 0.9}),
        "Adam": (optim.adam(0.01), "Adam", {"lr": 0.01}),
    }
    for name, kind in kinds.items():
        for n in (10, 10_000, *((1_000_000, 10_000_000) if name == "Adam" and len(sizes) > 3 else ())):
            yield f"bước {name}, {n:,} tham số", partial(optimizer_row, *kind, n, 2 if n <= 10_000 else 1)


def optimizer_row(optimizer, kind, options, n, target, label):
    import torch

    torch.set_num_threads(1)
    start, g = np.random.default_rng(0).normal(size=(2, n))
    theirs = torch.nn.Parameter(torch.tensor(start))
    theirs.grad = torch.tensor(g)
    torch_optimizer = getattr(torch.optim, kind)([theirs], **options)
    world = {"params": {"w": start}, "state": optimizer.init({"w": start})}

    def step():
        updates, world["state"] = optimizer.update({"w": g}, world["state"], world["params"])
        world["params"] = optim.apply_updates(world["params"], updates)

    return Row(label, "PyTorch, float64", target, step, torch_optimizer.step)


def network_rows(sizes):
    for against, target in (("scikit-learn", 1.8), ("PyTorch", 2.5)):
        yield f"mạng 64-64-10 trên digits, 50 epoch ({against})", partial(network_row, against, target)


def network_row(against, target, label):
    digits = data.load_digits()
    X, y = digits.X / 16, digits.y

    def ours():
        training.train(
            models.mlp((64, 64, 10)),
            X,
            y,
            optimizer=optim.adam(1e-3),
            epochs=50,
            batch_size=32,
            rng=np.random.default_rng(0),
        )

    def with_sklearn():
        MLPClassifier((64,), batch_size=32, max_iter=50, alpha=0.0, tol=0.0, n_iter_no_change=1000, random_state=0).fit(
            X, y
        )

    def with_torch():
        import torch

        torch.set_num_threads(1)
        torch.manual_seed(0)
        network = torch.nn.Sequential(torch.nn.Linear(64, 64), torch.nn.ReLU(), torch.nn.Linear(64, 10))
        X_t, y_t = torch.tensor(X, dtype=torch.float32), torch.tensor(y)
        optimizer, loss = torch.optim.Adam(network.parameters()), torch.nn.CrossEntropyLoss()
        for _ in range(50):
            for batch in torch.randperm(len(y)).split(32):
                optimizer.zero_grad()
                loss(network(X_t[batch]), y_t[batch]).backward()
                optimizer.step()

    return Row(label, against, target, ours, with_sklearn if against == "scikit-learn" else with_torch)


def polynomial_rows(sizes):
    yield "bias–variance, 200 vòng, bậc 5", partial(polynomial_row, [5], 30)
    yield "bias–variance, 200 vòng, bậc 1 đến 12", partial(polynomial_row, range(1, 13), 150)


def polynomial_row(degrees, target, label):
    from mlxtend.evaluate import bias_variance_decomp

    rng = np.random.default_rng(0)
    (X, y), (X_test, y_test) = data.make_sine(100, noise_std=0.3, rng=rng), data.make_sine(100, noise_std=0.3, rng=rng)

    def ours():
        bags = np.random.default_rng(1).integers(100, size=(200, 100))
        path = models.polynomial_path(X[bags, 0], y[bags], X_test[:, 0], max(degrees))
        return bias_variance.decompose(path[list(degrees)], y_test)

    def theirs():
        for degree in degrees:
            learner = make_pipeline(PolynomialFeatures(degree), LinearRegression())
            bias_variance_decomp(learner, X, y, X_test, y_test, loss="mse", num_rounds=200, random_seed=1)

    return Row(label, "mlxtend", target, ours, theirs)


def ridge_rows(sizes):
    yield "ridge, 5 fold × 30 giá trị λ, n = 500", ridge_row


def ridge_row(label):
    rng = np.random.default_rng(0)
    X, w = rng.normal(size=(500, 10)), rng.normal(size=10)
    y, l2 = X @ w + rng.normal(size=500), np.logspace(-4, 1, 30)

    def ours():
        squared = lambda y, y_pred: ((y_pred - y[:, None]) ** 2).mean(axis=0)
        return model_selection.cross_val_score(models.ridge(l2), X, y, metric=squared)

    def theirs():
        return [
            sk_cross_val_score(Ridge(alpha=400 * value), X, y, cv=KFold(5), scoring="neg_mean_squared_error")
            for value in l2
        ]

    np.testing.assert_allclose(ours().T, -np.array(theirs()), rtol=1e-8)  # cùng những con số, rồi mới so thời gian
    return Row(label, "scikit-learn", 100, ours, theirs)


# ---- đo ----


def clock(f, repeat):
    start = time.perf_counter()
    for _ in range(repeat):
        f()
    return (time.perf_counter() - start) / repeat


def race(row):
    """Thời gian trung vị của ta, của họ, và trung vị của tỷ số từng lượt; xen kẽ, mỗi bên ít nhất 2 ms một lượt."""
    slow = max(clock(f, 1) for f in (row.ours, row.theirs))  # lượt đầu chỉ để làm nóng máy
    turns = 3 if slow > 0.5 else 9 if slow > 0.02 else 25
    repeats = [max(1, round(2e-3 / clock(f, 1 if slow > 0.5 else 3))) for f in (row.ours, row.theirs)]
    pairs = [(clock(row.ours, repeats[0]), clock(row.theirs, repeats[1])) for _ in range(turns)]
    return median(a for a, _ in pairs), median(b for _, b in pairs), median(b / a for a, b in pairs)


def peak(f):
    tracemalloc.start()
    f()
    high = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return high / 1e6


def import_times(turns=9):
    """Mili giây để nạp từng thứ, trong tiến trình mới, xen kẽ; mỗi thứ một danh sách."""
    modules = "losses optim models training regularization model_selection metrics bias_variance preferences data"
    maths = "import " + ", ".join(f"mlcourse.{name}" for name in modules.split())
    codes = {
        "numpy": "import numpy",
        "mlcourse": "import mlcourse, numpy",
        "cả tầng toán": maths,
        "sklearn.metrics": "import sklearn.metrics",
    }
    times = {name: [] for name in codes}
    for _ in range(turns):
        for name, code in codes.items():
            timed = f"import time; t = time.perf_counter(); {code}; print(time.perf_counter() - t)"
            done = subprocess.run([sys.executable, "-c", timed], capture_output=True, text=True, check=True, cwd=ROOT)
            times[name].append(1e3 * float(done.stdout))
    return times


def report_imports():
    times = import_times()
    theirs = times["sklearn.metrics"]
    for name in ("mlcourse", "cả tầng toán"):
        ratio = median(b / a for a, b in zip(times[name], theirs))
        extra = median(a - b for a, b in zip(times[name], times["numpy"]))
        short = name == "mlcourse" and (ratio < 8 or extra > 15)
        print(
            f"nạp {name}: {median(times[name]):.0f} ms, sklearn.metrics {median(theirs):.0f} ms, {ratio:.1f}x; "
            f"hơn nạp numpy {extra:.1f} ms" + ("  << CHẬM (cần 8x và 15 ms)" if short else ""),
            flush=True,
        )
        yield f"nạp {name}", ratio, 8, short


def draw(results, path):
    """Mỗi dòng một thanh: nhanh gấp bao nhiêu lần mức cần, thang log; vạch đứng là vừa đủ."""
    with plt.style.context(plots.STYLE):
        fig, ax = plt.subplots(figsize=(9, 1 + 0.28 * len(results)))
        share = [ratio / target for _, ratio, target, _ in results]
        ax.barh(range(len(results)), share, color=[plots.MODEL if value >= 1 else plots.POSITIVE for value in share])
        for i, (_, ratio, target, _) in enumerate(results):
            ax.text(share[i] * 1.03, i, f"{ratio:.1f}x (cần {target:g}x)", va="center", fontsize=9)
        ax.set(xscale="log", xlim=(0.4, 3 * max(share)), ylim=(len(results) - 0.4, -0.6))
        ax.set_xlabel("tốc độ so với mức cần (1 là vừa đủ)")
        ax.set_yticks(range(len(results)), [name for name, *_ in results], fontsize=9)
        ax.axvline(1, color="black", lw=1)
        fig.tight_layout()
        fig.savefig(path, dpi=110)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="chỉ đến n = 100 nghìn")
    parser.add_argument("--only", default="", help="chỉ các dòng có chữ này")
    parser.add_argument("--plot", default=ROOT / "bench_maths.png", help="nơi ghi hình vẽ")
    options = parser.parse_args()
    sizes = SMALL + (LARGE[:1] if options.quick else LARGE)
    warnings.simplefilter("ignore")
    print(f"Một luồng. Python {sys.version.split()[0]}, numpy {np.__version__}, scikit-learn {sklearn.__version__}")
    results = list(report_imports()) if options.only in "nạp mlcourse" else []
    print(f"{'phép tính':<52}{'ta (ms)':>11}{'họ (ms)':>11}{'nhanh gấp':>11}{'cần':>7}{'bộ nhớ (MB)':>13}  so với")
    needs = {optimizer_rows: "torch", network_rows: None, polynomial_rows: "mlxtend"}
    for rows in (metric_rows, optimizer_rows, network_rows, polynomial_rows, ridge_rows):
        for label, build in rows(sizes):
            library = "torch" if "PyTorch" in label else needs.get(rows)
            if options.only not in label:
                continue
            if library and find_spec(library) is None:
                print(f"{label:<52}  bỏ qua: chưa có {library}. Hãy cài: pip install -e '.[bench]'")
                continue
            row = build(label)
            mine, other, ratio = race(row)
            memory = peak(row.ours)
            marks = "  << CHẬM" if ratio < row.target else ""
            marks += f"  << QUÁ {row.limit:.0f} MB" if memory > row.limit else ""
            print(
                f"{label:<52}{mine * 1e3:>11.4f}{other * 1e3:>11.3f}{ratio:>10.1f}x{row.target:>6g}x{memory:>13.2f}"
                f"  {row.against}{marks}",
                flush=True,
            )
            results.append((label, ratio, row.target, bool(marks)))
    if results:
        draw(results, options.plot)
    short = sum(row[-1] for row in results)
    print("Mọi dòng đều đạt." if not short else f"{short} dòng chưa đạt.")


if __name__ == "__main__":
    main()
