"""What a client's timeline and the stream of facts tell of its deals: only to who may see the deal."""

from __future__ import annotations

import json

from crm_app.cards.queries.every_card import TimelineRow, list_facts, see_timeline
from crm_app.core.actor import Actor
from crm_app.core.door import perform
from crm_app.deals.actions.cards import change_deal
from crm_app.deals.actions.items import add_item
from tests import make as cards
from tests.cards.test_field_rights import limited
from tests.deals import make


def told(reader: Actor, client_id: int) -> tuple[str, str]:
    """All that the client's timeline and the stream say to a reader."""
    timeline = perform(reader, see_timeline, card="client", card_id=client_id)
    stream = perform(reader, list_facts, limit=200)
    return _words(timeline), _words(stream)


def _words(rows: list[TimelineRow]) -> str:
    return json.dumps([(row.name, row.details) for row in rows], ensure_ascii=False)


def test_who_sees_no_deals_hears_nothing_of_them_at_the_client(adam: Actor, ann: Actor, mary: Actor) -> None:
    client = cards.client(ann, "ООО «Вектор»", "company")
    deal = make.deal(ann, make.pipeline(), name="Тайный станок", amount=500_00, client_id=client.id)
    perform(ann, add_item, deal_id=deal.id, values={"name": "Резец", "price": 777_00})
    for words in told(ann, client.id):
        assert "Тайный станок" in words and "Резец" in words
    assert not mary.may("deal.see") and mary.may("client.see")
    for words in told(mary, client.id):
        assert "ClientAdded" in words and "Deal" not in words and "станок" not in words and "Резец" not in words


def test_a_hidden_amount_stays_hidden_at_the_client(adam: Actor, ann: Actor) -> None:
    client = cards.client(ann, "ООО «Вектор»", "company")
    deal = make.deal(ann, make.pipeline(), name="Станок", amount=500_00, client_id=client.id)
    perform(ann, change_deal, deal_id=deal.id, values={"amount": 912_345_00})
    assert all("91234500" in words for words in told(ann, client.id))
    for words in told(limited(adam, "deal", "hidden", "amount"), client.id):
        assert "DealChanged" in words and "91234500" not in words
