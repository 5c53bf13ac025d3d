"""Sổ điểm của nbgrader: ``gradebook.db``, các bản chép của bài nộp, và ``diem_nbgrader.csv``."""

import contextlib
import json
import shutil
import warnings

import nbformat
from nbgrader.api import Gradebook
from nbgrader.apps.api import NbGraderAPI
from nbgrader.plugins import CsvExportPlugin
from nbgrader.preprocessors import (
    AssignLatePenalties,
    ClearOutput,
    DeduplicateIds,
    LimitOutput,
    NbGraderPreprocessor,
    OverwriteCells,
    OverwriteKernelspec,
    SaveAutoGrades,
)
from sqlalchemy.exc import SAWarning

from tools.lessons import chosen, every

from . import assignment, page
from .results import student_id


class Attach(NbGraderPreprocessor):
    """Thay bước chạy trong ``nbgrader autograde``: kết quả đã có, ô nào nhận kết quả của ô ấy."""

    outputs = {}

    def preprocess(self, nb, resources):
        found = self.outputs[resources["nbgrader"]["student"], resources["nbgrader"]["assignment"]]
        for cell in nb.cells:
            if cell.cell_type == "code":
                cell.outputs = found.get(cell.metadata.get("nbgrader", {}).get("grade_id"), [])
        return nb, resources


class Book:
    """Sổ điểm của nbgrader ở ``course``: ghi, bỏ, xuất ra ``diem_nbgrader.csv``."""

    def __init__(self, course):
        self.course, self.settings = course, assignment.config(course)
        wash = [ClearOutput, DeduplicateIds, OverwriteKernelspec, OverwriteCells]
        self.settings.Autograde.sanitize_preprocessors = wash
        self.settings.Autograde.autograde_preprocessors = [Attach, LimitOutput, SaveAutoGrades, AssignLatePenalties]
        self.api = NbGraderAPI(config=self.settings)

    def opened(self):
        return Gradebook(self.api.coursedir.db_url)

    def put(self, row, notebook):
        """Ghi điểm của một bài, mỗi bài một lần ``autograde``; trả về lỗi của nbgrader, hay chuỗi rỗng."""
        student, number = student_id(row["learner"]), row["lesson"]
        target = self._target(student, number)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(notebook, encoding="utf-8")
        marked = [cell for cell in nbformat.reads(notebook, as_version=4).cells if cell.cell_type == "code"]
        Attach.outputs = {(student, number): {cell.metadata.nbgrader.grade_id: cell.outputs for cell in marked}}
        with self.opened() as gradebook:
            gradebook.update_or_create_student(student, first_name=page.cell(row["learner"].replace(",", " ")))
        with warnings.catch_warnings():  # nbgrader 0.9.6 làm SQLAlchemy 2.1 nhắc; điểm ghi vẫn đúng
            warnings.simplefilter("ignore", SAWarning)
            done = self.api.autograde(number, student, force=True, create=True)
        return "" if done["success"] else f"nbgrader không ghi được điểm: {done['error'] or done['log']}"[:300]

    def agree(self, rows):
        """Cho sổ khớp với những hàng được tính: ghi bài còn thiếu hay đã đổi, bỏ bài không còn, rồi xuất bảng điểm."""
        wanted = {}
        for row in rows:
            if row["lesson"] and row["exercises"] and not row["replaced"]:
                wanted[student_id(row["learner"]), row["lesson"]] = row
        if not wanted and not (self.course / "gradebook.db").exists():
            return
        with self.opened() as gradebook:
            there = {(one.student.id, one.assignment.name) for one in self._submissions(gradebook)}
        for (student, number), row in wanted.items():
            notebook = json.loads((self.course / "ket_qua" / row["kept"]).read_text(encoding="utf-8"))["notebook"]
            target = self._target(student, number)
            kept = (student, number) in there and target.exists() and target.read_text(encoding="utf-8") == notebook
            if notebook and not kept:
                self.put(row, notebook)
        lessons = {lesson.number for lesson in every()}
        with self.opened() as gradebook:
            for one in self._submissions(gradebook):
                student, number = one.student.id, one.assignment.name
                if number in lessons and (student, number) not in wanted:
                    gradebook.remove_submission(number, student)
            known = {student for student, _ in wanted}
            for student in [one.id for one in gradebook.students if not one.submissions and one.id not in known]:
                gradebook.remove_student(student)
            CsvExportPlugin(to=str(self.course / "diem_nbgrader.csv"), config=self.settings).export(gradebook)
        for place in ("submitted", "autograded"):
            for path in (self.course / place).glob("*/*"):
                if path.name in lessons and (path.parent.name, path.name) not in wanted:
                    shutil.rmtree(path)
            for path in (self.course / place).glob("*"):
                with contextlib.suppress(OSError):  # còn bài khác của người ấy
                    path.rmdir()

    @staticmethod
    def _submissions(gradebook):
        return [one for assignment in gradebook.assignments for one in assignment.submissions]

    def _target(self, student, number):
        return self.course / "submitted" / student / number / chosen(number)[0].notebook.name
