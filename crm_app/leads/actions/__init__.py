"""What can be done with leads: one file per ability."""

from crm_app.leads.actions import (
    bulk,
    bulk_moves,
    cards,
    carried_over,
    carrying,
    converting,
    importing,
    moves,
    unconverting,
)

__all__ = [
    "bulk",
    "bulk_moves",
    "cards",
    "carried_over",
    "carrying",
    "converting",
    "importing",
    "moves",
    "unconverting",
]
