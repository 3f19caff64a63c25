"""People and companies: initials on one of eight quiet tones, chosen by the name, or a picture.

avatar(row.responsible)        # with the name in its title
avatar(row.name, picture=row.picture, sign=row.sign, company=row.kind == "company")
person(row.responsible)        # avatar and name
"""

from __future__ import annotations

from typing import Any

import reflex as rx
from reflex.vars.base import LiteralVar, Var

from crm_app.ui.layout import classes, cut


def avatar(name: Any, *, picture: Any = None, sign: Any = None, company: Any = False, size: str = "") -> rx.Component:
    """A sign of a person, or of a company; size "" (24 px), "small" (18) or "large" (40).

    picture: the digest of one, "" where there is none: see picture.py. sign: what stands for a name whose first letters
    say nothing; "" for those letters. company: what is shown whole, with corners.
    """
    value = LiteralVar.create(name)
    letters = _initials(value) if sign is None else rx.cond(sign == "", _initials(value), sign)
    data = value._get_all_var_data()
    tone = Var(
        _js_expr=f"([...(({value!s}) || '')].reduce((sum, c) => sum + c.codePointAt(0), 0) % 8)",
        _var_type=int,
        _var_data=data,
    ).to(int)
    attrs = {"data-tone": tone, "aria-hidden": "true"}
    if company is not False:
        attrs["data-company"] = company
    return rx.el.span(
        letters,
        *([] if picture is None else [_picture(picture, "large" if size == "large" else "small")]),
        class_name=classes("avatar", f"avatar-{size}" if size else ""),
        title=value,
        custom_attrs=attrs,
    )


def _initials(name: Var) -> Var:
    words = f"(({name!s}) || '').trim().split(/\\s+/)"
    letters = f"{words}.slice(0, 2).map((w) => w[0] ?? '').join('')"
    return Var(_js_expr=letters, _var_type=str, _var_data=name._get_all_var_data()).to(str)


def _picture(digest: Any, size: str) -> rx.Component:
    """Over the letters, which are seen where it does not come."""
    src = "/pictures/" + digest + f"/{size}.webp"
    return rx.cond(digest == "", rx.fragment(), rx.el.img(src=src, alt="", loading="lazy", key=digest))


def person(name: Any, **props: Any) -> rx.Component:
    """A person in one line."""
    return rx.el.span(avatar(name, size="small", **props), cut(name), class_name="person-line")
