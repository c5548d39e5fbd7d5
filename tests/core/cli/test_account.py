import pytest
from click.testing import CliRunner

from tianbao.cli import main


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return lambda *words: CliRunner().invoke(main, words)


def test_the_first_organiser_is_invited_from_the_command_line(run):
    said = run("account", "invite", "organiser", "org01", "林怡君", "org@example.tw")
    assert said.exit_code == 0, said.output
    assert "org@example.tw is queued" in said.output


def test_what_is_wrong_is_said_field_by_field(run):
    said = run("account", "invite", "organiser", "O", "林怡君", "nowhere")
    assert said.exit_code == 2
    assert "login: " in said.output
    assert "email: " in said.output


def test_officers_register_themselves(run):
    assert run("account", "invite", "unit_officer", "x123", "林怡君", "a@example.tw").exit_code == 2
