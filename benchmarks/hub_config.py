# Cấu hình của benchmarks/bench_hub.py: đúng cấu hình thật, chỉ đổi cách đăng nhập, cổng và người dùng của máy.
# Chỉ dùng để đo: ai biết mật khẩu cũng vào được, và mọi người học đều là người đang chạy phép đo.
import os
import pwd
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tools.hub import learners  # noqa: E402


class Pretended(learners.Account):
    """Mỗi "người học" là chính ta, với một cái nhà riêng trong thư mục tạm."""

    def find(self, name):
        home = Path(os.environ["BENCH_HOMES"], name)
        home.mkdir(exist_ok=True)
        me = list(pwd.getpwuid(os.getuid()))
        me[5] = str(home)
        return pwd.struct_passwd(me)


c = get_config()  # noqa: F821 (JupyterHub đặt sẵn tên này)
learners.SYSTEM = Pretended("{USERNAME}")
learners.unready = lambda *_: ""  # các cổng đổi ở dưới, và không cần nhóm nào
load_subconfig(str(ROOT / "tools" / "hub" / "jupyterhub_config.py"))  # noqa: F821
c.JupyterHub.spawner_class = "tools.hub.spawner.LimitedSpawner"  # systemd thì cần quyền root
c.LimitedSpawner.account = learners.SYSTEM
c.JupyterHub.authenticator_class = "shared-password"
c.SharedPasswordAuthenticator.user_password = os.environ["BENCH_PASSWORD"]
c.Authenticator.allow_all = True
c.JupyterHub.hub_bind_url = f"http://127.0.0.1:{os.environ['BENCH_HUB_PORT']}"
c.ConfigurableHTTPProxy.api_url = f"http://127.0.0.1:{os.environ['BENCH_PROXY_PORT']}"
c.ConfigurableHTTPProxy.auth_token = os.environ["BENCH_PROXY_TOKEN"]
c.Spawner.args = ["--allow-root"] * (os.getuid() == 0) + ["--LabApp.expose_app_in_browser=True"]
if os.environ["BENCH_STOCK"]:
    c.Spawner.cmd = ["jupyterhub-singleuser"]
    for name in ("JUPYTER_PATH", "JUPYTER_CONFIG_PATH"):
        del c.Spawner.environment[name]
