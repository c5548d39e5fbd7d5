"""What a page shows of a verdict."""

import pytest

from tianbao.checking import Context, check
from tianbao.testing.builders import filled
from tianbao.units import Level
from tianbao_web_litestar.file_names import attachment, harmless
from tianbao_web_litestar.results import MOST_ROWS, result_of


def result(plugins, **rows):
    template = plugins.templates["113"]
    return result_of(check(filled(template, **rows), template, Context(level=Level.JUNIOR_HIGH)))


def test_a_long_sheet_shows_only_its_marked_rows(plugins):
    rows = [{}] * MOST_ROWS + [{"grade": 12}]
    shown = result(plugins, case=rows).tables[0]
    assert [row.head.text for row in shown.rows] == [str(MOST_ROWS + 4)]
    assert shown.total == MOST_ROWS + 1


def test_a_finding_whose_row_is_not_shown_has_no_link(plugins):
    [group] = result(plugins, case=[{"grade": 12}] * (MOST_ROWS + 5)).groups
    [line] = group.lines
    assert line.count == MOST_ROWS + 5
    assert [bool(spot.anchor) for spot in line.spots] == [True] * MOST_ROWS + [False] * 5


def test_missing_and_invalid_are_counted_apart(plugins):
    counted = result(plugins, case=[{"grade": 12, "sessions": None}, {"sessions": None}])
    assert (counted.missing, counted.invalid) == (2, 1)


def test_every_link_leads_to_a_cell(plugins):
    shown = result(plugins, case=[{"grade": 12}, {"student_code": "王小明"}], service=[{"item": 99}])
    anchors = {cell.anchor for table in shown.tables for row in table.rows for cell in (row.head, *row.cells)}
    links = [spot.anchor for group in shown.groups for line in group.lines for spot in line.spots]
    assert links
    assert set(links) <= anchors


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("成果.xlsx", "成果.xlsx"),
        ("C:\\fakepath\\成果.xlsx", "成果.xlsx"),
        ("../../etc/passwd", "passwd"),
        ("\u202excod.exe\u0000", "xcod.exe"),
        ('a"b<c>.xlsx', "a_b_c_.xlsx"),
        ("...", "檔案"),
        ("", "檔案"),
        ("長" * 300 + ".xlsx", "長" * 115 + ".xlsx"),
    ],
)
def test_file_names_are_made_harmless(name, shown):
    assert harmless(name) == shown


def test_a_header_cannot_be_broken_out_of():
    header = attachment('a"\r\nSet-Cookie: x=y;.xlsx')["Content-Disposition"]
    assert "\r" not in header
    assert '"' not in header
