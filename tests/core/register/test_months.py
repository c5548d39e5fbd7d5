"""The months a unit owes, whatever lists and people do to it: what a plain set of months, kept by hand, would be."""

from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from tianbao.periods import Period, PeriodRange, PeriodRanges, school_years
from tianbao.register import Entered, UnitList, plan
from tianbao.register.lists import Listed
from tianbao.units import Level, Unit

HORIZON = [Period(2022, 1).plus(n) for n in range(96)]
"""Longer than anything that is drawn; who files in its last month goes on."""
OURS = Listed("010601", "甲國小", "新北市", "", None, 1)
OTHER = Listed("010602", "乙國小", "新北市", "", None, 2)

months = st.sampled_from(HORIZON[:72])
years = st.none() | st.sampled_from([111, 112, 113, 114, 115])
happenings = st.lists(
    st.one_of(
        st.tuples(st.just("listed"), years, months),
        st.tuples(st.just("left out"), years, months),
        st.tuples(st.just("closed"), months),
        st.tuples(st.just("again"), months),
    ),
    max_size=8,
)


@given(months, happenings)
def test_the_months_owed_are_those_of_a_set_kept_by_hand(since, happened):
    unit, kept = Unit("010601", Level.ELEMENTARY, "甲國小", "新北市", PeriodRange(since), 1), _from(since)
    for what, *when in happened:
        before = unit.active
        unit = evolve(unit, active=_REALLY[what](unit, *when))
        kept = _BY_HAND[what](kept, *when)
        assert {month for month in HORIZON if unit.must_file(month)} == kept, (what, when, before)
        assert unit.active == PeriodRanges(PeriodRange(month, month) for month in sorted(kept)) or unit.active.goes_on


def _from(since):
    return {month for month in HORIZON if month >= since}


def _until(kept, last):
    return {month for month in kept if month <= last}


def _taken(unit, listings, year, since):
    listed = UnitList(Level.ELEMENTARY, year, {each.code: each for each in listings})
    changes = plan(listed, [unit], {}, since).changes
    return next((each.after.active for each in changes if each.before), unit.active)


def _closed(unit, last):
    return Entered("甲國小", "新北市", last=str(last)).of(unit).active


def _again(unit, since):
    if unit.active.goes_on or (unit.active.last and since <= unit.active.last):
        return unit.active  # refused
    return Entered("甲國小", "新北市", again=str(since)).of(unit).active


def _listed_by_hand(kept, year, since):
    begins = school_years(year).first if year else since
    return kept if kept and max(kept) >= begins else kept | _from(since)


def _left_out_by_hand(kept, year, since):
    if HORIZON[-1] not in kept:
        return kept
    began = next(month for month in reversed(HORIZON) if month.previous not in kept)
    if year and began > school_years(year, year).last:
        return kept  # the list is older than the unit
    return _until(kept, (school_years(year).first if year else since).previous)


def _closed_by_hand(kept, last):
    more = {month for month in HORIZON if kept and max(kept) < month <= last}
    return _until(kept | more, last)


def _again_by_hand(kept, since):
    return kept if kept and since <= max(kept) else kept | _from(since)


_REALLY = {
    "listed": lambda unit, year, since: _taken(unit, [OURS, OTHER], year, since),
    "left out": lambda unit, year, since: _taken(unit, [OTHER], year, since),
    "closed": _closed,
    "again": _again,
}
_BY_HAND = {
    "listed": _listed_by_hand,
    "left out": _left_out_by_hand,
    "closed": _closed_by_hand,
    "again": _again_by_hand,
}
