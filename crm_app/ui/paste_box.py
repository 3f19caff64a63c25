"""Rows that are pasted, sent to a route of ours and never through the socket, which takes a megabyte.

    paste_box(url="/imports/clients/pasted", max_bytes=2_000_000, on_uploaded=Import.file_uploaded, labels={…})

The route gets the text as the raw body in UTF-8, with the header `X-Requested-With: crm`, without which it must refuse.
It answers 201 with `{"id": …}`, or a problem whose `detail` is shown; what was pasted stays then.
"""

from __future__ import annotations

from typing import Any

import reflex as rx


class PasteBox(rx.Component):
    """The JavaScript face. labels: name, example, send, none (of an empty one), tooBig."""

    library = rx.asset("paste_box.jsx", shared=True).importable_path
    tag = "PasteBox"

    url: rx.Var[str]
    max_bytes: rx.Var[int]
    labels: rx.Var[dict[str, str]]
    on_uploaded: rx.EventHandler[lambda made_id, name: [made_id, name]]


def paste_box(*, url: str, labels: dict[str, Any], **props: Any) -> rx.Component:
    """A field for many rows with its button, and the reason of a refusal."""
    return PasteBox.create(url=url, labels=labels, **props)
