"""``tianbao stats``: the same tables on the command line."""

import json

import pytest
from click.testing import CliRunner

from tianbao.canon import Case
from tianbao.cli.stats import stats


@pytest.fixture
def database():
    return "sqlite"


@pytest.fixture
def run(app, people, file_rows, database_url, tmp_path):
    """Call the command on a database with two cases."""
    file_rows(people.school, [Case(student_code="S1", sex=1, main_issue=5, secondary_issues=(1,), sessions=2), Case(student_code="S2", sex=2, main_issue=1, sessions=40)])  # fmt: skip
    settings = tmp_path / "tianbao.toml"
    settings.write_text(f'[tianbao]\ndatabase_url = "{database_url}"\n')

    def call(*words):
        obj = {"settings": str(settings), "today": app.clock.now().date()}
        return CliRunner().invoke(stats, words, obj=obj, catch_exceptions=False)

    return call


def test_a_table_is_printed_with_all_that_belongs_to_it(run):
    done = run("case", "--school-year", "113")
    assert done.exit_code == 0
    assert "表I－學校輔導議題人次" in done.stdout
    lines = [line.split() for line in done.stdout.splitlines()]
    assert ["人際困擾", "2", "40", "0", "42"] in lines
    assert ["合計", "2", "40", "0", "42"] in lines
    assert "各列相加會大於合計" in done.stdout
    assert "未填報" in done.stdout


def test_a_filter_is_a_column_and_its_codes(run):
    assert "身分" in run("case", "--school-year", "113", "-f", "counsellor_type=1,2").stdout
    refused = run("case", "--school-year", "113", "-f", "referral=1")
    assert refused.exit_code == 2
    assert "不能用「referral」篩選" in refused.stderr


@pytest.mark.parametrize("words", ["sex=1", "county=臺北市", "grade", "grade="])
def test_a_filter_that_would_not_be_applied_is_refused(run, words):
    assert run("case", "--school-year", "113", "-f", words).exit_code == 2


def test_what_stands_behind_too_many_is_not_left_out(run):
    """Said twice or not: what is not read would not be applied."""
    assert run("case", "--school-year", "113", "--level", ",".join(["centre"] * 5 + ["elementary"])).exit_code == 2


def test_json_is_what_the_api_gives(run):
    data = json.loads(run("case", "--school-year", "113", "--sex", "total", "--json").stdout)
    assert data["query"] == "table=issue&sex=total&school_year=113"
    assert next(line["figures"] for line in data["lines"] if line["keys"] == [1]) == [42]


def test_a_file_for_publication_hides_what_is_small(run, tmp_path):
    target = tmp_path / "figures.json"
    assert run("case", "--school-year", "113", "--hide-under", "3", "-o", str(target)).exit_code == 0
    table = json.loads(target.read_text())
    assert "※" in next(row for row in table["rows"] if row[0] == "情緒困擾")
    assert dict(table["about"])["計量方式"] == "人次"


def test_a_refused_question_leaves_no_file(run, tmp_path):
    target = tmp_path / "figures.json"
    assert run("case", "-o", str(target)).exit_code == 2
    assert not target.exists()
    assert run("case", "--school-year", "113", "-o", str(tmp_path / "a.what")).exit_code == 2


def test_tables_are_listed(run):
    assert "表i/I－學校輔導議題" in run("tables").stdout


def test_tallies_are_recounted(run):
    assert "Recounted 2 tallies" in run("refresh").stderr
    assert "Recounted 0 tallies" in run("refresh").stderr
    assert "Recounted 2 tallies" in run("refresh", "--all").stderr
