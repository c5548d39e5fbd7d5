"""What a person keeps: queries under a name (我的查詢), and which columns are shown where a query names none."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from attrs import frozen

from tianbao.accounts import Account
from tianbao.accounts.policy import Action, demand
from tianbao.errors import Refusal
from tianbao.records.address import read_address, write_address
from tianbao.records.query import Query

if TYPE_CHECKING:
    from tianbao.bootstrap import App

LONGEST_NAME = 60
MOST = 100
"""Queries of one person."""


@frozen
class SavedQuery:
    """A query under a name.

    Attributes:
        id: its number.
        name: as its owner calls it.
        kind: ``case`` or ``service``.
        address: the query, as it stands in an address.
        saved_at: when it was saved last.
    """

    id: int
    name: str
    kind: str
    address: str
    saved_at: datetime

    @property
    def query(self) -> Query:
        """The query, from its first page.

        Raises:
            Refusal: it was saved when the language of addresses knew more than it does today.
        """
        return read_address(self.kind, self.address)


def saved_queries(app: "App", account: Account) -> Sequence[SavedQuery]:
    """A person's queries, by name."""
    with app.store.read() as work:
        return work.saved.queries(account.id)


def save_query(app: "App", account: Account, name: str, query: Query) -> SavedQuery:
    """Keep a query under a name; one of that name is replaced.

    Raises:
        Refusal: the person may see no records (``not-allowed``), the name will not do (``bad-name``), or there are too
            many (``too-many``).
    """
    demand(account, Action.SEE_CASES)
    plain = " ".join(name.split())
    if not plain or len(plain) > LONGEST_NAME or not plain.isprintable():
        raise Refusal("bad-name", f"查詢的名稱要有 1 到 {LONGEST_NAME} 個字。", "請為這個查詢取一個名稱。")
    with app.store.work() as work:
        work.lock("saved", str(account.id))
        there = work.saved.queries(account.id)
        if len(there) >= MOST and plain not in {each.name for each in there}:
            raise Refusal("too-many", f"最多只能儲存 {MOST} 個查詢。", "請先刪除不再使用的查詢。")
        saved = SavedQuery(0, plain, query.kind, write_address(query.at(None)), app.clock.now())
        return work.saved.save(account.id, saved)


def forget_query(app: "App", account: Account, query_id: int) -> None:
    """Delete one of a person's own queries; of others' there is nothing to be seen.

    Raises:
        Refusal: the person has none of this number (``no-query``).
    """
    with app.store.work() as work:
        if not work.saved.forget(account.id, query_id):
            raise Refusal("no-query", "找不到這個查詢。", "它可能已經刪除，請重新整理頁面。")


def chosen_columns(app: "App", account: Account, kind: str) -> tuple[str, ...]:
    """The columns a person chose for one kind of rows; none where nothing was chosen."""
    with app.store.read() as work:
        return work.saved.columns(account.id, kind)


def choose_columns(app: "App", account: Account, query: Query) -> None:
    """Keep a query's columns as the person's choice for its kind; with none, the choice is forgotten."""
    demand(account, Action.SEE_CASES)
    with app.store.work() as work:
        work.lock("saved", str(account.id))
        work.saved.choose(account.id, query.kind, query.columns)
