"""What can be done with deals: one file per ability."""

from crm_app.deals.actions import cards, items, moves, plans

__all__ = ["cards", "items", "moves", "plans"]
