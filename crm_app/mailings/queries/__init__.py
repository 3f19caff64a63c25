"""What can be asked of mailings: one file per concern."""

from crm_app.mailings.queries import checks, deliveries, lists, suppressions

__all__ = ["checks", "deliveries", "lists", "suppressions"]
