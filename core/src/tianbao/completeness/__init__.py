"""Completeness (填報情形): who has filed which months and who has not, of one unit as of the whole country.

A `Grid` has units for rows and months for columns; a cell says what the calendar says of that unit and month, and
nothing else does. A `Tally` counts cells, and gives the rate with its denominator: who is exempt, closed or not yet
due is on neither side of it, so that missing never passes for none and no rate passes 100 %.
"""

from tianbao.completeness.grid import Grid, Row, grid_of
from tianbao.completeness.looking import NOT_OWED, Overview, Place, View, grid, overview, tables
from tianbao.completeness.progress import Course, Progress, progress
from tianbao.completeness.tally import Tally
from tianbao.completeness.wish import UNFINISHED, Wish, latest_over

__all__ = [
    "NOT_OWED", "UNFINISHED", "Course", "Grid", "Overview", "Place", "Progress", "Row", "Tally", "View", "Wish", "grid",
    "grid_of", "latest_over", "overview", "progress", "tables",
]  # fmt: skip
