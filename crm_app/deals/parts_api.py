"""What programs do with the parts of a deal: items, planned actions, and how long it has been where."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any

from pydantic import Field

from crm_app.api.endpoints import Endpoints, seen
from crm_app.api.forms import Amount, Body, Id, Listing, minor_of, page
from crm_app.core.door import Tx
from crm_app.core.errors import NotFound
from crm_app.deals.actions.items import add_item, change_item, copy_item, order_items, remove_item
from crm_app.deals.actions.plans import drop_plan, finish_plan, plan_action
from crm_app.deals.api import PlanBody
from crm_app.deals.api_shapes import ItemJson, item_json
from crm_app.deals.drafts import ItemDraft
from crm_app.deals.queries.board import PlanRow
from crm_app.deals.queries.cards import DealDetails, see_deal
from crm_app.deals.queries.stays import StayRow, UsualStay, list_stays, list_usual_stays

endpoints = Endpoints()

Quantity = Annotated[str, Field(pattern=r"^\d{1,7}(\.\d{1,3})?$", examples=["1.5"])]
Percent = Annotated[str, Field(pattern=r"^\d{1,3}(\.\d{1,2})?$", examples=["12.5"])]


class ItemChanges(Body):
    """What is said of an item. price: of one, VAT included, in the deal's currency."""

    name: str = ""
    quantity: Quantity = "1"
    price: Amount = "0"
    discount_percent: Percent = "0"
    vat_percent: int | None = None

    def draft(self) -> ItemDraft:
        """What was sent, as the actions take it."""
        named: dict[str, Any] = {
            "name": ("name", self.name),
            "quantity": ("quantity_thousandths", int(Decimal(self.quantity) * 1000)),
            "price": ("price", minor_of(self.price)),
            "discount_percent": ("discount_basis_points", int(Decimal(self.discount_percent) * 100)),
            "vat_percent": ("vat_percent", self.vat_percent),
        }
        return ItemDraft(**dict(named[name] for name in self.model_fields_set))


class ItemBody(ItemChanges):
    """An item to be added."""

    name: str


class ItemsOrder(Body):
    """All items of a deal by their ids, in the order that they are to have."""

    item_ids: list[int] = Field(max_length=10_000)


@endpoints.post("/deals/{deal_id}/items", "deal.change", status=201)
def add_deal_item(tx: Tx, deal_id: Id, body: ItemBody) -> ItemJson:
    """Add an item at the end of a deal."""
    return _item(tx, deal_id, tx.do(add_item, deal_id, body.draft()).id)


@endpoints.post("/deals/{deal_id}/items/{item_id}/copy", "deal.change", status=201)
def copy_deal_item(tx: Tx, deal_id: Id, item_id: Id) -> ItemJson:
    """Add an item like this one, right below it."""
    _item(tx, deal_id, item_id)
    return _item(tx, deal_id, tx.do(copy_item, item_id).id)


@endpoints.put("/deals/{deal_id}/items/order", "deal.change")
def order_deal_items(tx: Tx, deal_id: Id, body: ItemsOrder) -> list[ItemJson]:
    """Put the items in another order. Where the list has changed meanwhile, nothing is done."""
    tx.do(order_items, deal_id, body.item_ids)
    details = _details(tx, deal_id)
    return [item_json(item, details.deal.currency) for item in details.items]


@endpoints.patch("/deals/{deal_id}/items/{item_id}", "deal.change")
def update_deal_item(tx: Tx, deal_id: Id, item_id: Id, body: ItemChanges) -> ItemJson:
    """Change what is sent of an item."""
    _item(tx, deal_id, item_id)
    tx.do(change_item, item_id, body.draft())
    return _item(tx, deal_id, item_id)


@endpoints.delete("/deals/{deal_id}/items/{item_id}", "deal.change")
def delete_deal_item(tx: Tx, deal_id: Id, item_id: Id) -> None:
    """Take an item out of a deal."""
    _item(tx, deal_id, item_id)
    tx.do(remove_item, item_id)


@endpoints.post("/deals/{deal_id}/plans", "deal.change", status=201)
def plan_deal_action(tx: Tx, deal_id: Id, body: PlanBody) -> PlanRow:
    """Plan what is to be done on a deal."""
    return _plan(tx, deal_id, tx.do(plan_action, deal_id, body.draft()).id)


@endpoints.post("/deals/{deal_id}/plans/{plan_id}/done", "deal.change")
def finish_deal_action(tx: Tx, deal_id: Id, plan_id: Id) -> PlanRow:
    """Mark a planned action as done."""
    _plan(tx, deal_id, plan_id)
    tx.do(finish_plan, plan_id)
    return _plan(tx, deal_id, plan_id)


@endpoints.delete("/deals/{deal_id}/plans/{plan_id}", "deal.change")
def delete_deal_action(tx: Tx, deal_id: Id, plan_id: Id) -> None:
    """Forget a planned action."""
    _plan(tx, deal_id, plan_id)
    tx.do(drop_plan, plan_id)


def _details(tx: Tx, deal_id: int) -> DealDetails:
    tx.session.flush()
    return seen(tx, see_deal, deal_id=deal_id)


def _item(tx: Tx, deal_id: int, item_id: int | None) -> ItemJson:
    details = _details(tx, deal_id)
    for item in details.items:
        if item.id == item_id:
            return item_json(item, details.deal.currency)
    raise NotFound()


def _plan(tx: Tx, deal_id: int, plan_id: int | None) -> PlanRow:
    for plan in _details(tx, deal_id).plans:
        if plan.id == plan_id:
            return plan
    raise NotFound()


@endpoints.get("/deals/{deal_id}/stays", "deal.see")
def list_deal_stays(tx: Tx, deal_id: Id) -> Listing[StayRow]:
    """Where a deal has been and for how long, from its beginning. left_at: null while it is there."""
    return page(seen(tx, list_stays, deal_id=deal_id), "stays", None)


@endpoints.get("/pipelines/{pipeline_id}/stays", "deal.see")
def list_usual_stays_of_a_pipeline(tx: Tx, pipeline_id: Id) -> Listing[UsualStay]:
    """How long deals usually stay in each stage: the median of the latest finished stays, in seconds."""
    return page(seen(tx, list_usual_stays, pipeline_id=pipeline_id), "stays", None)
