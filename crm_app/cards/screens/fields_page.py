"""/settings/fields: the company's own fields: their order, what each is, and what each role may do with it."""

from __future__ import annotations

from typing import Any

import reflex as rx

from crm_app.cards.field_rules import KINDS as FIELD_KINDS
from crm_app.cards.kinds import KINDS as CARDS
from crm_app.cards.screens.fields_state import CustomFieldEditor as Editor
from crm_app.ui.button import button, icon_button
from crm_app.ui.dialog import dialog, popover
from crm_app.ui.empty import empty
from crm_app.ui.field import check_field, error_line, select_field, text_field, textarea_field
from crm_app.ui.form import form, form_buttons
from crm_app.ui.i18n import t
from crm_app.ui.layout import cut, faint, line, panel, soft, stack, two
from crm_app.ui.link import link
from crm_app.ui.plain_table import plain_row, plain_table, small_select
from crm_app.ui.shell import page

_LEVELS = ("write", "read", "hidden")


def fields_page() -> rx.Component:
    nothing = empty("list-plus", t("cards.custom.empty"), t("cards.custom.empty_hint"), _add())
    return page(
        t("cards.custom.title"),
        stack(
            line(*[_card_link(card) for card, kind in CARDS.items() if kind.has_fields]),
            rx.cond(Editor.is_ready & (Editor.lines.length() == 0), nothing, panel(None, _table())),
            rx.cond(Editor.removed.length() > 0, _removed(), rx.fragment()),
            gap="l",
        ),
        _form(),
        actions=[_add()],
    )


def _card_link(card: str) -> rx.Component:
    is_this = Editor.card == card
    words, href = t(f"cards.custom.of.{card}"), f"/settings/fields?card={card}"
    here = link(words, href=href, plain=True, class_name="button button-quiet", custom_attrs={"aria-current": "page"})
    return rx.cond(is_this, here, link(words, href=href, plain=True, class_name="button button-plain"))


def _add() -> rx.Component:
    return button(t("cards.custom.add"), kind="primary", icon_name="plus", on_click=Editor.adding_opened)


def _table() -> rx.Component:
    heads = ("name", "kind", "about", "required", "rights")
    return plain_table(
        [*(t(f"cards.custom.head.{head}") for head in heads), ""],
        rx.foreach(Editor.lines, _line),
        label=t("cards.custom.title"),
    )


def _line(row: Any) -> rx.Component:
    moved = Editor.field_moved
    doings = line(
        icon_button(
            "arrow-up", t("cards.custom.up"), on_click=moved(row["id"], row["place"] - 1), disabled=row["is_first"]
        ),
        icon_button(
            "arrow-down", t("cards.custom.down"), on_click=moved(row["id"], row["place"] + 1), disabled=row["is_last"]
        ),
        icon_button("pencil", t("cards.custom.edit"), on_click=Editor.editing_opened(row["id"])),
        icon_button("trash-2", t("cards.custom.remove"), on_click=Editor.field_removed(row["id"])),
        gap="none",
        class_name="justify-end",
    )
    scope = rx.cond(row["scope"] == "", rx.fragment(), faint(row["scope"], class_name="cut"))
    stages = rx.cond(row["stages"] == "", rx.fragment(), faint(row["stages"], class_name="cut", title=row["stages"]))
    required = stack(rx.el.span(t(row["required_key"])), stages, gap="none")
    name = stack(rx.el.span(row["name"]), faint(row["key"]), scope, gap="none")
    return plain_row(name, t(row["kind_key"]), cut(row["about"]), required, _rights(row), doings, row_id=row["id"])


def _rights(row: Any) -> rx.Component:
    def cell(each: Any) -> rx.Component:
        return rx.el.label(
            rx.el.span(each["role"], class_name="grow"),
            small_select(
                each["role"],
                each["level"],
                [(level, t(f"cards.custom.level.{level}")) for level in _LEVELS],
                on_change=lambda level: Editor.level_chosen(row["id"], each["role_id"], level),
            ),
            class_name="line",
        )

    return popover(
        t("cards.custom.head.rights"),
        stack(rx.foreach(row["levels"], cell)),
        label=t("cards.custom.head.rights"),
        look="button button-plain",
    )


def _removed() -> rx.Component:
    def row(each: Any) -> rx.Component:
        back = button(t("cards.custom.restore"), small=True, on_click=Editor.field_restored(each["id"]))
        return line(soft(each["name"], class_name="grow"), faint(t(each["kind_key"])), back)

    return panel("cards.custom.removed", stack(rx.foreach(Editor.removed, row)), class_name="narrow")


# ---- the form --------------------------------------------------------------------------------------------------------


def _form() -> rx.Component:
    given, errors = Editor.form, Editor.errors
    return dialog(
        "custom-field",
        rx.cond(given["id"] == 0, t("cards.custom.add"), t("cards.custom.edit")),
        form(
            rx.cond(errors.contains("form"), error_line(errors["form"]), rx.fragment()),
            rx.cond(given["id"] == 0, _kind(), rx.fragment()),
            two(
                _text("name_ru", required=True),
                _text("name_en"),
            ),
            rx.match(
                Editor.kind,
                ("choice", _options()),
                ("choices", _options()),
                ("formula", _formula()),
                ("money", _text("currency")),
                rx.fragment(),
            ),
            rx.cond(Editor.kind == "formula", rx.fragment(), _filling()),
            rx.cond(Editor.required == "stage", _stages(), rx.fragment()),
            rx.cond(Editor.ways.length() > 1, _scope(), rx.fragment()),
            two(_text("help_ru"), _text("help_en")),
            form_buttons(button(t("ui.save"), kind="primary", type="submit")),
            on_submit=Editor.field_saved,
            key=Editor.opens,
        ),
        open=Editor.edits,
        on_close=Editor.editing_closed,
    )


def _text(name: str, **props: Any) -> rx.Component:
    return text_field(
        name,
        t(f"cards.custom.field.{name}"),
        value=_given(name),
        errors=Editor.errors,
        auto_complete="off",
        **props,
    )


def _given(name: str) -> Any:
    given: Any = Editor.form
    return given[name]


def _kind() -> rx.Component:
    return select_field(
        "kind",
        t("cards.custom.head.kind"),
        options=[{"id": kind, "label": t(f"cards.custom.kind.{kind}"), "hint": ""} for kind in FIELD_KINDS],
        value="text",
        on_change=Editor.kind_chosen,
    )


def _filling() -> rx.Component:
    always = [{"id": each, "label": t(f"cards.custom.required.{each}"), "hint": ""} for each in ("never", "creation")]
    at_stage = {"id": "stage", "label": t("cards.custom.required.stage"), "hint": ""}
    required = rx.cond(Editor.ways.length() > 0, [*always, at_stage], always)
    takes_default = (Editor.kind != "client") & (Editor.kind != "file") & (Editor.kind != "employee")
    return two(
        select_field(
            "required",
            t("cards.custom.head.required"),
            options=required,
            value=Editor.form["required"],
            errors=Editor.errors,
            on_change=Editor.required_chosen,
        ),
        rx.cond(takes_default, _text("default"), rx.fragment()),
    )


def _scope() -> rx.Component:
    """In which pipelines cards have the field: in all, where none is ticked."""

    def way(row: Any) -> rx.Component:
        is_chosen = Editor.form["pipelines"].to(list[str]).contains(row["id"])
        return check_field("pipeline:" + row["id"].to(str), row["label"], checked=is_chosen)

    return rx.el.fieldset(
        rx.el.legend(t("cards.custom.field.pipelines"), class_name="field-label"),
        line(rx.foreach(Editor.ways, way), class_name="wrap"),
        rx.el.div(t("cards.custom.pipelines_hint"), class_name="field-help"),
        class_name="field",
    )


def _stages() -> rx.Component:
    """Before which stages the field has to be filled in, pipeline by pipeline."""

    def stage(row: Any) -> rx.Component:
        is_chosen = Editor.form["stages"].to(list[str]).contains(row["id"])
        return check_field("stage:" + row["id"].to(str), row["label"], checked=is_chosen)

    def way(row: Any) -> rx.Component:
        stages = row["stages"].to(list[dict[str, str]])
        return stack(faint(row["way"]), line(rx.foreach(stages, stage), class_name="wrap"), gap="none")

    errors = Editor.errors
    return rx.el.fieldset(
        rx.el.legend(t("cards.custom.field.stages"), class_name="field-label"),
        stack(rx.foreach(Editor.stages, way)),
        rx.el.div(t("cards.custom.stages_hint"), class_name="field-help"),
        rx.cond(errors.contains("stages"), error_line(errors["stages"]), rx.fragment()),
        class_name="field",
    )


def _options() -> rx.Component:
    def option(row: Any) -> rx.Component:
        key = row["key"].to(str)
        return line(
            _option_name("ru:" + key, row["ru"], t("cards.custom.option_ru")),
            _option_name("en:" + key, row["en"], t("cards.custom.option_en")),
            check_field("hidden:" + key, t("cards.custom.option_hidden"), checked=row["is_hidden"]),
        )

    return stack(
        rx.foreach(Editor.form["options"].to(list[dict[str, Any]]), option),
        textarea_field(
            "options",
            t("cards.custom.field.options"),
            help=t("cards.custom.options_hint"),
            errors=Editor.errors,
        ),
    )


def _option_name(name: Any, value: Any, label: Any) -> rx.Component:
    return rx.el.input(name=name, default_value=value, class_name="input", custom_attrs={"aria-label": label})


def _formula() -> rx.Component:
    def name(row: Any) -> rx.Component:
        return rx.el.span(row["label"], " ", rx.el.code(row["id"]), class_name="tag whitespace-nowrap")

    return stack(
        textarea_field(
            "formula",
            t("cards.custom.field.formula"),
            value=Editor.form["formula"],
            help=t("cards.custom.formula_hint"),
            errors=Editor.errors,
        ),
        line(rx.foreach(Editor.names, name), class_name="wrap", gap="s"),
    )
