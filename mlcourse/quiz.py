"""Câu hỏi trắc nghiệm: chọn phương án nào, đúng hay chưa đúng, cũng có lời giải thích.

Trong notebook, mỗi phương án là một thẻ ``<details>`` của HTML: bấm vào là mở ra phản hồi. Không widget, không
JavaScript, nên câu hỏi dùng được cả trong notebook vừa mở ra, chưa chạy ô nào. Bàn phím: Tab để đi, Enter để mở.
"""

import inspect
import re
import unicodedata
from dataclasses import dataclass
from html import escape
from typing import NamedTuple

FRAME = "border:1px solid rgba(128,128,128,.6);border-radius:6px;padding:.4em .8em;margin:.4em 0"
PAGE = "max-width:46em;line-height:1.5;margin:.3em 0"


class Option(NamedTuple):
    """Một phương án: câu chữ, đúng hay không, và lời giải thích hiện ra khi người học chọn nó."""

    text: str
    correct: bool
    feedback: str


def question(text, *, guess=True):
    """Câu hỏi viết thành chữ; để câu hỏi ở dòng cuối của một ô là câu hỏi hiện ra.

    Mỗi phương án một dòng, mở đầu bằng ``(x)`` nếu đúng, ``( )`` nếu không; phản hồi nằm ngay dưới, lùi vào. Đoạn nằm
    giữa hai dấu `` ` `` hiện thành code, giữa hai dấu ``*`` thành chữ nghiêng. ``guess=False`` thì câu hỏi không mở
    đầu bằng *Hãy đoán trước*: câu để ôn, không phải để đoán.

    Raises
    ------
    ValueError
        Một dòng không đọc được, câu hỏi trống, không đúng một phương án đúng, hoặc một phương án thiếu phản hồi.

    Examples
    --------
    >>> half = question(r'''
    ... Một nửa của 3 là bao nhiêu?
    ... ( ) 1
    ...     Phép `3 // 2` bỏ phần lẻ. Chia thật là `3 / 2`.
    ... (x) 1.5
    ...     Hai lần 1.5 là 3.
    ... ''')
    >>> half
    Một nửa của 3 là bao nhiêu?
      (a) 1
      (b) 1.5
    Hãy đoán trước, rồi gọi .choose("a") để xem phản hồi.
    >>> half.choose("b")
    (b) ✓ Đúng. Hai lần 1.5 là 3.
    """
    prompt, options = [], []
    for number, line in enumerate(inspect.cleandoc(text).splitlines(), 1):
        if mark := re.match(r"\(([x ])\) (\S.*)", line):
            options.append((number, mark[2], mark[1] == "x", []))
        elif re.match(r"\s*\(.?\)", line):
            raise _problem(number, line, "phương án cần ở đầu dòng, mở bằng ( ) hay (x), rồi một dấu cách và câu chữ")
        elif options and line[:1].isspace():
            options[-1][3].append(line.strip())
        elif options and line:
            raise _problem(number, line, "phản hồi cần lùi vào, dưới phương án của mình")
        elif line:
            prompt.append(line.strip())
    if not prompt:
        raise ValueError("câu hỏi trống: dòng đầu cần là câu hỏi, trước các phương án.")
    for number, option, _, feedback in options:
        if not feedback:
            raise _problem(number, option, "đúng hay sai cũng cần phản hồi, ở dòng dưới, lùi vào")
    right = sum(correct for _, _, correct, _ in options)
    if len(options) < 2 or right != 1:
        found = f"có {len(options)} phương án, {right} phương án (x)"
        raise ValueError(f"câu hỏi {prompt[0]!r} {found}: cần ít nhất hai phương án, và đúng một phương án (x).")
    return Question(
        " ".join(prompt),
        tuple(Option(option, correct, " ".join(lines)) for _, option, correct, lines in options),
        guess,
    )


def _problem(number, line, wanted):
    return ValueError(f"dòng {number}, {line.strip()!r}: {wanted}.")


@dataclass(frozen=True, repr=False)
class Question:
    """Một câu hỏi trắc nghiệm đã đọc xong; ``question`` dựng nó từ chữ."""

    prompt: str
    options: tuple[Option, ...]
    guess: bool = True

    def lettered(self):
        """Các phương án theo chữ cái: ``{"a": Option, "b": Option, ...}``."""
        return dict(zip("abcdefghijklmnopqrstuvwxyz", self.options))

    def choose(self, letter):
        """Phản hồi cho một phương án, dành cho nơi không hiện được HTML."""
        letter = str(letter).lower()
        if letter not in self.lettered():
            raise ValueError(f"letter cần là một trong {', '.join(self.lettered())}, nhưng nhận được {letter!r}.")
        option = self.lettered()[letter]
        return Text(f"({letter}) {_mark(option)} {option.feedback}")

    def __repr__(self):
        lines = [f"  ({letter}) {option.text}" for letter, option in self.lettered().items()]
        lead = "Hãy đoán trước, rồi gọi" if self.guess else "Gọi"
        return "\n".join([self.prompt, *lines, f'{lead} .choose("a") để xem phản hồi.'])

    def _repr_html_(self):
        options = "".join(
            fold(f"({letter}) {rich(option.text)}", paragraphs(option.feedback, start=_mark(option)))
            for letter, option in self.lettered().items()
        )
        return page(paragraphs(self.prompt, start="Hãy đoán trước." if self.guess else "") + options)


@dataclass(frozen=True)
class Quiz:
    """Nhiều câu hỏi chấm cùng một lúc: ``places`` là ``{câu hỏi: "tên bài#đề mục đáng đọc lại"}``, theo
    thứ tự câu; chỉ ``"tên bài"`` thì đọc lại cả bài.

    Examples
    --------
    >>> sums = Quiz({
    ...     question("1 + 1 = ?\\n(x) 2\\n    Hai ngón tay.\\n( ) 3\\n    Đếm lại."): "01_cong#Số nhỏ",
    ...     question("9 + 3 = ?\\n( ) 11\\n    Đếm lại.\\n(x) 12\\n    Nhớ một."): "01_cong#Có nhớ",
    ... })
    >>> sums.score("A a")
    Đúng 1/2 câu. Đọc lại:
      Câu 2, bạn chọn (a): 01 · Có nhớ
    """

    places: dict[Question, str]

    def score(self, answers):
        """``Score`` của một chuỗi chữ cái, mỗi câu một chữ, hoa hay thường, cách nhau hay không; ``...`` là chưa làm.

        Raises
        ------
        ValueError
            Thiếu hay thừa chữ cái, hay một chữ cái không phải là phương án của câu ấy.
        """
        letters = re.sub(r"[\s,.]", "", unicodedata.normalize("NFKC", _joined(answers))).lower()
        if not letters:
            return Score(None, len(self.places), ())
        if len(letters) != len(self.places):
            raise ValueError(
                f"answers cần {len(self.places)} chữ cái, mỗi câu một chữ, mà nhận được {len(letters)}: {letters!r}. "
                "Câu nào chưa chắc thì cũng hãy chọn một phương án."
            )
        wrong = []
        for number, (letter, (asked, place)) in enumerate(zip(letters, self.places.items()), 1):
            if letter not in asked.lettered():
                raise ValueError(
                    f"câu {number} chỉ có các phương án {', '.join(asked.lettered())}, không có {letter!r}."
                )
            if not asked.lettered()[letter].correct:
                wrong.append((number, letter, place))
        return Score(len(letters) - len(wrong), len(letters), tuple(wrong))


def _joined(answers):
    parts = answers if isinstance(answers, (list, tuple)) else [answers]
    return "".join(str(part) for part in parts if part is not None and part is not ...)


@dataclass(frozen=True, repr=False)
class Score:
    """Số câu đúng (None là chưa làm), số câu, và các câu sai: ``(số thứ tự, chữ đã chọn, "tên bài#đề mục")``."""

    right: int | None
    total: int
    wrong: tuple[tuple[int, str, str], ...]

    def _lines(self, link):
        if self.right is None:
            return [f"○ Chưa làm. Hãy thay `...` bằng {self.total} chữ cái bạn đã chọn, trong cặp dấu nháy."]
        again = [
            f"Câu {number}, bạn chọn ({letter}): {link(*place.partition('#')[::2])}"
            for number, letter, place in self.wrong
        ]
        return [f"Đúng {self.right}/{self.total} câu." + " Đọc lại:" * bool(again), *again]

    def __repr__(self):
        return "\n  ".join(self._lines(_place))

    def _repr_html_(self):
        anchor = lambda heading: "#" + heading.replace(" ", "-") if heading else ""
        link = lambda lesson, heading: f'<a href="{lesson}.ipynb{anchor(heading)}">{_place(lesson, heading)}</a>'
        head, *again = self._lines(link)
        return page(paragraphs(head) + "".join(f'<p style="margin:.3em 0">{line}</p>' for line in again))


def _place(lesson, heading):
    number = re.match(r"\d+(_\d+)?", lesson)[0].replace("_", ".")
    return f"{number} · {heading}" if heading else f"bài {number}"


class Text(str):
    """Chuỗi tự in ra nguyên văn ở cuối ô, không có dấu nháy."""

    def __repr__(self):
        return str(self)


def rich(text):
    """Chữ thường thành HTML; đoạn nằm giữa hai dấu `` ` `` thành code, giữa hai dấu ``*`` thành chữ nghiêng.

    >>> rich("Đếm `a * b` trên *mọi* cặp, w* là đáy.")
    'Đếm <code>a * b</code> trên <em>mọi</em> cặp, w* là đáy.'
    """
    parts = re.split(r"`([^`]+)`", escape(text, quote=False))  # phần lẻ nằm giữa hai dấu `
    emphasis = lambda plain: re.sub(r"(?<![\w*])\*(\w[^*\n]*\w|\w)\*(?![\w*])", r"<em>\1</em>", plain)
    return "".join(f"<code>{part}</code>" if i % 2 else emphasis(part) for i, part in enumerate(parts))


def paragraphs(text, start=""):
    """Các đoạn văn (cách nhau một dòng trống) thành HTML, mở đầu bằng ``start`` in đậm."""
    start = f"<strong>{rich(start)}</strong> " if start else ""
    return "".join(f'<p style="margin:.3em 0">{part}</p>' for part in (start + rich(text)).split("\n\n"))


def fold(title, body):
    """Một mục gập lại: bấm vào ``title`` thì ``body`` mở ra. Cả hai là HTML."""
    return f'<details style="{FRAME}"><summary style="cursor:pointer">{title}</summary>{body}</details>'


def page(body):
    """Khung ngoài cùng; không đặt màu chữ hay màu nền, nên giao diện sáng hay tối đều đọc được."""
    return f'<div lang="vi" style="{PAGE}">{body}</div>'


def _mark(option):
    return "✓ Đúng." if option.correct else "✗ Chưa đúng."
