"""Whoever recounts at the same time as others file or recount, no answer is ever behind."""

from tianbao.canon import Case
from tianbao.periods import Period
from tianbao.records import Operator
from tianbao.statistics import answer, read_address
from tianbao.statistics.tallied import Partition

FEBRUARY = Period(2025, 2)
QUERY = read_address("case", "school_year=113&county=彰化縣&table=grade&sex=total")


def told(app):
    """The total that an answer gives."""
    return answer(app, Operator("me"), QUERY).lines[-1].figures[-1]


def recounted(app, unit):
    with app.store.read() as work:
        return work.tallies.recount(Partition(unit.county, FEBRUARY))


def replaced(app, recount):
    with app.store.work() as work:
        return work.tallies.replace(recount)


def test_a_recount_that_comes_too_late_takes_no_mark_away(app, people, file_rows):
    file_rows(people.school, [Case(student_code="S1", grade=7, sessions=1)])
    early = recounted(app, people.school)
    file_rows(people.school, [Case(student_code="S1", grade=7, sessions=100)])
    late = recounted(app, people.school)
    assert replaced(app, early)
    assert not replaced(app, late)
    assert told(app) == 100
