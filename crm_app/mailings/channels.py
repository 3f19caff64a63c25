"""The ways of sending that are installed."""

from __future__ import annotations

from functools import cache

from crm_app.core import clock, plugins
from crm_app.messages.channel import Channel, Receipt, Recipient, Text

EMAIL = "email"


@cache
def channels() -> dict[str, Channel]:
    """Every way of sending by its key. Found by folder, so that nothing here knows a plug-in."""
    return plugins.discover("crm_app.integrations.channels")


def email() -> Channel:
    """Letters."""
    return channels()[EMAIL]


def send_letter(text: Text, recipient: Recipient) -> Receipt:
    """Hand over one letter to one person. Raises Undeliverable, Deferred or ChannelAway."""
    channel = email()
    with channel.open() as sender:
        return sender.send(channel.prepare(text).fill(recipient, clock.now()))
