"""What must be true of a client: each field has one way to be read, and says what is wrong in its own words."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from functools import cache, lru_cache
from typing import Any, Literal

from typing_extensions import TypedDict

from crm_app.core import i18n
from crm_app.core.dates import parse_date
from crm_app.core.emails import parse_emails
from crm_app.core.errors import BadInput, Reason
from crm_app.core.folding import fold
from crm_app.core.money import Money, parse_money
from crm_app.core.phones import Phone, parse_phones
from crm_app.core.requisites import parse_account, parse_bic, parse_inn, parse_kpp, parse_ogrn

KINDS = ("company", "person")
WORDS = {
    "type": ("customer", "supplier", "contractor", "partner", "competitor"),
    "status": ("potential", "current", "regular", "hopeless"),
}
"""The built-in values of the fields that are words; a company may have words of its own beside them."""
_LABELS = {"type": "clients.type.", "status": "clients.status."}
"""What the keys of their texts begin with."""

LONGEST_NAME, LONGEST_WORD, LONGEST_LINE, LONGEST_NOTE = 300, 60, 1_000, 32_767
MOST_PHONES = 20

_SITE = re.compile(r"(?:https?://)?(?:[\w-]+\.)+[\w-]{2,}(?::\d{1,5})?(?:[/?#]\S*)?", re.IGNORECASE)


class ClientValues(TypedDict, total=False):
    """What a person or a program says of a client; what is left out stays as it is.

    type, status: a key of WORDS, what a built-in one is called in any language, or a word of the company's own. phones,
    emails, dates, revenue: as people write them. fields: the custom ones by their keys, see cards/field_values.py. ""
    or None empties a field.
    """

    name: str
    kind: Literal["company", "person"]
    type: str
    status: str
    activity: str
    responsible_id: int | None
    phones: list[str]
    emails: list[str]
    site: str
    inn: str
    kpp: str
    ogrn: str
    bic: str
    account: str
    city: str
    address: str
    contact_name: str
    position: str
    employer: str
    first_contact: str | date | None
    birthday: str | date | None
    revenue: str | int | float | None
    note: str
    fields: dict[str, Any]


def clean_values(values: ClientValues) -> dict[str, Any]:
    """The values as they are stored: phones as Phone, emails in small letters, revenue as Money or None.

    Custom fields are left out: their definitions tell what these may hold. Raises BadInput with a reason for each field
    that is wrong.
    """
    cleaned: dict[str, Any] = {}
    reasons: list[Reason] = []
    for name, value in values.items():
        if name == "fields":
            continue
        try:
            cleaned[name] = _CLEANERS[name](value)
        except BadInput as error:
            reasons.append(Reason(error.key, field=name, params=error.params))
    if cleaned.get("account") and cleaned.get("bic"):
        try:
            parse_account(cleaned["account"], cleaned["bic"])
        except BadInput as error:
            reasons.append(Reason(error.key, field="account", params=error.params))
    if reasons:
        raise BadInput(reasons[0].code, field=reasons[0].field, reasons=reasons, **reasons[0].params)
    return cleaned


@lru_cache(maxsize=4096)
def word_key(field: str, text: str) -> str:
    """What is stored for a type or a status: the key of a built-in one, else the word as it was written."""
    return _keys_by_word(field).get(fold(text), " ".join(text.split()))


def word_label(field: str, stored: str, locale: str = "") -> str:
    """How people call a stored type or status."""
    return i18n.text(_LABELS[field] + stored, locale) if stored in WORDS[field] else stored


def is_own_word(field: str, stored: str) -> bool:
    """Whether a stored type or status is the company's own and not a built-in one."""
    return bool(stored) and stored not in WORDS[field]


@cache
def _keys_by_word(field: str) -> dict[str, str]:
    keys = {key: key for key in WORDS[field]}
    for locale in i18n.LOCALES:
        keys |= {fold(word_label(field, key, locale)): key for key in WORDS[field]}
    return keys


def _clean_name(value: str) -> str:
    name = " ".join(value.split())
    if not name:
        raise BadInput("contact.problem.name_missing", field="name")
    if len(name) > LONGEST_NAME:
        raise BadInput("contact.problem.name_too_long", field="name", limit=LONGEST_NAME, value=name[:50])
    return name


def _word(field: str) -> Callable[[str], str]:
    def clean(value: str) -> str:
        return _limited(word_key(field, value), LONGEST_WORD)

    return clean


def _line(value: str) -> str:
    return _limited(" ".join(value.split()), LONGEST_LINE)


def _note(value: str) -> str:
    return _limited(value.strip(), LONGEST_NOTE)


def _limited(text: str, limit: int) -> str:
    if len(text) > limit:
        raise BadInput("contact.problem.text_too_long", limit=limit)
    return text


def _phones(value: list[str]) -> list[Phone]:
    found = {phone.number: phone for text in value if text.strip() for phone in parse_phones(text)}
    return _few(list(found.values()))


def _emails(value: list[str]) -> list[str]:
    return _few(list(dict.fromkeys(email for text in value if text.strip() for email in parse_emails(text))))


def _few(values: list[Any]) -> list[Any]:
    if len(values) > MOST_PHONES:
        raise BadInput("clients.error.too_many_ways", most=MOST_PHONES)
    return values


def _site(value: str) -> str:
    text = _line(value)
    if text and not _SITE.fullmatch(text):
        raise BadInput("contact.problem.site_broken", field="site", value=text)
    return text if not text or "://" in text else f"https://{text}"


def _or_empty(parse: Callable[[str], str]) -> Callable[[str], str]:
    return lambda value: parse(value) if value.strip() else ""


def _date(value: str | date | None) -> date | None:
    return parse_date(value) if value else None


def _revenue(value: str | float | None) -> Money | None:
    return None if value is None or value == "" else parse_money(value)


def _as_it_is(value: Any) -> Any:
    return value


_CLEANERS: dict[str, Callable[[Any], Any]] = {
    "name": _clean_name, "kind": _as_it_is, "type": _word("type"), "status": _word("status"), "activity": _line,
    "responsible_id": _as_it_is, "phones": _phones, "emails": _emails, "site": _site, "inn": _or_empty(parse_inn),
    "kpp": _or_empty(parse_kpp), "ogrn": _or_empty(parse_ogrn), "bic": _or_empty(parse_bic),
    "account": _or_empty(parse_account), "city": _line, "address": _line, "contact_name": _line, "position": _line,
    "employer": _line, "first_contact": _date, "birthday": _date, "revenue": _revenue, "note": _note,
}  # fmt: skip
FIELDS = tuple(_CLEANERS)
"""Names of the fields that people change, in the order of the card."""
