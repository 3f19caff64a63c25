"""Runs of a card that is made one with another are of the one that stays; of one that is removed for good they go."""

from __future__ import annotations

from crm_app.cards.hanging import goes_with
from crm_app.duplicates.ties import tie
from crm_app.scenarios.models import ScenarioRun

goes_with(ScenarioRun, "card_id")
tie(ScenarioRun, "card_id")
