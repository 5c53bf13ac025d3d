"""Bài tập có chấm: mỗi bài học một tệp, mỗi bài tập một tên trong tệp đó.

``check`` trả lời *chưa làm*, *sai, vì …* hoặc *đúng*. Một lỗi hay gặp là lời giải sửa đi vài chữ: bài nào cho ra đúng
những con số của lời giải sửa hỏng ấy thì mắc đúng lỗi ấy, và được gọi tên lỗi. Điều đề bài cấm thì ở ``forbids``
(``_forbid.py``).
"""

import ast
import base64
import copy
import dis
import functools
import inspect
import linecache
import math
import pickle
import re
import textwrap
import traceback
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from numbers import Number
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from .. import _check
from ..quiz import Text, fold, page, paragraphs

HEADINGS = {"chưa làm": "○ Chưa làm.", "sai": "✗ Sai, vì", "đúng": "✓ Đúng."}
SEALED = "Bản này không kèm gợi ý và lời giải: hãy hỏi người dạy."
CODE = "margin:.5em 0;overflow-x:auto;line-height:1.35"
RECORD = "mlcourse"  # khóa của bản ghi trong metadata của kết quả
SESSION = {}  # (bài, bài tập) -> bản ghi gần nhất của phiên đang chạy


@dataclass(frozen=True, repr=False)
class Verdict:
    """Kết quả chấm: ``status`` là "chưa làm", "sai" hoặc "đúng"; ``message`` là lời giải thích.

    ``help`` là những gì gập lại bên dưới, mục sau nằm trong mục trước: gợi ý 1, gợi ý 2, lời giải. ``lesson`` và
    ``exercise`` nói là bài nào; ``mistake`` là tên của lỗi, chuỗi rỗng khi không gọi được tên.
    """

    status: str
    message: str
    help: tuple[tuple[str, str], ...] = ()
    lesson: str = ""
    exercise: str = ""
    mistake: str = ""

    @property
    def record(self):
        """Bản ghi cho máy đọc, nằm trong metadata của kết quả: bài, bài tập, trạng thái, tên của lỗi."""
        return {name: getattr(self, name) for name in ("lesson", "exercise", "status", "mistake")}

    def _repr_mimebundle_(self, include=None, exclude=None):
        return {}, {RECORD: self.record}  # chữ và HTML thì IPython hỏi hai hàm dưới

    def __repr__(self):
        lines = [f"{HEADINGS[self.status]} {self.message}"]
        if self.status != "đúng":
            lines += ["Cần gợi ý: thay .check(...) bằng .hint(). Cần lời giải: .solution()."] if self.help else []
        return "\n\n".join(lines)

    def _repr_html_(self):
        inner = ""
        for title, text in reversed(self.help):
            code = f'<pre style="{CODE}"><code>{escape(text, quote=False)}</code></pre>'
            inner = fold(title, (code if title.startswith("Lời giải") else paragraphs(text)) + inner)
        return page(paragraphs(self.message, start=HEADINGS[self.status]) + inner)


class Mistake(NamedTuple):
    """Một lỗi hay gặp: hàm sai (hay những kết quả ghi sẵn của nó), và lời giải thích nối tiếp được sau "Sai, vì"."""

    wrong: Callable
    why: str

    @property
    def name(self):
        """Tên của lỗi: câu đầu, hay phần trước dấu hai chấm, của lời giải thích."""
        return re.split(r"[.:] ", self.why, maxsplit=1)[0].rstrip(".").replace("*", "")


def _block(block):
    """Một lỗi viết thành chữ: ``(lời giải thích, (chữ cũ, chữ mới), …)``."""
    lines = block.splitlines()
    why = " ".join(line for line in lines if not line.startswith(" "))
    edits = [line.strip().replace(r"\n", "\n    ") for line in lines if line.startswith(" ")]
    if not why or not edits or any(edit.count(" →") != 1 for edit in edits):
        raise ValueError(f"lỗi cần lời giải thích, rồi các dòng `chữ cũ → chữ mới` lùi vào, nhưng đây là:\n{block}")
    return why, *(tuple(part.strip() for part in edit.split(" →")) for edit in edits)


def edited(solve, edits):
    """Lời giải sửa đi: mỗi ``(chữ cũ, chữ mới)`` thay một chỗ, ``(chữ cũ, chữ mới, k)`` thay đúng k chỗ."""
    source = code(solve)
    for old, new, *count in edits:
        found, wanted = source.count(old), count[0] if count else 1
        if found != wanted:
            raise ValueError(f"lời giải {solve.__name__} có {found} chỗ {old!r}, cần {wanted}.")
        source = source.replace(old, new)
    names = {}
    exec(compile(source, f"<{solve.__name__} sửa đi>", "exec"), solve.__globals__, names)
    return names[solve.__name__]


def code(solve):
    """Mã của một lời giải, không kèm các dòng ``@`` và đề bài; đọc được cả khi gói còn nằm trong tệp .whl."""
    source = textwrap.dedent(inspect.getsource(solve))
    lines, function = source.splitlines(), ast.parse(source).body[0]
    body = function.body[1:] if ast.get_docstring(function) else function.body
    return "\n".join(lines[function.lineno - 1 : function.body[0].lineno - 1] + lines[body[0].lineno - 1 :])


class Exercise:
    """Phần chung của mọi bài tập: đề bài (docstring của lời giải), gợi ý, lời giải."""

    def __init__(self, solve, *, hints, praise):
        if isinstance(hints, str):
            raise TypeError(f"hints cần là một tuple, nhưng nhận được chuỗi: hãy viết ({hints[:20]!r}…,), có dấu phẩy.")
        self.solve, self.hints, self.praise = solve, tuple(hints), praise
        self.task = inspect.getdoc(solve) or ""
        self.sealed = False  # bản phát không kèm lời giải
        self._hints_given = 0

    def hint(self):
        """Gợi ý kế tiếp; mỗi lần gọi thêm một gợi ý."""
        if self.sealed:
            return Text(SEALED)
        self._hints_given += 1
        if self._hints_given > len(self.hints):
            return Text("Hết gợi ý rồi. Nếu vẫn chưa ra, hãy xem lời giải: .solution().")
        return Text(f"Gợi ý {self._hints_given}. {self.hints[self._hints_given - 1]}")

    def solution(self):
        """Lời giải, dưới dạng code đọc được và chạy được: không kèm các dòng ``@`` và đề bài."""
        return Text(SEALED if self.sealed else code(self.solve))

    def __repr__(self):
        return f"Bài tập {self.solve.__name__}. {self.task}"

    def _repr_html_(self):
        return page(paragraphs(self.task, start=f"Bài tập `{self.solve.__name__}`."))

    def verdict(self, status, message, mistake=""):
        """``Verdict`` kèm những gì gập lại bên dưới: các gợi ý và lời giải; ghi vào sổ của phiên."""
        help = (("Lời giải của khóa học, để so", self.solution()),)
        if self.sealed:
            help = ()
        elif status != "đúng":
            hints = tuple((f"Gợi ý {i}", hint) for i, hint in enumerate(self.hints, 1))
            help = (*hints, ("Lời giải", self.solution()))
        lesson = self.solve.__module__.rpartition("lesson_")[2]
        given = Verdict(status, message, help, lesson, self.solve.__name__, mistake)
        SESSION[lesson, self.solve.__name__] = given.record
        return given


class FunctionExercise(Exercise):
    """Bài tập viết một hàm; lời giải là hàm được gắn ``@exercise``, docstring của lời giải là đề bài.

    Parameters
    ----------
    solve : callable
        Lời giải.
    cases : callable
        ``cases()`` trả về ``{mô tả: (đối số, …)}``: các trường hợp để chấm, dễ trước khó sau; một đối số vẫn cần dấu
        phẩy: ``(x,)``.
    returns : tuple of str
        Tên của những số mà hàm trả về, theo thứ tự; hàm trả về một mảng thì chỉ một tên.
    hints : tuple of str
        Các gợi ý, từ nhẹ đến nặng.
    praise : str
        Điều đáng nhớ, nói ra khi làm đúng.
    forbids : tuple of callable
        Những điều đề bài cấm: `loops()`, `calls(...)`, `package()`, `quadratic(...)` của ``_forbid.py``.

    Examples
    --------
    >>> @exercise(cases=lambda: {"số dương": (3.0,), "số âm": (-2.0,)}, returns=("|x|",),
    ...           hints=("Số âm thì đổi dấu.", "Nhìn sang `abs`."), praise="Trị tuyệt đối là khoảng cách đến 0.")
    ... def absolute(x):
    ...     return abs(x)
    >>> absolute.mistake('''
    ... dấu bị đổi ở cả số dương: chỉ số âm mới cần đổi dấu.
    ...     abs(x) → -x
    ... ''')
    >>> absolute.check(abs)
    ✓ Đúng. Trị tuyệt đối là khoảng cách đến 0.
    >>> absolute.check(lambda x: ...).status
    'chưa làm'
    >>> print(absolute.check(lambda x: -x).message)
    dấu bị đổi ở cả số dương: chỉ số âm mới cần đổi dấu.
    <BLANKLINE>
    Thử trường hợp số dương, tức `x=3`: hàm trả về -3, cần 3.
    """

    def __init__(self, solve, *, cases, returns, hints, praise, forbids=()):
        super().__init__(solve, hints=hints, praise=praise)
        if isinstance(returns, str):
            raise TypeError(f"returns cần là một tuple, nhưng nhận được chuỗi {returns!r}: hãy viết ({returns!r},).")
        self.cases, self.returns, self.forbids, self.mistakes = cases, tuple(returns), tuple(forbids), []
        self.answers, self.written = solve, written

    def mistake(self, why, *edits):
        """Ghi lỗi hay gặp: thường là nhiều lỗi viết thành chữ, lỗi này dưới lỗi kia. Lời giải thích, rồi lùi vào,
        mỗi chỗ sửa lời giải một dòng ``chữ cũ → chữ mới`` (``\\n`` là xuống dòng).

        Một lỗi cũng viết được ``mistake(why, (chữ cũ, chữ mới), …)`` (`edited`), hay ``@mistake(why)`` trên một hàm.
        """
        if not isinstance(why, str):
            raise TypeError('mistake cần lời giải thích: bài.mistake("vì sao sai", ("chữ cũ", "chữ mới")).')
        if not edits and "\n" in why:
            for block in re.findall(r"(?:^\S.*\n)+(?:^ .*\n?)*", inspect.cleandoc(why) + "\n", re.M):
                self.mistake(*_block(block))
            return None
        if edits:
            make = functools.cache(lambda: edited(self.solve, edits))  # dựng lúc cần: nạp bài không phải đợi
            return self.mistakes.append(Mistake(lambda *args: make()(*args), why))

        def register(wrong):
            self.mistakes.append(Mistake(wrong, why))
            return wrong

        return register

    def seal(self, text):
        """Nhận các kết quả ghi sẵn, để chấm và gọi tên lỗi mà không cần code của lời giải."""
        cases, wanted, mistakes = pickle.loads(zlib.decompress(base64.b64decode(text)))
        self.sealed, self.answers, self.cases = True, wanted, (lambda: cases) if cases else self.cases
        self.mistakes = [Mistake(outcomes, why) for why, outcomes in mistakes]

    def check(self, function=None):
        """Chấm hàm của người học, trả về ``Verdict``."""
        if function is None or function is ...:
            return self.verdict("chưa làm", "Hãy viết hàm rồi đưa tên hàm vào `check`.")
        if problem := call_problem(function, list(inspect.signature(self.solve).parameters)):
            return self.verdict("sai", problem)
        cases, outcomes, wanted = list(self.cases().items()), [], []
        for place, (_, args) in enumerate(cases):
            if _is_large(args) and not all(map(agree, outcomes, wanted)):
                break  # đã sai ở trường hợp nhỏ thì không bắt người học chờ trường hợp lớn
            outcomes.append(run(function, args))
            wanted.append(_known(self.answers, place, args))
            if wanted[-1].error is not None:  # lỗi của người soạn bài, không phải của người học
                raise wanted[-1].error
        silent = all(outcome.error is None and outcome.value is None for outcome in outcomes)
        if all(outcome.unfinished for outcome in outcomes) and not (silent and self.written(function)):
            if missing := _left_out(outcomes[0].value, self.returns):
                return self.verdict("chưa làm", missing)
            return self.verdict("chưa làm", "Hàm chưa trả về gì. Hãy thay `...` bằng code của bạn.")
        for (label, _), outcome in zip(cases, outcomes):
            if outcome.changed:
                told = _mutation(label, _parameters(function, self.solve), *outcome.changed)
                return self.verdict("sai", told, "sửa đối số tại chỗ")
        if silent:
            told = "hàm chạy hết mà không trả về gì. Hãy đưa kết quả ra bằng `return`; `print` chỉ in lên màn hình."
            return self.verdict("sai", told, "không trả về gì")
        wrong = [i for i, outcome in enumerate(outcomes) if not agree(outcome, wanted[i])]
        if not wrong:
            broken = next(filter(None, (forbidden(function) for forbidden in self.forbids)), None)
            return self.verdict("sai", broken, "làm điều đề bài cấm") if broken else self.verdict("đúng", self.praise)
        mistake, explained = self._recognise([args for _, args in cases], outcomes, wanted)
        shown = explained[0] if mistake else wrong[0]
        label, args = cases[shown]
        difference = _difference(outcomes[shown], wanted[shown], self.returns, function)
        tried = f"trường hợp {label}, tức `{_show(self._arguments(args))}`"
        if not mistake and outcomes[shown].error is not None:
            stopped = f"code dừng: {type(outcomes[shown].error).__name__}"
            return self.verdict("sai", f"{difference}\n\nLúc ấy hàm đang chạy {tried}.", stopped)
        if not mistake:
            return self.verdict("sai", f"kết quả chưa đúng ở {tried}: {difference}")
        message = f"{mistake.why}\n\nThử {tried}: {difference}"
        if len(explained) < len(wrong):
            message += "\n\nCó thể còn một lỗi khác nữa: sửa xong lỗi này, hãy chấm lại."
        return self.verdict("sai", message, mistake.name)

    def _arguments(self, args):
        return dict(zip(inspect.signature(self.solve).parameters, args))

    def _recognise(self, cases, outcomes, wanted):
        """Lỗi hay gặp giải thích được nhiều trường hợp sai nhất, và chỉ số của các trường hợp đó.

        Chưa chắc thì không gọi tên: hai lỗi khác lời giải thích được như nhau, hay chưa giải thích được một phần ba.
        """
        n_wrong = sum(not agree(outcome, right) for outcome, right in zip(outcomes, wanted))
        best, explained = None, []
        for mistake in self.mistakes:
            theirs = [_known(mistake.wrong, place, args) for place, (args, _) in enumerate(zip(cases, outcomes))]
            differs = [i for i, outcome in enumerate(theirs) if not agree(outcome, wanted[i])]
            if len(differs) < max(len(explained), 1) or not all(agree(outcomes[i], theirs[i]) for i in differs):
                continue
            if len(differs) > len(explained):
                best, explained = mistake, differs
            elif best and best.why != mistake.why:
                best = None
        return (best, explained) if best and 3 * len(explained) >= n_wrong else (None, [])


class OpenExercise(Exercise):
    """Bài tập mở, trên dữ liệu của chính người học: ``judge(*answers)`` trả về (đạt hay không, lời giải thích);
    None thay cho đạt hay không là chưa làm.

    Lời giải là một hàm không đối số, trả về một bộ ``answers`` đạt yêu cầu.
    """

    def __init__(self, solve, *, judge, hints, praise):
        super().__init__(solve, hints=hints, praise=praise)
        self.judge = judge

    def check(self, *answers):
        """Chấm những gì người học đưa ra, trả về ``Verdict``."""
        names = list(inspect.signature(self.judge).parameters)
        if len(answers) != len(names):
            wanted = f"{len(names)} đối số ({', '.join(names)})"
            return self.verdict("sai", f"`check` cần {wanted}, nhưng nhận được {len(answers)}.")
        if any(answer is None or any(part is ... for part in parts(answer)) for answer in answers):
            return self.verdict("chưa làm", f"Hãy thay `...` bằng dữ liệu của bạn: cần đủ {' và '.join(names)}.")
        try:
            verdict = self.judge(*map(word, answers))
        except Exception as error:  # learner của người học có thể dừng theo mọi cách
            said = str(error)  # _check đã nói bằng tiếng Việt: đối số nào, vì sao, sửa thế nào
            ours = isinstance(error, (ValueError, TypeError, ArithmeticError)) and _inside_the_package(error)
            verdict = False, said if ours and not said.isascii() else explain_error(error, _theirs(error))
        right, message = verdict
        if right is None:
            return self.verdict("chưa làm", message)
        return self.verdict("đúng", f"{message} {self.praise}") if right else self.verdict("sai", message)


def _inside_the_package(error):
    """Lỗi nảy ra trong gói này, không phải trong code của người học."""
    return "mlcourse" in Path(traceback.extract_tb(error.__traceback__)[-1].filename).parts


def _theirs(error):
    """Hàm ngoài gói mà lỗi đi qua cuối cùng; lỗi chỉ ở trong gói thì hàm ``check``."""
    frames = [frame.f_code for frame, _ in traceback.walk_tb(error.__traceback__)]
    others = [code for code in frames if not {"mlcourse", "site-packages"} & set(Path(code.co_filename).parts)]
    return type("_", (), {"__code__": (others or frames)[-1]})


def parts(answer):
    """Câu trả lời, hay từng phần tử của một danh sách ngắn: chỗ nào còn `...` thì chưa làm."""
    return answer if isinstance(answer, (list, tuple)) and 0 < len(answer) <= 20 else [answer]


def word(answer):
    """Câu trả lời bằng chữ: gõ bằng bàn phím nào, viết hoa hay thừa dấu cách cũng là một; số liệu thì để yên.

    >>> word("  Quá  Khớp ")
    'quá khớp'
    """
    answer = _check.nfc(answer)
    return " ".join(answer.split()).casefold() if isinstance(answer, str) else answer


def exercise(**options):
    """Biến hàm lời giải đứng dưới thành ``FunctionExercise``."""
    return lambda solve: FunctionExercise(solve, **options)


def open_exercise(**options):
    """Biến hàm lời giải đứng dưới thành ``OpenExercise``."""
    return lambda solve: OpenExercise(solve, **options)


class Outcome(NamedTuple):
    """Chuyện gì xảy ra khi gọi hàm: giá trị trả về, hoặc lỗi; và đối số bị sửa (thứ tự của đối số, trước, sau)."""

    value: Any = None
    error: Exception | None = None
    changed: tuple | None = None

    @property
    def unfinished(self):
        if self.error is not None:  # `...` đem cộng trừ nhân chia, hay so sánh
            return isinstance(self.error, TypeError) and "ellipsis" in str(self.error)
        parts = self.value if isinstance(self.value, (tuple, list)) else [self.value]
        return any(part is ... for part in parts) or (len(parts) > 0 and all(part is None for part in parts))


def written(function):
    """Thân hàm có đọc hay đặt một cái tên: không còn là khung `...` hay `pass`."""
    function = inspect.unwrap(function.func if isinstance(function, functools.partial) else function)
    made = getattr(function, "__code__", None) or getattr(type(function).__call__, "__code__", None)
    steps = dis.get_instructions(made) if made else []
    return any(step.opname.startswith(("STORE", "LOAD_FAST", "LOAD_GLOBAL", "LOAD_DEREF")) for step in steps)


def run(function, args):
    """Gọi hàm trên bản sao của ``args`` rồi kể lại: ``Outcome``. Hàm của người học có thể sai theo mọi cách."""
    given = copy.deepcopy(args)
    try:
        with np.errstate(all="ignore"):
            value, error = function(*given), None
    except Exception as stopped:
        value, error = None, stopped
    pairs = enumerate(zip(args, given))
    changed = next(((i, before, after) for i, (before, after) in pairs if not _unchanged(before, after)), None)
    return Outcome(value, error, changed)


def _known(function, place, args):
    """Lời giải (hay lời giải sửa hỏng) cho ra gì ở trường hợp thứ ``place``: chạy, hay đọc danh sách ghi sẵn."""
    return run(function, args) if callable(function) else function[place]


def _unchanged(before, after):
    """Đối số còn nguyên; NaN bằng NaN. Nguồn ngẫu nhiên thì dùng đến là đổi, nên không kể."""
    if isinstance(before, dict):
        same_keys = isinstance(after, dict) and before.keys() == after.keys()
        return same_keys and all(_unchanged(before[key], after[key]) for key in before)
    if isinstance(before, (list, tuple)):
        return len(before) == len(after) and all(map(_unchanged, before, after))
    if isinstance(before, np.ndarray):
        return np.array_equal(before, after, equal_nan=before.dtype.kind == "f")
    return not isinstance(before, (int, float, str)) or before == after or before != before


def agree(a, b):
    """Hai kết quả như nhau: cùng loại lỗi, hoặc cùng các con số (lệch dưới một phần triệu; NaN bằng NaN)."""
    if a.error is not None or b.error is not None:
        return type(a.error) is type(b.error)
    x, y = _numbers(a.value), _numbers(b.value)
    several = (tuple, list, np.ndarray)
    if x is None and y is None and isinstance(a.value, several) and isinstance(b.value, several):
        same = zip(a.value, b.value)  # một số đứng cạnh một mảng: so từng phần
        return len(a.value) == len(b.value) and all(agree(Outcome(one), Outcome(other)) for one, other in same)
    if x is None or y is None or x.shape != y.shape:
        return False
    return np.allclose(x, y, rtol=1e-6, atol=1e-12, equal_nan=True)


def _numbers(value):
    """Mảng float64, hoặc None khi không phải là số; tensor, bảng một cột, mảng object toàn số đều được."""
    try:
        array = _check.array("", value)
    except (ValueError, TypeError):  # Fraction hay Decimal đứng cạnh nan thì đổi từng số một
        try:
            parts = (
                np.ravel(np.array(value, dtype=object)).tolist() if isinstance(value, (tuple, list, np.ndarray)) else []
            )
        except ValueError:  # các mảng khác dạng nhau: không xếp chung được
            return None
        if not parts or not all(isinstance(part, (Number, np.number)) for part in parts):
            return None
        return np.array([float(part) for part in parts])
    return array.astype(float) if array.dtype.kind in "fiub" else None


def _is_large(args):
    return any(np.size(arg) > 1000 for arg in args)


def call_problem(function, names):
    if not callable(function) and callable(getattr(function, "predict", None)):
        return (
            f"`check` cần một hàm, nhưng nhận được một mô hình {type(function).__name__}. Hãy viết hàm gọi mô hình ấy, "
            "rồi đưa tên hàm vào."
        )
    if not callable(function):
        return (
            f"`check` cần chính hàm của bạn, nhưng nhận được một giá trị kiểu {type(function).__name__}. "
            "Hãy đưa tên hàm vào, không có cặp ngoặc ở sau: `check(ten_ham)`."
        )
    try:
        inspect.signature(function).bind(*names)
    except TypeError:
        theirs = ", ".join(map(str, inspect.signature(function).parameters.values()))
        wanted = f"{len(names)} đối số theo thứ tự `({', '.join(names)})`"
        return f"hàm cần nhận {wanted}, nhưng hàm của bạn nhận `({theirs})`."
    except ValueError:  # hàm viết bằng C không cho xem chữ ký
        pass
    return None


def _left_out(value, returns):
    """Hàm trả về mấy phần mà vài phần còn là `...`: những phần ấy; không phải thế thì chuỗi rỗng."""
    values = value if isinstance(value, (tuple, list)) and len(value) == len(returns) else []
    left = [name for part, name in zip(values, returns) if part is ...]
    return f"Phần {' và '.join(left)} còn là `...`." if 0 < len(left) < len(values) else ""


def _parameters(function, solve):
    """Tên các đối số như người học đặt; hàm không cho xem thì như trong đề."""
    try:
        names = list(inspect.signature(function).parameters.values())
    except ValueError:
        names = []
    wanted = list(inspect.signature(solve).parameters)
    plain = [name.name for name in names if name.kind is not name.VAR_POSITIONAL]
    return plain if len(plain) >= len(wanted) else wanted


def _mutation(label, names, position, before, after):
    name = names[position]
    seen = f": trước khi gọi là {_value(before)}, sau khi gọi là {_value(after)}" if np.size(before) <= 12 else ""
    if isinstance(before, np.ndarray):
        sorts = np.array_equal(np.sort(before, axis=None), np.sort(after, axis=None))
        other = f"hay `np.sort({name})` thay cho `{name}.sort()`" if sorts else "vì `+=`, `/=`, `[…] =` sửa tại chỗ"
        copied = f"`{name} = {name}.copy()` trước đó, {other}"
    else:
        copied = f"`{name} = copy.deepcopy({name})` trước đó"
    return (
        f"hàm đã sửa `{name}` ngay tại chỗ ở trường hợp {label}{seen}. Người gọi hàm còn cần `{name}`. "
        f"Hãy làm trên bản sao: {copied}."
    )


def _difference(outcome, wanted, returns, function):
    """Một câu: hàm trả về gì, cần gì; hay dừng vì lỗi gì, ở dòng nào."""
    if outcome.error is not None:
        return explain_error(outcome.error, function)
    if len(returns) > 1 and any(np.ndim(part) for part in wanted.value):
        return _unlike(outcome.value, wanted.value, returns)
    if problem := _type_problem(outcome.value, wanted.value, returns):
        return problem
    got, want = _numbers(outcome.value), _numbers(wanted.value)
    if len(returns) == 1:
        rounded = np.ndim(want) == 0 and any(got == round(float(want), digits) for digits in range(2, 9))
        return f"hàm trả về {_value(got, want)}, cần {_value(want, got)}." + " Hãy để nguyên, đừng làm tròn." * rounded
    pairs = [(name, g, w) for name, g, w in zip(returns, got, want) if not agree(Outcome(g), Outcome(w))]
    return "hàm trả về " + "; ".join(f"{name} = {_value(g, w)}, cần {_value(w, g)}" for name, g, w in pairs) + "."


def _unlike(value, wanted, returns):
    """Như `_difference`, khi các phần cần trả về không cùng dạng, như hai mảng khác dạng: nói từng phần sai."""
    shapes = ", ".join(f"{name} dạng {np.shape(part)}" for name, part in zip(returns, wanted))
    if not isinstance(value, (tuple, list, np.ndarray)) or len(value) != len(returns):
        array = _numbers(value)
        seen = f"một giá trị kiểu {type(value).__name__}" if array is None else f"mảng dạng {array.shape}"
        return f"hàm trả về {seen}, cần {len(returns)} phần theo thứ tự: {shapes}."
    told = []
    for name, part, right in zip(returns, value, wanted):
        got, want = _numbers(part), _numbers(right)
        if got is None:
            seen = "None" if part is None else f"một giá trị kiểu {type(part).__name__}"
            told.append(f"{name} là {seen}, cần mảng số dạng {want.shape}")
        elif got.shape != want.shape:
            told.append(f"{name} dạng {got.shape}, cần dạng {want.shape}")
        elif not agree(Outcome(part), Outcome(right)):
            told.append(f"{name} = {_value(got, want)}, cần {_value(want, got)}")
    return "hàm trả về " + "; ".join(told) + "."


def _type_problem(value, wanted, returns):
    count = len(returns)
    need = f"một số ({returns[0]})" if count == 1 else f"{count} số theo thứ tự ({', '.join(returns)})"
    if count == 1 and np.ndim(wanted):
        need = f"mảng dạng {np.shape(wanted)} ({returns[0]})"
    if value is None:
        return f"hàm trả về None, cần {need}. Hãy xem có nhánh nào thiếu `return` không."
    if isinstance(value, str):
        return f"hàm trả về chuỗi {value!r}, cần {need}. Hãy trả về số, chưa cần định dạng."
    array = _numbers(value)
    if array is None:
        return f"hàm trả về {_not_numbers(value, returns)}, cần {need}."
    if array.shape == np.shape(wanted):
        return None
    hint = ""
    if array.size == np.size(wanted):
        alone = count == 1 and np.ndim(wanted) == 0
        listed = isinstance(value, (tuple, list))
        hint = " Hãy bỏ chiều thừa bằng `np.ravel`." if listed else " Hãy bỏ chiều thừa bằng `.ravel()`."
        if count > 1 and listed and len(value) == count:
            hint = " Mỗi phần tử là một mảng: hãy lấy số ra bằng `.item()`."
        if alone and isinstance(value, np.ndarray):
            hint = " Hãy lấy số ra khỏi mảng bằng `.item()`."
        elif alone:
            hint = " Hãy trả về chính số ấy, không đặt trong ngoặc."
    if array.shape == ():
        seen = "chỉ một số"
    else:
        flat = isinstance(value, (tuple, list)) and array.ndim == 1
        seen = f"{len(value)} phần tử" if flat else f"mảng dạng {array.shape}"
    return f"hàm trả về {seen}, cần {need}.{hint}"


def _not_numbers(value, returns):
    """Trong những gì hàm trả về, cái gì không phải là số."""
    if not isinstance(value, (tuple, list)):
        missing = ", có lẽ thiếu cặp ngoặc () ở cuối" if callable(value) else ""
        return f"một giá trị kiểu {type(value).__name__}{missing}"
    for i, part in enumerate(value):
        if _numbers(part) is None:
            name = f" ({returns[i]})" if 1 < len(returns) == len(value) else ""
            seen = repr(part) if isinstance(part, str) or part is None else f"một giá trị kiểu {type(part).__name__}"
            return f"{len(value)} phần tử mà phần tử thứ {i + 1}{name} là {seen}, không phải là số"
    wide = next((i for i, part in enumerate(value) if np.ndim(part)), 0)
    name = f" ({returns[wide]})" if 1 < len(returns) == len(value) else ""
    return f"các phần tử không cùng dạng, phần tử thứ {wide + 1}{name} là mảng dạng {np.shape(value[wide])}"


ERRORS = {
    ZeroDivisionError: "có phép chia cho 0",
    OverflowError: "có số vượt quá số lớn nhất của máy, tức tràn số",
    NameError: "có một cái tên chưa được gán giá trị; hãy xem lại chính tả, hoặc chạy ô đã gán tên đó",
    IndexError: "có chỉ số vượt ra ngoài mảng",
    AttributeError: "giá trị đứng trước dấu chấm không có thuộc tính ấy",
    TypeError: "có phép tính hay lời gọi hàm trên kiểu dữ liệu không hợp",
    ValueError: "có giá trị hay dạng mảng không hợp với phép tính",
    RecursionError: "hàm gọi lại chính mình mãi không dừng",
}


def explain_error(error, function):
    """Một câu tiếng Việt: code của người học dừng vì gì, ở dòng nào, Python báo gì."""
    meanings = [meaning for known, meaning in ERRORS.items() if isinstance(error, known)]
    kind = meanings[0] if meanings else "Python không chạy tiếp được"
    said = str(error)
    if "bitwise_xor" in said or "for ^" in said:
        kind = "trong Python `^` không phải là lũy thừa: hãy viết `**`"
    elif "truth value of an array" in said:
        kind = "`if`, `and`, `or` cần đúng một True hay False, mà so hai mảng thì ra cả một mảng True, False"
    elif "values to unpack" in said:
        kind = "số tên bên trái dấu `=` khác số giá trị bên phải"
    elif isinstance(error, NameError) and error.name in {"np", "math", "plt", "data", "metrics", "models"}:
        kind = f"tên `{error.name}` chưa có: hãy chạy các ô nhập thư viện ở đầu bài"
    file = getattr(getattr(inspect.unwrap(function), "__code__", None), "co_filename", None)
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == file]
    where = ""
    if lines:
        source = linecache.getline(file, lines[-1]).strip()
        where = f" Dòng {lines[-1]}: `{source}`." if source else f" Dòng {lines[-1]}."
    return f"code dừng giữa chừng, {kind}.{where} Python báo: `{type(error).__name__}: {error}`."


def _show(arguments):
    return ", ".join(f"{name}={_value(value)}" for name, value in arguments.items())


def _value(x, other=None):
    """Bốn chữ số có nghĩa, và nhiều hơn khi bốn chữ số chưa đủ để thấy ``x`` khác ``other``; hàm thì kể tên."""
    if callable(x):
        return x.__name__
    if np.ndim(x):
        if np.size(x) > 12:
            return f"mảng {np.size(x):_} phần tử".replace("_", "\u00a0")
        others = [None] * len(x) if other is None else other
        return f"[{', '.join(map(_value, x, others))}]"
    if float(x).is_integer() and abs(x) < 1e15:
        return f"{int(x)}"
    short = f"{x:.4g}"
    enough = other is None or short != f"{other:.4g}" or math.isclose(x, other, rel_tol=1e-6, abs_tol=1e-12)
    return short if enough else f"{x:.10g}"
