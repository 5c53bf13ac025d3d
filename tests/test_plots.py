"""Các hàm vẽ: vẽ lên đúng ``ax``, đúng con số của `metrics`, chữ nằm trọn trong hình, màu phân biệt được."""

import inspect
import itertools
import unicodedata

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.colors import to_rgb
from matplotlib.text import Text

from mlcourse import metrics, model_selection, plots
from mlcourse.training import History

RNG = np.random.default_rng(0)
Y = np.repeat([0, 1], [60, 40])
S = np.clip(RNG.normal(0.35 + 0.3 * Y, 0.2), 0, 1)
HISTORY = History(np.linspace(1, 0.2, 30), np.linspace(1, 0.5, 30))

PLOTS = {
    "confusion_matrix": lambda ax: plots.confusion_matrix(Y, S >= 0.5, class_names=["âm", "dương"], ax=ax),
    "score_histograms": lambda ax: plots.score_histograms(Y, S, ax=ax),
    "roc_curve": lambda ax: plots.roc_curve(Y, S, ax=ax),
    "precision_recall_curve": lambda ax: plots.precision_recall_curve(Y, S, ax=ax),
    "pair_matrix": lambda ax: plots.pair_matrix(S[Y == 1], S[Y == 0], ax=ax),
    "reliability_diagram": lambda ax: plots.reliability_diagram(Y, S, n_bins=5, label="A", ax=ax),
    "score_bars": lambda ax: plots.score_bars(["độ chính xác", "recall"], ax=ax),
    "per_class_bars": lambda ax: plots.per_class_bars(
        [0.9, 0.5], ["mèo", "chó"], averages={"macro": 0.7, "weighted": 0.8, "micro": 0.81}, ax=ax
    ),
    "loss_curves": lambda ax: plots.loss_curves(HISTORY, ax=ax),
}


@pytest.fixture
def ax():
    with plt.rc_context(plots.STYLE):
        ax = plt.subplots(figsize=(5, 4))[1]
        yield ax
        plt.close("all")


def test_every_plot_is_tested():
    public = {
        name
        for name, f in inspect.getmembers(plots, inspect.isfunction)
        if f.__module__ == plots.__name__ and not name.startswith(("_", "update_"))
    }
    assert public == set(PLOTS) | {"number"}


@pytest.mark.parametrize("name", PLOTS)
def test_draws_on_the_given_axes_and_returns_it(name, ax):
    assert PLOTS[name](ax) is ax
    assert plt.get_fignums() == [ax.figure.number]


@pytest.mark.parametrize("name", PLOTS)
def test_makes_its_own_axes_when_none_is_given(name):
    made = PLOTS[name](None)
    assert plt.get_fignums() == [made.figure.number]
    plt.close("all")


@pytest.mark.parametrize("name", PLOTS)
def test_texts_are_nfc_inside_the_figure_and_apart(name, ax):
    PLOTS[name](ax)
    fig = ax.figure
    fig.canvas.draw()
    renderer, frame = fig.canvas.get_renderer(), fig.bbox.padded(1)
    boxes = []
    hidden = {
        tick.label1
        for axis in (ax.xaxis, ax.yaxis)
        for tick in axis.get_major_ticks()
        if not min(axis.get_view_interval()) <= tick.get_loc() <= max(axis.get_view_interval())
    }  # ngoài tầm nhìn thì không vẽ
    for text in fig.findobj(Text):
        if not text.get_visible() or not text.get_text().strip() or text in hidden:
            continue
        assert unicodedata.is_normalized("NFC", text.get_text())
        box = text.get_window_extent(renderer)
        assert frame.contains(box.x0, box.y0) and frame.contains(box.x1, box.y1), text.get_text()
        boxes.append((text.get_text(), box))
    for (a, box_a), (b, box_b) in itertools.combinations(boxes, 2):
        overlap_x = min(box_a.x1, box_b.x1) - max(box_a.x0, box_b.x0)
        overlap_y = min(box_a.y1, box_b.y1) - max(box_a.y0, box_b.y0)
        assert overlap_x <= 1 or overlap_y <= 1, f"{a!r} đè lên {b!r}"


@pytest.mark.parametrize("name", PLOTS)
def test_text_is_large_enough_for_the_last_row(name, ax):
    PLOTS[name](ax)
    ax.figure.canvas.draw()
    sizes = [text.get_fontsize() for text in ax.figure.findobj(Text) if text.get_text().strip()]
    assert min(sizes) >= 12


def test_curves_are_the_metrics_curves(ax):
    plots.roc_curve(Y, S, ax=ax)
    fpr, tpr, _ = metrics.roc_curve(Y, S)
    assert np.array_equal(ax.lines[-1].get_xydata(), np.c_[fpr, tpr])
    assert ax.get_title() == f"AUC {metrics.roc_auc_score(Y, S):.3f}"
    ax.clear()
    plots.precision_recall_curve(Y, S, ax=ax)
    precision, recall, _ = metrics.precision_recall_curve(Y, S)
    assert np.array_equal(ax.lines[-1].get_xydata(), np.c_[recall, precision])
    assert ax.get_title() == f"AP {metrics.average_precision_score(Y, S):.3f}"


def test_two_labelled_curves_share_one_diagonal_and_one_legend(ax):
    plots.roc_curve(Y, S, label="A", ax=ax)
    plots.roc_curve(Y, 1 - S, label="B", color=plots.MODEL_B, ax=ax)
    assert len(ax.lines) == 3
    assert [text.get_text()[:2] for text in ax.get_legend().get_texts()] == ["A:", "B:"]


@pytest.mark.parametrize("normalize", [None, "true", "pred", "all"])
def test_confusion_matrix_shows_truth_in_rows(normalize, ax):
    guess = (S >= 0.6).astype(int)
    plots.confusion_matrix(Y, guess, normalize=normalize, ax=ax)
    wanted = metrics.confusion_matrix(Y, guess, normalize=normalize)
    shown = [float(label.get_text().split()[-1]) for label in ax.artists]
    assert np.allclose(shown, wanted.ravel(), atol=0.005)
    assert "hàng" in ax.get_ylabel() and "Thật" in ax.get_ylabel() and "cột" in ax.get_xlabel()
    assert ax.get_ylim()[0] > ax.get_ylim()[1]  # hàng đầu ở trên, như ma trận viết trên giấy


def test_ten_classes_fit_too(ax):
    y = np.arange(100) % 10
    plots.confusion_matrix(y, np.roll(y, 1), class_names=[str(k) for k in range(10)], ax=ax)
    assert len(ax.artists) == 100 and not any("TP" in label.get_text() for label in ax.artists)


def test_update_confusion_matrix_touches_only_the_cells(ax):
    plots.confusion_matrix(Y, S >= 0.5, ax=ax)
    children = ax.get_children()
    matrix = metrics.confusion_matrix(Y, S >= 0.1)
    plots.update_confusion_matrix(ax, matrix)
    assert ax.get_children() == children
    assert [label.get_text() for label in ax.artists] == [
        f"{name} {count}" for count, name in zip(matrix.flat, ("TN", "FP", "FN", "TP"))
    ]
    shares = matrix / matrix.sum(axis=1, keepdims=True)
    assert np.allclose(ax.collections[0].get_array(), shares)
    with pytest.raises(ValueError, match="cần cùng số ô"):
        plots.update_confusion_matrix(ax, np.eye(3))


def test_empty_row_is_drawn_without_warning(ax):
    plots.confusion_matrix([0, 0, 1], [0, 0, 1], ax=ax)
    plots.update_confusion_matrix(ax, np.array([[0, 0], [1, 2]]))


def test_score_histograms_counts_every_sample(ax):
    plots.score_histograms(Y, S, ax=ax)
    heights = np.array([bar.get_height() for bar in ax.patches])
    assert heights[heights > 0].sum() == 40 and heights[heights < 0].sum() == -60


def test_bars_follow_their_values(ax):
    plots.score_bars(["a", "b"], ax=ax)
    plots.update_score_bars(ax, [0.25, float("nan")])
    assert [bar.get_width() for bar in ax.patches] == [0.25, 0]
    assert [label.get_text() for label in ax.artists] == ["0.25", "0/0"]
    ax.clear()
    plots.per_class_bars([0.5, 0.7], ["x", "y"], averages={"macro": 0.6, "micro": 0.65}, ax=ax)
    plots.update_per_class_bars(ax, [0.1, 0.2], {"macro": 0.15, "micro": 0.3})
    assert [bar.get_height() for bar in ax.patches] == [0.1, 0.2]
    assert [line.get_ydata()[0] for line in ax.lines] == [0.15, 0.3]
    assert [text.get_text() for text in ax.texts] == ["— macro 0.150", "- - micro 0.300"]


def test_loss_curves_without_validation(ax):
    plots.loss_curves(History(HISTORY.train_loss, np.empty(0)), ax=ax)
    assert len(ax.lines) == 1


@pytest.mark.parametrize(
    "draw, error, message",
    [
        (lambda: plots.confusion_matrix(Y, Y, class_names=["một"]), ValueError, "class_names có 1 tên"),
        (lambda: plots.confusion_matrix(Y, Y[:3]), ValueError, "mẫu|dạng"),
        (lambda: plots.score_histograms(Y, S * 3), ValueError, "y_score cần nằm trong"),
        (lambda: plots.score_histograms(Y, S[:, None]), ValueError, "1 chiều"),
        (lambda: plots.score_histograms(Y, S, bins=0), ValueError, "bins"),
        (lambda: plots.roc_curve(Y * 0, S), ValueError, "lớp"),
        (lambda: plots.reliability_diagram(Y, S + 1), ValueError, "cần nằm trong"),
        (lambda: plots.per_class_bars([0.1, np.inf], ["a", "b"]), ValueError, "values có 1 giá trị NaN hoặc vô cực"),
        (lambda: plots.per_class_bars([0.1, 0.2], ["a"]), ValueError, "class_names"),
        (lambda: plots.pair_matrix([], [1.0]), ValueError, "positive rỗng"),
    ],
)
def test_bad_input_is_explained(draw, error, message):
    with pytest.raises(error, match=message):
        draw()
    plt.close("all")


# --- màu: mô phỏng mù màu của Machado, Oliveira, Fernandes (2009), mức độ 1 ---

DEFICIENCIES = {
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
}
TOGETHER = [
    ("POSITIVE", "NEGATIVE"),
    ("MODEL", "MODEL_B"),
    ("TRAIN", "VALIDATION"),
    ("TRAIN", "TEST"),
    ("VALIDATION", "TEST"),
    ("TRAIN", "TEST"),
    ("VALIDATION", "TEST"),
    ("NEGATIVE", "MODEL_B"),
    ("MODEL", "CHANCE"),
    ("MODEL_B", "CHANCE"),
    ("POSITIVE", "MODEL_B"),
    ("POSITIVE", "THRESHOLD"),
    ("MODEL_B", "THRESHOLD"),
]


def linear(color):
    c = np.array(to_rgb(color))
    return np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)


def lab(rgb):
    xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]) @ rgb
    f = np.cbrt(np.clip(xyz / [0.9505, 1, 1.089], 1e-6, None))
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("kind", DEFICIENCIES)
@pytest.mark.parametrize("a, b", TOGETHER)
def test_colours_drawn_together_stay_apart_for_the_colour_blind(a, b, kind):
    seen = [lab(np.clip(np.array(DEFICIENCIES[kind]) @ linear(getattr(plots, name)), 0, 1)) for name in (a, b)]
    assert np.linalg.norm(seen[0] - seen[1]) > 20


@pytest.mark.parametrize(
    "name", ["POSITIVE", "NEGATIVE", "MODEL", "MODEL_B", "TRAIN", "VALIDATION", "TEST", "THRESHOLD", "CHANCE"]
)
def test_lines_stand_out_from_white(name):
    luminance = np.array([0.2126, 0.7152, 0.0722]) @ linear(getattr(plots, name))
    assert 1.05 / (luminance + 0.05) >= 3  # WCAG 2.1, tiêu chí 1.4.11


# --- nhãn không phải 0/1, mép nhóm, số 0: chỗ hình dễ sai mà không ai hay ---


TWO_LABELS = [  # nhãn âm, nhãn dương, và pos_label
    ((-1, 1), {}),
    ((False, True), {}),
    (("không", "có"), {"pos_label": "có"}),
    ((1, 2), {"pos_label": 2}),
    ((2, 1), {"pos_label": 1}),
]
CURVES = ["roc_curve", "precision_recall_curve", "reliability_diagram"]


@pytest.mark.parametrize("classes, options", TWO_LABELS)
def test_score_histograms_take_any_two_labels(classes, options, ax):
    plots.score_histograms(np.array(classes)[Y], S, bins=10, ax=ax, **options)
    heights = [bar.get_height() for bar in ax.patches]
    assert np.array_equal(heights[:10], np.histogram(S[Y == 1], 10, (0, 1))[0])
    assert np.array_equal(heights[10:], -np.histogram(S[Y == 0], 10, (0, 1))[0])


@pytest.mark.parametrize("classes, options", TWO_LABELS)
@pytest.mark.parametrize("name", CURVES)
def test_curves_take_any_two_labels(name, classes, options, ax):
    draw = getattr(plots, name)
    wanted, ax = draw(Y, S), draw(np.array(classes)[Y], S, ax=ax, **options)
    assert ax.get_title() == wanted.get_title()
    for line, other in zip(ax.lines, wanted.lines, strict=True):
        assert np.array_equal(line.get_xydata(), other.get_xydata())


@pytest.mark.parametrize("classes", [("không", "có"), (1, 2)])
@pytest.mark.parametrize("name", ["score_histograms", *CURVES])
def test_no_plot_guesses_the_positive_class(name, classes, ax):
    seen = ", ".join(map(repr, sorted(classes)))
    with pytest.raises(ValueError, match=f"Không biết lớp nào là lớp dương: y_true có các lớp {seen}.*pos_label="):
        getattr(plots, name)(np.array(classes)[Y], S, ax=ax)


def cells(ax):
    return [label.get_text() for label in ax.artists]


def test_confusion_matrix_names_positives_only_when_it_knows_them(ax):
    words = [np.array(["không", "có"])[v] for v in ([0, 0, 0, 1], [0, 0, 1, 1])]
    assert cells(plots.confusion_matrix(*words, ax=ax)) == ["1", "0", "1", "2"]  # "có" đứng trước "không"
    assert cells(plots.confusion_matrix(*words, pos_label="có")) == ["TP 1", "FN 0", "FP 1", "TN 2"]
    assert cells(plots.confusion_matrix([-1, 1], [1, 1])) == ["TN 0", "FP 1", "FN 0", "TP 1"]
    assert cells(plots.confusion_matrix([1, 2], [2, 2], pos_label=2)) == ["TN 0", "FP 1", "FN 0", "TP 1"]
    with pytest.raises(ValueError, match="pos_label = 'Có' không có trong dữ liệu"):
        plots.confusion_matrix(*words, pos_label="Có")


def test_confusion_matrix_keeps_a_place_for_an_absent_class(ax):
    assert cells(plots.confusion_matrix([1, 1], [1, 0], labels=[1, 0], ax=ax)) == ["TP 1", "FN 1", "FP 0", "TN 0"]
    assert cells(plots.confusion_matrix([1, 1], [1, 1], class_names=["lành", "ác"])) == ["TN 0", "FP 0", "FN 0", "TP 2"]
    three = plots.confusion_matrix([0, 2], [2, 2], class_names=["mèo", "chó", "bò"])
    assert cells(three) == ["0", "0", "1", "0", "0", "0", "0", "0", "1"]
    assert [tick.get_text() for tick in three.get_xticklabels()] == ["mèo", "chó", "bò"]
    with pytest.raises(ValueError, match="class_names có 3 tên .* nhưng có 2 lớp"):
        plots.confusion_matrix(["a", "b"], ["a", "b"], class_names=["mèo", "chó", "bò"])


def test_one_class_of_two_and_one_point_are_drawn(ax):
    plots.score_histograms([0, 0], [0.1, 0.9], bins=2, ax=ax)
    assert [bar.get_height() for bar in ax.patches] == [0, 0, -1, -1]
    assert ax.get_ylim()[1] > 0.2  # tên của lớp vắng mặt không nằm trên cột nào
    assert plots.precision_recall_curve([1], [0.3]).get_title() == "AP 1.000"
    assert plots.reliability_diagram([1], [0.3]).collections[0].get_offsets().tolist() == [[0.3, 1.0]]
    lines = plots.loss_curves(History(np.array([0.7]), np.array([0.8]))).lines
    assert [line.get_marker() for line in lines] == ["o", "o"]  # đường một điểm thì không thấy gì


def test_an_undefined_score_of_a_class_is_written_not_drawn(ax):
    recall = metrics.recall_score([0, 0, 1], [0, 1, 2], average=None, zero_division=np.nan)
    plots.per_class_bars(recall, ["mèo", "chó", "bò"], averages={"macro": recall[:2].mean()}, ax=ax)
    assert [bar.get_height() for bar in ax.patches] == [0.5, 0.0, 0.0]
    assert cells(ax) == ["", "", "0/0"]
    plots.update_per_class_bars(ax, [1.0, np.nan, 0.5], {"macro": np.nan})
    assert cells(ax) == ["", "0/0", ""]
    assert ax.texts[0].get_text() == "— macro 0/0"


@pytest.mark.parametrize("turned", [False, True])
def test_the_names_of_the_classes_lie_on_no_bar(turned, ax):
    plots.score_histograms(Y, np.where(Y == turned, 0.95, 0.05), ax=ax)
    ax.figure.canvas.draw()
    bars = [bar.get_window_extent() for bar in ax.patches if bar.get_height()]
    assert not any(text.get_window_extent().overlaps(bar) for text in ax.texts for bar in bars)


def test_precision_recall_baseline_is_the_prevalence_for_labels_minus_one_and_one(ax):
    plots.precision_recall_curve(2 * Y - 1, S, ax=ax)
    assert [line.get_ydata()[0] for line in ax.lines if line.get_color() == plots.CHANCE] == [pytest.approx(0.4)]


def test_reliability_dots_count_the_bins_of_the_curve(ax):
    prob = S.round(1)  # hầu như xác suất nào cũng nằm đúng mép của nhóm
    plots.reliability_diagram(Y, prob, n_bins=10, ax=ax)
    sizes = ax.collections[0].get_sizes()
    counts = np.unique(np.searchsorted(np.linspace(0, 1, 11)[1:-1], prob), return_counts=True)[1]
    assert len(sizes) == len(ax.lines[-1].get_xdata())
    assert np.allclose(sizes / sizes.sum(), counts / len(Y))  # diện tích, không phải bán kính
    bars = [segment[:, 1] for segment in ax.collections[1].get_segments()]
    hits = np.rint(ax.lines[-1].get_ydata() * counts).astype(int)
    assert np.allclose(bars, [model_selection.wilson_interval(int(k), int(n)) for k, n in zip(hits, counts)])


def test_shades_of_a_matrix_divided_by_columns_are_its_numbers(ax):
    guess = (S >= 0.4).astype(int)
    plots.confusion_matrix(Y, guess, normalize="pred", ax=ax)
    assert np.allclose(ax.collections[0].get_array(), metrics.confusion_matrix(Y, guess, normalize="pred"))


def test_loss_curves_without_validation_at_whole_epochs(ax):
    plots.loss_curves(History([0.7, 0.4], None), ax=ax)
    assert len(ax.lines) == 1 and all(float(tick).is_integer() for tick in ax.get_xticks())


def test_label_takes_every_kind_of_space():
    fig, ax = plt.subplots()
    plots.Label(ax, 0.5, 0.5, "10\u00a0000 ca")  # dấu cách không ngắt không có nét nào, như dấu cách thường
    fig.canvas.draw()
