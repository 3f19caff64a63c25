"""/settings/links: what links between cards can say, in the words of both directions."""

from __future__ import annotations

from typing import Any

import reflex as rx

from crm_app.cards.screens.link_kinds_state import LinkKinds
from crm_app.ui.button import button, icon_button
from crm_app.ui.dialog import dialog
from crm_app.ui.empty import empty
from crm_app.ui.field import text_field
from crm_app.ui.form import form, form_buttons
from crm_app.ui.i18n import t
from crm_app.ui.layout import line, panel, soft, stack, two
from crm_app.ui.shell import page


def link_kinds_page() -> rx.Component:
    nothing = empty("link", t("cards.links.kinds_none"), t("cards.links.about"), _add())
    kinds = panel(None, stack(rx.foreach(LinkKinds.kinds, _kind)), class_name="narrow")
    return page(
        t("cards.links.title"),
        stack(
            rx.cond(LinkKinds.is_ready & (LinkKinds.kinds.length() == 0), nothing, kinds),
            rx.cond(LinkKinds.removed.length() > 0, _removed(), rx.fragment()),
            gap="l",
        ),
        _form(),
        actions=[_add()],
    )


def _add() -> rx.Component:
    return button(t("cards.links.kind_add"), kind="primary", icon_name="plus", on_click=LinkKinds.adding_opened)


def _both(row: Any) -> rx.Component:
    back = rx.cond(row["label"] == row["hint"], rx.fragment(), soft(" / ", row["hint"]))
    return rx.el.span(row["label"], back, class_name="grow")


def _kind(row: Any) -> rx.Component:
    return line(
        _both(row),
        icon_button("pencil", t("cards.links.kind_edit"), on_click=LinkKinds.editing_opened(row["id"])),
        icon_button("trash-2", t("cards.links.kind_remove"), on_click=LinkKinds.kind_removed(row["id"])),
        custom_attrs={"data-row": row["id"]},
    )


def _removed() -> rx.Component:
    def row(each: Any) -> rx.Component:
        again = button(t("cards.links.kind_restore"), small=True, on_click=LinkKinds.kind_restored(each["id"]))
        return line(_both(each), again)

    return panel("cards.links.kinds_removed", stack(rx.foreach(LinkKinds.removed, row)), class_name="narrow")


def _form() -> rx.Component:
    def word(name: str, **props: Any) -> rx.Component:
        label = t(f"cards.links.field.{name}")
        return text_field(name, label, value=LinkKinds.words[name], errors=LinkKinds.errors, **props)

    same = t("cards.links.back_help")
    return dialog(
        "link-kind",
        rx.cond(LinkKinds.edited == 0, t("cards.links.kind_add"), t("cards.links.kind_edit")),
        form(
            two(word("forth_ru"), word("back_ru", help=same)),
            two(word("forth_en"), word("back_en", help=same)),
            form_buttons(button(t("ui.save"), kind="primary", type="submit")),
            on_submit=LinkKinds.kind_saved,
            key=LinkKinds.opens,
        ),
        open=LinkKinds.edits,
        on_close=LinkKinds.editing_closed,
    )
