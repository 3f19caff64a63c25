"""What a file is, and whether it is safe to parse: told from its outside, before any parser sees it."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from crm_app.core.errors import BadInput, TooBig

Format = Literal["xlsx", "xls", "ods", "csv", "vcf"]

MEGABYTE = 2**20


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may cost.

    ratio: unpacked to packed; real workbooks stay under 40. cpu_seconds and memory_bytes bound the parser's process;
    wait_seconds: for the next thousand rows. columns, rows: of the sheet.
    """

    file_bytes: int = 64 * MEGABYTE
    unpacked_bytes: int = 1024 * MEGABYTE
    entries: int = 5_000
    ratio: int = 150
    memory_bytes: int = 1024 * MEGABYTE
    cpu_seconds: int = 600
    wait_seconds: float = 120
    columns: int = 300
    rows: int = 1_048_576


LIMITS = Limits()

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_SMALL = 10 * MEGABYTE
"""Unpacked: below it no ratio does harm, and a sheet of equal rows packs well."""


def check_file(path: Path, limits: Limits = LIMITS) -> Format:
    """What the file is by its content, whatever it is called. Raises BadInput or TooBig, with the reason."""
    size = path.stat().st_size
    if size == 0:
        raise BadInput("contacts.error.empty_file")
    if size > limits.file_bytes:
        raise TooBig("contacts.error.too_big", limit=limits.file_bytes // MEGABYTE)
    with path.open("rb") as file:
        start = file.read(4096)
    if start.startswith(b"PK"):
        return _check_zip(path, size, limits)
    if start.startswith(_OLE):
        return _check_ole(path)
    return _check_text(start)


def _check_zip(path: Path, size: int, limits: Limits) -> Format:
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            unpacked = sum(entry.file_size for entry in entries)
            too_dense = unpacked > _SMALL and unpacked > size * limits.ratio
            if len(entries) > limits.entries or unpacked > limits.unpacked_bytes or too_dense:
                raise TooBig("contacts.error.zip_bomb", limit=limits.unpacked_bytes // MEGABYTE)
            return _workbook_format(archive)
    except (zipfile.BadZipFile, EOFError, OSError, ValueError, NotImplementedError, RuntimeError) as error:
        raise BadInput("contacts.error.broken_file") from error


def _workbook_format(archive: zipfile.ZipFile) -> Format:
    names = set(archive.namelist())
    if "xl/workbook.xml" in names or "xl/workbook.bin" in names:
        return "xlsx"
    if "content.xml" not in names or "META-INF/manifest.xml" not in names:
        raise BadInput("contacts.error.not_a_spreadsheet")
    with archive.open("META-INF/manifest.xml") as manifest:
        if b"encryption-data" in manifest.read(MEGABYTE):
            raise BadInput("contacts.error.password")
    if "mimetype" in names:
        with archive.open("mimetype") as kind:
            if b"spreadsheet" not in kind.read(200):
                raise BadInput("contacts.error.not_a_spreadsheet")
    return "ods"


def _check_ole(path: Path) -> Format:
    """An old workbook; or a new one with a password, which Excel wraps in the old container."""
    content = path.read_bytes()
    if _ENCRYPTED in content:
        raise BadInput("contacts.error.password")
    if "Workbook".encode("utf-16-le") not in content and "Book".encode("utf-16-le") not in content:
        raise BadInput("contacts.error.not_a_spreadsheet")
    return "xls"


def _check_text(start: bytes) -> Format:
    """A table of text, or an address book."""
    is_utf16 = start.startswith((b"\xff\xfe", b"\xfe\xff"))
    if not is_utf16 and _has_binary_signs(start):
        raise BadInput("contacts.error.not_a_spreadsheet")
    low = start.lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if low.startswith((b"<!doctype", b"<html", b"<?xml", b"<table", b"%pdf", b"{\\rtf")):
        raise BadInput("contacts.error.not_a_spreadsheet")
    return "vcf" if low.replace(b"\x00", b"").lstrip(b"\xff\xfe").startswith(b"begin:vcard") else "csv"


def _has_binary_signs(start: bytes) -> bool:
    """Control characters that no text has. NULs at every second place are UTF-16 without its mark: that is text."""
    odd, even = start[1::2].count(0), start[0::2].count(0)
    if max(odd, even) > len(start) // 8 and min(odd, even) == 0:
        return False
    return any(sign in start for sign in (b"\x00", b"\x01", b"\x02", b"\x03", b"\x04", b"\x08", b"\x1a"))
