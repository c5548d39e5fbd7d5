"""A unit of work: one transaction, and the repositories in it."""

from sqlalchemy import Connection

from tianbao.storage import repository
from tianbao.storage.accounts import Accounts
from tianbao.storage.announcements import Announcements
from tianbao.storage.attempts import Attempts
from tianbao.storage.audit import Audit
from tianbao.storage.calendar import FactsOfUnits
from tianbao.storage.completeness import Completeness
from tianbao.storage.coverage import Coverages
from tianbao.storage.days import OfficialDays
from tianbao.storage.deliveries import Deliveries
from tianbao.storage.figures import Figures
from tianbao.storage.filings import Filings
from tianbao.storage.grants import Amendments, Grants
from tianbao.storage.handouts import Handouts
from tianbao.storage.letters import Letters
from tianbao.storage.outbox import Outbox
from tianbao.storage.pauses import Pauses
from tianbao.storage.records import Records
from tianbao.storage.reminders import Reminders
from tianbao.storage.resets import Resets
from tianbao.storage.saved import Saved
from tianbao.storage.sessions import Sessions
from tianbao.storage.statistics import Statistics
from tianbao.storage.tallies import Tallies
from tianbao.storage.texts import Texts
from tianbao.storage.tokens import Tokens
from tianbao.storage.units import Units


class UnitOfWork:
    """Everything done in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.units = Units(connection)
        self.accounts = Accounts(connection)
        self.sessions = Sessions(connection)
        self.attempts = Attempts(connection)
        self.tokens = Tokens(connection)
        self.resets = Resets(connection)
        self.figures = Figures(connection)
        self.filings = Filings(connection)
        self.grants = Grants(connection)
        self.amendments = Amendments(connection)
        self.calendar = FactsOfUnits(connection)
        self.completeness = Completeness(connection)
        self.days = OfficialDays(connection)
        self.records = Records(connection)
        self.reminders = Reminders(connection)
        self.statistics = Statistics(connection)
        self.tallies = Tallies(connection)
        self.coverage = Coverages(connection)
        self.saved = Saved(connection)
        self.texts = Texts(connection)
        self.pauses = Pauses(connection)
        self.outbox = Outbox(connection)
        self.deliveries = Deliveries(connection)
        self.letters = Letters(connection)
        self.announcements = Announcements(connection)
        self.handouts = Handouts(connection)
        self.audit = Audit(connection)

    def lock(self, *name: str) -> None:
        """Let no other transaction that names the same lock go on before this one has ended."""
        repository.lock(self.connection, *name)

    def seal(self) -> None:
        """Do what comes last before the commit."""
        self.audit.write()
