"""``tianbao account``: what an operator does about accounts; everything else is done on the pages."""

import click

from tianbao.accounts import Role
from tianbao.accounts.forms import FormRefusal
from tianbao.accounts.invitations import invite as send_invitation
from tianbao.cli.common import session, stop
from tianbao.errors import Refusal


@click.group()
def account() -> None:
    """Invite people to national roles."""


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
    try:
        invited = send_invitation(session(ctx).app, Role(role), login, name, email)
    except FormRefusal as refusal:
        stop("\n".join(f"{field}: {problem}" for field, problem in refusal.problems.items()))
    except Refusal as refusal:
        stop(str(refusal))
    click.echo(f"Invited {invited.login} ({invited.role.label}); the mail to {invited.email} is queued.")
