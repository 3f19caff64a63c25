"""What can be asked of leads."""

from crm_app.leads.queries import board, cards

__all__ = ["board", "cards"]
