"""07 · Kết luận và mở rộng: bốn câu hỏi của bài, mười hai câu của cả khóa học, và năm bài tập."""

import numpy as np

from .. import _check, preferences
from ..quiz import Quiz, question
from . import exercise, open_exercise
from ._forbid import package

# --- Câu hỏi của bài ----------------------------------------------------------------------------------------------

opening = question(r"""
Một mạng đã học đọc các chữ số 0–4, đặt ở chỗ bất kỳ trong khung. Giờ cần đọc 5–9. Giữ nguyên tầng ẩn, chỉ học tầng
cuối, so với học mới từ đầu, cùng dữ liệu, khi mỗi lớp có 1 ảnh có nhãn và khi có 20 ảnh?
( ) Hơn ở cả hai cỡ, vì tầng ẩn đã có sẵn kiến thức
    Kiến thức ấy giữ nguyên, không đổi được nữa. Khi có nhiều ảnh, giữ nguyên là lợi hay hại?
(x) Hơn khi có 1 ảnh, kém khi có 20
    Ít nhãn thì điều có sẵn quý; nhiều nhãn thì học mới tự tìm được đặc trưng hợp hơn. Nhưng còn tùy loại ảnh: bài này
    đo cả hai loại, với hai đối chứng.
( ) Kém ở cả hai cỡ, vì hai nhóm chữ số khác nhau
    Khác nhãn, nhưng nét, góc, và việc chữ nằm ở đâu thì chung. Một ảnh mỗi lớp khó mà tự tìm ra những thứ ấy.
""")

forgetting = question(r"""
Một mạng mười lớp mới chỉ học 0–4. Tinh chỉnh nó trên 5–9 cho đến khi đọc đúng 95%, rồi đưa lại ảnh 0–4. Chuyện gì
xảy ra?
( ) Vẫn đọc đúng, vì đã học rồi
    Không ai nhắc nó rằng 0–4 còn tồn tại. Entropy chéo trên ảnh 5–9 chỉ đẩy xác suất của năm lớp cũ xuống.
( ) Đúng chừng một nửa, còn lại đọc thành 5–9
    Nghe vừa phải. Nhưng trong tập học mới không còn ảnh nào mang nhãn 0–4 để giữ lấy một nửa ấy.
(x) Đọc sai gần hết: nó gọi ảnh nào cũng là 5–9
    Không ảnh nào mang nhãn 0–4 nữa, nên mỗi bước đều đẩy năm lớp ấy xuống. Có cách giữ lại, trang sau đo.
""")

loose_leash = question(r"""
Chính sách được thưởng theo *mô hình phần thưởng*. Thả lỏng dây buộc KL dần dần, hai con số đi đâu?
( ) Phần thưởng của mô hình và phần thưởng thật cùng tăng mãi
    Lúc đầu đúng thế. Nhưng càng đi xa chính sách gốc, càng vào vùng mà mô hình phần thưởng chưa từng thấy một so sánh
    nào.
( ) Phần thưởng của mô hình giảm, phần thưởng thật tăng
    Phần thưởng của mô hình là thứ đang được cực đại: thả lỏng thì nó chỉ có tăng.
(x) Phần thưởng của mô hình tăng mãi, phần thưởng thật tăng rồi giảm
    Chính sách tìm ra chỗ mô hình phần thưởng sai về phía có lợi cho mình, rồi dọn đến ở đó.
""")

# --- Mười hai câu của cả khóa học ---------------------------------------------------------------------------------


def _revised(text):
    """Câu để ôn: không mở đầu bằng *Hãy đoán trước*."""
    return question(text, guess=False)


quiz_which_set = _revised(r"""
1. Con số nào trong báo cáo đáng tin nhất về mẫu mới?
( ) Độ chính xác trên tập huấn luyện
    Mô hình đã được chỉnh để hạ mất mát trên chính tập ấy; học thuộc lòng cũng cho con số đẹp ở đây.
( ) Độ chính xác trên tập xác thực sau khi chọn siêu tham số
    Đã dùng để chọn thì lạc quan: con số cao nhất trong nhiều con số.
(x) Độ chính xác trên tập kiểm tra, mở một lần
    Chưa ai chọn gì bằng tập ấy. Kèm khoảng tin cậy thì biết thêm con số ấy dao động bao nhiêu.
""")

quiz_lookup = _revised(r"""
2. Bảng tra cứu ghi nhớ mọi mẫu đã học có rủi ro thực nghiệm bằng 0. Rủi ro kỳ vọng thì sao?
(x) Có thể rất lớn: gặp mẫu mới bảng không biết gì
    Hạ rủi ro thực nghiệm là phương tiện. Điều ta cần là rủi ro kỳ vọng, mà ta chỉ ước lượng được.
( ) Cũng bằng 0, vì hai rủi ro đo cùng một mất mát
    Hai rủi ro chỉ gần nhau khi họ mô hình bị giới hạn, hoặc khi có rất nhiều mẫu.
( ) Không xác định, vì không ai biết phân phối thật
    Xác định: trung bình mất mát trên phân phối thật. Chỉ là ta không tính được thẳng.
""")

quiz_cross_entropy = _revised(r"""
3. Mô hình cho lớp đúng xác suất 0.25. Entropy chéo của mẫu ấy là bao nhiêu?
( ) 0.25, bằng chính xác suất ấy
    Mất mát phải lớn khi xác suất của lớp đúng nhỏ: nó đi ngược chiều với p.
( ) 0.75, phần còn thiếu để bằng 1
    Đó là 1 − p. Entropy chéo đo bằng logarit: nói 0.25 đắt hơn nhiều lần nói 0.5.
(x) 1.386 nat, tức 2 bit
    −log 0.25 = 1.386. Mỗi lần giảm xác suất một nửa thì tốn thêm đúng một bit, và 0.25 là giảm hai lần từ 1.
""")

quiz_step = _revised(r"""
4. Mất mát bậc hai có độ cong lớn nhất a. Gradient descent với η = 2.1/a sẽ thế nào?
( ) Hội tụ chậm, vì chỉ vượt giới hạn một chút
    Chậm là khi η nhỏ. Ở đây mỗi bước nhảy qua đáy và lên cao hơn bên kia.
( ) Đứng yên, nhảy qua nhảy lại giữa hai bên đáy
    Đứng yên đúng ở η = 2/a, theo hướng cong nhất. 2.1 đã vượt qua.
(x) Phân kỳ: mỗi bước cách đáy xa thêm 10%
    Hệ số của mỗi bước là |1 − ηa| = 1.1. Điều kiện ổn định là 0 < η < 2/a.
""")

quiz_leak = _revised(r"""
5. Chọn 20 đặc trưng tương quan nhất với y trên *toàn bộ* dữ liệu, rồi mới chia tập. Con số kiểm tra sẽ ra sao?
(x) Quá đẹp: tập kiểm tra đã góp vào việc chọn
    Ở bài 03.1, 5000 cột toàn nhiễu và nhãn đồng xu mà vẫn đúng gần 90%. Chọn phải nằm trong phần để học.
( ) Đúng, vì mô hình chưa học tập kiểm tra
    Mô hình thì chưa, nhưng bước chọn thì đã nhìn nhãn của tập kiểm tra rồi.
( ) Quá xấu, vì bỏ bớt đặc trưng
    Bỏ đặc trưng nhiễu thường có lợi. Vấn đề là ai được nhìn nhãn nào.
""")

quiz_overfit = _revised(r"""
6. Mất mát huấn luyện 0.02 và còn giảm; mất mát xác thực 0.40, tăng từ epoch 20. Đang là epoch 60. Làm gì?
( ) Chạy tiếp cho đến khi mất mát huấn luyện bằng 0
    Theo mất mát, mỗi epoch nữa là thêm một bước xa khỏi chỗ tốt nhất, ở epoch 20.
(x) Lấy lại tham số của epoch 20, rồi thử điều chuẩn
    Đường xác thực quay đầu: quá khớp. Dừng sớm trả về tham số của epoch tốt nhất.
( ) Tăng tốc độ học, để mất mát xác thực vượt qua chỗ kẹt
    Việc học đang chạy tốt, tốt đến mức thuộc lòng. Tốc độ không phải bệnh ở đây.
""")

quiz_imbalance = _revised(r"""
7. Bệnh có ở 1% người. Mô hình đúng 99%. Nên hỏi gì trước?
(x) Recall và precision của lớp bệnh
    Mô hình cơ sở đã đúng 99%. Cần biết nó tìm ra mấy phần người bệnh, và báo nhầm bao nhiêu.
( ) Vì sao chưa được 99.9%
    Chưa hỏi đến đó được: người luôn nói "không bệnh" cũng đúng 99%.
( ) Mô hình có bao nhiêu tham số
    Số tham số không nói được con số 99% có nghĩa hay không; lớp nào hiếm thì nói được.
""")

quiz_auc = _revised(r"""
8. Đem mọi điểm số lên lũy thừa ba (điểm trong [0, 1]). AUC đổi thế nào?
( ) Giảm, vì điểm nhỏ đi
    Các điểm nhỏ đi, nhưng cùng nhau nhỏ đi: cặp nào trước đó hơn thì vẫn hơn.
(x) Không đổi: thứ tự vẫn thế
    AUC chỉ nhìn thứ tự. Hiệu chuẩn thì hỏng, nhưng AUC không hay biết.
( ) Tăng, vì các điểm cách xa nhau hơn
    Khoảng cách giữa các điểm không vào công thức của AUC, chỉ thứ tự mới vào.
""")

quiz_r2 = _revised(r"""
9. R² trên tập kiểm tra bằng −0.3. Nghĩa là gì?
( ) Code có lỗi, vì R² là một bình phương nên không âm
    Âm được, trên bất cứ dữ liệu nào chưa học: R² có cận trên là 1 mà không có cận dưới.
(x) Mô hình đoán kém hơn cả trung bình của tập ấy
    1 − SS_res/SS_tot âm khi phần dư lớn hơn độ dao động của y quanh trung bình.
( ) Tương quan giữa y và ŷ là −0.3
    R² không phải tương quan, và ở đây cũng không phải bình phương của nó.
""")

quiz_cv = _revised(r"""
10. CV 5 fold cho 0.20, s = 0.05. Viết "0.20 ± 0.022 (sai số chuẩn)" có trung thực không?
( ) Có, đó là sai số chuẩn của trung bình năm con số độc lập
    Năm con số ấy không độc lập: các mô hình dùng chung phần lớn số mẫu.
(x) Không: năm con số dính nhau, nên nó thường quá nhỏ
    Cần phương sai đã hiệu chỉnh, và hệ số t cho năm con số. Lặp lại nhiều lần càng làm s/√(số con số) nhỏ giả.
( ) Không: phải chia cho 5, không phải √5
    Chia cho số nào cũng không chữa được việc các con số dính nhau.
""")

quiz_variance = _revised(r"""
11. Đa thức bậc cố định: Bias² 0.02, Variance 0.30, nhiễu 0.05. Thuốc nào nên thử trước?
(x) Thêm dữ liệu, hay điều chuẩn mạnh hơn
    Phương sai chiếm hơn 80% sai số ở đây, và với bậc cố định, hai thứ ấy hạ nó; bagging thì tùy mô hình. Thử cái rẻ
    nhất trước.
( ) Mô hình mạnh hơn
    Mạnh hơn thì độ chệch giảm, nhưng phương sai, vốn đã là phần lớn nhất, còn tăng.
( ) Đổi sang đo y chính xác hơn
    Hạ được nhiễu, và cả Variance vì y để học cũng sạch hơn; nhưng dụng cụ đo tốt hơn thường là thứ đắt nhất.
""")

quiz_dpo = _revised(r"""
12. DPO khác RLHF ba bước ở chỗ nào?
(x) DPO bỏ mô hình phần thưởng, học thẳng chính sách
    Cùng mất mát Bradley–Terry, với phần thưởng viết qua chính sách: β log(π/π_ref).
( ) DPO bỏ dữ liệu so sánh, chỉ học từ câu trả lời mẫu
    Vẫn cần đúng những cặp ấy. Chỉ bớt một mô hình và vòng lấy mẫu.
( ) DPO bỏ dây buộc KL, nên chính sách đi xa tùy ý
    Dây buộc nằm sẵn trong công thức, qua β và π_ref; bỏ chúng đi thì không còn DPO.
""")

closing = question(r"""
Cả khóa học thu vào một câu. Câu nào?
( ) Mô hình càng lớn càng tốt
    Có khi đúng, có khi không; và khi đúng, ta biết là nhờ *đo*. Câu ta tìm phải nói về việc đo ấy.
( ) Chọn đúng thuật toán tối ưu rồi chạy đủ lâu thì mô hình nào cũng tốt
    Tối ưu giỏi một mất mát sai, trên dữ liệu rò rỉ, thì chỉ nhanh chóng đến một con số đẹp mà rỗng.
( ) Chỉ số nào cũng tốt nếu báo cáo đủ chữ số
    Nhiều chữ số không thay được khoảng tin cậy, mô hình cơ sở, và một tập chưa ai nhìn.
(x) Hạ mất mát trên dữ liệu đã có, chứng minh trên dữ liệu chưa có
    Tối ưu hóa để học, thống kê để tin, lý thuyết thông tin để biết đang đo cái gì.
""")

course_quiz = Quiz(
    {
        quiz_which_set: "00_tom_tat#Việc nào làm hỏng con số",
        quiz_lookup: "01_gioi_thieu#Rủi ro thực nghiệm và rủi ro kỳ vọng",
        quiz_cross_entropy: "02_1_ham_mat_mat#Entropy chéo và phân kỳ KL",
        quiz_step: "02_2_gradient_descent#Giới hạn 2/a, tính ra được",
        quiz_leak: "03_1_chia_tap_du_lieu#Rò rỉ dữ liệu",
        quiz_overfit: "03_2_overfitting_underfitting#Dừng sớm",
        quiz_imbalance: "04_1_danh_gia_phan_loai#Nghịch lý của độ chính xác",
        quiz_auc: "04_1_danh_gia_phan_loai#AUC là xác suất xếp đúng một cặp",
        quiz_r2: "04_2_danh_gia_hoi_quy#R²: so với người chỉ biết đoán trung bình",
        quiz_cv: "05_danh_gia_thuc_nghiem#Hai chỗ sai của khoảng ± 2s/√k",
        quiz_variance: "06_bias_variance#Thêm dữ liệu hạ số hạng nào",
        quiz_dpo: "07_ket_luan#DPO: học thẳng chính sách",
    }
)

# --- Bài tập 1: gradient của phần cộng thêm hạng thấp -------------------------------------------------------------


def _low_rank_cases():
    rng = np.random.default_rng(4)
    normal = rng.normal
    return {
        "hạng 1": (
            np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]),
            np.array([[1.0], [0.0], [2.0]]),
            np.array([[1.0, -1.0]]),
        ),
        "V bằng 0": (normal(size=(3, 2)), normal(size=(3, 1)), np.zeros((1, 2))),
        "hạng 2": (normal(size=(5, 4)), normal(size=(5, 2)), normal(size=(2, 4))),
        "vuông cả ba": (normal(size=(3, 3)), normal(size=(3, 3)), normal(size=(3, 3))),
    }


@exercise(
    cases=_low_rank_cases,
    returns=("gradient theo U", "gradient theo V"),
    hints=(
        "Gradient theo U cùng dạng với U, (d, r); theo V cùng dạng với V, (r, K). Chỉ một phép nhân G với V, chuyển vị "
        "nếu cần, ra dạng (d, r).",
        "`U[i, j]` nhân với hàng j của V để vào hàng i của W'. Vậy đạo hàm là tổng theo cột k của `G[i, k] * V[j, k]`. "
        "Viết tổng ấy thành một phép nhân ma trận.",
    ),
    praise="Quy tắc dây chuyền, hai phép nhân ma trận: gradient đầy đủ G được chiếu xuống hai ma trận nhỏ.",
    forbids=(package(),),
)
def low_rank_grads(G, U, V):
    """Trả về (gradient theo U, gradient theo V) của mất mát, khi `G` là gradient theo W' = W + U V."""
    return G @ V.T, U.T @ G


low_rank_grads.mistake(r"""
hai gradient bị đổi chỗ: gradient theo U đứng trước, có dạng của U.
    G @ V.T, U.T @ G → U.T @ G, G @ V.T
đang coi gradient theo U là G nhân V không chuyển vị; dạng chỉ khớp khi ma trận vuông.
    G @ V.T → G @ V
đang dùng dấu trừ: đó là hướng đi xuống, không phải gradient.
    G @ V.T, U.T @ G → -G @ V.T, -U.T @ G
gradient theo V còn lẫn phần của chính V. Khi đổi V một chút, UV đổi theo U: chỉ U đứng trong gradient theo V.
    U.T @ G → V @ (G.T @ G)
""")


# --- Bài tập 2 và 3: Bradley–Terry --------------------------------------------------------------------------------


def _pair_cases():
    rng = np.random.default_rng(1)
    reward = rng.normal(size=5)
    chosen = rng.integers(5, size=40)
    return {
        "ngang nhau": (np.array([2.0, 2.0, 2.0]), np.array([0, 1]), np.array([1, 2])),
        "một cặp, hơn log 3": (np.array([0.0, np.log(3)]), np.array([1]), np.array([0])),
        "hai cặp": (np.array([1.0, -1.0, 0.5]), np.array([0, 1]), np.array([1, 2])),
        "một câu thắng hai lần": (np.array([0.5, 0.0, -1.0]), np.array([0, 0]), np.array([1, 2])),
        "40 cặp, 5 câu": (reward, chosen, (chosen + rng.integers(1, 5, size=40)) % 5),
        "câu cuối không có trong cặp nào": (np.array([0.3, -0.2, 0.1, 2.0]), np.array([0, 2]), np.array([1, 1])),
    }


@exercise(
    cases=_pair_cases,
    returns=("mất mát",),
    hints=(
        "Xác suất câu được thích thắng là σ(r_chosen − r_rejected). Mất mát là trung bình của −log xác suất ấy.",
        "`reward[chosen]` lấy phần thưởng của mọi câu được thích một lượt. −log σ(d) viết được thành log(1 + e^(−d)).",
    ),
    praise="Entropy chéo nhị phân với logit là hiệu hai phần thưởng: không có gì mới so với bài 02.1.",
    forbids=(package(),),
)
def preference_loss(reward, chosen, rejected):
    """Trả về mất mát Bradley–Terry trung bình: `chosen[i]` được thích hơn `rejected[i]`."""
    return np.mean(np.logaddexp(0, reward[rejected] - reward[chosen]))


preference_loss.mistake(r"""
dấu của hiệu bị ngược: mất mát đang nhỏ khi câu *bị chê* có phần thưởng cao.
    reward[rejected] - reward[chosen] → reward[chosen] - reward[rejected]
đang cộng các cặp mà chưa lấy trung bình.
    np.mean → np.sum
mỗi cặp đang là một số; cần trung bình của chúng.
    np.mean( → np.atleast_1d(
đó là trung bình của xác suất thắng, chưa lấy −log.
    np.logaddexp(0, reward[rejected] - reward[chosen]) → 1 / (1 + np.exp(reward[rejected] - reward[chosen]))
thiếu dấu trừ: log của một xác suất thì âm, mất mát là *trừ* log.
    np.mean → -np.mean
đang lấy −log của softmax trên *mọi* câu. Mỗi lần so sánh chỉ có hai câu.
    np.logaddexp(0, reward[rejected] - reward[chosen]) → np.log(np.exp(reward).sum()) - reward[chosen]
""")


@exercise(
    cases=_pair_cases,
    returns=("gradient",),
    hints=(
        "Mỗi cặp: đạo hàm theo r_chosen là −(1 − σ(d)), theo r_rejected là +(1 − σ(d)), với d = r_chosen − r_rejected.",
        "Một câu có mặt ở nhiều cặp nên phải *cộng dồn*, rồi chia cho số cặp. `grad[chosen] -= …` chỉ trừ một lần; "
        "`np.add.at` thì cộng dồn.",
    ),
    praise="Tổng gradient bằng 0: cộng cùng một số vào mọi phần thưởng thì không so sánh nào đổi.",
    forbids=(package(),),
)
def preference_grad(reward, chosen, rejected):
    """Trả về gradient của mất mát Bradley–Terry theo `reward`; mảng cùng dạng với `reward`."""
    push = 1 / (1 + np.exp(reward[chosen] - reward[rejected]))
    grad = np.zeros(len(reward))
    np.add.at(grad, chosen, -push)
    np.add.at(grad, rejected, push)
    return grad / len(chosen)


preference_grad.mistake(r"""
`grad[chosen] -= push` chỉ trừ *một lần* cho mỗi câu, dù câu ấy có mặt ở nhiều cặp. Dùng `np.add.at` hay `np.bincount`.
    np.add.at(grad, chosen, -push) → grad[chosen] -= push
    np.add.at(grad, rejected, push) → grad[rejected] += push
đang đẩy mạnh nhất ở cặp đã *đúng rõ*: lực là 1 − σ(d), không phải σ(d).
    reward[chosen] - reward[rejected] → reward[rejected] - reward[chosen]
dấu bị ngược: đây là hướng *giảm* mất mát nhanh nhất, tức −gradient. Gradient phải âm ở câu được thích.
    chosen, -push → chosen, push
    rejected, push → rejected, -push
mới có phần của câu được thích; câu bị chê cũng nhận một lực ngược lại.
    np.add.at(grad, rejected, push) →
chưa chia cho số cặp: mất mát là trung bình nên gradient cũng thế.
    / len(chosen) →
""")


# --- Bài tập 4: chính sách tốt nhất dưới dây buộc KL --------------------------------------------------------------


def _leash_cases():
    rng = np.random.default_rng(2)
    reference = rng.random(6)
    return {
        "hai câu": (np.array([0.0, np.log(3)]), np.array([0.5, 0.5]), 1.0),
        "gốc không đều": (np.array([1.0, 1.0, 2.0]), np.array([0.7, 0.2, 0.1]), 0.5),
        "dây chặt": (rng.normal(size=6), reference / reference.sum(), 20.0),
        "dây lỏng": (rng.normal(size=6), reference / reference.sum(), 0.1),
        "phần thưởng lớn": (np.array([1000.0, 1001.0]), np.array([0.6, 0.4]), 1.0),
        "phần thưởng lớn, β = 0.5": (np.array([1000.0, 1001.0]), np.array([0.6, 0.4]), 0.5),
        "phần thưởng rất âm": (np.array([-1000.0, -999.0, -998.0]), np.array([0.5, 0.3, 0.2]), 1.0),
        "phần thưởng cách nhau hàng nghìn": (np.array([0.0, 3000.0]), np.array([0.5, 0.5]), 1.0),
        "cách nhau hàng nghìn, hai câu cao gần nhau": (
            np.array([-2000.0, 1999.0, 2000.0]),
            np.array([0.8, 0.15, 0.05]),
            1.0,
        ),
    }


@exercise(
    cases=_leash_cases,
    returns=("π",),
    hints=(
        "Công thức nằm ở trang trên: một tử số cho mỗi câu, rồi chia cho tổng của chúng.",
        "e^3000 tràn số. Nhân mọi tử số với cùng một thừa số thì chính sách không đổi: chọn thừa số nào để mọi số mũ "
        "đều không dương?",
    ),
    praise="Không cần vòng lặp nào: với một bảng câu trả lời, RLHF có công thức đóng. Mô hình ngôn ngữ thì không liệt "
    "kê hết được các câu, nên mới phải đi từng bước.",
    forbids=(package(),),
)
def leashed_policy(reward, reference, beta):
    """Trả về chính sách làm lớn nhất E[r] − β KL(π‖π_ref); mảng xác suất cùng dạng với `reference`."""
    weight = reference * np.exp((reward - reward.max()) / beta)
    return weight / weight.sum()


leashed_policy.mistake(r"""
quên π_ref: đó là softmax(r/β), tức dây buộc vào chính sách *đều*.
    reference * →
đang nhân với β thay vì chia: β lớn phải giữ π ở gần π_ref.
    ) / beta → ) * beta
tràn số: e^1000 là vô cực, rồi vô cực chia vô cực là nan. Trừ `reward.max()` trước khi lấy exp.
    - reward.max() →
""")
_STILL_OVERFLOWS = (
    "số trừ đi chưa phải số lớn nhất, nên vẫn còn số mũ dương và e lũy thừa của số ấy có thể tràn thành vô cực. Trừ "
    "`reward.max()` thì mọi số mũ đều không dương."
)
leashed_policy.mistake(_STILL_OVERFLOWS, ("reward.max()", "reward.mean()"))
leashed_policy.mistake(_STILL_OVERFLOWS, ("reward.max()", "reward.min()"))
leashed_policy.mistake(r"""
chưa chia cho tổng: các số chưa cộng lại thành 1.
    / weight.sum() →
dồn hết vào câu có phần thưởng cao nhất: đó là khi β = 0, không còn dây buộc.
    weight / weight.sum() → (reward == reward.max()).astype(float)
""")


# --- Bài tập 5: một phần thưởng hỏng, của riêng bạn ---------------------------------------------------------------


def _judge_broken_reward(answers, true, proxy, reference):
    true, proxy = _check.real("true_own", true, ndim=1), _check.real("proxy_own", proxy, ndim=1)
    reference = _check.distribution("reference_own", reference)
    if not isinstance(answers, (list, tuple)) or not all(isinstance(one, str) and one.strip() for one in answers):
        return False, f"`answers` cần là một danh sách chuỗi, mỗi chuỗi một câu trả lời, nhưng nhận được {answers!r}."
    if len(set(answers)) < len(answers):
        return False, f"có câu trả lời viết hai lần trong `answers`: {answers!r}. Mỗi câu một chuỗi khác nhau."
    for name, values in [("proxy_own", proxy), ("reference_own", reference), ("answers", answers)]:
        _check.same_length(name, values, "true_own", true)
    if np.ptp(proxy) == 0:
        return False, f"mọi số của `proxy_own` đều bằng {proxy[0]:g}: phần thưởng ấy không thích câu nào hơn câu nào."
    if len(true) < 5:
        return False, f"mới có {len(true)} câu trả lời. Hãy đưa ít nhất 5."
    betas = np.ptp(proxy) * 2.0 ** np.arange(3, -7, -0.5)
    policies = [preferences.optimal_policy(proxy, reference, beta=beta) for beta in betas]
    seen, start = np.array(policies) @ true, float(reference @ true)
    top, end = seen.max(), seen[-1]
    loved = answers[last := int(np.argmax(policies[-1]))]
    words = (
        f"phần thưởng thật: chính sách gốc {start:.3g}, cao nhất {top:.3g} ở β = {betas[seen.argmax()]:.3g}, dây "
        f'lỏng nhất {end:.3g}; cuối cùng chính sách nói nhiều nhất "{loved}"'
    )
    rise = (top - start) / (np.ptp(true) or 1.0)
    if rise < 0.05:
        return False, (
            f"{words}. Chưa có lúc nào tốt lên rõ: chỗ cao nhất chỉ hơn lúc đầu {max(rise, 0):.1%} quãng từ câu tệ "
            f"nhất đến câu hay nhất, cần 5%. Hãy để proxy đúng với những câu mà chính sách gốc hay nói, và để câu "
            f"proxy thích nhất hiếm hơn: π_ref của câu ấy đang là {reference[last]:.2g}."
        )
    if end > start:
        return False, f"{words}. Chưa quá đà: ở dây lỏng nhất, phần thưởng thật vẫn hơn lúc đầu."
    return True, f"{words}."


@open_exercise(
    judge=_judge_broken_reward,
    hints=(
        "Nghĩ đến một điều dễ đếm và thường đi cùng chất lượng (độ dài, số lời khen), rồi thêm một câu cực đoan: điểm "
        "đếm cao nhất mà chất lượng tệ nhất, và π_ref rất ít khi nói.",
        "Phần lớn các câu để proxy và true cùng chiều; chỉ một câu cuối ngược chiều, với π_ref chừng 0.01.",
    ),
    praise="Mọi phần thưởng đo được đều là proxy. Câu hỏi không phải là nó có hỏng không, mà hỏng ở đâu và khi nào.",
)
def broken_reward():
    """Đưa ra ít nhất 5 câu trả lời, phần thưởng thật, proxy và π_ref: thả lỏng dây thì tốt lên, rồi tệ hơn lúc đầu."""
    short = ["không biết", "đáp số", "đáp số và lý do"]
    answers = [*short, "lý do từng bước", "mười trang khen đề bài"]
    true_own = [0.0, 1.0, 2.0, 2.5, -2.0]
    proxy_own = [0.0, 1.0, 2.0, 3.0, 3.5]  # càng dài càng được thưởng
    reference_own = [0.4, 0.3, 0.2, 0.099, 0.001]
    return answers, true_own, proxy_own, reference_own
