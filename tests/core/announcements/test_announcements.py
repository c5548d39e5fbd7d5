"""公告: who is shown what, and when; plain text with safe links; all of it on the trail."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tianbao import announcements
from tianbao.accounts import Role
from tianbao.accounts.forms import FormRefusal
from tianbao.announcements import Written, pieces
from tianbao.audit import Act
from tianbao.errors import Refusal

GOOD = {
    "title": "113 學年度新表格",
    "text": "請下載新表格。\r\n\r\n說明：https://example.edu.tw/a?b=1。",
    "first": "2025-03-05",
}


@pytest.fixture
def publish(app, people):
    def publish(roles=(), levels=(), **fields):
        return announcements.publish(app, people.organiser, Written.typed({**GOOD, **fields}, roles, levels))

    return publish


@pytest.fixture
def seen(app):
    """Who of these is shown anything."""
    return lambda *accounts: [bool(announcements.shown_to(app, account)) for account in accounts]


def test_it_is_for_everybody_but_visitors_unless_it_says_otherwise(publish, people, seen):
    publish()
    assert seen(people.officer, people.county_officer, people.agency, None) == [True, True, True, False]


def test_a_public_one_is_for_visitors_too(publish, people, seen):
    publish(public="yes")
    assert seen(None, people.officer) == [True, True]


def test_roles_and_levels_narrow_it(publish, people, seen):
    publish(roles=["unit_officer", "county_officer", "nobody"], levels=["junior_high"])
    officers = (people.officer, people.neighbours_officer, people.county_officer, people.organiser)
    assert seen(*officers) == [True, False, True, False]


@pytest.mark.parametrize(
    ("days", "shown"),
    [
        (("2025-03-05", "2025-03-05"), True),
        (("2025-03-06", ""), False),
        (("2025-03-01", "2025-03-04"), False),
        (("2025-03-01", ""), True),
    ],
)
def test_it_is_shown_from_its_first_day_to_its_last(publish, people, seen, days, shown):
    publish(first=days[0], last=days[1])
    assert seen(people.officer) == [shown]


def test_its_last_day_ends_at_midnight_in_taipei(publish, people, seen, clock):
    publish(last="2025-03-05")
    clock.goes_on(hours=13, minutes=59)
    assert seen(people.officer) == [True]
    clock.goes_on(minutes=1)
    assert seen(people.officer) == [False]


def test_it_is_changed_and_taken_back(app, publish, people, seen):
    made = publish()
    announcements.amend(app, people.organiser, made.id, Written.typed({**GOOD, "title": "更正"}))
    assert [each.title for each in announcements.shown_to(app, people.officer)] == ["更正"]
    announcements.withdraw(app, people.organiser, made.id)
    assert seen(people.officer) == [False]
    assert [each.title for each in announcements.every(app, people.organiser)] == ["更正"]
    for again in (
        lambda: announcements.withdraw(app, people.organiser, made.id),
        lambda: announcements.amend(app, people.organiser, made.id, Written.typed(GOOD)),
    ):
        with pytest.raises(Refusal) as refused:
            again()
        assert refused.value.code == "announcement-gone"
    with app.store.read() as work:
        entries = work.audit.entries(subject=made.subject)
    assert [entry.action for entry in entries] == [Act.ANNOUNCEMENT_WITHDRAWN, Act.ANNOUNCEMENT_CHANGED, Act.ANNOUNCED]
    assert {entry.actor for entry in entries} == {people.organiser.id}


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"title": " "}, {"title"}),
        ({"title": "長" * 81}, {"title"}),
        ({"title": "公告\u202efdp"}, {"title"}),
        ({"text": "\n\n"}, {"text"}),
        ({"text": "a\0b"}, {"text"}),
        ({"first": ""}, {"first"}),
        ({"first": "2025-02-30"}, {"first"}),
        ({"last": "2025-03-04"}, {"last"}),
        ({"title": "", "text": "", "first": ""}, {"title", "text", "first"}),
    ],
)
def test_what_is_wrong_is_said_by_field(publish, fields, wrong):
    with pytest.raises(FormRefusal) as refused:
        publish(**fields)
    assert wrong <= set(refused.value.problems)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ORGANISER])
def test_only_the_organiser_announces(app, people, role):
    everybody = (people.officer, people.county_officer, people.support, people.agency)
    person = next(each for each in everybody if each.role is role)
    for attempt in (
        lambda: announcements.publish(app, person, Written.typed(GOOD)),
        lambda: announcements.every(app, person),
        lambda: announcements.withdraw(app, person, 1),
        lambda: announcements.amend(app, person, 1, Written.typed(GOOD)),
    ):
        with pytest.raises(Refusal) as refused:
            attempt()
        assert refused.value.code == "not-allowed"


def test_the_text_falls_into_paragraphs_lines_and_links(publish):
    first, second = publish().paragraphs
    assert [[piece.text for piece in line] for line in first] == [["請下載新表格。"]]
    assert [(piece.text, piece.address) for piece in second[0]] == [
        ("說明：", ""),
        ("https://example.edu.tw/a?b=1", "https://example.edu.tw/a?b=1"),
        ("。", ""),
    ]


@pytest.mark.parametrize(
    ("line", "addresses"),
    [
        ("見 http://a.tw/x.", ["http://a.tw/x"]),
        ("（https://a.tw/b）與https://c.tw", ["https://a.tw/b", "https://c.tw"]),
        ("javascript:alert(1) data:text/html,x ftp://a.tw", []),
        ('https://a.tw/"onclick="x', ["https://a.tw/"]),
        ("https://a.tw/<script>", ["https://a.tw/"]),
    ],
)
def test_only_web_addresses_become_links(line, addresses):
    assert [piece.address for piece in pieces(line) if piece.address] == addresses


@given(st.text())
def test_no_letter_of_a_line_is_lost_or_made_up(line):
    assert "".join(piece.text for piece in pieces(line)) == line
