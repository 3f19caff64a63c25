"""Text with formatting, for letters.

    rich_text(value=Mailing.html, on_change=Mailing.html_changed, fields=Mailing.merge_fields)

    merge_line("title", t("field.mailing.title"), value=Mailing.title, fields=Mailing.merge_fields)

`fields` are `Option` rows: id is the merge field's name, hint its fallback. A field is a chip with its name; in the
text that is kept it is plain `{{first_name|friend}}`. A double click, or Enter on it, asks for the fallback.
`on_change(html)` comes half a second after the last key; in a form the text is also the field `name`. Nothing is
trusted here: the server cleans the HTML before it keeps or shows it.
"""

from __future__ import annotations

from typing import Any

import reflex as rx

from crm_app.ui.field import Option, error_line, error_of
from crm_app.ui.i18n import t

rx.asset("merge_fields.js", shared=True)


_TIPTAP = ["@tiptap/react@3.34.0", "@tiptap/starter-kit@3.34.0", "@tiptap/pm@3.34.0", "@tiptap/core@3.34.0"]


class _Editor(rx.NoSSRComponent):
    """What both editors have; loaded only where one is shown."""

    lib_dependencies: list[str] = _TIPTAP

    name: rx.Var[str]
    value: rx.Var[str]
    fields: rx.Var[list[Option]]
    labels: rx.Var[dict[str, str]]


class RichText(_Editor):
    """The JavaScript face of the letter."""

    library = rx.asset("rich_text.jsx", shared=True).importable_path
    tag = "RichText"

    on_change: rx.EventHandler[lambda html: [html]]


class MergeLine(_Editor):
    """The JavaScript face of the line."""

    library = rx.asset("merge_line.jsx", shared=True).importable_path
    tag = "MergeLine"

    labelled_by: rx.Var[str]
    described_by: rx.Var[str]
    invalid: rx.Var[bool]
    disabled: rx.Var[bool]


def rich_text(*, name: str = "html", value: Any = "", **props: Any) -> rx.Component:
    """An editor with a toolbar, merge fields and its HTML."""
    words = ["bar", "text", "bold", "italic", "underline", "heading", "link", "link_address", "undo", "redo", "source"]
    labels = {word: t(f"ui.rich.{word}") for word in words} | _chip_labels()
    labels |= {"bulletList": t("ui.rich.bullets"), "orderedList": t("ui.rich.numbers")}
    return RichText.create(name=name, value=value, labels=labels, **props)


def merge_line(name: str, label: Any, *, errors: Any = None, **props: Any) -> rx.Component:
    """One line with merge fields, with its label and the form's error."""
    spot = f"f-{name}"
    error = error_of(errors, name)
    refused = {"invalid": error != "", "described_by": f"{spot}-error"} if error is not None else {}
    return rx.el.div(
        rx.el.span(label, class_name="field-label", custom_attrs={"id": spot}),
        MergeLine.create(name=name, labels=_chip_labels(), labelled_by=spot, **refused, **props),
        *([error_line(error, spot=f"{spot}-error")] if error is not None else []),
        class_name="field",
    )


def _chip_labels() -> dict[str, Any]:
    return {word: t(f"ui.rich.{word}") for word in ("field", "fallback", "else")}
