"""What there is to know before a mailing starts: how many get it, what is missing, how it reads."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from crm_app.cards.field_rules import Definition
from crm_app.core.door import Tx, query
from crm_app.core.errors import NotFound, Reason
from crm_app.mailings import audience, channels, letter, rules
from crm_app.mailings.models import Mailing, SenderIdentity
from crm_app.mailings.own_fields import OwnValues, usable_fields
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
    """A recipient to look at the letter as: a card of the mailing's kind."""

    card_id: int
    name: str
    address: str


@query("mailing.see")
def count_audience(
    tx: Tx,
    card_ids: list[int] | None = None,
    filter_: dict[str, Any] | None = None,
    card: rules.Card = "client",
) -> audience.Figures:
    """What a choice of recipients comes down to, before it is saved."""
    return audience.count(tx, rules.clean_audience(card, card_ids or [], filter_))


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
    if chosen or tx.actor.may(f"{rules.card_of(mailing.audience)}.see"):
        return [*chosen, *text_reasons(tx, mailing)]
    return [Reason("mailings.problem.unseen_kind", "audience"), *text_reasons(tx, mailing)]


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
    kind, used = audience.kind_of(mailing.audience), letter.used_fields(mailing)
    own = set(filter(is_own, used))
    usable = {field.full for field in usable_fields(tx, kind.card)} if own else set()
    return kind.hidden_fields(tx.actor) & used | own - usable


@query("mailing.see")
def list_own_merge_fields(tx: Tx, card: rules.Card = "client") -> list[Definition]:
    """The company's own fields that letters of the actor to cards of a kind may name, by their `full` names."""
    return usable_fields(tx, card)


@query("mailing.see")
def list_samples(tx: Tx, mailing_id: int, limit: int = 20) -> list[Sample]:
    """Some recipients of a mailing, to look at the letter as one of them."""
    mailing = tx.need(Mailing, mailing_id)
    kind = audience.kind_of(mailing.audience)
    model = kind.model
    ids = audience.first_ids(tx, mailing.audience, min(limit, MOST))
    statement = kind.sample_columns([model.id], tx.actor).where(model.id.in_(ids)).order_by(model.sort_name, model.id)
    return [
        Sample(row.id, row.name, kind.seen_values({"email": row.address}, tx.actor)["email"])
        for row in tx.all(statement)
    ]


@query("mailing.see")
def preview_mailing(
    tx: Tx, mailing_id: int, card_id: int = 0, title: str | None = None, body: str | None = None
) -> Preview:
    """The letter as the card of a recipient would read it; with nobody's values where there is none.

    title, body: what is being typed, where it is not saved yet.
    """
    mailing = tx.need(Mailing, mailing_id)
    said = letter.text_of(mailing, tx.find(SenderIdentity, mailing.sender_id), "")
    said = replace(
        said,
        title=said.title if title is None else title,
        body=said.body if body is None else body[: rules.LONGEST_BODY],
    )
    values = need_values(tx, mailing, card_id, said) if card_id else {}
    return channels.email().prepare(said).preview({**values, UNSUBSCRIBE: "#"})


def need_values(tx: Tx, mailing: Mailing, card_id: int, said: Text) -> dict[str, str]:
    """The merge values of a card of a mailing's kind for a text, as far as the actor may see them. Raises NotFound."""
    kind = audience.kind_of(mailing.audience)
    own = OwnValues(tx, kind, letter.used_fields(said), said.locale)
    row = tx.one(kind.sample_columns([kind.model.id, *own.columns], tx.actor).where(kind.model.id == card_id))
    if row is None:
        raise NotFound()
    return kind.seen_values(kind.merge_values(row, row.address or ""), tx.actor) | own.read([row])[0]
