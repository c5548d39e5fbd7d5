"""The unit register (單位名錄): taken from the Ministry's lists, kept by the organiser; no unit is ever deleted."""

from tianbao.register.importing import carry_out, look
from tianbao.register.keeping import Dossier, Entered, amend, dossier, enter
from tianbao.register.lists import UnitList, level_of, read_list
from tianbao.register.planning import Change, Doubt, Kind, Plan, plan

__all__ = [
    "Change",
    "Dossier",
    "Doubt",
    "Entered",
    "Kind",
    "Plan",
    "UnitList",
    "amend",
    "carry_out",
    "dossier",
    "enter",
    "level_of",
    "look",
    "plan",
    "read_list",
]
