"""Writes one page of a document as a sheet: its cells in order, then what lies over them."""

from collections.abc import Collection, Iterator, Sequence
from itertools import groupby

from attrs import define, field
from xlsxwriter.format import Format

from tianbao.documents import Look, Mark, Page
from tianbao.workbooks import Area, Cell, column_letters
from tianbao_export_excel import entries
from tianbao_export_excel.books import LAST_COLUMN, LAST_ROW, Sheet, set_print
from tianbao_export_excel.cells import put, storable
from tianbao_export_excel.entries import ChoiceLists
from tianbao_export_excel.looks import TYPED, Looks, Style
from tianbao_export_excel.sizes import RowHeights, comment_options

MOST_LINKS = 65_530
"""Excel's most links on a sheet; cells beyond keep their text."""
ROOM = 1_000
"""Rows below the last written one that help with entering, where a page does not say where its data end."""

Special = dict[int, dict[int, Look | None]]
"""By row and column, 1-based: cells to be looked at one by one, and their look where it is not the row's."""
_NOTHING: dict[int, Look | None] = {}
_NO_MARK = Mark()


@define
class PageWriter:
    """Writes one page.

    Attributes:
        page: what to write.
        sheet: XlsxWriter's sheet, still empty.
        looks: of the workbook.
        lists: of the workbook, for long lists of choices.
        filled: the format of a required cell that is blank.
    """

    page: Page
    sheet: Sheet
    looks: Looks
    lists: ChoiceLists
    filled: Format
    _links: int = field(default=0, init=False)
    _last: int = field(default=0, init=False)

    def write(self) -> None:
        """Write everything.

        Raises:
            ValueError: the page is larger than a sheet of Excel, or its merged areas overlap.
        """
        self._columns()
        self._rows()
        self._merges()
        if self.page.first_data_row is not None:
            self._entries(self.page.first_data_row)
        self._view()
        self._print()

    def _columns(self) -> None:
        for index, column in enumerate(self.page.columns):
            whole = self.looks.style(Look.DATA, text=column.text, framed=False)
            self.sheet.set_column(index, index, column.width, whole.blank)

    def _rows(self) -> None:
        special, heights = self._special(), RowHeights.of(self.page)
        typed = [self._style(Look.DATA, text=column.text) for column in self.page.columns]
        for number, cells in enumerate(self._all_rows(special), start=1):
            self._last = number
            look = self.page.looks.get(number, Look.DATA)
            height = heights.height(number, cells, look)
            others = special.get(number, _NOTHING)
            if height is not None:
                self.sheet.set_row(number - 1, height)
                if not (cells or others):  # a row without any cell would not be written, nor its height
                    put(self.sheet, number - 1, 0, None, self.looks.style(look, framed=False))
            self._row(number, cells, look, typed if look is Look.DATA else [], others)
            for column, other in others.items():
                value = cells[column - 1] if column <= len(cells) else None
                self._special_cell(number, column, value, other or look)

    def _all_rows(self, special: Special) -> Iterator[Sequence[Cell]]:
        """The page's rows, and empty ones as far as marks, merges, looks or heights go below them."""
        count = 0
        for cells in self.page.rows:
            count += 1
            if count > LAST_ROW or len(cells) > LAST_COLUMN:
                raise ValueError(f"page {self.page.name!r} is larger than a sheet, at row {count}")
            yield cells
        for _ in range(count, max([*special, *self.page.heights, *self.page.looks], default=0)):
            yield ()

    def _special(self) -> Special:
        """By row and column (1-based), the cells that are other than their row, and the look they have."""
        special: Special = {}
        for area in self.page.merges:
            self._cover(area, special)
        for (row, column), mark in self.page.marks.items():
            cells = special.setdefault(row, {})
            cells[column] = mark.look or cells.get(column)
        return special

    def _cover(self, area: Area, special: Special) -> None:
        """Give all cells of a merged area the look of its first row; Excel refuses overlapping areas."""
        look = self.page.looks.get(area.first_row, Look.DATA)
        for row in range(area.first_row, area.last_row + 1):
            cells = special.setdefault(row, {})
            for column in range(area.first_column, area.last_column + 1):
                if column in cells:
                    raise ValueError(f"page {self.page.name!r}: merged area {area} overlaps another one")
                cells[column] = look

    def _row(
        self, number: int, cells: Sequence[Cell], look: Look, typed: Sequence[Style], others: Collection[int]
    ) -> None:
        plain = self._style(look)
        known = len(typed)
        for column, value in enumerate(cells):
            if column + 1 not in others:
                put(self.sheet, number - 1, column, value, typed[column] if column < known else plain)

    def _special_cell(self, row: int, column: int, value: Cell, look: Look) -> None:
        mark = self.page.marks.get((row, column), _NO_MARK)
        text = column <= len(self.page.columns) and self.page.columns[column - 1].text and look in TYPED
        if mark.link and self._links < MOST_LINKS:
            self._links += 1
            self.sheet.write_url(row - 1, column - 1, f"internal:{mark.link}", string="…")
        put(self.sheet, row - 1, column - 1, value, self._style(look, text=text, link=bool(mark.link)))
        if mark.comment:
            comment = storable(mark.comment)
            self.sheet.write_comment(row - 1, column - 1, comment, comment_options(comment))

    def _style(self, look: Look, *, text: bool = False, link: bool = False) -> Style:
        """A look's style on this page; one that is only read shows all text, and no frames around instructions."""
        only_read = self.page.first_data_row is None
        framed, wrapped = not (only_read and look is Look.HELP), only_read and look in TYPED
        return self.looks.style(look, text=text, link=link, framed=framed, wrapped=wrapped)

    def _merges(self) -> None:
        for area in self.page.merges:
            if (area.first_row, area.first_column) != (area.last_row, area.last_column):
                # merge_range writes the area's rows at once, which a sheet written row by row cannot do.
                corners = (area.first_row, area.first_column, area.last_row, area.last_column)
                self.sheet.merge.append([corner - 1 for corner in corners])

    def _entries(self, first: int) -> None:
        last = self.page.last_data_row or min(max(self._last, first) + ROOM, LAST_ROW)
        if last < first:
            return
        for index, column in enumerate(self.page.columns):
            options = entries.rule(column.entry, self.lists, text=column.text) if column.entry else {}
            if options:
                self.sheet.data_validation(first - 1, index, last - 1, index, options)
        self._required(first, last)
        everything = f"A1:{column_letters(max(len(self.page.columns), 1))}{max(last, self._last)}"
        self.sheet.ignore_errors({"number_stored_as_text": everything})

    def _required(self, first: int, last: int) -> None:
        """Blank required cells turn yellow as soon as their row holds anything."""
        started = f"COUNTA($A{first}:${column_letters(max(len(self.page.columns), 1))}{first})>0"
        numbered = enumerate(self.page.columns)
        for required, run in groupby(numbered, key=lambda pair: pair[1].required):
            if required:
                indexes = [index for index, _ in run]
                left, right = indexes[0], indexes[-1]
                blank = f"LEN(TRIM({column_letters(left + 1)}{first}))=0"
                options = {"type": "formula", "criteria": f"=AND({started},{blank})", "format": self.filled}
                self.sheet.conditional_format(first - 1, left, last - 1, right, options)

    def _view(self) -> None:
        page = self.page
        if page.frozen_rows or page.frozen_columns:
            self.sheet.freeze_panes(page.frozen_rows, page.frozen_columns)
        if page.first_data_row is not None:
            self.sheet.set_selection(page.first_data_row - 1, 0, page.first_data_row - 1, 0)
        if page.hidden:
            self.sheet.very_hidden()

    def _print(self) -> None:
        set_print(self.sheet, sum(column.width for column in self.page.columns))
        self.sheet.hide_gridlines(2 if self.page.first_data_row is None else 1)
        headings = [row for row, look in self.page.looks.items() if look in {Look.GROUP, Look.HEADING}]
        if headings and self.page.first_data_row is not None:
            self.sheet.repeat_rows(min(headings) - 1, max(headings) - 1)
