"""Spreadsheets for tests: good ones, and each kind of bad one, made on the spot."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import openpyxl

from crm_app.clients.drafts import ClientDraft, Problem
from crm_app.integrations.contacts.excel.cells import cell_text
from crm_app.integrations.contacts.excel.rows import Drafter
from crm_app.integrations.contacts.excel.table import open_table

SAMPLES = Path(__file__).parents[3] / "samples"

HEADINGS = ("Название", "Телефон", "E-mail")
ROW = ("ООО «Ёлка»", "8 915 123-45-67", "elka@firm.ru")

_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/><Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>'
)
_RELS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_ROOT = (
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    f'<Relationship Id="rId1" Type="{_RELS}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
)
_BOOK = (
    '<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    f'xmlns:r="{_RELS}"><sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>'
)
_BOOK_RELS = (
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    f'<Relationship Id="rId1" Type="{_RELS}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>'
)
_SHEET = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{}</sheetData></worksheet>'
)


def xlsx(path: Path, rows: Iterable[Sequence[Any]]) -> Path:
    """A workbook by openpyxl."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(list(row))
    book.save(path)
    return path


def raw_xlsx(path: Path, cells: str, before: str = "") -> Path:
    """A workbook of one sheet, S, with these bytes for its rows."""
    parts = {
        "[Content_Types].xml": _TYPES,
        "_rels/.rels": _ROOT,
        "xl/workbook.xml": _BOOK,
        "xl/_rels/workbook.xml.rels": _BOOK_RELS,
        "xl/worksheets/sheet1.xml": before + _SHEET.format(cells),
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return path


def _text_cell(at: str, text: str) -> str:
    return f'<c r="{at}" t="inlineStr"><is><t>{text}</t></is></c>'


def sparse_sheet(path: Path) -> Path:
    """Two cells, at the two ends of the largest sheet there is: 1.4 kB."""
    first = f'<row r="1">{_text_cell("A1", "Название")}</row>'
    last = f'<row r="1048576">{_text_cell("XFD1048576", "x")}</row>'
    return raw_xlsx(path, first + last)


def zip_bomb(path: Path) -> Path:
    """60 MB of zeros in 60 kB, honestly declared."""
    with zipfile.ZipFile(xlsx(path, [HEADINGS, ROW]), "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/big.bin", bytes(60 * 2**20))
    return path


def lying_zip_bomb(path: Path) -> Path:
    """The sheet unpacks to 60 MB, and the directory says 1,000 bytes."""
    raw_xlsx(path, _text_cell("A1", "Название") + " " * (60 * 2**20))
    content = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        info = archive.getinfo("xl/worksheets/sheet1.xml")
        real = struct.pack("<I", info.file_size)
    at = content.find(real)
    while at >= 0:
        content[at : at + 4] = struct.pack("<I", 1000)
        at = content.find(real, at)
    path.write_bytes(content)
    return path


def many_entries(path: Path) -> Path:
    """A workbook of 6,000 parts."""
    with zipfile.ZipFile(xlsx(path, [HEADINGS, ROW]), "a") as archive:
        for number in range(6_000):
            archive.writestr(f"xl/media/{number}", b"")
    return path


def entity_bomb(path: Path) -> Path:
    """The billion laughs."""
    levels = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    doctype = f'<!DOCTYPE worksheet [<!ENTITY l0 "ha">{levels}]>'
    cells = f'<row r="1">{_text_cell("A1", "Название")}</row><row r="2">{_text_cell("A2", "&l9;")}</row>'
    return raw_xlsx(path, cells, f'<?xml version="1.0"?>{doctype}')


def external_entity(path: Path, secret: Path) -> Path:
    """A cell that asks for the text of another file."""
    doctype = f'<?xml version="1.0"?><!DOCTYPE worksheet [<!ENTITY x SYSTEM "{secret.as_uri()}">]>'
    cells = f'<row r="1">{_text_cell("A1", "Название")}</row><row r="2">{_text_cell("A2", "имя &x;")}</row>'
    return raw_xlsx(path, cells, doctype)


def truncated(path: Path) -> Path:
    """A workbook of which a download lost the end."""
    content = xlsx(path, [HEADINGS, ROW]).read_bytes()
    path.write_bytes(content[: len(content) // 2])
    return path


def broken_sheet(path: Path) -> Path:
    """A sound zip with a sheet that isn't XML."""
    return raw_xlsx(path, "<row><c></row>")


def other_zip(path: Path) -> Path:
    """A zip of something else."""
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    return path


def ods(path: Path, rows: Iterable[Sequence[str]]) -> Path:
    """A small sheet as LibreOffice writes it."""
    spaces = " ".join(f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in _ODS_SPACES)
    table = "".join(f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>" for row in rows)
    sheet = f'<table:table table:name="Лист1">{table}</table:table>'
    body = f"<office:body><office:spreadsheet>{sheet}</office:spreadsheet></office:body>"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", f"<office:document-content {spaces}>{body}</office:document-content>")
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
    return path


_ODS_SPACES = ("office", "table", "text")


def _ods_cell(text: str) -> str:
    return f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>'


def encrypted_ods(path: Path) -> Path:
    """What LibreOffice writes with a password: the manifest says so."""
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", b"\x8f\x01")
        archive.writestr("META-INF/manifest.xml", "<manifest><file-entry><encryption-data/></file-entry></manifest>")
    return path


def encrypted_xlsx(path: Path) -> Path:
    """What Excel writes with a password: an old container with one known stream."""
    container = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1016) + "EncryptedPackage".encode("utf-16-le")
    path.write_bytes(container + bytes(512))
    return path


def _bytes(content: bytes) -> Callable[[Path], Path]:
    def make(path: Path) -> Path:
        path.write_bytes(content)
        return path

    return make


def csv_text(rows: Iterable[Sequence[str]], separator: str = ";") -> str:
    """Rows as the text of a .csv file."""
    return "".join(separator.join(row) + "\r\n" for row in rows)


def csv_file(path: Path, rows: Iterable[Sequence[str]], *, encoding: str = "utf-8", separator: str = ";") -> Path:
    """A .csv file."""
    path.write_bytes(csv_text(rows, separator).encode(encoding))
    return path


def wide_sheet(path: Path) -> Path:
    """400 columns, with headings."""
    return xlsx(path, [[f"Столбец {n}" for n in range(400)], ["x"] * 400])


_PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(100)
_HTML = "<html><body><table><tr><td>Название</td></tr></table></body></html>".encode()
_LONG_CELL = ('Название;Телефон\r\n"' + "x" * 200_000).encode()

BAD_FILES: dict[str, tuple[Callable[[Path], Path], str]] = {
    "empty": (_bytes(b""), "empty_file"),
    "only blanks": (_bytes(b"\r\n ; ; \r\n\r\n"), "empty_table"),
    "blank sheet": (lambda path: xlsx(path, []), "empty_table"),
    "picture": (_bytes(_PNG), "not_a_spreadsheet"),
    "web page": (_bytes(_HTML), "not_a_spreadsheet"),
    "pdf": (_bytes(b"%PDF-1.7\n%..."), "not_a_spreadsheet"),
    "other zip": (other_zip, "not_a_spreadsheet"),
    "not a zip after PK": (_bytes(b"PK\x03\x04" + b"junk" * 100), "broken_file"),
    "truncated": (truncated, "broken_file"),
    "broken sheet": (broken_sheet, "broken_file"),
    "old container of nothing": (_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000)), "not_a_spreadsheet"),
    "truncated old workbook": (
        _bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "Workbook".encode("utf-16-le") + bytes(10)),
        "broken_file",
    ),
    "xlsx with a password": (encrypted_xlsx, "password"),
    "ods with a password": (encrypted_ods, "password"),
    "zip bomb": (zip_bomb, "zip_bomb"),
    "many entries": (many_entries, "zip_bomb"),
    "sparse sheet": (sparse_sheet, "too_much_memory"),
    "wide sheet": (wide_sheet, "too_many_columns"),
    "no headings": (_bytes(csv_text([ROW, ROW]).encode()), "no_headings"),
    "long cell": (_bytes(_LONG_CELL), "long_cell"),
    "no text in any encoding": (_bytes(bytes(range(128, 256)) * 20), "wrong_encoding"),
    "utf-16 cut in a character": (_bytes(csv_text([HEADINGS, ROW]).encode("utf-16")[:-1]), "wrong_encoding"),
}
"""Name → (how to make it, the end of the key of the refusal)."""


def read_xlsx(content: bytes | Path) -> list[list[Any]]:
    """All rows of the first sheet, by openpyxl: a reader that shares nothing with ours. Formulas stay formulas."""
    book = openpyxl.load_workbook(io.BytesIO(content) if isinstance(content, bytes) else content)
    return [[cell.value for cell in row] for row in book.worksheets[0].iter_rows()]


class Drafted(NamedTuple):
    """One row as an import understands it. cells: its texts as they were read."""

    row: int
    draft: ClientDraft
    problems: list[Problem]
    cells: list[str]


def drafts_of(path: Path, fields: Sequence[str]) -> list[Drafted]:
    """What the rows of a file come to. fields: what each column feeds."""
    with open_table(path) as table:
        drafter = Drafter(table.headings, fields)
        return [
            Drafted(number, *drafter.draft(number, cells), [cell_text(cell) for cell in cells])
            for number, cells in table.rows()
        ]
