"""A small made-up country that shows every situation: units, people, and some months of filings, always the same ones.

Everything goes in through the front door: workbooks are written, read, checked and filed like anybody's.
"""

import io
import logging
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, time, timedelta
from importlib import resources

from attrs import evolve

from tianbao import accounts, announcements, handouts
from tianbao.accounts import Account, Role
from tianbao.bootstrap import App
from tianbao.clock import TAIPEI, FixedClock
from tianbao.demo.people import NAMES, PASSWORD, SignIn, officer, others
from tianbao.demo.rows import cells_of
from tianbao.filings import amendments, file_nil, file_workbook, grants, template_of
from tianbao.periods import Period, PeriodRange
from tianbao.templates import layout
from tianbao.units import Level, Unit

MONTHS = 3
"""So many months before the current one have been filed."""
REACH = 6
"""So many by the first unit: one of them is always another semester's, which only the organiser can open."""

log = logging.getLogger(__name__)

_SCHOOLS = (
    ("臺北市", "31", "大安區", ("市立青蓮國小", "市立松濤國小", "市立文瀾國中", "市立敦厚高中")),
    ("新北市", "01", "板橋區", ("市立溪尾國小", "市立河岸國小", "市立新埔頭國中", "市立觀海高中")),
    ("臺中市", "06", "大肚區", ("市立豐禾國小", "市立大肚山國小", "市立筏子溪國中", "市立中央高工")),
    ("彰化縣", "07", "溪湖鎮", ("縣立八卦國小", "縣立鹿野國小", "縣立溪湖畔國中", "縣立田中央高中")),
    ("花蓮縣", "15", "瑞穗鄉", ("縣立縱谷國小", "縣立美崙溪國小", "縣立海岸國中", "縣立太平洋高中")),
    ("澎湖縣", "16", "馬公市", ("縣立玄武國小", "縣立天人菊國小", "縣立風櫃國中", "縣立跨海高中")),
)
_LEVELS = (Level.ELEMENTARY, Level.ELEMENTARY, Level.JUNIOR_HIGH, Level.SENIOR_HIGH)

BEHIND, AMENDING, EXTENDED, EXEMPT = 1, 2, 3, 4
"""The numbers of the units that show these situations."""


def settle(app: App, told: Callable[[str], None]) -> Sequence[SignIn]:
    """Put the small country into an empty store; gives a sign-in for each role and situation."""
    told("單位與帳號")
    current = app.settings.calendar.current_period(app.clock.now())
    units, people, organiser = _found(app, current)
    _let_off(app, organiser, units, current.previous)
    _announce(app, organiser)
    _hand_out(app, organiser, current)
    chance = random.Random(113)  # noqa: S311 -- always the same country, not a secret
    for number, unit in enumerate(units):
        told(f"{unit.name}的填報紀錄")
        for period in _filed(number, current):
            _file(app, people[unit.id], unit, period, chance)
    _reopen(app, people[units[AMENDING].id], organiser, units[AMENDING], current)
    return _sign_ins(units, people)


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


def _announce(app: App, organiser: Account) -> None:
    """One announcement for all, one for some."""
    today = app.clock.now().date().isoformat()
    for title, text, public, levels in _ANNOUNCEMENTS:
        fields = {"title": title, "text": text, "first": today, "public": public}
        announcements.publish(app, organiser, announcements.Written.typed(fields, (), levels))


def _hand_out(app: App, organiser: Account, current: Period) -> None:
    """The presentation beside the template that is being filled in."""
    slides = (resources.files("tianbao.demo") / "data" / "slides.pdf").read_bytes()
    fields = {"template": template_of(app.plugins.templates, current).key, "kind": handouts.Kind.PRESENTATION}
    handouts.add(app, organiser, fields, f"{handouts.Kind.PRESENTATION.label}.pdf", slides)


_ANNOUNCEMENTS = (
    (
        "新學期請使用新表格",
        "新學期起請下載「填報說明」的新表格填寫，舊表格無法上傳。\n\n資料較多的學校，可用「把舊表格的資料帶到新表格」。",
        "yes",
        (),
    ),
    (
        "高中職輔導工作成果填報線上說明會",
        "本週五下午 2 時辦理，連結：https://example.edu.tw/meeting",
        "",
        ("senior_high",),
    ),
)


def _reopen(app: App, officer: Account, organiser: Account, unit: Unit, current: Period) -> None:
    """Open last month to be amended: by the unit, or, where it is another semester's, by the organiser."""
    if current.previous.semester == current.semester:
        amendments.ask(app, officer, unit, current.previous, "漏填一位學生的晤談紀錄")
    else:
        amendments.open_month(app, organiser, unit, current.previous, f"{officer.name}老師", "漏填一位學生的晤談紀錄")


def _found(app: App, current: Period) -> tuple[Sequence[Unit], Mapping[int | None, Account], Account]:
    """Units and the people who file for them, and one person of each other role; the organiser apart."""
    secret, now = app.hasher.hash(PASSWORD), app.clock.now()
    with app.store.work() as work:
        units = [evolve(unit, id=work.units.add(unit)) for unit in _units(current)]
        people = {
            unit.id: accounts.add(work, officer(unit, name, now), secret)
            for unit, name in zip(units, NAMES * len(units), strict=False)
        }
        organiser, *_ = [accounts.add(work, person, secret) for person in others(units[0].county, now)]
    return units, people, organiser


def _units(current: Period) -> Iterator[Unit]:
    """Their codes have a D where the Ministry's have a figure: nobody's, and no list of schools closes them."""
    active = PeriodRange(current.plus(-REACH))
    for county, prefix, district, names in _SCHOOLS:
        for number, (name, level) in enumerate(zip(names, _LEVELS, strict=True), 1):
            code = f"{prefix}3D{number:02}"
            yield Unit(code, level, name, county, active, district=district)
            active = PeriodRange(current.plus(-MONTHS))  # of all but the very first
        yield Unit(f"{prefix}C001", Level.CENTRE, f"{county}學生輔導諮商中心", county, active, district=district)


def _filed(number: int, current: Period) -> Iterator[Period]:
    """The months a unit has filed, in order: the first is up to date, the second owes two, some are early."""
    behind = 2 if number == BEHIND else 1 if number in {EXTENDED, EXEMPT} or number % 7 == 5 else 0  # noqa: PLR2004 -- a few
    for back in range(MONTHS if number else REACH, behind, -1):
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
    rows = {sheet.kind: list(cells_of(sheet, unit.level, period, chance)) for sheet in template.sheets}
    file = io.BytesIO()
    app.plugins.writer().write(layout.blank(template, unit_name=unit.name, period=period, rows=rows), file)
    outcome = file_workbook(then, account, unit, period, file.getvalue(), f"{period.roc}成果.xlsx")
    if outcome.verdict and outcome.verdict.findings:
        found = outcome.verdict.findings[0]
        what = f"{found.sheet} {found.column} {found.message}"
        log.warning("template %s does not take made-up rows; %s %s stays unfiled: %s", template.key, unit, period, what)
