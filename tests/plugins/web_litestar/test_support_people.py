"""The desks of support and of the organiser: others' accounts, and no filings."""

import re

import pytest
from attrs import evolve

from tianbao.accounts import Role, Standing


@pytest.fixture
def support(visitor, people):
    visitor.sign_in(people.support)
    return visitor


@pytest.fixture
def organiser(visitor, people):
    visitor.sign_in(people.organiser)
    return visitor


def token(page):
    return re.search(r'name="_csrf" value="(\w+)"', page.text)[1]


def test_units_and_counties_are_found(support):
    assert "縣立大成國小" in support.get("/support", params={"q": "大成"}).text
    assert "沒有帳號" in support.get("/support", params={"q": "340301"}).text
    assert "臺北市政府" in support.get("/support", params={"q": "台北"}).text
    assert "找不到" in support.get("/support", params={"q": "無此校"}).text


def test_an_account_is_shown_with_its_last_sign_in(support, people):
    assert "沒有紀錄" in support.get(f"/support/units/{people.school.id}").text
    support.become(people.officer)
    support.become(people.support)
    page = support.get(f"/support/units/{people.school.id}").text
    assert people.officer.login in page
    assert "沒有紀錄" not in page


def register(support, people, **form):
    page = support.get(f"/support/units/{people.school.id}")
    typed = {"_csrf": token(page), "reason": "new_post", "caller": "新任組長", "note": "八月到任", **form}
    return support.post(f"/support/accounts/{people.officer.id}/reset", data=typed)


def test_a_reset_from_the_call_to_the_mail(support, people, app):
    queue = register(support, people)
    assert "新任組長" in queue.text
    address = re.search(r"/support/resets/\d+", queue.text)[0]
    assert "八月到任" in support.get(address).text
    assert "帳號重置完成" in support.fill_in(address).text
    with app.store.read() as work:
        assert work.accounts.get(people.officer.id).standing is Standing.RETIRED
        assert work.outbox.to(people.officer.email)[-1].template == "account-reset"
    assert people.officer.login in support.get(f"/support/units/{people.school.id}").text
    assert support.get(address).status_code == 422


def test_a_reset_is_arranged_for_a_day_and_shown_by_its_step(support, people):
    address = re.search(r"/support/resets/\d+", register(support, people).text)[0]
    page = support.get(address)
    late = support.post(f"{address}/schedule", data={"_csrf": token(page), "day": "2024-01-01"})
    assert late.status_code == 422
    assert "安排的日期已經過了" in late.text
    missing = support.post(f"{address}/schedule", data={"_csrf": token(page), "day": "x"})
    assert "辦理的日期沒有填" in missing.text
    desk = support.post(f"{address}/schedule", data={"_csrf": token(page), "day": "2025-03-06"})
    assert "114年3月6日（星期四）辦理" in desk.text
    assert "已安排在 <strong>114年3月6日（星期四）</strong>" in support.get(address).text
    support.fill_in(address)
    assert "114年3月5日（星期三）完成" in support.get("/support").text


def test_support_sees_letters_about_accounts_and_nothing_about_filings(support, people, app):
    with app.store.work() as work:
        for template in ("remind", "activate"):
            work.outbox.add(template, people.officer.email, template, {}, at=app.clock.now(), unit_id=people.school.id)
    page = support.get(f"/support/units/{people.school.id}").text
    assert "帳號開通信" in page
    assert "填報提醒" not in page


def test_a_registered_reset_can_be_taken_back(support, people):
    address = re.search(r"/support/resets/\d+", register(support, people).text)[0]
    answer = support.post(f"{address}/withdraw", data={"_csrf": token(support.get(address))})
    assert "已取消這件登記" in answer.text
    assert "目前沒有等待安排的帳號" in answer.text


def test_a_reset_wants_a_reason_and_a_caller(support, people):
    answer = register(support, people, reason="")
    assert answer.status_code == 422
    assert 'id="reason-fault"' in answer.text
    assert 'value="新任組長"' in answer.text
    assert 'id="caller-fault"' in register(support, people, caller="").text


def test_national_accounts_are_not_reset_here(support, people):
    page = support.get("/support")
    answer = support.post(f"/support/accounts/{people.organiser.id}/reset", data={"_csrf": token(page)})
    assert answer.status_code == 404


INVITED = {"role": "agency", "login": "k12_new", "name": "新同仁", "email": "new@mail.k12ea.gov.tw"}


def test_people_are_invited_again_and_taken_back(organiser, app):
    page = organiser.fill_in("/people/invite", INVITED)
    assert "邀請信已寄出" in page.text
    with app.store.read() as work:
        (invited,) = [each for each in work.accounts.of_role(Role.AGENCY) if each.login == "k12_new"]
    organiser.post(f"/people/{invited.id}/resend", data={"_csrf": token(page)})
    with app.store.read() as work:
        assert [mail.template for mail in work.outbox.to(INVITED["email"])] == ["invitation", "invitation"]
    assert "帳號已停用" in organiser.fill_in(f"/people/{invited.id}/retire").text
    with app.store.read() as work:
        assert work.accounts.get(invited.id).standing is Standing.RETIRED


def test_a_wrong_invitation_stays_as_typed(organiser):
    answer = organiser.fill_in("/people/invite", {**INVITED, "email": "nowhere"})
    assert answer.status_code == 422
    assert 'value="k12_new"' in answer.text
    assert 'id="email-fault"' in answer.text
    assert 'id="role-fault"' in organiser.fill_in("/people/invite", {**INVITED, "role": "unit_officer"}).text


def test_nobody_retires_themselves_or_a_school(organiser, people):
    page = organiser.get("/people")
    for person, status in ((people.organiser, 422), (people.officer, 404)):
        answer = organiser.post(f"/people/{person.id}/retire", data={"_csrf": token(page)})
        assert answer.status_code == status


def test_who_has_accepted_gets_no_invitation(organiser, people):
    answer = organiser.post(f"/people/{people.agency.id}/resend", data={"_csrf": token(organiser.get("/people"))})
    assert answer.status_code == 422


@pytest.fixture
def holder(people, app):
    """The agency's account, which is asked for a code."""
    with app.store.work() as work:
        work.accounts.set_totp_secret(people.agency.id, "unused")
    return people.agency


@pytest.mark.parametrize("who", ["support", "organiser"])
def test_a_lost_code_is_lifted_after_a_call(visitor, people, app, holder, who):
    visitor.sign_in(getattr(people, who))
    assert holder.login in visitor.get("/codes").text
    address = f"/codes/{holder.id}"
    refused = visitor.fill_in(address, {"reason": ""})
    assert refused.status_code == 422
    assert 'id="reason-fault"' in refused.text
    done = visitor.fill_in(address, {"reason": "本人來電，已回撥確認"})
    assert "通知信已寄給本人" in done.text
    assert holder.login not in done.text
    with app.store.read() as work:
        assert work.outbox.to(holder.email)[-1].template == "code-lifted"
    assert visitor.get(address).status_code == 404


def test_a_code_nobody_has_cannot_be_lifted(support, people):
    assert "沒有人啟用動態驗證碼" in support.get("/codes").text
    answer = support.post(f"/codes/{people.organiser.id}", data={"_csrf": token(support.get("/codes")), "reason": "x"})
    assert answer.status_code == 404


def test_who_serves_two_units_and_a_county_by_one_mailbox_has_each_ones_letters_at_its_own(support, people, app):
    theirs = people.neighbours_officer.email
    titles = {
        "receipt": "填報收據",
        "activate": "帳號開通信",
        "chase-county": "縣市未填報名單",
        "login-changed": "登入帳號變更通知",
    }
    with app.store.work() as work:
        work.accounts.save(evolve(people.county_officer, email=theirs))
        work.accounts.save(evolve(people.officer, email=theirs))
        for template, data, unit in (
            ("receipt", {}, people.school),
            ("activate", {}, people.neighbour),
            ("chase-county", {"county": "彰化縣"}, None),
            ("login-changed", {"login": people.county_officer.login}, None),
            ("invitation", {"login": "k12_other"}, None),
        ):
            unit_id = unit.id if unit else None
            work.outbox.add(template, theirs, template, data, at=app.clock.now(), unit_id=unit_id)

    def shown(address):
        page = support.get(address).text
        return {template for template, title in titles.items() if title in page}

    assert shown(f"/support/units/{people.neighbour.id}") == {"activate"}
    assert shown("/support/counties/彰化縣") == {"login-changed"}
    assert "帳號邀請信" not in support.get("/support/counties/彰化縣").text
    support.become(people.organiser)
    assert shown(f"/completeness/units/{people.school.id}") == {"receipt"}
    assert shown(f"/completeness/units/{people.neighbour.id}") == {"activate"}
