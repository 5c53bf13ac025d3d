"""Viết và đọc các trang HTML, cho những bài kiểm thử tài liệu cho người dạy và bản để đọc."""

import base64
from html.parser import HTMLParser

import pytest
import static_site


class Tags(HTMLParser):
    """Mọi thẻ của trang, kèm thuộc tính; và phần chữ."""

    def __init__(self, text):
        super().__init__()
        self.found, self.text = [], ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text += data


def write_still(folder, paths):
    """Bản để đọc của các bài với mọi hình sống đứng yên: chưa phải chạy bài nào; ảnh giữ nguyên, khỏi nén lại cho nhanh."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(static_site, "repacked", base64.b64decode)
        for path in paths:
            static_site.save(static_site.lesson_files(path, {}), folder)
