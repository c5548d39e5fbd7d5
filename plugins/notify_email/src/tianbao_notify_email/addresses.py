"""E-mail addresses, as narrow as they must be to stand in a command to a mail server."""

import re
from functools import lru_cache


class NotAnAddressError(ValueError):
    """This is no single e-mail address."""


@lru_cache(maxsize=16)
def parted(address: str) -> tuple[str, str]:
    """The local part and the domain of an address; the domain in ASCII (IDNA).

    Raises:
        NotAnAddressError: it is no address, more than one, or holds what could end a line or a command.
    """
    found = _ADDRESS.fullmatch(address)
    if not found or len(address) > _LONGEST:
        raise NotAnAddressError(address)
    try:
        domain = found["domain"].encode("idna").decode("ascii")
    except UnicodeError as error:
        raise NotAnAddressError(address) from error
    if not _DOMAIN.fullmatch(domain):
        raise NotAnAddressError(address)
    return found["local"], domain


_LONGEST = 254
_ATOM = r"[^\x00-\x20\x7f-\xa0()<>\[\]:;@\\,.\"\s]+"
_ADDRESS = re.compile(rf"(?P<local>{_ATOM}(?:\.{_ATOM})*)@(?P<domain>[^@\s]+)")
_DOMAIN = re.compile(r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)*[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?")
