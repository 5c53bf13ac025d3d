"""Một lớp học: từ bài của khóa học ra bài nộp, từ bài nộp ra điểm và trang của người dạy.

| file | việc |
|---|---|
| ``assignment.py`` | một bài học thành bài nộp theo nbgrader (`make assignment`) |
| ``sealed.py`` | bản của gói không kèm lời giải |
| ``collect.py``, ``names.py`` | gom bài nộp từ thư mục hay file zip: của ai, lần nộp nào |
| ``class_list.py`` | danh sách lớp: bài của ai, ai chưa nộp |
| ``submission.py`` | ô nào của bài, ô nào của người học; những ô sẽ chạy; bản ghi vào sổ điểm |
| ``sandbox.py`` | chỗ chạy riêng, có giới hạn, cho kernel của một bài |
| ``judge.py``, ``answering.py`` | bên chấm và bên trả lời: hỏi hàm của người học qua một ổ cắm |
| ``grade.py`` | chấm cả lớp, ghi vào sổ điểm của nbgrader (`make grade`) |
| ``page.py``, ``anonymous.py`` | trang của người dạy, và code không tên |
"""
