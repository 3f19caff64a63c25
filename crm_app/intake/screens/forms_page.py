"""/settings/forms: forms by which leads come, each with a public page and HTML for one's own site."""

from __future__ import annotations

from typing import Any

import reflex as rx

from crm_app.intake.rules import FIELDS, LEVELS
from crm_app.intake.screens.forms_state import LeadForms
from crm_app.intake.screens.removal import removal_dialog
from crm_app.leads.screens.adding import known_sources
from crm_app.leads.screens.lines import channel_options
from crm_app.ui.button import button, icon_button
from crm_app.ui.copy_field import copy_field
from crm_app.ui.dialog import dialog
from crm_app.ui.empty import empty
from crm_app.ui.field import check_field, select_field, text_field, textarea_field
from crm_app.ui.form import form, form_buttons
from crm_app.ui.i18n import fmt, t
from crm_app.ui.layout import faint, line, panel, soft, stack, two
from crm_app.ui.link import outside_link
from crm_app.ui.plain_table import plain_row, plain_table
from crm_app.ui.shell import page
from crm_app.ui.status import status


def forms_page() -> rx.Component:
    nothing = empty("text-cursor-input", t("intake.forms_empty"), t("intake.forms_empty_hint"), _add())
    heads = [t("field.lead_form.name"), t("intake.url"), t("intake.state"), t("intake.taken"), ""]
    table = plain_table(heads, rx.foreach(LeadForms.lines, _line), label=t("intake.forms.title"))
    return page(
        t("intake.forms.title"),
        rx.cond(LeadForms.is_ready & (LeadForms.lines.length() == 0), nothing, panel(None, table)),
        _editor(),
        _codes(),
        removal_dialog(LeadForms, "lead-form-remove", "intake.remove_question", "intake.remove_what"),
        actions=[rx.cond(LeadForms.lines.length() > 0, _add(), rx.fragment())],
    )


def _add() -> rx.Component:
    return button(t("intake.add"), kind="primary", icon_name="plus", on_click=LeadForms.adding_opened)


def _line(row: Any) -> rx.Component:
    state = rx.cond(row["is_open"], status(t("intake.open"), "good"), status(t("intake.closed"), "none"))
    last = rx.cond(row["taken_at"] == "", rx.fragment(), faint(fmt.moment(row["taken_at"])))
    turn = rx.cond(
        row["is_open"],
        icon_button("pause", t("intake.close"), on_click=LeadForms.form_closed(row["id"])),
        icon_button("play", t("intake.reopen"), on_click=LeadForms.form_opened(row["id"])),
    )
    doings = line(
        button(t("intake.embed"), small=True, icon_name="code", on_click=LeadForms.codes_opened(row["id"])),
        icon_button("pencil", t("intake.edit"), on_click=LeadForms.editing_opened(row["id"])),
        turn,
        icon_button("trash-2", t("ui.delete"), on_click=LeadForms.removal_wanted(row["id"])),
        gap="none",
        class_name="justify-end",
    )
    address = outside_link(t("intake.public_page"), href=row["url"])
    return plain_row(row["name"], address, state, line(fmt.number(row["taken"]), last), doings, row_id=row["id"])


# ---- what is taken along ---------------------------------------------------------------------------------------------


def _codes() -> rx.Component:
    def code(name: str) -> rx.Component:
        given: Any = LeadForms.codes
        label = t(f"intake.code.{name}")
        return stack(soft(label), copy_field(given[name], label=label), faint(t(f"intake.code.{name}_hint")), gap="s")

    return dialog(
        "lead-form-codes",
        t("intake.embed"),
        stack(code("url"), code("frame"), code("html"), gap="l"),
        open=LeadForms.codes["url"] != "",
        on_close=LeadForms.codes_closed,
    )


# ---- the form of a form ----------------------------------------------------------------------------------------------


def _editor() -> rx.Component:
    return dialog(
        "lead-form",
        rx.cond(LeadForms.form["id"] == 0, t("intake.add"), t("intake.edit")),
        form(
            two(_text("name", required=True), _text("heading")),
            _long("intro"),
            _asks(),
            _long("consent", help=t("intake.consent_hint")),
            _text("consent_url"),
            two(_long("thanks"), _text("thanks_url", help=t("intake.thanks_url_hint"))),
            two(_source(), _select("channel", channel_options())),
            _select("pipeline", LeadForms.pipelines, empty=t("intake.first_pipeline")),
            _long("frame_origins", help=t("intake.frame_origins_hint")),
            check_field("takes_at_once", t("field.lead_form.takes_at_once"), checked=LeadForms.form["takes_at_once"]),
            faint(t("intake.takes_at_once_hint")),
            form_buttons(button(t("ui.save"), kind="primary", type="submit")),
            on_submit=LeadForms.form_saved,
            key=LeadForms.opens,
        ),
        open=LeadForms.edits,
        on_close=LeadForms.editing_closed,
    )


def _given(name: str) -> Any:
    given: Any = LeadForms.form
    return given[name]


def _text(name: str, **props: Any) -> rx.Component:
    label = t(f"field.lead_form.{name}")
    return text_field(name, label, value=_given(name), errors=LeadForms.errors, auto_complete="off", **props)


def _long(name: str, **props: Any) -> rx.Component:
    label = t(f"field.lead_form.{name}")
    return textarea_field(name, label, value=_given(name), errors=LeadForms.errors, rows=2, **props)


def _select(name: str, options: Any, **props: Any) -> rx.Component:
    label = t(f"field.lead_form.{name}")
    return select_field(name, label, options=options, value=_given(name), errors=LeadForms.errors, **props)


def _source() -> rx.Component:
    return rx.el.div(_text("source", custom_attrs={"list": "lead-sources"}), known_sources(LeadForms.sources))


def _asks() -> rx.Component:
    """What the form asks for."""
    levels: list[dict[str, Any]] = [{"id": level, "label": t(f"intake.level.{level}"), "hint": ""} for level in LEVELS]
    choices = [
        select_field(f"ask-{name}", t(f"intake.form.ask.{name}"), options=levels, value=_given("asks")[name])
        for name in FIELDS
    ]
    wrong = rx.cond(
        LeadForms.errors.contains("asks"), rx.el.div(LeadForms.errors["asks"], class_name="field-error"), ""
    )
    own = rx.foreach(LeadForms.own, lambda row: _own_ask(row, levels))
    grid = rx.el.div(*choices, own, class_name="grid grid-cols-1 md:grid-cols-2 gap-2")
    return stack(soft(t("field.lead_form.asks")), grid, wrong)


def _own_ask(row: Any, levels: list[dict[str, Any]]) -> rx.Component:
    name = "ask-" + row["name"].to(str)
    options = [rx.el.option(level["label"], value=level["id"]) for level in levels]
    return rx.el.div(
        rx.el.label(row["label"], class_name="field-label", html_for="f-" + name),
        rx.el.select(*options, name=name, id="f-" + name, default_value=row["level"], class_name="input"),
        class_name="field",
    )
