"""稽核紀錄: who did what, to what, when; found by day, person, action and unit; taken along; seen to be whole."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from urllib.parse import urlencode

from attrs import Factory, evolve, frozen
from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Stream
from litestar.status_codes import HTTP_200_OK, HTTP_422_UNPROCESSABLE_ENTITY

from tianbao import trail
from tianbao.accounts.policy import Action
from tianbao.audit import Act, Wanted
from tianbao.bootstrap import App
from tianbao.errors import Refusal
from tianbao.periods import parse_day
from tianbao.records import exporters
from tianbao.storage import UnitOfWork
from tianbao.units import Unit
from tianbao_web_litestar.downloads import Downloads
from tianbao_web_litestar.errors import not_found
from tianbao_web_litestar.file_names import dated
from tianbao_web_litestar.forms import number_of
from tianbao_web_litestar.pages.downloads import ticket_of
from tianbao_web_litestar.rendering import Pages
from tianbao_web_litestar.visits import Visit

_SEE = {"action": Action.SEE_AUDIT}
_ASKED = ("since", "until", "who", "act", "unit", "subject")
_KNOWN = {act.value: act for act in Act}


@frozen
class Asked:
    """What the form asks for.

    Attributes:
        typed: by field, as it stands in the address.
        wanted: what that means.
        problems: by field, what it does not mean.
        units: those the words in the field 單位 may mean, where they are several.
    """

    typed: Mapping[str, str]
    wanted: Wanted
    problems: Mapping[str, Refusal] = Factory(dict)
    units: Sequence[Unit] = ()

    def address(self, page: str = "/audit", **more: object) -> str:
        """A page with the same question."""
        asked = {name: value for name, value in {**self.typed, **more}.items() if value}
        return f"{page}?{urlencode(asked)}" if asked else page


@get("/audit", opt=_SEE, include_in_schema=False, sync_to_thread=True)
def view(request: Visit, core: NamedDependency[App], pages: NamedDependency[Pages]) -> Response[str]:
    """What the address asks for, the latest first."""
    asked = _asked(core, request)
    shown = trail.page(core, request.user, asked.wanted) if not (asked.problems or asked.units) else None
    return pages.show(
        request,
        "audit.html",
        HTTP_422_UNPROCESSABLE_ENTITY if asked.problems else HTTP_200_OK,
        asked=asked,
        shown=shown,
        acts=sorted(Act, key=lambda act: act.label),
        older=asked.address(before=shown.older.before) if shown and shown.older else "",
        downloads=[
            (way.label, asked.address(f"/audit/download/{suffix[1:]}"))
            for suffix, way in exporters(core.plugins).items()
        ],
    )


@get("/audit/download/{way:str}", opt=_SEE, include_in_schema=False)
async def download(
    request: Visit, way: FromPath[str], core: NamedDependency[App], downloads: NamedDependency[Downloads]
) -> Stream:
    """All that the address asks for, as a file."""
    exporter, asked = exporters(core.plugins).get(f".{way}"), _asked(core, request)
    if exporter is None or asked.problems:
        raise not_found()
    write = partial(trail.export, core, request.user, asked.wanted, exporter)
    name = dated("稽核紀錄", core.clock.now(), exporter.suffix)
    return await downloads.send(request.user, write, name, exporter.media_type, ticket_of(request))


@get("/audit/soundness", opt=_SEE, include_in_schema=False, sync_to_thread=True)
def soundness(request: Visit, core: NamedDependency[App], pages: NamedDependency[Pages]) -> Response[str]:
    """Whether the trail is whole."""
    return pages.show(request, "audit_soundness.html", found=trail.soundness(core, request.user))


def _asked(core: App, request: Visit) -> Asked:
    typed = {name: str(request.query_params.get(name, "")).strip()[:100] for name in _ASKED}
    problems: dict[str, Refusal] = {}
    since, until = (_day(typed[name], name, problems) for name in ("since", "until"))
    before = str(request.query_params.get("before", ""))
    acts = (typed["act"],) if typed["act"] in _KNOWN else ()
    wanted = evolve(trail.days(since, until), actions=acts, before=number_of(before))
    with core.store.read() as work:
        wanted = evolve(wanted, actor=_actor(work, typed["who"], problems))
        units = _units(work, typed, problems)
    subject = f"unit/{units[0].id}" if len(units) == 1 else typed["subject"]
    return Asked(typed, evolve(wanted, subject=subject), problems, units if len(units) > 1 else ())


def _day(text: str, field: str, problems: dict[str, Refusal]) -> date | None:
    try:
        return parse_day(text) if text else None
    except ValueError:
        problems[field] = Refusal("bad-day", f"「{text}」不是日期。", "請寫成 2025-03-05。")
        return None


def _actor(work: UnitOfWork, login: str, problems: dict[str, Refusal]) -> int | None:
    account = work.accounts.by_login(login) if login else None
    if login and account is None:
        problems["who"] = Refusal("no-account", f"沒有「{login}」這個登入帳號。", "請輸入完整的登入帳號。")
    return account.id if account else None


def _units(work: UnitOfWork, typed: Mapping[str, str], problems: dict[str, Refusal]) -> Sequence[Unit]:
    found = work.units.search(typed["unit"]) if typed["unit"] else ()
    if typed["unit"] and not found:
        problems["unit"] = Refusal("no-unit", f"找不到符合「{typed['unit']}」的單位。", "請換一個較短的關鍵字。")
    return found
