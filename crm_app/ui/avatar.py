"""People: initials on one of eight quiet tones, chosen by the name, or a picture.

avatar(row.responsible)        # with the name in its title
person(row.responsible)        # avatar and name
"""

from __future__ import annotations

from typing import Any

import reflex as rx
from reflex.vars.base import LiteralVar, Var

from crm_app.ui.layout import classes, cut


def avatar(name: Any, *, picture: Any = None, size: str = "") -> rx.Component:
    """A round sign of a person; size "" (24 px), "small" (18) or "large" (40)."""
    value = LiteralVar.create(name)
    data = value._get_all_var_data()
    text = f"(({value!s}) || '')"
    words = f"{text}.trim().split(/\\s+/)"
    initials = Var(_js_expr=f"{words}.slice(0, 2).map((w) => w[0] ?? '').join('')", _var_type=str, _var_data=data).to(
        str
    )
    tone = Var(
        _js_expr=f"([...{text}].reduce((sum, c) => sum + c.codePointAt(0), 0) % 8)", _var_type=int, _var_data=data
    ).to(int)
    inside = rx.el.img(src=picture, alt="") if picture is not None else initials
    return rx.el.span(
        inside,
        class_name=classes("avatar", f"avatar-{size}" if size else ""),
        title=value,
        custom_attrs={"data-tone": tone, "aria-hidden": "true"},
    )


def person(name: Any, **props: Any) -> rx.Component:
    """A person in one line."""
    return rx.el.span(avatar(name, size="small", **props), cut(name), class_name="person-line")
