"""忘記密碼: the answer is the same whether there is such an account or not."""

from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import URLEncodedBody

from tianbao.accounts import forgotten
from tianbao.bootstrap import App
from tianbao.errors import Refusal
from tianbao_web_litestar.errors import status_of
from tianbao_web_litestar.forms import Form
from tianbao_web_litestar.rendering import Pages
from tianbao_web_litestar.visits import Visit, address_of


@get("/forgotten", opt={"public": True}, include_in_schema=False, sync_to_thread=True)
def ask(request: Visit, pages: NamedDependency[Pages]) -> Response[Any]:
    """Ask for the login or the e-mail address."""
    return pages.show(request, "forgotten.html", form=Form())


@post("/forgotten", opt={"public": True}, status_code=200, include_in_schema=False, sync_to_thread=True)
def send(
    request: Visit, data: URLEncodedBody[dict[str, str]], core: NamedDependency[App], pages: NamedDependency[Pages]
) -> Response[Any]:
    """Send the mail, where there is somebody to send it to."""
    who = data.get("login", "").strip()
    if not who:
        missing = Refusal("required", "請輸入帳號或註冊信箱。", "")
        return pages.show(request, "forgotten.html", 422, form=Form.of(data).refused_at("login", missing))
    try:
        answer = forgotten.forget(core, who, address_of(request))
    except Refusal as refusal:
        return pages.show(request, "forgotten.html", status_of(refusal), form=Form.of(data).refused(refusal))
    return pages.show(request, "forgotten_sent.html", answer=answer)
