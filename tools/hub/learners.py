"""Người học trên máy chủ của lớp: là người dùng nào của máy, nhận bài ra sao. File này không cần đến JupyterHub."""

import asyncio
import errno
import grp
import ipaddress
import os
import pwd
import shutil
import socket
import ssl
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from tornado.web import HTTPError

from tools.lessons import ROOT

FOLDER = "bai_hoc"  # trong nhà của mỗi người học
HUB, PROXY = 8081, 8001  # cổng riêng của hub và của proxy, ở 127.0.0.1
STATE = ("jupyterhub.sqlite", "cookie_secret", "proxy.pid")  # tên những file mà hub giữ
TASKS = 300  # số tiến trình và luồng của một người
NAME = r"^[a-z][a-z0-9_-]{0,27}$"


class Account(NamedTuple):
    """Từ tên đăng nhập ra người dùng của máy. ``create``: chưa có thì tạo."""

    template: str
    create: bool = False

    def exists(self, name):
        try:
            return bool(pwd.getpwnam(self.template.format(USERNAME=name)))
        except (KeyError, ValueError):  # ValueError: tên có ký tự NUL
            return False

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
            *[sys.executable, "-m", "tools.fresh", "--hub", f"{user.pw_dir}/{FOLDER}"],
            **as_user(user),
            umask=0o077,
            cwd=ROOT,
            env={"PATH": os.defpath, "HOME": user.pw_dir, "LANG": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1"},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        said, _ = await done.communicate()
        for line in said.decode().splitlines():
            spawner.log.info("%s: %s", spawner.user.name, line)
        if done.returncode:
            words = said.decode().strip()
            if not Path(user.pw_dir).exists():
                words = f"Chưa có thư mục nhà {user.pw_dir}. Cách sửa: sudo mkhomedir_helper {user.pw_name} 0077"
            problem = HTTPError(500, f"Chưa phát được bài cho {spawner.user.name}. {words}")
            problem.jupyterhub_message = f"Hãy báo giảng viên. {words}"  # câu này hiện ra cho người học
            raise problem


# pam: chính người dùng ấy. native: tên ai tự đăng ký cũng được, kể cả "root", nên thêm hv- và tạo người dùng mới.
SYSTEM, OWN = Account("{USERNAME}"), Account("hv-{USERNAME}", create=True)


class Watched:
    """Phần chung của hai cách đăng nhập: người bị cho ra thì không ở lại nhờ phiên cũ."""

    def add_user(self, user):
        """JupyterHub gọi hàm này cho mọi tài khoản lúc khởi động: ai không còn trong ADMINS thì thôi là giảng viên."""
        if user.name not in self.admin_users:
            user.admin, user.roles = False, [role for role in user.roles if role.name != "admin"]
        return super().add_user(user)

    async def refresh_user(self, user, handler=None):
        """Còn được vào không; không thì phải đăng nhập lại, mà đăng nhập thì không qua."""
        # JupyterHub 6.1 hỏi đến biến này, mà quên đặt khi người ấy vào bằng trình duyệt.
        if handler and not hasattr(handler, "_token_authenticated"):
            handler._token_authenticated = False
        return await self.still_in(user.name)


def as_user(user):
    """Tham số của ``Popen`` để chạy dưới tên người này, không kèm nhóm phụ nào; đã là người ấy thì thôi."""
    return {} if user.pw_uid == os.getuid() else {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def systemd():
    """Máy này do systemd khởi động, và ta được quyền nhờ nó."""
    return Path("/run/systemd/system").is_dir() and os.geteuid() == 0


def refusal(problem, remedy):
    return f"\n  Chưa chạy: {problem}\n  Cách sửa: {remedy}\n"


def unsafe(bind, key, certificate):
    """Vì sao không được nghe như thế; được thì trả về chuỗi rỗng."""
    try:
        here = bind == "localhost" or ipaddress.ip_address(bind).is_loopback
    except ValueError:  # một tên máy, hay để trống: coi như ngoài máy này
        here = False
    names = "xem lại MLCOURSE_HUB_TLS_KEY và MLCOURSE_HUB_TLS_CERT."
    if bool(key) != bool(certificate):
        return refusal(
            "có khóa mà thiếu chứng chỉ, hay ngược lại.", "đặt cả MLCOURSE_HUB_TLS_KEY lẫn MLCOURSE_HUB_TLS_CERT."
        )
    if missing := [path for path in (key, certificate) if path and not Path(path).is_file()]:
        return refusal(f"không thấy file {missing[0]}.", names)
    if key:
        try:
            ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key, password="")
        except (OSError, ValueError):  # không phải PEM, có mật khẩu, hay không phải một cặp
            return refusal(f"{key} và {certificate} không phải một cặp khóa và chứng chỉ PEM không mật khẩu.", names)
    elif not here:
        return refusal(
            f"nghe ở {bind} mà không có HTTPS thì mật khẩu của cả lớp đi qua mạng ai cũng đọc được.",
            "đặt MLCOURSE_HUB_TLS_KEY và MLCOURSE_HUB_TLS_CERT; hoặc để hub nghe ở 127.0.0.1, đặt sau một máy chủ web "
            "có HTTPS (nginx, Caddy).",
        )
    return ""


def unready(bind, port, state, group=""):
    """Máy này còn thiếu gì để chạy hub; không thiếu gì thì trả về chuỗi rỗng."""
    if not shutil.which("node"):
        return refusal("không thấy lệnh node, mà proxy cần nó.", "apt install nodejs, hay thêm nơi có node vào PATH.")
    try:
        group and grp.getgrnam(group)
    except KeyError:
        return refusal(f"máy này không có nhóm {group}.", f"sudo groupadd {group}")
    places = [("127.0.0.1", HUB), ("127.0.0.1", PROXY), (bind, port)]
    for address, number in places[: 1 if left_over(state / "proxy.pid") else None]:
        try:
            with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET) as trial:
                trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                trial.bind((address, number))
        except (OSError, OverflowError) as error:
            if getattr(error, "errno", 0) == errno.EADDRINUSE:
                return refusal(f"cổng {number} đang có chương trình dùng, có lẽ là một hub khác.", "tắt nó trước.")
            return refusal(
                f"không nghe được ở {address}, cổng {number}.", "xem lại MLCOURSE_HUB_BIND và MLCOURSE_HUB_PORT."
            )
    return ""


def private(state):
    """Dựng nơi giữ tài khoản và khóa, chỉ người chạy hub vào được; vì sao không được, hay chuỗi rỗng."""
    state.mkdir(mode=0o700, parents=True, exist_ok=True)
    if state.stat().st_mode & 0o077:
        if any(not path.name.startswith(STATE) for path in state.iterdir()):  # /srv chẳng hạn: còn là của ai khác
            return refusal(f"{state} còn giữ file khác, và ai cũng đọc được.", "đặt MLCOURSE_HUB_STATE là nơi riêng.")
        state.chmod(0o700)
    return ""


def left_over(pid_file):
    """Proxy của lần chạy trước còn sống, vì hub bị tắt ngang: JupyterHub sẽ tự thay nó."""
    try:
        os.kill(int(pid_file.read_text()), 0)
        return True
    except (OSError, ValueError):
        return False


def unreachable(*paths):
    """Mỗi nơi mà người học không vào được: một lời nhắc. Họ chạy Python và đọc bài từ các nơi này."""
    places = {one for path in paths for start in (Path(path), Path(path).resolve()) for one in (start, *start.parents)}
    closed = sorted(place for place in places if not place.stat().st_mode & 0o001)
    remedy = "Cách sửa: để khóa học, và Python đã dựng môi trường ảo, ở nơi ai cũng đọc được, như /opt và /usr."
    return [f"  Lưu ý: người học không vào được {place}. {remedy}" for place in closed]
