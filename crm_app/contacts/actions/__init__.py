"""What can be done with contacts: one file per ability."""

from crm_app.contacts.actions import bulk, cards, importing, places

__all__ = ["bulk", "cards", "importing", "places"]
