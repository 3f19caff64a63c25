"""/settings/distribution: which lead goes to whom, rule by rule; the first that fits decides."""

from __future__ import annotations

from typing import Any

import reflex as rx

from crm_app.cards.screens.filter_parts import previewing_bar
from crm_app.intake.screens.distribution_state import Distribution
from crm_app.intake.screens.removal import removal_dialog
from crm_app.intake.turns import WAYS
from crm_app.ui.button import button, icon_button
from crm_app.ui.dialog import dialog
from crm_app.ui.empty import empty
from crm_app.ui.field import check_field, error_line, error_of, select_field, text_field
from crm_app.ui.form import form, form_buttons
from crm_app.ui.i18n import t
from crm_app.ui.layout import faint, line, panel, stack, two
from crm_app.ui.plain_table import plain_row, plain_table
from crm_app.ui.shell import page
from crm_app.ui.status import status


def distribution_page() -> rx.Component:
    nothing = empty("split", t("intake.rules.empty"), t("intake.rules.empty_hint"), _add())
    heads = [*(t(f"intake.rules.head.{head}") for head in ("name", "when", "whom", "state")), ""]
    table = plain_table(heads, rx.foreach(Distribution.lines, _line), label=t("intake.rules.title"))
    return page(
        t("intake.rules.title"),
        rx.cond(
            Distribution.is_ready & (Distribution.lines.length() == 0),
            nothing,
            panel(None, table, faint(t("intake.rules.hint"))),
        ),
        _editor(),
        removal_dialog(Distribution, "lead-rule-remove", "intake.rules.remove_question", "intake.rules.remove_what"),
        actions=[rx.cond(Distribution.lines.length() > 0, _add(), rx.fragment())],
    )


def _add() -> rx.Component:
    return button(t("intake.rules.add"), kind="primary", icon_name="plus", on_click=Distribution.adding_opened)


def _line(row: Any) -> rx.Component:
    moved, turned = Distribution.rule_moved, Distribution.rule_turned
    state = rx.cond(row["is_on"], status(t("intake.rules.on"), "good"), status(t("intake.rules.off"), "none"))
    turn = rx.cond(
        row["is_on"],
        icon_button("pause", t("intake.rules.turn_off"), on_click=turned(row["id"], False)),
        icon_button("play", t("intake.rules.turn_on"), on_click=turned(row["id"], True)),
    )
    doings = line(
        icon_button(
            "arrow-up", t("intake.rules.up"), on_click=moved(row["id"], row["place"] - 1), disabled=row["is_first"]
        ),
        icon_button(
            "arrow-down", t("intake.rules.down"), on_click=moved(row["id"], row["place"] + 1), disabled=row["is_last"]
        ),
        icon_button("pencil", t("intake.rules.edit"), on_click=Distribution.editing_opened(row["id"])),
        turn,
        icon_button("trash-2", t("ui.delete"), on_click=Distribution.removal_wanted(row["id"])),
        gap="none",
        class_name="justify-end",
    )
    when = rx.cond(row["when"] == "", faint(t("intake.rules.always")), rx.el.span(row["when"]))
    return plain_row(row["name"], when, row["whom"], state, doings, row_id=row["id"])


def _editor() -> rx.Component:
    worktimes = [_option(key, t(f"intake.worktime.{key}")) for key in ("in", "out")]
    return dialog(
        "lead-rule",
        rx.cond(Distribution.rule["id"] == 0, t("intake.rules.add"), t("intake.rules.edit")),
        _conditions(),
        form(
            _text("name", t("intake.rules.head.name"), required=True),
            _select("worktime", t("intake.rules.worktime"), worktimes, empty=t("intake.rules.any_time")),
            check_field("workdays", t("intake.rules.workdays"), checked=Distribution.rule["workdays"]),
            two(_hour("from_hour"), _hour("to_hour")),
            _select("way", t("intake.rules.head.whom"), [_option(way, t(f"intake.way.{way}")) for way in WAYS]),
            _people(),
            form_buttons(button(t("ui.save"), kind="primary", type="submit")),
            on_submit=Distribution.rule_saved,
            key=Distribution.opens,
        ),
        open=Distribution.edits,
        on_close=Distribution.editing_closed,
    )


def _conditions() -> rx.Component:
    """Which leads, as the list of leads is filtered; beside the form, since the filter has forms of its own."""
    wrong = error_of(Distribution.errors, "conditions")
    return stack(
        rx.el.div(t("intake.rules.head.when"), class_name="field-label"),
        previewing_bar(Distribution, Distribution.conditions, Distribution.conditions_changed),
        rx.cond(wrong != "", error_line(wrong), rx.fragment()),
        gap="s",
    )


def _people() -> rx.Component:
    def person(row: Any) -> rx.Component:
        return check_field("employee-" + row["id"].to(str), row["name"], checked=row["is_chosen"])

    wrong = rx.cond(
        Distribution.errors.contains("employee_ids"), error_line(Distribution.errors["employee_ids"]), rx.fragment()
    )
    choices = rx.el.div(rx.foreach(Distribution.people, person), class_name="grid grid-cols-1 md:grid-cols-2 gap-2")
    return rx.el.fieldset(
        rx.el.legend(t("intake.rules.people"), class_name="field-label"), choices, wrong, class_name="field"
    )


def _given(name: str) -> Any:
    given: Any = Distribution.rule
    return given[name]


def _option(key: str, label: Any) -> Any:
    return {"id": key, "label": label, "hint": ""}


def _text(name: str, label: Any, **props: Any) -> rx.Component:
    return text_field(name, label, value=_given(name), errors=Distribution.errors, auto_complete="off", **props)


def _select(name: str, label: Any, options: Any, **props: Any) -> rx.Component:
    return select_field(name, label, options=options, value=_given(name), errors=Distribution.errors, **props)


def _hour(name: str) -> rx.Component:
    hours = [_option(str(hour), f"{hour}:00") for hour in range(24)]
    return _select(name, t(f"intake.rules.{name}"), hours)
