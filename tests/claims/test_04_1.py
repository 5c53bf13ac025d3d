"""Bài 04.1: mỗi câu so sánh chạy lại trên những cách chia, những lượt bốc mà bài không cho xem."""

import functools
import math
from typing import NamedTuple

import numpy as np
import pytest

from mlcourse import data, losses, metrics, model_selection, models, optim, training
from tests.claims import below, claims, draws, equal, median_within, often, rises

claim = claims("04_1")

# Câu so sánh mà không cần khẳng định: nói thế là đặt tên, là kể việc sẽ làm, hay ô bên cạnh in ra đúng điều ấy.
NOT_CLAIMED = {
    "đặt tên": [
        "Mô hình xếp đúng cặp này khi ca ác tính có điểm cao hơn",
        "xếp mọi ca từ điểm thấp đến cao, điểm thấp nhất có hạng 1",
        "càng gần 1 thì càng nghiêng về ác tính",
        "mô hình cơ sở (*baseline*) luôn đoán lớp đông hơn",
        "còn có nghĩa cả khi precision là $0/0$, miễn là có ít nhất một ca dương",
        "Đường cong càng gần góc trên bên trái càng tốt",
        "Kéo *ngưỡng*: dấu tròn chạy trên đường cong, đường cong đứng yên",
        "càng nhỏ càng tốt",
        "chọn $T$ làm entropy chéo nhỏ nhất",
        "ngưỡng tốt nhất là ngưỡng làm $C(\\tau)$ nhỏ nhất",
        "Chi phí ở mỗi ngưỡng, chia cho chi phí của cách rẻ nhất không cần mô hình",
        "Dấu tròn là ngưỡng ít tốn nhất trên tập xác thực",
    ],
    "việc sẽ làm": [
        "Máy thứ nhất không nhìn ai, gọi tất cả là khỏe",
        "số ca gấp đôi thì thời gian không được gấp bốn",
        "tên lớp bị bỏ quên (recall thấp nhất)",
        "điểm của người bệnh cao hơn người khỏe trung bình 2 độ lệch chuẩn",
    ],
    "ô bên cạnh in ra": [
        "ngưỡng tìm được rẻ hơn hẳn: 5 so với 12 và 15",
        "Ở dòng cuối, không số nào đứng yên",
        "đường cong ROC và dấu tròn trên ROC đứng yên",
    ],
}
CASES = data.load_breast_cancer()


class Run(NamedTuple):
    """Một lần làm lại cả bài: cách chia mới, hai mô hình học lại, điểm của chúng trên hai tập."""

    split: object
    a: np.ndarray  # điểm của A trên tập xác thực
    b: np.ndarray
    b_test: np.ndarray

    @property
    def y(self):
        return self.split.y_val

    @property
    def decision(self):
        return (self.a >= 0.5).astype(int)


@functools.cache
def runs():
    return [run(rng, rng) for rng in draws(40)]


def run(rng, rng_fit):
    split = model_selection.train_val_test_split(CASES.X, CASES.y, ratios=(0.5, 0.25, 0.25), rng=rng, stratify=True)
    model_a, model_b = fit(split, [1, 4], rng_fit), fit(split, list(range(30)), rng_fit)
    return Run(split, model_a(split.X_val), model_b(split.X_val), model_b(split.X_test))


def fit(split, columns, rng):
    standardize = model_selection.standardizer(split.X_train[:, columns])
    X, model = standardize(split.X_train[:, columns]), models.logistic(len(columns), l2=1e-3)
    params, _ = training.train(model, X, split.y_train, optimizer=optim.adam(0.05), epochs=300, rng=rng)
    return lambda X: model.predict(params, standardize(X[:, columns]))


def tables(count=200):
    """Bốn ô ngẫu nhiên, không ô nào trống: ``tn, fp, fn, tp``, mỗi thứ ``count`` số."""
    return draws(1)[0].integers(1, 200, (4, count)).astype(float)


def mcc(tn, fp, fn, tp):
    return (tp * tn - fp * fn) / np.sqrt((tp + fp) * (tp + fn) * (tn + fp) * (tn + fn))


# --- Bốn ô, độ chính xác, precision, F1 --------------------------------------------------------------------------------


@claim("Máy nào quyết định mà không nhìn bệnh nhân thì có độ chính xác cân bằng, tính trung bình, đúng 0.5")
def test_a_blind_machine_has_balanced_accuracy_one_half():
    y = np.repeat([0, 1], [900, 100])
    scores = [
        [metrics.balanced_accuracy_score(y, rng.random(1000) < share) for _ in range(100)]
        for rng, share in zip(draws(20), np.linspace(0.02, 0.98, 20))
    ]
    equal(np.mean(scores, axis=1), 0.5, tolerance=0.01)


@claim("Độ chính xác đếm mỗi ca một phiếu, nên lớp đông quyết định kết quả")
def test_the_useless_machine_wins_by_accuracy_and_loses_by_the_other_two():
    found = []
    for rng in draws(20):
        y, score = data.make_two_gaussians(9900, 100, separation=2, rng=rng)
        nobody, guess = np.zeros_like(y), (score >= 1).astype(int)
        found.append(
            [
                [judge(y, decision) for decision in (guess, nobody)]
                for judge in (metrics.accuracy_score, metrics.balanced_accuracy_score, metrics.matthews_corrcoef)
            ]
        )
    accuracy, balanced, correlation = np.moveaxis(found, 1, 0)
    below(accuracy[:, 0], accuracy[:, 1], at_least=1)
    below(balanced[:, 1], balanced[:, 0], at_least=1)
    below(correlation[:, 1], correlation[:, 0], at_least=1)


@claim("MCC tính được từ bốn ô, và đúng bằng `np.corrcoef` của hai cột 0 và 1")
def test_mcc_is_a_correlation():
    for tn, fp, fn, tp in tables(20).T.astype(int):
        y, guess = np.repeat([0, 0, 1, 1], [tn, fp, fn, tp]), np.repeat([0, 1, 0, 1], [tn, fp, fn, tp])
        equal(np.corrcoef(y, guess)[0, 1], mcc(tn, fp, fn, tp))


@claim(
    "Ta lấy 0, giới hạn khi số người bị báo tiến về 0, dù báo trúng hay nhầm: tử số nhỏ dần như số người ấy, mẫu số chỉ "
    "như căn bậc hai",
    "số người bị báo nhỏ đến đâu, precision vẫn có thể là số nào cũng được, tùy báo ai",
)
def test_mcc_has_a_limit_where_precision_has_none():
    sick, well, share = draws(1)[0].random((3, 100)) + 0.01
    share /= 1.01
    for small in (1e-6, 1e-8, 1e-10):
        below(np.abs(mcc(well, small * (1 - share), sick, small * share)), 20 * math.sqrt(small), at_least=1)
    precision = small * share / (small * share + small * (1 - share))
    equal(precision, share)


@claim("Trung bình điều hòa không bao giờ quá hai lần số nhỏ hơn: muốn $F_1$ cao thì *cả hai* phải cao")
def test_the_harmonic_mean_stays_near_the_smaller():
    p, r = draws(1)[0].random((2, 10_000))
    below(2 * p * r / (p + r), 2 * np.minimum(p, r) + 1e-12, at_least=1)


@claim("Muốn một FN nặng bằng $\\beta^2$ lần một FP, ta cho $1/\\text{recall}$ trọng số $\\beta^2$ khi lấy trung bình")
def test_f_beta_weighs_a_miss_beta_squared_times():
    tn, fp, fn, tp = tables()
    for beta in (0.5, 1, 2, 3):
        p, r = tp / (tp + fp), tp / (tp + fn)
        mean = (1 / p + beta**2 / r) / (1 + beta**2)
        equal(1 / mean, (1 + beta**2) * tp / ((1 + beta**2) * tp + beta**2 * fn + fp))


@claim("Đổi tên hai lớp cho nhau thì độ chính xác và MCC đứng yên; $F_1$ thì đổi, vì công thức của $F_1$ không có $TN$")
def test_renaming_the_classes_changes_f1_alone():
    tn, fp, fn, tp = tables()
    equal(mcc(tn, fp, fn, tp), mcc(tp, fn, fp, tn))
    often(np.abs(2 * tp / (2 * tp + fp + fn) - 2 * tn / (2 * tn + fp + fn)) > 1e-6, at_least=0.95)


# --- Mọi ngưỡng ------------------------------------------------------------------------------------------------------


@claim(
    "FPR và TPR chỉ đi lên: ca đã báo thì vẫn được báo. Precision thì lên xuống, tùy ca vừa thêm vào đúng hay nhầm",
    'Hạ ngưỡng thì các ca vượt sang bên "báo ác tính": FN giảm, FP tăng',
)
def test_only_precision_goes_both_ways():
    wiggles = []
    for one in runs():
        fpr, tpr, _ = metrics.roc_curve(one.y, one.a, drop_intermediate=False)
        assert (np.diff(fpr) >= 0).all() and (np.diff(tpr) >= 0).all()
        hits, alarms = 53 * tpr[1:], 89 * fpr[1:]
        steps = np.diff(hits / (hits + alarms))
        wiggles.append((steps > 0).any() and (steps < 0).any())
    often(wiggles, at_least=1)


@claim("Không ngưỡng nào làm cả bốn thanh chỉ số cùng dài nhất")
def test_no_threshold_is_best_for_all_four():
    for one in runs():
        scores = []
        for t in np.unique(one.a):
            (tn, fp), (fn, tp) = metrics.confusion_matrix(one.y, (one.a >= t).astype(int))
            scores.append([(tp + tn) / len(one.y), tp / (tp + fp), tp / (tp + fn), 2 * tp / (2 * tp + fp + fn)])
        assert not (np.array(scores) == np.max(scores, axis=0)).all(axis=1).any()


@claim("Máy tung đồng xu, báo mỗi ca với cùng một xác suất, tính trung bình nằm trên đường chéo")
def test_a_coin_lies_on_the_diagonal():
    for rng, share in zip(draws(20), np.linspace(0.05, 0.95, 20)):
        told = rng.random((2, 20_000)) < share  # người bệnh, người khỏe
        equal(told[0].mean(), told[1].mean(), tolerance=0.02)


@claim("với cùng số lần báo nhầm, B tìm ra nhiều khối u hơn hoặc bằng", "AUC trên tập xác thực cao hơn hẳn")
def test_b_is_nowhere_below_a():
    won = []
    for one in runs():
        fpr_a, tpr_a, _ = metrics.roc_curve(one.y, one.a)
        fpr_b, tpr_b, _ = metrics.roc_curve(one.y, one.b)
        won.append((np.interp(fpr_a, fpr_b, tpr_b) >= tpr_a - 1e-12).all())
    often(won, at_least=0.95)
    below([auc_of(one, slice(None)) + 0.05 for one in runs()], [metrics.roc_auc_score(one.y, one.b) for one in runs()])


@claim(
    "Hạng trung bình trừ 1 đúng bằng số ca có điểm thấp hơn, cộng nửa số ca khác có cùng điểm",
    "Trong đó $n_+(n_+-1)/2$ cặp gồm hai ca dương, mỗi cặp góp đúng 1",
    "Đường cong ROC đi đúng trên mép phần sẫm, và cắt đôi ô hòa",
)
def test_pairs_ranks_and_area_are_one_number():
    for rng in draws(20):
        y, s = np.repeat([1, 0], [12, 20]), rng.integers(0, 9, 32).astype(float)
        beaten = (s[:, None] > s).sum(axis=1) + ((s[:, None] == s).sum(axis=1) - 1) / 2
        ordered = np.sort(s)
        ranks = (np.searchsorted(ordered, s, "left") + np.searchsorted(ordered, s, "right") + 1) / 2
        equal(ranks - 1, beaten)
        wins = (s[:12, None] > s[12:]).sum() + (s[:12, None] == s[12:]).sum() / 2
        equal(ranks[:12].sum() - 12 - 12 * 11 / 2, wins)
        fpr, tpr, _ = metrics.roc_curve(y, s)
        equal(((fpr[1:] - fpr[:-1]) * (tpr[1:] + tpr[:-1]) / 2).sum(), wins / 240)
        equal(metrics.roc_auc_score(y, s), wins / 240)


@claim(
    "Hai điểm độc lập nên phương sai cộng lại: $S^+ - S^-$ theo phân phối chuẩn có trung bình $d'$ và phương sai 2",
    "Ở số âm, ROC chui xuống *dưới* đường chéo",
)
def test_auc_of_two_normals():
    for rng, d in zip(draws(20), np.linspace(-3, 4, 20)):
        y, s = data.make_two_gaussians(20_000, 20_000, separation=d, rng=rng)
        formula = (1 + math.erf(d / 2)) / 2
        equal(metrics.roc_auc_score(y, s), formula, tolerance=0.01)
        assert (formula < 0.5) == (d < 0)


# --- Nơi khác --------------------------------------------------------------------------------------------------------


@claim(
    "Khi ấy TPR và FPR, mỗi số chỉ nhìn một lớp, giữ nguyên",
    "AUC không nhìn tỷ lệ: hai tập chỉ khác nhau về tỷ lệ thì AUC so được",
)
def test_where_only_the_share_changes():
    here, there, bayes, auc, ap = [], [], [], [], []
    for rng in draws(20):
        (y, s), (y_new, s_new) = (data.make_two_gaussians(20_000, n, separation=1.5, rng=rng) for n in (20_000, 1000))
        rates = [[(s[y == k] >= 1).mean() for k in (1, 0)] for y, s in ((y, s), (y_new, s_new))]
        equal(rates[0], rates[1], tolerance=0.06)
        share = 1000 / 21_000
        bayes.append(share * rates[0][0] / (share * rates[0][0] + (1 - share) * rates[0][1]))
        there.append(metrics.precision_score(y_new, s_new >= 1))
        here.append(metrics.precision_score(y, s >= 1))
        auc.append([metrics.roc_auc_score(*one) for one in ((y, s), (y_new, s_new))])
        ap.append([metrics.average_precision_score(*one) for one in ((y, s), (y_new, s_new))])
    equal(bayes, there, tolerance=0.03)
    below(there, here, at_least=1)
    auc, ap = np.array(auc), np.array(ap)
    equal(auc[:, 0], auc[:, 1], tolerance=0.03)
    below(ap[:, 1], ap[:, 0] - 0.2, at_least=1)


@claim("Người bệnh hiếm đi thì số lần báo đúng giảm theo, còn số lần báo nhầm tăng, vì người khỏe đông hơn")
def test_rarer_means_fewer_hits_and_more_alarms():
    share = np.linspace(0.01, 0.6, 30)
    for one in runs()[:20]:
        rises(share * one.decision[one.y == 1].mean())
        rises(((1 - share) * one.decision[one.y == 0].mean())[::-1])


@claim(
    "0 ca báo nhầm trên $89$ ca lành tính vẫn hợp với một FPR đến $4.1\\%$",
    "mà với FPR ấy precision chỉ còn dưới $3\\%$",
)
def test_no_false_alarm_in_89():
    top = model_selection.wilson_interval(0, 89)[1]
    equal(top, 0.041, tolerance=0.0005)
    assert 0.01 * 6 / 53 / (0.01 * 6 / 53 + 0.99 * top) < 0.03


def auc_of(one, mask):
    return metrics.roc_auc_score(one.y[mask], one.a[mask])


@claim(
    "Ca ác tính kín đáo kéo TPR và AUC xuống; ca lành tính ít thô kéo FPR xuống, AUC lên",
    "Precision ở nơi mới vì thế có thể thấp hay cao hơn công thức",
)
def test_spectrum_shift():
    found = []
    for one in runs():
        sick, well = one.y == 1, one.y == 0
        concavity, roughness = one.split.X_val[:, 6], one.split.X_val[:, 1]
        subtle, smooth = (
            sick & (concavity < np.median(concavity[sick])),
            well & (roughness < np.median(roughness[well])),
        )
        found.append(
            [
                [
                    one.decision[subtle].mean(),
                    auc_of(one, subtle | well),
                    one.decision[smooth].mean(),
                    auc_of(one, sick | well),
                ],
                [
                    one.decision[sick].mean(),
                    auc_of(one, sick | well),
                    one.decision[well].mean(),
                    auc_of(one, sick | smooth),
                ],
            ]
        )
    found = np.array(found)
    for i in range(4):
        below(found[:, 0, i], found[:, 1, i], at_least=0.95)


@claim("Mức đoán mò của AP xấp xỉ tỷ lệ ca dương")
def test_ap_of_chance_is_the_share():
    y = np.repeat([1, 0], [400, 19_600])
    median_within([metrics.average_precision_score(y, rng.random(20_000)) for rng in draws(20)], 0.018, 0.023)


# --- Xác suất, chi phí ----------------------------------------------------------------------------------------------


def loud(one):
    return losses.sigmoid(3 * np.log(one.a / (1 - one.a)))


@claim(
    "Thứ tự giữ nguyên; sự tự tin thì phóng đại",
    "AUC của *A* và *A nói to* bằng nhau đến chữ số cuối",
    "*A nói to* tự tin quá mức ở cả hai đầu",
)
def test_louder_ranks_the_same_and_overclaims():
    high, low = [], []
    for one in runs():
        p = loud(one)
        equal(metrics.roc_auc_score(one.y, one.a), metrics.roc_auc_score(one.y, p))
        high.append([one.y[p >= 0.9].mean(), p[p >= 0.9].mean()])
        low.append([p[p <= 0.1].mean(), one.y[p <= 0.1].mean()])
    below(*np.transpose(high))
    below(*np.transpose(low))


def temperature(y, logit):
    """Nhiệt độ có entropy chéo nhỏ nhất."""
    grid = np.geomspace(0.2, 20, 200)
    return grid[np.argmin([losses.binary_cross_entropy(y, logit / t) for t in grid])]


@claim(
    "Thứ tự không đổi, nên AUC không đổi. Ta chọn $T$ trên nửa tập xác thực, rồi đo trên nửa kia",
    "Chia xong, *A nói to* lại là A: hai entropy chéo bằng nhau",
    "Với A, phần giảm ấy có thể chỉ là may",
    "$T$ của *A nói to* không bằng 3 mà chừng ba lần $T$ của A",
)
def test_dividing_the_logits_cures_the_loud_one():
    found, ratio, luck = [], [], []
    for one in runs():
        logit, first = np.log(one.a / (1 - one.a)), np.arange(len(one.a)) % 2 == 0
        T, T_loud = temperature(one.y[first], logit[first]), temperature(one.y[first], 3 * logit[first])
        ratio.append(T_loud / T)
        found.append([losses.binary_cross_entropy(one.y[~first], 3 * logit[~first] / t) for t in (T_loud, 1)])
        luck.append(np.subtract(*(losses.binary_cross_entropy(one.y[~first], logit[~first] / t) for t in (T, 1))) < 0)
    below(*np.transpose(found))
    equal(ratio, 3, tolerance=0.08)
    often(luck, at_least=0.2, at_most=0.8)


@claim("Ta báo khi vế đầu không lớn hơn vế sau", "Chỉ khi hai loại sai đắt như nhau, $\\tau^*$ mới là 0.5")
def test_the_theoretical_threshold_is_cheapest_for_true_probabilities():
    for rng, ratio in zip(draws(20), np.geomspace(0.1, 20, 20)):
        p = rng.random(100_000)
        y, best = rng.random(100_000) < p, 1 / (1 + ratio)
        below(price(y, p, best, ratio), [price(y, p, t, ratio) for t in (best / 2, (1 + best) / 2)], at_least=1)
        assert (abs(best - 0.5) < 1e-9) == (abs(ratio - 1) < 1e-9)


def price(y, score, t, ratio=5):
    """Chi phí ở ngưỡng ``t``, khi một ca bỏ sót giá ``ratio`` lần báo nhầm."""
    return ratio * ((y == 1) & (score < t)).sum() + ((y == 0) & (score >= t)).sum()


def prices(y, score, ratio=5):
    """Mọi ngưỡng từ cao xuống, và chi phí của từng ngưỡng khi một ca bỏ sót giá ``ratio`` lần báo nhầm."""
    fpr, tpr, thresholds = metrics.roc_curve(y, score, drop_intermediate=False)
    return thresholds, ratio * (1 - tpr) * (y == 1).sum() + fpr * (y == 0).sum()


@claim(
    "Bỏ sót càng đắt, ngưỡng tốt nhất càng trượt về bên trái, có lúc đứng yên",
    "nên ngưỡng *đo được* dao động quanh ngưỡng lý thuyết",
)
def test_the_measured_threshold():
    found = []
    for one in runs():
        ratios = [0.2, 1, 5, 20, 50]
        best = [thresholds[np.argmin(cost)] for thresholds, cost in (prices(one.y, one.a, ratio) for ratio in ratios)]
        assert (np.diff(best) <= 0).all()
        found.append(best[2])
    median_within(found, 0.1, 0.25)
    often(np.array(found) < 1 / 6, at_least=0.2, at_most=0.8)


@claim(
    "precision, recall và F1 micro đều bằng độ chính xác",
    "Riêng với recall, trung bình có trọng số cũng đúng bằng độ chính xác",
)
def test_micro_is_accuracy():
    for rng in draws(20):
        y = rng.integers(0, 5, 300)
        guess = np.where(rng.random(300) < 0.7, y, rng.integers(0, 5, 300))
        accuracy = metrics.accuracy_score(y, guess)
        scores = (metrics.precision_score, metrics.recall_score, metrics.f1_score)
        equal([score(y, guess, average="micro") for score in scores], accuracy)
        equal(metrics.recall_score(y, guess, average="weighted"), accuracy)


@claim("Mười chữ số đông gần như nhau thì ba recall gộp gần như một")
def test_balanced_classes_make_one_average():
    y = data.load_digits().y
    for rng in draws(20):
        guess = np.where(rng.random(len(y)) < rng.uniform(0.5, 0.95), y, rng.integers(0, 10, len(y)))
        guess[(y == 8) & (rng.random(len(y)) < 0.5)] = 3
        values = [metrics.recall_score(y, guess, average=kind) for kind in ("macro", "weighted", "micro")]
        equal(values, values[0], tolerance=0.01)


# --- Ngộ nhận, tập kiểm tra -------------------------------------------------------------------------------------------


@claim("Một điểm số bừa có AUC dưới 0.5 ở khoảng một nửa số lần thử; tập nhỏ thì có khi xuống xa")
def test_auc_of_noise():
    y = np.repeat([0, 1], 10)
    aucs = np.array([metrics.roc_auc_score(y, rng.random(20)) for rng in draws(20) for _ in range(50)])
    often(aucs < 0.5, at_least=0.4, at_most=0.6)
    often(aucs < 0.35, at_least=0.05)


@pytest.fixture(scope="module")
def finale():
    """Chi phí của ba cách đặt ngưỡng, ở nửa để chọn và nửa kia: mảng ``(lượt, cách, nửa)``."""
    found = []
    for one in runs():
        y, score = np.concatenate([one.y, one.split.y_test]), np.concatenate([one.b, one.b_test])
        rows = []
        for rng in draws(10):
            here, there = np.split(rng.permutation(len(y)), [142])
            thresholds, cost = prices(y[here], score[here])
            rows.append(
                [
                    [price(y[part], score[part], t) for part in (here, there)]
                    for t in (thresholds[np.argmin(cost)], 1 / 6, 0.5)
                ]
            )
        found.append(np.mean(rows, axis=0))
    return np.array(found)


@claim(
    "chọn cái tốt nhất đo được là chọn cả phần may",
    "Ở nửa để chọn, ngưỡng tìm được rẻ hơn hẳn hai ngưỡng cố định",
    "sang nửa kia, nó đắt hơn rõ, ở lần chạy này gấp đôi, và không còn rẻ hơn ngưỡng lý thuyết",
    "Khi xác suất đã khá đáng tin, tìm trên hơn trăm ca không hơn được công thức",
    "Ngưỡng cố định thì hai nửa như nhau",
)
def test_the_winners_curse(finale):
    found, theory, half = np.moveaxis(finale, 1, 0)
    for fixed in (theory, half):
        median_within(found[:, 0] / fixed[:, 0], 0.4, 0.75)
    median_within(found[:, 1] / found[:, 0], 1.6, 2.4)
    assert found[:, 1].mean() > theory[:, 1].mean() - 0.5
    often(found[:, 1] < theory[:, 1], at_least=0, at_most=0.4)
    for fixed in (theory, half):
        equal(fixed[:, 0].mean(), fixed[:, 1].mean(), tolerance=1)


@claim(
    'nói "tỷ lệ bỏ sót có thể đến gần 7%" thì đầy đủ hơn',
    "Đo được 0 trên $n$ thì khoảng là từ 0 đến $1.96^2/(n+1.96^2)$",
)
def test_no_miss_in_53():
    equal(model_selection.wilson_interval(0, 53)[1], 0.068, tolerance=0.0005)
    equal(model_selection.wilson_interval(0, 200)[1], 1.96**2 / (200 + 1.96**2), tolerance=1e-5)
    misses = np.array([rng.binomial(53, p) for rng in draws(20) for p in (0.01, 0.03, 0.06)])
    truth = np.tile([0.01, 0.03, 0.06], 20)
    intervals = np.array([model_selection.wilson_interval(int(k), 53) for k in misses])
    often((intervals[:, 0] <= truth) & (truth <= intervals[:, 1]), at_least=0.85)


# --- Những con số trong phản hồi của câu hỏi ---------------------------------------------------------------------------


@claim(
    "TPR ở điểm 1 chỉ khoảng 0.30: bỏ sót 37 trên 53 khối u",
    "TPR ở điểm 2 là 0.62: bỏ sót 20 trên 53 khối u",
    "TPR ở điểm 3 là 0.92: bỏ sót 4 trên 53. Giá phải trả là FPR 0.45, tức 40 trên 89 ca lành tính",
    "Điểm 1: báo nhầm chưa đến 5% số ca lành tính",
)
def test_three_points_of_the_figure():
    one = run(np.random.default_rng(0), np.random.default_rng(0))
    fpr, tpr, _ = metrics.roc_curve(one.y, one.a, drop_intermediate=False)
    points = [np.flatnonzero(fpr <= at_most)[-1] for at_most in (0.05, 0.20, 0.45)]
    equal(53 * (1 - tpr[points]), [37, 20, 4], tolerance=1e-6)
    equal(tpr[points], [0.30, 0.62, 0.92], tolerance=0.005)
    equal(89 * fpr[points], [4, 17, 40], tolerance=1e-6)


@claim("180/188 = 0.957 thành 4/12 = 0.333", "Độ chính xác là 92/100 dù gọi lớp nào là dương")
def test_renaming_in_the_quiz():
    y, guess = np.repeat([1, 0, 1, 0], [90, 5, 3, 2]), np.repeat([1, 1, 0, 0], [90, 5, 3, 2])
    equal([metrics.f1_score(y, guess), metrics.f1_score(1 - y, 1 - guess)], [0.957, 0.333], tolerance=0.0005)
    equal(metrics.accuracy_score(y, guess), 0.92)


@claim("im lặng tốn trung bình 0.3 × 20 = 6, còn báo chỉ tốn 0.7", "im lặng tốn 0.2, báo tốn 0.99")
def test_prices_in_the_quiz():
    p = np.array([0.3, 0.01])
    equal([20 * p, 1 - p], [[6, 0.2], [0.7, 0.99]])


@claim(
    "ba recall 0.96, 0.95 và 0, mỗi lớp một lá phiếu: 0.637", "936 ca đúng trên 1000, tức 0.936, đúng bằng độ chính xác"
)
def test_averages_in_the_quiz():
    y = np.repeat([0, 1, 2], [500, 480, 20])
    guess = np.concatenate([np.repeat([0, 1], [480, 20]), np.repeat([1, 0], [456, 24]), np.zeros(20, int)])
    values = [metrics.recall_score(y, guess, average=kind) for kind in ("macro", "micro", "weighted")]
    equal(values, [0.637, 0.936, 0.936], tolerance=0.0005)


@claim("5% của 990\n    người là khoảng 50 người, còn 5% của 630 người là khoảng 32")
def test_false_alarms_in_the_quiz():
    equal([0.05 * 990, 0.05 * 630], [50, 32], tolerance=0.6)


@claim(
    "X tốn 10 × 100 = 1000, Y tốn 100 + 79 = 179",
    "Nếu bỏ sót chỉ đắt gấp 8 lần báo nhầm thì X lại rẻ hơn: 80 so với 87",
    "Y đúng là cao hơn, 0.910 so với 0.5",
    "9/88 = 0.102 nghe thấp",
    "còn không dùng mô hình thì rẻ nhất là báo tất cả: 990",
    "Nếu hai loại sai đắt như nhau, X tốn 10 còn Y tốn 80",
)
def test_prices_of_the_closing_question():
    y, b = np.repeat([1, 0], [10, 990]), np.repeat([1, 0, 1, 0], [9, 1, 79, 911])
    equal(
        [price(y, 0 * b, 0.5, 100), price(y, b, 0.5, 100), price(y, 0 * b, 0.5, 8), price(y, b, 0.5, 8)],
        [1000, 179, 80, 87],
    )
    equal(metrics.balanced_accuracy_score(y, b), 0.910, tolerance=0.0005)
    equal([metrics.precision_score(y, b), metrics.accuracy_score(y, b)], [0.102, 0.92], tolerance=0.0005)


@claim(
    "Nhân đôi mọi logit thì điểm nào khác 0.5 cũng dạt ra hai đầu, 0.9 thành 0.988",
    "AUC không suy suyển, mà 0.9 đã thành 0.729",
)
def test_louder_in_the_quiz():
    p = draws(1)[0].random(1000)
    below(np.abs(p - 0.5), np.abs(losses.sigmoid(2 * np.log(p / (1 - p))) - 0.5) + 1e-9, at_least=1)
    equal([losses.sigmoid(2 * np.log(9.0)), 0.9**3], [0.988, 0.729], tolerance=0.0005)
