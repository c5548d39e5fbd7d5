"""The doors of the organiser's grants: which month of which unit can be put off (展延), or be let off (免填)."""

from datetime import date, timedelta

from attrs import frozen

from tianbao.calendar import Calendar, Facts, Obligation, State
from tianbao.clock import spoken_date
from tianbao.doors import OPEN, Door, closed
from tianbao.errors import Refusal
from tianbao.periods import Period
from tianbao.units import Unit

FARTHEST = timedelta(days=366)
"""A month is put off by this much at most: a later day is a slip in the year."""


@frozen
class PassedOver:
    """A unit that was not granted what the others were.

    Attributes:
        unit: which.
        refusal: why not.
    """

    unit: Unit
    refusal: Refusal


def extension_door(calendar: Calendar, facts: Facts, period: Period, due: date) -> Door:
    """Whether a unit may be given until a day to file a month.

    A month that was filed late may still be put off, so that what was nobody's fault is not held against the unit.
    """
    now = calendar.obligation(facts, period)
    if now is None:
        return _not_owed(facts, period)
    if now.state is State.EXEMPT:
        return closed("exempt", f"{_of(now)}已核准免填。", "如要改為展延，請先撤銷免填。")
    if now.state.filed and now.state is not State.FILED_LATE:
        return closed("already-filed", f"{_of(now)}已完成填報。", "不必展延；如需修改，請開放該月份修改。")
    return _day_door(calendar, now, due)


def _day_door(calendar: Calendar, now: Obligation, due: date) -> Door:
    regular = calendar.rules.window(now.period).due_on
    if due <= regular:
        reason = f"{now.period.spoken}原本的期限是{spoken_date(regular)}，展延的日期必須比它晚。"
        return closed("not-later", reason, "請改選較晚的日期。")
    if due > max(regular, calendar.today) + FARTHEST:
        return closed("too-far", f"展延到{spoken_date(due)}，超過一年。", "請確認年份是否正確。")
    if due < calendar.today and not now.state.filed:
        return closed("day-over", f"{spoken_date(due)}已經過了。", "請改選今天或之後的日期。")
    return OPEN


def exemption_door(calendar: Calendar, facts: Facts, period: Period) -> Door:
    """Whether a unit may be let off a month: one that it owes and has not filed."""
    now = calendar.obligation(facts, period)
    if now is None:
        return _not_owed(facts, period)
    if now.state is State.EXEMPT:
        return closed("already-exempt", f"{_of(now)}已核准免填。", "如要更改原因，請先撤銷再重新核准。")
    if now.state.filed:
        return closed("already-filed", f"{_of(now)}已完成填報。", "已填報的月份不必免填。")
    return OPEN


def _not_owed(facts: Facts, period: Period) -> Door:
    reason = f"「{facts.unit.name}」在{period.spoken}不必填報。"
    return closed("not-owed", reason, "請確認月份，以及該單位在名錄上的起訖月份。")


def _of(now: Obligation) -> str:
    return f"「{now.unit.name}」的{now.period.spoken}"
