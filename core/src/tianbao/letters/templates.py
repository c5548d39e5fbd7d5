"""The templates of the letters: one in use for each format, shipped with its writer until the agency puts in its own.

An edited template is tried before it is put in use: it must be harmless, name only what there is, hold the list of the
unfinished, and make a letter of sample units. What was put in use is kept, with who did so and when.
"""

import datetime as dt
import io
from collections.abc import Mapping, Sequence
from pathlib import PurePath
from typing import TYPE_CHECKING

from attrs import evolve, field, frozen

from tianbao.accounts import Account
from tianbao.accounts.policy import Action, demand
from tianbao.audit import Act
from tianbao.clock import TAIPEI
from tianbao.errors import Refusal
from tianbao.letters.gathering import Dossier, Gathering
from tianbao.letters.letter import LIST, Letter, LetterWriter, OpenedTemplate
from tianbao.letters.wording import letter_of
from tianbao.reminders.owing import Last, Owing
from tianbao.units import Level, Unit

if TYPE_CHECKING:
    from tianbao.bootstrap import App

LARGEST = 4 * 2**20
"""Bytes of a template; one with a coat of arms in it has some 100,000."""


@frozen
class Template:
    """A template that is, or was, in use.

    Attributes:
        suffix: its format.
        name: of the file that was put in; empty for the shipped one.
        data: the file; ``None`` for the shipped one.
        set_at: when it was put in use; ``None`` where it was shipped and never changed.
        set_by: the account.
        set_by_name: the person's name at that time.
    """

    suffix: str
    name: str = ""
    data: bytes | None = field(default=None, repr=False)
    set_at: dt.datetime | None = None
    set_by: int | None = None
    set_by_name: str = ""


def writers(app: "App") -> Mapping[str, LetterWriter]:
    """The formats there are, by suffix.

    Raises:
        Refusal: there is none (``no-letter-writer``).
    """
    found = app.plugins.letter_writers()
    if not found:
        raise Refusal(
            "no-letter-writer", "系統沒有安裝函文的外掛，無法產製函文。", "請洽系統客服安裝 tianbao-letters-office。"
        )
    return found


def in_use(app: "App") -> Sequence[Template]:
    """The template of each format."""
    with app.store.read() as work:
        kept = {suffix: work.letters.template(suffix) for suffix in writers(app)}
    return [template or Template(suffix) for suffix, template in kept.items()]


def data_of(app: "App", template: Template) -> bytes:
    """The template's file."""
    return writers(app)[template.suffix].shipped() if template.data is None else template.data


def template_file(app: "App", account: Account, suffix: str) -> bytes:
    """The template in use, to be edited.

    Raises:
        Refusal: no such format.
    """
    demand(account, Action.MAKE_LETTERS)
    return data_of(app, _named(app, suffix))


def try_out(app: "App", account: Account, name: str, data: bytes) -> tuple[LetterWriter, bytes]:
    """A letter of sample units from a template that is not in use (yet).

    Raises:
        Refusal: the template cannot be used.
    """
    demand(account, Action.MAKE_LETTERS)
    writer = _writer_for(app, name)
    return writer, _tried(app, writer, data)


def sample(app: "App", account: Account, suffix: str) -> bytes:
    """A letter of sample units from the template in use."""
    demand(account, Action.MAKE_LETTERS)
    template = _named(app, suffix)
    return _tried(app, writers(app)[suffix], data_of(app, template))


def put_in_use(app: "App", account: Account, name: str, data: bytes) -> Template:
    """Make the letters from this template from now on.

    Raises:
        Refusal: the account may not, or the template cannot be used.
    """
    writer, _ = try_out(app, account, name, data)
    return _keep(app, account, Template(writer.suffix, name, data))


def use_shipped(app: "App", account: Account, suffix: str) -> Template:
    """Go back to the template the writer came with; the agency's own is kept, but is not in use.

    Raises:
        Refusal: the account may not, or there is no such format.
    """
    demand(account, Action.MAKE_LETTERS)
    return _keep(app, account, Template(_named(app, suffix).suffix))


def opened(app: "App") -> Mapping[str, tuple[LetterWriter, OpenedTemplate]]:
    """Every format's writer and its template in use, ready to be filled."""
    ways = writers(app)
    return {
        template.suffix: (ways[template.suffix], ways[template.suffix].open(data_of(app, template)))
        for template in in_use(app)
    }


def _keep(app: "App", account: Account, template: Template) -> Template:
    now = app.clock.now()
    kept = evolve(template, set_at=now, set_by=account.id, set_by_name=account.name)
    act = Act.LETTER_TEMPLATE_RESTORED if template.data is None else Act.LETTER_TEMPLATE_SET
    with app.store.work() as work:
        work.letters.keep_template(kept)
        work.audit.append(now, account.id, act, f"letters/template/{template.suffix[1:]}", {"file": template.name})
    return kept


def _named(app: "App", suffix: str) -> Template:
    found = next((each for each in in_use(app) if each.suffix == suffix), None)
    if found is None:
        raise Refusal("not-found", f"沒有「{suffix}」這種函文格式。", f"可用的格式：{'、'.join(writers(app))}。")
    return found


def _writer_for(app: "App", name: str) -> LetterWriter:
    ways = writers(app)
    suffix = PurePath(name).suffix.lower()
    if suffix not in ways:
        raise Refusal(
            "template-format",
            f"範本要是 {'或 '.join(f'{each}（{way.label}）' for each, way in ways.items())}，這個檔案不是。",
            "請在 Word 或 LibreOffice 開啟後「另存新檔」為上述格式，再上傳。",
        )
    return ways[suffix]


def _tried(app: "App", writer: LetterWriter, data: bytes) -> bytes:
    if len(data) > LARGEST:
        raise Refusal(
            "too-large",
            f"範本有 {len(data) / 2**20:.1f} MB，超過上限 {LARGEST / 2**20:.0f} MB。",
            "請縮小或移除範本裡的圖片，再上傳。",
        )
    template = writer.open(data)
    if LIST not in template.fields:
        raise Refusal(
            "template-without-list",
            "範本裡沒有未完成填報的名單，寄出的函文會看不到是哪些單位。",
            "請保留名單表格中 {%tr for 單位 in 名單 %} 到 {%tr endfor %} 的三列；可下載系統範本對照。",
        )
    target = io.BytesIO()
    template.fill(sample_letter(app), target)
    return target.getvalue()


def sample_letter(app: "App") -> Letter:
    """A letter about made-up units, a page and a half of them, so that one sees the heading on the second page."""
    period = app.settings.calendar.current_period(app.clock.now()).previous
    moment = app.clock.now().astimezone(TAIPEI)
    reminded = Last(moment)
    levels = (Level.ELEMENTARY, Level.JUNIOR_HIGH, Level.CENTRE)
    listed = [
        Owing(
            Unit(f"07{number:04}", levels[number // 20], f"縣立範例{number:02}{levels[number // 20].label}", "彰化縣"),
            [period.previous, period] if number % 5 == 0 else [period],
            reminded if number % 7 else Last(),
        )
        for number in range(45)
    ]
    informed = [Owing(Unit("070301", Level.SENIOR_HIGH, "縣立範例高中", "彰化縣"), [period], reminded)]
    dossier = Dossier("彰化縣", listed, informed)
    attached = [f"{period.spoken}未完成填報名單.xlsx", f"{period.spoken}未完成填報名單.ods"]
    return letter_of(dossier, Gathering(period, moment, [dossier]), app.settings, attached)
