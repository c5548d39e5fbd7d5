"""The menu: sections, the pages of the one a page is in, and nothing that the person may not open."""

import re

import pytest


def menu_on(address, visitor):
    """The sections and the pages below them, each with its mark where it is the current one."""
    menu = re.search(r"<nav class=\"menu\".*?</nav>", visitor.get(address).text, re.DOTALL)[0]
    return [re.findall(r"<a [^>]*?(aria-current)?(?:=\"\w+\")?>(.+?)</a>", row) for row in menu.split("</ul>")[:-1]]


@pytest.mark.parametrize(
    ("who", "seen", "unseen"),
    [
        ("officer", {"工作填報", "帳號管理"}, {"客服工作臺", "人員管理", "系統管理"}),
        ("county_officer", {"填報說明", "帳號管理"}, {"工作填報", "客服工作臺", "人員管理"}),
        ("organiser", {"系統管理", "帳號管理"}, {"工作填報", "客服工作臺"}),
        ("support", {"客服工作臺"}, {"工作填報", "資料查詢", "填報紀錄", "人員管理"}),
        ("agency", {"帳號管理"}, {"工作填報", "客服工作臺", "人員管理"}),
    ],
)
def test_the_sections_are_those_one_may_open(visitor, people, who, seen, unseen):
    visitor.sign_in(getattr(people, who))
    names = {name for row in menu_on("/account", visitor) for _, name in row}
    assert names >= seen
    assert not names & unseen


def test_a_section_shows_its_pages_and_marks_the_one_that_is_open(officer):
    sections, pages = menu_on("/filing/late", officer)
    assert [name for current, name in sections if current] == ["工作填報"]
    assert [name for _, name in pages] == ["填報說明", "當期填報", "逾期補填", "申請修改", "填報歷程"]
    assert [name for current, name in pages if current] == ["逾期補填"]


def test_a_page_that_stands_elsewhere_is_below_its_entry_all_the_same(officer):
    _, pages = menu_on("/filing/convert", officer)
    assert [name for current, name in pages if current] == ["填報說明"]


def test_a_section_with_one_page_bears_its_name(officer):
    (sections,) = menu_on("/account", officer)
    assert [name for current, name in sections if current] == ["帳號管理"]
