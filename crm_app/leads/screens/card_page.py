"""/leads/[lead_id]: data at the left, what is said and what happened in the middle, panels at the right."""

from __future__ import annotations

from typing import Any

import reflex as rx

from crm_app.cards.screens.custom_panel import custom_panel
from crm_app.cards.screens.followers import card_followers
from crm_app.cards.screens.groups import card_groups
from crm_app.cards.screens.links import card_links
from crm_app.cards.screens.panels import card_comments, card_files, card_star, card_tags, card_timeline
from crm_app.cards.screens.viewers import card_viewers
from crm_app.leads.rules import UTM
from crm_app.leads.screens.card_state import OneLead
from crm_app.leads.screens.converting import convert_sheet
from crm_app.leads.screens.converting_state import Converting
from crm_app.leads.screens.lines import channel_options, stage_of, touch_of
from crm_app.leads.screens.needs import needs_sheet
from crm_app.ui.button import button
from crm_app.ui.dialog import confirm, menu, menu_item, open_dialog, popover
from crm_app.ui.field import text_field
from crm_app.ui.form import form, form_buttons
from crm_app.ui.i18n import fmt, t
from crm_app.ui.icon import icon
from crm_app.ui.inline_edit import inline_edit
from crm_app.ui.layout import cut, faint, line, panel, sides, soft, stack
from crm_app.ui.link import link
from crm_app.ui.panels import panels_of
from crm_app.ui.shell import page


def lead_page() -> rx.Component:
    return page(
        OneLead.name,
        sides(
            stack(_became(), _way(), _person(), _enquiry(), custom_panel(), gap="l"),
            stack(card_comments(), card_timeline(), gap="l"),
            stack(
                card_tags(), card_groups(), card_followers(), card_links(), *panels_of("lead"), card_files(), gap="l"
            ),
        ),
        confirm(
            "lead-delete",
            t("leads.delete_question"),
            soft(t("cards.delete_what")),
            yes=button(t("ui.delete"), kind="danger", on_click=OneLead.removed),
        ),
        convert_sheet(),
        needs_sheet(OneLead),
        heading=line(card_star(), rx.el.span(OneLead.name, class_name="cut"), stage_of(OneLead.stage, OneLead.colour)),
        actions=[
            card_viewers(),
            rx.cond(OneLead.may_change & ~OneLead.is_converted, _doings(), rx.fragment()),
            rx.cond(OneLead.may_delete, _more(), rx.fragment()),
        ],
    )


def _doings() -> rx.Component:
    """What is done with the lead as a whole: while it is open, and once it is closed."""
    convert = button(
        t("leads.convert"), kind="primary", icon_name="arrow-right", on_click=Converting.wanted(OneLead.lead_id)
    )
    is_open = (OneLead.stage_kind == "open") | (OneLead.stage_kind == "hold")
    back = button(t("leads.take_back"), icon_name="undo-2", on_click=OneLead.taken_back)
    closed = rx.fragment(back, rx.cond(OneLead.stage_kind == "won", convert, rx.fragment()))
    is_closed = (OneLead.stage_kind == "won") | (OneLead.stage_kind == "lost")
    ways = rx.fragment(_disqualify(), rx.cond(OneLead.stage_kind == "open", convert, rx.fragment()))
    return rx.cond(is_open, ways, rx.cond(is_closed, closed, rx.fragment()))


def _disqualify() -> rx.Component:
    words = t("leads.disqualify")
    return popover(
        words,
        form(
            text_field("reason", t("leads.reason"), errors=OneLead.errors, required=True),
            form_buttons(button(words, kind="danger", type="submit")),
            on_submit=OneLead.disqualified,
            saved=OneLead.saves,
            reset_on_saved=True,
        ),
        label=words,
        look="button",
    )


def _more() -> rx.Component:
    return menu(
        icon("ellipsis"),
        menu_item(t("ui.delete"), icon_name="trash-2", danger=True, on_click=open_dialog("lead-delete")),
        label=t("ui.more"),
    )


def _became() -> rx.Component:
    """What the lead has become, and the way back; not there while it is a lead."""
    back = button(t("leads.unconvert"), small=True, icon_name="undo-2", on_click=OneLead.unconverted)
    shown = panel(
        "leads.became",
        rx.foreach(OneLead.became, _card),
        rx.cond(OneLead.may_change, back, rx.fragment()),
    )
    return rx.cond(OneLead.is_converted, shown, rx.fragment())


def _card(row: Any) -> rx.Component:
    name = rx.cond(row["href"] == "", soft(row["name"]), link(cut(row["name"]), href=row["href"]))
    return line(faint(row["kind"]), name)


def _way() -> rx.Component:
    """Where the lead is, where it may go, and how it stands with its first touch."""
    awaits = (OneLead.touch["touched_at"] == "") & (OneLead.touch["touch"] != "") & OneLead.may_change
    touch = button(t("leads.touch"), small=True, icon_name="phone", on_click=OneLead.touched)
    why = soft(t("leads.reason"), ": ", OneLead.reason)
    return panel(
        "leads.way",
        line(rx.foreach(OneLead.steps, _step), class_name="wrap", gap="s"),
        rx.cond(OneLead.reason == "", rx.fragment(), why),
        _told("field.lead.created_at", OneLead.touch["created_at"]),
        _told("field.lead.touch_due_at", OneLead.touch["touch_due_at"]),
        _told("field.lead.touched_at", OneLead.touch["touched_at"]),
        touch_of(OneLead.touch),
        rx.cond(awaits, touch, rx.fragment()),
    )


def _told(key: str, at: Any) -> rx.Component:
    return rx.cond(at == "", rx.fragment(), line(faint(t(key)), rx.el.span(fmt.moment(at)), class_name="between"))


def _step(step: Any) -> rx.Component:
    return button(
        stage_of(step["name"], step["colour"]),
        small=True,
        on_click=OneLead.stage_chosen(step["id"]),
        disabled=step["is_here"] | (step["drop"] == "no") | ~OneLead.may_change,
        title=step["reason"],
        custom_attrs={
            "aria-current": rx.cond(step["is_here"], "step", "false"),
            "data-step": step["id"],
            "data-drop": step["drop"],
        },
    )


def _person() -> rx.Component:
    return panel(
        "leads.person_data",
        stack(
            _edit("person"),
            _edit("position"),
            _edit("organisation"),
            _edit("phones", "tel", display=OneLead.shown["phones"]),
            _edit("emails", "email"),
            _edit("site", "url"),
            _edit("city"),
        ),
    )


def _enquiry() -> rx.Component:
    return panel(
        "leads.data",
        stack(
            _edit("name"),
            _edit("responsible_id", "select", display=OneLead.shown["responsible_id"], options=OneLead.employees),
            _edit("interest", "textarea"),
            _edit("source", "select", options=OneLead.sources, display=OneLead.values["source"]),
            _edit("channel", "select", options=channel_options(), display=OneLead.shown["channel"]),
            *[_edit(name) for name in UTM],
            _edit("note", "textarea"),
        ),
    )


def _edit(name: str, kind: Any = "text", **props: Any) -> rx.Component:
    return inline_edit(
        name,
        t(f"field.lead.{name}"),
        value=OneLead.values[name],
        kind=kind,
        of=OneLead.lead_id,
        on_save=OneLead.field_edited,
        verdicts=OneLead.verdicts,
        disabled=~OneLead.may_change,
        **props,
    )
