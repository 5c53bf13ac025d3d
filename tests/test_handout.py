"""Tài liệu cho người dạy: đủ slide, đủ ghi chú và giờ, không cần mạng."""

import re

import nbformat
import pytest

from mlcourse import quiz
from tests.helpers.pages import Tags
from tools import deck, handout
from tools.lessons import every


@pytest.mark.parametrize("lesson", every(), ids=lambda lesson: lesson.stem)
def test_every_slide_and_every_note_is_there(lesson):
    notebook = nbformat.read(lesson.notebook, as_version=4)
    page = Tags(handout.handout(notebook))
    assert [tag for tag, _ in page.found].count("section") == len(deck.pages(notebook))
    assert all(one.part in page.text for one in deck.pages(notebook))
    notes = [cell.source for cell in notebook.cells if deck.slide_type(cell) == "notes"]
    clock = [int(minute) for minute in re.findall(r"phút \(đến phút (\d+)\)", page.text)]
    minutes = [int(handout.NOTE.fullmatch(note)[1]) for note in notes]
    assert clock == [sum(minutes[: i + 1]) for i in range(len(minutes))]
    for note in notes:
        words = re.sub(r"[`*$].*", "", handout.NOTE.fullmatch(note)[2], flags=re.S)[:40]
        assert words in page.text, f"thiếu ghi chú {words!r}"
    assert "Ghi chú cho người dạy (" not in page.text, "ghi chú còn gập"
    assert all("open" in attrs for tag, attrs in page.found if tag == "details"), "giấy không bấm được"
    assert [attrs.get("class") for tag, attrs in page.found if tag == "details"].count("right") == page.text.count(
        "✓ Đúng. "
    )
    live = [cell for cell in notebook.cells if "@live(" in cell.source]
    alts = [attrs.get("alt") for tag, attrs in page.found if tag == "img"]
    assert all(alts) and {cell.outputs[0].data["text/plain"] for cell in live} <= set(alts)
    assert "def " + re.search(r"def (\w+)\(fig\)", live[0].source)[1] not in page.text, (
        "hình sống thì chiếu hình, không chiếu code"
    )


def test_the_right_option_is_marked_and_no_other():
    asked = quiz.question("1 + 1 = ?\n( ) 1\n    Đếm lại.\n(x) 2\n    Hai ngón tay.\n( ) 3\n    Đếm lại.")
    marked = Tags(handout.opened(asked._repr_html_())).found
    folds = [(attrs.get("class"), "open" in attrs) for tag, attrs in marked if tag == "details"]
    assert folds == [(None, True), ("right", True), (None, True)]


def test_the_longest_line_of_a_block_sets_its_size():
    page = handout.fitted('<pre class="output">a\n<b>1 &lt; 2</b>\n</pre><pre style="margin:0">abc</pre><pre></pre>')
    looks = [attrs["style"] for tag, attrs in Tags(page).found if tag == "pre"]
    assert looks == ["--columns: 5; ", "--columns: 3; margin:0", "--columns: 1; "]
    assert Tags(page).found[0][1]["class"] == "output"


def test_nothing_comes_from_the_network(tmp_path):
    written = handout.write(tmp_path, "04_1")
    assert [path.name for path in written] == ["04_1_danh_gia_phan_loai.html"]
    for _, attrs in Tags(written[0].read_text(encoding="utf-8")).found:
        source = attrs.get("src")
        assert source is None or source.startswith("data:") or (tmp_path / source.split("?")[0]).exists(), source
    config = tmp_path / "mathjax" / "config" / "TeX-AMS-MML_HTMLorMML-full.js"
    assert config.exists() and "STIX-Web" in written[0].read_text(encoding="utf-8")
    assert (tmp_path / "mathjax" / "fonts" / "HTML-CSS" / "STIX-Web").is_dir()


def test_unknown_lesson_is_explained(tmp_path):
    with pytest.raises(SystemExit, match=r"LESSON=99(?s:.)*Cách sửa: chọn một trong 00, 01"):
        handout.write(tmp_path, "99")
    assert not list(tmp_path.iterdir())
