"""Beside a figure of several school years stands where their forms differ."""

import pytest
from attrs import evolve

from tianbao import canon
from tianbao.clock import FixedClock
from tianbao.periods import school_years
from tianbao.plugins import PluginInfo, Plugins, hookimpl
from tianbao.records import Operator
from tianbao.statistics import answer, read_address
from tianbao_templates_113 import TEMPLATE as T113


@pytest.fixture
def database():
    """What the notes say is the same on every database."""
    return "sqlite"


def test_a_merged_code_is_said_to_go_on_in_the_other_and_a_new_one_to_begin(app):
    issues = canon.ISSUES.but({20: "職場實習適應"}, merged={11: 10})
    case, service = T113.sheets
    columns = (
        evolve(each, values=evolve(each.values, codes=issues))
        if each.name.endswith("_issues") or each.name == "main_issue"
        else each
        for each in case.columns
    )
    later = evolve(
        T113,
        key="116",
        name="116學年度表格",
        serves=school_years(116),
        sheets=[evolve(case, columns=tuple(columns)), service],
    )

    class Forms:
        @hookimpl
        def tianbao_templates(self):
            return [T113, later]

    both = evolve(
        app, plugins=Plugins([(PluginInfo("forms", "1", "test"), Forms())]), clock=FixedClock.at("2027-10-05")
    )
    told = "".join(answer(both, Operator("me"), read_address("case", "school_year=115,116")).notes)
    assert "「11 兒少保護議題」只到113學年度表格（113年8月至116年7月）為止，之後的月份併入「10 脆弱家庭」" in told
    assert "「20 職場實習適應」從116學年度表格（116年8月起）才有" in told
