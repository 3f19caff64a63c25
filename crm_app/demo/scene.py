"""Where the story plays: its language, its calendar, who works there, and what has come into being so far."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from crm_app.demo.words import Chance, Words, stories_of, words_of
from crm_app.demo.work_days import WorkDays
from crm_app.pipelines.models import Stage

NEWS_DAYS = 14


@dataclass(frozen=True)
class Recipe:
    """What is asked for. password_hash: of everybody's password, the guest's too; tag: of every card, if any."""

    clients: int
    deals: int
    seed: int
    locale: str
    password_hash: str = ""
    tag: str = ""


@dataclass(frozen=True)
class Person:
    """An employee of the story."""

    id: int
    name: str


@dataclass(frozen=True)
class Cast:
    """Who plays what. sellers, fitters: those who have clients and deals, in two departments."""

    sellers: tuple[Person, ...]
    fitters: tuple[Person, ...]
    boss: Person
    marketer: Person
    director: Person

    def named(self, key: str) -> Person:
        """Who says what a story has put into the mouth of one of five people."""
        roles = {"ann": self.sellers[0], "bob": self.fitters[0], "olga": self.boss, "mary": self.marketer}
        return roles.get(key, self.director)

    @cached_property
    def everybody(self) -> tuple[Person, ...]:
        return tuple(dict.fromkeys((*self.sellers, *self.fitters, self.boss, self.marketer, self.director)))


@dataclass(frozen=True)
class Way:
    """A pipeline with the stages that demo deals take: the open ones in order, and its ends where it has them."""

    id: int
    trade: str
    steps: tuple[Stage, ...]
    won: Stage | None
    lost: Stage | None
    hold: Stage | None


@dataclass(frozen=True)
class KnownClient:
    """A client who is there by now."""

    id: int
    name: str
    owner: Person
    address: str = ""


@dataclass(frozen=True)
class KnownDeal:
    """A deal that is there by now."""

    id: int
    title: str
    owner: Person
    client_id: int | None


@dataclass(frozen=True)
class Notice:
    """A notification to be: a sentence of the dictionaries, and the card that it leads to."""

    at: datetime
    to: Person
    key: str
    card: str
    card_id: int
    params: dict[str, Any]


@dataclass
class Scene:
    """The scene, and what stands on it by now. lead_way: the pipeline of leads; lead_rank: of the one that came last.

    first: the serial number of the first client; sender: the address that mailings come from, "" for no mailings.
    """

    recipe: Recipe
    first: int
    has_guest: bool
    sender: str
    days: WorkDays
    cast: Cast
    ways: list[Way]
    tags: dict[str, int]
    clients: list[KnownClient] = field(default_factory=list)
    deals: list[KnownDeal] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    sender_id: int = 0
    lead_way: Way | None = None
    lead_rank: str | None = None

    @property
    def words(self) -> Words:
        return words_of(self.recipe.locale)

    @property
    def stories(self) -> list[Words]:
        return stories_of(self.recipe.locale)

    def notify(self, notice: Notice) -> None:
        """Remember what somebody should know, if it is news."""
        if self.days.days_since(notice.at) < NEWS_DAYS:
            self.notices.append(notice)

    def chance(self, purpose: str) -> Chance:
        """A random of its own for each purpose, so that a change in one leaves the others as they were."""
        return Chance(f"{self.recipe.seed}:{self.first}:{purpose}")
