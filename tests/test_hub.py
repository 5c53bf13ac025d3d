"""Máy chủ cho một lớp, không cần JupyterHub: cấu hình nghe ở đâu, cho ai vào, giới hạn gì, và phát bài ra sao."""

import asyncio
import json
import logging
import os
import pwd
import re
import stat
import types

import pytest

from tests.helpers.vietnamese import check_vietnamese
from tools.hub import learners
from tools.lessons import ROOT, every

CONFIG = ROOT / "tools" / "hub" / "jupyterhub_config.py"
LEARNER = ROOT / "tools" / "hub" / "learner"


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
    words = str(stopped.value)
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


def test_a_public_address_with_https_opens_only_the_proxy(configured, tmp_path):
    key, certificate = tmp_path / "khoa.pem", tmp_path / "chung_chi.pem"
    key.touch(), certificate.touch()
    c = configured(BIND="0.0.0.0", PORT="443", TLS_KEY=str(key), TLS_CERT=str(certificate))
    assert c.JupyterHub.bind_url == "https://0.0.0.0:443"
    assert (c.JupyterHub.ssl_key, c.JupyterHub.ssl_cert) == (str(key), str(certificate))
    assert "127.0.0.1" in c.JupyterHub.hub_bind_url and "127.0.0.1" in c.ConfigurableHTTPProxy.api_url
    refused("thiếu chứng chỉ", "TLS_CERT", configured, TLS_KEY=str(key), TLS_CERT="")
    refused("không thấy file", "TLS_CERT", configured, TLS_CERT=str(tmp_path / "khong_co.pem"))


# --- Ai được vào ---


def test_pam_admits_one_group_and_native_admits_who_is_approved(configured):
    c = configured(ADMINS="giangvien, trogiang")
    assert c.JupyterHub.authenticator_class == "pam" and c.PAMAuthenticator.allowed_groups == {"mlcourse"}
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


def test_only_the_hub_reads_its_state(configured, tmp_path):
    c = configured()
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
    hand_out()
    assert mine.read_bytes() == before and missing.exists()
    assert (folder / "ghi_chu.txt").read_text(encoding="utf-8") == "của tôi"


def test_a_failed_hand_out_is_told(learner, tmp_path):
    _, hand_out = learner
    (tmp_path / learners.FOLDER).write_text("một file đứng chỗ của thư mục", encoding="utf-8")
    with pytest.raises(RuntimeError, match="Chưa phát được bài cho lan"):
        hand_out()


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


def test_the_way_back_to_the_hub_is_called_as_the_readme_says():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (way,) = re.findall(r"\*Tệp → ([^*\n]+)\*", readme)
    words = (ROOT / "tools/labconfig/vi_VN/jupyterlab.po").read_text(encoding="utf-8")
    assert f'msgid "Hub Control Panel"\nmsgstr "{way}"' in words
