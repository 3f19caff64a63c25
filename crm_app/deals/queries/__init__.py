"""What can be asked of deals: the board, one deal, the moves that are open to it."""

from crm_app.deals.queries import board, cards, moves

__all__ = ["board", "cards", "moves"]
