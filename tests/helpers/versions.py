"""Phiên bản thư viện mà các bài đã dựng cùng: bản matplotlib khác thì bố cục cũng khác đôi điểm ảnh."""

import matplotlib

from tools.lessons import ROOT

CONSTRAINTS = (ROOT / "constraints.txt").read_text(encoding="utf-8").split()
SAME_MATPLOTLIB = f"matplotlib=={matplotlib.__version__}" in CONSTRAINTS
