"""The plan of a step: who gets what, and why.

It is pure over what is owed and who there is; the tick queues what it says, and the rehearsal shows it.

Nobody is chased for a month they filed: the reminder goes to those who have yet to file last month, the chase to those
with overdue months. Who filed early gets nothing; their receipt has said thank you already.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Any

from attrs import frozen

from tianbao.accounts import Account
from tianbao.calendar import Obligation, State
from tianbao.outbox import Draft
from tianbao.reminders.lists import Listing, by_level
from tianbao.reminders.owing import Owing
from tianbao.reminders.steps import Due, Step
from tianbao.units import COUNTIES, Authority, Level, Unit

_NAMED = 30
"""Units a mail names of each level; the list that goes with it names all."""


class Audience(StrEnum):
    """To whom a message goes."""

    UNIT = "unit"
    COUNTY = "county"
    NATION = "nation"

    @property
    def label(self) -> str:
        return {"unit": "填報單位", "county": "縣市政府", "nation": "承辦單位與國教署"}[self]


@frozen
class Planned:
    """A message that a step has for somebody.

    Attributes:
        key: by which it is queued once.
        audience: what kind of recipient it is.
        place: whom it is for: a unit's, a county's or an office's name.
        person: who answers there; ``None`` where there is no account to write to.
        template: which text.
        data: what the text names.
        why: why it is sent, as the organiser reads it.
        unit: whom it reminds, where it is one unit.
        listings: the lists that go with it.
    """

    key: str
    audience: Audience
    place: str
    person: Account | None
    template: str
    data: Mapping[str, Any]
    why: str
    unit: Unit | None = None
    listings: Sequence[Listing] = ()

    @property
    def draft(self) -> Draft | None:
        """For the outbox, without its lists; ``None`` where there is nobody to write to."""
        if self.person is None:
            return None
        unit_id = self.unit.id if self.unit else None
        return Draft(self.key, self.person.email, self.template, self.data, unit_id=unit_id, account_id=self.person.id)


Officers = Mapping[int | None, Account]
"""The account of each unit that has one."""


def to_units(due: Due, owing: Iterable[Owing], officers: Officers) -> Sequence[Planned]:
    """What the units get: the reminder of the 1st, or the chase of the 11th.

    Args:
        due: the step.
        owing: who owes the month (`unfiled`) or is late (`unfinished`), at that moment.
        officers: by unit.
    """
    return [_to_unit(f"{due.key}/unit/{each.unit.id}", due, each, officers.get(each.unit.id)) for each in owing]


def _to_unit(key: str, due: Due, owing: Owing, officer: Account | None) -> Planned:
    data = {**unit_data(owing, officer), "period": str(due.period)}
    template = "chase"
    if due.step is Step.REMIND:
        *earlier, month = data["months"]
        data, template = {**data, "due": month["due"], "earlier": earlier}, "remind"
    return Planned(key, Audience.UNIT, owing.unit.name, officer, template, data, _why(owing), owing.unit)


def unit_data(owing: Owing, officer: Account | None) -> dict[str, Any]:
    """What the texts to a unit name."""
    return {
        "name": officer.name if officer else "",
        "unit": owing.unit.name,
        "months": [month_data(each) for each in owing.months],
    }


def month_data(each: Obligation) -> dict[str, Any]:
    """What they name of a month: until when, how many days late."""
    late = -each.days_left if each.state is State.OVERDUE else 0
    return {"period": str(each.period), "due": each.window.due_on.isoformat(), "late": late}


def _why(owing: Owing) -> str:
    late = [each for each in owing.months if each.state is State.OVERDUE]
    still = [each for each in owing.months if each.state is not State.OVERDUE]
    says = [f"{_spoken(still)}尚未填報"] if still else []
    return "，".join([*says, *([f"{_spoken(late)}逾期"] if late else [])])


def _spoken(months: Iterable[Obligation]) -> str:
    return "、".join(each.period.spoken for each in months)


def to_counties(due: Due, owing: Iterable[Owing], officers: Mapping[str, Account]) -> Sequence[Planned]:
    """What the counties get on the 11th: each the list of its units, whomever these answer to."""
    return [_to_county(due, county, late, officers.get(county)) for county, late in _by_county(owing).items()]


def _to_county(due: Due, county: str, owing: Sequence[Owing], officer: Account | None) -> Planned:
    data = {
        "name": officer.name if officer else "",
        "county": county,
        "period": str(due.period),
        "count": len(owing),
        "attached": True,
        "levels": levels(owing),
    }
    listing = Listing(f"{county}{due.period.spoken}未填報名單", owing)
    why = f"轄內有 {len(owing):,} 個單位未填報"
    return Planned(
        f"{due.key}/county/{county}",
        Audience.COUNTY,
        f"{county}政府",
        officer,
        "chase-county",
        data,
        why,
        listings=[listing],
    )


def to_nation(due: Due, owing: Sequence[Owing], people: Iterable[Account]) -> Sequence[Planned]:
    """What the organiser and the agency get on the 16th: the agency's own list, and one for each county to pass on."""
    if not owing:
        return ()
    agency, counties = answering(owing)
    named = [("國教署", agency), *counties.items()]
    listings = [Listing(f"{who}{due.period.spoken}未完成名單", units) for who, units in named if units]
    data = {
        "period": str(due.period),
        "count": len(owing),
        "attached": True,
        "agency": len(agency),
        "agency_levels": levels(agency),
        "counties": [{"county": county, "count": len(units)} for county, units in counties.items()],
    }
    why = f"全國有 {len(owing):,} 個單位未完成填報"
    return [
        Planned(
            f"{due.key}/account/{person.id}",
            Audience.NATION,
            person.role.label,
            person,
            "compile",
            {**data, "name": person.name},
            why,
            listings=listings,
        )
        for person in people
    ]


def answering(owing: Iterable[Owing]) -> tuple[Sequence[Owing], Mapping[str, Sequence[Owing]]]:
    """Who is chased by whom: those of the agency (高中職、its centres), and those of each county, north to south."""
    owing = list(owing)
    agency = [each for each in owing if each.unit.answers_to is Authority.AGENCY]
    return by_level(agency), _by_county(each for each in owing if each.unit.answers_to is Authority.COUNTY)


def _by_county(owing: Iterable[Owing]) -> Mapping[str, Sequence[Owing]]:
    found: dict[str, list[Owing]] = {}
    for each in owing:
        found.setdefault(each.unit.county, []).append(each)
    order = {county: number for number, county in enumerate(COUNTIES)}
    return {
        county: by_level(found[county])
        for county in sorted(found, key=lambda county: (order.get(county, len(order)), county))
    }


def levels(owing: Iterable[Owing]) -> Sequence[Mapping[str, Any]]:
    """The units of each level that has any: 國小、國中、高中職、輔諮中心 apart."""
    owing = list(owing)
    counts = Counter(each.unit.level for each in owing)
    return [
        {
            "level": level.label,
            "count": counts[level],
            "units": [each.unit.name for each in owing if each.unit.level is level][:_NAMED],
            "more": counts[level] > _NAMED,
        }
        for level in Level
        if counts[level]
    ]
