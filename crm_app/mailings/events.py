"""What has happened to mailings and to the addresses that none may reach."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

from crm_app.core.events import Fact


@dataclass(frozen=True, kw_only=True)
class MailingFact(Fact):
    """What the facts about a mailing have in common."""

    card: ClassVar[str] = "mailing"


@dataclass(frozen=True, kw_only=True)
class MailingCreated(MailingFact):
    name: str


@dataclass(frozen=True, kw_only=True)
class MailingChanged(MailingFact):
    """changes: field → [old, new]; of the body only that it changed."""


@dataclass(frozen=True, kw_only=True)
class MailingScheduled(MailingFact):
    """start_at: ISO, UTC."""

    start_at: str


@dataclass(frozen=True, kw_only=True)
class MailingUnscheduled(MailingFact):
    """reason: the key of the sentence that says why it could not start; "" where a person took it back."""

    reason: str = ""
    params: dict[str, Any] | None = None


@dataclass(frozen=True, kw_only=True)
class MailingStarted(MailingFact):
    """n: how many letters are to be sent."""

    n: int


@dataclass(frozen=True, kw_only=True)
class MailingPaused(MailingFact):
    """reason: the key of the sentence that says why it paused by itself; "" where a person paused it."""

    reason: str = ""
    params: dict[str, Any] | None = None


@dataclass(frozen=True, kw_only=True)
class MailingResumed(MailingFact):
    pass


@dataclass(frozen=True, kw_only=True)
class MailingStopped(MailingFact):
    pass


@dataclass(frozen=True, kw_only=True)
class MailingResent(MailingFact):
    """n: how many letters go again."""

    n: int


@dataclass(frozen=True, kw_only=True)
class MailingFinished(MailingFact):
    sent: int
    failed: int


@dataclass(frozen=True, kw_only=True)
class MailingRemoved(MailingFact):
    pass


@dataclass(frozen=True, kw_only=True)
class SenderChanged(Fact):
    """A sender was added or removed: the address and what happened to it ("added", "removed")."""

    card: ClassVar[str] = "sender"
    address: str
    what: str


@dataclass(frozen=True, kw_only=True)
class AddressSuppressed(Fact):
    """card_id: the mailing by which it came, 0 for none. client_id, contact_id, lead_id: whose address it was there."""

    card: ClassVar[str] = "mailing"
    address: str
    reason: str
    client_id: int = 0
    contact_id: int = 0
    lead_id: int = 0

    def links(self) -> Iterable[tuple[str, int]]:
        cards = (("client", self.client_id), ("contact", self.contact_id), ("lead", self.lead_id))
        return [(card, card_id) for card, card_id in cards if card_id]

    def topics(self) -> Iterable[str]:
        own = [f"mailing:{self.card_id}"] if self.card_id else []
        return ["suppressions", *own, *(f"{card}:{card_id}" for card, card_id in self.links())]


@dataclass(frozen=True, kw_only=True)
class AddressReleased(Fact):
    card: ClassVar[str] = "mailing"
    address: str

    def topics(self) -> Iterable[str]:
        return ("suppressions",)
