"""The 2,608 elementary schools of Taiwan (open data, see data/README.md) with made-up filings, as believable as quick.

The list goes in as an organiser would take it in. The filings come without workbooks, a month of all schools in one
transaction, through the same repository as everybody's. Each school has its habits, drawn from its code: how much it
has to tell, and whether it files early, on time, late, or not at all.
"""

import random
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, time, timedelta
from importlib import resources

from attrs import evolve, frozen

from tianbao.accounts import Account, Standing
from tianbao.audit import Act
from tianbao.bootstrap import App
from tianbao.clock import TAIPEI
from tianbao.demo.people import NAMES, PASSWORD, county_officer, officer
from tianbao.demo.rows import rows_of
from tianbao.filings import Filing, Way, template_of
from tianbao.filings.receipt import receipt_code
from tianbao.outbox import Fate
from tianbao.periods import Period
from tianbao.records.sight import Operator
from tianbao.register import carry_out, read_list
from tianbao.storage import UnitOfWork
from tianbao.storage.filings import Rows
from tianbao.templates import Template
from tianbao.units import COUNTIES, Level, Unit

MONTHS = 6
"""So many months before the current one the schools must have filed."""
_LIST = "e1_new.csv"
_DEAD = 97
"""Every so manieth school's mailbox takes no mail."""
_SIZES = (0, 0, 1, 1, 2, 2, 3, 4, 6, 9)


@frozen
class _School:
    """A school and its habits.

    Attributes:
        unit: which.
        account: of its officer; ``None`` where nobody ever registered.
        size: about so many cases and services a month.
        late: how often it files after the deadline.
        behind: so many of the latest months it has not filed.
        chance: draws what differs from month to month.
    """

    unit: Unit
    account: Account | None
    size: int
    late: float
    behind: int
    chance: random.Random

    @classmethod
    def of(cls, unit: Unit, account: Account | None) -> "_School":
        chance = random.Random(unit.code)  # noqa: S311 -- always the same schools, not a secret
        late = 0.02 + COUNTIES.index(unit.county) * 7 % 11 / 100
        behind = chance.choices((0, 1, 2, MONTHS), (93, 4, 2, 1))[0]
        return cls(unit, account, chance.choice(_SIZES), late, behind, chance)

    def filed(self, current: Period, now: datetime) -> Iterator[tuple[Period, datetime]]:
        """What it has filed by now, in order, and when: what is behind keeps it from going on."""
        before = datetime.min.replace(tzinfo=TAIPEI)
        for back in range(MONTHS, -1, -1):
            period = current.plus(-back)
            before = max(self._when(period), before + timedelta(hours=1))
            if self.account is None or (self.behind and back <= self.behind) or before > now:
                return
            yield period, before

    def _when(self, period: Period) -> datetime:
        """Some file from the 11th of the month itself, most in the ten days and towards their end, some late."""
        draw = self.chance.random()
        if draw < self.late:
            day = period.next.first_day + timedelta(days=10 + self.chance.randrange(15))
        elif draw > 0.94:  # noqa: PLR2004 -- a believable few
            day = period.first_day + timedelta(days=10 + self.chance.randrange(18))
        else:
            day = period.next.first_day + timedelta(days=int(10 * self.chance.random() ** 0.7))
        return datetime.combine(day, time(8 + self.chance.randrange(9), self.chance.randrange(60)), TAIPEI)


def enrol(app: App, told: Callable[[str], None], most: int | None = None) -> None:
    """Enter the schools, their officers and what they have filed by now.

    Args:
        app: whose store has none of them.
        told: called with what is being done.
        most: only so many of them, from all over the country.
    """
    told("全國國小名錄")
    current = app.settings.calendar.current_period(app.clock.now())
    units = _entered(app, current.plus(-MONTHS), most)
    told(f"{len(units):,} 所國小的帳號")
    schools = [_School.of(unit, account) for unit, account in _registered(app, units)]
    plans = {school.unit.code: dict(school.filed(current, app.clock.now())) for school in schools}
    for back in range(MONTHS, -1, -1):
        period = current.plus(-back)
        filing = [(each, plans[each.unit.code][period]) for each in schools if period in plans[each.unit.code]]
        told(f"{len(filing):,} 所國小{period.spoken}的填報")
        _file(app, period, filing)


def _entered(app: App, first: Period, most: int | None) -> Sequence[Unit]:
    listed = read_list(app, (resources.files("tianbao.demo") / "data" / _LIST).read_bytes(), _LIST)
    codes = sorted(listed.units)
    chosen = codes if most is None else codes[:: max(1, len(codes) // most)][:most]
    carry_out(app, Operator("demo"), evolve(listed, units={code: listed.units[code] for code in chosen}), first)
    with app.store.read() as work:
        return [unit for unit in work.units.of_level(Level.ELEMENTARY) if unit.code in listed.units]


def _registered(app: App, units: Sequence[Unit]) -> Sequence[tuple[Unit, Account | None]]:
    """Most have an account, some wait to be activated, some never registered; some mailboxes are dead."""
    secret, now = app.hasher.hash(PASSWORD), app.clock.now()
    drawn: dict[str, Account] = {}
    for number, unit in enumerate(units):
        account = officer(unit, NAMES[number * 7 % len(NAMES)], now)
        if number % 83 == 41:  # noqa: PLR2004 -- a believable few
            continue
        if number % 211 == 100:  # noqa: PLR2004 -- likewise
            account = evolve(account, standing=Standing.PENDING, activated_at=None)
        drawn[unit.code] = account
    with app.store.work() as work:
        work.accounts.add_all(_county_officers(work, now), secret)
        numbers = work.accounts.add_all(list(drawn.values()), secret)
        known = {code: evolve(each, id=id_) for (code, each), id_ in zip(drawn.items(), numbers, strict=True)}
        _bounce(work, list(known.values())[::_DEAD], now)
    active = {code: account for code, account in known.items() if account.active}
    return [(unit, active.get(unit.code)) for unit in units]


def _county_officers(work: UnitOfWork, now: datetime) -> Sequence[Account]:
    """Two counties have none, and who has one already keeps it."""
    return [
        county_officer(number, county, now)
        for number, county in enumerate(COUNTIES)
        if number % 11 != 10 and work.accounts.active_of_county(county) is None  # noqa: PLR2004 -- two of the 22
    ]


def _bounce(work: UnitOfWork, accounts: Sequence[Account], now: datetime) -> None:
    """A letter to each of these came back."""
    for account in accounts:
        data = {"name": account.name, "login": account.login, "at": now.isoformat()}
        work.outbox.add(f"demo/{account.id}", account.email, "password-changed", data, at=now, unit_id=account.unit_id)
    claimed = work.deliveries.claim("email", "demo", now, now + timedelta(minutes=1), 10_000)
    for queued in claimed:
        if queued.key.startswith("demo/"):
            work.deliveries.end(queued.id, "demo", Fate.REFUSED, "550 5.1.1 User unknown")
    work.deliveries.release([queued.id for queued in claimed], "demo")


def _file(app: App, period: Period, filing: Sequence[tuple[_School, datetime]]) -> None:
    if not filing:
        return
    template = template_of(app.plugins.templates, period)
    due = app.settings.calendar.window(period).due_on
    made = [_filing(each, period, at, template, Way.LATE if at.date() > due else Way.CURRENT) for each, at in filing]
    with app.store.work() as work:
        for stored in sorted(work.filings.add_first(made), key=lambda each: each.filed_at):
            act = Act.FILED_NIL if stored.nil else Act.FILED
            told = {"filing": stored.id, "version": 1, "way": stored.way.value, "counts": dict(stored.counts)}
            work.audit.append(stored.filed_at, stored.filed_by, act, stored.subject, told)


def _filing(school: _School, period: Period, at: datetime, template: Template, way: Way) -> tuple[Filing, Rows]:
    unit, account, chance = school.unit, school.account, school.chance
    nil = chance.random() < (0.35 if school.size == 0 else 0.05)
    rows: Rows = {} if nil else rows_of(school.size, unit.level, period, chance)
    filing = Filing(
        id=0,
        unit=unit,
        period=period,
        version=1,
        way=way,
        nil=nil,
        template_key=None if nil else template.key,
        fingerprint=None if nil else template.fingerprint,
        file_name=None,
        file_hash=None,
        counts={kind: len(rows.get(kind, ())) for kind in ("case", "service")},
        filed_at=at,
        filed_by=account.id if account else 0,
        filed_by_name=account.name if account else "",
        receipt=receipt_code(f"{unit.id}/{period}/1/{at.isoformat()}/demo"),
        in_force=True,
    )
    return filing, rows
