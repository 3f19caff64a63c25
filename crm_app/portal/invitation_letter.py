"""The letter that invites a guest: a few words in their language, and the link."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from urllib.parse import urlencode

from crm_app.core.i18n import text
from crm_app.core.settings import settings
from crm_app.messages.channel import Identity, Text


@dataclass(frozen=True)
class Invitee:
    """Who is invited, by whom: what the letter says of them. inviter_address: where an answer goes."""

    name: str
    login: str
    inviter: str
    inviter_address: str
    company: str
    locale: str


def link_of(token: str) -> str:
    """The address of an invitation."""
    return f"{settings().origin}/portal/join?{urlencode({'token': token})}"


def letter_of(invitee: Invitee, sender: Identity, token: str) -> Text:
    """What is sent to one person: no list, nothing to unsubscribe from."""

    def say(key: str, **params: str) -> str:
        return text(f"portal.letter.{key}", invitee.locale, **params)

    link = escape(link_of(token))
    paragraphs = [
        escape(say("greeting", name=invitee.name)),
        escape(say("why", inviter=invitee.inviter, company=invitee.company)),
        f'<a href="{link}">{escape(say("enter"))}</a>',
        escape(say("how_long", login=invitee.login)),
    ]
    return Text(
        sender=sender,
        title=_plain(say("title", company=invitee.company)),
        body=_plain("".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)),
        reply_to=invitee.inviter_address,
        locale=invitee.locale,
    )


def _plain(words: str) -> str:
    """Names are no merge fields, whatever somebody is called."""
    return words.replace("{{", "{ {")
