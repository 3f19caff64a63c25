"""Items of a deal: what is sold."""

from __future__ import annotations

from sqlalchemy import func, select

from crm_app.core.door import Tx, action
from crm_app.core.errors import RuleBroken
from crm_app.deals import rules
from crm_app.deals.actions.values import Changes, check_still_filled, sum_up, told
from crm_app.deals.drafts import ItemDraft
from crm_app.deals.events import DealItemAdded, DealItemChanged, DealItemRemoved, DealItemsReordered
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


@action("deal.change")
def copy_item(tx: Tx, item_id: int) -> DealItem:
    """Add an item like another one, right below it."""
    with tx.reading():
        deal_id = tx.need(DealItem, item_id).deal_id
    rows = _locked(tx, deal_id)
    original, deal = tx.need(DealItem, item_id), tx.need(Deal, deal_id)
    copy = DealItem(**original.model_dump(exclude={"id"}))
    place = rows.index(original) + 1
    tx.add(copy)
    _number([*rows[:place], copy, *rows[place:]])
    changes = _touch(tx, deal)
    tx.record(DealItemAdded(**told(tx, deal), item=copy.name, changes=changes))
    return copy


@action("deal.change")
def order_items(tx: Tx, deal_id: int, item_ids: list[int]) -> None:
    """Put the items of a deal in another order. item_ids: all of them, or RuleBroken: others have changed the list."""
    rows = _locked(tx, deal_id)
    deal = tx.need(Deal, deal_id)
    tx.check_change(deal)
    by_id = {row.id or 0: row for row in rows}
    if sorted(item_ids) != sorted(by_id):
        raise RuleBroken("deals.error.other_items", field="item_ids")
    if item_ids != list(by_id):
        _number([by_id[item_id] for item_id in item_ids])
        _touch(tx, deal)
        tx.record(DealItemsReordered(**told(tx, deal)))


def _locked(tx: Tx, deal_id: int) -> list[DealItem]:
    """The items in their order. They are locked before the deal, as where one is changed: else two would deadlock."""
    wanted = select(DealItem).where(DealItem.deal_id == deal_id).order_by(DealItem.id)
    rows = tx.all(wanted.with_for_update().execution_options(populate_existing=True))
    return sorted(rows, key=lambda row: (row.position, row.id))


def _number(rows: list[DealItem]) -> None:
    for position, row in enumerate(rows, start=1):
        row.position = position


def _check(item: DealItem) -> None:
    item.name = rules.clean_name(item.name)
    rules.check_line(item)


def _touch(tx: Tx, deal: Deal) -> Changes | None:
    """Note that the deal has changed: so its own rights are asked for, and its amount follows: a new version."""
    deal.updated_at = tx.now
    tx.session.flush()
    changes = sum_up(tx, deal)
    if changes:
        deal.version += 1
    return changes or None
