"""Two people of one unit who amend at once, and an organiser and a unit: one gets through, the other is told."""

import pytest

from tianbao.errors import Refusal
from tianbao.filings import Outcome, amendments, file_nil, file_workbook, grants
from tianbao.periods import Period
from tianbao.testing import filled
from tianbao_templates_113 import TEMPLATE

FEBRUARY = Period(2025, 2)
MANY = 4


@pytest.fixture
def mine(app, people):
    """What the use cases of the school's officer begin with; February is filed, and it is 15 March."""
    file_nil(app, people.officer, people.school, FEBRUARY)
    app.clock.goes_on(days=10)
    return app, people.officer, people.school


def refusals(answers):
    return sorted(answer.code for answer in answers if isinstance(answer, Refusal))


def test_of_those_who_ask_at_once_one_has_asked(app, people, mine, at_once):
    answers = at_once(*[lambda: amendments.ask(*mine, FEBRUARY, "更正")] * MANY)
    assert refusals(answers) == ["already-asked"] * (MANY - 1)
    with app.store.read() as work:
        assert len(work.amendments.of_unit(people.school)) == 1


def test_the_unit_and_the_organiser_at_once_open_it_once(app, people, mine, at_once):
    opening = (app, people.organiser, people.school, FEBRUARY, "王老師", "更正")
    answers = at_once(lambda: amendments.ask(*mine, FEBRUARY, "更正"), lambda: amendments.open_month(*opening))
    assert refusals(answers) == ["already-asked"]


def test_of_those_who_send_a_corrected_workbook_at_once_one_files(app, mine, at_once, as_file, heard):
    asked = amendments.ask(*mine, FEBRUARY, "更正")

    def send(number):
        data = as_file(filled(TEMPLATE, case=[{"sessions": number + 1}]))
        return lambda: file_workbook(*mine, FEBRUARY, data, f"{number}.xlsx")

    answers = at_once(*map(send, range(MANY)))
    assert refusals(answers) == ["already-filed"] * (MANY - 1)
    (filed,) = [answer.filing for answer in answers if isinstance(answer, Outcome)]
    with app.store.read() as work:
        assert [each.in_force for each in work.filings.history(mine[-1], FEBRUARY)] == [False, True]
        (closed,) = work.amendments.of_unit(mine[-1])
        assert (closed.id, closed.filing_id) == (asked.id, filed.id)
        assert work.audit.verify().broken is None
    assert len(heard) == 2


def test_withdrawn_and_answered_at_once_it_ends_one_way(app, people, mine, at_once, as_file):
    for number in range(3):
        asked = amendments.ask(*mine, FEBRUARY, "更正")
        data = as_file(filled(TEMPLATE, case=[{"sessions": number + 1}]))
        answers = at_once(
            lambda data=data: file_workbook(*mine, FEBRUARY, data, "更正.xlsx"),
            lambda: amendments.withdraw(*mine, FEBRUARY),
        )
        with app.store.read() as work:
            closed = next(each for each in work.amendments.of_unit(people.school) if each.id == asked.id)
        filed = isinstance(answers[0], Outcome)
        assert refusals(answers) == (["not-asked"] if filed else ["already-filed"])
        assert (closed.accepted_at is not None, closed.withdrawn_at is not None) == (filed, not filed)


def test_grants_to_many_units_at_once_do_not_wait_for_each_other_in_a_circle(app, people, at_once):
    units = [people.school, people.neighbour, people.far]

    def exempt(some):
        return lambda: grants.exempt(app, people.organiser, some, Period(2025, 3), "停課")

    answers = at_once(*[exempt(units), exempt(units[::-1])] * 2)
    assert refusals(answers) == ["already-exempt"] * 3
    with app.store.read() as work:
        assert [len(work.grants.of_unit(unit)) for unit in units] == [1, 1, 1]
        states = [facts.exemptions.keys() for facts in work.calendar.facts_of(units)]
    assert states == [{Period(2025, 3)}] * 3
