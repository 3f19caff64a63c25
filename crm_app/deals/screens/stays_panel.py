"""How long a deal has been in which stage: a bar of its stays in their order, and the time by stage in words."""

from __future__ import annotations

from datetime import datetime
from typing import Any, TypedDict

import reflex as rx

from crm_app.deals.queries.stays import StayRow
from crm_app.ui.i18n import fmt, t
from crm_app.ui.layout import faint, panel, unseen

DAY, SHORTEST = 24 * 60 * 60, 3
"""Of a bar: no stay is thinner than so many hundredths of it."""


class StayLine(TypedDict):
    """One stay. share: how much of the bar it takes, in hundredths, at least SHORTEST; by: who brought it there."""

    stage: str
    colour: str
    since: str
    days: int
    share: str
    by: str


class StageLine(TypedDict):
    """The time in one stage, all stays together. is_here: the deal is there now."""

    stage: str
    colour: str
    days: int
    is_here: bool


def stay_lines(rows: list[StayRow]) -> list[StayLine]:
    """The stays as the bar shows them."""
    whole = sum(row.seconds for row in rows) or 1
    return [
        {
            "stage": row.stage_name,
            "colour": row.colour,
            "since": _iso(row.entered_at),
            "days": row.seconds // DAY,
            "share": str(max(SHORTEST, round(100 * row.seconds / whole))),
            "by": row.by,
        }
        for row in rows
    ]


def stage_lines(rows: list[StayRow]) -> list[StageLine]:
    """The same by stage, in the order in which the deal first came there."""
    found: dict[int, StageLine] = {}
    seconds: dict[int, int] = {}
    for row in rows:
        seconds[row.stage_id] = seconds.get(row.stage_id, 0) + row.seconds
        known = found.setdefault(
            row.stage_id, {"stage": row.stage_name, "colour": row.colour, "days": 0, "is_here": False}
        )
        known["days"], known["is_here"] = seconds[row.stage_id] // DAY, known["is_here"] or row.left_at is None
    return list(found.values())


def _iso(at: datetime) -> str:
    return at.isoformat()


def stays_panel(state: Any) -> rx.Component:
    """The panel. state: has `stays` and `stages_stayed`."""
    return rx.cond(
        state.stays.length() > 0,
        panel(
            "deals.stays",
            rx.el.ol(
                rx.foreach(state.stays, _piece),
                class_name="stay-bar",
                custom_attrs={"aria-label": t("deals.stays.bar")},
            ),
            rx.el.ul(rx.foreach(state.stages_stayed, _stage), class_name="stay-stages"),
        ),
        rx.fragment(),
    )


def _piece(stay: Any) -> rx.Component:
    said = rx.fragment(stay["stage"], " · ", t("deals.days_spent", n=stay["days"]), " · ", fmt.moment(stay["since"]))
    return rx.el.li(
        unseen(said, rx.cond(stay["by"] != "", rx.fragment(" · ", stay["by"]), rx.fragment())),
        title=rx.cond(stay["by"] != "", stay["stage"].to(str) + " · " + stay["by"].to(str), stay["stage"].to(str)),
        style={"flexGrow": stay["share"]},
        custom_attrs={"data-colour": stay["colour"]},
    )


def _stage(row: Any) -> rx.Component:
    return rx.el.li(
        rx.el.span(class_name="colour-spot"),
        rx.el.span(row["stage"], class_name="grow cut", title=row["stage"]),
        rx.cond(row["is_here"], faint(t("deals.stays.now")), rx.fragment()),
        rx.el.span(t("deals.days_spent", n=row["days"]), class_name="figures small"),
        class_name="line gap-s",
        custom_attrs={"data-colour": row["colour"]},
    )
