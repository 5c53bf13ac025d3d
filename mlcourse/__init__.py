"""mlcourse: gói NumPy mỏng đi cùng khóa học về huấn luyện và đánh giá mô hình học máy.

Bản đồ: số mục của khóa học dẫn đến module, và ngược lại.

====  ==================  ====================================================
Mục   Module              Có gì
====  ==================  ====================================================
1     models              f_theta với theta viết rõ ra: tuyến tính, logistic, softmax, mạng nơ-ron, đa thức, k-NN
2.1   losses              hàm mất mát, mỗi hàm kèm gradient của chính hàm đó
2.2   optim               bộ tối ưu: SGD, RMSProp, Adam, AdamW; lịch tốc độ học
3     training            chia batch, vòng lặp huấn luyện, lịch sử
3.1   model_selection     chia tập và chia fold; xác thực chéo, khoảng tin cậy (cho cả mục 5)
3.2   regularization      phạt L2 và L1, dropout, dừng sớm
4     metrics             chỉ số đánh giá, tên gọi như scikit-learn
6     bias_variance       độ chệch, phương sai và nhiễu; bagging
7     preferences         học từ sở thích: Bradley–Terry, chính sách buộc bằng KL, DPO
-     environment         kiểm tra máy trước giờ học (mục 00)
-     data                ba tập dữ liệu thật, và dữ liệu giả có sự thật biết trước
-     plots               vẽ lên một ``ax`` rồi trả lại ``ax``
-     interactive         hình sống: hình vẽ một lần, kéo thanh trượt là đổi
-     quiz, exercises     câu hỏi có phản hồi, bài tập có chấm
-     progress            tiến độ của người học, đọc từ các bài đã lưu
====  ==================  ====================================================

Mỗi lần dùng, hãy gọi qua tên module, để dòng code tự nói nó thuộc mục nào::

    from mlcourse import metrics
    metrics.f1_score(y_true, y_pred)
"""

__version__ = "0.1.0"
