"""The Ministry's school lists (各級學校名錄) as published, and our own list of counselling centres: what they say.

The Ministry's headings vary with the year: 公/私立 and 公私立, 學年度 missing, a ninth column, the heading on the
third line; one file may hold several years. A county comes as ``[01]新北市``, several bracket numbers standing for one
county; the district (鄉鎮市區) stands in the address. A list of centres has the same columns, and 主管機關.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from attrs import evolve, frozen

from tianbao.cells import squash, text_of, whole_of
from tianbao.errors import Refusal
from tianbao.register.tables import Table, tables_of
from tianbao.units import COUNTIES, Authority, Level

if TYPE_CHECKING:
    from tianbao.bootstrap import App

CODE = re.compile(r"[0-9A-Z]{6}")
"""A code of the Ministry's: six digits or capitals, such as 03C301."""

_LEVELS = {"e1": Level.ELEMENTARY, "basec": Level.ELEMENTARY, "j1": Level.JUNIOR_HIGH, "high": Level.SENIOR_HIGH}
"""Parts of the names under which the Ministry publishes its lists: e1_new.csv, 114_basec.csv, j1_new.csv, high.csv."""
_CENTRES = ("centre", "輔諮", "輔導諮商")

_HEADINGS: Mapping[str, Sequence[str]] = {
    "code": ("代碼", "學校代碼", "單位代碼"),
    "name": ("學校名稱", "單位名稱", "中心名稱"),
    "county": ("縣市名稱", "縣市", "縣市別"),
    "year": ("學年度",),
    "address": ("地址",),
    "district": ("鄉鎮市區",),
    "authority": ("主管機關",),
}
_NEEDED = ("code", "name", "county")
_LAST_HEADING = 10
"""The heading stands in one of the first rows."""

_MERGED = {"臺北縣": "新北市", "桃園縣": "桃園市", "臺中縣": "臺中市", "臺南縣": "臺南市", "高雄縣": "高雄市"}
"""What counties were called before 2010 and 2014."""
_AUTHORITIES = {"": None, "縣市政府": Authority.COUNTY, "縣市": Authority.COUNTY, "國教署": Authority.AGENCY}
_LONGEST_NAME = 60
_SHOWN = 5


@frozen
class Listed:
    """A unit as a list has it.

    Attributes:
        code: its code, six characters.
        name: its name.
        county: one of the 22.
        district: empty where the list has neither district nor address.
        answers_to: ``None`` where the list does not say.
        row: where it stands, as the user counts.
    """

    code: str
    name: str
    county: str
    district: str
    answers_to: Authority | None
    row: int


@frozen
class UnitList:
    """A full list of one level.

    Attributes:
        level: of all units in it.
        year: the school year it is of; ``None`` where it does not say.
        units: by code.
        notes: what was made of it on the way, sentences in 繁體中文.
        file_hash: SHA-256 of the file, in hex.
    """

    level: Level
    year: int | None
    units: Mapping[str, Listed]
    notes: Sequence[str] = ()
    file_hash: str = ""


def level_of(file_name: str) -> Level | None:
    """The level that the name of a published file tells, if it does."""
    name = re.split(r"[\\/]", file_name)[-1].casefold()
    if any(word in name for word in _CENTRES):
        return Level.CENTRE
    parts = re.split(r"[^a-z0-9]+", name)
    return next((_LEVELS[part] for part in parts if part in _LEVELS), None)


def read_list(app: "App", data: bytes, file_name: str, level: Level | None = None) -> UnitList:
    """Understand a list.

    Args:
        app: for its readers of spreadsheets and its limits.
        data: the file.
        file_name: tells the level where ``level`` does not.
        level: of the units in it.

    Raises:
        Refusal: it is no such list, or a row of it cannot be understood. A list is taken whole or not at all: a school
            that was left out would be taken for closed.
    """
    level = level or level_of(file_name)
    if level is None:
        says = f"從檔名「{file_name}」看不出是哪一個學制的名錄。"
        raise Refusal("level-unknown", says, "請選擇學制，或用教育部公布的檔名（國小 e1、國中 j1、高中職 high）。")
    table, top, columns = _find_heading(tables_of(app.plugins, app.settings.limits, data))
    rows = [_Row(number, _cells(columns, cells)) for number, cells in enumerate(table[top:], top + 1)]
    return evolve(_list_of(level, [row for row in rows if row.meant]), file_hash=hashlib.sha256(data).hexdigest())


def _find_heading(tables: Sequence[Table]) -> tuple[Table, int, Mapping[str, int]]:
    """The table that is a list, how many rows stand above its data, and where its columns are."""
    for table in tables:
        for number, cells in enumerate(table[:_LAST_HEADING], 1):
            columns = _columns(cells)
            if all(name in columns for name in _NEEDED):
                return table, number, columns
    wanted = "、".join(_HEADINGS[name][0] for name in _NEEDED)
    says = f"檔案的前 {_LAST_HEADING} 列找不到名錄的欄位名稱（{wanted}）。"
    raise Refusal("list-headings", says, "請匯入教育部公布的學校名錄，或照說明準備的輔諮中心名單。")


def _columns(cells: Sequence[str]) -> Mapping[str, int]:
    headings = [squash(cell) for cell in cells]
    found: dict[str, int] = {}
    for name, spellings in _HEADINGS.items():
        place = next((headings.index(each) for each in map(squash, spellings) if each in headings), None)
        if place is not None:
            found[name] = place
    return found


def _cells(columns: Mapping[str, int], cells: Sequence[str]) -> Mapping[str, str]:
    return {name: cells[place] if place < len(cells) else "" for name, place in columns.items()}


@frozen
class _Row:
    number: int
    cells: Mapping[str, str]

    @property
    def meant(self) -> bool:
        """Whether it is about a unit: blank lines and the notes below a list are not, a line that was cut off is."""
        return sum(bool(self.cells[name]) for name in _NEEDED) > 1 or (
            self.cells["code"].isalnum() and self.cells["code"].isascii()
        )

    @property
    def year(self) -> int | None:
        return whole_of(self.cells.get("year", ""))

    @property
    def padded(self) -> bool:
        """Whether a spreadsheet ate the zero its code begins with."""
        return re.fullmatch(r"\d{5}", self.cells["code"]) is not None

    def listed(self, year: int | None) -> Listed:
        """The unit of the row.

        Raises:
            ValueError: it cannot be understood, or is not of the year; says why in 繁體中文.
        """
        if self.year != year:
            raise ValueError("的學年度空白或不是數字")
        code, name = self.cells["code"].upper(), self.cells["name"]
        code = code.zfill(6) if self.padded else code
        county, number = _county(self.cells["county"])
        if not CODE.fullmatch(code):
            raise ValueError(f"的代碼「{code}」不是 6 碼數字或大寫字母")
        if not name or len(name) > _LONGEST_NAME or "\ufffd" in name or not name.isprintable():
            raise ValueError(f"（代碼 {code}）的名稱空白、太長或含有亂碼")
        if county not in COUNTIES:
            raise ValueError(f"的縣市「{self.cells['county']}」不是 22 縣市之一")
        if self.padded and number and not code.startswith(number):
            raise ValueError(f"的代碼「{self.cells['code']}」少一碼，補 0 後與縣市代號 [{number}] 不符")
        district = self.cells.get("district", "") or district_of(self.cells.get("address", ""), county)
        return Listed(code, name, county, district, self._authority(), self.number)

    def _authority(self) -> Authority | None:
        word = self.cells.get("authority", "")
        if word not in _AUTHORITIES:
            raise ValueError(f"的主管機關「{word}」請填「縣市政府」或「國教署」")
        return _AUTHORITIES[word]


def _county(text: str) -> tuple[str, str]:
    """The county a cell names, and its bracket number, where there is one: ``[01]新北市``."""
    found = re.fullmatch(r"(?:\[(\w+)\])?(.*)", text)
    number, name = (found[1] or "", found[2].strip()) if found else ("", text)
    name = name.replace("台", "臺")
    return _MERGED.get(name, name), number


def district_of(address: str, county: str) -> str:
    """鄉鎮市區 of an address such as ``[242]新北市新莊區中正路…``; empty where it names none.

    The six municipalities and three cities have 區 alone (平鎮區 is not 平鎮), counties have 鄉, 鎮 and 市.
    """
    plain = re.sub(r"^\[\w*\]", "", text_of(address)).strip().replace("台", "臺").removeprefix(county)
    found = re.match(r".{1,3}?區" if county.endswith("市") else r".{1,3}?[鄉鎮市]", plain)
    return found.group() if found else ""


def _list_of(level: Level, rows: Sequence[_Row]) -> UnitList:
    years = {row.year for row in rows if row.year}
    newest = max(years, default=None)
    wanted = [row for row in rows if row.year == newest or (newest and row.year is None)]
    units, problems = _taken(wanted, newest)
    if problems:
        told = "；".join(problems[:_SHOWN])
        says = f"名錄有 {len(problems)} 列讀不懂：{told}{'……' if len(problems) > _SHOWN else ''}。"
        raise Refusal("list-rows", says, "請更正後再匯入；整份都沒有匯入，以免漏掉的學校被當成停辦。")
    if not units:
        raise Refusal("list-empty", "名錄裡沒有任何學校。", "請確認下載的檔案完整。")
    return UnitList(level, newest, units, tuple(_notes(years, len(rows) - len(wanted), wanted)))


def _taken(rows: Sequence[_Row], newest: int | None) -> tuple[Mapping[str, Listed], Sequence[str]]:
    units: dict[str, Listed] = {}
    problems = []
    for row in rows:
        try:
            _enter(units, row.listed(newest))
        except ValueError as error:
            problems.append(f"第 {row.number} 列{error}")
    return units, problems


def _enter(units: dict[str, Listed], each: Listed) -> None:
    known = units.setdefault(each.code, each)
    if evolve(known, row=each.row) != each:
        raise ValueError(f"的代碼 {each.code} 和第 {known.row} 列重複，內容卻不同")


def _notes(years: set[int], left_out: int, rows: Sequence[_Row]) -> Iterator[str]:
    if left_out:
        yield f"檔案裡有 {len(years)} 個學年度，只採用最新的 {max(years)}學年度，略過較早的 {left_out:,} 列。"
    if padded := sum(row.padded for row in rows):
        yield f"有 {padded:,} 個代碼只有 5 碼（試算表會去掉開頭的 0），已補回 6 碼。"
