"""vCard files (.vcf 2.1, 3.0, 4.0) as tables with Google's headings, by vobject. Runs in the child process.

Cards are cut apart here and given to the library one by one: a broken one is one bad row, and no picture gets there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO

import vobject

from crm_app.core.errors import BadInput
from crm_app.integrations.contacts.excel.address_books import BETWEEN
from crm_app.integrations.contacts.excel.csv_file import LONGEST_CELL, find_encoding

HEADINGS = [
    "Name", "First Name", "Middle Name", "Last Name", "Organization Name", "Organization Title", "E-mail 1 - Value",
    "Phone 1 - Value", "Birthday", "Address", "City", "Website 1 - Value", "Labels", "Notes",
]  # fmt: skip
LONGEST_CARD = 512 * 1024
"""Of characters, pictures left out."""
MOST_PARAMETERS = 12

_BEGIN, _END = re.compile(r"\s*begin:vcard\s*", re.IGNORECASE), re.compile(r"\s*end:vcard\s*", re.IGNORECASE)
_PICTURES = re.compile(r"(?:[\w-]+\.)?(?:photo|logo|sound|key)[;:]", re.IGNORECASE)
_PROPERTY = re.compile(r"(?:[\w-]+\.)?[\w-]+[;:]", re.ASCII)
_AGENT = re.compile(r"(?:[\w-]+\.)?agent(?:;[^:]*)?:\s*", re.IGNORECASE)
"""Of version 2.1: the card of somebody who stands in for the person follows."""
_ENCODED = re.compile(r"^([\w.-]+;[^:\n]*?)\b(?:encoding=)?quoted-printable\b", re.IGNORECASE | re.MULTILINE)
_FOLDS, _QUOTED = re.compile(r"\r?\n[ \t]"), re.compile(r'"[^"]*"')
_BARE_DAY = re.compile(r"(\d{4})(\d\d)(\d\d)", re.ASCII)
_TOLD = ("nickname", "impp", "role")
"""What has no field, and is kept among the notes."""
_NO_CARD = (vobject.base.VObjectError, ValueError, LookupError, TypeError, AttributeError)
"""What the library answers with to something that is none."""


def read_cards(path: Path) -> Iterator[list[str]]:
    """The headings, then a row for each card. Raises BadInput: wrong encoding, a card of more than half a megabyte."""
    yield list(HEADINGS)
    try:
        with path.open(encoding=find_encoding(path)) as file:
            for text in _cut(file):
                yield _row(text)
    except UnicodeError as error:
        raise BadInput("contacts.error.wrong_encoding") from error


def _cut(file: TextIO) -> Iterator[str]:
    """The text of each card, without its pictures and without the cards of those who stand in."""
    lines: list[str] = []
    length = 0
    for line in _of_the_cards_themselves(file):
        if _BEGIN.fullmatch(line):
            if lines:
                yield "".join(lines)  # one that has no end
            lines, length = [line], 0
        elif lines:
            lines.append(line)
            length += len(line)
            if length > LONGEST_CARD:
                raise BadInput("contacts.error.long_cell")
            if _END.fullmatch(line):
                yield "".join(lines)
                lines = []
    if lines:
        yield "".join(lines)


def _of_the_cards_themselves(file: TextIO) -> Iterator[str]:
    """Lines, long ones in pieces. A card that begins without standing in for anybody ends all that were not ended."""
    is_picture, agents, before = False, 0, ""
    while line := file.readline(LONGEST_CELL):
        is_picture = (is_picture and not _PROPERTY.match(line)) or bool(_PICTURES.match(line))
        if is_picture:
            continue
        if _BEGIN.fullmatch(line):
            agents = agents + 1 if _AGENT.fullmatch(before) else 0
        if not agents:
            yield line
        elif _END.fullmatch(line):
            agents -= 1
        before = line


def _row(text: str) -> list[str]:
    """A card as its cells; one that can't be read has its text among the notes, and no name."""
    try:
        _check_heads(text)
        # the library knows the word in capitals alone
        card = vobject.readOne(_ENCODED.sub(r"\1ENCODING=QUOTED-PRINTABLE", text), allowQP=True)
        found = _gathered(card)
    except _NO_CARD:
        found = {"kind": ["group"]}
    if "group" in found.get("kind", []):  # a list of people is nobody
        return ["" for _ in HEADINGS[:-1]] + [text.strip()[:1000]]
    name = _name_parts(found)
    organisation = found.get("org", [""])[0]
    notes = [*found.get("note", []), *(each for key in _TOLD for each in found.get(key, []))]
    is_company = "org" in found.get("kind", []) or "COMPANY" in found.get("x-abshowas", [])
    cells = {
        "Name": "" if any(name) or is_company else found.get("fn", [""])[0],
        "First Name": name[0], "Middle Name": name[1], "Last Name": name[2],
        "Organization Name": organisation or (found.get("fn", [""])[0] if is_company else ""),
        "Organization Title": found.get("title", [""])[0],
        "E-mail 1 - Value": BETWEEN.join(found.get("email", [])), "Phone 1 - Value": BETWEEN.join(found.get("tel", [])),
        "Birthday": found.get("bday", [""])[0], "Address": found.get("address", [""])[0],
        "City": found.get("city", [""])[0], "Website 1 - Value": BETWEEN.join(found.get("url", [])),
        "Labels": BETWEEN.join(found.get("categories", [])), "Notes": "\n".join(notes),
    }  # fmt: skip
    return [cells[heading] for heading in HEADINGS]


def _check_heads(text: str) -> None:
    """Raises ValueError where a property has more parameters than any has: the library's pattern doubles its time with
    each of them.
    """
    for line in _FOLDS.sub("", text).splitlines():
        head = _QUOTED.sub("", line).partition(":")[0]
        if head.count(";") > MOST_PARAMETERS or head.count(",") > MOST_PARAMETERS:
            raise ValueError("too many parameters")


def _gathered(card: Any) -> dict[str, list[str]]:
    """The values of a card by the names of its properties, in small letters; an address as two of its own."""
    found: dict[str, list[str]] = {}
    for line in card.lines():
        name, value = str(line.name).lower(), line.value
        if name == "n":
            found["n"] = [_text(part) for part in (value.given, value.additional, value.family)]
        elif name == "adr":
            parts = (value.code, value.country, value.region, value.city, value.street, value.extended, value.box)
            told = ", ".join(filter(None, (_text(part, ", ") for part in parts)))
            found.setdefault("address", []).append(told)
            found.setdefault("city", []).append(_text(value.city))
        elif name == "org":
            found.setdefault("org", []).append(_text(value[0] if isinstance(value, list) and value else value))
        elif name == "categories" and isinstance(value, list):
            found.setdefault(name, []).extend(map(_text, value))
        elif isinstance(value, str):
            found.setdefault(name, []).append(_plain(name, value, line.params))
    return {name: [each for each in values if each or name == "n"] or [""] for name, values in found.items()}


def _name_parts(found: dict[str, list[str]]) -> list[str]:
    return found.get("n", ["", "", ""])


def _text(value: Any, between: str = " ") -> str:
    """A value, or several, as one line."""
    parts = value if isinstance(value, list | tuple) else [value]
    return between.join(" ".join(str(part).split()) for part in parts if part)


def _plain(name: str, value: str, params: dict[str, Any]) -> str:
    value = value.strip()
    if name == "tel":
        number, _, rest = value.removeprefix("tel:").partition(";")
        extension = rest.partition("ext=")[2].partition(";")[0]
        return f"{number} доб. {extension}" if extension else number
    if name == "email":
        return value.removeprefix("mailto:")
    return _day(value, params) if name == "bday" else value


def _day(value: str, params: dict[str, Any]) -> str:
    """A birthday as other files write it; "--05-12" for one without its year."""
    day = value.partition("T")[0]
    bare = _BARE_DAY.fullmatch(day)
    day = "-".join(bare.groups()) if bare else day
    is_yearless = day[:4] in params.get("X-APPLE-OMIT-YEAR", [])
    return f"--{day[5:]}" if is_yearless else day
