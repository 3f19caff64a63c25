"""/deals/[deal_id]: the way through the stages above; data, what is said and what happened, and what is planned."""

from __future__ import annotations

from typing import Any

import reflex as rx

from crm_app.cards.screens.custom_panel import custom_panel
from crm_app.cards.screens.followers import card_followers
from crm_app.cards.screens.groups import card_groups
from crm_app.cards.screens.links import card_links
from crm_app.cards.screens.panels import card_comments, card_files, card_star, card_tags, card_timeline
from crm_app.cards.screens.viewers import card_viewers
from crm_app.deals.screens.approvals_panel import approvals_panel
from crm_app.deals.screens.asked_fields import needs_sheet
from crm_app.deals.screens.client_choice import ClientChoice
from crm_app.deals.screens.deal_items import items_panel
from crm_app.deals.screens.deal_plans import plans_panel
from crm_app.deals.screens.deal_state import OneDeal
from crm_app.deals.screens.stays_panel import stays_panel
from crm_app.ui.button import button
from crm_app.ui.connection import banner
from crm_app.ui.dialog import confirm, menu, menu_item, open_dialog
from crm_app.ui.frame import if_may
from crm_app.ui.i18n import fmt, t
from crm_app.ui.icon import icon
from crm_app.ui.inline_edit import inline_edit
from crm_app.ui.layout import faint, line, panel, sides, soft, stack
from crm_app.ui.link import link
from crm_app.ui.panels import panels_of
from crm_app.ui.shell import page


def deal_page() -> rx.Component:
    return page(
        OneDeal.values["name"],
        _steps(),
        approvals_panel(),
        sides(
            stack(_data(), stays_panel(OneDeal), custom_panel(), gap="l"),
            stack(items_panel(), card_comments(), card_timeline(), gap="l"),
            stack(
                plans_panel(),
                card_tags(),
                card_groups(),
                card_followers(),
                card_links(),
                *panels_of("deal"),
                card_files(),
                gap="l",
            ),
        ),
        needs_sheet(OneDeal, note=rx.cond(OneDeal.override_reason != "", _override_note(), rx.fragment())),
        confirm(
            "deal-delete",
            t("deals.delete_question"),
            soft(t("deals.delete_what")),
            yes=button(t("ui.delete"), kind="danger", on_click=OneDeal.removed),
        ),
        heading=line(
            card_star(),
            rx.el.span(OneDeal.values["name"], class_name="cut"),
            rx.cond(OneDeal.number, soft("№ ", OneDeal.number.to_string()), rx.fragment()),
        ),
        actions=[card_viewers(), if_may("deal.delete", rx.cond(OneDeal.may_change, _more(), rx.fragment()))],
    )


def _more() -> rx.Component:
    return menu(
        icon("ellipsis"),
        menu_item(t("ui.delete"), icon_name="trash-2", danger=True, on_click=open_dialog("deal-delete")),
        label=t("ui.more"),
    )


def _steps() -> rx.Component:
    def step(row: Any) -> rx.Component:
        return rx.el.li(
            rx.el.button(
                row["name"],
                type="button",
                class_name="step",
                disabled=(row["drop"] == "no") & ~row["is_here"] & ~row["may_override"],
                title=rx.cond(row["is_here"], "", row["reason"]),
                on_click=OneDeal.stage_clicked(row["id"]),
                custom_attrs={
                    "data-stage": row["id"],
                    "data-drop": row["drop"],
                    "data-kind": row["kind"],
                    "data-colour": row["colour"],
                    "data-past": row["is_past"],
                    "aria-current": rx.cond(row["is_here"], "step", "false"),
                },
            )
        )

    return rx.el.nav(
        rx.el.ol(rx.foreach(OneDeal.steps, step), class_name="stage-way"),
        custom_attrs={"aria-label": t("deals.stages")},
    )


def _override_note() -> rx.Component:
    """Why the order says no, and what it means to go past it."""
    return banner(rx.fragment(OneDeal.override_reason, ". ", t("deals.override.what")))


def _data() -> rx.Component:
    shared: dict[str, Any] = {
        "on_save": OneDeal.field_edited,
        "of": OneDeal.number,
        "verdicts": OneDeal.verdicts,
        "disabled": ~OneDeal.may_change,
    }

    def edit(name: str, kind: Any = "text", **props: Any) -> rx.Component:
        return inline_edit(name, t(f"field.deal.{name}"), value=OneDeal.values[name], kind=kind, **{**shared, **props})

    amount = edit(
        "amount",
        "amount",
        display=rx.cond(OneDeal.has_amount, fmt.money(OneDeal.amount, OneDeal.values["currency"]), ""),
        disabled=~OneDeal.may_change | OneDeal.amount_by_items,
    )
    return panel(
        "deals.data",
        stack(
            edit("name"),
            _client(),
            amount,
            edit("responsible_id", "select", display=OneDeal.responsible, options=OneDeal.employees),
            edit("payment_method"),
            edit("delivery"),
            rx.cond(OneDeal.is_lost, edit("lost_reason"), rx.fragment()),
            faint(
                OneDeal.pipeline_name, " · ", t("deals.days_here", n=OneDeal.days_here), title=fmt.exact(OneDeal.since)
            ),
        ),
    )


def _client() -> rx.Component:
    """Who the deal is with, found by typing, and the way there."""
    way = link(t("cards.custom.follow"), href=OneDeal.client_href)
    edited = inline_edit(
        "client_id",
        t("field.deal.client_id"),
        value=OneDeal.values["client_id"],
        display=OneDeal.client_name,
        kind="search",
        found=ClientChoice.clients,
        on_search=ClientChoice.searched,
        on_save=OneDeal.field_edited,
        verdicts=OneDeal.verdicts,
        of=OneDeal.number,
        disabled=~OneDeal.may_change,
    )
    return stack(edited, rx.cond(OneDeal.client_href == "", rx.fragment(), way), gap="none", class_name="inline-field")
