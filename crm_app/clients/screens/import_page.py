"""/clients/import: a file, its columns, what would become of its rows, and what has become of them."""

from __future__ import annotations

from typing import Any

import reflex as rx

from crm_app.clients.importer import CREATE, DEFAULTS, KEYS, MODES, sources
from crm_app.clients.screens.import_state import ClientImporting
from crm_app.ui.button import button, file_button
from crm_app.ui.dialog import dialog
from crm_app.ui.field import check_field, error_line, text_field
from crm_app.ui.form import form, form_buttons
from crm_app.ui.i18n import fmt, t
from crm_app.ui.layout import cut, faint, figure, line, panel, soft, stack
from crm_app.ui.link import link
from crm_app.ui.plain_table import plain_row, plain_table
from crm_app.ui.progress import progress_bar
from crm_app.ui.shell import page
from crm_app.ui.tabs import Tabs
from crm_app.ui.upload import file_drop

SETS_UP = ("ready", "checked", "failed")
STATES = ("ready", "checking", "checked", "running", "stopping", "stopped", "done", "undoing", "undone", "failed")
COUNTS = ("new", "changed", "same", "duplicate", "absent", "bad", "remark", "taken", "left", "stuck")


def import_page() -> rx.Component:
    return page(
        t("clients.import.title"),
        rx.cond(ClientImporting.state == "", _beginning(), _import()),
    )


def _beginning() -> rx.Component:
    source = sources()["excel"]
    return stack(
        panel(
            "clients.import.file",
            soft(t("clients.import.file_hint")),
            file_drop(
                url="/imports/clients",
                label=t("clients.import.choose_file"),
                accept=",".join(source.endings),
                multiple=False,
                max_bytes=source.largest_file,
                on_uploaded=ClientImporting.file_uploaded,
            ),
            line(file_button(t("clients.import.template"), href="/imports/template.xlsx", icon_name="download")),
            class_name="narrow",
        ),
        rx.cond(ClientImporting.earlier.length() > 0, _earlier(), rx.fragment()),
        gap="l",
    )


def _earlier() -> rx.Component:
    def row(each: Any) -> rx.Component:
        return line(
            link(cut(each["name"]), href=each["href"], class_name="grow"), soft(each["state"]), fmt.ago(each["at"])
        )

    return panel("clients.import.earlier", rx.foreach(ClientImporting.earlier, row), class_name="narrow")


def _import() -> rx.Component:
    sets_up = (ClientImporting.state == SETS_UP[0]) | (ClientImporting.state == SETS_UP[1])
    return stack(
        line(rx.el.strong(ClientImporting.name), soft(_state_word()), class_name="wrap"),
        rx.cond(ClientImporting.error != "", error_line(ClientImporting.error), rx.fragment()),
        rx.cond(ClientImporting.is_at_work, _at_work(), _buttons()),
        rx.cond(ClientImporting.counts.length() > 0, _outcome(), rx.fragment()),
        _mending(),
        rx.cond(sets_up | (ClientImporting.state == SETS_UP[2]), _setting_up(), rx.fragment()),
        gap="l",
    )


def _state_word() -> Any:
    return rx.match(ClientImporting.state, *[(state, t(f"clients.import.state.{state}")) for state in STATES], "")


def _at_work() -> rx.Component:
    stops = (ClientImporting.state == "checking") | (ClientImporting.state == "running")
    stop = button(t("clients.import.stop"), icon_name="x", on_click=ClientImporting.stop_clicked)
    return stack(
        progress_bar(ClientImporting.done_rows, ClientImporting.all_rows, label=t("clients.import.progress")),
        line(rx.cond(stops, stop, rx.fragment())),
    )


def _buttons() -> rx.Component:
    check = button(t("clients.import.check"), icon_name="list-checks", on_click=ClientImporting.check_clicked)
    start = button(
        t("clients.import.start"), kind="primary", icon_name="upload", on_click=ClientImporting.start_clicked
    )
    go_on = button(
        t("clients.import.go_on"), kind="primary", icon_name="upload", on_click=ClientImporting.start_clicked
    )
    undo = button(t("clients.import.undo"), icon_name="rotate-ccw", on_click=ClientImporting.undo_clicked)
    return line(
        rx.match(
            ClientImporting.state,
            ("ready", line(check, start)),
            ("checked", line(start, check)),
            ("done", undo),
            ("failed", line(start, undo)),
            ("stopped", line(go_on, undo)),
            rx.fragment(),
        ),
        _report(),
        link(t("clients.import.another"), href="/clients/import"),
        class_name="wrap",
    )


def _report() -> rx.Component:
    href = "/imports/" + ClientImporting.import_id.to_string() + "/report.xlsx"
    return rx.cond(
        ClientImporting.counts.length() > 0,
        file_button(t("clients.import.report"), href=href, icon_name="download"),
        rx.fragment(),
    )


def _outcome() -> rx.Component:
    counts = ClientImporting.counts
    named = [(name, t(f"clients.import.count.{name}")) for name in COUNTS]
    figures = [
        rx.cond(counts.contains(name), figure(fmt.number(counts[name]), label), rx.fragment()) for name, label in named
    ]
    return panel(
        "clients.import.outcome",
        line(*figures, class_name="wrap", gap="l"),
        Tabs.create(
            tabs=ClientImporting.lists,
            value=ClientImporting.outcome,
            label=t("ui.views"),
            on_change=ClientImporting.outcome_chosen,
        ),
        rx.cond(ClientImporting.remarks.length() > 0, _remarks(), _rows()),
    )


def _rows() -> rx.Component:
    return stack(
        rx.cond(ClientImporting.lines.length() > 0, _lines(), faint(t("clients.import.no_such_rows"))),
        rx.cond(
            ClientImporting.more_lines,
            button(t("clients.import.more"), on_click=ClientImporting.more_lines_wanted),
            rx.fragment(),
        ),
    )


def _remarks() -> rx.Component:
    """Each kind of remark once: they are many and say the same; row by row only for who opens the list."""

    def row(kind: Any) -> rx.Component:
        return plain_row(kind["reason"], fmt.number(kind["rows"]), kind["first_row"].to_string())

    heads = [t("clients.import.reason"), t("clients.import.remarked_rows"), t("clients.import.first_row")]
    return stack(
        plain_table(heads, rx.foreach(ClientImporting.remarks, row), label=t("clients.import.count.remark")),
        rx.el.details(rx.el.summary(t("clients.import.row_by_row")), _rows()),
    )


def _lines() -> rx.Component:
    def row(each: Any) -> rx.Component:
        known = rx.cond(each["href"] == "", rx.fragment(), link(each["client"], href=each["href"]))
        mend = button(t("clients.import.mend"), kind="quiet", on_click=ClientImporting.mend_clicked(each["row"]))
        deed = rx.cond(each["is_mendable"], mend, known)
        return plain_row(each["row"].to_string(), cut(each["name"]), each["reason"], deed)

    heads = [t("clients.import.row"), t("field.client.name"), t("clients.import.reason"), t("clients.import.known")]
    return plain_table(heads, rx.foreach(ClientImporting.lines, row), label=t("clients.import.outcome"))


def _mending() -> rx.Component:
    """A bad row as its cells, with what is wrong beside each."""

    def cell(each: Any) -> rx.Component:
        return rx.el.label(
            soft(each["heading"]),
            rx.el.input(name=each["name"], default_value=each["text"], class_name="input"),
            rx.cond(each["reason"] == "", rx.fragment(), error_line(each["reason"])),
            class_name="field",
        )

    return dialog(
        "mend",
        t("clients.import.mend_title", row=ClientImporting.mended_row),
        form(
            rx.foreach(ClientImporting.cells, cell),
            form_buttons(button(t("clients.import.mend_save"), kind="primary", type="submit")),
            on_submit=ClientImporting.mended,
            key=ClientImporting.mended_row,
        ),
        open=ClientImporting.mended_row > 0,
        on_close=ClientImporting.mend_closed,
    )


def _setting_up() -> rx.Component:
    changes = ClientImporting.mode != CREATE
    return panel(
        "clients.import.columns",
        soft(rx.cond(ClientImporting.is_remembered, t("clients.import.remembered"), t("clients.import.columns_hint"))),
        plain_table(
            [t("clients.import.column"), t("clients.import.feeds"), t("clients.import.samples")],
            rx.foreach(ClientImporting.columns, _column),
            label=t("clients.import.columns"),
        ),
        line(
            rx.el.label(soft(t("clients.import.default_responsible")), " ", _responsible()),
            rx.el.label(soft(t("clients.import.mode")), " ", _mode()),
            rx.cond(changes, rx.el.label(soft(t("clients.import.key")), " ", _key()), _duplicates()),
            class_name="wrap",
            gap="l",
        ),
        rx.cond(changes, faint(t("clients.import.changes_hint")), rx.fragment()),
        _defaults(),
    )


def _defaults() -> rx.Component:
    """What new clients get whose row has none."""

    def field(name: str) -> rx.Component:
        control = text_field(
            name,
            t(f"contacts.field.{name}"),
            scope="default-",
            value=ClientImporting.defaults[name],
            on_blur=lambda said: ClientImporting.default_given(name, said),
        )
        return rx.cond(ClientImporting.defaults.contains(name), control, rx.fragment())

    return rx.el.details(
        rx.el.summary(t("clients.import.defaults")),
        line(*map(field, DEFAULTS), class_name="wrap", key=ClientImporting.import_id),
    )


def _duplicates() -> rx.Component:
    return check_field(
        "duplicates",
        t("clients.import.add_duplicates"),
        checked=ClientImporting.adds_duplicates,
        on_change=ClientImporting.duplicates_chosen,
    )


def _mode() -> rx.Component:
    return rx.el.select(
        *[rx.el.option(t(f"clients.import.mode.{mode}"), value=mode) for mode in MODES],
        value=ClientImporting.mode,
        on_change=ClientImporting.mode_chosen,
        class_name="input input-small",
    )


def _key() -> rx.Component:
    labels = {"": t("clients.import.key.alike")} | {key: t(f"field.client.{key}") for key in KEYS if key}
    return rx.el.select(
        *[rx.el.option(label, value=key) for key, label in labels.items()],
        value=ClientImporting.key,
        on_change=ClientImporting.key_chosen,
        class_name="input input-small",
    )


def _column(column: Any) -> rx.Component:
    choice = rx.el.select(
        rx.el.option(t("clients.import.left_out"), value=""),
        rx.foreach(ClientImporting.fields, lambda field: rx.el.option(field["label"], value=field["id"])),
        value=column["field"],
        on_change=lambda field: ClientImporting.column_fed(column["index"], field),
        class_name="input input-small",
        custom_attrs={"aria-label": column["heading"]},
    )
    return plain_row(rx.el.strong(column["heading"]), choice, faint(column["samples"]))


def _responsible() -> rx.Component:
    return rx.el.select(
        rx.foreach(ClientImporting.employees, lambda each: rx.el.option(each["label"], value=each["id"])),
        value=ClientImporting.responsible,
        on_change=ClientImporting.responsible_chosen,
        class_name="input input-small",
    )
