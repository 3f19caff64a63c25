"""What can be done with clients: one file per ability."""

from crm_app.clients.actions import bulk, cards, imports, intaking

__all__ = ["bulk", "cards", "imports", "intaking"]
