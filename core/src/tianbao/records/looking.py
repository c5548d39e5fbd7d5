"""The use cases: a page of records, and all of them as a file; on the audit trail before anything is shown."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, BinaryIO

from attrs import frozen

from tianbao.accounts.policy import Action, demand
from tianbao.audit import Act, record
from tianbao.clock import spoken_moment
from tianbao.errors import Refusal
from tianbao.exporters import Exporter, Table
from tianbao.records.columns import Column, Columns, known_beside, offered
from tianbao.records.count import Count
from tianbao.records.look import Look, columns_of, look_of, shown, units_of
from tianbao.records.query import KINDS, Position, Query
from tianbao.records.showing import cells_of, rows_of
from tianbao.records.sight import Operator, Person, Sight, sight_of
from tianbao.records.words import in_words, masked
from tianbao.units import Unit
from tianbao.workbooks import Cell

if TYPE_CHECKING:
    from tianbao.bootstrap import App
    from tianbao.storage import UnitOfWork

STEP = 1_000
"""Rows between two tellings of progress."""


@frozen
class Row:
    """A row of a page.

    Attributes:
        id: its number; positions name it.
        cells: what stands in the columns.
    """

    id: int
    cells: Sequence[Cell]


@frozen
class Page:
    """A page of records.

    Attributes:
        query: what was asked.
        columns: that are shown.
        offered: all that could be, by name.
        rows: in order.
        count: about how many there are on all pages.
        words: the query, as pairs of a label and a text.
        previous: the query of the page before; ``None`` on the first.
        next: the query of the page behind; ``None`` on the last.
    """

    query: Query
    columns: Sequence[Column]
    offered: Columns
    rows: Sequence[Row]
    count: Count
    words: Sequence[tuple[str, str]]
    previous: Query | None
    next: Query | None


@frozen
class Prepared:
    """A query that has been found to be allowed and to make sense."""

    query: Query
    look: Look
    offered: Columns
    known: Columns
    units: Sequence[Unit]

    @property
    def words(self) -> Sequence[tuple[str, str]]:
        return in_words(self.query, self.known, self.units)

    @property
    def subject(self) -> str:
        """Whose rows are looked at, for the audit trail."""
        sight = self.look.sight
        if sight.unit_id is not None or len(self.units) == 1:
            return f"unit/{sight.unit_id or self.units[0].id}/records"
        county = sight.county or (self.query.counties[0] if len(self.query.counties) == 1 else None)
        return f"county/{county}/records" if county else "records"


def columns_for(app: "App", query: Query) -> Columns:
    """The columns a query may show, for 項目篩選."""
    return columns_of(app.plugins.templates, query)


def page(app: "App", person: Person, query: Query) -> Page:
    """A page of what a person may see of a query.

    Raises:
        Refusal: the person may see nothing of it (``not-allowed``), or it makes no sense (``no-column``,
            ``bad-filter``, ``no-unit``, ``bad-position``).
    """
    with app.store.read() as work:
        ready = prepare(app, work, person, query)
        found = work.records.page(ready.look, query.size, query.position)
        if found is None:
            raise Refusal("bad-position", "這一頁已經不存在。", "請從第一頁開始查詢。")
        count = work.records.count(ready.look)
    _note(app, person, ready, how="page", rows=len(found.rows))
    cells = cells_of(ready.look.columns)
    rows = [Row(number, cells(values)) for number, *values in found.rows]
    return Page(
        query,
        ready.look.columns,
        ready.offered,
        rows,
        count,
        ready.words,
        query.at(Position(rows[0].id, backwards=True)) if rows and found.more_before else None,
        query.at(Position(rows[-1].id)) if rows and found.more_behind else None,
    )


def export(  # noqa: PLR0917 -- the last one may be left out
    app: "App",
    person: Person,
    query: Query,
    exporter: Exporter,
    to: BinaryIO,
    progress: Callable[[int], None] = lambda _: None,
) -> int:
    """Write what the screen shows, all pages of it, as a file; with memory that does not grow with the rows.

    Args:
        app: the application.
        person: who asks.
        query: what is shown; its position and size do not matter.
        exporter: writes the file.
        to: where to.
        progress: told how many rows have been written, from time to time.

    Returns:
        The number of rows.

    Raises:
        Refusal: as `page`; nothing was written.
    """
    with app.store.read() as work:
        ready = prepare(app, work, person, query)
        _note(app, person, ready, how="export", format=exporter.suffix)
        told = _Told(progress)
        rows = told.watching(rows_of(ready.look.columns, work.records.stream(ready.look)))
        exporter.export(table_of(ready, rows, person, app.clock.now()), to)
    progress(told.rows)
    return told.rows


def table_of(ready: Prepared, rows: Iterable[Sequence[Cell]], person: Person, at: dt.datetime) -> Table:
    """The table of a download, which says what it is, whose and when."""
    return Table(
        KINDS[ready.query.kind],
        [column.heading for column in ready.look.columns],
        rows,
        [*ready.words, ("範圍", range_of(ready.look.sight)), ("下載者", person.name), ("下載時間", spoken_moment(at))],
    )


class _Told:
    """Counts the rows that go by."""

    def __init__(self, progress: Callable[[int], None]) -> None:
        self.rows = 0
        self._progress = progress

    def watching(self, rows: Iterable[Sequence[Cell]]) -> Iterator[Sequence[Cell]]:
        for row in rows:
            yield row
            self.rows += 1
            if not self.rows % STEP:
                self._progress(self.rows)


def prepare(app: "App", work: "UnitOfWork", person: Person, query: Query) -> Prepared:
    """Bind a query to the columns there are, and to what the person may see.

    Raises:
        Refusal: as `page`.
    """
    sight = sight_of(person)
    units = units_of(work, query.units)
    demand_reach(person, Action.SEE_CASES, sight, units, query.counties)
    templates = app.plugins.templates
    columns = columns_of(templates, query)
    known = known_beside(columns, offered(templates.values(), query.kind))
    chosen = query if query.columns or person.id is None else _as_usual(work, person.id, query, known)
    look = look_of(query, sight, units, shown(chosen, columns, sight, known), known)
    return Prepared(query, look, columns, known, units)


def _as_usual(work: "UnitOfWork", account_id: int, query: Query, known: Columns) -> Query:
    """With the columns the person chose last, as far as there still are such."""
    kept = work.saved.columns(account_id, query.kind)
    return query.showing(*(name for name in kept if name in known))


def demand_reach(person: Person, action: Action, sight: Sight, units: Sequence[Unit], counties: Sequence[str]) -> None:
    """What is asked by name and out of reach is refused in words; whatever is not named is left out by `Sight.test`.

    Raises:
        Refusal: it is out of reach (``not-allowed``).
    """
    for unit in units:
        if not isinstance(person, Operator):
            demand(person, action, unit)
    if sight.county and (others := [name for name in counties if name != sight.county]):
        raise Refusal(
            "not-allowed", f"您的帳號不能查看{'、'.join(others)}的資料。", f"您可以查看{sight.county}的單位。"
        )


def range_of(sight: Sight) -> str:
    """What a person may see, in words."""
    if sight.everything:
        return "全部單位"
    return f"{sight.county}的單位" if sight.county else "本單位"


def _note(app: "App", person: Person, ready: Prepared, **more: object) -> None:
    """Who looked at what: columns and filters, but nothing a student could be known by."""
    detail = {"kind": ready.query.kind, "query": masked(ready.query, ready.known), **more}
    if isinstance(person, Operator):
        detail["operator"] = person.name
    shown_columns = [column.name for column in ready.look.columns]
    record(app, person.id, Act.CASES_SEEN, ready.subject, columns=shown_columns, **detail)
