"""The people of the demo, all with the same password."""

from datetime import datetime

from attrs import frozen

from tianbao.accounts import Account, Role
from tianbao.units import Unit

PASSWORD = "Tianbao2024"  # noqa: S105 -- the demo's, printed when it starts
NAMES = ("林怡君", "陳志豪", "黃雅婷", "張家豪", "李淑芬", "王建宏", "吳佩珊", "劉俊傑", "蔡宜靜", "楊文彬")


@frozen
class SignIn:
    """A way into the demo, to be printed."""

    role: str
    where: str
    login: str


def officer(unit: Unit, name: str, now: datetime) -> Account:
    """The one who files for a unit."""
    return Account(
        0,
        f"{unit.code}_demo".lower(),
        Role.UNIT_OFFICER,
        name,
        f"{unit.code}@example.tw".lower(),
        handle="demo",
        unit_id=unit.id,
        title="輔導組長",
        phone="02-2345-6789",
        extension="610",
        created_at=now,
        activated_at=now,
    )


def county_officer(number: int, county: str, now: datetime) -> Account:
    """The one who looks after a county."""
    login = f"county_{number:02}"
    email = f"{login}@example.tw"
    return Account(
        0,
        login,
        Role.COUNTY_OFFICER,
        NAMES[number % len(NAMES)],
        email,
        handle=login,
        county=county,
        title="承辦人",
        phone="02-2345-6789",
        created_at=now,
        activated_at=now,
    )


def others(county: str, now: datetime) -> list[Account]:
    """One of each other role, the organiser first; the county officer is this county's."""
    return [
        Account(0, login, role, name, f"{login}@example.tw", handle=login, county=where, created_at=now)
        for role, login, name, where in (
            (Role.ORGANISER, "organiser", "許承翰", None),
            (Role.COUNTY_OFFICER, "county", "曾淑惠", county),
            (Role.SUPPORT, "support", "周佩君", None),
            (Role.AGENCY, "agency", "郭明哲", None),
        )
    ]
