"""Makes pages of templates: what every one of them is given, and how dates and numbers are said."""

from collections.abc import Sequence
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from litestar import MediaType, Response
from litestar.datastructures import Cookie
from litestar.status_codes import HTTP_200_OK

from tianbao.accounts import Account
from tianbao.announcements import Announcement, shown_to
from tianbao.bootstrap import App
from tianbao.clock import TAIPEI, spoken_date, spoken_moment
from tianbao_web_litestar import charts
from tianbao_web_litestar.assets import Assets
from tianbao_web_litestar.forgery import FIELD, VISIT, new_visit, token_for
from tianbao_web_litestar.menu import menu_of
from tianbao_web_litestar.visits import SESSION, Visit

SERVICE = "輔導工作成果填報"
_NOTICED = {"/", "/sign-in", "/filing/guide"}
"""Where announcements stand."""


class Pages:
    """Renders the pages of one application."""

    def __init__(self, core: App, assets: Assets) -> None:
        self._core = core
        self._environment = Environment(
            loader=PackageLoader("tianbao_web_litestar"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.globals.update(
            asset=assets.addresses.__getitem__,
            contacts=core.settings.contacts,
            csrf_field=FIELD,
            demo=core.demo,
            service=SERVICE,
        )
        self._environment.filters.update(
            chart=charts.drawn,
            day=spoken_date,
            moment=spoken_moment,
            number="{:,}".format,
            iso=lambda at: at.astimezone(TAIPEI).isoformat(),
        )

    def show(
        self,
        request: Visit,
        page: str,
        status: int = HTTP_200_OK,
        /,
        **facts: Any,  # noqa: ANN401 -- what the page's template names
    ) -> Response[str]:
        """A page, with the frame that all have."""
        account = request.scope.get("user")
        secret, cookies = self._secret(request)
        content = self._environment.get_template(page).render(
            account=account,
            unit=self._unit_name(account) if account else "",
            menu=menu_of(account, request.url.path),
            csrf=token_for(secret),
            idle=self._idle(request),
            notices=self._notices(request, account),
            now=self._core.clock.now(),
            real_time=self._core.clock.real,
            **facts,
        )
        return Response(content, media_type=MediaType.HTML, status_code=status, cookies=cookies)

    def _notices(self, request: Visit, account: Account | None) -> Sequence[Announcement]:
        """What is announced to this reader, on the pages where people arrive."""
        return shown_to(self._core, account) if request.url.path in _NOTICED else ()

    def _secret(self, request: Visit) -> tuple[str, Sequence[Cookie]]:
        """The cookie the page's forms are bound to; a new visitor gets one with the page."""
        known = request.cookies.get(SESSION) if request.scope.get("auth") else None
        if known := known or request.cookies.get(VISIT):
            return known, ()
        fresh = new_visit(secure=self._core.settings.secure_cookies)
        return str(fresh.value), (fresh,)

    def _idle(self, request: Visit) -> int | None:
        """Seconds until the session ends by itself; ``None`` where nobody is signed in."""
        session = request.scope.get("auth")
        return int((session.ends_at - self._core.clock.now()).total_seconds()) if session else None

    def _unit_name(self, account: Any) -> str:  # noqa: ANN401 -- the scope's user
        """Whom the account stands for: its unit, its county, or its role."""
        if account.unit_id is None:
            return f"{account.county}政府" if account.county else account.role.label
        with self._core.store.read() as work:
            unit = work.units.get(account.unit_id)
        return f"{unit.name}（{unit.level.label}）" if unit else account.role.label
