"""Single-use links."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select, update

from tianbao.accounts.tokens import Purpose, Token, good, hash_of, new_token
from tianbao.storage.repository import Repository
from tianbao.storage.tables import AccountRow, TokenRow


class Tokens(Repository):
    """Single-use links, by the hash of their token."""

    def issue(self, purpose: Purpose, account_id: int, at: datetime, data: Mapping[str, Any] | None = None) -> str:
        """Make a link's token; earlier ones for the same thing are void from now on."""
        self.void(account_id, purpose)  # locks the account
        token = new_token()
        values = {
            "hash": hash_of(token),
            "purpose": purpose,
            "account_id": account_id,
            "data": dict(data or {}),
            "issued_at": at,
            "expires_at": at + purpose.valid,
            "void": False,
        }
        self._connection.execute(insert(TokenRow).values(values))
        return token

    def look(self, token: str, purpose: Purpose, now: datetime) -> Token:
        """The token, where it is good; looking does not use it.

        Raises:
            Refusal: it is not good; see `tianbao.accounts.tokens.good`.
        """
        row = self._connection.execute(select(TokenRow).where(TokenRow.hash == hash_of(token))).first()
        kept = row and Token(row.purpose, row.account_id, row.data, row.expires_at, row.used_at, row.void)
        return good(kept, purpose, now)

    def use(self, token: str, purpose: Purpose, now: datetime) -> Token:
        """Use a token up, and lock its account; of two who use it at once, one does.

        Raises:
            Refusal: it is not good; see `tianbao.accounts.tokens.good`.
        """
        owner = self._connection.scalar(select(TokenRow.account_id).where(TokenRow.hash == hash_of(token)))
        if owner is not None:
            self._lock(owner)
        unused = (
            TokenRow.hash == hash_of(token),
            TokenRow.used_at.is_(None),
            ~TokenRow.void,
            TokenRow.purpose == purpose,
        )
        using = update(TokenRow).where(*unused, TokenRow.expires_at > now).values(used_at=now)
        row = self._connection.execute(using.returning(TokenRow.account_id, TokenRow.data, TokenRow.expires_at)).first()
        if row is None:
            return self.look(token, purpose, now)  # says why not
        return Token(purpose, row.account_id, row.data, row.expires_at, now)

    def issued(self, purpose: Purpose, account_id: int, since: datetime) -> int:
        """How many links of a kind were made for an account since then."""
        these = (TokenRow.purpose == purpose, TokenRow.account_id == account_id, TokenRow.issued_at > since)
        return self._connection.execute(select(func.count()).select_from(TokenRow).where(*these)).scalar_one()

    def void(self, account_id: int, *purposes: Purpose) -> None:
        """Make an account's unused links of these kinds (of all, where none is named) worthless; locks the account."""
        self._lock(account_id)
        theirs = [TokenRow.account_id == account_id, TokenRow.used_at.is_(None)]
        if purposes:
            theirs.append(TokenRow.purpose.in_(purposes))
        self._connection.execute(update(TokenRow).where(*theirs).values(void=True))

    def _lock(self, account_id: int) -> None:
        """Links of an account are touched under its lock: two transactions never wait for each other's."""
        locked = select(AccountRow.id).where(AccountRow.id == account_id).with_for_update(key_share=True)
        self._connection.execute(locked)
