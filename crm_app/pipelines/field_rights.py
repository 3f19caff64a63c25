"""What roles are kept from on cards that stand in a stage: what must be true of it, and what comes of it. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from crm_app.core.errors import Reason
from crm_app.pipelines.drafts import PipelinePlan

HIDDEN, READ = "hidden", "read"
MOST = 500
_ROLE = re.compile(r"[a-z0-9_-]{1,80}", re.ASCII)


def wrong_in(plan: PipelinePlan, card: str) -> list[Reason]:
    """What makes no sense in the rights of a plan: field "rights.0.level" is of the first one."""
    if plan.rights and card != "deal":
        return [Reason("pipelines.error.other_cards", "rights")]
    if len(plan.rights) > MOST or len(told(plan)) < len(plan.rights):
        return [Reason("pipelines.error.many_rights", "rights", {"most": MOST})]
    keys = {0, *(each.key for each in plan.stages)}
    reasons = []
    for place, right in enumerate(plan.rights):
        if right.stage_key not in keys:
            reasons.append(Reason("pipelines.error.no_such_stage", f"rights.{place}.stage_key"))
        if right.level not in (HIDDEN, READ):
            reasons.append(Reason("pipelines.error.right_level", f"rights.{place}.level"))
        if not _ROLE.fullmatch(right.role):
            reasons.append(Reason("pipelines.error.right_role", f"rights.{place}.role"))
    return reasons


def told(plan: PipelinePlan) -> dict[tuple[int, str, str], str]:
    """The rights of a plan by stage, role and field: one level for each."""
    return {(each.stage_key, each.role, each.field): each.level for each in plan.rights}


Kept = dict[int, frozenset[str]]
"""By stage, names of fields."""


def kept_from(
    rights: Iterable[Mapping[str, Any]], role: str, stage_ids: Collection[int], shown_as: Mapping[str, Iterable[str]]
) -> tuple[Kept, Kept]:
    """What a role does not see, and what it may not change, by stage: what is said of the pipeline holds in each.

    shown_as: other names under which rows show a field.
    """
    hidden: dict[int, set[str]] = {}
    locked: dict[int, set[str]] = {}
    for right in rights:
        if right["role"] != role:
            continue
        names = {right["field"], *shown_as.get(right["field"], ())}
        for stage_id in [right["stage_id"]] if right["stage_id"] else stage_ids:
            locked.setdefault(stage_id, set()).update(names)
            if right["level"] == HIDDEN:
                hidden.setdefault(stage_id, set()).update(names)
    return ({place: frozenset(each) for place, each in kept.items()} for kept in (hidden, locked))  # type: ignore[return-value]
