"""Who gets a mailing: chosen by ticking or by a filter, counted beforehand, frozen at the start.

Every statement here runs under the row policies of whoever asks, so that nobody writes to a card they may not see.
An audience is of cards of one kind; whoever sees none of that kind has nobody in it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, case, distinct, exists, false, func, insert, literal, or_, select

from crm_app.cards.filters import compile_filter
from crm_app.cards.models import CardEmail
from crm_app.core.db import Moment
from crm_app.core.door import Tx
from crm_app.mailings import rules
from crm_app.mailings.models import Delivery, Mailing, Suppression
from crm_app.mailings.own_fields import OwnValues
from crm_app.mailings.recipients import RECIPIENTS, RecipientKind
from crm_app.messages import merge

READ_AT_ONCE = 2_000


@dataclass(frozen=True)
class Figures:
    """How an audience comes down to letters: chosen = without_address + duplicates + suppressed + to_send."""

    chosen: int
    without_address: int
    duplicates: int
    suppressed: int
    to_send: int

    def left_out(self) -> dict[str, int]:
        return {name: n for name, n in asdict(self).items() if name not in ("chosen", "to_send")}


def kind_of(audience: Mapping[str, Any]) -> RecipientKind:
    """The kind of card that an audience is of."""
    return RECIPIENTS[rules.card_of(audience)]


def condition(tx: Tx, audience: Mapping[str, Any]) -> ColumnElement[bool]:
    """The cards of an audience: those ticked and those of the filter. Raises BadInput for a broken filter."""
    kind = kind_of(audience)
    ways: list[ColumnElement[bool]] = [false()]
    if audience.get("ids"):
        ways.append(kind.model.id.in_(audience["ids"]))
    where = audience.get("filter")
    if where is not None:
        ways.append(compile_filter(tx, where, kind.listed.asked_by(tx, where), kind.card))
    return or_(*ways)


def count(tx: Tx, audience: Mapping[str, Any]) -> Figures:
    """What an audience comes down to as things stand."""
    kind = kind_of(audience)
    is_suppressed = CardEmail.address.in_(select(Suppression.address))
    statement = (
        select(
            func.count(kind.model.id).label("chosen"),
            func.count(CardEmail.address).label("with_address"),
            func.count(distinct(CardEmail.address)).label("addresses"),
            func.count(distinct(case((is_suppressed, CardEmail.address)))).label("suppressed"),
        )
        .select_from(kind.model)
        .outerjoin(CardEmail, kind.main_email())
        .where(condition(tx, audience))
    )
    row = tx.one(statement)
    return Figures(
        chosen=row.chosen,
        without_address=row.chosen - row.with_address,
        duplicates=row.with_address - row.addresses,
        suppressed=row.suppressed,
        to_send=row.addresses - row.suppressed,
    )


def freeze(tx: Tx, mailing: Mailing) -> None:
    """Take down one delivery for each address of the audience, the suppressed left out."""
    kind = kind_of(mailing.audience)
    first = func.min(kind.model.id)
    values = {
        "mailing_id": literal(mailing.id),
        kind.delivery.key: first,
        "address": CardEmail.address,
        "state": literal(rules.QUEUED),
        "next_at": literal(tx.now, Moment()),
    }
    recipients = (
        select(*values.values())
        .select_from(kind.model)
        .join(CardEmail, kind.main_email())
        .where(condition(tx, mailing.audience), CardEmail.address.not_in(select(Suppression.address)))
        .group_by(CardEmail.address)
        .order_by(first)
    )
    tx.run(insert(Delivery).from_select(list(values), recipients))


def first_ids(tx: Tx, audience: Mapping[str, Any], limit: int) -> list[int]:
    """Some recipients to look at, by name."""
    kind = kind_of(audience)
    model = kind.model
    address = exists().where(kind.main_email(), CardEmail.address.not_in(select(Suppression.address)))
    # not joined: SQLite would go through all addresses first, where the list of cards is in the right order already
    statement = select(model.id).where(condition(tx, audience), address.correlate(model))
    return tx.all(statement.order_by(model.sort_name, model.id).limit(limit))


def count_missing(tx: Tx, audience: Mapping[str, Any], templates: list[merge.Template]) -> Counter[str]:
    """How many recipients lack a value where there is no fallback, by merge field."""
    needed = {field.name for template in templates for field in template.fields if not field.fallback}
    if not needed - {"email", merge.UNSUBSCRIBE}:
        return Counter()
    # whether there is a value is the same in every language
    own = OwnValues(tx, kind_of(audience), needed, tx.actor.locale or "ru")
    return merge.count_missing(templates, _values(tx, audience, own))


def _values(tx: Tx, audience: Mapping[str, Any], own: OwnValues) -> Iterator[dict[str, str]]:
    """Merge values of everybody who is to get a letter; of an address that several share, of the first."""
    kind = kind_of(audience)
    card_id = kind.model.id
    last_id = 0
    seen: set[str] = set()
    reached = and_(condition(tx, audience), CardEmail.address.not_in(select(Suppression.address)))
    statement = kind.sample_columns([card_id, *own.columns], tx.actor).where(reached)
    statement = statement.order_by(card_id).limit(READ_AT_ONCE)
    while rows := tx.all(statement.where(card_id > last_id)):
        for row, own_values in zip(rows, own.read(rows), strict=True):
            if row.address not in seen:
                seen.add(row.address)
                yield {**kind.merge_values(row, row.address), **own_values, merge.UNSUBSCRIBE: "yes"}
        last_id = rows[-1].id
