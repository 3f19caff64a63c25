"""What programs do with clients."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal, cast

from typing_extensions import TypedDict

from crm_app.api.cursors import unseal
from crm_app.api.endpoints import Endpoints, seen
from crm_app.api.forms import (
    After,
    Body,
    Count,
    FieldsBody,
    FieldsJson,
    FilterJson,
    Id,
    Limit,
    Listing,
    MoneyBody,
    MoneyJson,
    Sort,
    Words,
    money,
    page,
    shaped,
)
from crm_app.cards.custom_fields import stored_json, values_json
from crm_app.clients.actions.cards import add_client, change_client, remove_client, restore_client
from crm_app.clients.queries import ClientCard, ClientRow, count_clients, list_clients, see_client
from crm_app.clients.rules import ClientValues
from crm_app.core.door import Tx

endpoints = Endpoints()


class ClientValuesBody(Body):
    """What is said of a client. type, status: a built-in key, or one's own word; phones, emails: the main first."""

    kind: Literal["company", "person"] = "company"
    type: str = ""
    status: str = ""
    activity: str = ""
    responsible_id: Id | None = None
    phones: list[str] = []
    emails: list[str] = []
    site: str = ""
    inn: str = ""
    kpp: str = ""
    ogrn: str = ""
    bic: str = ""
    account: str = ""
    city: str = ""
    address: str = ""
    contact_name: str = ""
    position: str = ""
    employer: str = ""
    first_contact: date | None = None
    birthday: date | None = None
    revenue: MoneyBody | None = None
    note: str = ""
    fields: FieldsBody = {}

    def values(self) -> ClientValues:
        """What was sent, as the action takes it."""
        told = {name: value for name, value in self.told().items() if name not in ("version", "force")}
        if self.revenue is not None:
            told["revenue"] = f"{self.revenue.amount} {self.revenue.currency}"
        return cast("ClientValues", told)


class ClientBody(ClientValuesBody):
    """A client to be added. force: even where one that may be the same is there already."""

    name: str
    force: bool = False


class ClientChanges(ClientValuesBody):
    """What is to be changed of a client. version: as it was seen; another's change since then is a conflict."""

    name: str = ""
    version: int | None = None


class ClientInList(TypedDict):
    """A client in a list. revenue: of a year; phone, email: the main ones."""

    id: int
    kind: str
    name: str
    type: str
    status: str
    responsible_id: int | None
    responsible: str
    city: str
    revenue: MoneyJson | None
    phone: str
    email: str
    tags: list[str]
    is_starred: bool
    fields: FieldsJson
    updated_at: datetime


class ClientJson(TypedDict):
    """All of one client. phones: as E.164; may_change, may_delete: by the holder of the key."""

    id: int
    kind: str
    name: str
    type: str
    status: str
    activity: str
    responsible_id: int | None
    responsible: str
    phones: list[str]
    emails: list[str]
    site: str
    inn: str
    kpp: str
    ogrn: str
    bic: str
    account: str
    city: str
    address: str
    contact_name: str
    position: str
    employer: str
    first_contact: date | None
    birthday: date | None
    revenue: MoneyJson | None
    note: str
    source: str
    version: int
    fields: FieldsJson
    created_at: datetime
    updated_at: datetime
    tags: list[str]
    is_starred: bool
    may_change: bool
    may_delete: bool


@endpoints.get("/clients", "client.see")
def list_all_clients(
    tx: Tx,
    filter: FilterJson | None = None,  # noqa: A002  the API's own word
    q: Words = "",
    sort: Sort = "name",
    after: After = "",
    limit: Limit = 50,
    count: Count = False,
) -> Listing[ClientInList]:
    """Clients, a page at a time.

    Sorted by name, type, status, city, revenue, first_contact, created_at, updated_at, or fields.KEY of a custom field.
    Computed custom fields are told by each client alone.
    """
    listing = f"clients {sort}"
    found = seen(tx, list_clients, where=filter, q=q, sort=sort, after=unseal(listing, after), limit=limit)
    total = seen(tx, count_clients, where=filter, q=q) if count else None
    own = stored_json(tx, "client", [row.id for row in found.rows])
    return page([_in_list(row, own[row.id]) for row in found.rows], listing, found.next, total)


@endpoints.post("/clients", "client.create", status=201)
def create_client(tx: Tx, body: ClientBody) -> ClientJson:
    """Add a client. Without `force`, 409 with a reason for each client that may be the same."""
    return _client(tx, tx.do(add_client, body.values(), force=body.force).id)


@endpoints.get("/clients/{client_id}", "client.see")
def see_one_client(tx: Tx, client_id: Id) -> ClientJson:
    """One client with all that its card shows."""
    return _client(tx, client_id)


@endpoints.patch("/clients/{client_id}", "client.change")
def update_client(tx: Tx, client_id: Id, body: ClientChanges) -> ClientJson:
    """Change what is sent; the rest stays as it is."""
    tx.do(change_client, client_id, body.values(), version=body.version)
    return _client(tx, client_id)


@endpoints.delete("/clients/{client_id}", "client.delete")
def delete_client(tx: Tx, client_id: Id) -> None:
    """Move a client to the bin."""
    tx.do(remove_client, client_id)


@endpoints.post("/clients/{client_id}/restore", "client.delete")
def bring_client_back(tx: Tx, client_id: Id) -> ClientJson:
    """Take a client out of the bin."""
    tx.do(restore_client, client_id)
    return _client(tx, client_id)


def _client(tx: Tx, client_id: int | None) -> ClientJson:
    tx.session.flush()
    card = seen(tx, see_client, client_id=client_id)
    return shaped(ClientJson, card, **_told(card), fields=values_json(tx, "client", card.fields))


def _in_list(row: ClientRow, own: FieldsJson) -> ClientInList:
    return shaped(ClientInList, row, **_told(row), fields=own)


def _told(row: ClientRow | ClientCard) -> dict[str, Any]:
    return {"revenue": money(row.revenue, row.currency), "responsible_id": row.responsible_id or None}
