"""Templates: which there are, their blanks and examples."""

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from tianbao.bootstrap import App
from tianbao.templates import Template, layout
from tianbao_web_litestar.api.shapes import TemplateData
from tianbao_web_litestar.errors import not_found
from tianbao_web_litestar.workbooks_out import download


@get("/templates", sync_to_thread=False)
def templates(core: NamedDependency[App]) -> list[TemplateData]:
    """All templates."""
    return [_data(template) for template in core.plugins.templates.values()]


@get("/templates/{key:str}/blank", sync_to_thread=True)
def blank(key: FromPath[str], core: NamedDependency[App]) -> Response[bytes]:
    """The workbook to fill in."""
    return download(core, layout.blank(_template(core, key)), f"{key}_blank")


@get("/templates/{key:str}/example", sync_to_thread=True)
def example(key: FromPath[str], core: NamedDependency[App]) -> Response[bytes]:
    """The filled example; it is refused when it comes back."""
    return download(core, layout.example(_template(core, key)), f"{key}_example")


def _template(core: App, key: str) -> Template:
    if key not in core.plugins.templates:
        raise not_found()
    return core.plugins.templates[key]


def _data(template: Template) -> TemplateData:
    serves = template.serves
    return {
        "key": template.key,
        "name": template.name,
        "fingerprint": template.fingerprint,
        "first_period": str(serves.first) if serves.first else None,
        "last_period": str(serves.last) if serves.last else None,
    }
