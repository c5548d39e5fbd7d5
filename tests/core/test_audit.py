"""The trail: append-only, chained, whole."""

import json
from contextlib import contextmanager
from datetime import timedelta

import pytest
from attrs import evolve
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from tianbao.audit import GENESIS, Act, Entry, record, verify
from tianbao.clock import FixedClock

NOW = FixedClock.at("2025-03-05T10:00").now()

DETAILS = st.dictionaries(
    st.text(max_size=8),
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=20) | st.lists(st.text(max_size=5)),
    max_size=4,
)


def chain(*details):
    entries, last = [], (0, GENESIS)
    for number, detail in enumerate(details):
        entries.append(Entry.after(last, NOW + timedelta(seconds=number), None, "test", f"unit/{number}", detail))
        last = entries[-1].id, entries[-1].hash
    return entries


@given(st.lists(DETAILS, min_size=1, max_size=6))
def test_an_untouched_chain_is_sound(details):
    entries = chain(*details)
    soundness = verify(entries)
    assert (soundness.entries, soundness.head, soundness.broken) == (len(entries), entries[-1].hash, None)


@given(st.lists(DETAILS, min_size=2, max_size=6), st.data())
def test_whatever_is_changed_shows_where(details, data):
    entries = chain(*details)
    place = data.draw(st.integers(0, len(entries) - 1))
    change = data.draw(
        st.sampled_from([{"actor": 9}, {"action": "other"}, {"subject": "x"}, {"detail": {"n": 1}, "hash": "0" * 64}])
    )
    entries[place] = evolve(entries[place], **change)
    assert verify(entries).broken == place + 1


@given(st.lists(DETAILS, min_size=3, max_size=6), st.data())
def test_an_entry_taken_out_shows(details, data):
    entries = chain(*details)
    place = data.draw(st.integers(0, len(entries) - 2))
    del entries[place]
    assert verify(entries).broken == place + 1


def test_what_was_cut_off_at_the_end_shows_by_the_head():
    entries = chain({}, {}, {})
    assert verify(entries[:2]).broken is None
    assert verify(entries[:2]).head != verify(entries).head


def test_an_entry_forged_with_a_right_hash_of_its_own_breaks_the_next():
    entries = chain({}, {}, {})
    last = entries[0].id, entries[0].hash
    entries[1] = Entry.after(last, NOW, 7, "forged", "x", {})
    assert verify(entries).broken == 3


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(detail=DETAILS)
def test_the_store_gives_back_what_its_hash_was_made_of(store, detail):
    with store.work() as work:
        work.audit.append(NOW, None, "test", "unit/1", detail)
    with store.read() as work:
        assert work.audit.entries()[0].detail == json.loads(json.dumps(detail))
        assert work.audit.verify().broken is None


def test_entries_of_one_transaction_follow_each_other(store):
    with store.work() as work:
        for number in range(3):
            work.audit.append(NOW, None, "test", f"unit/{number}")
    with store.read() as work:
        assert [(entry.id, entry.subject) for entry in work.audit.entries()] == [
            (3, "unit/2"), (2, "unit/1"), (1, "unit/0"),
        ]  # fmt: skip


def test_a_transaction_that_fails_leaves_no_entry(store):
    def fail():
        with store.work() as work:
            work.audit.append(NOW, None, "test", "unit/1")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    with store.read() as work:
        assert work.audit.entries() == []


@pytest.mark.parametrize(
    "statement", ["UPDATE audit SET action = 'x'", "DELETE FROM audit", "DELETE FROM audit WHERE id = 1"]
)
def test_the_database_refuses_to_change_or_delete(store, statement):
    record_one(store)
    with pytest.raises(DBAPIError, match="append-only"), store.work() as work:
        work.connection.execute(text(statement))
    with store.read() as work:
        assert work.audit.verify().entries == 1


def record_one(store):
    with store.work() as work:
        work.audit.append(NOW, None, Act.SIGNED_IN, "account/1", {"address": "203.0.113.7"})


@contextmanager
def without_triggers(store):
    """As somebody who owns the database could do."""
    with store.work() as work:
        if store.embedded:
            work.connection.execute(text("DROP TRIGGER audit_no_update"))
        else:
            work.connection.execute(text("SET LOCAL session_replication_role = replica"))
        yield work.connection


def test_what_the_owner_of_the_database_changes_shows(store):
    for _ in range(3):
        record_one(store)
    with without_triggers(store) as connection:
        connection.execute(text("UPDATE audit SET actor = NULL, action = 'sign-out' WHERE id = 2"))
    with store.read() as work:
        assert work.audit.verify().broken == 2


def test_entries_are_found_by_actor_and_by_what_they_are_about(app, people):
    record(app, people.officer.id, Act.CASES_SEEN, f"unit/{people.school.id}/2025-02", rows=70)
    record(app, people.agency.id, Act.CASES_SEEN, f"unit/{people.school.id}/2025-01", rows=1)
    record(app, people.agency.id, Act.CASES_SEEN, f"unit/{people.school.id}0/2025-02", rows=2)
    with app.store.read() as work:
        assert [each.detail["rows"] for each in work.audit.entries(subject=f"unit/{people.school.id}")] == [1, 70]
        assert [each.detail["rows"] for each in work.audit.entries(actor=people.agency.id)] == [2, 1]
        assert len(work.audit.entries(limit=1)) == 1


def test_every_act_has_a_word_of_its_own():
    assert len({act.label for act in Act}) == len(Act)
