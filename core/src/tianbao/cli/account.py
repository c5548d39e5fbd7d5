"""``tianbao account``: what an operator does about accounts; everything else is done on the pages."""

from collections.abc import Iterator
from contextlib import contextmanager

import click

from tianbao.accounts import Role
from tianbao.accounts.forms import FormRefusal
from tianbao.accounts.invitations import invite as send_invitation
from tianbao.accounts.second_step import lift
from tianbao.cli.common import session, stop
from tianbao.errors import Refusal


@click.group()
def account() -> None:
    """Invite people to national roles, and help who has lost their authenticator."""


@account.command()
@click.argument("role", type=click.Choice([role.value for role in Role if role.national]))
@click.argument("login")
@click.argument("name")
@click.argument("email")
@click.pass_context
def invite(ctx: click.Context, role: str, login: str, name: str, email: str) -> None:
    """Invite NAME at EMAIL to sign in as LOGIN in ROLE.

    The invitation is queued as a mail; `tianbao serve` or `tianbao worker` delivers it. Inviting a login that has not
    accepted yet sends it anew.
    """
    with _refusals_said():
        invited = send_invitation(session(ctx).app, Role(role), login, name, email)
    click.echo(f"Invited {invited.login} ({invited.role.label}); the mail to {invited.email} is queued.")


@account.command("lift-code")
@click.argument("login")
@click.argument("reason")
@click.pass_context
def lift_code(ctx: click.Context, login: str, reason: str) -> None:
    """Ask LOGIN for no more codes of an authenticator that is lost.

    Their sessions end, a mail tells them, and REASON (who called, how you knew them) stays in the audit trail. The
    organiser and support do the same on the page /codes; this is for when nobody of them gets in.
    """
    app = session(ctx).app
    with app.store.read() as work:
        known = work.accounts.by_login(login)
    if known is None:
        stop(f"There is no account {login!r}.")
    with _refusals_said():
        lifted = lift(app, None, known, reason)
    click.echo(f"{lifted.login} signs in by password alone; the mail to {lifted.email} is queued.")


@contextmanager
def _refusals_said() -> Iterator[None]:
    """What is wrong, field by field where there are fields; then leave."""
    try:
        yield
    except FormRefusal as refusal:
        stop("\n".join(f"{field}: {problem}" for field, problem in refusal.problems.items()))
    except Refusal as refusal:
        stop(str(refusal))
