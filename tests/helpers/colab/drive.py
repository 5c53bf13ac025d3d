"""Chạy ở cuối mỗi bài, trong chính kernel ấy: kéo từng điều khiển của từng hình sống qua widget, như tay người."""

import io

import matplotlib.image
import numpy as np

from mlcourse import interactive


def drive():
    if not interactive.figures:
        raise AssertionError("bài không có hình sống nào")
    for figure in interactive.figures.values():
        opening, words = figure.words, set()
        bar, image, _ = figure.widget.children
        for name, control in figure.controls.items():
            choices = control.choices()
            for value in (choices[0], choices[-1], choices[len(choices) // 2]):
                figure.inputs[name].value = value
                where = f"{figure.name}, {control.label} = {value}"
                assert figure.values[name] == value and figure.error is None, f"{where}: {figure.words}"
                picture = matplotlib.image.imread(io.BytesIO(bytes(image.value)))
                shown = np.round(255 * picture[..., :3]).astype(np.uint8)
                assert np.array_equal(shown, figure.frame()[..., :3]), f"{where}: widget giữ một hình khác"
                words.add(figure.words)
            bar.children[-1].click()
            assert figure.words == opening, f"{figure.name}: bấm Đặt lại mà lời kể là {figure.words}"
        assert len(words) > 1, f"{figure.name}: kéo thế nào lời kể cũng như nhau"
    print(f"{len(interactive.figures)} hình sống đều động")
