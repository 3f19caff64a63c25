"""What has happened on a card of any kind: the kind is told by the fact itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

from crm_app.core.events import Fact


@dataclass(frozen=True, kw_only=True)
class AddedFact(Fact):
    """A card was added. name: as people called it then. Each kind says which card it is, here as below."""

    name: str


@dataclass(frozen=True, kw_only=True)
class ChangedFact(Fact):
    """Fields of a card have changed: see `changes`."""


@dataclass(frozen=True, kw_only=True)
class RemovedFact(Fact):
    """A card went to the bin."""


@dataclass(frozen=True, kw_only=True)
class RestoredFact(Fact):
    """A card came out of the bin."""


@dataclass(frozen=True, kw_only=True)
class CardFact(Fact):
    """A fact about a card whose kind is known only when it happens."""

    kind: str

    @property
    def card(self) -> str:  # type: ignore[override]
        return self.kind

    def topics(self) -> Iterable[str]:
        return (f"{self.kind}:{self.card_id}",)


@dataclass(frozen=True, kw_only=True)
class CommentAdded(CardFact):
    """comment_id: its text is asked for by whoever may read it, and never travels in the fact."""

    comment_id: int
    is_internal: bool
    mentioned: list[int]


@dataclass(frozen=True, kw_only=True)
class CommentRemoved(CardFact):
    comment_id: int


@dataclass(frozen=True, kw_only=True)
class FileAdded(CardFact):
    file_id: int
    is_internal: bool


@dataclass(frozen=True, kw_only=True)
class FileRemoved(CardFact):
    file_id: int


@dataclass(frozen=True, kw_only=True)
class TagsChanged(CardFact):
    """added, removed: names of tags that everyone sees."""

    added: list[str]
    removed: list[str]


@dataclass(frozen=True, kw_only=True)
class GroupsChanged(CardFact):
    """added, removed: names of groups that everyone sees."""

    added: list[str]
    removed: list[str]


@dataclass(frozen=True, kw_only=True)
class FollowerAdded(CardFact):
    """employee_id, name: who is told of the card from now on."""

    employee_id: int
    name: str


@dataclass(frozen=True, kw_only=True)
class FollowerRemoved(CardFact):
    employee_id: int
    name: str


@dataclass(frozen=True, kw_only=True)
class LinkFact(CardFact):
    """A fact about two cards, on the timelines of both. pair: kind and id of each; the second is not `card_id`."""

    pair: list[list[Any]]

    def links(self) -> Iterable[tuple[str, int]]:
        return [(kind, card_id) for kind, card_id in self.pair if (kind, card_id) != (self.kind, self.card_id)]

    def topics(self) -> Iterable[str]:
        return [f"{kind}:{card_id}" for kind, card_id in self.pair]


@dataclass(frozen=True, kw_only=True)
class CardsLinked(LinkFact):
    """Two cards were linked."""


@dataclass(frozen=True, kw_only=True)
class CardsUnlinked(LinkFact):
    """A link of two cards was removed."""


@dataclass(frozen=True, kw_only=True)
class LinkKindFact(Fact):
    """A fact about what links can say. name: in the language of the company's reader."""

    card: ClassVar[str] = "link_kind"
    name: str

    def topics(self) -> Iterable[str]:
        return ("link_kinds",)


@dataclass(frozen=True, kw_only=True)
class LinkKindAdded(LinkKindFact):
    pass


@dataclass(frozen=True, kw_only=True)
class LinkKindChanged(LinkKindFact):
    pass


@dataclass(frozen=True, kw_only=True)
class LinkKindRemoved(LinkKindFact):
    pass


@dataclass(frozen=True, kw_only=True)
class LinkKindRestored(LinkKindFact):
    pass


@dataclass(frozen=True, kw_only=True)
class FilterFact(Fact):
    """A fact about a saved filter. kind: the kind of card that it filters."""

    card: ClassVar[str] = "saved_filter"
    kind: str

    def topics(self) -> Iterable[str]:
        return (f"filters:{self.kind}",)


@dataclass(frozen=True, kw_only=True)
class FilterSaved(FilterFact):
    name: str


@dataclass(frozen=True, kw_only=True)
class FilterChanged(FilterFact):
    """changes: name, conditions, owner_id (0: everyone's)."""


@dataclass(frozen=True, kw_only=True)
class FilterRemoved(FilterFact):
    name: str


@dataclass(frozen=True, kw_only=True)
class SharedWithGuest(CardFact):
    guest_id: int


@dataclass(frozen=True, kw_only=True)
class UnsharedWithGuest(CardFact):
    guest_id: int


@dataclass(frozen=True, kw_only=True)
class CustomFieldFact(Fact):
    """A fact about a field that the company has given to a kind of card. of: the kind; name: of the field."""

    card: ClassVar[str] = "custom_field"
    of: str
    name: str

    def topics(self) -> Iterable[str]:
        return (f"fields:{self.of}",)


@dataclass(frozen=True, kw_only=True)
class CustomFieldAdded(CustomFieldFact):
    pass


@dataclass(frozen=True, kw_only=True)
class CustomFieldChanged(CustomFieldFact):
    pass


@dataclass(frozen=True, kw_only=True)
class CustomFieldRemoved(CustomFieldFact):
    pass


@dataclass(frozen=True, kw_only=True)
class CustomFieldRestored(CustomFieldFact):
    pass


@dataclass(frozen=True, kw_only=True)
class BinTimeChanged(Fact):
    """For how many days the bin keeps cards: see `changes`."""

    card: ClassVar[str] = "bin"

    def topics(self) -> Iterable[str]:
        return ("bin",)


@dataclass(frozen=True, kw_only=True)
class BinEmptied(Fact):
    """Cards were removed for good. of: their kind; ids: which; with_them: those that had been merged into them."""

    card: ClassVar[str] = "bin"
    of: str
    ids: list[int]
    with_them: list[int]

    def topics(self) -> Iterable[str]:
        return ("bin",)
