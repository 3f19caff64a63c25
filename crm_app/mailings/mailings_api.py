"""What programs do with mailings: drafts, recipients, start to end, the journal of deliveries."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import AwareDatetime, Field, model_validator
from typing_extensions import TypedDict

from crm_app.api.cursors import unseal
from crm_app.api.endpoints import Endpoints, seen
from crm_app.api.forms import After, Body, FilterJson, Id, Limit, Listing, Sort, Words, page
from crm_app.core.door import Tx
from crm_app.mailings.actions.drafts import (
    change_mailing,
    create_mailing,
    remove_mailing,
    restore_mailing,
    set_audience,
)
from crm_app.mailings.actions.running import (
    pause_mailing,
    resend_mailing,
    resume_mailing,
    schedule_mailing,
    start_mailing,
    stop_mailing,
)
from crm_app.mailings.actions.testing import send_test
from crm_app.mailings.queries.deliveries import AttemptRow, DeliveryRow, list_attempts, list_deliveries
from crm_app.mailings.queries.lists import (
    MailingRow,
    MailingView,
    SenderRow,
    list_mailings,
    list_senders,
    see_mailing,
)
from crm_app.mailings.rules import Card

endpoints = Endpoints()

State = Annotated[str, Field(max_length=20, description="Only those in this state.")]


_WHOM = ("card", "card_ids", "client_ids", "filter")


class MailingValues(Body):
    """What is said of a mailing. card: the kind of card that it goes to, "client" unless told otherwise; card_ids,
    filter: who gets it, ticked or by a filter of such cards. client_ids: an older word for card_ids, of clients.
    """

    sender_id: Id | None = None
    reply_to: str | None = None
    title: str | None = None
    body: str | None = None
    locale: Literal["ru", "en"] | None = None
    card: Card | None = None
    card_ids: list[Id] | None = None
    client_ids: list[Id] | None = None
    filter: dict[str, Any] | None = None

    @model_validator(mode="after")
    def check_recipients(self) -> Self:
        """Clients are no contacts: the older word must not name cards of another kind."""
        if self.client_ids is not None and (self.card not in (None, "client") or self.card_ids is not None):
            raise ValueError("client_ids names clients: tell card_ids")
        return self

    def texts(self) -> dict[str, Any]:
        """What was sent of the letter itself."""
        return {name: value for name, value in self.told().items() if name not in (*_WHOM, "start_at")}

    @property
    def has_audience(self) -> bool:
        """Whether recipients were sent."""
        return not self.model_fields_set.isdisjoint(_WHOM)

    @property
    def audience(self) -> dict[str, Any]:
        """The recipients, as actions take them."""
        if self.client_ids is not None:
            return {"card": "client", "card_ids": self.client_ids, "filter_": self.filter}
        return {"card": self.card, "card_ids": self.card_ids, "filter_": self.filter}


class MailingBody(MailingValues):
    """A mailing to be drafted."""

    name: str


class MailingChanges(MailingValues):
    """What is to be changed of a draft."""

    name: str | None = None


class StartBody(Body):
    """When to start: now, where no time is told."""

    at: AwareDatetime | None = None


class TestBody(Body):
    """Whose values stand in the letter that one sends to oneself: nobody's, where nobody is named.

    card_id: of a card of the mailing's kind. client_id: an older word for it, in mailings to clients.
    """

    card_id: Id | None = None
    client_id: Id | None = None


class ResendBody(Body):
    """Who gets the letter again: those that the mail server refused, or all whom it did not reach."""

    to: Literal["failed", "unsent"] = "failed"
    channel: Literal["email"] = "email"


class ResentJson(TypedDict):
    """How many letters wait again."""

    count: int


@endpoints.get("/mailings", "mailing.see")
def list_all_mailings(
    tx: Tx,
    state: State = "",
    filter: FilterJson | None = None,  # noqa: A002  the API's own word
    q: Words = "",
    sort: Sort = "-updated_at",
    after: After = "",
    limit: Limit = 50,
) -> Listing[MailingRow]:
    """Mailings, the latest change first unless told otherwise."""
    listing = f"mailings {sort}"
    asked: dict[str, Any] = {"state": state, "where": filter, "q": q, "sort": sort, "after": unseal(listing, after)}
    found = seen(tx, list_mailings, **asked, limit=limit)
    return page(found.rows, listing, found.next)


@endpoints.post("/mailings", "mailing.change", status=201)
def draft_mailing(tx: Tx, body: MailingBody) -> MailingView:
    """Draft a mailing."""
    made = tx.do(create_mailing, body.name, **body.audience)
    return _changed(tx, made.id or 0, {name: text for name, text in body.texts().items() if name != "name"})


@endpoints.get("/mailings/{mailing_id}", "mailing.see")
def see_one_mailing(tx: Tx, mailing_id: Id) -> MailingView:
    """One mailing with its figures."""
    return _mailing(tx, mailing_id)


@endpoints.patch("/mailings/{mailing_id}", "mailing.change")
def update_mailing(tx: Tx, mailing_id: Id, body: MailingChanges) -> MailingView:
    """Change what is sent of a draft; recipients are told all anew."""
    if body.has_audience:
        tx.do(set_audience, mailing_id, **body.audience)
    return _changed(tx, mailing_id, body.texts())


@endpoints.delete("/mailings/{mailing_id}", "mailing.change")
def delete_mailing(tx: Tx, mailing_id: Id) -> None:
    """Move a mailing to the bin."""
    tx.do(remove_mailing, mailing_id)


@endpoints.post("/mailings/{mailing_id}/restore", "mailing.change")
def bring_mailing_back(tx: Tx, mailing_id: Id) -> MailingView:
    """Take a mailing out of the bin."""
    tx.do(restore_mailing, mailing_id)
    return _mailing(tx, mailing_id)


@endpoints.post("/mailings/{mailing_id}/start", "mailing.send")
def start_one_mailing(tx: Tx, mailing_id: Id, body: StartBody) -> MailingView:
    """Freeze the recipients and send, now or at a time; 409 with all that is still missing."""
    if body.at is None:
        tx.do(start_mailing, mailing_id)
    else:
        tx.do(schedule_mailing, mailing_id, body.at)
    return _mailing(tx, mailing_id)


@endpoints.post("/mailings/{mailing_id}/pause", "mailing.send")
def pause_one_mailing(tx: Tx, mailing_id: Id) -> MailingView:
    """Send nothing more until it is resumed."""
    tx.do(pause_mailing, mailing_id)
    return _mailing(tx, mailing_id)


@endpoints.post("/mailings/{mailing_id}/resume", "mailing.send")
def resume_one_mailing(tx: Tx, mailing_id: Id) -> MailingView:
    """Go on where it was paused."""
    tx.do(resume_mailing, mailing_id)
    return _mailing(tx, mailing_id)


@endpoints.post("/mailings/{mailing_id}/stop", "mailing.send")
def stop_one_mailing(tx: Tx, mailing_id: Id) -> MailingView:
    """End it for good; who has not got the letter does not get it."""
    tx.do(stop_mailing, mailing_id)
    return _mailing(tx, mailing_id)


@endpoints.post("/mailings/{mailing_id}/test", "mailing.send")
def test_one_mailing(tx: Tx, mailing_id: Id, body: TestBody) -> MailingView:
    """Send the letter to oneself."""
    tx.do(send_test, mailing_id, card_id=body.card_id or body.client_id or 0)
    return _mailing(tx, mailing_id)


@endpoints.post("/mailings/{mailing_id}/resend", "mailing.send")
def resend_one_mailing(tx: Tx, mailing_id: Id, body: ResendBody) -> ResentJson:
    """Send again to those whom it did not reach."""
    return {"count": tx.do(resend_mailing, mailing_id, to=body.to)}


@endpoints.get("/mailings/{mailing_id}/deliveries", "mailing.see")
def list_mailing_deliveries(
    tx: Tx,
    mailing_id: Id,
    state: State = "",
    filter: FilterJson | None = None,  # noqa: A002  the API's own word
    q: Words = "",
    after: After = "",
    limit: Limit = 50,
) -> Listing[DeliveryRow]:
    """Each recipient, with the last attempt and what the mail server said."""
    listing = f"deliveries {mailing_id} {state}"
    place = int(unseal(listing, after) or 0)
    asked: dict[str, Any] = {"mailing_id": mailing_id, "state": state, "where": filter, "q": q}
    rows = seen(tx, list_deliveries, **asked, after=place, limit=limit)
    return page(rows, listing, str(rows[-1].id) if len(rows) == limit else None)


@endpoints.get("/deliveries/{delivery_id}/attempts", "mailing.see")
def list_delivery_attempts(tx: Tx, delivery_id: Id) -> Listing[AttemptRow]:
    """Every attempt of one delivery."""
    return page(seen(tx, list_attempts, delivery_id=delivery_id), "attempts", None)


@endpoints.get("/senders", "mailing.see")
def list_all_senders(tx: Tx) -> Listing[SenderRow]:
    """Addresses that mailings may come from."""
    return page(seen(tx, list_senders), "senders", None)


def _changed(tx: Tx, mailing_id: int, texts: dict[str, Any]) -> MailingView:
    if texts:
        tx.do(change_mailing, mailing_id, **texts)
    return _mailing(tx, mailing_id)


def _mailing(tx: Tx, mailing_id: int) -> MailingView:
    tx.session.flush()
    return seen(tx, see_mailing, mailing_id=mailing_id)
