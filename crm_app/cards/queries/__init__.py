"""What can be asked of a card of any kind, and of the filters and groups of its list."""

from crm_app.cards.queries import binned, bulk_changes, columns, every_card, filtering, links, merged, rights, shelf

__all__ = ["binned", "bulk_changes", "columns", "every_card", "filtering", "links", "merged", "rights", "shelf"]
