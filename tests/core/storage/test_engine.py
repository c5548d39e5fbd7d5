"""How the databases are reached."""

from contextlib import suppress

import pytest

from tianbao.storage.engine import WRITING, make_engine


def test_what_schools_filed_is_for_the_owner_of_the_file_alone(tmp_path):
    engine = make_engine(f"sqlite:///{tmp_path / 'tianbao.sqlite3'}")
    with engine.execution_options(**{WRITING: True}).begin() as connection:
        connection.exec_driver_sql("CREATE TABLE filed (row)")
        files = list(tmp_path.iterdir())
        assert len(files) > 1
        assert not [file for file in files if file.stat().st_mode & 0o077]
    engine.dispose()


@pytest.mark.parametrize("beyond", [10**25, "a\0b"], ids=["number", "text"])
def test_what_no_database_holds_is_said_alike_by_both(store, beyond):
    with suppress(OverflowError), store.read() as work:
        found = work.units.get(beyond) if isinstance(beyond, int) else work.accounts.by_login(beyond)
        assert found is None
