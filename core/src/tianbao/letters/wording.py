"""The words of the letters, and of the lists that go with them; an agency that wants others edits the template."""

from collections.abc import Sequence

from attrs import evolve

from tianbao.clock import spoken_date, spoken_moment
from tianbao.exporters import Table
from tianbao.letters.gathering import Dossier, Gathering
from tianbao.letters.letter import Letter, roc_day
from tianbao.reminders.lists import Listing
from tianbao.settings import Settings
from tianbao.units import Level
from tianbao.workbooks import Cell

SYSTEM = "高級中等以下學校輔導工作成果填報系統"
SCHOOLS = "教育部國民及學前教育署所轄高級中等學校及輔諮中心（如名單）"
"""To whom the agency's own letter goes."""


def letter_of(dossier: Dossier, gathering: Gathering, settings: Settings, attachments: Sequence[str]) -> Letter:
    """The letter to an addressee."""
    organiser, support = settings.contacts.organiser, settings.contacts.support
    counties = dict.fromkeys(f"{each.unit.county}政府" for each in dossier.listed)
    to = dossier.name if dossier.county else SCHOOLS
    values: dict[str, str | Sequence[str]] = {
        "受文者": to,
        "發文日期": f"中華民國{roc_day(gathering.moment)}",
        "月份": gathering.period.spoken,
        "期限": spoken_date(settings.calendar.window(gathering.period).due_on),
        "主旨": _subject(dossier, gathering),
        "說明": _explanations(dossier, gathering, settings),
        "單位數": f"{len(dossier.listed):,}",
        "附件": "、".join(attachments),
        "正本": to,
        "副本": "、".join([*(() if dossier.county else counties), organiser.name]),
        "承辦單位": organiser.name,
        "承辦電話": organiser.phone,
        "承辦信箱": organiser.email,
        "客服單位": support.name,
        "客服電話": support.phone,
        "系統網址": settings.base_url,
    }
    return Letter(values, dossier.listed, dossier.informed)


def _subject(dossier: Dossier, gathering: Gathering) -> str:
    if dossier.county:
        return (
            f"請貴府協助督導轄管學校（輔諮中心）儘速完成{gathering.period.spoken}輔導工作成果填報，"
            f"尚未完成者計{len(dossier.listed):,}個單位（如名單），請查照。"
        )
    return f"請貴校（中心）儘速完成{gathering.period.spoken}輔導工作成果填報，請查照。"


def _explanations(dossier: Dossier, gathering: Gathering, settings: Settings) -> Sequence[str]:
    due = spoken_date(settings.calendar.window(gathering.period).due_on)
    organiser, support = settings.contacts.organiser, settings.contacts.support
    whose = "貴府轄管" if dossier.county else "本署所轄"
    parts = "、".join(f"{level.label}{count:,}個" for level, count in dossier.counts.items() if count)
    informed = f"另有高中職等{len(dossier.informed):,}個單位由本署逕行函知，併附名單供參。" if dossier.informed else ""
    said = [
        f"依「輔導工作成果填報及稽催流程」，各單位應於每月{settings.calendar.due_day}日前完成上個月輔導工作成果填報；{gathering.period.spoken}成果之填報期限為{due}。",
        f"截至{spoken_moment(gathering.moment)}，{whose}尚未完成填報者計{len(dossier.listed):,}個單位（{parts}），各單位逾期月份詳如名單。{informed}",
        f"請登入{SYSTEM}（{settings.base_url}），於「逾期補填」頁面由最早的月份依序補填；當月無個案及服務者，亦請選擇「當月無個案及服務」完成填報。",
        f"填報內容如有疑問，請洽{organiser.name}（電話：{organiser.phone}）；帳號及系統操作，請洽系統客服（電話：{support.phone}）。",
    ]
    return [f"{numeral}、{text}" for numeral, text in zip("一二三四", said, strict=True)]


def list_of(dossier: Dossier, gathering: Gathering) -> Table:
    """The list as a table: the units written about, and with them those the county is told of."""
    title = f"{gathering.period.spoken}未完成填報名單"
    table = Listing(title, [*dossier.listed, *dossier.informed]).table(gathering.moment)
    about = [("受文者", dossier.name), ("月份", gathering.period.spoken), *table.about]
    if dossier.informed:
        about.append(("供參", f"其中主管機關為國教署的 {len(dossier.informed):,} 個單位由國教署函知。"))
    return evolve(table, about=about)


def summary_of(gathering: Gathering) -> Table:
    """All addressees: how many units of each, and who has nobody unfinished."""
    rows: list[list[Cell]] = [
        [
            each.name,
            len(each.listed),
            *(each.counts[level] for level in Level),
            len(each.informed),
            "有" if each.listed else "無（全數完成）",
        ]
        for each in gathering.dossiers
    ]
    headings = ["受文者", "未完成單位數", *(level.label for level in Level), "副知單位數", "函稿"]
    about = [("月份", gathering.period.spoken), ("資料時間", spoken_moment(gathering.moment))]
    return Table(f"{gathering.period.spoken}稽催函總表", headings, rows, about)
