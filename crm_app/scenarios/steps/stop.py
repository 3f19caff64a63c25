"""End here."""

from __future__ import annotations

from crm_app.scenarios.steps import Doing, Outcome, StepKind


def _do(_doing: Doing) -> Outcome:
    return Outcome(ends=True)


PLUGIN = StepKind("stop", (), _do)
