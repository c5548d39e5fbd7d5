"""The use cases: the country by county and level, and the grid of units and months, each as a table to take away."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from attrs import evolve, frozen

from tianbao.accounts import Account
from tianbao.accounts.policy import Action, Reach, demand, reach
from tianbao.calendar import Calendar
from tianbao.clock import spoken_moment
from tianbao.completeness.grid import Grid, Row, grid_of
from tianbao.completeness.tally import Tally
from tianbao.completeness.wish import Wish
from tianbao.errors import Refusal
from tianbao.exporters import Table
from tianbao.periods import Period
from tianbao.units import COUNTIES, Level, Unit

if TYPE_CHECKING:
    from tianbao.bootstrap import App
    from tianbao.storage import UnitOfWork

NOT_OWED = "不必填報"
"""In a cell of a unit that need not file that month."""


@frozen
class View:
    """The grid as somebody wished to see it.

    Attributes:
        wish: what was asked for, within what the person may see.
        scope: the units looked for, whatever they filed: what rates are of.
        rows: of these, those that stand as looked for.
        districts: those of the county, to choose from.
    """

    wish: Wish
    scope: Grid
    rows: Sequence[Row]
    districts: Sequence[str]

    @property
    def periods(self) -> Sequence[Period]:
        return self.scope.periods


@frozen
class Place:
    """A county, or the whole country, in a month.

    Attributes:
        name: the county's; of the whole, what it is the whole of.
        of_level: by level, how its units stand.
    """

    name: str
    of_level: Mapping[Level, Tally]

    @property
    def whole(self) -> Tally:
        return sum(self.of_level.values(), Tally())

    @property
    def ranked(self) -> tuple[float, int]:
        """Sorts places, those with the most left to do first."""
        rate = self.whole.rate
        return (2.0 if rate is None else rate, -self.whole.unfiled)


@frozen
class Overview:
    """A month by county and level.

    Attributes:
        period: the month.
        counties: those that have units, north to south.
    """

    period: Period
    counties: Sequence[Place]

    @property
    def country(self) -> Place:
        levels = {level: sum((each.of_level.get(level, Tally()) for each in self.counties), Tally()) for level in Level}
        return Place("全國", levels)


def within(account: Account, wish: Wish) -> Wish:
    """The wish, as far as the account may see.

    Raises:
        Refusal: it may see nothing of it (``not-allowed``).
    """
    demand(account, Action.SEE_COMPLETENESS)
    if reach(account.role, Action.SEE_COMPLETENESS) is Reach.ALL:
        return wish
    if wish.county not in {None, account.county}:
        raise Refusal(
            "not-allowed",
            f"您的帳號不能查看{wish.county}的填報情形。",
            f"您可以查看{account.county}的單位。",
        )
    return evolve(wish, county=account.county)


def grid(app: "App", account: Account, wish: Wish) -> View:
    """The months of the units looked for, as they stand now.

    Raises:
        Refusal: as `within`.
    """
    wish = within(account, wish)
    calendar = Calendar(app.clock.now(), app.settings.calendar)
    with app.store.read() as work:
        units = _units(work, wish)
        looked_for = [unit for unit in units if wish.takes(unit)]
        scope = _shown(grid_of(work, calendar, looked_for, wish.periods, wish.county))
    districts = sorted({unit.district for unit in units if unit.district}) if wish.county else ()
    return View(wish, scope, [row for row in scope.rows if wish.stands(scope.periods, row.states)], districts)


def _shown(whole: Grid) -> Grid:
    """Without the units that owe nothing in all these months: closed before them, or not there yet."""
    return Grid(whole.periods, [row for row in whole.rows if any(row.states)])


def _units(work: "UnitOfWork", wish: Wish) -> Sequence[Unit]:
    return work.units.all() if wish.county is None else work.units.of_county(wish.county)


def overview(app: "App", account: Account, period: Period) -> Overview:
    """A month by county and level, of all that the account may see.

    Raises:
        Refusal: as `within`.
    """
    wish = within(account, Wish(period.school_year))
    calendar = Calendar(app.clock.now(), app.settings.calendar)
    with app.store.read() as work:
        month = grid_of(work, calendar, _units(work, wish), [period], wish.county)
    cells: dict[str, dict[Level, list[Row]]] = defaultdict(lambda: defaultdict(list))
    for row in month.rows:
        cells[row.unit.county][row.unit.level].append(row)
    return Overview(
        period,
        [
            Place(
                county,
                {level: Tally.count(row.states[0] for row in cells[county].get(level, ())) for level in Level},
            )
            for county in sorted(cells, key=COUNTIES.index)
        ],
    )


def tables(app: "App", account: Account, shown: View | Overview) -> Table:
    """What is shown, as a table for an exporter; it says whose it is, and when it was so."""
    at = spoken_moment(app.clock.now())
    about = [("下載者", account.name), ("資料時間", at), *app.settings.contacts.lines]
    if isinstance(shown, View):
        months = [period.spoken for period in shown.periods]
        return Table(
            f"{shown.wish.county or '全國'}{shown.wish.school_year}學年度填報情形",
            ["縣市", "鄉鎮市區", "單位代碼", "學制", "單位", *months],
            (_cells(row) for row in shown.rows),
            about,
        )
    return Table(
        f"{shown.period.spoken}填報完成率",
        ["縣市", *(f"{level.label}{what}" for level in Level for what in _FIGURES), *_FIGURES, "完成率"],
        (_figures(place) for place in (*shown.counties, shown.country)),
        about,
    )


_FIGURES = ("已填報", "應填報")


def _cells(row: Row) -> Sequence[str]:
    unit = row.unit
    words = [state.label if state else NOT_OWED for state in row.states]
    return [unit.county, unit.district, unit.code, unit.level.label, unit.name, *words]


def _figures(place: Place) -> Sequence[str | int]:
    tallies = [*(place.of_level.get(level, Tally()) for level in Level), place.whole]
    return [place.name, *(number for tally in tallies for number in (tally.filed, tally.due)), place.whole.percent]
