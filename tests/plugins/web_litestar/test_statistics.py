"""統計查詢: the five steps, what they refuse, what is shown and taken along, and who sees whose figures."""

import csv
import io
import json
import re
from xml.etree import ElementTree as ET

import pytest

from tianbao.canon import Case, Service
from tianbao.filings import Filing, Way
from tianbao.periods import Period
from tianbao.statistics import MARK

FEBRUARY, LAST_YEAR = Period(2025, 2), Period(2024, 2)
CASE = "/statistics/case?table=issue&school_year=113"
SERVICE = "/statistics/service?table=item&school_year=113"


def case(issue, sessions=1, sex=1, code="S1", **more):
    return Case(teacher_code="T1", counsellor_type=1, student_code=code, grade=7, sex=sex, identity=0, status=1,
                sources=(1,), referral=2, main_issue=issue, sessions=sessions, **more)  # fmt: skip


@pytest.fixture
def put(app, people):
    """Put a month's rows in force, past the check; a month without rows is one without cases and services."""

    def send(unit, cases=(), services=(), period=FEBRUARY):
        filing = Filing(
            0, unit, period, 1, Way.CURRENT, nil=not cases and not services, template_key="113", fingerprint="f",
            file_name="x", file_hash="0", counts={"case": len(cases), "service": len(services)},
            filed_at=app.clock.now(), filed_by=people.officer.id, filed_by_name="王",
            receipt=f"{unit.id}/{period}", in_force=True,
        )  # fmt: skip
        with app.store.work() as work:
            rows = {"case": list(enumerate(cases, 4)), "service": list(enumerate(services, 4))}
            return work.filings.add(filing, rows)

    return send


@pytest.fixture
def filed(put, people):
    """Two cases of 大成國中, one of its neighbour, one far away; a service of 大成國中."""
    services = [Service(teacher_code="T1", counsellor_type=1, item=2, audience=7, male=20, female=1500)]
    put(people.school, [case(5, 4), case(1, 2, sex=2, code="S2")], services)
    put(people.neighbour, [case(5, 30)])
    put(people.far, [case(5, 500)])


def table(page):
    """The table of a page, as lists of texts."""
    body = page.text.partition("<tbody>")[2].partition("</tbody>")[0]
    rows = re.findall(r"<tr.*?>(.*?)</tr>", body, re.DOTALL)
    return [
        [re.sub(r"<.*?>", "", cell).strip() for cell in re.findall(r"<t[hd].*?>(.*?)</t[hd]>", row, re.DOTALL)]
        for row in rows
    ]


def line(page, name):
    return next(row[1:] for row in table(page) if row[0] == name)


def ticked(page, name):
    return re.findall(rf'name="{name}" value="([^"]*)" checked', page.text)


# The steps


def test_the_page_begins_with_the_steps_and_the_current_school_year(officer, filed):
    page = officer.get("/statistics/case")
    assert [ticked(page, name) for name in ("measure", "school_year", "layout", "sex", "reading")] == [
        ["person_times"], ["113"], ["merged"], ["all"], ["both"],
    ]  # fmt: skip
    assert "<table" not in page.text
    assert "按「送出查詢」就會看到統計表" in page.text


def test_the_menu_leads_to_both_pages_and_shows_support_neither(officer, visitor, people, filed):
    page = officer.get("/records/case")
    assert 'href="/statistics/case"' in page.text
    assert 'href="/statistics/service"' in page.text
    visitor.become(people.support)
    assert "/statistics" not in visitor.get("/").text
    assert visitor.get("/statistics/case").status_code == 403


def test_the_form_becomes_the_one_short_address(officer, filed):
    form = {
        "measure": "persons", "table": "issue", "school_year": ["113", "112"], "layout": "monthly", "sex": "female",
        "reading": "main", "counsellor_type": ["2", "1"], "grade": "7", "public": "yes",
    }  # fmt: skip
    page = officer.get("/statistics/case/ask", params=form, follow_redirects=False)
    assert page.headers["location"] == (
        "/statistics/case?table=issue&measure=persons&layout=monthly&reading=main&sex=female&school_year=112,113"
        "&counsellor_type=1,2&grade=7&public=yes"
    )
    page = officer.get(page.headers["location"])
    assert ticked(page, "counsellor_type") == ["1", "2"]
    assert ticked(page, "school_year") == ["113", "112"]
    assert ticked(page, "public") == ["yes"]


def test_another_table_has_its_own_filters_and_what_it_does_not_know_is_left_out(officer, filed):
    form = {"table": "grade", "school_year": "113", "grade": "7", "reading": "main", "status": "1"}
    page = officer.get("/statistics/case/ask", params={**form, "step": "filters"})
    assert page.status_code == 200
    assert 'name="grade"' not in page.text
    assert 'name="reading"' not in page.text
    assert ticked(page, "status") == ["1"]
    assert "<table" not in page.text
    page = officer.get("/statistics/case/ask", params=form, follow_redirects=False)
    assert page.headers["location"] == "/statistics/case?table=grade&school_year=113&status=1"


def test_a_school_is_offered_the_grades_it_has(officer, filed):
    page = officer.get("/statistics/service")
    offered = re.findall(r'name="audience" value="(\d+)"', page.text)
    assert offered == ["7", "8", "9", "13", "14", "15"]
    assert "統計數據包含教職員、家長及專業人員" in page.text


def test_who_has_one_unit_is_not_asked_for_units(officer, visitor, people, filed):
    assert not re.search(r'name="(by|unit|county|level)"', officer.get("/statistics/case").text)
    visitor.become(people.county_officer)
    page = visitor.get("/statistics/case")
    assert re.findall(r'name="by" value="(\w*)"', page.text) == ["", "unit", "level"]
    assert 'name="county"' not in page.text
    visitor.become(people.organiser)
    assert 'name="county"' in visitor.get("/statistics/case").text


def test_a_bookmark_is_opened_after_signing_in(visitor, people, filed):
    door = visitor.get(f"{CASE}&sex=total")
    form = {"login": people.officer.login, "password": people.password}
    onward = re.search(r'name="next" value="([^"]+)"', door.text)[1].replace("&amp;", "&")
    page = visitor.fill_in("/sign-in", {**form, "next": onward})
    assert line(page, "情緒困擾") == ["4"]


# What is refused, and where


@pytest.mark.parametrize(
    ("address", "place", "says"),
    [
        ("table=issue", "span", "尚未選擇時間區間"),
        ("table=issue&year=130", "span", "沒有可統計的月份"),
        ("table=issue&school_year=113&measure=rows", "measure", "不能以次數計量"),
        ("table=nothing&school_year=113", "table", "沒有「nothing」這個統計資料表"),
        ("table=issue&school_year=113&grade=77", "filters", "沒有代號 77"),
        ("table=issue&school_year=113&shoe_size=7", "filters", "不能用「shoe_size」篩選"),
        ("table=issue&school_year=113&sex=x", "filters", "看不懂"),
        ("table=issue&school_year=113&by=unit", "filters", "只有一個單位"),
    ],
)
def test_a_refusal_stands_beside_its_field(officer, filed, address, place, says):
    page = officer.get(f"/statistics/case?{address}")
    assert page.status_code == 422
    assert says in re.search(rf'id="{place}-fault">(.*?)</p>', page.text)[1]
    assert f'<a href="#{place}">' in page.text
    assert f'id="{place}"' in page.text
    assert "<table" not in page.text


def test_a_unit_of_many_names_stays_typed_and_the_rest_stays_chosen(visitor, people, filed):
    visitor.sign_in(people.organiser)
    page = visitor.get("/statistics/case/ask", params={"table": "source", "school_year": "112", "unit": "大成"})
    assert page.status_code == 422
    assert 'name="unit" value="大成"' in page.text
    assert "縣立大成國中（國中）、縣立大成國小（國小）" in re.search(r'id="unit-fault">(.*?)</p>', page.text)[1]
    assert ticked(page, "school_year") == ["112"]


def test_there_are_two_pages_and_no_third(officer, filed):
    assert officer.get("/statistics/teacher").status_code == 404
    assert officer.get("/statistics", follow_redirects=False).headers["location"] == "/statistics/case"


# What is shown


def test_figures_have_their_definition_their_coverage_and_thousands_marks(officer, filed):
    page = officer.get(SERVICE)
    assert line(page, "入班輔導") == ["20", "1,500", "0", "1,520"]
    for said in ("表I－服務項目人次", "各筆服務填報的男、女、其他服務人次的加總", "✓ 已填報 1", "當月無個案及服務 0"):
        assert said in page.text


def test_unfiled_nil_and_filed_are_three_things(visitor, people, put):
    put(people.school, [case(5)])
    put(people.neighbour)
    visitor.sign_in(people.agency)
    page = visitor.get(f"{CASE}&layout=monthly&sex=total")
    assert all(said in page.text for said in ("✓ 已填報 1", "○ 當月無個案及服務 1", "！未填報 1"))
    assert re.search(r"114年2月<small[^>]*>未填報 1<", page.text)
    assert re.search(r"113年9月<small[^>]*>無填報<", page.text)


@pytest.mark.parametrize(("who", "total"), [("officer", "4"), ("county_officer", "34"), ("organiser", "534")])
def test_everybody_sees_the_figures_of_their_own(visitor, people, filed, who, total):
    visitor.sign_in(getattr(people, who))
    assert line(visitor.get(f"{CASE}&sex=total"), "情緒困擾") == [total]


def test_units_have_rows_of_their_own(visitor, people, filed):
    visitor.sign_in(people.county_officer)
    page = visitor.get(f"{CASE}&by=unit&sex=total")
    assert line(page, "縣立大成國中")[-1] == "6"
    assert line(page, "縣立大成國小")[-1] == "30"
    assert not [row for row in table(page) if "遠山" in row[0]]


def test_a_figure_opens_the_records_it_counts(officer, filed):
    page = officer.get(f"{CASE}&sex=female")
    address = re.search(r'<td class="number"><a href="([^"]+)"', page.text)[1].replace("&amp;", "&")
    assert address.startswith("/records/case?")
    assert len(table(officer.get(address))) == 1
    assert "S2" in officer.get(address).text


def test_nothing_found_says_what_to_do(officer, people, put):
    page = officer.get(CASE)
    assert "所選的條件沒有資料" in page.text
    assert "還有 1 份月報未填報" in page.text
    assert "<svg class=" not in page.text


def test_small_counts_are_hidden_for_the_public(officer, filed):
    page = officer.get(f"{CASE}&public=yes")
    assert MARK in line(page, "人際困擾")
    assert "以「※」表示" in page.text
    assert "/records/case?" not in page.text
    rows = list(csv.reader(io.StringIO(officer.get(_download(page, "csv")).content.decode("utf-8-sig"))))
    assert [row[1:] for row in rows if row and row[0] == "人際困擾"] == [line(page, "人際困擾")]


def test_what_is_hidden_is_not_called_nothing(officer, people, put):
    put(people.school, [case(5, 1)])
    page = officer.get(f"{CASE}&sex=total&public=yes")
    assert line(page, "情緒困擾") == [MARK]
    assert "所選的條件沒有資料" not in page.text


def test_charts_stand_beside_the_table(visitor, people, filed, put):
    put(people.school, [case(5, 3)], period=LAST_YEAR)
    visitor.sign_in(people.organiser)
    titles = {
        f"{CASE}&sex=total": ["表I－學校輔導議題人次：各類"],
        f"{CASE}&layout=monthly": ["表i－學校輔導議題人次：逐月"],
        f"{CASE}&by=county": ["表I－學校輔導議題人次：各縣市", "表I－學校輔導議題人次：縣市與個案類別(主、副)"],
    }
    for address, expected in titles.items():
        page = visitor.get(address)
        assert re.findall(r"<figcaption>(.*?)</figcaption>", page.text) == expected, address
    assert "去年同月份" in visitor.get(f"{CASE}&layout=monthly&sex=total").text
    assert "去年同月份" in visitor.get(f"{CASE}&sex=total").text


def test_without_a_year_before_nothing_is_compared(officer, filed):
    assert "去年" not in officer.get(f"{CASE}&sex=total").text


# What is taken along


def _download(page, way):
    return re.search(rf'href="(/statistics/\w+/download/{way}[^"]+)"', page.text)[1].replace("&amp;", "&")


@pytest.mark.parametrize("address", [CASE, f"{CASE}&layout=monthly&counsellor_type=1", f"{SERVICE}&sex=male"])
def test_the_download_is_the_table_shown_with_its_query_and_its_moment(officer, filed, address):
    page = officer.get(address)
    file = json.loads(officer.get(_download(page, "json")).text)
    figures = [
        re.findall(r"<td[^>]*>(?:<a[^>]*>)?([\d,]+)", row) for row in page.text.partition("<tbody>")[2].split("<tr")[1:]
    ]
    assert [[f"{cell:,}" for cell in row if isinstance(cell, int)] for row in file["rows"]] == figures
    about = str(file)
    assert all(said in about for said in ("113學年度", "統計時間", "114年3月5日", "王小明"))


def test_a_chart_is_a_file_that_says_what_it_is(officer, filed):
    page = officer.get(f"{CASE}&sex=total")
    address = re.search(r'href="(/statistics/case/chart/[^"]+)"', page.text)[1].replace("&amp;", "&")
    file = officer.get(address)
    assert file.headers["content-type"].startswith("image/svg+xml")
    assert "attachment" in file.headers["content-disposition"]
    told = " ".join(ET.fromstring(file.content).itertext())
    assert all(said in told for said in ("表I－學校輔導議題人次：各類", "114年3月5日", "情緒困擾", "113學年度"))


@pytest.mark.parametrize("part", ["chart/nothing.svg", "download/exe"])
def test_no_other_files(officer, filed, part):
    assert officer.get(f"/statistics/case/{part}?table=issue&school_year=113").status_code == 404


def test_a_hostile_address_stays_text(officer, filed):
    bad = "<script>alert(1)</script>"
    for address in (f"table={bad}", f"{bad}=1", f"table=issue&school_year={bad}", f"table=issue&reading={bad}"):
        page = officer.get(f"/statistics/case?{address}")
        assert page.status_code == 422
        assert bad not in page.text
