"""Reminders that wait while the unit files: they leave out the month, or are not sent at all."""

from datetime import date, timedelta

import pytest

from tianbao.clock import FixedClock
from tianbao.errors import Refusal
from tianbao.filings import file_nil, grants
from tianbao.outbox import Fate
from tianbao.periods import Period
from tianbao.post import handling
from tianbao.register import Entered, amend
from tianbao.reminders import remind_now
from tianbao.reminders.overtaken import CLOSED
from tianbao.reminders.owing import Last
from tianbao.reminders.settings import RemindersSettings
from tianbao.reminders.tick import tick
from tianbao.reminders.unreachable import unreachable

JANUARY, FEBRUARY = Period(2025, 1), Period(2025, 2)


@pytest.fixture
def since():
    return JANUARY


@pytest.fixture
def chased(app, people):
    """On the 11th two months are overdue, and the mail waits."""
    app.clock.moment = FixedClock.at("2025-03-11T08:00").now()
    tick(app, RemindersSettings())
    app.clock.goes_on(hours=1)


def mail(app, people, step="chase"):
    with app.store.read() as work:
        return work.outbox.by_key(f"reminder/{step}/2025-02/unit/{people.school.id}")


def test_a_chase_leaves_out_the_month_that_was_filed(app, people, chased):
    file_nil(app, people.officer, people.school, JANUARY)
    waiting = mail(app, people)
    assert waiting.state is Fate.QUEUED
    assert [each["period"] for each in waiting.data["months"]] == ["2025-02"]


def test_a_chase_that_has_nothing_left_to_say_is_withdrawn(app, people, chased):
    for month in (JANUARY, FEBRUARY):
        file_nil(app, people.officer, people.school, month)
    assert mail(app, people).state is Fate.WITHDRAWN
    with app.store.work() as work:
        claimed = work.deliveries.claim("email", "me", app.clock.now(), app.clock.now(), 100)
        assert "chase" not in {each.template for each in claimed if each.unit_id == people.school.id}
        assert work.reminders.last([people.school], app.clock.now().date())[people.school.id] == Last()
    assert people.school.name not in {each.place for each in unreachable(app, people.support)}


def close(app, people, last):
    school = people.school
    amend(app, people.organiser, school.id, Entered(school.name, school.county, school.district, last=last))


def test_a_unit_that_is_closed_hears_nothing_of_months_after_its_last(app, people, chased):
    close(app, people, "2025-01")
    assert mail(app, people).state is Fate.QUEUED
    assert [each["period"] for each in mail(app, people).data["months"]] == ["2025-01"]


def test_a_unit_that_is_closed_before_the_months_hears_nothing_and_the_post_room_says_why(app, people, chased):
    close(app, people, "2024-12")
    assert (mail(app, people).state, mail(app, people).last_words) == (Fate.WITHDRAWN, CLOSED)


def test_what_was_sent_stays_as_it_was(app, people, chased):
    with app.store.work() as work:
        work.deliveries.sent(mail(app, people).id, app.clock.now())
    file_nil(app, people.officer, people.school, JANUARY)
    assert len(mail(app, people).data["months"]) == 2


def test_other_units_hear_what_they_would_have(app, people, chased):
    file_nil(app, people.neighbours_officer, people.neighbour, JANUARY)
    assert len(mail(app, people).data["months"]) == 2


def test_a_reminder_about_the_month_itself_is_withdrawn(app, people):
    app.clock.moment = FixedClock.at("2025-03-01T08:00").now()
    tick(app, RemindersSettings())
    file_nil(app, people.officer, people.school, JANUARY)
    assert mail(app, people, "remind").data["earlier"] == []
    file_nil(app, people.officer, people.school, FEBRUARY)
    assert mail(app, people, "remind").state is Fate.WITHDRAWN


def test_so_is_one_by_hand(app, people):
    app.clock.moment = FixedClock.at("2025-03-13T10:00").now()
    remind_now(app, people.organiser, [people.school], JANUARY)
    file_nil(app, people.officer, people.school, JANUARY)
    with app.store.read() as work:
        (message,) = [each for each in work.outbox.to(people.officer.email) if each.template == "remind-now"]
    assert message.state is Fate.WITHDRAWN


def test_what_a_dead_worker_had_in_hand_is_not_sent_after_all(app, people, chased):
    with app.store.work() as work:
        now = app.clock.now()
        work.deliveries.claim("email", "dead", now, now + timedelta(minutes=10), 100)
    for month in (JANUARY, FEBRUARY):
        file_nil(app, people.officer, people.school, month)
    app.clock.goes_on(minutes=10)
    with app.store.work() as work:
        claimed = work.deliveries.claim("email", "next", app.clock.now(), app.clock.now(), 100)
    assert people.school.id not in {each.unit_id for each in claimed if each.template == "chase"}


def test_what_a_worker_sends_meanwhile_is_said_to_be_sent(app, people, chased):
    with app.store.work() as work:
        now = app.clock.now()
        work.deliveries.claim("email", "busy", now, now + timedelta(minutes=10), 100)
    for month in (JANUARY, FEBRUARY):
        file_nil(app, people.officer, people.school, month)
    with app.store.work() as work:
        work.deliveries.sent(mail(app, people).id, app.clock.now())
    assert mail(app, people).state is Fate.SENT


def test_who_is_let_off_meanwhile_is_not_chased(app, people, chased):
    grants.exempt(app, people.organiser, [people.school], JANUARY, "校舍重建")
    assert [each["period"] for each in mail(app, people).data["months"]] == ["2025-02"]
    grants.exempt(app, people.organiser, [people.school], FEBRUARY, "校舍重建")
    assert mail(app, people).state is Fate.WITHDRAWN


def test_who_has_more_time_meanwhile_is_not_chased_and_reminded_of_the_new_day(app, people):
    app.clock.moment = FixedClock.at("2025-03-01T08:00").now()
    tick(app, RemindersSettings())
    grants.extend(app, people.organiser, [people.school], FEBRUARY, date(2025, 3, 20), "校舍重建")
    assert mail(app, people, "remind").data["due"] == "2025-03-20"
    grants.extend(app, people.organiser, [people.neighbour], FEBRUARY, date(2025, 3, 11), "校舍重建")
    app.clock.moment = FixedClock.at("2025-03-12T08:00").now()
    tick(app, RemindersSettings())
    grants.extend(app, people.organiser, [people.neighbour], FEBRUARY, date(2025, 3, 20), "校舍重建")
    with app.store.read() as work:
        chase = work.outbox.by_key(f"reminder/chase/2025-02/unit/{people.neighbour.id}")
    assert [each["period"] for each in chase.data["months"]] == ["2025-01"]


def test_one_that_was_sent_is_not_sent_again_over_a_filing(app, people, chased):
    chase = mail(app, people)
    with app.store.work() as work:
        work.deliveries.sent(chase.id, app.clock.now())
    file_nil(app, people.officer, people.school, JANUARY)
    repeat = handling.send_again(app, people.organiser, chase.id, chase.recipient, 0)
    assert [each["period"] for each in repeat.data["months"]] == ["2025-02"]
    file_nil(app, people.officer, people.school, FEBRUARY)
    with app.store.read() as work:
        assert work.outbox.get(repeat.id).state is Fate.WITHDRAWN
    with pytest.raises(Refusal) as refusal:
        handling.send_again(app, people.organiser, chase.id, chase.recipient, 1)
    assert refusal.value.code == "not-owed"


def test_what_waited_until_the_next_step_gives_way_to_it(app, people):
    app.clock.moment = FixedClock.at("2025-03-01T08:00").now()
    tick(app, RemindersSettings())
    app.clock.moment = FixedClock.at("2025-03-10T10:00").now()
    remind_now(app, people.organiser, [people.school], FEBRUARY)
    app.clock.moment = FixedClock.at("2025-03-11T08:00").now()
    tick(app, RemindersSettings())
    assert (mail(app, people, "remind").state, mail(app, people).state) == (Fate.WITHDRAWN, Fate.QUEUED)
    with app.store.read() as work:
        assert work.outbox.latest("remind-now", people.school.id).state is Fate.QUEUED
    app.clock.moment = FixedClock.at("2025-04-01T08:00").now()
    tick(app, RemindersSettings())
    assert mail(app, people).state is Fate.WITHDRAWN
