"""Ghi tên kho và thẻ phiên bản vào mọi nơi cần đến: `make stamp REPO=ten-ban/ten-kho TAG=v0.1.0`.

Tên kho nằm ở ``[project.urls]`` của pyproject.toml, phiên bản ở ``mlcourse/__init__.py``; từ hai chỗ ấy mà có huy hiệu
và ô đầu của mọi bài, và bảng bài học của README. Bài không chạy lại: chữ trong bài đổi, kết quả thì không.
"""

import argparse
import re
import sys

import nbformat

from tools import build, lessons
from tools.lessons import ROOT

REPO = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?/[A-Za-z0-9._-]+")
TAG = re.compile(r"v\d+\.\d+\.\d+(?:(?:a|b|rc)\d+)?")


def stop(problem, remedy):
    sys.exit(f"\n  Chưa ghi gì: {problem}\n  Cách sửa: {remedy}\n")


def replace(path, pairs):
    text = path.read_text(encoding="utf-8")
    for before, after in pairs:
        text = text.replace(before, after)
    path.write_text(text, encoding="utf-8")


def stamp(repo, tag):
    """Thay tên kho và thẻ cũ bằng ``repo`` và ``tag`` ở mọi nơi; trả về các file đã đổi."""
    example = "viết như make stamp REPO=ten-ban/ten-kho TAG=v0.1.0"
    if not REPO.fullmatch(repo):
        stop(f"REPO cần có dạng chủ/kho, nhưng nhận được {repo!r}.", example)
    if not TAG.fullmatch(tag):
        stop(f"TAG cần là chữ v và ba số, nhưng nhận được {tag!r}.", example)
    every = lessons.every()
    if old := [lesson.notebook.name for lesson in every if not build.is_fresh(lesson)]:
        stop(f"{', '.join(old)} chưa chạy lại sau lần sửa gần nhất.", "make notebooks, rồi chạy lại lệnh này.")
    project, package = ROOT / "pyproject.toml", build.PACKAGE / "__init__.py"
    old_repo = re.search(r'^Repository = "https://github.com/([^"]+)"', project.read_text(encoding="utf-8"), re.M)[1]
    version = re.search(r'^__version__ = "([^"]+)"', package.read_text(encoding="utf-8"), re.M)[1]
    addresses = [
        (f"github/{old_repo}/blob/v{version}/", f"github/{repo}/blob/{tag}/"),
        (f"github.com/{old_repo}@v{version}", f"github.com/{repo}@{tag}"),
        (f"github.com/{old_repo}", f"github.com/{repo}"),
    ]
    files = [project, package, ROOT / "README.md", *(path for one in every for path in (one.source, one.notebook))]
    before = {path: path.read_bytes() for path in files}
    replace(package, [(f'__version__ = "{version}"', f'__version__ = "{tag[1:]}"')])
    for path in before.keys() - {package}:
        replace(path, addresses)
    for one in every:  # nguồn và các ô vừa đổi, nên đóng dấu lại sau cùng
        one.notebook.write_text(build.sealed(nbformat.read(one.notebook, as_version=4), one), encoding="utf-8")
    return [path for path, content in before.items() if path.read_bytes() != content]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Ghi tên kho và thẻ phiên bản vào huy hiệu và ô đầu của mọi bài.")
    parser.add_argument("repo", help="chủ/kho trên GitHub")
    parser.add_argument("tag", help="thẻ phiên bản, như v0.1.0")
    options = parser.parse_args()
    changed = stamp(options.repo, options.tag)
    print("\n".join(str(path.relative_to(ROOT)) for path in changed) or "Đã đúng cả, không có gì đổi.")
    if changed:
        print(f"Ghi xong. Hãy commit rồi đẩy lên cùng thẻ: git tag {options.tag} && git push && git push --tags")
