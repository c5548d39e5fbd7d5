"""The settings of the reminders: ``[reminders]`` of ``tianbao.toml``, or ``TIANBAO_REMINDERS_*``."""

from attrs import Attribute, field, frozen, validators

from tianbao.reminders.steps import Step

SECTION = "reminders"
_DAY = validators.and_(validators.ge(1), validators.le(28))


def _known(_settings: object, _field: "Attribute[tuple[str, ...]]", names: tuple[str, ...]) -> None:
    """All names are steps'."""
    for name in names:
        if name not in set(Step):
            raise ValueError(f"{name!r} is no step; there is: {', '.join(Step)}")


@frozen
class RemindersSettings:
    """Which steps there are when; the defaults are the manual's."""

    automatic: bool = True
    """Whether ``serve`` and ``worker`` look for what is due; else only ``tianbao tick`` does."""
    every: float = field(default=60, validator=validators.gt(0))
    """Seconds between two looks."""
    hour: int = field(default=8, validator=validators.and_(validators.ge(0), validators.le(23)))
    """The hour of the day, in Taiwan, from which a step is due."""
    remind_day: int = field(default=1, validator=_DAY)
    """The day on which the officers are reminded of last month."""
    chase_day: int = field(default=11, validator=_DAY)
    """The day on which those who have not filed are told, and each county gets the list of theirs."""
    compile_day: int = field(default=16, validator=_DAY)
    """The day on which the list of the unfinished is compiled."""
    move: tuple[str, ...] = field(default=(Step.CHASE.value, Step.COMPILE.value), validator=_known)
    """The steps that move to the next working day where theirs is a day off: ``remind``, ``chase``, ``compile``."""

    def day_of(self, step: Step) -> int:
        """The day of the month of a step."""
        return {Step.REMIND: self.remind_day, Step.CHASE: self.chase_day, Step.COMPILE: self.compile_day}[step]
