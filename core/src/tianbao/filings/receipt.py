"""The receipt of a filing: a short code that a person can read out, and the mail that brings it."""

import hashlib
from typing import TYPE_CHECKING

from tianbao.accounts import Account

if TYPE_CHECKING:
    from tianbao.filings.filing import Filing
    from tianbao.storage import UnitOfWork

_READABLE = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: nothing in it is taken for something else when read out."""


def receipt_code(facts: str) -> str:
    """Ten characters that stand for the facts of a filing: ``7K2MQ-9XD3A``."""
    number = int.from_bytes(hashlib.sha256(facts.encode()).digest()[:8]) >> 14
    text = "".join(_READABLE[number >> shift & 31] for shift in range(45, -5, -5))
    return f"{text[:5]}-{text[5:]}"


def send_receipt(work: "UnitOfWork", account: Account, filing: "Filing") -> None:
    """Queue the mail to who filed; it goes to whoever holds the post by then."""
    data = {
        "name": account.name,
        "unit": filing.unit.name,
        "login": account.login,
        "period": str(filing.period),
        "way": filing.way.value,
        "nil": filing.nil,
        "version": filing.version,
        "cases": filing.counts["case"],
        "services": filing.counts["service"],
        "filed_at": filing.filed_at.isoformat(),
        "receipt": filing.receipt,
    }
    at, unit_id = filing.filed_at, filing.unit.id
    work.outbox.add(
        f"receipt/{filing.id}", account.email, "receipt", data, at=at, unit_id=unit_id, account_id=account.id
    )
