"""Mails to the holder of an account: what each of them names, and the key under which it is queued once."""

from typing import TYPE_CHECKING

from tianbao.accounts import Account
from tianbao.accounts.seats import seat_of

if TYPE_CHECKING:
    from tianbao.storage import UnitOfWork


def account_data(work: "UnitOfWork", account: Account) -> dict[str, str]:
    """What every mail to the holder of an account names."""
    seat = seat_of(work, account)
    return {"name": account.name, "unit": seat.name if seat else account.role.label, "login": account.login}


def letter_key(template: str, account: Account, occasion: str) -> str:
    """The key of a mail to the holder of an account: the same for the same occasion, which a token's start tells."""
    return f"{template}/{account.id}/{occasion[:12]}"
