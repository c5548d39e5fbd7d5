"""One unit at a time: what the register knows of it, entering one by hand, and mending what a list cannot say."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from attrs import evolve, frozen

from tianbao.accounts import Account, Standing
from tianbao.accounts.forms import demand_words, look_over
from tianbao.calendar import Calendar
from tianbao.cells import text_of
from tianbao.errors import Refusal
from tianbao.periods import Period, PeriodRange, PeriodRanges
from tianbao.records.sight import Person
from tianbao.register.importing import LOCK, demand_keeper, note, subject_of
from tianbao.register.lists import CODE
from tianbao.register.planning import Change
from tianbao.reminders.overtaken import CLOSED, overtake
from tianbao.units import COUNTIES, Authority, Level, Unit

if TYPE_CHECKING:
    from tianbao.bootstrap import App
    from tianbao.storage import UnitOfWork


@frozen
class Dossier:
    """What the register knows of a unit.

    Attributes:
        unit: as it is now.
        names: what it was called before, the latest first, each until when.
        filed: how many months it has filed.
        latest: the last of them.
        account: the one in use, or waiting to be activated.
    """

    unit: Unit
    names: Sequence[tuple[str, datetime]]
    filed: int
    latest: Period | None
    account: Account | None


@frozen
class Entered:
    """What somebody typed about a unit; codes and months as text."""

    name: str = ""
    county: str = ""
    district: str = ""
    answers_to: str = ""
    last: str = ""
    """The closing month, ``2026-07``; empty where that is to stay as it is."""
    again: str = ""
    """From which month on a unit that was closed files again; empty where it does not."""

    @classmethod
    def typed(cls, fields: Mapping[str, str]) -> "Entered":
        """Take it from a form: full width as half width, blanks around trimmed."""
        names = ("name", "county", "district", "answers_to", "last", "again")
        return cls(*(text_of(fields.get(name, "")) for name in names))

    def of(self, unit: Unit) -> Unit:
        """The unit as it was typed; `look_over` it first."""
        return evolve(
            unit,
            name=self.name,
            county=self.county,
            district=self.district,
            answers_to=Authority(self.answers_to) if self.answers_to else unit.answers_to,
            active=self._months(unit.active),
        )

    def _months(self, active: PeriodRanges) -> PeriodRanges:
        ended = self.ended(active)
        return ended.reopened(Period.parse(self.again)) if self.again else ended

    def ended(self, active: PeriodRanges) -> PeriodRanges:
        """The months once it is closed, before it files again."""
        return active.closed(_month(self.last)) if self.last else active

    def look_over(self, active: PeriodRanges, latest: Period | None = None, **more: Callable[[], object]) -> None:
        """Refuse what is wrong with it.

        Args:
            active: the months the unit files until now.
            latest: the last month the unit filed: it cannot be closed before.
            more: further checks by field, see `tianbao.accounts.forms.look_over`.

        Raises:
            FormRefusal: at least one field is wrong.
        """
        look_over(
            name=lambda: demand_words(self.name, "名稱"),
            county=self._demand_county,
            district=self._demand_district,
            answers_to=self._demand_authority,
            last=lambda: self._demand_last(active, latest),
            again=lambda: self._demand_again(active),
            **more,
        )

    def _demand_county(self) -> None:
        if self.county not in COUNTIES:
            raise Refusal("county", "縣市沒有選。", "請選擇縣市。")

    def _demand_district(self) -> None:
        if self.district and (len(self.district) > 5 or self.district[-1] not in "鄉鎮市區"):  # noqa: PLR2004 -- 那瑪夏區 has four
            raise Refusal("district", "鄉鎮市區的寫法不正確。", "請填鄉鎮市區的名稱，例如新莊區；不清楚請留空白。")

    def _demand_authority(self) -> None:
        if self.answers_to and self.answers_to not in set(Authority):
            raise Refusal("authority", "主管機關沒有選。", "請選擇縣市政府或國教署。")

    def _demand_last(self, active: PeriodRanges, latest: Period | None) -> None:
        if not self.last:
            return
        last = _month(self.last)
        if latest and last < latest and last != active.last:
            says = f"這個單位已填報到{latest.spoken}，最後填報月份不能更早。"
            raise Refusal("has-filings", says, f"請選擇{latest.spoken}或之後的月份；已填報的資料都會保留。")

    def _demand_again(self, active: PeriodRanges) -> None:
        if not self.again:
            return
        again, ended = _month(self.again), self.ended(active)
        if ended.goes_on:
            raise Refusal("not-closed", "這個單位沒有停辦，不必恢復填報。", "請把恢復填報月份留空。")
        if ended.last and again <= ended.last:
            says = f"這個單位填報至{ended.last.spoken}，恢復填報的月份必須在它之後。"
            raise Refusal("again-too-early", says, "請選擇之後的月份；選次月，就如同沒有停辦過。")


def _month(text: str) -> Period:
    try:
        return Period.parse(text)
    except ValueError as error:
        raise Refusal("month", "月份的寫法不正確。", "請選擇月份，例如 2026-07。") from error


def dossier(app: "App", person: Person, unit_id: int) -> Dossier | None:
    """What the register knows of a unit; ``None`` where there is none of this number.

    Raises:
        Refusal: the person may not keep the register (``not-allowed``).
    """
    demand_keeper(person)
    with app.store.read() as work:
        unit = work.units.get(unit_id)
        if unit is None:
            return None
        filed = [filing.period for filing in work.filings.all_in_force(unit)]
        living = [each for each in work.accounts.of_unit(unit_id) if each.standing is not Standing.RETIRED]
        account = next((each for each in living if each.active), living[-1] if living else None)
        return Dossier(unit, _names(work, unit), len(filed), max(filed, default=None), account)


def _names(work: "UnitOfWork", unit: Unit) -> Sequence[tuple[str, datetime]]:
    subject = subject_of(unit)
    entries = [each for each in work.audit.entries(subject=subject, limit=10_000) if each.subject == subject]
    return [(each.detail["name"][0], each.at) for each in entries if isinstance(each.detail.get("name"), list)]


def enter(app: "App", person: Person, entered: Entered, *, code: str, level: Level, since: Period) -> Unit:
    """Enter a unit by hand, such as a counselling centre.

    Args:
        app: the application.
        person: who does it.
        entered: what was typed.
        code: six digits or capitals, of no other unit of the level.
        level: its level.
        since: the first month it must file.

    Raises:
        Refusal: the person may not.
        FormRefusal: something typed is wrong, by field.
    """
    demand_keeper(person)
    code = text_of(code).upper()
    with app.store.work() as work:
        work.lock(LOCK)
        months = PeriodRanges((PeriodRange(since),))
        entered.look_over(months, code=lambda: _demand_code(work, code, level))
        unit = entered.of(Unit(code, level, entered.name, entered.county, months))
        unit = evolve(unit, id=work.units.add(unit))
        note(work, app.clock.now(), person, Change(None, unit))
    return unit


def _demand_code(work: "UnitOfWork", code: str, level: Level) -> None:
    if not CODE.fullmatch(code):
        raise Refusal(
            "code", "代碼要 6 碼，只能用數字與大寫英文字母。", "請填教育部的學校代碼；輔諮中心可自訂，例如 07Z001。"
        )
    if known := work.units.find(code, level):
        raise Refusal(
            "code-used", f"代碼 {code} 已經是「{known.name}」（{level.label}）。", "請確認代碼，或直接修改該單位。"
        )


def amend(app: "App", person: Person, unit_id: int, entered: Entered) -> Unit:
    """Change what the register says of a unit: its name, county, district, authority, closing month, reopening.

    What it has filed stays as it was filed, under the county of that time.

    Raises:
        Refusal: the person may not, or there is no such unit (``no-unit``).
        FormRefusal: something typed is wrong, by field; a unit is never closed before the last month it filed.
    """
    demand_keeper(person)
    with app.store.work() as work:
        work.lock(LOCK)
        before = work.units.get(unit_id)
        if before is None:
            raise Refusal("no-unit", "名錄裡沒有這個單位。", "請回到單位名錄重新查詢。")
        work.units.lock(before)
        entered.look_over(before.active, max((each.period for each in work.filings.all_in_force(before)), default=None))
        after = entered.of(before)
        if after != before:
            work.units.save(after)
            now = app.clock.now()
            for change in _one_by_one(before, entered.ended(before.active), after):
                note(work, now, person, change)
            overtake(work, Calendar(now, app.settings.calendar), [after], CLOSED)
    return after


def _one_by_one(before: Unit, ended: PeriodRanges, after: Unit) -> Sequence[Change]:
    """Who is closed and files again in one go was closed all the same: the trail tells until when."""
    if len({before.active, ended, after.active}) < 3:  # noqa: PLR2004 -- two steps have three stages
        return (Change(before, after),)
    closed = evolve(after, active=ended)
    return Change(before, closed), Change(closed, after)
