"""The JSON API: the same as the pages, for programs.

Sign in with ``POST /api/v1/session``: the answer sets the session's cookie and holds ``csrf_token``, which every other
request that changes something sends back in the header ``X-CSRF-Token``. It is the pages' own session: one way in is
one way to watch.

A check has the shape of ``tianbao check --json``; what is refused is ``{"code", "message", "remedy"}``.
"""
