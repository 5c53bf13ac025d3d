"""Chia việc cho hai tiến trình: các bài kiểm thử dùng chung một lần chạy của một bài học thì ở cùng một tiến trình."""

import pytest


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config, items):
    """Mỗi bài học một nhóm. xdist ghi nhóm vào cuối tên bài kiểm thử, nhưng xdist 3.8 còn ghi vào ``_nodeid``, chỗ mà
    pytest từ 9.2 không đọc nữa; ở đó ta ghi hộ, không thì mỗi bài học chạy một lần ở mỗi tiến trình."""
    for item in items:
        if "figures" in getattr(item, "fixturenames", ()) and hasattr(item, "callspec"):
            group = item.callspec.id
            item.add_marker(pytest.mark.xdist_group(group))
            if getattr(config.option, "loadgroup", False) and hasattr(item, "_id") and "@" not in item.nodeid:
                item._id = type(item._id).parse(f"{item.nodeid}@{group}")
