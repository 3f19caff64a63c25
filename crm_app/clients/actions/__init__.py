"""What can be done with clients: one file per ability."""

from crm_app.clients.actions import cards, imports, intaking

__all__ = ["cards", "imports", "intaking"]
