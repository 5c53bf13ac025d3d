"""Kiểm tra máy trước giờ học (mục 00): thiếu gì thì nói bằng lời, kèm việc cần làm.

Module này chỉ cần thư viện chuẩn của Python, nên chạy được cả khi NumPy hay ipywidgets chưa cài.
"""

import importlib.util
import re
import sys
from importlib.metadata import PackageNotFoundError, version
from typing import NamedTuple

from . import __version__

PYTHON = (3, 11)
PACKAGES = {"numpy": "1.26", "matplotlib": "3.8", "ipywidgets": "7.7.1"}  # bản thấp nhất, như trong pyproject.toml
LETTERS = "ăâđêôơưếộữỹ−≤θη"  # chữ có dấu và ký hiệu mà hình của khóa học dùng


class Item(NamedTuple):
    """Một mục kiểm tra: tên, đạt hay không, và khi không đạt thì cần làm gì."""

    name: str
    ok: bool
    advice: str


class Report(NamedTuple):
    """Kết quả kiểm tra: ``items``, và ``versions`` (tên gói → phiên bản) để chép vào thư khi cần hỏi."""

    items: tuple
    versions: dict

    @property
    def ready(self):
        return all(item.ok for item in self.items)

    def __repr__(self):
        lines = [f"✓ {item.name}" if item.ok else f"✗ {item.name}. {item.advice}" for item in self.items]
        failed = sum(not item.ok for item in self.items)
        return "\n".join([*lines, f"Còn {failed} việc cần làm trước khi học." if failed else "Máy đã sẵn sàng."])


def check(*, python=None, find=version, installed=importlib.util.find_spec, letters=None):
    """Kiểm tra Python, các gói, phần widget của JupyterLab và phông chữ; trả về ``Report``.

    Các đối số thay được cách dò tìm, để thử xem thiếu một thứ thì khóa học nói gì: ``python`` là (lớn, nhỏ),
    ``find(tên gói)`` trả về phiên bản, ``installed(tên module)`` trả về None khi không có, ``letters`` là các ký tự mà
    phông chữ vẽ được. Không báo lỗi bao giờ: mọi điều chưa ổn là một mục trong kết quả.

    >>> print(check())
    ✓ Python 3.11 trở lên
    ✓ numpy 1.26 trở lên
    ✓ matplotlib 3.8 trở lên
    ✓ ipywidgets 7.7.1 trở lên
    ✓ thanh trượt hiện được trong trang
    ✓ phông chữ có đủ dấu tiếng Việt
    Máy đã sẵn sàng.
    """
    python = sys.version_info[:2] if python is None else tuple(python)
    wanted, seen = ".".join(map(str, PYTHON)), ".".join(map(str, python))
    items = [
        Item(
            f"Python {wanted} trở lên",
            python >= PYTHON,
            f"Máy đang có Python {seen}. Hãy cài Python {wanted} hoặc mới hơn, rồi chạy lại `make lab`.",
        )
    ]
    versions = {"mlcourse": __version__, "python": seen}
    for name, least in PACKAGES.items():
        try:
            versions[name] = find(name)
            short = f"Máy đang có bản {versions[name]}"
        except PackageNotFoundError:
            versions[name], short = "", "Chưa cài"
        items.append(
            Item(
                f"{name} {least} trở lên",
                _numbers(versions[name]) >= _numbers(least),
                f"{short}. Hãy chạy `%pip install --upgrade {name}` trong một ô, rồi khởi động lại kernel.",
            )
        )
    # Colab có sẵn phần này trong trang; JupyterLab cần một gói riêng
    shown = installed("google.colab") is not None if installed("google") else False
    items.append(
        Item(
            "thanh trượt hiện được trong trang",
            shown or installed("jupyterlab_widgets") is not None,
            "Thiếu phần giao diện của ipywidgets. Hãy chạy `%pip install jupyterlab_widgets`, rồi tải lại "
            "trang trong trình duyệt.",
        )
    )
    missing = sorted(set(LETTERS) - set(_font_letters() if letters is None else letters))
    items.append(
        Item(
            "phông chữ có đủ dấu tiếng Việt",
            not missing,
            f"Phông chữ của hình thiếu {' '.join(missing)}. Hãy chạy `%pip install --force-reinstall "
            "matplotlib`: phông DejaVu Sans đi kèm gói ấy.",
        )
    )
    return Report(tuple(items), versions)


def _numbers(text):
    """Các số đầu của một phiên bản: "7.7.1" thành (7, 7, 1); chưa cài thì là ()."""
    return tuple(int(part) for part in re.findall(r"\d+", text.split("+")[0])[:3])


def _font_letters():
    if importlib.util.find_spec("matplotlib") is None:
        return ""
    from matplotlib.font_manager import FontProperties, findfont, get_font

    return map(chr, get_font(findfont(FontProperties(family="DejaVu Sans"))).get_charmap())
