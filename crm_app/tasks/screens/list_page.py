"""/tasks: a line to add one, and the list."""

from __future__ import annotations

from typing import Any

import reflex as rx

from crm_app.cards.screens.card_list_parts import columns_button
from crm_app.cards.screens.filter_parts import whole_filter_bar
from crm_app.cards.screens.filter_state import ListFilter
from crm_app.tasks.screens.lines import TaskLine, deadline_of, status_of
from crm_app.tasks.screens.list_state import OPEN_ONES, Tasks
from crm_app.ui.avatar import person
from crm_app.ui.button import button, icon_button
from crm_app.ui.empty import empty
from crm_app.ui.field import moment_field, search_box, select_field, text_field
from crm_app.ui.filter_bar import nothing_fits
from crm_app.ui.form import form, form_buttons
from crm_app.ui.frame import if_may
from crm_app.ui.i18n import fmt, t
from crm_app.ui.icon import icon
from crm_app.ui.layout import cut, faint, grow, line, stack, unseen
from crm_app.ui.link import link
from crm_app.ui.shell import page
from crm_app.ui.table import Column, table
from crm_app.ui.tabs import tabs


def tasks_page() -> rx.Component:
    return page(
        t("tasks.title"),
        if_may("task.create", _quick_add()),
        whole_filter_bar(Tasks),
        table(
            _columns(),
            page=Tasks.page,
            row_type=TaskLine,
            on_need=Tasks.more_needed,
            sort=Tasks.sort,
            on_sort=Tasks.sorted_by,
            on_open=Tasks.row_opened,
            shown=Tasks.shown,
            on_size=Tasks.column_sized,
            card=_card,
            empty=nothing_fits(
                ListFilter.fields,
                _nothing(),
                filter=Tasks.filter,
                words=Tasks.words,
                usual=OPEN_ONES,
                on_clear=Tasks.all_wanted,
            ),
            label=t("tasks.title"),
        ),
        tools=[
            tabs(
                [(whose, t(f"tasks.whose.{whose}"), None) for whose in ("mine", "given", "all")],
                value=Tasks.whose,
                on_change=Tasks.whose_chosen,
            ),
            search_box(t("tasks.search"), value=Tasks.words, on_search=Tasks.searched),
        ],
        actions=[columns_button(Tasks)],
        wide=True,
    )


def _nothing() -> rx.Component:
    return empty("circle-check", t("tasks.empty"), t("tasks.empty_hint"))


def _quick_add() -> rx.Component:
    return form(
        line(
            grow(text_field("title", t("tasks.what"), errors=Tasks.errors, max_length=300, auto_complete="off")),
            select_field("responsible", t("field.task.responsible_id"), options=Tasks.employees, value=Tasks.me),
            moment_field("deadline", t("field.task.deadline"), errors=Tasks.errors),
            form_buttons(button(t("tasks.add"), kind="primary", icon_name="plus", type="submit")),
            class_name="form-line mb-3",
        ),
        on_submit=Tasks.task_added,
        draft="task-new",
        saved=Tasks.saves,
        reset_on_saved=True,
        custom_attrs={"aria-label": t("tasks.new")},
    )


def _columns() -> list[Column]:
    return [
        Column("done", unseen(t("tasks.close")), _tick, width="44px", sortable=False),
        Column("title", t("field.task.title"), _title, width="minmax(200px, 3fr)", sortable=False),
        Column("about", t("tasks.about"), _about, width="minmax(160px, 2fr)", sortable=False, yields=True),
        Column(
            "responsible",
            t("field.task.responsible_id"),
            lambda row: person(row["responsible"]),
            width="minmax(150px, 1fr)",
            sortable=False,
        ),
        Column("author", t("field.task.author_id"), lambda row: person(row["author"]), width="minmax(150px, 1fr)",
               sortable=False, is_spare=True),
        Column(
            "deadline",
            t("field.task.deadline"),
            lambda row: deadline_of(row["deadline"], row["is_overdue"]),
            width="minmax(150px, 1fr)",
        ),
        Column("status", t("field.task.status"), lambda row: status_of(row["status"]), width="120px"),
        Column("created_at", t("field.task.created_at"), _created, width="110px", align="end", yields=True),
    ]  # fmt: skip


def _created(row: Any) -> rx.Component:
    return faint(fmt.near_day(row["created_at"]), title=fmt.exact(row["created_at"]))


def _tick(row: Any) -> rx.Component:
    return rx.cond(
        row["status"] == "open",
        icon_button("circle", t("tasks.close"), on_click=Tasks.ticked_off(row["id"]).stop_propagation),
        icon("circle-check"),
    )


def _title(row: Any) -> rx.Component:
    return line(
        link(cut(row["title"]), href=row["href"], plain=True, class_name="td-name"),
        rx.cond(row["is_shared"], rx.el.span(icon("eye"), title=t("tasks.guests_see")), rx.fragment()),
        gap="s",
    )


def _about(row: Any) -> rx.Component:
    return rx.cond(row["about_title"] == "", rx.fragment(), link(cut(row["about_title"]), href=row["about_href"]))


def _card(row: Any) -> rx.Component:
    return line(
        _tick(row),
        stack(
            link(cut(row["title"]), href=row["href"], plain=True, class_name="td-name"),
            line(deadline_of(row["deadline"], row["is_overdue"]), faint(row["responsible"])),
            gap="none",
            class_name="grow",
        ),
    )
