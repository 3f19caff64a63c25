"""What must be true of deals: which stage may be entered, what an item costs, what a field may hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from crm_app.cards.field_rules import Lacks
from crm_app.core.errors import BadInput, Reason, RuleBroken
from crm_app.core.folding import one_line
from crm_app.pipelines.rules import (
    CLOSED,
    FREE,
    HOLD,
    LOST,
    OPEN,
    Passage,
    Step,
    Verdict,
    Way,
    in_order,
    leaving,
    passage,
    return_step,
    verdict_of,
)

PLAN_KINDS = ("call", "meeting", "document")
VAT_RATES = (0, 5, 7, 10, 20, 22)

LONGEST_NAME = 200
LONGEST_TEXT = 500
LARGEST_AMOUNT = 10**15
LARGEST_QUANTITY = 10**10


# ---- the way through the stages --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Standing:
    """Where a deal is, and what is known of it.

    return_stage_id: the open stage it came from, when it is on hold or closed. filled: names of the fields that have a
    value, of those that a stage may ask for. lacks: by stage, what it asks for of the company's own fields. approvals:
    by stage, whose approval it still needs. crowds: the stages that are full. withheld: by field, that whoever moves it
    may not fill it in, and who may.
    """

    stage_id: int
    return_stage_id: int | None
    filled: frozenset[str]
    lacks: Mapping[int, Lacks] = field(default_factory=dict)
    approvals: Mapping[int, Reason] = field(default_factory=dict)
    crowds: Mapping[int, Crowd] = field(default_factory=dict)
    withheld: Mapping[str, Reason] = field(default_factory=dict)


@dataclass(frozen=True)
class Crowd:
    """A stage in which there are as many deals as are meant to be, or more. refuses: one more is not let in."""

    reason: Reason
    refuses: bool


@dataclass(frozen=True)
class Abilities:
    """What whoever moves a deal may do besides.

    reopens: closed deals; passes: transitions that ask for a right; overrides: goes past order and approvals, which is
    wanted.
    """

    reopens: bool = False
    passes: bool = False
    overrides: bool = False


def check_entry(
    deal: Standing, way: Way, steps: Sequence[Step], there: Step, may: Abilities, *, reason: str = ""
) -> Verdict:
    """Whether a deal may enter a stage. steps: all stages of the pipeline; reason: why the deal is lost, if it is told.

    Refusal and hold may always be entered from an open stage; a deal comes back from hold to where it was; a closed one
    only by those who may reopen; between open stages the order of the pipeline decides, unless it is overridden.
    """
    here = next(step for step in steps if step.id == deal.stage_id)
    if here.id == there.id:
        return Verdict("free")
    obstacle = leaving(there) or _obstacle(deal, way, steps, here, there, may.reopens)
    if obstacle is not None:
        return Verdict("no", (obstacle,))
    passed = _passage(way, steps, here, there, may)
    if passed.obstacle is not None:
        return Verdict("no", (passed.obstacle,), is_overridable=True)
    crowd = deal.crowds.get(there.id or 0)
    if crowd is not None and crowd.refuses and not may.overrides:
        return Verdict("no", (crowd.reason,), is_overridable=True)
    missing = [name for name in dict.fromkeys((*there.required_fields, *passed.asks)) if name not in deal.filled]
    withheld = tuple(deal.withheld[name] for name in missing if name in deal.withheld)
    if withheld:
        return Verdict("no", withheld)
    lacks = [needs(name) for name in missing]
    if there.kind == LOST and not reason.strip():
        lacks.append(Reason("deals.error.needs_reason", field="reason"))
    verdict = verdict_of(lacks, deal.lacks.get(there.id or 0, Lacks()))
    approval = None if may.overrides else deal.approvals.get(there.id or 0)
    if verdict.drop == "free" and approval is not None:
        return Verdict("approval", (approval,), is_overridable=True)
    return Verdict("free", (crowd.reason,)) if verdict.drop == "free" and crowd is not None else verdict


def _passage(way: Way, steps: Sequence[Step], here: Step, there: Step, may: Abilities) -> Passage:
    if here.kind != OPEN or there.kind in (LOST, HOLD) or may.overrides:
        return Passage()
    return passage(way, steps, here, there, may_pass=may.passes)


def _obstacle(
    deal: Standing, way: Way, steps: Sequence[Step], here: Step, there: Step, may_reopen: bool
) -> Reason | None:
    if here.kind in CLOSED:
        return _closed_obstacle(deal, way, steps, there, may_reopen)
    if here.kind == HOLD and there.kind not in (LOST, HOLD):
        back = return_step(deal.return_stage_id, steps)
        return None if there is back else Reason("deals.error.returns_to", params={"stage": back.name})
    return None


def _closed_obstacle(deal: Standing, way: Way, steps: Sequence[Step], there: Step, may_reopen: bool) -> Reason | None:
    if not may_reopen:
        return Reason("deals.error.closed")
    if there.kind != OPEN:
        return Reason("deals.error.reopen_first")
    back = return_step(deal.return_stage_id, steps)
    if way.order_rule != FREE and there is not back:
        return Reason("deals.error.reopens_to", params={"stage": back.name})
    return None


def check_override_reason(reason: str) -> None:
    """Raises RuleBroken where somebody goes past the order and does not say why."""
    if not reason.strip():
        raise RuleBroken("deals.error.override_needs_reason", field="reason")


def check_has_stages(count: int) -> None:
    """Raises RuleBroken for a pipeline in which no deal can begin."""
    if not count:
        raise RuleBroken("deals.error.no_stages", field="pipeline_id")


def check_start(
    way: Way,
    steps: Sequence[Step],
    there: Step,
    filled: frozenset[str],
    approval: Reason | None = None,
    crowd: Crowd | None = None,
) -> Verdict:
    """Whether a new deal may begin in a stage: an open one; the first, where the order is strict.

    approval: whose approval the stage needs; there is no deal yet that could wait for it. crowd: that it is full.
    """
    first = in_order(steps)[0]
    if there.kind != OPEN or there.leaving_to_id or (way.order_rule != FREE and there is not first):
        return Verdict("no", (Reason("deals.error.starts_in", params={"stage": first.name}),))
    if crowd is not None and crowd.refuses:
        return Verdict("no", (crowd.reason,))
    lacks = tuple(needs(field) for field in there.required_fields if field not in filled)
    if approval is not None and not lacks:
        return Verdict("no", (Reason("deals.error.approval_to_begin", params=approval.params),))
    return Verdict("needs", lacks) if lacks else Verdict("free")


def needs(field: str) -> Reason:
    """The reason that a field has to be filled first."""
    return Reason("deals.error.field_required", field=field, key=f"deals.needs.{field}")


# ---- money: integers of minor units; half a unit is rounded up -------------------------------------------------------


class Line(Protocol):
    """What the rules need to know of an item."""

    @property
    def quantity_thousandths(self) -> int: ...

    @property
    def price(self) -> int: ...

    @property
    def discount_basis_points(self) -> int: ...

    @property
    def vat_percent(self) -> int | None: ...


def line_total(line: Line) -> int:
    """What an item costs after its discount, in minor units: rounded once, half a unit up."""
    kept = 10_000 - line.discount_basis_points
    return _rounded(line.quantity_thousandths * line.price * kept, 1_000 * 10_000)


def line_discount(line: Line) -> int:
    """What an item's discount takes off, in minor units: never more than the item costs without it."""
    return _rounded(line.quantity_thousandths * line.price, 1_000) - line_total(line)


def line_vat(line: Line) -> int:
    """The VAT that is inside an item's total, in minor units: rounded once, half a unit up."""
    rate = line.vat_percent or 0
    return _rounded(line_total(line) * rate, 100 + rate)


def items_total(lines: Iterable[Line]) -> int:
    """The sum of the lines as they are shown, each rounded by itself."""
    return sum(line_total(line) for line in lines)


@dataclass(frozen=True)
class Totals:
    """What items come to, in minor units: sums of the lines as they are shown, each rounded by itself.

    full: without the discount; total: full - discount, VAT included; net: total without VAT. vat: by rate in percent,
    ascending, of the rates that are there.
    """

    full: int
    discount: int
    net: int
    vat: dict[int, int]
    total: int


def totals_of(lines: Sequence[Line]) -> Totals:
    """What the lines come to."""
    vat: dict[int, int] = {}
    for line in lines:
        if line.vat_percent is not None:
            vat[line.vat_percent] = vat.get(line.vat_percent, 0) + line_vat(line)
    total, discount = items_total(lines), sum(line_discount(line) for line in lines)
    return Totals(total + discount, discount, total - sum(vat.values()), dict(sorted(vat.items())), total)


def _rounded(numerator: int, denominator: int) -> int:
    return (2 * numerator + denominator) // (2 * denominator)


# ---- what fields may hold --------------------------------------------------------------------------------------------


def clean_name(name: str) -> str:
    """The name of a deal or an item. Raises BadInput where it is empty or too long."""
    name = one_line(name)
    if not name or len(name) > LONGEST_NAME:
        raise BadInput("deals.error.bad_name", field="name", longest=LONGEST_NAME)
    return name


def clean_text(text: str, field: str) -> str:
    """A line of text that may be empty."""
    text = text.strip()
    if len(text) > LONGEST_TEXT:
        raise BadInput("deals.error.long_text", field=field, longest=LONGEST_TEXT)
    return text


def check_amount(amount: int | None, field: str = "amount") -> None:
    if amount is not None and not 0 <= amount <= LARGEST_AMOUNT:
        raise BadInput("deals.error.bad_amount", field=field)


def check_currency(currency: str) -> None:
    if len(currency) != 3 or not (currency.isascii() and currency.isalpha() and currency.isupper()):
        raise BadInput("deals.error.bad_currency", field="currency")


def check_line(line: Line) -> None:
    """Raises BadInput where a figure of an item makes no sense."""
    if not 0 < line.quantity_thousandths <= LARGEST_QUANTITY:
        raise BadInput("deals.error.bad_quantity", field="quantity_thousandths")
    check_amount(line.price, "price")
    if not 0 <= line.discount_basis_points <= 10_000:
        raise BadInput("deals.error.bad_discount", field="discount_basis_points")
    if line.vat_percent is not None and line.vat_percent not in VAT_RATES:
        raise BadInput("deals.error.bad_vat", field="vat_percent")
    check_amount(line_total(line), "price")


def check_plan_kind(kind: str) -> None:
    if kind not in PLAN_KINDS:
        raise BadInput("deals.error.bad_plan_kind", field="kind")
