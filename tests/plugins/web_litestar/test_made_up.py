"""Addresses that nobody clicked on: numbers and days beyond what there is, and signs that no database holds."""

import re

import pytest

BEYOND = "9" * 25


@pytest.mark.parametrize(
    "address",
    [
        f"/post?before={BEYOND}",
        f"/post?before={'9' * 5000}",
        f"/audit?before={BEYOND}",
        f"/audit?before={'9' * 5000}",
        f"/audit/download/xlsx?before={'9' * 5000}",
        "/audit?since=0001-01-01",
        "/audit?until=9999-12-31",
        "/post?until=9999-12-31",
        "/reminders?day=9999-12-31",
        f"/post/{BEYOND}",
        f"/units/{BEYOND}",
        f"/filings/{BEYOND}",
        f"/letters/{BEYOND}/file",
        f"/completeness/units/{BEYOND}",
        f"/filing/guide/113/files/{BEYOND}",
        "/post?words=%00",
        "/units?q=%00",
        "/audit?who=%00",
        "/completeness/units?q=%00",
    ],
)
def test_what_nobody_clicked_on_is_no_failure_of_ours(visitor, people, address):
    visitor.sign_in(people.organiser)
    assert visitor.get(address).status_code < 500


def test_a_sign_that_no_database_holds_is_refused_at_the_door(visitor):
    assert visitor.post("/sign-in", data={"login": "a\0b", "password": "x"}).status_code < 500


@pytest.mark.parametrize(
    ("address", "typed"),
    [
        ("/reminders/days/import/confirm", {"file": "é"}),
        ("/units/import/confirm", {"key": "é"}),
        ("/texts/receipt", {"basis": "9" * 5000, "source": "主旨：x\n\nx"}),
        ("/months", {"units": "9" * 5000, "kind": "open"}),
    ],
)
def test_what_no_form_of_ours_sends_is_refused_in_words(visitor, people, address, typed):
    visitor.sign_in(people.organiser)
    token = re.search(r'name="_csrf" value="(\w+)"', visitor.get("/account/password").text)[1]
    assert 400 <= visitor.post(address, data={"_csrf": token, **typed}).status_code < 500
