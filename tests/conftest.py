"""Chung cho mọi bài kiểm thử: chỉ lấy những gì của một bài (`--lesson`), và chia việc cho các tiến trình."""

import re

import pytest

from tools.lessons import chosen


def pytest_addoption(parser):
    parser.addoption("--lesson", default="", help="chỉ những kiểm thử của một bài, như 04_1")


def pytest_configure(config):
    """Bài không có thì nói ngay, trước khi mở tiến trình nào."""
    config.addinivalue_line("markers", "claim(bài, *câu): kiểm thử giữ những câu ấy của bài (tests/claims)")
    try:
        chosen(config.getoption("--lesson"))
    except SystemExit as stop:
        raise pytest.UsageError(str(stop)) from None


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config, items):
    if wanted := config.getoption("--lesson"):
        (lesson,) = chosen(wanted)
        config.hook.pytest_deselected(items=[item for item in items if not speaks_of(item, lesson)])
        items[:] = [item for item in items if speaks_of(item, lesson)]
    for item in items:
        group(item, config)


def speaks_of(item, lesson):
    """Tên của kiểm thử nhắc đến bài này: tên file của bài, tên module bài tập, hay file khẳng định của bài."""
    module = lesson.exercises.rpartition(".")[2]
    names = rf"{module}(?![\d_])|claims/test_{lesson.number}\.py|claims/.*\[{lesson.number}\]"
    return lesson.stem in item.nodeid or re.search(names, item.nodeid) is not None


def group(item, config):
    """Những kiểm thử cùng nhìn một lần chạy của một bài thì ở cùng một tiến trình.

    xdist 3.8 ghi nhóm vào ``_nodeid``, chỗ mà pytest từ 9.2 không đọc nữa; ở đó ta ghi hộ, không thì mỗi bài học chạy
    một lần ở mỗi tiến trình.
    """
    if "run" in getattr(item, "fixturenames", ()) and hasattr(item, "callspec"):
        item.add_marker(pytest.mark.xdist_group(item.callspec.params["run"].stem))
    mark = item.get_closest_marker("xdist_group")
    if mark and getattr(config.option, "loadgroup", False) and hasattr(item, "_id") and "@" not in item.nodeid:
        name = mark.args[0] if mark.args else mark.kwargs.get("name", "default")
        item._id = type(item._id).parse(f"{item.nodeid}@{name}")


def pytest_terminal_summary(terminalreporter):
    """Mỗi bài có bao nhiêu khẳng định đã giữ được (`tests/claims/`)."""
    kept = [report.nodeid for report in terminalreporter.stats.get("passed", []) if report.when == "call"]
    found = re.findall(r"tests/claims/test_(\d\d(?:_\d)?)\.py::", "\n".join(kept))
    if found:
        counts = ", ".join(f"{number.replace('_', '.')}: {found.count(number)}" for number in sorted(set(found)))
        terminalreporter.write_line(f"Khẳng định giữ được, theo bài: {counts}.")
