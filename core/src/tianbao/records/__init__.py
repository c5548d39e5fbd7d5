"""Records (資料查詢 → 填報紀錄): find, choose, filter, download the rows of 歷史個案 and 歷史服務.

A `Query` is what somebody wants to see; it is read from and written to addresses and JSON. `page` and `export` answer
it for a person, within what the person may see.
"""

from tianbao.records.address import read_address, read_json, read_parameters, write_address, write_json
from tianbao.records.columns import Choice, Column, Columns, Kind
from tianbao.records.count import Count
from tianbao.records.filter_text import read_filter, write_filter
from tianbao.records.formats import CsvExporter, JsonExporter, exporters
from tianbao.records.looking import Page, Row, columns_for, export, page
from tianbao.records.ops import OPS, Op
from tianbao.records.parameters import bad_parameter
from tianbao.records.query import KINDS, Condition, Filter, Position, Query, Sort, UnitKey
from tianbao.records.saved import (
    SavedQuery,
    choose_columns,
    chosen_columns,
    forget_query,
    save_query,
    saved_queries,
)
from tianbao.records.showing import said
from tianbao.records.sight import Operator
from tianbao.records.words import filter_in_words, in_words

__all__ = [
    "KINDS", "OPS", "Choice", "Column", "Columns", "Condition", "Count", "CsvExporter", "Filter", "JsonExporter",
    "Kind", "Op", "Operator", "Page", "Position", "Query", "Row", "SavedQuery", "Sort", "UnitKey", "bad_parameter",
    "choose_columns", "chosen_columns", "columns_for", "export", "exporters", "filter_in_words", "forget_query",
    "in_words", "page",
    "read_address", "read_filter", "read_json", "read_parameters", "said", "save_query", "saved_queries",
    "write_address", "write_filter", "write_json",
]  # fmt: skip
