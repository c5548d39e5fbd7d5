"""新建帳號、開通、忘記密碼、變更登入帳號, the second step, and the demo's mailbox, as the server answers them."""

import pyotp
import pytest
from attrs import evolve

from tianbao import accounts
from tianbao.accounts import Account, Role, invitations, profile, second_step, throttle
from tianbao_web_litestar.app import create

NEW_PASSWORD = "Lantern-9-kestrel"
FORM = {
    "handle": "lee_01",
    "password": NEW_PASSWORD,
    "name": "李新任",
    "title": "輔導組長",
    "phone": "04-7222121",
    "extension": "35207",
    "email": "lee@example.edu.tw",
}
VACANT = "/register/340301-senior_high"


@pytest.fixture
def token(app):
    """The token of the newest mail to an address."""

    def newest(to):
        with app.store.read() as work:
            return work.outbox.to(to)[-1].secrets["token"]

    return newest


@pytest.fixture
def newcomer(app, people):
    """An account brought over from the old system: it has no handle."""
    with app.store.work() as work:
        account = Account(
            0,
            "340301",
            Role.UNIT_OFFICER,
            "周舊任",
            "chou@example.tw",
            unit_id=people.far.id,
            created_at=app.clock.now(),
        )
        return accounts.add(work, account, app.hasher.hash(people.password))


def test_the_school_is_found_by_a_keyword(visitor, people):
    page = visitor.get("/register?category=senior_high&q=遠山")
    assert people.far.name in page.text
    assert f'href="{VACANT}"' in page.text
    assert people.school.name not in page.text


def test_a_keyword_of_thousands_of_words_finds_nothing_and_costs_little(visitor, people):
    page = visitor.get("/register", params={"category": "senior_high", "q": "a " * 20000})
    assert page.status_code == 200
    assert people.far.name not in page.text


def test_counties_are_found_too(visitor, people):
    assert "臺東縣政府" in visitor.get("/register?category=county&q=台東").text
    assert "縣市政府" in visitor.get("/register/臺東縣").text


@pytest.mark.parametrize("query", ["q=無此校名", "category=county&q=無此縣", "q=%00"])
def test_nothing_found_says_what_to_do(visitor, people, query):
    assert "找不到符合的單位" in visitor.get(f"/register?{query}").text


def test_searching_for_nothing_asks_for_a_keyword(visitor, people):
    assert "請輸入學校關鍵字" in visitor.get("/register?category=senior_high&q=").text
    assert "請輸入學校關鍵字" not in visitor.get("/register").text


@pytest.mark.parametrize("address", ["340301-nowhere", "999999-elementary", "無此縣", "340301"])
def test_an_unknown_unit_is_not_found(visitor, people, address):
    for page in (f"/register/{address}", f"/register/{address}/handle?handle=abcd"):
        assert visitor.get(page).status_code == 404


def test_a_unit_with_an_account_says_why_and_whom_to_call(visitor, people, app):
    page = visitor.get("/register/074501-junior_high")
    assert page.status_code == 409
    assert "已有使用中的帳號" in page.text
    assert app.settings.contacts.support.phone in page.text
    assert '<form class="flow" action="/register' not in page.text


def test_registering_activating_and_being_in(visitor, people, token):
    assert "lee@example.edu.tw" in visitor.fill_in(VACANT, FORM).text
    link = f"/activate/{token(FORM['email'])}"
    for _ in range(2):  # a mail scanner looks first
        assert "340301_lee_01" in visitor.get(link).text
    assert visitor.fill_in(link).url.path == "/"
    assert "李新任" in visitor.get("/").text
    again = visitor.get(link)
    assert again.status_code == 410
    assert "已經使用過了" in again.text


def test_all_that_is_wrong_is_said_and_what_was_typed_stays(visitor, people):
    page = visitor.fill_in(VACANT, {**FORM, "handle": "Ab", "password": "short", "phone": "12", "email": "lee"})
    assert page.status_code == 422
    for field in ("handle", "password", "phone", "email"):
        assert f'<a href="#{field}">' in page.text
        assert f'id="{field}-fault"' in page.text
    assert 'value="李新任"' in page.text
    assert 'value="Ab"' in page.text
    assert "short" not in page.text


@pytest.mark.parametrize(
    ("handle", "says"),
    [("lee_01", "340301_lee_01"), ("Lee", "4～8 碼"), ("chou_0", "以前使用過"), ("", 'id="checked"')],
)
def test_a_handle_is_checked_while_it_is_typed(visitor, app, people, handle, says):
    with app.store.work() as work:
        old = Account(0, "340301_chou_0", Role.UNIT_OFFICER, "周", "c@example.tw", "chou_0", people.far.id)
        accounts.add(work, evolve(old, standing=accounts.Standing.RETIRED, created_at=app.clock.now()))
    assert says in visitor.get(f"{VACANT}/handle", params={"handle": handle}).text


def test_the_four_rules_are_listed(visitor, people):
    assert visitor.get(VACANT).text.count("data-pattern=") == 4


def test_forgotten_says_the_same_of_everybody(visitor, people, app):
    answers = {
        visitor.fill_in("/forgotten", {"login": who}).text
        for who in (people.officer.login, people.officer.email, "nobody_1", "nobody@example.tw")
    }
    assert len(answers) == 1
    with app.store.read() as work:
        assert len(work.outbox.all()) == 2


def test_forgotten_wants_something_to_go_by(visitor):
    page = visitor.fill_in("/forgotten", {"login": " "})
    assert page.status_code == 422
    assert "請輸入帳號或註冊信箱。" in page.text


def test_a_new_password_is_set_once(visitor, people, token):
    visitor.fill_in("/forgotten", {"login": people.officer.login})
    link = f"/password/{token(people.officer.email)}"
    assert visitor.fill_in(link, {"password": "weak"}).status_code == 422
    assert people.officer.login in visitor.fill_in(link, {"password": NEW_PASSWORD}).text
    assert visitor.get(link).status_code == 410
    assert visitor.sign_in(people.officer, NEW_PASSWORD).url.path == "/"


@pytest.mark.parametrize(
    ("page", "offers"),
    [("activate", "/register"), ("password", "/forgotten"), ("email", "/sign-in"), ("invitation", "/sign-in")],
)
def test_a_bad_link_says_so_and_offers_another(visitor, page, offers):
    answer = visitor.get(f"/{page}/nonsense")
    assert answer.status_code == 410
    assert "這個連結不完整" in answer.text
    assert f'class="button" href="{offers}"' in answer.text


def test_an_old_link_says_so(visitor, people, token, clock):
    visitor.fill_in("/forgotten", {"login": people.officer.login})
    link = f"/password/{token(people.officer.email)}"
    clock.goes_on(minutes=31)
    assert "已超過有效時間" in visitor.get(link).text


def test_a_new_address_counts_once_it_is_confirmed(visitor, app, people, token):
    profile.ask_new_email(app, people.officer, people.password, "new@example.edu.tw", "here")
    link = f"/email/{token('new@example.edu.tw')}"
    assert "new@example.edu.tw" in visitor.get(link).text
    assert "已更換信箱" in visitor.fill_in(link).text
    with app.store.read() as work:
        assert work.accounts.get(people.officer.id).email == "new@example.edu.tw"


def test_an_invitation_is_accepted(visitor, app, people, token):
    invitations.invite(app, Role.AGENCY, "k12_new", "新科員", "k@example.gov.tw", people.organiser)
    link = f"/invitation/{token('k@example.gov.tw')}"
    assert visitor.fill_in(link, {"password": "weak", "name": "新科員"}).status_code == 422
    details = {"password": NEW_PASSWORD, "name": "新科員", "title": "科員", "phone": "02-77367800"}
    assert visitor.fill_in(link, details).url.path == "/"
    assert "國教署" in visitor.get("/").text


def test_an_account_without_a_handle_can_do_nothing_else(visitor, people, newcomer):
    assert visitor.sign_in(newcomer).url.path == "/handle"
    for page in ("/", "/filing/guide", "/filing/current"):
        assert visitor.get(page).url.path == "/handle"
    assert visitor.get("/api/v1/session").status_code == 403
    assert visitor.fill_in("/handle", {"handle": "x"}).status_code == 422
    assert "340301_chou_1" in visitor.get("/handle/check?handle=chou_1").text
    assert "340301_chou_1" in visitor.fill_in("/handle", {"handle": "chou_1"}).text
    assert visitor.get("/").url.path == "/"
    assert visitor.get("/handle").url.path == "/"


def test_who_has_no_handle_may_still_leave(visitor, newcomer):
    visitor.sign_in(newcomer)
    assert visitor.fill_in("/sign-out").url.path == "/sign-in"


def test_the_second_step(visitor, app, people, clock):
    secret = second_step.offer(people.organiser).secret
    codes = pyotp.TOTP(secret)
    second_step.turn_on(app, people.organiser, secret, codes.at(clock.now()))
    clock.goes_on(minutes=1)
    assert visitor.sign_in(people.organiser).url.path == "/sign-in/code"
    assert visitor.get("/").url.path == "/sign-in"
    visitor.get("/sign-in/code")
    wrong = visitor.fill_in("/sign-in/code", {"code": "000000"})
    assert (wrong.status_code, "驗證碼不正確" in wrong.text) == (422, True)
    waiting = visitor.cookies["tianbao_session"]
    assert visitor.fill_in("/sign-in/code", {"code": codes.at(clock.now())}).url.path == "/"
    assert visitor.cookies["tianbao_session"] != waiting


def test_the_second_step_comes_second(visitor):
    assert visitor.get("/sign-in/code").url.path == "/sign-in"


def test_who_has_a_second_step_does_not_come_in_by_the_api(visitor, app, people, clock):
    secret = second_step.offer(people.organiser).secret
    second_step.turn_on(app, people.organiser, secret, pyotp.TOTP(secret).at(clock.now()))
    body = {"login": people.organiser.login, "password": people.password}
    assert visitor.post("/api/v1/session", json=body).json()["code"] == "second-step-needed"


def test_who_guesses_waits_and_is_told_how_long(visitor, people):
    for _ in range(5):
        visitor.sign_in(people.officer, "Wrong-password-1")
    page = visitor.sign_in(people.officer)
    assert page.status_code == 429
    assert "15 分鐘後" in page.text
    assert 'href="/forgotten"' in page.text


def test_only_a_demo_has_a_mailbox(visitor, app, people):
    from .conftest import Browser

    assert visitor.get("/demo/mails").status_code == 404
    with Browser(create(evolve(app, demo=True)), raise_server_exceptions=False) as there:
        assert "還沒有信" in there.get("/demo/mails").text
        there.fill_in(VACANT, FORM)
        assert "lee@example.edu.tw" in there.get("/demo/mails").text
        assert "/activate/" in there.get("/demo/mails/1").text
        assert "開通帳號</a>" in there.get("/demo/mails/1/look").text
        assert there.get("/demo/mails/99").status_code == 404


def test_nothing_but_addresses_is_a_link_in_the_mailbox(app, people):
    from .conftest import Browser

    with Browser(create(evolve(app, demo=True))) as there:
        there.fill_in(VACANT, FORM)
        letter = there.get("/demo/mails/1").text.partition('class="mail-text')[2].partition("</main>")[0]
    assert letter.count("<a href=") == 1
    assert f'<a href="{app.settings.base_url}/activate/' in letter


def test_who_registers_too_often_is_told_when_to_try_again_and_keeps_what_was_typed(visitor, people):
    for number in range(throttle.REGISTERING.of_name):
        assert visitor.fill_in(VACANT, {**FORM, "handle": f"lee_{number}"}).status_code == 200
    answer = visitor.fill_in(VACANT, {**FORM, "handle": "lee_99"})
    assert answer.status_code == 429
    assert "分鐘後" in answer.text
    assert "請稍候再試" in answer.text
    assert 'value="lee_99"' in answer.text


def test_who_forgets_too_often_is_told_when_to_try_again(visitor, people):
    for _ in range(throttle.FORGETTING.of_address):
        visitor.fill_in("/forgotten", {"login": "nobody"})
    answer = visitor.fill_in("/forgotten", {"login": "nobody"})
    assert answer.status_code == 429
    assert "分鐘後" in answer.text
