"""The State of the panel "Items" on a deal's page."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from crm_app.access.screens.base import Part, handler, number_in
from crm_app.access.screens.editing import EditsInPlace, Standing
from crm_app.core.errors import BadInput, NotFound
from crm_app.deals.actions.items import add_item, change_item, copy_item, order_items, remove_item
from crm_app.deals.queries.cards import list_items
from crm_app.deals.rules import VAT_RATES, totals_of
from crm_app.deals.screens.asked_fields import minor_units
from crm_app.deals.screens.deal_rows import ItemLine, TotalLine, item_line, total_lines

TYPED = ("name", "quantity", "price", "discount", "vat")


class DealItems(EditsInPlace, Part):
    """What is sold by the deal whose page this is. totals: what it comes to; what is nothing is left out."""

    items: list[ItemLine] = []
    totals: list[TotalLine] = []
    added: int = 0

    _deal_id: int = 0

    @handler("deal.see")
    async def opened(self) -> None:
        """Show the items of the deal in the address, and follow what others change."""
        self._deal_id, self.items = self._number_in_address, []
        await self._watch({f"deal:{self._deal_id}"}, DealItems.changed)
        await self._load()

    @handler("deal.see")
    async def changed(self) -> None:
        """Somebody has changed the deal."""
        await self._load()

    @handler("deal.change")
    async def item_added(self, fields: dict[str, str]) -> None:
        """Add an item by its name; its figures are edited in place."""
        await self._act(add_item, deal_id=self._deal_id, values={"name": fields.get("item", "")})
        self.added += 1
        await self._load()

    @handler("deal.change")
    async def item_edited(self, name: str, text: str, seen: str) -> None:
        """A figure of an item was edited in place. name: "12:price"."""
        await self._give(name, text, seen)

    @handler("deal.change")
    async def item_removed(self, item_id: int) -> None:
        """Take an item out."""
        await self._act(remove_item, item_id=item_id)
        await self._load()

    @handler("deal.change")
    async def item_copied(self, item_id: int) -> None:
        """Add an item like this one below it."""
        await self._act(copy_item, item_id=item_id)
        await self._load()

    @handler("deal.change")
    async def item_raised(self, item_id: int) -> None:
        """Put an item before the one above it."""
        await self._shift(item_id, -1)

    @handler("deal.change")
    async def item_lowered(self, item_id: int) -> None:
        """Put an item behind the one below it."""
        await self._shift(item_id, 1)

    async def _shift(self, item_id: int, by: int) -> None:
        ids = [item["id"] for item in self.items]
        if item_id not in ids:
            raise NotFound()
        place = ids.index(item_id)
        if 0 <= place + by < len(ids):
            ids[place], ids[place + by] = ids[place + by], ids[place]
            await self._act(order_items, deal_id=self._deal_id, item_ids=ids)
        await self._load()

    async def _stands(self, name: str) -> Standing:
        await self._load()
        item_id, _, field = name.partition(":")
        found = next((item for item in self.items if str(item["id"]) == item_id), None)
        if found is None or field not in TYPED:
            raise NotFound()
        return Standing(found[field])  # type: ignore[literal-required]

    async def _put(self, name: str, text: str, version: None) -> None:
        item_id, _, field = name.partition(":")
        await self._act(change_item, item_id=number_in(item_id), values=_item_value(field, text))

    async def _load(self) -> None:
        rows = await self._ask(list_items, deal_id=self._deal_id)
        self.items = [item_line(item) for item in rows]
        self.totals = total_lines(totals_of(rows))


def _item_value(field: str, text: str) -> dict[str, Any]:
    """One figure of an item, as the action takes it. Raises BadInput for what is no number."""
    if field == "price":
        return {"price": minor_units(text) if text else 0}
    if field == "quantity":
        return {"quantity_thousandths": _scaled(text, 1000, "deals.error.bad_quantity")}
    if field == "discount":
        return {"discount_basis_points": _scaled(text, 100, "deals.error.bad_discount")}
    if field == "vat":
        return {"vat_percent": next((rate for rate in VAT_RATES if str(rate) == text), None)}
    return {"name": text}


def _scaled(text: str, by: int, key: str) -> int:
    try:
        number = Decimal(text.replace(",", ".").replace(" ", "") or "0") * by
        whole = int(number)
    except (InvalidOperation, ValueError, OverflowError):
        raise BadInput(key) from None
    if whole != number:  # more places than are kept: nothing is rounded unseen
        raise BadInput(key)
    return whole
