"""Câu hỏi: phương án nào cũng có phản hồi, HTML dùng được ở mọi nơi, con số trong phản hồi là con số tính ra được."""

import importlib
import math
import pkgutil
import re
import unicodedata
from html.parser import HTMLParser
from pathlib import Path

import pytest

from mlcourse import exercises
from mlcourse.quiz import Option, Question, Quiz, Text, paragraphs, question, rich
from tests.helpers.vietnamese import check_vietnamese

NOTEBOOKS = Path(__file__).parent.parent / "notebooks" / "src"
LESSONS = {
    name: importlib.import_module(f"mlcourse.exercises.{name}")
    for _, name, _ in pkgutil.iter_modules(exercises.__path__)
    if name.startswith("lesson_")
}
QUESTIONS = {
    f"{module}.{name}": value
    for module, lesson in LESSONS.items()
    for name, value in vars(lesson).items()
    if isinstance(value, Question)
}


def of_lesson(module):
    return [name for name in QUESTIONS if name.startswith(module + ".")]


# --- HTML có lành không (test_exercises cũng dùng) -----------------------------------------------------------------

ALLOWED = {
    "div": {"lang", "style"},
    "p": {"style"},
    "strong": set(),
    "em": set(),
    "code": set(),
    "pre": {"style"},
    "details": {"style"},
    "summary": {"style"},
    "a": {"href"},
}


class _Parser(HTMLParser):
    def __init__(self):
        super().__init__()
        self.open, self.tags, self.text = [], [], []

    def handle_starttag(self, tag, attrs):
        assert set(dict(attrs)) <= ALLOWED[tag], (tag, attrs)
        style = dict(attrs).get("style", "")
        assert "background" not in style and "url" not in style and not re.search(r"(?<![-\w])color:", style), style
        self.open.append(tag)
        self.tags.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text.append(data)


def check_html(html):
    """Các thẻ theo thứ tự; báo lỗi khi thẻ không khớp nhau, thẻ lạ, thuộc tính lạ, màu cố định, tài nguyên ở ngoài."""
    parser = _Parser()
    parser.feed(html)
    parser.close()
    assert parser.open == [] and "$" not in html and "http" not in html
    return parser.tags


def text_of(html):
    parser = _Parser()
    parser.feed(html)
    return "".join(parser.text).strip()


# --- Câu hỏi --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("module", LESSONS)
def test_the_lesson_asks_every_question_once_from_opening_to_closing(module):
    names = [name.split(".")[1] for name in of_lesson(module)]
    assert names[0] == "opening" and names[-1] == "closing" and len(names) >= 4
    (source,) = NOTEBOOKS.glob(f"{module.removeprefix('lesson_')}_*.md")
    asked = re.findall(r"^lesson\.(\w+)$", source.read_text(encoding="utf-8"), re.M)
    assert sorted(asked) == sorted(names)


@pytest.mark.parametrize("name", QUESTIONS)
def test_every_option_teaches(name):
    asked = QUESTIONS[name]
    assert 3 <= len(asked.options) <= 4
    assert sum(option.correct for option in asked.options) == 1
    assert all(len(option.feedback) > 60 for option in asked.options)
    feedback = [option.feedback for option in asked.options]
    assert len(set(feedback)) == len(feedback)
    for part in [asked.prompt, *(text for option in asked.options for text in (option.text, option.feedback))]:
        check_vietnamese(part)


def right(name):
    return next(i for i, option in enumerate(QUESTIONS[name].options) if option.correct)


@pytest.mark.parametrize("module", LESSONS)
def test_right_answers_are_not_always_at_the_same_place(module):
    places = [right(name) for name in of_lesson(module)]
    assert len(set(places)) >= 3 and max(map(places.count, places)) <= len(places) // 2


@pytest.mark.parametrize("extreme", [max, min], ids=["longest", "shortest"])
def test_the_right_option_is_not_known_by_its_length(extreme):
    """Chọn phương án dài nhất, hay ngắn nhất, không được hơn đoán bừa: nhiều nhất 35% số câu hỏi của cả khóa học."""
    lengths = {name: [len(option.text) for option in QUESTIONS[name].options] for name in QUESTIONS}
    told = [name for name, sizes in lengths.items() if sizes[right(name)] == extreme(sizes)]
    told.sort(key=lambda name: -abs(lengths[name][right(name)] - sum(lengths[name]) / len(lengths[name])))
    worst = [f"{name} {'abcd'[right(name)]} {lengths[name]}" for name in told[:8]]
    assert len(told) <= 0.35 * len(QUESTIONS), f"{len(told)} trên {len(QUESTIONS)} câu; lộ nhất: {worst}"


@pytest.mark.parametrize("size", [3, 4])
def test_the_right_option_stands_everywhere(size):
    """Mỗi chữ cái giữ từ 0.6 đến 1.4 phần đều: với bốn phương án là từ 15% đến 35%."""
    places = ["abcd"[right(name)] for name in QUESTIONS if len(QUESTIONS[name].options) == size]
    count = {letter: places.count(letter) for letter in "abcd"[:size]}
    fair = len(places) / size
    assert all(0.6 * fair <= n <= 1.4 * fair for n in count.values()), f"{size} phương án: {count}"


@pytest.mark.parametrize("name", QUESTIONS)
def test_html(name):
    asked = QUESTIONS[name]
    html = asked._repr_html_()
    tags = check_html(html)
    assert tags.count("details") == tags.count("summary") == len(asked.options)
    shown = text_of(html)
    for option in asked.options:
        assert text_of(paragraphs(option.feedback)) in shown
    assert shown.count("✓ Đúng.") == 1 and shown.count("✗ Chưa đúng.") == len(asked.options) - 1


@pytest.mark.parametrize("name", QUESTIONS)
def test_plain_text_keeps_the_answers_back(name):
    asked = QUESTIONS[name]
    assert asked.prompt in repr(asked)
    for letter, option in asked.lettered().items():
        assert f"({letter}) {option.text}" in repr(asked)
        assert option.feedback not in repr(asked)
        assert repr(asked.choose(letter)).endswith(option.feedback)
        assert ("✓ Đúng." in asked.choose(letter)) == option.correct
    assert "✓" not in repr(asked) and "✗" not in repr(asked)


def test_text_is_escaped_and_code_is_marked():
    assert rich("a < b & `x <= 1`") == "a &lt; b &amp; <code>x &lt;= 1</code>"
    assert isinstance(Text("a"), str) and repr(Text("a\nb")) == "a\nb"


ASKED = "1 + 2 = ?\n(x) 3\n    Vì 1 + 2 = 3.\n( ) 4\n    Đếm lại: 1 + 2 = 3.\n"


def test_a_question_is_read_from_its_text():
    small = question(
        "\n  1 + 2\n  = ?\n\n  ( ) 4\n    Đếm *lại*:\n      1 + 2 = 3.\n\n  (x) `3`\n    Vì 1 + 2 = 3.\n  "
    )
    assert small.prompt == "1 + 2 = ?"
    assert small.options == (("4", False, "Đếm *lại*: 1 + 2 = 3."), ("`3`", True, "Vì 1 + 2 = 3."))
    assert [type(option) for option in small.options] == [Option, Option]


@pytest.mark.parametrize(
    "old, new, words",
    [
        ("1 + 2 = ?\n", "", "câu hỏi trống"),
        ("( ) 4\n    Đếm lại: 1 + 2 = 3.\n", "", "'1 \\+ 2 = \\?' có 1 phương án, 1 phương án \\(x\\)"),
        ("(x)", "( )", "có 2 phương án, 0 phương án"),
        ("( )", "(x)", "có 2 phương án, 2 phương án"),
        ("    Đếm lại: 1 + 2 = 3.\n", "", "dòng 4, '4': đúng hay sai cũng cần phản hồi"),
        ("    Đếm", "Đếm", "dòng 5, 'Đếm lại: 1 \\+ 2 = 3.': phản hồi cần lùi vào"),
        ("( ) 4", "() 4", r"dòng 4, '\(\) 4': phương án cần ở đầu dòng, mở bằng \( \) hay \(x\)"),
        ("(x) 3", "(X) 3", r"dòng 2, '\(X\) 3': phương án cần ở đầu dòng"),
        ("( ) 4", "  ( ) 4", r"dòng 4, '\( \) 4': phương án cần ở đầu dòng"),
        ("(x) 3", "(x)3", r"dòng 2, '\(x\)3': phương án cần ở đầu dòng"),
    ],
)
def test_a_text_that_is_not_a_question_is_an_error_that_names_the_line(old, new, words):
    assert old in ASKED
    with pytest.raises(ValueError, match=words):
        question(ASKED.replace(old, new, 1))


def test_choosing_what_is_not_there():
    with pytest.raises(ValueError, match="letter cần là một trong a, b, nhưng nhận được 'c'"):
        question(ASKED).choose("c")


# --- Chấm mười hai câu của cả khóa học ------------------------------------------------------------------------------

COURSE = LESSONS["lesson_07"].course_quiz
KEY = "".join(next(letter for letter, o in asked.lettered().items() if o.correct) for asked in COURSE.places)


def test_the_course_quiz_has_the_questions_of_its_section_in_order():
    source = (NOTEBOOKS / "07_ket_luan.md").read_text(encoding="utf-8")
    names = re.findall(r"^lesson\.(quiz_\w+)$", source, re.M)
    assert [getattr(LESSONS["lesson_07"], name) for name in names] == list(COURSE.places)
    assert [asked.prompt.split(".")[0] for asked in COURSE.places] == [str(i) for i in range(1, 13)]
    assert source.index("lesson.course_quiz.score(letters)") > source.index(f"lesson.{names[-1]}")


@pytest.mark.parametrize("place", COURSE.places.values())
def test_the_place_to_read_again_exists(place):
    lesson, _, heading = place.partition("#")
    source = (NOTEBOOKS / f"{lesson}.md").read_text(encoding="utf-8")
    assert not heading or re.search(rf"^#+ {re.escape(heading)}$", source, re.M)


def test_scores():
    assert COURSE.score(KEY).right == 12 and repr(COURSE.score(KEY)) == "Đúng 12/12 câu."
    for forgiven in (KEY.upper(), f" {' '.join(KEY)}\n", ", ".join(KEY), list(KEY), KEY[:4] + ". " + KEY[4:]):
        assert COURSE.score(forgiven) == COURSE.score(KEY)
    third = "a" if KEY[2] != "a" else "b"
    almost = COURSE.score(KEY[:2] + third + KEY[3:])
    assert almost.right == 11
    assert repr(almost).splitlines()[1:] == [f"  Câu 3, bạn chọn ({third}): 02.1 · Entropy chéo và phân kỳ KL"]
    html = almost._repr_html_()
    check_html(html)
    assert '<a href="02_1_ham_mat_mat.ipynb#Entropy-chéo-và-phân-kỳ-KL">02.1 · Entropy chéo và phân kỳ KL</a>' in html
    assert text_of(html).startswith("Đúng 11/12 câu. Đọc lại:")
    check_vietnamese(text_of(html))


def test_a_place_may_be_a_whole_lesson():
    score = Quiz({question(ASKED): "05_danh_gia_thuc_nghiem"}).score("b")
    assert repr(score) == "Đúng 0/1 câu. Đọc lại:\n  Câu 1, bạn chọn (b): bài 05"
    assert '<a href="05_danh_gia_thuc_nghiem.ipynb">bài 05</a>' in score._repr_html_()


def test_a_question_to_revise_does_not_ask_for_a_guess():
    revised = question(ASKED, guess=False)
    assert "đoán" not in repr(revised) + revised._repr_html_() and "Hãy đoán trước." in question(ASKED)._repr_html_()
    assert not any("Hãy đoán" in asked._repr_html_() for asked in COURSE.places)


@pytest.mark.parametrize("blank", [None, ..., "", " ", "...", []])
def test_an_empty_answer_is_not_done(blank):
    assert COURSE.score(blank).right is None
    assert "○ Chưa làm." in repr(COURSE.score(blank)) and "12 chữ cái" in COURSE.score(blank)._repr_html_()


@pytest.mark.parametrize(
    "answers, words",
    [
        (KEY[:-1], f"cần 12 chữ cái, mỗi câu một chữ, mà nhận được 11: '{KEY[:-1]}'"),
        (KEY + "a", "mà nhận được 13"),
        ("ê" + KEY[1:], "câu 1 chỉ có các phương án a, b, c, không có 'ê'"),
        (unicodedata.normalize("NFD", "ê") + KEY[1:], "câu 1 chỉ có các phương án a, b, c, không có 'ê'"),
        (42, "mà nhận được 2: '42'"),
        ([*KEY[:-1], ...], "mà nhận được 11"),
    ],
)
def test_answers_that_cannot_be_scored(answers, words):
    with pytest.raises(ValueError, match=words):
        COURSE.score(answers)


# --- Con số trong các phản hồi; của các bài ấn bản hai thì ở tests/claims ---------------------------------------------


def test_numbers_of_the_other_lessons():
    told = {name: repr(asked) + str(asked.options) for name, asked in QUESTIONS.items()}
    for spread, r2 in {80: 0.61, 55: 0.17}.items():
        assert round(1 - 50**2 / spread**2, 2) == r2 and f"{r2}" in told["lesson_04_2.narrow_range"]
    assert f"{-math.log(0.25):.3f} nat" == "1.386 nat" and "1.386 nat" in told["lesson_07.quiz_cross_entropy"]
