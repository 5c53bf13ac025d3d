"""Mọi thứ dựng, phát, xuất bản, cài khóa học; `make` gọi các file này bằng ``python -m tools.<tên>``.

| file | việc | lệnh |
|---|---|---|
| ``lessons.py`` | các bài học: tên, số, và bài nào đang được hỏi | mọi lệnh có ``LESSON=`` |
| ``install.py`` | dựng môi trường ảo, cài khóa học | `make lab`, `make test` |
| ``build.py`` | từ ``notebooks/src/*.md`` ra ``notebooks/*.ipynb`` đã chạy | `make notebooks` |
| ``reading_time.py`` | một bài tự học mất bao nhiêu phút | |
| ``fresh.py`` | phát bài cho người học, không ghi đè bài đã sửa | `make lab`, `make fresh` |
| ``handout.py`` | slide kèm ghi chú cho người dạy | `make handout` |
| ``static_site.py`` | bản để đọc: viết mọi trang, mục lục | `make site` |
| ``film.py`` | bản để đọc: quay các hình sống | |
| ``lesson_page.py`` | bản để đọc: trang của một bài | |
| ``webpage.py`` | từ ô của notebook ra HTML: phần chung của hai bản HTML | |
| ``standalone.py`` | bản một file cho Colab | `make colab` |
| ``classroom/`` | bài nộp, chấm bài cả lớp, trang của người dạy | `make assignment`, `make grade` |
| ``stamp.py`` | ghi tên kho và thẻ phiên bản | `make stamp` |
| ``release.py`` | cài thử bản phát hành | `make dist` |
| ``matrix.py`` | kiểm thử trên thư viện cũ nhất và mới nhất | `make test-matrix` |
| ``labconfig/`` | JupyterLab của khóa học: thực đơn, bộ slide | `make lab`, `make present` |
| ``static/`` | CSS và JavaScript của bản để đọc; khuôn của trang lớp học | `make site` |
| ``hub/`` | máy chủ cho một lớp: cấu hình JupyterHub, máy của người học | `make hub` |
"""
