"""The organiser's people: who holds a national role, inviting them, sending the invitation anew, retiring them."""

from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect
from litestar.status_codes import HTTP_303_SEE_OTHER

from tianbao.accounts import Account, Role, Standing, invitations
from tianbao.accounts.policy import Action
from tianbao.bootstrap import App
from tianbao.errors import Refusal
from tianbao_web_litestar.errors import not_found
from tianbao_web_litestar.forms import Form
from tianbao_web_litestar.rendering import Pages
from tianbao_web_litestar.visits import Visit

INVITE = {"action": Action.INVITE}
ROLES = tuple(role for role in Role if role.national)
DONE = {"invited": "邀請信已寄出，對方接受後即可登入。", "retired": "帳號已停用，這個人不能再登入。"}


@get("/people", opt=INVITE, include_in_schema=False, sync_to_thread=True)
def people(
    request: Visit, core: NamedDependency[App], pages: NamedDependency[Pages], done: FromQuery[str] = ""
) -> Response[str]:
    """Everybody of a national role: those in use first."""
    order = [Standing.ACTIVE, Standing.PENDING, Standing.RETIRED]
    with core.store.read() as work:
        groups = [
            (role, sorted(work.accounts.of_role(role), key=lambda each: order.index(each.standing))) for role in ROLES
        ]
    return pages.show(request, "people.html", groups=groups, done=DONE.get(done, ""))


@get("/people/invite", opt=INVITE, include_in_schema=False, sync_to_thread=True)
def invite_form(request: Visit, pages: NamedDependency[Pages]) -> Response[str]:
    return pages.show(request, "people_invite.html", form=Form(), roles=ROLES)


@post("/people/invite", opt=INVITE, include_in_schema=False, sync_to_thread=True)
def invite(
    request: Visit, data: URLEncodedBody[dict[str, str]], core: NamedDependency[App], pages: NamedDependency[Pages]
) -> Response[Any]:
    """Send an invitation."""
    form = Form.of(data)
    try:
        role = _role(data.get("role", ""))
        login, name, email = (data.get(field, "") for field in ("login", "name", "email"))
        invitations.invite(core, role, login, name, email, request.user)
    except Refusal as refusal:
        wrong = form.refused_at("role", refusal) if refusal.code == "role" else form.refused(refusal)
        return pages.show(request, "people_invite.html", 422, form=wrong, roles=ROLES)
    return _done("invited")


@post("/people/{account_id:int}/resend", opt=INVITE, include_in_schema=False, sync_to_thread=True)
def resend(request: Visit, account_id: FromPath[int], core: NamedDependency[App]) -> Response[Any]:
    """Send the invitation anew; the link before is void."""
    person = _person(core, account_id)
    if person.standing is not Standing.PENDING:
        raise Refusal("invitation-closed", "這份邀請已經接受或收回了。", "請回到人員清單確認目前的狀態。")
    invitations.invite(core, person.role, person.login, person.name, person.email, request.user)
    return _done("invited")


@get("/people/{account_id:int}/retire", opt=INVITE, include_in_schema=False, sync_to_thread=True)
def retire_form(
    request: Visit, account_id: FromPath[int], core: NamedDependency[App], pages: NamedDependency[Pages]
) -> Response[str]:
    """Ask whether it is meant: there is no way back."""
    return pages.show(request, "people_retire.html", person=_person(core, account_id))


@post("/people/{account_id:int}/retire", opt=INVITE, include_in_schema=False, sync_to_thread=True)
def retire(request: Visit, account_id: FromPath[int], core: NamedDependency[App]) -> Response[Any]:
    """Take the account out of use."""
    invitations.retire(core, request.user, _person(core, account_id))
    return _done("retired")


def _role(text: str) -> Role:
    """The role that was chosen.

    Raises:
        Refusal: none was, or one that is not invited.
    """
    role = next((role for role in ROLES if role.value == text), None)
    if role is None:
        raise Refusal("role", "沒有選擇角色。", "請選擇其中一個。")
    return role


def _person(core: App, account_id: int) -> Account:
    with core.store.read() as work:
        person = work.accounts.get(account_id)
    if person is None or not person.role.national or person.standing is Standing.RETIRED:
        raise not_found()
    return person


def _done(what: str) -> Response[Any]:
    return Redirect(f"/people?done={what}", status_code=HTTP_303_SEE_OTHER)
