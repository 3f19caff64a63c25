"""A pipeline at a glance: its stages in order, each a spot of its colour and its name."""

from __future__ import annotations

from typing import Any

import reflex as rx


def chip(name: Any, colour: Any) -> rx.Component:
    """One stage."""
    spot = rx.el.span(class_name="colour-spot", custom_attrs={"data-colour": colour})
    return rx.el.li(spot, rx.el.span(name), class_name="tag whitespace-nowrap max-w-full")


def chips(*stages: Any, label: Any) -> rx.Component:
    """All of them, one behind the other."""
    return rx.el.ol(*stages, class_name="flex flex-wrap gap-1", custom_attrs={"aria-label": label})
