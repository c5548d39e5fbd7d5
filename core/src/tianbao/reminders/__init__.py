"""Reminders and escalation (提醒、稽催): who is sent what on the 1st, the 11th and the 16th, and why."""

from tianbao.reminders.owing import Owing, owed, unfinished

__all__ = ["Owing", "owed", "unfinished"]
