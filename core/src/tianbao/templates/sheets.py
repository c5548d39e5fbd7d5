"""The declarative form of a sheet: a class whose attributes are its columns.

@sheet("表A-1-輔導教師-個案", kind="case", heading_row=2, first_row=4)
class Case:
    "One student under counselling in the month."
    student_code = column("學生代號", own_code(), example="範例01")
"""

import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence

from attrs import evolve, frozen

from tianbao.cells import squash
from tianbao.errors import PluginError
from tianbao.templates.coded import Grade, OneOf, SomeOf
from tianbao.templates.codes import CodeList
from tianbao.templates.rules import Rule
from tianbao.templates.values import Day, Note, OwnCode, Text, ValueKind, WholeNumber
from tianbao.workbooks import Cell


@frozen
class Column:
    """One column of a sheet.

    Attributes:
        heading: as the official form has it.
        values: what its cells may hold.
        help: what a person must know to fill it in, in 繁體中文.
        example: cells of it in the filled example, one for each example row.
        aliases: other headings under which it is accepted.
        required: whether a row that was begun must have it.
        measure: what its numbers count (``person_times``), for columns that are summed.
        name: the field it is stored under; a field of the canonical row, else it goes with the row's extras.
    """

    heading: str
    values: ValueKind
    help: str = ""
    example: tuple[Cell, ...] = ()
    aliases: tuple[str, ...] = ()
    required: bool = True
    measure: str = ""
    name: str = ""

    @property
    def headings(self) -> frozenset[str]:
        """Every heading it is known by, squashed."""
        return frozenset(squash(text) for text in (self.heading, *self.aliases))


def column(
    heading: str,
    values: ValueKind,
    *,
    help: str = "",  # noqa: A002 -- the form's own word
    example: Cell | tuple[Cell, ...] = (),
    aliases: Sequence[str] = (),
    required: bool = True,
    measure: str = "",
) -> Column:
    """Declare a column; see `Column` for the arguments. A single ``example`` stands in every example row."""
    examples = example if isinstance(example, tuple) else (example,)
    return Column(heading, values, help, examples, tuple(aliases), required, measure)


@frozen
class Sheet:
    """A sheet of a template.

    Attributes:
        name: as on its tab.
        kind: of its rows, ``case`` or ``service``.
        heading_row: the row of the headings, 1-based.
        first_row: the first row of data.
        columns: in the official order.
        rules: between the cells of a row.
        title: may name ``{period}`` (``[113-09]``) and ``{unit}``.
        title_row: where it stands, 1-based, above headings and groups.
        groups: headings above the headings (row ``heading_row - 1``), each with the number of columns it spans.
        unique: the fields that no two rows may share, together.
        aliases: other names under which the sheet is accepted.
        about: what one row of it is.
    """

    name: str
    kind: str
    heading_row: int
    first_row: int
    columns: tuple[Column, ...]
    rules: tuple[Rule, ...]
    title: str = ""
    groups: Mapping[str, int] | None = None
    unique: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    about: str = ""
    title_row: int = 1

    def column(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)

    @property
    def names(self) -> frozenset[str]:
        """Every name it is known by, squashed."""
        return frozenset(squash(text) for text in (self.name, *self.aliases))


def sheet(
    name: str,
    *,
    kind: str,
    heading_row: int,
    first_row: int,
    title: str = "",
    title_row: int = 1,
    groups: Mapping[str, int] | None = None,
    unique: Sequence[str] = (),
    aliases: Sequence[str] = (),
) -> Callable[[type], Sheet]:
    """Make a `Sheet` of a class: its columns, its rules, and its docstring as what one row is.

    See `Sheet` for the arguments.

    Raises:
        PluginError: a column, a rule or ``unique`` names a column that the class does not have.
    """

    def make(form: type) -> Sheet:
        declared = vars(form)
        headings = {name: value.heading for name, value in declared.items() if isinstance(value, Column)}
        for where, named in (("unique", unique), *_references(declared)):
            for unknown in [each for each in named if each not in headings]:
                raise PluginError(
                    f"sheet {name!r}: {where} names the column {unknown!r}, which {form.__name__} does not have. "
                    f"It has: {', '.join(headings)}."
                )
        columns = tuple(_named(value, name, headings) for name, value in declared.items() if isinstance(value, Column))
        rules = [rule for column in columns for rule in column.values.rules(column.name)]
        rules += [value for value in declared.values() if isinstance(value, Rule)]
        return Sheet(
            name,
            kind,
            heading_row,
            first_row,
            columns,
            tuple(evolve(rule, kind=kind) for rule in rules),
            title,
            groups,
            tuple(unique),
            tuple(aliases),
            inspect.cleandoc(form.__doc__ or ""),
            title_row,
        )

    return make


def _references(declared: Mapping[str, object]) -> Iterable[tuple[str, Sequence[str]]]:
    """Where a sheet's declaration names its columns, and which."""
    for name, value in declared.items():
        if isinstance(value, Rule):
            yield f"the rule {name}", [field for field in value.fields if field not in ("level", "period")]
        elif isinstance(value, Column) and isinstance(value.values, Note):
            yield f"the column {name}", [value.values.of]
        elif isinstance(value, Column) and isinstance(value.values, SomeOf) and value.values.other_than:
            yield f"the column {name}", [value.values.other_than]


def _named(column: Column, name: str, headings: Mapping[str, str]) -> Column:
    """The column under its attribute's name, with the headings of the columns it refers to."""
    values = column.values
    if isinstance(values, Note):
        values = evolve(values, heading=headings[values.of])
    elif isinstance(values, SomeOf) and values.other_than:
        values = evolve(values, other_heading=headings[values.other_than])
    return evolve(column, name=name, values=values)


def own_code(longest: int = 20) -> OwnCode:
    """The school's own code of a student or teacher; personal data in it is refused."""
    return OwnCode(longest)


def text(longest: int = 200) -> Text:
    """A remark of at most so many characters; personal data in it is refused."""
    return Text(longest)


def whole_number(least: int, most: int) -> WholeNumber:
    """A whole number, both bounds included."""
    return WholeNumber(least, most)


def day() -> Day:
    """A date, however it is written: a date of the file, 2024-09-05, 113/9/5, 1130905."""
    return Day()


def one_of(codes: CodeList) -> OneOf:
    """One code of a list."""
    return OneOf(codes)


def some_of(codes: CodeList, *, none: int | None = None, at_most: int | None = None, other_than: str = "") -> SomeOf:
    """Several codes of a list, joined by a comma.

    Args:
        codes: the list.
        none: what stands for none of them; without it at least one is required.
        at_most: how many at most.
        other_than: the field whose code must not be among them.
    """
    return SomeOf(codes, none, at_most, other_than)


def grade(codes: CodeList) -> Grade:
    """A student's grade, which must be one of the unit's level."""
    return Grade(codes)


def note(of: str, codes: CodeList, when: int, longest: int = 200) -> Note:
    """The explanation of one code of another column: text exactly where it is chosen, else 0.

    Args:
        of: the field of that column.
        codes: its list.
        when: the code that wants an explanation.
        longest: the most characters.
    """
    return Note(longest, of, codes.by_number[when], codes.show(codes.by_number[when]))
