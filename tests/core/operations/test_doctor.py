"""The doctor: finds what is wrong, says what to do, and what breaks is a sign, too."""

import json

import pytest
from attrs import evolve
from click.testing import CliRunner

from tianbao import plugins as finder
from tianbao import trail
from tianbao.cli import main
from tianbao.clock import FixedClock
from tianbao.filings import file_workbook
from tianbao.operations import backup
from tianbao.operations.doctor import Patient, examine
from tianbao.operations.signs import Health
from tianbao.periods import Period
from tianbao.plugins import PluginInfo, Plugins, hookimpl
from tianbao.reminders.tick import tick
from tianbao.settings import Settings
from tianbao.storage.migrating import head
from tianbao.testing import FakeChannel, filled
from tianbao_templates_113 import TEMPLATE


@pytest.fixture(scope="module")
def ours():
    """The plugins that are installed."""
    return finder.load()


@pytest.fixture
def patient(app, ours, database_url):
    return Patient(Settings(database_url=database_url), ours, app.clock)


def found(patient, part):
    """The signs of a part that are not well, as (health, what to do)."""
    return [(sign.health, sign.remedy) for sign in examine(patient) if sign.part == part and sign.health]


def test_a_sound_country_has_nothing_ill(app, people, patient, tmp_path):
    tick(app)
    backup.take(app, tmp_path / "b.sqlite3")
    signs = list(examine(patient))
    assert {sign.part for sign in signs if sign.health is Health.WEAK} == {"mail"}
    assert not [sign for sign in signs if sign.health is Health.ILL]


def test_lost_rows_are_found(app, people, patient, as_file):
    data = as_file(filled(TEMPLATE))
    filing = file_workbook(app, people.officer, people.school, Period(2025, 2), data, "a.xlsx").filing
    with app.store.work() as work:
        work.connection.exec_driver_sql(f"DELETE FROM service WHERE filing_id = {filing.id}")
    assert found(patient, "database") == [(Health.ILL, "Restore a backup beside it and compare.")]


def test_a_database_of_another_version_is_found(app, patient):
    def turn_to(version):
        with app.store.work() as work:
            work.connection.exec_driver_sql(f"UPDATE alembic_version SET version_num = '{version}'")

    turn_to("0001")
    try:
        ((health, _),) = found(patient, "database")
    finally:
        turn_to(head())  # on PostgreSQL the next test has the same database
    assert health is Health.ILL


def test_a_step_that_was_missed_is_found(app, patient):
    assert len(found(patient, "calendar")) == 2, "January's list and February's reminder"
    tick(app)
    assert not found(patient, "calendar")


def test_a_trail_that_nobody_shortens_is_found_after_a_day(app, people, patient):
    backup.record(app, None, "a.word", "unit/1")
    keeping = evolve(patient, settings=evolve(patient.settings, audit_years=1))
    app.clock.goes_on(days=367)
    assert not found(keeping, "trail")
    app.clock.goes_on(days=1)
    ((health, _),) = found(keeping, "trail")
    assert health is Health.WEAK
    assert trail.shorten(evolve(app, settings=keeping.settings))
    assert not found(keeping, "trail")


def test_nobody_to_open_months_is_found(patient):
    assert [remedy for _, remedy in found(patient, "people")] == [
        "Run `tianbao account invite organiser …`.",
        "Run `tianbao account invite support …`.",
    ]


def test_mail_that_waits_is_found(app, people, patient, clock):
    with app.store.work() as work:
        work.outbox.add("k", "a@example.tw", "activate", {}, at=clock.now())
    clock.goes_on(hours=2)
    assert found(patient, "outbox") == [(Health.ILL, "See mail.md.")]


def test_a_channel_beside_mail_does_not_hide_that_mails_wait(patient):
    class Webhook:
        @hookimpl
        def tianbao_channels(self):
            return [FakeChannel("webhook")]

    beside = Plugins([(PluginInfo("webhook", "1", "test"), Webhook())])
    assert found(evolve(patient, plugins=beside), "mail") == [(Health.WEAK, "Set [notify_email]; see mail.md.")]


def test_a_mail_server_that_does_not_answer_is_found(patient, tmp_path):
    file = tmp_path / "tianbao.toml"
    file.write_text("[notify_email]\nhost = '127.0.0.1'\nport = 9\nsecurity = 'none'\nsender = 'a@example.tw'\n")
    sick = evolve(patient, settings=evolve(patient.settings, source=file))
    ((health, _),) = found(sick, "mail")
    assert health is Health.ILL


def test_a_broken_plugin_is_found(patient):
    broken = Plugins([(PluginInfo("county_rules", "2", "county-rules", error="ImportError: no module"), None)])
    assert (Health.ILL, "Mend or remove county-rules.") in found(evolve(patient, plugins=broken), "plugins")


def test_a_month_without_a_template_is_found(patient):
    early = evolve(patient, clock=FixedClock.at("2019-03-05"))
    assert found(early, "plugins")


def test_cookies_over_http_are_found(patient):
    open_cookies = evolve(patient, settings=evolve(patient.settings, base_url="https://tianbao.example.edu.tw"))
    assert found(open_cookies, "settings") == [(Health.ILL, "Set secure_cookies = true.")]


@pytest.mark.parametrize(
    ("host", "secure", "said"),
    [
        ("0.0.0.0", False, [Health.WEAK]),
        ("192.0.2.7", False, [Health.WEAK]),
        ("0.0.0.0", True, []),
        ("127.0.0.1", False, []),
        ("::1", False, []),
    ],
)
def test_cookies_of_a_server_that_others_reach_are_secure(patient, host, secure, said):
    there = evolve(patient, settings=evolve(patient.settings, host=host, secure_cookies=secure))
    assert [health for health, _ in found(there, "settings")] == said


def test_the_command_says_it_and_its_status_too(tmp_path, monkeypatch):
    monkeypatch.setenv("TIANBAO_DATABASE_URL", f"sqlite:///{tmp_path / 'new.sqlite3'}")
    done = CliRunner().invoke(main, ["doctor", "--json"])
    signs = [json.loads(line) for line in done.stdout.splitlines()]
    assert {"part": "database", "health": "weak"}.items() <= next(s for s in signs if s["part"] == "database").items()
    assert done.exit_code == 0
    assert not (tmp_path / "new.sqlite3").exists(), "the doctor changes nothing"
