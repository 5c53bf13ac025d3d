"""Câu sai cố ý, mỗi câu một kiểu: dạng khẳng định nào cũng bắt được câu sai của mình."""

import numpy as np
import pytest

from mlcourse import metrics
from tests.claims import below, draws, equal, median_within, missing, often, rises
from tests.claims.test_04_1 import finale, loud, runs  # noqa: F401  (finale là fixture)


def test_an_edited_sentence_is_missed_and_the_nearest_one_shown():
    lesson = [
        "AUC nói về thứ tự. Trung bình điều hòa không bao giờ quá hai lần số nhỏ hơn.",
        "Ngưỡng là một quyết định.",
    ]
    assert not missing("không bao giờ quá\n  hai lần số nhỏ hơn", lesson)
    said = missing("Trung bình điều hòa không bao giờ quá ba lần số nhỏ hơn.", lesson)
    assert "Trung bình điều hòa không bao giờ quá hai lần số nhỏ hơn." in said


def test_true_on_the_seed_of_the_lesson_only():
    """'Ca ác tính có nhân nhỏ thì khó thấy hơn': đúng ở cách chia của bài, sai ở nửa số cách chia khác."""
    smaller = []
    for one in runs():
        sick, area = one.y == 1, one.split.X_val[:, 3]
        smaller.append(one.decision[sick & (area < np.median(area[sick]))].mean() < one.decision[sick].mean())
    with pytest.raises(AssertionError, match="trên 40 lượt"):
        often(smaller, at_least=0.9)


def test_the_wrong_direction(finale):  # noqa: F811
    """'Sang nửa kia, ngưỡng tìm được vẫn rẻ hơn ngưỡng lý thuyết.'"""
    with pytest.raises(AssertionError, match="nhỏ hơn ở"):
        below(finale[:, 0, 1], finale[:, 1, 1])


def test_the_wrong_size(finale):  # noqa: F811
    """'Sang nửa kia, ngưỡng tìm được đắt gấp năm.'"""
    with pytest.raises(AssertionError, match="trung vị"):
        median_within(finale[:, 0, 1] / finale[:, 0, 0], 4, 6)


def test_not_monotone():
    """'Nâng ngưỡng thì precision tăng dần.'"""
    one = runs()[0]
    with pytest.raises(AssertionError, match="không tăng dần"):
        rises([metrics.precision_score(one.y, one.a >= t) for t in np.sort(one.a)])


def test_not_equal():
    """'Brier của A và của A nói to bằng nhau.'"""
    pairs = [[metrics.brier_score_loss(one.y, p) for p in (one.a, loud(one))] for one in runs()]
    with pytest.raises(AssertionError, match="lệch"):
        equal(*np.transpose(pairs))


def test_too_often():
    """'Điểm bừa hiếm khi có AUC dưới 0.5.'"""
    y = np.repeat([0, 1], 10)
    with pytest.raises(AssertionError, match="đúng ở"):
        often([metrics.roc_auc_score(y, rng.random(20)) < 0.5 for rng in draws(40)], at_least=0, at_most=0.1)
