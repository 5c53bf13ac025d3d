"""Bản để đọc: đủ mục, không ghi chú, không cần mạng, liên kết nào cũng đến nơi; hình sống đủ khung mà vẫn nhẹ.

Phim của mọi hình sống trong mọi bài: `lessons/test_run.py`. Trang trong trình duyệt: `browser/test_reading.py`.
"""

import json
import re
import subprocess
import sys
from urllib.parse import unquote, urlsplit

import nbformat
import numpy as np
import pytest

from mlcourse.interactive import checkbox, dropdown, live, slider
from tests.helpers.live import laid_over
from tests.helpers.pages import Tags, write_still
from tests.helpers.vietnamese import faults, plain
from tools import build, deck, film, lesson_page, static_site, tasks
from tools.lesson_page import Outline, read
from tools.lessons import ROOT, every

STATIC = ROOT / "tools" / "static"
LESSONS = every()
pytestmark = pytest.mark.xdist_group("bản để đọc")  # chung một lần viết mọi trang


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    write_still(folder, LESSONS)
    static_site.write_shared(folder)
    return folder


def tags(site, lesson):
    return Tags((site / f"{lesson.stem}.html").read_text(encoding="utf-8"))


# --- Trang ---


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.stem)
def test_every_section_is_there_and_no_note(site, lesson):
    notebook, page = read(lesson), tags(site, lesson)
    told = [cell for cell in notebook.cells if deck.slide_type(cell) != "notes"]
    prose = "\n".join(
        re.sub(r"```.*?```", "", cell.source, flags=re.S) for cell in told if cell.cell_type == "markdown"
    )
    headings = [re.sub(r"[*`]", "", heading) for heading in re.findall(r"^#{1,4} (.*)$", prose, re.M)]
    outline = Outline((site / f"{lesson.stem}.html").read_text(encoding="utf-8")).sections
    assert [name for _, _, name, *_ in outline] == headings
    assert not any(
        words in page.text
        for words in ("Ghi chú cho người dạy", "#@title", "colab.research.google.com", build.REPOSITORY)
    )
    words = {o.data["text/plain"] for c in told for o in c.get("outputs", []) if "image/png" in o.get("data", {})}
    assert {attrs["alt"] for tag, attrs in page.found if tag == "img"} == words
    hidden = sum(cell.metadata.get("jupyter", {}).get("source_hidden", False) for cell in told)
    quizzes = sum(o.get("data", {}).get("text/html", "").count("<details") for c in told for o in c.get("outputs", []))
    guesses = [cell for cell in told if build.is_guess(cell)]
    assert [attrs.get("class") for _, attrs in page.found].count("guess") == len(guesses)
    turns = [attrs["aria-label"] for tag, attrs in page.found if tag == "nav" and attrs.get("class") == "turn"]
    assert len(set(turns)) == 2, "bài trước, bài sau: ở đầu trang và ở cuối trang"
    assert [tag for tag, _ in page.found].count("details") == quizzes + 1 + hidden + len(guesses) + prose.count(
        "<details>"
    )


def targets(site):
    """``(trang, thẻ, địa chỉ)`` của mọi thứ trang tải về hay dẫn tới."""
    for path in site.glob("*.html"):
        for tag, attrs in Tags(path.read_text(encoding="utf-8")).found:
            for name in ("src", "href"):
                if name in attrs:
                    yield path, tag, attrs[name]


def test_nothing_is_loaded_from_the_network(site):
    loaded = [(page.name, address) for page, tag, address in targets(site) if tag != "a"]
    assert len(loaded) > 11 * 4
    missing = [(page, address) for page, address in loaded if not (site / address.split("?")[0]).is_file()]
    assert not missing, missing
    assert (site / "mathjax" / "config" / "TeX-AMS-MML_HTMLorMML-full.js").exists()
    for path in STATIC.iterdir():
        assert not re.search(r"//[\w.]+\.\w|@import|url\(|fetch\(", path.read_text(encoding="utf-8")), path.name


def test_every_link_and_every_anchor_resolves(site):
    anchors = {}
    for path in site.glob("*.html"):
        found = [attrs["id"] for _, attrs in Tags(path.read_text(encoding="utf-8")).found if "id" in attrs]
        assert len(set(found)) == len(found), f"{path.name}: neo trùng nhau"
        anchors[path.name] = {unquote(anchor) for anchor in found}
    between = 0
    for page, tag, address in targets(site):
        link = urlsplit(address)
        if tag != "a" or link.scheme in {"http", "https"}:
            continue
        name = link.path or page.name
        between += name != page.name
        assert name in anchors, f"{page.name}: {address}"
        assert not link.fragment or unquote(link.fragment) in anchors[name], f"{page.name}: {address}"
    assert between > 11 * 10
    for page, _, anchor, _, _ in searched(site):
        assert unquote(anchor) in anchors[page]


def searched(site):
    return json.loads((site / "sections.js").read_text(encoding="utf-8").removeprefix("window.sections = ").rstrip(";"))


def test_index_lists_every_lesson_with_goals_and_searches_every_section(site):
    page = Tags((site / "index.html").read_text(encoding="utf-8"))
    assert {path.name for path in site.glob("[0-9]*.html")} <= {
        attrs.get("href") for tag, attrs in page.found if tag == "a"
    }
    assert page.text.count("phút, kể cả bài tập") == len(LESSONS) and [tag for tag, _ in page.found].count(
        "ol"
    ) == 1 + 2 * len(LESSONS)
    text = " ".join(section[4] for section in searched(site))
    assert "trung bình điều hòa" in text and "metrics.f1_score" in text
    assert "Lời giải" not in text, "đáp án còn gập thì tìm không ra"
    assert not re.search(r"\$\S|\\frac|\\mathcal", text), "trích công thức TeX thì không ai đọc được"


def test_words_of_the_pages_follow_the_conventions():
    for path in STATIC.iterdir():
        code = path.read_text(encoding="utf-8")
        for text in re.findall(r"/\*.*?\*/|// [^\n]*|'[^'\n]*[à-ỹ][^'\n]*'", code, re.S):
            assert not faults(plain(text)), f"{path.name}: {faults(plain(text))}"


def test_unknown_lesson_is_explained(tmp_path):
    run = [sys.executable, "-m", "tools.static_site", tmp_path / "site", "99"]
    done = subprocess.run(run, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode and re.search(r"LESSON=99(?s:.)*Cách sửa: chọn một trong 00, 01", done.stderr), done.stderr
    assert not list(tmp_path.iterdir())


# --- Phim ---


def counter(**controls):
    @live(**controls, figsize=(4, 2))
    def numbers(fig):
        text, seen = fig.text(0.1, 0.5, "", fontsize=20, color="red"), []

        def update(**values):
            seen.append(values)
            text.set_text(str(values))
            return f"Các giá trị {values}, đã qua {len(seen)} nấc."

        update.restart = seen.clear
        return update

    return numbers


def test_film_goes_from_end_to_end_through_the_opening_value():
    for count, opening, most in ((101, 50, 60), (7, 3, 60), (2, 0, 60), (101, 33, 9), (100, 99, 9)):
        stride = -(-count // most)
        kept = film.stops(count, opening, stride)
        assert {0, opening, count - 1} <= set(kept) and len(kept) <= most + 2 and kept == sorted(set(kept))
        assert set(film.stops(count, opening, 2 * stride)) <= set(kept), "bớt khung thì không phải quay lại"


def test_film_moves_the_played_slider_and_the_first_other_control():
    figure = counter(
        kind=dropdown([("Một", 1), ("Hai", 2)], label="Loại"),
        first=slider(0, 4, step=1, value=0, label="Trước"),
        k=slider(0, 1, step=0.25, value=0.5, label="Vị trí", play=True),
        on=checkbox(label="Bật"),
    )
    one = film.film(figure)
    assert [axis.control.label for axis in one.plan.axes] == ["Vị trí", "Loại"] and one.others == ["Trước", "Bật"]
    assert film.readings(one.plan.axes[0].control) == ["0.00", "0.25", "0.50", "0.75", "1.00"]
    assert list(one.frames) == [(k, kind) for k in range(5) for kind in range(2)] and one.plan.opening == (2, 0)
    for (k, kind), (_, words, _) in one.frames.items():
        assert f"'kind': {kind + 1}, 'first': 0, 'k': {k / 4}, 'on': False" in words
    assert figure.values["k"] == 0.5, "quay xong thì hình trở về chỗ mở"
    told = [re.search(r"đã qua (\d+)", one.frames[k, 0][1])[1] for k in range(5)]
    assert told == ["2", "2", "1", "2", "3"], "lùi thì đi từ chỗ mở hình, tiến thì đi tiếp"
    told = [re.search(r"đã qua (\d+)", one.frames[k, 1][1])[1] for k in range(5)]
    assert told == ["2", "3", "4", "5", "6"], "điều khiển phụ ở chỗ khác thì đi từ đầu thanh"
    assert film.film(figure) == one, "quay hai lần được một phim"


@pytest.mark.parametrize(
    "control, readings",
    [
        (slider(0, 4, step=2, value=2, label="k"), ["0", "2", "4"]),
        (dropdown([("Một", 1), ("Hai", 2)], label="Loại"), ["Một", "Hai"]),
        (checkbox(label="Bật"), ["tắt", "bật"]),
    ],
    ids=["thanh trượt", "danh sách", "ô đánh dấu"],
)
def test_any_control_can_be_the_main_one(control, readings):
    one = film.film(counter(main=control))
    assert film.readings(one.plan.axes[0].control) == readings and len(one.frames) == len(readings)


def two(**first):
    return counter(
        a=slider(0, 59, step=1, value=30, **first, label="a"), b=slider(0, 1, step=0.05, value=0.5, label="b")
    )


def test_film_keeps_the_line_the_grid_and_the_asked_notches():
    plan = film.planned(two(), wanted={7, 0.35, -3, 0.333}, most=20)
    opening, kept = plan.opening, set(plan.kept())
    assert opening == (30, 10) and {(k, 10) for k in range(0, 60, 3)} <= kept
    assert len(plan.line()) <= 23 and plan.grid() <= 40 and len(kept) <= 23 + 40
    corners = {(a, b) for a in (0, 7, 30, 59) for b in (0, 7, 10, 20)}
    assert corners <= kept, "hai đầu, chỗ mở hình, và nấc mà mục Thử nhắc đến: ghép với nhau kiểu nào cũng có"
    while thinner := plan.thinner():
        assert kept > set(thinner.kept()) >= corners and thinner.opening == opening, "bớt khung thì không phải quay lại"
        plan, kept = thinner, set(thinner.kept())
    assert len(kept) <= 2 * film.FEWEST + 16


def test_every_film_plan_names_controls_that_are_there():
    sources = {lesson.number: [cell for cell in read(lesson).cells] for lesson in LESSONS}
    code = {tasks.live_name(cell): cell.source for cells in sources.values() for cell in cells if tasks.live_name(cell)}
    numbers = {box.figure: {n for n, _ in box.tasks} for cells in sources.values() for box in tasks.boxes(cells)}
    for name, controls in film.MOVING.items():
        assert len(controls) > 1 and all(
            re.search(rf"\b{control}=(slider|dropdown|checkbox)\(", code[name]) for control in controls
        )
    for name, needing in film.RUNNING.items():
        assert needing <= numbers[name]


def test_task_that_needs_the_running_lesson_says_so():
    figure = counter(
        k=slider(0, 4, step=1, value=2, label="Bậc"),
        on=checkbox(label="Bật"),
        far=slider(0, 4, step=1, value=2, label="Xa"),
    )
    source = "**Thử.**\n1. Đặt `Bậc = 3; Bật = có`.\n2. Đặt `Bậc = 3; Xa = 1`.\n3. Vì sao?\n\nVậy:\n1. Mục khác."
    cells = [nbformat.v4.new_code_cell("@live()\ndef numbers(fig):\n    pass"), nbformat.v4.new_markdown_cell(source)]
    told = lesson_page.cell_html(cells[1], tasks.live_name(cells[0]), "bai", {"numbers": film.film(figure)}, {})
    assert re.findall(r"<li>(.*?)(?: Đặt| Vì|Đặt|Vì|Mục)", told) == [
        "",
        '<em class="needs">Cần bài đang chạy.</em>',
        "",
        "",
    ]


def test_frame_laid_over_the_frame_under_it_is_the_picture():
    figure = two()
    one = film.film(figure, most=6)
    assert {under == one.plan.opening for _, _, under in one.frames.values()} == {True, False}
    for a, b in one.frames:
        figure.set(a=a, b=figure.controls["b"].choices()[b])
        shown = re.sub("đã qua.*", "", figure.words)
        assert one.frames[a, b][1].startswith(shown) and np.array_equal(
            laid_over(one, (a, b)), film.rounded(figure.frame())
        )


def test_page_holds_every_frame_once(tmp_path):
    """Điều khiển nào ra điều khiển ấy; hai khung giống nhau thì chung một file."""
    figure = counter(
        k=slider(0, 1, step=0.5, value=0.5, label="k"),
        on=checkbox(True, label="Bật"),
    )
    one, files = film.film(figure), {}
    page = Tags(lesson_page.live_figure("numbers", one, "bai", files))
    found = [attrs for tag, attrs in page.found if tag in {"input", "select"}]
    assert [attrs["type"] for attrs in found] == ["range", "checkbox"] and "checked" in found[1]
    data = json.loads(page.text[page.text.index('{"axes"') :])
    assert data["axes"] == [["0.0", "0.5", "1.0"], ["tắt", "bật"]] and data["opening"] == [1, 1]
    assert set(data["frames"]) == {f"{k},{on}" for k in range(3) for on in range(2)}
    sources = {frame[1] for frame in data["frames"].values() if len(frame) > 1}
    assert sources == set(files) - {"bai/numbers.webp"} and len(set(files.values())) == len(files)


def test_heavy_lesson_gets_fewer_frames_or_stops_with_an_explanation(tmp_path, monkeypatch):
    figure = counter(k=slider(0, 59, step=1, value=30, label="k"))
    monkeypatch.setattr(static_site, "running", lambda cells: _given({"numbers": figure}))
    monkeypatch.setattr(
        static_site, "lesson_files", lambda lesson, films: {"bai.html": b" " * films["numbers"].weight()}
    )
    whole = film.film(figure)
    monkeypatch.setattr(static_site, "LIMIT", whole.weight() * 0.6)
    assert "numbers 31" in static_site.write_lesson(LESSONS[0], tmp_path), "nấc 0, 2, 4, …, 58 và nấc cuối"
    monkeypatch.setattr(static_site, "LIMIT", 10)
    with pytest.raises(SystemExit, match="quá 0 MB, dù mỗi hình chỉ còn chừng 32 khung(?s:.)*Cách sửa"):
        static_site.write_lesson(LESSONS[0], tmp_path)


class _given:
    def __init__(self, figures):
        self.figures = figures

    def __enter__(self):
        return self.figures

    def __exit__(self, *_):
        pass
