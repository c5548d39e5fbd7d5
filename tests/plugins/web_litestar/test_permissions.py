"""Who may open what: every route, for everybody, on their own unit and on others, compared with `permissions.txt`.

A new route without a row fails. Once you have looked at what is let in and what is not, write the rows by

    TIANBAO_WRITE_PERMISSIONS=1 pytest tests/plugins/web_litestar/test_permissions.py

and read the difference before you commit it. A route with a parameter that is not in `_examples` needs one there.
"""

import os
import re
from pathlib import Path

import pytest
from attrs import evolve
from litestar.testing import TestClient

from tianbao import announcements, filings, handouts
from tianbao.accounts import Account, Role, Standing, add, resets, sessions
from tianbao.announcements import Written
from tianbao.channels import Attachment
from tianbao.letters.packs import Pack, Progress
from tianbao.mails.samples import SAMPLES
from tianbao_web_litestar.app import create
from tianbao_web_litestar.forgery import HEADER, token_for

from ...papers import PDF

TABLE = Path(__file__).with_name("permissions.txt")
WHO = ("visitor", "officer", "county_officer", "organiser", "support", "agency")
WHOSE = ("own", "county's", "far")
ABOUT_A_UNIT = {"filing_id", "unit_id"}
"""Parameters that stand for a unit: such a route has a row for the officer's own, one of the county's, and a far one."""
HEAD = """\
# Who may open what. Written by test_permissions.py; read it, do not edit it.
#
#   yes      let in (what was sent may still be refused for what it says)
#   -        refused, or not there for this person
#   sign-in  asked to sign in
#
# own: the unit of the unit officer; county's: another of the same county; far: one of another county.
"""


@pytest.fixture
def country(app, people, book):
    """The small country, with something of each kind in it to be opened."""
    units = (people.school, people.neighbour, people.far)
    with app.store.work() as work:
        far = Account(0, "340301_far01", Role.UNIT_OFFICER, "遠校長", "far@b.tw", handle="far01", unit_id=people.far.id)
        far_officer = add(work, evolve(far, created_at=app.clock.now()), "unused")
        invited = Account(0, "k12_new", Role.AGENCY, "新同仁", "new@b.tw", standing=Standing.PENDING)
        pending = add(work, evolve(invited, created_at=app.clock.now()))
        holder = add(work, evolve(pending, id=0, login="k12_code", standing=Standing.ACTIVE))
        work.accounts.set_totp_secret(holder.id, "unused")
        now, month = app.clock.now(), app.settings.calendar.current_period(app.clock.now())
        letters = Pack(month, now, people.organiser.id, people.organiser.name, now, Progress.DONE)
        work.letters.change_pack(work.letters.add_pack(letters), data=b"zip")
    officers = (people.officer, people.neighbours_officer, far_officer)
    filed = [_filed(app, who, unit, month, book) for who, unit in zip(officers, units, strict=True)]
    message = _with_a_file(app)
    waiting = resets.request(app, people.support, far_officer, resets.Reason.NEW_POST, "新任組長")
    announcements.publish(app, people.organiser, Written.typed({"title": "a", "text": "b", "first": "2025-03-01"}))
    handouts.add(app, people.organiser, {"template": "113", "kind": "other"}, "a.pdf", PDF)
    return [
        _examples(month, filed[n].id, units[n].id, pending.id, people.officer.id, holder.id, waiting.id, message)
        for n in range(len(WHOSE))
    ]


def _with_a_file(app):
    with app.store.work() as work:
        files = [Attachment("名單.txt", "text/plain", b"list")]
        work.outbox.add("list", "a@b.tw", "receipt", SAMPLES["receipt"], at=app.clock.now(), attachments=files)
        return work.outbox.by_key("list").id


def _filed(app, officer, unit, month, book):
    grade = unit.level.grades[0]
    data = book(case=[{"grade": grade}], service=[{"audience": grade, "item": 2}])
    return filings.file_workbook(app, officer, unit, month, data, "a.xlsx").filing


def _examples(month, filing, unit, account, officer, holder, reset, message):  # noqa: PLR0917 -- one of each kind
    """What stands for each parameter of a route."""
    return {
        "account_id": account,
        "address": unit,
        "announcement_id": 1,
        "county": "臺北市",
        "day": "2025-03-11",
        "file_number": 0,
        "file_name": "icon.000000000000.svg",
        "filing_id": filing,
        "form": "odt",
        "grant_id": 1,
        "handout_id": 1,
        "holder_id": holder,
        "key": "113",
        "kind": "case",
        "mail_id": 1,
        "message_id": message,
        "number": 1,
        "officer_id": officer,
        "pack_id": 1,
        "path": "openapi.json",
        "period": month,
        "reset_id": reset,
        "text_name": "receipt",
        "ticket": "unknown",
        "token": "unknown",
        "unit_id": unit,
        "way": "csv",
    }


def _routes(web):
    for route in web.routes:
        for method, (handler, _) in getattr(route, "route_handler_map", {}).items():
            if method not in {"OPTIONS", "HEAD"}:
                yield route.path_format, method, handler


def _outcome(web, app, person, method, address):
    """Open it once, as somebody with a fresh session, who sends nothing in particular."""
    client = TestClient(web, raise_server_exceptions=False)
    session = sessions.start(app, person, "127.0.0.1", awaits_code=False) if person else "nobody"
    client.cookies.set("tianbao_session", session)
    headers = {HEADER: token_for(session)}
    answer = client.request(method, address, headers=headers, follow_redirects=False)
    to_sign_in = answer.status_code == 303 and answer.headers["location"].startswith("/sign-in")
    signing_out = person and address == "/sign-out"
    if answer.status_code == 401 or (to_sign_in and not signing_out):
        return "sign-in"
    assert answer.status_code < 500, f"{method} {address}: {answer.text[-300:]}"
    return "-" if answer.status_code in {403, 404} else "yes"


def _row(web, app, people, method, address):
    outcomes = [_outcome(web, app, getattr(people, who, None), method, address) for who in WHO]
    return "".join(f"{outcome:15}" for outcome in outcomes).rstrip()


def _table(web, app, people, country):
    """All rows: a method and path, whose unit where it is about one, and what becomes of each person."""
    for path, method, handler in sorted(_routes(web), key=lambda each: each[:2]):
        names = set(re.findall(r"{(\w+)}", path))
        unknown = names - set(country[0])
        assert not unknown, f"{path}: give an example of {', '.join(unknown)} in _examples"
        public = handler.opt.get("public") or handler.opt.get("anonymous")
        for whose, examples in zip(WHOSE if names & ABOUT_A_UNIT else ("",), country, strict=False):
            name = f"{method} {path} {whose}".rstrip()
            row = "public" if public else _row(web, app, people, method, path.format(**examples))
            yield f"{name:62}{row}"


def test_everybody_may_what_the_table_says(app, people, country):
    heading = f"{'':62}{''.join(f'{who:15}' for who in WHO)}".rstrip()
    found = [HEAD + heading, *_table(create(app), app, people, country)]
    if os.environ.get("TIANBAO_WRITE_PERMISSIONS"):
        TABLE.write_text("\n".join(found) + "\n", "utf-8")
    nobodys = [line for line in "\n".join(found[1:]).splitlines() if not {"yes", "public"} & set(line.split())]
    assert not nobodys, "nobody may: is the example in _examples a good one?\n" + "\n".join(nobodys)
    written = TABLE.read_text("utf-8").splitlines()
    lines = "\n".join(found).splitlines()
    missing = [line for line in lines if line not in written]
    gone = [line for line in written if line not in lines]
    assert not missing, "not in permissions.txt (see the top of this file):\n" + "\n".join(missing)
    assert not gone, "in permissions.txt, and not so:\n" + "\n".join(gone)
