"""Dựng môi trường ảo và cài khóa học: `python3 tools/install.py .venv`. `make lab` và `make test` tự gọi khi cần.

Thêm một danh sách thư viện thì cài đúng danh sách ấy thay cho khóa học, bằng bản Python mới nhất của máy:
`python3 tools/install.py .venv/colab tests/helpers/colab/requirements.txt`. Thêm tên các phần phụ thì cài khóa học với
đúng những phần ấy: `python3 tools/install.py .venv/hub "[lab,hub]"`.

Viết bằng Python cũ (chạy được từ 3.6), để máy có Python quá cũ vẫn nhận được một lời giải thích.
"""

import glob
import os
import shutil
import subprocess
import sys

VERSIONS = [(3, 11), (3, 12), (3, 13)]
ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def stop(problem, remedy):
    sys.exit(f"\n  Chưa cài được: {problem}\n  Cách sửa: {remedy}\n")


def suitable(python):
    """Trình thông dịch này chạy được và thuộc các phiên bản đã thử."""
    code = f"import sys; sys.exit(sys.version_info[:2] not in {VERSIONS!r})"
    return subprocess.call([python, "-c", code], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) == 0


def newest_first():
    """Các trình thông dịch của máy: trong PATH, và những bản mà pyenv giữ."""
    for version in reversed(VERSIONS):
        name = "python{}.{}".format(*version)
        yield shutil.which(name)
        kept = os.path.join(os.environ.get("PYENV_ROOT", os.path.expanduser("~/.pyenv")), "versions", "*", "bin", name)
        yield from sorted(glob.glob(kept))


def find_python(newest=False):
    """Python đang chạy, hay bản mới nhất của máy; không hợp thì bản khác thuộc các phiên bản đã thử."""
    here, others = [sys.executable], list(newest_first())
    for python in filter(None, others + here if newest else here + others):
        if suitable(python):
            return python
    stop(
        "cần Python 3.11, 3.12 hoặc 3.13, nhưng python3 ở đây là {}.{}.".format(*sys.version_info[:2]),
        "cài một trong ba phiên bản đó (ví dụ trên Ubuntu: apt install python3.12-venv), rồi chạy lại; "
        "hoặc chỉ đường: make lab PYTHON=/đường/dẫn/python3.12",
    )


def main(folder, requirements=None):
    extras = requirements if (requirements or "").startswith("[") else None
    python = find_python(newest=requirements is not None and not extras)
    missing = subprocess.call([python, "-c", "import venv, ensurepip"], stderr=subprocess.DEVNULL)
    if missing:
        name = os.path.basename(python) if os.path.basename(python).startswith("python3") else "python3"
        stop(f"{python} thiếu module venv.", f"Debian, Ubuntu: apt install {name}-venv, rồi chạy lại.")
    print(f"Dựng môi trường ảo {folder} bằng {python} …", flush=True)
    if subprocess.call([python, "-m", "venv", folder]):
        stop(f"không dựng được môi trường ảo {folder}.", "xem còn chỗ trên đĩa không, xóa thư mục ấy rồi chạy lại.")
    print("Cài các thư viện, lần đầu mất một hai phút …", flush=True)
    pip = [os.path.join(folder, "bin", "python"), "-m", "pip", "install", "-q"]
    course = ["-c", os.path.join(ROOT, "constraints.txt"), "-e", ROOT + (extras or "[lab,test]")]
    what = ["-r", requirements] if requirements and not extras else course
    quiet = dict(os.environ, PIP_DISABLE_PIP_VERSION_CHECK="1", PIP_ROOT_USER_ACTION="ignore")
    done = subprocess.run(pip + what, env=quiet, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8")
    if done.returncode:
        print("\n".join(line for line in done.stdout.splitlines() if "WARNING" not in line)[-1500:])
        stop(
            "pip không cài xong (các dòng cuối ở trên).",
            "kiểm tra mạng và chỗ trống trên đĩa, rồi chạy lại lệnh vừa rồi.",
        )
    print("Cài xong.", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
