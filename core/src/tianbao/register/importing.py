"""Taking a list into the register: looked at first, then carried out exactly as it was shown."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from attrs import evolve

from tianbao.accounts import Account
from tianbao.accounts.policy import Action, demand
from tianbao.audit import Act
from tianbao.calendar import Calendar
from tianbao.errors import Refusal
from tianbao.periods import Period
from tianbao.records.sight import Person, named
from tianbao.register.lists import UnitList
from tianbao.register.planning import Change, Kind, Plan, plan
from tianbao.reminders.overtaken import CLOSED, overtake
from tianbao.units import Unit

if TYPE_CHECKING:
    from tianbao.bootstrap import App
    from tianbao.storage import UnitOfWork

LOCK = "register"
"""Held by whoever changes the register."""


def demand_keeper(person: Person) -> None:
    """Refuse who may not keep the register; the operator of the server may.

    Raises:
        Refusal: ``not-allowed``.
    """
    if isinstance(person, Account):
        demand(person, Action.KEEP_REGISTER)


def look(app: "App", person: Person, listed: UnitList, since: Period | None = None) -> Plan:
    """What a list would do; changes nothing.

    Args:
        app: the application.
        person: who asks.
        listed: the list, see `tianbao.register.read_list`.
        since: the first month that new units must file; by default the current period.

    Raises:
        Refusal: the person may not (``not-allowed``).
    """
    demand_keeper(person)
    with app.store.read() as work:
        register = work.units.of_level(listed.level)
        return plan(listed, register, work.filings.last_months(listed.level), since or _current(app))


def carry_out(
    app: "App",
    person: Person,
    listed: UnitList,
    since: Period | None = None,
    *,
    seen: str | None = None,
    sure: bool = False,
) -> Plan:
    """Do what a list says, all of it or nothing, with an entry in the trail for each unit.

    Args:
        app: the application.
        person: who does it.
        listed: the list.
        since: see `look`.
        seen: the digest of the plan that was shown; ``None`` where nobody was shown one.
        sure: whether its doubts were confirmed.

    Raises:
        Refusal: the person may not; the register is not what it was when the plan was made (``register-changed``); or
            the plan has doubts that were not confirmed (``list-doubtful``).
    """
    demand_keeper(person)
    with app.store.work() as work:
        work.lock(LOCK)
        register = work.units.locked(listed.level)
        made = plan(listed, register, work.filings.last_months(listed.level), since or _current(app))
        if seen not in {None, made.digest}:
            raise Refusal(
                "register-changed", "預覽之後，單位名錄已有變動，這次沒有匯入。", "請再看一次新的預覽，確認後再匯入。"
            )
        if made.doubts and not sure:
            says = "".join(doubt.says for doubt in made.doubts)
            raise Refusal("list-doubtful", says, "請確認學制與檔案無誤；確實如此時，請勾選確認後再匯入。")
        now = app.clock.now()
        _apply(work, now, person, made)
        closed = [each.after for each in made.changes if Kind.CLOSED in each.kinds]
        overtake(work, Calendar(now, app.settings.calendar), closed, CLOSED)
    return made


def _current(app: "App") -> Period:
    return app.settings.calendar.current_period(app.clock.now())


def _apply(work: "UnitOfWork", now: datetime, person: Person, made: Plan) -> None:
    work.units.add_all(change.after for change in made.changes if change.before is None)
    numbers = {unit.code: unit.id for unit in work.units.of_level(made.listed.level)}
    for change in made.changes:
        unit = evolve(change.after, id=numbers[change.after.code])
        if change.before is not None:
            work.units.save(unit)
        note(work, now, person, evolve(change, after=unit))
    if made.changes:
        counts = {kind.value: number for kind, number in made.counts.items()}
        told = {"level": made.listed.level.value, "year": made.listed.year, "file": made.listed.file_hash, **counts}
        work.audit.append(now, person.id, Act.REGISTER_IMPORTED, "units", {**told, **named(person)})


def note(work: "UnitOfWork", now: datetime, person: Person, change: Change) -> None:
    """Write what happened to a unit into the trail."""
    kinds = change.kinds
    act = next((_ACTS[kind] for kind in kinds if kind in _ACTS), Act.UNIT_CHANGED)
    detail = change.fields if change.before else _told(change.after)
    work.audit.append(now, person.id, act, subject_of(change.after), {**detail, **named(person)})


_ACTS = {Kind.ADDED: Act.UNIT_ADDED, Kind.CLOSED: Act.UNIT_CLOSED, Kind.REOPENED: Act.UNIT_REOPENED}


def subject_of(unit: Unit) -> str:
    """A unit's name in the trail."""
    return f"unit/{unit.id}"


def _told(unit: Unit) -> Mapping[str, object]:
    return {"code": unit.code, "level": unit.level.value, "name": unit.name, "county": unit.county}
