"""Hai cách đăng nhập: mật khẩu của máy, hay tài khoản tự đăng ký."""

import pamela
from jupyterhub.auth import PAMAuthenticator
from nativeauthenticator import NativeAuthenticator, handlers
from tornado.concurrent import run_on_executor

from tools.hub import learners


class Pam(learners.Watched, PAMAuthenticator):
    @run_on_executor
    def still_in(self, name):
        """Tài khoản chưa hết hạn, và còn trong nhóm."""
        try:
            pamela.check_account(name, service=self.service, encoding=self.encoding)
            return self.check_allowed(name)
        except (KeyError, pamela.PAMError):
            return False


# NativeAuthenticator 1.3 trên JupyterHub 6: trang đăng nhập của nó còn hỏi một bộ đếm mà JupyterHub đã bỏ.


class NoCounter:
    """Đứng vào chỗ của bộ đếm ấy; không đếm gì."""

    def timer(self, name):
        return self

    def start(self):
        return self

    def stop(self, send=True):
        pass


class LoginHandler(handlers.LoginHandler):
    statsd = NoCounter()

    def _render(self, login_error=None, username=None, **_):  # JupyterHub 6 đưa thêm vài tham số của trang lỗi
        return super()._render(login_error, username)


class Native(learners.Watched, NativeAuthenticator):
    async def still_in(self, name):
        info = self.get_user(name)
        return bool(info and info.is_authorized)

    def user_exists(self, username):
        """Tên của người đã xóa thì không ai đăng ký lại được: nhà của tên ấy còn bài của họ."""
        return super().user_exists(username) or learners.OWN.exists(self.normalize_username(username))

    def get_handlers(self, app):
        routes = super().get_handlers(app)
        return [(path, LoginHandler if one is handlers.LoginHandler else one) for path, one in routes]
