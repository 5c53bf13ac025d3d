"""00 · Tóm tắt: bốn câu hỏi và ba bài tập, cho người chưa biết gì về học máy."""

import reprlib

import numpy as np

from .. import _check, data, metrics, model_selection, models, optim, training
from ..quiz import question
from . import exercise, open_exercise

# --- Câu hỏi -------------------------------------------------------------------------------------------------------

opening = question(r"""
Một mô hình đoán đúng 100% trên những ca đã dùng để học. Với những bệnh nhân của ngày mai, con số ấy hứa hẹn điều gì?
( ) Cũng gần 100%, vì mô hình đã học kỹ đến thế kia mà
    Học kỹ và học thuộc lòng cùng cho 100% trên bài đã học. Gặp người mới, hai cách học ấy có thể rất khác nhau.
(x) Chưa hứa gì, vì đó là những ca đã thấy trước câu trả lời
    Lát nữa ta gặp một bảng đúng 100% trên ca đã học, mà trên ca mới lại kém một mô hình không đúng 100%. Vì vậy ta cất
    riêng một phần dữ liệu từ đầu, và chỉ mở ra một lần, lúc chấm.
( ) Thấp hơn 100% một chút, vì ca mới thì khó hơn ca đã học
    Ca mới không khó hơn, chỉ là chưa ai cho mô hình xem câu trả lời. Thấp hơn một chút hay thấp hơn hẳn thì riêng con
    số trên ca đã học chưa nói được.
""")

loss_or_metric = question(r"""
Người ta đòi mô hình có độ chính xác cao. Vì sao không cho máy tăng thẳng độ chính xác, mà lại hạ entropy chéo?
( ) Vì đếm số lần đúng thì lâu hơn là tính entropy chéo
    Độ chính xác chỉ là đếm số lần đúng, rất dễ tính. Cái khó nằm ở chỗ dùng con số ấy để chỉnh tham số.
( ) Vì entropy chéo thấp nhất thì độ chính xác cũng cao nhất
    Không có bảo đảm nào như thế: mất mát thấp nhất và độ chính xác cao nhất có khi ở hai bộ tham số khác nhau.
(x) Vì độ chính xác không cho biết nên nhích tham số về phía nào
    Nhích tham số rất ít thì chưa ca nào đổi bên, nên số ca đúng đứng yên. Entropy chéo thì đổi theo từng cái nhích, và
    nghiêng về một bên thì giảm.
""")

broken_step = question(r"""
Một bạn chia dữ liệu làm ba rồi đi lại lượt vừa rồi: (1) đưa các cột về cùng cỡ, theo trung bình của tập huấn luyện; (2)
hạ mất mát trên tập huấn luyện; (3) thử 19 ngưỡng, giữ ngưỡng rẻ nhất trên tập kiểm tra; (4) báo chi phí trên tập kiểm
tra. Việc nào làm con số cuối cùng hết đáng tin?
( ) Việc 1, vì trung bình của tập huấn luyện khác trung bình của tập kiểm tra
    Hai trung bình có khác nhau đôi chút, nhưng như thế mới công bằng: lúc gặp bệnh nhân mới, ta cũng chỉ có trung bình
    của những ca đã học.
( ) Việc 2, vì mất mát trên ca đã học không nói gì về ca mới
    Học thì phải nhìn ca đã học. Con số ấy không dùng để báo cáo là được.
(x) Việc 3, vì ngưỡng đã được chọn cho hợp với tập kiểm tra
    Chọn ở đâu thì con số ở đó lạc quan. Phải chọn trên tập xác thực, rồi mới mở tập kiểm tra.
( ) Việc 4, vì chi phí thì lúc nào cũng phải báo trên tập xác thực
    Con số cuối cùng báo trên tập kiểm tra là đúng, miễn là chưa ai dùng tập ấy vào việc khác. Ở đây đã có người dùng.
""")

closing = question(r"""
Mô hình A đúng 100% trên tập huấn luyện và 91% trên tập xác thực. Mô hình B đúng 97% và 96%. Chọn mô hình nào?
(x) B, vì trên những ca chưa học B đúng nhiều hơn
    96% so với 91% trên cùng tập xác thực. Nếu tập ấy nhỏ thì khoảng cách này còn có thể là may rủi: bài 03.1 và 04.1
    nói cách tính độ dao động.
( ) A, vì 100% là cao nhất trong bốn con số
    100% ấy đo trên những ca mà A đã xem cả câu trả lời. Trên những ca A chưa xem, A sai nhiều gấp đôi B: 9% so với 4%.
( ) B, vì hai con số của B gần nhau nhất
    Chọn B thì đúng, nhưng lý do chưa đúng: một mô hình luôn đoán bừa cũng có hai con số gần nhau. Cái đáng nhìn là 96%
    lớn hơn 91% trên cùng một tập xác thực.
( ) Chưa chọn được, phải mở tập kiểm tra ra xem
    Tập kiểm tra để dành cho lúc đã chọn xong. Mở ra để chọn thì không còn gì để chấm mô hình được chọn.
""")

# --- Bài tập 1: tỷ lệ đoán đúng -------------------------------------------------------------------------------------


@exercise(
    cases=lambda: {
        "bốn mẫu, sai một": (np.array([1, 0, 1, 1]), np.array([1, 0, 0, 1])),
        "sai cả": (np.array([1, 0]), np.array([0, 1])),
        "toàn lành tính, đoán đúng": (np.zeros(5, int), np.zeros(5, int)),
        "ba mẫu, sai một": (np.array([1, 0, 0]), np.array([1, 1, 0])),
    },
    returns=("tỷ lệ đúng",),
    hints=(
        "`y_true == y_pred` so từng phần tử và cho ra một mảng True, False.",
        "Trung bình của một mảng True, False là phần True trong đó: `np.mean(y_true == y_pred)`.",
    ),
    praise="Con số này tên là độ chính xác (accuracy). Bài 04.1 sẽ cho thấy nó đánh lừa ta khi nào.",
)
def share_right(y_true, y_pred):
    """Trả về phần mẫu đoán đúng, từ 0 đến 1."""
    return np.mean(y_true == y_pred)


share_right.mistake(r"""
hàm đang trả về *số* mẫu đúng, chưa chia cho tổng số mẫu.
    np.mean → np.sum
hàm đang trả về phần đoán *sai*.
    == → !=
hàm đang trả về *số* mẫu sai, chưa chia cho tổng số mẫu.
    np.mean(y_true == y_pred) → np.sum(y_true != y_pred)
hàm chỉ đếm những mẫu đúng của lớp 1. Đoán đúng một mẫu lớp 0 cũng là đoán đúng.
    y_true == y_pred → y_true * y_pred
hàm chỉ đếm những mẫu đúng của lớp 1. Đoán đúng một mẫu lớp 0 cũng là đoán đúng.
    y_true == y_pred → (y_true == 1) & (y_pred == 1)
hàm đang trả về phần trăm. Đề bài cần một số từ 0 đến 1.
    np.mean → 100 * np.mean
""")

# --- Bài tập 2: mô hình cơ sở ---------------------------------------------------------------------------------------


@exercise(
    cases=lambda: {
        "lớp 0 đông hơn": (np.array([0, 0, 0, 1]),),
        "lớp 1 đông hơn": (np.array([1, 1, 0, 1, 1]),),
        "bảy phần mười là lớp 1": (np.repeat([0, 1], [3, 7]),),
        "ba phần bảy là lớp 1": (np.array([0, 1, 0, 1, 0, 0, 1]),),
        "hai lớp bằng nhau": (np.array([0, 1]),),
        "chỉ có một lớp": (np.zeros(7, int),),
    },
    returns=("tỷ lệ đúng của mô hình cơ sở",),
    hints=(
        "Phần của lớp 1 là `np.mean(y_true)`. Phần của lớp 0 là bao nhiêu?",
        "Lớp đông hơn chiếm phần lớn hơn trong hai phần ấy: `max(p, 1 - p)`.",
    ),
    praise="Từ nay, cứ thấy một độ chính xác, hãy hỏi con số này trước.",
)
def share_right_of_baseline(y_true):
    """Trả về tỷ lệ đoán đúng của mô hình luôn đoán lớp đông nhất; `y_true` gồm 0 và 1."""
    p = np.mean(y_true)
    return max(p, 1 - p)


share_right_of_baseline.mistake(r"""
hàm luôn đoán lớp 1. Mô hình cơ sở đoán lớp *đông nhất*, có khi là lớp 0.
    max(p, 1 - p) → p
hàm luôn đoán lớp 0. Mô hình cơ sở đoán lớp *đông nhất*, có khi là lớp 1.
    max(p, 1 - p) → 1 - p
đó là tỷ lệ đúng khi tung đồng xu. Biết lớp nào đông hơn mà luôn đoán lớp ấy thì đúng nhiều hơn.
    max(p, 1 - p) → 0.5
hàm lấy phần của lớp *ít* hơn: cần `max`, không phải `min`.
    max → min
hàm đang trả về *số* mẫu đúng, chưa chia cho tổng số mẫu.
    np.mean(y_true) → np.sum(y_true)
    1 - p → len(y_true) - p
hàm đang trả về phần trăm. Đề bài cần một số từ 0 đến 1.
    max(p, 1 - p) → 100 * max(p, 1 - p)
hàm đang trả về *nhãn* của lớp đông nhất. Đề bài hỏi luôn đoán nhãn ấy thì đúng bao nhiêu phần.
    max(p, 1 - p) → int(p > 0.5)
hàm đang trả về *nhãn* của lớp đông nhất. Đề bài hỏi luôn đoán nhãn ấy thì đúng bao nhiêu phần.
    max(p, 1 - p) → int(p >= 0.5)
""")

# --- Bài tập 3: ba cột ----------------------------------------------------------------------------------------------


def _judge_three_columns(columns, threshold):
    cases = data.load_breast_cancer()
    given = columns.tolist() if isinstance(columns, np.ndarray) else columns
    given = (
        [given] if isinstance(given, int) else list(given) if isinstance(given, (list, tuple, set, range)) else given
    )
    told = reprlib.repr(given)
    if not isinstance(given, list) or any(isinstance(c, bool) or not isinstance(c, (int, np.integer)) for c in given):
        return False, f"`columns` cần là danh sách số thứ tự của cột, như [0, 1, 4], nhưng nhận được {told}."
    if not 1 <= len(given) <= 3 or len(set(given)) < len(given):
        return False, f"`columns` cần từ một đến nhiều nhất ba cột khác nhau, nhưng nhận được {told}."
    if not all(0 <= column < 30 for column in given):
        return False, f"`columns` cần là số thứ tự của cột, từ 0 đến 29, nhưng nhận được {told}."
    columns = sorted(map(int, given))
    threshold = _check.number("threshold", threshold, low=0, high=1)
    split = model_selection.train_val_test_split(
        cases.X[:, columns], cases.y, ratios=(0.6, 0.2, 0.2), rng=np.random.default_rng(1), stratify=True
    )
    standardize = model_selection.standardizer(split.X_train)
    model = models.logistic(len(columns), l2=1e-3)
    params, _ = training.train(
        model,
        standardize(split.X_train),
        split.y_train,
        optimizer=optim.adam(0.01),
        epochs=60,
        batch_size=32,
        rng=np.random.default_rng(0),
    )
    share, final = (
        metrics.accuracy_score(y, (model.predict(params, standardize(X)) >= threshold).astype(int))
        for X, y in ((split.X_val, split.y_val), (split.X_test, split.y_test))
    )
    baseline = 1 - split.y_val.mean()
    names = ", ".join(cases.feature_names[column] for column in columns)
    seen = f"với {names}, mô hình đúng {share:.1%} trên tập xác thực; không nhìn gì thì đúng {baseline:.1%}."
    if share < 0.95:
        change = "đổi một cột" if len(columns) == 3 else "thêm một cột"
        return False, f"{seen} Hãy {change}, hoặc nhích ngưỡng, rồi thử lại."
    return True, f"{seen[0].upper()}{seen[1:]} Tập kiểm tra (114 ca của bước 5): đúng {final:.1%}."


@open_exercise(
    judge=_judge_three_columns,
    hints=(
        "Hãy lấy ba cột nói ba điều khác nhau: một cột về cỡ, một cột về độ lõm, một cột về độ thô bề mặt. Ba cột cùng "
        "nói về cỡ thì gần như chỉ là một.",
        "Với phần lớn số đo, cột *lớn nhất* tách hai lớp rõ hơn cột *trung bình*. Gần được rồi thì nhích ngưỡng.",
    ),
    praise="Con số trên tập kiểm tra chỉ đáng tin ở lần đạt đầu tiên: nhìn rồi còn thử tiếp thì tập ấy thành tập xác "
    "thực thứ hai. Bài 03.1 nói cái giá của việc nhìn nhiều lần.",
)
def three_columns():
    """Chọn nhiều nhất ba cột và một ngưỡng, để mô hình học trên các cột ấy đúng ít nhất 95% trên tập xác thực."""
    columns = [20, 21, 27]  # bán kính, độ thô bề mặt, số điểm lõm, đều là "lớn nhất"
    threshold = 0.5
    return columns, threshold
