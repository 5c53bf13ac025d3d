"""*Thử* và *Trả lời* dưới một hình sống: đặt hình theo lời, rồi tìm từng con số của câu trả lời trong câu kể.

Chỗ đặt núm viết giữa hai dấu `` ` ``, ngoài ra dấu ấy không dùng cho gì khác: ``Ngưỡng = 0.32``, nhiều núm thì cách nhau bằng
``;``. Thanh trượt nhận một nấc của thanh, danh sách nhận tên hiện ra, ô đánh dấu nhận ``có`` hay ``không``; nút thì viết
``bấm Đặt lại``, ``bấm Chạy``. Mỗi mục bắt đầu từ lúc mở hình; trong một mục, núm không nhắc đến thì đứng yên ở chỗ vừa đặt.

Con số nào nằm ngoài dấu `` ` `` và ngoài công thức ``$…$`` cũng phải có trong câu kể, ở một chỗ đặt núm viết trước nó trong
cùng mục. Con số tự tính ra, hay lấy ở nơi khác, thì viết trong ``$…$``.
"""

import re

import numpy as np

from mlcourse.interactive import checkbox, slider
from tools.tasks import ANSWERS, NUMBER, TASKS, boxes, number, numbers, settings  # noqa: F401

TOKEN = re.compile(rf"`(?P<setting>[^`]+)`|\$\$.+?\$\$|\$[^$]+\$|(?P<number>{NUMBER})", re.S)


def place(figure, setting):
    """Đặt hình theo một chỗ đặt núm, như tay người; tay không làm được thì ValueError nói vì sao."""
    for part in map(str.strip, setting.split(";")):
        if part.startswith("bấm "):
            press(figure, part.removeprefix("bấm ").casefold())
            continue
        for name, control in figure.controls.items():
            if part.casefold().startswith(f"{control.label} = ".casefold()):
                figure.set(**{name: choice(control, part[len(control.label) + 3 :].strip())})
                break
        else:
            labels = ", ".join(control.label for control in figure.controls.values())
            raise ValueError(f"`{part}` không gọi tên điều khiển nào; hình có: {labels}")
        if figure.error is not None:
            raise ValueError(f"`{part}` làm hình gặp lỗi: {figure.words}")


def press(figure, label):
    """*Đặt lại*; hay *Chạy*: thanh trượt có nút chạy đi từng nấc đến cuối."""
    played = [name for name, control in figure.controls.items() if getattr(control, "play", False)]
    if label == "đặt lại":
        figure.reset()
    elif label == "chạy" and played:
        choices = figure.controls[played[0]].choices()
        for value in choices[np.abs(np.subtract(choices, figure.values[played[0]])).argmin() :]:
            figure.set(**{played[0]: value})
    else:
        raise ValueError(f"`bấm {label}`: hình chỉ có nút Đặt lại{', Chạy' * bool(played)}")


def choice(control, text):
    """Giá trị mà ``text`` chỉ ra."""
    if isinstance(control, slider):
        value = number(text) if re.fullmatch(NUMBER, text) else None
        near = [c for c in control.choices() if value is not None and abs(c - value) < control.step * 1e-6]
        told = f"một nấc của thanh đi từ {control.low} đến {control.high}, bước {control.step}"
    elif isinstance(control, checkbox):
        near, told = [value for value, name in ((True, "có"), (False, "không")) if name == text.casefold()], "có, không"
    else:
        options = {str(o[0] if isinstance(o, tuple) else o): v for o, v in zip(control.options, control.choices())}
        near, told = [v for name, v in options.items() if name.casefold() == text.casefold()], ", ".join(options)
    if not near:
        raise ValueError(f"`{control.label} = {text}` không đặt được: cần {told}")
    return near[0]


def faults(figures, listed):
    """Những chỗ sai: núm không đặt được, con số không có trong câu kể."""
    for name, tasks, answers in listed:
        figure = figures[name]
        for kind, texts in (("Thử", tasks), ("Trả lời", answers)):
            for i, text in texts:
                figure.reset()
                for fault in item_faults(figure, text, answer=kind == "Trả lời"):
                    yield f"{name}, {kind} {i}: {fault}"
        figure.reset()


def item_faults(figure, text, *, answer):
    heard = {}  # chỗ đặt núm -> câu kể ở đó
    for token in TOKEN.finditer(text):
        if setting := token["setting"]:
            try:
                place(figure, setting)
                heard[setting] = figure.words
            except ValueError as fault:
                yield str(fault)
        elif answer and token["number"] and number(token["number"]) not in numbers(" ".join(heard.values())):
            told = "\n".join(f"  ở `{setting}`: {words}" for setting, words in heard.items())
            yield f"con số {token['number']} không có trong câu kể.\n{told or '  trước nó chưa có chỗ đặt núm nào'}"
