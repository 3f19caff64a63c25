"""The ways to reach whoever a card is of: telephone numbers and e-mail addresses, of every kind of card alike.

"Whose number is this?" is asked of all kinds at once, by an index that begins with the number: docs/decisions/0060.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, delete, select

from crm_app.cards.filters import FilterField
from crm_app.cards.models import CardEmail, CardPhone
from crm_app.core.door import Tx
from crm_app.core.errors import BadInput, Forbidden
from crm_app.core.keys import among
from crm_app.core.phones import Phone, parse_phone

_PHONE_LIKE = re.compile(r"\+?[\d\s()\-–.]{4,}", re.ASCII)
_DIGITS = re.compile(r"\D", re.ASCII)

_CARD: Any = bindparam("card")
_CARD_ID: Any = bindparam("card_id")
_PHONES_OF_ONE = (
    select(CardPhone.number, CardPhone.extension)
    .where(CardPhone.card == _CARD, CardPhone.card_id == _CARD_ID)
    .order_by(CardPhone.position)
)
_EMAILS_OF_ONE = (
    select(CardEmail.address).where(CardEmail.card == _CARD, CardEmail.card_id == _CARD_ID).order_by(CardEmail.position)
)
_PHONES = (
    select(CardPhone.card_id, CardPhone.number)
    .where(CardPhone.card == _CARD, among(CardPhone.card_id, "ids"))
    .order_by(CardPhone.card_id, CardPhone.position)
)
_EMAILS = (
    select(CardEmail.card_id, CardEmail.address)
    .where(CardEmail.card == _CARD, among(CardEmail.card_id, "ids"))
    .order_by(CardEmail.card_id, CardEmail.position)
)


def phones_of(tx: Tx, card: str, card_id: int) -> list[Phone]:
    """A card's telephone numbers, the main one first."""
    return [Phone(number, extension) for number, extension in tx.all(_PHONES_OF_ONE, card=card, card_id=card_id)]


def emails_of(tx: Tx, card: str, card_id: int) -> list[str]:
    """A card's e-mail addresses, the main one first."""
    return tx.all(_EMAILS_OF_ONE, card=card, card_id=card_id)


def phones_by_card(tx: Tx, card: str, ids: Iterable[int]) -> dict[int, list[str]]:
    """The numbers of many cards by id, the main one first; who has none is not there."""
    return _gathered(tx.all(_PHONES, card=card, ids=ids))


def emails_by_card(tx: Tx, card: str, ids: Iterable[int]) -> dict[int, list[str]]:
    """The addresses of many cards by id, the main one first; who has none is not there."""
    return _gathered(tx.all(_EMAILS, card=card, ids=ids))


def with_phones(card: str, numbers: Iterable[str]) -> Select[Any]:
    """Ids of the cards that have one of these numbers."""
    return select(CardPhone.card_id).where(CardPhone.card == card, CardPhone.number.in_(numbers))


def with_emails(card: str, addresses: Iterable[str]) -> Select[Any]:
    """Ids of the cards that have one of these addresses."""
    return select(CardEmail.card_id).where(CardEmail.card == card, CardEmail.address.in_(addresses))


def put_phones(tx: Tx, card: str, card_id: int, phones: list[Phone]) -> None:
    """Give a card exactly these numbers. The caller has checked that the actor may change it."""
    tx.run(delete(CardPhone).where(CardPhone.card == card, CardPhone.card_id == card_id))
    for position, phone in enumerate(phones):
        tx.add(CardPhone(card=card, card_id=card_id, number=phone.number, extension=phone.extension, position=position))


def put_emails(tx: Tx, card: str, card_id: int, emails: list[str]) -> None:
    """Give a card exactly these addresses. The caller has checked that the actor may change it."""
    tx.run(delete(CardEmail).where(CardEmail.card == card, CardEmail.card_id == card_id))
    for position, address in enumerate(emails):
        tx.add(CardEmail(card=card, card_id=card_id, address=address, position=position))


def change_ways(
    tx: Tx, card: str, card_id: int, phones: list[Phone] | None, emails: list[str] | None
) -> dict[str, list[Any]]:
    """Give a card other numbers or addresses; None leaves them. Gives what has changed as [old, new].

    Raises Forbidden for a field that the actor may not change: they live in tables where the door does not look.
    """
    changes: dict[str, list[Any]] = {}
    if phones is not None:
        old, new = [str(p) for p in phones_of(tx, card, card_id)], [str(p) for p in phones]
        if old != new:
            changes["phones"] = [old, new]
    if emails is not None:
        known = emails_of(tx, card, card_id)
        if known != emails:
            changes["emails"] = [known, emails]
    for name in changes.keys() & tx.actor.locked(card):
        raise Forbidden("core.error.field_read_only", field=name)
    if "phones" in changes:
        put_phones(tx, card, card_id, phones or [])
    if "emails" in changes:
        put_emails(tx, card, card_id, emails or [])
    return changes


def phone_field(card: str, card_id: Any) -> FilterField:
    """A number on the card, however it is written: "has" it, or any at all. card_id: the column of the card's id."""

    def holds(_tx: Tx, number: str | None) -> ColumnElement[bool]:
        known = select(CardPhone.card_id).where(CardPhone.card == card)
        if number is not None:
            known = known.where(CardPhone.number == _as_stored(number))
        return card_id.in_(known)

    return FilterField("set", f"field.{card}.phones", holds=holds)


def _as_stored(number: str) -> str:
    """A number as cards have it, "8 (915) 123-45-67" too; what is none is left to match nothing."""
    try:
        return parse_phone(number).number
    except BadInput:
        return "+" + _DIGITS.sub("", number)


def email_field(card: str, card_id: Any) -> FilterField:
    """An address on the card: "has" it, or any at all."""

    def holds(_tx: Tx, address: str | None) -> ColumnElement[bool]:
        known = select(CardEmail.card_id).where(CardEmail.card == card)
        if address is not None:
            known = known.where(CardEmail.address == address.strip().lower())
        return card_id.in_(known)

    return FilterField("set", f"field.{card}.emails", holds=holds)


def search_words(text: str) -> str:
    """A text as the index knows it: a telephone number, or a part of one, becomes its digits without the leading 8."""
    text = text.strip()
    if not _PHONE_LIKE.fullmatch(text):
        return text
    digits = _DIGITS.sub("", text)
    return digits[1:] if len(digits) >= 4 and digits[0] == "8" else digits


def _gathered(rows: Iterable[tuple[int, str]]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for card_id, text in rows:
        found.setdefault(card_id, []).append(text)
    return found
