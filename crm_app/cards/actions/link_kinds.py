"""What links between cards can say: added, changed, removed and brought back by whoever sets the company's cards up."""

from __future__ import annotations

from sqlalchemy import func, select

from crm_app.cards import link_rules
from crm_app.cards.events import LinkKindAdded, LinkKindChanged, LinkKindRemoved, LinkKindRestored
from crm_app.cards.models import LinkKind
from crm_app.core import installation
from crm_app.core.door import Tx, action
from crm_app.core.errors import RuleBroken
from crm_app.core.i18n import text

SEEDED = "link_kinds"


@action("link.define")
def add_link_kind(tx: Tx, words: dict[str, str]) -> LinkKind:
    """Let links say one thing more. words: forth_ru, forth_en, back_ru, back_en. Raises BadInput, RuleBroken."""
    clean = link_rules.clean_words(words)
    _check_room(tx)
    kind = tx.add(LinkKind(**clean, created_at=tx.now))
    tx.record(LinkKindAdded(card_id=kind.id or 0, name=name_of(kind)))
    return kind


@action("link.define")
def change_link_kind(tx: Tx, kind_id: int, words: dict[str, str]) -> LinkKind:
    """Call what links say otherwise, on all cards. Raises NotFound, BadInput."""
    kind = tx.need(LinkKind, kind_id)
    clean = link_rules.clean_words({**{name: getattr(kind, name) for name in link_rules.WORDS}, **words})
    changes = {name: [getattr(kind, name), word] for name, word in clean.items() if getattr(kind, name) != word}
    for name, word in clean.items():
        setattr(kind, name, word)
    if changes:
        tx.record(LinkKindChanged(card_id=kind_id, name=name_of(kind), changes=changes))
    return kind


@action("link.define")
def remove_link_kind(tx: Tx, kind_id: int) -> None:
    """Offer it no more; links that say it stay. Raises NotFound."""
    kind = tx.need(LinkKind, kind_id)
    if kind.removed_at is None:
        kind.removed_at = tx.now
        tx.record(LinkKindRemoved(card_id=kind_id, name=name_of(kind)))


@action("link.define")
def restore_link_kind(tx: Tx, kind_id: int) -> None:
    """Offer it again. Raises NotFound, RuleBroken."""
    kind = tx.need(LinkKind, kind_id)
    if kind.removed_at is not None:
        _check_room(tx)
        kind.removed_at = None
        tx.record(LinkKindRestored(card_id=kind_id, name=name_of(kind)))


@action("link.define")
def sync_link_kinds(tx: Tx) -> None:
    """Give the company what links can say to begin with, once each."""
    given = set(installation.get(tx, SEEDED, []))
    for preset in link_rules.PRESETS:
        if preset not in given:
            words = {
                f"{way}_{locale}": text(f"cards.links.preset.{preset}.{way}", locale)
                for way in ("forth", "back")
                for locale in ("ru", "en")
            }
            tx.add(LinkKind(**words, created_at=tx.now))
    installation.put(tx, SEEDED, sorted(given | set(link_rules.PRESETS)))


def name_of(kind: LinkKind) -> str:
    """What a kind of link is called where both its words are told: "branch / head office"."""
    words = kind.model_dump()
    forth, back = (link_rules.word_of(words, is_back, "ru") for is_back in (False, True))
    return forth if forth == back else f"{forth} / {back}"


def _check_room(tx: Tx) -> None:
    known = int(tx.scalar(select(func.count()).select_from(LinkKind).where(LinkKind.removed_at.is_(None))))
    if known >= link_rules.MOST_KINDS:
        raise RuleBroken("cards.error.too_many_link_kinds", most=link_rules.MOST_KINDS)
