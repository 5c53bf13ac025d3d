"""Chấm cả lớp nhanh đến đâu: 80 bản đã làm của bài 04.1, một tiến trình rồi hai (`make bench`).

Bốn kiểu bài xen nhau: đúng cả, sai có tên cả, làm một bài, chưa làm gì. Lần chấm lại không bài nào đổi được đo riêng.
"""

import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nbformat

from tests.helpers import class_work
from tools.lessons import ROOT

PYTHON = ROOT / ".venv" / "class" / "bin" / "python"
LEARNERS = 80


def hand_in(folder, learners):
    kinds = [class_work.right, class_work.WRONG.get, {"four_scores": class_work.CONFUSED}.get, lambda name: None]
    texts = [nbformat.writes(class_work.filled(kind)) for kind in kinds]
    for number in range(learners):
        path = folder / f"Người học {number:02d}" / class_work.LESSON.notebook.name
        path.parent.mkdir(parents=True)
        path.write_text(texts[number % len(texts)], encoding="utf-8")


def graded(folder, into, jobs):
    """``(giây của cả lệnh, giây trung bình một bài trong kernel của nó)``."""
    command = [PYTHON, "-m", "tools.classroom.grade", folder, "--into", into, "--jobs", str(jobs)]
    start = time.perf_counter()
    done = subprocess.run(list(map(str, command)), cwd=ROOT, capture_output=True, text=True, check=True)
    each = [float(found) for found in re.findall(r"; ([\d.]+) giây", done.stdout)]
    return time.perf_counter() - start, sum(each) / len(each) if each else 0.0


def main(learners=LEARNERS):
    if not PYTHON.exists():
        print("Chưa có môi trường để chấm bài: make .venv/class/ready.")
        return
    with tempfile.TemporaryDirectory() as temporary:
        hand_in(Path(temporary, "bai_nop"), learners)
        alone = {}
        for jobs in (1, 2):
            into = Path(temporary, f"lop{jobs}")
            alone[jobs], each = graded(Path(temporary, "bai_nop"), into, jobs)
            speed = f", nhanh gấp {alone[1] / alone[jobs]:.2f}" if jobs > 1 else ""
            told = f"{alone[jobs]:.0f} giây cả lệnh, {alone[jobs] / learners:.2f} giây một bài"
            print(f"{learners} bài, {jobs} tiến trình: {told} (trong kernel {each:.2f} giây){speed}", flush=True)
        again, _ = graded(Path(temporary, "bai_nop"), into, 2)
        print(f"chấm lại khi không bài nào đổi: {again:.1f} giây")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
