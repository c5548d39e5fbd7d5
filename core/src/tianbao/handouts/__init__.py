"""Files beside each template, to be downloaded on 填報說明: the presentation (填報表格說明簡報) and others."""

from tianbao.handouts.formats import FORMATS, Format, format_of
from tianbao.handouts.handing import add, content_of, every, of_template, withdraw
from tianbao.handouts.handout import Handout, Kind

__all__ = ["FORMATS", "Format", "Handout", "Kind", "add", "content_of", "every", "format_of", "of_template", "withdraw"]
