"""What can be done with deals: one file per ability."""

from crm_app.deals.actions import approvals, approving, bulk, bulk_moves, cards, carrying, items, moves, plans

__all__ = ["approvals", "approving", "bulk", "bulk_moves", "cards", "carrying", "items", "moves", "plans"]
