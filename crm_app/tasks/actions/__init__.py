"""What can be done with tasks."""

from crm_app.tasks.actions import bulk_tasks, deleting, editing, guests, ties

__all__ = ["bulk_tasks", "deleting", "editing", "guests", "ties"]
