"""The fields of two cards side by side, and the card that comes of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crm_app.cards import cleaning
from crm_app.cards.kinds import KINDS
from crm_app.cards.ways import emails_of, phones_of, put_emails, put_phones
from crm_app.core.door import Tx
from crm_app.core.phones import Phone
from crm_app.core.policy import past_the_policies
from crm_app.duplicates.kinds import Mergeable
from crm_app.duplicates.rules import Compared, Side
from crm_app.duplicates.snapshots import FIELDS, plain, write

WAYS = ("phones", "emails")


def compare(tx: Tx, kind: Mergeable, kept: Any, absorbed: Any) -> list[Compared]:
    """Every field of two cards, empty and hidden ones too, in the order of the card; values as JSON."""
    fields = [
        Compared(name, plain(getattr(kept, name)), plain(getattr(absorbed, name)), name in kind.joined)
        for name in kind.fields
    ]
    if KINDS[kind.card].is_reached:
        mine, theirs = ways_of(tx, kind.card, kept.id), ways_of(tx, kind.card, absorbed.id)
        fields += [Compared(name, mine[name], theirs[name], True) for name in WAYS]
    for key in dict.fromkeys([*kept.fields, *absorbed.fields]):
        one, other = kept.fields.get(key), absorbed.fields.get(key)
        fields.append(Compared(FIELDS + key, one, other, isinstance(one, list) and isinstance(other, list)))
    return fields


def ways_of(tx: Tx, card: str, card_id: int) -> dict[str, list[Any]]:
    """Phones as [number, extension], and addresses."""
    with past_the_policies(tx.session):  # whoever merges two cards merges what they may not see of them, too
        phones = [[phone.number, phone.extension] for phone in phones_of(tx, card, card_id)]
        return {"phones": phones, "emails": emails_of(tx, card, card_id)}


def put_values(tx: Tx, kind: Mergeable, row: Any, values: Mapping[str, Any]) -> None:
    """Give a card values as `compare` tells them, and what follows from them. Raises BadInput for too many phones."""
    with past_the_policies(tx.session):
        for name, value in values.items():
            if name not in WAYS:
                write(row, name, value)
        kind.derive(row)
        if "phones" in values:
            put_phones(tx, kind.card, row.id, cleaning.few([Phone(*each) for each in values["phones"]]))
        if "emails" in values:
            put_emails(tx, kind.card, row.id, cleaning.few(values["emails"]))
        tx.session.flush()


def merged_values(fields: list[Compared], sides: Mapping[str, Side]) -> dict[str, Any]:
    """What changes on the card that stays."""
    taken = {field.name: (field.mine, field.taken(sides[field.name])) for field in fields}
    return {name: new for name, (old, new) in taken.items() if new != old}


def told(name: str, value: Any) -> Any:
    """A value as facts and people have it."""
    return [str(Phone(*each)) for each in value] if name == "phones" else value
