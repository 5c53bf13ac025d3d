"""Viết và đọc các trang HTML, cho những bài kiểm thử tài liệu cho người dạy và bản để đọc."""

import base64
from html.parser import HTMLParser

import pytest

from tools import lesson_page, static_site


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


def write_still(folder, lessons):
    """Bản để đọc của các bài với mọi hình sống đứng yên: chưa phải chạy bài nào; ảnh giữ nguyên, khỏi nén lại cho nhanh."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lesson_page, "repacked", base64.b64decode)
        for lesson in lessons:
            static_site.save(lesson_page.lesson_files(lesson, {}), folder)
