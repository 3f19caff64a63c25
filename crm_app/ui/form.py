"""Forms.

    form(
        text_field("title", t("deals.title"), errors=Deal.errors, required=True),
        form_buttons(button(t("ui.save"), kind="primary", type="submit", busy=Deal.is_saving)),
        on_submit=Deal.saved_clicked,       # async def saved_clicked(self, fields: dict[str, str])
        draft="deal-new",                   # what is typed stays in this browser until it is saved
        saved=Deal.saves,                   # a counter that the handler raises when it has saved
        key=Deal.id,                        # a new key gives a fresh form with new default values
    )
All values arrive as text: a tick is "true" or "", money is "1250000.50", a moment is RFC 3339 in UTC. Ctrl+Enter
submits.
"""

from __future__ import annotations

from typing import Any

import reflex as rx
from reflex_components_core.el.elements.base import BaseHTML

from crm_app.ui.i18n import t
from crm_app.ui.layout import classes

rx.asset("saved.js", shared=True)


class DraftForm(rx.Component):
    """The JavaScript face of a form."""

    library = rx.asset("form.jsx", shared=True).importable_path
    tag = "Form"

    draft: rx.Var[str]
    saved: rx.Var[int]
    reset_on_saved: rx.Var[bool]
    labels: rx.Var[dict[str, str]]
    on_submit: rx.EventHandler[lambda fields: [fields]]


class NativeForm(BaseHTML):
    """A real POST of the browser, for what must set or clear a cookie; `rx.el.form` always prevents it."""

    tag = "form"
    action: rx.Var[str]
    method: rx.Var[str]


def form(*children: Any, draft: Any = "", **props: Any) -> rx.Component:
    """A form that sends `on_submit` the text of every field by name."""
    return DraftForm.create(
        *children,
        draft=draft,
        labels={"restored": t("ui.draft.restored"), "discard": t("ui.draft.discard")},
        class_name=classes("form", props.pop("class_name", "")),
        **props,
    )


def native_form(*children: Any, action: str, **props: Any) -> rx.Component:
    """A form that the browser itself posts: log in, log out."""
    return NativeForm.create(*children, action=action, method="post", **props)


def form_buttons(*buttons: Any) -> rx.Component:
    """The last line of a form."""
    return rx.el.div(*buttons, class_name="form-buttons")
