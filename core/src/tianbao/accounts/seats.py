"""What accounts are for: the seat of a unit or of a county's office, with one active account each."""

from typing import TYPE_CHECKING

from attrs import frozen

from tianbao.accounts import Account, Role
from tianbao.units import COUNTIES, Unit

if TYPE_CHECKING:
    from tianbao.storage import UnitOfWork

_COUNTY_CODES = dict(zip(COUNTIES, (
    "kee", "tpe", "nwt", "tao", "hsz", "hsq", "mia", "txg", "cha", "nan", "yun",
    "cyi", "cyq", "tnn", "khh", "pif", "ila", "hua", "ttt", "pen", "kin", "lie",
), strict=True))  # fmt: skip
"""Those of ISO 3166-2:TW: a county's office has no school code to begin its logins with."""


@frozen
class Seat:
    """What an account is for: a unit, or the office of a county; one active account each."""

    unit: Unit | None = None
    county: str | None = None

    @property
    def name(self) -> str:
        return self.unit.name if self.unit else f"{self.county}政府"

    @property
    def role(self) -> Role:
        return Role.UNIT_OFFICER if self.unit else Role.COUNTY_OFFICER

    def prefix(self, work: "UnitOfWork") -> str:
        """What its logins begin with: the unit code, with the level's letter where several levels share the code."""
        if self.unit is None:
            return _COUNTY_CODES[self.county or ""]
        shared = len(work.units.of_code(self.unit.code)) > 1
        return f"{self.unit.code}{self.unit.level.letter if shared else ''}".lower()

    def accounts(self, work: "UnitOfWork") -> "list[Account]":
        """All it ever had."""
        return list(
            work.accounts.of_unit(self.unit.id or 0) if self.unit else work.accounts.of_county(self.county or "")
        )

    def lock(self, work: "UnitOfWork") -> None:
        """Let nobody else open an account for it before this transaction has ended."""
        work.lock("seat", str(self.unit.id) if self.unit else self.county or "")


def seat_of(work: "UnitOfWork", account: Account) -> Seat | None:
    """What an account is for; ``None`` for a national role."""
    if account.unit_id is not None:
        return Seat(work.units.get(account.unit_id))
    return Seat(county=account.county) if account.county else None
