"""Settings: from ``tianbao.toml`` and the environment, over defaults that just work.

The file has core's settings under ``[tianbao]`` and each plugin's under its own name; the environment says
``TIANBAO_DATABASE_URL`` for ``database_url`` and ``TIANBAO_LIMITS_BYTES`` for ``bytes`` of ``limits``.
"""

import os
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import typed_settings as ts
from attrs import evolve, field, frozen, validators
from cattrs import BaseValidationError, transform_error
from typed_settings.exceptions import TsError
from typed_settings.loaders import Loader

from tianbao.calendar import CalendarRules
from tianbao.errors import TianbaoError
from tianbao.operations.logs import LogSettings
from tianbao.workbooks import Limits

FILE = Path("tianbao.toml")
"""Looked for where the program is started, unless ``TIANBAO_SETTINGS`` names another."""

S = TypeVar("S")


@frozen
class Contact:
    """Whom to ask."""

    name: str = ""
    phone: str = ""
    email: str = ""


@frozen
class _Organiser(Contact):
    name: str = "國立彰化高級中學"
    phone: str = "04-7222121 ext.35207或35205"
    email: str = "rd@chsh.chc.edu.tw"


@frozen
class _Support(Contact):
    name: str = "國立暨南國際大學資訊工程學系"
    phone: str = "049-2910960#3765、3971、3785"
    email: str = "cgsbvc@mail.ncnu.edu.tw"


@frozen
class Contacts:
    """Whom to ask about what; by default as the manual has them."""

    organiser: _Organiser = _Organiser()
    """Questions about the workbook (Excel報表細項詢問)."""
    support: _Support = _Support()
    """Questions about the system (系統相關詢問)."""

    @property
    def lines(self) -> tuple[tuple[str, str], ...]:
        """By kind of question, whom to ask; for files that are taken away."""
        asked = (("表格內容請洽承辦單位", self.organiser), ("系統操作請洽系統客服", self.support))
        return tuple((question, "　".join(filter(None, (who.name, who.phone, who.email)))) for question, who in asked)


@frozen
class Settings:
    """Everything an operator can set."""

    database_url: str = field(default="sqlite:///tianbao.sqlite3", repr=False)
    """SQLAlchemy's URL: ``sqlite:///file`` or ``postgresql://user:password@host/database``."""
    host: str = "127.0.0.1"
    """Where to serve."""
    port: int = field(default=8000, validator=validators.and_(validators.ge(0), validators.le(65535)))
    base_url: str = field(default="http://127.0.0.1:8000", validator=validators.matches_re(r"https?://[^\s/]\S*"))
    """The address people open, for the links in mails."""
    secure_cookies: bool = False
    """Whether cookies go over HTTPS only; wanted wherever the address begins with https."""
    session_minutes: int = field(default=30, validator=validators.gt(0))
    """Minutes without a click after which a session ends."""
    session_hours: int = field(default=12, validator=validators.gt(0))
    """Hours after which a session ends however busy it is."""
    hashes_at_once: int = field(default=2, validator=validators.gt(0))
    """Passwords checked at the same time; each takes 64 MiB and an eighth of a second."""
    forgotten_seconds: float = field(default=0.5, validator=validators.ge(0))
    """How long the answer to 忘記密碼 takes at least, whether there is such an account or not."""
    receipt_mails: bool = True
    """Whether who files gets a mail that says so."""
    handout_bytes: int = field(default=20 * 2**20, validator=validators.gt(0))
    """The largest file taken to be handed out beside a template, in bytes."""
    limits: Limits = field(factory=Limits)
    """How much of a workbook is read before it is refused."""
    contacts: Contacts = Contacts()
    """Whom to ask; named on every page."""
    calendar: CalendarRules = field(factory=CalendarRules)
    """From which day and until which day a month is filed, and which month is the first of all."""
    audit_years: int = field(default=0, validator=validators.ge(0))
    """Years for which entries of the trail are kept; 0 is for ever."""
    logs: LogSettings = field(factory=LogSettings)
    """How logs are written."""
    source: Path | None = field(default=None, repr=False)
    """The file they were read from."""

    def section(self, name: str, options: type[S]) -> S:
        """A plugin's own settings: ``[name]`` of the file, ``TIANBAO_<NAME>_*`` of the environment.

        Args:
            name: of the section.
            options: an attrs class whose fields all have defaults.

        Raises:
            TianbaoError: the file or the environment has something else than the class takes.
        """
        return _load(options, self.source, name, f"TIANBAO_{name.upper()}_")


def load(path: Path | None = None) -> Settings:
    """Read the settings.

    Args:
        path: the file; else ``TIANBAO_SETTINGS``, else ``tianbao.toml`` where there is one.

    Raises:
        TianbaoError: a file that was named is not there, is not TOML, or says something the settings do not know.
    """
    named = path or (Path(os.environ["TIANBAO_SETTINGS"]) if os.environ.get("TIANBAO_SETTINGS") else None)
    source = named or (FILE if FILE.exists() else None)
    if source:
        _look_over(source)
    return evolve(_load(Settings, source, "tianbao", "TIANBAO_"), source=source)


def _look_over(source: Path) -> None:
    """What stands outside every section would silently count for nothing."""
    try:
        stray = [
            name for name, value in tomllib.loads(source.read_text("utf-8")).items() if not isinstance(value, dict)
        ]
    except OSError as error:
        raise TianbaoError(f"the settings {source} cannot be read: {error.strerror}. Name an existing file.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise TianbaoError(f"the settings {source} are not TOML in UTF-8: {error}. Mend that line.") from error
    if stray:
        raise TianbaoError(f"the settings {source} have {', '.join(stray)} outside a section. Put it under [tianbao].")


def _load(options: type[S], source: Path | None, section: str, prefix: str) -> S:
    files = [source] if source else []
    loaders: list[Loader] = [ts.FileLoader({"*": ts.TomlFormat(section)}, files), ts.EnvLoader(prefix)]
    try:
        return ts.load_settings(options, loaders, converter=_Converter())
    except TsError as error:
        where = f"[{section}] of {source}" if source else "the environment"
        why = "; ".join(map(str, error.exceptions)) if isinstance(error, BaseExceptionGroup) else error
        raise TianbaoError(f"the settings in {where} or in {prefix}* are wrong: {why}") from error


class _Converter:
    """The usual converter, which says of a value in a section within a section what is wrong with it, too."""

    def __init__(self) -> None:
        self._usual = ts.converters.get_default_cattrs_converter()

    def get_structure_hook(self, cl: type[S]) -> Callable[[Any, type[S]], S]:
        hook: Callable[[Any, type[S]], S] = self._usual.get_structure_hook(cl)
        return hook

    def structure(self, obj: Any, cl: type[S]) -> S:  # noqa: ANN401 -- whatever stands in the file
        try:
            return self._usual.structure(obj, cl)
        except BaseValidationError as error:
            says = transform_error(error, format_exception=lambda reason, _type: str(reason))
            raise ValueError("; ".join(says)) from error
