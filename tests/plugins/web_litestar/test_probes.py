"""What machines ask: alive, ready, how is it doing."""

import re

import pytest
from attrs import evolve

from tianbao.filings import file_nil
from tianbao.periods import Period
from tianbao.settings import load


@pytest.fixture
def app(app, tmp_path):
    """With a token for the metrics in its settings' file."""
    file = tmp_path / "tianbao.toml"
    file.write_text("[web_litestar]\nmetrics_token = 'let-me-see'\n", encoding="utf-8")
    return evolve(app, settings=evolve(load(file), forgotten_seconds=0))


def figure(text, name, **labels):
    """The value of a metric."""
    inside = ",".join(f'{key}="{value}"' for key, value in sorted(labels.items()))
    found = re.search(rf"^{name}{re.escape('{' + inside + '}') if inside else ''} (\S+)$", text, re.MULTILINE)
    assert found, f"{name} {labels} is not in\n{text}"
    return float(found[1])


def test_alive_and_ready(visitor):
    assert visitor.get("/health").text == "ok"
    answer = visitor.get("/ready")
    assert (answer.status_code, answer.json()) == (200, {"database": "well", "templates": "well"})


def test_alive_but_not_ready_while_the_database_does_not_answer(visitor, app):
    app.store.close()
    app.store.file.unlink()
    assert visitor.get("/health").status_code == 200
    answer = visitor.get("/ready")
    assert (answer.status_code, answer.json()["database"]) == (503, "ill")


def test_the_metrics_are_for_who_knows_the_token(visitor):
    assert visitor.get("/metrics").status_code == 404
    assert visitor.get("/metrics", headers={"Authorization": "Bearer something"}).status_code == 404
    assert visitor.get("/metrics", headers={"Authorization": "Bearer let-me-see"}).status_code == 200


def test_the_metrics_are_numbers_and_nobodys_data(visitor, app, people):
    file_nil(app, people.officer, people.school, Period(2025, 2))
    visitor.get("/activate/a-secret-of-somebody")
    text = visitor.get("/metrics", headers={"Authorization": "Bearer let-me-see"}).text
    assert figure(text, "tianbao_filings", way="current", nil="true") == 1
    assert figure(text, "tianbao_outbox_due") == 1
    assert figure(text, "tianbao_accounts", role="unit_officer") == 2
    assert "/activate/{token}" in text
    for secret in ("a-secret-of-somebody", people.officer.login, people.officer.email, people.school.name):
        assert secret not in text
