"""How comments look; who may see which is decided elsewhere.

comment(row.person, row.at, rx.el.p(row.text), internal=row.is_internal, actions=[…])
comment_box(on_send=Client.comment_sent, draft="client-12", saved=Client.saves)
"""

from __future__ import annotations

from typing import Any

import reflex as rx

from crm_app.ui.avatar import avatar
from crm_app.ui.button import button
from crm_app.ui.form import form
from crm_app.ui.i18n import fmt, t
from crm_app.ui.icon import icon
from crm_app.ui.layout import faint, line


def comment(who: Any, at: Any, *body: Any, internal: Any = False, actions: Any = ()) -> rx.Component:
    """One comment; an internal one says so, since guests never see it."""
    return rx.el.article(
        avatar(who),
        rx.el.div(
            line(
                rx.el.strong(who, class_name="cut"),
                faint(fmt.ago(at), title=fmt.exact(at)),
                rx.cond(
                    internal,
                    rx.el.span(icon("lock", 12), t("ui.comment.internal"), class_name="internal"),
                    rx.fragment(),
                ),
                *actions,
            ),
            rx.el.div(*body, class_name="comment-text"),
            class_name="grow",
        ),
        class_name="comment",
        custom_attrs={"data-internal": internal},
    )


def comment_box(*extra: Any, on_send: Any, label: Any = None, busy: Any = None, **form_props: Any) -> rx.Component:
    """Where a comment is typed: field "text"; `extra` stands beside the button (a tick box for "internal", a file)."""
    words = label if label is not None else t("ui.comment.write")
    return form(
        rx.el.textarea(
            name="text", rows="2", placeholder=words, class_name="input", custom_attrs={"aria-label": words}
        ),
        line(
            rx.el.div(*extra, class_name="grow"),
            button(t("ui.comment.send"), type="submit", busy=busy, key_hint="Ctrl ⏎"),
        ),
        on_submit=on_send,
        reset_on_saved=True,
        **form_props,
    )
