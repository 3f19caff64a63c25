"""What can be done with accounts: one file per ability."""

from crm_app.access.actions import employees, guests, keys, sessions, setup

__all__ = ["employees", "guests", "keys", "sessions", "setup"]
