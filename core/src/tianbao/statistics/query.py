"""The query: what somebody wants counted, as one value; like a query of records it says nothing of who asks."""

from enum import StrEnum

from attrs import field, frozen

from tianbao.periods import Period
from tianbao.records.query import UnitKey
from tianbao.templates.measures import Measure
from tianbao.templates.tables import Table
from tianbao.units import Level


class Layout(StrEnum):
    """Whether months stand side by side."""

    MERGED = "merged"
    MONTHLY = "monthly"

    @property
    def label(self) -> str:
        return {"merged": "合併彙整", "monthly": "逐月彙整"}[self]


class Sex(StrEnum):
    """What is shown of the sexes; ``ALL`` is each of them and the total side by side, ``TOTAL`` only the total."""

    ALL = "all"
    MALE = "male"
    FEMALE = "female"
    OTHER = "other"
    TOTAL = "total"

    @property
    def label(self) -> str:
        return {"all": "All", "male": "生理男", "female": "生理女", "other": "其他", "total": "總計"}[self]

    @property
    def code(self) -> int | None:
        """The canonical code of one sex."""
        return {"male": 1, "female": 2, "other": 3}.get(self)


class By(StrEnum):
    """Whose figures stand in rows of their own."""

    NOTHING = ""
    UNIT = "unit"
    LEVEL = "level"
    COUNTY = "county"

    @property
    def label(self) -> str:
        return {"": "不分列", "unit": "單位", "level": "學制", "county": "縣市"}[self]


@frozen
class Chosen:
    """Some codes of a column; a row must have one of them."""

    column: str
    codes: tuple[int, ...]


@frozen(kw_only=True)
class Query:
    """What somebody wants counted; an empty part restricts nothing.

    Attributes:
        kind: ``case`` or ``service``.
        table: the name of a `Table` of that kind.
        measure: what is counted.
        years: in ROC years, as people say them (114年); a month must be of one of them.
        months: 1 to 12; likewise.
        school_years: in ROC years (113學年度); likewise.
        layout: by month, or merged.
        reading: of the table's rows (統計類別); the usual one where empty.
        sex: what is shown of the sexes.
        by: whose figures stand in rows of their own.
        chosen: codes of the table's filters.
        units: some units.
        counties: of the units when they filed.
        levels: of the units.
    """

    kind: str = "case"
    table: str = "issue"
    measure: Measure = Measure.PERSON_TIMES
    years: tuple[int, ...] = ()
    months: tuple[int, ...] = ()
    school_years: tuple[int, ...] = ()
    layout: Layout = Layout.MERGED
    reading: str = ""
    sex: Sex = Sex.ALL
    by: By = By.NOTHING
    chosen: tuple[Chosen, ...] = field(default=())
    units: tuple[UnitKey, ...] = ()
    counties: tuple[str, ...] = ()
    levels: tuple[Level, ...] = ()

    @property
    def monthly(self) -> bool:
        return self.layout is Layout.MONTHLY

    def codes_of(self, column: str) -> tuple[int, ...]:
        """The codes chosen of a column; none where all are (不指定)."""
        return next((each.codes for each in self.chosen if each.column == column), ())

    def covers(self, period: Period) -> bool:
        """Whether a month is in the chosen span."""
        return (
            (not self.years or period.year - 1911 in self.years)
            and (not self.school_years or period.school_year in self.school_years)
            and (not self.months or period.month in self.months)
        )


def usual(table: Table, today: Period) -> Query:
    """What a page begins with: the table in its usual form, for the school year of a month."""
    return Query(
        kind=table.kind,
        table=table.name,
        measure=table.measures[0],
        school_years=(today.school_year,),
        sex=Sex.ALL if table.by_sex else Sex.TOTAL,
    )
