"""Giấu tên: đoạn code của một người đem ra cho cả lớp xem mà không ai biết là của ai.

Lời chú và docstring bỏ đi; chuỗi nào không có sẵn trong bài học thì thay bằng ``…`` (`bare`). Tên của mọi người học, có
dấu hay không, hoa hay thường, đủ hay một phần, đảo thứ tự hay viết tắt như ``anhnt``, thay bằng ``•••`` (`Mask`); số
dài và chữ nhiều số, như mã số sinh viên, cũng thế. Tên trùng với từ khóa của Python, hay với tên có trong lời giải, thì
để yên: giấu đi thì code không đọc được nữa. Biệt danh không nằm trong tên thì máy không biết.
"""

import ast
import builtins
import itertools
import keyword
import re
import unicodedata
import warnings

HIDDEN = "•••"
PYTHON = {word.lower() for word in [*keyword.kwlist, *keyword.softkwlist, *dir(builtins)]}


def clean(text, keep=""):
    """Chữ của người khác, bỏ ký tự điều khiển, ký tự không bề rộng, dấu đổi chiều viết; khoảng trắng gộp làm một.

    >>> clean("Lê \\u202eVăn\\u200b  An\\n")
    'Lê Văn An'
    """
    text = unicodedata.normalize("NFC", str(text))
    if not keep:
        text = " ".join(text.split())
    text = "".join(c for c in text if c in keep or unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
    return text if keep else " ".join(text.split())


def fold(text):
    """Chữ thường, không dấu.

    >>> fold("Nguyễn Thị Đào")
    'nguyen thi dao'
    """
    letters = unicodedata.normalize("NFKD", text.casefold().replace("đ", "d"))
    return "".join(c for c in letters if not unicodedata.combining(c))


def humps(text):
    """Tách ở chỗ chữ thường gặp chữ hoa.

    >>> humps("NguyễnVănÁnh TRẦN QUỐC KHÁNH")
    'Nguyễn Văn Ánh TRẦN QUỐC KHÁNH'
    """
    return "".join(" " * (a.islower() and b.isupper()) + b for a, b in zip(" " + text, text))


WORD = re.compile(r"[^\W\d_]+")
LONG_NUMBER = re.compile(  # 20201234, và mã có cả chữ như SE150123, B21DCCN456
    r"(?<![\d.])(?!\d0+(?!\d))\d{7,}(?!\d|\.\d*[1-9])|(?<![^\W_])[^\W\d_]+(?:[^\W\d_]*\d){5}[^\W_]*"
)


class Mask:
    """Thay tên của mọi người trong ``names`` bằng ``•••``, ở đâu trong chữ cũng thế; chữ trong ``kept`` để yên.

    >>> Mask(["Nguyễn Thị Ánh"])("anh_loss = nguyenThiAnh(mean, ANHNT)")
    '•••_loss = •••(mean, •••)'
    """

    def __init__(self, names):
        self.letters = {
            word for name in names for word in name.casefold().split() if len(word) == 1 and word != fold(word)
        }
        numbers = {number for name in names for number in re.findall(r"\d{4,}", name)}  # như mã số trong sv123456
        self.numbers = re.compile("|".join(sorted(numbers, key=len, reverse=True)) or r"(?!)")
        names = [WORD.findall(fold(humps(name)))[:12] for name in names]  # NguyenVanAn là ba chữ
        whole = {r"[\W_\d]*".join(words) for words in names if len("".join(words)) >= 8}
        self.whole = re.compile("|".join(sorted(whole, key=len, reverse=True)) or r"(?!)")
        self.forms = {form for words in names if words for form in self._forms(words) if len(form) > 1}

    @staticmethod
    def _forms(words):
        initials, few = "".join(word[0] for word in words[:-1]), words[:4] + words[4:][-1:]
        yield from words
        yield from ("".join(some) for k in range(2, len(few) + 1) for some in itertools.permutations(few, k))
        yield from (words[-1] + initials, initials + words[-1])
        if len(words) > 2:
            yield initials + words[-1][0]

    def __call__(self, text, kept=frozenset()):
        text = LONG_NUMBER.sub(lambda number: number[0] if number[0] in kept else HIDDEN, text)
        text = self.numbers.sub(HIDDEN, text)
        letters = [(letter, i) for i, char in enumerate(text) for letter in fold(char)]
        humps = [  # như ``letters``, tách thêm ở chữ hoa: tenAnh là hai chữ
            pair for letter, i in letters for pair in [(" ", i)] * (text[i].isupper() and text[i - 1 : i].islower())
            + [(letter, i)]
        ]  # fmt: skip
        forms = self.forms - kept
        hidden = {
            word.start() for word in WORD.finditer(text) if word[0].casefold() in self.letters
        }  # Ý, Ỷ: một chữ, có dấu
        for spelled in (letters, humps):
            folded = "".join(letter for letter, _ in spelled)
            words = (word for word in WORD.finditer(folded) if word[0] in forms)
            for found in itertools.chain(self.whole.finditer(folded), words):
                hidden |= set(range(spelled[found.start()][1], spelled[found.end() - 1][1] + 1))
        runs = itertools.groupby(range(len(text)), key=hidden.__contains__)
        return "".join(HIDDEN if masked else "".join(text[i] for i in places) for masked, places in runs)


class _Bare(ast.NodeTransformer):
    """Bỏ docstring, thay chuỗi lạ; lời chú thì `ast` đã bỏ."""

    def __init__(self, known):
        self.known = known

    def visit_Expr(self, node):
        text = isinstance(node.value, ast.Constant) and isinstance(node.value.value, (str, bytes))
        return None if text else self.generic_visit(node)

    def visit_Constant(self, node):
        strange = isinstance(node.value, (str, bytes)) and node.value and not self.known(node.value)
        return ast.Constant("…") if strange else node

    def visit_FormattedValue(self, node):
        node.value = self.visit(node.value)  # phần sau dấu hai chấm, như .3f, để yên
        return node


TEXT = re.compile(  # lời chú và chuỗi, kể cả chuỗi quên đóng, trong code mà Python không đọc được
    r"""#[^\n]*|(?P<three>"{3}|'{3})(?:\\.|.)*?(?:(?P=three)|\Z)|(?P<one>["'])(?:\\.|(?!(?P=one))[^\\\n])*(?P=one)?""",
    re.S,
)


def bare(code, corpus=""):
    """Code không lời chú, không docstring; chuỗi nào không có trong ``corpus`` thì thay bằng ``…``.

    >>> print(bare('def f(x):\\n    "Bài của An"\\n    return x, "An"  # An'))
    def f(x):
        return (x, '…')
    >>> print(bare("def f(x:  # An\\n    return 'An"))
    def f(x:
        return '…'
    """
    code = clean(code, keep="\n\t")[:20_000]
    known = lambda text: isinstance(text, str) and (f'"{text}"' in corpus or f"'{text}'" in corpus)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.unparse(_Bare(known).visit(ast.parse(code))).strip("\n")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        text = lambda found: "" if found[0][0] == "#" else found[0] if known(found[0][1:-1]) else "'…'"
        lines = [line.rstrip() for line in TEXT.sub(text, code).split("\n")]
        return "\n".join(line for line in lines if line.strip() not in {"", "'…'"})
