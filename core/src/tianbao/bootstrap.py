"""Wires settings, clock, plugins and store together; nothing else does."""

from attrs import frozen

from tianbao import plugins as plugin_finder
from tianbao import settings as settings_finder
from tianbao.accounts.passwords import Hasher
from tianbao.clock import Clock, SystemClock
from tianbao.plugins import Plugins
from tianbao.settings import Settings
from tianbao.storage import Store


@frozen
class App:
    """The whole of it; what use cases and front ends are given.

    Attributes:
        settings: what the operator set.
        clock: what time it is.
        plugins: templates, readers, writers, channels, front ends.
        store: what is kept.
        hasher: makes and checks passwords' hashes.
        demo: whether it is a made-up country, whose mails are read on a page instead of leaving the machine.
    """

    settings: Settings
    clock: Clock
    plugins: Plugins
    store: Store
    hasher: Hasher
    demo: bool = False


def bootstrap(settings: Settings | None = None, *, clock: Clock | None = None, plugins: Plugins | None = None) -> App:
    """Make the application.

    The embedded SQLite database is made, and brought up to date, on the way; PostgreSQL is the operator's, who runs
    ``tianbao db upgrade`` when it suits.

    Raises:
        TianbaoError: the settings are wrong, or the database is not of this version.
    """
    settings = settings or settings_finder.load()
    return App(
        settings,
        clock or SystemClock(),
        plugins or plugin_finder.load(),
        _open(settings.database_url),
        Hasher(settings.hashes_at_once),
    )


def _open(url: str) -> Store:
    store = Store(url)
    try:
        if store.embedded:
            store.upgrade()
        else:
            store.demand_current()
    except BaseException:
        store.close()
        raise
    return store
