"""What must be true of a client: each field has one way to be read, and says what is wrong in its own words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import cache, lru_cache
from typing import Any, Literal

from typing_extensions import TypedDict

from crm_app.cards import cleaning
from crm_app.core import i18n, okved
from crm_app.core.bank_accounts import tidy_accounts
from crm_app.core.errors import BadInput, Reason
from crm_app.core.folding import fold, one_line
from crm_app.core.money import Money, parse_money
from crm_app.core.requisites import parse_account, parse_bic, parse_corr_account, parse_inn, parse_kpp, parse_ogrn

KINDS = ("company", "person")
WORDS = {
    "type": ("customer", "supplier", "contractor", "partner", "competitor"),
    "status": ("potential", "current", "regular", "hopeless"),
}
"""The built-in values of the fields that are words; a company may have words of its own beside them."""
_LABELS = {"type": "clients.type.", "status": "clients.status."}
"""What the keys of their texts begin with."""

LONGEST_NAME, LONGEST_WORD = 300, 60


class ClientValues(TypedDict, total=False):
    """What a person or a program says of a client; what is left out stays as it is.

    type, status: a key of WORDS, what a built-in one is called in any language, or a word of the company's own. phones,
    emails, dates, revenue: as people write them. picture: the digest of one that the card had. fields: the custom ones
    by their keys, see cards/field_values.py. "" or None empties a field.
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
    bank: str
    corr_account: str
    accounts: str
    city: str
    address: str
    contact_name: str
    position: str
    employer: str
    first_contact: str | date | None
    birthday: str | date | None
    revenue: str | int | float | None
    note: str
    picture: str
    fields: dict[str, Any]


def clean_values(values: ClientValues) -> dict[str, Any]:
    """The values as they are stored: phones as Phone, emails in small letters, revenue as Money or None.

    Custom fields are left out: their definitions tell what these may hold. Raises BadInput with a reason for each field
    that is wrong.
    """
    cleaned, reasons = cleaning.clean_each(values, _CLEANERS)
    for field in ("account", "corr_account"):
        if cleaned.get(field) and cleaned.get("bic"):
            try:
                parse_account(cleaned[field], cleaned["bic"])
            except BadInput as error:
                reasons.append(Reason(error.key, field=field, params=error.params))
    cleaning.refuse(reasons)
    return cleaned


@lru_cache(maxsize=4096)
def word_key(field: str, text: str) -> str:
    """What is stored for a type or a status: the key of a built-in one, else the word as it was written."""
    return keys_by_word(field).get(fold(text), one_line(text))


def word_label(field: str, stored: str, locale: str = "") -> str:
    """How people call a stored type or status."""
    return i18n.text(_LABELS[field] + stored, locale) if stored in WORDS[field] else stored


def is_own_word(field: str, stored: str) -> bool:
    """Whether a stored type or status is the company's own and not a built-in one."""
    return bool(stored) and stored not in WORDS[field]


@cache
def keys_by_word(field: str) -> dict[str, str]:
    """What the built-in types or statuses are called in any language, folded → what is stored for them."""
    keys = {key: key for key in WORDS[field]}
    for locale in i18n.LOCALES:
        keys |= {fold(word_label(field, key, locale)): key for key in WORDS[field]}
    return keys


def _clean_name(value: str) -> str:
    name = one_line(value)
    if not name:
        raise BadInput("contact.problem.name_missing", field="name")
    if len(name) > LONGEST_NAME:
        raise BadInput("contact.problem.name_too_long", field="name", limit=LONGEST_NAME, value=name[:50])
    return name


def _word(field: str) -> Callable[[str], str]:
    def clean(value: str) -> str:
        return cleaning.limited(word_key(field, value), LONGEST_WORD)

    return clean


def _activity(value: str) -> str:
    return okved.told(cleaning.line(value))


def _or_empty(parse: Callable[[str], str]) -> Callable[[str], str]:
    return lambda value: parse(value) if value.strip() else ""


def _revenue(value: str | float | None) -> Money | None:
    return None if value is None or value == "" else parse_money(value)


_CLEANERS: dict[str, Callable[[Any], Any]] = {
    "name": _clean_name, "kind": cleaning.as_it_is, "type": _word("type"), "status": _word("status"),
    "activity": _activity, "responsible_id": cleaning.as_it_is, "phones": cleaning.phones,
    "emails": cleaning.emails, "site": cleaning.site, "inn": _or_empty(parse_inn), "kpp": _or_empty(parse_kpp),
    "ogrn": _or_empty(parse_ogrn), "bic": _or_empty(parse_bic), "account": _or_empty(parse_account),
    "bank": cleaning.line, "corr_account": _or_empty(parse_corr_account), "accounts": tidy_accounts,
    "city": cleaning.line, "address": cleaning.line, "contact_name": cleaning.line, "position": cleaning.line,
    "employer": cleaning.line, "first_contact": cleaning.day, "birthday": cleaning.day, "revenue": _revenue,
    "note": cleaning.note, "picture": cleaning.picture,
}  # fmt: skip
FIELDS = tuple(_CLEANERS)
"""Names of the fields that people change, in the order of the card."""
