"""What can be done with leads: one file per ability."""

from crm_app.leads.actions import bulk, cards, moves

__all__ = ["bulk", "cards", "moves"]
