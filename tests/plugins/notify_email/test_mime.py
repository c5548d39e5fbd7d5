"""The mail as it travels."""

import email
import email.policy
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tianbao.channels import Attachment, Message
from tianbao.clock import TAIPEI
from tianbao_notify_email.addresses import NotAnAddressError, parted
from tianbao_notify_email.mime import message_id, seal
from tianbao_notify_email.settings import EmailSettings

SETTINGS = EmailSettings(host="mail", sender="tianbao@example.edu.tw", reply_to="cgsbvc@mail.example.edu.tw")
NOW = datetime(2025, 10, 10, 17, 5, tzinfo=TAIPEI)


def read_back(message, settings=SETTINGS):
    return email.message_from_bytes(seal(message, settings, NOW).content, policy=email.policy.default)


def test_headers_say_who_when_and_that_no_person_wrote_it():
    mail = read_back(Message("7c", "a@b.tw", "提醒：114年9月填報", "內容"))
    assert mail["From"] == "輔導工作成果填報系統 <tianbao@example.edu.tw>"
    assert mail["To"] == "a@b.tw"
    assert mail["Reply-To"] == "cgsbvc@mail.example.edu.tw"
    assert mail["Subject"] == "提醒：114年9月填報"
    assert mail["Date"] == "Fri, 10 Oct 2025 17:05:00 +0800"
    assert mail["Message-ID"] == "<7c@example.edu.tw>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["List-Id"] == "<tianbao.example.edu.tw>"


def test_plain_text_comes_first_and_html_is_the_better_form():
    mail = read_back(Message("7c", "a@b.tw", "主旨", "純文字\n", "<p>網頁</p>\n"))
    assert mail.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    assert [part.get_content() for part in mail.iter_parts()] == ["純文字\r\n", "<p>網頁</p>\r\n"]


def test_attachments_come_through_whole_with_their_names():
    attachment = Attachment("未填報名單.xlsx", "application/vnd.ms-excel", bytes(range(256)) * 50)
    mail = read_back(Message("7c", "a@b.tw", "名單", "如附件", "<p>如附件</p>", [attachment]))
    (attached,) = mail.iter_attachments()
    assert attached.get_filename() == "未填報名單.xlsx"
    assert attached.get_content() == attachment.content
    assert mail.get_body(("html",)).get_content().strip() == "<p>如附件</p>"


def test_several_attachments_to_a_plain_text():
    files = [Attachment(f"{number}.csv", "text/csv", f"{number}\r\n".encode()) for number in range(12)]
    mail = read_back(Message("7c", "a@b.tw", "名單", "如附件", attachments=files))
    assert [(each.get_filename(), each.get_content()) for each in mail.iter_attachments()] == [
        (f"{number}.csv", f"{number}\r\n") for number in range(12)
    ]
    assert mail.get_body(("plain",)).get_content().strip() == "如附件"


@pytest.mark.parametrize("media_type", ["", "text", "text/html; charset=x\r\nBcc: all@b.tw", "a/b\r\n\r\nx"])
def test_a_media_type_that_is_none_is_plain_bytes(media_type):
    mail = read_back(Message("7c", "a@b.tw", "名單", "如附件", attachments=[Attachment("x", media_type, b"1")]))
    assert [each.get_content_type() for each in mail.iter_attachments()] == ["application/octet-stream"]
    assert "Bcc" not in mail


def test_what_travels_is_seven_bit_in_short_lines():
    content = seal(Message("7c", "a@b.tw", "主旨" * 200, "內容" * 2000, "<p>內容</p>" * 900), SETTINGS, NOW).content
    assert content.isascii()
    assert max(map(len, content.split(b"\r\n"))) <= 998
    assert b"\n" not in content.replace(b"\r\n", b"")


@given(st.text(), st.text())
def test_no_subject_and_no_name_breaks_out_of_its_header(subject, name):
    settings = EmailSettings(host="mail", sender="tianbao@example.edu.tw", sender_name=name)
    mail = read_back(Message("7c", "a@b.tw", subject, "內容"), settings)
    assert sorted(mail.keys()) == sorted(read_back(Message("7c", "a@b.tw", "x", "y"), settings).keys())
    assert mail["To"] == "a@b.tw"
    assert mail["From"].addresses[0].addr_spec == "tianbao@example.edu.tw"


@given(st.text(st.sampled_from("填報輔導，。（）ab 1é🙂"), max_size=200))
def test_subjects_come_through_as_they_are(subject):
    assert " ".join(read_back(Message("7c", "a@b.tw", subject, "內容"))["Subject"].split()) == " ".join(subject.split())


@given(st.text(), st.text())
def test_whatever_is_taken_as_an_address_is_one_in_one_line(left, right):
    try:
        local, domain = parted(f"{left}@{right}")
    except NotAnAddressError:
        return
    assert domain.isascii()
    assert not set(f"{local}{domain}") & set('\r\n\0 <>,;:"\\()[]@')


@pytest.mark.parametrize(
    "address",
    [
        "",
        "a",
        "@",
        "a@",
        "@b.tw",
        "a@b@c.tw",
        "a@b..tw",
        "a..b@c.tw",
        "a b@c.tw",
        "a@c.tw\r\nRCPT TO:<x@y.tw>",
        "a@c.tw>",
        "<a@c.tw>",
        "a@-c.tw",
        f"{'a' * 300}@b.tw",
    ],
)
def test_what_is_no_single_address(address):
    with pytest.raises(NotAnAddressError):
        parted(address)


def test_message_ids_of_odd_ids_are_stable_distinct_and_well_formed():
    ids = ["remind/2025-09/7", "remind/2025-09/8", "a>b\r\nX: y", "a" * 500]
    written = [message_id(each, "b.tw") for each in ids]
    assert written == [message_id(each, "b.tw") for each in ids]
    assert len(set(written)) == len(ids)
    for each in written:
        assert each.startswith("<")
        assert each.endswith("@b.tw>")
        assert each.isprintable()
        assert len(each) < 78
