"""The ways of sending that are installed."""

from __future__ import annotations

from functools import cache

from crm_app.core import plugins
from crm_app.messages.channel import Channel

EMAIL = "email"


@cache
def channels() -> dict[str, Channel]:
    """Every way of sending by its key. Found by folder, so that nothing here knows a plug-in."""
    return plugins.discover("crm_app.integrations.channels")


def email() -> Channel:
    """Letters."""
    return channels()[EMAIL]
