"""Who is written to about whom: a county about 國小、國中 and its centre, the agency about 高中職 and its own centres.

The manual: 「由國教署協助函文稽催轄下高中職學校(輔諮中心)，及請縣市政府協助稽催轄管學校(輔諮中心)完成填報」.
A county is told, apart, which of its 高中職 the agency writes to.
"""

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from attrs import frozen

from tianbao.calendar import Calendar
from tianbao.clock import TAIPEI, spoken_date, spoken_moment
from tianbao.errors import Refusal
from tianbao.periods import Period
from tianbao.reminders import Owing, unfinished
from tianbao.reminders.plan import answering
from tianbao.settings import Settings
from tianbao.units import COUNTIES, Authority, Level, Unit

if TYPE_CHECKING:
    from tianbao.storage import UnitOfWork


@frozen
class Dossier:
    """An addressee and the units it is written to about; without a unit, there is no letter.

    Attributes:
        county: whose government; ``None`` for the agency.
        listed: the units, by level, then code.
        informed: the county's units that answer to the agency and are unfinished, too.
    """

    county: str | None
    listed: Sequence[Owing]
    informed: Sequence[Owing] = ()

    @property
    def name(self) -> str:
        """Of the addressee, and of its folder."""
        return f"{self.county}政府" if self.county else Authority.AGENCY.label

    @property
    def counts(self) -> Mapping[Level, int]:
        """How many units of each level are listed."""
        found = Counter(each.unit.level for each in self.listed)
        return {level: found[level] for level in Level}


@frozen
class Gathering:
    """The unfinished of a month, sorted by who is written to: the agency first, then the counties, north to south.

    Attributes:
        period: the month.
        moment: as of when.
        dossiers: one for each addressee that has units in the register, those with nobody unfinished, too.
    """

    period: Period
    moment: dt.datetime
    dossiers: Sequence[Dossier]

    @property
    def letters(self) -> Sequence[Dossier]:
        """Those who are written to."""
        return [each for each in self.dossiers if each.listed]

    @property
    def clear(self) -> Sequence[Dossier]:
        """Those who have nobody unfinished."""
        return [each for each in self.dossiers if not each.listed]

    @property
    def units(self) -> int:
        return sum(len(each.listed) for each in self.dossiers)


def moment_of(now: dt.datetime, day: dt.date | None) -> dt.datetime:
    """The moment a list is of: now, or the end of another day."""
    if day is None or day == now.astimezone(TAIPEI).date():
        return now
    return dt.datetime.combine(day, dt.time(23, 59, 59), TAIPEI)


def gather(work: "UnitOfWork", settings: Settings, period: Period, moment: dt.datetime) -> Gathering:
    """Find who has not filed the month, or one before it.

    Raises:
        Refusal: the month is not due yet (``not-due``).
    """
    calendar = Calendar(moment, settings.calendar)
    window = calendar.rules.window(period)
    if moment < window.due_at:
        raise Refusal(
            "not-due",
            f"{period.spoken}的填報期限是 {spoken_date(window.due_on)}，到 {spoken_moment(moment)} 還沒有逾期的單位。",
            "請選擇已過期限的月份，或在期限之後再產製。",
        )
    units = work.units.all()
    return Gathering(period, moment, _sorted_out(unfinished(work, calendar, units, period), units))


def _sorted_out(owing: Sequence[Owing], units: Sequence[Unit]) -> Sequence[Dossier]:
    agency, counties = answering(owing)
    present = {(unit.answers_to, unit.county) for unit in units}
    dossiers = [Dossier(None, agency)] if any(whose is Authority.AGENCY for whose, _ in present) else []
    named = {county for whose, county in present if whose is Authority.COUNTY}
    return [
        *dossiers,
        *(
            Dossier(county, counties.get(county, ()), [each for each in agency if each.unit.county == county])
            for county in [*(county for county in COUNTIES if county in named), *sorted(named.difference(COUNTIES))]
        ),
    ]
