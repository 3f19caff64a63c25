"""Rows of an import whose clients its owner may not add, by their type: kept out and told, as any other bad row."""

from __future__ import annotations

from types import SimpleNamespace

from crm_app.cards.rights import is_reached
from crm_app.clients.importer import BAD
from crm_app.clients.intake import COLUMNS, Batch, Prepared, Told
from crm_app.core.actor import Actor


def refuse_unreached(actor: Actor, batch: Batch) -> None:
    """Take rows out of a batch that are of a type which the actor may not add, and say so of each."""
    if not actor.exceptions.get("client.create"):
        return
    cards = [(each, _card(each)) for each in batch.prepared]
    refused = {each.row: card for each, card in cards if not is_reached(actor, "client.create", card)}
    batch.prepared = [each for each in batch.prepared if each.row not in refused]
    batch.told = [told for told in batch.told if told.row not in refused]
    batch.told += [_told(row, card) for row, card in refused.items()]


def _card(prepared: Prepared) -> SimpleNamespace:
    return SimpleNamespace(**dict(zip(COLUMNS, prepared.values, strict=True)))


def _told(row: int, card: SimpleNamespace) -> Told:
    problem = ["", "type", "clients.import.others_type", card.type or card.kind, "error", 0]
    return Told(row, BAD, card.name[:200], problems=[problem])
