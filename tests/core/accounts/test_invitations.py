"""Invitations of the national roles."""

from tianbao.accounts import Role, invitations, sign_in

from ..flows import DETAILS, HERE, NEW_PASSWORD, problems, refusal


def test_the_first_organiser_is_invited_from_the_command_line_and_invites_others(app, token, mails):
    invitations.invite(app, Role.ORGANISER, "rd_first", "許一", "first@example.edu.tw")
    first = invitations.accept(app, token("invitation"), NEW_PASSWORD, DETAILS)
    assert sign_in(app, "rd_first", NEW_PASSWORD, HERE).role is Role.ORGANISER
    invitations.invite(app, Role.AGENCY, "k12_two", "蔡二", "two@example.edu.tw", first)
    invitations.accept(app, token("invitation"), NEW_PASSWORD + "2", DETAILS)
    assert [recipient for _, recipient in mails()] == ["first@example.edu.tw", "two@example.edu.tw"]


def test_an_invitation_can_be_sent_again_and_the_first_link_is_void(app, token):
    invitations.invite(app, Role.SUPPORT, "help_02", "吳", "typo@example.edu.tw")
    old = token("invitation")
    invitations.invite(app, Role.SUPPORT, "help_02", "吳", "right@example.edu.tw")
    assert refusal(invitations.accept, app, old, NEW_PASSWORD, DETAILS).code == "link-void"
    assert invitations.accept(app, token("invitation"), NEW_PASSWORD, DETAILS).email == "right@example.edu.tw"


def test_nobody_but_the_organiser_invites_and_only_to_national_roles(app, people):
    for who in (people.officer, people.county_officer, people.support, people.agency):
        assert refusal(invitations.invite, app, Role.SUPPORT, "help_02", "吳", "a@b.tw", who).code == "not-allowed"
    refused = refusal(invitations.invite, app, Role.UNIT_OFFICER, "x_abcd", "吳", "a@b.tw", people.organiser)
    assert refused.code == "role-registered"


def test_an_invitation_to_a_login_in_use_or_badly_formed_is_refused(app, people):
    def invite(login, name="吳", email="a@b.tw"):
        return problems(invitations.invite, app, Role.SUPPORT, login, name, email)

    assert invite(people.agency.login) == {"login": "login-used"}
    assert invite("1x", "", "a") == {"login": "login-form", "name": "required", "email": "email"}


def test_the_organiser_retires_an_account_of_a_national_role_but_not_their_own(app, people):
    invitations.retire(app, people.organiser, people.agency)
    assert refusal(sign_in, app, people.agency.login, people.password, HERE).code == "account-retired"
    assert refusal(invitations.retire, app, people.organiser, people.organiser).code == "own-account"
    assert refusal(invitations.retire, app, people.organiser, people.officer).code == "own-account"
