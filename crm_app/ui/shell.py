"""The frame around every page.

    def deals_page() -> rx.Component:
        return page(
            t("deals.title"),
            board(…),
            tools=[search_box(…)],                       # beside the title
            actions=[button(t("deals.new"), kind="primary", icon_name="plus", …)],
            wide=True,                                   # the content takes the whole width and scrolls by itself
        )

`bare_page` is the frame of a page without a person: log in, set up, unsubscribe.
"""

from __future__ import annotations

from typing import Any

import reflex as rx
from reflex.event import EventSpec
from reflex.style import color_mode, set_color_mode
from reflex.utils.imports import ImportVar
from reflex.vars import VarData
from reflex.vars.base import Var

from crm_app.ui.avatar import avatar
from crm_app.ui.button import icon_button, link_button
from crm_app.ui.connection import connection_banner, troubles_banner
from crm_app.ui.dialog import menu, menu_item, menu_rule, menu_title, popover
from crm_app.ui.form import native_form
from crm_app.ui.frame import FrameSource, frame_source, if_may
from crm_app.ui.i18n import LOCALES, fmt, language, set_lang, t
from crm_app.ui.icon import icon
from crm_app.ui.layout import classes, faint, unseen
from crm_app.ui.link import link
from crm_app.ui.menu import MenuEntry, creations, entries
from crm_app.ui.palette import open_palette, palette
from crm_app.ui.timeline import event_icon
from crm_app.ui.toast import toasts

_LIBRARY = rx.asset("shell.jsx", shared=True).importable_path
_ON_PHONE = 4


class PageTitle(rx.Component):
    """Sets the title of the document, in the reader's language."""

    library = _LIBRARY
    tag = "PageTitle"

    text: rx.Var[str]
    brand: rx.Var[str]


class RailLink(rx.Component):
    """A link that knows whether its page, or one below it, is open (`aria-current`)."""

    library = "react-router"
    tag = "NavLink"

    to: rx.Var[str]
    title: rx.Var[str]


def page(
    title: Any, *children: Any, tools: Any = (), actions: Any = (), wide: bool = False, heading: Any = None
) -> rx.Component:
    """A page of the application; `heading` replaces the title's text inside the page (a card's own head, a menu)."""
    source = frame_source()
    top = rx.el.header(
        rx.el.h1(heading if heading is not None else title, class_name="page-title"),
        rx.el.div(*tools, class_name="page-tools"),
        rx.el.div(*actions, class_name="page-actions"),
        class_name="page-head",
    )
    return rx.el.div(
        PageTitle.create(text=title, brand=t("ui.brand")),
        rx.el.a(t("ui.skip"), href="#main", class_name="skip"),
        _rail(),
        _topbar(source),
        rx.el.main(
            _banners(source),
            _nothing_here(source),
            top,
            *children,
            class_name=classes("frame-main", "frame-wide" if wide else ""),
            custom_attrs={"id": "main", "tabIndex": "-1"},
        ),
        palette(source),
        toasts(source.notices, **({"on_act": source.on_notice_act} if source.on_notice_act else {})),
        class_name="frame",
    )


def bare_page(title: Any, *children: Any, narrow: bool = True) -> rx.Component:
    """A page for somebody who is not logged in; languages stand at its foot."""
    tongues = [
        rx.el.button(
            t(f"ui.language.{code}"), type="button", lang=code, class_name="text-link", on_click=set_lang(code)
        )
        for code in LOCALES
    ]
    return rx.el.div(
        PageTitle.create(text=title, brand=t("ui.brand")),
        rx.el.main(
            rx.el.div(_mark(), rx.el.span(t("ui.brand")), class_name="bare-brand"),
            _nothing_here(frame_source()),
            rx.el.div(rx.el.h1(title), *children, class_name="panel bare-panel"),
            class_name=classes("bare", "bare-narrow" if narrow else ""),
            custom_attrs={"id": "main"},
        ),
        rx.el.footer(*tongues, class_name="bare-foot"),
        connection_banner(),
        toasts(frame_source().notices),
        class_name="bare-frame",
    )


def _nothing_here(source: FrameSource) -> rx.Component:
    """Stands before a page that has nothing to show; the style sheet hides what follows it."""
    told = rx.el.div(
        icon("search-x", 28),
        rx.el.h1(t("ui.missing.title")),
        rx.el.p(t("ui.missing.text"), class_name="soft"),
        link_button(t("ui.missing.home"), href="/", kind="primary"),
        class_name="empty missing",
        custom_attrs={"role": "alert"},
    )
    return rx.cond(source.is_missing, told, rx.fragment())


def _mark() -> rx.Component:
    """The sign: a drawer of a card file."""
    line = {"fill": "none", "stroke": "currentColor", "strokeWidth": "1.8"}
    return rx.el.svg(
        rx.el.path(custom_attrs={"d": "M4 10V6a2 2 0 0 1 2-2h3l1.5 2H18a2 2 0 0 1 2 2v2", **line}),
        rx.el.path(
            custom_attrs={
                "d": "M5 10h14q2.5 0 2.5 2.5v5Q21.5 20 19 20H5q-2.5 0-2.5-2.5v-5Q2.5 10 5 10Zm4 4v2h6v-2Z",
                "fill": "currentColor",
                "fillRule": "evenodd",
            }
        ),
        class_name="mark",
        custom_attrs={"aria-hidden": "true", "viewBox": "0 0 24 24"},
    )


def _rail() -> rx.Component:
    shown = [entry for entry in entries() if entry.is_main]
    more = [
        if_may(entry.permission, menu_item(t(entry.key), icon_name=entry.icon, href=entry.href))
        for entry in entries()[_ON_PHONE:]
    ]
    return rx.el.nav(
        link(_mark(), rx.el.span(t("ui.brand"), class_name="rail-text"), href="/", plain=True, class_name="rail-brand"),
        *[_rail_link(entry, index) for index, entry in enumerate(shown)],
        rx.el.div(
            menu(rx.fragment(icon("menu", 20), rx.el.span(t("ui.more"))), *more, look="rail-link", label=""),
            class_name="rail-more",
        )
        if more
        else rx.fragment(),
        class_name="rail",
        custom_attrs={"aria-label": t("ui.menu")},
    )


def _rail_link(entry: MenuEntry, index: int) -> rx.Component:
    return if_may(
        entry.permission,
        RailLink.create(
            icon(entry.icon),
            rx.el.span(t(entry.key), class_name="rail-text"),
            to=entry.href,
            title=t(entry.key),
            class_name=classes("rail-link", "" if index < _ON_PHONE else "rail-desk"),
        ),
    )


def _topbar(source: FrameSource) -> rx.Component:
    return rx.el.header(
        rx.el.button(
            icon("search"),
            rx.el.span(t("ui.search"), class_name="grow"),
            rx.el.kbd("Ctrl K"),
            type="button",
            class_name="searcher",
            on_click=open_palette(),
            custom_attrs={"aria-keyshortcuts": "Control+K"},
        ),
        _create_menu(),
        _bell(source) if source.notifications is not None else rx.fragment(),
        _person_menu(source),
        class_name="topbar",
    )


def _create_menu() -> rx.Component:
    made = creations()
    if not made:
        return rx.fragment()
    lines = [if_may(each.permission, menu_item(t(each.key), icon_name=each.icon, href=each.href)) for each in made]
    look = "button button-primary button-icon creator"
    return menu(icon("plus"), *lines, label=t("ui.create"), look=look)


def _bell(source: FrameSource) -> rx.Component:
    count = rx.cond(source.unread > 0, rx.el.span(source.unread, class_name="bell-count"), rx.fragment())
    rows = rx.foreach(source.notifications, _notification)
    mark = (
        icon_button("check-check", t("ui.bell.all_read"), on_click=source.on_all_read)
        if source.on_all_read
        else rx.fragment()
    )
    return popover(
        rx.fragment(icon("bell"), count, unseen(t("ui.bell.unread", n=source.unread))),
        rx.el.div(rx.el.h2(t("ui.bell"), class_name="grow"), mark, class_name="panel-head"),
        rx.cond(source.notifications.length() > 0, rx.el.div(rows, class_name="bell-list"), faint(t("ui.bell.empty"))),
        label=t("ui.bell"),
        side="end",
        look="button button-plain button-icon bell",
        **({"on_open": source.on_bell} if source.on_bell else {}),
    )


def _notification(row: Any) -> rx.Component:
    return link(
        event_icon(row["icon"]),
        rx.el.span(row["text"], class_name="grow"),
        faint(fmt.ago(row["at"]), title=fmt.exact(row["at"])),
        href=row["href"],
        plain=True,
        class_name="bell-row",
        custom_attrs={"data-new": row["is_new"]},
    )


def _spoken(source: FrameSource, code: str) -> list[Any]:
    kept = [source.on_language(code)] if source.on_language else []
    return [*kept, set_lang(code)]


def _person_menu(source: FrameSource) -> rx.Component:
    tongues = [
        menu_item(t(f"ui.language.{code}"), checked=language() == code, on_click=_spoken(source, code))
        for code in LOCALES
    ]
    modes = [
        menu_item(t(f"ui.theme.{mode}"), icon_name=sign, checked=color_mode == mode, on_click=set_color_mode(mode))
        for mode, sign in (("light", "sun"), ("dark", "moon"), ("system", "monitor"))
    ]
    leave = native_form(
        rx.el.button(
            icon("log-out"),
            rx.el.span(t("ui.log_out")),
            type="submit",
            class_name="menu-item",
            custom_attrs={"role": "menuitem"},
            on_click=_forget_drafts(),
        ),
        action="/auth/logout",
    )
    return menu(
        avatar(source.person),
        menu_title(rx.fragment(rx.el.strong(source.person), rx.el.div(source.email))),
        menu_rule(),
        menu_title(t("ui.language")),
        *tongues,
        menu_rule(),
        menu_title(t("ui.theme")),
        *modes,
        menu_rule(),
        menu_item(t("ui.sessions"), icon_name="laptop", href=source.sessions_href),
        leave,
        label=t("ui.person"),
        look="button button-plain button-icon person",
    )


def _forget_drafts() -> EventSpec:
    return rx.call_function(
        Var(_js_expr="forgetDrafts", _var_data=VarData(imports={_LIBRARY: [ImportVar(tag="forgetDrafts")]}))
    )


def _banners(source: FrameSource) -> rx.Component:
    if source.troubles is None:
        return connection_banner()
    return rx.fragment(connection_banner(), troubles_banner(source.troubles))
