"""A page of an import: a file, its columns, what would become of its rows, and what has become of them."""

from __future__ import annotations

from typing import Any

import reflex as rx

from crm_app.clients.import_kinds import kind_of
from crm_app.clients.importer import CREATE, MODES, sources
from crm_app.clients.pasting import LARGEST_PASTE
from crm_app.clients.screens.import_state import ImportScreen
from crm_app.ui.button import button, file_button
from crm_app.ui.dialog import dialog
from crm_app.ui.field import check_field, error_line, text_field
from crm_app.ui.form import form, form_buttons
from crm_app.ui.i18n import fmt, t
from crm_app.ui.layout import cut, faint, figure, line, panel, soft, stack
from crm_app.ui.link import link
from crm_app.ui.paste_box import paste_box
from crm_app.ui.plain_table import plain_row, plain_table
from crm_app.ui.progress import progress_bar
from crm_app.ui.shell import page
from crm_app.ui.tabs import Tabs
from crm_app.ui.upload import file_drop

SETS_UP = ("ready", "checked", "failed")
STATES = ("ready", "checking", "checked", "running", "stopping", "stopped", "done", "undoing", "undone", "failed")
COUNTS = ("new", "changed", "same", "duplicate", "absent", "bad", "remark", "taken", "left", "stuck")


Importing = type[ImportScreen]


def import_page(importing: Importing) -> rx.Component:
    """The page of a kind of card."""
    return page(
        t(f"{importing._card}s.import.title"),
        rx.cond(importing.state == "", _beginning(importing), _import(importing)),
    )


def _beginning(importing: Importing) -> rx.Component:
    source = sources()["excel"]
    return stack(
        panel(
            "clients.import.file",
            soft(t("clients.import.file_hint")),
            file_drop(
                url=f"/imports/{importing._card}s",
                label=t("clients.import.choose_file"),
                accept=",".join(source.endings),
                multiple=False,
                max_bytes=source.largest_file,
                on_uploaded=importing.file_uploaded,
            ),
            line(
                file_button(
                    t("clients.import.template"),
                    href=f"/imports/{importing._card}s/template.xlsx",
                    icon_name="download",
                )
            ),
            class_name="narrow",
        ),
        _pasting(importing),
        rx.cond(importing.earlier.length() > 0, _earlier(importing), rx.fragment()),
        gap="l",
    )


def _pasting(importing: Importing) -> rx.Component:
    """Rows without a file; they go the same way from here."""
    labels = {
        "name": t("clients.import.paste"),
        "example": t(f"clients.import.paste_example.{importing._card}"),
        "send": t("clients.import.paste_send"),
        "none": t("clients.import.paste_empty"),
        "tooBig": t("clients.import.paste_too_big", megabytes=LARGEST_PASTE // 2**20),
    }
    return panel(
        "clients.import.paste",
        soft(t("clients.import.paste_hint")),
        paste_box(
            url=f"/imports/{importing._card}s/pasted",
            labels=labels,
            max_bytes=LARGEST_PASTE,
            on_uploaded=importing.file_uploaded,
        ),
        class_name="narrow",
    )


def _earlier(importing: Importing) -> rx.Component:
    def row(each: Any) -> rx.Component:
        return line(
            link(cut(each["name"]), href=each["href"], class_name="grow"), soft(each["state"]), fmt.ago(each["at"])
        )

    return panel("clients.import.earlier", rx.foreach(importing.earlier, row), class_name="narrow")


def _import(importing: Importing) -> rx.Component:
    sets_up = (importing.state == SETS_UP[0]) | (importing.state == SETS_UP[1])
    return stack(
        line(rx.el.strong(importing.name), soft(_state_word(importing)), class_name="wrap"),
        rx.cond(importing.error != "", error_line(importing.error), rx.fragment()),
        rx.cond(importing.is_at_work, _at_work(importing), _buttons(importing)),
        rx.cond(importing.counts.length() > 0, _outcome(importing), _without_rows(importing)),
        _mending(importing),
        rx.cond(sets_up | (importing.state == SETS_UP[2]), _setting_up(importing), rx.fragment()),
        gap="l",
    )


def _without_rows(importing: Importing) -> rx.Component:
    """What a file says that has been gone through and had nothing in it."""
    is_through = (importing.state == "checked") | (importing.state == "done")
    return rx.cond(is_through, soft(t("clients.import.no_rows")), rx.fragment())


def _state_word(importing: Importing) -> Any:
    return rx.match(importing.state, *[(state, t(f"clients.import.state.{state}")) for state in STATES], "")


def _at_work(importing: Importing) -> rx.Component:
    stops = (importing.state == "checking") | (importing.state == "running")
    stop = button(t("clients.import.stop"), icon_name="x", on_click=importing.stop_clicked)
    return stack(
        progress_bar(importing.done_rows, importing.all_rows, label=t("clients.import.progress")),
        line(rx.cond(stops, stop, rx.fragment())),
    )


def _buttons(importing: Importing) -> rx.Component:
    check = button(t("clients.import.check"), icon_name="list-checks", on_click=importing.check_clicked)
    start = button(t("clients.import.start"), kind="primary", icon_name="upload", on_click=importing.start_clicked)
    go_on = button(t("clients.import.go_on"), kind="primary", icon_name="upload", on_click=importing.start_clicked)
    undo = button(t("clients.import.undo"), icon_name="rotate-ccw", on_click=importing.undo_clicked)
    return line(
        rx.match(
            importing.state,
            ("ready", line(check, start)),
            ("checked", line(start, check)),
            ("done", undo),
            ("failed", line(start, undo)),
            ("stopped", line(go_on, undo)),
            rx.fragment(),
        ),
        _report(importing),
        link(t("clients.import.another"), href=f"/{importing._card}s/import"),
        class_name="wrap",
    )


def _report(importing: Importing) -> rx.Component:
    href = "/imports/" + importing.import_id.to_string() + "/report.xlsx"
    return rx.cond(
        importing.counts.length() > 0,
        file_button(t("clients.import.report"), href=href, icon_name="download"),
        rx.fragment(),
    )


def _outcome(importing: Importing) -> rx.Component:
    counts = importing.counts
    named = [(name, t(f"clients.import.count.{name}")) for name in COUNTS]
    figures = [
        rx.cond(counts.contains(name), figure(fmt.number(counts[name]), label), rx.fragment()) for name, label in named
    ]
    return panel(
        "clients.import.outcome",
        line(*figures, class_name="wrap", gap="l"),
        Tabs.create(
            tabs=importing.lists,
            value=importing.outcome,
            label=t("ui.views"),
            on_change=importing.outcome_chosen,
        ),
        rx.cond(importing.remarks.length() > 0, _remarks(importing), _rows(importing)),
    )


def _rows(importing: Importing) -> rx.Component:
    return stack(
        rx.cond(importing.lines.length() > 0, _lines(importing), faint(t("clients.import.no_such_rows"))),
        rx.cond(
            importing.more_lines,
            button(t("clients.import.more"), on_click=importing.more_lines_wanted),
            rx.fragment(),
        ),
    )


def _remarks(importing: Importing) -> rx.Component:
    """Each kind of remark once: they are many and say the same; row by row only for who opens the list."""

    def row(kind: Any) -> rx.Component:
        return plain_row(kind["reason"], fmt.number(kind["rows"]), kind["first_row"].to_string())

    heads = [t("clients.import.reason"), t("clients.import.remarked_rows"), t("clients.import.first_row")]
    return stack(
        plain_table(heads, rx.foreach(importing.remarks, row), label=t("clients.import.count.remark")),
        rx.el.details(rx.el.summary(t("clients.import.row_by_row")), _rows(importing)),
    )


def _lines(importing: Importing) -> rx.Component:
    def row(each: Any) -> rx.Component:
        known = rx.cond(each["href"] == "", rx.fragment(), link(each["card"], href=each["href"]))
        mend = button(t("clients.import.mend"), kind="quiet", on_click=importing.mend_clicked(each["row"]))
        deed = rx.cond(each["is_mendable"], mend, known)
        return plain_row(each["row"].to_string(), cut(each["name"]), each["reason"], deed)

    heads = [
        t("clients.import.row"),
        t(f"field.{importing._card}.name"),
        t("clients.import.reason"),
        t(f"card.{importing._card}"),
    ]
    return plain_table(heads, rx.foreach(importing.lines, row), label=t("clients.import.outcome"))


def _mending(importing: Importing) -> rx.Component:
    """A bad row as its cells, with what is wrong beside each."""

    def cell(each: Any) -> rx.Component:
        return rx.el.label(
            soft(each["heading"]),
            rx.el.input(
                name=each["name"],
                default_value=each["text"],
                class_name="input",
                custom_attrs={"aria-invalid": each["reason"] != ""},
            ),
            rx.cond(each["reason"] == "", rx.fragment(), error_line(each["reason"])),
            class_name="field",
        )

    return dialog(
        "mend",
        t("clients.import.mend_title", row=importing.mended_row),
        form(
            rx.foreach(importing.cells, cell),
            form_buttons(button(t("clients.import.mend_save"), kind="primary", type="submit")),
            on_submit=importing.mended,
            key=importing.mended_row,
        ),
        open=importing.mended_row > 0,
        on_close=importing.mend_closed,
    )


def _setting_up(importing: Importing) -> rx.Component:
    changes = importing.mode != CREATE
    return panel(
        "clients.import.columns",
        soft(rx.cond(importing.is_remembered, t("clients.import.remembered"), t("clients.import.columns_hint"))),
        plain_table(
            [t("clients.import.column"), t("clients.import.feeds"), t("clients.import.samples")],
            rx.foreach(importing.columns, lambda column: _column(importing, column)),
            label=t("clients.import.columns"),
        ),
        line(
            rx.el.label(soft(t("clients.import.default_responsible")), " ", _responsible(importing)),
            rx.cond(importing.pipelines.length() > 1, _pipeline(importing), rx.fragment()),
            rx.el.label(soft(t("clients.import.mode")), " ", _mode(importing)),
            rx.cond(changes, rx.el.label(soft(t("clients.import.key")), " ", _key(importing)), _duplicates(importing)),
            class_name="wrap",
            gap="l",
        ),
        rx.cond(changes, faint(t("clients.import.changes_hint")), rx.fragment()),
        _defaults(importing),
    )


def _defaults(importing: Importing) -> rx.Component:
    """What new clients get whose row has none."""

    def field(name: str) -> rx.Component:
        control = text_field(
            name,
            t(f"contacts.field.{name}"),
            scope="default-",
            value=importing.defaults[name],
            on_blur=lambda said: importing.default_given(name, said),
        )
        return rx.cond(importing.defaults.contains(name), control, rx.fragment())

    return rx.el.details(
        rx.el.summary(t("clients.import.defaults")),
        line(*map(field, kind_of(importing._card).defaults), class_name="wrap", key=importing.import_id),
    )


def _duplicates(importing: Importing) -> rx.Component:
    return check_field(
        "duplicates",
        t("clients.import.add_duplicates"),
        checked=importing.adds_duplicates,
        on_change=importing.duplicates_chosen,
    )


def _pipeline(importing: Importing) -> rx.Component:
    choice = rx.el.select(
        rx.el.option(t("clients.import.first_pipeline"), value=""),
        rx.foreach(importing.pipelines, lambda each: rx.el.option(each["label"], value=each["id"])),
        value=importing.pipeline,
        on_change=importing.pipeline_chosen,
        class_name="input input-small",
    )
    return rx.el.label(soft(t("clients.import.pipeline")), " ", choice)


def _mode(importing: Importing) -> rx.Component:
    return rx.el.select(
        *[rx.el.option(t(f"clients.import.mode.{mode}"), value=mode) for mode in MODES],
        value=importing.mode,
        on_change=importing.mode_chosen,
        class_name="input input-small",
    )


def _key(importing: Importing) -> rx.Component:
    labels = {"": t("clients.import.key.alike")} | {
        key: t(f"field.{importing._card}.{key}") for key in kind_of(importing._card).keys
    }
    return rx.el.select(
        *[rx.el.option(label, value=key) for key, label in labels.items()],
        value=importing.key,
        on_change=importing.key_chosen,
        class_name="input input-small",
    )


def _column(importing: Importing, column: Any) -> rx.Component:
    choice = rx.el.select(
        rx.el.option(t("clients.import.left_out"), value=""),
        rx.foreach(importing.fields, lambda field: rx.el.option(field["label"], value=field["id"])),
        value=column["field"],
        on_change=lambda field: importing.column_fed(column["index"], field),
        class_name="input input-small",
        custom_attrs={"aria-label": column["heading"]},
    )
    return plain_row(rx.el.strong(column["heading"]), choice, faint(column["samples"]))


def _responsible(importing: Importing) -> rx.Component:
    return rx.el.select(
        rx.foreach(importing.employees, lambda each: rx.el.option(each["label"], value=each["id"])),
        value=importing.responsible,
        on_change=importing.responsible_chosen,
        class_name="input input-small",
    )
