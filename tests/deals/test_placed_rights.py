"""Fields that a stage keeps from a role: an employee without the right tries every door, and none gives it away."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass, is_dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from crm_app.cards.actions.bulk_changes import start_bulk
from crm_app.cards.field_queries import see_own_fields
from crm_app.cards.queries.bulk_changes import list_left
from crm_app.cards.queries.columns import tell_more
from crm_app.cards.queries.every_card import search_cards, see_timeline
from crm_app.cards.queries.filtering import preview_filter
from crm_app.core.actor import Actor
from crm_app.core.door import perform
from crm_app.core.errors import BadInput, Forbidden, RuleBroken
from crm_app.deals.actions.cards import change_deal, create_deal
from crm_app.deals.actions.items import add_item
from crm_app.deals.actions.moves import move_deal
from crm_app.deals.export import export_deals_page, write_deals
from crm_app.deals.models import Deal
from crm_app.deals.queries.board import see_board, see_column
from crm_app.deals.queries.cards import count_deals, list_client_deals, list_deals, list_items, see_deal
from crm_app.deals.queries.moves import moves
from crm_app.pipelines.actions.plans import copy_pipeline, remove_stage, roll_back_pipeline, save_pipeline
from crm_app.pipelines.queries import PipelineRow, see_pipeline
from crm_app.pipelines.touches import see_touched
from tests import people
from tests.cards.fields import field as field_of
from tests.deals import make
from tests.deals.placed import keep, plan_of, right

AMOUNT, PAID, SECRET = 987_654_300, "вексель Гамма", "тайное слово Омега"
TRACES = ("987654300", "9876543", "Гамма", "Омега", "Вектор")


@dataclass
class Closed:
    """A deal that stands where four fields are hidden from managers, and one like it that stands where they see them.

    Ann is a manager. key: of the company's own field; there: the stage where the other one stands.
    """

    way: PipelineRow
    ann: Actor
    deal: Deal
    other: Deal
    key: str
    client_id: int
    there: int


@pytest.fixture
def closed(adam: Actor, ann: Actor) -> Closed:
    way = make.pipeline("basic")
    field = field_of(name="Пароль", card="deal")
    client = make.client("ООО «Вектор»", owner=ann)
    told: dict[str, Any] = {"amount": AMOUNT, "payment_method": PAID, "client_id": client.id}
    deal = make.deal(ann, way, fields={field.key: SECRET}, **told)
    perform(ann, add_item, deal_id=deal.id, values={"name": "Станок", "price": AMOUNT})
    for amount in (100, AMOUNT):  # so that the history tells of it
        perform(ann, change_deal, deal_id=deal.id, values={"amount": amount, "payment_method": f"{PAID} {amount}"})
    other = make.deal(ann, way, name="Другая", amount=500, payment_method="нал")
    here, there = make.stage(way, 0).id, make.stage(way, 1).id
    perform(ann, move_deal, deal_id=other.id, stage_id=there)
    hidden = ("amount", "payment_method", "client_id", f"fields.{field.key}")
    way = keep(way, *(right(name, "hidden", here) for name in hidden))
    return Closed(way, people.actor("ann"), deal, other, field.key, client.id or 0, there)


def where(field: str, op: str, value: Any) -> dict[str, Any]:
    return {"all": [{"field": field, "op": op, "value": value}]}


def plain(outcome: Any) -> str:
    """All that an answer says."""
    return json.dumps([outcome], default=lambda one: asdict(one) if is_dataclass(one) else str(one), ensure_ascii=False)  # type: ignore[arg-type]


def _workbook(it: Closed) -> Any:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "deals.xlsx"
        write_deals(it.ann, path)
        return [[cell.value for cell in row] for row in load_workbook(path).active.iter_rows()]


DOORS: dict[str, Callable[[Closed], Any]] = {
    "card": lambda it: perform(it.ann, see_deal, deal_id=it.deal.id),
    "items": lambda it: perform(it.ann, list_items, deal_id=it.deal.id),
    "own fields": lambda it: perform(it.ann, see_own_fields, card="deal", card_id=it.deal.id),
    "list": lambda it: perform(it.ann, list_deals, limit=50),
    "list by amount": lambda it: perform(it.ann, list_deals, sort="-amount", limit=1, with_total=True),
    "list of a client": lambda it: perform(it.ann, list_client_deals, client_id=it.client_id),
    "columns of lists": lambda it: perform(
        it.ann, tell_more, card="deal", ids=[it.deal.id], keys=["payment_method", f"fields.{it.key}"]
    ),
    "board": lambda it: perform(it.ann, see_board, pipeline_id=it.way.id),
    "column": lambda it: perform(it.ann, see_column, stage_id=it.deal.stage_id),
    "export": lambda it: perform(it.ann, export_deals_page),
    "workbook": _workbook,
    "history": lambda it: perform(it.ann, see_timeline, card="deal", card_id=it.deal.id),
    "history of the client": lambda it: [
        row
        for row in perform(it.ann, see_timeline, card="client", card_id=it.client_id)
        if row.card == "deal"
    ],
    "moves": lambda it: perform(it.ann, moves, deal_id=it.deal.id),
}  # fmt: skip


@pytest.mark.parametrize("door", DOORS)
def test_no_door_tells_what_a_stage_hides(closed: Closed, door: str) -> None:
    told = plain(DOORS[door](closed))
    assert not [trace for trace in TRACES if trace in told], told


def test_who_is_not_of_the_role_sees_it_and_so_does_the_role_elsewhere(closed: Closed, olga: Actor) -> None:
    assert perform(people.actor("olga"), see_deal, deal_id=closed.deal.id).deal.amount == AMOUNT
    assert perform(closed.ann, see_deal, deal_id=closed.other.id).deal.amount == 500
    perform(closed.ann, move_deal, deal_id=closed.deal.id, stage_id=closed.there)
    seen = perform(closed.ann, see_deal, deal_id=closed.deal.id).deal
    assert (seen.amount, seen.fields) == (AMOUNT, {closed.key: SECRET})


@pytest.mark.parametrize(
    ("field", "op", "value"),
    [
        ("amount", "gt", 1), ("amount", "empty", True), ("amount", "empty", False), ("amount", "ne", 5),
        ("payment_method", "contains", "Гамма"), ("payment_method", "ne", "x"), ("payment_method", "empty", False),
        ("client_id", "empty", False), ("fields.{key}", "contains", "Омега"), ("fields.{key}", "empty", True),
    ],
)  # fmt: skip
def test_a_condition_on_a_hidden_field_does_not_hold_whatever_stands_there(
    closed: Closed, field: str, op: str, value: Any
) -> None:
    asked = where(field.format(key=closed.key), op, value)
    found = perform(closed.ann, list_deals, filter=asked, with_total=True)
    assert closed.deal.id not in [row.id for row in found.rows]
    assert found.total == len(found.rows) == perform(closed.ann, count_deals, where=asked)
    assert perform(closed.ann, preview_filter, card="deal", conditions=asked).count == found.total
    assert closed.deal.id not in [row.id for row in perform(closed.ann, export_deals_page, where=asked)]
    board = perform(closed.ann, see_board, pipeline_id=closed.way.id, filter=asked)
    assert board.columns[0].count == 0 and board.columns[0].cards == []


def test_what_is_hidden_is_sorted_like_a_blank_and_paged_without_being_told(closed: Closed, adam: Actor) -> None:
    for sort in ("amount", "-amount", "payment_method", "-payment_method", f"fields.{closed.key}", "client"):
        seen: list[int] = []
        after = None
        while True:
            page = perform(closed.ann, list_deals, sort=sort, limit=1, after=after)
            seen += [row.id for row in page.rows]
            after = page.next
            if after is None:
                break
        assert set(seen) == {closed.deal.id, closed.other.id} and len(seen) == 2, sort
        if sort.endswith(("amount", "method")):
            assert seen[-1] == closed.deal.id


def test_search_finds_such_a_deal_by_its_title_alone(closed: Closed) -> None:
    for words in ("Омега", "Вектор"):
        assert closed.deal.id not in [row.id for row in perform(closed.ann, list_deals, q=words).rows]
        found = perform(closed.ann, search_cards, words=words)
        assert ("deal", closed.deal.id) not in [(row.card, row.id) for row in found]
        assert perform(closed.ann, see_board, pipeline_id=closed.way.id, q=words).columns[0].count == 0
    assert closed.deal.id in [row.id for row in perform(closed.ann, list_deals, q="станков").rows]


def test_a_sum_leaves_the_stage_out(closed: Closed) -> None:
    first, second, *_ = perform(closed.ann, see_board, pipeline_id=closed.way.id).columns
    assert ([each.amount for each in first.sums], [each.amount for each in second.sums]) == ([None], [500])


WRITES: dict[str, Callable[[Closed], Any]] = {
    "change": lambda it: perform(it.ann, change_deal, deal_id=it.deal.id, values={"amount": 1}),
    "own field": lambda it: perform(it.ann, change_deal, deal_id=it.deal.id, values={"fields": {it.key: "x"}}),
    "on the way": lambda it: perform(
        it.ann, move_deal, deal_id=it.deal.id, stage_id=it.there, fields={"amount": 1}
    ),
    "a new one": lambda it: perform(it.ann, create_deal, pipeline_id=it.way.id, values={"name": "a", "amount": 1}),
    "a new one's own": lambda it: perform(
        it.ann, create_deal, pipeline_id=it.way.id, values={"name": "a", "fields": {it.key: "x"}}
    ),
}  # fmt: skip


@pytest.mark.parametrize("level", ["hidden", "read"])
@pytest.mark.parametrize("door", WRITES)
def test_no_door_writes_it(closed: Closed, door: str, level: str) -> None:
    here = closed.deal.stage_id
    keep(closed.way, right("amount", level, here), right(f"fields.{closed.key}", level, here))
    closed.ann = people.actor("ann")
    with pytest.raises(Forbidden):
        WRITES[door](closed)
    seen = perform(people.actor("olga"), see_deal, deal_id=closed.deal.id).deal
    assert (seen.amount, seen.fields[closed.key], seen.stage_id) == (AMOUNT, SECRET, here)


def test_many_at_once_leave_it_alone(closed: Closed) -> None:
    ids = [closed.deal.id, closed.other.id]
    arguments = {"field": "payment_method", "value": "карта"}
    bulk = perform(closed.ann, start_bulk, card="deal", operation="set", arguments=arguments, ids=ids)
    (left,) = perform(closed.ann, list_left, bulk_id=bulk.id)
    assert left.id == closed.deal.id
    assert perform(closed.ann, see_deal, deal_id=closed.other.id).deal.payment_method == "карта"


def test_what_is_read_only_in_a_stage_is_seen_there_and_written_elsewhere(adam: Actor, ann: Actor) -> None:
    way = make.pipeline("basic")
    deal = make.deal(ann, way, amount=5)
    keep(way, right("amount", "read", deal.stage_id))
    ann = people.actor("ann")
    assert perform(ann, see_deal, deal_id=deal.id).deal.amount == 5
    assert [row.id for row in perform(ann, list_deals, filter=where("amount", "gt", 0)).rows] == [deal.id]
    with pytest.raises(Forbidden):
        perform(ann, change_deal, deal_id=deal.id, values={"amount": 6})
    perform(ann, move_deal, deal_id=deal.id, stage_id=make.stage(way, 1).id)
    perform(ann, change_deal, deal_id=deal.id, values={"amount": 6})


def test_what_is_said_of_the_pipeline_holds_in_each_stage_of_it_and_in_no_other(adam: Actor, ann: Actor) -> None:
    way, elsewhere = make.pipeline("basic"), make.pipeline("basic")
    deal, other = make.deal(ann, way, amount=5), make.deal(ann, elsewhere, amount=7)
    keep(way, right("amount"))
    ann = people.actor("ann")
    assert perform(ann, see_deal, deal_id=deal.id).deal.amount is None
    perform(ann, move_deal, deal_id=deal.id, stage_id=make.stage(way, 1).id)
    assert perform(ann, see_deal, deal_id=deal.id).deal.amount is None
    assert perform(ann, see_deal, deal_id=other.id).deal.amount == 7


def test_who_may_not_fill_in_what_a_stage_asks_for_is_told_who_may(adam: Actor, ann: Actor) -> None:
    way = make.pipeline("basic")
    there = make.stage(way, 1).id
    make.ask_for(there, "amount")
    way = perform(adam, see_pipeline, pipeline_id=way.id)
    deal = make.deal(ann, way)
    keep(way, right("amount", "read", deal.stage_id))
    ann = people.actor("ann")
    verdict = next(row for row in perform(ann, moves, deal_id=deal.id) if row.stage_id == there)
    said = verdict.reasons[0].text("ru")
    assert verdict.drop == "no" and "Сумма" in said and "Руководитель" in said and "Менеджер" not in said
    with pytest.raises(RuleBroken):
        perform(ann, move_deal, deal_id=deal.id, stage_id=there)
    perform(people.actor("olga"), change_deal, deal_id=deal.id, values={"amount": 5})
    perform(ann, move_deal, deal_id=deal.id, stage_id=there)


# ---- where it is set -------------------------------------------------------------------------------------------------


def test_it_is_a_part_of_the_plan_its_versions_and_copies(adam: Actor) -> None:
    way = keep(make.pipeline("basic"), right("amount", "read"))
    assert [(one.role, one.field, one.level, one.stage_id) for one in way.rights] == [("manager", "amount", "read", 0)]
    here = make.stage(way, 0).id
    touched = perform(adam, see_touched, pipeline_id=way.id, plan=plan_of(way, right("amount", "hidden", here)))
    assert touched.changes["rights"] == [1, 1]
    keep(way)
    assert perform(adam, see_pipeline, pipeline_id=way.id).rights == []
    perform(adam, roll_back_pipeline, pipeline_id=way.id, number=way.version)
    assert perform(adam, see_pipeline, pipeline_id=way.id).rights == way.rights
    copy = perform(adam, copy_pipeline, pipeline_id=way.id, name="Ещё одна")
    assert perform(adam, see_pipeline, pipeline_id=copy.id).rights == way.rights


def test_what_it_touches_says_how_many_lose_sight_of_a_field(adam: Actor) -> None:
    way = make.pipeline("basic")
    hidden, read = (
        perform(adam, see_touched, pipeline_id=way.id, plan=plan_of(way, right("amount", level)))
        for level in ("hidden", "read")
    )
    assert (hidden.unsighted, read.unsighted) == (2, 0)
    kept = keep(way, right("amount"))
    assert perform(adam, see_touched, pipeline_id=way.id, plan=plan_of(kept, right("amount"))).unsighted == 0


def test_what_is_said_of_a_stage_goes_with_it(adam: Actor) -> None:
    way = make.pipeline("basic")
    here = make.stage(way, 1).id
    keep(way, right("amount", "hidden", here))
    perform(adam, remove_stage, stage_id=here)
    assert perform(adam, see_pipeline, pipeline_id=way.id).rights == []


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"field": "name"}, "rights.0.field"), ({"field": "fields.none"}, "rights.0.field"),
        ({"level": "write"}, "rights.0.level"), ({"stage_key": 10**6}, "rights.0.stage_key"),
        ({"role": "nobody"}, "rights.0.role"), ({"role": "administrator"}, "rights.0.role"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_by_its_place(adam: Actor, wrong: dict[str, Any], told: str) -> None:
    way = make.pipeline("basic")
    with pytest.raises(BadInput) as refused:
        perform(adam, save_pipeline, pipeline_id=way.id, plan=plan_of(way, {**right("amount"), **wrong}))
    assert [reason.field for reason in refused.value.reasons] == [told]


def test_who_arranges_pipelines_and_sets_no_rights_neither_closes_nor_opens_a_field(adam: Actor) -> None:
    way = make.pipeline("basic")
    kept = keep(way, right("amount"))
    arranger = replace(adam, permissions={name: s for name, s in adam.permissions.items() if name != "role.manage"})
    for rights in ([], [right("amount"), right("delivery")]):
        with pytest.raises(Forbidden):
            perform(arranger, save_pipeline, pipeline_id=way.id, plan=plan_of(kept, *rights))
    perform(arranger, save_pipeline, pipeline_id=way.id, plan={**plan_of(kept, right("amount")), "name": "Иначе"})
    perform(arranger, roll_back_pipeline, pipeline_id=way.id, number=way.version)
    assert perform(adam, see_pipeline, pipeline_id=way.id).rights == kept.rights
