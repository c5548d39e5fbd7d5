"""What somebody asks of the grid, as it stands in the address of a page."""

from collections.abc import Sequence
from typing import Self
from urllib.parse import urlencode

from attrs import evolve, frozen

from tianbao.accounts import Account
from tianbao.bootstrap import App
from tianbao.calendar import State
from tianbao.completeness import UNFINISHED, Wish, latest_over
from tianbao.errors import Refusal
from tianbao.periods import Period
from tianbao.units import COUNTIES, Level
from tianbao_web_litestar.visits import Visit

_LONGEST = 100
MEANINGS = {
    State.NOT_YET_OPEN: "當月 11 日起開放",
    State.OPEN: "開放填報中，還沒有填報",
    State.FILED: "期限內完成填報，有個案或服務",
    State.FILED_NIL: "期限內填報「當月無個案及服務」",
    State.OVERDUE: "超過期限，還沒有填報",
    State.FILED_LATE: "超過期限後才完成填報",
    State.AMENDMENT_OPEN: "已填報，等待上傳修正後的資料；原填報仍有效",
    State.EXEMPT: "承辦單位核准免填，不計入完成率",
    State.EXTRA: "不在該單位的應填月份內，但有填報；資料有效，不計入完成率",
}
"""What the legend says of each state."""
STATES = {
    UNFINISHED: "未完成（待填報、逾期）",
    **{
        state.value: state.label
        for state in (
            State.OVERDUE,
            State.FILED,
            State.FILED_NIL,
            State.FILED_LATE,
            State.AMENDMENT_OPEN,
            State.EXEMPT,
            State.EXTRA,
        )
    },
}
"""What units can be looked for by."""


@frozen
class Asked:
    """What is asked of the grid.

    Attributes:
        wish: which part of it.
        page: of its rows, from 1.
        month: the month people speak of, for lists of months.
    """

    wish: Wish
    page: int
    month: Period

    @property
    def query(self) -> str:
        """The address's query, without the page."""
        wish = self.wish
        given = {
            "year": wish.school_year,
            "county": wish.county or "",
            "level": wish.level.value if wish.level else "",
            "district": wish.district,
            "state": wish.state,
            "month": wish.month or "",
            "q": wish.keyword,
        }
        return urlencode({name: value for name, value in given.items() if value})

    @property
    def narrowed(self) -> bool:
        """Whether less is asked for than a county's year."""
        wish = self.wish
        return bool(wish.level or wish.district or wish.state or wish.keyword)

    @property
    def cleared(self) -> Self:
        """The same year and county, nothing else."""
        return evolve(self, wish=Wish(self.wish.school_year, self.wish.county), page=1)

    def unfinished(self, month: Period) -> Self:
        """The same units, as far as they have yet to file a month."""
        return evolve(self, wish=evolve(self.wish, state=UNFINISHED, month=month), page=1)


def asked(request: Visit, core: App) -> Asked:
    """Read an address.

    Raises:
        Refusal: it names something there is not (``bad-filter``).
    """
    given = {name: value.strip()[:_LONGEST] for name, value in request.query_params.items()}
    month = latest_over(Period.of(core.clock.now().date()))
    wish = Wish(
        _number(given.get("year", ""), month.school_year, "學年度"),
        county_of(request.user, given.get("county", "")),
        _level(given.get("level", "")),
        given.get("district", ""),
        given.get("q", ""),
        _state(given.get("state", "")),
        period_of(given.get("month", "")) if given.get("month") else None,
    )
    return Asked(wish, max(_number(given.get("page", ""), 1, "頁次"), 1), month)


def county_of(account: Account, text: str) -> str | None:
    """The county an address names; the own one of somebody who sees no other."""
    if not text:
        return account.county
    if text not in COUNTIES:
        raise _bad("縣市")
    return text


def period_of(text: str) -> Period:
    """The month an address names."""
    try:
        return Period.parse(text)
    except ValueError as error:
        raise _bad("月份") from error


def months_until(core: App, latest: Period) -> Sequence[Period]:
    """The months that are owed by anybody, the latest first."""
    first, months = Period.parse(core.settings.calendar.first_month), [latest]
    while months[-1] > first:
        months.append(months[-1].previous)
    return months


def _number(text: str, usual: int, what: str) -> int:
    if not text:
        return usual
    if not text.isascii() or not text.isdigit() or len(text) > 3:  # noqa: PLR2004 -- school years and pages
        raise _bad(what)
    return int(text)


def _level(text: str) -> Level | None:
    if text and text not in set(Level):
        raise _bad("學制")
    return Level(text) if text else None


def _state(text: str) -> str:
    if text and text not in STATES:
        raise _bad("狀態")
    return text


def _bad(what: str) -> Refusal:
    return Refusal("bad-filter", f"網址中的{what}不正確。", "請回到填報情形，重新選擇條件。")
