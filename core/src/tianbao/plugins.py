"""Finds, loads and asks the plugins.

A plugin that cannot be loaded, or whose hook fails, is reported and the rest goes on: one broken plugin must not keep
4,000 schools from filing.
"""

import logging
from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import EntryPoint, entry_points
from operator import attrgetter
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import pluggy
from attrs import evolve, frozen

from tianbao import hookspecs
from tianbao.errors import PluginError, Refusal
from tianbao.templates.template import in_turn

if TYPE_CHECKING:
    from tianbao.channels import Channel
    from tianbao.documents import Writer
    from tianbao.exporters import Exporter
    from tianbao.front_ends import FrontEnd
    from tianbao.letters import LetterWriter
    from tianbao.settings import Settings
    from tianbao.templates import Template
    from tianbao.workbooks import Limits, Workbook

GROUP = "tianbao"
"""The entry point group plugins are found in."""

hookimpl = pluggy.HookimplMarker("tianbao")

log = logging.getLogger(__name__)


@frozen
class PluginInfo:
    """One plugin, for ``tianbao plugins``.

    Attributes:
        name: of its entry point.
        version: of its distribution.
        origin: the distribution and module it comes from.
        hooks: the hooks it implements.
        error: why it could not be used, if so.
    """

    name: str
    version: str
    origin: str
    hooks: Sequence[str] = ()
    error: str = ""


class Plugins:
    """The loaded plugins; make one with `load`, never a global."""

    def __init__(self, found: Iterable[tuple[PluginInfo, object]]) -> None:
        self._manager = pluggy.PluginManager("tianbao")
        self._manager.add_hookspecs(hookspecs)
        self._infos: dict[str, PluginInfo] = {}
        for info, plugin in sorted(found, key=lambda pair: pair[0].name, reverse=True):
            if info.name in self._infos:
                twice = evolve(info, error=f"another plugin is named {info.name!r} too; one of the two must go")
                self._infos[f"{info.name} from {info.origin}"] = twice
                continue
            self._infos[info.name] = info  # pluggy calls the last registered first: reversed, names decide
            if not info.error:
                self._register(info, plugin)
        self._templates: Mapping[str, Template] | None = None

    def _register(self, info: PluginInfo, plugin: object) -> None:
        try:
            self._manager.register(plugin, info.name)
            self._manager.check_pending()
        except (pluggy.PluginValidationError, ValueError) as error:
            if self._manager.has_plugin(info.name):
                self._manager.unregister(name=info.name)
            self._fail(info.name, error)
        else:
            hooks = sorted(caller.name for caller in self._manager.get_hookcallers(plugin) or ())
            self._infos[info.name] = evolve(info, hooks=hooks)

    def _fail(self, name: str, error: BaseException) -> None:
        log.error("plugin %s is left out: %s", name, error)
        self._infos[name] = evolve(self._infos[name], error=f"{type(error).__name__}: {error}")

    @property
    def infos(self) -> Sequence[PluginInfo]:
        """All plugins found, broken ones too, by name."""
        return sorted(self._infos.values(), key=attrgetter("name"))

    def ask(self, hook: str, **arguments: Any) -> Iterable[tuple[str, Any]]:  # noqa: ANN401 -- hooks differ
        """Call a collecting hook plugin by plugin; yields the plugin's name with its result.

        A plugin that raises is reported as broken and passed over.
        """
        caller: pluggy.HookCaller = getattr(self._manager.hook, hook)
        for implementation in reversed(caller.get_hookimpls()):
            wanted = {name: arguments[name] for name in implementation.argnames}
            try:
                result: Any = implementation.function(*wanted.values())
                result = tuple(result) if result is not None else ()
            except Exception as error:  # noqa: BLE001 -- whatever a plugin raises, the others go on
                self._fail(implementation.plugin_name, error)
            else:
                yield implementation.plugin_name, result

    def tell(self, hook: str, **arguments: Any) -> None:  # noqa: ANN401 -- hooks differ
        """Tell every plugin of an event; what one raises is logged and keeps nobody else from hearing it."""
        caller: pluggy.HookCaller = getattr(self._manager.hook, hook)
        for implementation in reversed(caller.get_hookimpls()):
            try:
                implementation.function(*(arguments[name] for name in implementation.argnames))
            except Exception:
                log.exception("plugin %s failed in %s", implementation.plugin_name, hook)

    def _by(self, key: str, hook: str, **arguments: object) -> dict[str, Any]:
        """Collect what plugins bring under a key each may claim only once.

        Raises:
            PluginError: two plugins claim the same key.
        """
        brought: dict[str, Any] = {}
        owners: dict[str, str] = {}
        for plugin, things in self.ask(hook, **arguments):
            for thing in things:
                name = getattr(thing, key)
                if name in brought:
                    raise PluginError.of(
                        f"{owners[name]} and plugin {plugin}",
                        hook,
                        f"both claim the {key} {name!r}",
                        "Uninstall one of the two, or have one of them choose another.",
                    )
                brought[name], owners[name] = thing, plugin
        return brought

    @property
    def templates(self) -> "Mapping[str, Template]":
        """All templates by key, with the rules that rule packs add.

        Raises:
            PluginError: two plugins claim the same template key.
        """
        if self._templates is None:
            declared: dict[str, Template] = self._by("key", "tianbao_templates")
            self._templates = MappingProxyType(
                {
                    template.key: template.with_rules(
                        rule for _, rules in self.ask("tianbao_rules", template=template) for rule in rules
                    )
                    for template in sorted(in_turn(declared.values()), key=attrgetter("key"))
                }
            )
        return self._templates

    def writer(self, suffix: str = ".xlsx") -> "Writer":
        """The writer of workbooks with this suffix.

        Raises:
            PluginError: no plugin brings one, or two do.
        """
        writer: Writer = self._one("tianbao_workbook_writers", "suffix", suffix)
        return writer

    def exporters(self) -> "Mapping[str, Exporter]":
        """All exporters by suffix."""
        return self._by("suffix", "tianbao_exporters")

    def letter_writers(self) -> "Mapping[str, LetterWriter]":
        """All writers of letters by suffix."""
        return self._by("suffix", "tianbao_letter_writers")

    def channels(self, settings: "Settings") -> "Mapping[str, Channel]":
        """All configured notification channels by name."""
        return self._by("name", "tianbao_channels", settings=settings)

    def front_end(self, name: str) -> "FrontEnd":
        """A front end by its name.

        Raises:
            PluginError: no plugin brings it, or two do.
        """
        front_end: FrontEnd = self._one("tianbao_front_ends", "name", name)
        return front_end

    def _one(self, hook: str, key: str, name: str) -> Any:  # noqa: ANN401 -- hooks differ
        brought = self._by(key, hook)
        if name not in brought:
            raise PluginError(
                f"no plugin implements {hook} for {name!r} (there is: {', '.join(brought) or 'none'}). "
                "Install one that does, and see `tianbao plugins` for those that could not be loaded."
            )
        return brought[name]

    def read_workbook(self, data: bytes, limits: "Limits") -> "Workbook":
        """Read a file with whichever plugin knows its format.

        Raises:
            Refusal: the file is too large, is of no known format, or its reader refuses it.
        """
        if len(data) > limits.bytes:
            raise Refusal(
                "too-large",
                f"檔案有 {len(data) / 2**20:.1f} MB，超過上限 {limits.bytes / 2**20:.0f} MB。",
                "填報表格通常不到 1 MB；請下載空白表格，只貼上當月資料後再上傳。",
            )
        book: Workbook | None = self._manager.hook.tianbao_read_workbook(data=data, limits=limits)
        if book is None:
            raise not_a_spreadsheet(data)
        return book


def not_a_spreadsheet(data: bytes) -> Refusal:
    """Say what the bytes look like instead, since no reader knows them as a spreadsheet."""
    head = data[:2048].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    remedy = "請上傳填好的 Excel 檔（.xlsx）；也可上傳 .xls、.xlsm 或 .ods。"
    if not data:
        return Refusal("empty-file", "檔案是空的（0 位元組）。", "請確認檔案已存檔完成，再重新選取上傳。")
    if head.startswith((b"<!doctype", b"<html", b"<head", b"<meta", b"<table", b"<body")):
        what = "這是一個網頁（HTML）檔，只是副檔名看起來像 Excel。"
        return Refusal("html", what, "請用 Excel 開啟後「另存新檔」為 .xlsx，再上傳。")
    if head.startswith(b"%pdf"):
        return Refusal("pdf", "這是 PDF 檔，不是試算表。", remedy)
    if data.startswith(b"PK\x03\x04"):
        return Refusal("zip", "這是壓縮檔或其他 Office 文件，裡面沒有試算表。", remedy)
    if b"\0" not in data[:4096] and (b"," in head or b"\t" in head or b";" in head):
        what = "這是純文字（CSV）檔，不是試算表。"
        return Refusal("csv", what, "請用 Excel 開啟後「另存新檔」為 .xlsx，再上傳。")
    return Refusal("not-a-spreadsheet", "這個檔案不是試算表。", remedy)


def load() -> Plugins:
    """Load every plugin installed in this environment."""
    return Plugins(_load(point) for point in _distinct(entry_points(group=GROUP)))


def _distinct(points: Iterable[EntryPoint]) -> Iterable[EntryPoint]:
    """One entry point for each thing: an editable install can list the same one twice."""
    return {(point.name, point.value, point.dist and point.dist.name): point for point in points}.values()


def _load(point: EntryPoint) -> tuple[PluginInfo, object]:
    dist = point.dist
    info = PluginInfo(point.name, dist.version if dist else "?", f"{dist.name if dist else '?'} ({point.value})")
    try:
        return info, point.load()
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt):
            raise
        log.error("plugin %s cannot be loaded: %s: %s", point.name, type(error).__name__, error)  # noqa: TRY400
        return evolve(info, error=f"{type(error).__name__}: {error}"), None
