import pytest
from click.testing import CliRunner
from pyotp import TOTP

from tianbao.accounts import Account, Role, add, second_step
from tianbao.bootstrap import bootstrap
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


def test_a_lost_code_is_lifted_from_the_command_line(run):
    app = bootstrap()
    invited = Account(0, "org01", Role.ORGANISER, "林怡君", "org@example.tw", created_at=app.clock.now())
    with app.store.work() as work:
        known = add(work, invited)
    offered = second_step.offer(known)
    second_step.turn_on(app, known, offered.secret, TOTP(offered.secret).at(app.clock.now()))
    said = run("account", "lift-code", "org01", "本人到機房，手機遺失")
    assert said.exit_code == 0, said.output
    assert "org@example.tw is queued" in said.output
    assert "沒有啟用" in run("account", "lift-code", "org01", "再一次").stderr
    assert "no account 'nobody'" in run("account", "lift-code", "nobody", "x").stderr
    assert "reason: " in run("account", "lift-code", "org01", " ").stderr
