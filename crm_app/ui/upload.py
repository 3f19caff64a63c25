"""Files, sent to a route of ours and never through the socket.

    file_drop(url="/files?card=client:12", max_bytes=25_000_000, on_uploaded=Client.file_uploaded)   # (file_id, name)

The route gets the file as the raw body, its name as `?name=`, and the header `X-Requested-With: crm`, without which
it must refuse. It answers 201 with `{"id": …}`, or a problem whose `detail` is shown beside the file's name. Three
files travel at once.
"""

from __future__ import annotations

from typing import Any

import reflex as rx


class FileDrop(rx.Component):
    """The JavaScript face."""

    library = rx.asset("file_drop.jsx", shared=True).importable_path
    tag = "FileDrop"

    url: rx.Var[str]
    label: rx.Var[str]
    accept: rx.Var[str]
    multiple: rx.Var[bool]
    max_bytes: rx.Var[int]
    on_uploaded: rx.EventHandler[lambda file_id, name: [file_id, name]]
    on_refused: rx.EventHandler[lambda status, name: [status, name]]


def file_drop(*, url: Any, **props: Any) -> rx.Component:
    """A place for files: choose or drop, with progress, a way to stop, and the reason of a refusal."""
    return FileDrop.create(url=url, **props)
