"""Người học trên máy chủ của lớp: là người dùng nào của máy, nhận bài ra sao. File này không cần đến JupyterHub."""

import asyncio
import ipaddress
import os
import pwd
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from tools.lessons import ROOT

FOLDER = "bai_hoc"  # trong nhà của mỗi người học
NAME = r"^[a-z][a-z0-9_-]{0,27}$"


class Account(NamedTuple):
    """Từ tên đăng nhập ra người dùng của máy. ``create``: chưa có thì tạo."""

    template: str
    create: bool = False

    def find(self, name):
        """``pwd`` của người học: uid, gid, nhà."""
        name = self.template.format(USERNAME=name)
        try:
            return pwd.getpwnam(name)
        except KeyError:
            if not self.create:
                raise
        home_for_its_owner_only = ["--key", "HOME_MODE=0700"]
        subprocess.run(
            ["useradd", "--create-home", *home_for_its_owner_only, "--shell", "/usr/sbin/nologin", name], check=True
        )
        return pwd.getpwnam(name)

    def runtime(self, spawner):
        """Nơi máy và kernel của người học để socket."""
        return f"{self.find(spawner.user.name).pw_dir}/.mlcourse"

    async def hand_out(self, spawner):
        """Phát bài vào nhà của người học, bằng chính tên họ: không với tới được file của ai khác."""
        user = self.find(spawner.user.name)
        done = await asyncio.create_subprocess_exec(
            *[sys.executable, "-m", "tools.fresh", f"{user.pw_dir}/{FOLDER}"],
            **as_user(user),
            cwd=ROOT,
            env={"PATH": os.defpath, "HOME": user.pw_dir, "LANG": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1"},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        said, _ = await done.communicate()
        for line in said.decode().splitlines():
            spawner.log.info("%s: %s", spawner.user.name, line)
        if done.returncode:
            raise RuntimeError(f"Chưa phát được bài cho {spawner.user.name}: xem mấy dòng ngay trên.")


# pam: chính người dùng ấy. native: tên ai tự đăng ký cũng được, kể cả "root", nên thêm hv- và tạo người dùng mới.
SYSTEM, OWN = Account("{USERNAME}"), Account("hv-{USERNAME}", create=True)


def as_user(user):
    """Tham số của ``Popen`` để chạy dưới tên người này, không kèm nhóm phụ nào; đã là người ấy thì thôi."""
    return {} if user.pw_uid == os.getuid() else {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def systemd():
    """Máy này do systemd khởi động, và ta được quyền nhờ nó."""
    return Path("/run/systemd/system").is_dir() and os.geteuid() == 0


def unsafe(bind, key, certificate):
    """Vì sao không được nghe như thế; được thì trả về chuỗi rỗng."""
    try:
        here = bind == "localhost" or ipaddress.ip_address(bind).is_loopback
    except ValueError:  # một tên máy, hay để trống: coi như ngoài máy này
        here = False
    if bool(key) != bool(certificate):
        problem, remedy = "có khóa mà thiếu chứng chỉ, hay ngược lại.", "đặt cả MLCOURSE_HUB_TLS_KEY lẫn TLS_CERT."
    elif missing := [path for path in (key, certificate) if path and not Path(path).is_file()]:
        problem, remedy = f"không thấy file {missing[0]}.", "xem lại MLCOURSE_HUB_TLS_KEY và MLCOURSE_HUB_TLS_CERT."
    elif not here and not key:
        problem = f"nghe ở {bind} mà không có HTTPS thì mật khẩu của cả lớp đi qua mạng ai cũng đọc được."
        remedy = (
            "đặt MLCOURSE_HUB_TLS_KEY và MLCOURSE_HUB_TLS_CERT; hoặc để hub nghe ở 127.0.0.1, đặt sau một máy chủ web "
            "có HTTPS (nginx, Caddy)."
        )
    else:
        return ""
    return f"\n  Chưa chạy: {problem}\n  Cách sửa: {remedy}\n"


def unreachable(*paths):
    """Mỗi nơi mà người học không vào được: một lời nhắc. Họ chạy Python và đọc bài từ các nơi này."""
    places = {one for path in paths for start in (Path(path), Path(path).resolve()) for one in (start, *start.parents)}
    closed = sorted(place for place in places if not place.stat().st_mode & 0o001)
    remedy = "Cách sửa: để khóa học, và Python đã dựng môi trường ảo, ở nơi ai cũng đọc được, như /opt và /usr."
    return [f"  Lưu ý: người học không vào được {place}. {remedy}" for place in closed]
