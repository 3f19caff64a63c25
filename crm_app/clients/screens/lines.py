"""Clients as the browser gets them, and how their words look: for every page that shows clients."""

from __future__ import annotations

from typing import Any, TypedDict

import reflex as rx

from crm_app.clients import rules
from crm_app.clients.queries import ClientRow
from crm_app.core.i18n import text
from crm_app.core.names import name_key
from crm_app.core.phones import show_phone
from crm_app.ui.field import Option
from crm_app.ui.status import status

_TONES = {"potential": "info", "current": "good", "regular": "good", "hopeless": "bad"}


class ClientLine(TypedDict):
    """A line of a list of clients; words are in the reader's language; revenue: minor units, 0 for
    none; tags: as people write them, "#опт #москва". sign: what stands for a company without a picture."""

    id: int
    name: str
    picture: str
    sign: str
    href: str
    kind: str
    type: str
    status: str
    tone: str
    responsible: str
    city: str
    revenue: int
    currency: str
    phone: str
    email: str
    tags: str
    is_starred: bool
    updated_at: str


def client_line(row: ClientRow, locale: str) -> ClientLine:
    """A row of a query as the browser gets it."""
    return {
        "id": row.id,
        "name": row.name,
        "picture": row.picture,
        "sign": sign_of(row.kind, row.name),
        "href": f"/clients/{row.id}",
        "kind": row.kind,
        "type": rules.word_label("type", row.type, locale),
        "status": rules.word_label("status", row.status, locale),
        "tone": tone_of(row.status),
        "responsible": row.responsible,
        "city": row.city,
        "revenue": row.revenue or 0,
        "currency": row.currency,
        "phone": show_phone(row.phone) if row.phone else "",
        "email": row.email,
        "tags": " ".join(f"#{tag}" for tag in row.tags),
        "is_starred": row.is_starred,
        "updated_at": row.updated_at.isoformat(),
    }


def sign_of(kind: str, name: str) -> str:
    """What stands for a company: the first letter of its name without the legal form; "" for a person's initials."""
    return name_key(name)[:1] if kind == "company" else ""


def word_options(field: str, words: list[str], locale: str) -> list[Option]:
    """Types or statuses to choose from."""
    return [{"id": word, "label": rules.word_label(field, word, locale), "hint": ""} for word in words]


def tone_of(status_word: str) -> str:
    """The tone of a status, for its dot."""
    return _TONES.get(status_word, "none")


def status_of(word: Any, tone: Any) -> rx.Component:
    """A client's status in words; nothing where there is none."""
    return rx.cond(word == "", rx.el.span(), status(word, tone))


def kind_label(kind: str, locale: str) -> str:
    """Company or person, in words."""
    return text(f"clients.kind.{kind}", locale)
