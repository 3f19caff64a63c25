"""What must be true of pipelines, and in which order their stages may be entered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol, TypeVar

from crm_app.cards.field_rules import Lacks
from crm_app.core.errors import BadInput, Reason, RuleBroken
from crm_app.core.folding import one_line

OPEN, WON, LOST, HOLD = "open", "won", "lost", "hold"
CLOSED = (WON, LOST)
STRICT, FREE, BOTH, NAMED = "strict", "free", "both", "named"
ORDER_RULES = (FREE, STRICT, BOTH, NAMED)
KINDS = (OPEN, WON, LOST, HOLD)
COLOURS = ("grey", "blue", "teal", "green", "yellow", "orange", "red", "violet")
FIELDS = ("amount", "client_id", "payment_method", "delivery", "next_action", "items")
"""The fields of a deal that a stage may ask for."""

LONGEST_NAME = 80
MOST_STAGES = 60
LONGEST_ROT_DAYS = 3650
ENTRY, TOUCH = "entry", "touch"
ROT_FROM = (ENTRY, TOUCH)
WARN, REFUSE = "warn", "refuse"
WIP_RULES = (WARN, REFUSE)
LARGEST_WIP = 100_000
LONGEST_TOUCH = 60 * 24 * 90


class Step(Protocol):
    """What the rules need to know of a stage."""

    id: int | None
    name: str
    kind: str
    position: int
    required_fields: list[str]
    leaving_to_id: int | None


class StageOfDeals(Step, Protocol):
    """And of one through which deals go."""

    wip_limit: int
    wip_rule: str


class Way(Protocol):
    """What the rules need to know of a pipeline."""

    order_rule: str
    transitions: list[dict[str, Any]]


Drop = Literal["free", "needs", "approval", "no"]


@dataclass(frozen=True)
class Verdict:
    """What a drop on a stage means: "free", "needs" (fields or a reason), "approval" or "no", and why.

    is_overridable: only the order says no, which some may go past for a reason that they tell.
    """

    drop: Drop
    reasons: tuple[Reason, ...] = ()
    is_overridable: bool = False


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
    """The open stages from first to last, without those that are to go."""
    way = (step for step in steps if step.kind == OPEN and not step.leaving_to_id)
    return sorted(way, key=lambda step: (step.position, step.id or 0))


@dataclass(frozen=True)
class Passage:
    """What the order of a pipeline says of a step from an open stage to an open or won one.

    obstacle: why not, None where it may be done; asks: fields that this way asks for, beside what the stage does.
    """

    obstacle: Reason | None = None
    asks: tuple[str, ...] = ()


def passage(way: Way, steps: Sequence[Step], here: Step, there: Step, *, may_pass: bool) -> Passage:
    """The one rule of order. may_pass: whether the actor may go where a transition asks for a right."""
    if way.order_rule == FREE or here.leaving_to_id:
        return Passage()
    if way.order_rule == NAMED:
        return _named(way, here, there, may_pass)
    open_ones = in_order(steps)
    place = open_ones.index(here)
    following = open_ones[place + 1] if place + 1 < len(open_ones) else None
    is_next = there.kind == WON if following is None else there is following
    is_back = way.order_rule == BOTH and place > 0 and there is open_ones[place - 1]
    return Passage() if is_next or is_back else Passage(_order_reason(way, open_ones, place, there))


def _named(way: Way, here: Step, there: Step, may_pass: bool) -> Passage:
    found = next((one for one in way.transitions if (one["from_id"], one["to_id"]) == (here.id, there.id)), None)
    names = {"here": here.name, "there": there.name}
    if found is None:
        return Passage(Reason("pipelines.error.no_transition", params=names))
    if found["is_guarded"] and not may_pass:
        return Passage(Reason("pipelines.error.guarded", params=names))
    return Passage(asks=tuple(found["required_fields"]))


def _order_reason(way: Way, open_ones: Sequence[Step], place: int, there: Step) -> Reason:
    if place + 1 == len(open_ones):
        return Reason("pipelines.error.only_won_next")
    if there.kind == WON:
        return Reason("pipelines.error.won_from_last", params={"stage": open_ones[-1].name})
    following = {"stage": open_ones[place + 1].name}
    if way.order_rule == BOTH and place > 0:
        return Reason("pipelines.error.a_step_away", params={**following, "back": open_ones[place - 1].name})
    return Reason("pipelines.error.strict_order", params=following)


def leaving(there: Step) -> Reason | None:
    """Why nothing enters a stage that is to go; None for all others."""
    return Reason("pipelines.error.stage_leaves", params={"stage": there.name}) if there.leaving_to_id else None


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
    name = one_line(name)
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
    if len(in_order(stages)) <= 1:
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


def check_wip(card: str, rot_from: str, wip_limit: int, wip_rule: str) -> None:
    """Raises BadInput where it makes no sense from when cards are counted, or how many are meant to stand there."""
    if rot_from not in ROT_FROM:
        raise BadInput("pipelines.error.bad_rot_from", field="rot_from")
    if not 0 <= wip_limit <= LARGEST_WIP or (wip_limit and card != "deal"):
        raise BadInput("pipelines.error.bad_wip_limit", field="wip_limit", most=LARGEST_WIP)
    if wip_rule not in WIP_RULES:
        raise BadInput("pipelines.error.bad_wip_rule", field="wip_rule")


def crowd(there: StageOfDeals, count: int) -> Reason | None:
    """What is said of one more deal in a stage where `count` stand: None while there is room."""
    if not 0 < there.wip_limit <= count:
        return None
    return Reason("pipelines.error.crowded", params={"stage": there.name, "count": count, "limit": there.wip_limit})
