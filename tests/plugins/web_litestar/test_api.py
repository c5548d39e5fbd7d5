"""The JSON API."""

import pytest
from litestar.testing import TestClient

from tianbao.checking import Context, check
from tianbao.checking.report import as_data
from tianbao.periods import Period
from tianbao.testing.builders import filled
from tianbao.units import Level


@pytest.fixture
def api(web, people):
    """A program signed in as the officer of 大成國中, sending its token."""
    with TestClient(web) as client:
        body = {"login": people.officer.login, "password": people.password}
        client.headers["X-CSRF-Token"] = client.post("/api/v1/session", json=body).json()["csrf_token"]
        yield client


def test_who_is_signed_in(api, people):
    assert api.get("/api/v1/session").json()["login"] == people.officer.login
    assert api.delete("/api/v1/session").status_code == 204
    assert api.get("/api/v1/session").status_code == 401


def test_a_wrong_sign_in_is_json(visitor, people):
    answer = visitor.post("/api/v1/session", json={"login": people.officer.login, "password": "x"})
    assert answer.status_code == 401
    assert answer.json()["code"] == "wrong-sign-in"


def test_a_form_cannot_sign_in(visitor, people):
    body = {"login": people.officer.login, "password": people.password}
    assert visitor.post("/api/v1/session", data=body).status_code in (400, 415)


def test_the_token_is_wanted(api, book):
    del api.headers["X-CSRF-Token"]
    answer = api.post("/api/v1/filings/2025-02/workbook", files={"file": ("a.xlsx", book())})
    assert answer.status_code == 403
    assert answer.json()["code"] == "form-expired"


def test_a_check_has_the_command_lines_shape(api, book, plugins):
    rows = {"case": [{"grade": 10}, {"sessions": None}]}
    asked = {"period": "2025-02", "level": "junior_high"}
    answer = api.post("/api/v1/checks", params=asked, files={"file": ("a.xlsx", book(**rows))})
    template = plugins.templates["113"]
    verdict = check(filled(template, **rows), template, Context(Period(2025, 2), Level.JUNIOR_HIGH))
    assert answer.status_code == 200
    assert answer.json() == as_data(verdict)


@pytest.mark.parametrize(
    ("asked", "code"), [({"template": "999"}, "no-template"), ({"period": "114-02"}, "not-a-month")]
)
def test_a_check_of_what_is_not_known_is_refused(api, book, asked, code):
    answer = api.post("/api/v1/checks", params=asked, files={"file": ("a.xlsx", book())})
    assert (answer.status_code, answer.json()["code"]) == (422, code)


def test_filing(api, book):
    due = api.get("/api/v1/filings/current").json()
    assert (due["period"], due["due"], due["days_left"], due["filing"]) == ("2025-02", "2025-03-10", 5, None)
    found = api.post("/api/v1/filings/2025-02/workbook", files={"file": ("a.xlsx", book(case=[{"grade": 1}]))})
    assert found.status_code == 422
    assert found.json()["filing"] is None
    assert found.json()["findings"][0]["cell"] == "D4"
    filed = api.post("/api/v1/filings/2025-02/workbook", files={"file": ("a.xlsx", book())})
    assert filed.status_code == 201
    filing = filed.json()["filing"]
    assert filing["filed_at"] == "2025-03-05T10:00:00+08:00"
    assert api.get(f"/api/v1/filings/{filing['id']}").json() == filing
    assert api.get("/api/v1/filings/current").json()["filing"] == filing


def test_filing_nil(api):
    answer = api.post("/api/v1/filings/2025-02/nil")
    assert (answer.status_code, answer.json()["nil"]) == (201, True)


def test_a_month_that_is_not_open_is_refused(api):
    assert api.post("/api/v1/filings/2031-02/nil").status_code == 422


def test_templates(api):
    assert [template["key"] for template in api.get("/api/v1/templates").json()] == ["111", "113"]
    assert api.get("/api/v1/templates/113/blank").status_code == 200
    assert api.get("/api/v1/templates/113/example").status_code == 200
    assert api.get("/api/v1/templates/999/blank").json()["code"] == "not-found"


def test_every_endpoint_is_documented_and_no_page_is(visitor):
    schema = visitor.get("/api/v1/schema").json()
    assert {path.removeprefix("/api/v1") for path in schema["paths"]} == {
        "/obligations",
        "/session",
        "/templates",
        "/templates/{key}/blank",
        "/templates/{key}/example",
        "/amendments/{period}",
        "/records/{kind}",
        "/records/{kind}/columns",
        "/records/{kind}/download/{way}",
        "/checks",
        "/filings/current",
        "/filings/{filing_id}",
        "/filings/{period}/nil",
        "/filings/{period}/workbook",
        "/statistics/{kind}",
        "/statistics/{kind}/download/{way}",
        "/statistics/{kind}/tables",
    }
    for operations in schema["paths"].values():
        assert all(operation["description"] for operation in operations.values())
