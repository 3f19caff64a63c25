"""What there is to know before a mailing starts: how many get it, what is missing, how it reads."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from crm_app.cards.field_rules import Definition
from crm_app.clients.models import Client
from crm_app.core.door import Tx, query
from crm_app.core.errors import NotFound, Reason
from crm_app.mailings import audience, channels, letter, rules
from crm_app.mailings.models import Mailing, SenderIdentity
from crm_app.mailings.own_fields import OwnValues, usable_fields
from crm_app.mailings.recipients import hidden_fields, merge_values, sample_columns, seen_values
from crm_app.messages.channel import Preview, Text
from crm_app.messages.merge import UNSUBSCRIBE, is_own

MOST = 200


@dataclass(frozen=True)
class Check:
    """What there is to know before the start. missing: merge field → recipients who lack it."""

    figures: audience.Figures
    reasons: list[Reason]
    missing: dict[str, int]
    channel: Reason | None


@dataclass(frozen=True)
class Sample:
    """A recipient to look at the letter as."""

    client_id: int
    name: str
    address: str


@query("mailing.see")
def count_audience(
    tx: Tx, client_ids: list[int] | None = None, filter_: dict[str, Any] | None = None
) -> audience.Figures:
    """What a choice of recipients comes down to, before it is saved."""
    return audience.count(tx, rules.clean_audience(client_ids or [], filter_))


@query("mailing.see")
def check_mailing(tx: Tx, mailing_id: int) -> Check:
    """Everything that the last look before the start shows.

    Of a field that the actor may not use nothing is counted: that would tell who has it.
    """
    mailing = tx.need(Mailing, mailing_id)
    missing = audience.count_missing(tx, mailing.audience, letter.templates(mailing))
    return Check(
        figures=audience.count(tx, mailing.audience),
        reasons=_content_reasons(tx, mailing),
        missing={name: missing[name] for name in sorted(missing.keys() - _unusable(tx, mailing))},
        channel=channels.email().unready(),
    )


@query("mailing.see")
def why_unready(tx: Tx) -> Reason | None:
    """Why no letter can leave as things are set up, or None."""
    return channels.email().unready()


def start_reasons(tx: Tx, mailing: Mailing) -> list[Reason]:
    """Everything that keeps a mailing from being started."""
    unready = channels.email().unready()
    return [*([unready] if unready else []), *_content_reasons(tx, mailing)]


def _content_reasons(tx: Tx, mailing: Mailing) -> list[Reason]:
    chosen = [] if rules.has_audience(mailing.audience) else [Reason("mailings.problem.no_audience", "audience")]
    return [*chosen, *text_reasons(tx, mailing)]


def text_reasons(tx: Tx, mailing: Mailing) -> list[Reason]:
    """What is wrong with the sender or with what is said; merge fields that are hidden from the actor too."""
    sender = tx.find(SenderIdentity, mailing.sender_id)
    if sender is None:
        found = [Reason("mailings.problem.no_sender", "sender")]
    else:
        found = channels.email().check(letter.text_of(mailing, sender, ""))
    for name in sorted(_unusable(tx, mailing)):
        code = "mailings.problem.own_field" if is_own(name) else "mailings.problem.hidden_field"
        found.append(Reason(code, "body", {"name": name}))
    return found


def _unusable(tx: Tx, mailing: Mailing) -> set[str]:
    """Merge fields of a mailing that the actor may not use. Whether an own field is hidden or not there is not told."""
    used = letter.used_fields(mailing)
    own = set(filter(is_own, used))
    return hidden_fields(tx.actor) & used | (own - {field.full for field in usable_fields(tx)} if own else set())


@query("mailing.see")
def list_own_merge_fields(tx: Tx) -> list[Definition]:
    """The company's own fields that letters of the actor may name, as merge fields by their `full` names."""
    return usable_fields(tx)


@query("mailing.see")
def list_samples(tx: Tx, mailing_id: int, limit: int = 20) -> list[Sample]:
    """Some recipients of a mailing, to look at the letter as one of them."""
    mailing = tx.need(Mailing, mailing_id)
    ids = audience.first_client_ids(tx, mailing.audience, min(limit, MOST))
    statement = sample_columns([Client.id]).where(Client.id.in_(ids)).order_by(Client.sort_name, Client.id)
    return [
        Sample(row.id, row.name, seen_values({"email": row.address}, tx.actor)["email"]) for row in tx.all(statement)
    ]


@query("mailing.see")
def preview_mailing(
    tx: Tx, mailing_id: int, client_id: int = 0, title: str | None = None, body: str | None = None
) -> Preview:
    """The letter as a client would read it; with nobody's values where there is no client.

    title, body: what is being typed, where it is not saved yet.
    """
    mailing = tx.need(Mailing, mailing_id)
    said = letter.text_of(mailing, tx.find(SenderIdentity, mailing.sender_id), "")
    said = replace(
        said,
        title=said.title if title is None else title,
        body=said.body if body is None else body[: rules.LONGEST_BODY],
    )
    values = need_values(tx, client_id, said) if client_id else {}
    return channels.email().prepare(said).preview({**values, UNSUBSCRIBE: "#"})


def need_values(tx: Tx, client_id: int, said: Text) -> dict[str, str]:
    """The merge values of one client for a text, as far as the actor may see them. Raises NotFound."""
    own = OwnValues(tx, letter.used_fields(said), said.locale)
    row = tx.one(sample_columns([Client.id, *own.columns]).where(Client.id == client_id))
    if row is None:
        raise NotFound()
    return seen_values(merge_values(row, row.address or ""), tx.actor) | own.read([row])[0]
