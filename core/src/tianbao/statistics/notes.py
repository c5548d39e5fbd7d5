"""What a reader must know about a table: what counts twice, where the forms differ; sentences in 繁體中文."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from tianbao.periods import Period
from tianbao.records.columns import Kind, offered
from tianbao.statistics.asking import SERVED, Asked
from tianbao.statistics.query import Sex
from tianbao.statistics.result import Along
from tianbao.templates.measures import Measure

if TYPE_CHECKING:
    from tianbao.templates import Template

_BEGINNING = Period(1912, 1)


def notes_of(asked: Asked, templates: "Iterable[Template]") -> Sequence[str]:
    """All that belongs beside a result."""
    return [*filter(None, (asked.table.note,)), *_counted_twice(asked), *_unchosen(asked), *_changes(asked, templates)]


def _counted_twice(asked: Asked) -> Iterator[str]:
    query, several = asked.query, asked.column.kind is Kind.CODES
    if several and asked.reading.key == "both":
        yield "主+副類別：個案的主類別與每一項副類別各計一次，所以各列相加會大於合計；合計中每筆個案只計一次。"
    elif several:
        yield f"「{asked.column.heading}」可複選，每一項各計一次，所以各列相加可能大於合計；合計中每筆個案只計一次。"
    if query.measure is Measure.PERSONS:
        yield "人數的合計是不重複的人數，不是各列、各月或各性別相加；跨月持續晤談的學生，合計只計 1 人。"
        yield "同一學生轉到其他學校後，由新學校另編代號，計為另 1 人。"
    if query.kind == "service" and query.measure is Measure.ROWS and asked.table.by_sex and query.sex is not Sex.TOTAL:
        yield "依性別的次數，計該性別人次大於 0 的服務；同一筆服務男女都有時各計一次，總計只計一次。"


def _unchosen(asked: Asked) -> Iterator[str]:
    """The manual's own note."""
    if asked.query.kind == "service" and asked.column.name != "audience" and not asked.query.codes_of("audience"):
        yield "服務對象不指定：統計數據包含教職員、家長及專業人員，如僅需要學生的數據，可透過【指定服務對象】篩選。"


def _changes(asked: Asked, templates: "Iterable[Template]") -> Iterator[str]:
    """Where the forms of the chosen months differ in a code list, or do not all have the column."""
    served = [each for each in templates if any(period in each.serves for period in asked.periods)]
    served.sort(key=lambda each: (each.serves.first or _BEGINNING, each.key))
    for older, newer in pairwise(served):
        for name in _looked_at(asked):
            yield from _change(asked, name, older, newer)


def _looked_at(asked: Asked) -> Sequence[str]:
    """The columns whose codes stand in the table, or that it is filtered by."""
    query = asked.query
    names = dict.fromkeys((asked.column.name, *(each.column for each in query.chosen)))
    if Along.SEX in asked.along or query.sex.code is not None:
        names |= dict.fromkeys(("sex",) if query.kind == "case" else SERVED.values())
    return list(names)


def _change(asked: Asked, name: str, older: "Template", newer: "Template") -> Iterator[str]:
    old, new = (offered([each], asked.query.kind).get(name) for each in (older, newer))
    if old is None or new is None:
        if (column := old or new) is not None:
            has, lacks = (newer, older) if old is None else (older, newer)
            yield f"「{column.heading}」只有{has.name}有；{lacks.name}沒有這一欄，所以那些月份沒有這項數字。"
        return
    for key, label in new.labels.items():
        if key not in old.labels:
            yield f"「{new.heading}」的「{label}」從{newer.name}（{newer.serves.spoken}）才有，之前的月份沒有這一類。"
        elif old.labels[key] != label:
            yield f"「{new.heading}」的「{label}」在{older.name}稱為「{old.labels[key]}」，視為同一類。"
    for gone in old.choices:
        if gone.key not in new.labels:
            into = next((each.label for each in new.choices if each.words & gone.words), "")
            after = f"併入「{into}」" if into else "沒有這一類"
            until = f"只到{older.name}（{older.serves.spoken}）為止"
            yield f"「{old.heading}」的「{gone.label}」{until}，之後的月份{after}。"
