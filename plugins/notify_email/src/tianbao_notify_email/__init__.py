"""Tianbao plugin: sends messages by SMTP.

Importing it is cheap: the mail libraries come in only when somebody asks for the channel.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tianbao.plugins import hookimpl

if TYPE_CHECKING:
    from tianbao.channels import Channel
    from tianbao.settings import Settings


@hookimpl
def tianbao_channels(settings: "Settings") -> "Sequence[Channel]":
    """The e-mail channel, where ``[notify_email]`` names a mail server."""
    from tianbao_notify_email.channel import EmailChannel  # noqa: PLC0415 -- see the module's docstring
    from tianbao_notify_email.settings import SECTION, EmailSettings  # noqa: PLC0415 -- the same

    email = settings.section(SECTION, EmailSettings)
    return [EmailChannel(email)] if email.host else []
