"""What programs do with duplicates: cards made one, and made two again."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from typing_extensions import TypedDict

from crm_app.api.cursors import seal, unseal
from crm_app.api.endpoints import Endpoints, seen
from crm_app.api.forms import After, Body, Id, Limit, shaped
from crm_app.cards.models import CardMerge
from crm_app.core.actor import LOGGED_IN
from crm_app.core.door import Tx
from crm_app.duplicates.actions.merging import merge_cards
from crm_app.duplicates.actions.pairs import judge_pair, look_for_pairs
from crm_app.duplicates.actions.splitting import split_cards
from crm_app.duplicates.kinds import SURE
from crm_app.duplicates.queries import list_merges, list_pairs
from crm_app.duplicates.rules import Side

endpoints = Endpoints()


class MergeBody(Body):
    """Two cards to be made one.

    kept_id stays, absorbed_id goes into it. choices: by field ("inn", "fields.size"), whose value is taken: "kept",
    "absorbed" or, of phones, emails, links and note, "both"; what is left out takes what is proposed: both where that
    goes, else the value of the card that stays, if it has one. versions: of both, as they were seen.
    """

    kept_id: Id
    absorbed_id: Id
    choices: dict[str, Side] = {}
    versions: tuple[int, int] | None = None


class MergeJson(TypedDict):
    """A merge. until: by when it can be split."""

    id: int
    card: str
    kept_id: int
    absorbed_id: int
    absorbed_name: str
    merged_at: datetime
    until: datetime


class StandingMergeJson(MergeJson):
    """A merge that can be taken back. may_split: now, by the holder of the key; the latest of a card comes first."""

    merged_by: str
    may_split: bool


class StandingMerges(TypedDict):
    items: list[StandingMergeJson]


class SplitJson(TypedDict):
    """Two cards again. left: fields of the kept one that stay as they are, since they were changed after the merge."""

    card: str
    kept_id: int
    absorbed_id: int
    left: list[str]


class PairJson(TypedDict):
    """Two cards that may be one. by: what they have in common, "inn", "phone", "email" or "name"."""

    id: int
    by: str
    one_id: int
    one: str
    other_id: int
    other: str
    responsible: str
    others_responsible: str


class Pairs(TypedDict):
    """Pairs, a page at a time. next: for `after`."""

    items: list[PairJson]
    next: str | None


class LookBody(Body):
    """Among which cards."""

    card: Literal["client", "contact"]


class JudgeBody(Body):
    """What is said of a pair."""

    is_different: bool = True


@endpoints.post("/clients/merge", "client.delete")
def merge_clients(tx: Tx, body: MergeBody) -> MergeJson:
    """Make two clients one: all of both is kept, and the old id answers with the new card (301)."""
    return _merge(tx, "client", body)


@endpoints.post("/contacts/merge", "contact.delete")
def merge_contacts(tx: Tx, body: MergeBody) -> MergeJson:
    """Make two contacts one: all of both is kept, and the old id answers with the new card (301)."""
    return _merge(tx, "contact", body)


@endpoints.get("/clients/{client_id}/merges", "client.see")
def merges_of_client(tx: Tx, client_id: Id) -> StandingMerges:
    """Merges into a client that can be taken back, the latest first."""
    return _merges(tx, "client", client_id)


@endpoints.get("/contacts/{contact_id}/merges", "contact.see")
def merges_of_contact(tx: Tx, contact_id: Id) -> StandingMerges:
    """Merges into a contact that can be taken back, the latest first."""
    return _merges(tx, "contact", contact_id)


@endpoints.post("/merges/{merge_id}/split", LOGGED_IN)
def split_merged(tx: Tx, merge_id: Id) -> SplitJson:
    """Take a merge back, within thirty days: both cards are as they were; what was added since stays with the one."""
    return shaped(SplitJson, tx.do(split_cards, merge_id))


@endpoints.get("/duplicates", LOGGED_IN)
def list_duplicates(
    tx: Tx, card: Literal["client", "contact"] = "client", after: After = "", limit: Limit = 50
) -> Pairs:
    """Pairs of cards that may be one and that nobody has judged, the surest first."""
    last = unseal(f"duplicates {card}", after)
    rows = seen(tx, list_pairs, card=card, after=_place(last) if last else (-1, 0), limit=limit)
    more = f"{SURE.index(rows[-1].by)} {rows[-1].id}" if len(rows) == limit else None
    return {"items": [shaped(PairJson, row) for row in rows], "next": seal(f"duplicates {card}", more)}


def _place(last: str) -> tuple[int, int]:
    sureness, _, pair_id = last.partition(" ")
    return int(sureness), int(pair_id)


@endpoints.post("/duplicates/look", LOGGED_IN, status=204)
def look_for_duplicates(tx: Tx, body: LookBody) -> None:
    """Have pairs looked for among the cards that were added or changed since that was last done."""
    tx.do(look_for_pairs, body.card)


@endpoints.post("/duplicates/{pair_id}/different", LOGGED_IN, status=204)
def judge_duplicate(tx: Tx, pair_id: Id, body: JudgeBody) -> None:
    """Say that two cards are not one, which is remembered, or take that back."""
    tx.do(judge_pair, pair_id, body.is_different)


def _merge(tx: Tx, card: str, body: MergeBody) -> MergeJson:
    merge: CardMerge = tx.do(merge_cards, card, body.kept_id, body.absorbed_id, body.choices, body.versions)
    return shaped(MergeJson, merge)


def _merges(tx: Tx, card: str, card_id: int) -> StandingMerges:
    return {"items": [shaped(StandingMergeJson, row) for row in seen(tx, list_merges, card=card, card_id=card_id)]}
