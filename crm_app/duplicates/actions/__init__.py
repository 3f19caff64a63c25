"""What can be done with duplicates: one file per ability."""

from crm_app.duplicates.actions import merging, pairs, splitting

__all__ = ["merging", "pairs", "splitting"]
