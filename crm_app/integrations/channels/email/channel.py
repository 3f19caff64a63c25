"""E-mail as a way of sending."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace

from crm_app.core.errors import BadInput, Reason
from crm_app.core.html import to_text
from crm_app.core.settings import Settings, settings
from crm_app.messages import merge
from crm_app.messages.channel import ChannelAway, Text

from . import look
from .address import ascii_address
from .dkim import DkimSigner, read_signer
from .letter import LetterStencil
from .smtp import SmtpSender
from .smtp_url import SmtpServer, read_smtp_url

# Gmail hides what comes after 102 kB, the link to unsubscribe first of all
BODY_BYTES = 100_000
TITLE_LENGTH = 250


@dataclass(frozen=True)
class Setup:
    """What the channel needs to know. server: None when nothing may leave."""

    server: SmtpServer | None = None
    signer: DkimSigner | None = None


def setup_from(current: Settings) -> Setup:
    """Raises BadInput for an SMTP address or a key that can't be understood."""
    server = read_smtp_url(current.smtp_url) if current.smtp_url else None
    signer = None
    if current.dkim_domain and current.dkim_key_file:
        signer = read_signer(current.dkim_domain, current.dkim_selector, current.dkim_key_file)
    return Setup(server, signer)


class EmailChannel:
    """Letters over SMTP. setup: asked at each use, so that importing the plug-in reads no settings."""

    key = "email"

    def __init__(self, setup: Callable[[], Setup] = lambda: setup_from(settings())) -> None:
        self._setup = setup

    def unready(self) -> Reason | None:
        try:
            server = self._setup().server
        except BadInput as error:
            return error.reasons[0]
        return None if server else Reason("messages.error.smtp_not_set")

    def address_of(self, values: Mapping[str, str]) -> str:
        return ascii_address(values.get("email", ""))

    def check(self, text: Text) -> list[Reason]:
        return [*_check_sender(text), *_check_title(text), *_check_body(text)]

    def prepare(self, text: Text) -> LetterStencil:
        return LetterStencil(text, self._setup().signer)

    def open(self) -> AbstractContextManager[SmtpSender]:
        try:
            server = self._setup().server
        except BadInput as error:
            raise ChannelAway(error.key, **error.params) from error
        if server is None:
            raise ChannelAway("messages.error.smtp_not_set")
        return SmtpSender(server)


def _check_sender(text: Text) -> list[Reason]:
    found = []
    if not ascii_address(text.sender.address):
        found.append(Reason("messages.problem.sender", "sender", {"address": text.sender.address}))
    if text.reply_to and not ascii_address(text.reply_to):
        found.append(Reason("messages.problem.reply_to", "reply_to", {"address": text.reply_to}))
    return found


def _check_title(text: Text) -> list[Reason]:
    found = merge.problems(text.title, "title")
    if not text.title.strip():
        found.append(Reason("messages.problem.no_title", "title"))
    if len(text.title) > TITLE_LENGTH:
        found.append(Reason("messages.problem.long_title", "title", {"n": TITLE_LENGTH}))
    return found


def _check_body(text: Text) -> list[Reason]:
    if len(text.body.encode("utf-8", "replace")) > BODY_BYTES:
        return [Reason("messages.problem.long_body", "body", {"n": BODY_BYTES // 1000})]
    found = merge.problems(text.body, "body")
    html = look.body_html(replace(text, unsubscribe_label=""))
    if not to_text(html).strip() and "<img" not in html:
        found.append(Reason("messages.problem.no_body", "body"))
    found += [Reason("messages.problem.field_in_tag", "body", {"name": name}) for name in _lost(text.body, html)]
    return found


def _lost(typed: str, kept: str) -> list[str]:
    """Names of the merge fields that sanitising took away, since they stood inside a tag."""
    before, after = ([field.name for field in merge.parse(html).fields] for html in (typed, kept))
    return sorted({name for name in before if before.count(name) > after.count(name)})
