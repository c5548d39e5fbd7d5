"""Builds spreadsheet files for tests part by part, so that each can be wrong in exactly one way."""

import io
import zipfile

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
SHEET = "xl/worksheets/sheet1.xml"

STYLES = f"""<styleSheet xmlns="{MAIN}"><numFmts count="1"><numFmt numFmtId="170" formatCode="[h]:mm"/></numFmts>
<cellXfs count="4"><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="170"/><xf numFmtId="20"/></cellXfs></styleSheet>"""


def zipped(parts, method=zipfile.ZIP_DEFLATED):
    """A zip archive of parts; a part is ``name: content``."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


def cells(*values):
    """One row of number cells, A1 on."""
    return '<row r="1">' + "".join(f'<c r="{"ABCDEFG"[i]}1"><v>{v}</v></c>' for i, v in enumerate(values)) + "</row>"


def sheet(rows="", *, before="", after="", main=MAIN):
    """A worksheet part."""
    return f'<worksheet xmlns="{main}">{before}<sheetData>{rows}</sheetData>{after}</worksheet>'


def strings(*items, count=None, main=MAIN):
    """A part of shared strings; items are what stands in ``<si>``."""
    claimed = len(items) if count is None else count
    inside = "".join(f"<si>{item}</si>" for item in items)
    return f'<sst xmlns="{main}" count="{claimed}" uniqueCount="{claimed}">{inside}</sst>'


def xlsx_parts(*sheets, names=None, shared=None, styles=STYLES, main=MAIN, office=OFFICE):
    """The parts of an .xlsx with these worksheet parts, for a test to spoil and `zipped` to pack."""
    numbers = range(1, len(sheets) + 1)
    names = names or [f"表{number}" for number in numbers]
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml."
    tabs = "".join(f'<sheet name="{names[n - 1]}" sheetId="{n}" r:id="rId{n}"/>' for n in numbers)
    relations = "".join(
        f'<Relationship Id="rId{n}" Type="{office}/worksheet" Target="worksheets/sheet{n}.xml"/>' for n in numbers
    )
    relations += f'<Relationship Id="st" Type="{office}/styles" Target="styles.xml"/>'
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="xml" ContentType="text/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kind}sheet.main+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets>{tabs}</sheets></workbook>',
        "xl/styles.xml": styles,
    }
    if shared is not None:
        relations += f'<Relationship Id="ss" Type="{office}/sharedStrings" Target="sharedStrings.xml"/>'
        parts["xl/sharedStrings.xml"] = shared
    parts["xl/_rels/workbook.xml.rels"] = f'<Relationships xmlns="{PACKAGE}/relationships">{relations}</Relationships>'
    return parts | {f"xl/worksheets/sheet{n}.xml": part for n, part in zip(numbers, sheets, strict=True)}


def xlsx(*sheets, **parts):
    """An .xlsx with these worksheet parts."""
    return zipped(xlsx_parts(*sheets, **parts))


def rows_xlsx(rows="", **parts):
    """An .xlsx with one sheet of these rows."""
    return xlsx(sheet(rows), **parts)


ODS_NAMES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{prefix}:1.0"'
    for prefix in ("office", "table", "text", "style")
)
CALCEXT = 'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
DRAW = 'xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"'


def ods_content(rows, name="表1"):
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {ODS_NAMES} {CALCEXT} {DRAW} '
        f'office:version="1.3"><office:body><office:spreadsheet><table:table table:name="{name}">{rows}'
        "</table:table></office:spreadsheet></office:body></office:document-content>"
    )


def ods_parts(content, manifest=""):
    return {
        "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
        "META-INF/manifest.xml": '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f"{manifest}</manifest:manifest>",
        "content.xml": content,
    }


def ods(rows, **content):
    """An .ods with one table of these rows."""
    return zipped(ods_parts(ods_content(rows, **content)))


def ods_row(*values, row="", cell=""):
    """A row of text cells."""
    inside = "".join(
        f'<table:table-cell office:value-type="string"{cell}><text:p>{value}</text:p></table:table-cell>'
        for value in values
    )
    return f"<table:table-row{row}>{inside}</table:table-row>"


def xls(fill=None, *, empty=False):
    """An old .xls, by xlwt; ``fill`` is given the sheet, in which two cells are filled already unless ``empty``."""
    import xlwt

    book = xlwt.Workbook()
    tab = book.add_sheet("表1")
    if not empty:
        tab.write(0, 0, "a")
        tab.write(1, 1, 5)
    if fill:
        fill(tab)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()
