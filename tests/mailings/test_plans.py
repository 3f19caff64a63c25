"""How the databases go about an audience of 20,000: by indexes, and never card by card through the addresses."""

from __future__ import annotations

import time
from typing import Any

import pytest
from sqlalchemy import insert

from crm_app.cards.models import CardEmail
from crm_app.contacts.models import Contact
from crm_app.core import clock
from crm_app.core.actor import Actor
from crm_app.core.db import Database
from crm_app.core.door import perform
from crm_app.leads.models import Lead
from crm_app.mailings.actions.running import start_mailing
from crm_app.mailings.queries.checks import check_mailing, list_samples
from crm_app.mailings.queries.lists import see_mailing
from tests.integrations.channels.email.servers import ScriptedServer
from tests.leads import make as leads
from tests.mailings import kit
from tests.plans import plan_of, statements_of

MANY = 20_000
MOST_SECONDS = 10.0


def fill(database: Database, kind: str, owner: Actor, way: Any) -> None:
    """So many cards of a kind with an address each."""
    now = clock.now()
    own = {"responsible_id": owner.id, "city": "Орёл", "created_at": now, "updated_at": now}
    more: dict[str, Any] = {}
    model: Any = Contact
    if kind == "lead":
        model, stage = Lead, way.stages[0]
        more = {"pipeline_id": way.id, "stage_id": stage.id, "rank": "a", "entered_stage_at": now, "person": "Пётр"}
    with database.session(writes=True) as session:
        rows = [{"id": n, "name": f"Иванов {n}", "sort_name": f"{n:06}", **own, **more} for n in range(1, MANY + 1)]
        session.execute(insert(model), rows)
        emails = [{"card": kind, "card_id": n, "address": f"p{n}@a.example", "position": 0} for n in range(1, MANY + 1)]
        session.execute(insert(CardEmail), emails)
        session.commit()
    database.study()


@pytest.mark.parametrize("kind", ["contact", "lead"])
def test_an_audience_of_twenty_thousand_is_looked_up_by_indexes(
    database: Database, kind: Any, ann: Actor, adam: Actor, mary: Actor, outside: ScriptedServer
) -> None:
    fill(database, kind, ann, leads.way(adam))
    mailing = kit.mailing(mary, card=kind)
    began = time.perf_counter()
    said = statements_of(database, lambda: perform(mary, list_samples, mailing_id=mailing.id))
    said += statements_of(database, lambda: perform(mary, check_mailing, mailing_id=mailing.id))
    perform(mary, start_mailing, mailing_id=mailing.id)
    assert time.perf_counter() - began < MOST_SECONDS
    assert perform(mary, see_mailing, mailing_id=mailing.id).total == MANY
    asked = [one for one in said if f"FROM {kind}" in one and one.lstrip().upper().startswith("SELECT")]
    assert len(asked) >= 2
    first = plan_of(database, next(one for one in asked if "EXISTS" in one.upper()), as_it_is=True)
    assert f"ix_{kind}_name" in first, first
    for one in asked:
        assert "SCAN card_email" not in plan_of(database, one, as_it_is=True)
