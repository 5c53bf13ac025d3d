"""Hình sống: vẽ một lần bằng matplotlib thường, kéo thanh trượt thì chỉ phần vừa đổi được vẽ lại.

Người viết hình không viết dòng nào về widget. Hàm của họ vẽ những gì đứng yên, rồi trả về ``update``: hàm này đổi những
gì chuyển động và kể lại bức hình bằng một câu::

    @live(threshold=slider(0, 1, step=0.01, value=0.5, label="Ngưỡng"))
    def threshold_figure(fig):
        ax = fig.subplots()
        plots.roc_curve(y_true, y_score, ax=ax)                 # đứng yên: vẽ một lần
        point, = ax.plot([], [], "o")
        def update(threshold):                                  # chuyển động
            fpr, tpr = rates(y_true, y_score >= threshold)
            point.set_data([fpr], [tpr])
            return f"Ngưỡng {threshold:.2f}: TPR {tpr:.2f}, FPR {fpr:.2f}."
        return update

    threshold_figure

``update`` phải là hàm của riêng các giá trị nhận vào: gọi hai lần với cùng giá trị thì ra cùng một hình, và không gọi
pyplot (JupyterLab chạy nó ở một luồng khác). Hình có trí nhớ, như một lần huấn luyện đang chạy, thì gắn thêm
``update.restart``, hàm không đối số quên hết những gì đã qua: nút *Đặt lại* gọi nó trước khi đưa các thanh về chỗ cũ.
Câu kể xuất hiện dưới hình, và thay cho hình ở nơi không xem được hình.

Bốn file: `controls` (thanh trượt, danh sách, ô đánh dấu), `painter` (từ artist ra điểm ảnh), `figure` (hình sống: nối
hai phần ấy với trang web), `screen` (khung trình chiếu, và `show` cho hình tĩnh). Chỉ có widget lõi, nên cùng một mã
chạy trên ipywidgets 7.7.1 (Colab) và 8.
"""

from mlcourse.interactive.controls import checkbox, dropdown, slider
from mlcourse.interactive.figure import LiveFigure, live
from mlcourse.interactive.screen import figures, projector, show

__all__ = ["LiveFigure", "checkbox", "dropdown", "figures", "live", "projector", "show", "slider"]
