"""04.1 · Đánh giá phân loại: chín câu hỏi và sáu bài tập. Lớp dương (1) là lớp ta đi tìm, ở đây là khối u ác tính."""

import numpy as np

from .. import _check, metrics
from ..quiz import question
from . import exercise, open_exercise, word
from ._forbid import calls, quadratic

# --- Câu hỏi -------------------------------------------------------------------------------------------------------

opening = question(r"""
Một bệnh hiếm: 1000 người thì 10 người mắc. Trên nhóm người ấy, mô hình X đoán đúng 99% số ca, mô hình Y đoán đúng 92%.
Bạn đưa mô hình nào vào phòng khám?
( ) X, vì sai ít hơn
    Ít hơn thật: 10 ca sai so với 80. Nhưng sai ở những ai thì con số 99% không nói. Hãy giữ câu trả lời này đến cuối
    bài.
( ) Y, vì 99% đẹp quá, chắc là quá khớp
    Quá khớp là đúng trên dữ liệu đã học mà sai trên dữ liệu mới; một con số 99% tự nó không cho biết điều đó.
( ) Mô hình nào cũng được, 99% với 92% đều cao
    Cao so với cái gì? Một con số chỉ có nghĩa khi đứng cạnh một con số khác; bài này sẽ dựng con số ấy.
(x) Chưa đủ thông tin để chọn
    Còn thiếu hai điều: mỗi mô hình sai ở những ai, và mỗi loại sai giá bao nhiêu. Cả bài này đi tìm hai điều đó.
""")

f1_swap = question(r"""
Một bảng kết quả có TP = 90, FP = 5, FN = 3, TN = 2. Nay ta đổi tên: lớp âm thành lớp dương, lớp dương thành lớp âm; mọi
dự đoán giữ nguyên. F1 và độ chính xác thế nào?
(x) F1 đổi, độ chính xác giữ nguyên
    Độ chính xác là 92/100 dù gọi lớp nào là dương. F1 = 2TP / (2TP + FP + FN) bỏ TN ra ngoài, nên đổi tên là đổi ô bị
    bỏ: 180/188 = 0.957 thành 4/12 = 0.333. Vì thế khi đọc một F1, hãy hỏi lớp dương là lớp nào.
( ) Cả hai giữ nguyên
    Mô hình vẫn thế nhưng câu hỏi đã khác. Ô TP mới chính là ô TN cũ, chỉ có 2 ca: F1 từ 0.957 còn 0.333. Độ chính xác
    thì đúng là giữ nguyên, vì TP + TN vẫn bằng 92.
( ) Cả hai đều đổi
    F1 thì có: 0.957 thành 0.333. Độ chính xác đếm TP + TN, mà đổi tên chỉ làm hai ô này đổi chỗ; tổng vẫn là 92 trên
    100.
( ) F1 giữ nguyên, độ chính xác đổi
    FP và FN đúng là đổi chỗ cho nhau mà không sao. Nhưng TP và TN cũng đổi chỗ, mà công thức F1 chỉ có TP: 90 nhường
    chỗ cho 2. Còn độ chính xác cộng cả TP lẫn TN, nên vẫn là 92/100.
""")

operating_point = question(r"""
Dùng mô hình A ở Hình 3 để sàng lọc vòng một: ai bị báo thì được mời khám thêm, khám thêm rẻ; bỏ sót thì đắt, và chỉ
được bỏ sót nhiều nhất 10% số khối u. Trong ba điểm trên đường của A, chọn điểm nào?
( ) Điểm 1: báo nhầm chưa đến 5% số ca lành tính
    Ít báo nhầm thật, nhưng TPR ở điểm 1 chỉ khoảng 0.30: bỏ sót 37 trên 53 khối u. Yêu cầu là bỏ sót nhiều nhất 10%,
    tức TPR ít nhất 0.90.
( ) Điểm 2: ở giữa, vừa không báo nhầm nhiều vừa không bỏ sót nhiều
    TPR ở điểm 2 là 0.62: bỏ sót 20 trên 53 khối u, gần bốn phần mười. Đề bài đặt điều kiện cho TPR; "ở giữa" không phải
    là một điều kiện.
(x) Điểm 3: báo nhầm gần một nửa số ca lành tính
    TPR ở điểm 3 là 0.92: bỏ sót 4 trên 53. Giá phải trả là FPR 0.45, tức 40 trên 89 ca lành tính được mời khám thêm.
    Đắt hay rẻ là do câu chuyện: ở đây khám thêm rẻ.
( ) Không điểm nào: muốn bỏ sót ít thế thì phải có mô hình khác
    Hạ ngưỡng đủ thấp thì mô hình nào cũng vượt được mức TPR đòi hỏi; mô hình tốt hơn chỉ trả giá FPR thấp hơn. Đường
    của A tới TPR 0.92 ở điểm 3.
""")

auc_two_doctors = question(r"""
Cùng một chồng hồ sơ, bác sĩ Lan chấm nguy cơ từ 0 đến 100. Bác sĩ Minh chấm dè dặt: mọi điểm nằm giữa 40 và 45. Đem sắp
hồ sơ theo điểm, hai người ra cùng một thứ tự, kể cả chỗ hòa. AUC của bác sĩ Minh so với bác sĩ Lan thế nào?
( ) Thấp hơn, vì điểm chênh nhau có vài đơn vị
    Chênh ít thì khó cho mắt ta, không khó cho ngưỡng: ngưỡng 42.3 tách hai hồ sơ 42.2 và 42.4 cũng gọn như ngưỡng 50
    tách 10 và 90. Hãy đổi `s` thành `40 + s / 20` rồi tính lại AUC.
(x) Bằng nhau, vì thứ tự các hồ sơ như nhau
    Đường cong ROC chỉ dùng đến thứ tự: quét ngưỡng từ cao xuống, hai người gặp các hồ sơ theo cùng một trình tự, nên
    hai đường cong trùng nhau, và hai diện tích bằng nhau đến chữ số cuối.
( ) Còn tùy đặt ngưỡng ở đâu
    Precision và recall mới cần một ngưỡng. Đường cong ROC đi qua tất cả các ngưỡng, nên diện tích dưới nó không tùy vào
    ngưỡng nào.
( ) Chưa biết nhãn thật thì chưa so được
    Chưa có nhãn thì chưa biết AUC là bao nhiêu, nhưng so thì được: nhãn có ra sao, hai chuỗi điểm cùng thứ tự vẫn cho
    cùng một đường cong. Hãy thử xáo trộn nhãn vài lần: hai con số thay đổi cùng nhau.
""")

prevalence = question(r"""
Một xét nghiệm dùng ở bệnh viện, nơi 37% số ca là ác tính, nay đem đi sàng lọc, nơi chỉ 1% là ác tính. Giả sử ca ác tính
vẫn được chấm điểm như ca ác tính cũ, ca lành tính cũng vậy; ngưỡng giữ nguyên. Con số nào thay đổi hẳn?
( ) Recall
    Recall chỉ tính trong nhóm ác tính: bao nhiêu phần trăm của nhóm ấy bị phát hiện. Nhóm ít người đi thì phần trăm vẫn
    thế, vì đề bài giả sử người trong nhóm vẫn được chấm điểm như cũ.
( ) Tỷ lệ dương tính giả (FPR)
    FPR chỉ tính trong nhóm lành tính, nên không biết nhóm kia đông hay ít. Cái tăng lên là *số* ca báo nhầm: 5% của 990
    người là khoảng 50 người, còn 5% của 630 người là khoảng 32.
( ) AUC
    AUC đi theo đường cong ROC, mà hai trục của đường cong ấy, FPR và TPR, mỗi trục chỉ nhìn một nhóm. Nhóm nào đông hơn
    không quan trọng.
(x) Precision
    Precision trộn hai nhóm: trong số ca bị báo, bao nhiêu là ác tính thật. Nhóm ác tính ít đi thì phần ấy nhỏ đi; mục
    sau tính nhỏ đi bao nhiêu.
""")

calibration = question(r"""
Hai mô hình có AUC bằng nhau. Cả hai cùng nói về một ca: khả năng ác tính là 90%. Tin con số 90% của mô hình nào hơn?
( ) Như nhau, vì AUC bằng nhau nghĩa là hai mô hình biết như nhau
    AUC chỉ biết thứ tự. Lấy xác suất `p` của một mô hình rồi đổi thành `p**3`: AUC không suy suyển, mà 0.9 đã thành
    0.729. Cùng một thứ tự mà nói hai bộ số khác nhau thì nhiều nhất một bộ được hiệu chuẩn.
( ) Mô hình hay cho điểm sát 0 và sát 1, vì như thế là dứt khoát
    Dứt khoát không phải là đúng. Nhân đôi mọi logit thì điểm nào khác 0.5 cũng dạt ra hai đầu, 0.9 thành 0.988, còn AUC
    vẫn thế: mô hình chỉ lên giọng chứ không biết thêm gì.
(x) Mô hình mà các ca từng được nói 90% có chừng 90% ác tính
    Đó chính là hiệu chuẩn, và chỉ đếm mới biết: gom những ca được cho khoảng 0.9, xem bao nhiêu ca là ác tính. Biểu đồ
    độ tin cậy làm việc ấy cho mọi mức.
( ) Mô hình có độ chính xác cao hơn ở ngưỡng 0.5, vì nói đúng nhiều hơn
    Ở ngưỡng 0.5, các điểm 0.51 và 0.99 được coi như nhau, nên độ chính xác không kiểm tra được con số 0.9. Hãy nhân đôi
    mọi logit: độ chính xác không đổi một ca nào, mà 0.9 đã thành 0.988.
""")

threshold_costs = question(r"""
Xác suất của mô hình đã được hiệu chuẩn. Bỏ sót một khối u ác tính đắt gấp 20 lần một lần báo nhầm. Ngưỡng báo rẻ nhất ở
đâu?
( ) Trên 0.5: việc hệ trọng thì chắc chắn mới báo
    Ngưỡng cao bớt được báo nhầm, là loại sai rẻ, và thêm bỏ sót, là loại sai đắt. Ở ca có xác suất 0.3, im lặng tốn
    trung bình 0.3 × 20 = 6, còn báo chỉ tốn 0.7.
(x) Giữa 0 và 0.5, không phải hai đầu
    Ở ca có xác suất 0.3, im lặng tốn trung bình 6, báo tốn 0.7. Ở ca có xác suất 0.01 thì ngược lại: im lặng tốn 0.2,
    báo tốn 0.99. Chỗ hai bên bằng nhau nằm giữa 0.01 và 0.3; mục sau tìm ra đúng chỗ ấy.
( ) Đúng 0.5: quá nửa thì báo
    0.5 là ngưỡng rẻ nhất khi hai loại sai đắt như nhau. Ở đây một bên đắt gấp 20: ca có xác suất 0.3 mà im lặng thì tốn
    trung bình 6, báo chỉ tốn 0.7.
( ) Đúng 0: báo tất cả
    Báo nhầm rẻ chứ không miễn phí. Ở ca có xác suất 0.01, báo tốn trung bình 0.99, im lặng chỉ tốn 0.2.
""")

average_choice = question(r"""
Bài toán ba lớp có 500, 480 và 20 ca. Mô hình tìm đúng 480 ca của lớp thứ nhất, 456 ca của lớp thứ hai, và không tìm ra
ca nào của lớp hiếm. Trung bình nào của recall cho thấy rõ nhất việc lớp hiếm bị bỏ quên?
(x) Macro, vì mỗi lớp một lá phiếu
    Macro lấy trung bình ba recall 0.96, 0.95 và 0, mỗi lớp một lá phiếu: 0.637. Lớp hiếm có 20 ca mà kéo tụt được cả
    một phần ba con số.
( ) Micro, vì đếm từng ca một
    Micro đếm chung mọi ca: 936 ca đúng trên 1000, tức 0.936, đúng bằng độ chính xác. 20 ca của lớp hiếm chìm trong đó.
( ) Có trọng số, vì tính đến cỡ của từng lớp
    Có tính, nhưng theo chiều ngược lại: lớp càng đông càng nặng, nên lớp hiếm chỉ nặng 2%. Với recall, trung bình có
    trọng số ra 0.936, bằng đúng micro.
( ) Cả ba như nhau, vì đều là trung bình của recall
    Cùng là trung bình nhưng khác trọng số: macro 0.637, còn micro và có trọng số đều là 0.936.
""")

closing = question(r"""
Trở lại 1000 người với 10 người mắc bệnh, nay ta đã mở ma trận nhầm lẫn. X không báo ai. Y tìm ra 9 người bệnh và báo
nhầm 79 người khỏe. Một ca bỏ sót đắt bằng 100 lần báo nhầm. Chọn mô hình nào?
( ) X, vì độ chính xác 99% vẫn hơn 92%
    99% ấy là của 990 người khỏe; recall của X là 0. Tính theo giá: X bỏ sót 10 người, tốn 1000; Y tốn 100 cho một người
    bỏ sót và 79 cho 79 lần báo nhầm, tất cả là 179.
( ) Không mô hình nào: precision của Y chỉ là 0.10, mười lời báo thì chín lời nhầm
    9/88 = 0.102 nghe thấp, nhưng nghĩa là mời 88 người đi khám thêm thì gặp 9 người bệnh, thay vì phải khám cả 1000.
    Với giá đã cho, Y tốn 179, còn không dùng mô hình thì rẻ nhất là báo tất cả: 990.
( ) Y, vì độ chính xác cân bằng của Y cao hơn, nên Y luôn hơn X
    Y đúng là cao hơn, 0.910 so với 0.5, nhưng không có chữ "luôn". Nếu hai loại sai đắt như nhau, X tốn 10 còn Y tốn
    80.
(x) Y, vì với giá đã cho thì Y rẻ hơn
    X tốn 10 × 100 = 1000, Y tốn 100 + 79 = 179. Lần đầu ta chưa trả lời được vì thiếu đúng hai thứ: ma trận nhầm lẫn và
    giá. Nếu bỏ sót chỉ đắt gấp 8 lần báo nhầm thì X lại rẻ hơn: 80 so với 87.
""")

# --- Bài tập 1: bốn chỉ số từ bốn ô --------------------------------------------------------------------------------


@exercise(
    cases=lambda: {
        "một ma trận bình thường": (40, 10, 20, 130),
        "tỷ lệ ác tính 1%": (6, 4, 3, 887),
        "có báo nhưng báo sai cả": (0, 3, 2, 95),
        "một lời báo, một ca bệnh": (0, 1, 1, 7),
        "không ca nào bị báo là dương": (0, 0, 10, 990),
        "không ca nào là dương": (0, 5, 0, 95),
        "không ca nào là dương, cũng không ca nào bị báo": (0, 0, 0, 100),
    },
    returns=("accuracy", "precision", "recall", "f1"),
    hints=(
        "Mỗi chỉ số trả lời một câu. Trong tất cả các ca, bao nhiêu ca đúng? Trong các ca bị báo là dương, bao nhiêu "
        'ca dương thật? Trong các ca dương thật, bao nhiêu ca bị báo? Mẫu số là nhóm đứng sau chữ "trong".',
        "Precision chia cho `tp + fp`, recall chia cho `tp + fn`. Viết F1 dạng `2 * tp / (2 * tp + fp + fn)` thì "
        'không phải đi qua precision và recall. Một hàm nhỏ `ratio(a, b)` trả về `float("nan")` khi `b == 0` lo hết '
        "mọi chỗ 0/0.",
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


four_scores.mistake(r"""
precision và recall đã đổi chỗ cho nhau. FP nằm trong số bị báo, nên thuộc về precision; FN nằm trong số dương thật, nên
thuộc về recall. Thứ tự trả về cũng cần là precision trước, recall sau.
    return accuracy, precision, recall, f1 → return accuracy, recall, precision, f1
độ chính xác đã quên TN. Đoán lành tính cho một ca lành tính cũng là đoán đúng: tử số là TP + TN.
    ratio(tp + tn, → ratio(tp,
F1 đang là trung bình cộng của precision và recall. F1 là trung bình điều hòa, luôn nghiêng về số nhỏ hơn: precision 1
và recall 0.02 có trung bình cộng 0.51, mà F1 chỉ 0.039.
    ratio(2 * tp, 2 * tp + fp + fn) → (precision + recall) / 2
F1 thiếu số 2: ở tử số, hoặc ở trước TP trong mẫu số. Precision và recall cùng bằng 1 thì F1 phải bằng 1.
    ratio(2 * tp, 2 * tp + fp + fn) → ratio(precision * recall, precision + recall)
F1 thiếu số 2: ở tử số, hoặc ở trước TP trong mẫu số. Precision và recall cùng bằng 1 thì F1 phải bằng 1.
    ratio(2 * tp, 2 * tp + fp + fn) → ratio(2 * tp, tp + fp + fn)
F1 thiếu số 2: ở tử số, hoặc ở trước TP trong mẫu số. Precision và recall cùng bằng 1 thì F1 phải bằng 1.
    ratio(2 * tp, 2 * tp + fp + fn) → ratio(tp, 2 * tp + fp + fn)
chỗ 0/0 đang trả về 0. Chưa báo ai thì precision không phải là 0, mà là câu hỏi không có câu trả lời: đề bài quy ước
`float("nan")`.
    else float("nan") → else 0
hàm chia cho 0 (ZeroDivisionError). Mẫu số TP + FP bằng 0 khi không ca nào bị báo, TP + FN bằng 0 khi không ca nào là
dương: hãy hỏi mẫu số trước khi chia.
    if b > 0 else float("nan") →
F1 thành `nan` ở chỗ vẫn có câu trả lời. Đi qua 2PR / (P + R) thì gặp 0/0 khi TP = 0, còn 2TP / (2TP + FP + FN) khi đó
bằng 0, miễn là FP + FN > 0.
    ratio(2 * tp, 2 * tp + fp + fn) → ratio(2 * precision * recall, precision + recall)
""")

# --- Bài tập 2: AUC bằng cách đếm cặp -------------------------------------------------------------------------------


def _scored_cases():
    rng = np.random.default_rng(41)
    y = (np.arange(60) % 3 == 0).astype(int)
    return {
        "năm ca, không có điểm bằng nhau": (np.array([0, 0, 1, 0, 1]), np.array([0.1, 0.4, 0.35, 0.2, 0.8])),
        "có điểm bằng nhau ở hai lớp": (np.array([1, 0, 1, 0, 0, 1, 0]), np.array([0.5, 0.5, 0.9, 0.2, 0.5, 0.5, 0.7])),
        "mọi điểm bằng nhau": (np.array([1, 0, 0, 1, 0]), np.full(5, 0.3)),
        "xếp ngược hoàn toàn": (np.array([0, 0, 0, 1, 1]), np.array([0.9, 0.8, 0.7, 0.2, 0.1])),
        "60 ca, điểm làm tròn nên hay trùng": (y, np.round(rng.normal(size=60) + y, 1)),
        "60 ca, điểm âm và dương, sát nhau": (y, (rng.normal(size=60) + y) / 1000),
    }


@exercise(
    cases=_scored_cases,
    returns=("AUC",),
    hints=(
        "Tách điểm thành hai nhóm, dương và âm. Mỗi cặp gồm một điểm dương và một điểm âm: cặp xếp đúng được 1, hòa "
        "được nửa, xếp sai được 0.",
        "`positive[:, None] > negative` so mọi điểm dương với mọi điểm âm trong một bảng n₊ hàng, n₋ cột. Đếm số ô "
        "đúng, thêm nửa số ô hòa, rồi chia cho `len(positive) * len(negative)`.",
    ),
    praise="Vậy AUC đọc được thành lời: lấy ngẫu nhiên một ca dương và một ca âm, AUC là xác suất ca dương được điểm "
    "cao hơn, hòa tính nửa.",
)
def auc_by_pairs(y_true, y_score):
    """Tính AUC bằng cách đếm cặp: phần cặp (ca dương, ca âm) mà ca dương được điểm cao hơn.

    Quy ước: hai điểm bằng nhau tính là nửa cặp. `y_true` gồm các số 0 và 1, có đủ hai lớp.
    """
    positive = y_score[y_true == 1]
    negative = y_score[y_true == 0]
    wins = (positive[:, None] > negative).sum()
    ties = (positive[:, None] == negative).sum()
    return (wins + ties / 2) / (len(positive) * len(negative))


auc_by_pairs.mistake(r"""
chưa chia cho số cặp. Số cặp thắng cần chia cho n₊ × n₋ để thành một phần, tức một xác suất.
    / (len(positive) * len(negative)) →
cặp hòa đang được tính 0. Hai điểm bằng nhau thì mô hình coi như tung đồng xu: tính nửa cặp. Có thế, cho mọi ca cùng một
điểm mới ra 0.5.
    ties / 2 → 0
cặp hòa đang được tính tròn 1, như khi viết `>=`. Nếu vậy, mô hình cho mọi ca cùng một điểm sẽ có AUC bằng 1. Hòa chỉ
tính nửa cặp.
    ties / 2 → ties
các cặp hòa đã bị bỏ khỏi mẫu số. Cặp hòa vẫn là một cặp: đóng góp nửa ở tử số, và vẫn được đếm trong n₊ × n₋.
    (wins + ties / 2) → wins
    (len(positive) * len(negative)) → (len(positive) * len(negative) - ties)
mẫu số đang là n². Chỉ những cặp gồm một ca dương và một ca âm mới được xét, nên mẫu số là n₊ × n₋.
    (len(positive) * len(negative)) → len(y_true) ** 2
mẫu số đang là n(n − 1)/2, tức mọi cặp, kể cả hai ca cùng lớp. Hai ca cùng ác tính thì không có ai để phân biệt: mẫu số
là n₊ × n₋.
    (len(positive) * len(negative)) → (len(y_true) * (len(y_true) - 1) / 2)
chiều so sánh bị ngược: hàm đang đếm những cặp mà ca âm được điểm cao hơn, nên ra 1 − AUC.
    positive[:, None] > negative → positive[:, None] < negative
""")

# --- Bài tập 3: AUC bằng thứ hạng -----------------------------------------------------------------------------------


def _ranked_cases():
    rng = np.random.default_rng(42)
    y = (rng.permutation(20_000) < 2_000).astype(int)
    return {**_scored_cases(), "20\u00a0000 ca, 10% là dương": (y, np.round(rng.normal(size=20_000) + y, 2))}


def _many(n):
    rng = np.random.default_rng(44)
    y = (np.arange(n) % 10 == 0).astype(int)
    return y, rng.normal(size=n) + y


@exercise(
    cases=_ranked_cases,
    returns=("AUC",),
    forbids=(calls("roc_auc_score", "roc_curve"), quadratic(_many)),
    hints=(
        "Xếp mọi điểm từ thấp đến cao, đánh hạng từ 1. Các điểm bằng nhau cùng nhận hạng trung bình: hai điểm tranh "
        "hạng 3 và hạng 4 thì đều là 3.5. Rồi cộng hạng của các ca dương.",
        "`np.unique(y_score, return_inverse=True, return_counts=True)` cho biết mỗi điểm thuộc nhóm nào và nhóm ấy "
        "có mấy ca. Hạng cao nhất của từng nhóm là `np.cumsum(counts)`; hạng trung bình thấp hơn số ấy `(counts - 1) "
        "/ 2`. Cuối cùng, (R₊ − n₊(n₊ + 1)/2) / (n₊ n₋).",
    ),
    praise="Bảng mọi cặp của 20\u00a0000 ca này có 36 triệu ô, còn thứ hạng chỉ cần một lần sắp xếp. Đó là lý do các "
    "thư viện tính AUC bằng cách sắp xếp.",
)
def auc_by_ranks(y_true, y_score):
    """Tính AUC bằng thứ hạng: AUC = (R₊ − n₊(n₊ + 1)/2) / (n₊ n₋), trong đó R₊ là tổng hạng của các ca dương.

    Quy ước: hạng tăng theo điểm, bắt đầu từ 1; các điểm bằng nhau cùng nhận hạng trung bình. `y_true` gồm các số 0 và
    1, có đủ hai lớp. Không gọi `metrics`, không so mọi cặp: số ca gấp đôi thì thời gian không được gấp bốn.
    """
    _, group, counts = np.unique(y_score, return_inverse=True, return_counts=True)
    midranks = np.cumsum(counts) - (counts - 1) / 2  # mỗi nhóm một hạng
    n_pos = np.sum(y_true == 1)
    n_neg = np.sum(y_true == 0)
    rank_sum = midranks[group][y_true == 1].sum()
    return (rank_sum - n_pos * (n_pos + 1) / 2) / (n_pos * n_neg)


_BY_POSITION = (
    "các điểm bằng nhau đang nhận hạng khác nhau, tùy ca nào đứng trước trong mảng: `argsort` hai lần là như thế. Đổi "
    "chỗ các ca thì AUC đổi theo, mà lẽ ra không được đổi. Hãy cho chúng cùng hạng trung bình."
)
auc_by_ranks.mistake(r"""
`np.argsort` một lần cho vị trí của ca nhỏ nhất, nhỏ nhì, …, chưa phải hạng của từng ca. Muốn ra hạng phải đảo phép xếp
ấy, và còn phải chia đều hạng cho các điểm bằng nhau.
    midranks[group] → (np.argsort(y_score, kind="stable") + 1)
`np.argsort` một lần cho vị trí của ca nhỏ nhất, nhỏ nhì, …, chưa phải hạng của từng ca. Muốn ra hạng phải đảo phép xếp
ấy, và còn phải chia đều hạng cho các điểm bằng nhau.
    midranks[group] → (np.argsort(y_score) + 1)
""")
auc_by_ranks.mistake(_BY_POSITION, ("midranks[group]", "(np.argsort(np.argsort(y_score)) + 1)"))
auc_by_ranks.mistake(
    _BY_POSITION, ("midranks[group]", '(np.argsort(np.argsort(y_score, kind="stable"), kind="stable") + 1)')
)
auc_by_ranks.mistake(r"""
các điểm bằng nhau đang cùng nhận hạng thấp nhất của nhóm, như trong thi đấu thể thao. Tổng hạng vì thế bị hụt; hãy dùng
hạng trung bình.
    np.cumsum(counts) - (counts - 1) / 2 → np.cumsum(counts) - counts + 1
các điểm bằng nhau đang cùng nhận hạng cao nhất của nhóm. Tổng hạng vì thế dôi ra; hãy dùng hạng trung bình.
    np.cumsum(counts) - (counts - 1) / 2 → np.cumsum(counts)
các điểm bằng nhau đang chỉ chiếm một bậc, nên nhóm kế tiếp bị đẩy xuống quá thấp: 0.5, 0.5, 0.9 cần có hạng 1.5, 1.5, 3
chứ không phải 1, 1, 2. Nhóm có mấy ca thì chiếm bấy nhiêu hạng.
    midranks[group] → (group + 1)
hạng đang đếm từ 0, còn công thức trừ n₊(n₊ + 1)/2 là của hạng đếm từ 1. Mỗi ca dương hụt một hạng, nên AUC hụt đúng
1/n₋.
    midranks[group] → (midranks[group] - 1)
chưa trừ n₊(n₊ + 1)/2. Tổng hạng R₊ đếm cả những cặp gồm hai ca dương; phần trừ đi gồm n₊(n₊ − 1)/2 cặp ấy, và n₊ vì
hạng đếm từ 1.
    (rank_sum - n_pos * (n_pos + 1) / 2) → rank_sum
kết quả đang là 1 − AUC: hoặc hạng xếp từ điểm cao xuống điểm thấp, hoặc cả công thức đang dùng các ca âm. Điểm cao thì
hạng lớn, và R₊ là của các ca dương.
    np.unique(y_score → np.unique(-y_score
tổng hạng đang lấy ở các ca âm. R₊ là tổng hạng của các ca dương.
    midranks[group][y_true == 1] → midranks[group][y_true == 0]
phần trừ đi đang tính bằng n₋. Phần cần bớt là của các ca dương: n₊(n₊ + 1)/2.
    n_pos * (n_pos + 1) / 2 → n_neg * (n_neg + 1) / 2
mẫu số đang là n₊². Số cặp (dương, âm) là n₊ × n₋; hai con số chỉ trùng nhau khi hai lớp đông bằng nhau.
    (n_pos * n_neg) → n_pos**2
""")

# --- Bài tập 4: precision ở nơi khác --------------------------------------------------------------------------------


@exercise(
    cases=lambda: {
        "mô hình A, sang nơi 1% ác tính": (33, 17, 20, 72, 0.01),
        "nơi mới giống hệt nơi cũ": (40, 10, 10, 140, 0.25),
        "bệnh hiếm, một phần nghìn": (90, 50, 10, 950, 0.001),
        "bệnh cực hiếm": (70, 1, 30, 9999, 1e-7),
        "nơi mới có nhiều ca dương hơn": (8, 3, 2, 37, 0.6),
        "nơi cũ không báo nhầm ai": (5, 0, 5, 90, 0.1),
        "nơi cũ báo đúng và báo nhầm bằng nhau": (10, 10, 5, 75, 0.02),
        "có báo nhưng báo sai cả": (0, 3, 7, 40, 0.3),
        "không báo ai": (0, 0, 4, 16, 0.05),
        "không báo ai, bệnh rất hiếm": (0, 0, 10, 990, 0.0001),
    },
    returns=("precision",),
    hints=(
        "Bốn con số ở nơi cũ chỉ để lấy ra hai tỷ lệ mang đi được: TPR, tính trong các ca dương, và FPR, tính trong "
        "các ca âm. Số đếm thì không mang đi được.",
        "Ở nơi mới, phần dân số bị báo đúng là `prevalence * tpr`, phần bị báo nhầm là `(1 - prevalence) * fpr`. "
        'Precision là phần thứ nhất chia cho tổng hai phần. Chỉ khi `tp + fp == 0` mới trả về `float("nan")`.',
    ),
    praise="Công thức này đúng chừng nào ca dương và ca âm ở nơi mới vẫn được chấm điểm như ở nơi cũ. Phổ bệnh đổi "
    "thì TPR và FPR cũng đổi, và phải đo lại.",
)
def precision_elsewhere(tp, fp, fn, tn, prevalence):
    """Precision ở nơi có tỷ lệ ca dương `prevalence`, tính từ bốn số đếm ở nơi cũ.

    Giả thiết: TPR và FPR giữ nguyên. Quy ước: nơi cũ không báo ai thì trả về `float("nan")`; ở nơi cũ có đủ hai lớp, và
    `prevalence` nằm giữa 0 và 1.
    """
    if tp + fp == 0:
        return float("nan")
    tpr = tp / (tp + fn)
    fpr = fp / (fp + tn)
    hits = prevalence * tpr
    alarms = (1 - prevalence) * fpr
    return hits / (hits + alarms)


precision_elsewhere.mistake(r"""
đây là precision ở nơi cũ, TP / (TP + FP): tỷ lệ ca dương mới chưa được dùng đến.
    prevalence * tpr → tp
    (1 - prevalence) * fpr → fp
precision không tăng giảm theo tỷ lệ thuận với tỷ lệ ca dương: tỷ lệ ca âm, và số lần báo nhầm, cũng đổi. Hãy đi qua TPR
và FPR.
    hits / (hits + alarms) → tp / (tp + fp) * prevalence * (tp + fp + fn + tn) / (tp + fn)
FP và TP là số đếm ở nơi cũ, không mang đi được: hãy đổi thành TPR và FPR trước khi nhân với tỷ lệ mới.
    tp / (tp + fn) → tp
    fp / (fp + tn) → fp
phần báo nhầm chưa nhân với tỷ lệ ca âm, `1 - prevalence`: FPR là phần của riêng các ca âm.
    (1 - prevalence) * fpr → fpr
đây là precision khi hai lớp đông bằng nhau, TPR / (TPR + FPR). TPR cần nhân với `prevalence`, FPR với `1 - prevalence`.
    prevalence * tpr → tpr
    (1 - prevalence) * fpr → fpr
FPR đang chia cho số ca bị báo. FPR là phần ca *âm* bị báo nhầm: FP / (FP + TN).
    fp / (fp + tn) → fp / (fp + tp)
FPR đang chia cho mọi ca. FPR là phần ca *âm* bị báo nhầm: FP / (FP + TN).
    fp / (fp + tn) → fp / (tp + fp + fn + tn)
chỗ FPR đang là độ đặc hiệu TN / (TN + FP). FPR bằng 1 trừ độ đặc hiệu.
    fp / (fp + tn) → tn / (fp + tn)
chỗ TPR đang là precision ở nơi cũ. TPR, tức recall, chia cho số ca *dương*: TP / (TP + FN).
    tp / (tp + fn) → tp / (tp + fp)
không báo ai thì precision không phải là 0, mà không có câu trả lời: đề bài quy ước `float("nan")`.
    return float("nan") → return 0.0
nơi cũ không báo ai thì TPR và FPR cùng bằng 0, và hàm chia 0 cho 0. Hãy hỏi `tp + fp == 0` trước.
    if tp + fp == 0:\n    return float("nan") →
""")

# --- Bài tập 5: ngưỡng rẻ nhất --------------------------------------------------------------------------------------


def _cost_cases():
    rng = np.random.default_rng(43)
    y = (np.arange(60) % 4 == 0).astype(int)
    s = np.round(rng.uniform(size=60) * 0.6 + 0.4 * y, 2)
    small = np.array([0, 0, 1, 0, 0, 1, 1]), np.array([0.1, 0.2, 0.3, 0.5, 0.6, 0.8, 0.9])
    upside_down = np.array([1, 1, 0, 0]), np.array([0.3, 0.6, 0.4, 0.9])
    return {
        "bỏ sót đắt gấp 20": (*small, 1, 20),
        "báo nhầm đắt gấp 20": (*small, 20, 1),
        "hai ngưỡng rẻ như nhau": (np.array([0, 1, 0, 1]), np.array([0.2, 0.4, 0.6, 0.8]), 1, 1),
        "báo hay không báo cũng tốn như nhau": (np.array([0, 1, 0]), np.array([0.6, 0.7, 0.9]), 3, 3),
        "ca lành tính được điểm cao nhất, báo nhầm rất đắt": (*upside_down, 50, 1),
        "60 ca, điểm có trùng": (y, s, 2, 7),
        "điểm nhiều chữ số": (y, np.sqrt(s), 3, 2),
        "điểm là logit, giá lẻ": (y, rng.normal(size=60) + y - 1, 0.4, 0.9),
    }


@exercise(
    cases=_cost_cases,
    returns=("ngưỡng",),
    hints=(
        'Chỉ cần thử mỗi điểm khác nhau trong `y_score`, và thêm `np.inf` là "không báo ai": giữa hai điểm liền '
        "nhau, dời ngưỡng không đổi một quyết định nào. Với mỗi ngưỡng, đếm FP và FN rồi nhân với giá.",
        "`thresholds = np.append(np.unique(y_score), np.inf)`, rồi `y_score >= thresholds[:, None]` là bảng quyết "
        "định, mỗi hàng một ngưỡng. `np.argmin` lấy chỗ đầu tiên khi hòa, tức ngưỡng nhỏ nhất; đề bài cần ngưỡng lớn "
        "nhất: `thresholds[cost == cost.min()].max()`.",
    ),
    praise="Ngưỡng 0.5 không hề có mặt trong code: ngưỡng rẻ nhất do giá và dữ liệu quyết định. Tăng cả hai giá lên "
    "10 lần, ngưỡng đứng yên; chỉ tỷ số của chúng là đáng kể.",
)
def best_threshold(y_true, y_score, cost_fp, cost_fn):
    """Tìm ngưỡng có tổng chi phí nhỏ nhất, khi mỗi FP tốn `cost_fp` và mỗi FN tốn `cost_fn`.

    Quy ước: báo dương khi `y_score >= ngưỡng`. Các ngưỡng để chọn là những điểm có trong `y_score`, thêm `np.inf`
    (không báo ai). Nếu nhiều ngưỡng cùng rẻ nhất, lấy ngưỡng lớn nhất.
    """
    thresholds = np.append(np.unique(y_score), np.inf)
    predicted = y_score >= thresholds[:, None]  # hàng k: quyết định ở ngưỡng thứ k
    fp = (predicted & (y_true == 0)).sum(axis=1)
    fn = (~predicted & (y_true == 1)).sum(axis=1)
    cost = cost_fp * fp + cost_fn * fn
    return thresholds[cost == cost.min()].max()


best_threshold.mistake(r"""
hai giá đã đổi chỗ cho nhau. `cost_fp` đi với ca lành tính bị báo nhầm, `cost_fn` đi với ca ác tính bị bỏ sót.
    cost_fp * fp + cost_fn * fn → cost_fn * fp + cost_fp * fn
ca có điểm đúng bằng ngưỡng đang không được báo. Đề bài báo khi `y_score >= ngưỡng`, còn ở đây là `>`, nên ngưỡng tìm
được bị lùi xuống một nấc.
    y_score >= thresholds → y_score > thresholds
ngưỡng đang luôn là 0.5. Con số ấy chỉ chắc là rẻ khi hai giá bằng nhau và điểm là xác suất đáng tin; đề bài không hứa
điều nào cả.
    thresholds[cost == cost.min()].max() → 0.5
đây là ngưỡng lý thuyết `cost_fp / (cost_fp + cost_fn)`. Ngưỡng ấy rẻ nhất khi điểm là xác suất đã hiệu chuẩn; đề bài
không hứa thế, và hỏi ngưỡng rẻ nhất *trên dữ liệu này*.
    thresholds[cost == cost.min()].max() → cost_fp / (cost_fp + cost_fn)
hai giá chưa được dùng đến: đây là ngưỡng ít ca sai nhất, như thể mỗi FP và mỗi FN đều giá 1.
    cost_fp * fp + cost_fn * fn → fp + fn
đây là ngưỡng có F1 cao nhất: hai giá chưa được dùng đến.
    cost_fp * fp + cost_fn * fn → (fp + fn) / np.maximum((predicted & (y_true == 1)).sum(axis=1), 1e-9)
giá đang nhân với *tỷ lệ* FPR và FNR. Mỗi ca sai tốn một lần: hãy nhân giá với số ca, không với tỷ lệ trong lớp.
    cost_fp * fp + cost_fn * fn → cost_fp * fp / (y_true == 0).sum() + cost_fn * fn / (y_true == 1).sum()
hàm đang trả về vị trí của ngưỡng trong mảng, không phải chính ngưỡng. Còn thiếu một bước: `thresholds[vị trí]`.
    thresholds[cost == cost.min()].max() → np.flatnonzero(cost == cost.min())[-1]
hàm đang trả về vị trí của ngưỡng trong mảng, không phải chính ngưỡng. Còn thiếu một bước: `thresholds[vị trí]`.
    thresholds[cost == cost.min()].max() → np.argmin(cost)
hàm đang trả về chi phí nhỏ nhất, không phải ngưỡng đạt được chi phí ấy.
    thresholds[cost == cost.min()].max() → cost.min()
thiếu ngưỡng `np.inf`, tức phương án không báo ai. Có lúc im lặng là rẻ nhất, mà ngưỡng bằng điểm cao nhất thì vẫn báo
một ca.
    np.append(np.unique(y_score), np.inf) → np.unique(y_score)
khi nhiều ngưỡng cùng rẻ nhất, hàm lấy ngưỡng nhỏ nhất, vì `argmin` dừng ở chỗ đầu tiên. Quy ước của bài là ngưỡng lớn
nhất: cùng giá thì báo ít người hơn.
    .max() → .min()
""")

# --- Bài tập 6: lớp nào bị bỏ quên ----------------------------------------------------------------------------------


def _judge_forgotten(y_true, y_pred, forgotten, macro_recall):
    y_true, y_pred = _check.labels("y_true", y_true), _check.labels("y_pred", y_pred)
    _check.same_length("y_true", y_true, "y_pred", y_pred)
    classes, counts = np.unique(y_true, return_counts=True)
    if len(classes) < 3:
        return False, f"`y_true` chỉ có {len(classes)} lớp. Bài này cần ít nhất ba lớp."
    if len(y_true) < 50:
        return False, f"mới có {len(y_true)} ca: ít thế thì một hai ca đã xoay chuyển con số. Hãy dùng ít nhất 50 ca."
    if strange := np.setdiff1d(y_pred, classes).tolist():
        some = ", ".join(map(str, classes[:5].tolist())) + ", …" * (len(classes) > 5)
        return False, f"`y_pred` có nhãn {str(strange[0])[:20]} mà `y_true` không có. Hãy đoán trong các lớp {some}."
    if len(np.unique(y_pred)) < 2:
        return (
            False,
            "cách đoán này gọi ca nào cũng bằng một tên. Hãy dùng một cách đoán có ít nhất hai nhãn khác nhau.",
        )
    accuracy = metrics.accuracy_score(y_true, y_pred)
    recalls = metrics.recall_score(y_true, y_pred, average=None)
    macro = float(np.mean(recalls))
    measured = f"Độ chính xác {accuracy:.3f}, macro recall {macro:.3f}."
    if accuracy < 0.9:
        return (
            False,
            f"độ chính xác chưa đến 0.9. {measured} Hãy cho lớp đông chiếm phần lớn hơn, hoặc đoán lớp đông đúng hơn.",
        )
    if accuracy - macro < 0.05 - 1e-9:
        return (
            False,
            f"chưa lớp nào bị bỏ quên đến mức ấy: hai con số còn gần nhau. {measured} Hãy tìm một lớp hiếm mà cách "
            f"đoán hay sai.",
        )
    answer = _check.number("macro_recall", macro_recall, low=0, high=1)
    if abs(answer - macro) > 0.005:
        others = {
            accuracy: "đó là độ chính xác, cũng là recall micro và recall có trọng số",
            metrics.precision_score(y_true, y_pred, average="macro", zero_division=0): "đó là macro precision",
            metrics.f1_score(y_true, y_pred, average="macro", zero_division=0): "đó là macro F1",
            float(recalls.min()): "đó là recall của lớp thấp nhất",
        }
        named = next((name for value, name in others.items() if abs(answer - value) < 5e-4), "hãy tính lại")
        return False, (
            f"`macro_recall` là {answer:.3f}, chưa đúng: {named}. Macro recall là trung bình của recall từng lớp, mỗi "
            f"lớp một phiếu."
        )
    name = np.asarray(forgotten).item() if np.size(forgotten) == 1 else None
    named = [str(word(one)) == str(word(name)) or one == name for one in classes.tolist()]
    if not any(named):
        return (
            False,
            f"`forgotten` cần là tên của một lớp trong `y_true`, mà không có lớp nào tên {str(forgotten)[:20]}.",
        )
    if recalls[named].min() > recalls.min():
        return False, f"`forgotten` là {name!r}, chưa phải lớp bị bỏ quên nhất. Hãy tìm lớp có recall thấp nhất."
    count = counts[recalls == recalls.min()][0]
    return True, f"{measured} Lớp {name} có {count} trên {len(y_true)} ca, recall {recalls.min():.3f}."


@open_exercise(
    judge=_judge_forgotten,
    hints=(
        "Macro recall cho mỗi lớp một phiếu, độ chính xác cho mỗi ca một phiếu. Muốn hai con số xa nhau, hãy tìm dữ "
        "liệu có một lớp rất hiếm, và một cách đoán hay sai ở lớp ấy.",
        "`data.load_digits()` có mười lớp đông gần bằng nhau. Chỉ giữ lại 20 ảnh số 8, rồi đoán như một cái máy chưa "
        "từng thấy số 8. Recall của lớp k là `(y_pred[y_true == k] == k).mean()`.",
    ),
    praise="Người chịu thiệt của một độ chính xác cao là lớp ấy: trước khi khen, hãy xem recall của từng lớp.",
)
def forgotten_class():
    """Đưa ra một bài toán ít nhất ba lớp, 50 ca, và một cách đoán có độ chính xác ít nhất 0.9 mà macro recall thấp hơn
    ít nhất 0.05; nói tên lớp bị bỏ quên nhất (`forgotten`, lớp có recall thấp nhất) và macro recall do bạn tính.
    """
    from mlcourse import data

    y = data.load_digits().y
    y_true = y[(y != 8) | (np.cumsum(y == 8) <= 20)]  # chỉ giữ 20 ảnh số 8
    y_pred = np.where(y_true == 8, 3, y_true)  # một cái máy chưa từng thấy số 8
    macro_recall = np.mean([(y_pred[y_true == k] == k).mean() for k in range(10)])
    return y_true, y_pred, 8, macro_recall
