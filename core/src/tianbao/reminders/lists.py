"""The lists of the unfinished that go with the messages: as tables, and as the files an exporter makes of them."""

import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from attrs import frozen

from tianbao.channels import Attachment
from tianbao.clock import spoken_moment
from tianbao.exporters import Exporter, Table
from tianbao.reminders.owing import Owing
from tianbao.units import Level

HEADINGS = ("學制", "單位代碼", "單位名稱", "縣市", "未完成月份", "月數", "最近提醒時間", "主管機關")
_PREFERRED = ".xlsx"


@frozen
class Listing:
    """A list of unfinished units, such as a county's of a month."""

    title: str
    owing: Sequence[Owing]

    def table(self, at: datetime) -> Table:
        """As it stands at a moment, 國小、國中、高中職、輔諮中心 apart."""
        about = [("單位數", f"{len(self.owing):,}"), ("統計時間", spoken_moment(at))]
        return Table(self.title, HEADINGS, [_row(each) for each in by_level(self.owing)], about)


def by_level(owing: Iterable[Owing]) -> Sequence[Owing]:
    """國小、國中、高中職、輔諮中心 apart; within each by code."""
    order = list(Level)
    return sorted(owing, key=lambda each: (order.index(each.unit.level), each.unit.code))


def _row(each: Owing) -> Sequence[str | int | datetime | None]:
    unit = each.unit
    months = "、".join(period.spoken for period in each.periods)
    told = (months, len(each.periods), each.reminded.spoken(), unit.answers_to.label)
    return (unit.level.label, unit.code, unit.name, unit.county, *told)


def files(listings: Iterable[Listing], exporters: Mapping[str, Exporter], at: datetime) -> Sequence[Attachment]:
    """The lists as workbooks, or as whatever exporter there is; none without one."""
    exporter = exporters.get(_PREFERRED) or next(iter(exporters.values()), None)
    return [_file(listing, exporter, at) for listing in listings] if exporter else ()


def _file(listing: Listing, exporter: Exporter, at: datetime) -> Attachment:
    written = io.BytesIO()
    exporter.export(listing.table(at), written)
    return Attachment(f"{listing.title}{exporter.suffix}", exporter.media_type, written.getvalue())
