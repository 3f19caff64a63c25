"""Columns of Google's exports of contacts, today's and the one before: "Phone 1 - Label", "Address 2 - Formatted"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from crm_app.core.folding import fold

_NUMBERED = re.compile(
    r"(address|organization|e-mail|phone|website|relation|event|custom field|im|calendar link|jot) (\d+) - (.+)"
)
_FURTHER_PLACE = re.compile(r"organization (?:[2-9]|\d\d+) - (?:name|title)")
_LEFT_OUT = frozenset(
    {
        "phonetic first name", "phonetic middle name", "phonetic last name", "name prefix", "name suffix", "nickname",
        "file as", "organization department", "photo", "yomi name", "given name yomi", "additional name yomi",
        "family name yomi", "initials", "short name", "maiden name", "gender", "location", "billing information",
        "directory server", "mileage", "occupation", "hobby", "sensitivity", "priority", "subject", "language",
    }
)  # fmt: skip
"""Headings of these exports that say nothing a card has room for."""
_KEPT_ELSEWHERE = ("e-mail", "phone", "website")
_OF_ADDRESS = frozenset({"street", "po box", "extended address", "region", "postal code", "country"})
_SYSTEM_GROUPS = frozenset({"mycontacts", "my contacts", "starred", "starred in android"})


def google_field(heading: str, headings: Sequence[str]) -> str | None:
    """What a column feeds, "" for left out; None where Google's own words don't tell.

    headings: all of the table. An address that is there in one piece is not taken in pieces too, its city apart.
    """
    folded = [fold(each) for each in headings]
    here = fold(heading)
    parts = _NUMBERED.fullmatch(here)
    if parts is None:
        return "" if here in _LEFT_OUT and any(map(_NUMBERED.fullmatch, folded)) else None
    what, number, part = parts.groups()
    if part in ("label", "type"):
        return ""
    if what == "address":
        return _of_address(part, is_first=number == "1", is_whole=f"address {number} - formatted" in folded)
    if what == "organization":
        return "note" if _FURTHER_PLACE.fullmatch(here) else None if part in ("name", "title") else ""
    return None if what in _KEPT_ELSEWHERE else ""


def _of_address(part: str, *, is_first: bool, is_whole: bool) -> str:
    if part == "formatted":
        return "address"
    if part == "city" and is_first:
        return "city"
    return "address" if not is_whole and (part in _OF_ADDRESS or part == "city") else ""


def google_value(heading: str, value: str) -> str:
    """One value of a cell as a card has it: an address in one line, a second place of work with what it is."""
    if _FURTHER_PLACE.fullmatch(fold(heading)):
        return f"{heading}: {value}"
    if fold(heading).startswith("address "):
        return ", ".join(line.strip(" ,") for line in value.splitlines() if line.strip(" ,"))
    return value


def google_group(name: str) -> str:
    """A label without the star of Google's own ones; "" for the groups that everybody is in."""
    own = name.removeprefix("* ")
    return "" if own != name and fold(own) in _SYSTEM_GROUPS else own
