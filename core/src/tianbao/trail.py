"""The trail's desk: find who did what, take it along, see that it is whole, and keep it for as long as it must be."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, BinaryIO

from attrs import evolve, frozen

from tianbao.accounts import Account
from tianbao.accounts.policy import Action, demand
from tianbao.audit import Act, Anchor, Entry, Soundness, Wanted, record
from tianbao.clock import TAIPEI, spoken_moment
from tianbao.exporters import Exporter, Table
from tianbao.mails.kinds import KINDS
from tianbao.periods import Period
from tianbao.trail_words import detail_of, thing
from tianbao.workbooks import Cell

if TYPE_CHECKING:
    from tianbao.bootstrap import App
    from tianbao.settings import Settings
    from tianbao.storage import UnitOfWork

SIZE = 50
"""Entries of a page."""
_AT_ONCE = 10_000
"""Entries deleted in one transaction."""
SUBJECT = "trail"
"""Of the entries about the trail itself."""
_HEADINGS = ("編號", "時間", "人員", "動作", "對象", "內容", "雜湊值")
_KNOWN = {act.value: act for act in Act}


@frozen
class Told:
    """An entry as a person reads it.

    Attributes:
        entry: as it is kept.
        who: the person's name and login; 系統 where nobody was signed in.
        what: what was done.
        about: what it was done to.
        detail: what else belongs to it, as pairs of a word and a value.
    """

    entry: Entry
    who: str
    what: str
    about: str
    detail: Sequence[tuple[str, str]]


@frozen
class Page:
    """A page of the trail.

    Attributes:
        told: newest first.
        older: what to look for to see those before; ``None`` on the last page.
    """

    told: Sequence[Told]
    older: Wanted | None


def days(first: date | None, last: date | None) -> Wanted:
    """The entries of some days, both ends included; an end that is not given is open."""
    after = last + timedelta(days=1) if last else None
    return Wanted(since=_midnight(first) if first else None, until=_midnight(after) if after else None)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), TAIPEI)


def page(app: "App", account: Account, wanted: Wanted) -> Page:
    """A page of what somebody looks for.

    Raises:
        Refusal: the account may not see the trail (``not-allowed``).
    """
    demand(account, Action.SEE_AUDIT)
    with app.store.read() as work:
        found, names = work.audit.search(wanted, SIZE + 1), _Names(work)
        told = [names.tell(entry) for entry in found[:SIZE]]
    more = len(found) > SIZE
    return Page(told, evolve(wanted, before=told[-1].entry.id) if more else None)


def export(  # noqa: PLR0917 -- the last one may be left out
    app: "App",
    account: Account,
    wanted: Wanted,
    exporter: Exporter,
    to: BinaryIO,
    progress: Callable[[int], None] = lambda _: None,
) -> int:
    """Write all that is wanted to a file, the oldest first; gives how many entries. It is an entry itself.

    Raises:
        Refusal: the account may not see the trail (``not-allowed``).
    """
    demand(account, Action.SEE_AUDIT)
    record(app, account.id, Act.TRAIL_TAKEN, SUBJECT, format=exporter.suffix)
    count = 0

    def rows(work: "UnitOfWork") -> Iterator[Sequence[Cell]]:
        nonlocal count
        names = _Names(work)
        for entry in work.audit.stream(evolve(wanted, before=None)):
            yield _row(names.tell(entry))
            count += 1
            if not count % 1_000:
                progress(count)

    with app.store.read() as work:
        about = [("下載者", account.name), ("下載時間", spoken_moment(app.clock.now()))]
        exporter.export(Table("稽核紀錄", _HEADINGS, rows(work), about), to)
    return count


def _row(told: Told) -> Sequence[Cell]:
    entry = told.entry
    at = entry.at.astimezone(TAIPEI).replace(tzinfo=None)
    detail = "；".join(f"{word}：{value}" for word, value in told.detail)
    return entry.id, at, told.who, told.what, told.about, detail, entry.hash


def soundness(app: "App", account: Account) -> Soundness:
    """Follow the whole chain.

    Raises:
        Refusal: the account may not see the trail (``not-allowed``).
    """
    demand(account, Action.SEE_AUDIT)
    with app.store.read() as work:
        return work.audit.verify()


def overdue(settings: "Settings", work: "UnitOfWork", now: datetime) -> Anchor | None:
    """Up to where the trail has been kept for as long as the settings want; ``None`` where it has not been yet.

    Whole days go, so that it is shortened once a day at most, and so many entries at once that nobody waits long.
    """
    years = settings.audit_years
    return work.audit.last_before(_midnight((now - timedelta(days=years * 366)).date()), _AT_ONCE) if years else None


def shorten(app: "App") -> int:
    """Delete what has been kept for as long as the settings want, or the first part of it; gives how many entries.

    The chain goes on: where it begins now is written down, and told by an entry of its own, so that it can still be
    followed and nobody can shorten it unseen.
    """
    now = app.clock.now()
    with app.store.read() as work:
        if overdue(app.settings, work, now) is None:
            return 0
    with app.store.work() as work:
        work.lock(SUBJECT)
        anchor = overdue(app.settings, work, now)
        if anchor is None:
            return 0
        number = work.audit.shorten(anchor)
        detail = {"id": anchor.id, "hash": anchor.hash}
        work.audit.append(now, None, Act.TRAIL_SHORTENED, SUBJECT, detail)
    return number


def shorten_by_itself(app: "App") -> int:
    """The same as part of the work that is done without being asked; never on a day that is only rehearsed."""
    return shorten(app) if app.clock.real else 0


class _Names:
    """Names of people and units, each looked up once."""

    def __init__(self, work: "UnitOfWork") -> None:
        self._work = work
        self._people: dict[int, str] = {}
        self._units: dict[int, str] = {}

    def tell(self, entry: Entry) -> Told:
        known = _KNOWN.get(entry.action)
        who = "系統" if entry.actor is None else self._person(entry.actor)
        return Told(
            entry, who, known.label if known else entry.action, self._about(entry.subject), detail_of(entry.detail)
        )

    def _about(self, subject: str) -> str:
        kind, _, rest = subject.partition("/")
        number, _, below = rest.partition("/")
        if kind == "unit" and number.isdecimal():
            return f"{self._unit(int(number))}{_below(below)}"
        if kind == "account" and number.isdecimal():
            return self._person(int(number))
        if kind == "county":
            return f"{number}{_below(below)}"
        if kind in {"post", "text"} and rest in KINDS:
            return f"信件「{KINDS[rest].title}」"
        if kind == "message":
            return f"第 {number} 封信"
        return thing(subject)

    def _person(self, number: int) -> str:
        if number not in self._people:
            account = self._work.accounts.get(number)
            self._people[number] = f"{account.name}（{account.login}）" if account else f"帳號 {number}"
        return self._people[number]

    def _unit(self, number: int) -> str:
        if number not in self._units:
            unit = self._work.units.get(number)
            self._units[number] = f"{unit.name}（{unit.level.label}）" if unit else f"單位 {number}"
        return self._units[number]


def _below(part: str) -> str:
    """What of a unit or a county: a month, its records."""
    if not part:
        return ""
    try:
        return f" {Period.parse(part).spoken}"
    except ValueError:
        return " 的紀錄" if part == "records" else f" {part}"
