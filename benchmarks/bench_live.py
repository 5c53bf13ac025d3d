"""Đo hình sống trong JupyterLab thật (Chromium không cửa sổ): từ phím bấm trên thanh trượt đến hình mới lên màn hình.

    python -m benchmarks.bench_live                     # hình ngưỡng của bài 04.1, 40 lượt
    python -m benchmarks.bench_live --figure race       # hình có tên này, ở bất kỳ bài nào
    python -m benchmarks.bench_live --all --repeats 12  # mọi hình sống của mọi bài, chỉ so với interact: mười phút
    python -m benchmarks.bench_live --slides            # mọi hình sống, trình chiếu so với notebook: hai mươi phút
    python -m benchmarks.bench_live --drag              # thêm: kéo thanh trượt 2 giây
    python -m benchmarks.bench_live --repeats 10 --headed

Ba cách, xen kẽ từng lượt trên cùng một trang: hình sống; `ipywidgets.interact` dựng lại cùng hình ấy từ đầu; và một
vòng đi về kernel gần như không vẽ gì (mức sàn). Đồng hồ là của trang: từ sự kiện ``keydown`` đến khung thứ hai sau khi
ảnh mới giải mã xong.
"""

import argparse
import contextlib
import re
import sys
from statistics import median, quantiles

from tests.helpers import lab
from tools.lessons import chosen, every

RATIO_TO_INTERACT, RATIO_TO_FLOOR, RATIO_OF_ALL = 2.8, 1.4, 2.5  # mức mong muốn; hai số đầu cho hình ngưỡng
RATIO_OF_SLIDES, SCREENS = 1.3, ((1280, 720), (1920, 1080))  # trình chiếu chậm hơn notebook nhiều nhất ngần ấy lần
WAYS = {"ours": "hình sống", "interact": "interact, hình mới mỗi lần", "floor": "vòng đi về kernel (sàn)"}

CAPTURE = """\
import numpy as np
import mlcourse.interactive as _interactive
_kept = {}
def _keep(*, figsize=(10, 4.6), **controls):
    def decorate(draw):
        _kept[draw.__name__] = draw, controls, figsize
        return _interactive.LiveFigure(draw, controls, figsize)
    return decorate
_live, _interactive.live = _interactive.live, _keep
"""

STAND_IN = """\
from mlcourse.interactive import live, slider
_rng = np.random.default_rng(0)
_score = np.concatenate([_rng.beta(2, 4, 90), _rng.beta(4, 2, 53)])
_truth = np.repeat([0, 1], [90, 53])

@live(threshold=slider(0, 1, step=0.01, value=0.5, label="Ngưỡng"), figsize=(10.4, 5.8))
def threshold(fig):
    (scores, cells), (roc, pr) = fig.subplots(2, 2)
    for label in (0, 1):
        scores.hist(_score[_truth == label], bins=25, range=(0, 1), alpha=0.6, label=f"lớp {label}")
    scores.legend()
    line = scores.axvline(0.5, color="black")
    image = cells.imshow(np.zeros((2, 2)), cmap="Blues", vmin=0, vmax=90)
    texts = [[cells.text(j, i, "", ha="center", va="center") for j in (0, 1)] for i in (0, 1)]
    order = np.argsort(-_score)
    tps, fps = np.cumsum(_truth[order]), np.cumsum(1 - _truth[order])
    roc.plot(fps / 90, tps / 53)
    pr.plot(tps / 53, tps / (tps + fps))
    roc_point, = roc.plot([], [], "o", markersize=12)
    pr_point, = pr.plot([], [], "o", markersize=12)
    bars = pr.barh([0.1, 0.2, 0.3, 0.4], [0, 0, 0, 0], height=0.08, alpha=0.5)
    for ax in (roc, pr):
        ax.set(xlim=(-0.02, 1.02), ylim=(-0.02, 1.05))
        ax.grid(True)

    def update(threshold):
        guess = _score >= threshold
        tp, fp = int((guess & (_truth == 1)).sum()), int((guess & (_truth == 0)).sum())
        matrix = np.array([[90 - fp, fp], [53 - tp, tp]])
        image.set_data(matrix)
        for i in (0, 1):
            for j in (0, 1):
                texts[i][j].set_text(str(matrix[i, j]))
        precision, recall = tp / max(tp + fp, 1), tp / 53
        line.set_xdata([threshold, threshold])
        roc_point.set_data([fp / 90], [recall])
        pr_point.set_data([recall], [precision])
        for bar, width in zip(bars, (np.trace(matrix) / 143, precision, recall, 2 * tp / (tp + fp + 53))):
            bar.set_width(width)
        return f"Ngưỡng {threshold:.2f}: precision {precision:.2f}, recall {recall:.2f}."

    return update
"""

INTERACT = """\
import ipywidgets
import matplotlib.pyplot as plt
from mlcourse import plots
%matplotlib inline
%config InlineBackend.close_figures = True
_draw, _controls, _figsize = _kept[{name!r}]
_opening = {{key: control.value for key, control in _controls.items()}}
_first = next(key for key, control in _controls.items() if hasattr(control, "step"))  # thanh trượt đầu tiên
def _anew(value):
    with plt.style.context(plots.STYLE):
        fig = plt.figure(figsize=_figsize)
        words = _draw(fig)(**{{**_opening, _first: value}})
        plt.show()
        print(words)
ipywidgets.interact(_anew, value=_controls[_first].widget());
"""

FLOOR = """\
import itertools
from mlcourse.interactive.painter import png
_tiny = itertools.cycle([png(np.full((8, 8, 4), shade, np.uint8), 1) for shade in (60, 200)])
_image = ipywidgets.Image(format="png", value=next(_tiny), layout=ipywidgets.Layout(width="40px"))
_slider = ipywidgets.IntSlider(0, 0, 100)
_slider.observe(lambda change: setattr(_image, "value", next(_tiny)), names="value")
ipywidgets.VBox([_slider, _image])
"""


def lesson_cells(figure):
    """Các ô mã của bài cho đến ô định nghĩa hình, và tên của hình; không có thì hình dựng sẵn ở trên."""
    for lesson in every():
        cells = []
        for block in re.findall(
            r"^```\{code-cell\}[^\n]*\n(.*?)^```", lesson.source.read_text(encoding="utf-8"), re.M | re.S
        ):
            cells.append(("code", re.sub(r"\A---\n.*?^---\n", "", block, flags=re.M | re.S)))
            if "@live" in block and (name := re.search(rf"^def (\w*{figure}\w*)\(fig\)", block, re.M)):
                return cells, name[1]
    return [("code", STAND_IN + "\nthreshold")], "threshold"


def all_figures(lesson):
    """Tên mọi hình sống của bài ấy, hay của mọi bài, theo thứ tự bài."""
    return [
        name
        for lesson in chosen(lesson)
        for name in re.findall(r"^@live.*?^def (\w+)\(fig\)", lesson.source.read_text(encoding="utf-8"), re.M | re.S)
    ]


def build(server, figure, stand_in):
    """Viết notebook của phép đo; trả về tên file, tên hình, và số ô của ba cách."""
    cells, name = ([("code", STAND_IN + "\nthreshold")], "threshold") if stand_in else lesson_cells(figure)
    cells = [("code", CAPTURE), *cells, ("code", INTERACT.format(name=name)), ("code", FLOOR)]
    n = len(cells)
    return server.add(f"bench_{name}.ipynb", cells), name, {"ours": n - 3, "interact": n - 2, "floor": n - 1}


def measure(notebook, cells, repeats, warm_up=3, stride=40, keys=("ArrowRight", "ArrowLeft")):
    """Các cách xen kẽ; trả về các thời gian tính bằng ms của từng cách. Cứ ``stride`` phím thì đổi chiều."""
    times = {way: [] for way in cells}
    for i in range(warm_up + repeats):
        for way, cell in cells.items():
            ms = notebook.press(cell, keys[i // stride % 2])
            notebook.page.wait_for_timeout(120)  # để trang và kernel nghỉ hẳn trước lượt sau
            if i >= warm_up:
                times[way].append(ms)
    return times


def report(name, times):
    print(f"\nHình {name}: từ phím bấm đến hình mới trên màn hình, {len(times['ours'])} lượt xen kẽ (ms)\n")
    print(f"{'cách':<32}{'trung vị':>10}{'p90':>8}{'nhanh nhất':>12}")
    for way, label in WAYS.items():
        print(f"{label:<32}{median(times[way]):>10.1f}{quantiles(times[way], n=10)[-1]:>8.1f}{min(times[way]):>12.1f}")
    middle = {way: median(values) for way, values in times.items()}
    faster, above = middle["interact"] / middle["ours"], middle["ours"] / middle["floor"]
    rows = [
        (f"nhanh hơn interact {faster:.2f} lần", f"cần ít nhất {RATIO_TO_INTERACT}", faster >= RATIO_TO_INTERACT),
        (f"gấp {above:.2f} lần vòng đi về kernel", f"cần nhiều nhất {RATIO_TO_FLOOR}", above <= RATIO_TO_FLOOR),
    ]
    print()
    for what, wanted, good in rows:
        print(f"{what:<40}{wanted:<24}{'đạt' if good else '<-- CHƯA ĐẠT'}")
    return all(good for *_, good in rows)


def drag(notebook, cells, name):
    """Kéo thanh trượt hết tầm trong 2 giây, và so bức hình cuối với bức hình dựng mới ở đúng giá trị cuối."""
    print(f"\nKéo thanh trượt trong 2 giây:\n\n{'cách':<32}{'hình/giây':>10}{'trễ sau khi thả (ms)':>24}")
    for way in WAYS:
        notebook.press(cells[way], "Home")
        notebook.settle(cells[way], quiet=2)
        count, lag = notebook.drag(cells[way], quiet=2)
        print(f"{WAYS[way]:<32}{count / 2:>10.1f}{lag:>24.0f}")
    final = float(notebook.readout(cells["ours"]))
    shown, words = notebook.picture(cells["ours"]), notebook.caption(cells["ours"])
    notebook.value(f"globals().__setitem__('_again', _interactive.LiveFigure(*_kept[{name!r}]))")
    notebook.value(f"_again.set(**{{_first: {final}}})")
    wanted = notebook.value("__import__('hashlib').sha256(_again.frame()).hexdigest()")
    same = shown == wanted
    verdict = "đúng là hình của giá trị ấy" if same else "<-- KHÔNG PHẢI hình của giá trị ấy"
    print(f"\nThanh dừng ở {final}: bức hình cuối {verdict}\nCâu kể: {words}")
    return same


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--figure", default="threshold", help="tên (hay một phần tên) của một hình sống")
    parser.add_argument("--all", action="store_true", help="đo mọi hình sống của mọi bài, mỗi hình một dòng")
    parser.add_argument("--repeats", type=int, default=40, help="số lượt đo")
    parser.add_argument("--stand-in", action="store_true", help="đo hình dựng sẵn, không cần bài 04.1")
    parser.add_argument("--drag", action="store_true", help="đo thêm việc kéo thanh trượt")
    parser.add_argument("--headed", action="store_true", help="hiện cửa sổ của Chromium")
    parser.add_argument("--slides", action="store_true", help="đo mọi hình sống, trong notebook và khi trình chiếu")
    parser.add_argument("--lesson", default="", help="cùng --slides, --all: chỉ bài này, như 04_1")
    parser.add_argument("--shot", help="lưu ảnh chụp trang vào file này")
    options = parser.parse_args()
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright, lab.chromium(playwright, options.headed) as browser, lab.Server() as server:
        if options.slides:
            screens = "".join(f"{f'{width} x {height}':>15}{'gấp':>6}" for width, height in SCREENS)
            print(f"{'hình':<26}{'notebook (ms)':>15}{screens}", flush=True)
            good = [lesson_in_slides(browser, server, one, options.repeats) for one in chosen(options.lesson)]
            return 0 if all(good) else 1
        if options.all:
            print(f"{'hình':<26}{'hình sống (ms)':>16}{'interact (ms)':>15}{'nhanh hơn':>11}", flush=True)
            return 0 if all([row_of_all(browser, server, name, options) for name in all_figures(options.lesson)]) else 1
        page, notebook, figure, cells = opened(browser, server, options.figure, options.stand_in)
        good = report(figure, measure(notebook, cells, options.repeats))
        if options.drag:
            good = drag(notebook, cells, figure) and good
        if options.shot:
            page.shot(options.shot)
        browser.close()
    return 0 if good else 1


def lesson_in_slides(browser, server, lesson, repeats, rounds=3):
    """Mỗi hình sống một dòng: phím đến hình trong notebook, rồi trên slide ở hai cỡ màn hình, xen kẽ từng vòng."""
    page = lab.Page(browser, server)
    notebook = page.open(server.add(lesson.notebook.name, lesson.notebook))
    notebook.run_all()
    sources = [(i, source) for i, source in notebook.cells("code") if "@live(" in source]
    cells = [(i, re.search(r"def (\w+)\(fig\)", source)[1]) for i, source in sources]
    times = {(cell, mode): [] for cell, _ in cells for mode in (None, *SCREENS)}
    for turn in range(rounds):
        for mode in (None, *SCREENS):
            with lab.Deck(notebook) if mode else contextlib.nullcontext() as deck:
                if deck:
                    deck.resize(*mode)
                for cell, _ in cells:
                    if deck:
                        deck.go(cell)
                    notebook.bring(cell)
                    for i in range(2 + repeats // rounds // 2 * 2):  # chẵn: không kẹt ở đầu thanh
                        ms = notebook.press(cell, "ArrowRight" if (i + turn) % 2 else "ArrowLeft")
                        notebook.page.wait_for_timeout(120)
                        times[cell, mode] += [ms] if i else []
                if deck:
                    deck.resize(1300, 1000)
    page.page.close()
    return all([row_of_slides(name, [median(times[cell, mode]) for mode in (None, *SCREENS)]) for cell, name in cells])


def row_of_slides(name, middles):
    ratios = [middle / middles[0] for middle in middles[1:]]
    mark = "" if max(ratios) <= RATIO_OF_SLIDES else f"  <-- CHƯA ĐẠT {RATIO_OF_SLIDES}"
    columns = "".join(f"{middle:>15.1f}{ratio:>6.2f}" for middle, ratio in zip(middles[1:], ratios))
    print(f"{name:<26}{middles[0]:>15.1f}{columns}{mark}", flush=True)
    return not mark


def opened(browser, server, wanted, stand_in=False):
    """Trang đã mở notebook của phép đo, mọi ô đã chạy, cả ba cách nằm trong khung nhìn."""
    name, figure, cells = build(server, wanted, stand_in)
    page = lab.Page(browser, server, height=2000)
    notebook = page.open(name)
    notebook.run_all()
    if errors := notebook.cell_errors():
        sys.exit("Ô dừng vì lỗi: " + "; ".join(f"ô {i}: {text}" for i, text in errors))
    notebook.bring(cells["ours"])
    notebook.bring(cells["floor"])
    return page, notebook, figure, cells


def row_of_all(browser, server, wanted, options):
    from playwright.sync_api import TimeoutError as NothingMoved

    page, notebook, figure, cells = opened(browser, server, wanted)
    both = {way: cells[way] for way in ("ours", "interact")}
    times = None
    for keys in (("ArrowRight", "ArrowLeft"), ("ArrowLeft", "ArrowRight")):  # hình mở ở cuối thanh thì đi lùi trước
        with contextlib.suppress(NothingMoved):
            times = times or measure(notebook, both, options.repeats, stride=1, keys=keys)
    if times is None:
        print(f"{figure:<26}  không đo được: một nấc của thanh trượt đầu tiên chưa đủ để hình đổi", flush=True)
        page.page.close()
        return True
    ours, rebuilt = median(times["ours"]), median(times["interact"])
    mark = "" if rebuilt / ours >= RATIO_OF_ALL else f"  <-- CHƯA ĐẠT {RATIO_OF_ALL}"
    print(f"{figure:<26}{ours:>16.1f}{rebuilt:>15.1f}{rebuilt / ours:>10.1f}x{mark}", flush=True)
    page.page.close()
    return not mark


if __name__ == "__main__":
    sys.exit(main())
