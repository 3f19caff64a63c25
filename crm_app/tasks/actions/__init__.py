"""What can be done with tasks."""

from crm_app.tasks.actions import deleting, editing, guests, ties

__all__ = ["deleting", "editing", "guests", "ties"]
