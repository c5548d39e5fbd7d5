"""A small made-up country to try things out: units, people, and half a year of filings, always the same ones.

Everything goes in through the front door: workbooks are written, read, checked and filed like anybody's.
"""

import io
import random
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from datetime import datetime, time, timedelta

from attrs import evolve, frozen

from tianbao import accounts
from tianbao.accounts import Account, Role
from tianbao.bootstrap import App
from tianbao.canon import CONTINUED, NEW, OTHER_ISSUE, OTHER_ITEM
from tianbao.clock import TAIPEI, FixedClock
from tianbao.filings import amendments, file_nil, file_workbook, grants, template_of
from tianbao.periods import Period, PeriodRange
from tianbao.templates import Sheet, layout
from tianbao.units import Level, Unit
from tianbao.workbooks import Cell

PASSWORD = "Tianbao2024"  # noqa: S105 -- the demo's, printed when it starts
MONTHS = 4
"""So many months before the current one have been filed."""

_ISSUES = (5, 5, 5, 5, 1, 1, 1, 3, 3, 3, 6, 12, 4, 8, 14, 15, 13, 16, 2, 9, 10, 11, 7, 18)
"""Nationally 情緒困擾, 人際困擾 and 家庭困擾 lead."""

_SCHOOLS = (
    ("臺北市", "31", ("市立青蓮國小", "市立松濤國小", "市立文瀾國中", "市立敦厚高中")),
    ("新北市", "01", ("市立溪尾國小", "市立河岸國小", "市立新埔頭國中", "市立觀海高中")),
    ("臺中市", "06", ("市立豐禾國小", "市立大肚山國小", "市立筏子溪國中", "市立中央高工")),
    ("彰化縣", "07", ("縣立八卦國小", "縣立鹿野國小", "縣立溪湖畔國中", "縣立田中央高中")),
    ("花蓮縣", "15", ("縣立縱谷國小", "縣立美崙溪國小", "縣立海岸國中", "縣立太平洋高中")),
    ("澎湖縣", "16", ("縣立玄武國小", "縣立天人菊國小", "縣立風櫃國中", "縣立跨海高中")),
)
_LEVELS = (Level.ELEMENTARY, Level.ELEMENTARY, Level.JUNIOR_HIGH, Level.SENIOR_HIGH)
_PEOPLE = ("林怡君", "陳志豪", "黃雅婷", "張家豪", "李淑芬", "王建宏", "吳佩珊", "劉俊傑", "蔡宜靜", "楊文彬")


@frozen
class SignIn:
    """A way into the demo, to be printed."""

    role: str
    where: str
    login: str


def fill(app: App, told: Callable[[str], None] = lambda _: None) -> Sequence[SignIn]:
    """Fill an empty store with the demo country.

    Args:
        app: with an empty store.
        told: called with what is being done.

    Returns:
        A sign-in for each role; the password of all is `PASSWORD`.
    """
    told("單位與帳號")
    current = app.settings.calendar.current_period(app.clock.now())
    units, people, organiser = _settle(app, current.plus(-MONTHS))
    _let_off(app, organiser, units, current.previous)
    chance = random.Random(113)  # noqa: S311 -- always the same country, not a secret
    for number, unit in enumerate(units):
        told(f"{unit.name}的填報紀錄")
        for period in _filed(number, current):
            _file(app, people[unit.id], unit, period, chance)
    _reopen(app, people[units[AMENDING].id], organiser, units[AMENDING], current)
    return _sign_ins(units, people)


BEHIND, AMENDING, EXTENDED, EXEMPT = 1, 2, 3, 4
"""The numbers of the units that show these situations."""


def _sign_ins(units: Sequence[Unit], people: Mapping[int | None, Account]) -> Sequence[SignIn]:
    situations = {
        0: "",
        BEHIND: "（有逾期月份）",
        AMENDING: "（有修改中的月份）",
        EXTENDED: "（有展延的月份）",
        EXEMPT: "（有免填的月份）",
    }
    return [
        *(
            SignIn(Role.UNIT_OFFICER.label, f"{units[number].name}{says}", people[units[number].id].login)
            for number, says in situations.items()
        ),
        SignIn(Role.COUNTY_OFFICER.label, units[0].county, "county"),
        SignIn(Role.ORGANISER.label, "", "organiser"),
        SignIn(Role.SUPPORT.label, "", "support"),
        SignIn(Role.AGENCY.label, "", "agency"),
    ]


def _let_off(app: App, organiser: Account, units: Sequence[Unit], period: Period) -> None:
    """Put a month off for one unit, and let another off it."""
    due = app.clock.now().date() + timedelta(days=14)
    grants.extend(app, organiser, [units[EXTENDED]], period, due, "颱風停課，核准展延")
    grants.exempt(app, organiser, [units[EXEMPT]], period, "搬遷期間暫停服務")


def _reopen(app: App, officer: Account, organiser: Account, unit: Unit, current: Period) -> None:
    """Open last month to be amended: by the unit, or, where it is another semester's, by the organiser."""
    if current.previous.semester == current.semester:
        amendments.ask(app, officer, unit, current.previous, "漏填一位學生的晤談紀錄")
    else:
        amendments.open_month(app, organiser, unit, current.previous, f"{officer.name}老師", "漏填一位學生的晤談紀錄")


def _settle(app: App, first: Period) -> tuple[Sequence[Unit], Mapping[int | None, Account], Account]:
    """Units and the people who file for them, and one person of each other role; the organiser apart."""
    secret, now = app.hasher.hash(PASSWORD), app.clock.now()
    with app.store.work() as work:
        units = [evolve(unit, id=work.units.add(unit)) for unit in _units(first)]
        people = {
            unit.id: accounts.add(work, _officer(unit, name, now), secret)
            for unit, name in zip(units, _PEOPLE * len(units), strict=False)
        }
        others = [
            Account(0, login, role, _PEOPLE[-1], f"{login}@example.tw", handle=login, county=county, created_at=now)
            for role, login, county in (
                (Role.ORGANISER, "organiser", None),
                (Role.COUNTY_OFFICER, "county", units[0].county),
                (Role.SUPPORT, "support", None),
                (Role.AGENCY, "agency", None),
            )
        ]
        organiser, *_ = [accounts.add(work, person, secret) for person in others]
    return units, people, organiser


def _units(first: Period) -> Iterator[Unit]:
    for county, prefix, names in _SCHOOLS:
        for number, (name, level) in enumerate(zip(names, _LEVELS, strict=True), 1):
            yield Unit(f"{prefix}36{number:02}", level, name, county, PeriodRange(first))
        yield Unit(f"{prefix}C001", Level.CENTRE, f"{county}學生輔導諮商中心", county, PeriodRange(first))


def _officer(unit: Unit, name: str, now: datetime) -> Account:
    return Account(
        0,
        f"{unit.code}_demo".lower(),
        Role.UNIT_OFFICER,
        name,
        f"{unit.code}@example.tw".lower(),
        handle="demo",
        unit_id=unit.id,
        title="輔導組長",
        phone="02-2345-6789",
        extension="610",
        created_at=now,
        activated_at=now,
    )


def _filed(number: int, current: Period) -> Iterator[Period]:
    """The months a unit has filed, in order: the first is up to date, the second owes two, some are early."""
    behind = 2 if number == BEHIND else 1 if number in {EXTENDED, EXEMPT} or number % 7 == 5 else 0  # noqa: PLR2004 -- a believable few
    for back in range(MONTHS, behind, -1):
        yield current.plus(-back)
    if number and number % 3 == 0 and number % 7 != 5:  # noqa: PLR2004 -- likewise
        yield current


def _file(app: App, account: Account, unit: Unit, period: Period, chance: random.Random) -> None:
    at = datetime.combine(period.next.first_day + timedelta(days=chance.randrange(9)), time(9, 30), TAIPEI)
    then = evolve(app, clock=FixedClock(min(at, app.clock.now())))
    if chance.random() < 0.1:  # noqa: PLR2004 -- a tenth has nothing to tell
        file_nil(then, account, unit, period)
        return
    template = template_of(app.plugins.templates, period)
    rows = {sheet.kind: list(_rows(sheet, unit.level, period, chance)) for sheet in template.sheets}
    file = io.BytesIO()
    app.plugins.writer().write(layout.blank(template, unit_name=unit.name, period=period, rows=rows), file)
    outcome = file_workbook(then, account, unit, period, file.getvalue(), f"{period.roc}成果.xlsx")
    if outcome.filing is None:
        raise AssertionError([str(finding) for finding in outcome.verdict.findings[:3]] if outcome.verdict else "")


def _rows(sheet: Sheet, level: Level, period: Period, chance: random.Random) -> Iterator[list[Cell]]:
    """Rows of a sheet; fields the demo does not know keep the form's own example."""
    make = _case if sheet.kind == "case" else _service
    for number in range(chance.randrange(3, 9)):
        values = make(number, level, period, chance)
        yield [
            column.values.write(values[column.name]) if column.name in values else column.example[0]
            for column in sheet.columns
        ]


def _case(number: int, level: Level, period: Period, chance: random.Random) -> dict[str, Hashable]:
    opened = chance.random() < (0.6 if period.month in {2, 9} else 0.2)
    issue = chance.choice(_ISSUES)
    others = [other for other in (3, 1, 6, 12) if other != issue]
    return {
        "teacher_code": f"T{number % 2 + 1}",
        "counsellor_type": number % 2 + 1,
        "student_code": f"{period.school_year}S{number + 1:03}",
        "grade": level.grades[number % len(level.grades)],
        "sex": chance.choice((1, 2)),
        "sex_note": None,
        "identity": chance.choice((0, 0, 0, 0, 9, 11)),
        "status": NEW if opened else CONTINUED,
        "sources": (chance.choice((1, 2, 3, 3, 5)),) if opened else (),
        "referral": chance.choice((2, 2, 2, 2, 1, 3)),
        "main_issue": issue,
        "main_issue_note": "適應新環境" if issue == OTHER_ISSUE else None,
        "secondary_issues": tuple(chance.sample(others, chance.choice((0, 1, 2)))),
        "secondary_issues_note": None,
        "sessions": chance.randrange(1, 7),
    }


def _service(number: int, level: Level, _period: Period, chance: random.Random) -> dict[str, Hashable]:
    item, audience = chance.choice(((1, None), (2, None), (3, 14), (4, 13), (5, 13), (11, None), (14, None)))
    return {
        "teacher_code": f"T{number % 2 + 1}",
        "counsellor_type": number % 2 + 1,
        "item": item,
        "item_note": "說明" if item == OTHER_ITEM else None,
        "audience": audience or chance.choice(level.grades),
        "male": chance.randrange(1, 16),
        "female": chance.randrange(16),
        "other": 0,
    }
