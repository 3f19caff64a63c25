"""What can be done on a card of any kind: one file per ability."""

from crm_app.cards.actions import (
    bulk_changes,
    columns,
    comments,
    emptying,
    field_values,
    fields,
    files,
    filters,
    following,
    groups,
    notifications,
    restoring,
    rights,
    setting_back,
    shares,
    tags,
)

__all__ = [
    "bulk_changes",
    "columns",
    "comments",
    "emptying",
    "field_values",
    "fields",
    "files",
    "filters",
    "following",
    "groups",
    "notifications",
    "restoring",
    "rights",
    "setting_back",
    "shares",
    "tags",
]
