"""Units (填報單位): one school at one level, or one counselling centre; a 完全中學 is two units."""

from enum import StrEnum

from attrs import Factory, field, frozen

from tianbao.periods import Period, PeriodRange, PeriodRanges, in_ranges


class Level(StrEnum):
    """學制: what kind of unit it is."""

    ELEMENTARY = "elementary"
    JUNIOR_HIGH = "junior_high"
    SENIOR_HIGH = "senior_high"
    CENTRE = "centre"

    @property
    def label(self) -> str:
        return _LABELS[self]

    @property
    def letter(self) -> str:
        """Tells apart the units of one school code in a sign-in name."""
        return _LETTERS[self]

    @property
    def grades(self) -> range:
        """The grades its students are in; a centre serves all twelve."""
        return _GRADES[self]


_LABELS = {
    Level.ELEMENTARY: "國小",
    Level.JUNIOR_HIGH: "國中",
    Level.SENIOR_HIGH: "高中職",
    Level.CENTRE: "輔諮中心",
}
_LETTERS = {Level.ELEMENTARY: "e", Level.JUNIOR_HIGH: "j", Level.SENIOR_HIGH: "h", Level.CENTRE: "c"}
_GRADES = {
    Level.ELEMENTARY: range(1, 7),
    Level.JUNIOR_HIGH: range(7, 10),
    Level.SENIOR_HIGH: range(10, 13),
    Level.CENTRE: range(1, 13),
}


class Authority(StrEnum):
    """主管機關: whom a unit answers to (see `Unit.answers_to`)."""

    COUNTY = "county"
    AGENCY = "agency"

    @property
    def label(self) -> str:
        return {"county": "縣市政府", "agency": "國教署"}[self]


COUNTIES = (
    "基隆市", "臺北市", "新北市", "桃園市", "新竹市", "新竹縣", "苗栗縣", "臺中市", "彰化縣", "南投縣", "雲林縣",
    "嘉義市", "嘉義縣", "臺南市", "高雄市", "屏東縣", "宜蘭縣", "花蓮縣", "臺東縣", "澎湖縣", "金門縣", "連江縣",
)  # fmt: skip
"""The 22 counties and cities (縣市), north to south."""


def _usual(unit: "Unit") -> Authority:
    return Authority.AGENCY if unit.level is Level.SENIOR_HIGH else Authority.COUNTY


@frozen
class Unit:
    """A unit of the register.

    Attributes:
        code: the Ministry's school code, such as ``010301``; may hold letters. A code alone does not name a unit
            (an attached 國小部 shares its high school's): code and level do.
        level: the kind of unit.
        name: as the Ministry's list has it.
        county: one of `COUNTIES`.
        active: the months it must file for: one range, or several where it was closed and is listed again. Filings of
            other months stay filed; they are just not owed.
        id: its number in the store; ``None`` for a unit that is not (yet) in the register.
        district: 鄉鎮市區, such as 新莊區; empty where the Ministry's list has no address.
        answers_to: who chases it when it is late. 國小 and 國中 answer to their county, 高中職 to the agency, with the
            county informed; of a counselling centre the register says which.
    """

    code: str
    level: Level
    name: str
    county: str
    active: PeriodRanges = field(default=in_ranges(PeriodRange()), converter=in_ranges)
    id: int | None = None
    district: str = ""
    answers_to: Authority = field(default=Factory(_usual, takes_self=True))

    def must_file(self, period: Period) -> bool:
        return period in self.active
