"""Dựng bài từ nguồn: hai lần dựng giống nhau từng byte, ô hỏng thì dừng và nói rõ, nbval thật sự so được con số."""

import re
import subprocess
import sys

import nbformat
import pytest

from tests.test_notebooks import clean, pictures, words_of_pictures
from tools import build
from tools.lessons import Lesson, chosen

SAMPLE = """---
jupytext:
  text_representation:
    extension: .md
    format_name: myst
kernelspec:
  display_name: Python 3
  language: python
  name: python3
---

# Bài thử

```{code-cell} ipython3
---
tags: [guess]
---
import matplotlib.pyplot as plt
from mlcourse.interactive import live, show, slider
print(f"một phần ba: {1 / 3:.3f}")
```

## Hình tĩnh

```{code-cell} ipython3
fig, ax = plt.subplots()
ax.plot(heights := [0, 1, 4])
show(fig, f"Ba điểm, cao nhất {max(heights)}.")
```

## Hình sống

```{code-cell} ipython3
@live(height=slider(0, 9, step=1, value=5, label="Cao"))
def level(fig):
    line = fig.subplots().axhline(5)
    def update(height):
        line.set_ydata([height, height])
        return f"Đường ngang ở {height}."
    return update

level
```
"""


def sampled(folder, source=SAMPLE):
    """Một bài nhỏ, ở một thư mục riêng."""
    lesson = Lesson("99_bai_thu", folder)
    lesson.source.parent.mkdir()
    lesson.source.write_text(source, encoding="utf-8")
    return lesson


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    lesson = sampled(tmp_path_factory.mktemp("khoa_hoc"))
    return build.build(lesson), build.build(lesson)


@pytest.mark.xdist_group("bài thử")
def test_two_builds_are_the_same_bytes(sample):
    assert sample[0] == sample[1]
    notebook = nbformat.reads(sample[0], as_version=4)
    assert [cell.id for cell in notebook.cells] == [
        "bai-thu-1",
        "bai-thu-2",
        "hinh-tinh-1",
        "hinh-tinh-2",
        "hinh-song-1",
        "hinh-song-2",
    ]
    assert sum(len(pictures(cell)) for cell in notebook.cells) == 2
    hidden = [cell.id for cell in notebook.cells if cell.metadata.get("jupyter", {}).get("outputs_hidden")]
    assert hidden == ["bai-thu-2"], "ô mang thẻ guess, và chỉ ô ấy, gập kết quả"
    assert not [*clean(notebook), *words_of_pictures(notebook)]


@pytest.mark.parametrize(
    "cell, told",
    [
        ('import sys; print("hỏng", file=sys.stderr)', "Bài 99, ô bai-hong-2 in ra cảnh báo(?s:.)*hỏng"),
        ("1 / 0", "^Bài 99, ô bai-hong-2: ZeroDivisionError: division by zero\nSửa ô ấy ở notebooks/src/99_bai_thu.md"),
    ],
    ids=["cảnh báo", "lỗi"],
)
def test_build_stops_and_says_where(cell, told, tmp_path):
    broken = f"# Bài hỏng\n\n```{{code-cell}} ipython3\n{cell}\n```\n"
    with pytest.raises(SystemExit, match=told):
        build.build(sampled(tmp_path, SAMPLE.split("# Bài thử")[0] + broken))


def test_a_change_of_the_package_that_changes_nothing_writes_nothing(tmp_path, capsys):
    """Gói đổi thì bài chạy lại; kết quả vẫn thế thì file vẫn thế."""
    lesson = sampled(tmp_path)
    text = build.build(lesson)
    build.write(lesson, text)
    before = lesson.notebook.stat().st_mtime_ns
    build.write(lesson, text)
    assert "kết quả không đổi" in capsys.readouterr().out and lesson.notebook.stat().st_mtime_ns == before
    assert build.is_fresh(lesson)


def nbval(*arguments, cwd):
    """Những gì `pytest --nbval` nói, và ``{(file, ô): đạt hay không}``."""
    run = [sys.executable, "-m", "pytest", "--nbval", "--nbval-cell-timeout=60", "-p", "no:cacheprovider", "-v"]
    done = subprocess.run([*run, *arguments], capture_output=True, text=True, cwd=cwd, check=False)
    verdicts = re.findall(r"^(\w+)(?:\.ipynb)?::(?:ipynb::)?Cell (\d+) (PASSED|FAILED|ERROR)", done.stdout, re.M)
    return done.stdout, {(name, int(cell)): verdict == "PASSED" for name, cell, verdict in verdicts}


@pytest.mark.xdist_group("bài thử")
def test_nbval_compares_numbers_and_words_of_figures(sample, tmp_path):
    """Ô đầu mang thẻ guess: kết quả gập lại vẫn được so."""
    text = sample[0]
    copies = {
        "lanh": text,
        "so_in_ra": text.replace("0.333", "0.334"),
        "loi_hinh_tinh": text.replace("cao nhất 4.", "cao nhất 5."),
        "loi_hinh_song": text.replace("ngang ở 5.", "ngang ở 6."),
    }
    assert len(set(copies.values())) == 4
    for name, content in copies.items():
        (tmp_path / f"{name}.ipynb").write_text(content, encoding="utf-8")
    said, verdicts = nbval(".", cwd=tmp_path)
    assert len(verdicts) == 12, said
    failed = {cell for cell, passed in verdicts.items() if not passed}
    assert failed == {("so_in_ra", 0), ("loi_hinh_tinh", 1), ("loi_hinh_song", 2)}, said


def test_nbval_takes_a_lesson_as_it_is():
    """Mọi bài đều qua nbval ở `make test-matrix`; ở đây một bài, để biết là bài còn đúng khuôn mà nbval đòi."""
    (lesson,) = chosen("00")
    said, verdicts = nbval(lesson.notebook.name, cwd=lesson.folder)
    codes = [cell for cell in nbformat.read(lesson.notebook, as_version=4).cells if cell.cell_type == "code"]
    assert len(verdicts) == len(codes) and all(verdicts.values()), said
