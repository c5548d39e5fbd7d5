"""What a unit may do now, and what it is told: the pages of 工作填報, each a door that is open or says why not."""

from collections.abc import Iterable, Mapping, Sequence

from attrs import frozen

from tianbao.calendar import Calendar, Facts, Menu, Obligation, State
from tianbao.clock import spoken_date
from tianbao.errors import Refusal
from tianbao.periods import Period, PeriodRange

_LONG = 4
"""So many months in a row are said by the first and the last of them."""


def months_in_words(periods: Iterable[Period]) -> str:
    """Months as people list them, each year said once: 113年11月、12月、114年1月; a long run as 113年2月至114年1月."""
    said: list[str] = []
    year = 0
    for run in _runs(periods):
        ends = (run[0], run[-1]) if len(run) >= _LONG else run
        words = []
        for each in ends:
            words.append(f"{each.month}月" if each.year == year else each.spoken)
            year = each.year
        said.append(("至" if len(run) >= _LONG else "、").join(words))
    return "、".join(said)


def _runs(periods: Iterable[Period]) -> Sequence[Sequence[Period]]:
    """The months in order, those that follow each other together."""
    runs: list[list[Period]] = []
    for period in sorted(periods):
        if runs and runs[-1][-1].next == period:
            runs[-1].append(period)
        else:
            runs.append([period])
    return runs


def _in_state(obligations: Iterable[Obligation], state: State) -> Sequence[Period]:
    return [each.period for each in obligations if each.state is state]


def catching_up(obligations: Iterable[Obligation]) -> Sequence[Obligation]:
    """What 逾期補填 lists: overdue months, months put off beyond their turn, and months to be amended.

    The manual: 「申請修改後，一律透過逾期補填頁面上傳檔案<含跨學期修改>」.
    """
    awaited = (State.OPEN, State.OVERDUE, State.AMENDMENT_OPEN)
    return [each for each in obligations if each.menu is Menu.LATE and each.state in awaited]


def pending(obligations: Iterable[Obligation]) -> str:
    """What a unit is told after signing in, or nothing.

    The manual: 「若有逾期未填報的資料，登入填報系統後，會出現文字提醒待補填報的報表月份」.
    """
    behind = catching_up(obligations)
    overdue, amending = _in_state(behind, State.OVERDUE), _in_state(behind, State.AMENDMENT_OPEN)
    says = []
    if overdue:
        count = f"{len(overdue)} 個月份逾期未填報：{months_in_words(overdue)}"
        says.append(f"貴單位有 {count}。請先到「逾期補填」補齊，再進行當期填報。")
    says += [
        f"{each.period.spoken}已展延，請在{each.deadline}前到「逾期補填」填報。"
        for each in behind
        if each.state is State.OPEN
    ]
    if amending:
        months = months_in_words(amending)
        says.append(f"{months}已申請修改，請到「逾期補填」上傳修正後的資料；完成前仍以原填報資料為準。")
    return "".join(says)


@frozen
class Door:
    """Whether something may be done now; a closed door says why, what to do, and where.

    Attributes:
        open: whether it may.
        code: a stable name of the reason it is closed.
        reason: why it is closed, a sentence in 繁體中文.
        remedy: what to do about it, likewise.
        leads_to: the page on which that is done, where there is one.
    """

    open: bool
    code: str = ""
    reason: str = ""
    remedy: str = ""
    leads_to: Menu | None = None

    def demand(self) -> None:
        """Go through.

        Raises:
            Refusal: it is closed.
        """
        if not self.open:
            raise Refusal(self.code, self.reason, self.remedy)


OPEN = Door(open=True)


def closed(code: str, reason: str, remedy: str, leads_to: Menu | None = None) -> Door:
    """A closed door; see `Door` for the arguments."""
    return Door(False, code, reason, remedy, leads_to)  # noqa: FBT003 -- the name of the function says it


def current_door(calendar: Calendar, facts: Facts) -> Door:
    """Whether 當期填報 is open: filing the current period, or filing it again.

    The manual: 「若有逾期填報，請補齊後再進行當期填報」. An open amendment blocks nothing.
    """
    overdue = _in_state(calendar.obligations(facts), State.OVERDUE)
    now = calendar.obligation(facts, calendar.current)
    if now is None or now.state is State.EXEMPT:
        return _beside_overdue(_not_owed(calendar, facts, calendar.current), overdue)
    if overdue:
        months = months_in_words(overdue)
        reason = f"{months}逾期未填報，補齊後才能填報當期（{now.period.spoken}）。"
        return closed("overdue-first", reason, "請先到「逾期補填」補齊。", Menu.LATE)
    return _not_yet_open(now) if now.state is State.NOT_YET_OPEN else OPEN


def _beside_overdue(door: Door, overdue: Sequence[Period]) -> Door:
    """A unit that owes nothing for the current period may still owe earlier ones."""
    if not overdue:
        return door
    remedy = f"另有{months_in_words(overdue)}逾期未填報，請到「逾期補填」補齊。"
    return closed(door.code, door.reason, remedy, Menu.LATE)


def late_door(calendar: Calendar, facts: Facts, period: Period) -> Door:
    """Whether a month may be filed through 逾期補填."""
    now = calendar.obligation(facts, period)
    if now is None or now.state is State.EXEMPT:
        return _not_owed(calendar, facts, period)
    if now.state is State.NOT_YET_OPEN:
        return _not_yet_open(now)
    if catching_up([now]):
        return OPEN
    if not now.state.filed:
        return closed("not-late", f"{period.spoken}是當期，還沒有逾期。", "請到「當期填報」填報。", Menu.CURRENT)
    if now.menu is Menu.CURRENT:
        remedy = "如需更正，請到「當期填報」重新上傳，新的資料無誤後即取代原資料。"
        return closed("already-filed", f"{period.spoken}已完成填報。", remedy, Menu.CURRENT)
    remedy = "如需修改，請先到「申請修改」提出申請。"
    return closed("already-filed", f"{period.spoken}已完成填報。", remedy, Menu.AMENDMENT)


def amendment_door(calendar: Calendar, facts: Facts, period: Period) -> Door:
    """Whether a unit may ask to amend a month.

    The manual: 「僅可申請修改當學期其他月份的填報資訊」; 「非當學期月份修改請致電承辦學校（上學期8~1月，
    下學期2~7月）」. A month whose door is closed as ``other-semester`` is the organiser's to open.
    """
    now = calendar.obligation(facts, period)
    if now is None or now.state is State.EXEMPT:
        return _not_owed(calendar, facts, period)
    if now.state is State.AMENDMENT_OPEN:
        remedy = "請到「逾期補填」上傳修正後的資料；不需修改時，可撤回申請。"
        return closed("already-asked", f"{period.spoken}已申請修改。", remedy, Menu.LATE)
    if now.state is State.NOT_YET_OPEN or period > calendar.current:
        return _not_yet_open(now)
    if period == calendar.current:
        remedy = "尚未填報或需要更正時，請直接到「當期填報」上傳，不必申請。"
        return closed("is-current", f"{period.spoken}是當期。", remedy, Menu.CURRENT)
    if not now.state.filed:
        return closed("not-filed", f"{period.spoken}尚未填報，沒有可修改的資料。", "請到「逾期補填」填報。", Menu.LATE)
    return OPEN if period.semester == calendar.current.semester else _other_semester(calendar, period)


def filing_door(calendar: Calendar, facts: Facts, period: Period) -> Door:
    """Whether a month may be filed now: through 當期填報 where it is current, else through 逾期補填."""
    return current_door(calendar, facts) if period == calendar.current else late_door(calendar, facts, period)


def opening_door(calendar: Calendar, facts: Facts, period: Period) -> Door:
    """Whether the organiser may open a month to be amended: of any semester, after a telephone call.

    The manual: 「跨學期修改請致電承辦學校告知大略修改原因與修改的年月份報表」.
    """
    door = amendment_door(calendar, facts, period)
    return OPEN if door.code == "other-semester" else door


def amendable(calendar: Calendar, facts: Facts) -> Mapping[Period, Door]:
    """What 申請修改 lists: the earlier months of the semester of the current period, each with its door."""
    earlier = (period for period in calendar.current.semester.periods if period < calendar.current)
    return {each: amendment_door(calendar, facts, each) for each in earlier if calendar.owes(facts.unit, each)}


def _other_semester(calendar: Calendar, period: Period) -> Door:
    return closed(
        "other-semester",
        f"{period.spoken}屬{period.semester.spoken}，不是當學期（{calendar.current.semester.spoken}）的月份。",
        "請致電承辦單位，說明要修改的月份與原因；承辦單位開放後，再到「逾期補填」上傳修正後的資料。",
        Menu.HELP,
    )


def _not_yet_open(now: Obligation) -> Door:
    opening = spoken_date(now.window.opens_at.date())
    return closed("not-yet-open", f"{now.period.spoken}的填報尚未開放。", f"請於{opening}起填報。")


def _not_owed(calendar: Calendar, facts: Facts, period: Period) -> Door:
    """Why a month need not be filed: it is exempt, or before, after or between the unit's months."""
    ask = "如有疑問，請洽承辦單位。"
    if calendar.owes(facts.unit, period):
        reason = f"{period.spoken}已核准免填（{facts.exemptions[period].reason}）。"
        return closed("exempt", reason, f"不必填報；{ask}", Menu.HELP)
    code, why = _beside(list(facts.unit.active.within(PeriodRange(calendar.first))), period)
    return closed(code, f"貴單位{why}，{period.spoken}不必填報。", ask, Menu.HELP)


def _beside(owed: Sequence[PeriodRange], period: Period) -> tuple[str, str]:
    """Where a month lies that is in none of the ranges: a stable name, and words."""
    ended = [each.last.spoken for each in owed if each.last and each.last < period]
    begins = [each.first.spoken for each in owed if each.first and each.first > period]
    if ended and begins:
        return "between", f"填報至{ended[-1]}止，自{begins[0]}起恢復填報"
    if ended:
        return "after-last", f"填報至{ended[-1]}止"
    return ("before-first", f"自{begins[0]}起填報") if begins else ("no-months", "沒有應填報的月份")
