"""Search and commands: Ctrl+K or `/`. Pages and creations come from `menu.py`, cards from the frame's `on_search`."""

from __future__ import annotations

from typing import TypedDict

import reflex as rx
from reflex.event import EventSpec
from reflex.utils.imports import ImportVar
from reflex.vars import VarData
from reflex.vars.base import Var

from crm_app.ui.frame import Found, FrameSource, may
from crm_app.ui.i18n import t
from crm_app.ui.menu import creations, entries

_LIBRARY = rx.asset("palette.jsx", shared=True).importable_path


class Command(TypedDict):
    """A page or a creation; `may` is whether this person can use it."""

    label: str
    href: str
    group: str
    may: bool


class Palette(rx.Component):
    """The JavaScript face."""

    library = _LIBRARY
    tag = "Palette"

    commands: rx.Var[list[Command]]
    found: rx.Var[list[Found]]
    can_search: rx.Var[bool]
    labels: rx.Var[dict[str, str]]
    on_search: rx.EventHandler[lambda text: [text]]


def palette(source: FrameSource) -> rx.Component:
    """The palette; the frame has it."""
    labels = {
        "title": t("ui.search"),
        "placeholder": t("ui.palette.placeholder"),
        "results": t("ui.palette.results"),
        "nothing": t("ui.nothing_found"),
        "page": t("ui.palette.page"),
        "create": t("ui.create"),
    }
    commands = [
        {"label": t(each.key), "href": each.href, "group": group, "may": may(each.permission)}
        for group, list_ in (("page", entries()), ("create", creations()))
        for each in list_
    ]
    if source.on_search is None:
        return Palette.create(commands=commands, labels=labels, can_search=False)
    return Palette.create(
        commands=commands, labels=labels, can_search=True, found=source.found, on_search=source.on_search
    )


def open_palette() -> EventSpec:
    """Open it in the browser at once."""
    return rx.call_function(
        Var(_js_expr="openPalette", _var_data=VarData(imports={_LIBRARY: [ImportVar(tag="openPalette")]}))
    )
