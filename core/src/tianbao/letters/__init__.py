"""The official letters of the 16th (函文稽催): who is written to about whom, in which words, and the zip of it all.

What a letter looks like is a plugin's and the agency's affair: see `tianbao.letters.letter` and the hook
`tianbao_letter_writers`.
"""

from tianbao.letters.gathering import Dossier, Gathering
from tianbao.letters.letter import FIELDS, ROW_FIELDS, Letter, LetterWriter, OpenedTemplate
from tianbao.letters.making import gathered, make

__all__ = [
    "FIELDS",
    "ROW_FIELDS",
    "Dossier",
    "Gathering",
    "Letter",
    "LetterWriter",
    "OpenedTemplate",
    "gathered",
    "make",
]
