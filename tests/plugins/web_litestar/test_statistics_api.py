"""Statistics for programs: in the language of addresses, within one's reach."""

import json

import pytest

from tianbao.filings import file_workbook
from tianbao.periods import Period

CASES = "/api/v1/statistics/case"


@pytest.fixture
def filed(app, people, book):
    data = book(case=[{}, {"student_code": "S8", "main_issue": 1}])
    file_workbook(app, people.officer, people.school, Period(2025, 2), data, "二月.xlsx")


def test_a_table_with_all_that_belongs_to_it(officer, filed):
    data = officer.get(f"{CASES}?school_year=113&sex=total&measure=persons").json()
    assert data["title"] == "表I－學校輔導議題人數"
    assert data["query"] == "table=issue&measure=persons&sex=total&school_year=113"
    assert data["columns"]["items"] == [{"key": "total", "label": "總計", "total": True}]
    assert next(line for line in data["lines"] if line["total"])["figures"] == [2]
    assert data["coverage"] == {"due": 1, "filed": 1, "nil": 0, "unfiled": 0}
    assert "只計 1 人" in data["definition"]


def test_small_counts_are_hidden_on_request(officer, filed):
    data = officer.get(f"{CASES}?school_year=113&hide_under=3&measure=persons").json()
    assert next(line for line in data["lines"] if line["total"])["figures"][-1] is None
    assert officer.get(f"{CASES}?school_year=113&hide_under=x").json()["code"] == "bad-parameter"


def test_a_download_is_the_table_with_its_query(officer, filed):
    found = officer.get(f"{CASES}/download/json?school_year=113&counsellor_type=1")
    table = json.loads(found.content)
    assert table["title"] == "表I－學校輔導議題人次"
    assert dict(table["about"])["身分"] == "1 專任輔導教師"
    assert "%E8%A1%A8I" in found.headers["content-disposition"]
    assert officer.get(f"{CASES}/download/nothing?school_year=113").status_code == 404


def test_tables_say_what_can_be_chosen(officer, people):
    tables = {each["name"]: each for each in officer.get(f"{CASES}/tables").json()}
    assert [each["key"] for each in tables["issue"]["readings"]] == ["both", "main", "secondary"]
    assert tables["issue"]["filters"][0]["name"] == "counsellor_type"
    assert not tables["issue"]["by"], "an officer has one unit"
    officer.become(people.agency)
    assert {each["key"] for each in officer.get(f"{CASES}/tables").json()[0]["by"]} == {"", "unit", "level", "county"}


def test_nobody_counts_beyond_their_reach(officer, people, filed):
    assert officer.get(f"{CASES}?school_year=113&unit=340301").json()["code"] == "not-allowed"
    officer.become(people.county_officer)
    assert officer.get(f"{CASES}?school_year=113&county=臺北市").json()["code"] == "not-allowed"
    officer.become(people.support)
    assert officer.get(f"{CASES}?school_year=113").status_code == 403
    assert officer.get(f"{CASES}?x=1").status_code == 403


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("", "no-span"),
        ("school_year=200", "no-span"),
        ("school_year=113&table=nothing", "no-table"),
        ("school_year=113&measure=rows", "bad-measure"),
        ("school_year=113&audience=13", "no-filter"),
        ("school_year=113&grade=77", "bad-filter"),
        ("school_year=113&reading=x", "bad-parameter"),
        ("school_year=113&sex=x", "bad-parameter"),
        ("school_year=113&by=county", "bad-parameter"),
        ("school_year=113&sex=all&sex=male", "bad-parameter"),
        ("month=13", "bad-parameter"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(officer, address, code):
    refused = officer.get(f"{CASES}?{address}").json()
    assert (refused["code"], bool(refused["remedy"])) == (code, True)
