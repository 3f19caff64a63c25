"""Pictures of people and companies, by the digest of their content.

    picture_drop(avatar(…), card="client", number=State.client_id, picture=State.picture, max_bytes=…, labels={…}, …)
    small_picture(row["new"], t("…"))        # one among words

The route of pictures gets the file as `upload` tells it; the State hears of the change as of any other.
"""

from __future__ import annotations

from typing import Any

import reflex as rx


class PictureDrop(rx.Component):
    """The JavaScript face. labels: change, choose, remove, hint, picture (what it is called)."""

    library = rx.asset("picture.jsx", shared=True).importable_path
    tag = "PictureDrop"

    picture: rx.Var[str]
    card: rx.Var[str]
    number: rx.Var[int]
    max_bytes: rx.Var[int]
    labels: rx.Var[dict[str, str]]
    on_removed: rx.EventHandler[rx.event.no_args_event_spec]


def picture_drop(face: rx.Component, **props: Any) -> rx.Component:
    """What shows a picture, made a place for another one: chosen, dropped, or pasted on the page."""
    return PictureDrop.create(face, **props)


def small_picture(digest: Any, label: Any) -> rx.Component:
    """A picture among words, whole."""
    image = rx.el.img(src="/pictures/" + digest + "/small.webp", alt=label, loading="lazy")
    return rx.el.span(image, class_name="avatar avatar-large", custom_attrs={"data-company": "true"})
