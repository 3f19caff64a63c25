"""What happened sets scenarios off: asked in the commit of what happened, so that others cost no job."""

from __future__ import annotations

from collections.abc import Mapping

from crm_app.core.door import Tx
from crm_app.core.events import Fact, reaction
from crm_app.scenarios.actions.beginning import begin_runs, set_off
from crm_app.scenarios.triggers import triggers


def _among(tx: Tx, facts: Mapping[int, Fact]) -> set[int]:
    return set(set_off(tx, facts))


KINDS = sorted({kind for each in triggers().values() for kind in each.facts}, key=lambda kind: kind.__name__)


@reaction(*KINDS, among=_among)
def look_at_scenarios(tx: Tx, fact: Fact) -> None:
    """Begin the runs of scenarios that the fact sets off."""
    begin_runs(tx, fact)
