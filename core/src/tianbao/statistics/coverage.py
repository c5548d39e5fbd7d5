"""How much of what must be filed the figures stand on; unfiled, nil and filed are three things, everywhere."""

from attrs import frozen

from tianbao.statistics.query import By
from tianbao.units import Level


@frozen
class Whose:
    """Units of the register; an empty part restricts nothing.

    Attributes:
        unit_ids: these.
        county: of one county: what the person may see.
        counties: of these.
        levels: of these.
        by: what is told apart.
    """

    unit_ids: tuple[int, ...] = ()
    county: str | None = None
    counties: tuple[str, ...] = ()
    levels: tuple[Level, ...] = ()
    by: By = By.NOTHING


@frozen
class Coverage:
    """How much of what must be filed is filed.

    Attributes:
        due: months that units must file, one for each unit and month (應填).
        filed: of these, filed with a workbook.
        nil: of these, filed as 當月無個案及服務.
    """

    due: int = 0
    filed: int = 0
    nil: int = 0

    @property
    def unfiled(self) -> int:
        return self.due - self.filed - self.nil

    @property
    def complete(self) -> bool:
        return not self.unfiled

    def __add__(self, other: "Coverage") -> "Coverage":
        return Coverage(self.due + other.due, self.filed + other.filed, self.nil + other.nil)

    @property
    def spoken(self) -> str:
        """As the page says it."""
        return (
            f"應填 {self.due:,} 份月報：已填報 {self.filed:,}、當月無個案及服務 {self.nil:,}、未填報 {self.unfiled:,}"
        )
