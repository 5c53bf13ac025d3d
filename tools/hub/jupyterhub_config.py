# Một lớp trên một máy chủ: `sudo make hub` chạy JupyterHub với file này. Mỗi người học là một người dùng riêng của máy,
# có thư mục bài học riêng. Muốn đổi điều gì thì đặt một biến môi trường MLCOURSE_HUB_* trước khi chạy:
#
#   BIND, PORT          nơi nghe: 127.0.0.1, 8000
#   TLS_KEY, TLS_CERT   khóa và chứng chỉ HTTPS; nghe ngoài 127.0.0.1 thì phải có
#   LOGIN               pam: tài khoản của máy, thuộc nhóm GROUP (mlcourse); native: tự đăng ký, giảng viên duyệt
#   ADMINS              tên các giảng viên, cách nhau bằng dấu phẩy
#   MEMORY, CORES       bộ nhớ (1G) và số lõi (2) của một người học
#   IDLE, AGE           máy của người học tự tắt sau bao nhiêu giây để không (3600), và chậm nhất sau bao nhiêu (28800)
#   STATE               nơi giữ tài khoản và khóa của máy chủ: thư mục may_chu
import os
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))  # JupyterHub nạp file này từ nơi khác: chỉ đường đến tools.hub

from tools.hub import learners  # noqa: E402

c = get_config()  # noqa: F821 (JupyterHub đặt sẵn tên này)


def stop_if(problem):
    if problem:
        sys.exit(problem)


def setting(name, default="", form=""):
    value = os.environ.get(f"MLCOURSE_HUB_{name}") or default
    if form and not re.fullmatch(form, value):
        stop_if(learners.refusal(f"MLCOURSE_HUB_{name}={value} không có nghĩa.", f"viết như {default}."))
    return value


# --- Nghe ở đâu ---

bind, port = setting("BIND", "127.0.0.1"), int(setting("PORT", "8000", r"[1-9]\d{0,4}"))
key, certificate = setting("TLS_KEY"), setting("TLS_CERT")
login, group = setting("LOGIN", "pam"), setting("GROUP", "mlcourse")
state = Path(setting("STATE", str(ROOT / "may_chu")))  # ngoài môi trường ảo, để `make clean` không xóa
stop_if(learners.unsafe(bind, key, certificate))
stop_if(learners.private(state))
stop_if(learners.unready(bind, port, state, group if login == "pam" else ""))
address = f"[{bind}]:{port}" if ":" in bind else f"{bind}:{port}"
c.JupyterHub.bind_url = f"{'https' if key else 'http'}://{address}"  # cổng duy nhất mà người học thấy
c.JupyterHub.ssl_key, c.JupyterHub.ssl_cert = key, certificate
# Hub, proxy và máy của người học nói chuyện với nhau: chỉ trong máy này.
c.JupyterHub.hub_bind_url = f"http://127.0.0.1:{learners.HUB}"
c.ConfigurableHTTPProxy.api_url = f"http://127.0.0.1:{learners.PROXY}"
c.Spawner.ip = "127.0.0.1"
c.ConfigurableHTTPProxy.command = [str(Path(sys.prefix) / "proxy/node_modules/.bin/configurable-http-proxy")]

c.JupyterHub.db_url = f"sqlite:///{state}/jupyterhub.sqlite"
c.JupyterHub.cookie_secret_file = f"{state}/cookie_secret"
c.ConfigurableHTTPProxy.pid_file = f"{state}/proxy.pid"

# --- Ai được vào ---

if login == "pam":
    # Mật khẩu của máy. Chỉ người thuộc nhóm này: không phải tài khoản nào của máy cũng là người học.
    c.JupyterHub.authenticator_class = "tools.hub.logins.Pam"
    c.PAMAuthenticator.allowed_groups = {group}
elif login == "native":
    # Người học tự đăng ký ở trang đăng nhập; giảng viên duyệt từng người ở /hub/authorize thì mới vào được.
    c.JupyterHub.authenticator_class = "tools.hub.logins.Native"
    c.Authenticator.allow_all = True  # mọi người đã được duyệt
    c.Authenticator.username_pattern = learners.NAME  # tên nào cũng phải làm được tên người dùng của Linux
    c.NativeAuthenticator.open_signup = False
    c.NativeAuthenticator.minimum_password_length = 8
    c.NativeAuthenticator.check_common_password = True
    c.NativeAuthenticator.allowed_failed_logins = 5  # gõ sai năm lần thì đợi mười phút
    c.NativeAuthenticator.seconds_before_next_try = 600
else:
    stop_if(learners.refusal(f"MLCOURSE_HUB_LOGIN={login} không có nghĩa.", "chọn pam hoặc native."))
c.Authenticator.admin_users = {name.strip() for name in setting("ADMINS").split(",") if name.strip()}
c.Authenticator.auth_refresh_age = 60  # mỗi phút, và mỗi lần bật máy, hỏi lại xem người ấy còn được vào không
c.Authenticator.auth_refresh_strict = c.Authenticator.refresh_pre_spawn = True
account = learners.OWN if login == "native" else learners.SYSTEM

# --- Máy của mỗi người học ---

# Mỗi lần máy bật: phát bài như `make lab`, dưới tên người học ấy; bài đã sửa thì giữ nguyên.
c.Spawner.pre_spawn_hook = account.hand_out
c.Spawner.notebook_dir = f"~/{learners.FOLDER}"
c.Spawner.default_url = "/lab/tree/00_tom_tat.ipynb"
learner = ROOT / "tools" / "hub" / "learner"  # server.py, kernel.py và cấu hình: bỏ những gì không bài nào dùng
c.Spawner.cmd = [sys.executable, str(learner / "server.py")]
c.Spawner.environment = {
    "JUPYTER_CONFIG_PATH": str(learner),
    "JUPYTER_PATH": str(learner),
    "JUPYTER_RUNTIME_DIR": account.runtime,  # nơi ngắn: tên socket của kernel không dài quá 107 chữ được
    "OPENBLAS_NUM_THREADS": "1",  # hai mươi người chia nhau vài lõi: mỗi phép nhân ma trận một luồng
}
c.Spawner.start_timeout = c.Spawner.http_timeout = 180  # cả lớp bấm cùng lúc thì người cuối phải đợi
c.Spawner.mem_limit = setting("MEMORY", "1G", r"(?=.*[1-9])\d{1,6}(\.\d+)?[MG]")
c.Spawner.cpu_limit = float(setting("CORES", "2", r"(?=.*[1-9])\d{1,4}(\.\d+)?"))
if learners.systemd():
    # systemd giữ mọi tiến trình của một người, máy và các kernel, trong một hạn mức chung: kernel ăn quá thì bị tắt.
    c.JupyterHub.spawner_class = "systemd"
    c.SystemdSpawner.username_template = account.template
    c.SystemdSpawner.isolate_tmp = True
    c.SystemdSpawner.unit_extra_properties = {"TasksMax": f"{learners.TASKS}", "UMask": "0077"}
else:
    # Không có systemd (máy ảo nhỏ, container): hạn mức đặt cho từng tiến trình, và ô ăn quá nhận MemoryError.
    c.JupyterHub.spawner_class = "tools.hub.spawner.LimitedSpawner"
    c.LimitedSpawner.account = account

# Máy để không thì tắt, lấy lại bộ nhớ; máy chạy mãi (một ô lặp vô hạn) cũng tắt. Bài đã lưu còn nguyên.
idle, age = setting("IDLE", "3600", r"[1-9]\d*"), setting("AGE", "28800", r"[1-9]\d*")
cull = [sys.executable, "-m", "jupyterhub_idle_culler", f"--timeout={idle}", f"--max-age={age}", "--cull-every=60"]
c.JupyterHub.services = [{"name": "tat-may-de-khong", "command": cull}]
scopes = ["list:users", "read:users:activity", "read:servers", "delete:servers"]
c.JupyterHub.load_roles = [{"name": "tat-may-de-khong", "scopes": scopes, "services": ["tat-may-de-khong"]}]

# Trang đăng nhập và trang đợi cũng bằng tiếng Việt.
c.JupyterHub.template_paths = [str(ROOT / "tools" / "hub" / "templates")]
c.JupyterHub.template_vars = {"native": login == "native"}

for warning in learners.unreachable(ROOT, sys.executable):
    print(warning, file=sys.stderr, flush=True)
