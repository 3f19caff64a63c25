"""Drafts of an import made ready for the database, a batch at a time: in the process that reads the file.

What can be told without the database is told here: bad rows, second copies within the file, who is responsible. The
worker takes it from there as plain JSON, and sees to it that nothing in it exceeds what the person may do: a process
that reads a stranger's file is not to be trusted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import date
from functools import cache
from importlib import import_module
from typing import Any, ClassVar, NamedTuple

from crm_app.cards.field_rules import Definition
from crm_app.cards.field_values import search_texts
from crm_app.clients import importer, rules
from crm_app.clients.drafts import ClientDraft, Problem
from crm_app.clients.importer import BAD, CREATE, DUPLICATE, NEW, REMARK, Options
from crm_app.clients.match_index import MatchIndex
from crm_app.clients.matching import KEYS, Likeness, likeness, name_of
from crm_app.clients.own_values import OwnValues
from crm_app.core.errors import BadInput
from crm_app.core.folding import fold, fold_lines

NAMELESS = "contact.problem.name_missing"
"""No fault of a row that changes a known client."""
MOST_COMPARED = 200_000
"""Rows of one file that are compared with each other in memory; later ones are compared with the database alone."""

HEAD = ("import_row", "name", "sort_name", "match_name", "responsible_id", "fields")
"""With what the columns of every kind of card begin."""
ROW, NAME, SORT_NAME, MATCH_NAME, RESPONSIBLE, FIELDS = range(len(HEAD))
COLUMNS = (
    *HEAD, "kind", "type", "status", "activity", "site", "inn", "kpp", "ogrn", "bic", "account", "bank",
    "corr_account", "accounts", "city", "address", "contact_name", "position", "employer", "first_contact",
    "birthday", "revenue", "currency", "note",
)  # fmt: skip
"""Of Client, which an import fills."""
_INN, _DAYS = COLUMNS.index("inn"), (COLUMNS.index("first_contact"), COLUMNS.index("birthday"))


@dataclass(frozen=True)
class Colleague:
    """An employee who may become responsible. is_reached: the one who imports may add clients for them."""

    id: int
    name: str
    email: str
    is_reached: bool


@dataclass(frozen=True)
class Terms:
    """By what the rows of a file are sorted. cursor: the last row that is done already; own: custom fields that whoever
    imports may fill; words: of types and statuses, what people call a built-in one, folded → what is stored for it.
    mended: rows that a person has written anew, with their cells. form: the Intake of that kind of card.
    """

    options: Options
    cursor: int = 0
    colleagues: list[Colleague] = field(default_factory=list)
    own: list[Definition] = field(default_factory=list)
    words: dict[str, dict[str, str]] = field(default_factory=dict)
    mended: dict[int, list[str]] = field(default_factory=dict)
    form: str = "crm_app.clients.intake:Intake"

    @property
    def intake(self) -> type[Intake]:
        """How the rows are sorted, and what they become."""
        return _form(self.form)

    @property
    def only_adds(self) -> bool:
        """Whether no card that is there already is changed."""
        return self.options.get("mode", CREATE) == CREATE

    def to_wire(self) -> dict[str, Any]:
        """As plain values of JSON."""
        return asdict(self)

    @classmethod
    def from_wire(cls, wire: dict[str, Any]) -> Terms:
        """The way back."""
        colleagues = [Colleague(**each) for each in wire["colleagues"]]
        return cls(wire["options"], wire["cursor"], colleagues, [Definition(**each) for each in wire["own"]],
                   wire["words"], {int(row): cells for row, cells in wire["mended"].items()}, wire["form"])  # fmt: skip


@cache
def _form(form: str) -> type[Intake]:
    """The class that a form names: the server says which, and a stranger's file nothing."""
    module, _, name = form.partition(":")
    found: type[Intake] = getattr(import_module(module), name)
    return found


class Prepared(NamedTuple):
    """A draft as the rows of several tables. values: in the order of its Intake's columns; text: what it is found by,
    folded; other_name: see Likeness.
    """

    values: list[Any]
    phones: tuple[str, ...]
    emails: tuple[str, ...]
    tags: tuple[str, ...]
    text: str
    other_name: str = ""

    @property
    def row(self) -> int:
        return int(self.values[ROW])


_STORED = ("row", "outcome", "name", "card_id", "first_row", "problems")


class Told(NamedTuple):
    """A row that a person should look at, as the values of ImportRow. cells: of a bad one, what it says."""

    row: int
    outcome: str
    name: str
    card_id: int | None = None
    first_row: int | None = None
    problems: list[Any] = []  # noqa: RUF012  never changed
    cells: list[str] = []  # noqa: RUF012  never changed

    @property
    def stored(self) -> dict[str, Any]:
        """As an ImportRow has it."""
        return {name: getattr(self, name) for name in _STORED}


@dataclass(slots=True)
class Batch:
    """Rows for one transaction, up to last_row. There are none where all of them were done before.

    changing: those of a known card, with its id; ties: ids of other cards that a row names. Only the server knows them,
    so they never travel.
    """

    last_row: int
    prepared: list[Prepared] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)
    changing: list[tuple[Prepared, int]] = field(default_factory=list)
    ties: dict[int, list[int]] = field(default_factory=dict)

    def to_wire(self) -> list[Any]:
        """As plain values of JSON."""
        return [self.last_row, self.prepared, self.told]

    @classmethod
    def from_wire(cls, wire: list[Any], terms: Terms) -> Batch:
        """The way back. Raises BadInput where it is none, or gives cards or fields to whom the terms don't allow."""
        try:
            last_row, prepared, told = wire
            batch = cls(last_row, [Prepared(*each) for each in prepared], [Told(*each) for each in told])
            batch.restore_days(terms.intake.days)
            is_allowed = batch._keeps(terms)
        except (TypeError, ValueError, LookupError, AttributeError):
            is_allowed = False
        if not is_allowed:
            raise BadInput("contacts.error.broken_file")
        return batch

    def __bool__(self) -> bool:
        return bool(self.prepared or self.told or self.changing)

    @property
    def counts(self) -> dict[str, int]:
        """How many rows came to what."""
        told = dict.fromkeys((DUPLICATE, BAD, REMARK), 0) | Counter([each.outcome for each in self.told])
        return {NEW: len(self.prepared), **told}

    def halves(self) -> tuple[Batch, ...]:
        """The same in two parts, or nothing where it is a single row."""
        rows = sorted({*(each.row for each in self.prepared), *(each.row for each in self.told)})
        if len(rows) < 2:
            return ()
        middle = rows[len(rows) // 2 - 1]
        first = Batch(middle, [p for p in self.prepared if p.row <= middle], [t for t in self.told if t.row <= middle])
        last = [p for p in self.prepared if p.row > middle], [t for t in self.told if t.row > middle]
        return first, Batch(self.last_row, *last)

    def take_out(self, known: dict[int, int], *, add_all: bool) -> None:
        """Note rows that the database has already: row → id of the card. add_all: they are added all the same."""
        told = {each.row: each for each in self.told}
        for each in self.prepared if known else ():
            before = told.get(each.row)
            # a second copy within the file that is added all the same stays told as that
            if each.row in known and not (before and before.outcome == DUPLICATE):
                problems = before.problems if before else []
                name = each.values[NAME][:200]
                told[each.row] = Told(each.row, DUPLICATE, name, card_id=known[each.row], problems=problems)
        self.told = list(told.values())
        if known and not add_all:
            self.prepared = [each for each in self.prepared if each.row not in known]

    def take_out_unseen(self, whose: dict[int, str], *, add_all: bool) -> None:
        """Note rows whose card is there, but not for this person: row → whom to ask. add_all: as for take_out."""
        told = {each.row: each for each in self.told}
        for each in self.prepared if whose else ():
            before = told.get(each.row)
            if each.row in whose and not (before and before.outcome == DUPLICATE):
                key = "clients.import.unseen" if whose[each.row] else "clients.import.unseen_nobodys"
                problems = [*(before.problems if before else []), ["", "", key, whose[each.row], "warning", 0]]
                told[each.row] = Told(each.row, DUPLICATE, each.values[NAME][:200], problems=problems)
        self.told = list(told.values())
        if whose and not add_all:
            self.prepared = [each for each in self.prepared if each.row not in whose]

    def restore_days(self, places: tuple[int, ...]) -> None:
        """Make days of the texts that stand for them on the way between processes."""
        for each in self.prepared:
            for place in places:
                if each.values[place]:
                    each.values[place] = date.fromisoformat(each.values[place])

    def _keeps(self, terms: Terms) -> bool:
        """Whether it gives cards to nobody else, and fills no other fields, than the person may."""
        allowed = {terms.options.get("responsible_id"), *(each.id for each in terms.colleagues if each.is_reached)}
        own = {each.key for each in terms.own}
        return {each.values[RESPONSIBLE] for each in self.prepared} <= allowed and all(
            each.values[FIELDS].keys() <= own for each in self.prepared
        )


class Intake:
    """Sorts the rows of one file, in their order; remembers them to find second copies.

    This one makes clients of them; other kinds of card say what is otherwise. draft: what a row is read into; columns:
    of what is prepared, days: the places of dates among them; kind: "company" or "person" where each row is one.
    """

    draft: ClassVar[type[ClientDraft]] = ClientDraft
    columns: ClassVar[tuple[str, ...]] = COLUMNS
    days: ClassVar[tuple[int, ...]] = _DAYS
    kind: ClassVar[str] = ""

    def __init__(self, terms: Terms) -> None:
        self._terms = terms
        self._index = MatchIndex()
        self._compared = 0
        self._colleagues = {fold(each.email): each for each in terms.colleagues}
        self._colleagues |= {fold(each.name): each for each in terms.colleagues}
        self._own = OwnValues(terms.own, {name: each.id for name, each in self._colleagues.items()})
        self._words: dict[tuple[str, str], str] = {}
        self._keys_of = KEYS.get(terms.options.get("key", ""))
        self._first_by_key: dict[str, int] = {}
        self._may_lack_name = not terms.only_adds

    def take(self, drafts: Iterable[importer.Drafted]) -> Batch:
        """The batch of some rows. Those that were done before are remembered, and not in it."""
        batch = Batch(last_row=0)
        for row, draft, problems in drafts:
            batch.last_row = row
            told = [*problems, *self._own.read(row, draft)] if draft.custom or self._own.fields else problems
            if told and self._may_lack_name:
                told = [problem for problem in told if problem.code != NAMELESS]
            is_bad = any(problem.level == "error" for problem in told)
            like = self._like(draft)
            first = None if is_bad else self._first_copy(row, like)
            if row > self._terms.cursor and is_bad:
                batch.told.append(Told(row, BAD, draft.name[:200], problems=_plain(told)))
            elif row > self._terms.cursor:
                self._sort(batch, row, draft, like, told, first)
        return batch

    @staticmethod
    def like(prepared: Prepared) -> Likeness:
        """What of a row is compared with the cards that are there."""
        values, ways = prepared.values, (frozenset(prepared.phones), frozenset(prepared.emails))
        return Likeness(values[MATCH_NAME], values[_INN], *ways, prepared.other_name)

    _like = staticmethod(likeness)
    """What of a draft is compared with the other rows."""

    def _first_copy(self, row: int, like: Likeness) -> int | None:
        if self._compared >= MOST_COMPARED:
            return None
        self._compared += 1
        if self._keys_of:
            rows = [self._first_by_key.setdefault(key, row) for key in self._keys_of(like)]
            return next((first for first in rows if first != row), None)
        match = self._index.add(row, like)
        return match.first_row if match else None

    def _sort(
        self, batch: Batch, row: int, draft: ClientDraft, like: Likeness, problems: list[Problem], first: int | None
    ) -> None:
        if first is not None:
            batch.told.append(Told(row, DUPLICATE, draft.name[:200], first_row=first))
            if not self._terms.options.get("duplicates"):
                return
        responsible_id, problem = self._responsible(row, draft.responsible)
        problems = [*problems, problem] if problem else problems
        if problems and first is None:
            batch.told.append(Told(row, REMARK, draft.name[:200], problems=_plain(problems)))
        batch.prepared.append(self._prepare(row, draft, like, responsible_id))

    def _prepare(self, row: int, draft: ClientDraft, like: Likeness, responsible_id: int | None) -> Prepared:
        values = [
            row, draft.name, fold(draft.name), like.name, responsible_id, draft.custom, draft.kind,
            self._word("type", draft.type), self._word("status", draft.status), draft.activity, draft.site, draft.inn,
            draft.kpp, draft.ogrn, draft.bic, draft.account, draft.bank, draft.corr_account, draft.accounts, draft.city,
            draft.address, draft.contact_name,
            draft.position, draft.employer, draft.first_contact and draft.first_contact.isoformat(),
            draft.birthday and draft.birthday.isoformat(), draft.revenue, draft.revenue_currency, draft.note,
        ]  # fmt: skip
        return self._with_ways(draft, values)._replace(other_name=self._other_name(draft))

    def _other_name(self, draft: ClientDraft) -> str:
        """A company may be called like a person: where names find cards, it is looked for as both."""
        if not draft.is_guessed or self._terms.options.get("key") != "name":
            return ""
        return name_of(draft.name, "company" if draft.kind == "person" else "person")

    def _with_ways(self, draft: ClientDraft, values: list[Any]) -> Prepared:
        tags = tuple(tag[: rules.LONGEST_WORD] for tag in draft.tags)
        return Prepared(values, draft.phones, draft.emails, tags, fold_lines(self._texts(draft)))

    def _texts(self, draft: ClientDraft) -> Iterator[str]:
        yield from (draft.name, draft.city, draft.activity, draft.inn, draft.contact_name, draft.position)
        yield from (draft.employer, draft.site, draft.address, draft.bank, draft.accounts, draft.note)
        yield from self._ways_and_own(draft)

    def _ways_and_own(self, draft: ClientDraft) -> Iterator[str]:
        yield from draft.phones
        yield from draft.emails
        if draft.custom:
            yield from search_texts(self._own.fields, draft.custom)

    def _word(self, name: str, told: str) -> str:
        """What is stored for a type or a status, as the file names it or the person has chosen for rows without."""
        word = told or str(self._terms.options.get(name, ""))
        known = self._words.get((name, word))
        if known is None:
            stored = self._terms.words.get(name, {}).get(fold(word), " ".join(word.split()))
            known = self._words[name, word] = stored[: rules.LONGEST_WORD]
        return known

    def _responsible(self, row: int, named: str) -> tuple[int | None, Problem | None]:
        default = self._terms.options.get("responsible_id")
        if not named:
            return default, None
        colleague = self._colleagues.get(fold(named))
        if colleague is None:
            return default, Problem(row, "", "responsible", "clients.import.unknown_employee", named[:80], "warning")
        if not colleague.is_reached:
            return default, Problem(row, "", "responsible", "clients.import.others_employee", named[:80], "warning")
        return colleague.id, None


def _plain(problems: list[Problem]) -> list[list[Any]]:
    return [[p.column, p.field, p.code, p.value, p.level, p.limit] for p in problems]
