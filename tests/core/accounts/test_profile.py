"""帳號管理: one's own details, password and address."""

from tianbao.accounts import forgotten, profile, sessions
from tianbao.accounts.forms import Details
from tianbao.filings import file_nil
from tianbao.periods import Period

from ..flows import DETAILS, HERE, NEW_PASSWORD, problems, refusal


def test_details_are_changed_and_the_trail_names_which(app, people):
    changed = profile.change_details(app, people.officer, Details("王大明", "輔導主任", "04-7222121"))
    with app.store.read() as work:
        assert work.accounts.get(people.officer.id) == changed
        assert work.audit.entries()[0].detail == {"fields": ["name", "title", "phone"]}


def test_what_was_filed_keeps_the_name_of_the_time(app, people):
    filing = file_nil(app, people.officer, people.school, Period(2025, 2))
    profile.change_details(app, people.officer, DETAILS)
    with app.store.read() as work:
        assert work.filings.get(filing.id).filed_by_name == "王小明"


def test_a_new_password_ends_the_other_sessions_and_keeps_this_one(app, people, mails):
    here, there = (sessions.start(app, people.officer, HERE) for _ in range(2))
    profile.change_password(app, people.officer, people.password, NEW_PASSWORD, HERE, keep=here)
    assert sessions.find(app, here)
    assert sessions.find(app, there) is None
    assert mails() == [("password-changed", people.officer.email)]


def test_the_old_password_is_asked_for_and_guesses_are_counted(app, people):
    def change(old):
        return problems(profile.change_password, app, people.officer, old, NEW_PASSWORD, HERE)

    assert [change("wrong")["old"] for _ in range(6)] == ["wrong-password"] * 5 + ["throttled"]


def test_a_new_address_counts_once_it_is_confirmed_and_the_old_one_is_told(app, people, token, mails):
    profile.ask_new_email(app, people.officer, people.password, " New@Example.edu.tw", HERE)
    with app.store.read() as work:
        assert work.accounts.get(people.officer.id).email == people.officer.email
    assert profile.confirm_email(app, token("new-email")).email == "new@example.edu.tw"
    assert mails() == [("new-email", "new@example.edu.tw"), ("email-changed", people.officer.email)]


def test_a_password_link_sent_to_the_old_address_is_void_when_the_new_one_counts(app, people, token):
    forgotten.forget(app, "074501_wang01", HERE)
    profile.ask_new_email(app, people.officer, people.password, "new@example.edu.tw", HERE)
    profile.confirm_email(app, token("new-email"))
    assert refusal(forgotten.set_new, app, token("new-password"), NEW_PASSWORD).code == "link-void"


def test_an_address_that_is_none_or_the_same_is_refused(app, people):
    def ask(email):
        return problems(profile.ask_new_email, app, people.officer, people.password, email, HERE)

    assert (ask("x@y"), ask(people.officer.email)) == ({"email": "email"}, {"email": "email-same"})
