"""What can be done with clients: one file per ability."""

from crm_app.clients.actions import cards

__all__ = ["cards"]
