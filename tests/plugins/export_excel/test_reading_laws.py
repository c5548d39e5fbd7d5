"""Laws of the .xlsx reader: whatever way a sheet takes through it, what stands in the cells comes out."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tianbao.workbooks import Broken, Limits, cell_name
from tianbao_export_excel.formats import exact, kinds, package, quick
from tianbao_export_excel.formats.markup import escape
from tianbao_export_excel.refusals import Rejected

from .workbook_files import rows_xlsx, sheet

LIMITS = Limits()

text = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), min_size=1, max_size=8).filter(
    lambda value: "_x00" not in value
)
cell = st.one_of(
    st.none(),
    st.integers(-(10**9), 10**9).map(float),
    st.floats(0.001, 10**6),
    st.booleans(),
    text,
    st.sampled_from(["#N/A", "#REF!"]).map(Broken),
    st.just(Broken("=A1+1", formula=True)),
)
grid = st.dictionaries(st.integers(1, 30), st.dictionaries(st.integers(1, 30), cell, max_size=6), max_size=6)


def markup(name, value):
    """A cell as some program may write it."""
    match value:
        case None:
            return f'<c r="{name}" s="1"/>'
        case bool():
            return f'<c r="{name}" t="b"><v>{int(value)}</v></c>'
        case float():
            return f'<c r="{name}"><v>{value!r}</v></c>'
        case Broken(formula=True):
            return f'<c r="{name}"><f>{value.shown[1:]}</f><v></v></c>'
        case Broken():
            return f'<c r="{name}" t="e"><v>{value.shown}</v></c>'
    return f'<c r="{name}" t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>'


def rows_of(cells, order=sorted):
    return "".join(
        f'<row r="{row}">'
        + "".join(markup(cell_name(row, column), cells[row][column]) for column in sorted(cells[row]))
        + "</row>"
        for row in order(cells)
    )


def filled(rows):
    """What is not blank, by row and column."""
    return {
        (row, column): value
        for row, cells in enumerate(rows, start=1)
        for column, value in enumerate(cells, start=1)
        if value not in {"", None}
    }


def expected(cells):
    return {(row, column): value for row in cells for column, value in cells[row].items() if value is not None}


@settings(deadline=None, max_examples=80)
@given(grid)
def test_what_is_written_is_read(cells):
    book = kinds.read(rows_xlsx(rows_of(cells)), LIMITS)
    assert filled(book.sheets[0].rows) == expected(cells)


@settings(deadline=None, max_examples=60)
@given(grid)
def test_the_quick_and_the_exact_way_agree(cells):
    part = sheet(rows_of(cells)).encode()
    quickly = quick.scan("表", part, LIMITS)
    exactly = exact.scan("表", part, LIMITS)
    assert quickly is not None
    assert quickly.broken == exactly.broken
    commented = rows_xlsx("<!-- so that only the exact way is left -->" + rows_of(cells))
    assert kinds.read(commented, LIMITS) == kinds.read(rows_xlsx(rows_of(cells)), LIMITS)


@settings(deadline=None, max_examples=40)
@given(grid)
def test_the_order_of_rows_does_not_matter(cells):
    backwards = rows_of(cells, lambda rows: sorted(rows, reverse=True))
    assert kinds.read(rows_xlsx(backwards), LIMITS) == kinds.read(rows_xlsx(rows_of(cells)), LIMITS)


@pytest.mark.parametrize("number", ["0", "00", "x", ""])
def test_a_row_without_a_number_is_broken_either_way(number):
    """Where it stands last, the quick way's expression once failed itself, within Python."""
    regular = rows_of({15: {1: None, 2: "S", 3: 7.0}})
    for rows in (f'{regular}<row r="{number}"/>', f'<row r="{number}"/>{regular}'):
        part = sheet(rows).encode()
        with pytest.raises(Rejected):
            exact.scan("表", part, LIMITS)
        with pytest.raises(Rejected):
            quick.scan("表", part, LIMITS) or exact.scan("表", part, LIMITS)


def test_an_ordinary_sheet_takes_the_quick_way(monkeypatch):
    def slowly(*_):
        raise AssertionError("cell by cell, though every cell is regular")

    monkeypatch.setattr(package._Sheet, "look_closer", slowly)
    cells = {row: {1: float(row), 2: f"S{row}", 3: True} for row in range(1, 50)}
    scan = quick.scan("表", sheet(rows_of(cells)).encode(), LIMITS)
    assert scan is not None
    assert scan.filled == 147
    assert len(kinds.read(rows_xlsx(rows_of(cells)), LIMITS).sheets[0].rows) == 49
