"""Statistics (資料查詢 → 統計查詢): 學校個案成果 and 學校服務成果, counted the moment they are asked for.

A `Table` declares what can be counted; a `Query` is what somebody wants of it; `answer` gives a `Result`, within what
the person may see; `export` writes it as a file, `opening` finds the records behind a figure, `published` hides what is
small.
"""

from tianbao.statistics.address import PARAMETERS, parameters, read_address, read_parameters, write_address
from tianbao.statistics.answering import answer, download_of, export
from tianbao.statistics.asking import tables
from tianbao.statistics.choices import Choices, Offer, choices
from tianbao.statistics.coverage import Coverage
from tianbao.statistics.opening import opening
from tianbao.statistics.publishing import MARK, UNDER, published
from tianbao.statistics.query import By, Chosen, Layout, Query, Sex, usual
from tianbao.statistics.report import ResultData, as_data
from tianbao.statistics.result import HIDDEN, NONE, Along, Axis, Figure, Item, Line, Result
from tianbao.templates.measures import Measure
from tianbao.templates.tables import Reading, Table

__all__ = [
    "HIDDEN",
    "MARK",
    "NONE",
    "PARAMETERS",
    "UNDER",
    "Along",
    "Axis",
    "By",
    "Choices",
    "Chosen",
    "Coverage",
    "Figure",
    "Item",
    "Layout",
    "Line",
    "Measure",
    "Offer",
    "Query",
    "Reading",
    "Result",
    "ResultData",
    "Sex",
    "Table",
    "answer",
    "as_data",
    "choices",
    "download_of",
    "export",
    "opening",
    "parameters",
    "published",
    "read_address",
    "read_parameters",
    "tables",
    "usual",
    "write_address",
]  # fmt: skip
