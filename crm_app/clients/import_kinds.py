"""What an import has to know of the cards that it brings: each feature tells of its own kind.

Rows become an `Intake`'s columns in the process that reads the file; here is what the server does with them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any, ClassVar

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select

from crm_app.cards.bulk_rules import VIA
from crm_app.cards.events import AddedFact, ChangedFact, RemovedFact
from crm_app.cards.field_rules import Definition
from crm_app.cards.models import CardEmail, CardPhone
from crm_app.clients.alike import likenesses
from crm_app.clients.intake import Batch, Intake, Prepared
from crm_app.clients.matching import Likeness, is_same
from crm_app.clients.models import ClientImport, ImportChange
from crm_app.core.door import Tx
from crm_app.core.errors import BadInput
from crm_app.core.events import FactLink, FactRow
from crm_app.core.keys import among

_MOST_NAMESAKES = 5_000


class ImportKind:
    """A kind of card that files bring.

    named_by: fields of which a new card needs one; keys: by what a row finds its card; defaults: what an import can
    give to all new ones; words: fields whose words are learnt, with what people call a built-in one; fed_by: columns of
    the model by field, where they differ; found_by: fields in whose text a card is found; kept: columns that no file
    changes; dates: of the model; own_facts: of an import beside that a card was added, which are nobody's work;
    nobodys: whether new cards may be nobody's.
    """

    card: ClassVar[str]
    model: ClassVar[Any]
    intake: ClassVar[type[Intake]]
    named_by: ClassVar[frozenset[str]]
    keys: ClassVar[tuple[str, ...]]
    defaults: ClassVar[tuple[str, ...]]
    words: ClassVar[tuple[str, ...]] = ()
    fed_by: ClassVar[Mapping[str, tuple[str, ...]]] = {"responsible": ("responsible_id",)}
    found_by: ClassVar[frozenset[str]]
    kept: ClassVar[frozenset[str]]
    dates: ClassVar[frozenset[str]] = frozenset()
    added: ClassVar[type[AddedFact]]
    changed: ClassVar[type[ChangedFact]]
    removed: ClassVar[type[RemovedFact]]
    own_facts: ClassVar[tuple[str, ...]] = ()
    nobodys: ClassVar[bool] = False

    def __init__(self) -> None:
        self.automatic: set[str] = set()
        """Facts of changes that follow by themselves from a new card, each of which makes it one version newer."""

    @property
    def permission(self) -> str:
        return f"{self.card}.import"

    @cached_property
    def form(self) -> str:
        """The intake as `Terms` names it to the other process."""
        return f"{self.intake.__module__}:{self.intake.__name__}"

    @cached_property
    def at(self) -> dict[str, int]:
        """The place of each column in what is prepared."""
        return {name: place for place, name in enumerate(self.intake.columns)}

    # what is said of new ones

    def clean(self, values: dict[str, Any]) -> dict[str, Any]:
        """Fields as they are stored. Raises BadInput."""
        raise NotImplementedError

    def keys_by_word(self, word: str) -> dict[str, str]:
        """What people call a built-in word of a field, folded → what is stored for it."""
        return {}

    def word_key(self, field: str, word: str) -> str:
        """What is stored for a word that a person has chosen."""
        return word

    def choices(self, locale: str) -> dict[str, list[str]]:
        """Built-in words by field, as people call them: what a file to fill offers."""
        return {}

    def definitions(self, fields: list[Definition]) -> list[Definition]:
        """Of the company's own fields, those of every card of this kind."""
        return fields

    # what is there

    def likenesses(self, tx: Tx, ids: list[int]) -> dict[int, Likeness]:
        """What of known cards is compared."""
        return likenesses(tx, self.card, ids)

    def are_namesakes(self, tx: Tx, like: Likeness, ids: set[int]) -> set[int]:
        """Of cards that have a row's name, those that may be meant."""
        return ids

    def is_same(self, one: Any, other: Any) -> bool:
        """Whether a row and a known card are one."""
        return is_same(one, other)

    @cached_property
    def ways(self) -> dict[str, Select[Any]]:
        """How cards are looked up that may be the same, by matching.KEYS.

        Each is in the order of its index, which is what makes SQLite use it: where most clients have no INN, the
        planner's figures say that any INN is that of most clients, and the whole table was gone through for each batch.
        """
        model = self.model
        columns = {name: getattr(model, name) for name in ("inn", "name") if name in self.keys}
        if "name" in columns:
            columns["name"] = model.match_name
        ways: dict[str, Any] = {
            "phones": (CardPhone.number, CardPhone.card_id, CardPhone.card == self.card),
            "emails": (CardEmail.address, CardEmail.card_id, CardEmail.card == self.card),
        }
        ways |= {name: (column, model.id, None) for name, column in columns.items()}
        return {name: _way(*ways[name]) for name in ("inn", "phones", "emails", "name") if name in ways}

    # what becomes of rows

    def check_options(self, tx: Tx, options: Mapping[str, Any]) -> None:
        """What the kind itself asks of how an import is wanted. Raises BadInput, Forbidden, NotFound, RuleBroken."""
        if options.get("pipeline_id") is not None:
            raise BadInput("clients.import.no_pipelines", field="pipeline_id")

    def as_rows(self, tx: Tx, prepared: Sequence[Prepared], options: Mapping[str, Any]) -> list[dict[str, Any]]:
        """New cards as the rows of their table. options: how the import is wanted."""
        columns = self.intake.columns
        return [dict(zip(columns, each.values, strict=True)) for each in prepared]

    def came_by(self) -> dict[str, str]:
        """How a card says by what door it came."""
        return {"source": "import"}

    def look_over(self, tx: Tx, batch: Batch, options: Mapping[str, Any]) -> None:
        """Take rows out of a batch that can't go in, find the cards that others name, and say what was found."""

    def learn(self, tx: Tx, values: Mapping[str, set[str]]) -> list[list[str]]:
        """Remember words of the company's own; gives [field, word] of those that nobody had before."""
        return []

    def unlearn(self, tx: Tx, words: Iterable[Sequence[str]]) -> None:
        """Forget those of them that no card has."""

    def fact_of(self, tx: Tx, card_id: int, row: dict[str, Any]) -> AddedFact:
        """That a card was added."""
        return self.added(card_id=card_id, name=row["name"])

    def changed_fact(self, tx: Tx, card_id: int, changes: dict[str, list[Any]]) -> ChangedFact:
        """That a card was changed."""
        return self.changed(card_id=card_id, changes=changes)

    def tie(self, tx: Tx, rows: Sequence[tuple[int, Prepared]], ties: Mapping[int, list[int]]) -> None:
        """Tie cards to others that their rows name. rows: id of the card, and its row; ties: by row."""

    def untie(self, tx: Tx, card_id: int, ties: list[int]) -> None:
        """Take back what tie did to a card that was there before."""

    def gone(self, tx: Tx, ids: Sequence[int]) -> None:
        """New cards were put into the bin."""

    def settled(self, tx: Tx, cards: Sequence[Any]) -> None:
        """Cards of a batch were added, changed or taken back."""

    # a known card

    def compare(
        self, prepared: Prepared, values: dict[str, Any], card: Any, locked: frozenset[str], fed: frozenset[str]
    ) -> dict[str, Any]:
        """Those of a row's values that the card has not. fed: columns that the file tells, locked ones left out."""
        return {name: value for name, value in values.items() if value != getattr(card, name)}

    def refusal(self, tx: Tx, card: Any, values: Mapping[str, Any]) -> list[Any] | None:
        """The problem that keeps a card of the actor's from being given these values."""
        return None

    def beside(self, card: Any) -> dict[str, Any]:
        """What else has to be known to take a change back."""
        return {}

    def set_beside(self, card: Any, changed: Iterable[str], values: Mapping[str, Any]) -> None:
        """Set it, where fields that it belongs to are changed or taken back."""

    def derive(self, card: Any) -> None:
        """Set what follows from the name."""
        raise NotImplementedError

    def search_parts(self, tx: Tx, card: Any, phones: list[str], emails: list[str]) -> tuple[str, ...]:
        """What a card is found by."""
        raise NotImplementedError

    def index(self, tx: Tx, card: Any) -> None:
        """Write a card's text into the search index."""
        raise NotImplementedError

    # taken back

    @cached_property
    def worked_with(self) -> ColumnElement[bool]:
        """Whether somebody has done something with a new card alone since; see also `changed_in_bulk`."""
        model = self.model
        by_imports = and_(FactRow.name.in_((self.changed.__name__, *self.own_facts)), FactRow.via == "import")
        of_card = (FactRow.card == self.card, FactRow.card_id == model.id)
        of_import = (ImportChange.card_id == model.id, ClientImport.id == ImportChange.import_id)
        return or_(
            exists().where(*of_import, ClientImport.card == self.card),
            exists().where(
                *of_card,
                FactRow.name.not_in((self.added.__name__, *self.automatic)),
                # a later import that stands has its ImportChange; one that was taken back leaves no trace but its facts
                ~by_imports,
                FactRow.via != VIA,
            ),
            exists().where(*_linked(self.card, model), FactRow.via != VIA),
        )

    @cached_property
    def changed_in_bulk(self) -> ColumnElement[bool]:
        """Whether a new card was among many that were changed since; untouched.py tells what is left of that."""
        return or_(
            exists().where(FactRow.card == self.card, FactRow.card_id == self.model.id, FactRow.via == VIA),
            exists().where(*_linked(self.card, self.model), FactRow.via == VIA),
        )


def _linked(card: str, model: Any) -> tuple[Any, ...]:
    """That a fact is told on a card, though it is another one's."""
    return FactLink.card == card, FactLink.card_id == model.id, FactRow.id == FactLink.fact_id


def _way(key: Any, card_id: Any, of: Any) -> Select[Any]:
    statement = select(key, card_id)
    if of is not None:
        statement = statement.where(of)
    return statement.where(among(key, "keys")).order_by(key).limit(_MOST_NAMESAKES)


IMPORT_KINDS: dict[str, ImportKind] = {}


def register_import(kind: ImportKind) -> None:
    """Tell of a kind of card that files bring."""
    IMPORT_KINDS[kind.card] = kind


def kind_of(card: str) -> ImportKind:
    """How cards of a kind are imported."""
    return IMPORT_KINDS[card]
