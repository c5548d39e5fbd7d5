"""Files beside a template: taken by what they are, nothing that runs, named cleanly, handed out until taken back."""

import io
import zipfile
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tianbao import handouts
from tianbao.accounts.forms import FormRefusal
from tianbao.audit import Act
from tianbao.errors import Refusal
from tianbao.handouts import FORMATS, Kind, format_of

OFFICE = "application/vnd.openxmlformats-officedocument"


def package(*names, types=b"<Types/>", mimetype=None):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        if mimetype:
            archive.writestr("mimetype", mimetype)
        else:
            archive.writestr("[Content_Types].xml", types)
        for name in names:
            archive.writestr(name, b"x")
    return buffer.getvalue()


def torn(method, at):
    """A package whose parts cannot be unfolded, each by the way they were folded."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>" * 100)
        archive.writestr("word/document.xml", "x")
    data = bytearray(buffer.getvalue())
    data[at : at + 9] = b"\xff" * 9
    return bytes(data)


PPTX = package("ppt/presentation.xml", "ppt/slides/slide1.xml", "ppt/embeddings/Microsoft_Excel_Sheet.xlsx")
PDF = b"%PDF-1.7\n..."


@pytest.mark.parametrize(
    ("data", "suffix", "media_type"),
    [
        (PDF, ".pdf", "application/pdf"),
        (PPTX, ".pptx", f"{OFFICE}.presentationml.presentation"),
        (package("word/document.xml"), ".docx", f"{OFFICE}.wordprocessingml.document"),
        (package("xl/workbook.xml"), ".xlsx", f"{OFFICE}.spreadsheetml.sheet"),
        (
            package("content.xml", mimetype="application/vnd.oasis.opendocument.presentation"),
            ".odp",
            "application/vnd.oasis.opendocument.presentation",
        ),
        (
            package("content.xml", mimetype="application/vnd.oasis.opendocument.text"),
            ".odt",
            "application/vnd.oasis.opendocument.text",
        ),
        (
            package("content.xml", mimetype="application/vnd.oasis.opendocument.spreadsheet"),
            ".ods",
            "application/vnd.oasis.opendocument.spreadsheet",
        ),
    ],
)
def test_a_file_is_known_by_its_bytes(data, suffix, media_type):
    found = format_of(data)
    assert (found.suffix, found.media_type) == (suffix, media_type)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty-file"),
        (b"MZ\x90\0", "format"),
        (b"<html><script>alert(1)</script>", "format"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "format"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old", "format"),
        (b"PK\x03\x04 broken", "format"),
        (package("evil.exe"), "format"),
        (package("content.xml", mimetype="application/vnd.oasis.opendocument.graphics"), "format"),
        (package("word/document.xml", "word/vbaProject.bin"), "macros"),
        (package("ppt/presentation.xml", "ppt/activeX/activeX1.xml"), "macros"),
        (package("xl/workbook.xml", "xl/macrosheets/sheet1.xml"), "macros"),
        (package("word/document.xml", types=b"application/vnd.ms-word.document.macroEnabled.main+xml"), "macros"),
        (package("Basic/Standard/Module1.xml", mimetype="application/vnd.oasis.opendocument.text"), "macros"),
        (package("word/document.xml", types=b"x" * (3 * 2**20)), "format"),
        (torn(zipfile.ZIP_DEFLATED, 49), "format"),
        (torn(zipfile.ZIP_LZMA, 60), "format"),
    ],
)
def test_what_is_no_document_or_could_run_is_refused(data, code):
    with pytest.raises(Refusal) as refused:
        format_of(data)
    assert refused.value.code == code


@given(st.binary() | st.binary().map(lambda data: b"PK\x03\x04" + data))
def test_no_bytes_break_the_check(data):
    with suppress(Refusal):
        assert format_of(data) in FORMATS


FIELDS = {"template": "113", "kind": "presentation", "title": ""}


@pytest.fixture
def put(app, people):
    def put(data=PPTX, name="簡報.pptx", **fields):
        return handouts.add(app, people.organiser, {**FIELDS, **fields}, name, data)

    return put


def test_a_file_is_handed_out_beside_its_template_until_it_is_taken_back(app, people, put):
    other = put(PDF, "問答.pdf", kind="other", title="常見問答")
    made = put()
    assert [each.title for each in handouts.of_template(app, "113")] == ["填報表格說明簡報", "常見問答"]
    assert handouts.of_template(app, "111") == []
    assert handouts.content_of(app, "113", made.id) == (made, PPTX)
    assert handouts.content_of(app, "111", made.id) is None
    handouts.withdraw(app, people.organiser, "113", made.id)
    assert handouts.content_of(app, "113", made.id) is None
    assert handouts.of_template(app, "113") == [other]
    assert {each.id for each in handouts.every(app, people.organiser)} == {made.id, other.id}
    with pytest.raises(Refusal) as refused:
        handouts.withdraw(app, people.organiser, "113", made.id)
    assert refused.value.code == "handout-gone"
    with app.store.read() as work:
        withdrawn, added = work.audit.entries(subject=made.subject)
    assert (added.action, added.detail["file"]) == (Act.HANDOUT_ADDED, made.hash)
    assert (withdrawn.action, withdrawn.actor) == (Act.HANDOUT_WITHDRAWN, people.organiser.id)


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("簡報.pptx", "簡報.pptx"),
        ("C:\\桌面\\113 簡報.PPTX", "113 簡報.pptx"),
        ("../../etc/passwd", "passwd.pptx"),
        ("簡報.exe", "簡報.pptx"),
        ("a\r\nSet-Cookie: x.pptx", "aSet-Cookie_ x.pptx"),
        ("evil\u202excod.pptx", "evilxcod.pptx"),
        ("", "說明檔.pptx"),
        ("長" * 300 + ".pptx", "長" * 80 + ".pptx"),
    ],
)
def test_names_are_cleaned_and_end_as_their_content_does(put, name, kept):
    assert put(name=name).file_name == kept


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"data": None}, {"file"}),
        ({"data": b"MZ"}, {"file"}),
        ({"data": b"%PDF-" + b"x" * (20 * 2**20)}, {"file"}),
        ({"template": "999", "kind": "virus"}, {"template", "kind"}),
        ({"title": "長" * 81}, {"title"}),
    ],
)
def test_what_is_wrong_is_said_by_field(put, fields, wrong):
    with pytest.raises(FormRefusal) as refused:
        put(**fields)
    assert set(refused.value.problems) == wrong


def test_only_the_organiser_puts_files_there(app, people, put):
    made = put()
    for person in (people.officer, people.county_officer, people.support, people.agency):
        for attempt in (
            lambda who: handouts.add(app, who, FIELDS, "a.pptx", PPTX),
            lambda who: handouts.withdraw(app, who, "113", made.id),
            lambda who: handouts.every(app, who),
        ):
            with pytest.raises(Refusal) as refused:
                attempt(person)
            assert refused.value.code == "not-allowed"


def test_the_presentation_is_listed_first():
    assert [kind.label for kind in Kind] == ["填報表格說明簡報", "其他文件"]
