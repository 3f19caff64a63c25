"""A plan of stages as one draft: a table of stages, dragged or put by buttons, and a matrix of ways between them.

stage_plan(plan=Editor.plan, load=Editor.loads, errors=Editor.errors, options={…}, card=Editor.card, on_save=…)

plan: {"name", "order_rule", "touch_minutes", "stages": […], "transitions": […]}; load: a counter, with each
step of which the draft begins anew from the plan; errors: "stages.2.name" → sentence; on_save is given the draft.
"""

from __future__ import annotations

from typing import Any

import reflex as rx

from crm_app.ui.i18n import t
from crm_app.ui.render import kept

rx.asset("stage_ways.jsx", shared=True)


class StagePlan(rx.Component):
    """The JavaScript face."""

    library = rx.asset("stage_plan.jsx", shared=True).importable_path
    tag = "StagePlan"

    plan: rx.Var[dict[str, Any]]
    load: rx.Var[int]
    errors: rx.Var[dict[str, str]]
    options: rx.Var[Any]
    labels: rx.Var[dict[str, str]]
    card: rx.Var[str]
    busy: rx.Var[bool]
    on_save: rx.EventHandler[lambda draft: [draft]]


_LABELS = (
    "title", "drag", "nothing", "up", "down", "remove", "add", "save", "discard", "stages", "doings", "ways",
    "ways_what", "from_to", "no", "free", "rule", "guarded", "asks_for", "name_of_all", "order_rule", "touch_minutes",
    "name", "kind", "colour", "probability", "rot_days", "rot_from", "wip_limit", "wip_rule", "required_fields",
)  # fmt: skip


def stage_plan(*, options: dict[str, Any], **props: Any) -> rx.Component:
    """A plan of stages; see the module."""
    labels = {label: t(f"ui.stages.{label}") for label in _LABELS}
    return StagePlan.create(labels=kept(labels), options=kept(options), **props)
