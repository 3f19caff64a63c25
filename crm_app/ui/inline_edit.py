"""Fields edited in place, on a card.

    inline_edit("phone", t("clients.phone"), value=Client.phone, verdicts=Client.verdicts, on_save=Client.field_edited)
    inline_edit("amount", …, kind="amount", value=Deal.amount_text, display=fmt.money(Deal.amount, Deal.currency))

`on_save(name, text, seen)` runs when the value really changed. seen: what stood there, as it is typed, when the person
began. The state answers by `verdicts[name]`: see `FieldVerdict`. `of` names the card: of another one nothing is left
that was typed here. A field of kind "search" takes one of many cards: `on_search`, `found`, and its words as `display`.
One of kind "suggest" takes any text, and offers what `on_search` has `found` for it.
"""

from __future__ import annotations

from typing import Any, Literal, TypedDict

import reflex as rx

from crm_app.ui.field import Option, choose_labels
from crm_app.ui.i18n import t
from crm_app.ui.layout import faint, stack

Kind = Literal["text", "textarea", "select", "amount", "moment", "date", "email", "tel", "url", "search", "suggest"]


class FieldVerdict(TypedDict):
    """What became of a value that was given; `number` makes each verdict a new one.

    state: "saved" with the value that stands there now; "refused" with the sentence in `text`: the former value stands
    again, and what was typed is there again once the field is opened; "conflict" with what another wrote there
    meanwhile as the value, and its words in `shown` where it can't be read.
    """

    state: str
    text: str
    value: str
    shown: str
    number: int


CONFLICT_WORDS = ("blank", "conflict", "began", "now", "mine", "write_mine", "both", "keep")


def conflict_labels() -> dict[str, Any]:
    """The words of the choice between another's value and one's own."""
    return {word: t(f"ui.cell.{word}") for word in CONFLICT_WORDS} | {
        "copy": t("ui.cell.copy"),
        "copied": t("ui.copied"),
    }


class InlineEdit(rx.Component):
    """The JavaScript face."""

    library = rx.asset("inline_edit.jsx", shared=True).importable_path
    tag = "InlineEdit"

    name: rx.Var[str]
    value: rx.Var[Any]
    display: rx.Var[str]
    kind: rx.Var[str]
    options: rx.Var[list[Option]]
    found: rx.Var[list[Option]]
    verdicts: rx.Var[dict[str, FieldVerdict]]
    disabled: rx.Var[bool]
    labels: rx.Var[dict[str, str]]
    on_save: rx.EventHandler[lambda name, text, seen: [name, text, seen]]
    on_search: rx.EventHandler[lambda words: [words]]


def edited_value(name: Any, label: Any, *, value: Any, of: Any = "", empty: Any = None, **props: Any) -> rx.Component:
    """A value that is edited by a click, without its label beside it. empty: what stands there for no value."""
    labels = {"name": label, "empty": t("ui.inline.empty") if empty is None else empty, "edit": t("ui.inline.edit")}
    labels |= conflict_labels() | choose_labels()
    return InlineEdit.create(name=name, value=value, labels=labels, key=of, **{"kind": "text", **props})


def inline_edit(name: str, label: Any, *, value: Any, kind: Kind = "text", **props: Any) -> rx.Component:
    """A label with a value under it that is edited by a click. `disabled` shows it read-only."""
    return stack(
        faint(label), edited_value(name, label, value=value, kind=kind, **props), gap="none", class_name="inline-field"
    )
