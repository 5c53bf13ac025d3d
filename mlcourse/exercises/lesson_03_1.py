"""03.1 · Chia tập dữ liệu: năm câu hỏi và năm bài tập."""

import numpy as np

from .. import _check, data
from ..quiz import question
from . import exercise, explain_error, open_exercise

# --- Câu hỏi -------------------------------------------------------------------------------------------------------

opening = question(r"""
100 người, nhãn là tung đồng xu, 5000 cột là số ngẫu nhiên: không có gì để học. Ta giữ 20 cột liên quan đến nhãn nhất,
rồi mới chia 70 người để học, 30 người để kiểm tra. Độ chính xác trên 30 người ấy là bao nhiêu?
( ) Dưới 50%, vì mô hình học phải nhiễu
    Học phải nhiễu thì trên người mới chỉ còn 50%, như tung đồng xu: nhiễu không kéo về phía sai. Ở đây con số lại cao
    hơn 50% rất nhiều.
( ) Khoảng 50%: dữ liệu không có gì thì mô hình không thể biết gì
    Đó là con số *thật*, trên người mới. Nhưng 30 người kiểm tra ở đây không mới: nhãn của họ đã góp tay chọn ra 20 cột.
( ) Khoảng 55%: chọn cột thì lợi được một chút
    Trong 5000 cột ngẫu nhiên, 20 cột đứng đầu liên quan đến nhãn của 100 người này chặt đến bất ngờ, và 30 người kiểm
    tra nằm trong 100 người ấy. Lợi hơn một chút nhiều.
(x) Gần 90%, như thể các cột ấy đoán được nhãn
    20 cột được chọn vì khớp với nhãn của cả 100 người, kể cả 30 người kiểm tra. Tập kiểm tra đã trả lời trước khi bị
    hỏi. Chia trước rồi mới chọn thì về quanh 50%.
""")

interval_width = question(r"""
Mô hình đúng 95 trên 100 mẫu kiểm tra. Khoảng tin cậy 95% của độ chính xác rộng chừng nào?
( ) Chừng 1 điểm phần trăm, vì 95 trên 100 là số đã đếm
    Đếm được 95 là trên *100 người này*. Ta hỏi về người mới, và 100 người khác sẽ cho một con số khác. Muốn hẹp đến 1
    điểm thì cần hơn 7000 mẫu.
(x) Chừng 9 điểm phần trăm, hơn kém 4 đến 5 điểm
    Trong 100 người mới khác, số người đoán đúng dễ dàng hơn kém vài người. Hai mô hình hơn kém nhau 2 điểm trên 100 mẫu
    thì chưa nói lên điều gì. Trang sau cho công thức.
( ) Chừng 30 điểm phần trăm, vì 100 mẫu là quá ít
    100 mẫu nói được nhiều hơn thế. Rộng như vậy thì độ chính xác thật 80% cũng nằm trong khoảng, mà nếu thật là 80% thì
    đúng 95 trên 100 hầu như không bao giờ xảy ra.
""")

same_patient = question(r"""
Mỗi bệnh nhân có năm ảnh chụp, và nhãn gắn với bệnh nhân. Chia ngẫu nhiên theo *ảnh* thì điểm kiểm tra thế nào?
( ) Đúng, vì các ảnh đã xáo trộn trước khi chia
    Xáo trộn ảnh nghĩa là ảnh của cùng một người nằm ở cả hai bên. Mô hình chỉ cần nhận ra người quen.
(x) Quá cao: mô hình nhận ra người, không nhận ra bệnh
    Bốn ảnh kia của người ấy nằm trong tập huấn luyện, kèm đáp án. Ở bệnh viện khác, với người lạ, cách ấy vô dụng. Phải
    chia theo bệnh nhân.
( ) Quá thấp, vì mỗi người chỉ còn vài ảnh để học
    Bớt ảnh thì khó hơn một chút thật, nhưng cái lợi của việc gặp lại người quen lớn hơn nhiều.
""")

best_of_many = question(r"""
1000 người tung đồng xu để đoán 100 nhãn. Người đoán giỏi nhất đúng chừng bao nhiêu?
( ) 50 trên 100, như mọi người
    Đó là trung bình. Số lần đúng của mỗi người dao động với độ lệch chuẩn 5, và ta đang hỏi người *cao nhất* trong 1000
    người.
( ) Khoảng 55 trên 100, hơn một độ lệch chuẩn
    Hơn 55 thì đã có chừng 130 người. Người cao nhất trong 1000 người ở cách trung bình hơn ba độ lệch chuẩn.
(x) Khoảng 66 trên 100, hơn ba độ lệch chuẩn
    Hơn ba độ lệch chuẩn: 50 + 3.2 · 5. Ai thử 1000 cách rồi báo cáo con số cao nhất trên cùng một tập kiểm tra cũng
    được 66%, dù không cách nào hơn đồng xu.
""")

closing = question(r"""
Một bài báo đạt 92% trên tập kiểm tra. Bạn hỏi câu nào trước tiên?
(x) Những bước nào đã làm trước khi chia
    Chuẩn hóa, chọn cột, bỏ trùng, tăng dữ liệu, chọn siêu tham số: bước nào đã thấy tập kiểm tra thì điểm trên tập ấy
    không còn là điểm trên dữ liệu mới. Sau đó mới hỏi: bao nhiêu mẫu, và đã mở mấy lần.
( ) Tập đã chia theo tỷ lệ 70/15/15 hay 80/10/10
    Tỷ lệ chỉ đổi cỡ của khoảng tin cậy. Chia khéo đến đâu mà dữ liệu đã bị nhìn trộm trước khi chia thì con số vẫn vô
    nghĩa.
( ) Seed bằng bao nhiêu, chạy lại có ra đúng 92% không
    Để chạy lại được thì cần, và nên thử nhiều seed. Nhưng một quy trình rò rỉ thì seed nào cũng cho con số đẹp.
( ) Mô hình có bao nhiêu tham số
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
hai số 1 và 2 đã đổi chỗ: 1 là xác thực, 2 là kiểm tra.
    return part → return np.array([0, 2, 1])[part]
tập xác thực lệch một phần tử: lát cắt sau bắt đầu đúng ở chỗ lát cắt trước dừng, tức `n_test`, không phải `n_test + 1`.
    n_test : n_test + n_val → n_test + 1 : n_test + 1 + n_val
hàm cắt tập xác thực trước. Đề bài cho `n_test` mẫu đầu tiên của `order` vào tập kiểm tra, rồi mới đến tập xác thực.
    part[order[:n_test]] → part[order[n_val : n_val + n_test]]
    part[order[n_test : n_test + n_val]] → part[order[:n_val]]
""")

# --- Bài tập 2: phân tầng bằng tay ----------------------------------------------------------------------------------


def _strata():
    rng = np.random.default_rng(2)
    return {
        "mười mẫu, hai lớp": (np.array([0, 0, 1, 0, 0, 1, 0, 0, 0, 0]), np.array([9, 5, 2, 0, 7, 1, 3, 4, 8, 6]), 0.5),
        "50 mẫu, lớp hiếm 10%": (rng.permutation(np.repeat([0, 1], [45, 5])), rng.permutation(50), 0.2),
        "ba lớp": (rng.permutation(np.repeat([0, 1, 2], [20, 10, 30])), rng.permutation(60), 0.3),
        "phần của mỗi lớp không tròn mẫu": (rng.permutation(np.repeat([0, 1], [8, 12])), rng.permutation(20), 0.2),
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

# --- Bài tập 3: cần bao nhiêu mẫu kiểm tra --------------------------------------------------------------------------


@exercise(
    cases=lambda: {
        "95%, cộng trừ 2 điểm": (0.95, 0.02),
        "80%, cộng trừ 5 điểm": (0.8, 0.05),
        "50%, cộng trừ 1 điểm": (0.5, 0.01),
        "99%, cộng trừ 0.3 điểm": (0.99, 0.003),
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
    return int(np.ceil(1.96**2 * p * (1 - p) / half_width**2))


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
kết quả chưa làm tròn. Số mẫu là số nguyên, và phải đủ: làm tròn lên.
    int(np.ceil(1.96**2 * p * (1 - p) / half_width**2)) → 1.96**2 * p * (1 - p) / half_width**2
""")

# --- Bài tập 4: ba chỗ rò rỉ ----------------------------------------------------------------------------------------

_LEAKS = {
    1: "Dòng 1 lấy trung bình và độ lệch chuẩn của cả tập, kể cả các mẫu kiểm tra",
    2: "Dòng 2 chép mỗi mẫu thành hai rồi mới chia, nên bản sao của mẫu kiểm tra nằm trong tập huấn luyện",
    3: "Dòng 3 xếp hạng các cột bằng nhãn của cả tập",
}
_CLEAN = {
    4: "dòng 4 chỉ cắt theo thứ hạng đã có; chỗ rò rỉ là nơi thứ hạng ấy được *tính*",
    5: "dòng 5 là phép chia: chia ngẫu nhiên, có `rng`, không nhìn gì",
    6: "dòng 6 chỉ học trên `X_train` và `y_train`",
    7: "dòng 7 chọn số láng giềng bằng tập xác thực, và tập xác thực sinh ra để làm việc ấy",
    8: "dòng 8 mở tập kiểm tra đúng một lần, sau khi đã chọn xong",
}


def _judge_leaking_lines(lines):
    lines = _check.labels("lines", np.array(sorted(lines) if isinstance(lines, (set, frozenset)) else lines))
    if lines.dtype.kind not in "iu" or lines.min() < 1 or lines.max() > 8:
        return False, f"`lines` cần là các số dòng từ 1 đến 8, ví dụ {{5, 8}}, nhưng nhận được {lines.tolist()}."
    wrong = [line for line in lines.tolist() if line in _CLEAN]
    if wrong:
        return False, f"có dòng không rò rỉ: {_CLEAN[wrong[0]]}. Hãy hỏi từng dòng: nó đã thấy mẫu kiểm tra chưa?"
    missing = _LEAKS.keys() - set(lines.tolist())
    if missing:
        return False, (
            f"còn thiếu {len(missing)} dòng; các dòng đã chọn thì đều rò rỉ. Hãy hỏi từng dòng đứng *trước* phép "
            "chia: nó tính điều gì từ những mẫu sẽ vào tập kiểm tra?"
        )
    return True, ". ".join(_LEAKS.values()) + "."


@open_exercise(
    judge=_judge_leaking_lines,
    hints=(
        "Đọc từ trên xuống và dừng ở dòng chia. Mọi dòng đứng trước phép chia mà *tính* một điều gì từ dữ liệu đều "
        "đáng ngờ.",
        "Có ba dòng đứng trước phép chia đã dùng đến mẫu kiểm tra: để lấy trung bình, để chép thành hai, và để xếp "
        "hạng.",
    ),
    praise="Cách sửa chung: đưa phép chia lên đầu, rồi mọi bước chỉ tính từ `X_train`.",
)
def leaking_lines():
    """Tìm ba dòng rò rỉ trong quy trình tám dòng của đề bài."""
    lines = {1, 2, 3}
    return (lines,)


# --- Bài tập 5: quy trình của bạn -----------------------------------------------------------------------------------


def _judge_honest_pipeline(pipeline):
    if not callable(pipeline):
        return False, f"`check` cần chính hàm của bạn, nhưng nhận được một giá trị kiểu {type(pipeline).__name__}."
    cases = data.load_breast_cancer()
    noise, coins = np.random.default_rng(1).normal(size=(100, 500)), np.repeat([0, 1], 50)
    tasks = {
        "bệnh án thật": (cases.X, cases.y, 5),
        "nhiễu": (noise, coins, 20),
        "nhiễu có mỗi hàng hai lần": (np.tile(noise, (2, 1)), np.tile(coins, 2), 20),
    }
    means = {}
    for name, (X, y, n_rounds) in tasks.items():
        try:
            scores = [pipeline(X.copy(), y.copy(), np.random.default_rng(seed)) for seed in range(n_rounds)]
        except Exception as error:  # code của người học có thể sai theo mọi cách
            return False, f"trên {name}: {explain_error(error, pipeline)}"
        if any(score is None or score is ... for score in scores):
            return None, "Hàm chưa trả về con số nào. Hãy thay `...` bằng quy trình của bạn."
        scores = _check.real("kết quả của hàm", scores, ndim=1)
        if scores.min() < 0 or scores.max() > 1:
            return False, f"kết quả của hàm cần nằm trong [0, 1], là phần đoán đúng, nhưng có giá trị {scores[0]:.4g}."
        means[name] = scores.mean()
    seen = "trung bình trên " + ", trên ".join(f"{name} {mean:.3f}" for name, mean in means.items()) + "."
    real, plain, doubled = means.values()
    if plain > 0.62:
        return False, (
            f"{seen} Trên nhiễu mà được thế là rò rỉ: có bước nào đã nhìn mẫu kiểm tra, trước khi chia hay lúc chọn."
        )
    if doubled > 0.62:
        return False, (
            f"{seen} Nhiễu thường thì không sao, nhiễu có hàng trùng thì rò rỉ: bản sao của mẫu kiểm tra "
            "nằm trong tập huấn luyện. Hãy bỏ hàng trùng trước khi chia."
        )
    if real < 0.9:
        return False, f"{seen} Không rò rỉ, nhưng trên bệnh án thật chưa đến 90%: hãy chuẩn hóa, hay đổi mô hình."
    return True, seen[0].upper() + seen[1:]


@open_exercise(
    judge=_judge_honest_pipeline,
    hints=(
        "Thứ tự an toàn: bỏ hàng trùng, chia, rồi mọi bước còn lại chỉ tính từ `X_train`. Một lần nhân đôi dữ liệu "
        "cũng là rò rỉ nếu đứng trước phép chia.",
        "`_, rows = np.unique(X, axis=0, return_index=True)` cho mỗi hàng khác nhau một số thứ tự. Sau đó "
        "`train_val_test_split`, `standardizer(X_train)`, và `models.knn(5, classify=True)`.",
    ),
    praise="Chạy thử quy trình trên nhiễu trước khi tin con số của nó: một phép thử rẻ, bắt được những chỗ rò "
    "rỉ lớn. Chỗ rò rỉ nhỏ, như chuẩn hóa trước khi chia, thì phải đọc code mới thấy.",
)
def honest_pipeline():
    """Đưa ra một hàm (X, y, rng) -> độ chính xác trên tập kiểm tra: giỏi trên bệnh án thật, và không tự lừa mình."""
    from mlcourse import model_selection, models

    def own_pipeline(X, y, rng):
        _, rows = np.unique(X, axis=0, return_index=True)  # bỏ hàng trùng trước khi chia
        parts = model_selection.train_val_test_split(X[rows], y[rows], rng=rng)
        standardize = model_selection.standardizer(parts.X_train)
        fit = models.knn(5, classify=True)
        predict = fit(standardize(parts.X_train), parts.y_train)
        return np.mean(predict(standardize(parts.X_test)) == parts.y_test)

    return (own_pipeline,)
