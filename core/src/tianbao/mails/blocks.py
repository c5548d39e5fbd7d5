"""The notation of the texts: a page of plain lines that a person can read, edit and get right.

::

    主旨：one line, the mail's subject
    摘要：one line that mail programs show beside the subject

    # What it is about

    A paragraph. Lines that follow one another belong together.

    @filed 已填報
    => What the button says | https://its.address
    - Term：value
    ! Something to heed.

A value put into a text never counts as notation, whatever it looks like: nobody can have us send a button of theirs by
choosing an odd name. See `VALUE`.
"""

from collections.abc import Iterator
from itertools import groupby
from typing import NoReturn

from attrs import frozen

from tianbao.mails.faults import TextFault

VALUE = "\ufdd0"
"""Stands before every value put into a text; a noncharacter, so it cannot be in one."""

STATES = {"filed": "✓", "nil": "○", "late": "！", "missing": "△"}
"""The states a mail can show, with the signs they have everywhere."""


@frozen
class Heading:
    """What the mail is about."""

    text: str
    kind = "heading"


@frozen
class Paragraph:
    """Some sentences."""

    text: str
    kind = "paragraph"


@frozen
class Note:
    """Something to heed."""

    text: str
    kind = "note"


@frozen
class State:
    """A state as every page shows it: sign and word, the colour third."""

    name: str
    text: str
    kind = "state"

    @property
    def sign(self) -> str:
        return STATES[self.name]


@frozen
class Button:
    """The one thing to do."""

    text: str
    url: str
    kind = "button"


@frozen
class Facts:
    """Terms and their values; a term without a value is left out."""

    rows: tuple[tuple[str, str], ...]
    kind = "facts"


Block = Heading | Paragraph | Note | State | Button | Facts


@frozen
class Text:
    """A text, taken apart."""

    subject: str
    summary: str
    blocks: tuple[Block, ...]


def parse(name: str, source: str) -> Text:
    """Take a text apart, once its values are put in.

    Args:
        name: of the text, for errors.
        source: the text.

    Raises:
        TextFault: it has no subject, or a line breaks the notation.
    """
    lines = [line.strip() for line in source.strip().splitlines()]
    if not lines or not lines[0].startswith("主旨："):
        remedy = "第一行請寫「主旨：」，後面寫主旨。"
        _wrong(name, "has no subject", "Begin its first line with 主旨：", "第一行不是主旨。", remedy)
    subject = _clean(lines.pop(0).removeprefix("主旨："))
    summary = _clean(lines.pop(0).removeprefix("摘要：")) if lines and lines[0].startswith("摘要：") else ""
    if not subject:
        _wrong(name, "has an empty subject", "Write one after 主旨：", "主旨是空的。", "請在「主旨：」後面寫上主旨。")
    return Text(subject, summary, tuple(_blocks(name, lines)))


def _blocks(name: str, lines: list[str]) -> Iterator[Block]:
    for mark, group in groupby(lines, _mark):
        same = list(group)
        if mark == "- ":
            yield Facts(tuple(row for row in (_pair(name, line, "：") for line in same) if row[1]))
        elif mark == "text":
            yield Paragraph("".join(map(_clean, same)))
        elif mark:
            yield from (_single(name, mark, line) for line in same)


def _mark(line: str) -> str:
    """What kind of line it is, by how it begins; a value at its beginning is text."""
    if not line:
        return ""
    return next((mark for mark in ("# ", "! ", "- ", "=> ", "@") if line.startswith(mark)), "text")


def _single(name: str, mark: str, line: str) -> Block:
    if mark == "=> ":
        label, url = _pair(name, line, "|")
        if not url.startswith(("https://", "http://")):
            _wrong(
                name,
                f"has a button to {url!r}",
                "Give it an address that begins with https://",
                f"按鈕的網址「{url}」不能用。",
                "網址要以 https:// 或 {{ address }} 開頭。",
            )
        return Button(label, url)
    if mark == "@":
        state, _, word = line.removeprefix("@").partition(" ")
        if state not in STATES or not word.strip():
            _wrong(
                name,
                f"has the state {line!r}",
                f"Write one of @{', @'.join(STATES)} and its word",
                f"狀態「{line}」看不懂。",
                f"請寫成 @{'、@'.join(STATES)} 其中一種，空一格，再寫要顯示的字。",
            )
        return State(state, _clean(word))
    return (Heading if mark == "# " else Note)(_clean(line.removeprefix(mark)))


def _pair(name: str, line: str, between: str) -> tuple[str, str]:
    mark, _, rest = line.partition(" ")
    first, found, second = rest.partition(between)
    if not found or not _clean(first):
        _wrong(
            name,
            f"has the line {line!r}",
            f"Write it as {mark} what{between}what",
            f"「{line}」少了「{between}」，或前面沒有字。",
            f"請寫成「{mark} 名稱{between}內容」。",
        )
    return _clean(first), _clean(second)


def _clean(text: str) -> str:
    return text.replace(VALUE, "").strip()


def _wrong(name: str, what: str, remedy: str, says: str, to_do: str) -> NoReturn:
    message = f"the mail text {name!r} {what}. {remedy}."
    raise TextFault(message.replace(VALUE, ""), says.replace(VALUE, ""), to_do)
