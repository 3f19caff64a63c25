"""Leads as the browser gets them, and how their first touch looks."""

from __future__ import annotations

from typing import Any, TypedDict

import reflex as rx

from crm_app.core.clock import iso
from crm_app.core.phones import show_phone
from crm_app.leads import rules
from crm_app.leads.queries.cards import LeadRow
from crm_app.ui.field import Option
from crm_app.ui.i18n import fmt, t
from crm_app.ui.layout import cut, faint, line
from crm_app.ui.status import status

TOUCHES = {"waiting": "info", "late": "bad", "touched": "good", "touched_late": "warn"}
"""Tones of how a lead stands with its first touch."""


class LeadLine(TypedDict):
    """A line of a list of leads; words are in the reader's language; tags: "#опт #москва"; times: ISO, "" for none."""

    id: int
    name: str
    href: str
    about: str
    stage: str
    stage_kind: str
    colour: str
    source: str
    touch: str
    touch_due_at: str
    responsible: str
    phone: str
    email: str
    tags: str
    is_starred: bool
    created_at: str
    updated_at: str


def lead_line(row: LeadRow, locale: str) -> LeadLine:
    """A row of a query as the browser gets it."""
    return {
        "id": row.id,
        "name": row.name,
        "href": f"/leads/{row.id}",
        "about": about(row.name, row.person, row.organisation),
        "stage": row.stage,
        "stage_kind": row.stage_kind,
        "colour": row.colour,
        "source": rules.source_label(row.source, locale),
        "touch": row.touch,
        "touch_due_at": iso(row.touch_due_at),
        "responsible": row.responsible,
        "phone": show_phone(row.phone) if row.phone else "",
        "email": row.email,
        "tags": " ".join(f"#{tag}" for tag in row.tags),
        "is_starred": row.is_starred,
        "created_at": row.created_at.isoformat(),
        "updated_at": row.updated_at.isoformat(),
    }


def about(name: str, *others: str) -> str:
    """Who asks, without what the title says already."""
    return ", ".join(text for text in others if text and text != name)


def source_options(sources: list[str], locale: str) -> list[Option]:
    """Sources to choose from."""
    return [{"id": source, "label": rules.source_label(source, locale), "hint": ""} for source in sources]


def channel_options() -> list[Any]:
    """Channels to choose from, in the language of the page."""
    return [{"id": channel, "label": t(f"leads.channel.{channel}"), "hint": ""} for channel in rules.CHANNELS]


def touch_of(row: Any) -> rx.Component:
    """How a lead stands with its first touch; until when, while somebody is awaited."""
    until = rx.cond(
        (row["touch"] == "waiting") & (row["touch_due_at"] != ""),
        faint(t("leads.touch_until", at=fmt.moment(row["touch_due_at"])), class_name="cut"),
        rx.fragment(),
    )
    told = [(touch, status(cut(t(f"leads.touch.{touch}")), tone)) for touch, tone in TOUCHES.items()]
    return line(rx.match(row["touch"], *told, rx.fragment()), until, gap="s", custom_attrs={"data-touch": row["touch"]})


def stage_of(name: Any, colour: Any) -> rx.Component:
    """A stage with the spot of its colour."""
    return line(rx.el.span(class_name="colour-spot", custom_attrs={"data-colour": colour}), rx.el.span(name), gap="s")
