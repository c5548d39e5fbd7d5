"""OOXML workbooks (.xlsx, .xlsm): found by their relationships, rebuilt plainly, then read by calamine.

calamine guesses some part names, trusts counts and reads every sheet a second time for its merged cells. So it never
sees the user's package, only one of ours: the same cells, styles and strings under the names it expects.
"""

from collections.abc import Sequence
from posixpath import dirname, join, normpath
from urllib.parse import unquote

from attrs import frozen

from tianbao.workbooks import Limits, Workbook, Worksheet, column_letters
from tianbao_export_excel.formats import exact, quick, rebuilt, strings, styles
from tianbao_export_excel.formats.archive import Archive
from tianbao_export_excel.formats.markup import Attributes, attribute, parse
from tianbao_export_excel.formats.scan import Scan
from tianbao_export_excel.refusals import Rejected

MOST_SHEETS = 200
"""Sheets in a workbook; ours have four."""

LONGEST_SHEET_NAME = 255
"""Letters in a sheet's name; Excel allows 31, other programs more."""

_CONTENT_TYPES = "[Content_Types].xml"
_STATES = {"": True, "visible": True, "hidden": False, "veryHidden": False}


@frozen
class Relation:
    """One part pointing to another: what as, and where."""

    kind: str
    target: str


@frozen
class Tab:
    """A sheet as the workbook part lists it; ``part`` is empty for sheets without cells, such as charts."""

    name: str
    visible: bool
    part: str


def is_one(archive: Archive) -> bool:
    """Whether this is a workbook, rather than a Word document or just any zip archive.

    Raises:
        Rejected: ``xlsb`` for the binary kind, ``broken`` where it was one but lost its head.
    """
    if _CONTENT_TYPES not in archive:
        if any(name.startswith("xl/") for name in archive):
            raise Rejected("broken")
        return False
    types: set[str] = set()
    parse(archive.part(_CONTENT_TYPES), lambda _, attributes: types.add(attributes.get("ContentType", "")))
    if any("sheet.binary" in kind for kind in types):
        raise Rejected("xlsb")
    return any("spreadsheetml" in kind or "ms-excel" in kind for kind in types if kind.endswith("main+xml"))


def read(archive: Archive, limits: Limits) -> Workbook:
    """Read a workbook.

    Raises:
        Rejected: it is broken, too large or hostile.
    """
    path = _target_of(_relations(archive, ""), "officeDocument")
    relations = _relations(archive, path)
    tabs, epoch_1904 = _tabs(archive.part(path), relations)
    shell = rebuilt.Shell(
        epoch_1904=epoch_1904,
        styles=_rewritten(archive, relations, "styles", styles.canonical),
        strings=_rewritten(archive, relations, "sharedStrings", strings.canonical),
    )
    sheets = [_Sheet(tab, archive.part(tab.part) if tab.part else b"", limits) for tab in tabs]
    return Workbook(_read_all(shell, sheets, limits))


class _Sheet:
    """A sheet on its way: scanned quickly where it is regular, exactly where it is not."""

    def __init__(self, tab: Tab, xml: bytes, limits: Limits) -> None:
        self.tab, self._xml, self._limits = tab, xml, limits
        quickly = quick.scan(tab.name, xml, limits) if xml else Scan()
        self.exact = quickly is None
        self.scan = quickly or exact.scan(tab.name, xml, limits)

    def look_closer(self) -> None:
        self.scan = exact.scan(self.tab.name, self._xml, self._limits)
        self.exact = True


def _read_all(shell: rebuilt.Shell, sheets: Sequence[_Sheet], limits: Limits) -> Sequence[Worksheet]:
    """Have calamine read the sheets; where it fails or a cell is missing, look closer and read once more."""
    grids: Sequence[rebuilt.Grid] = ()
    try:
        grids = rebuilt.read(shell, [sheet.scan.rows for sheet in sheets])
    except BaseException:  # calamine's panics are no Exceptions
        doubtful = [sheet for sheet in sheets if not sheet.exact]
        if not doubtful:
            raise
    else:
        doubtful = [sheet for sheet, grid in zip(sheets, grids, strict=True) if not sheet.scan.arrived(grid.rows)]
    if doubtful:
        for sheet in doubtful:
            sheet.look_closer()
        grids = rebuilt.read(shell, [sheet.scan.rows for sheet in sheets])
    return [_worksheet(sheet, grid, limits) for sheet, grid in zip(sheets, grids, strict=True)]


def _worksheet(sheet: _Sheet, grid: rebuilt.Grid, limits: Limits) -> Worksheet:
    if len(grid.rows) > limits.rows:
        raise Rejected("too-many-rows", sheet=sheet.tab.name, limit=limits.rows)
    if grid.width > limits.columns:
        raise Rejected("too-many-columns", sheet=sheet.tab.name, limit=column_letters(limits.columns))
    scan = sheet.scan
    return Worksheet(sheet.tab.name, scan.mended(grid.rows), sheet.tab.visible, scan.merges, scan.hidden_rows)


def _relations(archive: Archive, part: str) -> dict[str, Relation]:
    """What a part points to within the archive, by id; the archive itself is part ``""``."""
    folder, name = dirname(part), part.rpartition("/")[2]
    path = join(folder, "_rels", f"{name}.rels")
    relations: dict[str, Relation] = {}

    def opened(element: str, attributes: Attributes) -> None:
        if element == "Relationship" and attributes.get("TargetMode") != "External":
            kind = attributes.get("Type", "").rpartition("/")[2]
            relations[attributes.get("Id", "")] = Relation(kind, _resolved(folder, attributes.get("Target", "")))

    parse(archive.part(path), opened)
    return relations


def _resolved(folder: str, target: str) -> str:
    """A target as a part's name.

    Raises:
        Rejected: it leads out of the archive.
    """
    target = unquote(target).replace("\\", "/")
    path = normpath(target.lstrip("/") if target.startswith("/") else join(folder, target))
    if path.startswith("..") or not path.isprintable():
        raise Rejected("unsafe-archive")
    return path


def _target_of(relations: dict[str, Relation], kind: str) -> str:
    found = [relation.target for relation in relations.values() if relation.kind == kind]
    if len(found) != 1:
        raise Rejected("broken")
    return found[0]


def _rewritten(archive: Archive, relations: dict[str, Relation], kind: str, rewrite: rebuilt.Rewrite) -> bytes:
    if all(relation.kind != kind for relation in relations.values()):
        return b""
    target = _target_of(relations, kind)
    return rewrite(archive.part(target)) if target in archive else b""


def _tabs(xml: bytes, relations: dict[str, Relation]) -> tuple[Sequence[Tab], bool]:
    """The sheets the workbook part lists, and whether its days are counted from 1904."""
    listed: list[Attributes] = []
    settings: list[str] = []

    def opened(element: str, attributes: Attributes) -> None:
        if element == "sheet":
            listed.append(dict(attributes))
        elif element == "workbookPr":
            settings.append(attributes.get("date1904", ""))

    parse(xml, opened)
    check_names([sheet.get("name", "") for sheet in listed])
    tabs = [_tab(sheet, relations) for sheet in listed]
    parts = [tab.part for tab in tabs if tab.part]
    if len({part.lower() for part in parts}) < len(parts):
        raise Rejected("broken")  # two tabs of one part would multiply what is read
    return tabs, any(value in {"1", "true"} for value in settings)


def check_names(names: Sequence[str]) -> None:
    """See that the sheets are few and their names distinct and sane.

    Raises:
        Rejected: ``too-many-sheets`` or ``broken``.
    """
    if len(names) > MOST_SHEETS:
        raise Rejected("too-many-sheets", count=len(names), limit=MOST_SHEETS)
    sane = all(name and len(name) <= LONGEST_SHEET_NAME and name.isprintable() for name in names)
    if not names or not sane or len({name.lower() for name in names}) < len(names):
        raise Rejected("broken")


def _tab(sheet: Attributes, relations: dict[str, Relation]) -> Tab:
    relation = relations.get(attribute(sheet, "id"))
    visible = _STATES.get(sheet.get("state", ""))
    if relation is None or visible is None:
        raise Rejected("broken")
    return Tab(sheet["name"], visible, relation.target if relation.kind == "worksheet" else "")
