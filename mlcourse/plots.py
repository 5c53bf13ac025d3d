"""Vẽ lên một ``ax`` rồi trả lại chính ``ax`` ấy; ai gọi không cần nhắc đến pyplot nữa.

Một bảng màu cho cả khóa học: một thứ, một màu. Các màu dựa vào bảng của Okabe và Ito (2008), người mù màu cũng phân
biệt được; lớp dương và lớp âm còn khác nhau ở chỗ đặt, nên không chỗ nào chỉ dựa vào màu. Chữ đủ lớn để đọc từ hàng ghế
cuối. Đặt kiểu cho cả notebook bằng ``plt.style.use(plots.STYLE)``; nền trắng đục, nên hình vẫn đọc được khi JupyterLab
đổi sang giao diện tối.

Hàm ``update_…`` sửa hình đã vẽ tại chỗ, không thêm bớt artist nào: dành cho hình sống. Số liệu do `metrics` tính; ở
đây chỉ vẽ.
"""

import functools
import math

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.artist import Artist
from matplotlib.colors import LinearSegmentedColormap, to_rgba
from matplotlib.font_manager import FontProperties
from matplotlib.path import Path
from matplotlib.textpath import TextPath, text_to_path
from matplotlib.transforms import Affine2D

from . import _check, metrics
from .model_selection import wilson_interval

POSITIVE = "#d55e00"  # lớp dương
NEGATIVE = "#0072b2"  # lớp âm
MODEL = "#00664b"  # mô hình đang xét
MODEL_B = "#6d28d9"  # mô hình thứ hai, khi so hai mô hình
TRAIN = "#12424a"  # tập huấn luyện
VALIDATION = "#c94f8f"  # tập xác thực
TEST = "#8a6d00"  # tập kiểm tra
THRESHOLD = "#111111"  # ngưỡng, và điểm ứng với ngưỡng
CHANCE = "#8e8e8e"  # đoán mò, mức để so
SHADES = LinearSegmentedColormap.from_list("mlcourse", ["#ffffff", "#cfe3f1", "#0072b2"])  # ít đến nhiều

STYLE = {
    "figure.constrained_layout.use": True,
    "figure.dpi": 100,
    "savefig.dpi": 100,
    "figure.facecolor": "white",
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans"],
    "font.size": 13,
    "axes.labelsize": 14,
    "axes.titlesize": 14,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.prop_cycle": plt.cycler(color=[MODEL, MODEL_B, NEGATIVE, POSITIVE, CHANCE]),
    "lines.linewidth": 2.5,
    "legend.fontsize": 12,
    "legend.frameon": True,
    "legend.framealpha": 0.9,
    "legend.edgecolor": "none",
}


def number(value):
    """Một chỉ số viết hai chữ số sau dấu chấm, hoặc "0/0" khi không xác định.

    >>> number(0.5), number(math.nan)
    ('0.50', '0/0')
    """
    return "0/0" if math.isnan(value) else f"{value:.2f}"


class Label(Artist):
    """Một dòng chữ ngắn đổi liên tục, như con số trong hình sống: vẽ nhanh gấp tám lần `matplotlib.text.Text`.

    Text xếp chữ và tô từng ký tự lại từ đầu mỗi khung hình; ở đây nét của mỗi ký tự chỉ tính một lần, rồi ghép lại.
    ``(x, y)`` theo tọa độ dữ liệu của ``ax``; chữ nằm giữa theo chiều dọc, và ``ha`` là "left" hay "center".

    >>> _, ax = plt.subplots()
    >>> label = Label(ax, 0.5, 0.5, "TP 3")
    >>> label.set_text("TP 4")
    >>> label.get_text()
    'TP 4'
    """

    def __init__(self, ax, x, y, text="", *, ha="left", size=13):
        super().__init__()
        self.position, self.color = (x, y), "black"
        self._ha, self._size = ha, size
        self.set_text(text)
        self.set_in_layout(False)
        self.set_zorder(4)  # trên tên hình (3): con số đổi thì tên không phải vẽ lại
        ax.add_artist(self)

    def get_text(self):
        return self._text

    def set_text(self, text):
        self._text, self.stale = text, True

    def draw(self, renderer):
        if not self.get_visible() or not self._text.strip():
            return
        vertices, codes, width = [], [], 0.0
        for glyph, advance in map(_glyph, self._text):
            if glyph is not None:
                vertices.append(glyph.vertices + [width, 0])
                codes.append(glyph.codes)
            width += advance
        path = Path(np.concatenate(vertices), np.concatenate(codes))
        left = width / 2 if self._ha == "center" else 0
        place = Affine2D().translate(-left, -0.365).scale(renderer.points_to_pixels(self._size))  # 0.365: nửa chữ hoa
        place.translate(*self.axes.transData.transform(self.position).round())
        gc = renderer.new_gc()
        gc.set_linewidth(0)
        gc.set_clip_rectangle(self.axes.bbox)
        renderer.draw_path(gc, path, place, to_rgba(self.color))
        gc.restore()
        self.stale = False


@functools.cache
def _glyph(character):
    """Nét của một ký tự ở cỡ chữ 1, và khoảng tiến đến ký tự sau."""
    width, _, _ = text_to_path.get_text_width_height_descent(character, FontProperties(size=1), False)
    return None if character.isspace() else TextPath((0, 0), character, size=1), width


# ---- Ma trận nhầm lẫn ----


def confusion_matrix(y_true, y_pred, *, labels=None, pos_label=None, class_names=None, normalize=None, ax=None):
    """Ma trận nhầm lẫn: hàng là giá trị thật, cột là dự đoán; biết lớp nào dương thì mỗi ô ghi thêm TN, FP, FN, TP.

    ``labels`` là mọi lớp, kể cả lớp vắng mặt; không có thì là các lớp có mặt, hay 0, 1, ... khi ``class_names`` có
    nhiều tên hơn. ``pos_label`` là lớp dương, tự hiểu là 1 khi nhãn là {0, 1} hay {-1, 1}. ``normalize``: None đếm số
    mẫu; "true", "pred", "all" chia cho tổng hàng, tổng cột, tổng cả bảng. Độ đậm là phần của ô trong hàng chứa ô, nên
    lớp hiếm vẫn nhìn thấy được.

    >>> ax = confusion_matrix([0, 0, 1, 1], [0, 1, 1, 1])
    >>> [label.get_text() for label in ax.artists]
    ['TN 1', 'FP 1', 'FN 0', 'TP 2']
    """
    found = np.unique(np.concatenate([_check.labels("y_true", y_true), _check.labels("y_pred", y_pred)]))
    class_names = None if class_names is None else list(class_names)
    count = len(found) if class_names is None else len(class_names)
    if labels is None and len(found) < count and found.dtype.kind != "U" and 0 <= found[0] and found[-1] < count:
        labels = range(count)
    classes = (found if labels is None else _check.labels("labels", labels)).tolist()
    matrix = metrics.confusion_matrix(y_true, y_pred, labels=labels, normalize=normalize)
    size, names = len(matrix), _names(class_names, list(map(str, classes)))
    known = pos_label is not None or set(classes) in ({0, 1}, {-1, 1})
    places = ["N", "P"] if known and _check.positive_label(classes, pos_label) == classes[-1] else ["P", "N"]
    ax = _axes(ax)
    ax.pcolormesh(np.zeros((size, size)), cmap=SHADES, vmin=0, vmax=1, edgecolors="#b0b0b0", linewidth=0.5)
    for i, j in np.ndindex(size, size):
        cell = f"{'T' if i == j else 'F'}{places[j]} " if known and size == 2 else ""
        Label(ax, j + 0.5, i + 0.5, ha="center", size=15 if size == 2 else 12).set_gid(cell)
    ax.set(xlim=(0, size), ylim=(size, 0), aspect="equal", xlabel="Dự đoán (cột)", ylabel="Thật (hàng)")
    ax.set_xticks(np.arange(size) + 0.5, names)
    ax.set_yticks(np.arange(size) + 0.5, names, rotation=90 if size == 2 else 0, va="center")
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    update_confusion_matrix(ax, matrix)
    return ax


def update_confusion_matrix(ax, matrix):
    """Thay các con số và độ đậm của một ma trận nhầm lẫn đã vẽ; ``matrix`` dạng ``(K, K)``."""
    matrix = np.asarray(matrix)
    size = math.isqrt(len(ax.artists))
    if matrix.shape != (size, size):
        raise ValueError(f"matrix có dạng {matrix.shape} nhưng hình đang có {size} x {size} ô: cần cùng số ô.")
    counts = np.issubdtype(matrix.dtype, np.integer)
    axis = 0 if not counts and np.allclose(matrix.sum(axis=0), 1) else 1  # chia theo cột thì độ đậm cũng theo cột
    share = matrix / np.maximum(matrix.sum(axis=axis, keepdims=True), 1e-12)
    ax.collections[0].set_array(share)
    for label, value, dark in zip(ax.artists, matrix.flat, share.flat, strict=True):
        label.set_text(f"{label.get_gid()}{value}" if counts else f"{label.get_gid()}{value:.2f}")
        label.color = "white" if dark > 0.9 else "black"


# ---- Từ điểm số ----


def score_histograms(y_true, y_score, *, pos_label=None, class_names=None, bins=20, ax=None):
    """Phân phối điểm số của hai lớp: lớp dương mọc lên, lớp âm mọc xuống, chung một trục điểm số trong [0, 1].

    Lớp dương là ``pos_label``, tự hiểu là 1 khi nhãn là {0, 1} hay {-1, 1}. ``class_names`` là tên của lớp âm rồi lớp
    dương.

    >>> ax = score_histograms([0, 0, 1], [0.1, 0.4, 0.8], bins=2)
    >>> [int(bar.get_height()) for bar in ax.patches]  # dương mọc lên, âm mọc xuống
    [0, 1, -2, 0]
    """
    y_true, y_score = _check.labels("y_true", y_true), _check.probabilities("y_score", y_score, ndim=1)
    _check.same_shape("y_true", y_true, "y_score", y_score)
    is_positive = y_true == _check.positive_label(_check.two_classes(y_true), pos_label)
    negative, positive = _names(class_names, ("lớp âm", "lớp dương"))
    ax = _axes(ax)
    edges = np.linspace(0, 1, _check.integer("bins", bins, low=1) + 1)
    up, down = (np.histogram(y_score[side], edges)[0] for side in (is_positive, ~is_positive))
    width = edges[1]
    ax.bar(edges[:-1], up, width, align="edge", color=POSITIVE, edgecolor="white", label=positive)
    ax.bar(edges[:-1], -down, width, align="edge", color=NEGATIVE, edgecolor="white", label=negative)
    ax.axhline(0, color="black", linewidth=1)
    ax.set(xlabel="điểm số", ylabel="số mẫu", xlim=(0, 1))
    ax.margins(y=0.15)  # chừa chỗ cho tên hai lớp
    if 0 in (up.max(), down.max()):  # chỉ có một lớp: vẫn chừa chỗ cho tên lớp kia
        ax.set_ylim(*(1.2 * np.array([-max(down.max(), up.max() / 4), max(up.max(), down.max() / 4)])))
    ax.yaxis.set_major_formatter(lambda value, _: f"{abs(value):g}")
    ax.text(0.98, 0.99, positive, color=POSITIVE, transform=ax.transAxes, ha="right", va="top", fontweight="bold")
    ax.text(0.98, 0.01, negative, color=NEGATIVE, transform=ax.transAxes, ha="right", va="bottom", fontweight="bold")
    return ax


def roc_curve(y_true, y_score, *, pos_label=None, label=None, color=MODEL, ax=None):
    """Đường cong ROC và đường chéo của máy đoán mò; AUC ở tiêu đề, hay ở chú thích khi đường có ``label``.

    >>> ax = roc_curve([0, 1, 1], [0.2, 0.1, 0.9])
    >>> ax.get_title()
    'AUC 0.500'
    """
    fpr, tpr, _ = metrics.roc_curve(y_true, y_score, pos_label=pos_label)
    score = metrics.roc_auc_score(y_true, y_score, pos_label=pos_label)
    ax = _axes(ax)
    _diagonal(ax)
    line = ax.plot(fpr, tpr, color=color)[0]
    _unit_square(ax, "FPR (báo nhầm)", "TPR (recall)")
    return _named(ax, line, label, f"AUC {score:.3f}", "lower right")


def precision_recall_curve(y_true, y_score, *, pos_label=None, label=None, color=MODEL, ax=None):
    """Đường cong precision–recall dạng bậc thang; AP viết như AUC ở `roc_curve`; nét đứt là tỷ lệ ca dương.

    >>> ax = precision_recall_curve([0, 1, 1], [0.2, 0.1, 0.9])
    >>> ax.get_title()
    'AP 0.833'
    """
    precision, recall, _ = metrics.precision_recall_curve(y_true, y_score, pos_label=pos_label)
    ax = _axes(ax)
    ax.axhline(precision[0], color=CHANCE, linestyle="--", linewidth=1.5)
    line = ax.plot(recall, precision, drawstyle="steps-post", color=color)[0]
    _unit_square(ax, "recall", "precision")
    score = metrics.average_precision_score(y_true, y_score, pos_label=1 if pos_label is None else pos_label)
    return _named(ax, line, label, f"AP {score:.3f}", "lower left")


def pair_matrix(positive, negative, *, ax=None):
    """Mọi cặp (mẫu dương, mẫu âm): ô sẫm là cặp mà mẫu dương điểm cao hơn, ô nhạt là hòa.

    Vẽ trên hình vuông đơn vị, điểm cao ở gần gốc: hàng là mẫu dương, cột là mẫu âm. Phần sẫm (và nửa phần hòa) chiếm
    đúng AUC diện tích, và mép của phần ấy là đường cong ROC.

    >>> ax = pair_matrix([0.9, 0.3], [0.5, 0.1])
    >>> ax.images[0].get_array().tolist()
    [[1.0, 1.0], [0.0, 1.0]]
    """
    positive = np.sort(_check.real("positive", positive, ndim=1))[::-1]
    negative = np.sort(_check.real("negative", negative, ndim=1))[::-1]
    won = (positive[:, None] > negative) + (positive[:, None] == negative) / 2
    ax = _axes(ax)
    ax.imshow(won, cmap=SHADES, vmin=0, vmax=1.25, extent=(0, 1, 1, 0), interpolation="nearest")
    return _unit_square(ax, "mẫu âm, từ điểm cao đến thấp", "mẫu dương, từ điểm cao đến thấp")


def reliability_diagram(y_true, y_prob, *, pos_label=None, n_bins=10, label=None, color=MODEL, ax=None):
    """Biểu đồ độ tin cậy: trong mỗi nhóm xác suất gần nhau, mô hình nói bao nhiêu và sự thật là bao nhiêu.

    Diện tích chấm tỷ lệ với số mẫu của nhóm, vạch đứng là khoảng Wilson 95% của nhóm; trên đường chéo là hiệu chuẩn
    hoàn hảo, dưới đường chéo là nói quá.

    >>> ax = reliability_diagram([0, 1, 1, 1], [0.2, 0.2, 0.8, 0.8], n_bins=2)
    >>> ax.lines[-1].get_xydata().tolist()
    [[0.2, 0.5], [0.8, 1.0]]
    """
    y_prob = _check.probabilities("y_prob", y_prob, ndim=1)
    true, said = metrics.calibration_curve(y_true, y_prob, pos_label=pos_label, n_bins=n_bins)
    counts = np.bincount(np.searchsorted(np.linspace(0, 1, n_bins + 1)[1:-1], y_prob))  # chia nhóm như metrics
    counts = counts[counts > 0]
    ax = _axes(ax)
    _diagonal(ax)
    ax.scatter(said, true, s=1200 * counts / counts.sum(), color=color, alpha=0.6, clip_on=False)
    low, high = np.transpose([wilson_interval(round(t * n), n) for t, n in zip(true, counts.tolist())])
    ax.vlines(said, low, high, color=color, alpha=0.5, linewidth=2)
    ax.plot(said, true, color=color, label=label)
    if label:
        ax.legend(loc="upper left")
    return _unit_square(ax, "mô hình nói (xác suất trung bình)", "thật ra (tỷ lệ ca dương)")


# ---- Chi phí, từng lớp, mất mát ----


def score_bars(names, *, ax=None):
    """Các thanh ngang từ 0 đến 1, mỗi chỉ số một thanh, con số ở đầu thanh; đặt giá trị bằng `update_score_bars`.

    >>> ax = score_bars(["precision", "recall"])
    >>> update_score_bars(ax, [0.5, math.nan])
    >>> [label.get_text() for label in ax.artists]
    ['0.50', '0/0']
    """
    ax = _axes(ax)
    ax.barh(names, np.zeros(len(names)), color=MODEL, height=0.62)
    for i in range(len(names)):
        Label(ax, 0, i)
    ax.set(xlim=(0, 1.3), ylim=(len(names) - 0.5, -0.5), xticks=[0, 0.5, 1])
    ax.tick_params(axis="y", length=0)
    return ax


def update_score_bars(ax, values):
    """Đặt lại giá trị các thanh của `score_bars`; NaN thành "0/0"."""
    for bar, label, value in zip(ax.patches, ax.artists, values, strict=True):
        bar.set_width(np.nan_to_num(value))
        label.position = (np.nan_to_num(value) + 0.03, label.position[1])
        label.set_text(number(value))


def per_class_bars(values, class_names, *, averages=None, ax=None):
    """Một chỉ số của từng lớp thành cột; các cách gộp (macro, weighted, micro) thành đường ngang, con số ghi bên phải.

    Chỉ số không xác định (NaN, từ ``zero_division=np.nan``) thì không có cột, chỉ có chữ "0/0".

    >>> ax = per_class_bars([0.9, 0.5], ["mèo", "chó"], averages={"macro": 0.7})
    >>> [float(bar.get_height()) for bar in ax.patches], [text.get_text() for text in ax.texts]
    ([0.9, 0.5], ['— macro 0.700'])
    """
    if averages and len(averages) > 3:
        raise ValueError(f"averages có {len(averages)} cách gộp {list(averages)}: hình chỉ vẽ nhiều nhất 3 đường.")
    values = _check.array("values", values, ndim=1)
    defined = np.where(np.isnan(values), 0, values) if values.dtype.kind == "f" else values
    _check.real("values", defined, ndim=1, low=0, high=1)
    ax = _axes(ax)
    ax.bar(range(len(values)), np.zeros(len(values)), color="#9cc3de", width=0.7)
    ax.set_xticks(range(len(values)), _names(class_names, values))
    for i in range(len(values)):
        Label(ax, i, 0.03, ha="center")
    looks = [(MODEL, "-", "—"), (MODEL_B, "--", "- -"), (THRESHOLD, ":", "···")]
    for i, (color, dashes, sign) in enumerate(looks[: len(averages or {})]):
        ax.axhline(0, color=color, linestyle=dashes)
        ax.text(1.02, 0.97 - 0.1 * i, sign, color=color, transform=ax.transAxes, va="top", gid=sign)
    ax.set(xlabel="lớp", ylabel="chỉ số", ylim=(0, 1.05))
    update_per_class_bars(ax, values, averages or {})
    return ax


def update_per_class_bars(ax, values, averages):
    """Thay độ cao các cột và các đường gộp của một hình `per_class_bars` đã vẽ; NaN thành "0/0"."""
    for bar, label, value in zip(ax.patches, ax.artists, values, strict=True):
        bar.set_height(np.nan_to_num(value))
        label.set_text(number(value) if math.isnan(value) else "")
    for line, text, (name, value) in zip(ax.lines, ax.texts, averages.items(), strict=True):
        line.set_ydata([value, value])
        text.set_text(f"{text.get_gid()} {name} " + (number(value) if math.isnan(value) else f"{value:.3f}"))


def loss_curves(history, *, ax=None):
    """Đường cong mất mát (*loss curve*) theo epoch: tập huấn luyện, và tập xác thực nếu có.

    >>> from mlcourse.training import History
    >>> ax = loss_curves(History(np.array([0.7, 0.4, 0.3]), np.array([])))
    >>> ax.lines[0].get_ydata().tolist()
    [0.7, 0.4, 0.3]
    """
    if not hasattr(history, "train_loss"):
        hint = "viết params, history = training.train(...) rồi đưa history vào"
        raise _check.refused("history", "là lịch sử của training.train", history, hint)
    ax = _axes(ax)
    dot = "o" if len(history.train_loss) == 1 else None  # một điểm thì không có đường nào để thấy
    ax.plot(history.train_loss, marker=dot, color=TRAIN, label="tập huấn luyện")
    if history.val_loss is not None and len(history.val_loss):
        ax.plot(history.val_loss, marker=dot, color=VALIDATION, linestyle="--", label="tập xác thực")
    ax.set(xlabel="epoch", ylabel="mất mát")
    ax.xaxis.get_major_locator().set_params(integer=True)
    ax.legend()
    return ax


def _axes(ax):
    return plt.subplots()[1] if ax is None else ax


def _names(class_names, classes):
    names = list(classes if class_names is None else class_names)
    if len(names) != len(classes):
        raise ValueError(f"class_names có {len(names)} tên {names} nhưng có {len(classes)} lớp: cần mỗi lớp một tên.")
    return names


def _diagonal(ax):
    if not any(line.get_gid() == "diagonal" for line in ax.lines):
        ax.plot([0, 1], [0, 1], "--", color=CHANCE, linewidth=1.5, gid="diagonal")


def _unit_square(ax, xlabel, ylabel):
    ax.set(xlabel=xlabel, ylabel=ylabel, xlim=(-0.02, 1.02), ylim=(-0.02, 1.02), aspect="equal")
    ax.set_xticks([0, 0.5, 1])
    ax.set_yticks([0, 0.5, 1])
    return ax


def _named(ax, line, label, score, place):
    """Một đường thì con số ở tiêu đề (nhẹ hơn chú thích, và không che hình); nhiều đường thì ở chú thích."""
    if label is None:
        ax.set_title(score)
    else:
        line.set_label(f"{label}: {score}")
        ax.legend(loc=place)
    return ax
