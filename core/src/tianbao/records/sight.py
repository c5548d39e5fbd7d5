"""What of the records a person may see: decided by `tianbao.accounts.policy`, and part of every compiled query."""

from collections.abc import Mapping

from attrs import frozen

from tianbao.accounts import Account
from tianbao.accounts.policy import Action, Reach, demand, reach
from tianbao.errors import Refusal
from tianbao.records.columns import COUNTY, UNIT_ID
from tianbao.records.predicates import NOBODY, AllOf, Among, Predicate


@frozen
class Operator:
    """Who runs the server, and calls from its command line: has no account, may see all, is named in the audit trail.

    Attributes:
        name: of the user of the operating system.
    """

    name: str

    id: None = None
    """No account."""


Person = Account | Operator


def named(person: Person) -> Mapping[str, str]:
    """Who did it, where it was nobody with an account."""
    return {"operator": person.name} if isinstance(person, Operator) else {}


@frozen
class Sight:
    """What of the records a person may see; as it stands here, nothing.

    Attributes:
        everything: all units.
        unit_id: only this unit.
        county: only what units of this county filed.
    """

    everything: bool = False
    unit_id: int | None = None
    county: str | None = None

    @property
    def test(self) -> Predicate:
        """What every row that is shown, counted or exported must pass."""
        if self.everything:
            return AllOf(())
        if self.unit_id is not None:
            return Among(UNIT_ID, (self.unit_id,))
        return Among(COUNTY, (self.county,)) if self.county is not None else NOBODY


def sight_of(person: Person, action: Action = Action.SEE_CASES) -> Sight:
    """What a person may see; statistics ask for theirs with an action of their own.

    Raises:
        Refusal: nothing (``not-allowed``).
    """
    if isinstance(person, Operator):
        return Sight(everything=True)
    demand(person, action)
    match reach(person.role, action):
        case Reach.ALL:
            return Sight(everything=True)
        case Reach.COUNTY if person.county:
            return Sight(county=person.county)
        case Reach.OWN if person.unit_id is not None:
            return Sight(unit_id=person.unit_id)
    raise Refusal("not-allowed", "您的帳號沒有可以查看的單位。", "如有需要，請洽系統客服。")
