"""帳號管理 and the idle limit."""

import re
from datetime import timedelta

import pyotp
import pytest

from tianbao.accounts import sessions

NEW = "Heron-9-lamplight"
OLD = "Kestrel-7-lantern"


def test_one_sees_ones_own_account(officer, people):
    page = officer.get("/account").text
    assert people.officer.login in page
    assert people.officer.email in page
    assert "動態驗證碼" not in page


def test_details_are_changed(officer):
    typed = {"name": "王大明", "title": "輔導組長", "phone": "04-7222121", "extension": "35207"}
    page = officer.fill_in("/account/details", typed)
    assert "承辦人資料已更新" in page.text
    assert "輔導組長" in page.text


def test_wrong_details_stay_as_typed(officer):
    answer = officer.fill_in("/account/details", {"name": "王大明", "title": "", "phone": "12", "extension": ""})
    assert answer.status_code == 422
    assert 'value="王大明"' in answer.text
    assert 'href="#title"' in answer.text
    assert 'id="phone-fault"' in answer.text


def test_a_new_password_ends_the_other_sessions(officer, app, people):
    elsewhere = sessions.start(app, people.officer, "elsewhere")
    assert "密碼已更改" in officer.fill_in("/account/password", {"old": OLD, "new": NEW}).text
    assert sessions.find(app, elsewhere) is None
    officer.cookies.clear()
    assert officer.sign_in(people.officer, NEW).url.path == "/"


def test_a_password_is_never_sent_back(officer):
    answer = officer.fill_in("/account/password", {"old": "wrong-Pass-1", "new": "short"})
    assert answer.status_code == 422
    assert "wrong-Pass-1" not in answer.text
    assert 'id="old-fault"' in answer.text
    assert 'id="new-fault"' in answer.text


def test_a_new_address_counts_once_it_was_confirmed(officer, app, people):
    before = people.officer.email
    page = officer.fill_in("/account/email", {"email": "new@school.edu.tw", "password": OLD})
    assert "確認信已寄到新信箱" in page.text
    assert before in page.text
    with app.store.read() as work:
        letter = work.outbox.to("new@school.edu.tw")[0]
    officer.fill_in(f"/email/{letter.secrets['token']}")
    assert "new@school.edu.tw" in officer.get("/account").text
    with app.store.read() as work:
        assert work.outbox.to(before)[-1].template == "email-changed"


def test_a_new_address_wants_the_password(officer):
    answer = officer.fill_in("/account/email", {"email": "new@school.edu.tw", "password": "no"})
    assert answer.status_code == 422
    assert 'id="password-fault"' in answer.text
    assert 'value="new@school.edu.tw"' in answer.text


@pytest.fixture
def organiser(visitor, people):
    visitor.sign_in(people.organiser)
    return visitor


def _secret(page):
    return re.search(r'name="secret" value="(\w+)"', page.text)[1]


def test_the_second_step_is_turned_on_and_off(organiser, people, clock):
    offered = organiser.get("/account/code")
    assert "<svg" in offered.text
    secret = _secret(offered)
    code = pyotp.TOTP(secret).at(int(clock.now().timestamp()))
    answer = organiser.fill_in("/account/code", {"secret": secret, "code": code, "password": OLD})
    assert "已啟用動態驗證碼" in answer.text
    assert organiser.become(people.organiser).url.path == "/sign-in/code"
    later = pyotp.TOTP(secret).at(int((clock.now() + timedelta(seconds=30)).timestamp()))
    organiser.fill_in("/sign-in/code", {"code": later})
    page = organiser.get("/account/code").text
    token = re.search(r'name="_csrf" value="(\w+)"', page)[1]
    assert "不正確" in organiser.post("/account/code/off", data={"_csrf": token, "password": "no"}).text
    assert "已停用動態驗證碼" in organiser.post("/account/code/off", data={"_csrf": token, "password": OLD}).text


def test_a_mistyped_code_offers_the_same_secret_again(organiser):
    secret = _secret(organiser.get("/account/code"))
    answer = organiser.fill_in("/account/code", {"secret": secret, "code": "abc", "password": OLD})
    assert answer.status_code == 422
    assert 'id="code-fault"' in answer.text
    assert _secret(answer) == secret


def test_a_secret_of_ones_own_making_is_not_taken(organiser):
    answer = organiser.fill_in("/account/code", {"secret": "A1", "code": "123456", "password": OLD})
    assert answer.status_code == 422
    assert _secret(answer) != "A1"


def test_the_second_step_is_for_national_roles(officer):
    assert officer.get("/account/code").status_code == 422


def test_staying_touches_the_session(officer, clock):
    clock.goes_on(minutes=20)
    token = re.search(r'name="_csrf" value="(\w+)"', officer.get("/account").text)[1]
    clock.goes_on(minutes=20)
    assert officer.post("/account/stay", headers={"X-CSRF-Token": token}).status_code == 204
    clock.goes_on(minutes=20)
    assert officer.get("/account").url.path == "/account"


def test_staying_works_without_a_script(officer):
    token = re.search(r'name="_csrf" value="(\w+)"', officer.get("/account").text)[1]
    assert officer.post("/account/stay", data={"_csrf": token}).url.path == "/"


def test_an_idle_session_ends(officer, clock):
    clock.goes_on(minutes=31)
    assert officer.get("/account").url.path == "/sign-in"


def test_pages_know_when_the_session_ends(officer, visitor, clock):
    assert 'data-idle="1800"' in officer.get("/account").text
    officer.cookies.clear()
    assert "data-idle" not in visitor.get("/sign-in").text
