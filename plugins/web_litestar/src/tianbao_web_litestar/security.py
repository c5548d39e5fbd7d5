"""What every answer tells the browser not to do."""

from litestar.datastructures import MutableScopeHeaders
from litestar.types import BeforeMessageSendHookHandler, Message, Scope

POLICY = (
    "default-src 'none'; object-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""Nothing inline and nothing from other hosts."""

HEADERS = {
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    # not no-referrer, which would make browsers send "Origin: null" with our own forms
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
_HSTS = "max-age=31536000; includeSubDomains"
_PRIVATE = "no-store"


def headers_for(*, secure: bool) -> BeforeMessageSendHookHandler:
    """A hook that adds them to every answer, errors included; pages are never kept by a shared computer.

    What an answer says by itself stands: a mail in its frame has a policy of its own.
    """
    headers = {**HEADERS, "Strict-Transport-Security": _HSTS} if secure else HEADERS

    async def add(message: Message, _: Scope) -> None:
        if message["type"] == "http.response.start":
            answer = MutableScopeHeaders.from_message(message)
            for name, value in headers.items():
                answer.setdefault(name, value)
            answer.setdefault("Cache-Control", _PRIVATE)

    return add
