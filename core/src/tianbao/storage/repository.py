"""What all repositories are."""

import hashlib

from sqlalchemy import BigInteger, Connection, cast, func, select


class Repository:
    """One kind of thing, in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection


def lock(connection: Connection, *name: str) -> None:
    """Wait until no other transaction holds the lock of this name, and hold it until this one ends.

    SQLite needs none: a transaction that writes is alone from its beginning.
    """
    if connection.dialect.name == "postgresql":
        number = int.from_bytes(hashlib.sha256("/".join(name).encode()).digest()[:8], signed=True)
        connection.execute(select(func.pg_advisory_xact_lock(cast(number, BigInteger))))
