"""What can be done for guests: one file per ability."""

from crm_app.portal.actions import access, letters

__all__ = ["access", "letters"]
