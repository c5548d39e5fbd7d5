"""填報紀錄: what is asked for, what is shown, what goes out, and to whom."""

import html
import json
import re

import pytest
from attrs import evolve

from tianbao.filings import Filing, Way
from tianbao.periods import Period
from tianbao.records.formats import guarded

FEBRUARY = Period(2025, 2)
HOSTILE = ("=cmd|' /C calc'!A0", "<script>alert(1)</script>", "\u202egnp.exe\u200f", "' or 1=1 --")


@pytest.fixture
def cases(plugins):
    """Cases made of the example's, each with what a test is about changed."""
    from tianbao.checking import check
    from tianbao.testing.builders import filled

    template = plugins.templates["113"]

    def make(*changes):
        found = check(filled(template), template)
        return [evolve(found.cases[0], student_code=f"S{n}", **change) for n, change in enumerate(changes)]

    return make


@pytest.fixture
def put(app, people):
    """Put rows in force, past the check."""

    def send(unit, cases, period=FEBRUARY):
        counts = {"case": len(cases), "service": 0}
        filing = Filing(
            0, unit, period, 1, Way.CURRENT, nil=False, template_key="113", fingerprint="f", file_name="x",
            file_hash="0", counts=counts, filed_at=app.clock.now(), filed_by=people.officer.id, filed_by_name="王",
            receipt=f"{unit.id}/{period}", in_force=True,
        )  # fmt: skip
        with app.store.work() as work:
            return work.filings.add(filing, {"case": list(enumerate(cases, 4)), "service": []})

    return send


@pytest.fixture
def filed(put, cases, people):
    """Three cases of 大成國中, one of its neighbour, one far away."""
    put(people.school, cases({"main_issue": 5}, {"main_issue": 1}, {"main_issue": 12}))
    put(people.neighbour, cases({"main_issue": 5}))
    put(people.far, cases({"main_issue": 5}))


def cells(page):
    """The table of a page, as lists of texts."""
    body = page.text.partition("<tbody>")[2].partition("</tbody>")[0]
    rows = re.findall(r"<tr>(.*?)</tr>", body, re.DOTALL)
    return [
        [
            html.unescape(re.sub(r"<[^>]+>", "", cell))
            for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL)
        ]
        for row in rows
    ]


@pytest.mark.parametrize(
    ("who", "rows"), [("officer", 3), ("neighbours_officer", 1), ("county_officer", 4), ("organiser", 5), ("agency", 5)]
)
def test_everybody_sees_as_far_as_they_may(visitor, people, filed, who, rows):
    visitor.sign_in(getattr(people, who))
    page = visitor.get("/records/case?columns=student_code")
    assert len(cells(page)) == rows
    assert f"共 {rows} 筆" in page.text


@pytest.mark.parametrize("address", ["/records/case", "/records/case/columns", "/records/case/download/csv"])
def test_support_sees_none(visitor, people, filed, address):
    visitor.sign_in(people.support)
    assert "填報紀錄" not in visitor.get("/").text
    assert visitor.get(address).status_code == 403


def test_a_visitor_signs_in_first(visitor):
    assert visitor.get("/records/case", follow_redirects=False).headers["location"].startswith("/sign-in")


def test_an_address_sent_to_another_shows_what_they_may_see(visitor, people, filed):
    address = "/records/case?columns=unit,student_code&where=main_issue+any+5"
    visitor.sign_in(people.organiser)
    assert len(cells(visitor.get(address))) == 3
    visitor.become(people.officer)
    assert cells(visitor.get(address)) == [[people.school.name, "S0"]]


def test_a_unit_out_of_reach_is_refused_in_words(officer, filed, people):
    page = officer.get(f"/records/case?unit={people.far.code}")
    assert page.status_code == 403
    assert people.far.name in page.text


def test_the_form_becomes_an_address(officer, filed):
    form = {
        "query": "where=main_issue+any+5",
        "from": "2025-02",
        "to": "2024-09",
        "search": " S0 ",
        "school_year": "113",
    }
    page = officer.get("/records/case/ask", params=form, follow_redirects=False)
    assert page.headers["location"] == (
        "/records/case?period=2024-09..2025-02&school_year=113&search=S0&where=main_issue+any+5"
    )


@pytest.mark.parametrize(
    ("typed", "code"), [("遠山", "340301-h"), ("074501", "074501-j"), ("大成國小（國小）", "074601-e")]
)
def test_a_unit_is_found_by_name_or_code(visitor, people, filed, typed, code):
    visitor.sign_in(people.organiser)
    page = visitor.get("/records/case/ask", params={"query": "", "unit": typed}, follow_redirects=False)
    assert page.headers["location"] == f"/records/case?unit={code}"


def test_a_unit_of_many_names_stays_typed_and_is_asked_again(visitor, people, filed):
    visitor.sign_in(people.organiser)
    page = visitor.get("/records/case/ask", params={"query": "", "unit": "大成"})
    assert page.status_code == 422
    assert 'value="大成"' in page.text
    assert "縣立大成國中（國中）、縣立大成國小（國小）" in page.text


def test_a_county_officer_finds_no_unit_of_another_county(visitor, people, filed):
    visitor.sign_in(people.county_officer)
    page = visitor.get("/records/case/ask", params={"query": "", "unit": "遠山"})
    assert page.status_code == 422
    assert "找不到單位「遠山」" in page.text


def applied(officer, column, **form):
    page = officer.get(
        "/records/case/filter/set", params={"query": "", "column": column, **form}, follow_redirects=False
    )
    return page.headers.get("location", page.text)


@pytest.mark.parametrize(
    ("column", "form", "where"),
    [
        ("main_issue", {"tick": ["5", "1"]}, "?where=main_issue+any+5,1"),
        (
            "main_issue",
            {"op1": "has", "value1": "情緒", "op2": "has", "value2": "人際", "join": "or"},
            "?where=main_issue+has+%E6%83%85%E7%B7%92+or+has+%E4%BA%BA%E9%9A%9B",
        ),
        ("sessions", {"op1": "between", "value1": "2", "until1": "5"}, "?where=sessions+between+2,5"),
        ("student_code", {"op1": "blank"}, "?where=student_code+blank"),
        ("student_code", {"op1": "any", "value1": "S0、S1", "order": "down"}, "?where=student_code+any+S0,S1&sort=-student_code"),
        ("student_code", {"op1": "has", "value1": ""}, ""),
    ],
)  # fmt: skip
def test_a_columns_form_becomes_an_address(officer, column, form, where):
    assert applied(officer, column, **form) == f"/records/case{where}"


@pytest.mark.parametrize(
    ("column", "form", "says"),
    [
        ("sessions", {"op1": "gt", "value1": "很多"}, "沒有「很多」"),
        ("main_issue", {"tick": "5", "op1": "has", "value1": "人", "op2": "has", "value2": "家"}, "最多兩個條件"),
        ("sessions", {"op1": "between", "value1": "2"}, "每個值要有"),
    ],
)
def test_what_makes_no_sense_stays_typed(officer, column, form, says):
    page = applied(officer, column, **form)
    assert says in page
    assert f'value="{form["value1"]}"' in page


def test_a_filter_comes_back_into_its_form(officer):
    query = "where=main_issue+any+5,1+or+has+家庭"
    page = officer.get("/records/case/filter", params={"query": query, "column": "main_issue"}).text
    assert re.findall(r'name="tick" value="(\d+)" checked', page) == ["1", "5"]
    assert 'value="家庭"' in page
    assert 'value="or" checked' in page


def test_clearing_takes_away_what_leaves_rows_out(officer, filed):
    page = officer.get(
        "/records/case?columns=student_code&search=S0&where=main_issue+any+5&sort=-student_code&period=2025-02"
    )
    assert len(cells(page)) == 1
    address = html.unescape(re.search(r'href="([^"]+)">清除篩選', page.text)[1])
    assert address == "/records/case?columns=student_code&sort=-student_code"
    assert len(cells(officer.get(address))) == 3


def test_each_part_can_be_taken_away(officer, filed):
    page = officer.get("/records/case?search=S0&where=main_issue+any+5&school_year=113").text
    without = [html.unescape(each) for each in re.findall(r'<a href="([^"]+)" aria-label="移除', page)]
    assert without == [
        "/records/case?search=S0&where=main_issue+any+5",
        "/records/case?school_year=113&search=S0",
        "/records/case?school_year=113&where=main_issue+any+5",
    ]


def test_pages_go_on_and_back(officer, put, cases, people):
    put(people.school, cases(*[{}] * 5))
    first = officer.get("/records/case?columns=student_code&sort=student_code&size=2")
    seen = [cells(first)]
    page = first
    while more := re.search(r'rel="next" href="([^"]+)"', page.text):
        page = officer.get(html.unescape(more[1]))
        seen.append(cells(page))
    assert seen == [[["S0"], ["S1"]], [["S2"], ["S3"]], [["S4"]]]
    back = officer.get(html.unescape(re.search(r'rel="prev" href="([^"]+)"', page.text)[1]))
    assert cells(back) == seen[1]


def choose(officer, data, **more):
    token = re.search(r'name="_csrf" value="(\w+)"', officer.get("/records/case/columns").text)[1]
    return officer.post("/records/case/columns", data={"_csrf": token, "query": "", **data}, **more)


def test_chosen_columns_are_kept_in_their_order(officer, filed):
    page = choose(officer, {"column": ["sessions", "student_code"]}, follow_redirects=False)
    assert page.headers["location"] == "/records/case?columns=sessions,student_code"
    assert len(cells(officer.get("/records/case"))[0]) == 2
    choose(officer, {"usual": "yes"})
    assert len(cells(officer.get("/records/case"))[0]) > 10


def test_a_column_moves_and_what_is_ticked_stays(officer):
    page = choose(officer, {"order": ["period", "unit", "sessions"], "column": ["sessions"], "up": "sessions"}).text
    assert re.findall(r'name="order" value="(\w+)"', page) == ["period", "sessions", "unit"]
    assert re.findall(r'name="column" value="(\w+)" checked', page) == ["sessions"]


def test_no_column_at_all_is_asked_again(officer):
    page = choose(officer, {"order": ["period", "unit"]})
    assert page.status_code == 422
    assert "請至少勾選一個欄位" in page.text


def keep(officer, name, query=""):
    token = re.search(r'name="_csrf" value="(\w+)"', officer.get("/records/case").text)[1]
    return officer.post("/records/case/saved", data={"_csrf": token, "query": query, "name": name})


def test_a_query_is_kept_opened_and_deleted(officer, filed):
    page = keep(officer, "情緒<b>", "where=main_issue+any+5")
    assert '<a href="/records/case?where=main_issue+any+5">情緒&lt;b&gt;</a>' in page.text
    number = re.search(r"/saved/(\d+)/forget", page.text)[1]
    token = re.search(r'name="_csrf" value="(\w+)"', page.text)[1]
    page = officer.post(f"/records/case/saved/{number}/forget", data={"_csrf": token, "query": ""})
    assert "情緒&lt;b&gt;" not in page.text


def test_a_query_without_a_name_is_asked_again(officer):
    page = keep(officer, "  ")
    assert page.status_code == 422
    assert "請為這個查詢取一個名稱" in page.text


@pytest.mark.parametrize(
    ("address", "status"),
    [("/records/else", 404), ("/records/case?where=nothing", 422), ("/records/case?after=999999", 422),
     ("/records/case?x=1", 422), ("/records/case/filter?query=&column=nothing", 404), ("/records/case/download/exe", 404)],
)  # fmt: skip
def test_what_makes_no_sense_is_said(officer, address, status):
    page = officer.get(address)
    assert page.status_code == status
    assert "<h1>" in page.text


def test_nothing_found_says_what_to_do(officer, filed):
    assert "清除篩選" in officer.get("/records/case?search=nobody").text
    assert "前往當期填報" in officer.get("/records/service").text


@pytest.mark.parametrize("text", HOSTILE)
def test_what_is_hostile_is_shown_and_goes_out_unharmed(officer, put, cases, people, text):
    put(people.school, cases({"teacher_code": text}))
    page = officer.get("/records/case?columns=teacher_code")
    assert cells(page) == [[text]]
    assert "<script>alert" not in page.text
    lines = officer.get("/records/case/download/csv?columns=teacher_code").content.decode("utf-8-sig").splitlines()
    assert lines[1:] == [guarded(text)]
    found = officer.get("/records/case/download/json?columns=teacher_code").json()
    assert found["rows"] == [[text]]


def test_a_download_holds_all_pages_and_tells_how_far_it_is(officer, put, cases, people):
    put(people.school, cases(*[{}] * 60))
    file = officer.get("/records/case/download/json?columns=student_code&size=10&ticket=t1")
    assert len(file.json()["rows"]) == 60
    assert int(file.headers["content-length"]) == len(file.content)
    assert "%E6%AD%B7%E5%8F%B2%E5%80%8B%E6%A1%88_20250305_1000.json" in file.headers["content-disposition"]
    assert officer.get("/downloads/t1").json() == {"rows": 60, "done": True}
    officer.become(people.neighbours_officer)
    assert officer.get("/downloads/t1").json() == {"rows": 0, "done": False}


def test_the_api_speaks_the_same_language(officer, filed):
    found = officer.get(
        "/api/v1/records/case?columns=student_code,main_issue&where=main_issue+any+5,1&sort=student_code&size=1"
    )
    data = found.json()
    assert data["columns"] == [
        {"name": "student_code", "heading": "學生代號"},
        {"name": "main_issue", "heading": "個案類別(主)"},
    ]
    assert [row["cells"] for row in data["rows"]] == [["S0", "5 情緒困擾"]]
    assert data["count"] == {"least": 2, "exact": True, "spoken": "共 2 筆"}
    behind = officer.get(f"/api/v1/records/case?{data['next']}").json()
    assert [row["cells"][0] for row in behind["rows"]] == ["S1"]
    assert behind["next"] is None


def test_the_api_lists_columns_with_operators_and_choices(officer):
    columns = {each["name"]: each for each in officer.get("/api/v1/records/case/columns").json()}
    assert columns["main_issue"]["operators"][0] == "any"
    assert columns["main_issue"]["choices"][4] == {"key": 5, "label": "5 情緒困擾"}
    assert columns["sessions"]["kind"] == "number"


def test_the_api_refuses_in_json(officer, people):
    assert officer.get("/api/v1/records/case?x=1").json()["code"] == "bad-parameter"
    officer.become(people.support)
    assert officer.get("/api/v1/records/case").status_code == 403
    assert json.loads(officer.get("/api/v1/records/case/download/json").content)["code"] == "not-allowed"
