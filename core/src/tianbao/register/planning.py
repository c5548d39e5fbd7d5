"""What a list would do to the register, before it is done. Pure: the register and the list in, the plan out."""

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum

from attrs import asdict, evolve, frozen

from tianbao.periods import Period, PeriodRange, PeriodRanges, school_years
from tianbao.register.lists import Listed, UnitList
from tianbao.units import Level, Unit

FEW = 5
SHARE = 0.05
"""A list that would close more than a few units and this share of them is taken only when confirmed: between the lists
of 2020 and 2025 a thirtieth of the high schools went, so what closes a twentieth at once is wrong or truncated. A whole
county can be less than that: so is one that would close more than a few units and more than half of any county's."""


class Kind(StrEnum):
    """What happens to a unit; several may happen at once."""

    ADDED = "added"
    REOPENED = "reopened"
    CLOSED = "closed"
    RENAMED = "renamed"
    MOVED = "moved"
    LOCATED = "located"
    ANSWERS = "answers"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    Kind.ADDED: "新增",
    Kind.REOPENED: "恢復填報",
    Kind.CLOSED: "停辦",
    Kind.RENAMED: "更名",
    Kind.MOVED: "改隸縣市",
    Kind.LOCATED: "更新鄉鎮市區",
    Kind.ANSWERS: "更改主管機關",
}
_COMPARED = {"name": Kind.RENAMED, "county": Kind.MOVED, "district": Kind.LOCATED, "answers_to": Kind.ANSWERS}


@frozen
class Change:
    """One unit before and after; ``before`` is ``None`` for a new one."""

    before: Unit | None
    after: Unit

    @property
    def kinds(self) -> Sequence[Kind]:
        before, after = self.before, self.after
        if before is None:
            return (Kind.ADDED,)
        kinds = [kind for name, kind in _COMPARED.items() if getattr(before, name) != getattr(after, name)]
        if before.active != after.active:
            kinds.insert(0, Kind.REOPENED if after.active.goes_on else Kind.CLOSED)
        return tuple(kinds)

    @property
    def fields(self) -> Mapping[str, Sequence[str]]:
        """What changed, by name: before, after."""
        if self.before is None:
            return {}
        before, after = _plain(self.before), _plain(self.after)
        return {name: [before[name], after[name]] for name in before if before[name] != after[name]}


def _plain(unit: Unit) -> Mapping[str, str]:
    """Of the months, the ends of the latest range: nothing that happens to a unit changes an earlier one alone."""
    latest = unit.active.latest or PeriodRange()
    ends = {"first": str(latest.first or ""), "last": str(latest.last or "")}
    return {**{name: str(getattr(unit, name)) for name in _COMPARED}, **ends}


@frozen
class Doubt:
    """Why a list must be confirmed explicitly; ``code`` is stable, ``says`` a sentence in 繁體中文."""

    code: str
    says: str


@frozen
class Plan:
    """What a list would do.

    Attributes:
        listed: the list.
        changes: by code.
        unchanged: how many units stay as they are.
        beyond: units that file and that the list says nothing about: attached departments, which e1 leaves out.
        doubts: why it looks wrong; where there are any, it is carried out only when confirmed.
    """

    listed: UnitList
    changes: Sequence[Change]
    unchanged: int
    beyond: Sequence[Unit]
    doubts: Sequence[Doubt]

    def of(self, kind: Kind) -> Sequence[Change]:
        return [change for change in self.changes if kind in change.kinds]

    @property
    def counts(self) -> Mapping[Kind, int]:
        """How many of each kind; those that do not occur are left out."""
        return {kind: number for kind in Kind if (number := len(self.of(kind)))}

    @property
    def digest(self) -> str:
        """Names exactly these changes: what is carried out is what was shown, or nothing."""
        return hashlib.sha256(repr([asdict(change) for change in self.changes]).encode()).hexdigest()[:32]


def plan(listed: UnitList, register: Sequence[Unit], last_filed: Mapping[int, Period], since: Period) -> Plan:
    """Compare a full list of one level with the register.

    A unit that the list leaves out is closed with the last month before the list's school year, or the last it filed,
    whichever is later; nothing is deleted. It is left alone where its code is of a kind that the list lacks: the fourth
    character tells (311401, a high school's code, names an attached 國小部, and e1 has no such codes). So is one that
    began after the list's school year: an old list, taken by mistake, knows nothing of new schools.

    Args:
        listed: the list.
        register: all units of its level.
        last_filed: by unit, the last month it filed.
        since: the first month that new units must file.
    """
    known = {unit.code: unit for unit in register}
    silent = _silent(listed, register)
    changes = [*_entered(listed, known, since), *_missing(listed, register, silent, last_filed, since)]
    changed = sorted((each for each in changes if each.before != each.after), key=lambda change: change.after.code)
    filing = [unit for unit in register if unit.active.goes_on]
    beyond = [unit for unit in filing if unit.code in silent]
    judged = Counter(unit.county for unit in filing) - Counter(unit.county for unit in beyond)
    unchanged = len(listed.units) - sum(change.after.code in listed.units for change in changed)
    closing = Counter(each.before.county for each in changed if each.before and Kind.CLOSED in each.kinds)
    return Plan(listed, changed, unchanged, beyond, tuple(_doubts(listed, closing, judged)))


def _entered(listed: UnitList, known: Mapping[str, Unit], since: Period) -> Iterator[Change]:
    for code, each in listed.units.items():
        before = known.get(code)
        if before is None:
            yield Change(None, _new(each, listed.level, since))
        else:
            yield Change(before, evolve(_named(before, each), active=_reopened(before.active, listed, since)))


def _new(each: Listed, level: Level, since: Period) -> Unit:
    unit = Unit(each.code, level, each.name, each.county, PeriodRange(since), district=each.district)
    return evolve(unit, answers_to=each.answers_to or unit.answers_to)


def _named(unit: Unit, each: Listed) -> Unit:
    """What a list does not say stays."""
    district = each.district or (unit.district if unit.county == each.county else "")
    answers_to = each.answers_to or unit.answers_to
    return evolve(unit, name=each.name, county=each.county, district=district, answers_to=answers_to)


def _begins(listed: UnitList, since: Period) -> Period:
    """From which month on the list speaks."""
    return (school_years(listed.year).first if listed.year else None) or since


def _reopened(active: PeriodRanges, listed: UnitList, since: Period) -> PeriodRanges:
    """A closed unit that is listed after its last month files again, and owes what it owed; not the time between."""
    if active.goes_on or (active.last and active.last >= _begins(listed, since)):
        return active
    return active.reopened(since)


def _silent(listed: UnitList, register: Sequence[Unit]) -> set[str]:
    """The codes of units about which the list says nothing by leaving them out."""
    kinds = {code[3] for code in listed.units}
    end = school_years(listed.year, listed.year).last if listed.year else None
    return {
        unit.code
        for unit in register
        if unit.code not in listed.units and (unit.code[3] not in kinds or (end and _began_after(unit, end)))
    }


def _began_after(unit: Unit, end: Period) -> bool:
    latest = unit.active.latest
    return latest is not None and latest.first is not None and latest.first > end


def _missing(
    listed: UnitList, register: Sequence[Unit], silent: set[str], last_filed: Mapping[int, Period], since: Period
) -> Iterator[Change]:
    end = _begins(listed, since).previous
    for unit in register:
        if unit.code in listed.units or unit.code in silent or not unit.active.goes_on:
            continue
        last = max(end, last_filed.get(unit.id or 0, end))
        yield Change(unit, evolve(unit, active=unit.active.closed(last)))


_WORDS = {
    Level.ELEMENTARY: ("國小", "小學", "實小", "附小"),
    Level.JUNIOR_HIGH: ("國中", "國民中學"),
    Level.SENIOR_HIGH: ("高中", "高級", "高職", "高工", "高商", "家商", "工商", "商工", "農工", "女中"),
    Level.CENTRE: ("中心",),
}


def _doubts(listed: UnitList, closing: Counter[str], judged: Counter[str]) -> Iterator[Doubt]:
    """Why a list looks wrong; what it closes, and what it could close, by county."""
    for level in set(Level) - {listed.level}:
        strange = sum(
            _named_as(unit.name, level) and not _named_as(unit.name, listed.level) for unit in listed.units.values()
        )
        if strange * 2 > len(listed.units):
            says = f"以「{listed.level.label}」匯入，但名錄裡有 {strange:,} 所看起來是{level.label}。"
            yield Doubt("wrong-level", says)
    if closing.total() > max(FEW, judged.total() * SHARE):
        share = f"{judged.total():,} 個單位中的 {closing.total():,} 個停辦（{closing.total() / judged.total():.0%}）"
        says = f"這份名錄會讓 {share}，可能選錯學制，或名錄不完整。"
        yield Doubt("many-closed", says)
    elif places := [county for county, number in closing.items() if number > max(FEW, judged[county] / 2)]:
        share = "、".join(f"{county} {judged[county]:,} 個單位中的 {closing[county]:,} 個" for county in places)
        yield Doubt("county-closed", f"這份名錄會讓{share}停辦，可能漏了縣市，或名錄不完整。")


def _named_as(name: str, level: Level) -> bool:
    return any(word in name for word in _WORDS[level])
