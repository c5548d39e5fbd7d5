"""Accounts, and the secrets that never leave the store with them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnExpressionArgument, Row, insert, select, update

from tianbao.accounts import Account, Role, Standing
from tianbao.post.addressing import Holder
from tianbao.storage.repository import Repository
from tianbao.storage.tables import AccountRow

_CHANGEABLE = (
    "login",
    "handle",
    "role",
    "standing",
    "name",
    "title",
    "phone",
    "extension",
    "email",
    "activated_at",
    "retired_at",
)


class Accounts(Repository):
    """Accounts."""

    def add(self, account: Account, password_hash: str | None = None) -> int:
        """Enter an account; gives its number."""
        return self.add_all([account], password_hash)[0]

    def add_all(self, accounts: Sequence[Account], password_hash: str | None = None) -> Sequence[int]:
        """Enter many accounts with the same password; gives their numbers, in order."""
        values = [
            {
                **{name: getattr(account, name) for name in (*_CHANGEABLE, "unit_id", "county")},
                "password_hash": password_hash,
                "created_at": account.created_at or account.activated_at,
            }
            for account in accounts
        ]
        enter = insert(AccountRow).returning(AccountRow.id, sort_by_parameter_order=True)
        return self._connection.scalars(enter, values).all()

    def save(self, account: Account) -> None:
        """Keep what may change of an account."""
        values = {name: getattr(account, name) for name in _CHANGEABLE}
        self._change(account.id, **values)

    def get(self, account_id: int) -> Account | None:
        return self._one(AccountRow.id == account_id)

    def locked(self, account_id: int) -> Account | None:
        """An account that nobody else can change before this transaction has ended."""
        self._connection.execute(
            select(AccountRow.id).where(AccountRow.id == account_id).with_for_update(key_share=True)
        )
        return self.get(account_id)

    def by_login(self, login: str) -> Account | None:
        return self._one(AccountRow.login == login.strip().lower())

    def by_email(self, email: str) -> Sequence[Account]:
        """Active accounts with this address; a person may look after several units."""
        return self._many(AccountRow.email == email, AccountRow.standing == Standing.ACTIVE)

    def of_unit(self, unit_id: int) -> Sequence[Account]:
        """All accounts a unit ever had, the oldest first."""
        return self._many(AccountRow.unit_id == unit_id)

    def of_units(self, unit_ids: Iterable[int]) -> Sequence[Account]:
        """All accounts that some units ever had, the oldest first."""
        return self._many(AccountRow.unit_id.in_(unit_ids))

    def of_county(self, county: str) -> Sequence[Account]:
        """All accounts a county's office ever had, the oldest first."""
        return self._many(AccountRow.county == county)

    def of_role(self, role: Role) -> Sequence[Account]:
        return self._many(AccountRow.role == role)

    def active_of_unit(self, unit_id: int) -> Account | None:
        return self._one(AccountRow.unit_id == unit_id, AccountRow.standing == Standing.ACTIVE)

    def active_of_units(self, unit_ids: Iterable[int]) -> Mapping[int | None, Account]:
        """The active account of each unit that has one."""
        found = self._many(AccountRow.unit_id.in_(unit_ids), AccountRow.standing == Standing.ACTIVE)
        return {account.unit_id: account for account in found}

    def holders(self, account_ids: Iterable[int]) -> Mapping[int, Holder]:
        """Who holds the post of each account now: itself while it is active, else the active one of its unit or county.

        A post that nobody holds is not named; a national one is never handed on.
        """
        wanted = set(account_ids)
        active = (AccountRow.id.in_(wanted), AccountRow.standing == Standing.ACTIVE)
        rows = self._connection.execute(select(AccountRow.id, AccountRow.name, AccountRow.email).where(*active))
        found = {row[0]: Holder(row[1], row[2]) for row in rows}  # as it is with nearly all, and asked for each message
        for gone in self._many(AccountRow.id.in_(wanted - found.keys())) if wanted - found.keys() else ():
            after = self.active_of_unit(gone.unit_id) if gone.unit_id is not None else None
            after = self.active_of_county(gone.county) if gone.county else after
            if after:
                found[gone.id] = Holder(after.name, after.email)
        return found

    def active_of_county(self, county: str) -> Account | None:
        return self._one(AccountRow.county == county, AccountRow.standing == Standing.ACTIVE)

    def password_hash(self, account_id: int) -> str | None:
        return self._secret(AccountRow.password_hash, account_id)

    def set_password(self, account_id: int, password_hash: str) -> None:
        self._change(account_id, password_hash=password_hash)

    def totp_secret(self, account_id: int) -> str | None:
        return self._secret(AccountRow.totp_secret, account_id)

    def set_totp_secret(self, account_id: int, secret: str | None) -> None:
        self._change(account_id, totp_secret=secret, totp_last=None)

    def use_totp_step(self, account_id: int, step: int) -> bool:
        """Use up the code of a time step; ``False`` where it, or a later one, was used before."""
        last = AccountRow.totp_last
        fresh = (AccountRow.id == account_id, (last.is_(None)) | (last < step))
        statement = update(AccountRow).where(*fresh).values(totp_last=step).returning(AccountRow.id)
        return self._connection.execute(statement).first() is not None

    def _secret(self, column: Any, account_id: int) -> str | None:  # noqa: ANN401 -- a mapped column
        found: str | None = self._connection.execute(select(column).where(AccountRow.id == account_id)).scalar()
        return found

    def _change(self, account_id: int, **values: object) -> None:
        self._connection.execute(update(AccountRow).where(AccountRow.id == account_id).values(values))

    def _one(self, *conditions: ColumnExpressionArgument[bool]) -> Account | None:
        return next(iter(self._many(*conditions)), None)

    def _many(self, *conditions: ColumnExpressionArgument[bool]) -> Sequence[Account]:
        statement = select(AccountRow).where(*conditions).order_by(AccountRow.id)
        return [account_of(row) for row in self._connection.execute(statement)]


def account_of(row: Row[Any]) -> Account:
    return Account(
        id=row.id,
        login=row.login,
        role=row.role,
        name=row.name,
        email=row.email,
        handle=row.handle,
        unit_id=row.unit_id,
        county=row.county,
        standing=row.standing,
        title=row.title,
        phone=row.phone,
        extension=row.extension,
        second_step=row.totp_secret is not None,
        created_at=row.created_at,
        activated_at=row.activated_at,
        retired_at=row.retired_at,
    )
