"""NativeAuthenticator 1.3 trên JupyterHub 6: trang đăng nhập của nó còn hỏi một bộ đếm mà JupyterHub đã bỏ."""

from nativeauthenticator import NativeAuthenticator, handlers


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


class Native(NativeAuthenticator):
    def get_handlers(self, app):
        routes = super().get_handlers(app)
        return [(path, LoginHandler if one is handlers.LoginHandler else one) for path, one in routes]
