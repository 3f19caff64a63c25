"""What can be asked of a card of any kind: its timeline, comments, files, tags; and one's notifications."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, Select, and_, bindparam, func, select, union_all

from crm_app.access.models import Employee, Guest
from crm_app.cards import field_queries, rules  # noqa: F401  loaded with these
from crm_app.cards.kinds import KINDS, CardKind, need_card, openly, unseen_on
from crm_app.cards.merged import now_at
from crm_app.cards.models import Comment, Favourite, Notification, StoredFile, Tag, Tagging
from crm_app.cards.ways import search_words
from crm_app.core import i18n, search
from crm_app.core.actor import ANYBODY, LOGGED_IN
from crm_app.core.door import Tx, query
from crm_app.core.events import FactLink, FactRow
from crm_app.core.policy import past_the_policies

PAGE = 50
MOST = 200
_AFTER_ALL = 2**62
NAMED = "named"
"""Among the details of a fact, cards that its sentence names: kind → id. Their names are asked for by the reader."""
PAIR = "pair"
"""The same of two cards of any kinds, [[kind, id], [kind, id]]: its sentence calls them {one} and {other}."""


@dataclass
class TimelineRow:
    """One line of a timeline. details: what the fact tells, without fields that are hidden from the reader.

    currency: of the card, for the amounts among its changes; "" where nothing has changed or the card has none.
    """

    id: int
    at: datetime
    name: str
    card: str
    card_id: int
    actor_kind: str
    actor_id: int
    actor_name: str
    via: str
    details: dict[str, Any]
    currency: str


@dataclass(frozen=True)
class CommentRow:
    id: int
    author_kind: str
    author_id: int
    author_name: str
    body: str
    is_internal: bool
    created_at: datetime


@dataclass(frozen=True)
class FileRow:
    id: int
    name: str
    size: int
    media_type: str
    author_name: str
    is_internal: bool
    created_at: datetime


@dataclass(frozen=True)
class KeptFile:
    """Where a file's bytes are, and under which name they are given out."""

    name: str
    place: str


@dataclass(frozen=True)
class NotificationRow:
    id: int
    key: str
    params: dict[str, Any]
    href: str
    created_at: datetime
    is_read: bool


_FACTS = select(
    FactRow.id, FactRow.at, FactRow.name, FactRow.card, FactRow.card_id, FactRow.actor_kind, FactRow.actor_id,
    FactRow.via, FactRow.details,
)  # fmt: skip
_OF_CARD = union_all(
    select(FactRow.id).where(FactRow.card == bindparam("card"), FactRow.card_id == bindparam("card_id")),
    select(FactLink.fact_id).where(FactLink.card == bindparam("card"), FactLink.card_id == bindparam("card_id")),
)
_FACTS_OF_CARD = (
    _FACTS.where(FactRow.id.in_(_OF_CARD), FactRow.id < bindparam("before"))
    .order_by(FactRow.id.desc())
    .limit(bindparam("most"))
)
"""By their ids, which indexes give: with an OR, every fact of the company is gone through."""
_FACTS_AFTER = _FACTS.where(FactRow.id > bindparam("after")).order_by(FactRow.id).limit(bindparam("most"))


@query(LOGGED_IN)
def see_timeline(tx: Tx, card: str, card_id: int, before: int | None = None, limit: int = PAGE) -> list[TimelineRow]:
    """What happened to a card, the latest first; before: the id of the last line that is known."""
    need_card(tx, card, card_id)
    before = _AFTER_ALL if before is None else before
    found = tx.all(_FACTS_OF_CARD, card=card, card_id=card_id, before=before, most=min(limit, MOST))
    return timeline_rows(tx, found)


@query(LOGGED_IN)
def list_facts(tx: Tx, after: int = 0, limit: int = PAGE) -> list[TimelineRow]:
    """Every fact that the actor may see, in the order in which they were saved; after: the last id that is known."""
    return timeline_rows(tx, tx.all(_FACTS_AFTER, after=after, most=min(limit, MOST)))


def timeline_rows(tx: Tx, facts: list[Any]) -> list[TimelineRow]:
    """Facts, by the columns of _FACTS, as lines: with their actors' names, without what is hidden from the reader."""
    names = {"employee": _names(tx, facts, "employee", Employee), "guest": _names(tx, facts, "guest", Guest)}
    currencies, called, unseen = _currencies(tx, facts), _called(tx, facts), _unseen(tx, facts)
    return [
        TimelineRow(
            id=fact.id,
            at=fact.at,
            name=fact.name,
            card=fact.card,
            card_id=fact.card_id,
            actor_kind=fact.actor_kind,
            actor_id=fact.actor_id,
            actor_name=names.get(fact.actor_kind, {}).get(fact.actor_id, ""),
            via=fact.via,
            details={
                **_seen_details(fact, unseen.get((fact.card, fact.card_id), frozenset())),
                **called.get(fact.id, {}),
            },
            currency=currencies.get((fact.card, fact.card_id), ""),
        )
        for fact in facts
    ]


def _names(tx: Tx, facts: list[Any], kind: str, model: Any) -> dict[int, str]:
    ids = {fact.actor_id for fact in facts if fact.actor_kind == kind}
    rows = tx.all(select(model.id, model.name).where(model.id.in_(ids))) if ids else []
    return {row.id: row.name for row in rows}


def _called(tx: Tx, facts: list[Any]) -> dict[int, dict[str, str]]:
    """By fact, what the cards that it names are called today, for who sees them: kind → name."""
    found = _called_by_card(tx, facts)
    unseen = i18n.text("cards.unseen", tx.actor.locale)
    return {fact.id: {name: found.get(at, unseen) for name, at in _named(fact).items()} for fact in facts}


def _named(fact: Any) -> dict[str, tuple[str, int]]:
    """The cards that the sentence of a fact names, by what it calls them."""
    pair = zip(("one", "other"), fact.details.get(PAIR, ()), strict=False)
    named = {card: (card, card_id) for card, card_id in fact.details.get(NAMED, {}).items()}
    return named | {name: (card, card_id) for name, (card, card_id) in pair}


def _called_by_card(tx: Tx, facts: list[Any]) -> dict[tuple[str, int], str]:
    wanted: dict[str, set[int]] = {}
    for fact in facts:
        for card, card_id in _named(fact).values():
            wanted.setdefault(card, set()).add(card_id)
    found: dict[tuple[str, int], str] = {}
    for card in wanted.keys() & KINDS.keys():
        titles = titles_of(tx, card, wanted[card])
        merged = now_at(tx, card, wanted[card] - titles.keys())
        later = titles_of(tx, card, set(merged.values()))
        titles |= {old: later[now] for old, now in merged.items() if now in later}
        found |= {(card, card_id): title for card_id, title in titles.items()}
    return found


def titles_of(tx: Tx, card: str, ids: set[int]) -> dict[int, str]:
    """What cards of a kind are called that the reader sees, by id."""
    model: Any = KINDS[card].model
    rows = tx.all(select(model.id, KINDS[card].title).where(model.id.in_(ids))) if ids else []
    return {row[0]: row[1] for row in rows}


def _currencies(tx: Tx, facts: list[Any]) -> dict[tuple[str, int], str]:
    changed: dict[str, set[int]] = {}
    for fact in facts:
        if fact.details.get("changes"):
            changed.setdefault(fact.card, set()).add(fact.card_id)
    found: dict[tuple[str, int], str] = {}
    for card in changed.keys() & KINDS.keys():
        model: Any = KINDS[card].model
        if hasattr(model, "currency"):
            rows = tx.all(select(model.id, model.currency).where(model.id.in_(changed[card])))
            found |= {(card, row.id): row.currency for row in rows}
    return found


def _unseen(tx: Tx, facts: list[Any]) -> dict[tuple[str, int], frozenset[str]]:
    """By card, the fields of which its history does not tell: those that are hidden where it stands now."""
    cards: dict[str, set[int]] = {}
    for fact in facts:
        cards.setdefault(fact.card, set()).add(fact.card_id)
    told = {card: unseen_on(tx, card, ids) for card, ids in cards.items()}
    return {(card, card_id): hidden for card, found in told.items() for card_id, hidden in found.items()}


def _seen_details(fact: Any, hidden: frozenset[str]) -> dict[str, Any]:
    if not hidden:
        return fact.details
    changes = fact.details.get("changes")
    seen = {key: value for key, value in fact.details.items() if key not in hidden}
    if changes:
        seen["changes"] = {field: pair for field, pair in changes.items() if field not in hidden}
    return seen


@query(ANYBODY)
def list_comments(tx: Tx, card: str, card_id: int, before: int | None = None, limit: int = PAGE) -> list[CommentRow]:
    """Comments on a card that the reader may read, the latest first."""
    need_card(tx, card, card_id)
    statement = select(Comment).where(Comment.card == card, Comment.card_id == card_id)
    if before is not None:
        statement = statement.where(Comment.id < before)
    rows = tx.all(statement.order_by(Comment.id.desc()).limit(min(limit, MOST)))
    return [
        CommentRow(c.id, c.author_kind, c.author_id, c.author_name, c.body, c.is_internal, c.created_at) for c in rows
    ]


@query(ANYBODY)
def list_files(tx: Tx, card: str, card_id: int) -> list[FileRow]:
    """Files of a card that the reader may read, the latest first."""
    need_card(tx, card, card_id)
    statement = select(StoredFile).where(StoredFile.card == card, StoredFile.card_id == card_id)
    rows = tx.all(statement.order_by(StoredFile.id.desc()).limit(MOST))
    return [FileRow(f.id, f.name, f.size, f.media_type, f.author_name, f.is_internal, f.created_at) for f in rows]


@query(ANYBODY)
def check_upload(tx: Tx, card: str, card_id: int, size: int = 0) -> None:
    """Refuse a file before its bytes are taken: see `check_guest_quota`; NotFound for a card that one does not see."""
    need_card(tx, card, card_id)
    check_guest_quota(tx, size)


def check_guest_quota(tx: Tx, size: int) -> None:
    """Raises TooMany or TooBig where a guest has sent enough for a day; staff may send what they like."""
    if not tx.actor.is_guest:
        return
    own = (StoredFile.author_kind == tx.actor.kind, StoredFile.author_id == tx.actor.id)
    sent = select(func.count(), func.coalesce(func.sum(StoredFile.size), 0)).select_from(StoredFile)
    with tx.with_bin(), past_the_policies(tx.session):  # what was closed to them, or removed, was sent all the same
        count, total = tx.all(sent.where(*own, StoredFile.created_at > tx.now - timedelta(days=1)))[0]
    rules.check_guest_may_send(count, total, size)


@query(ANYBODY)
def find_file(tx: Tx, file_id: int) -> KeptFile:
    """A file to be sent to the reader."""
    stored = tx.need(StoredFile, file_id)
    return KeptFile(stored.name, stored.place)


@query(LOGGED_IN)
def list_tags(tx: Tx, card: str = "", card_id: int = 0) -> list[str]:
    """Names of the tags of a card, or of all tags that the actor sees; by name."""
    statement = select(Tag.name).order_by(Tag.name).distinct()
    if card:
        need_card(tx, card, card_id)
        on_card = and_(Tagging.tag_id == Tag.id, Tagging.card == card, Tagging.card_id == card_id)
        statement = statement.join(Tagging, on_card)
    return tx.all(statement.limit(500))


@query(LOGGED_IN)
def is_starred(tx: Tx, card: str, card_id: int) -> bool:
    """Whether one's own star is on a card."""
    mine = (Favourite.card == card, Favourite.card_id == card_id)
    return bool(tx.scalar(select(func.count()).select_from(Favourite).where(*mine)))


@query(LOGGED_IN)
def list_notifications(tx: Tx, limit: int = 30) -> list[NotificationRow]:
    """One's own notifications, the latest first."""
    rows = tx.all(select(Notification).order_by(Notification.id.desc()).limit(min(limit, MOST)))
    return [
        NotificationRow(n.id, n.key, n.params, _href(n.card, n.card_id), n.created_at, n.read_at is not None)
        for n in rows
    ]


@query(LOGGED_IN)
def count_unread(tx: Tx) -> int:
    """How many of one's own notifications are unread."""
    unread = select(func.count()).select_from(Notification).where(Notification.read_at.is_(None))
    return int(tx.scalar(unread))


PLACES: dict[str, str] = {}
"""Pages that a notification may lead to instead of a card, by the word that stands for one."""


def _href(card: str, card_id: int) -> str:
    return KINDS[card].href.format(id=card_id) if card in KINDS else PLACES.get(card, "")


@dataclass(frozen=True)
class FoundRow:
    """A card that a search found."""

    card: str
    id: int
    title: str
    href: str


@query(LOGGED_IN)
def search_cards(tx: Tx, words: str, limit: int = 6) -> list[FoundRow]:
    """Cards of every kind in whose text all the words stand, at most `limit` of each kind, the latest first.

    A telephone number may be written as people do.
    """
    limit, words = min(limit, PAGE), search_words(words)
    return [
        FoundRow(kind.key, card_id, title, kind.href.format(id=card_id))
        for kind in KINDS.values()
        for card_id, title in _latest_found(tx, kind, words, limit)
    ]


def _latest_found(tx: Tx, kind: CardKind, words: str, limit: int) -> list[tuple[int, str]]:
    """The latest hits, of which most are seen by most people; only where too few are, all hits are gone through."""
    hits = search.latest(tx.session, kind.key, words, limit * 4)
    if not hits:
        return []
    hidden = openly(tx, kind.key, words)
    latest = _among(kind.key).where(*hidden) if hidden else _among(kind.key)
    found = tx.all(latest, ids=hits, most=limit)
    if len(found) < limit and len(hits) == limit * 4:
        in_text = search.has_words(tx.session, kind.key, kind.model.id, words, page=True)
        found = tx.all(_titles(kind.key).where(in_text, *hidden), most=limit)
    return [(row[0], row[1]) for row in found]


@cache
def _titles(card: str) -> Select[Any]:
    """What the latest cards of a kind are called."""
    model: Any = KINDS[card].model
    return select(model.id, KINDS[card].title).order_by(model.id.desc()).limit(bindparam("most"))


@cache
def _among(card: str) -> Select[Any]:
    model: Any = KINDS[card].model
    return _titles(card).where(model.id.in_(_IDS))


_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
