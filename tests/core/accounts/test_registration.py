"""新建帳號 and 變更登入帳號."""

import pytest
from attrs import evolve

from tianbao import accounts
from tianbao.accounts import Account, Role, Standing, forgotten, invitations, profile, registration, sign_in, throttle
from tianbao.accounts.forms import Details
from tianbao.accounts.registration import register
from tianbao.accounts.seats import Seat
from tianbao.filings import file_nil
from tianbao.periods import Period
from tianbao.units import Level, Unit

from ..flows import HERE, NEW_PASSWORD, join, problems, refusal


def test_registering_takes_effect_when_the_link_was_followed(app, people, mails, token):
    account = join(app, Seat(people.far))
    assert (account.login, account.standing) == ("340301_lee_01", Standing.PENDING)
    assert mails() == [("activate", "lee@example.edu.tw")]
    assert refusal(sign_in, app, account.login, NEW_PASSWORD, HERE).code == "not-activated"
    active = registration.activate(app, token("activate"))
    assert active.active
    signed_in = sign_in(app, account.login, NEW_PASSWORD, HERE)
    assert (signed_in.name, signed_in.extension, signed_in.unit_id) == ("李新任", "35207", people.far.id)


def test_the_mail_names_what_its_text_needs(app, people):
    from tianbao.mails import render

    join(app, Seat(people.far))
    with app.store.read() as work:
        (queued,) = work.outbox.all()
    assert "token" not in queued.data
    assert queued.secrets["token"] in render("activate", {**queued.data, **queued.secrets}, app.settings).text


def test_only_a_unit_without_an_active_account_can_register(app, people, mails):
    refused = refusal(join, app, Seat(people.school))
    assert (refused.code, app.settings.contacts.support.phone in refused.remedy) == ("seat-taken", True)
    assert mails() == []


def test_every_field_that_is_wrong_is_named(app, people):
    wrong = Details.typed("", "　", "7222121", "12a")
    found = problems(register, app, Seat(people.far), "Lee", "x", wrong, "lee@school", HERE)
    assert found == {
        "handle": "handle-form", "password": "password-rules", "name": "required", "title": "required",
        "phone": "phone", "extension": "extension", "email": "email",
    }  # fmt: skip


@pytest.mark.parametrize("handle", ["abc", "abcdefghi", "ABCD", "ab-cd", "ab cd", "ａｂｃｄ", "王小明a", ""])
def test_a_handle_is_four_to_eight_of_digits_small_letters_and_underline(app, people, handle):
    assert problems(join, app, Seat(people.far), handle) == {"handle": "handle-form"}


def test_full_width_phones_and_capitals_in_addresses_are_understood(app, people):
    details = Details.typed(" 李新任 ", "組長", "（０４）７２２２１２１", "３５２０７")
    account = join(app, Seat(people.far), email=" Lee@Example.edu.tw ", details=details)
    assert (account.phone, account.extension, account.email) == ("(04)7222121", "35207", "lee@example.edu.tw")


def test_where_one_code_has_several_levels_the_login_carries_the_levels_letter(app, people):
    with app.store.work() as work:
        attached = work.units.get(work.units.add(Unit("340301", Level.JUNIOR_HIGH, "市立遠山高中附設國中", "臺北市")))
    assert join(app, Seat(attached)).login == "340301j_lee_01"
    assert join(app, Seat(people.far)).login == "340301h_lee_01"


def test_who_mistyped_the_address_registers_again_and_the_first_link_is_void(app, people, token, mails):
    first = join(app, Seat(people.far), email="typo@example.edu.tw")
    old = token("activate")
    again = join(app, Seat(people.far), email="lee@example.edu.tw")
    assert (again.id, again.email) == (first.id, "lee@example.edu.tw")
    assert refusal(registration.activate, app, old).code == "link-void"
    assert registration.activate(app, token("activate")).email == "lee@example.edu.tw"
    assert [recipient for _, recipient in mails()] == ["typo@example.edu.tw", "lee@example.edu.tw"]


def test_of_two_registrations_the_first_activated_has_the_seat(app, people, token):
    join(app, Seat(people.far), "lee_01")
    first = token("activate")
    join(app, Seat(people.far), "hsu_01", email="hsu@example.edu.tw")
    second = token("activate")
    registration.activate(app, first)
    assert refusal(registration.activate, app, second).code == "link-void"


def test_a_link_is_good_once_and_for_a_while(app, people, token, clock):
    join(app, Seat(people.far))
    link = token("activate")
    assert refusal(registration.activate, app, link + "x").code == "link-unknown"
    clock.goes_on(days=3)
    assert refusal(registration.activate, app, link).code == "link-expired"
    clock.goes_on(seconds=-1)
    registration.activate(app, link)
    assert refusal(registration.activate, app, link).code == "link-used"


def test_a_link_is_good_for_nothing_else(app, people, token):
    join(app, Seat(people.far))
    for other in (forgotten.whose, profile.confirm_email, invitations.whose):
        assert refusal(other, app, token("activate")).code == "link-unknown"


def test_a_county_has_one_officer_and_a_login_of_its_own(app, people, token):
    assert refusal(join, app, Seat(county="彰化縣")).code == "seat-taken"
    account = join(app, Seat(county="臺北市"))
    active = registration.activate(app, token("activate"))
    assert (account.login, active.role, active.county) == ("tpe_lee_01", Role.COUNTY_OFFICER, "臺北市")


def test_a_registration_cannot_take_the_place_of_an_invitation(app, people):
    invitations.invite(app, Role.ORGANISER, "tpe_lee_01", "李", "lee@example.edu.tw")
    assert problems(join, app, Seat(county="臺北市")) == {"handle": "handle-used"}


def test_the_store_itself_refuses_a_second_active_account(app, people):
    from sqlalchemy.exc import IntegrityError

    second = evolve(people.officer, login="074501_other1", handle="other1")
    with pytest.raises(IntegrityError), app.store.work() as work:
        accounts.add(work, second)


@pytest.fixture
def legacy(app, people):
    """An account brought over from the old system: its login is the bare unit code."""
    with app.store.work() as work:
        old = Account(
            0,
            "340301",
            Role.UNIT_OFFICER,
            "舊承辦",
            "old@example.edu.tw",
            unit_id=people.far.id,
            created_at=app.clock.now(),
        )
        return accounts.add(work, old, app.hasher.hash(people.password))


def test_an_account_of_the_old_system_chooses_a_handle_before_anything_else(app, people, legacy, mails):
    signed_in = sign_in(app, "340301", people.password, HERE)
    assert signed_in.must_choose_handle
    assert refusal(file_nil, app, signed_in, people.far, Period(2025, 2)).code == "not-allowed"
    changed = registration.choose_handle(app, signed_in, "old_01")
    assert (changed.login, changed.must_choose_handle) == ("340301_old_01", False)
    assert refusal(sign_in, app, "340301", people.password, HERE).code == "wrong-sign-in"
    assert file_nil(app, sign_in(app, "340301_old_01", people.password, HERE), people.far, Period(2025, 2))
    assert mails() == [("login-changed", "old@example.edu.tw"), ("receipt", "old@example.edu.tw")]


def test_a_handle_is_chosen_once_and_by_the_rules(app, people, legacy):
    assert problems(registration.choose_handle, app, legacy, "No") == {"handle": "handle-form"}
    registration.choose_handle(app, legacy, "old_01")
    assert refusal(registration.choose_handle, app, legacy, "old_02").code == "handle-chosen"
    assert refusal(registration.choose_handle, app, people.officer, "wang02").code == "handle-chosen"


def test_one_mailbox_does_not_get_activation_mails_without_end(app, people, mails, clock):
    for number in range(throttle.REGISTERING.of_name):
        join(app, Seat(people.far), f"lee_{number}", address=f"198.51.100.{number}")
    refused = refusal(join, app, Seat(people.far), "lee_9", address="198.51.100.9")
    assert refused.code == "throttled"
    assert "15 分鐘後（114年3月5日（星期三）10:15）" in refused.message
    assert len(mails()) == throttle.REGISTERING.of_name
    assert join(app, Seat(people.far), "lee_9", email="hsu@example.edu.tw")
    clock.goes_on(minutes=15)
    assert join(app, Seat(people.far), "lee_8")


def test_a_room_full_of_officers_registers_from_one_address_and_a_robot_does_not(app, people):
    for number in range(throttle.REGISTERING.of_address):
        join(app, Seat(people.far), f"lee_{number}", email=f"lee{number}@example.edu.tw")
    robot = {"email": "robot@example.edu.tw"}
    assert refusal(join, app, Seat(people.far), "robot_1", **robot).code == "throttled"
    assert join(app, Seat(people.far), "robot_1", **robot, address="198.51.100.7")
    assert sign_in(app, people.officer.login, people.password, HERE), "signing in is counted apart"


def test_a_form_that_is_refused_does_not_count_as_a_registration(app, people):
    for _ in range(throttle.REGISTERING.of_name + 1):
        problems(join, app, Seat(people.far), email="lee@example.edu.tw", password="short")
    assert join(app, Seat(people.far))


def test_failures_to_sign_in_keep_nobody_from_registering(app, people):
    for number in range(throttle.SIGNING_IN.of_address):
        refusal(sign_in, app, f"nobody{number}", "wrong", HERE)
    assert join(app, Seat(people.far))
