"""填報說明: which form, the blank and the example to download, and how to fill it in."""

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from tianbao.bootstrap import App
from tianbao.handouts import of_template
from tianbao.templates import Template, difference, guide, layout
from tianbao_web_litestar.desks import serving
from tianbao_web_litestar.errors import not_found
from tianbao_web_litestar.rendering import Pages
from tianbao_web_litestar.submitting import month_of
from tianbao_web_litestar.visits import Visit
from tianbao_web_litestar.workbooks_out import download


@get("/filing/guide", include_in_schema=False, sync_to_thread=True)
def choose(request: Visit, core: NamedDependency[App], pages: NamedDependency[Pages]) -> Response[str]:
    """選擇上傳的版本; the one of the month that is being filed comes first."""
    period = core.settings.calendar.current_period(core.clock.now())
    newest_first = sorted(core.plugins.templates.values(), key=lambda template: template.key, reverse=True)
    current = serving(core, period)
    files = {template.key: of_template(core, template.key) for template in newest_first}
    return pages.show(request, "guides.html", period=period, current=current, templates=newest_first, files=files)


@get("/filing/guide/{key:str}", include_in_schema=False, sync_to_thread=True)
def read(
    request: Visit, key: FromPath[str], core: NamedDependency[App], pages: NamedDependency[Pages]
) -> Response[str]:
    """The guide as a page, made for printing too."""
    template = _template(core, key)
    before = difference.predecessor(core.plugins.templates.values(), template)
    changed = [difference.section(before, template)] if before else []
    first, *others = guide.sections(template)
    return pages.show(request, "guide.html", template=template, sections=[first, *changed, *others], changed=changed)


@get("/filing/guide/{key:str}/blank", include_in_schema=False, sync_to_thread=True)
def blank(
    request: Visit, key: FromPath[str], core: NamedDependency[App], period: FromQuery[str] = ""
) -> Response[bytes]:
    """空白表格, titled for the officer's unit and a month (the current one unless named) the template serves."""
    template = _template(core, key)
    wanted = month_of(period) if period else core.settings.calendar.current_period(core.clock.now())
    with core.store.read() as work:
        unit = work.units.get(request.user.unit_id) if request.user.unit_id is not None else None
    month = wanted if wanted in template.serves else None
    document = layout.blank(template, unit_name=unit.name if unit else "", period=month)
    return download(core, document, f"{template.name}_空白表格{f'_{month.roc}' if month else ''}")


@get("/filing/guide/{key:str}/example", include_in_schema=False, sync_to_thread=True)
def example(key: FromPath[str], core: NamedDependency[App]) -> Response[bytes]:
    """填報範例, to look at."""
    template = _template(core, key)
    return download(core, layout.example(template), f"{template.name}_填報範例（請勿上傳）")


def _template(core: App, key: str) -> Template:
    if key not in core.plugins.templates:
        raise not_found()
    return core.plugins.templates[key]
