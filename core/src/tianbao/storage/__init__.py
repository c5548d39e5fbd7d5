"""What is kept: the only package that knows a database.

`Store` opens units of work; a `UnitOfWork` is one transaction with a repository for each kind of thing, speaking the
domain's frozen objects.
"""

from tianbao.storage.store import Store
from tianbao.storage.work import UnitOfWork

__all__ = ["Store", "UnitOfWork"]
