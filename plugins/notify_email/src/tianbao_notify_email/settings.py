"""The settings of the mail server: ``[notify_email]`` of ``tianbao.toml``, or ``TIANBAO_NOTIFY_EMAIL_*``."""

import re
from typing import Literal

from attrs import field, frozen, validators

from tianbao_notify_email.addresses import NotAnAddressError, parted

SECTION = "notify_email"
_PORTS = {"starttls": 587, "tls": 465, "none": 25}
_LOCAL = re.compile(r"localhost|127(\.\d+){3}|::1")


@frozen
class EmailSettings:
    """How mail leaves this installation."""

    host: str = ""
    """The mail server; no mail is sent where it is empty."""
    security: Literal["starttls", "tls", "none"] = "starttls"
    """``starttls``: begins plain and must turn to TLS; ``tls``: TLS from the start; ``none``: plain."""
    port: int = field(default=0, validator=validators.and_(validators.ge(0), validators.le(65535)))
    """0 is the usual one: 587 for ``starttls``, 465 for ``tls``, 25 for ``none``."""
    user: str = ""
    """The name to sign in with; none where empty."""
    password: str = field(default="", repr=False)
    sender: str = ""
    """The address mails come from; also where the mail server sends what it could not deliver."""
    sender_name: str = "輔導工作成果填報系統"
    reply_to: str = ""
    """Where answers of people go; else to the sender."""
    per_minute: float = field(default=0, validator=validators.ge(0))
    """At most so many mails in a minute; 0 is as fast as the server takes them."""
    timeout: float = field(default=30, validator=validators.gt(0))
    """Seconds to wait for each answer of the server."""
    ca_file: str = ""
    """Certificates (PEM) to trust beside the machine's own, for a mail server with one of the house."""

    @property
    def server_port(self) -> int:
        return self.port or _PORTS[self.security]

    @property
    def domain(self) -> str:
        """Of the sender; also stands in Message-IDs."""
        return parted(self.sender)[1]

    def demand_sound(self) -> None:
        """See that what was set fits together.

        Raises:
            ValueError: it does not; says what to set.
        """
        for name, address in (("sender", self.sender), ("reply_to", self.reply_to or self.sender)):
            try:
                parted(address)
            except NotAnAddressError as error:
                raise ValueError(f"[{SECTION}] {name} is {address!r}; set it to an e-mail address.") from error
        if self.user and self.security == "none" and not _LOCAL.fullmatch(self.host):
            raise ValueError(
                f"[{SECTION}] would send the password to {self.host} in clear; set security to starttls or tls."
            )
