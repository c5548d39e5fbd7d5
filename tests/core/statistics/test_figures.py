"""Every table against an independent count in plain Python: random filings and amendments, random queries, both databases.

In between, some tallies are recounted and some are left stale, and units move to another county: no answer may depend
on the former, and what was filed stays where it was. Whoever asks gets what they may see, and nothing else.
"""

import datetime as dt

import pytest
from attrs import evolve, frozen
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tianbao.accounts import Account, Role
from tianbao.canon import Case, Service
from tianbao.clock import TAIPEI
from tianbao.filings import Filing, Way
from tianbao.periods import Period
from tianbao.records import Operator
from tianbao.records.looking import prepare
from tianbao.records.query import UnitKey
from tianbao.statistics import Along, By, Chosen, Item, Layout, Measure, Query, Sex, answer, opening, tables
from tianbao.statistics.answering import answered
from tianbao.statistics.refreshing import _in_order, refresh
from tianbao.statistics.tallied import COUNTRY
from tianbao.units import Level, Unit

UNITS = (
    Unit("074501", Level.JUNIOR_HIGH, "縣立大成國中", "彰化縣"),
    Unit("074501", Level.ELEMENTARY, "縣立大成國小", "彰化縣"),
    Unit("340301", Level.SENIOR_HIGH, "市立遠山高中", "臺北市"),
    Unit("340302", Level.SENIOR_HIGH, "市立近水高中", "臺北市"),
)
MONTHS = (Period(2024, 5), Period(2024, 8), Period(2024, 9), Period(2025, 2))
"""Of both forms; the last is the current one."""

some = st.sampled_from
several = st.lists(some([1, 3, 5, 19]), max_size=2, unique=True).map(tuple)
cases = st.builds(
    Case,
    teacher_code=some(["T1", "T2"]),
    student_code=some(["S1", "S2", "S3", None]),
    counsellor_type=some([None, 1, 2, 4]),
    grade=some([None, 1, 7, 12]),
    sex=some([None, 1, 1, 2, 3]),
    identity=some([None, 0, 9]),
    status=some([None, 1, 2]),
    referral=some([None, 1, 2]),
    main_issue=some([None, 1, 3, 5, 77]),
    secondary_issues=several,
    sources=several,
    sessions=some([1, 2, 7]),
)
services = st.builds(
    Service,
    teacher_code=some(["T1", "T2"]),
    counsellor_type=some([None, 1, 2]),
    item=some([None, 1, 3, 17]),
    audience=some([None, 1, 7, 13, 14]),
    male=some([0, 0, 1, 5]),
    female=some([0, 0, 1, 5]),
    other=some([0, 0, 0, 2]),
)
filings = st.lists(
    st.tuples(
        some(range(len(UNITS))),
        some(MONTHS),
        st.lists(cases, max_size=5),
        st.lists(services, max_size=4),
        some(["nothing", "nothing", "counties", "all", "one"]),
        some([None, None, None, *range(len(UNITS))]),
    ),
    max_size=7,
)


askers = some([None, None, "彰化縣", "臺北市", 0, 2])
"""The operator, who sees everything; a county's officer; a unit's."""


@st.composite
def queries(draw, known):
    kind = draw(some(["case", "service"]))
    table = known[kind][draw(some(sorted(known[kind])))]
    names = draw(st.lists(some(table.filters), max_size=2, unique=True)) if table.filters else []
    codes = {"grade": [1, 7, 12], "audience": [1, 7, 13, 14], "item": [1, 3, 17]}
    chosen = [
        Chosen(name, tuple(sorted(draw(st.sets(some(codes.get(name, [1, 2])), min_size=1))))) for name in sorted(names)
    ]
    units, counties = draw(
        some([((), ()), ((), ()), ((UnitKey("074501"),), ()), ((), ("彰化縣",)), ((), ("臺北市", "彰化縣"))])
    )
    return Query(
        kind=kind,
        table=table.name,
        measure=draw(some(table.measures)),
        layout=draw(some(Layout)),
        reading=draw(some([each.key for each in table.rows])),
        sex=draw(some(Sex)) if table.by_sex else Sex.TOTAL,
        by=draw(some(By)),
        chosen=tuple(draw(some([(), (), tuple(chosen)]))),
        units=units,
        counties=counties,
        levels=draw(some([(), (), (Level.JUNIOR_HIGH, Level.SENIOR_HIGH)])),
        **draw(
            some(
                [
                    {"school_years": (113,)},
                    {"school_years": (112, 113)},
                    {"years": (113,), "months": (5, 9)},
                    {"years": (113, 114)},
                ]
            )
        ),
    )


# -- the plain count --------------------------------------------------------------------------------------------------


@frozen
class Stored:
    """A row in force and where it came from."""

    kind: str
    row: Case | Service
    unit: Unit
    period: Period


def codes_of(stored, column):
    """The codes a row counts under; a blank where it has none."""
    row = stored.row
    if column == "issues":
        found = [row.main_issue, *row.secondary_issues]
    else:
        value = getattr(row, column)
        found = value if isinstance(value, tuple) else [value]
    return {code for code in found if code is not None} or {""}


SEX = {"male": 1, "female": 2, "other": 3}


def within(stored, query, table):
    unit, row = stored.unit, stored.row
    asked_units = {(key.code, key.level) for key in query.units}
    return (
        stored.kind == query.kind
        and (not query.years or stored.period.year - 1911 in query.years)
        and (not query.months or stored.period.month in query.months)
        and (not query.school_years or stored.period.school_year in query.school_years)
        and (not asked_units or (unit.code, None) in asked_units)
        and (not query.counties or unit.county in query.counties)
        and (not query.levels or unit.level in query.levels)
        and all(getattr(row, each.column) in each.codes for each in query.chosen)
        and (not table.only or codes_of(stored, table.rows[0].column) <= set(table.only))
    )


def sex_of(where, query):
    """The sex that a figure is of."""
    item = where.get(Along.SEX)
    return query.sex.value if item is None or item.total else item.key


def is_there(stored, query, reading, where):
    """Whether a row is behind a figure."""
    row, sex = stored.row, sex_of(where, query)
    if sex in SEX and not (getattr(row, sex) > 0 if stored.kind == "service" else row.sex == SEX[sex]):
        return False
    if sex == "" and row.sex is not None:
        return False
    for along, item in where.items():
        if item.total or along is Along.SEX:
            continue
        if (
            (along is Along.CATEGORY and item.key not in codes_of(stored, reading.column))
            or (along is Along.MONTH and item.key != stored.period)
            or (
                along is Along.PLACE
                and item.key
                != {By.UNIT: stored.unit.id, By.LEVEL: stored.unit.level.value, By.COUNTY: stored.unit.county}[query.by]
            )
        ):
            return False
    return True


def amount(rows, query, where):
    wanted = sex_of(where, query)
    match query.kind, query.measure:
        case "case", Measure.PERSON_TIMES:
            return sum(each.row.sessions for each in rows)
        case "case", Measure.PERSONS:
            return len({(each.unit.id, each.row.student_code) for each in rows if each.row.student_code})
        case "service", Measure.ROWS:
            return len(rows)
    if wanted in SEX:
        return sum(getattr(each.row, wanted) for each in rows)
    return sum(each.row.male + each.row.female + each.row.other for each in rows)


# -- the store --------------------------------------------------------------------------------------------------------


class Undone(Exception):  # noqa: N818 -- it undoes a transaction
    """Raised to leave nothing behind."""


def file(work, account, unit, period, rows, version):  # noqa: PLR0917 -- a filing's facts
    filing = Filing(
        0, unit, period, version, Way.CURRENT, nil=not any(rows.values()), template_key="113", fingerprint="f", file_name="x",
        file_hash="0", counts={kind: len(each) for kind, each in rows.items()}, filed_at=dt.datetime(2025, 3, 1, tzinfo=TAIPEI),
        filed_by=account, filed_by_name="許", receipt=f"{unit.id}/{period}/{version}", in_force=True,
    )  # fmt: skip
    work.filings.add(filing, {kind: list(enumerate(each, 5)) for kind, each in rows.items()})


def settle(work):
    units = [evolve(unit, id=work.units.add(unit)) for unit in UNITS]
    account = Account(
        0, "x_abcd", Role.ORGANISER, "許", "a@b.tw", handle="abcd", created_at=dt.datetime(2024, 1, 1, tzinfo=TAIPEI)
    )
    return units, work.accounts.add(account)


def recount(work, how):
    for period, places in work.tallies.stale().items():
        for partition in _in_order(period, places):
            if partition.place == COUNTRY and (how == "counties" or len(work.tallies.stale([period])[period]) > 1):
                continue
            work.tallies.replace(work.tallies.recount(partition))
            if how == "one":  # and the others stay stale
                return


def fill(work, filed):
    """File each in turn; gives the rows in force."""
    units, account = settle(work)
    versions, kept = {}, {}
    for place, period, some_cases, some_services, how, moves in filed:
        if moves is not None:
            units[moves] = evolve(units[moves], county="彰化縣" if units[moves].county == "臺北市" else "臺北市")
            work.units.save(units[moves])
        version = versions[place, period] = versions.get((place, period), 0) + 1
        rows = {"case": some_cases, "service": some_services}
        file(work, account, units[place], period, rows, version)
        kept[place, period] = [Stored(kind, row, units[place], period) for kind, each in rows.items() for row in each]
        if how != "nothing":
            recount(work, how)
    return units, [stored for rows in kept.values() for stored in rows]


def who_asks(asker, units):
    """A person, and whether they may see a row."""
    made = {"created_at": dt.datetime(2024, 1, 1, tzinfo=TAIPEI), "handle": "efgh"}
    match asker:
        case None:
            return Operator("test"), lambda _: True
        case str(county):
            officer = Account(0, "y_efgh", Role.COUNTY_OFFICER, "林", "a@b.tw", county=county, **made)
            return officer, lambda stored: stored.unit.county == county
    own = units[asker].id
    officer = Account(0, "y_efgh", Role.UNIT_OFFICER, "林", "a@b.tw", unit_id=own, **made)
    return officer, lambda stored: stored.unit.id == own


def within_reach(query, asker):
    """What is out of reach by name is refused, see the tests of the pages; here it is not asked for."""
    if asker is None:
        return query
    return evolve(query, units=(), counties=(), by=query.by if isinstance(asker, str) else By.NOTHING)


@settings(max_examples=150, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(data=st.data(), filed=filings)
def test_every_table_is_what_a_plain_count_says(app, data, filed):
    known = {kind: tables(app.plugins.templates.values(), kind) for kind in ("case", "service")}
    asker = data.draw(askers)
    query = within_reach(data.draw(queries(known)), asker)
    table = known[query.kind][query.table]
    with pytest.raises(Undone), app.store.work() as work:  # noqa: PT012 -- leaving the transaction raises
        units, rows = fill(work, filed)
        person, sees = who_asks(asker, units)
        result, _ = answered(app, work, person, query)
        reading = table.reading(query.reading)
        behind = [each for each in rows if sees(each) and within(each, query, table)]
        _all_is_shown(result, behind, reading)
        figures = list(result.cells())
        for where, figure in figures:
            there = [each for each in behind if is_there(each, query, reading, where)]
            assert figure == amount(there, query, where), where
        if asker is None:
            _opened(app, work, result, *data.draw(some(figures)))
        raise Undone


def _all_is_shown(result, behind, reading):
    """No code in which something counts is left out."""
    for code in {code for each in behind for code in codes_of(each, reading.column)}:
        where = {Along.CATEGORY: Item(code, "")}
        there = [each for each in behind if is_there(each, result.query, reading, where)]
        shown = any(item.key == code for item in result.axis(Along.CATEGORY).items)
        assert shown or not amount(there, result.query, where), code


def _opened(app, work, result, where, figure):
    """The records behind a figure are as many as it says."""
    asked, query = opening(result, where), result.query
    if asked is None:
        assert where[Along.CATEGORY].key == 77
        return
    kind = query.kind
    columns = {"case": ("sessions", "unit", "level", "student_code"), "service": ("male", "female", "other")}[kind]
    look = prepare(app, work, Operator("test"), asked.showing(*columns)).look
    opened = [values for _, *values in work.records.stream(look)]
    wanted = sex_of(where, query)
    match kind, query.measure:
        case "case", Measure.PERSON_TIMES:
            assert figure == sum(sessions for sessions, *_ in opened)
        case "case", Measure.PERSONS:
            assert figure == len({tuple(child) for _, *child in opened if child[-1]})
        case "service", Measure.ROWS:
            assert figure == len(opened)
        case _:
            place = {"male": 0, "female": 1, "other": 2}
            assert figure == sum(values[place[wanted]] if wanted in place else sum(values) for values in opened)


def test_who_has_no_unit_any_more_sees_nobody_elses_figures(app, people, file_rows):
    file_rows(people.school, [Case(student_code="S1", grade=7, sex=1, sessions=7)])
    refresh(app)
    result = answer(app, evolve(people.officer, unit_id=0), Query(table="grade", school_years=(113,)))
    assert result.empty
