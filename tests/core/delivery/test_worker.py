"""What becomes of the messages of the outbox."""

from datetime import timedelta

import pytest

from tianbao.channels import Attachment, Failed, Refused, Sent
from tianbao.delivery import Worker
from tianbao.mails import Mail
from tianbao.mails.texts import TextVersion
from tianbao.outbox import Fate
from tianbao.post import pausing
from tianbao.post.wording import MASK

LINK = {"token": "open-sesame", "expires": "2025-03-05T10:30:00+08:00"}


def sent(channel):
    return [message.to for message in channel.taken]


def test_what_is_queued_is_sent_once(worker, channel, queue, outbox, clock):
    queue("a@b.tw")
    assert worker.deliver_due() == 1
    assert worker.deliver_due() == 0
    assert sent(channel) == ["a@b.tw"]
    assert (outbox("a@b.tw").state, outbox("a@b.tw").sent_at, outbox("a@b.tw").attempts) == (Fate.SENT, clock.now(), 1)


def test_a_message_is_written_from_its_text_and_its_secrets_and_these_are_forgotten_then(
    worker, channel, queue, outbox
):
    queue("a@b.tw", template="new-password", secrets={"token": "open-sesame", "expires": "2025-03-05T10:30:00+08:00"})
    worker.deliver_due()
    (message,) = channel.taken
    assert message.subject == "重新設定密碼"
    assert "/password/open-sesame" in message.text
    assert "/password/open-sesame" in message.html
    assert message.id == outbox("a@b.tw").message_id
    assert outbox("a@b.tw").secrets == {}


def test_the_organisers_text_is_sent_as_it_stands_when_its_turn_comes(worker, channel, queue, app, people):
    def write(source):
        with app.store.work() as work:
            organiser = people.organiser
            work.texts.add(TextVersion(0, "password-changed", source, app.clock.now(), organiser.id, organiser.name))

    for address, source in (("a@b.tw", "主旨：新的\n\n{{ login }}"), ("b@b.tw", None)):
        write(source)
        queue(address)
        worker.deliver_due()
    assert [message.subject for message in channel.taken] == ["新的", "您的密碼已變更"]


def test_files_go_with_a_message(worker, channel, queue):
    files = [Attachment("未填報名單.csv", "text/csv", "大成國中".encode()), Attachment("b.txt", "text/plain", b"")]
    queue("a@b.tw", "b@b.tw", attachments=files)
    worker.deliver_due()
    assert [message.attachments for message in channel.taken] == [files, files]


def test_the_words_are_kept_as_they_went_out_without_secrets(worker, channel, queue, app):
    queue("a@b.tw", template="new-password", secrets={"token": "open-sesame", "expires": "2025-03-05T10:30:00+08:00"})
    worker.deliver_due()
    (message,) = channel.taken
    with app.store.read() as work:
        (queued,) = work.outbox.to("a@b.tw")
        kept = work.outbox.words(queued.id)
    assert kept == Mail(message.subject, *(form.replace("open-sesame", MASK) for form in (message.text, message.html)))


def test_the_words_of_what_was_refused_or_given_up_are_kept_too(worker, channel, queue, app):
    channel.answer = lambda message: (Refused if message.to == "no@b.tw" else Failed)(message, "no")
    queue("no@b.tw", "a@b.tw")
    for _ in range(3):
        worker.deliver_due()
        app.clock.goes_on(hours=7)
    with app.store.read() as work:
        assert [work.outbox.words(each.id).subject for each in work.outbox.all()] == ["您的密碼已變更"] * 2


def test_what_waits_has_no_words_yet(queue, app):
    queue("a@b.tw")
    with app.store.read() as work:
        (queued,) = work.outbox.all()
        assert work.outbox.words(queued.id) is None


def test_what_is_held_back_in_the_middle_of_a_batch_is_not_begun(worker, channel, queue, app, people):
    def pause_first(message):
        channel.answer = Sent
        pausing.pause(app, people.organiser)
        return Sent(message)

    channel.answer = pause_first
    queue("a@b.tw", "b@b.tw", "c@b.tw")
    worker.deliver_due()
    assert sent(channel) == ["a@b.tw"]
    assert worker.deliver_due() == 0
    pausing.resume(app, people.organiser)
    assert worker.deliver_due() == 2
    assert sent(channel) == ["a@b.tw", "b@b.tw", "c@b.tw"]


def test_what_the_other_side_refuses_is_not_tried_again_and_its_words_are_kept(worker, channel, queue, outbox, clock):
    channel.answer = lambda message: Refused(message, "550 查無此人")
    queue("a@b.tw", secrets={"token": "open-sesame"})
    worker.deliver_due()
    clock.goes_on(days=30)
    assert worker.deliver_due() == 0
    queued = outbox("a@b.tw")
    assert (queued.state, queued.last_words, queued.attempts, queued.secrets) == (Fate.REFUSED, "550 查無此人", 1, {})


def test_what_fails_is_tried_again_later_and_later_and_given_up_in_the_end(worker, channel, queue, outbox, clock):
    channel.answer = lambda message: Failed(message, "451 greylisted")
    queue("a@b.tw", secrets={"token": "open-sesame"})
    waits = []
    while outbox("a@b.tw").state is Fate.QUEUED:
        assert worker.deliver_due() == 1
        assert worker.deliver_due() == 0
        waits.append(outbox("a@b.tw").due_at - clock.now())
        clock.moment = max(clock.moment, outbox("a@b.tw").due_at)
    queued = outbox("a@b.tw")
    assert (queued.state, queued.last_words, queued.attempts) == (Fate.GIVEN_UP, "451 greylisted", 3)
    assert queued.secrets == {}
    assert timedelta(seconds=48) <= waits[0] <= timedelta(seconds=72)
    assert timedelta(seconds=96) <= waits[1] <= timedelta(seconds=144)


def test_what_failed_is_sent_when_it_gets_through(worker, channel, queue, outbox, clock):
    channel.answer = lambda message: Failed(message, "451 greylisted")
    queue("a@b.tw", secrets={"token": "open-sesame"})
    worker.deliver_due()
    assert outbox("a@b.tw").secrets == {"token": "open-sesame"}
    channel.answer = Sent
    clock.goes_on(minutes=2)
    worker.deliver_due()
    assert (outbox("a@b.tw").state, outbox("a@b.tw").last_words) == (Fate.SENT, None)


def test_nothing_goes_before_it_is_due(worker, channel, queue, clock):
    queue("a@b.tw", due_at=clock.now() + timedelta(hours=1))
    assert worker.deliver_due() == 0
    clock.goes_on(hours=1)
    assert worker.deliver_due() == 1
    assert sent(channel) == ["a@b.tw"]


def test_messages_of_a_channel_that_is_not_there_wait_for_it(worker, queue, outbox):
    queue("0912345678", channel="text_message")
    assert worker.deliver_due() == 0
    assert outbox("0912345678").state is Fate.QUEUED


def test_a_message_that_cannot_be_written_keeps_no_other_from_going(worker, channel, queue, outbox):
    queue("a@b.tw", template="no-such-text")
    queue("b@b.tw")
    worker.deliver_due()
    assert sent(channel) == ["b@b.tw"]
    assert outbox("a@b.tw").state is Fate.QUEUED
    assert "no-such-text" in outbox("a@b.tw").last_words


@pytest.mark.parametrize("answer", [Refused, Failed])
def test_a_server_that_repeats_a_link_tells_nobody_its_secret(worker, channel, queue, *, outbox, caplog, answer):
    channel.answer = lambda message: answer(message, f"554 blocked: {message.text}")
    queue("a@b.tw", template="new-password", secrets=LINK)
    with caplog.at_level("INFO"):
        worker.deliver_due()
    assert f"/password/{MASK}" in outbox("a@b.tw").last_words
    assert "554 blocked" in caplog.text
    assert LINK["token"] not in outbox("a@b.tw").last_words + caplog.text


def test_a_link_that_cannot_be_written_is_told_to_nobody(app, people, options, *, queue, outbox, caplog):
    source = "主旨：x\n\n=> 按這裡 | ftp://{{ token }}"
    with app.store.work() as work:
        organiser = people.organiser
        work.texts.add(TextVersion(0, "new-password", source, app.clock.now(), organiser.id, organiser.name))
    queue("a@b.tw", template="new-password", secrets=LINK)
    Worker(app, options).deliver_due()
    assert "ftp://" in outbox("a@b.tw").last_words
    assert LINK["token"] not in outbox("a@b.tw").last_words + caplog.text


def test_a_channel_that_raises_costs_the_message_under_way_a_try_and_the_others_nothing(worker, channel, queue, outbox):
    def stumble(message):
        if message.to == "b@b.tw":
            raise RuntimeError("out of paper")
        return Sent(message)

    channel.answer = stumble
    queue("a@b.tw", "b@b.tw", "c@b.tw")
    worker.deliver_due()
    assert (outbox("b@b.tw").attempts, outbox("b@b.tw").last_words) == (1, "RuntimeError: out of paper")
    assert outbox("c@b.tw").attempts == 0
    worker.deliver_due()
    assert sent(channel) == ["a@b.tw", "c@b.tw"]


def test_a_channel_that_leaves_off_loses_nothing(worker, channel, queue, outbox, monkeypatch):
    def leave_off(messages):
        next(messages)
        return []

    queue("a@b.tw", "b@b.tw")
    monkeypatch.setattr(channel, "deliver", leave_off)
    worker.deliver_due()
    assert (outbox("a@b.tw").state, outbox("a@b.tw").attempts) == (Fate.QUEUED, 1)
    monkeypatch.undo()
    worker.deliver_due()
    assert sent(channel) == ["b@b.tw"]


def test_when_it_is_to_stop_the_rest_is_given_back(app, options, channel, queue):
    worker = Worker(app, options, stopping=lambda: bool(channel.taken))
    queue("a@b.tw", "b@b.tw", "c@b.tw")
    worker.deliver_due()
    assert sent(channel) == ["a@b.tw"]
    Worker(app, options).deliver_due()
    assert sent(channel) == ["a@b.tw", "b@b.tw", "c@b.tw"]


def test_a_database_that_is_busy_for_a_moment_makes_no_copies(worker, channel, queue, outbox, monkeypatch):
    write, stumbles = worker._write, iter([True, True, False])

    def stumbling(what):
        if next(stumbles):
            raise OSError("database is locked")
        write(what)

    monkeypatch.setattr(worker, "_write", stumbling)
    queue("a@b.tw")
    worker.deliver_due()
    assert outbox("a@b.tw").state is Fate.SENT
    assert sent(channel) == ["a@b.tw"]


@pytest.mark.parametrize("tries", range(1, 40))
def test_waits_double_up_to_the_longest_give_or_take_a_fifth(options, tries):
    class Dice:
        def __init__(self, throw):
            self.uniform = throw

    longest, shortest = (options.wait_after(tries, Dice(throw)) for throw in (max, min))
    middle = min(60 * 2 ** (tries - 1), 6 * 3600)
    assert (shortest, longest) == (timedelta(seconds=middle * 0.8), timedelta(seconds=middle * 1.2))
