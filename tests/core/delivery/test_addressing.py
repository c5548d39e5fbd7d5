"""What waits while an account is reset, handed over or moves to another address goes to whom it concerns when sent."""

import pytest
from attrs import evolve

from tianbao import accounts
from tianbao.accounts import Account, Role, Standing, invitations, resets
from tianbao.accounts.resets import Reason
from tianbao.channels import Failed, Sent
from tianbao.mails.samples import SAMPLES
from tianbao.outbox import Fate
from tianbao.post import room
from tianbao.post.addressing import GONE, addressed


@pytest.fixture
def post(app):
    """Queue a message for an account."""

    def post(account, template="chase"):
        with app.store.work() as work:
            data = {**SAMPLES[template], "name": account.name}
            about = {"unit_id": account.unit_id, "account_id": account.id}
            assert work.outbox.add(f"test/{template}", account.email, template, data, at=app.clock.now(), **about)
            return work.outbox.by_key(f"test/{template}").id

    return post


@pytest.fixture
def deliver(worker, channel):
    """Deliver what is due; gives what was taken."""

    def deliver():
        worker.deliver_due()
        return channel.taken

    return deliver


def kept(app, number):
    with app.store.read() as work:
        return work.outbox.get(number)


def reset(app, people, account):
    asked = resets.request(app, people.support, account, Reason.NEW_POST, "校長")
    resets.carry_out(app, people.support, asked.id)


def successor(app, before, **more):
    email = "new@school.example"
    post = {"unit_id": before.unit_id, "county": before.county, "created_at": app.clock.now()}
    after = Account(0, f"{before.login}2", before.role, "吳新任", email, **post, **more)
    with app.store.work() as work:
        return accounts.add(work, after)


def moved(app, account):
    with app.store.work() as work:
        work.accounts.save(evolve(account, email="moved@school.example"))


@pytest.mark.parametrize("template", ["remind", "chase", "remind-now", "receipt"])
def test_it_goes_to_the_new_officer_and_greets_them(app, people, post, deliver, template):
    number = post(people.officer, template)
    reset(app, people, people.officer)
    successor(app, people.officer)
    sent = [each for each in deliver() if each.id == kept(app, number).message_id]
    assert [each.to for each in sent] == ["new@school.example"]
    assert "吳新任" in sent[0].text
    assert people.officer.name not in sent[0].text
    assert (kept(app, number).state, kept(app, number).recipient) == (Fate.SENT, "new@school.example")


def test_it_goes_to_the_officers_new_address(app, people, post, deliver):
    number = post(people.officer)
    moved(app, people.officer)
    assert room.read(app, people.organiser, number).line.queued.recipient == "moved@school.example"
    assert [each.to for each in deliver()] == ["moved@school.example"]
    assert kept(app, number).recipient == "moved@school.example"


def test_what_is_taken_back_before_the_new_address_is_written_is_not_sent(app, people, post, deliver, monkeypatch):
    """The school files while the worker waits for its turn to write."""
    number = post(people.officer)
    moved(app, people.officer)

    def looked(work, messages):
        found = addressed(work, messages)
        monkeypatch.undo()
        with app.store.work() as filing:
            filing.reminders.withdraw(number, "已完成填報")
        return found

    monkeypatch.setattr("tianbao.delivery.worker.addressed", looked)
    assert not deliver()
    assert kept(app, number).state is Fate.WITHDRAWN


@pytest.mark.parametrize("standing", [None, Standing.PENDING])
def test_where_nobody_has_come_after_it_is_dropped_and_the_post_room_says_why(app, people, post, deliver, standing):
    number = post(people.officer)
    reset(app, people, people.officer)
    if standing:
        successor(app, people.officer, standing=standing)
    assert kept(app, number).message_id not in {each.id for each in deliver()}
    assert (kept(app, number).state, kept(app, number).last_words, kept(app, number).attempts) == (
        Fate.WITHDRAWN,
        GONE,
        0,
    )


def test_a_countys_list_goes_to_the_countys_officer_of_now(app, people, post, deliver):
    post(people.county_officer, "chase-county")
    reset(app, people, people.county_officer)
    successor(app, people.county_officer)
    assert "new@school.example" in {each.to for each in deliver() if "未填報名單" in each.subject}


def test_the_nations_list_is_handed_on_to_nobody(app, people, post, deliver):
    number = post(people.agency, "compile")
    invitations.retire(app, people.organiser, people.agency)
    with app.store.work() as work:
        accounts.add(work, Account(0, "agency_2", Role.AGENCY, "署", "b@c.tw", created_at=app.clock.now()))
    assert not deliver()
    assert kept(app, number).state is Fate.WITHDRAWN


def test_what_failed_at_the_old_address_is_tried_again_at_the_new_one(app, people, post, deliver, channel):
    number = post(people.officer)
    channel.answer = lambda message: Failed(message, "451") if message.to == people.officer.email else Sent(message)
    deliver()
    moved(app, people.officer)
    app.clock.goes_on(minutes=5)
    deliver()
    assert (kept(app, number).state, kept(app, number).recipient) == (Fate.SENT, "moved@school.example")


def test_what_is_withdrawn_once_it_is_leased_is_not_sent_any_more(app, people, post, worker, channel):
    number = post(people.officer)
    look = worker.addressed

    def withdrawn_before(leased):
        with app.store.work() as work:
            work.reminders.withdraw(number, "已完成填報")
        return look(leased)

    worker.addressed = withdrawn_before
    worker.deliver_due()
    assert not channel.taken
    assert kept(app, number).last_words == "已完成填報"
