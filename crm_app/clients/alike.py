"""Cards that may be the same as one that is described: looked up by every key, judged by `matching.is_same`.

Only cards that the actor sees are found: who may not see a card learns nothing of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from sqlalchemy import Select, literal, select

from crm_app.access.models import Employee
from crm_app.cards.kinds import KINDS
from crm_app.cards.ways import emails_by_card, phones_by_card, with_emails, with_phones
from crm_app.clients.matching import Likeness, is_same
from crm_app.core.door import Tx
from crm_app.core.errors import Reason, RuleBroken
from crm_app.core.keys import among

_MOST = 50


@dataclass(frozen=True)
class Alike:
    """A card that may be the same as another. by: "inn", "phone", "email" or "name"."""

    id: int
    name: str
    responsible: str
    by: str


def alike(tx: Tx, card: str, like: Likeness, except_id: int = 0) -> list[Alike]:
    """Cards of a kind that are proposed as the same, the surest first."""
    model: Any = KINDS[card].model
    like = known_to(tx, card, like)
    # an order makes SQLite use the index of a column that is empty for most cards
    ways = {
        "inn": select(model.id).where(model.inn == like.inn).order_by(model.inn) if like.inn else None,
        "phone": with_phones(card, like.phones) if like.phones else None,
        "email": with_emails(card, like.emails) if like.emails else None,
        "name": select(model.id).where(model.match_name == like.name).order_by(model.match_name) if like.name else None,
    }
    found: dict[int, str] = {}
    for by, statement in ways.items():
        if statement is not None:
            for card_id in tx.all(statement.limit(_MOST)):
                found.setdefault(card_id, by)
    found.pop(except_id, None)
    known = likenesses(tx, card, list(found))
    same = [card_id for card_id in found if card_id in known and is_same(like, known[card_id])]
    rows = {row.id: row for row in _named(tx, card, same)}
    is_told = "responsible_id" not in tx.actor.hidden.get(card, frozenset())
    return [Alike(i, rows[i].name, (is_told and rows[i].responsible) or "", found[i]) for i in same if i in rows]


def known_to(tx: Tx, card: str, like: Likeness) -> Likeness:
    """What is compared for whoever asks: by a field that is hidden from them they find nothing."""
    hidden = tx.actor.hidden.get(card, frozenset()) & {"inn", "phones", "emails"}
    blanks: dict[str, Any] = {"inn": "", "phones": frozenset(), "emails": frozenset()}
    return replace(like, **{name: blanks[name] for name in hidden}) if hidden else like


def likenesses(tx: Tx, card: str, ids: list[int]) -> dict[int, Likeness]:
    """What of each card is compared, by id; deleted ones are not there."""
    if not ids:
        return {}
    phones, emails = phones_by_card(tx, card, ids), emails_by_card(tx, card, ids)
    return {
        r.id: Likeness(r.match_name, r.inn, frozenset(phones.get(r.id, ())), frozenset(emails.get(r.id, ())))
        for r in tx.all(_names(card), ids=ids)
    }


def refuse_alike(found: Iterable[Alike], key: str) -> None:
    """Raises RuleBroken with a reason for each card that may be the same; key: of the sentence."""
    reasons = [
        Reason(key, field=a.by, params={"name": a.name, "id": a.id, "responsible": a.responsible}) for a in found
    ]
    if reasons:
        raise RuleBroken(key, reasons=reasons, name=reasons[0].params["name"])


@cache
def _names(card: str) -> Select[Any]:
    model: Any = KINDS[card].model
    inn = model.inn if hasattr(model, "inn") else literal("").label("inn")
    return select(model.id, model.match_name, inn).where(among(model.id, "ids"))


def _named(tx: Tx, card: str, ids: list[int]) -> list[Any]:
    if not ids:
        return []
    model: Any = KINDS[card].model
    statement = select(model.id, model.name, Employee.name.label("responsible"))
    return tx.all(statement.outerjoin(Employee, Employee.id == model.responsible_id).where(model.id.in_(ids)))
