"""The letter that asks for approval: what is to be approved, and the link."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from html import escape
from urllib.parse import urlencode

from crm_app.core.i18n import text
from crm_app.core.secret import key_for
from crm_app.core.settings import settings
from crm_app.messages.channel import Identity, Text


@dataclass(frozen=True)
class Asked:
    """Who is asked, by whom, and for what: what the letter says of it."""

    name: str
    asker: str
    asker_address: str
    title: str
    stage: str
    locale: str


def token_of(ask_id: int) -> str:
    """What names an ask in its link: the same each time the letter is written, so that none of them is a dead one."""
    return hmac.digest(key_for("approval link"), str(ask_id).encode(), "sha256").hex()


def link_of(token: str) -> str:
    """The address that the letter leads to."""
    return f"{settings().origin}/approve?{urlencode({'token': token})}"


def letter_of(asked: Asked, sender: Identity, token: str) -> Text:
    """What is sent to one approver: no list, nothing to unsubscribe from."""

    def say(key: str, **params: str) -> str:
        return text(f"approvals.letter.{key}", asked.locale, **params)

    paragraphs = [
        escape(say("greeting", name=asked.name)),
        escape(say("what", asker=asked.asker, title=asked.title, stage=asked.stage)),
        f'<a href="{escape(link_of(token))}">{escape(say("decide"))}</a>',
        escape(say("how_long")),
    ]
    return Text(
        sender=sender,
        title=_plain(say("title", title=asked.title)),
        body=_plain("".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)),
        reply_to=asked.asker_address,
        locale=asked.locale,
    )


def _plain(words: str) -> str:
    """Names are no merge fields, whatever somebody is called."""
    return words.replace("{{", "{ {")
