"""Quy ước câu chữ, ở một chỗ: các luật, và cách lấy lời văn ra khỏi Markdown, Python, Makefile.

`faults` nhận một đoạn văn, trả về các luật bị phạm. Mỗi luật mang theo một câu sai và một câu đúng để tự thử.
"""

import ast
import io
import re
import tokenize
import unicodedata
from typing import NamedTuple


class Rule(NamedTuple):
    pattern: re.Pattern
    why: str
    bad: str
    good: str


def rule(pattern, why, bad, good):
    return Rule(re.compile(pattern, re.I), why, bad, good)


# --- Luật cho mọi câu chữ: bài học, docstring, lời báo lỗi, lời chú --------------------------------------------------

WORDS = {
    "kiểu đặt dấu mới": rule(
        r"(?<!q)(o[àáảãạ]|o[èéẻẽẹ]|u[ỳýỷỹỵ])(?!\w)",
        "đặt dấu kiểu cũ: hóa, tọa, khóa, tùy",
        "chuẩn hoá dữ liệu",
        "chuẩn hóa dữ liệu, câu hỏi, quý, quỹ",
    ),
    "từ cấm": rule(
        r"bộ đào tạo|kỷ nguyên|thiên vị|tổn thất|mạng thần kinh",
        "từ của bản dịch máy",
        "hàm tổn thất giảm",
        "hàm mất mát giảm",
    ),
    "một cách": rule(
        r"một cách (?!(?:đoán|tính|gộp|chọn|nhìn|viết|làm|hiểu|chia|đọc|khác|nào|để|đếm|gọi)\b)",
        "trạng từ dịch từ -ly",
        "giảm một cách nhanh chóng",
        "giảm nhanh; một cách đoán; một cách tính khác",
    ),
    "được … bởi": rule(
        r"\bđược\b[^.,;:]{0,60}\bbởi\b(?! vì)",
        "câu bị động dịch từ tiếng Anh",
        "điểm được tính bởi mô hình",
        "mô hình tính điểm; ca này được báo bởi vì điểm cao",
    ),
    "dễ thấy": rule(
        r"\bdễ thấy\b|\bhiển nhiên là\b",
        "điều hiển nhiên thì không cần nói, còn lại thì phải chứng minh",
        "dễ thấy rằng F1 nhỏ hơn",
        "ta thấy F1 nhỏ hơn",
    ),
    "gọi người học": rule(r"\b(các bạn|quý vị)\b", "gọi một người: bạn", "các bạn hãy chạy ô dưới", "bạn chạy ô dưới"),
    "dấu chấm than": rule(r"(?<![?<])!(?![=\[\w])", "không hô khẩu hiệu", "AUC bằng 1!", "AUC bằng 1, còn 1 != 2"),
    "ngoặc kép cong": rule(r"[“”‘’„«»]", "dùng ngoặc thẳng", "gọi là “ngưỡng”", 'gọi là "ngưỡng"'),
    "dấu cách hàng nghìn": rule(
        r"(?<![\d.,_])\d{1,3}(?: \d{3})+(?![\d.])",
        "giữa các nhóm ba chữ số là dấu cách không ngắt U+00A0",
        "có 10 000 người",
        "có 10\u00a0000 người; 27, 861 và 0.5 100",
    ),
    "số nhiều tiếng Anh": rule(
        r"\b(?:các|những|mỗi|vài)\s+(?!(?:bias|axis|lens)\b)[a-z][a-z-]*(?<![su])s\b(?!\()",
        "từ tiếng Anh không mang -s",
        "sau các epochs đầu",
        "sau các epoch đầu, các loss và các class",
    ),
    "precision là độ chuẩn xác": rule(
        r"độ chính xác[*\s]*\([*\s]*(?:precision|độ chuẩn xác)|precision[*\s]*(?:\([*\s]*|, tức (?:là )?|, nghĩa là |, hay |= ?)độ chính xác(?! cân)",
        "độ chính xác là accuracy",
        "**độ chính xác** (*precision*)",
        "độ chính xác (*accuracy*), precision, recall",
    ),
}

# Cách gọi khác trong glossary.csv, chỉ những cách không thể mang nghĩa nào khác trong khóa này.
# Không có ở đây vì còn nghĩa khác: dự báo, tính năng, ngoại lệ, vòng lặp, giá trị thực, hạng mục, độ rối, lớp, lỗi, lô.
AVOID = {
    "học máy": rule(
        r"(?<!cái )(?<!học )(?<!của )\bmáy học\b(?! (?:được|từ|nhanh|chậm))",
        "một tên: học máy",
        "khóa máy học này",
        "khóa học máy này; cái máy học nhanh",
    ),
    "huấn luyện": rule(r"\bđào tạo\b", "training là huấn luyện", "đào tạo mô hình", "huấn luyện mô hình"),
    "tham số": rule(r"\bthông số\b", "parameter là tham số", "thông số của mô hình", "tham số của mô hình"),
    "mạng nơ-ron": rule(r"\bmạng neu?r(?:on|al)\b", "viết nơ-ron", "mạng neural hai tầng", "mạng nơ-ron hai tầng"),
    "tầng ẩn": rule(r"\blớp ẩn\b", "lớp là class, layer là tầng", "một lớp ẩn", "một tầng ẩn"),
    "phân loại": rule(r"\bphân lớp\b", "classification là phân loại", "bài toán phân lớp", "bài toán phân loại"),
    "điều chỉnh siêu tham số": rule(
        r"\btinh chỉnh (?:các )?siêu tham số\b",
        "tinh chỉnh là fine-tuning",
        "tinh chỉnh siêu tham số",
        "điều chỉnh siêu tham số",
    ),
    "tốc độ học": rule(
        r"\btỷ lệ học\b(?! (?:viên|sinh))|\bhệ số học tập\b",
        "learning rate là tốc độ học",
        "tỷ lệ học 0.1",
        "tốc độ học 0.1; tỷ lệ học viên",
    ),
    "fold": rule(r"\bnếp gấp\b", "fold giữ nguyên", "mỗi nếp gấp", "mỗi fold"),
    "xác thực": rule(
        r"\bkiểm định chéo\b|\btập (?:kiểm định|kiểm thử|train|validation|test|đào tạo)\b|\bbộ huấn luyện\b",
        "tập huấn luyện / xác thực / kiểm tra, xác thực chéo",
        "chọn trên tập kiểm định",
        "chọn trên tập xác thực",
    ),
    "mini-batch": rule(r"\bminibatch\b", "viết mini-batch", "một minibatch", "một mini-batch"),
    "vector": rule(r"\bvéc-tơ\b|\bvec-?tơ\b|\bvéctơ\b", "viết vector", "một véc-tơ", "một vector"),
    "điều chuẩn": rule(
        r"\bchính quy hóa\b|\bcơ chế kiểm soát\b", "regularization là điều chuẩn", "chính quy hóa L2", "điều chuẩn L2"
    ),
    "chuẩn hóa": rule(r"\bchuẩn tắc hóa\b", "normalization là chuẩn hóa", "chuẩn tắc hóa dữ liệu", "chuẩn hóa dữ liệu"),
    "kỳ vọng": rule(r"\bkì vọng\b", "viết kỳ", "kì vọng của X", "kỳ vọng của X"),
    "quy tắc dây chuyền": rule(
        r"\bquy tắc chuỗi\b", "chain rule là quy tắc dây chuyền", "theo quy tắc chuỗi", "theo quy tắc dây chuyền"
    ),
    "cực tiểu địa phương": rule(
        r"\bcực tiểu cục bộ\b",
        "local minimum là cực tiểu địa phương",
        "rơi vào cực tiểu cục bộ",
        "rơi vào cực tiểu địa phương",
    ),
    "recall": rule(
        r"\bđộ (?:bao phủ|gợi nhớ)\b", "recall giữ nguyên (độ phủ)", "độ gợi nhớ 0.9", "recall 0.9, còn gọi là độ phủ"
    ),
    "tổng quát hóa": rule(
        r"\bkhái quát hóa\b", "generalization là tổng quát hóa", "khái quát hóa tốt", "tổng quát hóa tốt"
    ),
    "quá khớp": rule(
        r"\bkhớp quá mức\b|\bvị khớp\b|\bthiếu khớp\b",
        "quá khớp, dưới khớp",
        "mô hình khớp quá mức",
        "mô hình quá khớp",
    ),
    "học tăng cường": rule(
        r"\bhọc củng cố\b|\bhọc truyền tải\b|\bhọc chuyển tiếp\b",
        "học tăng cường, học chuyển giao",
        "học củng cố",
        "học tăng cường",
    ),
    "hệ số xác định": rule(r"\bhệ số quyết định\b", "R² là hệ số xác định", "hệ số quyết định R²", "hệ số xác định R²"),
    "gradient": rule(
        r"\bgiảm độ dốc\b", "gradient descent giữ nguyên", "thuật toán giảm độ dốc", "thuật toán gradient descent"
    ),
    "phân phối": rule(r"\bphân bố\b", "distribution là phân phối", "phân bố chuẩn", "phân phối chuẩn"),
    "chỉ số đánh giá": rule(
        r"\bđộ đo\b|\bthước đo\b|\bphép đánh giá\b", "evaluation metric là chỉ số", "bốn thước đo ấy", "bốn chỉ số ấy"
    ),
    "hiệu năng": rule(r"\bhiệu suất\b", "performance là hiệu năng", "hiệu suất của mô hình", "hiệu năng của mô hình"),
    "hiệu chuẩn": rule(
        r"\bhiệu chỉnh xác suất\b",
        "calibration là hiệu chuẩn",
        "hiệu chỉnh xác suất",
        "hiệu chuẩn; hiệu chỉnh độ chệch",
    ),
    "đường cong học": rule(
        r"\bđường cong học tập\b", "learning curve là đường cong học", "đường cong học tập", "đường cong học"
    ),
    "ranh giới quyết định": rule(
        r"\bbiên quyết định\b", "decision boundary là ranh giới quyết định", "biên quyết định", "ranh giới quyết định"
    ),
    "tập dữ liệu": rule(r"\bbộ dữ liệu\b", "dataset là tập dữ liệu", "một bộ dữ liệu", "một tập dữ liệu"),
    "tối ưu": rule(r"\btrình tối ưu\b", "optimizer là bộ tối ưu", "trình tối ưu hóa Adam", "bộ tối ưu Adam"),
    "khả năng tái lập": rule(
        r"\bkhả năng tái tạo\b", "reproducibility là khả năng tái lập", "khả năng tái tạo", "khả năng tái lập"
    ),
}

# --- Luật riêng cho Markdown -----------------------------------------------------------------------------------------

PROSE = {
    "tự xưng": rule(
        r"\btôi\b",
        "người viết là ta, chúng ta; tôi chỉ ở trong lời của một nhân vật",
        "tôi cho rằng AUC đủ",
        'hỏi: "Nếu tôi có bệnh thì sao?", *tôi được yên không?*',
    ),
    "dấu cách trước dấu câu": rule(
        r"(?<=[\w)]) [:;?%](?=\s|$)", "không có dấu cách trước : ; ? %", "có 95 % số ca", "có 95% số ca"
    ),
    "đề mục có dấu chấm": rule(
        r"\A#{1,6} .*[.:;]\s*\Z", "đề mục không có dấu chấm cuối", "## Độ chính xác.", "## Độ chính xác"
    ),
}


def faults(text, rules=None):
    """Các luật mà ``text`` phạm, mỗi luật một dòng kèm chỗ phạm; rỗng là lành."""
    rules = {**WORDS, **AVOID} if rules is None else rules
    found = [] if unicodedata.is_normalized("NFC", text) else [f"NFC: {text[:60]!r}"]
    for name, each in rules.items():
        target = re.sub(r'"[^"]*"|\*[^*]*\*', "x", text) if name == "tự xưng" else text
        if match := each.pattern.search(target):
            around = target[max(0, match.start() - 25) : match.end() + 25]
            found.append(f"{name}: …{around!r}… ({each.why})")
    return found


def plain(text):
    """Bỏ code, công thức, địa chỉ và dấu ảnh: những chỗ luật câu chữ không áp dụng."""
    text = re.sub(r"``.*?``|`[^`\n]*`", "x", text, flags=re.S)
    text = re.sub(r"\$\$.*?\$\$|(?<!\\)\$[^$\n]+\$", "x", text, flags=re.S)
    text = re.sub(r"\]\([^)\s]*\)|<https?:[^>]*>|https?://\S+", "]", text)
    return text.replace("![", "[")


def prose_faults(text):
    return faults(plain(text), {**WORDS, **AVOID, **PROSE})


def check_vietnamese(text):
    """Một đoạn trong câu hỏi hay bài tập: văn thường, không Markdown ngoài dấu `code`."""
    assert not faults(plain(text)), faults(plain(text))
    assert not re.search(r" [:;?%.,](\s|$)|  ", plain(text)), f"khoảng trắng thừa: {text!r}"
    assert text.count("`") % 2 == 0 and text == text.strip()


# --- Lấy lời văn ra -------------------------------------------------------------------------------------------------


def markdown_texts(source):
    """(dòng, loại, đoạn): "prose" là một đoạn văn hay đề mục, "python" là một khối code Python."""
    source = re.sub(r"\A---\n.*?\n---\n", lambda m: "\n" * m[0].count("\n"), source, flags=re.S)
    block, start, fence = [], 1, None
    for number, line in enumerate([*source.split("\n"), ""], 1):
        if fence is not None:
            if line.strip().startswith("```"):
                if fence.startswith(("{code-cell}", "python")):
                    yield start, "python", re.sub(r"\A---\n.*?\n---\n", "", "\n".join(block), flags=re.S)
                block, fence = [], None
            else:
                block.append(line)
            continue
        opens, heading = line.strip().startswith("```"), line.startswith("#")
        if block and (opens or heading or not line.strip() or line.startswith("+++")):
            yield start, "prose", " ".join(part.strip() for part in block)
            block = []
        if opens:
            fence, start = line.strip()[3:].strip(), number
        elif heading:
            yield number, "prose", line
        elif line.strip() and not line.startswith("+++"):
            start = start if block else number
            block.append(line)


def python_texts(source):
    """(dòng, đoạn): mọi chuỗi và lời chú của một file Python hay một ô; doctest trong docstring thì bỏ qua."""
    lines = source.split("\n")
    source = "\n".join(re.sub(r"^(\s*)[%!].*", r"\1pass", line) for line in lines)
    pieces = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.JoinedStr):
            pieces |= {id(part) for part in node.values}
            text = "".join(part.value if isinstance(part, ast.Constant) else "x" for part in node.values)
            yield node.lineno, text
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in pieces:
            yield node.lineno, re.sub(r"^ *>>> .*(?:\n *\S.*)*", "", node.value, flags=re.M)
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT and not re.match(r"# (?:noqa|fmt)|#@|#!", token.string):
            yield token.start[0], token.string


def makefile_texts(source):
    """(dòng, đoạn): lời chú, và những gì `echo` in ra."""
    for number, line in enumerate(source.split("\n"), 1):
        for text in [*re.findall(r"(?:^|\s)#+ (.*)$", line), *re.findall(r'"([^"]*)"', line)]:
            yield number, re.sub(r"\$\(.*?\)|\$\$\d", "x", text)
