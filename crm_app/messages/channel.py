"""What every way of sending has in common: e-mail, SMS, XMPP … are plug-ins behind this protocol.

A mailing uses a channel like this:

    stencil = channel.prepare(text)                 # once per mailing
    with channel.open() as sender:                  # once per batch, one per thread
        for recipient in batch:
            receipt = sender.send(stencil.fill(recipient, now))
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from crm_app.core.errors import CrmError, Reason


@dataclass(frozen=True, slots=True)
class Identity:
    """In whose name something is sent, or to whom it goes."""

    address: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """What a mailing says by one channel.

    title and body may hold merge fields. body: HTML for channels with formatting, else plain text.
    list_key: stable name of the mailing; empty for a letter to one person. unsubscribe_label: words of the link that
    is put under a body without one; empty for letters that can't be unsubscribed from.
    """

    sender: Identity
    body: str
    title: str = ""
    reply_to: str = ""
    list_key: str = ""
    list_name: str = ""
    unsubscribe_label: str = ""
    locale: str = "ru"


@dataclass(frozen=True, slots=True)
class Recipient:
    """One receiver. key: stable name of this delivery, the same at each attempt. values: merge fields by name."""

    key: str
    address: str
    name: str = ""
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Letter:
    """One message to one recipient, ready to leave; content is what goes over the wire."""

    key: str
    sender: str
    address: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Preview:
    """A text as one recipient would read it. html is empty where the channel has no formatting."""

    title: str
    text: str
    html: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """The other side's own words. status: enhanced code as in RFC 3463, "5.1.1", or empty."""

    code: int
    text: str
    status: str = ""

    @property
    def blames_address(self) -> bool:
        """The address itself is bad, so that it is of no use to anybody."""
        return self.status.startswith("5.1.") or self.status == "5.2.1"

    def __str__(self) -> str:
        return " ".join(part for part in (str(self.code), self.status, self.text) if part)


@dataclass(frozen=True, slots=True)
class Receipt:
    """The other side took the letter over, and said so."""

    key: str
    answer: Answer


class SendingFailed(CrmError):
    """A letter did not leave. answer: the other side's, where it gave one."""

    status = 502

    def __init__(self, key: str, answer: Answer | None = None, **params: Any) -> None:
        super().__init__(key, answer=str(answer or ""), **params)
        self.answer = answer


class Undeliverable(SendingFailed):
    """Never to be tried again for this recipient."""


class Deferred(SendingFailed):
    """Not now: to be tried again later, a limited number of times."""


class ChannelAway(SendingFailed):
    """The channel itself can't send, whoever the recipient: no attempt is used up, and all the others wait too."""


class Sender(Protocol):
    """An open connection; belongs to one thread."""

    def send(self, letter: Letter, meanwhile: Callable[[], None] = lambda: None) -> Receipt:
        """Hand one letter over. Raises Undeliverable, Deferred or ChannelAway.

        meanwhile: what may be done while the other side takes the letter in, once; it raises nothing.
        """
        ...


class Stencil(Protocol):
    """A text prepared for many recipients: built once, filled for each. Safe to use from several threads."""

    def fill(self, recipient: Recipient, at: datetime) -> Letter:
        """The letter of one recipient. Raises Undeliverable when the address can't be sent to."""
        ...

    def preview(self, values: Mapping[str, str]) -> Preview: ...


class Channel(Protocol):
    """A way of sending; `PLUGIN` of a folder in integrations/channels."""

    key: str

    def unready(self) -> Reason | None:
        """Why nothing can be sent at all as things are set up, or None."""
        ...

    def address_of(self, values: Mapping[str, str]) -> str:
        """The address this channel would send to, chosen from a recipient's merge values, in its stored form; or ""."""
        ...

    def check(self, text: Text) -> list[Reason]:
        """What keeps this text from being sent; empty when nothing does."""
        ...

    def prepare(self, text: Text) -> Stencil: ...

    def open(self) -> AbstractContextManager[Sender]:
        """Connect. Raises ChannelAway."""
        ...
