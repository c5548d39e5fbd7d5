"""Queries in addresses and in JSON: there and back the same, and whatever else arrives is refused by name."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tianbao.errors import Refusal
from tianbao.periods import Period, PeriodRange
from tianbao.records import (
    Condition,
    Filter,
    Op,
    Position,
    Query,
    Sort,
    UnitKey,
    read_address,
    read_filter,
    read_json,
    read_parameters,
    write_address,
    write_filter,
    write_json,
)
from tianbao.units import COUNTIES, Level

names = st.sampled_from(["main_issue", "sessions", "student_code", "remark", "and", "or", "any"])
values = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=12
) | st.sampled_from(
    [
        "and",
        "or",
        '"',
        '""',
        ",",
        "，",
        "a,b",
        "'; DROP TABLE x --",
        "=cmd|' /C calc'!A0",
        "<script>",
        "\u202e",
        "%00",
        "&where=x",
        "+",
        "a b",
        "\\",
    ]
)


@st.composite
def conditions(draw):
    op = draw(st.sampled_from(Op))
    least, most = op.arity
    return Condition(op, tuple(draw(st.lists(values, min_size=least, max_size=min(most, 3)))))


filters = st.builds(
    lambda column, some, either: Filter(column, tuple(some), either and len(some) == 2),
    names,
    st.lists(conditions(), min_size=1, max_size=2),
    st.booleans(),
)
months = st.builds(Period, st.integers(1950, 2200), st.integers(1, 12))
ranges = st.tuples(st.none() | months, st.none() | months).map(
    lambda ends: PeriodRange(*(sorted(ends) if None not in ends else ends))
)
queries = st.builds(
    Query,
    kind=st.sampled_from(["case", "service"]),
    columns=st.lists(names, unique=True).map(tuple),
    filters=st.lists(filters, max_size=4, unique_by=lambda each: each.column).map(tuple),
    periods=ranges,
    school_years=st.lists(st.integers(1, 200), unique=True, max_size=4).map(lambda years: tuple(sorted(years))),
    units=st.lists(
        st.builds(UnitKey, st.from_regex(r"[0-9A-Z]{6}", fullmatch=True), st.none() | st.sampled_from(Level)),
        unique=True,
        max_size=3,
    ).map(tuple),
    counties=st.lists(st.sampled_from(COUNTIES), unique=True, max_size=3).map(tuple),
    levels=st.lists(st.sampled_from(Level), unique=True).map(tuple),
    search=values.map(lambda text: " ".join(text.split())),
    sort=st.lists(st.builds(Sort, names, st.booleans()), unique_by=lambda each: each.column, max_size=4).map(tuple),
    size=st.integers(1, 500),
    position=st.none() | st.builds(Position, st.integers(1, 10**15), st.booleans()),
)


@given(queries)
def test_an_address_means_the_query_it_was_written_for(query):
    address = write_address(query)
    assert read_address(query.kind, address) == query
    assert write_address(read_address(query.kind, "?" + address)) == address
    assert address.isascii()


@given(queries)
def test_so_does_json(query):
    body = json.loads(json.dumps(write_json(query)))
    assert read_json(query.kind, body) == query


@given(filters)
def test_so_does_the_text_of_a_filter(wanted):
    assert read_filter(write_filter(wanted)) == wanted


def taken(read, text):
    """What a text is read as, or the refusal."""
    try:
        return read(text)
    except Refusal as refusal:
        return refusal


@given(st.text(max_size=60))
def test_any_text_is_a_filter_or_is_refused(text):
    wanted = taken(read_filter, text)
    if isinstance(wanted, Refusal):
        assert wanted.code == "bad-filter"
        assert "where" in wanted.message
    else:
        assert read_filter(write_filter(wanted)) == wanted


parameters = st.sampled_from(["period", "where", "unit", "sort", "after", "size"])


@given(st.text(max_size=80) | st.builds("{}={}".format, parameters, st.text(max_size=30)))
def test_any_text_is_an_address_or_is_refused(text):
    query = taken(lambda address: read_address("case", address), text)
    if isinstance(query, Refusal):
        assert query.code in {"bad-parameter", "bad-filter"}
    else:
        assert read_address("case", write_address(query)) == query


def test_addresses_are_short_and_can_be_read():
    query = Query(
        periods=PeriodRange(Period(2024, 9), Period(2025, 1)),
        units=(UnitKey("074501", Level.JUNIOR_HIGH),),
        filters=(
            Filter("main_issue", (Condition(Op.ANY, ("5", "1")),)),
            Filter("sessions", (Condition(Op.MORE, ("3",)), Condition(Op.BLANK)), either=True),
        ),
        sort=(Sort("period", descending=True), Sort("unit")),
    )
    assert write_address(query) == (
        "period=2024-09..2025-01&unit=074501-j&where=main_issue+any+5,1&where=sessions+gt+3+or+blank&sort=-period,unit"
    )
    assert write_address(Query()) == ""


def test_operators_may_be_named_as_people_say_them():
    assert read_filter("main_issue 任一 5,1 且 不是空白") == Filter(
        "main_issue", (Condition(Op.ANY, ("5", "1")), Condition(Op.FILLED))
    )
    assert read_filter('remark has "a ""b"", c"') == Filter("remark", (Condition(Op.HAS, ('a "b", c',)),))


def test_months_may_be_written_as_people_say_them():
    expected = PeriodRange(Period(2024, 9), Period(2025, 1))
    assert {
        read_address("case", f"period={text}").periods
        for text in ("2024-09..2025-01", "113-09..114-01", "113年9月..114年1月")
    } == {expected}
    assert read_address("case", "period=113-09").periods == PeriodRange(Period(2024, 9), Period(2024, 9))
    assert read_address("case", "county=台中市").counties == ("臺中市",)


@pytest.mark.parametrize(
    ("address", "named"),
    [
        ("foo=1", "foo"),
        ("period=2024-13", "period"),
        ("period=2025-01..2024-09", "period"),
        ("period=9999-01", "period"),
        ("period=2024-09&period=2024-10", "period"),
        ("school_year=abc", "school_year"),
        ("school_year=0", "school_year"),
        ("school_year=١١٣", "school_year"),
        ("unit=' or 1=1", "unit"),
        ("county=彰化", "county"),
        ("level=university", "level"),
        ("columns=a b", "columns"),
        ("sort=-", "sort"),
        ("size=0", "size"),
        ("size=501", "size"),
        ("after=-1", "after"),
        ("after=1e9", "after"),
        ("after=1&before=2", "before"),
        ("search=" + "x" * 101, "search"),
        ("search=a%00b", "search"),
        ("where=" + "%00", "where"),
        ("where=main_issue", "where"),
        ("where=main_issue like 5", "where"),
        ("where=main_issue any", "where"),
        ("where=main_issue any 5,", "where"),
        ("where=sessions between 3", "where"),
        ("where=sessions gt 3 and lt 5 and lt 6", "where"),
        ("where=sessions gt 3 lt 5", "where"),
        ('where=remark has "open', "where"),
        ("where=remark has " + "x" * 201, "where"),
        ("where=remark is a&where=remark is b", "where"),
        ("where=" + "&where=".join(f"c{n} blank" for n in range(41)), "where"),
    ],
)
def test_what_makes_no_sense_is_refused_by_name(address, named):
    with pytest.raises(Refusal) as caught:
        read_address("case", address)
    assert f"「{named}」" in caught.value.message
    assert caught.value.remedy


def test_what_is_too_long_is_not_read_at_all():
    with pytest.raises(Refusal) as caught:
        read_address("case", "search=" + "x" * 9000)
    assert caught.value.code == "too-long"


def test_a_kind_there_is_not():
    with pytest.raises(Refusal, match="kind"):
        read_parameters("student", {})


@pytest.mark.parametrize(
    "body",
    [
        [],
        5,
        None,
        {"foo": 1},
        {"where": "a"},
        {"where": [{}]},
        {"period": ["2024-09"]},
        {"size": True},
        {"search": "\ud800"},
    ],
)
def test_json_of_another_shape_is_refused(body):
    with pytest.raises(Refusal) as caught:
        read_json("case", body)
    assert caught.value.code == "bad-parameter"


def test_json_may_hold_numbers_as_numbers():
    assert read_json("case", {"school_year": [113], "size": 20}) == Query(school_years=(113,), size=20)


def test_a_query_changes_by_parts():
    one, two = Filter("sessions", (Condition(Op.MORE, ("3",)),)), Filter("sessions", (Condition(Op.LESS, ("3",)),))
    query = Query(position=Position(7), search="x").filtered(one).filtered(two)
    assert (query.filters, query.position) == ((two,), None)
    assert query.filter_of("sessions") == two
    assert query.filter_of("grade") is None
    assert query.unfiltered() == Query()
    assert query.unfiltered("sessions") == Query(search="x")
    assert Query(position=Position(7)).sorted(Sort("unit")) == Query(sort=(Sort("unit"),))


def test_school_years_in_a_row_are_one_stretch_of_months():
    assert Query(school_years=(111, 112, 114)).months == (
        PeriodRange(Period(2022, 8), Period(2024, 7)),
        PeriodRange(Period(2025, 8), Period(2026, 7)),
    )
    assert Query(school_years=(113,), periods=PeriodRange(Period(2025, 1), None)).months == (
        PeriodRange(Period(2025, 1), Period(2025, 7)),
    )
    (never,) = Query(school_years=(113,), periods=PeriodRange(Period(2026, 1), None)).months
    assert not any(Period(2024, 1).plus(n) in never for n in range(60))
