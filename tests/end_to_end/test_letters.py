"""The 16th in a browser: one click makes the letters; every file of the zip opens and lists whom the store lists."""

import io
import os
import shutil
import subprocess
from datetime import datetime
from zipfile import ZipFile

import pytest
from axe_playwright_python.sync_playwright import Axe
from lxml import etree
from playwright.sync_api import expect
from python_calamine import CalamineWorkbook

from tianbao import letters
from tianbao.clock import TAIPEI
from tianbao.periods import Period, PeriodRange
from tianbao.units import Level, Unit

FEBRUARY = Period(2025, 2)
COUNTY, SCHOOLS = "彰化縣政府", 40


@pytest.fixture
def since():
    return Period(2025, 1)


@pytest.fixture
def country(site):
    """On 17 March: forty elementary schools of 彰化縣 and a senior high school owe two months, with names to be careful of."""
    with site.app.store.work() as work:
        for number in range(SCHOOLS):
            name = f"縣立{'=1+1' if number == 3 else '<平&安>' if number == 4 else '大成'}第{number:02}國小"
            work.units.add(Unit(f"0746{number:02}", Level.ELEMENTARY, name, "彰化縣", PeriodRange(Period(2025, 1))))
        work.units.add(Unit("070301", Level.SENIOR_HIGH, "縣立田中高中", "彰化縣", PeriodRange(Period(2025, 1))))
    site.clock.moment = datetime(2025, 3, 17, 10, 0, tzinfo=TAIPEI)
    return site


@pytest.fixture
def expected(country):
    """Code, name, level and months owed of each unit in the county's letter, as the store has them."""
    gathering = letters.gathered(country.app, country.organiser, FEBRUARY)
    (dossier,) = [each for each in gathering.dossiers if each.name == COUNTY]
    assert len(dossier.listed) == SCHOOLS + 1
    return [[each.unit.code, each.unit.name, each.unit.level.label, "114年1月、2月"] for each in dossier.listed]


def rows_of(data, part, row, cell):
    """The cells of a document's rows that begin with a number and a code."""
    tree = etree.fromstring(ZipFile(io.BytesIO(data)).read(part))
    rows = [
        ["".join(map(str, each.itertext())) for each in found.iter(f"{{*}}{cell}")]
        for found in tree.iter(f"{{*}}{row}")
    ]
    return [row for row in rows if row[0].isdecimal()]


def lists_of(package):
    """Of each file of the county's folder, the rows it shows: code, name, level, months owed; and the county's 高中職."""
    files = {name.rsplit(".")[-1]: package.read(name) for name in package.namelist() if name.startswith(COUNTY)}
    documents = {
        "docx": rows_of(files["docx"], "word/document.xml", "tr", "tc"),
        "odt": rows_of(files["odt"], "content.xml", "table-row", "table-cell"),
    }
    shown = {kind: [[row[1], row[2], row[3], row[5]] for row in rows] for kind, rows in documents.items()}
    for kind in ("xlsx", "ods"):
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(files[kind])).get_sheet_by_index(0).to_python()
        shown[kind] = [[row[1], row[2], row[0], row[4].replace("、114年", "、")] for row in sheet[1:]]
    return shown


def fetched(page):
    with page.expect_download() as waiting:
        page.get_by_role("link", name="下載壓縮檔").click()
    assert waiting.value.suggested_filename == "114年2月稽催函_20250317_1000.zip"
    return ZipFile(waiting.value.path())


@pytest.mark.browser
@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_one_click_makes_the_letters_and_they_list_whom_the_store_lists(visit, country, expected, script):
    page = visit(country.organiser, java_script_enabled=script)
    page.goto("/letters")
    expect(page.get_by_role("heading", name="114年2月尚未完成：42 個單位")).to_be_visible()
    page.get_by_role("button", name="產製函文").click()
    while not script and page.get_by_role("link", name="更新進度").count():
        page.get_by_role("link", name="更新進度").click()
    package = fetched(page)
    told = ["070301", "縣立田中高中", "高中職", "114年1月、2月"]
    assert lists_of(package) == {kind: [*expected, told] for kind in ("docx", "odt", "xlsx", "ods")}
    page.goto("/letters")
    page.get_by_role("link", name="2 份、42 個單位").click()
    assert fetched(page).namelist() == package.namelist()


@pytest.mark.browser
def test_the_page_with_its_table_is_for_everybody_on_every_screen(visit, country):
    page = visit(country.organiser)
    page.goto("/letters")
    assert Axe().run(page).response["violations"] == []
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


@pytest.mark.browser
def test_a_template_that_is_refused_is_told_beside_its_field(visit, country):
    page = visit(country.organiser)
    page.goto("/letters/templates")
    page.get_by_label("修改好的範本").set_input_files({"name": "a.odt", "mimeType": "text/plain", "buffer": b"hello"})
    page.get_by_role("button", name="檢查並啟用").click()
    expect(page.get_by_role("alert")).to_contain_text("不是 Word 或 LibreOffice 的文件")
    assert Axe().run(page).response["violations"] == []
    with page.expect_download() as sample:
        page.locator("a[href$='docx/sample']").click()
    assert sample.value.suggested_filename == "函文試填.docx"


@pytest.mark.libreoffice
def test_libreoffice_opens_every_file_and_prints_the_table(country, expected, tmp_path):
    if not shutil.which("soffice"):
        why = "NOT TESTED: LibreOffice is not installed (Debian: libreoffice-calc, libreoffice-writer)"
        (pytest.fail if os.environ.get("TIANBAO_TESTS_MUST_NOT_SKIP") else pytest.skip)(why)
    with (tmp_path / "letters.zip").open("w+b") as file:
        letters.make(country.app, country.organiser, FEBRUARY, file)
        package = ZipFile(file)
        for suffix in ("odt", "docx", "ods", "xlsx"):
            (name,) = (name for name in package.namelist() if name.startswith(COUNTY) and name.endswith(suffix))
            (tmp_path / f"{suffix}.{suffix}").write_bytes(package.read(name))
    for kind, suffixes in (
        ("txt:Text (encoded):UTF8", ("odt", "docx")),
        ("csv:Text - txt - csv (StarCalc):44,34,76", ("ods", "xlsx")),
    ):
        subprocess.run(
            ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", kind, "--outdir", tmp_path,
             *(tmp_path / f"{suffix}.{suffix}" for suffix in suffixes)],
            check=True, capture_output=True, timeout=180,
        )  # fmt: skip
        for suffix in suffixes:
            text = (tmp_path / f"{suffix}.{kind[:3]}").read_text("utf-8")
            (tmp_path / f"{suffix}.{kind[:3]}").unlink()
            for code, name, *_ in expected:
                assert code in text, suffix
                assert name in text, suffix
