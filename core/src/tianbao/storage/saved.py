"""What people keep of their own: named queries, chosen columns."""

from collections.abc import Sequence
from datetime import datetime

from attrs import evolve
from sqlalchemy import ForeignKey, UniqueConstraint, delete, insert, select, update
from sqlalchemy.orm import Mapped, mapped_column

from tianbao.records.saved import SavedQuery
from tianbao.storage.repository import Repository
from tianbao.storage.tables import Base
from tianbao.storage.types import Number


class SavedQueryRow(Base):
    """Named queries of records (我的查詢), as addresses."""

    __tablename__ = "saved_query"
    __table_args__ = (UniqueConstraint("account_id", "name"),)

    id: Mapped[int] = mapped_column(Number, primary_key=True)
    account_id: Mapped[int] = mapped_column(Number, ForeignKey("account.id"))
    name: Mapped[str]
    kind: Mapped[str]
    address: Mapped[str]
    saved_at: Mapped[datetime]


class ColumnChoiceRow(Base):
    """The columns of records that a person chose to see, by name, with commas."""

    __tablename__ = "column_choice"

    account_id: Mapped[int] = mapped_column(Number, ForeignKey("account.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    columns: Mapped[str]


class Saved(Repository):
    """Named queries and chosen columns, each person's own."""

    def queries(self, account_id: int) -> Sequence[SavedQuery]:
        """A person's queries, by name."""
        statement = select(SavedQueryRow).where(SavedQueryRow.account_id == account_id)
        found = [
            SavedQuery(row.id, row.name, row.kind, row.address, row.saved_at)
            for row in self._connection.execute(statement)
        ]
        return sorted(found, key=lambda each: each.name)

    def save(self, account_id: int, query: SavedQuery) -> SavedQuery:
        """Keep a query, in place of the person's own of that name."""
        ours = (SavedQueryRow.account_id == account_id, SavedQueryRow.name == query.name)
        values = {"kind": query.kind, "address": query.address, "saved_at": query.saved_at}
        change = update(SavedQueryRow).where(*ours).values(values).returning(SavedQueryRow.id)
        number = self._connection.execute(change).scalar()
        if number is None:
            entry = insert(SavedQueryRow).values(account_id=account_id, name=query.name, **values)
            number = self._connection.execute(entry.returning(SavedQueryRow.id)).scalar_one()
        return evolve(query, id=number)

    def forget(self, account_id: int, query_id: int) -> bool:
        """Delete a person's own query; ``False`` where there is none."""
        ours = (SavedQueryRow.account_id == account_id, SavedQueryRow.id == query_id)
        gone = self._connection.execute(delete(SavedQueryRow).where(*ours).returning(SavedQueryRow.id))
        return gone.first() is not None

    def columns(self, account_id: int, kind: str) -> tuple[str, ...]:
        """The columns a person chose; none where nothing was chosen."""
        ours = (ColumnChoiceRow.account_id == account_id, ColumnChoiceRow.kind == kind)
        text = self._connection.execute(select(ColumnChoiceRow.columns).where(*ours)).scalar()
        return tuple(text.split(",")) if text else ()

    def choose(self, account_id: int, kind: str, columns: Sequence[str]) -> None:
        """Keep a choice, in place of the one before; an empty one is no choice."""
        ours = (ColumnChoiceRow.account_id == account_id, ColumnChoiceRow.kind == kind)
        self._connection.execute(delete(ColumnChoiceRow).where(*ours))
        if columns:
            values = {"account_id": account_id, "kind": kind, "columns": ",".join(columns)}
            self._connection.execute(insert(ColumnChoiceRow).values(values))
