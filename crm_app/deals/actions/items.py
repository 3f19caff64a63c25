"""Items of a deal: what is sold."""

from __future__ import annotations

from sqlalchemy import func, select

from crm_app.core.door import Tx, action
from crm_app.deals import rules
from crm_app.deals.actions.values import Changes, check_still_filled, sum_up, told
from crm_app.deals.drafts import ItemDraft
from crm_app.deals.events import DealItemAdded, DealItemChanged, DealItemRemoved
from crm_app.deals.models import Deal, DealItem


@action("deal.change")
def add_item(tx: Tx, deal_id: int, values: ItemDraft) -> DealItem:
    """Add an item at the end of a deal."""
    deal = tx.need(Deal, deal_id)
    last = tx.scalar(select(func.max(DealItem.position)).where(DealItem.deal_id == deal_id)) or 0
    item = DealItem(deal_id=deal_id, position=last + 1, **values.model_dump())
    _check(item)
    tx.add(item)
    changes = _touch(tx, deal)
    tx.record(DealItemAdded(**told(tx, deal), item=item.name, changes=changes))
    return item


@action("deal.change")
def change_item(tx: Tx, item_id: int, values: ItemDraft) -> DealItem:
    """Change an item: what is told."""
    item = tx.need(DealItem, item_id)
    deal = tx.need(Deal, item.deal_id)
    new = {field: value for field, value in values.told().items() if getattr(item, field) != value}
    for field, value in new.items():
        setattr(item, field, value)
    if new:
        _check(item)
        changes = _touch(tx, deal)
        tx.record(DealItemChanged(**told(tx, deal), item=item.name, changes=changes))
    return item


@action("deal.change")
def remove_item(tx: Tx, item_id: int) -> None:
    """Take an item out of a deal."""
    item = tx.need(DealItem, item_id)
    deal = tx.need(Deal, item.deal_id)
    tx.remove(item)
    changes = _touch(tx, deal)
    if tx.one(select(DealItem.id).where(DealItem.deal_id == deal.id)) is None:
        check_still_filled(tx, deal, {"items"} if deal.amount else {"items", "amount"})
    tx.record(DealItemRemoved(**told(tx, deal), item=item.name, changes=changes))


def _check(item: DealItem) -> None:
    item.name = rules.clean_name(item.name)
    rules.check_line(item)


def _touch(tx: Tx, deal: Deal) -> Changes | None:
    """Note that the deal has changed: so its own rights are asked for, and its amount follows."""
    deal.updated_at = tx.now
    tx.session.flush()
    return sum_up(tx, deal) or None
