"""Templates that the agency edited, and files that pretend to be one."""

import io
import re
import time
import warnings
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from lxml import etree

from tianbao.errors import Refusal
from tianbao.letters import Letter
from tianbao.letters.letter import FIELDS
from tianbao.periods import Period
from tianbao.reminders import Owing
from tianbao.units import Level, Unit
from tianbao_letters_office.opentext import OpenTextWriter
from tianbao_letters_office.word import WordWriter

BODY = {".odt": "content.xml", ".docx": "word/document.xml"}


@pytest.fixture(params=[OpenTextWriter(), WordWriter()], ids=lambda writer: writer.suffix)
def writer(request):
    return request.param


def changed(data, name=None, change=lambda xml: xml, **more):
    """The package with one part changed and others added."""
    target = io.BytesIO()
    with ZipFile(io.BytesIO(data)) as old, ZipFile(target, "w", ZIP_DEFLATED) as new:
        for info in old.infolist():
            part = old.read(info)
            new.writestr(info, change(part.decode()).encode() if info.filename == name else part)
        for extra, part in more.items():
            new.writestr(extra, part)
    return target.getvalue()


def edited(writer, change):
    return changed(writer.shipped(), BODY[writer.suffix], change)


def text_of(data, suffix):
    """The letter's paragraphs, a line each."""
    tree = etree.fromstring(ZipFile(io.BytesIO(data)).read(BODY[suffix]))
    return "\n".join("".join(map(str, each.itertext())) for each in tree.iter("{*}p"))


def letter(units=3, informed=0, **values):
    def owing(number):
        return Owing(
            Unit(f"0745{number:02}", Level.JUNIOR_HIGH, f"第{number:02}國中", "彰化縣"),
            [Period(2025, 1), Period(2025, 2)],
        )

    known = {**dict.fromkeys(FIELDS, "字"), "說明": ["一、依規定。", "二、請辦理。"], **values}
    return Letter(known, [owing(n) for n in range(units)], [owing(90 + n) for n in range(informed)])


def filled(writer, template, a_letter):
    target = io.BytesIO()
    writer.open(template).fill(a_letter, target)
    return text_of(target.getvalue(), writer.suffix)


def refused(writer, template):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # zipfile's of names that come twice
        with pytest.raises(Refusal) as refusal:
            writer.open(template)
    return refusal.value


def test_words_beside_the_fields_are_the_agencys(writer):
    template = edited(writer, lambda xml: xml.replace("速別：普通件", "速別：最速件（{{ 月份 }}）"))
    assert "速別：最速件（114年2月）" in filled(writer, template, letter(月份="114年2月"))


def test_paragraphs_repeat_and_tags_leave_no_trace(writer):
    text = filled(writer, writer.shipped(), letter())
    assert text.index("一、依規定。") < text.index("二、請辦理。")
    assert "{" not in text
    assert "endfor" not in text


def test_what_the_county_is_told_of_is_left_out_where_there_is_nothing(writer):
    assert "逕行函知" not in filled(writer, writer.shipped(), letter())
    assert "第90國中" in filled(writer, writer.shipped(), letter(informed=1)).split("逕行函知")[1]


def test_a_field_that_the_word_processor_cut_into_pieces_is_one_field(writer):
    cut = {
        ".docx": '{{ 受</w:t></w:r><w:proofErr w:type="spellStart"/><w:r><w:t>文者 }}',
        ".odt": '{{ 受<text:span text:style-name="T1">文</text:span>者 }}',
    }[writer.suffix]
    template = edited(writer, lambda xml: xml.replace("{{ 受文者 }}", cut))
    assert "受文者：彰化縣政府" in filled(writer, template, letter(受文者="彰化縣政府"))


def test_signs_and_quotation_marks_within_a_tag_are_what_a_person_typed(writer):
    template = edited(
        writer, lambda xml: xml.replace("{{ 受文者 }}", "{% if 單位數 == “1” %}一校{% else %}{{ 受文者 }}{% endif %}")
    )
    assert "受文者：一校" in filled(writer, template, letter(單位數="1"))


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("{{ 受文人 }}", "是不是「受文者」"),
        ("{{ 受文者", "成對"),
        ("{% for x in 說明 %}", "endfor"),
        ("{{ 受文者.upper() }}", "不支援"),
        ("{{ 受文者.__class__ }}", "不是名單的欄位"),
        ("{{ 7 * 7 }}", "不支援"),
        ("{{ range(10) }}", "不支援"),
        ("{{ 受文者 | upper }}", "不支援"),
        ("{% set x = 1 %}", "不支援"),
        ("{% import 'x' as y %}", "不支援"),
        ("{% include 'x' %}", "不支援"),
        ("{% macro x() %}{% endmacro %}", "不支援"),
        ("{% for a in 名單 %}{% for b in 名單 %}{{ b.代碼 }}{% endfor %}{% endfor %}", "又重複"),
        ("{% for a in 名單 %}{{ a.代馬 }}{% endfor %}", "是不是「代碼」"),
        ("{{ 受文者.代碼 }}", "沒有的內容"),
    ],
)
def test_what_the_language_does_not_have_is_refused_with_a_hint(writer, typed, says):
    refusal = refused(writer, edited(writer, lambda xml: xml.replace("{{ 受文者 }}", typed.replace("<", "&lt;"))))
    assert refusal.code == "template-language"
    assert says in refusal.message
    assert refusal.remedy


def test_a_repetition_that_tears_the_document_apart_is_refused(writer):
    torn = edited(writer, lambda xml: xml.replace("{%p endfor %}", "").replace("{{ 正本 }}", "{% endfor %}{{ 正本 }}"))
    assert refused(writer, torn).code in {"template-broken", "template-language"}


@pytest.mark.parametrize("length", [0.2, 0.5, 0.9])
def test_a_cut_off_file_is_refused(writer, length):
    data = writer.shipped()
    assert refused(writer, data[: int(len(data) * length)]).code == "template-broken"


@pytest.mark.parametrize(
    "name",
    [
        "word/vbaProject.bin",
        "Basic/Standard/Module1.xml",
        "word/embeddings/oleObject1.bin",
        "Scripts/python/a.py",
        "Object 1/content.xml",
        "word/activeX/activeX1.xml",
    ],
)
def test_programs_and_embedded_objects_are_refused(writer, name):
    assert refused(writer, changed(writer.shipped(), **{name: b"x"})).code == "template-macros"


def test_a_bomb_is_refused_before_it_is_unpacked(writer):
    assert refused(writer, changed(writer.shipped(), **{"media/a.png": b"\0" * (40 * 2**20)})).code == "too-large"
    assert refused(writer, changed(writer.shipped(), **{f"media/{n}.png": b"" for n in range(600)})).code == "too-large"


def test_entities_are_refused(writer):
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'
    declared = edited(writer, lambda xml: re.sub(r"(<\?xml[^>]*\?>)", rf"\1{bomb}", xml, count=1))
    assert refused(writer, declared).code == "template-broken"


def test_the_other_formats_template_is_refused(writer):
    (other,) = (each for each in (OpenTextWriter(), WordWriter()) if each.suffix != writer.suffix)
    assert refused(writer, other.shipped()).code == "template-format"


def test_what_an_odt_would_fetch_is_refused_and_a_link_is_not():
    writer = OpenTextWriter()

    def with_href(element, address):
        piece = f'<{element} xmlns:xlink="http://www.w3.org/1999/xlink" xlink:href="{address}"/>'
        return edited(writer, lambda xml: xml.replace("速別：普通件", f"速別：{piece}"))

    assert refused(writer, with_href("draw:image", "http://example.com/a.png")).code == "template-ties"
    assert refused(writer, with_href("draw:image", "file:///etc/passwd")).code == "template-ties"
    assert writer.open(with_href("text:a", "https://cgs.k12ea.gov.tw"))
    assert (
        refused(
            writer,
            edited(writer, lambda xml: xml.replace("<office:scripts/>", "<office:scripts><a/></office:scripts>")),
        ).code
        == "template-macros"
    )


def test_what_a_docx_would_fetch_is_refused_and_a_link_is_not():
    writer, rels = WordWriter(), "word/_rels/document.xml.rels"

    def tied(kind):
        piece = f'<Relationship Id="rId99" TargetMode="External" Target="http://example.com/a" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}"/>'
        return changed(writer.shipped(), rels, lambda xml: xml.replace("</Relationships>", f"{piece}</Relationships>"))

    assert refused(writer, tied("image")).code == "template-ties"
    assert refused(writer, tied("attachedTemplate")).code == "template-ties"
    assert refused(writer, tied("aFChunk")).code == "template-ties"
    assert writer.open(tied("hyperlink"))
    dde = edited(
        writer, lambda xml: xml.replace("<w:t>速別：普通件</w:t>", "<w:instrText> DDEAUTO c:\\\\x </w:instrText>")
    )
    assert refused(writer, dde).code == "template-ties"


def test_the_heading_of_the_list_comes_again_on_every_page():
    xml = {
        writer.suffix: ZipFile(io.BytesIO(writer.shipped())).read(BODY[writer.suffix]).decode()
        for writer in (OpenTextWriter(), WordWriter())
    }
    assert xml[".docx"].count("<w:tblHeader/>") == 2
    assert xml[".odt"].count("<table:table-header-rows>") == 2


@pytest.mark.parametrize(
    "typed",
    [
        "{{" * 20_000,
        "{%" * 20_000,
        "{{ 受文者 }}" * 2_000,
        "{{ " + "not " * 2_000 + "受文者 }}",
        "{% if 受文者 %}" * 110 + "{% endif %}" * 110,
        "{{ " + "(" * 290 + "受文者",
        "字" * 2**20,
    ],
    ids=["opens", "begins", "many", "long", "deep", "nested", "book"],
)
def test_what_nobody_typed_is_refused_before_it_takes_long(writer, typed):
    start = time.process_time()
    assert refused(writer, edited(writer, lambda xml: xml.replace("速別：普通件", typed))).remedy
    assert time.process_time() - start < 2


def test_a_tag_stands_in_the_text_and_not_in_an_attribute(writer):
    piece = {".odt": "<text:p", ".docx": "<w:t"}[writer.suffix]
    hidden = edited(writer, lambda xml: xml.replace(piece, f'{piece} xmlns:x="x" x:y="{{{{{{{{"', 1))
    assert "只能寫在文字裡" in refused(writer, hidden).message


def test_a_text_in_thousands_of_pieces_is_put_together_in_no_time(writer):
    piece = {".odt": "<text:span>字</text:span>", ".docx": "</w:t></w:r><w:r><w:t>字"}[writer.suffix]
    start = time.process_time()
    writer.open(edited(writer, lambda xml: xml.replace("速別：普通件", piece * 15_000)))
    assert time.process_time() - start < 5


def test_a_letter_that_repeats_a_long_text_for_each_of_many_units_is_given_up(writer):
    long = f"{{% for 單位 in 名單 %}}{'字' * 100_000}{{% endfor %}}"
    template = writer.open(edited(writer, lambda xml: xml.replace("速別：普通件", long)))
    with pytest.raises(Refusal, match="太大"):
        template.fill(letter(units=500), io.BytesIO())


def test_a_part_of_a_word_document_is_looked_at_whatever_it_is_called():
    word = WordWriter()
    footer = ZipFile(io.BytesIO(word.shipped())).read("word/footer1.xml").decode()
    fetching = footer.replace("NUMPAGES", "INCLUDETEXT x")
    declared = changed(
        word.shipped(),
        "[Content_Types].xml",
        lambda xml: xml.replace("/word/footer1.xml", "/word/footer1.PNG"),
        **{"word/footer1.png": fetching},
    )
    assert refused(word, declared).code == "template-ties"
