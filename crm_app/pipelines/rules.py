"""What must be true of pipelines, and in which order their stages may be entered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, TypeVar

from crm_app.cards.field_rules import Lacks
from crm_app.core.errors import BadInput, Reason, RuleBroken

OPEN, WON, LOST, HOLD = "open", "won", "lost", "hold"
CLOSED = (WON, LOST)
STRICT, FREE = "strict", "free"
ORDER_RULES = (STRICT, FREE)
COLOURS = ("grey", "blue", "teal", "green", "yellow", "orange", "red", "violet")
FIELDS = ("amount", "client_id", "payment_method", "delivery", "next_action", "items")
"""The fields of a deal that a stage may ask for."""

LONGEST_NAME = 80
LONGEST_ROT_DAYS = 3650
LONGEST_TOUCH = 60 * 24 * 90


class Step(Protocol):
    """What the rules need to know of a stage."""

    id: int | None
    name: str
    kind: str
    position: int
    required_fields: list[str]


Drop = Literal["free", "needs", "approval", "no"]


@dataclass(frozen=True)
class Verdict:
    """What a drop on a stage means: "free", "needs" (fields or a reason), "approval" or "no", and why."""

    drop: Drop
    reasons: tuple[Reason, ...] = ()


def verdict_of(needs: Sequence[Reason], own: Lacks) -> Verdict:
    """What a drop means that the way allows. needs: what the card lacks of its standard fields; own: of the company's.

    What nobody but others may fill in can't be asked for: then it is a "no" that says so.
    """
    if own.withheld:
        return Verdict("no", own.withheld)
    lacks = (*needs, *own.asked)
    return Verdict("needs", lacks) if lacks else Verdict("free")


AnyStep = TypeVar("AnyStep", bound=Step)


def in_order(steps: Sequence[AnyStep]) -> list[AnyStep]:
    """The open stages from first to last."""
    return sorted((step for step in steps if step.kind == OPEN), key=lambda step: (step.position, step.id or 0))


def may_follow(order_rule: str, steps: Sequence[Step], here: Step, there: Step) -> bool:
    """Whether the order of a pipeline lets a deal go from an open stage to another: open or won."""
    way = in_order(steps)
    if order_rule == FREE:
        return True
    place = way.index(here)
    following = way[place + 1] if place + 1 < len(way) else None
    return there.kind == WON if following is None else there is following


def return_step(return_stage_id: int | None, steps: Sequence[AnyStep]) -> AnyStep:
    """The open stage to which a card on hold, or a closed one, comes back: the first where none is remembered."""
    way = in_order(steps)
    return next((step for step in way if step.id == return_stage_id), way[0])


def return_stage_after(return_stage_id: int | None, here: Step, there: Step) -> int | None:
    """What a card remembers once it has entered a stage: the open stage it came from, unless it is open now."""
    if there.kind == OPEN:
        return None
    return here.id if here.kind == OPEN else return_stage_id


def clean_name(name: str) -> str:
    """The name of a pipeline or stage. Raises BadInput where it is empty or too long."""
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME:
        raise BadInput("pipelines.error.bad_name", field="name", longest=LONGEST_NAME)
    return name


def check_order_rule(order_rule: str) -> None:
    if order_rule not in ORDER_RULES:
        raise BadInput("pipelines.error.bad_order_rule", field="order_rule")


def check_place(stage: Step, place: int, count: int) -> None:
    """Raises RuleBroken for a stage that ends the way, BadInput for a place that is not there."""
    if stage.kind != OPEN:
        raise RuleBroken("pipelines.error.fixed_stage", name=stage.name)
    if not 0 <= place < count:
        raise BadInput("pipelines.error.bad_place", field="place")


def check_removal(stage: Step, stages: Sequence[Step]) -> None:
    """Raises RuleBroken for a stage without which a pipeline is none: an end of it, or its last open stage."""
    if stage.kind != OPEN:
        raise RuleBroken("pipelines.error.fixed_stage", name=stage.name)
    if len(in_order(stages)) == 1:
        raise RuleBroken("pipelines.error.last_stage", name=stage.name)


def check_carries(carries: str, card: str) -> None:
    """Raises BadInput where another kind of card goes through a pipeline."""
    if carries != card:
        raise BadInput("pipelines.error.other_cards", field="pipeline_id")


def check_touch_minutes(card: str, minutes: int) -> None:
    """Raises BadInput for a limit of the first touch that makes no sense, or where no leads come."""
    if not 0 <= minutes <= LONGEST_TOUCH or (minutes and card != "lead"):
        raise BadInput("pipelines.error.bad_touch_minutes", field="touch_minutes", longest=LONGEST_TOUCH)


def check_asks(card: str) -> None:
    """Raises BadInput where stages can't ask for fields: those that they know are a deal's."""
    if card != "deal":
        raise BadInput("pipelines.error.bad_required_fields", field="required_fields")


def check_stage(colour: str, probability: int, required_fields: list[str], rot_days: int) -> None:
    """Raises BadInput where a property of a stage makes no sense."""
    if colour not in COLOURS:
        raise BadInput("pipelines.error.bad_colour", field="colour")
    if not 0 <= probability <= 100:
        raise BadInput("pipelines.error.bad_probability", field="probability")
    if set(required_fields) - set(FIELDS) or len(set(required_fields)) != len(required_fields):
        raise BadInput("pipelines.error.bad_required_fields", field="required_fields")
    if not 0 <= rot_days <= LONGEST_ROT_DAYS:
        raise BadInput("pipelines.error.bad_rot_days", field="rot_days", longest=LONGEST_ROT_DAYS)
