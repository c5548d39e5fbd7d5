"""Files beside a template: taken by what they are, nothing that runs or is fetched, named cleanly, handed out until taken back."""

import io
import zipfile
import zlib
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tianbao import handouts
from tianbao.accounts.forms import FormRefusal
from tianbao.audit import Act
from tianbao.errors import Refusal
from tianbao.handouts import FORMATS, Kind, format_of

from ...papers import PDF

OFFICE = "application/vnd.openxmlformats-officedocument"


def package(*names, types=b"<Types/>", mimetype=None, parts=()):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        if mimetype:
            archive.writestr("mimetype", mimetype)
        else:
            archive.writestr("[Content_Types].xml", types)
        for name in names:
            archive.writestr(name, b"<x/>")
        for name, data in dict(parts).items():
            archive.writestr(name, data)
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


def relations(kind, target="http://198.51.100.1/x", mode=' TargetMode="External"', encoding="utf-8"):
    """The relationships of a part, as Office writes them."""
    base = "http://schemas.openxmlformats.org"
    one = f'<Relationship Id="rId1" Type="{base}/officeDocument/2006/relationships/{kind}" Target="{target}"{mode}/>'
    text = f'<?xml version="1.0"?><Relationships xmlns="{base}/package/2006/relationships">{one}</Relationships>'
    return text.encode(encoding)


def office(relations=None, name="word/_rels/document.xml.rels", **more):
    return package("word/document.xml", parts={name: relations, **more} if relations else more)


def opendocument(content, name="content.xml"):
    spaces = " ".join(
        f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{long}:1.0"'
        for short, long in (
            ("office", "office"), ("text", "text"), ("draw", "drawing"), ("script", "script"), ("p", "presentation"),
        )
    )  # fmt: skip
    body = f'<office:document-content {spaces} xmlns:xlink="http://www.w3.org/1999/xlink">{content}</office:document-content>'
    return package(mimetype="application/vnd.oasis.opendocument.text", parts={name: body})


def embedding(inner, name="word/embeddings/inner.docx"):
    return package("word/document.xml", parts={name: inner})


NESTED = office()
for _ in range(5):
    NESTED = embedding(NESTED)


@pytest.mark.parametrize(
    "data",
    [
        office(relations("hyperlink", "https://www.edu.tw/")),
        office(relations("image", "media/image1.png", "")),
        embedding(package("xl/workbook.xml")),
        embedding(b"\x89PNG", "word/media/image1.png"),
        opendocument('<text:a xlink:href="https://www.edu.tw/">x</text:a><draw:image xlink:href="Pictures/1.png"/>'),
        opendocument('<draw:object xlink:href="./Object 1"/>'),
        opendocument('<p:event-listener p:action="show" xlink:href="#page2"/>'),
        opendocument("<office:scripts/>"),
    ],
)
def test_what_officers_do_put_into_documents_is_taken(data):
    assert format_of(data) in FORMATS


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (office(relations("attachedTemplate")), "ties"),
        (office(relations("attachedTemplate", r"file:///\\198.51.100.1\t.dotm")), "ties"),
        (office(relations("oleObject")), "ties"),
        (office(relations("image", mode=' TargetMode=" external "')), "ties"),
        (office(relations("frame", encoding="utf-16")), "ties"),
        (office(relations("image"), "word/_rels/HEADER1.XML.RELS"), "ties"),
        (package("xl/workbook.xml", parts={"xl/_rels/w.rels": relations("externalLink", "e1.xml", "")}), "ties"),
        (package("xl/workbook.xml", parts={"xl/_rels/w.rels": relations("connections", "c.xml", "")}), "ties"),
        (office(relations("vbaProject", "innocent.bin", "")), "macros"),
        (office(relations("webextension", "w.xml", "")), "macros"),
        (office(relations("aFChunk", "chunk.htm", "")), "objects"),
        (embedding(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1...", "word/embeddings/oleObject1.bin"), "objects"),
        (embedding(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1...", "word/media/image1.png"), "objects"),
        (embedding(b"MZ\x90", "word/media/image1.png"), "objects"),
        (embedding(b"{\\rtf1 {\\object}}", "word/a.txt"), "objects"),
        (embedding(package("setup.exe"), "word/embeddings/Package.zip"), "objects"),
        (embedding(package("word/document.xml", "word/vbaProject.bin")), "macros"),
        (embedding(office(relations("attachedTemplate"))), "ties"),
        (NESTED, "too-large"),
        (office(b"<!DOCTYPE x><Relationships/>"), "format"),
        (office(b"<Relationships"), "format"),
        (opendocument('<draw:image xlink:href="http://198.51.100.1/1.png"/>'), "ties"),
        (opendocument('<draw:image xlink:href="../../1.png"/>', "styles.xml"), "ties"),
        (opendocument('<draw:object xlink:href="/etc/passwd"/>', "Object 1/content.xml"), "ties"),
        (opendocument('<script:event-listener xlink:href="vnd.sun.star.script:x.py$f"/>'), "macros"),
        (opendocument('<p:event-listener p:action="execute" xlink:href="file:///c:/x.exe"/>'), "macros"),
    ],
)
def test_what_is_fetched_or_opened_by_another_program_is_refused(data, code):
    with pytest.raises(Refusal) as refused:
        format_of(data)
    assert refused.value.code == code
    assert refused.value.remedy


def test_a_small_file_that_unfolds_to_a_huge_one_is_not_unfolded():
    rels = b"<Relationships>" + b" " * (40 * 2**20) + b"</Relationships>"
    bomb = package("word/document.xml", parts={f"word/_rels/{n}.rels": rels for n in range(2)})
    assert len(bomb) < 2**20
    with pytest.raises(Refusal) as refused:
        format_of(bomb)
    assert refused.value.code == "too-large"


def catalogue(more):
    return PDF.replace(b"/Type /Catalog", b"/Type /Catalog " + more)


def packed(inner):
    """A PDF whose catalogue is in an object stream, which no look at the bytes finds."""
    inner = b"1 0 " + b"<</Type /Catalog /Pages 2 0 R " + inner + b">>"
    folded = zlib.compress(inner)
    stream = b"<</Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length %d>> stream\n%s\nendstream"
    objects = [
        b"2 0 obj <</Type /Pages /Kids [] /Count 0>> endobj\n",
        b"3 0 obj " + stream % (len(folded), folded) + b" endobj\n",
    ]
    pages = len(b"%PDF-1.7\n")
    table = pages + sum(map(len, objects))
    entries = b"".join(
        kind.to_bytes(1, "big") + at.to_bytes(2, "big") + last.to_bytes(1, "big")
        for kind, at, last in ((0, 0, 0), (2, 3, 0), (1, pages, 0), (1, pages + len(objects[0]), 0), (1, table, 0))
    )
    xref = b"4 0 obj <</Type /XRef /Size 5 /W [1 2 1] /Root 1 0 R /Length %d>> stream\n%s\nendstream endobj\n"
    return b"".join([
        b"%PDF-1.7\n", *objects, xref % (len(entries), entries), b"startxref\n%d\n%%%%EOF\n" % table,
    ])  # fmt: skip


def locked(how, length):
    """A PDF that says it is encrypted, with nothing a password could open."""
    keys = b"".join(b"/%s <%s> " % (name, b"00" * length) for name in (b"O", b"U", b"OE", b"UE", b"Perms"))
    return PDF.replace(b"/Root 1 0 R", b"/Root 1 0 R /Encrypt <</Filter /Standard /P -4 %s %s>>" % (how, keys))


SCRIPT = b"/OpenAction <</S /JavaScript /JS (app.alert)>>"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (catalogue(SCRIPT), "active-pdf"),
        (catalogue(SCRIPT.replace(b"/JavaScript", b"/J#61va#53cript").replace(b"/JS", b"/J#53")), "active-pdf"),
        (packed(SCRIPT), "active-pdf"),
        (PDF.replace(b"trailer", b"9 0 obj <</S /J#61vaScript>> endobj\ntrailer"), "active-pdf"),
        (catalogue(b"/AA <</WC <</S /Launch /F (x.exe)>> >>"), "active-pdf"),
        (catalogue(b"/Names <</EmbeddedFiles <</Names [(a) 9 0 R]>> >>"), "active-pdf"),
        (catalogue(b"/AcroForm <</XFA [(a) 9 0 R]>>"), "active-pdf"),
        (locked(b"/V 2 /R 3 /Length 128", 32), "locked-pdf"),
        (locked(b"/V 5 /R 6 /Length 256 /CF <</StdCF <</CFM /AESV3>> >> /StmF /StdCF /StrF /StdCF", 48), "locked-pdf"),
        (b"%PDF-1.7\n...", "format"),
        (b"%PDF-1.7 " + b"[" * 100_000, "format"),
    ],
)
def test_a_pdf_that_does_more_than_show_is_refused(data, code):
    with pytest.raises(Refusal) as refused:
        format_of(data)
    assert refused.value.code == code


@pytest.mark.parametrize("data", [PDF, packed(b""), catalogue(b"/OpenAction [2 0 R /Fit]"), catalogue(b"/Title (JS)")])
def test_a_pdf_that_shows_is_taken(data):
    assert format_of(data).suffix == ".pdf"


@given(st.binary() | st.binary().map(lambda data: b"PK\x03\x04" + data) | st.binary().map(lambda data: PDF[:60] + data))
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
