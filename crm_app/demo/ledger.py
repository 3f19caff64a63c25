"""The rows of demo data on their way into the database: numbered, gathered by table, written by the thousand."""

from __future__ import annotations

from collections import defaultdict, deque
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import func, insert, select
from sqlmodel import SQLModel

from crm_app.core import events, search
from crm_app.core.door import Tx
from crm_app.core.events import Fact, PastFact

_BLOCK = 500


class Numbers:
    """Ids for new rows, taken before the rows are written. Nobody else gets one of them."""

    def __init__(self) -> None:
        self._reserved: dict[type[SQLModel], deque[int]] = defaultdict(deque)
        self._tx: Tx | None = None
        self._is_sqlite = True

    def begin(self, tx: Tx) -> None:
        """Take numbers within this transaction. What SQLite gave before holds only while it lets nobody else write."""
        self._tx = tx
        self._is_sqlite = tx.session.get_bind().dialect.name == "sqlite"
        if self._is_sqlite:
            self._reserved.clear()

    def take(self, model: type[SQLModel]) -> int:
        """The next id of a table."""
        reserved = self._reserved[model]
        if not reserved:
            reserved.extend(self._reserve(model))
        number = reserved.popleft()
        if self._is_sqlite and not reserved:
            reserved.append(number + 1)
        return number

    def _reserve(self, model: type[SQLModel]) -> list[int]:
        assert self._tx is not None
        if self._is_sqlite:
            return [(self._tx.scalar(select(func.max(model.id))) or 0) + 1]
        sequence = func.pg_get_serial_sequence(str(model.__tablename__), "id")
        return self._tx.all(select(func.nextval(sequence)).select_from(func.generate_series(1, _BLOCK)))


class Ledger:
    """What one transaction will write."""

    def __init__(self, tx: Tx, numbers: Numbers) -> None:
        numbers.begin(tx)
        self._tx = tx
        self._numbers = numbers
        self._rows: dict[str, list[dict[str, Any]]] = defaultdict(list)
        self._texts: dict[str, list[tuple[int, tuple[str | None, ...]]]] = defaultdict(list)
        self._facts: list[PastFact] = []
        self.count = 0

    def number(self, model: type[SQLModel]) -> int:
        """An id for a row that is noted later."""
        return self._numbers.take(model)

    def add(self, model: type[SQLModel], **values: Any) -> int:
        """Note a row; what is left out is as the model has it. Gives its id, 0 where the table has none."""
        row = {**_blank(model), **values}
        if row.get("id", 0) is None:
            row["id"] = self._numbers.take(model)
        self._rows[str(model.__tablename__)].append(row)
        self.count += 1
        return row.get("id", 0)

    def make_findable(self, kind: str, card_id: int, *parts: str | None) -> None:
        """Note the text that a card is found by."""
        self._texts[kind].append((card_id, parts))
        self.count += 1

    def tell(self, at: datetime, actor_kind: str, actor_id: int, fact: Fact) -> None:
        """Note a fact; called in the order of time."""
        self._facts.append(PastFact(at, actor_kind, actor_id, fact))
        self.count += 1

    def write(self) -> int:
        """Write everything, parents before children. Gives the number of rows."""
        for table in SQLModel.metadata.sorted_tables:
            rows = self._rows.get(table.name)
            if rows:
                self._tx.run(insert(table), rows)
        for kind, texts in self._texts.items():
            search.put_new(self._tx.session, kind, [(card_id, search.body(parts)) for card_id, parts in texts])
        return self.count + events.save_past(self._tx, self._facts)


@cache
def _blank(model: type[SQLModel]) -> dict[str, Any]:
    """A row with the defaults of its model: those of columns that have none are left to be told."""
    blank = {}
    for name, field in model.model_fields.items():
        if name == "id" or not field.is_required():
            blank[name] = field.get_default(call_default_factory=True)
    return blank
