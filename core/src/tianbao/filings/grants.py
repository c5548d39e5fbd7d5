"""What the organiser grants units: a month put off (展延), or let off (免填); always with a reason, never deleted."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from attrs import field, frozen

from tianbao.accounts import Account
from tianbao.accounts.forms import demand_words, look_over, typed_words
from tianbao.accounts.policy import Action, demand
from tianbao.audit import Act
from tianbao.calendar import Calendar, Facts
from tianbao.doors import Door
from tianbao.errors import Refusal
from tianbao.filings.granting import PassedOver, exemption_door, extension_door
from tianbao.periods import Period
from tianbao.reminders.overtaken import overtake
from tianbao.units import Unit

if TYPE_CHECKING:
    from collections.abc import Callable

    from tianbao.bootstrap import App
    from tianbao.storage import UnitOfWork


class Kind(StrEnum):
    """What can be granted."""

    EXTENSION = "extension"
    EXEMPTION = "exemption"

    @property
    def label(self) -> str:
        return {"extension": "展延", "exemption": "免填"}[self]


@frozen
class Grant:
    """What was granted to a unit for a month.

    Attributes:
        id: its number.
        unit: who.
        period: the month.
        kind: what.
        due: the new last day, of an extension.
        reason: why, as the unit reads it.
        granted_at: when.
        granted_by: the account.
        granted_by_name: the person's name at that time.
        revoked_at: when it was taken back, or replaced; ``None`` while it is in force.
        revoked_by: by whom.
    """

    id: int
    unit: Unit
    period: Period
    kind: Kind
    due: date | None
    reason: str
    granted_at: datetime
    granted_by: int
    granted_by_name: str
    revoked_at: datetime | None = None
    revoked_by: int | None = None

    @property
    def in_force(self) -> bool:
        return self.revoked_at is None

    @property
    def subject(self) -> str:
        """Its name in the audit trail."""
        return f"unit/{self.unit.id}/{self.period}"


@frozen
class Granted:
    """What came of a grant.

    Attributes:
        units: who has it now.
        passed_over: who has not, and why.
    """

    units: Sequence[Unit]
    passed_over: Sequence[PassedOver]


def extend(  # noqa: PLR0917 -- the fields of the form
    app: "App", organiser: Account, units: Iterable[Unit], period: Period, due: date, reason: str
) -> Granted:
    """Let units file a month until a later day; another extension of the month is replaced.

    Args:
        app: the application.
        organiser: who grants.
        units: to whom; those it makes no sense for are passed over.
        period: the month.
        due: the new last day.
        reason: why.

    Raises:
        Refusal: not for this account to do, or of no use to any of the units: then as for the first of them.
        FormRefusal: there is no reason, or too long a one.
    """
    given = _Given(organiser, period, Kind.EXTENSION, reason, due)
    return _grant(app, units, given, lambda calendar, facts: extension_door(calendar, facts, period, due))


def exempt(app: "App", organiser: Account, units: Iterable[Unit], period: Period, reason: str) -> Granted:
    """Let units off a month; see `extend` for the arguments, and for what is raised."""
    given = _Given(organiser, period, Kind.EXEMPTION, reason)
    return _grant(app, units, given, lambda calendar, facts: exemption_door(calendar, facts, period))


@frozen
class _Given:
    """What the organiser gives."""

    organiser: Account
    period: Period
    kind: Kind
    reason: str = field(converter=typed_words)
    due: date | None = None

    def to(self, unit: Unit, at: datetime) -> Grant:
        by = self.organiser
        return Grant(0, unit, self.period, self.kind, self.due, self.reason, at, by.id, by.name)


def _grant(app: "App", units: Iterable[Unit], given: _Given, door_of: "Callable[[Calendar, Facts], Door]") -> Granted:
    demand(given.organiser, Action.OPEN_MONTHS)
    look_over(reason=lambda: demand_words(given.reason, "原因"))
    now, wanted = app.clock.now(), [unit for unit in units if unit.id is not None]
    with app.store.work() as work:
        work.units.lock_all(wanted)
        calendar = Calendar(now, app.settings.calendar)
        granted = _sorted_out(calendar, work.calendar.facts_of(wanted), door_of)
        if granted.units:
            work.grants.add([given.to(unit, now) for unit in granted.units])
            overtake(work, calendar, granted.units)
        for unit in granted.units:
            _note(work, given.to(unit, now))
    return granted


def _sorted_out(
    calendar: Calendar, all_facts: Iterable[Facts], door_of: "Callable[[Calendar, Facts], Door]"
) -> Granted:
    units: list[Unit] = []
    passed_over: list[PassedOver] = []
    for facts in all_facts:
        try:
            door_of(calendar, facts.settled(calendar.now)).demand()
        except Refusal as refusal:
            passed_over.append(PassedOver(facts.unit, refusal))
        else:
            units.append(facts.unit)
    if passed_over and not units:
        raise passed_over[0].refusal
    return Granted(units, passed_over)


_ACTS = {Kind.EXTENSION: Act.MONTH_EXTENDED, Kind.EXEMPTION: Act.MONTH_EXEMPTED}


def _note(work: "UnitOfWork", grant: Grant) -> None:
    """The reason stays with the grant: the trail holds nothing that somebody might have written about a student."""
    due = {"due": grant.due.isoformat()} if grant.due else {}
    work.audit.append(grant.granted_at, grant.granted_by, _ACTS[grant.kind], grant.subject, due)


def revoke(app: "App", organiser: Account, grant_id: int) -> Grant:
    """Take a grant back: the month is owed, and due, as if it had never been granted.

    Raises:
        Refusal: not for this account to do, or it is not in force (``grant-over``).
    """
    demand(organiser, Action.OPEN_MONTHS)
    now = app.clock.now()
    with app.store.work() as work:
        if not work.grants.revoke(grant_id, now, organiser.id):
            raise Refusal("grant-over", "這項展延或免填已經撤銷，或不存在。", "請重新整理頁面。")
        grant = work.grants.get(grant_id)
        if grant is None:
            raise LookupError(grant_id)
        detail = {"grant": grant.id, "kind": grant.kind.value}
        work.audit.append(now, organiser.id, Act.GRANT_REVOKED, grant.subject, detail)
    return grant
