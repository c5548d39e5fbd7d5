"""``tianbao records``: the same query on the command line."""

import csv
import io
import json

import pytest
from click.testing import CliRunner

from tianbao.canon import Case
from tianbao.cli.records import records
from tianbao.filings import Filing, Way
from tianbao.periods import Period


@pytest.fixture
def database():
    return "sqlite"


@pytest.fixture
def run(app, people, database_url, tmp_path):
    """Call the command on a database with two rows."""
    rows = [Case(student_code="S1", main_issue=5, sessions=2), Case(student_code="[red]=1+1", main_issue=1, sessions=4)]
    filing = Filing(
        0, people.school, Period(2025, 2), 1, Way.CURRENT, nil=False, template_key="113", fingerprint="f", file_name="x", file_hash="0",
        counts={"case": 2, "service": 0}, filed_at=app.clock.now(), filed_by=people.officer.id, filed_by_name="王", receipt="r", in_force=True,
    )  # fmt: skip
    with app.store.work() as work:
        work.filings.add(filing, {"case": list(enumerate(rows, 4))})
    settings = tmp_path / "tianbao.toml"
    settings.write_text(f'[tianbao]\ndatabase_url = "{database_url}"\n')

    def call(*words):
        return CliRunner().invoke(records, words, obj={"settings": str(settings)}, catch_exceptions=False)

    return call


def test_rows_are_printed_as_they_are(run):
    done = run("case", "-c", "student_code,main_issue", "--where", "sessions gt 3", "--unit", "074501")
    assert done.exit_code == 0
    assert "[red]=1+1" in done.stdout
    assert "1 人際困擾" in done.stdout
    assert "S1" not in done.stdout
    assert "共 1 筆" in done.stdout


def test_all_rows_go_to_a_file_of_the_kind_its_name_says(run, tmp_path, app):
    as_json, as_csv = tmp_path / "rows.json", tmp_path / "rows.csv"
    assert run("case", "-c", "student_code", "--sort=-sessions", "-o", str(as_json)).exit_code == 0
    assert json.loads(as_json.read_bytes())["rows"] == [["[red]=1+1"], ["S1"]]
    assert run("case", "-c", "student_code", "--school-year", "113", "-o", str(as_csv)).exit_code == 0
    assert list(csv.reader(io.StringIO(as_csv.read_text("utf-8-sig")))) == [["學生代號"], ["[red]=1+1"], ["S1"]]
    with app.store.read() as work:
        entry, _ = work.audit.entries()
    assert entry.actor is None
    assert entry.detail["operator"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--where", "main_issue like 5"], "like"),
        (["--period", "2024"], "period"),
        (["--size", "0"], "size"),
        (["--unit", "1"], "1"),
        (["-c", "nothing"], "nothing"),
    ],
)
def test_what_makes_no_sense_is_said_and_leaves_no_file(run, tmp_path, words, told):
    target = tmp_path / "rows.csv"
    done = run("case", *words, "-o", str(target))
    assert done.exit_code == 2
    assert told in done.stderr
    assert not target.exists()


def test_a_kind_of_file_that_nobody_writes(run, tmp_path):
    done = run("case", "-o", str(tmp_path / "rows.doc"))
    assert done.exit_code == 2
    assert ".csv" in done.stderr


def test_columns_can_be_listed(run):
    done = run("service", "--list-columns")
    assert "服務項目" in done.stdout
    assert "3 家長諮詢" in done.stdout
