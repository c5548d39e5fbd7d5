"""The mails that the life of an account causes."""

import pytest


@pytest.fixture
def mails(app):
    """The mails queued so far, as (template, recipient)."""

    def queued():
        with app.store.read() as work:
            return [(message.template, message.recipient) for message in work.outbox.all()]

    return queued


@pytest.fixture
def token(app):
    """The token in the last mail of a template."""

    def find(template):
        with app.store.read() as work:
            return [each for each in work.outbox.all() if each.template == template][-1].secrets["token"]

    return find
