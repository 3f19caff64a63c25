"""A list's filter, in words.

    filter_bar(
        [
            FilterField("status", t("clients.status"), "choice", options=Clients.status_options),
            FilterField("amount", t("deals.amount"), "money"),
            FilterField("starred", t("clients.starred"), "flag"),
        ],
        filter=Clients.filter,               # {"all": [{"field", "op", "value"}, …]}, as in the address bar
        on_change=Clients.filter_changed,    # (filter: dict)
    )

Conditions show at once and the handler hears the whole filter. Money values are in major units, as the
API has them: 1250000.5 roubles.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

import reflex as rx


@dataclass(frozen=True)
class FilterField:
    """What can be asked about: options (a list or Var of `Option`) only for "choice"."""

    id: str
    label: Any
    kind: Literal["choice", "text", "number", "money", "date", "flag"]
    options: Any = field(default_factory=list)


class FilterBar(rx.Component):
    """The JavaScript face."""

    library = rx.asset("filter_bar.jsx", shared=True).importable_path
    tag = "FilterBar"

    fields: rx.Var[list[dict[str, Any]]]
    filter: rx.Var[dict[str, Any]]
    on_change: rx.EventHandler[lambda conditions: [conditions]]


def filter_bar(fields: list[FilterField], **props: Any) -> rx.Component:
    """Chips of conditions, each to be changed or taken away, and a button that adds one."""
    faces = [{"id": each.id, "label": each.label, "kind": each.kind, "options": each.options} for each in fields]
    return FilterBar.create(fields=faces, **props)
