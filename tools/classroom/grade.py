"""Chấm bài cả lớp: `make grade FOLDER=bai_nop` (JOBS=2 chạy hai bài một lúc; TIMEOUT=30 giây cho một ô).

Mỗi bài chạy trong một kernel riêng, có giới hạn (``sandbox.py``), do ``Execute`` của nbgrader điều khiển; ô chấm thì
không chạy ở đó: bản gói của người dạy hỏi hàm của người học rồi tự so (``judge.py``). Điểm vào sổ của nbgrader. Lần sau
chỉ chấm lại bài nào đổi. Một bài hỏng, treo hay phá chỉ mất phần của chính nó.
"""

import argparse
import contextlib
import hashlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import joblib
import nbformat
import zmq
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from jupyter_core.utils import run_sync
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbgrader.preprocessors import Execute

from tools.lessons import ROOT, chosen

from . import answering, assignment, class_list, page, sandbox, sealed, submission
from .book import Book
from .collect import NOT_NOTEBOOK, collect, latest
from .judge import TOO_LONG, Session, Stopped
from .results import identify, load, save, settle, student_id

LARGEST_OUTPUT = 2**20  # chữ mà một ô được in; quá thì dừng ô
LARGEST_JUDGED = 50 * LARGEST_OUTPUT  # byte, kể cả hình, mà một hàm đang được hỏi in ra
PICTURE = 50  # hình viết bằng base64 nên dài: tính nhẹ hơn chữ chừng ấy lần
WHOLE = 10  # cả bài được lâu bằng mười ô
RESTARTS = 8  # số lần dựng lại kernel cho một bài: mỗi ô hỏng một lần
FLOODED = "in ra quá nhiều"
FAILED = "không chạy được"
NO_SUCH = "không thấy hàm mà check gọi: có lẽ ô đặt tên khác"
RANK = ["chưa làm", FAILED, "sai", "đúng"]  # check nhiều lần thì lần tốt nhất được tính, rồi lần sau cùng


class Run(Execute):
    """Chạy một bài trong kernel. Ở đó ``check`` nhờ chấm qua một ổ cắm trong thư mục của kernel, và bản gói ở đây chấm
    ngay, ở một luồng khác (`listen`). Bài tập nào không được đem chấm lần nào thì cuối bài được chấm theo những tên mà
    đề đặt.
    """

    def __init__(self, work, lesson, folder, seconds, results, broken, deadline):
        waits = {"timeout": seconds, "iopub_timeout": seconds, "interrupt_on_timeout": False, "error_on_timeout": {}}
        super().__init__(**waits, shutdown_kernel="immediate")
        self.work, self.lesson, self.folder, self.seconds = work, lesson, folder, seconds
        self.results, self.broken, self.deadline = results, broken, deadline  # của các lần chạy trước
        self.printed, self.failed, self.at, self.brought = 0, {}, 0, set()
        self.judging, self.why, self.over = "", "", False  # bài tập đang chấm, vì sao thôi chấm, đã chạy xong

    def preprocess_cell(self, cell, resources, index):
        role, self.at = cell.metadata[submission.ROLE], index
        if role != "skip" and (index, "") not in self.broken:
            self._hurry()
            self.printed = 0
            cell, resources = super().preprocess_cell(cell, resources, index)
            if self.printed > LARGEST_OUTPUT:
                raise Broken(index, self.judging, FLOODED)
            if errors := [one for one in cell.outputs if one.output_type == "error"]:
                said = f"{errors[-1].ename}: {errors[-1].evalue}"[:500]
                self.failed |= dict.fromkeys(self.work.about(index), said)
            cell.outputs = []
        if index == len(self.work.notebook.cells) - 1:
            self._judge_the_rest(index + 1)
        return cell, resources

    def _hurry(self):
        left = self.deadline - time.monotonic()
        if left < 1:
            raise Late
        self.timeout = max(1, min(self.seconds, int(left)))

    def process_message(self, msg, cell, cell_index):
        """Chỉ lỗi là đáng giữ; hình và chữ in ra thì bỏ, mà nhiều quá thì kernel bị tắt."""
        kind, size = msg["msg_type"], len(str(msg["content"]))
        self.printed += size if kind == "stream" else size // PICTURE
        if self.printed > LARGEST_OUTPUT:
            self.km.provisioner.process.kill()
        return super().process_message(msg, cell, cell_index) if kind in ("status", "error") else None

    def listen(self, door):
        """Mỗi lần một ``check`` nhờ chấm thì chấm, cho đến khi bài chạy xong."""
        while not self.over:
            with contextlib.suppress(OSError):  # kể cả hết giờ đợi
                channel, _ = door.accept()
                with channel:
                    self._check(Session(channel, self.timeout))

    def _check(self, session):
        index = self.at
        try:
            lesson, name, count = session.asked()
            if lesson != self.lesson or name not in self.work.given:
                return
            self.judging = name
            self.brought.add(name)
            if (index, name) in self.broken:
                session.tell("sai", "", "")
            else:
                new = self._result(session, name, list(range(count)))
                _keep_better(self.results, name, {**new, "code": self.work.shown(index)})
                session.tell("sai" if new["status"] == FAILED else new["status"], new["message"], new["mistake"])
            self.judging = ""
        except Stopped as stopped:
            self.why = self._reason(stopped)
            self.km.provisioner.process.kill()
        except Exception:  # lời nhắn lạ của một bài phá
            self.judging = ""

    def _reason(self, stopped):
        return f"chạy quá {self.seconds} giây" if str(stopped) == TOO_LONG else str(stopped)

    def _drain(self):
        """Bỏ những gì hàm đang được hỏi in ra; nhiều quá thì thôi hỏi."""
        printed = zmq.Socket.shadow(self.kc.iopub_channel.socket)
        with contextlib.suppress(zmq.Again):
            while self.printed <= LARGEST_JUDGED:
                self.printed += sum(map(len, printed.recv_multipart(zmq.NOBLOCK)))
        if self.printed > LARGEST_JUDGED:
            raise Stopped(FLOODED)

    def _judge_the_rest(self, index):
        """Chấm những bài tập chưa được đem chấm lần nào."""
        left = [name for name in self.work.given if name not in self.brought and (index, name) not in self.broken]
        if not left:
            return
        name, path = "", self.folder / f"cuoi-{len(self.broken)}"
        with opened(path) as door:
            door.settimeout(self.timeout)
            self.kc.execute(serving(str(path)), silent=True, store_history=False)
            try:
                channel, _ = door.accept()
            except TimeoutError:
                raise Broken(index, "", "kernel không trả lời") from None
        with channel:
            session = Session(channel, self.timeout, self._drain)
            for name in left:
                self.printed = 0
                self._hurry()
                try:
                    new = self._result(session, name, self.work.given[name], self._failure(name))
                except Stopped as stopped:
                    raise Broken(index, name, self._reason(stopped)) from None
                _keep_better(self.results, name, new)

    def _failure(self, name):
        """Lỗi làm dừng ô của một bài tập đã làm; khung còn nguyên thì không kể."""
        return "" if self.work.untouched(name) else self.failed.get(name, "")

    def _result(self, session, name, given, failure=""):
        try:
            record, message = session.grade(self.lesson, name, given)
            new = _result(record["status"], record["mistake"], message)
        except NameError:
            new = _result(FAILED, NO_SUCH, NO_SUCH)
            if name in self.work.missing:
                new = _result("chưa làm", "", "bài nộp không còn ô của bài tập này")
        except Exception as error:  # đối số của check không tính được
            new = _result(FAILED, _named(type(error).__name__), f"{type(error).__name__}: {error}")
        done = new["status"] in ("đúng", "sai") or failure.startswith("NameError") and new["mistake"] == NO_SUCH
        return new if done or not failure else _result(FAILED, _named(failure), failure)


def opened(path):
    """Một ổ cắm nghe ở ``path``; kernel chạy bằng một người dùng khác cũng nối vào được."""
    door, mask = socket.socket(socket.AF_UNIX), os.umask(0)
    door.bind(str(path))
    os.umask(mask)
    door.listen(8)
    return door


SOURCE = Path(answering.__file__).read_text(encoding="utf-8")


def serving(path):
    """Code mở bên trả lời trong kernel, ở một không gian tên riêng; bài làm có đặt lại tên nào của Python cũng kệ."""
    start = f'b.exec(b.compile({SOURCE!r}, "answering.py", "exec"), own), own["serve"]({path!r}, b.globals())'
    return f'(lambda b, own: ({start}))(__import__("builtins"), {{"__name__": "answering"}})'


class Late(Exception):
    """Cả bài đã chạy quá lâu."""


class Broken(Exception):
    """Kernel không dùng được nữa vì ô ``index``; ``name`` là bài tập đang hỏi, nếu đang hỏi."""

    def __init__(self, index, name, why):
        super().__init__(why)
        self.index, self.name, self.why = index, name, why


def _named(failure):
    return f"ô dừng: {failure.split(':')[0]}"


def _keep_better(results, name, new):
    """Lần sau thay lần trước khi tốt hơn, hay cùng sai."""
    ranks = [RANK.index(one["status"]) if one else -1 for one in (results.get(name), new)]
    if ranks[1] > ranks[0] or new["status"] == "sai" and ranks[1] == ranks[0]:
        results[name] = new


def _result(status, mistake, message):
    plain = lambda text: text[:2000].encode("utf-8", "replace").decode()  # nửa ký tự thì không ghi ra file được
    return {"status": status, "mistake": plain(mistake), "message": plain(message)}


def grade_one(data, lesson_number, template, package, seconds=30, number=0):
    """Chấm một bài: ``(kết quả từng bài tập, điều cần nói với người dạy, notebook đã chấm)``. Chạy được ở một máy khác.

    ``data`` là nội dung file; ``template`` là bản nguồn của nbgrader viết thành JSON; ``package`` là thư mục có bản gói
    không kèm lời giải cho kernel; ``number`` để mỗi bài một người dùng khi người chấm là root.
    """
    work = submission.Work(submission.read(data), nbformat.reads(template, as_version=4))
    results, broken, deadline = {}, {}, time.monotonic() + WHOLE * seconds
    for _ in range(RESTARTS):
        folder = Path(tempfile.mkdtemp(prefix="lop"))
        try:
            stopped = _run(work, lesson_number, folder, package, seconds, number, results, broken, deadline)
        finally:  # thư mục lồng nhau mấy nghìn tầng thì shutil chịu
            subprocess.run(["rm", "-rf", folder], stderr=subprocess.DEVNULL, check=False)
        if stopped is None or stopped.index is None:
            break
        culprits = [stopped.name] if stopped.name else sorted(work.about(stopped.index))
        broken[stopped.index, stopped.name] = f"{stopped.why} ({', '.join(culprits) or 'ô thêm'})"
        for name in culprits:
            new = _result(FAILED, stopped.why, stopped.why)
            _keep_better(results, name, {**new, "code": work.shown(stopped.index)})
    why = f"cả bài chạy quá {WHOLE * seconds} giây" if time.monotonic() > deadline - 2 else "kernel chết nhiều lần"
    said = [f"thiếu ô của {len(work.missing)} bài tập: {', '.join(work.missing)}"] if work.missing else []
    said += ["có ô phải dừng: " + ", ".join(dict.fromkeys(broken.values()))] if broken else []
    said += ["; ".join(f"`{name}`: {one['mistake']}" for name, one in results.items() if one["mistake"] == NO_SUCH)]
    said += [why] if set(work.code) - set(results) else []
    for exercise in work.code:
        results.setdefault(exercise, _result(FAILED, why, why)).setdefault("code", work.code[exercise])
    return results, "; ".join(filter(None, said)), nbformat.writes(work.book(results))


def _run(work, lesson, folder, package, seconds, number, results, broken, deadline):
    """Một lần chạy trong một kernel mới; trả về ``Broken`` khi phải dựng lại, None khi đã xong."""
    user = sandbox.new_user(number)
    sandbox.prepare(folder, user)
    spec = folder / "kernels" / "lop"
    spec.mkdir(parents=True)
    quiet = ["sh", "-c", 'exec "$0" "$@" > /dev/null 2>&1']  # kernel không viết ra màn hình của người chấm
    python = [*quiet, sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    history = ["--HistoryManager.enabled=False"]
    described = {
        "argv": sandbox.command(python + history, folder, package, user),
        "display_name": "lop",
        "language": "python",
    }
    (spec / "kernel.json").write_text(json.dumps({**described, "interrupt_mode": "message"}), encoding="utf-8")
    manager = AsyncKernelManager(
        kernel_name="lop",
        kernel_spec_manager=KernelSpecManager(kernel_dirs=[str(folder / "kernels")], ensure_native_kernel=False),
        transport="ipc",  # kernel không có mạng: nói chuyện qua ổ cắm trong thư mục của nó
        ip=str(folder / "kernel"),
        connection_file=str(folder / "kernel.json"),
    )
    manager.write_connection_file()
    door = opened(folder / "hoi")
    sandbox.give(folder, user)
    runner = Run(work, lesson, folder, seconds, results, broken, deadline)
    door.settimeout(0.1)
    listening = threading.Thread(target=runner.listen, args=(door,), daemon=True)
    listening.start()
    try:
        runner.preprocess(work.notebook, {"metadata": {"path": str(folder)}}, km=manager)
    except Broken as stopped:
        return stopped
    except Late:
        return Broken(None, "", "")
    except CellTimeoutError:
        return Broken(runner.at, runner.judging, f"chạy quá {seconds} giây")
    except (DeadKernelError, TimeoutError, RuntimeError, OSError, zmq.ZMQError):
        why = FLOODED if runner.printed > LARGEST_OUTPUT else runner.why or "kernel chết giữa chừng"
        return Broken(runner.at, runner.judging, why)
    finally:
        runner.over = True
        group = getattr(manager.provisioner, "pgid", None)  # kernel đứng đầu một nhóm tiến trình
        with contextlib.suppress(Exception):  # nbclient có khi đã dọn dở dang: tắt được đến đâu hay đến đó
            if runner.kc is not None:
                runner.kc.stop_channels()
            if manager.has_kernel:
                run_sync(manager.shutdown_kernel)(now=True)
        if group:
            with contextlib.suppress(ProcessLookupError):  # những tiến trình mà bài nộp đẻ ra
                os.killpg(group, signal.SIGKILL)
        listening.join()
        door.close()
    return None


# --- Cả lớp ---------------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def _private():
    """Những gì viết ra có tên và điểm của người học: chỉ người chấm đọc được."""
    before = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(before)


@_private()
def grade(folder, course=assignment.COURSE, jobs=1, seconds=30, say=print, listed=""):
    """Chấm mọi bài trong ``folder``, ghi sổ điểm, trang của người dạy và các bảng; trả về kết quả của cả lớp, kể cả kết
    quả đã chấm từ những thư mục khác (``results.py``). ``listed`` là file danh sách lớp (``class_list.py``).

    Muốn chạy trên một cụm máy: ``with joblib.parallel_config(backend="dask"): grade(...)``.
    """
    if problem := sandbox.missing():
        sys.exit(f"\n  Chưa chấm được: {problem}\n")
    if words := sandbox.warning():
        say(words)
    files, here = collect(folder, course), str(Path(folder).resolve())
    before = load(course)
    if not files and not any(row["folder"] == here for row in before):
        sys.exit(
            f"\n  Chưa chấm được: {folder} không có file nào.\n  Cách sửa: chép các bài .ipynb vào đó rồi chạy lại.\n"
        )
    course.mkdir(parents=True, exist_ok=True)
    listed = class_list.chosen(listed, course, say)
    other = [row for row in before if row["folder"] != here]
    rows, waiting = _sorted_out(files, other, here, course, seconds, say, listed)
    fresh = [one for one in waiting if not _kept(one)]
    same = len(waiting) - len(fresh)
    say(f"{len(waiting)} bài; {same} bài không đổi từ lần trước, chấm {len(fresh)} bài.")
    started, book = time.monotonic(), Book(course)
    package = sealed.write(course / "goi", judging=False) if fresh else None
    tasks = (
        joblib.delayed(_safely)(place, one.data, one.row["lesson"], one.source, package, seconds)
        for place, one in enumerate(fresh)
    )
    for count, (place, graded) in enumerate(joblib.Parallel(jobs, return_as="generator_unordered")(tasks), 1):
        row, kept = fresh[place].row, fresh[place].kept
        kept.parent.mkdir(exist_ok=True)
        if graded["notebook"]:  # ghi sổ trong lúc các bài khác đang chạy
            failed = book.put(row, graded["notebook"])
            graded["trouble"] = "; ".join(filter(None, [graded["trouble"], failed]))
        unsure = any("kernel" in one["mistake"] for one in graded["exercises"].values()) or not graded["exercises"]
        kept.write_text(json.dumps({"unsure": unsure, **graded}), encoding="utf-8")  # chưa chắc thì lần sau chấm lại
        right = sum(one["status"] == "đúng" for one in graded["exercises"].values())
        told = f"{right} trên {len(graded['exercises'])} đúng; {graded['seconds']:.1f} giây"
        told = ". ".join(filter(None, [told, row["note"], graded["trouble"]]))
        say(f"[{count}/{len(fresh)}] {row['learner']}, bài {row['lesson']}: {told}")
    if fresh:
        say(f"Xong sau {time.monotonic() - started:.0f} giây.")
    for one in waiting:
        graded = json.loads(one.kept.read_text(encoding="utf-8"))
        rows.append({**one.row, "trouble": graded["trouble"], "exercises": graded["exercises"]})
    moment = datetime.now().isoformat(" ")
    rows = settle([{**row, "graded": moment} for row in rows], before, here, say, listed)
    book.agree(rows)
    save(rows, course)
    joined = lambda *words: "; ".join(filter(None, words))
    counted = [
        {**row, "trouble": joined(row["unsure"], row["trouble"]), "note": joined(row["note"], row["across"])}
        for row in rows
        if not row["replaced"]
    ]
    page.write(counted, course, listed.labels, [name for row in rows for name in (row["file"], *row.get("also", ()))])
    return counted


class Waiting(NamedTuple):
    """Một bài sắp chấm: hàng của nó, nội dung, bản nguồn, và nơi giữ kết quả."""

    row: dict
    data: bytes
    source: str
    kept: Path


def _sorted_out(files, before, folder, course, seconds, say, listed):
    """Chia các file ra: ``(các hàng không chấm được, các bài sắp chấm)``; mỗi người, mỗi bài học một bài."""
    read, spoilt = [], []
    for file in files:
        try:
            if file.trouble:
                raise submission.Trouble(file.trouble)
            cells = submission.read(file.data)
            read.append((file, submission.lesson_of(cells, file.name).number, cells))
        except submission.Trouble as trouble:
            spoilt.append((file, str(trouble)))
    lines = [_line(file, folder, number) for file, number, _ in read]
    lines += [_line(file, folder, trouble=trouble) for file, trouble in spoilt]
    who = [label for label, *_ in identify(lines + before, listed)]
    found, rows, also = {}, [], {}
    for learner, line in zip(who, lines):
        line["also"] = also.setdefault(learner, [])  # tên mọi file của người ấy, để che trên trang chiếu
        line["also"].append(line["file"])
    for learner, line, (file, number, cells) in zip(who, lines, read):
        found.setdefault((learner, number), []).append((file, cells, {**line, "learner": learner}))
    for learner, line, (file, trouble) in zip(who[len(read) :], lines[len(read) :], spoilt):
        beside = trouble == NOT_NOTEBOOK and any(learner == other for other, _ in found)
        if not beside:  # ảnh, báo cáo nộp kèm một bài đọc được thì thôi
            rows.append({**line, "learner": learner})
            say(f"Cần xem tay: {file.name}: {trouble}.")
    sources = {number: _source(number, course) for number in sorted({number for _, number in found})}
    templates = {number: nbformat.reads(text, as_version=4) for number, text in sources.items()}
    package, waiting = _package(), []
    for (learner, number), those in sorted(found.items()):
        blank = [file for file, cells, _ in those if not submission.Work(cells, templates[number]).filled]
        file, others, how = latest([file for file, *_ in those], blank)
        said = f"nộp {others + 1} lần, chấm {file.name}, {how}" if others else ""
        (line,) = [line for one, _, line in those if one is file]
        row = {**line, "note": said, "blank": file in blank}
        shelves = sorted({one.shelf for one, *_ in those})
        same = file.number and {one.number for one, *_ in those} == {file.number}
        if len(shelves) > 1 and not same and learner not in dict(listed.labels):
            row["crowd"] = f"cùng tên ở các thư mục {', '.join(shelves)}: tính là một người, chấm {file.name}"
        mark = hashlib.sha256(file.data + sources[number].encode() + package + str(seconds).encode()).hexdigest()
        row["kept"] = f"{student_id(learner)}-{number}-{mark[:16]}.json"
        waiting.append(Waiting(row, file.data, sources[number], course / "ket_qua" / row["kept"]))
    return rows, waiting


def _safely(place, data, number, template, package, seconds):
    """``grade_one``, và mọi lỗi không ngờ thành một dòng: bài của người khác vẫn được chấm."""
    started = time.monotonic()
    try:
        exercises, trouble, notebook = grade_one(data, number, template, package, seconds, place)
    except Exception as error:
        exercises, trouble, notebook = {}, f"không chấm được: {type(error).__name__}: {str(error)[:200]}", ""
    taken = time.monotonic() - started
    return place, {"exercises": exercises, "trouble": trouble, "notebook": notebook, "seconds": taken}


def _line(file, folder, number="", trouble=""):
    when = "" if file.when == datetime.min else file.when.isoformat(" ", "seconds")
    told = {"folder": folder, "name": file.learner, "number": file.number, "file": file.name, "when": when}
    try:
        about = number or submission.lesson_of([], file.name).number
    except submission.Trouble:
        about = ""
    more = {"about": about, "blank": False, "crowd": file.unsure, "kept": "", "note": "", "exercises": {}}
    return {**told, "lesson": number, "trouble": trouble, **more}


def _source(number, course):
    """Bản nguồn của nbgrader cho một bài, viết thành JSON; chưa có hay đã cũ thì ghi lại vào sổ điểm. Bản phát cho
    người học thì để yên.
    """
    (lesson,) = chosen(number)
    text = nbformat.writes(assignment.source(lesson))
    kept = course / "source" / number / lesson.notebook.name
    current = kept.exists() and kept.read_text(encoding="utf-8").strip() == text.strip()
    if not current or not (course / "gradebook.db").exists():
        with tempfile.TemporaryDirectory() as apart:
            assignment.register(lesson, course, apart)
    return text


def _package():
    """Dấu của gói và của bộ chấm: đổi thì chấm lại."""
    paths = sorted([*(ROOT / "mlcourse").rglob("*.py"), *Path(__file__).parent.glob("*.py")])
    return hashlib.sha256(b"".join(path.read_bytes() for path in paths)).digest()


def _kept(one):
    try:
        return not json.loads(one.kept.read_text(encoding="utf-8"))["unsure"]
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _number(name, text):
    if text.isascii() and text.isdigit() and int(text):
        return int(text)
    sys.exit(f"\n  Chưa chấm được: {name}={text}.\n  Cách sửa: một số nguyên dương, ví dụ {name}=2.\n")


def main():
    parser = argparse.ArgumentParser(description="Chấm bài cả lớp.")
    parser.add_argument("folder", help="thư mục hay file zip của các bài nộp")
    parser.add_argument("--jobs", default="1", help="số bài chạy một lúc")
    parser.add_argument("--timeout", default="30", help="số giây cho một ô")
    parser.add_argument("--list", default="", help="danh sách lớp, mỗi dòng một người: file CSV hay file chữ")
    parser.add_argument("--into", type=Path, default=assignment.COURSE, help="nơi ghi sổ điểm và trang của lớp")
    options = parser.parse_args()
    jobs, seconds = _number("JOBS", options.jobs), _number("TIMEOUT", options.timeout)
    grade(options.folder, options.into.resolve(), jobs=jobs, seconds=seconds, listed=options.list)
    print(f"Mở {os.path.relpath(options.into / 'index.html')} để xem lớp sai ở đâu.")


if __name__ == "__main__":
    from tools.classroom.grade import main  # để các tiến trình con tìm được hàm theo tên của nó

    main()
