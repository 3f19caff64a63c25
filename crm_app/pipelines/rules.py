"""What must be true of pipelines, and in which order their stages may be entered."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, TypeVar

from crm_app.core.errors import BadInput, RuleBroken

OPEN, WON, LOST, HOLD = "open", "won", "lost", "hold"
STRICT, FREE = "strict", "free"
ORDER_RULES = (STRICT, FREE)
COLOURS = ("grey", "blue", "teal", "green", "yellow", "orange", "red", "violet")
FIELDS = ("amount", "client_id", "payment_method", "delivery", "next_action", "items")
"""The fields of a deal that a stage may ask for."""

LONGEST_NAME = 80
LONGEST_ROT_DAYS = 3650


class Step(Protocol):
    """What the rules need to know of a stage."""

    id: int | None
    name: str
    kind: str
    position: int
    required_fields: list[str]


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
