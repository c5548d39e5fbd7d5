"""Every mail that the use cases queue can be written: what they give is what the texts name."""

import pytest

from tianbao.accounts import Role, forgotten, invitations, profile, registration, resets, second_step
from tianbao.accounts.forms import Details
from tianbao.accounts.resets import Reason
from tianbao.accounts.seats import Seat
from tianbao.clock import FixedClock
from tianbao.delivery import compose
from tianbao.filings import file_nil
from tianbao.mails.texts import SHIPPED
from tianbao.periods import Period
from tianbao.reminders.by_hand import remind_now
from tianbao.reminders.tick import tick

PASSWORD = "Copper-owl-52"
HERE = "192.0.2.7"


@pytest.fixture
def database():
    """What is queued is the same on either database."""
    return "sqlite"


@pytest.fixture
def queued(app):
    """The messages queued so far, by their text."""

    def queued():
        with app.store.read() as work:
            return {each.template: each for each in work.outbox.all()}

    return queued


def test_every_mail_there_is_is_queued_by_a_use_case_and_can_be_written(app, people, queued):
    file_nil(app, people.officer, people.school, Period.parse("2025-02"))
    forgotten.forget(app, people.officer.email, HERE)
    forgotten.set_new(app, queued()["new-password"].secrets["token"], PASSWORD)
    profile.ask_new_email(app, people.officer, PASSWORD, "new@example.edu.tw", HERE)
    officer = profile.confirm_email(app, queued()["new-email"].secrets["token"])
    invitations.invite(app, Role.AGENCY, "ministry", "陳淑芬", "chen@example.edu.tw", people.organiser)
    resets.carry_out(app, people.support, resets.request(app, people.support, officer, Reason.NEW_POST, "主任").id)
    details = Details.typed("林怡君", "輔導組長", "04-7222121", "12")
    registration.register(app, Seat(people.school), "lin_01", PASSWORD, details, "lin@example.edu.tw", HERE)
    _old_login(app, people)
    _lost_code(app, people)
    _late(app, people)

    written = {name: compose(message, app.settings) for name, message in queued().items()}
    assert set(written) == set(SHIPPED)
    assert written["email-changed"].to == people.officer.email
    assert written["new-email"].to == "new@example.edu.tw"
    assert all("縣立大成國中" in written[name].text for name in ("activate", "account-reset", "receipt"))


def _lost_code(app, people):
    """The organiser's authenticator is lost."""
    with app.store.work() as work:
        work.accounts.set_totp_secret(people.organiser.id, "lost")
    second_step.lift(app, people.support, people.organiser, "本人來電，已回撥確認")


def _late(app, people):
    """A month goes by in which nobody else files."""
    for day in ("2025-03-01", "2025-03-11", "2025-03-17"):
        app.clock.moment = FixedClock.at(f"{day}T08:00").now()
        tick(app)
    app.clock.goes_on(days=1)
    remind_now(app, people.county_officer, [people.neighbour], Period.parse("2025-02"))


def _old_login(app, people):
    """An account brought over from the old system chooses its handle."""
    from attrs import evolve

    with app.store.work() as work:
        work.accounts.save(evolve(people.neighbours_officer, handle=None, login="074601"))
        old = work.accounts.get(people.neighbours_officer.id)
    registration.choose_handle(app, old, "chen_2")
