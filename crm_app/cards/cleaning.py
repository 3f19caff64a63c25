"""Fields that several kinds of card have, read from what people write: lines, notes, phones, addresses, sites, days."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from crm_app.core.dates import parse_date
from crm_app.core.emails import parse_emails
from crm_app.core.errors import BadInput, Reason
from crm_app.core.folding import one_line
from crm_app.core.phones import Phone, parse_phones

Cleaners = Mapping[str, Callable[[Any], Any]]
"""Field → what makes the stored value of a written one, or raises BadInput."""

LONGEST_LINE, LONGEST_NOTE = 1_000, 32_767
MOST_WAYS = 20

_SITE = re.compile(r"(?:https?://)?(?:[\w-]+\.)+[\w-]{2,}(?::\d{1,5})?(?:[/?#]\S*)?", re.IGNORECASE)


_DIGEST = re.compile(r"[0-9a-f]{32}", re.ASCII)


def clean_each(values: Mapping[str, Any], cleaners: Cleaners) -> tuple[dict[str, Any], list[Reason]]:
    """The values as they are stored, and a reason for each that is wrong.

    Custom fields, told under "fields", are left out: their definitions say what these may hold.
    """
    cleaned: dict[str, Any] = {}
    reasons: list[Reason] = []
    for name, value in values.items():
        if name == "fields":
            continue
        try:
            cleaned[name] = cleaners[name](value)
        except BadInput as error:
            reasons.append(Reason(error.key, field=name, params=error.params))
    return cleaned, reasons


def refuse(reasons: list[Reason]) -> None:
    """Raises BadInput where there are reasons."""
    if reasons:
        raise BadInput(reasons[0].code, field=reasons[0].field, reasons=reasons, **reasons[0].params)


def line(value: str) -> str:
    """One line of text."""
    return limited(one_line(value), LONGEST_LINE)


def note(value: str) -> str:
    """A text of any number of lines."""
    return limited(value.strip(), LONGEST_NOTE)


def limited(text: str, limit: int) -> str:
    """The text, unless it is too long."""
    if len(text) > limit:
        raise BadInput("contact.problem.text_too_long", limit=limit)
    return text


def phones(value: list[str]) -> list[Phone]:
    """Telephone numbers, each once, the main one first."""
    found = {phone.number: phone for text in value if text.strip() for phone in parse_phones(text)}
    return few(list(found.values()))


def emails(value: list[str]) -> list[str]:
    """E-mail addresses in small letters, each once, the main one first."""
    return few(list(dict.fromkeys(email for text in value if text.strip() for email in parse_emails(text))))


def few(values: list[Any]) -> list[Any]:
    """The values, unless they are too many."""
    if len(values) > MOST_WAYS:
        raise BadInput("cards.error.too_many_ways", most=MOST_WAYS)
    return values


def site(value: str) -> str:
    """The address of a page, with https where no scheme is told."""
    text = line(value)
    if text and not _SITE.fullmatch(text):
        raise BadInput("contact.problem.site_broken", field="site", value=text)
    return text if not text or "://" in text else f"https://{text}"


def picture(value: str) -> str:
    """The digest of a picture, "" for none."""
    if value and not _DIGEST.fullmatch(value):
        raise BadInput("cards.error.no_picture", field="picture")
    return value


def day(value: str | date | None) -> date | None:
    """A day as people write it; None for none."""
    return parse_date(value) if value else None


def as_it_is(value: Any) -> Any:
    """What has been checked by its type alone."""
    return value
