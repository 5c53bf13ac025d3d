"""Máy dựng trang của Safari, bản WebKitGTK: MiniBrowser trên một màn hình ảo, điều khiển bằng WebDriver."""

import json
import os
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

from tests.helpers.lab import NoBrowser

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"  # tên mà WebDriver đặt cho một phần tử
KEYS = {"End": "\ue010", "Home": "\ue011", "ArrowRight": "\ue014"}


class WebKit:
    """Dùng với ``with``; thiếu WebKitWebDriver hay Xvfb thì `NoBrowser` nói cách cài."""

    def __enter__(self):
        if not all(map(shutil.which, ("WebKitWebDriver", "Xvfb"))):
            raise NoBrowser(
                "Không thấy WebKitWebDriver và Xvfb. Hãy cài bằng `apt-get install webkit2gtk-driver xvfb`."
            )
        self.home = tempfile.mkdtemp(prefix="mlcourse-webkit-")
        with socket.socket() as sock:
            sock.bind(("127.0.0.1", 0))
            self.port = sock.getsockname()[1]
        read, write = os.pipe()
        screen = ["Xvfb", "-displayfd", str(write), "-screen", "0", "1400x1000x24", "-nolisten", "tcp"]
        self.processes = [subprocess.Popen(screen, pass_fds=[write], stderr=subprocess.DEVNULL)]
        os.close(write)
        with os.fdopen(read) as told:
            display = f":{told.readline().strip()}"
        env = {**os.environ, "DISPLAY": display, "HOME": self.home, "XDG_RUNTIME_DIR": self.home, "GDK_BACKEND": "x11"}
        env |= {"LIBGL_ALWAYS_SOFTWARE": "1", "WEBKIT_DISABLE_COMPOSITING_MODE": "1"}
        self.processes.append(subprocess.Popen(["WebKitWebDriver", f"--port={self.port}"], env=env))
        self.place = ""
        try:
            self.wait(self._up, "WebKitWebDriver mở cổng")
            self.place = f"/session/{self._send('POST', '/session', capabilities={})['sessionId']}"
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        if self.place:
            self._send("DELETE", "")
        for process in self.processes[::-1]:
            process.terminate()
            process.wait(15)
        shutil.rmtree(self.home, ignore_errors=True)

    def _up(self):
        with socket.socket() as sock:
            return sock.connect_ex(("127.0.0.1", self.port)) == 0

    def _send(self, method, path, **body):
        data = json.dumps(body).encode() if method == "POST" else None
        url = f"http://127.0.0.1:{self.port}{self.place}{path}"
        request = urllib.request.Request(url, data, {"Content-Type": "application/json"}, method=method)
        try:
            with urllib.request.urlopen(request, timeout=90) as reply:
                return json.loads(reply.read())["value"]
        except urllib.error.HTTPError as error:
            raise RuntimeError(f"{method} {path}: {error.read().decode()}") from None

    def wait(self, reached, wanted, seconds=30):
        end = time.monotonic() + seconds
        while not (found := reached()):
            assert time.monotonic() < end, f"chờ {seconds} giây mà chưa: {wanted}"
            time.sleep(0.05)
        return found

    def open(self, url):
        self._send("POST", "/url", url=url)

    def ask(self, script, *values):
        return self._send("POST", "/execute/sync", script=f"return ({script})(...arguments)", args=list(values))

    def _find(self, selector):
        return self._send("POST", "/element", using="css selector", value=selector)[ELEMENT]

    def click(self, selector):
        self._send("POST", f"/element/{self._find(selector)}/click")

    def press(self, selector, *keys):
        text = "".join(KEYS.get(key, key) for key in keys)
        self._send("POST", f"/element/{self._find(selector)}/value", text=text)
