"""The web application on a small country, and browsers without a window."""

import re
from types import SimpleNamespace

import pytest
from litestar.testing import TestClient

from tianbao.plugins import PluginInfo, Plugins, hookimpl
from tianbao.settings import Settings
from tianbao_web_litestar.app import create


@pytest.fixture
def database():
    """What the web adds is the same on every database; the store's own tests run on both."""
    return "sqlite"


class PlainWriter:
    """Writes what a document's pages are called and hold, a line each."""

    suffix, media_type = ".xlsx", "text/plain"

    def write(self, document, to):
        for page in document.pages:
            marks = [(place, mark.comment) for place, mark in page.marks.items() if mark.look]
            to.write(f"{page.name}: {list(page.rows)} {marks}\n".encode())


@pytest.fixture
def plugins(plugins):
    """The shared ones, and a writer; no spreadsheets."""
    import tianbao_letters_office
    import tianbao_templates_111
    import tianbao_templates_113

    found = {
        "letters_office": tianbao_letters_office,
        "reader": SimpleNamespace(tianbao_read_workbook=hookimpl(lambda data: plugins_read(plugins, data))),
        "templates_111": tianbao_templates_111,
        "templates_113": tianbao_templates_113,
        "writer": SimpleNamespace(tianbao_workbook_writers=hookimpl(lambda: [PlainWriter()])),
    }
    return Plugins([(PluginInfo(name, "1", "test"), plugin) for name, plugin in found.items()])


def plugins_read(plugins, data):
    return plugins.read_workbook(data, Settings().limits) if data.startswith(b"BOOK") else None


class Browser(TestClient):
    """A client that fills in forms as a person would: with the token of the page."""

    def fill_in(self, address, form=None, **more):
        page = self.get(address if address != "/sign-out" else "/")
        token = re.search(r'name="_csrf" value="(\w+)"', page.text)[1]
        period = re.search(r'name="period" value="([\d-]+)"', page.text)
        fields = {"_csrf": token, **({"period": period[1]} if period else {}), **(form or {})}
        return self.post(address, data=fields, **more)

    def sign_in(self, account, password="Kestrel-7-lantern", **more):
        return self.fill_in("/sign-in", {"login": account.login, "password": password}, **more)

    def become(self, account):
        """Another browser of another person, as far as the server can tell."""
        self.cookies.clear()
        return self.sign_in(account)

    def upload(self, data, name="114.xlsx", **more):
        return self.fill_in("/filing/current", files={"file": (name, data)}, **more)


@pytest.fixture
def web(app):
    return create(app)


@pytest.fixture
def visitor(web):
    """Somebody who has not signed in."""
    with Browser(web, raise_server_exceptions=False) as browser:
        yield browser


@pytest.fixture
def officer(visitor, people):
    """The officer of 大成國中, signed in."""
    visitor.sign_in(people.officer)
    return visitor


@pytest.fixture
def book(as_file, plugins):
    """Make the bytes of a 113 workbook with these rows; see `tianbao.testing.builders.filled`."""
    from tianbao.testing.builders import filled

    template = plugins.templates["113"]

    def make(**rows):
        rows.setdefault("case", [{}])
        return as_file(filled(template, **rows))

    return make
