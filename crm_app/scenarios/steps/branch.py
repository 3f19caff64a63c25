"""Go one way where the deal fits conditions, and another one where it does not."""

from __future__ import annotations

from crm_app.scenarios.asks import Ask
from crm_app.scenarios.fitting import fits
from crm_app.scenarios.steps import Doing, Outcome, StepKind


def _do(doing: Doing) -> Outcome:
    held = fits(doing.tx, doing.card, doing.card_id, doing.asked["conditions"])
    way = "then" if held else "otherwise"
    return Outcome("scenarios.came.fits" if held else "scenarios.came.fits_not", first=list(doing.step.get(way, [])))


PLUGIN = StepKind("branch", (Ask("conditions", "conditions"),), _do, branches=True)
