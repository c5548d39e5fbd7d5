"""The form's steps: what each offers, what is chosen of it, and how that is said."""

from collections.abc import Iterable, Sequence
from typing import Any

from attrs import frozen

from tianbao.accounts import Account
from tianbao.bootstrap import App
from tianbao.records.columns import Choice
from tianbao.statistics import By, Choices, Layout, Offer, Query, tables, usual
from tianbao.units import COUNTIES, Level
from tianbao_web_litestar.statistics.wishes import Wish, unit_field

_GRADES = range(1, 13)
"""The codes of columns that are grades, or begin with them."""
_BY_GRADE = {"grade", "audience"}
_STUDENTS_ALONE = "不指定時，統計數據包含教職員、家長及專業人員；如僅需要學生的數據，請指定學生的年級。"
"""The manual's own note."""


@frozen
class Option:
    """One that can be chosen."""

    value: str
    label: str
    chosen: bool


@frozen
class Group:
    """Some to choose from.

    Attributes:
        name: of the field.
        heading: what it is about.
        options: in order.
        unchosen: how it is said that none is chosen.
        hint: what one must know to choose.
    """

    name: str
    heading: str
    options: Sequence[Option]
    unchosen: str = "不指定"
    hint: str = ""

    @property
    def said(self) -> str:
        """What is chosen, in short."""
        return "、".join(option.label for option in self.options if option.chosen) or self.unchosen


@frozen(kw_only=True)
class Steps:
    """The form of a query; a group that a person or a table has no use for is ``None``."""

    measure: Group
    table: Group
    school_years: Group
    years: Group
    months: Group
    layout: Group
    filters: Sequence[Group]
    reading: Group | None
    sex: Group | None
    by: Group | None
    levels: Group | None
    counties: Group | None
    unit: str | None


def first_wish(core: App, kind: str) -> Wish:
    """What the page begins with: the first table, for the school year of the month that is being filed."""
    first = next(iter(tables(core.plugins.templates.values(), kind).values()))
    return Wish(usual(first, core.settings.calendar.current_period(core.clock.now())))


def steps(core: App, account: Account, wish: Wish, offered: Choices) -> Steps:
    """The form with what a wish holds."""
    query, wide = wish.query, bool(offered.by)
    return Steps(
        measure=_one("measure", "計量方式", offered.measures, query.measure),
        table=Group("table", "統計資料表", [_table(offered, name, query) for name in offered.tables]),
        school_years=_several("school_year", "學年度", offered.school_years, query.school_years, "{}學年度"),
        years=_several("year", "年", offered.years, query.years, "{} 年"),
        months=_several("month", "月", range(1, 13), query.months, "{} 月"),
        layout=_one("layout", "彙整方式", (Layout.MONTHLY, Layout.MERGED), query.layout),
        filters=[_filter(each, query, _grades(core, account)) for each in offered.filters],
        reading=_readings(offered, query),
        sex=_one("sex", "性別", offered.sexes, query.sex) if offered.sexes else None,
        by=_one("by", "分列", offered.by, query.by) if wide else None,
        levels=_labelled("level", "學制", Level, query.levels) if wide else None,
        counties=_several("county", "縣市", COUNTIES, query.counties) if By.COUNTY in offered.by else None,
        unit=unit_field(core, wish) if wide else None,
    )


def _table(offered: Choices, name: str, query: Query) -> Option:
    return Option(name, offered.tables[name].called, name == query.table)


def _one(name: str, heading: str, words: Iterable[Any], chosen: object) -> Group:
    return Group(name, heading, [Option(str(each.value), each.label, each is chosen) for each in words])


def _labelled(name: str, heading: str, words: Iterable[Any], chosen: Sequence[object]) -> Group:
    return Group(name, heading, [Option(str(each.value), each.label, each in chosen) for each in words])


def _several(name: str, heading: str, values: Iterable[Any], chosen: Sequence[object], label: str = "{}") -> Group:
    """Values that are their own labels; one that is chosen and no longer offered is offered all the same."""
    offered = list(values)
    offered += [each for each in chosen if each not in offered]
    return Group(name, heading, [Option(str(each), label.format(each), each in chosen) for each in offered])


def _readings(offered: Choices, query: Query) -> Group | None:
    if not offered.readings:
        return None
    chosen = offered.table.reading(query.reading)
    return Group("reading", "統計類別", [Option(each.key, each.label, each == chosen) for each in offered.readings])


def _filter(offer: Offer, query: Query, grades: range) -> Group:
    """A filter by codes; the grades of other levels are not offered to a school."""
    chosen = query.codes_of(offer.name)
    strange = set(_GRADES) - set(grades) if offer.name in _BY_GRADE else set()
    options = [
        Option(str(choice.key), _plain(choice), choice.key in chosen)
        for choice in offer.choices
        if choice.key not in strange or choice.key in chosen
    ]
    hint = _STUDENTS_ALONE if offer.name == "audience" else ""
    return Group(offer.name, _HEADINGS.get(offer.name, offer.heading), options, hint=hint)


_HEADINGS = {"counsellor_type": "輔導人力類型", "grade": "資料範圍：年級", "audience": "資料範圍：指定服務對象"}
"""As the manual's step 3 calls them; others are called as the form's heading."""


def _plain(choice: Choice) -> str:
    return choice.label.removeprefix(f"{choice.key} ")


def _grades(core: App, account: Account) -> range:
    if account.unit_id is None:
        return _GRADES
    with core.store.read() as work:
        unit = work.units.get(account.unit_id)
    return unit.level.grades if unit else _GRADES
