"""03.1 · Chia tập dữ liệu: năm câu hỏi và năm bài tập."""

import numpy as np

from .. import data
from ..quiz import question
from . import call_problem, exercise, explain_error, open_exercise

# --- Câu hỏi -------------------------------------------------------------------------------------------------------

opening = question(r"""
100 người, nhãn là tung đồng xu, 5000 cột là số ngẫu nhiên: không có gì để học. Ta giữ 20 cột liên quan đến nhãn nhất,
rồi mới chia 70 người để học, 30 người để kiểm tra; mô hình mỗi lớp một tâm. Độ chính xác trên 30 người ấy là bao nhiêu?
( ) Dưới 50%, vì mô hình học phải nhiễu
    Học phải nhiễu thì trên người mới cũng như tung đồng xu: nhiễu không kéo về phía sai.
( ) Khoảng 50%: dữ liệu không có gì thì mô hình không thể biết gì
    Đó là con số *thật*, trên người mới. 30 người kiểm tra ở đây có mới không? Hãy giữ phiếu này đến phần rò rỉ.
( ) Khoảng 55%: chọn cột thì lợi được một chút
    Mỗi cột trong 20 cột chỉ liên quan vừa phải với nhãn của 100 người (tương quan chừng 0.3, trên thang từ −1 đến 1),
    mà 30 người kiểm tra nằm trong đó; hai mươi cột cộng lại thì mạnh. Lợi nhiều hơn thế.
(x) Gần 90%, như thể có cột đoán được nhãn
    20 cột được chọn vì khớp với nhãn của cả 100 người, kể cả 30 người kiểm tra. Tập kiểm tra đã trả lời trước khi bị
    hỏi. Đổi thứ tự hai việc thì sao, ta đo ở phần rò rỉ.
""")

interval_width = question(r"""
Mô hình đúng 95 trên 100 mẫu kiểm tra. Khoảng tin cậy 95% của độ chính xác rộng chừng nào?
( ) Chừng 1 điểm phần trăm, hơn kém nửa điểm
    Đếm được 95 là trên *100 người này*. Ta hỏi về người mới, và 100 người khác sẽ cho một con số khác. Muốn hẹp đến 1
    điểm thì cần hơn 7000 mẫu.
(x) Chừng 9 điểm phần trăm, hơn kém 4 đến 5 điểm
    Trong 100 người mới khác, số người đoán đúng dễ dàng hơn kém vài người. Hai mô hình hơn kém nhau 2 điểm trên 100 mẫu
    thì chưa nói lên điều gì. Trang sau cho công thức.
( ) Chừng 30 điểm phần trăm, hơn kém 15 điểm
    100 mẫu nói được nhiều hơn thế. Rộng như vậy thì độ chính xác thật 80% cũng nằm trong khoảng, mà nếu thật là 80% thì
    đúng 95 trên 100 hầu như không bao giờ xảy ra.
""")

same_patient = question(r"""
Mỗi bệnh nhân có năm ảnh chụp gần giống nhau, và nhãn gắn với bệnh nhân. Chia ngẫu nhiên theo *ảnh*. So với điểm trên
bệnh nhân mới, điểm kiểm tra thế nào?
( ) Bằng nhau, tính trung bình, vì các ảnh đã xáo trộn kỹ
    Xáo trộn ảnh nghĩa là ảnh của cùng một người nằm ở cả hai bên, mà bệnh nhân mới thì không có ảnh nào ở bên để học.
(x) Cao hơn, vì người kiểm tra đã gặp lúc học
    Ảnh kia của người ấy nằm trong tập huấn luyện, kèm đáp án: chỉ cần nhận ra người. Với người lạ, cách ấy vô dụng.
( ) Thấp hơn, vì mỗi người chỉ còn vài ảnh để học
    Số ảnh để học không đổi, dù chấm trên ai. Khác nhau là ở người được hỏi: đã gặp hay chưa.
""")

best_of_many = question(r"""
1000 người tung đồng xu để đoán 100 nhãn. Người đoán giỏi nhất đúng chừng bao nhiêu?
( ) 50 trên 100, như mọi người
    Đó là trung bình. Số lần đúng của mỗi người dao động với độ lệch chuẩn 5, và ta đang hỏi người *cao nhất* trong 1000
    người.
( ) Khoảng 55 trên 100, hơn một độ lệch chuẩn
    Hơn 55 thì đã có chừng 136 người. Người cao nhất trong 1000 người ở cách trung bình hơn ba độ lệch chuẩn.
(x) Khoảng 66 trên 100, hơn ba độ lệch chuẩn
    Hơn ba độ lệch chuẩn: 50 + 3.2 · 5. Ai thử 1000 cách độc lập rồi báo cáo con số cao nhất trên cùng 100 mẫu
    cũng được chừng 66%, dù không cách nào hơn đồng xu.
( ) Khoảng 80 trên 100, sáu độ lệch chuẩn
    Một người đúng từ 80 trở lên là chuyện chưa đến một phần tỷ. Nghìn người thử vẫn quá ít.
""")

closing = question(r"""
Một bài báo đạt 92% trên tập kiểm tra. Bạn hỏi câu nào trước tiên?
(x) Có bước nào, cột nào dùng điều mà lúc dùng thật chưa có không
    Chuẩn hóa, chọn cột, bỏ trùng, chọn siêu tham số: bước nào đã thấy tập kiểm tra? Cột nào chỉ có sau khi đã biết kết
    quả? Sau đó mới hỏi: bao nhiêu mẫu, và đã mở mấy lần.
( ) Tập đã chia theo tỷ lệ 70/15/15, hay theo tỷ lệ 80/10/10
    Tỷ lệ chỉ đổi số mẫu của mỗi tập. Chia tỷ lệ nào mà tập kiểm tra đã bị dùng lúc học thì con số cũng không nói về mẫu
    mới.
( ) Seed bằng bao nhiêu, và chạy lại thì có ra đúng 92% không
    Để chạy lại được thì cần, và nên thử nhiều seed. Nhưng một rò rỉ lớn thì đổi seed vẫn cho con số đẹp.
( ) Mô hình có bao nhiêu tham số, và học trong bao lâu
    Nhiều hay ít tham số, tập kiểm tra sạch vẫn đo đúng. Câu cần hỏi là tập ấy có sạch không.
""")

# --- Bài tập 1: chia không chồng lên nhau ---------------------------------------------------------------------------


@exercise(
    cases=lambda: {
        "sáu mẫu": (np.array([3, 0, 5, 1, 4, 2]), 2, 1),
        "mười mẫu": (np.array([7, 2, 9, 0, 4, 1, 8, 3, 6, 5]), 3, 2),
        "30 mẫu": (np.random.default_rng(1).permutation(30), 5, 4),
    },
    returns=("tập của từng mẫu",),
    hints=(
        "Bắt đầu bằng `part = np.zeros(len(order), int)`. Mẫu nào vào tập kiểm tra? Các mẫu mang số `order[:n_test]`.",
        "`part[order[:n_test]] = 2`, rồi `part[order[n_test:n_test + n_val]] = 1`. Hai lát cắt nối đuôi nhau nên không "
        "chồng lên nhau.",
    ),
    praise="Mỗi mẫu mang đúng một số, nên không mẫu nào ở hai tập: cách ghi này không thể sai kiểu ấy.",
)
def split_parts(order, n_val, n_test):
    """Trả về mảng dạng (n,): 0 là huấn luyện, 1 là xác thực, 2 là kiểm tra, cắt theo thứ tự xáo trộn `order`."""
    part = np.zeros(len(order), int)
    part[order[:n_test]] = 2
    part[order[n_test : n_test + n_val]] = 1
    return part


split_parts.mistake(r"""
hàm chưa dùng `order`: các mẫu đang được cắt theo thứ tự trong file. File xếp theo nhãn hay theo ngày thì mỗi tập sẽ là
một loại mẫu.
    part[order[:n_test]] → part[:n_test]
    part[order[n_test : n_test + n_val]] → part[n_test : n_test + n_val]
hai tập chồng lên nhau: lát cắt của tập xác thực cũng bắt đầu từ 0, nên có mẫu được ghi hai lần, và lần sau xóa lần
trước.
    n_test : n_test + n_val → :n_val
phép xáo trộn đang dùng ngược: `order[i]` là *mẫu* đứng thứ i, không phải chỗ đứng của mẫu i. Hãy ghi vào
`part[order[...]]`.
    part[order[:n_test]] → part[order < n_test]
    part[order[n_test : n_test + n_val]] → part[(order >= n_test) & (order < n_test + n_val)]
lát cắt của tập xác thực dừng ở `n_test + n_val`, không phải ở `n_val`: nó dài `n_val` mẫu.
    n_test : n_test + n_val → n_test : n_val
hai số 0 và 2 đã đổi chỗ: 0 là huấn luyện, 2 là kiểm tra.
    return part → return 2 - part
hai số 1 và 2 đã đổi chỗ: 1 là xác thực, 2 là kiểm tra.
    return part → return np.array([0, 2, 1])[part]
tập xác thực lệch một phần tử: lát cắt sau bắt đầu đúng ở chỗ lát cắt trước dừng, tức `n_test`, không phải `n_test + 1`.
    n_test : n_test + n_val → n_test + 1 : n_test + 1 + n_val
hàm cắt tập xác thực trước. Đề bài cho `n_test` mẫu đầu tiên của `order` vào tập kiểm tra, rồi mới đến tập xác thực.
    part[order[:n_test]] → part[order[n_val : n_val + n_test]]
    part[order[n_test : n_test + n_val]] → part[order[:n_val]]
""")

# --- Bài tập 2: cần bao nhiêu mẫu kiểm tra --------------------------------------------------------------------------


@exercise(
    cases=lambda: {
        "95%, cộng trừ 2 điểm": (0.95, 0.02),
        "80%, cộng trừ 5 điểm": (0.8, 0.05),
        "50%, cộng trừ 0.98 điểm": (0.5, 0.0098),
        "50%, cộng trừ 4.9 điểm": (0.5, 0.049),
        "99%, cộng trừ 0.31 điểm": (0.99, 0.0031),
    },
    returns=("số mẫu",),
    hints=(
        "Nửa khoảng là 1.96 · √(p(1 − p)/n). Cho nó bằng `half_width` rồi giải theo n: bình phương hai vế.",
        "n = 1.96² · p(1 − p) / half_width². Số mẫu là số nguyên, và phải *đủ*: làm tròn lên bằng `np.ceil`.",
    ),
    praise="Nửa khoảng hẹp đi một nửa thì số mẫu tăng gấp bốn. Hãy tính con số này trước khi thu thập dữ liệu.",
)
def samples_needed(p, half_width):
    """Trả về số mẫu kiểm tra ít nhất để nửa khoảng tin cậy 95% (1.96 sai số chuẩn) không quá `half_width`."""
    enough = 1.96**2 * p * (1 - p) / half_width**2
    return int(np.ceil(enough - 1e-9))  # 1600.0000000002 vẫn là 1600


samples_needed.mistake(r"""
chưa nhân với 1.96: một sai số chuẩn chỉ cho khoảng tin cậy 68%.
    1.96**2 * →
quên bình phương 1.96: khi bình phương hai vế thì hằng số ấy cũng bình phương.
    1.96**2 → 1.96
quên bình phương `half_width`. Sai số giảm theo căn của n, nên n tăng theo *bình phương*.
    half_width**2 → half_width
`half_width` là *nửa* khoảng, từ tâm ra mép; đừng chia đôi thêm lần nữa.
    half_width**2 → (half_width / 2) ** 2
thiếu thừa số (1 − p): phương sai của một lần đúng sai là p(1 − p).
    p * (1 - p) → p
số mẫu bị làm tròn xuống, nên khoảng vẫn rộng hơn yêu cầu một chút. Hãy làm tròn lên.
    np.ceil → np.floor
hàm cộng 1 cả khi số mẫu đã tròn: 10000 là đủ, không cần 10001. Làm tròn lên thì số tròn đứng yên.
    int(np.ceil(enough - 1e-9)) → int(enough + 1e-9) + 1
kết quả chưa làm tròn. Số mẫu là số nguyên, và phải đủ: làm tròn lên.
    int(np.ceil(enough - 1e-9)) → enough
""")

# --- Bài tập 3: phân tầng bằng tay ----------------------------------------------------------------------------------


def _strata():
    rng = np.random.default_rng(2)
    return {
        "mười mẫu, hai lớp": (np.array([0, 0, 1, 0, 0, 1, 0, 0, 0, 0]), np.array([9, 5, 2, 0, 7, 1, 3, 4, 8, 6]), 0.5),
        "50 mẫu, lớp hiếm 10%": (rng.permutation(np.repeat([0, 1], [45, 5])), rng.permutation(50), 0.2),
        "ba lớp": (rng.permutation(np.repeat([0, 1, 2], [20, 10, 30])), rng.permutation(60), 0.3),
        "phần của mỗi lớp không tròn mẫu": (rng.permutation(np.repeat([0, 1], [8, 12])), rng.permutation(20), 0.2),
        "lớp hiếm chỉ có hai mẫu": (rng.permutation(np.repeat([0, 1], [18, 2])), rng.permutation(20), 0.2),
        "lớp hiếm chỉ có một mẫu": (rng.permutation(np.repeat([0, 1], [9, 1])), rng.permutation(10), 0.3),
        "ba lớp, không tròn mẫu": (rng.permutation(np.repeat([0, 1, 2], [9, 7, 12])), rng.permutation(28), 0.3),
    }


@exercise(
    cases=_strata,
    returns=("số thứ tự của các mẫu kiểm tra",),
    hints=(
        "Chạy qua từng lớp: `for label in np.unique(y)`. Các mẫu của lớp ấy, theo thứ tự xáo trộn, là "
        "`order[y[order] == label]`.",
        "Lấy `round(ratio * len(rows))` phần tử đầu của mỗi lớp, nối lại bằng `np.concatenate`, rồi `np.sort`.",
    ),
    praise="Đó là phần lõi của `stratify=True`: chia từng lớp một, rồi nối lại.",
)
def stratified_rows(y, order, ratio):
    """Trả về số thứ tự, xếp tăng dần, của các mẫu kiểm tra: ở mỗi lớp, phần `ratio` đầu tiên theo thứ tự `order`."""
    chosen = []
    for label in np.unique(y):
        rows = order[y[order] == label]
        chosen.append(rows[: round(ratio * len(rows))])
    return np.sort(np.concatenate(chosen))


stratified_rows.mistake(r"""
hàm lấy phần đầu của cả tập, chưa chia theo lớp: lớp hiếm được bao nhiêu mẫu là tùy may rủi.
    np.concatenate(chosen) → order[: round(ratio * len(y))]
mỗi lớp đang góp cùng một số mẫu. Phân tầng giữ *tỷ lệ* các lớp như trong cả tập, không làm các lớp bằng nhau.
    ratio * len(rows) → ratio * len(y) / len(np.unique(y))
hàm trả về thứ tự *bên trong* từng lớp, không phải số thứ tự của mẫu trong cả tập.
    rows[: round(ratio * len(rows))] → np.arange(round(ratio * len(rows)))
lớp quá ít thì `round` ra 0, và đề bài để nó là 0: phân tầng không sinh thêm mẫu.
    round(ratio * len(rows)) → max(1, round(ratio * len(rows)))
nhãn cũng phải theo thứ tự xáo trộn: `order[y[order] == label]`, không phải `order[y == label]`.
    y[order] == label → y == label
đó là *chỗ đứng* trong `order`, chưa phải số thứ tự của mẫu: lấy `order[...]` ở những chỗ ấy.
    order[y[order] == label] → np.flatnonzero(y[order] == label)
hàm chưa dùng `order`: ở mỗi lớp đang lấy các mẫu đứng đầu file.
    order[y[order] == label] → np.flatnonzero(y == label)
đó là phần còn lại, tức tập huấn luyện: cần phần `ratio` *đầu tiên* của mỗi lớp.
    rows[: round(ratio * len(rows))] → rows[round(ratio * len(rows)) :]
số mẫu của mỗi lớp đang bị cắt phần lẻ. Đề bài làm tròn đến số nguyên gần nhất: `round`, không phải `int`.
    round( → int(
số mẫu của mỗi lớp đang làm tròn lên. Đề bài làm tròn đến số nguyên gần nhất: `round`.
    round(ratio * len(rows)) → int(np.ceil(ratio * len(rows)))
các số thứ tự còn xếp theo lớp. Mẫu thì đúng rồi, nhưng đề bài cần các số tăng dần.
    np.sort(np.concatenate(chosen)) → np.concatenate(chosen)
""")

# --- Bài tập 4: ba chỗ rò rỉ ----------------------------------------------------------------------------------------

_LEAKS = {
    2: "Dòng 2 chép mỗi mẫu thành hai rồi mới chia, nên bản sao của mẫu kiểm tra nằm trong tập huấn luyện",
    3: "Dòng 3 chọn cột bằng nhãn của cả tập",
    8: "Dòng 8 chọn số láng giềng bằng chính tập sẽ dùng để báo cáo",
}
_CLEAN = {
    1: "dòng 1 chia mỗi hàng cho độ dài của chính hàng ấy, không nhìn hàng nào khác: đứng đâu cũng thế",
    4: "dòng 4 chỉ xáo trộn số thứ tự, không nhìn gì",
    5: "dòng 5 là phép chia, cắt theo thứ tự đã xáo trộn",
    6: "dòng 6 biến đổi cả tập, nhưng trung bình và độ lệch chuẩn chỉ tính từ các hàng `train`",
    7: "dòng 7 chỉ học trên các hàng `train`",
    9: "dòng 9 chấm mô hình đã chọn; nếu có gì sai thì sai ở chỗ chọn",
}


def _judge_leaking_lines(lines):
    given = list(lines) if isinstance(lines, (set, frozenset, list, tuple, np.ndarray)) else [lines]
    if any(line is ... or line is None for line in given):
        return None, "Hãy thay `...` bằng số của ba dòng."
    if not given or not all(isinstance(line, (int, float, np.number)) and line in range(1, 10) for line in given):
        seen = repr(lines) if len(repr(lines)) < 60 else type(lines).__name__
        return False, f"`lines` cần là tập các số dòng từ 1 đến 9, ví dụ {{4, 9}}, nhưng nhận được {seen}."
    lines = np.array(given, int)
    wrong = [line for line in lines.tolist() if line in _CLEAN]
    if wrong:
        return False, f"có dòng không rò rỉ: {_CLEAN[wrong[0]]}."
    missing = _LEAKS.keys() - set(lines.tolist())
    if missing:
        return False, (
            f"còn thiếu {len(missing)} dòng; các dòng đã chọn thì đều rò rỉ. Hãy hỏi từng dòng còn lại: có dùng "
            "mẫu kiểm tra vào việc gì khác ngoài việc chấm lần cuối không?"
        )
    return True, ". ".join(_LEAKS.values()) + (
        ". Trên nhiễu (100 người, 500 cột), cả ba dòng cho 0.88. Để lại một dòng và chữa hai dòng kia: dòng 2 được "
        "0.80, dòng 3 được 0.72, dòng 8 được 0.57; chữa cả ba thì 0.49."
    )


@open_exercise(
    judge=_judge_leaking_lines,
    hints=(
        "Với mỗi dòng, hỏi: mẫu kiểm tra (hay bản sao, hay nhãn của mẫu ấy) có lọt vào việc học, việc chọn không? "
        "Đứng trước phép chia chưa chắc đã rò rỉ, đứng sau chưa chắc đã sạch.",
        "Hai dòng rò rỉ đứng trước phép chia. Dòng thứ ba đứng sau: tập xác thực `val` sinh ra để làm việc ấy, mà cả "
        "quy trình không dùng `val` lần nào.",
    ),
    praise="Cách sửa: bỏ phép chép, chia rồi mới chọn cột từ `X[train]`, và chọn số láng giềng bằng `val`.",
)
def leaking_lines():
    """Tìm ba dòng rò rỉ trong quy trình chín dòng của đề bài."""
    lines = {2, 3, 8}
    return (lines,)


# --- Bài tập 5: quy trình của bạn -----------------------------------------------------------------------------------

_REAL, _ALLOWED = 0.9, 2.5  # trên bệnh án thật; trên nhiễu, số sai số chuẩn được cao hơn 0.5


def _noise(number, people, rows_each):
    """Nhiễu của ``people`` người, mỗi người ``rows_each`` hàng gần giống nhau; nhãn của người là đồng xu cân."""
    rng = np.random.default_rng([31, number])
    who = rng.permutation(np.repeat(np.arange(people), rows_each))
    X = rng.normal(size=(people, 200))[who]
    X = X + 0.1 * rng.normal(size=X.shape) if rows_each > 1 else X
    return X, rng.permutation(np.repeat([0, 1], people // 2))[who], who


def _judge_honest_pipeline(pipeline):
    if problem := call_problem(pipeline, ["X", "y", "groups", "rng"]):
        return False, problem
    cases = data.load_breast_cancer()
    tasks = {
        "bệnh án thật": [(cases.X, cases.y, np.arange(len(cases.y)))] * 3,
        "nhiễu, mỗi người một hàng": [_noise(number, 100, 1) for number in range(160)],
        "nhiễu, mỗi người mười hai hàng": [_noise(number, 50, 12) for number in range(40)],
    }
    found, moved = {}, False
    for name, sets in tasks.items():
        scores = []
        for number, arrays in enumerate(sets):  # mỗi tập hai lần chạy
            pair = []
            for run in range(2):
                try:
                    score = pipeline(*(a.copy() for a in arrays), np.random.default_rng([number, run]))
                except Exception as error:  # code của người học có thể sai theo mọi cách
                    return False, f"trên {name}: {explain_error(error, pipeline)}"
                if score is None or score is ...:
                    return None, "Hàm chưa trả về con số nào. Hãy thay `...` bằng quy trình của bạn."
                if isinstance(score, str) or np.ndim(score) or not 0 <= score <= 1:
                    percent = not isinstance(score, str) and np.ndim(score) == 0 and 1 < score <= 100
                    hint = " Đó có vẻ là phần trăm, hãy chia cho 100." if percent else ""
                    return False, f"trên {name}: hàm cần trả về một số trong [0, 1], nhưng trả về {score!r}.{hint}"
                pair.append(float(score))
            moved |= pair[0] != pair[1]
            scores.append(np.mean(pair))
        found[name] = np.mean(scores), np.std(scores) / np.sqrt(len(scores))
    seen = "trung bình trên " + "; trên ".join(f"{name} {mean:.3f}" for name, (mean, _) in found.items()) + "."
    (real, _), plain, grouped = found.values()
    if not moved:
        return False, "hai `rng` khác nhau mà tập nào cũng cho cùng một con số: hãy chia bằng `rng` của đề bài."
    if (far := (plain[0] - 0.5) / max(plain[1], 1e-9)) > _ALLOWED:
        return False, (
            f"{seen} Trên nhiễu, mỗi người một hàng, con số cao hơn 0.5 những {min(far, 99):.0f} sai số chuẩn: "
            "có rò rỉ. Có ba chỗ để tìm: một bước tính trên cả tập trước khi chia; một lựa chọn nhìn vào tập kiểm tra; "
            "con số trả về đo trên tập đã dùng để học hay chọn."
        )
    if (grouped[0] - 0.5) > _ALLOWED * grouped[1]:
        return False, (
            f"{seen} Mỗi người một hàng thì không sao, mỗi người mười hai hàng thì cao hơn 0.5 rõ rệt: có lẽ cùng một "
            "người đang nằm cả ở tập huấn luyện lẫn tập kiểm tra (hãy chia theo `groups`), hay một bước nhìn cả tập."
        )
    if real < _REAL:
        return False, f"{seen} Trên nhiễu thì được, nhưng trên bệnh án thật chưa đến {_REAL}: hãy thử mô hình khác."
    return True, seen[0].upper() + seen[1:]


@open_exercise(
    judge=_judge_honest_pipeline,
    hints=(
        "Thứ tự: chia theo người, rồi mọi con số rút ra từ nhiều mẫu chỉ tính từ `X_train`; chọn gì thì chọn bằng tập "
        "xác thực; cuối cùng chấm trên tập kiểm tra.",
        "`parts = model_selection.group_split(X, y, groups, rng=rng)`, rồi `standardizer(parts.X_train)`, rồi "
        "`models.knn(5, classify=True)`.",
    ),
    praise="Chạy quy trình trên nhiễu trước khi tin con số của nó: phép thử rẻ, thấy được rò rỉ lớn. Rò rỉ nhỏ hơn "
    "mức dao động, như chuẩn hóa sớm, hay một cột chưa biết lúc đoán, thì phải đọc code và đọc bảng mới thấy.",
)
def honest_pipeline():
    """Đưa ra một hàm (X, y, groups, rng) -> phần đoán đúng trên tập kiểm tra: giỏi trên bệnh án thật, và không tự lừa
    mình trên nhiễu.
    """
    from mlcourse import model_selection, models

    def own_pipeline(X, y, groups, rng):
        parts = model_selection.group_split(X, y, groups, rng=rng)
        standardize = model_selection.standardizer(parts.X_train)
        predict = models.knn(5, classify=True)(standardize(parts.X_train), parts.y_train)
        return np.mean(predict(standardize(parts.X_test)) == parts.y_test)

    return (own_pipeline,)
