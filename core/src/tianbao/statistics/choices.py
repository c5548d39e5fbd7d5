"""What can be chosen of a table: everything the five steps of the page offer, for the person who asks."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from attrs import frozen

from tianbao.accounts.policy import Action
from tianbao.periods import Period
from tianbao.records.columns import Choice, offered
from tianbao.records.sight import Person, Sight, sight_of
from tianbao.statistics.asking import table_of, tables
from tianbao.statistics.query import By, Query, Sex
from tianbao.templates.measures import Measure
from tianbao.templates.tables import Reading, Table

if TYPE_CHECKING:
    from tianbao.bootstrap import App


@frozen
class Offer:
    """A filter by the codes of a column.

    Attributes:
        name: of the parameter.
        heading: as the newest template has it.
        choices: the codes, in their order.
    """

    name: str
    heading: str
    choices: Sequence[Choice]


@frozen
class Choices:
    """What can be chosen; whatever is not here is refused.

    Attributes:
        tables: all of the kind, by name.
        table: the one that is chosen.
        measures: that make sense of it.
        years: ROC years, the newest first.
        school_years: likewise.
        readings: 統計類別; empty where there is but one.
        sexes: empty where it cannot be broken down.
        filters: by codes of columns.
        by: whose figures can have rows of their own; empty for a person of one unit.
        sight: what the person may see: whether units, counties and levels are there to be chosen.
    """

    tables: Mapping[str, Table]
    table: Table
    measures: Sequence[Measure]
    years: Sequence[int]
    school_years: Sequence[int]
    readings: Sequence[Reading]
    sexes: Sequence[Sex]
    filters: Sequence[Offer]
    by: Sequence[By]
    sight: Sight


def choices(app: "App", person: Person, query: Query) -> Choices:
    """What can be chosen of the table a query names.

    Raises:
        Refusal: the person may see no statistics (``not-allowed``), or there is no such table (``no-table``).
    """
    sight = sight_of(person, Action.SEE_STATISTICS)
    templates = app.plugins.templates.values()
    table = table_of(templates, query)
    first, current = (
        Period.parse(app.settings.calendar.first_month),
        app.settings.calendar.current_period(app.clock.now()),
    )
    known = offered(templates, query.kind)
    return Choices(
        tables=tables(templates, query.kind),
        table=table,
        measures=table.measures,
        years=range(current.year - 1911, first.year - 1912, -1),
        school_years=range(current.school_year, first.school_year - 1, -1),
        readings=table.rows if len(table.rows) > 1 else (),
        sexes=tuple(Sex) if table.by_sex else (),
        filters=[Offer(name, known[name].heading, known[name].choices) for name in table.filters if name in known],
        by=() if sight.unit_id is not None else tuple(By) if sight.everything else (By.NOTHING, By.UNIT, By.LEVEL),
        sight=sight,
    )
