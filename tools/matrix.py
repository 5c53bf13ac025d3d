"""`make test-matrix`: bộ kiểm thử (trừ trình duyệt) trên hai đầu của mọi khoảng phiên bản mà pyproject.toml cho phép.

Hai bản Python, 3.11 và bản mới nhất của máy; mỗi bản hai môi trường: mọi thư viện ta gọi tên ở mức thấp nhất, và mọi
thư viện ở bản mới nhất. uv tính ra mức thấp nhất: với mỗi bản Python, đó là bản cũ nhất có sẵn wheel cho nó.

    python -m tools.matrix build/matrix                # cả bốn môi trường, khoảng nửa giờ
    python -m tools.matrix build/matrix lowest 3.11    # một môi trường
"""

import os
import subprocess
import sys
import time
from pathlib import Path

from tools import install
from tools.lessons import ROOT

RESOLUTIONS = {"lowest": "lowest-direct", "newest": "highest"}
# Thư viện đi kèm, cùng thời với mức thấp nhất: bản mới của chúng đã bỏ những gì matplotlib 3.8 và ipywidgets 7 dùng
COMPANIONS = {
    "lowest": ["ipykernel==6.30.1", "ipython==8.18.1", "matplotlib-inline==0.1.6", "pyparsing==3.1.1"],
    "newest": [],
}
SHOWN = ("numpy", "matplotlib", "ipywidgets", "scikit-learn", "jupyterlab")


def interpreters():
    """Python 3.11 (bản thấp nhất được phép) và bản mới nhất của máy; tên phiên bản -> đường dẫn."""
    found = {}
    for python in filter(None, [*install.newest_first(), sys.executable]):
        if install.suitable(python):
            version = subprocess.check_output(
                [python, "-c", "import sys; print('{}.{}'.format(*sys.version_info))"], text=True
            )
            found.setdefault(version.strip(), python)
    oldest = "{}.{}".format(*install.VERSIONS[0])
    if oldest not in found:
        print(f"Máy không có Python {oldest}: chỉ thử được trên {', '.join(found)}.", flush=True)
    newest = max(found, key=lambda version: tuple(map(int, version.split("."))))
    return {version: found[version] for version in sorted({oldest, newest} & found.keys())}


def prepare(folder, python, resolution):
    """Môi trường ảo mới, cài khóa học ở một đầu của các khoảng phiên bản; trả về Python của nó."""
    uv = [sys.executable, "-m", "uv"]
    subprocess.run([*uv, "venv", "-q", "--seed", "--clear", "--python", python, folder], check=True)
    inside = str(folder / "bin" / "python")
    pip = [*uv, "pip", "install", "-q", "--python", inside]
    extras = [f"--extra={name}" for name in ("lab", "test", "parallel")]
    libraries = [
        "--resolution",
        RESOLUTIONS[resolution],
        "--only-binary",
        ":all:",
        "-r",
        ROOT / "pyproject.toml",
        *extras,
        *COMPANIONS[resolution],
    ]
    subprocess.run([*pip, *libraries], check=True)
    subprocess.run([*pip, "--no-deps", "-e", ROOT], check=True)
    listed = subprocess.check_output([*uv, "pip", "list", "-q", "--python", inside], text=True).splitlines()
    print("  " + ", ".join(" ".join(line.split()[:2]) for line in listed if line.split()[0] in SHOWN), flush=True)
    return inside


def test(python):
    """Chạy kiểm thử và nbval; trả về có đạt không."""
    env = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "MPLBACKEND": "agg"}
    pytest = [python, "-m", "pytest", "-q", "-n", os.environ.get("JOBS", "2"), "--dist"]
    suite = ["loadgroup", "--doctest-modules", "--ignore=tests/browser", "--ignore=tests/colab"]
    notebooks = ["loadfile", "--nbval", "--nbval-cell-timeout=60", "notebooks"]
    return all([subprocess.run([*pytest, *part], cwd=ROOT, env=env).returncode == 0 for part in (suite, notebooks)])


def main(folder, resolutions=RESOLUTIONS, versions=None):
    results = {}
    for version, python in interpreters().items():
        for resolution in resolutions:
            if versions and version not in versions:
                continue
            name, started = f"{version} {resolution}", time.monotonic()
            print(f"== Python {name}", flush=True)
            results[name] = test(prepare(Path(folder, name.replace(" ", "-")).resolve(), python, resolution))
            print(
                f"== Python {name}: {'đạt' if results[name] else 'HỎNG'}, {time.monotonic() - started:.0f} s",
                flush=True,
            )
    print("\n".join(f"{name:<14}{'đạt' if passed else 'HỎNG'}" for name, passed in results.items()))
    return not all(results.values())


if __name__ == "__main__":
    where, *wanted = sys.argv[1:]
    sys.exit(main(where, [r for r in RESOLUTIONS if r in wanted] or RESOLUTIONS, [w for w in wanted if "." in w]))
