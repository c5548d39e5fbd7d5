"""Reading and checking 5,000 rows, writing the marked workbook, answering ``--help``."""

import io
import subprocess
import sys
from functools import partial

import openpyxl
import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from tianbao.checking import check, choose, marked
from tianbao.templates.layout import blank
from tianbao.testing import valid_row
from tianbao.workbooks import Limits
from tianbao_export_excel.formats import kinds
from tianbao_export_excel.reading import read_workbook
from tianbao_export_excel.writing import ExcelWriter
from tianbao_templates_111 import TEMPLATE

ROWS = 5_000


@pytest.fixture(scope="module")
def rows():
    return {
        sheet.kind: [
            valid_row(sheet, n, teacher_code=f"T{n % 20}", **(case(n) if sheet.kind == "case" else {}))
            for n in range(ROWS)
        ]
        for sheet in TEMPLATE.sheets
    }


def case(n):
    """Cells repeat as they do in life: every student is another, all else is a code."""
    return {"main_issue": n % 18 + 1, "secondary_issues": 0, "sessions": n % 9 + 1, "grade": n % 12 + 1}


@pytest.fixture(scope="module")
def data(rows):
    """A filled blank as openpyxl saves it, its texts within the cells."""
    file, saved = io.BytesIO(), io.BytesIO()
    ExcelWriter().write(blank(TEMPLATE, rows=rows), file)
    openpyxl.load_workbook(file).save(saved)
    return saved.getvalue()


@pytest.fixture(scope="module")
def shared(data):
    """The same as Excel saves it: every text stands once, in a table of its own."""
    saved = io.BytesIO()
    with xlsxwriter.Workbook(saved) as book:
        style = book.add_format({"border": 1})
        for sheet in openpyxl.load_workbook(io.BytesIO(data)):
            page = book.add_worksheet(sheet.title)
            for number, cells in enumerate(sheet.values):
                page.write_row(number, 0, cells, style)
    return saved.getvalue()


def read(data):
    """Our reading without the jail, which has its own measure."""
    return kinds.read(data, Limits())


def read_and_check(data):
    book = read(data)
    verdict = check(book, choose(book, {"111": TEMPLATE}))
    assert verdict.accepted
    assert verdict.counts == {"case": ROWS, "service": ROWS}


def bare_read(data):
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    for sheet in TEMPLATE.sheets:
        book.get_sheet_by_name(sheet.name).to_python(skip_empty_area=False)


def test_reading_and_checking_against_a_bare_read(ratio, data):
    ours = partial(read_and_check, data)
    assert ratio("read and check / calamine's bare read", ours, partial(bare_read, data), 1.6) < 1.6

    def slow():
        openpyxl.load_workbook(io.BytesIO(data))

    assert ratio("openpyxl.load_workbook / read and check", slow, ours, 8, rounds=5) > 8


def test_the_same_with_shared_strings(ratio, shared):
    ours, bare = partial(read_and_check, shared), partial(bare_read, shared)
    ratio("texts in a table of their own: read and check / calamine's bare read", ours, bare)


def test_marking_against_writing_the_same_rows(ratio, data, rows):
    book = read(data)
    verdict = check(book, TEMPLATE)

    def ours():
        ExcelWriter().write(marked(verdict), io.BytesIO())

    def plain():
        book = openpyxl.Workbook(write_only=True)
        for sheet in TEMPLATE.sheets:
            page = book.create_sheet(sheet.name)
            for row in rows[sheet.kind]:
                page.append(row)
        book.save(io.BytesIO())

    assert ratio("marked workbook / openpyxl write-only", ours, plain, 1.3) < 1.3


def test_help_against_a_script_that_imports_and_lists(ratio):
    bare = (
        "import click, pluggy\nfrom importlib.metadata import entry_points\nprint(list(entry_points(group='tianbao')))"
    )

    def run(*words):
        subprocess.run([sys.executable, *words], check=True, capture_output=True)

    times = ratio(
        "tianbao --help / click, pluggy, entry points",
        lambda: run("-m", "tianbao", "--help"),
        lambda: run("-c", bare),
        1.5,
        rounds=9,
    )
    assert times < 1.5


def test_the_jail_adds_little_to_a_typical_file(ratio, wall_clock):
    file = io.BytesIO()
    sheets = {sheet.kind: [valid_row(sheet, n) for n in range(100)] for sheet in TEMPLATE.sheets}
    ExcelWriter().write(blank(TEMPLATE, rows=sheets), file)
    typical = file.getvalue()
    read_workbook(typical, Limits())  # the zygote starts once, with the first file

    def jailed():
        read_workbook(typical, Limits())

    ratio("100 rows in the jail / without it", jailed, lambda: read(typical), rounds=30, clock=wall_clock)
