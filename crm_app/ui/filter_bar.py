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

Conditions show at once and the handler hears the whole filter; groups of conditions are shown in words. With

        on_preview=ListFilter.previewed,     # (filter: dict, number: int) while conditions are put together
        preview=ListFilter.preview,          # a Preview with the same number
        most=10_000,                         # where counting ends

a sheet opens in which groups are nested: "all", "any" and "none". Money values are in major units, as the
API has them: 1250000.5 roubles. Where nothing fits, `nothing_fits` says in the table's place what hides everything.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal, TypedDict

import reflex as rx

from crm_app.ui.button import button
from crm_app.ui.empty import empty
from crm_app.ui.i18n import t

for _part in ("filter_condition.jsx", "filter_period.jsx", "filter_editor.jsx", "filter_model.js"):
    rx.asset(_part, shared=True)


class Preview(TypedDict):
    """Conditions that are being put together, in words, and how many cards they leave; or what is wrong with them."""

    number: int
    words: str
    count: int
    error: str


NO_PREVIEW: Preview = {"number": 0, "words": "", "count": 0, "error": ""}


@dataclass(frozen=True)
class FilterField:
    """What can be asked about: options (a list or Var of `Option`) only for "choice"; "words" is a part of a text,
    "code" a whole one or its beginning, "value" a whole one, "having" one of several, "known" is asked for being filled
    in, a "happening" for a period, a "day" for its day and month too.
    """

    id: str
    label: Any
    kind: Literal[
        "choice",
        "text",
        "words",
        "code",
        "value",
        "having",
        "known",
        "number",
        "money",
        "date",
        "day",
        "flag",
        "happening",
    ]
    options: Any = field(default_factory=list)


class FilterBar(rx.Component):
    """The JavaScript face."""

    library = rx.asset("filter_bar.jsx", shared=True).importable_path
    tag = "FilterBar"

    fields: rx.Var[list[dict[str, Any]]]
    filter: rx.Var[dict[str, Any]]
    preview: rx.Var[Preview]
    most: rx.Var[int]
    on_change: rx.EventHandler[lambda conditions: [conditions]]
    on_preview: rx.EventHandler[lambda conditions, number: [conditions, number]]


class NothingFits(rx.Component):
    """The JavaScript face of an empty list: shows the first of its two children where something narrows it down."""

    library = rx.asset("filter_words.jsx", shared=True).importable_path
    tag = "NothingFits"

    filter: rx.Var[dict[str, Any]]
    words: rx.Var[str]
    usual: rx.Var[dict[str, Any]]


class FilterWords(rx.Component):
    """The JavaScript face of a filter in words."""

    library = NothingFits.library
    tag = "FilterWords"

    fields: rx.Var[list[dict[str, Any]]]
    filter: rx.Var[dict[str, Any]]
    words: rx.Var[str]


def filter_bar(fields: Any, *, more: Any = None, **props: Any) -> rx.Component:
    """Chips of conditions, each to be changed or taken away, and a button that adds one.

    fields: of FilterField; or, as `more` of them, a list var of dictionaries like it, for those that are known only
    when the page is open. A dictionary may have is_offered: false, for a field that is told but not asked about, and
    label_key, for a label in whatever language the browser speaks by then.
    """
    return FilterBar.create(fields=_faces(fields, more), **props)


def nothing_fits(
    fields: Any,
    otherwise: rx.Component,
    *,
    filter: Any,  # noqa: A002  as filter_bar calls it
    words: Any,
    on_clear: Any,
    usual: dict[str, Any] | None = None,
    more: Any = None,
    closed: Any = None,
) -> rx.Component:
    """For `empty=` of a table: what hides everything; without a filter beyond the usual one, `otherwise`.

    closed: whether the filter asks for something that is closed to whoever follows its link.
    """
    told = FilterWords.create(fields=_faces(fields, more), filter=filter, words=words)
    clear = button(t("ui.filter.clear"), on_click=on_clear)
    narrowed = empty("filter-x", t("ui.filter.nothing"), told, clear)
    if closed is not None:
        refused = empty("lock", t("ui.filter.closed"), t("ui.filter.closed_hint"), clear)
        narrowed = rx.cond(closed, refused, narrowed)
    return NothingFits.create(narrowed, otherwise, filter=filter, words=words, usual=usual or {})


def _faces(fields: Any, more: Any) -> Any:
    if not isinstance(fields, list):
        return fields
    faces = [{"id": each.id, "label": each.label, "kind": each.kind, "options": each.options} for each in fields]
    return faces if more is None else rx.Var.create(faces).to(list[dict[str, Any]]) + more
