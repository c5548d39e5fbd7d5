"""Code lists: the numbers that stand in the cells, and what they mean."""

from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from functools import cached_property

from attrs import define, field, frozen

from tianbao.cells import squash
from tianbao.errors import PluginError
from tianbao.units import Level

_ALIKE = 0.5
"""The share of letters a word has in common with the one probably meant."""


@frozen
class Code:
    """One entry of a code list.

    Attributes:
        number: what the store keeps, and the cell holds (unless the list writes words).
        label: its meaning in a word or two.
        meaning: its definition, a sentence, where the label does not say enough.
        aliases: other words for it, such as the name of an earlier year.
        levels: the only levels of units that may use it; all where empty.
    """

    number: int
    label: str
    meaning: str = ""
    aliases: tuple[str, ...] = ()
    levels: frozenset[Level] = frozenset()

    def __str__(self) -> str:
        return f"{self.number} {self.label}"

    @property
    def only(self) -> str:
        """Which units may use it, where not all may: 僅限高中職."""
        return f"僅限{'、'.join(sorted(level.label for level in self.levels))}" if self.levels else ""


@define(slots=False, frozen=True)
class CodeList:
    """The codes a column may hold.

    Attributes:
        name: what the list is about.
        codes: its entries, in order.
        words: whether cells hold the label (男) rather than the number.
    """

    name: str
    codes: tuple[Code, ...]
    words: bool = field(default=False, kw_only=True)

    @cached_property
    def by_number(self) -> Mapping[int, Code]:
        return {code.number: code for code in self.codes}

    @cached_property
    def by_word(self) -> Mapping[str, Code]:
        """By label and by alias, without spaces and punctuation."""
        return {squash(word): code for code in self.codes for word in (code.label, *code.aliases)}

    def but(
        self,
        labels: Mapping[int, str] | None = None,
        *,
        merged: Mapping[int, int] | None = None,
        meanings: Mapping[int, str] | None = None,
        aliases: Mapping[str, int] | None = None,
        only: Mapping[int, Iterable[Level]] | None = None,
    ) -> "CodeList":
        """Next year's list: this one, with what was announced to be different.

        Earlier words stay known as aliases, also of codes that are gone; so workbooks that were filled in with the
        earlier form can be carried over. A number keeps its meaning for ever: do not give it to something else.

        Args:
            labels: of new codes, and new labels of codes there are.
            merged: codes that are gone, each with the one it became part of.
            meanings: definitions that are new or different, by number.
            aliases: more words, each with the number it stands for.
            only: the levels of units that may use a number, where that is new or different.

        Raises:
            PluginError: a merged code was not there, or is given a new label, or goes into one that does not stay.

        Example:
            >>> colours = code_list("顏色", {1: "紅", 2: "橙", 3: "藍"})
            >>> later = colours.but({1: "紅與橙", 4: "紫"}, merged={2: 1})
            >>> later.allowed(), [later.by_word[word].number for word in ("紅", "橙")]
            ('1 紅與橙、3 藍、4 紫', [1, 1])
        """
        merged, labels = merged or {}, labels or {}
        kept = {code.number: code for code in self.codes if code.number not in merged}
        self._demand_whole(merged, labels)
        words = {
            word: merged.get(code.number, code.number) for code in self.codes for word in (code.label, *code.aliases)
        }
        return code_list(
            self.name,
            {number: code.label for number, code in kept.items()} | dict(labels),
            meanings={number: code.meaning for number, code in kept.items()} | dict(meanings or {}),
            aliases={word: number for word, number in words.items() if labels.get(number) != word}
            | dict(aliases or {}),
            only={number: code.levels for number, code in kept.items()} | dict(only or {}),
            words=self.words,
        )

    def _demand_whole(self, merged: Mapping[int, int], labels: Mapping[int, str]) -> None:
        """No code's words may get lost on the way: workbooks filled in with the earlier form have them."""
        stay = (self.by_number.keys() | labels.keys()) - merged.keys()
        strange = merged.keys() - self.by_number.keys() | merged.keys() & labels.keys() | set(merged.values()) - stay
        if strange:
            raise PluginError(
                f"code list {self.name!r}: merged names {', '.join(map(str, sorted(strange)))}. A code that is gone "
                "must have been in the list, get no new label, and have become part of one that stays."
            )

    def label(self, number: int) -> str:
        return self.by_number[number].label

    def written(self, number: int) -> int | str:
        """What a cell holds for a code."""
        return self.label(number) if self.words else number

    def gone_into(self, later: "CodeList") -> "Mapping[int, Code]":
        """The codes that a later list lacks but knows the words of, each with the one it became part of."""
        gone = (code for code in self.codes if code.number not in later.by_number)
        return {code.number: into for code in gone if (into := later.by_word.get(squash(code.label)))}

    def near(self, text: str) -> Sequence[Code]:
        """The codes probably meant by a word that is none of the list's, best first."""
        word = squash(text)
        if len(word) > (2 / _ALIKE - 1) * max(map(len, self.by_word)):
            return ()  # so long that even a whole word of the list would be too small a part of it
        words = get_close_matches(word, self.by_word, n=2, cutoff=_ALIKE)
        return list(dict.fromkeys(self.by_word[word] for word in words))

    def show(self, code: Code) -> str:
        """A code as a message names it: 5（情緒困擾）, or 男 in a list of words."""
        return f"「{code.label}」" if self.words else f"{code.number}（{code.label}）"

    @property
    def is_short(self) -> bool:
        """Whether all of it fits into a sentence."""
        return len(self.codes) <= 7  # noqa: PLR2004 -- what one takes in at a glance

    def span(self) -> str:
        """Its numbers: 1～19, or 1～10、12～21 where there are gaps."""
        numbers = sorted(self.by_number)
        begins = [number for number in numbers if number - 1 not in self.by_number]
        ends = [number for number in numbers if number + 1 not in self.by_number]
        runs = (f"{a}～{b}" if a < b else str(a) for a, b in zip(begins, ends, strict=True))
        return f" {'、'.join(runs)} "

    def allowed(self) -> str:
        """The codes as one line of text."""
        return "、".join(code.label if self.words else str(code) for code in self.codes)


def code_list(
    name: str,
    labels: Mapping[int, str],
    *,
    meanings: Mapping[int, str] | None = None,
    aliases: Mapping[str, int] | None = None,
    only: Mapping[int, Iterable[Level]] | None = None,
    words: bool = False,
) -> CodeList:
    """Make a code list from plain mappings.

    Args:
        name: what the list is about.
        labels: the meaning of each number.
        meanings: definitions, by number, for those that need one.
        aliases: other words, each with the number it stands for.
        only: the levels of units that may use a number, for those that not all may use.
        words: whether cells hold the label rather than the number.
    """
    return CodeList(
        name,
        tuple(
            Code(
                number,
                label,
                (meanings or {}).get(number, ""),
                tuple(word for word, meant in (aliases or {}).items() if meant == number),
                frozenset((only or {}).get(number, ())),
            )
            for number, label in labels.items()
        ),
        words=words,
    )
