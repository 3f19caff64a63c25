"""A mailing as its channel takes it: text, checked; links and keys of each letter."""

from __future__ import annotations

from crm_app.core import i18n
from crm_app.core.secret import key_for
from crm_app.core.settings import settings
from crm_app.mailings.models import Mailing, SenderIdentity
from crm_app.mailings.tokens import unsubscribe_token
from crm_app.messages import merge
from crm_app.messages.channel import Identity, Text

TEST_DELIVERY = 0
"""No delivery has this id: the link to unsubscribe in a test letter names it, and does nothing."""


def text_of(mailing: Mailing, sender: SenderIdentity | None, company: str) -> Text:
    """What is sent. company: the list's name, by which recipients know who writes."""
    return Text(
        sender=Identity(sender.address, sender.name) if sender else Identity(""),
        title=mailing.title,
        body=mailing.body,
        reply_to=mailing.reply_to,
        list_key=f"mailing-{mailing.id}",
        list_name=company,
        unsubscribe_label=i18n.text("mailings.letter.unsubscribe", mailing.locale),
        locale=mailing.locale,
    )


def templates(said: Mailing | Text) -> list[merge.Template]:
    return [merge.parse(said.title), merge.parse(said.body)]


def used_fields(said: Mailing | Text) -> set[str]:
    """Merge fields that stand in the title or the body."""
    return {field.name for template in templates(said) for field in template.fields}


def link_secret() -> str:
    """What the links of letters are signed with: they work for as long as the installation keeps its secret file."""
    return key_for("mailings.unsubscribe").hex()


def unsubscribe_url(delivery_id: int) -> str:
    """The link of one letter, which works without a login."""
    return f"{settings().origin}/u/{unsubscribe_token(link_secret(), delivery_id)}"
