"""What the frame has to know, told once by the assembly: Vars and handlers of the state that stands behind every page.

    use_frame(FrameSource(person=Frame.person_name, permissions=Frame.permissions, …))

The `ui` package knows no feature and no state of theirs; this is the seam.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, TypedDict

import reflex as rx
from reflex.vars.base import LiteralVar, Var


class Notification(TypedDict):
    """A line of the bell's list; `at` is RFC 3339, `icon` one of `timeline.ICONS`."""

    id: str
    text: str
    at: str
    href: str
    icon: str
    is_new: bool


class Found(TypedDict):
    """A card that the palette found; kind: in the reader's words."""

    id: str
    kind: str
    label: str
    hint: str
    href: str


@dataclass(frozen=True)
class FrameSource:
    """Vars and handlers; all but `person` and `permissions` may be left out."""

    person: Any = ""
    email: Any = ""
    permissions: Any = field(default_factory=list)
    notices: Any = field(default_factory=list)
    on_notice_act: Any = None
    unread: Any = 0
    notifications: Any = None
    on_bell: Any = None
    on_all_read: Any = None
    found: Any = None
    on_search: Any = None
    on_language: Any = None
    troubles: Any = None
    """A list[str] var of text keys: what is away right now (database, worker), shown above the page."""
    is_missing: Any = False
    """A bool var: the address names nothing that this person may see; the frame says so instead of the page."""
    sessions_href: str = "/settings/sessions"


_source = FrameSource()


def use_frame(source: FrameSource) -> None:
    """Tell the frame where its content comes from; before pages are built."""
    global _source
    _source = source


def frame_source() -> FrameSource:
    """What `use_frame` was told."""
    return _source


def may(permission: str) -> rx.vars.BooleanVar:
    """Whether the person has a permission, as a Var: to leave out what can't be used. Courtesy, never protection."""
    if not permission:
        return LiteralVar.create(True)
    permissions = LiteralVar.create(_source.permissions)
    expression = f"({permissions!s}.includes({permission!r}) || {permissions!s}.includes('*'))"
    return Var(_js_expr=expression, _var_type=bool, _var_data=permissions._get_all_var_data()).to(bool)


def if_may(permission: str, *children: Any) -> rx.Component:
    """Children for those who have the permission."""
    content = children[0] if len(children) == 1 else rx.fragment(*children)
    return rx.cond(may(permission), content, rx.fragment()) if permission else content
