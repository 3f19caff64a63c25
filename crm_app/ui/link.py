"""Links inside the application, without a page load: `link(client.name, href=…)`."""

from __future__ import annotations

from typing import Any

import reflex as rx
from reflex_components_core.react_router.dom import ReactRouterLink

from crm_app.ui.layout import classes


def link(*children: Any, href: Any, plain: bool = False, **props: Any) -> rx.Component:
    """A link to a page of ours; `plain` leaves it without the look of a link (a whole card, a menu line)."""
    name = classes("" if plain else "text-link", props.pop("class_name", ""))
    return ReactRouterLink.create(*children, to=href, class_name=name, **props)


def outside_link(*children: Any, href: Any, **props: Any) -> rx.Component:
    """A link that leaves: another site, `tel:`, `mailto:`, a file."""
    props.setdefault("class_name", "text-link")
    return rx.el.a(*children, href=href, target="_blank", rel="noopener noreferrer", **props)


def file_link(*children: Any, href: Any, **props: Any) -> rx.Component:
    """A link to a file that a route of ours sends: it is saved, and the page stays."""
    props.setdefault("class_name", "text-link")
    return rx.el.a(
        *children, href=href, download=True, reload_document=True, **props
    )  # else the router takes the click
