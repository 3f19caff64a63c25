"""Cards that may be the same as one that is described: looked up by every key, judged by `matching.is_same`.

Only cards that the actor sees are found; what is told of others is in unseen.py.
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

COMPARED = ("phones", "emails", "inn")
"""Fields that tell of whom a card is."""
_MOST = 50


@dataclass(frozen=True)
class Alike:
    """A card that may be the same as another. by: "inn", "phone", "email" or "name".

    id 0: one that the actor may not see: only who runs it is told, see unseen.py.
    """

    id: int
    name: str
    responsible: str
    by: str


def alike(tx: Tx, card: str, like: Likeness, except_id: int = 0) -> list[Alike]:
    """Cards of a kind that are proposed as the same, the surest first."""
    like = known_to(tx, card, like)
    found: dict[int, str] = {}
    for by, statement in ways_to(card, like).items():
        for card_id in tx.all(statement):
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


def ways_to(card: str, like: Likeness) -> dict[str, Select[Any]]:
    """By key, the ids of cards that have it in common with the one described; keys that it has not are left out."""
    model: Any = KINDS[card].model
    ways: dict[str, Select[Any]] = {}
    if like.inn:  # an order makes SQLite use the index of a column that is empty for most cards
        ways["inn"] = select(model.id).where(model.inn == like.inn).order_by(model.inn)
    if like.phones:
        ways["phone"] = with_phones(card, like.phones)
    if like.emails:
        ways["email"] = with_emails(card, like.emails)
    if like.name:
        ways["name"] = select(model.id).where(model.match_name == like.name).order_by(model.match_name)
    return {by: statement.limit(_MOST) for by, statement in ways.items()}


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
    reasons = [_reason(each, key) for each in found]
    if reasons:
        raise RuleBroken(reasons[0].code, reasons=reasons, **reasons[0].params)


def _reason(found: Alike, key: str) -> Reason:
    """Of a card that the actor may not see, only whom to ask."""
    told: dict[str, Any] = {"name": found.name, "id": found.id, "responsible": found.responsible}
    return Reason(key if found.id else unseen_key(found.responsible), field=found.by, params=told)


def unseen_key(responsible: str) -> str:
    """The sentence that tells of a card which the reader may not see."""
    return "duplicates.unseen" if responsible else "duplicates.unseen_nobodys"


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
