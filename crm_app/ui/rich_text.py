"""Text with formatting, for letters.

    rich_text(value=Mailing.html, on_change=Mailing.html_changed, fields=Mailing.merge_fields)

`fields` are `Option` rows: id is the merge field's name, hint its fallback; choosing one inserts
`{{first_name|friend}}`, which stays plain text in the HTML. `on_change(html)` comes half a second after the last key;
in a form the text is also the field `name`. Nothing is trusted here: the server cleans the HTML before it keeps or
shows it.
"""

from __future__ import annotations

from typing import Any

import reflex as rx

from crm_app.ui.field import Option
from crm_app.ui.i18n import t

rx.asset("merge_fields.js", shared=True)


class RichText(rx.NoSSRComponent):
    """The JavaScript face, loaded only where it is shown."""

    library = rx.asset("rich_text.jsx", shared=True).importable_path
    tag = "RichText"
    lib_dependencies: list[str] = [
        "@tiptap/react@3.34.0",
        "@tiptap/starter-kit@3.34.0",
        "@tiptap/pm@3.34.0",
        "@tiptap/core@3.34.0",
    ]

    name: rx.Var[str]
    value: rx.Var[str]
    fields: rx.Var[list[Option]]
    labels: rx.Var[dict[str, str]]
    on_change: rx.EventHandler[lambda html: [html]]


def rich_text(*, name: str = "html", value: Any = "", **props: Any) -> rx.Component:
    """An editor with a toolbar, merge fields and its HTML."""
    words = ["bar", "text", "bold", "italic", "underline", "heading", "link", "link_address", "undo", "redo", "field"]
    labels = {word: t(f"ui.rich.{word}") for word in [*words, "source"]}
    labels |= {"bulletList": t("ui.rich.bullets"), "orderedList": t("ui.rich.numbers")}
    return RichText.create(name=name, value=value, labels=labels, **props)
