"""Every hook of Tianbao, each with a whole plugin as its example.

A plugin is a module (or object) named by an entry point in the group ``tianbao``; it imports `hookimpl` from
`tianbao.plugins` and defines whichever of these functions it wants. It may take fewer arguments than listed here.
Results are collected from all plugins, in order of the plugins' names, unless a hook says "first".
"""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import pluggy

if TYPE_CHECKING:
    from tianbao.channels import Channel
    from tianbao.documents import Writer
    from tianbao.exporters import Exporter
    from tianbao.filings import Accepted
    from tianbao.front_ends import FrontEnd
    from tianbao.letters import LetterWriter
    from tianbao.settings import Settings
    from tianbao.templates import Rule, Template
    from tianbao.workbooks import Limits, Workbook

hookspec = pluggy.HookspecMarker("tianbao")


@hookspec
def tianbao_templates() -> "Iterable[Template]":
    """Declare the templates this plugin brings.

    Called once, when the plugins are loaded; not again for a request.

    Returns:
        The templates. Two plugins declaring the same key is an error that names both.

    Raises:
        Exception: whatever it raises, the plugin is reported as broken and the others go on.

    Example:
        >>> from tianbao.plugins import hookimpl
        >>> from tianbao.periods import school_years
        >>> from tianbao.templates import Template, column, own_code, sheet, whole_number
        >>> @sheet("個案", kind="case", heading_row=1, first_row=2)
        ... class Case:
        ...     "One student in the month."
        ...     student_code = column("學生代號", own_code(), example="範例01")
        ...     sessions = column("晤談次數", whole_number(1, 999), example=3)
        >>> @hookimpl
        ... def tianbao_templates():
        ...     return [Template("150", "150學年度", serves=school_years(150), sheets=[Case])]

    Contract: `tianbao.testing.TemplateContract`.
    """


@hookspec
def tianbao_rules(template: "Template") -> "Iterable[Rule]":
    """Add validation rules to a template, such as a county's rule pack.

    Called once for each template, after all plugins are loaded.

    Args:
        template: the template the rules would join; look at its ``key``.

    Returns:
        Rules, each naming the kind of row it looks at; none for templates that are not meant.

    Raises:
        Exception: the plugin is reported as broken; the template goes on without its rules.

    Example:
        >>> from tianbao.plugins import hookimpl
        >>> from tianbao.templates import rule
        >>> @rule(kind="case", says="本縣規定每月晤談不超過 30 次，請確認")
        ... def at_most_thirty_sessions(sessions):
        ...     return sessions <= 30
        >>> @hookimpl
        ... def tianbao_rules(template):
        ...     return [at_most_thirty_sessions]

    Contract: `tianbao.testing.RulesContract`.
    """


@hookspec(firstresult=True)
def tianbao_read_workbook(data: bytes, limits: "Limits") -> "Workbook | None":
    """Read a file's bytes as a workbook.

    Called for every file that comes in. First: stops at the first plugin that returns a workbook.

    Args:
        data: the whole file, at most ``limits.bytes`` long; hostile until checked.
        limits: how much to read before refusing.

    Returns:
        The workbook, or ``None`` where the bytes are of no format this plugin reads.

    Raises:
        Refusal: the format is this plugin's, but the file is broken, encrypted, too large or hostile.

    Example:
        >>> from tianbao.plugins import hookimpl
        >>> from tianbao.workbooks import Workbook, Worksheet
        >>> @hookimpl
        ... def tianbao_read_workbook(data, limits):
        ...     if not data.startswith(b"sep=;"):
        ...         return None
        ...     lines = data.decode("utf-8", "replace").splitlines()[1 : limits.rows]
        ...     return Workbook([Worksheet("CSV", [line.split(";") for line in lines])])

    Contract: `tianbao.testing.ReaderContract`.
    """


@hookspec
def tianbao_workbook_writers() -> "Iterable[Writer]":
    r"""Bring writers of workbook formats, for blanks, examples and marked workbooks.

    Called once, when the plugins are loaded.

    Returns:
        Writers, each for one file suffix. Two plugins writing the same suffix is an error that names both.

    Raises:
        Exception: the plugin is reported as broken and the others go on.

    Example:
        >>> import json
        >>> from tianbao.plugins import hookimpl
        >>> class Lines:
        ...     suffix, media_type = ".jsonl", "application/jsonl"
        ...     def write(self, document, to):
        ...         for page in document.pages:
        ...             for row in page.rows:
        ...                 to.write(json.dumps([page.name, *row], default=str).encode() + b"\n")
        >>> @hookimpl
        ... def tianbao_workbook_writers():
        ...     return [Lines()]

    Contract: `tianbao.testing.WriterContract`.
    """


@hookspec
def tianbao_exporters() -> "Iterable[Exporter]":
    r"""Bring exporters: ways to download a table of records or statistics.

    Called once, when the plugins are loaded.

    Returns:
        Exporters, each for one file suffix. Two plugins exporting the same suffix is an error that names both.

    Raises:
        Exception: the plugin is reported as broken and the others go on.

    Example:
        >>> import json
        >>> from tianbao.plugins import hookimpl
        >>> class JsonLines:
        ...     suffix, media_type, label = ".jsonl", "application/jsonl", "JSON Lines"
        ...     def export(self, table, to):
        ...         for row in table.rows:
        ...             to.write(json.dumps(dict(zip(table.headings, row)), default=str).encode() + b"\n")
        >>> @hookimpl
        ... def tianbao_exporters():
        ...     return [JsonLines()]

    Contract: `tianbao.testing.ExporterContract`.
    """


@hookspec
def tianbao_letter_writers() -> "Iterable[LetterWriter]":
    r"""Bring writers of official letters: word processors' formats, each with a template the agency can edit.

    Called once, when the plugins are loaded; a writer is asked for its template only when letters are made.

    Returns:
        Writers, each for one file suffix. Two plugins writing the same suffix is an error that names both.

    Raises:
        Exception: the plugin is reported as broken and the others go on.

    Example:
        >>> from tianbao.errors import Refusal
        >>> from tianbao.plugins import hookimpl
        >>> class Opened:
        ...     def __init__(self, text):
        ...         self.text, self.fields = text, {name for name in ("主旨", "名單") if name in text}
        ...     def fill(self, letter, to):
        ...         text = self.text.replace("主旨", letter.fields["主旨"])
        ...         names = "、".join(row["名稱"] for row in letter.fields["名單"])
        ...         to.write(text.replace("名單", names).encode())
        >>> class PlainText:
        ...     suffix, media_type, label = ".txt", "text/plain", "純文字"
        ...     def shipped(self):
        ...         return "主旨\n名單\n".encode()
        ...     def open(self, template):
        ...         if b"\0" in template or not template:
        ...             raise Refusal("not-text", "這不是純文字檔。", "請另存為純文字再上傳。")
        ...         return Opened(template.decode("utf-8", "replace"))
        >>> @hookimpl
        ... def tianbao_letter_writers():
        ...     return [PlainText()]

    Contract: `tianbao.testing.LetterWriterContract`.
    """


@hookspec
def tianbao_channels(settings: "Settings") -> "Iterable[Channel]":
    """Bring notification channels: ways a message reaches a person.

    Called once, when the plugins are loaded.

    Args:
        settings: the installation's settings; a plugin's own section is ``settings.section(name, Class)``.

    Returns:
        Channels that are configured; none where the settings name none. One is handed what is queued for its name;
        whatever core queues is for the one named ``email``.

    Raises:
        Exception: the plugin is reported as broken and the others go on.

    Example:
        >>> import json
        >>> from tianbao.channels import Refused, Sent
        >>> from tianbao.plugins import hookimpl
        >>> class Lines:
        ...     name = "lines"
        ...     def deliver(self, messages):
        ...         for message in messages:
        ...             if not message.to.strip() or not message.to.isprintable():
        ...                 yield Refused(message, "that is no address")
        ...                 continue
        ...             with open("outbox.jsonl", "a") as file:
        ...                 print(json.dumps([message.id, message.to, message.subject]), file=file)
        ...             yield Sent(message)
        >>> @hookimpl
        ... def tianbao_channels(settings):
        ...     return [Lines()]

    Contract: `tianbao.testing.ChannelContract`.
    """


@hookspec
def tianbao_front_ends() -> "Sequence[FrontEnd]":
    """Bring front ends: ways people or programs reach the core, such as a web server.

    Called once, when one is to be served. A front end calls use cases, see ``docs/plugins.md``; it decides nothing.

    Returns:
        Front ends, each with its name for ``tianbao serve --front-end NAME``.

    Raises:
        Exception: the plugin is reported as broken and the others go on.

    Example:
        >>> from tianbao.plugins import hookimpl
        >>> class Greeting:
        ...     name = "greeting"
        ...     def serve(self, app, host, port):
        ...         print("The templates are", *app.plugins.templates)
        >>> @hookimpl
        ... def tianbao_front_ends():
        ...     return [Greeting()]

    Contract: `tianbao.testing.FrontEndContract`.
    """


@hookspec
def tianbao_filing_accepted(filing: "Accepted") -> None:
    """Learn that a filing is in force.

    Called after the transaction that stored it was committed; not for a file that was filed already.

    Args:
        filing: what was filed: unit, period, way, version, counts; no case rows.

    Returns:
        Nothing.

    Raises:
        Exception: it is logged with the plugin's name; the filing stays and the other plugins are called.

    Example:
        >>> from tianbao.plugins import hookimpl
        >>> @hookimpl
        ... def tianbao_filing_accepted(filing):
        ...     print(filing.unit.name, filing.period, filing.counts)

    Contract: `tianbao.testing.LifecycleContract`.
    """
