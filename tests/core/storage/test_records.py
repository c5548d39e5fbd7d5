"""The compiled query against a plain filter in Python: random rows, random queries, both databases."""

import datetime as dt
from itertools import pairwise

import pytest
from attrs import evolve, frozen
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tianbao import templates
from tianbao.accounts import Account, Role
from tianbao.canon import ISSUES, Case
from tianbao.cells import squash, text_of
from tianbao.clock import TAIPEI
from tianbao.filings import Filing, Way
from tianbao.periods import Period, PeriodRange, school_years
from tianbao.records import OPS, Condition, Filter, Kind, Op, Position, Query, Sort
from tianbao.records.columns import offered
from tianbao.records.look import columns_of, look_of, units_of
from tianbao.records.query import UnitKey
from tianbao.records.sight import Sight
from tianbao.templates import Template, day, one_of, own_code, sheet, some_of, text, whole_number
from tianbao.units import Level, Unit
from tianbao_templates_113 import TEMPLATE as T113


@sheet("個案", kind="case", heading_row=1, first_row=2)
class Wide:
    """A form with columns of its own, of every kind."""

    student_code = templates.column("學生代號", own_code())
    remark = templates.column("備註", text())
    visits = templates.column("家訪次數", whole_number(0, 99))
    opened = templates.column("開案日", day())
    channel = templates.column("管道", one_of(ISSUES))
    partners = templates.column("合作單位", some_of(ISSUES, none=0))


TEMPLATES = {"113": T113, "200": Template("200", "試用", school_years(114), [Wide])}
KNOWN = offered(TEMPLATES.values(), "case")
UNITS = (
    Unit("074501", Level.JUNIOR_HIGH, "縣立大成國中", "彰化縣"),
    Unit("074501", Level.ELEMENTARY, "縣立大成國小", "彰化縣"),
    Unit("340301", Level.SENIOR_HIGH, "市立台北高中_A%", "臺北市"),
)
MONTHS = (Period(2024, 8), Period(2025, 1), Period(2025, 7), Period(2025, 8))
TEXTS = (
    "a", "A", "aB", "b", "É", "é", "%", "a%b", "_", "\\", "a\\_b", "=cmd|' /C calc'!A0", "' or 1=1 --", "<script>alert(1)</script>",
    "\u202eabc\u200f", "台中", "臺中", "ａ１", "a1", "0", "10", "張 三", 'a "b", c', "ﬁ", "'",
)  # fmt: skip
NUMBERS = (-1, 0, 1, 2, 3, 10, 99)


@frozen
class Stored:
    """A row and where it came from, as the plain filter sees it."""

    case: Case
    unit: Unit
    period: Period
    filed_at: dt.datetime

    def value(self, name):
        own = {
            "period": self.period,
            "school_year": self.period.school_year,
            "county": self.unit.county,
            "level": self.unit.level.value,
            "unit": self.unit.name,
            "unit_code": self.unit.code,
            "filed_at": self.filed_at,
        }
        if name in own:
            return own[name]
        if name == "issues":
            main = () if self.case.main_issue is None else (self.case.main_issue,)
            others = self.case.secondary_issues
            return (others if set(main) <= set(others) else main + others) or None
        found = self.case.extras.get(name) if KNOWN[name].extra else getattr(self.case, name)
        return None if found in {"", ()} else found


def code(*more):
    return st.sampled_from([None, 1, 3, 5, 10, 19, *more])


codes = st.lists(st.sampled_from([1, 3, 5, 10, 13]), max_size=3, unique=True).map(tuple)
texts = st.sampled_from([None, "", *TEXTS])
numbers = st.sampled_from(NUMBERS)
extras = st.fixed_dictionaries(
    {},
    optional={
        "remark": texts,
        "sex_note": texts,
        "visits": st.none() | numbers,
        "opened": st.dates(dt.date(2025, 8, 30), dt.date(2025, 9, 2)),
        "channel": code(),
        "partners": codes,
    },
)
cases = st.builds(
    Case,
    teacher_code=texts,
    student_code=texts,
    main_issue_note=texts,
    counsellor_type=st.sampled_from([None, 1, 4]),
    grade=st.sampled_from([None, 1, 7, 12]),
    sex=st.sampled_from([None, 1, 2, 3]),
    main_issue=code(77),
    sources=codes,
    secondary_issues=codes,
    sessions=numbers,
    extras=extras,
)
filings = st.lists(
    st.tuples(
        st.sampled_from(range(len(UNITS))),
        st.sampled_from(MONTHS),
        st.integers(0, 2**20).map(
            lambda minutes: dt.datetime(2024, 9, 1, 0, 0, tzinfo=TAIPEI) + dt.timedelta(minutes=minutes)
        ),
        st.lists(cases, max_size=6),
    ),
    max_size=6,
)


@st.composite
def values_for(draw, column, op):
    """Values that make sense: what may stand in the rows, parts of it, names of codes."""
    pools = {
        Kind.TEXT: st.sampled_from([*TEXTS, "大成", "074501", "國"]),
        Kind.NUMBER: numbers.map(str),
        Kind.MONTH: st.sampled_from(MONTHS).flatmap(
            lambda month: st.sampled_from([str(month), month.roc, month.spoken])
        ),
        Kind.SCHOOL_YEAR: st.sampled_from(["112", "113", "114"]),
        Kind.DAY: st.sampled_from(["2025-08-30", "114/9/1", "1140902"]),
        Kind.MOMENT: st.sampled_from(["2024-09-01", "113/9/2", "2025-08-01"]),
    }
    keys = [str(choice.key) for choice in column.choices]
    labels = [choice.label for choice in column.choices]
    parts_of_labels = ["困擾", "國", "其他", "沒有的"] if op in {Op.HAS, Op.LACKS} else []
    pool = pools[column.kind] if column.kind in pools else st.sampled_from(keys + labels + parts_of_labels)
    least, most = op.arity
    if column.kind is Kind.CODES and op in {Op.IS, Op.NOT}:
        return (",".join(draw(st.lists(st.sampled_from(keys), min_size=1, max_size=3, unique=True))),)
    return tuple(draw(st.lists(pool, min_size=least, max_size=min(most, 3))))


@st.composite
def filters(draw, name):
    column = KNOWN[name]
    conditions = []
    for _ in range(draw(st.sampled_from([1, 1, 2]))):
        op = draw(st.sampled_from(OPS[column.kind]))
        conditions.append(Condition(op, draw(values_for(column, op))))
    return Filter(name, tuple(conditions), either=len(conditions) == 2 and draw(st.booleans()))


@st.composite
def queries(draw):
    names = st.sampled_from(sorted(KNOWN))
    filtered = draw(st.lists(names, max_size=3, unique=True))
    return Query(
        filters=tuple(draw(filters(name)) for name in filtered),
        periods=draw(st.sampled_from([PeriodRange(), PeriodRange(MONTHS[1], None), PeriodRange(MONTHS[0], MONTHS[2])])),
        school_years=draw(st.sampled_from([(), (), (113,), (112, 114), (113, 114)])),
        units=draw(
            st.sampled_from([(), (), (UnitKey("074501"),), (UnitKey("074501", Level.ELEMENTARY), UnitKey("340301"))])
        ),
        counties=draw(st.sampled_from([(), (), ("彰化縣",)])),
        levels=draw(st.sampled_from([(), (), (Level.JUNIOR_HIGH, Level.SENIOR_HIGH)])),
        search=draw(
            st.sampled_from(["", "", *(value for value in TEXTS if value.strip()), "情緒", "大成 a", "生理男"])
        ),
        sort=tuple(Sort(name, draw(st.booleans())) for name in draw(st.lists(names, max_size=3, unique=True))),
    )


# -- the plain filter ------------------------------------------------------------------------------------------------


def lower(text):
    return "".join(chr(ord(each) + 32) if "A" <= each <= "Z" else each for each in text)


def variants(value):
    for each in (value, text_of(value)):
        if each:
            yield from {lower(each), lower(each).replace("台", "臺"), lower(each).replace("臺", "台")}


def called(column, value):
    return [c.key for c in column.choices if text_of(value) == str(c.key) or squash(value) in c.words][:1]


def parts(column, value):
    name = squash(value)
    return [c.key for c in column.choices if name and not name.isdigit() and any(name in word for word in c.words)]


def number_of(column, value):
    match column.kind:
        case Kind.MONTH:
            return next(month for month in MONTHS if value in {str(month), month.roc, month.spoken})
        case Kind.DAY | Kind.MOMENT:
            return {"114/9/1": dt.date(2025, 9, 1), "1140902": dt.date(2025, 9, 2), "113/9/2": dt.date(2024, 9, 2)}.get(
                value
            ) or dt.date.fromisoformat(value)
    return int(value)


OPPOSITES = {Op.LACKS: Op.HAS, Op.NOT: Op.IS, Op.FILLED: Op.BLANK}


def holds(column, condition, value):  # noqa: C901, PLR0911 -- plain on purpose
    op, wanted = condition.op, condition.values
    if op in OPPOSITES:
        return not holds(column, Condition(OPPOSITES[op], wanted), value)
    if op is Op.BLANK or value is None:
        return op is Op.BLANK and value is None
    if column.kind is Kind.TEXT:
        needles = [each for one in wanted for each in variants(one)]
        if op is Op.HAS:
            return any(each in lower(value) for each in needles)
        if op is Op.STARTS:
            return any(lower(value).startswith(each) for each in needles)
        return lower(value) in needles
    if column.kind is Kind.CODES and op is Op.IS:
        return {key for one in wanted[0].split(",") for key in called(column, one)} == set(value)
    if column.choices:
        keys = [key for one in wanted for key in called(column, one) or parts(column, one)]
        return any(each in keys for each in (value if isinstance(value, tuple) else [value]))
    if column.kind is Kind.MOMENT:
        value = value.date()
    those = [number_of(column, each) for each in wanted]
    match op:
        case Op.MORE:
            return value > those[0]
        case Op.LESS:
            return value < those[0]
        case Op.BETWEEN:
            return those[0] <= value <= those[1]
    return value in those


def passes(query, row, sight):
    if sight.county not in {None, row.unit.county} or sight.unit_id not in {None, row.unit.id}:
        return False
    if row.period not in query.periods or (query.school_years and row.period.school_year not in query.school_years):
        return False
    if query.units and not any(
        key.code == row.unit.code and key.level in {None, row.unit.level} for key in query.units
    ):
        return False
    if (query.counties and row.unit.county not in query.counties) or (
        query.levels and row.unit.level not in query.levels
    ):
        return False
    for each in query.filters:
        results = [holds(KNOWN[each.column], one, row.value(each.column)) for one in each.conditions]
        if not (any(results) if each.either else all(results)):
            return False
    return all(found(word, row) for word in query.search.split())


def found(word, row):
    for column in KNOWN.values():
        value = row.value(column.name)
        if value is None:
            continue
        if column.kind is Kind.TEXT and any(each in lower(value) for each in variants(word)):
            return True
        if column.choices and any(
            key in (value if isinstance(value, tuple) else [value]) for key in parts(column, word)
        ):
            return True
    return False


def sort_key(name, value):
    column = KNOWN[name]
    if column.kind is Kind.TEXT:
        return value or ""
    if value is None:
        return (0,)
    if column.choices and isinstance(column.choices[0].key, str):
        return (1, [choice.key for choice in column.choices].index(value))
    return (1, value[0] if isinstance(value, tuple) else value)


def plain(query, rows, sight, *, newest_first):
    kept = [(number, row) for number, row in rows if passes(query, row, sight)]
    kept.sort(key=lambda pair: pair[0], reverse=newest_first)
    for sort in reversed(query.sort or (Sort("period", descending=True),)):
        kept.sort(key=lambda pair: sort_key(sort.column, pair[1].value(sort.column)), reverse=sort.descending)
    return [number for number, _ in kept]


# -- the store -------------------------------------------------------------------------------------------------------


class Undone(Exception):  # noqa: N818 -- it undoes a transaction
    """Raised to leave nothing behind."""


def settle(work):
    units = [evolve(unit, id=work.units.add(unit)) for unit in UNITS]
    born = dt.datetime(2024, 1, 1, tzinfo=TAIPEI)
    account = Account(0, "x_abcd", Role.ORGANISER, "許", "a@b.tw", handle="abcd", created_at=born)
    return units, work.accounts.add(account)


def file(work, account, unit, period, filed_at, rows, version):  # noqa: PLR0917 -- a filing's facts
    filing = Filing(
        0, unit, period, version, Way.CURRENT, nil=False, template_key="113", fingerprint="f", file_name="x", file_hash="0",
        counts={"case": len(rows), "service": 0}, filed_at=filed_at, filed_by=account, filed_by_name="許",
        receipt=f"{unit.id}/{period}/{version}", in_force=True,
    )  # fmt: skip
    return work.filings.add(filing, {"case": list(enumerate(rows, 5))})


def fill(work, filed):
    """File each in turn; gives the rows in force with their numbers."""
    units, account = settle(work)
    versions, kept, number = {}, {}, 0
    for place, period, filed_at, rows in filed:
        key = (place, period)
        versions[key] = versions.get(key, 0) + 1
        file(work, account, units[place], period, filed_at, rows, versions[key])
        kept[key] = [Stored(row, units[place], period, filed_at) for row in rows]
        number += len(rows)
    everything = look_of(Query(sort=(Sort("period"),)), Sight(everything=True), (), (), KNOWN)
    stored = [row[0] for row in work.records.stream(evolve(everything, order=(), newest_first=False))]
    in_order = [row for key in sorted(kept, key=lambda key: last_of(filed, key)) for row in kept[key]]
    assert len(stored) == len(in_order)
    return units, list(zip(stored, in_order, strict=True))


def last_of(filed, key):
    return max(place for place, each in enumerate(filed) if (each[0], each[1]) == key)


def undone(store, do):
    """Do something in a transaction that leaves nothing behind."""
    with pytest.raises(Undone), store.work() as work:  # noqa: PT012 -- leaving the transaction raises
        do(work)
        raise Undone


SIGHTS = ("everything", "county", "unit")


@settings(max_examples=60, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(filed=filings, query=queries(), who=st.sampled_from(SIGHTS), size=st.integers(1, 5))
def test_the_compiled_query_finds_what_a_plain_filter_finds(store, filed, query, who, size):
    def compare(work):
        units, rows = fill(work, filed)
        sights = {
            "everything": Sight(everything=True),
            "county": Sight(county="彰化縣"),
            "unit": Sight(unit_id=units[0].id),
        }
        sight, named = sights[who], units_of(work, query.units)
        columns = tuple(columns_of(TEMPLATES, query).values())
        look = look_of(query, sight, named, columns, KNOWN)
        narrow = who == "unit" or len(named) == 1
        expected = plain(query, rows, sight, newest_first=look.order[0].descending and not narrow)
        streamed = list(work.records.stream(look))
        assert [row[0] for row in streamed] == expected
        assert work.records.count(look).least == len(expected)
        forward(work, look, size, streamed)
        by_number = dict(rows)
        for number, *values in streamed:
            for column, value in zip(columns, values, strict=True):
                there = by_number[number].value(column.name)
                assert (None if value in {"", ()} else value) == there, column.name

    undone(store, compare)


def forward(work, look, size, expected):
    """Page after page to the end, and back again."""
    pages, position = [], None
    while True:
        page = work.records.page(look, size, position)
        pages.append(page)
        assert page.more_before == (len(pages) > 1)
        if not page.more_behind:
            break
        position = Position(page.rows[-1][0])
    assert [row for page in pages for row in page.rows] == expected
    for before, after in reversed(list(pairwise(pages))):
        back = work.records.page(look, size, Position(after.rows[0][0], backwards=True))
        assert back.rows == before.rows
        assert back.more_behind
        assert back.more_before == (before is not pages[0])
