"""Workers are killed at any moment: no message is missing, and there is at most one extra copy for each kill."""

import random
import threading
from datetime import UTC, datetime, timedelta

import pytest

from tianbao.outbox import Fate
from tianbao.post.pausing import EVERYTHING, Pause

MESSAGES, KILLS = 100, 20


@pytest.fixture
def queue(store):
    """Queue a message for each address; gives their Message-IDs by address."""

    def queue(*recipients):
        now = datetime.now(UTC)
        data = {"name": "林怡君", "login": "010301_yichun", "at": now.isoformat()}
        with store.work() as work:
            for recipient in recipients:
                assert work.outbox.add(f"crash/{recipient}", recipient, "password-changed", data, at=now)
            return {each.recipient: f"<{each.message_id}@example.edu.tw>" for each in work.outbox.all()}

    return queue


@pytest.fixture
def fates(store):
    return lambda: _fates(store)


def _fates(store):
    with store.read() as work:
        return {each.recipient: each.state for each in work.outbox.all()}


def wait_until_settled(fates):
    deadline = datetime.now(UTC) + timedelta(seconds=20)
    while Fate.QUEUED in fates().values():
        assert datetime.now(UTC) < deadline, "the outbox is not emptied"
        threading.Event().wait(0.05)


def test_no_message_is_missing_and_there_is_at_most_one_extra_copy_for_each_kill(
    mail_server, workers, queue, fates, seed
):
    dice = random.Random(seed)
    expected = queue(*(f"officer{number}@example.edu.tw" for number in range(MESSAGES)), "no@example.edu.tw")
    workers.start()
    workers.start()
    for _ in range(KILLS):
        mail_server.stages(dice.randrange(1, 25))
        threading.Event().wait(dice.uniform(0, 0.004))  # not always in the very moment the server says something
        workers.kill(dice.randrange(2))
        workers.start()
    wait_until_settled(fates)

    unwanted = expected.pop("no@example.edu.tw")
    states, taken = fates(), mail_server.taken()
    assert states.pop("no@example.edu.tw") is Fate.REFUSED
    assert not [message_id for _, message_id in taken if message_id == unwanted]
    assert set(states.values()) == {Fate.SENT}
    assert set(taken) == set(expected.items()), "a message is missing, or a copy has another Message-ID"
    extra = taken.total() - len(taken)
    print(f"{KILLS} kills, {len(expected)} messages, {extra} extra copies")
    assert extra <= KILLS


def test_a_worker_killed_after_its_message_was_taken_leaves_one_extra_copy_with_the_same_message_id(
    mail_server, workers, queue, fates
):
    expected = queue("hold@example.edu.tw")
    workers.start()
    mail_server.wait_for("held")
    workers.kill()
    assert set(fates().values()) == {Fate.QUEUED}
    workers.start()
    wait_until_settled(fates)
    assert mail_server.taken() == {("hold@example.edu.tw", expected["hold@example.edu.tw"]): 2}


def test_no_worker_begins_what_is_held_back_though_one_is_killed(store, mail_server, workers, queue, people):
    expected = queue(*(f"officer{number}@example.edu.tw" for number in range(MESSAGES)))
    workers.start()
    workers.start()
    mail_server.wait_for("answered")
    hold = Pause(EVERYTHING, datetime.now(UTC), people.organiser.id, "許研發")
    with store.work() as work:
        work.pauses.add(hold)
    threading.Event().wait(1.2)  # the second that is promised
    before = mail_server.taken().total()
    workers.kill()
    workers.start()
    threading.Event().wait(0.3)
    assert mail_server.taken().total() == before < MESSAGES
    with store.work() as work:
        work.pauses.end(EVERYTHING)
    wait_until_settled(lambda: _fates(store))
    taken = mail_server.taken()  # with reminders to the people there are
    assert set(taken) >= set(expected.items())
    assert taken.total() - len(taken) <= 1
