"""The rehearsal: what it shows is what the tick then queues."""

from datetime import date, timedelta

import pytest

from tianbao.clock import FixedClock
from tianbao.errors import Refusal
from tianbao.periods import Period
from tianbao.reminders.rehearsal import rehearse, text_of
from tianbao.reminders.settings import RemindersSettings
from tianbao.reminders.tick import tick


@pytest.mark.parametrize("day", [date(2025, 3, 1), date(2025, 3, 11), date(2025, 3, 17), date(2025, 4, 1)])
def test_what_it_shows_is_what_the_tick_queues(app, people, day):
    app.clock.moment = FixedClock.at("2025-02-28T12:00").now()
    (scene,) = rehearse(app, people.organiser, day).scenes
    app.clock.moment = scene.at - timedelta(days=1)
    tick(app, RemindersSettings())  # so that nothing of before is left
    app.clock.moment = scene.at
    tick(app, RemindersSettings())
    with app.store.read() as work:
        queued = {
            each.key: (each.recipient, each.template) for each in work.outbox.all() if each.created_at == scene.at
        }
    assert queued == {each.key: (each.person.email, each.template) for each in scene.reached}
    (done,) = rehearse(app, people.organiser, day).scenes
    assert done.fall.done_at == scene.at


def test_it_sends_nothing(app, people):
    rehearse(app, people.organiser, date(2025, 3, 11))
    with app.store.read() as work:
        assert not work.outbox.all()


def test_it_says_why_and_who_cannot_be_reached(app, people):
    (scene,) = rehearse(app, people.organiser, date(2025, 3, 11)).scenes
    assert {each.place: each.why for each in scene.messages} == {
        "縣立大成國中": "114年2月逾期",
        "縣立大成國小": "114年2月逾期",
        "市立遠山高中": "114年2月逾期",
        "彰化縣政府": "轄內有 2 個單位未填報",
        "臺北市政府": "轄內有 1 個單位未填報",
    }
    assert [each.place for each in scene.unreached] == ["市立遠山高中", "臺北市政府"]


def test_a_day_without_a_step_says_which_is_next(app, people):
    played = rehearse(app, people.organiser, date(2025, 3, 15))
    assert not played.scenes
    assert (played.next.step, played.next.day) == ("compile", date(2025, 3, 17))
    assert [fall.due.shift for fall in played.month] == ["", "", "16日（星期日）遇假日，順延至3月17日（星期一）"]


def test_what_was_missed_is_shown_on_the_day_it_will_be_made_up_for(app, people):
    app.clock.moment = FixedClock.at("2025-03-13T09:00").now()
    (scene,) = rehearse(app, people.organiser, date(2025, 3, 13)).scenes
    assert (scene.fall.due.step, scene.fall.due.period) == ("chase", Period(2025, 2))
    assert scene.at == app.clock.now()


def test_the_organiser_may_rehearse_and_nobody_else(app, people):
    for account in (people.officer, people.county_officer, people.support, people.agency):
        with pytest.raises(Refusal, match="不能進行"):
            rehearse(app, account, date(2025, 3, 11))


def test_each_message_can_be_read_before_it_is_sent(app, people):
    for day in (date(2025, 3, 1), date(2025, 3, 11), date(2025, 3, 17)):
        (scene,) = rehearse(app, people.organiser, day).scenes
        for each in scene.messages:
            assert text_of(app, each).text
