"""Random rights by stage: whatever is hidden from somebody stands in nothing that a door gives them."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm_app.cards.queries.every_card import see_timeline
from crm_app.core.actor import Actor
from crm_app.core.door import perform
from crm_app.deals.actions.cards import change_deal
from crm_app.deals.actions.moves import move_deal
from crm_app.deals.export import export_deals_page
from crm_app.deals.models import Deal
from crm_app.deals.queries.board import see_board
from crm_app.deals.queries.cards import list_deals, see_deal
from crm_app.pipelines.field_rights import kept_from
from crm_app.pipelines.queries import PipelineRow
from tests.deals import make

FIELDS = ("amount", "payment_method", "delivery", "responsible_id", "client_id")


def mark(field: str, place: int) -> Any:
    """A value that is found in a text, and is no part of another one."""
    return 91_000_000 + place if field == "amount" else f"{field}-след-{place}"


def filled(ann: Actor, way: PipelineRow) -> list[Deal]:
    """A deal in each of three stages, each with values of its own."""
    deals = []
    for place in range(3):
        client = make.client(mark("client_id", place), owner=ann)
        told = {name: mark(name, place) for name in ("amount", "payment_method", "delivery")}
        deal = make.deal(ann, way, name=f"Сделка {place}", client_id=client.id)
        perform(ann, change_deal, deal_id=deal.id, values=told)
        if place:
            perform(ann, move_deal, deal_id=deal.id, stage_id=make.stage(way, place).id)
        deals.append(deal)
    return deals


def test_no_random_rights_leak(adam: Actor, ann: Actor) -> None:
    way = make.pipeline("basic")
    deals = filled(ann, way)
    stages = [stage.id for stage in way.stages]
    right = st.fixed_dictionaries(
        {
            "role": st.just("manager"),
            "stage_id": st.sampled_from([0, *stages[:3]]),
            "field": st.sampled_from(FIELDS[:3]),
            "level": st.sampled_from(["hidden", "read"]),
        }
    )

    @settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
    @given(rights=st.lists(right, max_size=6), by=st.sampled_from(FIELDS[:3]), value=st.integers(0, 2))
    def tried(rights: list[dict[str, Any]], by: str, value: int) -> None:
        hidden, locked = kept_from(rights, "manager", stages, {})
        who = replace(ann, hidden_at={"deal": hidden} if hidden else {}, locked_at={"deal": locked} if locked else {})
        closed = {(f, at) for at in range(3) for f in FIELDS[:3] if f in hidden.get(stages[at], ())}
        asked = {"all": [{"field": by, "op": "eq", "value": mark(by, value) / (100 if by == "amount" else 1)
                          if by == "amount" else mark(by, value)}]}  # fmt: skip
        told = [
            *(asdict(perform(who, see_deal, deal_id=deal.id)) for deal in deals),
            asdict(perform(who, list_deals, sort=by, with_total=True)),
            *(perform(who, see_timeline, card="deal", card_id=deal.id) for deal in deals),
            asdict(perform(who, see_board, pipeline_id=way.id)),
            perform(who, export_deals_page),
        ]
        said = repr(told)
        for field in FIELDS[:3]:
            for at in range(3):
                assert (str(mark(field, at)) in said) is ((field, at) not in closed), (field, at, rights)
        found = [row.id for row in perform(who, list_deals, filter=asked).rows]
        assert found == ([] if (by, value) in closed else [deals[value].id])

    tried()
