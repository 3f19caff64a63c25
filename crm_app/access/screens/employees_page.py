"""/settings/employees: who works here, in which role and department."""

from __future__ import annotations

from typing import Any

import reflex as rx

from crm_app.access.passwords import LONGEST
from crm_app.access.screens.employees_state import Employees
from crm_app.ui.avatar import person
from crm_app.ui.button import button, icon_button
from crm_app.ui.dialog import dialog, open_dialog
from crm_app.ui.field import select_field, text_field
from crm_app.ui.form import form, form_buttons
from crm_app.ui.i18n import t
from crm_app.ui.layout import panel, soft
from crm_app.ui.plain_table import plain_row, plain_table, small_select
from crm_app.ui.shell import page


def employees_page() -> rx.Component:
    return page(
        t("access.employees.title"),
        panel(
            None,
            plain_table(
                [
                    t("access.setup.name"),
                    t("access.setup.email"),
                    t("access.employees.role"),
                    t("access.employees.department"),
                    t("access.employees.access"),
                ],
                rx.foreach(Employees.employees, _employee),
                label=t("access.employees.title"),
            ),
        ),
        _new_employee(),
        _new_department(),
        _new_password(),
        actions=[
            button(t("access.employees.set_password"), icon_name="key", on_click=open_dialog("employee-password")),
            button(t("access.departments.add"), icon_name="plus", on_click=open_dialog("department-new")),
            button(t("access.employees.add"), kind="primary", icon_name="plus", on_click=open_dialog("employee-new")),
        ],
    )


def _employee(row: Any) -> rx.Component:
    role = small_select(
        t("access.employees.role"),
        row["role"],
        Employees.roles,
        on_change=lambda value: Employees.role_chosen(row["id"], value),
    )
    department = small_select(
        t("access.employees.department"),
        row["department_id"],
        Employees.departments,
        empty=t("access.employees.no_department"),
        on_change=lambda value: Employees.department_chosen(row["id"], value),
    )
    access = rx.cond(
        row["is_disabled"],
        button(t("access.employees.enable"), small=True, on_click=Employees.employee_enabled(row["id"])),
        icon_button("ban", t("access.employees.disable"), on_click=Employees.employee_disabled(row["id"])),
    )
    return plain_row(person(row["name"]), soft(row["email"]), role, department, access, row_id=row["id"])


def _new_employee() -> rx.Component:
    errors = Employees.errors
    return dialog(
        "employee-new",
        t("access.employees.add"),
        form(
            text_field(
                "name", t("access.setup.name"), errors=errors, required=True, max_length=200, auto_complete="off"
            ),
            text_field(
                "email",
                t("access.setup.email"),
                type="email",
                errors=errors,
                required=True,
                max_length=200,
                auto_complete="off",
            ),
            text_field(
                "password",
                t("access.employees.first_password"),
                type="password",
                errors=errors,
                required=True,
                max_length=LONGEST,
                auto_complete="new-password",
            ),
            select_field("role", t("access.employees.role"), options=Employees.roles, value="manager", scope="new-"),
            select_field(
                "department",
                t("access.employees.department"),
                options=Employees.departments,
                empty=t("access.employees.no_department"),
                scope="new-",
            ),
            form_buttons(button(t("access.employees.add"), kind="primary", type="submit")),
            on_submit=Employees.employee_added,
        ),
        done=Employees.saves,
    )


def _new_department() -> rx.Component:
    return dialog(
        "department-new",
        t("access.departments.add"),
        form(
            text_field(
                "name", t("access.departments.name"), errors=Employees.errors, required=True, scope="department-"
            ),
            form_buttons(button(t("access.departments.add"), kind="primary", type="submit")),
            on_submit=Employees.department_added,
        ),
        done=Employees.saves,
    )


def _new_password() -> rx.Component:
    return dialog(
        "employee-password",
        t("access.employees.set_password"),
        form(
            select_field(
                "email", t("access.employees.whose"), options=Employees.addresses, scope="password-", required=True
            ),
            text_field(
                "password",
                t("access.password.new"),
                type="password",
                errors=Employees.errors,
                required=True,
                max_length=LONGEST,
                auto_complete="new-password",
                scope="password-",
            ),
            form_buttons(button(t("access.password.save"), kind="primary", type="submit")),
            on_submit=Employees.password_set,
        ),
        done=Employees.saves,
    )
