"""What must be true of mailings: pure, the time comes in as an argument."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Literal, get_args

from crm_app.core.errors import BadInput, Reason, RuleBroken
from crm_app.core.folding import one_line

DRAFT, SCHEDULED, SENDING, PAUSED, FINISHED, STOPPED = (
    "draft", "scheduled", "sending", "paused", "finished", "stopped",
)  # fmt: skip
"""States of a mailing."""
STATES = (DRAFT, SCHEDULED, SENDING, PAUSED, FINISHED, STOPPED)

QUEUED, IN_HAND, SENT, FAILED, SKIPPED = "queued", "sending", "sent", "failed", "skipped"
"""States of a delivery."""
DELIVERY_STATES = (QUEUED, IN_HAND, SENT, FAILED, SKIPPED)

ACCEPTED, DEFERRED, REFUSED, INTERRUPTED = "accepted", "deferred", "refused", "interrupted"
"""Outcomes of an attempt. interrupted: the worker died with this letter perhaps under way; it goes again."""

UNSUBSCRIBED, BOUNCED, BY_HAND = "unsubscribed", "bounced", "by_hand"
"""Why an address is suppressed."""
SUPPRESSED, CLIENT_GONE, CARD_GONE = "suppressed", "client_gone", "card_gone"
"""Why a delivery is skipped. card_gone: of a contact or a lead."""

Card = Literal["client", "contact", "lead"]
CARDS: tuple[Card, ...] = get_args(Card)
"""Kinds of card that mailings go to: each mailing to cards of one kind."""

WAYS_TO_RESEND = ("failed", "unsent")

LONGEST_NAME, LONGEST_BODY, MOST_TICKED = 200, 200_000, 5_000
MOST_TRIES = 6
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=2), timedelta(hours=4)
AWAY_PAUSES = (5, 15, 30, 60, 120, 300)
"""Seconds to wait for a mail server that is away, the last of them again and again …"""
AWAY_FOR_GOOD = timedelta(hours=2)
"""… and after so long the mailing pauses and asks for a person."""
FARTHEST_START = timedelta(days=366)
POLICY_STREAK = 10
"""So many refusals in a row for one reason that is about us, not about the recipient, pause a mailing."""
FAILURES_WINDOW = 200
"""More than half of so many refused pauses it too."""


def clean_name(name: str) -> str:
    """A mailing's name, trimmed. Raises BadInput where it is empty or too long."""
    name = one_line(name)
    if not name or len(name) > LONGEST_NAME:
        raise BadInput("mailings.error.name", field="name", longest=LONGEST_NAME)
    return name


def card_of(audience: Mapping[str, Any]) -> Card:
    """The kind of card that an audience is of."""
    card: Card = audience.get("card") or "client"
    return card


def clean_audience(card: Card, ids: list[int], filter_: dict[str, Any] | None) -> dict[str, Any]:
    """Recipients as they are stored. Raises BadInput for more ticked ones than a list can hold."""
    if len(ids) > MOST_TICKED:
        raise BadInput("mailings.error.many_ticked", field="audience", most=MOST_TICKED)
    return {"card": card, "ids": sorted(set(ids)), "filter": filter_}


def has_audience(audience: Mapping[str, Any]) -> bool:
    """Whether anybody was chosen: ticked, or by a filter (an empty filter means everybody)."""
    return bool(audience.get("ids")) or audience.get("filter") is not None


def check_editable(state: str) -> None:
    """Raises RuleBroken once a mailing has been started: what some have read stays the same for the others."""
    if state not in (DRAFT, SCHEDULED):
        raise RuleBroken("mailings.error.started", field="state")


def check_can_start(state: str, reasons: list[Reason]) -> None:
    """Raises RuleBroken for a mailing that was started before, or with every cause that keeps it from starting."""
    check_editable(state)
    if reasons:
        raise RuleBroken(reasons[0].key or reasons[0].code, reasons=reasons, **reasons[0].params)


def check_start_time(start_at: datetime, now: datetime) -> None:
    """Raises BadInput for a time without a zone, one that is past, or one that is more than a year ahead."""
    if start_at.tzinfo is None or not now < start_at <= now + FARTHEST_START:
        raise BadInput("mailings.error.start_time", field="start_at")


def check_move(state: str, *allowed: str) -> None:
    """Raises RuleBroken unless the mailing is in one of the states."""
    if state not in allowed:
        raise RuleBroken("mailings.error.state", field="state", state=state)


def next_try(tries: int, now: datetime) -> datetime | None:
    """When a letter that was put off is tried again after so many tries; None after the last."""
    if tries >= MOST_TRIES:
        return None
    return now + min(FIRST_PAUSE * 3 ** (tries - 1), LONGEST_PAUSE)


def wait_for_channel(since: datetime, now: datetime) -> datetime | None:
    """When to ask a channel again that has been away since then; None where a person is needed."""
    gone = now - since
    if gone > AWAY_FOR_GOOD:
        return None
    seconds = next((pause for pause in AWAY_PAUSES if pause > gone.total_seconds()), AWAY_PAUSES[-1])
    return now + timedelta(seconds=seconds)


class Streak:
    """Watches refusals: tells when they are about us rather than about the recipients."""

    def __init__(self) -> None:
        self._status = ""
        self.refused_alike: list[int] = []
        self._last: list[bool] = []

    def note(self, delivery_id: int, status: str, *, was_refused: bool) -> bool:
        """Note an outcome. True when the mailing had better pause."""
        self._last = [*self._last[1 - FAILURES_WINDOW :], was_refused]
        if was_refused and status.startswith("5.7."):
            alike = self.refused_alike if status == self._status else []
            self._status, self.refused_alike = status, [*alike, delivery_id]
        else:
            self._status, self.refused_alike = "", []
        too_many = len(self._last) == FAILURES_WINDOW and sum(self._last) > FAILURES_WINDOW // 2
        return len(self.refused_alike) >= POLICY_STREAK or too_many
