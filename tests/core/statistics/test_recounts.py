"""Whoever files, recounts or asks at the same time as others, no answer is ever behind what it says of itself."""

import sqlite3
import time

import pytest

from tianbao.canon import Case, Service
from tianbao.errors import Refusal
from tianbao.periods import Period
from tianbao.records import Operator
from tianbao.statistics import answer, read_address, shaping
from tianbao.statistics.tallied import Partition
from tianbao.storage.engine import PATIENCE
from tianbao.storage.statistics import Statistics

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


@pytest.mark.parametrize("database", ["sqlite"])
def test_nobody_waits_for_an_answer_while_another_process_writes(app, people, file_rows):
    """What it counted row by row is tallied another time."""
    file_rows(people.school, [Case(student_code="S1", grade=7, sessions=1)])
    other = sqlite3.connect(app.store.file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    begun = time.monotonic()
    assert told(app) == 1
    assert time.monotonic() - begun < PATIENCE / 2
    other.close()


def test_the_moment_of_an_answer_is_no_later_than_what_it_has_seen(app, people, clock, monkeypatch):
    """What is filed while it counts is not in, so it must not say that it were."""
    asked_at, counts = clock.now(), Statistics.counts

    def slow(self, counting):
        clock.goes_on(minutes=1)
        return counts(self, counting)

    monkeypatch.setattr(Statistics, "counts", slow)
    assert answer(app, Operator("me"), QUERY).as_of == asked_at


def test_a_table_that_will_be_too_large_is_not_even_counted(app, people, monkeypatch):
    """Anybody can ask for all units by all months of ten years; the question must cost nothing."""
    monkeypatch.setattr(shaping, "MOST_FIGURES", 100)
    monkeypatch.setattr(Statistics, "counts", lambda *_: pytest.fail("it was counted"))
    with pytest.raises(Refusal) as refused:
        answer(app, Operator("me"), read_address("case", "school_year=112,113&by=unit&layout=monthly"))
    assert refused.value.code == "too-large"


def test_whatever_a_school_says_of_itself_can_be_tallied(app, people, file_rows):
    """Or one school could keep its county from ever having an answer again."""
    file_rows(people.school, services=[Service(item=1, audience=7, male=2_000_000_000)] * 2)
    query = read_address("service", "school_year=113&table=item&sex=male")
    for _ in ("of the rows", "of the tallies"):
        assert answer(app, Operator("me"), query).lines[-1].figures[-1] == 4_000_000_000
