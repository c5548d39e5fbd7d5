"""For machines that look after the server: is it alive, can it serve, how is it doing."""

import hmac
from typing import Any

from litestar import MediaType, Request, Response, get
from litestar.di import NamedDependency
from litestar.status_codes import HTTP_200_OK, HTTP_503_SERVICE_UNAVAILABLE
from prometheus_client import CONTENT_TYPE_LATEST

from tianbao.bootstrap import App
from tianbao.operations.readiness import readiness
from tianbao.operations.signs import Health, worst
from tianbao_web_litestar.errors import not_found
from tianbao_web_litestar.metrics import SECTION, Metrics, WebSettings

_OPEN: dict[str, Any] = {"public": True, "anonymous": True}
"""Nobody's session is looked up for these."""


@get("/health", opt=_OPEN, media_type=MediaType.TEXT, include_in_schema=False, sync_to_thread=False)
def health() -> str:
    """This process lives; it says nothing of what it depends on, lest a busy database have it restarted."""
    return "ok"


@get("/ready", opt=_OPEN, include_in_schema=False, sync_to_thread=True)
def ready(core: NamedDependency[App]) -> Response[dict[str, str]]:
    """Whether visitors should be sent here: 200, or 503 and what is amiss."""
    signs = readiness(core)
    status = HTTP_503_SERVICE_UNAVAILABLE if worst(signs) is Health.ILL else HTTP_200_OK
    return Response({sign.part: sign.health.name.lower() for sign in signs}, status_code=status)


@get("/metrics", opt=_OPEN, include_in_schema=False, sync_to_thread=True)
def metrics(
    request: Request[Any, Any, Any], core: NamedDependency[App], metrics_of_app: NamedDependency[Metrics]
) -> Response[bytes]:
    """For Prometheus, who must know the token of the settings; for everybody else there is no such page."""
    token = core.settings.section(SECTION, WebSettings).metrics_token
    given = request.headers.get("authorization", "").removeprefix("Bearer ")
    if not token or not hmac.compare_digest(given.encode(), token.encode()):
        raise not_found()
    return Response(metrics_of_app.text(), media_type=CONTENT_TYPE_LATEST)
