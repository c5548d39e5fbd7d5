"""Forms of other sites are refused."""

import pytest


def test_a_form_without_its_token_is_refused(officer):
    answer = officer.post("/filing/current/nil", data={"sure": "yes", "period": "2025-02"})
    assert answer.status_code == 403
    assert "重新整理" in answer.text


@pytest.mark.parametrize(
    ("came_from", "back"),
    [
        ("{ours}/filing/current/nil?x=1", 'href="/filing/current/nil?x=1">回到原來的頁面'),
        ("https://evil.example/filing/current/nil", 'class="button quiet" href="/">回到首頁'),
        ("{ours}//evil.example/", 'class="button quiet" href="/">回到首頁'),
    ],
)
def test_what_is_refused_leads_back_to_its_page_if_it_is_ours(officer, came_from, back):
    page = came_from.format(ours=str(officer.base_url).rstrip("/"))
    answer = officer.post("/filing/current/nil", data={"sure": "yes"}, headers={"Referer": page})
    assert back in answer.text
    assert "evil.example" not in answer.text


@pytest.mark.parametrize(
    "headers",
    [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://evil.example"}],
)
def test_what_comes_from_elsewhere_is_refused_even_with_a_token(officer, app, people, headers):
    answer = officer.fill_in("/filing/current/nil", {"sure": "yes"}, headers=headers)
    assert answer.status_code == 403
    with app.store.read() as work:
        assert not work.filings.all_in_force(people.school)


def test_our_own_origin_passes(officer):
    headers = {"Origin": str(officer.base_url).rstrip("/"), "Sec-Fetch-Site": "same-origin"}
    assert officer.fill_in("/filing/current/nil", {"sure": "yes"}, headers=headers).status_code == 200


def test_a_token_of_another_session_is_refused(officer, people):
    from tianbao_web_litestar.forgery import token_for

    form = {"_csrf": token_for("another"), "sure": "yes", "period": "2025-02"}
    assert officer.post("/filing/current/nil", data=form).status_code == 403


def test_a_session_that_ended_does_not_spoil_the_sign_in_form(officer, people, clock):
    clock.goes_on(hours=1)
    assert officer.sign_in(people.officer).url.path == "/"
