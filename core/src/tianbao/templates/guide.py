"""填報說明: how to fill in a template, made from its definition, for the sheet in the workbook and for the page."""

from collections.abc import Iterable, Sequence

from attrs import frozen

from tianbao.templates.codes import CodeList
from tianbao.templates.sheets import Sheet
from tianbao.templates.template import Template
from tianbao.workbooks import column_letters


@frozen
class Section:
    """A part of the guide: a title, paragraphs, and perhaps a table."""

    title: str
    paragraphs: Sequence[str] = ()
    headings: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()


def sections(template: Template) -> Sequence[Section]:
    """The whole guide, in reading order."""
    return [
        _general(template),
        *(_sheet(sheet) for sheet in template.sheets),
        *(_codes(codes) for codes in template.code_lists if not codes.is_short or _explains(codes)),
    ]


def _general(template: Template) -> Section:
    return Section(
        f"{template.name}填報說明",
        [
            f"本表適用{template.serves.spoken}的月份。每月 1 日至 10 日填報上個月的成果；當月 11 日起即可提前填報當月資料。",
            "由輔導教師填寫：當月實際處理的個案填在個案表，其他輔導服務填在服務表。當月都沒有時，不必上傳檔案，請在系統選擇「無個案及服務」。",
            "每一欄都要填；沒有的項目請填 0，不要留空白。儲存格填代號數字，多個代號以半形逗號分隔，例如 3,10。",
            "教師與學生一律使用學校自編的代號，不可填姓名、身分證字號、電話等可辨識個人的資料。",
            "請使用空白表格填寫，勿以填報範例上傳。工作表與標題列請勿刪除。",
            *template.notes,
        ],
    )


def _sheet(sheet: Sheet) -> Section:
    rows = [
        [
            column_letters(number),
            column.heading,
            " ".join(filter(None, (column.help, column.values.in_short()))),
        ]
        for number, column in enumerate(sheet.columns, 1)
    ]
    return Section(
        f"工作表「{sheet.name}」",
        [f"{sheet.about}資料從第 {sheet.first_row} 列開始填。"],
        ["欄", "標題", "怎麼填"],
        rows,
    )


def _explains(codes: CodeList) -> bool:
    return any(code.meaning or code.levels for code in codes.codes)


def _codes(codes: CodeList) -> Section:
    shown = codes.codes
    if _explains(codes):
        return Section(
            f"代號：{codes.name}",
            (),
            ["代號", "項目", "說明"],
            [[str(code.number), code.label, f"{code.meaning}{code.only and f'{code.only}填報。'}"] for code in shown],
        )
    return Section(f"代號：{codes.name}", (), ["代號", "項目"], [[str(code.number), code.label] for code in shown])


def lines(template: Template) -> Iterable[tuple[str, Sequence[str]]]:
    """The guide as rows of a sheet: what each is (``title``, ``text``, ``heading``, ``data``) and its cells."""
    for section in sections(template):
        yield "title", [section.title]
        for paragraph in section.paragraphs:
            yield "text", [paragraph]
        if section.headings:
            yield "heading", section.headings
            for row in section.rows:
                yield "data", row
        yield "data", []
