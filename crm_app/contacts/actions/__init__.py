"""What can be done with contacts: one file per ability."""

from crm_app.contacts.actions import bulk, cards, places

__all__ = ["bulk", "cards", "places"]
