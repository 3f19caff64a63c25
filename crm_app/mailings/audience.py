"""Who gets a mailing: chosen by ticking or by a filter, counted beforehand, frozen at the start.

Every statement here runs under the row policies of whoever asks, so that nobody writes to a client they may not see.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, case, distinct, exists, false, func, insert, literal, or_, select

from crm_app.cards.filters import compile_filter
from crm_app.cards.models import CardEmail
from crm_app.clients.models import Client
from crm_app.clients.queries import CLIENTS
from crm_app.core.db import Moment
from crm_app.core.door import Tx
from crm_app.mailings import rules
from crm_app.mailings.models import Delivery, Mailing, Suppression
from crm_app.mailings.own_fields import OwnValues
from crm_app.mailings.recipients import main_email, merge_values, sample_columns
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


def condition(tx: Tx, audience: Mapping[str, Any]) -> ColumnElement[bool]:
    """The clients of an audience: those ticked and those of the filter. Raises BadInput for a broken filter."""
    ways: list[ColumnElement[bool]] = [false()]
    if audience.get("ids"):
        ways.append(Client.id.in_(audience["ids"]))
    if audience.get("filter") is not None:
        ways.append(compile_filter(tx, audience["filter"], CLIENTS.asked_by(tx, audience["filter"]), "client"))
    return or_(*ways)


def count(tx: Tx, audience: Mapping[str, Any]) -> Figures:
    """What an audience comes down to as things stand."""
    is_suppressed = CardEmail.address.in_(select(Suppression.address))
    statement = (
        select(
            func.count(Client.id).label("chosen"),
            func.count(CardEmail.address).label("with_address"),
            func.count(distinct(CardEmail.address)).label("addresses"),
            func.count(distinct(case((is_suppressed, CardEmail.address)))).label("suppressed"),
        )
        .select_from(Client)
        .outerjoin(CardEmail, main_email())
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
    values = {
        "mailing_id": literal(mailing.id),
        "client_id": func.min(Client.id),
        "address": CardEmail.address,
        "state": literal(rules.QUEUED),
        "next_at": literal(tx.now, Moment()),
    }
    recipients = (
        select(*values.values())
        .select_from(Client)
        .join(CardEmail, main_email())
        .where(condition(tx, mailing.audience), CardEmail.address.not_in(select(Suppression.address)))
        .group_by(CardEmail.address)
        .order_by(func.min(Client.id))
    )
    tx.run(insert(Delivery).from_select(list(values), recipients))


def first_client_ids(tx: Tx, audience: Mapping[str, Any], limit: int) -> list[int]:
    """Some recipients to look at, by name."""
    address = exists().where(main_email(), CardEmail.address.not_in(select(Suppression.address)))
    # not joined: SQLite would go through all addresses first, where the list of clients is in the right order already
    statement = select(Client.id).where(condition(tx, audience), address.correlate(Client))
    return tx.all(statement.order_by(Client.sort_name, Client.id).limit(limit))


def count_missing(tx: Tx, audience: Mapping[str, Any], templates: list[merge.Template]) -> Counter[str]:
    """How many recipients lack a value where there is no fallback, by merge field."""
    needed = {field.name for template in templates for field in template.fields if not field.fallback}
    if not needed - {"email", merge.UNSUBSCRIBE}:
        return Counter()
    # whether there is a value is the same in every language
    return merge.count_missing(templates, _values(tx, audience, OwnValues(tx, needed, tx.actor.locale or "ru")))


def _values(tx: Tx, audience: Mapping[str, Any], own: OwnValues) -> Iterator[dict[str, str]]:
    """Merge values of everybody who is to get a letter; of an address that several share, of the first."""
    last_id = 0
    seen: set[str] = set()
    reached = and_(condition(tx, audience), CardEmail.address.not_in(select(Suppression.address)))
    statement = sample_columns([Client.id, *own.columns]).where(reached).order_by(Client.id).limit(READ_AT_ONCE)
    while rows := tx.all(statement.where(Client.id > last_id)):
        for row, own_values in zip(rows, own.read(rows), strict=True):
            if row.address not in seen:
                seen.add(row.address)
                yield {**merge_values(row, row.address), **own_values, merge.UNSUBSCRIBE: "yes"}
        last_id = rows[-1].id
