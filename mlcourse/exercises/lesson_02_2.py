"""02.2 · Gradient descent: tám câu hỏi và bốn bài tập. Bước t = 0, 1, 2, ... đi từ θ_t đến θ_{t+1}."""

import numpy as np

from .. import _check, data, models, optim, training
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
( ) Chưa nói được: tùy nơi xuất phát gần hay xa đáy
    Ở xa thì phải đi lâu. Còn có vọt lên hay không? Với một parabol, Hình 1 và trang tiếp theo trả lời; mặt khác thì có
    khi tùy, vì độ cong tùy chỗ đứng.
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
Ở η tốt nhất, đường đi vẫn nhảy zig-zag ngang thung lũng và tiến dọc rất chậm. Cách nào chữa đúng chỗ chậm?
(x) Đổi mặt mất mát, sao cho hai trục cong gần bằng nhau
    Chậm là vì hai trục phải dùng chung một η. Số điều kiện gần 1 thì một η hợp với cả hai.
( ) Giảm tốc độ học, để mỗi bước không nhảy qua đáy nữa
    Hết nhảy ngang, nhưng phần tiến dọc còn chậm hơn: bảng vừa rồi, ở η = 1/a_max, không zig-zag mà cần gần gấp đôi số
    bước.
( ) Tăng tốc độ học, để tiến dọc thung lũng nhanh hơn
    η tốt nhất đã sát giới hạn của trục cong: 2/(a_max + a_min) so với 2/a_max. Tăng nữa thì trục cong co chậm đi, rồi
    phân kỳ.
( ) Chạy thêm nhiều bước, vì bước nào cũng tiến lại gần
    Cuối cùng cũng đến, nhưng số bước cần tỷ lệ với số điều kiện: bát dẹt gấp 100 thì phải chạy gấp 100.
""")

two_axes = question(r"""
"Tôi dùng Adam chứ không dùng SGD." Người nói câu ấy, lấy 32 mẫu mỗi bước, đã chọn gì?
( ) Gradient của toàn tập, thay cho gradient của một nắm mẫu
    Adam không nói gì về số mẫu. Gradient vẫn tính từ 32 mẫu, tức vẫn ngẫu nhiên.
(x) Cách bước; gradient thì vẫn tính như khi nói "SGD"
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

same_ball = question(r"""
Bốc có lặp lại, đi đủ lâu: batch 8 với η = 0.02 cho một quả cầu nhiễu. Batch 32 thì η nào cho quả cầu rộng chừng bằng
thế?
( ) 0.005
    Vừa tăng batch vừa giảm η thì cả hai cùng thu quả cầu lại: phương sai chỉ còn 1/16.
( ) 0.02
    Giữ nguyên η mà batch gấp 4 thì σ², và cùng với nó là Var(θ), chỉ còn 1/4: quả cầu hẹp đi một nửa.
( ) 0.04
    Nhiễu của gradient giảm 2 lần, đúng. Nhưng Var(θ) ≈ ησ²/(2a) chứa σ², tức nhiễu bình phương.
(x) 0.08
    Var(θ) ≈ η Var(y)/|B|: |B| gấp 4 thì η gấp 4. Xáo trộn thì 0.08 vẫn gần đúng, còn giữ η mà tăng batch thì quả cầu
    nhỏ đi nhiều hơn 1/4.
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
Bệnh án có tuổi tính bằng năm, cholesterol bằng mg/dl; η nhỏ, chọn bừa. Mất mát giảm đều nhưng chậm. Việc nào nên làm
trước tiên?
( ) Nhân η với 10, chạy lại; phân kỳ thì chia 3, cứ thế
    Dò như thế rồi cũng ra, nhưng trên cái bát dẹt: một cột có đơn vị lớn ép η xuống, và trục phẳng vẫn chậm.
(x) Chuẩn hóa các cột, rồi mới dò η từng bậc 10
    Trong bài này, chuẩn hóa kéo số điều kiện xuống hơn một trăm nghìn lần, gần như miễn phí. Sau đó không còn cột nào
    một mình ép η xuống vì đơn vị của nó.
( ) Đổi sang Adam, giữ nguyên η, để mỗi cột một cỡ bước
    Có thể đỡ. Nhưng η của Adam và của SGD là hai thứ khác nhau, nên vẫn phải dò lại; mà Adam cũng được lợi khi
    các cột đã chuẩn hóa.
( ) Chạy gấp 10 lần số epoch
    Như bộ tiểu đường chưa chuẩn hóa, κ hơn năm mươi triệu: mười lần chưa thấm vào đâu. Hãy sửa cái bát trước.
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
gd_step.mistake(
    "w được cập nhật bằng b *mới*. Gradient cần tính ở cùng một điểm (w, b): hãy tính cả hai đạo hàm trước, rồi mới "
    "đổi w và b.",
    (
        "grad_w, grad_b = 2 * np.mean(gap * x), 2 * np.mean(gap)",
        "b = b - learning_rate * 2 * np.mean(gap)\n    grad_w = 2 * np.mean((w * x + b - y) * x)",
    ),
    ("b - learning_rate * grad_b", "b"),
)
gd_step.mistake(r"""
dấu ở w bị ngược: hoặc dòng cập nhật của w có dấu + thay cho dấu −, hoặc `e = y - (w * x + b)` mà quên rằng đạo hàm của
e theo w là -x.
    return w - → return w +
dấu ở b bị ngược: hoặc dòng cập nhật của b có dấu + thay cho dấu −, hoặc `e = y - (w * x + b)` mà quên rằng đạo hàm của
e theo b là -1.
    , b - → , b +
quên tốc độ học: bước đi là η nhân với gradient.
    w - learning_rate * → w -
    b - learning_rate * → b -
hai số đã đổi chỗ: w trước, b sau.
    return w - learning_rate * grad_w, b → w, b = w - learning_rate * grad_w, b
    , b - learning_rate * grad_b → , b - learning_rate * grad_b\nreturn b, w
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

    η tốt nhất là η làm cho |1 − ηa_j| của trục co chậm nhất nhỏ nhất có thể. Tính bằng công thức, đừng dò: máy chấm so
    đến một phần triệu.
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
`np.linalg.eigvals` không xếp các trị riêng theo thứ tự: dùng `eigvalsh`, hay lấy `max()` và `min()`.
    np.linalg.eigvalsh(A) → np.linalg.eigvals(A)
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


def _told(number):
    """Một con số đọc được: không hàng trăm chữ số, và sát mục tiêu thì thêm chữ số."""
    digits = 6 if abs(number - _TARGET) < 0.05 else 1 if abs(number - _TARGET) < 10 else 0
    return f"{number:.{digits}f}" if number < 1e9 else f"{number:.3g}"


def _condition(columns):
    """Số điều kiện của MSE khi mô hình là các cột ấy và b, kể ra bằng chữ."""
    values = np.linalg.svd(np.c_[columns, np.ones(len(columns))], compute_uv=False)
    if np.linalg.matrix_rank(np.c_[columns / columns.std(axis=0), np.ones(len(columns))]) < len(values):
        return "vô hạn (có cột thừa: theo một hướng, mất mát phẳng hẳn)"
    return _told((values[0] / values[-1]) ** 2)


def _judge_converge(new_X, optimizer):
    patients = data.load_diabetes()
    y, old = patients.y, np.c_[np.ones(len(patients.y)), patients.X]
    if isinstance(new_X, optim.Optimizer):
        return False, "hai đối số đảo chỗ: `new_X` trước, `optimizer` sau."
    if callable(new_X):
        return False, "`new_X` còn là một hàm: `standardizer(X)` trả về hàm, nên phải gọi tiếp `standardizer(X)(X)`."
    if callable(optimizer):
        return False, "`optimizer` còn là một hàm chưa gọi: cần cả tốc độ học, như `optim.sgd(0.1)`."
    new_X = _check.real("new_X", new_X, ndim=2)
    if len(new_X) != len(y):
        why = "có lẽ mảng bị chuyển vị: thử `new_X.T`" if new_X.shape[1] == len(y) else "bỏ bớt hàng là đổi bài toán"
        return False, f"`new_X` có {len(new_X)} hàng, cần đủ {len(y)} bệnh án: {why}."
    if np.abs(new_X).max() > 1e6:
        return False, "trong `new_X` có số lớn hơn một triệu: các cột cần về cùng một cỡ, và gần cỡ của cột số 1 của b."
    columns = new_X - new_X.mean(axis=0)
    sizes = np.linalg.norm(columns, axis=0)
    if (sizes <= 1e-9 * np.linalg.norm(new_X, axis=0)).any():
        return False, "trong `new_X` có cột không đổi. Mô hình đã có b, nên đừng thêm cột toàn số 1."
    off = np.linalg.norm(new_X - old @ np.linalg.lstsq(old, new_X, rcond=None)[0], axis=0) / sizes
    if (off > 1e-6).any():
        if off.max() < 0.01:
            return False, "các cột chỉ *gần* là tổ hợp tuyến tính của các cột cũ: có lẽ đã làm tròn. Hãy để nguyên."
        return False, (
            "trong `new_X` có cột không phải là tổ hợp tuyến tính của các cột cũ cộng một hằng số. Mỗi cột mới chỉ "
            "được cộng, trừ, nhân, chia từ các cột của `patients.X` với những con số không đổi."
        )
    alike = (np.abs(columns.T @ (y - y.mean())) / (sizes * np.linalg.norm(y - y.mean()))).max()
    if alike > 0.71:
        return False, (
            f"trong `new_X` có cột tương quan với y tới {alike:.2f}, gần bằng cả mô hình tốt nhất: có phải bạn đã dùng "
            "y? Không được dùng y, kể cả để chọn hệ số."
        )
    design = np.c_[new_X / new_X.std(axis=0), np.ones(len(y))]
    floor = np.mean((y - design @ np.linalg.lstsq(design, y, rcond=None)[0]) ** 2)
    if floor > _TARGET:
        return False, (
            f"đi đến tận đáy, các cột này vẫn còn MSE {_told(floor)}: bạn đã bỏ mất thông tin của các cột cũ, và không "
            "η nào cứu được."
        )
    try:
        with np.errstate(all="ignore"):
            _, history = training.train(
                models.linear(new_X.shape[1]), new_X, y, optimizer=optimizer, epochs=100, rng=np.random.default_rng(0)
            )
    except training.DivergenceError as error:
        return False, f"vẫn phân kỳ, mất mát tràn số ở bước {error.step}. Trục cong nhất còn vượt giới hạn."
    start, end = history.train_loss[0], history.train_loss[-1]
    if end > start:
        times = f"{end / start:.1f} lần" if end < 1000 * start else "hơn một nghìn lần"
        return False, f"đang xa dần: sau 100 bước MSE gấp {times} lúc đầu. Trục cong nhất còn vượt giới hạn."
    kappa = f"κ, kể cả cột của b, từ {_condition(patients.X)} thành {_condition(new_X)}"
    seen = f"MSE đi từ {_told(start)} xuống {_told(end)} sau 100 bước; {kappa}"
    if end > _TARGET:
        if end > history.train_loss[-11]:
            return (
                False,
                f"{seen}, và ở mười bước cuối MSE không xuống nữa mà lên. Bước đi còn quá dài cho cái bát này.",
            )
        if (np.abs(new_X.mean(axis=0)) > 0.5 * new_X.std(axis=0)).any():
            return False, (
                f"chưa phân kỳ, nhưng MSE còn quá {_TARGET:.0f}: {seen}. Có cột chưa trừ trung bình, nên nó và cột của "
                "b kéo nhau: hãy trừ trung bình trước khi chia."
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
    praise="Sửa cái bát rồi chọn η cho cái bát mới: hai chỗ sửa đi cùng nhau, và 100 bước là đủ.",
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
mẫu số chưa có số 1e-8 (thiếu hẳn, hay thiếu ngoặc nên cộng ra ngoài phân số): khi g cỡ 1e-8 thì bước đi sai hẳn, khi
mọi g bằng 0 thì thành 0/0.
    (np.sqrt(v_hat) + 1e-8) → np.sqrt(v_hat)
mẫu số chưa có số 1e-8 (thiếu hẳn, hay thiếu ngoặc nên cộng ra ngoài phân số): khi g cỡ 1e-8 thì bước đi sai hẳn, khi
mọi g bằng 0 thì thành 0/0.
    (np.sqrt(v_hat) + 1e-8) → float(np.sqrt(v_hat))
0/0 đã tránh được, nhưng không theo công thức: 1e-8 được *cộng* vào √v̂ ở mọi bước, nên khi g cỡ 1e-8 thì bước đi khác
hẳn.
    (np.sqrt(v_hat) + 1e-8) → (np.sqrt(v_hat) or 1)
0/0 đã tránh được, nhưng không theo công thức: 1e-8 được *cộng* vào √v̂ ở mọi bước, nên khi g cỡ 1e-8 thì bước đi khác
hẳn.
    (np.sqrt(v_hat) + 1e-8) → max(np.sqrt(v_hat), 1e-8)
1e-8 đang cộng vào √v chưa hiệu chỉnh (dạng gọn của bài báo làm thế); công thức của bài cộng vào √v̂.
    (np.sqrt(v_hat) + 1e-8) → (np.sqrt(v) + 1e-8) * np.sqrt(1 - 0.999 ** (t + 1))
""")
