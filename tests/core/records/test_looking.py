"""Looking at records: who sees what, page by page, as a file, and what the audit trail says of it."""

import io
import json
from types import SimpleNamespace

import pytest
from attrs import evolve
from python_calamine import CalamineWorkbook

import tianbao_export_excel
from tianbao.accounts import Standing
from tianbao.canon import Case, Service
from tianbao.errors import Refusal
from tianbao.filings import Filing, Way
from tianbao.periods import Period
from tianbao.plugins import PluginInfo, Plugins, hookimpl
from tianbao.records import (
    CsvExporter,
    JsonExporter,
    Operator,
    Position,
    Query,
    choose_columns,
    chosen_columns,
    export,
    exporters,
    forget_query,
    page,
    read_address,
    save_query,
    saved_queries,
)
from tianbao.records.formats import guarded, unguarded
from tianbao.testing import ExporterContract
from tianbao_export_excel.exporting import ExcelExporter

FEBRUARY, JANUARY = Period(2025, 2), Period(2025, 1)
HOSTILE = (
    "=cmd|' /C calc'!A0", "' or 1=1 --", "'; DROP TABLE \"case\"; --", "<script>alert(1)</script>", "\u202egnp.exe\u200f", "100%", "a_b", "a\\b",
    "+886", "-1", "@SUM(A1)", "\ttab", "＝1+1", "'quoted", "''", 'say "hi", ok', "line\nbreak", "{{ 7*7 }}", "台北😀",
)  # fmt: skip


@pytest.fixture
def file(app, people):
    """Put rows in force, past the check."""

    def send(unit, period, cases=(), services=(), version=1):
        counts = {"case": len(cases), "service": len(services)}
        filing = Filing(
            0, unit, period, version, Way.CURRENT, nil=False, template_key="113", fingerprint="f", file_name="x", file_hash="0", counts=counts,
            filed_at=app.clock.now(), filed_by=people.officer.id, filed_by_name="王", receipt=f"{unit.id}/{period}/{version}", in_force=True,
        )  # fmt: skip
        with app.store.work() as work:
            return work.filings.add(
                filing, {"case": list(enumerate(cases, 4)), "service": list(enumerate(services, 4))}
            )

    return send


@pytest.fixture
def filed(file, people):
    """A few rows of each school."""
    file(
        people.school,
        FEBRUARY,
        [Case(student_code=f"S{n}", main_issue=n % 3 + 1, sessions=n, grade=7) for n in range(1, 8)],
    )
    file(people.school, JANUARY, [Case(student_code="S1", main_issue=5, secondary_issues=(3, 10), sessions=2, sex=1)])
    file(
        people.neighbour,
        FEBRUARY,
        [Case(student_code="N1", main_issue=5, sessions=4)],
        [Service(item=3, audience=14, male=2, female=5)],
    )
    file(people.far, FEBRUARY, [Case(student_code="F1", main_issue=1, sessions=9)])


def students(app, person, address=""):
    found = page(app, person, read_address("case", f"columns=student_code&{address}"))
    return [row.cells[0] for row in found.rows]


def entries(app):
    with app.store.read() as work:
        return work.audit.entries()


def test_each_sees_what_the_policy_lets_them_see(app, people, filed):
    mine = [*(f"S{n}" for n in range(1, 8)), "S1"]
    assert students(app, people.officer) == mine
    assert sorted(students(app, people.county_officer)) == sorted([*mine, "N1"])
    everything = sorted([*mine, "N1", "F1"])
    assert sorted(students(app, people.organiser)) == sorted(students(app, people.agency)) == everything
    assert sorted(students(app, Operator("root"))) == everything


@pytest.mark.parametrize("address", ["unit=340301", "county=臺北市"])
def test_nobody_sees_further_by_asking(app, people, filed, address):
    with pytest.raises(Refusal) as caught:
        page(app, people.county_officer, read_address("case", address))
    assert caught.value.code == "not-allowed"
    assert students(app, people.officer, "county=臺北市") == []
    assert students(app, people.officer, "where=student_code+is+F1+or+is+N1") == []
    assert students(app, people.officer, "search=F1") == []


def test_support_and_the_retired_see_nothing(app, people, filed):
    retired = evolve(people.officer, standing=Standing.RETIRED)
    for person in (people.support, retired):
        with pytest.raises(Refusal) as caught:
            page(app, person, Query())
        assert caught.value.code == "not-allowed"
        with pytest.raises(Refusal):
            export(app, person, Query(), CsvExporter(), io.BytesIO())
    assert entries(app) == []


def test_only_what_is_in_force_counts(app, people, filed, file):
    file(people.school, JANUARY, [Case(student_code="NEW", main_issue=5, sessions=1)], version=2)
    assert students(app, people.officer, "period=2025-01") == ["NEW"]


def test_a_page_shows_what_the_form_calls_it(app, people, filed):
    found = page(app, people.officer, read_address("case", "period=2025-01"))
    shown = {column.heading: cell for column, cell in zip(found.columns, found.rows[0].cells, strict=True)}
    assert {"月份", "學生代號", "性別說明"} <= set(shown)
    assert not {"單位", "縣市", "學年度"} & set(shown)
    assert (shown["月份"], shown["性別"], shown["個案類別(主)"], shown["個案類別(副)"]) == (
        "114-01",
        "生理男",
        "5 情緒困擾",
        "3 家庭困擾、10 脆弱家庭",
    )
    assert (shown["個案來源"], shown["性別說明"], shown["當月晤談累積次數"]) == (None, None, 2)
    assert found.words == [("資料", "歷史個案"), ("月份", "114年1月至114年1月")]


def test_services_are_found_the_same_way(app, people, filed):
    found = page(
        app,
        people.county_officer,
        read_address("service", "where=audience+is+家長&columns=unit,item,audience,male,school_year"),
    )
    assert [row.cells for row in found.rows] == [["縣立大成國小", "3 家長諮詢", "14 家長", 2, 113]]


def test_pages_follow_each_other_and_lead_back(app, people, filed):
    first = page(app, people.organiser, read_address("case", "size=4&sort=sessions,student_code&columns=student_code"))
    second = page(app, people.organiser, first.next)
    third = page(app, people.organiser, second.next)
    assert [row.cells[0] for each in (first, second, third) for row in each.rows] == [
        "S1",
        "S1",
        "S2",
        "S3",
        "N1",
        "S4",
        "S5",
        "S6",
        "S7",
        "F1",
    ]
    assert (first.previous, third.next) == (None, None)
    assert page(app, people.organiser, third.previous).rows == second.rows
    assert first.count.spoken == "共 10 筆"


def test_a_position_nobody_may_see_is_none(app, people, filed):
    theirs = page(app, people.organiser, read_address("case", "unit=340301")).rows[0].id
    for row in (theirs, 10**12):
        with pytest.raises(Refusal) as caught:
            page(app, people.officer, Query(position=Position(row)))
        assert caught.value.code == "bad-position"


def test_counts_end_somewhere(app, people, filed):
    from tianbao.records.looking import prepare

    with app.store.read() as work:

        def count(address, **limits):
            look = prepare(app, work, people.organiser, read_address("case", address)).look
            return work.records.count(look, **limits).spoken

        assert count("") == "共 10 筆"
        assert count("", cap=9) == "超過 9 筆"
        assert count("", cap=10) == "共 10 筆"
        assert count("where=main_issue+any+5", scan=10) == "共 2 筆"
        assert count("where=main_issue+any+5", scan=8) in {"至少 1 筆", "至少 2 筆", "至少 0 筆"}
        assert count("where=main_issue+any+5", cap=1, scan=10) == "超過 1 筆"


def test_every_look_is_on_the_trail_without_a_word_of_a_student(app, people, filed):
    address = "search=S1&where=student_code+has+SECRET1&where=main_issue+any+5,情緒困擾&where=sessions+gt+3&columns=student_code"
    page(app, people.officer, read_address("case", address))
    export(app, people.county_officer, read_address("service", ""), CsvExporter(), io.BytesIO())
    page(app, Operator("root"), read_address("case", "unit=340301"))
    operators, counties, officers = entries(app)
    assert (officers.actor, officers.action, officers.subject) == (
        people.officer.id,
        "cases.seen",
        f"unit/{people.school.id}/records",
    )
    assert officers.detail["columns"] == ["student_code"]
    assert officers.detail["query"] == {
        "search": "…",
        "where": ["student_code has …", "main_issue any 5,情緒困擾", "sessions gt 3"],
        "columns": ["student_code"],
    }
    assert "SECRET1" not in json.dumps(officers.detail, ensure_ascii=False)
    assert (counties.subject, counties.detail["how"], counties.detail["format"]) == (
        "county/彰化縣/records",
        "export",
        ".csv",
    )
    assert (operators.actor, operators.detail["operator"], operators.subject) == (
        None,
        "root",
        f"unit/{people.far.id}/records",
    )


def test_what_was_typed_where_codes_belong_is_no_code_and_is_masked(app, people, filed):
    page(app, people.officer, read_address("case", "where=main_issue+has+王小明"))
    assert entries(app)[0].detail["query"]["where"] == ["main_issue has …"]


def exported(app, person, address, exporter, progress=lambda _: None):
    target = io.BytesIO()
    rows = export(app, person, read_address("case", address), exporter, target, progress)
    return rows, target.getvalue()


def test_a_download_is_what_the_screen_shows_on_all_pages(app, people, filed):
    address = "columns=sessions,student_code,main_issue&where=sessions+gt+2&sort=-sessions&size=2"
    told = []
    rows, data = exported(app, people.officer, address, JsonExporter(), told.append)
    table = json.loads(data)
    assert table["headings"] == ["當月晤談累積次數", "學生代號", "個案類別(主)"]
    assert table["rows"] == [
        [7, "S7", "2 師生關係"],
        [6, "S6", "1 人際困擾"],
        [5, "S5", "3 家庭困擾"],
        [4, "S4", "2 師生關係"],
        [3, "S3", "1 人際困擾"],
    ]
    assert (rows, told) == (5, [5])
    assert table["about"] == [
        ["資料", "歷史個案"],
        ["篩選", "當月晤談累積次數 大於 2"],
        ["排序", "當月晤談累積次數（由大到小）"],
        ["範圍", "本單位"],
        ["下載者", "王小明"],
        ["下載時間", "114年3月5日（星期三）10:00"],
    ]


def sheets(data):
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    return [book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names]


def test_hostile_values_come_through_everything_unchanged(app, people, file):
    file(people.school, FEBRUARY, [Case(student_code=text, main_issue_note=text, sessions=1) for text in HOSTILE])
    address = "columns=student_code,main_issue_note"
    assert [row.cells for row in page(app, people.officer, read_address("case", address)).rows] == [
        [text, text] for text in HOSTILE
    ]
    for text in HOSTILE:
        wanted = '"' + text.replace('"', '""') + '"'
        found = page(
            app, people.officer, read_address("case", f"columns=student_code&where=student_code+is+{_quoted(wanted)}")
        )
        assert [row.cells for row in found.rows] == [[text]]
    _, data = exported(app, people.officer, address, ExcelExporter())
    data_sheet, about = sheets(data)
    assert data_sheet[1:] == [[text, text] for text in HOSTILE]
    assert ["下載者", "王小明"] in about
    _, data = exported(app, people.officer, address, CsvExporter())
    assert data.startswith(b"\xef\xbb\xbf")
    cells = [cell for row in read_csv(data)[1:] for cell in row]
    assert not [cell for cell in cells if cell.lstrip().startswith(("=", "+", "-", "@"))]
    assert [unguarded(cell) for cell in cells[::2]] == list(HOSTILE)


def _quoted(text):
    from urllib.parse import quote

    return quote(text)


def read_csv(data):
    import csv

    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


class TestCsv(ExporterContract):
    exporter = CsvExporter()

    def read(self, data):
        return [[unguarded(cell) for cell in row] for row in read_csv(data)]


class TestJson(ExporterContract):
    exporter = JsonExporter()

    def read(self, data):
        table = json.loads(data)
        return [table["headings"], *table["rows"]]


@pytest.mark.parametrize("text", [*HOSTILE, "", "plain", " =1", "'=1"])
def test_guarding_can_be_undone(text):
    assert unguarded(guarded(text)) == text


def test_a_plugins_exporter_comes_before_ours(plugins):
    assert set(exporters(plugins)) == {".csv", ".json"}
    theirs = SimpleNamespace(suffix=".csv")
    both = Plugins(
        [
            (PluginInfo("excel", "1", "test"), tianbao_export_excel),
            (PluginInfo("csv", "1", "test"), SimpleNamespace(tianbao_exporters=hookimpl(lambda: [theirs]))),
        ]
    )
    found = exporters(both)
    assert set(found) == {".xlsx", ".ods", ".csv", ".json"}
    assert found[".csv"] is theirs


def test_queries_are_kept_under_a_name_each_persons_own(app, people, filed):
    query = read_address("case", "where=main_issue+any+5&sort=-sessions")
    saved = save_query(app, people.officer, "  情緒  困擾 ", query.at(Position(3)))
    save_query(app, people.county_officer, "情緒 困擾", Query())
    assert [(each.name, each.query) for each in saved_queries(app, people.officer)] == [("情緒 困擾", query)]
    again = save_query(app, people.officer, "情緒 困擾", Query(kind="service"))
    assert again.id == saved.id
    assert [each.query for each in saved_queries(app, people.officer)] == [Query(kind="service")]
    with pytest.raises(Refusal):
        forget_query(app, people.county_officer, saved.id)
    forget_query(app, people.officer, saved.id)
    assert saved_queries(app, people.officer) == []


@pytest.mark.parametrize("name", ["", "  ", "x" * 61, "a\0b"])
def test_a_saved_query_wants_a_name(app, people, name):
    with pytest.raises(Refusal) as caught:
        save_query(app, people.officer, name, Query())
    assert caught.value.code == "bad-name"


def test_the_columns_a_person_chose_are_shown_where_the_address_names_none(app, people, filed):
    choose_columns(app, people.officer, read_address("case", "columns=sessions,student_code,gone"))
    assert chosen_columns(app, people.officer, "case") == ("sessions", "student_code", "gone")
    assert [column.name for column in page(app, people.officer, Query()).columns] == ["sessions", "student_code"]
    assert [column.name for column in page(app, people.officer, Query(columns=("grade",))).columns] == ["grade"]
    assert "grade" in [column.name for column in page(app, people.neighbours_officer, Query()).columns]
    choose_columns(app, people.officer, Query())
    assert len(page(app, people.officer, Query()).columns) > 2


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("columns=nothing", "no-column"),
        ("sort=nothing", "no-column"),
        ("where=nothing+blank", "no-column"),
        ("unit=999999", "no-unit"),
    ],
)
def test_names_that_nothing_has_are_refused(app, people, filed, address, code):
    with pytest.raises(Refusal) as caught:
        page(app, people.organiser, read_address("case", address))
    assert caught.value.code == code


def test_a_column_that_the_months_do_not_have_is_left_out(app, people, filed):
    found = page(app, people.organiser, read_address("case", "school_year=112&columns=sex_note,student_code"))
    assert [column.name for column in found.columns] == ["student_code"]
    assert "sex_note" not in found.offered
