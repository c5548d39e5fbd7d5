"""What is counted (計量方式), and how each way of counting is defined; a result carries its definition with it."""

from enum import StrEnum


class Measure(StrEnum):
    """A way of counting."""

    PERSON_TIMES = "person_times"
    PERSONS = "persons"
    ROWS = "rows"

    @property
    def label(self) -> str:
        return {"person_times": "人次", "persons": "人數", "rows": "次數"}[self]

    def definition(self, kind: str) -> str:
        """What a figure means, in 繁體中文.

        Args:
            kind: of the rows that are counted, ``case`` or ``service``.
        """
        return _DEFINITIONS[kind, self]


MEASURES = {
    "case": (Measure.PERSON_TIMES, Measure.PERSONS),
    "service": (Measure.PERSON_TIMES, Measure.ROWS),
}
"""The measures of each kind of rows, the usual one first."""

_DEFINITIONS = {
    ("case", Measure.PERSON_TIMES): "人次：所選期間內，各個案「當月晤談累積次數」的加總。",
    ("case", Measure.PERSONS): "人數：所選期間內，同一單位、同一學生代號只計 1 人，不論有幾個月、幾位教師的紀錄。",
    ("service", Measure.PERSON_TIMES): "人次：所選期間內，各筆服務填報的男、女、其他服務人次的加總。",
    ("service", Measure.ROWS): "次數：所選期間內填報的服務筆數；每位教師、每項服務、每種對象每月填 1 筆。",
}
