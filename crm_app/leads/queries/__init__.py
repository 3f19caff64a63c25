"""What can be asked of leads."""

from crm_app.leads.queries import board, cards, converting

__all__ = ["board", "cards", "converting"]
