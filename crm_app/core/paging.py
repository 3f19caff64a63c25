"""Paging by key: the next page begins after the last row that was shown, however the list has changed meanwhile."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Select, literal, tuple_

from crm_app.core.door import Tx
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

    def page(
        self, tx: Tx, statement: Select[Any], after: str, limit: int, *, ids: Select[Any] | None = None
    ) -> tuple[list[Any], str]:
        """The statement's rows after a cursor, and the cursor of the next page.

        The columns must be among what the statement selects. ids: where the rows are chosen by another statement of
        ids alone. Cards with a blank are asked for by themselves, and only when the page has room for them: no index
        of PostgreSQL gives blanks last from the end, and none at all "beyond here, or blank".
        Raises BadInput for a cursor that is not of this order.
        """
        limit, found = _bounded(limit), list[Any]()
        for stretch, columns in self._stretches(self._read(after) if after else []):
            keys = [column.desc() if self.descending else column.asc() for column in columns]
            room = limit + 1 - len(found)
            if ids is None:
                asked = statement.where(*stretch)
            else:
                asked = statement.where(self.columns[-1].in_(ids.where(*stretch).order_by(*keys).limit(room)))
            found += tx.all(asked.order_by(*keys).limit(room))
            if len(found) > limit:
                last = found[limit - 1]
                return found[:limit], self._write([getattr(last, column.key) for column in self.columns])
        return found, ""

    @property
    def _has_blanks(self) -> bool:
        stored = getattr(self.columns[0], "property", None)  # an expression has none, and may be blank
        return stored is None or bool(stored.columns[0].nullable)

    def _stretches(self, last: list[Any]) -> list[tuple[list[ColumnElement[bool]], tuple[Any, ...]]]:
        """What comes after a row, piece by piece: conditions that an index serves, and by what a piece is sorted."""
        first, rest = self.columns[0], self.columns[1:]
        if last and last[0] is None:
            return [([first.is_(None), self._further(rest, last[1:])], rest)]
        further = [self._further(self.columns, last)] if last else []
        if not self._has_blanks:
            return [(further, self.columns)]
        return [([first.is_not(None), *further], self.columns), ([first.is_(None)], rest)]

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
