"""What is published cannot be undone by sums: every hidden figure could be another one."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tianbao.canon import Case
from tianbao.records import Operator
from tianbao.statistics import HIDDEN, MARK, answer, download_of, published, read_address
from tianbao.statistics.publishing import hidden

UNDER = 3


@st.composite
def tables(draw):
    """Figures of a table of one to three axes, with the totals along each axis that has several places."""
    parts = draw(st.lists(st.integers(1, 4), min_size=1, max_size=3))
    figures = {
        place: draw(st.sampled_from([0, 0, 0, 1, 1, 2, 3, 4, 9, 40])) for place in product(*(range(n) for n in parts))
    }
    return with_totals(figures, parts)


def with_totals(figures, parts):
    for axis, size in enumerate(parts):
        if size > 1:
            for place in [each for each in figures if each[axis] == 0]:
                line = [figures[*place[:axis], n, *place[axis + 1 :]] for n in range(size)]
                figures[*place[:axis], size, *place[axis + 1 :]] = sum(line)
    return figures, [size + (size > 1) for size in parts]


def lines(sizes):
    """Each sum there is: the places of its parts, and of its total."""
    for axis, size in enumerate(sizes):
        if size > 1:
            others = [range(n) if at != axis else (0,) for at, n in enumerate(sizes)]
            for place in product(*others):
                yield [(*place[:axis], n, *place[axis + 1 :]) for n in range(size)]


def boxes(gone, sizes):
    """Every box whose corners are all hidden; along an axis without sums a box has no width."""
    ways = [[pair for pair in product(range(n), repeat=2) if pair[0] < pair[1]] if n > 1 else [(0, 0)] for n in sizes]
    for pairs in product(*ways):
        corners = set(product(*pairs))
        if corners <= gone:
            yield pairs


def moved(figures, pairs, sizes, step):
    """The table with a box moved by a step: one more here, one less there, totals the other way."""
    found = dict(figures)
    for corner in product(*(range(2 if low != high else 1) for low, high in pairs)):
        place = tuple(pair[which] for pair, which in zip(pairs, corner, strict=True))
        totals = sum(at == size - 1 and size > 1 for at, size in zip(place, sizes, strict=True))
        found[place] += step * (-1) ** (sum(corner) + totals)
    return found


@settings(deadline=None)
@given(tables())
def test_every_hidden_figure_could_be_another(table):
    """For each there is another table, of counts, with the same sums and the same figures in sight."""
    figures, sizes = table
    gone = hidden(figures, sizes, UNDER)
    assert {place for place, figure in figures.items() if 0 < figure < UNDER} <= gone
    could_be = {place: {figure} for place, figure in figures.items()}
    for pairs in boxes(gone, sizes):
        for step in (1, -1):
            other = moved(figures, pairs, sizes, step)
            if any(other[place] < 1 for place in gone):
                continue  # nobody hides a zero
            for *parts, total in lines(sizes):
                assert sum(other[part] for part in parts) == other[total]
            for place, figure in other.items():
                could_be[place].add(figure)
    assert all(len(could_be[place]) > 1 for place in gone)
    assert all(len(could_be[place]) == 1 for place in figures.keys() - gone)


def test_two_that_can_only_be_one_each_are_not_hidden_by_each_other():
    """Both hidden and of a sum of two, they would be one and one: whoever is hidden is not zero."""
    figures = {(0,): 1, (1,): 1, (2,): 10, (3,): 12}
    assert hidden(figures, [4], UNDER) != {(0,), (1,)}


@settings(deadline=None)
@given(tables())
def test_where_nothing_is_small_nothing_is_hidden(table):
    figures, sizes = table
    assert not hidden({place: figure * UNDER for place, figure in figures.items()}, sizes, UNDER)


class Counted(dict):
    """A table that counts how often it is looked at."""

    looks = 0

    def __getitem__(self, place):
        self.looks += 1
        return super().__getitem__(place)


def test_a_table_of_all_units_is_hidden_in_time():
    """Twice the units take about twice the looks, not four times: there are 4,000 of them."""

    def looks(units):
        parts = {place: (place[0] * 7 + place[1] * 3) % 11 // 2 for place in product(range(units), range(10))}
        figures, sizes = with_totals(parts, [units, 10])
        table = Counted(figures)
        hidden(table, sizes, UNDER)
        return table.looks

    assert looks(400) < 3 * looks(200)


@pytest.fixture
def database():
    return "sqlite"


def test_a_published_table_says_so_and_hides_what_it_must(app, people, file_rows):
    rows = [Case(student_code=f"S{n}", sex=1 + n % 2, main_issue=5, sessions=10) for n in range(4)]
    file_rows(people.school, [*rows, Case(student_code="S9", sex=1, main_issue=3, sessions=1)])
    result = answer(app, Operator("me"), read_address("case", "school_year=113&reading=main"))
    shown = published(result)
    figures = {(where["category"].label, where["sex"].label): figure for where, figure in shown.cells()}
    assert figures["家庭困擾", "生理男"] is HIDDEN
    assert figures["家庭困擾", "總計"] is HIDDEN
    assert figures["情緒困擾", "生理男"] is HIDDEN, "or it would follow from the total"
    assert figures["自我探索", "生理男"] == 0
    assert any(MARK in note for note in shown.notes)
    assert any(MARK in row for row in download_of(shown, "me").rows)
    assert HIDDEN not in {figure for _, figure in result.cells()}
