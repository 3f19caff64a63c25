"""Two clients made one: which fields are chosen between, and what must be true afterwards."""

from __future__ import annotations

from sqlalchemy import select

from crm_app.access.models import Guest
from crm_app.clients import rules
from crm_app.clients.actions.cards import derive_names, index_client
from crm_app.clients.models import Client, ImportChange, ImportRow
from crm_app.clients.pairs import find_pairs
from crm_app.core.door import Tx
from crm_app.core.errors import RuleBroken
from crm_app.core.policy import past_the_policies
from crm_app.duplicates.kinds import FoundPair, Mergeable, register_mergeable
from crm_app.duplicates.ties import leave

_TESTED = ("bic", "account", "corr_account", "accounts", "note")
"""Fields that may be wrong together though each was right on its card."""


def check_merged(tx: Tx, kept: Client, absorbed: Client) -> None:
    """Raises BadInput where account and BIC don't fit, RuleBroken where a company would have a guest's access."""
    rules.clean_values({name: getattr(kept, name) for name in _TESTED})
    if kept.kind == "person":
        return
    living = select(Guest.id).where(Guest.card_id.in_((kept.id, absorbed.id)), Guest.revoked_at.is_(None))
    with past_the_policies(tx.session):
        if tx.one(living) is not None:
            raise RuleBroken("clients.error.guest_of_company", field="kind")


def find_client_pairs(tx: Tx, ids: list[int]) -> list[FoundPair]:
    """Pairs that some clients are part of."""
    return find_pairs(tx, "client", ids)


register_mergeable(
    Mergeable(
        "client",
        fields=tuple(name for name in rules.FIELDS if name not in ("phones", "emails")),
        joined=frozenset({"note", "accounts"}),
        along={"revenue": "currency"},
        derive=derive_names,
        check=check_merged,
        index=index_client,
        find=find_client_pairs,
    )
)
leave(ImportChange, "card_id", "an undo gives former values to the card that was changed, or to none")
leave(ImportRow, "card_id", "the report of an import tells what was found then; the old id leads on")
