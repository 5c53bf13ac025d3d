"""Bài đã lưu, xem mà không chạy: GitHub, nbviewer và nbconvert đều hiện đủ ảnh."""

import re

import nbformat
import pytest
from nbconvert import HTMLExporter

from tests.test_notebooks import pictures
from tools.lessons import every


@pytest.mark.parametrize("lesson", every(), ids=lambda lesson: lesson.stem)
def test_saved_pictures_show_without_a_kernel(lesson):
    """HTML của nbconvert thay cho GitHub: ảnh nào cũng hiện, có lời thay ảnh, không còn dấu vết widget.

    Khuôn classic chép alt ra HTML; khuôn lab của nbconvert bỏ alt đi.
    """
    notebook = nbformat.read(lesson.notebook, as_version=4)
    page, _ = HTMLExporter(template_name="classic").from_notebook_node(notebook)
    images = [tag for tag in re.findall(r"<img\b[^>]*>", page, re.S) if "data:image/png" in tag]
    assert len(images) == sum(len(pictures(cell)) for cell in notebook.cells) > 0
    assert all(re.search(r'alt="[^"]*\d', tag) for tag in images)
    for trouble in ("model not found", "Error displaying widget", "widget-view", "No description has been provided"):
        assert trouble not in page
