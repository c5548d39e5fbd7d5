"""Lays out a template as a workbook: the blank and the filled example."""

from collections.abc import Mapping, Sequence
from itertools import accumulate

from attrs import evolve

from tianbao.documents import Document, Look, Mark, Page, PageColumn
from tianbao.periods import Period
from tianbao.templates import guide
from tianbao.templates.coded import OneOf, SomeOf
from tianbao.templates.sheets import Column, Sheet
from tianbao.templates.template import Template
from tianbao.templates.values import Text
from tianbao.workbooks import Area, Cell

FINGERPRINT_SHEET = "_tianbao"
"""The very hidden sheet that says which template, in which version, a workbook was made from."""

LAST_ROW = 20_000
"""Drop-downs and colouring of a blank reach down to this row."""


def blank(
    template: Template,
    *,
    unit_name: str = "",
    period: Period | None = None,
    rows: Mapping[str, Sequence[Sequence[Cell]]] | None = None,
) -> Document:
    """The workbook to fill in (空白表格).

    Args:
        template: which.
        unit_name: for the titles.
        period: for the titles.
        rows: rows to begin with, by kind, in the template's order of columns.
    """
    pages = [
        sheet_page(sheet, title_of(sheet, unit_name, period), (rows or {}).get(sheet.kind, ()))
        for sheet in template.sheets
    ]
    return document(template, f"{template.name}（空白表格）", pages)


def example(template: Template) -> Document:
    """The filled example (填報範例); it is refused when it comes back, see `tianbao.checking`."""
    pages = [
        sheet_page(sheet, title_of(sheet, "範例學校", template.serves.first), _examples(sheet))
        for sheet in template.sheets
    ]
    return document(template, f"{template.name}（填報範例，請勿上傳）", pages)


def document(template: Template, title: str, pages: Sequence[Page]) -> Document:
    """The pages with the guide behind them, and the template's fingerprint where a user will not disturb it."""
    identity = {"tianbao-template": template.key, "tianbao-fingerprint": template.fingerprint}
    hidden = Page(FINGERPRINT_SHEET, [["tianbao", template.key, template.fingerprint]], hidden=True)
    return Document([*pages, _guide_page(template), hidden], title, identity)


def title_of(sheet: Sheet, unit_name: str, period: Period | None) -> str:
    """The title row's text: ``[113-09] 校名 …``, without what is not known."""
    return " ".join(sheet.title.format(period=f"[{period.roc}]" if period else "", unit=unit_name).split())


def _examples(sheet: Sheet) -> Sequence[Sequence[Cell]]:
    count = max(len(column.example) for column in sheet.columns)
    return [[column.example[min(n, len(column.example) - 1)] for column in sheet.columns] for n in range(count)]


def sheet_page(sheet: Sheet, title: str, rows: Sequence[Sequence[Cell]]) -> Page:
    """A sheet as the official form has it: title, groups, headings, instructions, data."""
    width = len(sheet.columns)
    top: list[Sequence[Cell]] = [[] for _ in range(sheet.first_row - 1)]
    looks: dict[int, Look] = {}
    heights: dict[int, float] = {}
    merges: list[Area] = []
    if sheet.heading_row > 1:
        row = sheet.title_row
        top[row - 1], looks[row], heights[row] = [title], Look.TITLE, 30.0
        merges.append(Area(row, 1, row, width))
    if sheet.groups:
        row = sheet.heading_row - 1
        top[row - 1], looks[row] = _groups(sheet), Look.GROUP
        merges += _group_areas(sheet, row)
    top[sheet.heading_row - 1] = [column.heading for column in sheet.columns]
    looks[sheet.heading_row], heights[sheet.heading_row] = Look.HEADING, 48.0
    for row, texts in _instructions(sheet):
        top[row - 1], looks[row] = texts, Look.HELP
    return Page(
        sheet.name,
        [*top, *rows],
        [_page_column(column) for column in sheet.columns],
        looks,
        heights,
        {(sheet.heading_row, n): Mark(comment=_comment(column)) for n, column in enumerate(sheet.columns, 1)},
        merges,
        first_data_row=sheet.first_row,
        last_data_row=LAST_ROW,
        frozen_rows=sheet.heading_row,
        frozen_columns=3 if sheet.kind == "case" else 1,
    )


def _groups(sheet: Sheet) -> Sequence[Cell]:
    return [cell for name, span in (sheet.groups or {}).items() for cell in (name, *[None] * (span - 1))]


def _group_areas(sheet: Sheet, row: int) -> Sequence[Area]:
    spans = (sheet.groups or {}).values()
    return [
        Area(row, last - span + 1, row, last) for span, last in zip(spans, accumulate(spans), strict=True) if span > 1
    ]


def _instructions(sheet: Sheet) -> Sequence[tuple[int, Sequence[str]]]:
    """The rows between headings and data: help, then what is allowed; in one where there is only one."""
    first, count = sheet.heading_row + 1, sheet.first_row - sheet.heading_row - 1
    if count < 1:
        return []
    if count == 1:
        return [(first, ["\n".join(filter(None, (c.help, _listed(c)))) for c in sheet.columns])]
    return [(first, [c.help for c in sheet.columns]), (first + 1, [_listed(c) for c in sheet.columns])]


def _listed(column: Column) -> str:
    """What is allowed, a code a line."""
    if isinstance(column.values, OneOf | SomeOf):
        codes = [code.label if column.values.codes.words else str(code) for code in column.values.codes.codes]
        return "\n".join(codes)
    return column.values.in_short()


def _width(column: Column) -> float:
    if isinstance(column.values, OneOf | SomeOf):
        longest = max(len(str(code)) for code in column.values.codes.codes)
        return min(max(12.0, 2.0 * longest), 20.0)
    return 22.0 if isinstance(column.values, Text) and column.values.longest > 50 else 14.0  # noqa: PLR2004


def _page_column(column: Column) -> PageColumn:
    entry = column.values.entry()
    prompt = "\n".join(filter(None, (column.help, column.values.in_short())))
    return PageColumn(
        _width(column),
        column.values.text,
        evolve(entry, title=column.heading, prompt=prompt),
        column.required,
    )


def _comment(column: Column) -> str:
    """The comment on a heading: meaning, codes, an example."""
    example = next((str(cell) for cell in column.example if cell not in ("", 0)), "")
    codes = isinstance(column.values, OneOf | SomeOf)
    allowed = f"{column.values.in_short()}\n{_listed(column)}" if codes else column.values.allowed()
    return "\n".join(filter(None, (column.heading, column.help, allowed, example and f"例：{example}")))


def _guide_page(template: Template) -> Page:
    rows = list(guide.lines(template))
    looks = {"title": Look.TITLE, "text": Look.TEXT, "heading": Look.HEADING, "data": Look.DATA}
    wide = [number for number, (kind, cells) in enumerate(rows, 1) if kind in ("title", "text") and cells]
    return Page(
        template.guide_name,
        [cells for _, cells in rows],
        [PageColumn(10), PageColumn(34), PageColumn(86)],
        {number: looks[kind] for number, (kind, cells) in enumerate(rows, 1) if cells},
        merges=[Area(number, 1, number, 3) for number in wide],
    )
