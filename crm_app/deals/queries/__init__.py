"""What can be asked of deals: the board, one deal, the moves that are open to it; and of clients, what deals tell."""

from crm_app.deals.queries import board, cards, clients, moves

__all__ = ["board", "cards", "clients", "moves"]
