"""What the server says and does, and what the channel makes of it."""

import socket

import pytest
from attrs import evolve

from tianbao.channels import Failed, Message, Refused, Sent
from tianbao_notify_email.channel import EmailChannel


def to(*recipients):
    return [Message(f"id-{number}", name, "主旨", "內容", "<p>內容</p>") for number, name in enumerate(recipients)]


def outcomes(channel, *recipients):
    return [type(answer) for answer in channel.deliver(to(*recipients))]


def test_many_messages_go_over_one_line(channel, server):
    assert outcomes(channel, *(f"a{number}@b.tw" for number in range(20))) == [Sent] * 20
    assert server.lines == 1
    assert server.arrived() == [f"a{number}@b.tw" for number in range(20)]


def test_a_mailbox_that_is_not_there_is_refused_in_the_servers_words(channel):
    (answer,) = channel.deliver(to("no@b.tw"))
    assert isinstance(answer, Refused)
    assert answer.words == "550 5.1.1 no such mailbox 查無此人"


@pytest.mark.parametrize(
    ("recipient", "outcome", "words"),
    [
        ("spam@b.tw", Refused, "554 5.7.1 looks like spam"),
        ("full@b.tw", Failed, "452 4.2.2 mailbox full"),
        ("later@b.tw", Failed, "451 4.7.1 greylisted"),
        ("nobody", Refused, "這不是電子郵件信箱：'nobody'"),
        ("a@b.tw, c@d.tw", Refused, "這不是電子郵件信箱：'a@b.tw, c@d.tw'"),
    ],
)
def test_each_kind_of_no(channel, recipient, outcome, words):
    (answer,) = channel.deliver(to(recipient))
    assert (type(answer), answer.words) == (outcome, words)


def test_a_no_to_one_keeps_the_line_for_the_next(channel, server):
    assert outcomes(channel, "no@b.tw", "spam@b.tw", "later@b.tw", "a@b.tw") == [Refused, Refused, Failed, Sent]
    assert server.lines == 1


def test_a_no_to_our_own_address_is_the_operators_to_mend_not_the_recipients_fault(channel, server):
    server.mail_answer = "550 5.7.60 not allowed to send as this sender"
    assert outcomes(channel, "a@b.tw") == [Failed]


def test_a_message_too_large_for_the_server_is_refused(channel, server):
    server.mail_answer = "552 5.3.4 message too large"
    assert outcomes(channel, "a@b.tw") == [Refused]


@pytest.mark.parametrize("moment", ["MAIL", "RCPT", "421"])
def test_a_line_cut_before_the_message_was_under_way_is_opened_again_at_once(channel, server, moment):
    messages = iter(channel.deliver(to("a@b.tw", "b@b.tw", "c@b.tw")))
    assert isinstance(next(messages), Sent)
    server.cut_once.add(moment)
    assert [type(answer) for answer in messages] == [Sent, Sent]
    assert [taken.line for taken in server.taken] == [1, 2, 2]
    assert server.arrived() == ["a@b.tw", "b@b.tw", "c@b.tw"]


@pytest.mark.parametrize(("moment", "copies"), [("DATA", 0), ("TAKEN", 1)])
def test_a_line_cut_while_the_message_was_under_way_is_failed_and_the_next_goes_over_a_new_one(
    channel, server, moment, copies
):
    """Nobody knows whether it was taken, so it is not for the channel to send it again."""
    messages = iter(channel.deliver(to("a@b.tw", "b@b.tw", "c@b.tw")))
    assert isinstance(next(messages), Sent)
    server.cut_once.add(moment)
    assert [type(answer) for answer in messages] == [Failed, Sent]
    assert server.arrived().count("b@b.tw") == copies
    assert server.arrived().count("c@b.tw") == 1


def test_a_server_that_stalls_is_left_after_the_time_allowed(settings, server):
    channel = EmailChannel(evolve(settings, timeout=0.2))
    first, second = channel.deliver(to("stall@b.tw", "a@b.tw"))
    assert isinstance(first, Failed)
    assert "timed out" in first.words
    assert isinstance(second, Sent)


def test_a_copy_bears_the_same_message_id(channel, server):
    (message,) = to("a@b.tw")
    assert outcomes(channel, "a@b.tw") == [Sent]
    list(channel.deliver([message]))
    first, second = (taken.mail["Message-ID"] for taken in server.taken)
    assert first == second == "<id-0@example.edu.tw>"


def test_where_no_line_can_be_had_the_rest_fail_without_being_tried(settings):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        closed = taken.getsockname()[1]
    answers = list(EmailChannel(evolve(settings, port=closed)).deliver(to("a@b.tw", "b@b.tw", "c@b.tw")))
    assert [type(answer) for answer in answers] == [Failed] * 3
    assert len({answer.words for answer in answers}) == 1
    assert answers[0].words.startswith(f"連不上郵件伺服器 127.0.0.1:{closed}：")


def test_an_address_beyond_ascii_goes_to_a_server_that_knows_such(channel, server):
    assert outcomes(channel, "王小明@example.edu.tw") == [Sent]
    assert server.arrived() == ["王小明@example.edu.tw"]


def test_an_address_beyond_ascii_is_refused_where_the_server_does_not(running, settings):
    old = running.serve(enable_SMTPUTF8=False)
    (answer,) = EmailChannel(evolve(settings, port=old.port)).deliver(to("王小明@example.edu.tw"))
    assert isinstance(answer, Refused)
    assert "SMTPUTF8" in answer.words


def test_a_domain_beyond_ascii_is_written_as_name_servers_know_it(channel, server):
    assert outcomes(channel, "a@教育.tw") == [Sent]
    assert server.arrived() == ["a@xn--wcvs22d.tw"]
