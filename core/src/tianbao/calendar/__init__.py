"""The filing calendar: what a unit owes at any moment, until when, and which doors are open to it.

The manual: 「每月1-10日填報上個月的成果(若需提前填報，當月11日起即可填報當月資料)」. From that rule and a unit's facts
(what it filed, what the organiser granted, what it asked to amend) follows everything else. Nothing here is stored: a
state is derived from the facts each time, for whatever moment one asks about, so it is never out of date and any day of
the past or the future can be stood on. What may be done at that moment, and why not, is told by `tianbao.doors`.
"""

from tianbao.calendar.facts import Amendment, Exemption, Extension, Facts, Filed, Span
from tianbao.calendar.obligations import Calendar, Menu, Obligation, State
from tianbao.calendar.rules import CalendarRules, Timing, Window, taipei_day

__all__ = [
    "Amendment",
    "Calendar",
    "CalendarRules",
    "Exemption",
    "Extension",
    "Facts",
    "Filed",
    "Menu",
    "Obligation",
    "Span",
    "State",
    "Timing",
    "Window",
    "taipei_day",
]
