"""An announcement, whom it is for and when, and its plain text with the links in it made safe."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime

from attrs import frozen

from tianbao.accounts import Role
from tianbao.accounts.forms import look_over
from tianbao.cells import text_of
from tianbao.errors import Refusal
from tianbao.periods import parse_day
from tianbao.units import Level

_LONGEST_TITLE = 80
_LONGEST_TEXT = 4_000
_LINK = re.compile(r"https?://[^\s<>\"'，。、；：！？「」『』（）《》]+")
_TRAILING = ".,;:!?)]"


@frozen
class Announcement:
    """An announcement.

    Attributes:
        id: its number.
        title: one line.
        text: plain; an empty line parts paragraphs.
        first: the first day it is shown.
        last: the last day; ``None`` for no end.
        public: whether it stands on the page of sign-in, for anybody to read.
        roles: whom it is for; none is all.
        levels: the levels of the unit officers it is for; none is all.
        changed_at: when it was written, or changed last.
        changed_by_name: by whom.
        withdrawn_at: when it was taken back.
    """

    id: int
    title: str
    text: str
    first: date
    last: date | None
    public: bool
    roles: frozenset[Role]
    levels: frozenset[Level]
    changed_at: datetime
    changed_by_name: str
    withdrawn_at: datetime | None = None

    @property
    def subject(self) -> str:
        """Its name in the audit trail."""
        return f"announcement/{self.id}"

    def shown_on(self, day: date) -> bool:
        return self.withdrawn_at is None and self.first <= day and (self.last is None or day <= self.last)

    def is_for(self, role: Role | None, level: Level | None = None) -> bool:
        """Whether somebody is meant: of a role and, for a unit officer, a level; ``None`` is who is not signed in."""
        if role is None:
            return self.public
        if self.roles and role not in self.roles:
            return False
        return role is not Role.UNIT_OFFICER or not self.levels or level in self.levels

    @property
    def paragraphs(self) -> Sequence[Sequence[Sequence["Piece"]]]:
        """Its text: paragraphs of lines of pieces."""
        parts = re.split(r"\n{2,}", self.text)
        return [[list(pieces(line)) for line in part.split("\n")] for part in parts if part]

    @property
    def audience(self) -> str:
        """Whom it is for, as people say it."""
        roles = "、".join(role.label for role in Role if role in self.roles) or "所有人員"
        levels = "、".join(level.label for level in Level if level in self.levels)
        return f"{roles}{f'（填報窗口限{levels}）' if levels else ''}{'，並顯示於登入頁' if self.public else ''}"


@frozen
class Piece:
    """A piece of a line: text, or a link with its address."""

    text: str
    address: str = ""


def pieces(line: str) -> Iterator[Piece]:
    """A line, its web addresses made links; nothing else of it is taken for markup. Only http and https are linked."""
    end = 0
    for found in _LINK.finditer(line):
        address = found.group().rstrip(_TRAILING)
        if before := line[end : found.start()]:
            yield Piece(before)
        yield Piece(address, address)
        end = found.start() + len(address)
    if rest := line[end:]:
        yield Piece(rest)


@frozen
class Written:
    """An announcement as somebody typed it."""

    title: str
    text: str
    first: str
    last: str
    public: bool
    roles: frozenset[Role]
    levels: frozenset[Level]

    @classmethod
    def typed(cls, fields: Mapping[str, str], roles: Sequence[str] = (), levels: Sequence[str] = ()) -> "Written":
        """Take it from a form; roles and levels nobody knows are left out."""
        text = fields.get("text", "").replace("\r\n", "\n").replace("\r", "\n")
        return cls(
            title=text_of(fields.get("title", "")),
            text="\n".join(line.rstrip() for line in text.split("\n")).strip("\n"),
            first=fields.get("first", ""),
            last=fields.get("last", ""),
            public=fields.get("public") == "yes",
            roles=frozenset(role for role in Role if role in roles),
            levels=frozenset(level for level in Level if level in levels),
        )

    def look_over(self) -> None:
        """Refuse what is wrong with it.

        Raises:
            FormRefusal: at least one field is wrong.
        """
        look_over(
            title=self._demand_title, text=self._demand_text, first=lambda: _day(self.first), last=self._demand_last
        )

    def _demand_title(self) -> None:
        if not self.title or len(self.title) > _LONGEST_TITLE or not self.title.isprintable():
            what = f"標題沒有填、超過 {_LONGEST_TITLE} 個字，或含有無法顯示的字元。"
            raise Refusal("title", what, "請填一行簡短的標題。")

    def _demand_text(self) -> None:
        seen = self.text.replace("\n", "").replace("\t", "")
        if not seen or len(seen) > _LONGEST_TEXT or not seen.isprintable():
            raise Refusal("text", f"內文沒有填、超過 {_LONGEST_TEXT:,} 個字，或含有無法顯示的字元。", "請修改內文。")

    def _demand_last(self) -> None:
        if self.last and self.first and _day(self.last) < _day(self.first):
            raise Refusal("last", "結束日期早於開始日期。", "請改選較晚的日期，或留空白表示不下架。")

    @property
    def days(self) -> tuple[date, date | None]:
        """First and last day; `look_over` it first."""
        return _day(self.first), _day(self.last) if self.last else None


def _day(text: str) -> date:
    try:
        return parse_day(text)
    except ValueError as error:
        raise Refusal("day", "日期沒有選。", "請選擇日期。") from error
