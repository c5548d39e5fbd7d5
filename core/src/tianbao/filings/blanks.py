"""續報: the blank of a month, already filled with last month's students whose counselling goes on."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from attrs import frozen

from tianbao.accounts import Account
from tianbao.accounts.policy import Action, demand
from tianbao.audit import Act
from tianbao.carrying import LeftOut, continued
from tianbao.documents import Document
from tianbao.errors import Refusal
from tianbao.filings import Filing, template_of
from tianbao.periods import Period
from tianbao.templates import Template, layout
from tianbao.units import Unit

if TYPE_CHECKING:
    from tianbao.bootstrap import App


@frozen
class ContinuedBlank:
    """A blank that goes on where last month's filing ended.

    Attributes:
        document: to be written; the counts are left for the officer.
        template: of the month.
        source: the filing its students are from.
        carried: so many students are in it.
        left_out: who is not, and why.
    """

    document: Document
    template: Template
    source: Filing
    carried: int
    left_out: Sequence[LeftOut]


def continued_blank(app: "App", account: Account, unit: Unit, period: Period) -> ContinuedBlank:
    """The blank of a month with last month's students; a look at case rows, and so in the trail.

    Raises:
        Refusal: the account may not file for the unit, no template serves the month, or there is nothing to go on with
            (``nothing-to-continue``).
    """
    demand(account, Action.FILE, unit)
    template, last = template_of(app.plugins.templates, period), period.previous
    with app.store.work() as work:
        source = work.filings.in_force(unit, last)
        if source is None or source.nil:
            raise _nothing(last, nil=source is not None)
        cases, _ = work.filings.rows(source)
        detail = {"filing": source.id, "how": "continuation"}
        work.audit.append(app.clock.now(), account.id, Act.CASES_SEEN, source.subject, detail)
    going_on = continued(cases, template, unit.level, last=last, period=period)
    document = layout.blank(template, unit_name=unit.name, period=period, rows={"case": going_on.rows})
    return ContinuedBlank(document, template, source, len(going_on.rows), going_on.left_out)


def _nothing(last: Period, *, nil: bool) -> Refusal:
    why = "填報的是「當月無個案及服務」" if nil else "尚未填報"
    return Refusal("nothing-to-continue", f"{last.spoken}{why}，沒有可續報的個案。", "請下載空白表格填寫。")
