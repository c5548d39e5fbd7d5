"""The post room's register: what went out, waits or came to nothing, to whom, and in which words.

The organiser sees all of it. Support sees what helps somebody with an account: letters about accounts, and nothing that
tells what a unit has filed or owes. Links that are secrets are seen by nobody.
"""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING

from attrs import evolve, frozen

from tianbao.accounts import Account
from tianbao.accounts.policy import Action, demand, may
from tianbao.delivery import compose
from tianbao.errors import TianbaoError
from tianbao.mails import Mail
from tianbao.mails.kinds import KINDS, Group, Kind, kind_of
from tianbao.outbox import Fate, Queued
from tianbao.post.addressing import addressed
from tianbao.post.pausing import EVERYTHING, Pause
from tianbao.post.wording import MASK
from tianbao.units import Unit

if TYPE_CHECKING:
    from tianbao.bootstrap import App
    from tianbao.storage import UnitOfWork

PAGE = 50
"""Messages on a page."""
_NOT_OUT = {Fate.QUEUED, Fate.GIVEN_UP, Fate.WITHDRAWN}
_UNITS = 200
"""Units that words may mean, at most."""


@frozen
class Asked:
    """Which messages are looked for; what is not said does not matter.

    Attributes:
        state: what became of them.
        text: of which text.
        words: the beginning of an address, a unit's code or part of its name.
        since: queued on this day or later.
        until: queued on this day or before.
        before: only those with a lower number: the next page.
    """

    state: Fate | None = None
    text: str = ""
    words: str = ""
    since: dt.date | None = None
    until: dt.date | None = None
    before: int | None = None


@frozen
class Line:
    """A message in the register: it, what its text is for, the unit it is about."""

    queued: Queued
    kind: Kind
    unit: Unit | None


@frozen
class Register:
    """A page of the register, the newest first.

    Attributes:
        lines: the messages.
        older: what to ask `before` for the next page; ``None`` where this is the last.
        counts: how many wait, were refused, were given up, of all that may be seen.
        pauses: what is held back.
        kinds: the texts that may be asked for, by name.
    """

    lines: Sequence[Line]
    older: int | None
    counts: Mapping[Fate, int]
    pauses: Sequence[Pause]
    kinds: Mapping[str, Kind]


@frozen
class Read:
    """One message, as it is read.

    Attributes:
        line: the message.
        mail: its words: as they went out, or as they would now; ``None`` where it went out before they were kept.
        went_out: whether the words are those that went out.
        sizes: of its attachments, in bytes, in order.
        officer: who is responsible for the unit now, and can be called.
        before: the message that it sends again.
        again: those that send it again.
    """

    line: Line
    mail: Mail | None
    went_out: bool
    officer: Account | None = None
    before: Queued | None = None
    again: Sequence[Queued] = ()


def register(app: "App", account: Account, asked: Asked) -> Register:
    """A page of the register.

    Raises:
        Refusal: not this account's to see.
    """
    demand(account, Action.SEE_POST_ROOM)
    visible = seen_by(account)
    kinds = {name: kind for name, kind in KINDS.items() if visible is None or name in visible}
    with app.store.read() as work:
        units = [each.id or 0 for each in work.units.search(asked.words, limit=_UNITS)] if asked.words else []
        found = work.outbox.page(asked, units, visible, PAGE + 1)
        lines = [_line(work, queued) for queued in found[:PAGE]]
        older = lines[-1].queued.id if len(found) > PAGE else None
        return Register(lines, older, work.outbox.counts(visible), work.pauses.all(), kinds)


def read(app: "App", account: Account, message_id: int) -> Read | None:
    """One message; ``None`` where there is none that this account may see.

    Raises:
        Refusal: not this account's to see any.
    """
    demand(account, Action.SEE_POST_ROOM)
    visible = seen_by(account)
    with app.store.read() as work:
        queued = work.outbox.get(message_id)
        if queued is None or (visible is not None and queued.template not in visible):
            return None
        if queued.state is Fate.QUEUED:
            ((_, to_holder),) = addressed(work, [queued])
            queued = to_holder or queued
        words = work.outbox.words(queued.id)
        mail = words or (_as_now(app, work, queued) if queued.state in _NOT_OUT else None)
        officer = _officer(work, queued)
        before = work.outbox.get(queued.repeats) if queued.repeats else None
        return Read(_line(work, queued), mail, words is not None, officer, before, again_of(work, queued))


def seen_by(account: Account) -> Collection[str] | None:
    """The texts whose messages an account may see; ``None``: all."""
    if may(account, Action.RUN_POST_ROOM):
        return None
    return frozenset(name for name, kind in KINDS.items() if kind.group is Group.ACCOUNT)


def again_of(work: "UnitOfWork", queued: Queued) -> Sequence[Queued]:
    """The messages that send one again, in order."""
    found: list[Queued] = []
    while following := work.outbox.by_key(key_of_repeat(queued, len(found))):
        found.append(following)
    return found


def key_of_repeat(queued: Queued, number: int) -> str:
    """The key of the message that sends one again, after so many that did: a form sent twice sends once."""
    return f"again/{queued.id}/{number}"


def held_back(pauses: Sequence[Pause], queued: Queued) -> bool:
    """Whether a message is held back."""
    return any(pause.kind in {EVERYTHING, queued.template} for pause in pauses)


def _line(work: "UnitOfWork", queued: Queued) -> Line:
    unit = work.units.get(queued.unit_id) if queued.unit_id is not None else None
    return Line(queued, kind_of(queued.template), unit)


def _officer(work: "UnitOfWork", queued: Queued) -> Account | None:
    return work.accounts.active_of_unit(queued.unit_id) if queued.unit_id is not None else None


def _as_now(app: "App", work: "UnitOfWork", queued: Queued) -> Mail | None:
    """What a message that did not go out would say now."""
    masked = evolve(queued, secrets=dict.fromkeys(queued.secrets, MASK))
    try:
        message = compose(masked, app.settings, work.texts.sources())
    except TianbaoError:
        return None
    return Mail(message.subject, message.text, message.html)
