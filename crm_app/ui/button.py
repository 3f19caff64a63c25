"""Buttons. A page has one primary button; the rest is quiet.

button(t("deals.new"), kind="primary", icon_name="plus", on_click=Board.new_clicked, busy=Board.is_saving)
icon_button("pencil", t("ui.edit"), on_click=…)       # its label is its name and its tooltip
link_button(t("ui.open"), href="/deals")
file_button(t("clients.export"), href="/exports/clients.xlsx", icon_name="download")
"""

from __future__ import annotations

from typing import Any, Literal

import reflex as rx

from crm_app.ui.icon import icon
from crm_app.ui.layout import classes
from crm_app.ui.link import file_link, link

Kind = Literal["primary", "quiet", "plain", "danger"]


def button(
    *label: Any,
    kind: Kind = "quiet",
    icon_name: str = "",
    busy: Any = None,
    key_hint: str = "",
    small: bool = False,
    **props: Any,
) -> rx.Component:
    """A button. `busy` (a Var) shows a spinner and takes no further clicks."""
    if busy is not None:
        props["disabled"] = busy | props["disabled"] if "disabled" in props else busy
        props["custom_attrs"] = {"aria-busy": busy, **props.get("custom_attrs", {})}
    props.setdefault("type", "button")
    return rx.el.button(
        *_inside(label, icon_name, key_hint),
        class_name=classes("button", f"button-{kind}", "button-small" if small else "", props.pop("class_name", "")),
        **props,
    )


def link_button(*label: Any, href: Any, kind: Kind = "quiet", icon_name: str = "", **props: Any) -> rx.Component:
    """A link that looks like a button."""
    name = classes("button", f"button-{kind}", props.pop("class_name", ""))
    return link(*_inside(label, icon_name, ""), href=href, plain=True, class_name=name, **props)


def file_button(*label: Any, href: Any, icon_name: str = "") -> rx.Component:
    """A button that saves a file which a route of ours sends."""
    return file_link(*_inside(label, icon_name, ""), href=href, class_name="button button-quiet")


def icon_button(icon_name: str, label: Any, kind: Kind = "plain", **props: Any) -> rx.Component:
    """A square button with an icon; `label` names it and is shown while the pointer rests on it."""
    attrs = {"aria-label": label, "data-tip": label, **props.pop("custom_attrs", {})}
    props.setdefault("type", "button")
    return rx.el.button(
        icon(icon_name),
        *props.pop("extra", []),
        class_name=classes("button", "button-icon", f"button-{kind}", props.pop("class_name", "")),
        custom_attrs=attrs,
        **props,
    )


def _inside(label: tuple[Any, ...], icon_name: str, key_hint: str) -> list[Any]:
    inside: list[Any] = [icon(icon_name)] if icon_name else []
    inside.append(rx.el.span(*label, class_name="button-label"))
    if key_hint:
        inside.append(rx.el.kbd(key_hint))
    return inside
