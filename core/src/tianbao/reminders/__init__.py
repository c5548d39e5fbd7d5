"""Reminders and escalation (提醒、稽催): who is sent what on the 1st, the 11th and the 16th, and why.

A step (`steps`) falls on a day; what it has for whom is planned (`plan`) from who owes what (`owing`) and who there is
(`gathering`); the tick (`tick`) puts it into the outbox, once, and the rehearsal (`rehearsal`) shows it for any day.
"""

from tianbao.reminders.by_hand import Foreseen, Reminded, foresee, remind_now
from tianbao.reminders.owing import Owing, unfiled, unfinished

__all__ = ["Foreseen", "Owing", "Reminded", "foresee", "owed", "remind_now", "unfiled", "unfinished"]
