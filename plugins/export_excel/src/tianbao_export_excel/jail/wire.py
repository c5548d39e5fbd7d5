"""What goes between the server and a jailed child, as JSON: it must not be able to do anything but be wrong.

A reply is trusted no more than the file it comes from.
"""

import datetime as dt
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, NoReturn

from attrs import asdict, astuple

from tianbao.errors import Refusal
from tianbao.workbooks import Area, Broken, Cell, Limits, Workbook, Worksheet
from tianbao_export_excel.refusals import SENTENCES, Rejected, refusal

_CELLS = {str, int, float, bool, type(None), Broken, dt.datetime, dt.date, dt.time, dt.timedelta}
_MOST_HIDDEN_AND_MERGED = 1_000_000
_HALF_CHARACTER = re.compile(r"(?<!\\)(?:\\\\)*\\u[dD][89a-fA-F]")


def request(data: bytes, limits: Limits) -> bytes:
    """The question: a line of limits, then the file."""
    return json.dumps(asdict(limits)).encode() + b"\n" + data


def read_request(question: bytes) -> tuple[bytes, Limits]:
    limits, _, data = question.partition(b"\n")
    return data, Limits(**json.loads(limits))


def reply(answer: Workbook | Rejected | None) -> bytes:
    """The answer: a workbook, a refusal, or that this is no file of ours.

    Raises:
        ValueError: there is a number in it that no spreadsheet can show.
    """
    if answer is None:
        return b'["foreign"]'
    if isinstance(answer, Rejected):
        return json.dumps(["rejected", answer.code, list(answer.details.items())]).encode()
    sheets = [
        [sheet.name, sheet.visible, sheet.rows, [astuple(area) for area in sheet.merges], sorted(sheet.hidden_rows)]
        for sheet in answer.sheets
    ]
    encoded = json.dumps(["workbook", sheets], ensure_ascii=False, default=_tagged, allow_nan=False)
    return encoded.encode()


def read_reply(answer: bytes, limits: Limits) -> Workbook | None:
    """Take an answer apart.

    Returns:
        The workbook, or ``None`` where the file is none of ours.

    Raises:
        Refusal: what the child refused the file with, or ``broken`` where its answer makes no sense.
    """
    try:
        match json.loads(_text(answer), object_hook=_untagged, parse_constant=_no_number):
            case ["foreign"]:
                return None
            case ["rejected", str(code), list(details)] if code in SENTENCES:
                raise refusal(code, _details(details))
            case ["workbook", list(sheets)]:
                return Workbook([_worksheet(sheet, limits) for sheet in sheets])
    except Refusal:
        raise
    except (ValueError, TypeError, KeyError, IndexError, RecursionError, OverflowError):
        pass  # whoever answers so has been taken over by the file
    raise refusal("broken")


def _text(answer: bytes) -> str:
    """The answer decoded; halves of characters, which nothing behind could write, are no text."""
    text = answer.decode()
    if _HALF_CHARACTER.search(text):
        raise ValueError(text)
    return text


def _tagged(cell: object) -> dict[str, object]:
    match cell:
        case Broken(shown, formula):
            return {"broken": [shown, formula]}
        case dt.timedelta():
            return {"timedelta": [cell.days, cell.seconds, cell.microseconds]}
        case dt.datetime() | dt.date() | dt.time():
            return {type(cell).__name__: cell.isoformat()}
    raise TypeError(type(cell))


def _untagged(tagged: Mapping[str, Any]) -> Cell:
    ((tag, value),) = tagged.items()
    match tag, value:
        case "broken", [str(shown), bool(formula)]:
            return Broken(shown, formula)
        case "timedelta", [int(), int(), int()]:
            return dt.timedelta(*value)
        case (("datetime" | "date" | "time"), str()):
            kind: type[dt.datetime | dt.date | dt.time] = getattr(dt, tag)
            return kind.fromisoformat(value)
    raise ValueError(tag)


def _no_number(name: str) -> NoReturn:
    raise ValueError(name)


def _details(pairs: Sequence[object]) -> Mapping[str, str | int]:
    details = dict(_pair(pair) for pair in pairs)
    return {name: detail[:50] if isinstance(detail, str) else detail for name, detail in details.items()}


def _pair(pair: object) -> tuple[str, str | int]:
    match pair:
        case [str(name), str() | int() as detail]:
            return name, detail
    raise ValueError(pair)


def _worksheet(sheet: object, limits: Limits) -> Worksheet:
    match sheet:
        case [str(name), bool(visible), list(rows), list(merges), list(hidden)]:
            _check_rows(rows, limits)
            if len(merges) + len(hidden) > _MOST_HIDDEN_AND_MERGED or not all(type(row) is int for row in hidden):
                raise ValueError(name)
            return Worksheet(name, rows, visible, [_area(area) for area in merges], frozenset(hidden))
    raise ValueError(sheet)


def _check_rows(rows: Sequence[object], limits: Limits) -> None:
    if len(rows) > limits.rows:
        raise ValueError(len(rows))
    for row in rows:
        if type(row) is not list or len(row) > limits.columns or not _CELLS.issuperset(map(type, row)):
            raise ValueError(row)


def _area(area: object) -> Area:
    match area:
        case [int(), int(), int(), int()] if all(corner > 0 for corner in area):
            return Area(*area)
    raise ValueError(area)
