"""Tallies are exact or marked: whatever is filed at whatever moment."""

import pytest
from attrs import evolve

from tianbao.canon import Case
from tianbao.periods import Period
from tianbao.records import Operator
from tianbao.statistics import answer, read_address
from tianbao.statistics.refreshing import recount, refresh
from tianbao.statistics.tallied import COUNTRY, Partition

FEBRUARY = Period(2025, 2)
CHANGHUA = Partition("彰化縣", FEBRUARY)


def case(sessions):
    return Case(student_code="S1", sex=1, main_issue=5, sessions=sessions)


@pytest.fixture
def total(app):
    """The country's person-times, and those of one county; tallies are left as they are."""

    def ask():
        addresses = ("school_year=113", "school_year=113&county=彰化縣")
        with app.store.read() as work:
            from tianbao.statistics.answering import answered

            found = [answered(app, work, Operator("me"), read_address("case", each))[0] for each in addresses]
        return [result.lines[-1].figures[-1] for result in found]

    return ask


def test_what_is_filed_is_in_the_next_answer(people, file_rows, total, app):
    file_rows(people.school, [case(2)])
    assert total() == [2, 2]
    refresh(app)
    assert total() == [2, 2]
    file_rows(people.far, [case(5)])
    assert total() == [7, 2]
    file_rows(people.school, [case(1)])
    assert total() == [6, 1]
    file_rows(people.school)
    assert total() == [5, 0], "an amendment to nothing takes all away"


def test_an_answer_recounts_what_was_stale(people, file_rows, app):
    file_rows(people.school, [case(2)])
    answer(app, Operator("me"), read_address("case", "school_year=113"))
    with app.store.read() as work:
        assert not work.tallies.stale()


def test_what_is_filed_during_a_recount_stays_marked(people, file_rows, total, app):
    file_rows(people.school, [case(2)])
    with app.store.read() as work:
        found = work.tallies.recount(CHANGHUA)
    file_rows(people.neighbour, [case(4)])
    with app.store.work() as work:
        assert work.tallies.replace(found)
    assert total() == [6, 6]
    with app.store.read() as work:
        assert CHANGHUA.place in work.tallies.stale()[FEBRUARY]


def test_an_older_recount_never_replaces_a_newer_one(people, file_rows, total, app):
    file_rows(people.school, [case(2)])
    with app.store.read() as work:
        older = work.tallies.recount(CHANGHUA)
    file_rows(people.school, [case(3)])
    assert recount(app.store, CHANGHUA)
    file_rows(people.school, [case(9)])
    with app.store.work() as work:
        assert not work.tallies.replace(older)
    assert total() == [9, 9]


def test_the_country_waits_for_its_counties(people, file_rows, app):
    file_rows(people.school, [case(2)])
    assert not recount(app.store, Partition(COUNTRY, FEBRUARY))
    assert recount(app.store, CHANGHUA)
    assert recount(app.store, Partition(COUNTRY, FEBRUARY))


def test_a_unit_that_moves_leaves_what_it_filed_where_it_was(people, file_rows, total, app):
    file_rows(people.school, [case(2)])
    refresh(app)
    moved = evolve(people.school, county="臺北市")
    file_rows(moved, [case(3)])
    assert total() == [3, 0]
