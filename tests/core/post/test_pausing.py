"""Sending is held back, all of it or one text's, and goes on when somebody says so."""

import pytest

from tianbao.audit import Act
from tianbao.errors import Refusal
from tianbao.post import pausing


@pytest.fixture
def waiting(app):
    """The texts of the messages a worker would get now."""

    def waiting():
        with app.store.work() as work:
            now = app.clock.now()
            return {each.template for each in work.deliveries.claim("email", "w", now, now, 100)}

    return waiting


@pytest.fixture(autouse=True)
def _queued(app):
    with app.store.work() as work:
        for template in ("receipt", "activate", "password-changed"):
            work.outbox.add(template, "a@b.tw", template, {}, at=app.clock.now())


def test_all_or_one_text_is_held_back_until_it_may_go_on(app, people, waiting):
    everything = {"receipt", "activate", "password-changed"}
    assert waiting() == everything
    pausing.pause(app, people.organiser, "receipt")
    assert waiting() == everything - {"receipt"}
    pausing.pause(app, people.organiser)
    assert waiting() == set()
    with app.store.read() as work:
        assert not work.deliveries.any_due("email", app.clock.now())
    assert [(each.kind, each.by_name) for each in pausing.pauses(app)] == [("", "許研發"), ("receipt", "許研發")]
    pausing.resume(app, people.organiser)
    assert waiting() == everything - {"receipt"}
    pausing.resume(app, people.organiser, "receipt")
    assert waiting() == everything
    assert pausing.pauses(app) == []


def test_each_change_is_on_the_trail_once(app, people):
    for _ in range(2):
        pausing.pause(app, people.organiser, "receipt")
    for _ in range(2):
        pausing.resume(app, people.organiser, "receipt")
    with app.store.read() as work:
        found = [(each.action, each.subject) for each in work.audit.entries(actor=people.organiser.id)]
    assert found == [(Act.POST_RESUMED, "post/receipt"), (Act.POST_PAUSED, "post/receipt")]


@pytest.mark.parametrize("who", ["officer", "county_officer", "support", "agency"])
def test_it_is_the_organisers_to_say(app, people, who):
    for what in (pausing.pause, pausing.resume):
        with pytest.raises(Refusal) as refused:
            what(app, getattr(people, who))
        assert refused.value.code == "not-allowed"


def test_there_must_be_such_a_text(app, people):
    with pytest.raises(Refusal) as refused:
        pausing.pause(app, people.organiser, "nonsense")
    assert refused.value.code == "no-such-text"
