"""Chia việc cho hai tiến trình: các bài kiểm thử dùng chung một lần chạy của một bài học thì ở cùng một tiến trình."""

import pytest


def pytest_collection_modifyitems(items):
    for item in items:
        if "figures" in getattr(item, "fixturenames", ()) and hasattr(item, "callspec"):
            item.add_marker(pytest.mark.xdist_group(item.callspec.id))
