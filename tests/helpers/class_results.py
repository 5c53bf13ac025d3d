"""Một lớp bịa ra: bài nộp đã chấm, như `tools.classroom` đưa cho trang của người dạy."""

import random

from mlcourse import progress

SURNAMES = "Nguyễn Trần Lê Phạm Hoàng Huỳnh Phan Vũ Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý".split()
MIDDLES = "Thị Văn Đức Ngọc Minh Thanh Hữu Quang Thùy Bảo".split()
GIVEN = (
    "Ánh Bình Châu Dũng Đạt Giang Hà Hưng Khánh Lan Long Mai Nam Oanh Phúc Quỳnh Sơn Thảo Uyên Vy Xuân Yến Ẩn Ý".split()
)


def graded(status, mistake="", code="", message=""):
    return {"status": status, "mistake": mistake, "message": message, "code": code}


def submission(learner, lesson="04_1", trouble="", file="bai.ipynb", **exercises):
    return {"learner": learner, "file": file, "lesson": lesson, "trouble": trouble, "exercises": exercises}


def invented(size, lessons=("04_1",), seed=0):
    """Lớp ``size`` người; code nào cũng có tên người viết, ở lời chú, ở chuỗi và ở tên biến."""
    rng, results, seen = random.Random(seed), [], set()
    while len(seen) < size:
        name = f"{rng.choice(SURNAMES)} {rng.choice(MIDDLES)} {rng.choice(GIVEN)}"
        if name in seen:
            continue
        seen.add(name)
        for lesson in lessons:
            done = {}
            for task, exercise in progress.every()[lesson][1].items():
                named = sorted({mistake.name for mistake in getattr(exercise, "mistakes", ())})[:5]
                status = rng.choices(["đúng", "sai", "chưa làm", "không chạy được"], [45, 38, 12, 5])[0]
                mistake = rng.choice(named + [named[0]] * 3) if named and status == "sai" and rng.random() < 0.8 else ""
                given = name.split()[-1]
                code = (
                    f'def {task}(x, y):\n    """Bài của {name}."""\n    # {name} viết\n    {given} = x.mean()\n'
                    f'    print("của {name}:", {given})\n    return {given} / {rng.choice(["len(x)", "y.sum()", "(x * y).sum()"])}'
                )
                done[task] = graded(status, mistake, code, "" if status != "sai" else "kết quả chưa đúng: cần 0.5.")
            results.append(submission(name, lesson, file=f"bai lam cua {name}.ipynb", **done))
    return results
