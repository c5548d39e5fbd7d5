"""The form above the table: words, months, school years, units, counties, levels."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from attrs import evolve, frozen

from tianbao.accounts import Account
from tianbao.accounts.policy import Action, Reach, reach
from tianbao.bootstrap import App
from tianbao.errors import Refusal
from tianbao.periods import Period
from tianbao.records import Query, UnitKey, read_parameters
from tianbao.units import COUNTIES, Level, Unit

if TYPE_CHECKING:
    from litestar.datastructures import MultiDict

    from tianbao.storage import UnitOfWork

_SHOWN = 8
"""Units that are proposed where a name fits several."""


@frozen
class Scope:
    """What the form offers a person.

    Attributes:
        months: newest first.
        school_years: newest first.
        counties: to choose from; none for those who see but one.
        levels: likewise.
        by_unit: whether several units are to choose from.
        unit: what stands in the field of the unit.
        fault: what is wrong with it.
    """

    months: Sequence[Period]
    school_years: Sequence[int]
    counties: Sequence[str]
    levels: Sequence[Level]
    by_unit: bool
    unit: str = ""
    fault: Refusal | None = None


def scope_for(core: App, account: Account, query: Query) -> Scope:
    """The form for a person, with what a query holds."""
    far = reach(account.role, Action.SEE_CASES)
    months = _months(core, query)
    return Scope(
        months,
        sorted({month.school_year for month in months} | set(query.school_years), reverse=True),
        COUNTIES if far is Reach.ALL else (),
        tuple(Level) if far > Reach.OWN else (),
        far > Reach.OWN,
        names_of(core, query.units),
    )


def _months(core: App, query: Query) -> Sequence[Period]:
    """From the first month that a template served to the one that may be filed already; and those asked for."""
    now = core.clock.now()
    month = Period(now.year, now.month)
    firsts = [each.serves.first for each in core.plugins.templates.values() if each.serves.first]
    first = min(firsts, default=month)
    found = {end for end in (query.periods.first, query.periods.last) if end}
    while month >= first:
        found.add(month)
        month = month.previous
    return sorted(found, reverse=True)


def names_of(core: App, keys: Sequence[UnitKey]) -> str:
    """Units as the form's field names them."""
    if not keys:
        return ""
    with core.store.read() as work:
        known = {
            key: [unit for unit in work.units.of_code(key.code) if key.level in {None, unit.level}] for key in keys
        }
    return "、".join(called(units[0]) if len(units) == 1 else key.code for key, units in known.items())


def called(unit: Unit) -> str:
    """A unit as the form's field names it, so that it is found again."""
    return f"{unit.name}（{unit.level.label}）"


def asked_for(core: App, account: Account, query: Query, form: "MultiDict[str]") -> Query:
    """A query with what the form says; filters, columns and order stay.

    Raises:
        Refusal: a unit is not found, or not the only one of that name (``no-unit``), or a parameter makes no sense.
    """
    first, last = form.get("from", ""), form.get("to", "")
    if first and last and last < first:
        first, last = last, first
    parameters = {
        "period": [f"{first}..{last}" if first or last else ""],
        "search": [form.get("search", "")],
        **{name: form.getall(name, []) for name in ("school_year", "county", "level")},
    }
    scope = read_parameters(query.kind, parameters)
    return evolve(
        query,
        search=scope.search,
        periods=scope.periods,
        school_years=scope.school_years,
        counties=scope.counties,
        levels=scope.levels,
        units=units_named(core, account, form.get("unit", "")),
        position=None,
    )


def units_named(core: App, account: Account, text: str) -> tuple[UnitKey, ...]:
    """The units somebody names, by code or by name.

    Raises:
        Refusal: one is not found, or not the only one of that name (``no-unit``).
    """
    parts = [part.strip() for part in re.split(r"[、,，;；]", text) if part.strip()]
    with core.store.read() as work:
        found = [_unit(work, account, part) for part in parts]
    return tuple(dict.fromkeys(found))


def _unit(work: "UnitOfWork", account: Account, text: str) -> UnitKey:
    name, level = _taken_apart(text)
    units = [unit for unit in work.units.search(name, level, 50) if account.county in {None, unit.county}]
    exact = [unit for unit in units if name in {unit.name, unit.code}]
    if len(exact or units) == 1:
        one = (exact or units)[0]
        return UnitKey(one.code, one.level)
    if exact and len({unit.code for unit in exact}) == 1:
        return UnitKey(exact[0].code)
    if not units:
        raise Refusal("no-unit", f"找不到單位「{text[:40]}」。", "請輸入學校名稱中的關鍵字，或單位代碼。")
    names = "、".join(called(unit) for unit in (exact or units)[:_SHOWN])
    raise Refusal("no-unit", f"有 {len(exact or units)} 個單位符合「{text[:40]}」。", f"請寫完整名稱，例如：{names}。")


def _taken_apart(text: str) -> tuple[str, Level | None]:
    """A unit's name without its level in brackets, and the level."""
    found = re.fullmatch(r"(.+?)[（(](.+)[）)]", text)
    level = next((level for level in Level if found and level.label == found[2]), None)
    return (found[1].strip(), level) if found and level else (text, None)
