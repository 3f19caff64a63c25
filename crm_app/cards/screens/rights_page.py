"""/settings/roles: the roles, and what each may do: with which cards, how far, with which fields."""

from __future__ import annotations

from typing import Any

import reflex as rx

from crm_app.access.roles import SCOPES
from crm_app.cards.screens.rights_lines import VERBS
from crm_app.cards.screens.rights_state import RoleEditor as Editor
from crm_app.ui.button import button, icon_button
from crm_app.ui.dialog import confirm, dialog, open_dialog
from crm_app.ui.field import check_field, select_field, text_field
from crm_app.ui.form import form, form_buttons
from crm_app.ui.i18n import t
from crm_app.ui.layout import faint, line, panel, soft, stack
from crm_app.ui.link import link
from crm_app.ui.plain_table import plain_table, small_select
from crm_app.ui.shell import page
from crm_app.ui.status import badge

_REACHES = [(scope, t(f"access.scope.{scope or 'none'}")) for scope in SCOPES]
_LEVELS = [(level, t(f"cards.rights.level.{level}")) for level in ("write", "read", "hidden")]


def rights_page() -> rx.Component:
    return page(
        t("access.roles.title"),
        stack(
            line(rx.foreach(Editor.roles, _role), class_name="wrap"),
            rx.cond(Editor.is_fixed, soft(t("cards.rights.administrator")), rx.fragment()),
            panel("cards.rights.matrix", _matrix(), _addable(), actions=[_doings()]),
            panel("cards.rights.fields", _fields()),
            panel("cards.rights.others", _others()),
            rx.cond(Editor.may_close, panel("cards.rights.sources", _sources(), class_name="narrow"), rx.fragment()),
            gap="l",
        ),
        _new_role(),
        _new_name(),
        confirm(
            "role-delete",
            t("cards.rights.delete_question"),
            soft(t("cards.rights.delete_what")),
            yes=button(t("ui.delete"), kind="danger", on_click=Editor.role_removed),
            done=Editor.saves,
        ),
        actions=[
            button(t("cards.rights.add"), kind="primary", icon_name="plus", on_click=open_dialog("role-new")),
        ],
    )


def _role(row: Any) -> rx.Component:
    words = rx.fragment(row["name"], " ", badge(row["people"]))
    look = "button button-quiet"
    here = link(words, href=row["href"], plain=True, class_name=look, custom_attrs={"aria-current": "page"})
    return rx.cond(row["is_this"], here, link(words, href=row["href"], plain=True, class_name="button button-plain"))


def _doings() -> rx.Component:
    rename = icon_button("pencil", t("cards.rights.rename"), on_click=open_dialog("role-name"))
    remove = icon_button("trash-2", t("cards.rights.delete"), on_click=open_dialog("role-delete"))
    return line(rename, rx.cond(Editor.is_own, remove, rx.fragment()), gap="none")


# ---- the matrix ------------------------------------------------------------------------------------------------------


def _matrix() -> rx.Component:
    heads = [t("cards.rights.card"), *(t(f"cards.rights.verb.{verb}") for verb in VERBS)]
    return plain_table(heads, rx.foreach(Editor.lines, _line), label=t("cards.rights.matrix"))


def _line(row: Any) -> rx.Component:
    drop = icon_button(
        "x", t("cards.rights.drop_type"), on_click=Editor.type_removed(row["card"], row["part"], row["value"])
    )
    of_type = line(faint("└"), soft(row["name"], class_name="grow"), drop, gap="s")
    return rx.el.tr(
        rx.el.th(rx.cond(row["part"] == "", t(row["key"]), of_type), custom_attrs={"scope": "row"}),
        rx.foreach(row["cells"], lambda cell: rx.el.td(rx.cond(cell["is_there"], _reach(row, cell), faint("—")))),
    )


def _reach(row: Any, cell: Any) -> rx.Component:
    def choice(options: list[tuple[str, Any]]) -> rx.Component:
        return small_select(
            t(cell["verb"]),
            cell["scope"],
            options,
            disabled=Editor.is_fixed,
            on_change=lambda scope: Editor.scope_chosen(cell["permission"], row["part"], row["value"], scope),
        )

    return rx.cond(row["part"] == "", choice(_REACHES), choice([("as_all", t("cards.rights.as_all")), *_REACHES]))


def _addable() -> rx.Component:
    more = small_select(
        t("cards.rights.add_type"),
        "",
        Editor.addable,
        empty=t("cards.rights.add_type"),
        on_change=Editor.type_added,
    )
    hint = faint(t("cards.rights.types_hint"))
    return rx.cond(Editor.is_fixed, rx.fragment(), line(more, hint, class_name="wrap"))


# ---- fields, other rights, doors -------------------------------------------------------------------------------------


def _fields() -> rx.Component:
    choice = small_select(
        t("cards.rights.directory"), Editor.directory, Editor.directories, on_change=Editor.directory_chosen
    )
    return stack(line(choice, faint(t("cards.rights.fields_hint")), class_name="wrap"), _field_list())


def _field_list() -> rx.Component:
    def row(each: Any) -> rx.Component:
        name = rx.cond(each["key"] != "", t(each["key"]), each["name"])

        def chosen(level: Any) -> Any:
            return Editor.level_chosen(each["field"], level)

        return _pair(name, each["level"], _LEVELS, chosen)

    return _pairs(rx.foreach(Editor.fields, row))


def _others() -> rx.Component:
    def row(each: Any) -> rx.Component:
        def chosen(scope: Any) -> Any:
            return Editor.scope_chosen(each["permission"], "", "", scope)

        return _pair(t(each["key"]), each["scope"], _REACHES, chosen)

    return _pairs(rx.foreach(Editor.rest, row))


def _pairs(rows: rx.Component) -> rx.Component:
    return rx.el.div(rows, class_name="grid grid-cols-1 md:grid-cols-2 xl:grid-cols-3 gap-x-8 gap-y-1")


def _pair(name: Any, value: Any, options: list[tuple[str, Any]], on_change: Any) -> rx.Component:
    choice = small_select(name, value, options, disabled=Editor.is_fixed, on_change=on_change)
    return line(rx.el.span(name, class_name="grow"), choice)


def _sources() -> rx.Component:
    def row(each: Any) -> rx.Component:
        return check_field(
            each["card"].to(str) + "-" + each["source"].to(str),
            rx.fragment(t(each["card_key"]), " · ", t(each["key"])),
            checked=each["is_open"],
            on_change=lambda is_open: Editor.source_switched(each["card"], each["source"], is_open),
        )

    return stack(faint(t("cards.rights.sources_hint")), rx.foreach(Editor.sources, row))


# ---- a role made, and called something else --------------------------------------------------------------------------


def _new_role() -> rx.Component:
    return dialog(
        "role-new",
        t("cards.rights.add"),
        form(
            text_field("name", t("cards.rights.name"), errors=Editor.errors, required=True, max_length=200,
                       auto_complete="off", scope="new-"),
            select_field("copied_from", t("cards.rights.copied_from"), options=Editor.models,
                         empty=t("cards.rights.from_nothing"), scope="new-"),
            form_buttons(button(t("cards.rights.add"), kind="primary", type="submit")),
            on_submit=Editor.role_added,
        ),
        done=Editor.saves,
    )  # fmt: skip


def _new_name() -> rx.Component:
    return dialog(
        "role-name",
        t("cards.rights.rename"),
        form(
            text_field("name", t("cards.rights.name"), value=Editor.name, errors=Editor.errors, required=True,
                       max_length=200, auto_complete="off", scope="name-"),
            form_buttons(button(t("ui.save"), kind="primary", type="submit")),
            on_submit=Editor.role_renamed,
            key=Editor.name,
        ),
        done=Editor.saves,
    )  # fmt: skip
