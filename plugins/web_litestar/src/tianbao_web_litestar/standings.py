"""How accounts stand, as support sees it: of a unit or a county's office, and nothing of what they filed."""

from collections.abc import Collection, Sequence
from datetime import datetime

from attrs import frozen

from tianbao.accounts import Account, Standing
from tianbao.accounts.resets import Reset
from tianbao.accounts.seats import Seat, seat_of
from tianbao.audit import Act
from tianbao.bootstrap import App
from tianbao.mails.kinds import Group, kind_of
from tianbao.outbox import Queued
from tianbao.storage import UnitOfWork
from tianbao.units import COUNTIES

_LATEST = 5


@frozen
class Letter:
    """A letter that went to somebody, and what became of it; not what it says."""

    called: str
    mail: Queued


@frozen
class Place:
    """A unit or a county's office, and its accounts.

    Attributes:
        seat: which.
        account: the one in use, else the one that waits to be activated.
        past: those taken out of use, the latest first.
        signed_in_at: when the account was last signed in to, if known.
        letters: the latest to the account.
        waiting: the reset that waits for it.
    """

    seat: Seat
    account: Account | None
    past: Sequence[Account] = ()
    signed_in_at: datetime | None = None
    letters: Sequence[Letter] = ()
    waiting: Reset | None = None

    @property
    def name(self) -> str:
        level = f"（{self.seat.unit.level.label}）" if self.seat.unit else ""
        return f"{self.seat.name}{level}"

    @property
    def about(self) -> str:
        return f"{self.seat.unit.county}　{self.seat.unit.code}" if self.seat.unit else "縣市政府承辦人"

    @property
    def address(self) -> str:
        return f"/support/units/{self.seat.unit.id}" if self.seat.unit else f"/support/counties/{self.seat.county}"

    @property
    def sign(self) -> tuple[str, str]:
        """The state's look and word."""
        if self.account is None:
            return "nil", "沒有帳號"
        return ("filed", "使用中") if self.account.active else ("due", "待開通")


@frozen
class Waiting:
    """A reset, and whose."""

    reset: Reset
    place: Place
    registered_by: str


def find_places(core: App, text: str) -> Sequence[Place]:
    """Units by a word of their name or their code, and counties."""
    wanted = text.strip().replace("台", "臺")
    with core.store.read() as work:
        counties = [Seat(county=each) for each in COUNTIES if len(wanted) > 1 and wanted.removesuffix("政府") in each]
        seats = counties + [Seat(unit) for unit in work.units.search(text)]
        return [Place(seat, _current(seat.accounts(work))) for seat in seats]


def place_of(
    core: App, *, unit_id: int | None = None, county: str | None = None, letters: Collection[Group] = (Group.ACCOUNT,)
) -> Place | None:
    """One of them, with all that helps on the telephone; ``None`` where there is none.

    Letters about accounts are support's business; those about filings are for whoever may see filings.
    """
    with core.store.read() as work:
        unit = work.units.get(unit_id) if unit_id is not None else None
        if unit is None and county not in COUNTIES:
            return None
        seat = Seat(unit) if unit else Seat(county=county)
        every = seat.accounts(work)
        account = _current(every)
        past = [each for each in reversed(every) if each.standing is Standing.RETIRED]
        if account is None:
            return Place(seat, None, past)
        went = [Letter(kind_of(each.template).title, each) for each in _to(work, seat, account, letters)]
        waiting = work.resets.waiting_of(account.id)
        return Place(seat, account, past, _last_sign_in(work, account), went, waiting)


def waiting_places(core: App, waiting: Sequence[Reset]) -> Sequence[Waiting]:
    """The queue, with the names of places and of who registered."""
    with core.store.read() as work:
        found = []
        for reset in waiting:
            seat = seat_of(work, reset.account)
            by = work.accounts.get(reset.requested_by)
            if seat:
                found.append(Waiting(reset, Place(seat, reset.account), by.name if by else ""))
        return found


def _current(every: Sequence[Account]) -> Account | None:
    """The one in use, else the latest that may yet be."""
    living = [each for each in every if each.standing is not Standing.RETIRED]
    return next((each for each in living if each.active), living[-1] if living else None)


def _to(work: UnitOfWork, seat: Seat, account: Account, groups: Collection[Group]) -> Sequence[Queued]:
    every = (each for each in reversed(work.outbox.to(account.email)) if _concerns(each, seat, account))
    return [each for each in every if kind_of(each.template).group in groups][:_LATEST]


def _concerns(mail: Queued, seat: Seat, account: Account) -> bool:
    """One mailbox may serve two units, or a unit and an office: each is told of its own letters alone."""
    if seat.unit:
        return mail.unit_id == seat.unit.id
    return mail.unit_id is None and mail.data.get("login") == account.login


def _last_sign_in(work: UnitOfWork, account: Account) -> datetime | None:
    entries = work.audit.entries(subject=account.subject)
    return next((entry.at for entry in entries if entry.action == Act.SIGNED_IN), None)
