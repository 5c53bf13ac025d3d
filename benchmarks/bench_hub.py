"""Đo một lớp trên một máy chủ: JupyterHub thật ở 127.0.0.1, cấu hình của `make hub`, hai mươi người học đến cùng lúc.

    python -m benchmarks.bench_hub                 # hai mươi người: bốn phút
    python -m benchmarks.bench_hub --learners 2    # thử nhanh
    python -m benchmarks.bench_hub --no-browser    # không cần Chromium

Người học là các máy khách giao thức (đăng nhập, bật máy, mở bài 04.1, chạy đến hình ngưỡng, kéo thanh trượt), đi qua
proxy như trình duyệt; một người trong số đó là Chromium thật. Máy khách chạy chung máy với máy chủ nên cũng chiếm CPU.
Mọi cổng ở 127.0.0.1, mọi file trong một thư mục tạm, và chỉ tắt những tiến trình do chính nó bật.
"""

import argparse
import asyncio
import contextlib
import itertools
import json
import os
import random
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from statistics import median, quantiles

import httpx
from tornado.httpclient import HTTPRequest
from tornado.websocket import websocket_connect

from tests.helpers import lab
from tools.lessons import ROOT, chosen

FIGURE = "threshold_figure"
(LESSON,) = chosen("04_1")
MEMORY, SYSTEM = 24 * 1024, 2 * 1024  # MB: bộ nhớ của máy, và phần để lại cho hệ điều hành
PACE, BURST, REST = 0.150, 12, 1.0  # một nhịp kéo; kéo mười hai nhịp rồi nghỉ để nhìn hình
PROTOCOL = "v1.kernel.websocket.jupyter.org"


def free_ports(n):
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(n)]
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


# --- Tiến trình ---


def tree(root):
    """``{pid: (pid của cha, dòng lệnh)}`` của mọi tiến trình con cháu của ``root``."""
    every = {}
    for path in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            parent = int((path / "stat").read_text().rpartition(")")[2].split()[1])
            every[int(path.name)] = parent, (path / "cmdline").read_bytes().replace(b"\0", b" ").decode()
    found, new = {}, {root}
    while new:
        new = {pid for pid, (parent, _) in every.items() if parent in new}
        found |= {pid: every[pid] for pid in new}
    return found


def pss(pid):
    """Bộ nhớ tính phần (PSS, MB): trang dùng chung thì chia đều cho những tiến trình cùng dùng."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024


def cpu(pid):
    """Giây CPU mà tiến trình đã dùng."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def busy():
    """Giây CPU mà cả máy đã dùng."""
    user, nice, system, _, _, irq, softirq, *_ = map(int, Path("/proc/stat").read_text().split("\n")[0].split()[1:])
    return (user + nice + system + irq + softirq) / os.sysconf("SC_CLK_TCK")


class Hub:
    """Một JupyterHub riêng; dùng với ``with``, xong thì tự tắt cả proxy, máy và kernel của mọi người."""

    def __init__(self, environment, stock=False):
        self.environment, self.stock = environment, stock

    def __enter__(self):
        self.home = Path(tempfile.mkdtemp(prefix="mlcourse-hub-"))
        (self.home / "nha").mkdir()
        self.password = secrets.token_hex(16)
        port, hub, proxy = free_ports(3)
        self.url = f"http://127.0.0.1:{port}"
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("MLCOURSE_HUB_", "JUPYTER"))}
        env = kept | {
            "PATH": f"{self.environment / 'bin'}{os.pathsep}{os.environ['PATH']}",
            "MLCOURSE_HUB_PORT": str(port),
            "MLCOURSE_HUB_STATE": str(self.home / "trang_thai"),
            "BENCH_HUB_PORT": str(hub),
            "BENCH_PROXY_PORT": str(proxy),
            "BENCH_PROXY_TOKEN": secrets.token_hex(16),
            "BENCH_HOMES": str(self.home / "nha"),
            "BENCH_PASSWORD": self.password,
            "BENCH_STOCK": "1" if self.stock else "",
        }
        command = [self.environment / "bin" / "jupyterhub", "-f", ROOT / "benchmarks" / "hub_config.py"]
        self.log = open(self.home / "hub.log", "w")
        self.process = subprocess.Popen(command, env=env, cwd=self.home, stdout=self.log, stderr=subprocess.STDOUT)
        end = time.monotonic() + 60
        while time.monotonic() < end and self.process.poll() is None:
            with contextlib.suppress(httpx.HTTPError):
                if httpx.get(f"{self.url}/hub/login").status_code == 200:
                    return self
            time.sleep(0.2)
        said = (self.home / "hub.log").read_text()[-3000:]
        self.__exit__()
        raise RuntimeError(f"JupyterHub không lên được:\n{said}")

    def __exit__(self, *_):
        ours = tree(self.process.pid)
        self.process.terminate()  # hub tự tắt proxy và mọi máy rồi mới thoát
        try:
            self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        for pid, (_, command) in ours.items():  # còn sót lại, và đúng là tiến trình ấy
            with contextlib.suppress(OSError):
                if Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode() == command:
                    os.kill(pid, signal.SIGKILL)
        self.log.close()
        shutil.rmtree(self.home, ignore_errors=True)

    def processes(self):
        """``{"hub", "proxy": [pid], "máy", "kernel": [các pid]}``"""
        found = tree(self.process.pid)

        def named(*words):
            return [pid for pid, (_, command) in found.items() if any(word in command for word in words)]

        return {
            "hub": [self.process.pid],
            "proxy": named("configurable-http-proxy"),
            "máy": named("learner/server.py", "jupyterhub-singleuser"),
            "kernel": named("kernel.py", "ipykernel_launcher"),
        }


# --- Một người học ---


def pack(channel, header, content):
    """Một thông điệp của giao thức websocket v1: bảng vị trí, rồi kênh, đầu, đầu của cha, siêu dữ liệu, nội dung."""
    parts = [channel.encode(), *(json.dumps(one).encode() for one in (header, {}, {}, content))]
    places = itertools.accumulate(map(len, parts), initial=8 * (len(parts) + 2))
    return b"".join([(len(parts) + 1).to_bytes(8, "little"), *(n.to_bytes(8, "little") for n in places), *parts])


def unpack(data):
    """``(kênh, đầu, đầu của cha, nội dung)``; ảnh đi kèm thì không đụng đến."""
    count = int.from_bytes(data[:8], "little")
    places = [int.from_bytes(data[8 * i : 8 * i + 8], "little") for i in range(1, count + 1)]
    channel, header, parent, _, content = (data[places[i] : places[i + 1]] for i in range(5))
    return channel.decode(), json.loads(header), json.loads(parent), json.loads(content)


class Learner:
    """Một người học không có trình duyệt: đi đúng những bước của trình duyệt, qua proxy."""

    def __init__(self, hub, name):
        self.hub, self.name, self.session = hub, name, secrets.token_hex(8)
        self.client = httpx.AsyncClient(base_url=hub.url, timeout=300, follow_redirects=True)
        self.models, self.waiting, self.times = {}, {}, {}
        self.extra, self.image = {}, None

    async def log_in(self):
        await self.client.get("/hub/login")
        form = {"username": self.name, "password": self.hub.password, "_xsrf": self.cookie("_xsrf")}
        reply = await self.client.post("/hub/login?next=/hub/home", data=form)
        reply.raise_for_status()
        await self.client.get("/hub/home")

    def cookie(self, name):
        return next(one.value for one in self.client.cookies.jar if one.name == name and one.path == "/hub/")

    async def start(self):
        """Bật máy và đợi nó sẵn sàng, như trang "đang bật máy" của hub."""
        mine = f"/hub/api/users/{self.name}"
        guard = {"X-XSRFToken": self.cookie("_xsrf"), "Referer": f"{self.hub.url}/hub/home"}
        token = await self.client.post(f"{mine}/tokens", headers=guard, json={"note": "phép đo"})
        token.raise_for_status()
        self.key = {"Authorization": f"token {token.json()['token']}"}
        (await self.client.post(f"{mine}/server", headers=self.key)).raise_for_status()
        async with self.client.stream("GET", f"{mine}/server/progress", headers=self.key) as events:
            async for line in events.aiter_lines():
                event = json.loads(line[5:]) if line.startswith("data:") else {}
                if event.get("failed"):
                    raise RuntimeError(f"{self.name}: {event}")
                if event.get("ready"):
                    return

    async def api(self, method, path, **named):
        reply = await self.client.request(method, f"/user/{self.name}/api/{path}", headers=self.key, **named)
        reply.raise_for_status()
        return reply.json() if reply.content else None

    async def open(self):
        """Mở bài, có kernel, chạy mọi ô đến hình ngưỡng; xong khi ô ấy trả lời."""
        notebook = await self.api("GET", f"contents/{LESSON.notebook.name}")
        cells = ["".join(one["source"]) for one in notebook["content"]["cells"] if one["cell_type"] == "code"]
        last = next(i for i, source in enumerate(cells) if f"def {FIGURE}(" in source)
        body = {"path": LESSON.notebook.name, "name": "", "type": "notebook", "kernel": {"name": "python3"}}
        self.opened = await self.api("POST", "sessions", json=body)
        kernel = self.opened["kernel"]["id"]
        address = f"{self.hub.url.replace('http', 'ws', 1)}/user/{self.name}/api/kernels/{kernel}/channels"
        request = HTTPRequest(f"{address}?session_id={self.session}", headers=self.key, request_timeout=300)
        self.socket = await websocket_connect(request, subprotocols=[PROTOCOL], max_message_size=2**28)
        self.reader = asyncio.create_task(self.read())
        asked = {"silent": False, "store_history": True, "allow_stdin": False}
        code = cells[: last + 1]  # gửi hết một lượt, như lệnh "Chạy mọi ô"
        await asyncio.gather(*(self.send("shell", "execute_request", {"code": one, **asked}) for one in code))
        self.image = next(comm for comm, state in self.models.items() if state["_model_name"] == "ImageModel")
        self.slider = next(comm for comm, state in self.models.items() if state.get("description") == "Ngưỡng")
        reply = await self.send("control", "create_subshell_request", {})  # JupyterLab kéo thanh trượt qua kênh phụ này
        self.extra = {"subshell_id": reply["subshell_id"]}

    def send(self, channel, kind, content, **extra):
        """Gửi đi; trả về một lời hứa về câu trả lời (hay bức hình mới, với comm_msg)."""
        header = {"msg_id": secrets.token_hex(16), "msg_type": kind, "session": self.session, "username": self.name}
        header |= {"date": datetime.now(UTC).isoformat(), "version": "5.4", **extra}
        self.waiting[header["msg_id"]] = promise = asyncio.get_running_loop().create_future()
        self.socket.write_message(pack(channel, header, content), binary=True)
        return promise

    async def read(self):
        """Nhận mọi thông điệp; hỏng thì mọi lời hứa đang chờ cũng hỏng."""
        try:
            await self.listen()
            raise RuntimeError(f"{self.name}: kernel đóng đường nối")
        except Exception as error:
            for promise in self.waiting.values():
                if not promise.done():
                    promise.set_exception(error)

    async def listen(self):
        while (data := await self.socket.read_message()) is not None:
            _, header, parent, content = unpack(data)
            kind, promise = header["msg_type"], self.waiting.get(parent.get("msg_id"))
            if kind == "comm_open":
                self.models[content["comm_id"]] = content["data"]["state"]
            elif kind == "error" or content.get("status") == "error":
                if promise and not promise.done():
                    promise.set_exception(RuntimeError(f"{self.name}: {content.get('ename')}: {content.get('evalue')}"))
            elif promise and not promise.done():
                picture = kind == "comm_msg" and content["comm_id"] == self.image
                if picture and ["value"] in content["data"].get("buffer_paths", []) or kind.endswith("_reply"):
                    promise.set_result(content)
                    self.waiting.pop(parent["msg_id"])

    async def move(self, seconds):
        """Kéo thanh trượt theo nhịp của tay người; trả về các ms từ lúc tay đẩy đến lúc bức hình mới tới máy khách."""
        values = itertools.cycle([*range(20, 80), *range(80, 20, -1)])
        times, clock, end = [], time.perf_counter, time.perf_counter() + seconds
        await asyncio.sleep(random.random() * (PACE * BURST + REST))
        while clock() < end:
            tick = clock()
            for _ in range(BURST):
                # Một thông điệp trên đường: hình chưa tới thì nhịp sau đợi, và đồng hồ của nhịp ấy đã chạy.
                data = {"method": "update", "state": {"value": next(values) / 100}, "buffer_paths": []}
                await self.send("shell", "comm_msg", {"comm_id": self.slider, "data": data}, **self.extra)
                times.append(1000 * (clock() - tick))
                tick = max(tick + PACE, clock() - PACE)  # trễ quá một nhịp thì tay người bỏ qua những nhịp đã lỡ
                await asyncio.sleep(max(0, tick - clock()))
            await asyncio.sleep(REST)
        return times

    async def close_lesson(self):
        self.reader.cancel()
        self.socket.close()
        await self.api("DELETE", f"sessions/{self.opened['id']}")

    async def leave(self):
        with contextlib.suppress(Exception):
            self.reader.cancel()
            self.socket.close()
        await self.client.aclose()


# --- Một trình duyệt thật ---


class Signed:
    """Chromium đã đăng nhập hub dưới một tên, dùng được ở chỗ `lab.Page` cần một trình duyệt và một server."""

    def __init__(self, browser, hub, name):
        self.browser, self.hub, self.name = browser, hub, name
        self.url, self.token = f"{hub.url}/user/{name}", ""
        self.root = hub.home / "nha" / name / "bai_hoc"

    def new_page(self, viewport):
        page = self.browser.new_context(viewport=viewport).new_page()
        page.goto(f"{self.hub.url}/hub/login?next=/hub/home")
        page.fill("#username_input", self.name)
        page.fill("#password_input", self.hub.password)
        page.click("#login_submit")
        page.wait_for_url("**/hub/home")
        return page

    add = lab.Server.add


class Browser:
    """Chromium trong một luồng riêng: mở bài, rồi mỗi lần được gọi thì kéo thanh trượt bằng phím."""

    def __init__(self, hub, name):
        self.hub, self.name = hub, name

    def __enter__(self):
        from playwright.sync_api import sync_playwright

        self.stack = contextlib.ExitStack()
        playwright = self.stack.enter_context(sync_playwright())
        signed = Signed(self.stack.enter_context(lab.chromium(playwright)), self.hub, self.name)
        page = lab.Page(signed, signed)
        notebook = json.loads(LESSON.notebook.read_text(encoding="utf-8"))
        cells = ["".join(one["source"]) for one in notebook["cells"] if one["cell_type"] == "code"]
        self.cell = next(i for i, source in enumerate(cells) if f"def {FIGURE}(" in source)
        self.notebook = page.open(signed.add("do.ipynb", [("code", source) for source in cells[: self.cell + 1]]))
        self.notebook.run_all()
        self.notebook.bring(self.cell)
        return self

    def __exit__(self, *_):
        self.stack.close()

    def move(self, seconds):
        end, times, keys = time.monotonic() + seconds, [], itertools.cycle(["ArrowRight"] * 20 + ["ArrowLeft"] * 20)
        while time.monotonic() < end:
            for _ in range(BURST):
                start = time.monotonic()
                times.append(self.notebook.press(self.cell, next(keys)))
                self.notebook.page.wait_for_timeout(max(0, 1000 * (PACE - (time.monotonic() - start))))
            self.notebook.page.wait_for_timeout(1000 * REST)
        return times


# --- Phép đo ---


def row(*columns, widths=(44, 14, 14)):
    print(f"{columns[0]:<{widths[0]}}" + "".join(f"{text:>{width}}" for text, width in zip(columns[1:], widths[1:])))


def seconds_of(times):
    return [f"{median(times):.1f} s", f"{max(times):.1f} s"]


def ms_of(times):
    return [f"{median(times):.0f} ms", f"{quantiles(times, n=20)[-1]:.0f} ms", f"{len(times)}"]


async def arrive(learner, came):
    """Từ cú bấm đăng nhập đến bài đang chạy; giây ở từng chặng."""
    for step in (learner.log_in, learner.start, learner.open):
        await step()
        learner.times[step.__name__] = time.perf_counter() - came


def memory(hub, count):
    processes = hub.processes()
    usage = {kind: [pss(pid) for pid in pids] for kind, pids in processes.items()}
    server, kernel = median(usage["máy"]), median(usage["kernel"])
    shared = sum(usage["hub"]) + sum(usage["proxy"])
    room = MEMORY - SYSTEM - shared
    print(f"\nBộ nhớ (PSS, {count} người đang mở bài)\n")
    row("máy của một người học", f"{server:.0f} MB")
    row("kernel của bài 04.1, hình ngưỡng đang mở", f"{kernel:.0f} MB")
    row("hub và proxy, cho cả lớp", f"{shared:.0f} MB")
    print(
        f"\nMáy 24 GB, để lại 2 GB: ({MEMORY} - {SYSTEM} - {shared:.0f}) / ({server:.0f} + {kernel:.0f}) = "
        f"{int(room / (server + kernel))} người, mỗi người một bài.",
        flush=True,
    )


async def moving(hub, learners, browser, count, seconds):
    """``count`` người cùng kéo; có trình duyệt thì một người trong số đó là nó (một mình thì đo riêng từng loại)."""
    alone = count == 1 and browser is not None
    clients = learners[: count - 1 if browser and not alone else count]
    kinds = hub.processes()
    kinds["máy khách"] = [os.getpid(), *(tree(os.getpid()).keys() - tree(hub.process.pid).keys() - {hub.process.pid})]
    before, start = {kind: sum(map(cpu, pids)) for kind, pids in kinds.items()}, time.perf_counter()
    whole = busy()
    loop = asyncio.get_running_loop()
    seen = loop.run_in_executor(browser.pool, browser.move, seconds) if browser and not alone else None
    times = list(itertools.chain(*await asyncio.gather(*(one.move(seconds) for one in clients))))
    real = await seen if seen else await loop.run_in_executor(browser.pool, browser.move, seconds) if alone else None
    took = time.perf_counter() - start
    widths = (44, 14, 14, 10)
    row(f"{count:>2} người, máy khách giao thức", *ms_of(times), widths=widths)
    if real:
        row("   người dùng Chromium", *ms_of(real), widths=widths)
    if not alone:
        share = {kind: (sum(map(cpu, pids)) - before[kind]) / took for kind, pids in kinds.items()}
        share["chương trình khác"] = max(0, (busy() - whole) / took - sum(share.values()))
        print("   lõi CPU đã dùng: " + ", ".join(f"{kind} {value:.2f}" for kind, value in share.items()), flush=True)


async def measure(hub, count, browser, seconds):
    learners = [Learner(hub, f"hv{i:02}") for i in range(count)]
    try:
        came, whole = time.perf_counter(), busy()
        await asyncio.gather(*(arrive(one, came) for one in learners))
        print(f"\n{count} người bấm đăng nhập cùng lúc, {os.cpu_count()} lõi\n")
        row("từ cú bấm đến …", "trung vị", "chậm nhất")
        row("đã đăng nhập", *seconds_of([one.times["log_in"] for one in learners]))
        row("máy đã bật, bài đã phát", *seconds_of([one.times["start"] for one in learners]))
        row("bài đang chạy: hình ngưỡng đã trả lời", *seconds_of([one.times["open"] for one in learners]))
        used = [cpu(pid) for pid in (os.getpid(), *tree(os.getpid()))]
        others = max(0, busy() - whole - sum(used)) / (time.perf_counter() - came)
        print(f"   lõi CPU mà chương trình khác của máy đã dùng: {others:.2f}")
        memory(hub, count)
        counts = [n for n in (1, 10, 20) if n < count] + [count]
        print("\nTừ lúc tay kéo đến hình mới: một nhịp 150 ms, cùng lúc\n")
        row("", "trung vị", "p95", "lượt kéo", widths=(44, 14, 14, 10))
        if browser:
            await learners[-1].close_lesson()
            await asyncio.get_running_loop().run_in_executor(browser.pool, browser.__enter__)
        try:
            for n in counts:
                await moving(hub, learners, browser, n, seconds)
        finally:
            if browser:
                await asyncio.get_running_loop().run_in_executor(browser.pool, browser.__exit__)
    finally:
        for one in learners:
            await one.leave()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--hub", type=Path, default=Path(sys.prefix) / "hub", help="môi trường ảo của hub")
    parser.add_argument("--learners", type=int, default=20, help="bao nhiêu người học")
    parser.add_argument("--seconds", type=float, default=20, help="kéo bao lâu cho mỗi cỡ lớp")
    parser.add_argument("--no-browser", action="store_true", help="không mở Chromium")
    parser.add_argument("--stock", action="store_true", help="máy và kernel nguyên bản, để so")
    options = parser.parse_args()
    if not (options.hub / "proxy" / "node_modules" / ".bin" / "configurable-http-proxy").exists():
        print("Bỏ qua: chưa có môi trường của máy chủ lớp học (make hub dựng nó; cần Node.js từ bản 20).")
        return 0
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # bị dừng giữa chừng cũng tắt hub
    with Hub(options.hub, options.stock) as hub, ThreadPoolExecutor(1) as pool:
        browser = None
        if not options.no_browser:
            browser = Browser(hub, f"hv{options.learners - 1:02}")
            browser.pool = pool
        try:
            asyncio.run(asyncio.wait_for(measure(hub, options.learners, browser, options.seconds), 600))
        except BaseException:
            print((hub.home / "hub.log").read_text()[-3000:], file=sys.stderr)
            raise
    return 0


if __name__ == "__main__":
    sys.exit(main())
