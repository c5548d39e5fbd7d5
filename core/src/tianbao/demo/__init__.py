"""A country to try things out: a small made-up one with a sign-in for each situation, among real schools."""

from collections.abc import Callable, Sequence

from tianbao.bootstrap import App
from tianbao.demo.country import AMENDING, BEHIND, EXEMPT, EXTENDED, MONTHS, REACH, settle
from tianbao.demo.people import PASSWORD, SignIn
from tianbao.demo.schools import enrol

__all__ = ["AMENDING", "BEHIND", "EXEMPT", "EXTENDED", "MONTHS", "PASSWORD", "REACH", "SignIn", "fill"]


def fill(app: App, told: Callable[[str], None] = lambda _: None, *, schools: int | None = None) -> Sequence[SignIn]:
    """Fill an empty store with the demo country.

    Args:
        app: with an empty store.
        told: called with what is being done.
        schools: so many of the real elementary schools; by default all.

    Returns:
        A sign-in for each role; the password of all is `PASSWORD`.
    """
    sign_ins = settle(app, told)
    if schools != 0:
        enrol(app, told, schools)
    return sign_ins
