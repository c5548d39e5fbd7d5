"""A route is closed to visitors unless it says otherwise."""

PUBLIC = {
    ("GET", "/assets/{file_name}"),
    ("GET", "/sign-in"),
    ("POST", "/sign-in"),
    ("POST", "/api/v1/session"),
    ("GET", "/api/v1/schema"),
    ("GET", "/api/v1/schema/openapi.json"),
    ("GET", "/api/v1/schema/{path}"),
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
        address = path.format(key="113", filing_id=1, period="2025-02")
        answer = visitor.get(address, follow_redirects=False)
        assert answer.status_code == (401 if address.startswith("/api/") else 303), address


def test_only_unit_officers_may_file(visitor, people):
    visitor.sign_in(people.support)
    answer = visitor.get("/filing/current")
    assert answer.status_code == 403
    assert "系統客服" in answer.text
