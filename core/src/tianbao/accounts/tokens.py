"""Single-use links: a random token in a mail, of which only the hash is stored."""

import hashlib
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from attrs import frozen

from tianbao.errors import Refusal


class Purpose(StrEnum):
    """What a link is for; a link for one thing is good for no other."""

    ACTIVATE = "activate"
    NEW_PASSWORD = "new-password"  # noqa: S105 -- a purpose, no password
    NEW_EMAIL = "new-email"
    INVITATION = "invitation"

    @property
    def valid(self) -> timedelta:
        """How long a link is good."""
        return _VALID[self]


_VALID = {
    Purpose.ACTIVATE: timedelta(days=3),
    Purpose.NEW_PASSWORD: timedelta(minutes=30),
    Purpose.NEW_EMAIL: timedelta(days=1),
    Purpose.INVITATION: timedelta(days=7),
}


@frozen
class Token:
    """What is kept of a link.

    Attributes:
        purpose: what it is for.
        account_id: whose it is.
        data: what belongs to it, such as the new e-mail address.
        expires_at: until when it is good.
        used_at: when it was used; ``None`` where it was not.
        void: whether a later link of the same kind, or a change of the account, has taken its place.
    """

    purpose: Purpose
    account_id: int
    data: Mapping[str, Any]
    expires_at: datetime
    used_at: datetime | None = None
    void: bool = False


def new_token() -> str:
    """A token of 256 random bits, fit for an address."""
    return secrets.token_urlsafe(32)


def hash_of(token: str) -> str:
    """What is stored of a token, or of a session's id: they are random, so a plain hash suffices."""
    return hashlib.sha256(token.encode()).hexdigest()


def good(token: Token | None, purpose: Purpose, now: datetime) -> Token:
    """The token, if it is good for the purpose now.

    Raises:
        Refusal: it is unknown (``link-unknown``), was used (``link-used``), was replaced (``link-void``) or is too old
            (``link-expired``).
    """
    again = _AGAIN[purpose]
    if token is None or token.purpose is not purpose:
        raise Refusal("link-unknown", "這個連結不完整或不是由本系統寄出。", f"請從信件完整複製連結；或{again}")
    if token.used_at is not None:
        raise Refusal("link-used", "這個連結已經使用過了。", f"若已完成，請直接登入；否則請{again}")
    if token.void:
        raise Refusal("link-void", "這個連結已由較新的連結取代。", f"請改用最新一封信裡的連結；或{again}")
    if now >= token.expires_at:
        raise Refusal("link-expired", "這個連結已超過有效時間。", f"請{again}")
    return token


_AGAIN = {
    Purpose.ACTIVATE: "重新辦理「新建帳號」，系統會再寄一封開通信。",
    Purpose.NEW_PASSWORD: "重新辦理「忘記密碼」，系統會再寄一封信。",
    Purpose.NEW_EMAIL: "登入後在「帳號管理」重新更換信箱。",
    Purpose.INVITATION: "請邀請您的人再寄一次邀請。",
}
