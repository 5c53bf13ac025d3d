"""02.2 · Gradient descent: bảy câu hỏi và bốn bài tập. Bước t = 0, 1, 2, ... đi từ θ_t đến θ_{t+1}."""

import numpy as np

from .. import _check, data, models, training
from ..quiz import question
from . import exercise, open_exercise

# --- Câu hỏi -------------------------------------------------------------------------------------------------------

opening = question(r"""
Mất mát đang giảm đều nhưng chậm. Bạn nhân tốc độ học với 10 và chạy lại từ đầu. Mất mát sẽ thế nào?
( ) Giảm nhanh gấp khoảng 10 lần
    Có khi đúng thế. Nhưng thử nhân với 1000: bước đi dài mãi ra, mà đáy thì vẫn ở chỗ cũ. Hãy giữ câu trả lời này đến
    cuối bài.
( ) Vọt lên và tăng mãi, vì 10 lần là quá nhiều
    Nhiều hay ít là so với cái gì? Tốc độ học cũ có thể nhỏ đến mức nhân 10 rồi vẫn còn nhỏ.
(x) Chưa nói được: còn thiếu một con số
    Con số ấy nói tốc độ học đang bằng mấy phần của mức mà mặt mất mát chịu được. Cả bài này đi tìm mức ấy.
( ) Nhảy qua nhảy lại mãi, không xuống thêm
    Chuyện ấy có xảy ra, ở một tốc độ học nào đó. Chưa biết 10 lần tốc độ học cũ có rơi vào đó không.
""")

step_limit = question(r"""
Mất mát là f(θ) = 3θ² + 5. Giới hạn của tốc độ học, để gradient descent còn hội tụ, là bao nhiêu?
( ) 1/6
    Đó là 1/f'': tốc độ học đến đáy ngay trong một bước. Lớn hơn nữa vẫn hội tụ, chỉ là nhảy qua nhảy lại, miễn còn dưới
    giới hạn.
(x) 1/3
    f'' = 6 nên giới hạn là 2/6 = 1/3; ở đúng 1/3 thì nhảy mãi mà không lại gần. Hằng số 5 không đổi độ dốc ở đâu cả,
    nên không có mặt trong câu trả lời.
( ) 2/3
    Độ cong không phải là hệ số của θ² mà là đạo hàm bậc hai: f'' = 6. Với η = 2/3, mỗi bước nhân với |1 − 4| = 3: phân
    kỳ.
( ) Tùy nơi xuất phát
    Với parabol, mỗi bước nhân khoảng cách đến đáy với cùng một số 1 − 6η, xuất phát ở đâu cũng vậy.
""")

zigzag = question(r"""
Đường đi nhảy zig-zag ngang thung lũng và tiến dọc rất chậm. Cách nào chữa đúng chỗ chậm?
(x) Đổi mặt mất mát, sao cho hai trục cong gần bằng nhau
    Chậm là vì hai trục phải dùng chung một η. Số điều kiện gần 1 thì một η hợp với cả hai; bài tập 3 và trang sau làm
    việc ấy.
( ) Giảm tốc độ học, để mỗi bước không nhảy qua đáy nữa
    Hết nhảy ngang, nhưng phần tiến dọc còn chậm hơn: bảng vừa rồi, ở η = 1/a_max, không zig-zag mà cần gần gấp đôi số
    bước.
( ) Tăng tốc độ học, để tiến dọc thung lũng nhanh hơn
    Zig-zag không tắt nghĩa là η đã gần giới hạn của trục cong; tăng nữa thì trục ấy phân kỳ.
( ) Chạy thêm nhiều bước, vì bước nào cũng tiến lại gần
    Cuối cùng cũng đến, nhưng số bước cần tỷ lệ với số điều kiện: bát dẹt gấp 100 thì phải chạy gấp 100.
""")

two_axes = question(r"""
"Tôi dùng Adam chứ không dùng SGD." Người nói câu ấy, lấy 32 mẫu mỗi bước, đã chọn gì?
( ) Gradient của toàn tập, thay cho gradient của một nắm mẫu
    Adam không nói gì về số mẫu. Gradient vẫn tính từ 32 mẫu, tức vẫn ngẫu nhiên.
(x) Cách bước; gradient vẫn là của 32 mẫu bốc ngẫu nhiên
    Hai câu hỏi: gradient từ bao nhiêu mẫu, và bước thế nào. Adam trả lời câu thứ hai; chữ "ngẫu nhiên" trong SGD thuộc
    câu thứ nhất.
( ) Một thuật toán tự tìm tốc độ học, khỏi phải chọn η
    Adam vẫn có η, và η chọn sai thì Adam cũng hỏng: cuối bài có một ô chạy thử điều ấy.
""")

batch_noise = question(r"""
Mỗi batch bốc ngẫu nhiên từng mẫu một, mẫu bốc rồi vẫn có thể bốc lại. Độ lệch của g_B là độ dài của g_B − ∇L (căn của
trung bình bình phương). Tăng batch từ 16 lên 256 thì độ lệch ấy thay đổi thế nào?
( ) Giảm còn 1/16
    Phương sai giảm 16 lần. Độ lệch là căn của phương sai, nên giảm ít hơn thế.
( ) Giảm còn 1/8
    Phương sai của trung bình |B| số độc lập là phương sai của một số chia cho |B|; độ lệch là căn của phương sai.
(x) Giảm còn 1/4
    Trung bình của |B| mẫu độc lập có độ lệch tỷ lệ với 1/√|B|, và √16 = 4. Tốn gấp 16 lần phép tính để bớt lệch 4 lần.
( ) Không đổi
    Không chệch nghĩa là trung bình qua nhiều lần thì đúng. Lệch từng lần là chuyện khác.
""")

bias_correction = question(r"""
Ai đó cài Adam mà quên hiệu chỉnh: dùng m, v thay cho m̂, v̂, với β₁ = 0.9 và β₂ = 0.999. Bước đầu tiên thế nào?
(x) Quá dài, hơn 3 lần η
    m₁ = 0.1 g còn √v₁ = √0.001 |g|: tỷ số là 3.16. Những bước sau thế nào, trang sau tính.
( ) Quá ngắn, vì m bắt đầu từ 0 nên tử số bé
    Tử số bé thật, m₁ = 0.1 g, nhưng mẫu số còn bé hơn: √v₁ = √0.001 |g|, chừng 0.03 |g|.
( ) Vẫn dài η, vì m và v cùng bị kéo về 0 nên bù nhau
    Cùng bị kéo, nhưng không cùng mức: 0.1 với √0.001 hơn kém nhau ba lần.
""")

closing = question(r"""
Mất mát giảm đều nhưng chậm, các cột chưa chuẩn hóa, η = 0.01 chọn bừa. Việc nào nên làm trước tiên?
( ) Nhân η với 10, chạy lại; phân kỳ thì chia 3, cứ thế
    Dò như thế rồi cũng ra, nhưng trên cái bát dẹt: một cột có đơn vị lớn ép η xuống, và trục phẳng vẫn chậm.
(x) Chuẩn hóa các cột, rồi mới dò η từng bậc 10
    Trong bài này, chuẩn hóa kéo số điều kiện xuống hơn một trăm nghìn lần, gần như miễn phí. Sau đó không còn cột nào
    một mình ép η xuống vì đơn vị của nó.
( ) Đổi sang Adam, giữ η = 0.01, để mỗi cột một cỡ bước
    Có thể đỡ. Nhưng η = 0.01 của Adam và của SGD là hai thứ khác nhau, nên vẫn phải dò lại; mà Adam cũng được lợi khi
    các cột đã chuẩn hóa.
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
        "Viết sai lệch `gap = w * x + b - y` (phần dư đổi dấu). MSE là trung bình của gap². Đạo hàm của gap theo w là "
        "x, theo b là 1.",
        "Gradient theo w là `2 * np.mean(gap * x)`, theo b là `2 * np.mean(gap)`. Tính cả hai xong rồi mới cập nhật.",
    ),
    praise="Tính gradient ở chỗ đang đứng, xong cả hai số rồi mới đổi tham số. Vòng lặp ở trang sau "
    "chỉ lặp lại đúng bước này.",
)
def gd_step(w, b, x, y, learning_rate):
    """Đi một bước gradient descent cho mô hình ŷ = w x + b với mất mát MSE; trả về cặp (w, b) mới."""
    gap = w * x + b - y
    grad_w, grad_b = 2 * np.mean(gap * x), 2 * np.mean(gap)
    return w - learning_rate * grad_w, b - learning_rate * grad_b


gd_step.mistake(r"""
hàm đang đi *theo* gradient, tức leo dốc. Gradient chỉ hướng tăng nhanh nhất; muốn giảm thì trừ đi.
    return w - → return w +
    , b - → , b +
""")
gd_step.mistake(
    "thiếu số 2: đạo hàm của gap² là 2·gap. Có sách định nghĩa mất mát với ½ để số 2 này biến mất, nhưng MSE thì không "
    "có ½.",
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
        "grad_w, grad_b = 2 * np.mean(gap * x), 2 * np.mean(gap)",
        "w = w - learning_rate * 2 * np.mean(gap * x)\n    grad_b = 2 * np.mean(w * x + b - y)",
    ),
    ("w - learning_rate * grad_w", "w"),
)
gd_step.mistake(r"""
dấu của phần dư bị ngược: với `e = y - (w * x + b)` thì đạo hàm của e theo w là -x, và dấu trừ ấy đã rơi mất.
    return w - → return w +
gradient theo w thiếu thừa số x: hai đạo hàm đang giống hệt nhau. Quy tắc dây chuyền: ∂L/∂w = 2 · trung bình của
gap · x.
    gap * x → gap
""")

# --- Bài tập 2: hai tốc độ học của một cái bát -----------------------------------------------------------------------


def _matrices():
    rng = np.random.default_rng(3)
    root = rng.normal(size=(4, 4))
    return {
        "cái bát tròn": (np.array([[4.0, 0.0], [0.0, 4.0]]),),
        "ma trận chéo": (np.array([[1.0, 0.0], [0.0, 10.0]]),),
        "trục nghiêng": (np.array([[2.0, 1.0], [1.0, 2.0]]),),
        "ba trục, một trục ở giữa": (np.diag([1.0, 7.0, 9.0]),),
        "bốn tham số": (root @ root.T + np.eye(4),),
    }


@exercise(
    cases=_matrices,
    returns=("giới hạn", "tốt nhất"),
    hints=(
        "Gradient của ½ θᵀAθ là Aθ, nên theo trục riêng thứ j mỗi bước nhân với 1 − ηa_j. Giới hạn: |1 − ηa_j| < 1 với "
        "*mọi* j. `np.linalg.eigvalsh(A)` cho các trị riêng, xếp tăng dần.",
        "Các trục ở giữa không bao giờ chậm nhất: chỉ cần a_max và a_min. Vẽ |1 − ηa_max| và |1 − ηa_min| theo η: hai "
        "chữ V. Đường cao hơn xuống thấp nhất ở đâu?",
    ),
    praise="Hai tốc độ học ấy chỉ hơn kém nhau 1 + a_min/a_max lần: cái bát càng dẹt, chỗ tốt nhất càng sát giới hạn.",
)
def two_rates(A):
    """Với mất mát ½ θᵀAθ, trả về (giới hạn của η để gradient descent hội tụ từ mọi điểm, η tốt nhất).

    η tốt nhất là η làm cho |1 − ηa_j| của trục co chậm nhất nhỏ nhất có thể.
    """
    curvatures = np.linalg.eigvalsh(A)
    flat, steep = curvatures[0], curvatures[-1]
    return 2 / steep, 2 / (flat + steep)


two_rates.mistake(r"""
giới hạn đang là 1/a_max: η ấy đến đáy trong một bước theo trục cong nhất. Lớn hơn nữa vẫn hội tụ, cho đến khi
|1 − ηa_max| lên tới 1.
    return 2 / steep, → return 1 / steep,
giới hạn đang lấy trị riêng nhỏ nhất. Trục phẳng chịu được tốc độ học lớn, nhưng mọi trục dùng chung một η, và trục cong
nhất phân kỳ trước.
    return 2 / steep, → return 2 / flat,
đang dùng các phần tử trên đường chéo thay cho trị riêng. Với ma trận chéo thì hai thứ là một; khi các trục nghiêng thì
không.
    np.linalg.eigvalsh(A) → np.sort(np.diag(A))
giới hạn đang dùng vết, tức tổng các trị riêng, nên quá dè dặt: chỉ trị riêng *lớn nhất* quyết định.
    return 2 / steep, → return 2 / curvatures.sum(),
η tốt nhất đang là 1/a_max: trục cong nhất đến đáy ngay, nhưng trục phẳng co chậm. Tăng η thêm thì trục phẳng nhanh lên;
đến lúc nào thì nên dừng?
    2 / (flat + steep) → 1 / steep
η tốt nhất đang là 1/a_min: trục phẳng đến đáy ngay, nhưng trục cong nhất có thể đã phân kỳ.
    2 / (flat + steep) → 1 / flat
η tốt nhất đang là 1 chia trung bình *mọi* trị riêng. Các trục ở giữa không bao giờ chậm nhất, nên chỉ hai trục ngoài
cùng quyết định.
    2 / (flat + steep) → 1 / curvatures.mean()
hai số đã đổi chỗ: giới hạn trước, tốt nhất sau.
    return 2 / steep, 2 / (flat + steep) → return 2 / (flat + steep), 2 / steep
""")

# --- Bài tập 3: cứu một lần huấn luyện phân kỳ ----------------------------------------------------------------------

_TARGET = 2880.0


def _condition(columns):
    """Số điều kiện của MSE khi mô hình là các cột ấy và b."""
    columns = np.c_[columns, np.ones(len(columns))]
    values = np.linalg.eigvalsh(columns.T @ columns)
    return values[-1] / max(values[0], 1e-12 * values[-1])


def _judge_converge(new_X, optimizer):
    patients = data.load_diabetes()
    y, old = patients.y, np.c_[np.ones(len(patients.y)), patients.X]
    new_X = _check.real("new_X", new_X, ndim=2)
    if len(new_X) != len(y):
        return False, f"`new_X` có {len(new_X)} hàng, cần đủ {len(y)} bệnh án: bỏ bớt hàng là đổi bài toán."
    columns = new_X - new_X.mean(axis=0)
    sizes = np.linalg.norm(columns, axis=0)
    if not sizes.all():
        return False, "trong `new_X` có cột không đổi: cột ấy không nói gì về bệnh nhân."
    outside = new_X - old @ np.linalg.lstsq(old, new_X, rcond=None)[0]
    if (np.linalg.norm(outside, axis=0) > 1e-6 * sizes).any():
        return False, (
            "trong `new_X` có cột không phải là tổ hợp tuyến tính của các cột cũ cộng một hằng số. Mỗi cột mới chỉ "
            "được cộng, trừ, nhân, chia từ các cột của `patients.X` với những con số không đổi."
        )
    if (np.abs(columns.T @ (y - y.mean())) > 0.68 * sizes * np.linalg.norm(y - y.mean())).any():
        return False, (
            "trong `new_X` có cột đã gần như là lời giải: tương quan với y quá 0.68, trong khi cột gốc cao nhất chỉ "
            "0.59. Đừng dùng y để làm ra cột."
        )
    try:
        _, history = training.train(
            models.linear(new_X.shape[1]), new_X, y, optimizer=optimizer, epochs=100, rng=np.random.default_rng(0)
        )
    except training.DivergenceError as error:
        return False, f"vẫn phân kỳ, mất mát tràn số ở bước {error.step}. Trục cong nhất còn vượt giới hạn."
    start, end = history.train_loss[0], history.train_loss[-1]
    if end > start:
        times = f"{end / start:.1f} lần" if end < 1000 * start else "hơn một nghìn lần"
        return False, f"đang xa dần: sau 100 bước MSE gấp {times} lúc đầu. Trục cong nhất còn vượt giới hạn."
    kappa = f"κ, kể cả cột của b, từ {_condition(patients.X):.0f} thành {_condition(new_X):.0f}"
    seen = f"MSE đi từ {start:.0f} xuống {end:.0f} sau 100 bước; {kappa}"
    if end > _TARGET:
        if end > history.train_loss[-11]:
            return (
                False,
                f"{seen}, và ở mười bước cuối MSE không xuống nữa mà lên. Bước đi còn quá dài cho cái bát này.",
            )
        return False, (
            f"chưa phân kỳ, nhưng MSE còn quá {_TARGET:.0f}: {seen}. Cái bát có lẽ còn dẹt, hoặc η chưa hợp với cái "
            "bát này: ngắn quá thì trục phẳng chưa tới, sát giới hạn quá thì trục cong nhảy mãi chưa tắt."
        )
    return True, f"{seen}."


@open_exercise(
    judge=_judge_converge,
    hints=(
        "Hệ số của cột nào cũng dùng chung một η. In `patients.X.std(axis=0)`: các cột hơn kém nhau mấy lần? Cột có số "
        "lớn thì mất mát cong theo hệ số của cột ấy.",
        "Đưa mọi cột về cùng một cỡ: trừ trung bình, chia độ lệch chuẩn. Trị riêng lớn nhất của "
        "`2 * new_X.T @ new_X / 442` cho giới hạn của η. Lấy chừng tám phần mười: sát giới hạn quá thì trục "
        "cong nhảy mãi chưa tắt.",
    ),
    praise="Cái bát tròn lại thì giới hạn của η rộng ra, và 100 bước là đủ: hai chỗ sửa đi cùng nhau.",
)
def converge():
    """Đưa ra `new_X` (442 hàng, tổ hợp tuyến tính của các cột cũ) và một bộ tối ưu: sau 100 bước, MSE ≤ 2880."""
    import numpy as np

    from mlcourse import data, optim

    X = data.load_diabetes().X
    new_X = (X - X.mean(axis=0)) / X.std(axis=0)  # sửa cái bát
    curvatures = np.linalg.eigvalsh(2 * new_X.T @ new_X / len(X))
    optimizer = optim.sgd(0.8 * 2 / curvatures[-1])  # tám phần mười giới hạn
    return new_X, optimizer


# --- Bài tập 4: một bước Adam ---------------------------------------------------------------------------------------


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
        "gradient cỡ 1e-8, bước đầu tiên": (1.0, 1e-8, 0.0, 0.0, 0, 0.1),
        "gradient cỡ 1e-8, bước t = 9": (1.0, 2e-8, 1e-8, 1e-16, 9, 0.1),
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
    praise="Đó là toàn bộ Adam: bộ tối ưu mà bài 00 đã dùng, từ bước đầu đến bước cuối.",
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
bước đi dùng thẳng gradient g thay cho m̂: mẫu số của Adam, mà chưa có động lượng ở tử số.
    * m_hat / → * g /
hàm đang cộng bước đi vào θ, tức leo dốc: cần dấu trừ.
    theta - → theta +
số 1e-8 đang nằm trong căn. Công thức của bài cộng sau khi lấy căn: hai cách gần như một, trừ khi gradient rất nhỏ; khi
ấy khác hẳn.
    np.sqrt(v_hat) + 1e-8 → np.sqrt(v_hat + 1e-8)
mẫu số thiếu số 1e-8. Khi mọi gradient còn bằng 0 thì √v̂ bằng 0, và bước đi thành 0/0.
    (np.sqrt(v_hat) + 1e-8) → np.sqrt(v_hat)
mẫu số thiếu số 1e-8. Khi mọi gradient còn bằng 0 thì √v̂ bằng 0, và bước đi thành 0/0.
    (np.sqrt(v_hat) + 1e-8) → float(np.sqrt(v_hat))
""")
