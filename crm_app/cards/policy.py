"""Who sees what is on a card: whoever sees the card; a guest, only what is not internal."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, false, inspect, or_
from sqlmodel import SQLModel

from crm_app.access.roles import grant
from crm_app.cards.kinds import KINDS, CardKind, of_visible_cards
from crm_app.cards.models import (
    BulkBatch,
    BulkChange,
    BulkLeft,
    BulkPart,
    CardEmail,
    CardLink,
    CardMerge,
    CardPhone,
    CardPicture,
    Comment,
    CustomField,
    Favourite,
    Follower,
    Group,
    GroupMember,
    LinkKind,
    ListLayout,
    Notification,
    SavedFilter,
    Share,
    StoredFile,
    Tag,
    Tagging,
)
from crm_app.core.actor import Actor
from crm_app.core.events import FactLink, FactRow
from crm_app.core.policy import Condition, Rule, employees, exists_changeable, exists_visible, holders, own, policy

grant("tag.share", head="all")
grant("filter.share", head="all")
grant("comment.add", head="all", manager="all", marketer="all")
grant("field.define")
grant("link.define")


def _ways_seen(way: Any) -> Rule:
    """Phones or addresses of cards that the actor sees: asked of the kinds that have such alone."""

    def rule(actor: Actor) -> Condition:
        if not actor.is_employee:
            return False
        return _on_any(way, lambda model: exists_visible(model, way.card_id, actor, with_bin=True))

    return rule


def _ways_changed(way: Any) -> Rule:
    """Phones or addresses of cards that the actor may change."""
    return lambda actor: _on_any(way, lambda model: exists_changeable(model, way.card_id, actor))


def _pictures(actor: Actor) -> Condition:
    """Pictures of cards that the actor sees, unless that field is kept from them."""
    seen = [k for k in _with_picture() if "picture" not in actor.hidden.get(k.key, ())] if actor.is_employee else []
    ways = [and_(CardPicture.card == k.key, exists_visible(k.model, CardPicture.card_id, actor)) for k in seen]
    return or_(false(), *ways)


def _pictures_changed(actor: Actor) -> Condition:
    changed = _with_picture() if actor.is_employee else []
    ways = [and_(CardPicture.card == k.key, exists_changeable(k.model, CardPicture.card_id, actor)) for k in changed]
    return or_(false(), *ways)


def _with_picture() -> list[CardKind]:
    return [kind for kind in KINDS.values() if "picture" in kind.model.model_fields]


def _on_any(way: Any, condition: Callable[[type[SQLModel]], ColumnElement[bool]]) -> Condition:
    return or_(false(), *(and_(way.card == k.key, condition(k.model)) for k in KINDS.values() if k.is_reached))


def _comments(actor: Actor) -> Condition:
    seen = of_visible_cards(Comment.card, Comment.card_id, actor)
    return seen & Comment.is_internal.is_(False) if actor.is_guest else seen


def _own_comments(actor: Actor) -> Condition:
    return (Comment.author_kind == actor.kind) & (Comment.author_id == actor.id)


def _files(actor: Actor) -> Condition:
    seen = of_visible_cards(StoredFile.card, StoredFile.card_id, actor)
    return seen & StoredFile.is_internal.is_(False) if actor.is_guest else seen


def _tags(actor: Actor) -> Condition:
    return Tag.owner_id.in_((0, actor.id)) if actor.is_employee else false()


def _tags_changed(actor: Actor) -> Condition:
    if not actor.is_employee:
        return False
    return or_(Tag.owner_id == actor.id, Tag.owner_id == 0) if actor.may("tag.share") else Tag.owner_id == actor.id


def _taggings(actor: Actor) -> Condition:
    return of_visible_cards(Tagging.card, Tagging.card_id, actor) if actor.is_employee else False


def _shelved(owner_id: Any) -> Rule:
    """What an employee has for themselves, and what is everyone's (0)."""
    return lambda actor: owner_id.in_((0, actor.id)) if actor.is_employee else False


def _shelved_by(owner_id: Any) -> Rule:
    """What is one's own to change: everyone's only for who may share."""

    def rule(actor: Actor) -> Condition:
        if not actor.is_employee:
            return False
        return owner_id.in_((0, actor.id)) if actor.may("filter.share") else owner_id == actor.id

    return rule


def _members(actor: Actor) -> Condition:
    if not actor.is_employee:
        return False
    seen = of_visible_cards(GroupMember.card, GroupMember.card_id, actor)
    return seen & exists_visible(Group, GroupMember.group_id, actor)


def _favourites(actor: Actor) -> Condition:
    return (Favourite.employee_id == actor.id) if actor.is_employee else False


def _followers(actor: Actor) -> Condition:
    return of_visible_cards(Follower.card, Follower.card_id, actor) if actor.is_employee else False


def _links(actor: Actor) -> Condition:
    """Links of which the actor sees both cards: of others nobody learns that they are there."""
    if not actor.is_employee:
        return False
    one = of_visible_cards(CardLink.one, CardLink.one_id, actor)
    return one & of_visible_cards(CardLink.other, CardLink.other_id, actor)


def _shares(actor: Actor) -> Condition:
    if actor.is_guest:
        return Share.guest_id == actor.id
    return of_visible_cards(Share.card, Share.card_id, actor) if actor.is_employee else False


def _merges(actor: Actor) -> Condition:
    """Merges into cards that the actor sees, though they have gone to the bin since."""
    if not actor.is_employee:
        return False
    kept = [(kind, exists_visible(kind.model, CardMerge.kept_id, actor, with_bin=True)) for kind in KINDS.values()]
    return or_(false(), *(and_(CardMerge.card == kind.key, seen) for kind, seen in kept if kind.is_reached))


def _notifications(actor: Actor) -> Condition:
    return (Notification.employee_id == actor.id) if actor.is_employee else False


_PASSED_ON: list[tuple[ColumnElement[bool], ColumnElement[bool]]] = []


def pass_facts_on(facts: ColumnElement[bool], links: ColumnElement[bool]) -> None:
    """Open facts to whoever sees a card that is linked with them, though not the card that they are about.

    facts: which ones, of FactRow; links: by which ones, of FactLink.
    """
    _PASSED_ON.append((facts, links))


def _facts(actor: Actor) -> Condition:
    if not actor.is_employee:
        return False
    if actor.may("audit.see"):
        return ~_tells_of_closed(actor)
    seen = or_(of_visible_cards(FactRow.card, FactRow.card_id, actor), _passed_on(actor))
    return and_(seen, or_(FactRow.name.not_in(_OF_TWO), ~_is_linked_with_unseen(actor)))


_OF_TWO = ("CardsLinked", "CardsUnlinked")
"""Facts that say something of another card, and are told only to who sees that, too."""


def _is_linked_with_unseen(actor: Actor) -> ColumnElement[bool]:
    links = inspect(FactLink).local_table.alias()  # as a bare table: of FactLink there are but those that one sees
    unseen = ~of_visible_cards(links.c.card, links.c.card_id, actor)
    return exists().where(links.c.fact_id == FactRow.id, unseen).correlate_except(links)


def _tells_of_closed(actor: Actor) -> ColumnElement[bool]:
    """Of who sees every fact: that one says of two cards what only who sees both may know, and one is closed to them.

    In the bin is not closed; where every card is theirs to see nothing is asked, so that facts of removed ones stay.
    """
    some = [kind for kind in KINDS.values() if kind.is_linked and not actor.reaches_all(f"{kind.key}.see")]
    if not some:
        return false()

    def is_closed(card: Any, card_id: Any) -> ColumnElement[bool]:
        unseen = ((kind.key, ~exists_visible(kind.model, card_id, actor, with_bin=True)) for kind in some)
        return or_(*(and_(card == key, condition) for key, condition in unseen))

    links = inspect(FactLink).local_table.alias()
    linked = exists().where(links.c.fact_id == FactRow.id, is_closed(links.c.card, links.c.card_id))
    closed = or_(is_closed(FactRow.card, FactRow.card_id), linked.correlate_except(links))
    return and_(FactRow.name.in_(_OF_TWO), closed)


def _passed_on(actor: Actor) -> ColumnElement[bool]:
    """Facts of cards that have become, or gone into, one that the actor sees, which is linked with them."""
    seen = of_visible_cards(FactLink.card, FactLink.card_id, actor)
    ways = [
        facts & exists().where(FactLink.fact_id == FactRow.id, links, seen).correlate_except(FactLink)
        for facts, links in _PASSED_ON
    ]
    return or_(*ways)


pass_facts_on(
    exists()
    .where(CardMerge.card == FactRow.card, CardMerge.absorbed_id == FactRow.card_id, CardMerge.split_at.is_(None))
    .correlate_except(CardMerge),
    FactLink.card == FactRow.card,
)


def _fact_links(actor: Actor) -> Condition:
    return of_visible_cards(FactLink.card, FactLink.card_id, actor) if actor.is_employee else False


def _bulk_changes(actor: Actor) -> Condition:
    return actor.is_employee and (actor.may("audit.see") or BulkChange.employee_id == actor.id)


def _of_bulk_change(bulk_id: Any) -> Rule:
    return lambda actor: exists_visible(BulkChange, bulk_id, actor)


def _never(_: Actor) -> Condition:
    return False


policy(CardPhone, see=_ways_seen(CardPhone), change=_ways_changed(CardPhone))
policy(CardEmail, see=_ways_seen(CardEmail), change=_ways_changed(CardEmail))
policy(CardPicture, see=_pictures, change=_pictures_changed)
policy(Comment, see=_comments, change=_own_comments)
policy(StoredFile, see=_files)
policy(Tag, see=_tags, change=_tags_changed)
policy(Tagging, see=_taggings)
policy(Group, see=_shelved(Group.owner_id), change=_shelved_by(Group.owner_id))
policy(GroupMember, see=_members)
policy(SavedFilter, see=_shelved(SavedFilter.owner_id), change=_shelved_by(SavedFilter.owner_id))
policy(Favourite, see=_favourites)
policy(Follower, see=_followers)
policy(ListLayout, see=own(ListLayout.employee_id))
policy(LinkKind, see=employees, change=holders("link.define"))
policy(CardLink, see=_links)
policy(Share, see=_shares)
policy(CardMerge, see=_merges)
policy(Notification, see=_notifications)
policy(FactRow, see=_facts, change=_never)
policy(FactLink, see=_fact_links, change=_never)
policy(CustomField, see=employees, change=holders("field.define"))
policy(BulkChange, see=_bulk_changes, change=own(BulkChange.employee_id))
policy(BulkPart, see=_of_bulk_change(BulkPart.bulk_id))
policy(BulkBatch, see=_of_bulk_change(BulkBatch.bulk_id))
policy(BulkLeft, see=_of_bulk_change(BulkLeft.bulk_id))
