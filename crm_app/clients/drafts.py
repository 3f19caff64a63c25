"""A client as it arrives from outside, before it is one: plain checked values, and what was wrong with the rest."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any, Literal

from crm_app.core import i18n
from crm_app.core.names import Kind

Level = Literal["error", "warning"]


@dataclass(slots=True)
class ClientDraft:
    """One row of an import. What the source doesn't have, or has wrong, is empty.

    type, status, activity, responsible, tags: as the source names them; phones: E.164; emails: small letters;
    revenue: minor units of revenue_currency; employer: of a person; contact_name, position: who to talk to at a
    company, or a person's own position; custom: key of a custom field → text, then its value; is_guessed: whether the
    shape of the name alone says which kind it is.
    """

    name: str = ""
    kind: Kind = "company"
    type: str = ""
    status: str = ""
    activity: str = ""
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    site: str = ""
    inn: str = ""
    kpp: str = ""
    ogrn: str = ""
    bic: str = ""
    account: str = ""
    bank: str = ""
    corr_account: str = ""
    accounts: str = ""
    city: str = ""
    address: str = ""
    contact_name: str = ""
    position: str = ""
    employer: str = ""
    last_name: str = ""
    first_name: str = ""
    patronymic: str = ""
    responsible: str = ""
    tags: tuple[str, ...] = ()
    first_contact: date | None = None
    birthday: date | None = None
    revenue: int | None = None
    revenue_currency: str = "RUB"
    note: str = ""
    custom: dict[str, Any] = field(default_factory=dict)
    is_guessed: bool = field(default=False, compare=False)


DRAFT_FIELDS = tuple(each.name for each in fields(ClientDraft))


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one cell. An error keeps the row out; with a warning it goes in.

    row: as the spreadsheet numbers it; column: the heading, or "" for the whole row; field: of ClientDraft;
    code: a key of the dictionaries; value: what the cell said, shortened.
    """

    row: int
    column: str
    field: str
    code: str
    value: str = ""
    level: Level = "error"
    limit: int = 0

    def text(self, locale: str = "") -> str:
        """The sentence for a person."""
        return i18n.text(self.code, locale, value=self.value, limit=self.limit)
