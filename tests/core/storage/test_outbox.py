"""The outbox: each message once, many in one go, and the files that go with them."""

import pytest
from attrs import evolve
from sqlalchemy import func, select

from tianbao.channels import Attachment
from tianbao.errors import TianbaoError
from tianbao.outbox import Draft
from tianbao.storage.tables import AttachmentRow

LIST = Attachment("未填報名單.xlsx", "application/vnd.ms-excel", b"PK, all of them")


def reminders(*numbers):
    return [Draft(f"remind/2025-02/{number}", f"a{number}@b.tw", "remind", {"number": number}) for number in numbers]


@pytest.fixture
def queued(store):
    def queued():
        with store.read() as work:
            return {each.key: each for each in work.outbox.all()}

    return queued


def test_many_are_queued_in_one_go_and_those_that_were_are_left_as_they_are(store, clock, queued):
    with store.work() as work:
        assert work.outbox.add_all(reminders(1, 2), at=clock.now()) == {"remind/2025-02/1", "remind/2025-02/2"}
    before = queued()
    changed = [evolve(each, data={"number": 0}) for each in reminders(2, 3, 3)]
    with store.work() as work:
        assert work.outbox.add_all(changed, at=clock.now()) == {"remind/2025-02/3"}
        assert work.outbox.add_all([], at=clock.now()) == set()
    after = queued()
    assert after.pop("remind/2025-02/3").data == {"number": 0}
    assert after == before


def test_thousands_are_no_more_than_many(store, clock, queued):
    with store.work() as work:
        assert len(work.outbox.add_all(reminders(*range(4000)), at=clock.now())) == 4000
    assert {each.recipient for each in queued().values()} == {f"a{number}@b.tw" for number in range(4000)}


def test_a_file_that_goes_with_many_is_kept_once(store, clock, queued):
    other = evolve(LIST, name="同一份.xlsx")
    with store.work() as work:
        work.outbox.add_all([evolve(each, attachments=[LIST, other]) for each in reminders(*range(20))], at=clock.now())
    with store.work() as work:
        work.outbox.add("later", "a@b.tw", "remind", {}, at=clock.now(), attachments=[LIST])
    with store.read() as work:
        assert work.connection.scalar(select(func.count()).select_from(AttachmentRow)) == 1
        for enclosed in queued()["remind/2025-02/7"].enclosed:
            assert enclosed.name in {LIST.name, other.name}
            assert work.outbox.attachment(enclosed.hash) == LIST.content


def test_a_file_that_is_gone_is_named(store):
    with store.read() as work, pytest.raises(TianbaoError, match="attachment abc is not in the database"):
        work.outbox.attachment("abc")


def test_a_message_knows_the_unit_it_is_about(store, clock, people, queued):
    with store.work() as work:
        work.outbox.add("k", "a@b.tw", "remind", {}, at=clock.now(), unit_id=people.school.id)
    assert queued()["k"].unit_id == people.school.id
