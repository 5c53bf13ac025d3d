"""Bộ slide của một bài, chia đúng như labconfig/extension/static/slides.js chiếu: trang, phần, ô nào gập code."""

import re
from typing import NamedTuple


class Page(NamedTuple):
    """Một trang: các ô lớp thấy, và các ô chỉ người dạy đọc; trang phân phần thì không có ô nào, chỉ có tên phần."""

    part: str
    cells: list
    told: list


def slideshow(cell):
    return cell.metadata.get("slideshow", {})


def slide_type(cell):
    return slideshow(cell).get("slide_type")


def pages(notebook):
    """Các trang của một bài, theo thứ tự; ô ``skip`` đi với người dạy, vì lớp không thấy."""
    found = []
    for i, cell in enumerate(notebook.cells):
        if i == 0 or slide_type(cell) in {"slide", "subslide"}:
            if part := slideshow(cell).get("part"):
                found.append(Page(part, [], []))
            found.append(Page("", [], []))
        (found[-1].told if slide_type(cell) in {"notes", "skip"} else found[-1].cells).append(cell)
    return found


def folded(cell):
    """Trên slide, ô này chỉ cho thấy kết quả: trang để xem kết quả thì code gập lại, có hình thì chỉ chiếu hình."""
    if any("image/png" in output.get("data", {}) for output in cell.outputs):
        return True
    if code := slideshow(cell).get("code"):
        return code == "folded"
    defines = re.search(r"^(def|class|@)", cell.source, re.M)
    result = "guess" in cell.metadata.get("tags", []) or slide_type(cell) == "fragment" and not defines
    return result and len(cell.source.splitlines()) > 4
