"""公告: what the organiser tells all or some, from a day until a day: at sign-in, on the home page, on 填報說明."""

from tianbao.announcements.announcement import Announcement, Piece, Written, pieces
from tianbao.announcements.publishing import amend, every, publish, shown_to, withdraw

__all__ = ["Announcement", "Piece", "Written", "amend", "every", "pieces", "publish", "shown_to", "withdraw"]
