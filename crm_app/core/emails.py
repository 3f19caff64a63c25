"""E-mail addresses: checked by form, never by asking the network, and stored in small letters."""

from __future__ import annotations

import re
from functools import lru_cache

from crm_app.core.errors import BadInput

# Only what the library passes without change too; a property test compares the two ways.
_USUAL = re.compile(
    r"(?=.{1,64}@)[a-z0-9_]+(?:[.+-][a-z0-9_]+)*@(?:[a-z0-9]{1,40}(?:-[a-z0-9]{1,20})?\.){1,3}"
    r"(?:ru|com|org|net|info|biz|edu|io|su|pro|by|kz|ua|de|me)",
    re.ASCII,
)
_SEPARATORS = re.compile(r"[,;\n\r]+")
_ANGLED = re.compile(r".*<([^<>]+)>\s*")


def parse_emails(text: str) -> list[str]:
    """Every address of a cell, in order, each once. Raises BadInput if one of them is broken."""
    lowered = text.lower()
    if _USUAL.fullmatch(lowered):
        return [lowered]
    parts = [part.strip() for part in _SEPARATORS.split(text)]
    return list(dict.fromkeys(parse_email(word) for part in parts if part for word in _apart(part)))


def _apart(part: str) -> list[str]:
    """Addresses with only spaces between them; anything else stays whole."""
    words = part.split()
    return words if all("@" in word and "<" not in word for word in words) else [part]


def parse_email(text: str) -> str:
    """One address in small letters, an international domain in its own script. Raises BadInput.

    "Анна <ann@firm.ru>" and "mailto:ann@firm.ru" are understood.
    """
    lowered = text.strip().lower()
    if _USUAL.fullmatch(lowered):
        return lowered
    return _parse_by_library(lowered)


@lru_cache(maxsize=4096)
def _parse_by_library(text: str) -> str:
    from email_validator import EmailNotValidError, validate_email  # takes longer to load than most files to read

    angled = _ANGLED.fullmatch(text)
    address = (angled[1] if angled else text).removeprefix("mailto:").strip()
    if "@" not in address:
        raise BadInput("contact.problem.email_without_at", field="email", value=text)
    try:
        return validate_email(address, check_deliverability=False).normalized.lower()
    except EmailNotValidError as error:
        raise BadInput("contact.problem.email_broken", field="email", value=text) from error
