"""`tianbao check` on real files: filled in with LibreOffice, built by other programs, marked, mended and checked again."""

import io
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
import xlwt
from click.testing import CliRunner

from tianbao.cli import main
from tianbao.testing import valid_row
from tianbao_templates_111 import TEMPLATE as T111
from tianbao_templates_113 import TEMPLATE as T113

UNO = "/usr/bin/python3"


def tianbao(*words):
    return CliRunner().invoke(main, [str(word) for word in words])


def checked(file, *words):
    result = tianbao("check", file, "--json", *words)
    return result.exit_code, json.loads(result.stdout)


def rows_of(template, count=3, **cells):
    return {
        sheet.name: (
            sheet.first_row,
            [valid_row(sheet, n, **(cells.get(sheet.kind, {}) if n == 0 else {})) for n in range(count)],
        )
        for sheet in template.sheets
    }


def built_by_xlsxwriter(template, path, **cells):
    """A workbook another program made for the official system: official names, places and codes, nothing of ours."""
    with xlsxwriter.Workbook(path) as book:
        for sheet in template.sheets:
            first, rows = rows_of(template, **cells)[sheet.name]
            page = book.add_worksheet(sheet.name)
            page.merge_range(0, 0, 0, len(sheet.columns) - 1, "[113-09] 某國中 輔導教師工作成果")
            page.write_row(sheet.heading_row - 1, 0, [column.heading for column in sheet.columns])
            for n, row in enumerate(rows):
                page.write_row(first - 1 + n, 0, row)


def built_by_xlwt(template, path):
    book = xlwt.Workbook()
    for sheet in template.sheets:
        first, rows = rows_of(template)[sheet.name]
        page = book.add_sheet(sheet.name)
        for c, column in enumerate(sheet.columns):
            page.write(sheet.heading_row - 1, c, column.heading)
        for r, row in enumerate(rows):
            for c, cell in enumerate(row):
                page.write(first - 1 + r, c, cell)
    book.save(path)


@pytest.mark.parametrize("template", [T111, T113], ids=["111", "113"])
def test_a_workbook_another_program_made_passes_unchanged(template, tmp_path):
    built_by_xlsxwriter(template, tmp_path / "other.xlsx")
    status, said = checked(tmp_path / "other.xlsx", "--level", "junior_high")
    assert (status, said["findings"], said["accepted"]) == (0, [], True)
    assert (said["template"], said["counts"]) == (template.key, {"case": 3, "service": 3})


def test_an_old_xls_passes(tmp_path):
    built_by_xlwt(T111, tmp_path / "old.xls")
    assert checked(tmp_path / "old.xls")[0] == 0


def test_findings_say_where_as_excel_shows_it(tmp_path):
    built_by_xlsxwriter(T113, tmp_path / "bad.xlsx", case={"grade": 99, "identity": ""})
    status, said = checked(tmp_path / "bad.xlsx")
    assert status == 1
    assert said["accepted"] is False
    assert [(f["kind"], f["code"], f["cell"], f["row"], f["column"], f["value"]) for f in said["findings"]] == [
        ("invalid", "not-a-code", "D4", 4, "學生年級", "99"),
        ("missing", "required", "G4", 4, "學生身分", ""),
    ]
    assert all(
        set(f) == {"kind", "code", "sheet", "row", "column", "cell", "value", "message"} for f in said["findings"]
    )


def test_the_month_chooses_the_template_and_a_wrong_one_is_refused_naming_both(tmp_path):
    built_by_xlsxwriter(T111, tmp_path / "old.xlsx")
    status, said = checked(tmp_path / "old.xlsx", "--period", "2024-09")
    assert (status, said["refusal"]["code"]) == (2, "wrong-template")
    assert "111學年度" in said["refusal"]["message"]
    assert "113學年度" in said["refusal"]["message"]


def test_the_marked_workbook_corrected_and_checked_again_is_clean(tmp_path):
    built_by_xlsxwriter(T113, tmp_path / "bad.xlsx", case={"grade": 99, "identity": "", "student_code": "0012"})
    assert tianbao("check", tmp_path / "bad.xlsx", "--marked", tmp_path / "marked.xlsx").exit_code == 1
    book = openpyxl.load_workbook(tmp_path / "marked.xlsx")
    listed, page = book.worksheets[0], book["表A-1-輔導教師-個案"]
    assert [row[3].value for row in listed.iter_rows(min_row=4, max_row=5)] == ["D4", "G4"]
    assert listed["D4"].hyperlink.location == "'表A-1-輔導教師-個案'!D4"
    assert page["D4"].fill.fgColor.rgb != page["G4"].fill.fgColor.rgb
    assert "【誤】" in page["D4"].comment.text
    assert "【缺】" in page["G4"].comment.text
    assert page["C4"].value == "0012"
    page["D4"], page["G4"] = 7, 0
    book.save(tmp_path / "mended.xlsx")
    assert checked(tmp_path / "mended.xlsx")[0] == 0


def test_what_cannot_be_checked_says_why_and_leaves_with_two(tmp_path):
    (tmp_path / "page.xlsx").write_text("<html><table></table></html>")
    result = tianbao("check", tmp_path / "page.xlsx")
    assert result.exit_code == 2
    assert "HTML" in result.stdout
    for arguments in (
        ["nowhere.xlsx"],
        [tmp_path / "page.xlsx", "--period", "2024-13"],
        [tmp_path / "page.xlsx", "--template", "99"],
    ):
        assert tianbao("check", *arguments).exit_code == 2


def test_a_person_reads_folded_lines(tmp_path):
    built_by_xlsxwriter(T113, tmp_path / "clean.xlsx")
    assert "資料無誤" in tianbao("check", tmp_path / "clean.xlsx").stdout
    built_by_xlsxwriter(T113, tmp_path / "bad.xlsx", case={"grade": 99}, service={"audience": 99})
    lines = tianbao("check", tmp_path / "bad.xlsx").stdout.splitlines()
    assert any("表A-1-輔導教師-個案!D4" in line and "學生年級" in line for line in lines)
    assert "誤 2 處" in lines[-1]


def loudly_without(program, module=None):
    """The reason to skip, or a failure where nothing may be skipped."""
    if not shutil.which(program):
        why = f"NOT TESTED: {program} is not installed"
    elif module and subprocess.run([UNO, "-c", f"import {module}"], capture_output=True, check=False).returncode:
        why = f"NOT TESTED: {UNO} has no {module} (Debian: python3-uno)"
    else:
        return
    if os.environ.get("TIANBAO_TESTS_MUST_NOT_SKIP"):
        pytest.fail(why)
    pytest.skip(why)


@pytest.mark.libreoffice
def test_our_blank_filled_in_with_libreoffice_passes_in_every_format(tmp_path):
    loudly_without("soffice", "uno")
    assert tianbao("template", "blank", "113", "-o", tmp_path / "blank.xlsx").exit_code == 0
    cells = [
        [name, first + n, c + 1, cell]
        for name, (first, rows) in rows_of(T113).items()
        for n, row in enumerate(rows)
        for c, cell in enumerate(row)
    ]
    saved = [("filled.xlsx", "Calc MS Excel 2007 XML"), ("filled.ods", "calc8"), ("filled.xls", "MS Excel 97")]
    job = {
        "open": str(tmp_path / "blank.xlsx"),
        "cells": cells,
        "save": [[str(tmp_path / name), kind] for name, kind in saved],
    }
    script = Path(__file__).parent / "libreoffice_fill.py"
    subprocess.run([UNO, script], input=json.dumps(job), text=True, check=True, timeout=120)
    for name, _ in saved:
        status, said = checked(tmp_path / name, "--period", "2024-09", "--level", "junior_high")
        assert (name, status, said["findings"]) == (name, 0, [])
        assert said["counts"] == {"case": 3, "service": 3}


@pytest.mark.libreoffice
@pytest.mark.parametrize("which", ["blank", "example"])
@pytest.mark.parametrize("key", ["111", "113"])
def test_what_we_hand_out_survives_libreoffice(which, key, tmp_path):
    loudly_without("soffice")
    assert tianbao("template", which, key, "-o", tmp_path / "out.xlsx").exit_code == 0
    assert all(page.freeze_panes for page in openpyxl.load_workbook(tmp_path / "out.xlsx").worksheets[:2])
    run = subprocess.run(
        ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", "xlsx:Calc MS Excel 2007 XML",
         "--outdir", tmp_path / "back", tmp_path / "out.xlsx"],
        capture_output=True, text=True, check=True, timeout=120,
    )  # fmt: skip
    assert "Error" not in run.stderr
    back = openpyxl.load_workbook(tmp_path / "back" / "out.xlsx")
    sheet = {"111": T111, "113": T113}[key].sheets[0]
    page = back[sheet.name]
    assert [cell.value for cell in page[sheet.heading_row]][: len(sheet.columns)] == [c.heading for c in sheet.columns]
    assert all(cell.comment for cell in page[sheet.heading_row][: len(sheet.columns)])
    assert len(page.data_validations.dataValidation) >= len(sheet.columns)
    assert back["_tianbao"].sheet_state != "visible"


def test_the_command_runs_as_a_program():
    run = subprocess.run([sys.executable, "-m", "tianbao", "template", "show", "113"], capture_output=True, check=True)
    assert "情緒困擾" in run.stdout.decode()
    assert io.StringIO(run.stdout.decode()).readline()
