"""``tianbao units import``: what it says, and that a rehearsal changes nothing."""

from datetime import date

import pytest
from click.testing import CliRunner

from tianbao.cli.units import units
from tianbao.units import Level


@pytest.fixture
def database():
    return "sqlite"


TODAY = date(2025, 9, 5)
"""In the school year of the list."""
LIST = "學年度,代碼,學校名稱,縣市名稱\n" + "".join(
    f"114,0106{n:02},市立第{n}國小[red],[01]新北市\n" for n in range(1, 31)
)


@pytest.fixture
def run(store, database_url, tmp_path):
    settings = tmp_path / "tianbao.toml"
    settings.write_text(f'[tianbao]\ndatabase_url = "{database_url}"\n')

    def call(text, *words, name="e1_new.csv"):
        file = tmp_path / name
        file.write_bytes(text.encode("cp950"))
        return CliRunner().invoke(units, ["import", str(file), *words], obj={"settings": str(settings), "today": TODAY})

    return call


def register(store):
    with store.read() as work:
        return work.units.of_level(Level.ELEMENTARY)


def test_a_list_is_taken_and_what_it_did_is_counted_and_named(run, store):
    done = run(LIST)
    assert done.exit_code == 0
    assert "國小名錄（114學年度）：30 個單位" in done.output
    assert "新增　010601　市立第1國小[red]（新北市）" in done.output
    assert "新增　……另有 10 個" in done.output
    assert "Done: 30 units changed." in done.output
    assert len(register(store)) == 30


def test_a_rehearsal_says_the_same_and_changes_nothing(run, store):
    done = run(LIST, "--dry-run", "--all")
    assert "新增　010630" in done.output
    assert "Nothing was changed" in done.output
    assert register(store) == []


def test_a_doubtful_list_is_taken_only_by_who_is_sure(run, store):
    run(LIST)
    half = "\n".join(LIST.splitlines()[:20])
    refused = run(half)
    assert refused.exit_code == 2
    assert "30 個單位中的 11 個停辦" in refused.output
    assert "add --sure" in refused.output
    assert "Done: 11 units changed." in run(half, "--sure").output


def test_what_is_no_list_is_refused_in_a_sentence(run):
    assert "找不到名錄的欄位名稱" in run("a,b\n1,2\n").output
    assert "看不出是哪一個學制" in run(LIST, name="list.csv").output
