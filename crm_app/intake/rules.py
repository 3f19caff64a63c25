"""What a form may ask for, and what must be true of what a stranger sends by it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any, Literal, cast, get_args
from urllib.parse import urlsplit

from crm_app.cards import cleaning
from crm_app.cards.field_rules import PREFIX, Definition
from crm_app.cards.field_values import clean_value
from crm_app.core.errors import BadInput, Reason
from crm_app.core.folding import one_line
from crm_app.leads import rules as leads
from crm_app.leads.rules import LeadValues

Level = Literal["no", "asked", "required"]
LEVELS: tuple[Level, ...] = get_args(Level)
REQUIRED = "required"
FIELDS = ("person", "phones", "emails", "organisation", "position", "city", "site", "interest")
"""What a form may ask for, in the order in which it asks: fields of a lead."""
WAYS = ("phones", "emails")
"""By what somebody is reached."""
TRAP = "homepage"
"""A field that people don't see and leave empty, and programs fill in."""
CONSENT = "consent"

LONGEST_NAME, LONGEST_TEXT, LONGEST_URL = 100, 2_000, 500
LONGEST_LINE, LONGEST_MESSAGE = 200, 5_000
MOST_ORIGINS = 20
SOONEST = timedelta(seconds=2)
"""Nobody fills in a form faster."""
LATEST = timedelta(hours=12)

_SITE = re.compile(r"https?://(?:\*\.)?[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::\d{1,5})?", re.ASCII)
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


# ---- the form itself -------------------------------------------------------------------------------------------------


def clean_form(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values as they are stored. Raises BadInput with a reason for each wrong field."""
    cleaned, reasons = cleaning.clean_each(values, _CLEANERS)
    cleaning.refuse(reasons)
    return cleaned


def _name(value: str) -> str:
    name = cleaning.limited(one_line(value), LONGEST_NAME)
    if not name:
        raise BadInput("intake.error.no_name")
    return name


def _line(value: str) -> str:
    return cleaning.limited(one_line(value), LONGEST_LINE)


def _text(value: str) -> str:
    return cleaning.limited(value.strip(), LONGEST_TEXT)


def _asks(value: Mapping[str, str]) -> dict[str, str]:
    """In the order of FIELDS, without those that are not asked for; then the company's own, whose names begin so.

    By one of the ways somebody must be reached.
    """
    own = [name for name in value if name.startswith(PREFIX)]
    if value.keys() - {*FIELDS, *own} or set(value.values()) - set(LEVELS):
        raise bad_asks(FIELDS)
    asked = {name: value[name] for name in (*FIELDS, *own) if value.get(name, "no") != "no"}
    if not asked.keys() & set(WAYS):
        raise BadInput("intake.error.no_way")
    return asked


def bad_asks(known: Iterable[str]) -> BadInput:
    """The refusal of fields, or of levels, that are not known."""
    return BadInput("intake.error.bad_asks", field="asks", known=", ".join(known), levels=", ".join(LEVELS))


def _url(value: str) -> str:
    """An address of a page on the web, "" for none."""
    url = value.strip()
    is_good = not url or (bool(site_of(url)) and url.isprintable())
    if not is_good or len(url) > LONGEST_URL or set(url) & set(" \"'<>\\;,"):
        raise BadInput("intake.error.bad_url", value=url[:80])
    return url


def _origins(value: Iterable[str]) -> list[str]:
    """Sites as "https://example.com", each once: what stands behind the name is left out."""
    found: dict[str, None] = {}
    for text in filter(None, (text.strip().lower() for text in value)):
        if not site_of(text) or "@" in text:
            raise BadInput("intake.error.bad_origin", value=text[:80])
        found["{0.scheme}://{0.netloc}".format(urlsplit(text))] = None
    if len(found) > MOST_ORIGINS:
        raise BadInput("intake.error.many_origins", most=MOST_ORIGINS)
    return list(found)


def site_of(url: str) -> str:
    """The site of an address as headers say it, "https://xn--e1afmkfd.xn--p1ai"; "" for what has none."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").encode("idna").decode()
        site = f"{parts.scheme}://{host}" + ("" if parts.port is None else f":{parts.port}")
    except ValueError:
        return ""
    return site if _SITE.fullmatch(site) else ""


def page_of(url: str) -> str:
    """An address of a page as headers say it: its site in letters that every program knows."""
    parts = urlsplit(url)
    return parts._replace(netloc=urlsplit(site_of(url)).netloc).geturl()


def _of_lead(field: str) -> Any:
    """As a lead's own field is cleaned."""
    return lambda value: leads.clean_values(cast("LeadValues", {field: value}))[field]


_CLEANERS: cleaning.Cleaners = {
    "name": _name, "heading": _line, "intro": _text, "asks": _asks, "consent": _text, "consent_url": _url,
    "thanks": _text, "thanks_url": _url, "source": _of_lead("source"), "channel": _of_lead("channel"),
    "pipeline_id": lambda value: value or None, "frame_origins": _origins, "takes_at_once": cleaning.as_it_is,
    "is_open": cleaning.as_it_is,
}  # fmt: skip


# ---- what a stranger sends -------------------------------------------------------------------------------------------


def is_trapped(told: Mapping[str, str]) -> bool:
    """Whether a program has filled in what people don't see."""
    return bool(told.get(TRAP, "").strip())


def read_enquiry(
    asks: Mapping[str, str], needs_consent: bool, told: Mapping[str, str], own: Mapping[str, Definition] | None = None
) -> dict[str, Any]:
    """What was sent, as values of a lead; own: those of the fields asked for that are the company's own, by full name.

    Raises BadInput with a sentence for each field that is wrong.
    """
    values: dict[str, Any] = {}
    given: dict[str, str] = {}
    reasons: list[Reason] = []
    for field, level in asks.items():
        typed = told.get(field, "").strip()
        try:
            if own and field in own:
                given[own[field].key] = _read_own(own[field], level, typed)
            elif field in FIELDS:
                values[field] = _read(field, level, typed)
        except BadInput as error:
            reasons.append(Reason(error.key, field=field, params=error.params))
    if not reasons and not any(values.get(way) for way in WAYS):
        reasons.append(Reason("intake.error.leave_a_way", field=next(way for way in WAYS if way in asks)))
    if needs_consent and told.get(CONSENT, "") != "yes":
        reasons.append(Reason("intake.error.no_consent", field=CONSENT))
    cleaning.refuse(reasons)
    return {**values, "fields": {key: text for key, text in given.items() if text}}


def _read_own(field: Definition, level: str, text: str) -> str:
    """As it was typed, if the field can hold it."""
    if not text and level == REQUIRED:
        raise BadInput("intake.error.required")
    if len(text) > LONGEST_MESSAGE:
        raise BadInput("intake.error.too_long", longest=LONGEST_MESSAGE)
    clean_value(field, text)
    return text


def _read(field: str, level: str, text: str) -> Any:
    if not text and level == REQUIRED:
        raise BadInput("intake.error.required")
    longest = LONGEST_MESSAGE if field == "interest" else LONGEST_LINE
    if len(text) > longest:
        raise BadInput("intake.error.too_long", longest=longest)
    given: Any = ([text] if text else []) if field in WAYS else text
    leads.clean_values(cast("LeadValues", {field: given}))
    return given


def without_unseen(text: str) -> str:
    """What a stranger typed, without what nobody types: signs that steer terminals and spoil files."""
    return _UNSEEN.sub("", text.replace("\r\n", "\n"))


def read_utm(told: Mapping[str, str]) -> dict[str, str]:
    """The marks of an advertisement: what is too long is cut, since whoever came by it can't mend it."""
    marks = {name: " ".join(without_unseen(told.get(name, "")).split())[: leads.LONGEST_UTM] for name in leads.UTM}
    return {name: mark for name, mark in marks.items() if mark}
