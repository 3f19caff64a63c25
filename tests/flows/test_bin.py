"""The bin in the browser: found by kind and name, restored one and many, and taken back."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect
from sqlalchemy import func, select

from crm_app.cards.actions.bulk_changes import start_bulk
from crm_app.cards.bulk_rules import BATCH
from crm_app.cards.kinds import KINDS
from crm_app.cards.queries.binned import MOST
from crm_app.core.actor import SYSTEM
from crm_app.core.db import Database
from crm_app.core.door import Tx, action, perform, query
from crm_app.deals.actions.cards import delete_deal
from tests import make, people
from tests.deals import make as deals
from tests.flows.conftest import Window, until


def test_what_was_deleted_is_found_restored_and_put_back(window: Window, company: Database) -> None:
    ann = people.actor("ann")
    names = ("Binned Works", "Binned Mills", "Binned Yard")
    ids = [make.client(ann, name, "company").id for name in names]
    perform(ann, start_bulk, card="client", operation="remove", ids=ids)
    deal = deals.deal(ann, deals.pipeline(), name="Binned lathe")
    perform(ann, delete_deal, deal_id=deal.id)

    page = window("ann", viewport={"width": 1440, "height": 900})
    page.goto("/bin?card=client&q=binned")
    rows = page.locator("[data-row]")
    expect(rows).to_have_count(3)
    works = rows.filter(has_text="Binned Works")
    expect(works).to_contain_text(ann.name)
    works.get_by_role("button", name="Restore").click()
    expect(page.get_by_text("1 card restored")).to_be_visible()
    expect(rows).to_have_count(2)
    page.get_by_role("button", name="Undo").click()
    expect(rows).to_have_count(3)

    rows.filter(has_text="Binned Mills").get_by_role("checkbox").click()
    rows.filter(has_text="Binned Yard").get_by_role("checkbox").click()
    page.get_by_role("toolbar", name="2 selected").get_by_role("button", name="Restore").click()
    expect(page.get_by_text("2 cards restored")).to_be_visible()
    expect(rows).to_have_count(1)

    page.get_by_role("link", name="Deals").filter(has=page.locator(".badge")).click()
    lathe = rows.filter(has_text="Binned lathe")
    lathe.get_by_role("button", name="Restore").click()
    expect(lathe).to_have_count(0)


@pytest.mark.parametrize("card", ["task", "client"])
def test_all_that_match_words_come_back_however_many_and_nothing_else(
    window: Window, company: Database, card: str
) -> None:
    """Tasks are restored one batch after another by the page, clients by one change of many, which the worker does."""
    adam = people.actor("adam")
    count = MOST + 7 if card == "task" else BATCH + 7
    ids = perform(SYSTEM, bin_many, card=card, name="Heap of old", count=count, owner_id=adam.id)
    (other,) = perform(SYSTEM, bin_many, card=card, name="Another heap", count=1, owner_id=adam.id)
    page = window("adam", viewport={"width": 1440, "height": 900})
    page.goto(f"/bin?card={card}&q=heap+of+old")
    expect(page.get_by_role("grid")).to_have_attribute("aria-rowcount", str(count + 1))
    page.get_by_role("columnheader").get_by_role("checkbox").click()
    page.get_by_role("toolbar").get_by_role("button", name="Restore").click()
    told = f"{count} cards restored" if card == "task" else "Restoring"
    expect(page.get_by_text(told).first).to_be_visible()
    until(lambda: perform(SYSTEM, count_binned, card=card, ids=ids) == 0)
    expect(page.locator("[data-row]")).to_have_count(0)
    assert perform(SYSTEM, count_binned, card=card, ids=[other]) == 1


@action("test.bin")
def bin_many(tx: Tx, card: str, name: str, count: int, owner_id: int) -> list[int]:
    """Cards in the bin, all of one person: quicker than one action for each."""
    model: Any = KINDS[card].model
    always: dict[str, Any] = {"responsible_id": owner_id, "created_at": tx.now, "updated_at": tx.now}
    gone: dict[str, Any] = {"deleted_at": tx.now}
    ids = []
    for number in range(count):
        title = f"{name} {number}"
        own = (
            {"title": title, "author_id": owner_id}
            if card == "task"
            else {"name": title, "sort_name": title.lower(), "kind": "company", "source": "screen"}
        )
        row = tx.add(model(**always, **gone, **own))
        ids.append(row.id)
    return ids


@query("test.bin")
def count_binned(tx: Tx, card: str, ids: list[int]) -> int:
    """How many of these are in the bin."""
    model: Any = KINDS[card].model
    with tx.with_bin():
        wanted = select(func.count()).where(model.id.in_(ids), model.deleted_at.is_not(None))
        return int(tx.scalar(wanted))
