"""A school year, lived day by day with its real holidays, its typhoon and its power cuts.

Who got what is read from a real mail server and compared with a table written by hand from the manual. The program is
cut off at random: before a commit, after a commit, and after a mail was handed over but before that was written down.
"""

import asyncio
import email
import email.policy
import io
import random
import re
import threading
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta

import pytest
from aiosmtpd.smtp import SMTP
from attrs import evolve

from tianbao import accounts
from tianbao.accounts import Account, Role
from tianbao.clock import TAIPEI
from tianbao.delivery import Worker
from tianbao.filings import file_nil, grants
from tianbao.periods import Period, PeriodRange
from tianbao.plugins import load
from tianbao.reminders.days import set_day
from tianbao.reminders.settings import RemindersSettings
from tianbao.reminders.tick import tick
from tianbao.settings import Settings
from tianbao.units import Authority, Level, Unit

AUGUST = Period(2024, 8)
FIRST_DAY, LAST_DAY = date(2024, 8, 1), date(2025, 7, 31)
DOWN = (date(2025, 5, 12), date(2025, 5, 13), date(2025, 5, 14))
"""Days on which nothing runs: the chase of May is three days late."""

UNITS = {
    "a": Unit("070001", Level.ELEMENTARY, "模範國小", "彰化縣", PeriodRange(AUGUST)),
    "b": Unit("070002", Level.JUNIOR_HIGH, "早鳥國中", "彰化縣", PeriodRange(AUGUST)),
    "c": Unit("070003", Level.SENIOR_HIGH, "遲到高中", "彰化縣", PeriodRange(AUGUST)),
    "d": Unit("070004", Level.ELEMENTARY, "失聯國小", "彰化縣", PeriodRange(AUGUST, Period(2024, 10))),
    "e": Unit("07C001", Level.CENTRE, "縣輔諮中心", "彰化縣", PeriodRange(AUGUST)),
    "f": Unit(
        "31C001", Level.CENTRE, "署輔諮中心", "臺北市", PeriodRange(Period(2025, 2)), answers_to=Authority.AGENCY
    ),
    "g": Unit("310001", Level.JUNIOR_HIGH, "展延國中", "臺北市", PeriodRange(Period(2025, 3))),
}
"""a files on the 5th, b files early, c is late in autumn, d has no account and closes in October, e is let off December,
f answers to the agency and is late once, g has March put off and is late at the end."""

FILED = {
    "a": {period: period.next.first_day.replace(day=5) for period in map(AUGUST.plus, range(12))},
    "b": {period: period.first_day.replace(day=25) for period in map(AUGUST.plus, range(12))},
    "c": {period: period.next.first_day.replace(day=8) for period in map(AUGUST.plus, range(12))}
    | {
        Period(2024, 9): date(2024, 10, 14),
        Period(2024, 10): date(2024, 11, 20),
        Period(2024, 11): date(2025, 1, 20),
        Period(2024, 12): date(2025, 1, 21),
    },
    "e": {period: period.next.first_day.replace(day=5) for period in map(AUGUST.plus, range(12)) if period.month != 12},
    "f": {period: period.next.first_day.replace(day=3) for period in map(Period(2025, 3).plus, range(5))}
    | {Period(2025, 2): date(2025, 3, 20)},
    "g": {Period(2025, 3): date(2025, 4, 18), Period(2025, 4): date(2025, 5, 13), Period(2025, 5): date(2025, 6, 13)},
}

TABLE = """
2024-09-01  a c e          提醒 113年8月
2024-09-11  彰化           名單 113年8月 1
2024-09-16  研發組 國教署  彙整 113年8月 1
2024-10-01  a c e          提醒 113年9月
2024-10-11  c              稽催 1
2024-10-11  彰化           名單 113年9月 2
2024-10-16  研發組 國教署  彙整 113年9月 1
2024-11-01  a c e          提醒 113年10月
2024-11-11  c              稽催 1
2024-11-11  彰化           名單 113年10月 2
2024-11-18  研發組 國教署  彙整 113年10月 2
2024-12-01  a c e          提醒 113年11月
2024-12-11  c              稽催 1
2024-12-11  彰化           名單 113年11月 2
2024-12-16  研發組 國教署  彙整 113年11月 2
2025-01-01  a c            提醒 113年12月
2025-01-13  c              稽催 2
2025-01-13  彰化           名單 113年12月 2
2025-01-16  研發組 國教署  彙整 113年12月 2
2025-02-01  a c e          提醒 114年1月
2025-02-11  彰化           名單 114年1月 1
2025-02-17  研發組 國教署  彙整 114年1月 1
2025-03-01  a c e f        提醒 114年2月
2025-03-11  f              稽催 1
2025-03-11  彰化           名單 114年2月 1
2025-03-17  研發組 國教署  彙整 114年2月 2
2025-04-01  a c e f g      提醒 114年3月
2025-04-11  彰化           名單 114年3月 1
2025-04-16  研發組 國教署  彙整 114年3月 1
2025-05-01  a c e f g      提醒 114年4月
2025-05-15  彰化           名單 114年4月 1
2025-05-16  研發組 國教署  彙整 114年4月 1
2025-06-01  a c e f g      提醒 114年5月
2025-06-12  g              稽催 1
2025-06-12  彰化           名單 114年5月 1
2025-06-16  研發組 國教署  彙整 114年5月 1
2025-07-01  a c e f g      提醒 114年6月
2025-07-11  g              稽催 1
2025-07-11  彰化           名單 114年6月 1
2025-07-16  研發組 國教署  彙整 114年6月 2
"""
"""Days, recipients, and what they get; by hand. The 11th of January is a Saturday, of May a Sunday (and nothing runs until
the 15th, by when g has filed), of June a typhoon day; the 16th of November, February and March is on a weekend. Lists name
how many units, chases how many months."""

SUBJECTS = {
    "提醒": re.compile(r"請於.+前填報(\d+年\d+月)輔導工作成果（.+）"),
    "稽催": re.compile(r".+尚有 (\d+) 個月份未填報，請儘快補填"),
    "名單": re.compile(r"彰化縣(\d+年\d+月)輔導工作成果未填報名單（(\d+) 個單位）"),
    "彙整": re.compile(r"(\d+年\d+月)輔導工作成果未完成名單（全國 (\d+) 個單位）"),
}


def expected():
    for line in TABLE.split("\n")[1:-1]:
        day, names, what = re.split(r"\s{2,}", line)
        yield from ((day, name, what) for name in names.split())


class PowerCutError(BaseException):
    """Everything stops here."""


class Frail:
    """A store that is cut off at random: before a commit or right after it."""

    def __init__(self, store, dice):
        self._store, self._dice, self.cuts = store, dice, 0

    def __getattr__(self, name):
        return getattr(self._store, name)

    def maybe_cut(self, chance):
        if self._dice.random() < chance:
            self.cuts += 1
            raise PowerCutError

    @contextmanager
    def work(self, **options):
        with self._store.work(**options) as work:
            yield work
            self.maybe_cut(0.1)
        self.maybe_cut(0.1)


class Mailbox:
    """What the mail server took, each message once, however often it came."""

    def __init__(self, clock):
        self._clock, self.mails, self.copies = clock, {}, 0

    # ruff: noqa: ARG002, N802 -- the names and arguments are aiosmtpd's
    async def handle_DATA(self, smtp, session, envelope):
        mail = email.message_from_bytes(envelope.original_content, policy=email.policy.default)
        if mail["Message-ID"] in self.mails:
            self.copies += 1
        self.mails.setdefault(mail["Message-ID"], (self._clock.now(), envelope.rcpt_tos[0], mail))
        return "250 taken"

    def rows(self):
        """As the table has them."""
        for at, to, mail in self.mails.values():
            kind, found = next(
                (kind, found) for kind, form in SUBJECTS.items() if (found := form.fullmatch(mail["Subject"]))
            )
            yield at.date().isoformat(), to.partition("@")[0], " ".join([kind, *found.groups()])


@pytest.fixture
def mailbox(clock):
    mailbox, loop = Mailbox(clock), asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()

    async def listen():
        return await loop.create_server(lambda: SMTP(mailbox, loop=loop, enable_SMTPUTF8=True), "127.0.0.1", 0)

    listening = asyncio.run_coroutine_threadsafe(listen(), loop).result(10)
    mailbox.port = listening.sockets[0].getsockname()[1]
    yield mailbox

    async def end():
        listening.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    asyncio.run_coroutine_threadsafe(end(), loop).result(10)
    loop.call_soon_threadsafe(loop.stop)
    thread.join(10)
    loop.close()


@pytest.fixture
def country(app, mailbox, monkeypatch):
    """The application with the real plugins and its mail server, the units, and their people."""
    for name, value in {
        "HOST": "127.0.0.1",
        "PORT": mailbox.port,
        "SECURITY": "none",
        "SENDER": "tianbao@example.edu.tw",
    }.items():
        monkeypatch.setenv(f"TIANBAO_NOTIFY_EMAIL_{name}", str(value))
    app = evolve(app, plugins=load(), settings=Settings(receipt_mails=False))
    with app.store.work() as work:

        def person(name, role, **more):
            account = Account(
                0, name, role, f"{name}老師", f"{name}@example.edu.tw", handle=name, created_at=app.clock.now(), **more
            )
            return accounts.add(work, account, "-")

        units = {name: evolve(unit, id=work.units.add(unit)) for name, unit in UNITS.items()}
        people = {name: person(name, Role.UNIT_OFFICER, unit_id=units[name].id) for name in "abcefg"}
        person("彰化", Role.COUNTY_OFFICER, county="彰化縣")
        people["o"] = person("研發組", Role.ORGANISER)
        person("國教署", Role.AGENCY)
    return app, units, people


class Year:
    """The days, one after the other."""

    def __init__(self, country, clock, dice):
        self.app, self.units, self.people = country
        self.frail = Frail(self.app.store, dice)
        self._clock, self._dice = clock, dice
        self._start()

    def _start(self):
        """As an operator does, after a power cut too."""
        self._worker = Worker(evolve(self.app, store=self.frail))

    def live(self):
        day = FIRST_DAY
        while day <= LAST_DAY:
            if day not in DOWN:
                self._morning(day)
            self._set(day, time(10))
            self._deeds(day)
            day += timedelta(days=1)

    def _set(self, day, hour):
        self._clock.moment = datetime.combine(day, hour, TAIPEI)

    def _morning(self, day):
        self._set(day, time(8, self._dice.randrange(30)))
        for _machine in range(2):
            self._insist(lambda: tick(self._worker.app, RemindersSettings()))
        self._insist(self._deliver)

    def _insist(self, run):
        while True:
            try:
                return run()
            except PowerCutError:
                self._clock.goes_on(minutes=11)  # until the leases of the dead have run out
                self._start()

    def _deliver(self):
        while self._worker.deliver_due():
            pass

    def _deeds(self, day):
        """What people do on a day."""
        organiser = self.people["o"]
        if day == date(2024, 12, 20):
            grants.exempt(self.app, organiser, [self.units["e"]], Period(2024, 12), "搬遷")
        if day == date(2025, 3, 28):
            grants.extend(self.app, organiser, [self.units["g"]], Period(2025, 3), date(2025, 4, 20), "新設")
        if day == date(2025, 6, 9):
            set_day(self.app, organiser, date(2025, 6, 11), "颱風停班停課", working=False)
        for name, months in FILED.items():
            for period in sorted(period for period, at in months.items() if at == day):
                file_nil(self.app, self.people[name], self.units[name], period)


def test_everybody_gets_exactly_what_the_table_says(country, clock, mailbox, seed):
    year = Year(country, clock, random.Random(seed))
    year.live()
    assert sorted(mailbox.rows()) == sorted(expected())
    assert year.frail.cuts > 30
    lists = [mail for _, _, mail in mailbox.mails.values() if "名單" in mail["Subject"]]
    assert all(list(mail.iter_attachments()) for mail in lists)
    _look_into_the_lists_of_january(mailbox)


def _look_into_the_lists_of_january(mailbox):
    """c answers to the agency, with its county informed; d to its county."""
    import openpyxl

    def lists(to, day):
        (mail,) = [mail for at, address, mail in mailbox.mails.values() if address.startswith(to) and at.date() == day]
        for each in mail.iter_attachments():
            sheet = openpyxl.load_workbook(io.BytesIO(each.get_content())).worksheets[0]
            yield each.get_filename(), [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2, max_col=6)]

    late, lost = (
        ["高中職", "070003", "遲到高中", "彰化縣", "113年11月、113年12月", 2],
        ["國小", "070004", "失聯國小", "彰化縣", "113年8月、113年9月、113年10月", 3],
    )
    assert dict(lists("彰化", date(2025, 1, 13))) == {"彰化縣113年12月未填報名單.xlsx": [lost, late]}
    assert dict(lists("研發組", date(2025, 1, 16))) == {
        "國教署113年12月未完成名單.xlsx": [late],
        "彰化縣113年12月未完成名單.xlsx": [lost],
    }
