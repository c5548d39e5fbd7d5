"""What an account is for, in addresses and in the search of 新建帳號: a unit, or the office of a county."""

from attrs import frozen

from tianbao.accounts.seats import Seat
from tianbao.bootstrap import App
from tianbao.storage import UnitOfWork
from tianbao.units import COUNTIES, Level
from tianbao_web_litestar.errors import not_found

COUNTY = "county"
CATEGORIES = {**{level.value: level.label for level in Level}, COUNTY: "縣市政府"}
"""②請選擇學校類別."""
_MOST = 20


@frozen
class Found:
    """One answer to a search."""

    address: str
    name: str
    about: str


@frozen
class Search:
    """What was found; there may be more than is shown."""

    found: list[Found]
    more: bool = False


def search(core: App, category: str, keyword: str) -> Search:
    """The units, or the counties, of a category whose name holds the keyword."""
    if category == COUNTY:
        wanted = keyword.strip().replace("台", "臺")
        counties = [county for county in COUNTIES if wanted in county]
        return Search([Found(county, f"{county}政府", CATEGORIES[COUNTY]) for county in counties])
    level = Level(category) if category in CATEGORIES else None
    with core.store.read() as work:
        units = work.units.search(keyword, level, _MOST + 1)
    found = [
        Found(f"{unit.code}-{unit.level}", unit.name, f"{unit.county}・{unit.level.label}・代碼 {unit.code}")
        for unit in units[:_MOST]
    ]
    return Search(found, more=len(units) > _MOST)


def seat_at(work: UnitOfWork, address: str) -> Seat:
    """The seat an address names.

    Raises:
        Refusal: there is none.
    """
    if address in COUNTIES:
        return Seat(county=address)
    code, _, level = address.rpartition("-")
    unit = work.units.find(code, Level(level)) if level in set(Level) and code.isprintable() else None
    if unit is None:
        raise not_found()
    return Seat(unit)
