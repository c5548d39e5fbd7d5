"""Editing the texts: proved on made-up people before they are kept; every edition stays, and the shipped text, too."""

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from attrs import frozen

from tianbao.accounts import Account
from tianbao.accounts.forms import FormRefusal
from tianbao.accounts.policy import Action, demand
from tianbao.audit import Act
from tianbao.errors import Refusal
from tianbao.mails import Mail, language, render
from tianbao.mails.blocks import VALUE, parse
from tianbao.mails.faults import TextFault
from tianbao.mails.kinds import KINDS, SECRET, Kind, kind_of
from tianbao.mails.samples import SAMPLES
from tianbao.mails.texts import SHIPPED, TextVersion, given
from tianbao.settings import Settings
from tianbao.units import Unit

if TYPE_CHECKING:
    from tianbao.bootstrap import App
    from tianbao.storage import UnitOfWork


@frozen
class Edited:
    """A text as it stands.

    Attributes:
        name: of the text.
        kind: what it is for.
        source: what it says now.
        versions: its editions, the latest first; none where it was never edited.
    """

    name: str
    kind: Kind
    source: str
    versions: Sequence[TextVersion]

    @property
    def shipped(self) -> bool:
        """Whether it is as shipped."""
        return not self.versions or self.versions[0].source is None

    @property
    def basis(self) -> int:
        """The number of its latest edition; 0 where there is none."""
        return self.versions[0].id if self.versions else 0


def texts(app: "App", organiser: Account) -> Sequence[Edited]:
    """All texts in the order in which people speak of them, each with its latest edition alone.

    Raises:
        Refusal: not this account's to see.
    """
    demand(organiser, Action.EDIT_MESSAGES)
    with app.store.read() as work:
        latest, sources = work.texts.latest(), work.texts.sources()
    order = {name: place for place, name in enumerate(KINDS)}
    return [
        Edited(name, kind_of(name), sources[name], [latest[name]] if name in latest else [])
        for name in sorted(SHIPPED, key=lambda name: (order.get(name, len(order)), name))
    ]


def text(app: "App", organiser: Account, name: str) -> Edited | None:
    """One text with all its editions; ``None`` where there is none.

    Raises:
        Refusal: not this account's to see.
    """
    demand(organiser, Action.EDIT_MESSAGES)
    if name not in SHIPPED:
        return None
    with app.store.read() as work:
        return Edited(name, kind_of(name), work.texts.sources()[name], work.texts.versions(name))


def save(app: "App", organiser: Account, name: str, source: str, basis: int) -> None:
    """Keep a new edition; every message written from now on says it.

    Args:
        app: the application.
        organiser: who writes.
        name: of the text.
        source: what it is to say.
        basis: the edition it was written on, as `Edited.basis` gave it.

    Raises:
        Refusal: not this account's to do, or somebody else has edited it in the meantime (``text-changed``).
        FormRefusal: the text cannot become a mail; says why, and in which line where it is one.
    """
    demand(organiser, Action.EDIT_MESSAGES)
    source = typed(source)
    prove(name, source, app.settings)
    _keep(app, organiser, name, source, basis)


def restore(app: "App", organiser: Account, name: str, basis: int) -> None:
    """Go back to the shipped text.

    Raises:
        Refusal: not this account's to do, or somebody else has edited it in the meantime (``text-changed``).
    """
    demand(organiser, Action.EDIT_MESSAGES)
    _keep(app, organiser, name, None, basis)


def _keep(app: "App", organiser: Account, name: str, source: str | None, basis: int) -> None:
    now = app.clock.now()
    with app.store.work() as work:
        work.lock("text", name)
        versions = work.texts.versions(name)
        if basis != (versions[0].id if versions else 0):
            raise Refusal("text-changed", "這封信剛剛有人修改過，您的修改沒有存檔。", "請重新整理頁面，再修改一次。")
        if source == work.texts.sources()[name] or (source is None and not versions):
            raise Refusal("text-same", "內容和目前的一樣，沒有需要儲存的修改。", "如要修改，請先改寫內容再儲存。")
        number = work.texts.add(TextVersion(0, name, source, now, organiser.id, organiser.name))
        act = Act.TEXT_EDITED if source is not None else Act.TEXT_RESTORED
        work.audit.append(now, organiser.id, act, f"text/{name}", {"version": number})


def typed(source: str) -> str:
    """What a form sent, as a text is kept: its lines end as ours do."""
    return "\n".join(source.split("\r\n")).strip() + "\n"


def prove(name: str, source: str, settings: Settings) -> None:
    """Refuse a text that would not become a mail, whatever its conditions are when its turn comes.

    Raises:
        FormRefusal: says what is wrong with it, and in which line where it is one.
    """
    try:
        _demand_link_kept(name, source)
        parse(name, language.straightened(source, given(SAMPLES[name], settings)))
        render(name, SAMPLES[name], settings, {name: source})
    except TextFault as fault:
        fault.line = fault.line or _line_of(fault, source)
        raise FormRefusal({"source": fault.refusal}) from fault


def preview(app: "App", organiser: Account, name: str, source: str, unit: Unit | None = None) -> Mail:
    """A mail as the text would make it; of made-up people, or as it is for a unit.

    Raises:
        Refusal: not this account's to see.
        FormRefusal: the text cannot become a mail.
    """
    demand(organiser, Action.EDIT_MESSAGES)
    source = typed(source)
    prove(name, source, app.settings)
    data = SAMPLES[name]
    if unit:
        with app.store.read() as work:
            data = {**data, **_real(app, work, name, unit)}
    try:
        return render(name, data, app.settings, {name: source})
    except TextFault as fault:
        raise FormRefusal({"source": fault.refusal}) from fault


def _real(app: "App", work: "UnitOfWork", name: str, unit: Unit) -> Mapping[str, Any]:
    """What the last such message about the unit said; where there is none, what is known of the unit."""
    number = unit.id or 0
    last = work.outbox.latest(name, number)
    if last:
        return last.data
    officer = work.accounts.active_of_unit(number)
    known = {
        "unit": unit.name,
        "unit_code": unit.code,
        "county": unit.county,
        "period": str(app.settings.calendar.current_period(app.clock.now())),
        **({"name": officer.name, "login": officer.login} if officer else {"name": "承辦人"}),
    }
    return {field: value for field, value in known.items() if field in SAMPLES[name]}


def _demand_link_kept(name: str, source: str) -> None:
    """A link that is a secret stays where it was: elsewhere it would hand accounts to whoever reads along."""
    if name not in SECRET:
        return
    place = next(line.partition("|")[2].strip() for line in SHIPPED[name].splitlines() if "{{ token }}" in line)
    buttons = [line for line in source.splitlines() if line.strip().startswith("=> ")]
    kept = [line for line in buttons if line.partition("|")[2].strip() == place]
    if len(kept) != 1 or source.count("token") != 1:
        raise TextFault(
            "its link is not where it was",
            "這封信一定要有原來的連結按鈕，而且 token 只能出現在那裡一次。",
            f"請保留一個按鈕，網址寫 {place}；按鈕上的字可以改。",
        )


def _line_of(fault: TextFault, source: str) -> int | None:
    """Which line breaks the notation: the first that does so by itself, whatever its values are."""
    for number, line in enumerate(source.splitlines(), 1):
        plain = _TAG.sub("", _ADDRESS.sub("https://here", line)).strip()
        plain = _FIELD.sub(f"{VALUE}值", plain)
        if not plain:
            continue
        try:
            parse("line", plain if number == 1 else f"主旨：x\n\n{plain}")
        except TextFault as found:
            if found.remedy == fault.remedy:
                return number
    return None


_TAG = re.compile(r"{%.*?%}")
_ADDRESS = re.compile(r"{{\s*address\s*}}")
_FIELD = re.compile(r"{{.*?}}")
