"""Máy chủ cho một lớp, không cần JupyterHub: cấu hình nghe ở đâu, cho ai vào, giới hạn gì, và phát bài ra sao."""

import asyncio
import contextlib
import importlib
import json
import logging
import os
import pwd
import re
import resource
import shutil
import socket
import ssl
import stat
import subprocess
import sys
import types

import pytest
import yaml
from tornado.web import HTTPError

from tests.helpers.vietnamese import check_vietnamese
from tools import fresh
from tools.hub import learners
from tools.lessons import ROOT, every

CONFIG = ROOT / "tools" / "hub" / "jupyterhub_config.py"
LEARNER = ROOT / "tools" / "hub" / "learner"
README = (ROOT / "README.md").read_text(encoding="utf-8")


class Section(dict):
    """Như cấu hình của traitlets: hỏi đến phần nào thì có phần ấy."""

    def __getattr__(self, name):
        return self.setdefault(name, Section())

    __setattr__ = dict.__setitem__


@pytest.fixture
def configured(monkeypatch, tmp_path):
    """Chạy file cấu hình thật với các biến này; trả về những gì nó đặt."""
    for name in [name for name in os.environ if name.startswith("MLCOURSE_HUB_")]:
        monkeypatch.delenv(name)
    monkeypatch.setattr(learners, "systemd", lambda: False)
    monkeypatch.setattr(learners, "unready", lambda *_: "")  # máy chạy kiểm thử không cần có node, nhóm, cổng trống

    def run(**variables):
        for name, value in {"STATE": str(tmp_path / "may_chu"), **variables}.items():
            monkeypatch.setenv(f"MLCOURSE_HUB_{name}", value)
        c = Section()
        code = compile(CONFIG.read_text(encoding="utf-8"), str(CONFIG), "exec")
        exec(code, {"get_config": lambda: c, "__file__": str(CONFIG)})
        return c

    return run


def refused(problem, remedy, run, **variables):
    with pytest.raises(SystemExit) as stopped:
        run(**variables)
    is_refusal(str(stopped.value), problem, remedy)


def is_refusal(words, problem, remedy):
    assert "Chưa chạy:" in words and "Cách sửa:" in words and problem in words and remedy in words
    check_vietnamese(" ".join(words.split()))


# --- Nghe ở đâu ---


def test_nothing_listens_beyond_this_machine_unless_asked(configured):
    c = configured()
    addresses = [c.JupyterHub.bind_url, c.JupyterHub.hub_bind_url, c.ConfigurableHTTPProxy.api_url]
    assert addresses[0] == "http://127.0.0.1:8000"
    assert all(address.startswith("http://127.0.0.1:") for address in addresses) and c.Spawner.ip == "127.0.0.1"


@pytest.mark.parametrize("bind", ["0.0.0.0", "::", "192.168.1.7", "lop.truong.edu.vn", "127.0.0.1.evil.example"])
def test_a_public_address_without_https_is_refused(configured, bind):
    refused("không có HTTPS", "MLCOURSE_HUB_TLS_KEY", configured, BIND=bind)


def test_a_public_address_with_https_opens_only_the_proxy(configured, tmp_path, monkeypatch):
    key, certificate = tmp_path / "khoa.pem", tmp_path / "chung_chi.pem"
    key.touch(), certificate.touch()
    refused("không phải một cặp khóa và chứng chỉ PEM", "TLS_CERT", configured, TLS_KEY=str(key), TLS_CERT=str(key))
    monkeypatch.setattr(ssl.SSLContext, "load_cert_chain", lambda *_, **__: None)
    c = configured(BIND="0.0.0.0", PORT="443", TLS_KEY=str(key), TLS_CERT=str(certificate))
    assert c.JupyterHub.bind_url == "https://0.0.0.0:443"
    assert (c.JupyterHub.ssl_key, c.JupyterHub.ssl_cert) == (str(key), str(certificate))
    assert "127.0.0.1" in c.JupyterHub.hub_bind_url and "127.0.0.1" in c.ConfigurableHTTPProxy.api_url
    refused("thiếu chứng chỉ", "TLS_CERT", configured, TLS_KEY=str(key), TLS_CERT="")
    refused("không thấy file", "TLS_CERT", configured, TLS_CERT=str(tmp_path / "khong_co.pem"))


def test_ipv6_is_written_with_brackets(configured):
    assert configured(BIND="::1").JupyterHub.bind_url == "http://[::1]:8000"


@pytest.mark.parametrize(
    "setting",
    ["MEMORY=abc", "MEMORY=512", "MEMORY=0G", "PORT=abc", "PORT=0", "CORES=abc", "CORES=0", "IDLE=1h", "AGE=-1"],
)
def test_a_setting_without_meaning_is_refused(configured, setting):
    refused(f"MLCOURSE_HUB_{setting} không có nghĩa", "viết như", configured, **dict([setting.split("=")]))


def test_what_the_machine_lacks_is_told_before_the_hub_starts(monkeypatch, tmp_path):
    monkeypatch.setattr(shutil, "which", lambda name: None)
    is_refusal(learners.unready("127.0.0.1", 8000, tmp_path), "không thấy lệnh node", "nodejs")
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")
    is_refusal(learners.unready("127.0.0.1", 8000, tmp_path, "khong-co"), "nhóm khong-co", "groupadd khong-co")
    with contextlib.ExitStack() as stack:
        taken, free = (stack.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(2))
        port, spare = taken.getsockname()[1], free.getsockname()[1]
        free.close()
        monkeypatch.setattr(learners, "HUB", spare)
        monkeypatch.setattr(learners, "PROXY", spare)
        assert learners.unready("127.0.0.1", spare, tmp_path) == ""
        is_refusal(learners.unready("127.0.0.1", port, tmp_path), f"cổng {port} đang có chương trình", "tắt nó")
        is_refusal(learners.unready("127.0.0.1", 99999, tmp_path), "không nghe được", "MLCOURSE_HUB_BIND")
        (tmp_path / "proxy.pid").write_text(str(os.getpid()))  # hub bị tắt ngang: proxy của nó thì JupyterHub tự thay
        assert learners.unready("127.0.0.1", port, tmp_path) == ""
        monkeypatch.setattr(learners, "HUB", port)
        is_refusal(learners.unready("127.0.0.1", spare, tmp_path), f"cổng {port} đang có chương trình", "tắt nó")


# --- Ai được vào ---


def test_pam_admits_one_group_and_native_admits_who_is_approved(configured):
    c = configured(ADMINS="giangvien, trogiang")
    assert c.JupyterHub.authenticator_class == "tools.hub.logins.Pam" and c.PAMAuthenticator.allowed_groups == {
        "mlcourse"
    }
    assert "allow_all" not in c.Authenticator and c.Authenticator.admin_users == {"giangvien", "trogiang"}
    c = configured(LOGIN="native")
    assert c.NativeAuthenticator.open_signup is False and c.Authenticator.username_pattern == learners.NAME
    refused("MLCOURSE_HUB_LOGIN=ai", "pam hoặc native", configured, LOGIN="ai")


def test_who_signs_up_as_root_is_not_root():
    """Ai cũng tự đặt được tên ở trang đăng ký: tên ấy không bao giờ là một người dùng có sẵn của máy."""
    assert learners.OWN.template.format(USERNAME="root") == "hv-root" and learners.OWN.create
    assert not learners.SYSTEM.create
    with pytest.raises(KeyError):
        learners.SYSTEM.find("nguoi-khong-co-that")


@pytest.fixture
def logins(monkeypatch):
    """``tools.hub.logins`` không cần JupyterHub: những lớp gốc chỉ giữ phần được hỏi đến."""

    class Base:
        admin_users, service, encoding = {"giangvien"}, "login", "utf8"

        def add_user(self, user):
            return "đã thêm"

        def normalize_username(self, name):
            return name.lower()

        def user_exists(self, name):
            return name == "lan"

    class Refused(Exception):
        pass

    handlers = types.SimpleNamespace(LoginHandler=type("LoginHandler", (), {}))
    for name, parts in {
        "pamela": {"PAMError": Refused, "check_account": lambda *_, **__: None},
        "jupyterhub": {},
        "jupyterhub.auth": {"PAMAuthenticator": Base},
        "nativeauthenticator": {"NativeAuthenticator": Base, "handlers": handlers},
    }.items():
        monkeypatch.setitem(sys.modules, name, types.ModuleType(name))
        vars(sys.modules[name]).update(parts)
    monkeypatch.setattr("tornado.concurrent.run_on_executor", lambda function: function)
    monkeypatch.delitem(sys.modules, "tools.hub.logins", raising=False)
    yield importlib.import_module("tools.hub.logins")
    del sys.modules["tools.hub.logins"]


def test_who_is_no_longer_named_stops_being_a_lecturer(logins):
    """JupyterHub chỉ biết thêm quyền: bỏ một tên khỏi ADMINS, nó vẫn để người ấy quản trị."""
    roles = [types.SimpleNamespace(name=name) for name in ("admin", "user")]
    for name, admin in {"giangvien": True, "cu": False}.items():
        user = types.SimpleNamespace(name=name, admin=True, roles=list(roles))
        assert logins.Native().add_user(user) == "đã thêm"
        assert user.admin is admin and [role.name for role in user.roles] == ["admin", "user"][not admin :]


def test_who_is_out_does_not_stay_with_an_old_session(logins, configured, monkeypatch):
    for login in ("pam", "native"):
        c = configured(LOGIN=login).Authenticator
        assert c.refresh_pre_spawn and c.auth_refresh_strict and 0 < c.auth_refresh_age <= 60
    pam, handler, asked = logins.Pam(), types.SimpleNamespace(), types.SimpleNamespace(name="lan")
    for allowed in (True, False):
        monkeypatch.setattr(logins.Pam, "check_allowed", lambda self, name, allowed=allowed: allowed, raising=False)
        assert pam.still_in("lan") is allowed

    def expired(*_, **__):
        raise logins.pamela.PAMError

    monkeypatch.setattr(logins.pamela, "check_account", expired)
    assert pam.still_in("lan") is False
    for info, still in ((types.SimpleNamespace(is_authorized=True), True), (None, False)):
        monkeypatch.setattr(logins.Native, "get_user", lambda self, name, info=info: info, raising=False)
        assert asyncio.run(logins.Native().refresh_user(asked, handler)) is still
    assert handler._token_authenticated is False


def test_a_name_whose_home_remains_is_not_given_away(logins, monkeypatch):
    monkeypatch.setattr(pwd, "getpwnam", lambda name: {"hv-hoa": True}[name])
    assert [logins.Native().user_exists(name) for name in ("lan", "Hoa", "mai", "hoa\0")] == [True, True, False, False]


def test_only_the_hub_reads_its_state(configured, tmp_path):
    shared = tmp_path / "chung"
    shared.mkdir()
    shared.chmod(0o755)
    configured(STATE=str(shared))
    assert stat.S_IMODE(shared.stat().st_mode) == 0o700, "thư mục có sẵn cũng thành của riêng hub"
    shared.chmod(0o755)
    (shared / "trang_web").touch()
    refused("còn giữ file khác", "nơi riêng", configured, STATE=str(shared))
    assert stat.S_IMODE(shared.stat().st_mode) == 0o755, "không khóa file của chương trình khác"
    c = configured(STATE=str(tmp_path / "may_chu"))
    assert stat.S_IMODE((tmp_path / "may_chu").stat().st_mode) == 0o700
    assert str(tmp_path / "may_chu") in c.JupyterHub.db_url and str(tmp_path) in c.JupyterHub.cookie_secret_file


# --- Giới hạn ---


def test_memory_and_time_are_limited(configured, monkeypatch):
    c = configured(MEMORY="700M", IDLE="1200", AGE="7200")
    assert c.Spawner.mem_limit == "700M" and c.Spawner.cpu_limit == 2
    assert c.JupyterHub.spawner_class == "tools.hub.spawner.LimitedSpawner"
    (service,) = c.JupyterHub.services
    assert {"--timeout=1200", "--max-age=7200"} <= set(service["command"])
    (role,) = c.JupyterHub.load_roles
    assert role["services"] == [service["name"]] and "delete:servers" in role["scopes"]
    monkeypatch.setattr(learners, "systemd", lambda: True)
    c = configured(LOGIN="native")
    assert c.JupyterHub.spawner_class == "systemd" and c.SystemdSpawner.username_template == "hv-{USERNAME}"
    assert c.SystemdSpawner.unit_extra_properties == {"TasksMax": "300", "UMask": "0077"}


def test_without_systemd_the_server_starts_private_and_limited(monkeypatch, tmp_path):
    base = types.ModuleType("jupyterhub.spawner")
    base.LocalProcessSpawner = object
    monkeypatch.setitem(sys.modules, "jupyterhub", types.ModuleType("jupyterhub"))
    monkeypatch.setitem(sys.modules, "jupyterhub.spawner", base)
    monkeypatch.delitem(sys.modules, "tools.hub.spawner", raising=False)
    spawner = importlib.import_module("tools.hub.spawner")
    monkeypatch.delitem(sys.modules, "tools.hub.spawner")
    other = pwd.struct_passwd(("lan", "x", os.getuid() + 1, os.getgid(), "", str(tmp_path), ""))
    me = types.SimpleNamespace(account=types.SimpleNamespace(find=lambda name: other), mem_limit=2**30)
    monkeypatch.setattr(os, "getgrouplist", lambda *_: [])
    become, done = spawner.LimitedSpawner.make_preexec_fn(me, "lan"), []
    for name in ("setgid", "setgroups", "setuid", "chdir", "umask"):
        monkeypatch.setattr(os, name, lambda value, name=name: done.append((name, value)))
    monkeypatch.setattr(resource, "setrlimit", lambda kind, limits: done.append((kind, limits[0])))
    become()
    names = [name for name, _ in done]
    assert dict(done)["umask"] == 0o077 and dict(done)[resource.RLIMIT_NPROC] == 300
    assert dict(done)[resource.RLIMIT_DATA] == 2**30 and names.index(resource.RLIMIT_NPROC) < names.index("setuid")


def test_learners_get_a_light_server_with_the_course_settings(configured):
    c = configured()
    assert c.Spawner.cmd[1] == str(LEARNER / "server.py") and c.Spawner.environment["JUPYTER_PATH"] == str(LEARNER)
    assert c.Spawner.notebook_dir == "~/bai_hoc" and c.Spawner.default_url.endswith(every()[0].notebook.name)
    server = json.loads((LEARNER / "jupyter_server_config.json").read_text(encoding="utf-8"))
    assert server["KernelManager"]["transport"] == "ipc" and server["MappingKernelManager"]["cull_idle_timeout"] > 0
    kernel = json.loads((LEARNER / "kernels" / "python3" / "kernel.json").read_text(encoding="utf-8"))
    assert kernel["argv"][:2] == ["python", "{resource_dir}/kernel.py"] and kernel["language"] == "python"


# --- Phát bài ---


@pytest.fixture
def learner(monkeypatch, tmp_path):
    """Một người học là chính ta, với cái nhà tạm; và hàm phát bài cho người ấy."""
    me = list(pwd.getpwuid(os.getuid()))
    me[5] = str(tmp_path)
    monkeypatch.setattr(pwd, "getpwnam", lambda name: pwd.struct_passwd(me))
    spawner = types.SimpleNamespace(user=types.SimpleNamespace(name="lan"), log=logging.getLogger("hub"))
    return spawner, lambda: asyncio.run(learners.SYSTEM.hand_out(spawner))


def test_lessons_are_handed_out_and_nothing_of_theirs_is_overwritten(learner, tmp_path, caplog):
    _, hand_out = learner
    hand_out()
    folder = tmp_path / learners.FOLDER
    assert {path.name for path in folder.iterdir()} == {lesson.notebook.name for lesson in every()}
    mine, missing = folder / "04_1_danh_gia_phan_loai.ipynb", folder / "07_ket_luan.ipynb"
    notebook = json.loads(mine.read_text(encoding="utf-8"))
    notebook["cells"][-1]["source"] = ["lời giải của tôi"]
    mine.write_text(json.dumps(notebook), encoding="utf-8")
    before = mine.read_bytes()
    missing.unlink()
    (folder / "ghi_chu.txt").write_text("của tôi", encoding="utf-8")
    folder.chmod(0o755)
    hand_out()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700 and stat.S_IMODE(missing.stat().st_mode) == 0o600
    assert mine.read_bytes() == before and missing.exists()
    assert (folder / "ghi_chu.txt").read_text(encoding="utf-8") == "của tôi"


def test_one_lesson_that_cannot_be_handed_out_does_not_keep_the_server_off(learner, tmp_path, caplog):
    _, hand_out = learner
    folder = tmp_path / learners.FOLDER
    (folder / "07_ket_luan.ipynb").mkdir(parents=True)
    caplog.set_level(logging.INFO)
    hand_out()
    assert len(list(folder.glob("*.ipynb"))) == len(every())
    told = (folder / fresh.NOTICE).read_text(encoding="utf-8")
    assert "Chưa phát được bài 07" in told and "Cách sửa: đổi tên" in told and told.strip() in caplog.text
    assert fresh.NOTICE in README
    (folder / "07_ket_luan.ipynb").rmdir()
    hand_out()
    assert (folder / "07_ket_luan.ipynb").is_file() and not (folder / fresh.NOTICE).exists()


def test_a_failed_hand_out_is_told(learner, tmp_path):
    spawner, hand_out = learner
    (tmp_path / learners.FOLDER).write_text("một file đứng chỗ của thư mục", encoding="utf-8")
    with pytest.raises(HTTPError, match="Chưa phát được bài cho lan") as failed:
        hand_out()
    assert "đang mang tên bai_hoc" in failed.value.jupyterhub_message
    check_vietnamese(failed.value.jupyterhub_message)


def test_a_learner_without_a_home_is_told(learner, tmp_path, monkeypatch):
    spawner, hand_out = learner
    (tmp_path / "file").touch()
    lost = list(pwd.getpwnam("lan"))
    lost[5] = str(tmp_path / "file" / "lan")  # không dựng được ở đó, kể cả khi là root
    monkeypatch.setattr(pwd, "getpwnam", lambda name: pwd.struct_passwd(lost))
    with pytest.raises(HTTPError) as failed:
        hand_out()
    assert f"sudo mkhomedir_helper {lost[0]} 0077" in failed.value.jupyterhub_message


def test_lessons_are_handed_out_as_the_learner():
    me, other = pwd.getpwuid(os.getuid()), pwd.struct_passwd(("lan", "x", os.getuid() + 1, 1234, "", "/nha/lan", ""))
    assert learners.as_user(me) == {}
    assert learners.as_user(other) == {"user": other.pw_uid, "group": 1234, "extra_groups": []}


def test_folders_closed_to_learners_are_named(tmp_path):
    closed = tmp_path / "kin"
    (closed / "mlcourse").mkdir(parents=True)
    closed.chmod(0o700)
    words = "\n".join(learners.unreachable(closed / "mlcourse"))
    assert f"không vào được {closed}." in words and "Cách sửa:" in words
    check_vietnamese(" ".join(words.split()))


# --- Trang của hub ---


def test_pages_of_the_hub_are_vietnamese():
    page = (ROOT / "tools" / "hub" / "templates" / "page.html").read_text(encoding="utf-8")
    check_vietnamese(" ".join(re.findall(r": '([^']*)',", page)))
    for words in ("Đăng nhập", "Mật khẩu:", "Bật máy", "Tắt máy", "Duyệt tài khoản"):
        assert words in page
    assert "super()" not in page and "/token" not in page, "trang mã truy cập chỉ có tiếng Anh, không ở thực đơn"
    error = (ROOT / "tools" / "hub" / "templates" / "error.html").read_text(encoding="utf-8")
    check_vietnamese(" ".join(re.sub(r"\{#.*?#\}|\{%.*?%\}|<.*?>|\{\{.*?\}\}", " ", error).split()))
    assert "exception.jupyterhub_message" in error and "status_message" not in error, "không đưa câu tiếng Anh nào ra"


def test_the_way_back_to_the_hub_is_called_as_the_readme_says():
    (way,) = re.findall(r"\*Tệp → ([^*\n]+)\*", README)
    words = (ROOT / "tools/labconfig/vi_VN/jupyterlab.po").read_text(encoding="utf-8")
    assert f'msgid "Hub Control Panel"\nmsgstr "{way}"' in words


# --- README ---


@pytest.mark.skipif(not shutil.which("timeout"), reason="máy này không có timeout của coreutils")
def test_collecting_takes_only_regular_files_and_keeps_their_times(tmp_path):
    """Chạy đúng đoạn lệnh trong README, trừ `runuser`: nó cần root."""
    (snippet,) = re.findall(r"(?s)sudo sh -c '(umask 077;.*?done)'", README)
    assert snippet.count('runuser -u "$ten" -- head') == 1 and "cp " not in snippet, "root không tự đọc file nào"
    folder = tmp_path / "home" / "lan" / "bai_hoc"
    folder.mkdir(parents=True)
    mine = folder / "04_1_đánh giá (bản 2).ipynb"
    mine.write_text("bài của lan", encoding="utf-8")
    os.utime(mine, (1_700_000_000, 1_700_000_000))
    (folder / "04_1_la.ipynb").symlink_to("/etc/passwd")
    (folder / "04_1_muc.ipynb").mkdir()
    (folder / "05_khac.ipynb").touch()
    os.mkfifo(folder / "04_1_ong.ipynb")
    snippet = snippet.replace("/home/", f"{tmp_path}/home/").replace('runuser -u "$ten" -- ', "")
    subprocess.run(["sh", "-c", snippet], cwd=tmp_path, check=True, timeout=15)
    (taken,) = (tmp_path / "bai_nop").glob("*/*")
    assert taken == tmp_path / "bai_nop" / "lan" / mine.name and taken.read_text(encoding="utf-8") == "bài của lan"
    assert taken.stat().st_mtime == 1_700_000_000 and stat.S_IMODE(taken.stat().st_mode) == 0o600
    assert stat.S_IMODE(taken.parent.stat().st_mode) == 0o700


def test_the_readme_never_leaves_a_door_open():
    assert "useradd -m -K HOME_MODE=0700" in README
    (values,) = re.findall(r"(?s)```yaml\n(# values\.yaml.*?)```", README)
    hub = yaml.safe_load(values)["hub"]["config"]
    assert hub["JupyterHub"]["authenticator_class"] == "native" and hub["NativeAuthenticator"]["open_signup"] is False
