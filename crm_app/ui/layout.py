"""Where things stand and how text looks. Sizes follow the 4 px grid; colours come from the tokens.

stack(heading("…"), soft("…"))                 # below each other
line(icon("phone"), cut(row.phone))            # beside each other
sides(left, middle, right)                     # the three columns of a card; one below 1024 px
panel("deals.panel.title", …, actions=[…])     # a box with a heading
"""

from __future__ import annotations

from typing import Any

import reflex as rx

from crm_app.ui.i18n import t


def classes(*names: str) -> str:
    """Join class names, leaving out empty ones."""
    return " ".join(name for name in names if name)


def _box(tag: Any, base: str, children: tuple[Any, ...], props: dict[str, Any]) -> rx.Component:
    return tag(*children, class_name=classes(base, props.pop("class_name", "")), **props)


def stack(*children: Any, gap: str = "m", **props: Any) -> rx.Component:
    """Children below each other; gap is "none", "s" (4 px), "m" (8), "l" (16) or "xl" (24)."""
    return _box(rx.el.div, f"stack gap-{gap}", children, props)


def line(*children: Any, gap: str = "m", **props: Any) -> rx.Component:
    """Children beside each other, centred; gaps as in `stack`. Add class_name="wrap" or "between"."""
    return _box(rx.el.div, f"line gap-{gap}", children, props)


def grow(*children: Any, **props: Any) -> rx.Component:
    """Takes the room that is left in a line."""
    return _box(rx.el.div, "grow", children, props)


def two(*children: Any, **props: Any) -> rx.Component:
    """Two columns of equal width; one on a phone."""
    return _box(rx.el.div, "two", children, props)


def sides(left: rx.Component, middle: rx.Component, right: rx.Component) -> rx.Component:
    """The card page: data, timeline, panels."""
    return rx.el.div(left, middle, right, class_name="sides")


def panel(title: str | None, *children: Any, actions: list[Any] | None = None, **props: Any) -> rx.Component:
    """A box with a heading (a key of texts) and actions at its right."""
    head = (
        rx.el.div(rx.el.h2(t(title), class_name="grow"), *(actions or []), class_name="panel-head") if title else None
    )
    return _box(rx.el.section, "panel", (head, *children) if head else children, props)


def heading(text: Any, level: int = 2, **props: Any) -> rx.Component:
    """A heading of level 1 to 3."""
    return _box((rx.el.h1, rx.el.h2, rx.el.h3)[level - 1], "", (text,), props)


def soft(*children: Any, **props: Any) -> rx.Component:
    """Second to the main text."""
    return _box(rx.el.span, "soft", children, props)


def faint(*children: Any, **props: Any) -> rx.Component:
    """Small print: times, hints, counts."""
    return _box(rx.el.span, "faint small", children, props)


def cut(text: Any, **props: Any) -> rx.Component:
    """One line, cut with an ellipsis; the whole stands in its title."""
    return _box(rx.el.span, "cut", (text,), {"title": text, **props})


def figure(value: Any, caption: Any) -> rx.Component:
    """A big number with what it counts."""
    return rx.el.div(rx.el.div(value, class_name="figure"), faint(caption))


def rule() -> rx.Component:
    """A hairline."""
    return rx.el.hr(class_name="rule")


def unseen(*children: Any, **props: Any) -> rx.Component:
    """Only for those who listen to the page."""
    return _box(rx.el.span, "sr-only", children, props)
