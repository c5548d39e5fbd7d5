"""The demo country stands on any day, and shows every situation."""

import random
from collections import Counter
from importlib import resources
from types import SimpleNamespace

import pytest
from attrs import evolve

from tianbao import canon, demo, handouts
from tianbao.calendar import Calendar, State
from tianbao.clock import FixedClock
from tianbao.demo.rows import cells_of
from tianbao.demo.schools import enrol
from tianbao.filings.agenda import agenda
from tianbao.outbox import Fate
from tianbao.periods import Period
from tianbao.plugins import PluginInfo, Plugins, hookimpl
from tianbao.register import read_list
from tianbao.templates import column, day
from tianbao.testing import answers
from tianbao.units import COUNTIES, Level
from tianbao.workbooks import Workbook, Worksheet


@pytest.fixture
def database():
    """What the demo adds is the same on every database."""
    return "sqlite"


@pytest.fixture
def plugins(plugins, as_file):
    """The shared ones, and a writer of what their reader reads."""
    import tianbao_templates_111
    import tianbao_templates_113

    def write(document, to):
        sheets = [Worksheet(page.name, [list(row) for row in page.rows]) for page in document.pages if not page.hidden]
        to.write(as_file(Workbook(sheets)))

    writer = SimpleNamespace(suffix=".xlsx", media_type="text/plain", write=write)
    found = {
        "reader": SimpleNamespace(tianbao_read_workbook=hookimpl(lambda data: _read(plugins, data))),
        "templates_111": tianbao_templates_111,
        "templates_113": tianbao_templates_113,
        "writer": SimpleNamespace(tianbao_workbook_writers=hookimpl(lambda: [writer])),
    }
    return Plugins([(PluginInfo(name, "1", "test"), plugin) for name, plugin in found.items()])


def _read(shared, data):
    from tianbao.workbooks import Limits

    return shared.read_workbook(data, Limits())


def test_made_up_rows_fit_a_form_that_nobody_knows_yet():
    from tianbao_templates_113 import TEMPLATE

    issues = canon.ISSUES.but(merged={11: 10, 18: 5})
    case, service = TEMPLATE.sheets
    columns = [
        evolve(each, values=evolve(each.values, codes=issues))
        if each.name in {"main_issue", "secondary_issues"}
        else each
        for each in case.columns
    ]
    opened = evolve(column("開案日期", day(), example="116/9/5"), name="opened")
    form = evolve(TEMPLATE, sheets=[evolve(case, columns=(*columns, opened)), service])
    chance = random.Random(5)
    for month in range(1, 13):
        made = {each.kind: list(cells_of(each, Level.JUNIOR_HIGH, Period(2027, month), chance)) for each in form.sheets}
        assert answers(form, **made) == []


@pytest.mark.parametrize(
    "day", ["2024-02-29T12:00", "2025-03-05T10:00", "2025-03-11", "2025-08-11T08:00", "2025-09-01"]
)
def test_whatever_the_day_each_situation_has_its_unit(app, clock, day):
    clock.moment = FixedClock.at(day).now()
    sign_ins = demo.fill(app, schools=0)
    with app.store.read() as work:
        units = sorted(work.units.all(), key=lambda unit: unit.id)
        organiser = work.accounts.by_login("organiser")
        assert all(work.accounts.by_login(each.login) for each in sign_ins)
    seen = [agenda(app, organiser, unit) for unit in units]
    overdue = [[each.state for each in one.obligations].count(State.OVERDUE) for one in seen]
    last = [one.of(one.calendar.current.previous).state for one in seen]
    assert (overdue[0], overdue[demo.BEHIND]) == (0, 2)
    assert last[demo.AMENDING] is State.AMENDMENT_OPEN
    assert last[demo.EXTENDED] is State.OPEN
    assert last[demo.EXEMPT] is State.EXEMPT
    assert [len(one.obligations) - 1 for one in seen] == [demo.REACH, *[demo.MONTHS] * (len(seen) - 1)]
    assert any(one.period.semester != seen[0].calendar.current.semester for one in seen[0].obligations)
    assert [each.kind for each in handouts.every(app, organiser)] == [handouts.Kind.PRESENTATION]


def test_the_real_schools_have_a_past_that_looks_lived(app):
    enrol(app, print, 150)
    now = Calendar(app.clock.now(), app.settings.calendar)
    with app.store.read() as work:
        schools = work.units.of_level(Level.ELEMENTARY)
        accounts = [work.accounts.active_of_unit(unit.id) for unit in schools]
        states = Counter(each.state for one in work.calendar.facts_of(schools) for each in now.obligations(one))
        filing = next(filter(None, (work.filings.in_force(unit, now.current.plus(-2)) for unit in schools)))
        assert work.filings.rows(filing)[0] or filing.nil
        assert {each.state for each in work.outbox.all()} == {Fate.REFUSED}
        assert work.audit.verify().broken is None
        assert [county for county in COUNTIES if not work.accounts.active_of_county(county)] == ["雲林縣", "連江縣"]
    assert len(schools) == 150
    assert len({unit.county for unit in schools}) > 15
    assert all(unit.district for unit in schools)
    assert {True, False} == {account is not None for account in accounts}
    assert {State.FILED, State.FILED_NIL, State.FILED_LATE, State.OVERDUE} <= set(states)
    assert states[State.FILED] > states[State.OVERDUE] > 0


def test_the_list_of_all_elementary_schools_comes_with_its_licence(app):
    data = resources.files("tianbao.demo") / "data"
    listed = read_list(app, (data / "e1_new.csv").read_bytes(), "e1_new.csv")
    assert (listed.year, len(listed.units), listed.notes) == (114, 2608, ())
    assert {each.county for each in listed.units.values()} == set(COUNTIES)
    assert all(each.district for each in listed.units.values())
    assert "政府資料開放授權條款" in (data / "README.md").read_text("utf-8")
