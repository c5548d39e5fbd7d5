"""What was filed: its rows to look at, its receipt to print, its file to take."""

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from tianbao import audit
from tianbao.accounts.policy import Action, may
from tianbao.audit import Act
from tianbao.bootstrap import App
from tianbao.filings import Filing
from tianbao.filings.history import original_file
from tianbao_web_litestar.errors import not_found
from tianbao_web_litestar.file_names import attachment
from tianbao_web_litestar.rendering import Pages
from tianbao_web_litestar.results import filed_tables
from tianbao_web_litestar.visits import Visit

_SEEN = {"action": Action.SEE_FILINGS}
_ANY_FILE = "application/octet-stream"


@get("/filings/{filing_id:int}", opt={"action": Action.SEE_CASES}, include_in_schema=False, sync_to_thread=True)
def view(
    request: Visit, filing_id: FromPath[int], core: NamedDependency[App], pages: NamedDependency[Pages]
) -> Response[str]:
    """檢視填報資料; a look at case rows is audited."""
    filing = filing_for(request, core, filing_id, Action.SEE_CASES)
    with core.store.read() as work:
        cases, services = work.filings.rows(filing)
    audit.record(core, request.user.id, Act.CASES_SEEN, filing.subject, filing=filing.id)
    template = core.plugins.templates.get(filing.template_key or "")
    tables = filed_tables(template, cases, services) if template else ()
    return pages.show(request, "filing.html", filing=filing, template=template, tables=tables)


@get("/filings/{filing_id:int}/receipt", opt=_SEEN, include_in_schema=False, sync_to_thread=True)
def receipt(
    request: Visit, filing_id: FromPath[int], core: NamedDependency[App], pages: NamedDependency[Pages]
) -> Response[str]:
    """The receipt (填報收據), made for printing."""
    filing = filing_for(request, core, filing_id, Action.SEE_FILINGS)
    template = core.plugins.templates.get(filing.template_key or "")
    return pages.show(request, "receipt.html", filing=filing, template=template)


@get("/filings/{filing_id:int}/file", opt={"action": Action.SEE_CASES}, include_in_schema=False, sync_to_thread=True)
def file(request: Visit, filing_id: FromPath[int], core: NamedDependency[App]) -> Response[bytes]:
    """The workbook as it came in."""
    if filing_for(request, core, filing_id, Action.SEE_CASES).nil:
        raise not_found()
    filing, content = original_file(core, request.user, filing_id)
    return Response(content, media_type=_ANY_FILE, headers=attachment(filing.file_name or "填報檔案"))


def filing_for(request: Visit, core: App, filing_id: int, action: Action) -> Filing:
    """A filing this person may see; one they may not is not there, so that numbers tell nothing.

    Raises:
        Refusal: it is not there for them.
    """
    with core.store.read() as work:
        filing = work.filings.get(filing_id)
    if filing is None or not may(request.user, action, filing.unit):
        raise not_found()
    return filing
