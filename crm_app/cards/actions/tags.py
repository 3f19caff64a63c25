"""Tags and stars."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import delete, func, select

from crm_app.cards import rules
from crm_app.cards.events import TagsChanged
from crm_app.cards.kinds import need_card
from crm_app.cards.models import Favourite, Tag, Tagging
from crm_app.core.actor import LOGGED_IN
from crm_app.core.door import Tx, action
from crm_app.core.folding import fold


@action(LOGGED_IN)
def set_tags(tx: Tx, card: str, card_id: int, names: list[str]) -> list[str]:
    """Give a card exactly these tags. A new name becomes everyone's tag for who may share tags, else one's own.

    Who sees a card may tag it, as with groups and stars: see docs/decisions/0106-who-may-tag.md.
    """
    need_card(tx, card, card_id)
    wanted = {tag.id: tag for tag in (need_tag(tx, name) for name in names)}
    on_card = select(Tag).join(Tagging, Tagging.tag_id == Tag.id)
    current = {t.id: t for t in tx.all(on_card.where(Tagging.card == card, Tagging.card_id == card_id))}
    for tag_id in wanted.keys() - current.keys():
        tx.add(Tagging(card=card, card_id=card_id, tag_id=tag_id))
    gone = current.keys() - wanted.keys()
    if gone:
        tx.run(delete(Tagging).where(Tagging.card == card, Tagging.card_id == card_id, Tagging.tag_id.in_(gone)))
    added = sorted(t.name for i, t in wanted.items() if i not in current and t.owner_id == 0)
    removed = sorted(t.name for i, t in current.items() if i not in wanted and t.owner_id == 0)
    if added or removed:
        tx.record(TagsChanged(kind=card, card_id=card_id, added=added, removed=removed))
    tx.announce(f"{card}:{card_id}", f"{card}s")
    return sorted(tag.name for tag in wanted.values())


def need_tag(tx: Tx, name: str) -> Tag:
    """The tag of a name: the actor's own or everyone's; made where there is none."""
    name = rules.clean_tag(name)
    known = tx.one(select(Tag).where(Tag.key == fold(name)).order_by(Tag.owner_id.desc()))
    if known is not None:
        return known
    owner_id = 0 if tx.actor.may("tag.share") else tx.actor.id
    return tx.add(Tag(name=name, key=fold(name), owner_id=owner_id))


def need_tags(tx: Tx, names: Iterable[str], made: list[int] | None = None) -> dict[str, int]:
    """The ids of the tags of many names, as need_tag finds or makes them. made: takes the ids of those it makes."""
    keys = {name: fold(rules.clean_tag(name)) for name in names}
    statement = select(Tag.key, Tag.id).where(Tag.key.in_(set(keys.values()))).order_by(Tag.owner_id)
    known: dict[str, int] = dict(tx.all(statement)) if keys else {}
    for name, key in sorted(keys.items()):
        if key not in known:
            known[key] = need_tag(tx, name).id or 0
            if made is not None:
                made.append(known[key])
    return {name: known[key] for name, key in keys.items()}


@action(LOGGED_IN)
def set_star(tx: Tx, card: str, card_id: int, starred: bool) -> None:
    """Put one's star on a card, or take it off."""
    need_card(tx, card, card_id)
    mine: Any = (Favourite.employee_id == tx.actor.id, Favourite.card == card, Favourite.card_id == card_id)
    known = tx.scalar(select(func.count()).select_from(Favourite).where(*mine))
    if starred and not known:
        tx.add(Favourite(employee_id=tx.actor.id, card=card, card_id=card_id))
    elif known and not starred:
        tx.run(delete(Favourite).where(*mine))
