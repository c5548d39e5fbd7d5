"""The main job in a real browser: from sign-in through red and yellow cells to the receipt."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import expect

from tianbao.periods import Period
from tianbao_templates_111 import TEMPLATE as T111
from tianbao_templates_113 import TEMPLATE as T113

pytestmark = pytest.mark.browser

PASSWORD = "Kestrel-7-lantern"
CASES = T113.sheet("case").name


def upload(page, path):
    page.get_by_label("填好的 Excel 檔").set_input_files(path)
    page.get_by_role("button", name="上傳並檢核").click()


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_from_sign_in_to_the_receipt(visit, site, workbook, tmp_path, script):
    page = visit(java_script_enabled=script)
    page.get_by_label("帳號").fill(site.officer.login)
    page.get_by_label("密碼").fill(PASSWORD)
    page.get_by_role("button", name="登入").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("請填報 114年2月的輔導工作成果")
    page.get_by_role("link", name="開始填報").click()

    upload(page, workbook(case={"grade": 11, "sessions": ""}))
    expect(page.get_by_role("alert")).to_contain_text("還有 2 處要修正，尚未填報")
    wrong, missing = page.locator("td.invalid"), page.locator("td.missing")
    expect(wrong).to_have_text(re.compile("誤"))
    expect(missing).to_have_text(re.compile("缺"))
    expect(page.locator("thead .letter").first).to_have_css("border-top-width", "0px")  # Excel's letter, in no frame
    page.get_by_role("link", name="D4").click()
    expect(wrong.get_by_text("但國中的年級為")).to_be_visible()

    with page.expect_download() as download:
        page.get_by_role("link", name="下載標示檔").click()
    assert download.value.suggested_filename == "已標示_二月成果.xlsx"
    mended = tmp_path / "mended.xlsx"
    download.value.save_as(mended)
    book = openpyxl.load_workbook(mended)
    book[CASES]["D4"], book[CASES]["O4"] = 8, 2
    book.save(mended)

    upload(page, mended)
    expect(page.get_by_role("heading", name="完成填報")).to_be_visible()
    page.get_by_role("link", name="檢視並列印收據").click()
    with site.app.store.read() as work:
        filing = work.filings.in_force(site.unit, Period(2025, 2))
    receipt = page.locator("main")
    for fact in (filing.receipt, filing.file_hash, filing.fingerprint, "114年3月5日（星期三）10:00", "mended.xlsx"):
        expect(receipt).to_contain_text(fact)
    expect(page.get_by_role("button", name="列印收據")).to_be_visible(visible=script)
    page.get_by_role("link", name="檢視填報資料").click()
    expect(page.get_by_role("region", name="個案資料列表")).to_contain_text("8 國中八年級")


def test_nothing_to_file(visit, site):
    page = visit(site.officer)
    page.goto("/filing/current")
    page.get_by_role("link", name="無個案及服務").click()
    page.get_by_label("我確認").check()
    page.get_by_role("button", name="完成填報：無個案及服務").click()
    expect(page.get_by_role("heading", name="完成填報")).to_be_visible()
    page.goto("/")
    expect(page.get_by_role("heading", level=1)).to_have_text("114年2月已完成填報")


def test_an_upload_refused_as_a_whole_leaves_no_progress_behind(visit, site, workbook):
    page = visit(site.officer)
    page.goto("/filing/current")
    page.context.clear_cookies()
    upload(page, workbook())
    expect(page.get_by_role("alert")).to_contain_text("這個頁面開得太久")
    expect(page.get_by_role("progressbar")).to_be_hidden()
    expect(page.get_by_text("正在逐格檢核")).to_be_hidden()


def test_a_file_can_be_dropped(visit, site, workbook):
    page = visit(site.officer)
    page.goto("/filing/current")
    content = list(workbook().read_bytes())
    page.evaluate(
        """(content) => {
            const data = new DataTransfer();
            data.items.add(new File([new Uint8Array(content)], "拖曳.xlsx"));
            document.querySelector(".drop").dispatchEvent(
                new DragEvent("drop", {bubbles: true, cancelable: true, dataTransfer: data}));
        }""",
        content,
    )
    page.get_by_role("button", name="上傳並檢核").click()
    expect(page.get_by_role("heading", name="完成填報")).to_be_visible()


def test_a_file_that_is_too_large_is_told_before_and_after_it_was_sent(visit, site, tmp_path):
    large = tmp_path / "large.xlsx"
    large.write_bytes(b"x" * (site.app.settings.limits.bytes + 200_000))
    page = visit(site.officer)
    page.goto("/filing/current")
    page.get_by_label("填好的 Excel 檔").set_input_files(large)
    expect(page.get_by_text("這個檔案超過 10 MB")).to_be_visible()
    plain = visit(site.officer, java_script_enabled=False)
    plain.goto("/filing/current")
    upload(plain, large)
    expect(plain.get_by_role("alert")).to_contain_text("檔案超過上限 10 MB")


def test_the_wrong_template_leads_to_the_right_blank(visit, site, workbook, tmp_path):
    page = visit(site.officer)
    page.goto("/filing/current")
    upload(page, workbook(template=T111))
    expect(page.get_by_role("alert")).to_contain_text("111學年度")
    with page.expect_download() as download:
        page.get_by_role("alert").get_by_role("link", name="下載113學年度表格").click()
    download.value.save_as(tmp_path / "blank.xlsx")
    assert openpyxl.load_workbook(tmp_path / "blank.xlsx").sheetnames[0] == CASES


def as_xls(path, rows):
    import xlwt

    book = xlwt.Workbook()
    for sheet, data in rows(T113):
        page = book.add_sheet(sheet.name)
        for r, row in enumerate([[column.heading for column in sheet.columns], [], *data], sheet.heading_row - 1):
            for c, cell in enumerate(row):
                page.write(r, c, cell)
    book.save(path)


def as_ods(path, rows):
    from odfdo import Document, Row, Table

    book = Document("spreadsheet")
    book.body.clear()
    for sheet, data in rows(T113):
        table = Table(sheet.name)
        top = [[] for _ in range(sheet.first_row - 1)]
        top[sheet.heading_row - 1] = [column.heading for column in sheet.columns]
        for cells in [*top, *data]:
            row = Row()
            row.set_values(cells or [None])
            table.append_row(row)
        book.body.append(table)
    book.save(path)


@pytest.mark.parametrize("write", [as_xls, as_ods])
def test_other_programs_files_are_taken(visit, site, rows, tmp_path, write):
    path = tmp_path / f"成果.{write.__name__.removeprefix('as_')}"
    write(path, rows)
    page = visit(site.officer)
    page.goto("/filing/current")
    upload(page, path)
    expect(page.get_by_role("heading", name="完成填報")).to_be_visible()


UNO = "/usr/bin/python3"


@pytest.fixture
def libreoffice():
    """Types cells into a workbook with LibreOffice and saves it, as a person would."""
    there = shutil.which("soffice") and Path(UNO).exists()
    if not there or subprocess.run([UNO, "-c", "import uno"], capture_output=True, check=False).returncode:
        why = "NOT TESTED: LibreOffice or its uno is not installed (Debian: libreoffice-calc, python3-uno)"
        if os.environ.get("TIANBAO_TESTS_MUST_NOT_SKIP"):
            pytest.fail(why)
        pytest.skip(why)

    def fill(blank, cells, filled):
        job = {"open": str(blank), "cells": cells, "save": [[str(filled), "Calc MS Excel 2007 XML"]]}
        script = Path(__file__).parent / "libreoffice_fill.py"
        subprocess.run([UNO, script], input=json.dumps(job), text=True, check=True, timeout=120)

    return fill


@pytest.mark.libreoffice
def test_our_blank_filled_in_with_libreoffice_is_taken(visit, site, rows, libreoffice, tmp_path):
    page = visit(site.officer)
    page.goto("/filing/guide")
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile("下載空白表格.*113學年度")).click()
    download.value.save_as(tmp_path / "blank.xlsx")
    cells = [
        [sheet.name, sheet.first_row + n, c, cell]
        for sheet, data in rows(T113)
        for n, row in enumerate(data)
        for c, cell in enumerate(row, 1)
    ]
    libreoffice(tmp_path / "blank.xlsx", cells, tmp_path / "filled.xlsx")
    page.goto("/filing/current")
    upload(page, tmp_path / "filled.xlsx")
    expect(page.get_by_role("heading", name="完成填報")).to_be_visible()
    expect(page.get_by_text("個案 3 筆・服務 3 筆")).to_be_visible()
