"""Chỗ chạy riêng cho kernel của một bài nộp: giới hạn thời gian, bộ nhớ, tiến trình, cỡ file; một thư mục của riêng nó;
không biến môi trường nào của người chấm.

Có bubblewrap (``bwrap``) thì kernel còn không ra mạng được, không thấy thư mục nhà, và đĩa chỉ đọc, trừ thư mục của
nó. Không có thì vẫn có các giới hạn, nhưng đọc đĩa, xóa file và ra mạng thì không cản được: README nói cách chấm trong
container. Người chấm là root thì kernel chạy bằng một người dùng không quyền gì, vì root không bị giới hạn nào chặn.
"""

import functools
import os
import shutil
import subprocess
import sys
from pathlib import Path

import matplotlib

MEMORY = 3 * 2**30  # byte, cho mỗi tiến trình
PROCESSES = 64  # kể cả luồng
FILE = 100 * 2**20  # byte, một file
CPU = 600  # giây, một tiến trình
KEPT = ("LANG", "LC_ALL", "TZ", "LD_LIBRARY_PATH", "OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")
SYSTEM = (
    "/usr",
    "/bin",
    "/sbin",
    "/lib",
    "/lib64",
    "/etc/ld.so.cache",
    "/etc/fonts",
    "/etc/localtime",
    "/etc/alternatives",
)
NEEDED = ("prlimit", "setpriv", "env")  # của util-linux và coreutils


def command(argv, folder, package, user=None):
    """Lệnh chạy ``argv`` trong ``folder`` với mọi giới hạn, với gói mlcourse nằm trong ``package``; ``user`` là số của
    người dùng khi người chấm là root.
    """
    limits = [f"--as={MEMORY}", f"--nproc={_processes(user)}", f"--fsize={FILE}", f"--cpu={CPU}", "--core=0"]
    drop = ["setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups", "--no-new-privs"] if user else []
    walls = _walls(folder, package) if bubblewrap() else []
    return ["env", "-i", f"PYTHONPATH={package}", *_environment(folder), "prlimit", *limits, *walls, *drop, *argv]


def missing():
    """Điều còn thiếu để chấm được an toàn, kèm cách sửa; chuỗi rỗng khi đủ."""
    if lacking := [name for name in NEEDED if not shutil.which(name)]:
        return f"máy này không có lệnh {', '.join(lacking)}.\n  Cách sửa: apt install util-linux coreutils."
    if os.geteuid() == 0 and not bubblewrap():
        return (
            "đang chạy bằng root mà không có bubblewrap: root không bị giới hạn nào chặn.\n"
            "  Cách sửa: apt install bubblewrap, hoặc chạy lại bằng một người dùng thường."
        )
    return ""


def warning():
    """Một câu cho người chấm khi chỗ chạy không kín; chuỗi rỗng khi kín."""
    if bubblewrap():
        return ""
    return (
        "Không có bubblewrap: bài nộp vẫn bị giới hạn thời gian và bộ nhớ, nhưng đọc được đĩa, xóa được file của bạn "
        "và ra được mạng. Hãy cài (apt install bubblewrap), hoặc chấm trong container (README, mục Chấm bài cả lớp)."
    )


@functools.cache
def bubblewrap():
    """Có bubblewrap, và nhân của máy cho dùng."""
    if not shutil.which("bwrap"):
        return False
    tried = subprocess.run([*_walls(Path("/tmp"), Path("/usr")), "true"], capture_output=True, check=False)
    return tried.returncode == 0


def new_user(number):
    """Người dùng cho bài thứ ``number`` khi người chấm là root: mỗi bài một số, để giới hạn không cộng chung."""
    return 200_000 + number if os.geteuid() == 0 else None


def prepare(folder, user=None):
    """Thư mục của kernel, kèm danh sách phông đã dò sẵn của matplotlib; giao cho ``user``."""
    (folder / "tmp").mkdir()
    (folder / "matplotlib").mkdir()
    for fonts in Path(matplotlib.get_cachedir()).glob("fontlist*.json"):
        shutil.copy(fonts, folder / "matplotlib")
    give(folder, user)


def give(folder, user):
    """Giao cả thư mục cho ``user``."""
    for path in [folder, *folder.rglob("*")] if user else []:
        os.chown(path, user, user, follow_symlinks=False)


def _environment(folder):
    own = {
        "PATH": "/usr/bin:/bin",
        "HOME": folder,
        "TMPDIR": folder / "tmp",
        "IPYTHONDIR": folder,
        "MPLCONFIGDIR": folder / "matplotlib",
        "OPENBLAS_NUM_THREADS": 1,
        "OMP_NUM_THREADS": 1,
        "PYTHONDONTWRITEBYTECODE": 1,
        "PYTHONUTF8": 1,
        "PIP_RETRIES": 0,  # không có mạng: `%pip install` chịu thua ngay
    }
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    return [f"{name}={value}" for name, value in {**kept, **own}.items()]


def _walls(folder, package):
    seen = [*map(Path, SYSTEM), Path(sys.base_prefix), Path(sys.prefix), package]
    above = [part for path in [*seen, folder] for one in [*path.parents][-2::-1] for part in ("--dir", one)]
    reads = [part for path in seen if path.exists() for part in ("--ro-bind", path.resolve(), path)]
    shared = ["--size", 64 * 2**20, "--tmpfs", "/dev/shm"]
    own = ["--bind", folder, folder, "--remount-ro", "/", "--chdir", folder]
    alone = ["--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts", "--die-with-parent", "--new-session"]
    return list(map(str, ["bwrap", *alone, *above, *reads, "--proc", "/proc", "--dev", "/dev", *shared, *own, "--"]))


def _processes(user):
    """Giới hạn tiến trình đếm mọi luồng của một người dùng; người thường thì đã có sẵn nhiều luồng khác."""
    if user:
        return PROCESSES
    own = 0
    for process in Path("/proc").glob("[0-9]*"):
        try:
            own += len(os.listdir(process / "task")) if process.stat().st_uid == os.getuid() else 0
        except OSError:  # vừa kết thúc
            continue
    return own + PROCESSES
