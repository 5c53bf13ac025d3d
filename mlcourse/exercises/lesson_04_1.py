"""04.1 · Đánh giá phân loại: tám câu hỏi và năm bài tập. Lớp dương (1) là lớp ta đi tìm, ở đây là khối u ác tính."""

import numpy as np

from .. import _check, metrics
from ..quiz import question
from . import exercise, open_exercise

# --- Câu hỏi -------------------------------------------------------------------------------------------------------

opening = question(r"""
Một bệnh hiếm: 1000 người thì 10 người mắc. Trên nhóm người ấy, mô hình A đoán đúng 99% số ca, mô hình B đoán đúng 92%.
Bạn đưa mô hình nào vào phòng khám?
( ) A, vì sai ít hơn
    A có thể chỉ là một dòng code: báo khỏe cho tất cả mọi người. Dòng code ấy đúng 990 trên 1000 ca, tức 99%, và bỏ sót
    cả 10 người bệnh. Phần về độ chính xác sẽ dựng đúng mô hình này.
( ) B, vì 99% đẹp quá, chắc là quá khớp
    Quá khớp là chuyện đúng trên dữ liệu đã học mà sai trên dữ liệu mới; con số 99% tự nó không nói gì về việc đó. Với
    bệnh hiếm 1%, cứ báo khỏe là được 99%, chẳng cần học gì.
(x) Chưa đủ thông tin để chọn
    Cùng một con số 99%, có mô hình tìm ra cả 10 người bệnh, có mô hình không tìm ra ai. Ta còn cần biết mỗi mô hình sai
    ở đâu và mỗi loại sai giá bao nhiêu. Cả bài này đi tìm hai điều đó.
( ) Mô hình nào cũng được, 99% với 92% đều cao
    Cao so với cái gì? Mô hình cơ sở không nhìn bệnh nhân, báo khỏe cho tất cả, đã được 99%. Đặt cạnh nó, 92% lại là
    thấp, mà thấp vẫn chưa chắc là kém: B có thể tìm ra 9 trong 10 người bệnh.
""")

auc_two_doctors = question(r"""
Cùng một chồng hồ sơ, bác sĩ Lan chấm nguy cơ từ 0 đến 100. Bác sĩ Minh chấm dè dặt: mọi điểm nằm giữa 40 và 45. Đem sắp
hồ sơ theo điểm, hai người ra cùng một thứ tự. AUC của bác sĩ Minh so với bác sĩ Lan thế nào?
( ) Thấp hơn: chênh nhau có vài điểm thì khó phân biệt người bệnh với người khỏe
    Khó cho mắt ta, không khó cho ngưỡng: ngưỡng 42.3 tách hai hồ sơ 42.2 và 42.4 cũng gọn như ngưỡng 50 tách 10 và 90.
    Hãy đổi `s` thành `40 + s / 20` rồi tính lại AUC.
(x) Bằng nhau
    AUC chỉ hỏi: trong một cặp người bệnh và người khỏe, ai được điểm cao hơn. Cùng thứ tự thì mọi cặp đều có cùng câu
    trả lời, nên AUC bằng nhau đến chữ số cuối.
( ) Còn tùy đặt ngưỡng ở đâu
    Precision và recall mới cần một ngưỡng. AUC đi qua tất cả các ngưỡng: hãy kéo ngưỡng trên hình, điểm chạy dọc đường
    cong ROC, còn diện tích dưới đường cong thì đứng yên.
( ) Chưa biết nhãn thật thì chưa so được
    Chưa có nhãn thì chưa biết AUC là bao nhiêu, nhưng so thì được. Nhãn có ra sao, hai chuỗi điểm cùng thứ tự vẫn cho
    cùng một AUC. Hãy thử xáo trộn nhãn vài lần: hai con số thay đổi cùng nhau.
""")

prevalence = question(r"""
Một xét nghiệm dùng ở bệnh viện, nơi 37% số ca là ác tính, nay đem đi sàng lọc trong dân, nơi chỉ 1% là ác tính. Ca ác
tính trông vẫn như ca ác tính cũ, ca lành tính cũng vậy; ngưỡng giữ nguyên. Con số nào thay đổi hẳn?
( ) Recall
    Recall chỉ tính trong nhóm ác tính: bao nhiêu phần trăm của nhóm ấy bị phát hiện. Nhóm ít người đi thì phần trăm vẫn
    thế. Recall 0.9 ở bệnh viện vẫn là khoảng 0.9 trong dân.
( ) Tỷ lệ dương tính giả (FPR)
    FPR chỉ tính trong nhóm lành tính, nên không biết nhóm kia đông hay ít. Cái tăng lên là số ca báo nhầm: 5% của 990
    người là khoảng 50 người, còn 5% của 630 người là khoảng 32.
(x) Precision
    Precision trộn hai nhóm: trong số ca bị báo, bao nhiêu là ác tính thật. Với recall 0.9 và FPR 0.05, precision là
    0.914 khi 37% là ác tính, và chỉ còn 0.154 khi 1% là ác tính: cứ 6 hay 7 lời báo mới có một lời đúng.
( ) AUC
    AUC lấy một ca từ mỗi nhóm rồi so điểm, nên nhóm nào đông hơn không quan trọng. Hãy kéo thanh tỷ lệ ca dương trên
    hình: đường cong ROC đứng yên, đường cong precision–recall tụt xuống.
""")

f1_swap = question(r"""
Một bảng kết quả có TP = 90, FP = 5, FN = 3, TN = 2. Nay ta đổi tên: lớp âm thành lớp dương, lớp dương thành lớp âm; mọi
dự đoán giữ nguyên. F1 và độ chính xác thế nào?
( ) Cả hai giữ nguyên, vì mô hình vẫn thế
    Mô hình vẫn thế nhưng câu hỏi đã khác. F1 không nhìn đến TN, mà ô TN mới chính là ô TP cũ: từ 180/188 = 0.957, F1
    rơi xuống 4/12 = 0.333. Chỉ có độ chính xác giữ nguyên.
(x) F1 thay đổi, độ chính xác giữ nguyên
    Độ chính xác là 92/100 dù gọi lớp nào là dương. F1 = 2TP / (2TP + FP + FN) bỏ TN ra ngoài, nên đổi tên là đổi ô bị
    bỏ: 0.957 thành 0.333. Vì thế khi đọc một F1, hãy hỏi lớp dương là lớp nào.
( ) Cả hai đều thay đổi
    F1 thì có: 0.957 thành 0.333. Độ chính xác đếm TP + TN, mà đổi tên chỉ làm hai ô này đổi chỗ; tổng vẫn là 92 trên
    100 ca.
( ) F1 giữ nguyên, vì FP và FN có vai trò như nhau
    FP và FN đúng là đổi chỗ cho nhau mà không sao. Nhưng TP và TN cũng đổi chỗ, mà trong công thức F1 chỉ có TP: 90
    nhường chỗ cho 2, và F1 từ 0.957 còn 0.333.
""")

threshold_costs = question(r"""
Mô hình cho xác suất đáng tin. Bỏ sót một khối u ác tính giá gấp 20 lần một lần báo nhầm. So với 0.5, ngưỡng báo nên ở
đâu?
( ) Cao hơn: việc hệ trọng thì chắc chắn mới báo
    Ngưỡng cao bớt được báo nhầm, là loại sai rẻ, và thêm bỏ sót, là loại sai đắt. Ở ca có xác suất 0.3, im lặng tốn
    trung bình 0.3 × 20 = 6, còn báo chỉ tốn 0.7.
(x) Thấp hơn
    Ở ca có xác suất p, báo tốn trung bình 1 − p, im lặng tốn 20p. Báo rẻ hơn khi p lớn hơn 1/21, khoảng 0.048. Tổng
    quát, ngưỡng rẻ nhất là C_FP / (C_FP + C_FN).
( ) Giữ 0.5: quá nửa là ác tính thì báo, không thì thôi
    0.5 là ngưỡng rẻ nhất khi hai loại sai giá bằng nhau. Ở đây một bên giá gấp 20: ca có xác suất 0.3 mà im lặng thì
    tốn trung bình 6, báo chỉ tốn 0.7.
( ) Bằng 0: báo tất cả cho khỏi sót
    Báo nhầm rẻ chứ không miễn phí. Ở ca có xác suất 0.01, báo tốn trung bình 0.99, im lặng chỉ tốn 0.2. Dưới 1/21,
    khoảng 0.048, thì nên im lặng.
""")

average_choice = question(r"""
Bài toán ba lớp có 500, 480 và 20 mẫu. Mô hình tìm đúng 480 mẫu của lớp thứ nhất, 456 mẫu của lớp thứ hai, và không tìm
ra mẫu nào của lớp hiếm. Trung bình nào của recall cho thấy rõ nhất việc lớp hiếm bị bỏ quên?
(x) Macro
    Macro lấy trung bình ba recall 0.96, 0.95 và 0, mỗi lớp một lá phiếu: 0.637. Lớp hiếm có 20 mẫu mà kéo tụt được cả
    một phần ba con số.
( ) Micro
    Micro đếm chung mọi mẫu: 936 mẫu đúng trên 1000, tức 0.936, đúng bằng độ chính xác. 20 mẫu của lớp hiếm chìm trong
    đó. Macro là 0.637.
( ) Weighted, vì có tính đến cỡ của từng lớp
    Có tính, nhưng theo chiều ngược lại: lớp càng đông càng nặng ký, nên lớp hiếm chỉ nặng 2%. Với recall, weighted ra
    0.936, bằng đúng micro. Macro cho mỗi lớp một phần ba, và ra 0.637.
( ) Cả ba như nhau, vì đều là trung bình của recall
    Cùng là trung bình nhưng khác trọng số: macro 0.637, còn micro và weighted đều là 0.936. Chênh lệch lớn ấy chính là
    dấu hiệu có một lớp nhỏ bị bỏ quên.
""")

calibration = question(r"""
Hai mô hình có AUC bằng nhau. Cả hai cùng nói về một ca: khả năng ác tính là 90%. Tin con số 90% của mô hình nào hơn?
( ) Như nhau, vì AUC bằng nhau
    AUC chỉ biết thứ tự. Lấy xác suất `p` của một mô hình rồi đổi thành `p**3`: AUC không suy suyển, mà 0.9 đã thành
    0.729. Hai con số khác nhau cho cùng một ca thì không thể cùng đáng tin.
( ) Mô hình hay cho điểm sát 0 và sát 1, vì như thế là dứt khoát
    Dứt khoát không phải là đúng. Nhân đôi mọi logit thì điểm nào cũng dạt ra hai đầu, 0.9 thành 0.988, còn AUC vẫn thế:
    mô hình chỉ lên giọng chứ không biết thêm gì.
(x) Mô hình mà trong những ca từng được nói khoảng 90%, có khoảng 90% là ác tính thật
    Đó chính là hiệu chuẩn, và chỉ đếm mới biết: gom những ca được cho khoảng 0.9, xem bao nhiêu ca là ác tính. Biểu đồ
    độ tin cậy làm việc ấy cho mọi mức; Brier score và log loss cũng nhìn ra, AUC thì không.
( ) Mô hình có độ chính xác cao hơn ở ngưỡng 0.5
    Ở ngưỡng 0.5, các điểm 0.51 và 0.99 được coi như nhau, nên độ chính xác không kiểm tra được con số 0.9. Hãy nhân đôi
    mọi logit: độ chính xác không đổi một ca nào, mà 0.9 đã thành 0.988.
""")

closing = question(r"""
Trở lại 1000 người với 10 người mắc bệnh, nay ta đã mở ma trận nhầm lẫn. A không báo ai. B tìm ra 9 người bệnh và báo
nhầm 79 người khỏe. Một ca bỏ sót giá bằng 100 ca báo nhầm. Chọn mô hình nào?
( ) A, vì độ chính xác 99% vẫn hơn 92%
    99% ấy là của 990 người khỏe; recall của A là 0. Tính theo giá: A bỏ sót 10 người, tốn 1000; B tốn 100 cho một người
    bỏ sót và 79 cho 79 lần báo nhầm, tất cả là 179.
(x) B, vì tính theo giá của hai loại sai thì B rẻ hơn
    A tốn 10 × 100 = 1000, B tốn 100 + 79 = 179. Lần đầu ta chưa trả lời được vì thiếu đúng hai thứ: ma trận nhầm lẫn và
    giá. Nếu bỏ sót chỉ đắt gấp 8 lần báo nhầm thì A lại rẻ hơn: 80 so với 87.
( ) Không mô hình nào: precision của B chỉ là 0.10
    9/88 = 0.102 nghe thấp, nhưng nghĩa là mời 88 người đi khám thêm thì gặp 9 người bệnh, thay vì phải khám cả 1000.
    Với giá đã cho, B tốn 179, còn không dùng mô hình nào thì cũng như A: 1000.
( ) B, vì độ chính xác cân bằng của B cao hơn, nên B luôn hơn A
    B đúng là cao hơn, 0.910 so với 0.5, nhưng không có chữ "luôn". Nếu hai loại sai giá bằng nhau, A tốn 10 còn B tốn
    80. Chọn B vì giá đã cho: 179 so với 1000.
""")

# --- Bài tập 1: bốn chỉ số từ bốn ô --------------------------------------------------------------------------------


@exercise(
    cases=lambda: {
        "một ma trận bình thường": (40, 10, 20, 130),
        "tỷ lệ ác tính 1%": (6, 4, 3, 887),
        "có báo nhưng báo sai cả": (0, 3, 2, 95),
        "không mẫu nào bị báo là dương": (0, 0, 10, 990),
        "không mẫu nào là dương": (0, 5, 0, 95),
        "không mẫu nào là dương, cũng không mẫu nào bị báo": (0, 0, 0, 100),
    },
    returns=("accuracy", "precision", "recall", "f1"),
    hints=(
        (
            "Mỗi chỉ số trả lời một câu. Trong tất cả các mẫu, bao nhiêu mẫu đúng? Trong các mẫu bị báo là dương, bao "
            'nhiêu dương thật? Trong các mẫu dương thật, bao nhiêu bị báo? Mẫu số là nhóm đứng sau chữ "trong".'
        ),
        (
            "Precision chia cho `tp + fp`, recall chia cho `tp + fn`. Viết F1 dạng `2 * tp / (2 * tp + fp + fn)` thì "
            'không phải đi qua precision và recall. Một hàm nhỏ `ratio(a, b)` trả về `float("nan")` khi `b == 0` lo '
            "hết mọi chỗ 0/0."
        ),
    ),
    praise="Hai lần `nan` mang hai nghĩa: precision không có câu trả lời khi chưa ai bị báo, recall không có câu trả "
    "lời khi chẳng ai bệnh. Điền 0 hay 1 vào đó là trả lời thay cho dữ liệu.",
)
def four_scores(tp, fp, fn, tn):
    """Từ bốn ô của ma trận nhầm lẫn, trả về `(accuracy, precision, recall, f1)`.

    Quy ước: mẫu số bằng 0 thì trả về `float("nan")`. F1 tính theo 2TP / (2TP + FP + FN), nên chỉ là `nan` khi
    TP = FP = FN = 0.
    """

    def ratio(a, b):
        return a / b if b > 0 else float("nan")

    accuracy = ratio(tp + tn, tp + fp + fn + tn)
    precision = ratio(tp, tp + fp)  # trong số bị báo
    recall = ratio(tp, tp + fn)  # trong số dương thật
    f1 = ratio(2 * tp, 2 * tp + fp + fn)
    return accuracy, precision, recall, f1


def _ratio(a, b):
    return a / b if b > 0 else float("nan")


@four_scores.mistake(
    "precision và recall đã đổi chỗ cho nhau. FP nằm trong số bị báo, nên thuộc về precision; FN nằm "
    "trong số dương thật, nên thuộc về recall. Thứ tự trả về cũng cần là precision trước, recall "
    "sau."
)
def _swapped(tp, fp, fn, tn):
    accuracy, precision, recall, f1 = four_scores.solve(tp, fp, fn, tn)
    return accuracy, recall, precision, f1


@four_scores.mistake(
    "độ chính xác đã quên TN. Đoán lành tính cho một ca lành tính cũng là đoán đúng: tử số là TP + TN."
)
def _accuracy_without_tn(tp, fp, fn, tn):
    return _ratio(tp, tp + fp + fn + tn), *four_scores.solve(tp, fp, fn, tn)[1:]


@four_scores.mistake(
    "F1 đang là trung bình cộng của precision và recall. F1 là trung bình điều hòa, luôn nghiêng về "
    "số nhỏ hơn: precision 1 và recall 0.02 có trung bình cộng 0.51, mà F1 chỉ 0.039."
)
def _arithmetic_mean(tp, fp, fn, tn):
    accuracy, precision, recall, _ = four_scores.solve(tp, fp, fn, tn)
    return accuracy, precision, recall, (precision + recall) / 2


@four_scores.mistake(
    "chỗ 0/0 đang trả về 0. Chưa báo ai thì precision không phải là 0, mà là câu hỏi không có câu "
    'trả lời: đề bài quy ước `float("nan")`.'
)
def _zero_for_undefined(tp, fp, fn, tn):
    return tuple(0 if np.isnan(score) else score for score in four_scores.solve(tp, fp, fn, tn))


@four_scores.mistake(
    "hàm chia cho 0 (ZeroDivisionError). Mẫu số TP + FP bằng 0 khi không mẫu nào bị báo, TP + FN "
    "bằng 0 khi không mẫu nào là dương: hãy hỏi mẫu số trước khi chia."
)
def _unguarded(tp, fp, fn, tn):
    return (tp + tn) / (tp + fp + fn + tn), tp / (tp + fp), tp / (tp + fn), 2 * tp / (2 * tp + fp + fn)


@four_scores.mistake(
    "F1 thành `nan` ở chỗ vẫn có câu trả lời. Đi qua 2PR / (P + R) thì gặp 0/0 khi TP = 0, còn 2TP / "
    "(2TP + FP + FN) khi đó bằng 0, miễn là FP + FN > 0."
)
def _f1_nan_too_often(tp, fp, fn, tn):
    accuracy, precision, recall, _ = four_scores.solve(tp, fp, fn, tn)
    return accuracy, precision, recall, _ratio(2 * precision * recall, precision + recall)


# --- Bài tập 2: AUC bằng cách đếm cặp -------------------------------------------------------------------------------


def _scored_cases():
    rng = np.random.default_rng(41)
    y = (np.arange(60) % 3 == 0).astype(int)
    return {
        "năm mẫu, không có điểm bằng nhau": (np.array([0, 0, 1, 0, 1]), np.array([0.1, 0.4, 0.35, 0.2, 0.8])),
        "có điểm bằng nhau ở hai lớp": (np.array([1, 0, 1, 0, 0, 1, 0]), np.array([0.5, 0.5, 0.9, 0.2, 0.5, 0.5, 0.7])),
        "mọi điểm bằng nhau": (np.array([1, 0, 0, 1, 0]), np.full(5, 0.3)),
        "xếp ngược hoàn toàn": (np.array([0, 0, 0, 1, 1]), np.array([0.9, 0.8, 0.7, 0.2, 0.1])),
        "60 mẫu, điểm làm tròn nên hay trùng": (y, np.round(rng.normal(size=60) + y, 1)),
    }


@exercise(
    cases=_scored_cases,
    returns=("AUC",),
    hints=(
        (
            "Tách điểm thành hai nhóm, dương và âm. Mỗi cặp gồm một điểm dương và một điểm âm: cặp xếp đúng được 1, "
            "hòa được nửa, xếp sai được 0."
        ),
        (
            "`positive[:, None] > negative` so mọi điểm dương với mọi điểm âm trong một bảng n₊ hàng, n₋ cột. Đếm số ô "
            "đúng, thêm nửa số ô hòa, rồi chia cho `len(positive) * len(negative)`."
        ),
    ),
    praise="Vậy AUC đọc được thành lời: lấy ngẫu nhiên một ca dương và một ca âm, AUC là xác suất ca dương được điểm "
    "cao hơn, hòa tính nửa.",
)
def auc_by_pairs(y_true, y_score):
    """Tính AUC bằng cách đếm cặp: phần cặp (mẫu dương, mẫu âm) mà mẫu dương được điểm cao hơn.

    Quy ước: hai điểm bằng nhau tính là nửa cặp. `y_true` gồm các số 0 và 1, có đủ hai lớp.
    """
    positive = y_score[y_true == 1]
    negative = y_score[y_true == 0]
    wins = (positive[:, None] > negative).sum()
    ties = (positive[:, None] == negative).sum()
    return (wins + ties / 2) / (len(positive) * len(negative))


def _pairs(y_true, y_score):
    """(số cặp thắng, số cặp hòa, n₊, n₋)"""
    positive, negative = y_score[y_true == 1], y_score[y_true == 0]
    return (positive[:, None] > negative).sum(), (positive[:, None] == negative).sum(), len(positive), len(negative)


@auc_by_pairs.mistake("chưa chia cho số cặp. Số cặp thắng cần chia cho n₊ × n₋ để thành một phần, tức một xác suất.")
def _not_divided(y_true, y_score):
    wins, ties, _, _ = _pairs(y_true, y_score)
    return wins + ties / 2


@auc_by_pairs.mistake(
    "cặp hòa đang được tính 0. Hai điểm bằng nhau thì mô hình coi như tung đồng xu: tính nửa cặp. "
    "Có thế, cho mọi mẫu cùng một điểm mới ra 0.5."
)
def _ties_lose(y_true, y_score):
    wins, _, p, n = _pairs(y_true, y_score)
    return wins / (p * n)


@auc_by_pairs.mistake(
    "cặp hòa đang được tính tròn 1, như khi viết `>=`. Nếu vậy, mô hình cho mọi mẫu cùng một điểm "
    "sẽ có AUC bằng 1. Hòa chỉ tính nửa cặp."
)
def _ties_win(y_true, y_score):
    wins, ties, p, n = _pairs(y_true, y_score)
    return (wins + ties) / (p * n)


@auc_by_pairs.mistake(
    "các cặp hòa đã bị bỏ khỏi mẫu số. Cặp hòa vẫn là một cặp: đóng góp nửa ở tử số, và vẫn được đếm trong n₊ × n₋."
)
def _ties_dropped(y_true, y_score):
    wins, ties, p, n = _pairs(y_true, y_score)
    return wins / (p * n - ties)


@auc_by_pairs.mistake(
    "mẫu số đang là n². Chỉ những cặp gồm một mẫu dương và một mẫu âm mới được xét, nên mẫu số là n₊ × n₋."
)
def _over_n_squared(y_true, y_score):
    wins, ties, p, n = _pairs(y_true, y_score)
    return (wins + ties / 2) / (p + n) ** 2


@auc_by_pairs.mistake(
    "mẫu số đang là n(n − 1)/2, tức mọi cặp mẫu, kể cả hai mẫu cùng lớp. Hai ca cùng ác tính thì "
    "không có ai để phân biệt: mẫu số là n₊ × n₋."
)
def _over_all_pairs(y_true, y_score):
    wins, ties, p, n = _pairs(y_true, y_score)
    return (wins + ties / 2) / ((p + n) * (p + n - 1) / 2)


@auc_by_pairs.mistake("chiều so sánh bị ngược: hàm đang đếm những cặp mà mẫu âm được điểm cao hơn, nên ra 1 − AUC.")
def _inverted(y_true, y_score):
    return 1 - auc_by_pairs.solve(y_true, y_score)


# --- Bài tập 3: AUC bằng thứ hạng -----------------------------------------------------------------------------------


def _ranked_cases():
    rng = np.random.default_rng(42)
    y = (rng.permutation(20_000) < 2_000).astype(int)
    return {**_scored_cases(), "20\u00a0000 mẫu, 10% là dương": (y, np.round(rng.normal(size=20_000) + y, 2))}


@exercise(
    cases=_ranked_cases,
    returns=("AUC",),
    hints=(
        (
            "Xếp mọi điểm từ thấp đến cao, đánh hạng từ 1. Các điểm bằng nhau cùng nhận hạng trung bình: hai điểm "
            "tranh hạng 3 và hạng 4 thì đều là 3.5. Rồi cộng hạng của các mẫu dương."
        ),
        (
            "`np.unique(y_score, return_inverse=True, return_counts=True)` cho biết mỗi điểm thuộc nhóm nào và nhóm ấy "
            "có mấy mẫu. Hạng cao nhất của từng nhóm là `np.cumsum(counts)`; hạng trung bình thấp hơn số ấy `(counts - "
            "1) / 2`. Cuối cùng, (R₊ − n₊(n₊ + 1)/2) / (n₊ n₋)."
        ),
    ),
    praise="Bảng mọi cặp của 20\u00a0000 mẫu này có 36 triệu ô, còn thứ hạng chỉ cần một lần sắp xếp. Đó là lý do các "
    "thư viện tính AUC bằng cách sắp xếp; tên cũ của con số này là thống kê Mann–Whitney.",
)
def auc_by_ranks(y_true, y_score):
    """Tính AUC bằng thứ hạng: AUC = (R₊ − n₊(n₊ + 1)/2) / (n₊ n₋), trong đó R₊ là tổng hạng của các mẫu dương.

    Quy ước: hạng tăng theo điểm, bắt đầu từ 1; các điểm bằng nhau cùng nhận hạng trung bình. `y_true` gồm các số 0 và
    1, có đủ hai lớp.
    """
    _, group, counts = np.unique(y_score, return_inverse=True, return_counts=True)
    midranks = np.cumsum(counts) - (counts - 1) / 2  # mỗi nhóm một hạng
    n_pos = np.sum(y_true == 1)
    n_neg = np.sum(y_true == 0)
    rank_sum = midranks[group][y_true == 1].sum()
    return (rank_sum - n_pos * (n_pos + 1) / 2) / (n_pos * n_neg)


def _midranks(y_score):
    _, group, counts = np.unique(y_score, return_inverse=True, return_counts=True)
    return (np.cumsum(counts) - (counts - 1) / 2)[group]


def _from_ranks(y_true, ranks):
    p, n = np.sum(y_true == 1), np.sum(y_true == 0)
    return (ranks[y_true == 1].sum() - p * (p + 1) / 2) / (p * n)


_BY_POSITION = (
    "các điểm bằng nhau đang nhận hạng khác nhau, tùy mẫu nào đứng trước trong mảng: `argsort` hai lần là "
    "như thế. Đổi chỗ các mẫu thì AUC đổi theo, mà lẽ ra không được đổi. Hãy cho chúng cùng hạng trung "
    "bình."
)


@auc_by_ranks.mistake(
    "`np.argsort` một lần cho vị trí của mẫu nhỏ nhất, nhỏ nhì, …, chưa phải hạng của từng mẫu. "
    "Muốn ra hạng phải đảo phép xếp ấy, và còn phải chia đều hạng cho các điểm bằng nhau."
)
def _argsort_once(y_true, y_score):
    return _from_ranks(y_true, np.argsort(y_score, kind="stable") + 1)


@auc_by_ranks.mistake(_BY_POSITION)
def _ordinal_ranks(y_true, y_score):
    return _from_ranks(y_true, np.argsort(np.argsort(y_score)) + 1)


@auc_by_ranks.mistake(_BY_POSITION)
def _stable_ordinal_ranks(y_true, y_score):
    return _from_ranks(y_true, np.argsort(np.argsort(y_score, kind="stable"), kind="stable") + 1)


@auc_by_ranks.mistake(
    "các điểm bằng nhau đang cùng nhận hạng thấp nhất của nhóm, như trong thi đấu thể thao. Tổng "
    "hạng vì thế bị hụt; hãy dùng hạng trung bình."
)
def _lowest_ranks(y_true, y_score):
    return _from_ranks(y_true, np.searchsorted(np.sort(y_score), y_score) + 1)


@auc_by_ranks.mistake(
    "các điểm bằng nhau đang chỉ chiếm một bậc, nên nhóm kế tiếp bị đẩy xuống quá thấp: 0.5, 0.5, "
    "0.9 cần có hạng 1.5, 1.5, 3 chứ không phải 1, 1, 2. Nhóm có mấy mẫu thì chiếm bấy nhiêu hạng."
)
def _dense_ranks(y_true, y_score):
    return _from_ranks(y_true, np.unique(y_score, return_inverse=True)[1] + 1)


@auc_by_ranks.mistake(
    "hạng đang đếm từ 0, còn công thức trừ n₊(n₊ + 1)/2 là của hạng đếm từ 1. Mỗi mẫu dương hụt một "
    "hạng, nên AUC hụt đúng 1/n₋."
)
def _ranks_from_zero(y_true, y_score):
    return _from_ranks(y_true, _midranks(y_score) - 1)


@auc_by_ranks.mistake(
    "chưa trừ n₊(n₊ + 1)/2. Tổng hạng R₊ đếm cả những cặp gồm hai mẫu dương; phần trừ đi chính là "
    "phần ấy, vì đứng cuối bảng thì n₊ mẫu dương vẫn có tổng hạng 1 + 2 + … + n₊."
)
def _forgot_subtraction(y_true, y_score):
    p, n = np.sum(y_true == 1), np.sum(y_true == 0)
    return _midranks(y_score)[y_true == 1].sum() / (p * n)


@auc_by_ranks.mistake(
    "hạng đang xếp từ điểm cao xuống điểm thấp, nên kết quả là 1 − AUC. Trong công thức này điểm cao thì hạng lớn."
)
def _descending_ranks(y_true, y_score):
    return _from_ranks(y_true, _midranks(-y_score))


@auc_by_ranks.mistake(
    "mẫu số đang là n₊². Số cặp (dương, âm) là n₊ × n₋; hai con số chỉ trùng nhau khi hai lớp đông bằng nhau."
)
def _over_positives_squared(y_true, y_score):
    p, n = np.sum(y_true == 1), np.sum(y_true == 0)
    return _from_ranks(y_true, _midranks(y_score)) * n / p


# --- Bài tập 4: ngưỡng rẻ nhất --------------------------------------------------------------------------------------


def _cost_cases():
    rng = np.random.default_rng(43)
    y = (np.arange(60) % 4 == 0).astype(int)
    s = np.round(rng.uniform(size=60) * 0.6 + 0.4 * y, 2)
    small = np.array([0, 0, 1, 0, 0, 1, 1]), np.array([0.1, 0.2, 0.3, 0.5, 0.6, 0.8, 0.9])
    return {
        "bỏ sót đắt gấp 20": (*small, 1, 20),
        "báo nhầm đắt gấp 20": (*small, 20, 1),
        "hai ngưỡng rẻ như nhau": (np.array([0, 1, 0, 1]), np.array([0.2, 0.4, 0.6, 0.8]), 1, 1),
        "báo hay không báo cũng tốn như nhau": (np.array([0, 1, 0]), np.array([0.6, 0.7, 0.9]), 3, 3),
        "mẫu lành tính được điểm cao nhất, báo nhầm rất đắt": (
            np.array([1, 1, 0, 0]),
            np.array([0.3, 0.6, 0.4, 0.9]),
            50,
            1,
        ),
        "60 mẫu, điểm có trùng": (y, s, 2, 7),
    }


@exercise(
    cases=_cost_cases,
    returns=("ngưỡng",),
    hints=(
        (
            'Chỉ cần thử mỗi điểm khác nhau trong `y_score`, và thêm `np.inf` là "không báo ai": giữa hai điểm liền '
            "nhau, dời ngưỡng không đổi một dự đoán nào. Với mỗi ngưỡng, đếm FP và FN rồi nhân với giá."
        ),
        (
            "`thresholds = np.append(np.unique(y_score), np.inf)`, rồi `y_score >= thresholds[:, None]` là bảng dự "
            "đoán, mỗi hàng một ngưỡng. `np.argmin` lấy chỗ đầu tiên khi hòa, tức ngưỡng nhỏ nhất; đề bài cần ngưỡng "
            "lớn nhất: `thresholds[cost == cost.min()].max()`."
        ),
    ),
    praise="Ngưỡng 0.5 không hề có mặt trong code: ngưỡng rẻ nhất do giá và dữ liệu quyết định. Tăng đều cả hai giá "
    "lên 10 lần, ngưỡng đứng yên; chỉ tỷ số của chúng là đáng kể.",
)
def best_threshold(y_true, y_score, cost_fp, cost_fn):
    """Tìm ngưỡng có tổng chi phí nhỏ nhất, khi mỗi FP tốn `cost_fp` và mỗi FN tốn `cost_fn`.

    Quy ước: báo dương khi `y_score >= ngưỡng`. Các ngưỡng để chọn là những điểm có trong `y_score`, thêm `np.inf`
    (không báo ai). Nếu nhiều ngưỡng cùng rẻ nhất, lấy ngưỡng lớn nhất.
    """
    thresholds = np.append(np.unique(y_score), np.inf)
    predicted = y_score >= thresholds[:, None]  # hàng k: dự đoán ở ngưỡng thứ k
    fp = (predicted & (y_true == 0)).sum(axis=1)
    fn = (~predicted & (y_true == 1)).sum(axis=1)
    cost = cost_fp * fp + cost_fn * fn
    return thresholds[cost == cost.min()].max()


def _costs(y_true, y_score, cost_fp, cost_fn, *, strict=False):
    """(các ngưỡng, chi phí ở từng ngưỡng)"""
    thresholds = np.append(np.unique(y_score), np.inf)
    predicted = y_score > thresholds[:, None] if strict else y_score >= thresholds[:, None]
    fp, fn = (predicted & (y_true == 0)).sum(axis=1), (~predicted & (y_true == 1)).sum(axis=1)
    return thresholds, cost_fp * fp + cost_fn * fn


@best_threshold.mistake(
    "hai giá đã đổi chỗ cho nhau. `cost_fp` đi với ca lành tính bị báo nhầm, `cost_fn` đi với ca ác tính bị bỏ sót."
)
def _costs_swapped(y_true, y_score, cost_fp, cost_fn):
    return best_threshold.solve(y_true, y_score, cost_fn, cost_fp)


@best_threshold.mistake(
    "mẫu có điểm đúng bằng ngưỡng đang không được báo. Đề bài báo khi `y_score >= ngưỡng`, còn ở "
    "đây là `>`, nên ngưỡng tìm được bị lùi xuống một nấc."
)
def _strictly_above(y_true, y_score, cost_fp, cost_fn):
    thresholds, cost = _costs(y_true, y_score, cost_fp, cost_fn, strict=True)
    return thresholds[cost == cost.min()].max()


@best_threshold.mistake(
    "ngưỡng đang luôn là 0.5. Con số ấy chỉ rẻ nhất khi hai giá bằng nhau và điểm là xác suất "
    "đáng tin; đề bài không hứa điều nào trong hai điều ấy."
)
def _always_half(y_true, y_score, cost_fp, cost_fn):
    return 0.5


@best_threshold.mistake(
    "hai giá chưa được dùng đến: đây là ngưỡng ít ca sai nhất, tức ngưỡng của độ chính xác cao "
    "nhất, như thể mỗi FP và mỗi FN đều giá 1."
)
def _most_accurate(y_true, y_score, cost_fp, cost_fn):
    return best_threshold.solve(y_true, y_score, 1, 1)


@best_threshold.mistake(
    "hàm đang trả về vị trí của ngưỡng trong mảng, không phải chính ngưỡng. Còn thiếu một bước: `thresholds[vị trí]`."
)
def _index(y_true, y_score, cost_fp, cost_fn):
    _, cost = _costs(y_true, y_score, cost_fp, cost_fn)
    return np.flatnonzero(cost == cost.min())[-1]


@best_threshold.mistake("hàm đang trả về chi phí nhỏ nhất, không phải ngưỡng đạt được chi phí ấy.")
def _cost(y_true, y_score, cost_fp, cost_fn):
    return _costs(y_true, y_score, cost_fp, cost_fn)[1].min()


@best_threshold.mistake(
    "thiếu ngưỡng `np.inf`, tức phương án không báo ai. Có lúc im lặng là rẻ nhất, "
    "mà ngưỡng bằng điểm cao nhất thì vẫn báo một mẫu."
)
def _without_inf(y_true, y_score, cost_fp, cost_fn):
    thresholds, cost = _costs(y_true, y_score, cost_fp, cost_fn)
    return thresholds[:-1][cost[:-1] == cost[:-1].min()].max()


@best_threshold.mistake(
    "khi nhiều ngưỡng cùng rẻ nhất, hàm lấy ngưỡng nhỏ nhất, vì `argmin` dừng ở chỗ đầu tiên. Quy "
    "ước của bài là ngưỡng lớn nhất: cùng giá thì báo ít người hơn."
)
def _smallest_of_ties(y_true, y_score, cost_fp, cost_fn):
    thresholds, cost = _costs(y_true, y_score, cost_fp, cost_fn)
    return thresholds[np.argmin(cost)]


# --- Bài tập 5: khi độ chính xác nói dối ----------------------------------------------------------------------------


def _judge_accuracy_lies(y_true, y_pred):
    y_true, y_pred = _check.labels("y_true", y_true), _check.labels("y_pred", y_pred)
    _check.same_length("y_true", y_true, "y_pred", y_pred)
    classes, counts = np.unique(y_true, return_counts=True)
    if len(classes) < 2:
        return False, f"`y_true` chỉ có một lớp ({classes[0]}). Cần ít nhất hai lớp thì mới có lớp để bỏ quên."
    if len(y_true) < 50:
        return False, (
            f"mới có {len(y_true)} mẫu: ít thế thì một hai mẫu đã xoay chuyển con số. Hãy dùng ít nhất 50 mẫu."
        )
    accuracy, balanced = metrics.accuracy_score(y_true, y_pred), metrics.balanced_accuracy_score(y_true, y_pred)
    baseline = counts.max() / len(y_true)
    measured = (
        f"Trên {len(y_true)} mẫu, độ chính xác là {accuracy:.4f}, độ chính xác cân bằng là {balanced:.3f}; "
        f"luôn đoán lớp đông nhất ({classes[counts.argmax()]}) thì độ chính xác là {baseline:.4f}."
    )
    if accuracy < 0.9 and baseline < 0.9:
        return False, (
            f"dữ liệu chưa đủ lệch để độ chính xác nói dối. {measured} Hãy hỏi một câu hiếm hơn, sao cho "
            "một lớp chiếm ít nhất 90%."
        )
    if accuracy < 0.9:
        return False, f"độ chính xác chưa đến 0.9. {measured} Hãy để dự đoán nghiêng về lớp đông nhiều hơn nữa."
    if balanced > 0.6:
        return False, (
            f"dự đoán này chưa bỏ quên lớp nào đến mức ấy: độ chính xác cân bằng còn trên 0.6. {measured} "
            "Hãy tìm một dự đoán bỏ quên hẳn lớp hiếm."
        )
    return True, measured


@open_exercise(
    judge=_judge_accuracy_lies,
    hints=(
        (
            "Độ chính xác cân bằng là trung bình recall của từng lớp. Muốn nó thấp mà độ chính xác vẫn cao, hãy tìm dữ "
            "liệu có một lớp rất hiếm."
        ),
        (
            "`data.load_digits()` có mười chữ số, mỗi chữ số khoảng 10%. Hãy đổi thành câu hỏi có hay không cho một "
            "chữ số, rồi thử một dự đoán không hề nhìn ảnh. Chọn chữ số nào hiếm hơn 10%."
        ),
    ),
    praise="Vì thế, trước khi khen một độ chính xác, hãy đặt nó cạnh con số của lớp đông nhất.",
)
def accuracy_lies():
    """Đưa ra dữ liệu do bạn chọn và một dự đoán có độ chính xác ít nhất 0.9 mà độ chính xác cân bằng nhiều nhất 0.6.

    Cần nhãn thật `y_true` và nhãn đoán `y_pred` (nhãn, không phải điểm số) của ít nhất 50 mẫu, với ít nhất hai lớp.
    """
    from mlcourse import data

    y_true = (data.load_digits().y == 8).astype(int)  # có phải số 8 không?
    y_pred = np.zeros_like(y_true)  # luôn trả lời "không"
    return y_true, y_pred
