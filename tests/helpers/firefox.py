"""Một Firefox thật, không cửa sổ, hồ sơ tạm, điều khiển bằng WebDriver BiDi qua websocket: giao thức có sẵn trong Firefox,
không cần geckodriver. Chỉ có những gì tay người làm: mở trang, bấm, gõ, kéo; còn lại hỏi bằng JavaScript."""

import itertools
import json
import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from tests.helpers.lab import NoBrowser

NAMES = ("firefox-esr", "firefox")
SETTINGS = {
    "browser.shell.checkDefaultBrowser": False,
    "browser.startup.homepage_override.mstone": "ignore",
    "datareporting.policy.dataSubmissionEnabled": False,
    "app.update.auto": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "browser.safebrowsing.update.enabled": False,
    "services.settings.server": "",
    "browser.region.update.enabled": False,
    "extensions.getAddons.cache.enabled": False,
}
KEYS = {
    "ArrowRight": "\ue014",
    "ArrowLeft": "\ue012",
    "End": "\ue010",
    "Home": "\ue011",
    "Enter": "\ue007",
    "Escape": "\ue00c",
}
KEYS |= {"Tab": "\ue004", "Shift": "\ue008", "Control": "\ue009"}


class Firefox:
    """Dùng với ``with``; xong thì Firefox tắt, hồ sơ tạm bị xóa. Máy không có Firefox thì `NoBrowser` nói cách cài."""

    def __enter__(self):
        from websocket import create_connection

        path = next(filter(None, map(shutil.which, NAMES)), None)
        if path is None:
            told = f"Không thấy Firefox: đã tìm {', '.join(NAMES)} trong PATH."
            raise NoBrowser(
                f"{told} Hãy cài bằng `apt-get install firefox-esr` (Debian) hay `apt install firefox` (Ubuntu)."
            )
        self.home, self.numbers, self.heard, self.socket = (
            Path(tempfile.mkdtemp(prefix="mlcourse-firefox-")),
            itertools.count(1),
            [],
            None,
        )
        written = [f"user_pref({json.dumps(name)}, {json.dumps(value)});" for name, value in SETTINGS.items()]
        (self.home / "user.js").write_text("\n".join(written))
        command = [
            path,
            "--headless",
            "--no-remote",
            "--remote-debugging-port=0",
            "--profile",
            self.home,
            "about:blank",
        ]
        env = {**os.environ, "HOME": str(self.home), "MOZ_CRASHREPORTER_DISABLE": "1"}
        self.process = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            place = self.home / "WebDriverBiDiServer.json"
            self._wait(lambda: place.exists() and place.read_text().strip(), "Firefox mở cổng điều khiển", seconds=60)
            port = json.loads(place.read_text())["ws_port"]
            self.socket = create_connection(f"ws://127.0.0.1:{port}/session", timeout=90, suppress_origin=True)
            self.send("session.new", capabilities={})
            self.send("session.subscribe", events=["log.entryAdded", "network.beforeRequestSent"])
            self.tab = self.send("browsingContext.create", type="window")[
                "context"
            ]  # ở cửa sổ mở đầu, bàn phím ở thanh địa chỉ
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        if self.socket:
            self.socket.close()
        self.process.terminate()
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.home, ignore_errors=True)

    def _wait(self, reached, wanted, seconds=30):
        end = time.monotonic() + seconds
        while not (found := reached()):
            assert time.monotonic() < end and self.process.poll() is None, f"chờ {seconds} giây mà chưa: {wanted}"
            time.sleep(0.05)
        return found

    # giao thức

    def send(self, method, **params):
        """Gửi một lệnh, đợi câu trả lời; sự kiện đến trong lúc đợi thì ghi vào ``heard``."""
        number = next(self.numbers)
        self.socket.send(json.dumps({"id": number, "method": method, "params": params}))
        while (reply := json.loads(self.socket.recv())).get("id") != number:
            self.heard.append(reply)
        if reply["type"] == "error":
            raise RuntimeError(f"{method}: {reply['error']}: {reply['message']}")
        return reply["result"]

    def errors(self):
        """Lỗi mà trang kêu từ đầu đến giờ."""
        lines = [event["params"] for event in self.heard if event.get("method") == "log.entryAdded"]
        return [line["text"] for line in lines if line["level"] == "error"]

    def requests(self):
        """Mọi địa chỉ mà trang đã xin."""
        return [e["params"]["request"]["url"] for e in self.heard if e.get("method") == "network.beforeRequestSent"]

    # tay người

    def open(self, url, *, wait="complete"):
        self.send("browsingContext.navigate", context=self.tab, url=str(url), wait=wait)

    def size(self, width, height):
        self.send("browsingContext.setViewport", context=self.tab, viewport={"width": width, "height": height})

    def ask(self, script, *values):
        """Giá trị của một hàm JavaScript (đợi xong nếu hàm hứa sẽ xong); vào và ra đều qua JSON."""
        wrapped = f"async (values) => JSON.stringify((await ({script})(...JSON.parse(values))) ?? null)"
        done = self.send(
            "script.callFunction", functionDeclaration=wrapped, awaitPromise=True, target={"context": self.tab},
            arguments=[{"type": "string", "value": json.dumps(values)}], userActivation=True,
        )  # fmt: skip
        if done["type"] == "exception":
            raise RuntimeError(done["exceptionDetails"]["text"])
        return json.loads(done["result"]["value"])

    def wait(self, script, *values, seconds=30):
        """Hỏi đi hỏi lại cho đến khi câu trả lời là đúng; trả về câu trả lời ấy."""
        return self._wait(lambda: self.ask(script, *values), script, seconds)

    def click(self, selector, at=0.5):
        """Bấm vào một chỗ của phần tử, khi nó đã thôi xê dịch: ``at`` là bao nhiêu phần bề ngang."""
        x, y = self.ask(
            """async (selector, at) => {
              const frames = (n) => new Promise((done) => n ? requestAnimationFrame(() => frames(n - 1).then(done)) : done());
              for (let seen = '', tries = 0; tries < 100; tries++) {
                const node = document.querySelector(selector);
                node.scrollIntoView({block: 'center'});
                await frames(3);
                const box = node.getBoundingClientRect();
                const now = [Math.round(box.x + at * box.width), Math.round(box.y + box.height / 2)];
                if (String(now) === seen) return now;
                seen = String(now);
              }
            }""",
            selector,
            at,
        )
        moves = [
            {"type": "pointerMove", "x": x, "y": y},
            {"type": "pointerDown", "button": 0},
            {"type": "pointerUp", "button": 0},
        ]
        self._act(type="pointer", id="mouse", actions=moves)

    def press(self, *keys):
        """Nhấn các phím cùng lúc rồi thả: ``press("Shift", "Enter")``."""
        values = [KEYS.get(key, key) for key in keys]
        downs = [{"type": "keyDown", "value": value} for value in values]
        self._act(type="key", id="keys", actions=downs + [{"type": "keyUp", "value": value} for value in values[::-1]])

    def type(self, text):
        for letter in text:
            self.press(letter)

    def _act(self, **source):
        self.send("input.performActions", context=self.tab, actions=[source])

    def shot(self, path):
        import base64

        Path(path).write_bytes(
            base64.b64decode(self.send("browsingContext.captureScreenshot", context=self.tab)["data"])
        )
