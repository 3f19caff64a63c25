"""Rows of an import that changes known clients: which client each one is of, and what else becomes of it.

Such a file tells some fields of a client; what it does not tell stays. So its rows come without defaults, and get them
here where they become new clients after all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from crm_app.cards.field_rules import Definition
from crm_app.cards.field_values import is_empty
from crm_app.clients import rules
from crm_app.clients.importer import ABSENT, BAD, OWN, UPDATE, Options
from crm_app.clients.intake import COLUMNS, NAMELESS, Batch, Prepared, Terms, Told

_AT = {name: place for place, name in enumerate(COLUMNS)}
_NAME_PARTS = frozenset({"name", "last_name", "first_name", "patronymic"})
_FED_BY = {"responsible": "responsible_id"} | dict.fromkeys(_NAME_PARTS, "name")
NEVER = frozenset({"kind", "import_row", "sort_name", "match_name", "currency", "fields"})
"""Columns of a client that follow from others, and what a client is at all: a file changes none of these."""


@dataclass(frozen=True)
class NewRows:
    """What rows without it get when they become new clients. values: column → value; own: custom fields."""

    values: dict[str, Any]
    own: list[Definition]

    @classmethod
    def of(cls, terms: Terms) -> NewRows:
        """As an import's options say it."""
        told: dict[str, Any] = dict(terms.options)
        words = {name: rules.word_key(name, str(told.get(name, ""))) for name in rules.WORDS}
        return cls({"responsible_id": told.get("responsible_id"), **words}, terms.own)

    def fill(self, prepared: Prepared) -> str:
        """Give a row what it lacks; gives the name of a required field that is still empty, or ""."""
        values = prepared.values
        for name, value in self.values.items():
            values[_AT[name]] = values[_AT[name]] or value
        own = {field.key: field.default for field in self.own if not is_empty(field.default)}
        values[_AT["fields"]] = {**own, **values[_AT["fields"]]}
        required = (field for field in self.own if field.required == "creation")
        return next((field.name("") for field in required if field.key not in values[_AT["fields"]]), "")


def without_defaults(terms: Terms) -> Terms:
    """Terms under which a row says what its cells say, and nothing else."""
    dropped = ("responsible_id", "type", "status", "duplicates")
    options = {name: value for name, value in terms.options.items() if name not in dropped}
    own = [replace(field, default=None, required="never") for field in terms.own]
    return replace(terms, options=options, own=own)  # type: ignore[arg-type]


def fed_columns(mapping: list[str]) -> list[tuple[str, int]]:
    """Which columns of a client a file tells, with their places among COLUMNS."""
    named = {_FED_BY.get(field, field) for field in mapping if field and not field.startswith(OWN)}
    return [(name, _AT[name]) for name in COLUMNS if name in named - NEVER]


def set_apart(batch: Batch, found: Mapping[int, list[int]], options: Options, new_rows: NewRows) -> None:
    """Sort the rows of a batch by whom they name: those of a known client, new ones, and those that are neither."""
    told = {each.row: each for each in batch.told}
    kept: list[Prepared] = []
    for each in batch.prepared:
        ids = found.get(each.row, [])
        if len(ids) == 1:
            batch.changing.append((each, ids[0]))
            continue
        refusal = _refusal(each, ids, options, new_rows)
        if refusal is None:
            kept.append(each)
        else:
            before = told.get(each.row)
            problems = [*(before.problems if before else []), refusal[1]]
            told[each.row] = Told(each.row, refusal[0], each.values[_AT["name"]][:200], problems=problems)
    batch.prepared, batch.told = kept, list(told.values())


def _refusal(each: Prepared, ids: list[int], options: Options, new_rows: NewRows) -> tuple[str, list[Any]] | None:
    """Why a row becomes no client: its outcome and the problem; None where it becomes a new one."""
    key = options.get("key", "")
    if ids:
        return BAD, ["", key, "clients.import.many_found", str(len(ids)), "error", 0]
    if options.get("mode") == UPDATE:
        return ABSENT, ["", key, "clients.import.not_found", "", "error", 0]
    if not each.values[_AT["name"]]:
        return BAD, ["", "name", NAMELESS, "", "error", 0]
    lacking = new_rows.fill(each)
    return (BAD, ["", "", "clients.import.no_own", lacking, "error", 0]) if lacking else None
