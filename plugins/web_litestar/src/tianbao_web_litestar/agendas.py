"""What waits for those who file nothing themselves: the month as it stands, what is to be done, what comes next.

The home page of county officers, the organiser, the agency and support; `tianbao_web_litestar.desks` is the officers'.
"""

from collections.abc import Iterator, Sequence

from attrs import frozen

from tianbao.accounts import Account, Role, resets
from tianbao.accounts.policy import Action, Reach, may, reach
from tianbao.accounts.resets import Step as ResetStep
from tianbao.bootstrap import App
from tianbao.calendar import State
from tianbao.completeness import UNFINISHED, Tally, Wish, grid, latest_over, overview
from tianbao.filings import amendments
from tianbao.outbox import Fate
from tianbao.periods import Period
from tianbao.post.room import Asked, register
from tianbao.reminders.gathering import schedule
from tianbao.reminders.settings import SECTION, RemindersSettings
from tianbao.reminders.steps import Due
from tianbao.reminders.unreachable import unreachable
from tianbao_web_litestar.desks import Deadline


@frozen
class Month:
    """The month people speak of, as it stands.

    Attributes:
        period: the month.
        tally: of the units somebody looks after.
        deadline: the regular one.
        place: whose units.
        unfinished: the address of those that have yet to file it.
    """

    period: Period
    tally: Tally
    deadline: Deadline
    place: str
    unfinished: str


@frozen
class Task:
    """Something that waits for somebody.

    Attributes:
        count: how many.
        text: of what.
        says: what is done about it.
        address: where.
        urgent: whether it is late already.
    """

    count: int
    text: str
    says: str
    address: str
    urgent: bool = False


def month_of(core: App, account: Account) -> Month | None:
    """The month as it stands for the units an account looks after; ``None`` where it looks after none."""
    if not may(account, Action.SEE_COMPLETENESS):
        return None
    period = latest_over(Period.of(core.clock.now().date()))
    everywhere = reach(account.role, Action.SEE_COMPLETENESS) is Reach.ALL
    query = f"state={UNFINISHED}&year={period.school_year}&month={period}"
    return Month(
        period,
        overview(core, account, period).country.whole,
        Deadline.of(core, period),
        "全國" if everywhere else account.county or "",
        f"/completeness/units?{query}",
    )


def tasks_of(core: App, account: Account) -> Sequence[Task]:
    """What waits for an account; what there is none of is left out."""
    return [task for tasks in (_earlier, _amendments, _resets, _unreachable, _lost) for task in tasks(core, account)]


def steps_of(core: App, account: Account) -> Sequence[Due]:
    """The steps of the month that are to come, for those who look after units."""
    if not may(account, Action.SEE_COMPLETENESS):
        return ()
    now, options = core.clock.now(), core.settings.section(SECTION, RemindersSettings)
    with core.store.read() as work:
        steps = schedule(work, options, core.settings.calendar, now.date())
        month = Period.of(now.date())
        found = [*steps.in_month(month), *steps.in_month(month.next)]
    return [each for each in found if each.day >= now.date()][:3]


def _earlier(core: App, account: Account) -> Iterator[Task]:
    """A county's units that are late with months before the one people speak of."""
    if account.role is not Role.COUNTY_OFFICER:
        return
    period = latest_over(Period.of(core.clock.now().date()))
    whole = grid(core, account, Wish(period.school_year)).scope
    months = [number for number, each in enumerate(whole.periods) if each < period]
    late = [row for row in whole.rows if any(row.states[number] is State.OVERDUE for number in months)]
    if late:
        yield Task(
            len(late),
            "個單位有本學年度更早的逾期月份",
            "補齊之前不能填報當期，請先提醒。",
            f"/completeness/units?state=overdue&year={period.school_year}",
            urgent=True,
        )


def _amendments(core: App, account: Account) -> Iterator[Task]:
    if may(account, Action.OPEN_MONTHS) and (waiting := amendments.waiting(core, account)):
        yield Task(len(waiting), "個月份開放修改中", "等待單位上傳修正資料，可撤回。", "/months#waiting")


def _resets(core: App, account: Account) -> Iterator[Task]:
    if not may(account, Action.RESET_ACCOUNTS):
        return
    waiting, today = resets.waiting(core, account), core.clock.now().date()
    registered = [each for each in waiting if each.step is ResetStep.REGISTERED]
    due = [each for each in waiting if each.scheduled_on and each.scheduled_on <= today]
    if due:
        yield Task(len(due), "件帳號重置應在今天辦理", "完成後系統自動通知單位。", "/support#scheduled", urgent=True)
    if registered:
        yield Task(len(registered), "件帳號重置等待安排", "請安排辦理的日期。", "/support#registered", urgent=True)
    if later := len(waiting) - len(due) - len(registered):
        yield Task(later, "件帳號重置已安排日期", "屆時辦理。", "/support#scheduled")


def _unreachable(core: App, account: Account) -> Iterator[Task]:
    if may(account, Action.SEE_ACCOUNTS) and (found := unreachable(core, account)):
        yield Task(len(found), "個單位聯絡不到", "沒有帳號、尚未開通，或信寄不到。", "/support/unreachable")


def _lost(core: App, account: Account) -> Iterator[Task]:
    if not may(account, Action.SEE_POST_ROOM):
        return
    counts = register(core, account, Asked()).counts
    if lost := counts.get(Fate.REFUSED, 0) + counts.get(Fate.GIVEN_UP, 0):
        yield Task(lost, "封信沒有寄達", "可查看原因、更正後再寄。", f"/post?state={Fate.REFUSED}")
