"""What a unit has filed, month by month: every version, who, when, early, on time or late, and the file as it came."""

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING

from attrs import frozen

from tianbao.accounts import Account
from tianbao.accounts.policy import Action, demand
from tianbao.audit import Act
from tianbao.calendar import Amendment, Calendar, CalendarRules, Facts, Obligation, State, Timing
from tianbao.errors import Refusal
from tianbao.filings import Filing, Way
from tianbao.filings.grants import Grant
from tianbao.periods import Period
from tianbao.units import Unit

if TYPE_CHECKING:
    from tianbao.bootstrap import App


@frozen
class Version:
    """One filing of a month.

    Attributes:
        filing: who, when, which template, which receipt.
        timing: whether it came early, on time or late; ``None`` for an amendment, which has no due day.
    """

    filing: Filing
    timing: Timing | None


@frozen
class Month:
    """A month of a unit's history.

    Attributes:
        period: which.
        obligation: how it stands; ``None`` where it is not owed (any more), and was filed all the same.
        versions: the latest first.
        amendments: the latest first; the withdrawn, too.
        grants: likewise; the revoked, too.
    """

    period: Period
    obligation: Obligation | None
    versions: Sequence[Version]
    amendments: Sequence[Amendment]
    grants: Sequence[Grant]

    @property
    def state(self) -> State:
        """How it stands, as the grid of units and months says it, too."""
        return self.obligation.state if self.obligation else State.EXTRA


def history(app: "App", account: Account, unit: Unit) -> Sequence[Month]:
    """The months a unit owes or has filed, the latest first.

    Raises:
        Refusal: the account may not see the unit's filings (``not-allowed``).
    """
    demand(account, Action.SEE_FILINGS, unit)
    calendar = Calendar(app.clock.now(), app.settings.calendar)
    with app.store.read() as work:
        facts, grants = work.calendar.facts(unit), work.grants.of_unit(unit)
        filings = work.filings.all_of(unit)
    return _by_month(calendar, facts, filings, grants)


def _by_month(calendar: Calendar, facts: Facts, filings: Sequence[Filing], grants: Sequence[Grant]) -> Sequence[Month]:
    obligations = {each.period: each for each in calendar.obligations(facts)}
    versions: dict[Period, list[Version]] = defaultdict(list)
    for filing in filings:
        versions[filing.period].insert(0, Version(filing, _timing(calendar.rules, facts, filing)))
    return [
        Month(
            period,
            obligations.get(period),
            versions[period],
            [each for each in reversed(facts.amendments) if each.period == period],
            [each for each in reversed(grants) if each.period == period],
        )
        for period in sorted(obligations.keys() | set(versions), reverse=True)
    ]


def _timing(rules: CalendarRules, facts: Facts, filing: Filing) -> Timing | None:
    if filing.way is Way.AMENDMENT:
        return None
    return rules.window(filing.period, facts.extensions.get(filing.period)).timing(filing.filed_at)


def original_file(app: "App", account: Account, filing_id: int) -> tuple[Filing, bytes]:
    """The workbook of a version as it came; that it was taken is in the trail before it is given.

    Raises:
        Refusal: there is no such filing (``no-filing``), the account may not see its rows (``not-allowed``), or it was
            a nil filing (``no-file``).
    """
    with app.store.work() as work:
        filing = work.filings.get(filing_id)
        if filing is None:
            raise Refusal("no-filing", "找不到這筆填報紀錄。", "請回到填報紀錄重新選擇。")
        demand(account, Action.SEE_CASES, filing.unit)
        content = work.filings.file(filing)
        if content is None:
            raise Refusal("no-file", "這一版填報的是「當月無個案及服務」，沒有檔案。", "請選擇有上傳檔案的版本。")
        work.audit.append(app.clock.now(), account.id, Act.FILE_TAKEN, filing.subject, {"filing": filing.id})
    return filing, content
