"""`make dist` gọi file này sau khi dựng: cài từng file trong thư mục vào một môi trường trống, rồi chạy mọi ví dụ.

python -m tools.release dist
"""

import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

LARGEST_WHEEL = 325_000  # byte; bài mang theo gói chép nguyên wheel vào ô đầu
DOCTESTS = """\
import doctest, importlib, pkgutil, sys
import mlcourse
assert mlcourse.__file__.startswith(sys.prefix), f"không phải bản vừa cài: {mlcourse.__file__}"
names = [module.name for module in pkgutil.walk_packages(mlcourse.__path__, "mlcourse.")]
results = [doctest.testmod(importlib.import_module(name)) for name in names]
failed, tried = (sum(counts) for counts in zip(*results))
print(f"mlcourse {mlcourse.__version__}: {tried} ví dụ, {failed} hỏng")
sys.exit(failed > 0 or tried < 100)
"""


def works(artefact):
    """Cài một file vào môi trường trống và chạy các ví dụ của gói, đứng ở một thư mục trống."""
    with tempfile.TemporaryDirectory() as folder:
        python = Path(folder, "venv", "bin", "python")
        subprocess.run([sys.executable, "-m", "venv", python.parents[1]], check=True)
        pip = [python, "-m", "pip", "install", "-q", "--disable-pip-version-check", "--root-user-action=ignore"]
        subprocess.run([*pip, artefact], check=True)
        empty = Path(folder, "trong")
        empty.mkdir()
        return subprocess.run([python, "-W", "error", "-c", DOCTESTS], cwd=empty, check=False).returncode == 0


def main(folder):
    (wheel,) = folder.glob("*.whl")
    (source,) = folder.glob("*.tar.gz")
    foreign = [name for name in zipfile.ZipFile(wheel).namelist() if not name.startswith(("mlcourse/", "mlcourse-"))]
    size = wheel.stat().st_size
    print(f"{wheel.name}: {size / 1000:.0f} kB; {source.name}: {source.stat().st_size / 1000:.0f} kB", flush=True)
    if foreign or size >= LARGEST_WHEEL:
        sys.exit(
            f"Wheel cần dưới {LARGEST_WHEEL // 1000} kB và chỉ có gói mlcourse, "
            f"nhưng nặng {size} byte và có thêm {foreign}."
        )
    for artefact in (wheel, source):
        print(f"Cài {artefact.name} vào một môi trường trống …", flush=True)
        if not works(artefact.resolve()):
            sys.exit(f"{artefact.name} cài được nhưng ví dụ không chạy đúng.")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
