"""Ký hiệu và khái niệm của cả khóa học: mỗi chữ một nghĩa, không thứ gì dùng trước bài đưa nó ra.

Hai bảng, người học cũng đọc được: phụ lục ký hiệu ở cuối bài 00, và cột ``introduced`` của ``notebooks/glossary.csv``.
"""

import csv
import re

import jupytext
import pytest

from tests.test_notebooks import formulas, slide
from tools.lessons import NOTEBOOKS, every

NUMBERS = [lesson.number.replace("_", ".") for lesson in every()]
NOTATION = every()[0].source
GLOSSARY = NOTEBOOKS / "glossary.csv"


def prose(lesson):
    """Chữ mà người học đọc ở một bài: không có ô đầu, ghi chú cho người dạy, code, phụ lục."""
    cells = jupytext.read(lesson.source).cells[1:]
    texts = [cell.source for cell in cells if cell.cell_type == "markdown" and slide(cell) != "notes"]
    text = re.sub(r"^## Phụ lục: ký hiệu.*", "", "\n\n".join(texts), flags=re.M | re.S)
    return re.sub(r"```.*?```|`[^`\n]*`", "", text, flags=re.S)


PROSE = {number: prose(lesson) for number, lesson in zip(NUMBERS, every())}


# --- Ký hiệu ---------------------------------------------------------------------------------------------------------

ACCENTS = {r"\hat", r"\bar", r"\tilde", r"\mathcal", r"\mathbb", r"\mathbf"}
KNOWN = set(  # phép toán ai học hết phổ thông cũng đọc được, và những lệnh chỉ để dàn trang
    r"""\frac \tfrac \sqrt \sum \log \max \min \sin \cos \infty \times \cdot \pm \le \ge \ne \approx \in \to \dots
    \Rightarrow \Longrightarrow \iff \lvert \rvert \rVert \rfloor \left \right \big \Big \bigl \bigr \Bigl \Bigr \quad \qquad
    \underbrace""".split()
)
WORDS = r"\\(?:text|operatorname|mathrm|begin|end)\{[^}]*\}"


def tokens(formula):
    """Công thức thành từng mảnh: lệnh TeX, chữ cái, dấu; chữ viết trong ``\\text``, ngoặc nhọn, khoảng trắng thì bỏ."""
    return re.findall(r"\\[A-Za-z]+|\\.|[^\s{}]", re.sub(WORDS, " ", formula))


def symbols(formula, names):
    """Các ký hiệu của một công thức; tên trong ``names`` dài nhất được nhận trước.

    >>> sorted(symbols(r"\\hat p_i = \\frac{TP}{n}", {("T", "P")}))
    ['TP', '\\\\hat p', 'i', 'n']
    """
    found, parts = set(), tokens(formula)
    while parts:
        longest = max((name for name in names if tuple(parts[: len(name)]) == name), key=len, default=())
        size = len(longest) or (2 if parts[0] in ACCENTS else 1)
        one = parts[:size]
        if longest or one[0] not in KNOWN and re.match(r"\\?[A-Za-z]", one[0]):
            found.add(spelled(one))
        parts = parts[size:]
    return found


def spelled(parts):
    text = ""
    for part in parts:
        text += f" {part}" if part.isalpha() and re.search(r"\\[A-Za-z]+$", text) else part
    return text


def table(heading):
    """Các hàng của bảng dưới một đề mục, mỗi hàng là một danh sách ô."""
    text = re.search(rf"^##+ {heading}\n(.*?)(?=^#|\Z)", NOTATION.read_text(encoding="utf-8"), re.M | re.S)[1]
    rows = [line.strip("|").split(" | ") for line in text.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row] for row in rows[2:]]


def name(latex):
    """Một cách viết cho mỗi ký hiệu: ``$\\hat{p}$`` và ``$\\hat p$`` là một."""
    return spelled(tokens(latex.strip("$`")))


MEANS = {name(latex): lessons.split(", ") for latex, _, lessons in table("Phụ lục: ký hiệu của cả khóa học")}
SECOND = [
    (name(latex), number, meaning, seen.strip("$")) for latex, number, meaning, seen in table("Chữ còn hai nghĩa")
]
NAMES = {tuple(tokens(one)) for one in [*MEANS, *(row[0] for row in SECOND)]}
USED = {number: {} for number in NUMBERS}
for _number, _text in PROSE.items():
    for _formula in formulas(_text):
        for _symbol in symbols(_formula, NAMES):
            USED[_number].setdefault(_symbol, []).append(_formula)


def test_every_symbol_is_in_the_table():
    pending = {(symbol, number) for symbol, number, *_ in SECOND}
    missing = [
        f"bài {number}: {symbol}, như trong {where[0]!r}"
        for number, found in USED.items()
        for symbol, where in found.items()
        if number not in MEANS.get(symbol, []) and (symbol, number) not in pending
    ]
    assert not missing, (
        "cùng nghĩa như trong phụ lục của bài 00 thì ghi thêm số của bài vào hàng ấy; nghĩa khác thì chọn chữ khác:\n"
        + "\n".join(missing)
    )


def test_the_table_has_no_stale_row():
    rows = [(symbol, number) for symbol, lessons in MEANS.items() for number in lessons]
    stale = [f"{symbol} ở bài {number}" for symbol, number in rows if symbol not in USED[number]]
    bare = lambda text: re.sub(r"\s", "", text)
    for symbol, number, meaning, seen in SECOND:
        assert symbol in symbols(seen, NAMES), f"{seen} không có {symbol}"
        if not any(bare(seen) in bare(formula) for formula in USED[number].get(symbol, [])):
            stale.append(f"{symbol} ở bài {number}, nghĩa {meaning}: không còn {seen}")
    assert not stale, "\n".join(stale)
    assert len(SECOND) <= 25, "bảng Chữ còn hai nghĩa chỉ được ngắn đi: bỏ hàng nào thì hạ con số này"


def test_the_table_is_in_order():
    assert len(MEANS) == len(table("Phụ lục: ký hiệu của cả khóa học")), "mỗi ký hiệu một hàng"
    assert all(lessons == sorted(lessons, key=NUMBERS.index) for lessons in MEANS.values())
    first = [NUMBERS.index(lessons[0]) for lessons in MEANS.values()]
    assert first == sorted(first), "hàng nào trước, bài ấy trước"


@pytest.mark.parametrize(
    "formula, found",
    [
        (r"\hat{p}_k = \frac{e^{z_k/T}}{\sum_j e^{z_j/T}}", {r"\hat p", "k", "e", "z", "T", "j"}),
        (r"\mathcal L_{\text{train}} \ll \operatorname{Var}(f^*)", {r"\mathcal L", r"\ll", "f^*"}),
        (r"\begin{aligned} f^2 &= 0\end{aligned}", {"f"}),
        (r"TPR + R^{2}", {"TPR", "R^2"}),
    ],
)
def test_symbols_of_a_formula(formula, found):
    assert symbols(formula, {tuple("f^*"), tuple("TPR"), tuple("R^2")}) == found


# --- Khái niệm ---------------------------------------------------------------------------------------------------------


def terms(row):
    """Các cách viết của một khái niệm: hai bên dấu gạch chéo, và tên viết tắt trong ngoặc.

    >>> terms({"vi": "sai số bình phương trung bình (MSE)"}), terms({"vi": "softmax / sigmoid"}), terms({"vi": "fold (phần)"})
    (['sai số bình phương trung bình', 'MSE'], ['softmax', 'sigmoid'], ['fold'])
    """
    inside = [found for found in re.findall(r"\(([^)]*)\)", row["vi"]) if found != found.lower()]
    return [part.strip() for part in re.sub(r"\([^)]*\)", "", row["vi"]).split(" / ")] + inside


ROWS = [row for row in csv.DictReader(GLOSSARY.read_text(encoding="utf-8").splitlines()) if row["introduced"]]
HOME = {term: row["introduced"].partition("#")[0] for row in ROWS for term in terms(row)}


def first_uses(prose):
    """Câu đầu tiên của mỗi bài dùng mỗi khái niệm; "hiệu chỉnh độ chệch" không phải là "độ chệch".

    Câu hẹn đến bài đưa ra khái niệm (*bài 05*, *mục 5*, một liên kết) thì không tính.
    """
    found = {}
    for number, text in prose.items():
        plain = re.sub(r"\$\$.+?\$\$|\$[^$]+\$", "x", text, flags=re.S)
        for sentence in re.split(r"\n|(?<=[.?]) ", plain):
            rest = sentence
            for term in sorted(HOME, key=len, reverse=True):
                pattern = rf"(?i)(?<!\w){re.escape(term)}(?!\w)"
                if re.search(pattern, rest) and not points_to(sentence, HOME[term]):
                    found.setdefault((number, term), sentence)
                rest = re.sub(pattern, "", rest)
    return found


def points_to(sentence, number):
    short = number.removeprefix("0")
    file = number.replace(".", "_")
    return bool(re.search(rf"(?i)\b(?:bài|mục) (?:{number}|{short})(?!\.?\d)|\b{number} ·|\]\({file}_", sentence))


USES = first_uses(PROSE)


def test_no_concept_is_used_before_its_lesson():
    early = {key: sentence for key, sentence in USES.items() if NUMBERS.index(key[0]) < NUMBERS.index(HOME[key[1]])}
    told = [f"bài {number}: {term} (bài {HOME[term]}): {sentence}" for (number, term), sentence in early.items()]
    assert not told, "giảng ngay tại chỗ thì đổi cột introduced, không thì hẹn *bài …*:\n" + "\n".join(sorted(told))


def test_every_concept_has_its_section():
    homeless, lost = set(), []
    for row in ROWS:
        number, _, heading = row["introduced"].partition("#")
        if heading:
            found = re.search(rf"^#+ {re.escape(heading)}\n.*?(?=^#|\Z)", PROSE[number], re.M | re.S)
            if not found or not any(term.lower() in found[0].lower() for term in terms(row)):
                lost.append(f"{terms(row)[0]}: bài {number} không có mục {heading!r} nói đến khái niệm này")
        else:
            homeless.add(terms(row)[0])
    assert not lost, "\n".join(lost)
    assert not homeless, "khái niệm nào cũng cần một mục của một bài, ghi ở cột introduced"


@pytest.mark.parametrize(
    "sentence, found",
    [
        ("Ta dùng xác thực chéo.", {"xác thực chéo"}),
        ("Ít dữ liệu thì dùng xác thực chéo (mục 5).", set()),
        ("**Bài tiếp theo:** [05 · Đánh giá](05_danh_gia_thuc_nghiem.ipynb): xác thực chéo.", set()),
        ("Xem bài 05.1 về xác thực chéo.", {"xác thực chéo"}),
        ("Hiệu chỉnh độ chệch của Adam.", {"hiệu chỉnh độ chệch", "Adam"}),
        ("Dùng hồi quy logistic, hạ MSE.", {"hồi quy logistic", "MSE"}),
    ],
)
def test_first_uses(sentence, found):
    assert {term for _, term in first_uses({"04.2": sentence})} == found
