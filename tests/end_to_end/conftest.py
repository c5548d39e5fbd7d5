"""A site that is really served, and a real browser to use it with."""

import os
import shutil
import socket
import threading
from types import SimpleNamespace

import pytest

from tianbao import accounts, plugins
from tianbao.accounts import Account, Role, sessions
from tianbao.bootstrap import App
from tianbao.periods import PeriodRange
from tianbao.settings import Settings
from tianbao.testing import valid_row
from tianbao.units import Level, Unit

PASSWORD = "Kestrel-7-lantern"
OPTIONS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip


@pytest.fixture(scope="module")
def chromium():
    """One Chromium for a module; its pages have contexts of their own."""
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not program:
        why = "NOT TESTED IN A BROWSER: no Chromium is installed (Debian: chromium)"
        if os.environ.get("TIANBAO_TESTS_MUST_NOT_SKIP"):
            pytest.fail(why)
        pytest.skip(why)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=OPTIONS)
        yield browser
        browser.close()


@pytest.fixture
def database():
    return "sqlite"


@pytest.fixture
def site(store, clock, hasher, since):
    """The whole system with its own plugins, on a port of this machine; its address and its people."""
    import uvicorn

    from tianbao_web_litestar.app import create

    app = App(Settings(), clock, plugins.load(), store, hasher)
    with store.work() as work:
        unit = work.units.get(
            work.units.add(Unit("074501", Level.JUNIOR_HIGH, "縣立大成國中", "彰化縣", PeriodRange(since)))
        )
        officer, organiser = (
            accounts.add(
                work,
                Account(0, login, role, name, "a@example.tw", handle=handle, unit_id=unit_id, created_at=clock.now()),
                hasher.hash(PASSWORD),
            )
            for login, role, name, handle, unit_id in (
                ("074501_wang01", Role.UNIT_OFFICER, "王怡君", "wang01", unit.id),
                ("organiser", Role.ORGANISER, "許研發", "organiser", None),
            )
        )
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(create(app), log_level="critical", ws="none"))
    thread = threading.Thread(target=server.run, args=([listening],), daemon=True)
    thread.start()
    address = f"http://127.0.0.1:{listening.getsockname()[1]}"
    yield SimpleNamespace(address=address, app=app, unit=unit, officer=officer, organiser=organiser, clock=clock)
    server.should_exit = True
    thread.join(10)
    listening.close()


@pytest.fixture
def visit(chromium, site):
    """Open a page of the site as somebody; what its console complains of fails the test."""
    contexts, complaints = [], []

    def open_as(account=None, **options):
        size = options.pop("viewport", {"width": 1280, "height": 768})
        context = chromium.new_context(base_url=site.address, locale="zh-TW", viewport=size, **options)
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: _complain(said, complaints))
        if account:  # the door is tried in a test of its own
            session = sessions.start(site.app, account, "127.0.0.1")
            context.add_cookies([{"name": "tianbao_session", "value": session, "url": site.address}])
        page.goto("/")
        return page

    yield open_as
    for context in contexts:
        context.close()
    assert not complaints


def _complain(said, complaints):
    """A page that answers 4xx is no complaint: refusing is what it does."""
    if said.type in ("error", "warning") and "the server responded with a status of 4" not in said.text:
        complaints.append(said.text)


@pytest.fixture
def rows():
    """The rows of a template's sheets, by sheet; the first of a kind changed as named."""

    def make(template, count=3, **changed):
        return [
            (sheet, [valid_row(sheet, n, **(changed.get(sheet.kind, {}) if n == 0 else {})) for n in range(count)])
            for sheet in template.sheets
        ]

    return make


@pytest.fixture
def workbook(tmp_path, rows):
    """A workbook as another program makes it: official names, places and codes, nothing of ours."""
    import xlsxwriter

    from tianbao_templates_113 import TEMPLATE

    def make(name="二月成果.xlsx", template=TEMPLATE, count=3, **changed):
        path = tmp_path / name
        with xlsxwriter.Workbook(path) as book:
            for sheet, data in rows(template, count, **changed):
                page = book.add_worksheet(sheet.name)
                page.write_row(sheet.heading_row - 1, 0, [column.heading for column in sheet.columns])
                for n, row in enumerate(data):
                    page.write_row(sheet.first_row - 1 + n, 0, row)
        return path

    return make
