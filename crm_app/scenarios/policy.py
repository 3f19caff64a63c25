"""Who arranges scenarios, and sees what they did."""

from __future__ import annotations

from crm_app.access.roles import grant
from crm_app.core.policy import holders, policy
from crm_app.scenarios.models import Scenario, ScenarioRun, ScenarioStep

grant("scenario.manage", head="all")
grant("scenario.start", head="all", manager="all")

policy(Scenario, see=holders("scenario.start"), change=holders("scenario.manage"))
policy(ScenarioRun, see=holders("scenario.manage"))
policy(ScenarioStep, see=holders("scenario.manage"))
