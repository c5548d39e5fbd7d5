"""What is known of a filing besides its workbook."""

from attrs import frozen

from tianbao.periods import Period
from tianbao.units import Level


@frozen
class Context:
    """What is known of a filing besides its workbook.

    Attributes:
        period: the month it is for.
        level: the level of the unit that files it.
        known_students: the student codes the unit filed in earlier months, where a store is at hand.
    """

    period: Period | None = None
    level: Level | None = None
    known_students: frozenset[str] | None = None

    @property
    def facts(self) -> dict[str, object]:
        """What sentences may name of it."""
        if self.level is None:
            return {}
        return {"level": self.level.label, "first": self.level.grades[0], "last": self.level.grades[-1]}
