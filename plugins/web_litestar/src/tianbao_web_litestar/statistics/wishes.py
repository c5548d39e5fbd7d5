"""What a page of statistics is asked: the query, and whether it is for publication; all of it stands in the address."""

from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode

from attrs import evolve, frozen

from tianbao.accounts import Account
from tianbao.bootstrap import App
from tianbao.errors import Refusal
from tianbao.statistics import UNDER, Choices, Query, Result, Sex, answer, choices, published, read_address
from tianbao.statistics import read_parameters as read
from tianbao.statistics import write_address as write
from tianbao_web_litestar.pages.downloads import TICKET
from tianbao_web_litestar.records.scopes import names_of, units_named

if TYPE_CHECKING:
    from litestar.datastructures import MultiDict

KINDS = {"case": "學校個案成果", "service": "學校服務成果"}
"""The two pages, as the manual calls them."""
PUBLIC, UNIT, STEP = "public", "unit", "step"
"""The fields of the form that are no parameters of a query; with `STEP` it is only to be shown again."""
_FIELDS = {
    "no-span": "span",
    "too-large": "span",
    "no-unit": "unit",
    "no-table": "table",
    "bad-measure": "measure",
}


@frozen
class Wish:
    """What is asked.

    Attributes:
        query: of statistics.
        public: whether small counts are hidden (公開用).
        unit: what stands in the field of the unit, where it names none.
        fault: what is wrong.
    """

    query: Query
    public: bool = False
    unit: str = ""
    fault: Refusal | None = None

    @property
    def at_fault(self) -> str:
        """The part of the form that is to be put right."""
        return _FIELDS.get(self.fault.code, "filters") if self.fault else ""

    @property
    def hide_under(self) -> int:
        return UNDER if self.public else 0

    def address(self, part: str = "") -> str:
        """The one address of its page, or of a part of it."""
        public = f"&{PUBLIC}=yes" if self.public else ""
        return f"/statistics/{self.query.kind}{part}?{write(self.query)}{public}"


def read_wish(kind: str, text: str) -> Wish:
    """Read the part of an address behind its question mark.

    Raises:
        Refusal: it makes no sense (``bad-parameter``, ``too-long``).
    """
    pairs = parse_qsl(text, keep_blank_values=True, errors="replace")
    public = any(name == PUBLIC and value for name, value in pairs)
    return Wish(read_address(kind, urlencode([pair for pair in pairs if pair[0] not in {PUBLIC, TICKET}])), public)


def asked_for(core: App, account: Account, kind: str, form: "MultiDict[str]") -> Wish:
    """What the form asks for. What its table has no use for, left from another, is left out.

    Raises:
        Refusal: a parameter makes no sense.
    """
    own = {name: form.getall(name) for name in form if name not in {PUBLIC, UNIT, STEP}}
    query = read(kind, own)
    wish = Wish(_fitted(query, choices(core, account, query)), bool(form.get(PUBLIC)))
    typed = form.get(UNIT, "")
    try:
        return evolve(wish, query=evolve(wish.query, units=units_named(core, account, typed)))
    except Refusal as refusal:
        return evolve(wish, unit=typed, fault=refusal)


def _fitted(query: Query, offered: Choices) -> Query:
    """The query without what its table does not know."""
    filters = {each.name for each in offered.filters}
    return evolve(
        query,
        measure=query.measure if query.measure in offered.measures else offered.measures[0],
        reading=query.reading if offered.table.reading(query.reading) else "",
        sex=query.sex if offered.sexes else Sex.ALL,
        chosen=tuple(each for each in query.chosen if each.column in filters),
    )


def unit_field(core: App, wish: Wish) -> str:
    """What stands in the field of the unit."""
    return wish.unit or names_of(core, wish.query.units)


def found(core: App, account: Account, wish: Wish) -> Result:
    """The answer, as it is shown.

    Raises:
        Refusal: the account may not see it, or it makes no sense; see `tianbao.statistics.answer`.
    """
    result = answer(core, account, wish.query)
    return published(result, wish.hide_under) if wish.public else result


def year_before(core: App, account: Account, result: Result, *, public: bool) -> Result | None:
    """The same a year before, month for month; ``None`` where there is no such thing, or the span is over a year."""
    query, months = result.query, [period.plus(-12) for period in result.periods]
    if len(months) > 12:  # noqa: PLR2004 -- a year
        return None
    earlier = evolve(
        query,
        years=tuple(year - 1 for year in query.years),
        school_years=tuple(year - 1 for year in query.school_years),
        months=tuple(sorted({month.month for month in months})),
    )
    try:
        past = found(core, account, Wish(earlier, public))
    except Refusal:
        return None
    return past if list(past.periods) == months and not past.empty else None
