"""What pages of lists of people and companies share: cells of the table, the bar for ticked rows, a hint at copies."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import reflex as rx

from crm_app.cards.screens.filter_parts import whole_filter_bar
from crm_app.cards.screens.filter_state import ListFilter
from crm_app.cards.screens.panels import star_button
from crm_app.ui.avatar import person
from crm_app.ui.button import button, file_button, icon_button, link_button
from crm_app.ui.dialog import confirm, open_dialog, popover
from crm_app.ui.field import check_field, error_line, select_field, text_field
from crm_app.ui.filter_bar import nothing_fits
from crm_app.ui.form import form, form_buttons
from crm_app.ui.frame import if_may
from crm_app.ui.i18n import fmt, t
from crm_app.ui.icon import icon
from crm_app.ui.layout import cut, faint, line, soft, stack, unseen
from crm_app.ui.link import link
from crm_app.ui.table import Column, bulk_bar, print_button, table


def star_column(state: Any) -> Column:
    """One's own star on the card of a row."""
    return Column(
        "star", unseen(t("cards.field.star")), lambda row: star_cell(state, row), width="36px", sortable=False
    )


def star_cell(state: Any, row: Any) -> rx.Component:
    return star_button(row["is_starred"], state.star_clicked(row["id"], ~row["is_starred"]).stop_propagation)


Face = Callable[[Any], rx.Component]
"""What stands before the name of a row."""


def name_column(title: Any, width: str = "minmax(210px, 9fr)", face: Face | None = None) -> Column:
    """The name, which leads to the card, with its tags."""
    return Column("name", title, lambda row: _name(row, face), width=width)


def responsible_column(title: Any, *, sortable: bool = False) -> Column:
    """Who runs the card."""
    return Column("responsible", title, _responsible, width="minmax(140px, 1fr)", sortable=sortable)


def updated_column(title: Any) -> Column:
    """How long ago the card was changed."""
    return Column("updated_at", title, _updated, width="108px", align="end", yields=True)


def _name(row: Any, face: Face | None) -> rx.Component:
    return line(
        *([face(row)] if face else []),
        name_link(row),
        rx.cond(row["tags"] == "", rx.fragment(), faint(row["tags"], class_name="td-aside", title=row["tags"])),
    )


def name_link(row: Any) -> rx.Component:
    """The name of a row, which leads to its card."""
    return link(cut(row["name"]), href=row["href"], plain=True, class_name="td-name")


def _responsible(row: Any) -> rx.Component:
    return rx.cond(row["responsible"] == "", rx.el.span(), person(row["responsible"]))


def _updated(row: Any) -> rx.Component:
    return faint(fmt.ago(row["updated_at"]), title=fmt.exact(row["updated_at"]))


def card_table(
    state: Any,
    columns: list[Column],
    *,
    row_type: Any,
    card: Callable[[Any], rx.Component],
    label: Any,
    nothing: rx.Component,
) -> rx.Component:
    """The bar of conditions and the rows that they leave. card: a row on a phone; nothing: while there are no cards at
    all. The page lists `ListFilter.opened` after its own State's.
    """
    asked: dict[str, Any] = {"filter": state.filter, "words": state.words, "closed": state.asks_closed}
    hides = nothing_fits(ListFilter.fields, nothing, **asked, on_clear=state.all_wanted)
    return rx.fragment(
        whole_filter_bar(state),
        table(
            columns,
            page=state.page,
            row_type=row_type,
            on_need=state.more_needed,
            sort=state.sort,
            on_sort=state.sorted_by,
            on_open=state.row_opened,
            on_tick=state.rows_ticked,
            shown=state.shown,
            on_size=state.column_sized,
            cell=state.cell,
            edits=state.edits,
            on_cell=state.cell_wanted,
            on_give=state.cell_given,
            found=state.cell_found,
            on_search=state.cell_searched,
            card=card,
            empty=hides,
            label=label,
        ),
    )


def columns_button(state: Any) -> rx.Component:
    """Which columns the list has, in what order and how wide, each employee's own; and the list on paper."""

    def choice(column: Any) -> rx.Component:
        tick = rx.el.label(
            rx.el.input(
                type="checkbox", checked=column["is_shown"], disabled=column["is_fixed"],
                on_change=lambda is_shown: state.column_shown(column["key"], is_shown),
            ),
            rx.el.span(column["label"], class_name="cut"),
            class_name="tick",
        )  # fmt: skip
        return rx.el.li(
            tick, rx.cond(column["is_shown"], _place_of(state, column), rx.fragment()), class_name="columns-line"
        )

    own = button(t("cards.columns.reset"), kind="plain", icon_name="rotate-ccw", on_click=state.columns_reset)
    chosen = popover(
        rx.fragment(icon("columns-3"), rx.el.span(t("cards.columns.title"), class_name="button-label")),
        rx.el.ul(rx.foreach(state.column_choices, choice), class_name="columns-list"),
        rx.cond(state.has_own_columns, own, rx.fragment()),
        label=t("cards.columns.title"),
        side="end",
    )
    return line(chosen, print_button(), gap="s", class_name="max-md:hidden")  # on a phone rows are cards


def _place_of(state: Any, column: Any) -> rx.Component:
    """Where a column stands, and how wide it is."""
    return rx.fragment(
        rx.el.input(
            type="text", input_mode="numeric", max_length=3, default_value=column["width"],
            placeholder=t("cards.columns.auto"), key=column["width"], class_name="input input-small",
            custom_attrs={"aria-label": t("cards.columns.width", name=column["label"])},
            on_blur=lambda width: state.column_width_typed(column["key"], width),
        ),
        icon_button("chevron-up", t("cards.columns.up", name=column["label"]), disabled=column["is_first"],
                    on_click=state.column_moved(column["key"], -1)),
        icon_button("chevron-down", t("cards.columns.down", name=column["label"]), disabled=column["is_last"],
                    on_click=state.column_moved(column["key"], 1)),
    )  # fmt: skip


_TOOLS: list[Callable[[Any, str], rx.Component]] = []


def add_bulk_tool(part: Callable[[Any, str], rx.Component]) -> None:
    """Put something into the bars for ticked rows of all lists of cards. part: from the list's State and its kind."""
    if part not in _TOOLS:
        _TOOLS.append(part)


def bulk_tools(state: Any, card: str, changes: list[rx.Component], *more: rx.Component, question: Any) -> rx.Component:
    """The bar for ticked rows: changes for who may change cards, tags for who sees them, and delete, which asks once.

    question: from the number of cards.
    """
    count = rx.cond(state.all_ticked, state.page["total"], state.ticked.length())
    name = f"{card}s-delete"
    delete = button(t("ui.delete"), kind="danger", icon_name="trash-2", on_click=open_dialog(name))
    return rx.fragment(
        bulk_bar(
            count,
            if_may(f"{card}.change", *changes),
            bulk_tag(state),
            *more[:-1],
            *(part(state, card) for part in _TOOLS),
            *more[-1:],  # "More" comes last
            if_may(f"{card}.delete", delete),
            shown=state.all_ticked | (state.ticked.length() > 0),
        ),
        confirm(
            name,
            question(count),
            soft(t("cards.delete_what")),
            yes=button(t("ui.delete"), kind="danger", on_click=state.bulk_changed("remove", "")),
            done=state.page["generation"],
        ),
    )


def _merge(state: Any, card: str) -> rx.Component:
    """Two ticked cards may be made one."""
    href = f"/duplicates/merge?card={card}&both=" + state.ticked.join(",")
    return link_button(t("duplicates.merge_these"), href=href)


def bulk_choice(state: Any, field: str, label: Any, options: Any, by: str = "id") -> rx.Component:
    """One value for all ticked cards. by: what of an option is told."""
    return rx.el.select(
        rx.el.option(label, value=""),
        rx.foreach(options, lambda option: rx.el.option(option["label"], value=option[by])),
        value="",
        on_change=lambda value: state.bulk_changed(field, value),
        class_name="input input-small",
        custom_attrs={"aria-label": label},
    )


def bulk_group(state: Any, groups: Any) -> rx.Component:
    """Into a group: one that is there, or a new one by its name."""
    return _bulk_named("group", t("cards.bulk.group"), t("cards.field.group"), groups, state, state.bulk_grouped)


def bulk_tag(state: Any) -> rx.Component:
    """A tag for all: one that is there, or a new one by its name."""
    return _bulk_named("tag", t("cards.tag"), t("cards.tag"), state.tags, state, state.bulk_tagged)


def _bulk_named(name: str, words: Any, label: Any, options: Any, state: Any, on_submit: Any) -> rx.Component:
    known = rx.el.datalist(rx.foreach(options, lambda each: rx.el.option(value=each["label"])), id=f"bulk-{name}s")
    return popover(
        words,
        form(
            text_field(name, label, custom_attrs={"list": f"bulk-{name}s"}, required=True),
            known,
            form_buttons(button(words, kind="primary", type="submit")),
            on_submit=on_submit,
            saved=state.saves,
            reset_on_saved=True,
        ),
        label=words,
    )


def bulk_more(state: Any, card: str, *first: rx.Component, groups: Any = None, merges: bool = False) -> rx.Component:
    """What else is done with ticked cards: stars, tags and groups off, any field, a workbook of them.

    first: what stands above that, of one kind of card; merges: two of them may be made one. The bar keeps to one line.
    """
    both = rx.cond(state.ticked.length() == 2, _merge(state, card), rx.fragment()) if merges else rx.fragment()
    off = [bulk_choice(state, "ungroup", t("cards.bulk.ungroup"), groups, by="label")] if groups is not None else []
    return popover(
        t("cards.bulk.more"),
        stack(
            if_may(f"{card}.delete", both),
            *first,
            line(
                button(t("cards.bulk.star"), icon_name="star", on_click=state.bulk_changed("star", "")),
                button(t("cards.bulk.unstar"), on_click=state.bulk_changed("unstar", "")),
            ),
            *off,
            bulk_choice(state, "untag", t("cards.bulk.untag"), state.tags),
            if_may(f"{card}.change", _any_field(state)),
            if_may(
                f"{card}.export",
                file_button(
                    t("cards.bulk.export"), href=f"/exports/{card}s.xlsx" + state.ticked_query, icon_name="download"
                ),
            ),
        ),
        label=t("cards.bulk.more"),
        on_open=state.bulk_fields_wanted,
    )


def _any_field(state: Any) -> rx.Component:
    return form(
        select_field("field", t("cards.bulk.other_field"), options=state.bulk_fields),
        text_field("value", t("cards.bulk.value"), help=t("cards.bulk.value_hint")),
        form_buttons(button(t("cards.bulk.apply"), kind="primary", type="submit")),
        on_submit=state.bulk_given,
        saved=state.saves,
        reset_on_saved=True,
    )


def alike_hint(state: Any, title: Any, anyway: Any) -> rx.Component:
    """Cards that may be the one that is being typed, and a box to add it all the same."""

    def row(found: Any) -> rx.Component:
        seen = line(link(found["name"], href=found["href"]), faint(found["responsible"]))
        return rx.cond(found["id"] == 0, soft(found["name"]), seen)

    return rx.cond(
        state.alike.length() > 0,
        stack(
            rx.cond(state.errors.contains("form"), error_line(state.errors["form"]), rx.fragment()),
            soft(title),
            rx.foreach(state.alike, row),
            check_field("force", anyway),
            gap="s",
            custom_attrs={"role": "status"},
        ),
        rx.fragment(),
    )
