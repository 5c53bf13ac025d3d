"""Các bài học như đang nằm trên đĩa: khớp với nguồn, đủ các phần, trang chiếu và hình đúng quy ước.

Mỗi luật là một hàm ``notebook -> danh sách chỗ sai``. ``SEEDS`` làm hỏng một bài lành theo từng kiểu và đòi luật bắt được.
"""

import ast
import builtins
import itertools
import re
from pathlib import Path
from urllib.parse import urlsplit

import jupytext
import nbformat
import pytest

import tools.deck as stage
from tests.helpers import trying
from tools import build, lessons, reading_time
from tools.handout import NOTE
from tools.lessons import NOTEBOOKS, SECOND_EDITION, chosen, every

LESSONS = [lesson.stem for lesson in every()]


def read(stem):
    return nbformat.read(NOTEBOOKS / f"{stem}.ipynb", as_version=4)


@pytest.fixture(params=LESSONS)
def stem(request):
    return request.param


# --- Nhìn một bài ----------------------------------------------------------------------------------------------------


def slide(cell):
    return cell.metadata.get("slideshow", {}).get("slide_type")


def markdown(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "markdown"]


def code(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def is_live(cell):
    return cell.cell_type == "code" and "@live(" in cell.source


def pictures(cell):
    return [output for output in cell.get("outputs", []) if "image/png" in output.get("data", {})]


def is_quiz(cell):
    return bool(re.fullmatch(r"lesson\.\w+", cell.source.strip())) and any(
        "<details" in output.get("data", {}).get("text/html", "") for output in cell.get("outputs", [])
    )


def numbered(text):
    """Số thứ tự của các mục đánh số."""
    return [int(number) for number in re.findall(r"^(\d+)\. \S", text, re.M)]


def section(notebook, heading):
    """Văn bản của một mục, từ đề mục đến đề mục sau."""
    text = "\n\n".join(cell.source for cell in markdown(notebook))
    found = re.search(rf"^#+ {heading}[^\n]*\n(.*?)(?=^#+ |\Z)", text, re.M | re.S)
    return found[1] if found else None


def after(notebook, i):
    """Các ô sau ô ``i`` đến đề mục, hay đến hình kế tiếp."""
    for cell in notebook.cells[i + 1 :]:
        if cell.cell_type == "markdown" and re.match(r"#|>", cell.source) or pictures(cell):
            return
        yield cell


def formulas(text):
    text = re.sub(r"```.*?```|`[^`\n]*`", "", text, flags=re.S)
    return re.findall(r"\$\$(.+?)\$\$", text, re.S) + re.findall(
        r"\$([^$]+)\$", re.sub(r"\$\$.+?\$\$", "", text, flags=re.S)
    )


def anchor(heading):
    """Neo mà JupyterLab và nbconvert đặt cho một đề mục."""
    return heading.strip().replace(" ", "-")


def anchors(notebook):
    texts = [re.sub(r"`[^`]*`", "", cell.source) for cell in markdown(notebook)]
    return {anchor(heading) for text in texts for heading in re.findall(r"^#+ (.*)$", text, re.M)}


# --- Các luật --------------------------------------------------------------------------------------------------------


def opening(notebook):
    first = notebook.cells[0].source
    if not re.match(r"# \d\d(\.\d)? · \S", first):
        yield "ô đầu cần đề mục `# 04.1 · Tên bài`"
    if not reading_time.TITLE_ROW.search(first):
        yield "ô đầu cần *Mục 4.1 · trình bày 90 phút · tự học 180 phút · cần biết trước: …*"
    if slide(notebook.cells[0]) != "slide":
        yield "ô đầu cần là một slide"
    if code(notebook)[0].source != build.FIRST_CELL:
        yield "ô mã đầu tiên khác với build.FIRST_CELL"


def times(notebook):
    row = reading_time.TITLE_ROW.search(notebook.cells[0].source)
    if row and int(row["self_study"]) != reading_time.self_study(notebook):
        yield f"đầu bài ghi tự học {row['self_study']} phút, đếm ra {reading_time.self_study(notebook)}"


def stops(notebook):
    """Luật của bài đã viết lại: quá hai giờ tự học thì có chỗ nghỉ."""
    if reading_time.self_study(notebook) > 120 and not any(
        re.match(r"> \*\*Chỗ nghỉ\.\*\* \S", cell.source) for cell in markdown(notebook)
    ):
        yield "tự học quá hai giờ: cần một ô `> **Chỗ nghỉ.** …`"


def objectives(notebook):
    items = numbered(section(notebook, "Học xong bài này") or "")
    if items != list(range(1, len(items) + 1)) or not 3 <= len(items) <= 5:
        yield f"cần 3 đến 5 mục tiêu, đang có {items}"


def quizzes(notebook):
    names = [cell.source.strip() for cell in code(notebook) if is_quiz(cell)]
    if not names or names[0] != "lesson.opening" or names[-1] != "lesson.closing":
        yield f"cần câu hỏi mở đầu, và trở lại câu ấy ở cuối bài; đang có {names}"


def live_figures(notebook):
    if not any(map(is_live, notebook.cells)):
        yield "bài chưa có hình sống"
    for i, cell in enumerate(notebook.cells):
        if not is_live(cell):
            continue
        text = "\n\n".join(other.source for other in after(notebook, i) if other.cell_type == "markdown")
        if "**Đọc hình.**" not in text:
            yield f"{cell.id}: thiếu **Đọc hình.**"
        box = trying.TASKS.search(text)
        if not box or numbered(box[1]) != [1, 2, 3]:
            yield f"{cell.id}: cần **Thử.** với ba việc đánh số"
        if slide(cell) not in {"slide", "subslide"}:
            yield f"{cell.id}: hình sống cần một trang chiếu của riêng mình"
        if len(pictures(cell)) != 1:
            yield f"{cell.id}: hình sống chưa để lại đúng một ảnh"


FOLD = re.compile(r"<summary>.*Trả lời")


def answers(notebook):
    """Khối *Trả lời* của *Thử*; núm và con số trong đó đúng với hình hay không thì `lessons/test_run.py` hỏi."""
    boxes = trying.boxes(notebook.cells)
    if sum(len(FOLD.findall(cell.source)) for cell in markdown(notebook)) != sum(bool(box.answers) for box in boxes):
        yield "khối Trả lời cần đứng ngay dưới **Thử.**, cùng ô hay ô sau, có dòng trống sau <summary> và trước </details>"
    for cell in markdown(notebook):
        if FOLD.search(cell.source) and slide(cell) != "skip":
            yield f"{cell.id}: Trả lời không lên slide: slide_type skip"
    for figure, _, found in boxes:
        if found and [i for i, _ in found] != [1, 2, 3]:
            yield f"{figure}: Trả lời cần đủ ba mục, đang có {[i for i, _ in found]}"
        for i, text in found:
            if not trying.settings(text):
                yield f"{figure}, Trả lời {i}: cần ít nhất một chỗ đặt núm, viết như `Ngưỡng = 0.32`"
        if not found and lesson_of(notebook).second_edition:
            yield f"{figure}: dưới **Thử.** cần một khối Trả lời gập lại"


def lesson_of(notebook):
    return chosen(re.match(r"# (\S+)", notebook.cells[0].source)[1])[0]


def exercises(notebook):
    found = [(i, re.match(r"### Bài tập (\d+): (.*)", cell.source)) for i, cell in enumerate(notebook.cells)]
    found = [(i, match) for i, match in found if match]
    if [int(match[1]) for _, match in found] != list(range(1, len(found) + 1)) or len(found) < 3:
        yield f"cần ít nhất 3 bài tập đánh số liền nhau, đang có {[match[1] for _, match in found]}"
    if not any("(bài mở)" in match[2] for _, match in found):
        yield "cần ít nhất một bài mở"
    for i, match in found:
        cell = notebook.cells[i + 1] if i + 1 < len(notebook.cells) else notebook.cells[i]
        if cell.cell_type != "code" or "..." not in cell.source or not is_exercise(cell):
            yield f"bài tập {match[1]}: cần một ô có `...` và `.check(`"
        elif not any("Chưa làm" in output.get("data", {}).get("text/plain", "") for output in cell.outputs):
            yield f"bài tập {match[1]}: ô chưa điền phải nói chưa làm"


def misconceptions(notebook):
    if section(notebook, "Ngộ nhận thường gặp") is None:
        yield "thiếu mục Ngộ nhận thường gặp"
    found = [(i, re.match(r"> \*\*Ngộ nhận (\d+)\.\*\* \"", cell.source)) for i, cell in enumerate(notebook.cells)]
    found = [(i, match) for i, match in found if match]
    if not found or [int(match[1]) for _, match in found] != list(range(1, len(found) + 1)):
        yield "các ngộ nhận cần đánh số liền nhau từ 1"
    for i, match in found:
        if "\n" in notebook.cells[i].source.strip():
            yield f"ngộ nhận {match[1]}: câu ngộ nhận cần một ô riêng, lời bác lại ở ô sau"
        if not any(cell.get("outputs") for cell in notebook.cells[i + 1 : i + 3]):
            yield f"ngộ nhận {match[1]}: cần một ô mã in ra con số bác lại"


def summary(notebook):
    if numbered(section(notebook, "Tóm tắt") or "") != [1, 2, 3, 4, 5]:
        yield "Tóm tắt cần đúng 5 dòng đánh số"
    table = [line for line in (section(notebook, "Công thức trong một bảng") or "").split("\n") if line.startswith("|")]
    if len(table) < 4 or sum("$" in row for row in table[2:]) < 2 or len({row.count("|") for row in table}) > 1:
        yield "cần một bảng công thức, hàng nào cũng đủ cột"
    if len(re.findall(r"^- .*\(\d{4}\)", section(notebook, "Đọc thêm") or "", re.M)) < 3:
        yield "cần ít nhất 3 tài liệu có năm trong Đọc thêm"
    if not any(re.search(r"\*\*Bài tiếp theo:\*\* (\[\d\d|không còn)", cell.source) for cell in markdown(notebook)):
        yield "thiếu **Bài tiếp theo:** và liên kết đến bài ấy"


def captions(notebook):
    count = 0
    for cell, following in zip(notebook.cells, [*notebook.cells[1:], None]):
        if pictures(cell):
            count += 1
            if following is None or not re.match(rf"\*\*Hình {count}\.\*\* \S", following.source):
                yield f"{cell.id}: ngay sau hình cần **Hình {count}.**"
    total = sum(len(re.findall(r"^\*\*Hình \d+\.\*\*", cell.source, re.M)) for cell in markdown(notebook))
    if total != count:
        yield f"{total} lời dưới hình cho {count} hình"


def slides(notebook):
    for cell in notebook.cells:
        marks = cell.metadata.get("slideshow", {"key": ""})
        if not marks or slide(cell) not in {None, "slide", "subslide", "fragment", "skip", "notes"}:
            yield f"{cell.id}: slide_type {slide(cell)!r}"
        if extra := marks.keys() - {"slide_type", "part", "key", "code"}:
            yield f"{cell.id}: bộ slide không đọc {extra}"
        if "part" in marks and slide(cell) != "slide":
            yield f"{cell.id}: phần mới mở ở một slide, không ở {slide(cell)}"
        if marks.get("code") not in {None, "folded", "shown"}:
            yield f"{cell.id}: code là folded hay shown, không phải {marks['code']!r}"
        if marks.get("key") and not any(marks["key"] in output.get("text", "") for output in cell.get("outputs", [])):
            yield f"{cell.id}: con số đáng nhớ {marks['key']!r} không có trong kết quả in ra"
        if (
            slide(cell) in {"slide", "subslide"}
            and cell.cell_type == "markdown"
            and not re.match(r"#{1,3} \S|> \S", cell.source)
        ):
            yield f"{cell.id}: trang chiếu mở bằng văn thì cần đề mục hay trích dẫn"
        if slide(cell) in {"slide", "subslide"} and cell.cell_type == "code" and not (pictures(cell) or is_quiz(cell)):
            yield f"{cell.id}: trang chiếu mở bằng mã thì mã ấy phải ra một hình hay một câu hỏi"


def deck(notebook):
    """Các trang chiếu của một bài, mỗi trang là các ô nhìn thấy được; trang phân phần thì không có ô nào."""
    return [page.cells for page in stage.pages(notebook) if page.cells]


READER_ONLY = re.compile(r"đọc tiếp|dấu ba chấm|rồi chạy[:.]|\b[Ôô] (dưới|trên)\b|cuộn")


def decks(notebook):
    pages = deck(notebook)
    if not 20 <= len(pages) <= 40:
        yield f"bộ slide có {len(pages)} trang: cần từ 20 đến 40"
    if not 3 <= len(parts := [page.part for page in stage.pages(notebook) if page.part]) <= 6:
        yield f"bộ slide có {len(parts)} phần: cần từ 3 đến 6"
    for cell in itertools.chain.from_iterable(pages):
        if cell.cell_type == "markdown" and (words := READER_ONLY.search(cell.source)):
            yield f"{cell.id}: {words[0]!r} là lời cho người ngồi trước notebook, không cho lớp đang nhìn slide"
    yield from homeless_names(notebook)
    for page in pages:
        lines = [
            line
            for cell in page
            if cell.cell_type == "code" and not cell.metadata.get("jupyter", {}).get("source_hidden")
            for line in cell.source.splitlines()
        ]
        if len(lines) > 12:
            yield f"{page[0].id}: {len(lines)} dòng mã trên một trang chiếu, nhiều nhất là 12"
        shown = [
            line
            for cell in page
            if cell.cell_type == "code" and not pictures(cell)
            for line in cell.source.splitlines()
        ]
        if long := [line for line in shown if len(line) > 116]:  # ô có hình thì trang chiếu chỉ chiếu hình
            yield f"{page[0].id}: dòng mã dài {len(long[0])} ký tự, trang chiếu chỉ vừa 116: {long[0].strip()[:50]}"
        if any(map(is_live, page)) and len(page) > 1:
            yield f"{page[0].id}: hình sống cần ở một mình trên trang chiếu"


def homeless_names(notebook):
    """Code nào hiện trên slide thì chỉ dùng những tên mà một slide trước đó, hay chính nó, đã đặt ra."""
    known = {*dir(builtins), "lesson"}
    for cell in code(notebook):
        try:
            tree = ast.parse(cell.source)
        except SyntaxError:  # ô có %pip
            continue
        nodes = list(ast.walk(tree))
        imports = [node for node in nodes if isinstance(node, ast.Import | ast.ImportFrom)]
        known |= {name.asname or name.name.split(".")[0] for node in imports for name in node.names}
        if slide(cell) in {"skip", "notes"} or pictures(cell):
            continue
        names = [node for node in nodes if isinstance(node, ast.Name)]
        known |= {name.id for name in names if isinstance(name.ctx, ast.Store)}
        known |= {node.name for node in nodes if isinstance(node, ast.FunctionDef | ast.ClassDef)}
        known |= {node.arg for node in nodes if isinstance(node, ast.arg)}
        known |= {node.name for node in nodes if isinstance(node, ast.ExceptHandler)}
        if lost := sorted({name.id for name in names} - known) if not stage.folded(cell) else []:
            yield f"{cell.id}: slide dùng {', '.join(lost)} mà không slide nào nói là gì; hãy gập code (code: folded)"


GUESS = re.compile(r"[Hh]ãy đoán|[Đđ]oán trước")


def guesses(notebook):
    """Câu trả lời của *Hãy đoán* là một câu hỏi trắc nghiệm, một hình sống, hay một kết quả gập lại (thẻ ``guess``)."""
    for i, cell in enumerate(notebook.cells):
        before = next((c for c in reversed(notebook.cells[:i]) if c.cell_type == "markdown" or c.get("outputs")), None)
        if build.is_guess(cell):
            if not cell.get("outputs") or is_quiz(cell) or is_live(cell):
                yield f"{cell.id}: thẻ guess chỉ dành cho ô mã có kết quả, không phải câu hỏi trắc nghiệm hay hình sống"
            if before is None or slide(before) == "notes" or not re.search(r"\?|[Hh]ãy đoán", before.source):
                yield f"{cell.id}: ô mang thẻ guess cần đứng ngay sau ô chữ đặt câu hỏi"
            if slide(cell) not in {"fragment", "subslide", "slide", "skip"}:
                yield f"{cell.id}: ô mang thẻ guess cần là fragment, để slide hiện câu hỏi trước"
            if not cell.metadata.get("collapsed") or not cell.metadata.get("jupyter", {}).get("outputs_hidden"):
                yield f"{cell.id}: kết quả phải đoán mà chưa gập"
            told = next((c for c in notebook.cells[i + 1 :] if slide(c) != "notes"), cell)
            if told.cell_type == "markdown" and not re.match(r"#|>|\*\*Hình|<details>", told.source):
                if "?" not in told.source:
                    yield f"{told.id}: lời bàn về một kết quả phải đoán mà chưa gập"
        if cell.cell_type == "markdown" and slide(cell) != "notes" and GUESS.search(cell.source):
            answer = next((c for c in after_in_section(notebook, i) if c.get("outputs")), None)
            if answer and not (build.is_guess(answer) or is_quiz(answer) or is_live(answer) or is_exercise(answer)):
                yield f"{answer.id}: trả lời câu *Hãy đoán* ngay trên, nên cần thẻ guess"


def after_in_section(notebook, i):
    """Các ô sau ô ``i``, đến đề mục kế tiếp; đề mục của một hình sống thì không kể."""
    return itertools.takewhile(
        lambda c: c.cell_type == "code" or not re.match(r"#+ (?!Hình sống)", c.source), notebook.cells[i + 1 :]
    )


def is_exercise(cell):
    return bool(re.search(r"lesson\.\w+\.check\(", cell.source))


def asks(cell):
    """Ô này hỏi cả lớp một câu mà ô sau trả lời."""
    quiz = is_quiz(cell) and cell.source not in {"lesson.opening", "lesson.closing"}
    return quiz or cell.cell_type == "markdown" and bool(re.search(rf"{GUESS.pattern}|^> \*\*Ngộ nhận", cell.source))


def questions(notebook):
    for page in deck(notebook):
        for cell, following in zip(page, page[1:]):
            if asks(cell) and not asks(following) and not is_quiz(following) and slide(following) != "fragment":
                yield f"{following.id}: đứng sau một câu hỏi trên cùng trang chiếu, nên phải là fragment"


def notes(notebook):
    heading, missing, total = None, None, 0
    for i, cell in enumerate(notebook.cells):
        note = NOTE.fullmatch(cell.source)
        if (slide(cell) == "notes") != bool(note):
            yield f"{cell.id}: ghi chú là một khối <details> mang tên Ghi chú cho người dạy (N phút), và có slide_type notes"
        if slide(cell) == "slide":
            if missing:
                yield f"{missing}: mục này chưa có ghi chú cho người dạy"
            heading = cell.source.split("\n")[0]
            missing = None if re.match(r"# |## (Học xong bài này|Trở lại câu hỏi|Tóm tắt)", heading) else heading
        if note:
            missing, total = None, total + int(note[1]) * (heading != "## Bài tập")
        if is_live(cell):
            ahead = list(itertools.takewhile(lambda c: slide(c) not in {"slide", "subslide"}, notebook.cells[i + 1 :]))
            if not any(slide(other) == "notes" and "?" in other.source for other in ahead):
                yield f"{cell.id}: hình sống cần một ghi chú riêng, có câu hỏi cho lớp"
    row = reading_time.TITLE_ROW.search(notebook.cells[0].source)
    declared = int(row["lecture"]) if row else 0
    if total != declared or not 45 <= declared <= 90:
        yield f"đầu bài ghi trình bày {declared} phút, các ghi chú (không kể mục Bài tập) cộng lại {total}: cần bằng nhau, từ 45 đến 90"


def colab(notebook):
    """Trang chiếu của Colab đọc đề mục: một ô chữ có đề mục và ô mã ngay sau là một trang."""
    found = [
        line
        for cell in markdown(notebook)
        for line in re.findall(r"^#{1,3} (.*)$", re.sub(r"```.*?```", "", cell.source, flags=re.S), re.M)
    ]
    for heading in found:
        if found.count(heading) > 1 or len(heading) > 70 or re.search(r"[.$]$|\$|^Phần \d", heading):
            yield f"đề mục không dùng làm tên trang chiếu được (lặp, quá dài, có công thức hay dấu chấm): {heading}"
    if not 20 <= len(found) <= 60:
        yield f"Colab sẽ có {len(found)} trang chiếu: cần từ 20 đến 60"
    for before, cell in zip(notebook.cells, notebook.cells[1:]):
        if is_live(cell) and not re.match(r"#{2,3} Hình sống: \S", before.source):
            yield f"{cell.id}: ngay trước hình sống cần một ô đề mục `### Hình sống: …`"


def links(notebook):
    texts = [(cell.id, re.sub(r"`[^`]*`", "", cell.source)) for cell in markdown(notebook)]
    found = [(place, target) for place, text in texts for target in re.findall(r"\]\(([^)\s]*)\)", text)]
    targets = [target for _, target in found]
    for place, target in found:
        if targets.count(target) > 1 and not target.startswith("#"):
            yield f"{place}: liên kết lặp lại: {target}"
        if fault := broken(target, notebook):
            yield f"{place}: {fault}"


def broken(target, notebook):
    """Liên kết này hỏng ở chỗ nào; None là lành."""
    parts = urlsplit(target)
    if target.startswith("#"):
        return None if target[1:] in anchors(notebook) else f"không có đề mục nào mang neo {target}"
    if parts.scheme:
        known = parts.scheme in {"http", "https"} and "." in parts.netloc
        return None if known else f"địa chỉ hỏng: {target}"
    if not target or not (NOTEBOOKS / parts.path).exists():
        return f"không có file {target!r}"
    if parts.fragment and parts.fragment not in anchors(read(Path(parts.path).stem)):
        return f"không có đề mục nào mang neo {target}"
    return None


def mathematics(notebook):
    for cell in markdown(notebook):
        text = re.sub(r"```.*?```|`[^`\n]*`", "", cell.source, flags=re.S)
        if text.count("$$") % 2 or re.sub(r"\$\$", "", text).replace("\\$", "").count("$") % 2:
            yield f"{cell.id}: dấu $ không thành cặp"
        for bad in (r"eqnarray", r"\mbox", r"\label", r"\newcommand", r"\ket", r"\def", r"\("):
            if bad in text:
                yield f"{cell.id}: {bad} không hiện được ở mọi nơi"
        for formula in formulas(text):
            bare = formula.replace(r"\{", "").replace(r"\}", "")
            if bare.count("{") != bare.count("}") or len(re.findall(r"\\left\b", bare)) != len(
                re.findall(r"\\right\b", bare)
            ):
                yield f"{cell.id}: ngoặc lệch trong {formula}"
            if any(letter > "\u024f" and letter.isalpha() for letter in re.sub(r"\\text\{[^}]*\}", "", formula)):
                yield f"{cell.id}: chữ có dấu nằm ngoài \\text trong {formula}"


def clean(notebook):
    if extra := notebook.metadata.keys() - {"kernelspec", "language_info", "mlcourse"}:
        yield f"metadata lạ: {extra}"
    if notebook.metadata.get("kernelspec", {}).get("name") != "python3" or notebook.metadata.language_info != {
        "name": "python"
    }:
        yield "kernelspec cần là python3, không kèm phiên bản"
    if [cell.execution_count for cell in code(notebook)] != list(range(1, len(code(notebook)) + 1)):
        yield "số lần chạy không phải 1..n"
    if len({cell.id for cell in notebook.cells}) < len(notebook.cells):
        yield "mã ô trùng nhau"
    for cell in notebook.cells:
        if extra := cell.metadata.keys() - build.CELL_METADATA:
            yield f"{cell.id}: metadata lạ {extra}"
        for output in cell.get("outputs", []):
            if output.output_type == "error" or output.get("name") == "stderr":
                yield f"{cell.id}: báo lỗi hay cảnh báo"
            if any("widget" in kind for kind in output.get("data", {})):
                yield f"{cell.id}: còn widget trong kết quả"
            words = output.get("data", {}).get("text/plain", "") + output.get("text", "")
            if re.search(r" at 0x[0-9a-f]{4}|/home/|/tmp/|site-packages", words):
                yield f"{cell.id}: kết quả mang dấu vết của máy này"


def words_of_pictures(notebook):
    for cell in notebook.cells:
        for output in pictures(cell):
            words = output.data.get("text/plain", "")
            if words.startswith("<") or not re.search(r"\d", words):
                yield f"{cell.id}: lời kể của hình cần có con số, đang là {words[:60]!r}"
            if output.metadata.get("image/png", {}).get("alt") != words:
                yield f"{cell.id}: alt khác với lời kể"


RULES = [
    opening,
    times,
    objectives,
    quizzes,
    live_figures,
    answers,
    exercises,
    misconceptions,
    summary,
    captions,
    slides,
    decks,
    guesses,
    questions,
    notes,
    colab,
    links,
    mathematics,
    clean,
    words_of_pictures,
]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_rule(stem, rule):
    found = list(rule(read(stem)))
    remedy = f"Sửa ở notebooks/src/{stem}.md, rồi make notebooks LESSON={stem}."
    assert not found, f"Bài {stem}, luật {rule.__name__}:\n" + "\n".join(found) + f"\n{remedy}"


def test_a_long_lesson_of_the_second_edition_has_a_place_to_stop(stem):
    assert re.match(r"\d+(_\d)?", stem)[0] not in SECOND_EDITION or not list(stops(read(stem)))


def test_the_whole_pass_of_lesson_00_is_short():
    cells = [cell.source for cell in code(read("00_tom_tat")) if ".check(" not in cell.source]
    starts = ["split = model_selection.train_val_test_split", "score_val = ", "def cost(", "score_test = "]
    steps = [next(source for source in cells if source.startswith(start)) for start in starts]
    assert sum(bool(line.strip()) for source in steps for line in source.splitlines()) < 31


def test_badge(stem):
    assert build.badge(stem) in read(stem).cells[0].source
    assert build.REPOSITORY in build.FIRST_CELL and build.REPOSITORY.startswith("https://github.com/")
    assert "[![" not in "".join(cell.source for cell in read(stem).cells[1:])


def test_size(stem):
    assert (NOTEBOOKS / f"{stem}.ipynb").stat().st_size < 1e6


# --- Luật bắt được chỗ hỏng cố ý --------------------------------------------------------------------------------------


def where(notebook, test):
    return next(cell for cell in notebook.cells if test(cell))


def edit(pattern, new, kind="markdown"):
    """Sửa chỗ đầu tiên khớp ``pattern`` trong các ô loại ``kind``."""

    def damage(notebook):
        cell = where(notebook, lambda cell: cell.cell_type == kind and re.search(pattern, cell.source, re.M))
        cell.source = re.sub(pattern, new, cell.source, count=1, flags=re.M)

    return damage


def slide_type(test, value):
    def damage(notebook):
        where(notebook, test).metadata["slideshow"] = {"slide_type": value}

    return damage


def staged(test, **stage):
    def damage(notebook):
        where(notebook, test).metadata.setdefault("slideshow", {}).update(stage)

    return damage


def drop(pattern):
    def damage(notebook):
        notebook.cells.remove(where(notebook, lambda cell: re.search(pattern, cell.source)))

    return damage


def output(change, test=pictures):
    def damage(notebook):
        change(where(notebook, test).outputs[0])

    return damage


def title(cell):
    return cell.source.startswith("# ")


def commented(cell):
    return build.AFTER in cell.source


def question_of(notebook):
    """Ô hỏi câu mà một kết quả gập lại trả lời."""
    guess = next(i for i, cell in enumerate(notebook.cells) if build.is_guess(cell))
    return notebook.cells[guess - 1]


def is_note(cell):
    return slide(cell) == "notes"


SEEDS = [
    (opening, edit(r"\d+ phút", "ít phút")),
    (times, edit(r"tự học (\d+) phút", r"tự học 1\1 phút")),
    (times, edit(r"^## Tóm tắt", "## Tóm tắt\n\n" + "dài " * 500)),
    (opening, edit(r"v\d", "v9", "code")),
    (opening, slide_type(title, "skip")),
    (objectives, edit(r"^1\. .*\n2\. .*\n", "")),
    (quizzes, drop(r"^lesson\.closing")),
    (live_figures, edit(r"\*\*Đọc hình\.\*\* Hạ", "Hạ")),
    (live_figures, edit(r"^3\. Kéo.*", "")),
    (live_figures, slide_type(is_live, "fragment")),
    (answers, edit(r"^<details><summary>Trả lời</summary>\n", "<details><summary>Trả lời</summary>")),
    (answers, edit(r"^<details><summary>Trả lời", "<details><summary><em>Trả lời</em>")),
    (answers, slide_type(lambda cell: FOLD.search(cell.source), "fragment")),
    (answers, edit(r"^2\. `.*", "")),
    (answers, edit(r"^(2\.) `[^`]*`(.*`.*)?", r"\1")),
    (exercises, edit(r"\(bài mở\)", "")),
    (exercises, edit(r"Bài tập 2:", "Bài tập 3:")),
    (exercises, edit(r"^lesson\.four_scores\.check.*", "", "code")),
    (misconceptions, edit(r"Ngộ nhận 2", "Ngộ nhận 3")),
    (misconceptions, drop(r"shifted")),
    (summary, edit(r"^5\. Ngưỡng.*", "")),
    (summary, edit(r"^\| Đã biết giá.*", "| Đã biết giá |")),
    (summary, edit(r"^## Đọc thêm", "")),
    (captions, edit(r"\*\*Hình 2\.\*\*", "**Hình 3.**")),
    (captions, drop(r"^\*\*Hình 1\.")),
    (slides, slide_type(title, "-")),
    (slides, edit(r"^## Nghịch lý.*\n\n", "")),
    (slides, staged(title, key="0.5")),
    (slides, staged(is_note, part="Phần một")),
    (slides, staged(build.is_guess, code="gập")),
    (slides, staged(build.is_guess, key="1234567")),
    (slides, staged(build.is_guess, size="to")),
    (decks, lambda notebook: [cell.metadata.get("slideshow", {}).pop("part", None) for cell in notebook.cells]),
    (decks, edit(r"^## Nghịch lý.*", "## Nghịch lý\n\nHãy chọn trước khi đọc tiếp.")),
    (decks, slide_type(lambda cell: cell.source.startswith("decision ="), "skip")),
    (slides, slide_type(lambda cell: cell.cell_type == "code" and not pictures(cell), "slide")),
    (decks, edit(r"^lesson\.opening$", "x = 1\n" * 12 + "lesson.opening", "code")),
    (decks, edit(r"^lesson\.opening$", f"lesson.opening  # {'dài ' * 30}", "code")),
    (decks, slide_type(lambda cell: cell.source.startswith("**Hình 2."), "fragment")),
    (decks, lambda notebook: [cell.metadata.update(slideshow={"slide_type": "subslide"}) for cell in notebook.cells]),
    (guesses, lambda notebook: where(notebook, build.is_guess).metadata.pop("tags")),
    (guesses, lambda notebook: where(notebook, build.is_guess).metadata.pop("collapsed")),
    (guesses, lambda notebook: where(notebook, build.is_guess).metadata.pop("jupyter")),
    (guesses, lambda notebook: where(notebook, build.is_guess).metadata.pop("slideshow")),
    (guesses, lambda notebook: where(notebook, build.is_guess).outputs.clear()),
    (guesses, lambda notebook: where(notebook, commented).update(source="Vậy là cả hai cùng tăng.")),
    (guesses, lambda notebook: where(notebook, is_quiz).metadata.update(tags=["guess"])),
    (guesses, lambda notebook: where(notebook, is_live).metadata.update(tags=["guess"])),
    (guesses, lambda notebook: question_of(notebook).update(source="Ta có một bảng.")),
    (guesses, lambda notebook: question_of(notebook).metadata.update(slideshow={"slide_type": "notes"})),
    (
        questions,
        lambda notebook: where(notebook, lambda c: c.source.startswith("sick, well =")).metadata.pop("slideshow"),
    ),
    (
        questions,
        lambda notebook: where(notebook, lambda c: c.source.startswith("first = np.arange(n)")).metadata.pop(
            "slideshow"
        ),
    ),
    (notes, edit(r"\((\d+) phút\)", r"(4\1 phút)")),
    (notes, drop(r"Ghi chú cho người dạy \(4 phút\)")),
    (
        notes,
        lambda notebook: [
            cell.update(source=cell.source.replace("?", ".")) for cell in notebook.cells if is_note(cell)
        ],
    ),
    (colab, edit(r"^### Hình sống: ", "### ")),
    (colab, edit(r"^## Tóm tắt", "## Ngộ nhận thường gặp")),
    (colab, edit(r"^## Tóm tắt", "## Tóm tắt bài này bằng năm dòng thật gọn mà không bỏ sót điều gì quan trọng cả")),
    (notes, edit(r"Ghi chú cho người dạy", "Nhắc")),
    (
        notes,
        edit(r"phút\)</em></summary>\n", "phút)</em></summary>"),
    ),  # thiếu dòng trống thì Markdown bên trong không dựng
    (notes, edit(r"\n\n</details>", "\n</details>")),
    (notes, slide_type(is_note, "skip")),
    (links, edit(r"^## Tóm tắt", "[xem](khong_co.ipynb)\n\n## Tóm tắt")),
    (links, edit(r"^## Tóm tắt", "[xem](#khong-co)\n\n## Tóm tắt")),
    (links, edit(r"^## Tóm tắt", "[xem](00_tom_tat.ipynb#khong-co)\n\n## Tóm tắt")),
    (links, edit(r"^## Tóm tắt", "[xem](http:/example)\n\n## Tóm tắt")),
    (links, edit(r"^## Tóm tắt", "[a](glossary.csv) [b](glossary.csv)\n\n## Tóm tắt")),
    (mathematics, edit(r"\$\$", "")),
    (mathematics, edit(r"\\frac\{", r"\\frac")),
    (mathematics, edit(r"\\frac", r"\\mbox{x}\\frac")),
    (mathematics, edit(r"\\text\{precision\}", "độ chuẩn")),
    (clean, lambda notebook: notebook.metadata.update(widgets={})),
    (clean, lambda notebook: code(notebook)[3].update(execution_count=99)),
    (clean, lambda notebook: notebook.cells[3].metadata.update(execution={})),
    (clean, output(lambda one: one.data.update({build.WIDGET_VIEW: {}}))),
    (clean, output(lambda one: one.data.update({"text/plain": "<Line2D at 0x7f00aa>"}))),
    (words_of_pictures, output(lambda one: one.data.update({"text/plain": "<Figure size 640x480>"}))),
    (words_of_pictures, output(lambda one: one.data.update({"text/plain": "Một đường cong."}))),
    (words_of_pictures, output(lambda one: one.metadata.clear())),
]


@pytest.mark.parametrize("rule, damage", SEEDS, ids=[f"{rule.__name__}-{i}" for i, (rule, _) in enumerate(SEEDS)])
def test_rule_catches_its_seed(rule, damage):
    notebook = read("01_gioi_thieu" if rule is answers else "04_1_danh_gia_phan_loai")
    before = set(rule(notebook))
    damage(notebook)
    assert set(rule(notebook)) - before


def test_a_lesson_of_the_second_edition_answers_what_it_asks(monkeypatch):
    notebook = read("01_gioi_thieu")
    figures = [box.figure for box in trying.boxes(notebook.cells)]
    monkeypatch.setattr(lessons, "SECOND_EDITION", ("01",))
    for cell in notebook.cells:
        cell.source = trying.ANSWERS.sub("", cell.source)
    assert [fault.split(":")[0] for fault in answers(notebook)] == figures


def test_a_place_to_stop_is_asked_of_long_lessons_only():
    long, short = read("04_1_danh_gia_phan_loai"), read("00_tom_tat")
    long.cells = [cell for cell in long.cells if "Chỗ nghỉ" not in cell.source]
    assert list(stops(long)) and not list(stops(short))
    long.cells.append(nbformat.v4.new_markdown_cell("> **Chỗ nghỉ.** Nửa đầu đến đây là trọn."))
    assert not list(stops(long))


def test_every_rule_has_a_seed():
    assert {rule for rule, _ in SEEDS} == set(RULES)


# --- Nguồn và sản phẩm ------------------------------------------------------------------------------------------------


def test_every_notebook_has_a_source():
    assert {path.stem for path in NOTEBOOKS.glob("*.ipynb")} == set(LESSONS), "chạy make notebooks"


@pytest.mark.parametrize("lesson", every(), ids=LESSONS)
def test_product_is_in_step_with_its_source(lesson):
    wanted, product = jupytext.read(lesson.source), read(lesson.stem)
    for cell in build.comments(wanted.cells):
        cell.source = build.wrapped(cell.source)
    assert [(c.cell_type, c.source) for c in product.cells] == [(c.cell_type, c.source) for c in wanted.cells], (
        "chạy make notebooks"
    )
    assert list(map(slide, product.cells)) == list(map(slide, wanted.cells)), "chạy make notebooks"
    assert build.is_fresh(lesson), f"{lesson.source.name} đã đổi: chạy make notebooks"
