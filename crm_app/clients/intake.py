"""Drafts of an import made ready for the database, a batch at a time and outside of any transaction.

What can be told without the database is told here: bad rows, second copies within the file, who is responsible.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from crm_app.cards.field_rules import Definition
from crm_app.clients import importer, rules
from crm_app.clients.drafts import ClientDraft, Problem
from crm_app.clients.importer import BAD, DUPLICATE, NEW, REMARK, Options
from crm_app.clients.match_index import MatchIndex
from crm_app.clients.matching import Likeness, likeness
from crm_app.clients.own_values import OwnValues
from crm_app.core.folding import fold

MOST_COMPARED = 200_000
"""Rows of one file that are compared with each other in memory; later ones are compared with the database alone."""


@dataclass(frozen=True)
class Colleague:
    """An employee who may become responsible. is_reached: the one who imports may add clients for them."""

    id: int
    name: str
    email: str
    is_reached: bool


@dataclass(frozen=True)
class Plan:
    """An import as the worker takes it up. cursor: the last row that is done already. own: custom
    fields that whoever imports may fill."""

    import_id: int
    place: str
    source: str
    mapping: list[str]
    options: Options
    state: str
    cursor: int
    colleagues: list[Colleague]
    own: list[Definition] = field(default_factory=list)

    @property
    def is_dry(self) -> bool:
        """Whether nothing is to be added yet."""
        return self.state == importer.CHECKING


@dataclass(slots=True)
class Prepared:
    """A draft as the rows of several tables. values: of Client, times and import aside."""

    row: int
    like: Likeness
    values: dict[str, Any]
    phones: tuple[str, ...]
    emails: tuple[str, ...]
    tags: tuple[str, ...]


@dataclass(slots=True)
class Batch:
    """Rows for one transaction. told: values of ImportRow for rows that a person should look at."""

    last_row: int = 0
    prepared: list[Prepared] = field(default_factory=list)
    told: list[dict[str, Any]] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

    def take_out(self, known: dict[int, int], *, add_all: bool) -> None:
        """Note rows that the database has already: row → id of the client. add_all: they are added all the same."""
        names = {each.row: each.values["name"] for each in self.prepared}
        remarks = {told["row"]: told for told in self.told if told["row"] in known}
        self.told = [told for told in self.told if told["row"] not in remarks]
        self.counts[REMARK] -= sum(told["outcome"] == REMARK for told in remarks.values())
        for row, client_id in known.items():
            if row in remarks and remarks[row]["outcome"] == DUPLICATE:
                self.told.append(remarks[row])  # of the file itself, and added all the same
            else:
                self._copy(row, names[row], client_id=client_id)
                self.told[-1]["problems"] = remarks[row]["problems"] if row in remarks else []
        if not add_all:
            self.prepared = [each for each in self.prepared if each.row not in known]
        self.counts[NEW] = len(self.prepared)

    def refuse(self, row: int, name: str, problems: list[Problem]) -> None:
        """Note a row that can't be taken in."""
        self.counts[BAD] += 1
        self.told.append(_told(row, BAD, name, problems=problems))

    def _copy(self, row: int, name: str, *, client_id: int | None = None, first_row: int | None = None) -> None:
        self.counts[DUPLICATE] += 1
        self.told.append(_told(row, DUPLICATE, name, client_id=client_id, first_row=first_row))


class Intake:
    """Sorts the rows of one file, in their order; remembers them to find second copies."""

    def __init__(self, plan: Plan) -> None:
        self._options = plan.options
        self._cursor = plan.cursor
        self._index = MatchIndex()
        self._compared = 0
        self._colleagues = {fold(each.email): each for each in plan.colleagues}
        self._colleagues |= {fold(each.name): each for each in plan.colleagues}
        self._own = OwnValues(plan.own, {name: each.id for name, each in self._colleagues.items()})

    def take(self, drafts: list[importer.Drafted]) -> Batch | None:
        """The batch of some rows; None where all of them were done before. Those are remembered all the same."""
        batch = Batch(last_row=drafts[-1][0])
        for row, draft, problems in drafts:
            problems = [*problems, *self._own.read(row, draft)] if draft.custom or self._own.fields else problems
            is_bad = any(problem.level == "error" for problem in problems)
            like = likeness(draft)
            first = None if is_bad else self._first_copy(row, like)
            if row > self._cursor and is_bad:
                batch.refuse(row, draft.name, problems)
            elif row > self._cursor:
                self._sort(batch, row, draft, like, problems, first)
        return batch if batch.last_row > self._cursor else None

    def _first_copy(self, row: int, like: Likeness) -> int | None:
        if self._compared >= MOST_COMPARED:
            return None
        self._compared += 1
        match = self._index.add(row, like)
        return match.first_row if match else None

    def _sort(
        self, batch: Batch, row: int, draft: ClientDraft, like: Likeness, problems: list[Problem], first: int | None
    ) -> None:
        if first is not None:
            batch._copy(row, draft.name, first_row=first)
            if not self._options.get("duplicates"):
                return
        responsible_id, problem = self._responsible(row, draft.responsible)
        problems = [*problems, problem] if problem else problems
        if problems and first is None:
            batch.counts[REMARK] += 1
            batch.told.append(_told(row, REMARK, draft.name, problems=problems))
        batch.prepared.append(self._prepare(row, draft, like, responsible_id))

    def _prepare(self, row: int, draft: ClientDraft, like: Likeness, responsible_id: int | None) -> Prepared:
        options = self._options
        values = {
            "kind": draft.kind, "name": draft.name, "sort_name": fold(draft.name), "match_name": like.name,
            "type": rules.word_key("type", draft.type or options.get("type", ""))[: rules.LONGEST_WORD],
            "status": rules.word_key("status", draft.status or options.get("status", ""))[: rules.LONGEST_WORD],
            "activity": draft.activity, "responsible_id": responsible_id, "site": draft.site, "inn": draft.inn,
            "kpp": draft.kpp, "ogrn": draft.ogrn, "bic": draft.bic, "account": draft.account, "city": draft.city,
            "address": draft.address, "contact_name": draft.contact_name, "position": draft.position,
            "employer": draft.employer, "first_contact": draft.first_contact, "birthday": draft.birthday,
            "revenue": draft.revenue, "currency": draft.revenue_currency, "note": draft.note, "source": "import",
            "fields": draft.custom, "version": 1, "import_row": row,
        }  # fmt: skip
        tags = tuple(tag[: rules.LONGEST_WORD] for tag in draft.tags)
        return Prepared(row, like, values, draft.phones, draft.emails, tags)

    def _responsible(self, row: int, named: str) -> tuple[int | None, Problem | None]:
        default = self._options.get("responsible_id")
        if not named:
            return default, None
        colleague = self._colleagues.get(fold(named))
        if colleague is None:
            return default, Problem(row, "", "responsible", "clients.import.unknown_employee", named[:80], "warning")
        if not colleague.is_reached:
            return default, Problem(row, "", "responsible", "clients.import.others_employee", named[:80], "warning")
        return colleague.id, None


def _told(
    row: int,
    outcome: str,
    name: str,
    *,
    client_id: int | None = None,
    first_row: int | None = None,
    problems: list[Problem] | None = None,
) -> dict[str, Any]:
    plain = [[p.column, p.field, p.code, p.value, p.level, p.limit] for p in problems or []]
    return {
        "row": row, "outcome": outcome, "name": name[:200], "client_id": client_id, "first_row": first_row,
        "problems": plain,
    }  # fmt: skip
