"""The register of the post room, and what can be done about a message."""

from contextlib import contextmanager

import pytest

from tianbao.accounts import invitations
from tianbao.audit import Act
from tianbao.channels import Attachment
from tianbao.errors import Refusal
from tianbao.mails import Mail
from tianbao.mails.samples import SAMPLES
from tianbao.outbox import Draft, Fate, Kept
from tianbao.post import handling, room
from tianbao.post.room import PAGE, Asked
from tianbao.post.wording import packed


@contextmanager
def refused(code):
    with pytest.raises(Refusal) as refusal:
        yield
    assert refusal.value.code == code


@pytest.fixture
def post(app):
    """Queue a message, let become of it what is said, and give its number."""

    def post(key, to="a@b.tw", template="receipt", state=Fate.SENT, unit=None, **more):
        now = app.clock.now()
        with app.store.work() as work:
            draft = Draft(key, to, template, dict(SAMPLES[template]), unit_id=unit and unit.id, **more)
            work.outbox.add_all([draft], at=now)
            queued = work.outbox.by_key(key)
            kept = Kept(work.deliveries.model(b""), packed(Mail(key, "text", "<p>html</p>"), b""))
            if state is Fate.SENT:
                work.deliveries.sent(queued.id, now, kept)
            elif state is not Fate.QUEUED:
                work.deliveries.claim("email", "w", now, now, 100)
                work.deliveries.end(queued.id, "w", state, "550 查無此人", kept)
        return queued.id

    return post


@pytest.fixture
def keys(app, people):
    def keys(who="organiser", **asked):
        found = room.register(app, getattr(people, who), Asked(**asked))
        return [line.queued.key for line in found.lines]

    return keys


def test_messages_are_found_by_what_is_known_of_them(app, people, post, keys):
    post("receipt/1", "a@b.tw", unit=people.school)
    post("activate/1", "wang@school.edu.tw", "activate", Fate.REFUSED, people.neighbour)
    app.clock.goes_on(days=2)
    post("chase/1", "c@d.tw", "chase", Fate.GIVEN_UP)
    post("remind/1", "c@d.tw", "remind", Fate.QUEUED)
    assert keys() == ["remind/1", "chase/1", "activate/1", "receipt/1"]
    assert keys(state=Fate.QUEUED) == ["remind/1"]
    assert keys(state=Fate.SENT) == ["receipt/1"]
    assert keys(state=Fate.REFUSED) == ["activate/1"]
    assert keys(state=Fate.GIVEN_UP) == ["chase/1"]
    assert keys(text="activate") == ["activate/1"]
    assert keys(words="大成國中") == ["receipt/1"]
    assert keys(words="074601") == ["activate/1"]
    assert keys(words="Wang@") == ["activate/1"]
    assert keys(words="%") == []
    day = app.clock.now().date()
    assert keys(since=day) == ["remind/1", "chase/1"]
    assert keys(until=day.replace(day=day.day - 1)) == ["activate/1", "receipt/1"]
    assert keys(since=day, state=Fate.SENT) == []


def test_a_page_follows_a_page(app, people, post, keys):
    for number in range(PAGE + 3):
        post(f"k/{number}")
    first = room.register(app, people.organiser, Asked())
    assert len(first.lines) == PAGE
    assert keys(before=first.older) == ["k/2", "k/1", "k/0"]
    assert room.register(app, people.organiser, Asked(before=first.older)).older is None


def test_how_many_need_a_look_is_counted(app, people, post):
    post("a", state=Fate.QUEUED)
    post("b", state=Fate.REFUSED)
    post("c", template="activate", state=Fate.REFUSED)
    post("d")
    assert room.register(app, people.organiser, Asked()).counts == {Fate.QUEUED: 1, Fate.REFUSED: 2}
    assert room.register(app, people.support, Asked()).counts == {Fate.REFUSED: 1}


def test_support_sees_letters_about_accounts_and_nothing_else(app, people, post, keys):
    about_account, about_filing = post("activate/1", template="activate"), post("receipt/1")
    assert keys("support") == ["activate/1"]
    assert keys("support", text="receipt") == []
    assert room.read(app, people.support, about_account)
    assert room.read(app, people.support, about_filing) is None
    assert "receipt" not in room.register(app, people.support, Asked()).kinds


@pytest.mark.parametrize("who", ["officer", "county_officer", "agency"])
def test_others_see_nothing(app, people, post, who):
    number = post("receipt/1")
    for attempt in (room.register, room.read):
        with refused("not-allowed"):
            attempt(app, getattr(people, who), Asked() if attempt is room.register else number)


def test_the_words_are_those_that_went_out_or_those_that_would_go_now(app, people, post):
    sent, waits = post("receipt/1", unit=people.school), post("w", template="activate", state=Fate.QUEUED)
    read = room.read(app, people.organiser, sent)
    assert (read.mail, read.went_out) == (Mail("receipt/1", "text", "<p>html</p>"), True)
    assert read.officer == people.officer
    assert read.line.unit == people.school
    read = room.read(app, people.organiser, waits)
    assert (read.mail.subject, read.went_out) == ("請開通您的填報帳號", False)
    assert room.read(app, people.organiser, 0) is None


def test_a_link_that_waits_to_be_sent_is_seen_by_nobody(app, people, post):
    number = post("a", template="activate", state=Fate.QUEUED, secrets={"token": "open-sesame"})
    mail = room.read(app, people.organiser, number).mail
    assert "open-sesame" not in "".join(mail)
    assert "●●●●" in mail.text


def send_again(app, people, number, to="a@b.tw", times=0):
    return handling.send_again(app, people.organiser, number, to, times)


def test_it_is_sent_again_as_a_message_of_its_own(app, people, post):
    files = [Attachment("名單.xlsx", "application/vnd.ms-excel", b"PK")]
    about = {"unit": people.school, "account_id": people.officer.id}
    number = post("receipt/1", state=Fate.REFUSED, attachments=files, **about)
    repeat = send_again(app, people, number, people.officer.email)
    assert (repeat.state, repeat.recipient, repeat.repeats) == (Fate.QUEUED, people.officer.email, number)
    before, after = room.read(app, people.organiser, number), room.read(app, people.organiser, repeat.id)
    assert [each.id for each in before.again] == [repeat.id]
    assert after.before.id == number
    assert before.line.queued.message_id != repeat.message_id
    assert [each.name for each in repeat.enclosed] == ["名單.xlsx"]
    with app.store.read() as work:
        assert [each.action for each in work.audit.entries(subject=f"message/{number}")] == [Act.POST_SENT_AGAIN]


def test_the_same_form_twice_sends_once_and_another_time_sends_anew(app, people, post):
    number = post("receipt/1")
    first = send_again(app, people, number)
    assert send_again(app, people, number) == first
    assert send_again(app, people, number, times=1) != first
    with app.store.read() as work:
        assert len(work.outbox.all()) == 3


def test_it_goes_where_the_officer_is_now_and_greets_them_and_goes_nowhere_else(app, people, post):
    number = post("receipt/1", unit=people.school, account_id=people.officer.id)
    for address in ("a@b.tw", "thief@evil.example"):
        with refused("no-such-address"):
            send_again(app, people, number, address)
    assert send_again(app, people, number, people.officer.email).data["name"] == people.officer.name


def test_what_is_for_no_post_goes_where_it_went(app, people, post):
    number = post("password-changed/1", template="password-changed", unit=people.school)
    with refused("no-such-address"):
        send_again(app, people, number, people.officer.email)
    assert send_again(app, people, number).recipient == "a@b.tw"


def test_what_was_for_a_post_nobody_holds_is_not_sent_again(app, people, post):
    number = post("compile/1", template="compile", account_id=people.agency.id)
    invitations.retire(app, people.organiser, people.agency)
    with refused("not-again"):
        send_again(app, people, number)


@pytest.mark.parametrize("template", ["activate", "new-password", "new-email", "invitation"])
def test_a_mail_with_a_secret_is_never_sent_again_but_says_how_to_get_a_new_one(app, people, post, template):
    with pytest.raises(Refusal) as refusal:
        send_again(app, people, post("a", template=template))
    assert refusal.value.code == "not-again"
    assert handling.ANEW[template] in refusal.value.remedy


def test_what_waits_or_is_not_there_is_not_sent_again(app, people, post):
    with refused("not-again"):
        send_again(app, people, post("a", state=Fate.QUEUED))
    with refused("no-such-message"):
        send_again(app, people, 99)


def test_one_that_waits_is_given_up(app, people, post):
    number = post("a", template="activate", state=Fate.QUEUED, secrets={"token": "open-sesame"})
    handling.give_up(app, people.organiser, number)
    with app.store.read() as work:
        queued = work.outbox.get(number)
        assert not work.deliveries.any_due("email", app.clock.now())
    assert (queued.state, queued.secrets, queued.last_words) == (Fate.WITHDRAWN, {}, "由許研發取消")
    with refused("not-waiting"):
        handling.give_up(app, people.organiser, number)


def test_what_a_worker_has_in_hand_is_not_given_up(app, people, post):
    number, now = post("a", state=Fate.QUEUED), app.clock.now()
    with app.store.work() as work:
        work.deliveries.claim("email", "w", now, now.replace(hour=now.hour + 1), 100)
    with refused("not-waiting"):
        handling.give_up(app, people.organiser, number)


@pytest.mark.parametrize("who", ["officer", "county_officer", "support", "agency"])
def test_only_the_organiser_does_something(app, people, post, who):
    number, account = post("a"), getattr(people, who)
    with refused("not-allowed"):
        handling.send_again(app, account, number, "a@b.tw", 0)
    with refused("not-allowed"):
        handling.give_up(app, account, number)
