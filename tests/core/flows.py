"""What the tests of accounts share: who calls from where, what is typed, and what is refused."""

import pytest

from tianbao.accounts.forms import Details, FormRefusal
from tianbao.accounts.registration import register
from tianbao.errors import Refusal

HERE = "203.0.113.7"
NEW_PASSWORD = "Lantern-9-kestrel"
DETAILS = Details("李新任", "輔導組長", "04-7222121", "35207")


def refusal(function, *arguments, **more):
    """The refusal a call meets."""
    with pytest.raises(Refusal) as refused:
        function(*arguments, **more)
    return refused.value


def problems(function, *arguments, **more):
    """What a form refuses: the codes by field."""
    with pytest.raises(FormRefusal) as refused:
        function(*arguments, **more)
    return {name: problem.code for name, problem in refused.value.problems.items()}


def join(app, seat, handle="lee_01", **more):
    """Register as somebody new would."""
    typed = {"password": NEW_PASSWORD, "details": DETAILS, "email": "lee@example.edu.tw", "address": HERE, **more}
    return register(app, seat, handle, **typed)
