"""What can be done with pipelines: whole plans of them, and one thing at a time."""

from crm_app.pipelines.actions import arranging, bulk_moves, emptying, plans

__all__ = ["arranging", "bulk_moves", "emptying", "plans"]
