"""What can be done with duplicates: one file per ability."""

from crm_app.duplicates.actions import merging, splitting

__all__ = ["merging", "splitting"]
