"""Lucide icons, one import each: `icon("phone")`. They are pictures only: the words stand beside them or in a label."""

from __future__ import annotations

from typing import Any

import reflex as rx


def icon(name: str, size: int = 16, **props: Any) -> rx.Component:
    """An icon by its Lucide name, a plain string, so that only this icon gets into the page's code."""
    assert isinstance(name, str), "a Var here would load every icon there is"
    class_name = f"icon {props.pop('class_name', '')}".strip()
    return rx.icon(name, size=size, class_name=class_name, custom_attrs={"aria-hidden": "true"}, **props)


def icon_of(name: rx.Var[str], known: list[str]) -> rx.Component:
    """The icon named by a Var, out of a few known ones; nothing for any other name."""
    return rx.match(name, *((each, icon(each)) for each in known), rx.fragment())
