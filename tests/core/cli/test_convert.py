"""``tianbao convert`` and ``tianbao template diff``, as they are called."""

import io

import pytest
from click.testing import CliRunner

from tianbao.checking import check
from tianbao.cli.convert import convert_command
from tianbao.cli.template_diff import diff
from tianbao.plugins import load
from tianbao.templates.layout import blank
from tianbao.testing import valid_row
from tianbao.workbooks import Limits
from tianbao_templates_111 import TEMPLATE as T111
from tianbao_templates_113 import TEMPLATE as T113


def saved(template, path, **cells):
    """A real workbook of the template with one row a sheet."""
    rows = {sheet.kind: [valid_row(sheet, 1, **(cells if sheet.kind == "case" else {}))] for sheet in template.sheets}
    buffer = io.BytesIO()
    load().writer(".xlsx").write(blank(template, rows=rows), buffer)
    path.write_bytes(buffer.getvalue())
    return str(path)


@pytest.fixture
def run():
    def run(command, *arguments):
        return CliRunner().invoke(command, [str(argument) for argument in arguments])

    return run


def test_a_workbook_of_111_becomes_one_of_113(run, tmp_path):
    new = tmp_path / "new.xlsx"
    done = run(convert_command, saved(T111, tmp_path / "old.xlsx", sex="女"), "--to", "113", "-o", new)
    assert (done.exit_code, "已轉為113學年度表格：個案 1 列、服務 1 列" in done.output) == (0, True)
    assert "「性別說明」原檔沒有這一欄，已在 1 列填入 0（無）。" in done.output
    verdict = check(load().read_workbook(new.read_bytes(), Limits()), T113)
    assert (verdict.findings, verdict.cases[0].sex) == ([], 2)


def test_what_could_not_be_carried_is_listed_with_its_cells(run, tmp_path):
    old = saved(T113, tmp_path / "old.xlsx", sex="其他", sex_note="雙性")
    done = run(convert_command, old, "--to", "111", "-o", tmp_path / "new.xlsx")
    assert "未帶入  表A-1-輔導教師-個案!E4 「性別」新表格沒有「其他」，請改選其他代號。" in done.output


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7"])
def test_what_is_no_workbook_is_refused_and_nothing_written(run, tmp_path, content):
    old, new = tmp_path / "old.xlsx", tmp_path / "new.xlsx"
    old.write_bytes(content)
    done = run(convert_command, old, "--to", "113", "-o", new)
    assert (done.exit_code, "無法轉換" in done.output, new.exists()) == (2, True, False)


def test_a_workbook_of_the_template_wanted_needs_no_conversion(run, tmp_path):
    done = run(convert_command, saved(T113, tmp_path / "old.xlsx"), "--to", "113", "-o", tmp_path / "new.xlsx")
    assert (done.exit_code, "already" in done.output) == (2, True)


def test_the_old_workbook_is_never_overwritten(run, tmp_path):
    old = saved(T111, tmp_path / "old.xlsx")
    before = (tmp_path / "old.xlsx").read_bytes()
    assert run(convert_command, old, "--to", "113", "-o", old).exit_code == 2
    assert (tmp_path / "old.xlsx").read_bytes() == before


def test_the_difference_is_told_sheet_by_sheet(run):
    said = run(diff, "111", "113").output.splitlines()
    assert said[0].startswith("「113學年度表格」適用113年8月起的月份")
    assert said.index("表A-1-輔導教師-個案") < said.index("表A-2-輔導教師-服務")
    assert "  • 「性別」欄新增選項「其他」。" in said


def test_an_unknown_template_names_those_there_are(run):
    done = run(diff, "111", "999")
    assert (done.exit_code, "111, 113" in done.output) == (2, True)
