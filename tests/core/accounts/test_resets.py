"""帳號重置."""

from datetime import date

import pytest

from tianbao.accounts import Standing, forgotten, registration, resets, sessions, sign_in
from tianbao.accounts.resets import Reason, Step
from tianbao.accounts.seats import Seat
from tianbao.filings import file_nil
from tianbao.periods import Period

from ..flows import HERE, NEW_PASSWORD, join, problems, refusal


def reset(app, people, reason=Reason.NEW_POST):
    asked = resets.request(app, people.support, people.officer, reason, "大成國中 李主任", "新學期換人")
    return resets.carry_out(app, people.support, asked.id)


def test_a_reset_retires_the_account_and_lets_the_unit_register_anew(app, people, mails, token):
    session = sessions.start(app, people.officer, HERE)
    filing = file_nil(app, people.officer, people.school, Period(2025, 2))
    retired = reset(app, people)
    assert retired.standing is Standing.RETIRED
    assert mails() == [("receipt", people.officer.email), ("account-reset", people.officer.email)]
    assert sessions.find(app, session) is None
    assert refusal(sign_in, app, "074501_wang01", people.password, HERE).code == "account-retired"
    join(app, Seat(people.school))
    registration.activate(app, token("activate"))
    assert sign_in(app, "074501_lee_01", NEW_PASSWORD, HERE)
    with app.store.read() as work:
        kept = work.filings.get(filing.id)
        assert (kept.filed_by, kept.filed_by_name) == (people.officer.id, "王小明")
        assert [each.login for each in work.accounts.of_unit(people.school.id)] == ["074501_wang01", "074501_lee_01"]


def test_the_handle_of_a_retired_account_is_never_used_again(app, people):
    reset(app, people)
    assert problems(join, app, Seat(people.school), "wang01") == {"handle": "handle-used"}


def test_another_unit_may_use_the_same_handle(app, people):
    assert join(app, Seat(people.far), "wang01").login == "340301_wang01"


def test_links_of_a_retired_account_are_void(app, people, token):
    forgotten.forget(app, "074501_wang01", HERE)
    reset(app, people)
    assert refusal(forgotten.set_new, app, token("new-password"), NEW_PASSWORD).code == "link-void"


def test_a_request_waits_until_it_is_carried_out_or_withdrawn(app, people):
    first = resets.request(app, people.support, people.officer, Reason.STAND_IN, "李主任")
    assert resets.waiting(app, people.support) == [first]
    assert refusal(resets.request, app, people.support, people.officer, Reason.LOCKED_OUT, "王").code == "reset-waits"
    resets.withdraw(app, people.support, first.id)
    assert refusal(resets.carry_out, app, people.support, first.id).code == "reset-closed"
    assert resets.waiting(app, people.support) == []
    assert sign_in(app, "074501_wang01", people.password, HERE)


def test_who_called_must_be_named(app, people):
    found = problems(resets.request, app, people.support, people.officer, Reason.NEW_POST, " ")
    assert found == {"caller": "caller"}


@pytest.mark.parametrize("who", ["officer", "county_officer", "organiser", "agency"])
def test_only_support_resets(app, people, who):
    refused = refusal(resets.request, app, getattr(people, who), people.officer, Reason.NEW_POST, "王")
    assert refused.code == "not-allowed"


def test_a_county_officer_is_reset_in_the_same_way(app, people, token):
    asked = resets.request(app, people.support, people.county_officer, Reason.NEW_POST, "彰化縣政府 林先生")
    resets.carry_out(app, people.support, asked.id)
    join(app, Seat(county="彰化縣"))
    assert registration.activate(app, token("activate")).county == "彰化縣"


def test_a_request_is_registered_then_arranged_then_done(app, people):
    asked = resets.request(app, people.support, people.officer, Reason.NEW_POST, "大成國中 李主任")
    assert asked.step is Step.REGISTERED
    resets.schedule(app, people.support, asked.id, date(2025, 3, 6))
    (waits,) = resets.waiting(app, people.support)
    assert (waits.step, waits.scheduled_on) == (Step.SCHEDULED, date(2025, 3, 6))
    resets.schedule(app, people.support, asked.id, date(2025, 3, 7))
    assert resets.waiting(app, people.support)[0].scheduled_on == date(2025, 3, 7)
    resets.carry_out(app, people.support, asked.id)
    (done,) = resets.done(app, people.support)
    assert (done.id, done.step) == (asked.id, Step.DONE)
    with app.store.read() as work:
        acts = [entry.action for entry in work.audit.entries(subject=people.officer.subject)]
    assert acts.count("reset.scheduled") == 2


@pytest.mark.parametrize("day", [date(2025, 3, 4), date(2026, 3, 6)])
def test_it_is_not_arranged_for_the_past_or_for_next_year(app, people, day):
    asked = resets.request(app, people.support, people.officer, Reason.NEW_POST, "大成國中 李主任")
    assert problems(resets.schedule, app, people.support, asked.id, day) == {"day": "day"}


def test_what_is_done_or_taken_back_is_not_arranged_any_more(app, people):
    asked = resets.request(app, people.support, people.officer, Reason.NEW_POST, "大成國中 李主任")
    resets.withdraw(app, people.support, asked.id)
    assert refusal(resets.schedule, app, people.support, asked.id, date(2025, 3, 6)).code == "reset-closed"
    assert not resets.done(app, people.support)


@pytest.mark.parametrize("who", ["officer", "county_officer", "organiser", "agency"])
def test_others_arrange_nothing(app, people, who):
    asked = resets.request(app, people.support, people.officer, Reason.NEW_POST, "大成國中 李主任")
    someone = getattr(people, who)
    assert refusal(resets.schedule, app, someone, asked.id, date(2025, 3, 6)).code == "not-allowed"
    assert refusal(resets.done, app, someone).code == "not-allowed"
