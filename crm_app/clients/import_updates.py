"""Rows of an import that changes known cards: which card each one is of, and what else becomes of it.

Such a file tells some fields of a card; what it does not tell stays. So its rows come without defaults, and get them
here where they become new cards after all.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from crm_app.cards.field_rules import Definition
from crm_app.cards.field_values import clean_value, is_empty
from crm_app.clients import rules
from crm_app.clients.import_kinds import ImportKind
from crm_app.clients.importer import ABSENT, BAD, OWN, UPDATE, Options
from crm_app.clients.intake import FIELDS, NAME, NAMELESS, Batch, Prepared, Terms, Told
from crm_app.core.errors import BadInput
from crm_app.core.folding import fold


@dataclass(frozen=True)
class NewRows:
    """What rows without it get when they become new cards. values: column → value; own: custom fields.

    is_asked: whether an import that changes nobody has defaults of its own.
    """

    kind: ImportKind
    values: dict[str, Any]
    own: list[Definition]
    tags: tuple[str, ...] = ()
    is_asked: bool = False

    @classmethod
    def of(cls, kind: ImportKind, terms: Terms) -> NewRows:
        """As an import's options say it."""
        told: dict[str, Any] = dict(terms.options)
        words = {name: kind.word_key(name, str(told.get(name, ""))) for name in kind.words}
        defaults = told.get("defaults", {})
        given = given_values(kind, [], {name: said for name, said in defaults.items() if not name.startswith(OWN)})
        tags = given.pop("tags", ())
        return cls(
            kind, {"responsible_id": told.get("responsible_id"), **words, **given}, terms.own, tags, bool(defaults)
        )

    def filled(self, prepared: Prepared) -> Prepared:
        """A row with what it lacked."""
        values, found, at = prepared.values, [prepared.text], self.kind.at
        for name, value in self.values.items():
            if value and not values[at[name]]:
                values[at[name]] = value
                found += [fold(value)] if name in self.kind.found_by else []
        return prepared._replace(tags=prepared.tags or self.tags, text="\n".join(found))

    def fill_own(self, prepared: Prepared) -> str:
        """Give a row the custom fields it lacks; gives the name of a required one that is still empty, or ""."""
        values = prepared.values
        own = {field.key: field.default for field in self.own if not is_empty(field.default)}
        values[FIELDS] = {**own, **values[FIELDS]}
        required = (field for field in self.own if field.required == "creation")
        return next((field.name("") for field in required if field.key not in values[FIELDS]), "")


def given_values(kind: ImportKind, own: list[Definition], defaults: Mapping[str, str]) -> dict[str, Any]:
    """Defaults as they are stored, by their fields. Raises BadInput with a reason for each that makes no sense."""
    plain: Any = {name: said for name, said in defaults.items() if not name.startswith(OWN) and name != "tags"}
    cleaned = kind.clean(plain)
    fields = {field.full: field for field in own}
    cleaned |= {name: clean_value(fields[name], said) for name, said in defaults.items() if name in fields}
    if defaults.get("tags"):
        named = (" ".join(tag.split()) for tag in defaults["tags"].split(","))
        cleaned["tags"] = tuple(dict.fromkeys(tag[: rules.LONGEST_WORD] for tag in named if tag))
    return {name: value for name, value in cleaned.items() if value not in (None, "", ())}


def good_defaults(
    kind: ImportKind, own: list[Definition], defaults: Mapping[str, str], allowed: Collection[str]
) -> dict[str, str]:
    """Those of some defaults that make sense still: fields and their choices may have gone since they were said."""

    def makes_sense(name: str, said: str) -> bool:
        try:
            return bool(given_values(kind, own, {name: said}))
        except BadInput:
            return False

    return {name: said for name, said in defaults.items() if name in allowed and makes_sense(name, said)}


def with_own_defaults(kind: ImportKind, own: list[Definition], options: Options) -> list[Definition]:
    """Custom fields with the defaults that an import gives them."""
    given = {name: said for name, said in options.get("defaults", {}).items() if name.startswith(OWN)}
    values = given_values(kind, own, given) if given else {}
    return [replace(field, default=values[field.full]) if field.full in values else field for field in own]


def without_defaults(terms: Terms) -> Terms:
    """Terms under which a row says what its cells say, and nothing else."""
    dropped = ("responsible_id", "type", "status", "duplicates", "defaults")
    options = {name: value for name, value in terms.options.items() if name not in dropped}
    own = [replace(field, default=None, required="never") for field in terms.own]
    return replace(terms, options=options, own=own)  # type: ignore[arg-type]


def fed_columns(kind: ImportKind, mapping: list[str]) -> list[tuple[str, int]]:
    """Which columns of a card a file tells, with their places in what is prepared."""
    told = (field for field in mapping if field and not field.startswith(OWN))
    named = {column for field in told for column in kind.fed_by.get(field, (field,))}
    return [(name, place) for name, place in kind.at.items() if name in named - kind.kept]


def set_apart(batch: Batch, found: Mapping[int, list[int]], options: Options, new_rows: NewRows) -> None:
    """Sort the rows of a batch by whom they name: those of a known card, new ones, and those that are neither."""
    told = {each.row: each for each in batch.told}
    kept: list[Prepared] = []
    for each in batch.prepared:
        ids = found.get(each.row, [])
        if len(ids) == 1:
            batch.changing.append((each, ids[0]))
            continue
        refusal = _refusal(each, ids, options, new_rows)
        if refusal is None:
            kept.append(new_rows.filled(each))
        else:
            before = told.get(each.row)
            problems = [*(before.problems if before else []), refusal[1]]
            told[each.row] = Told(each.row, refusal[0], each.values[NAME][:200], problems=problems)
    batch.prepared, batch.told = kept, list(told.values())


def _refusal(each: Prepared, ids: list[int], options: Options, new_rows: NewRows) -> tuple[str, list[Any]] | None:
    """Why a row becomes no new card: its outcome and the problem; None where it becomes a new one."""
    key = options.get("key", "")
    if ids:
        return BAD, ["", key, "clients.import.many_found", str(len(ids)), "error", 0]
    if options.get("mode") == UPDATE:
        return ABSENT, ["", key, "clients.import.not_found", "", "error", 0]
    if not each.values[NAME]:
        return BAD, ["", "name", NAMELESS, "", "error", 0]
    lacking = new_rows.fill_own(each)
    return (BAD, ["", "", "clients.import.no_own", lacking, "error", 0]) if lacking else None
