"""The tick: each message once, whenever and however often it ticks, to whom it is true of."""

from datetime import date

import pytest
from attrs import evolve

from tianbao import accounts
from tianbao.accounts import Account, Role
from tianbao.clock import FixedClock
from tianbao.filings import file_nil, grants
from tianbao.periods import Period
from tianbao.reminders.settings import RemindersSettings
from tianbao.reminders.tick import tick

FEBRUARY = Period(2025, 2)


@pytest.fixture
def at(app):
    """Let it be a moment, and tick; gives how many were queued."""

    def at(moment, **options):
        app.clock.moment = FixedClock.at(moment).now()
        return sum(each.queued for each in tick(app, RemindersSettings(**options)))

    return at


@pytest.fixture
def sent(app):
    """The keys in the outbox, without what all have."""

    def sent():
        with app.store.read() as work:
            return sorted(
                each.key.removeprefix("reminder/") for each in work.outbox.all() if each.key.startswith("reminder/")
            )

    return sent


def test_the_1st_reminds_every_officer_who_has_yet_to_file(at, sent, people):
    assert at("2025-03-01T07:59") == 0
    assert at("2025-03-01T08:00") == 2
    assert sent() == [f"remind/2025-02/unit/{unit.id}" for unit in (people.school, people.neighbour)]


def test_who_filed_early_is_left_alone(app, at, sent, people):
    app.clock.moment = FixedClock.at("2025-02-20").now()
    file_nil(app, people.officer, people.school, FEBRUARY)
    at("2025-03-01T08:00")
    assert sent() == [f"remind/2025-02/unit/{people.neighbour.id}"]


def test_the_11th_tells_the_late_and_their_counties(app, at, sent, people):
    file_nil(app, people.officer, people.school, FEBRUARY)
    grants.extend(app, people.organiser, [people.far], FEBRUARY, date(2025, 3, 20), "颱風")
    at("2025-03-11T08:00")
    assert sent() == ["chase/2025-02/county/彰化縣", f"chase/2025-02/unit/{people.neighbour.id}"]
    with app.store.read() as work:
        to_county = work.outbox.by_key("reminder/chase/2025-02/county/彰化縣")
    assert to_county.recipient == people.county_officer.email
    assert to_county.data["levels"] == [{"level": "國小", "count": 1, "units": ["縣立大成國小"], "more": False}]


def test_the_16th_gives_the_lists_to_the_organiser_and_the_agency(app, at, sent, people):
    at("2025-03-16T09:00")  # a Sunday
    assert not [key for key in sent() if key.startswith("compile")]
    at("2025-03-17T08:00")
    keys = [f"compile/2025-02/account/{each.id}" for each in (people.organiser, people.agency)]
    assert [key for key in sent() if key.startswith("compile")] == keys
    with app.store.read() as work:
        data = work.outbox.by_key(f"reminder/{keys[0]}").data
    assert data["agency"] == 1  # 市立遠山高中
    assert data["counties"] == [{"county": "彰化縣", "count": 2}]


def test_ticking_again_adds_nothing(at, sent):
    at("2025-03-11T08:00")
    before = sent()
    assert at("2025-03-11T08:01") == 0
    assert at("2025-03-13T12:00") == 0
    assert sent() == before


def test_started_three_days_late_it_tells_those_of_whom_it_is_still_true(app, at, sent, people):
    app.clock.moment = FixedClock.at("2025-03-12T10:00").now()
    file_nil(app, people.officer, people.school, FEBRUARY)
    at("2025-03-14T10:00")
    assert sent() == ["chase/2025-02/county/彰化縣", f"chase/2025-02/unit/{people.neighbour.id}"]
    with app.store.read() as work:
        (month,) = work.outbox.by_key(f"reminder/chase/2025-02/unit/{people.neighbour.id}").data["months"]
    assert month == {"period": "2025-02", "due": "2025-03-10", "late": 4}


def test_a_reminder_missed_until_the_chase_is_not_made_up_for(at, sent):
    at("2025-03-11T08:00")
    assert not [key for key in sent() if key.startswith("remind")]


def test_a_step_that_moved_after_it_was_done_is_not_done_again(app, at, sent):
    at("2025-03-11T08:00")
    before = sent()
    from tianbao.calendar.workdays import Day, Source

    day = Day(date(2025, 3, 11), working=False, note="颱風", source=Source.ORGANISER, set_at=app.clock.now())
    with app.store.work() as work:
        work.days.set([day])
    assert at("2025-03-12T08:00") == 0
    assert sent() == before


def test_killed_half_way_it_goes_on_where_it_stopped(app, at, sent, people, monkeypatch):
    from tianbao.reminders import tick as module

    monkeypatch.setattr(module, "_AT_ONCE", 1)
    whole, calls = module._tell, []

    def dies(*arguments):
        calls.append(arguments)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return whole(*arguments)

    monkeypatch.setattr(module, "_tell", dies)
    with pytest.raises(KeyboardInterrupt):
        at("2025-03-11T08:00")
    assert sent() == [f"chase/2025-02/unit/{people.school.id}"]
    file_nil(app, people.neighbours_officer, people.neighbour, FEBRUARY)
    at("2025-03-11T08:05")
    assert sent() == ["chase/2025-02/county/彰化縣", f"chase/2025-02/unit/{people.school.id}"]


def test_two_machines_at_once_queue_each_message_once(app, at_once, sent, people):
    app.clock.moment = FixedClock.at("2025-03-11T08:00").now()
    told = at_once(*[lambda: tick(app, RemindersSettings())] * 4)
    assert sum(each.queued for ticked in told for each in ticked) == len(sent()) == 3


def test_that_a_step_is_done_is_on_the_trail_once(app, at):
    at("2025-03-11T08:00")
    at("2025-03-11T08:01")
    with app.store.read() as work:
        entries = [each for each in work.audit.entries() if each.action == "reminders.queued"]
    assert [(each.subject, each.actor) for each in entries] == [("reminder/chase/2025-02", None)]


def test_who_has_no_account_is_counted_and_gets_one_the_next_time(app, people):
    app.clock.moment = FixedClock.at("2025-03-11T08:00").now()
    (chase,) = tick(app, RemindersSettings())
    assert chase.nobody == 2  # 遠山高中, and 臺北市政府
    with app.store.work() as work:
        officer = Account(0, "340301_new1", Role.UNIT_OFFICER, "趙新", "new@example.edu.tw", unit_id=people.far.id)
        accounts.add(work, evolve(officer, handle="new1", created_at=app.clock.now()))
    app.clock.moment = FixedClock.at("2025-04-01T08:00").now()
    tick(app, RemindersSettings())
    with app.store.read() as work:
        (reminder,) = work.outbox.to("new@example.edu.tw")
    assert [each["period"] for each in reminder.data["months"]] == ["2025-02", "2025-03"]
