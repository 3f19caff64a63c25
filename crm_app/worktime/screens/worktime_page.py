"""/settings/worktime: when the company works, its holidays, and the days that were shifted."""

from __future__ import annotations

from typing import Any

import reflex as rx

from crm_app.ui.button import button, icon_button
from crm_app.ui.dialog import dialog
from crm_app.ui.field import check_field, date_field, error_line, error_of, select_field, text_field
from crm_app.ui.form import form, form_buttons
from crm_app.ui.i18n import fmt, t
from crm_app.ui.layout import faint, line, panel, soft, stack, two
from crm_app.ui.plain_table import plain_row, plain_table
from crm_app.ui.shell import page
from crm_app.worktime.screens.worktime_state import WorktimeSettings

CLOCK: dict[str, Any] = {
    "type": "text", "input_mode": "numeric", "max_length": 5, "placeholder": "09:00", "size": 5, "auto_complete": "off",
}  # fmt: skip
"""A time of day as text of 24 hours: the browser's own field speaks its language, "9:00 AM" beside Russian words."""


def worktime_page() -> rx.Component:
    return page(
        t("worktime.title"),
        rx.cond(WorktimeSettings.is_ready, stack(_week(), _days(), gap="l", class_name="narrow"), rx.fragment()),
        _editor(),
        _proposal(),
    )


# ---- the week --------------------------------------------------------------------------------------------------------


def _week() -> rx.Component:
    return panel(
        "worktime.week",
        soft(t("worktime.week_hint", timezone=WorktimeSettings.timezone)),
        rx.cond(WorktimeSettings.is_always, faint(t("worktime.always")), rx.fragment()),
        form(
            plain_table(
                [t("worktime.head.day"), t("worktime.head.from"), t("worktime.head.to")],
                rx.foreach(WorktimeSettings.week, _week_line),
                label=t("worktime.week"),
            ),
            form_buttons(button(t("ui.save"), kind="primary", type="submit")),
            on_submit=WorktimeSettings.week_saved,
            key=WorktimeSettings.weeks,
        ),
    )


def _week_line(row: Any) -> rx.Component:
    number = row["number"].to(str)
    works = check_field("on-" + number, row["name"], checked=row["is_on"])
    wrong = rx.cond(row["error"] == "", rx.fragment(), error_line(row["error"]))
    return plain_row(
        stack(works, wrong, gap="none"),
        _time("from_time-" + number, row["from_time"], t("worktime.from_of", day=row["name"])),
        _time("to_time-" + number, row["to_time"], t("worktime.to_of", day=row["name"])),
    )


def _time(name: Any, value: Any, label: Any) -> rx.Component:
    return rx.el.input(
        name=name, default_value=value, class_name="input input-small", custom_attrs={"aria-label": label}, **CLOCK
    )


# ---- days that differ ------------------------------------------------------------------------------------------------


def _days() -> rx.Component:
    heads = [t("worktime.head.date"), t("worktime.head.what"), t("worktime.head.name"), ""]
    table = plain_table(heads, rx.foreach(WorktimeSettings.days, _day_line), label=t("worktime.days"))
    return panel(
        "worktime.days",
        soft(t("worktime.days_hint")),
        form(
            line(
                _choice("country", t("worktime.country"), WorktimeSettings.countries, WorktimeSettings.country),
                _choice("year", t("worktime.year"), WorktimeSettings.years, WorktimeSettings.year),
                button(t("worktime.propose"), type="submit", icon_name="calendar-plus"),
                class_name="wrap items-end",
            ),
            on_submit=WorktimeSettings.proposal_wanted,
        ),
        rx.cond(WorktimeSettings.days.length() > 0, table, faint(t("worktime.no_days"))),
        actions=[button(t("worktime.add"), icon_name="plus", on_click=WorktimeSettings.adding_opened)],
    )


def _choice(name: str, label: Any, options: Any, value: Any) -> rx.Component:
    return select_field(name, label, options=options, value=value)


def _day_line(row: Any) -> rx.Component:
    doings = line(
        icon_button("pencil", t("worktime.edit"), on_click=WorktimeSettings.editing_opened(row["day"])),
        icon_button("trash-2", t("ui.delete"), on_click=WorktimeSettings.day_forgotten(row["day"])),
        gap="none",
        class_name="justify-end",
    )
    return plain_row(fmt.day(row["day"]), row["what"], row["name"], doings, row_id=row["day"])


def _editor() -> rx.Component:
    given: Any = WorktimeSettings.day
    whats = [
        {"id": "", "label": t("worktime.off"), "hint": ""},
        {"id": "true", "label": t("worktime.working"), "hint": ""},
    ]
    errors = WorktimeSettings.errors
    wrong = error_of(errors, "hours")
    day = rx.cond(
        given["day"] == "",
        date_field("day", t("worktime.head.date"), errors=errors, required=True),
        soft(fmt.long_day(given["day"])),
    )
    return dialog(
        "worktime-day",
        rx.cond(given["day"] == "", t("worktime.add"), t("worktime.edit")),
        form(
            day,
            select_field("what", t("worktime.head.what"), options=whats, value=rx.cond(given["is_on"], "true", "")),
            two(
                text_field("from_time", t("worktime.head.from"), value=given["from_time"], **CLOCK),
                text_field("to_time", t("worktime.head.to"), value=given["to_time"], **CLOCK),
            ),
            rx.cond(wrong != "", error_line(wrong), faint(t("worktime.hours_hint"))),
            text_field("name", t("worktime.head.name"), value=given["name"], errors=errors, auto_complete="off"),
            form_buttons(button(t("ui.save"), kind="primary", type="submit")),
            on_submit=WorktimeSettings.day_saved,
            key=WorktimeSettings.opens,
        ),
        open=WorktimeSettings.edits,
        on_close=WorktimeSettings.editing_closed,
    )


def _proposal() -> rx.Component:
    def one(row: Any) -> rx.Component:
        name = "take-" + row["day"].to(str)
        said = line(
            fmt.day(row["day"]), rx.el.span(row["name"], class_name="grow"), soft(row["what"]), class_name="wrap"
        )
        return check_field(name, said, checked=True)

    take = form(
        stack(rx.foreach(WorktimeSettings.proposed, one), gap="s"),
        form_buttons(button(t("worktime.take"), kind="primary", type="submit")),
        on_submit=WorktimeSettings.proposal_taken,
        key=WorktimeSettings.proposed.length().to_string() + WorktimeSettings.country + WorktimeSettings.year,
    )
    return dialog(
        "worktime-proposal",
        t("worktime.proposal", year=WorktimeSettings.year),
        rx.cond(WorktimeSettings.proposed.length() > 0, take, soft(t("worktime.nothing_new"))),
        open=WorktimeSettings.proposes,
        on_close=WorktimeSettings.proposal_closed,
    )
