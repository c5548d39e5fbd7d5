"""Makes the web application of a core application."""

from litestar import Litestar, Router
from litestar.di import Provide
from litestar.middleware import DefineMiddleware
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin

import tianbao_web_litestar.api.filings as api_filings
import tianbao_web_litestar.api.obligations as api_obligations
import tianbao_web_litestar.api.records as api_records
import tianbao_web_litestar.api.sessions as api_sessions
import tianbao_web_litestar.api.statistics as api_statistics
import tianbao_web_litestar.api.templates as api_templates
from tianbao.bootstrap import App
from tianbao_web_litestar import api, assets
from tianbao_web_litestar.assets import Assets
from tianbao_web_litestar.downloads import Downloads
from tianbao_web_litestar.errors import Answers
from tianbao_web_litestar.forgery import ForgeryGuard
from tianbao_web_litestar.metrics import Metrics, watching
from tianbao_web_litestar.pages import (
    account,
    amendments,
    announcements,
    audit,
    carrying,
    code,
    codes,
    completeness,
    completeness_downloads,
    completeness_progress,
    completeness_reminding,
    completeness_unit,
    current,
    demo_mails,
    downloads,
    filings,
    forgotten,
    guide,
    handle,
    handouts,
    history,
    home,
    late,
    letter_templates,
    letters,
    links,
    months,
    people,
    post,
    probes,
    record_columns,
    record_downloads,
    record_filters,
    record_queries,
    records,
    register,
    reminder_days,
    reminders,
    sign_in,
    statistics,
    statistics_files,
    support,
    texts,
    units,
    units_import,
    unreachable,
)
from tianbao_web_litestar.receiving import FORM_ROOM, Checks, Draining
from tianbao_web_litestar.recent import Lists, Recent
from tianbao_web_litestar.rendering import Pages
from tianbao_web_litestar.security import headers_for
from tianbao_web_litestar.visits import Visitors, permitted

API = "/api/v1"

PAGES = (
    assets.asset,
    sign_in.sign_in_form,
    sign_in.sign_in,
    sign_in.sign_out,
    home.home,
    guide.choose,
    guide.read,
    guide.blank,
    guide.example,
    current.without_cases,
    current.file_nil,
    current.marked,
    amendments.choose,
    amendments.ask,
    amendments.withdraw,
    history.months,
    months.desk,
    months.carry_out,
    months.withdraw,
    months.revoke,
    completeness.whole,
    completeness.units,
    completeness_unit.unit,
    completeness_progress.course,
    completeness_reminding.confirm,
    completeness_reminding.send,
    completeness_downloads.of_units,
    completeness_downloads.of_counties,
    carrying.converted,
    carrying.workbook,
    carrying.continued,
    carrying.continued_workbook,
    late.choose,
    late.without_cases,
    late.file_nil,
    late.confirm,
    records.records,
    records.view,
    records.ask,
    record_filters.form,
    record_filters.apply,
    record_columns.form,
    record_columns.choose,
    record_queries.save,
    record_queries.forget,
    record_downloads.download,
    downloads.progress,
    statistics.statistics,
    statistics.view,
    statistics.ask,
    statistics_files.download,
    statistics_files.chart,
    filings.view,
    filings.receipt,
    filings.file,
)
DOOR_PAGES = (
    code.ask,
    code.take,
    register.choose,
    register.form,
    register.handle,
    register.register,
    forgotten.ask,
    forgotten.send,
    links.activate_page,
    links.activate,
    links.password_page,
    links.password,
    links.email_page,
    links.email,
    links.invitation_page,
    links.invitation,
    handle.ask,
    handle.check,
    handle.choose,
)
"""How one comes by an account, and back into it."""
ACCOUNT_PAGES = (
    account.account,
    account.details_form,
    account.details,
    account.password_form,
    account.password,
    account.email_form,
    account.email,
    account.code_form,
    account.code_on,
    account.code_off,
    account.stay,
    people.people,
    people.invite_form,
    people.invite,
    people.resend,
    people.retire_form,
    people.retire,
    codes.codes,
    codes.lift_form,
    codes.lift,
    audit.view,
    audit.download,
    audit.soundness,
    support.desk,
    support.unit,
    support.county,
    support.register,
    support.confirm,
    support.schedule,
    support.carry_out,
    support.withdraw,
)
"""One's own account, and those one looks after."""
PROBES = (probes.health, probes.ready, probes.metrics)
REGISTER_PAGES = (
    units.units,
    units.new_form,
    units.new,
    units.unit,
    units.edit_form,
    units.edit,
    units_import.confirm,
)
"""The unit register."""
LETTER_PAGES = (
    letters.desk,
    letters.make,
    letters.pack,
    letters.file,
    letter_templates.download,
    letter_templates.sample,
    letter_templates.use_shipped,
)
"""The 16th's official letters, and the templates they are made from."""
ANNOUNCEMENT_PAGES = (
    announcements.desk,
    announcements.new_form,
    announcements.new,
    announcements.edit_form,
    announcements.edit,
    announcements.withdraw,
    handouts.withdraw,
    handouts.download,
)
"""What the organiser tells, and hands out."""
HANDOUT_PAGES = (handouts.form, handouts.add)
REMINDER_PAGES = (
    reminders.desk,
    reminders.message,
    reminder_days.view,
    reminder_days.enter,
    reminder_days.take_back,
    reminder_days.confirm,
    unreachable.view,
    unreachable.download,
)
"""What is sent to whom and when, days off, and whom nothing reaches."""
POST_PAGES = (
    texts.texts,
    texts.text,
    texts.save,
    texts.restore,
    texts.preview,
    texts.preview_typed,
    post.register,
    post.message,
    post.mail,
    post.file,
    post.again,
    post.give_up,
    post.pause,
    post.resume,
)
"""What mails say, and what became of them."""
DEMO_PAGES = (demo_mails.mails, demo_mails.mail, demo_mails.look)
UPLOAD_PAGES = (
    current.with_cases,
    current.file_workbook,
    late.with_cases,
    late.file_workbook,
    carrying.choose,
    carrying.convert,
    units_import.form,
    units_import.preview,
    reminder_days.form,
    reminder_days.preview,
    letter_templates.view,
    letter_templates.take,
)
ENDPOINTS = (
    api_sessions.sign_in,
    api_sessions.session,
    api_sessions.sign_out,
    api_templates.templates,
    api_templates.blank,
    api_templates.example,
    api_filings.due,
    api_filings.file_nil,
    api_filings.filing,
    api_records.rows,
    api_records.columns,
    api_records.download,
    api_statistics.tables,
    api_statistics.figures,
    api_statistics.download,
    api_obligations.obligations,
    api_obligations.ask,
    api_obligations.withdraw,
)
UPLOAD_ENDPOINTS = (api_filings.check, api_filings.file_workbook)


def create(core: App) -> Litestar:
    """The application: every route is closed to visitors unless it says otherwise."""
    files = Assets.collect()
    pages, recent, checks = Pages(core, files), Recent(), Checks()
    limit = core.settings.limits.bytes
    return Litestar(
        [
            Router(
                "/",
                route_handlers=[
                    *PAGES,
                    *DOOR_PAGES,
                    *ACCOUNT_PAGES,
                    *LETTER_PAGES,
                    *POST_PAGES,
                    *REGISTER_PAGES,
                    *ANNOUNCEMENT_PAGES,
                    *REMINDER_PAGES,
                    *(DEMO_PAGES if core.demo else ()),
                ],
            ),
            Router("/", route_handlers=PROBES),
            Router("/", route_handlers=UPLOAD_PAGES, request_max_body_size=limit + FORM_ROOM),
            Router("/", route_handlers=HANDOUT_PAGES, request_max_body_size=core.settings.handout_bytes + FORM_ROOM),
            Router(API, route_handlers=ENDPOINTS),
            Router(API, route_handlers=UPLOAD_ENDPOINTS, request_max_body_size=limit + FORM_ROOM),
        ],
        request_max_body_size=FORM_ROOM,
        dependencies={
            "assets": _always(files),
            "checks": _always(checks),
            "core": _always(core),
            "downloads": _always(Downloads()),
            "metrics_of_app": _always(Metrics(core)),
            "pages": _always(pages),
            "lists": _always(Lists()),
            "recent": _always(recent),
        },
        guards=[permitted],
        middleware=[
            watching(),
            DefineMiddleware(Draining, limit=max(limit, core.settings.handout_bytes)),
            DefineMiddleware(ForgeryGuard),
            DefineMiddleware(Visitors, core=core),
        ],
        before_send=[headers_for(secure=core.settings.secure_cookies)],
        exception_handlers={Exception: Answers(pages, limit)},
        openapi_config=_openapi(),
        logging_config=None,
        debug=False,
    )


def _always(thing: object) -> Provide:
    return Provide(lambda: thing, sync_to_thread=False)


def _openapi() -> OpenAPIConfig:
    """The document at ``/api/v1/schema``, as JSON; no viewer, since those come from other hosts."""
    return OpenAPIConfig(
        "填報 Tianbao",
        "1",
        description=api.__doc__,
        use_handler_docstrings=True,
        render_plugins=[JsonRenderPlugin(path=["/", "/openapi.json"])],
        openapi_router=Router(f"{API}/schema", route_handlers=[], opt={"public": True}, include_in_schema=False),
    )
