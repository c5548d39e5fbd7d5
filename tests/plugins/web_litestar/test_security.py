"""What every answer tells browsers, and what no page holds."""

import re

import pytest
from attrs import evolve
from litestar.testing import TestClient

from tianbao_web_litestar.app import create

PAGES = ["/", "/filing/guide", "/filing/guide/113", "/filing/current", "/filing/current/nil", "/nowhere"]


@pytest.mark.parametrize("address", [*PAGES, "/api/v1/schema", "/api/v1/nowhere"])
def test_every_answer_is_kept_safe(officer, address):
    headers = officer.get(address).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == "no-store"
    assert "strict-transport-security" not in headers


@pytest.mark.parametrize("address", [*PAGES, "/sign-in"])
def test_no_page_holds_scripts_styles_or_other_hosts(officer, visitor, address):
    page = officer.get(address).text
    assert not re.search(r"<script(?![^>]* src=)|<style|\sstyle=|\son\w+=", page)
    assert not re.search(r'(?:src|href|action)="(?:https?:)?//', page)


def test_https_is_demanded_where_cookies_are_secure(app):
    app = evolve(app, settings=evolve(app.settings, secure_cookies=True))
    with TestClient(create(app)) as client:
        assert "strict-transport-security" in client.get("/sign-in").headers


def test_assets_may_be_kept_for_good(visitor):
    page = visitor.get("/sign-in").text
    addresses = re.findall(r'"(/assets/[^"]+)"', page)
    assert len(addresses) == 4
    for address in addresses:
        answer = visitor.get(address)
        assert answer.status_code == 200
        assert "immutable" in answer.headers["cache-control"]


def test_an_asset_of_another_hash_is_not_there(visitor):
    assert visitor.get("/assets/tianbao.000000000000.css").status_code == 404


def test_no_cookie_goes_with_assets(visitor):
    address = re.search(r'"(/assets/[^"]+)"', visitor.get("/sign-in").text)[1]
    assert "set-cookie" not in visitor.get(address).headers
