"""The trail's desk: what is found, taken along, and let go of."""

import io
from datetime import date
from functools import partial

import pytest
from attrs import evolve
from sqlalchemy.exc import DBAPIError

from tianbao import trail, trail_words
from tianbao.audit import Act, Anchor, Wanted, record, verify
from tianbao.filings import file_nil
from tianbao.periods import Period
from tianbao.records import exporters
from tianbao.reminders.loop import TickLoop
from tianbao.settings import Settings

from .flows import refusal

FEBRUARY = Period(2025, 2)


@pytest.fixture
def busy(app, people, clock):
    """Four days on which something happened."""
    file_nil(app, people.officer, people.school, FEBRUARY)
    for number in range(3):
        clock.goes_on(days=1)
        record(app, people.support.id, Act.SIGNED_IN, f"account/{people.support.id}", n=number)
    return people


def acts(page):
    return [told.entry.action for told in page.told]


def test_it_is_found_by_day_person_action_and_unit(app, busy):
    def found(wanted):
        return acts(trail.page(app, busy.organiser, wanted))

    assert found(Wanted()) == [Act.SIGNED_IN] * 3 + [Act.FILED_NIL]
    assert found(trail.days(date(2025, 3, 6), date(2025, 3, 7))) == [Act.SIGNED_IN] * 2
    assert found(Wanted(actor=busy.officer.id)) == [Act.FILED_NIL]
    assert found(Wanted(actions=(Act.FILED_NIL,))) == [Act.FILED_NIL]
    assert found(Wanted(subject=f"unit/{busy.school.id}")) == [Act.FILED_NIL]
    assert found(Wanted(subject=f"unit/{busy.neighbour.id}")) == []


def test_it_is_told_as_people_say_it(app, busy):
    *_, filed = trail.page(app, busy.organiser, Wanted()).told
    assert filed.who == "王小明（074501_wang01）"
    assert (filed.what, filed.about) == ("填報無個案及服務", "縣立大成國中（國中） 114年2月")
    assert ("版次", "1") in filed.detail
    assert ("方式", "當期填報") in filed.detail


@pytest.mark.parametrize(
    ("detail", "says"),
    [
        ({"counts": {"case": 8, "service": 6}}, [("筆數", "個案 8、服務 6")]),
        ({"how": "page", "kind": "case", "columns": ["period", "main_issue"]}, [("途徑", "頁面"), ("種類", "個案"), ("欄位", "月份、個案類別(主)")]),
        ({"due": "2025-10-10"}, [("展延至", "114年10月10日（星期五）")]),
        ({"working": True}, [("上班日", "是")]),
        ({"query": "", "last": None}, []),
        ({"sha256": "5a4sd"}, [("雜湊值", "5a4sd")]),
        ({"district": ["板橋區", "新莊區"], "answers_to": ["county", "agency"]}, [("鄉鎮市區", "板橋區、新莊區"), ("主管機關", "縣市政府、國教署")]),
        ({"located": 3, "answers": 2}, [("更新鄉鎮市區", "3"), ("更改主管機關", "2")]),
    ],
)  # fmt: skip
def test_details_are_told_in_the_words_of_the_pages(detail, says):
    assert list(trail_words.detail_of(detail)) == says


@pytest.mark.parametrize(
    ("subject", "says"),
    [
        ("units", "單位名錄"),
        ("announcement/2", "公告 2"),
        ("reminder/compile/2026-10", "提醒與稽催 彙整 115年10月"),
        ("day/2025-10-10", "假日設定 114年10月10日（星期五）"),
        ("post/all", "所有的信"),
        ("elsewhere/7", "elsewhere/7"),
    ],
)
def test_what_it_is_about_is_told_in_words(subject, says):
    assert trail_words.thing(subject) == says


def test_pages_go_back_without_gap_or_repetition(app, busy, monkeypatch):
    monkeypatch.setattr(trail, "SIZE", 2)
    first = trail.page(app, busy.organiser, Wanted())
    second = trail.page(app, busy.organiser, first.older)
    assert [told.entry.id for told in (*first.told, *second.told)] == [4, 3, 2, 1]
    assert second.older is None


@pytest.mark.parametrize("who", ["officer", "county_officer", "support", "agency"])
def test_nobody_else_sees_it(app, busy, who):
    account = getattr(busy, who)
    assert refusal(trail.page, app, account, Wanted()).code == "not-allowed"
    assert refusal(trail.soundness, app, account).code == "not-allowed"
    assert refusal(trail.export, app, account, Wanted(), None, io.BytesIO()).code == "not-allowed"


def test_what_is_taken_along_is_all_of_it_and_an_entry_itself(app, busy):
    file = io.BytesIO()
    rows = trail.export(app, busy.organiser, Wanted(), exporters(app.plugins)[".csv"], file)
    lines = file.getvalue().decode("utf-8-sig").splitlines()
    assert rows == len(lines) - 1 == 5
    assert lines[1].startswith("1,")
    assert "王小明" in lines[1]
    assert acts(trail.page(app, busy.organiser, Wanted()))[0] == Act.TRAIL_TAKEN


@pytest.fixture
def kept_a_year(app):
    return evolve(app, settings=Settings(audit_years=1))


def test_nothing_goes_where_nothing_is_to_go(app, busy, kept_a_year, clock):
    clock.goes_on(days=3_000)
    assert trail.shorten(app) == 0, "by default it is kept for ever"
    clock.goes_on(days=-2_900)
    assert trail.shorten(kept_a_year) == 0


def test_what_was_kept_long_enough_goes_and_the_chain_goes_on(app, busy, kept_a_year, clock):
    head = trail.soundness(app, busy.organiser).head
    clock.goes_on(days=366 - 1)  # the last two are younger than a year
    assert trail.shorten(kept_a_year) == 2
    left = trail.page(app, busy.organiser, Wanted())
    assert acts(left) == [Act.TRAIL_SHORTENED, Act.SIGNED_IN, Act.SIGNED_IN]
    assert left.told[1].entry.hash == head
    found = trail.soundness(app, busy.organiser)
    assert (found.entries, found.broken) == (5, None)
    assert trail.shorten(kept_a_year) == 0


def test_a_trail_that_is_all_gone_goes_on_where_it_was(app, busy, kept_a_year, clock):
    clock.goes_on(days=3_000)
    assert trail.shorten(kept_a_year) == 4
    record(app, None, "test", "x")
    assert trail.soundness(app, busy.organiser).broken is None
    assert [told.entry.id for told in trail.page(app, busy.organiser, Wanted()).told] == [6, 5]


@pytest.fixture
def ticks(kept_a_year, clock):
    """The loop of `tianbao serve`, on a day that is not rehearsed."""
    clock.real = True
    return TickLoop(kept_a_year)


def test_it_is_shortened_where_the_system_runs_once_a_day_at_most(app, busy, ticks, clock):
    clock.goes_on(days=366 - 1)
    ticks.once()
    ticks.once()
    assert acts(trail.page(app, busy.organiser, Wanted(actions=(Act.TRAIL_SHORTENED,)))) == [Act.TRAIL_SHORTENED]
    clock.goes_on(hours=13)  # the last but one is older than a year, but its day is not over yet
    ticks.once()
    assert len(trail.page(app, busy.organiser, Wanted(actions=(Act.TRAIL_SHORTENED,))).told) == 1
    clock.goes_on(hours=11)
    ticks.once()
    assert len(trail.page(app, busy.organiser, Wanted(actions=(Act.TRAIL_SHORTENED,))).told) == 2


def test_nothing_is_deleted_on_a_day_that_is_only_rehearsed(app, busy, ticks, clock):
    clock.real = False
    clock.goes_on(days=3_000)
    before = trail.soundness(app, busy.organiser)
    assert trail.shorten_by_itself(ticks._app) == 0
    assert trail.soundness(app, busy.organiser) == before


def test_a_long_trail_goes_in_pieces(app, busy, kept_a_year, clock, monkeypatch):
    monkeypatch.setattr(trail, "_AT_ONCE", 3)
    clock.goes_on(days=3_000)
    assert [trail.shorten(kept_a_year) for _ in range(3)] == [3, 1, 0]
    assert trail.soundness(app, busy.organiser).broken is None


def test_who_shortens_it_at_the_same_moment_finds_nothing_left(app, busy, kept_a_year, clock, at_once):
    clock.goes_on(days=3_000)
    shorten = partial(trail.shorten, kept_a_year)
    assert sorted(at_once(shorten, shorten, shorten)) == [0, 0, 4]
    assert trail.soundness(app, busy.organiser).broken is None


def test_only_what_is_behind_the_anchor_can_be_deleted(app, busy, kept_a_year, clock):
    clock.goes_on(days=366 - 1)
    trail.shorten(kept_a_year)
    with pytest.raises(DBAPIError, match="append-only"), app.store.work() as work:
        work.connection.exec_driver_sql("DELETE FROM audit WHERE id = 3")


def test_an_anchor_nobody_told_of_is_found(app, busy):
    with app.store.work() as work:
        entries = sorted(work.audit.entries(), key=lambda entry: entry.id)
        work.audit.shorten(Anchor(entries[1].id, entries[1].hash))
    with app.store.read() as work:
        assert work.audit.verify().broken == 3
    assert verify(entries[2:]).broken == 1
