"""Workbooks on their way to a browser."""

from io import BytesIO

from litestar import Response

from tianbao.bootstrap import App
from tianbao.documents import Document
from tianbao_web_litestar.file_names import attachment


def download(core: App, document: Document, name: str) -> Response[bytes]:
    """A document as an Excel workbook, saved under a name (without suffix)."""
    writer = core.plugins.writer(".xlsx")
    buffer = BytesIO()
    writer.write(document, buffer)
    return Response(buffer.getvalue(), media_type=writer.media_type, headers=attachment(f"{name}{writer.suffix}"))
