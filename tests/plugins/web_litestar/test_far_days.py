"""A day or month nobody means, in whatever field or address: the page comes, or says what is wrong; it never fails."""

import re

import pytest

DAYS = ("0001-01-01", "1911-12-31", "2910-12-31", "9999-12-31", "2025-13-01", "2025-02-30", "soon")
MONTHS = ("0001-01", "1911-12", "2910-12", "9999-12", "2025-13", "2025-00", "soon")
PAGES = {
    "organiser": (
        ("/reminders?day={}", DAYS),
        ("/reminders/message?day={}&key=x", DAYS),
        ("/post?since={0}&until={0}", DAYS),
        ("/audit?since={0}&until={0}", DAYS),
        ("/letters?period={}", MONTHS),
        ("/completeness?month={}", MONTHS),
        ("/completeness/units?month={0}&from={0}&to={0}", MONTHS),
        ("/records/cases?period={0}..{0}", MONTHS),
        ("/statistics/cases?month={0}&year={0}", MONTHS),
        ("/api/records/cases?period={0}..{0}", MONTHS),
        ("/api/statistics/cases?table=i&month={0}&year={0}", MONTHS),
    ),
    "officer": (("/filings/amendments?period={}", MONTHS), ("/api/obligations?from={0}&to={0}", MONTHS)),
}
FORMS = (
    ("/reminders/days", {"kind": "off", "day": "{}"}, DAYS),
    ("/letters", {"period": "{}"}, MONTHS),
    ("/months", {"units": "1", "kind": "extend", "period": "2025-02", "due": "{}", "reason": "颱風"}, DAYS),
    ("/months", {"units": "1", "kind": "exempt", "period": "{}", "reason": "停辦"}, MONTHS),
)


@pytest.mark.parametrize("who", PAGES)
def test_addresses(visitor, people, who):
    visitor.sign_in(getattr(people, who))
    for address, days in PAGES[who]:
        for day in days:
            assert visitor.get(address.format(day)).status_code < 500, (address, day)


@pytest.mark.parametrize(("address", "fields", "days"), FORMS)
def test_forms(visitor, people, address, fields, days):
    visitor.sign_in(people.organiser)
    csrf = re.search(r'name="_csrf" value="(\w+)"', visitor.get(address).text)[1]
    for day in days:
        typed = {name: value.format(day) for name, value in fields.items()}
        answer = visitor.post(address, data={"_csrf": csrf, **typed})
        assert 400 <= answer.status_code < 500, (day, answer.status_code)
        assert "填報單位沒有選" not in answer.text, "it is the day that is refused"
