"""A long sheet of an .xlsx in pieces, each a small workbook of its own, so that memory stays flat.

The parser holds a whole sheet, 120 MB for 100,000 rows, and gives nothing before its end. Rows are apart in the XML,
and "</row>" can stand nowhere in it but at the end of one ("<" is escaped in texts), so a sheet can be cut there: each
piece keeps the workbook's styles and shared texts, and its rows keep their numbers. The first is small: a preview needs
no more, and an import begins with it. What doesn't look as every known writer leaves it (rows without numbers, another
prefix) is not cut.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from defusedxml.ElementTree import fromstring

PIECE_BYTES = 4 * 2**20
"""Of XML, some 3,500 rows; more where the texts that the rows share are many, since each piece has them all."""
FIRST_PIECE_BYTES = 2**18
GROWTH = 4

_READ = 2**20
_ROOT = re.compile(rb"<worksheet\b[^>]*>")
_DATA = re.compile(rb"<sheetData\b[^>/]*>")
_FIRST_ROW = re.compile(rb'\s*<row\b[^>]*\br="\d+"')
_DIMENSION = re.compile(rb'<dimension ref="[A-Z]+\d+:[A-Z]+(\d+)"')
_END_OF_ROW, _END = b"</row>", b"</sheetData>"
_ALWAYS = ("[Content_Types].xml", "_rels/.rels", "xl/workbook.xml", "xl/_rels/workbook.xml.rels")
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


class LongSheet:
    """One sheet of a workbook that is worth cutting."""

    def __init__(self, archive: zipfile.ZipFile, part: str) -> None:
        self._archive, self._part = archive, part
        shared = [name for name in archive.namelist() if name.endswith(("/sharedStrings.xml", "/styles.xml"))]
        self._frame = _frame(archive, [*(name for name in _ALWAYS if name in archive.namelist()), *shared])
        self._least_bytes = sum(archive.getinfo(name).file_size for name in shared) // 3
        with archive.open(part) as stream:
            start = stream.read(_READ)
        root, data = _ROOT.search(start), _DATA.search(start)
        self.can_be_cut = bool(root and data and _FIRST_ROW.match(start, data.end()))
        self._root = root[0] if root else b""
        self._before_rows = data.end() if data else 0
        claimed = _DIMENSION.search(start)
        self.last_row = int(claimed[1]) if claimed else None

    def pieces(self) -> Iterator[io.BytesIO]:
        """Workbooks with the same sheets, of which this one holds some rows; each with the next ones."""
        for rows in self._cut():
            piece = io.BytesIO(self._frame)
            with zipfile.ZipFile(piece, "a") as archive, archive.open(self._part, "w") as part:
                part.write(self._root + b"<sheetData>")
                part.write(rows)
                part.write(b"</sheetData></worksheet>")
            piece.seek(0)
            yield piece

    def _cut(self) -> Iterator[memoryview]:
        """The XML of the rows, some hundreds at first, then thousands at a time."""
        with self._archive.open(self._part) as stream:
            stream.read(self._before_rows)
            rest, size = b"", FIRST_PIECE_BYTES
            while block := stream.read(max(self._least_bytes, min(size, PIECE_BYTES))):
                size *= GROWTH
                rest += block
                end = rest.find(_END)
                if end >= 0:
                    yield memoryview(rest)[:end]
                    return
                cut = rest.rfind(_END_OF_ROW) + len(_END_OF_ROW)
                if cut >= len(_END_OF_ROW):
                    yield memoryview(rest)[:cut]
                    rest = rest[cut:]
            yield memoryview(rest)  # a sheet without an end: the parser will say so


def find_long_sheet(path: Path, name: str) -> LongSheet | None:
    """The sheet of that name if it is long and can be cut."""
    try:
        archive = zipfile.ZipFile(path)
        part = _part_of(archive, name)
        if not part or archive.getinfo(part).file_size <= PIECE_BYTES:
            return None
        sheet = LongSheet(archive, part)
    except (KeyError, SyntaxError, ValueError, zipfile.BadZipFile):
        return None  # not as it should be: let the parser judge the whole
    return sheet if sheet.can_be_cut else None


def _part_of(archive: zipfile.ZipFile, name: str) -> str:
    """Where in the zip a sheet is, or "" (.xlsb and .ods have other directories)."""
    if _ALWAYS[2] not in archive.namelist():
        return ""
    book = fromstring(archive.read(_ALWAYS[2]))
    ids = [each.get(_RELATION) for each in book.iter() if each.tag.endswith("}sheet") and each.get("name") == name]
    relations = fromstring(archive.read(_ALWAYS[3]))
    targets = [each.get("Target", "") for each in relations.iter() if ids and each.get("Id") == ids[0]]
    return str(PurePosixPath("/xl") / targets[0]).lstrip("/") if targets else ""


def _frame(archive: zipfile.ZipFile, names: list[str]) -> bytes:
    """A workbook without its sheets; packed quickly, since each piece copies it."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as frame:
        for name in names:
            frame.writestr(name, archive.read(name))
    return target.getvalue()
