"""A mail shown as a mail program shows it: in a frame of its own, since it brings its own styles.

Pages allow no styles but the stylesheet's. So the frame has a policy of its own: inline styles, and nothing else; it is
a sandbox from which no script runs, no form is sent and no link leads out.
"""

from litestar import MediaType, Response
from litestar.status_codes import HTTP_200_OK, HTTP_422_UNPROCESSABLE_ENTITY
from markupsafe import Markup

from tianbao.accounts.forms import FormRefusal
from tianbao.errors import Refusal
from tianbao.mails import Mail

_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox",
    "X-Frame-Options": "SAMEORIGIN",
}
_BARE = Markup(
    '<!doctype html><html lang="zh-Hant-TW"><head><meta charset="utf-8"><title>{}</title>'
    '<meta name="color-scheme" content="light dark"></head>'
    '<body style="margin:20px;font:17px/1.6 sans-serif;overflow-wrap:anywhere;">{}</body></html>'
)
_STRIP = Markup(
    '<p class="sheet ink" style="margin:0;padding:12px 20px;font:16px/1.6 sans-serif;background-color:#ffffff;'
    'color:#26221c;border-bottom:1px solid #857b6b;"><b>主旨：{}</b></p>'
)
_PLAIN = Markup('<p><b>主旨：{}</b></p><pre style="font:inherit;white-space:pre-wrap;">{}</pre>')
_WRONG = Markup("<h1 style='font-size:20px;'>還不能預覽</h1><p>{}</p><p>{}</p>")


def shown(mail: Mail, *, plain: bool = False) -> Response[str]:
    """A mail in its frame, its subject above it."""
    if plain:
        return _frame(_BARE.format(mail.subject, _PLAIN.format(mail.subject, mail.text)))
    head, body, rest = mail.html.partition("<body")
    attributes, end, content = rest.partition(">")
    return _frame("".join((head, body, attributes, end, _STRIP.format(mail.subject), content)))


def refused(refusal: Refusal) -> Response[str]:
    """What is wrong with a text, where the mail would stand."""
    said = next(iter(refusal.problems.values())) if isinstance(refusal, FormRefusal) else refusal
    wrong = _WRONG.format(said.message, said.remedy)
    return _frame(_BARE.format("還不能預覽", wrong), HTTP_422_UNPROCESSABLE_ENTITY)


def _frame(content: str, status: int = HTTP_200_OK) -> Response[str]:
    return Response(content, media_type=MediaType.HTML, status_code=status, headers=_HEADERS)
