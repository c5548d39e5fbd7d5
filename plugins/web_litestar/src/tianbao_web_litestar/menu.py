"""The menu: sections as the manual names them, and the pages in each that a person may open."""

from collections.abc import Sequence

from attrs import frozen

from tianbao.accounts import Account
from tianbao.accounts.policy import Action, may


@frozen
class Link:
    """A page; its place in the menu is marked on it and below it."""

    address: str
    text: str
    action: Action | None = None
    """Shown to those who may."""
    also: tuple[str, ...] = ()
    """Where else its pages are."""

    def holds(self, path: str) -> bool:
        return f"{path}/".startswith(tuple(f"{each}/" for each in (self.address, *self.also)))


@frozen
class Section:
    """Pages that belong together; one that has a single page for somebody bears that page's name."""

    text: str
    links: tuple[Link, ...]


SECTIONS = (
    Section("首頁", (Link("/", "首頁"),)),
    Section(
        "工作填報",
        (
            Link("/filing/guide", "填報說明", also=("/filing/convert", "/filing/continued")),
            Link("/filing/current", "當期填報", Action.FILE),
            Link("/filing/late", "逾期補填", Action.FILE),
            Link("/filing/amendments", "申請修改", Action.ASK_AMENDMENT),
            Link("/filings", "填報歷程", Action.FILE),
        ),
    ),
    Section(
        "填報情形",
        (
            Link("/completeness", "填報情形", Action.SEE_COMPLETENESS),
            Link("/completeness/progress", "填報進度", Action.SEE_COMPLETENESS),
        ),
    ),
    Section(
        "填報管理",
        (
            Link("/months", "開放月份與展延", Action.OPEN_MONTHS),
            Link("/announcements", "公告與說明檔", Action.ANNOUNCE),
        ),
    ),
    Section(
        "資料查詢",
        (
            Link("/records", "填報紀錄", Action.SEE_CASES),
            Link("/statistics/case", "統計查詢：個案成果", Action.SEE_STATISTICS),
            Link("/statistics/service", "統計查詢：服務成果", Action.SEE_STATISTICS),
        ),
    ),
    Section(
        "提醒與信件",
        (
            Link("/reminders", "稽催預演", Action.SET_CALENDAR),
            Link("/reminders/days", "假日設定", Action.SET_CALENDAR),
            Link("/letters", "稽催函文", Action.MAKE_LETTERS),
            Link("/support/unreachable", "聯絡不到的單位", Action.SEE_ACCOUNTS),
            Link("/texts", "信件內容", Action.EDIT_MESSAGES),
            Link("/post", "寄信紀錄", Action.SEE_POST_ROOM),
        ),
    ),
    Section("客服工作臺", (Link("/support", "客服工作臺", Action.RESET_ACCOUNTS),)),
    Section(
        "系統管理",
        (
            Link("/units", "單位名錄", Action.KEEP_REGISTER),
            Link("/people", "人員管理", Action.INVITE),
            Link("/codes", "動態驗證碼遺失", Action.LIFT_CODE),
            Link("/audit", "稽核紀錄", Action.SEE_AUDIT),
        ),
    ),
    Section("帳號管理", (Link("/account", "帳號管理"),)),
)


@frozen
class Shown:
    """An entry as somebody sees it on a page.

    Attributes:
        address: where it leads.
        text: what it is called.
        current: whether the page is this one, or in this section.
    """

    address: str
    text: str
    current: bool


@frozen
class Menu:
    """The menu as somebody sees it on a page.

    Attributes:
        sections: the first row.
        pages: of the section the page is in; none where that has but one.
    """

    sections: Sequence[Shown]
    pages: Sequence[Shown]


def menu_of(account: Account | None, path: str) -> Menu | None:
    """What an account may open, seen from the page at a path; nothing without one, or before it has its handle."""
    if account is None or account.must_choose_handle:
        return None
    offered = [(section, links) for section in SECTIONS if (links := _open_to(account, section))]
    held = [link for _, links in offered for link in links if link.holds(path)]
    here = max(held, key=lambda link: len(link.address), default=None)
    pages = next((links for _, links in offered if here in links), ())
    return Menu(
        [
            Shown(links[0].address, section.text if len(links) > 1 else links[0].text, here in links)
            for section, links in offered
        ],
        [Shown(link.address, link.text, link is here) for link in pages] if len(pages) > 1 else (),
    )


def _open_to(account: Account, section: Section) -> tuple[Link, ...]:
    return tuple(link for link in section.links if link.action is None or may(account, link.action))
