"""``tianbao letters``: the zip in a folder, and what is said of it."""

import re
from zipfile import ZipFile

import pytest
from click.testing import CliRunner

from tianbao.cli import main
from tianbao.periods import Period


@pytest.fixture
def database():
    return "sqlite"


@pytest.fixture
def since():
    return Period(2025, 1)


@pytest.fixture
def run(people, database_url, tmp_path):
    """Call the program on the small country."""
    settings = tmp_path / "tianbao.toml"
    settings.write_text(f'[tianbao]\ndatabase_url = "{database_url}"\n')

    def call(*words):
        words = ["--settings", str(settings), "letters", *words, "--today", "2025-03-17"]
        return CliRunner().invoke(main, words, catch_exceptions=False)

    return call


def test_one_zip_with_a_folder_for_each(run, app, tmp_path):
    answer = run("2025-02", "-o", str(tmp_path / "letters"))
    assert answer.exit_code == 0
    assert "國教署：1 個單位\n彰化縣政府：2 個單位\n" in answer.output
    (file,) = (tmp_path / "letters").iterdir()
    assert file.name == "114年2月稽催函.zip"
    names = ZipFile(file).namelist()
    for name in ("國教署", "彰化縣政府"):
        suffixes = {re.search(r"\.\w+$", each)[0] for each in names if each.startswith(f"{name}/")}
        assert suffixes == {".odt", ".docx", ".ods", ".xlsx"}
    with app.store.read() as work:
        (entry,) = work.audit.entries(subject="letters")
    assert entry.actor is None
    assert entry.detail["operator"]


def test_as_it_was_on_another_day(run, tmp_path):
    assert run("2025-01", "-o", str(tmp_path), "--on", "2025-02-12").exit_code == 0
    refused = run("2025-02", "-o", str(tmp_path), "--on", "2025-03-08")
    assert refused.exit_code == 2
    assert "114年3月10日" in refused.output


def test_what_is_refused_leaves_no_half_a_zip(run, tmp_path):
    answer = run("2025-03", "-o", str(tmp_path / "letters"))
    assert answer.exit_code == 2
    assert "填報期限" in answer.output
    assert not list((tmp_path / "letters").iterdir())
