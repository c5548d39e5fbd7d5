"""Settings: from the file and the environment, over defaults that just work."""

from pathlib import Path

import pytest
from attrs import frozen

from tianbao.calendar import CalendarRules
from tianbao.errors import TianbaoError
from tianbao.settings import Settings, load


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def write(tmp_path):
    def file(text, name="tianbao.toml"):
        (tmp_path / name).write_text(text, "utf-8")
        return tmp_path / name

    return file


@frozen
class Mail:
    host: str = "localhost"
    port: int = 25


def test_without_a_file_the_defaults_work():
    settings = load()
    assert settings == Settings()
    assert settings.database_url == "sqlite:///tianbao.sqlite3"
    assert settings.contacts.organiser.email == "rd@chsh.chc.edu.tw"
    assert "049-2910960" in settings.contacts.support.phone


def test_the_file_says_what_differs(write):
    write('[tianbao]\nport = 9000\n[tianbao.limits]\nrows = 5\n[tianbao.contacts.support]\nphone = "049-0"\n')
    settings = load()
    assert (settings.port, settings.limits.rows, settings.limits.columns) == (9000, 5, 256)
    assert (settings.contacts.support.phone, settings.source) == ("049-0", Path("tianbao.toml"))


def test_the_environment_has_the_last_word(write, monkeypatch):
    write('[tianbao]\ndatabase_url = "sqlite:///a"\nport = 1\n')
    monkeypatch.setenv("TIANBAO_DATABASE_URL", "postgresql://u:p@h/d")
    monkeypatch.setenv("TIANBAO_LIMITS_BYTES", "77")
    settings = load()
    assert (settings.database_url, settings.port, settings.limits.bytes) == ("postgresql://u:p@h/d", 1, 77)


def test_the_numbers_of_the_calendar_are_settings(write, monkeypatch):
    write("[tianbao.calendar]\nopening_day = 21\ndue_day = 15\n")
    monkeypatch.setenv("TIANBAO_CALENDAR_FIRST_MONTH", "2024-08")
    assert load().calendar == CalendarRules(21, 15, "2024-08")


@pytest.mark.parametrize(
    ("numbers", "says"),
    [
        ("opening_day = 5", "opening_day 5 must come after due_day 10"),
        ("due_day = 31", "'due_day' must be <= 27"),
        ('due_day = "soon"', "soon"),
        ('first_month = "111-08"', "'111-08' is not a month"),
        ("late_day = 3", "late_day"),
    ],
)
def test_numbers_that_make_no_calendar_are_refused_and_it_is_said_why(write, numbers, says):
    write(f"[tianbao.calendar]\n{numbers}\n")
    with pytest.raises(TianbaoError) as refused:
        load()
    assert says in str(refused.value)


@pytest.mark.parametrize("address", ["tianbao.example.tw", "https://", "ftp://tianbao.example.tw", ""])
def test_links_in_mails_need_a_whole_address(write, address):
    write(f'[tianbao]\nbase_url = "{address}"\n')
    with pytest.raises(TianbaoError, match="base_url"):
        load()


def test_the_environment_can_name_the_file(write, monkeypatch):
    monkeypatch.setenv("TIANBAO_SETTINGS", str(write("[tianbao]\nport = 2\n", "other.toml")))
    assert load().port == 2


def test_a_plugin_has_a_section_of_its_own(write, monkeypatch):
    write('[email]\nhost = "mail.example.edu.tw"\n')
    monkeypatch.setenv("TIANBAO_EMAIL_PORT", "587")
    assert load().section("email", Mail) == Mail("mail.example.edu.tw", 587)
    assert Settings().section("sms", Mail) == Mail()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("port = 9000\n", "under \\[tianbao\\]"),
        ("[tianbao]\nprot = 9000\n", "prot"),
        ('[tianbao]\nport = "many"\n', "tianbao.toml"),
        ("[tianbao]\nport = 99999\n", "tianbao.toml"),
        ("[tianbao\n", "not TOML"),
    ],
)
def test_what_the_settings_do_not_know_is_an_error_that_names_the_file(write, text, says):
    write(text)
    with pytest.raises(TianbaoError, match=says):
        load()


def test_a_file_that_was_named_must_be_there(tmp_path):
    with pytest.raises(TianbaoError, match=r"nowhere\.toml cannot be read"):
        load(tmp_path / "nowhere.toml")


def test_the_password_of_the_database_is_not_shown():
    assert "secret" not in repr(Settings(database_url="postgresql://u:secret@h/d"))
