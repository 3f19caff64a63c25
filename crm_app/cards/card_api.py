"""The endpoints that every kind of card has: its list, a new one, and one seen, changed, put into the bin, taken back.

A feature tells what differs, and adds the rest of its endpoints itself:

add_card_endpoints(endpoints, CardApi(card="contact", line=ContactInList, lines=_lines, …), sorts="name, city")
"""

from __future__ import annotations

import inspect
import typing
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from crm_app.api.cursors import unseal
from crm_app.api.endpoints import Endpoints, seen
from crm_app.api.forms import After, Body, Count, FilterJson, Id, Limit, Listing, Sort, Words, page
from crm_app.core.door import Tx


@dataclass(frozen=True)
class CardApi:
    """What differs from kind to kind. body, changes: what is sent; each has `values`, as the actions take them.

    lines: rows of the list as programs get them, each a `line`. told: one card as programs get it, a `whole`.
    changed: a `whole` with what `alike` gives for the values that were sent: other cards that may be the same.
    """

    card: str
    body: type[Body]
    changes: type[Body]
    line: type[Any]
    whole: type[Any]
    changed: type[Any]
    lines: Callable[[Tx, list[Any]], list[Any]]
    told: Callable[[Tx, int], Any]
    alike: Callable[[Tx, int, Any], Any]
    list_cards: Callable[..., Any]
    count_cards: Callable[..., int]
    add: Callable[..., Any]
    change: Callable[..., Any]
    remove: Callable[..., None]
    restore: Callable[..., Any]


def add_card_endpoints(endpoints: Endpoints, api: CardApi, *, sorts: str, more: str = "") -> None:
    """Add the endpoints of one kind of card. sorts: what its list is sorted by, in words; more: lines about it."""
    card, folder = api.card, f"/{api.card}s"
    one = f"{folder}/{{{card}_id}}"
    about = f"{card.capitalize()}s, a page at a time.\n\nSorted by {sorts}.{more}"
    anew = f"Add a {card}. Without `force`, 409 with a reason for each {card} that may be the same."
    changed = f"Change what is sent; the rest stays as it is.\n\n`alike`: other {card}s that have what was sent."
    shown = f"One {card} with all that its card shows."
    listing: Any = Listing[api.line]  # type: ignore[name-defined]
    endpoints.get(folder, f"{card}.see")(_named(f"list_all_{card}s", about, _list(api), listing))
    endpoints.post(folder, f"{card}.create", status=201)(_named(f"create_{card}", anew, _add(api), api.whole, api.body))
    endpoints.get(one, f"{card}.see")(_named(f"see_one_{card}", shown, _see(api), api.whole))
    endpoints.patch(one, f"{card}.change")(_named(f"update_{card}", changed, _change(api), api.changed, api.changes))
    endpoints.delete(one, f"{card}.delete")(_named(f"delete_{card}", f"Move a {card} to the bin.", _remove(api), None))
    endpoints.post(f"{one}/restore", f"{card}.delete")(
        _named(f"bring_{card}_back", f"Take a {card} out of the bin.", _restore(api), api.whole)
    )


def _list(api: CardApi) -> Callable[..., Any]:
    def list_all(
        tx: Tx,
        filter: FilterJson | None = None,  # noqa: A002  the API's own word
        q: Words = "",
        sort: Sort = "name",
        after: After = "",
        limit: Limit = 50,
        count: Count = False,
    ) -> Any:
        listing = f"{api.card}s {sort}"
        found = seen(tx, api.list_cards, where=filter, q=q, sort=sort, after=unseal(listing, after), limit=limit)
        total = seen(tx, api.count_cards, where=filter, q=q) if count else None
        return page(api.lines(tx, found.rows), listing, found.next, total)

    return list_all


def _add(api: CardApi) -> Callable[..., Any]:
    def create(tx: Tx, body: Any) -> Any:
        return api.told(tx, tx.do(api.add, body.values(), force=body.force).id)

    return create


def _see(api: CardApi) -> Callable[..., Any]:
    return _of_one(api, lambda tx, card_id: api.told(tx, card_id))


def _change(api: CardApi) -> Callable[..., Any]:
    def update(tx: Tx, card_id: int, body: Any) -> Any:
        values = body.values()
        tx.do(api.change, card_id, values, version=body.version)
        return {**api.told(tx, card_id), "alike": api.alike(tx, card_id, values)}

    return _of_one(api, update, takes_body=True)


def _remove(api: CardApi) -> Callable[..., Any]:
    return _of_one(api, lambda tx, card_id: tx.do(api.remove, card_id))


def _restore(api: CardApi) -> Callable[..., Any]:
    def restore(tx: Tx, card_id: int) -> Any:
        tx.do(api.restore, card_id)
        return api.told(tx, card_id)

    return _of_one(api, restore)


def _of_one(api: CardApi, function: Callable[..., Any], *, takes_body: bool = False) -> Callable[..., Any]:
    """A function of one card whose id is called as in the path: "contact_id"."""
    place = f"{api.card}_id"
    parameters = {"tx": Tx, place: Id, **({"body": Any} if takes_body else {})}

    def of_one(tx: Tx, **arguments: Any) -> Any:
        return function(tx, arguments.pop(place), **arguments)

    kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
    of_one.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [inspect.Parameter(name, kind, annotation=hint) for name, hint in parameters.items()]
    )
    of_one.__annotations__ = {**parameters, "return": Any}
    return of_one


def _named(name: str, words: str, function: Callable[..., Any], answer: Any, body: Any = None) -> Callable[..., Any]:
    """The function as an endpoint: what it is called, says of itself, takes and gives is known by the kind alone."""
    hints = typing.get_type_hints(function, include_extras=True)
    function.__name__ = function.__qualname__ = name
    function.__doc__ = words
    function.__annotations__ = {**hints, "return": answer, **({"body": body} if body else {})}
    return function
