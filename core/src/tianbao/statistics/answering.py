"""The use cases: an answer, what it can be asked, and the answer as a file."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, BinaryIO

from tianbao.clock import spoken_moment
from tianbao.exporters import Exporter
from tianbao.exporters import Table as Download
from tianbao.periods import Period
from tianbao.records.looking import range_of
from tianbao.records.sight import Person
from tianbao.statistics.asking import Asked, bind
from tianbao.statistics.counting import ORDER, Counting, Counts, Key, added_up
from tianbao.statistics.coverage import Coverage, Whose
from tianbao.statistics.notes import notes_of
from tianbao.statistics.publishing import MARK, published
from tianbao.statistics.query import By, Query
from tianbao.statistics.refreshing import refresh_for
from tianbao.statistics.result import HIDDEN, Along, Code, Result
from tianbao.statistics.shaping import demand_room, shaped
from tianbao.statistics.words import in_words
from tianbao.units import Unit

if TYPE_CHECKING:
    from tianbao.bootstrap import App
    from tianbao.storage import UnitOfWork


def answer(app: "App", person: Person, query: Query) -> Result:
    """What a person may see of the figures, as of now: whatever was filed before is in.

    Raises:
        Refusal: the person may not see it (``not-allowed``), or it makes no sense (``no-table``, ``bad-measure``,
            ``bad-parameter``, ``no-filter``, ``bad-filter``, ``no-span``, ``no-unit``, ``too-large``).
    """
    with app.store.read() as work:
        result, counting = answered(app, work, person, query)
    refresh_for(app, counting)
    return result


def answered(app: "App", work: "UnitOfWork", person: Person, query: Query) -> tuple[Result, Counting]:
    """The answer within a transaction, and what of it was counted; see `answer`."""
    now = app.clock.now()  # before the first look: whatever was filed by then is in
    asked = bind(app, work, person, query)
    counting = asked.counting
    registered = _registered(work, asked)
    demand_room(asked, registered)
    counts = _counts(work, counting)
    units = [*registered, *_moved(work, asked, registered, counts)]
    covered = _coverage(app, work, asked)
    shape = shaped(asked, counts, units)
    result = Result(
        query=query,
        table=asked.table,
        title=f"{asked.table.number(monthly=query.monthly)}－{asked.table.title}{query.measure.label}",
        rows=shape.rows,
        columns=shape.columns,
        lines=shape.lines,
        definition=query.measure.definition(query.kind),
        notes=notes_of(asked, app.plugins.templates.values()),
        words=[*in_words(asked), ("範圍", range_of(asked.sight))],
        coverage=sum(covered.values(), Coverage()),
        by_month=_by_month(covered) if query.monthly else {},
        by_place=_by_place(covered) if query.by is not By.NOTHING else {},
        as_of=now,
        periods=asked.periods,
        known=asked.known,
        units={unit.id: unit for unit in units if unit.id is not None},
    )
    return result, counting


def _counts(work: "UnitOfWork", counting: Counting) -> Counts:
    """Every figure there is, and every sum; what does not add up is counted on its own."""
    found: dict[Key, int] = {}
    for part in counting.parts():
        found |= added_up(work.statistics.counts(part), part)
    return found


def _registered(work: "UnitOfWork", asked: Asked) -> Sequence[Unit]:
    """The units of the register that have rows."""
    if asked.query.by is By.NOTHING:
        return []
    whose = _whose(asked)
    found = {
        unit.id: unit
        for unit in asked.units or (work.units.of_county(whose.county) if whose.county else work.units.all())
        if (not whose.counties or unit.county in whose.counties) and (not whose.levels or unit.level in whose.levels)
    }
    return list(found.values())


def _moved(work: "UnitOfWork", asked: Asked, registered: Sequence[Unit], counts: Counts) -> Iterator[Unit]:
    """The units that filed here before they moved: they have rows, too."""
    if asked.query.by is By.UNIT:
        place = ORDER.index(Along.PLACE)
        for number in {key[place] for key in counts} - {None, *(unit.id for unit in registered)}:
            if isinstance(number, int) and (unit := work.units.get(number)):
                yield unit


def _whose(asked: Asked) -> Whose:
    query = asked.query
    ids = tuple(unit.id for unit in asked.units if unit.id is not None)
    return Whose(ids, asked.sight.county, query.counties, query.levels, query.by)


def _coverage(app: "App", work: "UnitOfWork", asked: Asked) -> Mapping[tuple[Period, Code | None], Coverage]:
    first = Period.parse(app.settings.calendar.first_month)
    owed = [period for period in asked.periods if period >= first]
    return work.coverage.coverage(_whose(asked), owed) if owed else {}


def _by_month(covered: Mapping[tuple[Period, Code | None], Coverage]) -> Mapping[Period, Coverage]:
    found: dict[Period, Coverage] = {}
    for (period, _), coverage in covered.items():
        found[period] = found.get(period, Coverage()) + coverage
    return found


def _by_place(covered: Mapping[tuple[Period, Code | None], Coverage]) -> Mapping[Code, Coverage]:
    found: dict[Code, Coverage] = {}
    for (_, place), coverage in covered.items():
        if place is not None:
            found[place] = found.get(place, Coverage()) + coverage
    return found


def export(  # noqa: PLR0917 -- the last one may be left out
    app: "App", person: Person, query: Query, exporter: Exporter, to: BinaryIO, hide_under: int = 0
) -> Result:
    """Write the table that the screen shows as a file, with its query, its notes, its moment and who took it.

    Args:
        app: the application.
        person: who asks.
        query: what is asked.
        exporter: writes the file.
        to: where to.
        hide_under: for publication: counts under this are hidden, and what they could be computed from; 0 hides none.

    Raises:
        Refusal: as `answer`; nothing was written.
    """
    result = answer(app, person, query)
    shown = published(result, hide_under) if hide_under else result
    exporter.export(download_of(shown, person.name), to)
    return shown


def download_of(result: Result, name: str) -> Download:
    """The table of a download, which says what it is, whose and when.

    Args:
        result: what is shown; may be a published one.
        name: who takes it.
    """
    rows = (
        [*(item.label for item in line.items), *(MARK if figure is HIDDEN else figure for figure in line.figures)]
        for line in result.lines
    )
    about = [
        *result.words,
        ("定義", result.definition),
        *(("說明", note) for note in result.notes),
        ("填報情形", result.coverage.spoken),
        ("統計時間", spoken_moment(result.as_of)),
        ("下載者", name),
    ]
    return Download(result.title, result.headings, rows, about)
