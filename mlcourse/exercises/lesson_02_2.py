"""02.2 · Gradient descent: tám câu hỏi và bốn bài tập. Bước t = 0, 1, 2, ... đi từ θ_t đến θ_{t+1}."""

import numpy as np

from .. import _check, data, models, training
from ..quiz import question
from . import exercise, open_exercise

# --- Câu hỏi -------------------------------------------------------------------------------------------------------

opening = question(r"""
Mất mát đang giảm đều nhưng chậm. Bạn nhân tốc độ học với 10 và chạy lại từ đầu. Mất mát sẽ thế nào?
( ) Giảm nhanh gấp khoảng 10 lần
    Đúng khi bước đi còn rất ngắn so với độ cong. Mặt mất mát cong hơn thì bước dài gấp 10 nhảy qua đáy, và có thể rơi
    xuống một chỗ cao hơn.
( ) Phân kỳ, vì 10 lần là quá nhiều
    Nhiều hay ít là so với độ cong của mặt mất mát. Tốc độ học cũ có thể nhỏ đến mức nhân 10 rồi vẫn còn nhỏ, và mất mát
    giảm nhanh hơn thật.
(x) Chưa nói được, khi chưa biết mặt mất mát cong đến đâu
    Có một giới hạn, do độ cong quyết định. Dưới giới hạn khá xa thì nhanh gấp khoảng 10, gần giới hạn thì nhảy qua nhảy
    lại, vượt giới hạn thì phân kỳ. Cả bài này đi tìm giới hạn ấy.
( ) Nhảy qua nhảy lại quanh đáy, không xuống thêm
    Đó là chuyện xảy ra gần giới hạn của tốc độ học. Đang giảm chậm thì chưa biết còn cách giới hạn bao xa: nhân 10 có
    khi vẫn còn dưới, có khi đã vượt.
""")

step_limit = question(r"""
Mất mát là f(θ) = 3θ² + 5. Tốc độ học phải nhỏ hơn giới hạn nào thì gradient descent mới hội tụ?
( ) 1/6
    Đó là 1/f'': tốc độ học đến đáy ngay trong một bước. Lớn hơn nữa vẫn hội tụ, chỉ là nhảy qua nhảy lại, miễn còn dưới
    2/f'' = 1/3.
(x) 1/3
    f'' = 6 nên giới hạn là 2/6 = 1/3. Hằng số 5 không đổi độ dốc ở đâu cả, nên không có mặt trong câu trả lời.
( ) 2/3
    Độ cong không phải là hệ số của θ² mà là đạo hàm bậc hai: f'' = 6. Với η = 2/3, mỗi bước nhân với |1 − 4| = 3: phân
    kỳ.
( ) Tùy nơi xuất phát
    Với mặt bậc hai, mỗi bước nhân khoảng cách đến đáy với cùng một số 1 − 6η, xuất phát ở đâu cũng vậy. Mặt không phải
    bậc hai thì mới tùy chỗ đứng.
""")

zigzag = question(r"""
Đường đi của bạn nhảy zig-zag ngang thung lũng và tiến dọc rất chậm. Cách nào sửa được tận gốc?
(x) Chuẩn hóa các đặc trưng, để hai hướng cong gần bằng nhau
    Zig-zag là dấu hiệu của số điều kiện lớn. Chia mỗi cột cho độ lệch chuẩn làm cái bát tròn lại. Động lượng hay Adam
    thì giúp sống chung với cái bát dẹt.
( ) Giảm tốc độ học, để mỗi bước không nhảy qua đáy nữa
    Hết nhảy ngang, nhưng phần tiến dọc còn chậm hơn nữa: cả hai hướng dùng chung một η. Chậm là do hướng dọc quá phẳng
    so với hướng ngang.
( ) Tăng tốc độ học, để tiến dọc thung lũng nhanh hơn
    Hướng ngang đã gần giới hạn 2/λ_max rồi, tăng nữa thì phân kỳ.
( ) Chạy thêm nhiều bước, vì bước nào cũng tiến lại gần
    Cuối cùng cũng đến, nhưng số bước cần tỷ lệ với số điều kiện: cái bát dẹt gấp 100 thì phải chạy gấp 100.
""")

two_axes = question(r"""
"Tôi dùng Adam chứ không dùng SGD." Người nói câu ấy, với batch 32, đã chọn gì?
(x) Cách bước; gradient vẫn là của 32 mẫu ngẫu nhiên
    Hai câu hỏi độc lập: gradient từ bao nhiêu mẫu, và bước thế nào. Adam trả lời câu thứ hai; chữ "ngẫu nhiên" trong
    SGD thuộc câu thứ nhất.
( ) Bỏ mini-batch, để gradient tính trên toàn tập
    Adam không nói gì về số mẫu. Batch 32 nghĩa là gradient vẫn ước lượng từ 32 mẫu, tức vẫn ngẫu nhiên.
( ) Một thuật toán tự tìm tốc độ học, khỏi phải chọn η
    Adam vẫn có η, và η vẫn là độ dài chung của bước đi. Adam chỉ chỉnh tỷ lệ giữa các tham số.
""")

batch_noise = question(r"""
Tăng kích thước batch từ 16 lên 256. Độ lệch của gradient so với gradient toàn tập thay đổi thế nào?
( ) Giảm còn 1/16
    Phương sai giảm 16 lần; độ lệch là căn của phương sai nên chỉ giảm 4 lần.
(x) Giảm còn khoảng 1/4
    Trung bình của B mẫu độc lập có độ lệch tỷ lệ với 1/√B, và √16 = 4. Tốn gấp 16 lần phép tính để chính xác gấp 4.
( ) Không đổi, vì ước lượng nào cũng không chệch
    Không chệch nghĩa là trung bình qua nhiều lần thì đúng. Lệch từng lần là chuyện khác: batch 16 lệch gấp 4 lần batch
    256.
""")

bias_correction = question(r"""
Ai đó cài Adam mà quên hiệu chỉnh độ chệch, với β₁ = 0.9 và β₂ = 0.999. Những bước đầu sẽ thế nào?
( ) Quá ngắn, vì m bắt đầu từ 0
    m bắt đầu từ 0 nên tử số bé thật, nhưng v còn bé hơn: v chỉ bằng 0.001 g² ở bước đầu, và √v nằm dưới mẫu số.
( ) Không khác gì, vì m và v cùng bị kéo về 0 nên triệt tiêu
    Cùng bị kéo, nhưng không cùng mức: 1 − 0.9 và √(1 − 0.999) hơn kém nhau ba lần. Muốn triệt tiêu thì cần 1 − β₁ᵗ =
    √(1 − β₂ᵗ) với mọi t.
(x) Quá dài: bước đầu gấp hơn 3 lần η, rồi còn dài thêm
    Ở bước đầu tỷ số là 0.1 / √0.001 = 3.16. Nó còn tăng đến khoảng 6.6 ở bước thứ 12, vì m đầy nhanh hơn v nhiều.
""")

decay = question(r"""
Bạn thêm phạt λ‖θ‖² vào mất mát rồi huấn luyện bằng Adam. Tham số nào bị phạt co về 0 mạnh nhất?
(x) Tham số có gradient của dữ liệu nhỏ
    √v̂ của tham số ấy bé, nên 2λθ chia ra rất lớn. Tham số có gradient càng lớn thì càng ít bị co. AdamW đem phần co ra
    ngoài phép chia để mọi tham số co như nhau.
( ) Mọi tham số co cùng một tỷ lệ, như với SGD
    Với SGD thì đúng như thế. Với Adam, gradient của phần phạt cũng bị chia cho √v̂ riêng của từng tham số.
( ) Tham số có gradient của dữ liệu lớn
    Ngược lại: gradient lớn thì √v̂ lớn, và phần phạt bị chia cho số lớn ấy nên chẳng còn bao nhiêu.
""")

closing = question(r"""
Mất mát giảm đều nhưng chậm, đặc trưng chưa chuẩn hóa, η = 0.01. Việc nào nên làm trước tiên?
( ) Nhân η với 10, chạy lại; phân kỳ thì chia 3
    Dò như thế rồi cũng ra, nhưng trên cái bát dẹt: giới hạn 2/λ_max do cột có đơn vị lớn nhất quyết định, và hướng
    phẳng vẫn chậm.
( ) Đổi sang Adam, giữ η = 0.01, để mỗi cột một cỡ bước
    Có thể đỡ, vì Adam cho mỗi tham số một cỡ bước. Nhưng η = 0.01 của Adam và của SGD là hai thứ khác nhau, và cái bát
    dẹt do các cột tương quan thì Adam không sửa.
(x) Chuẩn hóa đặc trưng, rồi mới dò η từng bậc 10
    Chuẩn hóa kéo số điều kiện xuống hơn trăm lần trong bài này, miễn phí. Sau đó giới hạn 2/λ_max cũng dễ dò hơn: không
    còn cột nào một mình ép η xuống.
( ) Chạy gấp 10 lần số epoch
    Với số điều kiện hàng chục nghìn, mười lần chưa thấm vào đâu. Hãy sửa cái bát trước.
""")

# --- Bài tập 1: một bước gradient descent --------------------------------------------------------------------------


def _line_cases():
    rng = np.random.default_rng(2)
    x = rng.normal(size=30)
    return {
        "hai điểm, đường thẳng sai": (0.0, 0.0, np.array([1.0, 3.0]), np.array([2.0, 4.0]), 0.1),
        "đã ở đúng đáy": (2.0, 1.0, np.array([0.0, 1.0, 2.0]), np.array([1.0, 3.0, 5.0]), 0.1),
        "30 điểm ngẫu nhiên": (0.5, -1.0, x, 2 * x + rng.normal(size=30), 0.05),
    }


@exercise(
    cases=_line_cases,
    returns=("w", "b"),
    hints=(
        "Viết phần dư `d = w * x + b - y`. MSE là trung bình của d². Đạo hàm của d theo w là x, theo b là 1.",
        "Gradient theo w là `2 * np.mean(d * x)`, theo b là `2 * np.mean(d)`. Tính cả hai xong rồi mới cập nhật.",
    ),
    praise="Vòng huấn luyện nào cũng lặp lại một bước như thế: tính gradient ở chỗ đang đứng, rồi mới đổi tham số.",
)
def gd_step(w, b, x, y, learning_rate):
    """Đi một bước gradient descent cho mô hình ŷ = w x + b với mất mát MSE; trả về cặp (w, b) mới."""
    d = w * x + b - y
    grad_w, grad_b = 2 * np.mean(d * x), 2 * np.mean(d)
    return w - learning_rate * grad_w, b - learning_rate * grad_b


gd_step.mistake(r"""
hàm đang đi *theo* gradient, tức leo dốc. Gradient chỉ hướng tăng nhanh nhất; muốn giảm thì trừ đi.
    return w - → return w +
    , b - → , b +
""")
gd_step.mistake(
    "thiếu số 2: đạo hàm của d² là 2d. Có sách định nghĩa mất mát với ½ để số 2 này biến mất, nhưng MSE thì không có "
    "½.",
    ("2 * np.mean", "np.mean", 2),
)
gd_step.mistake(
    "gradient đang là tổng, chưa chia cho n. MSE là trung bình; lấy tổng thì tốc độ học phụ thuộc vào số mẫu.",
    ("np.mean", "np.sum", 2),
)
gd_step.mistake(
    "b được cập nhật bằng w *mới*. Gradient cần tính ở cùng một điểm (w, b): hãy tính cả hai đạo hàm trước, rồi mới "
    "đổi w và b.",
    (
        "grad_w, grad_b = 2 * np.mean(d * x), 2 * np.mean(d)",
        "w = w - learning_rate * 2 * np.mean(d * x)\n    grad_b = 2 * np.mean(w * x + b - y)",
    ),
    ("w - learning_rate * grad_w", "w"),
)
gd_step.mistake(r"""
dấu của phần dư bị ngược: với `d = y - (w * x + b)` thì đạo hàm của d theo w là -x, và dấu trừ ấy đã rơi mất.
    return w - → return w +
gradient theo w thiếu thừa số x: hai đạo hàm đang giống hệt nhau. Quy tắc dây chuyền: ∂L/∂w = 2 · trung bình của d · x.
    d * x → d
""")

# --- Bài tập 2: tốc độ học lớn nhất ---------------------------------------------------------------------------------


def _matrices():
    rng = np.random.default_rng(3)
    root = rng.normal(size=(4, 4))
    return {
        "cái bát tròn": (np.array([[4.0, 0.0], [0.0, 4.0]]),),
        "ma trận chéo": (np.array([[1.0, 0.0], [0.0, 10.0]]),),
        "trục nghiêng": (np.array([[2.0, 1.0], [1.0, 2.0]]),),
        "bốn tham số": (root @ root.T + np.eye(4),),
    }


@exercise(
    cases=_matrices,
    returns=("giới hạn của η",),
    hints=(
        "Gradient của ½ θᵀAθ là Aθ, nên mỗi bước là θ ← (I − ηA) θ. Dọc vector riêng có trị riêng λ, hệ số là 1 − ηλ.",
        "Cần |1 − ηλ| < 1 với *mọi* λ, mà λ lớn nhất là điều kiện ngặt nhất. `np.linalg.eigvalsh(A)` cho các trị "
        "riêng, xếp tăng dần.",
    ),
    praise="Với mạng nơ-ron, λ_max đổi theo từng bước và ít khi được tính; nhưng khi huấn luyện phân kỳ, η vượt quá "
    "giới hạn này là điều đáng ngờ trước hết.",
)
def largest_stable_rate(A):
    """Trả về giới hạn của tốc độ học để gradient descent trên ½ θᵀAθ hội tụ từ mọi điểm xuất phát."""
    return 2 / np.linalg.eigvalsh(A)[-1]


largest_stable_rate.mistake(r"""
đó là 1/λ_max: tốc độ học đến đáy nhanh nhất dọc hướng cong nhất, chưa phải giới hạn. Vẫn hội tụ cho đến 2/λ_max.
    2 / → 1 /
đang lấy trị riêng nhỏ nhất. Hướng phẳng chịu được tốc độ học lớn, nhưng mọi hướng dùng chung một η, và hướng cong nhất
phân kỳ trước.
    [-1] → [0]
đang dùng phần tử lớn nhất trên đường chéo. Với ma trận chéo thì đúng, nhưng khi các trục nghiêng, trị riêng lớn nhất
lớn hơn mọi phần tử trên đường chéo.
    np.linalg.eigvalsh(A)[-1] → np.diag(A).max()
đang dùng vết (tổng các trị riêng), nên quá dè dặt: chỉ trị riêng *lớn nhất* quyết định.
    np.linalg.eigvalsh(A)[-1] → np.trace(A)
đang dùng tổng của trị riêng lớn nhất và nhỏ nhất: 2/(λ_max + λ_min) là tốc độ học hội tụ *nhanh nhất*, còn giới hạn thì
lớn hơn.
    [-1] → [[0, -1]].sum()
""")

# --- Bài tập 3: một bước Adam ---------------------------------------------------------------------------------------


def _adam_cases():
    rng = np.random.default_rng(4)
    cases = {"bước đầu tiên": (1.0, 2.0, 0.0, 0.0, 0, 0.1)}
    theta, m, v = 1.0, 0.0, 0.0
    for t, g in enumerate(rng.normal(size=200)):  # một dãy gradient ngẫu nhiên; chấm ở vài bước của dãy
        if t in (1, 5, 199):
            cases[f"bước t = {t} của một dãy ngẫu nhiên"] = (theta, float(g), m, v, t, 0.1)
        theta, m, v = adam_step.solve(theta, g, m, v, t, 0.1)
    return cases | {
        "gradient bằng 0": (0.5, 0.0, 0.3, 0.2, 3, 0.01),
        "gradient nhỏ cỡ ε, bước đầu tiên": (1.0, 1e-8, 0.0, 0.0, 0, 0.1),
        "gradient nhỏ cỡ ε, bước t = 9": (1.0, 2e-8, 1e-8, 1e-16, 9, 0.1),
        "chưa có gradient nào khác 0": (1.0, 0.0, 0.0, 0.0, 0, 0.1),
    }


@exercise(
    cases=_adam_cases,
    returns=("theta", "m", "v"),
    hints=(
        "Bốn dòng theo đúng thứ tự của công thức: m mới, v mới, hai số đã hiệu chỉnh, rồi θ. Trả về m và v *chưa* "
        "hiệu chỉnh.",
        "Vì t đếm từ 0, số mũ trong phần hiệu chỉnh là `t + 1`: `m_hat = m / (1 - 0.9 ** (t + 1))`.",
    ),
    praise="Đó là toàn bộ Adam. Hàm này khớp với `optim.adam` đến chữ số cuối.",
)
def adam_step(theta, g, m, v, t, learning_rate):
    """Đi bước thứ t (đếm từ 0) của Adam cho một tham số; trả về (θ_{t+1}, m_{t+1}, v_{t+1})."""
    m = 0.9 * m + 0.1 * g
    v = 0.999 * v + 0.001 * g**2
    m_hat = m / (1 - 0.9 ** (t + 1))
    v_hat = v / (1 - 0.999 ** (t + 1))
    return theta - learning_rate * m_hat / (np.sqrt(v_hat) + 1e-8), m, v


adam_step.mistake(r"""
chưa hiệu chỉnh độ chệch: m và v bắt đầu từ 0 nên lúc đầu đều quá bé, và bước đi dài hơn η nhiều lần.
    m_hat / (np.sqrt(v_hat) → m / (np.sqrt(v)
""")
adam_step.mistake(
    "số mũ trong phần hiệu chỉnh là `t`, mà t đếm từ 0: bước đầu thành 1 − 0.9⁰ = 0, chia cho 0. Cần `t + 1`.",
    ("(t + 1)", "t", 2),
)
adam_step.mistake(r"""
m̂ và v̂ được trả về làm trạng thái. Trạng thái là m, v *chưa* hiệu chỉnh; bản hiệu chỉnh chỉ dùng để bước.
    1e-8), m, v → 1e-8), m_hat, v_hat
mẫu số thiếu căn: cần √v̂, cùng đơn vị với m̂, để tỷ số không còn đơn vị.
    np.sqrt(v_hat) → v_hat
v đang là trung bình của g, không phải của g². Mô-men bậc hai là trung bình của bình phương.
    g**2 → g
β₁ và β₂ đã đổi chỗ: m dùng 0.9, v dùng 0.999.
    0.9 * m + 0.1 * g → 0.999 * m + 0.001 * g
    0.999 * v + 0.001 * g**2 → 0.9 * v + 0.1 * g**2
    m / (1 - 0.9 → m / (1 - 0.999
    v / (1 - 0.999 → v / (1 - 0.9
bước đi dùng thẳng gradient g thay cho m̂: đó là RMSProp có hiệu chỉnh, chưa có động lượng.
    * m_hat / → * g /
hàm đang cộng bước đi vào θ, tức leo dốc: cần dấu trừ.
    theta - → theta +
ε đang nằm trong căn. Công thức của bài cộng ε sau khi lấy căn, √v̂ + ε: hai cách chỉ khác nhau khi gradient nhỏ cỡ ε,
nhưng khi ấy khác hẳn.
    np.sqrt(v_hat) + 1e-8 → np.sqrt(v_hat + 1e-8)
mẫu số thiếu ε. Khi mọi gradient còn bằng 0 thì √v̂ bằng 0, và bước đi thành 0/0.
    (np.sqrt(v_hat) + 1e-8) → np.sqrt(v_hat)
mẫu số thiếu ε. Khi mọi gradient còn bằng 0 thì √v̂ bằng 0, và bước đi thành 0/0.
    (np.sqrt(v_hat) + 1e-8) → float(np.sqrt(v_hat))
""")

# --- Bài tập 4: cứu một lần huấn luyện phân kỳ ----------------------------------------------------------------------

_TARGET = 3000.0


def _judge_converge(new_X, optimizer):
    y = data.load_diabetes().y
    new_X = _check.real("new_X", new_X, ndim=2)
    if len(new_X) != len(y):
        return False, f"`new_X` có {len(new_X)} hàng, cần đủ {len(y)} bệnh án: bỏ bớt hàng là đổi bài toán."
    columns = new_X - new_X.mean(axis=0)
    copies = np.abs(columns.T @ (y - y.mean())) > 0.8 * np.linalg.norm(columns, axis=0) * np.linalg.norm(y - y.mean())
    if copies.any() or new_X.shape[1] > 60:
        return False, (
            "trong `new_X` có cột gần như là chính `y` (tương quan quá 0.8), hay có quá nhiều cột: thế thì không còn "
            "là đoán nữa. Hãy chỉ biến đổi các cột của `patients.X`."
        )
    try:
        _, history = training.train(
            models.linear(new_X.shape[1]), new_X, y, optimizer=optimizer, epochs=300, rng=np.random.default_rng(0)
        )
    except training.DivergenceError as error:
        return False, f"vẫn phân kỳ, ở bước {error.step}. {error}"
    start, end = history.train_loss[0], history.train_loss[-1]
    seen = f"MSE đi từ {start:.0f} xuống {end:.0f} sau 300 bước"
    if end > start:
        return False, (
            f"chưa vọt ra vô cực, nhưng đang xa dần: MSE đi từ {start:.0f} lên {end:.3g} sau 300 bước. Tốc độ học còn "
            "vượt 2/λ_max."
        )
    if end > _TARGET:
        return False, (
            f"hết phân kỳ rồi, nhưng còn xa đích {_TARGET:.0f}: {seen}. Cái bát có lẽ còn dẹt, hoặc bước "
            "đi quá ngắn: hãy nhìn độ lệch chuẩn của từng cột."
        )
    return True, f"{seen}."


@open_exercise(
    judge=_judge_converge,
    hints=(
        "Giới hạn của η là 2/λ_max, và λ_max do cột có số lớn nhất quyết định. In `patients.X.std(axis=0)` ra xem.",
        "`model_selection.standardizer(patients.X)(patients.X)` đưa mọi cột về trung bình 0, độ lệch chuẩn 1. Sau đó "
        "`optim.sgd(0.1)` là chỗ bắt đầu tốt.",
    ),
    praise="Sửa cái bát bằng chuẩn hóa thường rẻ hơn sửa bước đi, và giúp cho mọi bộ tối ưu.",
)
def converge():
    """Đưa ra `new_X` (442 hàng, biến đổi từ `patients.X`) và một bộ tối ưu: sau 300 bước, MSE không quá 3000."""
    from mlcourse import data, model_selection, optim

    patients = data.load_diabetes()
    new_X = model_selection.standardizer(patients.X)(patients.X)  # sửa cái bát
    optimizer = optim.sgd(0.1)
    return new_X, optimizer
