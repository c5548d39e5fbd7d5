"""A route is closed to visitors unless it says otherwise."""

import re

PUBLIC = {
    ("GET", "/assets/{file_name}"),
    ("GET", "/sign-in"),
    ("POST", "/sign-in"),
    ("GET", "/sign-in/code"),
    ("POST", "/sign-in/code"),
    ("GET", "/register"),
    ("GET", "/register/{address}"),
    ("POST", "/register/{address}"),
    ("GET", "/register/{address}/handle"),
    ("GET", "/forgotten"),
    ("POST", "/forgotten"),
    ("GET", "/activate/{token}"),
    ("POST", "/activate/{token}"),
    ("GET", "/password/{token}"),
    ("POST", "/password/{token}"),
    ("GET", "/email/{token}"),
    ("POST", "/email/{token}"),
    ("GET", "/invitation/{token}"),
    ("POST", "/invitation/{token}"),
    ("POST", "/api/v1/session"),
    ("GET", "/api/v1/schema"),
    ("GET", "/api/v1/schema/openapi.json"),
    ("GET", "/api/v1/schema/{path}"),
    ("GET", "/health"),
    ("GET", "/ready"),
    ("GET", "/metrics"),  # which asks for a token of its own
}


def _routes(web):
    for route in web.routes:
        for method, handler in getattr(route, "route_handler_map", {}).items():
            if method not in ("OPTIONS", "HEAD"):
                yield method, route.path_format, handler[0]


def test_only_these_are_public(web):
    assert {(method, path) for method, path, handler in _routes(web) if handler.opt.get("public")} == PUBLIC


def test_visitors_are_asked_to_sign_in(visitor, web):
    visitor.get("/sign-in")
    for method, path, handler in _routes(web):
        if handler.opt.get("public") or method != "GET":
            continue
        address = re.sub(r"{\w+}", "1", path)
        answer = visitor.get(address, follow_redirects=False)
        assert answer.status_code == (401 if address.startswith("/api/") else 303), address


def test_only_unit_officers_may_file(visitor, people):
    visitor.sign_in(people.support)
    answer = visitor.get("/filing/current")
    assert answer.status_code == 403
    assert "系統客服" in answer.text
