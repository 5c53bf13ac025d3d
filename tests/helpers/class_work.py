"""Một lớp học bịa: những bài nộp của bài 04.1, lành và dữ, ghi ra một thư mục như hệ thống học tập gửi về."""

import copy
import json

import nbformat

from mlcourse import progress
from tools.classroom import assignment, sandbox
from tools.lessons import chosen

(LESSON,) = chosen("04_1")
TASKS = progress.every()[LESSON.number][1]
FORGOTTEN = """y = data.load_digits().y
y_true = y[(y != 8) | (np.cumsum(y == 8) <= 20)]
y_pred = np.where(y_true == 8, 3, y_true)
forgotten = 8
macro_recall = np.mean([(y_pred[y_true == k] == k).mean() for k in range(10)])"""
CONFUSED = str(TASKS["four_scores"].solution()).replace(
    "accuracy, precision, recall, f1", "accuracy, recall, precision, f1"
)
WRONG = {
    "four_scores": CONFUSED,
    "auc_by_pairs": "def auc_by_pairs(y_true, y_score):\n    return 0.5 + 0 * y_score.mean()",
    "auc_by_ranks": "def auc_by_ranks(y_true, y_score):\n    return 1 / 0",
    "precision_elsewhere": "def precision_elsewhere(tp, fp, fn, tn, prevalence):\n"
    "    return tp / (tp + fp) if tp + fp else float('nan')  # Bùi Văn Sai làm",
    "best_threshold": "def best_threshold(y_true, y_score, cost_fp, cost_fn):\n    return 0.5",
    "forgotten_class": FORGOTTEN.replace("forgotten = 8", "forgotten = 1"),
}


def right(name):
    return FORGOTTEN if name == "forgotten_class" else str(TASKS[name].solution())


def lesson():
    """Bài của `make lab`, như lúc phát."""
    return nbformat.read(LESSON.notebook, as_version=4)


def filled(answers, notebook=None):
    """Bài đã làm: ``answers(tên bài tập)`` là code, hay None để nguyên."""
    notebook = copy.deepcopy(notebook or lesson())
    for cell in notebook.cells:
        _, calls = assignment.split(cell.source) if cell.cell_type == "code" else ("", [])
        for name, given in calls:
            if code := answers(name):
                cell.source = f"{code}\n\nlesson.{name}.check({', '.join(given)})"
    return notebook


def only(**answers):
    """Chỉ làm những bài tập ấy."""
    return filled(answers.get)


def as_colab(notebook):
    """Như Colab lưu: nbformat 4.0, số hiệu ô nằm trong metadata, thêm dấu của Colab."""
    saved = json.loads(nbformat.writes(notebook))
    saved["nbformat_minor"], saved["metadata"]["colab"] = 0, {"provenance": []}
    for number, cell in enumerate(saved["cells"]):
        cell["metadata"] = {"id": f"xK{number}", "colab": {"base_uri": "https://localhost:8080/"}}
        cell.pop("id", None)
    return json.dumps(saved)


def as_vscode(notebook):
    """Như VS Code lưu: dấu ngôn ngữ ở từng ô, nội dung ô là một chuỗi."""
    saved = json.loads(nbformat.writes(notebook))
    for cell in saved["cells"]:
        cell["source"] = "".join(cell["source"]).replace("\n", "\r\n")
        cell["metadata"]["vscode"] = {"languageId": "python"}
    return json.dumps(saved)


# Không có tường thì bài phá xóa thật: ở máy ấy chỉ thử xóa thư mục của chính nó.
REACH = ("..", ".", "/tmp", "/root", "/home", "/usr") if sandbox.bubblewrap() else (".",)
HOSTILE = {
    "endless loop": "while True:\n    pass",
    "deaf loop": "while True:\n    try:\n        while True: pass\n    except BaseException: pass",
    "twenty gigabytes": "hog = np.ones(20 * 2**30 // 8)",
    "fork bomb": "import os\nwhile True:\n    try: os.fork()\n    except OSError: pass",
    "sys.exit": "import sys\nsys.exit(3)",
    "os._exit": "import os\nos._exit(0)",
    "deleted files": f"import shutil\nfor path in {REACH}: shutil.rmtree(path, ignore_errors=True)",
    "a gigabyte of output": "for _ in range(1000): print('x' * 1_000_000)",
    "big file": "open('to', 'wb').write(bytes(200 * 2**20))",
}
CHEATS = {
    "replaced check": "lesson.four_scores.check = lambda f: 'đúng'\ntype(lesson.four_scores).check = lambda self, f: 'đúng'",
    "redefined lesson": "class lesson:\n    class four_scores:\n        check = staticmethod(lambda f: '✓ Đúng.')",
    "patched numpy": "np.allclose = lambda *a, **k: True\nimport numpy\nnumpy.allclose = np.allclose",
    "patched agree": "import mlcourse.exercises as e\ne.agree = lambda a, b: True",
}
