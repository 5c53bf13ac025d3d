"""Trang của lớp: con số nào cũng đúng, chữ của người học không thành lệnh, và bản để chiếu không để lộ tên ai."""

import ast
import csv
import doctest
import html
import re
from collections import Counter
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlcourse import plots, progress
from tests.helpers.class_results import graded, invented, submission
from tests.helpers.vietnamese import prose_faults
from tools.classroom import anonymous, page
from tools.classroom.anonymous import Mask, bare, clean, fold
from tools.lessons import every

FOUR = "four_scores"
SWAPPED, HALF = "precision và recall đã đổi chỗ cho nhau", "F1 thiếu số 2"
WHY = "FP nằm trong số bị báo, nên thuộc về precision; FN nằm trong số dương thật, nên thuộc về recall. Thứ tự trả về cũng cần là precision trước, recall sau."
HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</title></style></script><b>An",
    "{{ 7 * 7 }}",
    '=HYPERLINK("http://x")',
    "\u202eoạT mãL\u200b",
    "dài " * 400,
    "dàilắm" * 400,
    "\ud800\x00\x1b[0m",
    "",
    "An\nBình\tChâu",
]


def text(source):
    """Chữ mà người ta đọc trên trang."""
    body = re.sub(r"<(style|script)>.*?</\1>|<title>.*?</title>", "", source, flags=re.S)
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", body)).split())


def written(results, folder):
    page.write(results, folder)
    return tuple((folder / name).read_text(encoding="utf-8") for name in ("index.html", "chieu.html"))


def rows(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def article(source, title):
    """Phần của một bài tập trên trang, từ đề mục đến hết khung."""
    found = re.search(rf'<article[^>]*>\s*<h4 id="[^"]*">{re.escape(title)}</h4>.*?</article>', source, re.S)
    return text(found[0])


@pytest.mark.parametrize("module", [anonymous, page])
def test_doctests(module):
    assert doctest.testmod(module).failed == 0


# --- Con số -----------------------------------------------------------------------------------------------------------


def test_counts_and_their_denominators(tmp_path):
    right, swapped = graded("đúng"), graded("sai", SWAPPED, f"def {FOUR}(tp, fp, fn, tn): return fp, tp")
    done = [right] * 12 + [swapped] * 7 + [graded("sai")] * 2 + [graded("chưa làm")] * 2 + [graded("không chạy được")]
    source, shown = written([submission(f"Người thứ {i}", **{FOUR: one}) for i, one in enumerate(done)], tmp_path)
    for each in (source, shown):
        told = article(each, "Bài tập 1: bốn chỉ số từ bốn con số")
        assert "Đúng: 12 trên 24 người đã nộp (50%); 22 người đã làm." in told
        assert f"a. {SWAPPED} {WHY} 7 trên 24 người đã nộp (29%)" in told
        assert "Sai mà chưa rõ lỗi, mỗi người một cách 2 trên 24 người đã nộp (8%)" in told
        assert "Không chạy được 1 trên 24 người đã nộp (4%)" in told
        assert "Dạy lại: mục Hai câu hỏi khác nhau: precision và recall . Gần đó, trước bài tập:" in told
        assert "F1: trung bình điều hòa" in told and "Câu hỏi mở đầu" not in told
        assert f"{SWAPPED}: 7 trên 24 người (29%), ở Bài tập 1" in text(each)
        chart = "✓ 12 đúng (50%), ✗ 7 mắc lỗi có tên (29%), ? 2 sai mà chưa rõ lỗi (8%), ○ 2 chưa làm (8%), ! 1 không chạy được (4%)."
        assert f"Trên 24 người đã nộp: {chart}" in text(each)
    assert "12 trên 24" in text(source)  # tổng ở góc bảng
    section = "Hai câu hỏi khác nhau: precision và recall"
    assert rows(tmp_path / "loi.csv")[1:] == [
        ["04.1 · Đánh giá phân loại", "1", "bốn chỉ số từ bốn con số", name, count, "24", section]
        for name, count in ((SWAPPED, "7"), ("Sai mà chưa rõ lỗi, mỗi người một cách", "2"), ("Không chạy được", "1"))
    ]


def test_why_it_did_not_run_and_why_it_is_wrong(tmp_path):
    """Mỗi lý do một dòng; kernel chết thì không chiếu code, vì có khi đó là lời giải đúng."""
    code = f"def {FOUR}(tp, fp, fn, tn):\n    return 1"
    failed = lambda why: graded("không chạy được", why, code, why)
    done = [failed("ô dừng: SyntaxError"), failed("kernel chết giữa chừng"), failed("kernel chết giữa chừng")]
    done.append(graded("sai", "", code, "kết quả chưa đúng: hàm trả về 'Lê Văn Bốn', cần 0.5."))
    written(
        [submission(f"Lê Văn {name}", **{FOUR: one}) for name, one in zip(("Hai", "Ba", "Tư", "Bốn"), done)], tmp_path
    )
    shown = (tmp_path / "chieu.html").read_text(encoding="utf-8")
    told = article(shown, "Bài tập 1: bốn chỉ số từ bốn con số")
    assert (
        "Không chạy được: kernel chết giữa chừng 2 trên 4" in told
        and "Không chạy được: ô dừng: SyntaxError 1 trên 4" in told
    )
    assert "Kết quả chưa đúng: hàm trả về '•••', cần 0.5." in told and told.count("return 1") == 2
    assert ["không chạy được", "kernel chết giữa chừng"] in [one[8:10] for one in rows(tmp_path / "diem.csv")]


def test_the_unnamed_are_grouped_by_what_was_said_and_the_course_keeps_its_words(tmp_path):
    same = graded("sai", "", "x = 1", "kết quả chưa đúng ở trường hợp thường: hàm trả về 'thuong', `Thuong` cần 0.5.")
    other = graded("sai", "", "y", "hàm trả về chuỗi")
    both = graded("sai", SWAPPED, "z", f"{WHY} {page.ANOTHER}: sửa xong lỗi này, hãy chấm lại.")
    done = [same, same, same, other, graded("sai", "", "", "hàm trả về None"), both, both]
    names = ["Lê Thương", "Trần Hàm", "Trương Kết", "Nguyễn Đúng", "Phạm Trả", "Vũ Chưa", "Lý Quả"]
    for each in written([submission(name, **{FOUR: one}) for name, one in zip(names, done)], tmp_path):
        told = article(each, "Bài tập 1: bốn chỉ số từ bốn con số")
        said = "Kết quả chưa đúng ở trường hợp thường: hàm trả về '•••', ••• cần 0.5."
        assert f"Sai mà chưa rõ lỗi {said} 3 trên 7" in told
        assert (
            "mỗi người một cách Hàm trả về chuỗi / hàm trả về None 2 trên 7" in told and "2 người trong số ấy" in told
        )
        common = text(re.search(r'<ol class="common">.*?</ol>', each, re.S)[0])
        assert common.index(f"Sai mà chưa rõ lỗi ({said}): 3 trên 7") < common.index(f"{SWAPPED}: 2 trên 7")
        assert "mỗi người một cách" not in common


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(list(page.STATUSES)), st.sampled_from(["", SWAPPED, HALF, "lạ"])),
        min_size=1,
        max_size=30,
    )
)
def test_totals_add_up(done):
    lesson = next(lesson for lesson in every() if lesson.number == "04_1")
    entries = [graded(status, mistake * (status == "sai")) for status, mistake in done]
    submitted = [submission(str(i), **{FOUR: entry}) for i, entry in enumerate(entries)]
    (column,) = page.part(lesson, submitted, progress.every()["04_1"][1], Mask([]), set())["columns"]
    counts = column["counts"]
    assert sum(counts.values()) == len(done) and column["tried"] == len(done) - counts["none"]
    groups = Counter()
    for group in column["groups"]:
        groups[group["kind"]] += group["count"]
    assert groups == Counter({which: counts[which] for which in page.WRONG if counts[which]})
    named = [group["count"] for group in column["groups"] if group["kind"] == "named"]
    assert named == sorted(named, reverse=True)


def test_a_row_of_the_table_and_of_the_csv(tmp_path):
    done = {FOUR: graded("sai", SWAPPED), "auc_by_pairs": graded("đúng"), "forgotten_class": graded("không chạy được")}
    told = {"number": "105", "when": "2026-11-28 08:00", "note": "nộp 2 lần, chấm lần cuối"}
    source, _ = written([{**submission("Lê Thị Ánh", file="bài (2).ipynb", **done), **told}], tmp_path)
    row = text(re.search(r"<tbody>.*</tbody>", source, re.S)[0])
    assert row == "Lê Thị Ánh nộp 2 lần ✗ lỗi a ✓ đúng ! không chạy 1 trên 3"
    head, body = rows(tmp_path / "diem.csv")
    assert dict(zip(head, body)) == {
        "Người học": "Lê Thị Ánh", "Mã": "105", "File": "bài (2).ipynb", "Giờ của file": "2026-11-28 08:00",
        "Bài": "04.1 · Đánh giá phân loại", "Số bài tập đúng": "1", "Số bài tập": "3", "Điểm trên 10": "3.33",
        "Ghi chú": "nộp 2 lần, chấm lần cuối", "Bài tập 1": "sai", "Lỗi ở bài tập 1": SWAPPED,
        "Bài tập 2": "đúng", "Lỗi ở bài tập 2": "", "Bài tập 3": "không chạy được", "Lỗi ở bài tập 3": "", "Cần xem tay": "",
    }  # fmt: skip
    assert (tmp_path / "diem.csv").read_bytes().startswith(b"\xef\xbb\xbf")


def test_nobody_wrong_nobody_tried_nobody_there(tmp_path):
    done = {FOUR: graded("đúng"), "auc_by_pairs": graded("chưa làm")}
    source, _ = written([submission("An", **done), submission("Bình", **{FOUR: graded("đúng")})], tmp_path)
    assert article(source, "Bài tập 1: bốn chỉ số từ bốn con số").endswith(
        "Đúng: 2 trên 2 người đã nộp (100%). Trong những người đã làm, không ai sai."
    )
    assert article(source, "Bài tập 2: AUC bằng cách đếm cặp").endswith("Chưa ai làm bài này.")
    for each in written([], tmp_path):
        assert "Chưa có bài nộp nào." in text(each) and "<table" not in each
    assert [len(rows(tmp_path / name)) for name in ("diem.csv", "loi.csv")] == [1, 1]


def test_several_lessons_in_order_and_who_is_missing(tmp_path):
    results = [submission("An", "05"), submission("Bình", "02_1"), submission("An", "02_1")]
    source, shown = written(results, tmp_path)
    assert re.findall(r'<h2 id="bai[^>]*>(.*?)</h2>', shown) == ["02.1 · Hàm mất mát", "05 · Đánh giá thực nghiệm"]
    assert "1 người đã nộp. 1 người chưa có bài này đọc được. Ai chưa có bài này Bình ." in text(source)
    assert "1 người chưa có bài này đọc được." in text(shown) and "Bình" not in text(shown)


def test_what_must_be_seen_by_hand_comes_first(tmp_path):
    trouble = "file không phải là notebook: thiếu phần cells"
    results = [
        submission("An", "", trouble, "a.docx"),
        submission("Bình", "99", file="b.ipynb"),
        submission("Chi", file="c (1).ipynb"),
        submission("Chi", file="c (2).ipynb"),
        submission("Dũng", "04_1", "hết giờ", "d.ipynb"),
    ]
    source, shown = written(results, tmp_path)
    told = text(source)
    assert told.index("Cần xem tay") < told.index("04.1 ·") and "Cần xem tay" not in text(shown)
    assert f"An , file a.docx : {trouble}" in told and "Bình , file b.ipynb : không biết là bài nào" in told
    assert told.count("hơn một file của cùng một bài") == 2 and "Dũng , file d.ipynb : hết giờ" in told
    assert "2 người đã nộp." in told  # hai file của Chi: bảng có hai hàng; file hỏng không nằm trong mẫu số
    assert [row[0] for row in rows(tmp_path / "diem.csv")[1:]] == ["Chi", "Chi", "An", "Bình", "Dũng"]


def test_unknown_status_is_refused(tmp_path):
    with pytest.raises(ValueError, match="'wrong'"):
        page.write([submission("An", **{FOUR: graded("wrong")})], tmp_path)


# --- Bài học ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lesson", every(), ids=lambda lesson: lesson.number)
def test_every_exercise_has_its_title_and_its_section(lesson):
    found = page.tasks(lesson)
    assert [task.name for task in found] == list(progress.every()[lesson.number][1])
    assert [task.number for task in found] == [str(i) for i in range(1, len(found) + 1)]
    source = lesson.source.read_text(encoding="utf-8")
    for task in found:
        above = source[: source.index(f"### Bài tập {task.number}: {task.title}")]
        main = page.MAIN.get(task.name, re.findall(r"^## (.*)", above, re.M)[-1])
        assert main == task.section and "$" not in task.title + task.section
        assert not set(task.before) - set(re.findall(r"^## (.*)", above, re.M)) and main not in task.before
        taught = above.partition(f"\n## {main}\n")[2].partition("\n## ")[0]
        assert taught and task.figure == "".join(re.findall(r"^\*\*Hình (\d+)\.", taught, re.M)[-1:])


def test_only_the_exercises_that_were_given(tmp_path):
    source, _ = written([submission("An", auc_by_ranks=graded("đúng"), cua_rieng=graded("đúng"))], tmp_path)
    assert re.findall(r"<h4[^>]*>(.*?)</h4>", source) == ["Bài tập 3: AUC bằng thứ hạng", "cua_rieng"]


# --- Chữ của người khác -----------------------------------------------------------------------------------------------


class Tags(HTMLParser):
    def __init__(self, source):
        super().__init__()
        self.tags, self.handlers = Counter(), []
        self.feed(source)

    def handle_starttag(self, tag, attrs):
        self.tags[tag] += 1
        self.handlers += [name for name, value in attrs if name.startswith("on") or name in {"src", "srcdoc", "action"}]
        self.handlers += [value for name, value in attrs if name == "href" and not value.startswith("#")]


@pytest.mark.parametrize("bad", HOSTILE, ids=range(len(HOSTILE)))
def test_nothing_that_is_handed_in_becomes_a_command(bad, tmp_path):
    entries = [graded("sai", bad, bad, bad), graded("sai", "", bad, bad), graded("không chạy được", bad, bad, bad)]
    done = dict(zip((FOUR, "auc_by_pairs", bad), entries))
    results = [submission(bad, "04_1", bad, bad, **done), submission(bad, bad, bad, bad)]
    for source in written(results, tmp_path):
        seen = Tags(source)
        assert seen.tags["script"] == seen.tags["style"] == seen.tags["title"] == 1 and seen.tags["img"] == 0
        assert seen.handlers == [] and "49" not in text(source).split()
        assert not re.search("[\u200b-\u200f\u202a-\u202e\x00\x1b]", source)
    for name in ("diem.csv", "loi.csv"):
        for row in rows(tmp_path / name):
            assert not any(value[:1] in {"=", "+", "-", "@", "\t", "\r"} for value in row)


@pytest.mark.parametrize("start", "=+-@＝")
def test_a_formula_gets_an_apostrophe(start, tmp_path):
    page.write([submission(f"\u200b {start}1+1", file=f"{start}x", **{FOUR: graded("đúng")})], tmp_path)
    assert rows(tmp_path / "diem.csv")[1][:3] == [f"'{start}1+1", "", f"'{start}x"]


def test_the_page_asks_nobody_and_remembers_nothing(tmp_path):
    for source in written(invented(3), tmp_path):
        policy = re.search(r'Content-Security-Policy" content="([^"]*)"', source)[1]
        assert "default-src 'none'" in policy and re.search(r"script-src 'sha256-[\w+/=]{44}';", policy)
        assert not re.search(r"https?:|url\(|@import|localStorage|cookie|fetch\(", source)


def test_colours_are_those_of_the_course():
    style = (page.STATIC / "class.css").read_text(encoding="utf-8")
    names = {"right": "MODEL", "named": "POSITIVE", "other": "MODEL_B", "none": "CHANCE", "failed": "THRESHOLD"}
    for which, name in names.items():
        assert re.search(rf"--{which}: (?:light-dark\()?(#\w+)", style)[1] == getattr(plots, name)


def test_the_words_are_good_vietnamese(tmp_path):
    source, shown = written(invented(12, ("04_1", "05")), tmp_path)
    bare_pages = (re.sub(r"<(pre|code)>.*?</\1>|title=\"[^\"]*\"", "", one, flags=re.S) for one in (source, shown))
    template = (page.STATIC / "class.html").read_text(encoding="utf-8")
    told = [part.strip(" .,;:?()\n") for part in re.split(r"<[^>]*>|\{[{%].*?[%}]\}", template)]
    assert len(told) > 40 and not [fault for part in told for fault in prose_faults(part)]
    assert all("None" not in text(one) for one in bare_pages)


# --- Giấu tên ---------------------------------------------------------------------------------------------------------


def test_the_example_is_the_shortest_one_and_has_no_name(tmp_path):
    head = f"def {FOUR}(tp, fp, fn, tn):\n"
    codes = {
        "Nguyễn Thị Ánh": head
        + "    # ngắn nhất nhờ bỏ lời chú này của Nguyễn Thị Ánh, dài thật dài\n    return fp, tp\n",
        "Trần Văn Bình": head + "    binh = tp\n    return fp, binh\n",
        "Lê An": head + '    """Lê An."""\n    return fp + 0, tp + 0\n',
    }
    results = [submission(name, **{FOUR: graded("sai", SWAPPED, code)}) for name, code in codes.items()]
    for source in written(results, tmp_path):
        assert re.findall(r"<pre><code>(.*?)</code>", source, re.S) == [f"{head}    return (fp, tp)"]


SPELLINGS = [
    "Nguyễn Thị Ánh", "nguyễn thị ánh", "NGUYỄN THỊ ÁNH", "Nguyen Thi Anh", "nguyen_thi_anh", "NguyenThiAnh", "nguyenthianh",
    "nguyen.thi.anh", "nguyen1thi2anh", "my_nguyenthianh_v2", "xNguyenThiAnhx", "Ánh", "ANH", "anh", "anh_1", "f_anh", "tenAnh",
    "ThiAnh", "thianh", "anhnguyen", "anhnt", "ntanh", "nta", "Anh Nguyễn", "Nguyễn\u0323 Thi\u0323 A\u0301nh", "Nguy\u200bễn Thị Ánh",
    "ｎｇｕｙｅｎ＿ｔｈｉ＿ａｎｈ",
]  # fmt: skip


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_every_spelling_of_a_name_is_masked(spelling):
    mask = Mask(["Nguyễn Thị Ánh", "Lê An", "X", ""])
    for code in (f"{spelling} = mean(x)", f"return f({spelling}, clean)", f"{spelling}"):
        seen = mask(clean(code))
        assert "•••" in seen and not re.search(r"nguyen|thi|(?<![a-z])anh|nta", fold(seen)), seen


@pytest.mark.parametrize("name", ["TRẦN QUỐC KHÁNH", "TranQuocKhanh", "TrầnQuốcKhánh", "tran_quoc_khanh"])
def test_a_name_in_capitals_or_without_spaces_is_masked(name):
    for spelling in ("khanh_loss", "KHÁNH", "tranQuocKhanh", "khanhtq", "quockhanh"):
        assert "•••" in Mask([name])(spelling), spelling


def test_names_in_the_names_of_files_are_masked_too(tmp_path):
    code = f"def {FOUR}(tp, fp, fn, tn):\n    khanh = tp\n    chau_loss = fn\n    minh, yen = fp, tn\n    return khanh, chau_loss, minh, yen"
    work = submission("sv07", file="sv07/tran_quoc_khanh_04_1.ipynb", **{FOUR: graded("sai", SWAPPED, code)})
    files = [
        "Bài 4_sv08_attempt_2026-11-28-21-05-09_ĐỗThịChâu.ipynb",
        "sv09/nháp của Minh.ipynb",
        "sv7_12345_67890_04_1_Lê Yến.pdf",
    ]
    page.write([work], tmp_path, files=files)
    shown = re.search(r"<pre><code>(.*?)</code>", (tmp_path / "chieu.html").read_text(encoding="utf-8"), re.S)[1]
    assert not re.search("khanh|chau|minh|yen", shown) and "_loss" in shown and "(tp, fp, fn, tn)" in shown


def test_every_code_is_masked_and_words_of_the_lesson_are_not(tmp_path):
    ours = "import numpy\n    train_test_split(auc, learning_rate)"
    code = f"def {FOUR}(tp, fp, fn, tn):\n    {ours}\n    return (hoalt, 123456, 654321, 777888, x_an_nv)"
    work = submission("Lê An", file="04_1_auc.ipynb", **{FOUR: graded("sai", SWAPPED, code)})
    kept = '[["Lê An", "777888", "an.nv"], ["Lê Ba", "k1", "hoalt"]]'
    (tmp_path / "danh_sach.json").write_text(kept, encoding="utf-8")
    files = ["04_1 numpy.ipynb", "sv01/04_1 test train.ipynb", "04_1 learning.ipynb"]
    page.write([{**work, "number": "123456"}], tmp_path, [("Lê An", "654321")], files)
    shown = re.search(r"<pre><code>(.*?)</code>", (tmp_path / "chieu.html").read_text(encoding="utf-8"), re.S)[1]
    assert ours in shown and not re.search("hoalt|123456|654321|777888|an_nv", shown)


def test_who_is_on_the_list_and_has_no_work_is_told(tmp_path):
    listed = [("Lê An", "101"), ("Lê Ba", "102"), ("Lê Chi", "103"), ("Trần Tú (104)", "104"), ("Trần Tú (105)", "105")]
    done = [
        {**submission("Lê An", **{FOUR: graded("đúng")}), "code": "101"},
        submission("Trần Tú", **{FOUR: graded("đúng")}),
    ]
    done.append({**submission("Lê Do + Lê Em", **{FOUR: graded("đúng")}), "maybe": ["Lê Do", "Lê Em"]})
    listed += [("Lê Do", "106"), ("Lê Em", "107")]
    page.write([*done, submission("Lê Ba", "", "file hỏng")], tmp_path, listed)
    told = {row[0]: (row[1], row[4], row[5:8], row[-2]) for row in rows(tmp_path / "diem.csv")[1:] if row[4]}
    title = "04.1 · Đánh giá phân loại"
    assert told["Lê An"][:2] == ("101", title) and told["Lê Chi"] == ("103", title, ["", "", ""], "chưa nộp")
    assert told["Lê Ba"][3] == "chưa có bài đọc được" and told["Trần Tú (105)"][3] == "có bài chưa rõ là của ai"
    assert told["Lê Do"][3] == told["Lê Em"][3] == "có bài chưa rõ là của ai"
    missing = re.search(r"Ai chưa có bài này (.*?) \.", text((tmp_path / "index.html").read_text(encoding="utf-8")))[1]
    assert set(missing.split(" , ")) == {"Lê Ba", "Lê Chi", "Lê Do", "Lê Em", "Trần Tú (104)", "Trần Tú (105)"}
    shown = (tmp_path / "chieu.html").read_text(encoding="utf-8")
    assert not [name for name, _ in listed if name in shown]


def test_a_name_without_spaces_and_a_student_number_are_masked():
    mask = Mask(["NguyenVanAn"])
    for spelling in (
        "nguyen_van_an",
        "vanan",
        "annv",
        "SE150123",
        "B21DCCN456",
        "auc_SE150123",
        "x_B21DCCN456",
        "sv123456",
        "x = 20201234",
    ):
        assert "•••" in mask(spelling), spelling
    for left in ("x1 = y2", "float64", "log1p(x10)", "a1b2c3d4", "np.float32(1e-12345)"):
        assert mask(left) == left


def test_what_is_not_a_name_is_left_alone():
    mask = Mask(["Lê An", "Trần Văn In", "Phạm Sum", "Hồ Tp", "X"])
    code = "clean = mean(x) if x in boolean else sum(tp)\nplane, scan, handle = 1_000_000, 0.1234567891, 10000000"
    assert mask(code, anonymous.PYTHON | {"tp"}) == code
    assert mask("seed = 20210345") == "seed = •••"
    assert Mask(["sv12345"])("x = 12345 + sv12345_loss") == "x = ••• + •••_loss"


@pytest.mark.parametrize(
    "code",
    [
        "def f(x):\n    'Bài của An'\n    return x  # An",
        "def f(x:\n    # An\n    return 'An",
        'x = """An\nBình',
        "x = f'{y:.2f} của An' + b'An'.decode() + '''An'''",
        'x = {"An": 1}["An"]\n"An"\nclass C:\n    """An"""',
        "x = 'don\\'t An' \"An\\\nAn\" # An 'An'",
        "if 1:\nx = 'An' # An",
        "(" * 5000 + "'An'",
        "x\x00 = 'An'",
        "'An' " * 30_000,
    ],
    ids=range(10),
)
def test_comments_docstrings_and_strings_are_stripped(code):
    assert "An" not in bare(code) and "Bình" not in bare(code)


def test_code_that_parses_still_parses():
    code = 'def f(x):\n    """Bài của An."""\n    return {"loss": x, "An": f"{x:.3f} An"}  # An'
    seen = bare(code, corpus="return {'loss': 1}")
    assert seen == "def f(x):\n    return {'loss': x, '…': f'{x:.3f}…'}" and ast.parse(seen)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=80), st.text(max_size=30))
def test_any_code_and_any_name_go_through(code, name):
    seen = Mask([name])(bare(code))
    words = anonymous.WORD.findall(fold(clean(name)))
    if len("".join(words)) >= 8:
        assert "".join(words) not in fold(seen)


def test_no_name_in_what_goes_to_the_class(tmp_path):
    results = invented(80, ("04_1", "02_1"))
    for row in results[:40]:  # tên nằm cả trong tên của lỗi, như một ngoại lệ tự đặt
        row["exercises"] = {
            **row["exercises"],
            FOUR: graded("sai", f"code dừng: {row['learner'].replace(' ', '')}Error"),
        }
    _, shown = written(results, tmp_path)
    told, run = fold(text(shown)), re.sub(r"[\W_]", "", fold(text(shown)))
    names = {row["learner"] for row in results}
    assert not [name for name in names if fold(name) in told or fold(name).replace(" ", "") in run]
    codes = " ".join(re.findall(r"<pre><code>(.*?)</code>", shown, re.S))
    given_names = {fold(name.split()[-1]) for name in names} - {"y"}
    assert codes and "Ý" not in codes and not given_names - anonymous.PYTHON & set(re.findall(r"[a-z]+", fold(codes)))
    assert ".ipynb" not in shown and not [
        name for name in names if fold(name) in fold((tmp_path / "loi.csv").read_text("utf-8"))
    ]
