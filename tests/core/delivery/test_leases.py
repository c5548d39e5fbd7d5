"""Several workers, one outbox."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from attrs import evolve

from tianbao.channels import Sent
from tianbao.delivery import Worker
from tianbao.outbox import Fate


def copies(channel):
    return Counter(message.to for message in channel.taken)


@pytest.fixture
def claim(app, clock):
    """Claim as a worker of a name, for ten minutes."""

    def claim(owner, limit=100):
        with app.store.work() as work:
            now = clock.now()
            return [
                each.recipient
                for each in work.deliveries.claim("email", owner, now, now + timedelta(minutes=10), limit)
            ]

    return claim


@pytest.fixture
def others_turn(app, options):
    """Let another worker deliver what it can get; gives how much that was."""
    return Worker(app, options).deliver_due


def test_what_one_has_leased_nobody_else_gets_until_the_lease_runs_out(claim, queue, clock):
    queue("a@b.tw", "b@b.tw", "c@b.tw")
    assert claim("one", 2) == ["a@b.tw", "b@b.tw"]
    assert claim("two") == ["c@b.tw"]
    assert claim("three") == []
    clock.goes_on(minutes=10)
    assert claim("three") == ["a@b.tw", "b@b.tw", "c@b.tw"]


def test_those_that_have_waited_longest_come_first(claim, queue, clock):
    queue("late@b.tw", due_at=clock.now() + timedelta(minutes=2))
    queue("early@b.tw", due_at=clock.now() + timedelta(minutes=1))
    clock.goes_on(minutes=3)
    assert claim("one") == ["early@b.tw", "late@b.tw"]


def test_who_has_lost_the_lease_can_say_that_it_was_sent_but_nothing_else(app, claim, queue, outbox, clock):
    queue("a@b.tw", secrets={"token": "open-sesame"})
    claim("one")
    clock.goes_on(minutes=10)
    claim("two")
    id = outbox("a@b.tw").id  # noqa: A001
    with app.store.work() as work:
        work.deliveries.end(id, "one", Fate.REFUSED, "too late")
        work.deliveries.retry(id, "one", clock.now(), "too late")
        work.deliveries.release([id], "one")
        assert work.deliveries.hold([id], "one", clock.now()) == set()
    assert (outbox("a@b.tw").state, outbox("a@b.tw").last_words, outbox("a@b.tw").attempts) == (Fate.QUEUED, None, 0)
    assert claim("three") == []
    with app.store.work() as work:
        work.deliveries.sent(id, clock.now())
    assert outbox("a@b.tw").state is Fate.SENT


def test_what_is_settled_stays_settled(app, claim, queue, outbox, clock):
    queue("a@b.tw")
    claim("one")
    id = outbox("a@b.tw").id  # noqa: A001
    with app.store.work() as work:
        work.deliveries.end(id, "one", Fate.REFUSED, "no")
        work.deliveries.sent(id, clock.now())
        work.deliveries.retry(id, "one", clock.now(), "again")
    assert (outbox("a@b.tw").state, outbox("a@b.tw").last_words) == (Fate.REFUSED, "no")


def test_a_lease_is_prolonged_while_the_work_goes_on(worker, others_turn, channel, queue, clock):
    """Ten messages of four minutes each, on a lease of ten minutes."""

    def slowly(message):
        clock.goes_on(minutes=4)
        assert others_turn() == 0, "another worker took what is being delivered"
        return Sent(message)

    channel.answer = slowly
    queue(*(f"a{number}@b.tw" for number in range(10)))
    assert worker.deliver_due() == 10
    assert set(copies(channel).values()) == {1}
    assert len(channel.taken) == 10


def test_who_was_away_for_longer_than_the_lease_leaves_the_rest_to_whom_took_it(
    worker, others_turn, channel, queue, clock
):
    def away(message):
        channel.answer = Sent
        clock.goes_on(hours=1)
        others_turn()  # takes over all three
        return Sent(message)

    channel.answer = away
    queue("a@b.tw", "b@b.tw", "c@b.tw")
    worker.deliver_due()
    assert copies(channel) == {"a@b.tw": 2, "b@b.tw": 1, "c@b.tw": 1}


def test_many_workers_at_once_send_each_message_once(app, options, channel, queue):
    queue(*(f"a{number}@b.tw" for number in range(120)))

    def work(_):
        worker = Worker(app, evolve(options, batch=7))
        while worker.deliver_due():
            pass

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))
    assert copies(channel) == {f"a{number}@b.tw": 1 for number in range(120)}
