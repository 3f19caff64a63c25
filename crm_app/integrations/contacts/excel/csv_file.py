"""Text tables: which encoding, which separator, then rows. Runs in the child process."""

from __future__ import annotations

import codecs
import csv
import io
import itertools
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from crm_app.core.errors import BadInput
from crm_app.core.sheets import disarmed_back

LONGEST_CELL = 131_072

_ENCODINGS = ("cp1251", "cp866", "koi8-r", "mac-cyrillic")
_COMMON = frozenset("оеаинтсрвлкмдпуя")
_SEPARATORS = ";,\t|"
_SAMPLE = 65_536


def read_csv(path: Path) -> Iterator[list[str]]:
    """Every record, blank ones too. Raises BadInput: wrong encoding, a cell longer than 128 Ki."""
    encoding = find_encoding(path)
    csv.field_size_limit(LONGEST_CELL)
    try:
        with path.open(encoding=encoding, newline="") as file:
            yield from _read_records(file)
    except csv.Error as error:
        code = "long_cell" if "field larger" in str(error) else "not_a_spreadsheet"
        raise BadInput(f"contacts.error.{code}") from error
    except UnicodeError as error:
        raise BadInput("contacts.error.wrong_encoding") from error


def _read_records(file: TextIO) -> Iterator[list[str]]:
    sample = file.read(_SAMPLE)
    file.seek(0)
    separator = _named_separator(sample)
    if separator:
        file.readline()
        yield []  # the line "sep=;" is a row of the spreadsheet too
    for record in csv.reader(file, delimiter=separator or find_separator(sample)):
        yield [disarmed_back(cell) for cell in record]


def find_encoding(path: Path) -> str:
    """utf-8 if all of it is; else UTF-16 by its mark or its NULs; else the Cyrillic page that reads most like Russian.

    Raises BadInput if none fits.
    """
    with path.open("rb") as file:
        start = file.read(_SAMPLE)
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if b"\x00" in start:
        return "utf-16-le" if start[1::2].count(0) >= start[0::2].count(0) else "utf-16-be"
    if _is_utf8(path):
        return "utf-8-sig"
    readings = [(encoding, _read_as(start, encoding)) for encoding in _ENCODINGS]
    best, score = max(((encoding, _russian(text)) for encoding, text in readings), key=lambda pair: pair[1])
    if score <= 0:
        raise BadInput("contacts.error.wrong_encoding")
    return best


def _is_utf8(path: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        with path.open("rb") as file:
            while block := file.read(1 << 20):
                decoder.decode(block)
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _read_as(start: bytes, encoding: str) -> str:
    try:
        return start.decode(encoding)
    except UnicodeDecodeError:
        return ""


def _russian(text: str) -> float:
    """How much a reading looks like Russian: common small letters for it, rare signs and cASE tURNED oVER against."""
    letters = Counter(char for char in text if char > "\x7f")
    if not letters:
        return 0
    good = sum(count for char, count in letters.items() if char.lower() in _COMMON)
    bad = sum(count for char, count in letters.items() if not (char.isalpha() or char in "«»–—№“”„…’\xa0"))
    turned = sum(1 for a, b in itertools.pairwise(text) if a.islower() and b.isupper())
    return (good - 2 * bad - turned) / sum(letters.values())


def _named_separator(sample: str) -> str:
    """Excel's own first line, "sep=;"."""
    first = sample[:7].strip().lower()
    return first[4] if len(first) == 5 and first.startswith("sep=") else ""


def find_separator(sample: str) -> str:
    """The separator that cuts the first lines into the most columns, alike in every line."""
    return max(_SEPARATORS, key=lambda separator: _evenness(sample, separator))


def _evenness(sample: str, separator: str) -> tuple[float, int]:
    try:
        rows = list(itertools.islice(csv.reader(io.StringIO(sample, newline=""), delimiter=separator, strict=True), 50))
    except csv.Error:
        return (0, 0)
    widths = Counter(len(row) for row in rows[:-1] or rows if row)
    if not widths:
        return (0, 0)
    width, lines = widths.most_common(1)[0]
    return (lines / widths.total(), width) if width > 1 else (0, 0)
