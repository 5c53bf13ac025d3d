"""Mỗi bài chạy một lần trong kernel mới, và lần chạy ấy trả lời mọi câu hỏi về bài:

- in ra đúng từng chữ, từng số, từng hình của bài đã lưu (điều mà `pytest --nbval notebooks` hỏi, và hơn thế);
- dựng lại từ nguồn thì ra đúng file đang có;
- mọi hình sống đều động, ngay trong kernel ấy (`tests/helpers/live.py`);
- con số nào của *Trả lời* cũng là con số mà hình nói (`tests/helpers/trying.py`).
"""

import base64
import contextlib
import copy
import io
import json
import pprint
from itertools import zip_longest
from typing import NamedTuple

import nbformat
import numpy as np
import pytest

from tests.helpers import live, trying
from tests.helpers.versions import SAME_MATPLOTLIB
from tools import build, lesson_page
from tools.lessons import ROOT, every

ASK = """
import sys
sys.path.insert(0, {root!r})
from tests.helpers import live
import json
print(json.dumps(live.answers({boxes!r}), ensure_ascii=False))
"""


class Run(NamedTuple):
    lesson: object
    new: dict  # bài vừa chạy
    saved: dict  # bài đã lưu
    answers: dict  # câu hỏi về hình sống -> chỗ sai, hay chuỗi rỗng

    def place(self, cell):
        return f"Bài {self.lesson.number}, ô {cell['id']}"

    @property
    def remedy(self):
        return f"Nếu thay đổi này là đúng ý: make notebooks LESSON={self.lesson.number}, rồi commit cả file .ipynb."


@pytest.fixture(scope="module", params=every(), ids=lambda lesson: lesson.stem)
def run(request):
    lesson = request.param
    with contextlib.redirect_stdout(io.StringIO()), build.executed(lesson) as (notebook, client):
        text = build.sealed(copy.deepcopy(notebook), lesson)
        boxes = [tuple(box) for box in trying.boxes(notebook.cells)]
        answers = json.loads(asked(client, ASK.format(root=str(ROOT), boxes=boxes)))
    return Run(lesson, json.loads(text), json.loads(lesson.notebook.read_text(encoding="utf-8")), answers)


def asked(client, source):
    """Những gì một đoạn mã in ra, trong kernel vừa chạy bài."""
    cell = nbformat.v4.new_code_cell(source)
    client.nb.cells.append(cell)
    client.execute_cell(cell, len(client.nb.cells) - 1)
    client.nb.cells.pop()
    return "".join(output.get("text", "") for output in cell.outputs if output.get("name") == "stdout")


def printed(cell):
    """``[(loại, chữ), …]``: những gì một ô in ra, trừ điểm ảnh."""
    told = []
    for output in cell.get("outputs", []):
        texts = {kind: "".join(data) for kind, data in output.get("data", {}).items() if kind != "image/png"}
        told.append((output["output_type"], "".join(output.get("text", "")), texts, output.get("metadata", {})))
    return told


def difference(now, then):
    """Hai dòng khác nhau đầu tiên."""
    lines = zip_longest(*(pprint.pformat(told, width=200).splitlines() for told in (then, now)), fillvalue="(hết)")
    before, after = next(pair for pair in lines if pair[0] != pair[1])
    return f"\nđã lưu:   {before.strip()}\nbây giờ:  {after.strip()}"


def pictures(notebook):
    """``[(ô, ảnh PNG), …]``"""
    found = [(cell, output.get("data", {})) for cell in notebook["cells"] for output in cell.get("outputs", [])]
    return [(cell, data["image/png"]) for cell, data in found if "image/png" in data]


def test_prints_what_is_saved(run):
    for new, saved in zip(run.new["cells"], run.saved["cells"]):
        now, then = printed(new), printed(saved)
        assert now == then, f"{run.place(saved)}: chạy ra khác với bài đã lưu.{difference(now, then)}\n{run.remedy}"


def test_is_what_the_source_builds(run):
    """Trừ điểm ảnh, bài đã lưu là đúng bài vừa dựng: ô, mã ô, kết quả, dấu của nguồn."""
    bare = []
    for notebook in (copy.deepcopy(run.new), copy.deepcopy(run.saved)):
        for cell in notebook["cells"]:
            for output in cell.get("outputs", []):
                output.get("data", {}).pop("image/png", None)
        bare.append(notebook)
    new, saved = bare
    different = [run.place(b) for a, b in zip(new["cells"], saved["cells"]) if a != b]
    assert new == saved, f"Bài {run.lesson.number} không phải bản dựng từ nguồn; khác ở {different}. {run.remedy}"


def test_draws_what_is_saved(run):
    """Điểm ảnh được lệch một chút, vì máy khác có thể khử răng cưa hơi khác."""
    new, saved = pictures(run.new), pictures(run.saved)
    assert len(new) == len(saved)
    for (_, now), (cell, then) in zip(new, saved) if SAME_MATPLOTLIB else ():
        if now != then:
            a, b = (live.decoded(base64.b64decode(png)).astype(int) for png in (now, then))
            same = a.shape == b.shape and np.abs(a - b).mean() < 2.5
            assert same, f"{run.place(cell)}: hình đã đổi. {run.remedy}"


def test_every_live_cell_left_its_figure(run):
    live_cells = filter(None, map(lesson_page.live_name, nbformat.read(run.lesson.notebook, as_version=4).cells))
    assert run.answers["figures"] == sorted(live_cells)


@pytest.mark.parametrize("question", [question.__name__ for question in live.QUESTIONS])
def test_live_figures(run, question):
    found = run.answers[question]
    assert not found, f"Bài {run.lesson.number}, hình sống: {found}"


def test_answers_are_what_the_figures_say(run):
    """Núm nào *Thử* và *Trả lời* nhắc đến cũng đặt được; con số nào của *Trả lời* cũng có trong câu kể ở đó."""
    found = run.answers["tries"]
    assert not found, f"Bài {run.lesson.number}, hình sống:\n" + "\n".join(found)
