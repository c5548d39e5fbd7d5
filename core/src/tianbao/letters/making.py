"""One zip for the 16th: a folder for each addressee with the letter in every format and the list in every format."""

import datetime as dt
import io
from collections.abc import Callable
from typing import TYPE_CHECKING, BinaryIO
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from attrs import frozen

from tianbao.accounts.policy import Action, demand
from tianbao.audit import Act
from tianbao.clock import TAIPEI
from tianbao.exporters import Exporter, Table
from tianbao.letters.gathering import Dossier, Gathering, gather, moment_of
from tianbao.letters.letter import LetterWriter, OpenedTemplate
from tianbao.letters.templates import opened
from tianbao.letters.wording import letter_of, list_of, summary_of
from tianbao.periods import Period
from tianbao.records import Operator
from tianbao.records.sight import Person

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tianbao.bootstrap import App

Told = Callable[[int, int, str], None]
"""Told how many addressees are done, of how many, and which is next."""


def gathered(app: "App", person: Person, period: Period, day: dt.date | None = None) -> Gathering:
    """Who would be written to about whom.

    Args:
        app: the application.
        person: who asks.
        period: the month.
        day: as of the end of it; ``None`` for now.

    Raises:
        Refusal: the person may not, or the month is not due yet (``not-due``).
    """
    if not isinstance(person, Operator):
        demand(person, Action.MAKE_LETTERS)
    with app.store.read() as work:
        return gather(work, app.settings, period, moment_of(app.clock.now(), day))


def make(  # noqa: PLR0917 -- the last two may be left out
    app: "App",
    person: Person,
    period: Period,
    to: BinaryIO,
    day: dt.date | None = None,
    told: Told = lambda _done, _all, _name: None,
) -> Gathering:
    """Write the zip, one letter at a time, and leave an entry in the trail.

    Returns:
        Who was written to about whom.

    Raises:
        Refusal: as `gathered`; or no plugin writes letters, or a template cannot be filled. The zip is of no use then.
    """
    gathering = gathered(app, person, period, day)
    maker = _Maker(app, gathering, opened(app), app.plugins.exporters())
    letters = gathering.letters
    with ZipFile(to, "w") as package:
        for number, dossier in enumerate(letters):
            told(number, len(letters), dossier.name)
            maker.pack(package, dossier)
        maker.pack_summary(package)
    told(len(letters), len(letters), "")
    _note(app, person, gathering)
    return gathering


@frozen
class _Maker:
    app: "App"
    gathering: Gathering
    ways: "Mapping[str, tuple[LetterWriter, OpenedTemplate]]"
    exporters: "Mapping[str, Exporter]"

    def pack(self, package: ZipFile, dossier: Dossier) -> None:
        """Put an addressee's folder in."""
        month = self.gathering.period.spoken
        table = list_of(dossier, self.gathering)
        lists = [(f"{month}未完成填報名單_{dossier.name}{suffix}", way) for suffix, way in self.exporters.items()]
        for name, exporter in lists:
            self._put(package, f"{dossier.name}/{name}", _exported(exporter, table))
        letter = letter_of(dossier, self.gathering, self.app.settings, [name for name, _ in lists])
        for suffix, (_, template) in self.ways.items():
            target = io.BytesIO()
            template.fill(letter, target)
            self._put(package, f"{dossier.name}/{month}稽催函_{dossier.name}{suffix}", target.getvalue())

    def pack_summary(self, package: ZipFile) -> None:
        """Put in who is written to, and who has nobody unfinished."""
        table = summary_of(self.gathering)
        for suffix, exporter in self.exporters.items():
            self._put(package, f"{table.title}{suffix}", _exported(exporter, table))

    def _put(self, package: ZipFile, name: str, data: bytes) -> None:
        """Put a file in as it is: all of them are compressed themselves."""
        moment = self.app.clock.now().astimezone(TAIPEI)
        package.writestr(ZipInfo(name, moment.timetuple()[:6]), data, ZIP_STORED)


def _exported(exporter: Exporter, table: Table) -> bytes:
    target = io.BytesIO()
    exporter.export(table, target)
    return target.getvalue()


def _note(app: "App", person: Person, gathering: Gathering) -> None:
    detail = {
        "letters": [each.name for each in gathering.letters],
        "units": gathering.units,
        "as_of": gathering.moment.isoformat(),
        **({"operator": person.name} if isinstance(person, Operator) else {}),
    }
    with app.store.work() as work:
        work.audit.append(app.clock.now(), person.id, Act.LETTERS_MADE, f"letters/{gathering.period}", detail)
