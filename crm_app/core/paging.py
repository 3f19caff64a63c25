"""Paging by key: the next page begins after the last row that was shown, however the list has changed meanwhile."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Select, and_, literal, or_, tuple_

from crm_app.core.errors import BadInput

Row = TypeVar("Row")
MOST = 200


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Some rows of a list. next: the cursor of the page after it, "" for the last."""

    rows: list[Row]
    next: str


@dataclass(frozen=True)
class Order:
    """How a list is sorted: by some columns, the last of them the id, all in one direction.

    Blanks of the first column come last, whichever the direction; the others have none.
    """

    name: str
    columns: tuple[Any, ...]
    descending: bool = False

    @classmethod
    def parse(cls, sort: str, orders: Mapping[str, tuple[Any, ...]], row_id: Any) -> Order:
        """From "name" or "-name". Raises BadInput for what the list can't be sorted by."""
        name = sort.removeprefix("-")
        if name not in orders:
            raise BadInput("core.error.bad_sort", name=name[:60])
        return cls(name, (*orders[name], row_id), sort.startswith("-"))

    def page(self, statement: Select[Any], after: str, limit: int) -> Select[Any]:
        """The statement's rows after a cursor, one more than the limit: `cut` tells by it whether there are others.

        The columns must be among what the statement selects. Raises BadInput for a cursor that is not of this order.
        """
        if after:
            statement = statement.where(self._beyond(self._read(after)))
        keys = [column.desc() if self.descending else column.asc() for column in self.columns]
        if self._has_blanks:
            keys[0] = keys[0].nulls_last()
        return statement.order_by(*keys).limit(_bounded(limit) + 1)

    def cut(self, rows: list[Any], limit: int) -> tuple[list[Any], str]:
        """The rows of the page, and the cursor of the next one. The rows have the columns' attributes."""
        if len(rows) <= _bounded(limit):
            return rows, ""
        rows = rows[: _bounded(limit)]
        return rows, self._write([getattr(rows[-1], column.key) for column in self.columns])

    @property
    def _has_blanks(self) -> bool:
        stored = getattr(self.columns[0], "property", None)  # an expression has none, and may be blank
        return stored is None or bool(stored.columns[0].nullable)

    def _beyond(self, last: list[Any]) -> ColumnElement[bool]:
        """A comparison of rows of values, which an index on the columns serves from the right place on."""
        first = self.columns[0]
        if last[0] is None:
            return and_(first.is_(None), self._further(self.columns[1:], last[1:]))
        further = self._further(self.columns, last)
        return or_(further, first.is_(None)) if self._has_blanks else further

    def _further(self, columns: tuple[Any, ...], values: list[Any]) -> ColumnElement[bool]:
        here = tuple_(*columns)
        last = tuple_(*(literal(value, column.type) for column, value in zip(columns, values, strict=True)))
        return here < last if self.descending else here > last

    def _write(self, values: list[Any]) -> str:
        plain = [value.isoformat() if isinstance(value, date) else value for value in values]
        raw = json.dumps([self.name, self.descending, *plain], ensure_ascii=False, separators=(",", ":"))
        return base64.urlsafe_b64encode(raw.encode()).decode().rstrip("=")

    def _read(self, cursor: str) -> list[Any]:
        try:
            raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
            name, descending, *values = json.loads(raw)
            if (name, descending) != (self.name, self.descending) or None in values[1:]:
                raise ValueError
            return [_typed(column, value) for column, value in zip(self.columns, values, strict=True)]
        except (ValueError, TypeError, binascii.Error):
            raise BadInput("core.error.bad_cursor") from None


def _typed(column: Any, value: Any) -> Any:
    kind = getattr(column.type, "impl_instance", column.type).python_type
    if isinstance(value, str) and issubclass(kind, date):
        return kind.fromisoformat(value)
    kinds = (int, float) if kind is float else kind
    if value is not None and (not isinstance(value, kinds) or isinstance(value, bool)):
        raise TypeError
    return value


def _bounded(limit: int) -> int:
    return max(1, min(limit, MOST))
