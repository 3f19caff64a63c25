"""What people leave on cards: tags, stars, comments."""

from __future__ import annotations

from datetime import datetime

from crm_app.cards.events import CommentAdded, TagsChanged
from crm_app.cards.models import Comment, Favourite, Tagging
from crm_app.demo.chronicle import Chronicle
from crm_app.demo.scene import Person, Scene
from crm_app.demo.words import Chance


def mark(
    scene: Scene, chronicle: Chronicle, chance: Chance, card: str, card_id: int, owner: Person, at: datetime
) -> None:
    """Tag some cards and star a few; samples get the tag that they are found by."""
    names = [scene.recipe.tag] if scene.recipe.tag else []
    if chance.happens(0.25):
        names.append(chance.one(scene.words["tags"]))
    tag(scene, chronicle, at, owner, card, card_id, names)
    if chance.happens(0.04):
        star(chronicle, owner, card, card_id)
    if chance.happens(0.01):
        other = chance.one(list(scene.cast.everybody))
        if other != owner:
            star(chronicle, other, card, card_id)


def tag(
    scene: Scene, chronicle: Chronicle, at: datetime, who: Person, card: str, card_id: int, names: list[str]
) -> None:
    """Put tags on a new card."""
    for name in names:
        chronicle.add(Tagging, card=card, card_id=card_id, tag_id=scene.tags[name])
    if names:
        chronicle.will_happen(at, who, TagsChanged(kind=card, card_id=card_id, added=sorted(names), removed=[]))


def star(chronicle: Chronicle, who: Person, card: str, card_id: int) -> None:
    chronicle.add(Favourite, employee_id=who.id, card=card, card_id=card_id)


def say(
    chronicle: Chronicle,
    at: datetime,
    who: Person,
    card: str,
    card_id: int,
    body: str,
    *,
    kind: str = "employee",
    is_internal: bool = True,
) -> None:
    """Have somebody comment a card. kind: "guest" for a guest, whose words are never internal."""
    comment_id = chronicle.add(
        Comment,
        card=card,
        card_id=card_id,
        author_kind=kind,
        author_id=who.id,
        author_name=who.name,
        body=body,
        is_internal=is_internal,
        created_at=at,
    )
    fact = CommentAdded(kind=card, card_id=card_id, comment_id=comment_id, is_internal=is_internal, mentioned=[])
    chronicle.will_happen(at, who, fact, kind)
