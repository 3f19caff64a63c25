"""Fields edited in place, on a card.

    inline_edit("phone", t("clients.phone"), value=Client.phone, refusal=Client.refusal, on_save=Client.field_edited)
    inline_edit("amount", …, kind="amount", value=Deal.amount_text, display=fmt.money(Deal.amount, Deal.currency))

`on_save(name, text)` runs when the value really changed. A refusal is `{"field": name, "text": sentence}` in the
state: the former value stands again with the sentence under it. Put a new dict there for each refusal, so that the
same one twice is seen twice.
"""

from __future__ import annotations

from typing import Any, Literal, TypedDict

import reflex as rx

from crm_app.ui.field import Option
from crm_app.ui.i18n import t
from crm_app.ui.layout import faint, stack

Kind = Literal["text", "textarea", "select", "amount", "moment", "date", "email", "tel", "url"]


class Refusal(TypedDict):
    """Why a value was not taken; `number` makes each refusal a new one."""

    field: str
    text: str
    number: int


NO_REFUSAL: Refusal = {"field": "", "text": "", "number": 0}


class InlineEdit(rx.Component):
    """The JavaScript face."""

    library = rx.asset("inline_edit.jsx", shared=True).importable_path
    tag = "InlineEdit"

    name: rx.Var[str]
    value: rx.Var[Any]
    display: rx.Var[str]
    kind: rx.Var[str]
    options: rx.Var[list[Option]]
    refusal: rx.Var[Refusal]
    disabled: rx.Var[bool]
    labels: rx.Var[dict[str, str]]
    on_save: rx.EventHandler[lambda name, text: [name, text]]


def inline_edit(name: str, label: Any, *, value: Any, kind: Kind = "text", **props: Any) -> rx.Component:
    """A label with a value under it that is edited by a click. `disabled` shows it read-only."""
    return stack(
        faint(label),
        InlineEdit.create(
            name=name,
            value=value,
            kind=kind,
            labels={"name": label, "empty": t("ui.inline.empty"), "edit": t("ui.inline.edit")},
            **props,
        ),
        gap="none",
        class_name="inline-field",
    )
