"""What opens above the page: dialog, sheet, confirmation, menu, popover.

    dialog("new-deal", t("deals.new"), form(…), done=Board.saves)           # opened by on_click=open_dialog("new-deal")
    sheet("needs", t("deals.needs"), form(…), open=Board.asks, on_close=Board.needs_closed)   # opened by the server
    confirm("delete", t("clients.delete?"), soft(t("clients.delete.what")), yes=button(t("ui.delete"), kind="danger"))
    menu(icon("ellipsis"), menu_item(t("ui.rename"), icon_name="pencil", on_click=…), label=t("ui.more"))

A sheet comes from the right, and from below on a phone. `done` is a counter: when it changes, what is open closes.
What the server holds open closes when its page is left.
Esc, the cross and a click outside close (not a confirmation's outside); the focus returns to where it was.
"""

from __future__ import annotations

from typing import Any, Literal

import reflex as rx
from reflex.event import EventSpec, no_args_event_spec
from reflex.utils.imports import ImportVar
from reflex.vars import VarData
from reflex.vars.base import Var

from crm_app.ui.i18n import t
from crm_app.ui.icon import icon
from crm_app.ui.layout import classes, soft
from crm_app.ui.link import link

rx.asset("saved.js", shared=True)
_LIBRARY = rx.asset("dialog.jsx", shared=True).importable_path


class Dialog(rx.Component):
    """Face of the native dialog."""

    library = _LIBRARY
    tag = "Dialog"

    open: rx.Var[bool]
    done: rx.Var[int]
    kind: rx.Var[str]
    labels: rx.Var[dict[str, str]]
    on_close: rx.EventHandler[no_args_event_spec]


class Popover(rx.Component):
    """Face of the native popover."""

    library = rx.asset("popover.jsx", shared=True).importable_path
    tag = "Popover"

    trigger: rx.Var[Any]
    label: rx.Var[str]
    menu: rx.Var[bool]
    side: rx.Var[str]
    on_open: rx.EventHandler[no_args_event_spec]


def dialog(
    name: str, title: Any, *children: Any, kind: Literal["dialog", "sheet", "confirm"] = "dialog", **props: Any
) -> rx.Component:
    """A dialog in the middle; `open` + `on_close`, or `open_dialog(name)` and `done`."""
    labels = {"title": title, "close": t("ui.close")}
    return Dialog.create(*children, kind=kind, labels=labels, **_named(name), **props)


def sheet(name: str, title: Any, *children: Any, **props: Any) -> rx.Component:
    """A dialog at the right edge; from below on a phone."""
    return dialog(name, title, *children, kind="sheet", **props)


def confirm(name: str, title: Any, *children: Any, yes: rx.Component, **props: Any) -> rx.Component:
    """Asks once before what can't be undone."""
    no = rx.el.button(t("ui.cancel"), type="button", class_name="button button-quiet", on_click=close_dialog(name))
    return dialog(name, title, *children, rx.el.div(no, yes, class_name="form-buttons"), kind="confirm", **props)


def removal(name: str, state: Any, question: str, what: str, *, yes: rx.Component) -> rx.Component:
    """Asks before a line goes. state: with `leaving_id` (0: none), `leaving_name` and `removal_dropped`; question: the
    key of a text that names the line; what: of one that says what follows.
    """
    return confirm(
        name, t(question, name=state.leaving_name), soft(t(what)), yes=yes, open=state.leaving_id > 0,
        on_close=state.removal_dropped,
    )  # fmt: skip


def open_dialog(name: str) -> EventSpec:
    """Open it in the browser at once; put it on an `on_click`."""
    return _call("openDialog", name)


def close_dialog(name: str) -> EventSpec:
    """Close it in the browser at once."""
    return _call("closeDialog", name)


def menu(
    trigger: Any,
    *items: Any,
    label: Any = "",
    side: Literal["start", "end"] = "end",
    look: str = "button button-plain button-icon",
    **props: Any,
) -> rx.Component:
    """A menu that drops from a button. `label` names a trigger that is only an icon."""
    return Popover.create(*items, trigger=_face(trigger), label=label, menu=True, side=side, class_name=look, **props)


def popover(
    trigger: Any,
    *children: Any,
    label: Any = "",
    side: Literal["start", "end"] = "start",
    look: str = "button button-quiet",
    **props: Any,
) -> rx.Component:
    """Any content that drops from a button."""
    return Popover.create(
        *children, trigger=_face(trigger), label=label, menu=False, side=side, class_name=look, **props
    )


def menu_item(
    label: Any,
    *,
    icon_name: str = "",
    href: Any = None,
    hint: str = "",
    danger: bool = False,
    checked: Any = None,
    **props: Any,
) -> rx.Component:
    """A line of a menu: a link with `href`, else a button; `checked` (a Var) makes it one of several."""
    inside = [icon(icon_name)] if icon_name else []
    inside.append(rx.el.span(label, class_name="grow"))
    if hint:
        inside.append(rx.el.kbd(hint))
    attrs: dict[str, Any] = {"role": "menuitem"}
    if checked is not None:
        attrs = {"role": "menuitemradio", "aria-checked": checked}
        inside.append(rx.cond(checked, icon("check"), rx.fragment()))
    look = classes("menu-item", "menu-danger" if danger else "", props.pop("class_name", ""))
    if href is not None:
        return link(*inside, href=href, plain=True, class_name=look, custom_attrs=attrs, **props)
    return rx.el.button(*inside, type="button", class_name=look, custom_attrs=attrs, **props)


def menu_rule() -> rx.Component:
    """A hairline between groups of a menu."""
    return rx.el.hr(class_name="menu-rule")


def menu_title(text: Any) -> rx.Component:
    """Small print above a group of a menu."""
    return rx.el.div(text, class_name="menu-title", custom_attrs={"role": "presentation"})


def _face(trigger: Any) -> rx.Component:
    return trigger if isinstance(trigger, rx.Component) else rx.el.span(trigger, class_name="button-label")


def _named(name: str) -> dict[str, Any]:
    return {"custom_attrs": {"id": name}}


def _call(function: str, name: str) -> EventSpec:
    imports = {_LIBRARY: [ImportVar(tag=function)]}
    return rx.call_function(Var(_js_expr=f"(() => {function}({name!r}))", _var_data=VarData(imports=imports)))
