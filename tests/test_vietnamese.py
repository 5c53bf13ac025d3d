"""Mọi câu chữ người học đọc đúng quy ước tiếng Việt; mỗi luật được thử với một câu sai cố ý."""

import csv
import re

import pytest

from tests.helpers.vietnamese import (
    AVOID,
    PROSE,
    WORDS,
    faults,
    makefile_texts,
    markdown_texts,
    plain,
    prose_faults,
    python_texts,
)
from tools.lessons import ROOT, every

LESSONS = [lesson.source for lesson in every()]
MARKDOWN = [
    *LESSONS,
    *sorted((ROOT / "mlcourse" / "_data").glob("*.md")),
    ROOT / "README.md",
    ROOT / "notebooks" / "huong_dan_day.md",
]
PYTHON = [path for folder in ("mlcourse", "tools") for path in sorted((ROOT / folder).rglob("*.py"))]
GLOSSARY = ROOT / "notebooks" / "glossary.csv"


def name_of(path):
    return str(path.relative_to(ROOT))


def lint_markdown(source):
    for line, kind, text in markdown_texts(source):
        if kind == "prose":
            yield from (f"dòng {line}: {fault}" for fault in prose_faults(text))
        else:
            yield from (f"dòng {line + inner}: {fault}" for inner, fault in lint_python(text))


def lint_python(source):
    for line, text in python_texts(source):
        yield from ((line, fault) for fault in faults(plain(text)))


# --- Các file --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", MARKDOWN, ids=name_of)
def test_markdown(path):
    found = list(lint_markdown(path.read_text(encoding="utf-8")))
    assert not found, "\n".join(found)


@pytest.mark.parametrize("path", PYTHON, ids=name_of)
def test_python(path):
    found = [f"dòng {line}: {fault}" for line, fault in lint_python(path.read_text(encoding="utf-8"))]
    assert not found, "\n".join(found)


def test_makefile():
    texts = list(makefile_texts((ROOT / "Makefile").read_text(encoding="utf-8")))
    assert sum("cài" in text for _, text in texts) >= 2  # có đọc đến lời báo lỗi
    found = [f"dòng {line}: {fault}" for line, text in texts for fault in faults(plain(text))]
    assert not found, "\n".join(found)


# --- Mỗi luật bắt được một câu sai, và tha câu đúng ------------------------------------------------------------------

RULES = {**WORDS, **AVOID, **PROSE}


@pytest.mark.parametrize("name", RULES)
def test_rule_catches_its_seed(name):
    each = RULES[name]
    assert [fault.split(":")[0] for fault in prose_faults(each.bad)] == [name]
    assert prose_faults(each.good) == []


@pytest.mark.parametrize("name", [*WORDS, *AVOID])
@pytest.mark.parametrize(
    "dress",
    [
        "```{{code-cell}} ipython3\n---\nslideshow:\n  slide_type: skip\n---\n%pip list\nprint(f'{{x}}: {}')\n```\n",
        "```{{code-cell}} ipython3\nx = 1  # {}\n```\n",
        "## Đề mục\n\n- một\n- hai: {}\n",
        "| a | b |\n|---|---|\n| 1 | {} |\n",
    ],
    ids=["f-string", "lời chú", "danh sách", "bảng"],
)
def test_seed_is_found_wherever_it_stands(name, dress):
    seed = RULES[name].bad
    assert any(fault.split(": ")[1] == name for fault in lint_markdown(dress.format(seed.replace("'", "")))), seed
    assert not list(lint_markdown(dress.format("x")))


def test_decomposed_letters_are_found():
    assert faults("chính xác".replace("á", "a\u0301")) and not faults("chính xác")


def test_docstrings_are_read_and_doctests_are_not():
    bad = 'def f():\n    """Tính một cách nhanh.\n\n    >>> f()\n    \'10 000!\'\n    """\n'
    assert [fault.split(":")[0] for _, fault in lint_python(bad)] == ["một cách"]


def test_code_and_formulas_are_let_be():
    assert not prose_faults("Dùng `hoá!` và $n! = 1 000$, xem [trang](http://a.vn/hoá!) ![ảnh](a.png).")


def test_avoided_renderings_come_from_the_glossary():
    rows = list(csv.DictReader(GLOSSARY.read_text(encoding="utf-8").splitlines()))
    assert len(rows) >= 170 and all(row["vi"] and row["keep_english"] in {"y", "n"} for row in rows)
    names = " / ".join(row["vi"] for row in rows).lower()
    for right in AVOID:
        assert right in names or right.split()[0] in names, right
    for row in rows:  # bảng thuật ngữ không tự cấm cái tên mà nó chọn
        for part in re.split(r"[/,(]", row["vi"]):
            assert not faults(part), part


# --- Lần đầu dùng một thuật ngữ thì kèm tiếng Anh ---------------------------------------------------------------------

INTRODUCED = {  # bài: thuật ngữ mà bài ấy đưa ra, và tiếng Anh phải đứng ngay sau trong ngoặc, chữ nghiêng
    "00_tom_tat": {"hàm mất mát": "loss function", "chỉ số đánh giá": "evaluation metric", "mô hình cơ sở": "baseline"},
    "01_gioi_thieu": {
        "học có giám sát": "supervised learning",
        "mô hình": "model",
        "tham số": "parameter",
        "mất mát": "loss",
        "phần dư": "residual",
        "đạo hàm riêng": "partial derivative",
        "nguyên nhân chung": "confounder",
        "không gian giả thuyết": "hypothesis space",
        "siêu tham số": "hyper-parameter",
        "rủi ro thực nghiệm": "empirical risk",
        "rủi ro kỳ vọng": "expected risk",
        "láng giềng gần nhất": "k nearest neighbours",
    },
    "02_1_ham_mat_mat": {
        "hàm mất mát": "loss function",
        "sai số bình phương trung bình": "mean squared error",
        "sai số tuyệt đối trung bình": "mean absolute error",
        "bất ngờ": "surprise",
        "entropy chéo": "cross-entropy",
        "entropy chéo nhị phân": "binary cross-entropy",
        "phân kỳ KL": "Kullback–Leibler divergence",
        "hợp lý cực đại": "maximum likelihood",
        "nhiệt độ": "temperature",
    },
    "02_2_gradient_descent": {
        "tốc độ học": "learning rate",
        "số điều kiện": "condition number",
        "động lượng": "momentum",
        "lịch tốc độ học": "learning rate schedule",
        "hiệu chỉnh độ chệch": "bias correction",
        "quả cầu nhiễu": "noise ball",
        "vector riêng": "eigenvector",
        "trị riêng": "eigenvalue",
        "yên ngựa": "saddle point",
        "SGD": "stochastic gradient descent",
    },
    "03_1_chia_tap_du_lieu": {
        "tập huấn luyện": "training set",
        "tập xác thực": "validation set",
        "tập kiểm tra": "test set",
        "hạt giống": "seed",
        "sai số chuẩn": "standard error",
        "khoảng tin cậy": "confidence interval",
        "phân tầng": "stratified",
        "dịch chuyển phân phối": "distribution shift",
        "rò rỉ dữ liệu": "data leakage",
    },
    "03_2_overfitting_underfitting": {
        "quá khớp": "overfitting",
        "dưới khớp": "underfitting",
        "năng lực mô hình": "model capacity",
        "đường cong học": "learning curve",
        "điều chuẩn": "regularization",
        "thành phần phạt": "penalty",
        "suy giảm trọng số": "weight decay",
        "dừng sớm": "early stopping",
        "hai lần xuống": "double descent",
    },
    "04_2_danh_gia_hoi_quy": {
        "phần dư": "residual",
        "hệ số xác định": "coefficient of determination",
        "R^2$ hiệu chỉnh": "adjusted R²",
        "MAPE": "mean absolute percentage error",
    },
    "05_danh_gia_thuc_nghiem": {
        "đường cong mất mát": "loss curve",
        "ma trận nhầm lẫn": "confusion matrix",
        "xác thực chéo": "cross-validation",
        "xác thực chéo lồng nhau": "nested cross-validation",
    },
    "06_bias_variance": {
        "độ chệch": "statistical bias",
        "phương sai": "variance",
        "hệ số điều chỉnh": "bias parameter",
        "thiên lệch": "social bias",
        "bagging": "bootstrap aggregating",
        "hiệp phương sai": "covariance",
        "cây quyết định": "decision tree",
    },
    "07_ket_luan": {
        "mô hình ngôn ngữ lớn": "large language model",
        "tiền huấn luyện": "pre-training",
        "tinh chỉnh": "fine-tuning",
        "học chuyển giao": "transfer learning",
        "RLHF": "reinforcement learning from human feedback",
        "LoRA": "low-rank adaptation",
        "chuyển giao âm": "negative transfer",
        "DPO": "direct preference optimization",
        "quên thảm khốc": "catastrophic forgetting",
        "tối ưu quá đà": "reward over-optimisation",
    },
    "04_1_danh_gia_phan_loai": {
        "ma trận nhầm lẫn": "confusion matrix",
        "độ chính xác": "accuracy",
        "độ chính xác cân bằng": "balanced accuracy",
        "ngưỡng": "threshold",
        "hiệu chuẩn": "calibration",
        "độ đặc hiệu": "specificity",
        "chỉ số đánh giá": "evaluation metric",
        "mô hình cơ sở": "baseline",
        "trung bình điều hòa": "harmonic mean",
        "biểu đồ độ tin cậy": "reliability diagram",
        "khoảng tin cậy": "confidence interval",
        "sai số chuẩn": "standard error",
        "đường cong ROC": "receiver operating characteristic",
        "lớp dương": "positive class",
        "phân tầng": "stratified",
        "dương tính thật": "true positive",
        "âm tính thật": "true negative",
        "dương tính giả": "false positive",
        "âm tính giả": "false negative",
    },
}
NOTE_START = "<details><summary><em>Ghi chú cho người dạy"
ASIDE = re.compile(r"\A(?:#|\[!\[|\*Mục |\d+\. .*\(bài tập \d)")  # đề mục, dòng đầu, mục tiêu


def first_uses(source, terms):
    """Thuật ngữ có dùng mà lần đầu (ngoài đề mục, mục tiêu, ghi chú) không kèm tiếng Anh, với chỗ dùng."""
    told = re.sub(NOTE_START + r".*?</details>", "", source, flags=re.S)
    body = [re.sub(r"`[^`]*`", "x", text) for _, kind, text in markdown_texts(told) if kind == "prose"]
    body = "\n".join(text for text in body if not ASIDE.match(text))
    for term, english in terms.items():
        longer = [other[len(term) :] for other in terms if other.startswith(term) and other != term]
        unless = "".join(f"(?!{re.escape(rest)})" for rest in longer)
        use = re.search(rf"(?i)(?<!\w){re.escape(term)}(?!\w){unless}", body)
        if use and not re.match(rf"(?i)\W{{0,3}}\(\*{re.escape(english)}", body[use.end() :]):
            yield f"{term} (*{english}*): {body[max(0, use.start() - 40) : use.end() + 40]!r}"


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_first_use_gives_the_english(path):
    assert path.stem in INTRODUCED, "ghi vào INTRODUCED các thuật ngữ mà bài này đưa ra"
    source = path.read_text(encoding="utf-8")
    assert all(term.lower() in source.lower() for term in INTRODUCED[path.stem])
    missing = list(first_uses(source, INTRODUCED[path.stem]))
    assert not missing, "\n".join(missing)


@pytest.mark.parametrize(
    "source, missing",
    [
        ("Đặt **ngưỡng** (*threshold*) $t$.\n\nNgưỡng cao.", 0),
        (f"## Ngưỡng\n\n{NOTE_START} (5 phút)</em></summary>\n\nNgưỡng.\n\n</details>\n\nĐặt ngưỡng (*threshold*).", 0),
        ("<details><summary>Trả lời</summary>\n\nNgưỡng.\n\n</details>\n\nĐặt ngưỡng (*threshold*).", 1),
        ("Hạ ngưỡng.\n\nĐặt **ngưỡng** (*threshold*).", 1),
        ("Đặt ngưỡng (threshold).", 1),
        ("Đặt ngưỡng (*limit*).", 1),
    ],
)
def test_first_use_rule_catches_its_seed(source, missing):
    assert len(list(first_uses(source, {"ngưỡng": "threshold"}))) == missing
