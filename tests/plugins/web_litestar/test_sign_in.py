"""登入、登出."""

import re

import pytest
from attrs import evolve
from litestar.testing import TestClient

from tianbao.accounts import sessions
from tianbao_web_litestar.app import create
from tianbao_web_litestar.visits import SESSION


def test_signing_in_leads_home(visitor, people):
    page = visitor.sign_in(people.officer)
    assert page.url.path == "/"
    assert people.school.name in page.text


def test_a_page_that_wants_sign_in_is_come_back_to(visitor, people):
    asked = visitor.get("/filing/guide", follow_redirects=False)
    assert (asked.status_code, asked.headers["location"]) == (303, "/sign-in?next=/filing/guide")
    form = {"login": people.officer.login, "password": people.password, "next": "/filing/guide"}
    assert visitor.fill_in("/sign-in", form).url.path == "/filing/guide"


@pytest.mark.parametrize("elsewhere", ["//evil.example", "https://evil.example", "/\\evil.example", "evil"])
def test_nobody_is_sent_elsewhere(visitor, people, elsewhere):
    form = {"login": people.officer.login, "password": people.password, "next": elsewhere}
    answer = visitor.fill_in("/sign-in", form, follow_redirects=False)
    assert answer.headers["location"] == "/"


def test_a_wrong_password_keeps_the_login_and_never_the_password(visitor, people):
    page = visitor.sign_in(people.officer, "Wrong-password-1")
    assert page.status_code == 401
    assert "帳號或密碼不正確" in page.text
    assert people.officer.login in page.text
    assert "Wrong-password-1" not in page.text


def test_what_is_missing_is_said_beside_the_field_and_on_top(visitor):
    page = visitor.fill_in("/sign-in", {"login": "", "password": ""})
    assert page.status_code == 422
    assert page.text.count("請輸入帳號。") == 2
    assert '<a href="#password">請輸入密碼。</a>' in page.text
    assert 'aria-describedby="password-fault"' in page.text


def test_a_planted_session_is_never_adopted(visitor, people):
    visitor.cookies.set("tianbao_session", "planted", domain="testserver.local", path="/")
    visitor.sign_in(people.officer)
    assert "planted" not in {cookie.value for cookie in visitor.cookies.jar if cookie.name == "tianbao_session"}


def test_every_sign_in_has_a_session_of_its_own(visitor, people):
    sessions = set()
    for _ in range(2):
        visitor.become(people.officer)
        sessions.add(visitor.cookies["tianbao_session"])
    assert len(sessions) == 2


def test_signing_out_ends_the_session_on_the_server(officer):
    session = officer.cookies["tianbao_session"]
    officer.fill_in("/sign-out")
    officer.cookies.set("tianbao_session", session, domain="testserver.local", path="/")
    assert officer.get("/").url.path == "/sign-in"


def test_a_session_ends_when_it_was_idle(officer, clock):
    clock.goes_on(minutes=31)
    assert officer.get("/").url.path == "/sign-in"


@pytest.mark.parametrize("secure", [False, True])
def test_the_cookie_is_kept_from_scripts_and_other_sites(app, people, secure):
    app = evolve(app, settings=evolve(app.settings, secure_cookies=secure))
    with TestClient(create(app)) as client:
        body = {"login": people.officer.login, "password": people.password}
        cookie = client.post("/api/v1/session", json=body).headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert ("secure" in cookie) is secure


def test_who_is_signed_in_needs_no_form(officer):
    assert officer.get("/sign-in?next=/filing/guide").url.path == "/filing/guide"


def test_the_door_says_already_which_month_can_be_filed_and_until_when(visitor):
    door = visitor.get("/sign-in").text
    assert '<p class="month">114年2月</p>' in door
    assert "114年3月10日（星期一）" in door
    assert "還有 5 天" in door


def test_signing_in_anew_ends_the_session_before(officer, people, app):
    before = officer.cookies[SESSION]
    token = re.search(r'name="_csrf" value="(\w+)"', officer.get("/account/password").text)[1]
    form = {"_csrf": token, "login": people.officer.login, "password": people.password}
    officer.post("/sign-in", data=form)
    assert officer.cookies[SESSION] != before
    assert sessions.find(app, before) is None


def test_what_somebody_may_not_do_is_in_the_log_by_route_and_account(officer, people, caplog):
    assert officer.get(f"/people/{people.organiser.id}/retire").status_code == 403
    assert f"GET /people/{{account_id}}/retire refused (not-allowed) to {people.officer.subject}" in caplog.text
