"""Which stage may be entered: no sequence of moves gets round the order; and what an item costs."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_app.core.errors import BadInput
from crm_app.deals import rules
from crm_app.deals.rules import Standing, check_entry
from crm_app.pipelines.rules import return_stage_after


@dataclass
class Step:
    id: int
    kind: str
    position: int
    name: str = ""
    required_fields: list[str] = field(default_factory=list)
    leaving_to_id: int | None = None


@dataclass
class Way:
    order_rule: str
    transitions: list[dict[str, Any]] = field(default_factory=list)


STRICT, FREE = Way("strict"), Way("free")


def pipeline(open_stages: int, required: dict[int, list[str]] | None = None) -> list[Step]:
    """Stages 1 … n, then won, lost and hold."""
    kinds = ["open"] * open_stages + ["won", "lost", "hold"]
    return [Step(i, kind, i, f"s{i}", (required or {}).get(i, [])) for i, kind in enumerate(kinds, 1)]


def judge(deal: Standing, way: Way, steps: list[Step], there: int, **told: object) -> rules.Verdict:
    may = rules.Abilities(
        bool(told.pop("may_reopen", False)), bool(told.pop("passes", False)), bool(told.pop("overrides", False))
    )
    return check_entry(deal, way, steps, steps[there - 1], may, **told)


def at(stage: int, back: int | None = None, filled: set[str] | None = None) -> Standing:
    return Standing(stage, back, frozenset(filled or ()))


@pytest.mark.parametrize(
    ("here", "there", "drop"),
    [
        *((1, 2, "free"), (1, 3, "no"), (2, 1, "no"), (1, 1, "free"), (1, 4, "no"), (3, 4, "free"), (1, 5, "needs")),
        *((3, 5, "needs"), (1, 6, "free"), (3, 6, "free")),
    ],
)
def test_strict_order_lets_into_the_next_stage_refusal_and_hold_alone(here: int, there: int, drop: str) -> None:
    assert judge(at(here), STRICT, pipeline(3), there).drop == drop


def test_free_order_lets_into_any_open_stage_and_won() -> None:
    steps = pipeline(3)
    assert {judge(at(here), FREE, steps, there).drop for here in (1, 2, 3) for there in (1, 2, 3, 4, 6)} == {"free"}


def test_a_refusal_asks_for_its_reason() -> None:
    verdict = judge(at(1), STRICT, pipeline(3), 5)
    assert [reason.code for reason in verdict.reasons] == ["deals.error.needs_reason"]
    assert judge(at(1), STRICT, pipeline(3), 5, reason="дорого").drop == "free"
    assert judge(at(1), STRICT, pipeline(3), 5, reason="   ").drop == "needs"


def test_a_deal_on_hold_returns_to_where_it_was() -> None:
    steps, deal = pipeline(3), at(6, back=2)
    drops = {there: judge(deal, FREE, steps, there).drop for there in range(1, 6)}
    assert drops == {1: "no", 2: "free", 3: "no", 4: "no", 5: "needs"}
    assert judge(deal, FREE, steps, 3).reasons[0].params == {"stage": "s2"}


def test_a_closed_deal_is_reopened_by_right_alone() -> None:
    steps = pipeline(3)
    for closed in (4, 5):
        deal = at(closed, back=2)
        assert {judge(deal, FREE, steps, there).drop for there in range(1, 7) if there != closed} == {"no"}
        reopened = {there: judge(deal, STRICT, steps, there, may_reopen=True).drop for there in range(1, 7)}
        assert [there for there, drop in reopened.items() if drop == "free"] == sorted({2, closed})
        assert judge(deal, FREE, steps, 1, may_reopen=True).drop == "free"


def test_required_fields_of_the_entered_stage_are_asked_for() -> None:
    steps = pipeline(3, {2: ["amount", "delivery"]})
    verdict = judge(at(1, filled={"delivery"}), STRICT, steps, 2)
    assert verdict.drop == "needs" and [(r.code, r.field) for r in verdict.reasons] == [
        ("deals.error.field_required", "amount")
    ]
    assert judge(at(1, filled={"delivery", "amount"}), STRICT, steps, 2).drop == "free"


def test_a_no_comes_before_the_fields() -> None:
    assert judge(at(1), STRICT, pipeline(3, {3: ["amount"]}), 3).drop == "no"


@given(st.integers(1, 7), st.lists(st.integers(0, 9), max_size=60), st.booleans())
def test_no_sequence_of_moves_breaks_strict_order(size: int, wishes: list[int], may_reopen: bool) -> None:
    """Whatever is tried: the deal has been in every open stage, in order, before it is won; and no stage is skipped."""
    steps = pipeline(size)
    deal, reached = at(1), 1
    for wish in wishes:
        there = steps[wish % len(steps)]
        if judge(deal, STRICT, steps, there.id, may_reopen=may_reopen, reason="да").drop != "free":
            continue
        here = steps[deal.stage_id - 1]
        if here is there:
            continue
        if there.kind == "open":
            assert there.id == deal.return_stage_id or there.id == reached + 1
            reached = there.id
        if there.kind == "won":
            assert reached == size and here.kind == "open"
        assert here.kind not in ("won", "lost") or (may_reopen and there.id == deal.return_stage_id)
        deal = Standing(there.id, return_stage_after(deal.return_stage_id, here, there), frozenset())
        assert (deal.return_stage_id is None) == (there.kind == "open")
        assert deal.return_stage_id in (None, reached)


@given(st.integers(1, 7), st.booleans())
def test_a_new_deal_starts_in_an_open_stage_and_in_the_first_where_order_is_strict(size: int, strict: bool) -> None:
    steps, way = pipeline(size), STRICT if strict else FREE
    free = {step.id for step in steps if rules.check_start(way, steps, step, frozenset()).drop == "free"}
    assert free == ({1} if strict else set(range(1, size + 1)))


# ---- money -----------------------------------------------------------------------------------------------------------


@dataclass
class Line:
    quantity_thousandths: int
    price: int
    discount_basis_points: int = 0
    vat_percent: int | None = None


@pytest.mark.parametrize(
    ("line", "total", "vat"),
    [
        (Line(1000, 12_500_00), 12_500_00, 0),
        (Line(3000, 100, vat_percent=20), 300, 50),
        (Line(1500, 333), 500, 0),  # 499.5
        (Line(1000, 1, 5000), 1, 0),  # half a kopeck is rounded up
        (Line(1000, 1, 5001), 0, 0),
        (Line(2000, 99_99, 1250, 20), 174_98, 29_16),  # 17498.25; 2916.33
        (Line(1000, 0), 0, 0),
        (Line(1000, 100, 10_000, 20), 0, 0),
    ],
)
def test_a_line_is_rounded_once(line: Line, total: int, vat: int) -> None:
    assert (rules.line_total(line), rules.line_vat(line)) == (total, vat)


@given(st.integers(1, 10**8), st.integers(0, 10**9), st.integers(0, 10_000), st.sampled_from(rules.VAT_RATES))
def test_a_line_is_never_off_by_more_than_half_a_unit(quantity: int, price: int, discount: int, vat: int) -> None:
    line = Line(quantity, price, discount, vat)
    exact = quantity * price * (10_000 - discount)
    assert abs(rules.line_total(line) * 10**7 - exact) * 2 <= 10**7
    assert 0 <= rules.line_vat(line) <= rules.line_total(line)


def test_the_sum_is_that_of_the_lines_as_they_are_shown() -> None:
    assert rules.items_total([Line(1000, 1, 5000)] * 3) == 3


LINES = st.builds(
    Line,
    st.integers(1, 10**8),
    st.integers(0, 10**9),
    st.integers(0, 10_000),
    st.sampled_from([None, *rules.VAT_RATES]),
)


def half_up(number: Decimal) -> int:
    return int(number.quantize(Decimal(1), rounding=ROUND_HALF_UP))


@given(st.lists(LINES, max_size=30))
def test_totals_are_those_of_plain_decimals(lines: list[Line]) -> None:
    full, total, vat = 0, 0, dict[int, int]()
    with localcontext(prec=60):
        for line in lines:
            price = Decimal(line.price) * line.quantity_thousandths / 1000
            kept = half_up(price * (10_000 - line.discount_basis_points) / 10_000)
            full, total = full + half_up(price), total + kept
            if line.vat_percent is not None:
                inside = half_up(Decimal(kept) * line.vat_percent / (100 + line.vat_percent))
                vat[line.vat_percent] = vat.get(line.vat_percent, 0) + inside
    told = rules.totals_of(lines)
    assert (told.full, told.total, told.vat) == (full, total, vat)
    assert told.discount == full - total and told.net == total - sum(vat.values())
    assert list(told.vat) == sorted(told.vat)
    assert all(rules.line_discount(line) >= 0 and rules.line_total(line) >= 0 for line in lines)


@pytest.mark.parametrize(
    "line",
    [
        *(Line(0, 1), Line(-1, 1), Line(1, -1), Line(1, 1, -1), Line(1, 1, 10_001), Line(1, 1, 0, 13)),
        *(Line(10**11, 1), Line(1, 10**16), Line(10**10, 10**15)),
    ],
)
def test_figures_that_make_no_sense_are_refused(line: Line) -> None:
    with pytest.raises(BadInput):
        rules.check_line(line)


BOTH = Way("both")


@pytest.mark.parametrize(
    ("here", "there", "drop"),
    [(1, 2, "free"), (2, 1, "free"), (1, 3, "no"), (3, 1, "no"), (3, 4, "free"), (2, 4, "no"), (2, 6, "free")],
)
def test_a_step_forward_or_back_is_all_that_strict_both_ways_lets(here: int, there: int, drop: str) -> None:
    assert judge(at(here), BOTH, pipeline(3), there).drop == drop


def named(*ways: tuple[int, int], **told: Any) -> Way:
    common = {"required_fields": [], "is_guarded": False, **told}
    return Way("named", [{"from_id": here, "to_id": there, **common} for here, there in ways])


def test_only_named_transitions_are_gone() -> None:
    way = named((1, 3), (3, 1), (3, 4))
    for here, there in ((1, 3), (3, 1), (3, 4), (1, 6), (2, 6)):
        assert judge(at(here), way, pipeline(3), there).drop == "free"
    for here, there in ((1, 2), (2, 3), (1, 4)):
        verdict = judge(at(here), way, pipeline(3), there)
        assert verdict.drop == "no" and verdict.is_overridable
        assert verdict.reasons[0].code == "pipelines.error.no_transition"


def test_a_transition_asks_for_fields_beside_the_stage() -> None:
    way, steps = named((1, 2), required_fields=["amount", "delivery"]), pipeline(3, {2: ["amount"]})
    verdict = judge(at(1), way, steps, 2)
    assert [reason.field for reason in verdict.reasons] == ["amount", "delivery"]
    assert judge(at(1, filled={"amount", "delivery"}), way, steps, 2).drop == "free"


def test_a_guarded_transition_takes_a_right() -> None:
    way = named((1, 2), is_guarded=True)
    assert judge(at(1), way, pipeline(3), 2).reasons[0].code == "pipelines.error.guarded"
    assert judge(at(1), way, pipeline(3), 2, passes=True).drop == "free"


def test_nothing_enters_a_stage_that_is_to_go_and_all_may_leave_it() -> None:
    steps = pipeline(3)
    steps[1].leaving_to_id = 1
    refused = judge(at(1), FREE, steps, 2)
    assert refused.drop == "no" and not refused.is_overridable
    assert judge(at(1), STRICT, steps, 3).drop == "free"
    assert judge(at(2), STRICT, steps, 3).drop == "free"


def test_an_override_goes_past_the_order_and_no_further() -> None:
    steps = pipeline(3, {3: ["amount"]})
    assert judge(at(1, filled={"amount"}), STRICT, steps, 3, overrides=True).drop == "free"
    assert judge(at(1), STRICT, steps, 3, overrides=True).drop == "needs"
    assert judge(at(5, back=1), STRICT, steps, 3, overrides=True).drop == "no"
