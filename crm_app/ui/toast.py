"""Notices in the corner, without anything that the browser would have to evaluate (the policy of the page forbids it).

The frame shows a `list[Notice]` var; a handler adds to it:

    self.notices = [*self.notices[-4:], notice("good", text, action=undo)]   # text in the reader's language
    button(…, on_click=toast("info", t("ui.copied")))                             # from the browser alone

With an `action` the notice has a button; pressing it runs `on_act(notice_id)`. With a `way` it has a link to `href`.
"""

from __future__ import annotations

import secrets
from typing import Any, Literal, TypedDict

import reflex as rx
from reflex.event import EventSpec
from reflex.utils.imports import ImportVar
from reflex.vars import VarData
from reflex.vars.base import LiteralVar, Var

from crm_app.ui.i18n import t

Level = Literal["good", "info", "warn", "bad"]
_LIBRARY = rx.asset("toast.jsx", shared=True).importable_path


class Notice(TypedDict):
    """One notice; `action` is the word on its button, or ""; `href` leads on, by the word in `way`."""

    id: str
    level: str
    text: str
    action: str
    way: str
    href: str


class Toasts(rx.Component):
    """The JavaScript face."""

    library = _LIBRARY
    tag = "Toasts"

    notices: rx.Var[list[Notice]]
    labels: rx.Var[dict[str, str]]
    on_act: rx.EventHandler[lambda notice_id: [notice_id]]


def notice(level: Level, text: str, action: str = "", way: str = "", href: str = "") -> Notice:
    """A notice with a fresh id."""
    return {"id": secrets.token_hex(6), "level": level, "text": text, "action": action, "way": way, "href": href}


def toasts(notices: Any, **events: Any) -> rx.Component:
    """Where notices appear; one per page, the frame has it."""
    return Toasts.create(notices=notices, labels={"notices": t("ui.notices"), "close": t("ui.close")}, **events)


def toast(level: Level, text: Any) -> EventSpec:
    """Show a notice from the browser; put it on an `on_click`."""
    words = LiteralVar.create(text)
    data = VarData.merge(VarData(imports={_LIBRARY: [ImportVar(tag="showNotice")]}), words._get_all_var_data())
    return rx.call_function(Var(_js_expr=f"(() => showNotice({level!r}, {words!s}))", _var_data=data))
