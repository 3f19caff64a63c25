"""How values look in JSON: money, times, ids, pages of a list; and what of it is read strictly."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from operator import itemgetter
from typing import Annotated, Any, Generic, NotRequired, TypeVar, cast, get_args

import pydantic_core
from pydantic import BaseModel, ConfigDict, Field
from typing_extensions import TypedDict

from crm_app.api import cursors
from crm_app.core.errors import BadInput
from crm_app.core.money import Money

T = TypeVar("T")
S = TypeVar("S")

MOST = 200
"""Rows of one page at most."""


class Body(BaseModel):
    """What a program sends: strictly typed, without unknown names. What it leaves out stays as it is."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    def told(self) -> dict[str, Any]:
        """The values that were sent, None among them."""
        return {name: getattr(self, name) for name in self.model_fields_set}


class MoneyJson(TypedDict):
    """A sum of money: the amount in major units with two decimals, the currency by ISO 4217."""

    amount: str
    currency: str


Amount = Annotated[str, Field(pattern=r"^\d{1,13}(\.\d{1,2})?$", examples=["1250000.00"])]
"""Money in major units, as text so that no float rounds it."""


class MoneyBody(Body):
    """A sum of money."""

    amount: Amount
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] = "RUB"

    @property
    def minor(self) -> int:
        return minor_of(self.amount)


FieldsJson = Annotated[dict[str, Any], Field(description="Custom fields by their keys: see GET /fields.")]
FieldsBody = Annotated[
    dict[str, Any],
    Field(max_length=200, description="Custom fields by their keys; null empties one, the others stay as they are."),
]


class Listing(TypedDict, Generic[T]):
    """A page of a list. next: the cursor of what follows, null at the end; total: of all pages, where it was asked."""

    items: list[T]
    next: str | None
    total: NotRequired[int]


Id = Annotated[int, Field(ge=1, le=2**31 - 1)]
Limit = Annotated[int, Field(ge=1, le=MOST, description="Rows of a page.")]
After = Annotated[str, Field(max_length=2000, description="The `next` of the page before.")]
Words = Annotated[str, Field(max_length=200, description="A part of a name, phone, address, number.")]
Sort = Annotated[str, Field(max_length=60, description="A field, with a minus for the greatest first.")]
Count = Annotated[bool, Field(description="Tell the total of all pages too.")]
IN_QUERY = "JSON in the query"
"""Marks the type of a parameter that is sent as JSON."""
FilterJson = Annotated[
    dict[str, Any],
    Field(
        description='`{"all": [{"field": "status", "op": "eq", "value": "regular"}]}`; or "any", "none"; nested.',
    ),
    IN_QUERY,
]


def money(minor: int | None, currency: str) -> MoneyJson | None:
    """A sum as programs get it; None where it is not known."""
    if minor is None:
        return None
    sign, whole = "-" if minor < 0 else "", abs(minor)
    return {"amount": f"{sign}{whole // 100}.{whole % 100:02}", "currency": currency}


def minor_of(amount: str) -> int:
    """Kopecks or cents of an amount."""
    return Money.parse(amount).minor


def shaped(shape: type[S], row: Any, **told: Any) -> S:
    """A row as an answer of a declared shape: each of its names is either told or an attribute of the row."""
    names, pick = _picked(shape)  # type: ignore[arg-type]
    return cast("S", dict(zip(names, pick({**vars(row), **told}), strict=True)))


@cache
def _picked(shape: type[Any]) -> tuple[tuple[str, ...], Callable[[dict[str, Any]], tuple[Any, ...]]]:
    """The names of a shape, and what takes their values out of a dictionary: lists shape thousands of them."""
    names = tuple(shape.__annotations__)
    return names, itemgetter(*names)


def page(items: list[T], listing: str, next_place: str | None, total: int | None = None) -> Listing[T]:
    """A page as programs get it. listing: the name of the list with its order; next_place: the list's own cursor."""
    answer: Listing[T] = {"items": items, "next": cursors.seal(listing, next_place)}
    if total is not None:
        answer["total"] = total
    return answer


def is_json(hint: Any) -> bool:
    """Whether a parameter of that type is sent as JSON."""
    return any(IN_QUERY in getattr(part, "__metadata__", ()) for part in (hint, *get_args(hint)))


def as_json(value: Any) -> bytes:
    """A value of plain parts, dataclasses and times as JSON."""
    return pydantic_core.to_json(value)


def read_json(text: str | bytes, field: str) -> Any:
    """JSON as it was sent. Raises BadInput for what is none, or nested beyond reason."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise BadInput("api.error.bad_json", field=field) from None
