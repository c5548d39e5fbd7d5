"""Logs: one form for all, and nobody's personal data in any."""

import json
import logging

import pytest

from tianbao.operations.logs import LogSettings, discreet, set_up

PERSONAL = (
    "wang@school.edu.tw",
    "A123456789",
    "a123456789",
    "0912-345-678",
    "0912－345–678",
    "A－123456789",
    "04-7222121",
)


@pytest.fixture
def log(capsys):
    """Set logs up as named, log through any library's logger, and give what was written."""
    root = logging.getLogger()
    before = root.handlers[:], root.level

    def write(form, *words, level="info", **more):
        set_up(LogSettings(form, level))
        logging.getLogger("somebodys.library").warning(*words, **more)
        return capsys.readouterr().err

    yield write
    root.handlers[:], root.level = before[0], before[1]


def test_a_line_for_people(log):
    assert "WARNING somebodys.library: 3 messages wait" in log("text", "%d messages wait", 3)


def test_an_object_for_programs(log):
    line = json.loads(log("json", "信件 %d 封", 3, extra={"unit": 7}))
    assert line["event"] == "信件 3 封"
    assert (line["level"], line["from"], line["unit"]) == ("WARNING", "somebodys.library", 7)


def test_what_is_less_is_left_out(log):
    assert not log("text", "careful", level="error")


@pytest.mark.parametrize("form", ["text", "json"])
@pytest.mark.parametrize("secret", PERSONAL)
def test_no_personal_data_whoever_logs_it(log, form, secret):
    said = log(form, "refused: %s", secret, exc_info=ValueError(f"550 {secret} is not known here"))
    assert "is not known here" in said
    assert secret not in said


def test_what_is_not_personal_stays():
    for text in ("unit/12/2024-09 filed in 0.25 s", "message 4711: 421 try later", "2025-03-05 10:00:00,123"):
        assert discreet(text) == text
